/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Which keys go with which others.  A key says what it takes, such as an
 * Ethernet pseudowire; what its mapping is about is known when all keys are
 * read.  A key that would have no effect is an error, never ignored.
 */
#include <stdio.h>

#include "conf_int.h"

/*
 * A fact, what there would have to be for it, and its opposite: while both
 * could be true, keys are neither out of place nor missing.
 */
static const struct conf_fact {
	int		 fact, opposite;
	const char	*text;
} conf_fact_rows[] = {
	{ FACT_CALLS, FACT_FIXED, "\"mode: dial\"" },
	{ FACT_FIXED, FACT_CALLS, "\"mode: static\" or \"mode: quiescent\"" },
	{ FACT_CONTROL, 0, "\"mode: dial\" or \"mode: quiescent\"" },
	{ FACT_PPP, FACT_ETH, "\"pseudowire: ppp\"" },
	{ FACT_ETH, FACT_PPP, "\"pseudowire: eth\"" },
	{ FACT_V2, FACT_V3, "\"version: l2tpv2\"" },
	{ FACT_V3, FACT_V2, "\"version: l2tpv3\"" },
	{ FACT_UDP, 0, "\"encap: udp\"" }
};

static void
conf_facts_key(struct conf_ctx *ctx, const struct conf_node *map,
    const struct conf_key *k, int facts)
{
	const struct conf_node	*child = conf_child(map, k->name);
	const struct conf_fact	*f = conf_fact_rows;
	size_t			 i, n;
	int			 certain = 1;

	n = sizeof(conf_fact_rows) / sizeof(conf_fact_rows[0]);
	for (i = 0; i < n; i++) {
		if ((k->takes & f[i].fact) == 0)
			continue;
		if (child != NULL && (facts & f[i].fact) == 0) {
			conf_error(ctx, child, "it takes %s", f[i].text);
			return;
		}
		certain &= (facts & f[i].fact) != 0 &&
		    (facts & f[i].opposite) == 0;
	}
	if (child == NULL && certain && (k->flags & KEY_REQUIRED) != 0)
		conf_error(ctx, map, "missing key \"%s\"", k->name);
}

static void
conf_facts_keys(struct conf_ctx *ctx, const struct conf_node *map,
    const struct conf_key *k, int facts)
{
	for (; k != NULL && k->name != NULL; k++)
		if (k->takes != 0)
			conf_facts_key(ctx, map, k, facts);
}

void
conf_facts(struct conf_ctx *ctx, const struct conf_node *map,
    const struct conf_object *object, int facts)
{
	if (map->kind != CONF_MAP)
		return;
	conf_facts_keys(ctx, map, object->keys, facts);
	conf_facts_keys(ctx, map, object->shared, facts);
}
