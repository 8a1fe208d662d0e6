/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control Message Authentication and hiding of L2TPv3 (RFC 3931 sections
 * 5.3 and 5.4.1), against values that were computed by another
 * implementation; and what must not be taken for valid.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "auth3.h"
#include "hdr.h"
#include "hide.h"
#include "hmac.h"
#include "l2tp.h"
#include "msg.h"

#define B(s)	{ (const uint8_t *)(s), sizeof(s) - 1 }
#define BOTH	(L2TP_DIGEST_MD5 | L2TP_DIGEST_SHA1)
#define AT_DIGEST	20

static const struct bytes secret = B("tunnel secret");
static const struct bytes other = B("other secret");
static const struct bytes vector = B("0123456789:;<=>?");
static const struct bytes none = { NULL, 0 };
static const struct auth3_nonces nonces = {
	B("nonce of the one"), B("nonce of the other")
};
static const struct auth3_nonces swapped = {
	B("nonce of the other"), B("nonce of the one")
};
static const struct auth3_nonces no_nonces = { { NULL, 0 }, { NULL, 0 } };

static const uint8_t hide_key[] = {
	0xb5, 0xb4, 0xeb, 0x8b, 0x78, 0xe7, 0x39, 0xf6,
	0xbc, 0x25, 0x13, 0xd6, 0x7f, 0x37, 0xcc, 0xdc
};
static const uint8_t digest_key[] = {
	0x12, 0x57, 0x0e, 0xaa, 0x87, 0x45, 0xf5, 0xf9,
	0x69, 0x1a, 0x39, 0x26, 0x20, 0xa3, 0xf7, 0x67
};
static const uint8_t empty_key[] = {
	0x7b, 0x60, 0x85, 0xfb, 0xf4, 0x59, 0x33, 0x67,
	0x0a, 0xbc, 0xb0, 0x7a, 0x27, 0xfc, 0xea, 0x5e
};
static const uint8_t long_key[] = {
	0x81, 0x72, 0x10, 0x60, 0x79, 0xce, 0x7b, 0x3d,
	0x2c, 0x91, 0x59, 0x45, 0xf7, 0x1b, 0x7b, 0xea
};
static const uint8_t sccrq_md5[] = {
	0xc8, 0x03, 0x00, 0x68, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x80, 0x08, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x01, 0x80, 0x17, 0x00, 0x00,
	0x00, 0x3b, 0x00, 0xcb, 0x62, 0x00, 0x36, 0xac,
	0x2f, 0x1d, 0x16, 0xaf, 0x37, 0xef, 0xa9, 0xad,
	0x85, 0xb7, 0x9e, 0x80, 0x09, 0x00, 0x00, 0x00,
	0x07, 0x6c, 0x61, 0x63, 0x80, 0x0a, 0x00, 0x00,
	0x00, 0x3c, 0xc0, 0x00, 0x02, 0x01, 0x80, 0x0a,
	0x00, 0x00, 0x00, 0x3d, 0x89, 0xab, 0xcd, 0xef,
	0x80, 0x0a, 0x00, 0x00, 0x00, 0x3e, 0x00, 0x05,
	0x00, 0x07, 0x80, 0x16, 0x00, 0x00, 0x00, 0x49,
	0x6e, 0x6f, 0x6e, 0x63, 0x65, 0x20, 0x6f, 0x66,
	0x20, 0x74, 0x68, 0x65, 0x20, 0x6f, 0x6e, 0x65
};
static const uint8_t sccrq_sha1[] = {
	0xc8, 0x03, 0x00, 0x6c, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x80, 0x08, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x01, 0x80, 0x1b, 0x00, 0x00,
	0x00, 0x3b, 0x01, 0xd3, 0x9c, 0x8e, 0x01, 0xb9,
	0x3c, 0x57, 0x7b, 0x9d, 0x28, 0x47, 0xc6, 0xaf,
	0x89, 0xad, 0x83, 0x5a, 0x31, 0x17, 0x11, 0x80,
	0x09, 0x00, 0x00, 0x00, 0x07, 0x6c, 0x61, 0x63,
	0x80, 0x0a, 0x00, 0x00, 0x00, 0x3c, 0xc0, 0x00,
	0x02, 0x01, 0x80, 0x0a, 0x00, 0x00, 0x00, 0x3d,
	0x89, 0xab, 0xcd, 0xef, 0x80, 0x0a, 0x00, 0x00,
	0x00, 0x3e, 0x00, 0x05, 0x00, 0x07, 0x80, 0x16,
	0x00, 0x00, 0x00, 0x49, 0x6e, 0x6f, 0x6e, 0x63,
	0x65, 0x20, 0x6f, 0x66, 0x20, 0x74, 0x68, 0x65,
	0x20, 0x6f, 0x6e, 0x65
};
static const uint8_t hello_sha1[] = {
	0xc8, 0x03, 0x00, 0x2f, 0x89, 0xab, 0xcd, 0xef,
	0x00, 0x07, 0x00, 0x09, 0x80, 0x08, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x06, 0x80, 0x1b, 0x00, 0x00,
	0x00, 0x3b, 0x01, 0xe5, 0xee, 0x58, 0xc7, 0x70,
	0x52, 0x05, 0x00, 0xf6, 0x50, 0x9f, 0x31, 0xf5,
	0x88, 0x0e, 0x45, 0xd7, 0x90, 0xa6, 0xbe
};
static const uint8_t hello_md5[] = {
	0xc8, 0x03, 0x00, 0x2b, 0x89, 0xab, 0xcd, 0xef,
	0x00, 0x07, 0x00, 0x09, 0x80, 0x08, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x06, 0x80, 0x17, 0x00, 0x00,
	0x00, 0x3b, 0x00, 0xd7, 0x2d, 0xba, 0x9b, 0x97,
	0xbd, 0xe0, 0x72, 0x3f, 0xe7, 0xb9, 0x7d, 0x9a,
	0xd6, 0x2c, 0xeb
};
static const uint8_t ack_open[] = {
	0xc8, 0x03, 0x00, 0x2b, 0x89, 0xab, 0xcd, 0xef,
	0x00, 0x07, 0x00, 0x09, 0x80, 0x08, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x14, 0x80, 0x17, 0x00, 0x00,
	0x00, 0x3b, 0x00, 0x5f, 0xa0, 0xb8, 0x63, 0x07,
	0x32, 0x22, 0xc9, 0x91, 0x2c, 0xa1, 0x08, 0x74,
	0x36, 0x66, 0x5d
};
static const uint8_t hello_both[] = {
	0xc8, 0x03, 0x00, 0x46, 0x89, 0xab, 0xcd, 0xef,
	0x00, 0x07, 0x00, 0x09, 0x80, 0x08, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x06, 0x80, 0x17, 0x00, 0x00,
	0x00, 0x3b, 0x00, 0x01, 0xbe, 0xa3, 0xfd, 0x68,
	0x75, 0x6b, 0xf4, 0xe4, 0x07, 0x95, 0x64, 0x89,
	0xf7, 0x71, 0xf3, 0x80, 0x1b, 0x00, 0x00, 0x00,
	0x3b, 0x01, 0x12, 0xda, 0xc2, 0x9e, 0x61, 0xa3,
	0x04, 0x5f, 0xcd, 0x02, 0xd9, 0x0b, 0x25, 0xe0,
	0x4f, 0x26, 0x24, 0x36, 0xb9, 0x4a
};
static const uint8_t cookie_hidden[] = {
	0x67, 0xd5, 0xa8, 0xa5, 0x40, 0xfd, 0x05, 0xc8,
	0xc1, 0x2c
};
static const uint8_t end_id_hidden[] = {
	0xb4, 0xaf, 0xa2, 0x6c, 0x05, 0x5b, 0x78, 0x4c,
	0x37, 0x94, 0xc0, 0xdb, 0x8d, 0x33, 0x6c, 0xb8,
	0x34, 0x63, 0xcf, 0x72, 0x85, 0xd5, 0x0b, 0x16,
	0x30, 0xf1, 0x75, 0x9e, 0x4a, 0xfd, 0x3e, 0x49,
	0x0e, 0xb4, 0xc0, 0xe6, 0x01, 0xc8, 0xf1, 0x48,
	0x9c, 0xb2, 0xb9, 0x96, 0x28
};
static const uint8_t sid_hidden[] = {
	0xa8, 0xad, 0xed, 0xb7, 0x2a, 0x1b, 0x11, 0x6f,
	0xe3, 0xcb, 0x84, 0xaf, 0x60, 0x10, 0xb3, 0x8d,
	0x91, 0xf8
};

static const struct known {
	const uint8_t			*octets;
	size_t				 len;
	uint8_t				 digest;
	const struct bytes		*secret;
	const struct auth3_nonces	*nonces;
} knowns[] = {
	{ sccrq_md5, sizeof(sccrq_md5), L2TP_DIGEST_MD5, &secret, &nonces },
	{ sccrq_sha1, sizeof(sccrq_sha1), L2TP_DIGEST_SHA1, &secret,
	    &no_nonces },
	{ hello_md5, sizeof(hello_md5), L2TP_DIGEST_MD5, &secret, &nonces },
	{ hello_sha1, sizeof(hello_sha1), L2TP_DIGEST_SHA1, &secret,
	    &nonces },
	{ ack_open, sizeof(ack_open), L2TP_DIGEST_MD5, &none, &no_nonces }
};
#define NKNOWNS	((int)(sizeof(knowns) / sizeof(knowns[0])))

static struct bytes
known_bytes(const struct known *k)
{
	struct bytes b = { k->octets, k->len };

	return (b);
}

/* v3-5.3-03, v3-5.4.1-11; RFC 2104: a long key is hashed first. */
START_TEST(keys)
{
	uint8_t key[AUTH3_KEY_LEN], k[100];
	struct bytes b = { k, sizeof(k) };

	auth3_key(key, secret, AUTH3_HIDE);
	ck_assert_mem_eq(key, hide_key, sizeof(key));
	auth3_key(key, secret, AUTH3_DIGEST);
	ck_assert_mem_eq(key, digest_key, sizeof(key));
	auth3_key(key, none, AUTH3_DIGEST);
	ck_assert_mem_eq(key, empty_key, sizeof(key));
	memset(k, 'k', sizeof(k));
	auth3_key(key, b, AUTH3_HIDE);
	ck_assert_mem_eq(key, long_key, sizeof(key));
}
END_TEST

/* RFC 2202, test case 2 of both. */
START_TEST(hmacs)
{
	static const struct bytes key = B("Jefe");
	static const struct bytes head = B("what do ya want ");
	static const struct bytes tail = B("for nothing?");
	static const char *const want[] = {
		"\x75\x0c\x78\x3e\x6a\xb0\xb5\x03\xea\xa8\x6e\x31\x0a\x5d\xb7"
		"\x38",
		"\xef\xfc\xdf\x6a\xe5\xeb\x2f\xa2\xd2\x74\x16\xd5\xf1\x84\xdf"
		"\x9c\x25\x9a\x7c\x79"
	};
	uint8_t out[HMAC_MAX];
	struct hmac h;

	hmac_init(&h, (enum hmac_kind)_i, key);
	hmac_update(&h, head);
	hmac_update(&h, none);
	hmac_update(&h, tail);
	hmac_final(&h, out);
	ck_assert_uint_eq(hmac_len((enum hmac_kind)_i), _i == 0 ? 16 : 20);
	ck_assert_mem_eq(out, want[_i], hmac_len((enum hmac_kind)_i));
}
END_TEST

/*
 * v3-5.4.1-05, v3-5.4.1-06, v3-5.4.1-12, v3-5.4.1-13, v3-4.3-04: valid with
 * what it was made with, and with nothing else.
 */
START_TEST(known_digests)
{
	const struct known *k = &knowns[_i];
	struct bytes b = known_bytes(k);
	int is_sccrq = k->octets[19] == MSG_SCCRQ;

	ck_assert_uint_eq(auth3_check(b, BOTH, *k->secret, k->nonces),
	    k->digest);
	ck_assert_uint_eq(auth3_check(b, k->digest, *k->secret, k->nonces),
	    k->digest);
	ck_assert_uint_eq(auth3_check(b, BOTH & ~k->digest, *k->secret,
	    k->nonces), 0);
	ck_assert_uint_eq(auth3_check(b, BOTH, other, k->nonces), 0);
	ck_assert_uint_eq(auth3_check(b, BOTH, *k->secret, &swapped),
	    is_sccrq ? k->digest : 0);
	ck_assert_uint_eq(auth3_check(b, BOTH, k->secret == &none ? secret :
	    none, k->nonces), 0);
}
END_TEST

/* v3-5.4.1-15: any bit of the message counts, and every octet of it. */
START_TEST(changed)
{
	const struct known *k = &knowns[_i];
	struct bytes b;
	uint8_t *copy;
	size_t i;

	for (i = 0; i < k->len * 8; i++) {
		copy = malloc(k->len);
		memcpy(copy, k->octets, k->len);
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
		b.p = copy;
		b.len = k->len;
		ck_assert_uint_eq(auth3_check(b, BOTH, *k->secret, k->nonces),
		    0);
		free(copy);
	}
	for (i = 0; i < k->len; i++) {
		copy = malloc(i > 0 ? i : 1);
		memcpy(copy, k->octets, i);
		b.p = copy;
		b.len = i;
		ck_assert_uint_eq(auth3_check(b, BOTH, *k->secret, k->nonces),
		    0);
		free(copy);
	}
}
END_TEST

/* v3-4.2-08: sealed again, it is as if it was the first time. */
START_TEST(seal)
{
	const struct known *k = &knowns[_i];
	uint8_t buf[256];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_bytes(&w, k->octets, k->len);
	hdr_seal(&w, 8, 10);
	auth3_seal(&w, *k->secret, k->nonces);
	ck_assert_mem_ne(buf + AT_DIGEST + 7, k->octets + AT_DIGEST + 7, 16);
	hdr_seal(&w, (uint16_t)(k->octets[9]), (uint16_t)(k->octets[11]));
	auth3_seal(&w, *k->secret, k->nonces);
	ck_assert_uint_eq(w.len, k->len);
	ck_assert_mem_eq(buf, k->octets, k->len);
}
END_TEST

/* v3-5.4.1-08, v3-5.4.1-09, v3-5.4.1-10: two of them; either is enough. */
START_TEST(two_digests)
{
	struct bytes b = { hello_both, sizeof(hello_both) };
	uint8_t buf[sizeof(hello_both)];
	struct wr w;

	ck_assert_uint_eq(auth3_check(b, L2TP_DIGEST_MD5, secret, &nonces),
	    L2TP_DIGEST_MD5);
	ck_assert_uint_eq(auth3_check(b, L2TP_DIGEST_SHA1, secret, &nonces),
	    L2TP_DIGEST_SHA1);
	wr_init(&w, buf, sizeof(buf));
	wr_bytes(&w, hello_both, sizeof(hello_both));
	b.p = buf;
	buf[AT_DIGEST + 7]++;
	ck_assert_uint_eq(auth3_check(b, BOTH, secret, &nonces),
	    L2TP_DIGEST_SHA1);
	buf[AT_DIGEST + 23 + 7]++;
	ck_assert_uint_eq(auth3_check(b, BOTH, secret, &nonces), 0);
	auth3_seal(&w, secret, &nonces);
	ck_assert_mem_eq(buf, hello_both, sizeof(buf));
	buf[AT_DIGEST + 6] = 7;		/* a Digest Type that is not known */
	buf[AT_DIGEST + 23 + 6] = 8;
	ck_assert_uint_eq(auth3_check(b, 0xff, secret, &nonces), 0);
}
END_TEST

/* What msg_encode() makes of a message with room for a digest. */
static void
encode(struct wr *w, uint8_t *buf, size_t len, uint8_t digest)
{
	struct msg m = { .type = MSG_HELLO };

	if (digest != 0)
		msg_set_bytes(&m, AVP_MESSAGE_DIGEST, auth3_room(digest));
	wr_init(w, buf, len);
	hdr_encode(w, 3, 0, 0);
	msg_encode(w, 3, &m, NULL);
	hdr_address(w, 3, 0x89abcdef);
	hdr_seal(w, 7, 9);
	ck_assert_int_eq(w->bad, 0);
}

/* v3-5.4.1-07: directly after the Message Type. */
START_TEST(encoded)
{
	uint8_t buf[128];
	struct wr w;

	encode(&w, buf, sizeof(buf), L2TP_DIGEST_SHA1);
	auth3_seal(&w, secret, &nonces);
	ck_assert_uint_eq(w.len, sizeof(hello_sha1));
	ck_assert_mem_eq(buf, hello_sha1, w.len);
	encode(&w, buf, sizeof(buf), L2TP_DIGEST_MD5);
	auth3_seal(&w, secret, &nonces);
	ck_assert_uint_eq(w.len, sizeof(hello_md5));
	ck_assert_mem_eq(buf, hello_md5, w.len);
}
END_TEST

/* v3-4.3-05: none at all, hidden, of another length, or not in its place. */
START_TEST(no_digest)
{
	uint8_t buf[128], moved[sizeof(sccrq_md5)];
	struct bytes b = { buf, 0 };
	struct wr w;

	encode(&w, buf, sizeof(buf), 0);
	b.len = w.len;
	ck_assert_uint_eq(auth3_check(b, BOTH, secret, &nonces), 0);
	auth3_seal(&w, secret, &nonces);
	ck_assert_uint_eq(w.len, 20);
	b.len = HDR_CONTROL_LEN;	/* a ZLB */
	ck_assert_uint_eq(auth3_check(b, BOTH, secret, &nonces), 0);
	encode(&w, buf, sizeof(buf), L2TP_DIGEST_MD5);
	buf[AT_DIGEST] |= AVP_BIT_H >> 8;
	auth3_seal(&w, secret, &nonces);
	b.len = w.len;
	ck_assert_uint_eq(auth3_check(b, BOTH, secret, &nonces), 0);

	/* A Host Name of 3 octets before it. */
	memcpy(moved, sccrq_md5, AT_DIGEST);
	memcpy(moved + AT_DIGEST, sccrq_md5 + AT_DIGEST + 23, 9);
	memcpy(moved + AT_DIGEST + 9, sccrq_md5 + AT_DIGEST, 23);
	memcpy(moved + AT_DIGEST + 32, sccrq_md5 + AT_DIGEST + 32,
	    sizeof(moved) - AT_DIGEST - 32);
	b.p = moved;
	b.len = sizeof(moved);
	ck_assert_uint_eq(auth3_check(b, BOTH, secret, &nonces), 0);
}
END_TEST

/* v3-5.3-04, v3-5.3-05: the key takes the place of the secret. */
START_TEST(hiding)
{
	static const struct {
		uint16_t	type;
		struct bytes	value, hidden;
	} by[] = {
		{ 65, B("cookie 8"),
		    { cookie_hidden, sizeof(cookie_hidden) } },
		{ 66, B("circuit 17 of the second floor, on the left"),
		    { end_id_hidden, sizeof(end_id_hidden) } }
	};
	const struct bytes padded = { sid_hidden, sizeof(sid_hidden) };
	uint8_t key[AUTH3_KEY_LEN], out[64];
	struct bytes shared = { key, sizeof(key) }, b;
	struct wr w;
	size_t i;

	auth3_key(key, secret, AUTH3_HIDE);
	for (i = 0; i < 2; i++) {
		wr_init(&w, out, sizeof(out));
		hide_value(&w, by[i].type, shared, vector, by[i].value);
		ck_assert_uint_eq(w.len, by[i].hidden.len);
		ck_assert_mem_eq(out, by[i].hidden.p, w.len);
		b = hide_uncover(out, by[i].type, shared, vector,
		    by[i].hidden);
		ck_assert_uint_eq(b.len, by[i].value.len);
		ck_assert_mem_eq(b.p, by[i].value.p, b.len);
	}
	b = hide_uncover(out, 63, shared, vector, padded);
	ck_assert_uint_eq(b.len, 4);
	ck_assert_mem_eq(b.p, "\x89\xab\xcd\xef", 4);
	b = hide_uncover(out, 63, secret, vector, padded);
	ck_assert(b.p == NULL || b.len != 4);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("auth3");
	TCase *t = tcase_create("authentication of L2TPv3");
	SRunner *sr;
	int failed;

	tcase_add_test(t, keys);
	tcase_add_loop_test(t, hmacs, 0, HMAC_NKINDS);
	tcase_add_loop_test(t, known_digests, 0, NKNOWNS);
	tcase_add_loop_test(t, changed, 0, NKNOWNS);
	tcase_add_loop_test(t, seal, 0, NKNOWNS);
	tcase_add_test(t, two_digests);
	tcase_add_test(t, encoded);
	tcase_add_test(t, no_digest);
	tcase_add_test(t, hiding);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
