/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The peer's half of RFC 2661 sections 4.3 and 5.1.1.  It is written from
 * the text and uses none of proto's hide and digest, which it tests.
 */
#include <string.h>

#include <md5.h>

#include "avp.h"
#include "seal.h"

#define BLOCK	MD5_DIGEST_LENGTH

static void	seal_hide(uint8_t *, size_t, uint16_t, struct bytes,
		    struct bytes);
static void	seal_fill(uint8_t *, int, uint8_t, const struct seal *);

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
