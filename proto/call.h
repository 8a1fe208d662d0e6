/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Calls: the state machines of incoming calls at the LAC (RFC 2661 section
 * 7.4.1) and at the LNS (7.4.2), of outgoing calls at the LAC (7.5.1) and at
 * the LNS (7.5.2), and their messages; and those of RFC 3931 sections 7.3 and
 * 7.4, where whoever sends an ICRQ is called LAC here, or an OCRQ, LNS.
 */
#ifndef PROTO_CALL_H
#define PROTO_CALL_H

#include "engine.h"

enum call_state {
	CALL_IDLE,		/* the RFC's name for no call at all */
	CALL_WAIT_TUNNEL,	/* LAC */
	CALL_WAIT_REPLY,	/* LAC */
	CALL_WAIT_DATA,		/* LAC: ICRP arrived, the caller prepares */
	CALL_WAIT_ACCEPT,	/* LNS: ICRQ arrived, the caller decides */
	CALL_WAIT_CONNECT,	/* LNS */
	CALL_OUT_WAIT_TUNNEL,	/* LNS, of an outgoing call; and so on */
	CALL_OUT_WAIT_REPLY,	/* LNS */
	CALL_OUT_WAIT_CONNECT,	/* LNS */
	CALL_OUT_WAIT_ACCEPT,	/* LAC: OCRQ arrived, the caller decides */
	CALL_WAIT_CS_ANSWER,	/* LAC: the caller places the call */
	CALL_ESTABLISHED,
	CALL_CLOSED,
	CALL_NSTATES
};

enum call_ev {
	CALL_EV_OPEN,		/* requests of the caller: incoming */
	CALL_EV_OPEN_OUT,	/* outgoing */
	CALL_EV_ACCEPT,
	CALL_EV_CONNECT,	/* the bearer has answered */
	CALL_EV_NOTIFY,		/* send a WEN or SLI */
	CALL_EV_CLOSE,
	CALL_EV_TUNNEL_OPEN,	/* from the control connection */
	CALL_EV_TUNNEL_DOWN,
	CALL_EV_ICRQ,		/* messages */
	CALL_EV_ICRQ_BAD,
	CALL_EV_ICRP,
	CALL_EV_ICRP_BAD,
	CALL_EV_ICCN,
	CALL_EV_ICCN_BAD,
	CALL_EV_OCRQ,
	CALL_EV_OCRQ_BAD,
	CALL_EV_OCRP,
	CALL_EV_OCRP_BAD,
	CALL_EV_OCCN,
	CALL_EV_OCCN_BAD,
	CALL_EV_CDN,
	CALL_EV_WEN,
	CALL_EV_SLI,
	CALL_EV_BAD,		/* any other malformed message */
	CALL_EV_EXPIRED,	/* the setup timer */
	CALL_EV_TIE_LOST,	/* the peer asks for the same, and wins */
	CALL_EV_TIE_EVEN,	/* and nobody wins */
	CALL_NEVENTS
};

struct call_trans {
	void		(*action)(struct call *, const struct stimulus *);
	enum call_state	  next;
};

extern const struct call_trans call_table[CALL_NSTATES][CALL_NEVENTS];

const char	*call_state_name(unsigned int);
const char	*call_event_name(unsigned int);
/* 1 if the table has a use for a request of the caller in this state. */
int		 call_allows(const struct call *, enum call_ev);
/* 1 if we are the LAC of it: the one who has, or places, the call. */
int		 call_is_lac(const struct call *);
/* 1 if a LAC of these capabilities can place the outgoing call of an OCRQ. */
int		 call_can_place(const struct msg *, uint32_t framing_caps,
		    uint32_t bearer_caps);
/* 1 if the peer has told that it can have a call like this. */
int		 call_is_possible(const struct tunnel *, const struct msg *,
		    int outgoing);
/* The tunnel of a call that waits for it is open. */
void		 call_tunnel_open(struct call *, uint64_t);
/* The only way to change the state. */
void		 call_event(struct call *, enum call_ev,
		    const struct stimulus *);
/* The setup timer went off. */
void		 call_timeout(struct call *, uint64_t);
/* A session message that the channel delivered, and the session addressed. */
enum l2tp_err	 call_input(struct tunnel *, uint32_t sid, const struct msg *,
		    enum l2tp_err, uint64_t);

#endif
