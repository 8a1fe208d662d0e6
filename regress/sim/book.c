/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What a caller knows of its tunnels or calls, found by their ids, which may
 * be any of 32 bits.  Nothing is forgotten before the side reboots.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

static uint32_t	 book_slot(const struct book *, uint32_t);

struct known *
book_learn(struct book *b, uint32_t id)
{
	uint32_t slot = book_slot(b, id);
	struct known *k;

	if (b->slot[slot] == 0) {
		if (b->n == SIM_KNOWN)
			abort();
		b->slot[slot] = ++b->n;
	}
	k = &b->known[b->slot[slot] - 1];
	memset(k, 0, sizeof(*k));
	k->id = id;
	k->slot = slot;
	k->live = 1;
	return (k);
}

struct known *
book_find(struct book *b, uint32_t id)
{
	uint32_t slot = book_slot(b, id);

	if (b->slot[slot] != 0)
		return (&b->known[b->slot[slot] - 1]);
	memset(&b->nobody, 0, sizeof(b->nobody));
	return (&b->nobody);
}

void
book_clear(struct book *b)
{
	while (b->n > 0)
		b->slot[b->known[--b->n].slot] = 0;
}

uint32_t
book_live(const struct book *b)
{
	uint32_t n, live = 0;

	for (n = 0; n < b->n; n++)
		live += b->known[n].live;
	return (live);
}

uint32_t
book_up(const struct book *b)
{
	uint32_t n, up = 0;

	for (n = 0; n < b->n; n++)
		up += b->known[n].up;
	return (up);
}

/* Where it is, or the free one where it belongs. */
static uint32_t
book_slot(const struct book *b, uint32_t id)
{
	uint32_t slot = (id * 0x9e3779b1U) % SIM_SLOTS;

	while (b->slot[slot] != 0 && b->known[b->slot[slot] - 1].id != id)
		slot = (slot + 1) % SIM_SLOTS;
	return (slot);
}
