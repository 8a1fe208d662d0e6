/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What only Ethernet sessions have: an interface, with its name, its bridge
 * and its addresses.  dpd takes no other names than those that pass here.
 */
#include <string.h>

#include "conf_int.h"

#define CONF_IFNAME_PREFIX	"l2tp-"

void
conf_set_ifname(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	static const char	 what[] = "the name of an interface, of up to "
	    "15 letters, digits and _.+-";
	char			 buf[CONF_SHOW_LEN];
	size_t			 len;

	(void)k;
	if (!conf_scalar(ctx, node, what))
		return;
	len = strlen(node->text);
	if (len == 0 || len >= DP_IFNAME_LEN || *node->text == '-' ||
	    strspn(node->text, DP_NUMBER_CHARS) != len ||
	    strcmp(node->text, ".") == 0 || strcmp(node->text, "..") == 0)
		conf_error(ctx, node, "expected %s, got %s", what,
		    conf_show(node, buf));
	else
		memcpy(field, node->text, len + 1);
}

void
conf_add_address(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	struct conf_session	*s = field;
	struct dp_prefix	 addr;
	char			 buf[CONF_SHOW_LEN];
	const char		*wrong;

	(void)k;
	if (!conf_scalar(ctx, node, "ADDRESS/LENGTH"))
		return;
	if ((wrong = conf_host_prefix(node->text, &addr)) != NULL)
		conf_error(ctx, node, "%s: %s", conf_show(node, buf), wrong);
	else
		s->addrs[s->n_addrs++] = addr;
}

/* What a number goes behind must leave room for it. */
void
conf_eth_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_session *s, const char *name, size_t max)
{
	const struct conf_node	*ifname = conf_child(node, "interface_name");

	if (s->pseudowire != DP_PW_ETH)
		return;
	if (ifname == NULL) {
		strlcpy(s->ifname, CONF_IFNAME_PREFIX, sizeof(s->ifname));
		strlcat(s->ifname, name, max + 1);
	} else if (strlen(s->ifname) > max)
		conf_error(ctx, ifname, "a number goes behind it: %zu "
		    "characters, allowed are 1 to %zu", strlen(s->ifname), max);
	if (s->n_addrs > 0 && *s->bridge != '\0')
		conf_error(ctx, conf_child(node, "addresses"), "not with "
		    "\"bridge\": it is the bridge that has addresses");
}
