/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What is known of a call: everything that its messages may carry, received
 * and sent, complete, malformed, too long or not at all.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "rig.h"
#include "sample.h"

#define PEER_SID	RIG_PEER_SID

static struct rig r;

static const uint8_t longest[L2TP_MAX_VALUE + 1] = { 'x' };

static void
setup(void)
{
	rig_init(&r);
}

static void
teardown(void)
{
	rig_free(&r);
}

static struct l2tp_call_info
info(uint32_t sid)
{
	struct l2tp_call_info i;

	ck_assert_int_eq(l2tp_call_get(r.e, r.tid, sid, &i), 0);
	return (i);
}

static void
same_octets(struct l2tp_octets o, const char *want)
{
	ck_assert_uint_eq(o.len, strlen(want));
	ck_assert_mem_eq(o.p, want, o.len);
}

/* An ICRQ of the peer with all that it may have, then the ICCN. */
static uint32_t
full_call(int iccn)
{
	struct msg m;
	uint32_t sid;

	rig_listen(&r);
	sample_msg(&m, 2, MSG_ICRQ, 1);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	sid = r.ev.local_sid;
	if (!iccn)
		return (sid);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now), 0);
	rig_expect(&r, MSG_ICRP);
	sample_msg(&m, 2, MSG_ICCN, 1);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), (uint16_t)sid, &m),
	    ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	return (sid);
}

static void
check_icrq(const struct l2tp_call_info *i)
{
	ck_assert_uint_eq(i->serial, 0x01020304);
	ck_assert_uint_eq(i->bearer_type, 2);
	ck_assert_uint_eq(i->physical_channel, 0xdeadbeef);
	ck_assert_str_eq(i->called, "5551000");
	ck_assert_str_eq(i->calling, "5552000");
	ck_assert_str_eq(i->sub_address, "17");
	ck_assert_uint_eq(i->outgoing, 0);
	ck_assert_uint_eq(i->min_bps, 0);
}

/*
 * v2-4.4.4-06, v2-4.4.4-10, v2-4.4.4-16, v2-4.4.4-17, v2-4.4.4-18,
 * v2-4.4.4-22, v2-6.6-01
 */
START_TEST(icrq)
{
	full_call(0);
	check_icrq(r.ev.call);
	ck_assert_uint_eq(r.ev.call->tx_speed, 0);
	ck_assert_uint_eq(r.ev.call->proxy.type, 0);
	ck_assert_uint_eq(r.ev.call->private_group.len, 0);
}
END_TEST

/* RFC 5515: the line, by name. */
START_TEST(access_line)
{
	const struct l2tp_line *l;

	full_call(_i);
	l = &r.ev.call->line;
	ck_assert_str_eq(l->agent_circuit_id, "dslam7 atm 1/2/03:8.35");
	ck_assert_str_eq(l->agent_remote_id, "customer 4711");
	ck_assert_uint_eq(l->actual_rate_up, 1024000);
	ck_assert_uint_eq(l->actual_rate_down, 16384000);
	ck_assert_uint_eq(l->minimum_rate_up, 64000);
	ck_assert_uint_eq(l->minimum_rate_down, 128000);
	ck_assert_uint_eq(l->attainable_rate_up, 1200000);
	ck_assert_uint_eq(l->attainable_rate_down, 18000000);
	ck_assert_uint_eq(l->maximum_rate_up, 2048000);
	ck_assert_uint_eq(l->maximum_rate_down, 0x123456789a);
	ck_assert_uint_eq(l->low_power_rate_up, 32000);
	ck_assert_uint_eq(l->low_power_rate_down, 48000);
	ck_assert_uint_eq(l->maximum_delay_up, 20);
	ck_assert_uint_eq(l->actual_delay_up, 8);
	ck_assert_uint_eq(l->maximum_delay_down, 21);
	ck_assert_uint_eq(l->actual_delay_down, 9);
	ck_assert_uint_eq(l->data_link, 1);
	ck_assert_uint_eq(l->encaps1, 2);
	ck_assert_uint_eq(l->encaps2, 3);
	ck_assert_uint_eq(l->type, 5);
	ck_assert_uint_eq(l->iwf_session, 1);
}
END_TEST

/*
 * v2-4.4.4-19, v2-4.4.4-20, v2-4.4.4-23, v2-4.4.4-25, v2-4.4.5-01,
 * v2-4.4.5-02, v2-4.4.5-03, v2-6.8-01
 */
START_TEST(iccn)
{
	uint32_t sid = full_call(1);
	struct l2tp_call_info i = info(sid);

	check_icrq(&i);
	ck_assert_uint_eq(i.tx_speed, 56000);
	ck_assert_uint_eq(i.rx_speed, 33600);
	ck_assert_uint_eq(i.framing_type, 1);
	ck_assert_uint_eq(i.sequencing, 1);
	same_octets(i.private_group, "customers");
	same_octets(i.proxy.initial_lcp, "\001\004\005\334");
	same_octets(i.proxy.last_sent_lcp, "\003\005\302\043\005");
	same_octets(i.proxy.last_received_lcp, "\005\006abcd");
	ck_assert_uint_eq(i.proxy.type, L2TP_PROXY_CHAP);
	same_octets(i.proxy.name, "alice");
	same_octets(i.proxy.challenge, "proxy challenge");
	same_octets(i.proxy.response, "proxy response 1");
	ck_assert_uint_eq(i.proxy.id, 0x7f);
}
END_TEST

/* A call of which no more is told than must be. */
START_TEST(nothing)
{
	struct l2tp_call_info i;

	rig_listen(&r);
	i = info(rig_call(&r, CALL_ESTABLISHED, PEER_SID));
	ck_assert_str_eq(i.called, "");
	ck_assert_str_eq(i.calling, "");
	ck_assert_str_eq(i.sub_address, "");
	ck_assert_str_eq(i.line.agent_circuit_id, "");
	ck_assert_str_eq(i.line.agent_remote_id, "");
	ck_assert_uint_eq(i.line.actual_rate_down, 0);
	ck_assert_uint_eq(i.proxy.type, 0);
	ck_assert_uint_eq(i.proxy.initial_lcp.len, 0);
	ck_assert_uint_eq(i.private_group.len, 0);
	ck_assert_uint_eq(i.sequencing, 0);
}
END_TEST

/* A message with one AVP in it that no table would let us send. */
static int
send_with(uint16_t type, uint32_t sid, uint16_t flags,
    const struct avp_row *row, size_t len)
{
	struct msg m = rig_msg_sid(type, PEER_SID);
	uint8_t buf[L2TP_MAX_PACKET];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, rig_tid(&r), (uint16_t)sid);
	msg_encode(&w, 2, &m, NULL);
	wr_u16(&w, (uint16_t)(flags | (AVP_HEADER_LEN + len)));
	wr_u16(&w, row->vendor);
	wr_u16(&w, row->type);
	wr_bytes(&w, longest, len);
	hdr_seal(&w, r.ns++, r.nr);
	return (rig_datagram(&r, buf, w.len));
}

/*
 * Of every length, each AVP that an ICRQ or ICCN may have: if it is wrong it
 * is not there, and the call is.
 */
static void
every_length(uint16_t type, unsigned int state)
{
	const uint8_t *id;
	uint32_t sid;
	size_t len;

	for (id = msg_table[2][type].may; *id != AVP_NIDS; id++) {
		for (len = 0; len < 70; len++) {
			sid = state == CALL_IDLE ? 0 :
			    rig_call(&r, state, PEER_SID);
			ck_assert_int_eq(send_with(type, sid, 0,
			    &avp_table[*id], len), ERR_NONE);
			ck_assert_int_ne(rig_event(&r), 0);
			sid = r.ev.local_sid;
			l2tp_call_close(r.e, r.tid, sid, 3, 0, NULL, r.now);
			rig_expect_event(&r, L2TP_EV_CALL_DOWN);
			while (rig_out(&r))
				rig_zlb(&r);
			r.now += 40000;
			while (rig_out(&r))
				rig_zlb(&r);
		}
	}
}

/* v2-4.1-06, v2-4.4.4-20 */
START_TEST(malformed_is_absent)
{
	rig_listen(&r);
	if (_i == 0)
		every_length(MSG_ICRQ, CALL_IDLE);
	else
		every_length(MSG_ICCN, CALL_WAIT_CONNECT);
}
END_TEST

/* v2-4.1-04, v2-4.1-06: with the M bit it is an error, wrong or unknown. */
START_TEST(malformed_and_mandatory)
{
	static const struct avp_row unknown = { .vendor = 3561, .type = 143 };

	rig_listen(&r);
	ck_assert_int_eq(send_with(MSG_ICRQ, 0, AVP_BIT_M,
	    &avp_table[AVP_PHYSICAL_CHANNEL], 3), ERR_AVP_VALUE_LENGTH);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.m.error, 2);
	rig_zlb(&r);
	ck_assert_int_eq(send_with(MSG_ICRQ, 0, AVP_BIT_M, &unknown, 4),
	    ERR_AVP_UNKNOWN);
	rig_expect(&r, MSG_CDN);
	ck_assert_uint_eq(r.m.error, 8);
	rig_zlb(&r);
	rig_expect_no_event(&r);
	ck_assert_int_eq(send_with(MSG_ICRQ, 0, 0, &unknown, 4), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
}
END_TEST

static const uint8_t proxy_avps[] = { AVP_PROXY_AUTH_NAME,
    AVP_PROXY_AUTH_CHALLENGE, AVP_PROXY_AUTH_ID, AVP_PROXY_AUTH_RESPONSE };

/* RFC 2661 section 4.4.5: bits of the AVPs that each type needs. */
static const int proxy_needs[] = { 0, 9, 15, 13, 0, 15 };

/*
 * v2-4.4.5-04, v2-4.4.5-06, v2-4.4.5-07, v2-4.4.5-08, v2-4.4.5-09,
 * v2-4.4.5-10: of each type, with each choice of the others.
 */
START_TEST(proxy_received)
{
	struct msg m = rig_msg(MSG_ICCN), full;
	int set = _i % 16, type = _i / 16, n, good;
	struct l2tp_call_info i;
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, CALL_WAIT_CONNECT, PEER_SID);
	sample_msg(&full, 2, MSG_ICCN, 1);
	for (n = 0; n < 4; n++)
		full.have[proxy_avps[n]] = (set & 1 << n) != 0;
	full.proxy_type = (uint16_t)type;
	full.have[AVP_PROXY_AUTH_TYPE] = type != 0;
	full.framing_type = m.framing_type;
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), (uint16_t)sid, &full),
	    ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_UP);
	i = info(sid);
	good = (proxy_needs[type] & ~set) == 0;
	ck_assert_int_eq(i.proxy.type, good ? type : 0);
	if (!good || proxy_needs[type] == 0)
		ck_assert_uint_eq(i.proxy.name.len, 0);
	else
		same_octets(i.proxy.name, "alice");
	if (good && (proxy_needs[type] & 2) != 0)
		same_octets(i.proxy.challenge, "proxy challenge");
	else
		ck_assert_uint_eq(i.proxy.challenge.len, 0);
	if (good && (proxy_needs[type] & 8) != 0)
		same_octets(i.proxy.response, "proxy response 1");
	else
		ck_assert_uint_eq(i.proxy.response.len, 0);
	same_octets(i.proxy.initial_lcp, "\001\004\005\334");
}
END_TEST

static const struct l2tp_octets alice = { (const uint8_t *)"alice", 5 };

/* The AVPs of an ICRQ, ours; and of the ICCN, for the peer who answers. */
static void
dial(const struct l2tp_call_params *p)
{
	uint32_t sid;

	rig_dial(&r);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, p, &r, r.now, &sid), 0);
	rig_expect(&r, MSG_ICRQ);
	if (p->sub_address != NULL) {
		ck_assert_uint_eq(r.m.physical_channel, 99);
		ck_assert_mem_eq(r.m.sub_address.p, "17", 2);
	}
	rig_say(&r, MSG_ICRP, sid);
	rig_expect_event(&r, L2TP_EV_CALL_REPLY);
	ck_assert_int_eq(l2tp_call_accept(r.e, r.tid, sid, &r, r.now), 0);
	rig_expect(&r, MSG_ICCN);
}

/*
 * v2-4.4.4-22, v2-4.4.4-23, v2-4.4.5-01, v2-4.4.5-02, v2-4.4.5-03,
 * v2-6.6-01, v2-6.8-01
 */
START_TEST(sent)
{
	struct l2tp_proxy proxy = { .initial_lcp = alice,
	    .last_sent_lcp = alice, .last_received_lcp = alice };
	struct l2tp_call_params p = { .framing_type = 1, .sub_address = "17",
	    .physical_channel = 99, .private_group = alice, .proxy = &proxy };

	dial(&p);
	ck_assert_uint_eq(r.m.private_group.len, 5);
	ck_assert_mem_eq(r.m.private_group.p, "alice", 5);
	ck_assert_mem_eq(r.m.initial_lcp.p, "alice", 5);
	ck_assert_mem_eq(r.m.last_sent_lcp.p, "alice", 5);
	ck_assert_mem_eq(r.m.last_received_lcp.p, "alice", 5);
	ck_assert_uint_eq(r.m.have[AVP_PROXY_AUTH_TYPE], 0);
	ck_assert_uint_eq(r.m.have[AVP_RX_SPEED], 0);
	ck_assert_uint_eq(r.m.have[AVP_SEQUENCING_REQUIRED], 0);
}
END_TEST

/*
 * v2-4.4.5-05, v2-4.4.5-07, v2-4.4.5-08, v2-4.4.5-09, v2-4.4.5-10: what the
 * type needs, and no more.
 */
START_TEST(proxy_sent)
{
	struct l2tp_proxy proxy = { .type = (uint16_t)_i, .name = alice,
	    .challenge = alice, .response = alice, .id = 42 };
	struct l2tp_call_params p = { .framing_type = 1, .proxy = &proxy };
	int i;

	dial(&p);
	ck_assert_uint_eq(r.m.have[AVP_PROXY_AUTH_TYPE], _i != 0);
	ck_assert_uint_eq(r.m.proxy_type, _i);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(r.m.have[proxy_avps[i]],
		    (proxy_needs[_i] & 1 << i) != 0);
	if (r.m.have[AVP_PROXY_AUTH_ID])
		ck_assert_uint_eq(r.m.proxy_id, 42);
}
END_TEST

/* v2-4.4.5-07, v2-4.4.5-08, v2-4.4.5-10: or nothing at all. */
START_TEST(proxy_cannot_be_sent)
{
	struct l2tp_proxy proxy = { .type = (uint16_t)(_i / 3), .name = alice,
	    .challenge = alice, .response = alice };
	struct l2tp_octets *parts[] = { &proxy.name, &proxy.challenge,
	    &proxy.response };
	static const int bits[] = { 1, 2, 8 };
	struct l2tp_call_params p = { .proxy = &proxy };
	uint32_t sid;
	int good;

	parts[_i % 3]->len = 0;
	good = proxy.type <= L2TP_PROXY_MSCHAPV1 &&
	    (proxy_needs[proxy.type] & bits[_i % 3]) == 0;
	rig_dial(&r);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid),
	    good ? 0 : -1);
	if (!good)
		rig_expect_none(&r);
}
END_TEST

/* 255 octets of each, and 1000 in all. */
START_TEST(too_much_to_send)
{
	struct l2tp_octets most = { longest, L2TP_MAX_VALUE };
	struct l2tp_octets more = { longest, L2TP_MAX_VALUE + 1 };
	struct l2tp_octets rest = { longest, 1000 - 3 * L2TP_MAX_VALUE };
	struct l2tp_octets bit = { longest, 1 };
	struct l2tp_proxy proxy = { .initial_lcp = most,
	    .last_sent_lcp = most, .last_received_lcp = most };
	struct l2tp_call_params p = { .framing_type = 1, .proxy = &proxy,
	    .private_group = rest };
	struct l2tp_call_params group = { .private_group = more };
	uint32_t sid;

	dial(&p);
	ck_assert_uint_eq(r.m.last_received_lcp.len, L2TP_MAX_VALUE);
	ck_assert_uint_eq(r.m.private_group.len, rest.len);
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &group, &r, r.now, &sid),
	    -1);
	rest.len++;
	p.private_group = rest;
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid), -1);
	p.private_group = bit;
	ck_assert_int_eq(l2tp_call_open(r.e, r.tid, &p, &r, r.now, &sid), 0);
}
END_TEST

/* What is longer is not kept, and costs nobody the call. */
START_TEST(too_much_received)
{
	struct bytes most = { longest, L2TP_MAX_VALUE };
	struct bytes more = { longest, L2TP_MAX_VALUE + 1 };
	struct msg m = rig_msg_sid(MSG_ICRQ, PEER_SID);

	rig_listen(&r);
	m.have[AVP_CALLED_NUMBER] = m.have[AVP_CALLING_NUMBER] = 1;
	m.called = most;
	m.calling = more;
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	ck_assert_mem_eq(r.ev.call->called, longest, L2TP_MAX_VALUE);
	ck_assert_int_eq(r.ev.call->called[L2TP_MAX_VALUE], '\0');
	ck_assert_str_eq(r.ev.call->calling, "");
}
END_TEST

/* v2-4.4.5-11: nothing of a password is in what is sent. */
START_TEST(hidden)
{
	struct l2tp_proxy proxy = { .type = L2TP_PROXY_PAP, .name = alice,
	    .response = { (const uint8_t *)"wonderland", 10 } };
	struct l2tp_call_params p = { .framing_type = 1, .proxy = &proxy };

	r.secret = sample_text("s3cret");
	r.params.secret[0] = r.secret.p;
	r.params.secret_len[0] = r.secret.len;
	r.params.hide_avps = 1;
	dial(&p);
	ck_assert_uint_eq(r.m.proxy_response.len, 10);
	ck_assert_mem_eq(r.m.proxy_response.p, "wonderland", 10);
	ck_assert_ptr_null(memmem(r.pkt.data, r.pkt.len, "wonderland", 10));
	ck_assert_ptr_null(memmem(r.pkt.data, r.pkt.len, "alice", 5));
}
END_TEST

static TCase *
info_case(void)
{
	TCase *t = tcase_create("info");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, icrq);
	tcase_add_loop_test(t, access_line, 0, 2);
	tcase_add_test(t, iccn);
	tcase_add_test(t, nothing);
	tcase_add_loop_test(t, malformed_is_absent, 0, 2);
	tcase_add_test(t, malformed_and_mandatory);
	tcase_add_loop_test(t, proxy_received, 0, 96);
	tcase_add_test(t, too_much_received);
	return (t);
}

static TCase *
params_case(void)
{
	TCase *t = tcase_create("params");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, sent);
	tcase_add_loop_test(t, proxy_sent, 0, 6);
	tcase_add_loop_test(t, proxy_cannot_be_sent, 0, 21);
	tcase_add_test(t, too_much_to_send);
	tcase_add_test(t, hidden);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("call_info");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, info_case());
	suite_add_tcase(s, params_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
