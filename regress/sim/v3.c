/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What there is in L2TPv3 alone, or between the versions: who speaks what,
 * digests, ties of sessions, circuits that go up and down, and tunnels
 * without a handshake.
 */
#include "engine.h"
#include "sim.h"

#define CIRCUIT_CALLS	8
#define CIRCUIT_FLIPS	200
#define IDLE_HELLOS	100
#define SECOND_MS	1000

static void	 open_fixed(struct world *);
static void	 expect_fixed(struct world *, int);
static void	 make_alike(struct world *);

/*
 * v3-4.7.3-02: whoever dials, side.c sees to it that they come to speak what
 * both can, and L2TPv3 if they have the choice.
 */
void
run_versions(struct world *w)
{
	int i = (int)sim_random(w, 2), up = w->secrets != SIM_MISMATCH;

	world_patience(w);
	world_fray(w, 0);
	side_open_call(w, i, side_open_tunnel(w, i), (int)sim_random(w, 2));
	world_settle(w);
	world_expect(w, up, up);
}

/* v3-4.3-03: there is no tunnel. */
void
run_one_sided(struct world *w)
{
	int i = (int)sim_random(w, 2), without = (int)sim_random(w, 2);

	world_fray(w, 0);
	w->side[without].params.digests = 0;
	w->side[!without].params.digests = L2TP_DIGEST_SHA1;
	side_open_call(w, i, side_open_tunnel(w, i), (int)sim_random(w, 2));
	world_settle(w);
	world_expect(w, 0, 0);
}

/*
 * v3-5.4.4-11, v3-5.4.4-12, v3-5.4.4-14, v3-7.3.1-07, v3-7.3.1-08: both ask
 * for a call to the same circuit; one remains if somebody throws a tie
 * breaker, and none otherwise.  v3-5.4.4-13: nor if they are equal.
 */
void
run_session_tie(struct world *w)
{
	static const struct tie {
		uint8_t	thrown[2], equal, calls;
	} ties[] = {
		{ { 0, 0 }, 0, 0 },
		{ { 1, 0 }, 0, 1 },
		{ { 0, 1 }, 0, 1 },
		{ { 1, 1 }, 0, 1 },
		{ { 1, 1 }, 1, 0 }
	};
	const struct tie *tie = &ties[w->seed % nitems(ties)];
	int outgoing = (int)sim_random(w, 2);
	uint32_t tid[2];

	if (w->secrets == SIM_MISMATCH)
		return;
	world_patience(w);
	connect_sides(w, tid, 0);
	w->delay_ms = sim_random(w, 300);
	w->end_id = "both";
	w->session_tie[0] = tie->thrown[0];
	w->session_tie[1] = tie->thrown[1];
	if (tie->equal)
		make_alike(w);
	side_open_call(w, 0, tid[0], outgoing);
	side_open_call(w, 1, tid[1], outgoing);
	world_settle(w);
	world_expect(w, 1, tie->calls);
}

/* From here on both engines draw the same. */
static void
make_alike(struct world *w)
{
	w->side[0].rng = w->side[1].rng = w->seed;
}

/* v3-5.4.5-05, v3-6.14-02: what is said last is known in the end. */
void
run_circuit(struct world *w)
{
	const struct book *calls;
	uint32_t n, tid[2];
	int i;

	if (w->secrets == SIM_MISMATCH)
		return;
	world_patience(w);
	connect_sides(w, tid, CIRCUIT_CALLS);
	world_fray(w, sim_random(w, 31));
	for (n = 0; n < CIRCUIT_FLIPS && !w->failed; n++) {
		i = (int)sim_random(w, 2);
		calls = w->side[i].calls;
		side_notify(w, i, calls->known[sim_random(w, calls->n)].id);
		world_until(w, w->now + sim_random(w, SECOND_MS));
	}
	world_heal(w);
	world_settle(w);
	world_expect(w, 1, CIRCUIT_CALLS);
}

/*
 * v3-4.4-01: a HELLO of each side and its acknowledgement in each quiet
 * time, and nobody takes the other for dead.
 */
void
run_fixed(struct world *w)
{
	uint64_t n, quiet_ms = w->side[0].params.hello_ms;

	w->side[1].params.hello_ms = (uint32_t)quiet_ms;
	w->delay_ms = sim_random(w, 2) * sim_random(w, 300);
	/* What is overtaken looks like a loss of memory, and does no harm. */
	w->forgetful = w->delay_ms > 0;
	open_fixed(w);
	n = w->n_packets;
	world_until(w, w->now + IDLE_HELLOS * quiet_ms);
	n = w->n_packets - n;
	expect_fixed(w, 1);
	if (n < IDLE_HELLOS || n > 5 * IDLE_HELLOS)
		sim_fail(w, "%llu packets in %u quiet times",
		    (unsigned long long)n, IDLE_HELLOS);
	if (w->side[0].n_up != 1 || w->side[1].n_up != 1)
		sim_fail(w, "the tunnel was down");
	w->forgetful = 1;	/* one end goes, and the other does not end */
}

/* Either side loses its memory, and is found to be silent or not. */
void
run_fixed_reboot(struct world *w)
{
	int i = (int)sim_random(w, 2), noticed = (int)sim_random(w, 2);
	uint32_t times = 1 + sim_random(w, 3);

	w->forgetful = 1;
	open_fixed(w);
	world_until(w, w->now + sim_random(w, 10 * 60 * SECOND_MS));
	while (times-- > 0 && !w->failed) {
		side_reboot(w, i);
		if (noticed) {
			world_settle(w);
			if (book_up(w->side[!i].tunnels) != 0)
				sim_fail(w, "side %d does not notice", !i);
		}
		if (side_open_fixed(w, i) == -1)
			sim_fail(w, "side %d does not come back", i);
		world_settle(w);
		expect_fixed(w, 1);
	}
	w->loss[0] = w->loss[1] = 100;
	world_settle(w);
	expect_fixed(w, 0);
	world_heal(w);
	world_settle(w);
	expect_fixed(w, 1);
}

static void
open_fixed(struct world *w)
{
	if (side_open_fixed(w, 0) == -1 || side_open_fixed(w, 1) == -1)
		sim_fail(w, "no fixed tunnel");
	world_settle(w);
	expect_fixed(w, 1);
}

static void
expect_fixed(struct world *w, int up)
{
	world_expect(w, (uint32_t)up, 0);
}
