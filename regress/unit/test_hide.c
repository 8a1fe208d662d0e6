/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Hidden AVPs (RFC 2661 section 4.3) and the digests of authentication,
 * against values that were computed by another implementation; and what
 * must not be uncovered.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "msg.h"

#define B(s)	{ (const uint8_t *)(s), sizeof(s) - 1 }

static const struct bytes secret = B("tunnel secret");
static const struct bytes other = B("other secret");
static const struct bytes vector = B("0123456789:;<=>?");
static const struct bytes none;

static const uint8_t tid_hidden[] = {
	0x99, 0xbe, 0x3f, 0x41
};
static const uint8_t number_hidden[] = {
	0x23, 0xaf, 0xdb, 0x99, 0x63, 0x55, 0xea, 0x52,
	0xed, 0x7a, 0xf1, 0x76, 0xdd, 0x5d, 0x4d, 0x2d,
	0xfc, 0x51, 0x3d, 0x7a, 0xb4, 0xa3, 0x66, 0x2a,
	0x66, 0x66, 0xe2, 0xa4, 0x4e, 0x85, 0x78, 0x32,
	0x1b, 0xcc, 0xdc, 0xb6, 0xab, 0x11, 0x3f, 0xd7,
	0xd3, 0x03, 0x92
};
static const uint8_t padded_hidden[] = {
	0xb9, 0xfb, 0xf4, 0x83, 0x7b, 0x04, 0x1c, 0x33,
	0xd0, 0x80, 0x2a, 0x11, 0x1f, 0x45, 0x18, 0xae,
	0x79, 0x6e
};
static const uint8_t long_hidden[] = {
	0xbe, 0x03, 0xf8, 0x34, 0xca, 0x91, 0x77, 0x28,
	0x39, 0x9a, 0x08, 0x5a, 0x42, 0x9d, 0xfb, 0x58,
	0x9d, 0xd3, 0x76, 0x48, 0x52, 0x13, 0x46, 0x2c,
	0x94, 0x83, 0x7a, 0x75, 0x9a, 0x70, 0x12, 0x19,
	0x68, 0x51, 0x13, 0xf4, 0x6f, 0x28, 0x32, 0x1b,
	0x42, 0x72, 0x3b, 0xde, 0x83, 0x16, 0x9a, 0x3d,
	0x3a, 0x5b, 0xf4, 0x1b, 0xac, 0x9c, 0xb5, 0x63,
	0xe0, 0xe5, 0x39, 0xb9, 0x68, 0x1e, 0x08, 0xb7,
	0x64, 0x52, 0x7d, 0xf1, 0xda, 0x13, 0xda, 0x18,
	0x2d, 0x2e, 0xc7, 0xf6, 0x6f, 0xda, 0x0c, 0x62,
	0x68, 0x38, 0x46, 0xf6, 0x22, 0x2e, 0x69, 0x67,
	0xd5, 0x59, 0xc6, 0xa8, 0x3a, 0x84, 0x42, 0xce,
	0x3a, 0xe6, 0x66, 0x75, 0x6e, 0xcb
};
static const uint8_t response_2[] = {
	0x2f, 0x7f, 0xc2, 0xd6, 0xbc, 0xdb, 0x8f, 0x5e,
	0x20, 0x12, 0x47, 0xe3, 0x96, 0xa3, 0xef, 0xfb
};
static const uint8_t response_3[] = {
	0x99, 0xaa, 0x9c, 0x67, 0x5a, 0x20, 0x0c, 0xda,
	0x6d, 0x91, 0xb1, 0x39, 0xe2, 0x35, 0x16, 0x31
};

static uint8_t sevens[AVP_VALUE_MAX];
static uint8_t packet[4096], room[4096];
static struct hide h;

static void
setup(void)
{
	size_t i;

	for (i = 0; i < sizeof(sevens); i++)
		sevens[i] = (uint8_t)(i * 7);
	memset(&h, 0, sizeof(h));
	h.secret[0] = secret;
	h.room = room;
	h.left = sizeof(room);
}

static struct bytes
bytes(const void *p, size_t len)
{
	struct bytes b = { p, len };

	return (b);
}

/* One AVP, with these bits. */
static void
put(struct wr *w, uint16_t bits, uint16_t type, struct bytes value)
{
	wr_u16(w, (uint16_t)(bits | (AVP_HEADER_LEN + value.len)));
	wr_u16(w, 0);
	wr_u16(w, type);
	wr_bytes(w, value.p, value.len);
}

static void
put_type(struct wr *w, uint16_t type)
{
	uint8_t two[2] = { 0, (uint8_t)type };

	wr_init(w, packet, sizeof(packet));
	put(w, AVP_BIT_M, 0, bytes(two, 2));
}

static void
put_hidden(struct wr *w, uint16_t bits, uint16_t type, struct bytes key,
    struct bytes rv, struct bytes value)
{
	uint8_t buf[AVP_VALUE_MAX];
	struct wr sub;

	wr_init(&sub, buf, sizeof(buf));
	hide_value(&sub, type, key, rv, value);
	ck_assert_int_eq(sub.bad, 0);
	put(w, bits | AVP_BIT_H, type, bytes(buf, sub.len));
}

static enum l2tp_err
decode_as(uint8_t version, const struct wr *w, struct msg *m)
{
	struct rd r;

	rd_init(&r, packet, w->len);
	return (msg_decode(&r, version, m, &h));
}

static enum l2tp_err
decode(const struct wr *w, struct msg *m)
{
	return (decode_as(2, w, m));
}

/* v2-4.3-04, v2-4.3-06, v2-4.3-07, v2-4.3-08 */
START_TEST(known_answers)
{
	static const char number[] =
	    "+41 44 668 18 00;ext=1234567890abcdefghij";
	const struct {
		uint16_t	type;
		struct bytes	clear, hidden;
	} v[] = {
		{ 9, { (const uint8_t *)"\x12\x34", 2 },
		    { tid_hidden, sizeof(tid_hidden) } },
		{ 22, { (const uint8_t *)number, sizeof(number) - 1 },
		    { number_hidden, sizeof(number_hidden) } },
		{ 37, { sevens, 100 }, { long_hidden, sizeof(long_hidden) } }
	};
	uint8_t buf[256];
	struct bytes b;
	struct wr w;
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		wr_init(&w, buf, sizeof(buf));
		hide_value(&w, v[i].type, secret, vector, v[i].clear);
		ck_assert_uint_eq(w.len, v[i].hidden.len);
		ck_assert_mem_eq(buf, v[i].hidden.p, w.len);
		b = hide_uncover(buf, v[i].type, secret, vector, v[i].hidden);
		ck_assert_uint_eq(b.len, v[i].clear.len);
		ck_assert_mem_eq(b.p, v[i].clear.p, b.len);
	}
}
END_TEST

/* v2-4.3-05: four octets with twelve of padding make an AVP of 24. */
START_TEST(padding)
{
	static const size_t pads[] = { 0, 1, 12, 200 };
	uint8_t clear[2 + 4 + 200], hidden[sizeof(clear)];
	struct bytes b;
	struct wr w;
	size_t i;

	b = hide_uncover(room, 3, secret, vector,
	    bytes(padded_hidden, sizeof(padded_hidden)));
	ck_assert_uint_eq(AVP_HEADER_LEN + sizeof(padded_hidden), 24);
	ck_assert_uint_eq(b.len, 4);
	ck_assert_mem_eq(b.p, "\0\0\0\3", 4);

	/* Hiding is its own inverse within the first block. */
	for (i = 0; i < 4; i++) {
		memset(clear, 0xa5, sizeof(clear));
		wr_init(&w, hidden, sizeof(hidden));
		memcpy(clear, "\0\0\0\3", 4);
		hide_value(&w, 3, secret, vector, bytes(clear, 4 + pads[i]));
		/* The length that hide_value() wrote becomes that of four. */
		hidden[0] ^= (uint8_t)((4 + pads[i]) >> 8);
		hidden[1] ^= (uint8_t)((4 + pads[i]) ^ 4);
		b = hide_uncover(room, 3, secret, vector,
		    bytes(hidden, w.len));
		ck_assert_uint_eq(b.len, 4);
		ck_assert_mem_eq(b.p, "\0\0\0\3", 4);
	}
}
END_TEST

/* v2-4.3-08: nothing is added at the end of a block. */
START_TEST(block_sizes)
{
	static const size_t sizes[] = { 2, 15, 16, 17, 31, 32, 33, 1017 };
	uint8_t buf[HIDE_MAX];
	struct bytes b;
	struct wr w;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		wr_init(&w, buf, sizeof(buf));
		hide_value(&w, 21, secret, vector,
		    bytes(sevens, sizes[i] - 2));
		ck_assert_uint_eq(w.len, sizes[i]);
		b = hide_uncover(room, 21, secret, vector,
		    bytes(buf, w.len));
		ck_assert_ptr_nonnull(b.p);
		ck_assert_uint_eq(b.len, sizes[i] - 2);
		ck_assert_mem_eq(b.p, sevens, b.len);
	}
	wr_init(&w, packet, sizeof(packet));
	hide_value(&w, 21, secret, vector, bytes(sevens, HIDE_MAX - 1));
	ck_assert_int_eq(w.bad, 1);
	ck_assert_uint_eq(w.len, 0);
}
END_TEST

/* v2-4.3-11: whatever is there, nothing outside of it is read. */
START_TEST(truncations)
{
	size_t i;

	for (i = 0; i < sizeof(long_hidden); i++) {
		uint8_t *copy = malloc(i + 1), *out = malloc(i + 1);
		struct bytes b;

		memcpy(copy, long_hidden, i);
		b = hide_uncover(out, 37, secret, vector, bytes(copy, i));
		ck_assert_ptr_null(b.p);
		free(copy);
		free(out);
	}
}
END_TEST

/* v2-4.3-11, v3-5.3-08: the length inside is one too many, or all there is. */
START_TEST(inner_length)
{
	uint8_t hidden[sizeof(number_hidden)];
	struct bytes b;

	memcpy(hidden, number_hidden, sizeof(hidden));
	hidden[1] ^= 41 ^ 42;
	b = hide_uncover(room, 22, secret, vector,
	    bytes(hidden, sizeof(hidden)));
	ck_assert_ptr_null(b.p);
	memcpy(hidden, number_hidden, sizeof(hidden));
	hidden[0] ^= 0xff;
	b = hide_uncover(room, 22, secret, vector,
	    bytes(hidden, sizeof(hidden)));
	ck_assert_ptr_null(b.p);
	hidden[0] ^= 0xff;
	b = hide_uncover(room, 22, secret, vector,
	    bytes(hidden, sizeof(hidden)));
	ck_assert_uint_eq(b.len, 41);
}
END_TEST

/* v2-4.3-09, v2-4.3-10, v3-5.3-06: the nearest that came before. */
START_TEST(two_vectors)
{
	const struct bytes second = B("?");
	struct msg m;
	struct wr w;

	put_type(&w, MSG_ICRQ);
	put(&w, AVP_BIT_M, 36, vector);
	put_hidden(&w, AVP_BIT_M, 14, secret, vector, bytes("\0\7", 2));
	put_hidden(&w, AVP_BIT_M, 15, secret, vector, bytes("\0\0\1\1", 4));
	put(&w, AVP_BIT_M, 36, second);
	put_hidden(&w, AVP_BIT_M, 21, secret, second, bytes("5551000", 7));
	put_hidden(&w, AVP_BIT_M, 22, secret, second, bytes(sevens, 60));
	ck_assert_int_eq(decode(&w, &m), ERR_NONE);
	ck_assert_uint_eq(m.assigned_sid, 7);
	ck_assert_uint_eq(m.serial, 257);
	ck_assert_uint_eq(m.called.len, 7);
	ck_assert_mem_eq(m.called.p, "5551000", 7);
	ck_assert_uint_eq(m.calling.len, 60);
	ck_assert_mem_eq(m.calling.p, sevens, 60);
	ck_assert_uint_eq(m.n_hidden + m.ignored, 0);

	/* By the first one it comes to nothing. */
	put_type(&w, MSG_ICRQ);
	put(&w, AVP_BIT_M, 36, vector);
	put(&w, AVP_BIT_M, 36, second);
	put_hidden(&w, AVP_BIT_M, 14, secret, vector, bytes("\0\7", 2));
	ck_assert_int_eq(decode(&w, &m), ERR_AVP_HIDDEN);
	ck_assert_uint_eq(m.bad_type, 14);
}
END_TEST

/* v2-4.3-11, v2-4.3-03: each reason, with the M bit and without it. */
START_TEST(cannot_be_uncovered)
{
	int m_bit = _i % 2 ? AVP_BIT_M : 0, why = _i / 2;
	struct msg m;
	struct wr w;

	put_type(&w, MSG_ICRQ);
	put(&w, AVP_BIT_M, 14, bytes("\0\7", 2));
	put(&w, AVP_BIT_M, 15, bytes("\0\0\0\1", 4));
	if (why != 0)
		put(&w, AVP_BIT_M, 36, vector);
	if (why == 1)
		h.secret[0] = none;
	else if (why == 2)
		h.secret[0] = other;
	else if (why == 3)
		h.left = 3;
	if (why == 4)		/* a value of less than two octets */
		put(&w, (uint16_t)(m_bit | AVP_BIT_H), 18, bytes("\1", 1));
	else if (why == 5)	/* fits inside, but not the attribute */
		put_hidden(&w, (uint16_t)m_bit, 18, secret, vector,
		    bytes("\0\0\1", 3));
	else
		put_hidden(&w, (uint16_t)m_bit, 18, secret, vector,
		    bytes("\0\0\0\1", 4));
	if (why == 0)
		put(&w, AVP_BIT_M, 36, vector);
	ck_assert_int_eq(decode(&w, &m), m_bit ? ERR_AVP_HIDDEN : ERR_NONE);
	ck_assert_int_eq(m.have[AVP_BEARER_TYPE], 0);
	ck_assert_uint_eq(m.n_hidden, 1);
	ck_assert_uint_eq(m.ignored, m_bit ? 0 : 1);
	ck_assert_uint_eq(m.serial, 1);
}
END_TEST

/* A hidden Message Type is none, and neither is what must not be hidden. */
START_TEST(must_not_be_hidden)
{
	struct msg m;
	struct wr w;

	wr_init(&w, packet, sizeof(packet));
	put(&w, AVP_BIT_M, 36, vector);
	put_hidden(&w, AVP_BIT_M, 0, secret, vector, bytes("\0\6", 2));
	ck_assert_int_eq(decode(&w, &m), ERR_MSG_FIRST);
	wr_init(&w, packet, sizeof(packet));
	put_hidden(&w, AVP_BIT_M, 0, secret, vector, bytes("\0\6", 2));
	ck_assert_int_eq(decode(&w, &m), ERR_AVP_HIDDEN);
	put_type(&w, MSG_SCCRQ);
	put(&w, AVP_BIT_M, 36, vector);
	put_hidden(&w, AVP_BIT_M, 7, secret, vector, bytes("lac", 3));
	ck_assert_int_eq(decode(&w, &m), ERR_AVP_HIDDEN);
	ck_assert_int_eq(m.have[AVP_HOST_NAME], 0);
	put_type(&w, MSG_HELLO);
	put(&w, AVP_BIT_M, 36, vector);
	put_hidden(&w, AVP_BIT_M, 36, secret, vector, bytes("x", 1));
	ck_assert_int_eq(decode(&w, &m), ERR_AVP_HIDDEN);
}
END_TEST

/* With two secrets a message is hidden with one of them. */
START_TEST(two_secrets)
{
	struct msg m;
	struct wr w;

	h.secret[_i & 1] = other;
	h.secret[~_i & 1] = secret;
	put_type(&w, MSG_ICRQ);
	put(&w, AVP_BIT_M, 36, vector);
	put_hidden(&w, AVP_BIT_M, 14, secret, vector, bytes("\0\7", 2));
	put_hidden(&w, AVP_BIT_M, 15, secret, vector, bytes("\0\0\0\1", 4));
	put_hidden(&w, 0, 18, other, vector, bytes("\0\0\0\1", 4));
	ck_assert_int_eq(decode(&w, &m), ERR_NONE);
	ck_assert_uint_eq(h.fits, (_i & 1) ? 1 : 2);
	ck_assert_uint_eq(m.assigned_sid, 7);
	ck_assert_uint_eq(m.n_hidden, 1);
}
END_TEST

/* All that a message of this type may carry, each with some value. */
static struct msg
full_msg(uint8_t version, uint16_t type)
{
	const struct msg_row *row = &msg_table[version][type];
	const uint8_t *lists[] = { row->must, row->may };
	struct msg m = { .type = type };
	const uint8_t *id;
	size_t i;

	for (i = 0; i < 2; i++)
		for (id = lists[i]; *id != AVP_NIDS; id++) {
			m.have[*id] = 1;
			if (avp_table[*id].kind == AVPK_BYTES)
				*(struct bytes *)((uint8_t *)&m +
				    avp_table[*id].offset) =
				    bytes(sevens, avp_table[*id].max == 16 ?
				    16 : 20 + *id);
		}
	m.proto_ver = 1;
	m.assigned_tid = m.assigned_sid = m.window = 0x1234;
	m.framing_caps = m.serial = m.tx_speed = 0x01020304;
	m.call_errors[5] = m.accm_receive = 0xfffefdfc;
	m.proxy_type = m.proxy_id = 3;
	m.assigned_ccid = m.remote_sid = 0x12345678;
	m.pw_caps = m.cookie = bytes(sevens, 8);
	m.have[AVP_RANDOM_VECTOR] = 1;
	m.random_vector = vector;
	return (m);
}

/*
 * v2-4.3-02, v2-4.3-03, v3-5.4.3-14, v3-5.4.4-06, v3-5.3-02: every AVP of
 * either version that may be hidden, there and back.
 */
START_TEST(every_avp)
{
	struct msg m, back;
	const struct avp_row *row;
	struct avp a;
	struct rd r;
	struct wr w;
	uint8_t version = (uint8_t)(_i / MSG_NTYPES);
	uint16_t type = (uint16_t)(_i % MSG_NTYPES);
	int id, seen = 0;

	if (msg_table[version][type].must == NULL)
		return;
	m = full_msg(version, type);
	wr_init(&w, packet, sizeof(packet));
	msg_encode(&w, version, &m, &secret);
	ck_assert_int_eq(w.bad, 0);
	rd_init(&r, packet, w.len);
	while (!rd_end(&r)) {
		ck_assert_int_eq(avp_next(&r, &a), ERR_NONE);
		row = &avp_table[avp_find(a.vendor, a.type)];
		ck_assert_int_eq((a.flags & AVP_BIT_H) != 0,
		    (row->flags & AVPF_HIDE) != 0);
		ck_assert(seen || (row->flags & AVPF_HIDE) == 0);
		seen |= a.type == 36;
	}
	ck_assert_int_eq(decode_as(version, &w, &back), ERR_NONE);
	for (id = 0; id < AVP_NIDS; id++) {
		ck_assert_int_eq(back.have[id], m.have[id] ||
		    id == AVP_MESSAGE_TYPE);
		if (m.have[id] && avp_table[id].kind == AVPK_BYTES) {
			const struct bytes *b = (const void *)((uint8_t *)&back
			    + avp_table[id].offset);

			ck_assert_mem_eq(b->p, id == AVP_RANDOM_VECTOR ?
			    vector.p : sevens, b->len);
		}
	}
	if (back.have[AVP_ASSIGNED_TUNNEL_ID])
		ck_assert_uint_eq(back.assigned_tid, 0x1234);
	if (back.have[AVP_CALL_ERRORS])
		ck_assert_uint_eq(back.call_errors[5], 0xfffefdfc);
	if (back.have[AVP_ACCM])
		ck_assert_uint_eq(back.accm_receive, 0xfffefdfc);
	if (back.have[AVP_ASSIGNED_CCID])
		ck_assert_uint_eq(back.assigned_ccid, 0x12345678);
	if (back.have[AVP_TX_SPEED])
		ck_assert_uint_eq(back.tx_speed, 0x01020304);
}
END_TEST

/* v2-4.3-01: not without a secret, and not without a Random Vector. */
START_TEST(encode_needs_both)
{
	struct msg m = full_msg(2, MSG_ICRQ);
	struct wr w;

	wr_init(&w, packet, sizeof(packet));
	msg_encode(&w, 2, &m, &none);
	ck_assert_int_eq(w.bad, 1);
	m.have[AVP_RANDOM_VECTOR] = 0;
	wr_init(&w, packet, sizeof(packet));
	msg_encode(&w, 2, &m, &secret);
	ck_assert_int_eq(w.bad, 1);
}
END_TEST

START_TEST(worth_hiding)
{
	struct msg m = { .type = MSG_HELLO };

	ck_assert_int_eq(msg_hides(2, &m), 0);
	m.type = MSG_SCCCN;
	ck_assert_int_eq(msg_hides(2, &m), 0);
	m.have[AVP_CHALLENGE_RESPONSE] = 1;
	ck_assert_int_eq(msg_hides(2, &m), 1);
	m = full_msg(2, MSG_STOPCCN);
	ck_assert_int_eq(msg_hides(2, &m), 0);
	m = full_msg(2, MSG_SCCRQ);
	ck_assert_int_eq(msg_hides(2, &m), 1);
	m.type = MSG_ZLB;
	ck_assert_int_eq(msg_hides(2, &m), 0);
}
END_TEST

/* v2-4.4.3-28 */
START_TEST(responses)
{
	static const uint8_t octets[] = { 0x10, 0x11, 0x12, 0x13, 0x14, 0x15,
	    0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f };
	const struct bytes challenge = { octets, sizeof(octets) };
	struct bytes b = { response_2, sizeof(response_2) };
	uint8_t out[DIGEST_LEN], wrong[DIGEST_LEN];
	size_t i;

	digest_response(out, 2, secret, challenge);
	ck_assert_mem_eq(out, response_2, DIGEST_LEN);
	digest_response(out, 3, secret, challenge);
	ck_assert_mem_eq(out, response_3, DIGEST_LEN);
	ck_assert(digest_matches(b, 2, secret, challenge));
	ck_assert(!digest_matches(b, 3, secret, challenge));
	ck_assert(!digest_matches(b, 2, other, challenge));
	for (i = 0; i < DIGEST_LEN; i++) {
		memcpy(wrong, response_2, sizeof(wrong));
		wrong[i] ^= 0x80;
		ck_assert(!digest_matches(bytes(wrong, DIGEST_LEN), 2, secret,
		    challenge));
		ck_assert(!digest_matches(bytes(response_2, i), 2, secret,
		    challenge));
	}
}
END_TEST

/* v2-9.1-02: ours comes back; another engine's, or one octet off, is not. */
START_TEST(challenges)
{
	static const uint8_t key[DIGEST_LEN] = "0123456789abcde";
	static const uint8_t key2[DIGEST_LEN] = "0123456789abcdf";
	uint8_t a[DIGEST_LEN + 1] = { 0 }, b[DIGEST_LEN];
	size_t i;

	digest_challenge(a, key, 1);
	digest_challenge(b, key, 2);
	ck_assert_mem_ne(a, b, DIGEST_LEN);
	ck_assert(digest_is_ours(bytes(a, DIGEST_LEN), key));
	ck_assert(!digest_is_ours(bytes(a, DIGEST_LEN), key2));
	for (i = 0; i < DIGEST_LEN; i++) {
		ck_assert(!digest_is_ours(bytes(a, i), key));
		a[i] ^= 1;
		ck_assert(!digest_is_ours(bytes(a, DIGEST_LEN), key));
		a[i] ^= 1;
	}
	ck_assert(!digest_is_ours(bytes(a, DIGEST_LEN + 1), key));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("hide");
	Suite *s = suite_create("hide");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, known_answers);
	tcase_add_test(t, padding);
	tcase_add_test(t, block_sizes);
	tcase_add_test(t, truncations);
	tcase_add_test(t, inner_length);
	tcase_add_test(t, two_vectors);
	tcase_add_loop_test(t, cannot_be_uncovered, 0, 12);
	tcase_add_test(t, must_not_be_hidden);
	tcase_add_loop_test(t, two_secrets, 0, 2);
	tcase_add_loop_test(t, every_avp, 2 * MSG_NTYPES, 4 * MSG_NTYPES);
	tcase_add_test(t, encode_needs_both);
	tcase_add_test(t, worth_hiding);
	tcase_add_test(t, responses);
	tcase_add_test(t, challenges);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
