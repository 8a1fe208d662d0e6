/* SPDX-License-Identifier: ISC */
/*
 * Control messages: one table of which AVPs must and may be in which
 * message of which version (RFC 2661 section 6, RFC 3931 section 6), and
 * typed encode and decode.  A version is 2 or 3, of L2TPv2 or L2TPv3.
 *
 * A decoded message borrows from the datagram it came from, and the values
 * that were hidden from the room of struct hide.
 */
#ifndef PROTO_MSG_H
#define PROTO_MSG_H

#include "avp.h"
#include "err.h"
#include "l2tp.h"
#include "wire.h"

enum msg_type {
	MSG_ZLB = 0,		/* no AVP at all; not a type on the wire */
	MSG_SCCRQ = 1, MSG_SCCRP = 2, MSG_SCCCN = 3, MSG_STOPCCN = 4,
	MSG_HELLO = 6, MSG_OCRQ = 7, MSG_OCRP = 8, MSG_OCCN = 9,
	MSG_ICRQ = 10, MSG_ICRP = 11, MSG_ICCN = 12, MSG_CDN = 14,
	MSG_WEN = 15, MSG_SLI = 16,
	MSG_ACK = 20,		/* L2TPv3 only */
	MSG_NTYPES
};

enum msg_scope {
	MSG_TUNNEL,		/* SCCRQ, SCCRP, SCCCN, StopCCN, HELLO, ACK */
	MSG_SESSION
};

#define MSG_NERRORS	6	/* counters of Call Errors */
#define MSG_NVERSIONS	4	/* 0 and 1 are none */

enum msg_circuit {		/* Circuit Status (RFC 3931 5.4.5) */
	MSG_CIRCUIT_ACTIVE = 0x1,
	MSG_CIRCUIT_NEW = 0x2
};

/* One member per AVP; have[] says which of them are set. */
struct msg {
	uint16_t	type;
	uint8_t		version;	/* as which it was decoded */
	uint8_t		m;		/* M bit of the Message Type AVP */
	uint8_t		have[AVP_NIDS];

	uint16_t	result, error;	/* error valid if has_error */
	uint8_t		has_error;
	struct bytes	error_text;
	uint8_t		proto_ver, proto_rev;
	uint32_t	framing_caps, bearer_caps;
	uint64_t	tie_breaker;
	uint16_t	firmware;
	struct bytes	host_name, vendor_name;
	uint32_t	assigned_tid;	/* Assigned Tunnel ID */
	uint32_t	assigned_ccid;
	uint32_t	assigned_sid;	/* and Local Session ID; 0: none */
	uint16_t	window;
	struct bytes	challenge, challenge_response;
	uint16_t	q931_cause;
	uint8_t		q931_msg;
	struct bytes	q931_text;
	uint32_t	serial;
	uint32_t	min_bps, max_bps;
	uint32_t	bearer_type, framing_type;
	struct bytes	called, calling, sub_address;
	uint32_t	tx_speed, rx_speed;
	uint32_t	physical_channel;
	struct bytes	initial_lcp, last_sent_lcp, last_received_lcp;
	uint16_t	proxy_type;
	struct bytes	proxy_name, proxy_challenge, proxy_response;
	uint8_t		proxy_id;
	uint32_t	call_errors[MSG_NERRORS];
	uint32_t	accm_send, accm_receive;
	struct bytes	random_vector;
	struct bytes	private_group;
	struct bytes	agent_circuit_id, agent_remote_id;
	struct l2tp_line line;		/* the numbers of it */
	struct bytes	extended;	/* Extended Vendor ID */
	struct bytes	message_digest;	/* the first: see digest.h */
	uint32_t	router_id;
	struct bytes	pw_caps;	/* of 16 bits each */
	uint32_t	remote_sid;	/* 0: not known to the sender */
	struct bytes	cookie;
	struct bytes	remote_end_id;
	uint16_t	pw_type;
	uint16_t	l2_sublayer;
	uint16_t	data_sequencing;
	uint16_t	circuit_status;	/* enum msg_circuit */
	struct bytes	language;
	struct bytes	nonce;
	uint64_t	tx_speed64, rx_speed64;

	/* The AVP that an error of msg_decode() is about. */
	uint16_t	bad_vendor, bad_type;
	uint8_t		ignored;	/* AVPs passed over, up to 255 */
	uint8_t		n_hidden;	/* not uncovered, up to 255 */
	uint32_t	forgiven;	/* quirks that it took */
};

/* Message Type and Random Vector, which belong to all, are not listed. */
struct msg_row {
	const char	*name;
	uint8_t		 scope;		/* enum msg_scope */
	const uint8_t	*must;		/* ends with AVP_NIDS */
	const uint8_t	*may;
};

/*
 * By version and type.  Rows without a name are types that the RFC reserves;
 * that of MSG_ZLB has no lists.
 */
extern const struct msg_row msg_table[MSG_NVERSIONS][MSG_NTYPES];

/* Never NULL. */
const char	*msg_name(uint16_t type);
/* 1 if section 6 lists the AVP for a message of this type. */
int		 msg_allows(uint8_t version, uint16_t type, enum avp_id);

/* Sets the value of an AVP that is octets; of none there is no AVP. */
void		 msg_set_bytes(struct msg *, enum avp_id, struct bytes);

/*
 * Decodes everything after the header.  An empty body is MSG_ZLB.  The
 * first error is returned, but m holds all that was understood before and
 * after it, so that the answer can name a tunnel or session.  Without a
 * Message Type nothing else is understood, and the type stays 0.  With NULL
 * there is no secret, and no hidden AVP can be uncovered.
 */
enum l2tp_err	 msg_decode(struct rd *, uint8_t version, struct msg *,
		    struct hide *);
/* The same for a message of a peer with some quirks (enum l2tp_quirk). */
enum l2tp_err	 msg_decode_quirks(struct rd *, uint8_t version, struct msg *,
		    struct hide *, uint32_t quirks);
/*
 * 1 if the message, decoded as one of L2TPv2, is a SCCRQ of a peer that
 * speaks L2TPv3 as well (RFC 3931 section 4.7.3).  It can then be decoded as
 * one of L2TPv3, too, which passes over what is of L2TPv2 alone.
 */
int		 msg_is_dual(const struct msg *);
/*
 * 1 if the message has something that is worth hiding.  That is not so for
 * StopCCN, which has to find its tunnel by its Assigned Tunnel ID (4.4.3),
 * also at a peer that has another secret.
 */
int		 msg_hides(uint8_t version, const struct msg *);
/*
 * Appends Message Type and all AVPs of this message that are set: Message
 * Digest, which auth3_seal() completes, and Random Vector first, then in the
 * table's order.  Nothing for MSG_ZLB; bad for a reserved type.  With a
 * secret, which is a key of auth3_key() in L2TPv3, all that may be hidden is.
 */
void		 msg_encode(struct wr *, uint8_t version, const struct msg *,
		    const struct bytes *secret);

#endif
