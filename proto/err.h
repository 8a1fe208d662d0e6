/* SPDX-License-Identifier: ISC */
/*
 * What can be wrong with a message of a peer, and what RFC 2661 section
 * 4.4.2 makes of it: a result code, a general error code and a phrase.
 * One table in err.c; nothing else chooses codes for bad messages.
 */
#ifndef PROTO_ERR_H
#define PROTO_ERR_H

#include <stdint.h>

enum l2tp_err {
	ERR_NONE,
	ERR_SHORT,		/* header cut off */
	ERR_HEADER,		/* control header malformed */
	ERR_VERSION,		/* header version is not ours */
	ERR_NOT_CONTROL,	/* T bit clear: a data message */
	ERR_AVP_LENGTH,		/* AVP length below 6 or past the message */
	ERR_AVP_VALUE_LENGTH,	/* length wrong for this attribute */
	ERR_AVP_VALUE,		/* value out of range */
	ERR_AVP_UNKNOWN,	/* unrecognised AVP with the M bit set */
	ERR_AVP_MISSING,	/* a required AVP is not there */
	ERR_AVP_HIDDEN,		/* hidden and cannot be uncovered */
	ERR_MSG_FIRST,		/* Message Type is not the first AVP */
	ERR_MSG_UNKNOWN,	/* unknown message type with the M bit set */
	ERR_MSG_IGNORED,	/* unknown message type with M clear */
	ERR_PROTO_VERSION,	/* Protocol Version not 1 */
	ERR_FSM,		/* message not allowed in this state */
	ERR_NO_TUNNEL,		/* no such tunnel */
	ERR_NO_CALL,		/* no such session */
	ERR_SOURCE,		/* from an address that is not this peer's */
	ERR_TIE,		/* a SCCRQ that lost against ours */
	ERR_RATE,		/* more than the configured limits allow */
	ERR_AUTH,		/* authentication failed or missing */
	ERR_DIGEST,		/* Message Digest wrong or missing */
	ERR_NO_NONCE,		/* the peer does not authenticate itself */
	ERR_NONCE,		/* the peer wants authentication */
	ERR_VERSION_REFUSED,	/* L2TPv2 or L2TPv3, which is not allowed */
	ERR_FACILITY,		/* we place no outgoing calls */
	ERR_PW_TYPE,		/* we have no such pseudowires */
	ERR_NO_SUBLAYER,	/* sequencing without a place for it */
	ERR_SUBLAYER,		/* one that we, or one side, cannot have */
	ERR_SESSION_ID,		/* the peer's id of another session */
	ERR_SESSION_TIE,	/* a request that lost against ours */
	ERR_NOMEM,
	ERR_NERRS
};

/* Both results are 0 for what is only dropped, never answered. */
struct err_row {
	const char	*phrase;
	uint16_t	 stopccn_result;
	uint16_t	 cdn_result;
	uint16_t	 error;		/* 0: none is sent */
};

/* Never NULL, for any value. */
const struct err_row	*err_row(enum l2tp_err);
const char		*err_phrase(enum l2tp_err);

#endif
