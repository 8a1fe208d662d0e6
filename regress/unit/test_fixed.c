/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnels whose ids both sides have configured: HELLOs keep them up, nothing
 * ends them, and either side may lose its memory at any point.
 */
#include <check.h>
#include <string.h>

#include "cc.h"
#include "pair.h"

#define A_TID	1001
#define B_TID	70002
#define HELLO	10000		/* hello_ms */
#define CYCLE	31000		/* of retransmission: 1+2+4+8+8+8 */

static struct pair p;
static unsigned int seed, lose;		/* in 1000 */
static int deaf;			/* both of them */

static int
wire(struct pair *pair, const struct end *from, struct l2tp_packet *pkt)
{
	(void)pair;
	(void)pkt;
	(void)from;
	if (deaf)
		return (0);
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return (seed % 1000 >= lose);
}

static void
fix(struct end *n)
{
	int is_a = n == &p.a;

	n->tid = is_a ? A_TID : B_TID;
	ck_assert_int_eq(l2tp_tunnel_fixed(n->e, &n->path, &n->params, n,
	    p.now, n->tid, is_a ? B_TID : A_TID), 0);
}

static void
setup(void)
{
	pair_init(&p, L2TP_V3);
	p.a.params.hello_ms = p.b.params.hello_ms = HELLO;
	seed = 0x1234567;
	lose = 0;
	deaf = 0;
	p.tap = wire;
	fix(&p.a);
	fix(&p.b);
}

static void
teardown(void)
{
	pair_free(&p);
}

/* Since the last time that it was asked. */
static unsigned int
happened(struct end *n, enum l2tp_event_type type)
{
	unsigned int count = n->n[type];

	n->n[type] = 0;
	return (count);
}

START_TEST(up)
{
	pair_run(&p, 200);
	ck_assert_uint_eq(happened(&p.a, L2TP_EV_TUNNEL_UP), 1);
	ck_assert_uint_eq(happened(&p.b, L2TP_EV_TUNNEL_UP), 1);
	ck_assert_uint_eq(pair_info(&p.a).version, 3);
	ck_assert_uint_eq(pair_info(&p.a).fixed, 1);
	ck_assert_uint_eq(pair_info(&p.a).silent, 0);
	ck_assert_uint_eq(pair_info(&p.a).peer_tid, B_TID);
	ck_assert_str_eq(pair_info(&p.a).state, "fixed-up");
}
END_TEST

/* v3-4.4-01: idle for a hundred intervals and more. */
START_TEST(idle)
{
	uint64_t sent;

	lose = (unsigned int)_i * 100;
	pair_run(&p, 200);
	sent = pair_stats(&p.a).sent + pair_stats(&p.b).sent;
	pair_run(&p, 110 * HELLO);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_SILENT], 0);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_SILENT], 0);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_UP], 1);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_UP], 1);
	sent = pair_stats(&p.a).sent + pair_stats(&p.b).sent - sent;
	ck_assert_uint_ge(sent, 200);
	ck_assert_str_eq(pair_info(&p.a).state, "fixed-up");
}
END_TEST

/* Either side, after so many HELLOs, with some loss; it is not noticed. */
static void
lost_memory(struct end *n, int point)
{
	pair_run(&p, 200 + (uint64_t)point * HELLO / 3);
	pair_reboot(&p, n);
	fix(n);
	pair_run(&p, 50 * HELLO);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_SILENT], 0);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_SILENT], 0);
	ck_assert_str_eq(pair_info(&p.a).state, "fixed-up");
	ck_assert_str_eq(pair_info(&p.b).state, "fixed-up");
	ck_assert_uint_eq(pair_stats(&p.a).malformed, 0);
}

START_TEST(reboot_a)
{
	lose = _i % 2 ? 100 : 0;
	lost_memory(&p.a, _i);
}
END_TEST

START_TEST(reboot_b)
{
	lose = _i % 2 ? 100 : 0;
	lost_memory(&p.b, _i);
}
END_TEST

/*
 * At any two places of the number space: HELLOs have made it so far, and
 * those of a peer that follows nobody find their place again.
 */
START_TEST(anywhere)
{
	static const uint16_t at[] = { 0, 1, 2, 100, 32766, 32767, 32768,
	    32769, 40000, 65534, 65535 };
	struct tunnel *t;

	pair_run(&p, 200);
	t = tunnel_find(p.a.e, A_TID);
	chan_restart(&t->chan, &p.a.e->pool, at[_i / 11]);
	t->chan.nr = at[_i % 11];
	memset(p.a.n, 0, sizeof(p.a.n));
	memset(p.b.n, 0, sizeof(p.b.n));
	pair_run(&p, 20 * HELLO);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_SILENT], 0);
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_SILENT], 0);
	ck_assert_uint_eq(pair_info(&p.a).queued, 0);
	ck_assert_uint_eq(pair_info(&p.b).queued, 0);
	ck_assert_uint_eq(pair_info(&p.a).ns, pair_info(&p.b).nr);
}
END_TEST

/* v3-4.4-03, but that it goes on trying: who is there is found again. */
START_TEST(silent)
{
	int i;

	pair_run(&p, 200);
	for (i = 0; i < 3; i++) {
		ck_assert_uint_eq(happened(&p.a, L2TP_EV_TUNNEL_UP), 1);
		deaf = 1;
		pair_run(&p, HELLO + CYCLE + 100);
		ck_assert_uint_eq(happened(&p.a, L2TP_EV_TUNNEL_SILENT), 1);
		ck_assert_uint_eq(pair_info(&p.a).silent, 1);
		ck_assert_str_eq(pair_info(&p.a).state, "fixed-silent");
		/* It is said once. */
		pair_run(&p, 10 * CYCLE);
		ck_assert_uint_eq(happened(&p.a, L2TP_EV_TUNNEL_SILENT), 0);
		ck_assert_uint_eq(happened(&p.a, L2TP_EV_TUNNEL_UP), 0);
		deaf = 0;
		pair_run(&p, HELLO + 100);
		ck_assert_uint_eq(pair_info(&p.a).silent, 0);
	}
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_DOWN], 0);
}
END_TEST

/* Nobody was ever there; then somebody is. */
START_TEST(never)
{
	pair_reboot(&p, &p.b);
	pair_run(&p, CYCLE + 100);
	ck_assert_uint_eq(happened(&p.a, L2TP_EV_TUNNEL_SILENT), 1);
	ck_assert_uint_eq(happened(&p.a, L2TP_EV_TUNNEL_UP), 0);
	fix(&p.b);
	/* Its first HELLO makes us try at once. */
	pair_run(&p, 9000);
	ck_assert_uint_eq(happened(&p.a, L2TP_EV_TUNNEL_UP), 1);
	ck_assert_uint_eq(happened(&p.b, L2TP_EV_TUNNEL_UP), 1);
}
END_TEST

/* What a peer says does not end it, be it a handshake or a StopCCN. */
START_TEST(disregard)
{
	static const uint16_t type[] = { MSG_SCCRQ, MSG_SCCRP, MSG_SCCCN,
	    MSG_STOPCCN, MSG_ICRQ, MSG_CDN };
	struct msg m = pair_msg(type[_i]);
	struct l2tp_tunnel_info i;

	pair_run(&p, 200);
	i = pair_info(&p.a);
	m.serial = 1;
	m.remote_end_id = m.host_name;
	m.assigned_sid = 5;
	m.have[AVP_RECEIVE_WINDOW] = 1;
	m.window = i.peer_window + 1;
	ck_assert_int_ne(pair_forge(&p, &p.a, 3, A_TID, &m, i.nr, i.ns),
	    ERR_NONE);
	ck_assert_str_eq(pair_info(&p.a).state, "fixed-up");
	ck_assert_uint_eq(pair_info(&p.a).dropped, i.dropped + 1);
	ck_assert_uint_eq(pair_info(&p.a).nr, i.nr + 1);
	ck_assert_str_eq(pair_info(&p.a).host_name, "");
	ck_assert_uint_eq(pair_info(&p.a).peer_window, i.peer_window);
	pair_run(&p, 20 * HELLO);
	ck_assert_str_eq(pair_info(&p.a).state, "fixed-up");
	ck_assert_str_eq(pair_info(&p.b).state, "fixed-up");
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_SILENT], 0);
	ck_assert_uint_eq(p.a.n[L2TP_EV_DROPPED], 1);
}
END_TEST

/* Its end is ours to say, without a word; and then it can be again. */
START_TEST(closed)
{
	if (_i == 1)
		pair_run(&p, 200);
	if (_i == 2) {
		deaf = 1;
		pair_run(&p, 2 * CYCLE);
	}
	deaf = 1;
	ck_assert_int_eq(l2tp_tunnel_close(p.a.e, A_TID, 1, 0, NULL, p.now),
	    0);
	pair_run(&p, 0);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_DOWN], 1);
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_GONE], 1);
	ck_assert_uint_eq(p.a.cause.by, L2TP_BY_LOCAL);
	ck_assert_uint_eq(pair_stats(&p.a).tunnels, 0);
	deaf = 0;
	fix(&p.a);
	pair_run(&p, 2 * HELLO);
	ck_assert_str_eq(pair_info(&p.a).state, "fixed-up");
}
END_TEST

/* Without HELLOs of our own those of the peer are answered all the same. */
START_TEST(passive)
{
	l2tp_tunnel_close(p.a.e, A_TID, 1, 0, NULL, p.now);
	pair_run(&p, 0);
	p.a.params.hello_ms = 0;
	fix(&p.a);
	pair_run(&p, 10 * HELLO);
	ck_assert_str_eq(pair_info(&p.a).state, "fixed-up");
	ck_assert_str_eq(pair_info(&p.b).state, "fixed-up");
	ck_assert_uint_eq(p.b.n[L2TP_EV_TUNNEL_SILENT], 0);
}
END_TEST

START_TEST(refused)
{
	struct end *a = &p.a;

	ck_assert_int_eq(l2tp_tunnel_fixed(a->e, &a->path, &a->params, NULL,
	    p.now, A_TID, 9), -1);
	ck_assert_int_eq(l2tp_tunnel_fixed(a->e, &a->path, &a->params, NULL,
	    p.now, 0, 9), -1);
	ck_assert_int_eq(l2tp_tunnel_fixed(a->e, &a->path, &a->params, NULL,
	    p.now, 9, 0), -1);
	a->params.window_size = 0;
	ck_assert_int_eq(l2tp_tunnel_fixed(a->e, &a->path, &a->params, NULL,
	    p.now, 9, 9), -1);
}
END_TEST

/* With a secret nobody else can keep it up, or answer for it. */
START_TEST(authenticated)
{
	struct msg m = pair_msg(MSG_HELLO);

	teardown();
	pair_init(&p, L2TP_V3);
	p.a.params.digests = p.b.params.digests = L2TP_DIGEST_MD5;
	pair_secret(&p.a, 0, "secret");
	pair_secret(&p.b, 0, _i == 0 ? "secret" : "another");
	fix(&p.a);
	ck_assert_int_eq(pair_forge(&p, &p.a, 3, A_TID, &m, 0, 1),
	    ERR_DIGEST);
	fix(&p.b);
	pair_run(&p, 100000);
	ck_assert_str_eq(pair_info(&p.a).state, _i == 0 ? "fixed-up" :
	    "fixed-silent");
	ck_assert_uint_eq(p.a.n[L2TP_EV_TUNNEL_UP], _i == 0);
}
END_TEST

/* Many changes that nobody looks at are one event, which is true. */
START_TEST(coalesced)
{
	struct l2tp_event ev;
	struct tunnel *t = tunnel_find(p.a.e, A_TID);
	struct stimulus s = { .now = p.now };
	int i, n[PAIR_EVENTS] = { 0 };

	for (i = 0; i < 1000; i++) {
		cc_event(t, CC_EV_ANSWER, &s);
		cc_event(t, CC_EV_PEER_DEAD, &s);
	}
	while (l2tp_next_event(p.a.e, &ev))
		n[ev.type]++;
	ck_assert_int_eq(n[L2TP_EV_TUNNEL_UP], 0);
	ck_assert_int_eq(n[L2TP_EV_TUNNEL_SILENT], 1);
	cc_event(t, CC_EV_ANSWER, &s);
	while (l2tp_next_event(p.a.e, &ev))
		n[ev.type]++;
	ck_assert_int_eq(n[L2TP_EV_TUNNEL_UP], 1);
	l2tp_tunnel_close(p.a.e, A_TID, 1, 0, NULL, p.now);
	while (l2tp_next_event(p.a.e, &ev))
		n[ev.type]++;
	ck_assert_int_eq(n[L2TP_EV_TUNNEL_DOWN], 1);
	ck_assert_int_eq(n[L2TP_EV_TUNNEL_GONE], 1);
	ck_assert_uint_eq(p.a.e->ring.reserved, 0);
}
END_TEST

/* Each cell of the table: what is no request of ours changes little. */
START_TEST(cells)
{
	static const enum cc_state state[] = { CC_FIXED_WAIT, CC_FIXED_UP,
	    CC_FIXED_SILENT };
	struct tunnel *t = tunnel_find(p.a.e, A_TID);
	struct stimulus s = { .now = p.now };
	int i, ev;

	for (i = 0; i < 3; i++)
		for (ev = CC_EV_SCCRQ; ev < CC_EV_DISPLACED; ev++) {
			t->state = (uint8_t)state[i];
			cc_event(t, ev, &s);
			if (ev == CC_EV_ANSWER)
				ck_assert_int_eq(t->state, CC_FIXED_UP);
			else if (ev == CC_EV_PEER_DEAD)
				ck_assert_int_eq(t->state, CC_FIXED_SILENT);
			else if (ev == CC_EV_HELLO && i == 0)
				ck_assert_int_eq(t->state, CC_FIXED_UP);
			else
				ck_assert_int_eq(t->state, state[i]);
		}
	for (ev = CC_EV_OPEN; ev <= CC_EV_IGNORE; ev++)
		ck_assert_int_eq(cc_allows(t, ev), 0);
	ck_assert_int_eq(cc_allows(t, CC_EV_CLOSE), 1);
	tunnel_update(t, p.now);
}
END_TEST

static TCase *
fixed_case(void)
{
	TCase *t = tcase_create("fixed");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, up);
	tcase_add_loop_test(t, idle, 0, 2);
	tcase_add_loop_test(t, reboot_a, 0, 40);
	tcase_add_loop_test(t, reboot_b, 0, 40);
	tcase_add_loop_test(t, anywhere, 0, 121);
	tcase_add_test(t, silent);
	tcase_add_test(t, never);
	tcase_add_loop_test(t, disregard, 0, 6);
	tcase_add_loop_test(t, closed, 0, 3);
	tcase_add_test(t, passive);
	tcase_add_test(t, refused);
	tcase_add_loop_test(t, authenticated, 0, 2);
	tcase_add_test(t, coalesced);
	tcase_add_test(t, cells);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("fixed");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, fixed_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
