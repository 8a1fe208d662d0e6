/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * One run: a time of chaos, then a link without faults and time for all
 * that is broken to be found out, then the end of everything.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define CHAOS_STEPS	60
#define STEP_MS		3000
#define SETTLE_MS	300000	/* HELLO, giving up, setup, retention */
#define MAX_PACKETS	200000	/* a run that needs more does not end */

static void	 world_init(struct world *, uint64_t, int);
static void	 world_free(struct world *);
static void	 world_until(struct world *, uint64_t);
static void	 world_exchange(struct world *);
static void	 world_send(struct world *, int, const struct l2tp_packet *);
static void	 world_fly(struct world *, int, const struct l2tp_packet *);
static void	 world_arrive(struct world *);
static uint64_t	 world_deadline(const struct world *);

int
world_run(struct world *w, uint64_t seed, int verbose)
{
	uint32_t step;

	world_init(w, seed, verbose);
	for (step = 0; step < CHAOS_STEPS && !w->failed; step++) {
		if (sim_random(w, 100) < 1)
			side_reboot(w, (int)sim_random(w, 2));
		else
			side_act(w, (int)sim_random(w, 2));
		world_until(w, w->now + sim_random(w, STEP_MS));
	}
	sim_note(w, "the link is healed");
	w->loss = w->duplicate = w->delay_ms = 0;
	side_answer(w, 0);
	side_answer(w, 1);
	world_until(w, w->now + SETTLE_MS);
	side_agree(w, 0);
	side_agree(w, 1);
	side_close(w, (int)sim_random(w, 2));
	world_until(w, w->now + SETTLE_MS);
	side_close(w, 0);
	side_close(w, 1);
	world_until(w, w->now + SETTLE_MS);
	side_empty(w, 0);
	side_empty(w, 1);
	world_free(w);
	return (w->failed ? -1 : 0);
}

static void
world_init(struct world *w, uint64_t seed, int verbose)
{
	static const uint32_t losses[] = { 0, 1, 10, 20, 30 };
	static const uint32_t delays[] = { 0, 10, 300, 2000 };

	memset(w, 0, sizeof(*w));
	w->seed = seed;
	w->rng = seed * 0x2545f4914f6cdd1dULL + 1;
	w->verbose = verbose;
	w->now = 1000;
	SLIST_INIT(&w->air);
	w->loss = losses[sim_random(w, 5)];
	w->duplicate = sim_random(w, 2) * sim_random(w, 21);
	w->delay_ms = delays[sim_random(w, 4)];
	w->secrets = sim_random(w, SIM_NSECRETS);
	side_init(w, 0);
	side_init(w, 1);
	sim_note(w, "loss %u %%, duplicates %u %%, delay %u ms, windows %u %u, "
	    "secrets %u", w->loss, w->duplicate, w->delay_ms,
	    w->side[0].params.window_size, w->side[1].params.window_size,
	    w->secrets);
}

static void
world_free(struct world *w)
{
	struct flight *f;

	while ((f = SLIST_FIRST(&w->air)) != NULL) {
		SLIST_REMOVE_HEAD(&w->air, link);
		free(f);
	}
	side_free(&w->side[0]);
	side_free(&w->side[1]);
}

static void
world_until(struct world *w, uint64_t end)
{
	uint64_t at;

	world_exchange(w);
	while (!w->failed && (at = world_deadline(w)) <= end) {
		if (at > w->now)
			w->now = at;
		l2tp_timeout(w->side[0].e, w->now);
		l2tp_timeout(w->side[1].e, w->now);
		world_arrive(w);
		world_exchange(w);
		if (w->n_packets > MAX_PACKETS)
			sim_fail(w, "no end of packets");
	}
	w->now = end;
}

/* Pulls until there is nothing more to be had at this time. */
static void
world_exchange(struct world *w)
{
	struct l2tp_packet pkt;
	int i, more;

	do {
		more = 0;
		for (i = 0; i < 2; i++) {
			side_events(w, i);
			while (l2tp_next_packet(w->side[i].e, &pkt, w->now)) {
				world_send(w, i, &pkt);
				more = 1;
			}
		}
	} while (more && !w->failed);
	sent_owed(w, 0);
	sent_owed(w, 1);
}

static void
world_send(struct world *w, int from, const struct l2tp_packet *pkt)
{
	sent_out(w, from, pkt);
	w->n_packets++;
	if (sim_random(w, 100) < w->loss) {
		w->n_lost++;
		return;
	}
	world_fly(w, !from, pkt);
	if (sim_random(w, 100) < w->duplicate)
		world_fly(w, !from, pkt);
}

static void
world_fly(struct world *w, int to, const struct l2tp_packet *pkt)
{
	struct flight *f, *it, *before = NULL;

	if ((f = malloc(sizeof(*f))) == NULL)
		abort();
	f->at = w->now + sim_random(w, w->delay_ms + 1);
	f->to = to;
	f->pkt = *pkt;
	SLIST_FOREACH(it, &w->air, link) {
		if (it->at > f->at)
			break;
		before = it;
	}
	if (before == NULL)
		SLIST_INSERT_HEAD(&w->air, f, link);
	else
		SLIST_INSERT_AFTER(before, f, link);
}

static void
world_arrive(struct world *w)
{
	struct l2tp_path path;
	struct flight *f;

	while ((f = SLIST_FIRST(&w->air)) != NULL && f->at <= w->now) {
		SLIST_REMOVE_HEAD(&w->air, link);
		path.local = f->pkt.path.peer;
		path.peer = f->pkt.path.local;
		path.link = 0;
		sent_in(w, f->to, &f->pkt);
		l2tp_input(w->side[f->to].e, &path, f->pkt.data, f->pkt.len,
		    w->now);
		side_events(w, f->to);
		free(f);
	}
}

static uint64_t
world_deadline(const struct world *w)
{
	uint64_t at = l2tp_next_deadline(w->side[0].e);
	uint64_t other = l2tp_next_deadline(w->side[1].e);
	const struct flight *f = SLIST_FIRST(&w->air);

	if (other < at)
		at = other;
	if (f != NULL && f->at < at)
		at = f->at;
	return (at);
}
