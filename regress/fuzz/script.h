/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The input of fuzz_input: an octet that says how the tunnels are set up,
 * and steps.  A step is its type, its operands of one octet, and for some
 * types a message behind its length of two octets.
 */
#ifndef REGRESS_FUZZ_SCRIPT_H
#define REGRESS_FUZZ_SCRIPT_H

#include "wire.h"

#define SCRIPT_OPERANDS	2

enum setup_bit {		/* the first octet */
	SETUP_SECRET = 0x40,
	SETUP_OLDER = 0x20,	/* another secret besides */
	SETUP_CHALLENGE = 0x10,
	SETUP_HIDE = 0x08,
	SETUP_NARROW = 0x04,	/* a receive window of 1 */
	SETUP_TERSE = 0x02,	/* nothing is said that need not be */
	SETUP_ABANDON = 0x01	/* the end is that of the engine */
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
	STEP_COUNT		/* this and above: nothing happens */
};

enum sender_bit {
	SENDER_HOST = 0x03,	/* the address */
	SENDER_OLDER = 0x80	/* hides with the other secret */
};

/* A message is in sequence, to a call that exists, unless these say more. */
enum body_bit {
	BODY_SESSION = 0x03,	/* 0: none, 1: unknown, else the latest */
	BODY_AHEAD = 0x0c,	/* of its turn; 3: what was received before */
	BODY_HOST = 0x30,	/* 0: the peer, else somebody else */
	BODY_NR = 0x40,		/* acknowledges what was not sent */
	BODY_OLDER = 0x80	/* as SENDER_OLDER */
};

enum call_bit {
	CALL_SEQUENCING = 0x01,
	CALL_SPEEDS = 0x02,
	CALL_NUMBERS = 0x04
};

enum policy_bit {
	POLICY_TUNNEL = 0x03,	/* accept, reject, ignore, no answer */
	POLICY_CALL = 0x0c,	/* accept, refuse, no answer */
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
