/* SPDX-License-Identifier: ISC */
/*
 * The tunnels and calls that we place: which address is tried next, and
 * when to try again.
 */
#ifndef CTLD_DIAL_H
#define CTLD_DIAL_H

#include <stdint.h>

#include "addr.h"
#include "conf.h"
#include "loop.h"

#define DIAL_MAX_ADDRS	8		/* of one name, in one attempt */
#define DIAL_REASON	200

enum dial_state {
	DIAL_WAITING,			/* for the next attempt */
	DIAL_RESOLVING,
	DIAL_OPENING,			/* dpd makes the socket */
	DIAL_DIALING,			/* SCCRQ sent */
	DIAL_UP,
	DIAL_STOPPED,
	DIAL_NSTATES
};

enum dial_event {
	DEV_TIMER,
	DEV_RESOLVED,
	DEV_UNRESOLVED,
	DEV_OPENED,
	DEV_UP,
	DEV_DOWN,			/* or it did not come up */
	DEV_ANOTHER,			/* so it is, and: try another peer */
	DEV_YIELDED,			/* so it is, to the peer's own call */
	DEV_STOP,
	DEV_NEVENTS
};

struct session;
struct tunnel;

/* When to try again, and why it has to. */
struct redial {
	struct loop_timer	 timer;
	uint32_t		 failures;	/* in a row */
	uint64_t		 up_since;	/* time; 0: not up */
	char			 reason[DIAL_REASON];	/* "": none yet */
};

struct dial_call {
	struct dial		*dial;
	const struct conf_session *conf;
	struct session		*sess;		/* NULL: not placed now */
	struct redial		 redial;
};

struct dial {
	const struct conf_tunnel *conf;
	enum dial_state		 state;
	struct tunnel		*tun;		/* NULL: not placed now */
	uint32_t		 index;		/* in the configuration */
	uint16_t		 attempt;	/* of resolving */
	uint8_t			 yielded;	/* waits for the peer's call */
	size_t			 next_peer, next_addr, n_addrs;
	struct l2tp_addr	 addrs[DIAL_MAX_ADDRS];
	struct redial		 redial;
	uint32_t		 n_calls;
	struct dial_call	*calls;
};

/* Makes them, and starts them all.  Fatal if out of memory. */
void	 dial_init(const struct conf *);
void	 dial_start(void);
/* Places nothing any more. */
void	 dial_stop(void);
/* NULL if there are not that many. */
struct dial *dial_get(uint32_t index);
struct dial *dial_find(const char *name);
const char *dial_state_name(enum dial_state);

/* What became of a look-up: n addresses, or the reason why not. */
void	 dial_resolved(uint32_t id, const struct l2tp_addr *, size_t n,
	    const char *reason);
/* What became of tun_dial(). */
void	 dial_opened(struct dial *);
void	 dial_up(struct dial *);
void	 dial_down(struct dial *, enum dial_event, const char *reason);
/* A tunnel that this peer had opened is over. */
void	 dial_rival_gone(const struct l2tp_addr *);
/*
 * The peer has placed the call of this session before we did: it is the
 * session's from now on, as by sess_dial().  NULL if there is one already.
 */
struct dial_call *dial_call_taken(struct dial *, const struct conf_session *,
	    struct session *);
/* What became of sess_dial(); has the peer said to try another one? */
void	 dial_call_up(struct dial_call *);
void	 dial_call_down(struct dial_call *, const char *reason, int another);

/* Milliseconds until the next attempt; random is any number. */
uint32_t dial_backoff(uint32_t min_ms, uint32_t max_ms, uint32_t failures,
	    uint32_t random);

#endif
