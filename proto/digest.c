/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * CHAP-like responses (RFC 2661 section 4.4.3), and challenges that can be
 * recognised when they come back.
 *
 * Whoever has both a LAC and a LNS with one secret to talk to could have
 * each answer the challenge of the other.  Where both are one engine it
 * shall notice, without remembering what it has asked: half of a challenge
 * is random, and the other half its digest with a key that nobody else has.
 */
#include <string.h>

#include <md5.h>

#include "digest.h"

#define NONCE_LEN	8

static void	digest_nonce(uint8_t [DIGEST_LEN], const uint8_t [DIGEST_LEN],
		    uint64_t);
static int	digest_equal(struct bytes, const uint8_t [DIGEST_LEN]);

void
digest_response(uint8_t out[DIGEST_LEN], uint8_t id, struct bytes secret,
    struct bytes challenge)
{
	MD5_CTX md5;

	MD5Init(&md5);
	MD5Update(&md5, &id, sizeof(id));
	MD5Update(&md5, secret.p, secret.len);
	MD5Update(&md5, challenge.p, challenge.len);
	MD5Final(out, &md5);
	explicit_bzero(&md5, sizeof(md5));
}

int
digest_matches(struct bytes response, uint8_t id, struct bytes secret,
    struct bytes challenge)
{
	uint8_t want[DIGEST_LEN];
	int match;

	digest_response(want, id, secret, challenge);
	match = digest_equal(response, want);
	explicit_bzero(want, sizeof(want));
	return (match);
}

void
digest_challenge(uint8_t out[DIGEST_LEN], const uint8_t key[DIGEST_LEN],
    uint64_t nonce)
{
	uint8_t mac[DIGEST_LEN];
	struct wr w;

	digest_nonce(mac, key, nonce);
	wr_init(&w, out, DIGEST_LEN);
	wr_u64(&w, nonce);
	wr_bytes(&w, mac, DIGEST_LEN - NONCE_LEN);
}

uint64_t
digest_tie(const uint8_t key[DIGEST_LEN], uint64_t nonce)
{
	uint8_t mac[DIGEST_LEN];
	struct rd r;

	digest_nonce(mac, key, nonce);
	rd_init(&r, mac, sizeof(mac));
	rd_skip(&r, DIGEST_LEN - NONCE_LEN);
	return (rd_u64(&r));
}

static void
digest_nonce(uint8_t mac[DIGEST_LEN], const uint8_t key[DIGEST_LEN],
    uint64_t nonce)
{
	uint8_t octets[NONCE_LEN];
	struct wr w;
	MD5_CTX md5;

	wr_init(&w, octets, sizeof(octets));
	wr_u64(&w, nonce);
	MD5Init(&md5);
	MD5Update(&md5, key, DIGEST_LEN);
	MD5Update(&md5, octets, sizeof(octets));
	MD5Final(mac, &md5);
	explicit_bzero(&md5, sizeof(md5));
}

int
digest_is_ours(struct bytes challenge, const uint8_t key[DIGEST_LEN])
{
	uint8_t made[DIGEST_LEN];
	struct rd r;

	if (challenge.len != DIGEST_LEN)
		return (0);
	rd_init(&r, challenge.p, challenge.len);
	digest_challenge(made, key, rd_u64(&r));
	return (digest_equal(challenge, made));
}

uint32_t
digest_name(struct bytes b)
{
	uint8_t sum[DIGEST_LEN];
	struct rd r;
	MD5_CTX md5;

	MD5Init(&md5);
	MD5Update(&md5, b.p, b.len);
	MD5Final(sum, &md5);
	rd_init(&r, sum, sizeof(sum));
	return (rd_u32(&r));
}

/* In time that says nothing of where they differ. */
static int
digest_equal(struct bytes b, const uint8_t digest[DIGEST_LEN])
{
	uint8_t octets[DIGEST_LEN], diff = 0;
	struct rd r;
	size_t i;

	if (b.len != DIGEST_LEN)
		return (0);
	rd_init(&r, b.p, b.len);
	rd_copy(&r, octets, sizeof(octets));
	for (i = 0; i < DIGEST_LEN; i++)
		diff |= octets[i] ^ digest[i];
	return (diff == 0);
}
