/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Two sides that ask for one circuit at the same time (RFC 3931 5.4.4), and
 * the notices of a call that is up: SLI and WEN.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig_call3.h"

static struct rig r;

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

/* Our request, as an ICRQ or OCRQ, with a tie breaker or without. */
static uint32_t
ask(int outgoing, int tie)
{
	struct l2tp_call_params p = rig_pw();
	uint32_t sid;

	p.session_tie = (uint8_t)tie;
	sid = rig_call3(&r, outgoing ? OCRQ_SENDER : ICRQ_SENDER,
	    outgoing ? CALL_OUT_WAIT_REPLY : CALL_WAIT_REPLY, &p);
	return (sid);
}

/* The value of ours that the latest request had. */
static uint64_t
thrown(void)
{
	ck_assert_uint_eq(r.m.have[AVP_TIE_BREAKER], 1);
	return (r.m.tie_breaker);
}

static struct msg
theirs(int outgoing, const uint64_t *tie)
{
	struct msg m = rig_msg3(outgoing ? MSG_OCRQ : MSG_ICRQ, RIG_PEER_SID);

	m.have[AVP_TIE_BREAKER] = tie != NULL;
	m.tie_breaker = tie != NULL ? *tie : 0;
	return (m);
}

/* The CDN for their request, and ours goes on. */
static void
won(uint32_t sid, struct msg *m)
{
	rig_refused3(&r, m, ERR_SESSION_TIE, L2TP_CDN_TIE, 0);
	rig_expect_no_event(&r);
	ck_assert_str_eq(rig_call_state(&r, sid), "wait-reply");
}

/* Ours is over, without a word, and theirs is offered. */
static void
lost(uint32_t sid, struct msg *m)
{
	ck_assert_int_eq(rig_send(&r, r.tid, 0, m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.local_sid, sid);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIE);
	ck_assert_uint_eq(r.ev.cause->result, L2TP_CDN_TIE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	rig_expect_none(&r);
}

/* Neither goes on, and the peer is told of both. */
static void
even(uint32_t sid, struct msg *m)
{
	ck_assert_int_eq(rig_send(&r, r.tid, 0, m), ERR_SESSION_TIE);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.m.assigned_sid, sid);
	ck_assert_uint_eq(r.m.remote_sid, 0);
	ck_assert_uint_eq(r.m.result, L2TP_CDN_TIE);
	rig_zlb(&r);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.m.remote_sid, RIG_PEER_SID);
	ck_assert_uint_eq(r.m.result, L2TP_CDN_TIE);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.local_sid, sid);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIE);
	rig_expect_no_event(&r);
}

/*
 * v3-5.4.4-11, v3-5.4.4-12, v3-5.4.4-13, v3-7.3.1-07, v3-7.3.1-08,
 * v3-7.4.1-07: by values, of any two kinds of request.
 */
START_TEST(values)
{
	uint32_t sid = ask(_i & 1, 1);
	uint64_t tie = thrown();
	struct msg m;

	/* Just above, just below, and where signs would matter. */
	tie = (_i & 4) ? tie + 1 : UINT64_MAX;
	m = theirs(_i & 2, &tie);
	won(sid, &m);
	l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now);
	rig_cleared(&r, sid, 0, 3, 0);
	rig_zlb(&r);
	sid = ask(_i & 1, 1);
	tie = (_i & 4) ? thrown() - 1 : 0;
	m = theirs(_i & 2, &tie);
	lost(sid, &m);
	m = rig_msg3(MSG_CDN, RIG_PEER_SID);
	rig_send(&r, r.tid, 0, &m);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	sid = ask(_i & 1, 1);
	tie = thrown();
	m = theirs(_i & 2, &tie);
	even(sid, &m);
}
END_TEST

/* v3-5.4.4-12: only one side has thrown. */
START_TEST(one_sided)
{
	uint64_t tie = UINT64_MAX;
	uint32_t sid = ask(_i & 1, 1);
	struct msg m = theirs(_i & 2, NULL);

	won(sid, &m);
	l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now);
	rig_cleared(&r, sid, 0, 3, 0);
	rig_zlb(&r);
	sid = ask(_i & 1, 0);
	m = theirs(_i & 2, &tie);
	lost(sid, &m);
}
END_TEST

/* v3-5.4.4-14: nobody has. */
START_TEST(no_values)
{
	uint32_t sid = ask(_i & 1, 0);
	struct msg m = theirs(_i & 2, NULL);

	even(sid, &m);
}
END_TEST

/* v3-5.4.4-13: a new request throws anew. */
START_TEST(thrown_anew)
{
	uint64_t first;

	ask(0, 1);
	first = thrown();
	ask(0, 1);
	ck_assert_uint_ne(thrown(), first);
}
END_TEST

/* No tie: another circuit, no request yet, one that was answered, over. */
START_TEST(no_tie)
{
	static const char *const others[] = { "port 2", "port", "port 11" };
	struct msg m = theirs(0, NULL);
	uint32_t sid;

	if (_i < 3) {
		sid = ask(0, 0);
		m.remote_end_id = text_bytes(others[_i]);
	} else {
		sid = rig_call3(&r, ICRQ_SENDER, CALL_WAIT_DATA, NULL);
		m.assigned_sid = 99;
	}
	if (_i == 4) {
		l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now);
		rig_cleared(&r, sid, RIG_PEER_SID, 3, 0);
	}
	ck_assert_int_eq(rig_send(&r, r.tid, 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
}
END_TEST

/* Two of our own for one circuit: both have lost, or one of them. */
START_TEST(two_of_ours)
{
	uint64_t tie = 0;
	uint32_t sid[2] = { ask(0, 0), ask(0, 1) };
	struct msg m = theirs(0, &tie);

	ck_assert_int_eq(rig_send(&r, r.tid, 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.local_sid, sid[1]);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.local_sid, sid[0]);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
}
END_TEST

/* Somebody else asks for what has the same name with him. */
START_TEST(other_peer)
{
	struct msg hail = rig_msg3(MSG_SCCRQ, 0), m = theirs(0, NULL);
	uint32_t first = r.tid, sid = ask(0, 0);

	r.path.peer.ip[3] += (uint8_t)_i;
	r.path.peer.port++;
	hail.assigned_ccid++;
	r.ns = r.nr = 0;
	rig_send(&r, 0, 0, &hail);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	r.tid = r.ev.local_tid;
	l2tp_tunnel_accept(r.e, r.tid, &r.params, NULL, r.now);
	rig_expect(&r, MSG_SCCRP);
	hail = rig_msg3(MSG_SCCCN, 0);
	rig_send(&r, r.tid, 0, &hail);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	/* The same host, in another control connection: it is a tie. */
	ck_assert_int_eq(rig_send(&r, r.tid, 0, &m), _i ? ERR_NONE :
	    ERR_SESSION_TIE);
	r.tid = first;
	ck_assert_str_eq(rig_call_state(&r, sid), _i ? "wait-reply" : "none");
}
END_TEST

static TCase *
tie_case(void)
{
	TCase *t = tcase_create("tie");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, values, 0, 8);
	tcase_add_loop_test(t, one_sided, 0, 4);
	tcase_add_loop_test(t, no_values, 0, 4);
	tcase_add_test(t, thrown_anew);
	tcase_add_loop_test(t, no_tie, 0, 5);
	tcase_add_test(t, two_of_ours);
	tcase_add_loop_test(t, other_peer, 0, 2);
	return (t);
}

static void
say_circuit(uint32_t sid, uint16_t status)
{
	struct msg m = rig_msg3(MSG_SLI, RIG_PEER_SID);

	m.have[AVP_CIRCUIT_STATUS] = 1;
	m.circuit_status = status;
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_NONE);
}

/* v3-5.4.5-04, v3-eth-14: only what changes A is told; N says nothing. */
START_TEST(circuit)
{
	struct msg m = rig_msg3(MSG_SLI, RIG_PEER_SID);
	uint32_t sid = rig_call3(&r, (enum rig_role)_i, CALL_ESTABLISHED,
	    NULL);

	say_circuit(sid, 0xfffd);
	rig_expect_no_event(&r);
	say_circuit(sid, 0xfffe);
	rig_expect_event(&r, L2TP_EV_CALL_CIRCUIT);
	ck_assert_uint_eq(r.ev.call->circuit_active, 0);
	say_circuit(sid, 0);
	rig_expect_no_event(&r);
	/* v3-6.14-01: it need not be there at all. */
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_NONE);
	rig_expect_no_event(&r);
	say_circuit(sid, 1);
	rig_expect_event(&r, L2TP_EV_CALL_CIRCUIT);
	ck_assert_uint_eq(r.ev.call->circuit_active, 1);
	/* v3-eth-04: none of it ends the call. */
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
}
END_TEST

/* However often it changes before anybody looks, there is one event. */
START_TEST(circuit_flaps)
{
	uint32_t sid = rig_call3(&r, ICRQ_RECIPIENT, CALL_ESTABLISHED, NULL);
	struct l2tp_stats s;
	int i;

	for (i = 0; i <= 1000; i++)
		say_circuit(sid, (uint16_t)(i % 2));
	rig_expect_event(&r, L2TP_EV_CALL_CIRCUIT);
	ck_assert_uint_eq(r.ev.call->circuit_active, 0);
	rig_expect_no_event(&r);
	/* And again, each time that somebody has looked. */
	for (i = 0; i < 200; i++) {
		say_circuit(sid, (uint16_t)(i % 2 == 0));
		rig_expect_event(&r, L2TP_EV_CALL_CIRCUIT);
	}
	say_circuit(sid, 1);
	rig_say3(&r, MSG_CDN, sid);
	rig_expect_event(&r, L2TP_EV_CALL_CIRCUIT);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	rig_expect_no_event(&r);
	l2tp_get_stats(r.e, &s);
	ck_assert_uint_eq(s.calls, 0);
}
END_TEST

/* v3-5.4.4-05: before the call is up, with an id of ours or without. */
START_TEST(circuit_early)
{
	static const struct {
		enum rig_role	role;
		unsigned int	state;
	} early[] = {
		{ ICRQ_RECIPIENT, CALL_WAIT_ACCEPT },
		{ ICRQ_RECIPIENT, CALL_WAIT_CONNECT },
		{ ICRQ_SENDER, CALL_WAIT_DATA },
		{ OCRQ_SENDER, CALL_OUT_WAIT_CONNECT },
		{ OCRQ_RECIPIENT, CALL_OUT_WAIT_ACCEPT },
		{ OCRQ_RECIPIENT, CALL_WAIT_CS_ANSWER }
	};
	uint32_t sid = rig_call3(&r, early[_i / 2].role, early[_i / 2].state,
	    NULL);

	say_circuit(_i % 2 ? sid : 0, 0);
	rig_expect_event(&r, L2TP_EV_CALL_CIRCUIT);
	ck_assert_uint_eq(r.ev.local_sid, sid);
	ck_assert_uint_eq(rig_info(&r, sid).circuit_active, 0);
	rig_expect_no_event(&r);
}
END_TEST

/* v3-6.14-02, v3-eth-05: ours, and only of what is up. */
START_TEST(send_circuit)
{
	uint32_t sid = rig_call3(&r, (enum rig_role)_i, CALL_ESTABLISHED,
	    NULL);
	int up;

	for (up = 0; up < 2; up++) {
		ck_assert_int_eq(l2tp_call_send_circuit(r.e, r.tid, sid, up,
		    r.now), 0);
		rig_expect(&r, MSG_SLI);
		ck_assert_uint_eq(r.m.have[AVP_CIRCUIT_STATUS], 1);
		ck_assert_uint_eq(r.m.circuit_status, up);
		ck_assert_uint_eq(r.m.assigned_sid, sid);
		ck_assert_uint_eq(r.m.remote_sid, RIG_PEER_SID);
		rig_zlb(&r);
	}
	/* There are no ACCMs here. */
	ck_assert_int_eq(l2tp_call_send_accm(r.e, r.tid, sid, 0, 0, r.now),
	    -1);
	ck_assert_int_eq(l2tp_call_send_circuit(r.e, r.tid, sid + 1, 0,
	    r.now), -1);
	sid = rig_call3(&r, ICRQ_SENDER, CALL_WAIT_REPLY, NULL);
	ck_assert_int_eq(l2tp_call_send_circuit(r.e, r.tid, sid, 0, r.now),
	    -1);
}
END_TEST

/* v3-5.4.5-06, v3-eth-03: a circuit that is down has a call all the same. */
START_TEST(circuit_down)
{
	struct l2tp_call_params p = rig_pw();
	struct msg m = rig_msg3(MSG_ICRQ, RIG_PEER_SID);
	uint32_t sid;

	p.circuit_down = 1;
	sid = rig_call3(&r, ICRQ_SENDER, CALL_WAIT_REPLY, &p);
	ck_assert_uint_eq(r.m.circuit_status, MSG_CIRCUIT_NEW);
	rig_say3(&r, MSG_CDN, sid);
	rig_silent(&r, sid, L2TP_BY_PEER);
	rig_call3(&r, OCRQ_RECIPIENT, CALL_WAIT_CS_ANSWER, &p);
	ck_assert_uint_eq(r.m.circuit_status, MSG_CIRCUIT_NEW);
	m.assigned_sid = 9;
	m.circuit_status = 0;
	m.remote_end_id.len--;
	rig_send(&r, r.tid, 0, &m);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	sid = r.ev.local_sid;
	ck_assert_uint_eq(r.ev.call->circuit_active, 0);
	l2tp_call_offer(r.e, r.tid, sid, &p, r.now);
	l2tp_call_accept(r.e, r.tid, sid, NULL, r.now);
	rig_expect(&r, MSG_ICRP);
	ck_assert_uint_eq(r.m.circuit_status, MSG_CIRCUIT_NEW);
}
END_TEST

/* v3-6.13-01, v3-6.13-02: either way, once a minute. */
START_TEST(wen)
{
	struct l2tp_call_errors errors = { .hardware_overruns = 4 };
	struct msg m = rig_msg3(MSG_WEN, RIG_PEER_SID);
	uint32_t sid = rig_call3(&r, (enum rig_role)_i, CALL_ESTABLISHED,
	    NULL);

	ck_assert_int_eq(l2tp_call_send_errors(r.e, r.tid, sid, &errors,
	    r.now), 0);
	rig_expect(&r, MSG_WEN);
	ck_assert_uint_eq(r.m.call_errors[2], 4);
	ck_assert_uint_eq(r.m.assigned_sid, sid);
	ck_assert_uint_eq(r.m.remote_sid, RIG_PEER_SID);
	ck_assert_int_eq(l2tp_call_send_errors(r.e, r.tid, sid, &errors,
	    r.now + 59999), -1);
	rig_zlb(&r);
	m.call_errors[4] = 7;
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_ERRORS);
	ck_assert_uint_eq(r.ev.call->errors.timeouts, 7);
	m = rig_msg3(MSG_WEN, RIG_PEER_SID);
	m.have[AVP_CALL_ERRORS] = 0;
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_AVP_MISSING);
	rig_cleared(&r, sid, RIG_PEER_SID, 2, 3);
}
END_TEST

/* The bar of a session, whatever its version: 512 octets. */
START_TEST(memory_idle)
{
	struct l2tp_config c = rig_config(&r);
	struct l2tp_call_params p = rig_pw();
	struct msg m;
	size_t before;
	uint32_t i;

	rig_free(&r);
	c.max_calls = 400;
	rig_init_config(&r, &c);
	r.ns = r.nr = 0;
	rig_init_params3(&r);
	rig_dial(&r);
	before = rig_heap_bytes();
	for (i = 1; i <= 400; i++) {
		m = rig_msg3(MSG_ICRQ, i);
		rig_send(&r, r.tid, 0, &m);
		rig_expect_event(&r, L2TP_EV_CALL_IN);
		l2tp_call_offer(r.e, r.tid, r.ev.local_sid, &p, r.now);
		l2tp_call_accept(r.e, r.tid, r.ev.local_sid, NULL, r.now);
		rig_expect(&r, MSG_ICRP);
		rig_zlb(&r);
		m = rig_msg3(MSG_ICCN, i);
		rig_send(&r, r.tid, r.ev.local_sid, &m);
		rig_expect_event(&r, L2TP_EV_CALL_UP);
	}
	ck_assert_uint_le((rig_heap_bytes() - before) / 400, 512);
}
END_TEST

static TCase *
notice_case(void)
{
	TCase *t = tcase_create("notices");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, circuit, 0, RIG_ROLES);
	tcase_add_test(t, circuit_flaps);
	tcase_add_loop_test(t, circuit_early, 0, 12);
	tcase_add_loop_test(t, send_circuit, 0, RIG_ROLES);
	tcase_add_test(t, circuit_down);
	tcase_add_loop_test(t, wen, 0, RIG_ROLES);
	tcase_add_test(t, memory_idle);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("call_tie");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, tie_case());
	suite_add_tcase(s, notice_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
