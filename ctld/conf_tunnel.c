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
#define PPP_CALL		(FACT_CALLS | FACT_V2 | FACT_PPP)

static const struct conf_word	mode_words[] = {
	{ "dial", CONF_DIAL, 0 },
	{ "static", CONF_STATIC, 0 },
	{ "quiescent", CONF_QUIESCENT, 0 },
	{ NULL, 0, 0 }
};

/* Of a wrong word enough was said. */
static const int	mode_facts[] = {
	[0] = FACT_CALLS | FACT_FIXED | FACT_CONTROL,
	[CONF_DIAL] = FACT_CALLS | FACT_CONTROL,
	[CONF_STATIC] = FACT_FIXED,
	[CONF_QUIESCENT] = FACT_FIXED | FACT_CONTROL
};

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
	    .max = CONF_MAX_NUMBER, .takes = PPP_CALL },
	{ .name = "calling_number", .set = conf_set_string,
	    .offset = offsetof(struct conf_session, call.calling),
	    .max = CONF_MAX_NUMBER, .takes = PPP_CALL },
	{ .name = "sub_address", .set = conf_set_string,
	    .offset = offsetof(struct conf_session, call.sub_address),
	    .max = CONF_MAX_NUMBER, .takes = PPP_CALL },
	{ .name = "private_group", .set = conf_set_octets,
	    .offset = offsetof(struct conf_session, call.private_group),
	    .max = CONF_MAX_NUMBER, .takes = PPP_CALL },
	{ .name = "on_demand", .set = conf_set_bool,
	    .offset = offsetof(struct conf_session, on_demand),
	    .takes = PPP_CALL },
	{ .name = "remote_end_id", .set = conf_set_octets,
	    .offset = offsetof(struct conf_session, call.remote_end_id),
	    .max = L2TP_MAX_VALUE, .takes = FACT_CALLS | FACT_V3 },
	{ .name = "sid", .set = conf_set_u32,
	    .offset = offsetof(struct conf_session, sid),
	    .min = 1, .max = UINT32_MAX,
	    .flags = KEY_REQUIRED, .takes = FACT_FIXED },
	{ .name = "psid", .set = conf_set_u32,
	    .offset = offsetof(struct conf_session, psid),
	    .min = 1, .max = UINT32_MAX,
	    .flags = KEY_REQUIRED, .takes = FACT_FIXED },
	{ .name = "cookie", .set = conf_set_cookie, .takes = FACT_FIXED },
	{ .name = "peer_cookie", .set = conf_set_peer_cookie,
	    .takes = FACT_FIXED },
	{ .name = NULL }
};

static const struct conf_object	session_object = {
	.keys = session_keys, .shared = conf_session_keys,
	.make = conf_session_make
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

/* local comes after what it depends on, and the peers after local. */
static const struct conf_key	tunnel_keys[] = {
	{ .name = "mode", .set = conf_set_word,
	    .offset = offsetof(struct conf_tunnel, mode),
	    .words = mode_words },
	{ .name = "version", .set = conf_set_word,
	    .offset = offsetof(struct conf_tunnel, params.versions),
	    .words = conf_version_words },
	{ .name = "encap", .set = conf_set_word,
	    .offset = offsetof(struct conf_tunnel, local.encap),
	    .words = conf_encap_words },
	{ .name = "local", .set = tunnel_set_local },
	{ .name = "peer", .set = conf_set_list, .item = tunnel_add_peer,
	    .min = 1, .max = CONF_MAX_PEERS,
	    .flags = KEY_REQUIRED | KEY_ONE },
	{ .name = "ipsec", .set = conf_check_word,
	    .words = conf_ipsec_words },
	{ .name = "tid", .set = conf_set_u32,
	    .offset = offsetof(struct conf_tunnel, tid),
	    .min = 1, .max = UINT32_MAX,
	    .flags = KEY_REQUIRED, .takes = FACT_FIXED },
	{ .name = "ptid", .set = conf_set_u32,
	    .offset = offsetof(struct conf_tunnel, ptid),
	    .min = 1, .max = UINT32_MAX,
	    .flags = KEY_REQUIRED, .takes = FACT_FIXED },
	{ .name = "host_name", .set = conf_set_string,
	    .offset = offsetof(struct conf_tunnel, params.host_name),
	    .max = CONF_HOST_LEN - 1, .takes = FACT_CALLS },
	{ .name = "fallback", .set = conf_set_bool,
	    .offset = offsetof(struct conf_tunnel, fallback),
	    .takes = FACT_CALLS | FACT_V3 | FACT_UDP },
	{ .name = "strict_port", .set = conf_set_bool,
	    .offset = offsetof(struct conf_tunnel, params.strict_port),
	    .takes = FACT_CALLS | FACT_UDP },
	{ .name = "tie_breaker", .set = conf_set_bool,
	    .offset = offsetof(struct conf_tunnel, params.tie_breaker),
	    .takes = FACT_CALLS },
	{ .name = "redial", .set = conf_set_map, .object = &redial_object,
	    .takes = FACT_CALLS },
	{ .name = "outgoing", .set = conf_set_bool,
	    .offset = offsetof(struct conf_tunnel, outgoing),
	    .takes = FACT_CALLS | FACT_V2 },
	{ .name = "sessions", .set = conf_set_named,
	    .offset = offsetof(struct conf_tunnel, sessions),
	    .object = &session_object, .min = 1, .flags = KEY_REQUIRED },
	{ .name = NULL }
};

const struct conf_object	conf_tunnel_object = {
	.keys = tunnel_keys, .shared = conf_params_keys,
	.shared_offset = offsetof(struct conf_tunnel, params),
	.make = tunnel_make, .done = tunnel_done
};

static void *
tunnel_make(struct conf_ctx *ctx, void *owner, const char *name)
{
	struct conf		*conf = owner;
	struct conf_tunnel	*tunnel;

	if ((tunnel = conf_alloc(ctx, 1, sizeof(*tunnel))) == NULL)
		return (NULL);
	strlcpy(tunnel->name, name, sizeof(tunnel->name));
	TAILQ_INIT(&tunnel->sessions);
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
	int			 fixed = tunnel->mode > CONF_DIAL;

	(void)k;
	if (!conf_scalar(ctx, node, "ADDRESS or ADDRESS:PORT"))
		return;
	if (fixed && tunnel->local.encap == L2TP_ENCAP_UDP)
		tunnel->local.port = CONF_PORT;
	if ((wrong = conf_addr_port(node->text, &tunnel->local, !fixed)) !=
	    NULL)
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
	struct conf_tunnel	*tunnel = field;
	struct conf_endpoint	 ep = { .addr.encap = tunnel->local.encap };
	struct conf_endpoint	*peers;
	char			 buf[CONF_SHOW_LEN];
	const char		*wrong;

	(void)k;
	if (!conf_scalar(ctx, node, "HOST or HOST:PORT"))
		return;
	if (ep.addr.encap == L2TP_ENCAP_UDP)
		ep.port = CONF_PORT;
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

/* "version", where it says what cannot be. */
static void
tunnel_check_v2(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_tunnel *tunnel, int facts)
{
	const struct conf_node	*version = conf_child(node, "version");

	if (tunnel->params.versions != L2TP_V2)
		return;
	if ((facts & FACT_CALLS) == 0)
		conf_error(ctx, version, "\"l2tpv2\" takes \"mode: dial\"");
	else if ((facts & FACT_UDP) == 0)
		conf_error(ctx, version, "\"l2tpv2\" takes \"encap: udp\"");
	else
		return;
	tunnel->params.versions = L2TP_V3;
}

/* Also the defaults that they depend on. */
static int
tunnel_facts(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_tunnel *tunnel)
{
	uint8_t	*versions = &tunnel->params.versions;
	int	 facts;

	if (conf_child(node, "mode") == NULL)
		tunnel->mode = CONF_DIAL;
	facts = mode_facts[tunnel->mode];
	if (tunnel->local.encap == L2TP_ENCAP_UDP)
		facts |= FACT_UDP;
	if (conf_child(node, "version") == NULL)
		*versions = facts & FACT_FIXED || !(facts & FACT_UDP) ?
		    L2TP_V3 : L2TP_V2;
	tunnel_check_v2(ctx, node, tunnel, facts);
	if (*versions != L2TP_V3)
		facts |= FACT_V2;
	if (*versions != L2TP_V2)
		facts |= FACT_V3;
	return (facts);
}

/* RFC 3931 section 4.7.3: the SCCRQ that either version understands. */
static void
tunnel_fallback(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_tunnel *tunnel)
{
	const struct conf_node		*map = conf_child(node, "sessions");
	const struct conf_session	*s;

	tunnel->params.versions = L2TP_V2 | L2TP_V3;
	if (tunnel->params.digests != 0)
		conf_error(ctx, conf_child(node, "fallback"), "it takes "
		    "\"digest: none\": who asks for authentication gets it");
	TAILQ_FOREACH(s, &tunnel->sessions, entry)
		if (s->pseudowire == DP_PW_ETH)
			conf_error(ctx, conf_child(conf_child(map, s->name),
			    "pseudowire"), "\"eth\" takes a tunnel without "
			    "\"fallback\"");
}

static void
tunnel_sessions_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_tunnel *tunnel, int facts)
{
	const struct conf_node	*child, *sessions;
	struct conf_session	*s;

	sessions = conf_child(node, "sessions");
	TAILQ_FOREACH(s, &tunnel->sessions, entry) {
		child = conf_child(sessions, s->name);
		conf_session_done(ctx, child, &session_object, s,
		    &tunnel->params, facts);
		conf_eth_done(ctx, child, s, s->name, DP_IFNAME_LEN - 1);
	}
	if ((facts & FACT_CALLS) != 0)
		conf_end_ids_done(ctx, sessions, &tunnel->sessions);
}

/* RFC 3931 section 5.3: it takes Control Message Authentication. */
static void
tunnel_check_hiding(struct conf_ctx *ctx, const struct conf_node *node,
    const struct l2tp_params *p)
{
	if (p->hide_avps && p->secret_len[0] > 0 && p->digests == 0)
		conf_error(ctx, conf_child(node, "hide_avps"),
		    "it takes a \"digest\"");
}

/* What only calls have. */
static void
tunnel_dial_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_tunnel *tunnel, int facts)
{
	conf_on_demand_done(ctx, node, tunnel);
	if (tunnel->outgoing)
		conf_outgoing_done(ctx, node, &tunnel->params,
		    tunnel->on_demand);
	if ((facts & FACT_V3) != 0 && conf_child(node, "digest") == NULL)
		conf_digest_default(&tunnel->params, tunnel->local.encap);
	if ((facts & FACT_V2) == 0)
		tunnel_check_hiding(ctx, node, &tunnel->params);
	if (tunnel->fallback && (facts & FACT_V3) != 0)
		tunnel_fallback(ctx, node, tunnel);
	if ((tunnel->params.quirks & L2TP_QUIRK_SINGLE_TUNNEL) != 0)
		conf_error(ctx, conf_child(node, "quirks"), "single_tunnel "
		    "is for those who call, below \"peers\"");
}

static void
tunnel_done(struct conf_ctx *ctx, const struct conf_node *node, void *obj)
{
	struct conf_tunnel	*tunnel = obj;
	int			 facts = tunnel_facts(ctx, node, tunnel);

	conf_facts(ctx, node, &conf_tunnel_object, facts);
	conf_params_done(ctx, node, &tunnel->params);
	if (tunnel->mode > CONF_DIAL)
		conf_fixed_done(ctx, node, tunnel);
	else
		tunnel_dial_done(ctx, node, tunnel, facts);
	if (tunnel->fallback)
		facts |= FACT_V2;
	tunnel_sessions_done(ctx, node, tunnel, facts);
	tunnel_check_local(ctx, node, tunnel);
	if (tunnel->local.encap == L2TP_ENCAP_UDP)
		tunnel->listen = tunnel_listen(ctx->conf, &tunnel->local);
}
