/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The sealed rules and the questions that requests ask of them.  Answers are
 * reasons to refuse; only NULL, reached after every test, allows.  Nothing
 * here knows what exists: that is own's part.
 */
#include <string.h>

#include "policy.h"

static struct policy_state {
	struct dpmsg	rules[DP_MAX_RULES], end;
	uint32_t	n_rules;
} policy;

const void *
policy_rule(uint16_t rule, uint16_t type)
{
	return (rule < policy.n_rules && policy.rules[rule].type == type ?
	    &policy.rules[rule].u : NULL);
}

const struct dp_policy_end *
policy_limits(void)
{
	return (policy.end.type != 0 ? &policy.end.u.policy_end : NULL);
}

/* A rule refers to an earlier one, never to itself or to a later one. */
const char *
policy_add(const struct dpmsg *m)
{
	const struct dp_rule_tunnel	*t = &m->u.rule_tunnel;
	const struct dp_rule_session	*s = &m->u.rule_session;
	const struct dp_rule_listen	*l;

	if (policy.end.type != 0)
		return ("the policy is sealed");
	if (m->type == DP_POLICY_END) {
		if (m->u.policy_end.n_rules != policy.n_rules)
			return ("wrong number of rules");
		policy.end = *m;
		return (NULL);
	}
	if (policy.n_rules == DP_MAX_RULES)
		return ("too many rules");
	if (m->type == DP_RULE_TUNNEL && t->listen != DP_NO_RULE &&
	    ((l = policy_rule(t->listen, DP_RULE_LISTEN)) == NULL ||
	    l->encap != t->encap || l->require_ipsec != t->require_ipsec))
		return ("no such listener");
	if (m->type == DP_RULE_SESSION &&
	    ((t = policy_rule(s->tunnel, DP_RULE_TUNNEL)) == NULL ||
	    (s->pseudowire != DP_PW_PPP ? t->version == 2 :
	    s->profile[0] == '\0') || (s->n_ranges == 0) != (s->local_ip == 0)))
		return ("no such tunnel rule, pseudowire or address");
	policy.rules[policy.n_rules++] = *m;
	return (NULL);
}

static int
is_any(const struct dp_addr *a)
{
	static const uint8_t	 any[16];

	return (memcmp(a->ip, any, sizeof(any)) == 0);
}

static int
is_unicast(const struct dp_addr *a)
{
	return (a->family == 4 ? a->ip[0] != 0 && a->ip[0] < 224 :
	    !is_any(a) && a->ip[0] != 0xff);
}

static int
is_loopback(const struct dp_addr *a)
{
	static const uint8_t	 ip6[16] = { [15] = 1 };

	return (a->family == 4 ? a->ip[0] == 127 :
	    memcmp(a->ip, ip6, sizeof(ip6)) == 0);
}

/* Local services are not reached through a prefix as wide as 0.0.0.0/0. */
static int
is_within(const struct dp_prefix *x, const struct dp_addr *a)
{
	size_t	 octets = x->len / 8, bits = x->len % 8;

	return (x->addr.family == a->family &&
	    (x->addr.port == 0 || x->addr.port == a->port) &&
	    (x->addr.scope == 0 || x->addr.scope == a->scope) &&
	    memcmp(x->addr.ip, a->ip, octets) == 0 && (bits == 0 ||
	    (x->addr.ip[octets] ^ a->ip[octets]) >> (8 - bits) == 0) &&
	    (!is_loopback(a) || is_loopback(&x->addr)));
}

/* What the rule says; or, for calls we answer, one of the listener's. */
static int
is_local(const struct dp_rule_tunnel *r, const struct dp_addr *a)
{
	const struct dp_rule_listen	*l;

	if (r->listen == DP_NO_RULE)
		return (memcmp(&r->local, a, sizeof(*a)) == 0 ||
		    (r->local.family == 0 && a->port == 0 && is_any(a)));
	l = policy_rule(r->listen, DP_RULE_LISTEN);
	return (is_unicast(a) && (memcmp(&l->local, a, sizeof(*a)) == 0 ||
	    (is_any(&l->local) && a->family == l->local.family &&
	    a->port == l->local.port)));
}

const char *
policy_may_listen(const struct dpmsg *m, uint16_t rule)
{
	const struct dp_rule_listen	*r = policy_rule(rule, DP_RULE_LISTEN);

	if (r == NULL || m->u.listen.rule != rule)
		return ("not a listen rule");
	return (r->encap == DP_ENCAP_UDP && !r->require_ipsec ? NULL :
	    "encapsulation not supported");
}

const char *
policy_may_open(const struct dpmsg *m, uint16_t rule)
{
	const struct dp_tunnel_open	*p = &m->u.tunnel_open;
	const struct dp_rule_tunnel	*r = policy_rule(rule, DP_RULE_TUNNEL);
	size_t				 i;

	if (r == NULL)
		return ("not a tunnel rule");
	if (r->encap != DP_ENCAP_UDP || r->require_ipsec)
		return ("encapsulation not supported");
	if (p->local.family != 0 && p->local.family != p->peer.family)
		return ("address families differ");
	if (!is_local(r, &p->local))
		return ("local address is not the rule's");
	if (p->peer.port == 0 || !is_unicast(&p->peer))
		return ("peer is no unicast address with a port");
	for (i = 0; i < r->n_prefixes; i++)
		if (is_within(&r->peers[i], &p->peer))
			return (NULL);
	return ("peer is outside of the rule's prefixes");
}

const char *
policy_may_up(const struct dpmsg *m, uint16_t rule)
{
	const struct dp_tunnel_up	*p = &m->u.tunnel_up;
	const struct dp_rule_tunnel	*r = policy_rule(rule, DP_RULE_TUNNEL);

	if (p->version != r->version)
		return ("not the rule's version");
	return (p->version == 2 && (p->local_tid | p->peer_tid) > UINT16_MAX ?
	    "L2TPv2 has ids of 16 bits" : NULL);
}

const char *
policy_may_session(const struct dpmsg *m, uint16_t rule)
{
	const struct dp_session_up	*p = &m->u.session_up;
	const struct dp_rule_tunnel	*t = policy_rule(rule, DP_RULE_TUNNEL);
	const struct dp_rule_session	*r;

	r = policy_rule(p->rule, DP_RULE_SESSION);
	if (r == NULL || r->tunnel != rule)
		return ("not a session rule of this tunnel");
	if (r->pseudowire != DP_PW_PPP)
		return ("pseudowire not supported");
	if (r->mtu_max != 0 && p->mtu > r->mtu_max)
		return ("MTU is above the rule's");
	if ((p->cookie_len | p->peer_cookie_len) % 4 != 0)
		return ("cookies have 0, 4 or 8 octets");
	return (t->version == 2 && ((p->local_sid | p->peer_sid) > UINT16_MAX ||
	    (p->l2spec | p->cookie_len | p->peer_cookie_len) != 0) ?
	    "not possible in L2TPv2" : NULL);
}

const char *
policy_may_start(const struct dpmsg *m, uint16_t rule)
{
	const struct dp_rule_session	*r = policy_rule(rule, DP_RULE_SESSION);
	uint32_t			 ip = m->u.session_start.peer_ip;
	size_t				 i;

	if (m->u.session_start.number[0] == '-')
		return ("number looks like an option");
	if (r->n_ranges == 0 && ip == 0)
		return (NULL);
	for (i = 0; i < r->n_ranges; i++)
		if (ip != 0 && ip != r->local_ip && ip >= r->ranges[i].first &&
		    ip <= r->ranges[i].last)
			return (NULL);
	return ("address is outside of the rule's ranges");
}
