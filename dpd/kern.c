/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <net/if.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <linux/filter.h>
#include <linux/if_addr.h>
#include <linux/if_pppox.h>

#include "dpd.h"

static struct nl_sock	*kern_l2tp, *kern_route;
static int		 kern_family;

void
kern_open(void)
{
	if ((kern_route = nl_socket_alloc()) == NULL ||
	    (kern_l2tp = nl_socket_alloc()) == NULL ||
	    nl_connect(kern_route, NETLINK_ROUTE) < 0 ||
	    nl_connect(kern_l2tp, NETLINK_GENERIC) < 0 || (kern_family =
	    genl_ctrl_resolve(kern_l2tp, L2TP_GENL_NAME)) < 0)
		fatalx("the kernel has no L2TP over netlink: "
		    "is the module l2tp_netlink there?");
	nl_socket_disable_auto_ack(kern_route);
	nl_socket_disable_auto_ack(kern_l2tp);
}

static struct nl_msg *
kern_msg(int type, int flags, void *head, size_t len)
{
	struct nl_msg	*msg = nlmsg_alloc_simple(type, flags);

	if (msg == NULL || nlmsg_append(msg, head, len, NLMSG_ALIGNTO) < 0)
		fatalx("out of memory");
	return (msg);
}

static void
kern_stats(struct nlmsghdr *hdr, struct dp_stats_reply *stats)
{
	struct nlattr	*a, *nest = nlmsg_find_attr(hdr, GENL_HDRLEN,
	    L2TP_ATTR_STATS);
	int		 left;

	if (stats != NULL && nest != NULL)
		nla_for_each_nested(a, nest, left)
			if (nla_len(a) == 8 && nla_type(a) >= 1 &&
			    nla_type(a) <= L2TP_ATTR_RX_COOKIE_DISCARDS)
				stats->n[nla_type(a) - 1] = nla_get_u64(a);
}

/* There is one answer to each: an error, the counters or an acknowledgement. */
static int
kern_ask(struct nl_sock *sock, struct nl_msg *msg, const struct kern_attr *a,
    struct dp_stats_reply *stats)
{
	struct sockaddr_nl	 from;
	struct nlmsghdr		*hdr = NULL;
	int			 err = EIO;

	for (; a != NULL && a->type != 0; a++)
		if (a->size != 0)
			nla_put(msg, a->type, a->size, a->value);
	if (nl_send_auto(sock, msg) >= 0 && nl_recv(sock, &from,
	    (unsigned char **)&hdr, NULL) >= NLMSG_LENGTH((int)sizeof(err))) {
		err = 0;
		if (hdr->nlmsg_type == NLMSG_ERROR)
			err = -((struct nlmsgerr *)nlmsg_data(hdr))->error;
		else
			kern_stats(hdr, stats);
	}
	free(hdr);
	nlmsg_free(msg);
	return (err);
}

int
kern_call(uint8_t cmd, const struct own *o, const struct kern_attr *a,
    struct dp_stats_reply *stats)
{
	struct genlmsghdr	 head = { cmd, L2TP_GENL_VERSION, 0 };
	struct nl_msg		*msg = kern_msg(kern_family,
	    stats == NULL ? NLM_F_ACK : 0, &head, sizeof(head));

	nla_put_u32(msg, L2TP_ATTR_CONN_ID, o->local_tid);
	if (o->local_sid != 0)
		nla_put_u32(msg, L2TP_ATTR_SESSION_ID, o->local_sid);
	return (kern_ask(kern_l2tp, msg, a, stats));
}

int
kern_ifindex(const char *ifname)
{
	struct ifreq	 ifr = { 0 };

	strlcpy(ifr.ifr_name, ifname, sizeof(ifr.ifr_name));
	return (ioctl(nl_socket_get_fd(kern_route), SIOCGIFINDEX, &ifr) == -1 ?
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

	return (kern_ask(kern_route, kern_msg(RTM_NEWADDR, NLM_F_ACK |
	    NLM_F_CREATE | NLM_F_REPLACE, &head, sizeof(head)), attrs, NULL));
}

int
kern_link(const struct own *s, const struct dp_rule_session *rule, int down)
{
	const uint32_t			 mtu = s->up.mtu != 0 ? s->up.mtu :
	    rule->mtu_max;
	const int			 bridged = down != 1 &&
	    rule->bridge[0] != '\0';
	const int			 master = bridged ?
	    kern_ifindex(rule->bridge) : 0;
	const struct kern_attr		 attrs[] = {
		{ IFLA_MTU, down != 1 && mtu != 0 ? 4 : 0, &mtu },
		{ IFLA_MASTER, bridged ? 4 : 0, &master }, { 0, 0, NULL }
	};
	struct ifinfomsg		 head = { .ifi_index = s->ifindex,
	    .ifi_flags = down ? 0 : IFF_UP,
	    .ifi_change = down == DP_AS_IT_IS ? 0 : IFF_UP };
	const struct dp_prefix		*x = rule->addrs;
	int				 err;

	if (bridged && master == 0)
		return (ENODEV);
	err = kern_ask(kern_route, kern_msg(RTM_NEWLINK, NLM_F_ACK, &head,
	    sizeof(head)), attrs, NULL);
	for (; err == 0 && down != 1 && x < rule->addrs + DP_MAX_ADDRS &&
	    x->addr.family != 0; x++)
		err = kern_addr(s->ifindex, x);
	return (err);
}

/*
 * Only what has the T bit (RFC 2661 section 3.1) in the octet behind the UDP
 * header: data packets of unknown sessions must not reach ctld.
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
	return (setsockopt(fd, level, option, &(int){ 1 }, sizeof(int)) == 0);
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
sock_name(int fd, const struct dp_addr *a, uint32_t local_tid,
    int (*name)(int, const struct sockaddr *, socklen_t))
{
	/* For UDP it is the port that is "unused", and the id is behind. */
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
sock_l2tp(const struct dp_addr *local, uint32_t local_tid,
    const struct dp_addr *peer)
{
	const struct sock_fprog	 filter = { nitems(sock_control_only),
	    sock_control_only };
	const struct dp_addr	*a = peer != NULL ? peer : local;
	const struct dp_addr	 any = { .family = a->family };
	const int		 ip = a->encap != 0, v4 = a->family == 4;
	const int		 level = v4 ? IPPROTO_IP : IPPROTO_IPV6;
	int			 fd, size = 4 << 20;

	fd = socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, ip ? DPD_PROTO_L2TP : IPPROTO_UDP);
	if (fd != -1 && peer == NULL)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
		    sizeof(size));
	return (sock_done(fd, fd != -1 && (ip || setsockopt(fd, SOL_SOCKET,
	    SO_ATTACH_FILTER, &filter, sizeof(filter)) == 0) &&
	    (local->port == 0 || sock_on(fd, SOL_SOCKET, SO_REUSEPORT)) &&
	    (v4 || ip || sock_on(fd, level, IPV6_V6ONLY)) &&
	    sock_on(fd, level, v4 ? IP_PKTINFO : IPV6_RECVPKTINFO) &&
	    sock_name(fd, local->family != 0 ? local : &any, local_tid,
	    bind) == 0 && (peer == NULL ||
	    (sock_on(fd, level, v4 ? IP_RECVERR : IPV6_RECVERR) &&
	    ((peer->port == 0 && !ip) ||
	    sock_name(fd, peer, 0, connect) == 0)))));
}

int
sock_pppox(const struct own *s)
{
	struct sockaddr_pppol2tpv3	 to = {
		.sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OL2TP,
		.pppol2tp = { .fd = -1,
		    .s_tunnel = s->local_tid, .d_tunnel = s->tunnel->peer_tid,
		    .s_session = s->local_sid, .d_session = s->up.peer_sid }
	};
	int				 fd;

	fd = socket(AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC, PX_PROTO_OL2TP);
	return (sock_done(fd, fd != -1 &&
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0));
}
