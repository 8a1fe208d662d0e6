/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Calls of L2TPv3 between two engines: each kind, over each encapsulation,
 * and what the two ends have agreed on is the same on both.
 */
#include <check.h>
#include <string.h>

#include "pair.h"

static const struct l2tp_octets port = { (const uint8_t *)"\0port\377", 6 };

static struct pair p;

/* What each end wants, and what has become of its latest call. */
static struct side {
	struct l2tp_call_params	 params;
	uint32_t		 sid;
	unsigned int		 n[PAIR_EVENTS];
	struct l2tp_call_info	 info;
	struct l2tp_cause	 cause;
	int			 refused;	/* by l2tp_call_offer() */
} a, b;

static struct side *
side_of(const struct end *n)
{
	return (n == &p.a ? &a : &b);
}

static void
on_call_in(struct end *n, struct side *s, const struct l2tp_event *ev)
{
	s->sid = ev->local_sid;
	s->params.outgoing = ev->call->outgoing;
	if (l2tp_call_offer(n->e, ev->local_tid, ev->local_sid, &s->params,
	    p.now) == -1) {
		/* Unless it is withdrawn already. */
		s->refused += l2tp_call_close(n->e, ev->local_tid,
		    ev->local_sid, L2TP_CDN_PERMANENT, 0, NULL, p.now) == 0;
		return;
	}
	ck_assert_int_eq(l2tp_call_accept(n->e, ev->local_tid, ev->local_sid,
	    NULL, p.now), 0);
	if (s->params.outgoing)
		ck_assert_int_eq(l2tp_call_connect(n->e, ev->local_tid,
		    ev->local_sid, &s->params, p.now), 0);
}

static void
on_call(struct pair *pair, struct end *n, const struct l2tp_event *ev)
{
	struct side *s = side_of(n);

	s->n[ev->type]++;
	if (ev->type == L2TP_EV_CALL_IN)
		on_call_in(n, s, ev);
	else if (ev->type == L2TP_EV_CALL_REPLY && !ev->call->outgoing)
		ck_assert_int_eq(l2tp_call_accept(n->e, ev->local_tid,
		    ev->local_sid, NULL, pair->now), 0);
	if (ev->type == L2TP_EV_CALL_DOWN)
		s->cause = *ev->cause;
	s->info = *ev->call;
}

static void
setup(void)
{
	const struct l2tp_call_params params = {
		.pw_type = L2TP_PW_ETH, .remote_end_id = port,
		.cookie_len = 8
	};

	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	a.params = b.params = params;
	pair_init(&p, L2TP_V3);
	p.call = on_call;
}

static void
teardown(void)
{
	pair_free(&p);
}

static void
use_ip(void)
{
	struct l2tp_path *path[] = { &p.a.path, &p.b.path };
	int i;

	for (i = 0; i < 2; i++) {
		path[i]->local.encap = path[i]->peer.encap = L2TP_ENCAP_IP;
		path[i]->local.port = path[i]->peer.port = 0;
	}
}

static int
open_call(struct end *n)
{
	struct side *s = side_of(n);

	return (l2tp_call_open(n->e, n->tid, &s->params, NULL, p.now,
	    &s->sid));
}

static struct l2tp_call_info
info(const struct end *n)
{
	struct l2tp_call_info i = { .state = "none" };

	l2tp_call_get(n->e, n->tid, side_of(n)->sid, &i);
	return (i);
}

/* Both ends are up and see the same. */
static void
agreed(void)
{
	struct l2tp_call_info x = info(&p.a), y = info(&p.b);

	ck_assert_str_eq(x.state, "established");
	ck_assert_str_eq(y.state, "established");
	ck_assert_uint_eq(x.local_sid, y.peer_sid);
	ck_assert_uint_eq(x.peer_sid, y.local_sid);
	ck_assert_uint_eq(x.pw_type, y.pw_type);
	ck_assert_uint_eq(x.serial, y.serial);
	ck_assert_uint_eq(x.remote_end_id.len, port.len);
	ck_assert_mem_eq(y.remote_end_id.p, port.p, port.len);
	ck_assert_uint_eq(x.l2spec, y.l2spec);
	ck_assert_uint_eq(x.send_seq, y.recv_seq);
	ck_assert_uint_eq(x.recv_seq, y.send_seq);
	ck_assert_uint_eq(x.local_cookie_len, y.peer_cookie_len);
	ck_assert_uint_eq(x.peer_cookie_len, y.local_cookie_len);
	ck_assert_mem_eq(x.local_cookie, y.peer_cookie, L2TP_MAX_COOKIE);
	ck_assert_mem_eq(x.peer_cookie, y.local_cookie, L2TP_MAX_COOKIE);
	ck_assert_uint_eq(a.n[L2TP_EV_CALL_UP], 1);
	ck_assert_uint_eq(b.n[L2TP_EV_CALL_UP], 1);
}

static void
both_gone(enum l2tp_by by_a, enum l2tp_by by_b, uint16_t result)
{
	ck_assert_str_eq(info(&p.a).state, "none");
	ck_assert_str_eq(info(&p.b).state, "none");
	ck_assert_uint_eq(a.cause.by, by_a);
	ck_assert_uint_eq(b.cause.by, by_b);
	ck_assert_uint_eq(a.cause.result, result);
	ck_assert_uint_eq(b.cause.result, result);
	ck_assert_uint_eq(pair_stats(&p.a).calls, 0);
	ck_assert_uint_eq(pair_stats(&p.b).calls, 0);
	ck_assert_uint_eq(pair_info(&p.a).n_calls, 0);
}

/*
 * v3-7.4-01, v3-6.12-01, v3-eth-02, v3-5.4.4-01: incoming and outgoing, by
 * either side, Ethernet and PPP, UDP and IP, with a secret or without.
 */
START_TEST(every_kind)
{
	struct end *caller = _i & 1 ? &p.b : &p.a;

	if (_i & 8)
		use_ip();
	if (_i & 16) {
		p.a.params.digests = p.b.params.digests = L2TP_DIGEST_SHA1;
		p.a.params.hide_avps = p.b.params.hide_avps = 1;
		pair_secret(&p.a, 0, "open sesame");
		pair_secret(&p.b, 0, "open sesame");
	}
	pair_dial(&p);
	pair_is_up(&p, 3);
	if (_i & 4)
		a.params.pw_type = b.params.pw_type = L2TP_PW_PPP;
	side_of(caller)->params.outgoing = (_i & 2) != 0;
	ck_assert_int_eq(open_call(caller), 0);
	pair_run(&p, 1000);
	agreed();
	ck_assert_uint_eq(info(&p.a).initiator, caller == &p.a);
	ck_assert_uint_eq(info(&p.a).outgoing, (_i & 2) != 0);
	ck_assert_int_eq(l2tp_call_close(caller->e, caller->tid,
	    side_of(caller)->sid, L2TP_CDN_ADMIN, 0, NULL, p.now), 0);
	pair_run(&p, 1000);
	both_gone(caller == &p.a ? L2TP_BY_LOCAL : L2TP_BY_PEER,
	    caller == &p.a ? L2TP_BY_PEER : L2TP_BY_LOCAL, L2TP_CDN_ADMIN);
	ck_assert_str_eq(pair_info(&p.a).state, "established");
}
END_TEST

/* v3-5.4.4-07, v3-5.4.4-08: sizes differ per direction. */
static void
on_call_v2(struct pair *pair, struct end *n, const struct l2tp_event *ev)
{
	if (ev->type == L2TP_EV_CALL_IN || ev->type == L2TP_EV_CALL_REPLY)
		ck_assert_int_eq(l2tp_call_accept(n->e, ev->local_tid,
		    ev->local_sid, NULL, pair->now), 0);
	side_of(n)->n[ev->type]++;
}

/* A sublayer and cookies are nothing that a peer of L2TPv2 could refuse. */
START_TEST(older_peer)
{
	pair_free(&p);
	pair_init(&p, L2TP_V2);
	p.call = on_call_v2;
	a.params.pw_type = L2TP_PW_PPP;
	a.params.framing_type = L2TP_FRAMING_SYNC;
	a.params.l2spec = 1;
	a.params.data_sequencing = 2;
	pair_dial(&p);
	ck_assert_int_eq(open_call(&p.a), 0);
	pair_run(&p, 1000);
	ck_assert_uint_eq(a.n[L2TP_EV_CALL_UP], 1);
	ck_assert_uint_eq(b.n[L2TP_EV_CALL_UP], 1);
}
END_TEST

START_TEST(cookies)
{
	a.params.cookie_len = (uint8_t)(_i % 3 * 4);
	b.params.cookie_len = (uint8_t)(_i / 3 * 4);
	pair_dial(&p);
	open_call(&p.a);
	pair_run(&p, 1000);
	agreed();
	ck_assert_uint_eq(info(&p.a).local_cookie_len, _i % 3 * 4);
	ck_assert_uint_eq(info(&p.b).local_cookie_len, _i / 3 * 4);
}
END_TEST

/* v3-5.4.4-17, v3-5.4.4-18, v3-4.6.1-01: either wants what it wants. */
START_TEST(sublayer)
{
	int outgoing = _i / 9, wants_a = _i % 3, wants_b = _i / 3 % 3;

	a.params.l2spec = wants_a > 0;
	b.params.l2spec = wants_b > 0;
	a.params.data_sequencing = wants_a == 2 ? 2 : 0;
	b.params.data_sequencing = wants_b == 2 ? 2 : 0;
	a.params.outgoing = (uint8_t)outgoing;
	pair_dial(&p);
	open_call(&p.a);
	pair_run(&p, 1000);
	if (outgoing && wants_a == 0 && wants_b > 0) {
		ck_assert_int_eq(b.refused, 1);
		both_gone(L2TP_BY_PEER, L2TP_BY_LOCAL, L2TP_CDN_PERMANENT);
		return;
	}
	agreed();
	ck_assert_uint_eq(info(&p.a).l2spec, wants_a > 0 || wants_b > 0);
	ck_assert_uint_eq(info(&p.a).recv_seq, wants_a == 2);
	ck_assert_uint_eq(info(&p.b).recv_seq, wants_b == 2);
}
END_TEST

/* A type that only one side has. */
START_TEST(types_differ)
{
	p.b.params.n_pw_types = 1;
	pair_dial(&p);
	a.params.pw_type = L2TP_PW_PPP;
	ck_assert_int_eq(open_call(&p.a), -1);
	a.params.pw_type = L2TP_PW_ETH;
	/* v3-eth-02: and one that the circuit does not have. */
	b.params.pw_type = L2TP_PW_PPP;
	ck_assert_int_eq(open_call(&p.a), 0);
	pair_run(&p, 1000);
	ck_assert_int_eq(b.refused, 1);
	both_gone(L2TP_BY_PEER, L2TP_BY_LOCAL, L2TP_CDN_PERMANENT);
}
END_TEST

/* Both ask, each for a kind, before either has heard of the other. */
static void
crossed(int kinds, int tie_a, int tie_b)
{
	a.params.session_tie = (uint8_t)tie_a;
	b.params.session_tie = (uint8_t)tie_b;
	pair_dial(&p);
	a.params.outgoing = (uint8_t)(kinds & 1);
	b.params.outgoing = (uint8_t)(kinds >> 1);
	ck_assert_int_eq(open_call(&p.a), 0);
	ck_assert_int_eq(open_call(&p.b), 0);
	pair_run(&p, 1000);
}

/* v3-5.4.4-11, v3-5.4.4-12: exactly one call comes of it. */
START_TEST(tie)
{
	crossed(_i, 1, 1);
	agreed();
	ck_assert_uint_ne(info(&p.a).initiator, info(&p.b).initiator);
	ck_assert_uint_eq(a.n[L2TP_EV_CALL_DOWN] + b.n[L2TP_EV_CALL_DOWN], 1);
	ck_assert_uint_eq(pair_stats(&p.a).calls, 1);
	ck_assert_uint_eq(pair_stats(&p.b).calls, 1);
}
END_TEST

START_TEST(tie_one_sided)
{
	crossed(_i, 1, 0);
	agreed();
	ck_assert_uint_eq(info(&p.a).initiator, 1);
	ck_assert_uint_eq(b.n[L2TP_EV_CALL_DOWN], 1);
	ck_assert_uint_eq(b.cause.by, L2TP_BY_TIE);
}
END_TEST

/* v3-5.4.4-14 */
START_TEST(tie_none)
{
	crossed(_i, 0, 0);
	both_gone(L2TP_BY_TIE, L2TP_BY_TIE, L2TP_CDN_TIE);
}
END_TEST

/* v3-5.4.4-13: equal, and the next time not. */
START_TEST(tie_equal)
{
	pair_dial(&p);
	a.params.session_tie = b.params.session_tie = 1;
	p.a.seed = p.b.seed = 42;
	open_call(&p.a);
	open_call(&p.b);
	pair_run(&p, 1000);
	both_gone(L2TP_BY_TIE, L2TP_BY_TIE, L2TP_CDN_TIE);
	p.a.seed = 1;
	open_call(&p.a);
	open_call(&p.b);
	pair_run(&p, 1000);
	agreed();
}
END_TEST

/* v3-6.14-02, v3-eth-05: down and up, and it stays up. */
START_TEST(circuit)
{
	a.params.circuit_down = 1;
	pair_dial(&p);
	open_call(&p.a);
	pair_run(&p, 1000);
	agreed();
	ck_assert_uint_eq(info(&p.b).circuit_active, 0);
	ck_assert_uint_eq(info(&p.a).circuit_active, 1);
	ck_assert_int_eq(l2tp_call_send_circuit(p.a.e, p.a.tid, a.sid, 1,
	    p.now), 0);
	ck_assert_int_eq(l2tp_call_send_circuit(p.b.e, p.b.tid, b.sid, 0,
	    p.now), 0);
	pair_run(&p, 1000);
	ck_assert_uint_eq(b.n[L2TP_EV_CALL_CIRCUIT], 1);
	ck_assert_uint_eq(b.info.circuit_active, 1);
	ck_assert_uint_eq(a.n[L2TP_EV_CALL_CIRCUIT], 1);
	ck_assert_uint_eq(a.info.circuit_active, 0);
	agreed();
}
END_TEST

/* v3-5.4.4-05: withdrawn before the ICRP or OCRP is on its way. */
START_TEST(withdrawn)
{
	pair_dial(&p);
	a.params.outgoing = (uint8_t)_i;
	open_call(&p.a);
	l2tp_call_close(p.a.e, p.a.tid, a.sid, L2TP_CDN_CARRIER, 0, NULL,
	    p.now);
	pair_run(&p, 1000);
	both_gone(L2TP_BY_LOCAL, L2TP_BY_PEER, L2TP_CDN_CARRIER);
}
END_TEST

/* The end of the tunnel is that of all its calls. */
START_TEST(tunnel_ends)
{
	int i;

	pair_dial(&p);
	for (i = 0; i < 3; i++) {
		open_call(&p.a);
		pair_run(&p, 1000);
	}
	ck_assert_uint_eq(pair_info(&p.b).n_calls, 3);
	l2tp_tunnel_close(p.a.e, p.a.tid, L2TP_STOP_CLEAR, 0, NULL, p.now);
	pair_run(&p, 40000);
	ck_assert_uint_eq(a.n[L2TP_EV_CALL_DOWN], 3);
	ck_assert_uint_eq(b.n[L2TP_EV_CALL_DOWN], 3);
	ck_assert_uint_eq(pair_stats(&p.b).calls, 0);
}
END_TEST

static TCase *
pair_case(void)
{
	TCase *t = tcase_create("pair");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, every_kind, 0, 32);
	tcase_add_test(t, older_peer);
	tcase_add_loop_test(t, cookies, 0, 9);
	tcase_add_loop_test(t, sublayer, 0, 18);
	tcase_add_test(t, types_differ);
	tcase_add_loop_test(t, tie, 0, 4);
	tcase_add_loop_test(t, tie_one_sided, 0, 4);
	tcase_add_loop_test(t, tie_none, 0, 4);
	tcase_add_test(t, tie_equal);
	tcase_add_test(t, circuit);
	tcase_add_loop_test(t, withdrawn, 0, 2);
	tcase_add_test(t, tunnel_ends);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("call_pair");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, pair_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
