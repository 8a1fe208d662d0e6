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

static void	 answer_bearer(struct world *, int, uint16_t, uint32_t);
static void	 send_errors(struct world *, int, uint16_t, int);
static void	 send_accm(struct world *, int, uint16_t, int);
static uint16_t	 pick(struct world *, const struct known *, const uint16_t *,
		    uint32_t);

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
side_answer_tunnel(struct world *w, int i, uint16_t tid, uint32_t accept)
{
	struct side *s = &w->side[i];
	struct known *k = &s->tunnel[tid];
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
side_answer_call(struct world *w, int i, uint16_t sid, uint32_t accept)
{
	struct side *s = &w->side[i];
	struct known *k = &s->call[sid];

	if (!k->asked)
		return;
	k->asked = 0;
	if (sim_random(w, 100) >= accept) {
		l2tp_call_close(s->e, k->local_tid, sid, L2TP_CDN_TEMPORARY, 0,
		    "no", w->now);
	} else if (l2tp_call_accept(s->e, k->local_tid, sid, NULL,
	    w->now) == 0) {
		k->placing = k->outgoing;
		if (sim_random(w, 100) < w->prompt)
			answer_bearer(w, i, sid, accept);
	}
}

/* Somebody takes the call that was placed, or does not. */
static void
answer_bearer(struct world *w, int i, uint16_t sid, uint32_t accept)
{
	struct side *s = &w->side[i];
	struct known *k = &s->call[sid];

	if (!k->placing)
		return;
	k->placing = 0;
	if (sim_random(w, 100) < accept)
		l2tp_call_connect(s->e, k->local_tid, sid, &params[0], w->now);
	else
		l2tp_call_close(s->e, k->local_tid, sid, L2TP_CDN_BUSY, 0,
		    NULL, w->now);
}

/* One thing that a caller may do. */
void
side_act(struct world *w, int i)
{
	struct side *s = &w->side[i];
	uint16_t tid = pick(w, s->tunnel, s->tids, s->n_tids);
	uint16_t sid = pick(w, s->call, s->sids, s->n_sids);
	uint32_t n = sim_random(w, 100);

	if (n < 20 && known_live(s->tunnel, s->tids, s->n_tids) < OPEN_TUNNELS)
		side_open_tunnel(w, i);
	else if (n >= 20 && n < 60 && tid != 0 &&
	    known_live(s->call, s->sids, s->n_sids) < OPEN_CALLS)
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

uint16_t
side_open_tunnel(struct world *w, int i)
{
	struct side *s = &w->side[i];
	struct l2tp_path path = { .local = s->addr,
	    .peer = w->side[!i].addr };
	uint32_t tid = 0;

	if (l2tp_tunnel_open(s->e, &path, &s->params, NULL, w->now, &tid) == -1)
		return (0);
	known_learn(&s->tunnel[tid], (uint16_t)tid, s->tids, &s->n_tids);
	s->tunnel[tid].opened = 1;
	sent_begin(s, (uint16_t)tid);
	return ((uint16_t)tid);
}

uint16_t
side_open_call(struct world *w, int i, uint16_t tid, int outgoing)
{
	struct side *s = &w->side[i];
	struct known *k;
	uint32_t sid;

	if (l2tp_call_open(s->e, tid, &params[outgoing], NULL, w->now,
	    &sid) == -1)
		return (0);
	k = &s->call[sid];
	known_learn(k, (uint16_t)sid, s->sids, &s->n_sids);
	k->local_tid = tid;
	k->outgoing = (uint8_t)outgoing;
	k->opened = 1;
	k->is_lac = !outgoing;
	return ((uint16_t)sid);
}

void
side_close_tunnel(struct world *w, int i, uint16_t tid)
{
	if (l2tp_tunnel_close(w->side[i].e, tid, L2TP_STOP_CLEAR, 0, NULL,
	    w->now) == -1 && w->side[i].tunnel[tid].live)
		sim_fail(w, "side %d tunnel %u: not to be closed", i, tid);
	w->side[i].tunnel[tid].asked = 0;
}

void
side_close_call(struct world *w, int i, uint16_t sid)
{
	struct known *k = &w->side[i].call[sid];

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

	for (n = 0; n < s->n_tids; n++)
		side_answer_tunnel(w, i, s->tids[n], 100);
	for (n = 0; n < s->n_sids; n++)
		side_answer_call(w, i, s->sids[n], 100);
}

void
side_connect(struct world *w, int i)
{
	struct side *s = &w->side[i];
	uint32_t n;

	for (n = 0; n < s->n_sids; n++)
		answer_bearer(w, i, s->sids[n], 100);
}

/*
 * v2-6.13-01, v2-6.13-02, v2-6.14-01: a LAC may send a WEN a minute, an LNS
 * SLIs.
 */
void
side_notify(struct world *w, int i, uint16_t sid)
{
	const struct known *k = &w->side[i].call[sid];

	send_errors(w, i, sid, k->up && k->is_lac &&
	    (k->wen_at == 0 || w->now >= k->wen_at + WEN_MS));
	send_accm(w, i, sid, k->up && !k->is_lac);
}

/* Six counters that follow each other: see on_notice(). */
static void
send_errors(struct world *w, int i, uint16_t sid, int may)
{
	uint32_t n = sim_random(w, 1000);
	struct l2tp_call_errors errors = { n, n + 1, n + 2, n + 3, n + 4,
	    n + 5 };
	struct known *k = &w->side[i].call[sid];

	if (may != (l2tp_call_send_errors(w->side[i].e, k->local_tid, sid,
	    &errors, w->now) == 0))
		sim_fail(w, "side %d call %u: WEN %s", i, sid,
		    may ? "is refused" : "is not refused");
	if (may)
		k->wen_at = w->now;
}

static void
send_accm(struct world *w, int i, uint16_t sid, int may)
{
	uint32_t accm = sim_random(w, 1000);
	struct known *k = &w->side[i].call[sid];

	if (may != (l2tp_call_send_accm(w->side[i].e, k->local_tid, sid, accm,
	    accm + 1, w->now) == 0))
		sim_fail(w, "side %d call %u: SLI %s", i, sid,
		    may ? "is refused" : "is not refused");
}

void
side_close(struct world *w, int i)
{
	struct side *s = &w->side[i];
	uint32_t n;

	for (n = 0; n < s->n_tids; n++)
		if (s->tunnel[s->tids[n]].live)
			side_close_tunnel(w, i, s->tids[n]);
}

void
side_close_calls(struct world *w, int i)
{
	struct side *s = &w->side[i];
	uint32_t n;

	for (n = 0; n < s->n_sids; n++)
		if (s->call[s->sids[n]].live)
			side_close_call(w, i, s->sids[n]);
}

/* One of those that are live, or 0. */
static uint16_t
pick(struct world *w, const struct known *known, const uint16_t *ids,
    uint32_t n)
{
	uint32_t live = known_live(known, ids, n), k;

	if (live == 0)
		return (0);
	k = sim_random(w, live);
	for (;; ids++)
		if (known[*ids].live && k-- == 0)
			return (*ids);
}

