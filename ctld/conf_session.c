/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The keys of a session, wherever it is: below "peers" for those who call,
 * below "tunnels" for what we ask for or have agreed upon with the peer's
 * operator; and what follows from them for its call.
 */
#include <string.h>

#include "conf_int.h"

#define CONF_TX_SPEED		1000000000	/* of no link: a guess */
#define CONF_MAX_REORDER_MS	1000

static const struct conf_word	pseudowire_words[] = {
	{ "ppp", DP_PW_PPP, 0 },
	{ "eth", DP_PW_ETH, 0 },
	{ NULL, 0, 0 }
};

static const struct conf_word	l2spec_words[] = {
	{ "none", 0, 0 },
	{ "default", 1, 0 },
	{ NULL, 0, 0 }
};

static const struct conf_word	cookie_words[] = {
	{ "0", 0, 0 },
	{ "4", 4, 0 },
	{ "8", 8, 0 },
	{ NULL, 0, 0 }
};

/* What a pseudowire says of its session, and the MTU that it may have. */
static const struct session_pw {
	uint8_t		 pseudowire;
	int		 fact;
	uint16_t	 min_mtu, max_mtu;
} session_pws[] = {
	{ DP_PW_PPP, FACT_PPP, 128, 16384 },	/* pppd's MINMRU and MAXMRU */
	{ DP_PW_ETH, FACT_ETH, 68, 9000 },	/* the kernel's ETH_MIN_MTU */
	/* It is wrong or missing, of which enough was said. */
	{ 0, FACT_PPP | FACT_ETH, 0, UINT16_MAX }
};

/* Of struct conf_session. */
const struct conf_key	conf_session_keys[] = {
	{ .name = "pseudowire", .set = conf_set_word,
	    .offset = offsetof(struct conf_session, pseudowire),
	    .words = pseudowire_words },
	{ .name = "profile", .set = conf_set_profile,
	    .offset = offsetof(struct conf_session, profile),
	    .flags = KEY_REQUIRED, .takes = FACT_PPP },
	{ .name = "pool", .set = conf_set_pool,
	    .offset = offsetof(struct conf_session, pool),
	    .takes = FACT_CALLS | FACT_PPP },
	{ .name = "mtu", .set = conf_set_u16,
	    .offset = offsetof(struct conf_session, mtu),
	    .min = 1, .max = UINT16_MAX },	/* see session_pws */
	{ .name = "seqnum", .set = conf_set_bool,
	    .offset = offsetof(struct conf_session, seqnum) },
	{ .name = "l2spec_type", .set = conf_set_word,
	    .offset = offsetof(struct conf_session, call.l2spec),
	    .words = l2spec_words, .takes = FACT_V3 },
	{ .name = "reorder_timeout", .set = conf_set_ms,
	    .offset = offsetof(struct conf_session, reorder_ms),
	    .min = 1, .max = CONF_MAX_REORDER_MS, .flags = KEY_ZERO },
	{ .name = "cookie_size", .set = conf_set_word,
	    .offset = offsetof(struct conf_session, call.cookie_len),
	    .words = cookie_words, .takes = FACT_CALLS | FACT_V3 },
	{ .name = "interface_name", .set = conf_set_ifname,
	    .offset = offsetof(struct conf_session, ifname),
	    .takes = FACT_ETH },
	{ .name = "bridge", .set = conf_set_ifname,
	    .offset = offsetof(struct conf_session, bridge),
	    .takes = FACT_ETH },
	{ .name = "addresses", .set = conf_set_list,
	    .item = conf_add_address, .min = 1, .max = DP_MAX_ADDRS,
	    .takes = FACT_ETH },
	{ .name = "up", .set = conf_set_bool,
	    .offset = offsetof(struct conf_session, up),
	    .takes = FACT_ETH },
	{ .name = NULL }
};

void
conf_session_init(struct conf_session *s)
{
	s->up = 1;
	s->call.cookie_len = L2TP_MAX_COOKIE;
}

void *
conf_session_make(struct conf_ctx *ctx, void *owner, const char *name)
{
	struct conf_sessions	*sessions = owner;
	struct conf_session	*s;

	if ((s = conf_alloc(ctx, 1, sizeof(*s))) == NULL)
		return (NULL);
	strlcpy(s->name, name, sizeof(s->name));
	conf_session_init(s);
	TAILQ_INSERT_TAIL(sessions, s, entry);
	return (s);
}

/* Where all sessions are Ethernet, it need not be said. */
static const struct session_pw *
session_pseudowire(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_session *s, int facts)
{
	const struct conf_node	*child = conf_child(node, "pseudowire");
	const struct session_pw	*pw = session_pws;

	if (child == NULL && (facts & FACT_CALLS) == 0)
		s->pseudowire = DP_PW_ETH;
	else if (child == NULL && (facts & FACT_FIXED) == 0)
		conf_error(ctx, node, "missing key \"pseudowire\"");
	if (s->pseudowire == DP_PW_ETH && (facts & FACT_V3) == 0)
		conf_error(ctx, child, "\"eth\" takes \"version: l2tpv3\"");
	if (s->pseudowire == DP_PW_PPP && (facts & FACT_CALLS) == 0)
		conf_error(ctx, child, "\"ppp\" takes \"mode: dial\"");
	while (pw->pseudowire != s->pseudowire)
		pw++;
	return (pw);
}

/* RFC 3931 section 4.6: sequence numbers are in the sublayer. */
static void
session_l2spec(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_session *s)
{
	const struct conf_node	*l2spec = conf_child(node, "l2spec_type");

	if (l2spec == NULL)
		s->call.l2spec = s->seqnum;
	else if (s->seqnum && s->call.l2spec == 0)
		conf_error(ctx, l2spec, "\"seqnum\" takes \"default\"");
	s->call.data_sequencing = s->seqnum && s->call.l2spec ? 2 : 0;
}

/*
 * RFC 3931 section 8.2.  Over IP nothing else says where packets come from:
 * the kernel looks up their session and never their source.
 */
static void
session_cookie(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_session *s, int facts)
{
	const struct conf_node	*size = conf_child(node, "cookie_size");

	if ((facts & FACT_CALLS) == 0)
		s->call.cookie_len = 0;
	if (size == NULL || s->call.cookie_len == L2TP_MAX_COOKIE)
		return;
	if ((facts & FACT_UDP) == 0)
		conf_error(ctx, size, "over IP it must be 8");
	else if (s->call.cookie_len == 4)
		conf_warn(ctx, size, "4 octets can be guessed and are no "
		    "protection; 8 are the default");
}

void
conf_session_done(struct conf_ctx *ctx, const struct conf_node *node,
    const struct conf_object *object, struct conf_session *s,
    struct l2tp_params *p, int facts)
{
	const struct session_pw	*pw;

	if (node == NULL || node->kind != CONF_MAP)
		return;
	pw = session_pseudowire(ctx, node, s, facts);
	conf_facts(ctx, node, object, facts | pw->fact);
	if (s->mtu != 0 && (s->mtu < pw->min_mtu || s->mtu > pw->max_mtu))
		conf_error(ctx, conf_child(node, "mtu"),
		    "%u is out of range (%u..%u)", s->mtu, pw->min_mtu,
		    pw->max_mtu);
	session_l2spec(ctx, node, s);
	session_cookie(ctx, node, s, facts);
	/* RFC 2661 section 7.4: there is no bearer behind a software LAC. */
	s->call.framing_type = (p->framing_caps & L2TP_FRAMING_SYNC) != 0 ?
	    L2TP_FRAMING_SYNC : L2TP_FRAMING_ASYNC;
	s->call.tx_speed = CONF_TX_SPEED;
	s->call.sequencing = s->seqnum;
	s->call.session_tie = p->tie_breaker;
	s->call.pw_type = s->pseudowire;
	if (s->pseudowire != 0)
		conf_params_add_pw(p, s->pseudowire);
}

static const struct conf_session *
session_same_end(const struct conf_sessions *sessions,
    const struct conf_session *s)
{
	const struct conf_session	*other;

	TAILQ_FOREACH(other, sessions, entry)
		if (other == s ||
		    (other->call.remote_end_id.len ==
		    s->call.remote_end_id.len &&
		    memcmp(other->call.remote_end_id.p,
		    s->call.remote_end_id.p, s->call.remote_end_id.len) == 0))
			break;
	return (other != s ? other : NULL);
}

/* RFC 3931 section 5.4.4: by default, sessions go by their names. */
void
conf_end_ids_done(struct conf_ctx *ctx, const struct conf_node *node,
    struct conf_sessions *sessions)
{
	const struct conf_session	*other;
	const struct conf_node		*child, *id;
	struct conf_session		*s;

	TAILQ_FOREACH(s, sessions, entry)
		if (s->call.remote_end_id.len == 0) {
			s->call.remote_end_id.p = (const uint8_t *)s->name;
			s->call.remote_end_id.len = strlen(s->name);
		}
	TAILQ_FOREACH(s, sessions, entry) {
		if ((other = session_same_end(sessions, s)) == NULL)
			continue;
		child = conf_child(node, s->name);
		id = conf_child(child, "remote_end_id");
		conf_error(ctx, id != NULL ? id : child, "the Remote End ID "
		    "is that of session \"%s\" as well", other->name);
	}
}
