/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the caller is told of a call: the details as named fields.  Texts and
 * octets are lent as they are; nobody has looked at what is in them.
 */
#include <string.h>

#include "call.h"
#include "call_pw.h"
#include "details.h"
#include "proxy.h"

#define ACCM_DEFAULT	0xffffffff	/* RFC 2661 section 4.4.6 */

static const char	*info_text(struct bytes);
static void		 info_numbers(const struct msg *,
			    struct l2tp_call_info *);
static void		 info_texts(const struct msg *,
			    struct l2tp_call_info *);
static void		 info_errors(const struct msg *,
			    struct l2tp_call_errors *);
static void		 info_pw(const struct msg *, struct l2tp_call_info *);
static uint32_t		 info_speed(uint64_t);

void
call_info(const struct call *c, struct l2tp_call_info *i)
{
	struct msg m;

	memset(i, 0, sizeof(*i));
	i->local_sid = c->local_sid;
	i->peer_sid = c->peer_sid;
	i->state = call_state_name(c->state);
	i->initiator = c->initiator;
	i->outgoing = c->outgoing;
	details_get(c->details, &m);
	info_numbers(&m, i);
	info_texts(&m, i);
	info_errors(&m, &i->errors);
	info_pw(&m, i);
	pw_info(c, i);
	proxy_from_msg(&m, &i->proxy);
}

int
l2tp_call_get(struct l2tp *e, uint32_t local_tid, uint32_t local_sid,
    struct l2tp_call_info *info)
{
	struct tunnel *t = tunnel_find(e, local_tid);
	struct call *c;

	if (t == NULL || (c = call_find(t, local_sid)) == NULL)
		return (-1);
	call_info(c, info);
	return (0);
}

static void
info_numbers(const struct msg *m, struct l2tp_call_info *i)
{
	i->sequencing = m->have[AVP_SEQUENCING_REQUIRED];
	i->serial = m->serial;
	i->framing_type = m->framing_type;
	i->bearer_type = m->bearer_type;
	i->tx_speed = m->tx_speed;
	/* 4.4.4: without Rx Connect Speed the link is symmetric. */
	i->rx_speed = m->have[AVP_RX_SPEED] ? m->rx_speed : m->tx_speed;
	i->min_bps = m->min_bps;
	i->max_bps = m->max_bps;
	i->physical_channel = m->physical_channel;
	i->accm_send = i->accm_receive = ACCM_DEFAULT;
	if (m->have[AVP_ACCM]) {
		i->accm_send = m->accm_send;
		i->accm_receive = m->accm_receive;
	}
	i->line = m->line;
}

static void
info_texts(const struct msg *m, struct l2tp_call_info *i)
{
	i->called = info_text(m->called);
	i->calling = info_text(m->calling);
	i->sub_address = info_text(m->sub_address);
	i->private_group = octets_of(m->private_group);
	i->line.agent_circuit_id = info_text(m->agent_circuit_id);
	i->line.agent_remote_id = info_text(m->agent_remote_id);
}

/* In the order of RFC 2661 section 4.4.6. */
static void
info_errors(const struct msg *m, struct l2tp_call_errors *errors)
{
	errors->crc = m->call_errors[0];
	errors->framing = m->call_errors[1];
	errors->hardware_overruns = m->call_errors[2];
	errors->buffer_overruns = m->call_errors[3];
	errors->timeouts = m->call_errors[4];
	errors->alignment = m->call_errors[5];
}

static void
info_pw(const struct msg *m, struct l2tp_call_info *i)
{
	i->pw_type = m->pw_type;
	i->remote_end_id = octets_of(m->remote_end_id);
	if (m->have[AVP_TX_SPEED64])
		i->tx_speed = i->rx_speed = info_speed(m->tx_speed64);
	if (m->have[AVP_RX_SPEED64])
		i->rx_speed = info_speed(m->rx_speed64);
}

/* In 32 bits: what is more than they hold is as much as they hold. */
static uint32_t
info_speed(uint64_t bps)
{
	return (bps < UINT32_MAX ? (uint32_t)bps : UINT32_MAX);
}

/* Of the details, where every value has a NUL behind it. */
static const char *
info_text(struct bytes b)
{
	return (b.p == NULL ? "" : (const char *)b.p);
}
