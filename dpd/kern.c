/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * All that the kernel is asked for: sockets, and requests by netlink of its
 * "l2tp" family and about interfaces.  It works on a request inside of our
 * send, so its answer is there when the send is done: nothing here waits for
 * anything but the work itself.  What it is all for was decided before: the
 * rules have been asked, and an object is only named by what own knows.
 */
#include <sys/ioctl.h>

#include <net/if.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <linux/filter.h>
#include <linux/if_addr.h>
#include <linux/if_pppox.h>

#include "dpd.h"

static struct kern_state {
	struct nl_sock		*l2tp, *route;
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

static struct nl_sock *
kern_socket(int protocol)
{
	struct nl_sock	*sock = nl_socket_alloc();

	if (sock == NULL || nl_connect(sock, protocol) < 0)
		fatalx("no netlink");
	nl_socket_disable_auto_ack(sock);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, kern_answer, NULL);
	nl_socket_modify_err_cb(sock, NL_CB_CUSTOM, kern_error, NULL);
	return (sock);
}

void
kern_open(void)
{
	kern.route = kern_socket(NETLINK_ROUTE);
	kern.l2tp = kern_socket(NETLINK_GENERIC);
	kern.family = genl_ctrl_resolve(kern.l2tp, L2TP_GENL_NAME);
	if (kern.family < 0)
		fatalx("the kernel has no L2TP over netlink: "
		    "is the module l2tp_netlink there?");
}

static struct nl_msg *
kern_msg(int type, int flags, void *head, size_t len)
{
	struct nl_msg	*msg = nlmsg_alloc_simple(type, flags);

	if (msg == NULL || nlmsg_append(msg, head, len, NLMSG_ALIGNTO) < 0)
		fatalx("out of memory");
	return (msg);
}

/* There is one answer to each: an error, the counters or an acknowledgement. */
static int
kern_ask(struct nl_sock *sock, struct nl_msg *msg, const struct kern_attr *a)
{
	for (; a != NULL && a->type != 0; a++)
		if (a->size != 0)
			nla_put(msg, a->type, a->size, a->value);
	kern.err = 0;
	if (nl_send_auto(sock, msg) < 0 ||
	    (nl_recvmsgs_default(sock) < 0 && kern.err == 0))
		kern.err = EIO;
	nlmsg_free(msg);
	return (kern.err);
}

int
kern_call(uint8_t cmd, const struct own *o, const struct kern_attr *a,
    struct dp_stats_reply *stats)
{
	struct genlmsghdr	 head = { cmd, L2TP_GENL_VERSION, 0 };
	struct nl_msg		*msg = kern_msg(kern.family,
	    stats == NULL ? NLM_F_ACK : 0, &head, sizeof(head));

	nla_put_u32(msg, L2TP_ATTR_CONN_ID, o->local_tid);
	if (o->local_sid != 0)
		nla_put_u32(msg, L2TP_ATTR_SESSION_ID, o->local_sid);
	kern.stats = stats;
	return (kern_ask(kern.l2tp, msg, a));
}

int
kern_ifindex(const char *ifname)
{
	struct ifreq	 ifr = { 0 };

	strlcpy(ifr.ifr_name, ifname, sizeof(ifr.ifr_name));
	return (ioctl(nl_socket_get_fd(kern.route), SIOCGIFINDEX, &ifr) == -1 ?
	    0 : ifr.ifr_ifindex);
}

static int
kern_addr(int ifindex, const struct dp_prefix *x)
{
	struct ifaddrmsg	 head = { .ifa_prefixlen = x->len,
	    .ifa_family = x->addr.family == 4 ? AF_INET : AF_INET6,
	    .ifa_index = (uint32_t)ifindex };
	const int		 size = x->addr.family == 4 ? 4 : 16;
	const struct kern_attr	 attrs[] = { { IFA_LOCAL, size, x->addr.ip },
	    { IFA_ADDRESS, size, x->addr.ip }, { 0, 0, NULL } };

	return (kern_ask(kern.route, kern_msg(RTM_NEWADDR, NLM_F_ACK |
	    NLM_F_CREATE | NLM_F_REPLACE, &head, sizeof(head)), attrs));
}

int
kern_link(const struct own *s, const struct dp_rule_session *rule, int up)
{
	const int			 bridged = rule->bridge[0] != '\0';
	const int			 master = kern_ifindex(rule->bridge);
	const uint32_t			 mtu = s->mtu;
	const struct kern_attr		 attrs[] = {
		{ IFLA_MTU, up && mtu != 0 ? 4 : 0, &mtu },
		{ IFLA_MASTER, up && bridged ? 4 : 0, &master }, { 0, 0, NULL }
	};
	struct ifinfomsg		 head = { .ifi_index = s->ifindex,
	    .ifi_flags = up ? IFF_UP : 0, .ifi_change = IFF_UP };
	const struct dp_prefix		*x = rule->addrs;
	int				 err;

	if (up && bridged && master == 0)
		return (ENODEV);
	err = kern_ask(kern.route, kern_msg(RTM_NEWLINK, NLM_F_ACK, &head,
	    sizeof(head)), attrs);
	for (; err == 0 && up && x < rule->addrs + DP_MAX_ADDRS &&
	    x->addr.family != 0; x++)
		err = kern_addr(s->ifindex, x);
	return (err);
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

/* With the port for UDP, which is "unused" here, or the id for IP. */
static int
sock_name(int fd, const struct dp_addr *a, uint32_t local_tid,
    int (*name)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_l2tpip6	 in6 = { AF_INET6, htons(a->port), 0,
	    IN6ADDR_ANY_INIT, a->scope, local_tid };
	struct sockaddr_l2tpip	 in = { .l2tp_family = AF_INET,
	    .l2tp_unused = htons(a->port), .l2tp_conn_id = local_tid };

	memcpy(&in.l2tp_addr, a->ip, sizeof(in.l2tp_addr));
	memcpy(&in6.l2tp_addr, a->ip, sizeof(in6.l2tp_addr));
	return (a->family == 6 ?
	    name(fd, (const struct sockaddr *)&in6, sizeof(in6)) :
	    name(fd, (const struct sockaddr *)&in, sizeof(in)));
}

int
sock_connect(int fd, const struct dp_addr *peer)
{
	return (sock_name(fd, peer, 0, connect));
}

/*
 * SO_REUSEPORT lets tunnels share the listener's port, but only with sockets
 * of our user; with SO_REUSEADDR any user could join.  Without a port of its
 * own a socket must not share one that the kernel picks.  Of a tunnel's peer
 * the ICMP errors are wanted; a listener wants room for a burst of SCCRQs,
 * but will do without.  Over IP the kernel tells control from data, no socket
 * is for both families, and none is connected before it has a name.
 */
int
sock_l2tp(const struct dp_addr *local, uint32_t local_tid,
    const struct dp_addr *peer)
{
	const struct sock_fprog	 filter = { nitems(sock_control_only),
	    sock_control_only };
	const struct dp_addr	*a = peer != NULL ? peer : local;
	const struct dp_addr	 any = { .family = a->family };
	const int		 ip = a->encap != 0;
	int			 fd, size = 4 << 20;

	fd = socket(a->family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM |
	    SOCK_NONBLOCK | SOCK_CLOEXEC, ip ? DPD_PROTO_L2TP : IPPROTO_UDP);
	if (fd != -1 && peer == NULL)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
		    sizeof(size));
	return (sock_done(fd, fd != -1 && (ip || setsockopt(fd, SOL_SOCKET,
	    SO_ATTACH_FILTER, &filter, sizeof(filter)) == 0) &&
	    (local->port == 0 || sock_on(fd, SOL_SOCKET, SO_REUSEPORT)) &&
	    (a->family == 4 ? sock_on(fd, IPPROTO_IP, IP_PKTINFO) :
	    (ip || sock_on(fd, IPPROTO_IPV6, IPV6_V6ONLY)) &&
	    sock_on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO)) &&
	    sock_name(fd, local->family != 0 ? local : &any, local_tid,
	    bind) == 0 &&
	    (peer == NULL || ((a->family == 4 ?
	    sock_on(fd, IPPROTO_IP, IP_RECVERR) :
	    sock_on(fd, IPPROTO_IPV6, IPV6_RECVERR)) &&
	    ((peer->port == 0 && !ip) || sock_connect(fd, peer) == 0)))));
}

/*
 * The kernel tells the versions apart by the size of the address, but never
 * compares it with the tunnel's: the one with 32-bit ids serves both.
 */
int
sock_pppox(const struct own *s)
{
	struct sockaddr_pppol2tpv3	 to = {
		.sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OL2TP,
		.pppol2tp = { .fd = -1,
		    .s_tunnel = s->local_tid, .d_tunnel = s->tunnel->peer_tid,
		    .s_session = s->local_sid, .d_session = s->peer_sid }
	};
	int				 fd;

	fd = socket(AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC, PX_PROTO_OL2TP);
	return (sock_done(fd, fd != -1 &&
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0));
}
