/* SPDX-License-Identifier: ISC */
/*
 * Giving privilege up, in the steps down from root that every process of ours
 * takes: user, capabilities, no_new_privs and file system, system calls.
 *
 * Every step either holds or ends the process: what could not be confined
 * must not run.
 */
#ifndef COMMON_CONFINE_H
#define COMMON_CONFINE_H

#include <sys/types.h>

#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/landlock.h>

/* Rights that kernels know from Landlock's ABI 3 and 5 on. */
#define CONFINE_FS_TRUNCATE	(UINT64_C(1) << 14)
#define CONFINE_FS_IOCTL_DEV	(UINT64_C(1) << 15)

#define CONFINE_FS_READ_FILE	(LANDLOCK_ACCESS_FS_EXECUTE | \
				LANDLOCK_ACCESS_FS_READ_FILE)
/* Of a directory, and all that is below. */
#define CONFINE_FS_READ		(CONFINE_FS_READ_FILE | \
				LANDLOCK_ACCESS_FS_READ_DIR)
/* Of what exists; then files that come and go, but no directories. */
#define CONFINE_FS_CHANGE	(LANDLOCK_ACCESS_FS_WRITE_FILE | \
				CONFINE_FS_TRUNCATE | CONFINE_FS_IOCTL_DEV)
#define CONFINE_FS_MAKE		(LANDLOCK_ACCESS_FS_MAKE_REG | \
				LANDLOCK_ACCESS_FS_REMOVE_FILE)

/* Argument n & mask is this value. */
#define CONFINE_ARG(n, mask, value) { n, SCMP_CMP_MASKED_EQ, mask, value }
#define CONFINE_ARGS		3

/* One listed system call, if all these arguments are so. */
struct confine_call {
	int			 nr;		/* SCMP_SYS(name) */
	unsigned		 n_args;	/* 0: any arguments */
	struct scmp_arg_cmp	 args[CONFINE_ARGS];
};

/* A path that stays reachable, with LANDLOCK_ACCESS_FS_* rights. */
struct confine_path {
	const char	*path;		/* skipped if it does not exist */
	uint64_t	 access;
};

/*
 * Becomes uid and gid, with no supplementary groups, and keeps exactly the
 * capabilities of the mask (bit CAP_x) that it has, in the bounding set too.
 */
void	confine_user(uid_t, gid_t, uint64_t keep);
/* Only drops capabilities outside the mask; the user stays. */
void	confine_caps(uint64_t keep);
/*
 * No file system access at all but what the list gives; no_new_privs, too,
 * which that needs.
 */
void	confine_landlock(const struct confine_path *, size_t);
/* What is done, a SCMP_ACT_*, about the calls that are listed, and others. */
void	confine_calls(uint32_t listed, uint32_t others,
	    const struct confine_call *, size_t);

#endif
