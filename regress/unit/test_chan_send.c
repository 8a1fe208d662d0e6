/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The reliable channel as a sender: when, how often and how much (RFC 2661
 * 5.8 and appendix A).
 */
#include "chan_pair.h"

/* The times, after the first, at which a message is sent again. */
static void
blackhole(const uint32_t *at, int n, uint32_t end)
{
	int i;

	put(&a, 1);
	ck_assert_int_eq(take(&a), 1);
	for (i = 0; i < n; i++) {
		ck_assert_uint_eq(chan_deadline(&a, now), NOW + at[i]);
		now = NOW + at[i] - 1;
		ck_assert_int_eq(chan_timeout(&a, now), 0);
		ck_assert_int_eq(take(&a), -1);
		now++;
		ck_assert_int_eq(chan_timeout(&a, now), 0);
		ck_assert_int_eq(take(&a), 1);
		ck_assert_uint_eq(h.ns, 0);
	}
	ck_assert_uint_eq(chan_deadline(&a, now), NOW + end);
	now = NOW + end - 1;
	ck_assert_int_eq(chan_timeout(&a, now), 0);
	now++;
	ck_assert_int_eq(chan_timeout(&a, now), -1);
	ck_assert_uint_eq(chan_cycle_ms(&params), end);
}

/* v2-5.8-10, v2-5.8-12, v2-5.8-14, v2-5.8-15, v2-5.7-02 */
/* v3-4.2-09, v3-4.2-11 */
START_TEST(backoff)
{
	static const uint32_t at[] = { 1000, 3000, 7000, 15000, 23000 };

	blackhole(at, 5, 31000);
}
END_TEST

/* v2-5.8-13: a cap below 8 s is one of 8 s. */
START_TEST(backoff_low_cap)
{
	static const uint32_t at[] = { 1000, 3000, 7000, 15000, 23000 };

	params.retry_cap_ms = 2000;
	blackhole(at, 5, 31000);
}
END_TEST

/* v2-5.8-12, v2-5.8-15: uncapped, and another limit. */
START_TEST(backoff_high_cap)
{
	static const uint32_t at[] = { 500, 1500, 3500, 7500, 15500, 31500,
	    63500 };

	params.retry_ms = 500;
	params.retry_cap_ms = 120000;
	params.max_retries = 7;
	blackhole(at, 7, 127500);
}
END_TEST

START_TEST(no_retries)
{
	params.max_retries = 0;
	blackhole(NULL, 0, 1000);
}
END_TEST

/* v2-5.8-11: sent again with the same Ns and the Nr of now. */
START_TEST(refreshed_nr)
{
	put(&a, 1);
	ck_assert_int_eq(take(&a), 1);
	ck_assert_uint_eq(h.nr, 0);
	give(&a, 0, 0, 0);
	now += 1000;
	chan_timeout(&a, now);
	ck_assert_int_eq(take(&a), 1);
	ck_assert_uint_eq(h.ns, 0);
	ck_assert_uint_eq(h.nr, 1);
	ck_assert_uint_eq(a.retransmitted, 1);
}
END_TEST

/* Going back does not send a message before its own time. */
START_TEST(each_has_its_time)
{
	a.cwnd = 2;
	put(&a, 0);
	ck_assert_int_eq(take(&a), 0);
	now += 600;
	put(&a, 1);
	ck_assert_int_eq(take(&a), 1);
	now += 400;
	chan_timeout(&a, now);
	ck_assert_int_eq(take(&a), 0);
	/* The first is acknowledged; the second is not due before 1600. */
	give(&a, 0, 1, 1);
	ck_assert_int_eq(take(&a), -1);
	ck_assert_uint_eq(chan_deadline(&a, now), NOW + 1600);
	now = NOW + 1600;
	ck_assert_int_eq(take(&a), 1);
	/* And then not before two seconds more. */
	ck_assert_uint_eq(chan_deadline(&a, now), NOW + 3600);
}
END_TEST

/* How many go out now. */
static int
burst(void)
{
	int n = 0;

	while (take(&a) >= 0)
		n++;
	return (n);
}

/* v2-5.8-17, v2-5.8-18, v2-5.8-19, v2-A-01: any number of messages. */
/* v3-4.2-14 */
START_TEST(window)
{
	static const uint16_t windows[] = { 1, 2, 4, 5, 16 };
	int i, n, total = 0, most = 0;

	chan_set_window(&a, windows[_i]);
	for (i = 0; i < 100; i++)
		put(&a, 1);
	for (i = 0; i < 100; i++) {
		n = burst();
		total += n;
		ck_assert_uint_le((uint16_t)(a.max - a.una), windows[_i]);
		if ((uint16_t)(a.max - a.una) > most)
			most = (uint16_t)(a.max - a.una);
		give(&a, 0, (uint16_t)(a.una + 1), 1);
	}
	ck_assert_int_eq(total, 100);
	ck_assert_int_eq(most, windows[_i]);
}
END_TEST

/* v2-A-02, v2-A-03: from one message, twice as many each round trip. */
/* v3-A-01 */
START_TEST(slow_start)
{
	static const int want[] = { 1, 2, 4, 8, 8 };
	int i, k;

	chan_set_window(&a, 8);
	ck_assert_uint_eq(a.cwnd, 1);
	ck_assert_uint_eq(a.ssthresh, 8);
	for (i = 0; i < 40; i++)
		put(&a, 1);
	for (i = 0; i < 5; i++) {
		k = burst();
		ck_assert_int_eq(k, want[i]);
		while (k-- > 0)
			give(&a, 0, (uint16_t)(a.una + 1), 1);
	}
}
END_TEST

/* v2-A-04: from the threshold on, one more for a window of acks. */
START_TEST(congestion_avoidance)
{
	int i;

	chan_set_window(&a, 16);
	a.ssthresh = a.cwnd = 4;
	for (i = 0; i < 60; i++)
		put(&a, 1);
	for (i = 0; i < 4; i++) {
		ck_assert_uint_eq(a.cwnd, 4);
		burst();
		give(&a, 0, (uint16_t)(a.una + 1), 1);
	}
	ck_assert_uint_eq(a.cwnd, 5);
	for (i = 0; i < 5; i++) {
		ck_assert_uint_eq(a.cwnd, 5);
		burst();
		give(&a, 0, (uint16_t)(a.una + 1), 1);
	}
	ck_assert_uint_eq(a.cwnd, 6);
}
END_TEST

/* v2-A-05: half the window is the threshold, and one message goes. */
/* v3-A-02 */
START_TEST(congestion)
{
	int i;

	chan_set_window(&a, 8);
	a.cwnd = 8;
	for (i = 0; i < 8; i++)
		put(&a, (uint8_t)i);
	ck_assert_int_eq(burst(), 8);
	now += 1000;
	chan_timeout(&a, now);
	ck_assert_uint_eq(a.ssthresh, 4);
	ck_assert_uint_eq(a.cwnd, 1);
	ck_assert_int_eq(take(&a), 0);
	ck_assert_int_eq(take(&a), -1);
	/* All arrived but the first: nothing else is sent again. */
	give(&a, 0, 8, 1);
	ck_assert_int_eq(take(&a), -1);
	ck_assert_uint_eq(a.retransmitted, 1);
}
END_TEST

/* v2-A-05: never below one. */
START_TEST(least_threshold)
{
	put(&a, 0);
	take(&a);
	now += 1000;
	chan_timeout(&a, now);
	ck_assert_uint_eq(a.ssthresh, 1);
	ck_assert_uint_eq(a.cwnd, 1);
}
END_TEST

/* A peer that advertises less than we use already. */
START_TEST(smaller_window)
{
	a.cwnd = 3;
	chan_set_window(&a, 2);
	ck_assert_uint_eq(a.cwnd, 2);
}
END_TEST

/* More than half of the numbers cannot be told apart. */
START_TEST(queue_is_bounded)
{
	uint8_t buf[L2TP_MAX_PACKET + 1] = { 0 };
	uint32_t n = 0;

	ck_assert_int_eq(chan_queue(&a, &pool, buf, sizeof(buf)), -1);
	while (chan_queue(&a, &pool, buf, HDR_CONTROL_LEN) == 0)
		n++;
	ck_assert_uint_eq(n, 32767);
	ck_assert_uint_eq(a.queued, n);
}
END_TEST

/* What HELLO needs comes back to where it was taken from. */
START_TEST(small_buffers_are_kept)
{
	struct cmsg *first;
	int i;

	put(&a, 0);
	first = STAILQ_FIRST(&a.txq);
	for (i = 0; i < 100; i++) {
		ck_assert_ptr_eq(STAILQ_FIRST(&a.txq), first);
		ck_assert_int_eq(take(&a), i);
		give(&a, 0, (uint16_t)(i + 1), 1);
		ck_assert_uint_eq(pool.n_spare, 1);
		put(&a, (uint8_t)(i + 1));
		ck_assert_uint_eq(pool.n_spare, 0);
	}
}
END_TEST

static TCase *
send_case(void)
{
	TCase *t = tcase_create("send");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, backoff);
	tcase_add_test(t, backoff_low_cap);
	tcase_add_test(t, backoff_high_cap);
	tcase_add_test(t, no_retries);
	tcase_add_test(t, refreshed_nr);
	tcase_add_test(t, each_has_its_time);
	tcase_add_loop_test(t, window, 0, 5);
	tcase_add_test(t, slow_start);
	tcase_add_test(t, congestion_avoidance);
	tcase_add_test(t, congestion);
	tcase_add_test(t, least_threshold);
	tcase_add_test(t, smaller_window);
	tcase_add_test(t, queue_is_bounded);
	tcase_add_test(t, small_buffers_are_kept);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("chan_send");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, send_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
