/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * HMAC (RFC 2104) for peers that are not made of proto.
 */
#ifndef REGRESS_RFC2104_H
#define REGRESS_RFC2104_H

#include <stddef.h>
#include <stdint.h>

#define RFC2104_LEN	20	/* of SHA-1; 16 of MD5 */

/* With a key of at most 64 octets; how many octets there are now. */
size_t	 rfc2104_hmac(int sha1, const uint8_t *key, size_t key_len,
	    const uint8_t *data, size_t len, uint8_t to[RFC2104_LEN]);
/* What the digests of L2TPv3 are keyed with (RFC 3931 section 5.4.1). */
void	 rfc2104_key(uint8_t which, const uint8_t *secret, size_t len,
	    uint8_t to[RFC2104_LEN]);

#endif
