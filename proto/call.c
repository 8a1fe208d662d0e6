/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Calls: how a message of the peer is judged, so that the table sees an
 * event, and the actions of the table, which queue output, record events, and
 * never send or free.  The table is in call_table.c.
 */
#include <assert.h>

#include "call.h"
#include "call_act.h"
#include "cc.h"
#include "details.h"

static struct call	*call_addressed(const struct tunnel *, uint32_t,
			    const struct msg *);
static enum l2tp_err	 call_check(const struct tunnel *,
			    const struct msg *);
static enum l2tp_err	 call_judge(struct call *, enum call_ev,
			    const struct msg *);
static void		 call_arm(struct call *, uint64_t);
static void		 call_send(struct call *, enum msg_type);
static void		 call_send_cdn(struct call *,
			    const struct l2tp_cause *);
static void		 call_down(struct call *, const struct l2tp_cause *);

/* Which event a message is, judged good and bad. */
static const struct call_msg {
	uint8_t	good, bad;
} call_msgs[MSG_NTYPES] = {
	[MSG_ICRQ] = { CALL_EV_ICRQ, CALL_EV_ICRQ_BAD },
	[MSG_ICRP] = { CALL_EV_ICRP, CALL_EV_ICRP_BAD },
	[MSG_ICCN] = { CALL_EV_ICCN, CALL_EV_ICCN_BAD },
	[MSG_OCRQ] = { CALL_EV_OCRQ, CALL_EV_OCRQ_BAD },
	[MSG_OCRP] = { CALL_EV_OCRP, CALL_EV_OCRP_BAD },
	[MSG_OCCN] = { CALL_EV_OCCN, CALL_EV_OCCN_BAD },
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
call_input(struct tunnel *t, uint32_t sid, const struct msg *m,
    enum l2tp_err err, uint64_t now)
{
	const struct call_msg *row = &call_msgs[m->type];
	struct stimulus s = { .now = now, .msg = m };
	struct call idle = { .tunnel = t }, *c;
	enum call_ev ev;

	/* 5.0: no call before the control connection is established. */
	if (t->state != CC_ESTABLISHED) {
		event_dropped(t, m->type, ERR_FSM);
		return (ERR_FSM);
	}
	c = call_addressed(t, sid, m);
	if (c == NULL && err == ERR_NONE &&
	    (m->type == MSG_ICRQ || m->type == MSG_OCRQ) &&
	    (err = call_check(t, m)) == ERR_NONE)
		c = call_new(t, m, m->type == MSG_OCRQ, now, &err);
	if (c == NULL)
		(c = &idle)->peer_sid = m->assigned_sid;
	else if (m->have[AVP_ASSIGNED_SESSION_ID])
		call_learn_sid(c, m->assigned_sid);
	if (err == ERR_NONE)
		err = call_judge(c, row->good, m);
	ev = err == ERR_NONE ? row->good : row->bad;
	if (err != ERR_NONE) {
		cause_err(&s.cause, err, MSG_SESSION, m);
		event_dropped(t, m->type, err);
	}
	call_event(c, ev, &s);
	return (err);
}

/* 4.4.4: a CDN of a peer that was not told our id has its own in the AVP. */
static struct call *
call_addressed(const struct tunnel *t, uint32_t sid, const struct msg *m)
{
	if (sid != 0)
		return (call_find(t, sid));
	if (m->type == MSG_CDN && m->assigned_sid != 0)
		return (call_find_peer(t, m->assigned_sid));
	return (NULL);
}

/* What makes a well-formed message acceptable or not, whatever the call. */
static enum l2tp_err
call_check(const struct tunnel *t, const struct msg *m)
{
	const struct l2tp_params *p = t->params;

	/* 4.4.3: no framing that was not among our capabilities. */
	if ((m->type == MSG_ICCN || m->type == MSG_OCCN) &&
	    (m->framing_type & ~p->framing_caps) != 0)
		return (ERR_AVP_VALUE);
	/* 6.9: a LAC that places calls has told of its bearers. */
	if (m->type == MSG_OCRQ && p->bearer_caps == 0)
		return (ERR_FACILITY);
	if (m->type == MSG_OCRQ &&
	    !call_can_place(m, p->framing_caps, p->bearer_caps))
		return (ERR_AVP_VALUE);
	return (ERR_NONE);
}

/* The same for this call; what it says is remembered. */
static enum l2tp_err
call_judge(struct call *c, enum call_ev ev, const struct msg *m)
{
	const struct call_trans *row = &call_table[c->state][ev];
	enum l2tp_err err;

	if (c->local_sid == 0)
		return (ERR_NO_CALL);
	if (row->action == call_act_unexpected)
		return (ERR_FSM);
	if ((err = call_check(c->tunnel, m)) != ERR_NONE)
		return (err);
	/* 6.13, 6.14: a notice too early or the wrong way says nothing. */
	if (row->action == call_act_ignore ||
	    m->type == (call_is_lac(c) ? MSG_WEN : MSG_SLI))
		return (ERR_NONE);
	return (details_add(&c->details, m) == -1 ? ERR_NOMEM : ERR_NONE);
}

int
call_can_place(const struct msg *m, uint32_t framing_caps,
    uint32_t bearer_caps)
{
	return (bearer_caps != 0 && (m->bearer_type & ~bearer_caps) == 0 &&
	    (m->framing_type & ~framing_caps) == 0);
}

int
call_is_lac(const struct call *c)
{
	return (c->initiator != c->outgoing);
}

/* 4.4.4, 6.9: only what the LAC is capable of is asked for. */
void
call_tunnel_open(struct call *c, uint64_t now)
{
	struct stimulus s = { .now = now };
	struct tunnel *t = c->tunnel;
	struct msg m;

	details_get(c->details, &m);
	if (!c->outgoing ||
	    call_can_place(&m, t->framing_caps, t->bearer_caps)) {
		call_event(c, CALL_EV_TUNNEL_OPEN, &s);
		return;
	}
	cause_local(&s.cause, L2TP_CDN_PERMANENT, L2TP_ERROR_NONE, NULL,
	    "the peer does not place such calls");
	call_event(c, CALL_EV_CLOSE, &s);
}

void
call_timeout(struct call *c, uint64_t now)
{
	struct stimulus s = { .now = now };

	heap_set(&c->tunnel->e->heap, &c->timer, L2TP_NEVER);
	cause_timeout(&s.cause, L2TP_CDN_TIMEOUT, "setup timeout");
	call_event(c, CALL_EV_EXPIRED, &s);
}

/* Nothing is sent, but the time for what comes next begins. */
void
call_act_wait(struct call *c, const struct stimulus *s)
{
	call_arm(c, s->now);
}

void
call_act_request(struct call *c, const struct stimulus *s)
{
	call_send(c, c->outgoing ? MSG_OCRQ : MSG_ICRQ);
	call_arm(c, s->now);
}

void
call_act_offer(struct call *c, const struct stimulus *s)
{
	call_arm(c, s->now);
	event_call(c, L2TP_EV_CALL_IN);
}

void
call_act_reply(struct call *c, const struct stimulus *s)
{
	call_send(c, c->outgoing ? MSG_OCRP : MSG_ICRP);
	call_arm(c, s->now);
}

void
call_act_replied(struct call *c, const struct stimulus *s)
{
	call_arm(c, s->now);
	event_call(c, L2TP_EV_CALL_REPLY);
}

void
call_act_connect(struct call *c, const struct stimulus *s)
{
	call_send(c, c->outgoing ? MSG_OCCN : MSG_ICCN);
	call_act_up(c, s);
}

void
call_act_up(struct call *c, const struct stimulus *s)
{
	(void)s;
	heap_set(&c->tunnel->e->heap, &c->timer, L2TP_NEVER);
	event_call(c, L2TP_EV_CALL_UP);
}

void
call_act_notify(struct call *c, const struct stimulus *s)
{
	tunnel_send(c->tunnel, c->peer_sid, s->msg);
}

/* 6.13: only a LAC has a line whose errors could be of interest. */
void
call_act_errors(struct call *c, const struct stimulus *s)
{
	(void)s;
	if (!call_is_lac(c))
		event_notice(c, L2TP_EV_CALL_ERRORS);
}

/* 6.14: and characters on it to be escaped. */
void
call_act_accm(struct call *c, const struct stimulus *s)
{
	(void)s;
	if (call_is_lac(c))
		event_notice(c, L2TP_EV_CALL_ACCM);
}

void
call_act_clear(struct call *c, const struct stimulus *s)
{
	call_send_cdn(c, &s->cause);
	call_down(c, &s->cause);
}

void
call_act_unexpected(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err(&cause, ERR_FSM, MSG_SESSION, NULL);
	call_send_cdn(c, &cause);
	call_down(c, &cause);
}

/* The peer knows nothing of this call, or the tunnel's end says it all. */
void
call_act_drop(struct call *c, const struct stimulus *s)
{
	call_down(c, &s->cause);
}

/* 7.4.1: an ICCN in answer to an ICRQ gets no CDN. */
void
call_act_lost(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err(&cause, ERR_FSM, MSG_SESSION, NULL);
	call_down(c, &cause);
}

void
call_act_cleared(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	cause_peer(&cause, s->msg);
	call_down(c, &cause);
}

void
call_act_refuse(struct call *c, const struct stimulus *s)
{
	call_send_cdn(c, &s->cause);
}

/* 7.4.1: a LAC stays silent.  7.4.2: an LNS, which never asks, does not. */
void
call_act_stray_icrp(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err(&cause, ERR_NO_CALL, MSG_SESSION, NULL);
	if (!c->tunnel->initiator)
		call_send_cdn(c, &cause);
}

/* 7.5.1 and 7.5.2: the other way round. */
void
call_act_stray_ocrp(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err(&cause, ERR_NO_CALL, MSG_SESSION, NULL);
	if (c->tunnel->initiator)
		call_send_cdn(c, &cause);
}

void
call_act_ignore(struct call *c, const struct stimulus *s)
{
	(void)c;
	(void)s;
}

/* Cannot happen: call_allows() and the life of a call see to it. */
void
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
 * With all that the message may have and the caller or the peer has told,
 * but 4.4.3: with no framing that the peer is not capable of.
 */
static void
call_send(struct call *c, enum msg_type type)
{
	struct msg m;

	details_get(c->details, &m);
	m.type = (uint16_t)type;
	m.framing_type &= c->tunnel->framing_caps;
	m.have[AVP_ASSIGNED_SESSION_ID] = 1;
	m.assigned_sid = c->local_sid;
	tunnel_send(c->tunnel, c->peer_sid, &m);
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
	    sid_unused(c->tunnel);
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
