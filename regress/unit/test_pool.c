/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Address pools: order, exhaustion, and that nothing is leased twice or
 * taken back twice, however long it goes on.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

#define IP(a, b, c, d)	((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define CHURN		100000

static struct conf_pool
two_ranges(void)
{
	struct conf_pool	 conf = { .n_ranges = 2 };

	conf.local_ip = IP(10, 0, 0, 1);
	conf.ranges[0].first = IP(10, 0, 0, 10);
	conf.ranges[0].last = IP(10, 0, 0, 12);
	conf.ranges[1].first = IP(10, 0, 1, 0);
	conf.ranges[1].last = IP(10, 0, 1, 1);
	return (conf);
}

START_TEST(every_address_once_then_none)
{
	static const uint32_t	 want[] = {
		IP(10, 0, 0, 10), IP(10, 0, 0, 11), IP(10, 0, 0, 12),
		IP(10, 0, 1, 0), IP(10, 0, 1, 1), 0, 0
	};
	struct conf_pool	 conf = two_ranges();
	struct pool		*pool = pool_new(&conf);
	size_t			 i;

	ck_assert_ptr_nonnull(pool);
	ck_assert_uint_eq(pool_size(pool), 5);
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		ck_assert_uint_eq(pool_lease(pool), want[i]);
	ck_assert_uint_eq(pool_n_leased(pool), 5);
	pool_delete(pool);
}
END_TEST

START_TEST(released_longest_ago_first)
{
	struct conf_pool	 conf = two_ranges();
	struct pool		*pool = pool_new(&conf);
	uint32_t		 a, b;

	a = pool_lease(pool);
	b = pool_lease(pool);
	ck_assert_int_eq(pool_release(pool, b), 0);
	ck_assert_int_eq(pool_release(pool, a), 0);
	/* Those that nobody has had yet come before them. */
	ck_assert_uint_eq(pool_lease(pool), IP(10, 0, 0, 12));
	ck_assert_uint_eq(pool_lease(pool), IP(10, 0, 1, 0));
	ck_assert_uint_eq(pool_lease(pool), IP(10, 0, 1, 1));
	ck_assert_uint_eq(pool_lease(pool), b);
	ck_assert_uint_eq(pool_lease(pool), a);
	ck_assert_uint_eq(pool_lease(pool), 0);
	pool_delete(pool);
}
END_TEST

START_TEST(only_what_is_leased_comes_back)
{
	struct conf_pool	 conf = two_ranges();
	struct pool		*pool = pool_new(&conf);
	uint32_t		 a = pool_lease(pool);

	ck_assert_int_eq(pool_release(pool, IP(10, 0, 0, 9)), -1);
	ck_assert_int_eq(pool_release(pool, IP(10, 0, 0, 11)), -1);
	ck_assert_int_eq(pool_release(pool, IP(10, 0, 0, 13)), -1);
	ck_assert_int_eq(pool_release(pool, IP(10, 0, 1, 2)), -1);
	ck_assert_int_eq(pool_release(pool, 0), -1);
	ck_assert_int_eq(pool_release(pool, UINT32_MAX), -1);
	ck_assert_uint_eq(pool_n_leased(pool), 1);
	ck_assert_int_eq(pool_release(pool, a), 0);
	ck_assert_int_eq(pool_release(pool, a), -1);
	ck_assert_uint_eq(pool_n_leased(pool), 0);
	pool_delete(pool);
}
END_TEST

START_TEST(own_address_is_never_leased)
{
	struct conf_pool	 conf = two_ranges();
	struct pool		*pool;
	uint32_t		 a, n = 0;

	conf.local_ip = IP(10, 0, 0, 11);
	pool = pool_new(&conf);
	while ((a = pool_lease(pool)) != 0) {
		ck_assert_uint_ne(a, conf.local_ip);
		n++;
	}
	ck_assert_uint_eq(n, 4);
	ck_assert_int_eq(pool_release(pool, conf.local_ip), -1);
	pool_delete(pool);
}
END_TEST

START_TEST(own_address_at_the_end)
{
	struct conf_pool	 conf = two_ranges();
	struct pool		*pool;
	uint32_t		 i;

	conf.local_ip = IP(10, 0, 1, 1);
	pool = pool_new(&conf);
	for (i = 0; i < 4; i++)
		ck_assert_uint_ne(pool_lease(pool), 0);
	ck_assert_uint_eq(pool_lease(pool), 0);
	ck_assert_int_eq(pool_release(pool, IP(10, 0, 0, 10)), 0);
	ck_assert_uint_eq(pool_lease(pool), IP(10, 0, 0, 10));
	pool_delete(pool);
}
END_TEST

START_TEST(whole_address_space)
{
	struct conf_pool	 conf = { .n_ranges = 1 };
	struct pool		*pool;

	conf.ranges[0].first = 1;
	conf.ranges[0].last = UINT32_MAX;
	pool = pool_new(&conf);
	ck_assert_ptr_nonnull(pool);
	ck_assert_uint_eq(pool_lease(pool), 1);
	ck_assert_int_eq(pool_release(pool, UINT32_MAX), -1);
	ck_assert_int_eq(pool_release(pool, 1), 0);
	pool_delete(pool);
}
END_TEST

START_TEST(no_address_at_all)
{
	struct conf_pool	 conf = { 0 };
	struct pool		*pool = pool_new(&conf);

	ck_assert_ptr_nonnull(pool);
	ck_assert_uint_eq(pool_lease(pool), 0);
	ck_assert_int_eq(pool_release(pool, 1), -1);
	pool_delete(pool);
	pool_delete(NULL);
}
END_TEST

START_TEST(churn_leaks_nothing)
{
	struct conf_pool	 conf = { .n_ranges = 1 };
	struct pool		*pool;
	uint32_t		 held[256], a, n = 0, i, j, seed = 1;
	uint8_t			 out[256] = { 0 };

	conf.ranges[0].first = IP(10, 0, 0, 0);
	conf.ranges[0].last = IP(10, 0, 0, 255);
	pool = pool_new(&conf);
	for (i = 0; i < CHURN; i++) {
		seed = seed * 1103515245 + 12345;
		if (n < 256 && (seed >> 16 & 1) != 0) {
			a = pool_lease(pool);
			ck_assert_uint_ne(a, 0);
			ck_assert_uint_eq(out[a & 0xff], 0);
			out[a & 0xff] = 1;
			held[n++] = a;
		} else if (n > 0) {
			j = (seed >> 17) % n;
			ck_assert_int_eq(pool_release(pool, held[j]), 0);
			out[held[j] & 0xff] = 0;
			held[j] = held[--n];
		}
		ck_assert_uint_eq(pool_n_leased(pool), n);
	}
	while (n < 256) {
		ck_assert_uint_ne(pool_lease(pool), 0);
		n++;
	}
	ck_assert_uint_eq(pool_lease(pool), 0);
	pool_delete(pool);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("pool");
	TCase	*tc = tcase_create("pool");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, every_address_once_then_none);
	tcase_add_test(tc, released_longest_ago_first);
	tcase_add_test(tc, only_what_is_leased_comes_back);
	tcase_add_test(tc, own_address_is_never_leased);
	tcase_add_test(tc, own_address_at_the_end);
	tcase_add_test(tc, whole_address_space);
	tcase_add_test(tc, no_address_at_all);
	tcase_add_test(tc, churn_leaks_nothing);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
