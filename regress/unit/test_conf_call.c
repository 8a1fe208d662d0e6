/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The configuration of outgoing calls: where its keys end up, what follows
 * from them, and what the policy lets ctld do.  What is wrong with such a
 * configuration is in regress/conf/bad/outgoing.yaml.
 */
#include "conf_common.h"

#define GOOD	"regress/conf/good/outgoing.yaml"
#define BOTH	(L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG)

static struct conf	*conf;

static void
setup(void)
{
	conf = parse_file(GOOD);
	ck_assert_msg(conf != NULL, "%s", reported);
}

static void
teardown(void)
{
	conf_free(conf);
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
session(const struct conf_tunnel *t, const char *name)
{
	const struct conf_session	*s;

	TAILQ_FOREACH(s, &t->sessions, entry)
		if (strcmp(s->name, name) == 0)
			break;
	ck_assert_ptr_nonnull(s);
	return (s);
}

/* Bearers are announced by who places calls (RFC 2661 section 6.9). */
START_TEST(peers)
{
	const struct conf_peer	*lns = TAILQ_FIRST(&conf->peers);
	const struct conf_peer	*lac = TAILQ_NEXT(lns, entry);

	ck_assert_uint_eq(lns->outgoing, 1);
	ck_assert_uint_eq(lns->params.bearer_caps, BOTH);
	ck_assert_uint_eq(lac->outgoing, 0);
	ck_assert_uint_eq(lac->params.bearer_caps, 0);
	ck_assert_uint_eq(lac->session.on_demand, 0);
}
END_TEST

START_TEST(to_an_lns)
{
	const struct conf_tunnel	*t = tunnel("to-lns");
	const struct conf_session	*placed = session(t, "placed");

	ck_assert_uint_eq(t->outgoing, 1);
	ck_assert_uint_eq(t->params.bearer_caps, BOTH);
	ck_assert_ptr_eq(t->on_demand, session(t, "asked"));
	ck_assert_uint_eq(t->on_demand->on_demand, 1);
	ck_assert_uint_eq(placed->on_demand, 0);
	ck_assert_str_eq(placed->call.sub_address, "77");
	ck_assert_uint_eq(placed->call.private_group.len, 4);
	ck_assert_mem_eq(placed->call.private_group.p, "blue", 4);
	ck_assert_ptr_null(t->on_demand->call.private_group.p);
}
END_TEST

START_TEST(to_a_lac)
{
	const struct conf_tunnel	*t = tunnel("to-lac");

	ck_assert_uint_eq(t->outgoing, 0);
	ck_assert_uint_eq(t->params.bearer_caps, 0);
	ck_assert_ptr_eq(t->on_demand, session(t, "calls"));
	ck_assert_str_eq(t->on_demand->pool->name, "a");
}
END_TEST

/* As many as there may be; what is placed by itself is there only once. */
START_TEST(policy)
{
	struct records		 r = { .n = 0 };
	const struct dp_rule_session *rule;
	const struct conf_tunnel *t = tunnel("to-lns");

	conf_policy(conf, record, &r);
	rule = &r.m[t->on_demand->rule].u.rule_session;
	ck_assert_uint_eq(rule->tunnel, t->rule);
	ck_assert_uint_eq(rule->max_sessions, 77);
	ck_assert_uint_eq(rule->n_ranges, 0);
	rule = &r.m[session(t, "placed")->rule].u.rule_session;
	ck_assert_uint_eq(rule->tunnel, t->rule);
	ck_assert_uint_lt(rule->max_sessions, 77);
	t = tunnel("to-lac");
	rule = &r.m[t->on_demand->rule].u.rule_session;
	ck_assert_uint_eq(rule->tunnel, t->rule);
	ck_assert_uint_eq(rule->n_ranges, 1);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("conf_call");
	TCase	*t = tcase_create("conf_call");
	SRunner	*sr;
	int	 failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, peers);
	tcase_add_test(t, to_an_lns);
	tcase_add_test(t, to_a_lac);
	tcase_add_test(t, policy);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
