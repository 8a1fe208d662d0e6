/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The control connection as a table (RFC 2661 7.2.1).  Messages are judged
 * by cc_check() before the table sees them; actions queue output and
 * record events, and never send or free.
 *
 * To the RFC's states are added: wait-accept, while the caller looks at a
 * SCCRQ; closing, in which the channel runs on for a full retransmission
 * cycle (5.7); and dead.
 */
#include <assert.h>
#include <stdlib.h>

#include "auth.h"
#include "call.h"
#include "cc.h"
#include "rival.h"

static void	cc_act_open(struct tunnel *, const struct stimulus *);
static void	cc_act_offer(struct tunnel *, const struct stimulus *);
static void	cc_act_accept(struct tunnel *, const struct stimulus *);
static void	cc_act_reject(struct tunnel *, const struct stimulus *);
static void	cc_act_forget(struct tunnel *, const struct stimulus *);
static void	cc_act_connect(struct tunnel *, const struct stimulus *);
static void	cc_act_up(struct tunnel *, const struct stimulus *);
static void	cc_act_refuse(struct tunnel *, const struct stimulus *);
static void	cc_act_unsolicited(struct tunnel *, const struct stimulus *);
static void	cc_act_stop(struct tunnel *, const struct stimulus *);
static void	cc_act_unexpected(struct tunnel *, const struct stimulus *);
static void	cc_act_stopped(struct tunnel *, const struct stimulus *);
static void	cc_act_vanish(struct tunnel *, const struct stimulus *);
static void	cc_act_gone(struct tunnel *, const struct stimulus *);
static void	cc_act_hello(struct tunnel *, const struct stimulus *);
static void	cc_act_ignore(struct tunnel *, const struct stimulus *);
static void	cc_act_bug(struct tunnel *, const struct stimulus *);

static enum l2tp_err cc_read_hail(struct tunnel *, struct msg *);
static void	cc_refused(struct tunnel *);
static void	cc_down(struct tunnel *, const struct l2tp_cause *, uint64_t);

/*
 * RFC 2661 7.2.1:
 *
 *   State           Event              Action               New State
 *   idle            Local              Send SCCRQ           wait-ctl-reply
 *                   Open request
 *   idle            Receive SCCRQ,     Send SCCRP           wait-ctl-conn
 *                   acceptable
 *   idle            Receive SCCRQ,     Send StopCCN,        idle
 *                   not acceptable     Clean up
 *   idle            Receive SCCRP      Send StopCCN         idle
 *                                      Clean up
 *   idle            Receive SCCCN      Clean up             idle
 *   wait-ctl-reply  Receive SCCRP,     Send SCCCN,          established
 *                   acceptable         Send tunnel-open
 *                                      event to waiting
 *                                      sessions
 *   wait-ctl-reply  Receive SCCRP,     Send StopCCN,        idle
 *                   not acceptable     Clean up
 *   wait-ctl-reply  Receive SCCRQ,     Clean up,            idle
 *                   lose tie-breaker   Re-queue SCCRQ
 *                                      for idle state
 *   wait-ctl-reply  Receive SCCCN      Send StopCCN         idle
 *                                      Clean up
 *   wait-ctl-conn   Receive SCCCN,     Send tunnel-open     established
 *                   acceptable         event to waiting
 *                                      sessions
 *   wait-ctl-conn   Receive SCCCN,     Send StopCCN,        idle
 *                   not acceptable     Clean up
 *   wait-ctl-conn   Receive SCCRP,     Send StopCCN,        idle
 *                   SCCRQ              Clean up
 *   established     Local              Send tunnel-open     established
 *                   Open request       event to waiting
 *                   (new call)         sessions
 *   established     Admin              Send StopCCN         idle
 *                   Tunnel Close       Clean up
 *   established     Receive SCCRQ,     Send StopCCN         idle
 *                   SCCRP, SCCCN       Clean up
 *   idle,           Receive StopCCN    Clean up             idle
 *   wait-ctl-reply,
 *   wait-ctl-conn,
 *   established
 *
 * "idle" after something was sent is closing here.  The open request for a
 * new call is CALL_EV_TUNNEL_OPEN, in call.c.  The SCCRQ that wins the tie
 * is that of another tunnel, and what it does to ours is CC_EV_SUPERSEDED:
 * see rival.c.
 */
const struct cc_trans cc_table[CC_NSTATES][CC_NEVENTS] = {
	[CC_IDLE] = {
		[CC_EV_OPEN] =		{ cc_act_open, CC_WAIT_CTL_REPLY },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_CLOSE] =		{ cc_act_bug, CC_IDLE },
		[CC_EV_SCCRQ] =		{ cc_act_offer, CC_WAIT_ACCEPT },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_refuse, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_unsolicited, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_unsolicited, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_ignore, CC_IDLE },
		[CC_EV_SCCCN_BAD] =	{ cc_act_ignore, CC_IDLE },
		[CC_EV_STOPCCN] =	{ cc_act_ignore, CC_IDLE },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_IDLE },
		[CC_EV_BAD] =		{ cc_act_ignore, CC_IDLE },
		[CC_EV_EXPIRED] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_PEER_DEAD] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_IDLE },
	},
	[CC_WAIT_ACCEPT] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_WAIT_ACCEPT },
		[CC_EV_ACCEPT] =	{ cc_act_accept, CC_WAIT_CTL_CONN },
		[CC_EV_REJECT] =	{ cc_act_reject, CC_CLOSING },
		[CC_EV_IGNORE] =	{ cc_act_forget, CC_DEAD },
		[CC_EV_CLOSE] =		{ cc_act_reject, CC_CLOSING },
		[CC_EV_SCCRQ] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_stopped, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_WAIT_ACCEPT },
		[CC_EV_BAD] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_EXPIRED] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_PEER_DEAD] =	{ cc_act_bug, CC_WAIT_ACCEPT },
		[CC_EV_DISPLACED] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_WAIT_ACCEPT },
	},
	[CC_WAIT_CTL_REPLY] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_CLOSE] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_SCCRQ] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_connect, CC_ESTABLISHED },
		[CC_EV_SCCRP_BAD] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_stopped, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_WAIT_CTL_REPLY },
		[CC_EV_BAD] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_EXPIRED] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_PEER_DEAD] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_SUPERSEDED] =	{ cc_act_vanish, CC_DEAD },
	},
	[CC_WAIT_CTL_CONN] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_CLOSE] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_SCCRQ] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_up, CC_ESTABLISHED },
		[CC_EV_SCCCN_BAD] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_stopped, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_WAIT_CTL_CONN },
		[CC_EV_BAD] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_EXPIRED] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_PEER_DEAD] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
	},
	[CC_ESTABLISHED] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_CLOSE] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_SCCRQ] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_stopped, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_ESTABLISHED },
		[CC_EV_BAD] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_EXPIRED] =	{ cc_act_hello, CC_ESTABLISHED },
		[CC_EV_PEER_DEAD] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_SUPERSEDED] =	{ cc_act_stop, CC_CLOSING },
	},
	[CC_CLOSING] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_CLOSING },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_CLOSING },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_CLOSING },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_CLOSING },
		[CC_EV_CLOSE] =		{ cc_act_bug, CC_CLOSING },
		[CC_EV_SCCRQ] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCCN_BAD] =	{ cc_act_ignore, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_ignore, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_BAD] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_EXPIRED] =	{ cc_act_gone, CC_DEAD },
		[CC_EV_PEER_DEAD] =	{ cc_act_gone, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_gone, CC_DEAD },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_CLOSING },
	},
	[CC_DEAD] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_CLOSE] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCRQ] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCRP] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCRP_BAD] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCCN] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCCN_BAD] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_STOPCCN] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_HELLO] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_BAD] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_EXPIRED] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_PEER_DEAD] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_DEAD },
	},
};

/* Which event a message is, judged good and bad. */
static const struct cc_msg {
	uint8_t	good, bad;
} cc_msgs[MSG_NTYPES] = {
	[MSG_SCCRQ] = { CC_EV_SCCRQ, CC_EV_SCCRQ_BAD },
	[MSG_SCCRP] = { CC_EV_SCCRP, CC_EV_SCCRP_BAD },
	[MSG_SCCCN] = { CC_EV_SCCCN, CC_EV_SCCCN_BAD },
	[MSG_STOPCCN] = { CC_EV_STOPCCN, CC_EV_BAD },
	[MSG_HELLO] = { CC_EV_HELLO, CC_EV_BAD }
};

int
cc_allows(const struct tunnel *t, enum cc_ev ev)
{
	return (cc_table[t->state][ev].action != cc_act_bug);
}

void
cc_event(struct tunnel *t, enum cc_ev ev, const struct stimulus *s)
{
	const struct cc_trans *row = &cc_table[t->state][ev];
	uint8_t from = t->state;

	t->state = (uint8_t)row->next;
	if (t->state != from)
		event_tunnel_state(t, from, (uint8_t)ev);
	row->action(t, s);
	if (from == CC_WAIT_ACCEPT && t->state != from)
		tunnel_drop_hail(t);
	if (t->state == CC_CLOSING && t->chan.queued > 0 &&
	    (from == CC_IDLE || from == CC_WAIT_ACCEPT))
		cc_refused(t);
}

/*
 * The source of a first message may be forged: there is one StopCCN for each
 * time that it comes, and no place that somebody better could have.
 */
static void
cc_refused(struct tunnel *t)
{
	tunnel_set_params(t, &refused_params);
	tunnel_yield(t);
}

enum l2tp_err
cc_input(struct tunnel *t, const struct msg *m, enum l2tp_err err,
    uint64_t now)
{
	const struct cc_msg *row = &cc_msgs[m->type];
	struct stimulus s = { .now = now, .msg = m };
	enum cc_ev ev;

	/* 4.4.3: the id is good for the answer even if nothing else is. */
	if (m->have[AVP_ASSIGNED_TUNNEL_ID])
		tunnel_learn_tid(t, m->assigned_tid);
	if (err == ERR_NONE)
		err = cc_check(t, m);
	ev = err == ERR_NONE ? row->good : row->bad;
	if (err != ERR_NONE)
		cause_err(&s.cause, err, MSG_TUNNEL, m);
	else if (cc_table[t->state][ev].action == cc_act_unexpected)
		err = ERR_FSM;
	if (err != ERR_NONE)
		event_dropped(t, m->type, err);
	cc_event(t, ev, &s);
	return (err);
}

/* RFC 2661 7.1: what cannot be understood clears the control connection. */
void
cc_bad(struct tunnel *t, const struct msg *m, enum l2tp_err err, uint64_t now)
{
	struct stimulus s = { .now = now, .msg = m };

	cause_err(&s.cause, err, MSG_TUNNEL, m);
	event_dropped(t, m->type, err);
	cc_event(t, CC_EV_BAD, &s);
}

void
cc_accept(struct tunnel *t, uint64_t now)
{
	struct stimulus s = { .now = now };
	enum l2tp_err err = ERR_NONE;
	struct hide h;
	struct msg m;
	struct rd r;

	auth_hide(t, &h);
	if (t->hail != NULL) {
		rd_init(&r, t->hail->body, t->hail->len);
		err = msg_decode_quirks(&r, t->version, &m, &h,
		    t->params->quirks);
		auth_learn(t, &h);
		if (err == ERR_NONE)
			err = cc_read_hail(t, &m);
		s.msg = &m;
	}
	if (err == ERR_NONE) {
		if (s.msg != NULL)
			rival_yield(t, s.msg, now);
		cc_event(t, CC_EV_ACCEPT, &s);
	} else {
		cause_err(&s.cause, err, MSG_TUNNEL, &m);
		event_dropped(t, MSG_SCCRQ, err);
		cc_event(t, CC_EV_REJECT, &s);
	}
	auth_wipe(t, &h);
}

/* What the SCCRQ says, now that all of it can be read. */
static enum l2tp_err
cc_read_hail(struct tunnel *t, struct msg *m)
{
	tunnel_learn_tid(t, m->assigned_tid);
	free(t->names);
	t->names = NULL;
	return (cc_check(t, m));
}

void
cc_timeout(struct tunnel *t, uint64_t now)
{
	struct stimulus s = { .now = now };

	if (chan_timeout(&t->chan, now) == -1) {
		cause_timeout(&s.cause, 0, cc_event_name(CC_EV_PEER_DEAD));
		cc_event(t, CC_EV_PEER_DEAD, &s);
	} else if (t->expires <= now) {
		cause_timeout(&s.cause, L2TP_STOP_CLEAR, "setup timeout");
		cc_event(t, CC_EV_EXPIRED, &s);
	}
}

/* 6.5: the quiet time before a HELLO begins again. */
void
cc_heard(struct tunnel *t, uint64_t now)
{
	if (t->state == CC_ESTABLISHED)
		t->expires = t->params->hello_ms == 0 ? L2TP_NEVER :
		    now + t->params->hello_ms;
}

static void
cc_act_open(struct tunnel *t, const struct stimulus *s)
{
	t->expires = s->now + t->params->setup_ms;
	rival_add(t);
	cc_send_hail(t, MSG_SCCRQ, NULL);
}

static void
cc_act_offer(struct tunnel *t, const struct stimulus *s)
{
	t->expires = s->now + t->params->setup_ms;
	event_tunnel(t, L2TP_EV_TUNNEL_IN);
}

static void
cc_act_accept(struct tunnel *t, const struct stimulus *s)
{
	t->expires = s->now + t->params->setup_ms;
	cc_send_hail(t, MSG_SCCRP, s->msg);
}

static void
cc_act_reject(struct tunnel *t, const struct stimulus *s)
{
	t->e->stats.refused++;
	cc_act_stop(t, s);
}

static void
cc_act_forget(struct tunnel *t, const struct stimulus *s)
{
	(void)s;
	t->muted = 1;
	chan_flush(&t->chan, &t->e->pool);
}

static void
cc_act_connect(struct tunnel *t, const struct stimulus *s)
{
	rival_remove(t);
	cc_send_scccn(t, s->msg);
	cc_act_up(t, s);
}

/* "Send tunnel-open event to waiting sessions." */
static void
cc_act_up(struct tunnel *t, const struct stimulus *s)
{
	struct call *c, *next;

	t->was_up = 1;
	cc_heard(t, s->now);
	tunnel_set_half_open(t, 0);
	if (!t->initiator && (t->params->quirks & L2TP_QUIRK_SINGLE_TUNNEL))
		rival_replace(t, s->now);
	event_tunnel(t, L2TP_EV_TUNNEL_UP);
	for (c = TAILQ_FIRST(&t->calls); c != NULL; c = next) {
		next = TAILQ_NEXT(c, link);
		call_tunnel_open(c, s->now);
	}
}

/* The caller never hears of what was wrong from the start. */
static void
cc_act_refuse(struct tunnel *t, const struct stimulus *s)
{
	t->muted = 1;
	cc_act_reject(t, s);
}

static void
cc_act_unsolicited(struct tunnel *t, const struct stimulus *s)
{
	t->muted = 1;
	cc_act_unexpected(t, s);
}

static void
cc_act_stop(struct tunnel *t, const struct stimulus *s)
{
	cc_send_stopccn(t, &s->cause);
	cc_down(t, &s->cause, s->now);
}

static void
cc_act_unexpected(struct tunnel *t, const struct stimulus *s)
{
	struct stimulus fsm = { .now = s->now, .msg = s->msg };

	cause_err(&fsm.cause, ERR_FSM, MSG_TUNNEL, NULL);
	cc_act_stop(t, &fsm);
}

/* 5.7: only the channel answers a StopCCN. */
static void
cc_act_stopped(struct tunnel *t, const struct stimulus *s)
{
	struct l2tp_cause cause;

	cause_peer(&cause, s->msg);
	cc_down(t, &cause, s->now);
}

/* There is nobody, or nothing, to talk to. */
static void
cc_act_vanish(struct tunnel *t, const struct stimulus *s)
{
	cc_down(t, &s->cause, s->now);
	cc_act_gone(t, s);
}

static void
cc_act_gone(struct tunnel *t, const struct stimulus *s)
{
	(void)s;
	chan_flush(&t->chan, &t->e->pool);
	event_tunnel(t, L2TP_EV_TUNNEL_GONE);
}

/* 5.5: a message that is under way already asks the same. */
static void
cc_act_hello(struct tunnel *t, const struct stimulus *s)
{
	cc_heard(t, s->now);
	if (t->chan.queued == 0)
		cc_send_hello(t);
}

static void
cc_act_ignore(struct tunnel *t, const struct stimulus *s)
{
	(void)t;
	(void)s;
}

/* Cannot happen: cc_allows() and the life of a tunnel see to it. */
static void
cc_act_bug(struct tunnel *t, const struct stimulus *s)
{
	(void)t;
	(void)s;
	assert(0);
}

/*
 * 6.4: the end of the tunnel is the end of all its calls, without CDNs.
 * The retention begins when nothing is left to be acknowledged: see
 * tunnel_update().
 */
static void
cc_down(struct tunnel *t, const struct l2tp_cause *cause, uint64_t now)
{
	struct stimulus s = { .now = now, .cause = *cause };
	struct call *c;

	s.cause.result = s.cause.error = 0;
	while ((c = TAILQ_FIRST(&t->calls)) != NULL)
		call_event(c, CALL_EV_TUNNEL_DOWN, &s);
	t->expires = L2TP_NEVER;
	t->ended = ended_new(cause);
	event_tunnel(t, L2TP_EV_TUNNEL_DOWN);
}
