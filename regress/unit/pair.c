/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The two engines of pair.h.
 */
#include <check.h>
#include <string.h>

#include "pair.h"

static const struct l2tp_params pair_params = {
	.host_name = "lcce.example.net",
	.vendor_name = "septum",
	.window_size = 8,
	.max_retries = 5,
	.framing_caps = L2TP_FRAMING_SYNC,
	.retry_ms = 1000,
	.retry_cap_ms = 8000,
	.hello_ms = 60000,
	.setup_ms = 20000,
	.router_id = 0xc0000201,
	.pw_types = { L2TP_PW_ETH, L2TP_PW_PPP },
	.n_pw_types = 2
};

/* splitmix64, as in rig.c. */
static void
pair_random(void *arg, void *to, size_t len)
{
	uint64_t *seed = arg, z;
	uint8_t *p = to;

	while (len-- > 0) {
		z = (*seed += 0x9e3779b97f4a7c15ULL);
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
		*p++ = (uint8_t)(z >> 56);
	}
}

static void
end_engine(struct end *n)
{
	struct l2tp_config c = {
		.random = pair_random, .random_arg = &n->seed,
		.max_tunnels = 8, .max_calls = 8, .max_half_open = 4,
		.quarantine_ms = 31000, .ack_delay_ms = 100
	};

	n->e = l2tp_new(&c);
	ck_assert_ptr_nonnull(n->e);
}

static void
end_init(struct end *n, uint64_t seed, uint8_t versions)
{
	n->seed = seed;
	n->params = pair_params;
	n->params.versions = versions;
	n->path.local.family = n->path.peer.family = 4;
	n->path.local.port = n->path.peer.port = 1701;
	end_engine(n);
}

void
pair_init(struct pair *p, uint8_t versions)
{
	memset(p, 0, sizeof(*p));
	p->now = RIG_START;
	end_init(&p->a, 1, versions);
	end_init(&p->b, 2, versions);
	memcpy(p->a.path.local.ip, "\300\0\2\1", 4);
	memcpy(p->a.path.peer.ip, "\300\0\2\2", 4);
	p->b.path.local = p->a.path.peer;
	p->b.path.peer = p->a.path.local;
}

void
pair_free(struct pair *p)
{
	l2tp_free(p->a.e);
	l2tp_free(p->b.e);
}

void
pair_reboot(struct pair *p, struct end *n)
{
	(void)p;
	l2tp_free(n->e);
	end_engine(n);
	n->tid = 0;
}

struct end *
pair_other(struct pair *p, const struct end *n)
{
	return (n == &p->a ? &p->b : &p->a);
}

void
pair_secret(struct end *n, int which, const char *secret)
{
	n->params.secret[which] = (const uint8_t *)secret;
	n->params.secret_len[which] = strlen(secret);
}

static int
end_events(struct pair *p, struct end *n)
{
	struct l2tp_event ev;
	int any = 0;

	while (l2tp_next_event(n->e, &ev)) {
		any = 1;
		n->n[ev.type]++;
		if (ev.type == L2TP_EV_DROPPED)
			n->dropped = ev.reason;
		else
			n->tid = ev.local_tid;
		if (ev.call != NULL && p->call != NULL)
			p->call(p, n, &ev);
		if (ev.type == L2TP_EV_TUNNEL_DOWN)
			n->cause = *ev.cause;
		if (ev.type != L2TP_EV_TUNNEL_IN)
			continue;
		n->in = *ev.tunnel;
		ck_assert_int_eq(l2tp_tunnel_accept(n->e, ev.local_tid,
		    &n->params, NULL, p->now), 0);
	}
	return (any);
}

static int
end_packets(struct pair *p, struct end *n)
{
	struct end *to = pair_other(p, n);
	struct l2tp_packet pkt;
	int any = 0;

	while (l2tp_next_packet(n->e, &pkt, p->now)) {
		any = 1;
		if (p->tap != NULL && !p->tap(p, n, &pkt))
			continue;
		to->path.local = pkt.path.peer;
		to->path.peer = pkt.path.local;
		l2tp_input(to->e, &to->path, pkt.data, pkt.len, p->now);
	}
	return (any);
}

static void
pair_exchange(struct pair *p)
{
	int any;

	do {
		any = end_events(p, &p->a) | end_events(p, &p->b);
		any |= end_packets(p, &p->a) | end_packets(p, &p->b);
	} while (any);
}

void
pair_run(struct pair *p, uint64_t ms)
{
	uint64_t end = p->now + ms, at, other;

	for (;;) {
		pair_exchange(p);
		at = l2tp_next_deadline(p->a.e);
		other = l2tp_next_deadline(p->b.e);
		if (other < at)
			at = other;
		if (at > end)
			break;
		p->now = at > p->now ? at : p->now;
		l2tp_timeout(p->a.e, p->now);
		l2tp_timeout(p->b.e, p->now);
	}
	p->now = end;
}

void
pair_dial(struct pair *p)
{
	p->a.tid = 0;
	ck_assert_int_eq(l2tp_tunnel_open(p->a.e, &p->a.path, &p->a.params,
	    NULL, p->now, &p->a.tid), 0);
	pair_run(p, 200);
}

void
pair_is_up(struct pair *p, unsigned int version)
{
	struct end *n;
	int i;

	for (i = 0; i < 2; i++) {
		n = i == 0 ? &p->a : &p->b;
		ck_assert_str_eq(pair_info(n).state, "established");
		ck_assert_uint_eq(pair_info(n).version, version);
		ck_assert_uint_eq(n->n[L2TP_EV_TUNNEL_UP], 1);
	}
	ck_assert_uint_eq(pair_info(&p->a).peer_tid, p->b.tid);
	ck_assert_uint_eq(pair_info(&p->b).peer_tid, p->a.tid);
}

struct l2tp_tunnel_info
pair_info(const struct end *n)
{
	struct l2tp_tunnel_info i = { .state = "none" };

	l2tp_tunnel_get(n->e, n->tid, &i);
	return (i);
}

struct l2tp_stats
pair_stats(const struct end *n)
{
	struct l2tp_stats s;

	l2tp_get_stats(n->e, &s);
	return (s);
}

int
pair_forge(struct pair *p, struct end *to, uint8_t version, uint32_t tid,
    const struct msg *m, uint16_t ns, uint16_t nr)
{
	uint8_t buf[L2TP_MAX_PACKET];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, version, tid, 0);
	msg_encode(&w, version, m, NULL);
	hdr_seal(&w, ns, nr);
	ck_assert_int_eq(w.bad, 0);
	return (l2tp_input(to->e, &to->path, buf, w.len, p->now));
}

struct msg
pair_msg(uint16_t type)
{
	struct msg m = { .type = type };
	const uint8_t *id;

	for (id = msg_table[3][type].must; id != NULL && *id != AVP_NIDS; id++)
		m.have[*id] = 1;
	m.have[AVP_ASSIGNED_CCID] = type == MSG_SCCRQ || type == MSG_SCCRP ||
	    type == MSG_STOPCCN;
	m.host_name.p = (const uint8_t *)"forged";
	m.host_name.len = 6;
	m.assigned_ccid = 0x70000007;
	m.pw_caps.p = (const uint8_t *)"\0\5";
	m.pw_caps.len = 2;
	m.result = 1;
	return (m);
}

int
pair_take(struct pair *p, struct end *from, struct hdr *h, struct msg *m)
{
	struct rd r;

	memset(m, 0, sizeof(*m));
	if (!l2tp_next_packet(from->e, &from->pkt, p->now))
		return (0);
	rd_init(&r, from->pkt.data, from->pkt.len);
	ck_assert_int_eq(hdr_decode(&r, h), ERR_NONE);
	ck_assert_int_eq(msg_decode(&r, h->version, m, NULL), ERR_NONE);
	return (1);
}
