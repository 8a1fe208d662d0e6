/* SPDX-License-Identifier: ISC */
/*
 * The AVPs, keyed by (vendor, type), in one table: name, versions, M and H
 * rules, length rule and where the value goes in struct msg (RFC 2661
 * section 4, RFC 3931 section 5).
 *
 * A row is all there is to an AVP; no code names one except where the
 * protocol gives it a meaning.
 */
#ifndef PROTO_AVP_H
#define PROTO_AVP_H

#include <stdint.h>

#include "err.h"
#include "hide.h"
#include "wire.h"

struct msg;

/* In the order of RFC 2661 section 10.1. */
enum avp_id {
	AVP_MESSAGE_TYPE, AVP_RESULT_CODE, AVP_PROTOCOL_VERSION,
	AVP_FRAMING_CAPS, AVP_BEARER_CAPS, AVP_TIE_BREAKER, AVP_FIRMWARE,
	AVP_HOST_NAME, AVP_VENDOR_NAME, AVP_ASSIGNED_TUNNEL_ID,
	AVP_RECEIVE_WINDOW, AVP_CHALLENGE, AVP_Q931_CAUSE,
	AVP_CHALLENGE_RESPONSE, AVP_ASSIGNED_SESSION_ID, AVP_CALL_SERIAL,
	AVP_MINIMUM_BPS, AVP_MAXIMUM_BPS, AVP_BEARER_TYPE, AVP_FRAMING_TYPE,
	AVP_CALLED_NUMBER, AVP_CALLING_NUMBER, AVP_SUB_ADDRESS,
	AVP_TX_SPEED, AVP_PHYSICAL_CHANNEL, AVP_INITIAL_LCP_CONFREQ,
	AVP_LAST_SENT_CONFREQ, AVP_LAST_RECEIVED_CONFREQ, AVP_PROXY_AUTH_TYPE,
	AVP_PROXY_AUTH_NAME, AVP_PROXY_AUTH_CHALLENGE, AVP_PROXY_AUTH_ID,
	AVP_PROXY_AUTH_RESPONSE, AVP_CALL_ERRORS, AVP_ACCM,
	AVP_RANDOM_VECTOR, AVP_PRIVATE_GROUP, AVP_RX_SPEED,
	AVP_SEQUENCING_REQUIRED,
	/* RFC 5515 */
	AVP_AGENT_CIRCUIT_ID, AVP_AGENT_REMOTE_ID,
	AVP_ACTUAL_RATE_UP, AVP_ACTUAL_RATE_DOWN,
	AVP_MINIMUM_RATE_UP, AVP_MINIMUM_RATE_DOWN,
	AVP_ATTAINABLE_RATE_UP, AVP_ATTAINABLE_RATE_DOWN,
	AVP_MAXIMUM_RATE_UP, AVP_MAXIMUM_RATE_DOWN,
	AVP_LOW_POWER_RATE_UP, AVP_LOW_POWER_RATE_DOWN,
	AVP_MAXIMUM_DELAY_UP, AVP_ACTUAL_DELAY_UP,
	AVP_MAXIMUM_DELAY_DOWN, AVP_ACTUAL_DELAY_DOWN,
	AVP_ENCAPSULATION, AVP_LINE_TYPE, AVP_IWF_SESSION,
	/* RFC 3931 */
	AVP_EXTENDED_VENDOR_ID, AVP_MESSAGE_DIGEST, AVP_ROUTER_ID,
	AVP_ASSIGNED_CCID, AVP_PW_CAPS, AVP_LOCAL_SESSION_ID,
	AVP_REMOTE_SESSION_ID, AVP_ASSIGNED_COOKIE, AVP_REMOTE_END_ID,
	AVP_PW_TYPE, AVP_L2_SUBLAYER, AVP_DATA_SEQUENCING,
	AVP_CIRCUIT_STATUS, AVP_PREFERRED_LANGUAGE, AVP_NONCE,
	AVP_TX_SPEED64, AVP_RX_SPEED64,
	AVP_NIDS
};

enum avp_kind {
	AVPK_EMPTY,
	AVPK_U16,
	AVPK_ID16,		/* an id of 32 bits, of which 16 are sent */
	AVPK_U32,
	AVPK_U64,
	AVPK_BYTES,		/* struct bytes, borrowed */
	AVPK_RESULT,		/* result [error [text]] */
	AVPK_VERSION,		/* two octets: version, revision */
	AVPK_Q931,		/* cause, message, text */
	AVPK_PROXY_TYPE,	/* u16, 1 to 5 */
	AVPK_PROXY_ID,		/* zero octet, id */
	AVPK_CALL_ERRORS,	/* zero u16, six u32 */
	AVPK_ACCM,		/* zero u16, two u32 */
	AVPK_ENCAPSULATION,	/* data link, two encapsulations */
	AVPK_PW_LIST,		/* bytes: one or more of 16 bits */
	AVPK_COOKIE,		/* bytes: 0, 4 or 8 */
	AVPK_LEVEL,		/* u16, 0 to 2 */
	AVPK_NKINDS
};

enum avp_flag {
	AVPF_M = 0x01,		/* sent with the M bit in L2TPv2 */
	AVPF_HIDE = 0x02,	/* may be hidden */
	AVPF_NONZERO = 0x04,	/* a value of 0 is out of range */
	AVPF_REPEAT = 0x08,	/* may recur; the latest is the one in force */
	AVPF_KEEP = 0x10,	/* a call remembers it: see details.h */
	AVPF_M3 = 0x20,		/* sent with the M bit in L2TPv3 */
	AVPF_BOTH = 0x40,	/* of L2TPv2 and of L2TPv3 */
	AVPF_V3 = 0x80		/* of L2TPv3 only; else of L2TPv2 only */
};

/* First word of an AVP (RFC 2661 section 4.1). */
enum avp_bit {
	AVP_BIT_M = 0x8000,
	AVP_BIT_H = 0x4000,
	AVP_BIT_RESERVED = 0x3c00,
	AVP_LENGTH = 0x03ff
};

#define AVP_HEADER_LEN	6
#define AVP_VALUE_MAX	(AVP_LENGTH - AVP_HEADER_LEN)

struct avp_row {
	const char	*name;
	uint16_t	 vendor;
	uint16_t	 type;
	uint8_t		 kind;		/* enum avp_kind */
	uint8_t		 flags;
	uint16_t	 min, max;	/* octets of value, without header */
	uint16_t	 offset;	/* of the value in struct msg */
};

extern const struct avp_row avp_table[AVP_NIDS];

/* One AVP as it is on the wire; the value borrows from the message. */
struct avp {
	uint16_t	flags;		/* enum avp_bit, without the length */
	uint16_t	vendor;
	uint16_t	type;
	struct rd	value;
};

/* The row's id, or -1. */
int		 avp_find(uint16_t vendor, uint16_t type);

/*
 * Takes the next AVP off the message.  ERR_AVP_LENGTH means that nothing
 * after it can be found either; vendor and type are then 0 if they were cut
 * off.
 */
enum l2tp_err	 avp_next(struct rd *, struct avp *);
/*
 * Stores the value in m if m's message, of m's version, may have this AVP.
 * What may be passed over, by the M bit or because it has no meaning there,
 * is ERR_NONE and counted in m->ignored.  On an error m is as before.
 * Without a struct hide nothing can be uncovered.
 */
enum l2tp_err	 avp_decode(const struct avp *, struct msg *, struct hide *);
/* The same for an AVP that is wanted whatever its M bit says. */
enum l2tp_err	 avp_value(const struct avp *, enum avp_id, struct msg *,
		    struct hide *);
/*
 * Appends the AVP, as for a message of that version, with the value that m
 * holds; bad if it does not fit.  With a secret, and if it may be, it is
 * hidden by m's Random Vector.
 */
void		 avp_encode(struct wr *, uint8_t version, const struct msg *,
		    enum avp_id, const struct bytes *secret);

#endif
