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
#include "proof.h"
#include "rival.h"

/* A control message as it arrived. */
struct datagram {
	struct hdr	 h;
	struct bytes	 raw;		/* with its header */
	struct rd	 body;
	uint16_t	 port;		/* that it came from */
};

static enum l2tp_err input_datagram(struct l2tp *, const struct l2tp_path *,
			struct datagram *);
static enum l2tp_err input_decode(const struct l2tp_path *, struct rd *,
			struct datagram *);
static int	input_floats(const struct tunnel *, const struct l2tp_path *,
		    const struct datagram *);
static enum l2tp_err input_orphan(struct l2tp *, const struct l2tp_path *,
			const struct datagram *);
static enum l2tp_err input_new(struct l2tp *, const struct l2tp_path *,
			const struct datagram *, uint32_t, uint16_t);
static enum l2tp_err input_tunnel(struct tunnel *, const struct datagram *);
static enum l2tp_err input_proof(struct tunnel *, const struct datagram *);
static enum chan_verdict input_channel(struct tunnel *,
			const struct datagram *);
static enum l2tp_err input_message(struct tunnel *, uint32_t, struct rd,
			struct bytes);
static enum l2tp_err input_hail(struct tunnel *, const struct msg *,
			struct bytes, enum l2tp_err);
static enum l2tp_err input_act(struct tunnel *, uint32_t, const struct msg *,
			enum l2tp_err);
static uint16_t	input_type(const struct datagram *);
static struct tunnel *orphan_find(struct l2tp *, const struct l2tp_path *,
			const struct hdr *, const struct msg *, uint32_t);
static int	half_open_room(struct l2tp *);

int
l2tp_input(struct l2tp *e, const struct l2tp_path *path, const void *bytes,
    size_t len, uint64_t now)
{
	enum l2tp_err err;
	struct datagram d;
	struct rd r;

	e->now = now;
	e->stats.received++;
	rd_init(&r, bytes, len);
	if ((err = input_decode(path, &r, &d)) == ERR_NONE)
		err = input_datagram(e, path, &d);
	else if (err != ERR_NOT_CONTROL)
		e->stats.malformed++;
	if (err == ERR_NO_TUNNEL)
		e->stats.no_tunnel++;
	else if (err == ERR_SOURCE)
		e->stats.wrong_source++;
	else if (err == ERR_NOT_CONTROL)
		e->stats.data++;
	return (err);
}

/* There is no L2TPv2 over IP (RFC 3931 4.7.1). */
static enum l2tp_err
input_decode(const struct l2tp_path *path, struct rd *r, struct datagram *d)
{
	struct rd whole = *r;
	enum l2tp_err err;

	if ((err = hdr_decode(r, &d->h)) != ERR_NONE)
		return (err);
	d->raw = rd_bytes(&whole, d->h.length);
	d->body = *r;
	d->port = path->peer.port;
	return (path->peer.encap == L2TP_ENCAP_IP && d->h.version != 3 ?
	    ERR_VERSION : ERR_NONE);
}

static enum l2tp_err
input_datagram(struct l2tp *e, const struct l2tp_path *path,
    struct datagram *d)
{
	struct tunnel *t = NULL;

	if (d->h.tid != 0)
		t = tunnel_find(e, d->h.tid);
	if (t == NULL || t->state == CC_DEAD)
		return (input_orphan(e, path, d));
	if (!addr_equal(&t->path.peer, &path->peer) &&
	    !input_floats(t, path, d))
		return (ERR_SOURCE);
	return (input_tunnel(t, d));
}

/*
 * RFC 2661 8.1: addresses and ports do not change, but for the responder's
 * port, which may be any.  It is what its answer to the SCCRQ comes from.
 * No look-up has the port of a tunnel before that.
 */
static int
input_floats(const struct tunnel *t, const struct l2tp_path *path,
    const struct datagram *d)
{
	uint16_t type;

	if (t->state != CC_WAIT_CTL_REPLY || t->params->strict_port ||
	    !addr_same_host(&t->path.peer, &path->peer))
		return (0);
	type = input_type(d);
	return (type == MSG_SCCRP || type == MSG_STOPCCN);
}

/*
 * Of no tunnel that we know: SCCRQ, which opens one; StopCCN of a peer that
 * was not yet told our id (4.4.3); and SCCRP, which nobody asked for, and
 * which idle answers with StopCCN (7.2.1).  A SCCCN has no id to which an
 * answer could go.
 */
static enum l2tp_err
input_orphan(struct l2tp *e, const struct l2tp_path *path,
    const struct datagram *d)
{
	struct rd copy = d->body, body = d->body;
	enum l2tp_err err;
	struct tunnel *t;
	struct msg m;
	uint32_t name;

	err = msg_decode(&copy, d->h.version, &m, NULL);
	if (m.type != MSG_SCCRP && (d->h.tid != 0 ||
	    (m.type != MSG_SCCRQ && m.type != MSG_STOPCCN)))
		return (ERR_NO_TUNNEL);
	if (tunnel_id(&m) == 0 && (m.type != MSG_SCCRQ || m.n_hidden == 0)) {
		e->stats.malformed++;
		return (err != ERR_NONE ? err : ERR_AVP_MISSING);
	}
	name = tunnel_name(&m, rd_rest(&body));
	if ((t = orphan_find(e, path, &d->h, &m, name)) != NULL)
		return (input_tunnel(t, d));
	if (m.type == MSG_STOPCCN || d->h.ns != 0)
		return (ERR_NO_TUNNEL);
	/* RFC 2661 4.4.3: silently; in L2TPv3 cc_check() sees to it. */
	if (m.type == MSG_SCCRQ && d->h.version == 2 &&
	    rival_wins(e, &path->peer, &m, e->now))
		return (ERR_TIE);
	return (input_new(e, path, d, name, m.type));
}

/*
 * A message that was sent again belongs to the tunnel that it opened.  But
 * a peer that knows of that tunnel's end may use its id for a new one, and
 * the ids of the two versions are not the same ids.
 */
static struct tunnel *
orphan_find(struct l2tp *e, const struct l2tp_path *path,
    const struct hdr *h, const struct msg *m, uint32_t name)
{
	struct tunnel *t;

	t = tunnel_find_peer(e, &path->peer, name);
	while (t != NULL && (t->state == CC_DEAD ||
	    (t->version != h->version && !t->is_dual) ||
	    (t->state == CC_CLOSING && t->chan.queued == 0 &&
	    m->type != MSG_STOPCCN && h->ns == 0)))
		t = tunnel_next_peer(t);
	return (t);
}

static enum l2tp_err
input_new(struct l2tp *e, const struct l2tp_path *path,
    const struct datagram *d, uint32_t name, uint16_t type)
{
	enum l2tp_err err;
	struct tunnel *t;

	if (!half_open_room(e))
		return (ERR_RATE);
	if ((t = tunnel_new(e, path, d->h.version, 0, &err)) == NULL) {
		e->stats.no_memory++;
		return (err);
	}
	/* Who sends a SCCRP has had a SCCRQ, and awaits what follows it. */
	if (type == MSG_SCCRP)
		chan_resume(&t->chan, d->h.nr);
	tunnel_learn_name(t, name);
	tunnel_set_half_open(t, 1);
	return (input_tunnel(t, d));
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
input_tunnel(struct tunnel *t, const struct datagram *d)
{
	static const struct bytes none = { NULL, 0 };
	enum l2tp_err err;
	struct l2tp *e = t->e;
	struct rd body = d->body;
	struct cmsg *m;

	if ((err = input_proof(t, d)) != ERR_NONE)
		return (err);
	t->path.peer.port = d->port;	/* see input_floats() */
	t->last_heard = e->now;
	switch (input_channel(t, d)) {
	case CHAN_DELIVER:
		err = input_message(t, d->h.sid, body, d->raw);
		while ((m = chan_held(&t->chan)) != NULL) {
			rd_init(&body, m->data, m->len);
			input_message(t, m->sid, body, none);
			pool_put(&e->pool, m);
		}
		break;
	case CHAN_AHEAD:
		chan_hold(&t->chan, &e->pool, d->h.ns, d->h.sid,
		    rd_rest(&body));
		break;
	case CHAN_DUPLICATE:
		if (t->chan.params == &refused_params)
			chan_again(&t->chan);
		break;
	case CHAN_ACK:
	case CHAN_DROP:
		break;
	}
	tunnel_update(t, e->now);
	return (err);
}

/*
 * RFC 3931 5.4.1: before anything that the message says is believed, be it
 * an acknowledgement.
 */
static enum l2tp_err
input_proof(struct tunnel *t, const struct datagram *d)
{
	enum l2tp_err err;

	if ((err = cc_speaks(t, &d->h)) != ERR_NONE)
		return (err);
	/* What may yet be L2TPv3 is judged as such. */
	if (t->version == 2 && !(t->is_dual && t->state == CC_WAIT_ACCEPT))
		return (ERR_NONE);
	if ((err = proof_check(t, &d->h, d->raw)) != ERR_DIGEST)
		return (err);
	t->e->stats.wrong_digest++;
	event_dropped(t, input_type(d), err);
	return (err);
}

static enum chan_verdict
input_channel(struct tunnel *t, const struct datagram *d)
{
	struct l2tp *e = t->e;
	uint32_t delay = e->config.ack_delay_ms;
	uint16_t una = t->chan.una;
	int ack = rd_end(&d->body) || (t->version == 3 &&
	    input_type(d) == MSG_ACK);
	enum chan_verdict verdict;

	if (t->is_fixed)
		chan_follow(&t->chan, &e->pool, d->h.ns, d->h.nr, ack);
	/*
	 * 5.4.1: nobody could check what is sent before our nonce.  What else
	 * is let in before the caller has accepted has no digest.
	 */
	if (t->version == 3 && t->state == CC_IDLE)
		delay = UINT32_MAX;
	else if (t->version == 3 && t->state == CC_WAIT_ACCEPT)
		t->chan.ack_at = L2TP_NEVER;
	verdict = chan_input(&t->chan, &e->pool, d->h.ns, d->h.nr, ack, delay,
	    e->now);
	/*
	 * A peer that has lost its memory may call with the id that it had:
	 * its SCCRQ ends up here, and must not put off the HELLO.
	 */
	if (d->h.tid != 0)
		cc_heard(t, e->now);
	if (t->is_fixed && t->chan.una != una)
		cc_answered(t, e->now);
	return (verdict);
}

static enum l2tp_err
input_message(struct tunnel *t, uint32_t sid, struct rd body,
    struct bytes raw)
{
	enum l2tp_err err;
	struct hide h;
	struct msg m;

	auth_hide(t, &h);
	err = msg_decode_quirks(&body, t->version, &m, &h,
	    t->params->quirks);
	auth_learn(t, &h);
	t->e->stats.avps_ignored += m.ignored;
	if (m.type == MSG_SCCRQ && t->state == CC_IDLE)
		err = input_hail(t, &m, raw, err);
	if (err != ERR_NONE)
		t->e->stats.malformed++;
	err = input_act(t, sid, &m, err);
	auth_wipe(t, &h);
	return (err);
}

/*
 * A SCCRQ comes before it is known who calls.  What takes a secret, a
 * Challenge, a Message Digest and hidden AVPs, waits for the caller's
 * decision.  So does the version, if it may be either; what is forgiven only
 * some peers; and the end of our own attempt to call this one if the Tie
 * Breaker asks for that.
 */
static enum l2tp_err
input_hail(struct tunnel *t, const struct msg *m, struct bytes raw,
    enum l2tp_err err)
{
	if (m->n_hidden > 0 &&
	    (err == ERR_AVP_HIDDEN || err == ERR_AVP_MISSING))
		err = ERR_NONE;
	t->is_signed = proof_waits(m);
	t->is_dual = msg_is_dual(m);
	/* RFC 3931 4.7.3: who answers as L2TPv2 has no other version. */
	if (t->is_dual)
		t->chan.ack_at = L2TP_NEVER;
	if (err != ERR_NONE || (m->n_hidden == 0 && m->forgiven == 0 &&
	    !m->have[AVP_CHALLENGE] && !m->have[AVP_TIE_BREAKER] &&
	    !t->is_signed && !t->is_dual))
		return (err);
	return (tunnel_keep_hail(t, raw) == -1 ? ERR_NOMEM : ERR_NONE);
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
	    msg_table[t->version][m->type].must == NULL) {
		cc_bad(t, m, err, now);
		return (err);
	}
	if (msg_table[t->version][m->type].scope == MSG_TUNNEL)
		return (cc_input(t, m, err, now));
	if (!t->is_fixed)
		return (call_input(t, sid, m, err, now));
	cc_bad(t, m, ERR_FSM, now);
	return (ERR_FSM);
}

/* Without a Message Type, MSG_ZLB; only to find out what it may be. */
static uint16_t
input_type(const struct datagram *d)
{
	struct rd r = d->body;
	struct msg m;

	msg_decode(&r, d->h.version, &m, NULL);
	return (m.type);
}
