/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control connections of L2TPv3 between two engines (RFC 3931 3.3, 7.2), and
 * which version they agree on (4.7).
 */
#include <check.h>
#include <string.h>

#include "pair.h"

static struct pair p;

static void
setup(void)
{
	pair_init(&p, L2TP_V3);
}

static void
teardown(void)
{
	pair_free(&p);
}

/* v3-3.3.1-01, v3-7.2-01, v3-7.2-02, v3-7.2-06, v3-7.2-12, v3-7.2-16 */
START_TEST(up)
{
	pair_dial(&p);
	pair_is_up(&p, 3);
	ck_assert_uint_eq(p.b.in.version, 3);
	ck_assert_uint_gt(p.a.tid | p.b.tid, UINT16_MAX);
	ck_assert_uint_eq(pair_info(&p.a).router_id, 0xc0000201);
	ck_assert_uint_eq(pair_info(&p.a).digest, 0);
	ck_assert_int_eq(l2tp_tunnel_close(p.a.e, p.a.tid, 1, 0, NULL, p.now),
	    0);
	pair_run(&p, 1000);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_DOWN], 1);
	ck_assert_uint_eq(p.b.cause.by, L2TP_BY_PEER);
	pair_run(&p, 31000);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_GONE], 1);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_GONE], 1);
}
END_TEST

/* Which version comes of what both may speak: 0 is none. */
static const struct {
	uint8_t	a, b;
	uint8_t	version, error;
} matrix[] = {
	{ L2TP_V3, L2TP_V3, 3, 0 },
	{ L2TP_V3, L2TP_V2 | L2TP_V3, 3, 0 },
	{ L2TP_V2 | L2TP_V3, L2TP_V3, 3, 0 },
	{ L2TP_V2 | L2TP_V3, L2TP_V2 | L2TP_V3, 3, 0 },
	{ L2TP_V2 | L2TP_V3, L2TP_V2, 2, 0 },
	{ L2TP_V2, L2TP_V2 | L2TP_V3, 2, 0 },
	{ 0, L2TP_V2 | L2TP_V3, 2, 0 },
	{ L2TP_V3, L2TP_V2, 0, 2 },
	{ L2TP_V3, 0, 0, 2 },
	{ L2TP_V2, L2TP_V3, 0, 3 }
};

/* v3-4.7.2-01, v3-4.7.3-02, v3-4.7.3-03, v3-7.2-03 */
START_TEST(versions)
{
	p.a.params.versions = matrix[_i].a;
	p.b.params.versions = matrix[_i].b;
	pair_dial(&p);
	if (matrix[_i].version != 0) {
		pair_is_up(&p, matrix[_i].version);
		ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_IN], 1);
		return;
	}
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_UP], 0);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_UP], 0);
	ck_assert_uint_eq(p.a.cause.by, L2TP_BY_PEER);
	ck_assert_uint_eq(p.a.cause.result, L2TP_STOP_VERSION);
	ck_assert_uint_eq(p.a.cause.error, matrix[_i].error);
	ck_assert_str_eq(p.b.cause.reason, "L2TP version not allowed");
	pair_run(&p, 62000);
	ck_assert_uint_eq(pair_stats(&p.a).tunnels, 0);
	ck_assert_uint_eq(pair_stats(&p.b).tunnels, 0);
}
END_TEST

static uint32_t seed;

/* One in six is lost, and another comes twice. */
static int
lossy(struct pair *pair, const struct end *from, struct l2tp_packet *pkt)
{
	struct end *to = pair_other(pair, from);

	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	if (seed % 6 == 1)
		l2tp_input(to->e, &to->path, pkt->data, pkt->len, pair->now);
	return (seed % 6 != 0);
}

/* v3-4.2-06, v3-4.7.3-02 */
START_TEST(versions_lossy)
{
	seed = 0x9e3779b9U * (unsigned int)(_i + 1);
	p.tap = lossy;
	p.a.params.versions = matrix[_i % 6].a;
	p.b.params.versions = matrix[_i % 6].b;
	pair_dial(&p);
	pair_run(&p, 19000);
	pair_is_up(&p, matrix[_i % 6].version);
}
END_TEST

/* RFC 3931 5.4.2: L2TPv3 has a result for it. */
START_TEST(setup_timeout)
{
	p.a.params.versions = _i == 3 ? L2TP_V3 : L2TP_V2;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	p.now += p.a.params.setup_ms;
	l2tp_timeout(p.a.e, p.now);
	pair_run(&p, 0);
	ck_assert_uint_eq(p.a.cause.by, L2TP_BY_TIMEOUT);
	ck_assert_uint_eq(p.a.cause.result, _i == 3 ? L2TP_STOP_FSM :
	    L2TP_STOP_CLEAR);
}
END_TEST

/* v3-4.7.3-03, v3-4.7.3-04: the ids of both versions need not be one. */
START_TEST(dual_ids)
{
	struct msg m = pair_msg(MSG_SCCRQ), got;
	struct l2tp_event ev;
	struct hdr h;

	p.b.params.versions = _i == 0 ? L2TP_V3 : L2TP_V2;
	m.have[AVP_PROTOCOL_VERSION] = m.have[AVP_FRAMING_CAPS] = 1;
	m.have[AVP_ASSIGNED_TUNNEL_ID] = 1;
	m.have[AVP_CHALLENGE] = _i == 0;
	m.proto_ver = 1;
	m.assigned_tid = 77;
	m.challenge = m.host_name;
	ck_assert_int_eq(pair_forge(&p, &p.b, 2, 0, &m, 0, 0), ERR_NONE);
	while (l2tp_next_event(p.b.e, &ev))
		if (ev.type == L2TP_EV_TUNNEL_IN)
			ck_assert_int_eq(l2tp_tunnel_accept(p.b.e,
			    ev.local_tid, &p.b.params, NULL, p.now), 0);
	ck_assert(pair_take(&p, &p.b, &h, &got));
	ck_assert_uint_eq(got.type, MSG_SCCRP);
	ck_assert_uint_eq(h.version, _i == 0 ? 3 : 2);
	ck_assert_uint_eq(h.tid, _i == 0 ? m.assigned_ccid : 77);
	/* The same once more is the same SCCRQ, whatever was answered. */
	ck_assert_int_eq(pair_forge(&p, &p.b, 2, 0, &m, 0, 0), ERR_NONE);
	ck_assert_uint_eq(pair_stats(&p.b).tunnels, 1);
}
END_TEST

/* v3-4.7.3-01: for a peer that has never heard of L2TPv3. */
START_TEST(dual_sccrq)
{
	struct hdr h;
	struct msg m;
	struct avp a;
	struct rd r;
	int n = 0;

	p.a.params.versions = L2TP_V2 | L2TP_V3;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &m));
	ck_assert_uint_eq(h.version, 2);
	ck_assert_uint_eq(h.tid, 0);
	ck_assert_uint_eq(h.sid, 0);
	ck_assert_int_eq(msg_is_dual(&m), 1);
	ck_assert_uint_eq(m.assigned_tid, p.a.tid);
	ck_assert_uint_eq(m.assigned_ccid, p.a.tid);
	ck_assert_uint_eq(m.proto_ver, 1);
	rd_init(&r, p.a.pkt.data + HDR_CONTROL_LEN,
	    p.a.pkt.len - HDR_CONTROL_LEN);
	while (avp_next(&r, &a) == ERR_NONE)
		if (a.type >= 58) {
			ck_assert_uint_eq(a.flags & AVP_BIT_M, 0);
			n++;
		}
	ck_assert_int_eq(n, 3);
}
END_TEST

static void
over_ip(void)
{
	p.a.path.local.encap = p.a.path.peer.encap = L2TP_ENCAP_IP;
	p.a.path.local.port = p.a.path.peer.port = 0;
	p.b.path.local = p.a.path.peer;
	p.b.path.peer = p.a.path.local;
}

/* v3-4.7.1-01 */
START_TEST(ip)
{
	struct msg m = pair_msg(MSG_HELLO);

	over_ip();
	p.a.params.versions = L2TP_V2;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), -1);
	p.a.params.versions = L2TP_V2 | L2TP_V3;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), -1);
	p.a.params.versions = L2TP_V3;
	pair_dial(&p);
	pair_is_up(&p, 3);
	ck_assert_uint_eq(pair_info(&p.b).path.peer.encap, L2TP_ENCAP_IP);
	ck_assert_int_eq(pair_forge(&p, &p.b, 2, 1, &m, 0, 0), ERR_VERSION);
	/* The same host over UDP is another peer. */
	p.b.path.peer.encap = L2TP_ENCAP_UDP;
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, p.b.tid, &m, 2, 1),
	    ERR_SOURCE);
	p.b.path.peer.encap = L2TP_ENCAP_IP;
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, p.b.tid, &m, 2, 1), ERR_NONE);
}
END_TEST

/* An id of the caller's, if nobody has it, and if it fits the version. */
START_TEST(own_tid)
{
	struct end *a = &p.a;

	a->tid = 4711;
	ck_assert_int_eq(l2tp_tunnel_open(a->e, &a->path, &a->params, NULL,
	    p.now, &a->tid), 0);
	ck_assert_uint_eq(a->tid, 4711);
	ck_assert_int_eq(l2tp_tunnel_open(a->e, &a->path, &a->params, NULL,
	    p.now, &a->tid), -1);
	pair_run(&p, 200);
	pair_is_up(&p, 3);
	a->tid = UINT32_MAX;
	ck_assert_int_eq(l2tp_tunnel_open(a->e, &a->path, &a->params, NULL,
	    p.now, &a->tid), 0);
	a->params.versions = L2TP_V2;
	a->tid = 65536;
	ck_assert_int_eq(l2tp_tunnel_open(a->e, &a->path, &a->params, NULL,
	    p.now, &a->tid), -1);
	a->tid = 65535;
	ck_assert_int_eq(l2tp_tunnel_open(a->e, &a->path, &a->params, NULL,
	    p.now, &a->tid), 0);
}
END_TEST

/* v3-5.4.3-16: no pseudowire is no reason to be. */
START_TEST(no_pseudowires)
{
	p.a.params.n_pw_types = 0;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), -1);
	p.a.params.n_pw_types = L2TP_MAX_PW_TYPES + 1;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), -1);
}
END_TEST

/* v3-6.1-01, v3-5.4.3-11: what a SCCRQ says. */
START_TEST(sccrq)
{
	struct hdr h;
	struct msg m;

	p.a.params.router_id = 0;
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, &h, &m));
	ck_assert_uint_eq(h.version, 3);
	ck_assert_uint_eq(h.tid, 0);
	ck_assert_uint_eq(m.assigned_ccid, p.a.tid);
	ck_assert_uint_eq(m.have[AVP_ROUTER_ID], 1);
	ck_assert_uint_ne(m.router_id, 0);
	ck_assert_uint_eq(m.pw_caps.len, 4);
	ck_assert_mem_eq(m.pw_caps.p, "\0\5\0\7", 4);
	ck_assert_uint_eq(m.window, 8);
	ck_assert_uint_eq(m.have[AVP_NONCE], 0);
	ck_assert_uint_eq(m.have[AVP_MESSAGE_DIGEST], 0);
}
END_TEST

/* v3-6.1-01, v3-7.2-03: each that must be there is missed. */
START_TEST(sccrq_incomplete)
{
	struct msg m = pair_msg(MSG_SCCRQ), got;
	int id = msg_table[3][MSG_SCCRQ].must[_i];
	struct l2tp_event ev;
	struct hdr h;

	m.have[id] = 0;
	pair_forge(&p, &p.b, 3, 0, &m, 0, 0);
	/* A Host Name could be forgiven this peer: the caller decides. */
	if (l2tp_next_event(p.b.e, &ev) && ev.type == L2TP_EV_STATE &&
	    l2tp_next_event(p.b.e, &ev))
		l2tp_tunnel_accept(p.b.e, ev.local_tid, &p.b.params, NULL,
		    p.now);
	/* Without an id there is nobody to answer. */
	if (id == AVP_ASSIGNED_CCID) {
		ck_assert(!pair_take(&p, &p.b, &h, &got));
		return;
	}
	ck_assert(pair_take(&p, &p.b, &h, &got));
	ck_assert_uint_eq(got.type, MSG_STOPCCN);
	ck_assert_uint_eq(h.tid, m.assigned_ccid);
	ck_assert_uint_eq(got.result, L2TP_STOP_ERROR);
}
END_TEST

/* v3-7.2-04: what belongs to no connection; v3-7.2-05 has no id to answer. */
START_TEST(idle)
{
	struct msg m = pair_msg(_i == 0 ? MSG_SCCRP : MSG_SCCCN), got;
	struct hdr h;

	pair_forge(&p, &p.b, 3, 4711, &m, (uint16_t)_i, 1);
	ck_assert_int_eq(pair_take(&p, &p.b, &h, &got), _i == 0);
	ck_assert_uint_eq(pair_stats(&p.b).tunnels, _i == 0);
	if (_i == 1)
		return;
	ck_assert_uint_eq(got.type, MSG_STOPCCN);
	ck_assert_uint_eq(h.version, 3);
	ck_assert_uint_eq(h.ns, 1);
	ck_assert_uint_eq(got.result, L2TP_STOP_FSM);
	ck_assert_uint_eq(h.tid, m.assigned_ccid);
	pair_run(&p, 31000);
	ck_assert_uint_eq(pair_stats(&p.b).tunnels, 0);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_DOWN], 0);
}
END_TEST

/* v3-7.2-17: out of place, it ends the connection. */
START_TEST(unexpected)
{
	static const uint16_t type[] = { MSG_SCCRQ, MSG_SCCRP, MSG_SCCCN };
	struct msg m = pair_msg(type[_i % 3]);

	pair_dial(&p);
	pair_is_up(&p, 3);
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, p.b.tid, &m, 2, 1), ERR_FSM);
	pair_run(&p, 1000);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_DOWN], 1);
	ck_assert_uint_eq(p.a.cause.result, L2TP_STOP_FSM);
	ck_assert_uint_eq(p.b.cause.by, L2TP_BY_PROTOCOL);
}
END_TEST

/* b in wait-ctl-reply or wait-ctl-conn, by a scripted peer. */
static void
half_way(int reply)
{
	struct msg m = pair_msg(MSG_SCCRQ), got;
	struct l2tp_event ev;
	struct hdr h;

	if (reply) {
		ck_assert_int_eq(l2tp_tunnel_open(p.b.e, &p.b.path,
		    &p.b.params, NULL, p.now, &p.b.tid), 0);
	} else {
		ck_assert_int_eq(pair_forge(&p, &p.b, 3, 0, &m, 0, 0),
		    ERR_NONE);
		while (l2tp_next_event(p.b.e, &ev))
			if (ev.type == L2TP_EV_TUNNEL_IN)
				p.b.tid = ev.local_tid;
		ck_assert_int_eq(l2tp_tunnel_accept(p.b.e, p.b.tid,
		    &p.b.params, NULL, p.now), 0);
	}
	ck_assert(pair_take(&p, &p.b, &h, &got));
	ck_assert_str_eq(pair_info(&p.b).state, reply ? "wait-ctl-reply" :
	    "wait-ctl-conn");
}

static const struct {
	int		reply;
	uint16_t	type, without, result;
} early[] = {
	{ 1, MSG_SCCCN, AVP_NIDS, L2TP_STOP_FSM },
	{ 1, MSG_SCCRP, AVP_PW_CAPS, L2TP_STOP_ERROR },
	{ 1, MSG_SCCRP, AVP_ROUTER_ID, L2TP_STOP_ERROR },
	{ 1, MSG_SCCRP, AVP_ASSIGNED_CCID, L2TP_STOP_ERROR },
	{ 0, MSG_SCCRQ, AVP_NIDS, L2TP_STOP_FSM },
	{ 0, MSG_SCCRP, AVP_NIDS, L2TP_STOP_FSM },
	{ 0, MSG_STOPCCN, AVP_NIDS, 0 },
	{ 1, MSG_STOPCCN, AVP_NIDS, 0 }
};

/*
 * v3-7.2-07, v3-7.2-11, v3-7.2-14, v3-7.2-18, v3-6.2-01, v3-6.4-01,
 * v3-3.3.2-01: before it is up; a StopCCN is acknowledged as often as it
 * comes.
 */
START_TEST(ended_early)
{
	struct msg m = pair_msg(early[_i].type), got;
	uint16_t ns = early[_i].reply ? 0 : 1;
	struct hdr h;
	int i;

	half_way(early[_i].reply);
	if (early[_i].without != AVP_NIDS)
		m.have[early[_i].without] = 0;
	pair_forge(&p, &p.b, 3, p.b.tid, &m, ns, 1);
	ck_assert_str_eq(pair_info(&p.b).state, "closing");
	if (early[_i].result != 0) {
		ck_assert(pair_take(&p, &p.b, &h, &got));
		ck_assert_uint_eq(got.type, MSG_STOPCCN);
		ck_assert_uint_eq(got.result, early[_i].result);
		ck_assert_uint_eq(got.assigned_ccid, p.b.tid);
		return;
	}
	for (i = 0; i < 5; i++) {
		p.now += 4000;
		l2tp_timeout(p.b.e, p.now);
		while (pair_take(&p, &p.b, &h, &got))
			continue;
		pair_forge(&p, &p.b, 3, p.b.tid, &m, ns, 1);
		ck_assert(pair_take(&p, &p.b, &h, &got));
		ck_assert_uint_eq(got.type, MSG_ZLB);
		ck_assert_uint_eq(h.nr, ns + 1);
	}
}
END_TEST

/* v3-6.15-01: an explicit acknowledgement does not count. */
START_TEST(ack_is_no_message)
{
	struct msg m = pair_msg(MSG_ACK);
	struct l2tp_tunnel_info before;
	int i;

	pair_dial(&p);
	before = pair_info(&p.b);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pair_forge(&p, &p.b, 3, p.b.tid, &m, 2, 1),
		    ERR_NONE);
	pair_run(&p, 1000);
	ck_assert_uint_eq(pair_info(&p.b).nr, before.nr);
	ck_assert_uint_eq(pair_info(&p.b).sent, before.sent);
	ck_assert_str_eq(pair_info(&p.b).state, "established");
}
END_TEST

/* v3-5.4.3-13: given up before there was an answer. */
START_TEST(stopccn_before_reply)
{
	struct msg m = pair_msg(MSG_SCCRQ);

	p.b.path.peer = p.a.path.local;
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, 0, &m, 0, 0), ERR_NONE);
	pair_run(&p, 0);
	m = pair_msg(MSG_STOPCCN);
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, 0, &m, 1, 0), ERR_NONE);
	pair_run(&p, 0);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_DOWN], 1);
	ck_assert_uint_eq(p.b.cause.by, L2TP_BY_PEER);
}
END_TEST

static uint64_t hello_at[8];
static uint32_t hello_tid[8];
static size_t n_hellos;

static int
hellos(struct pair *pair, const struct end *from, struct l2tp_packet *pkt)
{
	size_t i;

	if (from != &pair->a || pkt->len != HDR_CONTROL_LEN + 8)
		return (1);
	for (i = 0; i < n_hellos && hello_tid[i] != pkt->local_tid; i++)
		continue;
	if (i == n_hellos && n_hellos < 8) {
		hello_tid[n_hellos] = pkt->local_tid;
		hello_at[n_hellos++] = pair->now;
	}
	return (1);
}

/* v3-4.4-02: those of several tunnels do not come together. */
START_TEST(hello_jitter)
{
	uint64_t start;
	size_t i, k;

	p.b.params.hello_ms = 0;
	for (i = 0; i < 4; i++) {
		p.a.tid = 0;
		ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path,
		    &p.a.params, NULL, p.now, &p.a.tid), 0);
	}
	pair_run(&p, 200);
	start = p.now;
	p.tap = hellos;
	pair_run(&p, 60000);
	ck_assert_uint_eq(n_hellos, 4);
	for (i = 0; i < 4; i++) {
		ck_assert_uint_ge(hello_at[i], start + 52000);
		for (k = 0; k < i; k++)
			ck_assert_uint_ne(hello_at[i], hello_at[k]);
	}
}
END_TEST

/* Half-open: 512 octets in all, without what the caller's log needs. */
START_TEST(memory_half_open)
{
	struct msg m = pair_msg(MSG_SCCRQ);
	struct l2tp_config c;
	struct end n = { 0 };
	struct rig r;
	uint32_t i, count = 500;
	size_t before;

	memset(&r, 0, sizeof(r));
	c = rig_config(&r);
	c.max_half_open = c.max_tunnels = count;
	rig_init_config(&r, &c);
	n.e = r.e;
	n.path = r.path;
	m.host_name.p = (const uint8_t *)"peer.example.net";
	m.host_name.len = strlen("peer.example.net");
	before = rig_heap_bytes();
	for (i = 0; i < count; i++) {
		m.assigned_ccid++;
		pair_forge(&p, &n, 3, 0, &m, 0, 0);
		rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
		l2tp_tunnel_accept(r.e, r.ev.local_tid, &p.b.params, NULL,
		    r.now);
		ck_assert_int_eq(l2tp_next_packet(r.e, &r.pkt, r.now), 1);
	}
	before += r.e->ring.room * sizeof(*r.e->ring.note);
	ck_assert_uint_eq(pair_stats(&n).half_open, count);
	ck_assert_uint_le((rig_heap_bytes() - before) / count, 512);
	rig_free(&r);
}
END_TEST

/* Idle: 2 KiB, with a nonce of the peer or without. */
START_TEST(memory_idle)
{
	size_t before = rig_heap_bytes();

	if (_i == 1) {
		p.a.params.digests = p.b.params.digests = L2TP_DIGEST_SHA1;
		pair_secret(&p.a, 0, "secret");
		pair_secret(&p.b, 0, "secret");
	}
	pair_dial(&p);
	pair_is_up(&p, 3);
	ck_assert_uint_le((rig_heap_bytes() - before) / 2, 2048);
}
END_TEST

static TCase *
up_case(void)
{
	TCase *t = tcase_create("up");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, up);
	tcase_add_loop_test(t, versions, 0, 10);
	tcase_add_loop_test(t, versions_lossy, 0, 60);
	tcase_add_loop_test(t, setup_timeout, 2, 4);
	tcase_add_loop_test(t, dual_ids, 0, 2);
	tcase_add_test(t, dual_sccrq);
	tcase_add_test(t, ip);
	tcase_add_test(t, own_tid);
	tcase_add_test(t, no_pseudowires);
	tcase_add_test(t, sccrq);
	tcase_add_loop_test(t, sccrq_incomplete, 0, 4);
	tcase_add_loop_test(t, idle, 0, 2);
	tcase_add_loop_test(t, unexpected, 0, 3);
	tcase_add_loop_test(t, ended_early, 0, 8);
	tcase_add_test(t, ack_is_no_message);
	tcase_add_test(t, stopccn_before_reply);
	tcase_add_test(t, hello_jitter);
	tcase_add_test(t, memory_half_open);
	tcase_add_loop_test(t, memory_idle, 0, 2);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("cc3");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, up_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
