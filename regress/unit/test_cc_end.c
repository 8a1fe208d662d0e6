/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control connections when they are established and after: HELLO, all that
 * ends them (RFC 2661 7.2.1), and how long they are kept (5.7, 5.8).
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

static struct rig r;

static void
setup(void)
{
	rig_init(&r);
}

static void
teardown(void)
{
	rig_free(&r);
}

/* v2-7.2.1-13: no new SCCRQ, only an ICRQ. */
START_TEST(established_open)
{
	rig_dial(&r);
	rig_call(&r, CALL_WAIT_REPLY, 0);
	rig_call(&r, CALL_WAIT_REPLY, 0);
	rig_expect_none(&r);
}
END_TEST

/* v2-7.2.1-14, v2-6.4-02: calls end without CDNs, before their tunnel. */
START_TEST(established_close)
{
	struct l2tp_tunnel_info i;
	uint32_t sid[2];

	rig_listen(&r);
	sid[0] = rig_call(&r, CALL_ESTABLISHED, 11);
	sid[1] = rig_call(&r, CALL_WAIT_CONNECT, 12);
	ck_assert_int_eq(l2tp_tunnel_close(r.e, r.tid, L2TP_STOP_SHUTDOWN, 0,
	    NULL, r.now), 0);
	ck_assert_int_eq(l2tp_tunnel_close(r.e, r.tid, L2TP_STOP_SHUTDOWN, 0,
	    NULL, r.now), -1);
	rig_expect(&r, MSG_STOPCCN);
	ck_assert_uint_eq(r.m.result, 6);
	rig_expect_none(&r);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.local_sid, sid[0]);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_LOCAL);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.local_sid, sid[1]);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_int_eq(l2tp_tunnel_get(r.e, r.tid, &i), 0);
	ck_assert_uint_eq(i.n_calls, 0);
	rig_gone(&r);
}
END_TEST

/* v2-7.2.1-15 */
START_TEST(established_unexpected)
{
	static const uint16_t types[] = { MSG_SCCRQ, MSG_SCCRP, MSG_SCCCN };
	struct msg m = rig_msg(types[_i]);

	rig_listen(&r);
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_stopped(&r, 7, L2TP_BY_PROTOCOL);
	rig_gone(&r);
}
END_TEST

/* v2-7.2.1-16, v2-6.4-03, v2-5.7-01: only the channel answers. */
START_TEST(stopccn)
{
	static const int states[] = { CC_WAIT_ACCEPT, CC_WAIT_CTL_REPLY,
	    CC_WAIT_CTL_CONN, CC_ESTABLISHED };
	struct msg m = rig_msg(MSG_STOPCCN);
	uint16_t ns;
	int i;

	m.result = 6;
	m.has_error = 1;
	m.error_text.p = (const uint8_t *)"bye";
	m.error_text.len = 3;
	rig_tunnel(&r, (unsigned)states[_i]);
	ns = r.ns;
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_PEER);
	ck_assert_uint_eq(r.ev.cause->result, 6);
	ck_assert_str_eq(r.ev.cause->text, "bye");
	for (i = 0; i < 5; i++) {
		if (i > 0)
			rig_send_at(&r, rig_tid(&r), 0, &m, ns, r.nr);
		else
			rig_tick(&r, 100);
		rig_expect(&r, MSG_ZLB);
		ck_assert_uint_eq(r.h.nr, (uint16_t)(ns + 1));
		rig_expect_none(&r);
		rig_wait(&r, 5000);
	}
	rig_expect_no_event(&r);
	rig_wait(&r, 6000);
	rig_expect_event(&r, L2TP_EV_TUNNEL_GONE);
}
END_TEST

/* v2-4.4.3-22: the peer was not told our id. */
START_TEST(stopccn_without_id)
{
	struct msg m = rig_msg(MSG_STOPCCN);

	rig_tunnel(&r, CC_WAIT_CTL_CONN);
	m.assigned_tid = RIG_PEER_TID + 1;
	ck_assert_int_eq(rig_send_at(&r, 0, 0, &m, 1, 1), ERR_NO_TUNNEL);
	m.assigned_tid = RIG_PEER_TID;
	r.path.peer.port++;
	ck_assert_int_eq(rig_send_at(&r, 0, 0, &m, 1, 1), ERR_NO_TUNNEL);
	r.path.peer.port--;
	ck_assert(rig_is(&r, "wait-ctl-conn"));
	ck_assert_int_eq(rig_send_at(&r, 0, 0, &m, 1, 1), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
}
END_TEST

/* v2-4.4.2-12: a result that nobody knows ends it all the same. */
START_TEST(stopccn_unknown_result)
{
	struct msg m = rig_msg(MSG_STOPCCN);

	rig_listen(&r);
	m.result = 999;
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r.ev.cause->result, 999);
}
END_TEST

/* v2-4.4.3-20: before the SCCRP we can only say our own id. */
START_TEST(close_before_reply)
{
	struct msg m = rig_msg(MSG_SCCRP);

	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	l2tp_tunnel_close(r.e, r.tid, L2TP_STOP_CLEAR, 0, NULL, r.now);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	rig_expect_none(&r);		/* cwnd is 1 */
	/* The SCCRP crosses it: then we know where to send it. */
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect(&r, MSG_STOPCCN);
	ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
	ck_assert_uint_eq(r.m.assigned_tid, r.tid);
	ck_assert_uint_eq(r.h.nr, 1);
	rig_gone(&r);
}
END_TEST

/* v2-4.4.3-20, v2-4.4.3-21: all that we can say is who we are. */
START_TEST(close_without_reply)
{
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	rig_zlb(&r);
	l2tp_tunnel_close(r.e, r.tid, L2TP_STOP_CLEAR, 0, NULL, r.now);
	rig_expect(&r, MSG_STOPCCN);
	ck_assert_uint_eq(r.h.tid, 0);
	ck_assert_uint_eq(r.h.sid, 0);
	ck_assert_uint_eq(r.m.assigned_tid, r.tid);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	rig_gone(&r);
}
END_TEST

/* v2-7.1-08, v2-5.8-16: StopCCN is sent until it is acknowledged. */
/* v3-4.2-13 */
START_TEST(stopccn_lost)
{
	rig_listen(&r);
	rig_wait(&r, 100);
	l2tp_tunnel_close(r.e, r.tid, L2TP_STOP_CLEAR, 0, NULL, r.now);
	rig_stopped(&r, 1, L2TP_BY_LOCAL);
	ck_assert_int_eq(rig_tick(&r, 1000), 1);
	rig_expect(&r, MSG_STOPCCN);
	rig_wait(&r, 1000);
	rig_gone(&r);
}
END_TEST

/* v2-7.6-01: nobody acknowledges it, and it ends nevertheless. */
/* v3-7.5-01 */
START_TEST(stopccn_never_acknowledged)
{
	rig_listen(&r);
	l2tp_tunnel_close(r.e, r.tid, L2TP_STOP_CLEAR, 0, NULL, r.now);
	rig_stopped(&r, 1, L2TP_BY_LOCAL);
	rig_wait(&r, 30999);
	rig_expect_no_event(&r);
	rig_wait(&r, 1);
	rig_expect_event(&r, L2TP_EV_TUNNEL_GONE);
}
END_TEST

/* v2-5.8-16: old messages are still acknowledged in closing. */
START_TEST(closing_acknowledges)
{
	struct msg m = rig_msg(MSG_SCCCN);

	rig_tunnel(&r, CC_CLOSING);
	rig_wait(&r, 10000);
	rig_send_at(&r, rig_tid(&r), 0, &m, 1, r.nr);
	rig_expect(&r, MSG_ZLB);
	m = rig_msg(MSG_HELLO);
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_tick(&r, 100);
	rig_expect(&r, MSG_ZLB);
	ck_assert_uint_eq(r.h.nr, 4);
}
END_TEST

/* A peer that knows of the end may use its id for a new tunnel at once. */
START_TEST(reopened)
{
	uint32_t old;

	rig_tunnel(&r, CC_CLOSING);
	old = r.tid;
	r.ns = r.nr = 0;
	rig_tunnel(&r, CC_WAIT_ACCEPT);
	ck_assert_uint_ne(r.tid, old);
}
END_TEST

/* v2-7.1-01, v2-4.4.1-03, v2-4.4.1-04 */
START_TEST(unknown_type)
{
	uint8_t buf[] = "\310\002\0\024\0\0\0\0\0\002\0\001"
	    "\0\010\0\0\0\0\0\143";
	struct wr w;

	rig_listen(&r);
	wr_init(&w, buf, sizeof(buf));
	w.len = sizeof(buf) - 1;
	wr_set16(&w, 4, rig_tid(&r));
	wr_set16(&w, 6, 99);			/* some session */
	ck_assert_int_eq(rig_datagram(&r, buf, w.len), ERR_MSG_IGNORED);
	ck_assert(rig_is(&r, "established"));
	rig_tick(&r, 100);
	rig_expect(&r, MSG_ZLB);
	ck_assert_uint_eq(r.h.nr, 3);
	wr_set16(&w, 8, 3);
	wr_set16(&w, 12, 0x8008);
	ck_assert_int_eq(rig_datagram(&r, buf, w.len), ERR_MSG_UNKNOWN);
	rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
}
END_TEST

/* v2-6.5-01, v2-6.5-04, v2-6.5-05, v2-6.5-02 */
START_TEST(hello)
{
	rig_listen(&r);
	rig_wait(&r, 59999);
	rig_expect_none(&r);
	rig_tick(&r, 1);
	rig_expect(&r, MSG_HELLO);
	ck_assert_uint_eq(r.h.sid, 0);
	rig_wait(&r, 500);
	rig_zlb(&r);
	rig_wait(&r, 59000);
	/* Whatever is heard puts it off. */
	rig_zlb(&r);
	rig_wait(&r, 59999);
	rig_tick(&r, 1);
	rig_expect(&r, MSG_HELLO);
	ck_assert_uint_eq(r.h.ns, 2);
}
END_TEST

/*
 * A peer that was restarted calls with its old id, and finds no one home:
 * its Ns 0 is old, ahead, or past the window of 8.
 */
START_TEST(sccrq_does_not_put_off_hello)
{
	static const uint16_t nr[] = { 2, 32768, 32769, 65528, 65535 };
	struct msg m = rig_msg(MSG_SCCRQ);
	int i;

	rig_listen(&r);
	tunnel_find(r.e, r.tid)->chan.nr = nr[_i];
	for (i = 0; i < 12; i++) {
		rig_wait(&r, 5000);
		rig_send_at(&r, 0, 0, &m, 0, 0);
	}
	rig_wait(&r, 31000);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIMEOUT);
	rig_expect_event(&r, L2TP_EV_TUNNEL_GONE);
	/* Now it is a new one. */
	r.ns = r.nr = 0;
	rig_listen(&r);
}
END_TEST

/* v2-5.5-01, v2-5.8-14: all ends when the peer does not answer. */
START_TEST(peer_dead)
{
	rig_listen(&r);
	rig_call(&r, CALL_ESTABLISHED, 5);
	rig_wait(&r, 60000 + 31000 - 1);
	rig_expect_no_event(&r);
	rig_wait(&r, 1);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIMEOUT);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIMEOUT);
	rig_expect_event(&r, L2TP_EV_TUNNEL_GONE);
	rig_expect_none(&r);
	ck_assert_int_eq(l2tp_quiet(r.e), 1);
}
END_TEST

/* v2-6.5-03: in every state, and whatever our own keep-alive. */
START_TEST(hello_is_acknowledged)
{
	static const int states[] = { CC_WAIT_CTL_CONN, CC_ESTABLISHED,
	    CC_CLOSING };
	struct msg m = rig_msg(MSG_HELLO);

	r.params.hello_ms = 0;
	rig_tunnel(&r, (unsigned)states[_i]);
	rig_wait(&r, 100);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_tick(&r, 100);
	rig_expect(&r, MSG_ZLB);
	ck_assert_uint_eq(r.h.nr, r.ns);
	if (states[_i] == CC_ESTABLISHED)
		ck_assert_uint_eq(l2tp_next_deadline(r.e), L2TP_NEVER);
}
END_TEST

static TCase *
late_case(void)
{
	TCase *t = tcase_create("late");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, established_open);
	tcase_add_test(t, established_close);
	tcase_add_loop_test(t, established_unexpected, 0, 3);
	tcase_add_loop_test(t, stopccn, 0, 4);
	tcase_add_test(t, stopccn_without_id);
	tcase_add_test(t, stopccn_unknown_result);
	tcase_add_test(t, close_before_reply);
	tcase_add_test(t, close_without_reply);
	tcase_add_test(t, stopccn_lost);
	tcase_add_test(t, stopccn_never_acknowledged);
	tcase_add_test(t, closing_acknowledges);
	tcase_add_test(t, reopened);
	tcase_add_test(t, unknown_type);
	tcase_add_test(t, hello);
	tcase_add_loop_test(t, sccrq_does_not_put_off_hello, 0, 5);
	tcase_add_test(t, peer_dead);
	tcase_add_loop_test(t, hello_is_acknowledged, 0, 3);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("cc_end");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, late_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
