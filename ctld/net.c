/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Moves datagrams between sockets and the engine.  Every socket is read the
 * same way: which tunnel a datagram belongs to follows from its tunnel id
 * and its source, never from the socket that it arrived on, because between
 * bind() and connect() a new socket catches datagrams of all peers.  Every
 * datagram is sent with its destination, for a socket may not be connected
 * before the peer has answered.
 *
 * Over IP (protocol 115) there are no ports: a socket has the control
 * connection id that the kernel hands it the messages of, a listener 0.  The
 * zeros in front of a control message are the kernel's.
 */
#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>

#include "addr.h"
#include "ctld.h"
#include "dp.h"
#include "log.h"
#include "loop.h"
#include "net.h"
#include "tunnel.h"

#define NET_BATCH	64	/* datagrams before others have a turn */
#define NET_MAX_INPUT	4096
#define NET_RETRY_MS	5000

struct net_sock {
	const struct conf_listen *listen;	/* NULL: of a tunnel */
	int			  fd;		/* -1: unused */
	uint32_t		  link;		/* of our own */
	uint32_t		  answer;	/* link for new tunnels */
	uint16_t		  port;		/* of ours */
	uint8_t			  encap;	/* enum l2tp_encap */
	net_error		 *error;
	uint32_t		  key;
	uint32_t		  next_free;
};

union net_control {
	struct cmsghdr	hdr;
	char		buf[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

union net_errqueue {
	struct cmsghdr	hdr;
	char		buf[512];	/* whatever comes with the error */
};

static struct net_state {
	struct net_sock		*socks;
	uint32_t		 n, used, n_listeners;
	uint32_t		 free;		/* list of released ones */
	struct loop_timer	 retry;
} net_state;

static void	net_listen_reply(uint32_t, const struct dpmsg *);
static void	net_retry(void *);
static void	net_encap(const struct net_sock *, struct l2tp_addr *);
static void	net_readable(void *, uint32_t);
static void	net_errors(struct net_sock *);
static void	net_report(struct net_sock *, int, int);
static void	net_icmp(struct net_sock *, const struct cmsghdr *);
static int	net_recv(struct net_sock *);
static void	net_pktinfo(struct msghdr *, struct l2tp_addr *);
static size_t	net_put_pktinfo(union net_control *, const struct l2tp_addr *);
static int	net_errno_is_icmp(int);

void
net_init(const struct conf *conf)
{
	const struct conf_listen	*listen;
	uint32_t			 i;

	TAILQ_FOREACH(listen, &conf->listens, entry)
		net_state.n_listeners++;
	/* Tunnels keep their socket a while after they have ended. */
	net_state.n = net_state.n_listeners + TUN_SPARE * conf->max_tunnels;
	net_state.socks = calloc(net_state.n, sizeof(*net_state.socks));
	if (net_state.socks == NULL ||
	    loop_timer_init(&net_state.retry, net_retry, NULL) == -1)
		fatal("calloc");
	net_state.free = NET_NO_LINK;
	net_state.used = net_state.n_listeners;
	i = 0;
	TAILQ_FOREACH(listen, &conf->listens, entry) {
		net_state.socks[i].listen = listen;
		net_state.socks[i].port = listen->local.port;
		net_state.socks[i].encap = listen->local.encap;
		net_state.socks[i].link = net_state.socks[i].answer = i;
		net_state.socks[i].fd = -1;
		i++;
	}
}

void
net_listen(void)
{
	uint32_t	 i;

	for (i = 0; i < net_state.n_listeners; i++)
		if (net_state.socks[i].fd == -1)
			dp_listen(net_state.socks[i].listen->rule,
			    net_listen_reply, i);
}

unsigned
net_n_listening(void)
{
	unsigned	 n = 0;
	uint32_t	 i;

	for (i = 0; i < net_state.n_listeners; i++)
		n += net_state.socks[i].fd != -1;
	return (n);
}

static void
net_listen_reply(uint32_t key, const struct dpmsg *m)
{
	struct net_sock		*sock = &net_state.socks[key];
	struct l2tp_addr	 local;
	char			 text[ADDR_TEXT];

	addr_to_l2tp(&sock->listen->local, &local);
	addr_text(&local, text);
	if (m->u.reply.err != 0) {
		log_warnx("cannot listen on %s: %s", text,
		    strerror(m->u.reply.err));
		loop_timer_set(&net_state.retry, loop_now() + NET_RETRY_MS);
		return;
	}
	if (loop_add(m->fd, EPOLLIN, net_readable, sock) == -1)
		fatal("listener %s", sock->listen->name);
	sock->fd = m->fd;
	log_info("listening on %s", text);
}

static void
net_retry(void *arg)
{
	(void)arg;
	if (!ctld.stopping)
		net_listen();
}

uint32_t
net_add(int fd, uint8_t encap, uint32_t listener, net_error *error,
    uint32_t key)
{
	struct net_sock	*sock;
	uint32_t	 link = net_state.free;

	if (link == NET_NO_LINK && net_state.used < net_state.n)
		link = net_state.used;
	if (link == NET_NO_LINK ||
	    loop_add(fd, EPOLLIN, net_readable, &net_state.socks[link]) == -1) {
		close(fd);
		return (NET_NO_LINK);
	}
	sock = &net_state.socks[link];
	if (link == net_state.used)
		net_state.used++;
	else
		net_state.free = sock->next_free;
	memset(sock, 0, sizeof(*sock));
	sock->fd = fd;
	sock->link = link;
	sock->encap = encap;
	sock->answer = listener != NET_NO_LINK ? listener : link;
	sock->error = error;
	sock->key = key;
	return (link);
}

void
net_local(uint32_t link, struct l2tp_addr *local)
{
	struct net_sock	*sock = &net_state.socks[link];
	union addr_sa	 sa = { 0 };
	socklen_t	 len = sizeof(sa);

	if (getsockname(sock->fd, &sa.sa, &len) == -1 ||
	    addr_from_sa(&sa, local) == -1)
		memset(local, 0, sizeof(*local));
	net_encap(sock, local);
	sock->port = local->port;
}

/* Over IP, what stands where the port would be means nothing. */
static void
net_encap(const struct net_sock *sock, struct l2tp_addr *addr)
{
	addr->encap = sock->encap;
	if (addr->encap == L2TP_ENCAP_IP)
		addr->port = 0;
}

/* IP_MTU and IPV6_MTU are what is known of the route of a connected socket. */
uint32_t
net_path_mtu(uint32_t link, uint8_t family)
{
	socklen_t	 len = sizeof(int);
	int		 mtu = 0, v6 = family == 6;

	if (link >= net_state.n || net_state.socks[link].fd == -1 ||
	    getsockopt(net_state.socks[link].fd, v6 ? IPPROTO_IPV6 :
	    IPPROTO_IP, v6 ? IPV6_MTU : IP_MTU, &mtu, &len) == -1 || mtu < 0)
		return (0);
	return ((uint32_t)mtu);
}

void
net_del(uint32_t link)
{
	struct net_sock	*sock = &net_state.socks[link];

	loop_del(sock->fd);
	close(sock->fd);
	sock->fd = -1;
	sock->next_free = net_state.free;
	net_state.free = link;
}

const struct conf_listen *
net_listener(uint32_t link)
{
	return (link < net_state.n ? net_state.socks[link].listen : NULL);
}

uint32_t
net_link(const struct conf_listen *listen)
{
	uint32_t	 i;

	for (i = 0; listen != NULL && i < net_state.n_listeners; i++)
		if (net_state.socks[i].listen == listen)
			return (i);
	return (NET_NO_LINK);
}

void
net_send(const struct l2tp_packet *pkt)
{
	struct net_sock		*sock;
	struct iovec		 iov = {
		(void *)(uintptr_t)pkt->data, pkt->len	/* iovec has no const */
	};
	union addr_sa		 to;
	struct msghdr		 msg = {
		.msg_name = &to,
		.msg_namelen = addr_to_sa(&pkt->path.peer, &to),
		.msg_iov = &iov, .msg_iovlen = 1
	};
	union net_control	 control = { 0 };
	int			 tries, err = 0;

	if (pkt->path.link >= net_state.n)
		return;
	sock = &net_state.socks[pkt->path.link];
	if (sock->fd == -1)
		return;
	if (sock->listen != NULL) {
		msg.msg_control = &control;
		msg.msg_controllen = net_put_pktinfo(&control,
		    &pkt->path.local);
	}
	/* The first error may be an old one, about an earlier datagram. */
	for (tries = 0; tries < 2; tries++) {
		if (sendmsg(sock->fd, &msg, MSG_DONTWAIT) != -1)
			return;
		err = errno;
		net_report(sock, err, tries > 0);
		if (!net_errno_is_icmp(err))
			break;
	}
	/* The reliable channel sends it again (RFC 2661 section 5.8). */
	ctld.n_unsent++;
	log_debug("cannot send %zu octets: %s", pkt->len, strerror(err));
}

static void
net_report(struct net_sock *sock, int err, int unsent)
{
	if (sock->error != NULL && net_errno_is_icmp(err))
		sock->error(sock->key, err, unsent);
}

static void
net_readable(void *arg, uint32_t events)
{
	struct net_sock	*sock = arg;
	int		 left;

	if ((events & EPOLLERR) != 0)
		net_errors(sock);
	for (left = NET_BATCH; left > 0 && net_recv(sock) == 0; left--)
		continue;
}

/*
 * ICMP errors of the soft kind, such as "host unreachable", come only this
 * way, and only to sockets that were made to have them.
 */
static void
net_errors(struct net_sock *sock)
{
	union net_errqueue	 control;
	struct cmsghdr		*c;
	struct msghdr		 msg;
	int			 left;

	for (left = NET_BATCH; left > 0; left--) {
		memset(&msg, 0, sizeof(msg));
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		if (recvmsg(sock->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) == -1)
			return;
		for (c = CMSG_FIRSTHDR(&msg); c != NULL;
		    c = CMSG_NXTHDR(&msg, c))
			net_icmp(sock, c);
	}
}

static void
net_icmp(struct net_sock *sock, const struct cmsghdr *c)
{
	struct sock_extended_err	 err;

	if (!(c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) &&
	    !(c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
		return;
	memcpy(&err, CMSG_DATA(c), sizeof(err));
	net_report(sock, (int)err.ee_errno, 0);
}

/* 0, or -1 if there is nothing more to read. */
static int
net_recv(struct net_sock *sock)
{
	uint8_t			 data[NET_MAX_INPUT];
	struct l2tp_path	 path = { .link = sock->answer };
	struct iovec		 iov = { data, sizeof(data) };
	union net_control	 control;
	union addr_sa		 from = { 0 };
	struct msghdr		 msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control)
	};
	char			 text[ADDR_TEXT];
	ssize_t			 n;
	int			 err;

	if ((n = recvmsg(sock->fd, &msg, MSG_DONTWAIT)) == -1) {
		if (errno == EAGAIN || errno == EINTR)
			return (-1);
		net_report(sock, errno, 0);
		return (0);
	}
	if (addr_from_sa(&from, &path.peer) == -1 ||
	    (msg.msg_flags & MSG_TRUNC) != 0)
		return (0);
	net_pktinfo(&msg, &path.local);
	path.local.port = sock->port;
	net_encap(sock, &path.local);
	net_encap(sock, &path.peer);
	err = l2tp_input(ctld.engine, &path, data, (size_t)n, loop_now());
	if (err != 0)
		log_debug("dropped datagram from %s: %s",
		    addr_text(&path.peer, text), l2tp_strerror(err));
	return (0);
}

/* The address that the datagram was sent to: answers leave from it. */
static void
net_pktinfo(struct msghdr *msg, struct l2tp_addr *local)
{
	struct in6_pktinfo	 info6;
	struct in_pktinfo	 info;
	union addr_sa		 sa = { 0 };
	struct cmsghdr		*c;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			sa.in.sin_family = AF_INET;
			sa.in.sin_addr = info.ipi_addr;
		} else if (c->cmsg_level == IPPROTO_IPV6 &&
		    c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(c), sizeof(info6));
			sa.in6.sin6_family = AF_INET6;
			sa.in6.sin6_addr = info6.ipi6_addr;
			sa.in6.sin6_scope_id = info6.ipi6_ifindex;
		}
	}
	(void)addr_from_sa(&sa, local);
}

/* The length of the control data; 0 if the source is left to the kernel. */
static size_t
net_put_pktinfo(union net_control *control, const struct l2tp_addr *local)
{
	struct in6_pktinfo	 info6 = { 0 };
	struct in_pktinfo	 info = { 0 };

	if (local->family == 4) {
		memcpy(&info.ipi_spec_dst, local->ip, 4);
		control->hdr.cmsg_level = IPPROTO_IP;
		control->hdr.cmsg_type = IP_PKTINFO;
		control->hdr.cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(&control->hdr), &info, sizeof(info));
		return (CMSG_SPACE(sizeof(info)));
	}
	if (local->family == 6) {
		memcpy(&info6.ipi6_addr, local->ip, 16);
		info6.ipi6_ifindex = local->scope;
		control->hdr.cmsg_level = IPPROTO_IPV6;
		control->hdr.cmsg_type = IPV6_PKTINFO;
		control->hdr.cmsg_len = CMSG_LEN(sizeof(info6));
		memcpy(CMSG_DATA(&control->hdr), &info6, sizeof(info6));
		return (CMSG_SPACE(sizeof(info6)));
	}
	return (0);
}

static int
net_errno_is_icmp(int err)
{
	return (err == ECONNREFUSED || err == EHOSTUNREACH ||
	    err == ENETUNREACH || err == EHOSTDOWN || err == ENETDOWN ||
	    err == EPROTO || err == EMSGSIZE || err == ENOPROTOOPT);
}
