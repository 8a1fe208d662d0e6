/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The requests of the caller about calls.  Here it is seen to that they make
 * sense; what comes of them is the table's to say.
 */
#include "call.h"
#include "cc.h"
#include "details.h"
#include "proxy.h"

#define VALUES_MAX	1000	/* so that all has room in a message */
#define WEN_INTERVAL_MS	60000	/* RFC 2661 section 6.13 */

static int	 params_to_msg(const struct l2tp_call_params *, struct msg *);
static void	 params_order(const struct l2tp_call_params *, struct msg *);
static void	 params_link(const struct l2tp_call_params *, struct msg *);
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
	if (params_to_msg(p, &m) == -1)
		return (-1);
	if (p->outgoing && t->state == CC_ESTABLISHED &&
	    !call_can_place(&m, t->framing_caps, t->bearer_caps))
		return (-1);
	if ((c = call_new(t, &m, p->outgoing != 0, now, &err)) == NULL)
		return (-1);
	e->serial++;
	c->initiator = 1;
	c->user = user;
	call_event(c, p->outgoing ? CALL_EV_OPEN_OUT : CALL_EV_OPEN, &s);
	if (t->state == CC_ESTABLISHED)
		call_tunnel_open(c, now);
	tunnel_update(t, now);
	*sid = c->local_sid;
	return (0);
}

int
l2tp_call_accept(struct l2tp *e, uint32_t tid, uint32_t sid, void *user,
    uint64_t now)
{
	struct stimulus s = { .now = now };
	struct call *c = call_for(e, tid, sid, CALL_EV_ACCEPT);

	e->now = now;
	if (c == NULL)
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
	params_link(p, &m);
	if (c == NULL || details_add(&c->details, &m) == -1)
		return (-1);
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

	if (c == NULL || !call_is_lac(c) || now < c->next_wen)
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

	if (c == NULL || call_is_lac(c))
		return (-1);
	m.have[AVP_ACCM] = 1;
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
