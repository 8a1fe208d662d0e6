/* SPDX-License-Identifier: ISC */
/*
 * septum's L2TP engine: RFC 2661 (L2TPv2) and RFC 3931 (L2TPv3) as a library
 * without sockets, clocks, randomness, files, logging or global state.
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
#define L2TP_MAX_VALUE		255	/* octets of a value of a call */

/*
 * Over IP (protocol 115, RFC 3931 section 4.1.1) there are no ports, and a
 * datagram here begins behind the 32 bits of zero that make it a control
 * message: the Linux kernel takes them off and puts them on.
 */
enum l2tp_encap {
	L2TP_ENCAP_UDP = 0,
	L2TP_ENCAP_IP = 1		/* L2TPv3 only */
};

#define L2TP_V2			0x1	/* of struct l2tp_params.versions */
#define L2TP_V3			0x2

/* Pseudowire types of the IANA registry (RFC 3931 section 10.6). */
enum l2tp_pw {
	L2TP_PW_VLAN = 4,
	L2TP_PW_ETH = 5,		/* RFC 4719 */
	L2TP_PW_PPP = 7
};

#define L2TP_MAX_COOKIE		8	/* octets; a cookie has 0, 4 or 8 */
#define L2TP_MAX_PW_TYPES	8

/* An endpoint.  The engine compares and copies it, and never looks inside. */
struct l2tp_addr {
	uint8_t		family;		/* 4, 6, or 0 for none */
	uint8_t		encap;		/* enum l2tp_encap */
	uint16_t	port;		/* host order; 0 with L2TP_ENCAP_IP */
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
	L2TP_CDN_FRAMING = 11,
	/* RFC 3931 section 5.4.2, L2TPv3 only: */
	L2TP_CDN_TIE = 13,		/* lost the session's tie */
	L2TP_CDN_PW_TYPE = 14,		/* unsupported PW type */
	L2TP_CDN_NO_SUBLAYER = 15,	/* sequencing without a sublayer */
	L2TP_CDN_FSM = 16
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
	L2TP_ERROR_MANDATORY = 8,
	L2TP_ERROR_TRY_DIRECTED = 9	/* RFC 3931: the text lists them */
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
	 *
	 * Of a call: the peer asked for one with the same Remote End ID at
	 * the same time.  L2TP_EV_CALL_IN of it follows; or nothing, if
	 * neither was to go on, and both may ask again (RFC 3931 5.4.4).
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
	uint32_t	 max_half_open;	/* refused, then oldest go first */
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

/* Of the Message Digest AVP (RFC 3931 section 5.4.1). */
#define L2TP_DIGEST_MD5		0x1
#define L2TP_DIGEST_SHA1	0x2

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
	uint32_t	 bearer_caps;	/* for calls that we are asked to
					 * place; 0: not sent, none are */
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
	/*
	 * L2TP_V2 and L2TP_V3: what may be spoken; 0 is L2TP_V2.  To open a
	 * tunnel with both sends the SCCRQ that either version understands,
	 * and the peer chooses (RFC 3931 section 4.7.3; UDP only).  There is
	 * no choice for who asks for authentication: with digests it is
	 * L2TPv3, else with challenge L2TPv2.
	 */
	uint8_t		 versions;
	/*
	 * L2TPv3: digests that are accepted of the peer, L2TP_DIGEST_*; 0: no
	 * Control Message Authentication.  We send SHA-1 if that is among
	 * them.  The secrets may be empty, which protects integrity only;
	 * both of them are tried (section 4.3).  hide_avps takes a nonce of
	 * the peer instead of its proof; challenge is of L2TPv2 alone.
	 */
	uint8_t		 digests;
	uint32_t	 router_id;	/* L2TPv3; 0: a random one, of the
					 * engine */
	/* L2TPv3: Pseudowire Capabilities List, enum l2tp_pw, of 1 or more
	 * (but for l2tp_tunnel_fixed() with versions 0); what a peer
	 * asks for and is not in it is refused with L2TP_CDN_PW_TYPE. */
	uint16_t	 pw_types[L2TP_MAX_PW_TYPES];
	uint8_t		 n_pw_types;
};

/* Octets of the caller, or borrowed from a call; followed by a NUL there. */
struct l2tp_octets {
	const uint8_t	*p;
	size_t		 len;
};

enum l2tp_proxy_type {		/* RFC 2661 section 4.4.5 */
	L2TP_PROXY_TEXT = 1,		/* textual user name and password */
	L2TP_PROXY_CHAP = 2,
	L2TP_PROXY_PAP = 3,
	L2TP_PROXY_NONE = 4,		/* no authentication */
	L2TP_PROXY_MSCHAPV1 = 5
};

/*
 * What a LAC has negotiated with the remote system before there was a call
 * (RFC 2661 section 4.4.5).  len 0: not known; so an empty name or response,
 * which the RFC allows, cannot be sent.
 */
struct l2tp_proxy {
	/* Options of LCP CONFREQs, without the LCP header. */
	struct l2tp_octets	initial_lcp;	/* received first */
	struct l2tp_octets	last_sent_lcp;
	struct l2tp_octets	last_received_lcp;
	uint16_t		type;	/* enum l2tp_proxy_type; 0: none */
	/* As the type needs them: */
	struct l2tp_octets	name;		/* all but NONE */
	struct l2tp_octets	challenge;	/* CHAP, MSCHAPV1 */
	struct l2tp_octets	response;	/* all but NONE */
	uint8_t			id;		/* CHAP, MSCHAPV1, PAP */
};

/* The access line of a call (RFC 5515).  0 or "": not known. */
struct l2tp_line {
	const char	*agent_circuit_id, *agent_remote_id;
	/* Bits per second. */
	uint64_t	 actual_rate_up, actual_rate_down;
	uint64_t	 minimum_rate_up, minimum_rate_down;
	uint64_t	 attainable_rate_up, attainable_rate_down;
	uint64_t	 maximum_rate_up, maximum_rate_down;
	uint64_t	 low_power_rate_up, low_power_rate_down; /* minimum */
	/* Interleaving delay, milliseconds. */
	uint32_t	 maximum_delay_up, actual_delay_up;
	uint32_t	 maximum_delay_down, actual_delay_down;
	uint32_t	 type;		/* ANCP Access Line Type */
	uint32_t	 iwf_session;
	uint8_t		 data_link, encaps1, encaps2;	/* of the loop */
};

/* Of the line since the call began (RFC 2661 section 4.4.6). */
struct l2tp_call_errors {
	uint32_t	crc;
	uint32_t	framing;
	uint32_t	hardware_overruns;
	uint32_t	buffer_overruns;
	uint32_t	timeouts;
	uint32_t	alignment;
};

/*
 * A call that we ask for: an incoming call as a LAC, an outgoing call as an
 * LNS; and how a call that we were asked to place was answered.  All is
 * copied.  Texts and octets have no more than L2TP_MAX_VALUE octets each,
 * and 1000 together.  NULL, len 0, or where it says so 0: not sent.
 */
struct l2tp_call_params {
	uint32_t	 framing_type;
	uint32_t	 bearer_type;
	uint32_t	 tx_speed;	/* bits per second, LAC to remote */
	uint32_t	 rx_speed;	/* 0: not sent */
	const char	*called;
	const char	*calling;
	uint8_t		 sequencing;	/* Sequencing Required */
	uint8_t		 outgoing;	/* the peer has to place it */
	uint32_t	 min_bps;	/* bits per second, if outgoing */
	uint32_t	 max_bps;
	const char	*sub_address;
	/* Of a LAC. */
	uint32_t	 physical_channel; /* 0: not sent */
	struct l2tp_octets private_group;
	const struct l2tp_proxy *proxy;
	/*
	 * L2TPv3, of the calls that we ask for and of those that we answer
	 * (l2tp_call_offer()); what is not of a pseudowire's call, above, is
	 * then not sent.
	 */
	uint16_t	 pw_type;	/* enum l2tp_pw */
	struct l2tp_octets remote_end_id; /* of calls we ask for; 1 or more */
	uint8_t		 cookie_len;	/* that the peer has to send: 0, 4, 8;
					 * must be 8 over IP */
	uint8_t		 l2spec;	/* 0: no L2-Specific Sublayer wanted;
					 * 1: the default one (4.6) */
	uint8_t		 data_sequencing; /* of what we receive: 0 none, 2
					 * all (5.4.4); takes l2spec */
	uint8_t		 circuit_down;	/* Circuit Status: not active yet */
	uint8_t		 session_tie;	/* throw a Session Tie Breaker: only
					 * one call per Remote End ID */
};

/* What is known of a tunnel.  Borrowed: valid until the next engine call. */
struct l2tp_tunnel_info {
	uint32_t		 local_tid, peer_tid;
	struct l2tp_path	 path;
	uint8_t			 version;	/* 2 or 3; of a SCCRQ for both,
						 * 2 until that is decided */
	uint8_t			 fixed;		/* see l2tp_tunnel_fixed() */
	uint8_t			 silent;	/* of fixed ones: no answer */
	uint8_t			 initiator;	/* we sent the SCCRQ */
	const char		*state;
	const char		*host_name;	/* raw octets of the peer, "" */
	const char		*vendor_name;
	uint16_t		 firmware;
	uint16_t		 peer_window;
	uint32_t		 framing_caps, bearer_caps;
	uint32_t		 router_id;	/* L2TPv3, of the peer; 0: none */
	uint8_t			 digest;	/* that we send, L2TP_DIGEST_*; 0:
						 * none.  It authenticates only
						 * if there is a secret */
	uint32_t		 n_calls;
	/* the control channel */
	uint16_t		 ns, nr, cwnd;
	uint32_t		 queued;	/* not yet acknowledged */
	uint64_t		 sent, received, retransmitted, duplicates,
				 dropped;
	uint64_t		 last_heard;	/* time */
};

/*
 * What is known of a call, by its parameters and by the peer's messages,
 * the latest of them.  Borrowed like that of a tunnel.  Texts are raw octets
 * of the peer, "" if not known or longer than L2TP_MAX_VALUE, as are octets.
 */
struct l2tp_call_info {
	uint32_t	 local_sid, peer_sid;
	const char	*state;
	uint8_t		 initiator;	/* we asked for it */
	uint8_t		 outgoing;	/* the LNS asked: OCRQ, not ICRQ */
	uint8_t		 sequencing;
	uint32_t	 serial;
	uint32_t	 framing_type, bearer_type;
	uint32_t	 tx_speed, rx_speed;
	uint32_t	 min_bps, max_bps;
	uint32_t	 physical_channel;
	const char	*called, *calling, *sub_address;
	struct l2tp_octets private_group;
	/* Its type is 0 as well if what the type needs is not all there. */
	struct l2tp_proxy proxy;
	struct l2tp_line line;
	struct l2tp_call_errors errors;		/* of the latest WEN */
	/* Of the latest SLI, for the LAC's link; all ones before. */
	uint32_t	 accm_send, accm_receive;
	/* L2TPv3: */
	uint16_t	 pw_type;
	struct l2tp_octets remote_end_id;
	uint8_t		 circuit_active;	/* the peer's; 1 until it says
						 * that it is not */
	uint8_t		 l2spec;	/* both directions have it: 0 or 1 */
	uint8_t		 send_seq, recv_seq;	/* asked for by the peer, us */
	/* What our packets have to carry, and what the peer's. */
	uint8_t		 peer_cookie_len, local_cookie_len;
	uint8_t		 peer_cookie[L2TP_MAX_COOKIE];	/* assigned by it */
	uint8_t		 local_cookie[L2TP_MAX_COOKIE];	/* assigned by us */
};

enum l2tp_event_type {
	/* A SCCRQ wants an answer: _tunnel_accept, _reject or _ignore. */
	L2TP_EV_TUNNEL_IN = 1,
	L2TP_EV_TUNNEL_UP,
	/* The tunnel has ended; all its calls were reported down before. */
	L2TP_EV_TUNNEL_DOWN,
	/* Nothing will be sent or received any more; the id is released. */
	L2TP_EV_TUNNEL_GONE,
	/* An ICRQ or OCRQ wants an answer: _call_accept or _call_close. */
	L2TP_EV_CALL_IN,
	/*
	 * Our ICRQ was answered: _call_accept sends the ICCN.  Our OCRQ was:
	 * the peer places the call, data can come with or before its OCCN.
	 */
	L2TP_EV_CALL_REPLY,
	L2TP_EV_CALL_UP,
	/* The call has ended and is released. */
	L2TP_EV_CALL_DOWN,
	/* WEN and SLI: the call's errors or ACCMs are new.  May be lost. */
	L2TP_EV_CALL_ERRORS,
	L2TP_EV_CALL_ACCM,
	/*
	 * L2TPv3: circuit_active of the call has changed by a SLI, which may
	 * be so before it is up.  Is never lost; but changes that cancel each
	 * other before the event is pulled are one.
	 */
	L2TP_EV_CALL_CIRCUIT,
	/*
	 * Of a fixed tunnel: the peer does not answer HELLOs any more, or
	 * never did.  L2TP_EV_TUNNEL_UP follows when it does (again).
	 */
	L2TP_EV_TUNNEL_SILENT,
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
	uint64_t	wrong_digest;	/* or none: not authenticated, dropped */
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
/*
 * The last is the local id: the one that is wanted, which must be in use by
 * no tunnel and for L2TPv2 have 16 bits, or 0 for a random one.  -1 also for
 * L2TPv2, be it as a fallback, over IP.
 */
int	l2tp_tunnel_open(struct l2tp *, const struct l2tp_path *,
	    const struct l2tp_params *, void *, uint64_t, uint32_t *);
/*
 * A tunnel with ids that both sides have configured, L2TPv3 without a
 * handshake and without calls: it sends HELLO every hello_ms, acknowledges
 * the peer's, and never ends by itself.  Either side may lose its memory:
 * Ns and Nr are found again.  -1 also if the local id is in use.
 *
 * There are no nonces without a handshake.  With digests and a secret nobody
 * else can make up a message, but a copy of one is as good as it was; the
 * worst that comes of it is that a dead peer looks alive.
 */
int	l2tp_tunnel_fixed(struct l2tp *, const struct l2tp_path *,
	    const struct l2tp_params *, void *, uint64_t, uint32_t local_tid,
	    uint32_t peer_tid);
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
 * Results as above; -1 also for parameters out of range, for an outgoing
 * call with a bearer or framing type that the peer has not told of, and for
 * a pseudowire type that is not among ours or not in the peer's list, nor,
 * of L2TPv2, PPP.  If that is not known until the tunnel is up, it ends the
 * call, with L2TP_CDN_PERMANENT or L2TP_CDN_PW_TYPE.
 * What ends a call, a request included, is followed by L2TP_EV_CALL_DOWN,
 * and what ends a tunnel by the same for each of its calls,
 * L2TP_EV_TUNNEL_DOWN, and in time L2TP_EV_TUNNEL_GONE.
 */
int	l2tp_call_open(struct l2tp *, uint32_t, const struct l2tp_call_params *,
	    void *, uint64_t, uint32_t *);
/*
 * L2TPv3, after L2TP_EV_CALL_IN and before l2tp_call_accept(): how the
 * pseudowire that the peer asks for is to be: pw_type, cookie_len, l2spec,
 * data_sequencing, circuit_down.  -1 if that cannot be joined with what the
 * peer has said; the call is to be closed then.  Without it we demand
 * nothing, which over IP is not enough to accept a call.
 *
 * The kernel has one setting of the sublayer for both directions: who wants
 * none has it as well if the other side does, and if there is no message
 * left to tell so the call ends with L2TP_CDN_ERROR.
 */
int	l2tp_call_offer(struct l2tp *, uint32_t, uint32_t,
	    const struct l2tp_call_params *, uint64_t);
/*
 * Sends the ICRP or ICCN of an incoming call.  For an outgoing call that the
 * peer asks for it sends the OCRP and promises that the call is being
 * placed; _connect, when it was answered, or _close has to follow.
 */
int	l2tp_call_accept(struct l2tp *, uint32_t, uint32_t, void *, uint64_t);
/*
 * Framing, speeds, sequencing and, of L2TPv3, speeds and circuit_down go into
 * the OCCN; L2TP_EV_CALL_UP follows.
 */
int	l2tp_call_connect(struct l2tp *, uint32_t, uint32_t,
	    const struct l2tp_call_params *, uint64_t);
int	l2tp_call_close(struct l2tp *, uint32_t, uint32_t, uint16_t, uint16_t,
	    const char *, uint64_t);
/*
 * Of an established call: WEN, which only a LAC sends, and once a minute at
 * most (RFC 2661 section 6.13); and SLI, which only an LNS sends (6.14), with
 * Send ACCM and Receive ACCM.  Of L2TPv3 either side sends WEN, and none that
 * SLI.
 */
int	l2tp_call_send_errors(struct l2tp *, uint32_t, uint32_t,
	    const struct l2tp_call_errors *, uint64_t);
int	l2tp_call_send_accm(struct l2tp *, uint32_t, uint32_t, uint32_t,
	    uint32_t, uint64_t);

/* Of an established call of L2TPv3: SLI, with our Circuit Status (5.4.5). */
int	l2tp_call_send_circuit(struct l2tp *, uint32_t, uint32_t, int active,
	    uint64_t);

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
