/* SPDX-License-Identifier: ISC */
/*
 * Address pools: the IPv4 addresses that callers get.
 */
#ifndef CTLD_POOL_H
#define CTLD_POOL_H

#include <stdint.h>

#include "conf.h"

struct pool;

/* NULL if out of memory. */
struct pool	*pool_new(const struct conf_pool *);
void		 pool_delete(struct pool *);
/* An address in host order, or 0 if all are taken. */
uint32_t	 pool_lease(struct pool *);
/* 0, or -1 if the address is not on lease. */
int		 pool_release(struct pool *, uint32_t);
uint32_t	 pool_n_leased(const struct pool *);
uint32_t	 pool_size(const struct pool *);

#endif
