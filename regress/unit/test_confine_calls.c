/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * seccomp: the calls that a list has, with the arguments that it has them
 * with, as a list of what is allowed and of what is denied.
 */
#include <sys/socket.h>
#include <sys/syscall.h>

#include <signal.h>

#include "confined.h"

#define ALLOW		SCMP_ACT_ALLOW, SCMP_ACT_KILL_PROCESS
#define DENY		SCMP_ACT_ERRNO(EPERM), SCMP_ACT_ALLOW
#define X32		0x40000000	/* the third ABI of x86_64 */

static const struct confine_call calls[] = {
	{ .nr = SCMP_SYS(exit_group) },
	{ .nr = SCMP_SYS(getppid) },
	/* A UNIX stream, and any flags ... */
	{ SCMP_SYS(socket), 3, { CONFINE_ARG(0, UINT32_MAX, AF_UNIX),
	    CONFINE_ARG(1, 0xff, SOCK_STREAM),
	    CONFINE_ARG(2, UINT32_MAX, 0) } },
	/* ... or UDP over IPv4, with one of them. */
	{ SCMP_SYS(socket), 2, { CONFINE_ARG(0, UINT32_MAX, AF_INET),
	    CONFINE_ARG(1, UINT32_MAX, SOCK_DGRAM | SOCK_CLOEXEC) } },
	/* One condition alone, behind others. */
	{ SCMP_SYS(dup), 1, { CONFINE_ARG(0, 0x1, 0) } }
};

/* System calls, and whether the rows above have them. */
static const struct tried {
	int		 listed;
	long		 nr;
	uint64_t	 arg[3];
} tried[] = {
	{ 1, SYS_getppid, { 0 } },
	{ 1, SYS_getppid, { 1, 2, 3 } },
	{ 0, SYS_getpid, { 0 } },
	{ 0, SYS_getuid, { 0 } },

	{ 1, SYS_socket, { AF_UNIX, SOCK_STREAM, 0 } },
	{ 1, SYS_socket, { AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0 } },
	{ 0, SYS_socket, { AF_UNIX, SOCK_STREAM, PF_UNIX } },
	{ 0, SYS_socket, { AF_UNIX, SOCK_DGRAM, 0 } },
	{ 0, SYS_socket, { AF_INET6, SOCK_STREAM, 0 } },
	/* Of two rows for a call, one must hold whole. */
	{ 0, SYS_socket, { AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0 } },
	{ 0, SYS_socket, { AF_INET, SOCK_STREAM, 0 } },

	{ 1, SYS_socket, { AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0 } },
	{ 1, SYS_socket, { AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 17 } },
	{ 0, SYS_socket, { AF_INET, SOCK_DGRAM, 0 } },

	/* The kernel reads an int: what is above it changes nothing. */
	{ 1, SYS_socket, { UINT64_C(1) << 32 | AF_UNIX, SOCK_STREAM, 0 } },
	{ 0, SYS_socket, { UINT64_C(1) << 32 | AF_INET, SOCK_STREAM, 0 } },

	{ 1, SYS_dup, { 0 } },
	{ 1, SYS_dup, { 2 } },
	{ 0, SYS_dup, { 1 } }
};

/* A sanitizer's _exit() makes calls that are not listed. */
static void
try(const struct tried *t)
{
	long	 got = syscall(t->nr, t->arg[0], t->arg[1], t->arg[2]);

	syscall(SYS_exit_group, got == -1 && errno == EPERM ? REFUSED :
	    got == -1 ? FATAL : 0);
}

static void
try_allowed(const void *arg)
{
	confine_calls(ALLOW, calls, nitems(calls));
	try(arg);
}

static void
try_denied(const void *arg)
{
	confine_calls(DENY, calls + 1, nitems(calls) - 1);
	try(arg);
}

START_TEST(seccomp_allow)
{
	ck_assert_int_eq(run(try_allowed, &tried[_i]),
	    tried[_i].listed ? 0 : 1000 + SIGSYS);
}
END_TEST

START_TEST(seccomp_deny)
{
	ck_assert_int_eq(run(try_denied, &tried[_i]),
	    tried[_i].listed ? REFUSED : 0);
}
END_TEST

/* Another ABI's number for a listed call is no way around the list. */
static const struct tried	 t_x32 = { 1, X32 | SYS_getppid, { 0 } };

START_TEST(seccomp_deny_other_abi)
{
	int	 status = run(try_denied, &t_x32);

	ck_assert(status == FATAL || status == 1000 + SIGSYS);
}
END_TEST

/* A second list takes away and gives nothing back. */
static void
allow_after_deny(const void *arg)
{
	static const struct confine_call	 all[] = {
		{ .nr = SCMP_SYS(exit_group) },
		{ .nr = SCMP_SYS(getppid) },
		{ .nr = SCMP_SYS(dup) }
	};
	static const struct confine_call	 dup_denied[] = {
		{ .nr = SCMP_SYS(dup) }
	};

	confine_calls(DENY, dup_denied, nitems(dup_denied));
	confine_calls(ALLOW, all, nitems(all));
	try(arg);
}

/* A list that libseccomp refuses: no argument has the number 6. */
static void
bad_list(const void *arg)
{
	static const struct confine_call	 bad[] = {
		{ SCMP_SYS(getppid), 1, { CONFINE_ARG(6, UINT32_MAX, 0) } }
	};

	(void)arg;
	confine_calls(DENY, bad, nitems(bad));
}

static const struct tried	 t_dup = { 1, SYS_dup, { 0 } };

static const struct step seccomps[] = {
	{ "in both lists", allow_after_deny, &tried[0], 0 },
	{ "denied by the first", allow_after_deny, &t_dup, REFUSED },
	{ "not in the second", allow_after_deny, &tried[2], 1000 + SIGSYS },
	{ "another ABI", try_allowed, &t_x32, 1000 + SIGSYS },
	{ "no such argument", bad_list, NULL, FATAL }
};

START_TEST(seccomp)
{
	take(&seccomps[_i]);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("confine_calls");
	TCase	*tc = tcase_create("seccomp");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	log_init("test", 1);
	tcase_add_loop_test(tc, seccomp_allow, 0, (int)nitems(tried));
	tcase_add_loop_test(tc, seccomp_deny, 0, (int)nitems(tried));
	tcase_add_test(tc, seccomp_deny_other_abi);
	tcase_add_loop_test(tc, seccomp, 0, (int)nitems(seccomps));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
