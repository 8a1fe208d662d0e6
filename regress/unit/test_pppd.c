/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * pppd's arguments: exactly these, in this order; that the profile's name
 * and the calling number are harmless words is dpmsg's part.  And its cage:
 * what a pppd that is still root can and can no longer do.
 */
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "../../dpd/pppd.c"

#define ALWAYS	SEPTUM_PPPD " plugin pppol2tp.so pppol2tp 3 nodetach " \
		"ip-up-script " SEPTUM_NOTIFY " unit 1007 file " \
		SEPTUM_PROFILES "/"

static const struct dp_run	base = { .unit = 1007, .profile = "lns" };

static const char *
joined(const struct dp_run *m)
{
	static char		 line[2048];
	struct pppd_args	 a;
	size_t			 i;

	pppd_argv(&a, m);
	line[0] = '\0';
	for (i = 0; a.argv[i] != NULL; i++) {
		ck_assert(a.argv[i] >= a.text &&
		    a.argv[i] < a.text + sizeof(a.text));
		if (i > 0)
			strcat(line, " ");
		strcat(line, a.argv[i]);
	}
	ck_assert_uint_lt(i, PPPD_MAX_ARGS);
	return (line);
}

START_TEST(least)
{
	ck_assert_str_eq(joined(&base), ALWAYS "lns");
}
END_TEST

START_TEST(most)
{
	struct dp_run	 m = base;

	m.unit = UINT32_MAX;
	m.mtu = UINT16_MAX;
	m.local_ip = UINT32_MAX;
	m.peer_ip = UINT32_MAX;
	memset(m.profile, 'x', sizeof(m.profile) - 1);
	memset(m.number, '9', sizeof(m.number) - 1);
	ck_assert_ptr_nonnull(strstr(joined(&m), "unit 4294967295 file "));
	ck_assert_ptr_nonnull(strstr(joined(&m),
	    "/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx mtu 65535 mru 65535 "
	    "remotenumber 99999999999999999999999999999999 "
	    "255.255.255.255:255.255.255.255"));
}
END_TEST

START_TEST(leased)
{
	struct dp_run	 m = base;

	m.local_ip = 0x0a400001;
	m.peer_ip = 0x0a4000fe;
	ck_assert_str_eq(joined(&m), ALWAYS "lns 10.64.0.1:10.64.0.254");
	m.peer_ip = 0;		/* our end alone is not passed */
	ck_assert_str_eq(joined(&m), ALWAYS "lns");
}
END_TEST

START_TEST(mtu)
{
	struct dp_run	 m = base;

	m.mtu = 1400;
	ck_assert_str_eq(joined(&m), ALWAYS "lns mtu 1400 mru 1400");
}
END_TEST

START_TEST(number)
{
	struct dp_run	 m = base;

	strcpy(m.number, "+49.30-1_aZ");
	ck_assert_str_eq(joined(&m), ALWAYS "lns remotenumber +49.30-1_aZ");
}
END_TEST

/* Each in a child in the cage: 1 if it could be done. */
static int
can_signal_others(void)
{
	return (kill(getppid(), 0) == 0);
}

static int
can_signal_itself(void)
{
	return (kill(0, 0) == 0);
}

static int
can_signal_threads(void)
{
	return (syscall(SYS_tgkill, getppid(), getppid(), 0) == 0);
}

static int
can_chmod(void)
{
	return (chmod("/etc/passwd", 0644) == 0);
}

static int
can_make_namespaces(void)
{
	return (unshare(CLONE_NEWUSER) == 0 ||
	    syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) != -1);
}

static int
can_fork(void)
{
	pid_t	 pid = fork();

	if (pid == 0)
		_exit(0);
	return (pid > 0 && waitpid(pid, NULL, 0) == pid);
}

static int
can_write_files(void)
{
	return (access("/etc", R_OK) == 0 && fopen("/etc/septum.test", "w"));
}

static int
can_write_its_own(void)
{
	FILE	*f = fopen("/run/septum.test", "w");

	return (f != NULL && fclose(f) == 0 && unlink("/run/septum.test") == 0);
}

static int
can_read_files(void)
{
	return (fopen("/etc/passwd", "r") != NULL);
}

static int
can_administrate(void)
{
	return (prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) != 0);
}

static int
can_configure_networks(void)
{
	return (prctl(PR_CAPBSET_READ, CAP_NET_ADMIN, 0, 0, 0) == 1);
}

static int
can_gain_privileges(void)
{
	return (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1);
}

static int
can_shut_down(void)
{
	int	 sv[2];

	return (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv) == 0 &&
	    shutdown(sv[0], SHUT_RDWR) == 0);
}

static int
can_make_directories(void)
{
	return (mkdir("/run/septum.test", 0755) == 0);
}

/* Each of these would hand a file of root to somebody else. */
static int
can_change_owners(void)
{
	return (chown("/run", 0, 0) == 0 || lchown("/run", 0, 0) == 0 ||
	    fchown(STDIN_FILENO, 0, 0) == 0 ||
	    syscall(SYS_setxattr, "/run", "user.x", "x", 1, 0) == 0 ||
	    errno != ENOSYS || syscall(452, AT_FDCWD, "/run", 0755, 0) == 0);
}

static int
can_queue_signals(void)
{
	siginfo_t	 si = { .si_code = SI_QUEUE };

	return (syscall(SYS_rt_tgsigqueueinfo, getppid(), getppid(), SIGCONT,
	    &si) == 0);
}

static int
can_limit_others(void)
{
	struct rlimit	 rl;

	return (prlimit(getppid(), RLIMIT_NOFILE, NULL, &rl) == 0);
}

static int
can_limit_itself(void)
{
	struct rlimit	 rl;

	return (prlimit(0, RLIMIT_NOFILE, NULL, &rl) == 0);
}

static int
can_direct_signals(void)
{
	int	 s = socket(AF_INET, SOCK_DGRAM, 0), pid = getppid();

	return (s == -1 || fcntl(s, F_SETOWN, pid) == 0 ||
	    ioctl(s, FIOSETOWN, &pid) == 0 || ioctl(s, SIOCSPGRP, &pid) == 0);
}

static int
can_call_daemons(void)
{
	return (socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) != -1 ||
	    socket(AF_UNIX, SOCK_SEQPACKET, 0) != -1);
}

static int
can_log(void)
{
	return (socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) != -1);
}

static const struct deed {
	int	(*can)(void);
	int	 allowed;
} deeds[] = {
	{ can_signal_others, 0 }, { can_signal_itself, 1 },
	{ can_signal_threads, 0 }, { can_chmod, 0 },
	{ can_make_namespaces, 0 }, { can_fork, 1 },
	{ can_write_files, 0 }, { can_write_its_own, 1 },
	{ can_read_files, 1 }, { can_shut_down, 0 },
	{ can_administrate, 0 }, { can_configure_networks, 1 },
	{ can_gain_privileges, 0 }, { can_make_directories, 0 },
	{ can_change_owners, 0 }, { can_queue_signals, 0 },
	{ can_limit_others, 0 }, { can_limit_itself, 1 },
	{ can_direct_signals, 0 }, { can_call_daemons, 0 }, { can_log, 1 }
};

START_TEST(cage)
{
	int	 status;
	pid_t	 pid;

	ck_assert_int_eq(geteuid(), 0);
	ck_assert_int_ne(pid = fork(), -1);
	if (pid == 0) {
		pppd_cage();
		_exit(deeds[_i].can());
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), deeds[_i].allowed);
}
END_TEST

/* The call of one row, with arguments that match it and mean nothing. */
static long
denied(const struct confine_call *c)
{
	unsigned long	 a[6] = { -1UL, -1UL, -1UL, -1UL, -1UL, -1UL };
	unsigned	 i;

	for (i = 0; i < c->n_args; i++)
		if (c->args[i].op == SCMP_CMP_MASKED_EQ)
			a[c->args[i].arg] = c->args[i].datum_b;
	return (syscall(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]));
}

START_TEST(every_denied_call)
{
	int	 status;
	pid_t	 pid;

	ck_assert_int_ne(pid = fork(), -1);
	if (pid == 0) {
		pppd_cage();
		_exit(denied(&pppd_denied[_i]) == -1 && errno == ENOSYS);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 1);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("pppd");
	TCase	*tc = tcase_create("pppd");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_add_test(tc, least);
	tcase_add_test(tc, most);
	tcase_add_test(tc, leased);
	tcase_add_test(tc, mtu);
	tcase_add_test(tc, number);
	tcase_add_loop_test(tc, cage, 0, (int)nitems(deeds));
	tcase_add_loop_test(tc, every_denied_call, 0,
	    (int)nitems(pppd_denied));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
