/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control connections of L2TPv3 between two engines (RFC 3931 3.3, 7.2), and
 * which version they agree on (4.7).
 */
#include <check.h>
#include <string.h>

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

/* v3-3.3.1-01, v3-7.2-01, v3-7.2-02, v3-7.2-06, v3-7.2-12 */
START_TEST(up)
{
	pair_dial(&p);
	pair_is_up(&p, 3);
	ck_assert_uint_eq(p.b.in.version, 3);
	ck_assert_uint_gt(p.a.tid | p.b.tid, UINT16_MAX);
	ck_assert_uint_eq(pair_info(&p.a).router_id, 0xc0000201);
	ck_assert_uint_eq(pair_info(&p.a).digest, 0);
	ck_assert_int_eq(l2tp_tunnel_close(p.a.e, p.a.tid, 1, 0, NULL, p.now),
	    0);
	pair_run(&p, 1000);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_DOWN], 1);
	ck_assert_uint_eq(p.b.cause.by, L2TP_BY_PEER);
	pair_run(&p, 31000);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_GONE], 1);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_GONE], 1);
}
END_TEST

static TCase *
up_case(void)
{
	TCase *t = tcase_create("up");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, up);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("cc3");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, up_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
