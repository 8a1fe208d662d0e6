/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The configuration of L2TPv3: where its keys end up, what they are when
 * nobody says so, and what they allow dpd to do.  What is wrong with such a
 * configuration is in regress/conf/bad/v3-*.yaml.
 */
#include "conf_common.h"

#define GOOD	"regress/conf/good/v3.yaml"
#define BOTH	(L2TP_DIGEST_SHA1 | L2TP_DIGEST_MD5)
#define V2_V3	(L2TP_V2 | L2TP_V3)

static struct conf	*conf;
static struct records	 recs;

static void
setup(void)
{
	conf = parse_file(GOOD);
	ck_assert_msg(conf != NULL, "%s", reported);
	recs.n = 0;
	conf_policy(conf, record, &recs);
}

static void
teardown(void)
{
	conf_free(conf);
}

static const struct conf_listen *
listener(const char *name)
{
	const struct conf_listen	*l;

	TAILQ_FOREACH(l, &conf->listens, entry)
		if (strcmp(l->name, name) == 0)
			break;
	ck_assert_ptr_nonnull(l);
	return (l);
}

static const struct conf_peer *
peer(const char *name)
{
	const struct conf_peer	*p;

	TAILQ_FOREACH(p, &conf->peers, entry)
		if (strcmp(p->name, name) == 0)
			break;
	ck_assert_ptr_nonnull(p);
	return (p);
}

static const struct conf_tunnel *
tunnel(const char *name)
{
	const struct conf_tunnel	*t;

	TAILQ_FOREACH(t, &conf->tunnels, entry)
		if (strcmp(t->name, name) == 0)
			break;
	ck_assert_ptr_nonnull(t);
	return (t);
}

static const struct conf_session *
session(const struct conf_sessions *sessions, const char *name)
{
	const struct conf_session	*s;

	TAILQ_FOREACH(s, sessions, entry)
		if (strcmp(s->name, name) == 0)
			break;
	ck_assert_ptr_nonnull(s);
	return (s);
}

static const struct dp_rule_tunnel *
tunnel_rule(uint16_t rule)
{
	ck_assert_uint_eq(recs.m[rule].type, DP_RULE_TUNNEL);
	return (&recs.m[rule].u.rule_tunnel);
}

static const struct dp_rule_session *
session_rule(uint16_t rule, uint16_t of)
{
	ck_assert_uint_eq(recs.m[rule].type, DP_RULE_SESSION);
	ck_assert_uint_eq(recs.m[rule].u.rule_session.tunnel, of);
	return (&recs.m[rule].u.rule_session);
}

static void
end_id_eq(const struct conf_session *s, const char *want)
{
	ck_assert_uint_eq(s->call.remote_end_id.len, strlen(want));
	ck_assert_mem_eq(s->call.remote_end_id.p, want, strlen(want));
}

/* ---- fields ---- */

START_TEST(listens)
{
	const struct conf_listen	*udp = listener("udp");
	const struct conf_listen	*ip = listener("ip");

	ck_assert_uint_eq(udp->local.encap, L2TP_ENCAP_UDP);
	addr_eq(&udp->local, "192.0.2.1", 1701);
	ck_assert_uint_eq(udp->versions, V2_V3);
	ck_assert_uint_eq(ip->local.encap, L2TP_ENCAP_IP);
	ck_assert_uint_eq(ip->local.family, 4);
	addr_eq(&ip->local, "0.0.0.0", 0);
	ck_assert_uint_eq(ip->versions, L2TP_V3);
	ck_assert_uint_eq(listener("ip6")->local.family, 6);
	ck_assert_uint_eq(listener("ip6")->versions, L2TP_V3);
	ck_assert_uint_eq(listener("old")->versions, L2TP_V2);
}
END_TEST

/* What a listener makes of its peers: versions and digests. */
static const struct {
	const char	*listener;
	size_t		 n;
	const char	*peer;
	uint8_t		 versions, digests;
} allowed[] = {
	{ "udp", 0, "site", L2TP_V3, L2TP_DIGEST_MD5 },
	{ "udp", 1, "plain", V2_V3, 0 },
	{ "udp", 2, "open", L2TP_V3, 0 },
	{ "ip", 0, "site", L2TP_V3, L2TP_DIGEST_MD5 },
	{ "ip", 1, "open", L2TP_V3, BOTH },	/* v3-4.1.1.2-03 */
	{ "ip6", 0, "six", L2TP_V3, 0 },
	{ "old", 0, "plain", L2TP_V2, 0 }
};

START_TEST(listen_peer)
{
	const struct conf_listen_peer	*lp;

	lp = &listener(allowed[_i].listener)->peers[allowed[_i].n];
	ck_assert_str_eq(lp->peer->name, allowed[_i].peer);
	ck_assert_uint_eq(lp->params.versions, allowed[_i].versions);
	ck_assert_uint_eq(lp->params.digests, allowed[_i].digests);
	ck_assert_uint_eq(lp->params.router_id, lp->peer->params.router_id);
	ck_assert_ptr_eq(lp->params.host_name, lp->peer->params.host_name);
	ck_assert_uint_eq(lp->params.n_pw_types,
	    lp->peer->params.n_pw_types);
}
END_TEST

START_TEST(peer_fields)
{
	const struct conf_peer		*p = peer("site");
	const struct conf_session	*lan = session(&p->sessions, "lan");
	const struct conf_session	*dial = session(&p->sessions,
	    "dial-in");

	ck_assert_uint_eq(p->has_session, 1);
	ck_assert_uint_eq(p->params.router_id, 0xc0000201);
	ck_assert_uint_eq(p->params.n_pw_types, 2);	/* v3-5.4.3-16 */
	ck_assert_uint_eq(p->params.pw_types[0], L2TP_PW_ETH);
	ck_assert_uint_eq(p->params.pw_types[1], L2TP_PW_PPP);
	ck_assert_uint_eq(p->session.pseudowire, DP_PW_ETH);
	ck_assert_str_eq(p->session.ifname, "cust");
	ck_assert_uint_eq(p->session.mtu, 9000);
	ck_assert_uint_eq(p->session.up, 0);
	ck_assert_uint_eq(p->session.call.remote_end_id.len, 0);
	end_id_eq(lan, "lan one");
	ck_assert_str_eq(lan->ifname, "lan+1");
	ck_assert_str_eq(lan->bridge, "br.0");
	ck_assert_uint_eq(lan->mtu, 68);
	ck_assert_uint_eq(lan->up, 1);
	ck_assert_uint_eq(lan->reorder_ms, 1000);
	ck_assert_uint_eq(lan->call.pw_type, L2TP_PW_ETH);
	ck_assert_uint_eq(lan->call.l2spec, 1);	/* as seqnum takes it */
	ck_assert_uint_eq(lan->call.data_sequencing, 2);
	ck_assert_uint_eq(lan->call.cookie_len, 8);	/* v3-8.2-01 */
	end_id_eq(dial, "dial-in");
	ck_assert_str_eq(dial->profile, "lns");
	ck_assert_str_eq(dial->pool->name, "a");
	ck_assert_str_eq(dial->ifname, "");
	ck_assert_uint_eq(dial->call.pw_type, L2TP_PW_PPP);
	ck_assert_uint_eq(peer("six")->has_session, 0);
	/* The default: a prefix that leaves room for a number. */
	ck_assert_str_eq(peer("open")->session.ifname, "l2tp-open");
	ck_assert_uint_eq(peer("open")->session.up, 1);
	ck_assert_uint_eq(peer("open")->params.n_pw_types, 1);
}
END_TEST

START_TEST(dialled)
{
	const struct conf_tunnel	*t = tunnel("dialled");
	const struct conf_session	*s = session(&t->sessions, "office");

	ck_assert_uint_eq(t->mode, CONF_DIAL);
	ck_assert_uint_eq(t->params.versions, L2TP_V3);
	ck_assert_uint_eq(t->params.digests, L2TP_DIGEST_SHA1);
	ck_assert_uint_eq(t->params.router_id, UINT32_MAX); /* v3-5.4.3-09 */
	ck_assert_uint_eq(t->params.n_pw_types, 2);
	end_id_eq(s, "o/1");
	ck_assert_str_eq(s->ifname, "office0");
	ck_assert_uint_eq(s->n_addrs, 4);
	prefix_eq(&s->addrs[0], "10.1.0.1", 24, 0);
	prefix_eq(&s->addrs[1], "2001:db8::1", 64, 0);
	prefix_eq(&s->addrs[2], "10.1.1.1", 32, 0);
	prefix_eq(&s->addrs[3], "fe80::1", 64, 0);
	ck_assert_uint_eq(s->call.l2spec, 1);
	ck_assert_uint_eq(s->call.data_sequencing, 0);
	ck_assert_uint_eq(s->call.cookie_len, 4);
	ck_assert_uint_eq(s->call.session_tie, 1);
	ck_assert_uint_eq(s->reorder_ms, 20);
	s = TAILQ_NEXT(s, entry);
	end_id_eq(s, "uncooked");
	ck_assert_str_eq(s->ifname, "l2tp-uncooked");
	ck_assert_uint_eq(s->call.cookie_len, 0);
	ck_assert_uint_eq(s->call.l2spec, 0);
	ck_assert_uint_eq(s->up, 0);
	ck_assert_uint_eq(s->mtu, 0);
	s = TAILQ_NEXT(s, entry);
	end_id_eq(s, "line");
	ck_assert_uint_eq(s->call.cookie_len, 8);
	ck_assert_uint_eq(s->call.pw_type, L2TP_PW_PPP);
}
END_TEST

START_TEST(over_ip)
{
	const struct conf_tunnel	*t = tunnel("over-ip");

	ck_assert_uint_eq(t->local.family, 0);
	ck_assert_uint_eq(t->local.encap, L2TP_ENCAP_IP);
	ck_assert_ptr_null(t->listen);
	ck_assert_uint_eq(t->peers[0].port, 0);
	ck_assert_uint_eq(t->peers[0].addr.encap, L2TP_ENCAP_IP);
	ck_assert_uint_eq(t->params.versions, L2TP_V3);
	ck_assert_uint_eq(t->params.digests, BOTH);	/* v3-4.1.1.2-03 */
	ck_assert_uint_eq(t->params.secret_len[0], 0);	/* v3-4.3-01 */
	ck_assert_uint_eq(t->params.hello_ms, 60000);	/* v3-4.4-01 */
	ck_assert_uint_eq(t->params.retry_ms, 1000);	/* v3-4.2-07 */
	ck_assert_uint_eq(t->params.retry_cap_ms, 8000); /* v3-4.2-10 */
	ck_assert_uint_eq(t->params.tie_breaker, 0);	/* v3-5.4.3-05 */
}
END_TEST

START_TEST(fallback)
{
	const struct conf_tunnel	*t = tunnel("both");

	ck_assert_uint_eq(t->fallback, 1);
	ck_assert_uint_eq(t->params.versions, V2_V3);
	ck_assert_uint_eq(t->params.digests, 0);
	ck_assert_uint_eq(t->params.challenge, 1);
	end_id_eq(TAILQ_FIRST(&t->sessions), "both");
}
END_TEST

START_TEST(fixed)
{
	static const uint8_t		 cookie[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const uint8_t		 peer_cookie[] = {
		0xa1, 0xb2, 0xc3, 0xd4, 0, 0, 0, 0
	};
	const struct conf_tunnel	*t = tunnel("still");
	const struct conf_session	*s = TAILQ_FIRST(&t->sessions);

	ck_assert_uint_eq(t->mode, CONF_STATIC);
	ck_assert_uint_eq(t->tid, UINT32_MAX);
	ck_assert_uint_eq(t->ptid, 2);
	addr_eq(&t->local, "192.0.2.9", 1701);
	ck_assert_uint_eq(t->peers[0].port, 1701);
	ck_assert_uint_eq(t->params.versions, L2TP_V3);
	ck_assert_uint_eq(t->params.digests, 0);
	ck_assert_uint_eq(t->params.hello_ms, 0);
	ck_assert_uint_eq(s->pseudowire, DP_PW_ETH);
	ck_assert_uint_eq(s->sid, UINT32_MAX);
	ck_assert_uint_eq(s->psid, 12);
	ck_assert_uint_eq(s->cookie_len, 8);
	ck_assert_mem_eq(s->cookie, cookie, 8);
	ck_assert_uint_eq(s->peer_cookie_len, 4);
	ck_assert_mem_eq(s->peer_cookie, peer_cookie, 8);
	ck_assert_uint_eq(s->call.l2spec, 1);
	ck_assert_uint_eq(s->call.cookie_len, 0);
	ck_assert_uint_eq(s->call.remote_end_id.len, 0);
	ck_assert_str_eq(s->ifname, "l2tp-s1");
	s = TAILQ_NEXT(s, entry);
	ck_assert_uint_eq(s->cookie_len, 0);
	ck_assert_uint_eq(s->peer_cookie_len, 0);
	ck_assert_str_eq(s->ifname, "still");
}
END_TEST

START_TEST(quiescent)
{
	const struct conf_tunnel	*t = tunnel("still-ip");

	ck_assert_uint_eq(t->mode, CONF_QUIESCENT);
	ck_assert_uint_eq(t->local.encap, L2TP_ENCAP_IP);
	addr_eq(&t->local, "2001:db8::9", 0);
	ck_assert_uint_eq(t->params.window_size, 4);
	ck_assert_uint_eq(t->params.hello_ms, 10000);
	ck_assert_uint_eq(t->params.retry_ms, 500);
	ck_assert_uint_eq(t->params.max_retries, 3);
}
END_TEST

/* Cookies keep others out: such a file is not for everybody to read. */
START_TEST(secrets)
{
	static const char	text[] = "daemon: {control_group: root}\n"
	    "tunnels: {t: {mode: static, local: 192.0.2.9, peer: 192.0.2.1,\n"
	    "  tid: 1, ptid: 1, sessions: {s: {sid: 1, psid: 1, %s}}}}\n";
	struct conf		*c;
	char			 file[512];

	snprintf(file, sizeof(file), text, _i == 0 ? "mtu: 1400" :
	    _i == 1 ? "cookie: 01020304" : "peer_cookie: 0102030405060708");
	c = parse_text(file);
	ck_assert_msg(c != NULL, "%s", reported);
	ck_assert_int_eq(c->has_secrets, _i > 0);
	conf_free(c);
}
END_TEST

/* ---- policy ---- */

START_TEST(policy_listen)
{
	const struct conf_listen	*udp = listener("udp");
	const struct conf_listen	*ip = listener("ip");
	const struct dp_rule_tunnel	*r;

	addr_eq(&recs.m[ip->rule].u.rule_listen.local, "0.0.0.0", 0);
	ck_assert_uint_eq(recs.m[ip->rule].u.rule_listen.local.encap, 1);
	ck_assert_uint_eq(recs.m[udp->rule].u.rule_listen.local.encap, 0);
	r = tunnel_rule(ip->peers[0].tunnel_rule);
	ck_assert_uint_eq(r->listen, ip->rule);
	ck_assert_uint_eq(r->version, 3);
	ck_assert_uint_eq(r->keeps, 0);
	prefix_eq(&r->peers[0], "198.51.100.0", 24, 0);
	ck_assert_uint_eq(r->peers[0].addr.encap, 1);
	r = tunnel_rule(udp->peers[1].tunnel_rule);
	ck_assert_uint_eq(r->version, 0);
	ck_assert_uint_eq(r->peers[0].addr.encap, 0);
	r = tunnel_rule(listener("old")->peers[0].tunnel_rule);
	ck_assert_uint_eq(r->version, 2);
}
END_TEST

/* For each listener a peer's sessions have rules of their own. */
START_TEST(policy_peer)
{
	const struct conf_peer		*p = peer("site");
	const struct conf_listen_peer	*lp;
	const struct dp_rule_session	*r;

	lp = &listener(_i ? "ip" : "udp")->peers[0];
	ck_assert_uint_eq(lp->session_rule, lp->tunnel_rule + 1);
	r = session_rule(lp->session_rule + p->session.rule, lp->tunnel_rule);
	ck_assert_uint_eq(r->pseudowire, DP_PW_ETH);
	ck_assert_uint_eq(r->max_sessions, 50);
	ck_assert_uint_eq(r->mtu_max, 9000);
	ck_assert_str_eq(r->ifname, "cust");
	ck_assert_str_eq(r->bridge, "");
	r = session_rule(lp->session_rule + session(&p->sessions, "lan")->rule,
	    lp->tunnel_rule);
	ck_assert_uint_eq(r->pseudowire, DP_PW_ETH);
	ck_assert_uint_eq(r->max_sessions, 1);
	ck_assert_uint_eq(r->mtu_max, 68);
	ck_assert_str_eq(r->profile, "");
	ck_assert_str_eq(r->ifname, "lan+1");
	ck_assert_str_eq(r->bridge, "br.0");
	r = session_rule(lp->session_rule +
	    session(&p->sessions, "dial-in")->rule, lp->tunnel_rule);
	ck_assert_uint_eq(r->pseudowire, DP_PW_PPP);
	ck_assert_uint_eq(r->max_sessions, 50);
	ck_assert_str_eq(r->profile, "lns");
	ck_assert_uint_eq(r->n_ranges, 1);
	ck_assert_str_eq(r->ifname, "");
	ck_assert_uint_eq(recs.m[lp->session_rule + 3].type, DP_RULE_TUNNEL);
}
END_TEST

/* Without "session", the first rule is that of the first of "sessions". */
START_TEST(policy_named_only)
{
	const struct conf_listen_peer	*lp = &listener("ip6")->peers[0];
	const struct conf_session	*s = TAILQ_FIRST(&lp->peer->sessions);

	ck_assert_uint_eq(s->rule, 0);
	ck_assert_str_eq(session_rule(lp->session_rule,
	    lp->tunnel_rule)->ifname, "l2tp-v6");
	ck_assert_uint_eq(recs.m[lp->session_rule + 1].type, DP_RULE_LISTEN);
}
END_TEST

START_TEST(policy_dialled)
{
	const struct conf_tunnel	*t = tunnel("dialled");
	const struct dp_rule_tunnel	*tr = tunnel_rule(t->rule);
	const struct dp_rule_session	*r;

	ck_assert_uint_eq(tr->version, 3);
	ck_assert_uint_eq(tr->max_tunnels, 2);
	ck_assert_uint_eq(tr->keeps, 0);
	r = session_rule(TAILQ_FIRST(&t->sessions)->rule, t->rule);
	ck_assert_uint_eq(r->max_sessions, 1);
	ck_assert_str_eq(r->ifname, "office0");
	prefix_eq(&r->addrs[0], "10.1.0.1", 24, 0);
	prefix_eq(&r->addrs[3], "fe80::1", 64, 0);
	r = session_rule(session(&t->sessions, "line")->rule, t->rule);
	ck_assert_uint_eq(r->pseudowire, DP_PW_PPP);
	ck_assert_uint_eq(r->max_sessions, 2);
	ck_assert_uint_eq(r->addrs[0].addr.family, 0);
	ck_assert_uint_eq(tunnel_rule(tunnel("both")->rule)->version, 0);
}
END_TEST

START_TEST(policy_over_ip)
{
	const struct dp_rule_tunnel	*r;

	r = tunnel_rule(tunnel("over-ip")->rule);
	ck_assert_uint_eq(r->local.family, 0);
	ck_assert_uint_eq(r->local.encap, 1);
	ck_assert_uint_eq(r->version, 3);
	ck_assert_uint_eq(r->n_prefixes, 2);
	prefix_eq(&r->peers[0], "0.0.0.0", 0, 0);
	prefix_eq(&r->peers[1], "::", 0, 0);
	ck_assert_uint_eq(r->peers[1].addr.encap, 1);
}
END_TEST

START_TEST(policy_fixed)
{
	const struct conf_tunnel	*t = tunnel("still");
	const struct dp_rule_tunnel	*tr = tunnel_rule(t->rule);
	const struct conf_session	*s;

	ck_assert_uint_eq(tr->listen, DP_NO_RULE);
	ck_assert_uint_eq(tr->keeps, 1);
	ck_assert_uint_eq(tr->max_tunnels, 1);
	ck_assert_uint_eq(tr->version, 3);
	addr_eq(&tr->local, "192.0.2.9", 1701);
	ck_assert_uint_eq(tr->n_prefixes, 1);
	prefix_eq(&tr->peers[0], "192.0.2.10", 32, 1701);
	TAILQ_FOREACH(s, &t->sessions, entry)
		ck_assert_uint_eq(session_rule(s->rule,
		    t->rule)->max_sessions, 1);
	t = tunnel("still-ip");
	tr = tunnel_rule(t->rule);
	ck_assert_uint_eq(tr->keeps, 1);
	ck_assert_uint_eq(tr->local.encap, 1);
	prefix_eq(&tr->peers[0], "2001:db8::10", 128, 0);
	prefix_eq(&session_rule(TAILQ_FIRST(&t->sessions)->rule,
	    t->rule)->addrs[0], "192.168.0.1", 30, 0);
}
END_TEST

/* ---- warnings ---- */

/*
 * They are said, where they belong, and the file is used all the same:
 * v3-8.2-03.
 */
START_TEST(warnings)
{
	ck_assert_uint_eq(n_reported, 0);
	ck_assert_uint_eq(n_warned, 2);
	ck_assert_str_eq(reported, "v3.yaml:42:22: warning: "
	    "tunnels.dialled.sessions.office.cookie_size: 4 octets can be "
	    "guessed and are no protection; 8 are the default\n"
	    "v3.yaml:65:25: warning: tunnels.still.sessions.s1.peer_cookie: "
	    "4 octets can be guessed and are no protection\n");
}
END_TEST

/* However many there are, they are no errors. */
START_TEST(many_warnings)
{
	char	*text = malloc(300 * 80), *p = text;
	size_t	 i;

	p += sprintf(p, "daemon: {control_group: root}\ntunnels: {t: {version: "
	    "l2tpv3, peer: 192.0.2.1, sessions: {\n");
	for (i = 0; i < 300; i++)
		p += sprintf(p, "  s%zu: {pseudowire: eth, cookie_size: 4},\n",
		    i);
	sprintf(p, "}}}\n");
	conf_free(parse_text(text));
	ck_assert_uint_eq(n_reported, 0);
	ck_assert_uint_eq(n_warned, 256);
	free(text);
}
END_TEST

static Suite *
suite(void)
{
	Suite	*s = suite_create("conf_v3");
	TCase	*t = tcase_create("conf_v3");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, listens);
	tcase_add_loop_test(t, listen_peer, 0,
	    sizeof(allowed) / sizeof(allowed[0]));
	tcase_add_test(t, peer_fields);
	tcase_add_test(t, dialled);
	tcase_add_test(t, over_ip);
	tcase_add_test(t, fallback);
	tcase_add_test(t, fixed);
	tcase_add_test(t, quiescent);
	tcase_add_loop_test(t, secrets, 0, 3);
	tcase_add_test(t, policy_listen);
	tcase_add_loop_test(t, policy_peer, 0, 2);
	tcase_add_test(t, policy_named_only);
	tcase_add_test(t, policy_dialled);
	tcase_add_test(t, policy_over_ip);
	tcase_add_test(t, policy_fixed);
	tcase_add_test(t, warnings);
	tcase_add_test(t, many_warnings);
	suite_add_tcase(s, t);
	return (s);
}

int
main(void)
{
	SRunner	*sr = srunner_create(suite());
	int	 failed;

	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
