/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Names and ids of which a system has only one, so that no two places of the
 * file may claim the same: interfaces, and the ids of tunnels and sessions
 * that L2TPv3 looks up without their peer (RFC 3931 section 4.1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_int.h"

struct conf_claim {
	STAILQ_ENTRY(conf_claim) entry;
	const char		*what;		/* one of claim_kinds */
	char			 name[DP_IFNAME_LEN];
	int			 prefix;	/* numbers go behind it */
	const struct conf_node	*node;
};

STAILQ_HEAD(conf_claims, conf_claim);

static const char	claim_interface[] = "interface_name";
static const char	claim_sid[] = "sid";
static const char	claim_tid[] = "tid";

/* Could it be the name that the prefix and a number become? */
static int
claim_covers(const char *prefix, const char *name)
{
	size_t	 len = strlen(prefix);

	if (strncmp(prefix, name, len) != 0 || name[len] == '\0')
		return (0);
	return (strspn(name + len, "0123456789") == strlen(name + len));
}

/* Two with the same prefix are fine: numbers are never used twice. */
static int
claim_clash(const struct conf_claim *a, const struct conf_claim *b)
{
	if (a->what != b->what)
		return (0);
	if (strcmp(a->name, b->name) == 0)
		return (!a->prefix || !b->prefix);
	return ((a->prefix && claim_covers(a->name, b->name)) ||
	    (b->prefix && claim_covers(b->name, a->name)));
}

/* At the key, or at the mapping if the name is there by default. */
static void
claim_add(struct conf_ctx *ctx, struct conf_claims *claims,
    const struct conf_node *node, const char *what, const char *name,
    int prefix)
{
	const struct conf_node	*child = conf_child(node, what);
	struct conf_claim	*c, *other;

	if ((c = conf_alloc(ctx, 1, sizeof(*c))) == NULL)
		return;
	c->what = what;
	strlcpy(c->name, name, sizeof(c->name));
	c->prefix = prefix;
	c->node = child != NULL ? child : node;
	STAILQ_FOREACH(other, claims, entry)
		if (claim_clash(other, c))
			break;
	if (other != NULL)
		conf_error(ctx, c->node, "%s\"%s\" clashes with \"%s\" of "
		    "line %zu", child == NULL ? "it needs an "
		    "\"interface_name\": " : "", c->name, other->name,
		    other->node->line);
	STAILQ_INSERT_TAIL(claims, c, entry);
}

static void
claim_id(struct conf_ctx *ctx, struct conf_claims *claims,
    const struct conf_node *node, const char *what, uint32_t id)
{
	char	 name[DP_IFNAME_LEN];

	snprintf(name, sizeof(name), "%u", id);
	if (id != 0)
		claim_add(ctx, claims, node, what, name, 0);
}

static void
claim_sessions(struct conf_ctx *ctx, struct conf_claims *claims,
    const struct conf_node *node, const struct conf_sessions *sessions)
{
	const struct conf_session	*s;
	const struct conf_node		*child;

	TAILQ_FOREACH(s, sessions, entry) {
		child = conf_child(node, s->name);
		if (*s->ifname != '\0')
			claim_add(ctx, claims, child, claim_interface,
			    s->ifname, 0);
		claim_id(ctx, claims, child, claim_sid, s->sid);
	}
}

void
conf_unique(struct conf_ctx *ctx)
{
	struct conf_claims		 claims;
	struct conf_claim		*c;
	const struct conf_node		*node;
	const struct conf_peer		*peer;
	const struct conf_tunnel	*tunnel;

	STAILQ_INIT(&claims);
	TAILQ_FOREACH(peer, &ctx->conf->peers, entry) {
		node = conf_child(conf_child(ctx->root, "peers"), peer->name);
		if (*peer->session.ifname != '\0')
			claim_add(ctx, &claims, conf_child(node, "session"),
			    claim_interface, peer->session.ifname,
			    peer->max_sessions > 1);
		claim_sessions(ctx, &claims, conf_child(node, "sessions"),
		    &peer->sessions);
	}
	TAILQ_FOREACH(tunnel, &ctx->conf->tunnels, entry) {
		node = conf_child(conf_child(ctx->root, "tunnels"),
		    tunnel->name);
		claim_id(ctx, &claims, node, claim_tid, tunnel->tid);
		claim_sessions(ctx, &claims, conf_child(node, "sessions"),
		    &tunnel->sessions);
	}
	while ((c = STAILQ_FIRST(&claims)) != NULL) {
		STAILQ_REMOVE_HEAD(&claims, entry);
		free(c);
	}
}
