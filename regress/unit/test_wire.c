/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The cursors: byte order, and that nothing is read or written past the
 * end, whatever the end.  Buffers are of exact size, so that the address
 * sanitizer sees what these tests do not.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

static const uint8_t octets[] = {
	0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a
};

/* Every way to read, and how many octets it takes. */
static uint64_t
read_u8(struct rd *r)
{
	return (rd_u8(r));
}

static uint64_t
read_u16(struct rd *r)
{
	return (rd_u16(r));
}

static uint64_t
read_u32(struct rd *r)
{
	return (rd_u32(r));
}

static uint64_t
read_bytes(struct rd *r)
{
	struct bytes b;

	b = rd_bytes(r, 5);
	ck_assert_int_eq(b.p == NULL, b.len == 0);
	return (b.len == 0 ? 0 : b.p[4]);
}

static uint64_t
read_copy(struct rd *r)
{
	uint8_t buf[3] = { 0xff, 0xff, 0xff };

	rd_copy(r, buf, sizeof(buf));
	return ((uint64_t)(buf[0] << 16 | buf[1] << 8 | buf[2]));
}

static uint64_t
read_sub(struct rd *r)
{
	struct rd sub;

	sub = rd_sub(r, 7);
	ck_assert_int_eq(sub.bad, r->bad);
	ck_assert_uint_eq(sub.left, r->bad ? 0 : 7);
	rd_skip(&sub, 6);
	return (rd_u8(&sub));
}

static uint64_t
read_skip(struct rd *r)
{
	rd_skip(r, 9);
	return (rd_u8(r));
}

static const struct reader {
	uint64_t	(*read)(struct rd *);
	size_t		 len;
	uint64_t	 value;
} readers[] = {
	{ read_u8, 1, 0x81 },
	{ read_u16, 2, 0x8182 },
	{ read_copy, 3, 0x818283 },
	{ read_u32, 4, 0x81828384 },
	{ read_bytes, 5, 0x85 },
	{ read_sub, 7, 0x87 },
	{ rd_u64, 8, 0x8182838485868788 },
	{ read_skip, 10, 0x8a }
};
#define NREADERS	((int)(sizeof(readers) / sizeof(readers[0])))

/* Most significant octet first: v2-3.0-01.  Cut off at every length. */
START_TEST(rd_every_length)
{
	const struct reader *t = &readers[_i];
	struct rd r;
	uint8_t *p;
	size_t len;

	for (len = 0; len <= sizeof(octets); len++) {
		p = malloc(len);
		memcpy(p, octets, len);
		rd_init(&r, p, len);
		if (len < t->len) {
			ck_assert_uint_eq(t->read(&r), 0);
			ck_assert_int_ne(r.bad, 0);
			ck_assert_uint_eq(r.left, 0);
			ck_assert_int_eq(rd_end(&r), 0);
		} else {
			ck_assert_uint_eq(t->read(&r), t->value);
			ck_assert_int_eq(r.bad, 0);
			ck_assert_uint_eq(r.left, len - t->len);
			ck_assert_int_eq(rd_end(&r), len == t->len);
		}
		free(p);
	}
}
END_TEST

START_TEST(rd_bad_is_sticky)
{
	struct bytes b;
	struct rd r;
	int i;

	for (i = 0; i < NREADERS; i++) {
		rd_init(&r, octets, sizeof(octets));
		rd_skip(&r, sizeof(octets) + 1);
		ck_assert_uint_eq(readers[i].read(&r), 0);
		b = rd_rest(&r);
		ck_assert_ptr_null(b.p);
		ck_assert_uint_eq(b.len, 0);
		ck_assert_int_eq(rd_end(&r), 0);
	}
}
END_TEST

START_TEST(rd_length_does_not_wrap)
{
	struct bytes b;
	struct rd r, sub;

	rd_init(&r, octets, sizeof(octets));
	b = rd_bytes(&r, SIZE_MAX);
	ck_assert_ptr_null(b.p);
	ck_assert_uint_eq(b.len, 0);
	rd_init(&r, octets, sizeof(octets));
	sub = rd_sub(&r, SIZE_MAX - 1);
	ck_assert_int_ne(sub.bad, 0);
	ck_assert_int_ne(r.bad, 0);
}
END_TEST

START_TEST(rd_sub_stays_inside)
{
	struct rd r, sub;

	rd_init(&r, octets, sizeof(octets));
	sub = rd_sub(&r, 2);
	ck_assert_uint_eq(rd_u16(&sub), 0x8182);
	ck_assert_uint_eq(rd_u8(&sub), 0);
	ck_assert_int_ne(sub.bad, 0);
	/* what the sub-cursor does is no fault of its parent */
	ck_assert_int_eq(r.bad, 0);
	ck_assert_uint_eq(rd_u8(&r), 0x83);
}
END_TEST

START_TEST(rd_rest_borrows)
{
	struct bytes b;
	struct rd r;

	rd_init(&r, octets, sizeof(octets));
	rd_skip(&r, 4);
	b = rd_rest(&r);
	ck_assert_ptr_eq(b.p, octets + 4);
	ck_assert_uint_eq(b.len, sizeof(octets) - 4);
	ck_assert_int_ne(rd_end(&r), 0);
	b = rd_rest(&r);
	ck_assert_uint_eq(b.len, 0);
	ck_assert_int_ne(rd_end(&r), 0);
}
END_TEST

START_TEST(rd_of_nothing)
{
	struct rd r, sub;

	rd_init(&r, NULL, 0);
	ck_assert_int_ne(rd_end(&r), 0);
	rd_skip(&r, 0);
	rd_copy(&r, NULL, 0);
	sub = rd_sub(&r, 0);
	ck_assert_int_ne(rd_end(&sub), 0);
	ck_assert_uint_eq(rd_rest(&r).len, 0);
	ck_assert_int_ne(rd_end(&r), 0);
	ck_assert_uint_eq(rd_u8(&r), 0);
	ck_assert_int_eq(rd_end(&r), 0);
}
END_TEST

static const uint8_t written[] = {
	0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
	0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 'a', 'b'
};

static void
write_all(struct wr *w)
{
	wr_u8(w, 0x01);
	wr_u16(w, 0x0203);
	wr_u32(w, 0x04050607);
	wr_u64(w, 0x08090a0b0c0d0e0f);
	wr_bytes(w, "ab", 2);
	wr_bytes(w, NULL, 0);
}

/* v2-3.0-01 */
START_TEST(wr_order)
{
	uint8_t buf[sizeof(written)];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	write_all(&w);
	ck_assert_int_eq(w.bad, 0);
	ck_assert_uint_eq(w.len, sizeof(written));
	ck_assert_uint_eq(w.left, 0);
	ck_assert_mem_eq(buf, written, sizeof(written));
}
END_TEST

START_TEST(wr_every_capacity)
{
	struct wr w;
	uint8_t *p;
	size_t cap, len;

	for (cap = 0; cap < sizeof(written); cap++) {
		p = malloc(cap);
		wr_init(&w, p, cap);
		write_all(&w);
		ck_assert_int_ne(w.bad, 0);
		ck_assert_uint_le(w.len, cap);
		ck_assert_mem_eq(p, written, w.len);
		len = w.len;
		wr_u8(&w, 0xff);	/* sticky, even if it would fit */
		ck_assert_uint_eq(w.len, len);
		free(p);
	}
}
END_TEST

START_TEST(wr_length_does_not_wrap)
{
	uint8_t buf[4];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u8(&w, 1);
	wr_bytes(&w, "x", SIZE_MAX);
	ck_assert_int_ne(w.bad, 0);
	ck_assert_uint_eq(w.len, 1);
}
END_TEST

START_TEST(wr_reserve_and_set)
{
	static const uint8_t want[] = { 0xaa, 0x12, 0x34, 0xbb };
	uint8_t buf[sizeof(want)];
	struct wr w;
	size_t at;

	wr_init(&w, buf, sizeof(buf));
	wr_u8(&w, 0xaa);
	at = wr_reserve16(&w);
	wr_u8(&w, 0xbb);
	wr_set16(&w, at, 0x1234);
	ck_assert_int_eq(w.bad, 0);
	ck_assert_uint_eq(w.len, sizeof(want));
	ck_assert_mem_eq(buf, want, sizeof(want));
}
END_TEST

/* Only what has been written can be set, wherever the buffer ends. */
START_TEST(wr_set_out_of_range)
{
	static const size_t good[] = { 0, 1, 2 };
	static const size_t wrong[] = { 3, 4, 7, SIZE_MAX, SIZE_MAX - 1 };
	uint8_t buf[8] = { 0 };
	struct wr w;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		wr_init(&w, buf, sizeof(buf));
		wr_u32(&w, 0);
		wr_set16(&w, good[i], 0xffff);
		ck_assert_int_eq(w.bad, 0);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		memset(buf, 0, sizeof(buf));
		wr_init(&w, buf, sizeof(buf));
		wr_u32(&w, 0);
		wr_set16(&w, wrong[i], 0xffff);
		ck_assert_int_ne(w.bad, 0);
		ck_assert_mem_eq(buf, "\0\0\0\0\0\0\0\0", 8);
	}
	wr_init(&w, buf, sizeof(buf));
	wr_u8(&w, 0);
	wr_set16(&w, 0, 0xffff);	/* one octet is not two */
	ck_assert_int_ne(w.bad, 0);
}
END_TEST

START_TEST(wr_set_on_bad)
{
	uint8_t buf[2] = { 1, 2 };
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u16(&w, 0x0102);
	wr_u8(&w, 3);
	wr_set16(&w, 0, 0xffff);
	ck_assert_int_ne(w.bad, 0);
	ck_assert_mem_eq(buf, "\001\002", 2);
}
END_TEST

static Suite *
wire_suite(void)
{
	Suite *s = suite_create("wire");
	TCase *t = tcase_create("rd");

	tcase_add_loop_test(t, rd_every_length, 0, NREADERS);
	tcase_add_test(t, rd_bad_is_sticky);
	tcase_add_test(t, rd_length_does_not_wrap);
	tcase_add_test(t, rd_sub_stays_inside);
	tcase_add_test(t, rd_rest_borrows);
	tcase_add_test(t, rd_of_nothing);
	suite_add_tcase(s, t);
	t = tcase_create("wr");
	tcase_add_test(t, wr_order);
	tcase_add_test(t, wr_every_capacity);
	tcase_add_test(t, wr_length_does_not_wrap);
	tcase_add_test(t, wr_reserve_and_set);
	tcase_add_test(t, wr_set_out_of_range);
	tcase_add_test(t, wr_set_on_bad);
	suite_add_tcase(s, t);
	return (s);
}

int
main(void)
{
	SRunner *sr = srunner_create(wire_suite());
	int failed;

	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
