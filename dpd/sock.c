/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A factory of sockets.  What the sockets are for was decided before: the
 * rules have been asked.  ctld gets them ready to use, with every option set
 * and bound before the first packet can arrive.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_pppox.h>

#include "sock.h"

#define SOCK_BUFFER	(4 << 20)	/* a listener holds a burst of SCCRQs */

union sock_addr {
	struct sockaddr		sa;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
};

/*
 * Accept only what has the T bit set (RFC 2661 section 3.1), the first octet
 * behind the UDP header.  The kernel has taken the data packets of known
 * sessions before; those of unknown ones must not reach ctld.
 */
static struct sock_filter sock_control_only[] = {
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 8),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x80, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	BPF_STMT(BPF_RET | BPF_K, 0)
};

static int
sock_on(int fd, int level, int option)
{
	const int	 on = 1;

	return (setsockopt(fd, level, option, &on, sizeof(on)) == 0);
}

/* The socket, or -1 with the errno of what it failed by. */
static int
sock_done(int fd, int ok)
{
	int	 saved = errno;

	if (ok)
		return (fd);
	close(fd);
	errno = saved;
	return (-1);
}

static socklen_t
sock_fill(union sock_addr *sa, const struct dp_addr *a)
{
	memset(sa, 0, sizeof(*sa));
	sa->in6.sin6_port = htons(a->port);	/* the same place in both */
	if (a->family == 4) {
		sa->in.sin_family = AF_INET;
		memcpy(&sa->in.sin_addr, a->ip, sizeof(sa->in.sin_addr));
		return (sizeof(sa->in));
	}
	sa->in6.sin6_family = AF_INET6;
	sa->in6.sin6_scope_id = a->scope;
	memcpy(&sa->in6.sin6_addr, a->ip, sizeof(sa->in6.sin6_addr));
	return (sizeof(sa->in6));
}

/*
 * SO_REUSEPORT lets tunnels share the listener's port, but only with sockets
 * of our user; with SO_REUSEADDR any user could join.  Without a port of its
 * own a socket must not share one that the kernel picks.
 */
int
sock_tunnel(const struct dp_addr *local, const struct dp_addr *peer)
{
	const struct sock_fprog	 filter = { sizeof(sock_control_only) /
	    sizeof(sock_control_only[0]), sock_control_only };
	const uint8_t		 family = (peer != NULL ? peer : local)->family;
	union sock_addr		 sa;
	int			 fd;

	fd = socket(family == 4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
	return (sock_done(fd, fd != -1 &&
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
	    sizeof(filter)) == 0 &&
	    (local->port == 0 || sock_on(fd, SOL_SOCKET, SO_REUSEPORT)) &&
	    (family == 4 ? sock_on(fd, IPPROTO_IP, IP_PKTINFO) :
	    sock_on(fd, IPPROTO_IPV6, IPV6_V6ONLY) &&
	    sock_on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO)) &&
	    (local->family == 0 ||
	    bind(fd, &sa.sa, sock_fill(&sa, local)) == 0) &&
	    (peer == NULL || (	/* and its ICMP errors are wanted */
	    (family == 4 ? sock_on(fd, IPPROTO_IP, IP_RECVERR) :
	    sock_on(fd, IPPROTO_IPV6, IPV6_RECVERR)) &&
	    connect(fd, &sa.sa, sock_fill(&sa, peer)) == 0))));
}

int
sock_listen(const struct dp_addr *local)
{
	int	 fd = sock_tunnel(local, NULL), size = SOCK_BUFFER;

	if (fd != -1)	/* the default will do if this is not allowed */
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
		    sizeof(size));
	return (fd);
}

/*
 * The kernel tells the versions apart by the size of the address, but never
 * compares it with the tunnel's: the one with 32-bit ids serves both.
 */
int
sock_pppox(uint32_t local_tid, uint32_t peer_tid, uint32_t local_sid,
    uint32_t peer_sid)
{
	struct sockaddr_pppol2tpv3	 to = {
		.sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OL2TP,
		.pppol2tp = { .fd = -1,
		    .s_tunnel = local_tid, .d_tunnel = peer_tid,
		    .s_session = local_sid, .d_session = peer_sid }
	};
	int				 fd;

	fd = socket(AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC, PX_PROTO_OL2TP);
	return (sock_done(fd, fd != -1 &&
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0));
}

int
sock_control(const char *path, gid_t gid)
{
	struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
	mode_t			 mask = umask(0777);	/* until chown */
	int			 fd, ok;

	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ok = fd != -1 && strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) <
	    sizeof(sun.sun_path) && (unlink(path) == 0 || errno == ENOENT) &&
	    bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0 &&
	    chown(path, 0, gid) == 0 && chmod(path, 0660) == 0 &&
	    listen(fd, SOMAXCONN) == 0;
	umask(mask);
	return (sock_done(fd, ok));
}
