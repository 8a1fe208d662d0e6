/* SPDX-License-Identifier: ISC */
/*
 * The fourth fence: what exists because ctld asked for it, and so what it
 * may refer to.  Fixed tables; slots are numbered and stay where they are.
 */
#ifndef DPD_OWN_H
#define DPD_OWN_H

#include <sys/queue.h>

#include "dpmsg.h"
#include "notify.h"
#include "starter.h"

/* Twice the tunnels that can live: the ids of ended ones are remembered. */
#define OWN_TUNNELS		(2 * DP_MAX_TUNNELS)
#define OWN_QUARANTINE_MS	30000

/* States are bits: dispatch says which request is allowed in which. */
enum own_state {
	OWN_FREE = 0,
	TUN_OPEN = 1,		/* has a socket */
	TUN_UP = 2,		/* and a kernel tunnel */
	TUN_CLOSING = 4,	/* waits for the pppds' ends */
	TUN_ANY = TUN_OPEN | TUN_UP | TUN_CLOSING,
	SESS_UP = 8,		/* kernel session, frames queue in fd */
	SESS_STARTING = 16,	/* pppd has the fd, no address yet */
	SESS_RUNNING = 32,
	SESS_ENDING = 64,	/* the child that has the fd is to exit */
	SESS_ENDED = 128,	/* it did; SESSION_DOWN is to come */
	SESS_ANY = SESS_UP | SESS_STARTING | SESS_RUNNING | SESS_ENDING |
	    SESS_ENDED
};

/* A tunnel, or a session in one. */
struct own {
	LIST_ENTRY(own)		 entry;		/* of own_tunnels, or of it */
	LIST_HEAD(, own)	 sessions;
	struct own		*tunnel;	/* NULL: it is one */
	uint32_t		 slot;		/* among those of its kind */
	uint32_t		 handle;	/* of a tunnel */
	enum own_state		 state;
	uint32_t		 end_id;	/* request to answer; 0: none */
	uint32_t		 local_id, peer_id;	/* 0: none made yet */
	uint64_t		 freed_ms;	/* when local_id was given up */
	uint16_t		 rule, mtu;	/* mtu 0: the rule's */
	uint8_t			 version;
	int			 fd;		/* UDP, or PPPoX unless given */
};

/* All tunnels that are not free. */
extern LIST_HEAD(own_list, own)	 own_tunnels;
/* How many sessions are in SESS_STARTING. */
extern uint32_t	 own_starting;

/*
 * A new tunnel, or a session with this id in one, without an fd; NULL if the
 * rule's quota or the total is used up.
 */
struct own	*own_new(struct own *tunnel, uint16_t rule, uint32_t local_id);
/* The tunnel; NULL if dpd did not issue this handle or it has ended. */
struct own	*own_find(uint32_t handle);
/* The tunnel's session with this id, or NULL. */
struct own	*own_session(const struct own *, uint32_t local_sid);
/* 1 if a tunnel has this id, or had it less than a quarantine ago. */
int		 own_tid_taken(uint32_t);
/* Without sessions, and the fd closed. */
void		 own_free(struct own *);

/* The next step to the end; with the last one end_id is answered. */
void	own_end(struct own *);
/* ctld is gone: ends all that it has made, and answers nothing any more. */
void	own_end_all(void);
/* A child in a session's slot is gone. */
void	own_exited(const struct starter_exit *);
/* pppd's link is up. */
void	own_notify(const struct notify *);

#endif
