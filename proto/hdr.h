/* SPDX-License-Identifier: ISC */
/*
 * The headers of L2TPv2, control and data, with every flag (RFC 2661 section
 * 3.1), and of control messages of L2TPv3 (RFC 3931 section 3.2.1).
 */
#ifndef PROTO_HDR_H
#define PROTO_HDR_H

#include "err.h"
#include "wire.h"

enum hdr_flag {
	HDR_T = 0x8000,
	HDR_L = 0x4000,
	HDR_S = 0x0800,
	HDR_O = 0x0200,
	HDR_P = 0x0100,
	HDR_VER = 0x000f
};

#define HDR_CONTROL_LEN	12

struct hdr {
	uint16_t	flags;		/* as received, reserved bits too */
	uint16_t	length;		/* 0 if absent */
	uint32_t	tid;		/* or Control Connection ID */
	uint32_t	sid;		/* 0 in a control message of L2TPv3 */
	uint16_t	ns, nr;		/* 0 if absent */
	uint8_t		version;	/* 2 or 3 */
};

/*
 * Reads a header and leaves the cursor on the payload, cut to Length.
 * A data message is decoded too (with its offset skipped) and answered
 * with ERR_NOT_CONTROL.
 */
enum l2tp_err	hdr_decode(struct rd *, struct hdr *);
/*
 * Writes a control header of a version, 2 or 3, with Length 0; the latter
 * has no session id.
 */
void		hdr_encode(struct wr *, uint8_t version, uint32_t tid,
		    uint32_t sid);
/*
 * Stores the tunnel id of that version in a message that hdr_encode() began.
 * One that began as of another version, a SCCRQ for both, is for no tunnel.
 */
void		hdr_address(struct wr *, uint8_t version, uint32_t tid);
/* Stores Length, Ns and Nr in a message that hdr_encode() began. */
void		hdr_seal(struct wr *, uint16_t ns, uint16_t nr);

#endif
