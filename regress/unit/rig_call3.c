/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The calls of rig_call3.h.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "rig_call3.h"

static const struct l2tp_octets port1 = { (const uint8_t *)"port 1", 6 };

struct l2tp_call_params
rig_pw(void)
{
	struct l2tp_call_params p = { .pw_type = L2TP_PW_ETH,
	    .remote_end_id = port1, .cookie_len = 8 };

	return (p);
}

int
rig_say3(struct rig *r, uint16_t type, uint32_t sid)
{
	struct msg m = rig_msg3(type, RIG_PEER_SID);

	return (rig_send(r, r->tid, sid, &m));
}

static void
agree(struct rig *r, uint16_t type, uint32_t sid,
    const struct l2tp_call_params *p)
{
	struct msg m = rig_msg3(type, RIG_PEER_SID);

	m.pw_type = p->pw_type;
	m.have[AVP_L2_SUBLAYER] = m.l2_sublayer = p->l2spec;
	ck_assert_int_eq(rig_send(r, r->tid, sid, &m), ERR_NONE);
}

static uint32_t
sender(struct rig *r, unsigned int state, const struct l2tp_call_params *p)
{
	uint32_t sid;

	ck_assert_int_eq(l2tp_call_open(r->e, r->tid, p, r, r->now, &sid), 0);
	rig_expect(r, p->outgoing ? MSG_OCRQ : MSG_ICRQ);
	rig_zlb(r);
	if (state == CALL_WAIT_REPLY || state == CALL_OUT_WAIT_REPLY)
		return (sid);
	agree(r, p->outgoing ? MSG_OCRP : MSG_ICRP, sid, p);
	rig_expect_event(r, L2TP_EV_CALL_REPLY);
	if (state != CALL_ESTABLISHED)
		return (sid);
	if (p->outgoing) {
		agree(r, MSG_OCCN, sid, p);
	} else {
		ck_assert_int_eq(l2tp_call_accept(r->e, r->tid, sid, r,
		    r->now), 0);
		rig_expect(r, MSG_ICCN);
		rig_zlb(r);
	}
	rig_expect_event(r, L2TP_EV_CALL_UP);
	return (sid);
}

static uint32_t
recipient(struct rig *r, unsigned int state, const struct l2tp_call_params *p)
{
	uint32_t sid;

	agree(r, p->outgoing ? MSG_OCRQ : MSG_ICRQ, 0, p);
	rig_expect_event(r, L2TP_EV_CALL_IN);
	sid = r->ev.local_sid;
	if (state == CALL_WAIT_ACCEPT || state == CALL_OUT_WAIT_ACCEPT)
		return (sid);
	ck_assert_int_eq(l2tp_call_offer(r->e, r->tid, sid, p, r->now), 0);
	ck_assert_int_eq(l2tp_call_accept(r->e, r->tid, sid, r, r->now), 0);
	rig_expect(r, p->outgoing ? MSG_OCRP : MSG_ICRP);
	rig_zlb(r);
	if (state != CALL_ESTABLISHED)
		return (sid);
	if (p->outgoing) {
		ck_assert_int_eq(l2tp_call_connect(r->e, r->tid, sid, p,
		    r->now), 0);
		rig_expect(r, MSG_OCCN);
		rig_zlb(r);
	} else {
		agree(r, MSG_ICCN, sid, p);
	}
	rig_expect_event(r, L2TP_EV_CALL_UP);
	return (sid);
}

uint32_t
rig_call3(struct rig *r, enum rig_role role, unsigned int state,
    const struct l2tp_call_params *params)
{
	struct l2tp_call_params p = params != NULL ? *params : rig_pw();
	int sends = role == ICRQ_SENDER || role == OCRQ_SENDER;
	uint32_t sid;

	p.outgoing = role == OCRQ_SENDER || role == OCRQ_RECIPIENT;
	sid = sends ? sender(r, state, &p) : recipient(r, state, &p);
	ck_assert_str_eq(rig_call_state(r, sid), call_state_name(state));
	return (sid);
}

void
rig_refused3(struct rig *r, struct msg *m, int err, uint16_t result,
    uint16_t error)
{
	ck_assert_int_eq(rig_send(r, r->tid, 0, m), err);
	rig_expect(r, MSG_CDN);
	ck_assert_uint_eq(r->m.remote_sid, m->assigned_sid);
	ck_assert_uint_ne(r->m.assigned_sid, 0);
	ck_assert_uint_eq(r->m.result, result);
	ck_assert_uint_eq(r->m.error, error);
	rig_zlb(r);
}

struct l2tp_call_info
rig_info(struct rig *r, uint32_t sid)
{
	struct l2tp_call_info i;

	ck_assert_int_eq(l2tp_call_get(r->e, r->tid, sid, &i), 0);
	return (i);
}
