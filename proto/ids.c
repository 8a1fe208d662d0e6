/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Bitmaps of local ids.  An id that is released is not free: the kernel or
 * the peer may still send under it, so it waits in one of two generations.
 */
#include <string.h>

#include "ids.h"

static void	ids_age(struct ids *, uint64_t);
static void	ids_move(struct ids *);

void
ids_init(struct ids *s, uint32_t quarantine_ms)
{
	memset(s, 0, sizeof(*s));
	s->taken[0] = 1;		/* 0 is no id */
	s->quarantine_ms = quarantine_ms;
}

uint16_t
ids_find(struct ids *s, uint16_t start, uint64_t now)
{
	uint32_t i, id;
	uint64_t word;

	ids_age(s, now);
	/* One word more than there are: the first is looked at in halves. */
	for (i = 0; i <= IDS_WORDS; i++) {
		id = (start + i * 64U) & 0xffc0U;
		word = ~s->taken[id / 64];
		if (i == 0) {
			id = start;
			word >>= start % 64;
		}
		if (word == 0)
			continue;
		while ((word & 1) == 0) {
			word >>= 1;
			id++;
		}
		return ((uint16_t)id);
	}
	return (0);
}

void
ids_take(struct ids *s, uint16_t id)
{
	s->taken[id / 64] |= (uint64_t)1 << id % 64;
}

void
ids_release(struct ids *s, uint16_t id, uint64_t now)
{
	ids_age(s, now);
	s->young[id / 64] |= (uint64_t)1 << id % 64;
}

void
ids_return(struct ids *s, uint16_t id)
{
	s->taken[id / 64] &= ~((uint64_t)1 << id % 64);
}

static void
ids_age(struct ids *s, uint64_t now)
{
	uint64_t passed = now - s->moved_at;

	if (passed < s->quarantine_ms)
		return;
	ids_move(s);
	if (passed / 2 >= s->quarantine_ms)
		ids_move(s);
	s->moved_at = now;
}

static void
ids_move(struct ids *s)
{
	size_t i;

	for (i = 0; i < IDS_WORDS; i++) {
		s->taken[i] &= ~s->old[i];
		s->old[i] = s->young[i];
		s->young[i] = 0;
	}
}
