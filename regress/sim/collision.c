/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Both sides dial at the same time (RFC 2661 4.4.3, "Tie Breaker"), each
 * with a call that waits for its tunnel.  Whichever tunnel remains, both
 * calls come up in it.  side.c sees to it that who loses says nothing.
 */
#include "auth.h"
#include "sim.h"

/*
 * v2-4.4.3-10, v2-4.4.3-11, v2-7.2-01, v2-7.2.1-08: the lower one.
 * v2-4.4.3-12: none of them.  v2-4.4.3-13: one or both without.
 * v2-7.2.1-04: nobody waits for who has given up.
 * v3-5.4.3-06: the same peer is who has the same address.
 */
static const struct collision {
	uint8_t		tie[2];		/* of each side: throws one */
	uint8_t		equal;		/* the same */
	uint8_t		tunnels;	/* that come up, */
	uint8_t		calls;		/* and calls */
} collisions[] = {
	{ { 0, 0 }, 0, 2, 2 },
	{ { 1, 0 }, 0, 1, 2 },
	{ { 0, 1 }, 0, 1, 2 },
	{ { 1, 1 }, 0, 1, 2 },
	{ { 1, 1 }, 1, 0, 0 }
};

static void	 make_equal(struct world *);
static uint8_t	 told(const struct world *, const struct collision *, int);
static int	 winner(const struct world *, const uint32_t [2]);

void
run_collision(struct world *w)
{
	const struct collision *c = &collisions[w->seed % nitems(collisions)];
	int i, wins;
	uint32_t tid[2];

	world_patience(w);
	world_fray(w, 0);
	w->single = c->tunnels < 2;
	for (i = 0; i < 2; i++) {
		w->side[i].params.tie_breaker = c->tie[i];
		w->side[i].floats = w->style != SIM_IP && sim_random(w, 2);
	}
	if (c->equal)
		make_equal(w);
	for (i = 0; i < 2; i++) {
		tid[i] = side_open_tunnel(w, i);
		side_open_call(w, i, tid[i], (int)sim_random(w, 2));
	}
	wins = winner(w, tid);
	world_settle(w);
	world_expect(w, c->tunnels, c->calls - told(w, c, wins));
	if (c->tunnels == 1 &&
	    !book_find(w->side[wins].tunnels, tid[wins])->up)
		sim_fail(w, "the tunnel of side %d should have won", wins);
	if (c->equal) {
		side_open_call(w, 0, side_open_tunnel(w, 0), 0);
		world_settle(w);
		world_expect(w, 1, 1);
	}
}

/*
 * v3-5.4.3-02: in L2TPv3 the winner may say so before its SCCRQ is there,
 * and the loser's call ends with a tunnel that was refused.
 */
static uint8_t
told(const struct world *w, const struct collision *c, int wins)
{
	return (w->version == 3 && c->tunnels == 1 &&
	    book_up(w->side[!wins].calls) == 1);
}

/*
 * Both engines have the same randomness, which would make the challenge or
 * nonce of the one look like the other's own.  Nothing may arrive when the
 * attempt that it met is over: it would be somebody who calls.
 */
static void
make_equal(struct world *w)
{
	int i;

	w->duplicate = 0;
	w->delay_ms = sim_random(w, 300);
	for (i = 0; i < 2; i++) {
		w->side[i].params.challenge = 0;
		w->side[i].params.digests = 0;
		w->side[i].rng = w->seed;
		side_reboot(w, i);
	}
}

/* Who throws one against who does not, or the lower one. */
static int
winner(const struct world *w, const uint32_t tid[2])
{
	uint64_t value[2];
	int i;

	for (i = 0; i < 2; i++)
		value[i] = w->side[i].params.tie_breaker ? auth_tie_breaker(
		    tunnel_find(w->side[i].e, tid[i])) : UINT64_MAX;
	return (value[1] < value[0]);
}
