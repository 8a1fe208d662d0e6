/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Redialling: in which order, when, and how often.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "dial_world.h"

/* Through both peers without success. */
static void
fail_round(struct dial *d)
{
	dial_down(d, DEV_DOWN, "no reply");
	dial_resolved(fake.ask_id, NULL, 0, "name does not resolve: x");
}

START_TEST(backoff_grows_to_its_cap)
{
	static const uint32_t	 want[] = {
		1000, 2000, 4000, 8000, 16000, 16000, 16000
	};
	uint32_t		 i, r, ms;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		for (r = 0; r < 100000; r += 7) {
			ms = dial_backoff(1000, 16000, i, r);
			ck_assert_uint_ge(ms, want[i] - want[i] / 5);
			ck_assert_uint_le(ms, want[i] + want[i] / 5);
		}
	ck_assert_uint_ge(dial_backoff(1000, UINT32_MAX / 2, 1000000, 0),
	    UINT32_MAX / 2 / 5 * 4 - 1);
	ck_assert_uint_eq(dial_backoff(1, 1, 5, 77), 1);
	ck_assert_uint_eq(dial_backoff(0, 0, 5, 77), 0);
}
END_TEST

START_TEST(backoff_has_jitter)
{
	ck_assert_uint_ne(dial_backoff(1000, 16000, 0, 1),
	    dial_backoff(1000, 16000, 0, 300));
}
END_TEST

START_TEST(starts_with_the_first_peer)
{
	struct dial	*d = start();

	ck_assert_int_eq(d->state, DIAL_OPENING);
	ck_assert_int_eq(fake.n_dialled, 1);
	ck_assert_uint_eq(fake.dialled.ip[3], 1);
	dial_opened(d);
	ck_assert_int_eq(d->state, DIAL_DIALING);
	ck_assert_int_eq(fake.n_calls, 0);
	dial_up(d);
	ck_assert_int_eq(d->state, DIAL_UP);
	ck_assert_int_eq(fake.n_calls, 2);
	ck_assert_uint_eq(timers_set(), 0);
}
END_TEST

/* v3-4.7.1-01: whatever fails, what is over IP is never tried over UDP. */
START_TEST(over_ip)
{
	struct dial	*d;
	int		 round;

	fake.ct.local.encap = L2TP_ENCAP_IP;
	d = start();
	for (round = 0; round < 3; round++) {
		ck_assert_uint_eq(fake.dialled.encap, L2TP_ENCAP_IP);
		dial_down(d, DEV_DOWN, "no reply");
		resolve(2, 0);
		ck_assert_int_eq(d->state, DIAL_OPENING);
		ck_assert_uint_eq(fake.dialled.encap, L2TP_ENCAP_IP);
		dial_down(d, DEV_DOWN, "no reply");
		next_timer();
	}
}
END_TEST

START_TEST(then_every_address_of_the_next)
{
	struct dial	*d = start();

	dial_down(d, DEV_DOWN, "host unreachable");
	ck_assert_str_eq(d->redial.reason, "host unreachable");
	ck_assert_int_eq(d->state, DIAL_RESOLVING);
	ck_assert_str_eq(fake.asked, "lns.example.net");
	resolve(2, 3);
	ck_assert_int_eq(d->state, DIAL_OPENING);
	ck_assert_uint_eq(fake.dialled.ip[3], 2);
	dial_opened(d);
	dial_down(d, DEV_DOWN, "no reply");
	ck_assert_int_eq(d->state, DIAL_OPENING);
	ck_assert_uint_eq(fake.dialled.ip[3], 3);
	dial_down(d, DEV_DOWN, "no reply");
	ck_assert_int_eq(d->state, DIAL_WAITING);
	ck_assert_uint_eq(timers_set(), 1);
}
END_TEST

START_TEST(never_gives_up)
{
	struct dial	*d = start();
	uint64_t	 ms, want = 1000;
	int		 i;

	for (i = 1; i <= 500; i++) {
		fail_round(d);
		ck_assert_int_eq(d->state, DIAL_WAITING);
		ms = next_timer();
		ck_assert_uint_ge(ms, want - want / 5);
		ck_assert_uint_le(ms, want + want / 5);
		want = want * 2 < 16000 ? want * 2 : 16000;
		/* From the first peer again, with a new look-up each time. */
		ck_assert_int_eq(d->state, DIAL_OPENING);
		ck_assert_int_eq(fake.n_dialled, i + 1);
		ck_assert_int_eq(fake.n_asked, i);
	}
}
END_TEST

START_TEST(name_that_resolves_later)
{
	struct dial	*d = start();

	fail_round(d);
	ck_assert_str_eq(d->redial.reason, "name does not resolve: x");
	next_timer();
	dial_down(d, DEV_DOWN, "no reply");
	resolve(9, 0);
	ck_assert_uint_eq(fake.dialled.ip[3], 9);
	dial_opened(d);
	dial_up(d);
	ck_assert_str_eq(d->redial.reason, "");
}
END_TEST

START_TEST(a_resolver_that_is_silent)
{
	struct dial	*d = start();

	dial_down(d, DEV_DOWN, "no reply");
	ck_assert_int_eq(d->state, DIAL_RESOLVING);
	ck_assert_uint_eq(next_timer(), 60000);
	ck_assert_int_eq(d->state, DIAL_WAITING);
	/* Its answer comes too late. */
	resolve(9, 0);
	ck_assert_int_eq(d->state, DIAL_WAITING);
	next_timer();
	dial_down(d, DEV_DOWN, "no reply");
	ck_assert_int_eq(d->state, DIAL_RESOLVING);
	fake.ask_id -= 0x10000;		/* the answer to the last question */
	resolve(9, 0);
	ck_assert_int_eq(d->state, DIAL_RESOLVING);
}
END_TEST

START_TEST(no_resolver_at_all)
{
	struct dial	*d;

	fake.no_resolver = 1;
	d = start();
	dial_down(d, DEV_DOWN, "no reply");
	ck_assert_int_eq(d->state, DIAL_WAITING);
	ck_assert_str_eq(d->redial.reason, "name cannot be resolved now");
}
END_TEST

START_TEST(out_of_resources)
{
	struct dial	*d;

	fake.no_memory = 1;
	d = start();
	ck_assert_int_eq(d->state, DIAL_RESOLVING);
	resolve(2, 3);
	ck_assert_int_eq(d->state, DIAL_WAITING);
	ck_assert_str_eq(d->redial.reason, "out of resources");
	fake.no_memory = 0;
	next_timer();
	ck_assert_int_eq(d->state, DIAL_OPENING);
}
END_TEST

START_TEST(only_addresses_of_our_family)
{
	struct l2tp_addr	 a6 = { .family = 6, .port = 1701 };
	struct dial		*d;

	fake.ct.local.family = 4;
	d = start();
	dial_down(d, DEV_DOWN, "no reply");
	dial_resolved(fake.ask_id, &a6, 1, "no reason");
	ck_assert_int_eq(d->state, DIAL_WAITING);
	ck_assert_ptr_nonnull(strstr(d->redial.reason, "family"));
}
END_TEST

START_TEST(down_after_up_waits_and_starts_over)
{
	struct dial	*d = start();

	dial_opened(d);
	dial_up(d);
	fake.now += 29000;		/* not long enough to be stable */
	dial_down(d, DEV_DOWN, "closed by peer: result 6 (shutting down)");
	ck_assert_int_eq(d->state, DIAL_WAITING);
	ck_assert_uint_le(next_timer(), 1200);
	dial_opened(d);
	dial_up(d);
	fake.now += 29000;
	dial_down(d, DEV_DOWN, "no reply");
	ck_assert_uint_ge(next_timer(), 1600);
	dial_opened(d);
	dial_up(d);
	fake.now += 31000;
	dial_down(d, DEV_DOWN, "no reply");
	ck_assert_uint_le(next_timer(), 1200);
	ck_assert_uint_eq(fake.dialled.ip[3], 1);
}
END_TEST

START_TEST(a_call_is_placed_again)
{
	struct dial		*d = start();
	struct dial_call	*dc = &d->calls[0];
	uint64_t		 ms, want = 1000;
	int			 i;

	dial_opened(d);
	dial_up(d);
	for (i = 1; i < 10; i++) {
		dial_call_down(dc, "authentication failed", 0);
		ck_assert_ptr_null(dc->sess);
		ck_assert_str_eq(dc->redial.reason, "authentication failed");
		ms = next_timer();
		ck_assert_uint_ge(ms, want - want / 5);
		ck_assert_uint_le(ms, want + want / 5);
		want = want * 2 < 16000 ? want * 2 : 16000;
		ck_assert_ptr_nonnull(dc->sess);
		ck_assert_int_eq(fake.n_calls, 2 + i);
		ck_assert_ptr_nonnull(d->calls[1].sess);
	}
	dial_call_up(dc);
	ck_assert_str_eq(dc->redial.reason, "");
	fake.now += 60000;
	dial_call_down(dc, "PPP link hung up", 0);
	ck_assert_uint_le(next_timer(), 1200);
}
END_TEST

START_TEST(calls_wait_for_their_tunnel)
{
	struct dial	*d = start();

	dial_opened(d);
	dial_up(d);
	dial_call_down(&d->calls[0], "busy", 0);
	ck_assert_uint_eq(timers_set(), 1);
	dial_down(d, DEV_DOWN, "no reply");
	dial_call_down(&d->calls[1], "no reply", 0);
	/* The tunnel's timer only. */
	ck_assert_uint_eq(timers_set(), 1);
	next_timer();
	ck_assert_int_eq(d->state, DIAL_OPENING);
	ck_assert_int_eq(fake.n_calls, 2);
	dial_opened(d);
	dial_up(d);
	ck_assert_int_eq(fake.n_calls, 4);
}
END_TEST

/* RFC 2661 section 5.2.2: it is for calls that somebody asks for. */
START_TEST(a_session_on_demand_is_not_placed)
{
	struct dial	*d;

	fake.cs[0].on_demand = 1;
	d = start();
	dial_opened(d);
	dial_up(d);
	ck_assert_uint_eq(d->n_calls, 1);
	ck_assert_ptr_eq(d->calls[0].conf, &fake.cs[1]);
	ck_assert_int_eq(fake.n_calls, 1);
}
END_TEST

START_TEST(a_call_that_cannot_be_placed)
{
	struct dial	*d = start();

	dial_opened(d);
	fake.no_memory = 1;
	dial_up(d);
	ck_assert_int_eq(d->state, DIAL_UP);
	ck_assert_uint_eq(timers_set(), 2);
	fake.no_memory = 0;
	next_timer();
	next_timer();
	ck_assert_int_eq(fake.n_calls, 2);
}
END_TEST

/* Whatever happens in whatever state, nothing is placed after the stop. */
START_TEST(stop_in_every_state)
{
	struct dial	*d = start();
	int		 dialled, calls;

	if (_i >= 1)
		dial_opened(d);
	if (_i >= 2)
		dial_up(d);
	if (_i >= 3)
		dial_call_down(&d->calls[0], "busy", 0);
	if (_i >= 4)
		dial_down(d, DEV_DOWN, "no reply");
	dial_stop();
	ck_assert_int_eq(d->state, DIAL_STOPPED);
	ck_assert_uint_eq(timers_set(), 0);
	dialled = fake.n_dialled;
	calls = fake.n_calls;
	dial_opened(d);
	dial_up(d);
	dial_call_down(&d->calls[1], "gone", 0);
	dial_down(d, DEV_DOWN, "gone");
	dial_stop();
	ck_assert_int_eq(d->state, DIAL_STOPPED);
	ck_assert_uint_eq(timers_set(), 0);
	ck_assert_int_eq(fake.n_dialled, dialled);
	ck_assert_int_eq(fake.n_calls, calls);
}
END_TEST

START_TEST(found_by_name)
{
	struct dial	*d = start();

	ck_assert_ptr_eq(dial_find("isp"), d);
	ck_assert_ptr_null(dial_find("is"));
	ck_assert_ptr_null(dial_find(""));
	ck_assert_ptr_null(dial_get(1));
	ck_assert_str_eq(dial_state_name(d->state), "opening");
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("dial");
	TCase	*tc = tcase_create("dial");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, backoff_grows_to_its_cap);
	tcase_add_test(tc, backoff_has_jitter);
	tcase_add_test(tc, starts_with_the_first_peer);
	tcase_add_test(tc, over_ip);
	tcase_add_test(tc, then_every_address_of_the_next);
	tcase_add_test(tc, never_gives_up);
	tcase_add_test(tc, name_that_resolves_later);
	tcase_add_test(tc, a_resolver_that_is_silent);
	tcase_add_test(tc, no_resolver_at_all);
	tcase_add_test(tc, out_of_resources);
	tcase_add_test(tc, only_addresses_of_our_family);
	tcase_add_test(tc, down_after_up_waits_and_starts_over);
	tcase_add_test(tc, a_call_is_placed_again);
	tcase_add_test(tc, calls_wait_for_their_tunnel);
	tcase_add_test(tc, a_session_on_demand_is_not_placed);
	tcase_add_test(tc, a_call_that_cannot_be_placed);
	tcase_add_loop_test(tc, stop_in_every_state, 0, 5);
	tcase_add_test(tc, found_by_name);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
