/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * How far things reach: what is said of one tunnel ends all that is in it
 * and nothing else, what is said of one call that call alone, and no call
 * waits for another.
 */
#include <check.h>

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

/* A tunnel of another peer, with the same ids, and a call in it. */
static uint32_t
second_tunnel(void)
{
	r.ns = r.nr = 0;
	r.path.peer.port++;
	rig_listen(&r);
	return (rig_call(&r, CALL_ESTABLISHED, RIG_PEER_SID));
}

/* v2-3.1-10: the peers' ids are equal, the sessions are two. */
START_TEST(equal_session_ids)
{
	struct l2tp_call_info info;
	uint32_t tid, sid[2];

	rig_listen(&r);
	tid = r.tid;
	sid[0] = rig_call(&r, CALL_ESTABLISHED, RIG_PEER_SID);
	sid[1] = second_tunnel();
	ck_assert_int_eq(l2tp_call_get(r.e, tid, sid[0], &info), 0);
	ck_assert_uint_eq(info.peer_sid, RIG_PEER_SID);
	ck_assert_int_eq(l2tp_call_get(r.e, r.tid, sid[1], &info), 0);
	ck_assert_uint_eq(info.peer_sid, RIG_PEER_SID);
	/* Neither tunnel has the other's. */
	ck_assert_int_eq(rig_say(&r, MSG_CDN, sid[0]), ERR_NO_CALL);
	ck_assert_int_eq(l2tp_call_get(r.e, r.tid, sid[0], &info), -1);
	/* By the peer's id it is that of the tunnel it is said in. */
	ck_assert_int_eq(rig_say(&r, MSG_CDN, 0), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.local_sid, sid[1]);
	rig_expect_no_event(&r);
	ck_assert_int_eq(l2tp_call_get(r.e, tid, sid[0], &info), 0);
}
END_TEST

/* v2-6.4-02: in the receiver; for the sender see test_cc_end. */
START_TEST(stopccn_ends_all_calls)
{
	struct l2tp_call_info info;
	uint32_t other_tid, other_sid, sid[3];
	int i;

	rig_listen(&r);
	other_tid = r.tid;
	other_sid = rig_call(&r, CALL_ESTABLISHED, RIG_PEER_SID);
	sid[0] = second_tunnel();
	for (i = 1; i < 3; i++)
		sid[i] = rig_call(&r, CALL_ESTABLISHED, (uint16_t)(i + 1));
	rig_say(&r, MSG_STOPCCN, 0);
	for (i = 0; i < 3; i++) {
		rig_expect_event(&r, L2TP_EV_CALL_DOWN);
		ck_assert_uint_eq(r.ev.local_sid, sid[i]);
		ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_PEER);
	}
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	rig_expect_no_event(&r);
	rig_tick(&r, 100);
	while (rig_out(&r))
		ck_assert_uint_eq(r.m.type, MSG_ZLB);
	ck_assert_int_eq(l2tp_call_get(r.e, other_tid, other_sid, &info), 0);
}
END_TEST

/* v2-4.1-05: a HELLO with an AVP that must be understood. */
START_TEST(unknown_avp_ends_all)
{
	static const char avps[] = "\200\010\0\0\0\0\0\006"
	    "\200\006\0\011\0\001";
	uint8_t buf[64];
	struct wr w;

	rig_listen(&r);
	rig_call(&r, CALL_ESTABLISHED, 1);
	rig_call(&r, CALL_WAIT_CONNECT, 2);
	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, rig_tid(&r), 0);
	wr_bytes(&w, avps, sizeof(avps) - 1);
	hdr_seal(&w, r.ns++, r.nr);
	ck_assert_int_eq(rig_datagram(&r, buf, w.len), ERR_AVP_UNKNOWN);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
	ck_assert_uint_eq(r.m.error, 8);
	rig_expect_none(&r);
}
END_TEST

/* v2-7.3-01: the caller of two is slow, and the third is through. */
START_TEST(no_call_waits)
{
	uint32_t sid[3], in;
	int i;

	rig_listen(&r);
	for (i = 0; i < 2; i++)
		sid[i] = rig_call(&r, CALL_WAIT_ACCEPT, (uint16_t)(i + 1));
	sid[2] = rig_call(&r, CALL_ESTABLISHED, 3);
	for (i = 0; i < 2; i++)
		ck_assert_str_eq(rig_call_state(&r, sid[i]), "wait-accept");
	ck_assert_str_eq(rig_call_state(&r, sid[2]), "established");
	/* One of them ends, and the others neither wait nor end. */
	l2tp_call_close(r.e, r.tid, sid[0], 3, 0, NULL, r.now);
	rig_cleared(&r, sid[0], 1, 3, 0);
	rig_zlb(&r);
	in = rig_call(&r, CALL_ESTABLISHED, 4);
	ck_assert_str_eq(rig_call_state(&r, in), "established");
	ck_assert_str_eq(rig_call_state(&r, sid[1]), "wait-accept");
	ck_assert_str_eq(rig_call_state(&r, sid[2]), "established");
}
END_TEST

static TCase *
scope_case(void)
{
	TCase *t = tcase_create("scope");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, equal_session_ids);
	tcase_add_test(t, stopccn_ends_all_calls);
	tcase_add_test(t, unknown_avp_ends_all);
	tcase_add_test(t, no_call_waits);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("scope");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, scope_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
