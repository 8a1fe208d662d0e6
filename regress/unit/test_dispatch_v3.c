/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * L2TPv3 through all fences: tunnels over IP, Ethernet pseudowires and how
 * they end, and the tunnels that outlive the ctld that asked for them.
 */
#include <fcntl.h>

#include "dpd_fake.h"

#define TID	UINT32_MAX	/* no id of L2TPv2 */

/* v3-4.1-01: the socket has the id before the tunnel has. */
START_TEST(over_ip)
{
	struct dpmsg	 m = { .type = DP_LISTEN, .u.listen.rule = R_IP };
	uint32_t	 handle;

	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("listener 0 ip 0");
	m = fake_site(0);
	ck_assert_int_eq(fake_ask(&m), EACCES);
	fake_did("");
	m = fake_site(TID);
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("socket 0 0 ip 4294967295");
	handle = fake.told.u.handle_reply.handle;
	m = fake_up(handle, TID);
	ck_assert_int_eq(fake_ask(&m), EACCES);		/* L2TPv2 */
	m.u.tunnel_up.version = 3;
	m.u.tunnel_up.peer_port = 1701;
	ck_assert_int_eq(fake_ask(&m), EINVAL);		/* IP has no ports */
	fake_did("");
	m.u.tunnel_up.peer_port = 0;
	m.u.tunnel_up.local_tid--;
	ck_assert_int_eq(fake_ask(&m), EINVAL);		/* not the socket's */
	m.u.tunnel_up.local_tid++;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("TUNNEL_CREATE 4294967295 0 peer_tid=200 version=3 encap=1 "
	    "fd=300");
}
END_TEST

/* Said again it is true; with other ids it is not. */
START_TEST(up_again)
{
	uint32_t	 handle = fake_site_is_up(TID);
	struct dpmsg	 m = fake_up(handle, TID);

	m.u.tunnel_up.version = 3;
	ck_assert_int_eq(fake_ask(&m), 0);
	m.u.tunnel_up.peer_tid++;
	ck_assert_int_eq(fake_ask(&m), EEXIST);
	m.u.tunnel_up.peer_tid--;
	m.u.tunnel_up.local_tid--;
	ck_assert_int_eq(fake_ask(&m), EEXIST);
	fake_did("");
	/* A session is not asked for twice but in what is kept. */
	fake_has_eth(handle, 1);
	m = fake_eth(handle, 1);
	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_ptr_nonnull(strstr(fake.done, "SESSION_CREATE"));
}
END_TEST

/* v3-5.4.4-07, v3-5.4.4-08: cookies each their way, of their own length. */
START_TEST(cookies)
{
	struct dpmsg	 m = fake_eth(fake_site_is_up(TID), 1);

	m.u.session_up.peer_cookie_len = 4;
	ck_assert_int_eq(fake_ask(&m), EACCES);
	fake_did("");
	m.u.session_up.peer_cookie_len = 8;
	m.u.session_up.cookie_len = 4;
	memcpy(m.u.session_up.cookie, "\xfe\xdc\xba\x98", 4);
	m.u.session_up.l2spec = 1;
	m.u.session_up.reorder_ms = 1000;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_CREATE 4294967295 1 peer_sid=1001 pw=5 lns=1 "
	    "reorder=1000 l2spec=1 cookie=fedcba98 "
	    "peer_cookie=0123456789abcdef ifname=eth-3, ifindex eth-3");
}
END_TEST

START_TEST(ppp)
{
	struct dpmsg	 m = fake_eth(fake_site_is_up(TID), 1);
	uint32_t	 handle;

	m.u.session_up.rule = R_PPP;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_CREATE 4294967295 1 peer_sid=1001 pw=7 lns=1 "
	    "reorder=0 l2spec=0 peer_cookie=0123456789abcdef, "
	    "pppox 4294967295/200 1/1001");
	handle = fake.told.u.handle_reply.handle;
	m = fake_start(handle);
	m.u.session_start.peer_ip = 0;
	m.u.session_start.send_seq = 1;
	ck_assert_int_eq(fake_ask(&m), EACCES);
	m.u.session_start.send_seq = 0;
	m.u.session_start.down = 1;
	ck_assert_int_eq(fake_ask(&m), EACCES);
	fake_did("");
	m.u.session_start.down = 0;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_MODIFY 4294967295 1 send_seq=0 recv_seq=0, "
	    "RUN_PPPD 2");
}
END_TEST

/* A name that the kernel would cut off is not asked for. */
START_TEST(name_too_long)
{
	uint32_t	 handle = fake_site_is_up(TID);
	struct dpmsg	 m = fake_eth(handle, 1);

	m.u.session_up.rule = R_LONG;
	ck_assert_int_eq(fake_ask(&m), ENAMETOOLONG);
	fake_did("");
	ck_assert_ptr_null(LIST_FIRST(&own_find(handle)->sessions));
}
END_TEST

/* v3-eth-10: without a sublayer.  What fails leaves no session, no name. */
START_TEST(eth_fails)
{
	uint32_t	 handle = fake_site_is_up(TID);
	struct dpmsg	 m = fake_eth(handle, 1);
	int		 i;

	fake.fails = "SESSION_CREATE";
	fake.err = EEXIST;
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(fake_ask(&m), EEXIST);
	ck_assert_ptr_null(strstr(fake.done, "ifindex"));
	fake.done[0] = '\0';
	fake.fails = "ifindex";
	fake.err = ENODEV;
	ck_assert_int_eq(fake_ask(&m), ENODEV);
	fake_did("SESSION_CREATE 4294967295 1 peer_sid=1001 pw=5 lns=1 "
	    "reorder=0 l2spec=0 peer_cookie=0123456789abcdef ifname=eth-8, "
	    "ifindex eth-8, SESSION_DELETE 4294967295 1");
	ck_assert_ptr_null(LIST_FIRST(&own_find(handle)->sessions));
	fake.fails = NULL;
	for (i = 1; i <= 3; i++)
		fake_has_eth(handle, (uint32_t)i);
	m = fake_eth(handle, 4);
	ck_assert_int_eq(fake_ask(&m), EDQUOT);
	fake_did("");
}
END_TEST

/* As often as the circuit changes, and with what the rule says. */
START_TEST(start)
{
	uint32_t	 handle = fake_has_eth(fake_site_is_up(TID), 1);
	struct dpmsg	 m = fake_start(handle);

	ck_assert_int_eq(fake_ask(&m), EACCES);		/* no leases */
	m.u.session_start.peer_ip = 0;
	m.u.session_start.recv_seq = 1;
	ck_assert_int_eq(fake_ask(&m), EACCES);
	fake_did("");
	m.u.session_start.recv_seq = 0;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_MODIFY 4294967295 1 send_seq=0 recv_seq=0, "
	    "link up 17 1400 ");
	ck_assert_uint_eq(fake.told.u.start_reply.unit, 3);
	m.u.session_start.down = 1;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_MODIFY 4294967295 1 send_seq=0 recv_seq=0, "
	    "link down 17 1400 ");
	m.u.session_start.down = DP_AS_IT_IS;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_MODIFY 4294967295 1 send_seq=0 recv_seq=0, "
	    "link 17 1400 ");
	m.u.session_start.down = 0;
	fake.fails = "link up";
	fake.err = ENODEV;
	ck_assert_int_eq(fake_ask(&m), ENODEV);		/* no bridge */
	ck_assert_uint_eq(fake.told.u.start_reply.unit, 0);
	fake.fails = "SESSION_MODIFY";
	ck_assert_int_eq(fake_ask(&m), ENODEV);
	fake.fails = NULL;
	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_int_eq(own_find(handle)->state, SESS_ETH);
}
END_TEST

/* v3-4.1.4-01: the MTU is set; an exact name, sequencing and a bridge. */
START_TEST(start_lan)
{
	struct dpmsg	 m = fake_lan(fake_kept_is_up(TID), 1);

	m.u.session_up.l2spec = 1;
	m.u.session_up.mtu = 1446;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_CREATE 4294967295 1 peer_sid=1001 pw=5 lns=1 "
	    "reorder=0 l2spec=1 ifname=lan, ifindex lan");
	m = fake_start(fake.told.u.handle_reply.handle);
	m.u.session_start.peer_ip = 0;
	m.u.session_start.send_seq = m.u.session_start.recv_seq = 1;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_MODIFY 4294967295 1 send_seq=1 recv_seq=1, "
	    "link up 17 1446 br0");
	ck_assert_uint_eq(fake.told.u.start_reply.unit, 0);
}
END_TEST

START_TEST(down)
{
	uint32_t	 t = fake_site_is_up(TID), s = fake_has_eth(t, 1);
	struct dpmsg	 m = fake_about(DP_SESSION_DOWN, s);

	fake_exited(s, 0);		/* there is no child to do so */
	fake_told_nothing();
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_DELETE 4294967295 1");
	ck_assert_int_eq(fake_ask(&m), ENOENT);
	m = fake_start(s);
	m.u.session_start.peer_ip = 0;
	ck_assert_int_eq(fake_ask(&m), ENOENT);
	fake_did("");
}
END_TEST

/* The kernel takes all of them along; pppds are waited for. */
START_TEST(close_)
{
	uint32_t	 t = fake_site_is_up(TID), s;
	struct dpmsg	 m = fake_eth(t, 9);

	fake_has_eth(t, 1);
	m.u.session_up.rule = R_PPP;
	s = fake_granted(m);
	fake_has_eth(t, 2);
	m = fake_about(DP_TUNNEL_CLOSE, t);
	fake_ask_later(&m);
	fake_told_nothing();
	fake_did("RUN_CLOSE 3");
	fake_exited(s, 0);
	fake_answered(DP_TUNNEL_CLOSE_REPLY, 0);
	fake_did("TUNNEL_DELETE 4294967295 0");
	ck_assert_ptr_null(LIST_FIRST(&own_tunnels));
}
END_TEST

/* The next ctld finds what the last one had, and nothing else. */
START_TEST(kept)
{
	uint32_t	 t = fake_kept_is_up(TID), s, other;
	struct dpmsg	 m;

	s = fake_granted(fake_lan(t, 1));
	other = fake_has_eth(fake_site_is_up(5), 1);
	ck_assert_int_eq(own_end_all(), 0);
	fake_did("TUNNEL_DELETE 5 0");
	ck_assert_ptr_null(own_find(other));
	ck_assert_int_eq(own_end_all(), 1);
	fake_did("");
	m = fake_kept();
	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_uint_eq(fake.told.u.handle_reply.handle, t);
	ck_assert_int_ne(fake.told.fd, -1);
	m = fake_up(t, TID);
	m.u.tunnel_up.version = 3;
	ck_assert_int_eq(fake_ask(&m), 0);
	m = fake_lan(t, 1);
	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_uint_eq(fake.told.u.handle_reply.handle, s);
	fake_did("");
}
END_TEST

/*
 * What a ctld that was taken over has left, or a name that has another
 * address now, does not stand in the way of what the next one asks for.
 */
START_TEST(kept_is_replaced)
{
	uint32_t	 t = fake_kept_is_up(TID), s;
	struct dpmsg	 m = fake_lan(t, 1);

	s = fake_granted(m);
	m.u.session_up.mtu++;			/* the path's has changed */
	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_uint_eq(fake.told.u.handle_reply.handle, s);
	ck_assert_uint_eq(own_find(s)->up.mtu, m.u.session_up.mtu);
	fake_did("");
	m.u.session_up.cookie_len = 4;
	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_uint_ne(fake.told.u.handle_reply.handle, s);
	ck_assert_ptr_null(own_find(s));
	fake_did("SESSION_DELETE 4294967295 1, "
	    "SESSION_CREATE 4294967295 1 peer_sid=1001 pw=5 lns=1 "
	    "reorder=0 l2spec=0 cookie=00000000 ifname=lan, ifindex lan");
	m.u.session_up.local_sid = 2;
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("SESSION_DELETE 4294967295 1, "
	    "SESSION_CREATE 4294967295 2 peer_sid=1001 pw=5 lns=1 "
	    "reorder=0 l2spec=0 cookie=00000000 ifname=lan, ifindex lan");
	own_find(t)->open.peer.ip[3]++;
	m = fake_kept();
	ck_assert_int_eq(fake_ask(&m), 0);
	ck_assert_uint_ne(fake.told.u.handle_reply.handle, t);
	ck_assert_ptr_null(own_find(t));
}
END_TEST

/* What was asked for by this rule, to this peer, with these ids. */
START_TEST(kept_is_found_by_all_it_is)
{
	uint32_t	 t = fake_kept_is_up(TID);
	struct own	*o = own_find(t), *s;

	ck_assert_ptr_eq(own_kept(NULL, R_KEPT, &o->open, sizeof(o->open)), o);
	ck_assert_ptr_null(own_kept(NULL, R_EITHER, &o->open,
	    sizeof(o->open)));
	s = own_find(fake_granted(fake_lan(t, 1)));
	ck_assert_ptr_eq(own_kept(o, R_LAN, &s->up, sizeof(s->up)), s);
	ck_assert_ptr_null(own_kept(o, R_ETH, &s->up, sizeof(s->up)));
	fake_opened();			/* not kept */
	ck_assert_ptr_null(own_kept(NULL, R_CALLER, &o->open,
	    sizeof(o->open)));
}
END_TEST

/* One that is closing is not found; its ids may come again at once. */
START_TEST(kept_closes)
{
	uint32_t	 t = fake_kept_is_up(TID), s;
	struct dpmsg	 m = fake_about(DP_TUNNEL_CLOSE, t);

	s = fake_granted(fake_lan(t, 1));
	ck_assert_int_eq(fake_ask(&m), 0);
	fake_did("TUNNEL_DELETE 4294967295 0");
	ck_assert_ptr_null(own_find(t));
	ck_assert_ptr_null(own_find(s));
	ck_assert_uint_ne(fake_kept_is_up(TID), t);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("dispatch_v3");
	TCase	*tc = tcase_create("v3");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_test(tc, over_ip);
	tcase_add_test(tc, up_again);
	tcase_add_test(tc, cookies);
	tcase_add_test(tc, ppp);
	tcase_add_test(tc, name_too_long);
	tcase_add_test(tc, eth_fails);
	tcase_add_test(tc, start);
	tcase_add_test(tc, start_lan);
	tcase_add_test(tc, down);
	tcase_add_test(tc, close_);
	tcase_add_test(tc, kept);
	tcase_add_test(tc, kept_is_replaced);
	tcase_add_test(tc, kept_is_found_by_all_it_is);
	tcase_add_test(tc, kept_closes);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
