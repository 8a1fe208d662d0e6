/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Calls of L2TPv3 by the tables of RFC 3931 sections 7.3 and 7.4, with a
 * peer in octets.
 */
#include <check.h>
#include <string.h>

#include "err.h"
#include "lone.h"

enum where {
	ASKED_IN,		/* wait-reply: we sent an ICRQ */
	SENDER_UP,
	WAIT_CONNECT,		/* we sent an ICRP */
	RECIPIENT_UP,
	ASKED_OUT,		/* wait-reply: we sent an OCRQ */
	OUT_WAIT_CONNECT,	/* it was answered */
	OUT_SENDER_UP,
	PLACING,		/* wait-cs-answer: we sent an OCRP */
	OUT_RECIPIENT_UP
};

static struct lone	l;

static void
setup(void)
{
	lone_init(&l);
	lone_listen(&l);
}

static void
teardown(void)
{
	lone_free(&l);
}

static void
say(uint16_t type)
{
	lone_say(&l, lone_msg(&l, type));
}

/* Whatever it is, to the session that there is. */
static void
say_to_it(uint16_t type)
{
	struct raw r = lone_msg(&l, type);

	if (raw_has(&r, RAW_REMOTE_SID)) {
		raw_without(&r, RAW_REMOTE_SID);
		raw_avp32(&r, RAW_REMOTE_SID, l.sid);
	}
	lone_say(&l, r);
}

static void
ask(int outgoing)
{
	struct l2tp_call_params p = lone_params();

	p.outgoing = (uint8_t)outgoing;
	lone_ask(&l, &p);
}

static void
answer(void)
{
	struct l2tp_call_params p = lone_params();

	ck_assert_int_eq(l2tp_call_offer(l.e, l.tid, l.sid, &p, l.now), 0);
	ck_assert_int_eq(l2tp_call_accept(l.e, l.tid, l.sid, NULL, l.now), 0);
}

static void
get_to_in(enum where where)
{
	if (where == ASKED_IN || where == SENDER_UP)
		ask(0);
	if (where == SENDER_UP) {
		say(RAW_ICRP);
		lone_expect_event(&l, L2TP_EV_CALL_REPLY);
		ck_assert_int_eq(l2tp_call_accept(l.e, l.tid, l.sid, NULL,
		    l.now), 0);
		lone_expect(&l, RAW_ICCN);
		lone_ack(&l);
		lone_expect_event(&l, L2TP_EV_CALL_UP);
	}
	if (where == WAIT_CONNECT) {
		lone_asked(&l, RAW_ICRQ);
		answer();
		lone_expect(&l, RAW_ICRP);
	}
	if (where == RECIPIENT_UP)
		lone_call_up(&l);
}

static void
get_to_out(enum where where)
{
	static const struct l2tp_call_params p;

	if (where >= PLACING) {
		lone_asked(&l, RAW_OCRQ);
		answer();
		lone_expect(&l, RAW_OCRP);
		lone_ack(&l);
	} else {
		ask(1);
	}
	if (where == OUT_RECIPIENT_UP) {
		ck_assert_int_eq(l2tp_call_connect(l.e, l.tid, l.sid, &p,
		    l.now), 0);
		lone_expect(&l, RAW_OCCN);
		lone_expect_event(&l, L2TP_EV_CALL_UP);
	}
	if (where == OUT_WAIT_CONNECT || where == OUT_SENDER_UP) {
		say(RAW_OCRP);
		lone_expect_event(&l, L2TP_EV_CALL_REPLY);
	}
	if (where == OUT_SENDER_UP) {
		say(RAW_OCCN);
		lone_expect_event(&l, L2TP_EV_CALL_UP);
	}
}

static void
get_to(enum where where)
{
	if (where < ASKED_OUT)
		get_to_in(where);
	else
		get_to_out(where);
	lone_ack(&l);
}

/* It is no more, and only that is news; the connection goes on. */
static void
over(enum l2tp_by by)
{
	lone_expect_event(&l, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(l.ev.cause->by, by);
	lone_expect_no_event(&l);
	ck_assert_str_eq(lone_call_state(&l), "none");
	ck_assert_str_eq(lone_state(&l), "established");
}

/*
 * v3-7.3.1-04, v3-7.3.1-05, v3-7.3.2-01, v3-7.3.2-05, v3-7.4.1-03,
 * v3-7.4.1-05, v3-7.4.1-08, v3-7.4.2-01, v3-7.4.2-05, v3-7.4-01
 */
START_TEST(states)
{
	static const char *const names[] = { "wait-reply", "established",
	    "wait-connect", "established", "wait-reply", "wait-connect",
	    "established", "wait-cs-answer", "established" };

	get_to((enum where)_i);
	ck_assert_ptr_nonnull(strstr(lone_call_state(&l), names[_i]));
}
END_TEST

/* What does not belong where it comes: a CDN, and the end. */
static const struct odd {
	enum where	where;
	uint16_t	type;
	int		silent;
} odds[] = {
	/* v3-7.3.1-09 */
	{ ASKED_IN, RAW_ICCN, 1 },
	/* v3-7.3.1-12 */
	{ SENDER_UP, RAW_ICRQ, 0 }, { SENDER_UP, RAW_ICRP, 0 },
	{ SENDER_UP, RAW_ICCN, 0 },
	/* v3-7.3.2-07 */
	{ WAIT_CONNECT, RAW_ICRQ, 0 }, { WAIT_CONNECT, RAW_ICRP, 0 },
	/* v3-7.3.2-10 */
	{ RECIPIENT_UP, RAW_ICRQ, 0 }, { RECIPIENT_UP, RAW_ICRP, 0 },
	{ RECIPIENT_UP, RAW_ICCN, 0 },
	/* v3-7.4.1-06 */
	{ ASKED_OUT, RAW_OCCN, 0 },
	/* v3-7.4.1-09 */
	{ OUT_WAIT_CONNECT, RAW_OCRQ, 0 }, { OUT_WAIT_CONNECT, RAW_OCRP, 0 },
	/* v3-7.4.1-11 */
	{ OUT_SENDER_UP, RAW_OCRQ, 0 }, { OUT_SENDER_UP, RAW_OCRP, 0 },
	{ OUT_SENDER_UP, RAW_OCCN, 0 },
	/* v3-7.4.2-07 */
	{ PLACING, RAW_OCRQ, 0 }, { PLACING, RAW_OCRP, 0 },
	{ PLACING, RAW_OCCN, 0 }, { OUT_RECIPIENT_UP, RAW_OCRQ, 0 },
	{ OUT_RECIPIENT_UP, RAW_OCRP, 0 }, { OUT_RECIPIENT_UP, RAW_OCCN, 0 }
};

START_TEST(odd)
{
	const struct odd *o = &odds[_i];

	get_to(o->where);
	say_to_it(o->type);
	if (o->silent) {
		lone_expect_none(&l);
	} else {
		lone_expect(&l, RAW_CDN);
		ck_assert_uint_eq(raw_get32(&l.out, RAW_REMOTE_SID),
		    LONE_SID);
	}
	over(L2TP_BY_PROTOCOL);
}
END_TEST

/* v3-7.3.1-06, v3-7.3.2-06, v3-7.4.1-06: a reply that cannot be accepted. */
START_TEST(unacceptable)
{
	static const struct {
		enum where	where;
		uint16_t	type;
	} bad[] = { { ASKED_IN, RAW_ICRP }, { WAIT_CONNECT, RAW_ICCN },
	    { ASKED_OUT, RAW_OCRP }, { OUT_WAIT_CONNECT, RAW_OCCN } };
	struct raw r;

	get_to(bad[_i].where);
	r = lone_msg(&l, bad[_i].type);
	raw_vendor(&r, RAW_M, 9, 9, NULL, 0);
	lone_say(&l, r);
	lone_cleared(&l, 2, 8);
	over(L2TP_BY_PROTOCOL);
}
END_TEST

/* v3-7.3.1-09, -11, v3-7.3.2-08, v3-7.4.1-10, v3-7.4.2-08, v3-6.12-01 */
START_TEST(cdn)
{
	get_to((enum where)_i);
	say_to_it(RAW_CDN);
	lone_expect_none(&l);
	over(L2TP_BY_PEER);
	lone_wait(&l, 200);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns);
}
END_TEST

/* v3-7.3.1-10, -13, v3-7.3.2-09, v3-7.4.1-12, v3-7.4.2-06, v3-7.4.2-09 */
START_TEST(closed)
{
	get_to((enum where)_i);
	ck_assert_int_eq(l2tp_call_close(l.e, l.tid, l.sid, L2TP_CDN_ADMIN, 0,
	    NULL, l.now), 0);
	lone_cleared(&l, L2TP_CDN_ADMIN, 0);
	/* v3-5.4.4-04: it tells its own id as well. */
	ck_assert_uint_eq(raw_get32(&l.out, RAW_LOCAL_SID), l.sid);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_REMOTE_SID),
	    _i == ASKED_IN || _i == ASKED_OUT ? 0 : LONE_SID);
	over(L2TP_BY_LOCAL);
}
END_TEST

/* v3-7.3.1-02, v3-7.3.2-04, v3-7.3.2-08, v3-7.4.1-02, v3-7.4.2-04 */
START_TEST(of_no_call)
{
	static const uint16_t types[] = { RAW_ICCN, RAW_OCCN, RAW_CDN,
	    RAW_WEN, RAW_SLI };

	say(types[_i]);
	lone_expect_none(&l);
	lone_wait(&l, 200);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns);
	lone_expect_no_event(&l);
	ck_assert_str_eq(lone_state(&l), "established");
}
END_TEST

/* v3-7.3.2-03, v3-7.4.2-03: from who opened the connection, a CDN. */
START_TEST(reply_of_no_call)
{
	say(_i ? RAW_OCRP : RAW_ICRP);
	while (lone_out(&l))
		ck_assert(raw_type(&l.out) == RAW_CDN ||
		    raw_type(&l.out) == RAW_ACK || raw_type(&l.out) == 0);
	lone_expect_no_event(&l);
	ck_assert_str_eq(lone_state(&l), "established");
}
END_TEST

/* v3-7.3.2-02, v3-7.4.2-02: what is asked for is refused. */
START_TEST(refused)
{
	lone_asked(&l, _i ? RAW_OCRQ : RAW_ICRQ);
	ck_assert_int_eq(l2tp_call_close(l.e, l.tid, l.sid,
	    L2TP_CDN_PERMANENT, 0, NULL, l.now), 0);
	lone_cleared(&l, L2TP_CDN_PERMANENT, 0);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_REMOTE_SID), LONE_SID);
	over(L2TP_BY_LOCAL);
}
END_TEST

/* v3-7.3.1-01, v3-7.3.1-03, v3-7.4.1-01, v3-7.4.1-04, v3-7.2-15 */
START_TEST(waits_for_the_connection)
{
	struct l2tp_call_params p = lone_params();
	uint32_t tid, sid;

	p.outgoing = (uint8_t)_i;
	ck_assert_int_eq(l2tp_tunnel_open(l.e, &l.path, &l.params, NULL,
	    l.now, &tid), 0);
	lone_expect(&l, RAW_SCCRQ);
	ck_assert_int_eq(l2tp_call_open(l.e, tid, &p, NULL, l.now, &sid), 0);
	lone_expect_none(&l);
	ck_assert_int_eq(l2tp_call_close(l.e, tid, sid, L2TP_CDN_ADMIN, 0,
	    NULL, l.now), 0);
	lone_expect_none(&l);
	lone_expect_event(&l, L2TP_EV_CALL_DOWN);
	/* Of one that is up it is sent at once. */
	ask(_i);
}
END_TEST

static TCase *
call_case(void)
{
	TCase *t = tcase_create("call");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, states, 0, OUT_RECIPIENT_UP + 1);
	tcase_add_loop_test(t, odd, 0, sizeof(odds) / sizeof(odds[0]));
	tcase_add_loop_test(t, unacceptable, 0, 4);
	tcase_add_loop_test(t, cdn, 0, OUT_RECIPIENT_UP + 1);
	tcase_add_loop_test(t, closed, 0, OUT_RECIPIENT_UP + 1);
	tcase_add_loop_test(t, of_no_call, 0, 5);
	tcase_add_loop_test(t, reply_of_no_call, 0, 2);
	tcase_add_loop_test(t, refused, 0, 2);
	tcase_add_loop_test(t, waits_for_the_connection, 0, 2);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("v3_call");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, call_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
