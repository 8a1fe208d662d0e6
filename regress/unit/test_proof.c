/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control Message Authentication (RFC 3931 4.3, 5.4.1) between two engines:
 * who gets in, and what somebody in between can do.
 */
#include <check.h>
#include <string.h>

#include "auth3.h"
#include "cc.h"
#include "pair.h"

static struct pair p;

static void
setup(void)
{
	pair_init(&p, L2TP_V3);
	p.a.params.digests = p.b.params.digests =
	    L2TP_DIGEST_MD5 | L2TP_DIGEST_SHA1;
}

static void
teardown(void)
{
	pair_free(&p);
}

static void
secrets(const char *a, const char *b)
{
	pair_secret(&p.a, 0, a);
	pair_secret(&p.b, 0, b);
}

START_TEST(same_secret)
{
	secrets("secret", "secret");
	pair_dial(&p);
	pair_is_up(&p, 3);
	ck_assert_uint_eq(pair_info(&p.a).digest, L2TP_DIGEST_SHA1);
	ck_assert_uint_eq(pair_info(&p.b).digest, L2TP_DIGEST_SHA1);
}
END_TEST

static TCase *
proof_case(void)
{
	TCase *t = tcase_create("proof");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, same_secret);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("proof");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, proof_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
