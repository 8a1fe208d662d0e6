/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnel authentication (RFC 2661 section 5.1.1) and hiding (4.3) as a peer
 * sees them: who challenges whom, what is refused, and which of two secrets
 * is used.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "digest.h"
#include "rig.h"

#define B(s)	{ (const uint8_t *)(s), sizeof(s) - 1 }

static const struct bytes new_secret = B("new secret");
static const struct bytes old_secret = B("old secret");
static const struct bytes wrong_secret = B("wrong");
static const struct bytes peer_challenge = B("what is the word?");

static struct rig r;
static uint8_t ours[64];	/* the engine's challenge */
static size_t ours_len;

static void
setup(void)
{
	rig_init(&r);
	r.secret = new_secret;
}

static void
teardown(void)
{
	rig_free(&r);
}

static void
secrets(const struct bytes *first, const struct bytes *second)
{
	r.params.secret[0] = first->p;
	r.params.secret_len[0] = first->len;
	if (second != NULL) {
		r.params.secret[1] = second->p;
		r.params.secret_len[1] = second->len;
	}
}

/* Keeps the challenge of the message that came last. */
static void
challenged(void)
{
	ck_assert_int_eq(r.m.have[AVP_CHALLENGE], 1);
	ck_assert_uint_le(r.m.challenge.len, sizeof(ours));
	ours_len = r.m.challenge.len;
	memcpy(ours, r.m.challenge.p, ours_len);
}

static void
challenge(struct msg *m)
{
	m->have[AVP_CHALLENGE] = 1;
	m->challenge = peer_challenge;
}

/* The response to the engine's challenge, in out. */
static void
respond(struct msg *m, struct bytes secret, uint8_t out[DIGEST_LEN])
{
	const struct bytes asked = { ours, ours_len };

	digest_response(out, (uint8_t)m->type, secret, asked);
	m->have[AVP_CHALLENGE_RESPONSE] = 1;
	m->challenge_response.p = out;
	m->challenge_response.len = DIGEST_LEN;
}

/* The engine has answered with this secret. */
static void
proved(struct bytes secret)
{
	ck_assert_int_eq(r.m.have[AVP_CHALLENGE_RESPONSE], 1);
	ck_assert(digest_matches(r.m.challenge_response, (uint8_t)r.m.type,
	    secret, peer_challenge));
}

static void
dial(void)
{
	r.tid = 0;
	ck_assert_int_eq(l2tp_tunnel_open(r.e, &r.path, &r.params, &r, r.now,
	    &r.tid), 0);
	rig_expect(&r, MSG_SCCRQ);
}

/* The peer's SCCRQ, and what the caller says to it. */
static void
offer(int challenges)
{
	struct msg m = rig_msg(MSG_SCCRQ);

	if (challenges)
		challenge(&m);
	ck_assert_int_eq(rig_send(&r, 0, 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	r.tid = r.ev.local_tid;
	ck_assert_int_eq(l2tp_tunnel_accept(r.e, r.tid, &r.params, &r,
	    r.now), 0);
}

static void
refused(void)
{
	rig_stopped(&r, 4, L2TP_BY_PROTOCOL);
	ck_assert_str_eq(r.ev.cause->reason, "authentication failed");
	ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
}

/* v2-4.4.3-27, v2-5.1.1-01: who challenges, as the LAC ... */
START_TEST(matrix_dial)
{
	struct msg m = rig_msg(MSG_SCCRP);
	uint8_t response[DIGEST_LEN];

	secrets(&new_secret, NULL);
	r.params.challenge = _i & 1;
	dial();
	ck_assert_int_eq(r.m.have[AVP_CHALLENGE], _i & 1);
	ck_assert_int_eq(r.m.have[AVP_CHALLENGE_RESPONSE], 0);
	if (_i & 1) {
		challenged();
		ck_assert_uint_eq(ours_len, 16);
		respond(&m, new_secret, response);
	}
	if (_i & 2)
		challenge(&m);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_expect(&r, MSG_SCCCN);
	ck_assert_int_eq(r.m.have[AVP_CHALLENGE], 0);
	if (_i & 2)
		proved(new_secret);
	else
		ck_assert_int_eq(r.m.have[AVP_CHALLENGE_RESPONSE], 0);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
}
END_TEST

/* ... and as the LNS. */
START_TEST(matrix_answer)
{
	struct msg m = rig_msg(MSG_SCCCN);
	uint8_t response[DIGEST_LEN];

	secrets(&new_secret, NULL);
	r.params.challenge = _i & 1;
	offer(_i & 2);
	rig_expect(&r, MSG_SCCRP);
	if (_i & 2)
		proved(new_secret);
	else
		ck_assert_int_eq(r.m.have[AVP_CHALLENGE_RESPONSE], 0);
	ck_assert_int_eq(r.m.have[AVP_CHALLENGE], _i & 1);
	if (_i & 1) {
		challenged();
		respond(&m, new_secret, response);
	}
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
}
END_TEST

enum wrong { WRONG_SECRET, WRONG_MISSING, WRONG_ID, WRONG_15, WRONG_17,
	WRONG_CHALLENGE, WRONG_MAX };

static void
spoil(struct msg *m, int how, uint8_t response[DIGEST_LEN + 1])
{
	const struct bytes asked = { ours, ours_len };

	respond(m, how == WRONG_SECRET ? wrong_secret : new_secret, response);
	response[DIGEST_LEN] = 0;
	if (how == WRONG_MISSING)
		m->have[AVP_CHALLENGE_RESPONSE] = 0;
	else if (how == WRONG_ID)
		digest_response(response, (uint8_t)(5 - m->type), new_secret,
		    asked);
	else if (how == WRONG_CHALLENGE)
		digest_response(response, (uint8_t)m->type, new_secret,
		    peer_challenge);
}

/* As rig_send(), with a response that is too short or too long. */
static int
send_length(struct msg *m, int how)
{
	uint8_t buf[L2TP_MAX_PACKET], body[512];
	size_t len = how == WRONG_15 ? 15 : 17, at;
	struct wr w, b;

	if (how != WRONG_15 && how != WRONG_17)
		return (rig_send(&r, rig_tid(&r), 0, m));
	m->have[AVP_CHALLENGE_RESPONSE] = 0;
	wr_init(&b, body, sizeof(body));
	msg_encode(&b, 2, m, NULL);
	at = b.len;
	wr_u16(&b, (uint16_t)(AVP_BIT_M | (AVP_HEADER_LEN + len)));
	wr_u16(&b, 0);
	wr_u16(&b, 13);
	wr_bytes(&b, m->challenge_response.p, len);
	ck_assert_uint_gt(b.len, at);
	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, rig_tid(&r), 0);
	wr_bytes(&w, body, b.len);
	hdr_seal(&w, r.ns++, r.nr);
	return (rig_datagram(&r, buf, w.len));
}

/* v2-5.1.1-02, v2-4.4.3-28, v2-4.4.3-26: in SCCRP ... */
START_TEST(wrong_dial)
{
	struct msg m = rig_msg(MSG_SCCRP);
	uint8_t response[DIGEST_LEN + 1];

	secrets(&new_secret, &old_secret);
	r.params.challenge = 1;
	dial();
	challenged();
	spoil(&m, _i, response);
	ck_assert_int_ne(send_length(&m, _i), ERR_NONE);
	if (_i == WRONG_15 || _i == WRONG_17)
		rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
	else
		refused();
	rig_expect_no_event(&r);
}
END_TEST

/* ... and in SCCCN. */
START_TEST(wrong_answer)
{
	struct msg m = rig_msg(MSG_SCCCN);
	uint8_t response[DIGEST_LEN + 1];

	secrets(&new_secret, &old_secret);
	r.params.challenge = 1;
	offer(0);
	rig_expect(&r, MSG_SCCRP);
	challenged();
	spoil(&m, _i, response);
	ck_assert_int_ne(send_length(&m, _i), ERR_NONE);
	if (_i == WRONG_15 || _i == WRONG_17)
		rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
	else
		refused();
}
END_TEST

/* v2-5.1.1-03: challenged, and there is no secret. */
START_TEST(no_secret)
{
	struct msg m = rig_msg(MSG_SCCRP);
	struct l2tp_stats stats;

	if (_i == 0) {
		dial();
		challenge(&m);
		ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_AUTH);
	} else {
		offer(1);
		l2tp_get_stats(r.e, &stats);
		ck_assert_uint_eq(stats.refused, 1);
	}
	refused();
}
END_TEST

/* v2-9.1-02: our own challenge, in the same tunnel and in another. */
START_TEST(reflected)
{
	struct msg m = rig_msg(_i == 0 ? MSG_SCCRP : MSG_SCCRQ);
	uint8_t response[DIGEST_LEN];

	secrets(&new_secret, NULL);
	r.params.challenge = 1;
	dial();
	challenged();
	m.have[AVP_CHALLENGE] = 1;
	m.challenge.p = ours;
	m.challenge.len = ours_len;
	if (_i == 0) {
		respond(&m, new_secret, response);
		ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_AUTH);
	} else {
		ck_assert_int_eq(rig_send_at(&r, 0, 0, &m, 0, 0), ERR_NONE);
		rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
		r.tid = r.ev.local_tid;
		ck_assert_int_eq(l2tp_tunnel_accept(r.e, r.tid, &r.params, &r,
		    r.now), 0);
	}
	refused();
}
END_TEST

/* v2-9.1-02: a new one in each tunnel, and the same when sent again. */
START_TEST(fresh)
{
	uint8_t first[DIGEST_LEN];

	secrets(&new_secret, NULL);
	r.params.challenge = 1;
	dial();
	challenged();
	memcpy(first, ours, sizeof(first));
	ck_assert_int_eq(rig_tick(&r, 1000), 1);
	rig_expect(&r, MSG_SCCRQ);
	challenged();
	ck_assert_mem_eq(first, ours, sizeof(first));
	dial();
	challenged();
	ck_assert_mem_ne(first, ours, sizeof(first));
}
END_TEST

/*
 * Who has which secrets: the engine N, NO or ON, the peer N or O.  The peer
 * proves itself first, so that the engine knows which to answer with.
 */
static const struct roll {
	const struct bytes	*first, *second, *peer;
	int			 good;
} rolls[] = {
	{ &new_secret, NULL, &new_secret, 1 },
	{ &new_secret, NULL, &old_secret, 0 },
	{ &new_secret, &old_secret, &new_secret, 1 },
	{ &new_secret, &old_secret, &old_secret, 1 },
	{ &new_secret, &old_secret, &wrong_secret, 0 },
	{ &old_secret, &new_secret, &new_secret, 1 },
	{ &old_secret, &new_secret, &old_secret, 1 }
};
#define N_ROLLS	((int)(sizeof(rolls) / sizeof(rolls[0])))

/* Then all that is hidden is hidden with that one, in both directions. */
static void
hidden_call(struct bytes secret)
{
	struct msg m = rig_msg_sid(MSG_ICRQ, RIG_PEER_SID);

	r.secret = secret;
	r.hides = 1;
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	ck_assert_uint_eq(r.ev.peer_sid, RIG_PEER_SID);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, r.ev.local_sid, NULL,
	    r.now), 0);
	rig_expect(&r, MSG_ICRP);
	ck_assert_uint_eq(r.h.sid, RIG_PEER_SID);
	ck_assert_int_eq(r.m.have[AVP_RANDOM_VECTOR], 1);
	ck_assert_uint_eq(r.m.random_vector.len, 16);
	ck_assert_uint_eq(r.m.assigned_sid, r.ev.local_sid);
}

START_TEST(rollover_dial)
{
	const struct roll *c = &rolls[_i];
	struct msg m = rig_msg(MSG_SCCRP);
	uint8_t response[DIGEST_LEN];

	secrets(c->first, c->second);
	r.params.challenge = 1;
	dial();
	challenged();
	respond(&m, *c->peer, response);
	challenge(&m);
	rig_send(&r, rig_tid(&r), 0, &m);
	if (!c->good) {
		refused();
		return;
	}
	rig_expect(&r, MSG_SCCCN);
	proved(*c->peer);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
}
END_TEST

/* As the LNS we answer first, and then hide as the peer has proved. */
START_TEST(rollover_answer)
{
	const struct roll *c = &rolls[_i];
	struct msg m = rig_msg(MSG_SCCCN);
	uint8_t response[DIGEST_LEN];

	secrets(c->first, c->second);
	r.params.challenge = r.params.hide_avps = 1;
	r.secret = *c->first;
	offer(1);
	rig_expect(&r, MSG_SCCRP);
	proved(*c->first);
	challenged();
	respond(&m, *c->peer, response);
	rig_send(&r, rig_tid(&r), 0, &m);
	if (!c->good) {
		refused();
		return;
	}
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	hidden_call(*c->peer);
}
END_TEST

/* A proved peer has one secret, and no other is tried for it any more. */
START_TEST(proved_is_final)
{
	struct msg m = rig_msg(MSG_SCCCN);
	uint8_t response[DIGEST_LEN];

	secrets(&new_secret, &old_secret);
	r.params.challenge = 1;
	offer(0);
	rig_expect(&r, MSG_SCCRP);
	challenged();
	respond(&m, old_secret, response);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	r.hides = 1;
	m = rig_msg_sid(MSG_ICRQ, RIG_PEER_SID);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_AVP_HIDDEN);
}
END_TEST

/*
 * v2-4.3-02: a SCCRQ of which only Message Type, Protocol Version and Host
 * Name can be read before the caller has said who that is.
 */
START_TEST(hidden_sccrq)
{
	const struct roll *c = &rolls[_i];
	struct msg m = rig_msg(MSG_SCCRQ);
	uint32_t tid;

	secrets(c->first, c->second);
	r.params.hide_avps = 1;
	r.secret = *c->peer;
	r.hides = 1;
	challenge(&m);
	ck_assert_int_eq(rig_send(&r, 0, 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	r.tid = tid = r.ev.local_tid;
	ck_assert_uint_eq(r.ev.peer_tid, 0);
	ck_assert_str_eq(r.ev.tunnel->host_name, "peer.example.net");
	/* Sent again it is no second one, before and after the answer. */
	rig_send_at(&r, 0, 0, &m, 0, 0);
	rig_expect_no_event(&r);
	rig_expect(&r, MSG_ZLB);
	ck_assert_int_eq(l2tp_tunnel_accept(r.e, tid, &r.params, &r, r.now),
	    0);
	if (!c->good) {
		rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
		ck_assert_uint_eq(r.h.tid, 0);
		ck_assert_str_eq(r.ev.cause->reason,
		    "hidden AVP cannot be uncovered");
		rig_expect_no_event(&r);
		return;
	}
	rig_expect(&r, MSG_SCCRP);
	ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
	ck_assert_int_eq(r.m.have[AVP_RANDOM_VECTOR], 1);
	proved(*c->peer);
	rig_send_at(&r, 0, 0, &m, 0, 0);
	rig_expect_no_event(&r);
	rig_expect(&r, MSG_ZLB);
	m = rig_msg(MSG_SCCCN);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	ck_assert_uint_eq(r.ev.tunnel->framing_caps, 3);
	hidden_call(*c->peer);
}
END_TEST

/* The peer is found out to have no secret, be it asked or not. */
START_TEST(hidden_sccrq_ends)
{
	struct msg m = rig_msg(MSG_SCCRQ);
	struct l2tp_stats stats;

	r.hides = 1;
	ck_assert_int_eq(rig_send(&r, 0, 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	r.tid = r.ev.local_tid;
	if (_i == 0) {
		l2tp_tunnel_accept(r.e, r.tid, &r.params, &r, r.now);
		rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
		ck_assert_uint_eq(r.m.error, 8);
	} else if (_i == 1) {
		l2tp_tunnel_reject(r.e, r.tid, 4, 0, "no", r.now);
		rig_stopped(&r, 4, L2TP_BY_LOCAL);
	} else if (_i == 2) {
		l2tp_tunnel_ignore(r.e, r.tid, r.now);
		rig_expect_none(&r);
	} else if (_i == 3) {
		rig_wait(&r, 40000);
		rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	}
	/* The rest is for whoever looks for leaks. */
	l2tp_get_stats(r.e, &stats);
	ck_assert_uint_le(stats.tunnels, 1);
}
END_TEST

/* Hidden, with something else that is wrong: known at once, or later. */
START_TEST(hidden_sccrq_bad)
{
	struct msg m = rig_msg(MSG_SCCRQ);

	secrets(&new_secret, NULL);
	r.hides = 1;
	m.proto_ver = _i == 0 ? 2 : 1;
	m.have[AVP_FRAMING_CAPS] = _i != 1;
	if (_i == 0) {
		ck_assert_int_eq(rig_send(&r, 0, 0, &m), ERR_PROTO_VERSION);
		rig_expect(&r, MSG_STOPCCN);
		ck_assert_uint_eq(r.m.result, 5);
		rig_expect_no_event(&r);
		return;
	}
	ck_assert_int_eq(rig_send(&r, 0, 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	r.tid = r.ev.local_tid;
	l2tp_tunnel_accept(r.e, r.tid, &r.params, &r, r.now);
	rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
	ck_assert_uint_eq(r.m.error, 3);
}
END_TEST

/* v2-4.3-01: what we send is hidden only if we are told to. */
START_TEST(what_we_hide)
{
	struct rd rd;
	struct avp a;
	int hidden = 0;

	secrets(&new_secret, NULL);
	r.params.hide_avps = (uint8_t)_i;
	r.params.challenge = 0;
	dial();
	ck_assert_int_eq(r.m.have[AVP_RANDOM_VECTOR], _i);
	rd_init(&rd, r.pkt.data, r.pkt.len);
	ck_assert_int_eq(hdr_decode(&rd, &r.h), ERR_NONE);
	while (!rd_end(&rd)) {
		ck_assert_int_eq(avp_next(&rd, &a), ERR_NONE);
		hidden += (a.flags & AVP_BIT_H) != 0;
	}
	/* framing capabilities, tunnel id, firmware, vendor */
	ck_assert_int_eq(hidden, _i * 4);
	ck_assert_uint_eq(r.m.assigned_tid, r.tid);
}
END_TEST

/* With challenges not before the peer has proved itself. */
START_TEST(when_we_hide)
{
	struct msg m = rig_msg(MSG_SCCRP);
	uint8_t response[DIGEST_LEN];

	secrets(&new_secret, NULL);
	r.params.hide_avps = r.params.challenge = 1;
	dial();
	ck_assert_int_eq(r.m.have[AVP_RANDOM_VECTOR], 0);
	challenged();
	respond(&m, new_secret, response);
	challenge(&m);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_expect(&r, MSG_SCCCN);
	ck_assert_int_eq(r.m.have[AVP_RANDOM_VECTOR], 1);
	proved(new_secret);
}
END_TEST

/* v2-4.3-01: hiding and challenges take a secret. */
START_TEST(params)
{
	static const struct {
		size_t	first, second;
		uint8_t	challenge, hide, good;
	} by[] = {
		{ 0, 0, 0, 0, 1 }, { 0, 0, 1, 0, 0 }, { 0, 0, 0, 1, 0 },
		{ 0, 3, 0, 0, 0 }, { 3, 0, 0, 0, 1 }, { 3, 3, 1, 1, 1 }
	};

	r.params.secret[0] = r.params.secret[1] = new_secret.p;
	r.params.secret_len[0] = by[_i].first;
	r.params.secret_len[1] = by[_i].second;
	r.params.challenge = by[_i].challenge;
	r.params.hide_avps = by[_i].hide;
	ck_assert_int_eq(l2tp_tunnel_open(r.e, &r.path, &r.params, &r, r.now,
	    &r.tid), by[_i].good ? 0 : -1);
}
END_TEST

/* What was uncovered does not stay behind. */
START_TEST(wiped)
{
	static const uint8_t zero[4096];

	secrets(&new_secret, NULL);
	r.params.hide_avps = 1;
	rig_listen(&r);
	hidden_call(new_secret);
	ck_assert_mem_eq(r.e->clear, zero, sizeof(zero));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("auth");
	Suite *s = suite_create("auth");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, matrix_dial, 0, 4);
	tcase_add_loop_test(t, matrix_answer, 0, 4);
	tcase_add_loop_test(t, wrong_dial, 0, WRONG_MAX);
	tcase_add_loop_test(t, wrong_answer, 0, WRONG_MAX);
	tcase_add_loop_test(t, no_secret, 0, 2);
	tcase_add_loop_test(t, reflected, 0, 2);
	tcase_add_test(t, fresh);
	tcase_add_loop_test(t, rollover_dial, 0, N_ROLLS);
	tcase_add_loop_test(t, rollover_answer, 0, N_ROLLS);
	tcase_add_test(t, proved_is_final);
	tcase_add_loop_test(t, hidden_sccrq, 0, N_ROLLS);
	tcase_add_loop_test(t, hidden_sccrq_ends, 0, 5);
	tcase_add_loop_test(t, hidden_sccrq_bad, 0, 2);
	tcase_add_loop_test(t, what_we_hide, 0, 2);
	tcase_add_test(t, when_we_hide);
	tcase_add_loop_test(t, params, 0, 6);
	tcase_add_test(t, wiped);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
