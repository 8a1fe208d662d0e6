/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The control socket: calls that a client has placed, and what is told of
 * one session.
 */
#include <errno.h>

#include "ctl_client.h"
#include "session.h"
#include "tunnel.h"

/* What the LAC knows of the call of the_call(), as it is told. */
static const struct l2tp_proxy	 proxy = {
	.initial_lcp = { (const uint8_t *)"12345", 5 },
	.type = L2TP_PROXY_CHAP, .id = 9,
	.name = { (const uint8_t *)"alice", 5 },
	.challenge = { (const uint8_t *)"1234567", 7 },
	.response = { (const uint8_t *)"hunter2hunter2", 14 }
};

static const struct l2tp_call_params	 params = {
	.framing_type = L2TP_FRAMING_SYNC, .bearer_type = L2TP_BEARER_ANALOG,
	.tx_speed = 1000, .rx_speed = 500, .called = "5551",
	.calling = "5552", .sub_address = "7", .physical_channel = 12,
	.private_group = { (const uint8_t *)"blue", 4 }, .proxy = &proxy
};

/* With one session of the peer. */
static struct session *
the_call(void)
{
	serve();
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
	ck_assert_int_eq(l2tp_call_open(world.peer, world.tid, &params, NULL,
	    world.now, &world.sid), 0);
	world_run();
	world_reply(DP_SESSION_UP, 0);
	world_reply(DP_SESSION_START, 0);
	return (sess_after(0));
}

/* With a tunnel whose peer places calls. */
static void
lac(void)
{
	world.peer_bearer = L2TP_BEARER_DIGITAL;
	serve();
	world_peer_dials("branch-1");
	world_reply(DP_TUNNEL_OPEN, 0);
	world_reply(DP_TUNNEL_UP, 0);
}

static int
call(const char *name, uint16_t tid)
{
	struct ctl_request	 req = { .version = CTL_VERSION,
	    .local_tid = tid, .number = "5551" };
	int			 fd = client();

	strlcpy(req.name, name, sizeof(req.name));
	ask_for(fd, CTL_CALL, &req);
	return (fd);
}

static void
waits(int fd)
{
	struct imsg	 m;

	ck_assert_int_eq(imsg_recv(fd, &m), IMSG_AGAIN);
}

static void
connected(void)
{
	static const struct l2tp_call_params	 answer = {
		.framing_type = L2TP_FRAMING_SYNC, .tx_speed = 64000
	};

	ck_assert_int_eq(l2tp_call_connect(world.peer, world.tid, world.sid,
	    &answer, world.now), 0);
	world_run();
}

/* A text in what was told, whatever the record is. */
static int
has(const void *p, size_t len, const char *text)
{
	return (memmem(p, len, text, strlen(text)) != NULL);
}

START_TEST(details)
{
	const struct session	*s = the_call();
	struct ctl_request	 req = { .version = CTL_VERSION,
	    .details = 1, .local_tid = s->tun->local_tid,
	    .local_sid = s->local_sid };
	struct ctl_session	 rec;
	struct ctl_details	 d;
	int			 fd = client();

	ask_for(fd, _i ? CTL_SHOW_SESSIONS : CTL_SHOW_SESSION, &req);
	waits(fd);
	world_reply(DP_STATS, 0);
	told(fd, CTL_SESSION, &rec, sizeof(rec));
	ck_assert_str_eq(rec.called, "5551");
	ck_assert_str_eq(rec.calling, "5552");
	ck_assert_uint_eq(rec.outgoing, 0);
	told(fd, CTL_DETAILS, &d, sizeof(d));
	ck_assert_str_eq(d.call_state, "established");
	ck_assert_uint_eq(d.is_lns, 1);
	ck_assert_str_eq(d.sub_address, "7");
	ck_assert_str_eq(d.private_group, "blue");
	ck_assert_uint_eq(d.tx_speed, 1000);
	ck_assert_uint_eq(d.rx_speed, 500);
	ck_assert_uint_eq(d.framing_type, L2TP_FRAMING_SYNC);
	ck_assert_uint_eq(d.bearer_type, L2TP_BEARER_ANALOG);
	ck_assert_uint_eq(d.physical_channel, 12);
	ck_assert_uint_eq(d.has_accm, 0);
	ck_assert_uint_eq(d.crc, 0);
	if (_i)
		told(fd, CTL_SESSION, &rec, sizeof(rec));
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

/* Of what a user has proved himself with there is only the size. */
START_TEST(no_secrets)
{
	const struct session	*s = the_call();
	struct ctl_request	 req = { .version = CTL_VERSION,
	    .details = 1, .local_tid = s->tun->local_tid,
	    .local_sid = s->local_sid };
	struct ctl_session	 rec;
	struct ctl_details	 d;
	int			 fd = client();

	ask_for(fd, CTL_SHOW_SESSION, &req);
	world_reply(DP_STATS, 0);
	told(fd, CTL_SESSION, &rec, sizeof(rec));
	told(fd, CTL_DETAILS, &d, sizeof(d));
	ck_assert_uint_eq(d.initial_lcp, 5);
	ck_assert_uint_eq(d.last_sent_lcp, 0);
	ck_assert_uint_eq(d.proxy_type, L2TP_PROXY_CHAP);
	ck_assert_uint_eq(d.proxy_id, 9);
	ck_assert_str_eq(d.proxy_name, "alice");
	ck_assert_uint_eq(d.challenge, 7);
	ck_assert_uint_eq(d.response, 14);
	ck_assert(has(&d, sizeof(d), "alice"));
	ck_assert(!has(&d, sizeof(d), "hunter2"));
	ck_assert(!has(&d, sizeof(d), "1234567"));
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

START_TEST(notices_are_told)
{
	static const struct l2tp_call_errors	 errors = { 1, 2, 3, 4, 5, 6 };
	const struct session			*s = the_call();
	struct ctl_request	 req = { .version = CTL_VERSION,
	    .details = 1, .local_tid = s->tun->local_tid,
	    .local_sid = s->local_sid };
	struct ctl_session	 rec;
	struct ctl_details	 d;
	int			 fd = client();

	ck_assert_int_eq(l2tp_call_send_errors(world.peer, world.tid,
	    world.sid, &errors, world.now), 0);
	ask_for(fd, CTL_SHOW_SESSION, &req);
	world_reply(DP_STATS, 0);
	told(fd, CTL_SESSION, &rec, sizeof(rec));
	told(fd, CTL_DETAILS, &d, sizeof(d));
	ck_assert_uint_eq(d.crc, 1);
	ck_assert_uint_eq(d.framing, 2);
	ck_assert_uint_eq(d.hardware_overruns, 3);
	ck_assert_uint_eq(d.buffer_overruns, 4);
	ck_assert_uint_eq(d.timeouts, 5);
	ck_assert_uint_eq(d.alignment, 6);
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

START_TEST(no_such_session)
{
	const struct session	*s = the_call();
	int			 fd = client();

	ask(fd, CTL_SHOW_SESSION, s->tun->local_tid, s->local_sid ^ 1, "");
	ck_assert_int_eq(done(fd), ENOENT);
	fd = client();
	ask(fd, CTL_SHOW_SESSION, s->tun->local_tid ^ 1, s->local_sid, "");
	ck_assert_int_eq(done(fd), ENOENT);
}
END_TEST

/* It ends while dpd is asked: the record, and then nothing more is known. */
START_TEST(session_goes_meanwhile)
{
	struct session		*s = the_call();
	struct ctl_session	 rec;
	int			 fd = client();

	ask(fd, CTL_SHOW_SESSION, s->tun->local_tid, s->local_sid, "");
	(void)world_expect(DP_STATS);
	(void)sess_close(s, L2TP_CDN_ADMIN, 0, NULL);
	world_run();
	world_reply(DP_STATS, ENOENT);
	told(fd, CTL_SESSION, &rec, sizeof(rec));
	ck_assert_str_eq(rec.state, "ending");
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

/* By the name of the peer, or by id; and it waits as long as it takes. */
START_TEST(a_call)
{
	struct ctl_session	 rec;
	int			 fd;

	lac();
	fd = _i ? call("", tun_after(0)->local_tid) : call("branches", 0);
	waits(fd);
	world_reply(DP_SESSION_UP, 0);
	world_sleep(20000);
	waits(fd);
	connected();
	told(fd, CTL_SESSION, &rec, sizeof(rec));
	ck_assert_uint_eq(rec.local_sid, sess_after(0)->local_sid);
	ck_assert_uint_eq(rec.outgoing, 1);
	ck_assert_uint_eq(rec.dialled, 1);
	ck_assert_str_eq(rec.called, "5551");
	ck_assert_int_eq(done(fd), 0);
}
END_TEST

START_TEST(a_call_is_refused)
{
	struct ctl_done	 d;
	int		 fd;

	lac();
	fd = call("branches", 0);
	ck_assert_int_eq(l2tp_call_close(world.peer, world.tid, world.sid,
	    L2TP_CDN_NO_DIALTONE, 0, NULL, world.now), 0);
	world_run();
	told(fd, CTL_DONE, &d, sizeof(d));
	ck_assert_int_eq(d.err, ECONNREFUSED);
	ck_assert_str_eq(d.text, "closed by peer: result 9 (no dial tone)");
}
END_TEST

START_TEST(a_call_cannot_be)
{
	struct ctl_done	 d;
	int		 fd;

	serve();
	world_session();
	fd = call("nobody", 0);
	told(fd, CTL_DONE, &d, sizeof(d));
	ck_assert_str_eq(d.text, "no such tunnel");
	fd = call("", tun_after(0)->local_tid ^ 1);
	ck_assert_int_eq(done(fd), EINVAL);
	fd = call("branches", 0);
	told(fd, CTL_DONE, &d, sizeof(d));
	ck_assert_str_eq(d.text, "the peer does not place calls");
}
END_TEST

/* The call goes on; who comes after the client is not told of it. */
START_TEST(the_caller_goes_meanwhile)
{
	int	 fd, next;

	lac();
	fd = call("branches", 0);
	world_reply(DP_SESSION_UP, 0);
	close(fd);
	world_poll();
	next = client();
	connected();
	waits(next);
	ck_assert_int_eq(world.calls_up, 1);
	(void)world_expect(DP_SESSION_START);
}
END_TEST

START_TEST(endless_texts)
{
	struct ctl_request	 req = { .version = CTL_VERSION };
	int			 fd;

	memset(_i == 0 ? req.name : _i == 1 ? req.number : req.sub_address,
	    'x', _i == 0 ? sizeof(req.name) : sizeof(req.number));
	lac();
	fd = client();
	ask_for(fd, CTL_CALL, &req);
	closed(fd);
	ck_assert_ptr_null(sess_after(0));
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("ctl_call");
	TCase	*t = tcase_create("ctl_call");
	SRunner	*sr;
	int	 failed;

	tcase_add_loop_test(t, details, 0, 2);
	tcase_add_test(t, no_secrets);
	tcase_add_test(t, notices_are_told);
	tcase_add_test(t, no_such_session);
	tcase_add_test(t, session_goes_meanwhile);
	tcase_add_loop_test(t, a_call, 0, 2);
	tcase_add_test(t, a_call_is_refused);
	tcase_add_test(t, a_call_cannot_be);
	tcase_add_test(t, the_caller_goes_meanwhile);
	tcase_add_loop_test(t, endless_texts, 0, 3);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
