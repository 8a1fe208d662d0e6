/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * From a datagram to the state machines: header, tunnel, source, channel,
 * message.  Dispatch is by tunnel id and source, whatever socket it was.
 *
 * Nothing here fails for what a peer sends; it drops, counts, or lets a
 * state machine answer.
 */
#include <string.h>

#include "auth.h"
#include "call.h"
#include "cc.h"
#include "engine.h"
#include "rival.h"

static enum l2tp_err input_datagram(struct l2tp *, const struct l2tp_path *,
			struct rd *);
static int	input_floats(const struct tunnel *, const struct l2tp_path *,
		    struct rd);
static enum l2tp_err input_orphan(struct l2tp *, const struct l2tp_path *,
			const struct hdr *, struct rd *);
static enum l2tp_err input_new(struct l2tp *, const struct l2tp_path *,
			const struct hdr *, uint32_t, uint16_t, struct rd *);
static enum l2tp_err input_tunnel(struct tunnel *, const struct hdr *,
			struct rd *);
static enum l2tp_err input_message(struct tunnel *, uint32_t, struct rd *);
static enum l2tp_err input_hail(struct tunnel *, const struct msg *,
			struct bytes, enum l2tp_err);
static enum l2tp_err input_act(struct tunnel *, uint32_t, const struct msg *,
			enum l2tp_err);
static struct tunnel *orphan_find(struct l2tp *, const struct l2tp_path *,
			const struct hdr *, const struct msg *, uint32_t);
static int	half_open_room(struct l2tp *);

int
l2tp_input(struct l2tp *e, const struct l2tp_path *path, const void *bytes,
    size_t len, uint64_t now)
{
	enum l2tp_err err;
	struct rd r;

	e->now = now;
	e->stats.received++;
	rd_init(&r, bytes, len);
	err = input_datagram(e, path, &r);
	if (err == ERR_NO_TUNNEL)
		e->stats.no_tunnel++;
	else if (err == ERR_SOURCE)
		e->stats.wrong_source++;
	else if (err == ERR_NOT_CONTROL)
		e->stats.data++;
	return (err);
}

static enum l2tp_err
input_datagram(struct l2tp *e, const struct l2tp_path *path, struct rd *r)
{
	struct tunnel *t = NULL;
	enum l2tp_err err;
	struct hdr h;

	if ((err = hdr_decode(r, &h)) != ERR_NONE) {
		if (err != ERR_NOT_CONTROL)
			e->stats.malformed++;
		return (err);
	}
	if (h.version != 2) {
		e->stats.malformed++;
		return (ERR_VERSION);
	}
	if (h.tid != 0)
		t = tunnel_find(e, h.tid);
	if (t == NULL || t->state == CC_DEAD)
		return (input_orphan(e, path, &h, r));
	if (!addr_equal(&t->path.peer, &path->peer)) {
		if (!input_floats(t, path, *r))
			return (ERR_SOURCE);
		t->path.peer.port = path->peer.port;
	}
	return (input_tunnel(t, &h, r));
}

/*
 * RFC 2661 8.1: addresses and ports do not change, but for the responder's
 * port, which may be any.  It is what its answer to the SCCRQ comes from.
 * No look-up has the port of a tunnel before that.
 */
static int
input_floats(const struct tunnel *t, const struct l2tp_path *path,
    struct rd r)
{
	struct msg m;

	if (t->state != CC_WAIT_CTL_REPLY || t->params->strict_port ||
	    !addr_same_host(&t->path.peer, &path->peer))
		return (0);
	msg_decode(&r, t->version, &m, NULL);
	return (m.type == MSG_SCCRP || m.type == MSG_STOPCCN);
}

/*
 * Of no tunnel that we know: SCCRQ, which opens one; StopCCN of a peer that
 * was not yet told our id (4.4.3); and SCCRP, which nobody asked for, and
 * which idle answers with StopCCN (7.2.1).
 */
static enum l2tp_err
input_orphan(struct l2tp *e, const struct l2tp_path *path,
    const struct hdr *h, struct rd *r)
{
	struct rd copy = *r, body = *r;
	enum l2tp_err err;
	struct tunnel *t;
	struct msg m;
	uint32_t name;

	err = msg_decode(&copy, h->version, &m, NULL);
	if (m.type != MSG_SCCRP && (h->tid != 0 ||
	    (m.type != MSG_SCCRQ && m.type != MSG_STOPCCN)))
		return (ERR_NO_TUNNEL);
	if (!m.have[AVP_ASSIGNED_TUNNEL_ID] &&
	    (m.type != MSG_SCCRQ || m.n_hidden == 0)) {
		e->stats.malformed++;
		return (err != ERR_NONE ? err : ERR_AVP_MISSING);
	}
	name = tunnel_name(&m, rd_rest(&body));
	if ((t = orphan_find(e, path, h, &m, name)) != NULL)
		return (input_tunnel(t, h, r));
	if (m.type == MSG_STOPCCN || h->ns != 0)
		return (ERR_NO_TUNNEL);
	if (m.type == MSG_SCCRQ && rival_wins(e, &path->peer, &m, e->now))
		return (ERR_TIE);
	return (input_new(e, path, h, name, m.type, r));
}

/*
 * A message that was sent again belongs to the tunnel that it opened.  But
 * a peer that knows of that tunnel's end may use its id for a new one.
 */
static struct tunnel *
orphan_find(struct l2tp *e, const struct l2tp_path *path,
    const struct hdr *h, const struct msg *m, uint32_t name)
{
	struct tunnel *t;

	t = tunnel_find_peer(e, &path->peer, name);
	while (t != NULL && (t->state == CC_DEAD ||
	    (t->state == CC_CLOSING && t->chan.queued == 0 &&
	    m->type != MSG_STOPCCN && h->ns == 0)))
		t = tunnel_next_peer(t);
	return (t);
}

static enum l2tp_err
input_new(struct l2tp *e, const struct l2tp_path *path, const struct hdr *h,
    uint32_t name, uint16_t type, struct rd *r)
{
	enum l2tp_err err;
	struct tunnel *t;

	if (!half_open_room(e))
		return (ERR_RATE);
	if ((t = tunnel_new(e, path, h->version, e->now, &err)) == NULL) {
		e->stats.no_memory++;
		return (err);
	}
	/* Who sends a SCCRP has had a SCCRQ, and awaits what follows it. */
	if (type == MSG_SCCRP)
		chan_resume(&t->chan, h->nr);
	tunnel_learn_name(t, name);
	tunnel_set_half_open(t, 1);
	return (input_tunnel(t, h, r));
}

/* Drops half-open connections, refused or oldest, to make room for one. */
static int
half_open_room(struct l2tp *e)
{
	struct stimulus s = { .now = e->now };
	struct tunnel *t;

	cause_local(&s.cause, 0, 0, NULL, cc_event_name(CC_EV_DISPLACED));
	while (e->stats.half_open >= e->config.max_half_open) {
		if ((t = TAILQ_FIRST(&e->half_open)) == NULL)
			return (0);
		e->stats.half_open_dropped++;
		cc_event(t, CC_EV_DISPLACED, &s);
		tunnel_update(t, e->now);
	}
	return (1);
}

static enum l2tp_err
input_tunnel(struct tunnel *t, const struct hdr *h, struct rd *r)
{
	enum l2tp_err err = ERR_NONE;
	enum chan_verdict verdict;
	struct l2tp *e = t->e;
	struct cmsg *m;

	t->last_heard = e->now;
	verdict = chan_input(&t->chan, &e->pool, h->ns, h->nr, rd_end(r),
	    e->config.ack_delay_ms, e->now);
	/*
	 * A peer that has lost its memory may call with the id that it had:
	 * its SCCRQ ends up here, and must not put off the HELLO.
	 */
	if (h->tid != 0)
		cc_heard(t, e->now);
	switch (verdict) {
	case CHAN_DELIVER:
		err = input_message(t, h->sid, r);
		while ((m = chan_held(&t->chan)) != NULL) {
			rd_init(r, m->data, m->len);
			input_message(t, m->sid, r);
			pool_put(&e->pool, m);
		}
		break;
	case CHAN_AHEAD:
		chan_hold(&t->chan, &e->pool, h->ns, h->sid, rd_rest(r));
		break;
	case CHAN_DUPLICATE:
		if (t->params == &refused_params)
			chan_again(&t->chan);
		break;
	case CHAN_ACK:
	case CHAN_DROP:
		break;
	}
	tunnel_update(t, e->now);
	return (err);
}

static enum l2tp_err
input_message(struct tunnel *t, uint32_t sid, struct rd *r)
{
	struct rd body = *r;
	enum l2tp_err err;
	struct hide h;
	struct msg m;

	auth_hide(t, &h);
	err = msg_decode_quirks(r, t->version, &m, &h, t->params->quirks);
	auth_learn(t, &h);
	t->e->stats.avps_ignored += m.ignored;
	if (m.type == MSG_SCCRQ && t->state == CC_IDLE)
		err = input_hail(t, &m, rd_rest(&body), err);
	if (err != ERR_NONE)
		t->e->stats.malformed++;
	err = input_act(t, sid, &m, err);
	auth_wipe(t, &h);
	return (err);
}

/*
 * A SCCRQ comes before it is known who calls.  What takes a secret, a
 * Challenge and hidden AVPs, waits for the caller's decision.  So does what
 * is forgiven only some peers, and the end of our own attempt to call this
 * one if the Tie Breaker asks for that.
 */
static enum l2tp_err
input_hail(struct tunnel *t, const struct msg *m, struct bytes body,
    enum l2tp_err err)
{
	if (m->n_hidden > 0 &&
	    (err == ERR_AVP_HIDDEN || err == ERR_AVP_MISSING))
		err = ERR_NONE;
	if (err != ERR_NONE || (m->n_hidden == 0 && m->forgiven == 0 &&
	    !m->have[AVP_CHALLENGE] && !m->have[AVP_TIE_BREAKER]))
		return (err);
	return (tunnel_keep_hail(t, body) == -1 ? ERR_NOMEM : ERR_NONE);
}

/* 4.4.1: a type that must be understood and is not ends the tunnel. */
static enum l2tp_err
input_act(struct tunnel *t, uint32_t sid, const struct msg *m,
    enum l2tp_err err)
{
	uint64_t now = t->e->now;

	if (err == ERR_MSG_IGNORED) {
		event_dropped(t, m->type, err);
		return (err);
	}
	if (m->type == MSG_ZLB || m->type >= MSG_NTYPES ||
	    msg_table[m->version][m->type].must == NULL) {
		cc_bad(t, m, err, now);
		return (err);
	}
	if (msg_table[m->version][m->type].scope == MSG_TUNNEL)
		return (cc_input(t, m, err, now));
	return (call_input(t, sid, m, err, now));
}
