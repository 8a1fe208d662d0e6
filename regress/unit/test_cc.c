/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control connections until they are established: the table has no hole,
 * and each row of RFC 2661 7.2.1 happens when a peer makes it happen.
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

/* Every cell is written; what cannot happen changes nothing. */
START_TEST(table)
{
	const struct cc_trans *row, *bug = &cc_table[CC_DEAD][CC_EV_OPEN];
	int s, ev;

	for (s = 0; s < CC_NSTATES; s++) {
		ck_assert_str_ne(cc_state_name((unsigned)s), "unknown");
		for (ev = 0; ev < CC_NEVENTS; ev++) {
			row = &cc_table[s][ev];
			ck_assert_msg(row->action != NULL, "%s, %s",
			    cc_state_name((unsigned)s),
			    cc_event_name((unsigned)ev));
			ck_assert_int_lt(row->next, CC_NSTATES);
			if (row->action == bug->action)
				ck_assert_int_eq(row->next, s);
			ck_assert_str_ne(cc_event_name((unsigned)ev),
			    "unknown");
		}
	}
	ck_assert_str_eq(cc_state_name(CC_NSTATES), "unknown");
	ck_assert_str_eq(cc_event_name(CC_NEVENTS), "unknown");
}
END_TEST

/* v2-7.2.1-01, v2-4.4.3-20 */
START_TEST(idle_open)
{
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	ck_assert(rig_is(&r, "wait-ctl-reply"));
	ck_assert_uint_eq(r.h.tid, 0);
	ck_assert_uint_eq(r.h.sid, 0);
	ck_assert_uint_eq(r.m.assigned_tid, r.tid);
	ck_assert_uint_eq(r.m.proto_ver, 1);
	ck_assert_uint_eq(r.m.proto_rev, 0);
	ck_assert_uint_eq(r.m.window, 8);
	ck_assert_uint_eq(r.m.framing_caps, 3);
	ck_assert_uint_eq(r.m.have[AVP_BEARER_CAPS], 0);
	ck_assert_uint_eq(r.m.firmware, 1);
	ck_assert_mem_eq(r.m.host_name.p, "lns.example.net",
	    r.m.host_name.len);
}
END_TEST

/* v2-7.2.1-02, v2-4.4.3-19 */
/* v2-3.1-09 */
START_TEST(idle_sccrq)
{
	struct msg m = rig_msg(MSG_SCCRQ);

	m.have[AVP_RECEIVE_WINDOW] = 1;
	m.window = 3;
	m.have[AVP_VENDOR_NAME] = 1;
	m.vendor_name.p = (const uint8_t *)"acme";
	m.vendor_name.len = 4;
	rig_send(&r, 0, 0, &m);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	r.tid = r.ev.local_tid;
	ck_assert_str_eq(r.ev.tunnel->host_name, "peer.example.net");
	ck_assert_str_eq(r.ev.tunnel->vendor_name, "acme");
	ck_assert_uint_eq(r.ev.tunnel->peer_window, 3);
	ck_assert_uint_eq(r.ev.peer_tid, RIG_PEER_TID);
	ck_assert(rig_is(&r, "wait-accept"));
	rig_expect_none(&r);
	ck_assert_int_eq(l2tp_tunnel_accept(r.e, r.tid, &r.params, &r, r.now),
	    0);
	ck_assert_int_eq(l2tp_tunnel_accept(r.e, r.tid, &r.params, &r, r.now),
	    -1);
	rig_expect(&r, MSG_SCCRP);
	ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
	ck_assert_uint_eq(r.h.nr, 1);
	ck_assert_uint_eq(r.m.assigned_tid, r.tid);
	ck_assert(rig_is(&r, "wait-ctl-conn"));
}
END_TEST

/* v2-7.2.1-03: the caller's reasons. */
START_TEST(idle_sccrq_rejected)
{
	rig_tunnel(&r, CC_WAIT_ACCEPT);
	ck_assert_int_eq(l2tp_tunnel_reject(r.e, r.tid,
	    L2TP_STOP_NOT_AUTHORIZED, 0, "who are you", r.now), 0);
	rig_stopped(&r, 4, L2TP_BY_LOCAL);
	ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
	ck_assert_mem_eq(r.m.error_text.p, "who are you", 11);
	rig_forgotten(&r);
}
END_TEST

/* v2-7.2.1-03, v2-4.4.3-02, v2-4.4.2-05, v2-5.8-20 */
START_TEST(idle_sccrq_unacceptable)
{
	static const struct {
		int		what;
		uint16_t	result, error;
	} by[] = { { AVP_NIDS, 5, 0x0100 }, { AVP_RECEIVE_WINDOW, 2, 3 },
	    { AVP_PROTOCOL_VERSION, 2, 3 } };
	struct msg m = rig_msg(MSG_SCCRQ);
	struct l2tp_stats stats;

	m.proto_ver = by[_i].what == AVP_NIDS ? 2 : 1;
	m.have[AVP_RECEIVE_WINDOW] = by[_i].what == AVP_RECEIVE_WINDOW;
	m.have[AVP_PROTOCOL_VERSION] = by[_i].what != AVP_PROTOCOL_VERSION;
	ck_assert_int_ne(rig_send(&r, 0, 0, &m), ERR_NONE);
	rig_expect(&r, MSG_STOPCCN);
	ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
	ck_assert_uint_eq(r.m.result, by[_i].result);
	ck_assert_uint_eq(r.m.error, by[_i].error);
	ck_assert_uint_ne(r.m.error_text.len, 0);
	rig_expect_no_event(&r);
	l2tp_get_stats(r.e, &stats);
	ck_assert_uint_eq(stats.refused, 1);
	ck_assert_uint_eq(stats.half_open, 1);
	/* Sent again to who asks again, and else not. */
	rig_wait(&r, 999);
	rig_send_at(&r, 0, 0, &m, 0, 0);
	rig_expect(&r, MSG_STOPCCN);
	rig_expect_none(&r);
	ck_assert_int_eq(rig_tick(&r, 1000), 1);
	rig_expect_none(&r);
	rig_expect_no_event(&r);
	l2tp_get_stats(r.e, &stats);
	ck_assert_uint_eq(stats.tunnels, 0);
}
END_TEST

/* v2-4.4.3-02: only the version counts, and not its revision. */
START_TEST(idle_sccrq_revision)
{
	struct msg m = rig_msg(MSG_SCCRQ);

	m.proto_rev = (uint8_t)(_i == 0 ? 1 : 255);
	ck_assert_int_eq(rig_send(&r, 0, 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	rig_expect_none(&r);
}
END_TEST

/* v2-7.2.1-04: to a tunnel id that is not there, or to none. */
START_TEST(idle_sccrp)
{
	struct msg m = rig_msg(MSG_SCCRP);
	uint16_t tid;

	rig_send(&r, _i == 0 ? 0 : 4711, 0, &m);
	rig_expect(&r, MSG_STOPCCN);
	ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
	ck_assert_uint_eq(r.m.result, 7);
	rig_expect_no_event(&r);
	/* Again: the same tunnel, and the same message. */
	tid = r.m.assigned_tid;
	rig_send_at(&r, _i == 0 ? 0 : 4711, 0, &m, 0, 0);
	rig_expect(&r, MSG_STOPCCN);
	ck_assert_uint_eq(r.m.assigned_tid, tid);
	ck_assert_uint_eq(r.h.ns, 0);
	rig_expect_none(&r);
}
END_TEST

/* v2-7.2.1-04: who has had our SCCRQ takes another Ns 0 for a duplicate. */
START_TEST(idle_sccrp_awaits)
{
	struct msg m = rig_msg(MSG_SCCRP);

	rig_send_at(&r, 4711, 0, &m, 0, 1);
	rig_expect(&r, MSG_STOPCCN);
	ck_assert_uint_eq(r.h.ns, 1);
	ck_assert_uint_eq(r.h.nr, 1);
	/* It is acknowledged, and that is all. */
	rig_send_at(&r, r.m.assigned_tid, 0, NULL, 1, 2);
	rig_expect_none(&r);
	ck_assert_int_eq(l2tp_quiet(r.e), 1);
}
END_TEST

/* v2-7.2.1-05, v2-7.2.1-16: nothing is sent for what is not known. */
START_TEST(idle_others)
{
	static const uint16_t types[] = { MSG_SCCCN, MSG_STOPCCN, MSG_HELLO };
	struct msg m = rig_msg(types[_i]);
	struct l2tp_stats stats;

	ck_assert_int_eq(rig_send(&r, 0, 0, &m), ERR_NO_TUNNEL);
	ck_assert_int_eq(rig_send(&r, 4711, 0, &m), ERR_NO_TUNNEL);
	rig_expect_none(&r);
	rig_expect_no_event(&r);
	l2tp_get_stats(r.e, &stats);
	ck_assert_uint_eq(stats.tunnels, 0);
	ck_assert_uint_eq(stats.no_tunnel, 2);
}
END_TEST

/* v2-7.2.1-06, v2-5.0-01, v2-7.4.1-04: the ICRQ follows the SCCCN. */
START_TEST(reply_sccrp)
{
	struct l2tp_call_params params = { .framing_type = 1 };
	struct msg m = rig_msg(MSG_SCCRP);
	uint32_t sid;

	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &params, NULL, r.now,
	    &sid), 0);
	rig_expect_none(&r);
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect(&r, MSG_SCCCN);
	ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
	rig_expect(&r, MSG_ICRQ);
	ck_assert_uint_eq(r.m.assigned_sid, sid);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	ck_assert_ptr_eq(r.ev.tunnel_user, &r);
	ck_assert(rig_is(&r, "established"));
}
END_TEST

/* v2-7.2.1-07, v2-7.2.1-18 */
START_TEST(reply_sccrp_bad)
{
	struct msg m = rig_msg(MSG_SCCRP);

	m.proto_ver = (uint8_t)(_i == 0 ? 0 : 1);
	m.have[AVP_CHALLENGE] = _i == 1;
	m.challenge = m.host_name;
	m.have[AVP_FRAMING_CAPS] = _i != 2;
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_stopped(&r, (uint16_t)(_i == 0 ? 5 : _i == 1 ? 4 : 2),
	    L2TP_BY_PROTOCOL);
	ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
	rig_gone(&r);
}
END_TEST

/* v2-7.2.1-09, v2-7.1-02, v2-4.4.3-21 */
START_TEST(reply_unexpected)
{
	struct msg m = rig_msg(_i == 0 ? MSG_SCCCN : MSG_SCCRQ);

	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_FSM);
	rig_stopped(&r, 7, L2TP_BY_PROTOCOL);
	rig_gone(&r);
}
END_TEST

/* v2-7.2.1-10, v2-5.1-01: the first thing heard of it is a ZLB. */
START_TEST(conn_scccn)
{
	rig_tunnel(&r, CC_ESTABLISHED);
	ck_assert(rig_is(&r, "established"));
	rig_expect_none(&r);
	ck_assert_int_eq(rig_tick(&r, 100), 1);
	rig_expect(&r, MSG_ZLB);
	ck_assert_uint_eq(r.h.ns, 1);
	ck_assert_uint_eq(r.h.nr, 2);
}
END_TEST

/* v2-7.2.1-10: what waited for the tunnel is told. */
START_TEST(conn_scccn_with_calls)
{
	struct l2tp_call_params params = { .framing_type = 1 };
	uint32_t sid[2];
	int i;

	rig_tunnel(&r, CC_WAIT_CTL_CONN);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &params, NULL,
		    r.now, &sid[i]), 0);
	rig_expect_none(&r);
	rig_say(&r, MSG_SCCCN, 0);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	for (i = 0; i < 2; i++) {
		rig_expect(&r, MSG_ICRQ);
		ck_assert_uint_eq(r.m.assigned_sid, sid[i]);
	}
	rig_expect_none(&r);
}
END_TEST

/*
 * v2-4.4.3-24: without a Receive Window Size there are four messages on
 * their way, and when those are acknowledged, four more.
 */
START_TEST(default_window)
{
	struct l2tp_call_params params = { .framing_type = 1 };
	uint32_t sid;
	int i, n, most = 0;

	rig_dial(&r);
	for (i = 0; i < 32; i++)
		l2tp_call_open(r.e, r.tid, &params, NULL, r.now, &sid);
	for (i = 0; i < 32; i += n) {
		for (n = 0; rig_out(&r); n++)
			ck_assert_uint_eq(r.m.type, MSG_ICRQ);
		ck_assert_int_gt(n, 0);
		most = n > most ? n : most;
		rig_zlb(&r);
	}
	ck_assert_int_eq(most, 4);
}
END_TEST

/* v2-7.2.1-11: an AVP that nobody knows makes it unacceptable. */
START_TEST(conn_scccn_bad)
{
	static const char avps[] = "\200\010\0\0\0\0\0\003"
	    "\200\006\0\011\0\007";
	uint8_t buf[64];
	struct wr w;

	rig_tunnel(&r, CC_WAIT_CTL_CONN);
	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, rig_tid(&r), 0);
	wr_bytes(&w, avps, sizeof(avps) - 1);
	hdr_seal(&w, r.ns++, r.nr);
	ck_assert_int_eq(rig_datagram(&r, buf, w.len), ERR_AVP_UNKNOWN);
	rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
	/* v2-4.4.2-07, v2-4.4.2-09 */
	ck_assert_uint_eq(r.m.error, 8);
	ck_assert_uint_eq(r.m.error_text.len, strlen(
	    "unknown mandatory AVP 9/7"));
	ck_assert_mem_eq(r.m.error_text.p, "unknown mandatory AVP 9/7",
	    r.m.error_text.len);
	ck_assert_str_eq(r.ev.cause->text, "unknown mandatory AVP 9/7");
}
END_TEST

/* v2-7.2.1-12 */
START_TEST(conn_unexpected)
{
	struct msg m = rig_msg(_i == 0 ? MSG_SCCRP : MSG_SCCRQ);

	rig_tunnel(&r, CC_WAIT_CTL_CONN);
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_stopped(&r, 7, L2TP_BY_PROTOCOL);
	rig_gone(&r);
}
END_TEST

/* A tunnel that does not come up in time. */
START_TEST(setup_timeout)
{
	static const int states[] = { CC_WAIT_ACCEPT, CC_WAIT_CTL_REPLY,
	    CC_WAIT_CTL_CONN };

	rig_tunnel(&r, (unsigned)states[_i]);
	rig_zlb(&r);
	rig_wait(&r, _i == 0 ? 29999 : 19999);
	rig_expect_no_event(&r);
	rig_tick(&r, 1);
	rig_stopped(&r, 1, L2TP_BY_TIMEOUT);
	if (_i == 0)
		rig_forgotten(&r);
	else
		rig_gone(&r);
}
END_TEST

static TCase *
early_case(void)
{
	TCase *t = tcase_create("early");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, table);
	tcase_add_test(t, idle_open);
	tcase_add_test(t, idle_sccrq);
	tcase_add_test(t, idle_sccrq_rejected);
	tcase_add_loop_test(t, idle_sccrq_unacceptable, 0, 3);
	tcase_add_loop_test(t, idle_sccrq_revision, 0, 2);
	tcase_add_loop_test(t, idle_sccrp, 0, 2);
	tcase_add_test(t, idle_sccrp_awaits);
	tcase_add_loop_test(t, idle_others, 0, 3);
	tcase_add_test(t, reply_sccrp);
	tcase_add_loop_test(t, reply_sccrp_bad, 0, 3);
	tcase_add_loop_test(t, reply_unexpected, 0, 2);
	tcase_add_test(t, conn_scccn);
	tcase_add_test(t, conn_scccn_with_calls);
	tcase_add_test(t, default_window);
	tcase_add_test(t, conn_scccn_bad);
	tcase_add_loop_test(t, conn_unexpected, 0, 2);
	tcase_add_loop_test(t, setup_timeout, 0, 3);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("cc");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, early_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
