/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control Message Authentication (RFC 3931 sections 4.3 and 5.4.1) with a
 * peer that has its own idea of a digest: lone_out() checks each message of
 * the engine, and where in it the digest is.
 */
#include <check.h>
#include <string.h>

#include "err.h"
#include "lone.h"

static struct lone	l;

static void
setup(void)
{
	lone_init(&l);
}

static void
teardown(void)
{
	lone_free(&l);
}

static uint64_t
n_wrong(void)
{
	struct l2tp_stats s;

	l2tp_get_stats(l.e, &s);
	return (s.wrong_digest);
}

/*
 * v3-4.3-02, v3-5.4.1-05, v3-5.4.1-06, v3-5.4.1-07, v3-5.4.1-10,
 * v3-5.4.1-11, v3-5.4.1-12, v3-5.4.1-13: MD5 and SHA-1, by either side.
 */
START_TEST(both_ways)
{
	lone_sign(&l, _i % 2);
	if (_i / 2)
		lone_dial(&l);
	else
		lone_listen(&l);
	lone_call_up(&l);
	lone_wait(&l, 61000);
	ck_assert_uint_eq(raw_type(&l.out), RAW_HELLO);
	lone_say(&l, lone_msg(&l, RAW_CDN));
	lone_expect_event(&l, L2TP_EV_CALL_DOWN);
	l2tp_tunnel_close(l.e, l.tid, L2TP_STOP_CLEAR, 0, NULL, l.now);
	lone_wait(&l, 1000);
	ck_assert_uint_eq(raw_type(&l.out), RAW_STOPCCN);
	ck_assert_uint_eq(n_wrong(), 0);
}
END_TEST

/* v3-6.15-01, v3-6.15-03: an ACK with a digest, not a ZLB. */
START_TEST(acknowledgement)
{
	uint16_t ns;

	lone_sign(&l, 1);
	lone_listen(&l);
	lone_wait(&l, 200);
	lone_say(&l, lone_msg(&l, RAW_HELLO));
	lone_wait(&l, 200);
	ck_assert_uint_eq(raw_type(&l.out), RAW_ACK);
	ck_assert_uint_eq(l.out.len, 20 + 27);
	ns = raw_ns(&l.out);
	lone_say(&l, lone_msg(&l, RAW_HELLO));
	lone_wait(&l, 200);
	ck_assert_uint_eq(raw_ns(&l.out), ns);
	/* An ACK is not acknowledged. */
	lone_ack(&l);
	l.out.len = 0;
	lone_wait(&l, 1000);
	ck_assert_uint_eq(l.out.len, 0);
}
END_TEST

/* v3-5.4.1-16, v3-5.4.1-17: sixteen random octets, in the clear. */
START_TEST(nonces)
{
	struct raw first;

	lone_sign(&l, 1);
	lone_dial(&l);
	first = l.engine_key.nonce[0];
	ck_assert_uint_ge(first.len, 16);
	l.ns = l.nr = 0;
	lone_dial(&l);
	ck_assert_uint_ge(l.engine_key.nonce[0].len, 16);
	ck_assert_mem_ne(l.engine_key.nonce[0].p, first.p, 16);
}
END_TEST

/* v3-5.4.1-16: and none if there is no authentication. */
START_TEST(no_nonce)
{
	lone_listen(&l);
	ck_assert(!raw_has(&l.out, RAW_NONCE));
	ck_assert(!raw_has(&l.out, RAW_DIGEST));
}
END_TEST

/* v3-5.4.1-17: of one octet and of 255. */
START_TEST(nonce_lengths)
{
	lone_sign(&l, 1);
	memset(l.key.nonce[0].p, 'n', 255);
	l.key.nonce[0].len = _i ? 255 : 1;
	l.engine_key.nonce[1] = l.key.nonce[0];
	lone_listen(&l);
	lone_wait(&l, 61000);
	ck_assert_uint_eq(raw_type(&l.out), RAW_HELLO);
}
END_TEST

/* Nothing that it says has an effect, nor is it acknowledged. */
static void
disregarded(const struct raw *r)
{
	uint64_t n = n_wrong();

	ck_assert_int_ne(l2tp_input(l.e, &l.path, r->p, r->len, l.now),
	    ERR_NONE);
	ck_assert_uint_eq(n_wrong(), n + 1);
	lone_expect_no_event(&l);
	l.out.len = 0;
	lone_wait(&l, 500);
	ck_assert_uint_eq(l.out.len, 0);
	ck_assert_str_eq(lone_state(&l), "established");
}

/* v3-4.3-05, v3-6.15-02: without a digest. */
START_TEST(unsigned_messages)
{
	static const uint16_t types[] = { RAW_STOPCCN, RAW_CDN, RAW_HELLO,
	    RAW_ICRQ, RAW_ACK, 0 };
	struct raw r;

	lone_sign(&l, 1);
	lone_listen(&l);
	lone_call_up(&l);
	lone_wait(&l, 200);
	r = lone_msg(&l, types[_i]);
	if (types[_i] == 0)
		raw_zlb(&r, l.tid);
	raw_seal(&r, l.ns, l.nr);
	disregarded(&r);
}
END_TEST

/* v3-5.4.1-15: with a wrong one; then the right one is still new. */
START_TEST(wrong_digest)
{
	struct raw_key key;
	struct raw r;

	lone_sign(&l, 1);
	lone_listen(&l);
	lone_wait(&l, 200);
	key = l.key;
	if (_i == 0)
		key.secret = "another";
	if (_i == 1)
		key.nonce[1].p[0] ^= 1;
	if (_i == 2)
		key.sha1 = 0;		/* not accepted */
	r = lone_msg(&l, RAW_STOPCCN);
	raw_seal(&r, l.ns, l.nr);
	raw_digest(&r, &key);
	if (_i == 3)
		r.p[r.len - 1] ^= 1;
	else if (_i == 4)
		r.p[9] ^= 1;		/* Ns */
	disregarded(&r);
	lone_say(&l, lone_msg(&l, RAW_HELLO));
	lone_wait(&l, 200);
	ck_assert_uint_eq(raw_type(&l.out), RAW_ACK);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns);
}
END_TEST

/* v3-5.4.1-15: nor does what it acknowledges count. */
START_TEST(wrong_digest_acknowledges_nothing)
{
	struct raw_key key;
	struct raw r;

	lone_sign(&l, 0);
	lone_listen(&l);
	lone_wait(&l, 60500);
	ck_assert_uint_eq(raw_type(&l.out), RAW_HELLO);
	key = l.key;
	key.secret = "another";
	raw_begin(&r, RAW_ACK, l.tid);
	raw_seal(&r, l.ns, l.nr);
	raw_digest(&r, &key);
	ck_assert_int_ne(l2tp_input(l.e, &l.path, r.p, r.len, l.now),
	    ERR_NONE);
	ck_assert(!l2tp_quiet(l.e));
	lone_ack(&l);
	ck_assert(l2tp_quiet(l.e));
}
END_TEST

/* v3-5.4.1-09, v3-5.4.1-10: two digests, of which one is right. */
START_TEST(two_digests)
{
	struct raw_key key[2];
	struct raw r;

	lone_sign(&l, 1);
	l.params.digests = L2TP_DIGEST_MD5 | L2TP_DIGEST_SHA1;
	lone_listen(&l);
	lone_wait(&l, 200);
	key[0] = key[1] = l.key;
	key[0].sha1 = _i & 1;
	key[1].sha1 = (_i & 2) != 0;
	if (_i & 4)
		key[0].secret = "another";
	if (_i & 8)
		key[1].secret = "another";
	r = lone_msg(&l, RAW_HELLO);
	raw_seal(&r, l.ns, l.nr);
	raw_digests(&r, key, 2);
	if ((_i & 12) == 12) {
		disregarded(&r);
		return;
	}
	ck_assert_int_eq(l2tp_input(l.e, &l.path, r.p, r.len, l.now),
	    ERR_NONE);
	lone_wait(&l, 200);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns + 1U);
}
END_TEST

/* v3-4.3-03: who asks for it gets it, or there is no connection. */
START_TEST(answer_without)
{
	struct raw r;

	lone_sign(&l, 1);
	ck_assert_int_eq(l2tp_tunnel_open(l.e, &l.path, &l.params, NULL,
	    l.now, &l.tid), 0);
	lone_expect(&l, RAW_SCCRQ);
	r = lone_msg(&l, RAW_SCCRP);
	raw_without(&r, RAW_NONCE);
	raw_seal(&r, 0, 1);
	/* What it says of that is not signed, or without our nonce. */
	l.signs = 0;
	l2tp_input(l.e, &l.path, r.p, r.len, l.now);
	ck_assert_str_ne(lone_state(&l), "established");
	while (lone_out(&l))
		ck_assert_uint_ne(raw_type(&l.out), RAW_SCCCN);
}
END_TEST

/* v3-4.3-03: a caller who does not ask for it is not let in either. */
START_TEST(request_without)
{
	struct raw r;

	lone_sign(&l, 1);
	l.signs = 0;
	r = lone_msg(&l, RAW_SCCRQ);
	lone_say(&l, r);
	if (lone_event(&l) && l.ev.type == L2TP_EV_TUNNEL_IN)
		l2tp_tunnel_accept(l.e, l.ev.local_tid, &l.params, NULL,
		    l.now);
	while (lone_out(&l))
		ck_assert_uint_ne(raw_type(&l.out), RAW_SCCRP);
}
END_TEST

/* v3-4.2-08: sent again with another Nr, and so another digest. */
START_TEST(retransmission)
{
	struct raw first;

	lone_sign(&l, 1);
	lone_dial(&l);
	do
		lone_wait(&l, 100);
	while (raw_type(&l.out) != RAW_HELLO);
	first = l.out;
	l.nr--;			/* not heard of */
	lone_say(&l, lone_msg(&l, RAW_HELLO));
	lone_wait(&l, 500);
	do
		lone_wait(&l, 100);
	while (raw_type(&l.out) != RAW_HELLO);
	ck_assert_uint_eq(raw_ns(&l.out), raw_ns(&first));
	ck_assert_uint_eq(raw_nr(&l.out), raw_nr(&first) + 1U);
	ck_assert_mem_ne(l.out.p + 27, first.p + 27, 20);
}
END_TEST

/* v3-8.1-01: never the secret itself. */
START_TEST(secret_is_not_sent)
{
	lone_sign(&l, 1);
	l.params.hide_avps = 1;
	ck_assert_int_eq(l2tp_tunnel_open(l.e, &l.path, &l.params, NULL,
	    l.now, &l.tid), 0);
	while (lone_out(&l))
		ck_assert_ptr_null(memmem(l.out.p, l.out.len, LONE_SECRET,
		    strlen(LONE_SECRET)));
}
END_TEST

/* How many AVPs of the latest message are hidden. */
static int
n_hidden(void)
{
	size_t at, len, vector = SIZE_MAX;
	int n = 0;

	for (at = RAW_HEADER; at < l.out.len; at += len) {
		len = (size_t)(l.out.p[at] << 8 | l.out.p[at + 1]) & 0x3ff;
		if (l.out.p[at + 5] == RAW_VECTOR)
			vector = at;
		if ((l.out.p[at] & RAW_H >> 8) == 0)
			continue;
		/* v3-5.3-02, v3-5.4.1-18 */
		ck_assert_uint_lt(vector, at);
		n++;
	}
	return (n);
}

static void
ask_for_a_call(void)
{
	struct l2tp_call_params p = lone_params();
	uint32_t sid;

	ck_assert_int_eq(l2tp_call_open(l.e, l.tid, &p, NULL, l.now, &sid), 0);
	ck_assert(lone_out(&l));
	ck_assert_uint_eq(raw_get16(&l.out, RAW_MESSAGE_TYPE), RAW_ICRQ);
}

/* v3-5.3-01, v3-5.3-02: what may be hidden is, behind a Random Vector. */
/* v3-5.3-07 */
START_TEST(hides_with_a_digest)
{
	lone_sign(&l, 1);
	l.params.hide_avps = 1;
	lone_listen(&l);
	ask_for_a_call();
	ck_assert_int_gt(n_hidden(), 4);
	ck_assert_ptr_null(memmem(l.out.p, l.out.len, LONE_END_ID,
	    strlen(LONE_END_ID)));
}
END_TEST

/* v3-5.3-01: a secret alone is not enough. */
START_TEST(hides_nothing_without)
{
	lone_sign(&l, 1);
	l.signs = 0;
	l.params.digests = 0;
	l.params.hide_avps = 1;
	lone_listen(&l);
	ask_for_a_call();
	ck_assert_int_eq(n_hidden(), 0);
}
END_TEST

static TCase *
auth_case(void)
{
	TCase *t = tcase_create("auth");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, both_ways, 0, 4);
	tcase_add_test(t, acknowledgement);
	tcase_add_test(t, nonces);
	tcase_add_test(t, no_nonce);
	tcase_add_loop_test(t, nonce_lengths, 0, 2);
	tcase_add_loop_test(t, unsigned_messages, 0, 6);
	tcase_add_loop_test(t, wrong_digest, 0, 5);
	tcase_add_test(t, wrong_digest_acknowledges_nothing);
	tcase_add_loop_test(t, two_digests, 0, 16);
	tcase_add_test(t, answer_without);
	tcase_add_test(t, request_without);
	tcase_add_test(t, retransmission);
	tcase_add_test(t, secret_is_not_sent);
	tcase_add_test(t, hides_with_a_digest);
	tcase_add_test(t, hides_nothing_without);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("v3_auth");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, auth_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
