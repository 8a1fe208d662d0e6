/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Giving privilege up, as root and for real: each step is taken in a child,
 * which then tries what it may still do and, next to it, what it may not.
 * A child that is not confined as it should be says at which line.
 */
#include <linux/capability.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "confine.h"
#include "log.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))
#define CAP(x)		(UINT64_C(1) << (x))
#define NEED(truth)	need((truth), __LINE__)

#define ALLOW		SCMP_ACT_ALLOW, SCMP_ACT_KILL_PROCESS
#define DENY		SCMP_ACT_ERRNO(EPERM), SCMP_ACT_ALLOW

#define NOBODY		65534
#define FATAL		1		/* status of fatal() */
#define REFUSED		2		/* status for EPERM */
#define X32		0x40000000	/* the third ABI of x86_64 */

static char	 dir[32];
static int	 dir_fd;

static void
need(int truth, int line)
{
	if (truth)
		return;
	fprintf(stderr, "child: line %d: errno %d\n", line, errno);
	_exit(100);
}

/* The child's exit status, or 1000 and the signal that killed it. */
static int
run(void (*child)(const void *), const void *arg)
{
	pid_t	 pid;
	int	 status;

	fflush(NULL);
	if ((pid = fork()) == 0) {
		child(arg);
		_exit(0);
	}
	ck_assert_int_ne(pid, -1);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return (WIFSIGNALED(status) ? 1000 + WTERMSIG(status) :
	    WEXITSTATUS(status));
}

/* ---- user and capabilities ---- */

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

/* ---- no_new_privs ---- */

static void
set_no_new_privs(const void *arg)
{
	(void)arg;
	NEED(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
	confine_no_new_privs();
	NEED(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	NEED(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == -1);
	confine_no_new_privs();
	NEED(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
}

/* ---- Landlock ---- */

static int
opens(const char *name, int flags)
{
	int	 fd = openat(dir_fd, name, flags | O_CLOEXEC, 0600);

	if (fd == -1) {
		NEED(errno == EACCES);
		return (0);
	}
	close(fd);
	return (1);
}

static void
make_file(const char *name)
{
	int	 fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(write(fd, "#!/bin/sh\n", 10), 10);
	close(fd);
}

static void
make_files(void)
{
	strlcpy(dir, "/tmp/confine.XXXXXX", sizeof(dir));
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_ne(dir_fd = open(dir, O_PATH | O_CLOEXEC), -1);
	ck_assert_int_eq(mkdirat(dir_fd, "read", 0700), 0);
	ck_assert_int_eq(mkdirat(dir_fd, "write", 0700), 0);
	ck_assert_int_eq(mkdirat(dir_fd, "none", 0700), 0);
	make_file("read/file");
	make_file("write/file");
	make_file("none/file");
	make_file("file");
	make_file("other");
}

static void
remove_files(void)
{
	static const char	*names[] = { "read/file", "write/file",
	    "none/file", "file", "other" };
	size_t			 i;

	for (i = 0; i < nitems(names); i++)
		unlinkat(dir_fd, names[i], 0);
	unlinkat(dir_fd, "read", AT_REMOVEDIR);
	unlinkat(dir_fd, "write", AT_REMOVEDIR);
	unlinkat(dir_fd, "none", AT_REMOVEDIR);
	close(dir_fd);
	rmdir(dir);
}

static void
need_listed_only(void)
{
	NEED(opens("read/file", O_RDONLY) && !opens("read/file", O_WRONLY));
	NEED(opens("read", O_RDONLY | O_DIRECTORY));
	NEED(!opens("read/new", O_WRONLY | O_CREAT));
	NEED(unlinkat(dir_fd, "read/file", 0) == -1 && errno == EACCES);
	NEED(faccessat(dir_fd, "read/file", X_OK, 0) == 0);
	NEED(opens("write/file", O_RDWR));
	NEED(opens("write/new", O_WRONLY | O_CREAT));
	NEED(unlinkat(dir_fd, "write/new", 0) == 0);
	NEED(opens("file", O_RDONLY) && !opens("file", O_WRONLY));
	NEED(!opens("other", O_RDONLY) && !opens("none/file", O_RDONLY));
	NEED(!opens("none", O_RDONLY | O_DIRECTORY));
	NEED(!opens("new", O_WRONLY | O_CREAT));
	NEED(mkdirat(dir_fd, "none/new", 0700) == -1 && errno == EACCES);
	NEED(symlinkat("x", dir_fd, "none/new") == -1 && errno == EACCES);
	NEED(renameat(dir_fd, "other", dir_fd, "write/other") == -1);
	NEED(renameat(dir_fd, "write/file", dir_fd, "write/new") == 0);
	NEED(unlinkat(dir_fd, "write/new", 0) == 0);
	NEED(!opens("/etc/passwd", O_RDONLY) && !opens("/dev/null", O_WRONLY));
	NEED(!opens("read/../other", O_RDONLY));
}

/* What kernels learnt to deny later; those of before cannot. */
static void
need_newer_rights(int abi)
{
	char	 path[64];
	int	 may, may_not;

	snprintf(path, sizeof(path), "%s/write/new", dir);
	NEED(opens("write/new", O_WRONLY | O_CREAT));
	NEED(truncate(path, 1) == 0 && unlink(path) == 0);
	snprintf(path, sizeof(path), "%s/read/file", dir);
	NEED(abi < 3 || (truncate(path, 1) == -1 && errno == EACCES));
	may = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	may_not = open("/dev/null", O_RDONLY | O_CLOEXEC);
	NEED(may != -1 && may_not != -1);
	NEED(ioctl(may, TCGETS, path) == -1 && errno == ENOTTY);
	NEED(abi < 5 || (ioctl(may_not, TCGETS, path) == -1 &&
	    errno == EACCES));
}

static void
landlock_list(const void *arg)
{
	const int		 abi = (int)syscall(
	    SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	char			 path[4][64];
	struct confine_path	 paths[] = {
		{ path[0], CONFINE_FS_READ },
		{ path[1], CONFINE_FS_READ | CONFINE_FS_CHANGE |
		    CONFINE_FS_MAKE },
		{ path[2], CONFINE_FS_READ },	/* of a file: no READ_DIR */
		{ path[3], CONFINE_FS_READ },	/* is not there */
		{ "/dev/null", CONFINE_FS_READ },
		{ "/dev/zero", CONFINE_FS_READ | CONFINE_FS_CHANGE }
	};
	int			 fd;

	(void)arg;
	snprintf(path[0], sizeof(path[0]), "%s/read", dir);
	snprintf(path[1], sizeof(path[1]), "%s/write", dir);
	snprintf(path[2], sizeof(path[2]), "%s/file", dir);
	snprintf(path[3], sizeof(path[3]), "%s/absent", dir);
	NEED((fd = openat(dir_fd, "other", O_RDWR)) != -1);
	confine_landlock(paths, nitems(paths));
	need_listed_only();
	need_newer_rights(abi);
	NEED(write(fd, "x", 1) == 1);		/* open before is open */
}

/* Listed to be read is not listed to be run. */
static void
landlock_exec(const void *arg)
{
	const struct confine_path	 paths[] = {
		{ "/", LANDLOCK_ACCESS_FS_READ_FILE | *(const uint64_t *)arg }
	};
	char				*argv[] = { NULL, NULL };
	char				 path[64];

	snprintf(path, sizeof(path), "%s/file", dir);
	argv[0] = path;
	confine_landlock(paths, nitems(paths));
	execv(path, argv);
	_exit(errno == EACCES ? REFUSED : FATAL);
}

static void
landlock_nothing(const void *arg)
{
	(void)arg;
	NEED(opens("read/file", O_RDONLY));
	confine_landlock(NULL, 0);
	NEED(!opens("read/file", O_RDONLY) && !opens("/proc", O_RDONLY));
	NEED(!opens("/dev/null", O_RDONLY));
}

/* Only what does not exist is skipped. */
static void
landlock_not_a_directory(const void *arg)
{
	const struct confine_path	 paths[] = {
		{ "/dev/null/file", CONFINE_FS_READ }
	};

	(void)arg;
	confine_landlock(paths, nitems(paths));
}

/* Neither no_new_privs nor CAP_SYS_ADMIN: the kernel refuses. */
static void
landlock_as_nobody(const void *arg)
{
	confine_user(NOBODY, NOBODY, 0);
	NEED(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
	if (arg != NULL)
		confine_no_new_privs();
	confine_landlock(NULL, 0);
	NEED(open("/etc/passwd", O_RDONLY) == -1 && errno == EACCES);
}

/* ---- seccomp ---- */

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

/* ---- what each child must come to ---- */

static const uint64_t	 none = 0, net_admin = CAP(CAP_NET_ADMIN),
    execute = LANDLOCK_ACCESS_FS_EXECUTE;
static const struct tried	 t_dup = { 1, SYS_dup, { 0 } };

static const struct step {
	const char	*what;
	void		(*child)(const void *);
	const void	*arg;
	int		 status;
} privileges[] = {
	{ "a kept capability is of use", use_net_admin, &net_admin, 0 },
	{ "one not kept is not", use_net_admin, &none, REFUSED },
	{ "user 0 with one capability", stay_root, NULL, 0 },
	{ "not from root", user_as_nobody, NULL, FATAL },
	{ "user 0 within reach", user_keeps_setuid, NULL, FATAL },
	{ "capabilities alone", drop_caps, NULL, 0 },
	{ "not dropped", drop_caps_without_setpcap, NULL, FATAL },
	{ "no_new_privs", set_no_new_privs, NULL, 0 }
}, landlocks[] = {
	{ "what is listed", landlock_list, NULL, 0 },
	{ "an empty list", landlock_nothing, NULL, 0 },
	{ "listed to be run", landlock_exec, &execute, 0 },
	{ "listed to be read, not to be run", landlock_exec, &none, REFUSED },
	{ "path not usable", landlock_not_a_directory, NULL, FATAL },
	{ "no no_new_privs", landlock_as_nobody, NULL, FATAL },
	{ "with no_new_privs", landlock_as_nobody, &none, 0 }
}, seccomps[] = {
	{ "in both lists", allow_after_deny, &tried[0], 0 },
	{ "denied by the first", allow_after_deny, &t_dup, REFUSED },
	{ "not in the second", allow_after_deny, &tried[2], 1000 + SIGSYS },
	{ "another ABI", try_allowed, &t_x32, 1000 + SIGSYS },
	{ "no such argument", bad_list, NULL, FATAL }
};

static void
take(const struct step *step)
{
	int	 status = run(step->child, step->arg);

	ck_assert_msg(status == step->status, "%s: %d instead of %d",
	    step->what, status, step->status);
}

START_TEST(privilege)
{
	take(&privileges[_i]);
}
END_TEST

START_TEST(landlock)
{
	take(&landlocks[_i]);
}
END_TEST

START_TEST(seccomp)
{
	take(&seccomps[_i]);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("confine");
	TCase	*tc = tcase_create("privilege and seccomp");
	TCase	*tc_files = tcase_create("landlock");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	log_init("test", 1);
	tcase_add_loop_test(tc, user, 0, (int)nitems(users));
	tcase_add_loop_test(tc, privilege, 0, (int)nitems(privileges));
	tcase_add_loop_test(tc, seccomp_allow, 0, (int)nitems(tried));
	tcase_add_loop_test(tc, seccomp_deny, 0, (int)nitems(tried));
	tcase_add_test(tc, seccomp_deny_other_abi);
	tcase_add_loop_test(tc, seccomp, 0, (int)nitems(seccomps));
	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc_files, make_files, remove_files);
	tcase_add_loop_test(tc_files, landlock, 0, (int)nitems(landlocks));
	suite_add_tcase(s, tc_files);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
