/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * For tests of proto: one complete message of each type, with a different
 * value in every field, and whether two messages say the same.
 */
#ifndef REGRESS_SAMPLE_H
#define REGRESS_SAMPLE_H

#include <string.h>

#include "msg.h"

static inline struct bytes
sample_text(const char *s)
{
	struct bytes b;

	b.p = (const uint8_t *)s;
	b.len = strlen(s);
	return (b);
}

static inline void
sample_line(struct msg *m)
{
	struct l2tp_line *l = &m->line;

	m->agent_circuit_id = sample_text("dslam7 atm 1/2/03:8.35");
	m->agent_remote_id = sample_text("customer 4711");
	l->actual_rate_up = 1024000;
	l->actual_rate_down = 16384000;
	l->minimum_rate_up = 64000;
	l->minimum_rate_down = 128000;
	l->attainable_rate_up = 1200000;
	l->attainable_rate_down = 18000000;
	l->maximum_rate_up = 2048000;
	l->maximum_rate_down = 0x123456789a;
	l->low_power_rate_up = 32000;
	l->low_power_rate_down = 48000;
	l->maximum_delay_up = 20;
	l->actual_delay_up = 8;
	l->maximum_delay_down = 21;
	l->actual_delay_down = 9;
	l->data_link = 1;
	l->encaps1 = 2;
	l->encaps2 = 3;
	l->type = 5;
	l->iwf_session = 1;
}

/* Those of L2TPv3. */
static inline void
sample_values3(struct msg *m)
{
	m->extended = sample_text("4444tt, and a value");
	m->message_digest = sample_text("\001and twenty octets...");
	m->router_id = 0xc0000201;
	m->assigned_ccid = 0x89abcdef;
	m->pw_caps = sample_text("\001\005\001\007");
	m->remote_sid = 0x9abcdef0;
	m->cookie = sample_text("cookie 8");
	m->remote_end_id = sample_text("circuit 17");
	m->pw_type = L2TP_PW_ETH;
	m->l2_sublayer = 1;
	m->data_sequencing = 2;
	m->circuit_status = MSG_CIRCUIT_ACTIVE | MSG_CIRCUIT_NEW;
	m->language = sample_text("en");
	m->nonce = sample_text("a nonce, with 16");
	m->tx_speed64 = 0x0102030405060708;
	m->rx_speed64 = 10000000000;
}

/* Every field has a value; have[] is empty. */
static inline void
sample_values(struct msg *m)
{
	size_t i;

	memset(m, 0, sizeof(*m));
	m->result = 2;
	m->has_error = 1;
	m->error = 6;
	m->error_text = sample_text("no such luck");
	m->proto_ver = 1;
	m->framing_caps = 3;
	m->bearer_caps = 1;
	m->tie_breaker = 0x8102030405060708;
	m->firmware = 0x0690;
	m->host_name = sample_text("lac.example.net");
	m->vendor_name = sample_text("septum");
	m->assigned_tid = 0x1234;
	m->assigned_sid = 0x5678;
	m->window = 8;
	m->challenge = sample_text("who goes there?");
	m->challenge_response = sample_text("0123456789abcdef");
	m->q931_cause = 16;
	m->q931_msg = 0x45;
	m->q931_text = sample_text("hung up");
	m->serial = 0x01020304;
	m->min_bps = 9600;
	m->max_bps = 115200;
	m->bearer_type = 2;
	m->framing_type = 1;
	m->called = sample_text("5551000");
	m->calling = sample_text("5552000");
	m->sub_address = sample_text("17");
	m->tx_speed = 56000;
	m->rx_speed = 33600;
	m->physical_channel = 0xdeadbeef;
	m->initial_lcp = sample_text("\001\004\005\334");
	m->last_sent_lcp = sample_text("\003\005\302\043\005");
	m->last_received_lcp = sample_text("\005\006abcd");
	m->proxy_type = 2;
	m->proxy_name = sample_text("alice");
	m->proxy_challenge = sample_text("proxy challenge");
	m->proxy_response = sample_text("proxy response 1");
	m->proxy_id = 0x7f;
	for (i = 0; i < MSG_NERRORS; i++)
		m->call_errors[i] = 0x11111111 * (uint32_t)(i + 1);
	m->accm_send = 0x000a0000;
	m->accm_receive = 0xffffffff;
	m->random_vector = sample_text("sixteen octets!!");
	m->private_group = sample_text("customers");
	sample_line(m);
	sample_values3(m);
}

static inline void
sample_set(struct msg *m, const uint8_t *ids)
{
	for (; *ids != AVP_NIDS; ids++)
		m->have[*ids] = 1;
}

/* A message with all that it must and, if wanted, all that it may have. */
static inline void
sample_msg(struct msg *m, uint8_t version, uint16_t type, int all)
{
	sample_values(m);
	m->version = version;
	m->type = type;
	m->m = 1;
	m->have[AVP_MESSAGE_TYPE] = 1;
	sample_set(m, msg_table[version][type].must);
	if (all)
		sample_set(m, msg_table[version][type].may);
}

static inline int
same_bytes(const struct bytes *a, const struct bytes *b)
{
	return (a->len == b->len &&
	    (a->len == 0 || memcmp(a->p, b->p, a->len) == 0));
}

static inline int
same_value(const struct msg *a, const struct msg *b, const struct avp_row *row)
{
	const uint8_t *p = (const uint8_t *)a + row->offset;
	const uint8_t *q = (const uint8_t *)b + row->offset;

	switch ((enum avp_kind)row->kind) {
	case AVPK_EMPTY:
	case AVPK_PROXY_ID:
		return (*p == *q);
	case AVPK_ID16:
		return (memcmp(p, q, sizeof(uint32_t)) == 0);
	case AVPK_U16:
	case AVPK_PROXY_TYPE:
	case AVPK_LEVEL:
	case AVPK_U32:
	case AVPK_U64:
		return (memcmp(p, q, row->min) == 0);
	case AVPK_BYTES:
	case AVPK_PW_LIST:
	case AVPK_COOKIE:
		return (same_bytes((const void *)p, (const void *)q));
	case AVPK_RESULT:
		return (a->result == b->result &&
		    a->has_error == b->has_error &&
		    (!a->has_error || (a->error == b->error &&
		    same_bytes(&a->error_text, &b->error_text))));
	case AVPK_VERSION:
		return (a->proto_ver == b->proto_ver &&
		    a->proto_rev == b->proto_rev);
	case AVPK_Q931:
		return (a->q931_cause == b->q931_cause &&
		    a->q931_msg == b->q931_msg &&
		    same_bytes(&a->q931_text, &b->q931_text));
	case AVPK_CALL_ERRORS:
		return (memcmp(a->call_errors, b->call_errors,
		    sizeof(a->call_errors)) == 0);
	case AVPK_ACCM:
		return (a->accm_send == b->accm_send &&
		    a->accm_receive == b->accm_receive);
	case AVPK_ENCAPSULATION:
		return (a->line.data_link == b->line.data_link &&
		    a->line.encaps1 == b->line.encaps1 &&
		    a->line.encaps2 == b->line.encaps2);
	case AVPK_NKINDS:
		break;
	}
	return (0);
}

/* 1 if both are of one type, have the same AVPs and the same values. */
static inline int
same_msg(const struct msg *a, const struct msg *b)
{
	size_t id;

	if (a->type != b->type ||
	    memcmp(a->have, b->have, sizeof(a->have)) != 0)
		return (0);
	for (id = 0; id < AVP_NIDS; id++)
		if (a->have[id] && !same_value(a, b, &avp_table[id]))
			return (0);
	return (1);
}

#endif
