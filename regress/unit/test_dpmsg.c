/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The format fence.  Every message of the table is sent as it should be,
 * then with every other length, the wrong way, with a descriptor too many
 * or too few, and with each of its fields out of range.
 */
#include <check.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dpmsg.h"
#include "log.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))
#define OFF(m)		offsetof(struct dpmsg, u.m) - offsetof(struct dpmsg, u)
#define FIELD(m, f)	OFF(m.f), sizeof(((struct dpmsg *)0)->u.m.f)

static int	sv[2];

static const struct dp_addr	v4 = { 4, 0, 1701, 0, { 192, 0, 2, 1 } };
static const struct dp_addr	v6 = { 6, 0, 1701, 0, { 0x20, 1, 0xd, 0xb8 } };

/* A good one of each, and the size that its struct has. */
static struct sample {
	size_t		 size;
	struct dpmsg	 m;
} samples[] = {
	{ sizeof(struct dp_listen), { .type = DP_LISTEN,
	    .u.listen = { .rule = DP_MAX_RULES - 1 } } },
	{ sizeof(struct dp_tunnel_open), { .type = DP_TUNNEL_OPEN,
	    .u.tunnel_open = { .rule = 1 } } },
	{ sizeof(struct dp_tunnel_up), { .type = DP_TUNNEL_UP,
	    .u.tunnel_up = { 1, 2, 3, 2, { 0 } } } },
	{ sizeof(struct dp_tunnel_close), { .type = DP_TUNNEL_CLOSE,
	    .u.tunnel_close = { 1 } } },
	{ sizeof(struct dp_session_up), { .type = DP_SESSION_UP,
	    .u.session_up = { 1, 2, 3, 4, 1400, 1, 1, 8, 4, { 1, 2 },
	    { 3, 4 } } } },
	{ sizeof(struct dp_session_start), { .type = DP_SESSION_START,
	    .u.session_start = { 1, 2, 0x0a000001, 1, 1, 0,
	    "+49-30.1_x" } } },
	{ sizeof(struct dp_session_down), { .type = DP_SESSION_DOWN,
	    .u.session_down = { 1, 2 } } },
	{ sizeof(struct dp_stats), { .type = DP_STATS,
	    .u.stats = { 1, 0 } } },
	{ sizeof(struct dp_reply), { .type = DP_LISTEN_REPLY } },
	{ sizeof(struct dp_tunnel_open_reply), { .type = DP_TUNNEL_OPEN_REPLY,
	    .u.tunnel_open_reply = { 0, 7 } } },
	{ sizeof(struct dp_reply), { .type = DP_TUNNEL_UP_REPLY,
	    .u.reply = { 13 } } },
	{ sizeof(struct dp_reply), { .type = DP_TUNNEL_CLOSE_REPLY } },
	{ sizeof(struct dp_reply), { .type = DP_SESSION_UP_REPLY } },
	{ sizeof(struct dp_reply), { .type = DP_SESSION_START_REPLY } },
	{ sizeof(struct dp_reply), { .type = DP_SESSION_DOWN_REPLY } },
	{ sizeof(struct dp_stats_reply), { .type = DP_STATS_REPLY,
	    .u.stats_reply = { 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, UINT64_MAX } } },
	{ sizeof(struct dp_config), { .type = DP_CONFIG,
	    .u.config = { DP_MAX_CONFIG, 0640 } } },
	{ sizeof(struct dp_control), { .type = DP_CONTROL } },
	{ sizeof(struct dp_session_state), { .type = DP_SESSION_STATE,
	    .u.session_state = { 1, 2, DP_STATE_UP, 0, 0, 1, 2, "ppp1000",
	    "alice@example \"x\"" } } },
	{ sizeof(struct dp_tunnel_gone), { .type = DP_TUNNEL_GONE,
	    .u.tunnel_gone = { 1, 5 } } },
	{ sizeof(struct dp_shutdown), { .type = DP_SHUTDOWN,
	    .u.shutdown = { 2000 } } },
	{ sizeof(struct dp_rule_listen), { .type = DP_RULE_LISTEN } },
	{ sizeof(struct dp_rule_tunnel), { .type = DP_RULE_TUNNEL,
	    .u.rule_tunnel = { DP_NO_RULE, 1, 0, 2, 0, 2, { 0 },
	    { { { 0 }, 0, { 0 } } } } } },
	{ sizeof(struct dp_rule_session), { .type = DP_RULE_SESSION,
	    .u.rule_session = { 0, 1, DP_PW_PPP, 1, 1400, 1,
	    { { 1, 2 } }, "lns-1_x" } } },
	{ sizeof(struct dp_policy_end), { .type = DP_POLICY_END,
	    .u.policy_end = { 3, 1, 1, 1, 100, 1000 } } }
};

/* Octets that make a good message a bad one. */
static const struct bad {
	uint16_t	 type;
	size_t		 offset, size;
	uint32_t	 value;		/* of an integer of that size */
} bads[] = {
	{ DP_LISTEN, FIELD(listen, rule), DP_MAX_RULES },
	{ DP_LISTEN, FIELD(listen, rule), 0xffff },
	{ DP_LISTEN, OFF(listen.pad[0]), 1, 1 },
	{ DP_LISTEN, OFF(listen.pad[1]), 1, 1 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, rule), DP_MAX_RULES },
	{ DP_TUNNEL_OPEN, OFF(tunnel_open.pad[0]), 1, 1 },
	{ DP_TUNNEL_OPEN, OFF(tunnel_open.pad[1]), 1, 1 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, mark), 1 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.family), 0 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.family), 5 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.pad), 1 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.scope), 1 },
	{ DP_TUNNEL_OPEN, OFF(tunnel_open.peer.ip[4]), 1, 1 },
	{ DP_TUNNEL_OPEN, OFF(tunnel_open.peer.ip[15]), 1, 1 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, local.family), 2 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, local.family), 0 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, local.pad), 1 },
	{ DP_TUNNEL_OPEN, FIELD(tunnel_open, local.scope), 1 },
	{ DP_TUNNEL_UP, FIELD(tunnel_up, handle), 0 },
	{ DP_TUNNEL_UP, FIELD(tunnel_up, local_tid), 0 },
	{ DP_TUNNEL_UP, FIELD(tunnel_up, peer_tid), 0 },
	{ DP_TUNNEL_UP, FIELD(tunnel_up, version), 1 },
	{ DP_TUNNEL_UP, FIELD(tunnel_up, version), 4 },
	{ DP_TUNNEL_UP, OFF(tunnel_up.pad[0]), 1, 1 },
	{ DP_TUNNEL_UP, OFF(tunnel_up.pad[2]), 1, 1 },
	{ DP_TUNNEL_CLOSE, FIELD(tunnel_close, handle), 0 },
	{ DP_SESSION_UP, FIELD(session_up, handle), 0 },
	{ DP_SESSION_UP, FIELD(session_up, local_sid), 0 },
	{ DP_SESSION_UP, FIELD(session_up, peer_sid), 0 },
	{ DP_SESSION_UP, FIELD(session_up, rule), DP_MAX_RULES },
	{ DP_SESSION_UP, FIELD(session_up, lns_mode), 2 },
	{ DP_SESSION_UP, FIELD(session_up, l2spec), 2 },
	{ DP_SESSION_UP, FIELD(session_up, cookie_len), 9 },
	{ DP_SESSION_UP, FIELD(session_up, peer_cookie_len), 255 },
	{ DP_SESSION_START, FIELD(session_start, handle), 0 },
	{ DP_SESSION_START, FIELD(session_start, local_sid), 0 },
	{ DP_SESSION_START, FIELD(session_start, send_seq), 2 },
	{ DP_SESSION_START, FIELD(session_start, recv_seq), 2 },
	{ DP_SESSION_START, FIELD(session_start, pad), 1 },
	{ DP_SESSION_START, OFF(session_start.number[3]), 1, ' ' },
	{ DP_SESSION_START, OFF(session_start.number[3]), 1, '/' },
	{ DP_SESSION_START, OFF(session_start.number[3]), 1, '\n' },
	{ DP_SESSION_START, OFF(session_start.number[3]), 1, 0x80 },
	{ DP_SESSION_START, OFF(session_start.number[3]), 1, 0 },
	{ DP_SESSION_START, OFF(session_start.number[32]), 1, '1' },
	{ DP_SESSION_DOWN, FIELD(session_down, handle), 0 },
	{ DP_SESSION_DOWN, FIELD(session_down, local_sid), 0 },
	{ DP_STATS, FIELD(stats, handle), 0 },
	{ DP_LISTEN_REPLY, FIELD(reply, err), 1 },	/* then no fd */
	{ DP_TUNNEL_OPEN_REPLY, FIELD(tunnel_open_reply, err), 1 },
	{ DP_TUNNEL_OPEN_REPLY, FIELD(tunnel_open_reply, handle), 0 },
	{ DP_TUNNEL_UP_REPLY, FIELD(reply, err), 4096 },
	{ DP_TUNNEL_UP_REPLY, FIELD(reply, err), 0xffffffff },
	{ DP_TUNNEL_CLOSE_REPLY, FIELD(reply, err), 4096 },
	{ DP_SESSION_UP_REPLY, FIELD(reply, err), 4096 },
	{ DP_SESSION_START_REPLY, FIELD(reply, err), 4096 },
	{ DP_SESSION_DOWN_REPLY, FIELD(reply, err), 4096 },
	{ DP_STATS_REPLY, FIELD(stats_reply, err), 4096 },
	{ DP_STATS_REPLY, FIELD(stats_reply, pad), 1 },
	{ DP_CONFIG, FIELD(config, size), DP_MAX_CONFIG + 1 },
	{ DP_CONFIG, FIELD(config, mode), 010000 },
	{ DP_CONTROL, FIELD(control, pad), 1 },
	{ DP_SESSION_STATE, FIELD(session_state, handle), 0 },
	{ DP_SESSION_STATE, FIELD(session_state, local_sid), 0 },
	{ DP_SESSION_STATE, FIELD(session_state, state), 2 },
	{ DP_SESSION_STATE, OFF(session_state.ifname[3]), 1, '/' },
	{ DP_SESSION_STATE, OFF(session_state.ifname[3]), 1, '%' },
	{ DP_SESSION_STATE, OFF(session_state.ifname[3]), 1, 0 },
	{ DP_SESSION_STATE, OFF(session_state.ifname[15]), 1, '1' },
	{ DP_SESSION_STATE, OFF(session_state.user[1]), 1, '\n' },
	{ DP_SESSION_STATE, OFF(session_state.user[1]), 1, 0x1b },
	{ DP_SESSION_STATE, OFF(session_state.user[1]), 1, 0x7f },
	{ DP_SESSION_STATE, OFF(session_state.user[1]), 1, 0xe4 },
	{ DP_SESSION_STATE, OFF(session_state.user[63]), 1, 'x' },
	{ DP_TUNNEL_GONE, FIELD(tunnel_gone, handle), 0 },
	{ DP_TUNNEL_GONE, FIELD(tunnel_gone, err), 4096 },
	{ DP_SHUTDOWN, FIELD(shutdown, grace_ms), 60001 },
	{ DP_RULE_LISTEN, FIELD(rule_listen, local.family), 0 },
	{ DP_RULE_LISTEN, FIELD(rule_listen, local.scope), 1 },
	{ DP_RULE_LISTEN, FIELD(rule_listen, encap), 2 },
	{ DP_RULE_LISTEN, FIELD(rule_listen, require_ipsec), 2 },
	{ DP_RULE_LISTEN, OFF(rule_listen.pad[0]), 1, 1 },
	{ DP_RULE_LISTEN, OFF(rule_listen.pad[1]), 1, 1 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, max_tunnels), 0 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, max_tunnels), DP_MAX_TUNNELS + 1 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, encap), 2 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, version), 1 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, version), 4 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, require_ipsec), 2 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, n_prefixes), 0 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, n_prefixes),
	    DP_MAX_PREFIXES + 1 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, local.family), 1 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[0].len), 33 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[0].addr.family), 1 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[1].len), 129 },
	{ DP_RULE_TUNNEL, OFF(rule_tunnel.peers[0].pad[2]), 1, 1 },
	{ DP_RULE_TUNNEL, OFF(rule_tunnel.peers[15].pad[0]), 1, 1 },
	{ DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[15].len), 1 },
	{ DP_RULE_SESSION, FIELD(rule_session, tunnel), DP_MAX_RULES },
	{ DP_RULE_SESSION, FIELD(rule_session, max_sessions), 0 },
	{ DP_RULE_SESSION, FIELD(rule_session, max_sessions),
	    DP_MAX_SESSIONS + 1 },
	{ DP_RULE_SESSION, FIELD(rule_session, pseudowire), DP_PW_ETH - 1 },
	{ DP_RULE_SESSION, FIELD(rule_session, pseudowire), DP_PW_ETH + 1 },
	{ DP_RULE_SESSION, FIELD(rule_session, pseudowire), DP_PW_PPP + 1 },
	{ DP_RULE_SESSION, FIELD(rule_session, n_ranges), DP_MAX_RANGES + 1 },
	{ DP_RULE_SESSION, FIELD(rule_session, ranges[0].first), 3 },
	{ DP_RULE_SESSION, FIELD(rule_session, ranges[0].first), 0 },
	{ DP_RULE_SESSION, FIELD(rule_session, ranges[7].first), 1 },
	{ DP_RULE_SESSION, FIELD(rule_session, ranges[7].last), 1 },
	{ DP_RULE_SESSION, OFF(rule_session.profile[0]), 1, '/' },
	{ DP_RULE_SESSION, OFF(rule_session.profile[0]), 1, '.' },
	{ DP_RULE_SESSION, OFF(rule_session.profile[1]), 1, 'A' },
	{ DP_RULE_SESSION, OFF(rule_session.profile[1]), 1, ' ' },
	{ DP_RULE_SESSION, OFF(rule_session.profile[1]), 1, 0 },
	{ DP_RULE_SESSION, OFF(rule_session.profile[31]), 1, 'x' },
	{ DP_POLICY_END, FIELD(policy_end, n_rules), DP_MAX_RULES + 1 },
	{ DP_POLICY_END, FIELD(policy_end, max_tunnels), 0 },
	{ DP_POLICY_END, FIELD(policy_end, max_tunnels), DP_MAX_TUNNELS + 1 },
	{ DP_POLICY_END, FIELD(policy_end, max_sessions), 0 },
	{ DP_POLICY_END, FIELD(policy_end, max_sessions),
	    DP_MAX_SESSIONS + 1 },
	{ DP_POLICY_END, FIELD(policy_end, max_starting), 0 },
	{ DP_POLICY_END, FIELD(policy_end, max_starting),
	    DP_MAX_SESSIONS + 1 },
	{ DP_POLICY_END, FIELD(policy_end, control_gid), 0xffffffff },
	{ DP_POLICY_END, FIELD(policy_end, unit_first), 1000001 }
};

static struct sample *
sample(uint16_t type)
{
	size_t	 i;

	for (i = 0; i < nitems(samples); i++)
		if (samples[i].m.type == type)
			return (&samples[i]);
	ck_abort_msg("no sample of type %u", type);
	return (NULL);
}

static int
has_fd(const struct dpmsg *m)
{
	const struct dpmsg_row	*row = dpmsg_find(m->type);

	return (row->fd == FD_MUST ||
	    (row->fd == FD_IF_OK && m->u.reply.err == 0));
}

static enum imsg_status
pass(const struct dpmsg *m, size_t len, int fd, enum dpmsg_dir dir,
    struct dpmsg *got)
{
	enum imsg_status	 status;

	ck_assert_int_eq(imsg_send(sv[0], m->type, m->id, fd, &m->u, len),
	    IMSG_OK);
	status = dpmsg_recv(sv[1], dir, got);
	if (status == IMSG_OK && got->fd != -1)
		close(got->fd);
	return (status);
}

static void
setup(void)
{
	struct dpmsg	*m;

	log_init("test", 1);
	log_level(LOG_LVL_ERROR);
	ck_assert_int_eq(imsg_pair(sv), 0);
	m = &sample(DP_TUNNEL_OPEN)->m;
	m->u.tunnel_open.local = m->u.tunnel_open.peer = v4;
	sample(DP_RULE_LISTEN)->m.u.rule_listen.local = v4;
	m = &sample(DP_RULE_TUNNEL)->m;
	m->u.rule_tunnel.local = v4;
	m->u.rule_tunnel.peers[0] = (struct dp_prefix){ v4, 32, { 0 } };
	m->u.rule_tunnel.peers[1] = (struct dp_prefix){ v6, 128, { 0 } };
}

static void
teardown(void)
{
	close(sv[0]);
	close(sv[1]);
}

START_TEST(every_message_has_a_sample)
{
	const struct dpmsg_row	*row;
	size_t			 n = 0;

	for (row = dpmsg_table; row->type != 0; row++, n++) {
		ck_assert_ptr_eq(dpmsg_find(row->type), row);
		ck_assert_str_eq(dpmsg_name(row->type), row->name);
		ck_assert_uint_eq(dpmsg_size(row), sample(row->type)->size);
		ck_assert_uint_le(dpmsg_size(row), IMSG_MAX_DATA);
		/* Requests are even, replies and events odd. */
		ck_assert_int_eq(row->dir, row->type % 2 == 0 ? TO_DPD :
		    FROM_DPD);
	}
	ck_assert_uint_eq(n, nitems(samples));
	ck_assert_uint_eq(dpmsg_find(0)->type, 0);
	ck_assert_uint_eq(dpmsg_find(1)->type, 0);
	ck_assert_str_eq(dpmsg_name(1), "unknown message");
}
END_TEST

START_TEST(good)
{
	struct dpmsg		 got, *m = &samples[_i].m;
	const struct dpmsg_row	*row = dpmsg_find(m->type);

	m->id = 77;
	m->fd = has_fd(m) ? sv[0] : -1;
	ck_assert_int_eq(dpmsg_send(sv[0], m), IMSG_OK);
	ck_assert_int_eq(dpmsg_recv(sv[1], row->dir, &got), IMSG_OK);
	ck_assert_uint_eq(got.type, m->type);
	ck_assert_uint_eq(got.id, 77);
	ck_assert_int_eq(got.fd != -1, has_fd(m));
	ck_assert_int_eq(memcmp(&got.u, &m->u, samples[_i].size), 0);
}
END_TEST

START_TEST(every_other_length)
{
	struct dpmsg		 got, *m = &samples[_i].m;
	const struct dpmsg_row	*row = dpmsg_find(m->type);
	size_t			 len;

	for (len = 0; len <= samples[_i].size + 4; len++)
		ck_assert_int_eq(pass(m, len, has_fd(m) ? sv[0] : -1, row->dir,
		    &got), len == samples[_i].size ? IMSG_OK : IMSG_BAD);
}
END_TEST

START_TEST(wrong_direction)
{
	struct dpmsg		 got, *m = &samples[_i].m;
	const struct dpmsg_row	*row = dpmsg_find(m->type);

	ck_assert_int_eq(pass(m, samples[_i].size, has_fd(m) ? sv[0] : -1,
	    row->dir == TO_DPD ? FROM_DPD : TO_DPD, &got), IMSG_BAD);
}
END_TEST

START_TEST(fd_missing_or_surplus)
{
	struct dpmsg		 got, *m = &samples[_i].m;
	const struct dpmsg_row	*row = dpmsg_find(m->type);
	int			 lowest = dup(sv[0]), after;

	close(lowest);
	ck_assert_int_eq(pass(m, samples[_i].size, has_fd(m) ? -1 : sv[0],
	    row->dir, &got), IMSG_BAD);
	ck_assert_int_eq(got.fd, -1);
	after = dup(sv[0]);
	close(after);
	ck_assert_int_eq(after, lowest);	/* nothing is left open */
}
END_TEST

START_TEST(out_of_range)
{
	const struct bad	*b = &bads[_i];
	struct sample		*s = sample(b->type);
	struct dpmsg		 got, m = s->m;
	uint16_t		 v16 = (uint16_t)b->value;
	uint8_t			 v8 = (uint8_t)b->value;

	memcpy((uint8_t *)&m.u + b->offset, b->size == 1 ? (void *)&v8 :
	    b->size == 2 ? (void *)&v16 : (void *)(uintptr_t)&b->value,
	    b->size);
	ck_assert_int_eq(pass(&m, s->size, has_fd(&s->m) ? sv[0] : -1,
	    dpmsg_find(b->type)->dir, &got), IMSG_BAD);
}
END_TEST

/* A handle comes with a descriptor, an error with neither. */
START_TEST(open_reply)
{
	static const struct {
		struct dp_tunnel_open_reply	 r;
		int				 fd, good;
	} tried[] = {
		{ { 0, 7 }, 1, 1 }, { { 5, 0 }, 0, 1 }, { { 4095, 0 }, 0, 1 },
		{ { 0, 0 }, 1, 0 }, { { 0, 7 }, 0, 0 }, { { 5, 7 }, 0, 0 },
		{ { 5, 0 }, 1, 0 }, { { 4096, 0 }, 0, 0 }, { { -1, 0 }, 0, 0 }
	};
	struct dpmsg	 got, m = sample(DP_TUNNEL_OPEN_REPLY)->m;
	size_t		 i;

	for (i = 0; i < nitems(tried); i++) {
		m.u.tunnel_open_reply = tried[i].r;
		ck_assert_int_eq(pass(&m, sizeof(tried[i].r), tried[i].fd ?
		    sv[0] : -1, FROM_DPD, &got), tried[i].good ? IMSG_OK :
		    IMSG_BAD);
	}
}
END_TEST

/* Cookies have 0, 4 or 8 octets. */
START_TEST(cookie_len)
{
	struct dpmsg	 got, m = sample(DP_SESSION_UP)->m;
	uint8_t		*const len[] = { &m.u.session_up.cookie_len,
	    &m.u.session_up.peer_cookie_len };
	size_t		 i;
	int		 n;

	for (i = 0; i < nitems(len); i++) {
		for (n = 0; n <= UINT8_MAX; n++) {
			*len[i] = (uint8_t)n;
			ck_assert_int_eq(pass(&m, sizeof(m.u.session_up), -1,
			    TO_DPD, &got), n == 0 || n == 4 || n == 8 ?
			    IMSG_OK : IMSG_BAD);
		}
		*len[i] = 8;
	}
}
END_TEST

/* Link-local IPv6 addresses, and no others, may have a scope. */
START_TEST(scope)
{
	struct dpmsg	 got, m = sample(DP_TUNNEL_OPEN)->m;
	size_t		 size = sample(DP_TUNNEL_OPEN)->size;

	m.u.tunnel_open.peer = v6;
	ck_assert_int_eq(pass(&m, size, -1, TO_DPD, &got), IMSG_OK);
	m.u.tunnel_open.peer.scope = 2;
	ck_assert_int_eq(pass(&m, size, -1, TO_DPD, &got), IMSG_BAD);
	m.u.tunnel_open.peer.ip[0] = 0xfe;
	m.u.tunnel_open.peer.ip[1] = 0x80;
	ck_assert_int_eq(pass(&m, size, -1, TO_DPD, &got), IMSG_OK);
	memset(&m.u.tunnel_open.local, 0, sizeof(m.u.tunnel_open.local));
	ck_assert_int_eq(pass(&m, size, -1, TO_DPD, &got), IMSG_OK);
}
END_TEST

/* All printable ASCII is a user's name, all else is not. */
START_TEST(user_octets)
{
	struct dpmsg	 got, m = sample(DP_SESSION_STATE)->m;
	int		 c;

	for (c = 1; c < 256; c++) {
		memset(m.u.session_state.user, 0, DP_USER_LEN);
		memset(m.u.session_state.user, c, DP_USER_LEN - 1);
		ck_assert_int_eq(pass(&m, sizeof(m.u.session_state), -1,
		    FROM_DPD, &got), c >= ' ' && c <= '~' ? IMSG_OK : IMSG_BAD);
	}
}
END_TEST

START_TEST(unknown_type)
{
	struct dpmsg	 got, m = { 0 };
	unsigned	 type;

	for (type = 0; type <= UINT16_MAX; type++) {
		if (dpmsg_find((uint16_t)type)->type != 0)
			continue;
		m.type = (uint16_t)type;
		ck_assert_int_eq(pass(&m, type % 8, -1, type % 3 == 0 ? TO_DPD :
		    FROM_DPD, &got), IMSG_BAD);
	}
}
END_TEST

/* A message of our own that is not as it should be is a bug: we end. */
START_TEST(send_bad_is_fatal)
{
	struct dpmsg	 m = sample(DP_SESSION_DOWN)->m;

	m.fd = -1;
	m.u.session_down.handle = 0;
	dpmsg_send(sv[0], &m);
}
END_TEST

START_TEST(send_unknown_is_fatal)
{
	struct dpmsg	 m = { .type = 1, .fd = -1 };

	dpmsg_send(sv[0], &m);
}
END_TEST

START_TEST(eof)
{
	struct dpmsg	 got;

	ck_assert_int_eq(dpmsg_recv(sv[1], TO_DPD, &got), IMSG_AGAIN);
	close(sv[0]);
	ck_assert_int_eq(dpmsg_recv(sv[1], TO_DPD, &got), IMSG_EOF);
	sv[0] = dup(sv[1]);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("dpmsg");
	TCase	*tc = tcase_create("dpmsg");
	SRunner	*sr = srunner_create(s);
	int	 failed, n = nitems(samples);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, every_message_has_a_sample);
	tcase_add_loop_test(tc, good, 0, n);
	tcase_add_loop_test(tc, every_other_length, 0, n);
	tcase_add_loop_test(tc, wrong_direction, 0, n);
	tcase_add_loop_test(tc, fd_missing_or_surplus, 0, n);
	tcase_add_loop_test(tc, out_of_range, 0, (int)nitems(bads));
	tcase_add_test(tc, open_reply);
	tcase_add_test(tc, cookie_len);
	tcase_add_test(tc, scope);
	tcase_add_test(tc, user_octets);
	tcase_add_test(tc, unknown_type);
	tcase_add_exit_test(tc, send_bad_is_fatal, 1);
	tcase_add_exit_test(tc, send_unknown_is_fatal, 1);
	tcase_add_test(tc, eof);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
