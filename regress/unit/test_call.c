/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Calls at the LAC: the table has no hole, and each row of RFC 2661 7.4.1
 * happens when the peer or the caller makes it happen.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

#define PEER_SID	RIG_PEER_SID

static struct rig r;

static const unsigned int lac_states[] = { CALL_WAIT_REPLY, CALL_WAIT_DATA };

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

START_TEST(table)
{
	const struct call_trans *row;
	const struct call_trans *bug = &call_table[CALL_CLOSED][CALL_EV_OPEN];
	int s, ev;

	for (s = 0; s < CALL_NSTATES; s++) {
		ck_assert_str_ne(call_state_name((unsigned)s), "unknown");
		for (ev = 0; ev < CALL_NEVENTS; ev++) {
			row = &call_table[s][ev];
			ck_assert_msg(row->action != NULL, "%s, %s",
			    call_state_name((unsigned)s),
			    call_event_name((unsigned)ev));
			ck_assert_int_lt(row->next, CALL_NSTATES);
			if (row->action == bug->action)
				ck_assert_int_eq(row->next, s);
			ck_assert_str_ne(call_event_name((unsigned)ev),
			    "unknown");
		}
	}
	ck_assert_str_eq(call_state_name(CALL_NSTATES), "unknown");
	ck_assert_str_eq(call_event_name(CALL_NEVENTS), "unknown");
}
END_TEST

/* v2-7.4.1-01, v2-7.4.1-03: nobody was told, so nobody is told. */
START_TEST(wait_tunnel_close)
{
	struct l2tp_call_params params = { .framing_type = 1 };
	struct msg m = rig_msg(MSG_SCCRP);
	uint32_t sid;

	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	l2tp_call_open(r.e, r.tid, &params, &r, r.now, &sid);
	ck_assert_str_eq(rig_call_state(&r, sid), "wait-tunnel");
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now), -1);
	ck_assert_int_eq(l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now),
	    0);
	ck_assert_int_eq(l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now),
	    -1);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_ptr_eq(r.ev.call_user, &r);
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect(&r, MSG_SCCCN);
	rig_expect_none(&r);
}
END_TEST

START_TEST(wait_tunnel_timeout)
{
	struct l2tp_call_params params = { .framing_type = 1 };
	uint32_t sid;

	r.params.setup_ms = 5000;
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	r.now += 1000;
	l2tp_call_open(r.e, r.tid, &params, NULL, r.now, &sid);
	rig_wait(&r, 4000);
	/* The tunnel's own time is over first. */
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIMEOUT);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
}
END_TEST

/* v2-7.4.1-04, v2-7.4-01, v2-4.4.4-04, v2-4.4.4-07 */
START_TEST(icrq)
{
	struct l2tp_call_params params = { .framing_type = 1,
	    .called = "5551", .calling = "5552" };
	uint32_t sid[2], serial;

	rig_dial(&r);
	l2tp_call_open(r.e, r.tid, &params, NULL, r.now, &sid[0]);
	rig_expect(&r, MSG_ICRQ);
	ck_assert_uint_eq(r.h.sid, 0);
	ck_assert_uint_eq(r.m.assigned_sid, sid[0]);
	ck_assert_uint_eq(r.m.bearer_type, 0);
	ck_assert_mem_eq(r.m.called.p, "5551", 4);
	ck_assert_mem_eq(r.m.calling.p, "5552", 4);
	serial = r.m.serial;
	params.called = params.calling = NULL;
	l2tp_call_open(r.e, r.tid, &params, NULL, r.now, &sid[1]);
	rig_zlb(&r);
	rig_expect(&r, MSG_ICRQ);
	ck_assert_uint_eq(r.m.serial, serial + 1);
	ck_assert_uint_eq(r.m.have[AVP_CALLED_NUMBER], 0);
	ck_assert_uint_eq(r.m.have[AVP_CALLING_NUMBER], 0);
	ck_assert_uint_ne(sid[0], sid[1]);
}
END_TEST

/* v2-7.4.1-05, v2-4.4.4-03, v2-4.4.3-04 */
START_TEST(icrp)
{
	struct l2tp_call_params params = { .framing_type = 3, .tx_speed = 5,
	    .rx_speed = 6, .sequencing = 1 };
	struct msg m = rig_msg(MSG_SCCRP);
	uint32_t sid;

	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	m.framing_caps = L2TP_FRAMING_ASYNC;
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect(&r, MSG_SCCCN);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	rig_zlb(&r);
	l2tp_call_open(r.e, r.tid, &params, NULL, r.now, &sid);
	rig_expect(&r, MSG_ICRQ);
	rig_say(&r, MSG_ICRP, sid);
	rig_expect_event(&r, L2TP_EV_CALL_REPLY);
	ck_assert_uint_eq(r.ev.peer_sid, PEER_SID);
	rig_expect_none(&r);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now), 0);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	rig_expect(&r, MSG_ICCN);
	ck_assert_uint_eq(r.h.sid, PEER_SID);
	ck_assert_uint_eq(r.m.framing_type, L2TP_FRAMING_ASYNC);
	ck_assert_uint_eq(r.m.tx_speed, 5);
	ck_assert_uint_eq(r.m.rx_speed, 6);
	ck_assert_uint_eq(r.m.have[AVP_SEQUENCING_REQUIRED], 1);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
}
END_TEST

/* v2-7.4.1-06: without a session id there is nowhere to go. */
START_TEST(icrp_bad)
{
	struct msg m = rig_msg(MSG_ICRP);
	uint32_t sid;

	rig_dial(&r);
	sid = rig_call(&r, CALL_WAIT_REPLY, 0);
	m.have[AVP_ASSIGNED_SESSION_ID] = (uint8_t)_i;
	m.assigned_sid = 0;
	ck_assert_int_ne(rig_send(&r, rig_tid(&r), (uint16_t)sid, &m),
	    ERR_NONE);
	rig_cleared(&r, sid, 0, 2, 3);
}
END_TEST

/* v2-7.4.1-07, v2-7.4.1-11: and the messages of outgoing calls. */
START_TEST(lac_unexpected)
{
	static const uint16_t types[] = { MSG_ICRQ, MSG_OCRQ, MSG_OCRP,
	    MSG_OCCN };
	unsigned int state = lac_states[_i % 2];
	uint32_t sid;

	rig_dial(&r);
	sid = rig_call(&r, state, PEER_SID);
	ck_assert_int_eq(rig_say(&r, types[_i / 2], sid), ERR_FSM);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.m.assigned_sid, sid);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_PROTOCOL);
	ck_assert(rig_is(&r, "established"));
}
END_TEST

/* v2-7.4.1-08 */
START_TEST(lac_wait_reply_ends)
{
	uint32_t sid;

	rig_dial(&r);
	sid = rig_call(&r, CALL_WAIT_REPLY, 0);
	rig_say(&r, _i == 0 ? MSG_CDN : MSG_ICCN, sid);
	rig_silent(&r, sid, _i == 0 ? L2TP_BY_PEER : L2TP_BY_PROTOCOL);
}
END_TEST

/* v2-7.4.1-09, v2-7.4.1-12, v2-7.4-03, v2-4.4.4-05 */
START_TEST(lac_close)
{
	uint32_t sid;

	rig_dial(&r);
	sid = rig_call(&r, lac_states[_i], PEER_SID);
	ck_assert_int_eq(l2tp_call_close(r.e, r.tid, sid, L2TP_CDN_CARRIER, 0,
	    NULL, r.now), 0);
	rig_cleared(&r, sid, _i == 0 ? 0 : PEER_SID, 1, 0);
}
END_TEST

/* v2-7.4.1-10, v2-7.4.1-11, v2-7.4.1-12: after the ICCN. */
START_TEST(lac_established)
{
	uint32_t sid;

	rig_dial(&r);
	sid = rig_call(&r, CALL_WAIT_DATA, PEER_SID);
	l2tp_call_accept(r.e, r.tid, sid, NULL, r.now);
	rig_expect(&r, MSG_ICCN);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	if (_i == 0) {
		rig_say(&r, MSG_CDN, sid);
		rig_silent(&r, sid, L2TP_BY_PEER);
	} else if (_i == 1) {
		l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now);
		rig_zlb(&r);
		rig_cleared(&r, sid, PEER_SID, 3, 0);
	} else {
		rig_say(&r, _i == 2 ? MSG_ICRQ : _i == 3 ? MSG_ICRP :
		    MSG_ICCN, sid);
		rig_cleared(&r, sid, PEER_SID, 2, 3);
	}
}
END_TEST

/* v2-5.2-01: either side may have opened the tunnel. */
START_TEST(lac_on_their_tunnel)
{
	rig_listen(&r);
	rig_call(&r, CALL_WAIT_DATA, PEER_SID);
	rig_call(&r, CALL_ESTABLISHED, PEER_SID + 1);
}
END_TEST

/* A call that does not come up in time. */
START_TEST(setup_timeout)
{
	uint32_t sid;

	rig_dial(&r);
	sid = rig_call(&r, lac_states[_i], PEER_SID);
	rig_zlb(&r);
	rig_wait(&r, 19999);
	rig_expect_no_event(&r);
	rig_tick(&r, 1);
	rig_cleared(&r, sid, _i == 0 ? 0 : PEER_SID, L2TP_CDN_TIMEOUT, 0);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIMEOUT);
}
END_TEST

static TCase *
lac_case(void)
{
	TCase *t = tcase_create("lac");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, table);
	tcase_add_test(t, wait_tunnel_close);
	tcase_add_test(t, wait_tunnel_timeout);
	tcase_add_test(t, icrq);
	tcase_add_test(t, icrp);
	tcase_add_loop_test(t, icrp_bad, 0, 2);
	tcase_add_loop_test(t, lac_unexpected, 0, 8);
	tcase_add_loop_test(t, lac_wait_reply_ends, 0, 2);
	tcase_add_loop_test(t, lac_close, 0, 2);
	tcase_add_loop_test(t, lac_established, 0, 5);
	tcase_add_test(t, lac_on_their_tunnel);
	tcase_add_loop_test(t, setup_timeout, 0, 2);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("call");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, lac_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
