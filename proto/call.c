/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Incoming calls as a table, the LAC's side (RFC 2661 7.4.1) and the LNS's
 * (7.4.2).  The RFC's idle state is the absence of a call: messages to
 * unknown sessions meet the table with a call that exists for that long.
 *
 * Outgoing calls (7.5) are refused for want of facilities.
 */
#include <assert.h>
#include <string.h>

#include "call.h"
#include "cc.h"

static void	call_act_open(struct call *, const struct stimulus *);
static void	call_act_request(struct call *, const struct stimulus *);
static void	call_act_offer(struct call *, const struct stimulus *);
static void	call_act_reply(struct call *, const struct stimulus *);
static void	call_act_replied(struct call *, const struct stimulus *);
static void	call_act_connect(struct call *, const struct stimulus *);
static void	call_act_data(struct call *, const struct stimulus *);
static void	call_act_clear(struct call *, const struct stimulus *);
static void	call_act_unexpected(struct call *, const struct stimulus *);
static void	call_act_drop(struct call *, const struct stimulus *);
static void	call_act_lost(struct call *, const struct stimulus *);
static void	call_act_cleared(struct call *, const struct stimulus *);
static void	call_act_refuse(struct call *, const struct stimulus *);
static void	call_act_facility(struct call *, const struct stimulus *);
static void	call_act_stray_icrp(struct call *, const struct stimulus *);
static void	call_act_stray_ocrp(struct call *, const struct stimulus *);
static void	call_act_ignore(struct call *, const struct stimulus *);
static void	call_act_bug(struct call *, const struct stimulus *);

static struct call	*call_addressed(const struct tunnel *, uint16_t,
			    const struct msg *);
static enum l2tp_err	 call_check(const struct call *, const struct msg *);
static void		 call_arm(struct call *, uint64_t);
static void		 call_send_cdn(struct call *,
			    const struct l2tp_cause *);
static void		 call_down(struct call *, const struct l2tp_cause *);

/*
 * RFC 2661 7.4.1, the LAC:
 *
 *   State           Event              Action            New State
 *   idle            Bearer Ring or     Initiate local    wait-tunnel
 *                   Ready to indicate  tunnel open
 *                   incoming conn.
 *   idle            Receive ICCN,      Clean up          idle
 *                   ICRP, CDN
 *   wait-tunnel     Bearer line drop   Clean up          idle
 *                   or local close
 *                   request
 *   wait-tunnel     tunnel-open        Send ICRQ         wait-reply
 *   wait-reply      Receive ICRP,      Send ICCN         established
 *                   acceptable
 *   wait-reply      Receive ICRP,      Send CDN,         idle
 *                   Not acceptable     Clean up
 *   wait-reply      Receive ICRQ       Send CDN          idle
 *                                      Clean up
 *   wait-reply      Receive CDN        Clean up          idle
 *                   ICCN
 *   wait-reply      Local close or     Send CDN,         idle
 *                   Bearer line drop   Clean up
 *   established     Receive CDN        Clean up          idle
 *   established     Receive ICRQ,      Send CDN,         idle
 *                   ICRP, ICCN         Clean up
 *   established     Bearer line drop   Send CDN,         idle
 *                   or local close     Clean up
 *
 * RFC 2661 7.4.2, the LNS:
 *
 *   idle            Receive ICRQ,      Send ICRP         wait-connect
 *                   acceptable
 *   idle            Receive ICRQ,      Send CDN,         idle
 *                   not acceptable     Clean up
 *   idle            Receive ICRP       Send CDN          idle
 *                                      Clean up
 *   idle            Receive ICCN       Clean up          idle
 *   wait-connect    Receive ICCN       Prepare for       established
 *                   acceptable         data
 *   wait-connect    Receive ICCN       Send CDN,         idle
 *                   not acceptable     Clean up
 *   wait-connect    Receive ICRQ,      Send CDN          idle
 *                   ICRP               Clean up
 *   idle,           Receive CDN        Clean up          idle
 *   wait-connect,
 *   established
 *   wait-connect    Local              Send CDN,         idle
 *   established     Close request      Clean up
 *   established     Receive ICRQ,      Send CDN          idle
 *                   ICRP, ICCN         Clean up
 *
 * The end of a call is closed here.  wait-data is the RFC's established,
 * but the ICCN waits for the caller's data plane; wait-accept is the RFC's
 * idle, while the caller looks at an ICRQ.
 */
const struct call_trans call_table[CALL_NSTATES][CALL_NEVENTS] = {
	[CALL_IDLE] = {
		[CALL_EV_OPEN] =	{ call_act_open, CALL_WAIT_TUNNEL },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_CLOSE] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_ICRQ] =	{ call_act_offer, CALL_WAIT_ACCEPT },
		[CALL_EV_ICRQ_BAD] =	{ call_act_refuse, CALL_IDLE },
		[CALL_EV_ICRP] =	{ call_act_stray_icrp, CALL_IDLE },
		[CALL_EV_ICRP_BAD] =	{ call_act_stray_icrp, CALL_IDLE },
		[CALL_EV_ICCN] =	{ call_act_ignore, CALL_IDLE },
		[CALL_EV_ICCN_BAD] =	{ call_act_ignore, CALL_IDLE },
		[CALL_EV_OCRQ] =	{ call_act_facility, CALL_IDLE },
		[CALL_EV_OCRP] =	{ call_act_stray_ocrp, CALL_IDLE },
		[CALL_EV_OCCN] =	{ call_act_ignore, CALL_IDLE },
		[CALL_EV_CDN] =		{ call_act_ignore, CALL_IDLE },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_IDLE },
		[CALL_EV_SLI] =		{ call_act_ignore, CALL_IDLE },
		[CALL_EV_BAD] =		{ call_act_ignore, CALL_IDLE },
		[CALL_EV_EXPIRED] =	{ call_act_bug, CALL_IDLE },
	},
	[CALL_WAIT_TUNNEL] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_CLOSE] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_request, CALL_WAIT_REPLY },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICRQ_BAD] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICRP] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICRP_BAD] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICCN] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICCN_BAD] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OCRQ] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OCRP] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OCCN] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_CDN] =		{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_WEN] =		{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_SLI] =		{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_BAD] =		{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_EXPIRED] =	{ call_act_drop, CALL_CLOSED },
	},
	[CALL_WAIT_REPLY] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_REPLY },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_WAIT_REPLY },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_WAIT_REPLY },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_replied, CALL_WAIT_DATA },
		[CALL_EV_ICRP_BAD] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_lost, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_lost, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_WAIT_REPLY },
		[CALL_EV_SLI] =		{ call_act_ignore, CALL_WAIT_REPLY },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
	},
	[CALL_WAIT_DATA] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_DATA },
		[CALL_EV_ACCEPT] =	{ call_act_connect, CALL_ESTABLISHED },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_WAIT_DATA },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_WAIT_DATA },
		[CALL_EV_SLI] =		{ call_act_ignore, CALL_WAIT_DATA },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
	},
	[CALL_WAIT_ACCEPT] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_ACCEPT },
		[CALL_EV_ACCEPT] =	{ call_act_reply, CALL_WAIT_CONNECT },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_WAIT_ACCEPT },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_lost, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_lost, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_WAIT_ACCEPT },
		[CALL_EV_SLI] =		{ call_act_ignore, CALL_WAIT_ACCEPT },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
	},
	[CALL_WAIT_CONNECT] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_data, CALL_ESTABLISHED },
		[CALL_EV_ICCN_BAD] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_WAIT_CONNECT },
		[CALL_EV_SLI] =		{ call_act_ignore, CALL_WAIT_CONNECT },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
	},
	[CALL_ESTABLISHED] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_ESTABLISHED },
		[CALL_EV_SLI] =		{ call_act_ignore, CALL_ESTABLISHED },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_bug, CALL_ESTABLISHED },
	},
	[CALL_CLOSED] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_CLOSE] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_bug, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_bug, CALL_CLOSED },
		[CALL_EV_SLI] =		{ call_act_bug, CALL_CLOSED },
		[CALL_EV_BAD] =		{ call_act_bug, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_bug, CALL_CLOSED },
	},
};

/* Which event a message is, judged good and bad. */
static const struct call_msg {
	uint8_t	good, bad;
} call_msgs[MSG_NTYPES] = {
	[MSG_ICRQ] = { CALL_EV_ICRQ, CALL_EV_ICRQ_BAD },
	[MSG_ICRP] = { CALL_EV_ICRP, CALL_EV_ICRP_BAD },
	[MSG_ICCN] = { CALL_EV_ICCN, CALL_EV_ICCN_BAD },
	[MSG_OCRQ] = { CALL_EV_OCRQ, CALL_EV_OCRQ },
	[MSG_OCRP] = { CALL_EV_OCRP, CALL_EV_OCRP },
	[MSG_OCCN] = { CALL_EV_OCCN, CALL_EV_OCCN },
	[MSG_CDN] = { CALL_EV_CDN, CALL_EV_BAD },
	[MSG_WEN] = { CALL_EV_WEN, CALL_EV_BAD },
	[MSG_SLI] = { CALL_EV_SLI, CALL_EV_BAD }
};

int
call_allows(const struct call *c, enum call_ev ev)
{
	return (call_table[c->state][ev].action != call_act_bug);
}

void
call_event(struct call *c, enum call_ev ev, const struct stimulus *s)
{
	const struct call_trans *row = &call_table[c->state][ev];
	uint8_t from = c->state;

	c->state = (uint8_t)row->next;
	if (c->state != from)
		event_call_state(c, from, (uint8_t)ev);
	row->action(c, s);
}

enum l2tp_err
call_input(struct tunnel *t, uint16_t sid, const struct msg *m,
    enum l2tp_err err, uint64_t now)
{
	const struct call_msg *row = &call_msgs[m->type];
	struct stimulus s = { .now = now, .msg = m };
	struct call idle = { .tunnel = t }, *c;
	enum call_ev ev;

	/* 5.0: no call before the control connection is established. */
	if (t->state != CC_ESTABLISHED) {
		event_dropped(t, sid, m->type, ERR_FSM);
		return (ERR_FSM);
	}
	c = call_addressed(t, sid, m);
	if (c == NULL && m->type == MSG_ICRQ && err == ERR_NONE)
		c = call_new(t, m->called, m->calling, now, &err);
	if (c == NULL)
		(c = &idle)->peer_sid = m->assigned_sid;
	else if (m->have[AVP_ASSIGNED_SESSION_ID])
		call_learn_sid(c, m->assigned_sid);
	if (err == ERR_NONE)
		err = call_check(c, m);
	ev = err == ERR_NONE ? row->good : row->bad;
	if (err != ERR_NONE)
		cause_err(&s.cause, err, MSG_SESSION, m);
	else if (c->state != CALL_IDLE)
		err = call_table[c->state][ev].action == call_act_unexpected ?
		    ERR_FSM : ERR_NONE;
	else if (ev != CALL_EV_ICRQ)
		err = ERR_NO_CALL;
	if (err != ERR_NONE)
		event_dropped(t, sid, m->type, err);
	call_event(c, ev, &s);
	return (err);
}

/* 4.4.4: a CDN of a peer that was not told our id has its own in the AVP. */
static struct call *
call_addressed(const struct tunnel *t, uint16_t sid, const struct msg *m)
{
	if (sid != 0)
		return (call_find(t, sid));
	if (m->type == MSG_CDN && m->assigned_sid != 0)
		return (call_find_peer(t, m->assigned_sid));
	return (NULL);
}

/* All that makes a well-formed message acceptable or not. */
static enum l2tp_err
call_check(const struct call *c, const struct msg *m)
{
	/* 4.4.3: no framing that was not among our capabilities. */
	if (m->type == MSG_ICCN && (m->framing_type &
	    ~c->tunnel->params->framing_caps) != 0)
		return (ERR_AVP_VALUE);
	return (ERR_NONE);
}

void
call_timeout(struct call *c, uint64_t now)
{
	struct stimulus s = { .now = now };

	heap_set(&c->tunnel->e->heap, &c->timer, L2TP_NEVER);
	cause_timeout(&s.cause, L2TP_CDN_TIMEOUT, "setup timeout");
	call_event(c, CALL_EV_EXPIRED, &s);
}

static void
call_act_open(struct call *c, const struct stimulus *s)
{
	call_arm(c, s->now);
}

static void
call_act_request(struct call *c, const struct stimulus *s)
{
	struct msg m = { .type = MSG_ICRQ };

	m.have[AVP_ASSIGNED_SESSION_ID] = 1;
	m.assigned_sid = c->local_sid;
	m.have[AVP_CALL_SERIAL] = 1;
	m.serial = c->serial;
	m.have[AVP_BEARER_TYPE] = 1;
	m.bearer_type = c->bearer_type;
	m.called = text_bytes(c->numbers);
	m.have[AVP_CALLED_NUMBER] = m.called.len > 0;
	m.calling = text_bytes(c->numbers + c->calling_at);
	m.have[AVP_CALLING_NUMBER] = m.calling.len > 0;
	tunnel_send(c->tunnel, 0, &m);
	call_arm(c, s->now);
}

static void
call_act_offer(struct call *c, const struct stimulus *s)
{
	c->serial = s->msg->serial;
	c->bearer_type = s->msg->bearer_type;
	call_arm(c, s->now);
	event_call(c, L2TP_EV_CALL_IN);
}

static void
call_act_reply(struct call *c, const struct stimulus *s)
{
	struct msg m = { .type = MSG_ICRP };

	m.have[AVP_ASSIGNED_SESSION_ID] = 1;
	m.assigned_sid = c->local_sid;
	tunnel_send(c->tunnel, c->peer_sid, &m);
	call_arm(c, s->now);
}

static void
call_act_replied(struct call *c, const struct stimulus *s)
{
	call_arm(c, s->now);
	event_call(c, L2TP_EV_CALL_REPLY);
}

static void
call_act_connect(struct call *c, const struct stimulus *s)
{
	struct msg m = { .type = MSG_ICCN };

	(void)s;
	m.have[AVP_TX_SPEED] = 1;
	m.tx_speed = c->tx_speed;
	/* 4.4.3: no framing that the peer is not capable of. */
	m.have[AVP_FRAMING_TYPE] = 1;
	m.framing_type = c->framing_type & c->tunnel->framing_caps;
	m.have[AVP_RX_SPEED] = c->rx_speed != 0;
	m.rx_speed = c->rx_speed;
	m.have[AVP_SEQUENCING_REQUIRED] = c->sequencing;
	tunnel_send(c->tunnel, c->peer_sid, &m);
	heap_set(&c->tunnel->e->heap, &c->timer, L2TP_NEVER);
	event_call(c, L2TP_EV_CALL_UP);
}

static void
call_act_data(struct call *c, const struct stimulus *s)
{
	const struct msg *m = s->msg;

	c->framing_type = m->framing_type;
	c->tx_speed = m->tx_speed;
	/* 4.4.4: without Rx Connect Speed the link is symmetric. */
	c->rx_speed = m->have[AVP_RX_SPEED] ? m->rx_speed : m->tx_speed;
	c->sequencing = m->have[AVP_SEQUENCING_REQUIRED];
	heap_set(&c->tunnel->e->heap, &c->timer, L2TP_NEVER);
	event_call(c, L2TP_EV_CALL_UP);
}

static void
call_act_clear(struct call *c, const struct stimulus *s)
{
	call_send_cdn(c, &s->cause);
	call_down(c, &s->cause);
}

static void
call_act_unexpected(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err(&cause, ERR_FSM, MSG_SESSION, NULL);
	call_send_cdn(c, &cause);
	call_down(c, &cause);
}

/* The peer knows nothing of this call, or the tunnel's end says it all. */
static void
call_act_drop(struct call *c, const struct stimulus *s)
{
	call_down(c, &s->cause);
}

/* 7.4.1: an ICCN in answer to an ICRQ gets no CDN. */
static void
call_act_lost(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err(&cause, ERR_FSM, MSG_SESSION, NULL);
	call_down(c, &cause);
}

static void
call_act_cleared(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	cause_peer(&cause, s->msg);
	call_down(c, &cause);
}

static void
call_act_refuse(struct call *c, const struct stimulus *s)
{
	call_send_cdn(c, &s->cause);
}

static void
call_act_facility(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_local(&cause, L2TP_CDN_PERMANENT, L2TP_ERROR_NONE, NULL,
	    "no outgoing calls");
	call_send_cdn(c, &cause);
}

/* 7.4.1: a LAC stays silent.  7.4.2: an LNS, which never asks, does not. */
static void
call_act_stray_icrp(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err(&cause, ERR_NO_CALL, MSG_SESSION, NULL);
	if (!c->tunnel->initiator)
		call_send_cdn(c, &cause);
}

/* 7.5.1 and 7.5.2: the other way round. */
static void
call_act_stray_ocrp(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err(&cause, ERR_NO_CALL, MSG_SESSION, NULL);
	if (c->tunnel->initiator)
		call_send_cdn(c, &cause);
}

static void
call_act_ignore(struct call *c, const struct stimulus *s)
{
	(void)c;
	(void)s;
}

/* Cannot happen: call_allows() and the life of a call see to it. */
static void
call_act_bug(struct call *c, const struct stimulus *s)
{
	(void)c;
	(void)s;
	assert(0);
}

static void
call_arm(struct call *c, uint64_t now)
{
	heap_set(&c->tunnel->e->heap, &c->timer,
	    now + c->tunnel->params->setup_ms);
}

/*
 * 4.4.4: with the id that we first told.  What is refused before it was a
 * call has none; the AVP then says one that is no call's.
 */
static void
call_send_cdn(struct call *c, const struct l2tp_cause *cause)
{
	struct msg m = { .type = MSG_CDN };

	m.have[AVP_ASSIGNED_SESSION_ID] = 1;
	m.assigned_sid = c->local_sid != 0 ? c->local_sid :
	    sid_unused(c->tunnel->e);
	if (m.assigned_sid == 0)
		return;
	cause_to_msg(cause, &m);
	tunnel_send(c->tunnel, c->peer_sid, &m);
}

static void
call_down(struct call *c, const struct l2tp_cause *cause)
{
	c->ended = ended_new(cause);
	event_call(c, L2TP_EV_CALL_DOWN);
	call_unlink(c);
}
