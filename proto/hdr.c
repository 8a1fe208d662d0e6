/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The L2TPv2 header (RFC 2661 section 3.1):
 *
 *	|T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |          Length (opt)         |
 *	|           Tunnel ID           |           Session ID          |
 *	|             Ns (opt)          |             Nr (opt)          |
 *	|      Offset Size (opt)        |    Offset pad... (opt)        |
 *
 * The x bits are sent as 0 and ignored when received.
 */
#include "hdr.h"

enum hdr_at {			/* octets into a control header */
	HDR_AT_LENGTH = 2,
	HDR_AT_NS = 8,
	HDR_AT_NR = 10
};

#define HDR_CONTROL_BITS	(HDR_T | HDR_L | HDR_S | HDR_O | HDR_P)

static enum l2tp_err	hdr_start(struct rd *, struct hdr *);

enum l2tp_err
hdr_decode(struct rd *r, struct hdr *h)
{
	enum l2tp_err err;

	if ((err = hdr_start(r, h)) != ERR_NONE)
		return (err);
	h->tid = rd_u16(r);
	h->sid = rd_u16(r);
	if (h->flags & HDR_S) {
		h->ns = rd_u16(r);
		h->nr = rd_u16(r);
	}
	if (h->flags & HDR_O)
		rd_skip(r, rd_u16(r));
	if (r->bad)
		return (ERR_SHORT);
	return (h->flags & HDR_T ? ERR_NONE : ERR_NOT_CONTROL);
}

void
hdr_encode(struct wr *w, uint16_t tid, uint16_t sid)
{
	wr_u16(w, HDR_CONTROL);
	wr_u16(w, 0);		/* Length */
	wr_u16(w, tid);
	wr_u16(w, sid);
	wr_u16(w, 0);		/* Ns */
	wr_u16(w, 0);		/* Nr */
}

void
hdr_seal(struct wr *w, uint16_t ns, uint16_t nr)
{
	if (w->len > UINT16_MAX)
		w->bad = 1;
	wr_set16(w, HDR_AT_LENGTH, (uint16_t)w->len);
	wr_set16(w, HDR_AT_NS, ns);
	wr_set16(w, HDR_AT_NR, nr);
}

/*
 * Flags and Length.  The cursor is cut to Length, so that nothing behind
 * it in the datagram can be taken for a part of the message.
 */
static enum l2tp_err
hdr_start(struct rd *r, struct hdr *h)
{
	struct hdr empty = { 0 };
	size_t total = r->left;

	*h = empty;
	h->flags = rd_u16(r);
	if (r->bad)
		return (ERR_SHORT);
	if ((h->flags & HDR_VER) != (HDR_CONTROL & HDR_VER))
		return (ERR_VERSION);
	if ((h->flags & HDR_T) && (h->flags & HDR_CONTROL_BITS) !=
	    (HDR_CONTROL & HDR_CONTROL_BITS))
		return (ERR_HEADER);
	if ((h->flags & HDR_L) == 0)
		return (ERR_NONE);

	h->length = rd_u16(r);
	if (r->bad)
		return (ERR_SHORT);
	if (h->length > total || h->length < total - r->left ||
	    ((h->flags & HDR_T) && h->length < HDR_CONTROL_LEN))
		return (ERR_HEADER);
	*r = rd_sub(r, h->length - (total - r->left));
	return (ERR_NONE);
}
