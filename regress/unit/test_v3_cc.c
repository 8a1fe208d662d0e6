/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The control connection of L2TPv3 by the table of RFC 3931 section 7.2, and
 * what its AVPs say (section 5.4.3), with a peer in octets.
 */
#include <check.h>
#include <string.h>

#include "err.h"
#include "lone.h"

enum where { IDLE, WAIT_REPLY, WAIT_CONN, UP };

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
dial(void)
{
	ck_assert_int_eq(l2tp_tunnel_open(l.e, &l.path, &l.params, NULL,
	    l.now, &l.tid), 0);
	lone_expect(&l, RAW_SCCRQ);
}

static void
get_to(enum where where)
{
	if (where == WAIT_REPLY)
		dial();
	if (where == UP)
		lone_listen(&l);
	if (where != WAIT_CONN)
		return;
	lone_say(&l, lone_msg(&l, RAW_SCCRQ));
	lone_expect_event(&l, L2TP_EV_TUNNEL_IN);
	l.tid = l.ev.local_tid;
	ck_assert_int_eq(l2tp_tunnel_accept(l.e, l.tid, &l.params, NULL,
	    l.now), 0);
	lone_expect(&l, RAW_SCCRP);
}

/* v3-3.3.1-01, v3-7.2-01, v3-7.2-06: with a call that waits. */
START_TEST(dialled)
{
	struct l2tp_call_params p = lone_params();
	uint32_t sid;

	dial();
	ck_assert_str_eq(lone_state(&l), "wait-ctl-reply");
	ck_assert_int_eq(l2tp_call_open(l.e, l.tid, &p, NULL, l.now, &sid), 0);
	ck_assert(!lone_out(&l));
	lone_say(&l, lone_msg(&l, RAW_SCCRP));
	lone_expect(&l, RAW_SCCCN);
	ck_assert_uint_eq(raw_ns(&l.out), 1);
	ck_assert_uint_eq(raw_nr(&l.out), 1);
	lone_expect_event(&l, L2TP_EV_TUNNEL_UP);
	lone_ack(&l);
	lone_expect(&l, RAW_ICRQ);
}
END_TEST

/* v3-3.3.1-01, v3-7.2-02, v3-7.2-12, v3-6.3-01: SCCCN needs nothing else. */
START_TEST(answered)
{
	get_to(WAIT_CONN);
	ck_assert_str_eq(lone_state(&l), "wait-ctl-conn");
	ck_assert_uint_eq(raw_ccid(&l.out), LONE_CCID);
	ck_assert_uint_eq(raw_ns(&l.out), 0);
	ck_assert_uint_eq(raw_nr(&l.out), 1);
	lone_say(&l, lone_msg(&l, RAW_SCCCN));
	lone_expect_event(&l, L2TP_EV_TUNNEL_UP);
	ck_assert_uint_eq(l.ev.tunnel->version, 3);
	ck_assert_str_eq(lone_state(&l), "established");
}
END_TEST

/* What does not fit: v3-7.2-03, v3-7.2-07, v3-7.2-11, -13, -14, -17. */
static const struct unfit {
	enum where	where;
	uint16_t	type;
	int		bad;		/* something unknown is mandatory */
} unfits[] = {
	{ WAIT_REPLY, RAW_SCCRP, 1 },
	{ WAIT_REPLY, RAW_SCCCN, 0 },
	{ WAIT_CONN, RAW_SCCCN, 1 },
	{ WAIT_CONN, RAW_SCCRQ, 0 },
	{ WAIT_CONN, RAW_SCCRP, 0 },
	{ UP, RAW_SCCRQ, 0 },
	{ UP, RAW_SCCRP, 0 },
	{ UP, RAW_SCCCN, 0 }
};

/* v3-5.4.2-02, v3-7.1-01, v3-7.2-13 */
START_TEST(unfit)
{
	const struct unfit *u = &unfits[_i];
	struct raw r;

	get_to(u->where);
	r = lone_msg(&l, u->type);
	if (u->bad)
		raw_vendor(&r, RAW_M, 9, 9, NULL, 0);
	lone_say(&l, r);
	lone_stopped(&l, u->bad ? 2 : 7, u->bad ? 8 : 3);
	/* v3-6.4-01 */
	ck_assert_uint_eq(raw_get32(&l.out, RAW_CCID), l.tid);
}
END_TEST

/* v3-7.2-03: the answer to who is not acceptable, of whatever state. */
START_TEST(unacceptable)
{
	struct raw r = lone_msg(&l, RAW_SCCRQ);

	raw_without(&r, RAW_PW_LIST);
	lone_say(&l, r);
	lone_expect(&l, RAW_STOPCCN);
	ck_assert_uint_eq(raw_ccid(&l.out), LONE_CCID);
	lone_expect_no_event(&l);
}
END_TEST

/* v3-7.2-04: a reply that nobody has asked for. */
START_TEST(unasked)
{
	lone_say(&l, lone_msg(&l, RAW_SCCRP));
	lone_expect(&l, RAW_STOPCCN);
	ck_assert_uint_eq(raw_ccid(&l.out), LONE_CCID);
	lone_expect_no_event(&l);
}
END_TEST

/* v3-7.2-17: what comes twice is no news. */
START_TEST(repeated)
{
	lone_listen(&l);
	lone_say_at(&l, lone_msg(&l, RAW_SCCCN), 1, l.nr);
	lone_expect_none(&l);
	ck_assert_str_eq(lone_state(&l), "established");
}
END_TEST

/* v3-7.2-18, v3-6.4-01: it is acknowledged, and that is all. */
START_TEST(stopped)
{
	get_to(1 + _i);
	lone_say(&l, lone_msg(&l, RAW_STOPCCN));
	if (_i == UP - 1)
		lone_expect_event(&l, L2TP_EV_TUNNEL_DOWN);
	l.out.len = 0;
	lone_wait(&l, 200);
	ck_assert(raw_type(&l.out) == 0 || raw_type(&l.out) == RAW_ACK);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns);
	/* v3-3.3.2-01: and again, for the next half minute. */
	lone_wait(&l, 20000);
	l.out.len = 0;
	lone_say_at(&l, lone_msg(&l, RAW_STOPCCN), (uint16_t)(l.ns - 1), l.nr);
	lone_wait(&l, 200);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns);
}
END_TEST

/* v3-7.2-16, v3-3.3.2-02: one StopCCN for all there is. */
START_TEST(closed)
{
	lone_listen(&l);
	lone_call_up(&l);
	ck_assert_int_eq(l2tp_tunnel_close(l.e, l.tid, L2TP_STOP_CLEAR, 0,
	    NULL, l.now), 0);
	lone_expect(&l, RAW_STOPCCN);
	ck_assert(!lone_out(&l));
	lone_expect_event(&l, L2TP_EV_CALL_DOWN);
	lone_expect_event(&l, L2TP_EV_TUNNEL_DOWN);
}
END_TEST

/* v3-5.4.3-13: before the peer's id is known. */
START_TEST(closed_early)
{
	dial();
	lone_ack(&l);
	ck_assert_int_eq(l2tp_tunnel_close(l.e, l.tid, L2TP_STOP_CLEAR, 0,
	    NULL, l.now), 0);
	lone_expect(&l, RAW_STOPCCN);
	ck_assert_uint_eq(raw_ccid(&l.out), 0);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_CCID), l.tid);
}
END_TEST

/* v3-5.4.3-13: and of a peer that does not know ours. */
START_TEST(stopped_early)
{
	struct raw r;

	get_to(WAIT_CONN);
	r = lone_msg(&l, RAW_STOPCCN);
	memset(r.p + 4, 0, 4);
	lone_say(&l, r);
	lone_wait(&l, 200);
	ck_assert_str_ne(lone_state(&l), "wait-ctl-conn");
}
END_TEST

/* v3-6.5-01: acknowledged, and without a further effect. */
START_TEST(hello)
{
	lone_listen(&l);
	lone_say(&l, lone_msg(&l, RAW_HELLO));
	lone_wait(&l, 200);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns);
	lone_expect_no_event(&l);
	lone_wait(&l, 60000);
	ck_assert_uint_eq(raw_type(&l.out), RAW_HELLO);
	ck_assert_uint_eq(l.out.len, 20);
}
END_TEST

/* v3-5.4.3-12, v3-5.4.3-07, v3-5.4.3-15, v3-5.4.3-16: out of range. */
START_TEST(out_of_range)
{
	static const struct {
		uint16_t	avp;
		size_t		len;
	} bad[] = { { RAW_CCID, 4 }, { RAW_HOST_NAME, 0 }, { RAW_WINDOW, 2 },
	    { RAW_PW_LIST, 3 }, { RAW_PW_LIST, 0 }, { RAW_ROUTER_ID, 3 } };
	struct raw r = lone_msg(&l, RAW_SCCRQ);

	if (bad[_i].avp != RAW_WINDOW)
		raw_without(&r, bad[_i].avp);
	raw_avp(&r, RAW_M, bad[_i].avp, "\0\0\0\0", bad[_i].len);
	lone_say(&l, r);
	/* What a quirk may forgive is looked at when the peer is known. */
	if (lone_event(&l) && l.ev.type == L2TP_EV_TUNNEL_IN)
		l2tp_tunnel_accept(l.e, l.ev.local_tid, &l.params, NULL,
		    l.now);
	while (lone_out(&l))
		ck_assert_uint_eq(raw_type(&l.out), RAW_STOPCCN);
}
END_TEST

/* v3-5.4.3-09, v3-5.4.3-10, v3-5.4.3-17, v3-3.3-01: who it is. */
START_TEST(identity)
{
	struct raw r = lone_msg(&l, RAW_SCCRQ);

	raw_without(&r, RAW_ROUTER_ID);
	raw_avp32(&r, RAW_ROUTER_ID, 0xffffffff);
	raw_avp(&r, 0, RAW_VENDOR_NAME, "a\377b", 3);
	raw_avp(&r, 0, RAW_LANGUAGE, "fr", 2);
	lone_say(&l, r);
	lone_expect_event(&l, L2TP_EV_TUNNEL_IN);
	ck_assert_uint_eq(l.ev.tunnel->router_id, 0xffffffff);
	ck_assert_str_eq(l.ev.tunnel->host_name, "peer");
	ck_assert_str_eq(l.ev.tunnel->vendor_name, "a\377b");
}
END_TEST

/* v3-5.4.3-16, v3-eth-01: what is configured, in that order, no more. */
START_TEST(pseudowires)
{
	const uint8_t *p;
	size_t len;

	if (_i == 1)
		l.params.n_pw_types = 1;
	if (_i == 2)
		get_to(WAIT_CONN);
	else
		dial();
	p = raw_find(&l.out, RAW_PW_LIST, &len);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(len, _i == 1 ? 2 : 4);
	ck_assert_mem_eq(p, "\0\5\0\7", len);
}
END_TEST

/* v3-5.4.3-15: four at a time if nothing is said. */
START_TEST(default_window)
{
	struct l2tp_tunnel_info i;

	lone_listen(&l);
	ck_assert_int_eq(l2tp_tunnel_get(l.e, l.tid, &i), 0);
	ck_assert_uint_eq(i.peer_window, 4);
}
END_TEST

static TCase *
cc_case(void)
{
	TCase *t = tcase_create("cc");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, dialled);
	tcase_add_test(t, answered);
	tcase_add_loop_test(t, unfit, 0, 8);
	tcase_add_test(t, unacceptable);
	tcase_add_test(t, unasked);
	tcase_add_test(t, repeated);
	tcase_add_loop_test(t, stopped, 0, 3);
	tcase_add_test(t, closed);
	tcase_add_test(t, closed_early);
	tcase_add_test(t, stopped_early);
	tcase_add_test(t, hello);
	tcase_add_loop_test(t, out_of_range, 0, 6);
	tcase_add_test(t, identity);
	tcase_add_loop_test(t, pseudowires, 0, 3);
	tcase_add_test(t, default_window);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("v3_cc");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, cc_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
