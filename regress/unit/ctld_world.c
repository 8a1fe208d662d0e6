/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Fakes of everything around ctld's tunnel.c and session.c but the engine:
 * dpd, the sockets, the clock and the redialling.
 */
#include <sys/socket.h>

#include <check.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "ctld_world.h"
#include "loop.h"
#include "net.h"
#include "peer.h"
#include "pump.h"
#include "session.h"
#include "tunnel.h"

#define LISTENER	0
#define PEER_LINK	77

struct ctld		 ctld;
struct world		 world;
struct dial		 world_dial;
struct dial_call	 world_call;
struct conf_tunnel	 world_dialled;
struct conf_listen	 world_listener;

static struct conf		 conf;
static struct conf_listen_peer	 allowed;
static struct conf_peer		 peer;
static struct conf_pool		 pool;
static struct conf_session	 placed;
static struct l2tp_params	 peer_params;
static uint32_t			 last_handle = 7000, last_unit = 999;

static const struct l2tp_addr	 ours = { 4, 0, 1701, 0, { 192, 0, 2, 1 } };
const struct l2tp_addr		 world_lns = { 4, 0, 1701, 0,
    { 192, 0, 2, 2 } };

static void	peer_events(void);
static void	put_random(void *, void *, size_t);

/* ---- what ctld calls ---- */

uint64_t
loop_now(void)
{
	return (world.now);
}

int
loop_timer_init(struct loop_timer *t, void (*fn)(void *), void *arg)
{
	t->fn = fn;
	t->arg = arg;
	return (0);
}

void
loop_timer_set(struct loop_timer *t, uint64_t at)
{
	t->at = at;
}

int
loop_add(int fd, uint32_t events, void (*fn)(void *, uint32_t), void *arg)
{
	ck_assert_int_lt(fd, WORLD_FDS);
	world.fds[fd].fn = fn;
	world.fds[fd].arg = arg;
	world.fds[fd].events = events;
	return (0);
}

void
loop_events(int fd, uint32_t events)
{
	ck_assert_ptr_nonnull(world.fds[fd].fn);
	world.fds[fd].events = events;
}

void
loop_del(int fd)
{
	ck_assert_ptr_nonnull(world.fds[fd].fn);
	world.fds[fd].fn = NULL;
}

unsigned
net_n_listening(void)
{
	return (1);
}

struct dial *
dial_get(uint32_t index)
{
	return (index == 0 ? &world_dial : NULL);
}

struct dial *
dial_find(const char *name)
{
	return (strcmp(name, "isp") == 0 ? &world_dial : NULL);
}

const char *
dial_state_name(enum dial_state state)
{
	return (state == DIAL_UP ? "up" : "waiting");
}

uint32_t
net_add(int fd, uint32_t listener, net_error *error, uint32_t key)
{
	static uint32_t	 last = 100;

	world.listener = listener;
	world.net_error = error;
	world.net_key = key;
	ck_assert_int_eq(fd, 42);
	world.n_sockets++;
	return (++last);
}

void
net_del(uint32_t link)
{
	ck_assert_uint_gt(link, 100);
	world.n_sockets--;
}

void
net_local(uint32_t link, struct l2tp_addr *local)
{
	(void)link;
	*local = ours;
}

const struct conf_listen *
net_listener(uint32_t link)
{
	return (link == LISTENER ? &world_listener : NULL);
}

uint32_t
net_link(const struct conf_listen *listen)
{
	return (listen != NULL ? LISTENER : NET_NO_LINK);
}

void
net_send(const struct l2tp_packet *pkt)
{
	struct l2tp_path	 path = { world_lns, ours, PEER_LINK };

	if (!world.deaf)
		(void)l2tp_input(world.peer, &path, pkt->data, pkt->len,
		    world.now);
}

void
dial_opened(struct dial *d)
{
	ck_assert_ptr_eq(d, &world_dial);
	world.dial_opened++;
}

void
dial_up(struct dial *d)
{
	ck_assert_ptr_eq(d, &world_dial);
	world.dial_up++;
}

void
dial_down(struct dial *d, enum dial_event ev, const char *reason)
{
	ck_assert_ptr_eq(d, &world_dial);
	world.dial_down++;
	world.dial_event = ev;
	strlcpy(world.dial_reason, reason, sizeof(world.dial_reason));
}

void
dial_rival_gone(const struct l2tp_addr *host)
{
	world.rival_gone = *host;
}

void
dial_call_up(struct dial_call *dc)
{
	ck_assert_ptr_eq(dc, &world_call);
	world.call_up++;
}

void
dial_call_down(struct dial_call *dc, const char *reason, int another)
{
	ck_assert_ptr_eq(dc, &world_call);
	world.call_down++;
	world.call_another = another;
	strlcpy(world.call_reason, reason, sizeof(world.call_reason));
}

static struct dpmsg *
request(uint16_t type, dp_done *done, uint32_t key)
{
	struct world_request	*r = &world.requests[world.n_requests++];

	memset(r, 0, sizeof(*r));
	r->m.type = type;
	r->done = done;
	r->key = key;
	return (&r->m);
}

void
dp_tunnel_open(const struct dp_tunnel_open *p, dp_done *done, uint32_t key)
{
	request(DP_TUNNEL_OPEN, done, key)->u.tunnel_open = *p;
}

void
dp_tunnel_up(const struct dp_tunnel_up *p, dp_done *done, uint32_t key)
{
	request(DP_TUNNEL_UP, done, key)->u.tunnel_up = *p;
}

void
dp_tunnel_close(uint32_t handle, dp_done *done, uint32_t key)
{
	request(DP_TUNNEL_CLOSE, done, key)->u.tunnel_close.handle = handle;
}

void
dp_session_up(const struct dp_session_up *p, dp_done *done, uint32_t key)
{
	request(DP_SESSION_UP, done, key)->u.session_up = *p;
}

void
dp_session_start(const struct dp_session_start *p, dp_done *done,
    uint32_t key)
{
	request(DP_SESSION_START, done, key)->u.session_start = *p;
}

void
dp_session_down(uint32_t handle, dp_done *done, uint32_t key)
{
	request(DP_SESSION_DOWN, done, key)->u.session_down.handle = handle;
}

void
dp_stats(uint32_t handle, dp_done *done, uint32_t key)
{
	request(DP_STATS, done, key)->u.stats.handle = handle;
}

/* What dpd has said is told at once: nothing is left to come. */
void
dp_receive(void)
{
}

/* ---- the world ---- */

void
world_poll(void)
{
	struct pollfd	 pfd;
	int		 fd, more;

	do {
		more = 0;
		for (fd = 0; fd < WORLD_FDS; fd++) {
			if (world.fds[fd].fn == NULL)
				continue;
			/* epoll's bits are poll's; errors are always told. */
			pfd.fd = fd;
			pfd.events = (short)world.fds[fd].events;
			if (poll(&pfd, 1, 0) == 1) {
				world.fds[fd].fn(world.fds[fd].arg,
				    (uint32_t)pfd.revents);
				more = 1;
			}
		}
		world_run();
	} while (more);
}

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
		.hello_ms = 60000, .setup_ms = 60000
	};
	struct dp_addr		 local;
	int			 notices[2];

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
	allowed.peer = &peer;
	allowed.tunnel_rule = 21;
	allowed.session_rule = 22;
	world_listener.peers = &allowed;
	world_listener.n_peers = 1;
	strlcpy(world_dialled.name, "isp", sizeof(world_dialled.name));
	strlcpy(placed.name, "home", sizeof(placed.name));
	world_dial.calls = &world_call;
	world_dial.n_calls = 1;
	world_dialled.rule = 31;
	world_dialled.params = params;
	placed.rule = 32;
	placed.call.framing_type = 1;
	placed.call.tx_speed = 100000000;
	addr_from_l2tp(&ours, &local);
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
	ck_assert_ptr_nonnull(world.peer = l2tp_new(&config));
}

void
world_run(void)
{
	struct l2tp_path	 path = { ours, world_lns, LISTENER };
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

const struct dpmsg *
world_expect(uint16_t type)
{
	ck_assert_msg(world.n_requests > 0, "no request of type %u", type);
	ck_assert_uint_eq(world.requests[0].m.type, type);
	return (&world.requests[0].m);
}

void
world_nothing_asked(void)
{
	ck_assert_msg(world.n_requests == 0, "type %u was asked for",
	    world.requests[0].m.type);
}

void
world_reply(uint16_t type, int err)
{
	struct world_request	 r;
	struct dpmsg		 m = { .type = (uint16_t)(type + 1), .fd = -1 };

	(void)world_expect(type);
	r = world.requests[0];
	memmove(&world.requests[0], &world.requests[1],
	    --world.n_requests * sizeof(r));
	m.u.reply.err = err;
	if (type == DP_STATS && err == 0)
		m.u.stats_reply.n[DP_RX_BYTES] = 4242;
	if ((type == DP_TUNNEL_OPEN || type == DP_SESSION_UP) && err == 0)
		m.u.handle_reply.handle = ++last_handle;
	if (type == DP_TUNNEL_OPEN && err == 0)
		m.fd = 42;
	if (type == DP_SESSION_START && err == 0)
		m.u.start_reply.unit = ++last_unit;
	r.done(r.key, &m);
	world_run();
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
	struct l2tp_path	 path = { world_lns, ours, PEER_LINK };

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

void
world_notice(const void *p, size_t len)
{
	ck_assert_int_eq(send(world.pppd_fd, p, len, 0), (ssize_t)len);
	world_poll();
}

void
world_pppd_up(void)
{
	const struct dp_notice	 n = { sess_after(0)->unit, WORLD_IP(1),
	    WORLD_IP(2), "alice" };

	world_notice(&n, sizeof(n));
}

void
world_pppd_down(int status)
{
	const struct session	*s = sess_after(0);
	const struct dpmsg	 m = { .type = DP_SESSION_GONE, .fd = -1,
	    .u.session_gone = { s->handle, s->local_sid, status } };

	sess_gone(&m);
	world_run();
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
		else if (ev.type == L2TP_EV_CALL_IN ||
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
