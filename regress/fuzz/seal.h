/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What a fuzzer cannot guess in a message: hidden values and challenge
 * responses.  An input has them in the clear, so that a change in it is the
 * same change in what is received.
 */
#ifndef REGRESS_FUZZ_SEAL_H
#define REGRESS_FUZZ_SEAL_H

#include "wire.h"

#define SEAL_KEY_LEN	16

struct seal {
	struct bytes	secret;
	struct bytes	challenge;	/* the other side's latest, or none */
	uint32_t	sid;		/* the other side's, or 0 */
};

/*
 * Completes a list of AVPs in place, as a peer who has the secret would.
 * With the H bit a value is the subformat of RFC 2661 section 4.3 and is
 * encrypted.  A Challenge Response of 16 octets of 0 becomes the right one,
 * and such a Challenge the other side's own; so does a Remote Session ID of 0.
 */
void	seal_avps(uint8_t *, size_t, const struct seal *);
/* What L2TPv3 hides with in place of the secret (RFC 3931 section 5.3). */
void	seal_key(uint8_t [SEAL_KEY_LEN], struct bytes secret);
/*
 * The same for a whole message of L2TPv3: a Message Digest of zeroes, of
 * either kind and with its AVP in its place, becomes the right one (RFC 3931
 * section 5.4.1).  The nonces are the sender's and the receiver's.
 */
void	seal_digest(uint8_t *, size_t, struct bytes secret,
	    struct bytes sender, struct bytes receiver);

#endif
