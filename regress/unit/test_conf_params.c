/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The keys that say how we speak to a peer: where they end up, what they are
 * when nobody says so, and what they allow dpd to do.
 */
#include "conf_common.h"

#define CALLS		"daemon: {control_group: root}\n" \
			"listen: {any: {local: 0.0.0.0, peers: [p]},\n" \
			"  one: {local: 192.0.2.1:1702, peers: [p]}}\n" \
			"peers: {p: {from: [0.0.0.0/0],\n" \
			"  session: " SESSION "}}\n"
#define SESSION		"{pseudowire: ppp, profile: x}"

/* A tunnel with these keys, besides two listeners. */
static struct conf *
tunnel(const char *keys)
{
	char text[1024];

	snprintf(text, sizeof(text), CALLS "tunnels: {t: {peer: [192.0.2.7, "
	    "lns.example.net], sessions: {s: " SESSION "}, %s}}\n", keys);
	return (parse_text(text));
}

START_TEST(full)
{
	struct conf *conf = parse_file("regress/conf/good/full.yaml");
	const struct l2tp_params *p;

	ck_assert_msg(conf != NULL, "%s", reported);
	p = &TAILQ_FIRST(&conf->peers)->params;
	ck_assert_uint_eq(p->bearer_caps, L2TP_BEARER_DIGITAL);
	ck_assert_uint_eq(p->quirks, L2TP_QUIRK_UNKNOWN_AVP |
	    L2TP_QUIRK_HOST_NAME | L2TP_QUIRK_FRAMING_CAPS |
	    L2TP_QUIRK_SINGLE_TUNNEL);
	p = &TAILQ_FIRST(&conf->tunnels)->params;
	ck_assert_uint_eq(p->bearer_caps,
	    L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG);
	ck_assert_uint_eq(p->quirks, L2TP_QUIRK_FRAMING_CAPS);
	ck_assert_uint_eq(p->strict_port, 1);
	ck_assert_uint_eq(p->tie_breaker, 1);
	conf_free(conf);
}
END_TEST

START_TEST(defaults)
{
	struct conf *conf = tunnel("mode: dial");
	const struct l2tp_params *p;

	ck_assert_msg(conf != NULL, "%s", reported);
	p = &TAILQ_FIRST(&conf->tunnels)->params;
	ck_assert_uint_eq(p->bearer_caps, 0);
	ck_assert_uint_eq(p->quirks, 0);
	ck_assert_uint_eq(p->strict_port, 0);
	ck_assert_uint_eq(p->tie_breaker, 0);
	ck_assert_uint_eq(TAILQ_FIRST(&conf->peers)->params.quirks, 0);
	ck_assert_uint_eq(TAILQ_FIRST(&conf->peers)->params.bearer_caps, 0);
	conf_free(conf);
}
END_TEST

/* What only makes sense for who is called is not known for who calls. */
START_TEST(not_of_peers)
{
	static const char *const keys[] = { "strict_port", "tie_breaker" };
	char text[1024];

	snprintf(text, sizeof(text), "daemon: {control_group: root}\n"
	    "listen: {any: {local: 0.0.0.0, peers: [p]}}\n"
	    "peers: {p: {from: [0.0.0.0/0], session: " SESSION
	    ", %s: true}}\n", keys[_i]);
	ck_assert_ptr_null(parse_text(text));
	ck_assert_uint_eq(n_reported, 1);
	ck_assert_ptr_nonnull(strstr(reported, "unknown key"));
}
END_TEST

/* v2-8.1-03: unless it is strict, the answer may have any port. */
START_TEST(ports_of_the_policy)
{
	struct conf *conf = tunnel(_i ? "strict_port: true" :
	    "strict_port: false");
	const struct dp_rule_tunnel *r;
	struct records recs = { .n = 0 };
	uint8_t i;

	ck_assert_msg(conf != NULL, "%s", reported);
	conf_policy(conf, record, &recs);
	r = &recs.m[TAILQ_FIRST(&conf->tunnels)->rule].u.rule_tunnel;
	ck_assert_uint_eq(r->n_prefixes, 3);
	for (i = 0; i < r->n_prefixes; i++)
		ck_assert_uint_eq(r->peers[i].addr.port, _i ? 1701 : 0);
	ck_assert_uint_eq(r->peers[0].len, 32);
	ck_assert_uint_eq(r->peers[1].len, 0);
	conf_free(conf);
}
END_TEST

/* Whose port a tunnel has, so that it may catch what is for a listener. */
static const struct beside {
	const char	*local;
	const char	*listen;
} besides[] = {
	{ "192.0.2.9:1701", "any" },
	{ "0.0.0.0:1701", "any" },
	{ "192.0.2.1:1702", "one" },
	{ "192.0.2.2:1702", NULL },
	{ "0.0.0.0:1702", NULL },	/* the kernel prefers the listener */
	{ "192.0.2.9:1703", NULL },
	{ "192.0.2.9:0", NULL },
	{ "192.0.2.9", NULL }
};

START_TEST(beside_a_listener)
{
	const struct beside *row = &besides[_i];
	const struct conf_listen *listen;
	struct conf *conf;
	char text[64];

	snprintf(text, sizeof(text), "local: \"%s\"", row->local);
	conf = tunnel(text);
	ck_assert_msg(conf != NULL, "%s", reported);
	listen = TAILQ_FIRST(&conf->tunnels)->listen;
	ck_assert_int_eq(listen == NULL, row->listen == NULL);
	if (listen != NULL)
		ck_assert_str_eq(listen->name, row->listen);
	conf_free(conf);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conf_params");
	TCase *t = tcase_create("params");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(t, full);
	tcase_add_test(t, defaults);
	tcase_add_loop_test(t, not_of_peers, 0, 2);
	tcase_add_loop_test(t, ports_of_the_policy, 0, 2);
	tcase_add_loop_test(t, beside_a_listener, 0,
	    sizeof(besides) / sizeof(besides[0]));
	suite_add_tcase(s, t);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
