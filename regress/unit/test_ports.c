/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The addresses and ports of a control connection (RFC 2661 8.1): which
 * may change, until when, and where answers go.
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

/* v2-8.1-02: an initiator has any port, and is answered there. */
/* v3-4.1.2.2-02 */
START_TEST(initiator_port)
{
	r.path.peer.port = 40000;
	rig_tunnel(&r, CC_WAIT_CTL_CONN);
	ck_assert_uint_eq(r.pkt.path.peer.port, 40000);
	/* It has no choice after that. */
	r.path.peer.port = 40001;
	ck_assert_int_eq(rig_say(&r, MSG_SCCCN, 0), ERR_SOURCE);
	ck_assert(rig_is(&r, "wait-ctl-conn"));
	r.path.peer.port = 40000;
	r.ns--;
	ck_assert_int_eq(rig_say(&r, MSG_SCCCN, 0), ERR_NONE);
	rig_tick(&r, 100);
	rig_expect(&r, MSG_ZLB);
	ck_assert_uint_eq(r.pkt.path.peer.port, 40000);
}
END_TEST

/* v2-8.1-03, v2-8.1-04: a responder answers from any port, and stays. */
START_TEST(responder_port)
{
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	ck_assert_uint_eq(r.pkt.path.peer.port, 1701);
	r.path.peer.port = 50000;
	ck_assert_int_eq(rig_say(&r, MSG_SCCRP, 0), ERR_NONE);
	rig_expect(&r, MSG_SCCCN);
	ck_assert_uint_eq(r.pkt.path.peer.port, 50000);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	ck_assert_uint_eq(r.ev.tunnel->path.peer.port, 50000);
	rig_zlb(&r);
	rig_call(&r, CALL_WAIT_REPLY, 0);
	ck_assert_uint_eq(r.pkt.path.peer.port, 50000);
	/* Neither the port that was called nor a third one is the peer. */
	r.path.peer.port = 1701;
	ck_assert_int_eq(rig_say(&r, MSG_STOPCCN, 0), ERR_SOURCE);
	r.path.peer.port = 50001;
	ck_assert_int_eq(rig_say(&r, MSG_STOPCCN, 0), ERR_SOURCE);
	ck_assert(rig_is(&r, "established"));
	/* What names the peer's tunnel does so from the new port. */
	r.path.peer.port = 50000;
	r.ns -= 2;
	ck_assert_int_eq(rig_say(&r, MSG_HELLO, 0), ERR_NONE);
}
END_TEST

/* A refusal comes from there as well. */
START_TEST(refused_from_another_port)
{
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	r.path.peer.port = 50000;
	ck_assert_int_eq(rig_say(&r, MSG_STOPCCN, 0), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_PEER);
	rig_tick(&r, 100);
	rig_expect(&r, MSG_ZLB);
	ck_assert_uint_eq(r.pkt.path.peer.port, 50000);
}
END_TEST

/*
 * v2-8.1-03, v2-8.1-04: but not from another address, and if we say so not
 * from another port.
 */
START_TEST(not_the_peer)
{
	struct l2tp_stats stats;

	r.params.strict_port = _i == 0;
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	if (_i == 0)
		r.path.peer.port = 50000;
	else
		r.path.peer.ip[3]++;
	ck_assert_int_eq(rig_say(&r, MSG_SCCRP, 0), ERR_SOURCE);
	ck_assert_int_eq(rig_say(&r, MSG_STOPCCN, 0), ERR_SOURCE);
	rig_expect_none(&r);
	rig_expect_no_event(&r);
	ck_assert(rig_is(&r, "wait-ctl-reply"));
	l2tp_get_stats(r.e, &stats);
	ck_assert_uint_eq(stats.wrong_source, 2);
}
END_TEST

/* What does not answer the SCCRQ moves nothing. */
START_TEST(only_an_answer_moves)
{
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	r.path.peer.port = 50000;
	ck_assert_int_eq(rig_zlb(&r), ERR_SOURCE);
	ck_assert_int_eq(rig_say(&r, MSG_HELLO, 0), ERR_SOURCE);
	ck_assert_int_eq(rig_say(&r, MSG_SCCCN, 0), ERR_SOURCE);
	ck_assert_int_eq(rig_tick(&r, 1000), 1);
	rig_expect(&r, MSG_SCCRQ);
	ck_assert_uint_eq(r.pkt.path.peer.port, 1701);
}
END_TEST

static TCase *
ports_case(void)
{
	TCase *t = tcase_create("ports");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, initiator_port);
	tcase_add_test(t, responder_port);
	tcase_add_test(t, refused_from_another_port);
	tcase_add_loop_test(t, not_the_peer, 0, 2);
	tcase_add_test(t, only_an_answer_moves);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("ports");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, ports_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
