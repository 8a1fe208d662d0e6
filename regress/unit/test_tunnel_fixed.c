/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Static and quiescent tunnels: what dpd is asked for, and what follows when
 * the peer is silent, when something fails, and when they are to end.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "pw_world.h"

/* The ids are the configuration's; over IP the socket has ours. */
START_TEST(a_static_tunnel)
{
	const struct dp_tunnel_open	*open;
	const struct dp_tunnel_up	*up;
	struct tunnel			*t;

	pw_start((uint8_t)_i);
	world_dialled.mode = CONF_STATIC;
	world_dialled.tid = 1000;
	world_dialled.ptid = 2000;
	t = tun_dial(&world_dial, &pw.tunnel.path.peer);
	open = &world_expect(DP_TUNNEL_OPEN)->u.tunnel_open;
	ck_assert_uint_eq(open->rule, 31);
	ck_assert_uint_eq(open->local_tid, _i == L2TP_ENCAP_IP ? 1000 : 0);
	ck_assert_uint_eq(open->peer.port, _i == L2TP_ENCAP_IP ? 0 : 1701);
	ck_assert_uint_eq(open->peer.encap, (unsigned)_i);
	ck_assert_uint_eq(open->local.encap, (unsigned)_i);
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_int_eq(world.dial_opened, 1);
	up = &world_expect(DP_TUNNEL_UP)->u.tunnel_up;
	ck_assert_uint_eq(up->version, 3);
	ck_assert_uint_eq(up->local_tid, 1000);
	ck_assert_uint_eq(up->peer_tid, 2000);
	ck_assert_uint_eq(up->peer_port, 0);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(world.dial_up, 1);
	ck_assert_ptr_eq(tun_find(1000), t);
	pw_asked("");			/* the engine has no part in it */
}
END_TEST

static void
configure(struct conf_session *cs)
{
	cs->cookie_len = 4;
	memcpy(cs->cookie, "\1\2\3\4", 4);
	cs->peer_cookie_len = 8;
	memcpy(cs->peer_cookie, "\5\6\7\10\11\12\13\14", 8);
	cs->call.l2spec = cs->seqnum = 1;
	cs->reorder_ms = 250;
}

START_TEST(a_static_session)
{
	const struct dp_session_start	*start;
	const struct dp_session_up	*up;
	struct session			*s;

	pw_start(L2TP_ENCAP_IP);
	configure(&pw.eth);
	s = pw_place(pw_ours(CONF_STATIC));
	up = &world_expect(DP_SESSION_UP)->u.session_up;
	ck_assert_uint_eq(up->rule, 32);
	ck_assert_uint_eq(up->local_sid, 11);
	ck_assert_uint_eq(up->peer_sid, 12);
	/* "cookie" is what ours carry, "peer_cookie" what the peer's must. */
	ck_assert_uint_eq(up->cookie_len, 4);
	ck_assert_mem_eq(up->cookie, "\1\2\3\4\0\0\0\0", 8);
	ck_assert_uint_eq(up->peer_cookie_len, 8);
	ck_assert_mem_eq(up->peer_cookie, pw.eth.peer_cookie, 8);
	ck_assert_uint_eq(up->l2spec, 1);
	ck_assert_uint_eq(up->reorder_ms, 250);
	ck_assert_uint_eq(up->lns_mode, 1);
	ck_assert_uint_eq(up->mtu, 1500 - 20 - 4 - 4 - 4 - 14);
	ck_assert_str_eq(sess_state_name(s), "connecting");
	world_reply(DP_SESSION_UP, 0);
	start = &world_expect(DP_SESSION_START)->u.session_start;
	ck_assert_uint_eq(start->down, 0);
	ck_assert_uint_eq(start->send_seq, 1);
	ck_assert_uint_eq(start->recv_seq, 1);
	ck_assert_int_eq(world.call_up, 0);
	ck_assert_str_eq(sess_state_name(s), "starting");
	world_reply(DP_SESSION_START, 0);
	ck_assert_int_eq(world.call_up, 1);
	ck_assert_str_eq(sess_state_name(s), "up");
	ck_assert_str_eq(s->ifname, "l2tp-site");
	world_nothing_asked();
	pw_asked("");
}
END_TEST

/* It is begun again by dial.c, and not before dpd's side is over. */
START_TEST(a_static_tunnel_is_closed)
{
	struct tunnel	*t;

	pw_start(L2TP_ENCAP_UDP);
	t = pw_ours(CONF_STATIC);
	pw_place(t);
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	ck_assert_int_eq(tun_close(t, L2TP_STOP_CLEAR, 0, NULL), 0);
	ck_assert_int_eq(tun_close(t, L2TP_STOP_CLEAR, 0, NULL), -1);
	ck_assert_int_eq(world.call_down, 1);
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_int_eq(world.dial_event, DEV_DOWN);
	ck_assert_str_eq(world.dial_reason, "closed");
	world_reply(DP_SESSION_DOWN, 0);
	ck_assert_ptr_null(tun_dial(&world_dial, &pw.tunnel.path.peer));
	world_reply(DP_TUNNEL_CLOSE, 0);
	ck_assert_ptr_null(tun_after(0));
	ck_assert_ptr_null(sess_after(0));
	ck_assert_int_eq(world.n_sockets, 0);
	ck_assert_ptr_nonnull(tun_dial(&world_dial, &pw.tunnel.path.peer));
	pw_asked("");
}
END_TEST

START_TEST(a_static_session_is_closed)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	s = pw_place(pw_ours(CONF_STATIC));
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	ck_assert_int_eq(sess_close(s, L2TP_CDN_ADMIN, 0, NULL), 0);
	ck_assert_int_eq(sess_close(s, L2TP_CDN_ADMIN, 0, NULL), -1);
	ck_assert_int_eq(world.call_down, 1);
	/* Another one waits until this one is over. */
	pw_place(tun_after(0));
	ck_assert_uint_eq(world.n_requests, 1);
	world_reply(DP_SESSION_DOWN, 0);
	world_reply(DP_SESSION_UP, 0);
	pw_asked("");
}
END_TEST

/* The engine knows nothing of the ids that static sessions have. */
START_TEST(a_call_with_the_same_id)
{
	struct session	*fixed, *call;
	struct tunnel	*t;

	pw_start(L2TP_ENCAP_UDP);
	fixed = pw_place(pw_ours(CONF_STATIC));
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	t = pw_answered(0, 2);
	pw_icrq(t, fixed->local_sid - PW_SID, "lan");
	world_reply(DP_SESSION_UP, 0);
	call = sess_after(fixed->key);
	ck_assert_ptr_nonnull(call);
	ck_assert_uint_eq(call->local_sid, fixed->local_sid);
	ck_assert_ptr_eq(sess_find(fixed->tun, fixed->local_sid), fixed);
	ck_assert_ptr_eq(sess_find(t, call->local_sid), call);
	ck_assert_ptr_null(sess_find(fixed->tun, fixed->local_sid + 1));
	ck_assert_int_eq(sess_close(fixed, L2TP_CDN_ADMIN, 0, NULL), 0);
	ck_assert_ptr_null(sess_find(fixed->tun, fixed->local_sid));
	ck_assert_ptr_eq(sess_find(t, call->local_sid), call);
}
END_TEST

static const uint16_t	 refusals[] = {
	DP_TUNNEL_OPEN, DP_TUNNEL_UP
};

START_TEST(dpd_refuses_the_tunnel)
{
	size_t	 i;

	pw_start(L2TP_ENCAP_IP);
	world_dialled.mode = CONF_STATIC + (_i & 1);
	world_dialled.tid = 1000;
	world_dialled.ptid = 2000;
	tun_dial(&world_dial, &pw.tunnel.path.peer);
	for (i = 0; i < (size_t)_i / 2; i++)
		world_reply(refusals[i], 0);
	world_reply(refusals[i], EACCES);
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_int_eq(world.dial_up, 0);
	ck_assert_str_eq(world.dial_reason, "refused by policy");
	if (i > 0)
		world_reply(DP_TUNNEL_CLOSE, 0);
	world_nothing_asked();
	ck_assert_ptr_null(tun_after(0));
	ck_assert_int_eq(world.n_sockets, 0);
}
END_TEST

/* The peer is a name with two addresses, of which only one can be reached. */
START_TEST(the_next_address)
{
	struct l2tp_addr	 second;

	pw_start(L2TP_ENCAP_IP);
	second = pw.tunnel.path.peer;
	second.ip[3]++;
	world_dialled.mode = CONF_STATIC;
	world_dialled.tid = 1000;
	world_dialled.ptid = 2000;
	world.next_addr = &second;
	tun_dial(&world_dial, &pw.tunnel.path.peer);
	world_reply(DP_TUNNEL_OPEN, ENETUNREACH);
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_uint_eq(
	    world_expect(DP_TUNNEL_OPEN)->u.tunnel_open.peer.ip[3],
	    second.ip[3]);
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(world.dial_up, 1);
}
END_TEST

START_TEST(dpd_refuses_the_session)
{
	pw_start(L2TP_ENCAP_UDP);
	pw_place(pw_ours(CONF_STATIC));
	if (_i)
		world_reply(DP_SESSION_UP, 0);
	world_reply(_i ? DP_SESSION_START : DP_SESSION_UP, EACCES);
	ck_assert_int_eq(world.call_down, 1);
	ck_assert_str_eq(world.call_reason, "refused by policy");
	if (_i)
		world_reply(DP_SESSION_DOWN, 0);
	world_nothing_asked();
	ck_assert_ptr_null(sess_after(0));
	ck_assert_int_eq(world.dial_down, 0);
}
END_TEST

/* ---- quiescent ---- */

START_TEST(a_quiescent_tunnel)
{
	struct tunnel	*t;

	pw_start(L2TP_ENCAP_IP);
	world_dialled.mode = CONF_QUIESCENT;
	world_dialled.tid = 1000;
	world_dialled.ptid = 2000;
	t = tun_dial(&world_dial, &pw.tunnel.path.peer);
	world_reply(DP_TUNNEL_OPEN, 0);
	pw_asked("fixed 1000/2000");
	ck_assert_uint_eq(pw.path.link, t->link);
	ck_assert_uint_eq(pw.path.peer.encap, L2TP_ENCAP_IP);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(world.dial_up, 1);
	/* The first answer changes nothing. */
	pw_tunnel_says(L2TP_EV_TUNNEL_UP, t);
	world_nothing_asked();
	ck_assert_int_eq(world.dial_up, 1);
	ck_assert_int_eq(tun_close(t, L2TP_STOP_CLEAR, 0, NULL), 0);
	pw_asked("stop 1");
	world_run();
	ck_assert_int_eq(world.dial_down, 1);
	world_reply(DP_TUNNEL_CLOSE, 0);
	ck_assert_ptr_null(tun_after(0));
}
END_TEST

START_TEST(the_engine_has_no_room)
{
	pw_start(L2TP_ENCAP_IP);
	world_dialled.mode = CONF_QUIESCENT;
	world_dialled.tid = 1000;
	pw.fails = "fixed";
	tun_dial(&world_dial, &pw.tunnel.path.peer);
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_str_eq(world.dial_reason, "out of resources");
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_nothing_asked();
}
END_TEST

/* The interface stays, and is down while the peer does not answer. */
START_TEST(a_silent_peer)
{
	struct tunnel	*t;
	struct session	*s;

	pw_start(L2TP_ENCAP_IP);
	t = pw_ours(CONF_QUIESCENT);
	s = pw_place(t);
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	pw_tunnel_says(L2TP_EV_TUNNEL_SILENT, t);
	ck_assert_uint_eq(
	    world_expect(DP_SESSION_START)->u.session_start.down, 1);
	world_reply(DP_SESSION_START, 0);
	ck_assert_str_eq(sess_state_name(s), "down");
	ck_assert_str_eq(s->ifname, "l2tp-site");
	pw_tunnel_says(L2TP_EV_TUNNEL_SILENT, t);
	world_nothing_asked();
	pw_tunnel_says(L2TP_EV_TUNNEL_UP, t);
	ck_assert_uint_eq(
	    world_expect(DP_SESSION_START)->u.session_start.down, 0);
	/* What happens in the meantime is not lost. */
	pw_tunnel_says(L2TP_EV_TUNNEL_SILENT, t);
	ck_assert_uint_eq(world.n_requests, 1);
	world_reply(DP_SESSION_START, 0);
	ck_assert_uint_eq(
	    world_expect(DP_SESSION_START)->u.session_start.down, 1);
	world_reply(DP_SESSION_START, 0);
	world_nothing_asked();
	ck_assert_int_eq(world.call_down + world.dial_down, 0);
}
END_TEST

/* Its session is made, but is not up. */
START_TEST(silent_from_the_start)
{
	struct tunnel	*t;

	pw_start(L2TP_ENCAP_UDP);
	t = pw_ours(CONF_QUIESCENT);
	pw_tunnel_says(L2TP_EV_TUNNEL_SILENT, t);
	pw_place(t);
	world_reply(DP_SESSION_UP, 0);
	ck_assert_uint_eq(
	    world_expect(DP_SESSION_START)->u.session_start.down, 1);
}
END_TEST

/* Whatever is said to the peers is said by dpd's end of it. */
START_TEST(shut_down)
{
	pw_start(L2TP_ENCAP_UDP);
	pw_place(pw_ours(_i ? CONF_QUIESCENT : CONF_STATIC));
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	ctld.stopping = 1;
	tun_close_all(L2TP_STOP_SHUTDOWN);
	world_run();
	world_reply(DP_SESSION_DOWN, 0);
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_nothing_asked();
	ck_assert_ptr_null(tun_after(0));
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("tunnel_fixed");
	TCase	*tc = tcase_create("fixed");
	SRunner	*sr;
	int	 failed;

	tcase_add_loop_test(tc, a_static_tunnel, 0, 2);
	tcase_add_test(tc, a_static_session);
	tcase_add_test(tc, a_static_tunnel_is_closed);
	tcase_add_test(tc, a_static_session_is_closed);
	tcase_add_test(tc, a_call_with_the_same_id);
	tcase_add_loop_test(tc, dpd_refuses_the_tunnel, 0, 4);
	tcase_add_test(tc, the_next_address);
	tcase_add_loop_test(tc, dpd_refuses_the_session, 0, 2);
	tcase_add_test(tc, a_quiescent_tunnel);
	tcase_add_test(tc, the_engine_has_no_room);
	tcase_add_test(tc, a_silent_peer);
	tcase_add_test(tc, silent_from_the_start);
	tcase_add_loop_test(tc, shut_down, 0, 2);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
