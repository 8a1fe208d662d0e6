/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The configuration as policy records for dpd.  conf_number() gives the
 * rules their indexes and conf_policy() emits them: both go by the same
 * order, which is
 *
 *	for each listener: LISTEN, and for each of its peers TUNNEL, then
 *	    SESSION for its "session" and for each of its "sessions"
 *	for each tunnel: TUNNEL, and for each of its sessions SESSION
 */
#include <string.h>

#include "conf_int.h"

/*
 * While the kernel still tears down what we dialled before, its successor
 * may come up already.
 */
#define CONF_DIAL_MAX		2

#define CONF_UNIT_FIRST		1000	/* below are the operator's ppp0... */

/* Where records go, with the number of rules so far. */
struct conf_emitter {
	void		(*emit)(void *, const struct dpmsg *);
	void		 *arg;
	uint32_t	 n_rules;
	uint16_t	 max_on_demand;
};

/* From this rule on; returns the next one. */
static size_t
number_sessions(struct conf_sessions *sessions, size_t rule)
{
	struct conf_session	*session;

	TAILQ_FOREACH(session, sessions, entry)
		session->rule = (uint16_t)rule++;
	return (rule);
}

size_t
conf_number(struct conf *conf)
{
	struct conf_listen	*listen;
	struct conf_listen_peer	*lp;
	struct conf_peer	*peer;
	struct conf_tunnel	*tunnel;
	size_t			 i, rule = 0;

	TAILQ_FOREACH(peer, &conf->peers, entry)
		peer->n_rules = number_sessions(&peer->sessions,
		    peer->has_session);
	TAILQ_FOREACH(listen, &conf->listens, entry) {
		listen->rule = (uint16_t)rule++;
		for (i = 0; i < listen->n_peers; i++) {
			lp = &listen->peers[i];
			lp->tunnel_rule = (uint16_t)rule++;
			lp->session_rule = (uint16_t)rule;
			rule += lp->peer->n_rules;
		}
	}
	TAILQ_FOREACH(tunnel, &conf->tunnels, entry) {
		tunnel->rule = (uint16_t)rule++;
		rule = number_sessions(&tunnel->sessions, rule);
	}
	return (rule);
}

static void
emit_rule(struct conf_emitter *e, struct dpmsg *m, uint16_t type)
{
	m->type = type;
	m->fd = -1;
	m->id = ++e->n_rules;
	e->emit(e->arg, m);
}

static void
emit_session(struct conf_emitter *e, const struct conf_session *session,
    uint16_t tunnel_rule, uint16_t max_sessions)
{
	const struct conf_pool	*pool = session->pool;
	struct dpmsg		 m = { 0 };
	struct dp_rule_session	*r = &m.u.rule_session;

	r->tunnel = tunnel_rule;
	r->max_sessions = max_sessions;
	r->pseudowire = session->pseudowire;
	r->mtu_max = session->mtu;
	strlcpy(r->profile, session->profile, sizeof(r->profile));
	strlcpy(r->ifname, session->ifname, sizeof(r->ifname));
	strlcpy(r->bridge, session->bridge, sizeof(r->bridge));
	memcpy(r->addrs, session->addrs, sizeof(r->addrs));
	if (pool != NULL) {
		r->local_ip = pool->local_ip;
		r->n_ranges = pool->n_ranges;
		memcpy(r->ranges, pool->ranges, sizeof(r->ranges));
	}
	emit_rule(e, &m, DP_RULE_SESSION);
}

/* There is only one interface of a name. */
static void
emit_sessions(struct conf_emitter *e, const struct conf_sessions *sessions,
    uint16_t tunnel_rule, uint16_t max_sessions)
{
	const struct conf_session	*s;

	TAILQ_FOREACH(s, sessions, entry)
		emit_session(e, s, tunnel_rule, s->on_demand ?
		    e->max_on_demand : s->pseudowire == DP_PW_ETH ?
		    1 : max_sessions);
}

static uint8_t
rule_version(uint8_t versions)
{
	return (versions == L2TP_V2 ? 2 : versions == L2TP_V3 ? 3 : 0);
}

static void
emit_listen_peer(struct conf_emitter *e, const struct conf_listen *listen,
    const struct conf_listen_peer *lp)
{
	const struct conf_peer	*peer = lp->peer;
	struct dpmsg		 m = { 0 };
	struct dp_rule_tunnel	*r = &m.u.rule_tunnel;

	r->listen = listen->rule;
	r->max_tunnels = peer->max_tunnels;
	r->version = rule_version(lp->params.versions);
	for (; r->n_prefixes < peer->n_from; r->n_prefixes++) {
		r->peers[r->n_prefixes] = peer->from[r->n_prefixes];
		r->peers[r->n_prefixes].addr.encap = listen->local.encap;
	}
	emit_rule(e, &m, DP_RULE_TUNNEL);
	if (peer->has_session)
		emit_session(e, &peer->session, lp->tunnel_rule,
		    peer->max_sessions);
	emit_sessions(e, &peer->sessions, lp->tunnel_rule,
	    peer->max_sessions);
}

static void
emit_listen(struct conf_emitter *e, const struct conf_listen *listen)
{
	struct dpmsg		 m = { 0 };
	struct dp_rule_listen	*r = &m.u.rule_listen;
	size_t			 i;

	r->local = listen->local;
	emit_rule(e, &m, DP_RULE_LISTEN);
	for (i = 0; i < listen->n_peers; i++)
		emit_listen_peer(e, listen, &listen->peers[i]);
}

/* Two names with the same port may go to the same places. */
static void
add_prefix(struct dp_rule_tunnel *r, const struct dp_prefix *prefix)
{
	size_t	 i;

	for (i = 0; i < r->n_prefixes; i++)
		if (memcmp(&r->peers[i], prefix, sizeof(*prefix)) == 0)
			return;
	r->peers[r->n_prefixes++] = *prefix;
}

/*
 * Exactly this address, or for a name all that local can reach; and any
 * port, if the answer may come from another (RFC 2661 section 8.1).
 */
static void
add_endpoint(struct dp_rule_tunnel *r, const struct conf_endpoint *ep,
    int strict_port)
{
	struct dp_prefix	 prefix = { .addr = ep->addr };

	prefix.addr.port = strict_port ? ep->port : 0;	/* none over IP */
	if (ep->addr.family != 0) {
		prefix.len = ep->addr.family == 4 ? 32 : 128;
		add_prefix(r, &prefix);
		return;
	}
	for (prefix.addr.family = 4; prefix.addr.family <= 6;
	    prefix.addr.family += 2)
		if (r->local.family == 0 ||
		    r->local.family == prefix.addr.family)
			add_prefix(r, &prefix);
}

static void
emit_tunnel(struct conf_emitter *e, const struct conf_tunnel *tunnel)
{
	struct dpmsg		 m = { 0 };
	struct dp_rule_tunnel	*r = &m.u.rule_tunnel;
	size_t			 i;
	uint16_t		 max;

	max = tunnel->mode == CONF_DIAL ? CONF_DIAL_MAX : 1;
	r->listen = DP_NO_RULE;
	r->max_tunnels = max;
	r->version = rule_version(tunnel->params.versions);
	r->keeps = tunnel->mode != CONF_DIAL;
	r->local = tunnel->local;
	for (i = 0; i < tunnel->n_peers; i++)
		add_endpoint(r, &tunnel->peers[i], r->keeps ||
		    tunnel->params.strict_port);
	emit_rule(e, &m, DP_RULE_TUNNEL);
	emit_sessions(e, &tunnel->sessions, tunnel->rule, max);
}

void
conf_policy(const struct conf *conf,
    void (*emit)(void *, const struct dpmsg *), void *arg)
{
	struct conf_emitter		 e = { .emit = emit, .arg = arg,
	    .max_on_demand = (uint16_t)conf->max_sessions };
	const struct conf_listen	*listen;
	const struct conf_tunnel	*tunnel;
	struct dpmsg			 m = { .type = DP_POLICY_END };
	struct dp_policy_end		*end = &m.u.policy_end;

	TAILQ_FOREACH(listen, &conf->listens, entry)
		emit_listen(&e, listen);
	TAILQ_FOREACH(tunnel, &conf->tunnels, entry)
		emit_tunnel(&e, tunnel);
	m.fd = -1;
	m.id = e.n_rules + 1;
	end->n_rules = (uint16_t)e.n_rules;
	end->max_tunnels = (uint16_t)conf->max_tunnels;
	end->max_sessions = (uint16_t)conf->max_sessions;
	end->control_gid = conf->control_gid;
	end->unit_first = CONF_UNIT_FIRST;
	emit(arg, &m);
}
