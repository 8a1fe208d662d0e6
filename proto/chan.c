/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Sliding window in both directions (RFC 2661 5.8), with slow start and
 * congestion avoidance (appendix A).  Messages are encoded once; only Ns, Nr
 * and the peer's tunnel id are stored at each transmission.
 *
 * Never sends by itself: chan_next() is asked for packets.
 */
#include <stdlib.h>
#include <string.h>

#include "chan.h"
#include "hdr.h"

#define POOL_ROOM	64	/* of a buffer that is kept: HELLO, CDN */
#define POOL_SPARE	64	/* kept at most */
#define CHAN_HALF	32768	/* of the sequence number space */
#define CHAN_MAX_SHIFT	16	/* the cap is reached long before */

static struct cmsg	*pool_get(struct pool *, const void *, size_t);
static void		 chan_ack(struct chan *, struct pool *, uint16_t);
static void		 chan_grow(struct chan *);
static void		 chan_count(struct chan *, uint32_t, uint64_t);
static void		 chan_write(struct chan *, struct wr *, uint32_t,
			    uint64_t);
static int		 chan_sendable(const struct chan *, uint64_t);
static int		 chan_in_window(const struct chan *,
			    const struct cmsg *);
static uint64_t		 chan_due(const struct chan *, const struct cmsg *);
static uint64_t		 chan_interval_ms(const struct l2tp_params *,
			    uint16_t);
static uint16_t		 chan_ours(const struct chan *);

void
pool_init(struct pool *p)
{
	memset(p, 0, sizeof(*p));
	STAILQ_INIT(&p->spare);
}

void
pool_free(struct pool *p)
{
	struct cmsg *m;

	while ((m = STAILQ_FIRST(&p->spare)) != NULL) {
		STAILQ_REMOVE_HEAD(&p->spare, link.tx);
		free(m);
	}
	p->n_spare = 0;
}

/* Small buffers are kept, so that HELLO and its like allocate nothing. */
static struct cmsg *
pool_get(struct pool *p, const void *bytes, size_t len)
{
	size_t room = len;
	struct cmsg *m;

	if (len <= POOL_ROOM && (m = STAILQ_FIRST(&p->spare)) != NULL) {
		STAILQ_REMOVE_HEAD(&p->spare, link.tx);
		p->n_spare--;
		room = m->room;
	} else {
		if (len <= POOL_ROOM)
			room = POOL_ROOM;
		if ((m = malloc(offsetof(struct cmsg, data) + room)) == NULL)
			return (NULL);
	}
	memset(m, 0, offsetof(struct cmsg, data));
	m->room = (uint16_t)room;
	m->len = (uint16_t)len;
	memcpy(m->data, bytes, len);
	return (m);
}

void
pool_put(struct pool *p, struct cmsg *m)
{
	if (m->room != POOL_ROOM || p->n_spare >= POOL_SPARE) {
		free(m);
		return;
	}
	STAILQ_INSERT_HEAD(&p->spare, m, link.tx);
	p->n_spare++;
}

void
chan_init(struct chan *c, const struct l2tp_params *params, uint8_t version)
{
	memset(c, 0, sizeof(*c));
	STAILQ_INIT(&c->txq);
	SLIST_INIT(&c->rxq);
	c->version = version;
	c->params = params;
	c->ack_at = L2TP_NEVER;
	c->cwnd = 1;
	c->window = c->ssthresh = CHAN_DEFAULT_WINDOW;
}

void
chan_resume(struct chan *c, uint16_t ns)
{
	c->una = c->max = c->ns = ns;
}

void
chan_params(struct chan *c, const struct l2tp_params *params)
{
	c->params = params;
}

void
chan_set_window(struct chan *c, uint16_t window)
{
	/* Appendix A: the slow start threshold begins as the window. */
	c->window = c->ssthresh = window;
	if (c->cwnd > window)
		c->cwnd = window;
}

void
chan_flush(struct chan *c, struct pool *p)
{
	struct cmsg *m;

	chan_restart(c, p, c->una);
	while ((m = SLIST_FIRST(&c->rxq)) != NULL) {
		SLIST_REMOVE_HEAD(&c->rxq, link.rx);
		pool_put(p, m);
	}
	c->n_ahead = 0;
	c->ack_now = 0;
	c->ack_at = L2TP_NEVER;
}

void
chan_restart(struct chan *c, struct pool *p, uint16_t ns)
{
	struct cmsg *m;

	while ((m = STAILQ_FIRST(&c->txq)) != NULL) {
		STAILQ_REMOVE_HEAD(&c->txq, link.tx);
		p->n_queued--;
		pool_put(p, m);
	}
	c->next = NULL;
	c->queued = 0;
	chan_resume(c, ns);
}

/*
 * There is one message at a time in each direction, a HELLO, so that no
 * number tells more than which is the next.  An old one that comes late does
 * no harm: the message after it is answered with the number in force.
 */
void
chan_follow(struct chan *c, struct pool *p, uint16_t ns, uint16_t nr, int zlb)
{
	if (!zlb && (uint16_t)(ns + 1) != c->nr)
		c->nr = ns;
	if ((uint16_t)(nr - c->una) > (uint16_t)(c->max - c->una))
		chan_restart(c, p, nr);
}

void
chan_again(struct chan *c)
{
	struct cmsg *m = STAILQ_FIRST(&c->txq);

	if (m == NULL)
		return;
	m->tries = 0;
	c->next = m;
}

int
chan_queue(struct chan *c, struct pool *p, const void *bytes, size_t len)
{
	struct cmsg *m;

	/* Half of the sequence numbers is all that can be told apart. */
	if (c->queued >= CHAN_HALF - 1 || len > L2TP_MAX_PACKET ||
	    (m = pool_get(p, bytes, len)) == NULL)
		return (-1);
	m->ns = c->ns++;
	STAILQ_INSERT_TAIL(&c->txq, m, link.tx);
	if (c->next == NULL)
		c->next = m;
	c->queued++;
	p->n_queued++;
	return (0);
}

/* RFC 2661 5.8: one of the 32768 numbers before the expected one. */
int
chan_is_old(const struct chan *c, uint16_t ns)
{
	return ((uint16_t)(ns - c->nr) >= CHAN_HALF);
}

/* RFC 2661 5.8: Nr counts in whatever carries it. */
enum chan_verdict
chan_input(struct chan *c, struct pool *p, uint16_t ns, uint16_t nr, int zlb,
    uint32_t ack_delay_ms, uint64_t now)
{
	uint16_t ahead = (uint16_t)(ns - c->nr);

	chan_ack(c, p, nr);
	if (zlb)
		return (CHAN_ACK);
	if (chan_is_old(c, ns)) {
		c->duplicates++;
		c->ack_now = 1;
		return (CHAN_DUPLICATE);
	}
	if (ahead == 0) {
		c->nr++;
		chan_count(c, ack_delay_ms, now);
		return (CHAN_DELIVER);
	}
	if (ahead < chan_ours(c) && ahead <= CHAN_MAX_AHEAD)
		return (CHAN_AHEAD);
	c->dropped++;
	return (CHAN_DROP);
}

void
chan_hold(struct chan *c, struct pool *p, uint16_t ns, uint32_t sid,
    struct bytes body)
{
	struct cmsg *m, *it, *before = NULL;

	SLIST_FOREACH(it, &c->rxq, link.rx) {
		if (it->ns == ns) {
			c->duplicates++;
			return;
		}
		if ((uint16_t)(it->ns - c->nr) > (uint16_t)(ns - c->nr))
			break;
		before = it;
	}
	if (body.len > L2TP_MAX_PACKET ||
	    (m = pool_get(p, body.p, body.len)) == NULL) {
		c->dropped++;
		return;
	}
	m->ns = ns;
	m->sid = sid;
	if (before == NULL)
		SLIST_INSERT_HEAD(&c->rxq, m, link.rx);
	else
		SLIST_INSERT_AFTER(before, m, link.rx);
	c->n_ahead++;
}

struct cmsg *
chan_held(struct chan *c)
{
	struct cmsg *m = SLIST_FIRST(&c->rxq);

	if (m == NULL || m->ns != c->nr)
		return (NULL);
	SLIST_REMOVE_HEAD(&c->rxq, link.rx);
	c->n_ahead--;
	c->nr++;
	/* The message that filled the gap has made an acknowledgement due. */
	c->received++;
	c->unacked++;
	c->ack_now |= c->unacked * 2 >= chan_ours(c);
	return (m);
}

int
chan_ready(const struct chan *c, uint64_t now)
{
	return (c->ack_now || chan_sendable(c, now));
}

/* A message carries the acknowledgement; without one it is a ZLB. */
int
chan_next(struct chan *c, struct wr *w, uint32_t peer_tid, uint64_t now)
{
	if (chan_sendable(c, now)) {
		chan_write(c, w, peer_tid, now);
	} else if (c->ack_now) {
		hdr_encode(w, c->version, peer_tid, 0);
		hdr_seal(w, c->max, c->nr);
	} else {
		return (0);
	}
	c->sent++;
	c->unacked = 0;
	c->ack_now = 0;
	c->ack_at = L2TP_NEVER;
	return (1);
}

uint64_t
chan_deadline(const struct chan *c, uint64_t now)
{
	struct cmsg *head = STAILQ_FIRST(&c->txq);
	uint64_t at = c->ack_now ? L2TP_NEVER : c->ack_at;

	if (head != NULL && head != c->next && chan_due(c, head) < at)
		at = chan_due(c, head);
	/* Went back to it before its time; chan_sendable() wants to know. */
	if (c->next != NULL && c->next->tries > 0 &&
	    chan_in_window(c, c->next) && chan_due(c, c->next) > now &&
	    chan_due(c, c->next) < at)
		at = chan_due(c, c->next);
	return (at);
}

int
chan_timeout(struct chan *c, uint64_t now)
{
	struct cmsg *head = STAILQ_FIRST(&c->txq);

	if (c->ack_at <= now)
		c->ack_now = 1;
	if (head == NULL || head == c->next || chan_due(c, head) > now)
		return (0);
	if (head->tries > c->params->max_retries)
		return (-1);
	/* Appendix A: congestion; go back to the first that is missing. */
	c->ssthresh = c->cwnd / 2 > 0 ? c->cwnd / 2 : 1;
	c->cwnd = 1;
	c->credit = 0;
	c->next = head;
	return (0);
}

uint64_t
chan_cycle_ms(const struct l2tp_params *params)
{
	uint64_t sum = 0;
	uint32_t tries;

	for (tries = 1; tries <= params->max_retries + 1U; tries++)
		sum += chan_interval_ms(params, (uint16_t)tries);
	return (sum);
}

/* RFC 2661 5.8: releases all before Nr; an Nr that cannot be is ignored. */
static void
chan_ack(struct chan *c, struct pool *p, uint16_t nr)
{
	uint16_t n = (uint16_t)(nr - c->una);
	struct cmsg *m;

	if (n == 0 || n > (uint16_t)(c->max - c->una))
		return;
	c->una = nr;
	while (n-- > 0) {
		m = STAILQ_FIRST(&c->txq);
		STAILQ_REMOVE_HEAD(&c->txq, link.tx);
		if (c->next == m)
			c->next = STAILQ_FIRST(&c->txq);
		c->queued--;
		p->n_queued--;
		pool_put(p, m);
	}
	chan_grow(c);
}

/* Appendix A: by one per ack, then by one per cwnd acks. */
static void
chan_grow(struct chan *c)
{
	if (c->cwnd >= c->window)
		return;
	if (c->cwnd < c->ssthresh) {
		c->cwnd++;
	} else if (++c->credit >= c->cwnd) {
		c->cwnd++;
		c->credit = 0;
	}
}

/*
 * A message was received: acknowledge it with what is sent next, or after
 * a delay, or at once if the peer may soon be unable to send.
 */
static void
chan_count(struct chan *c, uint32_t ack_delay_ms, uint64_t now)
{
	c->received++;
	c->unacked++;
	if (c->ack_at == L2TP_NEVER)
		c->ack_at = now + ack_delay_ms;
	if (c->unacked * 2 >= chan_ours(c))
		c->ack_now = 1;
}

static void
chan_write(struct chan *c, struct wr *w, uint32_t peer_tid, uint64_t now)
{
	struct cmsg *m = c->next;

	wr_bytes(w, m->data, m->len);
	hdr_address(w, c->version, peer_tid);
	hdr_seal(w, m->ns, c->nr);
	if (m->ns == c->max)
		c->max++;
	else
		c->retransmitted++;
	m->tries++;
	m->sent_at = now;
	c->next = STAILQ_NEXT(m, link.tx);
}

/* In the window, and if it was sent before, not before its time. */
static int
chan_sendable(const struct chan *c, uint64_t now)
{
	const struct cmsg *m = c->next;

	return (m != NULL && chan_in_window(c, m) &&
	    (m->tries == 0 || chan_due(c, m) <= now));
}

static int
chan_in_window(const struct chan *c, const struct cmsg *m)
{
	/* Appendix A: cwnd never exceeds the peer's window. */
	return ((uint16_t)(m->ns - c->una) < c->cwnd);
}

static uint64_t
chan_due(const struct chan *c, const struct cmsg *m)
{
	return (m->sent_at + chan_interval_ms(c->params, m->tries));
}

/* RFC 2661 5.8: 1, 2, 4, ... times the first, capped. */
static uint64_t
chan_interval_ms(const struct l2tp_params *params, uint16_t tries)
{
	uint64_t ms, cap = params->retry_cap_ms;
	uint16_t shift = (uint16_t)(tries - 1);

	if (cap < CHAN_MIN_CAP_MS)
		cap = CHAN_MIN_CAP_MS;
	if (shift > CHAN_MAX_SHIFT)
		shift = CHAN_MAX_SHIFT;
	ms = (uint64_t)params->retry_ms << shift;
	return (ms < cap ? ms : cap);
}

/* What we have told the peer that we can receive. */
static uint16_t
chan_ours(const struct chan *c)
{
	return (c->params->window_size);
}
