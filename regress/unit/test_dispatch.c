/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * All fences together, and the lives behind them.  The kernel, the sockets,
 * the starter and ctld are fakes that write down what they were asked, so
 * that each test can say that a refused request did nothing at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dispatch.h"
#include "dpd_world.h"
#include "kern.h"
#include "log.h"
#include "own.h"
#include "sock.h"

#define LOCAL_TID	100
#define ID		4711

static struct fake {
	char		 done[2048];	/* what the outside was asked */
	struct dpmsg	 sent[64];
	int		 n_sent, n_open;
	uint64_t	 now;
	const char	*fails;		/* this call, with err */
	int		 err;
	struct starter_msg last;
} fake;

static int
did(const char *name, const char *fmt, ...)
{
	size_t	 len = strlen(fake.done);
	va_list	 ap;

	len += (size_t)snprintf(fake.done + len, sizeof(fake.done) - len,
	    "%s%s", len > 0 ? " " : "", name);
	va_start(ap, fmt);
	vsnprintf(fake.done + len, sizeof(fake.done) - len, fmt, ap);
	va_end(ap);
	return (fake.fails != NULL && strcmp(fake.fails, name) == 0 ?
	    fake.err : 0);
}

static int
fake_fd(int err)
{
	errno = err;
	return (err != 0 ? -1 : open("/dev/null", O_RDONLY));
}

uint64_t
dpd_now(void)
{
	return (fake.now);
}

void
dpd_send(const struct dpmsg *m)
{
	ck_assert_int_lt(fake.n_sent, (int)nitems(fake.sent));
	fake.sent[fake.n_sent++] = *m;
}

int
sock_listen(const struct dp_addr *local)
{
	return (fake_fd(did("listen", ":%u", local->port)));
}

int
sock_tunnel(const struct dp_addr *local, const struct dp_addr *peer)
{
	return (fake_fd(did("socket", ":%u:%u", local->port, peer->port)));
}

int
sock_pppox(uint32_t local_tid, uint32_t peer_tid, uint32_t local_sid,
    uint32_t peer_sid)
{
	return (fake_fd(did("pppox", ":%u/%u:%u/%u", local_tid, peer_tid,
	    local_sid, peer_sid)));
}

int
kern_tunnel_create(int fd, const struct dp_tunnel_up *p)
{
	ck_assert_int_ne(fd, -1);
	return (did("create", ":%u/%u", p->local_tid, p->peer_tid));
}

int
kern_tunnel_delete(uint32_t local_tid)
{
	return (did("delete", ":%u", local_tid));
}

int
kern_session_create(uint32_t local_tid, uint8_t version,
    const struct dp_session_up *p)
{
	return (did("session", ":%u:%u/%u:v%u", local_tid, p->local_sid,
	    p->peer_sid, version));
}

int
kern_session_delete(uint32_t local_tid, uint32_t local_sid)
{
	return (did("unsession", ":%u:%u", local_tid, local_sid));
}

int
kern_session_sequence(uint32_t local_tid, uint32_t local_sid,
    uint8_t send_seq, uint8_t recv_seq)
{
	return (did("sequence", ":%u:%u:%u%u", local_tid, local_sid, send_seq,
	    recv_seq));
}

int
kern_stats(uint32_t local_tid, uint32_t local_sid,
    struct dp_stats_reply *stats)
{
	stats->tx_packets = 42;
	return (did("stats", ":%u:%u", local_tid, local_sid));
}

void
starter_send(enum starter_verb verb, const struct starter_msg *m, int fd)
{
	static const char	*names[] = { [STARTER_RUN_PPPD] = "pppd",
	    [STARTER_RUN_CLOSE] = "close", [STARTER_END] = "end" };

	did(names[verb], ":%u", m->slot);
	fake.last = *m;
	ck_assert_int_eq(fd != -1, verb != STARTER_END);
	if (fd != -1)
		close(fd);
}

/* ---- */

static void
expect(const char *done)
{
	ck_assert_str_eq(fake.done, done);
	fake.done[0] = '\0';
}

/* The one message that was sent since the last look. */
static struct dpmsg *
sent(uint16_t type)
{
	ck_assert_int_eq(fake.n_sent, 1);
	fake.n_sent = 0;
	ck_assert_str_eq(dpmsg_name(fake.sent[0].type), dpmsg_name(type));
	return (&fake.sent[0]);
}

static int
request(struct dpmsg *m)
{
	m->id = ID;
	m->fd = -1;
	ck_assert_int_eq(dispatch(m, DPD_RUNNING), 0);
	ck_assert_uint_eq(fake.sent[0].id, ID);
	return (sent(m->type + 1)->u.reply.err);
}

/* Without an answer as yet. */
static void
later(struct dpmsg *m)
{
	m->id = ID;
	m->fd = -1;
	ck_assert_int_eq(dispatch(m, DPD_RUNNING), 0);
	ck_assert_int_eq(fake.n_sent, 0);
}

static void
answered(uint16_t type, int err)
{
	ck_assert_uint_eq(fake.sent[0].id, ID);
	ck_assert_int_eq(sent(type)->u.reply.err, err);
}

static struct dpmsg
open_msg(void)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_OPEN };

	m.u.tunnel_open.rule = R_CALLER;
	m.u.tunnel_open.local = world_addr("192.0.2.1", 1701);
	m.u.tunnel_open.peer = world_addr("198.51.100.1", 1701);
	return (m);
}

static struct dpmsg
up_msg(uint32_t handle, uint32_t local_tid)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_UP };

	m.u.tunnel_up = (struct dp_tunnel_up){ handle, local_tid, 200, 2,
	    { 0 } };
	return (m);
}

static struct dpmsg
session_msg(uint32_t handle, uint32_t local_sid)
{
	struct dpmsg	 m = { .type = DP_SESSION_UP };

	m.u.session_up.handle = handle;
	m.u.session_up.local_sid = local_sid;
	m.u.session_up.peer_sid = 1000 + local_sid;
	m.u.session_up.rule = R_POOL;
	return (m);
}

static struct dpmsg
start_msg(uint32_t handle, uint32_t local_sid)
{
	struct dpmsg	 m = { .type = DP_SESSION_START };

	m.u.session_start.handle = handle;
	m.u.session_start.local_sid = local_sid;
	m.u.session_start.peer_ip = 0x0a000001 + local_sid;
	return (m);
}

static struct dpmsg
about(uint16_t type, uint32_t handle, uint32_t local_sid)
{
	struct dpmsg	 m = { .type = type };

	m.u.stats = (struct dp_stats){ handle, local_sid };
	return (m);
}

static uint32_t
tunnel_open(void)
{
	struct dpmsg	 m = open_msg();

	ck_assert_int_eq(request(&m), 0);
	ck_assert_int_ne(fake.sent[0].fd, -1);
	expect("socket:1701:1701");
	return (fake.sent[0].u.tunnel_open_reply.handle);
}

static uint32_t
tunnel_up(uint32_t local_tid)
{
	uint32_t	 handle = tunnel_open();
	struct dpmsg	 m = up_msg(handle, local_tid);

	ck_assert_int_eq(request(&m), 0);
	fake.done[0] = '\0';
	return (handle);
}

static void
session_up(uint32_t handle, uint32_t local_sid)
{
	struct dpmsg	 m = session_msg(handle, local_sid);

	ck_assert_int_eq(request(&m), 0);
	fake.done[0] = '\0';
}

static void
started(uint32_t handle, uint32_t local_sid)
{
	struct dpmsg	 m = start_msg(handle, local_sid);

	session_up(handle, local_sid);
	ck_assert_int_eq(request(&m), 0);
}

static void
exited(uint32_t slot, int status)
{
	struct starter_exit	 e = { .slot = slot, .status = status };

	own_exited(&e);
}

static void
notice(uint32_t unit)
{
	struct notify	 n = { unit, 1, 2, "alice" };

	own_notify(&n);
}

static void
setup(void)
{
	log_init("test", 1);
	log_level(LOG_LVL_ERROR);
	fake.now = 1000000;
	world_policy();
}

/* ---- the state fence ---- */

static const struct state_row {
	uint16_t	type;
	int		answered;	/* in these; else fatal to the peer */
	int		late;		/* ESHUTDOWN while stopping */
} states[] = {
	{ DP_LISTEN, DPD_RUNNING | DPD_STOPPING, 1 },
	{ DP_TUNNEL_OPEN, DPD_RUNNING | DPD_STOPPING, 1 },
	{ DP_TUNNEL_UP, DPD_RUNNING | DPD_STOPPING, 1 },
	{ DP_TUNNEL_CLOSE, DPD_RUNNING | DPD_STOPPING, 0 },
	{ DP_SESSION_UP, DPD_RUNNING | DPD_STOPPING, 1 },
	{ DP_SESSION_START, DPD_RUNNING | DPD_STOPPING, 1 },
	{ DP_SESSION_DOWN, DPD_RUNNING | DPD_STOPPING, 0 },
	{ DP_STATS, DPD_RUNNING | DPD_STOPPING, 0 },
	/* The policy is sealed: the records are not allowed any more. */
	{ DP_RULE_LISTEN, 0, 0 }, { DP_RULE_TUNNEL, 0, 0 },
	{ DP_RULE_SESSION, 0, 0 }, { DP_POLICY_END, 0, 0 },
	/* dpd's own words. */
	{ DP_LISTEN_REPLY, 0, 0 }, { DP_CONFIG, 0, 0 }, { DP_SHUTDOWN, 0, 0 },
	{ 0, 0, 0 }
};

START_TEST(state_fence)
{
	int	 state, err;

	for (state = DPD_PARSING; state <= DPD_STOPPING; state *= 2) {
		struct dpmsg	 m = { .type = states[_i].type, .id = ID,
		    .fd = -1 };

		if ((states[_i].answered & state) == 0) {
			ck_assert_int_eq(dispatch(&m, (enum dpd_state)state),
			    -1);
			ck_assert_int_eq(fake.n_sent, 0);
			continue;
		}
		ck_assert_int_eq(dispatch(&m, (enum dpd_state)state), 0);
		ck_assert_uint_eq(fake.sent[0].id, ID);
		err = sent(m.type + 1)->u.reply.err;
		ck_assert_int_eq(err == ESHUTDOWN,
		    states[_i].late && state == DPD_STOPPING);
	}
}
END_TEST

/* What is on its way while we stop does nothing; what ends things does. */
START_TEST(stopping)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID), other = tunnel_open();
	struct dpmsg	 m[] = { open_msg(), up_msg(other, 101),
	    session_msg(handle, 2), start_msg(handle, 1) };
	struct dpmsg	 down = about(DP_SESSION_DOWN, handle, 1);
	size_t		 i;

	session_up(handle, 1);
	for (i = 0; i < nitems(m); i++) {
		m[i].fd = -1;
		ck_assert_int_eq(dispatch(&m[i], DPD_STOPPING), 0);
		ck_assert_int_eq(sent(m[i].type + 1)->u.reply.err, ESHUTDOWN);
		ck_assert_int_eq(fake.sent[0].fd, -1);
	}
	expect("");
	down.id = ID;
	ck_assert_int_eq(dispatch(&down, DPD_STOPPING), 0);
	expect("close:0");
	exited(0, 0);
	answered(DP_SESSION_DOWN_REPLY, 0);
}
END_TEST

START_TEST(records_while_parsing)
{
	struct dpmsg	 m = world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0",
	    0, 0);

	log_level(LOG_LVL_ERROR);
	ck_assert_int_eq(dispatch(&m, DPD_RUNNING), -1);
	ck_assert_int_eq(dispatch(&m, DPD_STOPPING), -1);
	ck_assert_int_eq(dispatch(&m, DPD_PARSING), 0);
	m.u.rule_tunnel.listen = 77;
	ck_assert_int_eq(dispatch(&m, DPD_PARSING), -1);
	ck_assert_int_eq(fake.n_sent, 0);
}
END_TEST

/* ---- one request after the other ---- */

START_TEST(listen_)
{
	struct dpmsg	 m = { .type = DP_LISTEN };

	ck_assert_int_eq(request(&m), 0);
	ck_assert_int_eq(fcntl(fake.sent[0].fd, F_GETFD), -1);	/* given */
	expect("listen:1701");
	m.u.listen.rule = R_CALLER;
	ck_assert_int_eq(request(&m), EACCES);
	m.u.listen.rule = R_IPSEC;
	ck_assert_int_eq(request(&m), EACCES);
	expect("");
	m.u.listen.rule = R_ONE;
	fake.fails = "listen";
	fake.err = EADDRINUSE;
	ck_assert_int_eq(request(&m), EADDRINUSE);
	ck_assert_int_eq(fake.sent[0].fd, -1);
}
END_TEST

START_TEST(open_)
{
	struct dpmsg	 m = open_msg();
	int		 i;

	m.u.tunnel_open.peer = world_addr("8.8.8.8", 1701);
	ck_assert_int_eq(request(&m), EACCES);
	m = open_msg();
	m.u.tunnel_open.rule = R_POOL;
	ck_assert_int_eq(request(&m), EACCES);
	ck_assert_int_eq(fake.sent[0].fd, -1);
	ck_assert_uint_eq(fake.sent[0].u.tunnel_open_reply.handle, 0);
	expect("");
	/* What fails leaves nothing: the quota is still there. */
	fake.fails = "socket";
	fake.err = ENETUNREACH;
	m = open_msg();
	for (i = 0; i < 10; i++) {
		ck_assert_int_eq(request(&m), ENETUNREACH);
		ck_assert_int_eq(fake.sent[0].fd, -1);
	}
	fake.fails = NULL;
	fake.done[0] = '\0';
	for (i = 0; i < 3; i++)
		tunnel_open();
	ck_assert_int_eq(request(&m), EDQUOT);
	expect("");
}
END_TEST

START_TEST(up)
{
	uint32_t	 handle = tunnel_open(), other = tunnel_open();
	struct dpmsg	 m = up_msg(handle, LOCAL_TID);

	m.u.tunnel_up.handle = handle + 0x10000;
	ck_assert_int_eq(request(&m), ENOENT);
	m.u.tunnel_up.handle = handle + 100;
	ck_assert_int_eq(request(&m), ENOENT);
	m = up_msg(handle, LOCAL_TID);
	m.u.tunnel_up.version = 3;
	ck_assert_int_eq(request(&m), EACCES);
	m = up_msg(handle, 65536);
	ck_assert_int_eq(request(&m), EACCES);
	expect("");
	m = up_msg(handle, LOCAL_TID);
	fake.fails = "create";
	fake.err = EEXIST;
	ck_assert_int_eq(request(&m), EEXIST);
	fake.fails = NULL;
	fake.done[0] = '\0';
	ck_assert_int_eq(request(&m), 0);
	expect("create:100/200");
	ck_assert_int_eq(request(&m), ENOENT);		/* up already */
	m = up_msg(other, LOCAL_TID);
	ck_assert_int_eq(request(&m), EEXIST);		/* taken */
	expect("");
	m = up_msg(other, LOCAL_TID + 1);
	ck_assert_int_eq(request(&m), 0);
}
END_TEST

START_TEST(quarantine)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID);
	struct dpmsg	 m = about(DP_TUNNEL_CLOSE, handle, 0);

	ck_assert_int_eq(request(&m), 0);
	expect("delete:100");
	handle = tunnel_open();
	m = up_msg(handle, LOCAL_TID);
	fake.now += OWN_QUARANTINE_MS - 1;
	ck_assert_int_eq(request(&m), EEXIST);
	expect("");
	fake.now += 1;
	ck_assert_int_eq(request(&m), 0);
}
END_TEST

START_TEST(session_up_)
{
	uint32_t	 handle = tunnel_open(), up_handle;
	struct dpmsg	 m = session_msg(handle, 1);

	ck_assert_int_eq(request(&m), ENOENT);		/* not up */
	up_handle = tunnel_up(LOCAL_TID);
	m = session_msg(up_handle + 0x10000, 1);
	ck_assert_int_eq(request(&m), ENOENT);
	m = session_msg(up_handle, 1);
	m.u.session_up.rule = R_DIALLED;
	ck_assert_int_eq(request(&m), EACCES);
	m = session_msg(up_handle, 1);
	m.u.session_up.mtu = 1401;
	ck_assert_int_eq(request(&m), EACCES);
	m = session_msg(up_handle, 65536);
	ck_assert_int_eq(request(&m), EACCES);
	expect("");
	m = session_msg(up_handle, 1);
	ck_assert_int_eq(request(&m), 0);
	expect("session:100:1/1001:v2 pppox:100/200:1/1001");
	ck_assert_int_eq(request(&m), EEXIST);
	expect("");
}
END_TEST

/* What the kernel refuses is undone, and the quota is as it was. */
START_TEST(session_up_fails)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID);
	struct dpmsg	 m = session_msg(handle, 1);
	uint32_t	 i;

	fake.fails = "session";
	fake.err = ENODEV;
	for (i = 0; i < 10; i++)
		ck_assert_int_eq(request(&m), ENODEV);
	fake.done[0] = '\0';
	fake.fails = "pppox";
	fake.err = EPROTOTYPE;
	ck_assert_int_eq(request(&m), EPROTOTYPE);
	expect("session:100:1/1001:v2 pppox:100/200:1/1001 unsession:100:1");
	fake.fails = NULL;
	for (i = 1; i <= 4; i++)
		session_up(handle, i);
	m = session_msg(handle, 5);
	ck_assert_int_eq(request(&m), EDQUOT);
	expect("");
}
END_TEST

START_TEST(start)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID), other = tunnel_up(101);
	struct dpmsg	 m = start_msg(handle, 1);

	ck_assert_int_eq(request(&m), ENOENT);		/* no session */
	session_up(handle, 1);
	m = start_msg(other, 1);
	ck_assert_int_eq(request(&m), ENOENT);		/* another tunnel's */
	m = start_msg(handle, 1);
	m.u.session_start.peer_ip = 0x0a000011;
	ck_assert_int_eq(request(&m), EACCES);		/* outside */
	m.u.session_start.peer_ip = 0;
	ck_assert_int_eq(request(&m), EACCES);		/* none */
	m = start_msg(handle, 1);
	strcpy(m.u.session_start.number, "-d");
	ck_assert_int_eq(request(&m), EACCES);
	expect("");
	m = start_msg(handle, 1);
	m.u.session_start.recv_seq = 1;
	strcpy(m.u.session_start.number, "+49");
	ck_assert_int_eq(request(&m), 0);
	expect("sequence:100:1:01 pppd:0");
	ck_assert_uint_eq(fake.last.unit, 1000);
	ck_assert_uint_eq(fake.last.peer_ip, 0x0a000002);
	ck_assert_uint_eq(fake.last.local_ip, 0x0a000001);
	ck_assert_uint_eq(fake.last.mtu, 1400);
	ck_assert_str_eq(fake.last.profile, "lns");
	ck_assert_str_eq(fake.last.number, "+49");
	ck_assert_int_eq(request(&m), ENOENT);		/* twice */
	expect("");
}
END_TEST

START_TEST(start_without_sequencing)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID);
	struct dpmsg	 m = start_msg(handle, 1);

	session_up(handle, 1);
	ck_assert_int_eq(request(&m), 0);
	expect("pppd:0");
}
END_TEST

START_TEST(start_fails)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID);
	struct dpmsg	 m = start_msg(handle, 1);

	session_up(handle, 1);
	m.u.session_start.send_seq = 1;
	fake.fails = "sequence";
	fake.err = ENODEV;
	ck_assert_int_eq(request(&m), ENODEV);
	expect("sequence:100:1:10");
	fake.fails = NULL;
	ck_assert_int_eq(request(&m), 0);		/* can be tried again */
}
END_TEST

/* Two pppds may be on their way; there is no third one meanwhile. */
START_TEST(starting_is_bounded)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID);
	struct dpmsg	 third = start_msg(handle, 3), last, m;

	started(handle, 1);
	started(handle, 2);
	session_up(handle, 3);
	session_up(handle, 4);
	third.u.session_start.send_seq = 1;
	ck_assert_int_eq(request(&third), EAGAIN);
	expect("");
	notice(1001);			/* one is up */
	ck_assert_uint_eq(sent(DP_SESSION_STATE)->u.session_state.local_sid, 2);
	ck_assert_int_eq(request(&third), 0);
	expect("sequence:100:3:10 pppd:2");
	notice(1001);			/* said twice, counted once */
	sent(DP_SESSION_STATE);
	last = start_msg(handle, 4);
	ck_assert_int_eq(request(&last), EAGAIN);
	exited(0, 256);			/* one never got there */
	sent(DP_SESSION_STATE);
	ck_assert_int_eq(request(&last), 0);
	expect("pppd:3");
	m = about(DP_SESSION_DOWN, handle, 1);
	ck_assert_int_eq(request(&m), 0);
	session_up(handle, 5);
	m = start_msg(handle, 5);
	ck_assert_int_eq(request(&m), EAGAIN);
	m = about(DP_SESSION_DOWN, handle, 3);	/* one is to end */
	later(&m);
	expect("end:2");
	m = start_msg(handle, 5);
	ck_assert_int_eq(request(&m), 0);
	expect("pppd:4");
	exited(2, 0);			/* which is counted once */
	answered(DP_SESSION_DOWN_REPLY, 0);
	ck_assert_uint_eq(own_starting, 2);
	m = about(DP_TUNNEL_CLOSE, handle, 0);
	later(&m);
	ck_assert_uint_eq(own_starting, 0);
}
END_TEST

START_TEST(notices)
{
	uint32_t		 handle = tunnel_up(LOCAL_TID);
	struct notify		 n = { 1000, 0x0a000001, 0x0a000002, "" };
	struct dp_session_state	*p;
	struct dpmsg		*m, first;

	notice(1000);			/* no session */
	session_up(handle, 1);
	notice(1000);			/* no pppd */
	notice(999);
	notice(0);
	notice(UINT32_MAX);
	notice(1000 + DP_MAX_SESSIONS);
	ck_assert_int_eq(fake.n_sent, 0);
	first = start_msg(handle, 1);
	ck_assert_int_eq(request(&first), 0);
	notice(1001);
	ck_assert_int_eq(fake.n_sent, 0);
	memset(n.user, 'x', sizeof(n.user));	/* no end: cut */
	own_notify(&n);
	m = sent(DP_SESSION_STATE);
	p = &m->u.session_state;
	ck_assert_uint_eq(p->handle, handle);
	ck_assert_uint_eq(p->local_sid, 1);
	ck_assert_int_eq(p->state, DP_STATE_UP);
	ck_assert_str_eq(p->ifname, "ppp1000");
	ck_assert_uint_eq(p->local_ip, 0x0a000001);
	ck_assert_uint_eq(p->peer_ip, 0x0a000002);
	ck_assert_uint_eq(strlen(p->user), DP_USER_LEN - 1);
	memcpy(n.user, "al\nice", 7);		/* up to what is not text */
	own_notify(&n);
	ck_assert_str_eq(sent(DP_SESSION_STATE)->u.session_state.user, "al");
}
END_TEST

START_TEST(pppd_exits)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID);
	struct dpmsg	 m;

	started(handle, 1);
	started(handle, 2);
	session_up(handle, 3);
	exited(2, 0);				/* has none */
	exited(77, 0);				/* of nobody */
	exited(STARTER_PARSER, 0);		/* not a session's */
	exited(UINT32_MAX, 0);
	ck_assert_int_eq(fake.n_sent, 0);
	exited(0, 15 << 8);
	m = *sent(DP_SESSION_STATE);
	ck_assert_uint_eq(m.u.session_state.local_sid, 1);
	ck_assert_int_eq(m.u.session_state.state, DP_STATE_DOWN);
	ck_assert_uint_eq(m.u.session_state.exit_code, 15);
	ck_assert_uint_eq(m.u.session_state.signal, 0);
	exited(1, 9);
	m = *sent(DP_SESSION_STATE);
	ck_assert_uint_eq(m.u.session_state.exit_code, 0);
	ck_assert_uint_eq(m.u.session_state.signal, 9);
	exited(1, 9);				/* said twice */
	ck_assert_int_eq(fake.n_sent, 0);
	fake.done[0] = '\0';
	/* It is known, and its id taken, until it is asked down. */
	m = session_msg(handle, 1);
	ck_assert_int_eq(request(&m), EEXIST);
	m = start_msg(handle, 1);
	ck_assert_int_eq(request(&m), ENOENT);
	m = about(DP_SESSION_DOWN, handle, 1);
	ck_assert_int_eq(request(&m), 0);
	ck_assert_int_eq(request(&m), ENOENT);
	expect("");
	session_up(handle, 1);
}
END_TEST

START_TEST(down)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID), other = tunnel_up(101);
	struct dpmsg	 m = about(DP_SESSION_DOWN, handle, 1);

	ck_assert_int_eq(request(&m), ENOENT);
	started(handle, 1);
	fake.done[0] = '\0';
	m = about(DP_SESSION_DOWN, other, 1);
	ck_assert_int_eq(request(&m), ENOENT);
	expect("");
	m = about(DP_SESSION_DOWN, handle, 1);
	later(&m);
	expect("end:0");
	ck_assert_int_eq(request(&m), EALREADY);
	expect("");
	exited(0, 5 << 8);
	answered(DP_SESSION_DOWN_REPLY, 0);
	ck_assert_int_eq(request(&m), ENOENT);
}
END_TEST

/* A session without a pppd ends with the last close of its socket. */
START_TEST(down_unstarted)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID);
	struct dpmsg	 m = about(DP_SESSION_DOWN, handle, 1);

	session_up(handle, 1);
	later(&m);
	expect("close:0");
	exited(0, 0);
	answered(DP_SESSION_DOWN_REPLY, 0);
}
END_TEST

START_TEST(close_)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID);
	struct dpmsg	 ask, m;
	int		 fd = own_find(handle)->fd;

	started(handle, 1);		/* pppd is on its way */
	started(handle, 2);
	notice(1001);			/* is up */
	sent(DP_SESSION_STATE);
	started(handle, 3);
	exited(2, 0);			/* has exited */
	sent(DP_SESSION_STATE);
	session_up(handle, 4);		/* has none */
	fake.done[0] = '\0';
	m = about(DP_TUNNEL_CLOSE, handle + 1, 0);
	ck_assert_int_eq(request(&m), ENOENT);
	expect("");
	m = about(DP_TUNNEL_CLOSE, handle, 0);
	later(&m);
	expect("close:3 end:1 end:0");
	ck_assert_int_eq(request(&m), ENOENT);		/* closing */
	ask = about(DP_SESSION_DOWN, handle, 2);
	later(&ask);			/* may be asked for all the same */
	m = session_msg(handle, 9);
	ck_assert_int_eq(request(&m), ENOENT);
	m = about(DP_STATS, handle, 0);
	ck_assert_int_eq(request(&m), ENOENT);
	exited(1, 0);
	answered(DP_SESSION_DOWN_REPLY, 0);
	exited(0, 9);
	ck_assert_int_eq(fake.n_sent, 0);
	expect("");
	ck_assert_int_ne(fcntl(fd, F_GETFD), -1);
	exited(3, 0);			/* the last one */
	answered(DP_TUNNEL_CLOSE_REPLY, 0);
	expect("delete:100");
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	ck_assert_ptr_null(LIST_FIRST(&own_tunnels));
}
END_TEST

/* Without a kernel tunnel there is none to delete. */
START_TEST(close_open)
{
	uint32_t	 handle = tunnel_open();
	struct dpmsg	 m = about(DP_TUNNEL_CLOSE, handle, 0);

	ck_assert_int_eq(request(&m), 0);
	expect("");
	ck_assert_ptr_null(LIST_FIRST(&own_tunnels));
}
END_TEST

/* ctld has gone: everything ends, and nobody is told. */
START_TEST(close_all)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID), other = tunnel_up(101);
	struct dpmsg	 m;

	tunnel_open();
	started(handle, 1);
	started(other, 1);
	m = about(DP_SESSION_DOWN, other, 1);
	later(&m);
	m = about(DP_TUNNEL_CLOSE, other, 0);
	later(&m);
	fake.done[0] = '\0';
	own_end_all();
	own_end_all();
	expect("end:0");
	exited(1, 0);
	exited(0, 0);
	expect("delete:101 delete:100");
	ck_assert_int_eq(fake.n_sent, 0);
	ck_assert_ptr_null(LIST_FIRST(&own_tunnels));
}
END_TEST

START_TEST(stats)
{
	uint32_t	 handle = tunnel_up(LOCAL_TID), other = tunnel_up(101);
	struct dpmsg	 m = about(DP_STATS, handle, 0);

	session_up(handle, 1);
	ck_assert_int_eq(request(&m), 0);
	ck_assert_uint_eq(fake.sent[0].u.stats_reply.tx_packets, 42);
	expect("stats:100:0");
	m = about(DP_STATS, handle, 1);
	ck_assert_int_eq(request(&m), 0);
	expect("stats:100:1");
	m = about(DP_STATS, handle, 2);
	ck_assert_int_eq(request(&m), ENOENT);
	m = about(DP_STATS, other, 1);
	ck_assert_int_eq(request(&m), ENOENT);
	m = about(DP_STATS, handle + 0x20000, 0);
	ck_assert_int_eq(request(&m), ENOENT);
	expect("");
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("dispatch");
	TCase	*tc = tcase_create("dispatch"), *raw = tcase_create("parsing");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, state_fence, 0, (int)nitems(states));
	tcase_add_test(tc, stopping);
	tcase_add_test(tc, listen_);
	tcase_add_test(tc, open_);
	tcase_add_test(tc, up);
	tcase_add_test(tc, quarantine);
	tcase_add_test(tc, session_up_);
	tcase_add_test(tc, session_up_fails);
	tcase_add_test(tc, start);
	tcase_add_test(tc, start_without_sequencing);
	tcase_add_test(tc, start_fails);
	tcase_add_test(tc, starting_is_bounded);
	tcase_add_test(tc, notices);
	tcase_add_test(tc, pppd_exits);
	tcase_add_test(tc, down);
	tcase_add_test(tc, down_unstarted);
	tcase_add_test(tc, close_);
	tcase_add_test(tc, close_open);
	tcase_add_test(tc, close_all);
	tcase_add_test(tc, stats);
	suite_add_tcase(s, tc);
	tcase_add_test(raw, records_while_parsing);
	suite_add_tcase(s, raw);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
