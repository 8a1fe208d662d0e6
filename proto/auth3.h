/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control Message Authentication of L2TPv3 (RFC 3931 sections 4.3 and
 * 5.4.1): the Message Digest AVP, and the keys that a secret gives.
 *
 * A message is all of it, from the word with the T bit to the end of the
 * last AVP.
 */
#ifndef PROTO_AUTH3_H
#define PROTO_AUTH3_H

#include "wire.h"

#define AUTH3_KEY_LEN	16

enum auth3_use {
	AUTH3_HIDE = 1,		/* section 5.3: the key takes the secret's
				 * place in what hide.h does */
	AUTH3_DIGEST = 2	/* section 5.4.1 */
};

/* Of both sides of a connection; len 0: not known, or there is none. */
struct auth3_nonces {
	struct bytes	sender;		/* of the message */
	struct bytes	receiver;
};

void		 auth3_key(uint8_t [AUTH3_KEY_LEN], struct bytes secret,
		    enum auth3_use);
/*
 * The value of a Message Digest AVP yet to be sealed, of one L2TP_DIGEST_*;
 * for struct msg.
 */
struct bytes	 auth3_room(uint8_t digest);
/*
 * Completes the Message Digests of an encoded message whose header is
 * sealed; to be done again whenever the header changes.  A message that has
 * none is left as it is.
 */
void		 auth3_seal(struct wr *, struct bytes secret,
		    const struct auth3_nonces *);
/*
 * L2TP_DIGEST_* of a Message Digest of the message that is among the
 * accepted ones and that the secret makes valid; 0 if there is none.  The
 * secret may be empty.
 */
uint8_t		 auth3_check(struct bytes message, uint8_t accepted,
		    struct bytes secret, const struct auth3_nonces *);

#endif
