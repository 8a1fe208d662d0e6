/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Ethernet pseudowires between ctld and a peer, both with the real engine:
 * what the one has the kernel demand is what the other has it send.
 */
#include <check.h>
#include <string.h>

#include "ctld_world.h"
#include "session.h"
#include "tunnel.h"

static struct conf_session		 lan;
static const struct l2tp_call_params	 wanted = {
	.pw_type = L2TP_PW_ETH, .cookie_len = 8, .l2spec = 1,
	.data_sequencing = 2,
	.remote_end_id = { (const uint8_t *)"lan", 3 }
};

static void
start(void)
{
	struct conf_peer	*peer;

	world.versions = world.peer_versions = L2TP_V3;
	world.offer = &wanted;
	world.path_mtu = 1500;
	world_start();
	strlcpy(lan.name, "lan", sizeof(lan.name));
	strlcpy(lan.ifname, "l2tp-lan", sizeof(lan.ifname));
	lan.pseudowire = DP_PW_ETH;
	lan.up = 1;
	lan.call = wanted;
	lan.call.cookie_len = 4;
	lan.call.data_sequencing = 0;
	world_call.conf = &lan;
	peer = TAILQ_FIRST(&ctld.conf->peers);
	TAILQ_INSERT_TAIL(&peer->sessions, &lan, entry);
}

/* v3-5.4.4-07, v3-5.4.4-08: as the other side has assigned them. */
static void
agrees(void)
{
	const struct dp_session_up	*up;
	struct l2tp_call_info		 theirs;
	uint8_t				 cookie[4];

	up = &world_expect(DP_SESSION_UP)->u.session_up;
	ck_assert_int_eq(l2tp_call_get(world.peer, world.tid, world.sid,
	    &theirs), 0);
	ck_assert_uint_eq(up->local_sid, sess_after(0)->local_sid);
	ck_assert_uint_eq(up->peer_sid, world.sid);
	ck_assert_uint_eq(up->cookie_len, 8);
	ck_assert_mem_eq(up->cookie, theirs.local_cookie, 8);
	ck_assert_uint_eq(up->peer_cookie_len, 4);
	ck_assert_uint_eq(up->l2spec, 1);
	ck_assert_uint_eq(up->mtu, 1438);
	memcpy(cookie, up->peer_cookie, sizeof(cookie));
	world_reply(DP_SESSION_UP, 0);
	ck_assert_int_eq(l2tp_call_get(world.peer, world.tid, world.sid,
	    &theirs), 0);
	ck_assert_uint_eq(theirs.peer_sid, sess_after(0)->local_sid);
	ck_assert_uint_eq(theirs.peer_cookie_len, sizeof(cookie));
	ck_assert_mem_eq(theirs.peer_cookie, cookie, sizeof(cookie));
}

static void
is_up(void)
{
	const struct dp_session_start	*start;

	start = &world_expect(DP_SESSION_START)->u.session_start;
	ck_assert_uint_eq(start->down, 0);
	/* The peer wants numbers; who is asked first can want them, too. */
	ck_assert_uint_eq(start->send_seq, 1);
	ck_assert_uint_eq(start->recv_seq, !sess_after(0)->placed);
	world_reply(DP_SESSION_START, 0);
	ck_assert_int_eq(world.calls_up, 1);
	ck_assert_str_eq(sess_state_name(sess_after(0)), "up");
}

/* SLI takes the interface down and up again; v3-5.4.5-05. */
static void
follows_circuit(void)
{
	int	 active;

	for (active = 0; active <= 1; active++) {
		ck_assert_int_eq(l2tp_call_send_circuit(world.peer, world.tid,
		    world.sid, active, world.now), 0);
		world_sleep(1000);
		ck_assert_uint_eq(
		    world_expect(DP_SESSION_START)->u.session_start.down,
		    !active);
		world_reply(DP_SESSION_START, 0);
		world_nothing_asked();
	}
}

START_TEST(we_call)
{
	start();
	tun_dial(&world_dial, &world_lns);
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_ptr_nonnull(sess_dial(tun_after(0), &world_call));
	world_run();
	agrees();
	is_up();
	ck_assert_int_eq(world.call_up, 1);
	follows_circuit();
	tun_close(tun_after(0), L2TP_STOP_CLEAR, 0, NULL);
	world_run();
	world_reply(DP_SESSION_DOWN, 0);
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

static void
peer_calls(void)
{
	ck_assert_int_eq(l2tp_call_open(world.peer, world.tid, &wanted, NULL,
	    world.now, &world.sid), 0);
	world_run();
}

START_TEST(the_peer_calls)
{
	start();
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	peer_calls();
	agrees();
	is_up();
	follows_circuit();
	/* The same again is for nobody. */
	peer_calls();
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, L2TP_CDN_TEMPORARY);
	world_nothing_asked();
}
END_TEST

/* v3-5.4.4-10 */
START_TEST(unknown_end_id)
{
	start();
	lan.call.remote_end_id.p = (const uint8_t *)"nal";
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	((struct conf_peer *)TAILQ_FIRST(&ctld.conf->peers))->has_session = 0;
	peer_calls();
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, L2TP_CDN_PERMANENT);
	world_nothing_asked();
}
END_TEST

/* The peer forgets everything and comes again. */
START_TEST(the_peer_is_restarted)
{
	start();
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	peer_calls();
	agrees();
	is_up();
	world.deaf = 1;
	world_sleep(1000);
	world.deaf = 0;
	world_peer_dials("branch-2");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	peer_calls();
	world_reply(DP_SESSION_DOWN, 0);
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	ck_assert_str_eq(sess_state_name(sess_after(0)), "up");
	ck_assert_uint_eq(sess_after(0)->peer_sid, world.sid);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("pw_engine");
	TCase	*tc = tcase_create("pw_engine");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, we_call);
	tcase_add_test(tc, the_peer_calls);
	tcase_add_test(tc, unknown_end_id);
	tcase_add_test(tc, the_peer_is_restarted);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
