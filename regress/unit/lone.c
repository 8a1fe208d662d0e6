/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The engine and the peer of lone.h.
 */
#include <check.h>
#include <string.h>

#include "lone.h"

#define LONE_START	1000000
#define LONE_ROUTER	0xc0000202U
#define LONE_DIGEST_TYPE 26	/* where it is */

/* What of a message must be there (section 6), after its Message Type. */
static const struct lone_row {
	uint8_t	type;
	uint8_t	hail, stop, session, request, circuit, errors;
} lone_rows[] = {
	{ .type = RAW_SCCRQ, .hail = 1 },
	{ .type = RAW_SCCRP, .hail = 1 },
	{ .type = RAW_STOPCCN, .stop = 1 },
	{ .type = RAW_ICRQ, .session = 1, .request = 1, .circuit = 1 },
	{ .type = RAW_OCRQ, .session = 1, .request = 1, .circuit = 1 },
	{ .type = RAW_ICRP, .session = 1, .circuit = 1 },
	{ .type = RAW_OCRP, .session = 1, .circuit = 1 },
	{ .type = RAW_ICCN, .session = 1 },
	{ .type = RAW_OCCN, .session = 1 },
	{ .type = RAW_CDN, .stop = 1, .session = 1 },
	{ .type = RAW_WEN, .session = 1, .errors = 1 },
	{ .type = RAW_SLI, .session = 1, .circuit = 1 }
};

static const struct l2tp_params lone_defaults = {
	.host_name = "lcce.example.net",
	.window_size = 8,
	.max_retries = 5,
	.retry_ms = 1000,
	.retry_cap_ms = 8000,
	.hello_ms = 60000,
	.setup_ms = 20000,
	.versions = L2TP_V3,
	.router_id = 0xc0000201U,
	.pw_types = { L2TP_PW_ETH, L2TP_PW_PPP },
	.n_pw_types = 2
};

static void	 lone_hail(struct raw *);
static void	 lone_learn(struct lone *);

static void
lone_random(void *arg, void *to, size_t len)
{
	uint64_t *seed = arg;
	uint8_t *p = to;

	while (len-- > 0) {
		*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
		*p++ = (uint8_t)(*seed >> 56);
	}
}

void
lone_init(struct lone *l)
{
	struct l2tp_config c = {
		.random = lone_random, .random_arg = &l->seed,
		.max_tunnels = 16, .max_calls = 16, .max_half_open = 8,
		.quarantine_ms = 31000, .ack_delay_ms = 100
	};

	memset(l, 0, sizeof(*l));
	l->params = lone_defaults;
	l->now = LONE_START;
	l->path.local.family = l->path.peer.family = 4;
	l->path.local.port = l->path.peer.port = 1701;
	memcpy(l->path.local.ip, "\300\0\2\1", 4);
	memcpy(l->path.peer.ip, "\300\0\2\2", 4);
	l->e = l2tp_new(&c);
	ck_assert_ptr_nonnull(l->e);
}

void
lone_free(struct lone *l)
{
	l2tp_free(l->e);
	l->e = NULL;
}

void
lone_encap_ip(struct lone *l)
{
	l->path.local.encap = l->path.peer.encap = L2TP_ENCAP_IP;
	l->path.local.port = l->path.peer.port = 0;
}

void
lone_sign(struct lone *l, int sha1)
{
	struct raw nonce = { 16, "sixteen octets.." };

	l->signs = 1;
	l->params.digests = sha1 ? L2TP_DIGEST_SHA1 : L2TP_DIGEST_MD5;
	l->params.secret[0] = (const uint8_t *)LONE_SECRET;
	l->params.secret_len[0] = strlen(LONE_SECRET);
	l->key.secret = l->engine_key.secret = LONE_SECRET;
	l->key.sha1 = l->engine_key.sha1 = sha1;
	l->key.nonce[0] = l->engine_key.nonce[1] = nonce;
}

static void
lone_hail(struct raw *r)
{
	static const uint8_t pws[] = { 0, 5, 0, 7 };

	raw_avp(r, RAW_M, RAW_HOST_NAME, "peer", 4);
	raw_avp32(r, RAW_ROUTER_ID, LONE_ROUTER);
	raw_avp32(r, RAW_CCID, LONE_CCID);
	raw_avp(r, RAW_M, RAW_PW_LIST, pws, sizeof(pws));
}

struct raw
lone_msg(const struct lone *l, uint16_t type)
{
	static const uint8_t errors[26];
	const struct lone_row *row = lone_rows, none = { .type = 0 };
	int i, n = sizeof(lone_rows) / sizeof(lone_rows[0]);
	struct raw r;

	for (i = 0; i < n && row->type != type; i++)
		row++;
	if (i == n)
		row = &none;
	raw_begin(&r, type, l->tid);
	if (row->stop)
		raw_avp16(&r, RAW_RESULT, type == RAW_CDN ? 3 : 1);
	if (type == RAW_STOPCCN)
		raw_avp32(&r, RAW_CCID, LONE_CCID);
	if (row->hail)
		lone_hail(&r);
	if (row->hail && l->signs)
		raw_avp(&r, RAW_M, RAW_NONCE, l->key.nonce[0].p,
		    l->key.nonce[0].len);
	if (row->session) {
		raw_avp32(&r, RAW_LOCAL_SID, LONE_SID);
		raw_avp32(&r, RAW_REMOTE_SID, row->request ? 0 : l->sid);
	}
	if (row->request) {
		raw_avp32(&r, RAW_SERIAL, 1);
		raw_avp16(&r, RAW_PW_TYPE, L2TP_PW_ETH);
		raw_avp(&r, RAW_M, RAW_END_ID, LONE_END_ID,
		    strlen(LONE_END_ID));
	}
	if (row->circuit)
		raw_avp16(&r, RAW_CIRCUIT, 1);
	if (row->errors)
		raw_avp(&r, 0, RAW_ERRORS, errors, 18);
	return (r);
}

int
lone_say_at(struct lone *l, struct raw r, uint16_t ns, uint16_t nr)
{
	struct raw_key key = l->key;

	raw_seal(&r, ns, nr);
	if (l->signs && raw_type(&r) == RAW_SCCRQ)
		key.nonce[0].len = key.nonce[1].len = 0;
	if (l->signs && raw_type(&r) != 0)
		raw_digest(&r, &key);
	return (l2tp_input(l->e, &l->path, r.p, r.len, l->now));
}

int
lone_say(struct lone *l, struct raw r)
{
	return (lone_say_at(l, r, l->ns++, l->nr));
}

void
lone_ack(struct lone *l)
{
	struct raw r;

	if (l->signs)
		raw_begin(&r, RAW_ACK, l->tid);
	else
		raw_zlb(&r, l->tid);
	lone_say_at(l, r, l->ns, l->nr);
}

int
lone_out(struct lone *l)
{
	struct raw_key key;
	struct l2tp_packet pkt;
	uint16_t type;

	if (!l2tp_next_packet(l->e, &pkt, l->now))
		return (0);
	ck_assert_uint_le(pkt.len, sizeof(l->out.p));
	memset(&l->out, 0, sizeof(l->out));
	l->out.len = pkt.len;
	memcpy(l->out.p, pkt.data, pkt.len);
	ck_assert_mem_eq(l->out.p, "\310\003", 2);
	ck_assert_uint_eq((size_t)(l->out.p[2] << 8 | l->out.p[3]), pkt.len);
	type = raw_type(&l->out);
	if (type != 0 && type != RAW_ACK && raw_ns(&l->out) == l->nr)
		l->nr++;
	lone_learn(l);
	if (!l->signs)
		return (1);
	key = l->engine_key;
	key.sha1 = l->out.p[LONE_DIGEST_TYPE];
	ck_assert_uint_ne(l->params.digests & 1 << key.sha1, 0);
	if (type == RAW_SCCRQ)
		key.nonce[0].len = key.nonce[1].len = 0;
	ck_assert_msg(raw_verify(&l->out, &key), "digest of message %u", type);
	ck_assert_uint_eq(raw_at(&l->out, RAW_DIGEST), 20);
	return (1);
}

/* The nonce and ids of what the engine has sent. */
static void
lone_learn(struct lone *l)
{
	const uint8_t *p;
	size_t len;

	if ((p = raw_find(&l->out, RAW_NONCE, &len)) != NULL) {
		l->engine_key.nonce[0].len = len;
		memcpy(l->engine_key.nonce[0].p, p, len);
		l->key.nonce[1] = l->engine_key.nonce[0];
	}
	p = raw_find(&l->out, RAW_LOCAL_SID, &len);
	if (p != NULL && len == 4)		/* not hidden */
		l->sid = raw_get32(&l->out, RAW_LOCAL_SID);
}

void
lone_expect(struct lone *l, uint16_t type)
{
	ck_assert_msg(lone_out(l), "no packet, wanted %u", type);
	ck_assert_uint_eq(raw_type(&l->out), type);
}

void
lone_expect_none(struct lone *l)
{
	while (lone_out(l))
		ck_assert(raw_type(&l->out) == 0 ||
		    raw_type(&l->out) == RAW_ACK);
}

void
lone_wait(struct lone *l, uint64_t ms)
{
	uint64_t end = l->now + ms, at;

	while ((at = l2tp_next_deadline(l->e)) <= end) {
		if (at > l->now)
			l->now = at;
		l2tp_timeout(l->e, l->now);
		while (lone_out(l))
			continue;
	}
	l->now = end;
}

int
lone_event(struct lone *l)
{
	while (l2tp_next_event(l->e, &l->ev))
		if (l->ev.type != L2TP_EV_STATE &&
		    l->ev.type != L2TP_EV_DROPPED)
			return (1);
	return (0);
}

void
lone_expect_event(struct lone *l, enum l2tp_event_type type)
{
	ck_assert_msg(lone_event(l), "no event, wanted %d", type);
	ck_assert_int_eq(l->ev.type, type);
}

void
lone_expect_no_event(struct lone *l)
{
	ck_assert_msg(!lone_event(l), "unwanted event %d", l->ev.type);
}

const char *
lone_state(struct lone *l)
{
	struct l2tp_tunnel_info i;

	return (l2tp_tunnel_get(l->e, l->tid, &i) == -1 ? "none" : i.state);
}

const char *
lone_call_state(struct lone *l)
{
	struct l2tp_call_info i;

	return (l2tp_call_get(l->e, l->tid, l->sid, &i) == -1 ? "none" :
	    i.state);
}

void
lone_listen(struct lone *l)
{
	lone_say(l, lone_msg(l, RAW_SCCRQ));
	lone_expect_event(l, L2TP_EV_TUNNEL_IN);
	l->tid = l->ev.local_tid;
	ck_assert_int_eq(l2tp_tunnel_accept(l->e, l->tid, &l->params, l,
	    l->now), 0);
	lone_expect(l, RAW_SCCRP);
	lone_say(l, lone_msg(l, RAW_SCCCN));
	lone_expect_event(l, L2TP_EV_TUNNEL_UP);
}

void
lone_dial(struct lone *l)
{
	l->tid = 0;
	ck_assert_int_eq(l2tp_tunnel_open(l->e, &l->path, &l->params, l,
	    l->now, &l->tid), 0);
	lone_expect(l, RAW_SCCRQ);
	lone_say(l, lone_msg(l, RAW_SCCRP));
	lone_expect(l, RAW_SCCCN);
	lone_expect_event(l, L2TP_EV_TUNNEL_UP);
	lone_ack(l);
}

struct l2tp_call_params
lone_params(void)
{
	struct l2tp_call_params p = { .pw_type = L2TP_PW_ETH,
	    .cookie_len = 8 };

	p.remote_end_id.p = (const uint8_t *)LONE_END_ID;
	p.remote_end_id.len = strlen(LONE_END_ID);
	return (p);
}

void
lone_ask(struct lone *l, const struct l2tp_call_params *p)
{
	uint32_t sid;

	ck_assert_int_eq(l2tp_call_open(l->e, l->tid, p, l, l->now, &sid), 0);
	lone_expect(l, p->outgoing ? RAW_OCRQ : RAW_ICRQ);
	ck_assert_uint_eq(l->sid, sid);
	lone_ack(l);
}

void
lone_asked(struct lone *l, uint16_t type)
{
	lone_say(l, lone_msg(l, type));
	lone_expect_event(l, L2TP_EV_CALL_IN);
	l->sid = l->ev.local_sid;
}

void
lone_call_up(struct lone *l)
{
	struct l2tp_call_params p = lone_params();

	lone_asked(l, RAW_ICRQ);
	ck_assert_int_eq(l2tp_call_offer(l->e, l->tid, l->sid, &p, l->now), 0);
	ck_assert_int_eq(l2tp_call_accept(l->e, l->tid, l->sid, l, l->now), 0);
	lone_expect(l, RAW_ICRP);
	lone_say(l, lone_msg(l, RAW_ICCN));
	lone_expect_event(l, L2TP_EV_CALL_UP);
}

void
lone_stopped(struct lone *l, uint16_t result, uint16_t error)
{
	const uint8_t *p;
	size_t len;

	lone_expect(l, RAW_STOPCCN);
	p = raw_find(&l->out, RAW_RESULT, &len);
	ck_assert(p != NULL && len >= 2);
	ck_assert_uint_eq(p[1], result);
	ck_assert_uint_eq(len >= 4 ? p[3] : 0, error);
	lone_expect_event(l, L2TP_EV_TUNNEL_DOWN);
	ck_assert_str_eq(lone_state(l), "closing");
}

void
lone_cleared(struct lone *l, uint16_t result, uint16_t error)
{
	const uint8_t *p;
	size_t len;

	lone_expect(l, RAW_CDN);
	p = raw_find(&l->out, RAW_RESULT, &len);
	ck_assert(p != NULL && len >= 2);
	ck_assert_uint_eq(p[1], result);
	ck_assert_uint_eq(len >= 4 ? p[3] : 0, error);
	ck_assert_str_eq(lone_state(l), "established");
}
