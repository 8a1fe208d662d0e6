/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What a stranger who sees what is said, and can say something in between,
 * leaves behind: nothing (RFC 3931 4.3, 4.7.3, 5.4.1).
 */
#include <check.h>

#include "auth3.h"
#include "cc.h"
#include "hdr.h"
#include "pair.h"

#define PEER_TID	77	/* of SCCRQs that are forged */

static struct pair p;

static void
setup(void)
{
	pair_init(&p, L2TP_V3);
	p.a.params.digests = p.b.params.digests =
	    L2TP_DIGEST_MD5 | L2TP_DIGEST_SHA1;
	pair_secret(&p.a, 0, "secret");
	pair_secret(&p.b, 0, "secret");
}

static void
teardown(void)
{
	pair_free(&p);
}

static void
open_a(struct hdr *h, struct msg *m)
{
	ck_assert_int_eq(l2tp_tunnel_open(p.a.e, &p.a.path, &p.a.params, NULL,
	    p.now, &p.a.tid), 0);
	ck_assert(pair_take(&p, &p.a, h, m));
}

/* The latest event of b is the SCCRQ, which its caller leaves lying. */
static uint32_t
offered(void)
{
	struct l2tp_event ev;
	uint32_t tid = 0;

	while (l2tp_next_event(p.b.e, &ev))
		if (ev.type == L2TP_EV_TUNNEL_IN)
			tid = ev.local_tid;
	ck_assert_uint_ne(tid, 0);
	return (tid);
}

/* A SCCRQ of L2TPv2, which is for both versions if it is to be. */
static struct msg
sccrq2(int dual)
{
	struct msg m = pair_msg(MSG_SCCRQ);

	m.have[AVP_PROTOCOL_VERSION] = m.have[AVP_FRAMING_CAPS] = 1;
	m.have[AVP_ASSIGNED_TUNNEL_ID] = 1;
	m.proto_ver = 1;
	m.assigned_tid = PEER_TID;
	if (!dual)
		m.have[AVP_ASSIGNED_CCID] = m.have[AVP_ROUTER_ID] =
		    m.have[AVP_PW_CAPS] = 0;
	return (m);
}

/* An ACK, which is of L2TPv3, with a header of L2TPv2. */
static int
forge_ack(uint32_t tid, uint16_t ns)
{
	uint8_t buf[HDR_CONTROL_LEN + 8];
	struct msg m = { .type = MSG_ACK };
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, tid, 0);
	msg_encode(&w, 3, &m, NULL);
	hdr_seal(&w, ns, 0);
	return (l2tp_input(p.b.e, &p.b.path, buf, w.len, p.now));
}

/* A SCCRP that is not believed does not keep us from proving ourselves. */
START_TEST(early_sccrp)
{
	struct msg m, forged = pair_msg(MSG_SCCRP);
	struct hdr h;

	open_a(&h, &m);
	ck_assert_int_eq(pair_forge(&p, &p.a, 3, p.a.tid, &forged, 3, 1),
	    ERR_DIGEST);
	pair_run(&p, 5000);
	pair_is_up(&p, 3);
	ck_assert_uint_eq(pair_stats(&p.b).wrong_digest, 0);
}
END_TEST

/* v3-5.4.1-16: a SCCRQ, which is good for ever, when Ns is 0 again. */
START_TEST(old_sccrq)
{
	struct l2tp_packet sccrq;
	struct tunnel *t;
	struct hdr h;
	struct msg m;

	open_a(&h, &m);
	sccrq = p.a.pkt;
	pair_run(&p, 5000);
	pair_is_up(&p, 3);
	t = tunnel_find(p.b.e, p.b.tid);
	t->chan.nr = (uint16_t)_i;
	ck_assert_int_eq(l2tp_input(p.b.e, &p.b.path, sccrq.data, sccrq.len,
	    p.now), _i == 1 || _i == 2 ? ERR_NONE : ERR_DIGEST);
	ck_assert_uint_eq(t->chan.n_ahead, 0);
	ck_assert_uint_eq(t->chan.nr, (uint16_t)_i);
}
END_TEST

/* A peer has ids of L2TPv2 and ids of L2TPv3, and some may be the same. */
START_TEST(same_ids)
{
	struct msg m = sccrq2(0), m3 = pair_msg(MSG_SCCRQ);

	m3.assigned_ccid = PEER_TID;
	ck_assert_int_eq(pair_forge(&p, &p.b, 2, 0, &m, 0, 0), ERR_NONE);
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, 0, &m3, 0, 0), ERR_NONE);
	ck_assert_uint_eq(pair_stats(&p.b).tunnels, 2);
	ck_assert_int_eq(pair_forge(&p, &p.b, 2, 0, &m, 0, 0), ERR_NONE);
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, 0, &m3, 0, 0), ERR_FSM);
	ck_assert_uint_eq(pair_stats(&p.b).tunnels, 2);
}
END_TEST

/*
 * v3-4.7.3-02: an acknowledgement of L2TPv2 would say that there is no
 * other; so there is none before it is known which it is to be.
 */
START_TEST(dual_waits)
{
	struct msg m = sccrq2(1), got;
	struct hdr h;
	uint32_t tid;
	int i;

	p.b.params.versions = L2TP_V2 | L2TP_V3;
	p.b.params.digests = 0;
	pair_forge(&p, &p.b, 2, 0, &m, 0, 0);
	tid = offered();
	for (i = 0; i < 3; i++) {
		p.now += 1000;
		l2tp_timeout(p.b.e, p.now);
		ck_assert(!pair_take(&p, &p.b, &h, &got));
		pair_forge(&p, &p.b, 2, 0, &m, 0, 0);
	}
	ck_assert_int_eq(l2tp_tunnel_accept(p.b.e, tid, &p.b.params, NULL,
	    p.now), 0);
	ck_assert(pair_take(&p, &p.b, &h, &got));
	ck_assert_uint_eq(got.type, MSG_SCCRP);
	ck_assert_uint_eq(h.version, 3);
	ck_assert_uint_eq(h.nr, 1);
}
END_TEST

/*
 * v3-5.4.1-15: if that takes a secret nothing else is believed until then,
 * nor kept to be believed later.
 */
START_TEST(dual_early)
{
	struct msg m = sccrq2(1), stop = pair_msg(MSG_STOPCCN);
	uint32_t tid;

	m.have[AVP_NONCE] = m.have[AVP_MESSAGE_DIGEST] = 1;
	m.nonce = m.host_name;
	m.message_digest = auth3_room(L2TP_DIGEST_MD5);
	ck_assert_int_eq(pair_forge(&p, &p.b, 2, 0, &m, 0, 0), ERR_NONE);
	tid = offered();
	stop.have[AVP_ASSIGNED_TUNNEL_ID] = 1;
	stop.assigned_tid = PEER_TID;
	ck_assert_int_eq(pair_forge(&p, &p.b, 2, 0, &stop, (uint16_t)_i, 0),
	    ERR_DIGEST);
	ck_assert_uint_eq(tunnel_find(p.b.e, tid)->chan.n_ahead, 0);
	ck_assert_uint_eq(tunnel_find(p.b.e, tid)->chan.nr, 1);
}
END_TEST

/* And if it takes none, what was said as L2TPv2 is not kept for L2TPv3. */
START_TEST(dual_held)
{
	struct msg m = sccrq2(1), ack = { .type = MSG_ACK }, got;
	struct hdr h;
	uint32_t tid;

	p.b.params.versions = L2TP_V2 | L2TP_V3;
	p.b.params.digests = 0;
	ck_assert_int_eq(pair_forge(&p, &p.b, 2, 0, &m, 0, 0), ERR_NONE);
	tid = offered();
	ck_assert_int_eq(forge_ack(tid, 2), ERR_FSM);
	ck_assert_int_eq(l2tp_tunnel_accept(p.b.e, tid, &p.b.params, NULL,
	    p.now), 0);
	ck_assert(pair_take(&p, &p.b, &h, &got));
	m = pair_msg(MSG_SCCCN);
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, tid, &m, 1, 1), ERR_NONE);
	ck_assert_int_eq(pair_forge(&p, &p.b, 3, tid, &ack, 2, 1), ERR_NONE);
	p.b.tid = tid;
	ck_assert_str_eq(pair_info(&p.b).state, "established");
}
END_TEST

/* Who asks for the proof of L2TPv2 alone is not talked out of it either. */
START_TEST(challenge_does_not_fall_forward)
{
	struct msg m, forged = pair_msg(MSG_SCCRP);
	struct hdr h;

	p.a.params.versions = L2TP_V2 | L2TP_V3;
	p.a.params.digests = 0;
	p.a.params.challenge = 1;
	open_a(&h, &m);
	ck_assert_uint_eq(h.version, 2);
	ck_assert_int_eq(msg_is_dual(&m), 0);
	ck_assert_int_eq(pair_forge(&p, &p.a, 3, p.a.tid, &forged, 0, 1),
	    ERR_VERSION);
	ck_assert_str_eq(pair_info(&p.a).state, "wait-ctl-reply");
}
END_TEST

/*
 * Who calls seals his SCCRQ with each of his secrets in turn: what comes late
 * of it does not change the one that was agreed upon.
 */
START_TEST(late_secret)
{
	struct l2tp_packet first;
	struct msg m;
	struct hdr h;
	uint8_t agreed;

	pair_secret(&p.a, 0, "new");
	pair_secret(&p.a, 1, "old");
	pair_secret(&p.b, 0, "old");
	pair_secret(&p.b, 1, "new");
	open_a(&h, &m);
	first = p.a.pkt;
	p.now += p.a.params.retry_ms;
	l2tp_timeout(p.a.e, p.now);
	ck_assert(pair_take(&p, &p.a, &h, &m));
	ck_assert_uint_eq(m.type, MSG_SCCRQ);
	l2tp_input(p.b.e, &p.b.path, first.data, first.len, p.now);
	ck_assert_int_eq(l2tp_tunnel_accept(p.b.e, offered(), &p.b.params,
	    NULL, p.now), 0);
	ck_assert(pair_take(&p, &p.b, &h, &m));
	agreed = tunnel_find(p.b.e, m.assigned_ccid)->secret;
	ck_assert_uint_eq(agreed, 1);
	l2tp_input(p.b.e, &p.b.path, p.a.pkt.data, p.a.pkt.len, p.now);
	ck_assert_uint_eq(tunnel_find(p.b.e, m.assigned_ccid)->secret, agreed);
}
END_TEST

static TCase *
stranger_case(void)
{
	TCase *t = tcase_create("stranger");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, early_sccrp);
	tcase_add_loop_test(t, old_sccrq, 0, 3);
	tcase_add_loop_test(t, old_sccrq, 65530, 65536);
	tcase_add_test(t, same_ids);
	tcase_add_test(t, dual_waits);
	tcase_add_loop_test(t, dual_early, 1, 4);
	tcase_add_test(t, dual_held);
	tcase_add_test(t, late_secret);
	tcase_add_test(t, challenge_does_not_fall_forward);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("stranger");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, stranger_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
