/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The ownership fence: handles that were never issued or are no longer
 * valid, ids that are taken or in quarantine, quotas, and no leaks.
 */
#include <stdlib.h>

#include "dpd_world.h"
#include "own.h"

static struct own_tunnel *
tunnel(uint32_t local_tid)
{
	struct own_tunnel	*t = own_tunnel_new(R_CALLER);

	ck_assert_ptr_nonnull(t);
	t->state = TUN_UP;
	t->local_tid = local_tid;
	return (t);
}

START_TEST(handles)
{
	struct own_tunnel	*t, *u;
	uint32_t		 handle;

	ck_assert_ptr_null(own_tunnel_find(0));
	ck_assert_ptr_null(own_tunnel_find(1));
	ck_assert_ptr_null(own_tunnel_find(UINT32_MAX));
	t = own_tunnel_new(R_CALLER);
	u = own_tunnel_new(R_DIAL);
	ck_assert_ptr_ne(t, u);
	ck_assert_uint_ne(t->handle, 0);
	ck_assert_uint_ne(t->handle, u->handle);
	ck_assert_ptr_eq(own_tunnel_find(t->handle), t);
	ck_assert_ptr_eq(own_tunnel_find(u->handle), u);
	/* Another use of the slot; another slot's same use; wrapped slot. */
	ck_assert_ptr_null(own_tunnel_find(t->handle + 0x10000));
	ck_assert_ptr_null(own_tunnel_find(t->handle + 2));
	ck_assert_ptr_null(own_tunnel_find(t->handle + OWN_TUNNELS));
	ck_assert_ptr_eq(own_tunnel_next(NULL), t);
	ck_assert_ptr_eq(own_tunnel_next(t), u);
	ck_assert_ptr_null(own_tunnel_next(u));
	handle = t->handle;
	own_tunnel_free(t, 1);
	ck_assert_ptr_null(own_tunnel_find(handle));
	ck_assert_ptr_eq(own_tunnel_next(NULL), u);
}
END_TEST

/* A slot's handles differ from use to use and are never 0. */
START_TEST(handles_are_not_reused)
{
	struct own_tunnel	*t;
	uint32_t		 last[OWN_TUNNELS] = { 0 };
	long			 i;

	for (i = 0; i < 70000L * 8; i++) {
		t = own_tunnel_new(R_CALLER);
		ck_assert_uint_ne(t->handle, 0);
		ck_assert_uint_ne(t->handle, last[t->slot]);
		last[t->slot] = t->handle;
		own_tunnel_free(t, 1);
	}
}
END_TEST

START_TEST(tunnel_quotas)
{
	struct own_tunnel	*t[5];
	int			 i;

	for (i = 0; i < 3; i++)		/* the rule's */
		ck_assert_ptr_nonnull(t[i] = own_tunnel_new(R_CALLER));
	ck_assert_ptr_null(own_tunnel_new(R_CALLER));
	for (i = 3; i < 5; i++)		/* all in all */
		ck_assert_ptr_nonnull(t[i] = own_tunnel_new(R_DIAL));
	ck_assert_ptr_null(own_tunnel_new(R_DIAL));
	own_tunnel_free(t[0], 1);
	ck_assert_ptr_nonnull(own_tunnel_new(R_DIAL));
	ck_assert_ptr_null(own_tunnel_new(R_CALLER));
	own_tunnel_free(t[1], 1);
	ck_assert_ptr_nonnull(own_tunnel_new(R_CALLER));
}
END_TEST

START_TEST(quarantine)
{
	struct own_tunnel	*t = tunnel(77);

	ck_assert_int_eq(own_tid_taken(77, 1000000), 1);
	ck_assert_int_eq(own_tid_taken(78, 1000000), 0);
	t->state = TUN_CLOSING;
	ck_assert_int_eq(own_tid_taken(77, 1000000), 1);
	own_tunnel_free(t, 1000000);
	ck_assert_int_eq(own_tid_taken(77, 1000000), 1);
	ck_assert_int_eq(own_tid_taken(77, 1000000 + OWN_QUARANTINE_MS - 1), 1);
	ck_assert_int_eq(own_tid_taken(77, 1000000 + OWN_QUARANTINE_MS), 0);
	/* A slot's next use is not its next turn: the id is remembered. */
	t = tunnel(79);
	ck_assert_int_eq(own_tid_taken(77, 1000001), 1);
	ck_assert_int_eq(own_tid_taken(79, 1000001), 1);
}
END_TEST

START_TEST(sessions)
{
	struct own_tunnel	*t = tunnel(1), *u = tunnel(2);
	struct own_session	*s, *v;
	uint32_t		 gen;

	ck_assert_ptr_null(own_session_find(t, 5));
	s = own_session_new(t, R_POOL, 5);
	v = own_session_new(u, R_POOL, 5);	/* same id, other tunnel */
	ck_assert_ptr_ne(s, v);
	ck_assert_ptr_eq(own_session_find(t, 5), s);
	ck_assert_ptr_eq(own_session_find(u, 5), v);
	ck_assert_ptr_null(own_session_find(t, 6));
	ck_assert_ptr_eq(own_session_at(s->slot), s);
	ck_assert_uint_ne(s->slot, v->slot);
	ck_assert_ptr_null(own_session_at(v->slot + 1));
	ck_assert_ptr_null(own_session_at(DP_MAX_SESSIONS));
	ck_assert_ptr_null(own_session_at(UINT32_MAX));
	ck_assert_ptr_eq(LIST_FIRST(&t->sessions), s);
	ck_assert_int_eq(s->pppoxfd, -1);
	gen = s->gen;
	own_session_free(s);
	ck_assert_ptr_null(own_session_find(t, 5));
	ck_assert_ptr_null(own_session_at(s->slot));
	ck_assert_ptr_eq(own_session_find(u, 5), v);
	ck_assert_ptr_null(LIST_FIRST(&t->sessions));
	ck_assert_uint_eq(s->gen, gen);
}
END_TEST

START_TEST(session_quotas)
{
	struct own_tunnel	*t = tunnel(1);
	struct own_session	*s[6];
	uint32_t		 i;

	for (i = 0; i < 4; i++)		/* the rule's */
		ck_assert_ptr_nonnull(s[i] = own_session_new(t, R_POOL, i + 1));
	ck_assert_ptr_null(own_session_new(t, R_POOL, 99));
	for (i = 4; i < 6; i++)
		ck_assert_ptr_nonnull(s[i] = own_session_new(t, R_PLAIN,
		    i + 1));
	ck_assert_ptr_null(own_session_new(t, R_DIALLED, 99));	/* the total */
	own_session_free(s[0]);
	ck_assert_ptr_null(own_session_new(t, R_PLAIN, 99));
	ck_assert_ptr_nonnull(own_session_new(t, R_POOL, 99));
}
END_TEST

/* 10^5 sessions come and go: nothing is lost, gens tell uses apart. */
START_TEST(churn)
{
	static uint32_t		 gens[DP_MAX_SESSIONS];
	struct own_tunnel	*t = tunnel(1);
	struct own_session	*s, *held[4] = { NULL };
	uint32_t		 i, at;

	srandom(1);
	for (i = 1; i < 100000; i++) {
		at = (uint32_t)random() % nitems(held);
		if (held[at] != NULL) {
			ck_assert_ptr_eq(own_session_find(t,
			    held[at]->local_sid), held[at]);
			own_session_free(held[at]);
		}
		s = held[at] = own_session_new(t, R_POOL, i);
		ck_assert_ptr_nonnull(s);
		ck_assert_uint_ne(s->gen, gens[s->slot]);
		gens[s->slot] = s->gen;
	}
}
END_TEST

/* As many as there can be, all found, and in any order gone again. */
START_TEST(full)
{
	struct dpmsg		 m;
	struct own_tunnel	*t;
	uint32_t		 i;

	m = world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0, 0);
	m.u.rule_tunnel.max_tunnels = DP_MAX_TUNNELS;
	ck_assert_ptr_null(policy_add(&m));
	m = world_session_rule(0, DP_PW_PPP, 0, 0);
	m.u.rule_session.max_sessions = DP_MAX_SESSIONS;
	ck_assert_ptr_null(policy_add(&m));
	m = world_end();
	m.u.policy_end = (struct dp_policy_end){ 2, DP_MAX_TUNNELS,
	    DP_MAX_SESSIONS, 1, 0, 0 };
	ck_assert_ptr_null(policy_add(&m));
	for (i = 0; i < DP_MAX_TUNNELS; i++)
		ck_assert_ptr_nonnull(own_tunnel_new(0));
	ck_assert_ptr_null(own_tunnel_new(0));
	t = own_tunnel_next(NULL);
	for (i = 0; i < DP_MAX_SESSIONS; i++)
		ck_assert_ptr_nonnull(own_session_new(t, 1, i + 1));
	ck_assert_ptr_null(own_session_new(t, 1, i + 1));
	for (i = DP_MAX_SESSIONS; i > 0; i--)
		own_session_free(own_session_find(t, i));
	ck_assert_ptr_null(LIST_FIRST(&t->sessions));
	ck_assert_ptr_nonnull(own_session_new(t, 1, 1));
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("own");
	TCase	*tc = tcase_create("own"), *big = tcase_create("full");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_add_checked_fixture(tc, world_policy, NULL);
	tcase_add_test(tc, handles);
	tcase_add_test(tc, handles_are_not_reused);
	tcase_add_test(tc, tunnel_quotas);
	tcase_add_test(tc, quarantine);
	tcase_add_test(tc, sessions);
	tcase_add_test(tc, session_quotas);
	tcase_add_test(tc, churn);
	suite_add_tcase(s, tc);
	tcase_add_test(big, full);
	suite_add_tcase(s, big);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
