/* SPDX-License-Identifier: ISC */
/*
 * A session: a call of the engine joined to what dpd made for it.
 */
#ifndef CTLD_SESSION_H
#define CTLD_SESSION_H

#include <sys/queue.h>

#include <stdint.h>

#include "conf.h"
#include "dial.h"
#include "idmap.h"
#include "l2tp.h"
#include "tunnel.h"

#define SESS_LABEL	64
#define SESS_REASON	96
#define SESS_SPARE	2	/* as many objects as sessions, likewise */

/* Of dpd's side of the session. */
enum sess_state {
	SESS_NONE,			/* nothing was asked for */
	SESS_MAKING,			/* SESSION_UP is on its way */
	SESS_MADE,			/* the kernel has the session */
	SESS_WAITING,			/* for its turn to get a pppd */
	SESS_STARTING,			/* SESSION_START is on its way */
	SESS_STARTED,			/* pppd, or the interface, is there */
	SESS_ENDING,			/* SESSION_DOWN is on its way */
	SESS_ENDED
};

/* What became of the call with this key: it is up, or why it is not. */
typedef void	 sess_called(uint32_t key, const char *reason);

struct session {
	TAILQ_ENTRY(session)	 entry;		/* of the tunnel */
	TAILQ_ENTRY(session)	 all;		/* by key, ascending */
	TAILQ_ENTRY(session)	 wait;		/* in SESS_WAITING */
	struct idnode		 by_key, by_sid, by_unit, by_rule;
	uint32_t		 key;		/* never used twice */
	uint32_t		 handle;	/* dpd's; 0: none */
	uint32_t		 unit;		/* the number of its interface,
						 * once it has one */
	enum sess_state		 state;
	uint8_t			 alive;		/* the engine has the call, or
						 * it needs none */
	uint8_t			 wanted;	/* a kernel session is */
	uint8_t			 starting;	/* one of those that may be */
	uint8_t			 connected;	/* ICCN or OCCN has been */
	uint8_t			 up;		/* the interface is */
	uint8_t			 asked_up;	/* and will be, if Ethernet */
	uint8_t			 circuit;	/* the peer's is active */
	uint8_t			 placed;	/* we asked for it */
	uint8_t			 outgoing;	/* OCRQ, not ICRQ */
	uint8_t			 send_seq, recv_seq;
	uint8_t			 l2spec;
	uint8_t			 cookie_len;	/* of our packets */
	uint8_t			 peer_cookie_len;
	uint8_t			 notices;	/* that were logged */
	uint16_t		 mtu;		/* 0: the kernel's or pppd's */
	uint16_t		 rule;
	uint32_t		 local_sid, peer_sid;
	struct tunnel		*tun;
	struct dial_call	*call;		/* NULL: not dialled, or over */
	sess_called		*called;	/* NULL: nobody waits for it */
	const struct conf_session *conf;
	struct peer		*peer;		/* NULL: tunnel was dialled */
	struct session		*heir;		/* it waits for the interface */
	uint64_t		 since;		/* time: made, then up */
	struct pool		*pool;		/* of the lease */
	uint32_t		 lease;		/* 0: none */
	uint32_t		 local_ip, peer_ip;
	char			 ifname[DP_IFNAME_LEN];
	char			 user[DP_USER_LEN];
	char			 number[DP_NUMBER_LEN];	/* of the other end */
	char			 reason[SESS_REASON];	/* of ours; "": none */
};

/* With the socket of ppp-notify.  Fatal if out of memory. */
void	 sess_init(const struct conf *, int);
/*
 * Places a call, or begins a session that needs none; dial_call_up() and
 * dial_call_down() follow.  NULL if out of memory or of ids, or if a call
 * cannot be so over the version that the tunnel has: nothing follows then.
 */
struct session *sess_dial(struct tunnel *, struct dial_call *);
/*
 * Asks the peer, as its LNS, to place a call to a number and, if it is not
 * empty, a sub-address (RFC 2661 section 6.9).  NULL if that cannot be, with
 * the reason; else the function is called, once.
 */
struct session *sess_order(struct tunnel *, const char *number,
	    const char *sub_address, sess_called *, const char **reason);
/* The engine's events. */
void	 sess_in(const struct l2tp_event *);
void	 sess_replied(const struct l2tp_event *);
void	 sess_engine_up(const struct l2tp_event *);
void	 sess_engine_down(const struct l2tp_event *);
void	 sess_errors(const struct l2tp_event *);
void	 sess_accm(const struct l2tp_event *);
void	 sess_circuit(const struct l2tp_event *);
/* dpd's event. */
void	 sess_gone(const struct dpmsg *);
/* The kernel has the tunnel now: goes on with what waited for that. */
void	 sess_tunnel_up(struct tunnel *);
/* The peer of a quiescent tunnel has become silent, or answers again. */
void	 sess_tunnel_circuit(struct tunnel *);
/* A static or quiescent tunnel is over, and so are its sessions. */
void	 sess_tunnel_down(struct tunnel *, const char *reason);
/* Ends it with CDN; 0, or -1 if it has ended already. */
int	 sess_close(struct session *, uint16_t result, uint16_t error,
	    const char *text);

/* The first one, or the first with a higher key; NULL if there is none. */
struct session *sess_after(uint32_t key);
struct session *sess_by_key(uint32_t key);
struct session *sess_find(const struct tunnel *, uint32_t local_sid);
const char *sess_state_name(const struct session *);
/* Are we the LNS of its call? */
int	 sess_is_lns(const struct session *);
/* Keeps of a number what pppd may be given; never starts with '-'. */
void	 sess_number(const char *, char [DP_NUMBER_LEN]);

#endif
