/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The peer's half of RFC 2661 sections 4.3 and 5.1.1, and of RFC 3931
 * section 5.4.1.  It is written from the text and uses none of proto's hide,
 * digest and hmac, which it tests.
 */
#include <string.h>

#include <md5.h>
#include <sha1.h>

#include "avp.h"
#include "seal.h"

#define BLOCK	MD5_DIGEST_LENGTH
#define HMAC_PAD	64
#define DIGEST_AT	20	/* behind the header and the Message Type */
#define DIGEST_TYPE_AT	(DIGEST_AT + AVP_HEADER_LEN)
#define MESSAGE_MAX	4096

static void	seal_hide(uint8_t *, size_t, uint16_t, struct bytes,
		    struct bytes);
static void	seal_fill(uint8_t *, int, uint8_t, const struct seal *);
static void	seal_sid(uint8_t *, size_t, uint32_t);
static void	seal_hmac(uint8_t *, int, const uint8_t *, size_t,
		    const uint8_t *, size_t);
static void	seal_hash(uint8_t *, int, const uint8_t *, size_t);

void
seal_avps(uint8_t *p, size_t len, const struct seal *s)
{
	struct bytes value, vector = { NULL, 0 };
	struct avp a;
	struct rd r;
	uint8_t *at, type = 0;
	int id;

	rd_init(&r, p, len);
	while (!rd_end(&r) && avp_next(&r, &a) == ERR_NONE) {
		value = rd_rest(&a.value);
		at = p + (len - r.left - value.len);
		id = avp_find(a.vendor, a.type);
		if (id == AVP_MESSAGE_TYPE && value.len == 2)
			type = at[1];
		if (id == AVP_RANDOM_VECTOR)
			vector = value;
		if (id == AVP_REMOTE_SESSION_ID && s->sid != 0)
			seal_sid(at, value.len, s->sid);
		if (value.len == BLOCK)
			seal_fill(at, id, type, s);
		if (a.flags & AVP_BIT_H)
			seal_hide(at, value.len, a.type, s->secret, vector);
	}
}

/* b(1) = MD5(AV + S + RV), b(i) = MD5(S + c(i-1)), c(i) = p(i) xor b(i) */
static void
seal_hide(uint8_t *p, size_t len, uint16_t type, struct bytes secret,
    struct bytes vector)
{
	uint8_t stream[BLOCK], av[2] = { (uint8_t)(type >> 8), (uint8_t)type };
	size_t i;
	MD5_CTX md5;

	MD5Init(&md5);
	MD5Update(&md5, av, sizeof(av));
	MD5Update(&md5, secret.p, secret.len);
	if (vector.len > 0)
		MD5Update(&md5, vector.p, vector.len);
	MD5Final(stream, &md5);
	for (i = 0; i < len; i++) {
		p[i] ^= stream[i % BLOCK];
		if (i % BLOCK != BLOCK - 1)
			continue;
		MD5Init(&md5);
		MD5Update(&md5, secret.p, secret.len);
		MD5Update(&md5, p + i + 1 - BLOCK, BLOCK);
		MD5Final(stream, &md5);
	}
}

/* The response is MD5(type + secret + challenge). */
static void
seal_fill(uint8_t *p, int id, uint8_t type, const struct seal *s)
{
	static const uint8_t zeroes[BLOCK];
	MD5_CTX md5;

	if (memcmp(p, zeroes, BLOCK) != 0 || s->challenge.len == 0)
		return;
	if (id == AVP_CHALLENGE && s->challenge.len == BLOCK)
		memcpy(p, s->challenge.p, BLOCK);
	if (id != AVP_CHALLENGE_RESPONSE)
		return;
	MD5Init(&md5);
	MD5Update(&md5, &type, sizeof(type));
	MD5Update(&md5, s->secret.p, s->secret.len);
	MD5Update(&md5, s->challenge.p, s->challenge.len);
	MD5Final(p, &md5);
}

/* Unless the script has one of its own. */
static void
seal_sid(uint8_t *p, size_t len, uint32_t sid)
{
	static const uint8_t zeroes[sizeof(sid)];
	struct wr w;

	if (len != sizeof(sid) || memcmp(p, zeroes, len) != 0)
		return;
	wr_init(&w, p, len);
	wr_u32(&w, sid);
}

void
seal_key(uint8_t key[SEAL_KEY_LEN], struct bytes secret)
{
	static const uint8_t use = 1;

	seal_hmac(key, 0, secret.p, secret.len, &use, sizeof(use));
}

void
seal_digest(uint8_t *p, size_t len, struct bytes secret, struct bytes sender,
    struct bytes receiver)
{
	static const uint8_t zeroes[SHA1_DIGEST_LENGTH], use = 2;
	uint8_t text[MESSAGE_MAX], key[BLOCK];
	struct wr w;
	size_t n;

	if (len <= DIGEST_TYPE_AT || p[DIGEST_AT + 5] != 59)
		return;
	n = p[DIGEST_TYPE_AT] == 1 ? SHA1_DIGEST_LENGTH : BLOCK;
	if (p[DIGEST_AT + 1] != AVP_HEADER_LEN + 1 + n ||
	    len < DIGEST_TYPE_AT + 1 + n ||
	    memcmp(p + DIGEST_TYPE_AT + 1, zeroes, n) != 0)
		return;
	wr_init(&w, text, sizeof(text));
	if (p[DIGEST_AT - 1] != 1) {		/* a SCCRQ is without */
		wr_bytes(&w, sender.p, sender.len);
		wr_bytes(&w, receiver.p, receiver.len);
	}
	wr_bytes(&w, p, len);
	if (w.bad)
		return;
	seal_hmac(key, 0, secret.p, secret.len, &use, sizeof(use));
	seal_hmac(p + DIGEST_TYPE_AT + 1, p[DIGEST_TYPE_AT] == 1, key,
	    sizeof(key), text, w.len);
}

/* RFC 2104; only secrets may be longer than a block, with MD5. */
static void
seal_hmac(uint8_t *out, int sha1, const uint8_t *key, size_t key_len,
    const uint8_t *text, size_t len)
{
	uint8_t inner[HMAC_PAD + MESSAGE_MAX];
	uint8_t outer[HMAC_PAD + SHA1_DIGEST_LENGTH];
	uint8_t hashed[BLOCK];
	size_t i;

	if (key_len > HMAC_PAD) {
		seal_hash(hashed, 0, key, key_len);
		key = hashed;
		key_len = sizeof(hashed);
	}
	for (i = 0; i < HMAC_PAD; i++) {
		inner[i] = (i < key_len ? key[i] : 0) ^ 0x36;
		outer[i] = (i < key_len ? key[i] : 0) ^ 0x5c;
	}
	memcpy(inner + HMAC_PAD, text, len);
	seal_hash(outer + HMAC_PAD, sha1, inner, HMAC_PAD + len);
	seal_hash(out, sha1, outer, HMAC_PAD +
	    (sha1 ? SHA1_DIGEST_LENGTH : BLOCK));
}

static void
seal_hash(uint8_t *out, int sha1, const uint8_t *p, size_t len)
{
	SHA1_CTX sha1_ctx;
	MD5_CTX md5;

	if (sha1) {
		SHA1Init(&sha1_ctx);
		SHA1Update(&sha1_ctx, p, len);
		SHA1Final(out, &sha1_ctx);
	} else {
		MD5Init(&md5);
		MD5Update(&md5, p, len);
		MD5Final(out, &md5);
	}
}
