/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What RFC 3931 says of the control header and of every message, with a peer
 * that is not made of proto: sections 3.1, 3.2.1, 4.1, 5.4.1 and 7.1.
 */
#include <check.h>
#include <string.h>

#include "err.h"
#include "lone.h"

#define RESERVED_BITS	0x37f0	/* of the first word */

static struct lone	l;

static void
setup(void)
{
	lone_init(&l);
}

static void
teardown(void)
{
	lone_free(&l);
}

static int
say_octets(const struct raw *r)
{
	return (l2tp_input(l.e, &l.path, r->p, r->len, l.now));
}

/* v3-3.2.1-02, v3-3.2.1-03: whatever the reserved bits are. */
START_TEST(reserved_bits)
{
	struct raw r = lone_msg(&l, RAW_SCCRQ);

	raw_seal(&r, 0, 0);
	r.p[0] |= RESERVED_BITS >> 8;
	r.p[1] |= RESERVED_BITS & 0xff;
	ck_assert_int_eq(say_octets(&r), ERR_NONE);
	lone_expect_event(&l, L2TP_EV_TUNNEL_IN);
}
END_TEST

/* v3-3.2.1-01, v3-3.2.1-04: lone_out() looks at each that is sent. */
START_TEST(acknowledgement)
{
	lone_listen(&l);
	lone_wait(&l, 100);
	lone_say(&l, lone_msg(&l, RAW_HELLO));
	lone_wait(&l, 100);
	ck_assert(raw_type(&l.out) == 0 || raw_type(&l.out) == RAW_ACK);
	ck_assert_uint_eq(l.out.len, raw_type(&l.out) == 0 ? 12 : 20);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns);
}
END_TEST

/* v3-3.2.1-05, v3-3.2.1-06, v3-5.4.3-11: whose id it is that is sent. */
START_TEST(connection_ids)
{
	uint32_t first;

	ck_assert_int_eq(l2tp_tunnel_open(l.e, &l.path, &l.params, NULL,
	    l.now, &l.tid), 0);
	lone_expect(&l, RAW_SCCRQ);
	ck_assert_uint_eq(raw_ccid(&l.out), 0);
	ck_assert_uint_eq(raw_get32(&l.out, RAW_CCID), l.tid);
	ck_assert_uint_ne(l.tid, 0);
	lone_say(&l, lone_msg(&l, RAW_SCCRP));
	lone_expect(&l, RAW_SCCCN);
	ck_assert_uint_eq(raw_ccid(&l.out), LONE_CCID);
	first = l.tid;
	l.tid = 0;
	ck_assert_int_eq(l2tp_tunnel_open(l.e, &l.path, &l.params, NULL,
	    l.now, &l.tid), 0);
	ck_assert_uint_ne(l.tid, first);
}
END_TEST

/* v3-3.2.1-06: an id of nobody is nobody's. */
START_TEST(unknown_id)
{
	struct raw r;

	lone_listen(&l);
	r = lone_msg(&l, RAW_HELLO);
	r.p[7] ^= 1;
	ck_assert_int_ne(lone_say_at(&l, r, l.ns, l.nr), ERR_NONE);
	lone_wait(&l, 1000);
	ck_assert_str_eq(lone_state(&l), "established");
	lone_expect_no_event(&l);
}
END_TEST

/* v3-7.1-02, v3-4.7.2-01: no reply, and nothing changes. */
START_TEST(malformed_header)
{
	static const struct {
		uint8_t	at, value;
	} bad[] = {
		{ 0, 0x48 }, { 0, 0x88 }, { 0, 0xc0 },	/* T, L, S */
		{ 1, 0 }, { 1, 1 }, { 1, 4 }, { 1, 7 }, { 1, 15 },
		{ 3, 11 }, { 3, 0 }, { 2, 4 }		/* Length */
	};
	struct raw r = lone_msg(&l, RAW_SCCRQ);

	raw_seal(&r, 0, 0);
	r.p[bad[_i].at] = bad[_i].value;
	ck_assert_int_ne(say_octets(&r), ERR_NONE);
	ck_assert(!lone_out(&l));
	lone_expect_no_event(&l);
	ck_assert_uint_eq(l2tp_next_deadline(l.e), L2TP_NEVER);
}
END_TEST

/* v3-7.1-02: cut off at any length. */
START_TEST(truncated)
{
	struct raw r = lone_msg(&l, RAW_SCCRQ);
	size_t whole = r.len;

	raw_seal(&r, 0, 0);
	for (r.len = 0; r.len < whole; r.len++)
		ck_assert_int_ne(say_octets(&r), ERR_NONE);
	ck_assert(!lone_out(&l));
	lone_expect_no_event(&l);
}
END_TEST

/* v3-3.1-01, v3-5.4.1-02, v3-5.4.1-03: reserved types, and those of nobody. */
START_TEST(unknown_types)
{
	static const uint16_t types[] = { 0, 5, 13, 17, 18, 19, 21, 99 };
	uint16_t type = types[_i / 2];
	struct raw r;

	lone_listen(&l);
	r = lone_msg(&l, RAW_HELLO);
	r.p[RAW_HEADER + 6] = (uint8_t)(type >> 8);
	r.p[RAW_HEADER + 7] = (uint8_t)type;
	if (_i % 2 == 0) {
		lone_say(&l, r);
		lone_expect(&l, RAW_STOPCCN);
		return;
	}
	r.p[RAW_HEADER] &= 0x7f;
	lone_say(&l, r);
	lone_wait(&l, 100);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns);
	ck_assert_str_eq(lone_state(&l), "established");
}
END_TEST

/* v3-5.4.1-04: a message of a vendor, by the M bit. */
START_TEST(vendor_message)
{
	struct raw r;

	lone_listen(&l);
	raw_zlb(&r, l.tid);
	raw_vendor(&r, _i ? RAW_M : 0, 311, RAW_MESSAGE_TYPE, "\0\1", 2);
	lone_say(&l, r);
	if (_i) {
		lone_expect(&l, RAW_STOPCCN);
		return;
	}
	lone_wait(&l, 100);
	ck_assert_uint_eq(raw_nr(&l.out), l.ns);
	ck_assert_str_eq(lone_state(&l), "established");
}
END_TEST

/* v3-5.4.1-01: nothing before the Message Type, which is not hidden. */
START_TEST(message_type_first)
{
	struct raw r;

	lone_listen(&l);
	raw_zlb(&r, l.tid);
	if (_i == 0)
		raw_avp(&r, RAW_M, RAW_HOST_NAME, "me", 2);
	raw_avp(&r, _i == 0 ? RAW_M : RAW_M | RAW_H, RAW_MESSAGE_TYPE,
	    "\0\6", 2);
	lone_say(&l, r);
	lone_expect(&l, RAW_STOPCCN);
}
END_TEST

/* v3-4.1.1.2-02: the same octets over IP, without the zeroes. */
START_TEST(over_ip)
{
	lone_encap_ip(&l);
	lone_sign(&l, 1);
	lone_dial(&l);
	ck_assert_uint_eq(l.path.peer.port, 0);
	lone_free(&l);
	lone_init(&l);
	lone_encap_ip(&l);
	lone_sign(&l, 0);
	lone_listen(&l);
	ck_assert_str_eq(lone_state(&l), "established");
}
END_TEST

/* v3-3-02: connections of one pair of hosts live and end by themselves. */
START_TEST(two_connections)
{
	struct lone other;
	struct raw r;

	lone_listen(&l);
	lone_call_up(&l);
	other = l;
	other.ns = other.nr = 0;
	other.tid = other.sid = 0;
	/* The peer's id is another, too. */
	r = lone_msg(&other, RAW_SCCRQ);
	r.p[raw_at(&r, RAW_CCID) + 9] ^= 1;
	ck_assert_int_eq(lone_say(&other, r), ERR_NONE);
	lone_expect_event(&other, L2TP_EV_TUNNEL_IN);
	other.tid = other.ev.local_tid;
	ck_assert_uint_ne(other.tid, l.tid);
	ck_assert_int_eq(l2tp_tunnel_accept(other.e, other.tid, &other.params,
	    NULL, other.now), 0);
	lone_expect(&other, RAW_SCCRP);
	lone_say(&other, lone_msg(&other, RAW_SCCCN));
	lone_expect_event(&other, L2TP_EV_TUNNEL_UP);
	lone_say(&l, lone_msg(&l, RAW_STOPCCN));
	lone_expect_event(&l, L2TP_EV_CALL_DOWN);
	lone_expect_event(&l, L2TP_EV_TUNNEL_DOWN);
	ck_assert_str_eq(lone_state(&other), "established");
}
END_TEST

static TCase *
head_case(void)
{
	TCase *t = tcase_create("head");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, reserved_bits);
	tcase_add_test(t, acknowledgement);
	tcase_add_test(t, connection_ids);
	tcase_add_test(t, unknown_id);
	tcase_add_loop_test(t, malformed_header, 0, 11);
	tcase_add_test(t, truncated);
	tcase_add_loop_test(t, unknown_types, 0, 16);
	tcase_add_loop_test(t, vendor_message, 0, 2);
	tcase_add_loop_test(t, message_type_first, 0, 2);
	tcase_add_test(t, over_ip);
	tcase_add_test(t, two_connections);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("v3_head");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, head_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
