/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Hiding of AVP values with a secret that both sides know (RFC 2661 section
 * 4.3).
 */
#ifndef PROTO_HIDE_H
#define PROTO_HIDE_H

#include "wire.h"

#define HIDE_MAX	1017	/* octets of a hidden value, at most */
#define HIDE_VECTOR_LEN	16	/* of the Random Vectors that we send */
#define HIDE_SECRETS	2	/* the one in use, and one to roll over */

/* What uncovers the AVPs of one message, and where their values go. */
struct hide {
	struct bytes	 secret[HIDE_SECRETS];	/* by rank; len 0: none */
	uint8_t		*room;		/* what is left of it */
	size_t		 left;
	uint8_t		 fits;		/* 1 + rank of the secret that the
					 * message is hidden with; 0: open */
};

/*
 * Appends the hidden form of the value: its length and the value itself,
 * encrypted.  The secret must not be empty.
 */
void		 hide_value(struct wr *, uint16_t type, struct bytes secret,
		    struct bytes vector, struct bytes value);
/*
 * Uncovers a hidden value into out, which has room for as much.  Returns
 * the value, which points into out; p is NULL if the length inside is more
 * than there is, as it is when the secret is another one.
 */
struct bytes	 hide_uncover(uint8_t *out, uint16_t type,
		    struct bytes secret, struct bytes vector,
		    struct bytes hidden);

#endif
