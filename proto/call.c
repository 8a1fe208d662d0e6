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
#include "call_pw.h"
#include "call_tie.h"
#include "cc.h"
#include "details.h"

static struct call	*call_addressed(const struct tunnel *, uint32_t,
			    const struct msg *);
static int		 call_is_taken(const struct tunnel *,
			    const struct call *, const struct msg *);
static struct call	*call_request(const struct call *, const struct msg *,
			    uint64_t, enum l2tp_err *);
static enum l2tp_err	 call_check(const struct call *, const struct msg *);
static enum l2tp_err	 call_check_request(const struct call *,
			    const struct msg *);
static enum l2tp_err	 call_judge(struct call *, enum call_ev,
			    const struct msg *);
static int		 call_heeds(const struct call *, enum call_ev,
			    const struct msg *);
static void		 call_arm(struct call *, uint64_t);
static void		 call_send(struct call *, enum msg_type);
static void		 call_tell(const struct call *, uint32_t,
			    struct msg *);
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

	/* RFC 3931 5.4.4: an AVP has what was in the header of L2TPv2. */
	if (t->version == 3)
		sid = m->remote_sid;
	/* 5.0: no call before the control connection is established. */
	if (t->state != CC_ESTABLISHED) {
		event_dropped(t, m->type, ERR_FSM);
		return (ERR_FSM);
	}
	c = call_addressed(t, sid, m);
	if (err == ERR_NONE && call_is_taken(t, c, m))
		err = ERR_SESSION_ID;
	if (c == NULL && err == ERR_NONE && (sid == 0 || t->version == 2) &&
	    (m->type == MSG_ICRQ || m->type == MSG_OCRQ))
		c = call_request(&idle, m, now, &err);
	if (c == NULL)
		(c = &idle)->peer_sid = m->assigned_sid;
	else if (m->assigned_sid != 0 && err != ERR_SESSION_ID)
		call_learn_sid(c, m->assigned_sid);
	if (err == ERR_NONE)
		err = call_judge(c, row->good, m);
	ev = err == ERR_NONE ? row->good : row->bad;
	if (err != ERR_NONE) {
		cause_err_call(&s.cause, c, err, m);
		event_dropped(t, m->type, err);
	}
	call_event(c, ev, &s);
	return (err);
}

/*
 * A peer that was not told our id has its own in the AVP: in a CDN (4.4.4),
 * and in L2TPv3 in anything but a request (RFC 3931 5.4.4).
 */
static struct call *
call_addressed(const struct tunnel *t, uint32_t sid, const struct msg *m)
{
	if (sid != 0)
		return (call_find(t, sid));
	if (m->assigned_sid == 0 || (m->type != MSG_CDN &&
	    (t->version == 2 || m->type == MSG_ICRQ || m->type == MSG_OCRQ)))
		return (NULL);
	return (call_find_peer(t, m->assigned_sid));
}

/* RFC 3931 5.4.4: an id is that of one session of the peer. */
static int
call_is_taken(const struct tunnel *t, const struct call *c,
    const struct msg *m)
{
	return (t->version == 3 && m->assigned_sid != 0 &&
	    (c == NULL || c->peer_sid == 0) &&
	    call_find_peer(t, m->assigned_sid) != NULL);
}

/* A new call, or NULL and why it cannot be. */
static struct call *
call_request(const struct call *idle, const struct msg *m, uint64_t now,
    enum l2tp_err *err)
{
	struct tunnel *t = idle->tunnel;

	*err = call_check(idle, m);
	if (*err == ERR_NONE && t->version == 3)
		*err = tie_break(t, m, now);
	if (*err != ERR_NONE)
		return (NULL);
	return (call_new(t, m, m->type == MSG_OCRQ, now, err));
}

/* What makes a well-formed message acceptable or not, in any state. */
static enum l2tp_err
call_check(const struct call *c, const struct msg *m)
{
	const struct l2tp_params *p = c->tunnel->params;

	if (m->type == MSG_ICRQ || m->type == MSG_OCRQ)
		return (call_check_request(c, m));
	/* 4.4.3: no framing that was not among our capabilities. */
	if ((m->type == MSG_ICCN || m->type == MSG_OCCN) &&
	    (m->framing_type & ~p->framing_caps) != 0)
		return (ERR_AVP_VALUE);
	return (pw_check(c, m));
}

static enum l2tp_err
call_check_request(const struct call *c, const struct msg *m)
{
	const struct tunnel *t = c->tunnel;
	const struct l2tp_params *p = t->params;

	/* RFC 3931 5.4.4: nor of pseudowires that we have not listed. */
	if (t->version == 3)
		return (pw_type_ours(t, m->pw_type) ? pw_check(c, m) :
		    ERR_PW_TYPE);
	if (m->type == MSG_ICRQ)
		return (ERR_NONE);
	/* 6.9: a LAC that places calls has told of its bearers. */
	if (p->bearer_caps == 0)
		return (ERR_FACILITY);
	if (!call_can_place(m, p->framing_caps, p->bearer_caps))
		return (ERR_AVP_VALUE);
	return (ERR_NONE);
}

/* The same for this call; what it says is remembered. */
static enum l2tp_err
call_judge(struct call *c, enum call_ev ev, const struct msg *m)
{
	enum l2tp_err err;

	if (c->local_sid == 0)
		return (ERR_NO_CALL);
	if (call_table[c->state][ev].action == call_act_unexpected)
		return (ERR_FSM);
	/* A request was checked before there was a call for it. */
	if (c->state != CALL_IDLE && (err = call_check(c, m)) != ERR_NONE)
		return (err);
	if (!call_heeds(c, ev, m))
		return (ERR_NONE);
	pw_learn(c, m);
	return (details_add(&c->details, m) == -1 ? ERR_NOMEM : ERR_NONE);
}

/*
 * 6.13, 6.14: a notice too early or the wrong way says nothing.  In L2TPv3
 * either side has a circuit.
 */
static int
call_heeds(const struct call *c, enum call_ev ev, const struct msg *m)
{
	const struct call_trans *row = &call_table[c->state][ev];

	if (row->action == call_act_ignore)
		return (0);
	if (c->tunnel->version == 3)
		return (1);
	return (row->action != call_act_status &&
	    m->type != (call_is_lac(c) ? MSG_WEN : MSG_SLI));
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

int
call_is_possible(const struct tunnel *t, const struct msg *m, int outgoing)
{
	if (t->version == 3)
		return (pw_type_theirs(t, m->pw_type));
	/* L2TPv2 has no pseudowires but those of PPP. */
	if (m->have[AVP_PW_TYPE] && m->pw_type != L2TP_PW_PPP)
		return (0);
	return (!outgoing ||
	    call_can_place(m, t->framing_caps, t->bearer_caps));
}

/* 4.4.4, 6.9, RFC 3931 5.4.4: nothing else is asked for. */
void
call_tunnel_open(struct call *c, uint64_t now)
{
	int v3 = c->tunnel->version == 3;
	struct stimulus s = { .now = now };
	struct msg m;

	details_get(c->details, &m);
	if (call_is_possible(c->tunnel, &m, c->outgoing)) {
		call_event(c, CALL_EV_TUNNEL_OPEN, &s);
		return;
	}
	cause_local(&s.cause, v3 ? L2TP_CDN_PW_TYPE : L2TP_CDN_PERMANENT,
	    L2TP_ERROR_NONE, NULL, v3 ? "the peer has no such pseudowires" :
	    "the peer does not place such calls");
	call_event(c, CALL_EV_CLOSE, &s);
}

void
call_timeout(struct call *c, uint64_t now)
{
	struct stimulus s = { .now = now };

	heap_set(&c->tunnel->e->heap, &c->timer, L2TP_NEVER);
	cause_timeout(&s.cause, c->tunnel->version == 3 ? L2TP_CDN_FSM :
	    L2TP_CDN_TIMEOUT, "setup timeout");
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
	if (c->tunnel->version == 3)
		tie_enter(c);
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
	struct msg m = *s->msg;

	call_tell(c, c->local_sid, &m);
}

/* 6.13: only a LAC has a line whose errors could be of interest. */
void
call_act_errors(struct call *c, const struct stimulus *s)
{
	(void)s;
	if (c->tunnel->version == 3 || !call_is_lac(c))
		event_notice(c, L2TP_EV_CALL_ERRORS);
}

/* 6.14: and characters on it to be escaped. */
void
call_act_link(struct call *c, const struct stimulus *s)
{
	if (c->tunnel->version == 3)
		call_act_status(c, s);
	else if (call_is_lac(c))
		event_notice(c, L2TP_EV_CALL_ACCM);
}

/* RFC 3931 5.4.5: a circuit may come and go before the call is up. */
void
call_act_status(struct call *c, const struct stimulus *s)
{
	(void)s;
	if (c->is_changed)
		event_call_circuit(c);
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
	cause_err_call(&cause, c, ERR_FSM, NULL);
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
	cause_err_call(&cause, c, ERR_FSM, NULL);
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

/*
 * 7.4.1: a LAC stays silent.  7.4.2: an LNS, which never asks, does not.  In
 * L2TPv3 both ask (RFC 3931 7.3.2), and nobody shall wait in vain.
 */
void
call_act_stray_icrp(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err_call(&cause, c, ERR_NO_CALL, NULL);
	if (c->tunnel->version == 3 || !c->tunnel->initiator)
		call_send_cdn(c, &cause);
}

/* 7.5.1 and 7.5.2: the other way round. */
void
call_act_stray_ocrp(struct call *c, const struct stimulus *s)
{
	struct l2tp_cause cause;

	(void)s;
	cause_err_call(&cause, c, ERR_NO_CALL, NULL);
	if (c->tunnel->version == 3 || c->tunnel->initiator)
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
	if (c->tunnel->version == 3)
		pw_to_msg(c, &m);
	call_tell(c, c->local_sid, &m);
}

/*
 * 4.4.4: with the id that we first told.  What is refused before it was a
 * call has none; the AVP then says one that is no call's.
 */
static void
call_send_cdn(struct call *c, const struct l2tp_cause *cause)
{
	uint32_t sid = c->local_sid != 0 ? c->local_sid :
	    sid_unused(c->tunnel);
	struct msg m = { .type = MSG_CDN };

	if (sid == 0)
		return;
	cause_to_msg(cause, &m);
	call_tell(c, sid, &m);
}

/* Which of the ids an AVP has is for the version to say. */
static void
call_tell(const struct call *c, uint32_t local_sid, struct msg *m)
{
	m->have[AVP_ASSIGNED_SESSION_ID] = 1;
	m->have[AVP_LOCAL_SESSION_ID] = 1;
	m->have[AVP_REMOTE_SESSION_ID] = 1;
	m->assigned_sid = local_sid;
	m->remote_sid = c->peer_sid;
	tunnel_send(c->tunnel, c->peer_sid, m);
}

static void
call_down(struct call *c, const struct l2tp_cause *cause)
{
	c->ended = ended_new(cause);
	event_call(c, L2TP_EV_CALL_DOWN);
	call_unlink(c);
}
