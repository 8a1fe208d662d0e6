/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Bounded exhaustive exploration: a world in which nothing happens by
 * itself, and all the steps that may be taken in it.
 */
#ifndef REGRESS_EXPLORE_H
#define REGRESS_EXPLORE_H

#include "sim.h"

#define MAX_STEPS	64	/* at one place */
#define ANY_FAULTS	UINT32_MAX

enum step_kind {
	STEP_DELIVER,
	STEP_LOSE,
	STEP_DUPLICATE,		/* deliver a copy */
	STEP_TIMEOUT,		/* the next one, whatever is under way */
	STEP_ACT
};

/* What a caller may do, once each but for its answers. */
enum act {
	ACT_ANSWER,		/* of side 0; then the same of side 1 */
	ACT_CLOSE_TUNNEL = 2,
	ACT_CLOSE_CALL = 4,
	ACT_REBOOT = 6,
	ACT_CONNECT = 8,	/* a call that was placed is taken */
	ACT_CIRCUIT = 10,	/* goes up or down */
	NACTS = 12
};

/* The masks of both sides. */
#define DO_ANSWER	(3U << ACT_ANSWER)
#define DO_CLOSE_TUNNEL	(3U << ACT_CLOSE_TUNNEL)
#define DO_CLOSE_CALL	(3U << ACT_CLOSE_CALL)
#define DO_REBOOT	(3U << ACT_REBOOT)
#define DO_CONNECT	(3U << ACT_CONNECT)
#define DO_CIRCUIT	(3U << ACT_CIRCUIT)

/* How it begins: side 0 dials, with a call. */
#define WITH_OUTGOING	1	/* an outgoing one */
#define WITH_COLLISION	2	/* side 1 dials as well, with a call */
#define WITH_TIE_0	4	/* and the tie breaker of side 0, */
#define WITH_TIE_1	8	/* of side 1, */
#define WITH_TIES	(WITH_TIE_0 | WITH_TIE_1)
#define WITH_EQUAL	16	/* and the same */
#define WITH_UP		32	/* all of that is up at first */
/* The tunnel is up, and both sides ask for a call to one circuit; */
#define WITH_SESSIONS	64	/* the tie breakers are theirs */
#define WITH_FIXED	128	/* without a handshake and calls */

struct step {
	uint8_t		kind;		/* enum step_kind */
	uint8_t		n;		/* which datagram, or enum act */
};

struct plan {
	const char	*name;
	uint32_t	 acts;		/* DO_... */
	uint32_t	 depth;
	uint32_t	 faults;	/* losses, copies, early timeouts */
	uint32_t	 secrets;	/* enum sim_secrets */
	uint32_t	 styles;	/* 1 << enum sim_style: one of them */
	uint32_t	 with;		/* WITH_... */
	/* What comes up without a fault; not looked at with acts, or any. */
	uint32_t	 tunnels, calls;
};

/* steps.c */
/* The world at the beginning of a plan; again and again. */
void	 steps_init(struct world *, const struct plan *);
void	 steps_restart(struct world *, const struct plan *);
/* All that can happen next, and how many. */
uint32_t steps_list(struct world *, struct step [MAX_STEPS]);
void	 steps_take(struct world *, struct step);
/* From here on everything goes well: it has to come to an end. */
void	 steps_finish(struct world *, const struct plan *);

/* pairs.c: fails if two ends are in states that do not go together. */
void	 pairs_check(struct world *);
/* -1 if there are pairs that have never come about. */
int	 pairs_all(void);

/* digest.c: equal for worlds that cannot be told apart. */
uint64_t digest_world(const struct world *);

#endif
