/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Errors of the peer and the codes that tell it so (RFC 2661 section
 * 4.4.2).  Result 2 says "see the error code", which is 2 for a wrong
 * length, 3 for a value out of range, 4 for a want of resources, 5 for a
 * Session ID invalid in this context, and 8 for an AVP with the M bit that
 * was not understood.  A row without results is never answered: what is
 * wrong is known too little to be sure of who sent it.
 */
#include "err.h"

static const struct err_row err_table[ERR_NERRS] = {
	[ERR_NONE] = { "no error", 0, 0, 0 },
	[ERR_SHORT] = { "header cut off", 0, 0, 0 },
	[ERR_HEADER] = { "malformed header", 0, 0, 0 },
	[ERR_VERSION] = { "unknown header version", 0, 0, 0 },
	[ERR_NOT_CONTROL] = { "not a control message", 0, 0, 0 },
	[ERR_AVP_LENGTH] = { "AVP too short or past the message", 2, 2, 2 },
	[ERR_AVP_VALUE_LENGTH] = { "AVP value of wrong length", 2, 2, 2 },
	[ERR_AVP_VALUE] = { "AVP value out of range", 2, 2, 3 },
	[ERR_AVP_UNKNOWN] = { "unknown mandatory AVP", 2, 2, 8 },
	[ERR_AVP_MISSING] = { "required AVP missing", 2, 2, 3 },
	[ERR_AVP_HIDDEN] = { "hidden AVP cannot be uncovered", 2, 2, 8 },
	[ERR_MSG_FIRST] = { "Message Type is not the first AVP", 2, 2, 3 },
	[ERR_MSG_UNKNOWN] = { "unknown mandatory message type", 2, 2, 8 },
	[ERR_MSG_IGNORED] = { "unknown optional message type", 0, 0, 0 },
	/* Result 5: the error code is the highest Protocol Version we know. */
	[ERR_PROTO_VERSION] = { "unsupported protocol version", 5, 2, 0x0100 },
	[ERR_FSM] = { "message not allowed in this state", 7, 2, 3 },
	[ERR_NO_TUNNEL] = { "no such tunnel", 2, 2, 1 },
	[ERR_NO_CALL] = { "no such session", 2, 2, 5 },
	[ERR_SOURCE] = { "not from the address of the peer", 0, 0, 0 },
	[ERR_TIE] = { "tie with our SCCRQ", 3, 13, 0 },
	[ERR_RATE] = { "over the configured limits", 2, 2, 4 },
	[ERR_AUTH] = { "authentication failed", 4, 3, 0 },
	[ERR_DIGEST] = { "Message Digest wrong or missing", 0, 0, 0 },
	[ERR_NO_NONCE] = { "peer does not authenticate itself", 4, 3, 0 },
	[ERR_NONCE] = { "peer wants Control Message Authentication", 4, 3, 0 },
	[ERR_VERSION_REFUSED] = { "L2TP version not allowed", 5, 2, 3 },
	[ERR_FACILITY] = { "no outgoing calls", 4, 5, 0 },
	/* RFC 3931 section 5.4.2; these are of calls alone. */
	[ERR_PW_TYPE] = { "unsupported pseudowire type", 1, 14, 0 },
	[ERR_NO_SUBLAYER] = { "sequencing without a sublayer", 1, 15, 0 },
	[ERR_SUBLAYER] = { "unsupported sublayer", 2, 2, 3 },
	[ERR_SESSION_ID] = { "session id already in use", 2, 2, 5 },
	[ERR_SESSION_TIE] = { "tie with our request", 1, 13, 0 },
	[ERR_NOMEM] = { "out of memory", 2, 2, 4 }
};

const struct err_row *
err_row(enum l2tp_err err)
{
	static const struct err_row unknown = { "unknown error", 0, 0, 0 };

	if ((unsigned int)err >= ERR_NERRS)
		return (&unknown);
	return (&err_table[err]);
}

const char *
err_phrase(enum l2tp_err err)
{
	return (err_row(err)->phrase);
}
