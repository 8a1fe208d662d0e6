/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * All that the kernel is asked for: sockets, and the requests of its "l2tp"
 * generic netlink family.  It works on a request inside of our send, so its
 * answer is there when the send is done: nothing here waits for anything but
 * the work itself.  What it is all for was decided before: the rules have
 * been asked, and an object is only named by ids that own knows.
 */
#include <sys/stat.h>
#include <sys/un.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <linux/filter.h>
#include <linux/if_pppox.h>

#include "dpd.h"

static struct kern_state {
	struct nl_sock		*sock;
	int			 family, err;
	struct dp_stats_reply	*stats;		/* to be filled in */
} kern;

static int
kern_answer(struct nl_msg *msg, void *arg)
{
	struct nlattr	*tb[L2TP_ATTR_STATS_MAX + 1], *nest =
	    nlmsg_find_attr(nlmsg_hdr(msg), GENL_HDRLEN, L2TP_ATTR_STATS);
	int		 i;

	(void)arg;
	if (kern.stats != NULL && nest != NULL &&
	    nla_parse_nested(tb, L2TP_ATTR_STATS_MAX, nest, NULL) == 0)
		for (i = L2TP_ATTR_TX_PACKETS;
		    i <= L2TP_ATTR_RX_COOKIE_DISCARDS; i++)
			if (tb[i] != NULL && i != L2TP_ATTR_STATS_PAD)
				kern.stats->n[i - 1] = nla_get_u64(tb[i]);
	return (NL_OK);
}

static int
kern_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	(void)from;
	(void)arg;
	kern.err = -e->error;
	return (NL_STOP);
}

void
kern_open(void)
{
	if ((kern.sock = nl_socket_alloc()) == NULL ||
	    genl_connect(kern.sock) < 0 || (kern.family =
	    genl_ctrl_resolve(kern.sock, L2TP_GENL_NAME)) < 0)
		fatalx("the kernel has no L2TP over netlink: "
		    "is the module l2tp_netlink there?");
	nl_socket_disable_auto_ack(kern.sock);
	nl_socket_modify_cb(kern.sock, NL_CB_VALID, NL_CB_CUSTOM, kern_answer,
	    NULL);
	nl_socket_modify_err_cb(kern.sock, NL_CB_CUSTOM, kern_error, NULL);
}

/* There is one answer to each: an error, the counters or an acknowledgement. */
int
kern_call(uint8_t cmd, uint32_t local_tid, uint32_t local_sid,
    const struct kern_attr *a, struct dp_stats_reply *stats)
{
	struct nl_msg	*msg = nlmsg_alloc();

	if (msg == NULL || genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ,
	    kern.family, 0, stats == NULL ? NLM_F_ACK : 0, cmd,
	    L2TP_GENL_VERSION) == NULL)
		fatalx("out of memory");
	nla_put_u32(msg, L2TP_ATTR_CONN_ID, local_tid);
	if (local_sid != 0)
		nla_put_u32(msg, L2TP_ATTR_SESSION_ID, local_sid);
	for (; a != NULL && a->type != 0; a++)
		nla_put(msg, a->type, a->size, a->value);
	kern.err = 0;
	kern.stats = stats;
	if (nl_send_auto(kern.sock, msg) < 0 ||
	    (nl_recvmsgs_default(kern.sock) < 0 && kern.err == 0))
		kern.err = EIO;
	nlmsg_free(msg);
	return (kern.err);
}

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

int
sock_name(int fd, const struct dp_addr *a, int connects)
{
	struct sockaddr_in6	 in6 = { .sin6_family = AF_INET6,
	    .sin6_port = htons(a->port), .sin6_scope_id = a->scope };
	struct sockaddr_in	 in = { .sin_family = AF_INET,
	    .sin_port = htons(a->port) };
	const struct sockaddr	*sa = (const struct sockaddr *)&in;
	socklen_t		 len = sizeof(in);

	memcpy(&in.sin_addr, a->ip, sizeof(in.sin_addr));
	memcpy(&in6.sin6_addr, a->ip, sizeof(in6.sin6_addr));
	if (a->family == 6) {
		sa = (const struct sockaddr *)&in6;
		len = sizeof(in6);
	}
	return (connects ? connect(fd, sa, len) : bind(fd, sa, len));
}

/*
 * SO_REUSEPORT lets tunnels share the listener's port, but only with sockets
 * of our user; with SO_REUSEADDR any user could join.  Without a port of its
 * own a socket must not share one that the kernel picks.  Of a tunnel's peer
 * the ICMP errors are wanted; a listener wants room for a burst of SCCRQs,
 * but will do without.
 */
int
sock_udp(const struct dp_addr *local, const struct dp_addr *peer)
{
	const struct sock_fprog	 filter = { nitems(sock_control_only),
	    sock_control_only };
	const uint8_t		 family = (peer != NULL ? peer : local)->family;
	int			 fd, size = 4 << 20;

	fd = socket(family == 4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
	if (fd != -1 && peer == NULL)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
		    sizeof(size));
	return (sock_done(fd, fd != -1 &&
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
	    sizeof(filter)) == 0 &&
	    (local->port == 0 || sock_on(fd, SOL_SOCKET, SO_REUSEPORT)) &&
	    (family == 4 ? sock_on(fd, IPPROTO_IP, IP_PKTINFO) :
	    sock_on(fd, IPPROTO_IPV6, IPV6_V6ONLY) &&
	    sock_on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO)) &&
	    (local->family == 0 || sock_name(fd, local, 0) == 0) &&
	    (peer == NULL || ((family == 4 ?
	    sock_on(fd, IPPROTO_IP, IP_RECVERR) :
	    sock_on(fd, IPPROTO_IPV6, IPV6_RECVERR)) &&
	    (peer->port == 0 || sock_name(fd, peer, 1) == 0)))));
}

/*
 * The kernel tells the versions apart by the size of the address, but never
 * compares it with the tunnel's: the one with 32-bit ids serves both.
 */
int
sock_pppox(const struct own *s, uint32_t peer_sid)
{
	struct sockaddr_pppol2tpv3	 to = {
		.sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OL2TP,
		.pppol2tp = { .fd = -1,
		    .s_tunnel = s->local_tid, .d_tunnel = s->tunnel->peer_tid,
		    .s_session = s->local_sid, .d_session = peer_sid }
	};
	int				 fd;

	fd = socket(AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC, PX_PROTO_OL2TP);
	return (sock_done(fd, fd != -1 &&
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0));
}

int
sock_control(gid_t gid)
{
	const struct sockaddr_un	 sun = { AF_UNIX, "control" };
	int				 fd;

	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	umask(0777);			/* nobody's until chmod */
	(void)unlink(sun.sun_path);
	if (fd == -1 ||
	    bind(fd, (const struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    chown(sun.sun_path, 0, gid) == -1 ||
	    chmod(sun.sun_path, 0660) == -1 || listen(fd, SOMAXCONN) == -1)
		fatal("control socket");
	return (fd);
}
