/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * L2TPv3 over IP and beside it over UDP: when the sockets of control
 * connections are made, and with which id.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "pw_world.h"

/* Nothing but memory until the address is proved; over IP, its socket. */
START_TEST(a_sccrq_over_udp)
{
	struct tunnel	*t;

	pw_start(L2TP_ENCAP_UDP);
	pw_sccrq(0, 2);
	pw_asked("accept 0");
	world_nothing_asked();
	t = tun_find(PW_TID);
	pw_tunnel_says(L2TP_EV_TUNNEL_UP, t);
	ck_assert_uint_eq(
	    world_expect(DP_TUNNEL_OPEN)->u.tunnel_open.local_tid, 0);
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_uint_eq(world.encap, L2TP_ENCAP_UDP);
	ck_assert_uint_eq(world.listener, WORLD_LISTENER);
	ck_assert_uint_eq(world_expect(DP_TUNNEL_UP)->u.tunnel_up.version, 3);
}
END_TEST

START_TEST(a_sccrq_over_ip)
{
	const struct dp_tunnel_open	*open;
	struct tunnel			*t;

	pw_start(L2TP_ENCAP_IP);
	pw_sccrq(0, 2);
	pw_asked("");
	open = &world_expect(DP_TUNNEL_OPEN)->u.tunnel_open;
	ck_assert_uint_eq(open->rule, 21);
	ck_assert_uint_eq(open->local_tid, PW_TID);
	ck_assert_uint_eq(open->local.encap, L2TP_ENCAP_IP);
	ck_assert_uint_eq(open->peer.encap, L2TP_ENCAP_IP);
	ck_assert_uint_eq(open->peer.port, 0);
	world_reply(DP_TUNNEL_OPEN, 0);
	pw_asked("accept 0; link");
	ck_assert_uint_eq(world.encap, L2TP_ENCAP_IP);
	ck_assert_uint_eq(world.listener, NET_NO_LINK);
	world_nothing_asked();
	t = tun_find(PW_TID);
	pw_tunnel_says(L2TP_EV_TUNNEL_UP, t);
	ck_assert_uint_eq(world_expect(DP_TUNNEL_UP)->u.tunnel_up.local_tid,
	    PW_TID);
	world_reply(DP_TUNNEL_UP, 0);
	/* Only its own socket can hear what is still to be acknowledged. */
	pw_tunnel_says(L2TP_EV_TUNNEL_DOWN, t);
	world_reply(DP_TUNNEL_CLOSE, 0);
	ck_assert_int_eq(world.n_sockets, 1);
	pw_tunnel_says(L2TP_EV_TUNNEL_GONE, t);
	ck_assert_int_eq(world.n_sockets, 0);
	ck_assert_ptr_null(tun_after(0));
}
END_TEST

START_TEST(no_socket)
{
	pw_start(L2TP_ENCAP_IP);
	pw_sccrq(0, 2);
	world_reply(DP_TUNNEL_OPEN, EDQUOT);
	pw_asked("reject 0 2/4");
	ck_assert_ptr_null(tun_after(0));
}
END_TEST

/* It was half-open for too long, or others were newer. */
START_TEST(the_engine_has_dropped_it)
{
	pw_start(L2TP_ENCAP_IP);
	pw_sccrq(0, 2);
	pw.fails = "accept";
	world_reply(DP_TUNNEL_OPEN, 0);
	pw_asked("accept 0; ignore 0");
	ck_assert_int_eq(world.n_sockets, 0);
	world_reply(DP_TUNNEL_CLOSE, 0);
	ck_assert_ptr_null(tun_after(0));
}
END_TEST

START_TEST(it_does_not_complete)
{
	struct tunnel	*t;

	pw_start(L2TP_ENCAP_IP);
	pw_sccrq(0, 2);
	world_reply(DP_TUNNEL_OPEN, 0);
	t = tun_find(PW_TID);
	pw_tunnel_says(L2TP_EV_TUNNEL_DOWN, t);
	world_reply(DP_TUNNEL_CLOSE, 0);
	pw_tunnel_says(L2TP_EV_TUNNEL_GONE, t);
	ck_assert_ptr_null(tun_after(0));
	ck_assert_int_eq(world.n_sockets, 0);
}
END_TEST

START_TEST(strangers_have_no_socket)
{
	pw_start(L2TP_ENCAP_IP);
	pw.peer.from[0].len = 32;
	memcpy(pw.peer.from[0].addr.ip, world_lns.ip, 4);
	pw_sccrq(0, 99);
	world_nothing_asked();
	pw_asked("reject 0 4/0");
	pw_sccrq(1, world_lns.ip[3]);
	ck_assert_uint_eq(world.n_requests, 1);
}
END_TEST

START_TEST(too_many_tunnels)
{
	pw_start(L2TP_ENCAP_IP);
	pw.peer.max_tunnels = 1;
	pw_answered(0, 2);
	pw_sccrq(1, 2);
	pw_asked("reject 1 2/4");
	world_nothing_asked();
}
END_TEST

/* A flood waits for dpd no more than so much. */
START_TEST(too_many_wait)
{
	uint32_t	 i;

	pw_start(L2TP_ENCAP_IP);
	for (i = 0; i < TUN_MAX_OFFERED; i++) {
		pw_sccrq(i, 2);
		/* dpd's answer is late: the world's table is small. */
		world.n_requests = 1;
	}
	pw_asked("");
	pw_sccrq(i, 2);
	pw_asked("ignore 256");
	ck_assert_uint_eq(ctld.n_limited, 1);
	world_reply(DP_TUNNEL_OPEN, 0);
	pw_asked("accept 0; link");
	pw_sccrq(i, 2);
	ck_assert_uint_eq(world.n_requests, 1);
}
END_TEST

START_TEST(shutting_down)
{
	pw_start(L2TP_ENCAP_IP);
	pw_sccrq(0, 2);
	ctld.stopping = 1;
	world_reply(DP_TUNNEL_OPEN, 0);
	pw_asked("reject 0 2/4");
	world_reply(DP_TUNNEL_CLOSE, 0);
	ck_assert_ptr_null(tun_after(0));
}
END_TEST

/* The socket has the id before the engine has. */
START_TEST(we_dial)
{
	struct tunnel	*t;
	uint32_t	 tid;

	pw_start((uint8_t)_i);
	t = tun_dial(&world_dial, &pw.tunnel.path.peer);
	tid = world_expect(DP_TUNNEL_OPEN)->u.tunnel_open.local_tid;
	ck_assert_int_eq(tid != 0, _i == L2TP_ENCAP_IP);
	world_reply(DP_TUNNEL_OPEN, 0);
	pw_asked(_i == L2TP_ENCAP_IP ? "open with this id" :
	    "open with any id");
	ck_assert_uint_eq(t->local_tid, _i == L2TP_ENCAP_IP ? tid : PW_TID);
	ck_assert_uint_eq(pw.path.link, t->link);
	ck_assert_uint_eq(pw.path.local.encap, (unsigned)_i);
	pw_tunnel_says(L2TP_EV_TUNNEL_UP, t);
	ck_assert_uint_eq(world_expect(DP_TUNNEL_UP)->u.tunnel_up.version, 3);
	ck_assert_uint_eq(world_expect(DP_TUNNEL_UP)->u.tunnel_up.peer_port,
	    _i == L2TP_ENCAP_IP ? 0 : 1701);
}
END_TEST

/* A listener over IP hears nothing that has the id of a tunnel. */
START_TEST(beside_a_listener)
{
	struct tunnel	*t;

	pw_start((uint8_t)_i);
	world_dialled.listen = &world_listener;
	t = pw_ours(CONF_DIAL);
	ck_assert_uint_eq(world.listener, _i == L2TP_ENCAP_IP ? NET_NO_LINK :
	    WORLD_LISTENER);
	pw_tunnel_says(L2TP_EV_TUNNEL_DOWN, t);
	world_reply(DP_TUNNEL_CLOSE, 0);
	pw_asked(_i == L2TP_ENCAP_IP ? "" : "link");
	ck_assert_int_eq(world.n_sockets, _i == L2TP_ENCAP_IP);
	pw_tunnel_says(L2TP_EV_TUNNEL_GONE, t);
	ck_assert_int_eq(world.n_sockets, 0);
}
END_TEST

START_TEST(the_id_is_taken)
{
	pw_start(L2TP_ENCAP_IP);
	pw.fails = "open";
	tun_dial(&world_dial, &pw.tunnel.path.peer);
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_int_eq(world.dial_down, 1);
	world_reply(DP_TUNNEL_CLOSE, 0);
	ck_assert_ptr_null(tun_after(0));
}
END_TEST

/* RFC 3931 section 4.7.3: the peer speaks L2TPv2 only. */
START_TEST(fallback)
{
	struct tunnel	*t;

	pw_start(L2TP_ENCAP_UDP);
	pw.tunnel.version = 2;
	t = tun_dial(&world_dial, &pw.tunnel.path.peer);
	world_reply(DP_TUNNEL_OPEN, 0);
	pw_tunnel_says(L2TP_EV_TUNNEL_UP, t);
	ck_assert_uint_eq(world_expect(DP_TUNNEL_UP)->u.tunnel_up.version, 2);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("over_ip");
	TCase	*tc = tcase_create("over_ip");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, a_sccrq_over_udp);
	tcase_add_test(tc, a_sccrq_over_ip);
	tcase_add_test(tc, no_socket);
	tcase_add_test(tc, the_engine_has_dropped_it);
	tcase_add_test(tc, it_does_not_complete);
	tcase_add_test(tc, strangers_have_no_socket);
	tcase_add_test(tc, too_many_tunnels);
	tcase_add_test(tc, too_many_wait);
	tcase_add_test(tc, shutting_down);
	tcase_add_loop_test(tc, we_dial, 0, 2);
	tcase_add_loop_test(tc, beside_a_listener, 0, 2);
	tcase_add_test(tc, the_id_is_taken);
	tcase_add_test(tc, fallback);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
