/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What a call remembers: the AVPs that avp_table flags so, packed as they
 * are on the wire, each with a NUL behind it, so that texts can be lent as
 * strings.  The same for what the peer has said and for what we have yet to
 * say, until the message is due that has a place for it.
 *
 * A value of more than L2TP_MAX_VALUE octets is not remembered.
 */
#ifndef PROTO_DETAILS_H
#define PROTO_DETAILS_H

#include "msg.h"

struct details;

/*
 * Takes what the message says in the place of what was said before, if
 * anything (*d is not NULL); -1 if out of memory, and nothing has changed.
 */
int	 details_add(struct details **, const struct msg *);
/* As one message without a type, which borrows from the details. */
void	 details_get(const struct details *, struct msg *);
void	 details_free(struct details *);

#endif
