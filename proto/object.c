/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnels and calls as objects: limits, ids, look-ups, memory.  What they do
 * is in cc.c and call.c.
 */
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "details.h"
#include "digest.h"
#include "engine.h"

#define TID_TRIES	16	/* at a random id that nobody has chosen */

static void	*owner(struct node *, size_t);
static uint32_t	 peer_hash(const struct l2tp *, const struct l2tp_addr *,
		    uint32_t);
static struct tunnel *peer_match(struct node *, const struct l2tp_addr *);
static struct tunnel *host_match(struct node *, const struct l2tp_addr *);
static struct call *claim_match(struct node *);
static uint32_t	 tid_draw(struct l2tp *, uint8_t);
static uint32_t	 id_draw(struct l2tp *, struct ids *, uint8_t, uint64_t);
static uint32_t	 sid_key(const struct tunnel *, uint32_t);

struct tunnel *
tunnel_new(struct l2tp *e, const struct l2tp_path *path, uint8_t version,
    uint32_t local_tid, enum l2tp_err *err)
{
	uint32_t tid = local_tid != 0 ? local_tid : tid_draw(e, version);
	struct tunnel *t;

	*err = ERR_RATE;
	if (tid == 0 || tunnel_find(e, tid) != NULL ||
	    e->stats.tunnels >= e->config.max_tunnels)
		return (NULL);
	*err = ERR_NOMEM;
	if (ring_reserve(&e->ring, TUNNEL_NOTES) == -1)
		return (NULL);
	if ((t = calloc(1, sizeof(*t))) == NULL) {
		ring_release(&e->ring, TUNNEL_NOTES);
		return (NULL);
	}
	*err = ERR_NONE;
	if (local_tid == 0)
		ids_take(&e->tids, tid);
	t->has_own_tid = local_tid != 0;
	t->e = e;
	t->version = version;
	t->local_tid = tid;
	t->reserve = TUNNEL_NOTES;
	t->path = *path;
	t->params = &default_params;
	t->timer.kind = TIMER_TUNNEL;
	t->timer.at = t->expires = L2TP_NEVER;
	t->last_heard = e->now;
	TAILQ_INIT(&t->calls);
	chan_init(&t->chan, t->params, version);
	table_insert(&e->by_tid, &t->by_tid, tid);
	e->stats.tunnels++;
	return (t);
}

/*
 * An id that never carried a session needs no quarantine, and one that the
 * caller has chosen is no random one.
 */
void
tunnel_free(struct tunnel *t, uint64_t now)
{
	struct l2tp *e = t->e;

	assert(TAILQ_EMPTY(&t->calls) && !t->is_ready);
	heap_set(&e->heap, &t->timer, L2TP_NEVER);
	tunnel_set_half_open(t, 0);
	table_remove(&e->by_tid, &t->by_tid);
	table_remove(&e->by_peer, &t->by_peer);
	tunnel_unset_host(t);
	chan_flush(&t->chan, &e->pool);
	ring_release(&e->ring, t->reserve);
	if (!t->has_own_tid && t->was_up)
		ids_release(&e->tids, t->local_tid, now);
	else if (!t->has_own_tid)
		ids_return(&e->tids, t->local_tid);
	e->stats.tunnels--;
	tunnel_drop_hail(t);
	free(t->peer_nonce);
	free(t->names);
	free(t->ended);
	free(t);
}

struct tunnel *
tunnel_find(const struct l2tp *e, uint32_t local_tid)
{
	return (owner(table_first(&e->by_tid, local_tid),
	    offsetof(struct tunnel, by_tid)));
}

struct tunnel *
tunnel_any(const struct l2tp *e, size_t *at)
{
	return (owner(table_any(&e->by_tid, at),
	    offsetof(struct tunnel, by_tid)));
}

uint32_t
tunnel_name(const struct msg *m, struct bytes body)
{
	uint32_t id = tunnel_id(m);

	return (id != 0 ? id : digest_name(body));
}

uint32_t
tunnel_id(const struct msg *m)
{
	if (m->version == 3)
		return (m->have[AVP_ASSIGNED_CCID] ? m->assigned_ccid : 0);
	return (m->have[AVP_ASSIGNED_TUNNEL_ID] ? m->assigned_tid : 0);
}

struct tunnel *
tunnel_find_peer(const struct l2tp *e, const struct l2tp_addr *peer,
    uint32_t name)
{
	uint32_t key = peer_hash(e, peer, name);

	return (peer_match(table_first(&e->by_peer, key), peer));
}

struct tunnel *
tunnel_next_peer(const struct tunnel *t)
{
	return (peer_match(table_next(&t->by_peer), &t->path.peer));
}

/* The name is in the key, which is as good as it. */
static struct tunnel *
peer_match(struct node *n, const struct l2tp_addr *peer)
{
	struct tunnel *t;

	for (; n != NULL; n = table_next(n)) {
		t = owner(n, offsetof(struct tunnel, by_peer));
		if (addr_equal(&t->path.peer, peer))
			return (t);
	}
	return (NULL);
}

void
tunnel_learn_tid(struct tunnel *t, uint32_t peer_tid)
{
	if (t->peer_tid != 0 || peer_tid == 0)
		return;
	t->peer_tid = peer_tid;
	tunnel_learn_name(t, peer_tid);
}

void
tunnel_learn_name(struct tunnel *t, uint32_t name)
{
	if (t->by_peer.linked)
		return;
	table_insert(&t->e->by_peer, &t->by_peer,
	    peer_hash(t->e, &t->path.peer, name));
}

void
tunnel_set_host(struct tunnel *t, uint32_t name)
{
	struct l2tp_addr host = t->path.peer;

	assert(!t->is_half_open);
	host.port = 0;
	table_insert(&t->e->by_host, &t->by_host,
	    peer_hash(t->e, &host, name));
}

void
tunnel_unset_host(struct tunnel *t)
{
	assert(!t->is_half_open);
	table_remove(&t->e->by_host, &t->by_host);
}

struct tunnel *
tunnel_find_host(const struct l2tp *e, const struct l2tp_addr *peer,
    uint32_t name)
{
	struct l2tp_addr host = *peer;

	host.port = 0;
	return (host_match(table_first(&e->by_host,
	    peer_hash(e, &host, name)), peer));
}

struct tunnel *
tunnel_next_host(const struct tunnel *t)
{
	return (host_match(table_next(&t->by_host), &t->path.peer));
}

/* Two names with one key are for the caller to tell apart. */
static struct tunnel *
host_match(struct node *n, const struct l2tp_addr *peer)
{
	struct tunnel *t;

	for (; n != NULL; n = table_next(n)) {
		t = owner(n, offsetof(struct tunnel, by_host));
		if (addr_same_host(&t->path.peer, peer))
			return (t);
	}
	return (NULL);
}

int
tunnel_keep_hail(struct tunnel *t, struct bytes raw)
{
	if (raw.len > L2TP_MAX_PACKET ||
	    (t->hail = malloc(sizeof(*t->hail) + raw.len)) == NULL)
		return (-1);
	t->hail->len = (uint16_t)raw.len;
	memcpy(t->hail->raw, raw.p, raw.len);
	return (0);
}

void
tunnel_drop_hail(struct tunnel *t)
{
	free(t->hail);
	t->hail = NULL;
}

void
tunnel_set_half_open(struct tunnel *t, int on)
{
	struct l2tp *e = t->e;

	if ((int)t->is_half_open == on)
		return;
	t->is_half_open = on != 0;
	if (on) {
		TAILQ_INSERT_TAIL(&e->half_open, t, half_open);
		e->stats.half_open++;
	} else {
		TAILQ_REMOVE(&e->half_open, t, half_open);
		memset(&t->by_host, 0, sizeof(t->by_host));
		e->stats.half_open--;
	}
}

void
tunnel_yield(struct tunnel *t)
{
	struct l2tp *e = t->e;

	TAILQ_REMOVE(&e->half_open, t, half_open);
	TAILQ_INSERT_HEAD(&e->half_open, t, half_open);
}

struct call *
call_new(struct tunnel *t, const struct msg *m, int outgoing, uint64_t now,
    enum l2tp_err *err)
{
	struct l2tp *e = t->e;
	uint32_t sid = id_draw(e, &e->sids, t->version, now);
	struct call *c;

	*err = ERR_RATE;
	if (sid == 0 || e->stats.calls >= e->config.max_calls)
		return (NULL);
	*err = ERR_NOMEM;
	if (ring_reserve(&e->ring, CALL_NOTES) == -1)
		return (NULL);
	if ((c = calloc(1, sizeof(*c))) == NULL ||
	    details_add(&c->details, m) == -1) {
		free(c);
		ring_release(&e->ring, CALL_NOTES);
		return (NULL);
	}
	*err = ERR_NONE;
	ids_take(&e->sids, sid);
	c->tunnel = t;
	c->local_sid = sid;
	c->outgoing = outgoing != 0;
	c->reserve = CALL_NOTES;
	c->timer.kind = TIMER_CALL;
	c->timer.at = L2TP_NEVER;
	table_insert(&e->by_sid, &c->by_sid, sid);
	TAILQ_INSERT_TAIL(&t->calls, c, link);
	t->n_calls++;
	e->stats.calls++;
	return (c);
}

void
call_unlink(struct call *c)
{
	struct l2tp *e = c->tunnel->e;

	TAILQ_REMOVE(&c->tunnel->calls, c, link);
	c->tunnel->n_calls--;
	table_remove(&e->by_peer_sid, &c->by_peer);
	heap_set(&e->heap, &c->timer, L2TP_NEVER);
}

/* It was unlinked when it ended. */
void
call_free(struct call *c, uint64_t now)
{
	struct l2tp *e = c->tunnel->e;

	table_remove(&e->by_sid, &c->by_sid);
	ring_release(&e->ring, c->reserve);
	ids_release(&e->sids, c->local_sid, now);
	e->stats.calls--;
	details_free(c->details);
	free(c->ended);
	free(c);
}

struct call *
call_any(const struct l2tp *e, size_t *at)
{
	return (owner(table_any(&e->by_sid, at),
	    offsetof(struct call, by_sid)));
}

struct call *
call_by_sid(const struct l2tp *e, uint32_t local_sid)
{
	return (owner(table_first(&e->by_sid, local_sid),
	    offsetof(struct call, by_sid)));
}

struct call *
call_find(const struct tunnel *t, uint32_t local_sid)
{
	struct call *c = call_by_sid(t->e, local_sid);

	if (c == NULL || c->tunnel != t || c->state == CALL_CLOSED)
		return (NULL);
	return (c);
}

struct call *
call_find_peer(const struct tunnel *t, uint32_t peer_sid)
{
	struct node *n;
	struct call *c;

	n = table_first(&t->e->by_peer_sid, sid_key(t, peer_sid));
	for (; n != NULL; n = table_next(n)) {
		c = owner(n, offsetof(struct call, by_peer));
		if (c->tunnel == t && c->peer_sid == peer_sid)
			return (c);
	}
	return (NULL);
}

void
call_learn_sid(struct call *c, uint32_t peer_sid)
{
	if (c->peer_sid != 0 || peer_sid == 0)
		return;
	c->peer_sid = peer_sid;
	table_remove(&c->tunnel->e->by_peer_sid, &c->by_peer);
	table_insert(&c->tunnel->e->by_peer_sid, &c->by_peer,
	    sid_key(c->tunnel, peer_sid));
}

void
call_claim(struct call *c, uint32_t name)
{
	assert(c->peer_sid == 0);
	table_insert(&c->tunnel->e->by_peer_sid, &c->by_peer, name);
}

struct call *
call_find_claim(const struct l2tp *e, uint32_t name)
{
	return (claim_match(table_first(&e->by_peer_sid, name)));
}

struct call *
call_next_claim(const struct call *c)
{
	return (claim_match(table_next(&c->by_peer)));
}

static struct call *
claim_match(struct node *n)
{
	struct call *c;

	for (; n != NULL; n = table_next(n)) {
		c = owner(n, offsetof(struct call, by_peer));
		if (c->peer_sid == 0)
			return (c);
	}
	return (NULL);
}

uint32_t
sid_unused(struct tunnel *t)
{
	return (id_draw(t->e, &t->e->sids, t->version, t->e->now));
}

int
addr_equal(const struct l2tp_addr *a, const struct l2tp_addr *b)
{
	return (a->port == b->port && addr_same_host(a, b));
}

int
addr_same_host(const struct l2tp_addr *a, const struct l2tp_addr *b)
{
	return (a->family == b->family && a->encap == b->encap &&
	    a->scope == b->scope &&
	    memcmp(a->ip, b->ip, a->family == 4 ? 4 : sizeof(a->ip)) == 0);
}

struct ended *
ended_new(const struct l2tp_cause *cause)
{
	size_t len = strlen(cause->text) + 1;
	struct ended *n;

	if ((n = malloc(sizeof(*n) + len)) == NULL)
		return (NULL);
	n->reason = cause->reason;
	n->result = cause->result;
	n->error = cause->error;
	n->by = cause->by;
	memcpy(n->text, cause->text, len);
	return (n);
}

/* The object that has the node at that offset. */
static void *
owner(struct node *n, size_t offset)
{
	return (n == NULL ? NULL : (char *)n - offset);
}

/*
 * Multilinear hashing with secret keys: whoever does not know them cannot
 * choose addresses and ids that collide.
 */
static uint32_t
peer_hash(const struct l2tp *e, const struct l2tp_addr *a, uint32_t name)
{
	uint32_t word[HASH_WORDS] = { 0 };
	uint64_t sum = e->hash_key[HASH_WORDS];
	size_t i;

	memcpy(word, a->ip, a->family == 4 ? 4 : sizeof(a->ip));
	word[4] = (uint32_t)a->family << 24 | (uint32_t)a->encap << 16 |
	    a->port;
	word[5] = a->scope;
	word[6] = name;
	for (i = 0; i < HASH_WORDS; i++)
		sum += e->hash_key[i] * word[i];
	return ((uint32_t)(sum >> 32));
}

/* Those that the caller has chosen are not among the random ones. */
static uint32_t
tid_draw(struct l2tp *e, uint8_t version)
{
	uint32_t tid;
	int tries = 0;

	do
		tid = id_draw(e, &e->tids, version, e->now);
	while (tid != 0 && tunnel_find(e, tid) != NULL && tries++ < TID_TRIES);
	return (tid);
}

/* A free id of 16 bits for L2TPv2, of 32 for L2TPv3; 0 if there is none. */
static uint32_t
id_draw(struct l2tp *e, struct ids *ids, uint8_t version, uint64_t now)
{
	uint32_t start;

	e->config.random(e->config.random_arg, &start, sizeof(start));
	return (ids_find(ids, version == 2 ? start & UINT16_MAX : start,
	    now));
}

/* Multilinear hashing, as by peer_hash(): the peer chooses its ids. */
static uint32_t
sid_key(const struct tunnel *t, uint32_t peer_sid)
{
	const uint64_t *key = t->e->hash_key;

	return ((uint32_t)((key[2] + key[0] * t->local_tid +
	    key[1] * peer_sid) >> 32));
}
