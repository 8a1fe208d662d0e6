/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Keyed hashes (RFC 2104) with MD5 and SHA-1, which is all that RFC 3931
 * has.
 */
#ifndef PROTO_HMAC_H
#define PROTO_HMAC_H

#include <md5.h>
#include <sha1.h>

#include "wire.h"

#define HMAC_BLOCK	64
#define HMAC_MAX	20	/* octets of the longest result */

enum hmac_kind {		/* numbered as Digest Type is (5.4.1) */
	HMAC_MD5,
	HMAC_SHA1,
	HMAC_NKINDS
};

union hmac_hash {
	MD5_CTX		md5;
	SHA1_CTX	sha1;
};

struct hmac {
	union hmac_hash	hash;
	uint8_t		outer[HMAC_BLOCK];	/* the key, xor opad */
	uint8_t		kind;			/* enum hmac_kind */
};

size_t		hmac_len(enum hmac_kind);
void		hmac_init(struct hmac *, enum hmac_kind, struct bytes key);
void		hmac_update(struct hmac *, struct bytes);
/* Stores hmac_len() octets and forgets the key. */
void		hmac_final(struct hmac *, uint8_t *);

#endif
