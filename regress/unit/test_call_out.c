/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Outgoing calls: each row of RFC 2661 7.5.1, the LAC, and 7.5.2, the LNS,
 * on a tunnel that the peer has opened and on one that we have.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

#define PEER_SID	RIG_PEER_SID

static struct rig r;

static const struct l2tp_call_params order = {
	.outgoing = 1, .framing_type = L2TP_FRAMING_SYNC,
	.bearer_type = L2TP_BEARER_DIGITAL, .min_bps = 64000,
	.max_bps = 128000, .called = "5551", .sub_address = "7"
};

static const struct l2tp_call_params answer = {
	.framing_type = L2TP_FRAMING_SYNC, .tx_speed = 64000,
	.rx_speed = 33600, .sequencing = 1
};

static const unsigned int lns_states[] = { CALL_OUT_WAIT_REPLY,
    CALL_OUT_WAIT_CONNECT, CALL_ESTABLISHED };
static const unsigned int lac_states[] = { CALL_OUT_WAIT_ACCEPT,
    CALL_WAIT_CS_ANSWER, CALL_ESTABLISHED };

static void
setup(void)
{
	rig_init(&r);
	r.params.bearer_caps = L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG;
	r.peer_bearer = L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG;
}

static void
teardown(void)
{
	rig_free(&r);
}

/* v2-5.2-01: who opened it makes no difference. */
static void
tunnel(int dial)
{
	if (dial)
		rig_dial(&r);
	else
		rig_listen(&r);
}

static int
open_out(const struct l2tp_call_params *p, uint32_t *sid)
{
	return (l2tp_call_open(r.e, r.tid, p, &r, r.now, sid));
}

/* A call that we ask for, as the LNS. */
static uint32_t
lns_call(unsigned int state)
{
	uint32_t sid;

	ck_assert_int_eq(open_out(&order, &sid), 0);
	rig_expect(&r, MSG_OCRQ);
	rig_zlb(&r);
	if (state == CALL_OUT_WAIT_REPLY)
		return (sid);
	ck_assert_int_eq(rig_say(&r, MSG_OCRP, sid), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_REPLY);
	ck_assert_uint_eq(r.ev.peer_sid, PEER_SID);
	if (state == CALL_OUT_WAIT_CONNECT)
		return (sid);
	ck_assert_int_eq(rig_say(&r, MSG_OCCN, sid), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	return (sid);
}

/* A call that we are asked for, as the LAC. */
static uint32_t
lac_call(unsigned int state)
{
	uint32_t sid;

	ck_assert_int_eq(rig_say(&r, MSG_OCRQ, 0), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	sid = r.ev.local_sid;
	if (state == CALL_OUT_WAIT_ACCEPT)
		return (sid);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now), 0);
	rig_expect(&r, MSG_OCRP);
	rig_zlb(&r);
	if (state == CALL_WAIT_CS_ANSWER)
		return (sid);
	ck_assert_int_eq(l2tp_call_connect(r.e, r.tid, sid, &answer, r.now),
	    0);
	rig_expect(&r, MSG_OCCN);
	rig_zlb(&r);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	return (sid);
}

/* v2-4.4.3-07, v2-4.4.3-08 */
START_TEST(bearer_caps)
{
	uint32_t caps = (uint32_t)_i / 2;

	r.params.bearer_caps = caps;
	rig_tunnel(&r, _i % 2 ? CC_WAIT_CTL_CONN : CC_WAIT_CTL_REPLY);
	ck_assert_uint_eq(r.m.type, _i % 2 ? MSG_SCCRP : MSG_SCCRQ);
	ck_assert_uint_eq(r.m.have[AVP_BEARER_CAPS], caps != 0);
	ck_assert_uint_eq(r.m.bearer_caps, caps);
}
END_TEST

/* v2-7.5.2-03, v2-6.9-01, v2-4.4.4-04, v2-5.2-01 */
START_TEST(ocrq)
{
	uint32_t sid[2], serial;

	tunnel(_i);
	ck_assert_int_eq(open_out(&order, &sid[0]), 0);
	rig_expect(&r, MSG_OCRQ);
	ck_assert_uint_eq(r.h.sid, 0);
	ck_assert_uint_eq(r.m.assigned_sid, sid[0]);
	ck_assert_uint_eq(r.m.min_bps, 64000);
	ck_assert_uint_eq(r.m.max_bps, 128000);
	ck_assert_uint_eq(r.m.bearer_type, L2TP_BEARER_DIGITAL);
	ck_assert_uint_eq(r.m.framing_type, L2TP_FRAMING_SYNC);
	ck_assert_uint_eq(r.m.called.len, 4);
	ck_assert_mem_eq(r.m.called.p, "5551", 4);
	ck_assert_uint_eq(r.m.sub_address.len, 1);
	ck_assert_mem_eq(r.m.sub_address.p, "7", 1);
	ck_assert_str_eq(rig_call_state(&r, sid[0]), "wait-reply");
	rig_expect_no_event(&r);
	serial = r.m.serial;
	rig_zlb(&r);
	ck_assert_int_eq(open_out(&(struct l2tp_call_params){ .outgoing = 1 },
	    &sid[1]), 0);
	rig_expect(&r, MSG_OCRQ);
	ck_assert_uint_eq(r.m.serial, serial + 1);
	ck_assert_uint_eq(r.m.called.len, 0);
	ck_assert_uint_eq(r.m.have[AVP_SUB_ADDRESS], 0);
}
END_TEST

/* v2-7.5.2-01, v2-7.5.2-03, v2-7.5.2-12: not before the tunnel is open. */
START_TEST(waits_for_the_tunnel)
{
	struct msg m = rig_msg(MSG_SCCRP);
	uint32_t sid;

	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	ck_assert_int_eq(open_out(&order, &sid), 0);
	ck_assert_str_eq(rig_call_state(&r, sid), "wait-tunnel");
	rig_expect_none(&r);
	if (_i == 1) {
		l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now);
		rig_expect_event(&r, L2TP_EV_CALL_DOWN);
		ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_LOCAL);
	}
	m.have[AVP_BEARER_CAPS] = 1;
	m.bearer_caps = L2TP_BEARER_DIGITAL;
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	rig_expect(&r, MSG_SCCCN);
	rig_zlb(&r);
	if (_i == 0)
		rig_expect(&r, MSG_OCRQ);
	rig_expect_none(&r);
	rig_expect_no_event(&r);
}
END_TEST

/*
 * v2-6.9-02, v2-4.4.3-06, v2-4.4.4-11, v2-4.4.4-14: what the peer's
 * capabilities and a call must be for an OCRQ to be sent.
 */
static const struct fit {
	uint32_t	bearer_caps, framing_caps, bearer, framing;
	int		good;
} fits[] = {
	{ 0, 3, 0, 1, 0 }, { 0, 3, 1, 1, 0 }, { 1, 3, 1, 1, 1 },
	{ 1, 3, 2, 1, 0 }, { 1, 3, 3, 1, 0 }, { 2, 3, 1, 1, 0 },
	{ 2, 3, 2, 1, 1 }, { 3, 3, 3, 3, 1 }, { 1, 3, 0, 1, 1 },
	{ 3, 1, 1, 1, 1 }, { 3, 1, 1, 2, 0 }, { 3, 1, 1, 3, 0 },
	{ 3, 2, 1, 2, 1 }, { 3, 0, 1, 1, 0 }, { 3, 3, 4, 1, 0 }
};
#define NFITS	((int)(sizeof(fits) / sizeof(fits[0])))

START_TEST(only_what_the_lac_can)
{
	const struct fit *f = &fits[_i % NFITS];
	struct l2tp_call_params p = order;
	struct msg m = rig_msg(MSG_SCCRP);
	int early = _i < NFITS;
	uint32_t sid;

	p.bearer_type = f->bearer;
	p.framing_type = f->framing;
	m.have[AVP_BEARER_CAPS] = f->bearer_caps != 0;
	m.bearer_caps = f->bearer_caps;
	m.framing_caps = f->framing_caps;
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	if (early)
		ck_assert_int_eq(open_out(&p, &sid), 0);
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect(&r, MSG_SCCCN);
	rig_zlb(&r);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	if (!early)
		ck_assert_int_eq(open_out(&p, &sid), f->good ? 0 : -1);
	if (f->good) {
		rig_expect(&r, MSG_OCRQ);
		ck_assert_uint_eq(r.m.bearer_type, f->bearer);
		ck_assert_uint_eq(r.m.framing_type, f->framing);
	} else if (early) {
		rig_expect_event(&r, L2TP_EV_CALL_DOWN);
		ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_LOCAL);
	}
	rig_expect_none(&r);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-7.5.2-04, v2-7.5.2-07, v2-4.4.4-25: neither is answered. */
START_TEST(ocrp_and_occn)
{
	struct msg m = rig_msg(MSG_OCCN);
	uint32_t sid;

	tunnel(_i % 2);
	sid = lns_call(CALL_OUT_WAIT_CONNECT);
	rig_expect_no_event(&r);
	ck_assert_str_eq(rig_call_state(&r, sid), "wait-connect");
	m.tx_speed = 64000;
	m.have[AVP_RX_SPEED] = m.have[AVP_SEQUENCING_REQUIRED] = _i > 1;
	m.rx_speed = 33600;
	m.framing_type = L2TP_FRAMING_ASYNC;
	rig_send(&r, rig_tid(&r), (uint16_t)sid, &m);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	ck_assert_uint_eq(r.ev.peer_sid, PEER_SID);
	ck_assert_uint_eq(r.ev.call->outgoing, 1);
	ck_assert_uint_eq(r.ev.call->initiator, 1);
	ck_assert_uint_eq(r.ev.call->tx_speed, 64000);
	ck_assert_uint_eq(r.ev.call->rx_speed, _i > 1 ? 33600 : 64000);
	ck_assert_uint_eq(r.ev.call->sequencing, _i > 1);
	ck_assert_uint_eq(r.ev.call->framing_type, L2TP_FRAMING_ASYNC);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
	rig_expect_none(&r);
	rig_tick(&r, 100);
	rig_expect(&r, MSG_ZLB);
	rig_wait(&r, 25000);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
}
END_TEST

/* v2-7.5.2-05, v2-6.10-01: without a session id there is nowhere to go. */
START_TEST(ocrp_bad)
{
	struct msg m = rig_msg(MSG_OCRP);
	uint32_t sid;

	rig_dial(&r);
	sid = lns_call(CALL_OUT_WAIT_REPLY);
	m.have[AVP_ASSIGNED_SESSION_ID] = (uint8_t)_i;
	m.assigned_sid = 0;
	ck_assert_int_ne(rig_send(&r, rig_tid(&r), (uint16_t)sid, &m),
	    ERR_NONE);
	rig_cleared(&r, sid, 0, 2, 3);
}
END_TEST

/* v2-6.11-01, v2-4.4.3-04 */
START_TEST(occn_bad)
{
	struct msg m = rig_msg(MSG_OCCN);
	uint32_t sid;

	rig_dial(&r);
	sid = lns_call(CALL_OUT_WAIT_CONNECT);
	m.have[AVP_FRAMING_TYPE] = _i != 0;
	m.have[AVP_TX_SPEED] = _i != 1;
	if (_i == 2)
		r.params.framing_caps = L2TP_FRAMING_ASYNC;
	ck_assert_int_ne(rig_send(&r, rig_tid(&r), (uint16_t)sid, &m),
	    ERR_NONE);
	rig_cleared(&r, sid, PEER_SID, 2, 3);
}
END_TEST

/* Messages that are of no use in a state, in the order of the states. */
static const struct {
	uint16_t	n, type[6];
} lns_no[] = {
	{ 5, { MSG_OCRQ, MSG_OCCN, MSG_ICRQ, MSG_ICRP, MSG_ICCN } },
	{ 5, { MSG_OCRQ, MSG_OCRP, MSG_ICRQ, MSG_ICRP, MSG_ICCN } },
	{ 6, { MSG_OCRQ, MSG_OCRP, MSG_OCCN, MSG_ICRQ, MSG_ICRP, MSG_ICCN } }
};

/* v2-7.5.2-06, v2-7.5.2-08, v2-7.5.2-10 */
START_TEST(lns_unexpected)
{
	uint32_t sid;
	uint16_t i;

	tunnel(_i % 2);
	for (i = 0; i < lns_no[_i / 2].n; i++) {
		sid = lns_call(lns_states[_i / 2]);
		ck_assert_int_eq(rig_say(&r, lns_no[_i / 2].type[i], sid),
		    ERR_FSM);
		rig_expect(&r, MSG_CDN);
		ck_assert_uint_eq(r.m.assigned_sid, sid);
		ck_assert_uint_eq(r.m.result, 2);
		rig_zlb(&r);
		rig_expect_event(&r, L2TP_EV_CALL_DOWN);
		ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_PROTOCOL);
		ck_assert(rig_is(&r, "established"));
	}
}
END_TEST

/* v2-7.5.2-09 */
START_TEST(lns_cdn)
{
	uint32_t sid;

	tunnel(_i % 2);
	sid = lns_call(lns_states[_i / 2]);
	ck_assert_int_eq(rig_say(&r, MSG_CDN, sid), ERR_NONE);
	rig_silent(&r, sid, L2TP_BY_PEER);
	ck_assert_int_eq(rig_say(&r, MSG_CDN, sid), ERR_NO_CALL);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-7.5.2-11 */
START_TEST(lns_close)
{
	uint32_t sid;

	tunnel(_i % 2);
	sid = lns_call(lns_states[_i / 2]);
	ck_assert_int_eq(l2tp_call_close(r.e, r.tid, sid, L2TP_CDN_ADMIN, 0,
	    NULL, r.now), 0);
	rig_cleared(&r, sid, _i / 2 == 0 ? 0 : PEER_SID, 3, 0);
}
END_TEST

/* A call that is not answered in time; v2-7.5.1-06: at the LAC, too. */
START_TEST(setup_timeout)
{
	uint32_t sid;
	int lns = _i < 2;

	rig_listen(&r);
	sid = lns ? lns_call(lns_states[_i]) : lac_call(lac_states[_i - 2]);
	rig_zlb(&r);
	rig_wait(&r, 19999);
	rig_expect_no_event(&r);
	rig_tick(&r, 1);
	rig_cleared(&r, sid, _i == 0 ? 0 : PEER_SID, L2TP_CDN_TIMEOUT, 0);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_TIMEOUT);
}
END_TEST

/* v2-7.5.1-01, v2-7.5-01, v2-6.10-01, v2-5.2-01: OCRP at once. */
START_TEST(ocrq_received)
{
	struct msg m = rig_msg_sid(MSG_OCRQ, PEER_SID);
	uint32_t sid;

	tunnel(_i);
	m.serial = 77;
	m.min_bps = 1200;
	m.max_bps = 9600;
	m.bearer_type = L2TP_BEARER_ANALOG;
	m.have[AVP_SUB_ADDRESS] = 1;
	m.sub_address = m.called;
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	sid = r.ev.local_sid;
	ck_assert_uint_eq(r.ev.call->outgoing, 1);
	ck_assert_uint_eq(r.ev.call->initiator, 0);
	ck_assert_uint_eq(r.ev.call->serial, 77);
	ck_assert_uint_eq(r.ev.call->min_bps, 1200);
	ck_assert_uint_eq(r.ev.call->max_bps, 9600);
	ck_assert_uint_eq(r.ev.call->bearer_type, L2TP_BEARER_ANALOG);
	ck_assert_uint_eq(r.ev.call->framing_type, L2TP_FRAMING_SYNC);
	ck_assert_str_eq(r.ev.call->called, "5551234");
	ck_assert_str_eq(r.ev.call->sub_address, "5551234");
	rig_expect_none(&r);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now), 0);
	rig_expect(&r, MSG_OCRP);
	ck_assert_uint_eq(r.h.sid, PEER_SID);
	ck_assert_uint_eq(r.m.assigned_sid, sid);
	ck_assert_str_eq(rig_call_state(&r, sid), "wait-cs-answer");
	rig_expect_none(&r);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-7.5.1-05, v2-6.11-01, v2-4.4.4-25 */
START_TEST(bearer_answers)
{
	uint32_t sid;

	tunnel(_i);
	sid = lac_call(CALL_ESTABLISHED);
	ck_assert_uint_eq(r.h.sid, PEER_SID);
	ck_assert_uint_eq(r.m.tx_speed, 64000);
	ck_assert_uint_eq(r.m.rx_speed, 33600);
	ck_assert_uint_eq(r.m.framing_type, L2TP_FRAMING_SYNC);
	ck_assert_uint_eq(r.m.have[AVP_SEQUENCING_REQUIRED], 1);
	ck_assert_uint_eq(r.ev.call->sequencing, 1);
	ck_assert_uint_eq(r.ev.call->tx_speed, 64000);
	ck_assert_str_eq(r.ev.call->called, "5551234");
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
	rig_wait(&r, 25000);
	ck_assert_str_eq(rig_call_state(&r, sid), "established");
}
END_TEST

/* v2-4.4.2-06, v2-7.5.1-02, v2-4.4.3-06, v2-4.4.3-04: what we cannot place. */
START_TEST(ocrq_not_for_us)
{
	const struct fit *f = &fits[_i];
	struct msg m = rig_msg_sid(MSG_OCRQ, PEER_SID);

	r.params.bearer_caps = f->bearer_caps;
	r.params.framing_caps = f->framing_caps;
	rig_listen(&r);
	m.bearer_type = f->bearer;
	m.framing_type = f->framing;
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m) == ERR_NONE,
	    f->good);
	if (f->good) {
		rig_expect_event(&r, L2TP_EV_CALL_IN);
		return;
	}
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.h.sid, PEER_SID);
	ck_assert_uint_eq(r.m.result, f->bearer_caps == 0 ?
	    L2TP_CDN_PERMANENT : L2TP_CDN_ERROR);
	ck_assert_uint_eq(r.m.error, f->bearer_caps == 0 ? 0 :
	    L2TP_ERROR_VALUE);
	rig_expect_no_event(&r);
}
END_TEST

/* v2-6.9-01, v2-7.5.1-02 */
START_TEST(ocrq_incomplete)
{
	const uint8_t *id = msg_table[2][MSG_OCRQ].must;
	struct msg m;

	rig_listen(&r);
	for (; *id != AVP_NIDS; id++) {
		m = rig_msg_sid(MSG_OCRQ, PEER_SID);
		m.have[*id] = 0;
		ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m),
		    ERR_AVP_MISSING);
		rig_expect(&r, MSG_CDN);
		ck_assert_uint_eq(r.m.result, 2);
		rig_zlb(&r);
		rig_expect_no_event(&r);
	}
}
END_TEST

/* v2-7.5.1-07, v2-7.5.1-08 */
START_TEST(lac_unexpected)
{
	static const uint16_t types[] = { MSG_OCRQ, MSG_OCRP, MSG_OCCN,
	    MSG_ICRQ, MSG_ICRP, MSG_ICCN };
	uint32_t sid;

	tunnel(_i % 2);
	sid = lac_call(lac_states[_i % 3]);
	ck_assert_int_eq(rig_say(&r, types[_i / 3], sid), ERR_FSM);
	rig_cleared(&r, sid, PEER_SID, 2, 3);
}
END_TEST

/* v2-7.5.1-09: by our id, or by the peer's. */
START_TEST(lac_cdn)
{
	uint32_t sid;

	tunnel(_i % 2);
	sid = lac_call(lac_states[_i / 2 % 3]);
	ck_assert_int_eq(rig_say(&r, MSG_CDN, _i < 6 ? sid : 0), ERR_NONE);
	rig_silent(&r, sid, L2TP_BY_PEER);
}
END_TEST

/* v2-4.4.2-06, v2-7.5.1-06, v2-7.5.1-10: the bearer fails, is busy, or drops. */
START_TEST(lac_close)
{
	uint16_t result = (uint16_t)(L2TP_CDN_CARRIER + _i / 3);
	uint32_t sid;

	tunnel(_i % 2);
	sid = lac_call(lac_states[_i % 3]);
	ck_assert_int_eq(l2tp_call_close(r.e, r.tid, sid, result,
	    result == L2TP_CDN_ERROR ? L2TP_ERROR_RESOURCES : 0, NULL, r.now),
	    0);
	rig_cleared(&r, sid, PEER_SID, result, result == L2TP_CDN_ERROR ?
	    L2TP_ERROR_RESOURCES : 0);
}
END_TEST

/* What the caller may not ask for, whose turn it is not. */
START_TEST(out_of_turn)
{
	uint32_t sid;

	rig_listen(&r);
	sid = _i < 3 ? lns_call(lns_states[_i]) : lac_call(lac_states[_i - 3]);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now),
	    _i == 3 ? 0 : -1);
	ck_assert_int_eq(l2tp_call_connect(r.e, r.tid, sid, &answer, r.now),
	    _i == 3 || _i == 4 ? 0 : -1);
	ck_assert_int_eq(l2tp_call_connect(r.e, r.tid, sid, &answer, r.now),
	    -1);
	ck_assert_int_eq(l2tp_call_connect(r.e, r.tid, sid + 1, &answer,
	    r.now), -1);
}
END_TEST

static TCase *
lns_case(void)
{
	TCase *t = tcase_create("lns");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, bearer_caps, 0, 8);
	tcase_add_loop_test(t, ocrq, 0, 2);
	tcase_add_loop_test(t, waits_for_the_tunnel, 0, 2);
	tcase_add_loop_test(t, only_what_the_lac_can, 0, 2 * NFITS);
	tcase_add_loop_test(t, ocrp_and_occn, 0, 4);
	tcase_add_loop_test(t, ocrp_bad, 0, 2);
	tcase_add_loop_test(t, occn_bad, 0, 3);
	tcase_add_loop_test(t, lns_unexpected, 0, 6);
	tcase_add_loop_test(t, lns_cdn, 0, 6);
	tcase_add_loop_test(t, lns_close, 0, 6);
	return (t);
}

static TCase *
lac_case(void)
{
	TCase *t = tcase_create("lac");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, ocrq_received, 0, 2);
	tcase_add_loop_test(t, bearer_answers, 0, 2);
	tcase_add_loop_test(t, ocrq_not_for_us, 0, NFITS);
	tcase_add_test(t, ocrq_incomplete);
	tcase_add_loop_test(t, lac_unexpected, 0, 18);
	tcase_add_loop_test(t, lac_cdn, 0, 12);
	tcase_add_loop_test(t, lac_close, 0, 33);
	tcase_add_loop_test(t, setup_timeout, 0, 4);
	tcase_add_loop_test(t, out_of_turn, 0, 6);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("call_out");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, lns_case());
	suite_add_tcase(s, lac_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
