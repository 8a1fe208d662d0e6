/* SPDX-License-Identifier: ISC */
/*
 * The starter: the process that stays root, because pppd needs to be
 * started by root.  It knows few words and takes them from dpd alone.
 */
#ifndef DPD_STARTER_H
#define DPD_STARTER_H

#include <sys/types.h>

#include "dpmsg.h"

#define STARTER_FD	3		/* where a child finds its descriptor */

/* Children have slots: one for each session, and one for each of these. */
#define STARTER_CTLD	DP_MAX_SESSIONS
#define STARTER_PARSER	(DP_MAX_SESSIONS + 1)
#define STARTER_SLOTS	(DP_MAX_SESSIONS + 2)

enum starter_verb {
	STARTER_RUN_PARSER = 1,	/* with its end of a channel */
	STARTER_RUN_CTLD,	/* with its end of a channel */
	STARTER_RUN_PPPD,	/* with a PPPoL2TP socket */
	/*
	 * A child that does nothing but the last close of the PPPoL2TP socket:
	 * it waits for an RCU grace period, which must not stop anyone else.
	 */
	STARTER_RUN_CLOSE,
	STARTER_END,		/* SIGTERM now, SIGKILL after the grace */
	STARTER_EXITED		/* its only answer: struct starter_exit */
};

struct starter_msg {
	uint32_t	slot;		/* free until its STARTER_EXITED */
	/* For pppd, else zero. */
	uint32_t	unit;		/* of pppN */
	uint32_t	local_ip, peer_ip;	/* host order; 0: none */
	uint16_t	mtu;		/* 0: pppd's default */
	char		profile[DP_NAME_LEN];
	char		number[DP_NUMBER_LEN];
	uint8_t		pad;
};

struct starter_exit {
	uint32_t	slot;
	int32_t		status;		/* as of wait() */
};

struct starter_conf {
	uid_t		 uid;		/* ctld's */
	gid_t		 gid;
	int		 notifyfd;	/* becomes pppd's NOTIFY_FD */
	int		 debug;		/* children keep stderr */
	char		*flags;		/* "-d", "-v", "-dv" or NULL, for ctld */
};

/* All that it does, with its end of the channel to dpd; needs root. */
void	starter_main(const struct starter_conf *, int)
	    __attribute__((noreturn));
/*
 * dpd.c: dpd's side of it.  Gives the descriptor away, unless it is -1.  A
 * starter that is lost, or behind with its work, is fatal.
 */
void	starter_send(enum starter_verb, const struct starter_msg *, int);

#endif
