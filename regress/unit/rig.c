/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The scripted peer of rig.h.
 */
#include <check.h>
#include <malloc.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

static const struct l2tp_params rig_params = {
	.host_name = "lns.example.net",
	.vendor_name = "septum",
	.firmware = 1,
	.window_size = 8,
	.max_retries = 5,
	.framing_caps = L2TP_FRAMING_SYNC | L2TP_FRAMING_ASYNC,
	.retry_ms = 1000,
	.retry_cap_ms = 8000,
	.hello_ms = 60000,
	.setup_ms = 20000
};

#ifdef __SANITIZE_ADDRESS__
size_t	__sanitizer_get_current_allocated_bytes(void);

size_t
rig_heap_bytes(void)
{
	return (__sanitizer_get_current_allocated_bytes());
}
#else
size_t
rig_heap_bytes(void)
{
	return (mallinfo2().uordblks);
}
#endif

/* splitmix64: good enough for a test, and the same each time. */
static void
rig_random(void *arg, void *to, size_t len)
{
	uint64_t *seed = arg, z;
	uint8_t *p = to;

	while (len-- > 0) {
		z = (*seed += 0x9e3779b97f4a7c15ULL);
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
		z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
		*p++ = (uint8_t)(z >> 56);
	}
}

struct l2tp_config
rig_config(struct rig *r)
{
	struct l2tp_config c = {
		.random = rig_random, .random_arg = &r->seed,
		.max_tunnels = 64, .max_calls = 64, .max_half_open = 16,
		.quarantine_ms = 31000, .ack_delay_ms = 100
	};

	return (c);
}

void
rig_init_config(struct rig *r, const struct l2tp_config *config)
{
	r->params = rig_params;
	r->now = RIG_START;
	r->path.local.family = r->path.peer.family = 4;
	r->path.local.port = r->path.peer.port = 1701;
	memcpy(r->path.local.ip, "\300\0\2\1", 4);
	memcpy(r->path.peer.ip, "\300\0\2\2", 4);
	r->path.link = 3;
	r->e = l2tp_new(config);
	ck_assert_ptr_nonnull(r->e);
}

void
rig_init(struct rig *r)
{
	struct l2tp_config c;

	memset(r, 0, sizeof(*r));
	r->version = 2;
	c = rig_config(r);
	rig_init_config(r, &c);
}

void
rig_init3(struct rig *r)
{
	rig_init(r);
	rig_init_params3(r);
}

void
rig_init_params3(struct rig *r)
{
	r->version = 3;
	r->params.versions = L2TP_V3;
	r->params.pw_types[0] = L2TP_PW_ETH;
	r->params.pw_types[1] = L2TP_PW_PPP;
	r->params.n_pw_types = 2;
}

void
rig_free(struct rig *r)
{
	l2tp_free(r->e);
	r->e = NULL;
}

int
rig_datagram(struct rig *r, const void *bytes, size_t len)
{
	return (l2tp_input(r->e, &r->path, bytes, len, r->now));
}

int
rig_send_at(struct rig *r, uint32_t tid, uint32_t sid, struct msg *m,
    uint16_t ns, uint16_t nr)
{
	static const uint8_t vector[] = "nobody can tell";
	uint8_t buf[L2TP_MAX_PACKET];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, r->version, tid, sid);
	if (m != NULL && r->hides) {
		m->have[AVP_RANDOM_VECTOR] = 1;
		m->random_vector.p = vector;
		m->random_vector.len = sizeof(vector);
	}
	if (m != NULL) {
		m->remote_sid = sid;
		msg_encode(&w, r->version, m, r->hides ? &r->secret : NULL);
	}
	hdr_seal(&w, ns, nr);
	ck_assert_int_eq(w.bad, 0);
	return (rig_datagram(r, buf, w.len));
}

int
rig_send(struct rig *r, uint32_t tid, uint32_t sid, struct msg *m)
{
	return (rig_send_at(r, tid, sid, m, r->ns++, r->nr));
}

int
rig_zlb(struct rig *r)
{
	return (rig_send_at(r, r->tid, 0, NULL, r->ns, r->nr));
}

static struct msg
rig_msg_version(uint8_t version, uint16_t type)
{
	static const uint8_t pw_caps[] = { 0, L2TP_PW_ETH, 0, L2TP_PW_PPP };
	struct msg m = { .type = type };
	const uint8_t *id;

	for (id = msg_table[version][type].must; *id != AVP_NIDS; id++)
		m.have[*id] = 1;
	m.proto_ver = 1;
	m.framing_caps = 3;
	m.host_name.p = (const uint8_t *)"peer.example.net";
	m.host_name.len = strlen("peer.example.net");
	m.assigned_tid = m.assigned_ccid = RIG_PEER_TID;
	m.pw_caps.p = pw_caps;
	m.pw_caps.len = sizeof(pw_caps);
	m.result = 1;
	m.assigned_sid = 1;
	m.framing_type = 1;
	m.called.p = (const uint8_t *)"5551234";
	m.called.len = 7;
	m.pw_type = L2TP_PW_ETH;
	m.remote_end_id.p = (const uint8_t *)"port 1";
	m.remote_end_id.len = 6;
	m.circuit_status = MSG_CIRCUIT_ACTIVE | MSG_CIRCUIT_NEW;
	return (m);
}

struct msg
rig_msg(uint16_t type)
{
	return (rig_msg_version(2, type));
}

struct msg
rig_msg3(uint16_t type, uint32_t local_sid)
{
	struct msg m = rig_msg_version(3, type);

	m.assigned_sid = local_sid;
	return (m);
}

struct msg
rig_msg_sid(uint16_t type, uint16_t assigned_sid)
{
	struct msg m = rig_msg(type);

	m.assigned_sid = assigned_sid;
	return (m);
}

int
rig_out(struct rig *r)
{
	struct hide h = { .secret = { r->secret }, .room = r->room,
	    .left = sizeof(r->room) };
	struct rd rd;

	if (!l2tp_next_packet(r->e, &r->pkt, r->now))
		return (0);
	rd_init(&rd, r->pkt.data, r->pkt.len);
	ck_assert_int_eq(hdr_decode(&rd, &r->h), ERR_NONE);
	ck_assert_int_eq(msg_decode(&rd, r->h.version, &r->m, &h), ERR_NONE);
	/* What is sent in order is taken for received. */
	if (r->m.type != MSG_ZLB && r->m.type != MSG_ACK &&
	    r->h.ns == r->nr)
		r->nr++;
	return (1);
}

void
rig_expect(struct rig *r, uint16_t type)
{
	ck_assert_msg(rig_out(r), "no packet, wanted %s", msg_name(type));
	ck_assert_msg(r->m.type == type, "%s, wanted %s",
	    msg_name(r->m.type), msg_name(type));
}

void
rig_expect_none(struct rig *r)
{
	ck_assert_msg(!rig_out(r), "unwanted %s", msg_name(r->m.type));
}

int
rig_tick(struct rig *r, uint64_t ms)
{
	uint64_t at = l2tp_next_deadline(r->e), end = r->now + ms;

	if (at > end) {
		r->now = end;
		return (0);
	}
	if (at > r->now)
		r->now = at;
	l2tp_timeout(r->e, r->now);
	return (1);
}

void
rig_wait(struct rig *r, uint64_t ms)
{
	uint64_t end = r->now + ms;

	while (rig_tick(r, end - r->now))
		while (rig_out(r))
			continue;
}

int
rig_event(struct rig *r)
{
	while (l2tp_next_event(r->e, &r->ev))
		if (r->ev.type != L2TP_EV_STATE &&
		    r->ev.type != L2TP_EV_DROPPED)
			return (1);
	return (0);
}

void
rig_expect_event(struct rig *r, enum l2tp_event_type type)
{
	ck_assert_msg(rig_event(r), "no event, wanted %d", type);
	ck_assert_int_eq(r->ev.type, type);
}

void
rig_expect_no_event(struct rig *r)
{
	ck_assert_msg(!rig_event(r), "unwanted event %d", r->ev.type);
}

/* SCCRQ or SCCRP, with what the peer is to be capable of. */
static struct msg
rig_hail(const struct rig *r, uint16_t type)
{
	struct msg m = rig_msg_version(r->version, type);

	m.have[AVP_BEARER_CAPS] = r->peer_bearer != 0;
	m.bearer_caps = r->peer_bearer;
	return (m);
}

void
rig_tunnel(struct rig *r, unsigned int state)
{
	struct msg m;

	if (state == CC_WAIT_CTL_REPLY) {
		r->tid = 0;
		ck_assert_int_eq(l2tp_tunnel_open(r->e, &r->path, &r->params,
		    r, r->now, &r->tid), 0);
		rig_expect(r, MSG_SCCRQ);
		return;
	}
	m = rig_hail(r, MSG_SCCRQ);
	ck_assert_int_eq(rig_send(r, 0, 0, &m), ERR_NONE);
	rig_expect_event(r, L2TP_EV_TUNNEL_IN);
	r->tid = r->ev.local_tid;
	if (state == CC_WAIT_ACCEPT)
		return;
	ck_assert_int_eq(l2tp_tunnel_accept(r->e, r->tid, &r->params, r,
	    r->now), 0);
	rig_expect(r, MSG_SCCRP);
	if (state == CC_WAIT_CTL_CONN)
		return;
	m = rig_msg_version(r->version, MSG_SCCCN);
	ck_assert_int_eq(rig_send(r, r->tid, 0, &m), ERR_NONE);
	rig_expect_event(r, L2TP_EV_TUNNEL_UP);
	if (state == CC_ESTABLISHED)
		return;
	m = rig_msg_version(r->version, MSG_STOPCCN);
	ck_assert_int_eq(rig_send(r, r->tid, 0, &m), ERR_NONE);
	rig_expect_event(r, L2TP_EV_TUNNEL_DOWN);
}

void
rig_listen(struct rig *r)
{
	rig_tunnel(r, CC_ESTABLISHED);
}

void
rig_dial(struct rig *r)
{
	struct msg m = rig_hail(r, MSG_SCCRP);

	rig_tunnel(r, CC_WAIT_CTL_REPLY);
	ck_assert_int_eq(rig_send(r, r->tid, 0, &m), ERR_NONE);
	rig_expect(r, MSG_SCCCN);
	rig_expect_event(r, L2TP_EV_TUNNEL_UP);
	rig_zlb(r);
}

/* The LAC's states need rig_dial() before, the LNS's rig_listen(). */
uint32_t
rig_call(struct rig *r, unsigned int state, uint16_t peer_sid)
{
	static const struct l2tp_call_params params = {
		.framing_type = L2TP_FRAMING_SYNC, .tx_speed = 10000000
	};
	struct msg m;
	uint32_t sid;
	int lac = state == CALL_WAIT_REPLY || state == CALL_WAIT_DATA;

	if (lac) {
		ck_assert_int_eq(l2tp_call_open(r->e, r->tid, &params, r,
		    r->now, &sid), 0);
		rig_expect(r, MSG_ICRQ);
		rig_zlb(r);
		if (state == CALL_WAIT_REPLY)
			return (sid);
		m = rig_msg_sid(MSG_ICRP, peer_sid);
		rig_send(r, r->tid, sid, &m);
		rig_expect_event(r, L2TP_EV_CALL_REPLY);
		return (sid);
	}
	m = rig_msg_sid(MSG_ICRQ, peer_sid);
	ck_assert_int_eq(rig_send(r, r->tid, 0, &m), ERR_NONE);
	rig_expect_event(r, L2TP_EV_CALL_IN);
	sid = r->ev.local_sid;
	if (state == CALL_WAIT_ACCEPT)
		return (sid);
	ck_assert_int_eq(l2tp_call_accept(r->e, r->tid, sid, r, r->now), 0);
	rig_expect(r, MSG_ICRP);
	rig_zlb(r);
	if (state == CALL_WAIT_CONNECT)
		return (sid);
	m = rig_msg(MSG_ICCN);
	ck_assert_int_eq(rig_send(r, r->tid, sid, &m),
	    ERR_NONE);
	rig_expect_event(r, L2TP_EV_CALL_UP);
	return (sid);
}

/* The end that a StopCCN of ours announces, and its event. */
void
rig_stopped(struct rig *r, uint16_t result, enum l2tp_by by)
{
	rig_expect(r, MSG_STOPCCN);
	ck_assert_uint_eq(r->m.result, result);
	ck_assert_uint_eq(r->m.assigned_tid, r->tid);
	rig_expect_event(r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r->ev.cause->by, by);
	ck_assert_uint_eq(r->ev.cause->result, result);
	ck_assert(rig_is(r, "closing"));
}

/* Acknowledged, and gone after a full cycle of retransmission. */
/* Acknowledged, and kept this long. */
static void
rig_kept(struct rig *r, uint64_t ms)
{
	rig_zlb(r);
	rig_wait(r, ms - 1);
	rig_expect_no_event(r);
	rig_wait(r, 1);
	rig_expect_event(r, L2TP_EV_TUNNEL_GONE);
	rig_expect_no_event(r);
	ck_assert(rig_is(r, "none"));
}

void
rig_gone(struct rig *r)
{
	rig_kept(r, 31000);
}

void
rig_forgotten(struct rig *r)
{
	rig_kept(r, 1000);
}

/* A message to a session of ours. */
int
rig_say(struct rig *r, uint16_t type, uint32_t sid)
{
	struct msg m = rig_msg_version(r->version, type);

	m.assigned_sid = RIG_PEER_SID;

	return (rig_send(r, rig_tid(r), sid, &m));
}

void
rig_cleared(struct rig *r, uint32_t sid, uint32_t peer_sid, uint16_t result,
    uint16_t error)
{
	rig_expect(r, MSG_CDN);
	ck_assert_uint_eq(rig_sid(r), peer_sid);
	ck_assert_uint_eq(r->m.assigned_sid, sid);
	ck_assert_uint_eq(r->m.result, result);
	ck_assert_uint_eq(r->m.error, error);
	rig_expect_event(r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r->ev.local_sid, sid);
	ck_assert_uint_eq(r->ev.cause->result, result);
	ck_assert_str_eq(rig_call_state(r, sid), "none");
	ck_assert(rig_is(r, "established"));
}

/* The call is over, and nothing but an acknowledgement is sent. */
void
rig_silent(struct rig *r, uint32_t sid, enum l2tp_by by)
{
	rig_expect_event(r, L2TP_EV_CALL_DOWN);
	ck_assert_uint_eq(r->ev.local_sid, sid);
	ck_assert_uint_eq(r->ev.cause->by, by);
	ck_assert_str_eq(rig_call_state(r, sid), "none");
	rig_expect_none(r);
	rig_tick(r, 100);
	while (rig_out(r))
		ck_assert(r->m.type == MSG_ZLB || r->m.type == MSG_ACK);
	ck_assert(rig_is(r, "established"));
}

uint32_t
rig_sid(const struct rig *r)
{
	return (r->h.version == 3 ? r->m.remote_sid : r->h.sid);
}

uint32_t
rig_tid(const struct rig *r)
{
	return (r->tid);
}

int
rig_is(struct rig *r, const char *state)
{
	return (strcmp(rig_tunnel_state(r), state) == 0);
}

const char *
rig_tunnel_state(struct rig *r)
{
	struct l2tp_tunnel_info i;

	return (l2tp_tunnel_get(r->e, r->tid, &i) == -1 ? "none" : i.state);
}

const char *
rig_call_state(struct rig *r, uint32_t sid)
{
	struct l2tp_call_info i;

	return (l2tp_call_get(r->e, r->tid, sid, &i) == -1 ? "none" :
	    i.state);
}
