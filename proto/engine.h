/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the parts of the engine share: the objects, who owns them, and the
 * stimuli of the state machines.
 *
 * Containers own: the engine its tunnels, a tunnel its calls.  An object
 * whose life is over stays where it is until the caller has pulled its last
 * event, is then laid on a list of graves, and is freed by the next
 * l2tp_next_event().  So nothing is freed inside an action, and what an
 * event borrows lives until the next engine call.
 */
#ifndef PROTO_ENGINE_H
#define PROTO_ENGINE_H

#include <sys/queue.h>

#include "auth3.h"
#include "chan.h"
#include "err.h"
#include "hdr.h"
#include "heap.h"
#include "hide.h"
#include "ids.h"
#include "l2tp.h"
#include "msg.h"
#include "table.h"

TAILQ_HEAD(tunnel_queue, tunnel);
TAILQ_HEAD(call_queue, call);

/* Why a tunnel or call ended, in no more memory than it needs. */
struct ended {
	const char	*reason;
	uint16_t	 result, error;
	uint8_t		 by;
	char		 text[];
};

/* What a peer says of itself; the texts end with NUL. */
struct names {
	uint32_t	 router_id;	/* L2TPv3 */
	uint8_t		 vendor_at;	/* in text */
	char		 text[];	/* host name, vendor name */
};

/* A SCCRQ that is read again when its peer is known. */
struct hail {
	uint16_t	 len;
	uint8_t		 raw[];		/* with its header */
};

/* Octets of the peer that are kept. */
struct octets {
	uint16_t	 len;
	uint8_t		 p[];
};

struct tunnel {
	struct timer		 timer;		/* first: it is cast back */
	struct l2tp		*e;
	const struct l2tp_params *params;
	void			*user;
	struct node		 by_tid;
	struct node		 by_peer;	/* address and tunnel_name() */
	union {
		TAILQ_ENTRY(tunnel) half_open;	/* while is_half_open */
		struct node	 by_host;	/* see tunnel_set_host() */
	};
	TAILQ_ENTRY(tunnel)	 queue;		/* ready, or graves */
	struct call_queue	 calls;		/* not those that are over */
	struct chan		 chan;
	struct ended		*ended;
	struct names		*names;		/* NULL: not told yet */
	struct hail		*hail;		/* NULL: there is no need */
	struct octets		*peer_nonce;	/* L2TPv3; NULL: none */
	struct l2tp_path	 path;
	uint32_t		 peer_tid;
	uint64_t		 expires;	/* the time of this state; when
						 * established, of silence */
	uint64_t		 last_heard;
	uint64_t		 nonce;		/* of our challenge or nonce,
						 * and tie breaker; 0: none */
	uint32_t		 local_tid;
	uint16_t		 n_calls;
	union {				/* of the peer */
		uint16_t	 firmware;	/* L2TPv2 */
		uint16_t	 pw_caps;	/* L2TPv3: 1 << type */
	};
	uint16_t		 pending;	/* events in the ring */
	uint8_t			 reserve;	/* of the ring */
	uint8_t			 state;		/* enum cc_state */
	unsigned int		 version : 2,	/* 2 or 3 */
				 framing_caps : 2, /* known bits */
				 bearer_caps : 2,
				 secret : 1,	/* index of the one we use */
				 is_proved : 1,	/* the peer has it, too */
				 initiator : 1,
				 muted : 1,	/* the caller must not hear */
				 is_half_open : 1,
				 is_ready : 1,
				 was_up : 1,
				 /* L2TPv3: */
				 digest : 2,	/* that we send */
				 is_dual : 1,	/* SCCRQ of both versions */
				 is_signed : 1,	/* SCCRQ takes a secret */
				 is_told : 1,	/* the peer has our nonce */
				 is_fixed : 1,	/* both ids are configured */
				 is_silent : 1,	/* and nobody answers */
				 is_noted : 1,	/* see event_tunnel_link() */
				 has_own_tid : 1; /* named by the caller */
};

/*
 * What one side of a call has said of the pseudowire (RFC 3931 5.4.4, 5.4.5),
 * and demands of what the other sends.
 */
struct pw_side {
	uint8_t			 cookie[L2TP_MAX_COOKIE];
	uint8_t			 cookie_len;
	uint8_t			 l2spec;	/* 0 or 1 */
	uint8_t			 sequencing;	/* level: 0 to 2 */
	uint8_t			 circuit_down;
};

struct call {
	struct timer		 timer;		/* first: it is cast back */
	struct tunnel		*tunnel;
	void			*user;
	struct node		 by_sid;
	/* local_tid and peer_sid; before that is known, see call_claim() */
	struct node		 by_peer;
	TAILQ_ENTRY(call)	 link;		/* of the tunnel, or graves */
	struct ended		*ended;
	struct details		*details;
	uint64_t		 next_wen;	/* not before */
	uint64_t		 tie;		/* if has_tie */
	struct pw_side		 ours, theirs;	/* L2TPv3 */
	uint32_t		 local_sid, peer_sid;
	uint16_t		 pending;
	uint8_t			 reserve;
	uint8_t			 state;		/* enum call_state */
	unsigned int		 initiator : 1,
				 outgoing : 1,
				 has_tie : 1,	/* we throw it */
				 is_changed : 1, /* circuit, by a message */
				 is_noted : 1;	/* and the ring says so */
};

#define NOTE_CALL	0x80	/* in type: the id is a call's */

/* An entry of the event ring: ids and indexes only. */
struct note {
	uint8_t		type;		/* enum l2tp_event_type, NOTE_CALL */
	uint8_t		from, to;	/* states, or message and state */
	uint8_t		reason;		/* event, or enum l2tp_err */
	uint32_t	id;		/* local_tid or local_sid */
};

struct ring {
	struct note	*note;
	uint32_t	 room;
	uint32_t	 first, count;
	uint32_t	 reserved;	/* for what must not be lost */
};

#define HASH_WORDS	7		/* of an address and a tunnel id */

struct l2tp {
	struct l2tp_config	 config;
	struct l2tp_stats	 stats;
	struct ids		 tids, sids;
	struct table		 by_tid, by_peer, by_host, by_sid,
				 by_peer_sid;
	struct heap		 heap;
	struct pool		 pool;
	struct ring		 ring;
	struct tunnel_queue	 half_open;	/* refused, then oldest first */
	struct tunnel_queue	 ready;		/* has something to send */
	struct tunnel_queue	 graves;
	struct call_queue	 call_graves;
	uint64_t		 hash_key[HASH_WORDS + 1];
	uint64_t		 now;		/* of the latest engine call */
	uint32_t		 serial;	/* Call Serial Number */
	uint32_t		 router_id;	/* if the caller has none */
	/* What the event pulled last shows. */
	struct l2tp_tunnel_info	 tunnel_info;
	struct l2tp_call_info	 call_info;
	struct l2tp_cause	 cause;
	uint8_t			 challenge_key[16];
	uint8_t			 hide_key[AUTH3_KEY_LEN];
	uint8_t			 scratch[L2TP_MAX_PACKET];
	uint8_t			 clear[UINT16_MAX];	/* of hidden AVPs */
};

/* What a state machine is told besides the event. */
struct stimulus {
	uint64_t		 now;
	const struct msg	*msg;		/* NULL: not by a message */
	struct l2tp_cause	 cause;		/* of what ends something */
};

#define TUNNEL_NOTES	4	/* IN, UP, DOWN, GONE */
#define CALL_NOTES	4	/* IN or REPLY, UP, CIRCUIT, DOWN */

/*
 * object.c: making, finding and freeing tunnels and calls.
 */
/*
 * With its defaults, in CC_IDLE, and with that local id, or if it is 0 one
 * of the version, 2 or 3; NULL and *err if the id is in use, or limits or
 * memory end.
 */
struct tunnel	*tunnel_new(struct l2tp *, const struct l2tp_path *,
		    uint8_t version, uint32_t local_tid, enum l2tp_err *);
/* Only for one that has left no event in the ring. */
void		 tunnel_free(struct tunnel *, uint64_t);
struct tunnel	*tunnel_find(const struct l2tp *, uint32_t local_tid);
/* Any that is left, from bucket *at = 0 on; for l2tp_free(). */
struct tunnel	*tunnel_any(const struct l2tp *, size_t *at);
/*
 * How the peer's first message finds the tunnel again when it is repeated:
 * by the peer's address and by a name, which is the id that the peer
 * assigned, or a digest of the message that hides it.
 */
uint32_t	 tunnel_name(const struct msg *, struct bytes body);
/* The id that the sender of a message has assigned, or 0. */
uint32_t	 tunnel_id(const struct msg *);
/* Newest first. */
struct tunnel	*tunnel_find_peer(const struct l2tp *,
		    const struct l2tp_addr *, uint32_t name);
struct tunnel	*tunnel_next_peer(const struct tunnel *);
void		 tunnel_learn_name(struct tunnel *, uint32_t name);
void		 tunnel_learn_tid(struct tunnel *, uint32_t peer_tid);
/*
 * Tunnels of a name, which is any number, with the peer's host, whatever
 * the ports: one that is not half-open can have one such name.
 */
void		 tunnel_set_host(struct tunnel *, uint32_t name);
void		 tunnel_unset_host(struct tunnel *);
struct tunnel	*tunnel_find_host(const struct l2tp *,
		    const struct l2tp_addr *, uint32_t name);
struct tunnel	*tunnel_next_host(const struct tunnel *);
/* Keeps a SCCRQ until the caller has decided; -1: no memory. */
int		 tunnel_keep_hail(struct tunnel *, struct bytes raw);
void		 tunnel_drop_hail(struct tunnel *);
/* Counts it among the half-open ones, or no longer. */
void		 tunnel_set_half_open(struct tunnel *, int);
/* Of the half-open ones it is now the first to make room. */
void		 tunnel_yield(struct tunnel *);
/* With what the message says, which may be one yet to be sent. */
struct call	*call_new(struct tunnel *, const struct msg *, int outgoing,
		    uint64_t, enum l2tp_err *);
void		 call_free(struct call *, uint64_t);
struct call	*call_any(const struct l2tp *, size_t *at);
/* Of any tunnel, be it over or not. */
struct call	*call_by_sid(const struct l2tp *, uint32_t local_sid);
/* A call of this tunnel that is not over. */
struct call	*call_find(const struct tunnel *, uint32_t local_sid);
struct call	*call_find_peer(const struct tunnel *, uint32_t peer_sid);
void		 call_learn_sid(struct call *, uint32_t peer_sid);
/*
 * Calls whose id at the peer is not known yet, by a name, which is any
 * number; newest first.
 */
void		 call_claim(struct call *, uint32_t name);
struct call	*call_find_claim(const struct l2tp *, uint32_t name);
struct call	*call_next_claim(const struct call *);
/* Takes a call that is over out of the tunnel's list and look-ups. */
void		 call_unlink(struct call *);
/* A session id that no call has, for a CDN of no call; 0 if none. */
uint32_t	 sid_unused(struct tunnel *);
int		 addr_equal(const struct l2tp_addr *,
		    const struct l2tp_addr *);
/* The same, whatever the ports. */
int		 addr_same_host(const struct l2tp_addr *,
		    const struct l2tp_addr *);
/* A copy with no more than L2TP_MAX_TEXT, or NULL. */
struct ended	*ended_new(const struct l2tp_cause *);

/*
 * event.c: what the caller pulls.
 */
int		 ring_reserve(struct ring *, uint32_t);
void		 ring_release(struct ring *, uint32_t);
void		 event_tunnel(struct tunnel *, enum l2tp_event_type);
/* Of a fixed tunnel: it is up or silent; never lost, however often. */
void		 event_tunnel_link(struct tunnel *);
void		 event_call(struct call *, enum l2tp_event_type);
/* The peer's circuit is up or down; never lost, however often. */
void		 event_call_circuit(struct call *);
/* Not reserved: may be lost. */
void		 event_notice(struct call *, enum l2tp_event_type);
void		 event_tunnel_state(struct tunnel *, uint8_t from, uint8_t ev);
void		 event_call_state(struct call *, uint8_t from, uint8_t ev);
void		 event_dropped(struct tunnel *, uint16_t msg_type,
		    enum l2tp_err);
/* Lays it on the graves if it is over and no event of it is left. */
void		 tunnel_bury(struct tunnel *);
void		 call_bury(struct call *);

/*
 * call_info.c: what the caller is told of a call.
 */
void		 call_info(const struct call *, struct l2tp_call_info *);

/*
 * cause.c: why something ends.
 */
void		 cause_local(struct l2tp_cause *, uint16_t result,
		    uint16_t error, const char *text, const char *reason);
/* By the table of err.h; the message, if any, names the AVP. */
void		 cause_err(struct l2tp_cause *, enum l2tp_err,
		    enum msg_scope, const struct msg *);
/* For a call, by the version of its tunnel. */
void		 cause_err_call(struct l2tp_cause *, const struct call *,
		    enum l2tp_err, const struct msg *);
/* From the Result Code AVP of a StopCCN or CDN. */
void		 cause_peer(struct l2tp_cause *, const struct msg *);
void		 cause_timeout(struct l2tp_cause *, uint16_t result,
		    const char *reason);
/* Sets what a StopCCN or CDN says. */
void		 cause_to_msg(const struct l2tp_cause *, struct msg *);
/* Copies at most L2TP_MAX_TEXT - 1 octets and terminates. */
void		 text_copy(char [L2TP_MAX_TEXT], struct bytes);
struct bytes	 text_bytes(const char *);

/*
 * engine.c
 */
/* For tunnels of which the caller has not yet said how to treat them. */
extern const struct l2tp_params default_params;
/* For those that were refused before we had any proof of the peer. */
extern const struct l2tp_params refused_params;
void		 tunnel_set_params(struct tunnel *,
		    const struct l2tp_params *);
/* What it says from now on is L2TPv2 or L2TPv3. */
void		 tunnel_set_version(struct tunnel *, uint8_t);
/* L2TP_V2 and L2TP_V3, as they may be spoken. */
uint8_t		 params_versions(const struct l2tp_params *);
/* Queues a message for the peer; lost, as by a dead peer, if no memory. */
void		 tunnel_send(struct tunnel *, uint32_t sid,
		    const struct msg *);
/* Sets deadlines and the ready list after anything was done. */
void		 tunnel_update(struct tunnel *, uint64_t);

#endif
