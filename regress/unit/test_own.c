/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The ownership fence: handles that were never issued or are no longer
 * valid, ids that are taken or in quarantine, quotas, and no leaks.
 */
#include <stdlib.h>

#include "dpd.h"
#include "dpd_world.h"
#include "kern.h"
#include "own.h"

static uint64_t	now;

/* Nothing here has a life: what own does to the outside is dispatch's test. */
uint64_t
dpd_now(void)
{
	return (now);
}

void
dpd_send(const struct dpmsg *m)
{
	ck_abort_msg("%s sent", dpmsg_name(m->type));
}

int
kern_tunnel_delete(uint32_t local_tid)
{
	ck_abort_msg("%u deleted", local_tid);
	return (0);
}

void
starter_send(enum starter_verb verb, const struct starter_msg *m, int fd)
{
	ck_abort_msg("verb %d, slot %u, fd %d", (int)verb, m->slot, fd);
}

static struct own *
tunnel(uint32_t local_tid)
{
	struct own	*t = own_new(NULL, R_CALLER, 0);

	ck_assert_ptr_nonnull(t);
	t->state = TUN_UP;
	t->local_id = local_tid;
	return (t);
}

START_TEST(handles)
{
	struct own	*t, *u;
	uint32_t		 handle;

	ck_assert_ptr_null(own_find(0));
	ck_assert_ptr_null(own_find(1));
	ck_assert_ptr_null(own_find(UINT32_MAX));
	t = own_new(NULL, R_CALLER, 0);
	u = own_new(NULL, R_DIAL, 0);
	ck_assert_ptr_ne(t, u);
	ck_assert_uint_ne(t->handle, 0);
	ck_assert_uint_ne(t->handle, u->handle);
	ck_assert_ptr_eq(own_find(t->handle), t);
	ck_assert_ptr_eq(own_find(u->handle), u);
	/* Another use of the slot; another slot's same use; wrapped slot. */
	ck_assert_ptr_null(own_find(t->handle + 0x10000));
	ck_assert_ptr_null(own_find(t->handle + 2));
	ck_assert_ptr_null(own_find(t->handle + OWN_TUNNELS));
	ck_assert_ptr_eq(LIST_FIRST(&own_tunnels), u);
	ck_assert_ptr_eq(LIST_NEXT(u, entry), t);
	ck_assert_ptr_null(LIST_NEXT(t, entry));
	handle = t->handle;
	own_free(t);
	ck_assert_ptr_null(own_find(handle));
	ck_assert_ptr_eq(LIST_FIRST(&own_tunnels), u);
	ck_assert_ptr_null(LIST_NEXT(u, entry));
}
END_TEST

/* A slot's handles differ from use to use and are never 0. */
START_TEST(handles_are_not_reused)
{
	struct own	*t;
	uint32_t		 last[OWN_TUNNELS] = { 0 };
	long			 i;

	for (i = 0; i < 70000L * 8; i++) {
		t = own_new(NULL, R_CALLER, 0);
		ck_assert_uint_ne(t->handle, 0);
		ck_assert_uint_ne(t->handle, last[t->slot]);
		last[t->slot] = t->handle;
		own_free(t);
	}
}
END_TEST

START_TEST(tunnel_quotas)
{
	struct own	*t[5];
	int			 i;

	for (i = 0; i < 3; i++)		/* the rule's */
		ck_assert_ptr_nonnull(t[i] = own_new(NULL, R_CALLER, 0));
	ck_assert_ptr_null(own_new(NULL, R_CALLER, 0));
	for (i = 3; i < 5; i++)		/* all in all */
		ck_assert_ptr_nonnull(t[i] = own_new(NULL, R_DIAL, 0));
	ck_assert_ptr_null(own_new(NULL, R_DIAL, 0));
	own_free(t[0]);
	ck_assert_ptr_nonnull(own_new(NULL, R_DIAL, 0));
	ck_assert_ptr_null(own_new(NULL, R_CALLER, 0));
	own_free(t[1]);
	ck_assert_ptr_nonnull(own_new(NULL, R_CALLER, 0));
}
END_TEST

START_TEST(quarantine)
{
	struct own	*t = tunnel(77);

	now = 1000000;
	ck_assert_int_eq(own_tid_taken(77), 1);
	ck_assert_int_eq(own_tid_taken(78), 0);
	t->state = TUN_CLOSING;
	ck_assert_int_eq(own_tid_taken(77), 1);
	own_free(t);
	ck_assert_int_eq(own_tid_taken(77), 1);
	now += OWN_QUARANTINE_MS - 1;
	ck_assert_int_eq(own_tid_taken(77), 1);
	now += 1;
	ck_assert_int_eq(own_tid_taken(77), 0);
	/* A slot's next use is not its next turn: the id is remembered. */
	now = 1000001;
	t = tunnel(79);
	ck_assert_int_eq(own_tid_taken(77), 1);
	ck_assert_int_eq(own_tid_taken(79), 1);
}
END_TEST

START_TEST(sessions)
{
	struct own	*t = tunnel(1), *u = tunnel(2);
	struct own	*s, *v;

	ck_assert_ptr_null(own_session(t, 5));
	s = own_new(t, R_POOL, 5);
	v = own_new(u, R_POOL, 5);	/* same id, other tunnel */
	ck_assert_ptr_ne(s, v);
	ck_assert_ptr_eq(own_session(t, 5), s);
	ck_assert_ptr_eq(own_session(u, 5), v);
	ck_assert_ptr_null(own_session(t, 6));
	ck_assert_uint_ne(s->slot, v->slot);
	ck_assert_uint_lt(s->slot, DP_MAX_SESSIONS);
	ck_assert_uint_lt(v->slot, DP_MAX_SESSIONS);
	ck_assert_ptr_eq(LIST_FIRST(&t->sessions), s);
	ck_assert_int_eq(s->fd, -1);
	own_free(s);
	ck_assert_ptr_null(own_session(t, 5));
	ck_assert_ptr_eq(own_session(u, 5), v);
	ck_assert_ptr_null(LIST_FIRST(&t->sessions));
}
END_TEST

START_TEST(session_quotas)
{
	struct own	*t = tunnel(1);
	struct own	*s[6];
	uint32_t		 i;

	for (i = 0; i < 4; i++)		/* the rule's */
		ck_assert_ptr_nonnull(s[i] = own_new(t, R_POOL, i + 1));
	ck_assert_ptr_null(own_new(t, R_POOL, 99));
	for (i = 4; i < 6; i++)
		ck_assert_ptr_nonnull(s[i] = own_new(t, R_PLAIN,
		    i + 1));
	ck_assert_ptr_null(own_new(t, R_DIALLED, 99));	/* the total */
	own_free(s[0]);
	ck_assert_ptr_null(own_new(t, R_PLAIN, 99));
	ck_assert_ptr_nonnull(own_new(t, R_POOL, 99));
}
END_TEST

/* 10^5 sessions come and go: nothing is lost, slots are not shared. */
START_TEST(churn)
{
	struct own	*t = tunnel(1);
	struct own	*s, *held[4] = { NULL };
	uint32_t		 i, j, at;

	srandom(1);
	for (i = 1; i < 100000; i++) {
		at = (uint32_t)random() % nitems(held);
		if (held[at] != NULL) {
			ck_assert_ptr_eq(own_session(t,
			    held[at]->local_id), held[at]);
			own_free(held[at]);
		}
		s = held[at] = own_new(t, R_POOL, i);
		ck_assert_ptr_nonnull(s);
		for (j = 0; j < nitems(held); j++)
			ck_assert_int_eq(held[j] != NULL &&
			    held[j]->slot == s->slot, j == at);
	}
}
END_TEST

/* As many as there can be, all found, and in any order gone again. */
START_TEST(full)
{
	struct dpmsg		 m;
	struct own	*t;
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
		ck_assert_ptr_nonnull(own_new(NULL, 0, 0));
	ck_assert_ptr_null(own_new(NULL, 0, 0));
	t = LIST_FIRST(&own_tunnels);
	for (i = 0; i < DP_MAX_SESSIONS; i++)
		ck_assert_ptr_nonnull(own_new(t, 1, i + 1));
	ck_assert_ptr_null(own_new(t, 1, i + 1));
	for (i = DP_MAX_SESSIONS; i > 0; i--)
		own_free(own_session(t, i));
	ck_assert_ptr_null(LIST_FIRST(&t->sessions));
	ck_assert_ptr_nonnull(own_new(t, 1, 1));
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("own");
	TCase	*tc = tcase_create("own"), *big = tcase_create("full");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_set_timeout(tc, 60);
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
