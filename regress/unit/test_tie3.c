/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Two engines that call each other at the same time with L2TPv3, and the tie
 * breaker that decides (RFC 3931 5.4.3).
 */
#include <check.h>

#include "pair.h"

static struct pair p;

static void
setup(void)
{
	pair_init(&p, L2TP_V3);
}

static void
teardown(void)
{
	pair_free(&p);
}

/* Both call at the same time, as they may. */
static void
cross(void)
{
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert_int_eq(l2tp_tunnel_open(p.b.e, &p.b.path, &p.b.params, NULL,
	    p.now, &p.b.tid), 0);
	pair_run(&p, 200);
}

/* v3-5.4.3-01, v3-5.4.3-04, v3-7.2-08, v3-7.2-10: who throws a tie breaker. */
START_TEST(tie)
{
	p.a.seed += (uint64_t)_i;
	p.a.params.tie_breaker = _i & 1;
	p.b.params.tie_breaker = _i >> 1 & 1;
	if (_i & 4) {
		p.a.params.digests = p.b.params.digests = L2TP_DIGEST_MD5;
		pair_secret(&p.a, 0, "secret");
		pair_secret(&p.b, 0, "secret");
	}
	cross();
	pair_run(&p, 62000);
	ck_assert_uint_eq(pair_stats(&p.a).tunnels, _i & 3 ? 1 : 2);
	ck_assert_uint_eq(pair_stats(&p.b).tunnels, _i & 3 ? 1 : 2);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_UP], _i & 3 ? 1 : 2);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_UP], _i & 3 ? 1 : 2);
}
END_TEST

/* v3-5.4.3-02, v3-7.2-10: the loser is told, and what won goes on. */
START_TEST(tie_winner)
{
	struct msg m = pair_msg(MSG_SCCRQ), got;
	struct hdr h;

	p.a.params.tie_breaker = 1;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &got));
	m.have[AVP_TIE_BREAKER] = _i;
	m.tie_breaker = UINT64_MAX;
	ck_assert_int_eq(pair_forge(&p, &p.a, 3, 0, &m, 0, 0), ERR_TIE);
	ck_assert(pair_take(&p, &p.a, &h, &got));
	ck_assert_uint_eq(got.type, MSG_STOPCCN);
	ck_assert_uint_eq(got.result, L2TP_STOP_EXISTS);
	ck_assert_uint_eq(h.tid, m.assigned_ccid);
	ck_assert_str_eq(pair_info(&p.a).state, "wait-ctl-reply");
	pair_run(&p, 5000);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_IN], 0);
	ck_assert_str_eq(pair_info(&p.a).state, "established");
}
END_TEST

/* v3-5.4.3-03: nobody wins; and the next time it is another number. */
START_TEST(tie_equal)
{
	struct msg m = pair_msg(MSG_SCCRQ), got;
	uint64_t first;
	struct hdr h;

	p.a.params.tie_breaker = 1;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &got));
	first = got.tie_breaker;
	m.have[AVP_TIE_BREAKER] = 1;
	m.tie_breaker = first;
	ck_assert_int_eq(pair_forge(&p, &p.a, 3, 0, &m, 0, 0), ERR_TIE);
	ck_assert_str_eq(pair_info(&p.a).state, "dead");
	while (pair_take(&p, &p.a, &h, &got))
		continue;
	p.a.tid = 0;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &got));
	ck_assert_uint_ne(got.tie_breaker, first);
}
END_TEST

static TCase *
tie_case(void)
{
	TCase *t = tcase_create("tie");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, tie, 0, 40);
	tcase_add_loop_test(t, tie_winner, 0, 2);
	tcase_add_test(t, tie_equal);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("tie3");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, tie_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
