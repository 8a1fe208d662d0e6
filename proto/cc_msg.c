/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The messages of the control connection (RFC 2661 sections 6.1 to 6.5):
 * what is acceptable of those that arrive, and what is in those that are
 * sent.  When that happens is the business of cc.c.
 */
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "cc.h"

/* RFC 2661 section 4.4.3; Framing and Bearer Capabilities have two bits. */
#define CC_PROTO_VERSION	1
#define CC_CAPS			0x3

static enum l2tp_err cc_learn(struct tunnel *, const struct msg *);
static int	cc_proves(const struct tunnel *, uint16_t);
static void	cc_respond(const struct tunnel *, struct msg *,
		    const struct msg *, uint8_t [DIGEST_LEN]);

enum l2tp_err
cc_check(struct tunnel *t, const struct msg *m)
{
	enum l2tp_err err;

	if ((m->type == MSG_SCCRQ || m->type == MSG_SCCRP) &&
	    m->proto_ver != CC_PROTO_VERSION)
		return (ERR_PROTO_VERSION);
	if (cc_proves(t, m->type) && (err = auth_check(t, m)) != ERR_NONE)
		return (err);
	/* What a peer says of itself counts once. */
	if ((m->type == MSG_SCCRQ || m->type == MSG_SCCRP) && t->names == NULL)
		return (cc_learn(t, m));
	return (ERR_NONE);
}

/* 5.1.1: where the proof of who the peer is has its place. */
static int
cc_proves(const struct tunnel *t, uint16_t type)
{
	return ((type == MSG_SCCRQ && t->state == CC_WAIT_ACCEPT) ||
	    (type == MSG_SCCRP && t->state == CC_WAIT_CTL_REPLY) ||
	    (type == MSG_SCCCN && t->state == CC_WAIT_CTL_CONN));
}

static enum l2tp_err
cc_learn(struct tunnel *t, const struct msg *m)
{
	char text[2][L2TP_MAX_TEXT];
	size_t host_len, vendor_len;

	text_copy(text[0], m->host_name);
	text_copy(text[1], m->vendor_name);
	host_len = strlen(text[0]) + 1;
	vendor_len = strlen(text[1]) + 1;
	if ((t->names = malloc(host_len + vendor_len)) == NULL)
		return (ERR_NOMEM);
	memcpy(t->names, text[0], host_len);
	memcpy(t->names + host_len, text[1], vendor_len);
	t->vendor_at = (uint8_t)host_len;
	t->firmware = m->firmware;
	/* Missing it is only with L2TP_QUIRK_FRAMING_CAPS. */
	t->framing_caps = m->have[AVP_FRAMING_CAPS] ?
	    m->framing_caps & CC_CAPS : CC_CAPS;
	t->bearer_caps = m->bearer_caps & CC_CAPS;
	if (m->have[AVP_RECEIVE_WINDOW])
		chan_set_window(&t->chan, m->window);
	return (ERR_NONE);
}

/* SCCRQ and SCCRP say the same (RFC 2661 6.1, 6.2). */
void
cc_send_hail(struct tunnel *t, uint16_t type, const struct msg *to)
{
	uint8_t challenge[DIGEST_LEN], response[DIGEST_LEN];
	const struct l2tp_params *p = t->params;
	struct msg m = { .type = type };

	m.have[AVP_PROTOCOL_VERSION] = 1;
	m.proto_ver = CC_PROTO_VERSION;
	m.have[AVP_FRAMING_CAPS] = 1;
	m.framing_caps = p->framing_caps;
	m.have[AVP_BEARER_CAPS] = p->bearer_caps != 0;
	m.bearer_caps = p->bearer_caps;
	m.have[AVP_FIRMWARE] = p->firmware != 0;
	m.firmware = p->firmware;
	m.have[AVP_HOST_NAME] = 1;
	m.host_name = text_bytes(p->host_name);
	m.have[AVP_VENDOR_NAME] = p->vendor_name != NULL;
	m.vendor_name = text_bytes(p->vendor_name);
	m.have[AVP_ASSIGNED_TUNNEL_ID] = 1;
	m.assigned_tid = t->local_tid;
	m.have[AVP_RECEIVE_WINDOW] = 1;
	m.window = p->window_size;
	if (type == MSG_SCCRQ && p->tie_breaker) {
		m.have[AVP_TIE_BREAKER] = 1;
		m.tie_breaker = auth_tie_breaker(t);
	}
	if (p->challenge) {
		auth_challenge(t, challenge);
		m.have[AVP_CHALLENGE] = 1;
		m.challenge.p = challenge;
		m.challenge.len = sizeof(challenge);
	}
	cc_respond(t, &m, to, response);
	tunnel_send(t, 0, &m);
}

void
cc_send_scccn(struct tunnel *t, const struct msg *to)
{
	struct msg m = { .type = MSG_SCCCN };
	uint8_t response[DIGEST_LEN];

	cc_respond(t, &m, to, response);
	tunnel_send(t, 0, &m);
}

void
cc_send_hello(struct tunnel *t)
{
	struct msg m = { .type = MSG_HELLO };

	tunnel_send(t, 0, &m);
}

/* 4.4.3: with the id that we first told, whether it arrived or not. */
void
cc_send_stopccn(struct tunnel *t, const struct l2tp_cause *cause)
{
	struct msg m = { .type = MSG_STOPCCN };

	m.have[AVP_ASSIGNED_TUNNEL_ID] = 1;
	m.assigned_tid = t->local_tid;
	cause_to_msg(cause, &m);
	tunnel_send(t, 0, &m);
}

/* 4.4.3: answers the challenge of the message that m answers, if any. */
static void
cc_respond(const struct tunnel *t, struct msg *m, const struct msg *to,
    uint8_t response[DIGEST_LEN])
{
	if (to == NULL || !to->have[AVP_CHALLENGE])
		return;
	auth_respond(t, m->type, to->challenge, response);
	m->have[AVP_CHALLENGE_RESPONSE] = 1;
	m->challenge_response.p = response;
	m->challenge_response.len = DIGEST_LEN;
}
