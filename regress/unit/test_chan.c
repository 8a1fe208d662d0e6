/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The reliable channel as a receiver (RFC 2661 5.8), and the traces of
 * appendix B by their Ns and Nr.
 */
#include "chan_pair.h"

/* What the latest take() read goes to the other end. */
static enum chan_verdict
pass(struct chan *c, int what)
{
	return (give(c, h.ns, h.nr, what == -2));
}

static void
start_at(struct chan *c, uint16_t n)
{
	c->ns = c->una = c->max = c->nr = n;
}

/* v2-5.8-01, v2-5.8-02: 65535 is followed by 0. */
/* v3-3.2.1-07 */
START_TEST(wraparound)
{
	uint16_t want = 65530;
	int i;

	start_at(&a, 65530);
	start_at(&b, 65530);
	for (i = 0; i < 20; i++, want++) {
		put(&a, (uint8_t)i);
		ck_assert_int_eq(take(&a), i);
		ck_assert_uint_eq(h.ns, want);
		ck_assert_int_eq(pass(&b, i), CHAN_DELIVER);
		now += DELAY;
		ck_assert_int_eq(chan_timeout(&b, now), 0);
		ck_assert_int_eq(take(&b), -2);
		ck_assert_uint_eq(h.nr, (uint16_t)(want + 1));
		ck_assert_int_eq(pass(&a, -2), CHAN_ACK);
		ck_assert_uint_eq(a.queued, 0);
	}
}
END_TEST

/* v2-5.8-02: after 15, 0..15 and 32784..65535 are old, 16..32783 new. */
/* v3-4.2-01 */
START_TEST(half_range)
{
	enum chan_verdict v;
	uint32_t ns;

	for (ns = 0; ns < 65536; ns++) {
		start_at(&a, 16);
		v = give(&a, (uint16_t)ns, 16, 0);
		if (ns <= 15 || ns >= 32784)
			ck_assert_int_eq(v, CHAN_DUPLICATE);
		else if (ns == 16)
			ck_assert_int_eq(v, CHAN_DELIVER);
		else if (ns < 16 + 8)
			ck_assert_int_eq(v, CHAN_AHEAD);
		else
			ck_assert_int_eq(v, CHAN_DROP);
	}
}
END_TEST

/* v2-5.8-03: each duplicate is acknowledged again, at once. */
/* v3-4.2-02 */
START_TEST(duplicates)
{
	int i;

	ck_assert_int_eq(give(&a, 0, 0, 0), CHAN_DELIVER);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(give(&a, 0, 0, 0), CHAN_DUPLICATE);
		ck_assert_int_eq(take(&a), -2);
		ck_assert_uint_eq(h.nr, 1);
		ck_assert_int_eq(take(&a), -1);
	}
	ck_assert_uint_eq(a.duplicates, 3);
	ck_assert_uint_eq(a.received, 1);
}
END_TEST

/* v2-5.8-04: an acknowledgement rides on a message, or comes by itself. */
START_TEST(piggyback)
{
	give(&a, 0, 0, 0);
	put(&a, 1);
	ck_assert_int_eq(take(&a), 1);
	ck_assert_uint_eq(h.nr, 1);
	ck_assert_uint_eq(chan_deadline(&a, now), now + 1000);
	now += DELAY;
	ck_assert_int_eq(chan_timeout(&a, now), 0);
	ck_assert_int_eq(take(&a), -1);
}
END_TEST

/* v2-5.8-04 */
/* v3-4.2-16 */
START_TEST(delayed_ack)
{
	give(&a, 0, 0, 0);
	ck_assert_int_eq(chan_ready(&a, now), 0);
	ck_assert_uint_eq(chan_deadline(&a, now), now + DELAY);
	now += 30;
	give(&a, 1, 0, 0);
	ck_assert_uint_eq(chan_deadline(&a, now), NOW + DELAY);
	now = NOW + DELAY - 1;
	chan_timeout(&a, now);
	ck_assert_int_eq(take(&a), -1);
	now++;
	chan_timeout(&a, now);
	ck_assert_int_eq(take(&a), -2);
	ck_assert_uint_eq(h.nr, 2);
	ck_assert_uint_eq(chan_deadline(&a, now), L2TP_NEVER);
}
END_TEST

/* Half of our window of 8 is unacknowledged: at once.  v2-5.8-21 */
START_TEST(ack_before_the_window_is_full)
{
	uint16_t ns;

	for (ns = 0; ns < 3; ns++) {
		give(&a, ns, 0, 0);
		ck_assert_int_eq(take(&a), -1);
	}
	give(&a, 3, 0, 0);
	ck_assert_int_eq(take(&a), -2);
	ck_assert_uint_eq(h.nr, 4);
	params.window_size = 1;
	give(&a, 4, 0, 0);
	ck_assert_int_eq(take(&a), -2);
}
END_TEST

/* v2-5.8-05: a ZLB has the next Ns, and does not use it up. */
/* v3-4.2-03 */
START_TEST(zlb_has_no_slot)
{
	put(&a, 1);
	ck_assert_int_eq(take(&a), 1);
	give(&a, 0, 0, 0);
	give(&a, 0, 0, 0);
	ck_assert_int_eq(take(&a), -2);
	ck_assert_uint_eq(h.ns, 1);
	/* One that is queued but does not fit the window has no Ns yet. */
	put(&a, 2);
	give(&a, 0, 0, 0);
	ck_assert_int_eq(take(&a), -2);
	ck_assert_uint_eq(h.ns, 1);
	give(&a, 9, 1, 1);
	ck_assert_int_eq(take(&a), 2);
	ck_assert_uint_eq(h.ns, 1);
}
END_TEST

/* v2-5.8-05, v2-5.8-06: a ZLB is not acknowledged and moves no Nr. */
/* v3-4.2-04 */
START_TEST(zlb_moves_nothing)
{
	ck_assert_int_eq(give(&a, 0, 0, 1), CHAN_ACK);
	ck_assert_int_eq(give(&a, 5, 0, 1), CHAN_ACK);
	ck_assert_uint_eq(a.nr, 0);
	ck_assert_int_eq(take(&a), -1);
	ck_assert_uint_eq(chan_deadline(&a, now), L2TP_NEVER);
}
END_TEST

/* Three messages in flight. */
static void
three(void)
{
	int i;

	a.cwnd = 4;
	for (i = 0; i < 3; i++) {
		put(&a, (uint8_t)i);
		ck_assert_int_eq(take(&a), i);
	}
}

/* v2-5.8-07: whatever carries Nr, it acknowledges all before it. */
START_TEST(cumulative_ack)
{
	static const struct {
		uint16_t	ns;
		int		zlb;
	} by[] = { { 0, 1 }, { 0, 0 }, { 1, 0 }, { 65535, 0 }, { 100, 0 } };

	three();
	give(&a, by[_i].ns, 3, by[_i].zlb);
	ck_assert_uint_eq(a.queued, 0);
	ck_assert_uint_eq(a.una, 3);
}
END_TEST

/* v2-5.8-07: Nr that is old, or of what was never sent, changes nothing. */
/* v3-4.2-05 */
START_TEST(impossible_ack)
{
	uint32_t nr;

	three();
	put(&a, 3);
	give(&a, 0, 2, 1);
	ck_assert_uint_eq(a.queued, 2);
	for (nr = 0; nr < 65536; nr++) {
		if (nr == 3)
			continue;
		give(&a, 0, (uint16_t)nr, 1);
		ck_assert_uint_eq(a.queued, 2);
		ck_assert_uint_eq(a.una, 2);
	}
}
END_TEST

/* v2-5.8-08, v2-5.8-09: kept until their turn, and once. */
START_TEST(out_of_order)
{
	static const uint16_t orders[][4] = { { 3, 2, 1, 0 }, { 1, 3, 2, 0 },
	    { 2, 1, 3, 0 }, { 3, 1, 1, 2 } };
	struct bytes body = { (const uint8_t *)BODY, 8 };
	struct cmsg *m;
	uint16_t ns;
	int i;

	for (i = 0; i < 3; i++) {
		ns = orders[_i][i];
		ck_assert_int_eq(give(&a, ns, 0, 0), CHAN_AHEAD);
		chan_hold(&a, &pool, ns, (uint16_t)(ns + 50), body);
		ck_assert_ptr_null(chan_held(&a));
	}
	ck_assert_int_eq(give(&a, 0, 0, 0), CHAN_DELIVER);
	for (ns = 1; (m = chan_held(&a)) != NULL; ns++) {
		ck_assert_uint_eq(m->ns, ns);
		ck_assert_uint_eq(m->sid, ns + 50U);
		ck_assert_uint_eq(m->len, 8);
		ck_assert_mem_eq(m->data, BODY, 8);
		pool_put(&pool, m);
	}
	/* The last order has a gap at 2, and 1 twice. */
	ck_assert_uint_eq(ns, _i == 3 ? 2 : 4);
	ck_assert_uint_eq(a.nr, ns);
	ck_assert_uint_eq(a.duplicates, _i == 3 ? 1 : 0);
}
END_TEST

/* Memory for what is ahead is bounded whatever window we have. */
START_TEST(ahead_is_bounded)
{
	struct bytes body = { (const uint8_t *)BODY, 8 };
	uint32_t ns, n = 0;

	params.window_size = 32768;
	for (ns = 1; ns < 32768; ns++) {
		if (give(&a, (uint16_t)ns, 0, 0) != CHAN_AHEAD)
			continue;
		chan_hold(&a, &pool, (uint16_t)ns, 0, body);
		n++;
	}
	ck_assert_uint_eq(n, CHAN_MAX_AHEAD);
	ck_assert_uint_eq(a.n_ahead, CHAN_MAX_AHEAD);
	params.window_size = 1;
	ck_assert_int_eq(give(&a, 1, 0, 0), CHAN_DROP);
}
END_TEST

/* v2-5.8-04, v2-B.1-01 */
START_TEST(trace_b1)
{
	put(&a, 'q');				/* SCCRQ */
	ck_assert_int_eq(take(&a), 'q');
	ck_assert(h.ns == 0 && h.nr == 0);
	pass(&b, 0);
	put(&b, 'p');				/* SCCRP */
	ck_assert_int_eq(take(&b), 'p');
	ck_assert(h.ns == 0 && h.nr == 1);
	pass(&a, 0);
	put(&a, 'n');				/* SCCCN */
	ck_assert_int_eq(take(&a), 'n');
	ck_assert(h.ns == 1 && h.nr == 1);
	pass(&b, 0);
	now += DELAY;
	chan_timeout(&b, now);
	ck_assert_int_eq(take(&b), -2);
	ck_assert(h.ns == 1 && h.nr == 2);
	pass(&a, -2);
	ck_assert(a.queued == 0 && b.queued == 0);
}
END_TEST

/* v2-B.2-01: a is the LAC; the first ICRP is lost. */
START_TEST(trace_b2)
{
	a.ns = a.una = a.max = b.nr = 2;
	b.ns = b.una = b.max = a.nr = 1;
	put(&a, 'q');				/* ICRQ */
	ck_assert_int_eq(take(&a), 'q');
	ck_assert(h.ns == 2 && h.nr == 1);
	pass(&b, 0);
	now += 50;
	put(&b, 'p');				/* ICRP, lost */
	ck_assert_int_eq(take(&b), 'p');
	ck_assert(h.ns == 1 && h.nr == 3);
	now = NOW + 1000;
	chan_timeout(&a, now);
	ck_assert_int_eq(take(&a), 'q');
	ck_assert(h.ns == 2 && h.nr == 1);
	ck_assert_int_eq(pass(&b, 0), CHAN_DUPLICATE);
	ck_assert_int_eq(take(&b), -2);
	ck_assert(h.ns == 2 && h.nr == 3);
	pass(&a, -2);
	now += 50;
	chan_timeout(&b, now);
	ck_assert_int_eq(take(&b), 'p');
	ck_assert(h.ns == 1 && h.nr == 3);
	pass(&a, 0);
	put(&a, 'n');				/* ICCN */
	ck_assert_int_eq(take(&a), 'n');
	ck_assert(h.ns == 3 && h.nr == 2);
	pass(&b, 0);
	now += DELAY;
	chan_timeout(&b, now);
	ck_assert_int_eq(take(&b), -2);
	ck_assert(h.ns == 2 && h.nr == 4);
	pass(&a, -2);
	ck_assert(a.queued == 0 && b.queued == 0);
}
END_TEST

static TCase *
receive_case(void)
{
	TCase *t = tcase_create("receive");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, wraparound);
	tcase_add_test(t, half_range);
	tcase_add_test(t, duplicates);
	tcase_add_test(t, piggyback);
	tcase_add_test(t, delayed_ack);
	tcase_add_test(t, ack_before_the_window_is_full);
	tcase_add_test(t, zlb_has_no_slot);
	tcase_add_test(t, zlb_moves_nothing);
	tcase_add_loop_test(t, cumulative_ack, 0, 5);
	tcase_add_test(t, impossible_ack);
	tcase_add_loop_test(t, out_of_order, 0, 4);
	tcase_add_test(t, ahead_is_bounded);
	tcase_add_test(t, trace_b1);
	tcase_add_test(t, trace_b2);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("chan");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, receive_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
