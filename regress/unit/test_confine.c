/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Giving privilege up: the user, the groups and the capabilities.
 */
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <grp.h>
#include <sched.h>

#include "confined.h"

#define CAP(x)		(UINT64_C(1) << (x))

struct caps {
	uint64_t	 permitted, effective, inheritable;
};

static struct caps
caps_get(void)
{
	struct __user_cap_header_struct	 hdr = {
	    _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct	 d[2];

	NEED(syscall(SYS_capget, &hdr, d) == 0);
	return ((struct caps){
	    (uint64_t)d[1].permitted << 32 | d[0].permitted,
	    (uint64_t)d[1].effective << 32 | d[0].effective,
	    (uint64_t)d[1].inheritable << 32 | d[0].inheritable });
}

static uint64_t
caps_counted(int option, unsigned long arg)
{
	uint64_t	 caps = 0;
	unsigned long	 cap;
	int		 has;

	for (cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != -1; cap++) {
		has = option == PR_CAPBSET_READ ? prctl(option, cap, 0, 0, 0) :
		    prctl(option, arg, cap, 0, 0);
		caps |= has == 1 ? CAP(cap) : 0;
	}
	return (caps);
}

static void
need_caps(uint64_t keep)
{
	struct caps	 caps = caps_get();

	NEED(caps.permitted == keep);
	NEED(caps.effective == keep);
	NEED(caps.inheritable == 0);
	NEED(caps_counted(PR_CAPBSET_READ, 0) == keep);
	NEED(caps_counted(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET) == 0);
}

/* The worst to begin with: other groups, and capabilities that pass exec. */
static void
begin_with_much(void)
{
	const gid_t			 groups[2] = { 0, 4 };
	struct __user_cap_header_struct	 hdr = {
	    _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct	 d[2];

	NEED(setgroups(2, groups) == 0 && getgroups(0, NULL) == 2);
	NEED(syscall(SYS_capget, &hdr, d) == 0);
	d[0].inheritable = d[0].permitted;
	NEED(syscall(SYS_capset, &hdr, d) == 0);
	NEED(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0,
	    0) == 0);
	NEED(caps_counted(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET) ==
	    CAP(CAP_NET_ADMIN));
}

static void
need_no_way_back(void)
{
	const gid_t	 group = 0;

	NEED(setuid(0) == -1 && errno == EPERM);
	NEED(seteuid(0) == -1 && errno == EPERM);
	NEED(setresuid(0, 0, 0) == -1 && errno == EPERM);
	NEED(setgid(0) == -1 && errno == EPERM);
	NEED(setegid(0) == -1 && errno == EPERM);
	NEED(setgroups(1, &group) == -1 && errno == EPERM);
	NEED(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0,
	    0) == -1);
	NEED(open("/etc/shadow", O_RDONLY) == -1 && errno == EACCES);
	NEED(unshare(CLONE_NEWNS) == -1 && errno == EPERM);
}

static const struct user {
	uid_t		 uid;
	gid_t		 gid;
	uint64_t	 keep;
} users[] = {
	{ NOBODY, NOBODY, 0 },
	{ NOBODY, 4, CAP(CAP_NET_ADMIN) },
	{ 12345, 54321, CAP(CAP_NET_ADMIN) | CAP(CAP_NET_RAW) }
};

static void
become_user(const void *arg)
{
	const struct user	*u = arg;
	uid_t			 r = 0, e = 0, s = 0;
	gid_t			 rg = 0, eg = 0, sg = 0;

	begin_with_much();
	confine_user(u->uid, u->gid, u->keep);
	NEED(getresuid(&r, &e, &s) == 0 && getresgid(&rg, &eg, &sg) == 0);
	NEED(r == u->uid && e == u->uid && s == u->uid);
	NEED(rg == u->gid && eg == u->gid && sg == u->gid);
	NEED(getgroups(0, NULL) == 0);
	need_caps(u->keep);
	need_no_way_back();
}

START_TEST(user)
{
	ck_assert_int_eq(run(become_user, &users[_i]), 0);
}
END_TEST

/* A kept capability is of use; one that was not kept is not. */
static void
use_net_admin(const void *arg)
{
	const uint64_t	*keep = arg;
	int		 mark = 7, s = socket(AF_INET, SOCK_DGRAM, 0);

	confine_user(NOBODY, NOBODY, *keep);
	if (setsockopt(s, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) == -1)
		_exit(errno == EPERM ? REFUSED : FATAL);
}

/* User 0 without capabilities is an owner of files and nothing more. */
static void
stay_root(const void *arg)
{
	(void)arg;
	begin_with_much();
	confine_user(0, 0, CAP(CAP_KILL));
	NEED(getuid() == 0 && getgroups(0, NULL) == 0);
	need_caps(CAP(CAP_KILL));
	NEED(setuid(NOBODY) == -1 && errno == EPERM);
}

static void
user_as_nobody(const void *arg)
{
	(void)arg;
	NEED(setresuid(NOBODY, NOBODY, NOBODY) == 0);
	NEED(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
	confine_user(NOBODY, NOBODY, 0);
}

/* To keep the way back is a mistake in the list of what is kept. */
static void
user_keeps_setuid(const void *arg)
{
	(void)arg;
	confine_user(NOBODY, NOBODY, CAP(CAP_SETUID));
}

/* What is not there to be kept does not come back by being asked for. */
static void
drop_caps(const void *arg)
{
	const uint64_t	 first = CAP(CAP_SETPCAP) | CAP(CAP_NET_ADMIN) |
	    CAP(CAP_CHOWN);

	(void)arg;
	begin_with_much();
	confine_caps(first);
	need_caps(first);
	NEED(getuid() == 0 && getgroups(0, NULL) == 2);
	confine_caps(CAP(CAP_NET_ADMIN) | CAP(CAP_NET_RAW));
	need_caps(CAP(CAP_NET_ADMIN));
	confine_caps(CAP(CAP_NET_ADMIN));
	need_caps(CAP(CAP_NET_ADMIN));
}

static void
drop_caps_without_setpcap(const void *arg)
{
	(void)arg;
	confine_caps(CAP(CAP_NET_ADMIN) | CAP(CAP_CHOWN));
	confine_caps(CAP(CAP_NET_ADMIN));
}

static const uint64_t	 none = 0, net_admin = CAP(CAP_NET_ADMIN);

static const struct step privileges[] = {
	{ "a kept capability is of use", use_net_admin, &net_admin, 0 },
	{ "one not kept is not", use_net_admin, &none, REFUSED },
	{ "user 0 with one capability", stay_root, NULL, 0 },
	{ "not from root", user_as_nobody, NULL, FATAL },
	{ "user 0 within reach", user_keeps_setuid, NULL, FATAL },
	{ "capabilities alone", drop_caps, NULL, 0 },
	{ "not dropped", drop_caps_without_setpcap, NULL, FATAL }
};

START_TEST(privilege)
{
	take(&privileges[_i]);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("confine");
	TCase	*tc = tcase_create("privilege");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	log_init("test", 1);
	tcase_add_loop_test(tc, user, 0, (int)nitems(users));
	tcase_add_loop_test(tc, privilege, 0, (int)nitems(privileges));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
