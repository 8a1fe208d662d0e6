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

#define CTL_VERSION	2
#define CTL_PATH	SEPTUM_RUNDIR "/control"

enum ctl_type {
	/* requests */
	CTL_SHOW_STATUS = 1,
	CTL_SHOW_TUNNELS = 2,
	CTL_SHOW_SESSIONS = 3,
	CTL_CLOSE_TUNNEL = 4,
	CTL_CLOSE_SESSION = 5,
	CTL_SHOW_SESSION = 6,
	CTL_CALL = 7,
	CTL_EXPLAIN = 8,
	/* answers */
	CTL_STATUS = 65,
	CTL_TUNNEL = 66,
	CTL_SESSION = 67,
	CTL_DONE = 68,
	CTL_DETAILS = 69,		/* of the session before it */
	CTL_MTU = 70
};

enum ctl_mode { CTL_ANSWERED, CTL_DIALLED, CTL_STATIC, CTL_QUIESCENT };

struct ctl_request {
	uint16_t	version;
	uint8_t		details;		/* SHOW_SESSIONS */
	uint8_t		pad;
	uint32_t	local_tid;		/* 0: by name */
	uint32_t	local_sid;		/* of a session */
	char		name[32];		/* of a tunnel */
	char		session[32];		/* EXPLAIN: "": all of it */
	/* CALL */
	char		number[64];
	char		sub_address[64];	/* "": none */
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
	uint64_t	limited, unmatched, wrong_digest;
};

struct ctl_tunnel {
	char		name[32];
	char		state[32];
	struct dp_addr	local, peer;		/* family 0: not known */
	uint32_t	local_tid, peer_tid;	/* 0: none yet */
	uint8_t		mode;			/* enum ctl_mode */
	uint8_t		version;		/* 0: not known yet */
	uint8_t		encap;			/* enum l2tp_encap */
	uint8_t		digest;			/* that we send; 0: none */
	uint32_t	sessions;
	uint32_t	next_ms;		/* to the next attempt, or 0 */
	uint32_t	router_id;		/* of the peer; 0: none */
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
	uint32_t	local_tid, peer_tid, local_sid, peer_sid;
	uint8_t		dialled;
	uint8_t		sequencing;
	uint8_t		has_counters;
	uint8_t		outgoing;		/* OCRQ, not ICRQ */
	uint8_t		pseudowire;		/* DP_PW_PPP, DP_PW_ETH */
	uint8_t		l2spec;
	uint8_t		circuit;		/* the peer's is active */
	uint8_t		pad;
	/* Octets: what our packets carry, and what the peer's. */
	uint8_t		cookie_len, peer_cookie_len;
	uint16_t	mtu;			/* 0: not ours to say */
	uint32_t	next_ms;		/* to the next attempt, or 0 */
	uint32_t	local_ip, peer_ip;	/* host order; 0: none */
	uint64_t	uptime_ms;
	char		ifname[DP_IFNAME_LEN];
	char		user[DP_USER_LEN];
	char		calling[64], called[64];
	char		reason[200];		/* last failure, or "" */
	char		remote_end_id[64];	/* up to a NUL in it */
	uint64_t	tx_packets, tx_bytes, tx_errors;
	uint64_t	rx_packets, rx_bytes, rx_errors;
	uint64_t	rx_cookie_discards, rx_seq_discards, rx_oos_packets;
};

/* How the MTU of an Ethernet session comes about; see struct pw_mtu. */
struct ctl_mtu {
	char		tunnel[32], name[32];
	char		ifname[DP_IFNAME_LEN];
	struct dp_addr	peer;
	uint32_t	local_tid, local_sid;
	uint32_t	path;
	uint8_t		guessed;
	uint8_t		ip, udp, flags, session_id, cookie, sublayer, ethernet;
	uint16_t	fits;
	uint16_t	mtu;			/* that it has */
	uint16_t	configured;		/* 0: computed */
	uint16_t	pad;
};

/*
 * What is known of a session's call; see struct l2tp_call_info.  0 or "":
 * not known.  Of what a proxy has authenticated there are only the sizes.
 */
struct ctl_details {
	char		call_state[32];
	char		sub_address[64];
	char		private_group[128];	/* up to a NUL in it */
	uint32_t	serial;
	uint32_t	framing_type, bearer_type;
	uint32_t	tx_speed, rx_speed, min_bps, max_bps;
	uint32_t	physical_channel;
	uint32_t	accm_send, accm_receive;
	uint8_t		has_accm;
	uint8_t		is_lns;
	uint8_t		is_v3;			/* neither LAC nor LNS */
	/* proxy */
	uint8_t		proxy_id;
	uint16_t	proxy_type;
	uint16_t	initial_lcp, last_sent_lcp, last_received_lcp;
	uint16_t	challenge, response;
	char		proxy_name[128];
	/* of the latest WEN */
	uint32_t	crc, framing, hardware_overruns, buffer_overruns;
	uint32_t	timeouts, alignment;
	/* the access line */
	char		agent_circuit_id[64], agent_remote_id[64];
	uint64_t	actual_rate_up, actual_rate_down;
	uint64_t	minimum_rate_up, minimum_rate_down;
	uint64_t	attainable_rate_up, attainable_rate_down;
	uint64_t	maximum_rate_up, maximum_rate_down;
	uint64_t	low_power_rate_up, low_power_rate_down;
	uint32_t	maximum_delay_up, actual_delay_up;
	uint32_t	maximum_delay_down, actual_delay_down;
	uint32_t	line_type, iwf_session;
	uint8_t		data_link, encaps1, encaps2, pad2[5];
};

struct ctl_done {
	int32_t		err;			/* 0: done; else an errno */
	char		text[200];		/* what is wrong */
};

_Static_assert(sizeof(struct ctl_request) == 204 &&
    sizeof(struct ctl_status) == 160 && sizeof(struct ctl_tunnel) == 536 &&
    sizeof(struct ctl_session) == 688 && sizeof(struct ctl_done) == 204 &&
    sizeof(struct ctl_details) == 672 && sizeof(struct ctl_mtu) == 132,
    "padding, or more than one version");

#endif
