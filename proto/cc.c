/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The control connection (RFC 2661 7.2.1, RFC 3931 7.2): what happens in the
 * cells of cc_table.  Messages are judged by cc_check() before the table
 * sees them; actions queue output and record events, and never send or free.
 */
#include <assert.h>
#include <stdlib.h>

#include "auth.h"
#include "call.h"
#include "cc.h"
#include "cc_act.h"
#include "proof.h"
#include "rival.h"

static uint64_t	cc_quiet_ms(const struct tunnel *);
static enum l2tp_err cc_choose(struct tunnel *);
static enum l2tp_err cc_read_hail(struct tunnel *, struct msg *,
		    struct hide *);
static void	cc_decline(struct tunnel *, enum l2tp_err, const struct msg *,
		    uint64_t);
static void	cc_refused(struct tunnel *);
static void	cc_down(struct tunnel *, const struct l2tp_cause *, uint64_t);

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
	chan_params(&t->chan, &refused_params);
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
	tunnel_learn_tid(t, tunnel_id(m));
	if (err == ERR_NONE)
		err = cc_check(t, m);
	ev = err == ERR_NONE ? row->good : row->bad;
	if (err != ERR_NONE)
		cause_err(&s.cause, err, MSG_TUNNEL, m);
	else if (cc_table[t->state][ev].action == cc_act_unexpected ||
	    cc_table[t->state][ev].action == cc_act_disregard)
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

/*
 * The SCCRQ says which versions there are (RFC 3931 4.7.3), and nothing is
 * acknowledged before the caller has accepted it: see input_channel().
 */
void
cc_accept(struct tunnel *t, uint64_t now)
{
	struct stimulus s = { .now = now };
	struct msg m = { .type = MSG_SCCRQ };
	enum l2tp_err err;
	struct hide h;

	auth_hide(t, &h);
	if ((err = cc_choose(t)) == ERR_NONE)
		err = cc_read_hail(t, &m, &h);
	if (err == ERR_NONE) {
		if (t->hail != NULL) {
			s.msg = &m;
			rival_yield(t, &m, now);
		}
		cc_event(t, CC_EV_ACCEPT, &s);
	} else {
		cc_decline(t, err, &m, now);
	}
	auth_wipe(t, &h);
}

/* The version of the answer: the newest that both speak. */
static enum l2tp_err
cc_choose(struct tunnel *t)
{
	uint8_t spoken = params_versions(t->params);

	if (t->is_dual && (spoken & L2TP_V3) != 0)
		tunnel_set_version(t, 3);
	return ((spoken & (t->version == 3 ? L2TP_V3 : L2TP_V2)) != 0 ?
	    ERR_NONE : ERR_VERSION_REFUSED);
}

/* What the SCCRQ says, now that all of it can be read. */
static enum l2tp_err
cc_read_hail(struct tunnel *t, struct msg *m, struct hide *h)
{
	enum l2tp_err err;
	struct hdr hdr;
	struct rd r, whole;

	if (t->hail == NULL)
		return (t->version == 3 ? proof_nonce(t, m) : ERR_NONE);
	rd_init(&r, t->hail->raw, t->hail->len);
	whole = r;
	hdr_decode(&r, &hdr);
	if (t->version == 3 && (err = proof_hail(t, rd_rest(&whole))) !=
	    ERR_NONE)
		return (err);
	auth_hide(t, h);
	err = msg_decode_quirks(&r, t->version, m, h, t->params->quirks);
	auth_learn(t, h);
	if (err != ERR_NONE)
		return (err);
	tunnel_learn_tid(t, tunnel_id(m));
	/* What is for both versions may have an id for each. */
	t->peer_tid = tunnel_id(m);
	free(t->names);
	t->names = NULL;
	return (cc_check(t, m));
}

/*
 * RFC 3931 5.4.1: whoever has another secret gets no answer.  Whose version
 * is not spoken is told which is (RFC 2661 4.4.2).
 */
static void
cc_decline(struct tunnel *t, enum l2tp_err err, const struct msg *m,
    uint64_t now)
{
	struct stimulus s = { .now = now };

	cause_err(&s.cause, err, MSG_TUNNEL, m);
	if (err == ERR_VERSION_REFUSED)
		s.cause.error = t->version == 3 ? 2 : 3;
	event_dropped(t, MSG_SCCRQ, err);
	if (err == ERR_DIGEST)
		t->e->stats.wrong_digest++;
	cc_event(t, err == ERR_DIGEST ? CC_EV_UNPROVED : CC_EV_REJECT, &s);
}

/*
 * RFC 3931 4.7.3: what we have sent for both versions is answered in one of
 * them; what the peer has comes again as it was.
 */
enum l2tp_err
cc_speaks(struct tunnel *t, const struct hdr *h)
{
	if (h->version == t->version)
		return (ERR_NONE);
	if (t->is_dual && t->state == CC_WAIT_CTL_REPLY) {
		tunnel_set_version(t, h->version);
		t->is_dual = 0;
		return (ERR_NONE);
	}
	return (t->is_dual && t->state == CC_WAIT_CTL_CONN &&
	    chan_is_old(&t->chan, h->ns) ? ERR_NONE : ERR_VERSION);
}

void
cc_timeout(struct tunnel *t, uint64_t now)
{
	struct stimulus s = { .now = now };

	if (chan_timeout(&t->chan, now) == -1) {
		cause_timeout(&s.cause, 0, cc_event_name(CC_EV_PEER_DEAD));
		cc_event(t, CC_EV_PEER_DEAD, &s);
	} else if (t->expires <= now) {
		/* RFC 3931 5.4.2: 7 is that of a timeout, too. */
		cause_timeout(&s.cause, t->version == 3 ? L2TP_STOP_FSM :
		    L2TP_STOP_CLEAR, "setup timeout");
		cc_event(t, CC_EV_EXPIRED, &s);
	}
}

/* 6.5: the quiet time before a HELLO begins again. */
void
cc_heard(struct tunnel *t, uint64_t now)
{
	if (t->state == CC_ESTABLISHED || t->is_fixed)
		t->expires = t->params->hello_ms == 0 ? L2TP_NEVER :
		    now + cc_quiet_ms(t);
}

/*
 * RFC 3931 4.4: those of several tunnels must not come together.  Each time
 * another eighth is taken off, at most; where it begins is random as the id
 * is, or if that is fixed, spread.
 */
static uint64_t
cc_quiet_ms(const struct tunnel *t)
{
	uint32_t ms = t->params->hello_ms;
	uint32_t mix = (t->local_tid + t->chan.ns) * 2654435761U;

	if (t->version == 2)
		return (ms);
	return (ms - ((uint64_t)mix * (ms / 8) >> 32));
}

void
cc_answered(struct tunnel *t, uint64_t now)
{
	struct stimulus s = { .now = now };

	cc_event(t, CC_EV_ANSWER, &s);
}

void
cc_act_open(struct tunnel *t, const struct stimulus *s)
{
	t->expires = s->now + t->params->setup_ms;
	rival_add(t);
	cc_send_hail(t, MSG_SCCRQ, NULL);
}

void
cc_act_offer(struct tunnel *t, const struct stimulus *s)
{
	t->expires = s->now + t->params->setup_ms;
	event_tunnel(t, L2TP_EV_TUNNEL_IN);
}

void
cc_act_accept(struct tunnel *t, const struct stimulus *s)
{
	t->expires = s->now + t->params->setup_ms;
	cc_send_hail(t, MSG_SCCRP, s->msg);
}

void
cc_act_reject(struct tunnel *t, const struct stimulus *s)
{
	t->e->stats.refused++;
	cc_act_stop(t, s);
}

void
cc_act_forget(struct tunnel *t, const struct stimulus *s)
{
	(void)s;
	t->muted = 1;
	chan_flush(&t->chan, &t->e->pool);
}

void
cc_act_connect(struct tunnel *t, const struct stimulus *s)
{
	rival_remove(t);
	cc_send_scccn(t, s->msg);
	cc_act_up(t, s);
}

/* "Send tunnel-open event to waiting sessions." */
void
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
void
cc_act_refuse(struct tunnel *t, const struct stimulus *s)
{
	t->muted = 1;
	cc_act_reject(t, s);
}

void
cc_act_unsolicited(struct tunnel *t, const struct stimulus *s)
{
	t->muted = 1;
	cc_act_unexpected(t, s);
}

void
cc_act_stop(struct tunnel *t, const struct stimulus *s)
{
	cc_send_stopccn(t, &s->cause);
	cc_down(t, &s->cause, s->now);
}

void
cc_act_unexpected(struct tunnel *t, const struct stimulus *s)
{
	struct stimulus fsm = { .now = s->now, .msg = s->msg };

	cause_err(&fsm.cause, ERR_FSM, MSG_TUNNEL, NULL);
	cc_act_stop(t, &fsm);
}

/* 5.7: only the channel answers a StopCCN. */
void
cc_act_stopped(struct tunnel *t, const struct stimulus *s)
{
	struct l2tp_cause cause;

	cause_peer(&cause, s->msg);
	cc_down(t, &cause, s->now);
}

/* There is nobody, or nothing, to talk to. */
void
cc_act_vanish(struct tunnel *t, const struct stimulus *s)
{
	cc_down(t, &s->cause, s->now);
	cc_act_gone(t, s);
}

void
cc_act_gone(struct tunnel *t, const struct stimulus *s)
{
	(void)s;
	chan_flush(&t->chan, &t->e->pool);
	event_tunnel(t, L2TP_EV_TUNNEL_GONE);
}

/* 5.5: a message that is under way already asks the same. */
void
cc_act_hello(struct tunnel *t, const struct stimulus *s)
{
	cc_heard(t, s->now);
	if (t->chan.queued == 0)
		cc_send_hello(t);
}

void
cc_act_fix(struct tunnel *t, const struct stimulus *s)
{
	cc_heard(t, s->now);
	if (t->params->hello_ms != 0)
		cc_send_hello(t);
}

void
cc_act_link_up(struct tunnel *t, const struct stimulus *s)
{
	(void)s;
	t->is_silent = 0;
	event_tunnel_link(t);
}

void
cc_act_silent(struct tunnel *t, const struct stimulus *s)
{
	t->is_silent = 1;
	event_tunnel_link(t);
	cc_act_unanswered(t, s);
}

/* The next HELLO begins anew. */
void
cc_act_unanswered(struct tunnel *t, const struct stimulus *s)
{
	(void)s;
	chan_restart(&t->chan, &t->e->pool, t->chan.una);
}

/* Nothing that a peer says ends what was configured. */
void
cc_act_disregard(struct tunnel *t, const struct stimulus *s)
{
	(void)s;
	t->chan.dropped++;
}

void
cc_act_ignore(struct tunnel *t, const struct stimulus *s)
{
	(void)t;
	(void)s;
}

/* Cannot happen: cc_allows() and the life of a tunnel see to it. */
void
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
