/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Proxy LCP and proxy authentication (RFC 2661 section 4.4.5).  What a type
 * of authentication needs has to be there, and nothing else is, in what we
 * send and in what the caller is told.
 */
#include <string.h>

#include "proxy.h"

#define NAME		0x1
#define CHALLENGE	0x2
#define ID		0x4
#define RESPONSE	0x8

/* What "MUST be present for" which Proxy Authen Type. */
static const uint8_t proxy_needs[] = {
	[L2TP_PROXY_TEXT] = NAME | RESPONSE,
	[L2TP_PROXY_CHAP] = NAME | CHALLENGE | ID | RESPONSE,
	[L2TP_PROXY_PAP] = NAME | ID | RESPONSE,
	[L2TP_PROXY_NONE] = 0,
	[L2TP_PROXY_MSCHAPV1] = NAME | CHALLENGE | ID | RESPONSE
};

static uint8_t	proxy_has(const struct msg *);

int
proxy_to_msg(const struct l2tp_proxy *p, struct msg *m)
{
	uint8_t needs;

	msg_set_bytes(m, AVP_INITIAL_LCP_CONFREQ, octets_bytes(p->initial_lcp));
	msg_set_bytes(m, AVP_LAST_SENT_CONFREQ,
	    octets_bytes(p->last_sent_lcp));
	msg_set_bytes(m, AVP_LAST_RECEIVED_CONFREQ,
	    octets_bytes(p->last_received_lcp));
	if (p->type == 0)
		return (0);
	if (p->type > L2TP_PROXY_MSCHAPV1)
		return (-1);
	m->have[AVP_PROXY_AUTH_TYPE] = 1;
	m->proxy_type = p->type;
	needs = proxy_needs[p->type];
	if ((needs & NAME) != 0)
		msg_set_bytes(m, AVP_PROXY_AUTH_NAME, octets_bytes(p->name));
	if ((needs & CHALLENGE) != 0)
		msg_set_bytes(m, AVP_PROXY_AUTH_CHALLENGE,
		    octets_bytes(p->challenge));
	if ((needs & RESPONSE) != 0)
		msg_set_bytes(m, AVP_PROXY_AUTH_RESPONSE,
		    octets_bytes(p->response));
	m->have[AVP_PROXY_AUTH_ID] = (needs & ID) != 0;
	m->proxy_id = p->id;
	return ((needs & ~proxy_has(m)) == 0 ? 0 : -1);
}

void
proxy_from_msg(const struct msg *m, struct l2tp_proxy *p)
{
	uint8_t needs;

	memset(p, 0, sizeof(*p));
	p->initial_lcp = octets_of(m->initial_lcp);
	p->last_sent_lcp = octets_of(m->last_sent_lcp);
	p->last_received_lcp = octets_of(m->last_received_lcp);
	if (!m->have[AVP_PROXY_AUTH_TYPE])
		return;
	/* A type that is not in the table was not taken from the wire. */
	needs = proxy_needs[m->proxy_type];
	if ((needs & ~proxy_has(m)) != 0)
		return;
	p->type = m->proxy_type;
	if ((needs & NAME) != 0)
		p->name = octets_of(m->proxy_name);
	if ((needs & CHALLENGE) != 0)
		p->challenge = octets_of(m->proxy_challenge);
	if ((needs & RESPONSE) != 0)
		p->response = octets_of(m->proxy_response);
	if ((needs & ID) != 0)
		p->id = m->proxy_id;
}

static uint8_t
proxy_has(const struct msg *m)
{
	uint8_t has = 0;

	if (m->have[AVP_PROXY_AUTH_NAME])
		has |= NAME;
	if (m->have[AVP_PROXY_AUTH_CHALLENGE])
		has |= CHALLENGE;
	if (m->have[AVP_PROXY_AUTH_ID])
		has |= ID;
	if (m->have[AVP_PROXY_AUTH_RESPONSE])
		has |= RESPONSE;
	return (has);
}

struct bytes
octets_bytes(struct l2tp_octets o)
{
	struct bytes b = { o.p, o.len };

	return (b);
}

struct l2tp_octets
octets_of(struct bytes b)
{
	struct l2tp_octets o = { b.p, b.len };

	return (o);
}
