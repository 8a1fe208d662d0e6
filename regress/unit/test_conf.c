/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The configuration: every file of regress/conf/bad gives exactly the lines
 * of its .err file, every key of a good file ends up where it belongs, the
 * policy says the same, and no text whatever does harm.
 */
#include <sys/mman.h>

#include <errno.h>
#include <glob.h>

#include "conf_common.h"
#include "conf_int.h"
#include "log.h"

#define DAEMON		"daemon: {control_group: root}\n"
#define DIAL		"{peer: 192.0.2.1, sessions: {s: " \
			    "{pseudowire: ppp, profile: isp}}}"

static glob_t bad_files, good_files;

static void
ip4(uint32_t host_order, const char *text)
{
	ck_assert_uint_eq(host_order, ntohl(inet_addr(text)));
}

/* ---- files ---- */

START_TEST(bad_file)
{
	const char *path = bad_files.gl_pathv[_i];
	char err[256], *want;
	size_t len;

	ck_assert_ptr_null(parse_file(path));
	snprintf(err, sizeof(err), "%.*s.err", (int)strlen(path) - 5, path);
	want = load(err, &len);
	want[len] = '\0';
	ck_assert_str_eq(reported, want);
	free(want);
}
END_TEST

START_TEST(good_file)
{
	struct conf *conf = parse_file(good_files.gl_pathv[_i]);
	struct records r = { .n = 0 };

	ck_assert_msg(conf != NULL, "%s", reported);
	conf_policy(conf, record, &r);
	conf_free(conf);
}
END_TEST

START_TEST(files_are_there)
{
	ck_assert_uint_ge(bad_files.gl_pathc, 40);
	ck_assert_uint_ge(good_files.gl_pathc, 6);
}
END_TEST

/* ---- what the keys become ---- */

START_TEST(full_daemon)
{
	struct conf *conf = parse_file("regress/conf/good/full.yaml");

	ck_assert_ptr_nonnull(conf);
	ck_assert_uint_eq(conf->log_level, LOG_LVL_DEBUG);
	ck_assert_uint_eq(conf->control_gid, 0);
	ck_assert_uint_eq(conf->max_tunnels, 11);
	ck_assert_uint_eq(conf->max_sessions, 12);
	ck_assert_uint_eq(conf->max_half_open, 13);
	ck_assert_uint_eq(conf->sccrq_per_second, 14);
	ck_assert_uint_eq(conf->ppp_starting, 15);
	ck_assert_int_eq(conf->needs_resolver, 1);
	conf_free(conf);
}
END_TEST

START_TEST(full_listen)
{
	struct conf *conf = parse_file("regress/conf/good/full.yaml");
	const struct conf_listen *listen = TAILQ_FIRST(&conf->listens);

	ck_assert_str_eq(listen->name, "one");
	ck_assert_uint_eq(listen->local.family, 4);
	addr_eq(&listen->local, "192.0.2.1", 1702);
	ck_assert_uint_eq(listen->n_peers, 2);
	ck_assert_str_eq(listen->peers[0].peer->name, "second");
	ck_assert_str_eq(listen->peers[1].peer->name, "first");
	listen = TAILQ_NEXT(listen, entry);
	ck_assert_str_eq(listen->name, "two");
	ck_assert_uint_eq(listen->local.family, 6);
	addr_eq(&listen->local, "2001:db8::1", 1701);
	ck_assert_ptr_null(TAILQ_NEXT(listen, entry));
	conf_free(conf);
}
END_TEST

START_TEST(full_peer)
{
	struct conf *conf = parse_file("regress/conf/good/full.yaml");
	const struct conf_peer *peer = TAILQ_FIRST(&conf->peers);

	ck_assert_str_eq(peer->name, "first");
	ck_assert_uint_eq(peer->n_from, 4);
	prefix_eq(&peer->from[0], "198.51.100.0", 24, 0);
	prefix_eq(&peer->from[1], "2001:db8::", 32, 0);
	prefix_eq(&peer->from[2], "203.0.113.7", 32, 0);
	prefix_eq(&peer->from[3], "::", 0, 0);
	ck_assert_str_eq(peer->host_name, "branch-*");
	ck_assert_uint_eq(peer->max_tunnels, 7);
	ck_assert_uint_eq(peer->max_sessions, 8);
	ck_assert_uint_eq(peer->params.window_size, 1);	/* v2-5.8-18 */
	ck_assert_uint_eq(peer->params.hello_ms, 0);
	ck_assert_uint_eq(peer->params.retry_ms, 60000);
	ck_assert_uint_eq(peer->params.retry_cap_ms, 60000);
	ck_assert_uint_eq(peer->params.max_retries, 9);
	ck_assert_uint_eq(peer->params.framing_caps, L2TP_FRAMING_ASYNC);
	ck_assert_uint_eq(peer->session.pseudowire, DP_PW_PPP);
	ck_assert_str_eq(peer->session.profile, "lns-1_a");
	ck_assert_str_eq(peer->session.pool->name, "b");
	ck_assert_uint_eq(peer->session.mtu, 1400);
	ck_assert_uint_eq(peer->session.seqnum, 1);
	peer = TAILQ_NEXT(peer, entry);
	ck_assert_uint_eq(peer->max_tunnels, 11);	/* limits.tunnels */
	ck_assert_uint_eq(peer->max_sessions, 12);
	conf_free(conf);
}
END_TEST

START_TEST(full_pool)
{
	struct conf *conf = parse_file("regress/conf/good/full.yaml");
	const struct conf_pool *pool = TAILQ_FIRST(&conf->pools);

	ck_assert_str_eq(pool->name, "a");
	ip4(pool->local_ip, "10.0.0.1");
	ck_assert_uint_eq(pool->n_ranges, 2);
	ip4(pool->ranges[0].first, "10.0.0.2");
	ip4(pool->ranges[0].last, "10.0.0.9");
	ip4(pool->ranges[1].first, "10.0.0.11");
	ip4(pool->ranges[1].last, "10.0.0.11");
	conf_free(conf);
}
END_TEST

START_TEST(full_tunnel)
{
	struct conf *conf = parse_file("regress/conf/good/full.yaml");
	const struct conf_tunnel *tunnel = TAILQ_FIRST(&conf->tunnels);
	const struct conf_session *session = TAILQ_FIRST(&tunnel->sessions);

	ck_assert_str_eq(tunnel->name, "names");
	addr_eq(&tunnel->local, "192.0.2.9", 4000);
	ck_assert_uint_eq(tunnel->n_peers, 3);
	ck_assert_str_eq(tunnel->peers[0].host, "lns1.example.net");
	ck_assert_uint_eq(tunnel->peers[0].addr.family, 0);
	ck_assert_uint_eq(tunnel->peers[0].port, 1702);
	ck_assert_uint_eq(tunnel->peers[1].port, 1701);	/* v2-8.1-01 */
	addr_eq(&tunnel->peers[2].addr, "192.0.2.7", 1703);
	ck_assert_uint_eq(tunnel->peers[2].port, 1703);
	ck_assert_uint_eq(tunnel->redial_min_ms, 100);
	ck_assert_uint_eq(tunnel->redial_max_ms, 24 * 3600 * 1000);
	ck_assert_str_eq(tunnel->params.host_name, "lac 1");
	ck_assert_uint_eq(tunnel->params.window_size, 32768);
	ck_assert_uint_eq(tunnel->params.hello_ms, 300000);
	ck_assert_uint_eq(tunnel->params.retry_ms, 1500);
	ck_assert_uint_eq(tunnel->params.max_retries, 1000);
	ck_assert_uint_eq(tunnel->params.framing_caps, L2TP_FRAMING_SYNC);
	ck_assert_str_eq(session->name, "s1");
	ck_assert_str_eq(session->profile, "isp1");
	ck_assert_uint_eq(session->mtu, 128);
	ck_assert_uint_eq(session->seqnum, 1);
	ck_assert_uint_eq(session->call.sequencing, 1);
	ck_assert_str_eq(session->call.called, "5551234");
	ck_assert_str_eq(session->call.calling, "+1 555");
	ck_assert_uint_eq(session->call.framing_type, L2TP_FRAMING_SYNC);
	session = TAILQ_NEXT(session, entry);
	ck_assert_str_eq(session->name, "s2");
	ck_assert_ptr_null(session->call.called);
	ck_assert_uint_eq(session->call.sequencing, 0);
	tunnel = TAILQ_NEXT(tunnel, entry);
	addr_eq(&tunnel->peers[0].addr, "fe80::1", 1704);
	ck_assert_uint_ne(tunnel->peers[0].addr.scope, 0);
	conf_free(conf);
}
END_TEST

static void
secret_eq(const struct l2tp_params *p, int i, const char *want)
{
	ck_assert_uint_eq(p->secret_len[i], strlen(want));
	ck_assert_mem_eq(p->secret[i], want, strlen(want));
}

/* A secret asks for a challenge, unless the file says that it does not. */
START_TEST(full_secrets)
{
	struct conf *conf = parse_file("regress/conf/good/full.yaml");
	const struct conf_peer *peer = TAILQ_FIRST(&conf->peers);
	const struct conf_tunnel *tunnel = TAILQ_FIRST(&conf->tunnels);

	ck_assert_int_eq(conf->has_secrets, 1);
	secret_eq(&peer->params, 0, "new one");
	secret_eq(&peer->params, 1, "\001old\303\277");
	ck_assert_uint_eq(peer->params.challenge, 1);
	ck_assert_uint_eq(peer->params.hide_avps, 1);
	secret_eq(&tunnel->params, 0, "1234");
	ck_assert_uint_eq(tunnel->params.secret_len[1], 0);
	ck_assert_uint_eq(tunnel->params.challenge, 0);
	ck_assert_uint_eq(tunnel->params.hide_avps, 0);
	peer = TAILQ_NEXT(peer, entry);
	ck_assert_uint_eq(peer->params.secret_len[0], 0);
	ck_assert_uint_eq(peer->params.challenge, 0);
	conf_free(conf);
	conf = parse_file("regress/conf/good/defaults.yaml");
	ck_assert_int_eq(conf->has_secrets, 0);
	conf_free(conf);
}
END_TEST

/* v2-4.4.3-16, v3-4.1.2.2-01, v3-5.4.3-08 */
START_TEST(defaults)
{
	struct conf *conf = parse_file("regress/conf/good/defaults.yaml");
	const struct conf_listen *listen = TAILQ_FIRST(&conf->listens);
	const struct conf_peer *peer = TAILQ_FIRST(&conf->peers);
	const struct conf_tunnel *tunnel = TAILQ_FIRST(&conf->tunnels);
	const struct l2tp_params *p = &tunnel->params;
	struct records r = { .n = 0 };
	char name[CONF_HOST_LEN] = "";

	ck_assert_uint_eq(conf->log_level, LOG_LVL_INFO);
	ck_assert_uint_eq(conf->max_tunnels, DP_MAX_TUNNELS);
	ck_assert_uint_eq(conf->max_sessions, DP_MAX_SESSIONS);
	ck_assert_int_eq(conf->needs_resolver, 0);
	addr_eq(&listen->local, "0.0.0.0", 1701);	/* v2-8.1-01 */
	/* v2-8.2-01: a rule has an address and a port, and can only be UDP. */
	conf_policy(conf, record, &r);
	ck_assert_uint_eq(r.m[0].type, DP_RULE_LISTEN);
	addr_eq(&r.m[0].u.rule_listen.local, "0.0.0.0", 1701);
	ck_assert_str_eq(peer->host_name, "*");
	ck_assert_ptr_null(peer->session.pool);
	ck_assert_uint_eq(peer->session.mtu, 0);
	ck_assert_uint_eq(tunnel->local.family, 0);
	ck_assert_uint_eq(tunnel->redial_min_ms, 1000);
	ck_assert_uint_eq(tunnel->redial_max_ms, 300000);
	gethostname(name, sizeof(name) - 1);
	ck_assert_str_eq(p->host_name, name);
	ck_assert_uint_eq(p->hello_ms, 60000);		/* v2-6.5-05 */
	ck_assert_uint_eq(p->max_retries, 5);		/* v2-5.8-15 */
	ck_assert_uint_eq(p->retry_ms, 1000);
	ck_assert_uint_eq(p->retry_cap_ms, 8000);	/* v2-5.8-13 */
	ck_assert_uint_eq(p->window_size, 16);
	ck_assert_uint_eq(p->framing_caps, 3);
	conf_free(conf);
}
END_TEST

/* ---- the policy ---- */

START_TEST(policy_order)
{
	static const uint16_t types[] = {
		DP_RULE_LISTEN, DP_RULE_TUNNEL, DP_RULE_SESSION,
		DP_RULE_TUNNEL, DP_RULE_SESSION,
		DP_RULE_LISTEN, DP_RULE_TUNNEL, DP_RULE_SESSION,
		DP_RULE_TUNNEL, DP_RULE_SESSION, DP_RULE_SESSION,
		DP_RULE_TUNNEL, DP_RULE_SESSION,
		DP_RULE_TUNNEL, DP_RULE_SESSION,
		DP_POLICY_END
	};
	struct conf *conf = parse_file("regress/conf/good/full.yaml");
	const struct conf_listen *listen = TAILQ_FIRST(&conf->listens);
	const struct conf_tunnel *tunnel = TAILQ_FIRST(&conf->tunnels);
	struct records r = { .n = 0 };
	size_t i;

	conf_policy(conf, record, &r);
	ck_assert_uint_eq(r.n, sizeof(types) / sizeof(types[0]));
	for (i = 0; i < r.n; i++)
		ck_assert_uint_eq(r.m[i].type, types[i]);
	ck_assert_uint_eq(listen->rule, 0);
	ck_assert_uint_eq(listen->peers[0].tunnel_rule, 1);
	ck_assert_uint_eq(listen->peers[0].session_rule, 2);
	ck_assert_uint_eq(listen->peers[1].tunnel_rule, 3);
	ck_assert_uint_eq(TAILQ_NEXT(listen, entry)->rule, 5);
	ck_assert_uint_eq(tunnel->rule, 8);
	ck_assert_uint_eq(TAILQ_FIRST(&tunnel->sessions)->rule, 9);
	ck_assert_uint_eq(TAILQ_NEXT(tunnel, entry)->rule, 11);
	ck_assert_uint_eq(r.m[15].u.policy_end.n_rules, 15);
	ck_assert_uint_eq(r.m[15].u.policy_end.max_tunnels, 11);
	ck_assert_uint_eq(r.m[15].u.policy_end.max_sessions, 12);
	ck_assert_uint_eq(r.m[15].u.policy_end.control_gid, 0);
	ck_assert_uint_eq(r.m[15].u.policy_end.unit_first, 1000);
	conf_free(conf);
}
END_TEST

START_TEST(policy_listen)
{
	struct conf *conf = parse_file("regress/conf/good/full.yaml");
	const struct dp_rule_tunnel *tunnel;
	const struct dp_rule_session *session;
	struct records r = { .n = 0 };

	conf_policy(conf, record, &r);
	addr_eq(&r.m[0].u.rule_listen.local, "192.0.2.1", 1702);
	tunnel = &r.m[3].u.rule_tunnel;
	ck_assert_uint_eq(tunnel->listen, 0);
	ck_assert_uint_eq(r.m[6].u.rule_tunnel.listen, 5);
	ck_assert_uint_eq(tunnel->max_tunnels, 7);
	ck_assert_uint_eq(tunnel->version, 2);
	ck_assert_uint_eq(tunnel->local.family, 0);
	ck_assert_uint_eq(tunnel->n_prefixes, 4);
	prefix_eq(&tunnel->peers[0], "198.51.100.0", 24, 0);
	session = &r.m[4].u.rule_session;
	ck_assert_uint_eq(session->tunnel, 3);
	ck_assert_uint_eq(session->max_sessions, 8);
	ck_assert_uint_eq(session->mtu_max, 1400);
	ck_assert_str_eq(session->profile, "lns-1_a");
	ip4(session->local_ip, "10.0.0.1");
	ck_assert_uint_eq(session->n_ranges, 1);
	ip4(session->ranges[0].first, "10.1.0.1");
	ip4(session->ranges[0].last, "10.1.255.254");
	session = &r.m[2].u.rule_session;	/* no pool: pppd negotiates */
	ck_assert_uint_eq(session->n_ranges, 0);
	ck_assert_uint_eq(session->local_ip, 0);
	conf_free(conf);
}
END_TEST

START_TEST(policy_dial)
{
	struct conf *conf = parse_file("regress/conf/good/full.yaml");
	const struct dp_rule_tunnel *tunnel;
	struct records r = { .n = 0 };

	conf_policy(conf, record, &r);
	tunnel = &r.m[8].u.rule_tunnel;		/* local is IPv4 */
	ck_assert_uint_eq(tunnel->listen, DP_NO_RULE);
	ck_assert_uint_eq(tunnel->max_tunnels, 2);
	ck_assert_uint_eq(r.m[9].u.rule_session.max_sessions, 2);
	addr_eq(&tunnel->local, "192.0.2.9", 4000);
	ck_assert_uint_eq(tunnel->n_prefixes, 3);
	prefix_eq(&tunnel->peers[0], "0.0.0.0", 0, 1702);
	prefix_eq(&tunnel->peers[1], "0.0.0.0", 0, 1701);
	prefix_eq(&tunnel->peers[2], "192.0.2.7", 32, 1703);
	ck_assert_uint_eq(r.m[10].u.rule_session.tunnel, 8);
	ck_assert_str_eq(r.m[10].u.rule_session.profile, "isp2");
	tunnel = &r.m[11].u.rule_tunnel;	/* one literal address */
	ck_assert_uint_eq(tunnel->local.family, 0);
	ck_assert_uint_eq(tunnel->n_prefixes, 1);
	prefix_eq(&tunnel->peers[0], "fe80::1", 128, 0);
	ck_assert_uint_ne(tunnel->peers[0].addr.scope, 0);
	tunnel = &r.m[13].u.rule_tunnel;	/* names, either family */
	ck_assert_uint_eq(tunnel->n_prefixes, 2);
	ck_assert_uint_eq(tunnel->peers[1].addr.family, 6);
	prefix_eq(&tunnel->peers[0], "0.0.0.0", 0, 0);
	prefix_eq(&tunnel->peers[1], "::", 0, 0);
	conf_free(conf);
}
END_TEST

START_TEST(overlap)
{
	struct dp_addr a = { .family = 6, .port = 1701, .scope = 1 }, b;

	a.ip[0] = 0xfe;
	a.ip[1] = 0x80;
	b = a;
	ck_assert_int_eq(conf_addr_overlap(&a, &b), 1);
	b.scope = 2;
	ck_assert_int_eq(conf_addr_overlap(&a, &b), 0);
	b = a;
	b.port = 1702;
	ck_assert_int_eq(conf_addr_overlap(&a, &b), 0);
	memset(&b, 0, sizeof(b));
	b.family = 6;
	b.port = 1701;
	ck_assert_int_eq(conf_addr_overlap(&a, &b), 1);
	ck_assert_int_eq(conf_addr_overlap(&b, &a), 1);
	b.family = 4;
	ck_assert_int_eq(conf_addr_overlap(&a, &b), 0);
}
END_TEST

/* ---- any text ---- */

START_TEST(every_length)
{
	size_t len, n;
	char *text = load(_i ? "regress/conf/good/v3.yaml" :
	    "regress/conf/good/full.yaml", &len);

	for (n = 0; n <= len; n++)
		conf_free(parse("t", text, n));
	free(text);
}
END_TEST

START_TEST(every_octet)
{
	static const char other[] = "\0 \n:&*-{}[]\"'#%a0\xff";
	size_t i, len, n;
	char *text = load("regress/conf/good/defaults.yaml", &len), was;

	for (n = 0; n < len; n++) {
		was = text[n];
		for (i = 0; i < sizeof(other) - 1; i++) {
			text[n] = other[i];
			conf_free(parse("t", text, len));
		}
		text[n] = was;
	}
	free(text);
}
END_TEST

/* All of them are counted, and so many shown, in the order of the file. */
START_TEST(many_errors)
{
	char *text = calloc(300, 16), *p = text;
	size_t i;

	for (i = 0; i < 300; i++)
		p += sprintf(p, "x%03zu: 1\n", i);
	ck_assert_ptr_null(parse_text(text));
	ck_assert_uint_eq(n_reported, 257);
	ck_assert_ptr_nonnull(strstr(reported, "t:255:1: unknown key"));
	ck_assert_ptr_nonnull(strstr(reported, "more errors"));
	free(text);
}
END_TEST

START_TEST(too_many_entries)
{
	char *text = calloc(2049, 16), *p = text;
	size_t i;

	for (i = 0; i < 2049; i++)
		p += sprintf(p, "%04zu:\n", i);
	ck_assert_ptr_null(parse_text(text));
	ck_assert_str_eq(reported, "t:2049:6: too many entries\n");
	free(text);
}
END_TEST

START_TEST(too_many_rules)
{
	char *text = malloc(2049 * 90), *p = text;
	size_t i;

	p += sprintf(p, DAEMON "tunnels:\n");
	for (i = 0; i < 2048; i++)
		p += sprintf(p, "  t%zu: " DIAL "\n", i);
	conf_free(parse_text(text));
	ck_assert_str_eq(reported, "");
	sprintf(p, "listen: {l: {local: 0.0.0.0, peers: [p]}}\n"
	    "peers: {p: {from: [0.0.0.0/0], "
	    "session: {pseudowire: ppp, profile: x}}}\n");
	ck_assert_ptr_null(parse_text(text));
	ck_assert_str_eq(reported,
	    "t:1:1: it takes 4099 rules, allowed are 4096\n");
	free(text);
}
END_TEST

START_TEST(read_bounds)
{
	int fd = memfd_create("conf", MFD_CLOEXEC);
	size_t len;
	char *text;

	ck_assert_int_eq(write(fd, "abc", 3), 3);
	text = conf_read(fd, &len);	/* though we stand at the end */
	ck_assert_uint_eq(len, 3);
	ck_assert_mem_eq(text, "abc", 3);
	free(text);
	ck_assert_int_eq(ftruncate(fd, DP_MAX_CONFIG), 0);
	text = conf_read(fd, &len);
	ck_assert_uint_eq(len, DP_MAX_CONFIG);
	free(text);
	ck_assert_int_eq(ftruncate(fd, DP_MAX_CONFIG + 1), 0);
	ck_assert_ptr_null(conf_read(fd, &len));
	ck_assert_int_eq(errno, EFBIG);
	close(fd);
	ck_assert_ptr_null(conf_read(fd, &len));
}
END_TEST

static Suite *
conf_suite(void)
{
	Suite *s = suite_create("conf");
	TCase *t = tcase_create("files");

	tcase_add_test(t, files_are_there);
	tcase_add_loop_test(t, bad_file, 0, (int)bad_files.gl_pathc);
	tcase_add_loop_test(t, good_file, 0, (int)good_files.gl_pathc);
	suite_add_tcase(s, t);
	t = tcase_create("keys");
	tcase_add_test(t, full_daemon);
	tcase_add_test(t, full_listen);
	tcase_add_test(t, full_peer);
	tcase_add_test(t, full_pool);
	tcase_add_test(t, full_tunnel);
	tcase_add_test(t, full_secrets);
	tcase_add_test(t, defaults);
	suite_add_tcase(s, t);
	t = tcase_create("policy");
	tcase_add_test(t, policy_order);
	tcase_add_test(t, policy_listen);
	tcase_add_test(t, policy_dial);
	tcase_add_test(t, overlap);
	suite_add_tcase(s, t);
	t = tcase_create("text");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, every_length, 0, 2);
	tcase_add_test(t, every_octet);
	tcase_add_test(t, many_errors);
	tcase_add_test(t, too_many_entries);
	tcase_add_test(t, too_many_rules);
	tcase_add_test(t, read_bounds);
	suite_add_tcase(s, t);
	return (s);
}

int
main(void)
{
	SRunner *sr;
	int failed;

	glob("regress/conf/bad/*.yaml", 0, NULL, &bad_files);
	glob("regress/conf/good/*.yaml", 0, NULL, &good_files);
	sr = srunner_create(conf_suite());
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	globfree(&bad_files);
	globfree(&good_files);
	return (failed != 0);
}
