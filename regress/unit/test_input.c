/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * All 14 messages into every state of tunnel and call, well-formed, without
 * each of their AVPs, cut off at every length, and with every bit flipped.
 * Nothing may crash, what comes out must be well-formed, and an engine that
 * is then left alone must come to an end.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

/* The state of a tunnel, or, if established, of a call in it. */
struct place {
	unsigned int	cc, call;
};

/* All messages, and where each is at home. */
static const struct kind {
	uint16_t	type;
	struct place	home;
} kinds[] = {
	{ MSG_SCCRQ, { CC_IDLE, CALL_IDLE } },
	{ MSG_SCCRP, { CC_WAIT_CTL_REPLY, CALL_WAIT_TUNNEL } },
	{ MSG_SCCCN, { CC_WAIT_CTL_CONN, CALL_WAIT_TUNNEL } },
	{ MSG_STOPCCN, { CC_ESTABLISHED, CALL_ESTABLISHED } },
	{ MSG_HELLO, { CC_ESTABLISHED, CALL_ESTABLISHED } },
	{ MSG_OCRQ, { CC_ESTABLISHED, CALL_IDLE } },
	{ MSG_OCRP, { CC_ESTABLISHED, CALL_IDLE } },
	{ MSG_OCCN, { CC_ESTABLISHED, CALL_IDLE } },
	{ MSG_ICRQ, { CC_ESTABLISHED, CALL_IDLE } },
	{ MSG_ICRP, { CC_ESTABLISHED, CALL_WAIT_REPLY } },
	{ MSG_ICCN, { CC_ESTABLISHED, CALL_WAIT_CONNECT } },
	{ MSG_CDN, { CC_ESTABLISHED, CALL_ESTABLISHED } },
	{ MSG_WEN, { CC_ESTABLISHED, CALL_ESTABLISHED } },
	{ MSG_SLI, { CC_ESTABLISHED, CALL_WAIT_DATA } }
};
#define NKINDS	((int)(sizeof(kinds) / sizeof(kinds[0])))

static const struct place places[] = {
	{ CC_IDLE, CALL_IDLE },
	{ CC_WAIT_ACCEPT, CALL_IDLE },
	{ CC_WAIT_CTL_REPLY, CALL_IDLE },
	{ CC_WAIT_CTL_REPLY, CALL_WAIT_TUNNEL },
	{ CC_WAIT_CTL_CONN, CALL_IDLE },
	{ CC_WAIT_CTL_CONN, CALL_WAIT_TUNNEL },
	{ CC_ESTABLISHED, CALL_IDLE },
	{ CC_ESTABLISHED, CALL_WAIT_REPLY },
	{ CC_ESTABLISHED, CALL_WAIT_DATA },
	{ CC_ESTABLISHED, CALL_WAIT_ACCEPT },
	{ CC_ESTABLISHED, CALL_WAIT_CONNECT },
	{ CC_ESTABLISHED, CALL_ESTABLISHED },
	{ CC_ESTABLISHED, CALL_CLOSED },
	{ CC_CLOSING, CALL_IDLE },
	{ CC_DEAD, CALL_IDLE }
};
#define NPLACES	((int)(sizeof(places) / sizeof(places[0])))

/* Brings the engine there; the session id that is to be addressed. */
static uint16_t
go_to(struct rig *r, const struct place *p)
{
	static const struct l2tp_call_params params = { .framing_type = 1 };
	uint32_t sid = 0;

	rig_init(r);
	if (p->cc == CC_DEAD) {
		rig_tunnel(r, CC_CLOSING);
		rig_wait(r, 40000);
	} else if (p->cc != CC_IDLE) {
		rig_tunnel(r, p->cc);
	}
	if (p->call == CALL_WAIT_TUNNEL) {
		l2tp_call_open(r->e, r->tid, &params, NULL, r->now, &sid);
	} else if (p->call == CALL_CLOSED) {
		sid = rig_call(r, CALL_ESTABLISHED, RIG_PEER_SID);
		l2tp_call_close(r->e, r->tid, sid, 1, 0, NULL, r->now);
	} else if (p->call != CALL_IDLE) {
		sid = rig_call(r, p->call, RIG_PEER_SID);
	}
	return ((uint16_t)sid);
}

/* Answers everything, then closes it, then lets time run. */
static void
come_to_an_end(struct rig *r)
{
	struct l2tp_stats stats;
	int n, rounds = 0;

	do {
		n = 0;
		while (rig_event(r)) {
			n++;
			l2tp_tunnel_accept(r->e, r->ev.local_tid, &r->params,
			    NULL, r->now);
			l2tp_call_accept(r->e, r->ev.local_tid,
			    r->ev.local_sid, NULL, r->now);
			if (rounds > 3)
				l2tp_tunnel_close(r->e, r->ev.local_tid, 1, 0,
				    NULL, r->now);
		}
		while (rig_out(r))
			n++;
		if (rounds++ == 3)
			l2tp_tunnel_close(r->e, r->tid, 1, 0, NULL, r->now);
		if (l2tp_next_deadline(r->e) == L2TP_NEVER)
			continue;
		n++;
		rig_tick(r, L2TP_NEVER - r->now);
		ck_assert_int_lt(rounds, 1000);
	} while (n > 0 || rounds < 6);
	l2tp_get_stats(r->e, &stats);
	ck_assert_uint_eq(stats.tunnels, 0);
	ck_assert_uint_eq(stats.calls, 0);
	ck_assert_uint_eq(stats.half_open, 0);
	ck_assert_uint_eq(r->e->ring.reserved, 0);
	ck_assert_int_eq(l2tp_quiet(r->e), 1);
	rig_free(r);
}

/* Only what comes out at once, and the end for one in so many. */
static void
settle(struct rig *r, size_t n)
{
	if (n % 29 == 0) {
		come_to_an_end(r);
		return;
	}
	while (rig_event(r) || rig_out(r))
		continue;
	rig_free(r);
}

/* v2-7.1-02: each message in one place, to our session and to none. */
START_TEST(cross_product)
{
	struct rig r;
	struct msg m;
	uint16_t sid;
	int i;

	for (i = 0; i < 3 * NKINDS; i++) {
		sid = go_to(&r, &places[_i]);
		m = rig_msg_sid(kinds[i / 3].type, RIG_PEER_SID);
		rig_send(&r, rig_tid(&r), (uint16_t)(i % 3 == 0 ? sid :
		    i % 3 == 1 ? 0 : sid + 1), &m);
		come_to_an_end(&r);
	}
}
END_TEST

/* It is not known whose message it is, so not what is forgiven: test_quirk. */
static int
is_judged_later(const struct place *p, enum avp_id id)
{
	return ((p->cc == CC_IDLE || p->cc == CC_DEAD) &&
	    (id == AVP_HOST_NAME || id == AVP_FRAMING_CAPS));
}

/* v2-7.1-06: without each AVP that it must have. */
START_TEST(without_an_avp)
{
	const uint8_t *id;
	struct rig r;
	struct msg m;
	uint16_t type, sid;
	int i;

	for (i = 0; i < NKINDS; i++) {
		type = kinds[i].type;
		for (id = msg_table[2][type].must; *id != AVP_NIDS; id++) {
			if (is_judged_later(&places[_i], *id))
				continue;
			sid = go_to(&r, &places[_i]);
			m = rig_msg_sid(type, RIG_PEER_SID);
			m.have[*id] = 0;
			ck_assert_int_ne(rig_send(&r, rig_tid(&r), sid, &m),
			    ERR_NONE);
			while (rig_event(&r))
				ck_assert(r.ev.type == L2TP_EV_CALL_DOWN ||
				    r.ev.type == L2TP_EV_TUNNEL_DOWN ||
				    r.ev.type == L2TP_EV_TUNNEL_GONE);
			come_to_an_end(&r);
		}
	}
}
END_TEST

/* The message as a datagram, for the next Ns of that engine. */
static size_t
encode(struct rig *r, uint16_t type, uint16_t sid, uint8_t *buf)
{
	struct msg m = rig_msg_sid(type, RIG_PEER_SID);
	struct wr w;

	wr_init(&w, buf, L2TP_MAX_PACKET);
	hdr_encode(&w, 2, rig_tid(r), sid);
	msg_encode(&w, 2, &m, NULL);
	hdr_seal(&w, r->ns, r->nr);
	ck_assert_int_eq(w.bad, 0);
	return (w.len);
}

/* From memory of exactly that size. */
static void
feed(struct rig *r, const uint8_t *buf, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, buf, len);
	rig_datagram(r, copy, len);
	free(copy);
}

/* Cut off, both with the Length of before and with one that fits. */
START_TEST(truncated)
{
	uint16_t type = kinds[_i].type, sid;
	uint8_t buf[L2TP_MAX_PACKET];
	size_t len = 1, cut;
	struct wr w;
	struct rig r;
	int fit;

	for (cut = 0; cut < len; cut++) {
		for (fit = 0; fit < 2; fit++) {
			sid = go_to(&r, &kinds[_i].home);
			len = encode(&r, type, sid, buf);
			if (fit && cut >= HDR_CONTROL_LEN) {
				wr_init(&w, buf, cut);
				w.len = cut;
				hdr_seal(&w, r.ns, r.nr);
			}
			feed(&r, buf, cut);
			settle(&r, cut);
		}
	}
}
END_TEST

START_TEST(flipped)
{
	uint16_t type = kinds[_i].type, sid;
	uint8_t buf[L2TP_MAX_PACKET];
	size_t len = 1, bit;
	struct rig r;

	for (bit = 0; bit < len * 8; bit++) {
		sid = go_to(&r, &kinds[_i].home);
		len = encode(&r, type, sid, buf);
		buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
		feed(&r, buf, len);
		settle(&r, bit);
	}
}
END_TEST

/* Octets that are nothing at all, behind a header that fits. */
START_TEST(noise)
{
	uint8_t buf[200];
	struct rig r;
	struct wr w;
	uint16_t sid;
	uint32_t i, z = (uint32_t)_i * 2654435761U + 1;

	for (i = 0; i < 50; i++) {
		sid = go_to(&r, &places[_i % NPLACES]);
		wr_init(&w, buf, sizeof(buf));
		hdr_encode(&w, 2, rig_tid(&r), sid);
		while (w.left > 0) {
			z = z * 1664525 + 1013904223;
			wr_u8(&w, (uint8_t)(z >> 24));
		}
		hdr_seal(&w, r.ns, r.nr);
		feed(&r, buf, w.len);
		come_to_an_end(&r);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("input");
	TCase *t = tcase_create("messages and states");
	SRunner *sr;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, cross_product, 0, NPLACES);
	tcase_add_loop_test(t, without_an_avp, 0, NPLACES);
	tcase_add_loop_test(t, truncated, 0, NKINDS);
	tcase_add_loop_test(t, flipped, 0, NKINDS);
	tcase_add_loop_test(t, noise, 0, NPLACES);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
