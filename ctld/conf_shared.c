/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the mappings below "peers" and "tunnels" have in common: how we speak
 * to whoever is at the other end.  The tables of keys of both continue with
 * the one that is here.
 */
#include <string.h>
#include <unistd.h>

#include "conf_int.h"

#define CONF_FIRMWARE		0x0001
#define CONF_RETRY_CAP_MS	8000	/* RFC 2661 section 5.8: at least */
#define CONF_MAX_SECRET		255
#define CONF_MAX_SECRETS	2	/* the one in use, and one to roll */
#define CONF_NO_DIGEST		0x80	/* besides L2TP_DIGEST_* */
#define CONF_MAX_WINDOW		32768	/* RFC 2661 section 5.8: half of Ns */
#define CONF_MIN_HELLO_MS	1000
#define CONF_MAX_HELLO_MS	(60 * 60 * 1000)
#define CONF_MIN_RETRY_MS	100
#define CONF_MAX_RETRY_MS	(60 * 1000)
#define CONF_MAX_RETRIES	1000

static const struct conf_word	digest_words[] = {
	{ "sha1", L2TP_DIGEST_SHA1, 0 },
	{ "md5", L2TP_DIGEST_MD5, 0 },
	{ "none", CONF_NO_DIGEST, 0 },
	{ NULL, 0, 0 }
};

static const struct conf_word	framing_words[] = {
	{ "sync", L2TP_FRAMING_SYNC, 0 },
	{ "async", L2TP_FRAMING_ASYNC, 0 },
	{ NULL, 0, 0 }
};

static const struct conf_word	bearer_words[] = {
	{ "digital", L2TP_BEARER_DIGITAL, 0 },
	{ "analog", L2TP_BEARER_ANALOG, 0 },
	{ NULL, 0, 0 }
};

static const struct conf_word	quirk_words[] = {
	{ "unknown_avp", L2TP_QUIRK_UNKNOWN_AVP, 0 },
	{ "host_name", L2TP_QUIRK_HOST_NAME, 0 },
	{ "framing_caps", L2TP_QUIRK_FRAMING_CAPS, 0 },
	{ "single_tunnel", L2TP_QUIRK_SINGLE_TUNNEL, 0 },
	{ NULL, 0, 0 }
};

static void	params_add_secret(struct conf_ctx *, const struct conf_node *,
		    const struct conf_key *, void *);
static void	params_set_router_id(struct conf_ctx *,
		    const struct conf_node *, const struct conf_key *, void *);

/* Of struct l2tp_params. */
const struct conf_key	conf_params_keys[] = {
	{ .name = "secret", .set = conf_set_list, .item = params_add_secret,
	    .min = 1, .max = CONF_MAX_SECRETS,
	    .flags = KEY_ONE | KEY_SECRET, .takes = FACT_CALLS },
	{ .name = "digest", .set = conf_set_list, .item = conf_set_flag8,
	    .offset = offsetof(struct l2tp_params, digests),
	    .min = 1, .max = 2, .words = digest_words, .flags = KEY_ONE,
	    .takes = FACT_CALLS | FACT_V3 },
	{ .name = "router_id", .set = params_set_router_id,
	    .offset = offsetof(struct l2tp_params, router_id),
	    .min = 1, .max = UINT32_MAX, .takes = FACT_CALLS | FACT_V3 },
	{ .name = "challenge", .set = conf_set_bool,
	    .offset = offsetof(struct l2tp_params, challenge),
	    .takes = FACT_CALLS | FACT_V2 },
	{ .name = "hide_avps", .set = conf_set_bool,
	    .offset = offsetof(struct l2tp_params, hide_avps),
	    .takes = FACT_CALLS },
	{ .name = "window_size", .set = conf_set_u16,
	    .offset = offsetof(struct l2tp_params, window_size),
	    .min = 1, .max = CONF_MAX_WINDOW, .takes = FACT_CONTROL },
	{ .name = "hello_timeout", .set = conf_set_ms,
	    .offset = offsetof(struct l2tp_params, hello_ms),
	    .min = CONF_MIN_HELLO_MS, .max = CONF_MAX_HELLO_MS,
	    .flags = KEY_ZERO, .takes = FACT_CONTROL },
	{ .name = "retry_timeout", .set = conf_set_ms,
	    .offset = offsetof(struct l2tp_params, retry_ms),
	    .min = CONF_MIN_RETRY_MS, .max = CONF_MAX_RETRY_MS,
	    .takes = FACT_CONTROL },
	{ .name = "max_retries", .set = conf_set_u16,
	    .offset = offsetof(struct l2tp_params, max_retries),
	    .min = 1, .max = CONF_MAX_RETRIES, .takes = FACT_CONTROL },
	{ .name = "framing_caps", .set = conf_set_list, .item = conf_set_flag,
	    .offset = offsetof(struct l2tp_params, framing_caps),
	    .min = 1, .max = 2, .words = framing_words,
	    .takes = FACT_CALLS | FACT_V2 },
	{ .name = "bearer_caps", .set = conf_set_list, .item = conf_set_flag,
	    .offset = offsetof(struct l2tp_params, bearer_caps),
	    .min = 1, .max = 2, .words = bearer_words,
	    .takes = FACT_CALLS | FACT_V2 },
	{ .name = "quirks", .set = conf_set_list, .item = conf_set_flag,
	    .offset = offsetof(struct l2tp_params, quirks),
	    .min = 1, .max = 4, .words = quirk_words, .takes = FACT_CALLS },
	{ .name = NULL }
};

/* Our name in SCCRQ and SCCRP: what the system calls itself. */
static const char *
params_host_name(struct conf_ctx *ctx)
{
	char	 name[CONF_HOST_LEN];

	if (ctx->host_name == NULL) {
		if (gethostname(name, sizeof(name)) == -1 || *name == '\0')
			strlcpy(name, "localhost", sizeof(name));
		name[sizeof(name) - 1] = '\0';
		ctx->host_name = conf_text(ctx, name);
	}
	return (ctx->host_name);
}

void
conf_params_init(struct conf_ctx *ctx, struct l2tp_params *p)
{
	p->host_name = params_host_name(ctx);
	p->vendor_name = "septum";
	p->firmware = CONF_FIRMWARE;
	p->window_size = 16;
	p->max_retries = 5;
	p->retry_ms = 1000;
	p->hello_ms = 60 * 1000;
	p->setup_ms = 60 * 1000;
}

/* 1 to 255 octets, in the order of the list; never shown. */
static void
params_add_secret(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	struct l2tp_params	*p = field;
	const char		*text;
	size_t			 i = p->secret_len[0] > 0, len;

	(void)k;
	if (!conf_scalar(ctx, node, "a secret"))
		return;
	len = strlen(node->text);
	if (len == 0 || len > CONF_MAX_SECRET) {
		conf_error(ctx, node, "%zu octets, allowed are 1 to %u", len,
		    CONF_MAX_SECRET);
		return;
	}
	if ((text = conf_text(ctx, node->text)) == NULL)
		return;
	p->secret[i] = (const uint8_t *)text;
	p->secret_len[i] = len;
	ctx->conf->has_secrets = 1;
}

/* RFC 3931 section 5.4.3: any number; often it is an IPv4 address. */
static void
params_set_router_id(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	if (node->kind != CONF_SCALAR || strchr(node->text, '.') == NULL)
		conf_set_u32(ctx, node, k, field);
	else if (conf_ip4(node->text, field) != NULL)
		conf_error(ctx, node, "neither an IPv4 address nor a number");
}

/* A peer with a secret has to prove that it knows it, by default. */
static void
params_secret_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct l2tp_params *p)
{
	if (conf_child(node, "challenge") == NULL)
		p->challenge = p->secret_len[0] > 0;
	/* Of a secret that is wrong enough was said. */
	if (conf_child(node, "secret") != NULL)
		return;
	if (p->challenge)
		conf_error(ctx, conf_child(node, "challenge"),
		    "it takes a \"secret\"");
	if (p->hide_avps)
		conf_error(ctx, conf_child(node, "hide_avps"),
		    "it takes a \"secret\"");
}

static void
params_digest_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct l2tp_params *p)
{
	if ((p->digests & CONF_NO_DIGEST) == 0)
		return;
	if (p->digests != CONF_NO_DIGEST)
		conf_error(ctx, conf_child(node, "digest"),
		    "\"none\" goes with no other");
	p->digests = 0;
}

/* RFC 3931 section 4.1.1.2: over IP there is no checksum but this. */
void
conf_digest_default(struct l2tp_params *p, uint8_t encap)
{
	p->digests = p->secret_len[0] > 0 || encap == L2TP_ENCAP_IP ?
	    L2TP_DIGEST_SHA1 | L2TP_DIGEST_MD5 : 0;
}

void
conf_params_add_pw(struct l2tp_params *p, uint16_t type)
{
	uint8_t	 i;

	for (i = 0; i < p->n_pw_types; i++)
		if (p->pw_types[i] == type)
			return;
	p->pw_types[p->n_pw_types++] = type;
}

void
conf_params_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct l2tp_params *p)
{
	params_secret_done(ctx, node, p);
	params_digest_done(ctx, node, p);
	if (p->framing_caps == 0)
		p->framing_caps = L2TP_FRAMING_SYNC | L2TP_FRAMING_ASYNC;
	p->retry_cap_ms = p->retry_ms > CONF_RETRY_CAP_MS ?
	    p->retry_ms : CONF_RETRY_CAP_MS;
}
