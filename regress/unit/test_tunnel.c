/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * ctld's tunnels and their calls against a real peer engine: what is asked
 * of dpd and when, what the peer is told, and that nothing is left however
 * it ends.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctld_world.h"
#include "peer.h"
#include "session.h"
#include "tunnel.h"

/* ---- answering ---- */

START_TEST(nothing_is_asked_before_scccn)
{
	world_start();
	world.deaf = 1;			/* the SCCRP does not arrive */
	world_peer_dials("branch-1");
	ck_assert_ptr_nonnull(tun_after(0));
	world_nothing_asked();
	world.deaf = 0;
	world_sleep(1100);
	world_expect(DP_TUNNEL_OPEN);
	ck_assert_uint_eq(world.n_requests, 1);
}
END_TEST

/* v2-5.0-02: no pppd, and so no frame, before the call is up. */
START_TEST(a_call_comes_up)
{
	const struct dpmsg	*m;
	const struct session	*s;
	const struct tunnel	*t;

	world_start();
	world_peer_dials("branch-1");
	m = world_expect(DP_TUNNEL_OPEN);
	ck_assert_uint_eq(m->u.tunnel_open.rule, 21);
	ck_assert_uint_eq(m->u.tunnel_open.local.port, 1701);
	ck_assert_uint_eq(m->u.tunnel_open.peer.ip[3], 2);
	world_reply(DP_TUNNEL_OPEN, 0);
	t = tun_after(0);
	m = world_expect(DP_TUNNEL_UP);
	ck_assert_uint_eq(m->u.tunnel_up.local_tid, t->local_tid);
	ck_assert_uint_eq(m->u.tunnel_up.peer_tid, world.tid);
	ck_assert_uint_eq(m->u.tunnel_up.version, 2);
	world_reply(DP_TUNNEL_UP, 0);
	world_nothing_asked();

	world_peer_calls("+49 (89) 1;2");
	m = world_expect(DP_SESSION_UP);
	ck_assert_uint_eq(m->u.session_up.rule, 22);
	ck_assert_uint_eq(m->u.session_up.peer_sid, world.sid);
	ck_assert_uint_eq(m->u.session_up.mtu, 1400);
	ck_assert_uint_eq(m->u.session_up.lns_mode, 1);
	ck_assert_int_eq(world.calls_up, 0);	/* no ICRP yet */
	world_reply(DP_SESSION_UP, 0);
	ck_assert_int_eq(world.calls_up, 1);
	m = world_expect(DP_SESSION_START);
	ck_assert_uint_eq(m->u.session_start.peer_ip, WORLD_IP(2));
	ck_assert_str_eq(m->u.session_start.number, "+498912");
	ck_assert_uint_eq(m->u.session_start.send_seq, 0);
	world_reply(DP_SESSION_START, 0);

	s = sess_after(0);
	ck_assert_str_eq(sess_state_name(s), "starting");
	world_pppd_up();
	ck_assert_str_eq(sess_state_name(s), "up");
	ck_assert_str_eq(s->user, "alice");
	ck_assert_str_eq(s->ifname, "ppp1000");
	ck_assert_uint_eq(s->local_ip, WORLD_IP(1));
	ck_assert_uint_eq(s->peer_ip, WORLD_IP(2));
}
END_TEST

START_TEST(a_call_waits_for_the_kernels_tunnel)
{
	world_start();
	world_peer_dials("branch-1");
	world_peer_calls("1");
	world_expect(DP_TUNNEL_OPEN);
	ck_assert_uint_eq(world.n_requests, 1);
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_uint_eq(world.n_requests, 1);
	world_reply(DP_TUNNEL_UP, 0);
	world_expect(DP_SESSION_UP);
}
END_TEST

START_TEST(no_peer_matches)
{
	world_start();
	world_peer_dials("stranger");
	world_nothing_asked();
	ck_assert_int_eq(world.tunnels_down, 1);
	ck_assert_uint_eq(world.tunnel_cause.result, 4);
	ck_assert_str_eq(world.tunnel_cause.text, "no peer matches");
	ck_assert_uint_eq(ctld.n_unmatched, 1);
	world_all_gone();
}
END_TEST

START_TEST(too_many_tunnels)
{
	int	 i;

	world_start();
	for (i = 0; i < 2; i++) {
		world_peer_dials("branch-1");
		world_reply(DP_TUNNEL_OPEN, 0);
		world_reply(DP_TUNNEL_UP, 0);
	}
	world_peer_dials("branch-1");
	world_nothing_asked();
	ck_assert_int_eq(world.tunnels_down, 1);
	ck_assert_uint_eq(world.tunnel_cause.result, 2);
	ck_assert_uint_eq(world.tunnel_cause.error, 4);
}
END_TEST

START_TEST(too_often_is_not_answered)
{
	world_start();
	peer_limit_init(1, 1);
	world_peer_dials("stranger");
	ck_assert_int_eq(world.tunnels_down, 1);
	world_peer_dials("stranger");
	ck_assert_int_eq(world.tunnels_down, 1);
	ck_assert_uint_eq(ctld.n_limited, 1);
	/* Its retransmission is, when there is room again. */
	world_sleep(1100);
	ck_assert_int_eq(world.tunnels_down, 2);
}
END_TEST

START_TEST(the_pool_is_exhausted)
{
	int	 i;

	world_start();
	world_session();
	for (i = 0; i < 2; i++) {
		world_peer_calls("1");
		if (i == 0) {
			world_reply(DP_SESSION_UP, 0);
			world_reply(DP_SESSION_START, 0);
		}
	}
	world_nothing_asked();
	ck_assert_int_eq(world.calls_up, 2);
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, 4);
	ck_assert_str_eq(world.call_cause.text, "no address is free");
	ck_assert_ptr_null(TAILQ_NEXT(TAILQ_NEXT(sess_after(0), all), all));
}
END_TEST

START_TEST(cdn_and_then_the_address)
{
	uint32_t	 leased, size;

	world_start();
	world_session();
	l2tp_call_close(world.peer, world.tid, world.sid, 1, 0, NULL,
	    world.now);
	world_run();
	world_expect(DP_SESSION_DOWN);
	peer_pools(&leased, &size);
	ck_assert_uint_eq(leased, 1);	/* until pppd is gone */
	world_reply(DP_SESSION_DOWN, 0);
	peer_pools(&leased, &size);
	ck_assert_uint_eq(leased, 0);
	ck_assert_ptr_null(sess_after(0));
	ck_assert_ptr_nonnull(tun_after(0));
}
END_TEST

START_TEST(stopccn_takes_the_sessions_first)
{
	struct l2tp_tunnel_info	 info;

	world_start();
	world_session();
	l2tp_tunnel_close(world.peer, world.tid, 1, 0, NULL, world.now);
	world_run();
	world_expect(DP_SESSION_DOWN);
	ck_assert_uint_eq(world.n_requests, 1);
	world_reply(DP_SESSION_DOWN, 0);
	world_reply(DP_TUNNEL_CLOSE, 0);
	/* A repeated StopCCN is acknowledged through the listener. */
	ck_assert_int_eq(world.n_sockets, 0);
	ck_assert_int_eq(tun_is_over(tun_after(0)), 1);
	ck_assert_int_eq(l2tp_tunnel_get(ctld.engine,
	    tun_after(0)->local_tid, &info), 0);
	ck_assert_uint_eq(info.path.link, 0);
	world_sleep(20000);
	ck_assert_ptr_nonnull(tun_after(0));
	world_all_gone();
}
END_TEST

START_TEST(tunnel_open_refused)
{
	world_start();
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, EACCES);
	ck_assert_int_eq(world.tunnels_down, 1);
	ck_assert_uint_eq(world.tunnel_cause.result, 2);
	ck_assert_uint_eq(world.tunnel_cause.error, 4);
	world_all_gone();
}
END_TEST

START_TEST(tunnel_up_refused)
{
	world_start();
	world_peer_dials("branch-1");
	world_peer_calls("1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, EEXIST);
	ck_assert_int_eq(world.tunnels_down, 1);
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

START_TEST(pppd_ends)
{
	static const struct {
		int		 status;	/* as of wait() */
		uint16_t	 result;
	} rows[] = {
		{ 0, 3 }, { 5 << 8, 3 }, { 11 << 8, 3 }, { 15 << 8, 1 },
		{ 16 << 8, 1 }, { 2 << 8, 5 }, { 1 << 8, 4 }, { 99 << 8, 4 },
		{ 9, 4 }
	};

	world_start();
	world_session();
	world_pppd_up();
	world_pppd_down(rows[_i].status);
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, rows[_i].result);
	world_reply(DP_SESSION_DOWN, 0);
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

/*
 * The peer goes while the n-th request is with dpd; what was asked for is
 * undone when the answer comes, whichever it is.
 */
START_TEST(peer_goes_at_any_time)
{
	static const uint16_t	 order[] = {
		DP_TUNNEL_OPEN, DP_TUNNEL_UP, DP_SESSION_UP, DP_SESSION_START
	};
	int	 stage = _i / 4, refused = _i & 1, whole = _i & 2, i;

	world_start();
	world_peer_dials("branch-1");
	world_peer_calls("1");
	for (i = 0; i < stage; i++)
		world_reply(order[i], 0);
	if (whole)
		l2tp_tunnel_close(world.peer, world.tid, 1, 0, NULL,
		    world.now);
	else
		l2tp_call_close(world.peer, world.tid, world.sid, 1, 0, NULL,
		    world.now);
	world_run();
	ck_assert_uint_eq(world.n_requests, 1);
	world_reply(order[stage], refused ? EIO : 0);
	if (!whole)
		l2tp_tunnel_close(world.peer, world.tid, 1, 0, NULL,
		    world.now);
	world_run();
	while (world.n_requests > 0)
		world_reply(world.requests[0].m.type, 0);
	world_all_gone();
}
END_TEST

START_TEST(closed_by_us)
{
	world_start();
	world_session();
	ck_assert_int_eq(sess_close(sess_after(0), L2TP_CDN_ADMIN, 0, NULL),
	    0);
	ck_assert_ptr_eq(sess_find(tun_after(0), sess_after(0)->local_sid),
	    sess_after(0));
	world_run();
	ck_assert_uint_eq(world.call_cause.result, 3);
	ck_assert_int_eq(sess_close(sess_after(0), L2TP_CDN_ADMIN, 0, NULL),
	    -1);
	world_reply(DP_SESSION_DOWN, 0);
	ck_assert_int_eq(tun_close(tun_after(0), L2TP_STOP_CLEAR, 0, NULL), 0);
	world_run();
	ck_assert_uint_eq(world.tunnel_cause.result, 1);
	ck_assert_int_eq(tun_close(tun_after(0), L2TP_STOP_CLEAR, 0, NULL),
	    -1);
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

/* RFC 2661 section 4.4.2: result 6 */
START_TEST(shutdown_tells_all)
{
	world_start();
	world_session();
	world_peer_dials("branch-2");
	ctld.stopping = 1;
	tun_close_all(L2TP_STOP_SHUTDOWN);
	world_run();
	ck_assert_int_eq(world.tunnels_down, 2);
	ck_assert_uint_eq(world.tunnel_cause.result, 6);
	world_sleep(200);		/* acknowledgements are delayed */
	ck_assert_int_eq(l2tp_quiet(ctld.engine), 1);
	/* And takes nothing new. */
	world_peer_dials("branch-3");
	world_sleep(3000);
	ck_assert_int_eq(world.tunnels_up, 2);
}
END_TEST

/* ---- placing ---- */

/* v2-5.4-03 */
START_TEST(a_call_is_placed)
{
	const struct dpmsg	*m;

	world_start();
	ck_assert_ptr_nonnull(tun_dial(&world_dial, &world_lns));
	m = world_expect(DP_TUNNEL_OPEN);
	ck_assert_uint_eq(m->u.tunnel_open.rule, 31);
	ck_assert_uint_eq(m->u.tunnel_open.local.port, 0);
	world_run();
	ck_assert_int_eq(world.tunnels_up, 0);
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_int_eq(world.dial_opened, 1);
	ck_assert_int_eq(world.tunnels_up, 1);
	ck_assert_int_eq(world.dial_up, 0);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(world.dial_up, 1);
	ck_assert_ptr_nonnull(sess_dial(tun_after(0), &world_call));
	world_run();
	m = world_expect(DP_SESSION_UP);
	ck_assert_uint_eq(m->u.session_up.rule, 32);
	ck_assert_uint_eq(m->u.session_up.lns_mode, 0);
	ck_assert_int_eq(world.calls_up, 0);	/* no ICCN yet */
	world_reply(DP_SESSION_UP, 0);
	ck_assert_int_eq(world.calls_up, 1);
	m = world_expect(DP_SESSION_START);
	ck_assert_uint_eq(m->u.session_start.peer_ip, 0);
	ck_assert_str_eq(m->u.session_start.number, "");
	world_reply(DP_SESSION_START, 0);
	world_pppd_up();
	ck_assert_int_eq(world.call_up, 1);
}
END_TEST

START_TEST(reasons_why_not)
{
	static const struct {
		int		 err;
		const char	*reason;
	} rows[] = {
		{ EACCES, "refused by policy" },
		{ EHOSTUNREACH, "host unreachable" },
		{ ENETUNREACH, "network unreachable" },
		{ EADDRINUSE, "kernel refused: Address already in use" }
	};

	world_start();
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, rows[_i].err);
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_str_eq(world.dial_reason, rows[_i].reason);
	world_all_gone();
}
END_TEST

START_TEST(no_reply)
{
	world_start();
	world.deaf = 1;
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	world_sleep(60000);
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_str_eq(world.dial_reason, "no reply");
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

START_TEST(refused_by_the_peer)
{
	world_start();
	world.peer_answers = 0;
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	/* The peer's engine has it as its only tunnel. */
	for (world.tid = 1; l2tp_tunnel_reject(world.peer, world.tid, 4, 0,
	    "\033[2Jgo away", world.now) == -1; world.tid++)
		ck_assert_uint_lt(world.tid, 65536);
	world_run();
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_str_eq(world.dial_reason, "closed by peer: result 4 "
	    "(not authorized): \\033[2Jgo away");
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

START_TEST(tunnel_goes_with_its_call)
{
	world_place();
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	l2tp_tunnel_close(world.peer, world.tid, 6, 0, NULL, world.now);
	world_run();
	ck_assert_int_eq(world.call_down, 1);
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_str_eq(world.dial_reason,
	    "closed by peer: result 6 (shutting down)");
	world_reply(DP_SESSION_DOWN, 0);
	world_reply(DP_TUNNEL_CLOSE, 0);
	/* This socket is all that there is to acknowledge through. */
	ck_assert_int_eq(world.n_sockets, 1);
	world_sleep(20000);
	ck_assert_int_eq(world.n_sockets, 1);
	world_all_gone();
}
END_TEST

/* v2-5.6-02, v2-7.6-02, v3-7.5-02 */
START_TEST(call_ends_with_pppd)
{
	world_place();
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	world_pppd_down(19 << 8);
	ck_assert_int_eq(world.call_down, 1);
	ck_assert_str_eq(world.call_reason, "authentication failed");
	ck_assert_int_eq(world.dial_down, 0);
	world_reply(DP_SESSION_DOWN, 0);
	ck_assert_ptr_null(sess_after(0));
	ck_assert_ptr_nonnull(tun_after(0));
}
END_TEST

START_TEST(dialling_stops_with_the_daemon)
{
	world_start();
	tun_dial(&world_dial, &world_lns);
	ctld.stopping = 1;
	tun_close_all(L2TP_STOP_SHUTDOWN);
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_int_eq(world.tunnels_up, 0);
	ck_assert_int_eq(world.dial_down, 1);
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("tunnel");
	TCase	*tc = tcase_create("tunnel");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, nothing_is_asked_before_scccn);
	tcase_add_test(tc, a_call_comes_up);
	tcase_add_test(tc, a_call_waits_for_the_kernels_tunnel);
	tcase_add_test(tc, no_peer_matches);
	tcase_add_test(tc, too_many_tunnels);
	tcase_add_test(tc, too_often_is_not_answered);
	tcase_add_test(tc, the_pool_is_exhausted);
	tcase_add_test(tc, cdn_and_then_the_address);
	tcase_add_test(tc, stopccn_takes_the_sessions_first);
	tcase_add_test(tc, tunnel_open_refused);
	tcase_add_test(tc, tunnel_up_refused);
	tcase_add_loop_test(tc, pppd_ends, 0, 9);
	tcase_add_loop_test(tc, peer_goes_at_any_time, 0, 16);
	tcase_add_test(tc, closed_by_us);
	tcase_add_test(tc, shutdown_tells_all);
	tcase_add_test(tc, a_call_is_placed);
	tcase_add_loop_test(tc, reasons_why_not, 0, 4);
	tcase_add_test(tc, no_reply);
	tcase_add_test(tc, refused_by_the_peer);
	tcase_add_test(tc, tunnel_goes_with_its_call);
	tcase_add_test(tc, call_ends_with_pppd);
	tcase_add_test(tc, dialling_stops_with_the_daemon);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
