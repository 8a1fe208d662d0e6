/* SPDX-License-Identifier: ISC */
/*
 * septum's L2TP engine: RFC 2661 as a library without sockets, clocks,
 * randomness, files, logging or global state.
 *
 * The caller feeds datagrams and time in, and pulls packets and events out
 * until there are none.  There are no callbacks, so nothing can be freed
 * underneath a running function of the library.
 *
 *	l2tp_input(e, &path, bytes, len, now);	a datagram arrived
 *	l2tp_timeout(e, now);			time has passed
 *	while (l2tp_next_packet(e, &pkt, now)) send it;
 *	while (l2tp_next_event(e, &ev)) act on it;
 *	sleep until l2tp_next_deadline(e);
 *
 * Times are milliseconds of any monotonic clock that does not start at 0.
 * Ids are random, non-zero, unique within one engine and kept in quarantine
 * before they are used again.  "local" ids are ours, "peer" ids the peer's.
 */
#ifndef L2TP_H
#define L2TP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define L2TP_NEVER		UINT64_MAX
#define L2TP_MAX_PACKET		1500	/* largest message we build */
#define L2TP_MAX_TEXT		128	/* of a peer's text, with NUL */

/* An endpoint.  The engine compares and copies it, and never looks inside. */
struct l2tp_addr {
	uint8_t		family;		/* 4, 6, or 0 for none */
	uint8_t		zero;
	uint16_t	port;		/* host order */
	uint32_t	scope;		/* IPv6 link-local only, else 0 */
	uint8_t		ip[16];		/* network order; IPv4 uses 4 octets */
};

/* Where a datagram came from and went to; answers go the same way back. */
struct l2tp_path {
	struct l2tp_addr	local;
	struct l2tp_addr	peer;
	uint32_t		link;	/* the caller's name for the socket */
};

/* Result codes of RFC 2661 section 4.4.2 that callers need. */
enum l2tp_stopccn_result {
	L2TP_STOP_CLEAR = 1,
	L2TP_STOP_ERROR = 2,
	L2TP_STOP_EXISTS = 3,
	L2TP_STOP_NOT_AUTHORIZED = 4,
	L2TP_STOP_VERSION = 5,
	L2TP_STOP_SHUTDOWN = 6,
	L2TP_STOP_FSM = 7
};

enum l2tp_cdn_result {
	L2TP_CDN_CARRIER = 1,
	L2TP_CDN_ERROR = 2,
	L2TP_CDN_ADMIN = 3,
	L2TP_CDN_TEMPORARY = 4,
	L2TP_CDN_PERMANENT = 5,
	L2TP_CDN_DESTINATION = 6,
	L2TP_CDN_NO_CARRIER = 7,
	L2TP_CDN_BUSY = 8,
	L2TP_CDN_NO_DIALTONE = 9,
	L2TP_CDN_TIMEOUT = 10,
	L2TP_CDN_FRAMING = 11
};

enum l2tp_error_code {
	L2TP_ERROR_NONE = 0,
	L2TP_ERROR_NO_CONTROL = 1,
	L2TP_ERROR_LENGTH = 2,
	L2TP_ERROR_VALUE = 3,
	L2TP_ERROR_RESOURCES = 4,
	L2TP_ERROR_SESSION_ID = 5,
	L2TP_ERROR_VENDOR = 6,
	L2TP_ERROR_TRY_ANOTHER = 7,
	L2TP_ERROR_MANDATORY = 8
};

/* Why a tunnel or call ended, and who said so. */
enum l2tp_by {
	L2TP_BY_NOBODY,		/* it has not ended */
	L2TP_BY_LOCAL,		/* our caller asked for it */
	L2TP_BY_PEER,		/* StopCCN or CDN from the peer */
	L2TP_BY_PROTOCOL,	/* we ended it: the peer broke a rule */
	L2TP_BY_TIMEOUT,	/* the peer does not answer */
	/*
	 * The peer called us at the same time, and its tunnel remains, which
	 * l2tp_tunnel_accept() was just called for; or, if both threw the
	 * same tie breaker, neither's does (RFC 2661 section 4.4.3).
	 */
	L2TP_BY_TIE
};

struct l2tp_cause {
	uint8_t		by;		/* enum l2tp_by */
	uint16_t	result;		/* StopCCN or CDN; 0: none */
	uint16_t	error;		/* general error code; 0: none */
	const char	*reason;	/* our phrase; never NULL */
	/* The Error Message; raw octets of the peer, NUL terminated. */
	char		text[L2TP_MAX_TEXT];
};

struct l2tp_config {
	/* Fills the buffer with unpredictable bytes; must not fail. */
	void		(*random)(void *, void *, size_t);
	void		 *random_arg;
	uint32_t	 max_tunnels;
	uint32_t	 max_calls;
	uint32_t	 max_half_open;	/* oldest is dropped first */
	uint32_t	 quarantine_ms;	/* of ids after use */
	uint32_t	 ack_delay_ms;	/* before a ZLB is sent */
};

#define L2TP_FRAMING_SYNC	0x1	/* RFC 2661 section 4.4.3 */
#define L2TP_FRAMING_ASYNC	0x2
#define L2TP_BEARER_DIGITAL	0x1
#define L2TP_BEARER_ANALOG	0x2

/*
 * What is forgiven a peer that does not keep to RFC 2661, and that its users
 * cannot change.  Nothing is by default.  Not in need of a quirk, as the RFC
 * permits it: a Result Code without an error code, the M bit missing where
 * it should be, AVPs of other vendors without it.
 */
enum l2tp_quirk {
	/*
	 * An AVP that must be understood and is not is passed over (4.2).
	 * For access concentrators that set the M bit on AVPs of their own;
	 * accel-ppp has avp_permissive for them.
	 */
	L2TP_QUIRK_UNKNOWN_AVP = 0x1,
	/*
	 * The Host Name may be empty or missing (4.4.3).  For equipment
	 * whose name nobody has set.
	 */
	L2TP_QUIRK_HOST_NAME = 0x2,
	/*
	 * Framing Capabilities may be missing (6.1, 6.2), and are then both.
	 * For equipment that does not mention what it has no choice in.
	 */
	L2TP_QUIRK_FRAMING_CAPS = 0x4,
	/*
	 * A tunnel that the peer opens replaces those that are established
	 * with the same host name and address.  For routers that are
	 * restarted without a StopCCN, call again with another tunnel id and
	 * may have only one session: the old one would live until a HELLO
	 * finds it dead.
	 */
	L2TP_QUIRK_SINGLE_TUNNEL = 0x8
};

/*
 * How we speak to one peer.  Owned by the caller, shared by any number of
 * tunnels, and must outlive them, that is until L2TP_EV_TUNNEL_GONE.
 */
struct l2tp_params {
	const char	*host_name;	/* 1..255 octets */
	const char	*vendor_name;	/* NULL: not sent */
	uint16_t	 firmware;	/* 0: not sent */
	uint16_t	 window_size;	/* 1..32768: what we can receive */
	uint16_t	 max_retries;	/* retransmissions before giving up */
	uint32_t	 framing_caps;
	uint32_t	 bearer_caps;	/* 0: not sent */
	uint32_t	 retry_ms;	/* > 0: first retransmission interval */
	uint32_t	 retry_cap_ms;	/* >= 8000 (RFC 2661 section 5.8) */
	uint32_t	 hello_ms;	/* quiet time before a HELLO; 0: none */
	uint32_t	 setup_ms;	/* > 0: until a tunnel or call is up */
	/*
	 * The secrets shared with the peer: the one that we use, and one
	 * that the peer may use as well; len 0: none.
	 */
	const uint8_t	*secret[2];
	size_t		 secret_len[2];
	/* What takes a secret. */
	uint8_t		 challenge;	/* the peer has to prove itself */
	uint8_t		 hide_avps;	/* all that may be hidden is, once the
					 * peer has proved itself if it must */
	uint8_t		 strict_port;	/* answers to our SCCRQ come from the
					 * port that it went to (8.1) */
	/*
	 * Wish for a single tunnel with the peer's host: of two attempts at
	 * the same time, one of each side, only one goes on (4.4.3).
	 */
	uint8_t		 tie_breaker;
	uint32_t	 quirks;	/* enum l2tp_quirk */
};

struct l2tp_call_params {
	uint32_t	 framing_type;
	uint32_t	 bearer_type;
	uint32_t	 tx_speed;	/* bits per second, LAC to remote */
	uint32_t	 rx_speed;	/* 0: not sent */
	const char	*called;	/* NULL: not sent; copied */
	const char	*calling;
	uint8_t		 sequencing;	/* Sequencing Required */
};

/* What is known of a tunnel.  Borrowed: valid until the next engine call. */
struct l2tp_tunnel_info {
	uint32_t		 local_tid, peer_tid;
	struct l2tp_path	 path;
	uint8_t			 version;	/* 2 */
	uint8_t			 initiator;	/* we sent the SCCRQ */
	const char		*state;
	const char		*host_name;	/* raw octets of the peer, "" */
	const char		*vendor_name;
	uint16_t		 firmware;
	uint16_t		 peer_window;
	uint32_t		 framing_caps, bearer_caps;
	uint32_t		 n_calls;
	/* the control channel */
	uint16_t		 ns, nr, cwnd;
	uint32_t		 queued;	/* not yet acknowledged */
	uint64_t		 sent, received, retransmitted, duplicates,
				 dropped;
	uint64_t		 last_heard;	/* time */
};

struct l2tp_call_info {
	uint32_t	 local_sid, peer_sid;
	const char	*state;
	uint8_t		 initiator;	/* we sent the ICRQ */
	uint8_t		 sequencing;
	uint32_t	 serial;
	uint32_t	 framing_type, bearer_type;
	uint32_t	 tx_speed, rx_speed;
	const char	*called;	/* raw octets of the peer, "" */
	const char	*calling;
};

enum l2tp_event_type {
	/* A SCCRQ wants an answer: _tunnel_accept, _reject or _ignore. */
	L2TP_EV_TUNNEL_IN = 1,
	L2TP_EV_TUNNEL_UP,
	/* The tunnel has ended; all its calls were reported down before. */
	L2TP_EV_TUNNEL_DOWN,
	/* Nothing will be sent or received any more; the id is released. */
	L2TP_EV_TUNNEL_GONE,
	/* An ICRQ wants an answer: _call_accept or _call_close. */
	L2TP_EV_CALL_IN,
	/* Our ICRQ was answered: _call_accept sends the ICCN. */
	L2TP_EV_CALL_REPLY,
	L2TP_EV_CALL_UP,
	/* The call has ended and is released. */
	L2TP_EV_CALL_DOWN,
	/* For the log: from -> to, because of reason.  May be lost. */
	L2TP_EV_STATE,
	/*
	 * For the log: a message of a tunnel's peer (from) was not acceptable
	 * (reason) in the state of its tunnel (to).  May be lost.  What is
	 * dropped before it gets there only l2tp_input() tells.
	 */
	L2TP_EV_DROPPED
};

struct l2tp_event {
	enum l2tp_event_type		 type;
	uint32_t			 local_tid, peer_tid;
	uint32_t			 local_sid, peer_sid;	/* 0: none */
	void				*tunnel_user;	/* as given, or NULL */
	void				*call_user;
	/* Borrowed until the next engine call; NULL for EV_DROPPED. */
	const struct l2tp_tunnel_info	*tunnel;
	const struct l2tp_call_info	*call;		/* NULL if no call */
	const struct l2tp_cause		*cause;		/* _DOWN events */
	/* L2TP_EV_STATE and _DROPPED: names for the log. */
	const char			*from, *to, *reason;
};

struct l2tp_packet {
	struct l2tp_path	 path;		/* send from local to peer */
	uint32_t		 local_tid;	/* 0: of no tunnel */
	size_t			 len;
	uint8_t			 data[L2TP_MAX_PACKET];
};

struct l2tp_stats {
	uint64_t	received;	/* datagrams */
	uint64_t	sent;
	uint64_t	data;		/* T bit clear: dropped here */
	uint64_t	malformed;
	uint64_t	avps_ignored;	/* passed over, as RFC 2661 permits */
	uint64_t	no_tunnel;
	uint64_t	wrong_source;
	uint64_t	half_open_dropped;
	uint64_t	refused;	/* SCCRQ answered with StopCCN */
	uint64_t	no_memory;
	uint32_t	tunnels, half_open, calls;
};

struct l2tp;

/* NULL if out of memory.  The config is copied. */
struct l2tp	*l2tp_new(const struct l2tp_config *);
void		 l2tp_free(struct l2tp *);

/* 0 if the datagram was of use, else why not (enum l2tp_err, for the log). */
int		 l2tp_input(struct l2tp *, const struct l2tp_path *,
		    const void *, size_t, uint64_t);
void		 l2tp_timeout(struct l2tp *, uint64_t);
/* L2TP_NEVER if there is nothing to wait for. */
uint64_t	 l2tp_next_deadline(const struct l2tp *);
/* 1 and a packet, or 0. */
int		 l2tp_next_packet(struct l2tp *, struct l2tp_packet *,
		    uint64_t);
/* 1 and an event, or 0. */
int		 l2tp_next_event(struct l2tp *, struct l2tp_event *);

/*
 * Tunnels.  All return 0, or -1 if there is no such tunnel, it is not in a
 * state for this, or a limit or memory is exhausted; nothing changed then.
 * A SCCRQ that was accepted may still fail at what takes the secret of the
 * peer, or for want of a quirk: L2TP_EV_TUNNEL_DOWN follows.  To accept one
 * may also end attempts of our own to call the same host, and the calls that
 * wait for them: L2TP_EV_CALL_DOWN and L2TP_EV_TUNNEL_DOWN, by L2TP_BY_TIE.
 * Such calls may be opened again in the tunnel that was accepted.
 */
int	l2tp_tunnel_open(struct l2tp *, const struct l2tp_path *,
	    const struct l2tp_params *, void *, uint64_t, uint32_t *);
int	l2tp_tunnel_accept(struct l2tp *, uint32_t, const struct l2tp_params *,
	    void *, uint64_t);
/* Answers with StopCCN: result, error and a text for the peer or NULL. */
int	l2tp_tunnel_reject(struct l2tp *, uint32_t, uint16_t, uint16_t,
	    const char *, uint64_t);
/* Forgets a SCCRQ without an answer; no further event, not even _GONE. */
int	l2tp_tunnel_ignore(struct l2tp *, uint32_t, uint64_t);
int	l2tp_tunnel_close(struct l2tp *, uint32_t, uint16_t, uint16_t,
	    const char *, uint64_t);
/* Packets of this tunnel go out by another socket from now on. */
int	l2tp_tunnel_set_link(struct l2tp *, uint32_t, uint32_t);
int	l2tp_tunnel_get(struct l2tp *, uint32_t, struct l2tp_tunnel_info *);

/*
 * Calls.  A call may be opened before the tunnel is up; it then waits.
 * Results as above.  What ends a call, a request included, is followed by
 * L2TP_EV_CALL_DOWN, and what ends a tunnel by the same for each of its
 * calls, L2TP_EV_TUNNEL_DOWN, and in time L2TP_EV_TUNNEL_GONE.
 */
int	l2tp_call_open(struct l2tp *, uint32_t, const struct l2tp_call_params *,
	    void *, uint64_t, uint32_t *);
int	l2tp_call_accept(struct l2tp *, uint32_t, uint32_t, void *, uint64_t);
int	l2tp_call_close(struct l2tp *, uint32_t, uint32_t, uint16_t, uint16_t,
	    const char *, uint64_t);
int	l2tp_call_get(struct l2tp *, uint32_t, uint32_t,
	    struct l2tp_call_info *);

void	l2tp_get_stats(const struct l2tp *, struct l2tp_stats *);
/* 1 if every message that was sent has been acknowledged. */
int	l2tp_quiet(const struct l2tp *);
/* Phrase for what l2tp_input() returned; never NULL. */
const char *l2tp_strerror(int);
/*
 * Phrases for the codes of struct l2tp_cause (RFC 2661 section 4.4.2), that
 * of a tunnel and that of a call; "unknown" for what the RFC does not list.
 * The error code of L2TP_STOP_VERSION is a version, and has none.
 */
const char *l2tp_stopccn_phrase(uint16_t result);
const char *l2tp_cdn_phrase(uint16_t result);
const char *l2tp_error_phrase(uint16_t error);

#ifdef __cplusplus
}
#endif
#endif
