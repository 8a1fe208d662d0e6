/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * WAN-Error-Notify and Set-Link-Info (RFC 2661 6.13 and 6.14): what is made
 * of one in each state and role, and who may send one and when.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "rig.h"

#define PEER_SID	RIG_PEER_SID

static struct rig r;

static const struct l2tp_call_errors errors = { .crc = 1, .framing = 2,
    .hardware_overruns = 3, .buffer_overruns = 4, .timeouts = 5,
    .alignment = 6 };

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

static uint32_t
established(int lac)
{
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, lac ? CALL_WAIT_DATA : CALL_ESTABLISHED, PEER_SID);
	if (!lac)
		return (sid);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now), 0);
	rig_expect(&r, MSG_ICCN);
	rig_zlb(&r);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	return (sid);
}

static int
say_errors(uint32_t sid, uint32_t first)
{
	struct msg m = rig_msg(MSG_WEN);
	uint32_t i;

	for (i = 0; i < MSG_NERRORS; i++)
		m.call_errors[i] = first + i;
	return (rig_send(&r, rig_tid(&r), (uint16_t)sid, &m));
}

static int
say_accm(uint32_t sid, uint32_t send, uint32_t receive)
{
	struct msg m = rig_msg(MSG_SLI);

	m.accm_send = send;
	m.accm_receive = receive;
	return (rig_send(&r, rig_tid(&r), (uint16_t)sid, &m));
}

static struct l2tp_call_info
info(uint32_t sid)
{
	struct l2tp_call_info i;

	ck_assert_int_eq(l2tp_call_get(r.e, r.tid, sid, &i), 0);
	return (i);
}

static int
send_errors(uint32_t sid)
{
	return (l2tp_call_send_errors(r.e, r.tid, sid, &errors, r.now));
}

static int
send_accm(uint32_t sid)
{
	return (l2tp_call_send_accm(r.e, r.tid, sid, 0xa0000, 0xffff, r.now));
}

/* Acknowledgements apart. */
static void
nothing_said(void)
{
	while (rig_out(&r))
		ck_assert_uint_eq(r.m.type, MSG_ZLB);
	rig_expect_no_event(&r);
}

/* v2-6.13-01, v2-4.4.6-01 */
START_TEST(wen)
{
	uint32_t sid = established(0), n;

	for (n = 10; n < 40; n += 10) {
		ck_assert_int_eq(say_errors(sid, n), ERR_NONE);
		rig_expect_event(&r, L2TP_EV_CALL_ERRORS);
		ck_assert_uint_eq(r.ev.local_sid, sid);
		ck_assert_ptr_eq(r.ev.call_user, &r);
		ck_assert_uint_eq(r.ev.call->errors.crc, n);
		ck_assert_uint_eq(r.ev.call->errors.framing, n + 1);
		ck_assert_uint_eq(r.ev.call->errors.hardware_overruns, n + 2);
		ck_assert_uint_eq(r.ev.call->errors.buffer_overruns, n + 3);
		ck_assert_uint_eq(r.ev.call->errors.timeouts, n + 4);
		ck_assert_uint_eq(r.ev.call->errors.alignment, n + 5);
	}
	ck_assert_uint_eq(info(sid).errors.crc, 30);
	/* v2-6.13-03 */
	ck_assert_uint_eq(info(rig_call(&r, CALL_WAIT_ACCEPT,
	    PEER_SID + 1)).errors.crc, 0);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
	nothing_said();
}
END_TEST

/* v2-6.14-01, v2-6.14-02, v2-4.4.6-02, v2-4.4.6-04 */
START_TEST(sli)
{
	uint32_t sid = established(1), n;

	ck_assert_uint_eq(info(sid).accm_send, 0xffffffff);
	ck_assert_uint_eq(info(sid).accm_receive, 0xffffffff);
	for (n = 0; n < 5; n++) {
		ck_assert_int_eq(say_accm(sid, n, 0xa0000), ERR_NONE);
		rig_expect_event(&r, L2TP_EV_CALL_ACCM);
		ck_assert_uint_eq(r.ev.call->accm_send, n);
		ck_assert_uint_eq(r.ev.call->accm_receive, 0xa0000);
	}
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
	nothing_said();
}
END_TEST

/* What comes the wrong way disturbs nobody, and is not told. */
START_TEST(wrong_way)
{
	uint32_t sid = established(_i);

	ck_assert_int_eq(_i ? say_errors(sid, 1) : say_accm(sid, 1, 2),
	    ERR_NONE);
	nothing_said();
	ck_assert_uint_eq(info(sid).errors.crc, 0);
	ck_assert_uint_eq(info(sid).accm_send, 0xffffffff);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
}
END_TEST

/* v2-6.14-02: "at any time during the life of a call". */
START_TEST(before_it_is_up)
{
	static const unsigned int states[] = { CALL_WAIT_REPLY,
	    CALL_WAIT_DATA, CALL_WAIT_ACCEPT, CALL_WAIT_CONNECT };
	const char *state;
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, states[_i], PEER_SID);
	state = rig_call_state(&r, sid);
	ck_assert_int_eq(say_errors(sid, 1), ERR_NONE);
	rig_expect_no_event(&r);
	ck_assert_int_eq(say_accm(sid, 1, 2), ERR_NONE);
	if (_i < 2)
		rig_expect_event(&r, L2TP_EV_CALL_ACCM);
	nothing_said();
	/* What came too early is not remembered. */
	ck_assert_uint_eq(info(sid).errors.crc, 0);
	ck_assert_uint_eq(info(sid).accm_send, _i < 2 ? 1 : 0xffffffff);
	ck_assert_str_eq(rig_call_state(&r, sid), state);
}
END_TEST

/* v2-7.1-04: a malformed one ends the session. */
START_TEST(malformed)
{
	uint32_t sid = established(_i);
	struct msg m = rig_msg(_i ? MSG_SLI : MSG_WEN);

	m.have[_i ? AVP_ACCM : AVP_CALL_ERRORS] = 0;
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), (uint16_t)sid, &m),
	    ERR_AVP_MISSING);
	rig_cleared(&r, sid, PEER_SID, 2, 3);
}
END_TEST

/* Nobody looks: what is not pulled is bounded, and the latest counts. */
START_TEST(flood)
{
	uint32_t sid = established(0), n;
	int events = 0;

	for (n = 1; n <= 1000; n++) {
		ck_assert_int_eq(say_errors(sid, n), ERR_NONE);
		while (rig_out(&r))
			continue;
	}
	while (rig_event(&r)) {
		ck_assert_int_eq(r.ev.type, L2TP_EV_CALL_ERRORS);
		ck_assert_uint_eq(r.ev.call->errors.crc, 1000);
		events++;
	}
	ck_assert_int_ge(events, 1);
	ck_assert_int_le(events, 16);
	l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-6.13-01, v2-6.13-02: at most one in 60 seconds, for each call. */
START_TEST(send_wen)
{
	uint32_t sid = established(1);

	ck_assert_int_eq(send_errors(sid), 0);
	rig_expect(&r, MSG_WEN);
	ck_assert_uint_eq(r.h.sid, PEER_SID);
	ck_assert_uint_eq(r.m.call_errors[0], 1);
	ck_assert_uint_eq(r.m.call_errors[5], 6);
	rig_zlb(&r);
	ck_assert_int_eq(send_errors(sid), -1);
	r.now += 59999;
	ck_assert_int_eq(send_errors(sid), -1);
	nothing_said();
	r.now += 1;
	ck_assert_int_eq(send_errors(sid), 0);
	rig_expect(&r, MSG_WEN);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-6.14-01 */
START_TEST(send_sli)
{
	uint32_t sid = established(0);

	ck_assert_int_eq(send_accm(sid), 0);
	rig_expect(&r, MSG_SLI);
	ck_assert_uint_eq(r.h.sid, PEER_SID);
	ck_assert_uint_eq(r.m.accm_send, 0xa0000);
	ck_assert_uint_eq(r.m.accm_receive, 0xffff);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-6.13-01, v2-6.14-01: LAC to LNS, LNS to LAC, and no call no notice. */
START_TEST(not_to_be_sent)
{
	static const unsigned int states[] = { CALL_WAIT_REPLY,
	    CALL_WAIT_DATA, CALL_WAIT_ACCEPT, CALL_WAIT_CONNECT };
	uint32_t sid;

	if (_i < 2) {
		sid = established(_i);
		ck_assert_int_eq(_i ? send_accm(sid) : send_errors(sid), -1);
	} else {
		rig_listen(&r);
		sid = rig_call(&r, states[_i - 2], PEER_SID);
		ck_assert_int_eq(send_errors(sid), -1);
		ck_assert_int_eq(send_accm(sid), -1);
	}
	ck_assert_int_eq(send_errors(sid + 1), -1);
	ck_assert_int_eq(send_accm(sid + 1), -1);
	nothing_said();
}
END_TEST

/* Of an outgoing call it is the LNS who has asked. */
START_TEST(outgoing)
{
	static const struct l2tp_call_params order = { .outgoing = 1,
	    .framing_type = 1 };
	uint32_t sid;

	r.peer_bearer = L2TP_BEARER_DIGITAL;
	rig_dial(&r);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &order, &r, r.now, &sid),
	    0);
	rig_expect(&r, MSG_OCRQ);
	rig_zlb(&r);
	rig_say(&r, MSG_OCRP, sid);
	rig_expect_event(&r, L2TP_EV_CALL_REPLY);
	rig_say(&r, MSG_OCCN, sid);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	ck_assert_int_eq(send_errors(sid), -1);
	ck_assert_int_eq(send_accm(sid), 0);
	rig_expect(&r, MSG_SLI);
	ck_assert_int_eq(say_accm(sid, 1, 2), ERR_NONE);
	rig_expect_no_event(&r);
	ck_assert_int_eq(say_errors(sid, 1), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_ERRORS);
}
END_TEST

static TCase *
notices_case(void)
{
	TCase *t = tcase_create("notices");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, wen);
	tcase_add_test(t, sli);
	tcase_add_loop_test(t, wrong_way, 0, 2);
	tcase_add_loop_test(t, before_it_is_up, 0, 4);
	tcase_add_loop_test(t, malformed, 0, 2);
	tcase_add_test(t, flood);
	tcase_add_test(t, send_wen);
	tcase_add_test(t, send_sli);
	tcase_add_loop_test(t, not_to_be_sent, 0, 6);
	tcase_add_test(t, outgoing);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("notices");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, notices_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
