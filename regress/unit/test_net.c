/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * ctld's sockets, real ones on the loopback interface: what the engine is
 * told of where a datagram came from.  Sockets of protocol 115 need a module
 * of the kernel; one of UDP that is taken for one stands for them.
 */
#include <sys/socket.h>

#include <arpa/inet.h>

#include <check.h>
#include <string.h>
#include <unistd.h>

#include "addr.h"
#include "ctld.h"
#include "dp.h"
#include "loop.h"
#include "net.h"

struct ctld		 ctld;

static struct conf		 conf;
static struct conf_listen	 listener;
static dp_done			*listen_done;
static struct watch {
	int	  fd;
	void	(*fn)(void *, uint32_t);
	void	 *arg;
} watches[4];
static size_t			 n_watches;
static struct l2tp_path		 got;
static size_t			 got_len;

uint64_t
loop_now(void)
{
	return (1);
}

int
loop_timer_init(struct loop_timer *t, void (*fn)(void *), void *arg)
{
	t->fn = fn;
	t->arg = arg;
	return (0);
}

void
loop_timer_set(struct loop_timer *t, uint64_t at)
{
	t->at = at;
}

int
loop_add(int fd, uint32_t events, void (*fn)(void *, uint32_t), void *arg)
{
	(void)events;
	watches[n_watches++] = (struct watch){ fd, fn, arg };
	return (0);
}

void
loop_del(int fd)
{
	(void)fd;
}

void
dp_listen(uint16_t rule, dp_done *done, uint32_t key)
{
	ck_assert_uint_eq(rule, 3);
	ck_assert_uint_eq(key, 0);
	listen_done = done;
}

int
l2tp_input(struct l2tp *e, const struct l2tp_path *path, const void *data,
    size_t len, uint64_t now)
{
	(void)e;
	(void)data;
	(void)now;
	got = *path;
	got_len = len;
	return (0);
}

const char *
l2tp_strerror(int err)
{
	(void)err;
	return ("");
}

/* On the loopback interface, with a port of the kernel's choice. */
static int
udp(int family, union addr_sa *name)
{
	union addr_sa	 sa = { .sa.sa_family = (sa_family_t)family };
	socklen_t	 len = sizeof(*name);
	int		 fd = socket(family, SOCK_DGRAM, 0), on = 1;

	if (family == AF_INET)
		sa.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		sa.in6.sin6_addr = in6addr_loopback;
	ck_assert_int_eq(bind(fd, &sa.sa, family == AF_INET ? sizeof(sa.in) :
	    sizeof(sa.in6)), 0);
	ck_assert_int_eq(getsockname(fd, &name->sa, &len), 0);
	(void)setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
	if (family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on,
		    sizeof(on));
	return (fd);
}

static void
start(uint8_t encap)
{
	TAILQ_INIT(&conf.listens);
	TAILQ_INSERT_TAIL(&conf.listens, &listener, entry);
	conf.max_tunnels = 1;
	listener.rule = 3;
	listener.local.encap = encap;
	listener.local.port = encap == L2TP_ENCAP_IP ? 0 : 1701;
	net_init(&conf);
	net_listen();
}

/* The listener is there, and has been sent something: from whom. */
static in_port_t
received(uint8_t encap)
{
	union addr_sa	 to = { 0 }, from = { 0 };
	struct dpmsg	 m = { .fd = udp(AF_INET, &to) };
	int		 fd = udp(AF_INET, &from);

	start(encap);
	listen_done(0, &m);
	ck_assert_uint_eq(net_n_listening(), 1);
	ck_assert_int_eq(sendto(fd, "12345", 5, 0, &to.sa, sizeof(to.in)), 5);
	watches[0].fn(watches[0].arg, 1);
	ck_assert_uint_eq(got_len, 5);
	ck_assert_uint_eq(got.link, 0);
	ck_assert_uint_eq(got.peer.family, 4);
	ck_assert_uint_eq(got.peer.ip[0], 127);
	ck_assert_uint_eq(got.local.ip[0], 127);
	return (ntohs(from.in.sin_port));
}

START_TEST(over_udp)
{
	in_port_t	 port = received(L2TP_ENCAP_UDP);

	ck_assert_uint_eq(got.peer.port, port);
	ck_assert_uint_eq(got.peer.encap, L2TP_ENCAP_UDP);
	ck_assert_uint_eq(got.local.port, 1701);
	ck_assert_uint_eq(got.local.encap, L2TP_ENCAP_UDP);
}
END_TEST

/* What stands in the place of a port is nothing. */
START_TEST(over_ip)
{
	(void)received(L2TP_ENCAP_IP);
	ck_assert_uint_eq(got.peer.port, 0);
	ck_assert_uint_eq(got.peer.encap, L2TP_ENCAP_IP);
	ck_assert_uint_eq(got.local.port, 0);
	ck_assert_uint_eq(got.local.encap, L2TP_ENCAP_IP);
}
END_TEST

START_TEST(socket_of_a_tunnel)
{
	struct l2tp_addr	 local;
	union addr_sa		 to = { 0 }, from = { 0 };
	uint32_t		 link;
	int			 fd;

	start(L2TP_ENCAP_UDP);
	link = net_add(udp(AF_INET, &to), (uint8_t)_i, NET_NO_LINK, NULL, 0);
	ck_assert_uint_ne(link, NET_NO_LINK);
	net_local(link, &local);
	ck_assert_uint_eq(local.encap, (unsigned)_i);
	ck_assert_uint_eq(local.port, _i == L2TP_ENCAP_IP ? 0 :
	    ntohs(to.in.sin_port));
	fd = udp(AF_INET, &from);
	ck_assert_int_eq(sendto(fd, "1", 1, 0, &to.sa, sizeof(to.in)), 1);
	watches[0].fn(watches[0].arg, 1);
	ck_assert_uint_eq(got.link, link);
	ck_assert_uint_eq(got.peer.encap, (unsigned)_i);
	ck_assert_uint_eq(got.local.port, local.port);
	/* Encapsulations of links that were used before are forgotten. */
	net_del(link);
	link = net_add(udp(AF_INET, &to), (uint8_t)!_i, NET_NO_LINK, NULL, 0);
	net_local(link, &local);
	ck_assert_uint_eq(local.encap, (unsigned)!_i);
}
END_TEST

/* The kernel knows it of a route: that of a socket which is connected. */
START_TEST(path_mtu)
{
	uint8_t		 family = _i ? 6 : 4;
	union addr_sa	 to = { 0 }, from = { 0 };
	uint32_t	 link;
	int		 fd;

	start(L2TP_ENCAP_UDP);
	(void)udp(_i ? AF_INET6 : AF_INET, &to);
	fd = udp(_i ? AF_INET6 : AF_INET, &from);
	link = net_add(fd, L2TP_ENCAP_UDP, NET_NO_LINK, NULL, 0);
	ck_assert_uint_eq(net_path_mtu(link, family), 0);
	ck_assert_int_eq(connect(fd, &to.sa, _i ? sizeof(to.in6) :
	    sizeof(to.in)), 0);
	ck_assert_uint_ge(net_path_mtu(link, family), 1280);
	net_del(link);
	ck_assert_uint_eq(net_path_mtu(link, family), 0);
	ck_assert_uint_eq(net_path_mtu(NET_NO_LINK, family), 0);
}
END_TEST

/* What the kernel takes: linux/l2tp.h. */
START_TEST(addresses)
{
	struct l2tp_addr	 a = { .family = 4, .encap = L2TP_ENCAP_IP,
				    .ip = { 192, 0, 2, 1 } };
	struct dp_addr		 dp;
	union addr_sa		 sa;
	char			 text[ADDR_TEXT];

	ck_assert_uint_eq(addr_to_sa(&a, &sa), sizeof(struct sockaddr_l2tpip));
	ck_assert_uint_eq(sa.in.sin_port, 0);
	ck_assert_str_eq(addr_text(&a, text), "192.0.2.1");
	addr_from_l2tp(&a, &dp);
	ck_assert_uint_eq(dp.encap, L2TP_ENCAP_IP);
	memset(&a, 0, sizeof(a));
	addr_to_l2tp(&dp, &a);
	ck_assert_uint_eq(a.encap, L2TP_ENCAP_IP);
	a.family = 6;
	a.scope = 3;
	ck_assert_uint_eq(addr_to_sa(&a, &sa), sizeof(sa.l2tpip6));
	ck_assert_uint_eq(sa.l2tpip6.l2tp_scope_id, 3);
	ck_assert_uint_eq(sa.l2tpip6.l2tp_conn_id, 0);
	a.encap = L2TP_ENCAP_UDP;
	ck_assert_uint_eq(addr_to_sa(&a, &sa), sizeof(sa.in6));
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("net");
	TCase	*tc = tcase_create("net");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, over_udp);
	tcase_add_test(tc, over_ip);
	tcase_add_loop_test(tc, socket_of_a_tunnel, 0, 2);
	tcase_add_loop_test(tc, path_mtu, 0, 2);
	tcase_add_test(tc, addresses);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
