/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The daemon in its sandbox: what it may ask of a socket, and that anything
 * next to it ends the process.
 */
#include <sys/socket.h>
#include <sys/syscall.h>

#include <netinet/in.h>

#include <signal.h>

#include "confined.h"
#include "sandbox.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

static const struct tried {
	int		 allowed;
	long		 nr;
	long		 level, option;
} tried[] = {
	{ 1, SYS_getsockopt, SOL_SOCKET, SO_PEERCRED },
	{ 1, SYS_getsockopt, IPPROTO_IP, IP_MTU },
	{ 1, SYS_getsockopt, IPPROTO_IPV6, IPV6_MTU },
	/* Each option of one level is another of the others. */
	{ 0, SYS_getsockopt, IPPROTO_IP, SO_PEERCRED },
	{ 0, SYS_getsockopt, SOL_SOCKET, IP_MTU },
	{ 0, SYS_getsockopt, IPPROTO_IPV6, IP_MTU },
	{ 0, SYS_getsockopt, IPPROTO_IP, IPV6_MTU },
	{ 0, SYS_getsockopt, IPPROTO_UDP, IP_MTU },
	{ 0, SYS_getsockopt, SOL_SOCKET, SO_REUSEADDR },
	{ 0, SYS_setsockopt, IPPROTO_IP, IP_MTU },
	{ 0, SYS_setsockopt, IPPROTO_IPV6, IPV6_MTU },
	{ 0, SYS_setsockopt, SOL_SOCKET, SO_PEERCRED },
	{ 0, SYS_socket, AF_INET, SOCK_DGRAM },
	{ 0, SYS_connect, 0, 0 },
	{ 0, SYS_bind, 0, 0 }
};

static void
try_one(const void *arg)
{
	const struct tried	*t = arg;

	sandbox_daemon();
	/* No such descriptor: allowed or not is all that is asked. */
	if (t->nr == SYS_socket)
		(void)syscall(t->nr, t->level, t->option, 0);
	else
		(void)syscall(t->nr, -1, t->level, t->option, 0, 0);
	syscall(SYS_exit_group, 0);
}

START_TEST(options)
{
	const struct step	 step = {
		.what = tried[_i].allowed ? "allowed" : "denied",
		.child = try_one, .arg = &tried[_i],
		.status = tried[_i].allowed ? 0 : 1000 + SIGSYS
	};

	log_init("test", 1);
	take(&step);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("sandbox");
	TCase	*tc = tcase_create("sandbox");
	SRunner	*sr;
	int	 failed;

	tcase_add_loop_test(tc, options, 0, (int)nitems(tried));
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
