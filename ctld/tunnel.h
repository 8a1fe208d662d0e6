/* SPDX-License-Identifier: ISC */
/*
 * A tunnel: what the engine knows as one, joined to what dpd made for it.
 */
#ifndef CTLD_TUNNEL_H
#define CTLD_TUNNEL_H

#include <sys/queue.h>

#include <stdint.h>

#include "conf.h"
#include "dial.h"
#include "idmap.h"
#include "l2tp.h"
#include "peer.h"

#define TUN_LABEL	112
#define TUN_SPARE	2	/* as many objects as tunnels: some are over */
#define TUN_MAX_OFFERED	256	/* half-open ones that wait for dpd */

/* Of dpd's side of the tunnel. */
enum tun_state {
	TUN_NONE,			/* nothing was asked for */
	TUN_OPENING,			/* TUNNEL_OPEN is on its way */
	TUN_OPEN,			/* we have a handle and a socket */
	TUN_MAKING,			/* TUNNEL_UP is on its way */
	TUN_UP,				/* the kernel has the tunnel */
	TUN_CLOSING,			/* TUNNEL_CLOSE is on its way */
	TUN_CLOSED
};

TAILQ_HEAD(tun_list, tunnel);
TAILQ_HEAD(sess_list, session);

struct tunnel {
	TAILQ_ENTRY(tunnel)	 entry;		/* by key, ascending */
	struct idnode		 by_key;
	uint32_t		 key;		/* never used twice */
	uint32_t		 handle;	/* dpd's; 0: none */
	enum tun_state		 state;
	uint8_t			 in_engine;	/* it will say GONE */
	uint8_t			 alive;		/* it has not said DOWN */
	uint8_t			 was_up;
	uint8_t			 counted;	/* in peer->n_tunnels */
	uint8_t			 offered;	/* the engine awaits our word */
	uint8_t			 silent;	/* quiescent: no answer */
	uint8_t			 version;	/* 2 or 3; 0: not known yet */
	uint32_t		 local_tid, peer_tid;
	int			 net_errno;	/* last ICMP error; 0: none */
	uint32_t		 link;		/* of its own socket */
	uint32_t		 listener;	/* link, of the same port */
	uint32_t		 n_sessions;
	uint64_t		 since;		/* time: made, then up */
	struct l2tp_addr	 local, remote;
	struct dial		*dial;		/* NULL: answered, or over */
	const struct conf_tunnel *dialled;	/* NULL: answered */
	const struct conf_listen_peer *allowed;	/* NULL: dialled */
	struct peer		*peer;		/* NULL: dialled */
	struct sess_list	 sessions;
};

/* Fatal if out of memory. */
void	 tun_init(const struct conf *);
/*
 * Starts a tunnel to this address, or takes up one that is static or
 * quiescent; dial_opened(), dial_up(), dial_down() follow.  NULL if out of
 * memory or of ids, or if the last one is not over: nothing follows then.
 */
struct tunnel *tun_dial(struct dial *, const struct l2tp_addr *);
/* The engine's events. */
void	 tun_in(const struct l2tp_event *);
void	 tun_engine_up(const struct l2tp_event *);
void	 tun_engine_silent(const struct l2tp_event *);
void	 tun_engine_down(const struct l2tp_event *);
void	 tun_engine_gone(const struct l2tp_event *);
/* Ends it, and dial_down() does not follow. */
void	 tun_abandon(struct tunnel *);
/* Ends it with StopCCN; 0, or -1 if it has ended already. */
int	 tun_close(struct tunnel *, uint16_t result, uint16_t error,
	    const char *text);
void	 tun_close_all(uint16_t result);
/* A session of the tunnel is over and its memory released. */
void	 tun_session_freed(struct tunnel *);

/* Is nothing left of it but the duty to acknowledge what is repeated? */
int	 tun_is_over(const struct tunnel *);
/* The first one, or the first with a higher key; NULL if there is none. */
struct tunnel *tun_after(uint32_t key);
struct tunnel *tun_find(uint32_t local_tid);
/* 1 if a tunnel is up that somebody at this address has opened. */
int	 tun_answered(const struct l2tp_addr *);
/* Static or quiescent: both sides know its ids, and there are no calls. */
int	 tun_is_fixed(const struct tunnel *);
/* The name in the configuration. */
const char *tun_name(const struct tunnel *);
/* "tunnel 7/9 203.0.113.5:1701", for the log. */
const char *tun_label(const struct tunnel *, char [TUN_LABEL]);
/* 1 if what a peer was refused may be logged now, too: not all of a flood. */
int	 tun_may_log(void);

#endif
