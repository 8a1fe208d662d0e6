/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A space of ids: random, never 0, and not given out again before a
 * quarantine has passed (RFC 2661 sections 5.3, 5.7 and 9.1).
 *
 * Ids have 16 bits (L2TPv2) or 32 (L2TPv3), and both share one space: two
 * of them always differ in their lower half, which is what is remembered.
 */
#ifndef PROTO_IDS_H
#define PROTO_IDS_H

#include <stdint.h>

#define IDS_WORDS	1024	/* of 64 bits, one for each lower half */

/*
 * Released ids wait in "young" and then in "old"; the two are moved up
 * each quarantine_ms, so that an id waits once to twice that long.
 */
struct ids {
	uint64_t	taken[IDS_WORDS];	/* in use or waiting */
	uint64_t	young[IDS_WORDS];
	uint64_t	old[IDS_WORDS];
	uint64_t	moved_at;
	uint32_t	quarantine_ms;
};

void		ids_init(struct ids *, uint32_t quarantine_ms);
/*
 * A free id, or 0 if there is none.  It is not yet taken: the search starts
 * at a place that "start", a random number, tells, whose upper half is that
 * of the id.
 */
uint32_t	ids_find(struct ids *, uint32_t start, uint64_t now);
void		ids_take(struct ids *, uint32_t);
/* To be used again after the quarantine. */
void		ids_release(struct ids *, uint32_t, uint64_t now);
/* To be used again at once: it was never put to use. */
void		ids_return(struct ids *, uint32_t);

#endif
