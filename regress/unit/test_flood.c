/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Overload: SCCRQs of nobody by the hundred thousand, and garbage into a
 * tunnel that is up.  Memory stays bounded, a good peer gets in, and what is
 * established does not notice.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

#define FLOOD		100000
#define HALF_OPEN	256
#define GARBAGE		20000	/* datagrams of each kind */

static struct rig r;
static struct l2tp_path good;		/* the one who means it */
static uint32_t forged;			/* how many there were */

static void
setup(void)
{
	struct l2tp_config c;

	rig_init(&r);
	c = rig_config(&r);
	rig_free(&r);
	c.max_half_open = HALF_OPEN;
	c.max_tunnels = HALF_OPEN + 16;
	rig_init_config(&r, &c);
	good = r.path;
	forged = 0;
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

/* Accepts whoever calls, and loses what is answered. */
static void
answer(void)
{
	while (rig_event(&r))
		if (r.ev.type == L2TP_EV_TUNNEL_IN)
			l2tp_tunnel_accept(r.e, r.ev.local_tid, &r.params,
			    NULL, r.now);
	while (l2tp_next_packet(r.e, &r.pkt, r.now))
		continue;
}

/* Each from another address; some unacceptable, some with a challenge. */
static void
flood(uint32_t n)
{
	struct msg m = rig_msg(MSG_SCCRQ);

	m.challenge = m.host_name;
	for (; n > 0; n--) {
		forged++;
		r.path.peer.ip[0] = 10;
		r.path.peer.ip[1] = (uint8_t)(forged >> 16);
		r.path.peer.ip[2] = (uint8_t)(forged >> 8);
		r.path.peer.ip[3] = (uint8_t)forged;
		m.proto_ver = forged % 5 == 0 ? 9 : 1;
		m.have[AVP_CHALLENGE] = forged % 7 == 0;
		m.have[AVP_TIE_BREAKER] = forged % 11 == 0;
		m.assigned_tid = (uint16_t)(forged % 100 + 1);
		rig_send_at(&r, 0, 0, &m, 0, 0);
		answer();
		ck_assert_uint_le(stats().half_open, HALF_OPEN);
	}
	r.path = good;
}

/* The good peer's SCCRQ, sent or sent again; the tunnel that it gets. */
static void
call_in(void)
{
	struct msg m = rig_msg(MSG_SCCRQ);

	ck_assert_int_eq(rig_send_at(&r, 0, 0, &m, 0, 0), ERR_NONE);
	while (rig_event(&r) && r.ev.type != L2TP_EV_TUNNEL_IN)
		continue;			/* the end of the oldest */
	ck_assert_int_eq(r.ev.type, L2TP_EV_TUNNEL_IN);
	r.tid = r.ev.local_tid;
	l2tp_tunnel_accept(r.e, r.tid, &r.params, NULL, r.now);
	rig_expect(&r, MSG_SCCRP);
}

/* v3-4.3-06 */
START_TEST(memory_is_bounded)
{
	size_t before, limit = HALF_OPEN * 512;

	flood(2 * HALF_OPEN);
	before = rig_heap_bytes();
	while (forged < FLOOD) {
		flood(HALF_OPEN);
		ck_assert_uint_le(rig_heap_bytes(), before + limit / 8);
	}
	ck_assert_uint_eq(stats().tunnels, stats().half_open);
	ck_assert_uint_eq(stats().half_open_dropped, forged - HALF_OPEN);
	ck_assert_uint_eq(stats().no_memory, 0);
	/* And all of it comes back. */
	rig_wait(&r, 120000);
	answer();
	rig_wait(&r, 120000);
	answer();
	ck_assert_uint_eq(stats().tunnels, 0);
	ck_assert_uint_le(rig_heap_bytes() + limit / 2, before);
}
END_TEST

/*
 * The oldest goes first, so whoever answers before max_half_open others have
 * called gets in, however many call; a call that was lost is repeated.
 */
START_TEST(a_good_peer_gets_in)
{
	flood(HALF_OPEN);
	call_in();
	flood(2 * HALF_OPEN);
	ck_assert(rig_is(&r, "none"));
	r.now += 1000;
	call_in();
	r.ns = r.nr = 1;
	flood(HALF_OPEN - 1);
	ck_assert(rig_is(&r, "wait-ctl-conn"));
	ck_assert_int_eq(rig_say(&r, MSG_SCCCN, 0), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	rig_call(&r, CALL_ESTABLISHED, RIG_PEER_SID);
	flood(4 * HALF_OPEN);
	ck_assert(rig_is(&r, "established"));
	rig_call(&r, CALL_ESTABLISHED, RIG_PEER_SID + 1);
	ck_assert_uint_eq(stats().half_open, HALF_OPEN);
	ck_assert_uint_eq(stats().calls, 2);
}
END_TEST

/* A message of nobody that is refused, by us or by the caller. */
static void
refused(int kind)
{
	static const uint16_t types[] = { MSG_SCCRQ, MSG_SCCRP, MSG_SCCRQ };
	struct msg m = rig_msg(types[kind]);

	forged++;
	memcpy(r.path.peer.ip, &forged, sizeof(forged));
	m.proto_ver = kind == 0 ? 9 : 1;
	rig_send_at(&r, 0, 0, &m, 0, 0);
	r.path = good;
	while (rig_event(&r))
		if (r.ev.type == L2TP_EV_TUNNEL_IN)
			l2tp_tunnel_reject(r.e, r.ev.local_tid,
			    L2TP_STOP_NOT_AUTHORIZED, 0, NULL, r.now);
}

/*
 * v2-7.2.1-03, v2-7.2.1-04: what is refused takes the place of nobody who
 * may be good, and no forged address gets more than it is said to send.
 */
START_TEST(refused_yield)
{
	uint64_t sent;
	uint32_t i;

	rig_tunnel(&r, CC_WAIT_CTL_CONN);
	sent = stats().sent;
	for (i = 0; i < 4 * HALF_OPEN; i++) {
		refused(_i);
		rig_expect(&r, MSG_STOPCCN);
		rig_expect_none(&r);
	}
	ck_assert_uint_eq(stats().half_open, HALF_OPEN);
	ck_assert(rig_is(&r, "wait-ctl-conn"));
	r.nr = 1;
	ck_assert_int_eq(rig_say(&r, MSG_SCCCN, 0), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	/* One interval later they are forgotten. */
	rig_wait(&r, 1000);
	ck_assert_uint_eq(stats().half_open, 0);
	ck_assert_uint_le(stats().sent - sent, forged + 1);
}
END_TEST

static uint32_t
random_u32(void)
{
	struct l2tp_config c = rig_config(&r);
	uint32_t v;

	c.random(c.random_arg, &v, sizeof(v));
	return (v);
}

/* A control message whose header is right but for what is said. */
static int
garbage(uint16_t tid, uint16_t sid, uint16_t ns)
{
	uint8_t buf[128];
	size_t n = random_u32() % 64 + 1;
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, tid, sid);
	while (n-- > 0)
		wr_u8(&w, (uint8_t)random_u32());
	hdr_seal(&w, ns, (uint16_t)random_u32());
	return (rig_datagram(&r, buf, w.len));
}

static int
random_octets(void)
{
	uint8_t buf[128];
	size_t i, n = random_u32() % sizeof(buf);

	for (i = 0; i < n; i++)
		buf[i] = (uint8_t)random_u32();
	return (rig_datagram(&r, buf, n));
}

static int
wrong_source(uint16_t sid)
{
	int err;

	r.path.peer.ip[random_u32() % 4] ^= (uint8_t)(random_u32() % 255 + 1);
	r.path.peer.port = (uint16_t)random_u32();
	err = garbage(rig_tid(&r), sid, r.ns);
	r.path = good;
	return (err);
}

static int
wrong_tid(uint16_t sid)
{
	uint16_t off = (uint16_t)(random_u32() % 65535 + 1);

	return (garbage((uint16_t)(rig_tid(&r) + off), sid, r.ns));
}

/* One datagram of a kind into the tunnel. */
static void
garbage_of_kind(int kind, uint16_t sid)
{
	uint16_t off = (uint16_t)(random_u32() % 32768);

	switch (kind) {
	case 0:
		ck_assert_int_ne(random_octets(), ERR_NONE);
		break;
	case 1:
		ck_assert_int_eq(wrong_source(sid), ERR_SOURCE);
		break;
	case 2:
		ck_assert_int_ne(wrong_tid(sid), ERR_NONE);
		break;
	case 3:				/* old */
		garbage(rig_tid(&r), sid, (uint16_t)(r.ns - 1 - off));
		break;
	case 4:				/* past the window of 8 */
		garbage(rig_tid(&r), sid, (uint16_t)(r.ns + 8 + off % 32760));
		break;
	}
}

/* v2-7.1-03, v2-8.1-04 */
START_TEST(garbage_changes_nothing)
{
	struct l2tp_tunnel_info was, is;
	uint16_t sid;
	int i;

	rig_listen(&r);
	sid = (uint16_t)rig_call(&r, CALL_ESTABLISHED, RIG_PEER_SID);
	rig_wait(&r, 200);
	l2tp_tunnel_get(r.e, r.tid, &was);
	for (i = 0; i < GARBAGE; i++) {
		garbage_of_kind(_i, sid);
		while (rig_out(&r))
			ck_assert_uint_eq(r.m.type, MSG_ZLB);
	}
	rig_expect_no_event(&r);
	l2tp_tunnel_get(r.e, r.tid, &is);
	ck_assert_str_eq(is.state, was.state);
	ck_assert_uint_eq(is.ns, was.ns);
	ck_assert_uint_eq(is.nr, was.nr);
	ck_assert_uint_eq(is.cwnd, was.cwnd);
	ck_assert_uint_eq(is.received, was.received);
	ck_assert_uint_eq(is.duplicates, was.duplicates +
	    (_i == 3 ? GARBAGE : 0));
	ck_assert_uint_eq(is.dropped, was.dropped + (_i == 4 ? GARBAGE : 0));
	ck_assert_uint_eq(stats().wrong_source, _i == 1 ? GARBAGE : 0);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
	ck_assert_int_eq(rig_say(&r, MSG_HELLO, 0), ERR_NONE);
	rig_call(&r, CALL_ESTABLISHED, RIG_PEER_SID + 1);
}
END_TEST

static TCase *
flood_case(void)
{
	TCase *t = tcase_create("flood");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, memory_is_bounded);
	tcase_add_test(t, a_good_peer_gets_in);
	tcase_add_loop_test(t, refused_yield, 0, 3);
	tcase_add_loop_test(t, garbage_changes_nothing, 0, 5);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("flood");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, flood_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
