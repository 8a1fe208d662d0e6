/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The control socket: what good clients are told, and that bad ones are
 * closed and slow ones waited for.
 */
#include <errno.h>
#include <stdlib.h>

#include "ctl_client.h"
#include "session.h"
#include "tunnel.h"

START_TEST(status)
{
	struct ctl_status	 st;
	int			 fd;

	serve();
	world_session();
	fd = client();
	ask(fd, CTL_SHOW_STATUS, 0, 0, "");
	told(fd, CTL_STATUS, &st, sizeof(st));
	ck_assert_uint_eq(st.tunnels, 1);
	ck_assert_uint_eq(st.calls, 1);
	ck_assert_uint_eq(st.pool_leased, 1);
	ck_assert_uint_eq(st.pool_size, 2);
	ck_assert_uint_eq(st.listening, 1);
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

START_TEST(tunnels)
{
	struct ctl_tunnel	 t;
	int			 fd;

	serve();
	strlcpy(world_dial.redial.reason, "no reply",
	    sizeof(world_dial.redial.reason));
	world_dial.redial.timer.at = world.now + 1500;
	world_dial.redial.timer.pos = 1;
	world_session();
	fd = client();
	ask(fd, CTL_SHOW_TUNNELS, 0, 0, "");
	told(fd, CTL_TUNNEL, &t, sizeof(t));
	ck_assert_str_eq(t.name, "branches");
	ck_assert_str_eq(t.host_name, "branch-1");
	ck_assert_uint_eq(t.local_tid, tun_after(0)->local_tid);
	ck_assert_uint_eq(t.sessions, 1);
	ck_assert_uint_eq(t.peer.ip[3], 2);
	ck_assert_uint_eq(t.mode, CTL_ANSWERED);
	told(fd, CTL_TUNNEL, &t, sizeof(t));
	ck_assert_str_eq(t.name, "isp");
	ck_assert_str_eq(t.state, "waiting");
	ck_assert_str_eq(t.reason, "no reply");
	ck_assert_uint_eq(t.next_ms, 1500);
	ck_assert_uint_eq(t.local_tid, 0);
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

START_TEST(a_tunnel_that_is_over_is_not_shown)
{
	struct ctl_tunnel	 t;
	int			 fd;

	serve();
	world_session();
	tun_close(tun_after(0), 1, 0, NULL);
	world_run();
	fd = client();
	ask(fd, CTL_SHOW_TUNNELS, 0, 0, "");
	told(fd, CTL_TUNNEL, &t, sizeof(t));	/* pppd has not ended */
	ck_assert_str_eq(t.name, "branches");
	close(fd);
	world_poll();
	world_reply(DP_SESSION_DOWN, 0);
	world_reply(DP_TUNNEL_CLOSE, 0);
	ck_assert_ptr_nonnull(tun_after(0));
	fd = client();
	ask(fd, CTL_SHOW_TUNNELS, 0, 0, "");
	told(fd, CTL_TUNNEL, &t, sizeof(t));
	ck_assert_str_eq(t.name, "isp");
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

START_TEST(sessions_with_counters)
{
	struct ctl_session	 s;
	struct imsg		 m;
	int			 fd;

	serve();
	world_session();
	world_pppd_up();
	fd = client();
	ask(fd, CTL_SHOW_SESSIONS, 0, 0, "");
	ck_assert_int_eq(imsg_recv(fd, &m), IMSG_AGAIN);
	world_reply(DP_STATS, 0);
	told(fd, CTL_SESSION, &s, sizeof(s));
	ck_assert_str_eq(s.tunnel, "branches");
	ck_assert_str_eq(s.state, "up");
	ck_assert_str_eq(s.user, "alice");
	ck_assert_str_eq(s.ifname, "ppp1000");
	ck_assert_str_eq(s.calling, "123");
	ck_assert_uint_eq(s.has_counters, 1);
	ck_assert_uint_eq(s.rx_bytes, 4242);
	told(fd, CTL_SESSION, &s, sizeof(s));
	ck_assert_str_eq(s.tunnel, "isp");
	ck_assert_str_eq(s.name, "home");
	ck_assert_uint_eq(s.local_sid, 0);
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

START_TEST(a_session_without_counters)
{
	struct ctl_session	 s;
	int			 fd;

	serve();
	world_session();
	fd = client();
	ask(fd, CTL_SHOW_SESSIONS, 0, 0, "");
	world_reply(DP_STATS, ENOENT);
	told(fd, CTL_SESSION, &s, sizeof(s));
	ck_assert_uint_eq(s.has_counters, 0);
}
END_TEST

/* The session that counters were asked for ends before they come. */
START_TEST(the_session_goes_meanwhile)
{
	struct ctl_session	 s;
	int			 fd;

	serve();
	world_session();
	fd = client();
	ask(fd, CTL_SHOW_SESSIONS, 0, 0, "");
	world_expect(DP_STATS);
	sess_close(sess_after(0), L2TP_CDN_ADMIN, 0, NULL);
	world_run();
	world_reply(DP_STATS, ENOENT);
	world_poll();
	told(fd, CTL_SESSION, &s, sizeof(s));
	ck_assert_str_eq(s.state, "ending");
	world_reply(DP_SESSION_DOWN, 0);
}
END_TEST

START_TEST(the_client_goes_meanwhile)
{
	struct ctl_status	 st;
	int			 fd, i;

	serve();
	world_session();
	for (i = 0; i < CTL_MAX_CLIENTS; i++) {
		fd = client();
		ask(fd, CTL_SHOW_SESSIONS, 0, 0, "");
		close(fd);
		world_poll();
	}
	/* Their places are kept until dpd has answered. */
	closed(client());
	for (i = 0; i < CTL_MAX_CLIENTS; i++)
		world_reply(DP_STATS, 0);
	fd = client();
	ask(fd, CTL_SHOW_STATUS, 0, 0, "");
	told(fd, CTL_STATUS, &st, sizeof(st));
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

START_TEST(close_tunnel)
{
	uint16_t	 tid;
	int		 fd;

	serve();
	world_session();
	tid = tun_after(0)->local_tid;
	fd = client();
	ask(fd, CTL_CLOSE_TUNNEL, tid ^ 1, 0, "");
	ck_assert_int_eq(done(fd), ENOENT);
	fd = client();
	ask(fd, CTL_CLOSE_TUNNEL, 0, 0, "nobody");
	ck_assert_int_eq(done(fd), ENOENT);
	fd = client();
	ask(fd, CTL_CLOSE_TUNNEL, 0, 0, "isp");	/* it is not up */
	ck_assert_int_eq(done(fd), ENOENT);
	ck_assert_int_eq(world.tunnels_down, 0);
	fd = client();
	ask(fd, CTL_CLOSE_TUNNEL, tid, 0, "");
	ck_assert_int_eq(done(fd), 0);
	ck_assert_int_eq(world.tunnels_down, 1);
	ck_assert_uint_eq(world.tunnel_cause.result, 1);
	fd = client();
	ask(fd, CTL_CLOSE_TUNNEL, tid, 0, "");
	ck_assert_int_eq(done(fd), ENOENT);
}
END_TEST

START_TEST(close_session)
{
	uint16_t	 tid, sid;
	int		 fd;

	serve();
	world_session();
	tid = tun_after(0)->local_tid;
	sid = sess_after(0)->local_sid;
	fd = client();
	ask(fd, CTL_CLOSE_SESSION, tid ^ 1, sid, "");
	ck_assert_int_eq(done(fd), ENOENT);
	fd = client();
	ask(fd, CTL_CLOSE_SESSION, tid, sid ^ 1, "");
	ck_assert_int_eq(done(fd), ENOENT);
	ck_assert_int_eq(world.calls_down, 0);
	fd = client();
	ask(fd, CTL_CLOSE_SESSION, tid, sid, "");
	ck_assert_int_eq(done(fd), 0);
	ck_assert_int_eq(world.calls_down, 1);
	ck_assert_uint_eq(world.call_cause.result, 3);
}
END_TEST

START_TEST(another_version)
{
	struct ctl_request	 req = { .version = CTL_VERSION + 1 };
	int			 fd;

	serve();
	fd = client();
	ck_assert_int_eq(imsg_send(fd, CTL_SHOW_TUNNELS, 0, -1, &req,
	    sizeof(req)), IMSG_OK);
	world_poll();
	ck_assert_int_eq(done(fd), EPROTONOSUPPORT);
}
END_TEST

START_TEST(wrong_lengths)
{
	uint8_t	 data[sizeof(struct ctl_request) + 4] = { CTL_VERSION };
	size_t	 len;
	int	 fd;

	serve();
	for (len = 0; len <= sizeof(data); len++) {
		if (len == sizeof(struct ctl_request))
			continue;
		fd = client();
		ck_assert_int_eq(imsg_send(fd, CTL_SHOW_STATUS, 0, -1, data,
		    len), IMSG_OK);
		world_poll();
		closed(fd);
	}
}
END_TEST

START_TEST(wrong_types)
{
	uint16_t	 type;
	int		 fd;

	serve();
	for (type = 0; type < 80; type++) {
		if (type >= CTL_SHOW_STATUS && type <= CTL_EXPLAIN)
			continue;
		fd = client();
		ask(fd, type, 0, 0, "");
		closed(fd);
	}
}
END_TEST

START_TEST(not_a_request)
{
	struct ctl_request	 req = { .version = CTL_VERSION };
	int			 fd;

	serve();
	fd = client();
	memset(req.name, 'x', sizeof(req.name));
	ck_assert_int_eq(imsg_send(fd, CTL_CLOSE_TUNNEL, 0, -1, &req,
	    sizeof(req)), IMSG_OK);
	world_poll();
	closed(fd);
	fd = client();
	ck_assert_int_eq(send(fd, "x", 1, 0), 1);
	world_poll();
	closed(fd);
	fd = client();
	memset(req.name, 0, sizeof(req.name));
	ck_assert_int_eq(imsg_send(fd, CTL_SHOW_STATUS, 0, STDERR_FILENO,
	    &req, sizeof(req)), IMSG_OK);
	world_poll();
	closed(fd);
}
END_TEST

START_TEST(too_many_clients_of_one_user)
{
	int	 fds[8], i;

	serve();
	for (i = 0; i < 8; i++)
		fds[i] = client();
	closed(client());
	close(fds[3]);
	world_poll();
	fds[3] = client();
	ask(fds[3], CTL_CLOSE_TUNNEL, 1, 0, "");
	ck_assert_int_eq(done(fds[3]), ENOENT);
}
END_TEST

/* A client that does not read holds up nobody and costs no memory. */
START_TEST(a_slow_reader)
{
	struct ctl_tunnel	 t;
	struct ctl_done		 d;
	struct imsg		 m;
	int			 fd, i, size = 2048, n = 0;

	serve();
	world_dial.tun = NULL;
	fd = client();
	/* The server's end is the newest descriptor that is watched. */
	for (i = WORLD_FDS - 1; world.fds[i].fn == NULL; i--)
		continue;
	ck_assert_int_eq(setsockopt(i, SOL_SOCKET, SO_SNDBUF, &size,
	    sizeof(size)), 0);
	TAILQ_FIRST(&ctld.conf->peers)->max_tunnels = 8;
	for (i = 0; i < 8; i++)
		world_peer_dials("branch-1");
	ask(fd, CTL_SHOW_TUNNELS, 0, 0, "");
	for (;;) {
		ck_assert_int_eq(imsg_recv(fd, &m), IMSG_OK);
		if (m.hdr.type == CTL_DONE)
			break;
		ck_assert_uint_eq(m.hdr.len, sizeof(t));
		n++;
		world_poll();
	}
	memcpy(&d, m.data, sizeof(d));
	ck_assert_int_eq(d.err, 0);
	ck_assert_int_eq(n, 9);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("ctl");
	TCase	*tc = tcase_create("ctl");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, status);
	tcase_add_test(tc, tunnels);
	tcase_add_test(tc, a_tunnel_that_is_over_is_not_shown);
	tcase_add_test(tc, sessions_with_counters);
	tcase_add_test(tc, a_session_without_counters);
	tcase_add_test(tc, the_session_goes_meanwhile);
	tcase_add_test(tc, the_client_goes_meanwhile);
	tcase_add_test(tc, close_tunnel);
	tcase_add_test(tc, close_session);
	tcase_add_test(tc, another_version);
	tcase_add_test(tc, wrong_lengths);
	tcase_add_test(tc, wrong_types);
	tcase_add_test(tc, not_a_request);
	tcase_add_test(tc, too_many_clients_of_one_user);
	tcase_add_test(tc, a_slow_reader);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
