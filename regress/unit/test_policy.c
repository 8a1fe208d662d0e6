/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The policy fence: for every question an allow and, for each thing that
 * can be wrong, a deny.
 */
#include <stdlib.h>

#include "dpd_world.h"

static const struct opening {
	int		 allowed;
	uint16_t	 rule;
	const char	*local;
	uint16_t	 lport;
	const char	*peer;
	uint16_t	 port;
} openings[] = {
	/* The listener is a wildcard: any address of ours, its port. */
	{ 1, R_CALLER, "192.0.2.1", 1701, "198.51.100.1", 1701 },
	{ 1, R_CALLER, "192.0.2.9", 1701, "198.51.101.255", 40000 },
	{ 0, R_CALLER, "192.0.2.1", 1702, "198.51.100.1", 1701 },
	{ 0, R_CALLER, "192.0.2.1", 0, "198.51.100.1", 1701 },
	{ 0, R_CALLER, "0.0.0.0", 1701, "198.51.100.1", 1701 },
	{ 0, R_CALLER, "224.0.0.1", 1701, "198.51.100.1", 1701 },
	{ 0, R_CALLER, "", 0, "198.51.100.1", 1701 },
	{ 0, R_CALLER, "2001:db8::1", 1701, "198.51.100.1", 1701 },
	{ 0, R_CALLER, "2001:db8::1", 1701, "2001:db8::2", 1701 },
	/* Prefixes, to the bit, and a prefix with a port. */
	{ 0, R_CALLER, "192.0.2.1", 1701, "198.51.99.255", 1701 },
	{ 0, R_CALLER, "192.0.2.1", 1701, "198.51.102.0", 1701 },
	{ 1, R_CALLER, "192.0.2.1", 1701, "203.0.113.128", 1701 },
	{ 1, R_CALLER, "192.0.2.1", 1701, "203.0.113.255", 1701 },
	{ 0, R_CALLER, "192.0.2.1", 1701, "203.0.113.127", 1701 },
	{ 0, R_CALLER, "192.0.2.1", 1701, "203.0.113.128", 1702 },
	{ 0, R_CALLER, "192.0.2.1", 1701, "198.51.100.1", 0 },
	/* A listener with an address: that one. */
	{ 1, R_CALLER_ONE, "192.0.2.1", 1702, "198.51.100.1", 1701 },
	{ 0, R_CALLER_ONE, "192.0.2.2", 1702, "198.51.100.1", 1701 },
	{ 0, R_CALLER_ONE, "192.0.2.1", 1701, "198.51.100.1", 1701 },
	/* IPv6. */
	{ 1, R_CALLER_SIX, "2001:db8::1", 1701, "2001:db8:1::5", 1701 },
	{ 1, R_CALLER_SIX, "2001:db8::1", 1701, "2001:db8:1:7fff::5", 1701 },
	{ 0, R_CALLER_SIX, "2001:db8::1", 1701, "2001:db8:1:8000::5", 1701 },
	{ 0, R_CALLER_SIX, "2001:db8::1", 1701, "2001:db8:2::5", 1701 },
	{ 0, R_CALLER_SIX, "2001:db8::2", 1701, "2001:db8:1::5", 1701 },
	{ 0, R_CALLER_SIX, "2001:db8::1", 1701, "198.51.100.1", 1701 },
	/* Dialled from one address and port. */
	{ 1, R_DIAL, "192.0.2.2", 1701, "203.0.113.1", 1701 },
	{ 0, R_DIAL, "192.0.2.3", 1701, "203.0.113.1", 1701 },
	{ 0, R_DIAL, "192.0.2.2", 1702, "203.0.113.1", 1701 },
	{ 0, R_DIAL, "", 0, "203.0.113.1", 1701 },
	{ 0, R_DIAL, "192.0.2.2", 1701, "203.0.113.2", 1701 },
	{ 0, R_DIAL, "192.0.2.2", 1701, "203.0.113.1", 1700 },
	/* Dialled from anywhere, to anyone but ourselves and groups. */
	{ 1, R_DIAL_ANY, "", 0, "203.0.113.77", 1701 },
	{ 0, R_DIAL_ANY, "0.0.0.0", 0, "203.0.113.77", 1701 },
	{ 1, R_DIAL_ANY, "", 0, "2001:db8::9", 1701 },
	{ 0, R_DIAL_ANY, "::", 0, "2001:db8::9", 1701 },
	{ 0, R_DIAL_ANY, "::", 0, "203.0.113.77", 1701 },
	{ 0, R_DIAL_ANY, "", 1701, "203.0.113.77", 1701 },
	{ 0, R_DIAL_ANY, "192.0.2.2", 0, "203.0.113.77", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "203.0.113.77", 53 },
	{ 0, R_DIAL_ANY, "", 0, "0.0.0.0", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "0.1.2.3", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "224.0.0.1", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "255.255.255.255", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "127.0.0.1", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "127.255.255.254", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "::", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "::1", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "ff02::1", 1701 },
	{ 0, R_DIAL_ANY, "", 0, "::ffff:127.0.0.1", 1701 },
	{ 1, R_DIAL_HERE, "", 0, "127.0.0.1", 1701 },
	/* Connected later, where the rule allows any port. */
	{ 1, R_DIAL_HERE, "", 0, "127.0.0.1", 0 },
	{ 0, R_DIAL_HERE, "", 0, "128.0.0.1", 0 },
	{ 0, R_DIAL, "192.0.2.2", 1701, "203.0.113.1", 0 },
	{ 0, R_DIAL_ANY, "", 0, "203.0.113.77", 0 },
	{ 0, R_DIAL_HERE, "", 0, "128.0.0.1", 1701 },
	/* No tunnel rule. */
	{ 0, R_ANY, "192.0.2.1", 1701, "198.51.100.1", 1701 },
	{ 0, R_POOL, "192.0.2.1", 1701, "198.51.100.1", 1701 },
	{ 0, R_END, "192.0.2.1", 1701, "198.51.100.1", 1701 },
	{ 0, DP_MAX_RULES - 1, "192.0.2.1", 1701, "198.51.100.1", 1701 }
};

START_TEST(opening)
{
	const struct opening	*o = &openings[_i];
	struct dpmsg		 m = { .type = DP_TUNNEL_OPEN };

	world_policy();
	m.u.tunnel_open.rule = o->rule;
	m.u.tunnel_open.local = world_addr(o->local, o->lport);
	m.u.tunnel_open.peer = world_addr(o->peer, o->port);
	ck_assert_int_eq(policy_may_open(&m, NULL) == NULL, o->allowed);
}
END_TEST

START_TEST(scope)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_OPEN }, r;

	r = world_tunnel_rule(DP_NO_RULE, "", 0, "fe80::", 10, 1701);
	r.u.rule_tunnel.peers[0].addr.scope = 3;
	world_add(r);
	m.u.tunnel_open.peer = world_addr("fe80::1", 1701);
	ck_assert_ptr_nonnull(policy_may_open(&m, NULL));
	m.u.tunnel_open.peer.scope = 2;
	ck_assert_ptr_nonnull(policy_may_open(&m, NULL));
	m.u.tunnel_open.peer.scope = 3;
	ck_assert_ptr_null(policy_may_open(&m, NULL));
}
END_TEST

static const struct ip_opening {
	int			allowed;
	const char		*local, *peer;
	uint16_t		rule, port;
	uint8_t			local_ip, peer_ip;	/* encapsulations */
	uint32_t		local_tid;
} ip_openings[] = {
	{ 1, "", "203.0.113.7", R_SITE, 0, 1, 1, 70000 },
	{ 0, "", "203.0.113.7", R_SITE, 0, 1, 1, 0 },	/* the listener's */
	{ 0, "", "203.0.113.7", R_SITE, 0, 0, 1, 70000 },
	{ 0, "", "203.0.113.7", R_SITE, 0, 1, 0, 70000 },
	{ 0, "", "203.0.113.7", R_SITE, 1701, 0, 0, 0 },	/* UDP */
	{ 0, "192.0.2.1", "203.0.113.7", R_SITE, 0, 1, 1, 70000 },
	{ 0, "", "203.0.114.7", R_SITE, 0, 1, 1, 70000 },
	{ 0, "", "2001:db8::7", R_SITE, 0, 1, 1, 70000 },
	/* The listener's address and encapsulation. */
	{ 1, "192.0.2.1", "203.0.113.7", R_CALLER_IP, 0, 1, 1, 70000 },
	{ 0, "192.0.2.2", "203.0.113.7", R_CALLER_IP, 0, 1, 1, 70000 },
	{ 0, "192.0.2.1", "203.0.113.7", R_CALLER_IP, 0, 0, 1, 70000 },
	{ 0, "192.0.2.1", "203.0.113.7", R_CALLER_IP, 0, 0, 0, 0 },
	{ 0, "", "203.0.113.7", R_CALLER_IP, 0, 1, 1, 70000 },
	/* A rule of UDP is none of IP, and no id is bound there. */
	{ 1, "", "203.0.113.7", R_EITHER, 1701, 0, 0, 0 },
	{ 0, "", "203.0.113.7", R_EITHER, 1701, 0, 0, 70000 },
	{ 0, "", "203.0.113.7", R_EITHER, 0, 1, 1, 70000 }
};

START_TEST(opening_ip)
{
	const struct ip_opening	*o = &ip_openings[_i];
	struct dpmsg		 m = { .type = DP_TUNNEL_OPEN };

	world_policy();
	m.u.tunnel_open.rule = o->rule;
	m.u.tunnel_open.local_tid = o->local_tid;
	m.u.tunnel_open.local = world_addr(o->local, 0);
	m.u.tunnel_open.local.encap = o->local_ip;
	m.u.tunnel_open.peer = world_addr(o->peer, o->port);
	m.u.tunnel_open.peer.encap = o->peer_ip;
	ck_assert_int_eq(policy_may_open(&m, NULL) == NULL, o->allowed);
}
END_TEST

static const struct raising {
	int			allowed;
	uint16_t		rule;
	uint8_t			encap, version;
	uint32_t		local_tid, peer_tid;
} raisings[] = {
	{ 1, R_CALLER, 0, 2, 1, UINT16_MAX },
	{ 0, R_CALLER, 0, 3, 1, 2 },
	{ 0, R_CALLER, 0, 2, 1, UINT16_MAX + 1 },
	{ 0, R_CALLER, 0, 2, UINT16_MAX + 1, 1 },
	{ 1, R_KEPT, 0, 3, UINT32_MAX, UINT32_MAX },
	{ 0, R_KEPT, 0, 2, 1, 2 },
	{ 1, R_EITHER, 0, 3, UINT32_MAX, 1 },
	{ 1, R_EITHER, 0, 2, 1, 2 },
	{ 0, R_EITHER, 0, 2, UINT32_MAX, 1 },
	{ 0, R_EITHER, 1, 2, 1, 2 },		/* the kernel would take it */
	{ 1, R_SITE, 1, 3, UINT32_MAX, UINT32_MAX },
	{ 0, R_SITE, 1, 2, 1, 2 }
};

START_TEST(raising)
{
	const struct raising	*r = &raisings[_i];
	struct own		 t = { .rule = r->rule,
	    .open.peer.encap = r->encap };
	struct dpmsg		 m = { .type = DP_TUNNEL_UP };

	world_policy();
	m.u.tunnel_up.version = r->version;
	m.u.tunnel_up.local_tid = r->local_tid;
	m.u.tunnel_up.peer_tid = r->peer_tid;
	ck_assert_int_eq(policy_may_up(&m, &t) == NULL, r->allowed);
}
END_TEST

/* By tunnel's rule: what is asked, and whether it is allowed. */
static const struct placing {
	int			allowed;
	uint16_t		tunnel_rule;
	struct dp_session_up	p;
} placings[] = {
	{ 1, R_CALLER, { .rule = R_POOL } },
	{ 1, R_CALLER, { .rule = R_PLAIN } },
	{ 0, R_CALLER, { .rule = R_DIALLED } },
	{ 0, R_CALLER, { .rule = R_CALLER } },
	{ 0, R_CALLER, { .rule = R_ANY } },
	{ 0, R_CALLER, { .rule = R_END } },
	{ 0, R_CALLER_ONE, { .rule = R_POOL } },
	{ 1, R_CALLER, { .rule = R_POOL, .mtu = 1400 } },
	{ 0, R_CALLER, { .rule = R_POOL, .mtu = 1401 } },
	{ 1, R_CALLER, { .rule = R_PLAIN, .mtu = 1500 } },
	{ 1, R_CALLER, { .rule = R_POOL, .lns_mode = 1 } }
};

START_TEST(placing)
{
	struct dpmsg	 m = { .type = DP_SESSION_UP };

	world_policy();
	m.u.session_up = placings[_i].p;
	ck_assert_int_eq(policy_may_session(&m, &(struct own){
	    .rule = placings[_i].tunnel_rule, .version = 2 }) == NULL,
	    placings[_i].allowed);
}
END_TEST

static const struct placing_v3 {
	int			allowed;
	uint16_t		tunnel_rule;
	uint8_t			encap, version;
	struct dp_session_up	p;
} placings_v3[] = {
	{ 1, R_SITE, 1, 3, { .rule = R_ETH, .peer_cookie_len = 8 } },
	{ 1, R_SITE, 1, 3, { .rule = R_PPP, .peer_cookie_len = 8,
	    .cookie_len = 4, .l2spec = 1, .local_sid = UINT32_MAX } },
	{ 0, R_SITE, 1, 3, { .rule = R_ETH, .peer_cookie_len = 4 } },
	{ 0, R_SITE, 1, 3, { .rule = R_ETH, .cookie_len = 8 } },
	{ 0, R_SITE, 1, 3, { .rule = R_PPP, .cookie_len = 8 } },
	{ 0, R_SITE, 1, 3, { .rule = R_LAN, .peer_cookie_len = 8 } },
	{ 0, R_SITE, 1, 3, { .rule = R_ETH, .peer_cookie_len = 8,
	    .mtu = 1401 } },
	{ 1, R_KEPT, 0, 3, { .rule = R_LAN } },
	{ 1, R_KEPT, 0, 3, { .rule = R_LAN, .l2spec = 1, .cookie_len = 8,
	    .peer_cookie_len = 4, .mtu = 9000, .reorder_ms = 1000 } },
	{ 0, R_KEPT, 0, 3, { .rule = R_KEPT_PPP } },
	/* L2TPv2 has PPP, small ids and nothing else. */
	{ 1, R_EITHER, 0, 3, { .rule = R_EITHER_ETH } },
	{ 0, R_EITHER, 0, 2, { .rule = R_EITHER_ETH } },
	{ 1, R_CALLER, 0, 2, { .rule = R_POOL, .local_sid = UINT16_MAX,
	    .peer_sid = UINT16_MAX, .reorder_ms = 1000 } },
	{ 0, R_CALLER, 0, 2, { .rule = R_POOL, .local_sid = 0x10000 } },
	{ 0, R_CALLER, 0, 2, { .rule = R_POOL, .peer_sid = 0x10000 } },
	{ 0, R_CALLER, 0, 2, { .rule = R_POOL, .l2spec = 1 } },
	{ 0, R_CALLER, 0, 2, { .rule = R_POOL, .cookie_len = 4 } },
	{ 0, R_CALLER, 0, 2, { .rule = R_POOL, .peer_cookie_len = 4 } }
};

START_TEST(placing_v3)
{
	const struct placing_v3	*x = &placings_v3[_i];
	struct own		 t = { .rule = x->tunnel_rule,
	    .open.peer.encap = x->encap, .version = x->version,
	    .keeps = x->tunnel_rule == R_KEPT };
	struct dpmsg		 m = { .type = DP_SESSION_UP };

	world_policy();
	m.u.session_up = x->p;
	ck_assert_int_eq(policy_may_session(&m, &t) == NULL, x->allowed);
}
END_TEST

/* By the tunnel's version and the session's sublayer. */
static const struct starting {
	int		allowed;
	uint16_t	rule;
	uint8_t		version, l2spec, send_seq, recv_seq, down;
	uint32_t	ip;
} startings[] = {
	{ 1, R_ETH, 3, 0, 0, 0, 0, 0 },
	{ 1, R_ETH, 3, 0, 0, 0, 1, 0 },
	{ 1, R_ETH, 3, 1, 1, 1, 0, 0 },
	{ 0, R_ETH, 3, 0, 1, 0, 0, 0 },
	{ 0, R_ETH, 3, 0, 0, 1, 0, 0 },
	{ 0, R_ETH, 3, 0, 0, 1, 1, 0 },
	{ 0, R_ETH, 3, 0, 0, 0, 0, 0x0a000002 },
	{ 1, R_PPP, 3, 1, 1, 1, 0, 0 },
	{ 0, R_PPP, 3, 0, 1, 1, 0, 0 },
	{ 0, R_PPP, 3, 1, 0, 0, 1, 0 },
	{ 1, R_PLAIN, 2, 0, 1, 1, 0, 0 },
	{ 0, R_PLAIN, 2, 0, 0, 0, 1, 0 }
};

START_TEST(starting)
{
	const struct starting	*x = &startings[_i];
	struct own		 t = { .version = x->version };
	struct own		 s = { .tunnel = &t, .rule = x->rule,
	    .up.l2spec = x->l2spec };
	struct dpmsg		 m = { .type = DP_SESSION_START };

	world_policy();
	m.u.session_start = (struct dp_session_start){ .peer_ip = x->ip,
	    .send_seq = x->send_seq, .recv_seq = x->recv_seq,
	    .down = x->down };
	ck_assert_int_eq(policy_may_start(&m, &s) == NULL, x->allowed);
}
END_TEST

static const struct lease {
	int		allowed;
	uint16_t	rule;
	uint32_t	ip;
} leases[] = {
	{ 1, R_POOL, 0x0a000002 }, { 1, R_POOL, 0x0a000010 },
	{ 1, R_POOL, 0x0a0000f0 },
	{ 0, R_POOL, 0x0a000001 },	/* our own end */
	{ 0, R_POOL, 0x0a000000 }, { 0, R_POOL, 0x0a000011 },
	{ 0, R_POOL, 0x0a0000ef }, { 0, R_POOL, 0x0a0000f1 },
	{ 0, R_POOL, 0 }, { 0, R_POOL, UINT32_MAX },
	{ 1, R_PLAIN, 0 }, { 0, R_PLAIN, 0x0a000002 }
};

START_TEST(lease)
{
	struct dpmsg	 m = { .type = DP_SESSION_START };

	world_policy();
	m.u.session_start.peer_ip = leases[_i].ip;
	ck_assert_int_eq(policy_may_start(&m, &(struct own){
	    .rule = leases[_i].rule }) == NULL, leases[_i].allowed);
}
END_TEST

/* A rule is found by its index, and only as what it is. */
START_TEST(rules)
{
	static const uint16_t	types[R_END + 1] = {
		[R_ANY] = DP_RULE_LISTEN, [R_ONE] = DP_RULE_LISTEN,
		[R_SIX] = DP_RULE_LISTEN, [R_CALLER] = DP_RULE_TUNNEL,
		[R_CALLER_ONE] = DP_RULE_TUNNEL,
		[R_CALLER_SIX] = DP_RULE_TUNNEL, [R_DIAL] = DP_RULE_TUNNEL,
		[R_DIAL_ANY] = DP_RULE_TUNNEL, [R_DIAL_HERE] = DP_RULE_TUNNEL,
		[R_POOL] = DP_RULE_SESSION, [R_PLAIN] = DP_RULE_SESSION,
		[R_DIALLED] = DP_RULE_SESSION, [R_IP] = DP_RULE_LISTEN,
		[R_CALLER_IP] = DP_RULE_TUNNEL, [R_SITE] = DP_RULE_TUNNEL,
		[R_KEPT] = DP_RULE_TUNNEL, [R_EITHER] = DP_RULE_TUNNEL,
		[R_ETH] = DP_RULE_SESSION, [R_PPP] = DP_RULE_SESSION,
		[R_LAN] = DP_RULE_SESSION, [R_KEPT_PPP] = DP_RULE_SESSION,
		[R_EITHER_ETH] = DP_RULE_SESSION, [R_LONG] = DP_RULE_SESSION
	};
	uint16_t		rule, type;

	world_policy();
	for (rule = 0; rule <= R_END; rule++)
		for (type = DP_RULE_LISTEN; type <= DP_POLICY_END; type += 2)
			ck_assert_int_eq(rule_get(rule, type) != NULL,
			    types[rule] == type);
	ck_assert_ptr_null(rule_get(DP_NO_RULE, DP_RULE_LISTEN));
}
END_TEST

START_TEST(seal)
{
	struct dpmsg	 m = world_end();

	world_rules();
	ck_assert_ptr_null(policy_limits);
	m.u.policy_end.n_rules++;
	ck_assert_ptr_nonnull(policy_add(&m));
	m.u.policy_end.n_rules -= 2;
	ck_assert_ptr_nonnull(policy_add(&m));
	ck_assert_ptr_null(policy_limits);
	m.u.policy_end.n_rules++;
	ck_assert_ptr_null(policy_add(&m));
	ck_assert_uint_eq(policy_limits->max_sessions, 6);
	m.u.policy_end.max_sessions = 7;
	ck_assert_ptr_nonnull(policy_add(&m));
	m = world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0, 0);
	ck_assert_ptr_nonnull(policy_add(&m));
	ck_assert_ptr_null(rule_get(R_END, DP_RULE_TUNNEL));
	ck_assert_uint_eq(policy_limits->max_sessions, 6);
}
END_TEST

/* Tunnels of what is no listener; sessions of what is no tunnel. */
static const uint16_t	 dangling[] = { R_CALLER, R_POOL, R_END, R_END + 1,
    DP_MAX_RULES - 1, DP_NO_RULE - 1 };

START_TEST(dangling_rules_allow_nothing)
{
	struct dpmsg	 open = { .type = DP_TUNNEL_OPEN };
	struct dpmsg	 up = { .type = DP_SESSION_UP };
	struct own	 caller = { .rule = R_CALLER, .version = 2 };

	world_rules();
	world_add(world_tunnel_rule(dangling[_i], "", 0, "0.0.0.0", 0, 0));
	world_add(world_session_rule(R_ANY, 0, 0));
	world_add(world_session_rule(R_END + 1, 0, 0));
	open.u.tunnel_open.rule = R_END;
	open.u.tunnel_open.peer = world_addr("198.51.100.1", 1701);
	ck_assert_ptr_nonnull(policy_may_open(&open, NULL));
	open.u.tunnel_open.local = world_addr("192.0.2.1", 1701);
	ck_assert_ptr_nonnull(policy_may_open(&open, NULL));
	open.u.tunnel_open.rule = R_CALLER;
	ck_assert_ptr_null(policy_may_open(&open, NULL));
	/* No tunnel is made by a rule that is none: R_CALLER stands for all. */
	up.u.session_up.rule = R_END + 1;
	ck_assert_ptr_nonnull(policy_may_session(&up, &caller));
	up.u.session_up.rule = R_END + 2;
	ck_assert_ptr_nonnull(policy_may_session(&up, &caller));
	up.u.session_up.rule = R_POOL;
	ck_assert_ptr_null(policy_may_session(&up, &caller));
}
END_TEST

/* What has no prefix, or ranges but no address in them, allows nothing. */
START_TEST(empty_rules_allow_nothing)
{
	struct dpmsg	 m = world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0,
	    0);
	struct dpmsg	 open = { .type = DP_TUNNEL_OPEN };
	struct dpmsg	 start = { .type = DP_SESSION_START };

	world_add(m);
	m.u.rule_tunnel.n_prefixes = 0;
	world_add(m);
	m = world_session_rule(0, 1, 2);
	m.u.rule_session.n_ranges = 1;
	m.u.rule_session.ranges[0] = (struct dp_range){ 9, 1 };
	world_add(m);
	open.u.tunnel_open.peer = world_addr("198.51.100.1", 1701);
	ck_assert_ptr_null(policy_may_open(&open, NULL));
	open.u.tunnel_open.rule = 1;
	ck_assert_ptr_nonnull(policy_may_open(&open, NULL));
	for (; start.u.session_start.peer_ip <= 10;
	    start.u.session_start.peer_ip++)
		ck_assert_ptr_nonnull(policy_may_start(&start,
		    &(struct own){ .rule = 2 }));
}
END_TEST

START_TEST(too_many)
{
	struct dpmsg	 m = world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0,
	    0);
	int		 i;

	for (i = 0; i < DP_MAX_RULES; i++)
		world_add(m);
	ck_assert_ptr_nonnull(policy_add(&m));
	ck_assert_ptr_nonnull(rule_get(DP_MAX_RULES - 1, DP_RULE_TUNNEL));
	ck_assert_ptr_null(rule_get(DP_MAX_RULES - 1, DP_RULE_SESSION));
	ck_assert_ptr_null(rule_get(DP_NO_RULE, DP_RULE_TUNNEL));
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("policy");
	TCase	*tc = tcase_create("policy");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_add_loop_test(tc, opening, 0, (int)nitems(openings));
	tcase_add_test(tc, scope);
	tcase_add_loop_test(tc, opening_ip, 0, (int)nitems(ip_openings));
	tcase_add_loop_test(tc, raising, 0, (int)nitems(raisings));
	tcase_add_loop_test(tc, placing, 0, (int)nitems(placings));
	tcase_add_loop_test(tc, placing_v3, 0, (int)nitems(placings_v3));
	tcase_add_loop_test(tc, starting, 0, (int)nitems(startings));
	tcase_add_loop_test(tc, lease, 0, (int)nitems(leases));
	tcase_add_test(tc, rules);
	tcase_add_test(tc, seal);
	tcase_add_loop_test(tc, dangling_rules_allow_nothing, 0,
	    (int)nitems(dangling));
	tcase_add_test(tc, empty_rules_allow_nothing);
	tcase_add_test(tc, too_many);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
