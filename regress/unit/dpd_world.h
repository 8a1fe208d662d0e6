/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * For tests of dpd: a small policy, and a value for each request that it
 * allows.  The rules' indexes are their order in enum world_rule.
 */
#ifndef REGRESS_DPD_WORLD_H
#define REGRESS_DPD_WORLD_H

#include <arpa/inet.h>

#include <check.h>
#include <string.h>

#include "dpd.h"

enum world_rule {
	R_ANY,		/* listener on 0.0.0.0:1701 */
	R_ONE,		/* listener on 192.0.2.1:1702 */
	R_SIX,		/* listener on [2001:db8::1]:1701 */
	R_CALLER,	/* R_ANY's, from 198.51.100.0/23 or .128/25 port 1701 */
	R_CALLER_ONE,	/* R_ONE's */
	R_CALLER_SIX,	/* R_SIX's, from 2001:db8:1::/49 */
	R_DIAL,		/* from 192.0.2.2:1701 to 203.0.113.1:1701 */
	R_DIAL_ANY,	/* from anywhere to 0.0.0.0/0 and ::/0, port 1701 */
	R_DIAL_HERE,	/* to 127.0.0.0/8 */
	R_POOL,		/* R_CALLER's sessions, with addresses */
	R_PLAIN,	/* R_CALLER's sessions, without */
	R_DIALLED,	/* R_DIAL's sessions */
	R_IP,		/* listener on 192.0.2.1 over IP */
	R_CALLER_IP,	/* R_IP's, L2TPv3 */
	R_SITE,		/* L2TPv3 over IP from anywhere to 203.0.113.0/24 */
	R_KEPT,		/* L2TPv3 from 192.0.2.2:1701 to 203.0.113.9:1701 */
	R_EITHER,	/* of either version from anywhere to 203.0.113.0/24 */
	R_ETH,		/* R_SITE's interfaces eth-N */
	R_PPP,		/* and its PPP sessions */
	R_LAN,		/* R_KEPT's one interface, lan, in br0 */
	R_KEPT_PPP,	/* and what it must not have */
	R_EITHER_ETH,	/* R_EITHER's interface, either */
	R_LONG,		/* R_SITE's interfaces whose name leaves no room */
	R_END
};

static inline struct dp_addr
world_addr(const char *text, uint16_t port)
{
	struct dp_addr	 a = { .port = port };

	if (inet_pton(AF_INET, text, a.ip) == 1)
		a.family = 4;
	else if (inet_pton(AF_INET6, text, a.ip) == 1)
		a.family = 6;
	return (a);
}

static inline void
world_add(struct dpmsg m)
{
	ck_assert_ptr_null(policy_add(&m));
}

static inline void
world_listen(const char *local, uint16_t port)
{
	world_add((struct dpmsg){ .type = DP_RULE_LISTEN, .fd = -1,
	    .u.rule_listen.local = world_addr(local, port) });
}

static inline struct dpmsg
world_tunnel_rule(uint16_t listen, const char *local, uint16_t lport,
    const char *prefix, uint8_t len, uint16_t port)
{
	struct dpmsg	 m = { .type = DP_RULE_TUNNEL, .fd = -1 };

	m.u.rule_tunnel.listen = listen;
	m.u.rule_tunnel.max_tunnels = 3;
	m.u.rule_tunnel.version = 2;
	m.u.rule_tunnel.local = world_addr(local, lport);
	m.u.rule_tunnel.n_prefixes = 1;
	m.u.rule_tunnel.peers[0].addr = world_addr(prefix, port);
	m.u.rule_tunnel.peers[0].len = len;
	return (m);
}

static inline struct dpmsg
world_session_rule(uint16_t tunnel, uint32_t first, uint32_t last)
{
	struct dpmsg	 m = { .type = DP_RULE_SESSION, .fd = -1 };

	m.u.rule_session.tunnel = tunnel;
	m.u.rule_session.max_sessions = 4;
	m.u.rule_session.pseudowire = DP_PW_PPP;
	m.u.rule_session.mtu_max = 1400;
	if (first != 0) {
		m.u.rule_session.n_ranges = 2;
		m.u.rule_session.local_ip = 0x0a000001;
		m.u.rule_session.ranges[0] = (struct dp_range){ first, last };
		m.u.rule_session.ranges[1] = (struct dp_range){ 0x0a0000f0,
		    0x0a0000f0 };
	}
	strcpy(m.u.rule_session.profile, "lns");
	return (m);
}

static inline struct dpmsg
world_end(void)
{
	struct dpmsg	 m = { .type = DP_POLICY_END, .fd = -1 };

	m.u.policy_end = (struct dp_policy_end){ R_END, 5, 6, { 0 }, 100,
	    1000 };
	return (m);
}

/* Over IP, from there to 203.0.113.0/24. */
static inline struct dpmsg
world_ip_rule(uint16_t listen)
{
	struct dpmsg	 m = world_tunnel_rule(listen, "", 0, "203.0.113.0",
	    24, 0);

	m.u.rule_tunnel.version = 3;
	m.u.rule_tunnel.local.encap = listen == DP_NO_RULE;
	m.u.rule_tunnel.peers[0].addr.encap = 1;
	return (m);
}

static inline struct dpmsg
world_eth_rule(uint16_t tunnel, const char *ifname, uint16_t max)
{
	struct dpmsg	 m = world_session_rule(tunnel, 0, 0);

	m.u.rule_session.pseudowire = DP_PW_ETH;
	m.u.rule_session.max_sessions = max;
	memset(m.u.rule_session.profile, 0, DP_NAME_LEN);
	strcpy(m.u.rule_session.ifname, ifname);
	return (m);
}

static inline void
world_rules_v3(void)
{
	struct dpmsg	 m = { .type = DP_RULE_LISTEN, .fd = -1 };

	m.u.rule_listen.local = world_addr("192.0.2.1", 0);
	m.u.rule_listen.local.encap = 1;
	world_add(m);
	world_add(world_ip_rule(R_IP));
	world_add(world_ip_rule(DP_NO_RULE));
	m = world_tunnel_rule(DP_NO_RULE, "192.0.2.2", 1701, "203.0.113.9", 32,
	    1701);
	m.u.rule_tunnel.version = 3;
	m.u.rule_tunnel.keeps = 1;
	m.u.rule_tunnel.max_tunnels = 1;
	world_add(m);
	m = world_tunnel_rule(DP_NO_RULE, "", 0, "203.0.113.0", 24, 1701);
	m.u.rule_tunnel.version = 0;
	world_add(m);
	world_add(world_eth_rule(R_SITE, "eth-", 3));
	world_add(world_session_rule(R_SITE, 0, 0));
	m = world_eth_rule(R_KEPT, "lan", 1);
	strcpy(m.u.rule_session.bridge, "br0");
	m.u.rule_session.mtu_max = 0;
	world_add(m);
	world_add(world_session_rule(R_KEPT, 0, 0));
	world_add(world_eth_rule(R_EITHER, "either", 1));
	world_add(world_eth_rule(R_SITE, "fifteen-letters", 3));
}

static inline void
world_rules(void)
{
	struct dpmsg	 m;

	world_listen("0.0.0.0", 1701);
	world_listen("192.0.2.1", 1702);
	world_listen("2001:db8::1", 1701);
	m = world_tunnel_rule(R_ANY, "", 0, "198.51.100.0", 23, 0);
	m.u.rule_tunnel.n_prefixes = 2;
	m.u.rule_tunnel.peers[1].addr = world_addr("203.0.113.128", 1701);
	m.u.rule_tunnel.peers[1].len = 25;
	world_add(m);
	world_add(world_tunnel_rule(R_ONE, "", 0, "198.51.100.0", 24, 0));
	world_add(world_tunnel_rule(R_SIX, "", 0, "2001:db8:1::", 49, 0));
	world_add(world_tunnel_rule(DP_NO_RULE, "192.0.2.2", 1701,
	    "203.0.113.1", 32, 1701));
	m = world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0, 1701);
	m.u.rule_tunnel.n_prefixes = 2;
	m.u.rule_tunnel.peers[1].addr = world_addr("::", 1701);
	world_add(m);
	world_add(world_tunnel_rule(DP_NO_RULE, "", 0, "127.0.0.0", 8, 0));
	world_add(world_session_rule(R_CALLER, 0x0a000001, 0x0a000010));
	m = world_session_rule(R_CALLER, 0, 0);
	m.u.rule_session.max_sessions = 2;
	m.u.rule_session.mtu_max = 0;
	world_add(m);
	world_add(world_session_rule(R_DIAL, 0, 0));
	world_rules_v3();
}

static inline void
world_policy(void)
{
	world_rules();
	world_add(world_end());
}

#endif
