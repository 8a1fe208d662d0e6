/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What a peer of L2TPv3 does with a message that a script has: it knows the
 * session, and signs.
 */
#ifndef REGRESS_FUZZ_SIGN_H
#define REGRESS_FUZZ_SIGN_H

#include "wire.h"

struct nonce {
	uint8_t	p[UINT8_MAX];
	size_t	len;
};

/* In AVPs, a Remote Session ID of ones becomes this. */
void	sign_address(uint8_t *, size_t, uint32_t sid);
/* Takes the nonce of a message that has one. */
void	sign_nonce(struct nonce *, const uint8_t *, size_t);
/*
 * Completes the Message Digest of a message; adds one if it has none and
 * adds is set, for which there is room.  The new length.
 */
size_t	sign_message(uint8_t *, size_t, int adds, struct bytes secret,
	    const struct nonce *sender, const struct nonce *receiver);

#endif
