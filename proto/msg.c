/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The message table (RFC 2661 section 6, RFC 3931 section 6) and the walk
 * over the AVPs of a message.  What a message means is decided elsewhere;
 * here it is found well formed and complete, or not.
 */
#include <string.h>

#include "msg.h"
#include "quirk.h"

static const struct msg_row	*msg_find(uint8_t, uint16_t);
static enum l2tp_err	 msg_first(struct rd *, struct msg *);
static int		 msg_is_type(const struct avp *, uint8_t);
static enum l2tp_err	 msg_rest(struct rd *, struct msg *, struct hide *,
			    uint32_t);
static enum l2tp_err	 msg_complete(struct msg *, uint32_t);
static int		 msg_forgives(struct msg *, uint32_t, enum l2tp_err,
			    uint16_t, uint16_t);
static enum l2tp_err	 msg_blame(struct msg *, uint16_t, uint16_t,
			    enum l2tp_err);
static void		 msg_put(struct wr *, uint8_t, const struct msg *,
			    const uint8_t *, const struct bytes *);
static int		 list_hides(const struct msg *, const uint8_t *);
static int		 msg_lists(const uint8_t *, enum avp_id);

/* In the order in which section 6 lists them. */
static const uint8_t none[] = {
	AVP_NIDS
};
static const uint8_t sccrq_must[] = {
	AVP_PROTOCOL_VERSION, AVP_HOST_NAME, AVP_FRAMING_CAPS,
	AVP_ASSIGNED_TUNNEL_ID, AVP_NIDS
};
static const uint8_t sccrq_may[] = {
	AVP_BEARER_CAPS, AVP_RECEIVE_WINDOW, AVP_CHALLENGE, AVP_TIE_BREAKER,
	AVP_FIRMWARE, AVP_VENDOR_NAME,
	/* RFC 3931 section 4.7.3 */
	AVP_ROUTER_ID, AVP_ASSIGNED_CCID, AVP_PW_CAPS, AVP_NONCE,
	AVP_PREFERRED_LANGUAGE, AVP_NIDS
};
static const uint8_t sccrp_must[] = {
	AVP_PROTOCOL_VERSION, AVP_FRAMING_CAPS, AVP_HOST_NAME,
	AVP_ASSIGNED_TUNNEL_ID, AVP_NIDS
};
static const uint8_t sccrp_may[] = {
	AVP_BEARER_CAPS, AVP_FIRMWARE, AVP_VENDOR_NAME, AVP_RECEIVE_WINDOW,
	AVP_CHALLENGE, AVP_CHALLENGE_RESPONSE, AVP_NIDS
};
static const uint8_t scccn_may[] = {
	AVP_CHALLENGE_RESPONSE, AVP_NIDS
};
static const uint8_t stopccn_must[] = {
	AVP_ASSIGNED_TUNNEL_ID, AVP_RESULT_CODE, AVP_NIDS
};
static const uint8_t icrq_must[] = {
	AVP_ASSIGNED_SESSION_ID, AVP_CALL_SERIAL, AVP_NIDS
};
static const uint8_t icrq_may[] = {
	AVP_BEARER_TYPE, AVP_PHYSICAL_CHANNEL, AVP_CALLING_NUMBER,
	AVP_CALLED_NUMBER, AVP_SUB_ADDRESS,
	/* RFC 5515 */
	AVP_AGENT_CIRCUIT_ID, AVP_AGENT_REMOTE_ID,
	AVP_ACTUAL_RATE_UP, AVP_ACTUAL_RATE_DOWN, AVP_MINIMUM_RATE_UP,
	AVP_MINIMUM_RATE_DOWN, AVP_ATTAINABLE_RATE_UP,
	AVP_ATTAINABLE_RATE_DOWN, AVP_MAXIMUM_RATE_UP, AVP_MAXIMUM_RATE_DOWN,
	AVP_LOW_POWER_RATE_UP, AVP_LOW_POWER_RATE_DOWN, AVP_MAXIMUM_DELAY_UP,
	AVP_ACTUAL_DELAY_UP, AVP_MAXIMUM_DELAY_DOWN, AVP_ACTUAL_DELAY_DOWN,
	AVP_ENCAPSULATION, AVP_LINE_TYPE, AVP_IWF_SESSION, AVP_NIDS
};
static const uint8_t icrp_must[] = {
	AVP_ASSIGNED_SESSION_ID, AVP_NIDS
};
static const uint8_t iccn_must[] = {
	AVP_TX_SPEED, AVP_FRAMING_TYPE, AVP_NIDS
};
static const uint8_t iccn_may[] = {
	AVP_INITIAL_LCP_CONFREQ, AVP_LAST_SENT_CONFREQ,
	AVP_LAST_RECEIVED_CONFREQ, AVP_PROXY_AUTH_TYPE, AVP_PROXY_AUTH_NAME,
	AVP_PROXY_AUTH_CHALLENGE, AVP_PROXY_AUTH_ID, AVP_PROXY_AUTH_RESPONSE,
	AVP_PRIVATE_GROUP, AVP_RX_SPEED, AVP_SEQUENCING_REQUIRED, AVP_NIDS
};
static const uint8_t ocrq_must[] = {
	AVP_ASSIGNED_SESSION_ID, AVP_CALL_SERIAL, AVP_MINIMUM_BPS,
	AVP_MAXIMUM_BPS, AVP_BEARER_TYPE, AVP_FRAMING_TYPE, AVP_CALLED_NUMBER,
	AVP_NIDS
};
static const uint8_t ocrq_may[] = {
	AVP_SUB_ADDRESS, AVP_NIDS
};
static const uint8_t ocrp_must[] = {
	AVP_ASSIGNED_SESSION_ID, AVP_NIDS
};
static const uint8_t ocrp_may[] = {
	AVP_PHYSICAL_CHANNEL, AVP_NIDS
};
static const uint8_t occn_must[] = {
	AVP_TX_SPEED, AVP_FRAMING_TYPE, AVP_NIDS
};
static const uint8_t occn_may[] = {
	AVP_RX_SPEED, AVP_SEQUENCING_REQUIRED, AVP_NIDS
};
static const uint8_t cdn_must[] = {
	AVP_RESULT_CODE, AVP_ASSIGNED_SESSION_ID, AVP_NIDS
};
static const uint8_t cdn_may[] = {
	AVP_Q931_CAUSE, AVP_NIDS
};
static const uint8_t wen_must[] = {
	AVP_CALL_ERRORS, AVP_NIDS
};
static const uint8_t sli_must[] = {
	AVP_ACCM, AVP_NIDS
};

/* Those of L2TPv3: RFC 3931 section 6. */
static const uint8_t sccrq3_must[] = {
	AVP_HOST_NAME, AVP_ROUTER_ID, AVP_ASSIGNED_CCID, AVP_PW_CAPS,
	AVP_NIDS
};
static const uint8_t sccrq3_may[] = {
	AVP_NONCE, AVP_TIE_BREAKER, AVP_VENDOR_NAME, AVP_RECEIVE_WINDOW,
	AVP_PREFERRED_LANGUAGE, AVP_NIDS
};
static const uint8_t sccrp3_may[] = {
	AVP_NONCE, AVP_VENDOR_NAME, AVP_RECEIVE_WINDOW,
	AVP_PREFERRED_LANGUAGE, AVP_NIDS
};
static const uint8_t stopccn3_must[] = {
	AVP_RESULT_CODE, AVP_NIDS
};
static const uint8_t stopccn3_may[] = {
	AVP_ASSIGNED_CCID, AVP_NIDS
};
static const uint8_t request3_must[] = {
	AVP_LOCAL_SESSION_ID, AVP_REMOTE_SESSION_ID, AVP_CALL_SERIAL,
	AVP_PW_TYPE, AVP_REMOTE_END_ID, AVP_CIRCUIT_STATUS, AVP_NIDS
};
static const uint8_t icrq3_may[] = {
	AVP_ASSIGNED_COOKIE, AVP_TIE_BREAKER, AVP_L2_SUBLAYER,
	AVP_DATA_SEQUENCING, AVP_TX_SPEED64, AVP_RX_SPEED64,
	AVP_PHYSICAL_CHANNEL, AVP_NIDS
};
static const uint8_t ocrq3_may[] = {
	AVP_ASSIGNED_COOKIE, AVP_TX_SPEED64, AVP_RX_SPEED64, AVP_TIE_BREAKER,
	AVP_L2_SUBLAYER, AVP_DATA_SEQUENCING, AVP_NIDS
};
static const uint8_t reply3_must[] = {
	AVP_LOCAL_SESSION_ID, AVP_REMOTE_SESSION_ID, AVP_CIRCUIT_STATUS,
	AVP_NIDS
};
static const uint8_t reply3_may[] = {
	AVP_ASSIGNED_COOKIE, AVP_L2_SUBLAYER, AVP_DATA_SEQUENCING,
	AVP_TX_SPEED64, AVP_RX_SPEED64, AVP_PHYSICAL_CHANNEL, AVP_NIDS
};
static const uint8_t session3_must[] = {
	AVP_LOCAL_SESSION_ID, AVP_REMOTE_SESSION_ID, AVP_NIDS
};
static const uint8_t connected3_may[] = {
	AVP_L2_SUBLAYER, AVP_DATA_SEQUENCING, AVP_TX_SPEED64, AVP_RX_SPEED64,
	AVP_CIRCUIT_STATUS, AVP_NIDS
};
static const uint8_t cdn3_must[] = {
	AVP_RESULT_CODE, AVP_LOCAL_SESSION_ID, AVP_REMOTE_SESSION_ID,
	AVP_NIDS
};
static const uint8_t wen3_must[] = {
	AVP_LOCAL_SESSION_ID, AVP_REMOTE_SESSION_ID, AVP_CALL_ERRORS,
	AVP_NIDS
};
static const uint8_t sli3_may[] = {
	AVP_CIRCUIT_STATUS, AVP_NIDS
};

const struct msg_row msg_table[MSG_NVERSIONS][MSG_NTYPES] = {
	[2] = {
		[MSG_ZLB] = { "ZLB", MSG_TUNNEL, NULL, NULL },
		[MSG_SCCRQ] = { "SCCRQ", MSG_TUNNEL, sccrq_must, sccrq_may },
		[MSG_SCCRP] = { "SCCRP", MSG_TUNNEL, sccrp_must, sccrp_may },
		[MSG_SCCCN] = { "SCCCN", MSG_TUNNEL, none, scccn_may },
		[MSG_STOPCCN] = { "StopCCN", MSG_TUNNEL, stopccn_must, none },
		[MSG_HELLO] = { "HELLO", MSG_TUNNEL, none, none },
		[MSG_ICRQ] = { "ICRQ", MSG_SESSION, icrq_must, icrq_may },
		[MSG_ICRP] = { "ICRP", MSG_SESSION, icrp_must, none },
		[MSG_ICCN] = { "ICCN", MSG_SESSION, iccn_must, iccn_may },
		[MSG_OCRQ] = { "OCRQ", MSG_SESSION, ocrq_must, ocrq_may },
		[MSG_OCRP] = { "OCRP", MSG_SESSION, ocrp_must, ocrp_may },
		[MSG_OCCN] = { "OCCN", MSG_SESSION, occn_must, occn_may },
		[MSG_CDN] = { "CDN", MSG_SESSION, cdn_must, cdn_may },
		[MSG_WEN] = { "WEN", MSG_SESSION, wen_must, none },
		[MSG_SLI] = { "SLI", MSG_SESSION, sli_must, none }
	},
	[3] = {
		[MSG_ZLB] = { "ZLB", MSG_TUNNEL, NULL, NULL },
		[MSG_SCCRQ] = { "SCCRQ", MSG_TUNNEL, sccrq3_must, sccrq3_may },
		[MSG_SCCRP] = { "SCCRP", MSG_TUNNEL, sccrq3_must, sccrp3_may },
		[MSG_SCCCN] = { "SCCCN", MSG_TUNNEL, none, none },
		[MSG_STOPCCN] = { "StopCCN", MSG_TUNNEL, stopccn3_must,
		    stopccn3_may },
		[MSG_HELLO] = { "HELLO", MSG_TUNNEL, none, none },
		[MSG_ICRQ] = { "ICRQ", MSG_SESSION, request3_must, icrq3_may },
		[MSG_ICRP] = { "ICRP", MSG_SESSION, reply3_must, reply3_may },
		[MSG_ICCN] = { "ICCN", MSG_SESSION, session3_must,
		    connected3_may },
		[MSG_OCRQ] = { "OCRQ", MSG_SESSION, request3_must, ocrq3_may },
		[MSG_OCRP] = { "OCRP", MSG_SESSION, reply3_must, reply3_may },
		[MSG_OCCN] = { "OCCN", MSG_SESSION, session3_must,
		    connected3_may },
		[MSG_CDN] = { "CDN", MSG_SESSION, cdn3_must, none },
		[MSG_WEN] = { "WEN", MSG_SESSION, wen3_must, none },
		[MSG_SLI] = { "SLI", MSG_SESSION, session3_must, sli3_may },
		[MSG_ACK] = { "ACK", MSG_TUNNEL, none, none }
	}
};

const char *
msg_name(uint16_t type)
{
	/* A type that both versions have has one name. */
	if (type >= MSG_NTYPES || msg_table[3][type].name == NULL)
		return ("unknown message");
	return (msg_table[3][type].name);
}

int
msg_allows(uint8_t version, uint16_t type, enum avp_id id)
{
	const struct msg_row *row;

	if ((row = msg_find(version, type)) == NULL)
		return (0);
	if (id == AVP_MESSAGE_DIGEST)	/* 4.7.3: one may be for both */
		return (version == 3 || type == MSG_SCCRQ);
	if (id == AVP_EXTENDED_VENDOR_ID)
		return (version == 3);
	return (id == AVP_MESSAGE_TYPE || id == AVP_RANDOM_VECTOR ||
	    msg_lists(row->must, id) || msg_lists(row->may, id));
}

void
msg_set_bytes(struct msg *m, enum avp_id id, struct bytes b)
{
	void *field = (uint8_t *)m + avp_table[id].offset;

	*(struct bytes *)field = b;
	m->have[id] = b.len > 0;
}

enum l2tp_err
msg_decode(struct rd *r, uint8_t version, struct msg *m, struct hide *h)
{
	return (msg_decode_quirks(r, version, m, h, 0));
}

enum l2tp_err
msg_decode_quirks(struct rd *r, uint8_t version, struct msg *m,
    struct hide *h, uint32_t quirks)
{
	enum l2tp_err err;

	memset(m, 0, sizeof(*m));
	m->version = version;
	if (rd_end(r))
		return (ERR_NONE);
	if ((err = msg_first(r, m)) != ERR_NONE)
		return (err);
	if ((err = msg_rest(r, m, h, quirks)) != ERR_NONE)
		return (err);
	return (msg_complete(m, quirks));
}

void
msg_encode(struct wr *w, uint8_t version, const struct msg *m,
    const struct bytes *secret)
{
	static const uint8_t first[] = {
		AVP_MESSAGE_TYPE, AVP_MESSAGE_DIGEST, AVP_RANDOM_VECTOR,
		AVP_NIDS
	};
	static const uint8_t last[] = { AVP_EXTENDED_VENDOR_ID, AVP_NIDS };
	const struct msg_row *row;

	if (m->type == MSG_ZLB)
		return;
	if ((row = msg_find(version, m->type)) == NULL) {
		w->bad = 1;
		return;
	}
	/* Section 4.3: Random Vector is before all that is hidden. */
	msg_put(w, version, m, first, NULL);
	msg_put(w, version, m, row->must, secret);
	msg_put(w, version, m, row->may, secret);
	msg_put(w, version, m, last, secret);
}

int
msg_is_dual(const struct msg *m)
{
	const uint8_t *id = sccrq3_must;

	while (*id != AVP_NIDS && m->have[*id])
		id++;
	return (m->version == 2 && m->type == MSG_SCCRQ && *id == AVP_NIDS);
}

int
msg_hides(uint8_t version, const struct msg *m)
{
	const struct msg_row *row = msg_find(version, m->type);

	return (row != NULL && m->type != MSG_STOPCCN &&
	    (list_hides(m, row->must) || list_hides(m, row->may)));
}

static int
list_hides(const struct msg *m, const uint8_t *id)
{
	for (; *id != AVP_NIDS; id++)
		if (m->have[*id] && (avp_table[*id].flags & AVPF_HIDE) != 0)
			return (1);
	return (0);
}

/* The row of a type that may be on the wire, or NULL. */
static const struct msg_row *
msg_find(uint8_t version, uint16_t type)
{
	if (version >= MSG_NVERSIONS || type >= MSG_NTYPES ||
	    msg_table[version][type].must == NULL)
		return (NULL);
	return (&msg_table[version][type]);
}

/*
 * RFC 2661 4.4.1: Message Type comes first and is not hidden; its M bit is
 * about the message and not about the AVP.
 */
static enum l2tp_err
msg_first(struct rd *r, struct msg *m)
{
	enum l2tp_err err;
	struct avp a;

	if ((err = avp_next(r, &a)) == ERR_NONE) {
		if (!msg_is_type(&a, m->version))
			err = ERR_MSG_FIRST;
		else if (a.vendor == 0)
			err = avp_value(&a, AVP_MESSAGE_TYPE, m, NULL);
	}
	if (err != ERR_NONE)
		return (msg_blame(m, a.vendor, a.type, err));
	m->m = (a.flags & AVP_BIT_M) != 0;
	if (msg_find(m->version, m->type) != NULL)
		return (ERR_NONE);
	return (m->m ? ERR_MSG_UNKNOWN : ERR_MSG_IGNORED);
}

/*
 * A Message Type AVP.  In L2TPv3 reserved bits are ignored (RFC 3931 5.1),
 * and that of a vendor, of which we know none, is one as well (5.4.1).
 */
static int
msg_is_type(const struct avp *a, uint8_t version)
{
	if (version == 3)
		return (a->type == avp_table[AVP_MESSAGE_TYPE].type);
	return ((a->flags & AVP_BIT_RESERVED) == 0 &&
	    avp_find(a->vendor, a->type) == AVP_MESSAGE_TYPE);
}

/*
 * All other AVPs.  After one that is wrong the walk goes on, because the
 * id to which the answer goes may still come; only the first is reported.
 */
static enum l2tp_err
msg_rest(struct rd *r, struct msg *m, struct hide *h, uint32_t quirks)
{
	enum l2tp_err err, first = ERR_NONE;
	struct avp a;

	while (!rd_end(r)) {
		if ((err = avp_next(r, &a)) == ERR_NONE)
			err = avp_decode(&a, m, h);
		if (err != ERR_NONE && first == ERR_NONE &&
		    !msg_forgives(m, quirks, err, a.vendor, a.type))
			first = msg_blame(m, a.vendor, a.type, err);
		if (err == ERR_AVP_LENGTH)
			break;
	}
	return (first);
}

static enum l2tp_err
msg_complete(struct msg *m, uint32_t quirks)
{
	const struct avp_row *row;
	const uint8_t *id;

	for (id = msg_table[m->version][m->type].must; *id != AVP_NIDS; id++) {
		if (m->have[*id])
			continue;
		row = &avp_table[*id];
		if (!msg_forgives(m, quirks, ERR_AVP_MISSING, row->vendor,
		    row->type))
			return (msg_blame(m, row->vendor, row->type,
			    ERR_AVP_MISSING));
	}
	return (ERR_NONE);
}

static int
msg_forgives(struct msg *m, uint32_t quirks, enum l2tp_err err,
    uint16_t vendor, uint16_t type)
{
	uint32_t quirk = quirk_forgives(quirks, err, vendor, type);

	m->forgiven |= quirk;
	return (quirk != 0);
}

static enum l2tp_err
msg_blame(struct msg *m, uint16_t vendor, uint16_t type, enum l2tp_err err)
{
	m->bad_vendor = vendor;
	m->bad_type = type;
	return (err);
}

static void
msg_put(struct wr *w, uint8_t version, const struct msg *m,
    const uint8_t *id, const struct bytes *secret)
{
	for (; *id != AVP_NIDS; id++)
		if (m->have[*id] || *id == AVP_MESSAGE_TYPE)
			avp_encode(w, version, m, *id, secret);
}

static int
msg_lists(const uint8_t *list, enum avp_id id)
{
	while (*list != AVP_NIDS && *list != id)
		list++;
	return (*list == id);
}
