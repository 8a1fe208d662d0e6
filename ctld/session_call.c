/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * How sessions begin: calls that we place, calls that we are offered, and
 * outgoing calls, which the LNS asks the LAC to place (RFC 2661 sections
 * 5.2.1 and 5.2.2).  septum has no modem: as a LAC it takes the system that it
 * runs on for the one that is called, which answers at once.  Sessions of
 * static and quiescent tunnels begin without a call.
 */
#include <string.h>

#include "cause.h"
#include "ctld.h"
#include "log.h"
#include "loop.h"
#include "pseudowire.h"
#include "session_int.h"
#include "text.h"

/* Bits of session.notices. */
#define SESS_WEN	0x1
#define SESS_SLI	0x2

/* Why a call cannot be: for CDN. */
struct refusal {
	uint16_t	 result;
	const char	*text;
};

static void	sess_fix(struct session *);
static const struct conf_session *sess_conf(const struct tunnel *,
		    const struct l2tp_call_info *, struct refusal *);
static const struct conf_session *sess_conf_v2(const struct tunnel *, int);
static const struct conf_session *sess_conf_v3(const struct tunnel *,
		    const struct l2tp_octets *);
static const char *sess_forbidden(const struct tunnel *, int);
static void	sess_refuse(const struct l2tp_event *, struct session *,
		    const struct refusal *);
static int	sess_offer(struct session *, const struct l2tp_call_info *);
static const char *sess_admit(struct session *);
static const char *sess_take(struct session *);
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
	s->call = call;
	if (tun_is_fixed(t)) {
		sess_fix(s);
		return (s);
	}
	if (l2tp_call_open(ctld.engine, t->local_tid, &call->conf->call, s,
	    loop_now(), &local_sid) == -1) {
		sess_release(s);
		return (NULL);
	}
	sess_attach(s, local_sid);
	return (s);
}

/* Both sides have configured it: there is nobody to ask. */
static void
sess_fix(struct session *s)
{
	s->peer_sid = s->conf->psid;
	s->wanted = s->connected = 1;
	sess_attach(s, s->conf->sid);
	sess_make(s);
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
	if ((s = sess_new(t, sess_conf_v2(t, 1), 1, 1)) == NULL)
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
	if (sess_conf_v2(t, 1) == NULL)
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
	const struct conf_session	*conf;
	struct tunnel			*t = ev->tunnel_user;
	struct session			*s;
	struct refusal			 r = { L2TP_CDN_PERMANENT, NULL };

	if (t == NULL)
		return;
	if ((conf = sess_conf(t, call, &r)) == NULL) {
		sess_refuse(ev, NULL, &r);
		return;
	}
	r.result = L2TP_CDN_TEMPORARY;
	if ((r.text = pw_claim(t, conf, sess_rule(t, conf))) != NULL ||
	    (s = sess_new(t, conf, 0, call->outgoing)) == NULL) {
		if (r.text == NULL)
			r.text = "out of resources";
		sess_refuse(ev, NULL, &r);
		return;
	}
	if ((r.text = sess_admit(s)) != NULL ||
	    (r.text = sess_take(s)) != NULL) {
		sess_refuse(ev, s, &r);
		return;
	}
	s->peer_sid = ev->peer_sid;
	s->wanted = 1;
	sess_attach(s, ev->local_sid);
	if (!call->outgoing)
		sess_number(call->calling, s->number);
	if (sess_offer(s, call) == 0)
		sess_make(s);
}

/*
 * RFC 3931 section 7.3.1: by a tunnel that we have dialled the peer may place
 * the call that we would have placed.  NULL, or why not.
 */
static const char *
sess_take(struct session *s)
{
	struct dial	*d = s->tun->dial;

	if (d == NULL || s->outgoing)
		return (NULL);
	if (!pw_is_eth(s))		/* of PPP we are not the server */
		return ("calls are not answered here");
	s->call = dial_call_taken(d, s->conf, s);
	return (s->call != NULL ? NULL : "the call is placed from here");
}

/* Says what we have for it; -1 if that ends it. */
static int
sess_offer(struct session *s, const struct l2tp_call_info *call)
{
	struct l2tp_call_params	 p = s->conf->call;
	uint32_t		 tid = s->tun->local_tid;

	/* Over IP a cookie is all that keeps strangers' packets out. */
	if (s->tun->remote.encap == L2TP_ENCAP_IP)
		p.cookie_len = L2TP_MAX_COOKIE;
	/* See pw_agreed(): numbers in both directions, or in none. */
	if (call->send_seq) {
		p.data_sequencing = 2;
		p.l2spec = 1;
	}
	if (s->tun->version == 3 && l2tp_call_offer(ctld.engine, tid,
	    s->local_sid, &p, loop_now()) == -1) {
		(void)sess_close(s, L2TP_CDN_PERMANENT, 0,
		    "the pseudowire cannot be as it is wanted");
		return (-1);
	}
	/* RFC 2661 7.5: the OCRP goes ahead of what comes of the call. */
	if (s->outgoing && l2tp_call_accept(ctld.engine, tid, s->local_sid, s,
	    loop_now()) == -1) {
		(void)sess_close(s, L2TP_CDN_ERROR, L2TP_ERROR_RESOURCES,
		    "out of resources");
		return (-1);
	}
	return (0);
}

/* What the configuration has for a call that the peer asks for, or why not. */
static const struct conf_session *
sess_conf(const struct tunnel *t, const struct l2tp_call_info *call,
    struct refusal *r)
{
	const struct conf_session	*conf;

	if ((r->text = sess_forbidden(t, call->outgoing)) != NULL)
		return (NULL);
	if (t->version == 3 && (t->peer != NULL || !call->outgoing))
		conf = sess_conf_v3(t, &call->remote_end_id);
	else
		conf = sess_conf_v2(t, call->outgoing);
	if (conf == NULL) {
		r->text = t->version == 3 ? "unknown Remote End ID" :
		    "no session is configured for it";
		return (NULL);
	}
	if (t->version == 2 ? conf->pseudowire == DP_PW_PPP :
	    conf->pseudowire == call->pw_type)
		return (conf);
	r->result = t->version == 3 ? L2TP_CDN_PW_TYPE : L2TP_CDN_PERMANENT;
	r->text = "another type of pseudowire is configured for it";
	return (NULL);
}

/* Whatever the number is. */
static const struct conf_session *
sess_conf_v2(const struct tunnel *t, int outgoing)
{
	if (t->peer != NULL)
		return (t->peer->conf->has_session ? &t->peer->conf->session :
		    NULL);
	return (outgoing ? t->dialled->on_demand : NULL);
}

/* RFC 3931 section 5.4.4: the Remote End ID is opaque octets. */
static const struct conf_session *
sess_conf_v3(const struct tunnel *t, const struct l2tp_octets *end_id)
{
	const struct conf_sessions	*sessions;
	const struct conf_session	*conf;
	const struct l2tp_octets	*ours;

	sessions = t->peer != NULL ? &t->peer->conf->sessions :
	    &t->dialled->sessions;
	TAILQ_FOREACH(conf, sessions, entry) {
		ours = &conf->call.remote_end_id;
		if (ours->len == end_id->len &&
		    memcmp(ours->p, end_id->p, ours->len) == 0)
			return (conf);
	}
	return (t->peer != NULL && t->peer->conf->has_session ?
	    &t->peer->conf->session : NULL);
}

/* NULL, or why the peer must not ask for it; that will not change. */
static const char *
sess_forbidden(const struct tunnel *t, int outgoing)
{
	if (!outgoing)
		return (t->peer != NULL || t->version == 3 ? NULL :
		    "calls are not answered here");
	return (t->peer != NULL ? t->peer->conf->outgoing :
	    t->dialled->outgoing) ? NULL : "calls are not placed here";
}

static void
sess_refuse(const struct l2tp_event *ev, struct session *s,
    const struct refusal *r)
{
	char	 label[TUN_LABEL];

	if (tun_may_log())
		log_info("%s: refused call: %s",
		    tun_label(ev->tunnel_user, label), r->text);
	l2tp_call_close(ctld.engine, ev->local_tid, ev->local_sid, r->result,
	    0, r->text, loop_now());
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
	/* One that it replaces is counted until dpd has ended it. */
	if (s->peer != NULL && s->peer->n_sessions - !pw_has_turn(s) >
	    s->peer->conf->max_sessions)
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
	s->peer_sid = ev->peer_sid;
	s->wanted = 1;
	sess_make(s);
}

/* With ICRP, ICCN or OCCN; but what we have ordered is the LAC's to say. */
int
sess_answer(struct session *s)
{
	if (tun_is_fixed(s->tun))
		return (0);
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

/* L2TPv3 has it in SLI, too: whether the peer's circuit is active (5.4.5). */
void
sess_circuit(const struct l2tp_event *ev)
{
	struct session	*s = ev->call_user;
	char		 label[SESS_LABEL];

	if (s == NULL || s->circuit == ev->call->circuit_active)
		return;
	s->circuit = ev->call->circuit_active;
	log_info("%s: the peer's circuit is %s", sess_label(s, label),
	    s->circuit ? "active" : "inactive");
	if (pw_is_eth(s))
		pw_sync(s);
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
