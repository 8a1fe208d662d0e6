/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The system calls of the three unprivileged processes, as lists of what is
 * allowed; everything else ends the process.  The daemon reads the network
 * and so has the least: it works with the descriptors that it is given and
 * can neither make a socket, open a file, nor start anything.
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <sched.h>
#include <seccomp.h>
#include <string.h>

#include "confine.h"
#include "log.h"
#include "sandbox.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))
#define SANDBOX_MAX	128
#define ANY(name)	{ .nr = SCMP_SYS(name) }
#define ARG(name, arg, value) \
	{ SCMP_SYS(name), 1, { CONFINE_ARG(arg, UINT32_MAX, value) } }
#define OPTION(level, name) \
	{ SCMP_SYS(getsockopt), 2, { CONFINE_ARG(1, UINT32_MAX, level), \
	    CONFINE_ARG(2, UINT32_MAX, name) } }
#define WITHOUT(name, arg, bits) \
	{ SCMP_SYS(name), 1, { CONFINE_ARG(arg, bits, 0) } }

struct sandbox_list {
	const struct confine_call	*calls;
	size_t				 n;
};

/* Memory, time, and sending and receiving on what is open. */
static const struct confine_call common_calls[] = {
	ANY(brk), ANY(munmap), ANY(mremap), ANY(madvise),
	WITHOUT(mmap, 2, PROT_EXEC), WITHOUT(mprotect, 2, PROT_EXEC),
	ANY(clock_gettime), ANY(gettimeofday), ANY(time), ANY(getrandom),
	ANY(write), ANY(close),
	ANY(sendmsg), ANY(recvmsg), ANY(sendto), ANY(getsockname),
	ANY(futex), ANY(getpid), ANY(gettid),
	ANY(rt_sigprocmask), ANY(rt_sigaction), ANY(rt_sigreturn),
	ANY(restart_syscall), ANY(exit), ANY(exit_group)
};

/* The daemon: its loop, who is at the control socket, and path MTUs. */
static const struct confine_call daemon_calls[] = {
	ANY(epoll_wait), ANY(epoll_pwait), ANY(epoll_ctl), ANY(accept4),
	OPTION(SOL_SOCKET, SO_PEERCRED),
	OPTION(IPPROTO_IP, IP_MTU), OPTION(IPPROTO_IPV6, IPV6_MTU)
};

/* What the C library needs to look names of any kind up. */
static const struct confine_call lookup_calls[] = {
	ANY(mmap), ANY(mprotect),	/* loads NSS modules */
	ANY(read), ANY(writev), ANY(lseek), ANY(fstat), ANY(newfstatat),
	ANY(fcntl), ANY(recvfrom), ANY(poll), ANY(ppoll),
	ANY(open), ANY(openat), ANY(stat), ANY(lstat), ANY(access),
	ANY(faccessat), ANY(faccessat2), ANY(readlink), ANY(readlinkat),
	ANY(pread64), ANY(getdents64), ANY(statx), ANY(getcwd),
	ARG(socket, 0, AF_UNIX), ANY(connect), ANY(getpeername),
	ANY(getsockopt), ANY(setsockopt), ANY(sendmmsg), ANY(ioctl),
	ANY(select), ANY(pselect6), ANY(pipe2), ANY(dup), ANY(dup3),
	ANY(epoll_create1), ANY(epoll_wait), ANY(epoll_pwait), ANY(epoll_ctl),
	ANY(eventfd2), ANY(timerfd_create), ANY(timerfd_settime),
	ANY(uname), ANY(sysinfo), ANY(prlimit64), ANY(sched_getaffinity),
	ANY(sched_yield), ANY(clock_nanosleep), ANY(nanosleep),
	ANY(getuid), ANY(geteuid), ANY(getgid), ANY(getegid), ANY(getppid),
	ANY(set_robust_list), ANY(rseq), ANY(membarrier)
};

/* Interfaces are named over IPv4 sockets, groups by more than files. */
static const struct confine_call parser_calls[] = {
	ARG(socket, 0, AF_INET), ARG(socket, 0, AF_INET6)
};

static const struct confine_call resolver_calls[] = {
	ARG(socket, 0, AF_INET), ARG(socket, 0, AF_INET6),
	ARG(socket, 0, AF_NETLINK), ANY(bind),
	WITHOUT(clone, 0, CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS |
	    CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP),
	ANY(wait4), ANY(alarm)
};

/* Libraries, configuration of the C library, and what /etc links to. */
static const struct confine_path readable[] = {
	{ "/etc", CONFINE_FS_READ },
	{ "/usr", CONFINE_FS_READ },
	{ "/lib", CONFINE_FS_READ },
	{ "/lib64", CONFINE_FS_READ },
	{ "/run", CONFINE_FS_READ },
	{ "/proc", CONFINE_FS_READ },
	{ "/dev/null", CONFINE_FS_READ_FILE | CONFINE_FS_CHANGE }
};

static void	sandbox_limit(int, rlim_t);
static void	sandbox_filter(const struct sandbox_list *, size_t);

void
sandbox_daemon(void)
{
	static const struct sandbox_list	 lists[] = {
		{ common_calls, nitems(common_calls) },
		{ daemon_calls, nitems(daemon_calls) }
	};

	sandbox_limit(RLIMIT_NPROC, 0);
	sandbox_limit(RLIMIT_CORE, 0);
	confine_landlock(NULL, 0);
	sandbox_filter(lists, nitems(lists));
}

void
sandbox_resolver(void)
{
	static const struct sandbox_list	 lists[] = {
		{ common_calls, nitems(common_calls) },
		{ lookup_calls, nitems(lookup_calls) },
		{ resolver_calls, nitems(resolver_calls) }
	};

	sandbox_limit(RLIMIT_CORE, 0);
	confine_landlock(readable, nitems(readable));
	sandbox_filter(lists, nitems(lists));
}

void
sandbox_parser(void)
{
	confine_landlock(readable, nitems(readable));
	sandbox_checker();
}

void
sandbox_checker(void)
{
	static const struct sandbox_list	 lists[] = {
		{ common_calls, nitems(common_calls) },
		{ lookup_calls, nitems(lookup_calls) },
		{ parser_calls, nitems(parser_calls) }
	};

	sandbox_limit(RLIMIT_NPROC, 0);
	sandbox_limit(RLIMIT_CORE, 0);
	sandbox_filter(lists, nitems(lists));
}

static void
sandbox_limit(int resource, rlim_t limit)
{
	struct rlimit	 rl = { limit, limit };

	if (setrlimit(resource, &rl) == -1)
		fatal("setrlimit");
}

/* One filter of several lists. */
static void
sandbox_filter(const struct sandbox_list *lists, size_t n)
{
	struct confine_call	 calls[SANDBOX_MAX];
	size_t			 i, used = 0;

	for (i = 0; i < n; i++) {
		if (lists[i].n > SANDBOX_MAX - used)
			fatalx("too many system calls");
		memcpy(calls + used, lists[i].calls,
		    lists[i].n * sizeof(*calls));
		used += lists[i].n;
	}
	confine_calls(SCMP_ACT_ALLOW, SCMP_ACT_KILL_PROCESS, calls, used);
}
