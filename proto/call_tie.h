/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Two sides that ask for one circuit at the same time (RFC 3931 section
 * 5.4.4, "Remote End ID" and "Session Tie Breaker").
 */
#ifndef PROTO_CALL_TIE_H
#define PROTO_CALL_TIE_H

#include "engine.h"

/* Our ICRQ or OCRQ is on its way, and ties with what comes against it. */
void		 tie_enter(struct call *);
/*
 * An ICRQ or OCRQ of the peer: ERR_NONE if it may go on.  Our own request, if
 * it has lost, or if neither has won, is over then.
 */
enum l2tp_err	 tie_break(struct tunnel *, const struct msg *, uint64_t);

#endif
