/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * One side: an engine, and what its caller knows by its events, which have
 * to come in the order that l2tp.h promises.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

static void	 side_engine(struct world *, int);
static void	 side_secrets(struct world *, int);
static void	 on_tunnel(struct world *, int, const struct l2tp_event *);
static void	 on_tunnel_down(struct world *, int,
		    const struct l2tp_event *);
static void	 on_call(struct world *, int, const struct l2tp_event *);
static void	 on_call_in(struct world *, int, const struct l2tp_event *);
static void	 on_notice(struct world *, int, const struct l2tp_event *);
static int	 has_opened(const struct side *, uint16_t);
static void	 clear(struct known *, uint16_t *, uint32_t *);
static uint32_t	 n_up(const struct known *, const uint16_t *, uint32_t);

/* Large, and of use to one world after the other. */
static struct side_state {
	struct known	tunnel[SIM_IDS], call[SIM_IDS];
	uint16_t	tids[SIM_IDS], sids[SIM_IDS];
} state[2];

static void
side_random(void *arg, void *to, size_t len)
{
	struct side *s = arg;
	uint8_t *p = to;

	while (len-- > 0)
		*p++ = (uint8_t)sim_draw(&s->rng, 256);
}

void
side_init(struct world *w, int i)
{
	static const uint16_t windows[] = { 1, 2, 4, 8, 16, 32768 };
	static const uint32_t hellos[] = { 5000, 20000, 60000 };
	struct side *s = &w->side[i];

	memset(s, 0, sizeof(*s));
	s->addr.family = 4;
	s->addr.port = 1701;
	s->addr.ip[3] = (uint8_t)(i + 1);
	s->params.host_name = i == 0 ? "lac" : "lns";
	s->params.window_size = windows[sim_random(w, 6)];
	s->params.max_retries = 5;
	s->params.framing_caps = L2TP_FRAMING_SYNC | L2TP_FRAMING_ASYNC;
	s->params.bearer_caps = L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG;
	s->params.retry_ms = 1000;
	s->params.retry_cap_ms = 8000;
	s->params.hello_ms = hellos[sim_random(w, 3)];
	s->params.setup_ms = 5000 + sim_random(w, 30000);
	s->rng = w->seed * 2 + (uint64_t)i;
	side_secrets(w, i);
	s->tunnel = state[i].tunnel;
	s->call = state[i].call;
	s->tids = state[i].tids;
	s->sids = state[i].sids;
	side_engine(w, i);
}

/* Where the secrets differ somebody has to ask, or it would not matter. */
static void
side_secrets(struct world *w, int i)
{
	static const uint8_t secrets[2][3] = { "ab", "cd" };
	struct l2tp_params *p = &w->side[i].params;
	int first = w->secrets != SIM_EQUAL && i == 1;

	if (w->secrets == SIM_NONE)
		return;
	p->secret[0] = secrets[first];
	p->secret_len[0] = sizeof(secrets[first]);
	if (w->secrets == SIM_ROLLOVER) {
		p->secret[1] = secrets[!first];
		p->secret_len[1] = sizeof(secrets[!first]);
	}
	p->challenge = w->secrets == SIM_MISMATCH || sim_random(w, 2);
	p->hide_avps = (uint8_t)sim_random(w, 2);
}

static void
side_engine(struct world *w, int i)
{
	struct l2tp_config config = {
		.random = side_random, .random_arg = &w->side[i],
		.max_tunnels = 64, .max_calls = 1024,
		.max_half_open = 2 + sim_random(w, 15),
		.quarantine_ms = 60000, .ack_delay_ms = 20 + sim_random(w, 200)
	};

	if ((w->side[i].e = l2tp_new(&config)) == NULL)
		abort();
}

void
side_free(struct side *s)
{
	sent_free(s);
	l2tp_free(s->e);
	clear(s->tunnel, s->tids, &s->n_tids);
	clear(s->call, s->sids, &s->n_sids);
}

void
side_reboot(struct world *w, int i)
{
	struct side *s = &w->side[i];

	sim_note(w, "side %d reboots", i);
	side_free(s);
	s->accepted = 0;
	side_engine(w, i);
}

static void
clear(struct known *known, uint16_t *ids, uint32_t *n)
{
	while (*n > 0)
		memset(&known[ids[--*n]], 0, sizeof(*known));
}

void
side_events(struct world *w, int i)
{
	struct l2tp_event ev;

	while (l2tp_next_event(w->side[i].e, &ev)) {
		if (ev.type == L2TP_EV_STATE)
			sim_note(w, "side %d %u/%u: %s -> %s, %s", i,
			    ev.local_tid, ev.local_sid, ev.from, ev.to,
			    ev.reason);
		else if (ev.type == L2TP_EV_DROPPED)
			sim_note(w, "side %d %u/%u: dropped %s: %s", i,
			    ev.local_tid, ev.local_sid, ev.from, ev.reason);
		else if (ev.local_sid == 0)
			on_tunnel(w, i, &ev);
		else
			on_call(w, i, &ev);
	}
}

static void
on_tunnel(struct world *w, int i, const struct l2tp_event *ev)
{
	uint16_t tid = (uint16_t)ev->local_tid;
	struct side *s = &w->side[i];
	struct known *k = &s->tunnel[tid];

	k->peer_id = (uint16_t)ev->peer_tid;
	switch (ev->type) {
	case L2TP_EV_TUNNEL_IN:
		if (k->live || k->gone || has_opened(s, k->peer_id))
			sim_fail(w, "side %d tunnel %u: IN twice", i, tid);
		known_learn(k, tid, s->tids, &s->n_tids);
		sent_begin(s, tid);
		k->asked = 1;
		if (sim_random(w, 100) < w->prompt)
			side_answer_tunnel(w, i, tid, w->accept);
		break;
	case L2TP_EV_TUNNEL_UP:
		if (!k->live || k->up || k->asked)
			sim_fail(w, "side %d tunnel %u: odd UP", i, tid);
		if (w->secrets == SIM_MISMATCH)
			sim_fail(w, "side %d tunnel %u: UP with another "
			    "secret", i, tid);
		k->up = 1;
		s->n_up++;
		break;
	case L2TP_EV_TUNNEL_DOWN:
		on_tunnel_down(w, i, ev);
		break;
	default:
		if (k->live || !k->gone)
			sim_fail(w, "side %d tunnel %u: odd GONE", i, tid);
		k->gone = 0;
		s->gone_at = w->now;
		sent_end(s, tid);
		break;
	}
}

static void
on_tunnel_down(struct world *w, int i, const struct l2tp_event *ev)
{
	uint16_t tid = (uint16_t)ev->local_tid;
	struct side *s = &w->side[i];
	struct known *k = &s->tunnel[tid];
	uint32_t n;

	if (!k->live)
		sim_fail(w, "side %d tunnel %u: odd DOWN", i, tid);
	for (n = 0; n < s->n_sids; n++)
		if (s->call[s->sids[n]].live &&
		    s->call[s->sids[n]].local_tid == tid)
			sim_fail(w, "side %d tunnel %u: DOWN before call %u",
			    i, tid, s->sids[n]);
	/* RFC 2661 4.4.3: only if somebody threw one, and silently. */
	if (ev->cause->by == L2TP_BY_TIE) {
		if (!s->params.tie_breaker && !w->side[!i].params.tie_breaker)
			sim_fail(w, "side %d tunnel %u: no tie", i, tid);
		sent_end(s, tid);
	}
	k->live = k->up = k->asked = 0;
	k->gone = 1;
	s->down_at = w->now;
}

static void
on_call(struct world *w, int i, const struct l2tp_event *ev)
{
	uint16_t sid = (uint16_t)ev->local_sid;
	struct side *s = &w->side[i];
	struct known *k = &s->call[sid];

	if (!s->tunnel[ev->local_tid].live)
		sim_fail(w, "side %d call %u: of no tunnel", i, sid);
	if (ev->type == L2TP_EV_CALL_IN)
		on_call_in(w, i, ev);
	k->peer_id = (uint16_t)ev->peer_sid;
	switch (ev->type) {
	case L2TP_EV_CALL_IN:
	case L2TP_EV_CALL_REPLY:
		if (!k->live || k->up || k->asked)
			sim_fail(w, "side %d call %u: odd REPLY", i, sid);
		/* An OCRP needs no answer (RFC 2661 7.5.2). */
		if (ev->type == L2TP_EV_CALL_REPLY && ev->call->outgoing)
			break;
		k->asked = 1;
		if (sim_random(w, 100) < w->prompt)
			side_answer_call(w, i, sid, w->accept);
		break;
	case L2TP_EV_CALL_UP:
		if (!k->live || k->up || k->asked || k->placing)
			sim_fail(w, "side %d call %u: odd UP", i, sid);
		if (ev->call->tx_speed != SIM_SPEED)
			sim_fail(w, "side %d call %u: another speed", i, sid);
		k->up = 1;
		s->n_calls_up++;
		break;
	case L2TP_EV_CALL_DOWN:
		if (!k->live)
			sim_fail(w, "side %d call %u: odd DOWN", i, sid);
		k->live = k->up = k->asked = k->placing = 0;
		/* As l2tp.h advises. */
		if (ev->cause->by == L2TP_BY_TIE)
			side_open_call(w, i, s->accepted, k->outgoing);
		break;
	default:
		on_notice(w, i, ev);
		break;
	}
}

static void
on_call_in(struct world *w, int i, const struct l2tp_event *ev)
{
	uint16_t sid = (uint16_t)ev->local_sid;
	struct side *s = &w->side[i];
	struct known *k = &s->call[sid];

	if (k->live)
		sim_fail(w, "side %d call %u: IN twice", i, sid);
	if (strcmp(ev->call->called, SIM_CALLED) != 0)
		sim_fail(w, "side %d call %u: for %s", i, sid,
		    ev->call->called);
	if (ev->call->outgoing && (ev->call->max_bps != SIM_SPEED ||
	    (ev->call->bearer_type & ~s->params.bearer_caps) != 0))
		sim_fail(w, "side %d call %u: cannot be placed", i, sid);
	known_learn(k, sid, s->sids, &s->n_sids);
	k->local_tid = (uint16_t)ev->local_tid;
	k->outgoing = k->is_lac = ev->call->outgoing;
}

/* WEN and SLI: to the LNS and to the LAC, and as they were sent. */
static void
on_notice(struct world *w, int i, const struct l2tp_event *ev)
{
	const struct known *k = &w->side[i].call[ev->local_sid];
	const struct l2tp_call_errors *errors = &ev->call->errors;
	int fits;

	if (ev->type == L2TP_EV_CALL_ERRORS)
		fits = !k->is_lac && errors->framing == errors->crc + 1 &&
		    errors->hardware_overruns == errors->crc + 2 &&
		    errors->buffer_overruns == errors->crc + 3 &&
		    errors->timeouts == errors->crc + 4 &&
		    errors->alignment == errors->crc + 5;
	else
		fits = k->is_lac &&
		    ev->call->accm_receive == ev->call->accm_send + 1;
	if (!k->up || !fits)
		sim_fail(w, "side %d call %u: odd notice", i, ev->local_sid);
	w->side[i].n_notices++;
}

/* A SCCRQ that comes again must not; if the id is hidden nobody knows. */
static int
has_opened(const struct side *s, uint16_t peer_id)
{
	uint32_t n;

	for (n = 0; n < s->n_tids && peer_id != 0; n++)
		if (s->tunnel[s->tids[n]].live &&
		    s->tunnel[s->tids[n]].peer_id == peer_id)
			return (1);
	return (0);
}

uint32_t
side_tunnels_up(const struct side *s)
{
	return (n_up(s->tunnel, s->tids, s->n_tids));
}

uint32_t
side_calls_up(const struct side *s)
{
	return (n_up(s->call, s->sids, s->n_sids));
}

void
side_agree(struct world *w, int i)
{
	struct side *s = &w->side[i], *peer = &w->side[!i];
	const struct known *k, *there;
	uint32_t n;

	for (n = 0; n < s->n_tids; n++) {
		k = &s->tunnel[s->tids[n]];
		there = &peer->tunnel[k->peer_id];
		if (k->live && (!k->up || !there->up ||
		    there->peer_id != s->tids[n]))
			sim_fail(w, "side %d tunnel %u/%u: %s here, %s there",
			    i, s->tids[n], k->peer_id, k->up ? "up" : "live",
			    there->up ? "up" : "down");
	}
	for (n = 0; n < s->n_sids; n++) {
		k = &s->call[s->sids[n]];
		there = &peer->call[k->peer_id];
		if (k->live && (!k->up || !there->up ||
		    there->peer_id != s->sids[n]))
			sim_fail(w, "side %d call %u/%u: %s here, %s there", i,
			    s->sids[n], k->peer_id, k->up ? "up" : "live",
			    there->up ? "up" : "down");
	}
}

void
side_empty(struct world *w, int i)
{
	struct side *s = &w->side[i];
	struct l2tp_stats stats;

	l2tp_get_stats(s->e, &stats);
	if (stats.tunnels != 0 || stats.half_open != 0 || stats.calls != 0)
		sim_fail(w, "side %d keeps %u tunnels, %u half-open, %u calls",
		    i, stats.tunnels, stats.half_open, stats.calls);
	if (!l2tp_quiet(s->e))
		sim_fail(w, "side %d still has messages", i);
	if (known_live(s->tunnel, s->tids, s->n_tids) != 0 ||
	    known_live(s->call, s->sids, s->n_sids) != 0)
		sim_fail(w, "side %d was not told of an end", i);
}

uint32_t
known_live(const struct known *known, const uint16_t *ids, uint32_t n)
{
	uint32_t live = 0;

	while (n-- > 0)
		live += known[ids[n]].live;
	return (live);
}

static uint32_t
n_up(const struct known *known, const uint16_t *ids, uint32_t n)
{
	uint32_t up = 0;

	while (n-- > 0)
		up += known[ids[n]].up;
	return (up);
}

void
known_learn(struct known *k, uint16_t id, uint16_t *ids, uint32_t *n)
{
	uint8_t listed = k->listed;

	memset(k, 0, sizeof(*k));
	k->live = k->listed = 1;
	if (!listed)
		ids[(*n)++] = id;
}
