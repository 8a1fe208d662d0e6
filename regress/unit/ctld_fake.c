/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Fakes of everything around ctld's tunnel.c and session.c but the engine:
 * dpd, the sockets, the clock and the redialling.
 */
#include <sys/socket.h>

#include <check.h>
#include <poll.h>
#include <string.h>

#include "ctld_world.h"
#include "loop.h"
#include "net.h"
#include "session.h"

struct ctld		 ctld;
struct world		 world;
struct dial		 world_dial;
struct dial_call	 world_call;
struct conf_tunnel	 world_dialled;
struct conf_listen	 world_listener;

static uint32_t			 last_handle = 7000, last_unit = 999;

const struct l2tp_addr	 world_ours = { 4, 0, 1701, 0, { 192, 0, 2, 1 } };
const struct l2tp_addr	 world_lns = { 4, 0, 1701, 0, { 192, 0, 2, 2 } };

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
net_add(int fd, uint8_t encap, uint32_t listener, net_error *error,
    uint32_t key)
{
	static uint32_t	 last = 100;

	world.encap = encap;
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
	*local = world_ours;
	local->encap = world.encap;
	if (local->encap == L2TP_ENCAP_IP)
		local->port = 0;
}

uint32_t
net_path_mtu(uint32_t link, uint8_t family)
{
	ck_assert_uint_gt(link, 100);
	ck_assert_uint_eq(family, world.family != 0 ? world.family : 4);
	return (world.path_mtu);
}

const struct conf_listen *
net_listener(uint32_t link)
{
	return (link == WORLD_LISTENER ? &world_listener : NULL);
}

uint32_t
net_link(const struct conf_listen *listen)
{
	return (listen != NULL ? WORLD_LISTENER : NET_NO_LINK);
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
	if (world.next_addr != NULL)
		ck_assert_ptr_nonnull(tun_dial(d, world.next_addr));
	world.next_addr = NULL;
}

void
dial_rival_gone(const struct l2tp_addr *host)
{
	world.rival_gone = *host;
}

struct dial_call *
dial_call_taken(struct dial *d, const struct conf_session *conf,
    struct session *s)
{
	ck_assert_ptr_eq(d, &world_dial);
	ck_assert_ptr_eq(conf, world_call.conf);
	if (world_call.sess != NULL)
		return (NULL);
	world_call.sess = s;
	return (&world_call);
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
	dc->sess = NULL;
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
	if (type == DP_STATS && err == 0) {
		m.u.stats_reply.n[DP_RX_BYTES] = 4242;
		m.u.stats_reply.n[DP_RX_COOKIE_DISCARDS] = 99;
	}
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
