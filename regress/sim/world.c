/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The link between the two sides, and the clock.  Whatever happens, both
 * engines are looked at before time passes on.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "sim.h"

#define MAX_PACKETS	200000
#define SETTLE_MS	300000	/* HELLO, giving up, setup, retention */
#define PATIENT_MS	3600000
#define PATIENT_RETRIES	15

static void	 world_send(struct world *, int, struct l2tp_packet *);
static void	 world_fly(struct world *, int, const struct l2tp_packet *);
static void	 world_arrive(struct world *);
static void	 world_memory(struct world *);

void
world_init(struct world *w, uint64_t seed, uint32_t secrets,
    uint32_t styles, int verbose)
{
	memset(w, 0, sizeof(*w));
	w->seed = seed;
	w->rng = seed * 0x2545f4914f6cdd1dULL + 1;
	w->verbose = verbose;
	w->now = 1000;
	w->prompt = w->accept = 100;
	w->max_packets = MAX_PACKETS;
	w->settle_ms = SETTLE_MS;
	SLIST_INIT(&w->air);
	w->secrets = secrets == SIM_ANY ? sim_random(w, SIM_NSECRETS) :
	    secrets;
	style_pick(w, styles);
	side_init(w, 0);
	side_init(w, 1);
	w->blocks = n_blocks;
	sim_note(w, "windows %u %u, secrets %u, style %u, digests %u %u",
	    w->side[0].params.window_size, w->side[1].params.window_size,
	    w->secrets, w->style, w->side[0].params.digests,
	    w->side[1].params.digests);
}

void
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

void
world_fray(struct world *w, uint32_t loss)
{
	static const uint32_t delays[] = { 0, 10, 300, 2000 };

	w->loss[0] = w->loss[1] = loss;
	w->duplicate = sim_random(w, 2) * sim_random(w, 21);
	w->delay_ms = delays[sim_random(w, 4)];
	sim_note(w, "loss %u %%, duplicates %u %%, delay %u ms", loss,
	    w->duplicate, w->delay_ms);
}

void
world_heal(struct world *w)
{
	sim_note(w, "the link is healed");
	w->loss[0] = w->loss[1] = w->duplicate = w->delay_ms = 0;
}

void
world_until(struct world *w, uint64_t end)
{
	world_exchange(w);
	while (!w->failed && world_deadline(w) <= end)
		world_step(w);
	w->now = end;
}

void
world_step(struct world *w)
{
	uint64_t at = world_deadline(w);

	if (at > w->now)
		w->now = at;
	l2tp_timeout(w->side[0].e, w->now);
	l2tp_timeout(w->side[1].e, w->now);
	world_arrive(w);
	world_exchange(w);
	if (w->n_packets > w->max_packets)
		sim_fail(w, "no end of packets");
}

void
world_settle(struct world *w)
{
	world_until(w, w->now + w->settle_ms);
}

void
world_expect(struct world *w, uint32_t tunnels, uint32_t calls)
{
	const struct side *s;
	int i;

	for (i = 0; i < 2; i++) {
		s = &w->side[i];
		if (book_up(s->tunnels) != tunnels ||
		    book_up(s->calls) != calls)
			sim_fail(w, "side %d: %u tunnels and %u calls up, "
			    "not %u and %u", i, book_up(s->tunnels),
			    book_up(s->calls), tunnels, calls);
	}
}

void
world_patience(struct world *w)
{
	int i;

	for (i = 0; i < 2; i++) {
		w->side[i].params.max_retries = PATIENT_RETRIES;
		w->side[i].params.setup_ms = PATIENT_MS;
	}
}

void
world_answer(struct world *w)
{
	int i;

	for (i = 0; i < 2; i++) {
		side_connect(w, i);
		side_answer(w, i);
	}
}

void
world_end(struct world *w)
{
	side_agree(w, 0);
	side_agree(w, 1);
	side_close(w, (int)sim_random(w, 2));
	world_settle(w);
	side_close(w, 0);
	side_close(w, 1);
	world_settle(w);
	side_empty(w, 0);
	side_empty(w, 1);
	world_memory(w);
}

/* All that an engine keeps is its ring and the spare buffers. */
static void
world_memory(struct world *w)
{
	size_t kept = 0;
	int i;

	for (i = 0; i < 2; i++) {
		sent_free(&w->side[i]);
		kept += w->side[i].e->pool.n_spare;
		kept += w->side[i].e->ring.note != NULL;
	}
	if (!w->failed && n_blocks != w->blocks + kept)
		sim_fail(w, "%zu blocks are kept, not %zu",
		    n_blocks - w->blocks, kept);
}

/* Pulls until there is nothing more to be had at this time. */
void
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
	for (i = 0; i < 2; i++) {
		sent_owed(w, i);
		check_side(w, i);
	}
}

static void
world_send(struct world *w, int from, struct l2tp_packet *pkt)
{
	sent_out(w, from, pkt);
	odd_send(&w->side[from], pkt);
	w->n_packets++;
	if (sim_random(w, 100) < w->loss[from]) {
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
	f->at = w->held ? L2TP_NEVER :
	    w->now + sim_random(w, w->delay_ms + 1);
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
	struct flight *f;

	while ((f = SLIST_FIRST(&w->air)) != NULL && f->at <= w->now) {
		SLIST_REMOVE_HEAD(&w->air, link);
		world_deliver(w, f);
		free(f);
	}
}

void
world_deliver(struct world *w, const struct flight *f)
{
	struct l2tp_path path = { .local = f->pkt.path.peer,
	    .peer = f->pkt.path.local };
	int err;

	err = l2tp_input(w->side[f->to].e, &path, f->pkt.data, f->pkt.len,
	    w->now);
	/* What is not believed acknowledges nothing (RFC 3931 5.4.1). */
	if (err != ERR_SOURCE && err != ERR_DIGEST && err != ERR_VERSION)
		sent_in(w, f->to, &f->pkt);
	side_events(w, f->to);
}

uint64_t
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

uint32_t
sim_random(struct world *w, uint32_t below)
{
	return (sim_draw(&w->rng, below));
}

/* splitmix64 */
uint32_t
sim_draw(uint64_t *rng, uint32_t below)
{
	uint64_t z = (*rng += 0x9e3779b97f4a7c15ULL);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (below == 0 ? 0 : (uint32_t)((z >> 32) % below));
}

void
sim_fail(struct world *w, const char *fmt, ...)
{
	va_list ap;

	if (w->failed)
		return;
	w->failed = 1;
	va_start(ap, fmt);
	vsnprintf(w->why, sizeof(w->why), fmt, ap);
	va_end(ap);
	sim_note(w, "FAILED: %s", w->why);
}

void
sim_note(struct world *w, const char *fmt, ...)
{
	va_list ap;

	if (!w->verbose)
		return;
	printf("# %8llu ", (unsigned long long)w->now);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}
