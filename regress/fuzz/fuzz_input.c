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

#include "fuzz/input.h"

#define MAX_PACKETS	20000

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void	fuzz_init(struct fuzz *, uint16_t);
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
static void	fuzz_speak(struct fuzz *, const struct step *);
static void	fuzz_fixed(struct fuzz *, const struct step *);
static void	fuzz_offer(struct fuzz *, const struct step *);
static void	fuzz_circuit(struct fuzz *, const struct step *);
static void	fuzz_pull(struct fuzz *);
static void	fuzz_answer(struct fuzz *, const struct l2tp_event *);
static void	fuzz_answer_tunnel(struct fuzz *, uint8_t, uint32_t);
static void	fuzz_answer_call(struct fuzz *, uint8_t, uint32_t, uint32_t);
static void	fuzz_end(struct fuzz *);

static void	(*const fuzz_steps[STEP_COUNT])(struct fuzz *,
		    const struct step *) = {
	[STEP_RAW] = peer_raw,
	[STEP_BODY] = peer_body,
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
	[STEP_SPEAK] = fuzz_speak,
	[STEP_FIXED] = fuzz_fixed,
	[STEP_OFFER] = fuzz_offer,
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

void
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
	uint8_t speak;

	memset(f, 0, sizeof(*f));
	f->now = 1000;
	for (speak = 0; speak < SPEAK_COUNT; speak++)
		params_tunnel(&f->params[speak], setup, speak);
	f->speak = f->params;
	must((f->e = l2tp_new(&config)) != NULL);
}

struct l2tp_path
fuzz_path(uint8_t sender)
{
	struct l2tp_path path = { .link = 0 };

	path.local.family = path.peer.family = 4;
	path.local.port = path.peer.port = 1701;
	path.local.ip[0] = 10;
	path.peer.ip[0] = 11;
	path.peer.ip[3] = sender & SENDER_HOST;
	path.peer.port ^= (sender & SENDER_PORT) != 0;
	if (sender & SENDER_IP) {
		path.local.encap = path.peer.encap = L2TP_ENCAP_IP;
		path.local.port = path.peer.port = 0;
	}
	return (path);
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

	params_call(&params, f->speak->versions, s->op[1]);
	if (l2tp_call_open(f->e, t->local_tid, &params, NULL, f->now, &sid) ==
	    0)
		t->sid = sid;
}

static void
fuzz_connect(struct fuzz *f, const struct step *s)
{
	struct fuzz_tunnel *t = fuzz_pick(f, s);
	struct l2tp_call_params params;

	params_call(&params, f->speak->versions, s->op[1]);
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
fuzz_offer(struct fuzz *f, const struct step *s)
{
	struct fuzz_tunnel *t = fuzz_pick(f, s);
	struct l2tp_call_params params;

	params_call(&params, f->speak->versions, s->op[1]);
	l2tp_call_offer(f->e, t->local_tid, t->sid, &params, f->now);
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
	struct l2tp_path path = fuzz_path(s->op[0]);
	uint32_t tid = 0;

	if (l2tp_tunnel_open(f->e, &path, f->speak, NULL, f->now, &tid) == 0)
		fuzz_tunnel(f, tid)->params = f->speak;
}

static void
fuzz_speak(struct fuzz *f, const struct step *s)
{
	f->speak = &f->params[s->op[0] % SPEAK_COUNT];
}

static void
fuzz_fixed(struct fuzz *f, const struct step *s)
{
	struct l2tp_path path = fuzz_path(s->op[0]);
	uint32_t tid = 1 + s->op[1] % N_TUNNELS;

	if (l2tp_tunnel_fixed(f->e, &path, f->speak, NULL, f->now, tid,
	    PEER_TID + s->op[1] % N_TUNNELS) == 0)
		fuzz_tunnel(f, tid)->params = f->speak;
}

static void
fuzz_answer_step(struct fuzz *f, const struct step *s)
{
	struct fuzz_tunnel *t = fuzz_pick(f, s);

	fuzz_answer_tunnel(f, s->op[1], t->local_tid);
	fuzz_answer_call(f, s->op[1], t->local_tid, t->sid);
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
			check_event(f, &ev);
			fuzz_answer(f, &ev);
			more = 1;
		}
		while (l2tp_next_packet(f->e, &pkt, f->now)) {
			check_packet(f, &pkt);
			more = 1;
		}
	} while (more);
	l2tp_get_stats(f->e, &stats);
	must(stats.tunnels <= 12 && stats.calls <= 12 && stats.half_open <= 4);
}

static void
fuzz_answer(struct fuzz *f, const struct l2tp_event *ev)
{
	switch (ev->type) {
	case L2TP_EV_TUNNEL_IN:
		fuzz_tunnel(f, ev->local_tid)->theirs = f->hail;
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
		if (l2tp_tunnel_accept(f->e, tid, f->speak, NULL, f->now) ==
		    0)
			fuzz_tunnel(f, tid)->params = f->speak;
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

	if (l2tp_call_get(f->e, tid, sid, &info) == 0)
		must(info.local_sid == sid);
	if (policy & POLICY_OFFER) {
		params_call(&params, L2TP_V3, CALL3_COOKIE |
		    (policy & POLICY_SUBLAYER ? CALL3_ASKING : 0));
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

struct fuzz_tunnel *
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

struct fuzz_tunnel *
fuzz_pick(struct fuzz *f, const struct step *s)
{
	return (&f->tunnel[s->op[0] % N_TUNNELS]);
}
