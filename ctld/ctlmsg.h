/* SPDX-License-Identifier: ISC */
/*
 * Between septumctl and septum-ctld: one request, then any number of
 * records, then CTL_DONE.  Fixed sizes; texts of peers are raw octets and
 * end with a NUL.  Carried by imsg, without descriptors.
 */
#ifndef CTLD_CTLMSG_H
#define CTLD_CTLMSG_H

#include <stdint.h>

#include "dpmsg.h"

#define CTL_VERSION	1
#define CTL_PATH	SEPTUM_RUNDIR "/control"

enum ctl_type {
	/* requests */
	CTL_SHOW_STATUS = 1,
	CTL_SHOW_TUNNELS = 2,
	CTL_SHOW_SESSIONS = 3,
	CTL_CLOSE_TUNNEL = 4,
	CTL_CLOSE_SESSION = 5,
	/* answers */
	CTL_STATUS = 65,
	CTL_TUNNEL = 66,
	CTL_SESSION = 67,
	CTL_DONE = 68
};

struct ctl_request {
	uint16_t	version;
	uint16_t	local_tid;		/* CLOSE; 0: by name */
	uint16_t	local_sid;		/* CLOSE_SESSION */
	uint16_t	pad;
	char		name[32];		/* CLOSE_TUNNEL */
};

struct ctl_status {
	char		version[16];
	uint64_t	uptime_ms;
	uint32_t	listening;
	uint32_t	tunnels, half_open, calls;
	uint32_t	max_tunnels, max_sessions;
	uint32_t	pool_leased, pool_size;
	/* Of the engine; see struct l2tp_stats. */
	uint64_t	received, sent, unsent, data, malformed, no_tunnel;
	uint64_t	wrong_source, half_open_dropped, refused, no_memory;
	uint64_t	limited, unmatched;
};

struct ctl_tunnel {
	char		name[32];
	char		state[32];
	struct dp_addr	local, peer;		/* family 0: not known */
	uint16_t	local_tid, peer_tid;	/* 0: none yet */
	uint8_t		dialled;
	uint8_t		version;
	uint16_t	pad;
	uint32_t	sessions;
	uint32_t	next_ms;		/* to the next attempt, or 0 */
	uint64_t	uptime_ms;
	char		host_name[64];
	char		vendor_name[64];
	char		reason[200];		/* last failure, or "" */
	/* The control channel. */
	uint16_t	ns, nr, cwnd, peer_window;
	uint32_t	queued, pad2;
	uint64_t	quiet_ms;		/* since the peer was heard */
	uint64_t	sent, received, retransmitted, duplicates, dropped;
};

struct ctl_session {
	char		tunnel[32];		/* name */
	char		name[32];		/* "": answered */
	char		state[32];
	uint16_t	local_tid, peer_tid, local_sid, peer_sid;
	uint8_t		dialled;
	uint8_t		sequencing;
	uint8_t		has_counters;
	uint8_t		pad;
	uint32_t	next_ms;		/* to the next attempt, or 0 */
	uint32_t	local_ip, peer_ip;	/* host order; 0: none */
	uint64_t	uptime_ms;
	char		ifname[DP_IFNAME_LEN];
	char		user[DP_USER_LEN];
	char		calling[64], called[64];
	char		reason[200];		/* last failure, or "" */
	uint64_t	tx_packets, tx_bytes, tx_errors;
	uint64_t	rx_packets, rx_bytes, rx_errors;
};

struct ctl_done {
	int32_t		err;			/* 0: done; else an errno */
	char		text[128];		/* what is wrong */
};

_Static_assert(sizeof(struct ctl_request) == 40 &&
    sizeof(struct ctl_status) == 152 && sizeof(struct ctl_tunnel) == 528 &&
    sizeof(struct ctl_session) == 584 && sizeof(struct ctl_done) == 132,
    "padding, or more than one version");

#endif
