/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The keys below "peers" and "listen": who may call, what callers get, and
 * where we answer.  A listener refers to its peers by name.
 */
#include <stdlib.h>
#include <string.h>

#include "conf_int.h"

#define CONF_MAX_REFS	1024	/* peers of one listener */

static void	*peer_make(struct conf_ctx *, void *, const char *);
static void	peer_add_prefix(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);
static void	peer_done(struct conf_ctx *, const struct conf_node *, void *);
static void	*listen_make(struct conf_ctx *, void *, const char *);
static void	listen_set_local(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);
static void	listen_add_peer(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);

static const struct conf_key	session_keys[] = {
	{ .name = "pool", .set = conf_set_pool,
	    .offset = offsetof(struct conf_session, pool) },
	{ .name = NULL }
};

static const struct conf_object	session_object = {
	.keys = session_keys, .shared = conf_session_keys
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
	    .object = &session_object, .flags = KEY_REQUIRED },
	{ .name = NULL }
};

const struct conf_object	conf_peer_object = {
	.keys = peer_keys, .shared = conf_params_keys,
	.shared_offset = offsetof(struct conf_peer, params),
	.make = peer_make, .done = peer_done
};

/* local comes first: the peers are compared with it. */
static const struct conf_key	listen_keys[] = {
	{ .name = "local", .set = listen_set_local, .flags = KEY_REQUIRED },
	{ .name = "encap", .set = conf_check_word,
	    .words = conf_encap_words },
	{ .name = "versions", .set = conf_set_list, .item = conf_check_word,
	    .min = 1, .max = 2, .words = conf_version_words },
	{ .name = "ipsec", .set = conf_check_word,
	    .words = conf_ipsec_words },
	{ .name = "peers", .set = conf_set_list, .item = listen_add_peer,
	    .min = 1, .max = CONF_MAX_REFS, .flags = KEY_REQUIRED },
	{ .name = NULL }
};

const struct conf_object	conf_listen_object = {
	.keys = listen_keys, .make = listen_make
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
	conf_params_init(ctx, &peer->params);
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
peer_done(struct conf_ctx *ctx, const struct conf_node *node, void *obj)
{
	struct conf_peer	*peer = obj;

	if (peer->outgoing)
		conf_outgoing_done(ctx, node, &peer->params, &peer->session);
	conf_params_done(ctx, node, &peer->params);
	peer->has_session = 1;
	conf_session_done(&peer->session, &peer->params);
}

static void *
listen_make(struct conf_ctx *ctx, void *owner, const char *name)
{
	struct conf		*conf = owner;
	struct conf_listen	*listen;

	if ((listen = conf_alloc(ctx, 1, sizeof(*listen))) == NULL)
		return (NULL);
	strlcpy(listen->name, name, sizeof(listen->name));
	TAILQ_INSERT_TAIL(&conf->listens, listen, entry);
	return (listen);
}

static void
listen_set_local(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	const struct conf_listen	*other;
	struct conf_listen		*listen = field;
	char				 buf[CONF_SHOW_LEN];
	const char			*wrong;

	(void)k;
	if (!conf_scalar(ctx, node, "ADDRESS or ADDRESS:PORT"))
		return;
	listen->local.port = CONF_PORT;
	if ((wrong = conf_addr_port(node->text, &listen->local, 0)) != NULL) {
		conf_error(ctx, node, "%s: %s", conf_show(node, buf), wrong);
		return;
	}
	TAILQ_FOREACH(other, &ctx->conf->listens, entry)
		if (other != listen &&
		    conf_addr_overlap(&other->local, &listen->local))
			conf_error(ctx, node, "%s overlaps with \"%s\"",
			    conf_show(node, buf), other->name);
}

/* A peer that could never call here is a mistake. */
static void
listen_check_family(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_listen *listen, const struct conf_peer *peer)
{
	size_t	 i;

	for (i = 0; i < peer->n_from; i++)
		if (peer->from[i].addr.family == listen->local.family)
			return;
	if (i > 0 && listen->local.family != 0)
		conf_error(ctx, node, "peer \"%s\" has no IPv%u prefix and "
		    "can never call here", peer->name, listen->local.family);
}

static void
listen_append(struct conf_ctx *ctx, struct conf_listen *listen,
    const struct conf_peer *peer)
{
	struct conf_listen_peer	*peers;

	peers = reallocarray(listen->peers, listen->n_peers + 1,
	    sizeof(*peers));
	if (peers == NULL) {
		ctx->nomem = 1;
		return;
	}
	peers[listen->n_peers] = (struct conf_listen_peer){ .peer = peer,
	    .params = peer->params };
	listen->peers = peers;
	listen->n_peers++;
}

static void
listen_add_peer(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	struct conf_listen	*listen = field;
	const struct conf_peer	*peer;
	struct conf_guess	 guess;

	(void)k;
	if (!conf_scalar(ctx, node, "the name of a peer"))
		return;
	conf_guess_init(&guess, node->text);
	TAILQ_FOREACH(peer, &ctx->conf->peers, entry) {
		if (strcmp(peer->name, node->text) == 0)
			break;
		conf_guess_try(&guess, peer->name);
	}
	if (peer == NULL) {
		conf_error_guess(ctx, node, "there is no peer", &guess);
		return;
	}
	listen_check_family(ctx, node, listen, peer);
	listen_append(ctx, listen, peer);
}
