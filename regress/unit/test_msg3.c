/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The messages and AVPs of L2TPv3 (RFC 3931 sections 3.1, 5 and 6), written
 * down a second time; and what of the other version is in them.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "msg.h"
#include "sample.h"

#define M		AVP_BIT_M
#define END		0xff
#define MAX_BODY	2048

/* RFC 3931 section 6, as attribute types. */
static const struct want {
	uint8_t		type;
	const char	*name;
	uint8_t		scope;
	uint8_t		must[8], may[10];
} wants[] = {
	{ 1, "SCCRQ", MSG_TUNNEL, { 7, 60, 61, 62, END },	/* v3-6.1-01 */
	    { 73, 5, 8, 10, 72, END } },
	{ 2, "SCCRP", MSG_TUNNEL, { 7, 60, 61, 62, END },	/* v3-6.2-01 */
	    { 73, 8, 10, 72, END } },
	{ 3, "SCCCN", MSG_TUNNEL, { END }, { END } },		/* v3-6.3-01 */
	{ 4, "StopCCN", MSG_TUNNEL, { 1, END }, { 61, END } },	/* v3-6.4-01 */
	{ 6, "HELLO", MSG_TUNNEL, { END }, { END } },		/* v3-6.5-01 */
	{ 7, "OCRQ", MSG_SESSION,				/* v3-6.9-01 */
	    { 63, 64, 15, 68, 66, 71, END },
	    { 65, 74, 75, 5, 69, 70, END } },
	{ 8, "OCRP", MSG_SESSION, { 63, 64, 71, END },		/* v3-6.10-01 */
	    { 65, 69, 74, 75, 70, 25, END } },
	{ 9, "OCCN", MSG_SESSION, { 63, 64, END },		/* v3-6.11-01 */
	    { 69, 74, 75, 70, 71, END } },
	{ 10, "ICRQ", MSG_SESSION,				/* v3-6.6-01 */
	    { 63, 64, 15, 68, 66, 71, END },
	    { 65, 5, 69, 70, 74, 75, 25, END } },
	{ 11, "ICRP", MSG_SESSION, { 63, 64, 71, END },		/* v3-6.7-01 */
	    { 65, 69, 70, 74, 75, 25, END } },
	{ 12, "ICCN", MSG_SESSION, { 63, 64, END },		/* v3-6.8-01 */
	    { 69, 70, 74, 75, 71, END } },
	{ 14, "CDN", MSG_SESSION, { 1, 63, 64, END }, { END } },/* v3-6.12-01 */
	{ 15, "WEN", MSG_SESSION, { 63, 64, 34, END },		/* v3-6.13-01 */
	    { END } },
	{ 16, "SLI", MSG_SESSION, { 63, 64, END },		/* v3-6.14-01 */
	    { 71, END } },
	{ 20, "ACK", MSG_TUNNEL, { END }, { END } }		/* v3-6.15-01 */
};
#define NWANTS	((int)(sizeof(wants) / sizeof(wants[0])))

/*
 * Sections 5.4.1 to 5.4.5: type, M bit as it SHOULD be sent, whether it may
 * be hidden, octets of value, and a message that has it.
 */
static const struct attribute {
	uint8_t		type, m, hide;
	uint16_t	min, max;
	uint8_t		msg;
} attributes[] = {
	{ 0, 1, 0, 2, 2, 6 },		/* v3-5.4.1-01 */
	{ 59, 1, 0, 1, 1017, 6 },	/* v3-5.4.1-07 */
	{ 73, 1, 0, 0, 1017, 1 },	/* v3-5.4.1-16 */
	{ 36, 1, 0, 0, 1017, 6 },	/* v3-5.4.1-18 */
	{ 1, 1, 0, 2, 1017, 4 },	/* v3-5.4.2-01 */
	{ 5, 1, 0, 8, 8, 1 },		/* v3-5.4.3-01, v3-5.4.4-12 */
	{ 7, 1, 0, 1, 1017, 1 },	/* v3-5.4.3-07 */
	{ 60, 1, 0, 4, 4, 1 },		/* v3-5.4.3-09 */
	{ 8, 0, 1, 0, 1017, 1 },	/* v3-5.4.3-10 */
	{ 61, 1, 1, 4, 4, 1 },		/* v3-5.4.3-11 */
	{ 10, 1, 0, 2, 2, 1 },		/* v3-5.4.3-15 */
	{ 62, 1, 1, 2, 1017, 1 },	/* v3-5.4.3-16 */
	{ 72, 0, 1, 0, 1017, 1 },	/* v3-5.4.3-17 */
	{ 63, 1, 1, 4, 4, 10 },		/* v3-5.4.4-01 */
	{ 64, 1, 1, 4, 4, 10 },		/* v3-5.4.4-03 */
	{ 65, 1, 1, 0, 8, 10 },		/* v3-5.4.4-07 */
	{ 15, 0, 1, 4, 4, 10 },		/* v3-5.4.4-09 */
	{ 66, 1, 1, 0, 1017, 10 },	/* v3-5.4.4-10 */
	{ 68, 1, 1, 2, 2, 10 },		/* v3-5.4.4-15 */
	{ 69, 1, 1, 2, 2, 10 },		/* v3-5.4.4-17 */
	{ 70, 1, 1, 2, 2, 10 },		/* v3-5.4.4-19 */
	{ 74, 0, 1, 8, 8, 10 },		/* v3-5.4.4-25 */
	{ 75, 0, 1, 8, 8, 10 },
	{ 25, 0, 1, 4, 4, 10 },		/* v3-5.4.4-26 */
	{ 71, 1, 1, 2, 2, 10 },		/* v3-5.4.5-01 */
	{ 34, 0, 1, 26, 26, 15 },	/* v3-5.4.5-07 */
	{ 58, 0, 1, 6, 1017, 6 }	/* v3-5.1-04 */
};
#define NATTRIBUTES	((int)(sizeof(attributes) / sizeof(attributes[0])))

static uint8_t	buf[MAX_BODY];

/* The sample message, complete or with what it must have; its length. */
static size_t
encode(uint8_t version, uint16_t type, int all)
{
	struct msg m;
	struct wr w;

	sample_msg(&m, version, type, all);
	wr_init(&w, buf, sizeof(buf));
	msg_encode(&w, version, &m, NULL);
	ck_assert_int_eq(w.bad, 0);
	return (w.len);
}

/* From memory of the exact size; m's octets are not valid afterwards. */
static enum l2tp_err
decode_exact(uint8_t version, const uint8_t *p, size_t len, struct msg *m)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	enum l2tp_err err;
	struct rd r;

	memcpy(copy, p, len);
	rd_init(&r, copy, len);
	err = msg_decode(&r, version, m, NULL);
	free(copy);
	return (err);
}

/* A message that has no AVP but this one. */
static enum l2tp_err
decode_one(uint8_t version, uint16_t type, uint16_t flags, uint16_t vendor,
    uint16_t attribute, const void *value, size_t len, struct msg *m)
{
	struct msg empty = { .type = type };
	struct rd r;
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	avp_encode(&w, version, &empty, AVP_MESSAGE_TYPE, NULL);
	wr_u16(&w, (uint16_t)(flags | (AVP_HEADER_LEN + len)));
	wr_u16(&w, vendor);
	wr_u16(&w, attribute);
	wr_bytes(&w, value, len);
	ck_assert_int_eq(w.bad, 0);
	rd_init(&r, buf, w.len);
	return (msg_decode(&r, version, m, NULL));
}

static void
check_list(const uint8_t *ids, const uint8_t *want)
{
	for (; *want != END; want++, ids++) {
		ck_assert_uint_ne(*ids, AVP_NIDS);
		ck_assert_uint_eq(avp_table[*ids].vendor, 0);
		ck_assert_uint_eq(avp_table[*ids].type, *want);
	}
	ck_assert_uint_eq(*ids, AVP_NIDS);
}

START_TEST(messages)
{
	const struct want *want = &wants[_i];
	const struct msg_row *row = &msg_table[3][want->type];
	uint8_t may[AVP_NIDS] = { 0 };
	size_t i, n;

	ck_assert_str_eq(row->name, want->name);
	ck_assert_str_eq(msg_name(want->type), want->name);
	ck_assert_uint_eq(row->scope, want->scope);
	check_list(row->must, want->must);
	/* The order of what may be there is no one's business. */
	for (n = 0; row->may[n] != AVP_NIDS; n++)
		may[row->may[n]]++;
	for (i = 0; want->may[i] != END; i++)
		ck_assert_uint_eq(may[avp_find(0, want->may[i])], 1);
	ck_assert_uint_eq(i, n);
}
END_TEST

/* v3-3.1-01: no other types, and 0, 5 and 13 are reserved. */
START_TEST(message_types)
{
	int type, known = 0;

	for (type = 0; type < MSG_NTYPES; type++)
		known += msg_table[3][type].must != NULL;
	ck_assert_int_eq(known, NWANTS);
	ck_assert_ptr_null(msg_table[3][0].must);
	ck_assert_ptr_null(msg_table[3][5].must);
	ck_assert_ptr_null(msg_table[3][13].must);
	ck_assert_ptr_null(msg_table[2][MSG_ACK].must);
}
END_TEST

START_TEST(avps)
{
	const struct attribute *want = &attributes[_i];
	const struct avp_row *row;
	int id = avp_find(0, want->type);

	ck_assert_int_ne(id, -1);
	row = &avp_table[id];
	ck_assert_int_eq((row->flags & AVPF_M3) != 0, want->m);
	ck_assert_int_eq((row->flags & AVPF_HIDE) != 0, want->hide);
	ck_assert_uint_eq(row->min, want->min);
	ck_assert_uint_eq(row->max, want->max);
	ck_assert_int_ne(row->flags & (AVPF_BOTH | AVPF_V3), 0);
	ck_assert_int_ne(msg_allows(3, want->msg, (enum avp_id)id), 0);
}
END_TEST

/* v3-5.2-04, v3-5.2-05: these, and no others. */
START_TEST(avps_of_version)
{
	int id, n = 0;

	for (id = 0; id < AVP_NIDS; id++)
		n += (avp_table[id].flags & (AVPF_BOTH | AVPF_V3)) != 0;
	ck_assert_int_eq(n, NATTRIBUTES);
}
END_TEST

/* v3-3.2-01, v3-5.1-02, v3-5.4.4-03, v3-5.4.5-01 */
START_TEST(golden_icrq)
{
	static const char want[] =
	    "\x80\x08\0\0\0\0\0\x0a"
	    "\x80\x0a\0\0\0\x3f\0\0\x56\x78"
	    "\x80\x0a\0\0\0\x40\x9a\xbc\xde\xf0"
	    "\0\x0a\0\0\0\x0f\x01\x02\x03\x04"
	    "\x80\x08\0\0\0\x44\0\x05"
	    "\x80\x10\0\0\0\x42" "circuit 17"
	    "\x80\x08\0\0\0\x47\0\x03"
	    "\x80\x0e\0\0\0\x41" "cookie 8"
	    "\x80\x0e\0\0\0\x05\x81\x02\x03\x04\x05\x06\x07\x08"
	    "\x80\x08\0\0\0\x45\0\x01"
	    "\x80\x08\0\0\0\x46\0\x02"
	    "\0\x0e\0\0\0\x4a\x01\x02\x03\x04\x05\x06\x07\x08"
	    "\0\x0e\0\0\0\x4b\0\0\0\x02\x54\x0b\xe4\0"
	    "\0\x0a\0\0\0\x19\xde\xad\xbe\xef";

	ck_assert_uint_eq(encode(3, MSG_ICRQ, 1), sizeof(want) - 1);
	ck_assert_mem_eq(buf, want, sizeof(want) - 1);
}
END_TEST

/* v3-5.2-07: of L2TPv3 alone, the M bit is as it SHOULD be. */
START_TEST(golden_sccrq)
{
	static const char want[] =
	    "\x80\x08\0\0\0\0\0\x01"
	    "\x80\x15\0\0\0\x07lac.example.net"
	    "\x80\x0a\0\0\0\x3c\xc0\0\x02\x01"
	    "\x80\x0a\0\0\0\x3d\x89\xab\xcd\xef"
	    "\x80\x0a\0\0\0\x3e\x01\x05\x01\x07";

	ck_assert_uint_eq(encode(3, MSG_SCCRQ, 0), sizeof(want) - 1);
	ck_assert_mem_eq(buf, want, sizeof(want) - 1);
}
END_TEST

START_TEST(round_trip)
{
	struct msg m, back;
	struct rd r;
	int all;

	for (all = 0; all < 2; all++) {
		sample_msg(&m, 3, wants[_i].type, all);
		rd_init(&r, buf, encode(3, wants[_i].type, all));
		ck_assert_int_eq(msg_decode(&r, 3, &back, NULL), ERR_NONE);
		ck_assert_uint_eq(back.version, 3);
		ck_assert_uint_eq(back.ignored, 0);
		ck_assert_int_ne(same_msg(&m, &back), 0);
	}
}
END_TEST

/* v3-7.1-05: without any that must be there; the error names it. */
START_TEST(missing)
{
	const struct want *want = &wants[_i];
	struct msg m, back;
	struct wr w;
	size_t i;

	for (i = 0; want->must[i] != END; i++) {
		sample_msg(&m, 3, want->type, 1);
		m.have[avp_find(0, want->must[i])] = 0;
		wr_init(&w, buf, sizeof(buf));
		msg_encode(&w, 3, &m, NULL);
		ck_assert_int_eq(decode_exact(3, buf, w.len, &back),
		    ERR_AVP_MISSING);
		ck_assert_uint_eq(back.bad_type, want->must[i]);
	}
}
END_TEST

/* v3-5.1-02: cut anywhere it is an error, or has less in it. */
START_TEST(truncated)
{
	size_t len, full = encode(3, wants[_i].type, 1);
	struct msg m;
	struct rd r;

	for (len = 0; len < full; len++) {
		if (decode_exact(3, buf, len, &m) != ERR_NONE)
			continue;
		rd_init(&r, buf, len);
		msg_decode(&r, 3, &m, NULL);
		if (len == 0)
			ck_assert_uint_eq(m.type, MSG_ZLB);
		else
			ck_assert_uint_eq(m.type, wants[_i].type);
	}
}
END_TEST

/* With one bit changed it is an error, or another message that is good. */
START_TEST(flipped)
{
	size_t bit, len = encode(3, wants[_i].type, 1);
	uint8_t again[MAX_BODY];
	struct msg m, back;
	struct rd r;
	struct wr w;

	for (bit = 0; bit < len * 8; bit++) {
		buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
		decode_exact(3, buf, len, &m);
		rd_init(&r, buf, len);
		wr_init(&w, again, sizeof(again));
		if (msg_decode(&r, 3, &m, NULL) == ERR_NONE) {
			msg_encode(&w, 3, &m, NULL);
			rd_init(&r, again, w.len);
			ck_assert_int_eq(msg_decode(&r, 3, &back, NULL),
			    ERR_NONE);
			ck_assert_int_ne(same_msg(&m, &back), 0);
		}
		buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	ck_assert_int_eq(decode_exact(3, buf, len, &m), ERR_NONE);
}
END_TEST

/* v3-5.4.1-01, v3-5.4.1-02, v3-5.4.1-03, v3-5.4.1-04 */
START_TEST(message_type)
{
	static const struct {
		const char	*body;
		enum l2tp_err	 err;
	} by[] = {
		{ "\x80\x08\0\0\0\0\0\x63", ERR_MSG_UNKNOWN },
		{ "\0\x08\0\0\0\0\0\x63", ERR_MSG_IGNORED },
		{ "\x80\x08\x01\x37\0\0\0\x06", ERR_MSG_UNKNOWN },
		{ "\0\x08\x01\x37\0\0\0\x06", ERR_MSG_IGNORED },
		{ "\xc0\x08\0\0\0\0\0\x06", ERR_AVP_HIDDEN },
		{ "\x80\x08\0\0\0\x0a\0\x06", ERR_MSG_FIRST },
		{ "\xbc\x08\0\0\0\0\0\x06", ERR_NONE },
		{ "\0\x08\0\0\0\0\0\x14", ERR_NONE },
		{ "\x80\x08\0\0\0\0\0\x14", ERR_NONE }
	};
	struct msg m;
	size_t i;

	for (i = 0; i < sizeof(by) / sizeof(by[0]); i++)
		ck_assert_int_eq(decode_exact(3, (const void *)by[i].body, 8,
		    &m), by[i].err);
	ck_assert_uint_eq(m.type, MSG_ACK);
	ck_assert_int_eq(decode_exact(2, (const void *)by[8].body, 8, &m),
	    ERR_MSG_UNKNOWN);
}
END_TEST

/* v3-5.2-03, v3-5.2-05, v3-5.1-03: unknown ones, by their M bit. */
START_TEST(unknown)
{
	static const uint16_t by[][2] = {
		{ 0, 20 }, { 0, 40 }, { 0, 67 }, { 0, 76 }, { 0, 999 },
		{ 9, 7 }, { 9, 61 }, { 0x3d00, 0 }
	};
	struct msg m;
	size_t i;

	for (i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		ck_assert_int_eq(decode_one(3, MSG_HELLO, 0, by[i][0],
		    by[i][1], "xx", 2, &m), ERR_NONE);
		ck_assert_uint_eq(m.ignored, 1);
		ck_assert_int_eq(decode_one(3, MSG_HELLO, M, by[i][0],
		    by[i][1], "xx", 2, &m), ERR_AVP_UNKNOWN);
	}
}
END_TEST

/* v3-5.1-01, v3-5.2-06: reserved bits, and M bits of what is known. */
START_TEST(known_bits)
{
	const struct attribute *want = &attributes[_i];
	static const uint16_t flags[] = { 0, M, 0x3c00, M | 0x3c00 };
	uint8_t value[AVP_VALUE_MAX] = { 0, 1, 0, 1 };
	enum l2tp_err err;
	struct msg m;
	size_t i;

	if (want->type == 0)
		return;
	for (i = 0; i < 4; i++) {
		err = decode_one(3, want->msg, flags[i], 0, want->type, value,
		    want->min, &m);
		ck_assert(err == ERR_NONE || err == ERR_AVP_MISSING);
		ck_assert_int_eq(m.have[avp_find(0, want->type)], 1);
		ck_assert_uint_eq(m.ignored, 0);
	}
}
END_TEST

/* v3-7.1-03, v3-7.1-04: malformed ones, by their M bit. */
START_TEST(malformed)
{
	static const struct {
		uint16_t	type, attribute;
		const char	*value;
		size_t		len;
		enum l2tp_err	err;
	} by[] = {
		{ MSG_SLI, 71, "\0", 1, ERR_AVP_VALUE_LENGTH },
		{ MSG_ICCN, 75, "\0\0\0\1", 4, ERR_AVP_VALUE_LENGTH },
		{ MSG_ICRQ, 68, "\0", 1, ERR_AVP_VALUE_LENGTH },
		{ MSG_ICRQ, 65, "1", 1, ERR_AVP_VALUE_LENGTH },
		{ MSG_ICRQ, 65, "12345", 5, ERR_AVP_VALUE_LENGTH },
		{ MSG_ICRQ, 65, "123456789", 9, ERR_AVP_VALUE_LENGTH },
		{ MSG_ICRQ, 70, "\0\3", 2, ERR_AVP_VALUE },
		{ MSG_ICRQ, 63, "\0\0\0\0", 4, ERR_AVP_VALUE },
		{ MSG_STOPCCN, 61, "\0\0\0\0", 4, ERR_AVP_VALUE },
		{ MSG_STOPCCN, 1, "\0\1\0", 3, ERR_AVP_VALUE_LENGTH },
		{ MSG_SCCRQ, 62, "", 0, ERR_AVP_VALUE_LENGTH },
		{ MSG_SCCRQ, 62, "\0\5\0", 3, ERR_AVP_VALUE_LENGTH },
		{ MSG_SCCRQ, 10, "\0\0", 2, ERR_AVP_VALUE },
		{ MSG_SCCRQ, 7, "", 0, ERR_AVP_VALUE_LENGTH },
		{ MSG_WEN, 34, "", 0, ERR_AVP_VALUE_LENGTH }
	};
	struct msg m;
	size_t i;

	for (i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		ck_assert_int_eq(decode_one(3, by[i].type, M, 0,
		    by[i].attribute, by[i].value, by[i].len, &m), by[i].err);
		ck_assert_uint_eq(m.bad_type, by[i].attribute);
		decode_one(3, by[i].type, 0, 0, by[i].attribute, by[i].value,
		    by[i].len, &m);
		ck_assert_uint_eq(m.ignored, 1);
		ck_assert_int_eq(m.have[avp_find(0, by[i].attribute)], 0);
	}
}
END_TEST

/* Half an id may be 0, and a Remote Session ID all of it (v3-5.4.4-04). */
START_TEST(ids)
{
	struct msg m;

	decode_one(3, MSG_ICRQ, M, 0, 63, "\0\1\0\0", 4, &m);
	ck_assert_uint_eq(m.assigned_sid, 0x10000);
	decode_one(3, MSG_SCCRQ, M, 0, 61, "\x80\0\0\0", 4, &m);
	ck_assert_uint_eq(m.assigned_ccid, 0x80000000);
	decode_one(3, MSG_ICRQ, M, 0, 64, "\0\0\0\0", 4, &m);
	ck_assert_int_eq(m.have[AVP_REMOTE_SESSION_ID], 1);
	ck_assert_uint_eq(m.remote_sid, 0);
}
END_TEST

/* v3-5.4.4-07, v3-5.4.5-04, v3-5.4.5-08 */
START_TEST(forms)
{
	static const uint8_t errors[26] = {
		0xff, 0xff, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6,
		0, 0, 0, 7, 0, 0, 0, 8
	};
	struct msg m;
	size_t len;

	for (len = 0; len <= 8; len += 4) {
		decode_one(3, MSG_ICRQ, M, 0, 65, "12345678", len, &m);
		ck_assert_int_eq(m.have[AVP_ASSIGNED_COOKIE], 1);
		ck_assert_uint_eq(m.cookie.len, len);
	}
	decode_one(3, MSG_SLI, M, 0, 71, "\xff\xfd", 2, &m);
	ck_assert_uint_eq(m.circuit_status & MSG_CIRCUIT_ACTIVE,
	    MSG_CIRCUIT_ACTIVE);
	decode_one(3, MSG_WEN, M, 0, 34, errors, 18, &m);
	ck_assert_uint_eq(m.call_errors[0], 0);
	ck_assert_uint_eq(m.call_errors[2], 3);
	ck_assert_uint_eq(m.call_errors[5], 6);
	decode_one(3, MSG_WEN, M, 0, 34, errors, 26, &m);
	ck_assert_uint_eq(m.call_errors[0], 3);
	ck_assert_uint_eq(m.call_errors[5], 8);
	ck_assert_int_eq(decode_one(2, MSG_WEN, M, 0, 34, errors, 18, &m),
	    ERR_AVP_VALUE_LENGTH);
}
END_TEST

/* v3-5.1-04, v3-5.1-05, v3-5.4.1-17 */
START_TEST(octets)
{
	static const uint8_t extended[] = { 0, 1, 0x23, 0x45, 0, 9, 'x' };
	uint8_t nonce[255] = { 0 };
	struct msg m;

	ck_assert_int_eq(decode_one(3, MSG_HELLO, 0, 0, 58, extended,
	    sizeof(extended), &m), ERR_NONE);
	ck_assert_uint_eq(m.extended.len, sizeof(extended));
	ck_assert_mem_eq(m.extended.p, extended, sizeof(extended));
	decode_one(3, MSG_SCCRP, M, 0, 73, nonce, 1, &m);
	ck_assert_uint_eq(m.nonce.len, 1);
	decode_one(3, MSG_SCCRP, M, 0, 73, nonce, sizeof(nonce), &m);
	ck_assert_uint_eq(m.nonce.len, sizeof(nonce));
}
END_TEST

/* What is of L2TPv2 alone is unknown in L2TPv3, and the other way round. */
START_TEST(of_the_other_version)
{
	struct msg m;

	ck_assert_int_eq(decode_one(3, MSG_SCCCN, M, 0, 13,
	    "0123456789abcdef", 16, &m), ERR_AVP_UNKNOWN);
	ck_assert_int_eq(decode_one(3, MSG_SCCCN, 0, 0, 13,
	    "0123456789abcdef", 16, &m), ERR_NONE);
	ck_assert_int_eq(decode_one(2, MSG_SCCCN, M, 0, 59,
	    "\0" "0123456789abcdef", 17, &m), ERR_AVP_UNKNOWN);
	ck_assert_int_eq(decode_one(2, MSG_SCCCN, 0, 0, 59,
	    "\0" "0123456789abcdef", 17, &m), ERR_NONE);
	ck_assert_uint_eq(m.ignored, 1);
}
END_TEST

/*
 * v3-4.7.3-01, v3-4.7.3-03, v3-4.7.3-04: a SCCRQ for both is one for either,
 * and L2TPv3 makes nothing of what is of L2TPv2.
 */
START_TEST(dual)
{
	size_t len = encode(2, MSG_SCCRQ, 1);
	struct avp a;
	struct msg m;
	struct rd r;

	rd_init(&r, buf, len);
	while (avp_next(&r, &a) == ERR_NONE)
		ck_assert((a.flags & M) == 0 || a.type < 40);
	rd_init(&r, buf, len);
	ck_assert_int_eq(msg_decode(&r, 2, &m, NULL), ERR_NONE);
	ck_assert_int_eq(msg_is_dual(&m), 1);
	ck_assert_uint_eq(m.assigned_tid, 0x1234);
	rd_init(&r, buf, len);
	ck_assert_int_eq(msg_decode(&r, 3, &m, NULL), ERR_NONE);
	ck_assert_int_eq(msg_is_dual(&m), 0);
	ck_assert_uint_eq(m.assigned_ccid, 0x89abcdef);
	ck_assert_int_eq(m.have[AVP_ASSIGNED_TUNNEL_ID], 0);
	ck_assert_int_eq(m.have[AVP_CHALLENGE], 0);
	/* Even if it is malformed. */
	ck_assert_int_eq(decode_one(3, MSG_SCCRQ, M, 0, 9, "x", 1, &m),
	    ERR_AVP_MISSING);
	ck_assert_uint_eq(m.ignored, 1);
	rd_init(&r, buf, encode(2, MSG_SCCRQ, 0));
	ck_assert_int_eq(msg_decode(&r, 2, &m, NULL), ERR_NONE);
	ck_assert_int_eq(msg_is_dual(&m), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("msg3");
	TCase *t = tcase_create("messages of L2TPv3");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(t, messages, 0, NWANTS);
	tcase_add_test(t, message_types);
	tcase_add_loop_test(t, avps, 0, NATTRIBUTES);
	tcase_add_test(t, avps_of_version);
	tcase_add_test(t, golden_icrq);
	tcase_add_test(t, golden_sccrq);
	tcase_add_loop_test(t, round_trip, 0, NWANTS);
	tcase_add_loop_test(t, missing, 0, NWANTS);
	tcase_add_loop_test(t, truncated, 0, NWANTS);
	tcase_add_loop_test(t, flipped, 0, NWANTS);
	tcase_add_test(t, message_type);
	tcase_add_test(t, unknown);
	tcase_add_loop_test(t, known_bits, 0, NATTRIBUTES);
	tcase_add_test(t, malformed);
	tcase_add_test(t, ids);
	tcase_add_test(t, forms);
	tcase_add_test(t, octets);
	tcase_add_test(t, of_the_other_version);
	tcase_add_test(t, dual);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
