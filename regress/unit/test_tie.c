/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Two sides that call each other at the same time, and the tie breaker that
 * decides (RFC 2661 4.4.3, 7.2): against a scripted peer, and with two
 * engines.
 */
#include <check.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

static struct rig r, other;

static void
setup(void)
{
	rig_init(&r);
	r.params.tie_breaker = 1;
}

static void
teardown(void)
{
	rig_free(&r);
}

/* Our SCCRQ, which has not been answered; its tie breaker. */
static uint64_t
dial(void)
{
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	ck_assert_uint_eq(r.m.have[AVP_TIE_BREAKER], r.params.tie_breaker);
	return (r.m.tie_breaker);
}

/* The peer's SCCRQ, which comes from a port of its own. */
static int
crossing(int has_tie, uint64_t tie)
{
	struct msg m = rig_msg(MSG_SCCRQ);
	int err;

	m.have[AVP_TIE_BREAKER] = has_tie != 0;
	m.tie_breaker = tie;
	r.path.peer.port = 40000;
	err = rig_send_at(&r, 0, 0, &m, 0, 0);
	r.path.peer.port = 1701;
	return (err);
}

/* Ours goes on as if nothing had been. */
static void
won(void)
{
	rig_expect_none(&r);
	rig_expect_no_event(&r);
	ck_assert(rig_is(&r, "wait-ctl-reply"));
	rig_say(&r, MSG_SCCRP, 0);
	rig_expect(&r, MSG_SCCCN);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
}

/* The peer's is offered; when that is accepted ours is over. */
static void
lost(void)
{
	uint32_t tid;

	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	tid = r.ev.local_tid;
	ck_assert(rig_is(&r, "wait-ctl-reply"));
	ck_assert_int_eq(l2tp_tunnel_accept(r.e, tid, &r.params, NULL, r.now),
	    0);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r.ev.local_tid, r.tid);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIE);
	ck_assert_uint_eq(r.ev.cause->result, 0);
	rig_expect_event(&r, L2TP_EV_TUNNEL_GONE);
	rig_expect_no_event(&r);
	rig_expect(&r, MSG_SCCRP);
	ck_assert_uint_eq(r.pkt.path.peer.port, 40000);
	ck_assert_uint_eq(r.m.have[AVP_TIE_BREAKER], 0);
	rig_expect_none(&r);
	ck_assert(rig_is(&r, "none"));
	r.tid = tid;
}

/* v2-4.4.3-10: unsigned numbers, the most significant octet first. */
START_TEST(lower_wins)
{
	static const uint64_t bit[] = { 1, 1ULL << 31, 1ULL << 63 };
	uint64_t ours = dial(), theirs = ours ^ bit[_i];

	if (ours < theirs) {
		ck_assert_int_eq(crossing(1, theirs), ERR_TIE);
		won();
	} else {
		ck_assert_int_eq(crossing(1, theirs), ERR_NONE);
		lost();
	}
}
END_TEST

/* v2-7.2-01, v2-4.4.3-10 */
START_TEST(winner_stays)
{
	ck_assert_uint_ne(dial(), UINT64_MAX);
	ck_assert_int_eq(crossing(1, UINT64_MAX), ERR_TIE);
	ck_assert_int_eq(crossing(1, UINT64_MAX), ERR_TIE);
	won();
}
END_TEST

/* v2-4.4.3-11, v2-7.2.1-08: and what waited for it can be moved. */
START_TEST(loser_goes)
{
	struct l2tp_call_params call = { .framing_type = 1 };
	uint32_t sid, tid = 0;

	dial();
	l2tp_call_open(r.e, r.tid, &call, &tid, r.now, &sid);
	ck_assert_int_eq(crossing(1, 0), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	tid = r.ev.local_tid;
	l2tp_tunnel_accept(r.e, tid, &r.params, NULL, r.now);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIE);
	ck_assert_ptr_eq(r.ev.call_user, &tid);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_int_eq(l2tp_call_open(r.e, tid, &call, NULL, r.now, &sid),
	    0);
	rig_expect_event(&r, L2TP_EV_TUNNEL_GONE);
	rig_expect(&r, MSG_SCCRP);
	r.tid = tid;
	r.ns = r.nr = 1;
	r.path.peer.port = 40000;
	rig_say(&r, MSG_SCCCN, 0);
	rig_expect(&r, MSG_ICRQ);
	ck_assert_uint_eq(r.m.assigned_sid, sid);
}
END_TEST

/* v2-4.4.3-12: nobody's goes on, and nobody is told. */
START_TEST(equal)
{
	ck_assert_int_eq(crossing(1, dial()), ERR_TIE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_GONE);
	rig_expect_no_event(&r);
	rig_expect_none(&r);
	ck_assert_uint_eq(l2tp_next_deadline(r.e), L2TP_NEVER);
}
END_TEST

/* v2-4.4.3-13: whoever has one wins. */
START_TEST(one_sided)
{
	if (_i == 0) {
		dial();
		ck_assert_int_eq(crossing(0, 0), ERR_TIE);
		won();
	} else {
		r.params.tie_breaker = 0;
		dial();
		ck_assert_int_eq(crossing(1, UINT64_MAX), ERR_NONE);
		lost();
	}
}
END_TEST

/* v2-4.4.3-13: both come up if nobody has one. */
START_TEST(none)
{
	uint32_t ours;

	r.params.tie_breaker = 0;
	dial();
	ours = r.tid;
	rig_tunnel(&r, CC_WAIT_CTL_CONN);
	rig_say(&r, MSG_SCCCN, 0);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	r.ns = 0;
	r.tid = ours;
	won();
}
END_TEST

/* Who is not let in, or is somebody else, takes nothing away. */
/* v3-7.2-09 */
START_TEST(not_accepted)
{
	dial();
	if (_i == 2)
		r.path.peer.ip[3]++;
	ck_assert_int_eq(crossing(1, 0), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	if (_i == 0) {
		l2tp_tunnel_ignore(r.e, r.ev.local_tid, r.now);
	} else if (_i == 1) {
		l2tp_tunnel_reject(r.e, r.ev.local_tid, 4, 0, NULL, r.now);
		rig_expect(&r, MSG_STOPCCN);
		rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	} else {
		r.path.peer.ip[3]--;
		l2tp_tunnel_accept(r.e, r.ev.local_tid, &r.params, NULL,
		    r.now);
		rig_expect(&r, MSG_SCCRP);
	}
	r.nr = 1;
	won();
}
END_TEST

/* What was answered, or is over, is not outstanding any more. */
START_TEST(not_outstanding)
{
	dial();
	if (_i == 0)
		rig_say(&r, MSG_SCCRP, 0);
	else
		l2tp_tunnel_close(r.e, r.tid, 1, 0, NULL, r.now);
	rig_expect_event(&r, _i == 0 ? L2TP_EV_TUNNEL_UP :
	    L2TP_EV_TUNNEL_DOWN);
	ck_assert_int_eq(crossing(1, UINT64_MAX), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	l2tp_tunnel_accept(r.e, r.ev.local_tid, &r.params, NULL, r.now);
	rig_expect_no_event(&r);
}
END_TEST

/* Of several, each is compared for itself. */
START_TEST(several)
{
	uint64_t tie[2];
	int i, high;

	for (i = 0; i < 2; i++)
		tie[i] = dial();
	high = tie[1] > tie[0];
	ck_assert_int_eq(crossing(1, tie[high] - 1), ERR_TIE);
	ck_assert_int_eq(crossing(1, tie[!high] - 1), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	l2tp_tunnel_accept(r.e, r.ev.local_tid, &r.params, NULL, r.now);
	for (i = 0; i < 2; i++) {
		rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
		rig_expect_event(&r, L2TP_EV_TUNNEL_GONE);
	}
	rig_expect_no_event(&r);
}
END_TEST

/* v2-4.4.3-09: new each time, and the same when it is sent again. */
START_TEST(value)
{
	uint64_t tie[50];
	struct rd rd;
	int i, k;

	r.params.challenge = 1;
	r.params.secret[0] = (const uint8_t *)"s";
	r.params.secret_len[0] = 1;
	for (i = 0; i < 50; i++) {
		tie[i] = dial();
		/* Nor does either half of the challenge tell it. */
		rd_init(&rd, r.m.challenge.p, r.m.challenge.len);
		for (k = 0; k < 2; k++)
			ck_assert_uint_ne(rd_u64(&rd), tie[i]);
		ck_assert(rd_end(&rd));
		for (k = 0; k < i; k++)
			ck_assert_uint_ne(tie[k], tie[i]);
	}
	rig_tick(&r, 1000);
	rig_expect(&r, MSG_SCCRQ);
	ck_assert_uint_eq(r.m.tie_breaker, tie[0]);
}
END_TEST

/* All that one engine has to say, to the other; 1 if there was something. */
static int
pump(struct rig *from, struct rig *to)
{
	int n = 0;

	while (rig_event(from)) {
		n = 1;
		if (from->ev.type == L2TP_EV_TUNNEL_IN)
			l2tp_tunnel_accept(from->e, from->ev.local_tid,
			    &from->params, NULL, from->now);
		else if (from->ev.type == L2TP_EV_TUNNEL_UP)
			from->tid = from->ev.local_tid;
	}
	while (l2tp_next_packet(from->e, &from->pkt, from->now)) {
		n = 1;
		to->path.local = from->pkt.path.peer;
		to->path.peer = from->pkt.path.local;
		rig_datagram(to, from->pkt.data, from->pkt.len);
	}
	return (n);
}

/* v2-7.2.1-08: both SCCRQs are under way; one tunnel comes up. */
START_TEST(two_engines)
{
	struct rig *side[2] = { &r, &other };
	struct l2tp_stats stats;
	int i;

	rig_init(&other);
	other.params = r.params;
	other.path.local = r.path.peer;
	other.path.peer = r.path.local;
	for (i = 0; i < 2; i++) {
		side[i]->tid = 0;
		side[i]->seed += (uint64_t)(_i * 2 + i);
		side[i]->path.local.port += (uint16_t)(_i % 3);
		ck_assert_int_eq(l2tp_tunnel_open(side[i]->e, &side[i]->path,
		    &side[i]->params, NULL, r.now, &side[i]->tid), 0);
	}
	while (pump(&r, &other) + pump(&other, &r) > 0)
		continue;
	for (i = 0; i < 2; i++) {
		ck_assert(rig_is(side[i], "established"));
		l2tp_get_stats(side[i]->e, &stats);
		ck_assert_uint_eq(stats.tunnels, 1);
	}
	rig_free(&other);
}
END_TEST

static TCase *
tie_case(void)
{
	TCase *t = tcase_create("tie");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, lower_wins, 0, 3);
	tcase_add_test(t, winner_stays);
	tcase_add_test(t, loser_goes);
	tcase_add_test(t, equal);
	tcase_add_loop_test(t, one_sided, 0, 2);
	tcase_add_test(t, none);
	tcase_add_loop_test(t, not_accepted, 0, 3);
	tcase_add_loop_test(t, not_outstanding, 0, 2);
	tcase_add_test(t, several);
	tcase_add_test(t, value);
	tcase_add_loop_test(t, two_engines, 0, 50);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("tie");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, tie_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
