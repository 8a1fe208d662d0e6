/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * AVP hiding (RFC 2661 section 4.3).  The subformat is
 *
 *	|   Length of Original Value    |   Original Attribute Value ...
 *	  ...                           |             Padding ...
 *
 * and is combined in blocks of 16 octets with a stream that depends on the
 * ciphertext before:
 *
 *	b(1) = MD5(AV + S + RV)		c(1) = p(1) xor b(1)
 *	b(i) = MD5(S + c(i-1))		c(i) = p(i) xor b(i)
 *
 * The length inside comes out of a cipher: it never bounds a read before it
 * has been compared with what is there.
 */
#include <string.h>

#include <md5.h>

#include "hide.h"

#define BLOCK	MD5_DIGEST_LENGTH

static void	stream_first(uint8_t *, uint16_t, struct bytes, struct bytes);
static void	stream_next(uint8_t *, struct bytes, const uint8_t *);

void
hide_value(struct wr *w, uint16_t type, struct bytes secret,
    struct bytes vector, struct bytes value)
{
	uint8_t plain[HIDE_MAX], cipher[BLOCK], stream[BLOCK];
	struct wr sub;
	size_t at, i, n;

	wr_init(&sub, plain, sizeof(plain));
	wr_u16(&sub, (uint16_t)value.len);
	wr_bytes(&sub, value.p, value.len);
	if (sub.bad) {
		w->bad = 1;
		return;
	}
	stream_first(stream, type, secret, vector);
	for (at = 0; at < sub.len; at += n) {
		n = sub.len - at < BLOCK ? sub.len - at : BLOCK;
		for (i = 0; i < n; i++)
			cipher[i] = plain[at + i] ^ stream[i];
		wr_bytes(w, cipher, n);
		if (n == BLOCK)
			stream_next(stream, secret, cipher);
	}
	explicit_bzero(plain, sizeof(plain));
	explicit_bzero(stream, sizeof(stream));
}

struct bytes
hide_uncover(uint8_t *out, uint16_t type, struct bytes secret,
    struct bytes vector, struct bytes hidden)
{
	struct bytes value = { NULL, 0 };
	uint8_t stream[BLOCK], cipher[BLOCK];
	struct rd r, clear;
	size_t at, i, n, len;

	rd_init(&r, hidden.p, hidden.len);
	stream_first(stream, type, secret, vector);
	for (at = 0; r.left > 0; at += n) {
		n = r.left < BLOCK ? r.left : BLOCK;
		rd_copy(&r, cipher, n);
		for (i = 0; i < n; i++)
			out[at + i] = cipher[i] ^ stream[i];
		if (n == BLOCK)
			stream_next(stream, secret, cipher);
	}
	explicit_bzero(stream, sizeof(stream));

	rd_init(&clear, out, hidden.len);
	len = rd_u16(&clear);
	value = rd_bytes(&clear, len);
	if (clear.bad)
		value.p = NULL;
	return (value);
}

static void
stream_first(uint8_t *stream, uint16_t type, struct bytes secret,
    struct bytes vector)
{
	uint8_t av[2];
	struct wr w;
	MD5_CTX md5;

	wr_init(&w, av, sizeof(av));
	wr_u16(&w, type);
	MD5Init(&md5);
	MD5Update(&md5, av, sizeof(av));
	MD5Update(&md5, secret.p, secret.len);
	MD5Update(&md5, vector.p, vector.len);
	MD5Final(stream, &md5);
	explicit_bzero(&md5, sizeof(md5));
}

static void
stream_next(uint8_t *stream, struct bytes secret, const uint8_t *cipher)
{
	MD5_CTX md5;

	MD5Init(&md5);
	MD5Update(&md5, secret.p, secret.len);
	MD5Update(&md5, cipher, BLOCK);
	MD5Final(stream, &md5);
	explicit_bzero(&md5, sizeof(md5));
}
