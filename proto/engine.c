/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The engine: making and ending it, time, packets out, and the requests of
 * the caller about tunnels; those about calls are in call_req.c, l2tp_input()
 * in input.c, and l2tp_next_event() in event.c.
 *
 * Nothing here walks over all tunnels or calls but l2tp_free().
 */
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "call.h"
#include "cc.h"
#include "engine.h"
#include "proof.h"
#include "quirk.h"

#define HOST_NAME_MAX_LEN	255
#define WINDOW_MAX		32768

const struct l2tp_params default_params = {
	.host_name = "",
	.window_size = CHAN_DEFAULT_WINDOW,
	.max_retries = 5,
	.framing_caps = L2TP_FRAMING_SYNC | L2TP_FRAMING_ASYNC,
	.retry_ms = 1000,
	.retry_cap_ms = CHAN_MIN_CAP_MS,
	.setup_ms = 30000,
	.quirks = QUIRKS_ANY
};

/* max_retries 0: who did not hear it asks again, and is told again. */
const struct l2tp_params refused_params = {
	.host_name = "",
	.window_size = CHAN_DEFAULT_WINDOW,
	.framing_caps = L2TP_FRAMING_SYNC | L2TP_FRAMING_ASYNC,
	.retry_ms = 1000,
	.retry_cap_ms = CHAN_MIN_CAP_MS
};

static uint64_t	 engine_random64(struct l2tp *);
static void	 tunnel_encode(struct tunnel *, struct wr *,
		    const struct msg *);
static void	 tunnel_seal(struct tunnel *, struct wr *);
static int	 engine_tables(struct l2tp *);
static void	 tunnel_unready(struct tunnel *);
static struct tunnel *tunnel_open(struct l2tp *, const struct l2tp_path *,
		    const struct l2tp_params *, void *, uint64_t, uint8_t,
		    uint32_t);
static int	 params_valid(const struct l2tp_params *);
static int	 secrets_valid(const struct l2tp_params *);
static struct tunnel *tunnel_for(struct l2tp *, uint32_t, enum cc_ev);

struct l2tp *
l2tp_new(const struct l2tp_config *config)
{
	struct l2tp *e;
	size_t i;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return (NULL);
	e->config = *config;
	TAILQ_INIT(&e->half_open);
	TAILQ_INIT(&e->ready);
	TAILQ_INIT(&e->graves);
	TAILQ_INIT(&e->call_graves);
	pool_init(&e->pool);
	ids_init(&e->tids, config->quarantine_ms);
	ids_init(&e->sids, config->quarantine_ms);
	for (i = 0; i <= HASH_WORDS; i++)
		e->hash_key[i] = engine_random64(e);
	e->serial = (uint32_t)engine_random64(e);
	e->router_id = (uint32_t)engine_random64(e) | 1;
	e->config.random(e->config.random_arg, e->challenge_key,
	    sizeof(e->challenge_key));
	if (engine_tables(e) == -1) {
		l2tp_free(e);
		return (NULL);
	}
	return (e);
}

static int
engine_tables(struct l2tp *e)
{
	uint32_t tunnels = e->config.max_tunnels, calls = e->config.max_calls;

	if (table_init(&e->by_tid, tunnels, engine_random64(e)) == -1 ||
	    table_init(&e->by_peer, tunnels, engine_random64(e)) == -1 ||
	    table_init(&e->by_host, tunnels, engine_random64(e)) == -1 ||
	    table_init(&e->by_sid, calls, engine_random64(e)) == -1 ||
	    table_init(&e->by_peer_sid, calls, engine_random64(e)) == -1)
		return (-1);
	return (heap_init(&e->heap, tunnels + calls));
}

void
l2tp_free(struct l2tp *e)
{
	struct tunnel *t;
	struct call *c;
	size_t at;

	if (e == NULL)
		return;
	for (at = 0; (c = call_any(e, &at)) != NULL;) {
		if (c->state != CALL_CLOSED)
			call_unlink(c);
		call_free(c, e->now);
	}
	for (at = 0; (t = tunnel_any(e, &at)) != NULL;) {
		tunnel_unready(t);
		tunnel_free(t, e->now);
	}
	table_free(&e->by_tid);
	table_free(&e->by_peer);
	table_free(&e->by_host);
	table_free(&e->by_sid);
	table_free(&e->by_peer_sid);
	heap_free(&e->heap);
	pool_free(&e->pool);
	free(e->ring.note);
	explicit_bzero(e->challenge_key, sizeof(e->challenge_key));
	free(e);
}

void
l2tp_timeout(struct l2tp *e, uint64_t now)
{
	struct tunnel *t;
	struct timer *timer;

	e->now = now;
	while ((timer = heap_top(&e->heap)) != NULL && timer->at <= now) {
		if (timer->kind == TIMER_TUNNEL) {
			t = (struct tunnel *)timer;
			cc_timeout(t, now);
		} else {
			t = ((struct call *)timer)->tunnel;
			call_timeout((struct call *)timer, now);
		}
		tunnel_update(t, now);
	}
}

uint64_t
l2tp_next_deadline(const struct l2tp *e)
{
	const struct timer *timer = heap_top(&e->heap);

	return (timer == NULL ? L2TP_NEVER : timer->at);
}

/* One packet of each tunnel in turn. */
int
l2tp_next_packet(struct l2tp *e, struct l2tp_packet *pkt, uint64_t now)
{
	struct tunnel *t;
	struct wr w;
	int found;

	e->now = now;
	while ((t = TAILQ_FIRST(&e->ready)) != NULL) {
		tunnel_unready(t);
		wr_init(&w, pkt->data, sizeof(pkt->data));
		found = chan_next(&t->chan, &w, t->peer_tid, now);
		if (found)
			tunnel_seal(t, &w);
		tunnel_update(t, now);
		if (!found)
			continue;
		pkt->path = t->path;
		pkt->local_tid = t->local_tid;
		pkt->len = w.len;
		e->stats.sent++;
		return (1);
	}
	return (0);
}

void
tunnel_send(struct tunnel *t, uint32_t sid, const struct msg *m)
{
	struct l2tp *e = t->e;
	struct wr w;

	wr_init(&w, e->scratch, sizeof(e->scratch));
	hdr_encode(&w, t->version, t->peer_tid, sid);
	tunnel_encode(t, &w, m);
	if (w.bad || chan_queue(&t->chan, &e->pool, e->scratch, w.len) == -1)
		e->stats.no_memory++;
}

/* 4.3: what is hidden is hidden by a Random Vector used only once. */
static void
tunnel_encode(struct tunnel *t, struct wr *w, const struct msg *m)
{
	const struct l2tp_config *c = &t->e->config;
	uint8_t key[AUTH3_KEY_LEN];
	struct bytes secret;
	uint8_t vector[HIDE_VECTOR_LEN], nonce[DIGEST_LEN];
	struct msg all = *m;

	proof_add(t, &all, nonce);
	if (!auth_may_hide(t) || !msg_hides(t->version, m)) {
		msg_encode(w, t->version, &all, NULL);
		return;
	}
	c->random(c->random_arg, vector, sizeof(vector));
	all.have[AVP_RANDOM_VECTOR] = 1;
	all.random_vector.p = vector;
	all.random_vector.len = sizeof(vector);
	secret = auth_hide_key(t, key);
	msg_encode(w, t->version, &all, &secret);
	explicit_bzero(key, sizeof(key));
}

/*
 * RFC 3931 6.15: where all messages have a digest an acknowledgement without
 * a message is one of its own.
 */
static void
tunnel_seal(struct tunnel *t, struct wr *w)
{
	struct msg ack = { .type = MSG_ACK };
	uint8_t none[DIGEST_LEN];

	if (t->version != 3 || t->digest == 0)
		return;
	if (w->len == HDR_CONTROL_LEN) {
		proof_add(t, &ack, none);
		msg_encode(w, t->version, &ack, NULL);
		hdr_seal(w, t->chan.max, t->chan.nr);
	}
	proof_seal(t, w);
}

/*
 * 5.7: the time for which a closing tunnel is kept begins when its last
 * message has been acknowledged.
 */
void
tunnel_update(struct tunnel *t, uint64_t now)
{
	struct l2tp *e = t->e;
	uint64_t at;

	if (t->state == CC_DEAD) {
		tunnel_unready(t);
		tunnel_set_half_open(t, 0);
		heap_set(&e->heap, &t->timer, L2TP_NEVER);
		tunnel_bury(t);
		return;
	}
	if (t->state == CC_CLOSING && t->expires == L2TP_NEVER &&
	    t->chan.queued == 0)
		t->expires = now + chan_cycle_ms(t->chan.params);
	at = chan_deadline(&t->chan, now);
	if (t->expires < at)
		at = t->expires;
	heap_set(&e->heap, &t->timer, at);
	if (!t->is_ready && chan_ready(&t->chan, now)) {
		TAILQ_INSERT_TAIL(&e->ready, t, queue);
		t->is_ready = 1;
	}
}

static void
tunnel_unready(struct tunnel *t)
{
	if (t->is_ready)
		TAILQ_REMOVE(&t->e->ready, t, queue);
	t->is_ready = 0;
}

int
l2tp_tunnel_open(struct l2tp *e, const struct l2tp_path *path,
    const struct l2tp_params *params, void *user, uint64_t now, uint32_t *tid)
{
	uint8_t version, versions = params_versions(params);
	struct stimulus s = { .now = now };
	struct tunnel *t;

	/* RFC 3931 4.7.3: a choice would be one of no authentication. */
	if (params->digests != 0 && (versions & L2TP_V3) != 0)
		versions = L2TP_V3;
	else if (params->challenge && (versions & L2TP_V2) != 0)
		versions = L2TP_V2;
	version = (versions & L2TP_V2) != 0 ? 2 : 3;
	if (version == 2 && (path->peer.encap == L2TP_ENCAP_IP ||
	    *tid > UINT16_MAX))
		return (-1);
	if ((t = tunnel_open(e, path, params, user, now, version, *tid)) ==
	    NULL)
		return (-1);
	t->initiator = 1;
	t->is_dual = versions == (L2TP_V2 | L2TP_V3);
	cc_event(t, CC_EV_OPEN, &s);
	tunnel_update(t, now);
	*tid = t->local_tid;
	return (0);
}

int
l2tp_tunnel_fixed(struct l2tp *e, const struct l2tp_path *path,
    const struct l2tp_params *params, void *user, uint64_t now,
    uint32_t local_tid, uint32_t peer_tid)
{
	struct stimulus s = { .now = now };
	struct tunnel *t;

	if (local_tid == 0 || peer_tid == 0 ||
	    (t = tunnel_open(e, path, params, user, now, 3, local_tid)) ==
	    NULL)
		return (-1);
	t->is_fixed = 1;
	t->peer_tid = peer_tid;
	cc_event(t, CC_EV_FIX, &s);
	tunnel_update(t, now);
	return (0);
}

static struct tunnel *
tunnel_open(struct l2tp *e, const struct l2tp_path *path,
    const struct l2tp_params *params, void *user, uint64_t now,
    uint8_t version, uint32_t tid)
{
	enum l2tp_err err;
	struct tunnel *t;

	e->now = now;
	if (!params_valid(params) ||
	    (t = tunnel_new(e, path, version, tid, &err)) == NULL)
		return (NULL);
	t->user = user;
	tunnel_set_params(t, params);
	return (t);
}

int
l2tp_tunnel_accept(struct l2tp *e, uint32_t tid,
    const struct l2tp_params *params, void *user, uint64_t now)
{
	struct tunnel *t = tunnel_for(e, tid, CC_EV_ACCEPT);

	e->now = now;
	if (t == NULL || !params_valid(params))
		return (-1);
	t->user = user;
	tunnel_set_params(t, params);
	cc_accept(t, now);
	tunnel_update(t, now);
	return (0);
}

int
l2tp_tunnel_reject(struct l2tp *e, uint32_t tid, uint16_t result,
    uint16_t error, const char *text, uint64_t now)
{
	struct stimulus s = { .now = now };
	struct tunnel *t = tunnel_for(e, tid, CC_EV_REJECT);

	e->now = now;
	if (t == NULL)
		return (-1);
	cause_local(&s.cause, result, error, text, "rejected");
	cc_event(t, CC_EV_REJECT, &s);
	tunnel_update(t, now);
	return (0);
}

int
l2tp_tunnel_ignore(struct l2tp *e, uint32_t tid, uint64_t now)
{
	struct stimulus s = { .now = now };
	struct tunnel *t = tunnel_for(e, tid, CC_EV_IGNORE);

	e->now = now;
	if (t == NULL)
		return (-1);
	cc_event(t, CC_EV_IGNORE, &s);
	tunnel_update(t, now);
	return (0);
}

int
l2tp_tunnel_close(struct l2tp *e, uint32_t tid, uint16_t result,
    uint16_t error, const char *text, uint64_t now)
{
	struct stimulus s = { .now = now };
	struct tunnel *t = tunnel_for(e, tid, CC_EV_CLOSE);

	e->now = now;
	if (t == NULL)
		return (-1);
	cause_local(&s.cause, result, error, text, "closed");
	cc_event(t, CC_EV_CLOSE, &s);
	tunnel_update(t, now);
	return (0);
}

int
l2tp_tunnel_set_link(struct l2tp *e, uint32_t tid, uint32_t link)
{
	struct tunnel *t = tunnel_find(e, tid);

	if (t == NULL || t->muted || t->state == CC_DEAD)
		return (-1);
	t->path.link = link;
	return (0);
}

void
l2tp_get_stats(const struct l2tp *e, struct l2tp_stats *stats)
{
	*stats = e->stats;
}

int
l2tp_quiet(const struct l2tp *e)
{
	return (e->pool.n_queued == 0);
}

const char *
l2tp_strerror(int err)
{
	return (err_phrase((enum l2tp_err)err));
}

static uint64_t
engine_random64(struct l2tp *e)
{
	uint64_t v;

	e->config.random(e->config.random_arg, &v, sizeof(v));
	return (v);
}

static int
params_valid(const struct l2tp_params *p)
{
	size_t len = p->host_name == NULL ? 0 : strlen(p->host_name);

	return (len > 0 && len <= HOST_NAME_MAX_LEN && p->window_size > 0 &&
	    p->window_size <= WINDOW_MAX && p->retry_ms > 0 &&
	    p->setup_ms > 0 && p->n_pw_types <= L2TP_MAX_PW_TYPES &&
	    ((params_versions(p) & L2TP_V3) == 0 || p->n_pw_types > 0) &&
	    secrets_valid(p));
}

/* RFC 3931 5.3: nothing is hidden without Control Message Authentication. */
static int
secrets_valid(const struct l2tp_params *p)
{
	return (p->secret_len[0] > 0 || (p->secret_len[1] == 0 &&
	    !p->challenge && !p->hide_avps));
}

uint8_t
params_versions(const struct l2tp_params *p)
{
	return (p->versions == 0 ? L2TP_V2 : p->versions);
}

void
tunnel_set_params(struct tunnel *t, const struct l2tp_params *params)
{
	t->params = params;
	t->digest = (params->digests & L2TP_DIGEST_SHA1) != 0 ?
	    L2TP_DIGEST_SHA1 : params->digests & L2TP_DIGEST_MD5;
	chan_params(&t->chan, params);
}

void
tunnel_set_version(struct tunnel *t, uint8_t version)
{
	t->version = t->chan.version = version;
}

/* The tunnel, if the caller knows of it and may ask this of it. */
static struct tunnel *
tunnel_for(struct l2tp *e, uint32_t tid, enum cc_ev ev)
{
	struct tunnel *t = tunnel_find(e, tid);

	return (t == NULL || t->muted || !cc_allows(t, ev) ? NULL : t);
}
