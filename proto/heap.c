/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The deadlines of all tunnels and calls.  Each timer knows its place, so
 * that moving one costs O(log n) and nothing is ever searched.
 */
#include <assert.h>
#include <stdlib.h>

#include "heap.h"
#include "l2tp.h"

static void	heap_put(struct heap *, struct timer *, uint32_t);
static void	heap_up(struct heap *, struct timer *, uint32_t);
static void	heap_down(struct heap *, struct timer *, uint32_t);
static void	heap_remove(struct heap *, struct timer *);

int
heap_init(struct heap *h, uint32_t room)
{
	h->count = 0;
	h->room = room;
	h->timer = calloc((size_t)room + 1, sizeof(*h->timer));
	return (h->timer == NULL ? -1 : 0);
}

void
heap_free(struct heap *h)
{
	free(h->timer);
	h->timer = NULL;
}

void
heap_set(struct heap *h, struct timer *t, uint64_t at)
{
	uint64_t was = t->at;

	t->at = at;
	if (at == L2TP_NEVER) {
		heap_remove(h, t);
	} else if (t->place == 0) {
		assert(h->count < h->room);
		heap_up(h, t, ++h->count);
	} else if (at < was) {
		heap_up(h, t, t->place);
	} else if (at > was) {
		heap_down(h, t, t->place);
	}
}

struct timer *
heap_top(const struct heap *h)
{
	return (h->count == 0 ? NULL : h->timer[1]);
}

static void
heap_put(struct heap *h, struct timer *t, uint32_t place)
{
	h->timer[place] = t;
	t->place = place;
}

static void
heap_up(struct heap *h, struct timer *t, uint32_t place)
{
	while (place > 1 && h->timer[place / 2]->at > t->at) {
		heap_put(h, h->timer[place / 2], place);
		place /= 2;
	}
	heap_put(h, t, place);
}

static void
heap_down(struct heap *h, struct timer *t, uint32_t place)
{
	uint32_t child;

	while ((child = place * 2) <= h->count) {
		if (child < h->count &&
		    h->timer[child + 1]->at < h->timer[child]->at)
			child++;
		if (h->timer[child]->at >= t->at)
			break;
		heap_put(h, h->timer[child], place);
		place = child;
	}
	heap_put(h, t, place);
}

static void
heap_remove(struct heap *h, struct timer *t)
{
	uint32_t place = t->place;
	struct timer *last;

	if (place == 0)
		return;
	t->place = 0;
	last = h->timer[h->count--];
	if (last == t)
		return;
	heap_up(h, last, place);
	heap_down(h, last, last->place);
}
