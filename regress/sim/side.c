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
static void	 check_asked(struct world *, int, const struct l2tp_event *);
static void	 on_notice(struct world *, int, const struct l2tp_event *);
static int	 has_opened(const struct side *, uint32_t);
static void	 agree(struct world *, int, const char *, const struct book *,
		    struct book *);

/* Large, and of use to one world after the other. */
static struct book	books[2][2];

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
	style_side(w, i);
	s->tunnels = &books[i][0];
	s->calls = &books[i][1];
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
	book_clear(s->tunnels);
	book_clear(s->calls);
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
	uint32_t tid = ev->local_tid;
	struct side *s = &w->side[i];
	struct known *k = book_find(s->tunnels, tid);

	if (ev->type == L2TP_EV_TUNNEL_IN) {
		if (k->live || k->gone || has_opened(s, ev->peer_tid))
			sim_fail(w, "side %d tunnel %u: IN twice", i, tid);
		k = book_learn(s->tunnels, tid);
	}
	k->peer_id = ev->peer_tid;
	switch (ev->type) {
	case L2TP_EV_TUNNEL_IN:
		sent_begin(s, tid);
		k->asked = 1;
		if (sim_random(w, 100) < w->prompt)
			side_answer_tunnel(w, i, tid, w->accept);
		break;
	case L2TP_EV_TUNNEL_UP:
		if (ev->tunnel->version != w->version)
			sim_fail(w, "side %d tunnel %u: speaks L2TPv%u", i,
			    tid, ev->tunnel->version);
		if (!k->live || k->up || k->asked)
			sim_fail(w, "side %d tunnel %u: odd UP", i, tid);
		if (w->secrets == SIM_MISMATCH)
			sim_fail(w, "side %d tunnel %u: UP with another "
			    "secret", i, tid);
		k->up = 1;
		s->n_up++;
		break;
	case L2TP_EV_TUNNEL_SILENT:
		if (!ev->tunnel->fixed)
			sim_fail(w, "side %d tunnel %u: odd SILENT", i, tid);
		k->up = 0;
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
	uint32_t tid = ev->local_tid, n;
	struct side *s = &w->side[i];
	struct known *k = book_find(s->tunnels, tid);
	const struct known *call = s->calls->known;

	if (!k->live)
		sim_fail(w, "side %d tunnel %u: odd DOWN", i, tid);
	for (n = 0; n < s->calls->n; n++)
		if (call[n].live && call[n].local_tid == tid)
			sim_fail(w, "side %d tunnel %u: DOWN before call %u",
			    i, tid, call[n].id);
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
	uint32_t sid = ev->local_sid;
	struct side *s = &w->side[i];
	struct known *k;

	if (!book_find(s->tunnels, ev->local_tid)->live)
		sim_fail(w, "side %d call %u: of no tunnel", i, sid);
	if (ev->type == L2TP_EV_CALL_IN)
		on_call_in(w, i, ev);
	k = book_find(s->calls, sid);
	k->peer_id = ev->peer_sid;
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
		if (w->version == 2 && ev->call->tx_speed != SIM_SPEED)
			sim_fail(w, "side %d call %u: another speed", i, sid);
		k->peer_circuit = ev->call->circuit_active;
		k->up = 1;
		s->n_calls_up++;
		break;
	case L2TP_EV_CALL_DOWN:
		if (!k->live)
			sim_fail(w, "side %d call %u: odd DOWN", i, sid);
		k->live = k->up = k->asked = k->placing = 0;
		/* As l2tp.h advises. */
		if (ev->cause->by == L2TP_BY_TIE && w->end_id == NULL)
			side_open_call(w, i, s->accepted, k->outgoing);
		break;
	case L2TP_EV_CALL_CIRCUIT:
		if (!k->up)
			sim_fail(w, "side %d call %u: odd circuit", i, sid);
		k->peer_circuit = ev->call->circuit_active;
		w->side[i].n_notices++;
		break;
	default:
		on_notice(w, i, ev);
		break;
	}
}

/* What is asked for is what the other side's callers ask for. */
static void
check_asked(struct world *w, int i, const struct l2tp_event *ev)
{
	const struct l2tp_call_info *call = ev->call;
	int odd;

	if (w->version == 3)
		odd = w->end_id == NULL && (call->remote_end_id.len == 0 ||
		    call->remote_end_id.p[0] != '1' - i);
	else
		odd = strcmp(call->called, SIM_CALLED) != 0 ||
		    (call->outgoing && (call->max_bps != SIM_SPEED ||
		    (call->bearer_type & ~w->side[i].params.bearer_caps)));
	if (odd)
		sim_fail(w, "side %d call %u: nobody asks for that", i,
		    ev->local_sid);
}

static void
on_call_in(struct world *w, int i, const struct l2tp_event *ev)
{
	uint32_t sid = ev->local_sid;
	struct side *s = &w->side[i];
	struct known *k = book_find(s->calls, sid);

	if (k->live)
		sim_fail(w, "side %d call %u: IN twice", i, sid);
	check_asked(w, i, ev);
	k = book_learn(s->calls, sid);
	k->local_tid = ev->local_tid;
	k->outgoing = k->is_lac = ev->call->outgoing;
}

/* WEN and SLI: to the LNS and to the LAC, and as they were sent. */
static void
on_notice(struct world *w, int i, const struct l2tp_event *ev)
{
	const struct known *k = book_find(w->side[i].calls, ev->local_sid);
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
has_opened(const struct side *s, uint32_t peer_id)
{
	const struct known *k = s->tunnels->known;
	uint32_t n;

	for (n = 0; n < s->tunnels->n && peer_id != 0; n++)
		if (k[n].live && k[n].peer_id == peer_id)
			return (1);
	return (0);
}

void
side_agree(struct world *w, int i)
{
	agree(w, i, "tunnel", w->side[i].tunnels, w->side[!i].tunnels);
	agree(w, i, "call", w->side[i].calls, w->side[!i].calls);
}

static void
agree(struct world *w, int i, const char *what, const struct book *here,
    struct book *peer)
{
	const struct known *k, *there;
	uint32_t n;

	for (n = 0; n < here->n; n++) {
		k = &here->known[n];
		there = book_find(peer, k->peer_id);
		if (k->live && (!k->up || !there->up ||
		    there->peer_id != k->id))
			sim_fail(w, "side %d %s %u/%u: %s here, %s there", i,
			    what, k->id, k->peer_id, k->up ? "up" : "live",
			    there->up ? "up" : "down");
		else if (k->live && k->local_tid != 0)
			style_agree(w, i, k);
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
	if (book_live(s->tunnels) != 0 || book_live(s->calls) != 0)
		sim_fail(w, "side %d was not told of an end", i);
}
