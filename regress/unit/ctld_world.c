/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A peer for ctld's tunnels and sessions: both have the real engine.
 */
#include <sys/socket.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ctld_world.h"
#include "loop.h"
#include "net.h"
#include "peer.h"
#include "pump.h"
#include "session.h"
#include "tunnel.h"

#define PEER_LINK	77

static struct conf		 conf;
static struct conf_listen_peer	 allowed;
static struct conf_peer		 peer;
static struct conf_pool		 pool;
static struct conf_session	 placed;
static struct l2tp_params	 peer_params;

static void	peer_events(void);
static void	put_random(void *, void *, size_t);

/* ---- what ctld calls ---- */

void
net_send(const struct l2tp_packet *pkt)
{
	struct l2tp_path	 path = { world_lns, world_ours, PEER_LINK };

	if (!world.deaf)
		(void)l2tp_input(world.peer, &path, pkt->data, pkt->len,
		    world.now);
}

/* ---- the world ---- */

void
world_start(void)
{
	struct l2tp_config	 config = {
		.random = put_random, .max_tunnels = 16, .max_calls = 16,
		.max_half_open = 8, .quarantine_ms = 1000, .ack_delay_ms = 100
	};
	struct l2tp_params	 params = {
		.host_name = "lns1", .window_size = 4, .max_retries = 5,
		.framing_caps = 3, .retry_ms = 1000, .retry_cap_ms = 8000,
		.hello_ms = 60000, .setup_ms = 60000,
		.pw_types = { L2TP_PW_ETH, L2TP_PW_PPP }, .n_pw_types = 2
	};
	struct dp_addr		 local;
	int			 notices[2];

	params.versions = world.versions;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	    notices), 0);
	world.pppd_fd = notices[1];
	world.now = 1000000;
	world.peer_answers = 1;
	world.answer_port = world_lns.port;
	conf.max_tunnels = conf.max_sessions = 16;
	conf.max_half_open = 8;
	conf.sccrq_per_second = 100;
	conf.ppp_starting = 16;
	TAILQ_INIT(&conf.listens);
	TAILQ_INIT(&conf.peers);
	TAILQ_INIT(&conf.pools);
	TAILQ_INIT(&conf.tunnels);
	TAILQ_INSERT_TAIL(&conf.peers, &peer, entry);
	TAILQ_INSERT_TAIL(&conf.pools, &pool, entry);
	pool.local_ip = WORLD_IP(1);
	pool.n_ranges = 1;
	pool.ranges[0].first = WORLD_IP(2);
	pool.ranges[0].last = WORLD_IP(3);
	strlcpy(peer.name, "branches", sizeof(peer.name));
	strlcpy(peer.host_name, "branch-*", sizeof(peer.host_name));
	peer.n_from = 1;
	peer.from[0].addr.family = 4;
	peer.max_tunnels = 2;
	peer.max_sessions = 3;
	peer.params = params;
	peer.session.pool = &pool;
	peer.session.mtu = 1400;
	peer.has_session = 1;
	peer.session.pseudowire = placed.pseudowire = DP_PW_PPP;
	TAILQ_INIT(&peer.sessions);
	allowed.peer = &peer;
	allowed.params = params;
	allowed.tunnel_rule = 21;
	allowed.session_rule = 22;
	world_listener.peers = &allowed;
	world_listener.n_peers = 1;
	strlcpy(world_dialled.name, "isp", sizeof(world_dialled.name));
	strlcpy(placed.name, "home", sizeof(placed.name));
	world_dial.calls = &world_call;
	world_dial.n_calls = 1;
	world_dialled.mode = CONF_DIAL;
	world_dialled.rule = 31;
	world_dialled.params = params;
	placed.rule = 32;
	placed.call.framing_type = 1;
	placed.call.tx_speed = 100000000;
	addr_from_l2tp(&world_ours, &local);
	local.port = 0;
	world_dialled.local = local;
	world_dial.conf = &world_dialled;
	world_call.dial = &world_dial;
	world_call.conf = &placed;

	ctld.conf = &conf;
	pump_init(&conf);
	tun_init(&conf);
	sess_init(&conf, notices[0]);
	peer_init(&conf);
	peer_limit_init(conf.sccrq_per_second, 1);
	peer_params = params;
	peer_params.bearer_caps = world.peer_bearer;
	peer_params.versions = world.peer_versions;
	ck_assert_ptr_nonnull(world.peer = l2tp_new(&config));
}

void
world_run(void)
{
	struct l2tp_path	 path = {
		world_ours, world_lns, WORLD_LISTENER
	};
	struct l2tp_packet	 pkt;
	int			 more;

	path.peer.port = world.answer_port;
	do {
		more = 0;
		pump_run();
		peer_events();
		while (l2tp_next_packet(world.peer, &pkt, world.now)) {
			(void)l2tp_input(ctld.engine, &path, pkt.data,
			    pkt.len, world.now);
			more = 1;
		}
	} while (more);
	pump_run();
}

void
world_sleep(uint64_t ms)
{
	uint64_t	 end = world.now + ms, at, next;

	world_run();
	while (world.now < end) {
		at = l2tp_next_deadline(ctld.engine);
		next = l2tp_next_deadline(world.peer);
		at = next < at ? next : at;
		if (at > end)
			at = end;
		if (at > world.now)
			world.now = at;
		l2tp_timeout(ctld.engine, world.now);
		l2tp_timeout(world.peer, world.now);
		world_run();
	}
}

void
world_all_gone(void)
{
	uint32_t	 leased, size;

	world_sleep(120000);
	world_nothing_asked();
	ck_assert_ptr_null(tun_after(0));
	ck_assert_ptr_null(sess_after(0));
	ck_assert_int_eq(world.n_sockets, 0);
	peer_pools(&leased, &size);
	ck_assert_uint_eq(leased, 0);
	ck_assert_uint_eq(peer_find(&peer)->n_tunnels, 0);
	ck_assert_uint_eq(peer_find(&peer)->n_sessions, 0);
	l2tp_free(ctld.engine);
	l2tp_free(world.peer);
}

void
world_peer_dials(const char *host_name)
{
	struct l2tp_path	 path = { world_lns, world_ours, PEER_LINK };

	peer_params.host_name = host_name;
	peer_params.tie_breaker = world.peer_ties;
	world.tid = 0;
	ck_assert_int_eq(l2tp_tunnel_open(world.peer, &path, &peer_params,
	    NULL, world.now, &world.tid), 0);
	world_run();
}

void
world_peer_calls(const char *number)
{
	struct l2tp_call_params	 params = {
		.framing_type = 1, .tx_speed = 1000000, .calling = number
	};

	ck_assert_int_eq(l2tp_call_open(world.peer, world.tid, &params, NULL,
	    world.now, &world.sid), 0);
	world_run();
}

void
world_session(void)
{
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	world_peer_calls("123");
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	world_nothing_asked();
}

struct session *
world_place(void)
{
	struct session	*s;

	world_start();
	ck_assert_ptr_nonnull(tun_dial(&world_dial, &world_lns));
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(world.dial_up, 1);
	s = sess_dial(tun_after(0), &world_call);
	ck_assert_ptr_nonnull(s);
	world_run();
	return (s);
}

/* The peer takes what it is offered and remembers what it is told. */
static void
peer_events(void)
{
	struct l2tp_event	 ev;

	while (l2tp_next_event(world.peer, &ev)) {
		if (ev.type == L2TP_EV_TUNNEL_UP) {
			world.tunnels_up++;
			world.tid = ev.local_tid;
		} else if (ev.type == L2TP_EV_TUNNEL_DOWN) {
			world.tunnels_down++;
			world.tunnel_cause = *ev.cause;
		} else if (ev.type == L2TP_EV_CALL_UP) {
			world.calls_up++;
			world.sid = ev.local_sid;
		} else if (ev.type == L2TP_EV_CALL_DOWN) {
			world.calls_down++;
			world.call_cause = *ev.cause;
		} else if (ev.type == L2TP_EV_CALL_IN)
			world.sid = ev.local_sid;
		if (!world.peer_answers)
			continue;
		if (ev.type == L2TP_EV_TUNNEL_IN)
			(void)l2tp_tunnel_accept(world.peer, ev.local_tid,
			    &peer_params, NULL, world.now);
		else if (ev.type == L2TP_EV_CALL_IN && world.offer != NULL)
			ck_assert_int_eq(l2tp_call_offer(world.peer,
			    ev.local_tid, ev.local_sid, world.offer,
			    world.now), 0);
		if (ev.type == L2TP_EV_CALL_IN ||
		    ev.type == L2TP_EV_CALL_REPLY)
			(void)l2tp_call_accept(world.peer, ev.local_tid,
			    ev.local_sid, NULL, world.now);
	}
}

static void
put_random(void *arg, void *buf, size_t len)
{
	(void)arg;
	arc4random_buf(buf, len);
}
