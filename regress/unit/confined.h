/* SPDX-License-Identifier: ISC */
/*
 * For tests of what confines a process: each step is taken in a child, as
 * root and for real, which then tries what it may still do and, next to it,
 * what it may not.  A child that is not confined as it should be says at
 * which line.
 */
#ifndef REGRESS_CONFINED_H
#define REGRESS_CONFINED_H

#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "imsg.h"
#include "log.h"

#define NEED(truth)	need((truth), __LINE__)
#define NOBODY		65534
#define FATAL		1		/* status of fatal() */
#define REFUSED		2		/* status for EPERM */

/* What a child does, and the status that it must come to. */
struct step {
	const char	*what;
	void		(*child)(const void *);
	const void	*arg;
	int		 status;
};

static inline void
need(int truth, int line)
{
	if (truth)
		return;
	fprintf(stderr, "child: line %d: errno %d\n", line, errno);
	_exit(100);
}

/* The child's exit status, or 1000 and the signal that killed it. */
static inline int
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

static inline void
take(const struct step *step)
{
	int	 status = run(step->child, step->arg);

	ck_assert_msg(status == step->status, "%s: %d instead of %d",
	    step->what, status, step->status);
}

#endif
