/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The control connection: its state machine (RFC 2661 section 7.2.1) and
 * its messages.
 */
#ifndef PROTO_CC_H
#define PROTO_CC_H

#include "engine.h"

enum cc_state {
	CC_IDLE,
	CC_WAIT_ACCEPT,		/* SCCRQ arrived: the caller decides */
	CC_WAIT_CTL_REPLY,
	CC_WAIT_CTL_CONN,
	CC_ESTABLISHED,
	/* Without a handshake, both ids configured: l2tp_tunnel_fixed(). */
	CC_FIXED_WAIT,		/* nothing heard yet */
	CC_FIXED_UP,
	CC_FIXED_SILENT,	/* HELLOs were not answered */
	CC_CLOSING,		/* StopCCN sent or received */
	CC_DEAD,
	CC_NSTATES
};

enum cc_ev {
	CC_EV_OPEN,		/* requests of the caller */
	CC_EV_FIX,
	CC_EV_ACCEPT,
	CC_EV_REJECT,
	CC_EV_IGNORE,
	CC_EV_CLOSE,
	CC_EV_UNPROVED,		/* the digest of an accepted SCCRQ is wrong */
	CC_EV_SCCRQ,		/* messages */
	CC_EV_SCCRQ_BAD,
	CC_EV_SCCRP,
	CC_EV_SCCRP_BAD,
	CC_EV_SCCCN,
	CC_EV_SCCCN_BAD,
	CC_EV_STOPCCN,
	CC_EV_HELLO,
	CC_EV_BAD,		/* any other malformed message */
	CC_EV_ANSWER,		/* to a message of a fixed tunnel */
	CC_EV_EXPIRED,		/* timers: see expires */
	CC_EV_PEER_DEAD,
	CC_EV_DISPLACED,	/* too many half-open connections */
	CC_EV_SUPERSEDED,	/* by another tunnel with the same peer */
	CC_NEVENTS
};

struct cc_trans {
	void		(*action)(struct tunnel *, const struct stimulus *);
	enum cc_state	  next;
};

extern const struct cc_trans cc_table[CC_NSTATES][CC_NEVENTS];

const char	*cc_state_name(unsigned int);
const char	*cc_event_name(unsigned int);
/* 1 if the table has a use for a request of the caller in this state. */
int		 cc_allows(const struct tunnel *, enum cc_ev);
/* The only way to change the state. */
void		 cc_event(struct tunnel *, enum cc_ev, const struct stimulus *);
/* A control connection message that the channel delivered. */
enum l2tp_err	 cc_input(struct tunnel *, const struct msg *, enum l2tp_err,
		    uint64_t);
/* A message that is of no call and no type that we know. */
void		 cc_bad(struct tunnel *, const struct msg *, enum l2tp_err,
		    uint64_t);
/* The caller accepts a SCCRQ; what takes the peer's secret is read now. */
void		 cc_accept(struct tunnel *, uint64_t);
void		 cc_timeout(struct tunnel *, uint64_t);
/* Something of the peer has arrived. */
void		 cc_heard(struct tunnel *, uint64_t);
/* The peer of a fixed tunnel has answered. */
void		 cc_answered(struct tunnel *, uint64_t);
/*
 * Whether the version of a header that arrived is the tunnel's; it may be
 * decided now.
 */
enum l2tp_err	 cc_speaks(struct tunnel *, const struct hdr *);

/*
 * cc_msg.c
 */
/* All that makes a well-formed message acceptable or not. */
enum l2tp_err	 cc_check(struct tunnel *, const struct msg *);
/* SCCRQ or SCCRP; the latter answers the challenge of a message, if any. */
void		 cc_send_hail(struct tunnel *, uint16_t type,
		    const struct msg *to);
void		 cc_send_scccn(struct tunnel *, const struct msg *to);
void		 cc_send_hello(struct tunnel *);
void		 cc_send_stopccn(struct tunnel *, const struct l2tp_cause *);

#endif
