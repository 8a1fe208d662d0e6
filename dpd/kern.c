/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Requests to the kernel's "l2tp" generic netlink family.  The kernel works
 * on a request inside of our send, so its answer can be read right behind
 * it: nothing here ever waits for anything but the work itself.  An object
 * is only named by ids that dpd made; never by an interface's name.
 */
#include <sys/socket.h>

#include <errno.h>
#include <netinet/in.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <linux/l2tp.h>

#include "kern.h"
#include "log.h"

#define KERN_ANSWER	8192

static struct kern_state {
	struct nl_sock	*sock;
	int		 family;
} kern;

/* The counters in the order of struct dp_stats_reply, from tx_packets on. */
static const int kern_counters[] = {
	L2TP_ATTR_TX_PACKETS, L2TP_ATTR_TX_BYTES, L2TP_ATTR_TX_ERRORS,
	L2TP_ATTR_RX_PACKETS, L2TP_ATTR_RX_BYTES, L2TP_ATTR_RX_ERRORS,
	L2TP_ATTR_RX_SEQ_DISCARDS, L2TP_ATTR_RX_OOS_PACKETS,
	L2TP_ATTR_RX_COOKIE_DISCARDS
};

/* A message has room for a page of attributes, far more than we put. */
static struct nl_msg *
kern_request(uint8_t cmd, uint32_t local_tid, uint32_t local_sid)
{
	struct nl_msg	*msg = nlmsg_alloc();

	if (msg == NULL || genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ,
	    kern.family, 0, NLM_F_REQUEST | NLM_F_ACK, cmd,
	    L2TP_GENL_VERSION) == NULL)
		fatalx("out of memory");
	nla_put_u32(msg, L2TP_ATTR_CONN_ID, local_tid);
	if (local_sid != 0)
		nla_put_u32(msg, L2TP_ATTR_SESSION_ID, local_sid);
	return (msg);
}

static void
kern_count(struct nlmsghdr *hdr, uint64_t *counter)
{
	struct nlattr	*a, *nest;
	size_t		 i;

	if ((nest = nlmsg_find_attr(hdr, GENL_HDRLEN, L2TP_ATTR_STATS)) == NULL)
		return;
	for (i = 0; i < sizeof(kern_counters) / sizeof(kern_counters[0]); i++)
		if ((a = nla_find(nla_data(nest), nla_len(nest),
		    kern_counters[i])) != NULL)
			counter[i] = nla_get_u64(a);
}

/* Only the kernel can write to this socket: it has no multicast group. */
static int
kern_call(struct nl_msg *msg, struct dp_stats_reply *stats)
{
	_Alignas(struct nlmsghdr) char	 buf[KERN_ANSWER];
	struct nlmsghdr			*hdr;
	uint32_t			 seq;
	int				 n = nl_send_auto(kern.sock, msg);

	seq = nlmsg_hdr(msg)->nlmsg_seq;
	nlmsg_free(msg);
	while (n >= 0 && (n = (int)recv(nl_socket_get_fd(kern.sock), buf,
	    sizeof(buf), MSG_DONTWAIT)) > 0)
		for (hdr = (struct nlmsghdr *)(void *)buf; nlmsg_ok(hdr, n);
		    hdr = nlmsg_next(hdr, &n)) {
			if (hdr->nlmsg_seq != seq)
				continue;
			if (hdr->nlmsg_type == NLMSG_ERROR)
				return (-((struct nlmsgerr *)
				    nlmsg_data(hdr))->error);
			if (hdr->nlmsg_type == kern.family && stats != NULL)
				kern_count(hdr, &stats->tx_packets);
		}
	log_warn("netlink: no answer");
	return (EIO);
}

void
kern_open(void)
{
	if ((kern.sock = nl_socket_alloc()) == NULL ||
	    genl_connect(kern.sock) < 0)
		fatal("netlink socket");
	kern.family = genl_ctrl_resolve(kern.sock, L2TP_GENL_NAME);
	if (kern.family < 0)
		fatalx("the kernel has no L2TP over netlink "
		    "(module l2tp_netlink): %s", nl_geterror(kern.family));
}

int
kern_tunnel_create(int fd, const struct dp_tunnel_up *p)
{
	struct nl_msg	*msg;

	if (fd < 0)		/* the kernel would make a socket itself */
		return (EBADF);
	msg = kern_request(L2TP_CMD_TUNNEL_CREATE, p->local_tid, 0);
	nla_put_u32(msg, L2TP_ATTR_PEER_CONN_ID, p->peer_tid);
	nla_put_u8(msg, L2TP_ATTR_PROTO_VERSION, p->version);
	nla_put_u16(msg, L2TP_ATTR_ENCAP_TYPE, L2TP_ENCAPTYPE_UDP);
	nla_put_u32(msg, L2TP_ATTR_FD, (uint32_t)fd);
	return (kern_call(msg, NULL));
}

int
kern_tunnel_delete(uint32_t local_tid)
{
	return (kern_call(kern_request(L2TP_CMD_TUNNEL_DELETE, local_tid, 0),
	    NULL));
}

/*
 * Attributes and AVPs have the cookies' names the other way round: the
 * kernel's COOKIE is what it sends, PEER_COOKIE what it wants to see.
 */
int
kern_session_create(uint32_t local_tid, uint8_t version,
    const struct dp_session_up *p)
{
	struct nl_msg	*msg = kern_request(L2TP_CMD_SESSION_CREATE, local_tid,
	    p->local_sid);

	nla_put_u32(msg, L2TP_ATTR_PEER_SESSION_ID, p->peer_sid);
	nla_put_u16(msg, L2TP_ATTR_PW_TYPE, L2TP_PWTYPE_PPP);
	nla_put_u8(msg, L2TP_ATTR_LNS_MODE, p->lns_mode);
	if (version == 3)
		nla_put_u8(msg, L2TP_ATTR_L2SPEC_TYPE, p->l2spec);
	if (p->peer_cookie_len != 0)
		nla_put(msg, L2TP_ATTR_COOKIE, p->peer_cookie_len,
		    p->peer_cookie);
	if (p->cookie_len != 0)
		nla_put(msg, L2TP_ATTR_PEER_COOKIE, p->cookie_len, p->cookie);
	return (kern_call(msg, NULL));
}

int
kern_session_delete(uint32_t local_tid, uint32_t local_sid)
{
	return (kern_call(kern_request(L2TP_CMD_SESSION_DELETE, local_tid,
	    local_sid), NULL));
}

int
kern_session_sequence(uint32_t local_tid, uint32_t local_sid,
    uint8_t send_seq, uint8_t recv_seq)
{
	struct nl_msg	*msg = kern_request(L2TP_CMD_SESSION_MODIFY, local_tid,
	    local_sid);

	nla_put_u8(msg, L2TP_ATTR_SEND_SEQ, send_seq);
	nla_put_u8(msg, L2TP_ATTR_RECV_SEQ, recv_seq);
	return (kern_call(msg, NULL));
}

int
kern_stats(uint32_t local_tid, uint32_t local_sid,
    struct dp_stats_reply *stats)
{
	return (kern_call(kern_request(local_sid != 0 ? L2TP_CMD_SESSION_GET :
	    L2TP_CMD_TUNNEL_GET, local_tid, local_sid), stats));
}
