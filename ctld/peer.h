/* SPDX-License-Identifier: ISC */
/*
 * Who may call, and how often: matching of callers, rate limits, and the
 * counts that quotas are held against.
 */
#ifndef CTLD_PEER_H
#define CTLD_PEER_H

#include <stdint.h>

#include "conf.h"
#include "l2tp.h"
#include "pool.h"

/* An entry of the configuration's peers, as it is used now. */
struct peer {
	const struct conf_peer	*conf;
	uint32_t		 n_tunnels, n_sessions;
};

/* Fatal if out of memory. */
void	 peer_init(const struct conf *);
struct peer *peer_find(const struct conf_peer *);
struct pool *peer_pool(const struct conf_pool *);
/* Addresses of all pools: on lease and in all. */
void	 peer_pools(uint32_t *leased, uint32_t *size);

/*
 * The first peer of the listener that has this source and host name, or
 * NULL.  The host name is as the caller sent it.
 */
const struct conf_listen_peer *peer_match(const struct conf_listen *,
	    const struct l2tp_addr *, const char *host_name);
/* Does the text match the pattern, in which * and ? are special? */
int	 peer_glob(const char *pattern, const char *text);

/*
 * Starts to count anew; per second: of all sources together that peer_match()
 * knows, and of all others.
 */
void	 peer_limit_init(uint32_t per_second, uint32_t seed);
/* May this source, known or not, send a SCCRQ now?  If so it is counted. */
int	 peer_limit(const struct l2tp_addr *, int known, uint64_t now);

#endif
