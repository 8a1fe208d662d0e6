/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The messages of the control connection (RFC 2661 and RFC 3931, sections
 * 6.1 to 6.5 of each): what is acceptable of those that arrive, and what is
 * in those that are sent.  When that happens is the business of cc.c.
 */
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "cc.h"
#include "rival.h"

/* RFC 2661 section 4.4.3; Framing and Bearer Capabilities have two bits. */
#define CC_PROTO_VERSION	1
#define CC_CAPS			0x3
#define PW_CAPS_LEN		(2 * L2TP_MAX_PW_TYPES)

static enum l2tp_err cc_learn(struct tunnel *, const struct msg *);
static uint16_t	cc_pw_caps(struct bytes);
static void	cc_hail(const struct tunnel *, struct msg *);
static void	cc_hail2(struct tunnel *, struct msg *, uint8_t [DIGEST_LEN]);
static void	cc_hail3(const struct tunnel *, struct msg *,
		    uint8_t [PW_CAPS_LEN]);
static int	cc_proves(const struct tunnel *, uint16_t);
static void	cc_respond(const struct tunnel *, struct msg *,
		    const struct msg *, uint8_t [DIGEST_LEN]);

enum l2tp_err
cc_check(struct tunnel *t, const struct msg *m)
{
	int hail = m->type == MSG_SCCRQ || m->type == MSG_SCCRP;
	enum l2tp_err err;

	if (hail && t->version == 2 && m->proto_ver != CC_PROTO_VERSION)
		return (ERR_PROTO_VERSION);
	/* RFC 3931 5.4.3: the winner rejects the loser's SCCRQ. */
	if (m->type == MSG_SCCRQ && t->version == 3 && t->state == CC_IDLE &&
	    rival_wins(t->e, &t->path.peer, m, t->e->now))
		return (ERR_TIE);
	if (cc_proves(t, m->type) && (err = auth_check(t, m)) != ERR_NONE)
		return (err);
	/* What a peer says of itself counts once, and only if it was asked. */
	if (hail && t->names == NULL && !t->is_fixed)
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
	if ((t->names = malloc(offsetof(struct names, text) + host_len +
	    vendor_len)) == NULL)
		return (ERR_NOMEM);
	memcpy(t->names->text, text[0], host_len);
	memcpy(t->names->text + host_len, text[1], vendor_len);
	t->names->vendor_at = (uint8_t)host_len;
	t->names->router_id = m->router_id;
	if (t->version == 3)
		t->pw_caps = cc_pw_caps(m->pw_caps);
	else
		t->firmware = m->firmware;
	/* Missing it is only with L2TP_QUIRK_FRAMING_CAPS. */
	t->framing_caps = m->have[AVP_FRAMING_CAPS] ?
	    m->framing_caps & CC_CAPS : CC_CAPS;
	t->bearer_caps = m->bearer_caps & CC_CAPS;
	if (m->have[AVP_RECEIVE_WINDOW])
		chan_set_window(&t->chan, m->window);
	return (ERR_NONE);
}

/* RFC 3931 5.4.3: one bit for each type; none of ours is beyond 15. */
static uint16_t
cc_pw_caps(struct bytes list)
{
	uint16_t caps = 0;
	uint16_t type;
	struct rd r;

	rd_init(&r, list.p, list.len);
	while (!r.bad && !rd_end(&r))
		if ((type = rd_u16(&r)) < 16)
			caps |= (uint16_t)(1U << type);
	return (caps);
}

/*
 * SCCRQ and SCCRP say the same (6.1, 6.2).  The SCCRQ for both versions
 * (RFC 3931 4.7.3) is one of L2TPv2, with what L2TPv3 needs added.
 */
void
cc_send_hail(struct tunnel *t, uint16_t type, const struct msg *to)
{
	uint8_t challenge[DIGEST_LEN], response[DIGEST_LEN], caps[PW_CAPS_LEN];
	struct msg m = { .type = type };

	cc_hail(t, &m);
	if (t->version == 2)
		cc_hail2(t, &m, challenge);
	if (t->version == 3 || (type == MSG_SCCRQ && t->is_dual))
		cc_hail3(t, &m, caps);
	if (type == MSG_SCCRQ && t->params->tie_breaker) {
		m.have[AVP_TIE_BREAKER] = 1;
		m.tie_breaker = auth_tie_breaker(t);
	}
	cc_respond(t, &m, to, response);
	tunnel_send(t, 0, &m);
}

static void
cc_hail(const struct tunnel *t, struct msg *m)
{
	const struct l2tp_params *p = t->params;

	m->have[AVP_HOST_NAME] = 1;
	m->host_name = text_bytes(p->host_name);
	m->have[AVP_VENDOR_NAME] = p->vendor_name != NULL;
	m->vendor_name = text_bytes(p->vendor_name);
	m->have[AVP_RECEIVE_WINDOW] = 1;
	m->window = p->window_size;
}

static void
cc_hail2(struct tunnel *t, struct msg *m, uint8_t challenge[DIGEST_LEN])
{
	const struct l2tp_params *p = t->params;

	m->have[AVP_PROTOCOL_VERSION] = 1;
	m->proto_ver = CC_PROTO_VERSION;
	m->have[AVP_FRAMING_CAPS] = 1;
	m->framing_caps = p->framing_caps;
	m->have[AVP_BEARER_CAPS] = p->bearer_caps != 0;
	m->bearer_caps = p->bearer_caps;
	m->have[AVP_FIRMWARE] = p->firmware != 0;
	m->firmware = p->firmware;
	m->have[AVP_ASSIGNED_TUNNEL_ID] = 1;
	m->assigned_tid = t->local_tid;
	if (p->challenge) {
		auth_challenge(t, challenge);
		m->have[AVP_CHALLENGE] = 1;
		m->challenge.p = challenge;
		m->challenge.len = DIGEST_LEN;
	}
}

/* RFC 3931 6.1: there has to be a Router ID. */
static void
cc_hail3(const struct tunnel *t, struct msg *m, uint8_t caps[PW_CAPS_LEN])
{
	const struct l2tp_params *p = t->params;
	struct wr w;
	uint8_t i;

	m->have[AVP_ASSIGNED_CCID] = 1;
	m->assigned_ccid = t->local_tid;
	m->have[AVP_ROUTER_ID] = 1;
	m->router_id = p->router_id != 0 ? p->router_id : t->e->router_id;
	wr_init(&w, caps, PW_CAPS_LEN);
	for (i = 0; i < p->n_pw_types; i++)
		wr_u16(&w, p->pw_types[i]);
	m->have[AVP_PW_CAPS] = 1;
	m->pw_caps.p = caps;
	m->pw_caps.len = w.len;
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

	m.have[t->version == 3 ? AVP_ASSIGNED_CCID : AVP_ASSIGNED_TUNNEL_ID] =
	    1;
	m.assigned_tid = m.assigned_ccid = t->local_tid;
	cause_to_msg(cause, &m);
	tunnel_send(t, 0, &m);
}

/* 4.4.3: answers the challenge of the message that m answers, if any. */
static void
cc_respond(const struct tunnel *t, struct msg *m, const struct msg *to,
    uint8_t response[DIGEST_LEN])
{
	if (t->version == 3 || to == NULL || !to->have[AVP_CHALLENGE])
		return;
	auth_respond(t, m->type, to->challenge, response);
	m->have[AVP_CHALLENGE_RESPONSE] = 1;
	m->challenge_response.p = response;
	m->challenge_response.len = DIGEST_LEN;
}
