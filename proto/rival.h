/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnels of which there shall be only one: two sides that call each other
 * at the same time (RFC 2661 section 4.4.3, "Tie Breaker"), and what is left
 * of a peer that was restarted.
 */
#ifndef PROTO_RIVAL_H
#define PROTO_RIVAL_H

#include "engine.h"

enum tie {
	TIE_NONE,		/* nobody has asked for a decision */
	TIE_WON,
	TIE_LOST,
	TIE_EQUAL
};

/*
 * Our tie breaker, or NULL, against that of the peer's message: the lower
 * value wins, and whoever has one against who has none (RFC 2661 section
 * 4.4.3, and for calls RFC 3931 section 5.4.4).
 */
enum tie	 tie_of(const uint64_t *ours, const struct msg *);
/* Our SCCRQ is outstanding from the one on and until the other. */
void		 rival_add(struct tunnel *);
void		 rival_remove(struct tunnel *);
/*
 * 1 if the SCCRQ of a peer must not open a tunnel, because of one that is
 * outstanding to its host.  That which has thrown the same tie breaker is
 * over as well.
 */
int		 rival_wins(struct l2tp *, const struct l2tp_addr *,
		    const struct msg *, uint64_t);
/* Ends what is outstanding and loses against the SCCRQ of this tunnel. */
void		 rival_yield(struct tunnel *, const struct msg *, uint64_t);
/*
 * A tunnel that the peer has opened is established: ends those that the same
 * peer had, if they went through here as well.
 */
void		 rival_replace(struct tunnel *, uint64_t);

#endif
