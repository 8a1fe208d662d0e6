/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Octets in parts, for mutators.  Nothing here knows what they mean.
 */
#include <string.h>

#include "draft.h"

#define PART_MAX_LEN	4096	/* of one that is moved */

void
draft_init(struct draft *d, uint8_t *p, size_t len, size_t max, uint32_t seed)
{
	d->p = p;
	d->len = len;
	d->max = max;
	d->random = seed;
	d->version = 2;
	d->n = 0;
}

void
draft_add(struct draft *d, size_t at, size_t len)
{
	if (d->n == DRAFT_PARTS)
		return;
	d->part[d->n].at = at;
	d->part[d->n++].len = len;
}

uint32_t
draft_random(struct draft *d, size_t n)
{
	d->random = d->random * 1664525 + 1013904223;
	return (n == 0 ? 0 : (d->random >> 8) % (uint32_t)n);
}

const struct part *
draft_pick(struct draft *d)
{
	return (d->n == 0 ? NULL : &d->part[draft_random(d, d->n)]);
}

size_t
draft_gap(struct draft *d)
{
	size_t i = draft_random(d, d->n + 1);

	return (i == d->n ? d->len : d->part[i].at);
}

int
draft_replace(struct draft *d, size_t at, size_t old, const void *octets,
    size_t len)
{
	if (d->len - old + len > d->max)
		return (-1);
	memmove(d->p + at + len, d->p + at + old, d->len - at - old);
	if (len > 0)
		memcpy(d->p + at, octets, len);
	d->len += len - old;
	return (0);
}

uint16_t
draft_get16(const struct draft *d, size_t at)
{
	return ((uint16_t)(d->p[at] << 8 | d->p[at + 1]));
}

void
draft_put16(struct draft *d, size_t at, uint16_t v)
{
	d->p[at] = (uint8_t)(v >> 8);
	d->p[at + 1] = (uint8_t)v;
}

void
draft_remove(struct draft *d)
{
	const struct part *part = draft_pick(d);

	if (part != NULL)
		draft_replace(d, part->at, part->len, NULL, 0);
}

void
draft_copy(struct draft *d)
{
	const struct part *part = draft_pick(d);
	uint8_t octets[PART_MAX_LEN];

	if (part == NULL || part->len > sizeof(octets))
		return;
	memcpy(octets, d->p + part->at, part->len);
	draft_replace(d, draft_gap(d), 0, octets, part->len);
}

void
draft_move(struct draft *d)
{
	const struct part *part = draft_pick(d);
	uint8_t octets[PART_MAX_LEN];
	size_t to;

	if (part == NULL || part->len > sizeof(octets))
		return;
	to = draft_gap(d);
	if (to > part->at)
		to -= part->len;
	memcpy(octets, d->p + part->at, part->len);
	draft_replace(d, part->at, part->len, NULL, 0);
	draft_replace(d, to, 0, octets, part->len);
}
