/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <fcntl.h>
#include <grp.h>
#include <unistd.h>

#include "confine.h"
#include "log.h"

void
confine_caps(uint64_t keep)
{
	struct __user_cap_header_struct	 hdr = {
	    _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct	 data[2];
	unsigned long			 cap;
	int				 i, has;

	/* Out of the bounding set: no exec brings it back. */
	for (cap = 0; (has = prctl(PR_CAPBSET_READ, cap, 0, 0, 0)) != -1; cap++)
		if (has == 1 && (keep >> cap & 1) == 0 &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == -1)
			fatal("PR_CAPBSET_DROP %lu", cap);
	if (syscall(SYS_capget, &hdr, data) == -1)
		fatal("capget");
	for (i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(keep >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;	/* and so nothing is ambient */
	}
	if (syscall(SYS_capset, &hdr, data) == -1)
		fatal("capset");
}

void
confine_user(uid_t uid, gid_t gid, uint64_t keep)
{
	/* So that what is to be kept outlives the change of user. */
	if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) == -1 ||
	    setgroups(0, NULL) == -1 || setresgid(gid, gid, gid) == -1 ||
	    setresuid(uid, uid, uid) == -1)
		fatal("cannot become user %u", (unsigned)uid);
	confine_caps(keep);
	if (uid != 0 && setresuid(0, 0, 0) != -1)
		fatalx("user 0 is still within reach");
}

void
confine_landlock(const struct confine_path *paths, size_t n)
{
	const struct confine_path		*path;
	struct landlock_ruleset_attr		 ruleset = { 0 };
	struct landlock_path_beneath_attr	 rule;
	long					 abi, fd;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		fatal("PR_SET_NO_NEW_PRIVS");
	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	/* How many rights, from bit 0 on, this version of its ABI knows. */
	ruleset.handled_access_fs = (UINT64_C(1) << (abi < 2 ? 13 :
	    abi < 3 ? 14 : abi < 5 ? 15 : 16)) - 1;
	fd = syscall(SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0);
	if (abi < 1 || fd == -1)
		fatal("the kernel has no Landlock");
	for (path = paths; path < paths + n; path++) {
		rule.parent_fd = open(path->path, O_PATH | O_CLOEXEC);
		if (rule.parent_fd == -1 && errno == ENOENT)
			continue;
		rule.allowed_access = path->access & ruleset.handled_access_fs;
		if (rule.parent_fd == -1 || syscall(SYS_landlock_add_rule, fd,
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

	for (i = 0; i < n; i++)
		if (seccomp_rule_add_array(ctx, listed, calls[i].nr,
		    calls[i].n_args, calls[i].args) != 0)
			fatalx("seccomp rule %zu", i);
	if (seccomp_load(ctx) != 0)
		fatalx("seccomp_load");
	seccomp_release(ctx);
}
