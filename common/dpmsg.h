/* SPDX-License-Identifier: ISC */
/*
 * The privileged contract: every message between septum-dpd and the two
 * faces of septum-ctld, the running daemon and the parser (-C); and between
 * septum-dpd and the starter.
 *
 * Requests carry meanings: rule indexes, handles that dpd issued, numbers
 * and addresses.  Never a path, a file name, an interface name, a process
 * id, an argument or option string, a raw sockaddr, a netlink message or an
 * ioctl number, except in policy records, which come from the parser before
 * the network is read.
 *
 * dpmsg_recv() is the only way to obtain a message, in every process.  It is
 * the first of the four fences: what passes may travel this way, is of the
 * exact size, has a descriptor exactly if it should, every field in its range
 * and nothing behind.  Messages are rows of a table, their fields of another.
 * Integers are in host order; padding is zero and checked.
 */
#ifndef COMMON_DPMSG_H
#define COMMON_DPMSG_H

#include <stdint.h>

#include "imsg.h"

/* What names and numbers are made of; their lengths are with the NUL. */
#define DP_NAME_CHARS	"abcdefghijklmnopqrstuvwxyz0123456789_-"
#define DP_NUMBER_CHARS	DP_NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZ.+"
#define DP_NAME_LEN	32
#define DP_IFNAME_LEN	16
#define DP_NUMBER_LEN	33
#define DP_USER_LEN	64		/* with NUL: printable ASCII */
#define DP_MAX_PREFIXES	16
#define DP_MAX_RANGES	8
#define DP_MAX_RULES	4096
#define DP_MAX_TUNNELS	4096
#define DP_MAX_SESSIONS	16384
#define DP_NO_RULE	0xffff
/* What dpd remembers: more than can live, for the ids of what has ended. */
#define DP_OBJECTS	(DP_MAX_SESSIONS + 2 * DP_MAX_TUNNELS)
#define DP_MAX_CONFIG	(1 << 20)	/* octets of the YAML file */

/* Requests are even, their replies odd; events are odd from 33 on. */
enum dp_type {
	DP_LISTEN = 2, DP_LISTEN_REPLY = 3,
	DP_TUNNEL_OPEN = 4, DP_TUNNEL_OPEN_REPLY = 5,
	DP_TUNNEL_UP = 6, DP_TUNNEL_UP_REPLY = 7,
	DP_TUNNEL_CLOSE = 8, DP_TUNNEL_CLOSE_REPLY = 9,
	DP_SESSION_UP = 10, DP_SESSION_UP_REPLY = 11,
	DP_SESSION_START = 12, DP_SESSION_START_REPLY = 13,
	DP_SESSION_DOWN = 14, DP_SESSION_DOWN_REPLY = 15,
	DP_STATS = 16, DP_STATS_REPLY = 17,

	DP_CONFIG = 33,
	DP_CONTROL = 35,
	DP_NOTICES = 37,
	DP_SESSION_GONE = 39,
	DP_SHUTDOWN = 41,

	/* From the parser, once, before anything else is allowed. */
	DP_RULE_LISTEN = 64,
	DP_RULE_TUNNEL = 66,
	DP_RULE_SESSION = 68,
	DP_POLICY_END = 70,

	/* From dpd to the starter, and its only answer. */
	DP_RUN_PARSER = 80,		/* with its end of a channel */
	DP_RUN_CTLD = 82,		/* with its end of a channel */
	DP_RUN_PPPD = 84,		/* with a PPPoL2TP socket */
	/*
	 * A child that does nothing but the last close of the PPPoL2TP socket:
	 * it waits for an RCU grace period, which must not stop anyone else.
	 */
	DP_RUN_CLOSE = 86,
	DP_END = 88,			/* SIGTERM now, SIGKILL after the grace */
	DP_EXITED = 89
};


#define DP_PW_ETH	5		/* the kernel's PW types */
#define DP_PW_PPP	7
#define DP_COOKIE_LEN	8		/* octets, at most: 0, 4 or 8 */
#define DP_MAX_ADDRS	4		/* of an Ethernet interface */
#define DP_AS_IT_IS	2		/* neither up nor down */

struct dp_addr {
	uint8_t		family;		/* 4 or 6; 0: any, only encap is said */
	uint8_t		encap;		/* 0: UDP; 1: IP, protocol 115 */
	uint16_t	port;		/* 0 with protocol 115 */
	uint32_t	scope;		/* IPv6 link-local only, else 0 */
	uint8_t		ip[16];		/* network order; rest zero for IPv4 */
};

struct dp_prefix {
	struct dp_addr	addr;		/* port: 0 any, else exactly this */
	uint8_t		len;		/* 0..32 or 0..128 */
	uint8_t		pad[3];
};

/* ---- policy records, TO_DPD, from the parser only ---- */

/* Rules are numbered in the order of their arrival, all kinds together. */
struct dp_rule_listen {
	struct dp_addr	local;
};

/*
 * Who a tunnel may go to.  With listen it is an answered one: its local
 * address and port are the listener's (or one that the wildcard listener
 * covers).  With DP_NO_RULE it is dialled from local, where the port 0 is
 * "any" and a wildcard address lets the kernel choose.
 */
struct dp_rule_tunnel {
	uint16_t	listen;		/* index of a listen rule, or NO_RULE */
	uint16_t	max_tunnels;	/* 1..DP_MAX_TUNNELS */
	uint8_t		version;	/* of L2TP: 2 or 3; 0: either */
	uint8_t		n_prefixes;	/* 1..DP_MAX_PREFIXES */
	/*
	 * Static and quiescent ones outlive ctld: to open it again gives the
	 * one that there is, and so for its sessions.
	 */
	uint8_t		keeps;
	uint8_t		pad;
	struct dp_addr	local;		/* family 0 if listen is given */
	struct dp_prefix peers[DP_MAX_PREFIXES];
};

struct dp_range {
	uint32_t	first, last;	/* IPv4, host order; both are in it */
};

/* What a session in a tunnel of rule "tunnel" may be. */
struct dp_rule_session {
	uint16_t	tunnel;		/* index of a tunnel rule */
	uint16_t	max_sessions;	/* 1..DP_MAX_SESSIONS */
	uint8_t		pseudowire;	/* DP_PW_PPP, DP_PW_ETH */
	uint8_t		n_ranges;	/* 0: pppd negotiates addresses */
	uint16_t	mtu_max;	/* 0: pppd's or the kernel's default */
	uint32_t	local_ip;	/* PPP: our end; 0 if no ranges */
	struct dp_range	ranges[DP_MAX_RANGES];
	char		profile[DP_NAME_LEN];	/* PPP: /etc/septum/ppp/NAME */
	/*
	 * Ethernet.  With max_sessions 1 ifname is the interface's name, else
	 * what it begins with, before a number.  Neither has a '%' or '/'.
	 */
	char		ifname[DP_IFNAME_LEN];
	char		bridge[DP_IFNAME_LEN];	/* "": none */
	struct dp_prefix addrs[DP_MAX_ADDRS];	/* of the interface; family 0:
						 * no more */
};

struct dp_policy_end {
	uint16_t	n_rules;	/* must match what arrived */
	uint16_t	max_tunnels, max_sessions;
	uint8_t		pad[2];
	uint32_t	control_gid;
	uint32_t	unit_first;	/* pppN numbers from here on */
};

/* ---- requests, TO_DPD ---- */

struct dp_listen {
	uint16_t	rule;
	uint8_t		pad[2];
};

struct dp_tunnel_open {
	uint16_t	rule;
	uint8_t		pad[2];
	/* Over IP: the id that the socket is bound to, else 0. */
	uint32_t	local_tid;
	struct dp_addr	local;		/* as the rule allows; port 0: any */
	struct dp_addr	peer;		/* port 0: not known yet */
};

struct dp_tunnel_up {
	uint32_t	handle;
	uint32_t	local_tid, peer_tid;	/* of L2TPv2: 1..65535 */
	uint8_t		version;		/* as the rule says */
	uint8_t		pad;
	/* The port to connect to; 0 if TUNNEL_OPEN named one. */
	uint16_t	peer_port;
};

struct dp_tunnel_close {
	uint32_t	handle;
};

/*
 * Makes the kernel's session.  PPP: frames queue there until SESSION_START.
 * Ethernet: the interface, which is down until then.
 */
struct dp_session_up {
	uint32_t	handle;		/* the tunnel's */
	uint32_t	local_sid, peer_sid;	/* of L2TPv2: 1..65535 */
	uint16_t	rule;
	uint16_t	reorder_ms;	/* 0..1000 */
	uint8_t		lns_mode;
	uint8_t		l2spec;		/* L2TPv3: 1: the default sublayer */
	uint8_t		cookie_len;	/* 0, 4, 8: what our packets carry */
	uint8_t		peer_cookie_len;	/* and what the peer's must */
	uint8_t		cookie[DP_COOKIE_LEN];
	uint8_t		peer_cookie[DP_COOKIE_LEN];
	uint16_t	mtu;		/* 0: the rule's; what is before it is
					 * the session, which this is not of */
	uint8_t		pad[2];
};

/*
 * PPP: starts pppd on the session, once.  Ethernet, again and again: sets the
 * interface down, or sets MTU, bridge and addresses of the rule and then the
 * interface up; or those alone, whether it is up or down.
 */
struct dp_session_start {
	uint32_t	handle;		/* the session's, as in all below */
	uint32_t	peer_ip;	/* leased IPv4, host order; 0: none */
	uint8_t		send_seq;
	uint8_t		recv_seq;
	uint8_t		down;		/* Ethernet: 0, 1 or DP_AS_IT_IS */
	char		number[DP_NUMBER_LEN];	/* calling number, or "" */
};

struct dp_session_down {
	uint32_t	handle;
};

struct dp_stats {
	uint32_t	handle;		/* of a session or of a tunnel */
};

/* ---- replies, FROM_DPD ---- */

/*
 * LISTEN, TUNNEL_UP, TUNNEL_CLOSE and SESSION_DOWN.  err is 0 or an errno;
 * LISTEN_REPLY and TUNNEL_OPEN_REPLY have an fd exactly if err is 0.
 */
struct dp_reply {
	int32_t		err;
};

struct dp_handle_reply {		/* TUNNEL_OPEN and SESSION_UP */
	int32_t		err;
	uint32_t	handle;		/* of what was made; 0 on error */
};

struct dp_start_reply {			/* SESSION_START */
	int32_t		err;
	uint32_t	unit;		/* of pppN, or the number behind the
					 * rule's ifname; 0 on error */
};

/* In the order of the kernel's L2TP_ATTR_TX_PACKETS and so on. */
enum dp_stat {
	DP_TX_PACKETS,
	DP_TX_BYTES,
	DP_TX_ERRORS,
	DP_RX_PACKETS,
	DP_RX_BYTES,
	DP_RX_SEQ_DISCARDS,
	DP_RX_OOS_PACKETS,
	DP_RX_ERRORS,
	DP_RX_COOKIE_DISCARDS = 9
};

struct dp_stats_reply {
	int32_t		err;
	uint32_t	pad;
	uint64_t	n[10];		/* enum dp_stat */
};

/* ---- events, FROM_DPD ---- */

struct dp_config {			/* with a sealed memfd */
	uint32_t	size;		/* octets of the file, at most 1 MiB */
	uint32_t	mode;		/* its permission bits */
};

struct dp_control {			/* with the listening socket */
	uint32_t	pad;
};

/* With the socket on which ppp-notify says struct dp_notice; see below. */
struct dp_notices {
	uint32_t	pad;
};

struct dp_session_gone {		/* pppd has ended by itself */
	uint32_t	handle;
	uint32_t	local_sid;	/* what its SESSION_UP said */
	int32_t		status;		/* as of wait() */
};

struct dp_shutdown {
	uint32_t	grace_ms;
};

/*
 * Not a message but a packet of its own: what ppp-notify says when pppd's
 * link has addresses.  It comes from a pppd: one that its peer has taken
 * over can say the same of another session that is up or starting.
 */
struct dp_notice {
	uint32_t	unit;		/* of pppN */
	uint32_t	local_ip, peer_ip;	/* host order; 0: not IPv4 */
	char		user[DP_USER_LEN];	/* authenticated name, or "" */
};

/* ---- between dpd and the starter ---- */

/*
 * Children have slots, free until DP_EXITED: those of dpd's objects, and one
 * for each of these.
 */
#define DP_SLOT_CTLD	DP_OBJECTS
#define DP_SLOT_PARSER	(DP_OBJECTS + 1)
#define DP_SLOTS	(DP_OBJECTS + 2)

struct dp_run {
	uint32_t	slot;
	/* For pppd, else zero. */
	uint32_t	unit;		/* of pppN */
	uint32_t	local_ip, peer_ip;	/* host order; 0: none */
	uint16_t	mtu;		/* 0: pppd's default */
	char		profile[DP_NAME_LEN];
	char		number[DP_NUMBER_LEN];
	uint8_t		pad;
};

struct dp_exited {
	uint32_t	slot;
	int32_t		status;		/* as of wait() */
};

/*
 * Both ends are one build, but a hole in a struct would be octets that no
 * check sees: the sizes are those of the members alone.
 */
_Static_assert(sizeof(struct dp_addr) == 24, "dp_addr");
_Static_assert(sizeof(struct dp_prefix) == 28, "dp_prefix");
_Static_assert(sizeof(struct dp_rule_listen) == 24, "dp_rule_listen");
_Static_assert(sizeof(struct dp_rule_tunnel) == 480, "dp_rule_tunnel");
_Static_assert(sizeof(struct dp_range) == 8, "dp_range");
_Static_assert(sizeof(struct dp_rule_session) == 252, "dp_rule_session");
_Static_assert(sizeof(struct dp_policy_end) == 16, "dp_policy_end");
_Static_assert(sizeof(struct dp_listen) == 4, "dp_listen");
_Static_assert(sizeof(struct dp_tunnel_open) == 56, "dp_tunnel_open");
_Static_assert(sizeof(struct dp_tunnel_up) == 16, "dp_tunnel_up");
_Static_assert(sizeof(struct dp_tunnel_close) == 4, "dp_tunnel_close");
_Static_assert(sizeof(struct dp_session_up) == 40, "dp_session_up");
_Static_assert(sizeof(struct dp_session_start) == 44, "dp_session_start");
_Static_assert(sizeof(struct dp_session_down) == 4, "dp_session_down");
_Static_assert(sizeof(struct dp_stats) == 4, "dp_stats");
_Static_assert(sizeof(struct dp_reply) == 4, "dp_reply");
_Static_assert(sizeof(struct dp_handle_reply) == 8, "dp_handle_reply");
_Static_assert(sizeof(struct dp_start_reply) == 8, "dp_start_reply");
_Static_assert(sizeof(struct dp_stats_reply) == 88, "dp_stats_reply");
_Static_assert(sizeof(struct dp_config) == 8, "dp_config");
_Static_assert(sizeof(struct dp_control) == 4, "dp_control");
_Static_assert(sizeof(struct dp_notices) == 4, "dp_notices");
_Static_assert(sizeof(struct dp_session_gone) == 12, "dp_session_gone");
_Static_assert(sizeof(struct dp_shutdown) == 4, "dp_shutdown");
_Static_assert(sizeof(struct dp_run) == 84, "dp_run");
_Static_assert(sizeof(struct dp_exited) == 8, "dp_exited");

struct dpmsg {
	uint16_t	type;		/* enum dp_type */
	uint32_t	id;
	int		fd;		/* -1: none; the receiver's */
	const char	*name;		/* set by dpmsg_recv() */
	union {
		struct dp_rule_listen		rule_listen;
		struct dp_rule_tunnel		rule_tunnel;
		struct dp_rule_session		rule_session;
		struct dp_policy_end		policy_end;
		struct dp_listen		listen;
		struct dp_tunnel_open		tunnel_open;
		struct dp_tunnel_up		tunnel_up;
		struct dp_tunnel_close		tunnel_close;
		struct dp_session_up		session_up;
		struct dp_session_start		session_start;
		struct dp_session_down		session_down;
		struct dp_stats			stats;
		struct dp_reply			reply;
		struct dp_handle_reply		handle_reply;
		struct dp_start_reply		start_reply;
		struct dp_stats_reply		stats_reply;
		struct dp_config		config;
		struct dp_control		control;
		struct dp_notices		notices;
		struct dp_session_gone		session_gone;
		struct dp_shutdown		shutdown;
		struct dp_run			run;
		struct dp_exited		exited;
	} u;
};

enum dpmsg_fd { FD_NONE, FD_MUST, FD_IF_OK };

struct dpmsg_row {
	uint16_t	 type;
	const char	*name;
	enum dpmsg_fd	 fd;
	const char	*fields;	/* one letter each; see dpmsg.c */
};

/*
 * A table for each direction, so that a message that travels the wrong way
 * is none.  Each ends with a row of type 0.
 */
extern const struct dpmsg_row	 dpmsg_to_dpd[], dpmsg_to_starter[],
				 dpmsg_from_starter[];

/*
 * Receives one message that is in this table.  IMSG_BAD has been logged with
 * name and reason, and its fd is closed.
 */
enum imsg_status	 dpmsg_recv(int sock, const struct dpmsg_row *,
			    struct dpmsg *);
/*
 * Sends m, all of it: every message has the size of the largest, with zeroes
 * behind its own struct.  m->fd stays the caller's.
 */
enum imsg_status	 dpmsg_send(int sock, const struct dpmsg *);

#endif
