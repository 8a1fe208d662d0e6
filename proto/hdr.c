/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The header of L2TPv2 (RFC 2661 section 3.1):
 *
 *	|T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |          Length (opt)         |
 *	|           Tunnel ID           |           Session ID          |
 *	|             Ns (opt)          |             Nr (opt)          |
 *	|      Offset Size (opt)        |    Offset pad... (opt)        |
 *
 * That of a control message of L2TPv3 (RFC 3931 section 3.2.1) differs in
 * Ver, in that O and P are x bits, and in the second line:
 *
 *	|                     Control Connection ID                     |
 *
 * The x bits are sent as 0 and ignored when received.
 */
#include "hdr.h"

enum hdr_at {			/* octets into a control header */
	HDR_AT_LENGTH = 2,
	HDR_AT_TID = 4,
	HDR_AT_NS = 8,
	HDR_AT_NR = 10
};

/* What a version makes of the header. */
struct hdr_row {
	uint16_t	control;	/* first word of a control message */
	uint16_t	mask;		/* of it: what is not an x bit */
	uint8_t		has_sid;	/* tid and sid share the 32 bits */
};

static const struct hdr_row hdr_table[] = {
	[2] = { HDR_T | HDR_L | HDR_S | 2,
	    HDR_T | HDR_L | HDR_S | HDR_O | HDR_P | HDR_VER, 1 },
	[3] = { HDR_T | HDR_L | HDR_S | 3,
	    HDR_T | HDR_L | HDR_S | HDR_VER, 0 }
};

static const struct hdr_row	*hdr_find(uint16_t);
static enum l2tp_err		 hdr_start(struct rd *, struct hdr *);
static void			 hdr_ids(struct rd *, struct hdr *);

enum l2tp_err
hdr_decode(struct rd *r, struct hdr *h)
{
	enum l2tp_err err;

	if ((err = hdr_start(r, h)) != ERR_NONE)
		return (err);
	hdr_ids(r, h);
	if (h->flags & HDR_S) {
		h->ns = rd_u16(r);
		h->nr = rd_u16(r);
	}
	if ((h->flags & (HDR_T | HDR_O)) == HDR_O)
		rd_skip(r, rd_u16(r));
	if (r->bad)
		return (ERR_SHORT);
	return (h->flags & HDR_T ? ERR_NONE : ERR_NOT_CONTROL);
}

void
hdr_encode(struct wr *w, uint8_t version, uint32_t tid, uint32_t sid)
{
	const struct hdr_row *row = hdr_find(version);

	wr_u16(w, row->control);
	wr_u16(w, 0);		/* Length */
	if (row->has_sid)
		tid = tid << 16 | sid;
	wr_u32(w, tid);
	wr_u16(w, 0);		/* Ns */
	wr_u16(w, 0);		/* Nr */
}

void
hdr_address(struct wr *w, uint8_t version, uint32_t tid)
{
	const struct hdr_row *row;
	struct rd r;

	rd_init(&r, w->p, w->len);
	row = hdr_find(rd_u16(&r));
	if (row != NULL && row != hdr_find(version))
		return;
	if (row != NULL && row->has_sid)
		wr_set16(w, HDR_AT_TID, (uint16_t)tid);
	else
		wr_set32(w, HDR_AT_TID, tid);
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

/* By the first word, or by the version alone; NULL if we do not speak it. */
static const struct hdr_row *
hdr_find(uint16_t flags)
{
	size_t version = flags & HDR_VER;

	if (version >= sizeof(hdr_table) / sizeof(hdr_table[0]) ||
	    hdr_table[version].control == 0)
		return (NULL);
	return (&hdr_table[version]);
}

/*
 * Flags and Length.  The cursor is cut to Length, so that nothing behind
 * it in the datagram can be taken for a part of the message.
 *
 * A data message of L2TPv3 has neither, nor anything else that is told
 * here (RFC 3931 section 4.1.2.1).
 */
static enum l2tp_err
hdr_start(struct rd *r, struct hdr *h)
{
	const struct hdr_row *row;
	struct hdr empty = { 0 };
	size_t total = r->left;

	*h = empty;
	h->flags = rd_u16(r);
	if (r->bad)
		return (ERR_SHORT);
	if ((row = hdr_find(h->flags)) == NULL)
		return (ERR_VERSION);
	h->version = h->flags & HDR_VER;
	if ((h->flags & HDR_T) && (h->flags & row->mask) != row->control)
		return (ERR_HEADER);
	if ((h->flags & HDR_T) == 0 && !row->has_sid)
		return (ERR_NOT_CONTROL);
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

/* Tunnel and session, or Control Connection ID. */
static void
hdr_ids(struct rd *r, struct hdr *h)
{
	h->tid = rd_u32(r);
	if (!hdr_find(h->version)->has_sid)
		return;
	h->sid = h->tid & UINT16_MAX;
	h->tid >>= 16;
}
