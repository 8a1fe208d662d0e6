/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The MD5 digests of tunnel authentication (RFC 2661 sections 4.4.3 and
 * 5.1.1).
 */
#ifndef PROTO_DIGEST_H
#define PROTO_DIGEST_H

#include "wire.h"

#define DIGEST_LEN	16

/* MD5(id + secret + challenge), id being the type of the message. */
void		 digest_response(uint8_t [DIGEST_LEN], uint8_t id,
		    struct bytes secret, struct bytes challenge);
/* 1 if that is the response, in time that does not depend on it. */
int		 digest_matches(struct bytes response, uint8_t id,
		    struct bytes secret, struct bytes challenge);

/* A challenge: the nonce, and what only the owner of the key can add. */
void		 digest_challenge(uint8_t [DIGEST_LEN],
		    const uint8_t [DIGEST_LEN], uint64_t nonce);
/* A tie breaker of the same nonce, which the challenge does not give away. */
uint64_t	 digest_tie(const uint8_t [DIGEST_LEN], uint64_t nonce);
/* 1 if the challenge was made with this key. */
int		 digest_is_ours(struct bytes challenge,
		    const uint8_t [DIGEST_LEN]);

/* A short name for octets that have no other. */
uint32_t	 digest_name(struct bytes);

#endif
