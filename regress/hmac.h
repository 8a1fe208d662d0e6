/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * HMAC (RFC 2104) for peers that are not made of proto.
 */
#ifndef REGRESS_HMAC_H
#define REGRESS_HMAC_H

#include <stddef.h>
#include <stdint.h>

#define HMAC_MAX_LEN	20	/* of SHA-1; 16 of MD5 */

/* With a key of at most 64 octets; how many octets there are now. */
size_t	 hmac_of(int sha1, const uint8_t *key, size_t key_len,
	    const uint8_t *data, size_t len, uint8_t to[HMAC_MAX_LEN]);
/* What the digests of L2TPv3 are keyed with (RFC 3931 section 5.4.1). */
void	 hmac_shared_key(uint8_t which, const uint8_t *secret, size_t len,
	    uint8_t to[HMAC_MAX_LEN]);

#endif
