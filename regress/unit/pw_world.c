/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The engine as a script.  What it is asked to close it reports as down, as
 * the real one does.
 */
#include <sys/socket.h>

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "net.h"
#include "peer.h"
#include "pump.h"
#include "pw_world.h"

#define QUEUE	16

struct pw	 pw;

static struct l2tp_event	 queue[QUEUE];
static size_t			 n_queued;
static struct l2tp_cause	 cause;
static uint32_t			 n_calls;

/* 0, or -1 if this is to fail. */
__attribute__((format(printf, 2, 3)))
static int
asked(const char *name, const char *fmt, ...)
{
	size_t	 len = strlen(pw.asked);
	va_list	 ap;

	len += (size_t)snprintf(pw.asked + len, sizeof(pw.asked) - len,
	    "%s%s", len > 0 ? "; " : "", name);
	va_start(ap, fmt);
	vsnprintf(pw.asked + len, sizeof(pw.asked) - len, fmt, ap);
	va_end(ap);
	return (pw.fails != NULL && strcmp(pw.fails, name) == 0 ? -1 : 0);
}

static void
says(enum l2tp_event_type type, struct tunnel *t, struct session *s,
    uint32_t local_tid, uint32_t local_sid)
{
	struct l2tp_event	*ev = &queue[n_queued++];

	ck_assert_uint_le(n_queued, QUEUE);
	*ev = (struct l2tp_event){
		.type = type, .local_tid = local_tid, .local_sid = local_sid,
		.peer_tid = PW_PEER_TID, .tunnel_user = t, .call_user = s,
		.tunnel = &pw.tunnel, .call = &pw.call, .cause = &cause
	};
	if (local_sid != 0)
		ev->peer_sid = PW_PEER_SID + local_sid - PW_SID;
}

/* ---- the engine ---- */

struct l2tp *
l2tp_new(const struct l2tp_config *config)
{
	return ((struct l2tp *)(uintptr_t)config);
}

int
l2tp_next_event(struct l2tp *e, struct l2tp_event *ev)
{
	(void)e;
	if (n_queued == 0)
		return (0);
	*ev = queue[0];
	memmove(queue, queue + 1, --n_queued * sizeof(*queue));
	return (1);
}

int
l2tp_next_packet(struct l2tp *e, struct l2tp_packet *pkt, uint64_t now)
{
	(void)e;
	(void)pkt;
	(void)now;
	return (0);
}

uint64_t
l2tp_next_deadline(const struct l2tp *e)
{
	(void)e;
	return (L2TP_NEVER);
}

void
l2tp_timeout(struct l2tp *e, uint64_t now)
{
	(void)e;
	(void)now;
}

void
l2tp_get_stats(const struct l2tp *e, struct l2tp_stats *stats)
{
	(void)e;
	memset(stats, 0, sizeof(*stats));
}

int
l2tp_tunnel_open(struct l2tp *e, const struct l2tp_path *path,
    const struct l2tp_params *params, void *user, uint64_t now, uint32_t *tid)
{
	(void)e;
	(void)params;
	(void)user;
	(void)now;
	pw.path = *path;
	if (*tid != 0)
		return (asked("open", " with this id"));
	*tid = PW_TID;
	return (asked("open", " with any id"));
}

int
l2tp_tunnel_fixed(struct l2tp *e, const struct l2tp_path *path,
    const struct l2tp_params *params, void *user, uint64_t now, uint32_t tid,
    uint32_t ptid)
{
	(void)e;
	(void)params;
	(void)user;
	(void)now;
	pw.path = *path;
	return (asked("fixed", " %u/%u", tid, ptid));
}

int
l2tp_tunnel_accept(struct l2tp *e, uint32_t tid,
    const struct l2tp_params *params, void *user, uint64_t now)
{
	(void)e;
	(void)user;
	(void)now;
	ck_assert_ptr_eq(params, &pw.allowed.params);
	return (asked("accept", " %u", tid - PW_TID));
}

int
l2tp_tunnel_reject(struct l2tp *e, uint32_t tid, uint16_t result,
    uint16_t error, const char *text, uint64_t now)
{
	(void)e;
	(void)text;
	(void)now;
	return (asked("reject", " %u %u/%u", tid - PW_TID, result, error));
}

int
l2tp_tunnel_ignore(struct l2tp *e, uint32_t tid, uint64_t now)
{
	(void)e;
	(void)now;
	return (asked("ignore", " %u", tid - PW_TID));
}

int
l2tp_tunnel_close(struct l2tp *e, uint32_t tid, uint16_t result,
    uint16_t error, const char *text, uint64_t now)
{
	struct tunnel	*t = tun_find(tid);

	(void)e;
	(void)text;
	(void)now;
	cause = (struct l2tp_cause){ L2TP_BY_LOCAL, result, error, "closed",
	    "" };
	says(L2TP_EV_TUNNEL_DOWN, t, NULL, tid, 0);
	says(L2TP_EV_TUNNEL_GONE, t, NULL, tid, 0);
	return (asked("stop", " %u", result));
}

int
l2tp_tunnel_set_link(struct l2tp *e, uint32_t tid, uint32_t link)
{
	(void)e;
	(void)tid;
	return (asked("link", "%s", link == NET_NO_LINK ? " none" : ""));
}

int
l2tp_tunnel_get(struct l2tp *e, uint32_t tid, struct l2tp_tunnel_info *info)
{
	(void)e;
	(void)tid;
	*info = pw.tunnel;
	return (0);
}

int
l2tp_call_open(struct l2tp *e, uint32_t tid,
    const struct l2tp_call_params *params, void *user, uint64_t now,
    uint32_t *sid)
{
	(void)e;
	(void)tid;
	(void)user;
	(void)now;
	*sid = PW_SID + n_calls++;
	return (asked("call", " pw %u, cookie %u", params->pw_type,
	    params->cookie_len));
}

int
l2tp_call_offer(struct l2tp *e, uint32_t tid, uint32_t sid,
    const struct l2tp_call_params *params, uint64_t now)
{
	(void)e;
	(void)tid;
	(void)now;
	pw.offer = *params;
	return (asked("offer", " %u", sid - PW_SID));
}

int
l2tp_call_accept(struct l2tp *e, uint32_t tid, uint32_t sid, void *user,
    uint64_t now)
{
	(void)e;
	(void)tid;
	(void)user;
	(void)now;
	return (asked("take", " %u", sid - PW_SID));
}

int
l2tp_call_connect(struct l2tp *e, uint32_t tid, uint32_t sid,
    const struct l2tp_call_params *params, uint64_t now)
{
	(void)e;
	(void)tid;
	(void)params;
	(void)now;
	return (asked("connect", " %u", sid - PW_SID));
}

int
l2tp_call_close(struct l2tp *e, uint32_t tid, uint32_t sid, uint16_t result,
    uint16_t error, const char *text, uint64_t now)
{
	struct session	*s = tun_find(tid) != NULL ?
			    sess_find(tun_find(tid), sid) : NULL;

	(void)e;
	(void)error;
	(void)text;
	(void)now;
	cause = (struct l2tp_cause){ L2TP_BY_LOCAL, result, error, "closed",
	    "" };
	says(L2TP_EV_CALL_DOWN, tun_find(tid), s, tid, sid);
	return (asked("cdn", " %u %u", sid - PW_SID, result));
}

int
l2tp_call_get(struct l2tp *e, uint32_t tid, uint32_t sid,
    struct l2tp_call_info *info)
{
	(void)e;
	(void)tid;
	(void)sid;
	*info = pw.call;
	return (0);
}

/* ---- the world ---- */

void
net_send(const struct l2tp_packet *pkt)
{
	ck_abort_msg("%zu octets are sent", pkt->len);
}

void
world_run(void)
{
	pump_run();
}

static void
set_session(struct conf_session *cs, const char *name, uint16_t rule)
{
	strlcpy(cs->name, name, sizeof(cs->name));
	snprintf(cs->ifname, sizeof(cs->ifname), "l2tp-%s", name);
	cs->pseudowire = DP_PW_ETH;
	cs->rule = rule;
	cs->up = 1;
	cs->call.pw_type = L2TP_PW_ETH;
	cs->call.remote_end_id.p = (const uint8_t *)cs->name;
	cs->call.remote_end_id.len = strlen(name);
	cs->call.cookie_len = 4;
}

static void
set_peer(void)
{
	strlcpy(pw.peer.name, "branches", sizeof(pw.peer.name));
	strlcpy(pw.peer.host_name, "*", sizeof(pw.peer.host_name));
	pw.peer.n_from = 1;
	pw.peer.from[0].addr.family = 4;
	pw.peer.max_tunnels = pw.peer.max_sessions = 4;
	TAILQ_INIT(&pw.peer.sessions);
	TAILQ_INSERT_TAIL(&pw.peer.sessions, &pw.lan, entry);
	TAILQ_INSERT_TAIL(&pw.peer.sessions, &pw.wan, entry);
	set_session(&pw.peer.session, "any", 0);
	pw.peer.session.name[0] = '\0';
	set_session(&pw.lan, "lan", 1);
	set_session(&pw.wan, "wan", 2);
	pw.allowed.peer = &pw.peer;
	pw.allowed.tunnel_rule = 21;
	pw.allowed.session_rule = 40;
	world_listener.peers = &pw.allowed;
	world_listener.n_peers = 1;
}

void
pw_start(uint8_t encap)
{
	int	 notices[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	    notices), 0);
	world.now = 1000000;
	world.path_mtu = 1500;
	world.pppd_fd = notices[1];
	pw.conf.max_tunnels = pw.conf.max_sessions = 16;
	pw.conf.max_half_open = 1000;
	pw.conf.ppp_starting = 16;
	TAILQ_INIT(&pw.conf.peers);
	TAILQ_INIT(&pw.conf.pools);
	TAILQ_INSERT_TAIL(&pw.conf.peers, &pw.peer, entry);
	set_peer();
	set_session(&pw.eth, "site", 32);
	TAILQ_INIT(&world_dialled.sessions);
	TAILQ_INSERT_TAIL(&world_dialled.sessions, &pw.eth, entry);
	strlcpy(world_dialled.name, "isp", sizeof(world_dialled.name));
	world_dialled.mode = CONF_DIAL;
	world_dialled.rule = 31;
	world_dialled.local.encap = encap;
	world_dial.conf = &world_dialled;
	world_dial.calls = &world_call;
	world_dial.n_calls = 1;
	world_call.dial = &world_dial;
	world_call.conf = &pw.eth;
	pw.tunnel.version = 3;
	pw.tunnel.host_name = pw.tunnel.vendor_name = "peer";
	pw.tunnel.state = pw.call.state = "established";
	pw.tunnel.path = (struct l2tp_path){ world_ours, world_lns,
	    WORLD_LISTENER };
	pw.tunnel.path.local.encap = pw.tunnel.path.peer.encap = encap;
	if (encap == L2TP_ENCAP_IP)
		pw.tunnel.path.local.port = pw.tunnel.path.peer.port = 0;
	pw.call.calling = pw.call.called = pw.call.sub_address = "";
	pw.call.pw_type = L2TP_PW_ETH;
	pw.call.circuit_active = 1;
	ctld.conf = &pw.conf;
	pump_init(&pw.conf);
	tun_init(&pw.conf);
	sess_init(&pw.conf, notices[0]);
	peer_init(&pw.conf);
	peer_limit_init(10000, 1);
}

void
pw_asked(const char *text)
{
	ck_assert_str_eq(pw.asked, text);
	pw.asked[0] = '\0';
}

void
pw_tunnel_says(enum l2tp_event_type type, struct tunnel *t)
{
	says(type, t, NULL, t->local_tid, 0);
	world_run();
}

void
pw_call_says(enum l2tp_event_type type, struct session *s)
{
	says(type, s->tun, s, s->tun->local_tid, s->local_sid);
	world_run();
}

void
pw_sccrq(uint32_t n, uint8_t last_octet)
{
	pw.tunnel.path.peer.ip[3] = last_octet;
	says(L2TP_EV_TUNNEL_IN, NULL, NULL, PW_TID + n, 0);
	world_run();
}

void
pw_icrq(struct tunnel *t, uint32_t n, const char *end_id)
{
	pw.call.remote_end_id.p = (const uint8_t *)end_id;
	pw.call.remote_end_id.len = strlen(end_id);
	says(L2TP_EV_CALL_IN, t, NULL, t->local_tid, PW_SID + n);
	world_run();
}

struct tunnel *
pw_answered(uint32_t n, uint8_t last_octet)
{
	struct tunnel	*t;

	pw_sccrq(n, last_octet);
	if (pw.tunnel.path.peer.encap == L2TP_ENCAP_IP)
		world_reply(DP_TUNNEL_OPEN, 0);
	t = tun_find(PW_TID + n);
	ck_assert_ptr_nonnull(t);
	pw_tunnel_says(L2TP_EV_TUNNEL_UP, t);
	if (pw.tunnel.path.peer.encap == L2TP_ENCAP_UDP)
		world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	world_nothing_asked();
	pw.asked[0] = '\0';
	return (t);
}

struct tunnel *
pw_ours(enum conf_mode mode)
{
	struct tunnel	*t;

	world_dialled.mode = (uint8_t)mode;
	world_dialled.tid = 1000;
	world_dialled.ptid = 2000;
	pw.eth.sid = 11;
	pw.eth.psid = 12;
	t = tun_dial(&world_dial, &pw.tunnel.path.peer);
	ck_assert_ptr_nonnull(t);
	world_reply(DP_TUNNEL_OPEN, 0);
	if (mode == CONF_DIAL)
		pw_tunnel_says(L2TP_EV_TUNNEL_UP, t);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(world.dial_up, 1);
	pw.asked[0] = '\0';
	return (t);
}

struct session *
pw_place(struct tunnel *t)
{
	ck_assert_ptr_nonnull(world_call.sess = sess_dial(t, &world_call));
	world_run();
	return (world_call.sess);
}
