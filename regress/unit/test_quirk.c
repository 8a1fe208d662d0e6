/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What is forgiven peers with quirks, and no others: each quirk with and
 * without, in what they send first and in what they answer.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "quirk.h"
#include "rig.h"

/* After the Message Type; each lacks what its quirk forgives. */
#define VERSION	"\200\010\0\0\0\002\001\0"
#define FRAMING	"\200\012\0\0\0\003\0\0\0\001"
#define HOST	"\200\012\0\0\0\007peer"
#define ICRQ	"\200\010\0\0\0\016\0\005" "\200\012\0\0\0\017\0\0\0\001"
#define TID	"\200\010\0\0\0\011\0\007"

struct body {
	const char	*octets;
	size_t		 len;
};

static const struct bad {
	uint32_t	quirk;
	struct body	body;
	uint16_t	error;
} bads[] = {
	{ L2TP_QUIRK_HOST_NAME, { VERSION FRAMING TID, 26 }, 3 },
	{ L2TP_QUIRK_HOST_NAME,
	    { VERSION FRAMING "\200\006\0\0\0\007" TID, 32 }, 2 },
	{ L2TP_QUIRK_FRAMING_CAPS, { VERSION HOST TID, 26 }, 3 },
	{ L2TP_QUIRK_UNKNOWN_AVP,
	    { VERSION FRAMING HOST "\200\010\0\011\0\001\0\0" TID, 44 }, 8 },
	{ L2TP_QUIRK_UNKNOWN_AVP,
	    { "\200\006\0\0\0\024" VERSION FRAMING HOST TID, 42 }, 8 }
};
#define NBADS	((int)(sizeof(bads) / sizeof(bads[0])))

static struct rig r;

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

/* A message of the peer with a body that msg_encode() would not make. */
static int
raw(uint16_t tid, uint16_t sid, uint16_t type, struct body body)
{
	uint8_t buf[256];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, tid, sid);
	wr_u16(&w, 0x8008);
	wr_u32(&w, 0);
	wr_u16(&w, type);
	wr_bytes(&w, body.octets, body.len);
	hdr_seal(&w, r.ns++, r.nr);
	ck_assert_int_eq(w.bad, 0);
	return (rig_datagram(&r, buf, w.len));
}

/*
 * v2-7.1-06, v2-7.2.1-03, v2-4.4.3-15: the caller is asked, whoever it is,
 * and then only some get through.
 */
START_TEST(sccrq)
{
	const struct bad *b = &bads[_i / 2];
	int forgiven = _i % 2;

	r.params.quirks = forgiven ? b->quirk : QUIRKS_ANY & ~b->quirk;
	ck_assert_int_eq(raw(0, 0, MSG_SCCRQ, b->body), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	r.tid = r.ev.local_tid;
	ck_assert_int_eq(l2tp_tunnel_accept(r.e, r.tid, &r.params, NULL,
	    r.now), 0);
	if (forgiven) {
		rig_expect(&r, MSG_SCCRP);
		rig_say(&r, MSG_SCCCN, 0);
		rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	} else {
		rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
		ck_assert_uint_eq(r.m.error, b->error);
	}
}
END_TEST

/* v2-7.1-06, v2-7.2.1-07 */
START_TEST(sccrp)
{
	const struct bad *b = &bads[_i / 2];
	int forgiven = _i % 2;

	r.params.quirks = forgiven ? b->quirk : QUIRKS_ANY & ~b->quirk;
	rig_tunnel(&r, CC_WAIT_CTL_REPLY);
	raw(rig_tid(&r), 0, MSG_SCCRP, b->body);
	if (forgiven) {
		rig_expect(&r, MSG_SCCCN);
		rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	} else {
		rig_stopped(&r, 2, L2TP_BY_PROTOCOL);
		ck_assert_uint_eq(r.m.error, b->error);
	}
}
END_TEST

/* What is missing is taken for what makes sense. */
START_TEST(defaults)
{
	r.params.quirks = QUIRKS_ANY;
	raw(0, 0, MSG_SCCRQ, (struct body){ VERSION TID, 16 });
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	ck_assert_str_eq(r.ev.tunnel->host_name, "");
	ck_assert_uint_eq(r.ev.tunnel->framing_caps, 3);
	l2tp_tunnel_accept(r.e, r.ev.local_tid, &r.params, NULL, r.now);
	rig_expect(&r, MSG_SCCRP);
	r.tid = r.ev.local_tid;
	ck_assert(rig_is(&r, "wait-ctl-conn"));
}
END_TEST

/* Nobody is forgiven what names the tunnel, or another version. */
START_TEST(not_forgiven)
{
	static const struct body bodies[] = {
		{ FRAMING HOST TID, 28 },
		{ VERSION FRAMING HOST "\200\010\0\0\0\011\0\0", 36 },
		{ VERSION HOST TID "\200\010\0\0\0\003\0\0", 34 },
		{ "\200\010\0\0\0\002\002\0" TID, 16 }
	};

	r.params.quirks = QUIRKS_ANY;
	ck_assert_int_ne(raw(0, 0, MSG_SCCRQ, bodies[_i]), ERR_NONE);
	rig_expect_no_event(&r);
}
END_TEST

/* The RFC itself forgives these. */
START_TEST(no_quirk_needed)
{
	static const struct body bodies[] = {
		{ VERSION FRAMING HOST TID "\0\010\0\011\0\001\0\0", 44 },
		{ "\0\010\0\0\0\002\001\0" "\0\012\0\0\0\003\0\0\0\001"
		    "\0\007\0\0\0\007p" "\0\010\0\0\0\011\0\007", 33 }
	};

	raw(0, 0, MSG_SCCRQ, bodies[_i]);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	l2tp_tunnel_accept(r.e, r.ev.local_tid, &r.params, NULL, r.now);
	rig_expect(&r, MSG_SCCRP);
}
END_TEST

/*
 * In a call as well: vendor 9 is Cisco; a line attribute that RFC 5515 does
 * not know; and v2-4.1-03, a Calling Number with a reserved bit.
 */
START_TEST(unknown_avp_in_call)
{
	static const struct body icrqs[] = {
		{ ICRQ "\200\010\0\011\0\001\0\0", 26 },
		{ ICRQ "\200\010\015\351\0\003\0\0", 26 },
		{ ICRQ "\240\010\0\0\0\02655", 26 }
	};

	r.params.quirks = _i % 2 == 0 ? L2TP_QUIRK_UNKNOWN_AVP : 0;
	rig_listen(&r);
	raw(rig_tid(&r), 0, MSG_ICRQ, icrqs[_i / 2]);
	if (_i % 2 == 0) {
		rig_expect_event(&r, L2TP_EV_CALL_IN);
	} else {
		rig_expect(&r, MSG_CDN);
		ck_assert_uint_eq(r.m.error, 8);
		rig_expect_no_event(&r);
	}
}
END_TEST

/* No call depends on its access line: the M bit is set in all of these. */
START_TEST(bad_line_in_call)
{
	static const struct body icrqs[] = {
		{ ICRQ "\200\106\015\351\0\001"
		    "0123456789abcdef0123456789abcdef"
		    "0123456789abcdef0123456789abcdef", 88 },
		{ ICRQ "\200\012\015\351\0\201\0\0\0\001", 28 },
		{ ICRQ "\200\006\015\351\0\376", 24 },
		{ ICRQ "\300\020\015\351\0\201hidden....", 34 },
		{ ICRQ "\240\016\015\351\0\201\0\0\0\0\0\0\0\001", 32 }
	};
	struct l2tp_stats stats;

	rig_listen(&r);
	ck_assert_int_eq(raw(rig_tid(&r), 0, MSG_ICRQ, icrqs[_i]), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_IN);
	ck_assert_str_eq(r.ev.call->line.agent_circuit_id, "");
	ck_assert_uint_eq(r.ev.call->line.actual_rate_up, 0);
	l2tp_get_stats(r.e, &stats);
	ck_assert_uint_eq(stats.avps_ignored, 1);
}
END_TEST

/* v2-7.1-05: Rx Connect Speed of two octets; but not Tx, which has M set. */
START_TEST(malformed_avp_in_call)
{
	static const struct body iccns[] = {
		{ "\200\012\0\0\0\030\0\0\0\001"
		    "\200\012\0\0\0\023\0\0\0\001"
		    "\0\010\0\0\0\046\0\001", 28 },
		{ "\200\010\0\0\0\030\0\001"
		    "\200\012\0\0\0\023\0\0\0\001", 18 }
	};
	struct l2tp_stats stats;
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, CALL_WAIT_CONNECT, RIG_PEER_SID);
	raw(rig_tid(&r), (uint16_t)sid, MSG_ICCN, iccns[_i]);
	if (_i == 0) {
		rig_expect_event(&r, L2TP_EV_CALL_UP);
		ck_assert_uint_eq(r.ev.call->rx_speed, 1);
		l2tp_get_stats(r.e, &stats);
		ck_assert_uint_eq(stats.avps_ignored, 1);
	} else {
		rig_cleared(&r, sid, RIG_PEER_SID, 2, 2);
	}
}
END_TEST

/* A tunnel from the peer that was there, or almost. */
static uint32_t
again(const char *host_name, uint16_t peer_tid, int established)
{
	struct msg m = rig_msg(MSG_SCCRQ);

	r.ns = r.nr = 0;
	m.assigned_tid = peer_tid;
	m.host_name = text_bytes(host_name);
	rig_send(&r, 0, 0, &m);
	rig_expect_event(&r, L2TP_EV_TUNNEL_IN);
	r.tid = r.ev.local_tid;
	l2tp_tunnel_accept(r.e, r.tid, &r.params, NULL, r.now);
	rig_expect(&r, MSG_SCCRP);
	if (established)
		rig_say(&r, MSG_SCCCN, 0);
	return (r.tid);
}

/* Restarted, it calls from another port and with another id. */
START_TEST(single_tunnel)
{
	uint32_t old, new;

	r.params.quirks = L2TP_QUIRK_SINGLE_TUNNEL;
	old = again("router", 7, 1);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	rig_call(&r, CALL_ESTABLISHED, 5);
	r.path.peer.port = 40000;
	new = again("router", 8, 1);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r.ev.local_tid, old);
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_LOCAL);
	rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	ck_assert_uint_eq(r.ev.local_tid, new);
	rig_expect(&r, MSG_STOPCCN);
	ck_assert_uint_eq(r.m.assigned_tid, old);
	rig_expect_none(&r);
	ck_assert(rig_is(&r, "established"));
	/* And a third time. */
	again("router", 9, 1);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(r.ev.local_tid, new);
}
END_TEST

/*
 * Not without the quirk, by a SCCRQ alone, by another name or from another
 * address; and not what we have opened.
 */
START_TEST(several_tunnels)
{
	uint32_t old;

	r.params.quirks = _i == 0 ? 0 : L2TP_QUIRK_SINGLE_TUNNEL;
	if (_i == 4)
		rig_dial(&r);
	else
		again("peer.example.net", 7, 1);
	old = r.tid;
	if (_i != 4)
		rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	if (_i == 3)
		r.path.peer.ip[3]++;
	again(_i == 2 ? "peer.example.ne" : "peer.example.net", 8, _i != 1);
	if (_i != 1)
		rig_expect_event(&r, L2TP_EV_TUNNEL_UP);
	rig_expect_no_event(&r);
	r.tid = old;
	ck_assert(rig_is(&r, "established"));
}
END_TEST

static TCase *
quirk_case(void)
{
	TCase *t = tcase_create("quirk");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, sccrq, 0, 2 * NBADS);
	tcase_add_loop_test(t, sccrp, 0, 2 * NBADS);
	tcase_add_test(t, defaults);
	tcase_add_loop_test(t, not_forgiven, 0, 4);
	tcase_add_loop_test(t, no_quirk_needed, 0, 2);
	tcase_add_loop_test(t, unknown_avp_in_call, 0, 6);
	tcase_add_loop_test(t, bad_line_in_call, 0, 5);
	tcase_add_loop_test(t, malformed_avp_in_call, 0, 2);
	tcase_add_test(t, single_tunnel);
	tcase_add_loop_test(t, several_tunnels, 0, 5);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("quirk");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, quirk_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
