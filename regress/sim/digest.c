/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A digest of all that decides what can happen next: both engines, what
 * their callers know, and the datagrams under way, in whatever order.  Times
 * count by how far away they are; what only counts or is for show does not.
 */
#include "call.h"
#include "cc.h"
#include "explore.h"

static uint64_t	 digest_tunnel(const struct world *, int,
		    const struct tunnel *);
static uint64_t	 digest_chan(const struct world *, const struct chan *);
static uint64_t	 digest_call(const struct world *, int, const struct call *);
static uint64_t	 digest_pw(const struct pw_side *);
static uint64_t	 digest_known(const struct known *);
static uint64_t	 digest_flight(const struct flight *);
static uint64_t	 add(uint64_t, uint64_t);
static uint64_t	 away(const struct world *, uint64_t);
static const struct tunnel *tunnel_of(const struct node *);

uint64_t
digest_world(const struct world *w)
{
	uint64_t h = add(w->acts, w->faults), sum;
	const struct flight *f;
	const struct node *n;
	const struct l2tp *e;
	size_t at;
	int i;

	for (i = 0; i < 2; i++) {
		e = w->side[i].e;
		sum = 0;
		for (at = 0; at < (size_t)1 << e->by_tid.bits; at++)
			for (n = e->by_tid.bucket[at]; n != NULL; n = n->next)
				sum += digest_tunnel(w, i, tunnel_of(n));
		h = add(add(h, w->side[i].tunnels->n), w->side[i].accepted);
		h = add(h, sum);
	}
	sum = 0;
	SLIST_FOREACH(f, &w->air, link)
		sum += digest_flight(f);
	return (add(h, sum));
}

static uint64_t
digest_tunnel(const struct world *w, int i, const struct tunnel *t)
{
	const uint64_t parts[] = { t->local_tid, t->peer_tid, t->initiator,
	    t->state, t->muted, t->is_half_open, t->is_proved, t->hail != NULL,
	    t->version, t->digest, t->is_dual, t->is_signed, t->is_told,
	    t->peer_nonce != NULL, t->is_silent, t->secret,
	    away(w, t->expires), digest_chan(w, &t->chan),
	    digest_known(book_find(w->side[i].tunnels, t->local_tid)) };
	const struct call *c;
	uint64_t h = 0;
	size_t n;

	for (n = 0; n < nitems(parts); n++)
		h = add(h, parts[n]);
	TAILQ_FOREACH(c, &t->calls, link)
		h = add(h, digest_call(w, i, c));
	return (h);
}

static uint64_t
digest_chan(const struct world *w, const struct chan *c)
{
	const uint64_t parts[] = { c->una, c->max, c->ns, c->nr, c->window,
	    c->cwnd, c->ssthresh, c->credit, c->unacked, c->ack_now,
	    away(w, c->ack_at), c->next == NULL ? 0 : c->next->ns + 1U };
	const struct cmsg *m;
	uint64_t h = 0;
	size_t n;

	for (n = 0; n < nitems(parts); n++)
		h = add(h, parts[n]);
	STAILQ_FOREACH(m, &c->txq, link.tx)
		h = add(add(h, m->tries), m->tries == 0 ? 0 :
		    w->now - m->sent_at);
	SLIST_FOREACH(m, &c->rxq, link.rx)
		h = add(h, m->ns);
	return (h);
}

static uint64_t
digest_call(const struct world *w, int i, const struct call *c)
{
	uint64_t h = add(c->local_sid, c->peer_sid);

	h = add(add(h, c->initiator), c->outgoing);
	h = add(add(h, c->state), away(w, c->timer.at));
	h = add(add(h, c->has_tie), c->tie);
	h = add(add(h, digest_pw(&c->ours)), digest_pw(&c->theirs));
	return (add(h, digest_known(book_find(w->side[i].calls,
	    c->local_sid))));
}

static uint64_t
digest_pw(const struct pw_side *s)
{
	return ((uint64_t)(s->cookie_len | s->l2spec << 4 |
	    s->sequencing << 5 | s->circuit_down << 7));
}

static uint64_t
digest_known(const struct known *k)
{
	return ((uint64_t)(k->live | k->up << 1 | k->asked << 2 |
	    k->gone << 3 | k->placing << 4 | k->circuit << 5 |
	    k->peer_circuit << 6));
}

static uint64_t
digest_flight(const struct flight *f)
{
	uint64_t h = (uint64_t)f->to;
	size_t n;

	for (n = 0; n < f->pkt.len; n++)
		h = add(h, f->pkt.data[n]);
	return (h);
}

/* The finalizer of splitmix64 over both. */
static uint64_t
add(uint64_t h, uint64_t v)
{
	uint64_t z = h * 0x9e3779b97f4a7c15ULL + v + 1;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (z ^ z >> 31);
}

/* A time that has come is as good as any before it. */
static uint64_t
away(const struct world *w, uint64_t at)
{
	if (at == L2TP_NEVER)
		return (L2TP_NEVER);
	return (at > w->now ? at - w->now : 0);
}

static const struct tunnel *
tunnel_of(const struct node *n)
{
	return ((const struct tunnel *)(const void *)((const char *)n -
	    offsetof(struct tunnel, by_tid)));
}
