/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The AVP table against RFC 2661 section 4.4, and the decoding of single
 * AVPs: header bits, lengths, values, the M bit rule, vendors.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"
#include "avp.h"
#include "msg.h"

#define M	AVP_BIT_M
#define H	AVP_BIT_H

/*
 * Sections 4.4.1 to 4.4.6 once more, by number, from the text: M bit, may
 * be hidden, octets of value, and one message that has the attribute.
 */
static const struct want {
	uint16_t	type;
	uint8_t		m, hide;
	uint16_t	min, max;
	uint16_t	msg;
} wants[] = {
	{ 0, 1, 0, 2, 2, 6 },		/* v2-4.4.1-01 */
	{ 1, 1, 0, 2, 1017, 4 },	/* v2-4.4.2-01 */
	{ 2, 1, 0, 2, 2, 1 },		/* v2-4.4.3-01 */
	{ 3, 1, 1, 4, 4, 1 },		/* v2-4.4.3-03 */
	{ 4, 1, 1, 4, 4, 1 },		/* v2-4.4.3-05 */
	{ 5, 0, 0, 8, 8, 1 },		/* v2-4.4.3-09 */
	{ 6, 0, 1, 2, 2, 1 },		/* v2-4.4.3-14 */
	{ 7, 1, 0, 1, 1017, 1 },	/* v2-4.4.3-15 */
	{ 8, 0, 1, 0, 1017, 1 },	/* v2-4.4.3-17 */
	{ 9, 1, 1, 2, 2, 1 },		/* v2-4.4.3-18 */
	{ 10, 1, 0, 2, 2, 1 },		/* v2-4.4.3-23 */
	{ 11, 1, 1, 1, 1017, 1 },	/* v2-4.4.3-25 */
	{ 12, 1, 0, 3, 1017, 14 },	/* v2-4.4.4-01 */
	{ 13, 1, 1, 16, 16, 3 },	/* v2-4.4.3-26 */
	{ 14, 1, 1, 2, 2, 10 },		/* v2-4.4.4-02 */
	{ 15, 1, 1, 4, 4, 10 },		/* v2-4.4.4-06 */
	{ 16, 1, 1, 4, 4, 7 },		/* v2-4.4.4-08 */
	{ 17, 1, 1, 4, 4, 7 },		/* v2-4.4.4-09 */
	{ 18, 1, 1, 4, 4, 10 },		/* v2-4.4.4-10 */
	{ 19, 1, 1, 4, 4, 12 },		/* v2-4.4.4-13 */
	{ 21, 1, 1, 0, 1017, 10 },	/* v2-4.4.4-16 */
	{ 22, 1, 1, 0, 1017, 10 },	/* v2-4.4.4-17 */
	{ 23, 1, 1, 0, 1017, 10 },	/* v2-4.4.4-18 */
	{ 24, 1, 1, 4, 4, 12 },		/* v2-4.4.4-19 */
	{ 25, 0, 1, 4, 4, 10 },		/* v2-4.4.4-22 */
	{ 26, 0, 1, 0, 1017, 12 },	/* v2-4.4.5-01 */
	{ 27, 0, 1, 0, 1017, 12 },	/* v2-4.4.5-02 */
	{ 28, 0, 1, 0, 1017, 12 },	/* v2-4.4.5-03 */
	{ 29, 0, 1, 2, 2, 12 },		/* v2-4.4.5-04 */
	{ 30, 0, 1, 0, 1017, 12 },	/* v2-4.4.5-07 */
	{ 31, 0, 1, 1, 1017, 12 },	/* v2-4.4.5-08 */
	{ 32, 0, 1, 2, 2, 12 },		/* v2-4.4.5-09 */
	{ 33, 0, 1, 0, 1017, 12 },	/* v2-4.4.5-10 */
	{ 34, 1, 1, 26, 26, 15 },	/* v2-4.4.6-01 */
	{ 35, 1, 1, 10, 10, 16 },	/* v2-4.4.6-02 */
	{ 36, 1, 0, 0, 1017, 6 },	/* v2-4.4.1-05 */
	{ 37, 0, 1, 0, 1017, 12 },	/* v2-4.4.4-23 */
	{ 38, 0, 1, 4, 4, 12 },		/* v2-4.4.4-20 */
	{ 39, 1, 0, 0, 0, 12 }		/* v2-4.4.4-25 */
};
#define NWANTS	((int)(sizeof(wants) / sizeof(wants[0])))

/* RFC 5515, once more: all in ICRQ, and of vendor 3561. */
static const struct {
	uint16_t	type;
	uint16_t	min, max;
} lines[] = {
	{ 1, 1, 63 }, { 2, 1, 63 }, { 129, 8, 8 }, { 130, 8, 8 },
	{ 131, 8, 8 }, { 132, 8, 8 }, { 133, 8, 8 }, { 134, 8, 8 },
	{ 135, 8, 8 }, { 136, 8, 8 }, { 137, 8, 8 }, { 138, 8, 8 },
	{ 139, 4, 4 }, { 140, 4, 4 }, { 141, 4, 4 }, { 142, 4, 4 },
	{ 144, 3, 3 }, { 145, 4, 4 }, { 254, 4, 4 }
};
#define NLINES	((int)(sizeof(lines) / sizeof(lines[0])))

/* Lays out one AVP; returns its length. */
static size_t
put(uint8_t *buf, uint16_t flags, uint16_t vendor, uint16_t type,
    const void *value, size_t len)
{
	struct wr w;

	wr_init(&w, buf, AVP_LENGTH);
	wr_u16(&w, (uint16_t)(flags | (AVP_HEADER_LEN + len)));
	wr_u16(&w, vendor);
	wr_u16(&w, type);
	wr_bytes(&w, value, len);
	ck_assert_int_eq(w.bad, 0);
	return (w.len);
}

/* Decodes one AVP that is all there is, from memory of its exact size. */
static enum l2tp_err
decode(const uint8_t *buf, size_t len, struct msg *m)
{
	enum l2tp_err err;
	struct avp a;
	uint8_t *copy;
	struct rd r;

	copy = malloc(len);
	memcpy(copy, buf, len);
	rd_init(&r, copy, len);
	if ((err = avp_next(&r, &a)) == ERR_NONE) {
		ck_assert_int_ne(rd_end(&r), 0);
		err = avp_decode(&a, m, NULL);
	}
	free(copy);
	return (err);
}

static enum l2tp_err
decode_value(struct msg *m, uint16_t msg_type, uint16_t flags, uint16_t type,
    const void *value, size_t len)
{
	uint8_t buf[AVP_LENGTH];

	memset(m, 0, sizeof(*m));
	m->version = 2;
	m->type = msg_type;
	return (decode(buf, put(buf, flags, 0, type, value, len), m));
}

/* 1 if the AVP left nothing behind but that it was counted. */
static int
was_ignored(const struct msg *m)
{
	struct msg empty;

	memset(&empty, 0, sizeof(empty));
	empty.version = m->version;
	empty.type = m->type;
	empty.ignored = 1;
	empty.n_hidden = m->n_hidden;
	return (memcmp(&empty, m, sizeof(empty)) == 0);
}

/* A value of any length that is in range for every attribute. */
static const uint8_t *
fair_value(void)
{
	static uint8_t value[AVP_VALUE_MAX];

	memset(value, 1, sizeof(value));
	value[0] = 0;
	return (value);
}

START_TEST(table_walk)
{
	const struct avp_row *a, *b;
	int i, j;

	/* Those of L2TPv3 follow. */
	ck_assert_int_eq(NWANTS + NLINES, AVP_EXTENDED_VENDOR_ID);
	for (i = 0; i < AVP_NIDS; i++) {
		a = &avp_table[i];
		ck_assert_ptr_nonnull(a->name);
		ck_assert_uint_ne(a->name[0], '\0');
		ck_assert_uint_le(a->min, a->max);
		ck_assert_uint_le(a->max, AVP_VALUE_MAX);
		ck_assert_uint_lt(a->offset, sizeof(struct msg));
		ck_assert_uint_lt(a->kind, AVPK_NKINDS);
		ck_assert_int_eq(avp_find(a->vendor, a->type), i);
		for (j = 0; j < i; j++) {
			b = &avp_table[j];
			ck_assert_str_ne(a->name, b->name);
			/* Both assign the session's id. */
			ck_assert(a->offset != b->offset ||
			    i == AVP_LOCAL_SESSION_ID);
			ck_assert(a->vendor != b->vendor || a->type != b->type);
		}
	}
}
END_TEST

START_TEST(table_is_the_rfc)
{
	const struct want *want = &wants[_i];
	const struct avp_row *row = &avp_table[_i];

	ck_assert_uint_eq(row->vendor, 0);
	ck_assert_uint_eq(row->type, want->type);
	ck_assert_int_eq((row->flags & AVPF_M) != 0, want->m);
	ck_assert_int_eq((row->flags & AVPF_HIDE) != 0, want->hide);
	ck_assert_uint_eq(row->min, want->min);
	ck_assert_uint_eq(row->max, want->max);
	ck_assert_int_ne(msg_allows(2, want->msg, _i), 0);
}
END_TEST

START_TEST(table_is_rfc_5515)
{
	const struct avp_row *row = &avp_table[NWANTS + _i];

	ck_assert_uint_eq(row->vendor, 3561);
	ck_assert_uint_eq(row->type, lines[_i].type);
	ck_assert_uint_eq(row->flags, AVPF_HIDE | AVPF_KEEP);
	ck_assert_uint_eq(row->min, lines[_i].min);
	ck_assert_uint_eq(row->max, lines[_i].max);
	ck_assert_int_ne(msg_allows(2, MSG_ICRQ, NWANTS + _i), 0);
	ck_assert_int_eq(msg_allows(2, MSG_ICCN, NWANTS + _i), 0);
}
END_TEST

/* v2-4.1-09, v2-10.1-01 */
START_TEST(find_unknown)
{
	uint32_t type;
	int id;

	ck_assert_int_eq(avp_find(0, 20), -1);
	for (type = 40; type < 58; type++)
		ck_assert_int_eq(avp_find(0, (uint16_t)type), -1);
	ck_assert_int_eq(avp_find(0, 67), -1);
	for (type = 76; type <= UINT16_MAX; type++)
		ck_assert_int_eq(avp_find(0, (uint16_t)type), -1);
	for (id = 0; id < AVP_NIDS; id++) {
		ck_assert_int_eq(avp_find(9, avp_table[id].type), -1);
		ck_assert_int_eq(avp_find(3561, avp_table[id].type),
		    avp_table[id].vendor == 3561 ? id :
		    avp_table[id].type == 1 ? AVP_AGENT_CIRCUIT_ID :
		    avp_table[id].type == 2 ? AVP_AGENT_REMOTE_ID : -1);
		ck_assert_int_eq(avp_find(0x0100, avp_table[id].type), -1);
	}
}
END_TEST

/* v2-4.1-01: M=0x8000, H=0x4000, reserved 0x3c00, Length 0x03ff. */
START_TEST(header_bits)
{
	uint8_t buf[AVP_LENGTH];
	struct avp a;
	struct rd r;
	uint16_t bit;

	for (bit = 0x8000; bit >= 0x0400; bit >>= 1) {
		rd_init(&r, buf, put(buf, bit, 0x0102, 0x0304, "abc", 3));
		ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
		ck_assert_uint_eq(a.flags, bit);
		ck_assert_uint_eq(a.vendor, 0x0102);
		ck_assert_uint_eq(a.type, 0x0304);
		ck_assert_uint_eq(a.value.left, 3);
		ck_assert_mem_eq(a.value.p, "abc", 3);
	}
	rd_init(&r, buf, put(buf, 0xfc00, 0, 0, fair_value(), 1017));
	ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
	ck_assert_uint_eq(a.flags, 0xfc00);
	ck_assert_uint_eq(a.value.left, 1017);
}
END_TEST

/* v2-4.1-07 */
START_TEST(header_every_length)
{
	uint8_t buf[AVP_LENGTH];
	struct avp a;
	struct rd r;
	uint16_t len;

	for (len = 0; len <= AVP_LENGTH; len++) {
		put(buf, M, 0, 7, "host", 4);
		buf[0] = (uint8_t)(M >> 8 | len >> 8);
		buf[1] = (uint8_t)len;
		rd_init(&r, buf, 10);
		if (len < 6 || len > 10)
			ck_assert_int_eq(avp_next(&r, &a), ERR_AVP_LENGTH);
		else {
			ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
			ck_assert_uint_eq(a.value.left, (size_t)len - 6);
			ck_assert_uint_eq(r.left, (size_t)10 - len);
		}
	}
}
END_TEST

START_TEST(header_every_truncation)
{
	uint8_t buf[AVP_LENGTH];
	struct msg m;
	size_t cut, len;

	len = put(buf, M, 0, 7, "host", 4);
	memset(&m, 0, sizeof(m));
	m.version = 2;
	m.type = MSG_SCCRQ;
	for (cut = 0; cut < len; cut++)
		ck_assert_int_eq(decode(buf, cut, &m), ERR_AVP_LENGTH);
	ck_assert_int_eq(decode(buf, len, &m), ERR_NONE);
}
END_TEST

/* v2-4.1-03 */
START_TEST(reserved_bit_is_unrecognised)
{
	uint16_t bit;
	struct msg m;

	for (bit = 0x2000; bit >= 0x0400; bit >>= 1) {
		ck_assert_int_eq(decode_value(&m, MSG_SCCRQ, M | bit, 7, "a",
		    1), ERR_AVP_UNKNOWN);
		ck_assert_int_eq(m.have[AVP_HOST_NAME], 0);
		ck_assert_int_eq(decode_value(&m, MSG_SCCRQ, bit, 8, "a", 1),
		    ERR_NONE);
		ck_assert_int_ne(was_ignored(&m), 0);
	}
}
END_TEST

/* v2-4.1-06, v2-4.1-09, v2-10.1-01, and what broadband gear sends. */
START_TEST(unknown_by_the_m_bit)
{
	static const struct {
		uint16_t	vendor, type;
	} unknown[] = {
		{ 0, 20 }, { 0, 40 }, { 0, 0xffff }, { 9, 7 }, { 9, 0 },
		{ 3561, 3 }, { 3561, 143 }, { 0xffff, 14 }
	};
	uint8_t buf[AVP_LENGTH];
	struct msg m;
	size_t i, len;

	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		memset(&m, 0, sizeof(m));
		m.version = 2;
		m.type = MSG_ICRQ;
		len = put(buf, 0, unknown[i].vendor, unknown[i].type, "xx", 2);
		ck_assert_int_eq(decode(buf, len, &m), ERR_NONE);
		ck_assert_int_ne(was_ignored(&m), 0);
		len = put(buf, M, unknown[i].vendor, unknown[i].type, "xx", 2);
		ck_assert_int_eq(decode(buf, len, &m), ERR_AVP_UNKNOWN);
	}
}
END_TEST

/* A known attribute is accepted with either M bit. */
START_TEST(known_with_either_m_bit)
{
	const struct want *want = &wants[_i];
	struct msg m;

	ck_assert_int_eq(decode_value(&m, want->msg, M, want->type,
	    fair_value(), want->min), ERR_NONE);
	ck_assert_int_eq(m.have[_i], 1);
	ck_assert_uint_eq(m.ignored, 0);
	ck_assert_int_eq(decode_value(&m, want->msg, 0, want->type,
	    fair_value(), want->min), ERR_NONE);
	ck_assert_int_eq(m.have[_i], 1);
	ck_assert_uint_eq(m.ignored, 0);
}
END_TEST

/* Every length of every attribute; only the right ones are taken. */
START_TEST(value_every_length)
{
	const struct want *want = &wants[_i];
	struct msg m;
	size_t len;
	int good;

	for (len = 0; len <= AVP_VALUE_MAX; len++) {
		good = len >= want->min && len <= want->max;
		if (want->type == 1 && len == 3)
			good = 0;
		ck_assert_int_eq(decode_value(&m, want->msg, M, want->type,
		    fair_value(), len), good ? ERR_NONE : ERR_AVP_VALUE_LENGTH);
		ck_assert_int_eq(m.have[_i], good);
		ck_assert_int_eq(decode_value(&m, want->msg, 0, want->type,
		    fair_value(), len), ERR_NONE);
		ck_assert_int_eq(m.have[_i], good);
		ck_assert_int_eq(was_ignored(&m), !good);
	}
}
END_TEST

/*
 * v2-4.4.3-18, v2-4.4.4-02, v2-4.4.5-04, v2-4.4.5-09: what 0 and 0x01.. must
 * not be.
 */
START_TEST(value_out_of_range)
{
	static const struct {
		uint16_t	msg, type;
		const char	*value;
		int		good;
	} cases[] = {
		{ MSG_SCCRQ, 9, "\0\0", 0 }, { MSG_SCCRQ, 9, "\1\0", 1 },
		{ MSG_ICRQ, 14, "\0\0", 0 }, { MSG_ICRQ, 14, "\0\1", 1 },
		{ MSG_SCCRQ, 10, "\0\0", 0 }, { MSG_SCCRQ, 10, "\0\1", 1 },
		{ MSG_ICCN, 32, "\1\0", 0 }, { MSG_ICCN, 32, "\0\0", 1 },
		{ MSG_SCCRQ, 6, "\0\0", 1 }, { MSG_ICCN, 29, "\0\0", 0 },
		{ MSG_ICCN, 29, "\0\1", 1 }, { MSG_ICCN, 29, "\0\5", 1 },
		{ MSG_ICCN, 29, "\0\6", 0 }, { MSG_ICCN, 29, "\1\1", 0 },
		{ MSG_CDN, 1, "\0\0", 1 }, { MSG_SCCRQ, 2, "\0\0", 1 }
	};
	struct msg m;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_int_eq(decode_value(&m, cases[i].msg, M,
		    cases[i].type, cases[i].value, 2),
		    cases[i].good ? ERR_NONE : ERR_AVP_VALUE);
		ck_assert_int_eq(decode_value(&m, cases[i].msg, 0,
		    cases[i].type, cases[i].value, 2), ERR_NONE);
		ck_assert_int_eq(was_ignored(&m), !cases[i].good);
	}
}
END_TEST

/* v2-4.3-11: no secret, so nothing hidden can be read. */
START_TEST(hidden)
{
	const struct want *want = &wants[_i];
	struct msg m;
	size_t len;

	for (len = 0; len < 40; len++) {
		ck_assert_int_eq(decode_value(&m, want->msg, M | H, want->type,
		    fair_value(), len), ERR_AVP_HIDDEN);
		ck_assert_int_eq(m.have[_i], 0);
		ck_assert_int_eq(decode_value(&m, want->msg, H, want->type,
		    fair_value(), len), ERR_NONE);
		ck_assert_int_ne(was_ignored(&m), 0);
	}
}
END_TEST

START_TEST(no_use_in_this_message)
{
	struct msg m;

	ck_assert_int_eq(decode_value(&m, MSG_HELLO, M, 7, "host", 4),
	    ERR_NONE);
	ck_assert_int_ne(was_ignored(&m), 0);
	ck_assert_int_eq(decode_value(&m, MSG_HELLO, 0, 7, "host", 4),
	    ERR_NONE);
	ck_assert_int_ne(was_ignored(&m), 0);
}
END_TEST

START_TEST(first_of_two_counts)
{
	uint8_t buf[AVP_LENGTH];
	struct msg m;

	ck_assert_int_eq(decode_value(&m, MSG_SCCRQ, M, 9, "\0\1", 2),
	    ERR_NONE);
	ck_assert_int_eq(decode(buf, put(buf, M, 0, 9, "\0\2", 2), &m),
	    ERR_NONE);
	ck_assert_uint_eq(m.assigned_tid, 1);
	ck_assert_uint_eq(m.ignored, 1);
}
END_TEST

/* v2-4.4.1-05, v2-4.3-10: of Random Vectors the latest is in force. */
START_TEST(random_vector_recurs)
{
	static const size_t lens[] = { 0, 1, 16, 255, AVP_VALUE_MAX };
	uint8_t buf[AVP_LENGTH];
	struct avp a;
	struct msg m;
	struct rd r;
	size_t i;

	memset(&m, 0, sizeof(m));
	m.version = 2;
	m.type = MSG_HELLO;
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		rd_init(&r, buf, put(buf, M, 0, 36, fair_value(), lens[i]));
		ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
		ck_assert_int_eq(avp_decode(&a, &m, NULL), ERR_NONE);
		ck_assert_uint_eq(m.random_vector.len, lens[i]);
	}
	ck_assert_uint_eq(m.ignored, 0);
}
END_TEST

START_TEST(ignored_does_not_wrap)
{
	uint8_t buf[AVP_LENGTH];
	struct msg m;
	int i;

	memset(&m, 0, sizeof(m));
	m.version = 2;
	m.type = MSG_HELLO;
	for (i = 0; i < 300; i++)
		ck_assert_int_eq(decode(buf, put(buf, 0, 9, 1, "", 0), &m),
		    ERR_NONE);
	ck_assert_uint_eq(m.ignored, 255);
}
END_TEST

/* v2-4.4.2-01, v2-4.4.2-02 */
START_TEST(result_code_forms)
{
	struct avp a;
	struct msg m;
	struct rd r;
	uint8_t buf[AVP_LENGTH];
	size_t len;

	for (len = 0; len <= 6; len++) {
		memset(&m, 0, sizeof(m));
		m.version = 2;
		m.type = MSG_CDN;
		rd_init(&r, buf, put(buf, M, 0, 1, "\0\2\0\6ab", len));
		ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
		if (len < 2 || len == 3) {
			ck_assert_int_eq(avp_decode(&a, &m, NULL),
			    ERR_AVP_VALUE_LENGTH);
			continue;
		}
		ck_assert_int_eq(avp_decode(&a, &m, NULL), ERR_NONE);
		ck_assert_uint_eq(m.result, 2);
		ck_assert_int_eq(m.has_error, len >= 4);
		ck_assert_uint_eq(m.error, len >= 4 ? 6 : 0);
		ck_assert_uint_eq(m.error_text.len, len >= 4 ? len - 4 : 0);
		if (len > 4)
			ck_assert_mem_eq(m.error_text.p, "ab", len - 4);
	}
}
END_TEST

/* v2-4.4.3-15: opaque octets, an embedded NUL is one like any other. */
START_TEST(host_name_is_opaque)
{
	uint8_t buf[AVP_LENGTH];
	struct avp a;
	struct msg m;
	struct rd r;

	memset(&m, 0, sizeof(m));
	m.version = 2;
	m.type = MSG_SCCRQ;
	rd_init(&r, buf, put(buf, M, 0, 7, "a\0b\377", 4));
	ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
	ck_assert_int_eq(avp_decode(&a, &m, NULL), ERR_NONE);
	ck_assert_uint_eq(m.host_name.len, 4);
	ck_assert_mem_eq(m.host_name.p, "a\0b\377", 4);
}
END_TEST

/* v2-4.4.3-03, -05, v2-4.4.4-10, -13: undefined bits of masks are kept. */
START_TEST(masks_are_not_judged)
{
	static const uint16_t types[][2] = {
		{ MSG_SCCRQ, 3 }, { MSG_SCCRQ, 4 }, { MSG_ICRQ, 18 },
		{ MSG_ICCN, 19 }
	};
	struct msg m;
	size_t i;

	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(decode_value(&m, types[i][0], M, types[i][1],
		    "\377\377\377\377", 4), ERR_NONE);
		ck_assert_int_eq(decode_value(&m, types[i][0], M, types[i][1],
		    "\0\0\0\0", 4), ERR_NONE);
	}
}
END_TEST

/* v2-4.4.6-01, v2-4.4.6-02: reserved octets are ignored when received. */
START_TEST(reserved_octets_ignored)
{
	struct msg m;

	ck_assert_int_eq(decode_value(&m, MSG_SLI, M, 35,
	    "\377\377\0\1\2\3\4\5\6\7", 10), ERR_NONE);
	ck_assert_uint_eq(m.accm_send, 0x00010203);
	ck_assert_uint_eq(m.accm_receive, 0x04050607);
	ck_assert_int_eq(decode_value(&m, MSG_WEN, M, 34,
	    "\377\377\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\6", 26),
	    ERR_NONE);
	ck_assert_uint_eq(m.call_errors[0], 1);
	ck_assert_uint_eq(m.call_errors[5], 6);
}
END_TEST

/* The values of sample_values() as they must be on the wire. */
static const struct golden {
	enum avp_id	 id;
	size_t		 len;
	const char	*wire;
} goldens[] = {
	{ AVP_RESULT_CODE, 22,
	    "\x80\x16\0\0\0\x01\0\x02\0\x06no such luck" },
	{ AVP_PROTOCOL_VERSION, 8, "\x80\x08\0\0\0\x02\x01\0" },
	{ AVP_FRAMING_CAPS, 10, "\x80\x0a\0\0\0\x03\0\0\0\x03" },
	{ AVP_TIE_BREAKER, 14,
	    "\0\x0e\0\0\0\x05\x81\x02\x03\x04\x05\x06\x07\x08" },
	{ AVP_FIRMWARE, 8, "\0\x08\0\0\0\x06\x06\x90" },
	{ AVP_HOST_NAME, 21, "\x80\x15\0\0\0\x07lac.example.net" },
	{ AVP_ASSIGNED_TUNNEL_ID, 8, "\x80\x08\0\0\0\x09\x12\x34" },
	{ AVP_Q931_CAUSE, 16, "\x80\x10\0\0\0\x0c\0\x10\x45hung up" },
	{ AVP_PROXY_AUTH_ID, 8, "\0\x08\0\0\0\x20\0\x7f" },
	{ AVP_CALL_ERRORS, 32, "\x80\x20\0\0\0\x22\0\0\x11\x11\x11\x11"
	    "\x22\x22\x22\x22\x33\x33\x33\x33\x44\x44\x44\x44"
	    "\x55\x55\x55\x55\x66\x66\x66\x66" },
	{ AVP_ACCM, 16, "\x80\x10\0\0\0\x23\0\0\0\x0a\0\0\xff\xff\xff\xff" },
	{ AVP_SEQUENCING_REQUIRED, 6, "\x80\x06\0\0\0\x27" }
};
#define NGOLDENS	((int)(sizeof(goldens) / sizeof(goldens[0])))

/* v2-3.0-01, v2-4.1-01, v2-6.0-01 */
/* v2-4.4.2-03 */
START_TEST(encode_golden)
{
	const struct golden *g = &goldens[_i];
	uint8_t buf[64];
	struct msg m;
	struct wr w;

	sample_values(&m);
	wr_init(&w, buf, sizeof(buf));
	avp_encode(&w, 2, &m, g->id, NULL);
	ck_assert_int_eq(w.bad, 0);
	ck_assert_uint_eq(w.len, g->len);
	ck_assert_mem_eq(buf, g->wire, g->len);
}
END_TEST

/* v2-4.1-02, v2-4.3-01: for every attribute, and back again. */
START_TEST(encode_decode)
{
	const struct want *want = &wants[_i];
	uint8_t buf[AVP_LENGTH];
	struct msg m, back;
	struct avp a;
	struct wr w;
	struct rd r;

	sample_values(&m);
	m.type = want->msg;
	m.have[_i] = 1;
	wr_init(&w, buf, sizeof(buf));
	avp_encode(&w, 2, &m, _i, NULL);
	ck_assert_int_eq(w.bad, 0);
	ck_assert_uint_eq(buf[0] & 0xfc, want->m ? 0x80 : 0);
	rd_init(&r, buf, w.len);
	memset(&back, 0, sizeof(back));
	back.version = 2;
	back.type = want->msg;
	ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
	ck_assert_int_ne(rd_end(&r), 0);
	ck_assert_int_eq(avp_decode(&a, &back, NULL), ERR_NONE);
	ck_assert_int_ne(same_msg(&m, &back), 0);
}
END_TEST

START_TEST(encode_does_not_fit)
{
	uint8_t buf[AVP_LENGTH];
	struct msg m;
	struct wr w;
	size_t cap, len;

	sample_values(&m);
	wr_init(&w, buf, sizeof(buf));
	avp_encode(&w, 2, &m, _i, NULL);
	len = w.len;
	for (cap = 0; cap < len; cap++) {
		wr_init(&w, buf, cap);
		avp_encode(&w, 2, &m, _i, NULL);
		ck_assert_int_ne(w.bad, 0);
	}
}
END_TEST

/* v2-4.1-08, for every attribute of variable length. */
START_TEST(encode_longest)
{
	static const uint8_t long_value[AVP_VALUE_MAX + 1];
	const enum avp_id ids[] = {
		AVP_HOST_NAME, AVP_VENDOR_NAME, AVP_CHALLENGE,
		AVP_CALLED_NUMBER, AVP_PROXY_AUTH_NAME, AVP_RANDOM_VECTOR,
		AVP_PRIVATE_GROUP
	};
	uint8_t buf[2048];
	struct bytes *b;
	struct msg m;
	struct wr w;
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		memset(&m, 0, sizeof(m));
		b = (void *)((uint8_t *)&m + avp_table[ids[i]].offset);
		b->p = long_value;
		b->len = AVP_VALUE_MAX;
		wr_init(&w, buf, sizeof(buf));
		avp_encode(&w, 2, &m, ids[i], NULL);
		ck_assert_int_eq(w.bad, 0);
		ck_assert_uint_eq(w.len, 1023);
		ck_assert_uint_eq(buf[0] & 0x7f, 0x03);
		ck_assert_uint_eq(buf[1], 0xff);
		b->len++;
		wr_init(&w, buf, sizeof(buf));
		avp_encode(&w, 2, &m, ids[i], NULL);
		ck_assert_int_ne(w.bad, 0);
	}
}
END_TEST

START_TEST(encode_result_longest)
{
	static const uint8_t text[AVP_VALUE_MAX];
	uint8_t buf[2048];
	struct msg m;
	struct wr w;

	memset(&m, 0, sizeof(m));
	m.has_error = 1;
	m.error_text.p = text;
	m.error_text.len = AVP_VALUE_MAX - 4;
	wr_init(&w, buf, sizeof(buf));
	avp_encode(&w, 2, &m, AVP_RESULT_CODE, NULL);
	ck_assert_int_eq(w.bad, 0);
	m.error_text.len++;
	wr_init(&w, buf, sizeof(buf));
	avp_encode(&w, 2, &m, AVP_RESULT_CODE, NULL);
	ck_assert_int_ne(w.bad, 0);
}
END_TEST

/* v2-4.4.2-01: the error only if there is one, the text only with it. */
START_TEST(encode_result_forms)
{
	uint8_t buf[64];
	struct msg m;
	struct wr w;

	sample_values(&m);
	m.has_error = 0;
	wr_init(&w, buf, sizeof(buf));
	avp_encode(&w, 2, &m, AVP_RESULT_CODE, NULL);
	ck_assert_uint_eq(w.len, 8);
	m.has_error = 1;
	m.error_text.len = 0;
	wr_init(&w, buf, sizeof(buf));
	avp_encode(&w, 2, &m, AVP_RESULT_CODE, NULL);
	ck_assert_uint_eq(w.len, 10);
	ck_assert_int_eq(w.bad, 0);
}
END_TEST

/* v2-4.4.3-15, -25: we do not send what we would not take. */
/* v2-7.1-07 */
START_TEST(encode_too_short)
{
	const enum avp_id ids[] = {
		AVP_HOST_NAME, AVP_CHALLENGE, AVP_CHALLENGE_RESPONSE,
		AVP_PROXY_AUTH_CHALLENGE
	};
	uint8_t buf[64];
	struct msg m;
	struct wr w;
	size_t i;

	memset(&m, 0, sizeof(m));
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		wr_init(&w, buf, sizeof(buf));
		avp_encode(&w, 2, &m, ids[i], NULL);
		ck_assert_int_ne(w.bad, 0);
	}
}
END_TEST

/* v2-4.4.2-04, -06, -07, -08: codes and phrases for every error. */
START_TEST(error_table)
{
	const struct err_row *row;
	int err, other;

	for (err = 0; err < ERR_NERRS; err++) {
		row = err_row(err);
		ck_assert_ptr_nonnull(row->phrase);
		ck_assert_uint_ne(row->phrase[0], '\0');
		for (other = 0; other < err; other++)
			ck_assert_str_ne(row->phrase, err_phrase(other));
		ck_assert_uint_le(row->stopccn_result, 7);
		ck_assert_uint_le(row->cdn_result, L2TP_CDN_FSM);
		/* of result 5 it is a version and no error code */
		if (row->stopccn_result != 5)
			ck_assert_uint_le(row->error, 8);
		/* answered as both, or as neither */
		ck_assert_int_eq(row->stopccn_result == 0,
		    row->cdn_result == 0);
		if (row->stopccn_result == 2 || row->cdn_result == 2)
			ck_assert_uint_ne(row->error, 0);
	}
	ck_assert_ptr_nonnull(err_row(ERR_NERRS));
	ck_assert_str_eq(err_phrase(-1), "unknown error");
	ck_assert_str_eq(err_phrase(ERR_NERRS), "unknown error");
}
END_TEST

/* v2-4.4.2-05, -08, -09 */
/* v2-4.4.2-08 */
START_TEST(error_codes)
{
	static const struct {
		enum l2tp_err	err;
		uint16_t	stopccn, cdn, error;
	} cases[] = {
		{ ERR_AVP_LENGTH, 2, 2, 2 },
		{ ERR_AVP_VALUE_LENGTH, 2, 2, 2 },
		{ ERR_AVP_VALUE, 2, 2, 3 },
		{ ERR_AVP_UNKNOWN, 2, 2, 8 },
		{ ERR_NOMEM, 2, 2, 4 },
		{ ERR_NO_CALL, 2, 2, 5 },
		{ ERR_PROTO_VERSION, 5, 2, 0x0100 },
		{ ERR_VERSION, 0, 0, 0 },
		{ ERR_MSG_IGNORED, 0, 0, 0 }
	};
	const struct err_row *row;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		row = err_row(cases[i].err);
		ck_assert_uint_eq(row->stopccn_result, cases[i].stopccn);
		ck_assert_uint_eq(row->cdn_result, cases[i].cdn);
		ck_assert_uint_eq(row->error, cases[i].error);
	}
	ck_assert_uint_eq(err_row(ERR_AUTH)->stopccn_result, 4);
	ck_assert_uint_eq(err_row(ERR_FSM)->stopccn_result, 7);
}
END_TEST

static TCase *
table_case(void)
{
	TCase *t = tcase_create("tables");

	tcase_add_test(t, table_walk);
	tcase_add_loop_test(t, table_is_the_rfc, 0, NWANTS);
	tcase_add_loop_test(t, table_is_rfc_5515, 0, NLINES);
	tcase_add_test(t, find_unknown);
	tcase_add_test(t, error_table);
	tcase_add_test(t, error_codes);
	return (t);
}

static TCase *
decode_case(void)
{
	TCase *t = tcase_create("decode");

	tcase_add_test(t, header_bits);
	tcase_add_test(t, header_every_length);
	tcase_add_test(t, header_every_truncation);
	tcase_add_test(t, reserved_bit_is_unrecognised);
	tcase_add_test(t, unknown_by_the_m_bit);
	tcase_add_loop_test(t, known_with_either_m_bit, 0, NWANTS);
	tcase_add_loop_test(t, value_every_length, 0, NWANTS);
	tcase_add_test(t, value_out_of_range);
	tcase_add_loop_test(t, hidden, 0, NWANTS);
	tcase_add_test(t, no_use_in_this_message);
	tcase_add_test(t, first_of_two_counts);
	tcase_add_test(t, random_vector_recurs);
	tcase_add_test(t, ignored_does_not_wrap);
	tcase_add_test(t, result_code_forms);
	tcase_add_test(t, host_name_is_opaque);
	tcase_add_test(t, masks_are_not_judged);
	tcase_add_test(t, reserved_octets_ignored);
	return (t);
}

static TCase *
encode_case(void)
{
	TCase *t = tcase_create("encode");

	tcase_add_loop_test(t, encode_golden, 0, NGOLDENS);
	tcase_add_loop_test(t, encode_decode, 0, NWANTS);
	tcase_add_loop_test(t, encode_does_not_fit, 0, NWANTS);
	tcase_add_test(t, encode_longest);
	tcase_add_test(t, encode_result_longest);
	tcase_add_test(t, encode_result_forms);
	tcase_add_test(t, encode_too_short);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("avp");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, table_case());
	suite_add_tcase(s, decode_case());
	suite_add_tcase(s, encode_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
