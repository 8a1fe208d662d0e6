/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The header: every flag word, every length, and the bytes that we send
 * (RFC 2661 section 3.1).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "hdr.h"

/* Length 16: the header of a control message and four octets of it. */
static const uint8_t control[] = {
	0xc8, 0x02, 0x00, 0x10, 0x12, 0x34, 0x56, 0x78,
	0x00, 0x09, 0x80, 0x01, 'b', 'o', 'd', 'y'
};

static enum l2tp_err
decode(const uint8_t *p, size_t len, struct hdr *h, struct bytes *payload)
{
	enum l2tp_err err;
	uint8_t *copy;
	struct rd r;

	copy = malloc(len);
	memcpy(copy, p, len);
	rd_init(&r, copy, len);
	err = hdr_decode(&r, h);
	payload->p = p + (r.p - copy);
	payload->len = r.left;
	free(copy);
	return (err);
}

static enum l2tp_err
decode_word(uint16_t word)
{
	uint8_t buf[32] = { 0 };
	struct bytes payload;
	struct hdr h;
	enum l2tp_err err;

	buf[0] = word >> 8;
	buf[1] = word & 0xff;
	buf[3] = sizeof(buf);
	err = decode(buf, sizeof(buf), &h, &payload);
	ck_assert_uint_eq(h.flags, word);
	return (err);
}

START_TEST(control_decode)
{
	struct bytes payload;
	struct hdr h;

	ck_assert_int_eq(decode(control, sizeof(control), &h, &payload),
	    ERR_NONE);
	ck_assert_uint_eq(h.flags, 0xc802);
	ck_assert_uint_eq(h.length, 16);
	ck_assert_uint_eq(h.tid, 0x1234);
	ck_assert_uint_eq(h.sid, 0x5678);
	ck_assert_uint_eq(h.ns, 9);
	ck_assert_uint_eq(h.nr, 0x8001);
	ck_assert_ptr_eq(payload.p, control + 12);
	ck_assert_uint_eq(payload.len, 4);
}
END_TEST

/* v2-3.1-01, v2-3.1-03, v2-3.1-05, v2-3.1-07: all 65536 of them. */
/* v3-4.1.2.1-03 */
START_TEST(every_first_word)
{
	enum l2tp_err want;
	uint32_t word;

	for (word = 0; word <= UINT16_MAX; word++) {
		if ((word & 0x000f) != 2 && (word & 0x000f) != 3)
			want = ERR_VERSION;
		else if ((word & 0x8000) == 0)
			want = ERR_NOT_CONTROL;
		else if ((word & 0x4800) != 0x4800 ||
		    ((word & 0x000f) == 2 && (word & 0x0300) != 0))
			want = ERR_HEADER;
		else
			want = ERR_NONE;
		ck_assert_int_eq(decode_word((uint16_t)word), want);
	}
}
END_TEST

/* v2-3.1-05: reserved bits are ignored. */
START_TEST(reserved_bits)
{
	ck_assert_int_eq(decode_word(0xfcf2), ERR_NONE);
	ck_assert_int_eq(decode_word(0x34f2), ERR_NOT_CONTROL);
}
END_TEST

/* v2-3.1-08 */
START_TEST(control_every_length_field)
{
	uint8_t buf[sizeof(control)];
	struct bytes payload;
	struct hdr h;
	enum l2tp_err err;
	uint32_t len;

	memcpy(buf, control, sizeof(buf));
	for (len = 0; len <= UINT16_MAX; len++) {
		buf[2] = (uint8_t)(len >> 8);
		buf[3] = (uint8_t)len;
		err = decode(buf, sizeof(buf), &h, &payload);
		if (len < 12 || len > sizeof(buf)) {
			ck_assert_int_eq(err, ERR_HEADER);
			continue;
		}
		ck_assert_int_eq(err, ERR_NONE);
		ck_assert_uint_eq(payload.len, len - 12);
	}
}
END_TEST

START_TEST(control_every_truncation)
{
	struct bytes payload;
	struct hdr h;
	size_t len;

	for (len = 0; len < sizeof(control); len++)
		ck_assert_int_eq(decode(control, len, &h, &payload),
		    len < 4 ? ERR_SHORT : ERR_HEADER);
}
END_TEST

/* v2-1.2-01 */
START_TEST(zlb)
{
	static const uint8_t want[] = {
		0xc8, 0x02, 0x00, 0x0c, 0xab, 0xcd, 0x00, 0x00,
		0x00, 0x07, 0xff, 0xff
	};
	uint8_t buf[64];
	struct bytes payload;
	struct hdr h;
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, 0xabcd, 0);
	hdr_seal(&w, 7, 0xffff);
	ck_assert_int_eq(w.bad, 0);
	ck_assert_uint_eq(w.len, HDR_CONTROL_LEN);
	ck_assert_mem_eq(buf, want, sizeof(want));
	ck_assert_int_eq(decode(buf, w.len, &h, &payload), ERR_NONE);
	ck_assert_uint_eq(payload.len, 0);
}
END_TEST

/* v2-3.1-03, v2-3.1-04, v2-3.1-08 */
/* v2-8.1-06 */
START_TEST(control_encode)
{
	uint8_t buf[sizeof(control)];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, 0x1234, 0x5678);
	wr_bytes(&w, "body", 4);
	hdr_seal(&w, 1, 2);
	hdr_seal(&w, 9, 0x8001);	/* sent again: the last one counts */
	ck_assert_int_eq(w.bad, 0);
	ck_assert_uint_eq(w.len, sizeof(control));
	ck_assert_mem_eq(buf, control, sizeof(control));
}
END_TEST

START_TEST(encode_does_not_fit)
{
	uint8_t buf[HDR_CONTROL_LEN];
	struct wr w;
	size_t len;

	for (len = 0; len < sizeof(buf); len++) {
		wr_init(&w, buf, len);
		hdr_encode(&w, 2, 1, 2);
		ck_assert_int_ne(w.bad, 0);
	}
}
END_TEST

START_TEST(seal_limits)
{
	uint8_t *buf = calloc(1, UINT16_MAX + 1);
	struct wr w;

	wr_init(&w, buf, UINT16_MAX + 1);
	hdr_encode(&w, 2, 1, 2);
	w.len = UINT16_MAX;
	hdr_seal(&w, 0, 0);
	ck_assert_int_eq(w.bad, 0);
	ck_assert_uint_eq(buf[2], 0xff);
	ck_assert_uint_eq(buf[3], 0xff);
	w.len = UINT16_MAX + 1;
	hdr_seal(&w, 0, 0);
	ck_assert_int_ne(w.bad, 0);
	wr_init(&w, buf, 64);
	hdr_seal(&w, 0, 0);	/* nothing was begun */
	ck_assert_int_ne(w.bad, 0);
	free(buf);
}
END_TEST

/* L2TPv3 (RFC 3931 section 3.2.1). */
static const uint8_t control3[] = {
	0xc8, 0x03, 0x00, 0x10, 0x89, 0xab, 0xcd, 0xef,
	0x00, 0x09, 0x80, 0x01, 'b', 'o', 'd', 'y'
};

/* v3-3.2.1-02, v3-3.2.1-05: the x bits, O and P among them, are ignored. */
START_TEST(control3_decode)
{
	uint8_t buf[sizeof(control3)];
	struct bytes payload;
	struct hdr h;
	int i;

	memcpy(buf, control3, sizeof(buf));
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(decode(buf, sizeof(buf), &h, &payload),
		    ERR_NONE);
		ck_assert_uint_eq(h.version, 3);
		ck_assert_uint_eq(h.length, 16);
		ck_assert_uint_eq(h.tid, 0x89abcdef);
		ck_assert_uint_eq(h.sid, 0);
		ck_assert_uint_eq(h.ns, 9);
		ck_assert_uint_eq(h.nr, 0x8001);
		ck_assert_uint_eq(payload.len, 4);
		ck_assert_mem_eq(payload.p, "body", 4);
		buf[0] |= 0x37;
		buf[1] |= 0xf0;
	}
}
END_TEST

/* v3-7.1-02 */
START_TEST(control3_malformed)
{
	uint8_t buf[sizeof(control3)];
	struct bytes payload;
	struct hdr h;
	uint32_t len;

	memcpy(buf, control3, sizeof(buf));
	for (len = 0; len < sizeof(buf); len++)
		ck_assert_int_eq(decode(buf, len, &h, &payload),
		    len < 4 ? ERR_SHORT : ERR_HEADER);
	for (len = 0; len <= UINT16_MAX; len++) {
		buf[2] = (uint8_t)(len >> 8);
		buf[3] = (uint8_t)len;
		ck_assert_int_eq(decode(buf, sizeof(buf), &h, &payload),
		    len < 12 || len > sizeof(buf) ? ERR_HEADER : ERR_NONE);
	}
}
END_TEST

/* v3-3.2.1-01, v3-3.2.1-03, v3-3.2.1-04, v3-3.2-01 */
START_TEST(control3_encode)
{
	uint8_t buf[sizeof(control3)];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 3, 0, 0x5678);	/* there is no session id */
	hdr_seal(&w, 9, 0x8001);
	ck_assert_uint_eq(w.len, HDR_CONTROL_LEN);
	ck_assert_mem_eq(buf, "\xc8\3\0\x0c\0\0\0\0\0\x09\x80\1", 12);
	wr_bytes(&w, "body", 4);
	hdr_address(&w, 3, 0x89abcdef);
	hdr_seal(&w, 9, 0x8001);
	ck_assert_int_eq(w.bad, 0);
	ck_assert_mem_eq(buf, control3, sizeof(control3));
}
END_TEST

/* The session id of L2TPv2 stays where it is. */
START_TEST(address)
{
	uint8_t buf[sizeof(control)];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, 0, 0x5678);
	wr_bytes(&w, "body", 4);
	hdr_address(&w, 2, 0x1234);
	hdr_address(&w, 3, 0x89abcdef);	/* not one of this version */
	hdr_seal(&w, 9, 0x8001);
	ck_assert_mem_eq(buf, control, sizeof(control));
	wr_init(&w, buf, 6);
	hdr_address(&w, 2, 1);		/* nothing was begun */
	ck_assert_int_ne(w.bad, 0);
}
END_TEST

/* v3-4.7.2-01: whatever is in it, it is the kernel's. */
START_TEST(data3)
{
	static const uint8_t data[] = {
		0x00, 0x03, 0x00, 0x00, 0x89, 0xab, 0xcd, 0xef, 'f'
	};
	struct bytes payload;
	struct hdr h;
	size_t len;

	for (len = 0; len <= sizeof(data); len++)
		ck_assert_int_eq(decode(data, len, &h, &payload),
		    len < 2 ? ERR_SHORT : ERR_NOT_CONTROL);
	ck_assert_int_eq(decode_word(0x7ff3), ERR_NOT_CONTROL);
}
END_TEST

/* A data message with the given flags; returns its length. */
static size_t
data_message(uint8_t *buf, size_t size, uint16_t flags, uint16_t offset,
    const char *payload)
{
	struct wr w;
	uint16_t i;

	wr_init(&w, buf, size);
	wr_u16(&w, flags | 2);
	if (flags & HDR_L)
		wr_u16(&w, 0);
	wr_u16(&w, 0x1111);
	wr_u16(&w, 0x2222);
	if (flags & HDR_S) {
		wr_u16(&w, 0x3333);
		wr_u16(&w, 0x4444);
	}
	if (flags & HDR_O) {
		wr_u16(&w, offset);
		for (i = 0; i < offset; i++)
			wr_u8(&w, (uint8_t)(0xa5 + i));
	}
	wr_bytes(&w, payload, strlen(payload));
	if (flags & HDR_L)
		wr_set16(&w, 2, (uint16_t)w.len);
	ck_assert_int_eq(w.bad, 0);
	return (w.len);
}

static const uint16_t data_flags[] = {
	0, HDR_L, HDR_S, HDR_O, HDR_L | HDR_S, HDR_L | HDR_O, HDR_S | HDR_O,
	HDR_L | HDR_S | HDR_O
};
#define NDATA	((int)(sizeof(data_flags) / sizeof(data_flags[0])))

/* v2-3.1-02, v2-3.1-06, v2-3.1-12, v2-3.1-13 */
START_TEST(data_every_combination)
{
	static const uint16_t offsets[] = { 0, 1, 7 };
	uint16_t flags = data_flags[_i];
	uint8_t buf[64];
	struct bytes payload;
	struct hdr h;
	size_t i, len;

	for (i = 0; i < 6; i++) {
		if (i >= 3)
			flags |= HDR_P;
		len = data_message(buf, sizeof(buf), flags, offsets[i % 3],
		    "frame");
		ck_assert_int_eq(decode(buf, len, &h, &payload),
		    ERR_NOT_CONTROL);
		ck_assert_uint_eq(h.tid, 0x1111);
		ck_assert_uint_eq(h.sid, 0x2222);
		ck_assert_uint_eq(h.length, flags & HDR_L ? len : 0);
		ck_assert_uint_eq(h.ns, flags & HDR_S ? 0x3333 : 0);
		ck_assert_uint_eq(h.nr, flags & HDR_S ? 0x4444 : 0);
		ck_assert_uint_eq(payload.len, 5);
		ck_assert_mem_eq(payload.p, "frame", 5);
	}
}
END_TEST

START_TEST(data_every_truncation)
{
	uint16_t flags = data_flags[_i];
	uint8_t buf[64];
	struct bytes payload;
	struct hdr h;
	enum l2tp_err err;
	size_t cut, head, len;

	head = data_message(buf, sizeof(buf), flags, 3, "");
	len = data_message(buf, sizeof(buf), flags, 3, "frame");
	for (cut = 0; cut < len; cut++) {
		err = decode(buf, cut, &h, &payload);
		if (flags & HDR_L)
			ck_assert_int_eq(err, cut < 4 ? ERR_SHORT : ERR_HEADER);
		else if (cut < head)
			ck_assert_int_eq(err, ERR_SHORT);
		else
			ck_assert_int_eq(err, ERR_NOT_CONTROL);
	}
}
END_TEST

/* Length bounds the payload and the offset, not the datagram. */
START_TEST(data_length_field)
{
	uint8_t buf[64];
	struct bytes payload;
	struct hdr h;
	size_t len;

	len = data_message(buf, sizeof(buf), HDR_L, 0, "frame+pad");
	buf[3] = (uint8_t)(len - 4);
	ck_assert_int_eq(decode(buf, len, &h, &payload), ERR_NOT_CONTROL);
	ck_assert_uint_eq(payload.len, 5);

	len = data_message(buf, sizeof(buf), HDR_L | HDR_O, 6, "frame");
	buf[3] = (uint8_t)(len - 5 - 1);
	ck_assert_int_eq(decode(buf, len, &h, &payload), ERR_SHORT);
	buf[3] = 3;		/* less than what was read to find it */
	ck_assert_int_eq(decode(buf, len, &h, &payload), ERR_HEADER);
}
END_TEST

START_TEST(data_offset_past_end)
{
	uint8_t buf[64];
	struct bytes payload;
	struct hdr h;
	size_t len;

	len = data_message(buf, sizeof(buf), HDR_O, 0, "frame");
	buf[7] = 5;
	ck_assert_int_eq(decode(buf, len, &h, &payload), ERR_NOT_CONTROL);
	ck_assert_uint_eq(payload.len, 0);
	buf[7] = 6;
	ck_assert_int_eq(decode(buf, len, &h, &payload), ERR_SHORT);
	buf[6] = buf[7] = 0xff;
	ck_assert_int_eq(decode(buf, len, &h, &payload), ERR_SHORT);
}
END_TEST

static Suite *
hdr_suite(void)
{
	Suite *s = suite_create("hdr");
	TCase *t = tcase_create("control");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, control_decode);
	tcase_add_test(t, every_first_word);
	tcase_add_test(t, reserved_bits);
	tcase_add_test(t, control_every_length_field);
	tcase_add_test(t, control_every_truncation);
	tcase_add_test(t, zlb);
	tcase_add_test(t, control_encode);
	tcase_add_test(t, encode_does_not_fit);
	tcase_add_test(t, seal_limits);
	tcase_add_test(t, control3_decode);
	tcase_add_test(t, control3_malformed);
	tcase_add_test(t, control3_encode);
	tcase_add_test(t, address);
	suite_add_tcase(s, t);
	t = tcase_create("data");
	tcase_add_loop_test(t, data_every_combination, 0, NDATA);
	tcase_add_loop_test(t, data_every_truncation, 0, NDATA);
	tcase_add_test(t, data_length_field);
	tcase_add_test(t, data_offset_past_end);
	tcase_add_test(t, data3);
	suite_add_tcase(s, t);
	return (s);
}

int
main(void)
{
	SRunner *sr = srunner_create(hdr_suite());
	int failed;

	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
