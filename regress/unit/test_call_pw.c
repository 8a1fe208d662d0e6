/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the two sides of a call of L2TPv3 agree on (RFC 3931 5.4.4, 5.4.5):
 * pseudowire type, cookies, sublayer, sequencing, Circuit Status.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig_call3.h"

static const uint8_t peer_cookie[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static struct rig r;

static void
setup(void)
{
	rig_init3(&r);
	rig_dial(&r);
}

static void
teardown(void)
{
	rig_free(&r);
}

static void
want(struct msg *m, int l2spec, int level)
{
	m->have[AVP_L2_SUBLAYER] = l2spec != 0;
	m->l2_sublayer = (uint16_t)l2spec;
	m->have[AVP_DATA_SEQUENCING] = level != 0;
	m->data_sequencing = (uint16_t)level;
}

static uint32_t
call_in(struct msg *m)
{
	ck_assert_int_eq(rig_send(&r, r.tid, 0, m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	return (r.ev.local_sid);
}

/* v3-5.4.4-16, v3-eth-02: VLAN is never ours. */
START_TEST(type_not_ours)
{
	static const uint16_t types[] = { L2TP_PW_VLAN, 0, 1, 6, 0x8005,
	    0xffff };
	struct msg m = rig_msg3(_i % 2 ? MSG_OCRQ : MSG_ICRQ, RIG_PEER_SID);

	m.pw_type = types[_i / 2];
	rig_refused3(&r, &m, ERR_PW_TYPE, L2TP_CDN_PW_TYPE, 0);
	rig_expect_no_event(&r);
}
END_TEST

/* The types that are: PPP needs nothing that Ethernet does not have. */
START_TEST(type_ours)
{
	struct msg m = rig_msg3(MSG_ICRQ, RIG_PEER_SID);
	struct l2tp_call_params p = rig_pw();
	uint32_t sid;

	m.pw_type = p.pw_type = _i ? L2TP_PW_PPP : L2TP_PW_ETH;
	sid = call_in(&m);
	ck_assert_uint_eq(r.ev.call->pw_type, p.pw_type);
	ck_assert_uint_eq(r.ev.call->remote_end_id.len, 6);
	ck_assert_mem_eq(r.ev.call->remote_end_id.p, "port 1", 7);
	ck_assert_uint_eq(r.ev.call->circuit_active, 1);
	p.pw_type = _i ? L2TP_PW_ETH : L2TP_PW_PPP;
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now), -1);
	p.pw_type = m.pw_type;
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now), 0);
	l2tp_call_accept(r.e, r.tid, sid, NULL, r.now);
	rig_expect(&r, MSG_ICRP);
	m = rig_msg3(MSG_ICCN, RIG_PEER_SID);
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
}
END_TEST

/* What the caller cannot ask for. */
START_TEST(params_invalid)
{
	struct l2tp_call_params p[] = { rig_pw(), rig_pw(), rig_pw(),
	    rig_pw(), rig_pw(), rig_pw(), rig_pw(), rig_pw(), rig_pw() };
	uint32_t sid;

	p[0].pw_type = L2TP_PW_VLAN;
	p[1].pw_type = 0;
	p[2].remote_end_id.len = 0;
	p[3].cookie_len = 5;
	p[4].cookie_len = 12;
	p[5].l2spec = 2;
	p[6].data_sequencing = 2;
	p[7].data_sequencing = p[7].l2spec = 1;
	p[8].l2spec = 1;
	p[8].data_sequencing = 3;
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p[_i], NULL, r.now,
	    &sid), -1);
	rig_expect_none(&r);
	/* Nor offer, but for what a request alone has. */
	if (_i == 2)
		return;
	sid = rig_call3(&r, ICRQ_RECIPIENT, CALL_WAIT_ACCEPT, NULL);
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p[_i], r.now), -1);
}
END_TEST

/* v3-5.4.4-07, v3-5.4.4-08, v3-8.2-02: of any size either way. */
START_TEST(cookies)
{
	struct msg m = rig_msg3(MSG_ICRP, RIG_PEER_SID);
	struct l2tp_call_params p = rig_pw();
	size_t ours = (size_t)_i % 3 * 4, theirs = (size_t)_i / 3 * 4;
	uint8_t cookie[8] = { 0 };
	struct l2tp_call_info i;
	uint32_t sid;

	p.cookie_len = (uint8_t)ours;
	sid = rig_call3(&r, ICRQ_SENDER, CALL_WAIT_REPLY, &p);
	ck_assert_uint_eq(r.m.have[AVP_ASSIGNED_COOKIE], ours != 0);
	ck_assert_uint_eq(r.m.cookie.len, ours);
	if (ours > 0)
		memcpy(cookie, r.m.cookie.p, ours);
	/* Missing, or empty, which is the same. */
	m.have[AVP_ASSIGNED_COOKIE] = _i > 0;
	m.cookie.p = peer_cookie;
	m.cookie.len = theirs;
	rig_send(&r, r.tid, sid, &m);
	rig_expect_event(&r, L2TP_EV_CALL_REPLY);
	i = rig_info(&r, sid);
	ck_assert_uint_eq(i.local_cookie_len, ours);
	ck_assert_mem_eq(i.local_cookie, cookie, 8);
	ck_assert_uint_eq(i.peer_cookie_len, theirs);
	ck_assert_mem_eq(i.peer_cookie, peer_cookie, theirs);
	if (ours == 0)
		return;
	rig_call3(&r, ICRQ_SENDER, CALL_WAIT_REPLY, &p);
	ck_assert_mem_ne(r.m.cookie.p, cookie, ours);
}
END_TEST

/* v3-5.4.4-07, v3-7.1-03: no other length is one. */
START_TEST(cookie_bad)
{
	static const uint8_t avps[] = {
		0x80, 8, 0, 0, 0, 0, 0, MSG_ICRQ,
		0x80, 10, 0, 0, 0, 63, 0, 0, 1, 65,
		0x80, 10, 0, 0, 0, 64, 0, 0, 0, 0,
		0x80, 10, 0, 0, 0, 15, 0, 0, 0, 1,
		0x80, 8, 0, 0, 0, 68, 0, L2TP_PW_ETH,
		0x80, 7, 0, 0, 0, 66, 'x',
		0x80, 8, 0, 0, 0, 71, 0, 1
	};
	uint8_t buf[128] = { 0 }, len = (uint8_t)_i;
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 3, r.tid, 0);
	wr_bytes(&w, avps, sizeof(avps));
	wr_u16(&w, 0x8000 | (6U + len));
	wr_u32(&w, 65);
	wr_bytes(&w, buf + 100, len);
	hdr_seal(&w, r.ns++, r.nr);
	if (len % 4 == 0 && len <= 8) {
		ck_assert_int_eq(rig_datagram(&r, buf, w.len), ERR_NONE);
		return;
	}
	ck_assert_int_eq(rig_datagram(&r, buf, w.len), ERR_AVP_VALUE_LENGTH);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.m.remote_sid, 0x141);
	ck_assert_uint_eq(r.m.error, 2);
	rig_expect_no_event(&r);
}
END_TEST

/*
 * v3-5.4.4-17, v3-5.4.4-18, v3-eth-10: we ask; ours and theirs are asked for
 * by either; 2 and 5 are no sublayers of ours.
 */
START_TEST(sublayer_icrp)
{
	static const struct {
		int	ours, theirs, err;
	} cases[] = {
		{ 0, 0, ERR_NONE }, { 1, 1, ERR_NONE }, { 0, 1, ERR_NONE },
		{ 1, 0, ERR_SUBLAYER }, { 0, 2, ERR_SUBLAYER },
		{ 1, 5, ERR_SUBLAYER }
	};
	struct msg m = rig_msg3(MSG_ICRP, RIG_PEER_SID);
	struct l2tp_call_params p = rig_pw();
	uint32_t sid;

	p.l2spec = (uint8_t)cases[_i].ours;
	sid = rig_call3(&r, ICRQ_SENDER, CALL_WAIT_REPLY, &p);
	ck_assert_uint_eq(r.m.l2_sublayer, cases[_i].ours);
	want(&m, cases[_i].theirs, 0);
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), cases[_i].err);
	if (cases[_i].err != ERR_NONE) {
		rig_cleared(&r, sid, RIG_PEER_SID, 2, 3);
		return;
	}
	rig_expect_event(&r, L2TP_EV_CALL_REPLY);
	ck_assert_uint_eq(r.ev.call->l2spec, cases[_i].theirs);
	l2tp_call_accept(r.e, r.tid, sid, NULL, r.now);
	rig_expect(&r, MSG_ICCN);
	ck_assert_uint_eq(r.m.l2_sublayer, cases[_i].theirs);
}
END_TEST

/* The same when the peer asks: the ICRP says it back, and the ICCN ours. */
START_TEST(sublayer_icrq)
{
	static const struct {
		int	theirs, ours, iccn, err;
	} cases[] = {
		{ 0, 0, 0, ERR_NONE }, { 1, 0, 0, ERR_NONE },
		{ 1, 1, 1, ERR_NONE }, { 0, 1, 1, ERR_NONE },
		{ 0, 1, 0, ERR_SUBLAYER }
	};
	struct msg m = rig_msg3(MSG_ICRQ, RIG_PEER_SID);
	struct l2tp_call_params p = rig_pw();
	uint32_t sid;

	want(&m, cases[_i].theirs, 0);
	sid = call_in(&m);
	p.l2spec = (uint8_t)cases[_i].ours;
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now), 0);
	l2tp_call_accept(r.e, r.tid, sid, NULL, r.now);
	rig_expect(&r, MSG_ICRP);
	ck_assert_uint_eq(r.m.l2_sublayer, cases[_i].ours | cases[_i].theirs);
	m = rig_msg3(MSG_ICCN, RIG_PEER_SID);
	want(&m, cases[_i].iccn, 0);
	rig_zlb(&r);
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), cases[_i].err);
	if (cases[_i].err != ERR_NONE) {
		rig_cleared(&r, sid, RIG_PEER_SID, 2, 3);
		return;
	}
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	ck_assert_uint_eq(r.ev.call->l2spec, cases[_i].ours | cases[_i].theirs);
}
END_TEST

/* Of outgoing calls: whoever sends the OCRQ cannot say it later. */
START_TEST(sublayer_out)
{
	struct msg m = rig_msg3(MSG_OCRQ, RIG_PEER_SID + 2);
	struct l2tp_call_params p = rig_pw();
	uint32_t sid = call_in(&m);

	p.l2spec = 1;
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now), -1);
	p.l2spec = 0;
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now), 0);
	sid = rig_call3(&r, OCRQ_SENDER, CALL_OUT_WAIT_REPLY, NULL);
	m = rig_msg3(MSG_OCRP, RIG_PEER_SID + 1);
	want(&m, 1, 0);
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_SUBLAYER);
	rig_cleared(&r, sid, RIG_PEER_SID + 1, 2, 3);
	rig_zlb(&r);
	p.l2spec = 1;
	sid = rig_call3(&r, OCRQ_SENDER, CALL_OUT_WAIT_CONNECT, &p);
	m = rig_msg3(MSG_OCCN, RIG_PEER_SID);
	m.have[AVP_L2_SUBLAYER] = 1;
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_SUBLAYER);
	rig_cleared(&r, sid, RIG_PEER_SID, 2, 3);
}
END_TEST

/*
 * v3-5.4.4-19, v3-5.4.4-22, v3-5.4.4-24, v3-eth-12: level 1 is all to us,
 * and a level takes a sublayer of the same side.
 */
START_TEST(sequencing_icrq)
{
	static const struct {
		int	l2spec, level, err, result, error;
	} cases[] = {
		{ 0, 0, ERR_NONE, 0, 0 }, { 1, 0, ERR_NONE, 0, 0 },
		{ 1, 1, ERR_NONE, 0, 0 }, { 1, 2, ERR_NONE, 0, 0 },
		{ 0, 1, ERR_NO_SUBLAYER, L2TP_CDN_NO_SUBLAYER, 0 },
		{ 0, 2, ERR_NO_SUBLAYER, L2TP_CDN_NO_SUBLAYER, 0 },
		{ 1, 3, ERR_AVP_VALUE, 2, 3 }
	};
	struct msg m = rig_msg3(_i % 2 ? MSG_OCRQ : MSG_ICRQ, RIG_PEER_SID);

	_i /= 2;
	want(&m, cases[_i].l2spec, cases[_i].level);
	if (cases[_i].err != ERR_NONE) {
		rig_refused3(&r, &m, cases[_i].err,
		    (uint16_t)cases[_i].result, (uint16_t)cases[_i].error);
		rig_expect_no_event(&r);
		return;
	}
	call_in(&m);
	ck_assert_uint_eq(r.ev.call->send_seq, cases[_i].level != 0);
	ck_assert_uint_eq(r.ev.call->recv_seq, 0);
	ck_assert_uint_eq(r.ev.call->l2spec, cases[_i].l2spec);
}
END_TEST

/* v3-4.6.1-01, v3-6.8-01: each direction apart; the ICCN has the last word. */
START_TEST(sequencing_iccn)
{
	struct msg m = rig_msg3(MSG_ICRQ, RIG_PEER_SID);
	struct l2tp_call_params p = rig_pw();
	uint32_t sid;

	want(&m, 1, _i % 3);
	sid = call_in(&m);
	p.l2spec = 1;
	p.data_sequencing = 2;
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now), 0);
	l2tp_call_accept(r.e, r.tid, sid, NULL, r.now);
	rig_expect(&r, MSG_ICRP);
	ck_assert_uint_eq(r.m.data_sequencing, 2);
	rig_zlb(&r);
	m = rig_msg3(MSG_ICCN, RIG_PEER_SID);
	m.have[AVP_DATA_SEQUENCING] = 1;
	m.data_sequencing = (uint16_t)(_i / 3);
	m.have[AVP_CIRCUIT_STATUS] = 1;
	m.circuit_status = 0;
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	ck_assert_uint_eq(r.ev.call->send_seq, _i / 3 != 0);
	ck_assert_uint_eq(r.ev.call->recv_seq, 1);
	/* v3-5.4.5-02 */
	ck_assert_uint_eq(r.ev.call->circuit_active, 0);
}
END_TEST

/* A sublayer that the ICCN takes back, with numbers that need it. */
START_TEST(sublayer_withdrawn)
{
	struct msg m = rig_msg3(MSG_ICRQ, RIG_PEER_SID);
	struct l2tp_call_params p = rig_pw();
	uint32_t sid;

	want(&m, 1, 2);
	sid = call_in(&m);
	l2tp_call_offer(r.e, r.tid, sid, &p, r.now);
	l2tp_call_accept(r.e, r.tid, sid, NULL, r.now);
	rig_expect(&r, MSG_ICRP);
	rig_zlb(&r);
	m = rig_msg3(MSG_ICCN, RIG_PEER_SID);
	m.have[AVP_L2_SUBLAYER] = 1;
	ck_assert_int_eq(rig_send(&r, r.tid, sid, &m), ERR_NO_SUBLAYER);
	rig_cleared(&r, sid, RIG_PEER_SID, L2TP_CDN_NO_SUBLAYER, 0);
}
END_TEST

/* v3-5.4.4-25, v3-5.4.4-26: 0 is not known, and tells nothing. */
START_TEST(speeds)
{
	struct msg m = rig_msg3(MSG_ICRQ, RIG_PEER_SID);
	struct l2tp_call_params p = rig_pw();
	uint32_t sid;

	m.have[AVP_TX_SPEED64] = m.have[AVP_PHYSICAL_CHANNEL] = 1;
	m.tx_speed64 = 1000000000;
	m.physical_channel = 7;
	m.have[AVP_RX_SPEED64] = (uint8_t)_i;
	m.rx_speed64 = 10000000000;
	sid = call_in(&m);
	ck_assert_uint_eq(r.ev.call->tx_speed, 1000000000);
	ck_assert_uint_eq(r.ev.call->rx_speed, _i ? UINT32_MAX : 1000000000);
	ck_assert_uint_eq(r.ev.call->physical_channel, 7);
	/* Which is not what the peer wants to hear back. */
	l2tp_call_offer(r.e, r.tid, sid, &p, r.now);
	l2tp_call_accept(r.e, r.tid, sid, NULL, r.now);
	rig_expect(&r, MSG_ICRP);
	ck_assert_uint_eq(r.m.have[AVP_TX_SPEED64], 0);
	ck_assert_uint_eq(r.m.have[AVP_RX_SPEED64], 0);
	ck_assert_uint_eq(r.m.have[AVP_PHYSICAL_CHANNEL], 0);
	rig_zlb(&r);
	p.tx_speed = 5;
	p.rx_speed = (uint32_t)_i * 6;
	p.physical_channel = 8;
	rig_call3(&r, ICRQ_SENDER, CALL_WAIT_REPLY, &p);
	ck_assert_uint_eq(r.m.tx_speed64, 5);
	ck_assert_uint_eq(r.m.rx_speed64, _i ? 6 : 5);
	ck_assert_uint_eq(r.m.physical_channel, 8);
}
END_TEST

/* v3-8.2-01: over IP a cookie of 8 octets, or no call. */
START_TEST(over_ip)
{
	struct l2tp_call_params p = rig_pw();
	uint32_t sid;

	rig_free(&r);
	rig_init3(&r);
	r.path.local.encap = r.path.peer.encap = L2TP_ENCAP_IP;
	r.path.local.port = r.path.peer.port = 0;
	rig_dial(&r);
	p.cookie_len = (uint8_t)(_i * 4);
	p.remote_end_id.len--;
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, NULL, r.now, &sid),
	    _i == 2 ? 0 : -1);
	if (_i == 2) {
		rig_expect(&r, MSG_ICRQ);
		rig_zlb(&r);
	}
	sid = rig_call3(&r, ICRQ_RECIPIENT, CALL_WAIT_ACCEPT, NULL);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, NULL, r.now), -1);
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now),
	    _i == 2 ? 0 : -1);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, NULL, r.now),
	    _i == 2 ? 0 : -1);
}
END_TEST

/* An offer is for a call that the peer asks for, and before its answer. */
START_TEST(offer_misplaced)
{
	struct l2tp_call_params p = rig_pw();
	uint32_t sid;

	sid = rig_call3(&r, ICRQ_SENDER, CALL_WAIT_REPLY, NULL);
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now), -1);
	sid = rig_call3(&r, ICRQ_SENDER, CALL_WAIT_DATA, NULL);
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now), -1);
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid + 1, &p, r.now), -1);
	rig_free(&r);
	rig_init(&r);
	rig_listen(&r);
	sid = rig_call(&r, CALL_WAIT_ACCEPT, 3);
	ck_assert_int_eq(l2tp_call_offer(r.e, r.tid, sid, &p, r.now), -1);
	ck_assert_uint_eq(rig_info(&r, sid).pw_type, 0);
	ck_assert_uint_eq(rig_info(&r, sid).circuit_active, 1);
}
END_TEST

/* Of any length but the right one a request is no request. */
START_TEST(truncated)
{
	struct msg m = rig_msg3(_i ? MSG_OCRQ : MSG_ICRQ, RIG_PEER_SID);
	uint8_t whole[L2TP_MAX_PACKET], cut[L2TP_MAX_PACKET];
	struct wr w, c;
	size_t len;

	want(&m, 1, 2);
	wr_init(&w, whole, sizeof(whole));
	hdr_encode(&w, 3, r.tid, 0);
	msg_encode(&w, 3, &m, NULL);
	/* The last AVPs are optional: without them the rest is whole. */
	for (len = HDR_CONTROL_LEN + 1; len < w.len - 16; len++) {
		wr_init(&c, cut, sizeof(cut));
		wr_bytes(&c, whole, len);
		hdr_seal(&c, r.ns++, r.nr);
		ck_assert_int_ne(rig_datagram(&r, cut, len), ERR_NONE);
		while (rig_event(&r))
			ck_assert_int_ne(r.ev.type, L2TP_EV_CALL_IN);
		while (rig_out(&r))
			rig_zlb(&r);
		/* Without a Message Type it is the tunnel's fault. */
		if (!rig_is(&r, "established")) {
			teardown();
			setup();
			wr_init(&c, whole, sizeof(whole));
			hdr_encode(&c, 3, r.tid, 0);
		}
	}
}
END_TEST

static TCase *
pw_case(void)
{
	TCase *t = tcase_create("agree");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, type_not_ours, 0, 12);
	tcase_add_loop_test(t, type_ours, 0, 2);
	tcase_add_loop_test(t, params_invalid, 0, 9);
	tcase_add_loop_test(t, cookies, 0, 9);
	tcase_add_loop_test(t, cookie_bad, 0, 14);
	tcase_add_loop_test(t, sublayer_icrp, 0, 6);
	tcase_add_loop_test(t, sublayer_icrq, 0, 5);
	tcase_add_test(t, sublayer_out);
	tcase_add_loop_test(t, sequencing_icrq, 0, 14);
	tcase_add_loop_test(t, sequencing_iccn, 0, 9);
	tcase_add_test(t, sublayer_withdrawn);
	tcase_add_loop_test(t, speeds, 0, 2);
	tcase_add_loop_test(t, over_ip, 0, 3);
	tcase_add_test(t, offer_misplaced);
	tcase_add_loop_test(t, truncated, 0, 2);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("call_pw");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, pw_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
