/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnels that ctld dials: their ports and sockets, the peer that calls us
 * at the same time, and the peer that sends us to another one.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "ctld_world.h"
#include "tunnel.h"

/* v2-8.1-03: the socket is connected to where the answer came from. */
START_TEST(answer_from_another_port)
{
	const struct dpmsg	*m;

	world_start();
	tun_dial(&world_dial, &world_lns);
	m = world_expect(DP_TUNNEL_OPEN);
	ck_assert_uint_eq(m->u.tunnel_open.peer.port, 0);
	ck_assert_uint_eq(m->u.tunnel_open.peer.ip[3], world_lns.ip[3]);
	world.answer_port = 5000;
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_uint_eq(tun_after(0)->remote.port, 5000);
	m = world_expect(DP_TUNNEL_UP);
	ck_assert_uint_eq(m->u.tunnel_up.peer_port, 5000);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(world.dial_up, 1);
}
END_TEST

START_TEST(strict_port)
{
	const struct dpmsg	*m;

	world_start();
	world_dialled.params.strict_port = 1;
	tun_dial(&world_dial, &world_lns);
	m = world_expect(DP_TUNNEL_OPEN);
	ck_assert_uint_eq(m->u.tunnel_open.peer.port, 1701);
	world.answer_port = _i ? 5000 : 1701;
	world_reply(DP_TUNNEL_OPEN, 0);
	if (_i) {
		world_nothing_asked();
		return;
	}
	m = world_expect(DP_TUNNEL_UP);
	ck_assert_uint_eq(m->u.tunnel_up.peer_port, 0);
}
END_TEST

/* Who calls us has a port, from which it has proved to be. */
START_TEST(answered_ones_are_connected)
{
	const struct dpmsg	*m;

	world_start();
	world_peer_dials("branch-1");
	m = world_expect(DP_TUNNEL_OPEN);
	ck_assert_uint_eq(m->u.tunnel_open.peer.port, 1701);
	world_reply(DP_TUNNEL_OPEN, 0);
	m = world_expect(DP_TUNNEL_UP);
	ck_assert_uint_eq(m->u.tunnel_up.peer_port, 0);
}
END_TEST

/* With the port of a listener, which answers what is not for the tunnel. */
START_TEST(beside_a_listener)
{
	world_start();
	world_dialled.listen = _i ? &world_listener : NULL;
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_uint_eq(world.listener, _i ? 0 : NET_NO_LINK);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(tun_close(tun_after(0), L2TP_STOP_CLEAR, 0, NULL), 0);
	world_run();
	world_reply(DP_TUNNEL_CLOSE, 0);
	/* Then the listener's socket is enough for what is left to say. */
	ck_assert_int_eq(world.n_sockets, _i ? 0 : 1);
	world_all_gone();
}
END_TEST

START_TEST(no_way_to_the_peer)
{
	world_start();
	world.deaf = 1;
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	/* Anybody could have sent that. */
	world.net_error(world.net_key, EHOSTUNREACH, 0);
	world_run();
	ck_assert_int_eq(world.dial_down, 0);
	world.net_error(world.net_key, ENETUNREACH, 1);
	world_run();
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_int_eq(world.dial_event, DEV_DOWN);
	ck_assert_str_eq(world.dial_reason, "network unreachable");
	world.net_error(world.net_key, ENETUNREACH, 1);
	ck_assert_int_eq(world.dial_down, 1);
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
	/* Of nobody any more. */
	world.net_error(world.net_key, ENETUNREACH, 1);
}
END_TEST

START_TEST(no_way_for_a_while)
{
	(void)world_place();
	world.net_error(world.net_key, ENETUNREACH, 1);
	world_run();
	ck_assert_int_eq(world.dial_down, 0);
}
END_TEST

static const struct {
	uint8_t	 ours, peers, version;		/* 0: none in common */
} versions[] = {
	{ L2TP_V2, L2TP_V2, 2 }, { L2TP_V3, L2TP_V3, 3 },
	{ L2TP_V2 | L2TP_V3, L2TP_V2, 2 },
	{ L2TP_V2 | L2TP_V3, L2TP_V2 | L2TP_V3, 3 }, { L2TP_V3, L2TP_V2, 0 },
	{ L2TP_V2, L2TP_V3, 0 }
};
#define N_VERSIONS	((int)(sizeof(versions) / sizeof(*versions)))

/* v3-4.7.3-02: the peer's answer says which one it is. */
START_TEST(version)
{
	world.versions = versions[_i].ours;
	world.peer_versions = versions[_i].peers;
	world_start();
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	if (versions[_i].version == 0) {
		world_sleep(120000);
		ck_assert_int_eq(world.dial_down, 1);
		return;
	}
	ck_assert_uint_eq(world_expect(DP_TUNNEL_UP)->u.tunnel_up.version,
	    versions[_i].version);
	ck_assert_uint_eq(tun_after(0)->version, versions[_i].version);
}
END_TEST

START_TEST(version_of_a_caller)
{
	world.versions = versions[_i].peers;
	world.peer_versions = versions[_i].ours;
	world_start();
	world_peer_dials("branch-1");
	if (versions[_i].version == 0) {
		world_sleep(120000);
		world_nothing_asked();
		return;
	}
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_uint_eq(world_expect(DP_TUNNEL_UP)->u.tunnel_up.version,
	    versions[_i].version);
}
END_TEST

/* Against a peer that has the same ids, the other way round; 4.2. */
START_TEST(quiescent)
{
	struct l2tp_path	 path = { world_lns, world_ours, 77 };
	struct tunnel		*t;

	world_start();
	world_dialled.mode = CONF_QUIESCENT;
	world_dialled.tid = 1000;
	world_dialled.ptid = 2000;
	t = tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(world.dial_up, 1);
	/* Nobody is there, but nobody says that it is not. */
	world_sleep(20000);
	ck_assert_int_eq(t->silent, 0);
	world_sleep(200000);
	ck_assert_int_eq(t->silent, 1);
	ck_assert_int_eq(l2tp_tunnel_fixed(world.peer, &path,
	    &world_dialled.params, NULL, world.now, 2000, 1000), 0);
	world_sleep(120000);
	ck_assert_int_eq(t->silent, 0);
	world_sleep(3600000);
	ck_assert_int_eq(t->silent, 0);
	world.deaf = 1;
	world_sleep(200000);
	ck_assert_int_eq(t->silent, 1);
	ck_assert_int_eq(world.dial_down, 0);
	ck_assert_int_eq(tun_close(t, L2TP_STOP_CLEAR, 0, NULL), 0);
	world_run();
	world_reply(DP_TUNNEL_CLOSE, 0);
	ck_assert_int_eq(world.dial_down, 1);
	world_all_gone();
}
END_TEST

static const struct verdict {
	uint16_t	 result, error;
	enum dial_event	 event;
} verdicts[] = {
	{ 2, 7, DEV_ANOTHER }, { 2, 4, DEV_DOWN }, { 4, 0, DEV_DOWN },
	{ 6, 7, DEV_DOWN }
};

/* v2-4.4.2-11: only this error code sends us away. */
START_TEST(stopccn)
{
	const struct verdict	*v = &verdicts[_i];

	world_start();
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	l2tp_tunnel_close(world.peer, world.tid, v->result, v->error, NULL,
	    world.now);
	world_run();
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_int_eq(world.dial_event, v->event);
}
END_TEST

START_TEST(cdn)
{
	const struct verdict	*v = &verdicts[_i];

	(void)world_place();
	world_reply(DP_SESSION_UP, 0);
	l2tp_call_close(world.peer, world.tid, world.sid, v->result, v->error,
	    NULL, world.now);
	world_run();
	ck_assert_int_eq(world.call_down, 1);
	ck_assert_int_eq(world.call_another, v->event == DEV_ANOTHER);
}
END_TEST

START_TEST(abandoned)
{
	world_start();
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	tun_abandon(tun_after(0));
	world_run();
	ck_assert_int_eq(world.tunnels_down, 1);
	ck_assert_int_eq(world.dial_down, 0);
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

/* v2-4.4.3-11: our attempt ends, and the peer's goes on. */
START_TEST(lost_tie)
{
	const struct tunnel	*t;

	world_start();
	world.deaf = 1;
	world.peer_ties = 1;
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	ck_assert_int_eq(tun_answered(&world_lns), 0);
	world_peer_dials("branch-1");
	ck_assert_int_eq(world.dial_down, 1);
	ck_assert_int_eq(world.dial_event, DEV_YIELDED);
	ck_assert_str_eq(world.dial_reason,
	    "the peer called at the same time: lost the tie");
	world_reply(DP_TUNNEL_CLOSE, 0);
	world.deaf = 0;
	world_sleep(1100);
	t = tun_after(0);
	ck_assert_ptr_null(t->dialled);
	ck_assert_int_eq(tun_answered(&world_lns), 1);
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_uint_eq(world.rival_gone.family, 0);
	l2tp_tunnel_close(world.peer, world.tid, 1, 0, NULL, world.now);
	world_run();
	ck_assert_mem_eq(world.rival_gone.ip, world_lns.ip,
	    sizeof(world_lns.ip));
	ck_assert_int_eq(tun_answered(&world_lns), 0);
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

/* v2-4.4.3-13: with a tie breaker of ours alone, we win. */
START_TEST(won_tie)
{
	world_start();
	world.deaf = 1;
	world_dialled.params.tie_breaker = 1;
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	world_peer_dials("branch-1");
	ck_assert_int_eq(world.dial_down, 0);
	ck_assert_ptr_null(tun_after(tun_after(0)->key));
	world.deaf = 0;
	world_sleep(1100);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(world.dial_up, 1);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("tunnel_out");
	TCase	*tc = tcase_create("tunnel_out");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, answer_from_another_port);
	tcase_add_loop_test(tc, strict_port, 0, 2);
	tcase_add_test(tc, answered_ones_are_connected);
	tcase_add_loop_test(tc, beside_a_listener, 0, 2);
	tcase_add_test(tc, no_way_to_the_peer);
	tcase_add_loop_test(tc, version, 0, N_VERSIONS);
	tcase_add_loop_test(tc, version_of_a_caller, 0, N_VERSIONS);
	tcase_add_test(tc, quiescent);
	tcase_add_test(tc, no_way_for_a_while);
	tcase_add_loop_test(tc, stopccn, 0, 4);
	tcase_add_loop_test(tc, cdn, 0, 4);
	tcase_add_test(tc, abandoned);
	tcase_add_test(tc, lost_tie);
	tcase_add_test(tc, won_tie);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
