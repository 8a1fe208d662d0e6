/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Hands out the addresses of a pool: those that nobody has had yet first,
 * then the one that was given back longest ago.  A bitmap knows what is on
 * lease, so that nothing is given twice or taken back twice.  Leasing and
 * releasing take constant time.
 */
#include <stdlib.h>

#include "pool.h"

/*
 * A pool may be larger, but only so many of its addresses are used: 64
 * times as many as there can be sessions.
 */
#define POOL_MAX	(UINT32_C(1) << 20)

struct pool {
	const struct conf_pool	*conf;
	uint8_t			*leased;	/* one bit for each address */
	uint32_t		*ring;		/* given back, oldest first */
	uint32_t		 size;		/* addresses in use or not */
	uint32_t		 fresh;		/* below: had by somebody */
	uint32_t		 head, n_ring, n_leased;
};

static uint32_t	pool_address(const struct pool *, uint32_t);
static uint32_t	pool_index(const struct pool *, uint32_t);

struct pool *
pool_new(const struct conf_pool *conf)
{
	struct pool	*pool;
	uint64_t	 size = 0;
	size_t		 i;

	for (i = 0; i < conf->n_ranges; i++)
		size += (uint64_t)conf->ranges[i].last -
		    conf->ranges[i].first + 1;
	if ((pool = calloc(1, sizeof(*pool))) == NULL)
		return (NULL);
	pool->conf = conf;
	pool->size = size < POOL_MAX ? (uint32_t)size : POOL_MAX;
	pool->leased = calloc(pool->size / 8 + 1, 1);
	pool->ring = calloc((size_t)pool->size + 1, sizeof(*pool->ring));
	if (pool->leased != NULL && pool->ring != NULL)
		return (pool);
	pool_delete(pool);
	return (NULL);
}

void
pool_delete(struct pool *pool)
{
	if (pool == NULL)
		return;
	free(pool->leased);
	free(pool->ring);
	free(pool);
}

uint32_t
pool_lease(struct pool *pool)
{
	uint32_t	 i;

	/* Our own end of the links is not for callers. */
	if (pool->fresh < pool->size && pool_address(pool, pool->fresh) ==
	    pool->conf->local_ip)
		pool->fresh++;
	if (pool->fresh < pool->size)
		i = pool->fresh++;
	else if (pool->n_ring > 0) {
		i = pool->ring[pool->head];
		pool->head = (pool->head + 1) % pool->size;
		pool->n_ring--;
	} else
		return (0);
	pool->leased[i / 8] |= (uint8_t)(1 << i % 8);
	pool->n_leased++;
	return (pool_address(pool, i));
}

int
pool_release(struct pool *pool, uint32_t address)
{
	uint32_t	 i = pool_index(pool, address);

	if (i >= pool->size || (pool->leased[i / 8] & 1 << i % 8) == 0)
		return (-1);
	pool->leased[i / 8] &= (uint8_t)~(1 << i % 8);
	pool->ring[(pool->head + pool->n_ring) % pool->size] = i;
	pool->n_ring++;
	pool->n_leased--;
	return (0);
}

uint32_t
pool_n_leased(const struct pool *pool)
{
	return (pool->n_leased);
}

uint32_t
pool_size(const struct pool *pool)
{
	return (pool->size);
}

/* The address with this index, which is below the size. */
static uint32_t
pool_address(const struct pool *pool, uint32_t i)
{
	const struct dp_range	*r = pool->conf->ranges;

	for (; i > r->last - r->first; r++)
		i -= r->last - r->first + 1;
	return (r->first + i);
}

/* UINT32_MAX if the pool does not have the address. */
static uint32_t
pool_index(const struct pool *pool, uint32_t address)
{
	const struct dp_range	*r = pool->conf->ranges;
	uint64_t		 before = 0;
	size_t			 i;

	for (i = 0; i < pool->conf->n_ranges; i++, r++) {
		if (address >= r->first && address <= r->last &&
		    before + (address - r->first) < pool->size)
			return ((uint32_t)before + (address - r->first));
		before += (uint64_t)r->last - r->first + 1;
	}
	return (UINT32_MAX);
}
