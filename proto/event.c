/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The ring of events that the caller pulls.  Room for what happens once in
 * the life of an object is reserved when it is made, so that it cannot be
 * lost; what is only for the log takes what is left.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "engine.h"

#define RING_SPARE	64	/* for the log, at least */
#define PENDING_MAX	16	/* of a call, for a notice to be added */

static int	 ring_put(struct ring *, const struct note *);
static int	 ring_grow(struct ring *, uint32_t);
static struct note call_note(const struct call *, enum l2tp_event_type);
static void	 graves_empty(struct l2tp *);
static void	 tunnel_info(const struct tunnel *, struct l2tp_tunnel_info *);
static int	 event_fill(struct l2tp *, const struct note *,
		    struct l2tp_event *);
static void	 event_fill_tunnel(struct tunnel *, const struct note *,
		    struct l2tp_event *);
static void	 event_fill_link(struct tunnel *, struct l2tp_event *);
static void	 event_fill_call(struct call *, const struct note *,
		    struct l2tp_event *);
static void	 event_fill_dropped(const struct note *, struct l2tp_event *);
static void	 event_fill_cause(struct l2tp *, const struct ended *,
		    struct l2tp_event *);

int
ring_reserve(struct ring *r, uint32_t n)
{
	uint32_t want = r->count + r->reserved + n + RING_SPARE;

	if (want > r->room && ring_grow(r, want * 2) == -1)
		return (-1);
	r->reserved += n;
	return (0);
}

void
ring_release(struct ring *r, uint32_t n)
{
	assert(r->reserved >= n);
	r->reserved -= n;
}

static int
ring_grow(struct ring *r, uint32_t room)
{
	struct note *note;
	uint32_t i;

	if ((note = calloc(room, sizeof(*note))) == NULL)
		return (-1);
	for (i = 0; i < r->count; i++)
		note[i] = r->note[(r->first + i) % r->room];
	free(r->note);
	r->note = note;
	r->room = room;
	r->first = 0;
	return (0);
}

/* 0 if only reserved room is left. */
static int
ring_put(struct ring *r, const struct note *n)
{
	if (r->count + r->reserved >= r->room)
		return (0);
	r->note[(r->first + r->count++) % r->room] = *n;
	return (1);
}

void
event_tunnel(struct tunnel *t, enum l2tp_event_type type)
{
	struct note n = { .type = (uint8_t)type, .id = t->local_tid };

	if (t->muted)
		return;
	assert(t->reserve > 0);
	t->reserve--;
	ring_release(&t->e->ring, 1);
	t->pending += (uint16_t)ring_put(&t->e->ring, &n);
}

/* It can be so again and again; the one note tells what is so when pulled. */
void
event_tunnel_link(struct tunnel *t)
{
	if (t->is_noted)
		return;
	t->is_noted = 1;
	event_tunnel(t, L2TP_EV_TUNNEL_UP);
}

static struct note
call_note(const struct call *c, enum l2tp_event_type type)
{
	struct note n = { .type = (uint8_t)(type | NOTE_CALL),
	    .id = c->local_sid };

	return (n);
}

void
event_call(struct call *c, enum l2tp_event_type type)
{
	struct note n = call_note(c, type);

	assert(c->reserve > 0);
	c->reserve--;
	ring_release(&c->tunnel->e->ring, 1);
	c->pending += (uint16_t)ring_put(&c->tunnel->e->ring, &n);
}

/* One note tells what is so when it is pulled. */
void
event_call_circuit(struct call *c)
{
	if (c->is_noted)
		return;
	c->is_noted = 1;
	event_call(c, L2TP_EV_CALL_CIRCUIT);
}

/* The caller may leave them lying; more than a few would be no news. */
void
event_notice(struct call *c, enum l2tp_event_type type)
{
	struct note n = call_note(c, type);

	if (c->pending < PENDING_MAX)
		c->pending += (uint16_t)ring_put(&c->tunnel->e->ring, &n);
}

void
event_tunnel_state(struct tunnel *t, uint8_t from, uint8_t ev)
{
	struct note n = { .type = L2TP_EV_STATE, .from = from,
	    .to = t->state, .reason = ev, .id = t->local_tid };

	if (!t->muted)
		t->pending += (uint16_t)ring_put(&t->e->ring, &n);
}

void
event_call_state(struct call *c, uint8_t from, uint8_t ev)
{
	struct note n = call_note(c, L2TP_EV_STATE);

	n.from = from;
	n.to = c->state;
	n.reason = ev;
	c->pending += (uint16_t)ring_put(&c->tunnel->e->ring, &n);
}

/* Holds on to no object, so that it says less and keeps nothing alive. */
void
event_dropped(struct tunnel *t, uint16_t msg_type, enum l2tp_err err)
{
	struct note n = { .type = L2TP_EV_DROPPED,
	    .from = (uint8_t)(msg_type < MSG_NTYPES ? msg_type : MSG_NTYPES),
	    .to = t->state, .reason = (uint8_t)err, .id = t->local_tid };

	ring_put(&t->e->ring, &n);
}

void
tunnel_bury(struct tunnel *t)
{
	if (t->state == CC_DEAD && t->pending == 0)
		TAILQ_INSERT_TAIL(&t->e->graves, t, queue);
}

void
call_bury(struct call *c)
{
	if (c->state == CALL_CLOSED && c->pending == 0)
		TAILQ_INSERT_TAIL(&c->tunnel->e->call_graves, c, link);
}

static void
graves_empty(struct l2tp *e)
{
	struct tunnel *t;
	struct call *c;

	while ((c = TAILQ_FIRST(&e->call_graves)) != NULL) {
		TAILQ_REMOVE(&e->call_graves, c, link);
		call_free(c, e->now);
	}
	while ((t = TAILQ_FIRST(&e->graves)) != NULL) {
		TAILQ_REMOVE(&e->graves, t, queue);
		tunnel_free(t, e->now);
	}
}

int
l2tp_next_event(struct l2tp *e, struct l2tp_event *ev)
{
	struct ring *r = &e->ring;
	struct note n;

	graves_empty(e);
	while (r->count > 0) {
		n = r->note[r->first];
		r->first = (r->first + 1) % r->room;
		r->count--;
		memset(ev, 0, sizeof(*ev));
		if (event_fill(e, &n, ev))
			return (1);
	}
	graves_empty(e);
	return (0);
}

/* 0 if the caller must not hear of it. */
static int
event_fill(struct l2tp *e, const struct note *n, struct l2tp_event *ev)
{
	struct call *c = NULL;
	struct tunnel *t;

	ev->type = n->type & ~NOTE_CALL;
	if (ev->type == L2TP_EV_DROPPED) {
		event_fill_dropped(n, ev);
		return (1);
	}
	if (n->type & NOTE_CALL) {
		c = call_by_sid(e, n->id);
		assert(c != NULL);
	}
	t = c != NULL ? c->tunnel : tunnel_find(e, n->id);
	assert(t != NULL);
	ev->local_tid = t->local_tid;
	tunnel_info(t, &e->tunnel_info);
	ev->tunnel = &e->tunnel_info;
	ev->tunnel_user = t->user;
	ev->peer_tid = t->peer_tid;
	if (c != NULL)
		event_fill_call(c, n, ev);
	else
		event_fill_tunnel(t, n, ev);
	return (!t->muted);
}

static void
event_fill_tunnel(struct tunnel *t, const struct note *n,
    struct l2tp_event *ev)
{
	if (ev->type == L2TP_EV_STATE) {
		ev->from = cc_state_name(n->from);
		ev->to = cc_state_name(n->to);
		ev->reason = cc_event_name(n->reason);
	} else if (ev->type == L2TP_EV_TUNNEL_DOWN) {
		event_fill_cause(t->e, t->ended, ev);
	} else if (t->is_noted && n->type == L2TP_EV_TUNNEL_UP) {
		event_fill_link(t, ev);
	}
	t->pending--;
	tunnel_bury(t);
}

/* The note's place is kept for the next one. */
static void
event_fill_link(struct tunnel *t, struct l2tp_event *ev)
{
	if (t->is_silent)
		ev->type = L2TP_EV_TUNNEL_SILENT;
	t->is_noted = 0;
	t->reserve++;
	t->e->ring.reserved++;
}

static void
event_fill_call(struct call *c, const struct note *n, struct l2tp_event *ev)
{
	struct l2tp *e = c->tunnel->e;

	call_info(c, &e->call_info);
	ev->call = &e->call_info;
	ev->call_user = c->user;
	ev->local_sid = c->local_sid;
	ev->peer_sid = c->peer_sid;
	if (ev->type == L2TP_EV_STATE) {
		ev->from = call_state_name(n->from);
		ev->to = call_state_name(n->to);
		ev->reason = call_event_name(n->reason);
	} else if (ev->type == L2TP_EV_CALL_DOWN) {
		event_fill_cause(e, c->ended, ev);
	} else if (ev->type == L2TP_EV_CALL_CIRCUIT) {
		/* The note's place is kept for the next one. */
		c->is_noted = 0;
		c->reserve++;
		e->ring.reserved++;
	}
	c->pending--;
	call_bury(c);
}

static void
event_fill_dropped(const struct note *n, struct l2tp_event *ev)
{
	ev->local_tid = n->id;
	ev->from = msg_name(n->from);
	ev->to = cc_state_name(n->to);
	ev->reason = err_phrase(n->reason);
}

/* There was no memory to keep the cause if ended is NULL. */
static void
event_fill_cause(struct l2tp *e, const struct ended *ended,
    struct l2tp_event *ev)
{
	struct l2tp_cause *c = &e->cause;

	memset(c, 0, sizeof(*c));
	c->by = L2TP_BY_PROTOCOL;
	c->reason = err_phrase(ERR_NOMEM);
	if (ended != NULL) {
		c->by = ended->by;
		c->result = ended->result;
		c->error = ended->error;
		c->reason = ended->reason;
		text_copy(c->text, text_bytes(ended->text));
	}
	ev->cause = c;
}

static void
tunnel_info(const struct tunnel *t, struct l2tp_tunnel_info *i)
{
	const struct chan *c = &t->chan;

	memset(i, 0, sizeof(*i));
	i->local_tid = t->local_tid;
	i->peer_tid = t->peer_tid;
	i->path = t->path;
	i->version = t->version;
	i->fixed = t->is_fixed;
	i->silent = t->is_silent;
	i->router_id = t->names == NULL ? 0 : t->names->router_id;
	i->digest = t->version == 3 ? t->digest : 0;
	i->initiator = t->initiator;
	i->state = cc_state_name(t->state);
	i->host_name = t->names == NULL ? "" : t->names->text;
	i->vendor_name = t->names == NULL ? "" : t->names->text +
	    t->names->vendor_at;
	i->firmware = t->version == 2 ? t->firmware : 0;
	i->peer_window = c->window;
	i->framing_caps = t->framing_caps;
	i->bearer_caps = t->bearer_caps;
	i->n_calls = t->n_calls;
	i->ns = c->max;
	i->nr = c->nr;
	i->cwnd = c->cwnd;
	i->queued = c->queued;
	i->sent = c->sent;
	i->received = c->received;
	i->retransmitted = c->retransmitted;
	i->duplicates = c->duplicates;
	i->dropped = c->dropped;
	i->last_heard = t->last_heard;
}

int
l2tp_tunnel_get(struct l2tp *e, uint32_t local_tid,
    struct l2tp_tunnel_info *info)
{
	struct tunnel *t = tunnel_find(e, local_tid);

	if (t == NULL || t->muted)
		return (-1);
	tunnel_info(t, info);
	return (0);
}
