/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * An input that a mutator is changing: octets, and where the parts of it
 * begin.  What the parts are, AVPs of a message or steps of a script, its
 * user knows; to leave one out, to say it twice or elsewhere is the same
 * for both.
 */
#ifndef REGRESS_FUZZ_DRAFT_H
#define REGRESS_FUZZ_DRAFT_H

#include <stddef.h>
#include <stdint.h>

#define DRAFT_PARTS	128	/* later ones are left alone */

struct draft {
	uint8_t		*p;
	size_t		 len, max;
	uint32_t	 random;
	uint8_t		 version;	/* of messages: 2 or 3 */
	struct part {
		size_t	at, len;
	} part[DRAFT_PARTS];
	size_t		 n;
};

/* Of no parts yet; the octets stay the caller's. */
void		 draft_init(struct draft *, uint8_t *, size_t len, size_t max,
		    uint32_t seed);
void		 draft_add(struct draft *, size_t at, size_t len);
/* 0 to n - 1; 0 for n = 0. */
uint32_t	 draft_random(struct draft *, size_t n);
/* One of the parts, or NULL if there are none. */
const struct part *draft_pick(struct draft *);
/* Where something new may go: before a part, or at the end. */
size_t		 draft_gap(struct draft *);
/* Other octets in place of old ones; -1, and no change, if too many. */
int		 draft_replace(struct draft *, size_t at, size_t old,
		    const void *, size_t);
/* For octets that are there. */
uint16_t	 draft_get16(const struct draft *, size_t at);
void		 draft_put16(struct draft *, size_t at, uint16_t);

/* Each changes one thing, if it can; the parts are then out of date. */
void		 draft_remove(struct draft *);
void		 draft_copy(struct draft *);
void		 draft_move(struct draft *);

#endif
