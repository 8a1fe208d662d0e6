/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The input of fuzz_input: two octets that say how the tunnels are set up,
 * and steps.  A step is its type, its operands of one octet, and for some
 * types a message behind its length of two octets.
 */
#ifndef REGRESS_FUZZ_SCRIPT_H
#define REGRESS_FUZZ_SCRIPT_H

#include "wire.h"

#define SCRIPT_OPERANDS	2

enum setup_bit {		/* the first two octets */
	SETUP_SECRET = 0x4000,
	SETUP_OLDER = 0x2000,	/* another secret besides */
	SETUP_CHALLENGE = 0x1000,
	SETUP_HIDE = 0x0800,
	SETUP_NARROW = 0x0400,	/* a receive window of 1 */
	SETUP_TERSE = 0x0200,	/* nothing is said that need not be */
	SETUP_ABANDON = 0x0100,	/* the end is that of the engine */
	SETUP_STRICT_PORT = 0x0020,
	SETUP_TIE_BREAKER = 0x0010,
	SETUP_QUIRKS = 0x000f	/* enum l2tp_quirk */
};

enum step_type {
	STEP_RAW,		/* sender; a datagram */
	STEP_BODY,		/* tunnel, enum body_bit; AVPs */
	STEP_TIME,		/* units of 100 ms */
	STEP_DEADLINE,
	STEP_CALL,		/* tunnel, enum call_bit */
	STEP_CLOSE_CALL,	/* tunnel */
	STEP_CLOSE,		/* tunnel */
	STEP_POLICY,		/* enum policy_bit, from now on */
	STEP_OPEN,		/* sender */
	STEP_ANSWER,		/* tunnel, enum policy_bit: to what waits */
	STEP_CONNECT,		/* tunnel, enum call_bit */
	STEP_ERRORS,		/* tunnel */
	STEP_ACCM,		/* tunnel */
	STEP_SPEAK,		/* enum speak_bit, from now on */
	STEP_FIXED,		/* sender; number of both ids */
	STEP_OFFER,		/* tunnel, enum call3_bit */
	STEP_CIRCUIT,		/* tunnel; up or down */
	STEP_COUNT		/* this and above: nothing happens */
};

enum sender_bit {
	SENDER_HOST = 0x03,	/* the address */
	SENDER_PORT = 0x04,	/* another than the usual one */
	SENDER_IP = 0x08,	/* not over UDP */
	SENDER_OLDER = 0x80	/* hides with the other secret */
};

/* Of a tunnel, if a message is for it. */
#define TUNNEL_OTHER	0x08	/* has the header of the other version */

/* A message is in sequence, to a call that exists, unless these say more. */
enum body_bit {
	BODY_SESSION = 0x03,	/* 0: none, 1: unknown, else the latest */
	BODY_AHEAD = 0x0c,	/* of its turn; 3: what was received before */
	BODY_HOST = 0x10,	/* not from the peer's address */
	BODY_PORT = 0x20,	/* not from the peer's port */
	BODY_NR = 0x40,		/* acknowledges what was not sent */
	BODY_OLDER = 0x80	/* as SENDER_OLDER */
};

enum call_bit {
	CALL_SEQUENCING = 0x01,
	CALL_SPEEDS = 0x02,
	CALL_NUMBERS = 0x04,
	CALL_OUTGOING = 0x08,
	CALL_LAC = 0x10,	/* with what only a LAC knows */
	CALL_PROXY = 0xe0	/* with that, enum l2tp_proxy_type */
};

/* What they mean to a pseudowire, which has them all. */
enum call3_bit {
	CALL3_PPP = 0x01,	/* else Ethernet */
	CALL3_COOKIE = 0x02,	/* of 8 octets */
	CALL3_SHORT = 0x04,	/* of 4 octets, or 12 with the above */
	CALL3_SUBLAYER = 0x10,
	CALL3_SEQUENCING = 0x20,
	CALL3_DOWN = 0x40,
	CALL3_TIE = 0x80,
	CALL3_ASKING = CALL3_SUBLAYER | CALL3_SEQUENCING
};

/* How tunnels are opened or accepted; 0 is L2TPv2. */
enum speak_bit {
	SPEAK_V2 = 0x01,	/* L2TP_V2 and so on */
	SPEAK_V3 = 0x02,
	SPEAK_VERSIONS = 0x03,
	SPEAK_MD5 = 0x04,
	SPEAK_SHA1 = 0x08,
	SPEAK_COUNT = 0x10
};

enum policy_bit {
	POLICY_TUNNEL = 0x03,	/* accept, reject, ignore, no answer */
	POLICY_CALL = 0x0c,	/* accept, refuse, no answer */
	POLICY_OFFER = 0x10,	/* with a cookie, */
	POLICY_SUBLAYER = 0x20,	/* and in sequence */
	POLICY_NO_PULL = 0x40,	/* packets and events have to wait */
	POLICY_NO_ACK = 0x80
};

struct step {
	uint8_t		type;
	uint8_t		op[SCRIPT_OPERANDS];
	struct bytes	msg;		/* borrowed from the script */
};

/* 1 and the next step, or 0 at the end.  The last message may be cut off. */
int	script_next(struct rd *, struct step *);
void	script_put(struct wr *, const struct step *);
/* 1 if the type has a message, and how many operands it has. */
int	step_has_msg(uint8_t type);
uint8_t	step_operands(uint8_t type);

#endif
