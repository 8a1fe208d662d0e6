/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * ctld's sessions and their pppds, against a real peer engine: what dpd
 * refuses, what pppds say, when they may start and what they are given.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctld_world.h"
#include "session.h"
#include "tunnel.h"

START_TEST(session_up_refused)
{
	world_start();
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	world_peer_calls("1");
	world_reply(DP_SESSION_UP, EDQUOT);
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, 4);
	world_nothing_asked();
	ck_assert_ptr_null(sess_after(0));
	l2tp_tunnel_close(world.peer, world.tid, 1, 0, NULL, world.now);
	world_run();
	world_reply(DP_TUNNEL_CLOSE, 0);
	world_all_gone();
}
END_TEST

START_TEST(session_start_refused)
{
	world_start();
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	world_peer_calls("1");
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, EIO);
	ck_assert_int_eq(world.calls_down, 1);
	world_reply(DP_SESSION_DOWN, 0);
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

START_TEST(call_refused_by_the_peer)
{
	world.peer_answers = 0;
	world_start();
	ck_assert_ptr_nonnull(tun_dial(&world_dial, &world_lns));
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	world.peer_answers = 0;
	ck_assert_ptr_nonnull(sess_dial(tun_after(0), &world_call));
	world_run();
	for (world.sid = 1; l2tp_call_close(world.peer, world.tid, world.sid,
	    4, 0, NULL, world.now) == -1; world.sid++)
		ck_assert_uint_lt(world.sid, 65536);
	world_run();
	ck_assert_int_eq(world.call_down, 1);
	ck_assert_str_eq(world.call_reason, "closed by peer: result 4 "
	    "(no facilities available, temporarily)");
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

START_TEST(calls_are_not_answered_on_dialled_tunnels)
{
	world_place();
	world_peer_calls("1");
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, 5);
	world_expect(DP_SESSION_UP);	/* of the one that we placed */
	ck_assert_uint_eq(world.n_requests, 1);
}
END_TEST

/* ---- what is said about pppds ---- */

START_TEST(ends_of_others_are_ignored)
{
	struct dpmsg	 m = { .type = DP_SESSION_GONE, .fd = -1 };

	world_start();
	world_session();
	m.u.session_gone.handle = sess_after(0)->handle + 1;
	m.u.session_gone.local_sid = sess_after(0)->local_sid;
	sess_gone(&m);
	m.u.session_gone.handle = tun_after(0)->handle;
	sess_gone(&m);
	m.u.session_gone.handle = sess_after(0)->handle;
	m.u.session_gone.local_sid ^= 1;
	sess_gone(&m);
	world_run();
	ck_assert_int_eq(world.calls_down, 0);
	ck_assert_str_eq(sess_state_name(sess_after(0)), "starting");
}
END_TEST

/* Not the size of a notice, or not of a pppd that was started. */
START_TEST(notices_of_others_are_ignored)
{
	struct dp_notice	 n[2] = { { .user = "mallory" } };
	const struct session	*s;
	uint32_t		 unit;
	size_t			 len;

	world_start();
	world_notice(n, sizeof(*n));		/* there is no session */
	world_session();
	s = sess_after(0);
	for (unit = s->unit - 1; unit <= s->unit + 1; unit += 2) {
		n->unit = unit;
		world_notice(n, sizeof(*n));
	}
	n->unit = 0;
	world_notice(n, sizeof(*n));
	n->unit = UINT32_MAX;
	world_notice(n, sizeof(*n));
	n->unit = s->unit;
	for (len = 1; len <= sizeof(n); len++)
		if (len != sizeof(*n))
			world_notice(n, len);
	ck_assert_str_eq(sess_state_name(s), "starting");
	ck_assert_str_eq(s->user, "");
	world_pppd_up();
	ck_assert_str_eq(sess_state_name(s), "up");
}
END_TEST

/* Before there is a pppd, and when its call is over. */
START_TEST(notices_at_other_times_are_ignored)
{
	struct dp_notice	 n = { .unit = 1000 };
	const struct session	*s;

	world_start();
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	world_peer_calls("123");
	world_notice(&n, sizeof(n));
	world_reply(DP_SESSION_UP, 0);
	world_notice(&n, sizeof(n));
	s = sess_after(0);
	ck_assert_str_ne(sess_state_name(s), "up");
	world_reply(DP_SESSION_START, 0);
	ck_assert_uint_eq(s->unit, n.unit);
	world_pppd_down(0);
	world_expect(DP_SESSION_DOWN);
	world_notice(&n, sizeof(n));
	ck_assert_str_ne(sess_state_name(s), "up");
	world_reply(DP_SESSION_DOWN, 0);
	world_notice(&n, sizeof(n));
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

/* The name is the peer's own: it may be anything, without an end too. */
START_TEST(names_in_notices)
{
	static const struct {
		const char	*said, *shown;
	} rows[] = {
		{ "alice@example \"x\"", "alice@example \"x\"" },
		{ "al\nice\033[2J", "al?ice?[2J" },
		{ "\303\244\177\001~", "????~" }, { "", "" }
	};
	struct dp_notice	 n = { 0 };
	const struct session	*s;
	size_t			 i;

	world_start();
	world_session();
	s = sess_after(0);
	n.unit = s->unit;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		strlcpy(n.user, rows[i].said, sizeof(n.user));
		world_notice(&n, sizeof(n));
		ck_assert_str_eq(s->user, rows[i].shown);
	}
	memset(n.user, 'x', sizeof(n.user));
	world_notice(&n, sizeof(n));
	ck_assert_uint_eq(strlen(s->user), sizeof(s->user) - 1);
}
END_TEST

/*
 * One of five calls may be starting; the others wait in order, unless they
 * end, for it to be up, to end, or to be refused.
 */
START_TEST(starts_wait_in_order)
{
	struct session	*s[5];
	struct conf	 few;
	struct dpmsg	 m = { .type = DP_SESSION_GONE, .fd = -1 };
	int		 i;

	s[0] = world_place();
	few = *ctld.conf;
	few.ppp_starting = 1;
	ctld.conf = &few;
	world_reply(DP_SESSION_UP, 0);
	for (i = 1; i < 5; i++) {
		s[i] = sess_dial(tun_after(0), &world_call);
		world_run();
	}
	world_reply(DP_SESSION_START, 0);
	for (i = 1; i < 5; i++)
		world_reply(DP_SESSION_UP, 0);
	world_nothing_asked();
	ck_assert_int_eq(world.calls_up, 5);
	ck_assert_str_eq(sess_state_name(s[4]), "starting");

	/* The second ends while it waits; the first comes up. */
	ck_assert_int_eq(sess_close(s[1], L2TP_CDN_ADMIN, 0, NULL), 0);
	world_run();
	ck_assert_uint_eq(world_expect(DP_SESSION_DOWN)->
	    u.session_down.handle, s[1]->handle);
	world_reply(DP_SESSION_DOWN, 0);
	world_nothing_asked();
	world_pppd_up();
	ck_assert_uint_eq(world_expect(DP_SESSION_START)->
	    u.session_start.handle, s[2]->handle);
	world_pppd_up();		/* said twice, counted once */
	ck_assert_uint_eq(world.n_requests, 1);
	/* The third is refused. */
	world_reply(DP_SESSION_START, EIO);
	ck_assert_uint_eq(world_expect(DP_SESSION_START)->
	    u.session_start.handle, s[3]->handle);
	world_reply(DP_SESSION_START, 0);
	world_reply(DP_SESSION_DOWN, 0);
	world_nothing_asked();
	/* The fourth ends. */
	m.u.session_gone = (struct dp_session_gone){ s[3]->handle,
	    s[3]->local_sid, 0 };
	sess_gone(&m);
	world_run();
	ck_assert_uint_eq(world_expect(DP_SESSION_START)->
	    u.session_start.handle, s[4]->handle);
	world_reply(DP_SESSION_START, 0);
	world_reply(DP_SESSION_DOWN, 0);
	world_nothing_asked();
}
END_TEST

/* ---- what pppd is given ---- */

/* RFC 2661 section 5.4: the LNS may ask for it, and the LAC. */
START_TEST(sequencing)
{
	struct conf_session	 sequenced;
	struct session		*s;

	world_start();
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	world_peer_calls("1");
	s = sess_after(0);
	sequenced = *s->conf;
	sequenced.seqnum = 1;
	s->conf = &sequenced;
	world_reply(DP_SESSION_UP, 0);
	ck_assert_uint_eq(world_expect(DP_SESSION_START)->
	    u.session_start.send_seq, 1);
	ck_assert_uint_eq(world_expect(DP_SESSION_START)->
	    u.session_start.recv_seq, 1);
}
END_TEST

START_TEST(numbers)
{
	static const char *const	 rows[][2] = {
		{ "", "" }, { "12345", "12345" }, { "+49-89.1_a", "+49-89.1_a" },
		{ "-h", "h" }, { "--", "" }, { "-- -x", "x" },
		{ "a b;c|d$e`f\"g'h/i\\j\nk", "abcdefghijk" },
		{ "\303\251\001\1771", "1" },
		{ "1234567890123456789012345678901234567890",
		    "12345678901234567890123456789012" }
	};
	char	 number[DP_NUMBER_LEN];
	size_t	 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(number, 'x', sizeof(number));
		sess_number(rows[i][0], number);
		ck_assert_str_eq(number, rows[i][1]);
		ck_assert_int_eq(number[DP_NUMBER_LEN - 1], '\0');
	}
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("session");
	TCase	*tc = tcase_create("session");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, session_up_refused);
	tcase_add_test(tc, session_start_refused);
	tcase_add_test(tc, call_refused_by_the_peer);
	tcase_add_test(tc, calls_are_not_answered_on_dialled_tunnels);
	tcase_add_test(tc, ends_of_others_are_ignored);
	tcase_add_test(tc, notices_of_others_are_ignored);
	tcase_add_test(tc, notices_at_other_times_are_ignored);
	tcase_add_test(tc, names_in_notices);
	tcase_add_test(tc, starts_wait_in_order);
	tcase_add_test(tc, sequencing);
	tcase_add_test(tc, numbers);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
