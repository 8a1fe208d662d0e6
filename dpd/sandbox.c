/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What a running dpd may do: CAP_NET_ADMIN as a user of its own, no file at
 * all, and the system calls that serve ctld and the starter.  Sockets can be
 * made of the kinds that L2TP needs, with the options that sock.c sets.
 */
#include <linux/capability.h>
#include <netinet/in.h>

#include "confine.h"
#include "dpd.h"

#define ANY(c)		{ .nr = SCMP_SYS(c) }
#define ARG(n, v)	CONFINE_ARG(n, UINT32_MAX, v)
#define SOCKET(f, p)	{ SCMP_SYS(socket), 2, { ARG(0, f), ARG(2, p) } }
#define OPTION(l, o)	{ SCMP_SYS(setsockopt), 2, { ARG(1, l), ARG(2, o) } }

static const struct confine_call sandbox_calls[] = {
	ANY(poll), ANY(ppoll), ANY(read), ANY(write), ANY(close),
	ANY(recvmsg), ANY(recvfrom), ANY(sendmsg), ANY(sendto),
	ANY(bind), ANY(connect), ANY(clock_gettime), ANY(getpid),
	ANY(brk), ANY(mmap), ANY(munmap), ANY(mremap), ANY(madvise),
	ANY(futex), ANY(getrandom), ANY(restart_syscall), ANY(rt_sigreturn),
	ANY(exit), ANY(exit_group),
	SOCKET(AF_INET, IPPROTO_UDP), SOCKET(AF_INET6, IPPROTO_UDP),
	SOCKET(AF_PPPOX, 1),	/* PX_PROTO_OL2TP */
	OPTION(SOL_SOCKET, SO_RCVBUFFORCE), OPTION(SOL_SOCKET, SO_SNDBUFFORCE),
	OPTION(SOL_SOCKET, SO_SNDBUF), OPTION(SOL_SOCKET, SO_ATTACH_FILTER),
	OPTION(SOL_SOCKET, SO_REUSEPORT), OPTION(IPPROTO_IP, IP_PKTINFO),
	OPTION(IPPROTO_IP, IP_RECVERR), OPTION(IPPROTO_IPV6, IPV6_V6ONLY),
	OPTION(IPPROTO_IPV6, IPV6_RECVPKTINFO),
	OPTION(IPPROTO_IPV6, IPV6_RECVERR),
	{ SCMP_SYS(socketpair), 1, { ARG(0, AF_UNIX) } }
};

void
sandbox_dpd(uid_t uid, gid_t gid)
{
	confine_user(uid, gid, UINT64_C(1) << CAP_NET_ADMIN);
	confine_no_new_privs();
	confine_landlock(NULL, 0);
	confine_calls(SCMP_ACT_ALLOW, SCMP_ACT_KILL_PROCESS, sandbox_calls,
	    sizeof(sandbox_calls) / sizeof(sandbox_calls[0]));
}
