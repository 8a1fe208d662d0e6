/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * HMAC(K, text) = H(K xor opad, H(K xor ipad, text)) (RFC 2104).
 */
#include <string.h>

#include "hmac.h"

#define IPAD	0x36
#define OPAD	0x5c

struct hmac_row {
	size_t	  len;
	void	(*init)(union hmac_hash *);
	void	(*update)(union hmac_hash *, const uint8_t *, size_t);
	void	(*final)(union hmac_hash *, uint8_t *);
};

static void	md5_init(union hmac_hash *);
static void	md5_update(union hmac_hash *, const uint8_t *, size_t);
static void	md5_final(union hmac_hash *, uint8_t *);
static void	sha1_init(union hmac_hash *);
static void	sha1_update(union hmac_hash *, const uint8_t *, size_t);
static void	sha1_final(union hmac_hash *, uint8_t *);

static const struct hmac_row hmac_table[HMAC_NKINDS] = {
	[HMAC_MD5] = { MD5_DIGEST_LENGTH, md5_init, md5_update, md5_final },
	[HMAC_SHA1] = { SHA1_DIGEST_LENGTH, sha1_init, sha1_update,
	    sha1_final }
};

size_t
hmac_len(enum hmac_kind kind)
{
	return (hmac_table[kind].len);
}

/* A key that is longer than a block is replaced by its hash. */
void
hmac_init(struct hmac *h, enum hmac_kind kind, struct bytes key)
{
	const struct hmac_row *row = &hmac_table[kind];
	uint8_t inner[HMAC_BLOCK] = { 0 };
	struct rd r;
	size_t i;

	h->kind = (uint8_t)kind;
	row->init(&h->hash);
	if (key.len > HMAC_BLOCK) {
		row->update(&h->hash, key.p, key.len);
		row->final(&h->hash, inner);
		row->init(&h->hash);
	} else {
		rd_init(&r, key.p, key.len);
		rd_copy(&r, inner, key.len);
	}
	for (i = 0; i < HMAC_BLOCK; i++) {
		h->outer[i] = inner[i] ^ OPAD;
		inner[i] ^= IPAD;
	}
	row->update(&h->hash, inner, sizeof(inner));
	explicit_bzero(inner, sizeof(inner));
}

void
hmac_update(struct hmac *h, struct bytes b)
{
	if (b.len > 0)
		hmac_table[h->kind].update(&h->hash, b.p, b.len);
}

void
hmac_final(struct hmac *h, uint8_t *out)
{
	const struct hmac_row *row = &hmac_table[h->kind];
	uint8_t sum[HMAC_MAX];

	row->final(&h->hash, sum);
	row->init(&h->hash);
	row->update(&h->hash, h->outer, sizeof(h->outer));
	row->update(&h->hash, sum, row->len);
	row->final(&h->hash, out);
	explicit_bzero(h, sizeof(*h));
	explicit_bzero(sum, sizeof(sum));
}

static void
md5_init(union hmac_hash *h)
{
	MD5Init(&h->md5);
}

static void
md5_update(union hmac_hash *h, const uint8_t *p, size_t len)
{
	MD5Update(&h->md5, p, len);
}

static void
md5_final(union hmac_hash *h, uint8_t *out)
{
	MD5Final(out, &h->md5);
}

static void
sha1_init(union hmac_hash *h)
{
	SHA1Init(&h->sha1);
}

static void
sha1_update(union hmac_hash *h, const uint8_t *p, size_t len)
{
	SHA1Update(&h->sha1, p, len);
}

static void
sha1_final(union hmac_hash *h, uint8_t *out)
{
	SHA1Final(out, &h->sha1);
}
