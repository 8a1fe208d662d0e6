/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control Message Authentication (RFC 3931 4.3, 5.4.1) between two engines:
 * who gets in, and what somebody in between can do.
 */
#include <check.h>
#include <string.h>

#include "auth3.h"
#include "cc.h"
#include "pair.h"

static struct pair p;

static void
setup(void)
{
	pair_init(&p, L2TP_V3);
	p.a.params.digests = p.b.params.digests =
	    L2TP_DIGEST_MD5 | L2TP_DIGEST_SHA1;
}

static void
teardown(void)
{
	pair_free(&p);
}

static void
secrets(const char *a, const char *b)
{
	pair_secret(&p.a, 0, a);
	pair_secret(&p.b, 0, b);
}

static void
accept_all(struct end *n)
{
	struct l2tp_event ev;

	while (l2tp_next_event(n->e, &ev))
		if (ev.type == L2TP_EV_TUNNEL_IN)
			ck_assert_int_eq(l2tp_tunnel_accept(n->e, ev.local_tid,
			    &n->params, NULL, p.now), 0);
}

/* 1 if a tunnel came up. */
static int
works(void)
{
	pair_dial(&p);
	pair_run(&p, 10000);
	return (strcmp(pair_info(&p.a).state, "established") == 0 &&
	    strcmp(pair_info(&p.b).state, "established") == 0);
}

#define MD5	L2TP_DIGEST_MD5
#define SHA1	L2TP_DIGEST_SHA1

/* Who allows which digests, and which are used then; 0: none fits. */
static const struct {
	uint8_t	a, b, by_a, by_b;
} kinds[] = {
	{ MD5 | SHA1, MD5 | SHA1, SHA1, SHA1 },
	{ MD5, MD5 | SHA1, MD5, MD5 },
	{ SHA1, MD5 | SHA1, SHA1, SHA1 },
	{ MD5 | SHA1, SHA1, SHA1, SHA1 },
	{ MD5, MD5, MD5, MD5 },
	{ SHA1, MD5, 0, 0 },
	{ MD5, SHA1, 0, 0 }
};

/* v3-5.4.1-05, v3-5.4.1-06, v3-4.3-02 */
START_TEST(digest_kinds)
{
	secrets("secret", "secret");
	p.a.params.digests = kinds[_i].a;
	p.b.params.digests = kinds[_i].b;
	if (kinds[_i].by_a == 0) {
		ck_assert(!works());
		ck_assert_uint_gt(pair_stats(&p.b).wrong_digest, 0);
		return;
	}
	pair_dial(&p);
	pair_is_up(&p, 3);
	ck_assert_uint_eq(pair_info(&p.a).digest, kinds[_i].by_a);
	ck_assert_uint_eq(pair_info(&p.b).digest, kinds[_i].by_b);
	pair_run(&p, 200000);
	ck_assert_str_eq(pair_info(&p.a).state, "established");
	ck_assert_uint_eq(pair_stats(&p.a).wrong_digest, 0);
	ck_assert_uint_eq(pair_stats(&p.b).wrong_digest, 0);
}
END_TEST

/* v3-5.4.1-09: two secrets, on either side or both, while they change. */
static const struct {
	const char	*a[2], *b[2];
	int		 fits;
} rollover[] = {
	{ { "new", "" }, { "new", "" }, 1 },
	{ { "new", "" }, { "old", "" }, 0 },
	{ { "new", "old" }, { "old", "" }, 1 },
	{ { "old", "" }, { "new", "old" }, 1 },
	{ { "new", "" }, { "old", "new" }, 1 },
	{ { "new", "old" }, { "old", "new" }, 1 },
	{ { "new", "old" }, { "other", "" }, 0 },
	{ { "new", "old" }, { "other", "another" }, 0 }
};

START_TEST(two_secrets)
{
	int i;

	for (i = 0; i < 2; i++) {
		pair_secret(&p.a, i, rollover[_i].a[i]);
		pair_secret(&p.b, i, rollover[_i].b[i]);
	}
	ck_assert_int_eq(works(), rollover[_i].fits);
	if (rollover[_i].fits) {
		pair_run(&p, 200000);
		ck_assert_str_eq(pair_info(&p.b).state, "established");
	}
}
END_TEST

/* v3-5.4.1-15: who has another secret gets no answer whatever. */
START_TEST(wrong_secret)
{
	secrets("secret", "Secret");
	pair_dial(&p);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_IN], 1);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_DOWN], 1);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_GONE], 1);
	ck_assert_uint_eq(p.b.cause.by, L2TP_BY_PROTOCOL);
	ck_assert_str_eq(p.b.cause.reason, "Message Digest wrong or missing");
	ck_assert_uint_eq(pair_stats(&p.b).wrong_digest, 1);
	ck_assert_uint_eq(pair_stats(&p.b).sent, 0);
	ck_assert_uint_eq(p.b.n[L2TP_EV_DROPPED], 1);
	pair_run(&p, 60000);
	ck_assert_uint_eq(p.a.cause.by, L2TP_BY_TIMEOUT);
	ck_assert_uint_eq(pair_stats(&p.b).tunnels, 0);
}
END_TEST

/* v3-4.3-03: only one side has it. */
START_TEST(one_sided)
{
	if (_i == 0) {
		pair_secret(&p.b, 0, "secret");
		p.a.params.digests = 0;
	} else {
		pair_secret(&p.a, 0, "secret");
		p.b.params.digests = 0;
	}
	ck_assert(!works());
	ck_assert_uint_eq(p.b.cause.result, L2TP_STOP_NOT_AUTHORIZED);
	ck_assert_str_eq(p.b.cause.reason, _i == 0 ?
	    "peer does not authenticate itself" :
	    "peer wants Control Message Authentication");
	/* Whoever asks for digests does not believe the refusal either. */
	if (_i == 0) {
		ck_assert_uint_eq(p.a.cause.by, L2TP_BY_PEER);
		ck_assert_uint_eq(p.a.cause.result, L2TP_STOP_NOT_AUTHORIZED);
	} else {
		ck_assert_uint_gt(pair_stats(&p.a).wrong_digest, 0);
	}
}
END_TEST

/* v3-4.3-03: the same in a SCCRP. */
START_TEST(one_sided_reply)
{
	struct msg m = pair_msg(MSG_SCCRP), got;
	struct hdr h;

	if (_i == 0)
		pair_secret(&p.a, 0, "secret");
	else
		p.a.params.digests = 0;
	m.have[AVP_NONCE] = _i == 1;
	m.nonce = m.host_name;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &got));
	ck_assert_int_eq(pair_forge(&p, &p.a, 3, p.a.tid, &m, 0, 1),
	    _i == 0 ? ERR_NO_NONCE : ERR_NONCE);
	ck_assert(pair_take(&p, &p.a, &h, &got));
	ck_assert_uint_eq(got.type, MSG_STOPCCN);
	ck_assert_uint_eq(got.result, L2TP_STOP_NOT_AUTHORIZED);
	pair_run(&p, 0);
	ck_assert_str_eq(p.a.cause.reason, _i == 0 ?
	    "peer does not authenticate itself" :
	    "peer wants Control Message Authentication");
}
END_TEST

static unsigned int n_acks, n_hails;

/* v3-5.4.1-07, v3-5.4.1-16: what each packet must have. */
static int
all_have_digests(struct pair *pair, const struct end *from,
    struct l2tp_packet *pkt)
{
	struct hdr h;
	struct msg m;
	struct rd r;

	(void)pair;
	(void)from;
	rd_init(&r, pkt->data, pkt->len);
	ck_assert_int_eq(hdr_decode(&r, &h), ERR_NONE);
	ck_assert_int_eq(msg_decode(&r, 3, &m, NULL), ERR_NONE);
	ck_assert_uint_eq(m.have[AVP_MESSAGE_DIGEST], 1);
	ck_assert_uint_eq(pkt->data[HDR_CONTROL_LEN + 8 + 5], 59);
	ck_assert_uint_eq(m.message_digest.len, 21);
	n_acks += m.type == MSG_ACK;
	if (m.type == MSG_SCCRQ || m.type == MSG_SCCRP) {
		n_hails++;
		ck_assert_uint_ge(m.nonce.len, 16);
	} else {
		ck_assert_uint_eq(m.have[AVP_NONCE], 0);
	}
	return (1);
}

/* v3-4.3-02, v3-6.15-03, v3-5.4.1-07 */
START_TEST(every_message)
{
	secrets("secret", "secret");
	p.tap = all_have_digests;
	pair_dial(&p);
	pair_run(&p, 130000);
	l2tp_tunnel_close(p.a.e, p.a.tid, 1, 0, NULL, p.now);
	pair_run(&p, 40000);
	ck_assert_uint_eq(n_hails, 2);
	ck_assert_uint_ge(n_acks, 3);
	ck_assert_uint_eq(p.b.cause.by, L2TP_BY_PEER);
}
END_TEST

/* v3-4.3-05, v3-6.15-02, v3-5.4.1-15: without a digest, nothing happens. */
START_TEST(forged)
{
	static const uint16_t type[] = { MSG_STOPCCN, MSG_ZLB, MSG_ACK,
	    MSG_HELLO, MSG_SCCRQ, MSG_SCCRP, MSG_SCCCN };
	struct msg m = pair_msg(type[_i]);
	struct l2tp_tunnel_info before, after;

	secrets("secret", "secret");
	pair_dial(&p);
	pair_is_up(&p, 3);
	/* Something that could be acknowledged. */
	p.tap = all_have_digests;
	pair_run(&p, 59000);
	before = pair_info(&p.b);
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, p.b.tid, &m, before.nr,
	    before.ns), ERR_DIGEST);
	m.have[AVP_MESSAGE_DIGEST] = type[_i] != MSG_ZLB;
	m.message_digest = auth3_room(SHA1);
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, p.b.tid, &m, before.nr,
	    before.ns), ERR_DIGEST);
	pair_run(&p, 0);
	after = pair_info(&p.b);
	ck_assert_uint_eq(after.nr, before.nr);
	ck_assert_uint_eq(after.last_heard, before.last_heard);
	ck_assert_str_eq(after.state, "established");
	ck_assert_uint_eq(pair_stats(&p.b).wrong_digest, 2);
	ck_assert_uint_eq(p.b.n[L2TP_EV_DROPPED], 2);
	ck_assert_str_eq(p.b.dropped, "Message Digest wrong or missing");
	pair_run(&p, 200000);
	ck_assert_str_eq(pair_info(&p.a).state, "established");
}
END_TEST

/* Nor does it acknowledge the SCCRP, or end what is not up yet. */
START_TEST(forged_early)
{
	struct msg m = pair_msg(_i == 0 ? MSG_STOPCCN : MSG_ZLB), got;
	struct hdr h;

	secrets("secret", "secret");
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert_int_eq(pair_forge(&p, &p.a, 3, p.a.tid, &m, 0, 0),
	    ERR_DIGEST);
	ck_assert(pair_take(&p, &p.a, &h, &got));
	ck_assert_int_eq(pair_forge(&p, &p.a, 3, p.a.tid, &m, 0, 1),
	    ERR_DIGEST);
	ck_assert_uint_eq(pair_info(&p.a).queued, 1);
	ck_assert_str_eq(pair_info(&p.a).state, "wait-ctl-reply");
	pair_run(&p, 5000);
	ck_assert_str_eq(pair_info(&p.a).state, "established");
}
END_TEST

/* v3-5.4.1-14: no acknowledgement that could not be checked. */
START_TEST(silent_before_accept)
{
	struct msg m;
	struct hdr h;
	int i;

	secrets("secret", "secret");
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &m));
	for (i = 0; i < 2; i++)
		l2tp_input(p.b.e, &p.b.path, p.a.pkt.data, p.a.pkt.len, p.now);
	p.now += 5000;
	l2tp_timeout(p.b.e, p.now);
	ck_assert(!pair_take(&p, &p.b, &h, &m));
	m = pair_msg(MSG_STOPCCN);
	m.assigned_ccid = p.a.tid;
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, 0, &m, 1, 0), ERR_DIGEST);
	accept_all(&p.b);
	ck_assert(pair_take(&p, &p.b, &h, &m));
	ck_assert_uint_eq(m.type, MSG_SCCRP);
	ck_assert_uint_eq(h.nr, 1);
}
END_TEST

#define TAPE	64

static struct l2tp_packet tape[TAPE];
static size_t n_tape, spoil;

static int
record(struct pair *pair, const struct end *from, struct l2tp_packet *pkt)
{
	if (from == &pair->a && n_tape < TAPE)
		tape[n_tape++] = *pkt;
	return (1);
}

/* v3-5.4.1-12, v3-5.4.1-16: what was good once is so in no other tunnel. */
START_TEST(replay)
{
	struct l2tp_tunnel_info before;
	size_t i;

	secrets("secret", "secret");
	p.tap = record;
	pair_dial(&p);
	pair_run(&p, 130000);
	ck_assert_uint_ge(n_tape, 4);
	p.tap = NULL;
	before = pair_info(&p.b);
	for (i = 0; i < n_tape; i++)
		l2tp_input(p.b.e, &p.b.path, tape[i].data, tape[i].len,
		    p.now);
	pair_run(&p, 0);
	ck_assert_uint_eq(pair_info(&p.b).nr, before.nr);
	ck_assert_str_eq(pair_info(&p.b).state, "established");
	/* With the id that it had, b is another one. */
	pair_reboot(&p, &p.b);
	pair_run(&p, 62000);
	memset(p.b.n, 0, sizeof(p.b.n));
	for (i = 0; i < n_tape; i++)
		l2tp_input(p.b.e, &p.b.path, tape[i].data, tape[i].len,
		    p.now);
	pair_run(&p, 60000);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_UP], 0);
}
END_TEST

/* Its octets are spoiled one by one, the first time that it is sent. */
static int
damage(struct pair *pair, const struct end *from, struct l2tp_packet *pkt)
{
	struct end *to = pair_other(pair, from);
	uint64_t before = pair_stats(to).wrong_digest;

	if (spoil < HDR_CONTROL_LEN || spoil >= pkt->len)
		return (1);
	pkt->data[spoil] ^= 0x55;
	to->path.local = pkt->path.peer;
	to->path.peer = pkt->path.local;
	l2tp_input(to->e, &to->path, pkt->data, pkt->len, pair->now);
	pkt->data[spoil] ^= 0x55;
	if (from == &pair->a && strcmp(pair_info(from).state,
	    "established") == 0)
		ck_assert_uint_eq(pair_stats(to).wrong_digest, before + 1);
	return (1);
}

/* v3-5.4.1-15: and what comes in its place is as good as ever. */
START_TEST(damaged)
{
	secrets("secret", "secret");
	spoil = (size_t)_i;
	pair_dial(&p);
	pair_is_up(&p, 3);
	p.tap = damage;
	pair_run(&p, 200000);
	ck_assert_str_eq(pair_info(&p.a).state, "established");
	ck_assert_str_eq(pair_info(&p.b).state, "established");
}
END_TEST

/* v3-4.2-08: what is sent again has another Nr, and a digest that fits. */
static int
lose_first(struct pair *pair, const struct end *from, struct l2tp_packet *pkt)
{
	(void)pkt;
	return (from == &pair->b || n_acks++ > 1);
}

START_TEST(resealed)
{
	secrets("secret", "secret");
	pair_dial(&p);
	n_acks = 0;
	p.tap = lose_first;
	p.b.params.hello_ms = 1000;
	pair_run(&p, 100000);
	ck_assert_str_eq(pair_info(&p.a).state, "established");
	ck_assert_uint_eq(pair_stats(&p.b).wrong_digest, 0);
	ck_assert_uint_gt(pair_info(&p.a).retransmitted +
	    pair_info(&p.b).retransmitted, 0);
}
END_TEST

/* v3-4.3-04, v3-4.1.1.2-03: without a secret it is only a check sum. */
START_TEST(integrity)
{
	struct msg m = pair_msg(MSG_HELLO);

	if (_i == 1)
		p.b.params.digests = 0;
	pair_dial(&p);
	pair_is_up(&p, 3);
	ck_assert_uint_eq(pair_info(&p.a).digest, SHA1);
	ck_assert_uint_eq(pair_info(&p.b).digest, _i == 1 ? 0 : SHA1);
	m.have[AVP_MESSAGE_DIGEST] = 1;
	m.message_digest = auth3_room(MD5);
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, p.b.tid, &m, 2, 1),
	    ERR_DIGEST);
	m.have[AVP_MESSAGE_DIGEST] = 0;
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, p.b.tid, &m, 2, 1),
	    ERR_NONE);
	ck_assert_uint_eq(pair_info(&p.b).nr, 3);
}
END_TEST

/* v3-5.4.1-17 */
START_TEST(nonces)
{
	uint8_t buf[L2TP_MAX_PACKET], nonce[255] = { 1 };
	struct msg m = pair_msg(MSG_SCCRQ), got;
	struct bytes secret = { (const uint8_t *)"secret", 6 };
	struct auth3_nonces none = { { NULL, 0 }, { NULL, 0 } };
	struct hdr h;
	struct wr w;

	pair_secret(&p.b, 0, "secret");
	m.have[AVP_NONCE] = m.have[AVP_MESSAGE_DIGEST] = 1;
	m.nonce.p = nonce;
	m.nonce.len = _i == 0 ? 1 : 255;
	m.message_digest = auth3_room(MD5);
	m.have[AVP_HOST_NAME] = _i < 2;
	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 3, 0, 0);
	msg_encode(&w, 3, &m, NULL);
	hdr_seal(&w, 0, 0);
	auth3_seal(&w, secret, &none);
	ck_assert_int_eq(l2tp_input(p.b.e, &p.b.path, buf, w.len, p.now),
	    ERR_NONE);
	accept_all(&p.b);
	ck_assert(pair_take(&p, &p.b, &h, &got));
	/* v3-5.4.1-14: the refusal, too; our nonce is not known then. */
	ck_assert_uint_eq(got.type, _i < 2 ? MSG_SCCRP : MSG_STOPCCN);
	none.receiver = m.nonce;
	if (_i < 2)
		none.sender = got.nonce;
	ck_assert_uint_eq(auth3_check((struct bytes){ p.b.pkt.data,
	    p.b.pkt.len }, MD5, secret, &none), MD5);
}
END_TEST

/* An answer that proves nothing does not move us to another port. */
START_TEST(port_is_not_moved)
{
	struct msg m = pair_msg(_i == 0 ? MSG_SCCRP : MSG_STOPCCN), got;
	struct hdr h;

	secrets("secret", "secret");
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &got));
	m.have[AVP_NONCE] = m.have[AVP_MESSAGE_DIGEST] = _i == 0;
	m.nonce = m.host_name;
	m.message_digest = auth3_room(SHA1);
	p.a.path.peer.port = 4711;
	ck_assert_int_eq(pair_forge(&p, &p.a, 3, p.a.tid, &m, 0, 1),
	    ERR_DIGEST);
	ck_assert_uint_eq(pair_info(&p.a).path.peer.port, 1701);
	ck_assert_uint_eq(pair_info(&p.a).queued, 1);
	pair_run(&p, 5000);
	ck_assert_str_eq(pair_info(&p.a).state, "established");
}
END_TEST

/* Nor do we prove ourselves to who has nothing but our own words. */
START_TEST(reflected)
{
	struct msg m;
	struct hdr h;

	secrets("secret", "secret");
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &m));
	l2tp_input(p.a.e, &p.a.path, p.a.pkt.data, p.a.pkt.len, p.now);
	accept_all(&p.a);
	ck_assert(!pair_take(&p, &p.a, &h, &m));
	ck_assert_uint_eq(pair_stats(&p.a).wrong_digest, 1);
	ck_assert_str_eq(pair_info(&p.a).state, "wait-ctl-reply");
}
END_TEST

/* Whoever asks for authentication is not talked out of it. */
START_TEST(digests_do_not_fall_back)
{
	struct hdr h;
	struct msg m;

	p.a.params.versions = L2TP_V2 | L2TP_V3;
	p.a.params.digests = L2TP_DIGEST_MD5;
	pair_secret(&p.a, 0, "secret");
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &m));
	ck_assert_uint_eq(h.version, 3);
	m = pair_msg(MSG_SCCRP);
	m.have[AVP_PROTOCOL_VERSION] = m.have[AVP_FRAMING_CAPS] = 1;
	m.have[AVP_ASSIGNED_TUNNEL_ID] = 1;
	m.proto_ver = 1;
	m.assigned_tid = 7;
	pair_forge(&p, &p.a, 2, p.a.tid & UINT16_MAX, &m, 0, 1);
	ck_assert_str_eq(pair_info(&p.a).state, "wait-ctl-reply");
}
END_TEST

static TCase *
proof_case(void)
{
	TCase *t = tcase_create("proof");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, digest_kinds, 0, 7);
	tcase_add_loop_test(t, two_secrets, 0, 8);
	tcase_add_test(t, wrong_secret);
	tcase_add_loop_test(t, one_sided, 0, 2);
	tcase_add_loop_test(t, one_sided_reply, 0, 2);
	tcase_add_test(t, every_message);
	tcase_add_loop_test(t, forged, 0, 7);
	tcase_add_loop_test(t, forged_early, 0, 2);
	tcase_add_test(t, silent_before_accept);
	tcase_add_test(t, replay);
	tcase_add_loop_test(t, damaged, HDR_CONTROL_LEN, 47);
	tcase_add_test(t, resealed);
	tcase_add_loop_test(t, integrity, 0, 2);
	tcase_add_loop_test(t, nonces, 0, 3);
	tcase_add_loop_test(t, port_is_not_moved, 0, 2);
	tcase_add_test(t, reflected);
	tcase_add_test(t, digests_do_not_fall_back);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("proof");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, proof_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
