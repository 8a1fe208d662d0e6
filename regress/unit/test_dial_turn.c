/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Redialling when it is somebody else's turn: the peer says to try another
 * one, or has called us itself.
 */
#include <check.h>

#include "dial_world.h"

/* v2-4.4.2-11: the next peer at once, not another address of the same. */
/* v3-5.4.2-08 */
START_TEST(stopccn_says_try_another)
{
	struct dial	*d = start();

	fake.peers[2].addr.family = 4;
	fake.peers[2].addr.ip[3] = 7;
	fake.ct.n_peers = 3;
	if (_i > 0)
		dial_opened(d);
	if (_i > 1)
		dial_up(d);
	dial_down(d, DEV_ANOTHER, "closed by peer: error 7");
	ck_assert_str_eq(d->redial.reason, "closed by peer: error 7");
	resolve(2, 3);
	dial_opened(d);
	ck_assert_uint_eq(fake.dialled.ip[3], 2);
	dial_down(d, DEV_ANOTHER, "closed by peer: error 7");
	ck_assert_uint_eq(fake.dialled.ip[3], 7);
	ck_assert_int_eq(fake.n_dialled, 3);
	/* There is no other one. */
	dial_down(d, DEV_ANOTHER, "closed by peer: error 7");
	ck_assert_int_eq(d->state, DIAL_WAITING);
	ck_assert_uint_eq(timers_set(), 1);
}
END_TEST

/* v2-4.4.2-11: a call takes its tunnel along, if that harms no other. */
START_TEST(cdn_says_try_another)
{
	struct dial	*d = start();

	dial_opened(d);
	dial_up(d);
	dial_call_up(&d->calls[1]);
	dial_call_down(&d->calls[0], "error 7", 1);
	ck_assert_int_eq(d->state, DIAL_UP);
	ck_assert_int_eq(fake.n_abandoned, 0);
	ck_assert_uint_eq(timers_set(), 1);
	dial_call_down(&d->calls[1], "error 7", 1);
	ck_assert_int_eq(fake.n_abandoned, 1);
	ck_assert_str_eq(d->redial.reason, "error 7");
	ck_assert_int_eq(d->state, DIAL_RESOLVING);
	resolve(2, 0);
	dial_opened(d);
	dial_up(d);
	ck_assert_int_eq(fake.n_calls, 4);
	/* From the last peer nothing leads on but time. */
	dial_call_down(&d->calls[0], "error 7", 1);
	ck_assert_int_eq(d->state, DIAL_UP);
	ck_assert_int_eq(fake.n_abandoned, 1);
	ck_assert_uint_eq(timers_set(), 1);
}
END_TEST

START_TEST(a_lost_tie_waits)
{
	struct l2tp_addr	 rival = ip4(1), other = ip4(2);
	struct dial		*d;

	fake.ct.params.tie_breaker = 1;
	d = start();
	dial_opened(d);
	fake.answered = 1;
	dial_down(d, DEV_YIELDED, "lost the tie");
	ck_assert_int_eq(d->state, DIAL_WAITING);
	ck_assert_str_eq(d->redial.reason, "lost the tie");
	/* As long as that tunnel is up, nobody else is called either. */
	ck_assert_uint_le(next_timer(), 1200);
	next_timer();
	ck_assert_int_eq(d->state, DIAL_WAITING);
	ck_assert_str_eq(d->redial.reason, "the peer's own tunnel is up");
	ck_assert_int_eq(fake.n_dialled, 1);
	ck_assert_int_eq(fake.n_asked, 0);
	/* Its end is heard of. */
	dial_rival_gone(&other);
	ck_assert_uint_gt(d->redial.timer.at - fake.now, 1200);
	rival.port = 4000;
	dial_rival_gone(&rival);
	ck_assert_uint_le(d->redial.timer.at - fake.now, 1200);
	fake.answered = 0;
	next_timer();
	ck_assert_int_eq(d->state, DIAL_OPENING);
	ck_assert_int_eq(fake.n_dialled, 2);
	/* That is of no interest any more. */
	dial_rival_gone(&rival);
	ck_assert_uint_eq(timers_set(), 0);
}
END_TEST

/* Without a tie breaker of ours there may be two tunnels. */
START_TEST(no_tie_no_wait)
{
	struct dial	*d;

	fake.answered = 1;
	d = start();
	ck_assert_int_eq(d->state, DIAL_OPENING);
	dial_opened(d);
	dial_down(d, DEV_YIELDED, "lost the tie");
	ck_assert_int_eq(d->state, DIAL_WAITING);
	next_timer();
	ck_assert_int_eq(d->state, DIAL_OPENING);
}
END_TEST

/* The peer has placed one of the calls, maybe before all is ready. */
START_TEST(the_peer_calls_first)
{
	struct session	 peers;
	struct dial	*d = start();

	dial_opened(d);
	if (_i)
		dial_up(d);
	else
		ck_assert_ptr_eq(dial_call_taken(d, &fake.cs[1], &peers),
		    &d->calls[1]);
	if (_i) {
		dial_call_down(&d->calls[1], "lost the tie", 0);
		ck_assert_uint_eq(timers_set(), 1);
		ck_assert_ptr_eq(dial_call_taken(d, &fake.cs[1], &peers),
		    &d->calls[1]);
	} else
		dial_up(d);
	ck_assert_uint_eq(timers_set(), 0);
	ck_assert_int_eq(fake.n_calls, 1 + _i);
	ck_assert_ptr_eq(d->calls[1].sess, &peers);
	ck_assert_ptr_eq(d->calls[0].sess, &fake.sess);
	/* Ours is placed, and so is this one by now. */
	ck_assert_ptr_null(dial_call_taken(d, &fake.cs[0], &peers));
	ck_assert_ptr_null(dial_call_taken(d, &fake.cs[1], &peers));
	/* It ends like one of ours. */
	dial_call_down(&d->calls[1], "closed", 0);
	ck_assert_uint_eq(timers_set(), 1);
	next_timer();
	ck_assert_ptr_eq(d->calls[1].sess, &fake.sess);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("dial_turn");
	TCase	*tc = tcase_create("dial_turn");
	SRunner	*sr;
	int	 failed;

	tcase_add_loop_test(tc, stopccn_says_try_another, 0, 3);
	tcase_add_test(tc, cdn_says_try_another);
	tcase_add_test(tc, a_lost_tie_waits);
	tcase_add_test(tc, no_tie_no_wait);
	tcase_add_loop_test(tc, the_peer_calls_first, 0, 2);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
