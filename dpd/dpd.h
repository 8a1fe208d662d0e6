/* SPDX-License-Identifier: ISC */
/*
 * dpd's state and loop, as its start and the handlers of requests see them.
 */
#ifndef DPD_DPD_H
#define DPD_DPD_H

#include <sys/types.h>

#include <poll.h>

#include "dpmsg.h"

/* States, as bits: dispatch says which message is allowed in which. */
enum dpd_state {
	DPD_PARSING = 1,	/* root still; the peer is the parser */
	DPD_RUNNING = 2,	/* confined; the peer is ctld */
	DPD_STOPPING = 4
};

enum { FD_SIGNAL, FD_STARTER, FD_NOTIFY, FD_PEER, NFDS };

extern struct dpd {
	enum dpd_state	 state;
	struct pollfd	 pfd[NFDS];	/* the peer's is -1 if there is none */
	uid_t		 uid;		/* what we are to be */
	gid_t		 gid;
	int		 configfd, controlfd;
	struct dp_config config;
	int		 alive;		/* the peer, as the starter says */
	int		 stuck;		/* the peer does not read */
	uint64_t	 started_ms, backoff_ms;
	uint64_t	 due_ms;	/* next start, or end of grace */
} dpd;

/* Monotonic clock. */
uint64_t	dpd_now(void);
/*
 * To ctld, if there is one.  The descriptor stays the caller's.  If it
 * cannot be sent ctld is given up, but not before the caller is done.
 */
void		dpd_send(const struct dpmsg *);
/* Runs the parser and then ctld, until SIGTERM. */
void		dpd_loop(void) __attribute__((noreturn));

/* sandbox.c: from here on only what a running dpd needs. */
void		sandbox_dpd(uid_t, gid_t);

#endif
