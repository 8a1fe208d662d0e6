/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * How sessions begin: calls that we place, calls that we are offered, and
 * outgoing calls, which the LNS asks the LAC to place (RFC 2661 sections
 * 5.2.1 and 5.2.2).  septum has no modem: as a LAC it takes the system that it
 * runs on for the one that is called, which answers at once.
 */
#include <string.h>

#include "cause.h"
#include "ctld.h"
#include "log.h"
#include "loop.h"
#include "session_int.h"
#include "text.h"

/* Bits of session.notices. */
#define SESS_WEN	0x1
#define SESS_SLI	0x2

static const struct conf_session *sess_conf(const struct tunnel *, int);
static const char *sess_forbidden(const struct tunnel *, int);
static void	sess_refuse(const struct l2tp_event *, struct session *,
		    const char *, uint16_t);
static const char *sess_admit(struct session *);
static const char *sess_can_order(const struct tunnel *,
		    struct l2tp_call_params *);
static int	sess_connect(struct session *);
static enum log_level	sess_notice(struct session *, uint8_t);

struct session *
sess_dial(struct tunnel *t, struct dial_call *call)
{
	struct session	*s;
	uint32_t	 local_sid;

	if ((s = sess_new(t, call->conf, 1, 0)) == NULL)
		return (NULL);
	if (l2tp_call_open(ctld.engine, t->local_tid, &call->conf->call, s,
	    loop_now(), &local_sid) == -1) {
		sess_release(s);
		return (NULL);
	}
	s->call = call;
	sess_attach(s, local_sid);
	return (s);
}

struct session *
sess_order(struct tunnel *t, const char *number, const char *sub_address,
    sess_called *called, const char **reason)
{
	struct l2tp_call_params	 p = { .outgoing = 1, .called = number };
	struct session		*s;
	uint32_t		 local_sid;
	char			 label[TUN_LABEL], text[256];

	if ((*reason = sess_can_order(t, &p)) != NULL)
		return (NULL);
	*reason = "out of resources";
	if ((s = sess_new(t, sess_conf(t, 1), 1, 1)) == NULL)
		return (NULL);
	p.max_bps = s->conf->call.tx_speed;
	if (*sub_address != '\0')
		p.sub_address = sub_address;
	sess_number(number, s->number);
	if ((*reason = sess_admit(s)) == NULL &&
	    l2tp_call_open(ctld.engine, t->local_tid, &p, s, loop_now(),
	    &local_sid) == -1)
		*reason = "out of resources";
	if (*reason != NULL) {
		sess_release(s);
		return (NULL);
	}
	sess_attach(s, local_sid);
	s->called = called;
	log_info("%s: asks for a call to \"%s\"", tun_label(t, label),
	    text_vis(number, text, sizeof(text)));
	return (s);
}

/*
 * NULL, or why the peer cannot be asked for a call.  4.4.4: any bearer and
 * framing that the LAC has will do, if we have it, too.
 */
static const char *
sess_can_order(const struct tunnel *t, struct l2tp_call_params *p)
{
	const struct l2tp_params	*ours = t->peer != NULL ?
					    &t->peer->conf->params :
					    &t->dialled->params;
	struct l2tp_tunnel_info		 info;

	if (!t->alive || !t->was_up ||
	    l2tp_tunnel_get(ctld.engine, t->local_tid, &info) == -1)
		return ("the tunnel is not up");
	if (sess_conf(t, 1) == NULL)
		return ("the tunnel has no session that is on demand");
	p->bearer_type = info.bearer_caps;
	p->framing_type = info.framing_caps & ours->framing_caps;
	if (info.bearer_caps == 0)
		return ("the peer does not place calls");
	return (p->framing_type != 0 ? NULL : "no framing in common");
}

/* An ICRQ or OCRQ. */
void
sess_in(const struct l2tp_event *ev)
{
	const struct l2tp_call_info	*call = ev->call;
	struct tunnel			*t = ev->tunnel_user;
	struct session			*s = NULL;
	const char			*refusal;

	if (t == NULL)
		return;
	if ((refusal = sess_forbidden(t, call->outgoing)) != NULL) {
		sess_refuse(ev, NULL, refusal, L2TP_CDN_PERMANENT);
		return;
	}
	s = sess_new(t, sess_conf(t, call->outgoing), 0, call->outgoing);
	refusal = s == NULL ? "out of resources" : sess_admit(s);
	if (refusal != NULL) {
		sess_refuse(ev, s, refusal, L2TP_CDN_TEMPORARY);
		return;
	}
	s->peer_sid = (uint16_t)ev->peer_sid;
	s->wanted = 1;
	sess_attach(s, ev->local_sid);
	if (!call->outgoing)
		sess_number(call->calling, s->number);
	/* 7.5: the OCRP goes ahead of what comes of the call. */
	else if (l2tp_call_accept(ctld.engine, ev->local_tid, ev->local_sid, s,
	    loop_now()) == -1) {
		(void)sess_close(s, L2TP_CDN_ERROR, L2TP_ERROR_RESOURCES,
		    "out of resources");
		return;
	}
	sess_make(s);
}

/*
 * What the configuration has for a call that comes in or goes out through
 * this tunnel; NULL: nothing.
 */
static const struct conf_session *
sess_conf(const struct tunnel *t, int outgoing)
{
	if (t->peer != NULL)
		return (&t->peer->conf->session);
	return (outgoing ? t->dialled->on_demand : NULL);
}

/* NULL, or why the peer must not ask for it; that will not change. */
static const char *
sess_forbidden(const struct tunnel *t, int outgoing)
{
	if (!outgoing)
		return (t->peer != NULL ? NULL :
		    "calls are not answered here");
	return (t->peer != NULL ? t->peer->conf->outgoing :
	    t->dialled->outgoing) ? NULL : "calls are not placed here";
}

static void
sess_refuse(const struct l2tp_event *ev, struct session *s,
    const char *refusal, uint16_t result)
{
	char	 label[TUN_LABEL];

	if (tun_may_log())
		log_info("%s: refused call: %s",
		    tun_label(ev->tunnel_user, label), refusal);
	l2tp_call_close(ctld.engine, ev->local_tid, ev->local_sid, result, 0,
	    refusal, loop_now());
	if (s != NULL)
		sess_release(s);
}

/*
 * NULL, or why there can be no call now (4.4.2, CDN 4).  The LNS has the
 * addresses.
 */
static const char *
sess_admit(struct session *s)
{
	if (ctld.stopping)
		return ("shutting down");
	if (s->peer != NULL &&
	    s->peer->n_sessions > s->peer->conf->max_sessions)
		return ("too many sessions");
	if (!sess_is_lns(s) || s->conf->pool == NULL)
		return (NULL);
	s->pool = peer_pool(s->conf->pool);
	if ((s->lease = pool_lease(s->pool)) == 0)
		return ("no address is free");
	return (NULL);
}

/* Our ICRQ or OCRQ was answered: now we know the peer's id. */
void
sess_replied(const struct l2tp_event *ev)
{
	struct session	*s = ev->call_user;

	if (s == NULL)
		return;
	s->peer_sid = (uint16_t)ev->peer_sid;
	s->wanted = 1;
	sess_make(s);
}

/* With ICRP, ICCN or OCCN; but what we have ordered is the LAC's to say. */
int
sess_answer(struct session *s)
{
	if (!s->outgoing)
		return (l2tp_call_accept(ctld.engine, s->tun->local_tid,
		    s->local_sid, s, loop_now()));
	return (s->placed ? 0 : sess_connect(s));
}

/* 6.11: within what was asked for; sync if there is a choice. */
static int
sess_connect(struct session *s)
{
	struct l2tp_call_params	 p = s->conf->call;
	struct l2tp_call_info	 info;

	if (l2tp_call_get(ctld.engine, s->tun->local_tid, s->local_sid,
	    &info) == -1)
		return (-1);
	if (info.framing_type != 0)
		p.framing_type = (info.framing_type & L2TP_FRAMING_SYNC) != 0 ?
		    L2TP_FRAMING_SYNC : L2TP_FRAMING_ASYNC;
	if (info.max_bps != 0 && info.max_bps < p.tx_speed)
		p.tx_speed = info.max_bps;
	return (l2tp_call_connect(ctld.engine, s->tun->local_tid,
	    s->local_sid, &p, loop_now()));
}

/* WEN: what the LAC says of its line. */
void
sess_errors(const struct l2tp_event *ev)
{
	const struct l2tp_call_errors	*e = &ev->call->errors;
	char				 label[SESS_LABEL];

	if (ev->call_user == NULL)
		return;
	log_at(sess_notice(ev->call_user, SESS_WEN), 0, "%s: WEN: CRC errors "
	    "%u, framing errors %u, hardware overruns %u, buffer overruns %u, "
	    "timeouts %u, alignment errors %u",
	    sess_label(ev->call_user, label), e->crc, e->framing,
	    e->hardware_overruns, e->buffer_overruns, e->timeouts,
	    e->alignment);
}

/* SLI: the frames of PPPoL2TP are not escaped, so there is nothing to do. */
void
sess_accm(const struct l2tp_event *ev)
{
	char	 label[SESS_LABEL];

	if (ev->call_user != NULL)
		log_at(sess_notice(ev->call_user, SESS_SLI), 0,
		    "%s: SLI: ACCM send 0x%08x, receive 0x%08x",
		    sess_label(ev->call_user, label), ev->call->accm_send,
		    ev->call->accm_receive);
}

/* The peer can send as many as it likes: only the first is of interest. */
static enum log_level
sess_notice(struct session *s, uint8_t kind)
{
	enum log_level	 level;

	level = (s->notices & kind) == 0 ? LOG_LVL_INFO : LOG_LVL_DEBUG;
	s->notices |= kind;
	return (level);
}
