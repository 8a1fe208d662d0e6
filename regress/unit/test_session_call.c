/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Outgoing calls in ctld (RFC 2661 sections 7.5.1 and 7.5.2): as the LNS that
 * asks and as the LAC that is asked, in tunnels that we answer and in tunnels
 * that we dial.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "ctld_world.h"
#include "peer.h"
#include "session.h"
#include "tunnel.h"

#define BOTH	(L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG)

static struct conf_tunnel	 dialled;
static struct conf_session	 on_demand;
static uint32_t			 called_key;
static int			 n_called;
static char			 called_reason[DIAL_REASON];

static void
setup(void)
{
	world.peer_bearer = BOTH;
}

/* Of the entry in the configuration; here it can be written. */
static struct conf_peer *
peer(void)
{
	return (TAILQ_FIRST(&ctld.conf->peers));
}

static void
called(uint32_t key, const char *reason)
{
	called_key = key;
	n_called++;
	strlcpy(called_reason, reason != NULL ? reason : "",
	    sizeof(called_reason));
}

/* A tunnel that the peer has dialled. */
static struct tunnel *
answered(void)
{
	world_start();
	world_listener.peers[0].params.bearer_caps = BOTH;
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	return (tun_after(0));
}

/* One that we have, with a session on demand. */
static struct tunnel *
dials(int outgoing, int with_pool)
{
	world_start();
	dialled = *world_dial.conf;
	dialled.params.bearer_caps = BOTH;
	dialled.outgoing = (uint8_t)outgoing;
	dialled.on_demand = &on_demand;
	on_demand = *world_call.conf;
	on_demand.rule = 33;
	on_demand.on_demand = 1;
	on_demand.pool = with_pool ? peer()->session.pool : NULL;
	world_dial.conf = &dialled;
	ck_assert_ptr_nonnull(tun_dial(&world_dial, &world_lns));
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	return (tun_after(0));
}

static struct session *
order(struct tunnel *t)
{
	const char	*reason;
	struct session	*s;

	s = sess_order(t, "555 1", "7", called, &reason);
	ck_assert_msg(s != NULL, "%s", reason);
	world_run();
	return (s);
}

static void
cannot_order(struct tunnel *t, const char *why)
{
	const char	*reason;

	ck_assert_ptr_null(sess_order(t, "5551", "", called, &reason));
	ck_assert_str_eq(reason, why);
	world_run();
	ck_assert_int_eq(n_called, 0);
	world_nothing_asked();
}

/* The peer, as the LAC, says that the call was answered. */
static void
peer_connects(void)
{
	static const struct l2tp_call_params answer = {
		.framing_type = L2TP_FRAMING_ASYNC, .tx_speed = 64000
	};

	ck_assert_int_eq(l2tp_call_connect(world.peer, world.tid, world.sid,
	    &answer, world.now), 0);
	world_run();
}

/* The peer, as the LNS, asks for a call. */
static void
peer_orders(uint32_t framing, uint32_t max_bps)
{
	const struct l2tp_call_params	 params = {
		.outgoing = 1, .framing_type = framing, .bearer_type = BOTH,
		.max_bps = max_bps, .called = "5551"
	};

	ck_assert_int_eq(l2tp_call_open(world.peer, world.tid, &params, NULL,
	    world.now, &world.sid), 0);
	world_run();
}

static struct l2tp_call_info
peer_sees(void)
{
	struct l2tp_call_info	 info;

	ck_assert_int_eq(l2tp_call_get(world.peer, world.tid, world.sid,
	    &info), 0);
	return (info);
}

static void
session_up(struct session *s, uint16_t rule, int lns_mode)
{
	const struct dp_session_up	*p =
	    &world_expect(DP_SESSION_UP)->u.session_up;

	ck_assert_uint_eq(p->rule, rule);
	ck_assert_uint_eq(p->lns_mode, lns_mode);
	ck_assert_uint_eq(p->local_sid, s->local_sid);
	ck_assert_uint_eq(p->peer_sid, world.sid);
}

static void
session_start(const char *number, uint32_t ip, int numbered)
{
	const struct dp_session_start	*p =
	    &world_expect(DP_SESSION_START)->u.session_start;

	ck_assert_str_eq(p->number, number);
	ck_assert_uint_eq(p->peer_ip, ip);
	ck_assert_int_eq(p->send_seq, numbered);
	ck_assert_int_eq(p->recv_seq, numbered);
	world_reply(DP_SESSION_START, 0);
	world_nothing_asked();
}

/* The kernel's session is asked for with the OCRP, pppd with both. */
START_TEST(lns)
{
	struct tunnel	*t = _i % 2 ? dials(0, 1) : answered();
	struct session	*s = order(t);

	ck_assert(sess_is_lns(s));
	ck_assert_str_eq(peer_sees().called, "555 1");
	ck_assert_str_eq(peer_sees().sub_address, "7");
	ck_assert_uint_eq(peer_sees().bearer_type, BOTH);
	session_up(s, _i % 2 ? 33 : 22, 1);
	if (_i / 2)
		peer_connects();
	ck_assert_int_eq(n_called, _i / 2);
	world_reply(DP_SESSION_UP, 0);
	if (!(_i / 2)) {
		world_nothing_asked();
		peer_connects();
	}
	ck_assert_int_eq(n_called, 1);
	ck_assert_uint_eq(called_key, s->key);
	ck_assert_str_eq(called_reason, "");
	session_start("5551", WORLD_IP(2), 0);
	world_pppd_up();
	ck_assert_str_eq(sess_state_name(s), "up");
	ck_assert_int_eq(sess_close(s, L2TP_CDN_ADMIN, 0, NULL), 0);
	world_run();
	world_reply(DP_SESSION_DOWN, 0);
	ck_assert_int_eq(n_called, 1);
	ck_assert_int_eq(world.call_down, 0);
	ck_assert_ptr_null(sess_after(0));
	(void)tun_close(t, L2TP_STOP_CLEAR, 0, NULL);
	world_run();
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

/* What the peer says is told to who waits for the call, once. */
START_TEST(lns_is_refused)
{
	struct session	*s = order(answered());
	uint32_t	 key = s->key;

	ck_assert_uint_ne(s->lease, 0);
	world_reply(DP_SESSION_UP, 0);
	ck_assert_int_eq(l2tp_call_close(world.peer, world.tid, world.sid,
	    L2TP_CDN_BUSY, 0, NULL, world.now), 0);
	world_run();
	ck_assert_int_eq(n_called, 1);
	ck_assert_uint_eq(called_key, key);
	ck_assert_str_eq(called_reason, "closed by peer: result 8 (busy)");
	world_reply(DP_SESSION_DOWN, 0);
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

START_TEST(tunnel_ends_first)
{
	struct tunnel	*t = answered();

	world.peer_answers = 0;
	(void)order(t);
	(void)tun_close(t, L2TP_STOP_CLEAR, 0, NULL);
	world_run();
	ck_assert_int_eq(n_called, 1);
	ck_assert_str_ne(called_reason, "");
	world_reply(DP_TUNNEL_CLOSE, 0);
	n_called = 0;
	cannot_order(t, "the tunnel is not up");
}
END_TEST

START_TEST(dpd_refuses_the_session)
{
	(void)order(answered());
	world_reply(DP_SESSION_UP, EACCES);
	ck_assert_int_eq(n_called, 1);
	ck_assert_str_eq(called_reason, "refused by policy");
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, L2TP_CDN_TEMPORARY);
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

START_TEST(no_bearer)
{
	world.peer_bearer = 0;
	cannot_order(answered(), "the peer does not place calls");
}
END_TEST

START_TEST(nothing_to_order_with)
{
	struct tunnel	*t = dials(0, 0);

	dialled.on_demand = NULL;
	cannot_order(t, "the tunnel has no session that is on demand");
	dialled.on_demand = &on_demand;
	dialled.params.framing_caps = 0;
	cannot_order(t, "no framing in common");
	ctld.stopping = 1;
	dialled.params.framing_caps = L2TP_FRAMING_SYNC;
	cannot_order(t, "shutting down");
	ctld.stopping = 0;
	ck_assert_uint_eq(order(t)->lease, 0);
	ck_assert_uint_eq(peer_sees().framing_type, L2TP_FRAMING_SYNC);
}
END_TEST

START_TEST(no_room_to_order)
{
	struct tunnel	*t = answered();

	(void)order(t);
	(void)order(t);
	world.n_requests = 0;
	cannot_order(t, "no address is free");
	peer()->max_sessions = 2;
	cannot_order(t, "too many sessions");
	ck_assert_uint_eq(t->n_sessions, 2);
}
END_TEST

/* OCRP at once, and OCCN when the kernel has the session. */
START_TEST(lac)
{
	struct tunnel	*t = _i % 2 ? dials(1, 0) : answered();
	struct session	*s;

	if (_i % 2 == 0) {
		peer()->outgoing = 1;
		peer()->session.seqnum = peer()->session.call.sequencing = 1;
		peer()->session.call.tx_speed = 100000000;
		peer()->session.pool = NULL;
	}
	peer_orders(_i / 2 ? L2TP_FRAMING_ASYNC : 3, _i / 2 ? 64000 : 0);
	ck_assert_str_eq(peer_sees().state, "wait-connect");
	s = sess_after(0);
	ck_assert(!sess_is_lns(s));
	session_up(s, _i % 2 ? 33 : 22, 0);
	ck_assert_int_eq(world.calls_up, 0);
	world_reply(DP_SESSION_UP, 0);
	ck_assert_int_eq(world.calls_up, 1);
	ck_assert_uint_eq(peer_sees().framing_type, _i / 2 ?
	    L2TP_FRAMING_ASYNC : L2TP_FRAMING_SYNC);
	ck_assert_uint_eq(peer_sees().tx_speed, _i / 2 ? 64000 : 100000000);
	ck_assert_uint_eq(peer_sees().sequencing, _i % 2 == 0);
	session_start("", 0, _i % 2 == 0);
	ck_assert_uint_eq(t->n_sessions, 1);
}
END_TEST

/* Without "outgoing" there is no call, even if bearers are announced. */
START_TEST(lac_forbids)
{
	(void)(_i ? dials(0, 0) : answered());
	peer_orders(L2TP_FRAMING_SYNC, 0);
	world_nothing_asked();
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, L2TP_CDN_PERMANENT);
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

START_TEST(lac_has_no_room)
{
	(void)answered();
	peer()->outgoing = 1;
	peer()->max_sessions = 1;
	peer_orders(L2TP_FRAMING_SYNC, 0);
	peer_orders(L2TP_FRAMING_SYNC, 0);
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, L2TP_CDN_TEMPORARY);
	(void)world_expect(DP_SESSION_UP);
	ck_assert_uint_eq(world.n_requests, 1);
}
END_TEST

/* An outgoing call of the peer is no reason to answer incoming ones. */
START_TEST(incoming_in_a_dialled_tunnel)
{
	(void)dials(1, 0);
	world_peer_calls("1");
	world_nothing_asked();
	ck_assert_uint_eq(world.call_cause.result, L2TP_CDN_PERMANENT);
}
END_TEST

START_TEST(notices)
{
	static const struct l2tp_call_errors errors = { .crc = 1 };
	struct session	*s;

	world_start();
	world_session();
	s = sess_after(0);
	ck_assert_uint_eq(s->notices, 0);
	ck_assert_int_eq(l2tp_call_send_errors(world.peer, world.tid,
	    world.sid, &errors, world.now), 0);
	world_run();
	ck_assert_uint_eq(s->notices, 1);
	world_sleep(60000);
	ck_assert_int_eq(l2tp_call_send_errors(world.peer, world.tid,
	    world.sid, &errors, world.now), 0);
	world_run();
	ck_assert_uint_eq(s->notices, 1);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("session_call");
	TCase	*t = tcase_create("session_call");
	SRunner	*sr;
	int	 failed;

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_loop_test(t, lns, 0, 4);
	tcase_add_test(t, lns_is_refused);
	tcase_add_test(t, tunnel_ends_first);
	tcase_add_test(t, dpd_refuses_the_session);
	tcase_add_test(t, no_bearer);
	tcase_add_test(t, nothing_to_order_with);
	tcase_add_test(t, no_room_to_order);
	tcase_add_loop_test(t, lac, 0, 4);
	tcase_add_loop_test(t, lac_forbids, 0, 2);
	tcase_add_test(t, lac_has_no_room);
	tcase_add_test(t, incoming_in_a_dialled_tunnel);
	tcase_add_test(t, notices);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
