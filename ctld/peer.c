/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Decides who a caller is: the peers of the listener are tried in order.
 * Then a SCCRQ has to pass two token buckets, one for the network that it
 * comes from and one for all, so that a flood from one network leaves room
 * for the others; and those whom no peer matches have buckets of their own,
 * so that they leave room for peers.  Nothing here is authentication.
 */
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "log.h"
#include "peer.h"

#define PEER_BUCKETS	256		/* sources that hash alike share one */
#define PEER_SHARE	2		/* of the rate, for one source: 1/2 */
#define PEER_TOKEN	1000		/* what one SCCRQ costs */

struct bucket {
	uint64_t	filled;		/* time */
	uint64_t	tokens;
};

static struct peer_state {
	struct peer	*peers;
	struct pool	**pools;	/* in the order of the file */
	const struct conf *conf;
	size_t		 n_peers, n_pools;
	uint32_t	 per_second;
	uint32_t	 seed;
	struct limit {
		struct bucket	 all;
		struct bucket	 sources[PEER_BUCKETS];
	} limits[2];			/* of strangers, of peers */
} peer_state;

static struct bucket	*limit_source(struct limit *,
			    const struct l2tp_addr *);
static int		 bucket_take(struct bucket *, uint32_t, uint64_t);

void
peer_init(const struct conf *conf)
{
	const struct conf_peer	*cp;
	const struct conf_pool	*pool;
	size_t			 n = 0, n_pools = 0;

	TAILQ_FOREACH(cp, &conf->peers, entry)
		n++;
	TAILQ_FOREACH(pool, &conf->pools, entry)
		n_pools++;
	peer_state.peers = calloc(n + 1, sizeof(*peer_state.peers));
	peer_state.pools = calloc(n_pools + 1, sizeof(*peer_state.pools));
	if (peer_state.peers == NULL || peer_state.pools == NULL)
		fatal("calloc");
	peer_state.conf = conf;
	TAILQ_FOREACH(pool, &conf->pools, entry)
		if ((peer_state.pools[peer_state.n_pools++] =
		    pool_new(pool)) == NULL)
			fatal("pool %s", pool->name);
	TAILQ_FOREACH(cp, &conf->peers, entry)
		peer_state.peers[peer_state.n_peers++].conf = cp;
}

struct peer *
peer_find(const struct conf_peer *conf)
{
	size_t	 i;

	for (i = 0; i < peer_state.n_peers; i++)
		if (peer_state.peers[i].conf == conf)
			return (&peer_state.peers[i]);
	return (NULL);
}

struct pool *
peer_pool(const struct conf_pool *wanted)
{
	const struct conf_pool	*pool;
	size_t			 i = 0;

	TAILQ_FOREACH(pool, &peer_state.conf->pools, entry) {
		if (pool == wanted)
			return (peer_state.pools[i]);
		i++;
	}
	return (NULL);
}

void
peer_pools(uint32_t *leased, uint32_t *size)
{
	size_t	 i;

	*leased = *size = 0;
	for (i = 0; i < peer_state.n_pools; i++) {
		*leased += pool_n_leased(peer_state.pools[i]);
		*size += pool_size(peer_state.pools[i]);
	}
}

const struct conf_listen_peer *
peer_match(const struct conf_listen *listen, const struct l2tp_addr *from,
    const char *host_name)
{
	const struct conf_peer	*cp;
	size_t			 i, j;

	for (i = 0; i < listen->n_peers; i++) {
		cp = listen->peers[i].peer;
		for (j = 0; j < cp->n_from; j++)
			if (addr_match(&cp->from[j], from) &&
			    peer_glob(cp->host_name, host_name))
				return (&listen->peers[i]);
	}
	return (NULL);
}

/*
 * A mismatch goes back to the last star only: earlier ones need not take
 * more than they did, so the work is bounded by the product of the lengths.
 */
int
peer_glob(const char *pattern, const char *text)
{
	const char	*star = NULL, *again = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			again = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star;
			text = ++again;
		} else
			return (0);
	}
	while (*pattern == '*')
		pattern++;
	return (*pattern == '\0');
}

void
peer_limit_init(uint32_t per_second, uint32_t seed)
{
	memset(peer_state.limits, 0, sizeof(peer_state.limits));
	peer_state.per_second = per_second;
	peer_state.seed = seed;
}

int
peer_limit(const struct l2tp_addr *from, int known, uint64_t now)
{
	uint32_t	 share = peer_state.per_second / PEER_SHARE;
	struct limit	*limit = &peer_state.limits[known];

	return (bucket_take(limit_source(limit, from), share > 0 ? share : 1,
	    now) && bucket_take(&limit->all, peer_state.per_second, now));
}

/* One bucket for an IPv4 /24 or an IPv6 /56 (FNV-1a, seeded). */
static struct bucket *
limit_source(struct limit *limit, const struct l2tp_addr *from)
{
	uint32_t	 hash = UINT32_C(2166136261) ^ peer_state.seed;
	size_t		 i, len = from->family == 4 ? 3 : 7;

	for (i = 0; i < len; i++)
		hash = (hash ^ from->ip[i]) * UINT32_C(16777619);
	return (&limit->sources[(hash ^ hash >> 16) % PEER_BUCKETS]);
}

/* Holds one second's worth at most; full when it is used first. */
static int
bucket_take(struct bucket *b, uint32_t per_second, uint64_t now)
{
	uint64_t	 full = (uint64_t)per_second * PEER_TOKEN;
	uint64_t	 passed = now - b->filled;

	b->tokens += passed < PEER_TOKEN ? passed * per_second : full;
	if (b->tokens > full)
		b->tokens = full;
	b->filled = now;
	if (b->tokens < PEER_TOKEN)
		return (0);
	b->tokens -= PEER_TOKEN;
	return (1);
}
