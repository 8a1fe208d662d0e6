/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What septumctl is told of L2TPv3: tunnels of all modes, Ethernet sessions,
 * and how their MTUs come about.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "ctl_client.h"
#include "pw_world.h"

static struct ctl_tunnel
one_tunnel(void)
{
	struct ctl_tunnel	 t;
	int			 fd = client();

	ask(fd, CTL_SHOW_TUNNELS, 0, 0, "");
	told(fd, CTL_TUNNEL, &t, sizeof(t));
	close(fd);
	world_poll();
	return (t);
}

static struct ctl_session
one_session(void)
{
	struct ctl_session	 s;
	int			 fd = client();

	ask(fd, CTL_SHOW_SESSIONS, 0, 0, "");
	if (sess_after(0)->state == SESS_STARTED)
		world_reply(DP_STATS, 0);
	told(fd, CTL_SESSION, &s, sizeof(s));
	close(fd);
	world_poll();
	return (s);
}

static const struct {
	enum conf_mode	 mode;
	uint8_t		 shown;
} modes[] = {
	{ CONF_DIAL, CTL_DIALLED }, { CONF_STATIC, CTL_STATIC },
	{ CONF_QUIESCENT, CTL_QUIESCENT }
};

START_TEST(tunnels_of_ours)
{
	struct ctl_tunnel	 t;

	pw_start(L2TP_ENCAP_IP);
	serve_control();
	world_dial.state = DIAL_UP;
	pw.tunnel.fixed = modes[_i].mode == CONF_QUIESCENT;
	pw.tunnel.router_id = 77;
	pw.tunnel.digest = L2TP_DIGEST_SHA1;
	world_dial.tun = pw_ours(modes[_i].mode);
	t = one_tunnel();
	ck_assert_uint_eq(t.mode, modes[_i].shown);
	ck_assert_uint_eq(t.version, 3);
	ck_assert_uint_eq(t.encap, L2TP_ENCAP_IP);
	ck_assert_uint_eq(t.peer.port, 0);
	ck_assert_uint_eq(t.local_tid, tun_after(0)->local_tid);
	ck_assert_str_eq(t.state, modes[_i].mode == CONF_DIAL ?
	    "established" : "up");
	ck_assert_uint_eq(t.digest, modes[_i].mode == CONF_STATIC ? 0 :
	    L2TP_DIGEST_SHA1);
	ck_assert_uint_eq(t.router_id, modes[_i].mode == CONF_STATIC ? 0 : 77);
	tun_after(0)->silent = 1;
	ck_assert_str_eq(one_tunnel().state, modes[_i].mode == CONF_DIAL ?
	    "established" : "silent");
}
END_TEST

/* Before there is one, the configuration knows that much. */
START_TEST(tunnels_to_come)
{
	struct ctl_tunnel	 t;

	pw_start(L2TP_ENCAP_IP);
	serve_control();
	world_dialled.mode = (uint8_t)modes[_i].mode;
	t = one_tunnel();
	ck_assert_uint_eq(t.mode, modes[_i].shown);
	ck_assert_uint_eq(t.encap, L2TP_ENCAP_IP);
	ck_assert_uint_eq(t.version, modes[_i].mode == CONF_DIAL ? 0 : 3);
}
END_TEST

START_TEST(tunnels_that_come_in)
{
	struct ctl_tunnel	 t;

	pw_start(L2TP_ENCAP_IP);
	serve_control();
	pw_sccrq(0, 2);
	t = one_tunnel();
	ck_assert_str_eq(t.state, "opening");
	ck_assert_uint_eq(t.mode, CTL_ANSWERED);
	ck_assert_uint_eq(t.local_tid, PW_TID);
	ck_assert_uint_eq(t.version, 0);
}
END_TEST

/* An Ethernet session by our own call, which is up. */
static void
has_session(void)
{
	struct session	*s;

	pw_start(L2TP_ENCAP_UDP);
	serve_control();
	s = pw_place(pw_ours(CONF_DIAL));
	pw.call.peer_cookie_len = 8;
	pw.call.local_cookie_len = 4;
	pw.call.remote_end_id.p = (const uint8_t *)"site";
	pw.call.remote_end_id.len = 4;
	pw.call.l2spec = pw.call.recv_seq = 1;
	pw_call_says(L2TP_EV_CALL_REPLY, s);
	world_reply(DP_SESSION_UP, 0);
	pw_call_says(L2TP_EV_CALL_UP, s);
	world_reply(DP_SESSION_START, 0);
}

START_TEST(sessions)
{
	struct ctl_session	 s;

	has_session();
	s = one_session();
	ck_assert_str_eq(s.state, "up");
	ck_assert_str_eq(s.ifname, "l2tp-site");
	ck_assert_str_eq(s.remote_end_id, "site");
	ck_assert_uint_eq(s.local_sid, PW_SID);
	ck_assert_uint_eq(s.peer_sid, PW_PEER_SID);
	ck_assert_uint_eq(s.pseudowire, DP_PW_ETH);
	ck_assert_uint_eq(s.cookie_len, 8);
	ck_assert_uint_eq(s.peer_cookie_len, 4);
	ck_assert_uint_eq(s.l2spec, 1);
	ck_assert_uint_eq(s.sequencing, 1);
	ck_assert_uint_eq(s.circuit, 1);
	ck_assert_uint_eq(s.mtu, 1438);
	ck_assert_uint_eq(s.has_counters, 1);
	ck_assert_uint_eq(s.rx_bytes, 4242);
	ck_assert_uint_eq(s.rx_cookie_discards, 99);
	pw.call.circuit_active = 0;
	pw_call_says(L2TP_EV_CALL_CIRCUIT, sess_after(0));
	world_reply(DP_SESSION_START, 0);
	s = one_session();
	ck_assert_str_eq(s.state, "down");
	ck_assert_uint_eq(s.circuit, 0);
}
END_TEST

/* The id of a session has 32 bits. */
START_TEST(one_of_them)
{
	struct ctl_session	 s;
	int			 fd;

	has_session();
	fd = client();
	ask(fd, CTL_SHOW_SESSION, PW_TID, PW_SID & 0xffff, "");
	ck_assert_int_eq(done(fd), ENOENT);
	fd = client();
	ask(fd, CTL_SHOW_SESSION, PW_TID, PW_SID, "");
	world_reply(DP_STATS, 0);
	told(fd, CTL_SESSION, &s, sizeof(s));
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

/* ---- explain ---- */

static int
explain(const char *tunnel, const char *session)
{
	struct ctl_request	 req = { .version = CTL_VERSION };
	int			 fd = client();

	strlcpy(req.name, tunnel, sizeof(req.name));
	strlcpy(req.session, session, sizeof(req.session));
	ask_for(fd, CTL_EXPLAIN, &req);
	return (fd);
}

static const struct {
	const char	*tunnel, *session;
	int		 err;
} questions[] = {
	{ "", "", 0 }, { "isp", "", 0 }, { "isp", "site", 0 },
	{ "", "site", 0 }, { "is", "", ENOENT }, { "isp", "sit", ENOENT },
	{ "site", "isp", ENOENT }
};

START_TEST(explained)
{
	struct ctl_mtu	 m;
	int		 fd;

	has_session();
	fd = explain(questions[_i].tunnel, questions[_i].session);
	if (questions[_i].err != 0) {
		ck_assert_int_eq(done(fd), questions[_i].err);
		return;
	}
	told(fd, CTL_MTU, &m, sizeof(m));
	ck_assert_str_eq(m.tunnel, "isp");
	ck_assert_str_eq(m.name, "site");
	ck_assert_str_eq(m.ifname, "l2tp-site");
	ck_assert_uint_eq(m.peer.ip[3], 2);
	ck_assert_uint_eq(m.path, 1500);
	ck_assert_uint_eq(m.guessed, 0);
	ck_assert_uint_eq(m.ip + m.udp + m.flags + m.session_id, 36);
	ck_assert_uint_eq(m.cookie, 8);
	ck_assert_uint_eq(m.sublayer, 4);
	ck_assert_uint_eq(m.ethernet, 14);
	ck_assert_uint_eq(m.fits, 1438);
	ck_assert_uint_eq(m.mtu, 1438);
	ck_assert_uint_eq(m.configured, 0);
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

/* The path may have become narrower since. */
START_TEST(explained_later)
{
	struct ctl_mtu	 m;
	int		 fd;

	has_session();
	world.path_mtu = 1400;
	fd = explain("", "");
	told(fd, CTL_MTU, &m, sizeof(m));
	ck_assert_uint_eq(m.fits, 1338);
	ck_assert_uint_eq(m.mtu, 1438);
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

START_TEST(nothing_to_explain)
{
	pw_start(L2TP_ENCAP_UDP);
	serve_control();
	ck_assert_int_eq(done(explain("", "")), ENOENT);
	/* Not a session of PPP, and not one that the kernel has not. */
	pw.eth.pseudowire = _i ? DP_PW_ETH : DP_PW_PPP;
	pw_place(pw_ours(CONF_DIAL));
	ck_assert_int_eq(done(explain("", "")), ENOENT);
}
END_TEST

START_TEST(endless_names)
{
	struct ctl_request	 req = { .version = CTL_VERSION };
	int			 fd;

	pw_start(L2TP_ENCAP_UDP);
	serve_control();
	memset(req.session, 'a', sizeof(req.session));
	fd = client();
	ask_for(fd, CTL_EXPLAIN, &req);
	closed(fd);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("ctl_pw");
	TCase	*tc = tcase_create("ctl_pw");
	SRunner	*sr;
	int	 failed;

	tcase_add_loop_test(tc, tunnels_of_ours, 0, 3);
	tcase_add_loop_test(tc, tunnels_to_come, 0, 3);
	tcase_add_test(tc, tunnels_that_come_in);
	tcase_add_test(tc, sessions);
	tcase_add_test(tc, one_of_them);
	tcase_add_loop_test(tc, explained, 0,
	    (int)(sizeof(questions) / sizeof(*questions)));
	tcase_add_test(tc, explained_later);
	tcase_add_loop_test(tc, nothing_to_explain, 0, 2);
	tcase_add_test(tc, endless_names);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
