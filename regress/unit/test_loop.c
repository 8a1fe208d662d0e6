/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * ctld's loop: deadlines in order, and descriptors that come and go while
 * their events are being handled.  And the tables from ids to objects.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "idmap.h"
#include "loop.h"

#define N	500

static struct loop_timer	 timers[N];
static uint64_t			 due[N], last_at;
static int			 fired, rounds;
static int			 pipes[2][2];
static int			 calls[2];

static void
idle(void)
{
	if (++rounds > 10000)
		ck_abort_msg("the loop does not end");
}

static void
in_order(void *arg)
{
	uint64_t	 at = due[(struct loop_timer *)arg - timers];

	ck_assert_uint_ge(loop_now(), at);
	ck_assert_uint_ge(at, last_at);
	last_at = at;
	fired++;
}

static void
stop(void *arg)
{
	(void)arg;
	loop_stop();
}

START_TEST(timers_fire_in_order)
{
	struct loop_timer	 end;
	uint64_t		 start;
	int			 i, cancelled = 0;

	loop_init();
	start = loop_now();
	ck_assert_uint_ge(start, 1000);
	for (i = 0; i < N; i++) {
		ck_assert_int_eq(loop_timer_init(&timers[i], in_order,
		    &timers[i]), 0);
		due[i] = start + (uint64_t)(i * 7919 % 97);
		loop_timer_set(&timers[i], due[i]);
	}
	for (i = 0; i < N; i += 3) {
		loop_timer_set(&timers[i], LOOP_NEVER);
		loop_timer_set(&timers[i], LOOP_NEVER);
		cancelled++;
	}
	for (i = 1; i < N; i += 3) {	/* some are moved */
		due[i] = start + (uint64_t)(i * 31 % 89);
		loop_timer_set(&timers[i], due[i]);
	}
	loop_timer_init(&end, stop, NULL);
	loop_timer_set(&end, start + 150);
	loop_run(idle);
	ck_assert_int_eq(fired, N - cancelled);
	ck_assert_uint_ge(loop_now(), start + 150);
	for (i = 0; i < N; i++) {
		ck_assert_uint_eq(timers[i].pos, 0);
		loop_timer_free(&timers[i]);
	}
}
END_TEST

static void
again(void *arg)
{
	fired++;
	loop_timer_set(arg, loop_now());
}

/* A timer that sets itself to now does not starve the rest. */
START_TEST(a_timer_for_now_waits_a_round)
{
	struct loop_timer	 t, end;

	loop_init();
	loop_timer_init(&t, again, &t);
	loop_timer_init(&end, stop, NULL);
	loop_timer_set(&t, loop_now());
	loop_timer_set(&end, loop_now() + 1);
	loop_run(idle);
	ck_assert_int_ge(fired, 1);
	ck_assert_int_ge(rounds, 1);
}
END_TEST

/* Both are readable; the first to be called removes the other. */
static void
remove_other(void *arg, uint32_t events)
{
	int	 me = *(int *)arg;

	ck_assert_uint_ne(events & EPOLLIN, 0);
	calls[me]++;
	loop_del(pipes[!me][0]);
	close(pipes[!me][0]);
	loop_stop();
}

START_TEST(no_event_after_removal)
{
	static int	 ids[2] = { 0, 1 };
	int		 i;

	loop_init();
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(pipe(pipes[i]), 0);
		ck_assert_int_eq(write(pipes[i][1], "x", 1), 1);
		ck_assert_int_eq(loop_add(pipes[i][0], EPOLLIN, remove_other,
		    &ids[i]), 0);
	}
	loop_run(idle);
	ck_assert_int_eq(calls[0] + calls[1], 1);
}
END_TEST

static void
must_not_be_called(void *arg, uint32_t events)
{
	(void)arg;
	(void)events;
	ck_abort_msg("an event of an earlier owner of the descriptor");
}

/* The number of the removed descriptor is used for another one at once. */
static void
replace_other(void *arg, uint32_t events)
{
	int	 me = *(int *)arg, fd = pipes[!me][0], other[2];

	(void)events;
	calls[me]++;
	loop_del(fd);
	close(fd);
	ck_assert_int_eq(pipe(other), 0);
	ck_assert_int_eq(other[0], fd);
	ck_assert_int_eq(loop_add(fd, EPOLLIN, must_not_be_called, NULL), 0);
	loop_stop();
}

START_TEST(no_event_for_the_next_owner)
{
	static int	 ids[2] = { 0, 1 };
	int		 i;

	loop_init();
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(pipe(pipes[i]), 0);
		ck_assert_int_eq(write(pipes[i][1], "x", 1), 1);
		ck_assert_int_eq(loop_add(pipes[i][0], EPOLLIN, replace_other,
		    &ids[i]), 0);
	}
	loop_run(idle);
	ck_assert_int_eq(calls[0] + calls[1], 1);
}
END_TEST

START_TEST(a_bad_descriptor_is_refused)
{
	loop_init();
	ck_assert_int_eq(loop_add(200, EPOLLIN, must_not_be_called, NULL), -1);
}
END_TEST

START_TEST(ids_find_their_objects)
{
	static struct idnode	 nodes[20000];
	struct idmap		 map;
	uint32_t		 i;

	ck_assert_int_eq(idmap_init(&map, 100), 0);
	for (i = 0; i < 20000; i++)
		idmap_put(&map, &nodes[i], i * 65537, &nodes[i]);
	for (i = 0; i < 20000; i += 2)
		idmap_del(&map, &nodes[i]);
	for (i = 0; i < 20000; i += 2)
		idmap_del(&map, &nodes[i]);
	for (i = 0; i < 20000; i++)
		ck_assert_ptr_eq(idmap_get(&map, i * 65537),
		    i % 2 == 0 ? NULL : &nodes[i]);
	ck_assert_ptr_null(idmap_get(&map, 1));
	free(map.buckets);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("loop");
	TCase	*tc = tcase_create("loop");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, timers_fire_in_order);
	tcase_add_test(tc, a_timer_for_now_waits_a_round);
	tcase_add_test(tc, no_event_after_removal);
	tcase_add_test(tc, no_event_for_the_next_owner);
	tcase_add_test(tc, a_bad_descriptor_is_refused);
	tcase_add_test(tc, ids_find_their_objects);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
