/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A tunnel and two calls between two engines, from beginning to end, with one
 * allocation that fails, then the next, until none is left to fail; and with
 * all failing from some moment on.  Built with a sanitizer, which has the
 * allocator for itself, nothing fails and the exchange alone is tested.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

#define MAX_FAILURES	200

static long fail_at;		/* the how manieth; 0: none */
static long fail_for;		/* how many after it as well */
static int failed;

#ifndef __SANITIZE_ADDRESS__
#define LEAST_FAILURES	15

void	*__libc_malloc(size_t);
void	*__libc_calloc(size_t, size_t);

static int
fails(void)
{
	if (fail_at == 0 || --fail_at > 0)
		return (0);
	fail_at = fail_for-- > 0;
	failed = 1;
	return (1);
}

void *
malloc(size_t n)
{
	return (fails() ? NULL : __libc_malloc(n));
}

void *
calloc(size_t n, size_t size)
{
	return (fails() ? NULL : __libc_calloc(n, size));
}
#else
#define LEAST_FAILURES	1
#endif

static struct l2tp *e[2];
static uint64_t now;

static const struct l2tp_params params2 = {
	.host_name = "nomem", .window_size = 4, .max_retries = 5,
	.framing_caps = 3, .bearer_caps = 1, .retry_ms = 1000,
	.retry_cap_ms = 8000, .hello_ms = 10000, .setup_ms = 15000
};

static const struct l2tp_params *params = &params2;

static void
zero_random(void *arg, void *to, size_t len)
{
	uint8_t *next = arg;

	memset(to, (*next)++, len);
}

static void
answer(struct l2tp *engine, const struct l2tp_event *ev)
{
	static const struct l2tp_call_params link = { .framing_type = 1,
	    .tx_speed = 64000, .sequencing = 1 };
	int outgoing = ev->call->outgoing;

	if (l2tp_call_accept(engine, ev->local_tid, ev->local_sid, NULL,
	    now) == 0 && outgoing)
		l2tp_call_connect(engine, ev->local_tid, ev->local_sid, &link,
		    now);
}

static int
events(int i)
{
	struct l2tp_event ev;
	int n = 0;

	for (; l2tp_next_event(e[i], &ev); n++) {
		if (ev.type == L2TP_EV_TUNNEL_IN)
			l2tp_tunnel_accept(e[i], ev.local_tid, params, NULL,
			    now);
		else if (ev.type == L2TP_EV_CALL_IN ||
		    ev.type == L2TP_EV_CALL_REPLY)
			answer(e[i], &ev);
	}
	return (n);
}

/* All that is said at this time. */
static void
exchange(void)
{
	struct l2tp_packet pkt;
	struct l2tp_path path = { .link = 0 };
	int i, n;

	do {
		for (n = i = 0; i < 2; i++) {
			n += events(i);
			while (l2tp_next_packet(e[i], &pkt, now)) {
				path.local = pkt.path.peer;
				path.peer = pkt.path.local;
				l2tp_input(e[!i], &path, pkt.data, pkt.len,
				    now);
				n++;
			}
		}
	} while (n > 0);
}

/* No assertion in here: check(3) needs memory for each. */
static void
run(uint64_t ms)
{
	uint64_t end = now + ms, at, other;

	for (;;) {
		exchange();
		at = l2tp_next_deadline(e[0]);
		other = l2tp_next_deadline(e[1]);
		if (other < at)
			at = other;
		if (at > end)
			break;
		now = at > now ? at : now;
		l2tp_timeout(e[0], now);
		l2tp_timeout(e[1], now);
	}
	now = end;
}

static int
established(uint32_t tid, uint32_t sid)
{
	struct l2tp_call_info info;

	return (l2tp_call_get(e[0], tid, sid, &info) == 0 &&
	    strcmp(info.state, "established") == 0);
}

/* 1 if both calls came up, 0 if not, -1 if there was no engine. */
static int
scenario(void)
{
	static const struct l2tp_call_params call = { .framing_type = 1,
	    .called = "1", .calling = "2" };
	static const struct l2tp_call_params order = { .outgoing = 1,
	    .framing_type = 1, .bearer_type = 1, .called = "3" };
	static const struct l2tp_call_errors errors = { .crc = 1 };
	struct l2tp_path path = { .local = { .family = 4, .port = 1 },
	    .peer = { .family = 4, .port = 2 } };
	uint8_t next[2] = { 1, 101 };
	struct l2tp_config c = { .random = zero_random, .max_tunnels = 8,
	    .max_calls = 8, .max_half_open = 4, .ack_delay_ms = 100 };
	uint32_t tid = 0, sid = 0, other = 0;
	int i, up;

	for (i = 0; i < 2; i++) {
		c.random_arg = &next[i];
		if ((e[i] = l2tp_new(&c)) == NULL)
			return (-1);
	}
	now = 1000;
	if (l2tp_tunnel_open(e[0], &path, params, NULL, now, &tid) == -1)
		return (0);
	l2tp_call_open(e[0], tid, &call, NULL, now, &sid);
	l2tp_call_open(e[0], tid, &order, NULL, now, &other);
	run(25000);
	l2tp_call_send_errors(e[0], tid, sid, &errors, now);
	run(1000);
	up = established(tid, sid) && established(tid, other);
	l2tp_call_close(e[0], tid, sid, 3, 0, "closed", now);
	run(1000);
	l2tp_tunnel_close(e[0], tid, 1, 0, "closed", now);
	run(200000);
	return (up);
}

/* L2TPv3 with all that it may have to keep; 1 if it came up. */
static int
scenario3(void)
{
	static const struct l2tp_params v3 = {
		.host_name = "nomem", .window_size = 4, .max_retries = 5,
		.retry_ms = 1000, .retry_cap_ms = 8000, .hello_ms = 10000,
		.setup_ms = 15000, .versions = L2TP_V3, .pw_types = { 5 },
		.n_pw_types = 1, .digests = L2TP_DIGEST_SHA1,
		.secret = { (const uint8_t *)"secret" }, .secret_len = { 6 }
	};
	struct l2tp_path path = { .local = { .family = 4, .port = 1 },
	    .peer = { .family = 4, .port = 2 } };
	uint8_t next[2] = { 1, 101 };
	struct l2tp_tunnel_info info;
	struct l2tp_config c = { .random = zero_random, .max_tunnels = 8,
	    .max_calls = 8, .max_half_open = 4, .ack_delay_ms = 100 };
	uint32_t tid = 0;
	int i, up;

	for (i = 0; i < 2; i++) {
		c.random_arg = &next[i];
		if ((e[i] = l2tp_new(&c)) == NULL)
			return (-1);
	}
	now = 1000;
	params = &v3;
	if (l2tp_tunnel_open(e[0], &path, &v3, NULL, now, &tid) == -1)
		return (0);
	run(25000);
	up = l2tp_tunnel_get(e[0], tid, &info) == 0 &&
	    strcmp(info.state, "established") == 0;
	l2tp_tunnel_close(e[0], tid, 1, 0, "closed", now);
	run(200000);
	return (up);
}

static void
over(void)
{
	struct l2tp_stats s;
	int i;

	for (i = 0; i < 2; i++) {
		if (e[i] == NULL)
			continue;
		l2tp_get_stats(e[i], &s);
		ck_assert_uint_eq(s.tunnels, 0);
		ck_assert_uint_eq(s.calls, 0);
		ck_assert_uint_eq(s.half_open, 0);
		ck_assert_uint_eq(e[i]->ring.reserved, 0);
		ck_assert_int_eq(l2tp_quiet(e[i]), 1);
		l2tp_free(e[i]);
		e[i] = NULL;
	}
}

START_TEST(all_is_well)
{
	ck_assert_int_eq(scenario(), 1);
	over();
	ck_assert_int_eq(scenario3(), 1);
	over();
}
END_TEST

static void
each_fails(int (*what)(void), int others)
{
	int n, up;

	for (n = 1; n < MAX_FAILURES; n++) {
		fail_at = n;
		fail_for = others;
		failed = 0;
		up = what();
		fail_at = fail_for = 0;
		over();
		if (!failed)
			break;
		ck_assert_int_le(up, 1);
	}
	ck_assert_int_eq(up, 1);
	ck_assert_int_lt(n, MAX_FAILURES);
	ck_assert_int_ge(n, LEAST_FAILURES);
}

START_TEST(one_fails)
{
	each_fails(scenario, _i);
}
END_TEST

START_TEST(one_fails_v3)
{
	each_fails(scenario3, _i);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nomem");
	TCase *t = tcase_create("allocations that fail");
	SRunner *sr;
	int n_failed;

	tcase_add_test(t, all_is_well);
	tcase_add_loop_test(t, one_fails, 0, 8);
	tcase_add_loop_test(t, one_fails_v3, 0, 8);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	n_failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (n_failed != 0);
}
