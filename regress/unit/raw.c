/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The octets of raw.h.
 */
#include <check.h>
#include <string.h>

#include <md5.h>
#include <sha1.h>

#include "rfc2104.h"
#include "raw.h"

#define AVP_HEADER	6
#define DIGEST_AT	20	/* behind the Message Type */

static void	 put16(uint8_t *, uint16_t);
static void	 put32(uint8_t *, uint32_t);
static uint16_t	 get16(const uint8_t *);
static uint32_t	 get32(const uint8_t *);
static size_t	 make_room(struct raw *, size_t, int);
static void	 digest(const struct raw *, const struct raw_key *,
		    uint8_t *);

void
raw_zlb(struct raw *r, uint32_t ccid)
{
	memset(r, 0, sizeof(*r));
	put16(r->p, 0xc803);
	put32(r->p + 4, ccid);
	r->len = RAW_HEADER;
}

void
raw_begin(struct raw *r, uint16_t type, uint32_t ccid)
{
	raw_zlb(r, ccid);
	raw_avp16(r, RAW_MESSAGE_TYPE, type);
}

void
raw_vendor(struct raw *r, uint16_t flags, uint16_t vendor, uint16_t type,
    const void *value, size_t len)
{
	uint8_t *p = r->p + r->len;

	ck_assert_uint_le(r->len + AVP_HEADER + len, sizeof(r->p));
	put16(p, (uint16_t)(flags | (AVP_HEADER + len)));
	put16(p + 2, vendor);
	put16(p + 4, type);
	if (len > 0)
		memcpy(p + AVP_HEADER, value, len);
	r->len += AVP_HEADER + len;
}

void
raw_avp(struct raw *r, uint16_t flags, uint16_t type, const void *value,
    size_t len)
{
	raw_vendor(r, flags, 0, type, value, len);
}

void
raw_avp16(struct raw *r, uint16_t type, uint16_t v)
{
	uint8_t value[2];

	put16(value, v);
	raw_avp(r, RAW_M, type, value, sizeof(value));
}

void
raw_avp32(struct raw *r, uint16_t type, uint32_t v)
{
	uint8_t value[4];

	put32(value, v);
	raw_avp(r, RAW_M, type, value, sizeof(value));
}

void
raw_avp64(struct raw *r, uint16_t type, uint64_t v)
{
	uint8_t value[8];

	put32(value, (uint32_t)(v >> 32));
	put32(value + 4, (uint32_t)v);
	raw_avp(r, RAW_M, type, value, sizeof(value));
}

void
raw_seal(struct raw *r, uint16_t ns, uint16_t nr)
{
	put16(r->p + 2, (uint16_t)r->len);
	put16(r->p + 8, ns);
	put16(r->p + 10, nr);
}

void
raw_digest(struct raw *r, const struct raw_key *key)
{
	raw_digests(r, key, 1);
}

void
raw_digests(struct raw *r, const struct raw_key *key, int n)
{
	uint8_t sums[2][SHA1_DIGEST_LENGTH];
	size_t at = DIGEST_AT, len;
	int i;

	for (i = 0; i < n; i++, at += len)
		len = make_room(r, at, key[i].sha1);
	put16(r->p + 2, (uint16_t)r->len);
	for (i = 0; i < n; i++)
		digest(r, &key[i], sums[i]);
	for (i = 0, at = DIGEST_AT; i < n; i++, at += len) {
		len = get16(r->p + at) & 0x3ffU;
		memcpy(r->p + at + AVP_HEADER + 1, sums[i],
		    len - AVP_HEADER - 1);
	}
}

/* A Message Digest of zeroes, and its length. */
static size_t
make_room(struct raw *r, size_t at, int sha1)
{
	size_t len = AVP_HEADER + 1 + (sha1 ? SHA1_DIGEST_LENGTH :
	    MD5_DIGEST_LENGTH);
	uint8_t *p = r->p + at;

	memmove(p + len, p, r->len - at);
	memset(p, 0, len);
	put16(p, (uint16_t)(RAW_M | len));
	put16(p + 4, RAW_DIGEST);
	p[AVP_HEADER] = (uint8_t)sha1;
	r->len += len;
	return (len);
}

void
raw_without(struct raw *r, uint16_t type)
{
	size_t at = raw_at(r, type), len;

	ck_assert_uint_ne(at, SIZE_MAX);
	len = get16(r->p + at) & 0x3ffU;
	memmove(r->p + at, r->p + at + len, r->len - at - len);
	r->len -= len;
}

uint16_t
raw_type(const struct raw *r)
{
	return (r->len == RAW_HEADER ? 0 : raw_get16(r, RAW_MESSAGE_TYPE));
}

uint32_t
raw_ccid(const struct raw *r)
{
	return (get32(r->p + 4));
}

uint16_t
raw_ns(const struct raw *r)
{
	return (get16(r->p + 8));
}

uint16_t
raw_nr(const struct raw *r)
{
	return (get16(r->p + 10));
}

size_t
raw_at(const struct raw *r, uint16_t type)
{
	size_t at, len;

	for (at = RAW_HEADER; at < r->len; at += len) {
		len = get16(r->p + at) & 0x3ffU;
		ck_assert_uint_ge(len, AVP_HEADER);
		ck_assert_uint_le(at + len, r->len);
		if (get16(r->p + at + 2) == 0 && get16(r->p + at + 4) == type)
			return (at);
	}
	return (SIZE_MAX);
}

const uint8_t *
raw_find(const struct raw *r, uint16_t type, size_t *len)
{
	size_t at = raw_at(r, type);

	if (at == SIZE_MAX)
		return (NULL);
	*len = (get16(r->p + at) & 0x3ffU) - AVP_HEADER;
	return (r->p + at + AVP_HEADER);
}

int
raw_has(const struct raw *r, uint16_t type)
{
	return (raw_at(r, type) != SIZE_MAX);
}

uint16_t
raw_get16(const struct raw *r, uint16_t type)
{
	const uint8_t *p;
	size_t len;

	p = raw_find(r, type, &len);
	ck_assert_msg(p != NULL && len == 2, "no AVP %u of 16 bits", type);
	return (get16(p));
}

uint32_t
raw_get32(const struct raw *r, uint16_t type)
{
	const uint8_t *p;
	size_t len;

	p = raw_find(r, type, &len);
	ck_assert_msg(p != NULL && len == 4, "no AVP %u of 32 bits", type);
	return (get32(p));
}

uint64_t
raw_get64(const struct raw *r, uint16_t type)
{
	const uint8_t *p;
	size_t len;

	p = raw_find(r, type, &len);
	ck_assert_msg(p != NULL && len == 8, "no AVP %u of 64 bits", type);
	return ((uint64_t)get32(p) << 32 | get32(p + 4));
}

int
raw_verify(const struct raw *r, const struct raw_key *key)
{
	size_t len = key->sha1 ? SHA1_DIGEST_LENGTH : MD5_DIGEST_LENGTH, got;
	uint8_t want[SHA1_DIGEST_LENGTH];
	struct raw zeroed = *r;
	const uint8_t *p;

	p = raw_find(r, RAW_DIGEST, &got);
	if (p == NULL || got != len + 1 || p[0] != key->sha1)
		return (0);
	memset(zeroed.p + (p + 1 - r->p), 0, len);
	digest(&zeroed, key, want);
	return (memcmp(p + 1, want, len) == 0);
}

/*
 * HMAC(HMAC-MD5(secret, 2), nonce of the sender + that of the receiver +
 * message).
 */
static void
digest(const struct raw *r, const struct raw_key *key, uint8_t *to)
{
	struct raw data = key->nonce[0];
	uint8_t shared[RFC2104_LEN];

	memcpy(data.p + data.len, key->nonce[1].p, key->nonce[1].len);
	data.len += key->nonce[1].len;
	memcpy(data.p + data.len, r->p, r->len);
	data.len += r->len;
	rfc2104_key(2, (const uint8_t *)key->secret, strlen(key->secret),
	    shared);
	rfc2104_hmac(key->sha1, shared, MD5_DIGEST_LENGTH, data.p, data.len,
	    to);
}

static void
put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, (uint16_t)(v >> 16));
	put16(p + 2, (uint16_t)v);
}

static uint16_t
get16(const uint8_t *p)
{
	return ((uint16_t)(p[0] << 8 | p[1]));
}

static uint32_t
get32(const uint8_t *p)
{
	return ((uint32_t)get16(p) << 16 | get16(p + 2));
}
