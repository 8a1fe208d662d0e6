/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Fakes of the kernel, the sockets, the starter and ctld, for tests of what
 * is between them: dispatch, policy and own.
 */
#include <fcntl.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>

#include "dp.h"
#include "dpd_fake.h"

#define ID		4711
#define PPPOX_FD	400

struct dpd	dpd;
struct fake	fake;

static int	to_dpd[2], to_ctld[2], to_starter[2];

static const char *const	commands[] = {
	[L2TP_CMD_TUNNEL_CREATE] = "TUNNEL_CREATE",
	[L2TP_CMD_TUNNEL_DELETE] = "TUNNEL_DELETE",
	[L2TP_CMD_TUNNEL_GET] = "TUNNEL_GET",
	[L2TP_CMD_SESSION_CREATE] = "SESSION_CREATE",
	[L2TP_CMD_SESSION_DELETE] = "SESSION_DELETE",
	[L2TP_CMD_SESSION_MODIFY] = "SESSION_MODIFY",
	[L2TP_CMD_SESSION_GET] = "SESSION_GET"
};

/* Of the size that the kernel's policy has (net/l2tp/l2tp_netlink.c). */
static const struct {
	const char	*name;
	int		 size;
} attributes[] = {
	[L2TP_ATTR_PEER_CONN_ID] = { "peer_tid", 4 },
	[L2TP_ATTR_PROTO_VERSION] = { "version", 1 },
	[L2TP_ATTR_ENCAP_TYPE] = { "encap", 2 },
	[L2TP_ATTR_FD] = { "fd", 4 },
	[L2TP_ATTR_PEER_SESSION_ID] = { "peer_sid", 4 },
	[L2TP_ATTR_PW_TYPE] = { "pw", 2 },
	[L2TP_ATTR_LNS_MODE] = { "lns", 1 },
	[L2TP_ATTR_RECV_TIMEOUT] = { "reorder", 8 },
	[L2TP_ATTR_L2SPEC_TYPE] = { "l2spec", 1 },
	[L2TP_ATTR_COOKIE] = { "cookie", 0 },		/* 4 or 8 */
	[L2TP_ATTR_PEER_COOKIE] = { "peer_cookie", 0 },
	[L2TP_ATTR_IFNAME] = { "ifname", IFNAMSIZ },
	[L2TP_ATTR_SEND_SEQ] = { "send_seq", 1 },
	[L2TP_ATTR_RECV_SEQ] = { "recv_seq", 1 }
};

static void
note(const char *fmt, ...)
{
	size_t	 len = strlen(fake.done);
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(fake.done + len, sizeof(fake.done) - len, fmt, ap);
	va_end(ap);
}

/* Begins a note; what the call returns. */
static int
called(const char *name)
{
	note("%s%s", fake.done[0] != '\0' ? ", " : "", name);
	return (fake.fails != NULL && strcmp(fake.fails, name) == 0 ?
	    fake.err : 0);
}

static int
fake_fd(int err, int at)
{
	int	 fd = -1;

	if (err == 0)
		fd = fcntl(to_dpd[0], F_DUPFD_CLOEXEC, at);
	errno = err;
	return (fd);
}

/* ---- what dpd calls ---- */

uint64_t
dpd_now(void)
{
	return (fake.now);
}

void
dpd_send(const struct dpmsg *m)
{
	ck_assert_int_eq(dpmsg_send(to_ctld[0], m), IMSG_OK);
}

void
dpd_start(enum dp_type type, const struct dp_run *run, int fd)
{
	struct dpmsg	 m = { .type = type, .fd = fd, .u.run = *run };

	ck_assert_int_eq(dpmsg_send(to_starter[0], &m), IMSG_OK);
	if (fd != -1)
		close(fd);
	ck_assert_int_eq(dpmsg_recv(to_starter[1], dpmsg_to_starter, &m),
	    IMSG_OK);
	if (m.fd != -1)
		close(m.fd);
	fake.run = m.u.run;
	called(m.name);
	note(" %u", m.u.run.slot);
}

int
sock_l2tp(const struct dp_addr *local, uint32_t local_tid,
    const struct dp_addr *peer)
{
	int	 err = called(peer != NULL ? "socket" : "listener");

	note(" %u", local->port);
	if (peer != NULL)
		note(" %u", peer->port);
	if ((peer != NULL ? peer : local)->encap != 0)
		note(" ip %u", local_tid);
	return (fake_fd(err, UDP_FD));
}

int
sock_name(int fd, const struct dp_addr *a, uint32_t local_tid,
    int (*name)(int, const struct sockaddr *, socklen_t))
{
	ck_assert_int_ge(fd, UDP_FD);
	ck_assert_uint_eq(local_tid, 0);
	ck_assert(name == connect);
	ck_assert_uint_eq(a->family, 4);
	errno = called("connect");
	note(" %u.%u %u", a->ip[0], a->ip[3], a->port);
	return (errno == 0 ? 0 : -1);
}

int
sock_pppox(const struct own *s)
{
	int	 err = called("pppox");

	note(" %u/%u %u/%u", s->local_tid, s->tunnel->peer_tid, s->local_sid,
	    s->up.peer_sid);
	return (fake_fd(err, PPPOX_FD));
}

int
kern_ifindex(const char *ifname)
{
	errno = called("ifindex");
	note(" %s", ifname);
	return (errno == 0 ? IFINDEX : 0);
}

int
kern_link(const struct own *s, const struct dp_rule_session *rule, int down)
{
	int	 err = called(down == DP_AS_IT_IS ? "link" :
		    down ? "link down" : "link up");

	note(" %d %u %s", s->ifindex,
	    s->up.mtu != 0 ? s->up.mtu : rule->mtu_max, rule->bridge);
	return (err);
}

/* A cookie in hex, a name as it is, and numbers of what the low octets are. */
static void
note_attr(const struct kern_attr *a)
{
	const int	 size = attributes[a->type].size;
	uint64_t	 value = 0;
	int		 i;

	note(" %s=", attributes[a->type].name);
	if (a->type == L2TP_ATTR_IFNAME) {
		ck_assert_int_eq(a->size, size);
		note("%s", (const char *)a->value);
		return;
	}
	if (size == 0) {
		for (i = 0; i < a->size; i++)
			note("%02x", ((const uint8_t *)a->value)[i]);
		return;
	}
	ck_assert_int_eq(a->size, size);
	memcpy(&value, a->value, (size_t)size);
	note("%u", (unsigned)value);
}

int
kern_call(uint8_t cmd, const struct own *o, const struct kern_attr *a,
    struct dp_stats_reply *stats)
{
	int		 err = called(commands[cmd]);

	note(" %u %u", o->local_tid, o->local_sid);
	for (; a != NULL && a->type != 0; a++)
		if (a->size != 0)
			note_attr(a);
	ck_assert_int_eq(stats != NULL, cmd == L2TP_CMD_TUNNEL_GET ||
	    cmd == L2TP_CMD_SESSION_GET);
	if (stats != NULL && err == 0)
		stats->n[DP_TX_PACKETS] = 42;
	return (err);
}

/* ---- ctld's part ---- */

void
fake_channels(void)
{
	log_init("test", 1);
	log_max = LOG_LVL_ERROR;
	fake.now = 1000000;
	dpd.state = DPD_PARSING;
	ck_assert_int_eq(imsg_pair(to_dpd), 0);
	ck_assert_int_eq(imsg_pair(to_ctld), 0);
	ck_assert_int_eq(imsg_pair(to_starter), 0);
}

void
fake_setup(void)
{
	fake_channels();
	world_policy();
	dpd.state = DPD_RUNNING;
}

void
fake_did(const char *done)
{
	ck_assert_str_eq(fake.done, done);
	fake.done[0] = '\0';
}

const struct dpmsg *
fake_told(uint16_t type)
{
	ck_assert_int_eq(dpmsg_recv(to_ctld[1], dp_from_dpd, &fake.told),
	    IMSG_OK);
	if (fake.told.fd != -1)
		close(fake.told.fd);
	ck_assert_uint_eq(fake.told.type, type);
	return (&fake.told);
}

void
fake_told_nothing(void)
{
	struct dpmsg	 m;

	ck_assert_int_eq(dpmsg_recv(to_ctld[1], dp_from_dpd, &m), IMSG_AGAIN);
}

void
fake_ask_later(const struct dpmsg *asked)
{
	struct dpmsg	 m = *asked;

	m.id = ID;
	m.fd = -1;
	ck_assert_int_eq(dpmsg_send(to_dpd[0], &m), IMSG_OK);
	ck_assert_int_eq(dpmsg_recv(to_dpd[1], dpmsg_to_dpd, &m), IMSG_OK);
	ck_assert_int_eq(dispatch(&m), 0);
}

void
fake_answered(uint16_t type, int err)
{
	const struct dpmsg	*m = fake_told(type);

	ck_assert_uint_eq(m->id, ID);
	ck_assert_int_eq(m->u.reply.err, err);
	fake_told_nothing();
}

int
fake_ask(const struct dpmsg *m)
{
	fake_ask_later(m);
	fake_told(m->type + 1);
	ck_assert_uint_eq(fake.told.id, ID);
	return (fake.told.u.reply.err);
}

void
fake_exited(uint32_t handle, int status)
{
	own_exited(&(struct dp_exited){ own_find(handle)->slot, status });
}

struct dpmsg
fake_open(void)
{
	return ((struct dpmsg){ .type = DP_TUNNEL_OPEN, .u.tunnel_open = {
	    .rule = R_CALLER, .local = world_addr("192.0.2.1", 1701),
	    .peer = world_addr("198.51.100.1", 1702) } });
}

struct dpmsg
fake_up(uint32_t handle, uint32_t local_tid)
{
	return ((struct dpmsg){ .type = DP_TUNNEL_UP, .u.tunnel_up = {
	    .handle = handle, .local_tid = local_tid, .peer_tid = PEER_TID,
	    .version = 2 } });
}

struct dpmsg
fake_session(uint32_t handle, uint32_t local_sid)
{
	return ((struct dpmsg){ .type = DP_SESSION_UP, .u.session_up = {
	    .handle = handle, .local_sid = local_sid,
	    .peer_sid = 1000 + local_sid, .rule = R_POOL, .lns_mode = 1 } });
}

struct dpmsg
fake_start(uint32_t handle)
{
	return ((struct dpmsg){ .type = DP_SESSION_START,
	    .u.session_start = { .handle = handle, .peer_ip = 0x0a000002 } });
}

struct dpmsg
fake_about(uint16_t type, uint32_t handle)
{
	return ((struct dpmsg){ .type = type, .u.stats.handle = handle });
}

uint32_t
fake_granted(struct dpmsg m)
{
	ck_assert_int_eq(fake_ask(&m), 0);
	fake.done[0] = '\0';
	return (fake.told.u.handle_reply.handle);
}

uint32_t
fake_opened(void)
{
	return (fake_granted(fake_open()));
}

uint32_t
fake_is_up(uint32_t local_tid)
{
	uint32_t	 handle = fake_opened();

	fake_granted(fake_up(handle, local_tid));
	return (handle);
}

uint32_t
fake_has_session(uint32_t handle, uint32_t local_sid)
{
	return (fake_granted(fake_session(handle, local_sid)));
}

uint32_t
fake_has_pppd(uint32_t handle, uint32_t local_sid)
{
	uint32_t	 session = fake_has_session(handle, local_sid);

	fake_granted(fake_start(session));
	return (session);
}

/* ---- L2TPv3 ---- */

struct dpmsg
fake_site(uint32_t local_tid)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_OPEN, .u.tunnel_open = {
	    .rule = R_SITE, .local_tid = local_tid, .local.encap = 1,
	    .peer = world_addr("203.0.113.7", 0) } };

	m.u.tunnel_open.peer.encap = 1;
	return (m);
}

struct dpmsg
fake_kept(void)
{
	return ((struct dpmsg){ .type = DP_TUNNEL_OPEN, .u.tunnel_open = {
	    .rule = R_KEPT, .local = world_addr("192.0.2.2", 1701),
	    .peer = world_addr("203.0.113.9", 1701) } });
}

struct dpmsg
fake_eth(uint32_t handle, uint32_t local_sid)
{
	struct dpmsg	 m = fake_session(handle, local_sid);

	m.u.session_up.rule = R_ETH;
	m.u.session_up.peer_cookie_len = 8;
	memcpy(m.u.session_up.peer_cookie, "\x01\x23\x45\x67\x89\xab\xcd\xef",
	    8);
	return (m);
}

struct dpmsg
fake_lan(uint32_t handle, uint32_t local_sid)
{
	struct dpmsg	 m = fake_session(handle, local_sid);

	m.u.session_up.rule = R_LAN;
	return (m);
}

static uint32_t
is_up_v3(struct dpmsg open, uint32_t local_tid)
{
	uint32_t	 handle = fake_granted(open);
	struct dpmsg	 m = fake_up(handle, local_tid);

	m.u.tunnel_up.version = 3;
	fake_granted(m);
	return (handle);
}

uint32_t
fake_site_is_up(uint32_t local_tid)
{
	return (is_up_v3(fake_site(local_tid), local_tid));
}

uint32_t
fake_kept_is_up(uint32_t local_tid)
{
	return (is_up_v3(fake_kept(), local_tid));
}

uint32_t
fake_has_eth(uint32_t handle, uint32_t local_sid)
{
	return (fake_granted(fake_eth(handle, local_sid)));
}
