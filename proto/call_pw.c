/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Pseudowires (see call_pw.h).  Each side says what it demands of the packets
 * that it receives; the latest that it has said is in force.
 *
 * A sublayer that one side wants both get, as long as the side that did not
 * ask for it has a message left to say so.  Data Sequencing Level 1, numbers
 * on what is not IP, takes an eye for what is; whoever has none numbers all
 * (5.4.4), so that to us it is level 2.
 */
#include <string.h>

#include "call_pw.h"

static int		cookie_is_safe(const struct tunnel *, uint8_t);
static enum l2tp_err	pw_read(const struct call *, const struct msg *,
			    struct pw_side *);
static int		pw_is_final(const struct call *, const struct msg *);

int
pw_params_valid(const struct tunnel *t, const struct l2tp_call_params *p)
{
	if (p->cookie_len > L2TP_MAX_COOKIE || p->cookie_len % 4 != 0 ||
	    p->l2spec > 1)
		return (0);
	if (!cookie_is_safe(t, p->cookie_len))
		return (0);
	return (p->data_sequencing == 0 ||
	    (p->data_sequencing == 2 && p->l2spec != 0));
}

int
pw_type_ours(const struct tunnel *t, uint16_t type)
{
	const struct l2tp_params *p = t->params;
	uint8_t i;

	for (i = 0; i < p->n_pw_types && i < L2TP_MAX_PW_TYPES; i++)
		if (p->pw_types[i] == type)
			return (1);
	return (0);
}

int
pw_type_theirs(const struct tunnel *t, uint16_t type)
{
	return (type > 0 && type < 16 && (t->pw_caps >> type & 1) != 0);
}

void
pw_choose(struct call *c, const struct l2tp_call_params *p)
{
	const struct l2tp_config *config = &c->tunnel->e->config;
	struct pw_side *s = &c->ours;

	s->cookie_len = p->cookie_len;
	s->l2spec = p->l2spec | c->theirs.l2spec;
	s->sequencing = p->data_sequencing;
	s->circuit_down = p->circuit_down != 0;
	config->random(config->random_arg, s->cookie, s->cookie_len);
}

int
pw_is_safe(const struct call *c)
{
	return (cookie_is_safe(c->tunnel, c->ours.cookie_len));
}

/* Over IP there is no port that a stranger would have to guess, too. */
static int
cookie_is_safe(const struct tunnel *t, uint8_t len)
{
	return (t->path.peer.encap != L2TP_ENCAP_IP || len == L2TP_MAX_COOKIE);
}

enum l2tp_err
pw_check(const struct call *c, const struct msg *m)
{
	struct pw_side s;
	enum l2tp_err err;

	/* What was meant for L2TPv3 asks nothing of a call of L2TPv2. */
	if (c->tunnel->version != 3)
		return (ERR_NONE);
	if ((err = pw_read(c, m, &s)) != ERR_NONE)
		return (err);
	/* 5.4.4, "Data Sequencing" */
	if (s.sequencing != 0 && s.l2spec == 0)
		return (ERR_NO_SUBLAYER);
	if (pw_is_final(c, m) && s.l2spec != c->ours.l2spec)
		return (ERR_SUBLAYER);
	return (ERR_NONE);
}

void
pw_learn(struct call *c, const struct msg *m)
{
	uint8_t was_down = c->theirs.circuit_down;

	pw_read(c, m, &c->theirs);
	c->ours.l2spec |= c->theirs.l2spec;
	c->is_changed = c->theirs.circuit_down != was_down;
}

/* The peer's side as it is after this message. */
static enum l2tp_err
pw_read(const struct call *c, const struct msg *m, struct pw_side *s)
{
	*s = c->theirs;
	if (m->have[AVP_ASSIGNED_COOKIE]) {
		s->cookie_len = (uint8_t)m->cookie.len;
		if (m->cookie.len > 0)
			memcpy(s->cookie, m->cookie.p, m->cookie.len);
	}
	if (m->have[AVP_L2_SUBLAYER]) {
		if (m->l2_sublayer > 1)
			return (ERR_SUBLAYER);
		s->l2spec = (uint8_t)m->l2_sublayer;
	}
	if (m->have[AVP_DATA_SEQUENCING])
		s->sequencing = (uint8_t)m->data_sequencing;
	/* 5.4.5: all other bits, of RFC 5641 or none, are ignored. */
	if (m->have[AVP_CIRCUIT_STATUS])
		s->circuit_down =
		    (m->circuit_status & MSG_CIRCUIT_ACTIVE) == 0;
	return (ERR_NONE);
}

/*
 * Whether one side has nothing more to say of the sublayer.  After an ICRP
 * it is we who can still ask for what the peer wants, in the ICCN.
 */
static int
pw_is_final(const struct call *c, const struct msg *m)
{
	if (m->type == MSG_ICRP)
		return (c->ours.l2spec != 0);
	return (m->type == MSG_ICCN || m->type == MSG_OCRP ||
	    m->type == MSG_OCCN);
}

void
pw_to_msg(const struct call *c, struct msg *m)
{
	const struct pw_side *s = &c->ours;

	m->have[AVP_ASSIGNED_COOKIE] = s->cookie_len != 0;
	m->cookie.p = s->cookie;
	m->cookie.len = s->cookie_len;
	m->have[AVP_L2_SUBLAYER] = m->l2_sublayer = s->l2spec;
	m->have[AVP_DATA_SEQUENCING] = s->sequencing != 0;
	m->data_sequencing = s->sequencing;
	m->have[AVP_TIE_BREAKER] = c->has_tie;
	m->tie_breaker = c->tie;
	pw_circuit(c, m, 1);
	/* These are of whoever has the circuit: the details have them. */
	if (m->type == MSG_ICRP || m->type == MSG_OCRP ||
	    m->type == MSG_ICCN)
		m->have[AVP_TX_SPEED64] = m->have[AVP_RX_SPEED64] =
		    m->have[AVP_PHYSICAL_CHANNEL] = 0;
}

void
pw_circuit(const struct call *c, struct msg *m, int is_new)
{
	m->have[AVP_CIRCUIT_STATUS] = 1;
	m->circuit_status = (c->ours.circuit_down ? 0 : MSG_CIRCUIT_ACTIVE) |
	    (is_new ? MSG_CIRCUIT_NEW : 0);
}

void
pw_info(const struct call *c, struct l2tp_call_info *i)
{
	const struct pw_side *ours = &c->ours, *theirs = &c->theirs;

	i->circuit_active = !theirs->circuit_down;
	if (c->tunnel->version != 3)
		return;
	i->l2spec = ours->l2spec;
	i->send_seq = theirs->sequencing != 0;
	i->recv_seq = ours->sequencing != 0;
	i->peer_cookie_len = theirs->cookie_len;
	i->local_cookie_len = ours->cookie_len;
	memcpy(i->peer_cookie, theirs->cookie, theirs->cookie_len);
	memcpy(i->local_cookie, ours->cookie, ours->cookie_len);
}
