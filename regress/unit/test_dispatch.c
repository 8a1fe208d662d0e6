/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * All fences together: each request in each state of dpd and of what it
 * names, with handles of all kinds, and what the kernel is asked if they let
 * it pass.  What is refused does nothing.
 */
#include <dirent.h>
#include <fcntl.h>

#include "dpd_fake.h"

static int
count_fds(void)
{
	DIR	*dir = opendir("/proc/self/fd");
	int	 n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return (n);
}

/* ---- every request in every state of its object and of dpd ---- */

static const enum own_state	own_states[] = { OWN_FREE, TUN_OPEN, TUN_UP,
    TUN_CLOSING, SESS_UP, SESS_RUNNING, SESS_ENDING, SESS_ENDED, SESS_ETH };
static const enum dpd_state	dpd_states[] = { DPD_RUNNING, DPD_STOPPING,
    DPD_PARSING };

static const struct lawful {
	uint16_t	type;
	int		states;		/* of the object, if it is running */
	int		ends;		/* is done while stopping, too */
} lawful[] = {
	{ DP_TUNNEL_UP, TUN_OPEN | TUN_UP, 0 },
	{ DP_TUNNEL_CLOSE, TUN_OPEN | TUN_UP, 1 },
	{ DP_SESSION_UP, TUN_UP, 0 },
	{ DP_SESSION_START, SESS_UP | SESS_ETH, 0 },
	{ DP_SESSION_DOWN, SESS_ANY, 1 },
	{ DP_STATS, TUN_UP | SESS_ANY, 1 }
};

#define N_WALKED	(int)(nitems(lawful) * nitems(own_states) * \
			nitems(dpd_states))

/* The handle of an object in this state. */
static uint32_t
object_in(enum own_state state)
{
	uint32_t	 t, s;
	struct dpmsg	 m;

	if (state == TUN_OPEN)
		return (fake_opened());
	if (state == SESS_ETH)
		return (fake_has_eth(fake_site_is_up(LOCAL_TID), 1));
	t = fake_is_up(LOCAL_TID);
	if (state == TUN_UP)
		return (t);
	s = state == SESS_UP ? fake_has_session(t, 1) : fake_has_pppd(t, 1);
	if (state == SESS_ENDED)
		fake_exited(s, 0);
	if (state == SESS_ENDED)
		fake_told(DP_SESSION_GONE);
	if (state == SESS_ENDING || state == OWN_FREE) {
		m = fake_about(DP_SESSION_DOWN, s);
		fake_ask_later(&m);
	}
	if (state == TUN_CLOSING) {
		m = fake_about(DP_TUNNEL_CLOSE, t);
		fake_ask_later(&m);
	}
	if (state == OWN_FREE) {
		fake_exited(s, 0);
		fake_told(DP_SESSION_DOWN_REPLY);
	}
	return (state == TUN_CLOSING ? t : s);
}

static struct dpmsg
request_for(uint16_t type, uint32_t handle)
{
	return (type == DP_TUNNEL_UP ? fake_up(handle, LOCAL_TID + 1) :
	    type == DP_SESSION_UP ? fake_session(handle, 2) :
	    type == DP_SESSION_START ? fake_start(handle) :
	    fake_about(type, handle));
}

START_TEST(walk)
{
	const struct lawful	*l = &lawful[(size_t)_i % nitems(lawful)];
	size_t			 i = (size_t)_i / nitems(lawful);
	enum own_state		 state = own_states[i % nitems(own_states)];
	uint32_t		 handle = object_in(state);
	struct own		 before, *o = own_find(handle);
	struct dpmsg		 m = request_for(l->type, handle);

	if (state == SESS_ETH && l->type == DP_SESSION_START)
		m.u.session_start.peer_ip = 0;
	ck_assert_int_eq(o != NULL ? o->state : OWN_FREE, state);
	if (o != NULL)
		before = *o;
	fake.done[0] = '\0';
	dpd.state = dpd_states[i / nitems(own_states)];
	if (dpd.state == DPD_PARSING)
		ck_assert_int_eq(dispatch(&m), -1);
	else if (dpd.state == DPD_STOPPING && !l->ends)
		ck_assert_int_eq(fake_ask(&m), ESHUTDOWN);
	else if ((state & l->states) == 0)
		ck_assert_int_eq(fake_ask(&m), ENOENT);
	else if (state == TUN_UP && l->type == DP_TUNNEL_UP)
		ck_assert_int_eq(fake_ask(&m), EEXIST);
	else if (state == SESS_ENDING && l->type == DP_SESSION_DOWN)
		ck_assert_int_eq(fake_ask(&m), EALREADY);
	else if (l->type == DP_SESSION_DOWN && state != SESS_ENDED &&
	    state != SESS_ETH) {
		fake_ask_later(&m);
		fake_told_nothing();
		return;
	} else {
		ck_assert_int_eq(fake_ask(&m), 0);
		return;			/* the other tests say what it does */
	}
	fake_told_nothing();
	fake_did("");
	if (o != NULL)
		ck_assert_mem_eq(o, &before, sizeof(before));
}
END_TEST

/* What names no object: dpd's state alone decides. */
START_TEST(walk_rules)
{
	struct dpmsg	 m[] = { fake_open(), { .type = DP_LISTEN } };
	size_t		 i;

	for (i = 0; i < nitems(m); i++) {
		dpd.state = DPD_PARSING;
		ck_assert_int_eq(dispatch(&m[i]), -1);
		fake_told_nothing();
		dpd.state = DPD_STOPPING;
		ck_assert_int_eq(fake_ask(&m[i]), ESHUTDOWN);
		ck_assert_int_eq(fake.told.fd, -1);
		fake_did("");
		dpd.state = DPD_RUNNING;
		ck_assert_int_eq(fake_ask(&m[i]), 0);
		ck_assert_int_ne(fake.told.fd, -1);
		fake_did(i == 0 ? "socket 1701 1702" : "listener 1701");
	}
}
END_TEST

/* Of no object: never issued, another use of its slot, and no handle. */
START_TEST(handles)
{
	uint32_t	 t = fake_is_up(LOCAL_TID), s = fake_has_session(t, 1);
	const uint32_t	 wrong[] = { s + 1, t + DP_OBJECTS, s + DP_OBJECTS,
	    s + 2 * DP_OBJECTS, UINT32_MAX, DP_OBJECTS };
	struct dpmsg	 m;
	size_t		 i, j;

	for (i = 0; i < nitems(lawful); i++) {
		for (j = 0; j < nitems(wrong); j++) {
			m = request_for(lawful[i].type, wrong[j]);
			ck_assert_int_eq(fake_ask(&m), ENOENT);
		}
		/* The format fence does not let this one pass. */
		m = request_for(lawful[i].type, 0);
		ck_assert_int_eq(dispatch(&m), 0);
		ck_assert_int_eq(fake_told(m.type + 1)->u.reply.err, ENOENT);
	}
	fake_did("");
}
END_TEST

/* The policy's records are for the parser, and for it alone. */
START_TEST(records)
{
	struct dpmsg	 m[] = { { .type = DP_RULE_LISTEN },
	    world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0, 0),
	    world_session_rule(0, 0, 0), world_end() };
	size_t		 i;

	m[3].u.policy_end.n_rules = 3;
	for (i = 0; i < nitems(m); i++) {
		dpd.state = DPD_RUNNING;
		ck_assert_int_eq(dispatch(&m[i]), -1);
		dpd.state = DPD_STOPPING;
		ck_assert_int_eq(dispatch(&m[i]), -1);
		ck_assert_ptr_null(policy_limits);
		dpd.state = DPD_PARSING;
		ck_assert_int_eq(dispatch(&m[i]), 0);
	}
	ck_assert_ptr_nonnull(policy_limits);
	for (i = 0; i < nitems(m); i++)
		ck_assert_int_eq(dispatch(&m[i]), -1);	/* it is sealed */
	fake_told_nothing();
	fake_did("");
}
END_TEST

/* ---- one request after the other ---- */

START_TEST(listen_)
{
	struct dpmsg	 m = { .type = DP_LISTEN };
	int		 before = count_fds();
	uint16_t	 rule;

	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("listener 1701");
	for (rule = R_SIX + 1; rule <= R_END; rule++) {
		if (rule == R_IP)
			continue;
		m.u.listen.rule = rule;
		ck_assert_int_eq(fake_ask(&m), EACCES);
		ck_assert_int_eq(fake.told.fd, -1);
	}
	fake_did("");
	m.u.listen.rule = R_ONE;
	fake.fails = "listener";
	fake.err = EADDRINUSE;
	ck_assert_int_eq(fake_ask(&m), EADDRINUSE);
	ck_assert_int_eq(fake.told.fd, -1);
	ck_assert_int_eq(count_fds(), before);	/* ctld has them all */
}
END_TEST

START_TEST(open_)
{
	struct dpmsg	 m = fake_open();
	int		 i, before;

	m.u.tunnel_open.peer = world_addr("8.8.8.8", 1701);
	ck_assert_int_eq(fake_ask(&m), EACCES);
	m = fake_open();
	m.u.tunnel_open.rule = R_POOL;
	ck_assert_int_eq(fake_ask(&m), EACCES);
	ck_assert_int_eq(fake.told.fd, -1);
	ck_assert_uint_eq(fake.told.u.handle_reply.handle, 0);
	fake_did("");
	/* What fails leaves nothing: the quota is still there. */
	fake.fails = "socket";
	fake.err = ENETUNREACH;
	m = fake_open();
	for (i = 0; i < 10; i++) {
		ck_assert_int_eq(fake_ask(&m), ENETUNREACH);
		ck_assert_int_eq(fake.told.fd, -1);
		ck_assert_uint_eq(fake.told.u.handle_reply.handle, 0);
	}
	fake.fails = NULL;
	before = count_fds();
	for (i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(own_find(fake_opened()));
	ck_assert_int_eq(count_fds(), before + 3);
	fake.done[0] = '\0';
	ck_assert_int_eq(fake_ask(&m), EDQUOT);
	fake_did("");
}
END_TEST

START_TEST(up)
{
	uint32_t	 handle = fake_opened(), other = fake_opened();
	struct dpmsg	 m = fake_up(handle, LOCAL_TID);

	fake.fails = "TUNNEL_CREATE";
	fake.err = EEXIST;
	ck_assert_int_eq(fake_ask(&m), EEXIST);
	ck_assert_int_eq(own_find(handle)->state, TUN_OPEN);
	fake.fails = NULL;
	fake.done[0] = '\0';
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("TUNNEL_CREATE 100 0 peer_tid=200 version=2 encap=0 fd=300");
	m = fake_up(other, LOCAL_TID);
	ck_assert_int_eq(fake_ask(&m), EEXIST);		/* taken */
	fake_did("");
	m = fake_up(other, LOCAL_TID + 1);
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("TUNNEL_CREATE 101 0 peer_tid=200 version=2 encap=0 fd=301");
}
END_TEST

/* v2-8.1-03: a socket without a port to send to gets it with the answer. */
START_TEST(up_connects)
{
	struct dpmsg	 m = fake_open();

	m.u.tunnel_open.rule = R_DIAL_HERE;
	m.u.tunnel_open.local = world_addr("", 0);
	m.u.tunnel_open.peer = world_addr("127.0.0.1", 0);
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("socket 0 0");
	m = fake_up(fake.told.u.handle_reply.handle, LOCAL_TID);
	ck_assert_int_eq(fake_ask(&m), EINVAL);
	fake_did("");
	m.u.tunnel_up.peer_port = 5000;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("connect 127.1 5000, "
	    "TUNNEL_CREATE 100 0 peer_tid=200 version=2 encap=0 fd=300");
	/* One that has been connected stays so. */
	m = fake_up(fake_opened(), LOCAL_TID + 1);
	fake.done[0] = '\0';
	m.u.tunnel_up.peer_port = 1702;
	ck_assert_int_eq(fake_ask(&m), EINVAL);
	fake_did("");
}
END_TEST

START_TEST(up_cannot_connect)
{
	struct dpmsg	 m = fake_open();
	uint32_t	 handle;

	m.u.tunnel_open.rule = R_DIAL_HERE;
	m.u.tunnel_open.local = world_addr("", 0);
	m.u.tunnel_open.peer = world_addr("127.0.0.1", 0);
	ck_assert_int_eq(fake_ask(&m), 0);
	handle = fake.told.u.handle_reply.handle;
	m = fake_up(handle, LOCAL_TID);
	m.u.tunnel_up.peer_port = 5000;
	fake.done[0] = '\0';
	fake.fails = "connect";
	fake.err = ENETUNREACH;
	ck_assert_int_eq(fake_ask(&m), ENETUNREACH);
	fake_did("connect 127.1 5000");
	ck_assert_int_eq(own_find(handle)->state, TUN_OPEN);
}
END_TEST

START_TEST(session_up)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID);
	struct dpmsg	 m = fake_session(handle, 1);

	m.u.session_up.rule = R_DIALLED;
	ck_assert_int_eq(fake_ask(&m), EACCES);
	m = fake_session(handle, 1);
	m.u.session_up.mtu = 1401;
	ck_assert_int_eq(fake_ask(&m), EACCES);
	ck_assert_uint_eq(fake.told.u.handle_reply.handle, 0);
	fake_did("");
	m = fake_session(handle, 1);
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_CREATE 100 1 peer_sid=1001 pw=7 lns=1 reorder=0 "
	    "l2spec=0, pppox 100/200 1/1001");
	ck_assert_ptr_eq(own_find(fake.told.u.handle_reply.handle)->tunnel,
	    own_find(handle));
	m = fake_session(handle, 2);
	m.u.session_up.lns_mode = 0;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_CREATE 100 2 peer_sid=1002 pw=7 lns=0 reorder=0 "
	    "l2spec=0, pppox 100/200 2/1002");
}
END_TEST

/*
 * What the kernel refuses, an id that the tunnel has already for one, is
 * undone, and the quota is as it was.
 */
START_TEST(session_up_fails)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID), i;
	struct dpmsg	 m = fake_session(handle, 1);
	int		 before = count_fds();

	fake.fails = "SESSION_CREATE";
	fake.err = EEXIST;
	for (i = 0; i < 10; i++)
		ck_assert_int_eq(fake_ask(&m), EEXIST);
	ck_assert_uint_eq(fake.told.u.handle_reply.handle, 0);
	fake.done[0] = '\0';
	fake.fails = "pppox";
	fake.err = EPROTOTYPE;
	ck_assert_int_eq(fake_ask(&m), EPROTOTYPE);
	fake_did("SESSION_CREATE 100 1 peer_sid=1001 pw=7 lns=1 reorder=0 "
	    "l2spec=0, pppox 100/200 1/1001, SESSION_DELETE 100 1");
	ck_assert_ptr_null(LIST_FIRST(&own_find(handle)->sessions));
	ck_assert_int_eq(count_fds(), before);
	fake.fails = NULL;
	for (i = 1; i <= 4; i++)
		fake_has_session(handle, i);
	m = fake_session(handle, 5);
	ck_assert_int_eq(fake_ask(&m), EDQUOT);
	fake_did("");
}
END_TEST

START_TEST(start)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID);
	uint32_t	 session = fake_has_session(handle, 1);
	struct dpmsg	 m = fake_start(session);
	int		 before = count_fds();

	m.u.session_start.peer_ip = 0x0a000011;
	ck_assert_int_eq(fake_ask(&m), EACCES);		/* outside */
	m.u.session_start.peer_ip = 0;
	ck_assert_int_eq(fake_ask(&m), EACCES);		/* none */
	ck_assert_uint_eq(fake.told.u.start_reply.unit, 0);
	fake_did("");
	m = fake_start(session);
	m.u.session_start.recv_seq = 1;
	strcpy(m.u.session_start.number, "+49");
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_MODIFY 100 1 send_seq=0 recv_seq=1, RUN_PPPD 2");
	ck_assert_uint_eq(fake.told.u.start_reply.unit, 1002);
	ck_assert_uint_eq(fake.run.unit, 1002);
	ck_assert_uint_eq(fake.run.peer_ip, 0x0a000002);
	ck_assert_uint_eq(fake.run.local_ip, 0x0a000001);
	ck_assert_uint_eq(fake.run.mtu, 1400);
	ck_assert_str_eq(fake.run.profile, "lns");
	ck_assert_str_eq(fake.run.number, "+49");
	ck_assert_int_eq(count_fds(), before - 1);	/* the starter has it */
}
END_TEST

/* The smallest: no sequencing, no address, pppd's MTU or the request's. */
START_TEST(start_plain)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID), i;
	struct dpmsg	 m = fake_session(handle, 1);

	m.u.session_up.rule = R_PLAIN;
	for (i = 0; i < 2; i++) {
		m.u.session_up.mtu = (uint16_t)(i * 1500);
		ck_assert_int_eq(fake_ask(&m), 0);
		fake.done[0] = '\0';
		m = fake_start(fake.told.u.handle_reply.handle);
		m.u.session_start.peer_ip = 0;
		ck_assert_int_eq(fake_ask(&m), 0);
		fake_did(i == 0 ?
		    "SESSION_MODIFY 100 1 send_seq=0 recv_seq=0, RUN_PPPD 2" :
		    "SESSION_MODIFY 100 2 send_seq=0 recv_seq=0, RUN_PPPD 3");
		ck_assert_uint_eq(fake.run.mtu, i * 1500);
		ck_assert_uint_eq(fake.run.local_ip, 0);
		ck_assert_uint_eq(fake.run.peer_ip, 0);
		m = fake_session(handle, 2);
		m.u.session_up.rule = R_PLAIN;
	}
}
END_TEST

START_TEST(start_fails)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID);
	struct dpmsg	 m = fake_start(fake_has_session(handle, 1));

	m.u.session_start.send_seq = 1;
	fake.fails = "SESSION_MODIFY";
	fake.err = ENODEV;
	ck_assert_int_eq(fake_ask(&m), ENODEV);
	fake_did("SESSION_MODIFY 100 1 send_seq=1 recv_seq=0");
	fake.fails = NULL;
	ck_assert_int_eq(fake_ask(&m), 0);	/* can be tried again */
}
END_TEST

START_TEST(stats)
{
	uint32_t	 handle = fake_is_up(LOCAL_TID);
	struct dpmsg	 m = fake_about(DP_STATS, handle);

	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_uint_eq(fake.told.u.stats_reply.n[DP_TX_PACKETS], 42);
	fake_did("TUNNEL_GET 100 0");
	m = fake_about(DP_STATS, fake_has_session(handle, 1));
	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_uint_eq(fake.told.u.stats_reply.n[DP_TX_PACKETS], 42);
	fake_did("SESSION_GET 100 1");
	fake.fails = "SESSION_GET";
	fake.err = ENODEV;
	ck_assert_int_eq(fake_ask(&m), ENODEV);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("dispatch");
	TCase	*tc = tcase_create("dispatch"), *raw = tcase_create("parsing");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_loop_test(tc, walk, 0, N_WALKED);
	tcase_add_test(tc, walk_rules);
	tcase_add_test(tc, handles);
	tcase_add_test(tc, listen_);
	tcase_add_test(tc, open_);
	tcase_add_test(tc, up);
	tcase_add_test(tc, up_connects);
	tcase_add_test(tc, up_cannot_connect);
	tcase_add_test(tc, session_up);
	tcase_add_test(tc, session_up_fails);
	tcase_add_test(tc, start);
	tcase_add_test(tc, start_plain);
	tcase_add_test(tc, start_fails);
	tcase_add_test(tc, stats);
	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(raw, fake_channels, NULL);
	tcase_add_test(raw, records);
	suite_add_tcase(s, raw);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
