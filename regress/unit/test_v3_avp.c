/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * AVPs of L2TPv3 that are missing, malformed, out of range or unknown, and
 * what that ends (RFC 3931 sections 5.1, 5.2, 6 and 7.1).
 */
#include <check.h>
#include <string.h>

#include "err.h"
#include "lone.h"

#define N_AVPS	8	/* that a message must have, at most */

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

/* Messages and what they must have (section 6). */
static const struct must_row {
	uint16_t	type;
	uint16_t	avps[N_AVPS];	/* ends with 0 */
} must_rows[] = {
	{ RAW_SCCRQ, { RAW_HOST_NAME, RAW_ROUTER_ID, RAW_CCID,
	    RAW_PW_LIST } },
	{ RAW_SCCRP, { RAW_HOST_NAME, RAW_ROUTER_ID, RAW_CCID,
	    RAW_PW_LIST } },
	{ RAW_ICRQ, { RAW_LOCAL_SID, RAW_REMOTE_SID, RAW_SERIAL, RAW_PW_TYPE,
	    RAW_END_ID, RAW_CIRCUIT } },
	{ RAW_OCRQ, { RAW_LOCAL_SID, RAW_REMOTE_SID, RAW_SERIAL, RAW_PW_TYPE,
	    RAW_END_ID, RAW_CIRCUIT } },
	{ RAW_ICRP, { RAW_LOCAL_SID, RAW_REMOTE_SID, RAW_CIRCUIT } },
	{ RAW_ICCN, { RAW_LOCAL_SID, RAW_REMOTE_SID } },
	{ RAW_OCRP, { RAW_LOCAL_SID, RAW_REMOTE_SID, RAW_CIRCUIT } },
	{ RAW_OCCN, { RAW_LOCAL_SID, RAW_REMOTE_SID } },
	{ RAW_CDN, { RAW_RESULT, RAW_LOCAL_SID, RAW_REMOTE_SID } },
	{ RAW_WEN, { RAW_LOCAL_SID, RAW_REMOTE_SID, RAW_ERRORS } },
	{ RAW_SLI, { RAW_LOCAL_SID, RAW_REMOTE_SID } }
};
#define N_MUST	(sizeof(must_rows) / sizeof(must_rows[0]))

/* To where a message of that type is what comes next. */
static void
get_to(uint16_t type)
{
	struct l2tp_call_params p = lone_params();

	if (type == RAW_SCCRQ)
		return;
	if (type == RAW_SCCRP) {
		ck_assert_int_eq(l2tp_tunnel_open(l.e, &l.path, &l.params,
		    NULL, l.now, &l.tid), 0);
		lone_expect(&l, RAW_SCCRQ);
		return;
	}
	lone_listen(&l);
	p.outgoing = type == RAW_OCRP || type == RAW_OCCN;
	if (type == RAW_ICRP || type == RAW_OCRP || type == RAW_OCCN)
		lone_ask(&l, &p);
	if (type == RAW_OCCN) {
		lone_say(&l, lone_msg(&l, RAW_OCRP));
		lone_expect_event(&l, L2TP_EV_CALL_REPLY);
	}
	if (type == RAW_ICCN) {
		lone_asked(&l, RAW_ICRQ);
		ck_assert_int_eq(l2tp_call_offer(l.e, l.tid, l.sid, &p,
		    l.now), 0);
		ck_assert_int_eq(l2tp_call_accept(l.e, l.tid, l.sid, NULL,
		    l.now), 0);
		lone_expect(&l, RAW_ICRP);
	}
	if (type == RAW_CDN || type == RAW_WEN || type == RAW_SLI)
		lone_call_up(&l);
}

/* What a quirk may forgive is looked at when the SCCRQ is accepted. */
static int
is_answered(void)
{
	ck_assert_int_eq(l2tp_tunnel_accept(l.e, l.ev.local_tid, &l.params,
	    NULL, l.now), 0);
	ck_assert(lone_out(&l));
	return (raw_type(&l.out) == RAW_SCCRP);
}

/* Whether the message has done what it is for. */
static int
took_effect(uint16_t type)
{
	static const struct {
		uint16_t		type;
		enum l2tp_event_type	event;
	} events[] = {
		{ RAW_SCCRQ, L2TP_EV_TUNNEL_IN },
		{ RAW_SCCRP, L2TP_EV_TUNNEL_UP },
		{ RAW_ICRQ, L2TP_EV_CALL_IN }, { RAW_OCRQ, L2TP_EV_CALL_IN },
		{ RAW_ICRP, L2TP_EV_CALL_REPLY },
		{ RAW_OCRP, L2TP_EV_CALL_REPLY },
		{ RAW_ICCN, L2TP_EV_CALL_UP }, { RAW_OCCN, L2TP_EV_CALL_UP },
		{ RAW_CDN, L2TP_EV_CALL_DOWN },
		{ RAW_WEN, L2TP_EV_CALL_ERRORS }
	};
	size_t i;

	while (lone_event(&l))
		for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
			if (events[i].type == type &&
			    events[i].event == l.ev.type)
				return (type != RAW_SCCRQ || is_answered());
	return (0);
}

/* What is sent about it is a StopCCN or a CDN, or nothing. */
static void
ended(uint16_t type)
{
	int session = type >= RAW_OCRQ;

	if (lone_out(&l) && raw_type(&l.out) != 0 &&
	    raw_type(&l.out) != RAW_ACK)
		ck_assert_uint_eq(raw_type(&l.out), session ? RAW_CDN :
		    RAW_STOPCCN);
	if (session)
		ck_assert_str_eq(lone_state(&l), "established");
}

/*
 * v3-6.1-01, v3-6.2-01, v3-6.6-01, v3-6.7-01, v3-6.8-01, v3-6.9-01,
 * v3-6.10-01, v3-6.11-01, v3-6.13-01: with what it must have.
 */
START_TEST(complete)
{
	uint16_t type = must_rows[_i].type;

	if (type == RAW_SLI)
		return;
	get_to(type);
	lone_say(&l, lone_msg(&l, type));
	ck_assert(took_effect(type));
}
END_TEST

/* The same rows, and v3-6.12-01, v3-6.14-01, v3-7.1-05: without one of it. */
START_TEST(incomplete)
{
	const struct must_row *row = &must_rows[_i / N_AVPS];
	uint16_t avp = row->avps[_i % N_AVPS];
	struct raw r;

	if (avp == 0)
		return;
	get_to(row->type);
	r = lone_msg(&l, row->type);
	raw_without(&r, avp);
	lone_say(&l, r);
	ended(row->type);
	/* A CDN of a session that can be told ends it all the same. */
	if (row->type != RAW_CDN)
		ck_assert_msg(!took_effect(row->type), "%u without %u",
		    row->type, avp);
}
END_TEST

/* v3-5.2-01, v3-5.2-02, v3-5.4.2-06: what must be understood and is not. */
START_TEST(unknown_mandatory)
{
	uint16_t type = must_rows[_i].type;
	const uint8_t *p;
	struct raw r;
	size_t len;

	get_to(type);
	r = lone_msg(&l, type);
	raw_vendor(&r, RAW_M, 9, 77, "x", 1);
	lone_say(&l, r);
	ck_assert(!took_effect(type) || type == RAW_CDN);
	if (type == RAW_CDN)
		return;
	if (type != RAW_SCCRQ)
		ck_assert(lone_out(&l));
	ck_assert_uint_eq(raw_type(&l.out), type >= RAW_OCRQ ? RAW_CDN :
	    RAW_STOPCCN);
	p = raw_find(&l.out, RAW_RESULT, &len);
	ck_assert(p != NULL && len > 4 && p[1] == 2 && p[3] == 8);
	ck_assert_ptr_nonnull(memmem(p + 4, len - 4, "77", 2));
}
END_TEST

/* v3-5.2-03, v3-5.1-03, v3-5.2-05: what need not be is not there. */
START_TEST(unknown_optional)
{
	uint16_t type = must_rows[_i].type;
	struct raw r;

	if (type == RAW_SLI)
		return;
	get_to(type);
	r = lone_msg(&l, type);
	raw_vendor(&r, 0, 9, RAW_HOST_NAME, "x", 1);
	raw_avp(&r, 0, 67, "x", 1);
	raw_avp(&r, 0, 999, NULL, 0);
	lone_say(&l, r);
	ck_assert(took_effect(type));
}
END_TEST

/* v3-5.2-05: type 67, which is not defined, and another. */
START_TEST(undefined_type)
{
	struct raw r = lone_msg(&l, RAW_SCCRQ);

	raw_avp(&r, RAW_M, _i ? 999 : 67, "x", 1);
	lone_say(&l, r);
	ck_assert(!took_effect(RAW_SCCRQ));
	ck_assert_uint_eq(raw_type(&l.out), RAW_STOPCCN);
}
END_TEST

/* v3-5.2-06, v3-5.1-01: of what is known neither M nor reserved bits count. */
START_TEST(flags_of_the_known)
{
	uint16_t type = must_rows[_i].type;
	struct raw r;
	size_t at;

	if (type == RAW_SLI)
		return;
	get_to(type);
	r = lone_msg(&l, type);
	for (at = RAW_HEADER + 8; at < r.len;
	    at += (size_t)(r.p[at] << 8 | r.p[at + 1]) & 0x3ff)
		r.p[at] = (uint8_t)((r.p[at] ^ 0x80) | 0x3c);
	lone_say(&l, r);
	ck_assert(took_effect(type));
}
END_TEST

/* v3-5.2-04, v3-5.1-04: whatever the RFC defines is known, where it may be. */
START_TEST(known)
{
	struct raw r = lone_msg(&l, RAW_SCCRQ);

	raw_avp64(&r, RAW_TIE, 1);
	raw_avp(&r, RAW_M, RAW_VENDOR_NAME, "me", 2);
	raw_avp16(&r, RAW_WINDOW, 4);
	raw_avp(&r, RAW_M, RAW_LANGUAGE, "fr", 2);
	raw_avp(&r, RAW_M, RAW_VECTOR, "0123456789abcdef", 16);
	raw_avp(&r, RAW_M, RAW_EXTENDED, "\0\1\43\105\0\1data", 10);
	raw_avp(&r, RAW_M, RAW_EXTENDED, "\0\1\43\105\0\2", 6);
	ck_assert_int_eq(lone_say(&l, r), ERR_NONE);
	ck_assert(took_effect(RAW_SCCRQ));
}
END_TEST

/* The same, of a call. */
START_TEST(known_of_a_call)
{
	struct raw r;

	lone_listen(&l);
	r = lone_msg(&l, RAW_ICRQ);
	raw_avp(&r, RAW_M, RAW_COOKIE, "12345678", 8);
	raw_avp64(&r, RAW_TIE, 1);
	raw_avp16(&r, RAW_SUBLAYER, 1);
	raw_avp16(&r, RAW_SEQUENCING, 2);
	raw_avp64(&r, RAW_TX_SPEED, 10000000000ULL);
	raw_avp64(&r, RAW_RX_SPEED, 10000000000ULL);
	raw_avp32(&r, RAW_PHYSICAL_CHANNEL, 7);
	lone_say(&l, r);
	ck_assert(took_effect(RAW_ICRQ));
}
END_TEST

/* v3-7.1-03, v3-7.1-04: one octet too many, by the M bit. */
START_TEST(malformed)
{
	struct raw r;

	lone_listen(&l);
	r = lone_msg(&l, RAW_ICRQ);
	raw_avp(&r, _i ? RAW_M : 0, RAW_RX_SPEED, "123456789", 9);
	lone_say(&l, r);
	if (_i)
		lone_cleared(&l, 2, 2);
	ck_assert_int_eq(took_effect(RAW_ICRQ), !_i);
}
END_TEST

/* v3-5.1-02: Length below 6, or past the end, is the end of the message. */
START_TEST(avp_length)
{
	struct raw r = lone_msg(&l, RAW_SCCRQ);
	size_t at = raw_at(&r, RAW_HOST_NAME);

	r.p[at] = (uint8_t)(_i < 6 ? 0x80 : 0x83);
	r.p[at + 1] = (uint8_t)(_i < 6 ? _i : 0xff);
	ck_assert_int_ne(lone_say(&l, r), ERR_NONE);
	ck_assert(!took_effect(RAW_SCCRQ));
}
END_TEST

static TCase *
avp_case(void)
{
	TCase *t = tcase_create("avp");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, complete, 0, N_MUST);
	tcase_add_loop_test(t, incomplete, 0, N_MUST * N_AVPS);
	tcase_add_loop_test(t, unknown_mandatory, 0, N_MUST);
	tcase_add_loop_test(t, unknown_optional, 0, N_MUST);
	tcase_add_loop_test(t, undefined_type, 0, 2);
	tcase_add_loop_test(t, flags_of_the_known, 0, N_MUST);
	tcase_add_test(t, known);
	tcase_add_test(t, known_of_a_call);
	tcase_add_loop_test(t, malformed, 0, 2);
	tcase_add_loop_test(t, avp_length, 0, 7);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("v3_avp");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, avp_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
