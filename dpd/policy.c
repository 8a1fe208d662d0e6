/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include "dpd.h"

static struct dpmsg	rules[DP_MAX_RULES + 1];	/* the end, too */
static uint32_t		n_rules;

const struct dp_policy_end	*policy_limits;

const void *
rule_get(uint16_t rule, uint16_t type)
{
	return (rule < n_rules && rules[rule].type == type ?
	    &rules[rule].u : NULL);
}

const char *
policy_add(const struct dpmsg *m)
{
	if (policy_limits != NULL)
		return ("the policy is sealed");
	if (m->type == DP_POLICY_END ? n_rules != m->u.policy_end.n_rules :
	    n_rules == DP_MAX_RULES)
		return ("wrong number of rules");
	rules[n_rules] = *m;
	if (m->type == DP_POLICY_END)
		policy_limits = &rules[n_rules].u.policy_end;
	else
		n_rules++;
	return (NULL);
}

static const uint8_t	any[16], loopback[16] = { [15] = 1 };

static int
is_unicast(const struct dp_addr *a)
{
	return (a->family == 4 ? a->ip[0] != 0 && a->ip[0] < 224 :
	    memcmp(a->ip, any, 16) != 0 && a->ip[0] != 0xff &&
	    !IN6_IS_ADDR_V4MAPPED(a->ip));
}

static int
is_loopback(const struct dp_addr *a)
{
	return (a->family == 4 ? a->ip[0] == 127 :
	    memcmp(a->ip, loopback, 16) == 0);
}

/* Connected sockets reach no local service by a prefix like 0.0.0.0/0. */
static int
is_within(const struct dp_prefix *x, const struct dp_addr *a)
{
	size_t	 octets = x->len / 8, bits = x->len % 8;

	return (x->addr.family == a->family && x->addr.encap == a->encap &&
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
		return (memcmp(&r->local, a, sizeof(*a)) == 0);
	l = rule_get(r->listen, DP_RULE_LISTEN);
	return (l != NULL && is_unicast(a) && a->family == l->local.family &&
	    a->encap == l->local.encap &&
	    (memcmp(&l->local, a, sizeof(*a)) == 0 ||
	    (a->port == l->local.port && memcmp(l->local.ip, any, 16) == 0)));
}

const char *
policy_may_open(const struct dpmsg *m, UNUSED const struct own *none)
{
	const struct dp_tunnel_open	*p = &m->u.tunnel_open;
	const struct dp_rule_tunnel	*r = rule_get(p->rule, DP_RULE_TUNNEL);
	size_t				 i;

	if (r == NULL)
		return ("not a tunnel rule");
	if (p->local.encap != p->peer.encap || (p->local.family != 0 &&
	    p->local.family != p->peer.family))
		return ("addresses are not of one kind");
	if ((p->local_tid != 0) != (p->peer.encap != 0))
		return ("sockets have an id over IP only");
	if (!is_local(r, &p->local))
		return ("local address is not the rule's");
	if (!is_unicast(&p->peer) || (p->peer.port == 0 &&
	    p->peer.encap == 0 && r->listen != DP_NO_RULE))
		return ("peer is no unicast address with a port");
	for (i = 0; i < r->n_prefixes; i++)
		if (is_within(&r->peers[i], &p->peer))
			return (NULL);
	return ("peer is outside of the rule's prefixes");
}

const char *
policy_may_up(const struct dpmsg *m, const struct own *t)
{
	const struct dp_tunnel_up	*p = &m->u.tunnel_up;
	const struct dp_rule_tunnel	*r = rule_get(t->rule, DP_RULE_TUNNEL);

	if (r->version != 0 && r->version != p->version)
		return ("version is not the rule's");
	return (p->version == 3 || (t->open.peer.encap == 0 &&
	    (p->local_tid | p->peer_tid) <= UINT16_MAX) ? NULL :
	    "not of L2TPv2");
}

const char *
policy_may_session(const struct dpmsg *m, const struct own *t)
{
	const struct dp_session_up	*p = &m->u.session_up;
	const struct dp_rule_session	*r = rule_get(p->rule, DP_RULE_SESSION);

	if (r == NULL || r->tunnel != t->rule)
		return ("not a session rule of this tunnel");
	if (r->mtu_max != 0 && p->mtu > r->mtu_max)
		return ("MTU is above the rule's");
	if (t->version == 2 && (r->pseudowire != DP_PW_PPP || p->l2spec != 0 ||
	    p->cookie_len != 0 || p->peer_cookie_len != 0 ||
	    (p->local_sid | p->peer_sid) > UINT16_MAX))
		return ("not of L2TPv2");
	if (t->open.peer.encap != 0 && p->peer_cookie_len != DP_COOKIE_LEN)
		return ("over IP without a cookie of 8 octets");
	return (t->keeps && r->pseudowire == DP_PW_PPP ?
	    "PPP in a tunnel that is kept" : NULL);
}

const char *
policy_may_start(const struct dpmsg *m, const struct own *s)
{
	const struct dp_session_start	*p = &m->u.session_start;
	const struct dp_rule_session	*r = rule_get(s->rule, DP_RULE_SESSION);
	uint32_t			 ip = p->peer_ip;
	size_t				 i;

	if ((p->send_seq || p->recv_seq) && s->tunnel->version == 3 &&
	    !s->up.l2spec)
		return ("sequence numbers without a sublayer");
	if (p->down && r->pseudowire != DP_PW_ETH)
		return ("no interface to take down");
	if (r->n_ranges == 0 && ip == 0)
		return (NULL);
	for (i = 0; i < r->n_ranges; i++)
		if (ip != 0 && ip != r->local_ip && ip >= r->ranges[i].first &&
		    ip <= r->ranges[i].last)
			return (NULL);
	return ("address is outside of the rule's ranges");
}
