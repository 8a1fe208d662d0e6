/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * An engine that listens and dials, fed with a script of datagrams, time and
 * requests (see script.h).  Whatever comes in: no crash, only valid messages
 * come out, limits hold, and in the end everything is gone.
 *
 * The script's peer knows the secret, and the engine's ids and challenges;
 * it need not say them.  Ids are the same in each run.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "fuzz/look.h"
#include "fuzz/params.h"
#include "fuzz/script.h"
#include "fuzz/seal.h"
#include "fuzz/sign.h"
#include "hdr.h"
#include "l2tp.h"
#include "msg.h"
#include "rfc2104.h"

#define N_TUNNELS	8
#define MAX_PACKETS	20000
#define MAX_DATAGRAM	(HDR_CONTROL_LEN + UINT16_MAX)
#define NO_SUCH_NR	1000	/* more than was ever sent */
#define N_CELLS		2048
#define TYPE_AT		7	/* octet of a body that says what it is */

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct fuzz {
	struct l2tp		*e;
	struct l2tp_params	 params;
	uint64_t		 now;
	uint32_t		 random;
	uint8_t			 policy;
	uint32_t		 n_packets;
	/* The latest tunnels and their calls, to be named by number. */
	struct fuzz_tunnel {
		uint32_t	local_tid;
		uint32_t	sid;		/* of its latest call */
		uint16_t	nr;		/* that the peer sends */
		uint8_t		challenge[DIGEST_LEN];	/* ours, if any */
		size_t		challenge_len;
		/* L2TPv3: what digests are made with. */
		struct nonce	ours, theirs;
	} tunnel[N_TUNNELS];
	uint32_t		 n_tunnels;
	struct nonce		 said;		/* by who calls */
};

/*
 * What libFuzzer takes as code that has run: a message in a state, because
 * most cells of the state tables share their actions with others.
 */
__attribute__((section("__libfuzzer_extra_counters")))
static uint8_t		fuzz_cells[N_CELLS];

static void	fuzz_init(struct fuzz *, uint16_t);
static void	fuzz_raw(struct fuzz *, const struct step *);
static void	fuzz_body(struct fuzz *, const struct step *);
static void	fuzz_time(struct fuzz *, const struct step *);
static void	fuzz_deadline(struct fuzz *, const struct step *);
static void	fuzz_call(struct fuzz *, const struct step *);
static void	fuzz_close_call(struct fuzz *, const struct step *);
static void	fuzz_close(struct fuzz *, const struct step *);
static void	fuzz_policy(struct fuzz *, const struct step *);
static void	fuzz_open(struct fuzz *, const struct step *);
static void	fuzz_answer_step(struct fuzz *, const struct step *);
static void	fuzz_connect(struct fuzz *, const struct step *);
static void	fuzz_errors(struct fuzz *, const struct step *);
static void	fuzz_accm(struct fuzz *, const struct step *);
static void	fuzz_circuit(struct fuzz *, const struct step *);
static size_t	fuzz_sign(struct fuzz *, struct fuzz_tunnel *, int, uint8_t *,
		    size_t);
static void	fuzz_cell(struct fuzz *, const struct fuzz_tunnel *,
		    const struct l2tp_tunnel_info *, const struct step *);
static void	fuzz_seal(const struct fuzz_tunnel *, int, uint8_t *, size_t);
static void	fuzz_input(struct fuzz *, const struct l2tp_path *,
		    const uint8_t *, size_t);
static void	fuzz_pull(struct fuzz *);
static void	fuzz_event(struct fuzz *, const struct l2tp_event *);
static void	fuzz_answer(struct fuzz *, const struct l2tp_event *);
static void	fuzz_answer_tunnel(struct fuzz *, uint8_t, uint32_t);
static void	fuzz_answer_call(struct fuzz *, uint8_t, uint32_t, uint32_t);
static void	fuzz_packet(struct fuzz *, const struct l2tp_packet *);
static void	fuzz_end(struct fuzz *);
static struct fuzz_tunnel *fuzz_tunnel(struct fuzz *, uint32_t);
static struct fuzz_tunnel *fuzz_pick(struct fuzz *, const struct step *);

static void	(*const fuzz_steps[STEP_COUNT])(struct fuzz *,
		    const struct step *) = {
	[STEP_RAW] = fuzz_raw,
	[STEP_BODY] = fuzz_body,
	[STEP_TIME] = fuzz_time,
	[STEP_DEADLINE] = fuzz_deadline,
	[STEP_CALL] = fuzz_call,
	[STEP_CLOSE_CALL] = fuzz_close_call,
	[STEP_CLOSE] = fuzz_close,
	[STEP_POLICY] = fuzz_policy,
	[STEP_OPEN] = fuzz_open,
	[STEP_ANSWER] = fuzz_answer_step,
	[STEP_CONNECT] = fuzz_connect,
	[STEP_ERRORS] = fuzz_errors,
	[STEP_ACCM] = fuzz_accm,
	[STEP_CIRCUIT] = fuzz_circuit
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz f;
	struct step s;
	struct rd script;
	uint16_t setup;

	rd_init(&script, data, len);
	setup = rd_u16(&script);
	fuzz_init(&f, setup);
	while (f.n_packets < MAX_PACKETS && script_next(&script, &s)) {
		if (s.type < STEP_COUNT)
			fuzz_steps[s.type](&f, &s);
		if ((f.policy & POLICY_NO_PULL) == 0)
			fuzz_pull(&f);
	}
	if ((setup & SETUP_ABANDON) == 0)
		fuzz_end(&f);
	l2tp_free(f.e);
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
fuzz_init(struct fuzz *f, uint16_t setup)
{
	struct l2tp_config config = {
		.random = fuzz_random, .random_arg = f,
		.max_tunnels = 12, .max_calls = 12, .max_half_open = 4,
		.quarantine_ms = 31000, .ack_delay_ms = 100
	};

	memset(f, 0, sizeof(*f));
	f->now = 1000;
	params_tunnel(&f->params, setup);
	must((f->e = l2tp_new(&config)) != NULL);
}

/* Whatever it is; behind a header of the usual length are AVPs. */
static void
fuzz_raw(struct fuzz *f, const struct step *s)
{
	static uint8_t octets[MAX_DATAGRAM];
	struct l2tp_path path = params_path(s->op[0]);
	size_t len = s->msg.len;

	if (len > 0)
		memcpy(octets, s->msg.p, len);
	if (len > HDR_CONTROL_LEN)
		fuzz_seal(NULL, s->op[0] & SENDER_OLDER,
		    octets + HDR_CONTROL_LEN, len - HDR_CONTROL_LEN);
	len = fuzz_sign(f, NULL, s->op[0] & SENDER_OLDER, octets, len);
	fuzz_input(f, &path, octets, len);
}

/* To a live tunnel. */
static void
fuzz_body(struct fuzz *f, const struct step *s)
{
	static const uint16_t ahead[] = { 0, 1, 2, UINT16_MAX };
	static uint8_t octets[MAX_DATAGRAM];
	struct fuzz_tunnel *t = fuzz_pick(f, s);
	struct l2tp_tunnel_info info;
	struct l2tp_path path;
	uint8_t bits = s->op[1];
	uint32_t sid = 0;
	struct wr w;
	size_t len;

	if (l2tp_tunnel_get(f->e, t->local_tid, &info) == -1)
		return;
	if (bits & BODY_SESSION)
		sid = t->sid + ((bits & BODY_SESSION) == 1);
	wr_init(&w, octets, sizeof(octets));
	hdr_encode(&w, info.version, t->local_tid, sid);
	wr_bytes(&w, s->msg.p, s->msg.len);
	hdr_seal(&w, (uint16_t)(info.nr + ahead[(bits & BODY_AHEAD) >> 2]),
	    (uint16_t)(t->nr + (bits & BODY_NR ? NO_SUCH_NR : 0)));
	if (w.bad)
		return;
	fuzz_cell(f, t, &info, s);
	fuzz_seal(t, bits & BODY_OLDER, octets + HDR_CONTROL_LEN, s->msg.len);
	sign_address(octets + HDR_CONTROL_LEN, s->msg.len, t->sid);
	len = fuzz_sign(f, t, bits & BODY_OLDER, octets, w.len);
	path = info.path;
	path.peer.ip[3] ^= (bits & BODY_HOST) != 0;
	path.peer.port ^= (bits & BODY_PORT) != 0;
	fuzz_input(f, &path, octets, len);
}

/* L2TPv3: with a digest, if there are any. */
static size_t
fuzz_sign(struct fuzz *f, struct fuzz_tunnel *t, int older, uint8_t *p,
    size_t len)
{
	static struct nonce none;
	struct nonce *theirs = t == NULL ? &f->said : &t->theirs;

	if (len <= HDR_CONTROL_LEN || (p[1] & 0xf) != 3)
		return (len);
	sign_nonce(theirs, p, len);
	return (sign_message(p, len, f->params.digests != 0,
	    params_secret[older != 0], theirs, t == NULL ? &none : &t->ours));
}

/* The state is that of the call, if the message is to one. */
static void
fuzz_cell(struct fuzz *f, const struct fuzz_tunnel *t,
    const struct l2tp_tunnel_info *info, const struct step *s)
{
	struct l2tp_call_info call;
	const char *name = info->state;
	uint32_t cell = 0;

	if (s->msg.len > TYPE_AT && s->msg.p[TYPE_AT] < MSG_NTYPES)
		cell = s->msg.p[TYPE_AT];
	if ((s->op[1] & BODY_SESSION) > 1 &&
	    l2tp_call_get(f->e, t->local_tid, t->sid, &call) == 0) {
		name = call.state;
		cell += MSG_NTYPES;
	}
	for (; *name != '\0'; name++)
		cell = cell * 31 + (uint8_t)*name;
	fuzz_cells[cell % N_CELLS] = 1;
}

static void
fuzz_time(struct fuzz *f, const struct step *s)
{
	f->now += s->op[0] * 100U;
	l2tp_timeout(f->e, f->now);
}

static void
fuzz_deadline(struct fuzz *f, const struct step *s)
{
	(void)s;
	if (l2tp_next_deadline(f->e) != L2TP_NEVER)
		f->now = l2tp_next_deadline(f->e);
	l2tp_timeout(f->e, f->now);
}

static void
fuzz_call(struct fuzz *f, const struct step *s)
{
	struct fuzz_tunnel *t = fuzz_pick(f, s);
	struct l2tp_call_params params;
	uint32_t sid;

	params_call(&params, s->op[1], f->params.versions);
	if (l2tp_call_open(f->e, t->local_tid, &params, NULL, f->now, &sid) ==
	    0)
		t->sid = sid;
}

static void
fuzz_connect(struct fuzz *f, const struct step *s)
{
	struct fuzz_tunnel *t = fuzz_pick(f, s);
	struct l2tp_call_params params;

	params_call(&params, s->op[1], f->params.versions);
	l2tp_call_connect(f->e, t->local_tid, t->sid, &params, f->now);
}

static void
fuzz_errors(struct fuzz *f, const struct step *s)
{
	static const struct l2tp_call_errors errors = { 1, 2, 3, 4, 5, 6 };
	struct fuzz_tunnel *t = fuzz_pick(f, s);

	l2tp_call_send_errors(f->e, t->local_tid, t->sid, &errors, f->now);
}

static void
fuzz_accm(struct fuzz *f, const struct step *s)
{
	struct fuzz_tunnel *t = fuzz_pick(f, s);

	l2tp_call_send_accm(f->e, t->local_tid, t->sid, 0, 1, f->now);
}

static void
fuzz_circuit(struct fuzz *f, const struct step *s)
{
	struct fuzz_tunnel *t = fuzz_pick(f, s);

	l2tp_call_send_circuit(f->e, t->local_tid, t->sid, s->op[1] & 1,
	    f->now);
}

static void
fuzz_close_call(struct fuzz *f, const struct step *s)
{
	struct fuzz_tunnel *t = fuzz_pick(f, s);

	l2tp_call_close(f->e, t->local_tid, t->sid, L2TP_CDN_ADMIN, 0, NULL,
	    f->now);
}

static void
fuzz_close(struct fuzz *f, const struct step *s)
{
	l2tp_tunnel_close(f->e, fuzz_pick(f, s)->local_tid, L2TP_STOP_CLEAR, 0,
	    "closed", f->now);
}

static void
fuzz_policy(struct fuzz *f, const struct step *s)
{
	f->policy = s->op[0];
}

static void
fuzz_open(struct fuzz *f, const struct step *s)
{
	struct l2tp_path path = params_path(s->op[0]);
	uint32_t tid = 0;

	if (l2tp_tunnel_open(f->e, &path, &f->params, NULL, f->now, &tid) == 0)
		fuzz_tunnel(f, tid);
}

static void
fuzz_answer_step(struct fuzz *f, const struct step *s)
{
	struct fuzz_tunnel *t = fuzz_pick(f, s);

	fuzz_answer_tunnel(f, s->op[1], t->local_tid);
	fuzz_answer_call(f, s->op[1], t->local_tid, t->sid);
}

/* The secret is one that the engine may have; the tunnel may be NULL. */
static void
fuzz_seal(const struct fuzz_tunnel *t, int older, uint8_t *p, size_t len)
{
	struct seal s = { .secret = params_secret[older != 0] };

	if (t != NULL) {
		s.challenge.p = t->challenge;
		s.challenge.len = t->challenge_len;
	}
	seal_avps(p, len, &s);
}

/* From memory of exactly that size. */
static void
fuzz_input(struct fuzz *f, const struct l2tp_path *path, const uint8_t *p,
    size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	must(copy != NULL);
	if (len > 0)
		memcpy(copy, p, len);
	l2tp_strerror(l2tp_input(f->e, path, copy, len, f->now));
	free(copy);
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
	if (ev->call != NULL)
		look_call(ev->call);
	must((ev->cause != NULL) == (ev->type == L2TP_EV_TUNNEL_DOWN ||
	    ev->type == L2TP_EV_CALL_DOWN));
	if (ev->cause != NULL)
		look_cause(ev->cause);
	fuzz_answer(f, ev);
}

static void
fuzz_answer(struct fuzz *f, const struct l2tp_event *ev)
{
	switch (ev->type) {
	case L2TP_EV_TUNNEL_IN:
		fuzz_tunnel(f, ev->local_tid)->theirs = f->said;
		fuzz_answer_tunnel(f, f->policy, ev->local_tid);
		break;
	case L2TP_EV_TUNNEL_UP:
		l2tp_tunnel_set_link(f->e, ev->local_tid, 1);
		break;
	case L2TP_EV_CALL_IN:
	case L2TP_EV_CALL_REPLY:
		fuzz_tunnel(f, ev->local_tid)->sid = ev->local_sid;
		fuzz_answer_call(f, f->policy, ev->local_tid, ev->local_sid);
		break;
	default:
		break;
	}
}

static void
fuzz_answer_tunnel(struct fuzz *f, uint8_t policy, uint32_t tid)
{
	switch (policy & POLICY_TUNNEL) {
	case 0:
		l2tp_tunnel_accept(f->e, tid, &f->params, NULL, f->now);
		break;
	case 1:
		l2tp_tunnel_reject(f->e, tid, L2TP_STOP_NOT_AUTHORIZED, 0,
		    NULL, f->now);
		break;
	case 2:
		l2tp_tunnel_ignore(f->e, tid, f->now);
		break;
	}
}

static void
fuzz_answer_call(struct fuzz *f, uint8_t policy, uint32_t tid, uint32_t sid)
{
	struct l2tp_call_params params;
	struct l2tp_call_info info;

	params_call(&params, 0, f->params.versions);
	if (l2tp_call_get(f->e, tid, sid, &info) == 0) {
		must(info.local_sid == sid);
		params.pw_type = info.pw_type;
		params.l2spec = info.l2spec;
		l2tp_call_offer(f->e, tid, sid, &params, f->now);
	}
	switch (policy & POLICY_CALL) {
	case 0x00:
		l2tp_call_accept(f->e, tid, sid, NULL, f->now);
		break;
	case 0x04:
		l2tp_call_close(f->e, tid, sid, L2TP_CDN_TEMPORARY, 0, NULL,
		    f->now);
		break;
	}
}

static struct bytes
fuzz_bytes(const struct l2tp_params *p, int i, uint8_t version)
{
	static uint8_t key[2][RFC2104_LEN];
	struct bytes b = { p->secret[i], p->secret_len[i] };

	/* RFC 3931 5.3 */
	if (version == 3 && b.len > 0) {
		rfc2104_key(1, b.p, b.len, key[i]);
		b.p = key[i];
		b.len = DIGEST_LEN;
	}
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
	struct fuzz_tunnel *t;
	struct hdr h;
	struct msg m;
	struct rd r, copy;

	f->n_packets++;
	must(pkt->len <= L2TP_MAX_PACKET);
	rd_init(&r, pkt->data, pkt->len);
	must(hdr_decode(&r, &h) == ERR_NONE && h.length == pkt->len);
	first.secret[0] = other.secret[1] = fuzz_bytes(&f->params, 0,
	    h.version);
	first.secret[1] = other.secret[0] = fuzz_bytes(&f->params, 1,
	    h.version);
	/* A wrong secret may seem to fit; not both ways round. */
	copy = r;
	must((msg_decode(&r, h.version, &m, &first) == ERR_NONE &&
	    m.ignored == 0) || (msg_decode(&copy, h.version, &m, &other) ==
	    ERR_NONE && m.ignored == 0));
	if (l2tp_tunnel_get(f->e, pkt->local_tid, &info) == -1)
		return;
	must(h.tid == info.peer_tid && h.nr == info.nr);
	must(memcmp(&pkt->path, &info.path, sizeof(info.path)) == 0);
	t = fuzz_tunnel(f, pkt->local_tid);
	/* Acknowledged by the next STEP_BODY of this tunnel. */
	if ((f->policy & POLICY_NO_ACK) == 0)
		t->nr = info.ns;
	if (m.have[AVP_NONCE] && m.nonce.len <= sizeof(t->ours.p)) {
		memcpy(t->ours.p, m.nonce.p, m.nonce.len);
		t->ours.len = m.nonce.len;
	}
	if (m.have[AVP_CHALLENGE] && m.challenge.len == DIGEST_LEN) {
		memcpy(t->challenge, m.challenge.p, DIGEST_LEN);
		t->challenge_len = DIGEST_LEN;
	}
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
}

/* Where a tunnel is kept; the oldest is closed to make room. */
static struct fuzz_tunnel *
fuzz_tunnel(struct fuzz *f, uint32_t local_tid)
{
	struct fuzz_tunnel *t;
	uint32_t i;

	for (i = 0; i < N_TUNNELS; i++)
		if (f->tunnel[i].local_tid == local_tid)
			return (&f->tunnel[i]);
	t = &f->tunnel[f->n_tunnels++ % N_TUNNELS];
	l2tp_tunnel_close(f->e, t->local_tid, L2TP_STOP_CLEAR, 0, NULL,
	    f->now);
	memset(t, 0, sizeof(*t));
	t->local_tid = local_tid;
	return (t);
}

/* The first operand names it. */
static struct fuzz_tunnel *
fuzz_pick(struct fuzz *f, const struct step *s)
{
	return (&f->tunnel[s->op[0] % N_TUNNELS]);
}
