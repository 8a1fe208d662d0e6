/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Pseudowires that peers ask for: which session of the configuration it is,
 * what is refused and how, and who has an interface.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "pw_world.h"

static const struct choice {
	const char	*end_id;
	uint16_t	 pw_type;
	uint8_t		 has_session, version;
	int		 rule;			/* 0: refused */
	const char	*asked;
} choices[] = {
	{ "lan", 5, 0, 3, 41, "offer 0" },
	{ "wan", 5, 1, 3, 42, "offer 0" },
	{ "else", 5, 1, 3, 40, "offer 0" },
	{ "", 5, 1, 3, 40, "offer 0" },
	{ "else", 5, 0, 3, 0, "cdn 0 5" },
	{ "", 5, 0, 3, 0, "cdn 0 5" },
	{ "la", 5, 0, 3, 0, "cdn 0 5" },
	{ "lann", 5, 0, 3, 0, "cdn 0 5" },
	{ "LAN", 5, 0, 3, 0, "cdn 0 5" },
	{ "lan", 7, 0, 3, 0, "cdn 0 14" },
	{ "lan", 7, 1, 3, 0, "cdn 0 14" },
	{ "lan", 4, 1, 3, 0, "cdn 0 14" },
	{ "else", 7, 1, 3, 0, "cdn 0 14" },
	/* L2TPv2 has no Ethernet. */
	{ "", 0, 1, 2, 0, "cdn 0 5" },
	{ "", 0, 0, 2, 0, "cdn 0 5" }
};

/* v3-5.4.4-10: the Remote End ID chooses. */
START_TEST(remote_end_id)
{
	const struct choice	*c = &choices[_i];

	pw_start(L2TP_ENCAP_UDP);
	pw.peer.has_session = c->has_session;
	pw.tunnel.version = c->version;
	pw.call.pw_type = c->pw_type;
	pw_icrq(pw_answered(0, 2), 0, c->end_id);
	pw_asked(c->asked);
	if (c->rule == 0) {
		world_nothing_asked();
		ck_assert_ptr_null(sess_after(0));
		return;
	}
	ck_assert_int_eq(world_expect(DP_SESSION_UP)->u.session_up.rule,
	    c->rule);
	world_reply(DP_SESSION_UP, 0);
	pw_asked("take 0");
	ck_assert_int_eq(tun_after(0)->n_sessions, 1);
}
END_TEST

/* PPP has an End ID of its own, too, or takes any. */
START_TEST(ppp)
{
	pw_start(L2TP_ENCAP_UDP);
	pw.peer.has_session = 1;
	if (_i)
		pw.lan.pseudowire = DP_PW_PPP;
	else
		pw.peer.session.pseudowire = DP_PW_PPP;
	pw.call.pw_type = L2TP_PW_PPP;
	pw_icrq(pw_answered(0, 2), 0, _i ? "lan" : "else");
	ck_assert_int_eq(world_expect(DP_SESSION_UP)->u.session_up.rule,
	    40 + _i);
	ck_assert_uint_eq(world_expect(DP_SESSION_UP)->u.session_up.lns_mode,
	    1);
}
END_TEST

/* A cookie keeps strangers out; over IP nothing else does. */
START_TEST(cookies)
{
	pw_start((uint8_t)_i);
	pw_icrq(pw_answered(0, 2), 0, "lan");
	ck_assert_uint_eq(pw.offer.cookie_len, _i == L2TP_ENCAP_IP ? 8 : 4);
	ck_assert_uint_eq(pw.offer.pw_type, L2TP_PW_ETH);
}
END_TEST

/* Linux has sequence numbers in both directions or in none. */
START_TEST(sequencing)
{
	pw_start(L2TP_ENCAP_UDP);
	pw.call.send_seq = (uint8_t)_i;
	pw_icrq(pw_answered(0, 2), 0, "lan");
	ck_assert_uint_eq(pw.offer.data_sequencing, _i ? 2 : 0);
	ck_assert_uint_eq(pw.offer.l2spec, _i);
}
END_TEST

START_TEST(what_cannot_be_joined)
{
	pw_start(L2TP_ENCAP_UDP);
	pw.fails = "offer";
	pw_icrq(pw_answered(0, 2), 0, "lan");
	pw_asked("offer 0; cdn 0 5");
	world_nothing_asked();
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

/* v3-3-01 */
START_TEST(it_comes_up)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	pw_icrq(pw_answered(0, 2), 0, "lan");
	world_reply(DP_SESSION_UP, 0);
	s = sess_after(0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	world_reply(DP_SESSION_START, 0);
	ck_assert_str_eq(sess_state_name(s), "up");
	ck_assert_str_eq(s->ifname, "l2tp-lan");
}
END_TEST

/* Of the session for any call the name has a number, or is the name. */
START_TEST(names_with_numbers)
{
	struct session	*s;
	char		 name[16];

	pw_start(L2TP_ENCAP_UDP);
	pw.peer.has_session = 1;
	if (_i)
		pw.peer.max_sessions = 1;
	pw_icrq(pw_answered(0, 2), 0, "else");
	world_reply(DP_SESSION_UP, 0);
	s = sess_after(0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	world_reply(DP_SESSION_START, 0);
	snprintf(name, sizeof(name), "l2tp-any%u", s->unit);
	ck_assert_str_eq(s->ifname, _i ? "l2tp-any" : name);
	/* Another one has another. */
	pw_icrq(tun_after(0), 1, "else");
	pw_asked(_i ? "offer 0; take 0; cdn 1 4" : "offer 0; take 0; offer 1");
}
END_TEST

/* ---- in tunnels that we have dialled ---- */

/* v3-7.3.1-07: it is what we would have asked for. */
START_TEST(the_peer_is_first)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	pw_icrq(pw_ours(CONF_DIAL), 0, "site");
	pw_asked("offer 0");
	ck_assert_int_eq(world_expect(DP_SESSION_UP)->u.session_up.rule, 32);
	s = sess_after(0);
	ck_assert_ptr_eq(world_call.sess, s);
	world_reply(DP_SESSION_UP, 0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	world_reply(DP_SESSION_START, 0);
	ck_assert_int_eq(world.call_up, 1);
	pw_icrq(tun_after(0), 1, "site");
	pw_asked("take 0; cdn 1 4");
	pw_call_says(L2TP_EV_CALL_DOWN, s);
	ck_assert_int_eq(world.call_down, 1);
	ck_assert_ptr_null(world_call.sess);
}
END_TEST

START_TEST(ppp_where_we_are_the_client)
{
	pw_start(L2TP_ENCAP_UDP);
	pw.eth.pseudowire = DP_PW_PPP;
	pw.call.pw_type = L2TP_PW_PPP;
	pw_icrq(pw_ours(CONF_DIAL), 0, "site");
	pw_asked("cdn 0 4");
	world_nothing_asked();
	ck_assert_ptr_null(world_call.sess);
}
END_TEST

START_TEST(we_were_first)
{
	pw_start(L2TP_ENCAP_UDP);
	pw_place(pw_ours(CONF_DIAL));
	pw_icrq(tun_after(0), 1, "site");
	pw_asked("call pw 5, cookie 4; cdn 1 4");
	ck_assert_int_eq(world.call_down, 0);
	world_nothing_asked();
}
END_TEST

/* Ours has lost the tie: its session is over, and the peer's waits for it. */
START_TEST(a_lost_tie)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	s = pw_place(pw_ours(CONF_DIAL));
	pw_call_says(L2TP_EV_CALL_DOWN, s);
	pw_icrq(tun_after(0), 1, "site");
	pw_asked("call pw 5, cookie 4; offer 1");
	ck_assert_uint_eq(world_expect(DP_SESSION_UP)->u.session_up.local_sid,
	    PW_SID + 1);
}
END_TEST

static const struct {
	const char	*end_id;
	uint16_t	 pw_type;
	uint8_t		 version;
	const char	*asked;
} not_ours[] = {
	{ "lan", 5, 3, "cdn 0 5" }, { "", 5, 3, "cdn 0 5" },
	{ "site", 7, 3, "cdn 0 14" }, { "site", 5, 2, "cdn 0 5" }
};

START_TEST(not_of_the_tunnel)
{
	pw_start(L2TP_ENCAP_UDP);
	pw.peer.has_session = 1;
	pw.tunnel.version = not_ours[_i].version;
	pw.call.pw_type = not_ours[_i].pw_type;
	pw_icrq(pw_ours(CONF_DIAL), 0, not_ours[_i].end_id);
	pw_asked(not_ours[_i].asked);
	world_nothing_asked();
}
END_TEST

/* ---- whose interface it is ---- */

static struct session *
up(uint8_t last_octet)
{
	struct session	*s;

	pw_icrq(pw_answered(0, last_octet), 0, "lan");
	world_reply(DP_SESSION_UP, 0);
	s = sess_after(0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	world_reply(DP_SESSION_START, 0);
	pw.asked[0] = '\0';
	return (s);
}

START_TEST(a_second_call_in_the_tunnel)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	s = up(2);
	pw_icrq(s->tun, 1, "lan");
	pw_asked("cdn 1 4");
	world_nothing_asked();
	ck_assert_str_eq(sess_state_name(s), "up");
	pw_icrq(s->tun, 2, "wan");
	pw_asked("offer 2");
}
END_TEST

START_TEST(a_call_of_another_host)
{
	struct session	*s;
	struct tunnel	*other;

	pw_start(L2TP_ENCAP_UDP);
	s = up(2);
	other = pw_answered(1, 3);
	pw_icrq(other, 1, "lan");
	pw_asked("cdn 1 4");
	world_nothing_asked();
	ck_assert_str_eq(sess_state_name(s), "up");
}
END_TEST

/*
 * It has lost its memory, and its old tunnel is not found dead yet.  Where it
 * may have one session only, that is not one too many.
 */
START_TEST(the_peer_was_restarted)
{
	struct tunnel	*newer;
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	pw.peer.max_sessions = (uint16_t)(_i ? 1 : 4);
	s = up(2);
	newer = pw_answered(1, 2);
	pw_icrq(newer, 1, "lan");
	pw_asked("cdn 0 3; offer 1");
	/* First the old one's interface goes. */
	ck_assert_uint_eq(world_expect(DP_SESSION_DOWN)->u.session_down.handle,
	    s->handle);
	ck_assert_uint_eq(world.n_requests, 1);
	world_reply(DP_SESSION_DOWN, 0);
	ck_assert_uint_eq(world_expect(DP_SESSION_UP)->u.session_up.local_sid,
	    PW_SID + 1);
	world_reply(DP_SESSION_UP, 0);
	pw_asked("take 1");
	/* The old tunnel cannot take it back. */
	pw_icrq(tun_after(0), 2, "lan");
	pw_asked("cdn 2 4");
}
END_TEST

/* The next one waits; a third does not, and who has gone does not get it. */
START_TEST(one_waits)
{
	struct tunnel	*t;

	pw_start(L2TP_ENCAP_UDP);
	t = up(2)->tun;
	pw_call_says(L2TP_EV_CALL_DOWN, sess_after(0));
	pw_icrq(t, 1, "lan");
	pw_asked("offer 1");
	pw_icrq(t, 2, "lan");
	pw_asked("cdn 2 4");
	if (_i)
		pw_call_says(L2TP_EV_CALL_DOWN,
		    sess_find(t, PW_SID + 1));
	world_reply(DP_SESSION_DOWN, 0);
	if (!_i) {
		world_reply(DP_SESSION_UP, 0);
		return;
	}
	world_nothing_asked();
	ck_assert_ptr_null(sess_after(0));
	pw_icrq(t, 3, "lan");
	world_reply(DP_SESSION_UP, 0);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("pw_call");
	TCase	*tc = tcase_create("pw_call");
	SRunner	*sr;
	int	 failed;

	tcase_add_loop_test(tc, remote_end_id, 0,
	    (int)(sizeof(choices) / sizeof(*choices)));
	tcase_add_loop_test(tc, ppp, 0, 2);
	tcase_add_loop_test(tc, cookies, 0, 2);
	tcase_add_loop_test(tc, sequencing, 0, 2);
	tcase_add_test(tc, what_cannot_be_joined);
	tcase_add_test(tc, it_comes_up);
	tcase_add_loop_test(tc, names_with_numbers, 0, 2);
	tcase_add_test(tc, the_peer_is_first);
	tcase_add_test(tc, ppp_where_we_are_the_client);
	tcase_add_test(tc, we_were_first);
	tcase_add_test(tc, a_lost_tie);
	tcase_add_loop_test(tc, not_of_the_tunnel, 0,
	    (int)(sizeof(not_ours) / sizeof(*not_ours)));
	tcase_add_test(tc, a_second_call_in_the_tunnel);
	tcase_add_test(tc, a_call_of_another_host);
	tcase_add_loop_test(tc, the_peer_was_restarted, 0, 2);
	tcase_add_loop_test(tc, one_waits, 0, 2);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
