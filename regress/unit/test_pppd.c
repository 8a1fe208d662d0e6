/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * pppd's arguments: exactly these, in this order, and none at all if the
 * profile's name or the calling number is not a harmless word.  And its
 * cage: what a pppd that is still root can no longer do.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <check.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"

#include "pppd.h"

#define ALWAYS	SEPTUM_PPPD " plugin pppol2tp.so pppol2tp 3 nodetach " \
		"ip-up-script " SEPTUM_NOTIFY " unit 1007 file " \
		SEPTUM_PROFILES "/"

static const struct starter_msg	base = { .unit = 1007, .profile = "lns" };

static const char *
joined(const struct starter_msg *m)
{
	static char		 line[2048];
	struct pppd_args	 a;
	size_t			 i;

	if (pppd_argv(&a, m) == -1)
		return (NULL);
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
	struct starter_msg	 m = base;

	m.unit = UINT32_MAX;
	m.mtu = UINT16_MAX;
	m.local_ip = UINT32_MAX;
	m.peer_ip = UINT32_MAX;
	memset(m.profile, 'x', sizeof(m.profile) - 1);
	memset(m.number, '9', sizeof(m.number) - 1);
	ck_assert_ptr_nonnull(strstr(joined(&m), "unit 4294967295 file "));
	ck_assert_ptr_nonnull(strstr(joined(&m), " mtu 65535 mru 65535 "
	    "remotenumber 99999999999999999999999999999999 "
	    "255.255.255.255:255.255.255.255"));
}
END_TEST

START_TEST(leased)
{
	struct starter_msg	 m = base;

	m.local_ip = 0x0a400001;
	m.peer_ip = 0x0a4000fe;
	ck_assert_str_eq(joined(&m), ALWAYS "lns 10.64.0.1:10.64.0.254");
	m.peer_ip = 0;		/* our end alone is not passed */
	ck_assert_str_eq(joined(&m), ALWAYS "lns");
}
END_TEST

START_TEST(mtu)
{
	struct starter_msg	 m = base;

	m.mtu = 1400;
	ck_assert_str_eq(joined(&m), ALWAYS "lns mtu 1400 mru 1400");
}
END_TEST

START_TEST(number)
{
	struct starter_msg	 m = base;

	strcpy(m.number, "+49.30-1_aZ");
	ck_assert_str_eq(joined(&m), ALWAYS "lns remotenumber +49.30-1_aZ");
}
END_TEST

static const char	*bad_profiles[] = {
	"", "-d", "../lns", "/etc/passwd", "a/b", ".", "..", "a b", "A",
	"a\n", "a%s", "a=b", "\303\244", "~root", "$x", "a;b",
	"0123456789012345678901234567890"	/* and no NUL behind */
};

START_TEST(bad_profile)
{
	struct starter_msg	 m = base;

	memset(m.profile, 'x', sizeof(m.profile));
	if (_i + 1 < (int)(sizeof(bad_profiles) / sizeof(bad_profiles[0])))
		strcpy(m.profile, bad_profiles[_i]);
	ck_assert_ptr_null(joined(&m));
}
END_TEST

static const char	*bad_numbers[] = {
	"-", "-1", "--", "1 2", "1\n", "1/2", "1;2", "$1", "%s", "1,2", "\t",
	"\377", ""	/* the last: no NUL at all */
};

START_TEST(bad_number)
{
	struct starter_msg	 m = base;

	memset(m.number, '1', sizeof(m.number));
	if (bad_numbers[_i][0] != '\0')
		strcpy(m.number, bad_numbers[_i]);
	ck_assert_ptr_null(joined(&m));
}
END_TEST

/* Each octet alone, first and later, against what the names may have. */
START_TEST(octets)
{
	struct starter_msg	 m;
	int			 c, word;

	for (c = 1; c < 256; c++) {
		word = strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", c) !=
		    NULL;
		m = base;
		m.profile[1] = (char)c;
		ck_assert_int_eq(joined(&m) != NULL, word);
		m.profile[0] = (char)c;
		ck_assert_int_eq(joined(&m) != NULL, word && c != '-');
		word = word || strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ.+", c) !=
		    NULL;
		m = base;
		m.number[0] = '1';
		m.number[1] = (char)c;
		ck_assert_int_eq(joined(&m) != NULL, word);
		m.number[0] = (char)c;
		ck_assert_int_eq(joined(&m) != NULL, word && c != '-');
	}
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
can_shut_down(void)
{
	int	 sv[2];

	return (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv) == 0 &&
	    shutdown(sv[0], SHUT_RDWR) == 0);
}

static const struct deed {
	int	(*can)(void);
	int	 allowed;
} deeds[] = {
	{ can_signal_others, 0 }, { can_signal_itself, 1 },
	{ can_signal_threads, 0 }, { can_chmod, 0 },
	{ can_make_namespaces, 0 }, { can_fork, 1 },
	{ can_write_files, 0 }, { can_shut_down, 0 }
};

START_TEST(cage)
{
	int	 status;
	pid_t	 pid;

	ck_assert_int_eq(geteuid(), 0);
	ck_assert_int_ne(pid = fork(), -1);
	if (pid == 0) {
		confine_no_new_privs();
		pppd_cage();
		_exit(deeds[_i].can());
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), deeds[_i].allowed);
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
	tcase_add_loop_test(tc, bad_profile, 0,
	    (int)(sizeof(bad_profiles) / sizeof(bad_profiles[0])));
	tcase_add_loop_test(tc, bad_number, 0,
	    (int)(sizeof(bad_numbers) / sizeof(bad_numbers[0])));
	tcase_add_test(tc, octets);
	tcase_add_loop_test(tc, cage, 0,
	    (int)(sizeof(deeds) / sizeof(deeds[0])));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
