/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The Random Vectors that we send (RFC 2661 4.4.1): long enough, from the
 * random source, and never the same twice.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#define VECTORS		1000

static struct rig r;
static uint8_t vectors[VECTORS][HIDE_VECTOR_LEN];

static int
compare(const void *a, const void *b)
{
	return (memcmp(a, b, HIDE_VECTOR_LEN));
}

/* v2-4.4.1-06: of an ICRQ and a CDN in turn. */
START_TEST(fresh)
{
	struct l2tp_call_params params = { .framing_type = 1 };
	uint32_t sid = 0;
	int i;

	rig_init(&r);
	r.params.secret[0] = r.secret.p = (const uint8_t *)"secret";
	r.params.secret_len[0] = r.secret.len = 6;
	r.params.hide_avps = 1;
	rig_dial(&r);
	for (i = 0; i < VECTORS; i++) {
		if (i % 2 == 0)
			l2tp_call_open(r.e, r.tid, &params, NULL, r.now, &sid);
		else
			l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now);
		rig_expect(&r, i % 2 == 0 ? MSG_ICRQ : MSG_CDN);
		ck_assert_uint_eq(r.m.assigned_sid, sid);
		ck_assert_uint_ge(r.m.random_vector.len, 16);
		memcpy(vectors[i], r.m.random_vector.p, HIDE_VECTOR_LEN);
		rig_zlb(&r);
		while (rig_event(&r))
			continue;
	}
	qsort(vectors, VECTORS, sizeof(vectors[0]), compare);
	for (i = 1; i < VECTORS; i++)
		ck_assert_int_ne(compare(vectors[i - 1], vectors[i]), 0);
	rig_free(&r);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("vector");
	TCase *t = tcase_create("random vectors");
	SRunner *sr;
	int failed;

	tcase_add_test(t, fresh);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
