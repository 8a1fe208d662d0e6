/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The requests of the caller about calls.  Here it is seen to that they make
 * sense; what comes of them is the table's to say.
 */
#include "call.h"
#include "call_pw.h"
#include "cc.h"
#include "details.h"
#include "proxy.h"

#define VALUES_MAX	1000	/* so that all has room in a message */
#define WEN_INTERVAL_MS	60000	/* RFC 2661 section 6.13 */

static int	 params_valid(const struct tunnel *,
		    const struct l2tp_call_params *);
static int	 params_to_msg(const struct l2tp_call_params *, struct msg *);
static void	 params_order(const struct l2tp_call_params *, struct msg *);
static void	 params_link(const struct l2tp_call_params *, struct msg *);
static void	 params_pw(const struct l2tp_call_params *, struct msg *);
static void	 params_pw_link(const struct l2tp_call_params *, struct msg *);
static void	 call_throw(struct call *);
static int	 values_fit(const struct msg *);
static void	 call_notify(struct call *, const struct msg *, uint64_t);
static struct call *call_for(struct l2tp *, uint32_t, uint32_t, enum call_ev);

int
l2tp_call_open(struct l2tp *e, uint32_t tid, const struct l2tp_call_params *p,
    void *user, uint64_t now, uint32_t *sid)
{
	struct stimulus s = { .now = now };
	struct tunnel *t = tunnel_find(e, tid);
	struct msg m = { .serial = e->serial };
	enum l2tp_err err;
	struct call *c;

	e->now = now;
	if (t == NULL || (t->state != CC_WAIT_CTL_REPLY &&
	    t->state != CC_WAIT_CTL_CONN && t->state != CC_ESTABLISHED))
		return (-1);
	if (!params_valid(t, p) || params_to_msg(p, &m) == -1)
		return (-1);
	if (t->state == CC_ESTABLISHED && !call_is_possible(t, &m, p->outgoing))
		return (-1);
	if ((c = call_new(t, &m, p->outgoing != 0, now, &err)) == NULL)
		return (-1);
	e->serial++;
	c->initiator = 1;
	c->user = user;
	if (p->pw_type != 0)
		pw_choose(c, p);
	if (p->session_tie)
		call_throw(c);
	call_event(c, p->outgoing ? CALL_EV_OPEN_OUT : CALL_EV_OPEN, &s);
	if (t->state == CC_ESTABLISHED)
		call_tunnel_open(c, now);
	tunnel_update(t, now);
	*sid = c->local_sid;
	return (0);
}

int
l2tp_call_offer(struct l2tp *e, uint32_t tid, uint32_t sid,
    const struct l2tp_call_params *p, uint64_t now)
{
	struct call *c = call_for(e, tid, sid, CALL_EV_ACCEPT);
	struct msg m;

	e->now = now;
	if (c == NULL || c->initiator || c->tunnel->version != 3)
		return (-1);
	details_get(c->details, &m);
	if (p->pw_type != m.pw_type || !pw_params_valid(c->tunnel, p))
		return (-1);
	/* Whoever sends an OCRQ says no more of the sublayer. */
	if (c->outgoing && p->l2spec > c->theirs.l2spec)
		return (-1);
	pw_choose(c, p);
	return (0);
}

int
l2tp_call_accept(struct l2tp *e, uint32_t tid, uint32_t sid, void *user,
    uint64_t now)
{
	struct stimulus s = { .now = now };
	struct call *c = call_for(e, tid, sid, CALL_EV_ACCEPT);

	e->now = now;
	if (c == NULL || !pw_is_safe(c))
		return (-1);
	c->user = user;
	call_event(c, CALL_EV_ACCEPT, &s);
	tunnel_update(c->tunnel, now);
	return (0);
}

int
l2tp_call_close(struct l2tp *e, uint32_t tid, uint32_t sid, uint16_t result,
    uint16_t error, const char *text, uint64_t now)
{
	struct stimulus s = { .now = now };
	struct call *c = call_for(e, tid, sid, CALL_EV_CLOSE);

	e->now = now;
	if (c == NULL)
		return (-1);
	cause_local(&s.cause, result, error, text, "closed");
	call_event(c, CALL_EV_CLOSE, &s);
	tunnel_update(c->tunnel, now);
	return (0);
}

int
l2tp_call_connect(struct l2tp *e, uint32_t tid, uint32_t sid,
    const struct l2tp_call_params *p, uint64_t now)
{
	struct stimulus s = { .now = now };
	struct call *c = call_for(e, tid, sid, CALL_EV_CONNECT);
	struct msg m = { .type = MSG_OCCN };

	e->now = now;
	if (c == NULL)
		return (-1);
	params_link(p, &m);
	if (c->tunnel->version == 3)
		params_pw_link(p, &m);
	if (details_add(&c->details, &m) == -1)
		return (-1);
	c->ours.circuit_down = p->circuit_down != 0;
	call_event(c, CALL_EV_CONNECT, &s);
	tunnel_update(c->tunnel, now);
	return (0);
}

int
l2tp_call_send_errors(struct l2tp *e, uint32_t tid, uint32_t sid,
    const struct l2tp_call_errors *errors, uint64_t now)
{
	struct call *c = call_for(e, tid, sid, CALL_EV_NOTIFY);
	struct msg m = { .type = MSG_WEN, .call_errors = { errors->crc,
	    errors->framing, errors->hardware_overruns,
	    errors->buffer_overruns, errors->timeouts, errors->alignment } };

	if (c == NULL || now < c->next_wen ||
	    (c->tunnel->version == 2 && !call_is_lac(c)))
		return (-1);
	c->next_wen = now + WEN_INTERVAL_MS;
	m.have[AVP_CALL_ERRORS] = 1;
	call_notify(c, &m, now);
	return (0);
}

int
l2tp_call_send_accm(struct l2tp *e, uint32_t tid, uint32_t sid,
    uint32_t accm_send, uint32_t accm_receive, uint64_t now)
{
	struct call *c = call_for(e, tid, sid, CALL_EV_NOTIFY);
	struct msg m = { .type = MSG_SLI, .accm_send = accm_send,
	    .accm_receive = accm_receive };

	if (c == NULL || c->tunnel->version == 3 || call_is_lac(c))
		return (-1);
	m.have[AVP_ACCM] = 1;
	call_notify(c, &m, now);
	return (0);
}

int
l2tp_call_send_circuit(struct l2tp *e, uint32_t tid, uint32_t sid, int active,
    uint64_t now)
{
	struct call *c = call_for(e, tid, sid, CALL_EV_NOTIFY);
	struct msg m = { .type = MSG_SLI };

	if (c == NULL || c->tunnel->version != 3)
		return (-1);
	c->ours.circuit_down = !active;
	pw_circuit(c, &m, 0);
	call_notify(c, &m, now);
	return (0);
}

static void
call_notify(struct call *c, const struct msg *m, uint64_t now)
{
	struct stimulus s = { .now = now, .msg = m };

	c->tunnel->e->now = now;
	call_event(c, CALL_EV_NOTIFY, &s);
	tunnel_update(c->tunnel, now);
}

/* Of a pseudowire, in case that the tunnel is, or will be, one of L2TPv3. */
static int
params_valid(const struct tunnel *t, const struct l2tp_call_params *p)
{
	return (p->pw_type == 0 || (p->remote_end_id.len > 0 &&
	    pw_type_ours(t, p->pw_type) && pw_params_valid(t, p)));
}

static int
params_to_msg(const struct l2tp_call_params *p, struct msg *m)
{
	m->have[AVP_CALL_SERIAL] = 1;
	m->have[AVP_BEARER_TYPE] = 1;
	m->bearer_type = p->bearer_type;
	m->have[AVP_PHYSICAL_CHANNEL] = p->physical_channel != 0;
	m->physical_channel = p->physical_channel;
	msg_set_bytes(m, AVP_CALLED_NUMBER, text_bytes(p->called));
	msg_set_bytes(m, AVP_CALLING_NUMBER, text_bytes(p->calling));
	msg_set_bytes(m, AVP_SUB_ADDRESS, text_bytes(p->sub_address));
	msg_set_bytes(m, AVP_PRIVATE_GROUP, octets_bytes(p->private_group));
	if (p->outgoing)
		params_order(p, m);
	else
		params_link(p, m);
	if (p->pw_type != 0)
		params_pw(p, m);
	if (p->proxy != NULL && proxy_to_msg(p->proxy, m) == -1)
		return (-1);
	return (values_fit(m) ? 0 : -1);
}

/* What an OCRQ must have (6.9), the number even if there is none. */
static void
params_order(const struct l2tp_call_params *p, struct msg *m)
{
	m->have[AVP_MINIMUM_BPS] = 1;
	m->min_bps = p->min_bps;
	m->have[AVP_MAXIMUM_BPS] = 1;
	m->max_bps = p->max_bps;
	m->have[AVP_FRAMING_TYPE] = 1;
	m->framing_type = p->framing_type;
	m->have[AVP_CALLED_NUMBER] = 1;
}

/* What ICCN and OCCN tell of the link. */
static void
params_link(const struct l2tp_call_params *p, struct msg *m)
{
	m->have[AVP_FRAMING_TYPE] = 1;
	m->framing_type = p->framing_type;
	m->have[AVP_TX_SPEED] = 1;
	m->tx_speed = p->tx_speed;
	m->have[AVP_RX_SPEED] = p->rx_speed != 0;
	m->rx_speed = p->rx_speed;
	m->have[AVP_SEQUENCING_REQUIRED] = p->sequencing != 0;
}

/* What an ICRQ or OCRQ of L2TPv3 has besides (RFC 3931 6.6, 6.9). */
static void
params_pw(const struct l2tp_call_params *p, struct msg *m)
{
	m->have[AVP_PW_TYPE] = 1;
	m->pw_type = p->pw_type;
	msg_set_bytes(m, AVP_REMOTE_END_ID, octets_bytes(p->remote_end_id));
	params_pw_link(p, m);
}

static void
params_pw_link(const struct l2tp_call_params *p, struct msg *m)
{
	m->have[AVP_TX_SPEED64] = p->tx_speed != 0;
	m->tx_speed64 = p->tx_speed;
	m->have[AVP_RX_SPEED64] = p->tx_speed != 0;
	m->rx_speed64 = p->rx_speed != 0 ? p->rx_speed : p->tx_speed;
}

static void
call_throw(struct call *c)
{
	const struct l2tp_config *config = &c->tunnel->e->config;

	config->random(config->random_arg, &c->tie, sizeof(c->tie));
	c->has_tie = 1;
}

static int
values_fit(const struct msg *m)
{
	const struct bytes *b;
	const void *field;
	size_t sum = 0;
	int id;

	for (id = 0; id < AVP_NIDS; id++) {
		if (!m->have[id] || avp_table[id].kind != AVPK_BYTES)
			continue;
		field = (const uint8_t *)m + avp_table[id].offset;
		b = field;
		if (b->len > L2TP_MAX_VALUE)
			return (0);
		sum += b->len;
	}
	return (sum <= VALUES_MAX);
}

static struct call *
call_for(struct l2tp *e, uint32_t tid, uint32_t sid, enum call_ev ev)
{
	struct tunnel *t = tunnel_find(e, tid);
	struct call *c = t == NULL ? NULL : call_find(t, sid);

	return (c == NULL || !call_allows(c, ev) ? NULL : c);
}
