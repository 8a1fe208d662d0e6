/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * HMAC of rfc2104.h, from the text of RFC 2104.
 */
#include <stdlib.h>

#include <md5.h>
#include <sha1.h>

#include "rfc2104.h"

#define BLOCK	64	/* of either hash */

static size_t	 hash(int, const uint8_t [BLOCK], const uint8_t *, size_t,
		    uint8_t *);

size_t
rfc2104_hmac(int sha1, const uint8_t *key, size_t key_len, const uint8_t *data,
    size_t len, uint8_t to[RFC2104_LEN])
{
	uint8_t inner[BLOCK], outer[BLOCK], sum[RFC2104_LEN];
	size_t i, sum_len;

	if (key_len > BLOCK)
		abort();
	for (i = 0; i < BLOCK; i++) {
		inner[i] = 0x36 ^ (i < key_len ? key[i] : 0);
		outer[i] = 0x5c ^ (i < key_len ? key[i] : 0);
	}
	sum_len = hash(sha1, inner, data, len, sum);
	return (hash(sha1, outer, sum, sum_len, to));
}

/* By MD5 even if the digest is not; 1 is for hiding and 2 for digests. */
void
rfc2104_key(uint8_t which, const uint8_t *secret, size_t len,
    uint8_t to[RFC2104_LEN])
{
	rfc2104_hmac(0, secret, len, &which, sizeof(which), to);
}

static size_t
hash(int sha1, const uint8_t first[BLOCK], const uint8_t *data, size_t len,
    uint8_t *to)
{
	SHA1_CTX s;
	MD5_CTX m;

	if (sha1) {
		SHA1Init(&s);
		SHA1Update(&s, first, BLOCK);
		SHA1Update(&s, data, len);
		SHA1Final(to, &s);
		return (SHA1_DIGEST_LENGTH);
	}
	MD5Init(&m);
	MD5Update(&m, first, BLOCK);
	MD5Update(&m, data, len);
	MD5Final(to, &m);
	return (MD5_DIGEST_LENGTH);
}
