/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The keys below "pools": our own address and the addresses that may be
 * leased.  No address is in two places.
 */
#include <string.h>

#include "conf_int.h"

static void *
pool_make(struct conf_ctx *ctx, void *owner, const char *name)
{
	struct conf		*conf = owner;
	struct conf_pool	*pool;

	if ((pool = conf_alloc(ctx, 1, sizeof(*pool))) == NULL)
		return (NULL);
	strlcpy(pool->name, name, sizeof(pool->name));
	TAILQ_INSERT_TAIL(&conf->pools, pool, entry);
	return (pool);
}

static void
pool_set_local(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	char		 buf[CONF_SHOW_LEN];
	const char	*wrong;
	uint32_t	*ip = field;

	(void)k;
	if (!conf_scalar(ctx, node, "an IPv4 address"))
		return;
	if ((wrong = conf_ip4(node->text, ip)) != NULL) {
		conf_error(ctx, node, "%s: %s", conf_show(node, buf), wrong);
		*ip = 0;
	}
}

/* The pool that has an address of the range, or NULL. */
static const struct conf_pool *
pool_find_range(const struct conf *conf, const struct dp_range *range)
{
	const struct conf_pool	*pool;
	size_t			 i;

	TAILQ_FOREACH(pool, &conf->pools, entry)
		for (i = 0; i < pool->n_ranges; i++)
			if (range->first <= pool->ranges[i].last &&
			    pool->ranges[i].first <= range->last)
				return (pool);
	return (NULL);
}

static void
pool_add_range(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	const struct conf_pool	*other;
	struct conf_pool	*pool = field;
	struct dp_range		 range;
	char			 buf[CONF_SHOW_LEN];
	const char		*wrong;

	(void)k;
	if (!conf_scalar(ctx, node, "an IPv4 address or FIRST-LAST"))
		return;
	if ((wrong = conf_range(node->text, &range)) != NULL)
		conf_error(ctx, node, "%s: %s", conf_show(node, buf), wrong);
	else if ((other = pool_find_range(ctx->conf, &range)) != NULL)
		conf_error(ctx, node, "%s overlaps with the addresses of "
		    "pool \"%s\"", conf_show(node, buf), other->name);
	else
		pool->ranges[pool->n_ranges++] = range;
}

/* No pool may lease what is the local address of any. */
static void
pool_done(struct conf_ctx *ctx, const struct conf_node *node, void *obj)
{
	const struct conf_pool	*other, *pool = obj;
	struct dp_range		 local = { pool->local_ip, pool->local_ip };
	size_t			 i;

	other = pool_find_range(ctx->conf, &local);
	if (pool->local_ip != 0 && other != NULL)
		conf_error(ctx, conf_child(node, "local"), "the local address"
		    " is among the addresses of pool \"%s\"", other->name);
	TAILQ_FOREACH(other, &ctx->conf->pools, entry)
		for (i = 0; other != pool && i < pool->n_ranges; i++)
			if (other->local_ip >= pool->ranges[i].first &&
			    other->local_ip <= pool->ranges[i].last)
				conf_error(ctx, conf_child(node, "addresses"),
				    "the local address of pool \"%s\" is "
				    "among them", other->name);
}

static const struct conf_key	pool_keys[] = {
	{ .name = "local", .set = pool_set_local,
	    .offset = offsetof(struct conf_pool, local_ip),
	    .flags = KEY_REQUIRED },
	{ .name = "addresses", .set = conf_set_list, .item = pool_add_range,
	    .min = 1, .max = DP_MAX_RANGES, .flags = KEY_REQUIRED },
	{ .name = NULL }
};

const struct conf_object	conf_pool_object = {
	.keys = pool_keys, .make = pool_make, .done = pool_done
};
