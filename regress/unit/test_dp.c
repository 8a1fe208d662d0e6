/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The client side of the contract with dpd, which is the other end of a
 * socketpair here: pairing, order, back-pressure, and what is fatal.
 */
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dp.h"
#include "imsg.h"
#include "loop.h"

#define MAX	2000

static int	 sv[2];
static uint32_t	 done_key;
static int	 done_err, n_done, n_events, wanted;
static uint32_t	 keys[MAX];

static void
on_shutdown(const struct dpmsg *m)
{
	ck_assert_uint_eq(m->u.shutdown.grace_ms, 77);
	n_events++;
}

static const struct dp_handler handlers[] = {
	{ DP_SHUTDOWN, on_shutdown },
	{ 0, NULL }
};

static void
done(uint32_t key, const struct dpmsg *m)
{
	done_key = key;
	done_err = m->u.reply.err;
	if (m->fd != -1)
		close(m->fd);
	if (n_done < MAX)
		keys[n_done] = key;
	n_done++;
}

static void
start(uint32_t max)
{
	ck_assert_int_eq(imsg_pair(sv), 0);
	loop_init();
	dp_init(sv[0], max, handlers);
}

static void
idle(void)
{
	if (n_done + n_events >= wanted)
		loop_stop();
}

static void
run(int n)
{
	wanted = n;
	loop_run(idle);
}

/* What dpd gets next. */
static struct dpmsg
received(uint16_t type)
{
	struct dpmsg	 m;

	ck_assert_int_eq(dpmsg_recv(sv[1], dpmsg_to_dpd, &m), IMSG_OK);
	ck_assert_uint_eq(m.type, type);
	ck_assert_uint_ne(m.id, 0);
	return (m);
}

static void
reply(uint32_t id, uint16_t type, int err, int fd)
{
	struct dpmsg	 m = { .type = type, .id = id, .fd = fd };

	m.u.reply.err = err;
	if (type == DP_TUNNEL_OPEN_REPLY && err == 0)
		m.u.handle_reply.handle = 9;
	ck_assert_int_eq(dpmsg_send(sv[1], &m), IMSG_OK);
}

START_TEST(each_request_as_it_was_given)
{
	struct dp_session_start	 st = { .handle = 1, .number = "123" };
	struct dp_tunnel_open	 to = { .rule = 5, .peer.family = 4 };
	struct dp_session_up	 su = { .handle = 1, .local_sid = 2,
	    .peer_sid = 3, .mtu = 1400 };
	struct dp_tunnel_up	 tu = { .handle = 1, .local_tid = 2,
	    .peer_tid = 3, .version = 2 };
	struct dpmsg		 m;

	start(16);
	dp_listen(4, done, 1);
	dp_tunnel_open(&to, done, 2);
	dp_tunnel_up(&tu, done, 3);
	dp_tunnel_close(8, done, 4);
	dp_session_up(&su, done, 5);
	dp_session_start(&st, done, 6);
	dp_session_down(9, done, 7);
	dp_stats(10, done, 8);
	m = received(DP_LISTEN);
	ck_assert_uint_eq(m.u.listen.rule, 4);
	m = received(DP_TUNNEL_OPEN);
	ck_assert_mem_eq(&m.u.tunnel_open, &to, sizeof(to));
	m = received(DP_TUNNEL_UP);
	ck_assert_mem_eq(&m.u.tunnel_up, &tu, sizeof(tu));
	m = received(DP_TUNNEL_CLOSE);
	ck_assert_uint_eq(m.u.tunnel_close.handle, 8);
	m = received(DP_SESSION_UP);
	ck_assert_mem_eq(&m.u.session_up, &su, sizeof(su));
	m = received(DP_SESSION_START);
	ck_assert_mem_eq(&m.u.session_start, &st, sizeof(st));
	m = received(DP_SESSION_DOWN);
	ck_assert_uint_eq(m.u.session_down.handle, 9);
	m = received(DP_STATS);
	ck_assert_uint_eq(m.u.stats.handle, 10);
}
END_TEST

START_TEST(answers_in_any_order)
{
	struct dpmsg	 a, b, c;

	start(16);
	dp_tunnel_close(1, done, 11);
	dp_tunnel_close(2, done, 12);
	dp_tunnel_close(3, done, 13);
	a = received(DP_TUNNEL_CLOSE);
	b = received(DP_TUNNEL_CLOSE);
	c = received(DP_TUNNEL_CLOSE);
	reply(c.id, DP_TUNNEL_CLOSE_REPLY, 0, -1);
	reply(a.id, DP_TUNNEL_CLOSE_REPLY, ENOENT, -1);
	reply(b.id, DP_TUNNEL_CLOSE_REPLY, 0, -1);
	run(3);
	ck_assert_uint_eq(keys[0], 13);
	ck_assert_uint_eq(keys[1], 11);
	ck_assert_uint_eq(keys[2], 12);
}
END_TEST

START_TEST(events_and_descriptors)
{
	struct dpmsg	 ev = { .type = DP_SHUTDOWN, .fd = -1 }, m;

	start(16);
	ev.u.shutdown.grace_ms = 77;
	dp_listen(1, done, 5);
	m = received(DP_LISTEN);
	ck_assert_int_eq(dpmsg_send(sv[1], &ev), IMSG_OK);
	reply(m.id, DP_LISTEN_REPLY, 0, STDERR_FILENO);
	run(2);
	ck_assert_int_eq(n_events, 1);
	ck_assert_uint_eq(done_key, 5);
	ck_assert_int_eq(done_err, 0);
}
END_TEST

/* More than fits into the socket goes out later, in order. */
START_TEST(what_does_not_fit_waits)
{
	struct dpmsg	 m;
	uint32_t	 i;
	int		 size = 4096;

	ck_assert_int_eq(imsg_pair(sv), 0);
	ck_assert_int_eq(setsockopt(sv[0], SOL_SOCKET, SO_SNDBUF, &size,
	    sizeof(size)), 0);
	loop_init();
	dp_init(sv[0], MAX, handlers);
	for (i = 0; i < MAX; i++)
		dp_tunnel_close(i + 1, done, i);
	for (i = 0; i < MAX;) {
		while (i < MAX && dpmsg_recv(sv[1], dpmsg_to_dpd, &m) == IMSG_OK) {
			ck_assert_uint_eq(m.u.tunnel_close.handle, ++i);
			reply(m.id, DP_TUNNEL_CLOSE_REPLY, 0, -1);
		}
		run(0);
	}
	if (n_done < MAX)
		run(MAX);
	for (i = 0; i < MAX; i++)
		ck_assert_uint_eq(keys[i], i);
}
END_TEST

START_TEST(places_are_used_again)
{
	struct dpmsg	 m;
	uint32_t	 i, last = 0;

	start(1);
	for (i = 0; i < 70000; i++) {	/* the ids wrap */
		dp_tunnel_close(1, done, i);
		m = received(DP_TUNNEL_CLOSE);
		ck_assert_uint_ne(m.id, last);
		last = m.id;
		reply(m.id, DP_TUNNEL_CLOSE_REPLY, 0, -1);
		n_done = 0;
		run(1);
		ck_assert_uint_eq(done_key, i);
	}
}
END_TEST

/* ---- fatal: exit status 1 ---- */

START_TEST(too_many_requests)
{
	start(2);
	dp_tunnel_close(1, done, 1);
	dp_tunnel_close(2, done, 2);
	dp_tunnel_close(3, done, 3);
}
END_TEST

START_TEST(an_answer_to_nothing)
{
	start(2);
	reply(0x10001, DP_TUNNEL_CLOSE_REPLY, 0, -1);
	run(1);
}
END_TEST

START_TEST(an_answer_to_id_0)
{
	start(2);
	dp_tunnel_close(1, done, 1);
	reply(0, DP_TUNNEL_CLOSE_REPLY, 0, -1);
	run(1);
}
END_TEST

START_TEST(an_answer_to_another_request)
{
	struct dpmsg	 m;

	start(2);
	dp_tunnel_close(1, done, 1);
	m = received(DP_TUNNEL_CLOSE);
	reply(m.id, DP_SESSION_UP_REPLY, 0, -1);
	run(1);
}
END_TEST

START_TEST(an_answer_given_twice)
{
	struct dpmsg	 m;

	start(2);
	dp_tunnel_close(1, done, 1);
	m = received(DP_TUNNEL_CLOSE);
	reply(m.id, DP_TUNNEL_CLOSE_REPLY, 0, -1);
	reply(m.id, DP_TUNNEL_CLOSE_REPLY, 0, -1);
	run(2);
}
END_TEST

START_TEST(an_answer_to_the_request_before)
{
	struct dpmsg	 m;

	start(2);
	dp_tunnel_close(1, done, 1);
	m = received(DP_TUNNEL_CLOSE);
	reply(m.id, DP_TUNNEL_CLOSE_REPLY, 0, -1);
	run(1);
	dp_tunnel_close(1, done, 1);
	reply(m.id, DP_TUNNEL_CLOSE_REPLY, 0, -1);
	run(2);
}
END_TEST

START_TEST(an_event_that_is_not_handled)
{
	struct dpmsg	 m = { .type = DP_SESSION_GONE, .fd = -1,
	    .u.session_gone = { 1, 2, 0 } };

	start(2);
	ck_assert_int_eq(dpmsg_send(sv[1], &m), IMSG_OK);
	run(1);
}
END_TEST

START_TEST(not_a_message)
{
	start(2);
	ck_assert_int_eq(send(sv[1], "junk", 4, 0), 4);
	run(1);
}
END_TEST

START_TEST(the_wrong_first_event)
{
	struct dpmsg	 m = { .type = DP_SESSION_GONE, .fd = -1,
	    .u.session_gone = { 1, 2, 0 } };

	ck_assert_int_eq(imsg_pair(sv), 0);
	ck_assert_int_eq(dpmsg_send(sv[1], &m), IMSG_OK);
	dp_wait(sv[0], DP_CONFIG, &m);
}
END_TEST

/* ---- an orderly end: exit status 0 ---- */

START_TEST(dpd_goes)
{
	start(2);
	close(sv[1]);
	run(1);
	exit(2);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("dp");
	TCase	*tc = tcase_create("dp");
	SRunner	*sr;
	int	 failed;

	tcase_set_timeout(tc, 60);	/* the ids wrap only slowly */
	tcase_add_test(tc, each_request_as_it_was_given);
	tcase_add_test(tc, answers_in_any_order);
	tcase_add_test(tc, events_and_descriptors);
	tcase_add_test(tc, what_does_not_fit_waits);
	tcase_add_test(tc, places_are_used_again);
	tcase_add_exit_test(tc, too_many_requests, 1);
	tcase_add_exit_test(tc, an_answer_to_nothing, 1);
	tcase_add_exit_test(tc, an_answer_to_id_0, 1);
	tcase_add_exit_test(tc, an_answer_to_another_request, 1);
	tcase_add_exit_test(tc, an_answer_given_twice, 1);
	tcase_add_exit_test(tc, an_answer_to_the_request_before, 1);
	tcase_add_exit_test(tc, an_event_that_is_not_handled, 1);
	tcase_add_exit_test(tc, not_a_message, 1);
	tcase_add_exit_test(tc, the_wrong_first_event, 1);
	tcase_add_exit_test(tc, dpd_goes, 0);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
