/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The rules of RFC 2661 5.8 as seen on the wire: sequence numbers without
 * gaps, no two bodies under one, no more outstanding than the peer's window
 * and cwnd allow, no retransmission before its time, after its
 * acknowledgement or too often, and each duplicate acknowledged at once.
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "sim.h"

static struct stream	*stream_find(struct side *, uint32_t);
static struct stream	*stream_stopped(struct side *, uint8_t, struct rd);
static void		 sent_new(struct world *, int, struct stream *,
			    uint64_t);
static void		 sent_again(struct world *, int, struct stream *,
			    uint32_t, uint64_t);
static uint64_t		 interval_ms(const struct l2tp_params *, uint32_t);
static uint32_t		 whole(uint32_t, uint16_t);
static int		 signs(struct world *, int, uint32_t);
static int		 is_ack(const struct rd *);
static uint64_t		 hash(const struct rd *);

void
sent_out(struct world *w, int i, const struct l2tp_packet *pkt)
{
	const struct tunnel *t = tunnel_find(w->side[i].e, pkt->local_tid);
	struct stream *s = stream_find(&w->side[i], pkt->local_tid);
	struct hdr h;
	uint32_t ns;
	struct rd r;
	int ack;

	rd_init(&r, pkt->data, pkt->len);
	if (hdr_decode(&r, &h) != ERR_NONE) {
		sim_fail(w, "side %d sent a bad header", i);
		return;
	}
	/* The caller does not hear of a SCCRQ or SCCRP that was refused. */
	if (s == NULL || (t != NULL && t->muted) || w->forgetful)
		return;
	if (s->gone)
		sim_fail(w, "side %d tunnel %u: sends after its end", i,
		    s->local_tid);
	if (whole(s->nr, h.nr) < s->nr)
		sim_fail(w, "side %d tunnel %u: Nr %u after %u", i,
		    s->local_tid, h.nr, s->nr);
	s->nr = whole(s->nr, h.nr);
	s->owed = 0;
	ns = whole(s->max, h.ns);
	ack = is_ack(&r);
	/* RFC 3931 5.4.1 */
	if (ack && r.left == 0 && signs(w, i, s->local_tid))
		sim_fail(w, "side %d tunnel %u: ZLB without a digest", i,
		    s->local_tid);
	if (ack ? ns != s->max : ns > s->max)
		sim_fail(w, "side %d tunnel %u: %s with Ns %u after %u", i,
		    s->local_tid, ack ? "ZLB" : "message", h.ns, s->max);
	else if (!ack && ns == s->max)
		sent_new(w, i, s, hash(&r));
	else if (!ack)
		sent_again(w, i, s, ns, hash(&r));
}

static void
sent_new(struct world *w, int i, struct stream *s, uint64_t body)
{
	const struct l2tp_params *peer = &w->side[!i].params;
	struct l2tp_tunnel_info info;
	uint32_t outstanding = s->max + 1 - s->una;

	if (s->max == s->room) {
		s->room = s->room * 2 + 16;
		s->sent = realloc(s->sent, s->room * sizeof(*s->sent));
		if (s->sent == NULL)
			abort();
	}
	s->sent[s->max].last_at = w->now;
	s->sent[s->max].body = body;
	s->sent[s->max].tries = 1;
	s->max++;
	if (outstanding > w->side[i].outstanding)
		w->side[i].outstanding = outstanding;
	if (outstanding > peer->window_size)
		sim_fail(w, "side %d tunnel %u: %u outstanding, window %u", i,
		    s->local_tid, outstanding, peer->window_size);
	if (l2tp_tunnel_get(w->side[i].e, s->local_tid, &info) == 0 &&
	    outstanding > info.cwnd)
		sim_fail(w, "side %d tunnel %u: %u outstanding, cwnd %u", i,
		    s->local_tid, outstanding, info.cwnd);
}

static void
sent_again(struct world *w, int i, struct stream *s, uint32_t ns,
    uint64_t body)
{
	const struct tunnel *t = tunnel_find(w->side[i].e, s->local_tid);
	const struct l2tp_params *p = t == NULL ? &w->side[i].params :
	    t->chan.params;
	struct sent *m = &s->sent[ns];

	if (m->body != body)
		sim_fail(w, "side %d tunnel %u: two bodies with Ns %u", i,
		    s->local_tid, ns);
	if (ns < s->una)
		sim_fail(w, "side %d tunnel %u: Ns %u again, is acknowledged",
		    i, s->local_tid, ns);
	m->tries++;
	/* To who was refused, once for each time that it asks. */
	if (p == &refused_params && m->tries <= t->chan.duplicates + 1)
		return;
	if (w->now < m->last_at + interval_ms(p, m->tries - 1))
		sim_fail(w, "side %d tunnel %u: Ns %u again after %llu ms", i,
		    s->local_tid, ns,
		    (unsigned long long)(w->now - m->last_at));
	if (m->tries > p->max_retries + 1U)
		sim_fail(w, "side %d tunnel %u: Ns %u sent %u times", i,
		    s->local_tid, ns, m->tries);
	m->last_at = w->now;
}

/* What was handed to an engine acknowledges what that engine has sent. */
void
sent_in(struct world *w, int i, const struct l2tp_packet *pkt)
{
	struct stream *s;
	struct hdr h;
	uint32_t nr;
	struct rd r;

	rd_init(&r, pkt->data, pkt->len);
	if (hdr_decode(&r, &h) != ERR_NONE)
		return;
	s = h.tid == 0 ? stream_stopped(&w->side[i], h.version, r) :
	    stream_find(&w->side[i], h.tid);
	if (s == NULL)
		return;
	nr = whole(s->una, h.nr);
	if (nr > s->una && nr <= s->max)
		s->una = nr;
	s->owed |= h.tid != 0 && !is_ack(&r) && whole(s->nr, h.ns) < s->nr;
}

void
sent_owed(struct world *w, int i)
{
	struct l2tp_tunnel_info info;
	struct stream *s;

	SLIST_FOREACH(s, &w->side[i].streams, link)
		if (s->owed && l2tp_tunnel_get(w->side[i].e, s->local_tid,
		    &info) == 0)
			sim_fail(w, "side %d tunnel %u: duplicate is not "
			    "acknowledged", i, s->local_tid);
}

void
sent_begin(struct side *side, uint32_t local_tid)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->local_tid = local_tid;
	SLIST_INSERT_HEAD(&side->streams, s, link);
}

void
sent_end(struct side *side, uint32_t local_tid)
{
	struct stream *s = stream_find(side, local_tid);

	if (s != NULL)
		s->gone = 1;
}

uint32_t
sent_count(struct side *side, uint32_t local_tid)
{
	struct stream *s = stream_find(side, local_tid);

	return (s == NULL ? 0 : s->max);
}

uint64_t
sent_cycle_ms(const struct l2tp_params *p)
{
	uint64_t ms = 0;
	uint32_t tries;

	for (tries = 1; tries <= p->max_retries + 1U; tries++)
		ms += interval_ms(p, tries);
	return (ms);
}

void
sent_free(struct side *side)
{
	struct stream *s;

	while ((s = SLIST_FIRST(&side->streams)) != NULL) {
		SLIST_REMOVE_HEAD(&side->streams, link);
		free(s->sent);
		free(s);
	}
}

/* The newest of that id: an id may come again after its quarantine. */
static struct stream *
stream_find(struct side *side, uint32_t local_tid)
{
	struct stream *s;

	SLIST_FOREACH(s, &side->streams, link)
		if (s->local_tid == local_tid)
			return (s);
	return (NULL);
}

/* RFC 2661 4.4.3: a StopCCN of a peer that was not told our id. */
static struct stream *
stream_stopped(struct side *side, uint8_t version, struct rd r)
{
	struct l2tp_tunnel_info info;
	struct stream *s;
	uint32_t tid;
	struct msg m;

	if (msg_decode(&r, version, &m, NULL) != ERR_NONE ||
	    m.type != MSG_STOPCCN)
		return (NULL);
	tid = version == 2 ? m.assigned_tid : m.assigned_ccid;
	SLIST_FOREACH(s, &side->streams, link)
		if (l2tp_tunnel_get(side->e, s->local_tid, &info) == 0 &&
		    info.peer_tid == tid)
			return (s);
	return (NULL);
}

/* RFC 2661 5.8, written down once more. */
static uint64_t
interval_ms(const struct l2tp_params *p, uint32_t tries)
{
	uint64_t ms = p->retry_ms;

	while (--tries > 0)
		ms *= 2;
	return (ms < p->retry_cap_ms ? ms : p->retry_cap_ms);
}

/* The number whose low half is on the wire, and which is near to this one. */
static uint32_t
whole(uint32_t near, uint16_t low)
{
	return (near + (uint32_t)(int16_t)(low - (uint16_t)near));
}

static int
signs(struct world *w, int i, uint32_t local_tid)
{
	struct l2tp_tunnel_info info;

	return (l2tp_tunnel_get(w->side[i].e, local_tid, &info) == 0 &&
	    info.digest != 0);
}

/* Nothing, or the message that says nothing else (RFC 3931 6.15). */
static int
is_ack(const struct rd *body)
{
	struct rd r = *body;

	if (r.left == 0)
		return (1);
	rd_skip(&r, AVP_HEADER_LEN);
	return (rd_u16(&r) == MSG_ACK);
}

/* FNV-1a, but for digests, in which there is Nr. */
static uint64_t
hash(const struct rd *body)
{
	uint64_t h = 0xcbf29ce484222325ULL;
	struct rd r = *body;
	struct avp a;

	while (r.left > 0 && avp_next(&r, &a) == ERR_NONE) {
		h = (h ^ a.type) * 0x100000001b3ULL;
		if (avp_find(a.vendor, a.type) == AVP_MESSAGE_DIGEST)
			continue;
		while (a.value.left > 0)
			h = (h ^ rd_u8(&a.value)) * 0x100000001b3ULL;
	}
	return (h);
}
