/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Calls at the LNS: each row of RFC 2661 7.4.2, what is of no call that we
 * know, and outgoing calls, which are refused if not configured.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

#define PEER_SID	RIG_PEER_SID

static struct rig r;

static const unsigned int lns_states[] = { CALL_WAIT_ACCEPT,
    CALL_WAIT_CONNECT, CALL_ESTABLISHED };

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

/* v2-7.4.2-01, v2-4.4.4-12 */
START_TEST(icrq_received)
{
	struct msg m = rig_msg_sid(MSG_ICRQ, PEER_SID);
	uint32_t sid;

	rig_listen(&r);
	m.serial = 77;
	m.have[AVP_BEARER_TYPE] = m.have[AVP_CALLING_NUMBER] = 1;
	m.bearer_type = (uint32_t)_i;
	m.calling = m.host_name;
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	sid = r.ev.local_sid;
	ck_assert_uint_eq(r.ev.peer_sid, PEER_SID);
	ck_assert_uint_eq(r.ev.call->serial, 77);
	ck_assert_uint_eq(r.ev.call->bearer_type, _i);
	ck_assert_str_eq(r.ev.call->calling, "peer.example.net");
	ck_assert_str_eq(r.ev.call->called, "");
	rig_expect_none(&r);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now), 0);
	rig_expect(&r, MSG_ICRP);
	ck_assert_uint_eq(r.h.sid, PEER_SID);
	ck_assert_uint_eq(r.m.assigned_sid, sid);
	ck_assert_str_eq(rig_call_state(&r, sid), "wait-connect");
}
END_TEST

/* v2-7.4.2-02, v2-7.4-02: the caller refuses. */
START_TEST(icrq_refused)
{
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, CALL_WAIT_ACCEPT, PEER_SID);
	l2tp_call_close(r.e, r.tid, sid, L2TP_CDN_ERROR, L2TP_ERROR_RESOURCES,
	    "pool exhausted", r.now);
	rig_cleared(&r, sid, PEER_SID, 2, 4);
	ck_assert_str_eq(r.ev.cause->text, "pool exhausted");
}
END_TEST

/* v2-7.4.2-02, v2-5.8-21: more calls than we can have. */
START_TEST(icrq_over_the_limit)
{
	struct msg m = rig_msg_sid(MSG_ICRQ, 1);
	uint16_t i;

	rig_listen(&r);
	for (i = 1; i <= 64; i++)
		rig_call(&r, CALL_WAIT_ACCEPT, i);
	m.assigned_sid = 999;
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_RATE);
	rig_zlb(&r);
	while (rig_out(&r) && r.m.type == MSG_ZLB)
		continue;
	ck_assert_uint_eq(r.m.type, MSG_CDN);
	ck_assert_uint_eq(r.h.sid, 999);
	ck_assert_uint_ne(r.m.assigned_sid, 0);
	ck_assert_uint_eq(r.m.result, 2);
	ck_assert_uint_eq(r.m.error, 4);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-7.4.2-02, v2-4.1-04: the other session lives. */
START_TEST(icrq_bad)
{
	static const char avps[] = "\200\010\0\0\0\0\0\012"
	    "\200\010\0\0\0\016\0\052" "\200\012\0\0\0\017\0\0\0\0"
	    "\200\006\0\0\0\143";
	uint8_t buf[64];
	uint32_t sid;
	struct wr w;

	rig_listen(&r);
	sid = rig_call(&r, CALL_ESTABLISHED, PEER_SID);
	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, rig_tid(&r), 0);
	wr_bytes(&w, avps, sizeof(avps) - 1);
	hdr_seal(&w, r.ns++, r.nr);
	ck_assert_int_eq(rig_datagram(&r, buf, w.len), ERR_AVP_UNKNOWN);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.h.sid, 42);
	ck_assert_uint_eq(r.m.result, 2);
	ck_assert_uint_eq(r.m.error, 8);
	ck_assert_mem_eq(r.m.error_text.p, "unknown mandatory AVP 0/99", 26);
	rig_expect_no_event(&r);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
}
END_TEST

/* v2-7.4.2-05, v2-4.4.4-21 */
START_TEST(iccn_received)
{
	struct msg m = rig_msg(MSG_ICCN);
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, CALL_WAIT_CONNECT, PEER_SID);
	m.tx_speed = 64000;
	m.have[AVP_RX_SPEED] = (uint8_t)_i;
	m.rx_speed = 128000;
	m.have[AVP_SEQUENCING_REQUIRED] = (uint8_t)_i;
	rig_send(&r, rig_tid(&r), (uint16_t)sid, &m);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	ck_assert_uint_eq(r.ev.call->tx_speed, 64000);
	ck_assert_uint_eq(r.ev.call->rx_speed, _i == 0 ? 64000 : 128000);
	ck_assert_uint_eq(r.ev.call->sequencing, _i);
	rig_expect_no_event(&r);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
	rig_wait(&r, 25000);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
}
END_TEST

/* v2-7.4.2-06, v2-4.4.3-04, v2-7.1-06 */
START_TEST(iccn_bad)
{
	struct msg m = rig_msg(MSG_ICCN);
	uint32_t sid;

	if (_i == 2)
		r.params.framing_caps = L2TP_FRAMING_ASYNC;
	rig_listen(&r);
	sid = rig_call(&r, CALL_WAIT_CONNECT, PEER_SID);
	m.have[AVP_FRAMING_TYPE] = _i != 0;
	m.have[AVP_TX_SPEED] = _i != 1;
	ck_assert_int_ne(rig_send(&r, rig_tid(&r), (uint16_t)sid, &m),
	    ERR_NONE);
	rig_cleared(&r, sid, PEER_SID, 2, 3);
}
END_TEST

/* v2-7.4.2-07, v2-7.4.2-10 */
START_TEST(lns_unexpected)
{
	static const uint16_t types[] = { MSG_ICRQ, MSG_ICRP, MSG_OCRQ,
	    MSG_OCRP, MSG_OCCN };
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, lns_states[_i % 3], PEER_SID);
	ck_assert_int_eq(rig_say(&r, types[_i / 3], sid), ERR_FSM);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.h.sid, PEER_SID);
	ck_assert_uint_eq(r.m.assigned_sid, sid);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert(rig_is(&r, "established"));
}
END_TEST

/* v2-7.4.2-10 */
START_TEST(second_iccn)
{
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, CALL_ESTABLISHED, PEER_SID);
	ck_assert_int_eq(rig_say(&r, MSG_ICCN, sid), ERR_FSM);
	rig_expect(&r, MSG_CDN);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
}
END_TEST

/* v2-7.4.2-08, v2-6.12-02, v2-5.6-01: by our id, or by the peer's. */
START_TEST(cdn)
{
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, lns_states[_i % 3], PEER_SID);
	ck_assert_int_eq(rig_say(&r, MSG_CDN, _i < 3 ? sid : 0), ERR_NONE);
	rig_silent(&r, sid, L2TP_BY_PEER);
	ck_assert_int_eq(rig_say(&r, MSG_CDN, sid), ERR_NO_CALL);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-4.4.4-05: but not of another session, or another tunnel. */
START_TEST(cdn_of_another)
{
	struct msg m = rig_msg_sid(MSG_CDN, PEER_SID + 1);
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, CALL_ESTABLISHED, PEER_SID);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NO_CALL);
	ck_assert_int_eq(rig_say(&r, MSG_CDN, sid + 1), ERR_NO_CALL);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
	r.ns = r.nr = 0;
	r.path.peer.port = 4000;
	rig_listen(&r);
	ck_assert_int_eq(rig_say(&r, MSG_CDN, sid), ERR_NO_CALL);
	ck_assert_int_eq(rig_say(&r, MSG_CDN, 0), ERR_NO_CALL);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-3.1-10: the peer may have given two calls of two tunnels one id. */
START_TEST(equal_ids)
{
	uint32_t tid, first, second;

	rig_listen(&r);
	first = rig_call(&r, CALL_ESTABLISHED, PEER_SID);
	tid = r.tid;
	r.ns = r.nr = 0;
	r.path.peer.port = 4000;
	rig_listen(&r);
	second = rig_call(&r, CALL_ESTABLISHED, PEER_SID);
	ck_assert_uint_ne(first, second);
	ck_assert_int_eq(rig_say(&r, MSG_CDN, 0), ERR_NONE);
	rig_silent(&r, second, L2TP_BY_PEER);
	rig_expect_no_event(&r);
	r.tid = tid;
	ck_assert_str_eq(rig_call_state(&r, first), "established");
}
END_TEST

/* v2-7.3-01: while the caller looks at one call another comes up. */
START_TEST(no_call_blocks_another)
{
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, CALL_WAIT_ACCEPT, PEER_SID);
	rig_call(&r, CALL_WAIT_CONNECT, PEER_SID + 1);
	rig_call(&r, CALL_ESTABLISHED, PEER_SID + 2);
	ck_assert_str_eq(rig_call_state(&r, sid), "wait-accept");
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now), 0);
	rig_expect(&r, MSG_ICRP);
	ck_assert_uint_eq(r.h.sid, PEER_SID);
}
END_TEST

/* v2-7.4.2-09 */
START_TEST(lns_close)
{
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, lns_states[_i], PEER_SID);
	l2tp_call_close(r.e, r.tid, sid, L2TP_CDN_ADMIN, 0, "bye", r.now);
	rig_cleared(&r, sid, PEER_SID, 3, 0);
	ck_assert_str_eq(r.ev.cause->text, "bye");
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_LOCAL);
}
END_TEST

/* v2-7.4.1-02, v2-7.4.2-03, v2-7.4.2-04, v2-7.5.1-03, v2-7.5.2-02 */
/* v2-7.5.1-04 */
START_TEST(unknown_session)
{
	static const struct {
		uint16_t	type;
		int		lac, lns;	/* answered with CDN */
	} by[] = { { MSG_ICRP, 0, 1 }, { MSG_ICCN, 0, 0 }, { MSG_CDN, 0, 0 },
	    { MSG_OCRP, 1, 0 }, { MSG_OCCN, 0, 0 }, { MSG_WEN, 0, 0 },
	    { MSG_SLI, 0, 0 }, { MSG_OCRQ, 1, 1 } };
	int lac = _i % 2;

	if (lac)
		rig_dial(&r);
	else
		rig_listen(&r);
	ck_assert_int_eq(rig_say(&r, by[_i / 2].type,
	    by[_i / 2].type == MSG_OCRQ ? 0 : 4711),
	    by[_i / 2].type == MSG_OCRQ ? ERR_FACILITY : ERR_NO_CALL);
	if (lac ? by[_i / 2].lac : by[_i / 2].lns) {
		rig_expect(&r, MSG_CDN);
		ck_assert_uint_eq(r.h.sid, PEER_SID);
		ck_assert_uint_ne(r.m.assigned_sid, 0);
		/* v2-7.5.1-02: no facilities, and none to come. */
		if (by[_i / 2].type == MSG_OCRQ)
			ck_assert_uint_eq(r.m.result, 5);
	}
	rig_expect_none(&r);
	rig_expect_no_event(&r);
	ck_assert(rig_is(&r, "established"));
}
END_TEST

/* v2-5.0-01: no call before the tunnel is established. */
START_TEST(icrq_too_early)
{
	rig_tunnel(&r, CC_WAIT_CTL_CONN);
	ck_assert_int_eq(rig_say(&r, MSG_ICRQ, 0), ERR_FSM);
	rig_expect_no_event(&r);
	rig_tick(&r, 100);
	rig_expect(&r, MSG_ZLB);
	rig_expect_none(&r);
	ck_assert(rig_is(&r, "wait-ctl-conn"));
}
END_TEST

/* v2-7.1-04: a malformed one ends the session. */
START_TEST(wen_malformed)
{
	struct msg m = rig_msg(MSG_WEN);
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, CALL_ESTABLISHED, PEER_SID);
	m.have[AVP_CALL_ERRORS] = 0;
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), (uint16_t)sid, &m),
	    ERR_AVP_MISSING);
	rig_cleared(&r, sid, PEER_SID, 2, 3);
}
END_TEST

/* A call that does not come up in time. */
START_TEST(setup_timeout)
{
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, lns_states[_i], PEER_SID);
	rig_zlb(&r);
	rig_wait(&r, 19999);
	rig_expect_no_event(&r);
	rig_tick(&r, 1);
	rig_cleared(&r, sid, PEER_SID, L2TP_CDN_TIMEOUT, 0);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIMEOUT);
}
END_TEST

static TCase *
lns_case(void)
{
	TCase *t = tcase_create("lns");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, icrq_received, 0, 4);
	tcase_add_test(t, icrq_refused);
	tcase_add_test(t, icrq_over_the_limit);
	tcase_add_test(t, icrq_bad);
	tcase_add_loop_test(t, iccn_received, 0, 2);
	tcase_add_loop_test(t, iccn_bad, 0, 3);
	tcase_add_loop_test(t, lns_unexpected, 0, 15);
	tcase_add_test(t, second_iccn);
	tcase_add_loop_test(t, cdn, 0, 6);
	tcase_add_test(t, cdn_of_another);
	tcase_add_test(t, equal_ids);
	tcase_add_test(t, no_call_blocks_another);
	tcase_add_loop_test(t, lns_close, 0, 3);
	tcase_add_loop_test(t, unknown_session, 0, 16);
	tcase_add_test(t, icrq_too_early);
	tcase_add_test(t, wen_malformed);
	tcase_add_loop_test(t, setup_timeout, 0, 2);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("call_lns");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, lns_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
