/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Pseudowires that we ask for: cookies, MTU, and the interface that goes up
 * and down with the peer's circuit.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "pseudowire.h"
#include "pw_world.h"

static const struct mtu_row {
	uint8_t		 family, encap, cookie, l2spec;
	uint32_t	 path;
	uint16_t	 fits;
} mtus[] = {
	/* 20 + 8 + 4 + 4 + 14 and 20 + 4 + 14 */
	{ 4, L2TP_ENCAP_UDP, 0, 0, 1500, 1450 },
	{ 4, L2TP_ENCAP_UDP, 4, 0, 1500, 1446 },
	{ 4, L2TP_ENCAP_UDP, 8, 0, 1500, 1442 },
	{ 4, L2TP_ENCAP_UDP, 8, 1, 1500, 1438 },
	{ 4, L2TP_ENCAP_IP, 0, 0, 1500, 1462 },
	{ 4, L2TP_ENCAP_IP, 8, 1, 1500, 1450 },
	{ 6, L2TP_ENCAP_UDP, 8, 0, 1500, 1422 },
	{ 6, L2TP_ENCAP_IP, 8, 0, 1500, 1434 },
	{ 6, L2TP_ENCAP_IP, 8, 1, 1280, 1210 },
	/* A path that is not known: Ethernet, or what IPv6 promises. */
	{ 4, L2TP_ENCAP_IP, 0, 0, 0, 1462 },
	{ 6, L2TP_ENCAP_IP, 0, 0, 0, 1222 },
	/* Within what an interface may have. */
	{ 4, L2TP_ENCAP_IP, 0, 0, 65536, 9000 },
	{ 4, L2TP_ENCAP_IP, 0, 0, 9038, 9000 },
	{ 4, L2TP_ENCAP_IP, 0, 0, 9037, 8999 },
	{ 4, L2TP_ENCAP_IP, 0, 0, 107, 69 },
	{ 4, L2TP_ENCAP_IP, 0, 0, 106, 68 },
	{ 4, L2TP_ENCAP_IP, 0, 0, 20, 68 }
};

/* v3-eth-11, v3-4.1.4-03 */
START_TEST(mtu)
{
	const struct mtu_row	*row = &mtus[_i];
	struct tunnel		 t = { .link = 101 };
	struct session		 s = { .tun = &t, .cookie_len = row->cookie,
				    .l2spec = row->l2spec };
	struct pw_mtu		 got;

	t.remote.family = world.family = row->family;
	t.remote.encap = row->encap;
	world.path_mtu = row->path;
	pw_mtu(&s, &got);
	ck_assert_uint_eq(got.fits, row->fits);
	ck_assert_uint_eq(got.guessed, row->path == 0);
}
END_TEST

/* A call that we place, as far as the kernel's session. */
static struct session *
replied(void)
{
	struct session	*s = pw_place(pw_ours(CONF_DIAL));

	pw.call.peer_cookie_len = 8;
	memcpy(pw.call.peer_cookie, "\1\2\3\4\5\6\7\10", 8);
	pw.call.local_cookie_len = 4;
	memcpy(pw.call.local_cookie, "\11\12\13\14", 4);
	pw_call_says(L2TP_EV_CALL_REPLY, s);
	return (s);
}

/* v3-5.4.4-07: each direction has the cookie that its receiver assigned. */
START_TEST(what_was_agreed_upon)
{
	const struct dp_session_start	*start;
	const struct dp_session_up	*up;
	struct session			*s;

	pw_start(L2TP_ENCAP_UDP);
	pw.eth.reorder_ms = 100;
	pw.call.l2spec = pw.call.recv_seq = 1;
	s = replied();
	up = &world_expect(DP_SESSION_UP)->u.session_up;
	ck_assert_uint_eq(up->lns_mode, 1);
	ck_assert_uint_eq(up->local_sid, PW_SID);
	ck_assert_uint_eq(up->peer_sid, PW_PEER_SID);
	ck_assert_uint_eq(up->cookie_len, 8);
	ck_assert_mem_eq(up->cookie, pw.call.peer_cookie, 8);
	ck_assert_uint_eq(up->peer_cookie_len, 4);
	ck_assert_mem_eq(up->peer_cookie, "\11\12\13\14\0\0\0\0", 8);
	ck_assert_uint_eq(up->l2spec, 1);
	ck_assert_uint_eq(up->reorder_ms, 100);
	ck_assert_uint_eq(up->mtu, 1438);
	pw_asked("call pw 5, cookie 4");
	world_reply(DP_SESSION_UP, 0);
	pw_asked("take 0");
	world_nothing_asked();
	pw_call_says(L2TP_EV_CALL_UP, s);
	start = &world_expect(DP_SESSION_START)->u.session_start;
	ck_assert_uint_eq(start->down, 0);
	ck_assert_uint_eq(start->send_seq, 1);
	ck_assert_uint_eq(start->recv_seq, 1);
}
END_TEST

START_TEST(a_configured_mtu)
{
	pw_start(L2TP_ENCAP_UDP);
	pw.eth.mtu = 1500;
	(void)replied();
	ck_assert_uint_eq(world_expect(DP_SESSION_UP)->u.session_up.mtu, 1500);
}
END_TEST

static void
is_asked(const struct session *s, uint8_t down, const char *state)
{
	ck_assert_uint_eq(
	    world_expect(DP_SESSION_START)->u.session_start.down, down);
	world_reply(DP_SESSION_START, 0);
	ck_assert_str_eq(sess_state_name(s), state);
	ck_assert_str_eq(s->ifname, "l2tp-site");
	world_nothing_asked();
}

/* The interface is there, and is up while this is so. */
static void
is_set(const struct session *s, int up)
{
	is_asked(s, !up, up ? "up" : "down");
}

/*
 * v3-5.4.5-05, v3-5.4.5-06, v3-eth-06: the session is there while the
 * circuit is inactive, and its interface is down.
 */
START_TEST(circuit)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	s = replied();
	world_reply(DP_SESSION_UP, 0);
	pw.call.circuit_active = 0;
	pw_call_says(L2TP_EV_CALL_UP, s);
	is_set(s, 0);
	ck_assert_int_eq(world.call_up, 1);
	pw.call.circuit_active = 1;
	pw_call_says(L2TP_EV_CALL_CIRCUIT, s);
	is_set(s, 1);
	pw_call_says(L2TP_EV_CALL_CIRCUIT, s);
	world_nothing_asked();
	pw.call.circuit_active = 0;
	pw_call_says(L2TP_EV_CALL_CIRCUIT, s);
	is_set(s, 0);
	ck_assert_int_eq(world.call_down, 0);
}
END_TEST

/* Before the call is up, or when it is over, it is not yet our affair. */
/* v3-6.10-02 */
START_TEST(circuit_too_early)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	s = replied();
	world_reply(DP_SESSION_UP, 0);
	pw.call.circuit_active = 0;
	pw_call_says(L2TP_EV_CALL_CIRCUIT, s);
	world_nothing_asked();
	pw_call_says(L2TP_EV_CALL_UP, s);
	is_set(s, 0);
}
END_TEST

START_TEST(circuit_too_late)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	s = replied();
	world_reply(DP_SESSION_UP, 0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	/* The call ends while dpd is at it. */
	pw_call_says(L2TP_EV_CALL_DOWN, s);
	ck_assert_int_eq(world.call_down, 1);
	world_reply(DP_SESSION_START, 0);
	ck_assert_int_eq(world.call_up, 0);
	world_reply(DP_SESSION_DOWN, 0);
	world_nothing_asked();
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

/* It gets its MTU, its bridge and its addresses. */
START_TEST(it_is_left_to_others)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	pw.eth.up = 0;
	s = replied();
	world_reply(DP_SESSION_UP, 0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	is_asked(s, DP_AS_IT_IS, "up");
	pw.call.circuit_active = 0;
	pw_call_says(L2TP_EV_CALL_CIRCUIT, s);
	pw.call.circuit_active = 1;
	pw_call_says(L2TP_EV_CALL_CIRCUIT, s);
	world_nothing_asked();
}
END_TEST

START_TEST(dpd_cannot_set_it_up)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	s = replied();
	world_reply(DP_SESSION_UP, 0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	pw.asked[0] = '\0';
	world_reply(DP_SESSION_START, ENODEV);
	pw_asked("cdn 0 4");
	ck_assert_int_eq(world.call_down, 1);
	world_reply(DP_SESSION_DOWN, 0);
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

/* pppd's numbers and those of interfaces are not the same. */
START_TEST(notices_are_not_for_ethernet)
{
	struct dp_notice	 n = { .user = "mallory" };
	struct session		*s;

	pw_start(L2TP_ENCAP_UDP);
	s = replied();
	world_reply(DP_SESSION_UP, 0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	is_set(s, 1);
	n.unit = s->unit;
	world_notice(&n, sizeof(n));
	ck_assert_str_eq(s->ifname, "l2tp-site");
	ck_assert_str_eq(s->user, "");
}
END_TEST

/* PPP has a pppd over L2TPv3, too, and cookies. */
START_TEST(ppp)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_IP);
	pw.eth.pseudowire = DP_PW_PPP;
	pw.call.send_seq = 1;
	s = replied();
	ck_assert_uint_eq(
	    world_expect(DP_SESSION_UP)->u.session_up.cookie_len, 8);
	ck_assert_uint_eq(world_expect(DP_SESSION_UP)->u.session_up.mtu, 0);
	world_reply(DP_SESSION_UP, 0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	ck_assert_uint_eq(
	    world_expect(DP_SESSION_START)->u.session_start.send_seq, 1);
	ck_assert_uint_eq(
	    world_expect(DP_SESSION_START)->u.session_start.recv_seq, 0);
	world_reply(DP_SESSION_START, 0);
	ck_assert_str_eq(sess_state_name(s), "starting");
	world_pppd_up();
	ck_assert_str_eq(sess_state_name(s), "up");
	pw.call.circuit_active = 0;
	pw_call_says(L2TP_EV_CALL_CIRCUIT, s);
	world_nothing_asked();
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("pseudowire");
	TCase	*tc = tcase_create("pseudowire");
	SRunner	*sr;
	int	 failed;

	tcase_add_loop_test(tc, mtu, 0, (int)(sizeof(mtus) / sizeof(*mtus)));
	tcase_add_test(tc, what_was_agreed_upon);
	tcase_add_test(tc, a_configured_mtu);
	tcase_add_test(tc, circuit);
	tcase_add_test(tc, circuit_too_early);
	tcase_add_test(tc, circuit_too_late);
	tcase_add_test(tc, it_is_left_to_others);
	tcase_add_test(tc, dpd_cannot_set_it_up);
	tcase_add_test(tc, notices_are_not_for_ethernet);
	tcase_add_test(tc, ppp);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
