/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the caller of an engine does, of its own will or at random: opens and
 * closes, answers or does not, places the calls that its peer asks for, and
 * tells of the line.
 */
#include "sim.h"

#define OPEN_TUNNELS	3	/* by one side at one time */
#define OPEN_CALLS	8
#define WEN_MS		60000	/* RFC 2661 6.13, written down once more */

static void	 answer_bearer(struct world *, int, uint32_t, uint32_t);
static void	 send_errors(struct world *, int, uint32_t, int);
static void	 send_accm(struct world *, int, uint32_t, int);
static uint32_t	 pick(struct world *, const struct book *);

/* An incoming call, and what is asked for an outgoing one. */
static const struct l2tp_call_params params[2] = {
	{
		.framing_type = L2TP_FRAMING_SYNC, .tx_speed = SIM_SPEED,
		.called = SIM_CALLED, .calling = "5552000"
	}, {
		.framing_type = L2TP_FRAMING_SYNC, .max_bps = SIM_SPEED,
		.bearer_type = L2TP_BEARER_DIGITAL, .called = SIM_CALLED,
		.outgoing = 1
	}
};

void
side_answer_tunnel(struct world *w, int i, uint32_t tid, uint32_t accept)
{
	struct side *s = &w->side[i];
	struct known *k = book_find(s->tunnels, tid);
	uint32_t n = sim_random(w, 100);

	if (!k->asked)
		return;
	k->asked = 0;
	if (n < accept) {
		s->accepted = tid;
		l2tp_tunnel_accept(s->e, tid, &s->params, NULL, w->now);
	} else if (n % 2) {
		l2tp_tunnel_reject(s->e, tid, L2TP_STOP_NOT_AUTHORIZED, 0,
		    "no", w->now);
	} else if (l2tp_tunnel_ignore(s->e, tid, w->now) == 0) {
		k->live = 0;
	}
}

void
side_answer_call(struct world *w, int i, uint32_t sid, uint32_t accept)
{
	struct side *s = &w->side[i];
	struct known *k = book_find(s->calls, sid);

	if (!k->asked)
		return;
	k->asked = 0;
	if (sim_random(w, 100) >= accept) {
		l2tp_call_close(s->e, k->local_tid, sid, L2TP_CDN_TEMPORARY, 0,
		    "no", w->now);
	} else if (style_offer(w, i, k) == 0 && l2tp_call_accept(s->e,
	    k->local_tid, sid, NULL, w->now) == 0) {
		k->placing = k->outgoing;
		if (sim_random(w, 100) < w->prompt)
			answer_bearer(w, i, sid, accept);
	}
}

/* Somebody takes the call that was placed, or does not. */
static void
answer_bearer(struct world *w, int i, uint32_t sid, uint32_t accept)
{
	struct l2tp_call_params p = params[0];
	struct side *s = &w->side[i];
	struct known *k = book_find(s->calls, sid);

	if (!k->placing)
		return;
	k->placing = 0;
	p.circuit_down = !k->circuit;
	if (sim_random(w, 100) < accept)
		l2tp_call_connect(s->e, k->local_tid, sid, &p, w->now);
	else
		l2tp_call_close(s->e, k->local_tid, sid, L2TP_CDN_BUSY, 0,
		    NULL, w->now);
}

/* One thing that a caller may do. */
void
side_act(struct world *w, int i)
{
	struct side *s = &w->side[i];
	uint32_t tid = pick(w, s->tunnels), sid = pick(w, s->calls);
	uint32_t n = sim_random(w, 100);

	if (n < 20 && book_live(s->tunnels) < OPEN_TUNNELS)
		side_open_tunnel(w, i);
	else if (n >= 20 && n < 60 && tid != 0 &&
	    book_live(s->calls) < OPEN_CALLS)
		side_open_call(w, i, tid, (int)sim_random(w, 2));
	else if (n < 70 && sid != 0)
		side_close_call(w, i, sid);
	else if (n < 74 && tid != 0)
		side_close_tunnel(w, i, tid);
	else if (n < 82 && sid != 0)
		side_answer_call(w, i, sid, w->accept);
	else if (n < 88 && sid != 0)
		answer_bearer(w, i, sid, w->accept);
	else if (n < 94 && sid != 0)
		side_notify(w, i, sid);
	else if (tid != 0)
		side_answer_tunnel(w, i, tid, w->accept);
}

uint32_t
side_open_tunnel(struct world *w, int i)
{
	struct side *s = &w->side[i];
	struct l2tp_path path = { .local = s->addr,
	    .peer = w->side[!i].addr };
	uint32_t tid = 0;

	if (l2tp_tunnel_open(s->e, &path, &s->params, NULL, w->now, &tid) == -1)
		return (0);
	book_learn(s->tunnels, tid)->opened = 1;
	sent_begin(s, tid);
	return (tid);
}

uint32_t
side_open_call(struct world *w, int i, uint32_t tid, int outgoing)
{
	struct l2tp_call_params p = params[outgoing];
	struct side *s = &w->side[i];
	char end_id[SIM_END_ID];
	struct known *k;
	uint32_t sid;

	style_call(w, i, &p, end_id);
	if (l2tp_call_open(s->e, tid, &p, NULL, w->now, &sid) == -1)
		return (0);
	k = book_learn(s->calls, sid);
	k->local_tid = tid;
	k->outgoing = (uint8_t)outgoing;
	k->opened = 1;
	k->is_lac = !outgoing;
	k->circuit = !p.circuit_down;
	return (sid);
}

int
side_open_fixed(struct world *w, int i)
{
	struct l2tp_path path = { .local = w->side[i].addr,
	    .peer = w->side[!i].addr };
	uint32_t tid = SIM_FIXED_TID + (uint32_t)i;
	uint32_t peer_tid = SIM_FIXED_TID + (uint32_t)!i;

	if (l2tp_tunnel_fixed(w->side[i].e, &path, &w->side[i].params, NULL,
	    w->now, tid, peer_tid) == -1)
		return (-1);
	book_learn(w->side[i].tunnels, tid)->opened = 1;
	sent_begin(&w->side[i], tid);
	return (0);
}

void
side_close_tunnel(struct world *w, int i, uint32_t tid)
{
	struct known *k = book_find(w->side[i].tunnels, tid);

	if (l2tp_tunnel_close(w->side[i].e, tid, L2TP_STOP_CLEAR, 0, NULL,
	    w->now) == -1 && k->live)
		sim_fail(w, "side %d tunnel %u: not to be closed", i, tid);
	k->asked = 0;
}

void
side_close_call(struct world *w, int i, uint32_t sid)
{
	struct known *k = book_find(w->side[i].calls, sid);

	if (l2tp_call_close(w->side[i].e, k->local_tid, sid, L2TP_CDN_ADMIN,
	    0, NULL, w->now) == -1)
		sim_fail(w, "side %d call %u: not to be closed", i, sid);
	k->asked = k->placing = 0;
}

void
side_answer(struct world *w, int i)
{
	struct side *s = &w->side[i];
	uint32_t n;

	for (n = 0; n < s->tunnels->n; n++)
		side_answer_tunnel(w, i, s->tunnels->known[n].id, 100);
	for (n = 0; n < s->calls->n; n++)
		side_answer_call(w, i, s->calls->known[n].id, 100);
}

void
side_connect(struct world *w, int i)
{
	struct side *s = &w->side[i];
	uint32_t n;

	for (n = 0; n < s->calls->n; n++)
		answer_bearer(w, i, s->calls->known[n].id, 100);
}

/*
 * v2-6.13-01, v2-6.13-02, v2-6.14-01: a LAC may send a WEN a minute, an LNS
 * SLIs.
 */
void
side_notify(struct world *w, int i, uint32_t sid)
{
	struct known *k = book_find(w->side[i].calls, sid);

	if (w->version == 3) {
		style_circuit(w, i, k);
		return;
	}
	send_errors(w, i, sid, k->up && k->is_lac &&
	    (k->wen_at == 0 || w->now >= k->wen_at + WEN_MS));
	send_accm(w, i, sid, k->up && !k->is_lac);
}

/* Six counters that follow each other: see on_notice(). */
static void
send_errors(struct world *w, int i, uint32_t sid, int may)
{
	uint32_t n = sim_random(w, 1000);
	struct l2tp_call_errors errors = { n, n + 1, n + 2, n + 3, n + 4,
	    n + 5 };
	struct known *k = book_find(w->side[i].calls, sid);

	if (may != (l2tp_call_send_errors(w->side[i].e, k->local_tid, sid,
	    &errors, w->now) == 0))
		sim_fail(w, "side %d call %u: WEN %s", i, sid,
		    may ? "is refused" : "is not refused");
	if (may)
		k->wen_at = w->now;
}

static void
send_accm(struct world *w, int i, uint32_t sid, int may)
{
	uint32_t accm = sim_random(w, 1000);
	struct known *k = book_find(w->side[i].calls, sid);

	if (may != (l2tp_call_send_accm(w->side[i].e, k->local_tid, sid, accm,
	    accm + 1, w->now) == 0))
		sim_fail(w, "side %d call %u: SLI %s", i, sid,
		    may ? "is refused" : "is not refused");
}

void
side_close(struct world *w, int i)
{
	const struct book *b = w->side[i].tunnels;
	uint32_t n;

	for (n = 0; n < b->n; n++)
		if (b->known[n].live)
			side_close_tunnel(w, i, b->known[n].id);
}

void
side_close_calls(struct world *w, int i)
{
	const struct book *b = w->side[i].calls;
	uint32_t n;

	for (n = 0; n < b->n; n++)
		if (b->known[n].live)
			side_close_call(w, i, b->known[n].id);
}

/* One of those that are live, or 0. */
static uint32_t
pick(struct world *w, const struct book *b)
{
	const struct known *k = b->known;
	uint32_t live = book_live(b), skip;

	if (live == 0)
		return (0);
	skip = sim_random(w, live);
	for (;; k++)
		if (k->live && skip-- == 0)
			return (k->id);
}

