/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * An engine that listens and dials, fed with a script of datagrams, time and
 * requests.  Whatever comes in: no crash, only valid messages come out,
 * limits hold, and in the end everything is gone.
 *
 * A script is a list of steps, each one octet (see enum step) and operands.
 * Datagrams come whole, or with a header that fits the tunnel, so that what
 * lies behind the channel is found.  Ids are the same in each run.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hdr.h"
#include "l2tp.h"
#include "msg.h"

#define N_TUNNELS	8
#define MAX_PACKETS	20000

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum step {
	STEP_RAW,		/* source, length, octets */
	STEP_BODY,		/* tunnel, session, length, octets */
	STEP_TIME,		/* units of 100 ms */
	STEP_DEADLINE,
	STEP_CALL,		/* tunnel */
	STEP_CLOSE_CALL,	/* tunnel, session */
	STEP_CLOSE,		/* tunnel */
	STEP_POLICY,		/* what is answered from now on */
	STEP_COUNT
};

struct fuzz {
	struct l2tp		*e;
	struct l2tp_params	 params;
	uint64_t		 now;
	uint32_t		 random;
	uint8_t			 policy;
	uint32_t		 n_packets;
	struct rd		 script;
	/* The latest tunnels and their calls, to be named by number. */
	struct fuzz_tunnel {
		uint32_t	local_tid;
		uint32_t	sid;		/* of its latest call */
		uint16_t	nr;		/* that the peer sends */
	} tunnel[N_TUNNELS];
	uint32_t		 n_tunnels;
};

static const uint8_t	fuzz_secret[] = "fuzz", fuzz_older[] = "zzuf";

static void	fuzz_init(struct fuzz *);
static void	fuzz_secrets(struct fuzz *, uint8_t);
static void	fuzz_open(struct fuzz *);
static void	fuzz_step(struct fuzz *);
static void	fuzz_raw(struct fuzz *);
static void	fuzz_body(struct fuzz *);
static void	fuzz_call(struct fuzz *);
static void	fuzz_input(struct fuzz *, uint8_t, const uint8_t *, size_t);
static void	fuzz_pull(struct fuzz *);
static void	fuzz_event(struct fuzz *, const struct l2tp_event *);
static void	fuzz_answer(struct fuzz *, const struct l2tp_event *);
static void	fuzz_packet(struct fuzz *, const struct l2tp_packet *);
static void	fuzz_end(struct fuzz *);
static struct fuzz_tunnel *fuzz_tunnel(struct fuzz *, uint32_t);
static struct fuzz_tunnel *fuzz_pick(struct fuzz *);
static struct l2tp_path	fuzz_path(uint8_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz f;

	fuzz_init(&f);
	rd_init(&f.script, data, len);
	/* The last octet, so that what a script says stays the same. */
	fuzz_secrets(&f, len > 0 ? data[len - 1] : 0);
	fuzz_open(&f);
	fuzz_pull(&f);
	while (f.script.left > 0 && !f.script.bad &&
	    f.n_packets < MAX_PACKETS) {
		fuzz_step(&f);
		fuzz_pull(&f);
	}
	fuzz_end(&f);
	return (0);
}

static void
must(int ok)
{
	if (!ok)
		abort();
}

static void
fuzz_random(void *arg, void *to, size_t len)
{
	struct fuzz *f = arg;
	uint8_t *p = to;

	while (len-- > 0) {
		f->random = f->random * 1103515245 + 12345;
		*p++ = (uint8_t)(f->random >> 16);
	}
}

static void
fuzz_init(struct fuzz *f)
{
	struct l2tp_config config = {
		.random = fuzz_random, .random_arg = f,
		.max_tunnels = 12, .max_calls = 12, .max_half_open = 4,
		.quarantine_ms = 31000, .ack_delay_ms = 100
	};

	memset(f, 0, sizeof(*f));
	f->now = 1000;
	f->params.host_name = "fuzz";
	f->params.vendor_name = "septum";
	f->params.window_size = 4;
	f->params.max_retries = 3;
	f->params.framing_caps = L2TP_FRAMING_SYNC;
	f->params.retry_ms = 1000;
	f->params.retry_cap_ms = 8000;
	f->params.hello_ms = 10000;
	f->params.setup_ms = 15000;
	must((f->e = l2tp_new(&config)) != NULL);
}

/* None, one or two; with challenges, with hiding. */
static void
fuzz_secrets(struct fuzz *f, uint8_t how)
{
	if ((how & 0x40) == 0)
		return;
	f->params.secret[0] = fuzz_secret;
	f->params.secret_len[0] = sizeof(fuzz_secret) - 1;
	f->params.secret[1] = fuzz_older;
	f->params.secret_len[1] = how & 0x20 ? sizeof(fuzz_older) - 1 : 0;
	f->params.challenge = (how & 0x10) != 0;
	f->params.hide_avps = (how & 0x08) != 0;
}

static void
fuzz_open(struct fuzz *f)
{
	struct l2tp_path path = fuzz_path(1);
	uint32_t tid;

	must(l2tp_tunnel_open(f->e, &path, &f->params, NULL, f->now, &tid) ==
	    0);
	fuzz_tunnel(f, tid);
}

static struct l2tp_path
fuzz_path(uint8_t source)
{
	struct l2tp_path path = { .link = 0 };

	path.local.family = path.peer.family = 4;
	path.local.port = path.peer.port = 1701;
	path.local.ip[0] = 10;
	path.peer.ip[0] = 11;
	path.peer.ip[3] = source & 3;
	return (path);
}

static void
fuzz_step(struct fuzz *f)
{
	struct fuzz_tunnel *t;

	switch (rd_u8(&f->script) % STEP_COUNT) {
	case STEP_RAW:
		fuzz_raw(f);
		break;
	case STEP_BODY:
		fuzz_body(f);
		break;
	case STEP_TIME:
		f->now += rd_u8(&f->script) * 100U;
		l2tp_timeout(f->e, f->now);
		break;
	case STEP_DEADLINE:
		if (l2tp_next_deadline(f->e) != L2TP_NEVER)
			f->now = l2tp_next_deadline(f->e);
		l2tp_timeout(f->e, f->now);
		break;
	case STEP_CALL:
		fuzz_call(f);
		break;
	case STEP_CLOSE_CALL:
		t = fuzz_pick(f);
		l2tp_call_close(f->e, t->local_tid, t->sid, L2TP_CDN_ADMIN, 0,
		    NULL, f->now);
		break;
	case STEP_CLOSE:
		t = fuzz_pick(f);
		l2tp_tunnel_close(f->e, t->local_tid, L2TP_STOP_CLEAR, 0,
		    "closed", f->now);
		break;
	default:
		f->policy = rd_u8(&f->script);
		break;
	}
}

static void
fuzz_raw(struct fuzz *f)
{
	uint8_t source = rd_u8(&f->script);
	struct bytes b = rd_bytes(&f->script, rd_u8(&f->script));

	fuzz_input(f, source, b.p, b.len);
}

/* In sequence, to a live tunnel and call; odd sessions are not known. */
static void
fuzz_body(struct fuzz *f)
{
	struct fuzz_tunnel *t = fuzz_pick(f);
	uint8_t which = rd_u8(&f->script);
	struct bytes body = rd_bytes(&f->script, rd_u8(&f->script));
	struct l2tp_tunnel_info info;
	uint8_t buf[512];
	struct wr w;

	if (l2tp_tunnel_get(f->e, t->local_tid, &info) == -1)
		return;
	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, (uint16_t)t->local_tid,
	    (uint16_t)(which % 4 == 0 ? 0 : t->sid + (which & 1)));
	wr_bytes(&w, body.p, body.len);
	hdr_seal(&w, info.nr, t->nr);
	fuzz_input(f, info.path.peer.ip[3], buf, w.len);
}

/* From memory of exactly that size. */
static void
fuzz_input(struct fuzz *f, uint8_t source, const uint8_t *p, size_t len)
{
	struct l2tp_path path = fuzz_path(source);
	uint8_t *copy = malloc(len > 0 ? len : 1);

	must(copy != NULL);
	if (len > 0)
		memcpy(copy, p, len);
	l2tp_strerror(l2tp_input(f->e, &path, copy, len, f->now));
	free(copy);
}

static void
fuzz_call(struct fuzz *f)
{
	static const struct l2tp_call_params params = {
		.framing_type = L2TP_FRAMING_SYNC, .called = "1"
	};
	struct fuzz_tunnel *t = fuzz_pick(f);
	uint32_t sid;

	if (l2tp_call_open(f->e, t->local_tid, &params, NULL, f->now, &sid) ==
	    0)
		t->sid = sid;
}

static void
fuzz_pull(struct fuzz *f)
{
	struct l2tp_packet pkt;
	struct l2tp_event ev;
	struct l2tp_stats stats;
	int more;

	do {
		more = 0;
		while (l2tp_next_event(f->e, &ev)) {
			fuzz_event(f, &ev);
			more = 1;
		}
		while (l2tp_next_packet(f->e, &pkt, f->now)) {
			fuzz_packet(f, &pkt);
			more = 1;
		}
	} while (more);
	l2tp_get_stats(f->e, &stats);
	must(stats.tunnels <= 12 && stats.calls <= 12 && stats.half_open <= 4);
}

static void
fuzz_event(struct fuzz *f, const struct l2tp_event *ev)
{
	if (ev->type == L2TP_EV_DROPPED) {
		must(ev->from != NULL && ev->to != NULL && ev->reason != NULL);
		return;
	}
	must(ev->tunnel != NULL && ev->tunnel->local_tid == ev->local_tid);
	must(ev->tunnel->cwnd <= ev->tunnel->peer_window);
	must(strlen(ev->tunnel->host_name) < L2TP_MAX_TEXT);
	must((ev->call != NULL) == (ev->local_sid != 0));
	must((ev->cause != NULL) == (ev->type == L2TP_EV_TUNNEL_DOWN ||
	    ev->type == L2TP_EV_CALL_DOWN));
	if (ev->cause != NULL)
		must(ev->cause->reason != NULL &&
		    strlen(ev->cause->text) < L2TP_MAX_TEXT);
	fuzz_answer(f, ev);
}

static void
fuzz_answer(struct fuzz *f, const struct l2tp_event *ev)
{
	uint32_t tid = ev->local_tid, sid = ev->local_sid;

	if (ev->type == L2TP_EV_TUNNEL_IN) {
		fuzz_tunnel(f, tid);
		if ((f->policy & 3) == 1)
			l2tp_tunnel_reject(f->e, tid, L2TP_STOP_NOT_AUTHORIZED,
			    0, NULL, f->now);
		else if ((f->policy & 3) == 2)
			l2tp_tunnel_ignore(f->e, tid, f->now);
		else if ((f->policy & 3) == 0)
			l2tp_tunnel_accept(f->e, tid, &f->params, NULL,
			    f->now);
	} else if (ev->type == L2TP_EV_CALL_IN ||
	    ev->type == L2TP_EV_CALL_REPLY) {
		fuzz_tunnel(f, tid)->sid = sid;
		if ((f->policy & 12) == 4)
			l2tp_call_close(f->e, tid, sid, L2TP_CDN_TEMPORARY, 0,
			    NULL, f->now);
		else if ((f->policy & 12) == 0)
			l2tp_call_accept(f->e, tid, sid, NULL, f->now);
	}
}

static struct bytes
fuzz_bytes(const struct l2tp_params *p, int i)
{
	struct bytes b = { p->secret[i], p->secret_len[i] };

	return (b);
}

/* What we send is well-formed, always (RFC 2661 7.1). */
static void
fuzz_packet(struct fuzz *f, const struct l2tp_packet *pkt)
{
	uint8_t room[2][L2TP_MAX_PACKET];
	struct hide first = { .room = room[0], .left = sizeof(room[0]) };
	struct hide other = { .room = room[1], .left = sizeof(room[1]) };
	struct l2tp_tunnel_info info;
	struct hdr h;
	struct msg m;
	struct rd r, copy;

	first.secret[0] = other.secret[1] = fuzz_bytes(&f->params, 0);
	first.secret[1] = other.secret[0] = fuzz_bytes(&f->params, 1);
	f->n_packets++;
	must(pkt->len <= L2TP_MAX_PACKET);
	rd_init(&r, pkt->data, pkt->len);
	must(hdr_decode(&r, &h) == ERR_NONE && h.length == pkt->len);
	/* A wrong secret may seem to fit; not both ways round. */
	copy = r;
	must((msg_decode(&r, &m, &first) == ERR_NONE && m.ignored == 0) ||
	    (msg_decode(&copy, &m, &other) == ERR_NONE && m.ignored == 0));
	if (l2tp_tunnel_get(f->e, pkt->local_tid, &info) == -1)
		return;
	must(h.tid == info.peer_tid && h.nr == info.nr);
	/* Acknowledged by the next STEP_BODY of this tunnel. */
	if (f->policy < 128)
		fuzz_tunnel(f, pkt->local_tid)->nr = info.ns;
}

/* Time alone ends everything: all that was asked for is closed first. */
static void
fuzz_end(struct fuzz *f)
{
	struct l2tp_stats stats;
	uint32_t i, rounds;

	for (i = 0; i < N_TUNNELS; i++)
		l2tp_tunnel_close(f->e, f->tunnel[i].local_tid, L2TP_STOP_CLEAR,
		    0, NULL, f->now);
	fuzz_pull(f);
	for (rounds = 0; l2tp_next_deadline(f->e) != L2TP_NEVER; rounds++) {
		must(rounds < MAX_PACKETS);
		if (l2tp_next_deadline(f->e) > f->now)
			f->now = l2tp_next_deadline(f->e);
		l2tp_timeout(f->e, f->now);
		fuzz_pull(f);
	}
	l2tp_get_stats(f->e, &stats);
	must(stats.tunnels == 0 && stats.calls == 0 && stats.half_open == 0);
	must(l2tp_quiet(f->e));
	l2tp_free(f->e);
}

/* Where a tunnel is kept; the oldest makes room. */
static struct fuzz_tunnel *
fuzz_tunnel(struct fuzz *f, uint32_t local_tid)
{
	struct fuzz_tunnel *t;
	uint32_t i;

	for (i = 0; i < N_TUNNELS; i++)
		if (f->tunnel[i].local_tid == local_tid)
			return (&f->tunnel[i]);
	t = &f->tunnel[f->n_tunnels++ % N_TUNNELS];
	memset(t, 0, sizeof(*t));
	t->local_tid = local_tid;
	return (t);
}

static struct fuzz_tunnel *
fuzz_pick(struct fuzz *f)
{
	return (&f->tunnel[rd_u8(&f->script) % N_TUNNELS]);
}
