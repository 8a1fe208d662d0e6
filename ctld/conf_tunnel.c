/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The keys below "tunnels": whom we call, from where, and which sessions we
 * ask for.
 */
#include <stdlib.h>
#include <string.h>

#include "conf_int.h"

#define CONF_MAX_PEERS		(DP_MAX_PREFIXES / 2)
#define CONF_MAX_NUMBER		64
#define CONF_MIN_REDIAL_MS	100
#define CONF_MAX_REDIAL_MS	(24 * 60 * 60 * 1000)

static const struct conf_word	mode_words[] = {
	{ "dial", 0, 0 },
	{ "static", 1, 1 },
	{ "quiescent", 2, 1 },
	{ NULL, 0, 0 }
};

static void	*session_make(struct conf_ctx *, void *, const char *);
static void	*tunnel_make(struct conf_ctx *, void *, const char *);
static void	tunnel_set_local(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);
static void	tunnel_add_peer(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);
static void	redial_done(struct conf_ctx *, const struct conf_node *,
		    void *);
static void	tunnel_done(struct conf_ctx *, const struct conf_node *,
		    void *);

static const struct conf_key	session_keys[] = {
	{ .name = "called_number", .set = conf_set_string,
	    .offset = offsetof(struct conf_session, call.called),
	    .max = CONF_MAX_NUMBER },
	{ .name = "calling_number", .set = conf_set_string,
	    .offset = offsetof(struct conf_session, call.calling),
	    .max = CONF_MAX_NUMBER },
	{ .name = "sub_address", .set = conf_set_string,
	    .offset = offsetof(struct conf_session, call.sub_address),
	    .max = CONF_MAX_NUMBER },
	{ .name = "private_group", .set = conf_set_octets,
	    .offset = offsetof(struct conf_session, call.private_group),
	    .max = CONF_MAX_NUMBER },
	{ .name = "on_demand", .set = conf_set_bool,
	    .offset = offsetof(struct conf_session, on_demand) },
	{ .name = "pool", .set = conf_set_pool,
	    .offset = offsetof(struct conf_session, pool) },
	{ .name = "sid" },
	{ .name = "psid" },
	{ .name = "cookie" },
	{ .name = "peer_cookie" },
	{ .name = NULL }
};

static const struct conf_object	session_object = {
	.keys = session_keys, .shared = conf_session_keys,
	.make = session_make
};

static const struct conf_key	redial_keys[] = {
	{ .name = "min", .set = conf_set_ms,
	    .offset = offsetof(struct conf_tunnel, redial_min_ms),
	    .min = CONF_MIN_REDIAL_MS, .max = CONF_MAX_REDIAL_MS },
	{ .name = "max", .set = conf_set_ms,
	    .offset = offsetof(struct conf_tunnel, redial_max_ms),
	    .min = CONF_MIN_REDIAL_MS, .max = CONF_MAX_REDIAL_MS },
	{ .name = NULL }
};

static const struct conf_object	redial_object = {
	.keys = redial_keys, .done = redial_done
};

/* local comes first: the peers are compared with it. */
static const struct conf_key	tunnel_keys[] = {
	{ .name = "mode", .set = conf_check_word, .words = mode_words },
	{ .name = "version", .set = conf_check_word,
	    .words = conf_version_words },
	{ .name = "encap", .set = conf_check_word,
	    .words = conf_encap_words },
	{ .name = "local", .set = tunnel_set_local },
	{ .name = "peer", .set = conf_set_list, .item = tunnel_add_peer,
	    .min = 1, .max = CONF_MAX_PEERS,
	    .flags = KEY_REQUIRED | KEY_ONE },
	{ .name = "ipsec", .set = conf_check_word,
	    .words = conf_ipsec_words },
	{ .name = "tid" },
	{ .name = "ptid" },
	{ .name = "host_name", .set = conf_set_string,
	    .offset = offsetof(struct conf_tunnel, params.host_name),
	    .max = CONF_HOST_LEN - 1 },
	{ .name = "strict_port", .set = conf_set_bool,
	    .offset = offsetof(struct conf_tunnel, params.strict_port) },
	{ .name = "tie_breaker", .set = conf_set_bool,
	    .offset = offsetof(struct conf_tunnel, params.tie_breaker) },
	{ .name = "redial", .set = conf_set_map, .object = &redial_object },
	{ .name = "outgoing", .set = conf_set_bool,
	    .offset = offsetof(struct conf_tunnel, outgoing) },
	{ .name = "sessions", .set = conf_set_named,
	    .object = &session_object, .min = 1, .flags = KEY_REQUIRED },
	{ .name = NULL }
};

const struct conf_object	conf_tunnel_object = {
	.keys = tunnel_keys, .shared = conf_params_keys,
	.shared_offset = offsetof(struct conf_tunnel, params),
	.make = tunnel_make, .done = tunnel_done
};

static void *
session_make(struct conf_ctx *ctx, void *owner, const char *name)
{
	struct conf_tunnel	*tunnel = owner;
	struct conf_session	*session;

	if ((session = conf_alloc(ctx, 1, sizeof(*session))) == NULL)
		return (NULL);
	strlcpy(session->name, name, sizeof(session->name));
	TAILQ_INSERT_TAIL(&tunnel->sessions, session, entry);
	return (session);
}

static void *
tunnel_make(struct conf_ctx *ctx, void *owner, const char *name)
{
	struct conf		*conf = owner;
	struct conf_tunnel	*tunnel;

	if ((tunnel = conf_alloc(ctx, 1, sizeof(*tunnel))) == NULL)
		return (NULL);
	strlcpy(tunnel->name, name, sizeof(tunnel->name));
	TAILQ_INIT(&tunnel->sessions);
	tunnel->mode = CONF_DIAL;
	tunnel->redial_min_ms = 1000;
	tunnel->redial_max_ms = 5 * 60 * 1000;
	conf_params_init(ctx, &tunnel->params);
	TAILQ_INSERT_TAIL(&conf->tunnels, tunnel, entry);
	return (tunnel);
}

static void
tunnel_set_local(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	struct conf_tunnel	*tunnel = field;
	char			 buf[CONF_SHOW_LEN];
	const char		*wrong;

	(void)k;
	if (!conf_scalar(ctx, node, "ADDRESS or ADDRESS:PORT"))
		return;
	if ((wrong = conf_addr_port(node->text, &tunnel->local, 1)) != NULL)
		conf_error(ctx, node, "%s: %s", conf_show(node, buf), wrong);
}

/* NULL, or what the endpoint cannot be in this tunnel. */
static const char *
tunnel_check_peer(const struct conf_tunnel *tunnel,
    const struct conf_endpoint *ep)
{
	size_t	 i;

	for (i = 0; i < tunnel->n_peers; i++)
		if (tunnel->peers[i].port == ep->port &&
		    strcmp(tunnel->peers[i].host, ep->host) == 0)
			return ("the same as an earlier one");
	if (ep->addr.family != 0 && tunnel->local.family != 0 &&
	    ep->addr.family != tunnel->local.family)
		return ("not of the address family of local");
	return (NULL);
}

static void
tunnel_add_peer(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	struct conf_endpoint	 ep = { .port = CONF_PORT }, *peers;
	struct conf_tunnel	*tunnel = field;
	char			 buf[CONF_SHOW_LEN];
	const char		*wrong;

	(void)k;
	if (!conf_scalar(ctx, node, "HOST or HOST:PORT"))
		return;
	if ((wrong = conf_endpoint(node->text, &ep)) != NULL ||
	    (wrong = tunnel_check_peer(tunnel, &ep)) != NULL) {
		conf_error(ctx, node, "%s: %s", conf_show(node, buf), wrong);
		return;
	}
	peers = reallocarray(tunnel->peers, tunnel->n_peers + 1,
	    sizeof(*peers));
	if (peers == NULL) {
		ctx->nomem = 1;
		return;
	}
	peers[tunnel->n_peers] = ep;
	tunnel->peers = peers;
	tunnel->n_peers++;
	if (ep.addr.family == 0)
		ctx->conf->needs_resolver = 1;
}

static void
redial_done(struct conf_ctx *ctx, const struct conf_node *node, void *obj)
{
	const struct conf_tunnel	*tunnel = obj;

	if (tunnel->redial_min_ms > tunnel->redial_max_ms)
		conf_error(ctx, node, "min (%u ms) is more than max (%u ms)",
		    tunnel->redial_min_ms, tunnel->redial_max_ms);
}

static int
tunnel_same_peer(const struct conf_tunnel *a, const struct conf_tunnel *b)
{
	size_t	 i, j;

	for (i = 0; i < a->n_peers; i++)
		for (j = 0; j < b->n_peers; j++)
			if (a->peers[i].port == b->peers[j].port &&
			    strcmp(a->peers[i].host, b->peers[j].host) == 0)
				return (1);
	return (0);
}

/* The listener whose port the tunnel has, too; NULL if there is none. */
static const struct conf_listen *
tunnel_listen(const struct conf *conf, const struct dp_addr *local)
{
	const struct conf_listen	*listen;

	TAILQ_FOREACH(listen, &conf->listens, entry)
		if (conf_addr_overlap(&listen->local, local) &&
		    (conf_addr_wildcard(&listen->local) ||
		    !conf_addr_wildcard(local)))
			break;
	return (listen);
}

/* The kernel could not tell the packets of the two apart. */
static void
tunnel_check_local(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_tunnel *tunnel)
{
	const struct conf_tunnel	*other;

	if (tunnel->local.port == 0)
		return;
	TAILQ_FOREACH(other, &ctx->conf->tunnels, entry)
		if (other != tunnel &&
		    conf_addr_overlap(&other->local, &tunnel->local) &&
		    tunnel_same_peer(other, tunnel))
			conf_error(ctx, conf_child(node, "local"), "the same "
			    "port and peer as in tunnel \"%s\"", other->name);
}

static void
tunnel_done(struct conf_ctx *ctx, const struct conf_node *node, void *obj)
{
	struct conf_session	*session;
	struct conf_tunnel	*tunnel = obj;

	conf_on_demand_done(ctx, node, tunnel);
	if (tunnel->outgoing)
		conf_outgoing_done(ctx, node, &tunnel->params,
		    tunnel->on_demand);
	conf_params_done(ctx, node, &tunnel->params);
	TAILQ_FOREACH(session, &tunnel->sessions, entry)
		conf_session_done(session, &tunnel->params);
	if ((tunnel->params.quirks & L2TP_QUIRK_SINGLE_TUNNEL) != 0)
		conf_error(ctx, conf_child(node, "quirks"), "single_tunnel "
		    "is for those who call, below \"peers\"");
	tunnel_check_local(ctx, node, tunnel);
	tunnel->listen = tunnel_listen(ctx->conf, &tunnel->local);
}
