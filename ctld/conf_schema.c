/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The keys of septum.yaml(5): the file and "daemon", and words that several
 * of its parts share.  A word marked so is known but not built yet: it is
 * refused, never ignored.
 */
#include <grp.h>
#include <stdio.h>
#include <string.h>

#include "conf_int.h"
#include "log.h"

#define CONF_GROUP		"septum"
#define CONF_GROUPS		"/etc/group"

static const struct conf_word	level_words[] = {
	{ "error", LOG_LVL_ERROR, 0 },
	{ "warn", LOG_LVL_WARN, 0 },
	{ "info", LOG_LVL_INFO, 0 },
	{ "debug", LOG_LVL_DEBUG, 0 },
	{ NULL, 0, 0 }
};

static const struct conf_word	user_words[] = {
	{ "_septum", 0, 0 },
	{ NULL, 0, 0 }
};

const struct conf_word	conf_encap_words[] = {
	{ "udp", L2TP_ENCAP_UDP, 0 },
	{ "ip", L2TP_ENCAP_IP, 0 },
	{ NULL, 0, 0 }
};

const struct conf_word	conf_version_words[] = {
	{ "l2tpv2", L2TP_V2, 0 },
	{ "l2tpv3", L2TP_V3, 0 },
	{ NULL, 0, 0 }
};

const struct conf_word	conf_ipsec_words[] = {
	{ "none", 0, 0 },
	{ "require", 1, 1 },
	{ NULL, 0, 0 }
};

static void	conf_set_group(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);
static void	conf_schema_done(struct conf_ctx *, const struct conf_node *,
		    void *);

static const struct conf_key	limits_keys[] = {
	{ .name = "tunnels", .set = conf_set_u32,
	    .offset = offsetof(struct conf, max_tunnels),
	    .min = 1, .max = DP_MAX_TUNNELS },
	{ .name = "sessions", .set = conf_set_u32,
	    .offset = offsetof(struct conf, max_sessions),
	    .min = 1, .max = DP_MAX_SESSIONS },
	{ .name = "half_open", .set = conf_set_u32,
	    .offset = offsetof(struct conf, max_half_open),
	    .min = 1, .max = 65536 },
	{ .name = "sccrq_per_second", .set = conf_set_u32,
	    .offset = offsetof(struct conf, sccrq_per_second),
	    .min = 1, .max = 100000 },
	{ .name = "ppp_starting", .set = conf_set_u32,
	    .offset = offsetof(struct conf, ppp_starting),
	    .min = 1, .max = 1024 },
	{ .name = NULL }
};

static const struct conf_object	limits_object = { .keys = limits_keys };

static const struct conf_key	daemon_keys[] = {
	{ .name = "user", .set = conf_check_word, .words = user_words },
	{ .name = "log_level", .set = conf_set_word,
	    .offset = offsetof(struct conf, log_level),
	    .words = level_words },
	{ .name = "control_group", .set = conf_set_group,
	    .offset = offsetof(struct conf, control_gid) },
	{ .name = "limits", .set = conf_set_map, .object = &limits_object },
	{ .name = NULL }
};

static const struct conf_object	daemon_object = { .keys = daemon_keys };

/* In this order: who is referred to comes before who refers to it. */
static const struct conf_key	schema_keys[] = {
	{ .name = "daemon", .set = conf_set_map, .object = &daemon_object },
	{ .name = "pools", .set = conf_set_named,
	    .object = &conf_pool_object },
	{ .name = "peers", .set = conf_set_named,
	    .object = &conf_peer_object },
	{ .name = "listen", .set = conf_set_named,
	    .object = &conf_listen_object, .min = 1 },
	{ .name = "tunnels", .set = conf_set_named,
	    .object = &conf_tunnel_object, .min = 1 },
	{ .name = NULL }
};

const struct conf_object	conf_schema = {
	.keys = schema_keys, .done = conf_schema_done
};

/*
 * The file alone: getgrnam(3) loads modules into us, of which nobody knows
 * what they need in a confined process.  0 or -1.
 */
static int
conf_find_group(const char *name, uint32_t *gid)
{
	struct group	*group;
	FILE		*f;
	int		 res = -1;

	if ((f = fopen(CONF_GROUPS, "re")) == NULL)
		return (-1);
	while (res == -1 && (group = fgetgrent(f)) != NULL)
		if (strcmp(group->gr_name, name) == 0) {
			*gid = group->gr_gid;
			res = 0;
		}
	fclose(f);
	return (res);
}

static void
conf_set_group(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	char	 buf[CONF_SHOW_LEN];

	(void)k;
	if (conf_scalar(ctx, node, "the name of a group") &&
	    conf_find_group(node->text, field) == -1)
		conf_error(ctx, node, "there is no group %s in " CONF_GROUPS,
		    conf_show(node, buf));
}

static void
conf_schema_done(struct conf_ctx *ctx, const struct conf_node *root,
    void *obj)
{
	struct conf	*conf = obj;

	if (conf_child(conf_child(root, "daemon"), "control_group") == NULL &&
	    conf_find_group(CONF_GROUP, &conf->control_gid) == -1)
		conf_error(ctx, root, "there is no group \"" CONF_GROUP
		    "\" in " CONF_GROUPS ", which daemon.control_group is by "
		    "default");
	if (conf_child(root, "listen") == NULL &&
	    conf_child(root, "tunnels") == NULL)
		conf_error(ctx, root, "neither \"listen\" nor \"tunnels\": "
		    "there is nothing to do");
}
