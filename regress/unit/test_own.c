/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The ownership fence: handles that were never issued or are no longer
 * valid, ids that are taken or in quarantine, quotas, and no leaks.  own.c is
 * part of this file, for its counter of handles has 2^32 steps to go.
 */
#include <stdlib.h>

#include "dpd_world.h"

#include "../../dpd/own.c"

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
	ck_abort_msg("type %u sent", m->type);
}

int
kern_call(uint8_t cmd, const struct own *o, const struct kern_attr *attrs,
    struct dp_stats_reply *answer)
{
	(void)attrs;
	(void)answer;
	ck_abort_msg("command %u, %u/%u", cmd, o->local_tid, o->local_sid);
	return (0);
}

void
dpd_start(enum dp_type type, const struct dp_run *run, int fd)
{
	ck_abort_msg("type %d, slot %u, fd %d", (int)type, run->slot, fd);
}

static struct own *
tunnel(uint32_t local_tid)
{
	struct own	*t = own_new(NULL, R_CALLER, 0);

	ck_assert_ptr_nonnull(t);
	t->state = TUN_UP;
	t->local_tid = local_tid;
	return (t);
}

START_TEST(handles)
{
	struct own	*t, *u, *s;
	uint32_t	 handle;

	ck_assert_ptr_null(own_find(0));
	ck_assert_ptr_null(own_find(1));
	ck_assert_ptr_null(own_find(DP_OBJECTS));
	ck_assert_ptr_null(own_find(UINT32_MAX));
	t = own_new(NULL, R_CALLER, 0);
	u = own_new(NULL, R_DIAL, 0);
	s = own_new(t, R_POOL, 5);
	ck_assert_uint_ne(t->handle, 0);
	ck_assert_ptr_eq(own_find(t->handle), t);
	ck_assert_ptr_eq(own_find(u->handle), u);
	ck_assert_ptr_eq(own_find(s->handle), s);
	/* Another use of the slot, and none of any. */
	ck_assert_ptr_null(own_find(t->handle + DP_OBJECTS));
	ck_assert_ptr_null(own_find(s->handle + DP_OBJECTS));
	ck_assert_ptr_null(own_find(s->handle + 1));
	ck_assert_ptr_eq(LIST_FIRST(&own_tunnels), u);
	ck_assert_ptr_eq(LIST_NEXT(u, entry), t);
	ck_assert_ptr_null(LIST_NEXT(t, entry));
	handle = u->handle;
	own_free(u);
	ck_assert_ptr_null(own_find(handle));
	ck_assert_ptr_eq(LIST_FIRST(&own_tunnels), t);
	ck_assert_ptr_null(LIST_NEXT(t, entry));
	handle = s->handle;
	own_free(s);
	ck_assert_ptr_null(own_find(handle));
	ck_assert_ptr_null(LIST_FIRST(&t->sessions));
}
END_TEST

/* One after the other, all slots many times over: each is a new number. */
START_TEST(handles_are_not_reused)
{
	struct own	*o, *t = own_new(NULL, R_CALLER, 0);
	uint32_t	 last = t->handle, i;

	for (i = 0; i < 20 * DP_OBJECTS; i++) {
		o = i % 2 == 0 ? own_new(NULL, R_CALLER, 0) :
		    own_new(t, R_POOL, 1);
		ck_assert_uint_gt(o->handle, last);
		ck_assert_ptr_ne(o, t);
		last = o->handle;
		own_free(o);
		ck_assert_ptr_null(own_find(last));
	}
	ck_assert_ptr_eq(own_find(t->handle), t);
}
END_TEST

/*
 * Where the counter begins again no handle is 0, none is one that lives, and
 * those that do are still found.
 */
START_TEST(handles_wrap)
{
	struct own	*old = tunnel(1), *high, *o;
	uint32_t	 i;

	last_handle = UINT32_MAX - 1;
	high = own_new(old, R_POOL, 1);
	ck_assert_uint_eq(high->handle, UINT32_MAX);
	for (i = 0; i < 2 * DP_OBJECTS; i++) {
		o = own_new(old, R_POOL, 2);
		ck_assert_uint_ne(o->handle, 0);
		ck_assert_uint_ne(o->handle, old->handle);
		ck_assert_uint_lt(o->handle, high->handle);
		ck_assert_ptr_eq(own_find(o->handle), o);
		own_free(o);
	}
	ck_assert_ptr_eq(own_find(old->handle), old);
	ck_assert_ptr_eq(own_find(high->handle), high);
	ck_assert_ptr_null(own_find(0));
}
END_TEST

START_TEST(tunnel_quotas)
{
	struct own	*t[5];
	int		 i;

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
	struct own	*s = own_new(t, R_POOL, 5);
	struct own	*v = own_new(u, R_POOL, 5);	/* same id */

	ck_assert_ptr_ne(s, v);
	ck_assert_ptr_eq(s->tunnel, t);
	ck_assert_uint_eq(s->local_tid, 1);
	ck_assert_uint_eq(s->local_sid, 5);
	ck_assert_uint_eq(v->local_tid, 2);
	ck_assert_uint_ne(s->slot, v->slot);
	ck_assert_uint_lt(s->slot, DP_OBJECTS);
	ck_assert_int_eq(s->state, SESS_ETH);
	ck_assert_int_eq(s->fd, -1);
	ck_assert_ptr_eq(LIST_FIRST(&t->sessions), s);
	ck_assert_ptr_eq(LIST_FIRST(&u->sessions), v);
	own_free(s);
	ck_assert_ptr_null(LIST_FIRST(&t->sessions));
	ck_assert_ptr_eq(LIST_FIRST(&u->sessions), v);
	/* A session's tunnel id is not one that it takes. */
	ck_assert_int_eq(own_tid_taken(3), 0);
	u->local_tid = 3;
	ck_assert_int_eq(own_tid_taken(2), 0);
}
END_TEST

START_TEST(session_quotas)
{
	struct own	*s[6], *t = tunnel(1);
	uint32_t	 i;

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
	struct own	*s, *t = tunnel(1), *held[4] = { NULL };
	uint32_t	 i, j, at;

	srandom(1);
	for (i = 1; i < 100000; i++) {
		at = (uint32_t)random() % nitems(held);
		if (held[at] != NULL) {
			ck_assert_ptr_eq(own_find(held[at]->handle),
			    held[at]);
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
	static struct own	*s[DP_MAX_SESSIONS];
	struct dpmsg		 m;
	struct own		*t;
	uint32_t		 i;

	m = world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0, 0);
	m.u.rule_tunnel.max_tunnels = DP_MAX_TUNNELS;
	world_add(m);
	m = world_session_rule(0, 0, 0);
	m.u.rule_session.max_sessions = DP_MAX_SESSIONS;
	world_add(m);
	m = world_end();
	m.u.policy_end = (struct dp_policy_end){ 2, DP_MAX_TUNNELS,
	    DP_MAX_SESSIONS, { 0 }, 0, 0 };
	world_add(m);
	for (i = 0; i < DP_MAX_TUNNELS; i++)
		ck_assert_ptr_nonnull(own_new(NULL, 0, 0));
	ck_assert_ptr_null(own_new(NULL, 0, 0));
	t = LIST_FIRST(&own_tunnels);
	for (i = 0; i < DP_MAX_SESSIONS; i++)
		ck_assert_ptr_nonnull(s[i] = own_new(t, 1, i + 1));
	ck_assert_ptr_null(own_new(t, 1, i + 1));
	for (i = DP_MAX_SESSIONS; i > 0; i--) {
		ck_assert_ptr_eq(own_find(s[i - 1]->handle), s[i - 1]);
		own_free(s[i - 1]);
	}
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
	tcase_add_test(tc, handles_wrap);
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
