/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Landlock: the paths that are listed, with the rights that they are listed
 * with, and nothing else.
 */
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <termios.h>

#include "confined.h"

static char	 dir[32];
static int	 dir_fd;

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
		    CONFINE_FS_MAKE | LANDLOCK_ACCESS_FS_MAKE_DIR |
		    LANDLOCK_ACCESS_FS_REMOVE_DIR },
		{ path[2], CONFINE_FS_READ_FILE },
		{ path[3], CONFINE_FS_READ },	/* is not there */
		{ "/dev/null", CONFINE_FS_READ_FILE },
		{ "/dev/zero", CONFINE_FS_READ_FILE | CONFINE_FS_CHANGE }
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

/* A file has no rights of a directory: that is a mistake in the list. */
static void
landlock_file_as_directory(const void *arg)
{
	const struct confine_path	 paths[] = {
		{ "/dev/null", CONFINE_FS_READ }
	};

	(void)arg;
	confine_landlock(paths, nitems(paths));
}

/* It needs no privilege and sets no_new_privs, which cannot be undone. */
static void
landlock_as_nobody(const void *arg)
{
	(void)arg;
	confine_user(NOBODY, NOBODY, 0);
	NEED(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
	NEED(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
	confine_landlock(NULL, 0);
	NEED(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	NEED(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == -1);
	NEED(open("/etc/passwd", O_RDONLY) == -1 && errno == EACCES);
}

/* A second list takes away and gives nothing back. */
static void
landlock_twice(const void *arg)
{
	const struct confine_path	 all[] = {
		{ "/", CONFINE_FS_READ | CONFINE_FS_CHANGE }
	};

	(void)arg;
	confine_landlock(NULL, 0);
	confine_landlock(all, nitems(all));
}

static const uint64_t	 none = 0, execute = LANDLOCK_ACCESS_FS_EXECUTE;

static const struct step landlocks[] = {
	{ "what is listed", landlock_list, NULL, 0 },
	{ "an empty list", landlock_nothing, NULL, 0 },
	{ "listed to be run", landlock_exec, &execute, 0 },
	{ "listed to be read, not to be run", landlock_exec, &none, REFUSED },
	{ "path not usable", landlock_not_a_directory, NULL, FATAL },
	{ "a file with a directory's rights", landlock_file_as_directory,
	    NULL, FATAL },
	{ "without privilege", landlock_as_nobody, NULL, 0 },
	{ "twice", landlock_twice, NULL, 0 }
};

START_TEST(landlock)
{
	take(&landlocks[_i]);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("confine_files");
	TCase	*tc = tcase_create("landlock");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	log_init("test", 1);
	tcase_add_checked_fixture(tc, make_files, remove_files);
	tcase_add_loop_test(tc, landlock, 0, (int)nitems(landlocks));
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
