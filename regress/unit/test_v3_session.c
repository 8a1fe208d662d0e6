/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the messages of an L2TPv3 session say (RFC 3931 sections 5.4.4 and
 * 5.4.5, RFC 4719), with a peer in octets.
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

static void
answer(const struct l2tp_call_params *p)
{
	ck_assert_int_eq(l2tp_call_offer(l.e, l.tid, l.sid, p, l.now), 0);
	ck_assert_int_eq(l2tp_call_accept(l.e, l.tid, l.sid, NULL, l.now), 0);
}

static struct l2tp_call_info
info(void)
{
	struct l2tp_call_info i;

	ck_assert_int_eq(l2tp_call_get(l.e, l.tid, l.sid, &i), 0);
	return (i);
}

/* v3-5.4.4-01, v3-5.4.4-03, v3-5.4.4-04: whose ids are in what is sent. */
START_TEST(ids)
{
	static const uint16_t asks[] = { RAW_ICRQ, RAW_OCRQ };
	struct l2tp_call_params p = lone_params();

	lone_listen(&l);
	p.outgoing = (uint8_t)_i;
	lone_ask(&l, &p);
	ck_assert_uint_eq(raw_type(&l.out), asks[_i]);
	ck_assert_uint_ne(l.sid, 0);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_REMOTE_SID), 0);
	ck_assert_mem_eq(raw_find(&l.out, RAW_END_ID, &(size_t){ 0 }),
	    LONE_END_ID, strlen(LONE_END_ID));
	lone_say(&l, lone_msg(&l, _i ? RAW_OCRP : RAW_ICRP));
	lone_expect_event(&l, L2TP_EV_CALL_REPLY);
	ck_assert_uint_eq(l.ev.call->peer_sid, LONE_SID);
	if (_i == 1)
		return;
	ck_assert_int_eq(l2tp_call_accept(l.e, l.tid, l.sid, NULL, l.now), 0);
	lone_expect(&l, RAW_ICCN);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_REMOTE_SID), LONE_SID);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_LOCAL_SID), l.sid);
	lone_ack(&l);
	ck_assert_int_eq(l2tp_call_send_circuit(l.e, l.tid, l.sid, 0, l.now),
	    0);
	lone_expect(&l, RAW_SLI);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_REMOTE_SID), LONE_SID);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_LOCAL_SID), l.sid);
	ck_assert_uint_eq(raw_get16(&l.out, RAW_CIRCUIT) & 1, 0);
}
END_TEST

/* An ICRQ with this in place of what it has, or besides. */
static struct raw
icrq_with(uint16_t avp, const void *value, size_t len)
{
	struct raw r = lone_msg(&l, RAW_ICRQ);

	if (raw_has(&r, avp))
		raw_without(&r, avp);
	raw_avp(&r, RAW_M, avp, value, len);
	return (r);
}

/* Requests that are refused, and why. */
static const struct refused {
	uint16_t	avp;
	const char	*value;
	size_t		len;
	uint16_t	result, error;
} refusals[] = {
	/* v3-5.4.4-16, v3-eth-02, v3-eth-09: none of those listed. */
	{ RAW_PW_TYPE, "\0\1", 2, L2TP_CDN_PW_TYPE, 0 },
	{ RAW_PW_TYPE, "\0\4", 2, L2TP_CDN_PW_TYPE, 0 },
	/* v3-5.4.4-24, v3-eth-12 */
	{ RAW_SEQUENCING, "\0\2", 2, L2TP_CDN_NO_SUBLAYER, 0 },
	{ RAW_SEQUENCING, "\0\1", 2, L2TP_CDN_NO_SUBLAYER, 0 },
	/* v3-5.4.4-19 */
	{ RAW_SEQUENCING, "\0\3", 2, L2TP_CDN_ERROR, L2TP_ERROR_VALUE },
	/* v3-5.4.4-07 */
	{ RAW_COOKIE, "123", 3, L2TP_CDN_ERROR, L2TP_ERROR_LENGTH },
	{ RAW_COOKIE, "123456789", 9, L2TP_CDN_ERROR, L2TP_ERROR_LENGTH },
	/* v3-7.1-03 */
	{ RAW_PW_TYPE, "\5", 1, L2TP_CDN_ERROR, L2TP_ERROR_LENGTH }
};

START_TEST(refused)
{
	const struct refused *row = &refusals[_i];

	lone_listen(&l);
	lone_say(&l, icrq_with(row->avp, row->value, row->len));
	lone_cleared(&l, row->result, row->error);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_REMOTE_SID), LONE_SID);
	lone_expect_no_event(&l);
}
END_TEST

/* v3-5.4.4-18: a sublayer that the kernel does not have. */
START_TEST(strange_sublayer)
{
	lone_listen(&l);
	lone_say(&l, icrq_with(RAW_SUBLAYER, "\0\5", 2));
	lone_expect(&l, RAW_CDN);
	lone_expect_no_event(&l);
}
END_TEST

/*
 * v3-5.4.4-18: in one direction alone the kernel cannot have it either.  The
 * ICCN may still say that both have it; after an OCRQ there is no such word.
 */
START_TEST(one_sided_sublayer)
{
	struct l2tp_call_params p = lone_params();
	struct raw r;

	lone_listen(&l);
	lone_asked(&l, _i == 2 ? RAW_OCRQ : RAW_ICRQ);
	p.l2spec = 1;
	if (_i == 2) {
		ck_assert_int_eq(l2tp_call_offer(l.e, l.tid, l.sid, &p,
		    l.now), -1);
		return;
	}
	answer(&p);
	lone_expect(&l, RAW_ICRP);
	ck_assert_uint_eq(raw_get16(&l.out, RAW_SUBLAYER), 1);
	r = lone_msg(&l, RAW_ICCN);
	if (_i == 1)
		raw_avp16(&r, RAW_SUBLAYER, 1);
	lone_say(&l, r);
	if (_i == 0)
		lone_cleared(&l, L2TP_CDN_ERROR, L2TP_ERROR_VALUE);
	lone_expect_event(&l, _i == 1 ? L2TP_EV_CALL_UP :
	    L2TP_EV_CALL_DOWN);
}
END_TEST

/* v3-5.4.4-02: none, and one that there is already. */
START_TEST(bad_ids)
{
	lone_listen(&l);
	if (_i == 0) {
		lone_say(&l, icrq_with(RAW_LOCAL_SID, "\0\0\0\0", 4));
	} else {
		lone_asked(&l, RAW_ICRQ);
		lone_say(&l, lone_msg(&l, RAW_ICRQ));
	}
	lone_expect(&l, RAW_CDN);
	lone_expect_no_event(&l);
	ck_assert_str_eq(lone_state(&l), "established");
}
END_TEST

/* v3-5.4.4-05: of who does not know our id, found by its own. */
START_TEST(early_cdn)
{
	struct raw r;

	lone_listen(&l);
	lone_asked(&l, RAW_ICRQ);
	r = lone_msg(&l, RAW_CDN);
	raw_without(&r, RAW_REMOTE_SID);
	raw_avp32(&r, RAW_REMOTE_SID, 0);
	lone_say(&l, r);
	lone_expect_event(&l, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(l.ev.local_sid, l.sid);
	lone_expect_none(&l);
}
END_TEST

/* v3-5.4.4-15: nothing is asked for that the peer does not have. */
START_TEST(peer_cannot)
{
	struct l2tp_call_params p = lone_params();
	struct raw r = lone_msg(&l, RAW_SCCRQ);
	uint32_t sid;

	raw_without(&r, RAW_PW_LIST);
	raw_avp(&r, RAW_M, RAW_PW_LIST, "\0\7", 2);
	lone_say(&l, r);
	lone_expect_event(&l, L2TP_EV_TUNNEL_IN);
	l.tid = l.ev.local_tid;
	ck_assert_int_eq(l2tp_tunnel_accept(l.e, l.tid, &l.params, NULL,
	    l.now), 0);
	lone_expect(&l, RAW_SCCRP);
	lone_say(&l, lone_msg(&l, RAW_SCCCN));
	lone_expect_event(&l, L2TP_EV_TUNNEL_UP);
	ck_assert_int_eq(l2tp_call_open(l.e, l.tid, &p, NULL, l.now, &sid),
	    -1);
	lone_expect_none(&l);
	p.pw_type = L2TP_PW_PPP;
	lone_ask(&l, &p);
}
END_TEST

/* v3-5.4.4-07, v3-5.4.4-08, v3-8.2-01: each has what the other assigned. */
START_TEST(cookies)
{
	static const uint8_t lengths[] = { 0, 4, 8 };
	uint8_t theirs = lengths[_i % 3], ours = lengths[_i / 3];
	struct l2tp_call_params p = lone_params();
	const uint8_t *sent;
	size_t len = 0;

	lone_listen(&l);
	lone_say(&l, icrq_with(RAW_COOKIE, "abcdefgh", theirs));
	lone_expect_event(&l, L2TP_EV_CALL_IN);
	l.sid = l.ev.local_sid;
	p.cookie_len = ours;
	answer(&p);
	lone_expect(&l, RAW_ICRP);
	sent = raw_find(&l.out, RAW_COOKIE, &len);
	ck_assert_uint_eq(len, ours);
	ck_assert_uint_eq(info().local_cookie_len, ours);
	if (ours > 0)
		ck_assert_mem_eq(info().local_cookie, sent, ours);
	ck_assert_uint_eq(info().peer_cookie_len, theirs);
	ck_assert_mem_eq(info().peer_cookie, "abcdefgh", theirs);
}
END_TEST

/* v3-8.2-02: from the caller's source of chance, for each call anew. */
START_TEST(cookies_are_random)
{
	struct l2tp_call_params p = lone_params();
	uint8_t first[8];
	size_t len;

	lone_listen(&l);
	lone_ask(&l, &p);
	memcpy(first, raw_find(&l.out, RAW_COOKIE, &len), sizeof(first));
	ck_assert_uint_eq(len, sizeof(first));
	l2tp_call_close(l.e, l.tid, l.sid, L2TP_CDN_ADMIN, 0, NULL, l.now);
	lone_expect(&l, RAW_CDN);
	lone_ack(&l);
	lone_ask(&l, &p);
	ck_assert_mem_ne(raw_find(&l.out, RAW_COOKIE, &len), first,
	    sizeof(first));
}
END_TEST

/* v3-5.4.4-17, -21, -22, v3-4.6.1-01, v3-eth-10: levels by direction. */
/* v3-5.4.4-21 */
START_TEST(sublayer)
{
	struct l2tp_call_params p = lone_params();
	struct raw r;

	lone_listen(&l);
	r = lone_msg(&l, RAW_ICRQ);
	raw_avp16(&r, RAW_SUBLAYER, 1);
	if (_i > 0)
		raw_avp16(&r, RAW_SEQUENCING, (uint16_t)_i);
	lone_say(&l, r);
	lone_expect_event(&l, L2TP_EV_CALL_IN);
	l.sid = l.ev.local_sid;
	p.l2spec = 1;
	p.data_sequencing = _i == 0 ? 2 : 0;
	answer(&p);
	lone_expect(&l, RAW_ICRP);
	ck_assert_uint_eq(raw_get16(&l.out, RAW_SUBLAYER), 1);
	if (_i == 0)
		ck_assert_uint_eq(raw_get16(&l.out, RAW_SEQUENCING), 2);
	ck_assert_uint_eq(info().l2spec, 1);
	ck_assert_uint_eq(info().send_seq, _i > 0);
	ck_assert_uint_eq(info().recv_seq, _i == 0);
}
END_TEST

/* v3-5.4.5-01, v3-eth-03: in all four, and of a circuit that is down. */
/* v3-5.4.5-03 */
START_TEST(circuit_is_told)
{
	struct l2tp_call_params p = lone_params();

	lone_listen(&l);
	p.circuit_down = (uint8_t)(_i / 4);
	if (_i % 4 < 2) {
		p.outgoing = _i % 2;
		lone_ask(&l, &p);
	} else {
		lone_asked(&l, _i % 2 ? RAW_OCRQ : RAW_ICRQ);
		answer(&p);
		lone_expect(&l, _i % 2 ? RAW_OCRP : RAW_ICRP);
	}
	ck_assert_uint_eq(raw_get16(&l.out, RAW_CIRCUIT) & 0x1,
	    !p.circuit_down);
	/* N is said whenever a call is set up. */
	ck_assert_uint_eq(raw_get16(&l.out, RAW_CIRCUIT) & 0x2, 0x2);
	/* v3-5.4.5-04, v3-eth-14: and no bits that mean nothing. */
	ck_assert_uint_eq(raw_get16(&l.out, RAW_CIRCUIT) & 0xfffc, 0);
}
END_TEST

/* v3-5.4.5-04, v3-5.4.5-06, v3-eth-14: other bits do not count. */
START_TEST(circuit_bits)
{
	lone_listen(&l);
	lone_say(&l, icrq_with(RAW_CIRCUIT, _i ? "\377\375" : "\377\374", 2));
	lone_expect_event(&l, L2TP_EV_CALL_IN);
	ck_assert_uint_eq(l.ev.call->circuit_active, _i);
}
END_TEST

/* v3-5.4.5-05, v3-6.14-01, v3-5.4.5-02: what SLI says of it, if it does. */
START_TEST(circuit_changes)
{
	struct raw r;

	lone_listen(&l);
	lone_call_up(&l);
	r = lone_msg(&l, RAW_SLI);
	raw_without(&r, RAW_CIRCUIT);
	lone_say(&l, r);
	lone_expect_no_event(&l);
	raw_avp16(&r, RAW_CIRCUIT, 0);
	lone_say(&l, r);
	lone_expect_event(&l, L2TP_EV_CALL_CIRCUIT);
	ck_assert_uint_eq(l.ev.call->circuit_active, 0);
	lone_say(&l, lone_msg(&l, RAW_SLI));
	lone_expect_event(&l, L2TP_EV_CALL_CIRCUIT);
	ck_assert_uint_eq(l.ev.call->circuit_active, 1);
}
END_TEST

/* v3-5.4.5-07, v3-5.4.5-08: as the figure has it, and as the text. */
START_TEST(errors)
{
	uint8_t value[26] = { 0xff, 0xff };
	const struct l2tp_call_errors *got;
	size_t len = _i ? 26 : 18, at;
	struct raw r;

	for (at = 5; at < len; at += 4)
		value[at] = (uint8_t)at;
	lone_listen(&l);
	lone_call_up(&l);
	r = lone_msg(&l, RAW_WEN);
	raw_without(&r, RAW_ERRORS);
	raw_avp(&r, 0, RAW_ERRORS, value, len);
	lone_say(&l, r);
	lone_expect_event(&l, L2TP_EV_CALL_ERRORS);
	got = &l.ev.call->errors;
	ck_assert_uint_eq(got->hardware_overruns, _i ? 13 : 5);
	ck_assert_uint_eq(got->buffer_overruns, _i ? 17 : 9);
	ck_assert_uint_eq(got->timeouts, _i ? 21 : 13);
	ck_assert_uint_eq(got->alignment, _i ? 25 : 17);
}
END_TEST

static TCase *
session_case(void)
{
	TCase *t = tcase_create("session");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, ids, 0, 2);
	tcase_add_loop_test(t, refused, 0,
	    sizeof(refusals) / sizeof(refusals[0]));
	tcase_add_test(t, strange_sublayer);
	tcase_add_loop_test(t, one_sided_sublayer, 0, 3);
	tcase_add_loop_test(t, bad_ids, 0, 2);
	tcase_add_test(t, early_cdn);
	tcase_add_test(t, peer_cannot);
	tcase_add_loop_test(t, cookies, 0, 9);
	tcase_add_test(t, cookies_are_random);
	tcase_add_loop_test(t, sublayer, 0, 3);
	tcase_add_loop_test(t, circuit_is_told, 0, 8);
	tcase_add_loop_test(t, circuit_bits, 0, 2);
	tcase_add_test(t, circuit_changes);
	tcase_add_loop_test(t, errors, 0, 2);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("v3_session");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, session_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
