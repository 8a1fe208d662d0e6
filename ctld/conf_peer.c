/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The keys below "peers": who may call, and what callers get.  Where they may
 * do so is said by the listeners.
 */
#include <string.h>

#include "conf_int.h"

/* Which version and encapsulation a caller has is the listeners' business. */
#define PEER_FACTS		(FACT_CALLS | FACT_CONTROL | FACT_V2 | \
				    FACT_V3 | FACT_UDP)
#define CONF_MAX_PREFIX		9	/* six digits and NUL go behind it */

static void	*peer_make(struct conf_ctx *, void *, const char *);
static void	peer_add_prefix(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);
static void	peer_done(struct conf_ctx *, const struct conf_node *, void *);

static const struct conf_object	session_object = {
	.shared = conf_session_keys
};

static const struct conf_key	named_keys[] = {
	{ .name = "remote_end_id", .set = conf_set_octets,
	    .offset = offsetof(struct conf_session, call.remote_end_id),
	    .max = L2TP_MAX_VALUE },
	{ .name = NULL }
};

static const struct conf_object	named_object = {
	.keys = named_keys, .shared = conf_session_keys,
	.make = conf_session_make
};

static const struct conf_key	peer_keys[] = {
	{ .name = "from", .set = conf_set_list, .item = peer_add_prefix,
	    .min = 1, .max = DP_MAX_PREFIXES, .flags = KEY_REQUIRED },
	{ .name = "host_name", .set = conf_set_text,
	    .offset = offsetof(struct conf_peer, host_name),
	    .max = CONF_HOST_LEN - 1 },
	{ .name = "max_tunnels", .set = conf_set_u16,
	    .offset = offsetof(struct conf_peer, max_tunnels),
	    .min = 1, .max = DP_MAX_TUNNELS },
	{ .name = "max_sessions", .set = conf_set_u16,
	    .offset = offsetof(struct conf_peer, max_sessions),
	    .min = 1, .max = DP_MAX_SESSIONS },
	{ .name = "outgoing", .set = conf_set_bool,
	    .offset = offsetof(struct conf_peer, outgoing) },
	{ .name = "session", .set = conf_set_map,
	    .offset = offsetof(struct conf_peer, session),
	    .object = &session_object },
	{ .name = "sessions", .set = conf_set_named,
	    .offset = offsetof(struct conf_peer, sessions),
	    .object = &named_object, .min = 1 },
	{ .name = NULL }
};

const struct conf_object	conf_peer_object = {
	.keys = peer_keys, .shared = conf_params_keys,
	.shared_offset = offsetof(struct conf_peer, params),
	.make = peer_make, .done = peer_done
};

static void *
peer_make(struct conf_ctx *ctx, void *owner, const char *name)
{
	struct conf		*conf = owner;
	struct conf_peer	*peer;

	if ((peer = conf_alloc(ctx, 1, sizeof(*peer))) == NULL)
		return (NULL);
	strlcpy(peer->name, name, sizeof(peer->name));
	strlcpy(peer->host_name, "*", sizeof(peer->host_name));
	peer->max_tunnels = (uint16_t)conf->max_tunnels;
	peer->max_sessions = (uint16_t)conf->max_sessions;
	TAILQ_INIT(&peer->sessions);
	conf_session_init(&peer->session);
	conf_params_init(ctx, &peer->params);
	peer->params.versions = L2TP_V2 | L2TP_V3;
	TAILQ_INSERT_TAIL(&conf->peers, peer, entry);
	return (peer);
}

static void
peer_add_prefix(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	struct conf_peer	*peer = field;
	struct dp_prefix	 prefix;
	char			 buf[CONF_SHOW_LEN];
	const char		*wrong;

	(void)k;
	if (!conf_scalar(ctx, node, "an address or a prefix"))
		return;
	if ((wrong = conf_prefix(node->text, &prefix)) != NULL)
		conf_error(ctx, node, "%s: %s", conf_show(node, buf), wrong);
	else
		peer->from[peer->n_from++] = prefix;
}

static void
peer_outgoing_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_peer *peer)
{
	if (peer->has_session && peer->session.pseudowire != DP_PW_ETH)
		conf_outgoing_done(ctx, node, &peer->params, &peer->session);
	else
		conf_error(ctx, conf_child(node, "outgoing"), "it takes a "
		    "\"session\" with \"pseudowire: ppp\"");
}

static void
peer_sessions_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_peer *peer)
{
	const struct conf_node	*child, *sessions;
	struct conf_session	*s;

	child = conf_child(node, "session");
	conf_session_done(ctx, child, &session_object, &peer->session,
	    &peer->params, PEER_FACTS);
	conf_eth_done(ctx, child, &peer->session, peer->name,
	    CONF_MAX_PREFIX);
	sessions = conf_child(node, "sessions");
	TAILQ_FOREACH(s, &peer->sessions, entry) {
		child = conf_child(sessions, s->name);
		conf_session_done(ctx, child, &named_object, s, &peer->params,
		    PEER_FACTS & ~FACT_V2);
		conf_eth_done(ctx, child, s, s->name, DP_IFNAME_LEN - 1);
	}
	conf_end_ids_done(ctx, sessions, &peer->sessions);
}

static void
peer_done(struct conf_ctx *ctx, const struct conf_node *node, void *obj)
{
	struct conf_peer	*peer = obj;

	peer->has_session = conf_child(node, "session") != NULL;
	peer->has_digest = conf_child(node, "digest") != NULL;
	if (!peer->has_session && conf_child(node, "sessions") == NULL)
		conf_error(ctx, node,
		    "missing key \"session\" or \"sessions\"");
	if (peer->outgoing)
		peer_outgoing_done(ctx, node, peer);
	conf_params_done(ctx, node, &peer->params);
	peer_sessions_done(ctx, node, peer);
	if (peer->has_session ? peer->session.pseudowire == DP_PW_ETH :
	    !TAILQ_EMPTY(&peer->sessions))
		peer->params.versions = L2TP_V3;
}
