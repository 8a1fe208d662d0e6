/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The lives behind the fences: how tunnels and sessions end, whoever ends
 * them and in whichever order, who is told, and what is free again.
 */
#include <fcntl.h>

#include "dpd_fake.h"

static void
exited_slot(uint32_t slot)
{
	own_exited(&(struct dp_exited){ slot, 0 });
}

START_TEST(pppd_exits)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID), s[3], i;
	struct dpmsg	 m;

	for (i = 0; i < 2; i++)
		s[i] = fake_has_pppd(handle, i + 1);
	s[2] = fake_has_session(handle, 3);
	fake_exited(s[2], 0);				/* has no child */
	fake_exited(handle, 0);				/* nor has a tunnel */
	exited_slot(77);				/* of nobody */
	exited_slot(0);
	exited_slot(DP_SLOT_CTLD);			/* not a session's */
	exited_slot(DP_SLOT_PARSER);
	exited_slot(DP_SLOT_PARSER + 1);
	exited_slot(UINT32_MAX);
	fake_told_nothing();
	fake_exited(s[0], 15 << 8);
	m = *fake_told(DP_SESSION_GONE);
	ck_assert_uint_eq(m.u.session_gone.handle, s[0]);
	ck_assert_uint_eq(m.u.session_gone.local_sid, 1);
	ck_assert_int_eq(m.u.session_gone.status, 15 << 8);
	ck_assert_uint_eq(m.id, 0);
	fake_exited(s[1], 9);
	m = *fake_told(DP_SESSION_GONE);
	ck_assert_uint_eq(m.u.session_gone.local_sid, 2);
	ck_assert_int_eq(m.u.session_gone.status, 9);
	fake_exited(s[1], 9);				/* said twice */
	fake_told_nothing();
	fake_did("");
	/* It is known, and its slot taken, until it is asked down. */
	m = fake_about(DP_SESSION_DOWN, s[0]);
	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_int_eq(fake_ask(&m), ENOENT);
	fake_did("");
}
END_TEST

/* In another build of the starter or by chance: never another object. */
START_TEST(exits_of_wrapped_slots)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID), slot;

	slot = own_find(fake_has_pppd(handle, 1))->slot;
	exited_slot(slot + DP_OBJECTS);
	exited_slot(slot + 2 * DP_OBJECTS);
	fake_told_nothing();
	exited_slot(slot);
	fake_told(DP_SESSION_GONE);
}
END_TEST

START_TEST(down)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID);
	uint32_t	 session = fake_has_pppd(handle, 1);
	struct dpmsg	 m = fake_about(DP_SESSION_DOWN, session);

	fake_ask_later(&m);
	fake_told_nothing();
	fake_did("END 2");
	ck_assert_int_eq(fake_ask(&m), EALREADY);
	fake_did("");
	fake_exited(session, 5 << 8);
	fake_answered(DP_SESSION_DOWN_REPLY, 0);
	ck_assert_int_eq(fake_ask(&m), ENOENT);
	fake_did("");
}
END_TEST

/* A session without a pppd ends with the last close of its socket. */
START_TEST(down_unstarted)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID);
	uint32_t	 session = fake_has_session(handle, 1);
	struct dpmsg	 m = fake_about(DP_SESSION_DOWN, session);
	int		 fd = own_find(session)->fd;

	ck_assert_int_ne(fcntl(fd, F_GETFD), -1);
	fake_ask_later(&m);
	fake_told_nothing();
	fake_did("RUN_CLOSE 2");
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	fake_exited(session, 0);
	fake_answered(DP_SESSION_DOWN_REPLY, 0);
}
END_TEST

/* While it stops dpd ends things as ever. */
START_TEST(down_while_stopping)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID);
	uint32_t	 session = fake_has_session(handle, 1);
	struct dpmsg	 m = fake_about(DP_SESSION_DOWN, session);

	dpd.state = DPD_STOPPING;
	fake_ask_later(&m);
	fake_did("RUN_CLOSE 2");
	fake_exited(session, 0);
	fake_answered(DP_SESSION_DOWN_REPLY, 0);
	m = fake_about(DP_TUNNEL_CLOSE, handle);
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("TUNNEL_DELETE 100 0");
}
END_TEST

START_TEST(close_)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID), s[4];
	struct dpmsg	 ask, m = fake_about(DP_TUNNEL_CLOSE, handle);

	s[0] = fake_has_pppd(handle, 1);
	s[1] = fake_has_pppd(handle, 2);
	s[2] = fake_has_pppd(handle, 3);
	fake_exited(s[2], 0);
	fake_told(DP_SESSION_GONE);
	s[3] = fake_has_session(handle, 4);
	fake_ask_later(&m);
	fake_told_nothing();
	fake_did("RUN_CLOSE 5, END 3, END 2");
	ck_assert_ptr_null(own_find(s[2]));
	ask = fake_about(DP_SESSION_DOWN, s[1]);
	fake_ask_later(&ask);		/* may be asked for all the same */
	fake_exited(s[1], 0);
	fake_answered(DP_SESSION_DOWN_REPLY, 0);
	fake_exited(s[0], 9);
	fake_told_nothing();
	fake_did("");
	ck_assert_int_ne(fcntl(UDP_FD, F_GETFD), -1);
	fake_exited(s[3], 0);		/* the last one */
	fake_answered(DP_TUNNEL_CLOSE_REPLY, 0);
	fake_did("TUNNEL_DELETE 100 0");
	ck_assert_int_eq(fcntl(UDP_FD, F_GETFD), -1);
	ck_assert_ptr_null(LIST_FIRST(&own_tunnels));
}
END_TEST

/* Without a kernel tunnel there is none to delete. */
START_TEST(close_open)
{
	struct dpmsg	 m = fake_about(DP_TUNNEL_CLOSE, fake_opened());

	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("");
	ck_assert_int_eq(fcntl(UDP_FD, F_GETFD), -1);
	ck_assert_ptr_null(LIST_FIRST(&own_tunnels));
}
END_TEST

START_TEST(quarantine)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID);
	struct dpmsg	 m = fake_about(DP_TUNNEL_CLOSE, handle);

	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("TUNNEL_DELETE 100 0");
	m = fake_up(fake_opened(), LOCAL_TID);
	fake.now += OWN_QUARANTINE_MS - 1;
	ck_assert_int_eq(fake_ask(&m), EEXIST);
	fake_did("");
	fake.now += 1;
	ck_assert_int_eq(fake_ask(&m), 0);
}
END_TEST

/* ctld has gone: everything ends; what it had asked for is answered. */
START_TEST(close_all)
{
	uint32_t	 one = fake_is_up(LOCAL_TID), two = fake_is_up(101);
	uint32_t	 s = fake_has_pppd(one, 1), u = fake_has_pppd(two, 1);
	struct dpmsg	 m = fake_about(DP_SESSION_DOWN, u);

	fake_opened();
	fake_ask_later(&m);
	m = fake_about(DP_TUNNEL_CLOSE, two);
	fake_ask_later(&m);
	fake_told_nothing();
	fake.done[0] = '\0';
	own_end_all();
	own_end_all();
	fake_did("END 3");
	fake_exited(u, 0);
	fake_told(DP_SESSION_DOWN_REPLY);
	fake_told(DP_TUNNEL_CLOSE_REPLY);
	fake_exited(s, 0);
	fake_did("TUNNEL_DELETE 101 0, TUNNEL_DELETE 100 0");
	fake_told_nothing();
	ck_assert_ptr_null(LIST_FIRST(&own_tunnels));
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("dispatch_life");
	TCase	*tc = tcase_create("lives");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_test(tc, pppd_exits);
	tcase_add_test(tc, exits_of_wrapped_slots);
	tcase_add_test(tc, down);
	tcase_add_test(tc, down_unstarted);
	tcase_add_test(tc, down_while_stopping);
	tcase_add_test(tc, close_);
	tcase_add_test(tc, close_open);
	tcase_add_test(tc, quarantine);
	tcase_add_test(tc, close_all);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
