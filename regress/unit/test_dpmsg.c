/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The format fence.  Every message of every table is sent as it should be,
 * then with every other length, to all others who may receive, with octets
 * behind its own, with a descriptor too many or too few, and with each of
 * its fields at and out of its range.
 */
#include <sys/socket.h>

#include <check.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dp.h"
#include "log.h"

#define OFF(m)		offsetof(struct dpmsg, u.m) - offsetof(struct dpmsg, u)
#define FIELD(m, f)	OFF(m.f), sizeof(((struct dpmsg *)0)->u.m.f)
#define V4		{ 4, 0, 1701, 0, { 192, 0, 2, 1 } }
#define V6		{ 6, 0, 1701, 0, { 0x20, 1, 0xd, 0xb8 } }
#define LINK_LOCAL	{ 6, 0, 1701, 2, { 0xfe, 0x80, 0, 0 } }
#define RUN		{ DP_SLOTS - 1, 1000, 1, 2, 1400, "lns-1_x", \
			"+49-30.1_x", 0 }

static int	sv[2];

/* All who receive. */
enum to { TO_DPD, TO_CTLD, TO_STARTER, FROM_STARTER, N_TABLES };

static const struct dpmsg_row *const	tables[N_TABLES] = {
    dpmsg_to_dpd, dp_from_dpd, dpmsg_to_starter, dpmsg_from_starter };

/* A good one of each, and the size that its struct has. */
static const struct sample {
	enum to		 to;
	size_t		 size;
	struct dpmsg	 m;
} samples[] = {
	{ TO_DPD, sizeof(struct dp_listen), { .type = DP_LISTEN,
	    .u.listen = { .rule = DP_MAX_RULES - 1 } } },
	{ TO_DPD, sizeof(struct dp_tunnel_open), { .type = DP_TUNNEL_OPEN,
	    .u.tunnel_open = { .rule = 1, .local = V4, .peer = V4 } } },
	{ TO_DPD, sizeof(struct dp_tunnel_up), { .type = DP_TUNNEL_UP,
	    .u.tunnel_up = { 1, 2, 3, 2, 0, 1701 } } },
	{ TO_DPD, sizeof(struct dp_tunnel_close), { .type = DP_TUNNEL_CLOSE,
	    .u.tunnel_close = { 1 } } },
	{ TO_DPD, sizeof(struct dp_session_up), { .type = DP_SESSION_UP,
	    .u.session_up = { 1, 2, 3, 4, 1000, 1, 1, 8, 8, { 1, 2, 3, 4, 5, 6,
	    7, 8 }, { 9, 10, 11, 12, 13, 14, 15, 16 }, 1400, { 0 } } } },
	{ TO_DPD, sizeof(struct dp_session_start), { .type = DP_SESSION_START,
	    .u.session_start = { 1, 0x0a000001, 1, 1, 0, "+49-30.1_x" } } },
	{ TO_DPD, sizeof(struct dp_session_down), { .type = DP_SESSION_DOWN,
	    .u.session_down = { 1 } } },
	{ TO_DPD, sizeof(struct dp_stats), { .type = DP_STATS,
	    .u.stats = { 1 } } },
	{ TO_DPD, sizeof(struct dp_rule_listen), { .type = DP_RULE_LISTEN,
	    .u.rule_listen = { V4 } } },
	{ TO_DPD, sizeof(struct dp_rule_tunnel), { .type = DP_RULE_TUNNEL,
	    .u.rule_tunnel = { DP_NO_RULE, 1, 2, 2, 1, 0, V4,
	    { { V4, 32, { 0 } }, { V6, 128, { 0 } } } } } },
	{ TO_DPD, sizeof(struct dp_rule_session), { .type = DP_RULE_SESSION,
	    .u.rule_session = { 0, 1, DP_PW_PPP, 1, 1400, 1, { { 1, 2 } },
	    "lns-1_x", "l2tp-b.1", "br0", { { V4, 24, { 0 } },
	    { V6, 64, { 0 } } } } } },
	{ TO_DPD, sizeof(struct dp_policy_end), { .type = DP_POLICY_END,
	    .u.policy_end = { 3, 1, 1, { 0 }, 100, 1000 } } },
	{ TO_CTLD, sizeof(struct dp_reply), { .type = DP_LISTEN_REPLY } },
	{ TO_CTLD, sizeof(struct dp_handle_reply), {
	    .type = DP_TUNNEL_OPEN_REPLY, .u.handle_reply = { 0, 7 } } },
	{ TO_CTLD, sizeof(struct dp_reply), { .type = DP_TUNNEL_UP_REPLY,
	    .u.reply = { 13 } } },
	{ TO_CTLD, sizeof(struct dp_reply), { .type = DP_TUNNEL_CLOSE_REPLY } },
	{ TO_CTLD, sizeof(struct dp_handle_reply), {
	    .type = DP_SESSION_UP_REPLY, .u.handle_reply = { 0, 8 } } },
	{ TO_CTLD, sizeof(struct dp_start_reply), {
	    .type = DP_SESSION_START_REPLY, .u.start_reply = { 0, 1000 } } },
	{ TO_CTLD, sizeof(struct dp_reply), { .type = DP_SESSION_DOWN_REPLY } },
	{ TO_CTLD, sizeof(struct dp_stats_reply), { .type = DP_STATS_REPLY,
	    .u.stats_reply = { 0, 0, { 1, 2, 3, 4, 5, 6, 7, 8, 9,
	    UINT64_MAX } } } },
	{ TO_CTLD, sizeof(struct dp_config), { .type = DP_CONFIG,
	    .u.config = { DP_MAX_CONFIG, 0640 } } },
	{ TO_CTLD, sizeof(struct dp_control), { .type = DP_CONTROL } },
	{ TO_CTLD, sizeof(struct dp_notices), { .type = DP_NOTICES } },
	{ TO_CTLD, sizeof(struct dp_session_gone), { .type = DP_SESSION_GONE,
	    .u.session_gone = { 1, 2, 9 } } },
	{ TO_CTLD, sizeof(struct dp_shutdown), { .type = DP_SHUTDOWN,
	    .u.shutdown = { 2000 } } },
	{ TO_STARTER, sizeof(struct dp_run), { .type = DP_RUN_PARSER,
	    .u.run = RUN } },
	{ TO_STARTER, sizeof(struct dp_run), { .type = DP_RUN_CTLD,
	    .u.run = RUN } },
	{ TO_STARTER, sizeof(struct dp_run), { .type = DP_RUN_PPPD,
	    .u.run = RUN } },
	{ TO_STARTER, sizeof(struct dp_run), { .type = DP_RUN_CLOSE,
	    .u.run = RUN } },
	{ TO_STARTER, sizeof(struct dp_run), { .type = DP_END,
	    .u.run = RUN } },
	{ FROM_STARTER, sizeof(struct dp_exited), { .type = DP_EXITED,
	    .u.exited = { DP_SLOTS - 1, 9 } } }
};

/* Values of a field of a good message, and whether it stays one. */
static const struct edge {
	int		 good;
	uint16_t	 type;
	size_t		 offset, size;
	uint32_t	 value;		/* of an integer of that size */
} edges[] = {
	{ 1, DP_LISTEN, FIELD(listen, rule), 0 },
	{ 0, DP_LISTEN, FIELD(listen, rule), DP_MAX_RULES },
	{ 0, DP_LISTEN, FIELD(listen, rule), DP_NO_RULE },
	{ 0, DP_LISTEN, OFF(listen.pad[0]), 1, 1 },
	{ 0, DP_LISTEN, OFF(listen.pad[1]), 1, 1 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, rule), DP_MAX_RULES },
	{ 0, DP_TUNNEL_OPEN, OFF(tunnel_open.pad[0]), 1, 1 },
	{ 0, DP_TUNNEL_OPEN, OFF(tunnel_open.pad[1]), 1, 1 },
	{ 1, DP_TUNNEL_OPEN, FIELD(tunnel_open, local_tid), UINT32_MAX },
	{ 1, DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.port), 0 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.family), 0 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.family), 5 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.encap), 1 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.encap), 2 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, peer.scope), 1 },
	{ 1, DP_TUNNEL_OPEN, OFF(tunnel_open.peer.ip[3]), 1, 9 },
	{ 0, DP_TUNNEL_OPEN, OFF(tunnel_open.peer.ip[4]), 1, 1 },
	{ 0, DP_TUNNEL_OPEN, OFF(tunnel_open.peer.ip[15]), 1, 1 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, local.family), 2 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, local.family), 0 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[1].addr.family), 0 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[2].addr.family), 7 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, local.encap), 1 },
	{ 0, DP_TUNNEL_OPEN, FIELD(tunnel_open, local.scope), 1 },
	{ 0, DP_TUNNEL_UP, FIELD(tunnel_up, handle), 0 },
	{ 1, DP_TUNNEL_UP, FIELD(tunnel_up, handle), UINT32_MAX },
	{ 0, DP_TUNNEL_UP, FIELD(tunnel_up, local_tid), 0 },
	{ 1, DP_TUNNEL_UP, FIELD(tunnel_up, local_tid), UINT32_MAX },
	{ 0, DP_TUNNEL_UP, FIELD(tunnel_up, peer_tid), 0 },
	{ 1, DP_TUNNEL_UP, FIELD(tunnel_up, peer_tid), UINT32_MAX },
	{ 0, DP_TUNNEL_UP, FIELD(tunnel_up, version), 1 },
	{ 1, DP_TUNNEL_UP, FIELD(tunnel_up, version), 3 },
	{ 0, DP_TUNNEL_UP, FIELD(tunnel_up, version), 4 },
	{ 0, DP_TUNNEL_UP, FIELD(tunnel_up, pad), 1 },
	{ 1, DP_TUNNEL_UP, FIELD(tunnel_up, peer_port), 0 },
	{ 1, DP_TUNNEL_UP, FIELD(tunnel_up, peer_port), UINT16_MAX },
	{ 0, DP_TUNNEL_CLOSE, FIELD(tunnel_close, handle), 0 },
	{ 0, DP_SESSION_UP, FIELD(session_up, handle), 0 },
	{ 0, DP_SESSION_UP, FIELD(session_up, local_sid), 0 },
	{ 1, DP_SESSION_UP, FIELD(session_up, local_sid), UINT32_MAX },
	{ 0, DP_SESSION_UP, FIELD(session_up, peer_sid), 0 },
	{ 1, DP_SESSION_UP, FIELD(session_up, peer_sid), UINT32_MAX },
	{ 0, DP_SESSION_UP, FIELD(session_up, rule), DP_MAX_RULES },
	{ 1, DP_SESSION_UP, FIELD(session_up, mtu), UINT16_MAX },
	{ 0, DP_SESSION_UP, FIELD(session_up, lns_mode), 2 },
	{ 0, DP_SESSION_UP, OFF(session_up.pad[0]), 1, 1 },
	{ 0, DP_SESSION_UP, OFF(session_up.pad[1]), 1, 1 },
	{ 0, DP_SESSION_UP, FIELD(session_up, l2spec), 2 },
	{ 0, DP_SESSION_UP, FIELD(session_up, reorder_ms), 1001 },
	{ 1, DP_SESSION_UP, FIELD(session_up, cookie_len), 0 },
	{ 0, DP_SESSION_UP, FIELD(session_up, cookie_len), 1 },
	{ 1, DP_SESSION_UP, FIELD(session_up, cookie_len), 4 },
	{ 0, DP_SESSION_UP, FIELD(session_up, cookie_len), 9 },
	{ 0, DP_SESSION_UP, FIELD(session_up, cookie_len), 12 },
	{ 1, DP_SESSION_UP, FIELD(session_up, peer_cookie_len), 4 },
	{ 0, DP_SESSION_UP, FIELD(session_up, peer_cookie_len), 5 },
	{ 0, DP_SESSION_UP, FIELD(session_up, peer_cookie_len), 12 },
	{ 1, DP_SESSION_UP, OFF(session_up.cookie[7]), 1, 0xff },
	{ 0, DP_SESSION_START, FIELD(session_start, handle), 0 },
	{ 1, DP_SESSION_START, FIELD(session_start, peer_ip), UINT32_MAX },
	{ 0, DP_SESSION_START, FIELD(session_start, send_seq), 2 },
	{ 0, DP_SESSION_START, FIELD(session_start, recv_seq), 2 },
	{ 1, DP_SESSION_START, FIELD(session_start, down), 1 },
	{ 1, DP_SESSION_START, FIELD(session_start, down), DP_AS_IT_IS },
	{ 0, DP_SESSION_START, FIELD(session_start, down), 3 },
	{ 0, DP_SESSION_START, OFF(session_start.number[3]), 1, 0 },
	{ 0, DP_SESSION_DOWN, FIELD(session_down, handle), 0 },
	{ 0, DP_STATS, FIELD(stats, handle), 0 },
	{ 0, DP_RULE_LISTEN, FIELD(rule_listen, local.family), 0 },
	{ 0, DP_RULE_LISTEN, FIELD(rule_listen, local.scope), 1 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, max_tunnels), 0 },
	{ 1, DP_RULE_TUNNEL, FIELD(rule_tunnel, max_tunnels),
	    DP_MAX_TUNNELS },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, max_tunnels),
	    DP_MAX_TUNNELS + 1 },
	{ 1, DP_RULE_TUNNEL, FIELD(rule_tunnel, version), 0 },
	{ 1, DP_RULE_TUNNEL, FIELD(rule_tunnel, version), 3 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, version), 4 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, keeps), 2 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, pad), 1 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[0].addr.encap), 1 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, n_prefixes), 0 },
	{ 1, DP_RULE_TUNNEL, FIELD(rule_tunnel, n_prefixes),
	    DP_MAX_PREFIXES },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, n_prefixes),
	    DP_MAX_PREFIXES + 1 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, local.family), 1 },
	{ 1, DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[0].len), 0 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[0].len), 33 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[0].addr.family), 1 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[1].len), 129 },
	{ 0, DP_RULE_TUNNEL, OFF(rule_tunnel.peers[0].pad[2]), 1, 1 },
	{ 0, DP_RULE_TUNNEL, OFF(rule_tunnel.peers[15].pad[0]), 1, 1 },
	{ 0, DP_RULE_TUNNEL, FIELD(rule_tunnel, peers[15].len), 1 },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, tunnel), DP_MAX_RULES },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, max_sessions), 0 },
	{ 1, DP_RULE_SESSION, FIELD(rule_session, max_sessions),
	    DP_MAX_SESSIONS },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, max_sessions),
	    DP_MAX_SESSIONS + 1 },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, pseudowire),
	    DP_PW_ETH - 1 },
	{ 1, DP_RULE_SESSION, FIELD(rule_session, pseudowire), DP_PW_ETH },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, pseudowire),
	    DP_PW_PPP - 1 },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, pseudowire),
	    DP_PW_PPP + 1 },
	{ 1, DP_RULE_SESSION, FIELD(rule_session, n_ranges), DP_MAX_RANGES },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, n_ranges),
	    DP_MAX_RANGES + 1 },
	{ 0, DP_RULE_SESSION, OFF(rule_session.profile[1]), 1, 0 },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, addrs[0].len), 33 },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, addrs[1].len), 129 },
	{ 0, DP_RULE_SESSION, FIELD(rule_session, addrs[3].len), 1 },
	{ 0, DP_POLICY_END, FIELD(policy_end, max_tunnels), 0 },
	{ 1, DP_POLICY_END, FIELD(policy_end, max_tunnels), DP_MAX_TUNNELS },
	{ 0, DP_POLICY_END, FIELD(policy_end, max_tunnels),
	    DP_MAX_TUNNELS + 1 },
	{ 0, DP_POLICY_END, FIELD(policy_end, max_sessions), 0 },
	{ 1, DP_POLICY_END, FIELD(policy_end, max_sessions),
	    DP_MAX_SESSIONS },
	{ 0, DP_POLICY_END, FIELD(policy_end, max_sessions),
	    DP_MAX_SESSIONS + 1 },
	{ 0, DP_POLICY_END, OFF(policy_end.pad[0]), 1, 1 },
	{ 0, DP_POLICY_END, OFF(policy_end.pad[1]), 1, 1 },
	{ 0, DP_POLICY_END, FIELD(policy_end, control_gid), UINT32_MAX },
	{ 1, DP_POLICY_END, FIELD(policy_end, unit_first), 1000000 },
	{ 0, DP_POLICY_END, FIELD(policy_end, unit_first), 1000001 },
	{ 1, DP_TUNNEL_UP_REPLY, FIELD(reply, err), 0 },
	{ 0, DP_STATS_REPLY, FIELD(stats_reply, pad), 1 },
	{ 0, DP_CONTROL, FIELD(control, pad), 1 },
	{ 0, DP_NOTICES, FIELD(notices, pad), 1 },
	{ 0, DP_SESSION_GONE, FIELD(session_gone, handle), 0 },
	{ 0, DP_SESSION_GONE, FIELD(session_gone, local_sid), 0 },
	{ 1, DP_SESSION_GONE, FIELD(session_gone, status), UINT32_MAX },
	{ 0, DP_RUN_PARSER, FIELD(run, slot), DP_SLOTS },
	{ 0, DP_RUN_CTLD, FIELD(run, slot), DP_SLOTS },
	{ 1, DP_RUN_PPPD, FIELD(run, slot), 0 },
	{ 0, DP_RUN_PPPD, FIELD(run, slot), DP_SLOTS },
	{ 0, DP_RUN_PPPD, FIELD(run, slot), UINT32_MAX },
	{ 0, DP_RUN_PPPD, FIELD(run, pad), 1 },
	{ 0, DP_RUN_CLOSE, FIELD(run, slot), DP_SLOTS },
	{ 0, DP_END, FIELD(run, slot), DP_SLOTS },
	{ 0, DP_END, FIELD(run, pad), 1 },
	{ 0, DP_EXITED, FIELD(exited, slot), DP_SLOTS },
	{ 1, DP_EXITED, FIELD(exited, status), UINT32_MAX }
};

static const struct sample *
sample(uint16_t type)
{
	size_t	 i;

	for (i = 0; i < nitems(samples); i++)
		if (samples[i].m.type == type)
			return (&samples[i]);
	ck_abort_msg("no sample of type %u", type);
	return (NULL);
}

static const struct dpmsg_row *
row_of(const struct sample *s)
{
	const struct dpmsg_row	*row = tables[s->to];

	while (row->type != s->m.type && row->type != 0)
		row++;
	return (row);
}

/* One to send along, or -1. */
static int
fd_for(const struct sample *s)
{
	enum dpmsg_fd	 fd = row_of(s)->fd;

	return (fd == FD_MUST || (fd == FD_IF_OK && s->m.u.reply.err == 0) ?
	    sv[0] : -1);
}

static enum imsg_status
pass(const struct dpmsg *m, size_t len, int fd, enum to to,
    struct dpmsg *got)
{
	uint8_t			 octets[IMSG_MAX_DATA] = { 0 };
	enum imsg_status	 status;

	memcpy(octets, &m->u, sizeof(m->u));
	ck_assert_int_eq(imsg_send(sv[0], m->type, m->id, fd, octets, len),
	    IMSG_OK);
	status = dpmsg_recv(sv[1], tables[to], got);
	if (status == IMSG_OK && got->fd != -1)
		close(got->fd);
	return (status);
}

/* Whole, with what belongs to it: 1 if it is accepted. */
static int
passes(const struct sample *s, const struct dpmsg *m)
{
	struct dpmsg		 got;
	enum imsg_status	 status = pass(m, sizeof(m->u), fd_for(s),
	    s->to, &got);

	ck_assert(status == IMSG_OK || status == IMSG_BAD);
	return (status == IMSG_OK);
}

static void
setup(void)
{
	log_init("test", 1);
	log_max = LOG_LVL_ERROR;
	ck_assert_int_eq(imsg_pair(sv), 0);
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
	int			 to;

	ck_assert_uint_le(sizeof(samples[0].m.u), IMSG_MAX_DATA);
	for (to = 0; to < N_TABLES; to++)
		for (row = tables[to]; row->type != 0; row++, n++) {
			ck_assert_int_eq(sample(row->type)->to, to);
			/* Answers and events are odd. */
			ck_assert_int_eq(row->type % 2, to == TO_CTLD ||
			    to == FROM_STARTER);
		}
	ck_assert_uint_eq(n, nitems(samples));
}
END_TEST

START_TEST(good)
{
	const struct sample	*s = &samples[_i];
	struct dpmsg		 got, m = s->m;

	m.id = 77;
	m.fd = fd_for(s);
	ck_assert_int_eq(dpmsg_send(sv[0], &m), IMSG_OK);
	ck_assert_int_eq(dpmsg_recv(sv[1], tables[s->to], &got), IMSG_OK);
	ck_assert_uint_eq(got.type, m.type);
	ck_assert_uint_eq(got.id, 77);
	ck_assert_str_eq(got.name, row_of(s)->name);
	ck_assert_int_eq(got.fd != -1, m.fd != -1);
	ck_assert_mem_eq(&got.u, &m.u, sizeof(m.u));
}
END_TEST

/* All messages have one length, and no other. */
START_TEST(every_other_length)
{
	const struct sample	*s = &samples[_i];
	struct dpmsg		 got;
	size_t			 len;

	for (len = 0; len <= IMSG_MAX_DATA; len++)
		ck_assert_int_eq(pass(&s->m, len, fd_for(s), s->to, &got),
		    len == sizeof(s->m.u) ? IMSG_OK : IMSG_BAD);
}
END_TEST

/* Nothing but zeroes behind its own struct. */
START_TEST(surplus_octets)
{
	const struct sample	*s = &samples[_i];
	struct dpmsg		 m;
	size_t			 at;

	for (at = s->size; at < sizeof(m.u); at++) {
		m = s->m;
		((uint8_t *)&m.u)[at] = 1;
		ck_assert_int_eq(passes(s, &m), 0);
	}
}
END_TEST

START_TEST(wrong_direction)
{
	const struct sample	*s = &samples[_i];
	struct dpmsg		 got;
	int			 to;

	for (to = 0; to < N_TABLES; to++)
		ck_assert_int_eq(pass(&s->m, sizeof(s->m.u), fd_for(s),
		    (enum to)to, &got), to == (int)s->to ? IMSG_OK : IMSG_BAD);
}
END_TEST

START_TEST(fd_missing_or_surplus)
{
	const struct sample	*s = &samples[_i];
	struct dpmsg		 got;
	int			 lowest = dup(sv[0]), after;

	close(lowest);
	ck_assert_int_eq(pass(&s->m, sizeof(s->m.u),
	    fd_for(s) != -1 ? -1 : sv[0], s->to, &got), IMSG_BAD);
	after = dup(sv[0]);
	close(after);
	ck_assert_int_eq(after, lowest);	/* nothing is left open */
}
END_TEST

/* With an error there is no descriptor, and without one there is. */
START_TEST(fd_and_error)
{
	static const uint16_t	 types[] = { DP_LISTEN_REPLY,
	    DP_TUNNEL_OPEN_REPLY };
	struct dpmsg		 got, m;
	size_t			 i;

	for (i = 0; i < nitems(types); i++) {
		m = sample(types[i])->m;
		m.u.reply.err = 13;
		ck_assert_int_eq(pass(&m, sizeof(m.u), -1, TO_CTLD, &got),
		    IMSG_OK);
		ck_assert_int_eq(pass(&m, sizeof(m.u), sv[0], TO_CTLD, &got),
		    IMSG_BAD);
		m.u.reply.err = -1;
		ck_assert_int_eq(pass(&m, sizeof(m.u), sv[0], TO_CTLD, &got),
		    IMSG_BAD);
	}
}
END_TEST

START_TEST(edge)
{
	const struct edge	*e = &edges[_i];
	const struct sample	*s = sample(e->type);
	struct dpmsg		 m = s->m;
	uint16_t		 v16 = (uint16_t)e->value;
	uint8_t			 v8 = (uint8_t)e->value;

	memcpy((uint8_t *)&m.u + e->offset, e->size == 1 ? (const void *)&v8 :
	    e->size == 2 ? (const void *)&v16 : &e->value, e->size);
	ck_assert_int_eq(passes(s, &m), e->good);
}
END_TEST

/* Link-local IPv6 addresses, and no others, may have a scope. */
START_TEST(scope)
{
	static const struct dp_addr	 v6 = V6, local = LINK_LOCAL;
	const struct sample		*s = sample(DP_TUNNEL_OPEN);
	struct dpmsg			 m = s->m;

	m.u.tunnel_open.peer = v6;
	ck_assert_int_eq(passes(s, &m), 1);
	m.u.tunnel_open.peer.scope = 2;
	ck_assert_int_eq(passes(s, &m), 0);
	m.u.tunnel_open.peer = local;
	ck_assert_int_eq(passes(s, &m), 1);
	m.u.tunnel_open.peer.ip[1] = 0xc0;
	ck_assert_int_eq(passes(s, &m), 0);
	m.u.tunnel_open.peer.scope = 0;
	ck_assert_int_eq(passes(s, &m), 1);
	memset(&m.u.tunnel_open.local, 0, sizeof(m.u.tunnel_open.local));
	ck_assert_int_eq(passes(s, &m), 1);
	/* Of no family: UDP or IP, and nothing else. */
	m.u.tunnel_open.local.encap = 1;
	ck_assert_int_eq(passes(s, &m), 1);
	m.u.tunnel_open.local.port = 1701;
	ck_assert_int_eq(passes(s, &m), 0);
	m.u.tunnel_open.local = (struct dp_addr){ .port = 1701 };
	ck_assert_int_eq(passes(s, &m), 0);
	m.u.tunnel_open.local = (struct dp_addr){ .encap = 2 };
	ck_assert_int_eq(passes(s, &m), 0);
	m.u.tunnel_open.local = (struct dp_addr){ .ip = { 1 } };
	ck_assert_int_eq(passes(s, &m), 0);
	m.u.tunnel_open.peer = (struct dp_addr){ .encap = 1 };
	m.u.tunnel_open.local = m.u.tunnel_open.peer;
	ck_assert_int_eq(passes(s, &m), 0);		/* a peer has one */
}
END_TEST

/* Where a text will be a word of pppd's command line or an interface. */
static const struct text {
	uint16_t	 type;
	size_t		 offset, size;
	const char	*chars;
} texts[] = {
	{ DP_RULE_SESSION, FIELD(rule_session, profile), DP_NAME_CHARS },
	{ DP_RULE_SESSION, FIELD(rule_session, ifname), DP_NUMBER_CHARS },
	{ DP_RULE_SESSION, FIELD(rule_session, bridge), DP_NUMBER_CHARS },
	{ DP_SESSION_START, FIELD(session_start, number), DP_NUMBER_CHARS },
	{ DP_RUN_PPPD, FIELD(run, profile), DP_NAME_CHARS },
	{ DP_RUN_PPPD, FIELD(run, number), DP_NUMBER_CHARS }
};

/* Each octet alone, first and later: words only, and no options. */
START_TEST(octets_of_texts)
{
	const struct text	*t = &texts[_i];
	const struct sample	*s = sample(t->type);
	struct dpmsg		 m = s->m;
	char			*p = (char *)&m.u + t->offset;
	int			 c, word;

	memset(p, 0, t->size);
	ck_assert_int_eq(passes(s, &m), 1);		/* none at all */
	for (c = 1; c <= UINT8_MAX; c++) {
		word = strchr(t->chars, c) != NULL;
		memset(p, 0, t->size);
		p[0] = 'x';
		p[1] = (char)c;
		ck_assert_int_eq(passes(s, &m), word);
		p[0] = (char)c;
		ck_assert_int_eq(passes(s, &m), word && c != '-' &&
		    (c != '.' || t->size != DP_IFNAME_LEN));
	}
	memset(p, 'x', t->size - 1);
	p[t->size - 1] = '\0';
	ck_assert_int_eq(passes(s, &m), 1);		/* the longest */
	p[t->size - 1] = 'x';
	ck_assert_int_eq(passes(s, &m), 0);
}
END_TEST

/* No table, and so nobody, takes what is in none. */
START_TEST(unknown_type)
{
	struct dpmsg	 got, m = { 0 };
	unsigned	 type;
	size_t		 i;
	int		 known;

	for (type = 0; type <= UINT16_MAX; type++) {
		known = 0;
		for (i = 0; i < nitems(samples); i++)
			known |= samples[i].m.type == type;
		m.type = (uint16_t)type;
		if (!known)
			ck_assert_int_eq(pass(&m, sizeof(m.u), -1,
			    (enum to)(type % N_TABLES), &got), IMSG_BAD);
	}
}
END_TEST

START_TEST(eof)
{
	struct dpmsg	 got;

	ck_assert_int_eq(dpmsg_recv(sv[1], dpmsg_to_dpd, &got), IMSG_AGAIN);
	ck_assert_int_eq(send(sv[0], "junk", 4, 0), 4);
	ck_assert_int_eq(dpmsg_recv(sv[1], dpmsg_to_dpd, &got), IMSG_BAD);
	close(sv[0]);
	ck_assert_int_eq(dpmsg_recv(sv[1], dpmsg_to_dpd, &got), IMSG_EOF);
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
	tcase_add_loop_test(tc, surplus_octets, 0, n);
	tcase_add_loop_test(tc, wrong_direction, 0, n);
	tcase_add_loop_test(tc, fd_missing_or_surplus, 0, n);
	tcase_add_test(tc, fd_and_error);
	tcase_add_loop_test(tc, edge, 0, (int)nitems(edges));
	tcase_add_test(tc, scope);
	tcase_add_loop_test(tc, octets_of_texts, 0, (int)nitems(texts));
	tcase_add_test(tc, unknown_type);
	tcase_add_test(tc, eof);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
