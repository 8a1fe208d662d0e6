/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Sessions.  The engine runs the call, which is begun in session_call.c,
 * unless the tunnel is static or quiescent; dpd has the kernel's session and
 * pppd, or the interface (pseudowire.c).  The kernel's session is there before
 * the peer can send data over it, pppd starts when the call is up and not too
 * many others are starting, and a leased address goes back to its pool only
 * when dpd says that pppd is gone.  A session has at most one request
 * outstanding.
 */
#include <sys/socket.h>
#include <sys/wait.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "cause.h"
#include "ctld.h"
#include "dp.h"
#include "log.h"
#include "loop.h"
#include "pseudowire.h"
#include "session_int.h"

static struct sess_globals {
	struct sess_list all;
	struct idmap	 by_key, by_sid, by_unit;
	int		 noticefd;
	uint32_t	 last_key, n, max;
	struct sess_list waiting;	/* for their pppds, in order */
	uint32_t	 n_starting;
} sess_globals;

static void	sess_made(uint32_t, const struct dpmsg *);
static void	sess_wait(struct session *);
static void	sess_start(struct session *);
static void	sess_start_next(void);
static void	sess_settled(struct session *);
static void	sess_started(uint32_t, const struct dpmsg *);
static void	sess_notices(void *, uint32_t);
static void	sess_came_up(struct session *, const struct dp_notice *);
static void	sess_over(struct session *, const char *, int);
static void	sess_ended(uint32_t, const struct dpmsg *);

static const char *const sess_names[] = {
	[SESS_NONE] = "connecting",
	[SESS_MAKING] = "connecting",
	[SESS_MADE] = "connecting",
	[SESS_WAITING] = "starting",
	[SESS_STARTING] = "starting",
	[SESS_STARTED] = "starting",
	[SESS_ENDING] = "ending",
	[SESS_ENDED] = "ending"
};

void
sess_init(const struct conf *conf, int noticefd)
{
	TAILQ_INIT(&sess_globals.all);
	TAILQ_INIT(&sess_globals.waiting);
	sess_globals.max = SESS_SPARE * conf->max_sessions;
	if (idmap_init(&sess_globals.by_key, conf->max_sessions) == -1 ||
	    idmap_init(&sess_globals.by_sid, conf->max_sessions) == -1 ||
	    idmap_init(&sess_globals.by_unit, conf->max_sessions) == -1 ||
	    loop_add(noticefd, EPOLLIN, sess_notices, NULL) == -1)
		fatal("sess_init");
	pw_init(conf);
	sess_globals.noticefd = noticefd;
}

struct session *
sess_new(struct tunnel *t, const struct conf_session *conf, int placed,
    int outgoing)
{
	struct session	*s;

	if (sess_globals.n == sess_globals.max ||
	    (s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->tun = t;
	s->conf = conf;
	s->circuit = 1;
	s->rule = sess_rule(t, conf);
	if (pw_enter(s) == -1) {
		free(s);
		return (NULL);
	}
	sess_globals.n++;
	s->placed = (uint8_t)placed;
	s->outgoing = (uint8_t)outgoing;
	if ((s->peer = t->peer) != NULL)
		s->peer->n_sessions++;
	s->since = loop_now();
	s->key = ++sess_globals.last_key;
	TAILQ_INSERT_TAIL(&t->sessions, s, entry);
	t->n_sessions++;
	TAILQ_INSERT_TAIL(&sess_globals.all, s, all);
	idmap_put(&sess_globals.by_key, &s->by_key, s->key, s);
	return (s);
}

uint16_t
sess_rule(const struct tunnel *t, const struct conf_session *conf)
{
	return (t->allowed != NULL ?
	    (uint16_t)(t->allowed->session_rule + conf->rule) : conf->rule);
}

void
sess_attach(struct session *s, uint32_t local_sid)
{
	s->alive = 1;
	s->local_sid = local_sid;
	if (!tun_is_fixed(s->tun))	/* for then, it may be taken twice */
		idmap_put(&sess_globals.by_sid, &s->by_sid, local_sid, s);
}

void
sess_tunnel_up(struct tunnel *t)
{
	struct session	*s;

	TAILQ_FOREACH(s, &t->sessions, entry)
		sess_make(s);
}

void
sess_tunnel_circuit(struct tunnel *t)
{
	struct session	*s;

	TAILQ_FOREACH(s, &t->sessions, entry)
		pw_sync(s);
}

void
sess_tunnel_down(struct tunnel *t, const char *reason)
{
	struct session	*s, *next;

	for (s = TAILQ_FIRST(&t->sessions); s != NULL; s = next) {
		next = TAILQ_NEXT(s, entry);
		if (s->alive)
			sess_over(s, reason, 0);
	}
}

void
sess_make(struct session *s)
{
	struct dp_session_up	 m = {
		.handle = s->tun->handle, .local_sid = s->local_sid,
		.peer_sid = s->peer_sid, .rule = s->rule
	};

	if (!s->alive || !s->wanted || s->state != SESS_NONE ||
	    s->tun->state != TUN_UP || !pw_has_turn(s) || ctld.stopping)
		return;
	pw_agreed(s, &m);
	s->state = SESS_MAKING;
	dp_session_up(&m, sess_made, s->key);
}

/* Data can be received: the peer may know. */
static void
sess_made(uint32_t key, const struct dpmsg *m)
{
	struct session	*s = idmap_get(&sess_globals.by_key, key);

	if (m->u.reply.err != 0) {
		s->state = SESS_ENDED;
		sess_refused(s, m->u.reply.err);
		return;
	}
	s->state = SESS_MADE;
	s->handle = m->u.handle_reply.handle;
	if (!s->alive)
		sess_release(s);
	else if (sess_answer(s) == -1)
		sess_close(s, L2TP_CDN_ERROR, L2TP_ERROR_RESOURCES,
		    "out of resources");
	else
		sess_wait(s);
}

/* ICCN or OCCN was sent or received. */
void
sess_engine_up(const struct l2tp_event *ev)
{
	struct session	*s = ev->call_user;

	if (s == NULL)
		return;
	s->connected = 1;
	s->circuit = ev->call->circuit_active;
	/* RFC 2661 section 5.4: the LNS may start it, too. */
	if (s->tun->version == 2)
		s->send_seq = s->recv_seq = ev->call->sequencing ||
		    s->conf->seqnum;
	else
		s->send_seq |= ev->call->send_seq;
	if (s->called != NULL)
		s->called(s->key, NULL);
	s->called = NULL;
	sess_wait(s);
}

/* For a pppd, once the call and the kernel's session are there. */
static void
sess_wait(struct session *s)
{
	if (pw_is_eth(s)) {
		pw_sync(s);
		return;
	}
	if (!s->connected || s->state != SESS_MADE || ctld.stopping)
		return;
	s->state = SESS_WAITING;
	TAILQ_INSERT_TAIL(&sess_globals.waiting, s, wait);
	sess_start_next();
}

/* dpd refuses more; with fewer at once, each pppd is done sooner. */
static void
sess_start_next(void)
{
	struct session	*s;

	while (sess_globals.n_starting < ctld.conf->ppp_starting &&
	    !ctld.stopping &&
	    (s = TAILQ_FIRST(&sess_globals.waiting)) != NULL) {
		TAILQ_REMOVE(&sess_globals.waiting, s, wait);
		sess_start(s);
	}
}

static void
sess_start(struct session *s)
{
	struct dp_session_start	 m = {
		.handle = s->handle, .peer_ip = s->lease,
		.send_seq = s->send_seq, .recv_seq = s->recv_seq
	};

	memcpy(m.number, s->number, sizeof(m.number));
	s->state = SESS_STARTING;
	s->starting = 1;
	sess_globals.n_starting++;
	dp_session_start(&m, sess_started, s->key);
}

/* It is up, or ends: another one may start. */
static void
sess_settled(struct session *s)
{
	sess_globals.n_starting -= s->starting;
	s->starting = 0;
	sess_start_next();
}

static void
sess_started(uint32_t key, const struct dpmsg *m)
{
	struct session	*s = idmap_get(&sess_globals.by_key, key);

	if (m->u.reply.err != 0) {
		s->state = SESS_MADE;
		sess_settled(s);
		sess_refused(s, m->u.reply.err);
		return;
	}
	s->state = SESS_STARTED;
	s->unit = m->u.start_reply.unit;
	idmap_put(&sess_globals.by_unit, &s->by_unit, s->unit, s);
	if (!s->alive)
		sess_release(s);
}

void
sess_refused(struct session *s, int err)
{
	char	 label[SESS_LABEL], text[SESS_REASON];

	strlcpy(s->reason, cause_errno(err, text, sizeof(text)),
	    sizeof(s->reason));
	log_warnx("%s: %s", sess_label(s, label), s->reason);
	if (sess_close(s, L2TP_CDN_TEMPORARY, 0, s->reason) == -1)
		sess_release(s);
}

/* pppd has ended.  An event about a call that is over is too late. */
void
sess_gone(const struct dpmsg *m)
{
	const struct dp_session_gone	*p = &m->u.session_gone;
	struct session			*s;
	struct cause_exit		 why;
	char				 label[SESS_LABEL];

	s = idmap_get(&sess_globals.by_sid, p->local_sid);
	if (s == NULL || s->handle != p->handle)
		return;
	sess_settled(s);
	idmap_del(&sess_globals.by_unit, &s->by_unit);
	why = cause_pppd(WIFSIGNALED(p->status) ? WTERMSIG(p->status) : 0,
	    WEXITSTATUS(p->status));
	log_info("%s: pppd ended, status %d, signal %d: %s",
	    sess_label(s, label), WEXITSTATUS(p->status),
	    WIFSIGNALED(p->status) ? WTERMSIG(p->status) : 0, why.reason);
	strlcpy(s->reason, why.reason, sizeof(s->reason));
	s->up = 0;
	(void)sess_close(s, why.result, 0, why.reason);
}

/*
 * What pppds say, all on one socket: a unit that is not ours, or any more, is
 * nobody's.  dpd's word that it has started comes first.
 */
static void
sess_notices(void *arg, uint32_t events)
{
	struct dp_notice	 n;
	struct iovec		 iov = { &n, sizeof(n) };
	struct msghdr		 msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct session		*s;

	(void)arg;
	(void)events;
	dp_receive();
	if (recvmsg(sess_globals.noticefd, &msg, MSG_DONTWAIT) != sizeof(n) ||
	    (msg.msg_flags & MSG_TRUNC) != 0)
		return;
	s = idmap_get(&sess_globals.by_unit, n.unit);
	if (s == NULL || s->state != SESS_STARTED || !s->alive) {
		log_debug("notice of ppp%u: not ours", n.unit);
		return;
	}
	sess_settled(s);
	sess_came_up(s, &n);
}

/* The name is what the peer said it is, through pppd. */
static void
sess_came_up(struct session *s, const struct dp_notice *n)
{
	char	 label[SESS_LABEL], text[ADDR_TEXT];
	size_t	 i;

	s->up = 1;
	s->since = loop_now();
	s->local_ip = n->local_ip;
	s->peer_ip = n->peer_ip;
	snprintf(s->ifname, sizeof(s->ifname), "ppp%u", n->unit);
	memset(s->user, 0, sizeof(s->user));
	for (i = 0; i < sizeof(s->user) - 1 && n->user[i] != '\0'; i++)
		s->user[i] = n->user[i] >= ' ' && n->user[i] <= '~' ?
		    n->user[i] : '?';
	log_info("%s: up on %s, %s, user \"%s\"", sess_label(s, label),
	    s->ifname, addr_text4(s->peer_ip, text), s->user);
	if (s->call != NULL)
		dial_call_up(s->call);
}

int
sess_close(struct session *s, uint16_t result, uint16_t error,
    const char *text)
{
	if (!s->alive)
		return (-1);
	if (tun_is_fixed(s->tun)) {
		sess_over(s, text != NULL ? text : "closed", 0);
		return (0);
	}
	return (l2tp_call_close(ctld.engine, s->tun->local_tid, s->local_sid,
	    result, error, text, loop_now()));
}

void
sess_engine_down(const struct l2tp_event *ev)
{
	struct session	*s = ev->call_user;
	char		 text[DIAL_REASON];

	if (s == NULL && (s = sess_find(ev->tunnel_user, ev->local_sid)) ==
	    NULL)
		return;			/* refused when it came */
	sess_over(s, s->reason[0] != '\0' ? s->reason :
	    cause_of_call(ev->cause, text, sizeof(text)),
	    cause_try_another(ev->cause));
}

/* Its call is over, or what stands for it; may release it. */
static void
sess_over(struct session *s, const char *reason, int another)
{
	struct dial_call *call;
	char		 label[SESS_LABEL];

	log_info("%s: down, reason: %s", sess_label(s, label), reason);
	s->alive = s->up = 0;
	idmap_del(&sess_globals.by_sid, &s->by_sid);
	call = s->call;
	s->call = NULL;
	if (call != NULL)
		dial_call_down(call, reason, another);
	if (s->called != NULL)
		s->called(s->key, reason);
	s->called = NULL;
	sess_release(s);
}

/* dpd's side first, then the address and the memory. */
void
sess_release(struct session *s)
{
	struct session	*next;
	struct tunnel	*t = s->tun;

	if (s->alive)
		return;
	if (s->state == SESS_WAITING)
		TAILQ_REMOVE(&sess_globals.waiting, s, wait);
	if (s->state == SESS_MADE || s->state == SESS_WAITING ||
	    s->state == SESS_STARTED) {
		s->state = SESS_ENDING;
		dp_session_down(s->handle, sess_ended, s->key);
		sess_settled(s);
	}
	if (s->state != SESS_NONE && s->state != SESS_ENDED)
		return;
	if (s->lease != 0)
		(void)pool_release(s->pool, s->lease);
	if (s->peer != NULL)
		s->peer->n_sessions--;
	TAILQ_REMOVE(&t->sessions, s, entry);
	TAILQ_REMOVE(&sess_globals.all, s, all);
	idmap_del(&sess_globals.by_key, &s->by_key);
	idmap_del(&sess_globals.by_unit, &s->by_unit);
	sess_globals.n--;
	next = pw_leave(s);
	free(s);
	tun_session_freed(t);
	if (next != NULL)
		sess_make(next);
}

static void
sess_ended(uint32_t key, const struct dpmsg *m)
{
	struct session	*s = idmap_get(&sess_globals.by_key, key);
	char		 label[SESS_LABEL];

	if (m->u.reply.err != 0)
		log_debug("%s: SESSION_DOWN: %s", sess_label(s, label),
		    strerror(m->u.reply.err));
	s->state = SESS_ENDED;
	sess_release(s);
}

struct session *
sess_after(uint32_t key)
{
	struct session	*s;

	if ((s = sess_by_key(key)) != NULL)
		return (TAILQ_NEXT(s, all));
	TAILQ_FOREACH(s, &sess_globals.all, all)
		if (s->key > key)
			break;
	return (s);
}

struct session *
sess_by_key(uint32_t key)
{
	return (idmap_get(&sess_globals.by_key, key));
}

struct session *
sess_find(const struct tunnel *t, uint32_t local_sid)
{
	struct session	*s;

	if (!tun_is_fixed(t)) {
		s = idmap_get(&sess_globals.by_sid, local_sid);
		return (s != NULL && s->tun == t ? s : NULL);
	}
	TAILQ_FOREACH(s, &t->sessions, entry)
		if (s->alive && s->local_sid == local_sid)
			break;
	return (s);
}

const char *
sess_state_name(const struct session *s)
{
	if (!s->alive)
		return ("ending");
	if (s->up)
		return ("up");
	return (pw_is_eth(s) && s->ifname[0] != '\0' ? "down" :
	    sess_names[s->state]);
}

/* The LAC asks for incoming calls, the LNS for outgoing ones. */
int
sess_is_lns(const struct session *s)
{
	return (s->placed == s->outgoing);
}

/*
 * The calling number (RFC 2661 section 4.4.6) is whatever octets the LAC
 * likes, and is to become an argument of a process that runs as root.
 */
void
sess_number(const char *text, char number[DP_NUMBER_LEN])
{
	static const char	 allowed[] = "0123456789+._-"
	    "abcdefghijklmnopqrstuvwxyz" "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t			 n = 0;

	for (; *text != '\0' && n < DP_NUMBER_LEN - 1; text++)
		if (strchr(allowed, *text) != NULL && (n > 0 || *text != '-'))
			number[n++] = *text;
	memset(number + n, 0, DP_NUMBER_LEN - n);
}

const char *
sess_label(const struct session *s, char label[SESS_LABEL])
{
	snprintf(label, SESS_LABEL, "tunnel %u/%u session %u/%u",
	    s->tun->local_tid, s->tun->peer_tid, s->local_sid, s->peer_sid);
	return (label);
}
