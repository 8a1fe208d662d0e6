/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Bitmaps of local ids, by their lower halves.  An id that is released is
 * not free: the kernel or the peer may still send under it, so it waits in
 * one of two generations.
 */
#include <string.h>

#include "ids.h"

static size_t	ids_word(uint32_t);
static uint64_t	ids_bit(uint32_t);
static void	ids_age(struct ids *, uint64_t);
static void	ids_move(struct ids *);

void
ids_init(struct ids *s, uint32_t quarantine_ms)
{
	memset(s, 0, sizeof(*s));
	s->taken[0] = 1;		/* 0 is no id */
	s->quarantine_ms = quarantine_ms;
}

uint32_t
ids_find(struct ids *s, uint32_t start, uint64_t now)
{
	uint32_t i, id, low = start & UINT16_MAX;
	uint64_t word;

	ids_age(s, now);
	/* One word more than there are: the first is looked at in halves. */
	for (i = 0; i <= IDS_WORDS; i++) {
		id = (low + i * 64U) & 0xffc0U;
		word = ~s->taken[id / 64];
		if (i == 0) {
			id = low;
			word >>= low % 64;
		}
		if (word == 0)
			continue;
		while ((word & 1) == 0) {
			word >>= 1;
			id++;
		}
		return ((start - low) | id);
	}
	return (0);
}

void
ids_take(struct ids *s, uint32_t id)
{
	s->taken[ids_word(id)] |= ids_bit(id);
}

void
ids_release(struct ids *s, uint32_t id, uint64_t now)
{
	ids_age(s, now);
	s->young[ids_word(id)] |= ids_bit(id);
}

void
ids_return(struct ids *s, uint32_t id)
{
	s->taken[ids_word(id)] &= ~ids_bit(id);
}

static size_t
ids_word(uint32_t id)
{
	return ((id & UINT16_MAX) / 64);
}

static uint64_t
ids_bit(uint32_t id)
{
	return ((uint64_t)1 << id % 64);
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
