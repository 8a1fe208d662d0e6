/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The keys below "listen": where we answer, and whom.  A listener refers to
 * its peers by name, and what is said to them depends on both.
 */
#include <stdlib.h>
#include <string.h>

#include "conf_int.h"

#define CONF_MAX_REFS	1024	/* peers of one listener */

static void	*listen_make(struct conf_ctx *, void *, const char *);
static void	listen_set_local(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);
static void	listen_add_peer(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);
static void	listen_done(struct conf_ctx *, const struct conf_node *,
		    void *);

/* local comes behind encap, and the peers behind all that they have to fit. */
static const struct conf_key	listen_keys[] = {
	{ .name = "encap", .set = conf_set_word,
	    .offset = offsetof(struct conf_listen, local.encap),
	    .words = conf_encap_words },
	{ .name = "local", .set = listen_set_local, .flags = KEY_REQUIRED },
	{ .name = "versions", .set = conf_set_list, .item = conf_set_flag8,
	    .offset = offsetof(struct conf_listen, versions),
	    .min = 1, .max = 2, .words = conf_version_words },
	{ .name = "ipsec", .set = conf_check_word,
	    .words = conf_ipsec_words },
	{ .name = "peers", .set = conf_set_list, .item = listen_add_peer,
	    .min = 1, .max = CONF_MAX_REFS, .flags = KEY_REQUIRED },
	{ .name = NULL }
};

const struct conf_object	conf_listen_object = {
	.keys = listen_keys, .make = listen_make, .done = listen_done
};

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
	if (listen->local.encap == L2TP_ENCAP_UDP)
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

static int
peer_has_family(const struct conf_peer *peer, uint8_t family)
{
	size_t	 i;

	for (i = 0; i < peer->n_from; i++)
		if (peer->from[i].addr.family == family)
			return (1);
	return (peer->n_from == 0 || family == 0);
}

/* Shorter than what it takes over IP; see conf_session.c. */
static int
peer_has_short_cookie(const struct conf_peer *peer)
{
	const struct conf_session	*s;

	TAILQ_FOREACH(s, &peer->sessions, entry)
		if (s->call.cookie_len != L2TP_MAX_COOKIE)
			return (1);
	return (peer->has_session &&
	    peer->session.call.cookie_len != L2TP_MAX_COOKIE);
}

/* A peer that could never call here is a mistake. */
static void
listen_check_peer(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_listen *listen, const struct conf_peer *peer)
{
	if (!peer_has_family(peer, listen->local.family))
		conf_error(ctx, node, "peer \"%s\" has no IPv%u prefix and "
		    "can never call here", peer->name, listen->local.family);
	if ((listen->versions & peer->params.versions) == 0)
		conf_error(ctx, node, "peer \"%s\" has sessions of l2tpv3 "
		    "only and can never call here", peer->name);
	if (listen->local.encap == L2TP_ENCAP_IP &&
	    peer_has_short_cookie(peer))
		conf_error(ctx, node, "peer \"%s\" has a \"cookie_size\" "
		    "that is not 8, as it must be over IP", peer->name);
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
	listen->peers = peers;
	peers += listen->n_peers++;
	*peers = (struct conf_listen_peer){ .peer = peer,
	    .params = peer->params };
	peers->params.versions &= listen->versions;
	if (!peer->has_digest && (peers->params.versions & L2TP_V3) != 0)
		conf_digest_default(&peers->params, listen->local.encap);
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
	if (listen->versions == 0)
		listen->versions = listen->local.encap == L2TP_ENCAP_IP ?
		    L2TP_V3 : L2TP_V2;
	listen_check_peer(ctx, node, listen, peer);
	listen_append(ctx, listen, peer);
}

static void
listen_done(struct conf_ctx *ctx, const struct conf_node *node, void *obj)
{
	const struct conf_listen	*listen = obj;

	if (listen->local.encap == L2TP_ENCAP_IP &&
	    (listen->versions & L2TP_V2) != 0)
		conf_error(ctx, conf_child(node, "versions"),
		    "over IP there is only l2tpv3");
}
