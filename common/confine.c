/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The steps down from root that all our processes take.  Every step either
 * holds or ends the process: what could not be confined must not run.
 */
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <unistd.h>

#include "confine.h"
#include "log.h"

/* Rights that a path which is no directory can have. */
#define FILE_RIGHTS	(LANDLOCK_ACCESS_FS_EXECUTE | CONFINE_FS_CHANGE | \
			LANDLOCK_ACCESS_FS_READ_FILE)
#define LANDLOCK_NEWEST	5

/* How many rights, from bit 0 on, each version of Landlock's ABI knows. */
static const int landlock_rights[LANDLOCK_NEWEST + 1] = { 0, 13, 14, 15, 15,
    16 };

/* Takes all but keep out of the bounding set: no exec brings it back. */
static void
caps_bound(uint64_t keep)
{
	unsigned long	 cap;

	for (cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != -1; cap++)
		if ((keep >> cap & 1) == 0 &&
		    prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == -1)
			fatal("PR_CAPBSET_DROP %lu", cap);
}

/* What is permitted and in keep becomes all that is. */
static void
caps_set(uint64_t keep)
{
	struct __user_cap_header_struct	 hdr = {
	    _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct	 data[2];
	int				 i;

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == -1 ||
	    syscall(SYS_capget, &hdr, data) == -1)
		fatal("capget");
	for (i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(keep >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &hdr, data) == -1)
		fatal("capset");
}

void
confine_user(uid_t uid, gid_t gid, uint64_t keep)
{
	caps_bound(keep);
	if (keep != 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1)
		fatal("PR_SET_KEEPCAPS");
	if (setgroups(0, NULL) == -1 || setresgid(gid, gid, gid) == -1 ||
	    setresuid(uid, uid, uid) == -1)
		fatal("cannot become user %u", (unsigned)uid);
	caps_set(keep);
	if (uid != 0 && setresuid(0, 0, 0) != -1)
		fatalx("user 0 is still within reach");
}

void
confine_caps(uint64_t keep)
{
	caps_bound(keep);
	caps_set(keep);
}

void
confine_no_new_privs(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		fatal("PR_SET_NO_NEW_PRIVS");
}

void
confine_landlock(const struct confine_path *paths, size_t n)
{
	const struct confine_path		*path;
	struct landlock_ruleset_attr		 ruleset = { 0 };
	struct landlock_path_beneath_attr	 rule;
	struct stat				 st;
	long					 abi, fd;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		fatal("the kernel has no Landlock");
	if (abi > LANDLOCK_NEWEST)
		abi = LANDLOCK_NEWEST;
	ruleset.handled_access_fs = (UINT64_C(1) << landlock_rights[abi]) - 1;
	fd = syscall(SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0);
	if (fd == -1)
		fatal("landlock_create_ruleset");
	for (path = paths; path < paths + n; path++) {
		rule.parent_fd = open(path->path, O_PATH | O_CLOEXEC);
		if (rule.parent_fd == -1 && errno == ENOENT)
			continue;
		if (rule.parent_fd == -1 || fstat(rule.parent_fd, &st) == -1)
			fatal("%s", path->path);
		rule.allowed_access = path->access & ruleset.handled_access_fs &
		    (S_ISDIR(st.st_mode) ? UINT64_MAX : FILE_RIGHTS);
		if (syscall(SYS_landlock_add_rule, fd,
		    LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == -1)
			fatal("landlock_add_rule %s", path->path);
		close(rule.parent_fd);
	}
	if (syscall(SYS_landlock_restrict_self, fd, 0) == -1)
		fatal("landlock_restrict_self");
	close((int)fd);
}

void
confine_calls(uint32_t listed, uint32_t others,
    const struct confine_call *calls, size_t n)
{
	scmp_filter_ctx	 ctx = seccomp_init(others);
	size_t		 i;

	if (ctx == NULL)
		fatalx("seccomp_init");
	for (i = 0; i < n; i++)
		if (seccomp_rule_add_array(ctx, listed, calls[i].nr,
		    calls[i].n_args, calls[i].args) != 0)
			fatalx("seccomp rule %zu", i);
	if (seccomp_load(ctx) != 0)
		fatalx("seccomp_load");
	seccomp_release(ctx);
}
