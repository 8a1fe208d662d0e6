/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnels that are not set up by messages: all that both sides have to know
 * of each other is in the file, down to the cookies (RFC 3931 section 3,
 * "manual configuration").  The keys are called as in go-l2tp.
 */
#include <string.h>

#include "conf_int.h"

/* -1 if it is none. */
static int
hex_digit(char c)
{
	static const char	 digits[] = "00112233445566778899"
	    "aAbBcCdDeEfF";
	const char		*p = c != '\0' ? strchr(digits, c) : NULL;

	return (p != NULL ? (int)(p - digits) / 2 : -1);
}

/*
 * The octets as they are in a packet.  The length, or 0 after the complaint.
 * A cookie keeps others out, and so is never shown.
 */
static uint8_t
cookie_set(struct conf_ctx *ctx, const struct conf_node *node,
    uint8_t cookie[DP_COOKIE_LEN])
{
	const char	*p = node->text;
	size_t		 i, len;

	if (!conf_scalar(ctx, node, "8 or 16 hexadecimal digits"))
		return (0);
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	for (len = 0; hex_digit(p[len]) != -1; len++)
		;
	if (p[len] != '\0' || (len != 8 && len != 16)) {
		conf_error(ctx, node, "not 8 or 16 hexadecimal digits");
		return (0);
	}
	for (i = 0; i < len; i += 2)
		cookie[i / 2] = (uint8_t)(hex_digit(p[i]) << 4 |
		    hex_digit(p[i + 1]));
	ctx->conf->has_secrets = 1;
	return ((uint8_t)(len / 2));
}

void
conf_set_cookie(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	struct conf_session	*s = field;

	(void)k;
	s->cookie_len = cookie_set(ctx, node, s->cookie);
}

void
conf_set_peer_cookie(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_key *k, void *field)
{
	struct conf_session	*s = field;

	(void)k;
	s->peer_cookie_len = cookie_set(ctx, node, s->peer_cookie);
	if (s->peer_cookie_len == 4)
		conf_warn(ctx, node, "4 octets can be guessed and are no "
		    "protection");
}

/* As for the sessions that are called for; see conf_session.c. */
static void
session_cookie_done(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_session *s)
{
	const struct conf_node	*cookie = conf_child(node, "peer_cookie");

	if (node->kind != CONF_MAP)
		return;
	if (cookie == NULL)
		conf_error(ctx, node, "missing key \"peer_cookie\": over IP "
		    "it takes 16 digits");
	else if (s->peer_cookie_len == 4)
		conf_error(ctx, cookie, "over IP it takes 16 digits");
}

void
conf_fixed_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_tunnel *tunnel)
{
	const struct conf_node		*map = conf_child(node, "sessions");
	const struct conf_session	*s;

	if (conf_child(node, "local") == NULL)
		conf_error(ctx, node, "missing key \"local\"");
	if (tunnel->n_peers > 1)
		conf_error(ctx, conf_child(node, "peer"), "there can be only "
		    "one");
	if (tunnel->mode == CONF_STATIC)
		tunnel->params.hello_ms = 0;
	if (tunnel->local.encap == L2TP_ENCAP_IP)
		TAILQ_FOREACH(s, &tunnel->sessions, entry)
			session_cookie_done(ctx, conf_child(map, s->name), s);
}
