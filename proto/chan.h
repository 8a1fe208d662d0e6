/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The reliable channel of one control connection (RFC 2661 section 5.8 and
 * appendix A): sequence numbers, windows, acknowledgements, retransmission.
 * It knows nothing of what the messages say.
 */
#ifndef PROTO_CHAN_H
#define PROTO_CHAN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "l2tp.h"
#include "wire.h"

#define CHAN_DEFAULT_WINDOW	4	/* RFC 2661 section 4.4.3 */
#define CHAN_MIN_CAP_MS		8000	/* RFC 2661 section 5.8 */
#define CHAN_MAX_AHEAD		64	/* kept for later, at most */

/* A message that waits: to be acknowledged, or for those before it. */
struct cmsg {
	union {
		STAILQ_ENTRY(cmsg)	tx;	/* and spare */
		SLIST_ENTRY(cmsg)	rx;
	}			link;
	union {
		uint64_t	sent_at;
		uint32_t	sid;		/* received: to what session */
	};
	uint16_t		ns;
	uint16_t		len;
	uint16_t		room;		/* of data */
	uint16_t		tries;		/* times transmitted */
	uint8_t			data[];
};

STAILQ_HEAD(cmsg_queue, cmsg);

/* The buffers of all channels of an engine. */
struct pool {
	struct cmsg_queue	spare;
	uint32_t		n_spare;
	uint32_t		n_queued;	/* to be acknowledged */
};

struct chan {
	struct cmsg_queue	 txq;		/* by Ns */
	struct cmsg		*next;		/* of txq, to be (re)sent; NULL:
						 * all are in flight */
	SLIST_HEAD(, cmsg)	 rxq;		/* ahead of nr, by Ns */
	const struct l2tp_params *params;
	uint64_t		 ack_at;	/* delayed acknowledgement */
	uint32_t		 sent, received, retransmitted, duplicates,
				 dropped;
	uint16_t		 queued;	/* length of txq */
	uint16_t		 una;		/* oldest unacknowledged */
	uint16_t		 max;		/* next never transmitted */
	uint16_t		 ns;		/* next to be queued */
	uint16_t		 nr;		/* next expected */
	uint16_t		 window;	/* the peer's */
	uint16_t		 cwnd, ssthresh;
	uint16_t		 credit;	/* acks towards the next cwnd */
	uint16_t		 unacked;	/* received since our ack */
	uint8_t			 n_ahead;	/* length of rxq */
	uint8_t			 ack_now;
	uint8_t			 version;	/* of the header: 2 or 3 */
};

/* What is to become of a message that arrived. */
enum chan_verdict {
	CHAN_DELIVER,		/* it is the next: process it */
	CHAN_AHEAD,		/* keep it with chan_hold() */
	CHAN_DUPLICATE,		/* done; will be acknowledged again */
	CHAN_ACK,		/* a ZLB: done */
	CHAN_DROP		/* past our window */
};

void		 pool_init(struct pool *);
void		 pool_free(struct pool *);
void		 pool_put(struct pool *, struct cmsg *);

/* The parameters are borrowed; chan_params() changes them. */
void		 chan_init(struct chan *, const struct l2tp_params *,
		    uint8_t version);
void		 chan_params(struct chan *, const struct l2tp_params *);
/* Our messages begin with this Ns: the peer has had those before. */
void		 chan_resume(struct chan *, uint16_t ns);
/* What the peer can receive, from its Receive Window Size. */
void		 chan_set_window(struct chan *, uint16_t);
/* Forgets all that waits. */
void		 chan_flush(struct chan *, struct pool *);

/* Forgets what waits to be acknowledged; the next message has this Ns. */
void		 chan_restart(struct chan *, struct pool *, uint16_t ns);
/*
 * Of a channel without a handshake, before chan_input(): takes both numbers
 * as the peer has them, whichever side has lost its memory.
 */
void		 chan_follow(struct chan *, struct pool *, uint16_t ns,
		    uint16_t nr, int zlb);

/* Sends the oldest message once more, as if for the first time. */
void		 chan_again(struct chan *);
/* Takes a copy of an encoded message; -1 if out of memory. */
int		 chan_queue(struct chan *, struct pool *, const void *, size_t);
/* 1 if the peer's message of this Ns was received before. */
int		 chan_is_old(const struct chan *, uint16_t ns);
/* The header of a control message; zlb if nothing follows it. */
enum chan_verdict chan_input(struct chan *, struct pool *, uint16_t ns,
		    uint16_t nr, int zlb, uint32_t ack_delay_ms, uint64_t now);
/* Keeps a message that was CHAN_AHEAD; without memory it is dropped. */
void		 chan_hold(struct chan *, struct pool *, uint16_t ns,
		    uint32_t sid, struct bytes);
/* A kept message whose turn has come, for pool_put() after use, or NULL. */
struct cmsg	*chan_held(struct chan *);

/* 1 if chan_next() has something to send now. */
int		 chan_ready(const struct chan *, uint64_t now);
/* Writes the next packet, addressed to the peer's tunnel id: 1, or 0. */
int		 chan_next(struct chan *, struct wr *, uint32_t peer_tid,
		    uint64_t now);
/* When to call chan_timeout(); what is ready does not count. */
uint64_t	 chan_deadline(const struct chan *, uint64_t now);
/* -1 if the peer has not answered any retransmission. */
int		 chan_timeout(struct chan *, uint64_t now);
/* From the first transmission of a message to giving it up. */
uint64_t	 chan_cycle_ms(const struct l2tp_params *);

#endif
