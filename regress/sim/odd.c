/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Peers that are not like septum.  What an engine sends is changed on its
 * way so that it looks as if it came from one that needs a quirk of l2tp.h,
 * or that answers from a port of its own (RFC 2661 8.1).
 */
#include <string.h>

#include "engine.h"
#include "sim.h"

#define FLOATED_PORT	40000

static void	 odd_add(struct l2tp_packet *);
static void	 odd_leave_out(struct l2tp_packet *, const struct avp_row *);

/* What of a message, and what its peer needs for that. */
static const struct odd_row {
	uint32_t	quirk;		/* enum l2tp_quirk */
	enum avp_id	left_out;	/* AVP_NIDS: one is added */
} odd_rows[SIM_NODD] = {
	[SIM_ODD_AVP] = { L2TP_QUIRK_UNKNOWN_AVP, AVP_NIDS },
	[SIM_ODD_NAME] = { L2TP_QUIRK_HOST_NAME, AVP_HOST_NAME },
	[SIM_ODD_FRAMING] = { L2TP_QUIRK_FRAMING_CAPS, AVP_FRAMING_CAPS }
};

uint32_t
odd_quirk(enum sim_odd odd)
{
	return (odd_rows[odd].quirk);
}

void
odd_send(const struct side *s, struct l2tp_packet *pkt)
{
	const struct tunnel *t = tunnel_find(s->e, pkt->local_tid);
	const struct odd_row *row = &odd_rows[s->odd];

	if (s->floats && t != NULL && !t->initiator && !t->muted)
		pkt->path.local.port = FLOATED_PORT;
	if (s->odd == SIM_EVEN || pkt->len == HDR_CONTROL_LEN)
		return;
	if (row->left_out == AVP_NIDS)
		odd_add(pkt);
	else
		odd_leave_out(pkt, &avp_table[row->left_out]);
	pkt->data[2] = (uint8_t)(pkt->len >> 8);
	pkt->data[3] = (uint8_t)pkt->len;
}

/* With the M bit, and of a vendor who has no attributes. */
static void
odd_add(struct l2tp_packet *pkt)
{
	static const uint8_t avp[AVP_HEADER_LEN] = { 0x80, AVP_HEADER_LEN,
	    0xff, 0xff, 0xff, 0xff };

	if (pkt->len + sizeof(avp) > sizeof(pkt->data))
		return;
	memcpy(pkt->data + pkt->len, avp, sizeof(avp));
	pkt->len += sizeof(avp);
}

static void
odd_leave_out(struct l2tp_packet *pkt, const struct avp_row *row)
{
	size_t at = HDR_CONTROL_LEN, len;
	uint8_t *avp;

	for (; at < pkt->len; at += len) {
		avp = pkt->data + at;
		len = (size_t)(avp[0] << 8 | avp[1]) & AVP_LENGTH;
		if ((avp[2] << 8 | avp[3]) != row->vendor ||
		    (avp[4] << 8 | avp[5]) != row->type)
			continue;
		memmove(avp, avp + len, pkt->len - at - len);
		pkt->len -= len;
		break;
	}
}
