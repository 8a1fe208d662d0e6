/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Calls of L2TPv3: each row of RFC 3931 7.3.1 to 7.4.2 happens when the peer
 * or the caller makes it happen, and what ids the messages have.  Rows about
 * ties are in test_call_tie.c.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig_call3.h"

static struct rig r;

/* The states of a call that its peer has an id for. */
static const struct {
	enum rig_role	role;
	unsigned int	state;
} states[] = {
	{ ICRQ_SENDER, CALL_WAIT_DATA },
	{ ICRQ_SENDER, CALL_ESTABLISHED },
	{ ICRQ_RECIPIENT, CALL_WAIT_ACCEPT },
	{ ICRQ_RECIPIENT, CALL_WAIT_CONNECT },
	{ ICRQ_RECIPIENT, CALL_ESTABLISHED },
	{ OCRQ_SENDER, CALL_OUT_WAIT_CONNECT },
	{ OCRQ_SENDER, CALL_ESTABLISHED },
	{ OCRQ_RECIPIENT, CALL_OUT_WAIT_ACCEPT },
	{ OCRQ_RECIPIENT, CALL_WAIT_CS_ANSWER },
	{ OCRQ_RECIPIENT, CALL_ESTABLISHED }
};

#define NSTATES	((int)(sizeof(states) / sizeof(states[0])))

static void
setup(void)
{
	rig_init3(&r);
	rig_dial(&r);
}

static void
teardown(void)
{
	rig_free(&r);
}

static uint32_t
call_in(int i)
{
	return (rig_call3(&r, states[i].role, states[i].state, NULL));
}

static uint32_t
wait_reply(int outgoing)
{
	return (outgoing ? rig_call3(&r, OCRQ_SENDER, CALL_OUT_WAIT_REPLY,
	    NULL) : rig_call3(&r, ICRQ_SENDER, CALL_WAIT_REPLY, NULL));
}

/*
 * v3-7.3.1-05, v3-7.3.2-01, v3-7.3.2-05, v3-7.4-01, v3-7.4.1-05,
 * v3-7.4.1-08, v3-7.4.2-01, v3-7.4.2-05: all that is to come up does.
 */
START_TEST(comes_up)
{
	call_in(_i);
	rig_expect_none(&r);
	rig_expect_no_event(&r);
}
END_TEST

/*
 * v3-5.4.4-01, v3-5.4.4-03, v3-5.4.4-04, v3-6.6-01, v3-6.9-01, v3-5.4.5-01,
 * v3-eth-02, v3-eth-03: nothing that RFC 3931 does not have in it.
 */
START_TEST(request)
{
	uint32_t sid = wait_reply(_i), serial;

	ck_assert_uint_eq(r.h.sid, 0);
	ck_assert_uint_eq(r.m.assigned_sid, sid);
	ck_assert_uint_eq(r.m.remote_sid, 0);
	ck_assert_uint_eq(r.m.have[AVP_REMOTE_SESSION_ID], 1);
	ck_assert_uint_eq(r.m.pw_type, L2TP_PW_ETH);
	ck_assert_mem_eq(r.m.remote_end_id.p, "port 1", 6);
	ck_assert_uint_eq(r.m.circuit_status, 3);
	ck_assert_uint_eq(r.m.cookie.len, 8);
	ck_assert_uint_eq(r.m.ignored, 0);
	ck_assert_uint_eq(r.m.have[AVP_TIE_BREAKER], 0);
	ck_assert_uint_eq(r.m.have[AVP_TX_SPEED64], 0);
	/* v3-5.4.4-09 */
	serial = r.m.serial;
	wait_reply(_i);
	ck_assert_uint_eq(r.m.serial, serial + 1);
}
END_TEST

/* v3-6.7-01, v3-6.8-01, v3-6.10-01, v3-6.11-01 */
START_TEST(ids_echoed)
{
	static const struct {
		enum rig_role	role;
		unsigned int	state;
		int		status;
	} sent[] = {
		{ ICRQ_RECIPIENT, CALL_WAIT_CONNECT, 1 },
		{ ICRQ_SENDER, CALL_ESTABLISHED, 1 },
		{ OCRQ_RECIPIENT, CALL_WAIT_CS_ANSWER, 1 },
		{ OCRQ_RECIPIENT, CALL_ESTABLISHED, 1 }
	};
	uint32_t sid = rig_call3(&r, sent[_i].role, sent[_i].state, NULL);

	ck_assert_uint_eq(r.m.assigned_sid, sid);
	ck_assert_uint_eq(r.m.remote_sid, RIG_PEER_SID);
	ck_assert_uint_eq(r.m.have[AVP_CIRCUIT_STATUS], sent[_i].status);
	ck_assert_uint_eq(r.m.ignored, 0);
	ck_assert_uint_eq(rig_info(&r, sid).peer_sid, RIG_PEER_SID);
}
END_TEST

/*
 * v3-7.3.1-12, v3-7.3.2-07, v3-7.3.2-10, v3-7.4.1-09, v3-7.4.1-11,
 * v3-7.4.2-07: each message in each state that has no use for it.
 */
START_TEST(unexpected)
{
	static const struct {
		uint16_t	type;
		unsigned int	wanted;		/* in this state */
	} msgs[] = {
		{ MSG_ICRQ, CALL_NSTATES }, { MSG_ICRP, CALL_NSTATES },
		{ MSG_ICCN, CALL_WAIT_CONNECT }, { MSG_OCRQ, CALL_NSTATES },
		{ MSG_OCRP, CALL_NSTATES },
		{ MSG_OCCN, CALL_OUT_WAIT_CONNECT }
	};
	size_t i;
	uint32_t sid;

	for (i = 0; i < sizeof(msgs) / sizeof(msgs[0]); i++) {
		if (states[_i].state == msgs[i].wanted)
			continue;
		sid = call_in(_i);
		/* v3-7.3.2-04: wait-accept is the RFC's idle. */
		if (states[_i].state == CALL_WAIT_ACCEPT &&
		    msgs[i].type == MSG_ICCN) {
			rig_say3(&r, MSG_ICCN, sid);
			rig_silent(&r, sid, L2TP_BY_PROTOCOL);
			continue;
		}
		ck_assert_int_eq(rig_say3(&r, msgs[i].type, sid), ERR_FSM);
		/* v3-5.4.2-03 */
		rig_cleared(&r, sid, RIG_PEER_SID, L2TP_CDN_FSM, 0);
		rig_zlb(&r);
	}
}
END_TEST

/* v3-7.3.1-11, v3-7.3.2-08, v3-7.4.1-10, v3-7.4.2-08, v3-6.12-01 */
START_TEST(cdn)
{
	uint32_t sid = call_in(_i);

	rig_say3(&r, MSG_CDN, sid);
	rig_silent(&r, sid, L2TP_BY_PEER);
	/* Once more, of no call: nothing. */
	rig_say3(&r, MSG_CDN, sid);
	rig_expect_no_event(&r);
}
END_TEST

/* v3-5.4.4-05: the peer has not been told our id. */
START_TEST(cdn_before_ids)
{
	uint32_t sid = call_in(_i);

	rig_say3(&r, MSG_CDN, 0);
	rig_silent(&r, sid, L2TP_BY_PEER);
}
END_TEST

/* v3-6.12-01, v3-7.1-05: what lacks an id, or a result, ends it, too. */
START_TEST(cdn_bad)
{
	static const uint8_t missing[] = { AVP_RESULT_CODE,
	    AVP_LOCAL_SESSION_ID, AVP_REMOTE_SESSION_ID };
	struct msg m = rig_msg3(MSG_CDN, RIG_PEER_SID);
	uint32_t sid = rig_call3(&r, ICRQ_SENDER, CALL_ESTABLISHED, NULL);

	m.have[missing[_i]] = 0;
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_AVP_MISSING);
	rig_cleared(&r, sid, RIG_PEER_SID, 2, 3);
}
END_TEST

/* v3-7.3.1-13, v3-7.3.2-09, v3-7.4.1-12, v3-7.4.2-06, v3-7.4.2-09 */
START_TEST(close_call)
{
	uint32_t sid = call_in(_i);

	ck_assert_int_eq(l2tp_call_close(r.e, r.tid, sid, L2TP_CDN_ADMIN, 0,
	    NULL, r.now), 0);
	rig_cleared(&r, sid, RIG_PEER_SID, 3, 0);
}
END_TEST

/* v3-7.3.1-10, v3-5.4.4-04: the peer's id is not known. */
START_TEST(close_before_reply)
{
	uint32_t sid = wait_reply(_i);

	l2tp_call_close(r.e, r.tid, sid, L2TP_CDN_CARRIER, 0, NULL, r.now);
	rig_cleared(&r, sid, 0, 1, 0);
	ck_assert_uint_eq(r.m.have[AVP_REMOTE_SESSION_ID], 1);
}
END_TEST

/* v3-7.3.1-09, v3-7.4.1-06 */
START_TEST(wait_reply_ends)
{
	uint32_t sid = wait_reply(0);

	rig_say3(&r, MSG_ICCN, sid);
	rig_silent(&r, sid, L2TP_BY_PROTOCOL);
	sid = wait_reply(1);
	rig_say3(&r, MSG_OCCN, sid);
	rig_cleared(&r, sid, RIG_PEER_SID, L2TP_CDN_FSM, 0);
	rig_zlb(&r);
	sid = wait_reply(_i);
	rig_say3(&r, MSG_CDN, sid);
	rig_silent(&r, sid, L2TP_BY_PEER);
}
END_TEST

/* v3-7.3.1-06, v3-7.4.1-06, v3-6.7-01, v3-6.10-01 */
START_TEST(reply_bad)
{
	static const uint8_t missing[] = { AVP_LOCAL_SESSION_ID,
	    AVP_CIRCUIT_STATUS };
	uint32_t sid = wait_reply(_i % 2), peer = RIG_PEER_SID;
	struct msg m = rig_msg3(_i % 2 ? MSG_OCRP : MSG_ICRP, peer);

	if (missing[_i / 2] == AVP_LOCAL_SESSION_ID)
		peer = 0;
	m.have[missing[_i / 2]] = 0;
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_AVP_MISSING);
	rig_cleared(&r, sid, peer, 2, 3);
}
END_TEST

/* v3-7.3.2-06, v3-6.8-01, v3-6.11-01 */
START_TEST(connected_bad)
{
	static const uint8_t missing[] = { AVP_LOCAL_SESSION_ID,
	    AVP_REMOTE_SESSION_ID };
	uint32_t sid = _i % 2 ?
	    rig_call3(&r, OCRQ_SENDER, CALL_OUT_WAIT_CONNECT, NULL) :
	    rig_call3(&r, ICRQ_RECIPIENT, CALL_WAIT_CONNECT, NULL);
	struct msg m = rig_msg3(_i % 2 ? MSG_OCCN : MSG_ICCN, RIG_PEER_SID);

	m.have[missing[_i / 2]] = 0;
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_AVP_MISSING);
	rig_cleared(&r, sid, RIG_PEER_SID, 2, 3);
}
END_TEST

/*
 * v3-7.3.2-02, v3-7.4.2-02, v3-6.6-01, v3-6.9-01, v3-7.1-05: each AVP that it
 * must have.
 */
START_TEST(request_bad)
{
	uint16_t type = _i ? MSG_OCRQ : MSG_ICRQ;
	const uint8_t *id;
	struct msg m;

	for (id = msg_table[3][type].must; *id != AVP_NIDS; id++) {
		m = rig_msg3(type, RIG_PEER_SID);
		m.have[*id] = 0;
		if (*id == AVP_LOCAL_SESSION_ID)
			m.assigned_sid = 0;
		rig_refused3(&r, &m, ERR_AVP_MISSING, 2, 3);
	}
	rig_expect_no_event(&r);
}
END_TEST

/* v3-7.3.2-02, v3-7.4.2-02: the caller refuses. */
START_TEST(request_refused)
{
	uint32_t sid = _i ?
	    rig_call3(&r, OCRQ_RECIPIENT, CALL_OUT_WAIT_ACCEPT, NULL) :
	    rig_call3(&r, ICRQ_RECIPIENT, CALL_WAIT_ACCEPT, NULL);

	l2tp_call_close(r.e, r.tid, sid, L2TP_CDN_PERMANENT, 0, NULL, r.now);
	rig_cleared(&r, sid, RIG_PEER_SID, 5, 0);
}
END_TEST

/* v3-5.4.4-02 */
START_TEST(session_id_twice)
{
	struct msg m = rig_msg3(MSG_ICRQ, RIG_PEER_SID);
	uint32_t sid;

	sid = rig_call3(&r, ICRQ_RECIPIENT, CALL_ESTABLISHED, NULL);
	rig_refused3(&r, &m, ERR_SESSION_ID, 2, 5);
	m.assigned_sid = 0;
	ck_assert_int_eq(rig_send(&r, r.tid, 0, &m), ERR_AVP_VALUE);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.m.error, 3);
	rig_expect_no_event(&r);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
}
END_TEST

/* The same in a reply; the CDN is for the one that it replies to. */
START_TEST(session_id_reply)
{
	uint32_t other = rig_call3(&r, ICRQ_RECIPIENT, CALL_ESTABLISHED, NULL);
	uint32_t sid = wait_reply(_i);

	ck_assert_int_eq(rig_say3(&r, _i ? MSG_OCRP : MSG_ICRP, sid),
	    ERR_SESSION_ID);
	rig_cleared(&r, sid, 0, 2, 5);
	ck_assert_str_eq(rig_call_state(&r, other), "established");
}
END_TEST

/* v3-5.2-01, v3-5.2-03, v3-5.4.2-06: it ends its session only. */
START_TEST(unknown_avp)
{
	static const uint8_t avps[] = {
		0x80, 8, 0, 0, 0, 0, 0, MSG_ICCN,
		0x80, 10, 0, 0, 0, 63, 0, 0, 1, 65
	};
	uint32_t other, sid;
	uint8_t buf[64];
	struct wr w;

	sid = rig_call3(&r, ICRQ_RECIPIENT, CALL_WAIT_CONNECT, NULL);
	other = wait_reply(0);
	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 3, r.tid, 0);
	wr_bytes(&w, avps, sizeof(avps));
	wr_u64(&w, 0x800a000000400000 | sid >> 16);
	wr_u16(&w, (uint16_t)sid);
	wr_u32(&w, _i ? 0x80060000 : 0x00060000);
	wr_u16(&w, 999);
	hdr_seal(&w, r.ns++, r.nr);
	if (_i == 0) {
		ck_assert_int_eq(rig_datagram(&r, buf, w.len), ERR_NONE);
		rig_expect_event(&r, L2TP_EV_CALL_UP);
		return;
	}
	ck_assert_int_eq(rig_datagram(&r, buf, w.len), ERR_AVP_UNKNOWN);
	rig_cleared(&r, sid, RIG_PEER_SID, 2, 8);
	ck_assert_mem_eq(r.m.error_text.p, "unknown mandatory AVP 0/999", 27);
	ck_assert_str_eq(rig_call_state(&r, other), "wait-reply");
}
END_TEST

/* A request to a session that is none, in which there is a slip. */
START_TEST(request_to_nobody)
{
	struct msg m = rig_msg3(_i ? MSG_OCRQ : MSG_ICRQ, RIG_PEER_SID);

	ck_assert_int_eq(rig_send(&r, r.tid, 12345, &m), ERR_NO_CALL);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.m.remote_sid, RIG_PEER_SID);
	ck_assert_uint_eq(r.m.error, 5);
	rig_expect_no_event(&r);
}
END_TEST

/*
 * v3-7.3.1-02, v3-7.3.2-03, v3-7.3.2-04, v3-7.4.1-02, v3-7.4.2-03,
 * v3-7.4.2-04, v3-6.14-01: of no session that we know.
 */
START_TEST(idle)
{
	static const struct {
		uint16_t	type;
		int		answered;
	} msgs[] = {
		{ MSG_ICRP, 1 }, { MSG_ICCN, 0 }, { MSG_OCRP, 1 },
		{ MSG_OCCN, 0 }, { MSG_CDN, 0 }, { MSG_WEN, 0 },
		{ MSG_SLI, 0 }
	};
	static const uint32_t sids[] = { 0, 4711, 0x12345678 };

	ck_assert_int_eq(rig_say3(&r, msgs[_i % 7].type, sids[_i / 7]),
	    ERR_NO_CALL);
	if (msgs[_i % 7].answered) {
		rig_expect(&r, MSG_CDN);
		ck_assert_uint_eq(r.m.remote_sid, RIG_PEER_SID);
		ck_assert_uint_eq(r.m.result, 2);
		ck_assert_uint_eq(r.m.error, 5);
	}
	rig_expect_none(&r);
	rig_expect_no_event(&r);
	ck_assert(rig_is(&r, "established"));
}
END_TEST

/* v3-5.4.2-03, v3-7.4.2-06: what does not come up in time. */
START_TEST(setup_timeout)
{
	uint32_t sid, peer = RIG_PEER_SID;

	if (_i < NSTATES) {
		if (states[_i].state == CALL_ESTABLISHED)
			return;
		sid = call_in(_i);
	} else {
		sid = wait_reply(_i - NSTATES);
		peer = 0;
	}
	rig_zlb(&r);
	rig_wait(&r, 19999);
	rig_expect_no_event(&r);
	rig_tick(&r, 1);
	rig_cleared(&r, sid, peer, L2TP_CDN_FSM, 0);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIMEOUT);
}
END_TEST

static TCase *
call_case(void)
{
	TCase *t = tcase_create("call");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, comes_up, 0, NSTATES);
	tcase_add_loop_test(t, request, 0, 2);
	tcase_add_loop_test(t, ids_echoed, 0, 4);
	tcase_add_loop_test(t, unexpected, 0, NSTATES);
	tcase_add_loop_test(t, cdn, 0, NSTATES);
	tcase_add_loop_test(t, cdn_before_ids, 0, NSTATES);
	tcase_add_loop_test(t, cdn_bad, 0, 3);
	tcase_add_loop_test(t, close_call, 0, NSTATES);
	tcase_add_loop_test(t, close_before_reply, 0, 2);
	tcase_add_loop_test(t, wait_reply_ends, 0, 2);
	tcase_add_loop_test(t, reply_bad, 0, 4);
	tcase_add_loop_test(t, connected_bad, 0, 4);
	tcase_add_loop_test(t, request_bad, 0, 2);
	tcase_add_loop_test(t, request_refused, 0, 2);
	tcase_add_test(t, session_id_twice);
	tcase_add_loop_test(t, session_id_reply, 0, 2);
	tcase_add_loop_test(t, unknown_avp, 0, 2);
	tcase_add_loop_test(t, request_to_nobody, 0, 2);
	tcase_add_loop_test(t, idle, 0, 21);
	tcase_add_loop_test(t, setup_timeout, 0, NSTATES + 2);
	return (t);
}

static void
bare(void)
{
	rig_init3(&r);
}

/*
 * v3-7.3.1-01, v3-7.3.1-03, v3-7.3.1-04, v3-7.4.1-01, v3-7.4.1-03,
 * v3-7.4.1-04: before there is a tunnel.
 */
START_TEST(wait_control_conn)
{
	struct l2tp_call_params p = rig_pw();
	struct msg m = rig_msg3(MSG_SCCRP, 0);
	uint32_t sid[2];

	p.outgoing = (uint8_t)_i;
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid[0]),
	    0);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid[1]),
	    0);
	ck_assert_str_eq(rig_call_state(&r, sid[0]), "wait-tunnel");
	l2tp_call_close(r.e, r.tid, sid[0], 3, 0, NULL, r.now);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	rig_expect_none(&r);
	rig_send(&r, r.tid, 0, &m);
	rig_expect(&r, MSG_SCCCN);
	rig_zlb(&r);
	rig_expect(&r, _i ? MSG_OCRQ : MSG_ICRQ);
	ck_assert_uint_eq(r.m.assigned_sid, sid[1]);
	ck_assert_str_eq(rig_call_state(&r, sid[1]), "wait-reply");
}
END_TEST

/* v3-5.4.4-15: a type that the peer did not list. */
START_TEST(peer_lacks_type)
{
	static const uint8_t ppp_only[] = { 0, L2TP_PW_PPP, 0, 0, 0xff, 5 };
	struct l2tp_call_params p = rig_pw();
	struct msg m = rig_msg3(MSG_SCCRP, 0);
	uint32_t sid;

	m.pw_caps.p = ppp_only;
	m.pw_caps.len = sizeof(ppp_only);
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid), 0);
	rig_send(&r, r.tid, 0, &m);
	rig_expect(&r, MSG_SCCCN);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.cause->result, L2TP_CDN_PW_TYPE);
	rig_zlb(&r);
	rig_expect_none(&r);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid), -1);
	p.pw_type = 0;
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid), -1);
	p.pw_type = L2TP_PW_PPP;
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid), 0);
	rig_expect(&r, MSG_ICRQ);
	ck_assert_uint_eq(r.m.pw_type, L2TP_PW_PPP);
}
END_TEST

/* No message of a call before the control connection is up. */
START_TEST(too_early)
{
	struct msg m = rig_msg3(MSG_ICRQ, RIG_PEER_SID);

	rig_tunnel(&r, CC_WAIT_CTL_CONN);
	ck_assert_int_eq(rig_send(&r, r.tid, 0, &m), ERR_FSM);
	rig_expect_no_event(&r);
}
END_TEST

/* A tunnel that turns out to be one of L2TPv2 has PPP or nothing. */
START_TEST(falls_back)
{
	struct l2tp_call_params p = rig_pw();
	struct msg m = rig_msg(MSG_SCCRP);
	uint32_t sid;

	r.version = 2;
	r.params.versions = L2TP_V2 | L2TP_V3;
	p.framing_type = L2TP_FRAMING_SYNC;
	p.pw_type = _i ? L2TP_PW_PPP : L2TP_PW_ETH;
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid), 0);
	rig_send(&r, r.tid, 0, &m);
	rig_expect(&r, MSG_SCCCN);
	ck_assert_uint_eq(r.h.version, 2);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	rig_zlb(&r);
	if (_i == 0) {
		rig_expect_event(&r, L2TP_EV_CALL_DOWN);
		rig_expect_none(&r);
	} else {
		rig_expect(&r, MSG_ICRQ);
		ck_assert_uint_eq(r.m.have[AVP_ASSIGNED_SESSION_ID], 1);
		ck_assert_uint_eq(r.m.have[AVP_PW_TYPE], 0);
		ck_assert_uint_eq(rig_info(&r, sid).local_cookie_len, 0);
	}
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid),
	    _i - 1);
}
END_TEST

static TCase *
early_case(void)
{
	TCase *t = tcase_create("early");

	tcase_add_checked_fixture(t, bare, teardown);
	tcase_add_loop_test(t, wait_control_conn, 0, 2);
	tcase_add_test(t, peer_lacks_type);
	tcase_add_test(t, too_early);
	tcase_add_loop_test(t, falls_back, 0, 2);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("call3");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, call_case());
	suite_add_tcase(s, early_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
