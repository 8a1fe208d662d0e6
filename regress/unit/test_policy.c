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
	{ 1, R_DIAL_ANY, "0.0.0.0", 0, "203.0.113.77", 1701 },
	{ 1, R_DIAL_ANY, "", 0, "2001:db8::9", 1701 },
	{ 1, R_DIAL_ANY, "::", 0, "2001:db8::9", 1701 },
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
	{ 1, R_DIAL_HERE, "", 0, "127.0.0.1", 1701 },
	{ 0, R_DIAL_HERE, "", 0, "128.0.0.1", 1701 },
	/* No tunnel rule, or one of a kind that is not there yet. */
	{ 0, R_ANY, "192.0.2.1", 1701, "198.51.100.1", 1701 },
	{ 0, R_POOL, "192.0.2.1", 1701, "198.51.100.1", 1701 },
	{ 0, R_END, "192.0.2.1", 1701, "198.51.100.1", 1701 },
	{ 0, DP_MAX_RULES - 1, "192.0.2.1", 1701, "198.51.100.1", 1701 },
	{ 0, R_CALLER_IP, "192.0.2.1", 0, "198.51.100.1", 0 }
};

START_TEST(opening)
{
	const struct opening	*o = &openings[_i];
	struct dpmsg		 m = { .type = DP_TUNNEL_OPEN };

	world_policy();
	m.u.tunnel_open.rule = o->rule;
	m.u.tunnel_open.local = world_addr(o->local, o->lport);
	m.u.tunnel_open.peer = world_addr(o->peer, o->port);
	ck_assert_int_eq(policy_may_open(&m, o->rule) == NULL, o->allowed);
}
END_TEST

START_TEST(scope)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_OPEN }, r;

	r = world_tunnel_rule(DP_NO_RULE, "", 0, "fe80::", 10, 1701);
	r.u.rule_tunnel.peers[0].addr.scope = 3;
	ck_assert_ptr_null(policy_add(&r));
	m.u.tunnel_open.peer = world_addr("fe80::1", 1701);
	ck_assert_ptr_nonnull(policy_may_open(&m, 0));
	m.u.tunnel_open.peer.scope = 2;
	ck_assert_ptr_nonnull(policy_may_open(&m, 0));
	m.u.tunnel_open.peer.scope = 3;
	ck_assert_ptr_null(policy_may_open(&m, 0));
}
END_TEST

START_TEST(listen_rules)
{
	static const int	allowed[R_END + 1] = {
		[R_ANY] = 1, [R_ONE] = 1, [R_SIX] = 1
	};
	struct dpmsg		 m = { .type = DP_LISTEN };
	uint16_t		 rule;

	world_policy();
	for (rule = 0; rule <= R_END; rule++) {
		m.u.listen.rule = rule;
		ck_assert_int_eq(policy_may_listen(&m, rule) == NULL,
		    allowed[rule]);
	}
	m.u.listen.rule = R_SIX;
	ck_assert_ptr_nonnull(policy_may_listen(&m, R_ONE));
}
END_TEST

START_TEST(up)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_UP };

	world_policy();
	m.u.tunnel_up = (struct dp_tunnel_up){ 1, 65535, 65535, 2, { 0 } };
	ck_assert_ptr_null(policy_may_up(&m, R_CALLER));
	ck_assert_ptr_nonnull(policy_may_up(&m, R_THREE));
	m.u.tunnel_up.local_tid = 65536;
	ck_assert_ptr_nonnull(policy_may_up(&m, R_CALLER));
	m.u.tunnel_up = (struct dp_tunnel_up){ 1, 1, 65536, 2, { 0 } };
	ck_assert_ptr_nonnull(policy_may_up(&m, R_CALLER));
	m.u.tunnel_up.version = 3;
	ck_assert_ptr_nonnull(policy_may_up(&m, R_CALLER));
	ck_assert_ptr_null(policy_may_up(&m, R_THREE));
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
	{ 1, R_CALLER, { .rule = R_POOL, .lns_mode = 1 } },
	{ 1, R_CALLER, { .rule = R_POOL, .local_sid = 65535 } },
	{ 0, R_CALLER, { .rule = R_POOL, .local_sid = 65536 } },
	{ 0, R_CALLER, { .rule = R_POOL, .peer_sid = 65536 } },
	{ 0, R_CALLER, { .rule = R_POOL, .l2spec = 1 } },
	{ 0, R_CALLER, { .rule = R_POOL, .cookie_len = 4 } },
	{ 0, R_CALLER, { .rule = R_POOL, .peer_cookie_len = 4 } },
	{ 1, R_THREE, { .rule = R_PPP3, .local_sid = 65536, .l2spec = 1,
	    .cookie_len = 8, .peer_cookie_len = 4 } },
	{ 0, R_THREE, { .rule = R_PPP3, .cookie_len = 5 } },
	{ 0, R_THREE, { .rule = R_PPP3, .peer_cookie_len = 7 } },
	{ 0, R_THREE, { .rule = R_ETH3 } }
};

START_TEST(placing)
{
	struct dpmsg	 m = { .type = DP_SESSION_UP };

	world_policy();
	m.u.session_up = placings[_i].p;
	ck_assert_int_eq(policy_may_session(&m, placings[_i].tunnel_rule) ==
	    NULL, placings[_i].allowed);
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
	ck_assert_int_eq(policy_may_start(&m, leases[_i].rule) == NULL,
	    leases[_i].allowed);
	strcpy(m.u.session_start.number, "-d");
	ck_assert_ptr_nonnull(policy_may_start(&m, leases[_i].rule));
}
END_TEST

START_TEST(seal)
{
	struct dpmsg	 m = world_end();

	world_rules();
	ck_assert_ptr_null(policy_limits());
	m.u.policy_end.n_rules++;
	ck_assert_ptr_nonnull(policy_add(&m));
	ck_assert_ptr_null(policy_limits());
	m.u.policy_end.n_rules--;
	ck_assert_ptr_null(policy_add(&m));
	ck_assert_uint_eq(policy_limits()->max_sessions, 6);
	ck_assert_ptr_nonnull(policy_add(&m));
	m = world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0, 0);
	ck_assert_ptr_nonnull(policy_add(&m));
	ck_assert_ptr_null(policy_rule(R_END, DP_RULE_TUNNEL));
}
END_TEST

START_TEST(references)
{
	struct dpmsg	 m;

	world_rules();
	m = world_tunnel_rule(R_CALLER, "", 0, "0.0.0.0", 0, 0);
	ck_assert_ptr_nonnull(policy_add(&m));	/* no listener */
	m = world_tunnel_rule(R_END, "", 0, "0.0.0.0", 0, 0);
	ck_assert_ptr_nonnull(policy_add(&m));	/* itself */
	m = world_tunnel_rule(R_IP, "", 0, "0.0.0.0", 0, 0);
	ck_assert_ptr_nonnull(policy_add(&m));	/* other encapsulation */
	m = world_tunnel_rule(R_IPSEC, "", 0, "0.0.0.0", 0, 0);
	ck_assert_ptr_nonnull(policy_add(&m));	/* IPsec lost on the way */
	m = world_session_rule(R_POOL, DP_PW_PPP, 0, 0);
	ck_assert_ptr_nonnull(policy_add(&m));	/* no tunnel rule */
	m = world_session_rule(R_CALLER, DP_PW_ETH, 0, 0);
	ck_assert_ptr_nonnull(policy_add(&m));	/* Ethernet in L2TPv2 */
	m = world_session_rule(R_CALLER, DP_PW_PPP, 0, 0);
	m.u.rule_session.profile[0] = '\0';
	m.u.rule_session.profile[1] = '\0';
	ck_assert_ptr_nonnull(policy_add(&m));	/* PPP without a profile */
	m = world_session_rule(R_CALLER, DP_PW_PPP, 1, 2);
	m.u.rule_session.local_ip = 0;
	ck_assert_ptr_nonnull(policy_add(&m));	/* no address of ours */
	ck_assert_ptr_null(policy_rule(R_END, DP_RULE_SESSION));
	m = world_end();
	ck_assert_ptr_null(policy_add(&m));	/* none of them counted */
}
END_TEST

START_TEST(too_many)
{
	struct dpmsg	 m = world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0,
	    0);
	int		 i;

	for (i = 0; i < DP_MAX_RULES; i++)
		ck_assert_ptr_null(policy_add(&m));
	ck_assert_ptr_nonnull(policy_add(&m));
	ck_assert_ptr_nonnull(policy_rule(DP_MAX_RULES - 1, DP_RULE_TUNNEL));
	ck_assert_ptr_null(policy_rule(DP_MAX_RULES - 1, DP_RULE_SESSION));
	ck_assert_ptr_null(policy_rule(DP_NO_RULE, DP_RULE_TUNNEL));
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
	tcase_add_test(tc, listen_rules);
	tcase_add_test(tc, up);
	tcase_add_loop_test(tc, placing, 0, (int)nitems(placings));
	tcase_add_loop_test(tc, lease, 0, (int)nitems(leases));
	tcase_add_test(tc, seal);
	tcase_add_test(tc, references);
	tcase_add_test(tc, too_many);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
