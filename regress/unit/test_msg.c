/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Whole messages: the table against RFC 2661 section 6, golden bytes, and
 * what is made of messages that are cut, flipped, incomplete or unknown.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "hdr.h"
#include "msg.h"
#include "sample.h"

#define MAX_BODY	1400
#define END		0xff

/* Sections 6.1 to 6.14 once more, by attribute number. */
static const struct want {
	uint16_t	type;
	const char	*name;
	uint8_t		scope;
	uint8_t		must[10], may[26];
} wants[] = {
	{ 1, "SCCRQ", MSG_TUNNEL, { 2, 7, 3, 9, END },
	    { 4, 10, 11, 5, 6, 8,				/* v2-6.1-01 */
	    60, 61, 62, 73, 72, END } },		/* v3-4.7.3-03 */
	{ 2, "SCCRP", MSG_TUNNEL, { 2, 3, 7, 9, END },
	    { 4, 6, 8, 10, 11, 13, END } },			/* v2-6.2-01 */
	{ 3, "SCCCN", MSG_TUNNEL, { END }, { 13, END } },	/* v2-6.3-01 */
	{ 4, "StopCCN", MSG_TUNNEL, { 9, 1, END }, { END } },	/* v2-6.4-01 */
	{ 6, "HELLO", MSG_TUNNEL, { END }, { END } },		/* v2-6.5-01 */
	{ 7, "OCRQ", MSG_SESSION, { 14, 15, 16, 17, 18, 19, 21, END },
	    { 23, END } },					/* v2-6.9-01 */
	{ 8, "OCRP", MSG_SESSION, { 14, END }, { 25, END } },	/* v2-6.10-01 */
	{ 9, "OCCN", MSG_SESSION, { 24, 19, END },
	    { 38, 39, END } },					/* v2-6.11-01 */
	{ 10, "ICRQ", MSG_SESSION, { 14, 15, END },
	    { 18, 25, 22, 21, 23, 1, 2, 129, 130, 131, 132, 133, 134, 135,
	    136, 137, 138, 139, 140, 141, 142, 144, 145, 254,	/* RFC 5515 */
	    END } },						/* v2-6.6-01 */
	{ 11, "ICRP", MSG_SESSION, { 14, END }, { END } },	/* v2-6.7-01 */
	{ 12, "ICCN", MSG_SESSION, { 24, 19, END },
	    { 26, 27, 28, 29, 30, 31, 32, 33, 37, 38, 39,
	    END } },						/* v2-6.8-01 */
	{ 14, "CDN", MSG_SESSION, { 1, 14, END }, { 12, END } },/* v2-6.12-01 */
	{ 15, "WEN", MSG_SESSION, { 34, END }, { END } },	/* v2-6.13-01 */
	{ 16, "SLI", MSG_SESSION, { 35, END }, { END } }	/* v2-6.14-01 */
};
#define NWANTS	((int)(sizeof(wants) / sizeof(wants[0])))

static const uint16_t reserved_types[] = { 0, 5, 13, 17, 99, 0x0100, 0xffff };
#define NRESERVED \
	((int)(sizeof(reserved_types) / sizeof(reserved_types[0])))

/* A message under construction or test. */
struct body {
	uint8_t		buf[MAX_BODY];
	struct wr	w;
};

static void
body_init(struct body *b)
{
	wr_init(&b->w, b->buf, sizeof(b->buf));
}

static void
body_put(struct body *b, uint16_t flags, uint16_t vendor, uint16_t type,
    const void *value, size_t len)
{
	wr_u16(&b->w, (uint16_t)(flags | (AVP_HEADER_LEN + len)));
	wr_u16(&b->w, vendor);
	wr_u16(&b->w, type);
	wr_bytes(&b->w, value, len);
	ck_assert_int_eq(b->w.bad, 0);
}

static void
body_type(struct body *b, uint16_t flags, uint16_t type)
{
	uint8_t value[2];

	value[0] = (uint8_t)(type >> 8);
	value[1] = (uint8_t)type;
	body_init(b);
	body_put(b, flags, 0, 0, value, 2);
}

static void
body_encode(struct body *b, const struct msg *m)
{
	body_init(b);
	msg_encode(&b->w, 2, m, NULL);
	ck_assert_int_eq(b->w.bad, 0);
}

/* The sample message of the type, complete or with what it must have. */
static void
body_sample(struct body *b, uint16_t type, int all)
{
	struct msg m;

	sample_msg(&m, 2, type, all);
	body_encode(b, &m);
}

static enum l2tp_err
body_decode(const struct body *b, struct msg *m)
{
	struct rd r;

	rd_init(&r, b->buf, b->w.len);
	return (msg_decode(&r, 2, m, NULL));
}

/* Decodes a copy of exact size; m's texts are not valid afterwards. */
static enum l2tp_err
decode_exact(const uint8_t *p, size_t len, struct msg *m)
{
	enum l2tp_err err;
	uint8_t *copy;
	struct rd r;

	copy = malloc(len);
	memcpy(copy, p, len);
	rd_init(&r, copy, len);
	err = msg_decode(&r, 2, m, NULL);
	free(copy);
	return (err);
}

START_TEST(table_is_the_rfc)
{
	const struct want *want = &wants[_i];
	const struct msg_row *row = &msg_table[2][want->type];
	size_t i;

	ck_assert_str_eq(row->name, want->name);
	ck_assert_str_eq(msg_name(want->type), want->name);
	ck_assert_uint_eq(row->scope, want->scope);
	for (i = 0; want->must[i] != END; i++) {
		ck_assert_uint_lt(row->must[i], AVP_NIDS);
		ck_assert_uint_eq(avp_table[row->must[i]].type, want->must[i]);
	}
	ck_assert_uint_eq(row->must[i], AVP_NIDS);
	for (i = 0; want->may[i] != END; i++) {
		ck_assert_uint_lt(row->may[i], AVP_NIDS);
		ck_assert_uint_eq(avp_table[row->may[i]].type, want->may[i]);
	}
	ck_assert_uint_eq(row->may[i], AVP_NIDS);
}
END_TEST

START_TEST(table_lists_once)
{
	const struct msg_row *row = &msg_table[2][wants[_i].type];
	uint8_t seen[AVP_NIDS] = { 0 };
	const uint8_t *id;

	seen[AVP_MESSAGE_TYPE] = seen[AVP_RANDOM_VECTOR] = 1;
	for (id = row->must; *id != AVP_NIDS; id++)
		ck_assert_uint_eq(seen[*id]++, 0);
	for (id = row->may; *id != AVP_NIDS; id++)
		ck_assert_uint_eq(seen[*id]++, 0);
}
END_TEST

/* v2-3.2-01, v2-3.2-02 */
START_TEST(table_has_no_other)
{
	int i, known = 0, type;

	for (type = 0; type < MSG_NTYPES; type++)
		if (msg_table[2][type].must != NULL)
			known++;
	ck_assert_int_eq(known, NWANTS);
	for (i = 1; i < NRESERVED; i++)
		ck_assert_str_eq(msg_name(reserved_types[i]),
		    "unknown message");
	ck_assert_str_eq(msg_name(MSG_ZLB), "ZLB");
}
END_TEST

/* Every attribute belongs to a message, or it could never be received. */
START_TEST(table_uses_every_avp)
{
	int i, id, uses;

	for (id = 0; id < AVP_NIDS; id++) {
		for (i = 0, uses = 0; i < NWANTS; i++)
			uses += msg_allows(2, wants[i].type, id);
		ck_assert(uses > 0 || (avp_table[id].flags & AVPF_V3) != 0);
		ck_assert_int_eq(uses == NWANTS,
		    id == AVP_MESSAGE_TYPE || id == AVP_RANDOM_VECTOR);
		for (i = 0; i < NRESERVED; i++)
			ck_assert_int_eq(msg_allows(2, reserved_types[i],
			    id), 0);
	}
}
END_TEST

/* v2-1.2-01 */
START_TEST(zlb)
{
	struct body b;
	struct msg m;

	body_init(&b);
	memset(&m, 0xff, sizeof(m));
	ck_assert_int_eq(body_decode(&b, &m), ERR_NONE);
	ck_assert_uint_eq(m.type, MSG_ZLB);
	ck_assert_uint_eq(m.have[AVP_MESSAGE_TYPE], 0);
	body_encode(&b, &m);
	ck_assert_uint_eq(b.w.len, 0);
}
END_TEST

/*
 * v2-3.0-01, v2-4.1-01, v2-6.1-01; v3-4.7.3-01, v3-5.2-07: what is of L2TPv3
 * has no M bit.
 */
START_TEST(golden_sccrq)
{
	static const char want[] =
	    "\x80\x08\0\0\0\0\0\x01"
	    "\x80\x08\0\0\0\x02\x01\0"
	    "\x80\x15\0\0\0\x07lac.example.net"
	    "\x80\x0a\0\0\0\x03\0\0\0\x03"
	    "\x80\x08\0\0\0\x09\x12\x34"
	    "\x80\x0a\0\0\0\x04\0\0\0\x01"
	    "\x80\x08\0\0\0\x0a\0\x08"
	    "\x80\x15\0\0\0\x0bwho goes there?"
	    "\0\x0e\0\0\0\x05\x81\x02\x03\x04\x05\x06\x07\x08"
	    "\0\x08\0\0\0\x06\x06\x90"
	    "\0\x0c\0\0\0\x08septum"
	    "\0\x0a\0\0\0\x3c\xc0\0\x02\x01"
	    "\0\x0a\0\0\0\x3d\x89\xab\xcd\xef"
	    "\0\x0a\0\0\0\x3e\x01\x05\x01\x07"
	    "\0\x16\0\0\0\x49" "a nonce, with 16"
	    "\0\x08\0\0\0\x48" "en";
	struct body b;

	body_sample(&b, MSG_SCCRQ, 1);
	ck_assert_uint_eq(b.w.len, sizeof(want) - 1);
	ck_assert_mem_eq(b.buf, want, b.w.len);
}
END_TEST

/* v2-6.12-01 */
START_TEST(golden_cdn)
{
	static const char want[] =
	    "\x80\x08\0\0\0\0\0\x0e"
	    "\x80\x16\0\0\0\x01\0\x02\0\x06no such luck"
	    "\x80\x08\0\0\0\x0e\x56\x78"
	    "\x80\x10\0\0\0\x0c\0\x10\x45hung up";
	struct body b;

	body_sample(&b, MSG_CDN, 1);
	ck_assert_uint_eq(b.w.len, sizeof(want) - 1);
	ck_assert_mem_eq(b.buf, want, b.w.len);
}
END_TEST

/* v2-6.5-01 */
START_TEST(golden_hello)
{
	struct body b;

	body_sample(&b, MSG_HELLO, 1);
	ck_assert_uint_eq(b.w.len, 8);
	ck_assert_mem_eq(b.buf, "\x80\x08\0\0\0\0\0\x06", 8);
}
END_TEST

/* Complete, and with what it must have only. */
START_TEST(round_trip)
{
	struct msg m, back;
	struct body b;
	int all;

	for (all = 0; all <= 1; all++) {
		sample_msg(&m, 2, wants[_i].type, all);
		body_encode(&b, &m);
		ck_assert_int_eq(body_decode(&b, &back), ERR_NONE);
		ck_assert_int_ne(same_msg(&m, &back), 0);
		ck_assert_uint_eq(back.m, 1);
		ck_assert_uint_eq(back.ignored, 0);
	}
}
END_TEST

/* v2-4.1-02, v2-4.2-02, v2-4.3-01, v2-4.4.1-01, v2-4.4.1-02 */
/* v2-4.2-01 */
START_TEST(what_we_send)
{
	struct body b;
	struct avp a;
	struct rd r;
	int id, n;

	body_sample(&b, wants[_i].type, 1);
	ck_assert_mem_eq(b.buf, "\x80\x08\0\0\0\0", 6);
	rd_init(&r, b.buf, b.w.len);
	for (n = 0; !rd_end(&r); n++) {
		ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
		id = avp_find(a.vendor, a.type);
		ck_assert_int_ne(id, -1);
		ck_assert_int_eq(id == AVP_MESSAGE_TYPE, n == 0);
		ck_assert_uint_eq(a.flags,
		    avp_table[id].flags & AVPF_M ? AVP_BIT_M : 0);
	}
}
END_TEST

/* v2-4.3-03: ahead of all that could be hidden. */
START_TEST(random_vector_goes_first)
{
	struct msg m, back;
	struct body b;

	sample_msg(&m, 2, wants[_i].type, 1);
	m.have[AVP_RANDOM_VECTOR] = 1;
	body_encode(&b, &m);
	ck_assert_mem_eq(b.buf + 8, "\x80\x16\0\0\0\x24", 6);
	ck_assert_int_eq(body_decode(&b, &back), ERR_NONE);
	ck_assert_int_ne(same_msg(&m, &back), 0);
}
END_TEST

START_TEST(encode_leaves_out_foreign)
{
	struct msg m;
	struct body b;

	sample_msg(&m, 2, MSG_HELLO, 1);
	m.have[AVP_HOST_NAME] = 1;
	body_encode(&b, &m);
	ck_assert_uint_eq(b.w.len, 8);
}
END_TEST

START_TEST(encode_reserved_type)
{
	struct msg m;
	struct body b;
	int i;

	for (i = 1; i < NRESERVED; i++) {
		sample_values(&m);
		m.type = reserved_types[i];
		body_init(&b);
		msg_encode(&b.w, 2, &m, NULL);
		ck_assert_int_ne(b.w.bad, 0);
		ck_assert_uint_eq(b.w.len, 0);
	}
}
END_TEST

START_TEST(encode_every_capacity)
{
	uint8_t *p;
	struct msg m;
	struct body b;
	struct wr w;
	size_t cap;

	sample_msg(&m, 2, wants[_i].type, 1);
	body_encode(&b, &m);
	for (cap = 0; cap < b.w.len; cap++) {
		p = malloc(cap);
		wr_init(&w, p, cap);
		msg_encode(&w, 2, &m, NULL);
		ck_assert_int_ne(w.bad, 0);
		free(p);
	}
}
END_TEST

/* v2-6.1-01 to v2-6.14-01: without one that it must have. */
START_TEST(missing)
{
	const struct want *want = &wants[_i];
	struct msg m, back;
	struct body b;
	size_t i;

	for (i = 0; want->must[i] != END; i++) {
		sample_msg(&m, 2, want->type, 1);
		m.have[avp_find(0, want->must[i])] = 0;
		body_encode(&b, &m);
		ck_assert_int_eq(body_decode(&b, &back), ERR_AVP_MISSING);
		ck_assert_uint_eq(back.bad_vendor, 0);
		ck_assert_uint_eq(back.bad_type, want->must[i]);
		ck_assert_int_ne(same_msg(&m, &back), 0);
	}
}
END_TEST

/* What it may have, one at a time, changes nothing else. */
START_TEST(optional)
{
	const uint8_t *id = msg_table[2][wants[_i].type].may;
	struct msg m, back;
	struct body b;

	for (; *id != AVP_NIDS; id++) {
		sample_msg(&m, 2, wants[_i].type, 0);
		m.have[*id] = 1;
		body_encode(&b, &m);
		ck_assert_int_eq(body_decode(&b, &back), ERR_NONE);
		ck_assert_int_ne(same_msg(&m, &back), 0);
	}
}
END_TEST

/* Where the AVPs of a message end: edge[n] is 1 if one ends at n. */
static void
find_edges(const struct body *b, uint8_t *edge)
{
	struct avp a;
	struct rd r;

	memset(edge, 0, MAX_BODY + 1);
	rd_init(&r, b->buf, b->w.len);
	while (!rd_end(&r)) {
		edge[b->w.len - r.left] = 1;
		ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
	}
}

START_TEST(every_truncation)
{
	uint8_t edge[MAX_BODY + 1];
	enum l2tp_err err;
	struct body b;
	struct msg m;
	size_t cut;

	body_sample(&b, wants[_i].type, 1);
	find_edges(&b, edge);
	for (cut = 0; cut < b.w.len; cut++) {
		err = decode_exact(b.buf, cut, &m);
		if (!edge[cut])
			ck_assert_int_eq(err, ERR_AVP_LENGTH);
		else if (err != ERR_NONE)
			ck_assert_int_eq(err, ERR_AVP_MISSING);
		ck_assert_int_eq(m.have[AVP_MESSAGE_TYPE], cut >= 8);
	}
}
END_TEST

static int
is_within(const struct bytes *b, const struct body *body)
{
	return (b->len == 0 || (b->p >= body->buf &&
	    b->p + b->len <= body->buf + body->w.len));
}

/* What must hold whatever was decoded, and whatever came of it. */
static void
check_decoded(const struct body *b, enum l2tp_err err, const struct msg *m)
{
	struct msg back;
	struct body again;
	int id;

	ck_assert_int_lt(err, ERR_NERRS);
	for (id = 0; id < AVP_NIDS; id++) {
		if (!m->have[id] || id == AVP_MESSAGE_TYPE)
			continue;
		ck_assert_int_ne(msg_allows(2, m->type, id), 0);
		if (avp_table[id].kind == AVPK_BYTES)
			ck_assert(is_within((const void *)((const uint8_t *)m +
			    avp_table[id].offset), b));
	}
	if (m->have[AVP_ASSIGNED_TUNNEL_ID])
		ck_assert_uint_ne(m->assigned_tid, 0);
	if (m->have[AVP_ASSIGNED_SESSION_ID])
		ck_assert_uint_ne(m->assigned_sid, 0);
	if (err != ERR_NONE)
		return;
	body_encode(&again, m);
	ck_assert_int_eq(body_decode(&again, &back), ERR_NONE);
	ck_assert_int_ne(same_msg(m, &back), 0);
}

START_TEST(every_bit_flip)
{
	enum l2tp_err err;
	struct body b;
	struct msg m;
	size_t bit;

	body_sample(&b, wants[_i].type, 1);
	for (bit = 0; bit < b.w.len * 8; bit++) {
		b.buf[bit / 8] ^= 1 << bit % 8;
		(void)decode_exact(b.buf, b.w.len, &m);
		err = body_decode(&b, &m);
		check_decoded(&b, err, &m);
		b.buf[bit / 8] ^= 1 << bit % 8;
	}
}
END_TEST

/* v2-3.2-02, v2-4.4.1-03, v2-4.4.1-04 */
START_TEST(unknown_message_type)
{
	struct body b;
	struct msg m;

	body_type(&b, AVP_BIT_M, reserved_types[_i]);
	body_put(&b, AVP_BIT_M, 0, 14, "\0\1", 2);
	ck_assert_int_eq(body_decode(&b, &m), ERR_MSG_UNKNOWN);
	ck_assert_uint_eq(m.type, reserved_types[_i]);
	body_type(&b, 0, reserved_types[_i]);
	body_put(&b, AVP_BIT_M, 0, 14, "\0\1", 2);
	ck_assert_int_eq(body_decode(&b, &m), ERR_MSG_IGNORED);
	ck_assert_uint_eq(m.type, reserved_types[_i]);
}
END_TEST

/* v2-4.4.1-02 */
START_TEST(message_type_not_first)
{
	struct body b;
	struct msg m;

	body_init(&b);
	body_put(&b, AVP_BIT_M, 0, 7, "host", 4);
	body_put(&b, AVP_BIT_M, 0, 0, "\0\6", 2);
	ck_assert_int_eq(body_decode(&b, &m), ERR_MSG_FIRST);
	ck_assert_uint_eq(m.bad_type, 7);
	ck_assert_uint_eq(m.have[AVP_HOST_NAME], 0);

	body_init(&b);		/* not even if it could be passed over */
	body_put(&b, 0, 9, 0, "\0\6", 2);
	body_put(&b, AVP_BIT_M, 0, 0, "\0\6", 2);
	ck_assert_int_eq(body_decode(&b, &m), ERR_MSG_FIRST);
	ck_assert_uint_eq(m.bad_vendor, 9);
}
END_TEST

/* v2-4.4.1-01: the M bit does not excuse a bad Message Type. */
START_TEST(message_type_malformed)
{
	static const struct {
		uint16_t	flags;
		size_t		len;
		enum l2tp_err	err;
	} cases[] = {
		{ AVP_BIT_H, 2, ERR_AVP_HIDDEN },
		{ 0x2000, 2, ERR_MSG_FIRST },
		{ 0x0400, 2, ERR_MSG_FIRST },
		{ 0, 0, ERR_AVP_VALUE_LENGTH },
		{ 0, 1, ERR_AVP_VALUE_LENGTH },
		{ 0, 3, ERR_AVP_VALUE_LENGTH }
	};
	struct body b;
	struct msg m;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]) * 2; i++) {
		body_init(&b);
		body_put(&b, cases[i / 2].flags | (i % 2 ? AVP_BIT_M : 0),
		    0, 0, "\0\6\0", cases[i / 2].len);
		ck_assert_int_eq(body_decode(&b, &m), cases[i / 2].err);
		ck_assert_uint_eq(m.have[AVP_MESSAGE_TYPE], 0);
	}
}
END_TEST

START_TEST(message_type_with_m_clear)
{
	struct body b;
	struct msg m;

	body_type(&b, 0, MSG_HELLO);
	ck_assert_int_eq(body_decode(&b, &m), ERR_NONE);
	ck_assert_uint_eq(m.type, MSG_HELLO);
	ck_assert_uint_eq(m.m, 0);
}
END_TEST

START_TEST(second_message_type)
{
	struct body b;
	struct msg m;

	body_type(&b, AVP_BIT_M, MSG_HELLO);
	body_put(&b, AVP_BIT_M, 0, 0, "\0\4", 2);
	ck_assert_int_eq(body_decode(&b, &m), ERR_NONE);
	ck_assert_uint_eq(m.type, MSG_HELLO);
	ck_assert_uint_eq(m.ignored, 1);
}
END_TEST

/*
 * In each message, behind Message Type and ahead of all else: attributes
 * that are not ours.  v2-4.1-03, -04, -05, -06, -09, v2-10.1-01.
 */
static const struct stranger {
	uint16_t	flags, vendor, type;
} strangers[] = {
	{ 0, 0, 20 }, { 0, 0, 40 }, { 0, 9, 7 }, { 0, 9, 0 }, { 0, 9, 14 },
	{ 0, 3561, 3 }, { 0, 3561, 255 }, { 0x0400, 0, 9 }, { 0x2000, 0, 14 }
};

static void
body_insert(struct body *b, uint16_t type, uint16_t flags,
    const struct stranger *s)
{
	struct body whole;

	body_sample(&whole, type, 1);
	body_type(b, AVP_BIT_M, type);
	body_put(b, flags | s->flags, s->vendor, s->type, "\0\x77", 2);
	wr_bytes(&b->w, whole.buf + 8, whole.w.len - 8);
	ck_assert_int_eq(b->w.bad, 0);
}

START_TEST(stranger_is_skipped)
{
	struct msg m, back;
	struct body b;
	size_t i;

	sample_msg(&m, 2, wants[_i].type, 1);
	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		body_insert(&b, m.type, 0, &strangers[i]);
		ck_assert_int_eq(body_decode(&b, &back), ERR_NONE);
		ck_assert_int_ne(same_msg(&m, &back), 0);
		ck_assert_uint_eq(back.ignored, 1);
	}
}
END_TEST

/* The rest is understood all the same, so that an answer is possible. */
START_TEST(mandatory_stranger)
{
	struct msg m, back;
	struct body b;
	size_t i;

	sample_msg(&m, 2, wants[_i].type, 1);
	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		body_insert(&b, m.type, AVP_BIT_M, &strangers[i]);
		ck_assert_int_eq(body_decode(&b, &back), ERR_AVP_UNKNOWN);
		ck_assert_uint_eq(back.bad_vendor, strangers[i].vendor);
		ck_assert_uint_eq(back.bad_type, strangers[i].type);
		ck_assert_int_ne(same_msg(&m, &back), 0);
		ck_assert_uint_eq(back.ignored, 0);
	}
}
END_TEST

START_TEST(first_error_is_reported)
{
	struct body b;
	struct msg m;

	body_type(&b, AVP_BIT_M, MSG_ICRQ);
	body_put(&b, AVP_BIT_M, 0, 15, "\0", 1);
	body_put(&b, AVP_BIT_M, 9, 99, "", 0);
	body_put(&b, AVP_BIT_M, 0, 14, "\0\5", 2);
	body_put(&b, AVP_BIT_M, 0, 22, "555", 3);
	ck_assert_int_eq(body_decode(&b, &m), ERR_AVP_VALUE_LENGTH);
	ck_assert_uint_eq(m.bad_type, 15);
	ck_assert_uint_eq(m.assigned_sid, 5);
	ck_assert_uint_eq(m.have[AVP_CALL_SERIAL], 0);
	ck_assert_mem_eq(m.calling.p, "555", 3);
}
END_TEST

/* v2-4.1-07: after a wrong length there is no telling what follows. */
START_TEST(wrong_length_ends_the_walk)
{
	struct body b;
	struct msg m;
	size_t at;

	body_type(&b, AVP_BIT_M, MSG_ICRQ);
	body_put(&b, AVP_BIT_M, 0, 14, "\0\5", 2);
	at = b.w.len;
	body_put(&b, 0, 0, 15, "\0\0\0\1", 4);
	body_put(&b, AVP_BIT_M, 0, 22, "555", 3);
	wr_set16(&b.w, at, 5);
	ck_assert_int_eq(body_decode(&b, &m), ERR_AVP_LENGTH);
	ck_assert_uint_eq(m.bad_type, 15);
	ck_assert_uint_eq(m.assigned_sid, 5);
	ck_assert_uint_eq(m.have[AVP_CALLING_NUMBER], 0);
	wr_set16(&b.w, at, 0x3ff);
	ck_assert_int_eq(body_decode(&b, &m), ERR_AVP_LENGTH);
}
END_TEST

/* An optional value that cannot be used is as good as none. */
START_TEST(malformed_optional)
{
	struct body b;
	struct msg m;

	/* v2-4.4.4-20, v2-4.4.3-09, v2-4.4.3-14 */
	body_sample(&b, MSG_ICCN, 0);
	body_put(&b, 0, 0, 38, "\1\2", 2);
	ck_assert_int_eq(body_decode(&b, &m), ERR_NONE);
	ck_assert_uint_eq(m.have[AVP_RX_SPEED], 0);
	ck_assert_uint_eq(m.ignored, 1);
	body_sample(&b, MSG_SCCRQ, 0);
	body_put(&b, 0, 0, 5, "1234567", 7);
	body_put(&b, 0, 0, 6, "1", 1);
	ck_assert_int_eq(body_decode(&b, &m), ERR_NONE);
	ck_assert_uint_eq(m.have[AVP_TIE_BREAKER], 0);
	ck_assert_uint_eq(m.have[AVP_FIRMWARE], 0);
	ck_assert_uint_eq(m.ignored, 2);
}
END_TEST

/* Ignored because of its M bit, and therefore missing. */
START_TEST(malformed_required_with_m_clear)
{
	struct body b;
	struct msg m;

	body_type(&b, AVP_BIT_M, MSG_ICRP);
	body_put(&b, 0, 0, 14, "\0\0", 2);
	ck_assert_int_eq(body_decode(&b, &m), ERR_AVP_MISSING);
	ck_assert_uint_eq(m.bad_type, 14);
	ck_assert_uint_eq(m.ignored, 1);
}
END_TEST

/* v2-4.3-11: with a Random Vector or without. */
START_TEST(hidden_without_a_secret)
{
	struct body b;
	struct msg m;

	body_type(&b, AVP_BIT_M, MSG_ICRP);
	body_put(&b, AVP_BIT_M, 0, 36, "0123456789abcdef", 16);
	body_put(&b, AVP_BIT_M | AVP_BIT_H, 0, 14, "\x12\x34\x56\x78", 4);
	ck_assert_int_eq(body_decode(&b, &m), ERR_AVP_HIDDEN);
	ck_assert_uint_eq(m.bad_type, 14);
	ck_assert_uint_eq(m.have[AVP_ASSIGNED_SESSION_ID], 0);
	ck_assert_uint_eq(m.random_vector.len, 16);

	body_sample(&b, MSG_SCCRQ, 0);
	body_put(&b, AVP_BIT_H, 0, 8, "\x12\x34\x56\x78", 4);
	ck_assert_int_eq(body_decode(&b, &m), ERR_NONE);
	ck_assert_uint_eq(m.have[AVP_VENDOR_NAME], 0);
}
END_TEST

/* v2-3.1-08: Length bounds the AVPs, not the datagram. */
START_TEST(header_bounds_the_message)
{
	struct body b;
	struct hdr h;
	struct msg m;
	struct rd r;
	size_t len;

	body_init(&b);
	sample_msg(&m, 2, MSG_HELLO, 1);
	hdr_encode(&b.w, 2, 1, 0);
	msg_encode(&b.w, 2, &m, NULL);
	hdr_seal(&b.w, 0, 0);
	len = b.w.len;
	wr_bytes(&b.w, "\xff\xff\xff", 3);
	rd_init(&r, b.buf, len + 3);
	ck_assert_int_eq(hdr_decode(&r, &h), ERR_NONE);
	ck_assert_int_eq(msg_decode(&r, 2, &m, NULL), ERR_NONE);
	ck_assert_uint_eq(m.type, MSG_HELLO);
}
END_TEST

/* A cursor that was overrun before is not an empty message. */
START_TEST(bad_cursor)
{
	struct msg m;
	struct rd r;

	rd_init(&r, "x", 1);
	rd_skip(&r, 2);
	ck_assert_int_eq(msg_decode(&r, 2, &m, NULL), ERR_AVP_LENGTH);
}
END_TEST

/* Ten thousand AVPs are read once each, and counted as far as it goes. */
START_TEST(many_avps)
{
	size_t i, size = 8 + 10900 * 6;
	uint8_t *buf = calloc(1, size);
	struct msg m;
	struct rd r;

	memcpy(buf, "\x80\x08\0\0\0\0\0\x06", 8);
	for (i = 8; i < size; i += 6)
		memcpy(buf + i, "\0\x06\0\x09\0\x07", 6);
	rd_init(&r, buf, size);
	ck_assert_int_eq(msg_decode(&r, 2, &m, NULL), ERR_NONE);
	ck_assert_uint_eq(m.ignored, 255);
	free(buf);
}
END_TEST

static TCase *
table_case(void)
{
	TCase *t = tcase_create("table");

	tcase_add_loop_test(t, table_is_the_rfc, 0, NWANTS);
	tcase_add_loop_test(t, table_lists_once, 0, NWANTS);
	tcase_add_test(t, table_has_no_other);
	tcase_add_test(t, table_uses_every_avp);
	return (t);
}

static TCase *
encode_case(void)
{
	TCase *t = tcase_create("encode");

	tcase_add_test(t, golden_sccrq);
	tcase_add_test(t, golden_cdn);
	tcase_add_test(t, golden_hello);
	tcase_add_loop_test(t, round_trip, 0, NWANTS);
	tcase_add_loop_test(t, what_we_send, 0, NWANTS);
	tcase_add_loop_test(t, random_vector_goes_first, 0, NWANTS);
	tcase_add_test(t, encode_leaves_out_foreign);
	tcase_add_test(t, encode_reserved_type);
	tcase_add_loop_test(t, encode_every_capacity, 0, NWANTS);
	return (t);
}

static TCase *
decode_case(void)
{
	TCase *t = tcase_create("decode");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, zlb);
	tcase_add_loop_test(t, missing, 0, NWANTS);
	tcase_add_loop_test(t, optional, 0, NWANTS);
	tcase_add_loop_test(t, every_truncation, 0, NWANTS);
	tcase_add_loop_test(t, every_bit_flip, 0, NWANTS);
	tcase_add_loop_test(t, unknown_message_type, 0, NRESERVED);
	tcase_add_test(t, message_type_not_first);
	tcase_add_test(t, message_type_malformed);
	tcase_add_test(t, message_type_with_m_clear);
	tcase_add_test(t, second_message_type);
	tcase_add_loop_test(t, stranger_is_skipped, 0, NWANTS);
	tcase_add_loop_test(t, mandatory_stranger, 0, NWANTS);
	tcase_add_test(t, first_error_is_reported);
	tcase_add_test(t, wrong_length_ends_the_walk);
	tcase_add_test(t, malformed_optional);
	tcase_add_test(t, malformed_required_with_m_clear);
	tcase_add_test(t, hidden_without_a_secret);
	tcase_add_test(t, header_bounds_the_message);
	tcase_add_test(t, bad_cursor);
	tcase_add_test(t, many_avps);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("msg");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, table_case());
	suite_add_tcase(s, encode_case());
	suite_add_tcase(s, decode_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
