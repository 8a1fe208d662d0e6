/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What outgoing calls ask of the configuration (RFC 2661 section 5.2.2).
 * Under "peers" it is the peer's session that they get, whoever asks for
 * them; under "tunnels" it is the one that is "on_demand" and is not placed
 * by itself.  That the peer may ask us for them takes "outgoing".
 */
#include <string.h>

#include "conf_int.h"

/* Of a session that is placed, and not of one that waits for a number. */
static const char *const placed_keys[] = {
	"called_number", "calling_number", "sub_address", "private_group"
};

void
conf_set_pool(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	const struct conf_pool	*pool;
	struct conf_guess	 guess;

	(void)k;
	if (!conf_scalar(ctx, node, "the name of a pool"))
		return;
	conf_guess_init(&guess, node->text);
	TAILQ_FOREACH(pool, &ctx->conf->pools, entry) {
		if (strcmp(pool->name, node->text) == 0) {
			*(const struct conf_pool **)field = pool;
			return;
		}
		conf_guess_try(&guess, pool->name);
	}
	conf_error_guess(ctx, node, "there is no pool", &guess);
}

/* With outgoing: the session that the calls get, or NULL. */
void
conf_outgoing_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct l2tp_params *p, const struct conf_session *s)
{
	const struct conf_node	*outgoing = conf_child(node, "outgoing");

	/* 6.9: who places calls tells of its bearers. */
	if (p->bearer_caps == 0)
		p->bearer_caps = L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG;
	if (s == NULL)
		conf_error(ctx, outgoing, "it takes a session that is "
		    "\"on_demand\"");
	else if (s->pool != NULL)
		conf_error(ctx, outgoing, "it takes a session without a "
		    "\"pool\": addresses are given by who asks for the call");
}

static void
session_on_demand_done(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_session *other)
{
	size_t	 i;

	if (other != NULL)
		conf_error(ctx, conf_child(node, "on_demand"), "session "
		    "\"%s\" is it already", other->name);
	for (i = 0; i < sizeof(placed_keys) / sizeof(placed_keys[0]); i++)
		if (conf_child(node, placed_keys[i]) != NULL)
			conf_error(ctx, conf_child(node, placed_keys[i]),
			    "not for a session that is \"on_demand\"");
}

/* Of all sessions of a tunnel. */
void
conf_on_demand_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_tunnel *tunnel)
{
	const struct conf_node	*sessions = conf_child(node, "sessions");
	struct conf_session	*s;

	TAILQ_FOREACH(s, &tunnel->sessions, entry) {
		node = conf_child(sessions, s->name);
		if (s->on_demand) {
			session_on_demand_done(ctx, node, tunnel->on_demand);
			tunnel->on_demand = s;
		} else if (s->pool != NULL)
			conf_error(ctx, conf_child(node, "pool"), "it takes "
			    "\"on_demand\": addresses are given by who is "
			    "called");
	}
}
