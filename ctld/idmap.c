/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tables from ids to objects: chained hashing with a fixed number of
 * buckets, because the number of objects is bounded by the configuration.
 */
#include <stddef.h>
#include <stdlib.h>

#include "idmap.h"

static struct idnode	**idmap_bucket(const struct idmap *, uint32_t);

int
idmap_init(struct idmap *map, uint32_t max)
{
	for (map->n = 64; map->n < max && map->n < 65536;)
		map->n *= 2;
	map->buckets = calloc(map->n, sizeof(*map->buckets));
	return (map->buckets == NULL ? -1 : 0);
}

void
idmap_put(struct idmap *map, struct idnode *node, uint32_t id, void *obj)
{
	struct idnode	**bucket = idmap_bucket(map, id);

	node->id = id;
	node->obj = obj;
	node->next = *bucket;
	*bucket = node;
}

void *
idmap_get(const struct idmap *map, uint32_t id)
{
	const struct idnode	*node;

	for (node = *idmap_bucket(map, id); node != NULL; node = node->next)
		if (node->id == id)
			return (node->obj);
	return (NULL);
}

void
idmap_del(struct idmap *map, struct idnode *node)
{
	struct idnode	**p;

	for (p = idmap_bucket(map, node->id); *p != NULL; p = &(*p)->next)
		if (*p == node) {
			*p = node->next;
			return;
		}
}

/* Multiplication by 2^32 divided by the golden ratio spreads counters. */
static struct idnode **
idmap_bucket(const struct idmap *map, uint32_t id)
{
	return (&map->buckets[(id * UINT32_C(2654435769) >> 16) &
	    (map->n - 1)]);
}
