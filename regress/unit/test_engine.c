/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The engine around the state machines: who is spoken to, limits, ids,
 * events, fairness, and what its memory costs.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

static struct rig r;

static void
setup(void)
{
	rig_init(&r);
}

static void
teardown(void)
{
	rig_free(&r);
}

static struct l2tp_stats
stats(void)
{
	struct l2tp_stats s;

	l2tp_get_stats(r.e, &s);
	return (s);
}

/* A SCCRQ of another peer. */
static int
sccrq(uint16_t port, uint16_t peer_tid)
{
	struct msg m = rig_msg(MSG_SCCRQ);
	uint16_t was = r.path.peer.port;
	int err;

	m.assigned_tid = peer_tid;
	r.path.peer.port = port;
	err = rig_send_at(&r, 0, 0, &m, 0, 0);
	r.path.peer.port = was;
	return (err);
}

/* v2-8.1-04: an address or port that is not the peer's. */
/* v2-8.1-05, v3-4.1.2.2-03 */
START_TEST(source)
{
	struct l2tp_path path;

	rig_listen(&r);
	path = r.path;
	r.path.peer.port++;
	ck_assert_int_eq(rig_say(&r, MSG_HELLO, 0), ERR_SOURCE);
	ck_assert_int_eq(rig_say(&r, MSG_STOPCCN, 0), ERR_SOURCE);
	r.path = path;
	r.path.peer.ip[3]++;
	ck_assert_int_eq(rig_say(&r, MSG_STOPCCN, 0), ERR_SOURCE);
	r.path = path;
	r.path.peer.family = 6;
	ck_assert_int_eq(rig_say(&r, MSG_STOPCCN, 0), ERR_SOURCE);
	ck_assert_uint_eq(stats().wrong_source, 4);
	ck_assert(rig_is(&r, "established"));
	/* Where it came in does not matter, and answers do not move. */
	r.path = path;
	r.path.local.port = 5555;
	r.path.link = 9;
	r.ns = 2;
	ck_assert_int_eq(rig_say(&r, MSG_HELLO, 0), ERR_NONE);
	rig_tick(&r, 100);
	rig_expect(&r, MSG_ZLB);
	ck_assert_uint_eq(r.pkt.path.link, 3);
	ck_assert_mem_eq(&r.pkt.path, &path, sizeof(path));
	ck_assert_uint_eq(r.pkt.local_tid, r.tid);
}
END_TEST

/* IPv6 differs in all sixteen octets and in the scope. */
START_TEST(source_ipv6)
{
	r.path.peer.family = r.path.local.family = 6;
	rig_listen(&r);
	r.path.peer.ip[15]++;
	ck_assert_int_eq(rig_say(&r, MSG_HELLO, 0), ERR_SOURCE);
	r.path.peer.ip[15]--;
	r.path.peer.scope = 2;
	ck_assert_int_eq(rig_say(&r, MSG_HELLO, 0), ERR_SOURCE);
	r.path.peer.scope = 0;
	r.ns -= 2;
	ck_assert_int_eq(rig_say(&r, MSG_HELLO, 0), ERR_NONE);
}
END_TEST

START_TEST(set_link)
{
	rig_listen(&r);
	ck_assert_int_eq(l2tp_tunnel_set_link(r.e, r.tid, 12), 0);
	ck_assert_int_eq(l2tp_tunnel_set_link(r.e, r.tid + 1, 12), -1);
	rig_tick(&r, 100);
	rig_expect(&r, MSG_ZLB);
	ck_assert_uint_eq(r.pkt.path.link, 12);
}
END_TEST

/* v2-7.1-03, v2-8.1-09: no state changes for a bad header, or for data. */
START_TEST(bad_header)
{
	static const struct {
		const char	*bytes;
		size_t		 len;
		int		 err;
	} by[] = {
		{ "", 0, ERR_SHORT },
		{ "\310\002\0\014\0\0\0\0\0\0", 10, ERR_HEADER },
		{ "\310\002\0\013\0\0\0\0\0\0\0\0", 12, ERR_HEADER },
		{ "\310\002\0\015\0\0\0\0\0\0\0\0", 12, ERR_HEADER },
		{ "\210\002\0\014\0\0\0\0\0\0\0\0", 12, ERR_HEADER },
		{ "\312\002\0\014\0\0\0\0\0\0\0\0", 12, ERR_HEADER },
		{ "\310\003\0\014\0\0\0\0\0\0\0\0", 12, ERR_NO_TUNNEL },
		{ "\310\004\0\014\0\0\0\0\0\0\0\0", 12, ERR_VERSION },
		{ "\310\001\0\014\0\0\0\0\0\0\0\0", 12, ERR_VERSION },
		{ "\000\002\0\1\0\1", 6, ERR_NOT_CONTROL },
	};
	size_t i;

	rig_listen(&r);
	for (i = 0; i < nitems(by); i++) {
		ck_assert_int_eq(rig_datagram(&r, by[i].bytes, by[i].len),
		    by[i].err);
		ck_assert_str_ne(l2tp_strerror(by[i].err), "");
		rig_expect_none(&r);
	}
	rig_expect_no_event(&r);
	ck_assert(rig_is(&r, "established"));
	ck_assert_uint_eq(stats().data, 1);
	ck_assert_uint_eq(stats().malformed, nitems(by) - 2);
}
END_TEST

/* A SCCRQ that is sent again opens nothing new. */
START_TEST(sccrq_again)
{
	int i;

	rig_tunnel(&r, CC_WAIT_ACCEPT);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(sccrq(1701, RIG_PEER_TID), ERR_NONE);
		rig_expect(&r, MSG_ZLB);
		ck_assert_uint_eq(r.h.tid, RIG_PEER_TID);
	}
	rig_expect_no_event(&r);
	ck_assert_uint_eq(stats().tunnels, 1);
	/* Another id or another port is another tunnel.  v2-5.0-03 */
	ck_assert_int_eq(sccrq(1701, RIG_PEER_TID + 1), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	ck_assert_int_eq(sccrq(1702, RIG_PEER_TID), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	ck_assert_uint_eq(stats().tunnels, 3);
}
END_TEST

/* What opens a tunnel is its first message. */
START_TEST(sccrq_out_of_sequence)
{
	struct msg m = rig_msg(MSG_SCCRQ);

	ck_assert_int_eq(rig_send_at(&r, 0, 0, &m, 1, 0), ERR_NO_TUNNEL);
	m.have[AVP_ASSIGNED_TUNNEL_ID] = 0;
	ck_assert_int_eq(rig_send_at(&r, 0, 0, &m, 0, 0), ERR_AVP_MISSING);
	ck_assert_uint_eq(stats().tunnels, 0);
	rig_expect_none(&r);
}
END_TEST

/* No answer, no event, no trace. */
START_TEST(ignored)
{
	rig_tunnel(&r, CC_WAIT_ACCEPT);
	ck_assert_int_eq(l2tp_tunnel_ignore(r.e, r.tid, r.now), 0);
	ck_assert_int_eq(l2tp_tunnel_ignore(r.e, r.tid, r.now), -1);
	ck_assert_int_eq(l2tp_tunnel_accept(r.e, r.tid, &r.params, NULL,
	    r.now), -1);
	ck_assert(!l2tp_next_event(r.e, &r.ev));
	rig_expect_none(&r);
	ck_assert_uint_eq(stats().tunnels, 0);
	ck_assert_uint_eq(l2tp_next_deadline(r.e), L2TP_NEVER);
	/* The next one is asked about again. */
	ck_assert_int_eq(sccrq(1701, RIG_PEER_TID), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
}
END_TEST

/* The oldest half-open connection makes room; others are not touched. */
START_TEST(half_open_bound)
{
	uint32_t first[16];
	uint16_t i;

	rig_listen(&r);
	for (i = 0; i < 16; i++) {
		ck_assert_int_eq(sccrq((uint16_t)(2000 + i), 1), ERR_NONE);
		rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
		first[i] = r.ev.local_tid;
	}
	for (i = 0; i < 16; i++) {
		ck_assert_int_eq(sccrq((uint16_t)(3000 + i), 1), ERR_NONE);
		rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
		ck_assert_uint_eq(r.ev.local_tid, first[i]);
		ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_LOCAL);
		rig_expect_event(&r, L2TP_EV_TUNNEL_GONE);
		ck_assert_uint_eq(r.ev.local_tid, first[i]);
		rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
		ck_assert_uint_eq(stats().half_open, 16);
	}
	ck_assert_uint_eq(stats().half_open_dropped, 16);
	ck_assert_uint_eq(stats().tunnels, 17);
	ck_assert(rig_is(&r, "established"));
	rig_expect_no_event(&r);
}
END_TEST

/* What is refused is bounded in the same way. */
START_TEST(refused_bound)
{
	struct msg m = rig_msg(MSG_SCCRQ);
	uint16_t i;

	m.proto_ver = 9;
	for (i = 1; i < 1000; i++) {
		m.assigned_tid = i;
		rig_send_at(&r, 0, 0, &m, 0, 0);
		rig_expect(&r, MSG_STOPCCN);
		rig_expect_no_event(&r);
		ck_assert_uint_le(stats().tunnels, 16);
	}
	ck_assert_uint_eq(stats().half_open, 16);
	ck_assert_uint_eq(stats().refused, 999);
	ck_assert_uint_eq(r.e->ring.reserved, 16 * TUNNEL_NOTES);
}
END_TEST

/* Nothing is opened past the limits, and nothing else changes. */
START_TEST(limits)
{
	struct l2tp_call_params params = { .framing_type = 1 };
	uint32_t id, i;

	for (i = 0; i < 64; i++) {
		id = 0;
		ck_assert_int_eq(l2tp_tunnel_open(r.e, &r.path, &r.params,
		    NULL, r.now, &id), 0);
	}
	i = 0;
	ck_assert_int_eq(l2tp_tunnel_open(r.e, &r.path, &r.params, NULL,
	    r.now, &i), -1);
	ck_assert_int_eq(sccrq(1701, 1), ERR_RATE);
	ck_assert_uint_eq(stats().tunnels, 64);
	ck_assert_uint_eq(stats().no_memory, 1);
	for (i = 0; i < 64; i++)
		ck_assert_int_eq(l2tp_call_open(r.e, id, &params, NULL, r.now,
		    &r.tid), 0);
	ck_assert_int_eq(l2tp_call_open(r.e, id, &params, NULL, r.now,
	    &r.tid), -1);
	ck_assert_uint_eq(stats().calls, 64);
}
END_TEST

START_TEST(no_half_open_at_all)
{
	struct l2tp_config c = rig_config(&r);

	rig_free(&r);
	c.max_half_open = 0;
	rig_init_config(&r, &c);
	ck_assert_int_eq(sccrq(1701, 1), ERR_RATE);
	ck_assert_uint_eq(stats().tunnels, 0);
}
END_TEST

/* Parameters that could not work, and objects that are not there. */
START_TEST(bad_requests)
{
	struct l2tp_call_params params = { .framing_type = 1 };
	struct l2tp_call_info ci;
	struct l2tp_params p = r.params;
	char name[257];
	uint32_t id = 0;

	memset(name, 'x', 256);
	name[256] = '\0';
	p.host_name = name;
	ck_assert_int_eq(l2tp_tunnel_open(r.e, &r.path, &p, NULL, 1, &id), -1);
	p.host_name = "";
	ck_assert_int_eq(l2tp_tunnel_open(r.e, &r.path, &p, NULL, 1, &id), -1);
	p = r.params;
	p.window_size = 0;
	ck_assert_int_eq(l2tp_tunnel_open(r.e, &r.path, &p, NULL, 1, &id), -1);
	p = r.params;
	p.retry_ms = 0;
	ck_assert_int_eq(l2tp_tunnel_open(r.e, &r.path, &p, NULL, 1, &id), -1);
	ck_assert_uint_eq(stats().tunnels, 0);
	rig_listen(&r);
	ck_assert_int_eq(l2tp_tunnel_reject(r.e, r.tid, 1, 0, NULL, r.now),
	    -1);
	ck_assert_int_eq(l2tp_tunnel_close(r.e, r.tid + 1, 1, 0, NULL, r.now),
	    -1);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid + 1, &params, NULL, r.now,
	    &id), -1);
	ck_assert_int_eq(l2tp_call_close(r.e, r.tid, 1, 1, 0, NULL, r.now),
	    -1);
	ck_assert_int_eq(l2tp_call_get(r.e, r.tid, 1, &ci), -1);
	ck_assert(rig_is(&r, "established"));
}
END_TEST

/* Names of a peer are cut, and are always strings. */
START_TEST(long_names)
{
	struct msg m = rig_msg(MSG_SCCRQ);
	uint8_t name[600];

	memset(name, 'n', sizeof(name));
	m.host_name.p = m.vendor_name.p = name;
	m.host_name.len = m.vendor_name.len = sizeof(name);
	m.have[AVP_VENDOR_NAME] = 1;
	rig_send(&r, 0, 0, &m);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	ck_assert_uint_eq(strlen(r.ev.tunnel->host_name), L2TP_MAX_TEXT - 1);
	ck_assert_uint_eq(strlen(r.ev.tunnel->vendor_name),
	    L2TP_MAX_TEXT - 1);
}
END_TEST

/* One tunnel with much to say does not keep others waiting. */
START_TEST(fair)
{
	struct msg m = rig_msg(MSG_SCCRP);
	uint32_t tid[3], id;
	int i, k;

	for (i = 0; i < 3; i++) {
		r.ns = r.nr = 0;
		r.path.peer.port = (uint16_t)(1000 + i);
		m.assigned_tid = (uint16_t)(i + 1);
		m.have[AVP_RECEIVE_WINDOW] = 1;
		m.window = 16;
		rig_tunnel(&r, CC_WAIT_CTL_REPLY);
		tid[i] = r.tid;
		rig_send(&r, rig_tid(&r), 0, &m);
		rig_expect(&r, MSG_SCCCN);
		rig_zlb(&r);
	}
	for (i = 0; i < 3; i++)
		for (k = 0; k < 3; k++)
			l2tp_call_open(r.e, tid[i],
			    &(struct l2tp_call_params){ .framing_type = 1 },
			    NULL, r.now, &id);
	for (k = 0; k < 3; k++)
		for (i = 0; i < 3; i++) {
			rig_expect(&r, MSG_ICRQ);
			ck_assert_uint_eq(r.pkt.local_tid, tid[i]);
		}
}
END_TEST

/* Each event says of whom it is; those for the log have names. */
START_TEST(log_events)
{
	struct msg m = rig_msg(MSG_SCCRQ);

	rig_send(&r, 0, 0, &m);
	ck_assert(l2tp_next_event(r.e, &r.ev));
	ck_assert_int_eq(r.ev.type, L2TP_EV_STATE);
	ck_assert_str_eq(r.ev.from, "idle");
	ck_assert_str_eq(r.ev.to, "wait-accept");
	ck_assert_str_eq(r.ev.reason, "SCCRQ");
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	r.tid = r.ev.local_tid;
	ck_assert_int_eq(rig_say(&r, MSG_ICRQ, 0), ERR_FSM);
	ck_assert(l2tp_next_event(r.e, &r.ev));
	ck_assert_int_eq(r.ev.type, L2TP_EV_DROPPED);
	ck_assert_ptr_null(r.ev.tunnel);
	ck_assert_str_eq(r.ev.from, "ICRQ");
	ck_assert_str_eq(r.ev.to, "wait-accept");
	ck_assert_str_eq(r.ev.reason, l2tp_strerror(ERR_FSM));
	ck_assert(!l2tp_next_event(r.e, &r.ev));
}
END_TEST

/* A caller that pulls nothing loses what is for the log, and only that. */
START_TEST(ring_is_full)
{
	struct msg m = rig_msg(MSG_ICRQ);
	uint32_t i, n[L2TP_EV_DROPPED + 1] = { 0 };

	rig_listen(&r);
	for (i = 0; i < 3000; i++) {
		m.assigned_sid = (uint16_t)(i + 1);
		rig_send(&r, rig_tid(&r), 0, &m);
		m.type = i % 2 ? MSG_ICRQ : MSG_CDN;
		m.have[AVP_RESULT_CODE] = 1;
	}
	l2tp_tunnel_close(r.e, r.tid, 1, 0, NULL, r.now);
	while (l2tp_next_event(r.e, &r.ev))
		n[r.ev.type]++;
	ck_assert_uint_eq(n[L2TP_EV_CALL_IN], n[L2TP_EV_CALL_DOWN]);
	ck_assert_uint_ge(n[L2TP_EV_CALL_IN], 64);
	ck_assert_uint_eq(n[L2TP_EV_TUNNEL_DOWN], 1);
	ck_assert_uint_eq(stats().calls, 0);
	ck_assert_uint_eq(r.e->ring.reserved, 1);	/* GONE */
}
END_TEST

/* Half-open: 512 octets in all, without what the caller's log needs. */
START_TEST(memory_half_open)
{
	struct l2tp_config c = rig_config(&r);
	uint16_t i, n = 500;
	size_t before;

	rig_free(&r);
	c.max_half_open = c.max_tunnels = n;
	rig_init_config(&r, &c);
	before = rig_heap_bytes();
	for (i = 0; i < n; i++) {
		sccrq((uint16_t)(i + 1), 1);
		rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
		l2tp_tunnel_accept(r.e, r.ev.local_tid, &r.params, NULL,
		    r.now);
		rig_expect(&r, MSG_SCCRP);
	}
	before += r.e->ring.room * sizeof(*r.e->ring.note);
	ck_assert_uint_eq(stats().half_open, n);
	ck_assert_uint_le((rig_heap_bytes() - before) / n, 512);
}
END_TEST

START_TEST(memory_idle)
{
	struct l2tp_config c = rig_config(&r);
	size_t before, tunnel, call;
	uint16_t i;

	rig_free(&r);
	c.max_calls = 400;
	rig_init_config(&r, &c);
	before = rig_heap_bytes();
	rig_listen(&r);
	rig_wait(&r, 100);
	tunnel = rig_heap_bytes();
	ck_assert_uint_le(tunnel - before, 2048);
	for (i = 1; i <= 400; i++)
		rig_call(&r, CALL_ESTABLISHED, i);
	call = (rig_heap_bytes() - tunnel) / 400;
	ck_assert_uint_le(call, 512);
}
END_TEST

/* WENs for hours, the first of which is remembered. */
START_TEST(steady_notices)
{
	size_t before = 0;
	uint32_t sid;
	int i;

	rig_listen(&r);
	sid = rig_call(&r, CALL_ESTABLISHED, 1);
	for (i = 0; i < 100; i++) {
		rig_say(&r, MSG_WEN, sid);
		rig_expect_event(&r, L2TP_EV_CALL_ERRORS);
		while (rig_out(&r))
			continue;
		if (i == 1)
			before = rig_heap_bytes();
		else if (i > 1)
			ck_assert_uint_eq(rig_heap_bytes(), before);
	}
}
END_TEST

/* HELLOs for hours, and the heap is as it was. */
START_TEST(steady_state)
{
	size_t before = 0;
	int i;

	rig_listen(&r);
	rig_call(&r, CALL_ESTABLISHED, 1);
	for (i = 0; i < 500; i++) {
		while (!rig_out(&r))
			rig_tick(&r, 60000);
		rig_zlb(&r);
		rig_say(&r, MSG_HELLO, 0);
		rig_tick(&r, 200);
		while (rig_out(&r))
			continue;
		rig_expect_no_event(&r);
		if (i == 1)
			before = rig_heap_bytes();
		else if (i > 1)
			ck_assert_uint_eq(rig_heap_bytes(), before);
	}
	ck_assert(rig_is(&r, "established"));
}
END_TEST

/* l2tp_free() in the middle of everything; ASan looks for leaks. */
START_TEST(free_in_flight)
{
	rig_listen(&r);
	rig_call(&r, CALL_ESTABLISHED, 1);
	rig_call(&r, CALL_WAIT_ACCEPT, 2);
	rig_say(&r, MSG_CDN, 0);
	sccrq(99, 1);
	r.ns += 3;
	rig_say(&r, MSG_HELLO, 0);
	l2tp_tunnel_close(r.e, r.tid, 1, 0, "end", r.now);
	l2tp_free(NULL);
}
END_TEST

static TCase *
dispatch_case(void)
{
	TCase *t = tcase_create("dispatch");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, source);
	tcase_add_test(t, source_ipv6);
	tcase_add_test(t, set_link);
	tcase_add_test(t, bad_header);
	tcase_add_test(t, sccrq_again);
	tcase_add_test(t, sccrq_out_of_sequence);
	tcase_add_test(t, ignored);
	tcase_add_test(t, half_open_bound);
	tcase_add_test(t, refused_bound);
	tcase_add_test(t, limits);
	tcase_add_test(t, no_half_open_at_all);
	tcase_add_test(t, bad_requests);
	return (t);
}

static TCase *
events_case(void)
{
	TCase *t = tcase_create("events and memory");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, long_names);
	tcase_add_test(t, fair);
	tcase_add_test(t, log_events);
	tcase_add_test(t, ring_is_full);
	tcase_add_test(t, memory_half_open);
	tcase_add_test(t, memory_idle);
	tcase_add_test(t, steady_state);
	tcase_add_test(t, steady_notices);
	tcase_add_test(t, free_in_flight);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("engine");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, dispatch_case());
	suite_add_tcase(s, events_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
