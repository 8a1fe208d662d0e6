/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Answers septumctl.  A client is not trusted: it sends one request of a
 * fixed size, reads the answer, and whatever else it does ends it.  Answers
 * are made as fast as the client reads them, from a cursor that outlives the
 * objects it points at, so that nothing is queued here.
 */
#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "ctl_fill.h"
#include "ctld.h"
#include "dp.h"
#include "imsg.h"
#include "log.h"
#include "loop.h"

#define CTL_MAX_PER_UID	8
#define CTL_IDLE_MS	10000
#define CTL_PAUSE_MS	1000		/* when there are no descriptors */

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

/* What a step of an answer came to. */
enum ctl_step {
	STEP_MORE,			/* a record was sent */
	STEP_END,			/* there is none left */
	STEP_WAIT,			/* for room */
	STEP_LATER,			/* for somebody's answer */
	STEP_CLOSED			/* the client is gone */
};

struct client {
	int			 fd;		/* -1: none */
	uid_t			 uid;
	const struct ctl_verb	*verb;		/* NULL: no request yet */
	struct ctl_request	 request;
	struct ctl_done		 done;
	uint32_t		 cursor;	/* key of what was last sent */
	uint32_t		 dial, dial_call;	/* then these */
	uint32_t		 session;	/* key: the one that it is about */
	uint32_t		 sent;		/* key: its details are next */
	int			 asked;		/* dpd, for counters */
	int			 calling;	/* session is not up yet */
	uint32_t		 stats_key;	/* session that they are of */
	struct dp_stats_reply	 stats;
	struct loop_timer	 idle;
};

/* A request, and how its answer goes on until STEP_END. */
struct ctl_verb {
	uint16_t	  type;
	enum ctl_step	(*step)(struct client *);
};

static struct ctl_state {
	int			 fd;
	struct loop_timer	 pause;
	struct client		 clients[CTL_MAX_CLIENTS];
} ctl_state;

static void	ctl_accept(void *, uint32_t);
static void	ctl_resume(void *);
static struct client *ctl_slot(uid_t);
static void	ctl_ready(void *, uint32_t);
static int	ctl_read(struct client *);
static int	ctl_texts_end(const struct ctl_request *);
static void	ctl_answer(struct client *);
static void	ctl_close(struct client *);
static void	ctl_idle(void *);
static enum ctl_step	ctl_send(struct client *, uint16_t, const void *,
			    size_t);
static enum ctl_step	step_status(struct client *);
static enum ctl_step	step_tunnels(struct client *);
static enum ctl_step	step_sessions(struct client *);
static enum ctl_step	step_one_session(struct client *,
			    const struct session *);
static enum ctl_step	step_idle_calls(struct client *);
static enum ctl_step	step_session(struct client *);
static enum ctl_step	step_call(struct client *);
static enum ctl_step	step_explain(struct client *);
static int	ctl_is_about(const struct client *, const struct session *);
static void	ctl_called(uint32_t, const char *);
static struct tunnel	*ctl_tunnel(const struct client *);
static enum ctl_step	step_close_tunnel(struct client *);
static enum ctl_step	step_close_session(struct client *);
static void	ctl_stats(uint32_t, const struct dpmsg *);
static void	ctl_done_err(struct client *, int, const char *);

static const struct ctl_verb ctl_verbs[] = {
	{ CTL_SHOW_STATUS, step_status },
	{ CTL_SHOW_TUNNELS, step_tunnels },
	{ CTL_SHOW_SESSIONS, step_sessions },
	{ CTL_CLOSE_TUNNEL, step_close_tunnel },
	{ CTL_CLOSE_SESSION, step_close_session },
	{ CTL_SHOW_SESSION, step_session },
	{ CTL_CALL, step_call },
	{ CTL_EXPLAIN, step_explain }
};

void
ctl_init(int fd)
{
	struct client	*c;
	size_t		 i;

	for (i = 0; i < CTL_MAX_CLIENTS; i++) {
		c = &ctl_state.clients[i];
		c->fd = -1;
		if (loop_timer_init(&c->idle, ctl_idle, c) == -1)
			fatal("calloc");
	}
	ctl_state.fd = fd;
	if (loop_timer_init(&ctl_state.pause, ctl_resume, NULL) == -1 ||
	    loop_add(fd, EPOLLIN, ctl_accept, NULL) == -1)
		fatal("control socket");
}

static void
ctl_accept(void *arg, uint32_t events)
{
	struct client	*c;
	struct ucred	 cred;
	socklen_t	 len = sizeof(cred);
	int		 fd;

	(void)arg;
	(void)events;
	fd = accept4(ctl_state.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd == -1 && (errno == EMFILE || errno == ENFILE)) {
		log_warn("control socket");
		loop_events(ctl_state.fd, 0);
		loop_timer_set(&ctl_state.pause, loop_now() + CTL_PAUSE_MS);
	}
	if (fd == -1)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == -1 ||
	    (c = ctl_slot(cred.uid)) == NULL ||
	    loop_add(fd, EPOLLIN, ctl_ready, c) == -1) {
		close(fd);
		return;
	}
	c->fd = fd;
	c->uid = cred.uid;
	c->verb = NULL;
	loop_timer_set(&c->idle, loop_now() + CTL_IDLE_MS);
}

static void
ctl_resume(void *arg)
{
	(void)arg;
	loop_events(ctl_state.fd, EPOLLIN);
}

/* NULL if there are too many clients, of this user or in all. */
static struct client *
ctl_slot(uid_t uid)
{
	struct client	*c, *unused = NULL;
	size_t		 i, same = 0;

	for (i = 0; i < CTL_MAX_CLIENTS; i++) {
		c = &ctl_state.clients[i];
		if (c->fd != -1 && c->uid == uid)
			same++;
		else if (c->fd == -1 && !c->asked)
			unused = c;
	}
	return (same < CTL_MAX_PER_UID ? unused : NULL);
}

static void
ctl_ready(void *arg, uint32_t events)
{
	struct client	*c = arg;

	if (c->verb == NULL && (events & EPOLLIN) != 0) {
		if (ctl_read(c) == -1)
			ctl_close(c);
		else if (c->verb != NULL)
			ctl_answer(c);
	} else if ((events & (EPOLLHUP | EPOLLERR)) != 0)
		ctl_close(c);
	else if ((events & EPOLLOUT) != 0)
		ctl_answer(c);
}

static int
ctl_read(struct client *c)
{
	enum imsg_status	 status;
	struct imsg		 m;
	size_t			 i;

	status = imsg_recv(c->fd, &m);
	if (status == IMSG_AGAIN)
		return (0);
	if (status != IMSG_OK)
		return (-1);
	if (m.fd != -1) {
		close(m.fd);
		return (-1);
	}
	if (m.hdr.len != sizeof(c->request))
		return (-1);
	memcpy(&c->request, m.data, sizeof(c->request));
	for (i = 0; i < nitems(ctl_verbs); i++)
		if (ctl_verbs[i].type == m.hdr.type)
			c->verb = &ctl_verbs[i];
	if (c->verb == NULL || !ctl_texts_end(&c->request))
		return (-1);
	c->cursor = c->dial = c->dial_call = c->stats_key = 0;
	c->session = c->sent = 0;
	c->calling = 0;
	memset(&c->done, 0, sizeof(c->done));
	if (c->request.version != CTL_VERSION) {
		c->verb = &ctl_verbs[0];
		ctl_done_err(c, EPROTONOSUPPORT, "septumctl and septum-ctld "
		    "are of different versions");
	}
	return (0);
}

static int
ctl_texts_end(const struct ctl_request *r)
{
	return (memchr(r->name, '\0', sizeof(r->name)) != NULL &&
	    memchr(r->session, '\0', sizeof(r->session)) != NULL &&
	    memchr(r->number, '\0', sizeof(r->number)) != NULL &&
	    memchr(r->sub_address, '\0', sizeof(r->sub_address)) != NULL);
}

static void
ctl_answer(struct client *c)
{
	enum ctl_step	 step = STEP_END;

	loop_timer_set(&c->idle, loop_now() + CTL_IDLE_MS);
	if (c->done.err == 0)
		while ((step = c->verb->step(c)) == STEP_MORE)
			continue;
	if (step == STEP_END)
		step = ctl_send(c, CTL_DONE, &c->done, sizeof(c->done));
	if (step != STEP_WAIT && step != STEP_LATER)
		ctl_close(c);
	else	/* an answer goes on by itself, but not over a full socket */
		loop_events(c->fd, step == STEP_WAIT ? EPOLLOUT : 0);
}

static void
ctl_close(struct client *c)
{
	loop_del(c->fd);
	close(c->fd);
	c->fd = -1;
	c->calling = 0;
	loop_timer_set(&c->idle, LOOP_NEVER);
}

static void
ctl_idle(void *arg)
{
	ctl_close(arg);
}

static enum ctl_step
ctl_send(struct client *c, uint16_t type, const void *data, size_t len)
{
	switch (imsg_send(c->fd, type, 0, -1, data, len)) {
	case IMSG_OK:
		return (STEP_MORE);
	case IMSG_AGAIN:
		return (STEP_WAIT);
	default:
		return (STEP_CLOSED);
	}
}

static enum ctl_step
step_status(struct client *c)
{
	struct ctl_status	 st = { 0 };
	enum ctl_step		 step;

	if (c->cursor != 0)
		return (STEP_END);
	fill_status(&st);
	if ((step = ctl_send(c, CTL_STATUS, &st, sizeof(st))) == STEP_MORE)
		c->cursor = 1;
	return (step);
}

/* First what there is, then what is to be dialled but is not there. */
static enum ctl_step
step_tunnels(struct client *c)
{
	struct ctl_tunnel	 rec = { 0 };
	const struct tunnel	*t = tun_after(c->cursor);
	const struct dial	*d;
	enum ctl_step		 step;

	if (t != NULL && tun_is_over(t)) {
		c->cursor = t->key;
		return (STEP_MORE);
	}
	if (t != NULL && c->dial == 0) {
		fill_tunnel(t, &rec);
		if ((step = ctl_send(c, CTL_TUNNEL, &rec, sizeof(rec))) ==
		    STEP_MORE)
			c->cursor = t->key;
		return (step);
	}
	while ((d = dial_get(c->dial)) != NULL && d->tun != NULL)
		c->dial++;
	if (d == NULL)
		return (STEP_END);
	fill_dial(d, &rec);
	if ((step = ctl_send(c, CTL_TUNNEL, &rec, sizeof(rec))) == STEP_MORE)
		c->dial++;
	return (step);
}

static enum ctl_step
step_sessions(struct client *c)
{
	const struct session	*s = sess_after(c->cursor);

	if (c->asked)
		return (STEP_LATER);
	if (s == NULL || c->dial != 0 || c->dial_call != 0)
		return (step_idle_calls(c));
	return (step_one_session(c, s));
}

/* Asks dpd, then sends the session, then, if wanted, what else is known. */
static enum ctl_step
step_one_session(struct client *c, const struct session *s)
{
	struct ctl_details	 details = { 0 };
	struct ctl_session	 rec = { 0 };
	enum ctl_step		 step = STEP_MORE;

	if (s->state == SESS_STARTED && c->stats_key != s->key) {
		c->asked = 1;
		c->stats_key = s->key;
		dp_stats(s->handle, ctl_stats,
		    (uint32_t)(c - ctl_state.clients));
		return (STEP_LATER);
	}
	if (c->sent != s->key) {
		fill_session(s, &rec);
		if (c->stats_key == s->key)
			fill_counters(&c->stats, &rec);
		step = ctl_send(c, CTL_SESSION, &rec, sizeof(rec));
		if (step == STEP_MORE)
			c->sent = s->key;
		return (step);
	}
	if (c->request.details && fill_details(s, &details) == 0)
		step = ctl_send(c, CTL_DETAILS, &details, sizeof(details));
	if (step == STEP_MORE)
		c->cursor = s->key;
	return (step);
}

/* Then the sessions that are to be placed but are not. */
static enum ctl_step
step_idle_calls(struct client *c)
{
	struct ctl_session	 rec = { 0 };
	const struct dial_call	*dc;
	const struct dial	*d;
	enum ctl_step		 step;

	while ((d = dial_get(c->dial)) != NULL) {
		while (c->dial_call < d->n_calls) {
			dc = &d->calls[c->dial_call];
			if (dc->sess == NULL) {
				fill_call(dc, &rec);
				step = ctl_send(c, CTL_SESSION, &rec,
				    sizeof(rec));
				if (step == STEP_MORE)
					c->dial_call++;
				return (step);
			}
			c->dial_call++;
		}
		c->dial++;
		c->dial_call = 0;
	}
	return (STEP_END);
}

/* The client may have gone in the meantime; its place was kept. */
static void
ctl_stats(uint32_t key, const struct dpmsg *m)
{
	struct client	*c = &ctl_state.clients[key];

	c->asked = 0;
	c->stats = m->u.stats_reply;
	if (c->fd != -1)
		ctl_answer(c);
}

/* The one session that the request or the client's call is about. */
static enum ctl_step
step_session(struct client *c)
{
	const struct session	*s;
	const struct tunnel	*t;

	if (c->asked)
		return (STEP_LATER);
	if (c->session == 0) {
		t = tun_find(c->request.local_tid);
		s = t == NULL ? NULL : sess_find(t, c->request.local_sid);
		if (s == NULL) {
			ctl_done_err(c, ENOENT, "no such session");
			return (STEP_END);
		}
		c->session = s->key;
	}
	if (c->cursor == c->session)
		return (STEP_END);
	if ((s = sess_by_key(c->session)) != NULL)
		return (step_one_session(c, s));
	ctl_done_err(c, ENOENT, "the session has ended");
	return (STEP_END);
}

/* Until the call is up, or is not; however long that takes. */
static enum ctl_step
step_call(struct client *c)
{
	const struct ctl_request	*r = &c->request;
	const struct session		*s;
	const char			*reason = "no such tunnel";
	struct tunnel			*t;

	if (c->session == 0) {
		t = ctl_tunnel(c);
		s = t == NULL ? NULL : sess_order(t, r->number,
		    r->sub_address, ctl_called, &reason);
		if (s == NULL) {
			ctl_done_err(c, EINVAL, reason);
			return (STEP_END);
		}
		c->session = s->key;
		c->calling = 1;
	}
	if (!c->calling)
		return (step_session(c));
	loop_timer_set(&c->idle, LOOP_NEVER);
	return (STEP_LATER);
}

/* The client may have gone in the meantime. */
static void
ctl_called(uint32_t key, const char *reason)
{
	struct client	*c;
	size_t		 i;

	for (i = 0; i < CTL_MAX_CLIENTS; i++) {
		c = &ctl_state.clients[i];
		if (c->fd == -1 || !c->calling || c->session != key)
			continue;
		c->calling = 0;
		if (reason != NULL)
			ctl_done_err(c, ECONNREFUSED, reason);
		ctl_answer(c);
	}
}

/* The MTUs of the Ethernet sessions that there are. */
static enum ctl_step
step_explain(struct client *c)
{
	const struct session	*s = sess_after(c->cursor);
	struct ctl_mtu		 rec = { 0 };
	enum ctl_step		 step = STEP_MORE;

	if (s == NULL) {
		if (c->sent == 0)
			ctl_done_err(c, ENOENT, "no such Ethernet session");
		return (STEP_END);
	}
	if (ctl_is_about(c, s)) {
		fill_mtu(s, &rec);
		step = ctl_send(c, CTL_MTU, &rec, sizeof(rec));
		if (step == STEP_MORE)
			c->sent = s->key;
	}
	if (step == STEP_MORE)
		c->cursor = s->key;
	return (step);
}

/* What has no name in the request is anything. */
static int
ctl_is_about(const struct client *c, const struct session *s)
{
	const struct ctl_request	*r = &c->request;

	return (s->alive && s->mtu != 0 &&
	    s->conf->pseudowire == DP_PW_ETH &&
	    (r->name[0] == '\0' || strcmp(r->name, tun_name(s->tun)) == 0) &&
	    (r->session[0] == '\0' || strcmp(r->session, s->conf->name) ==
	    0));
}

/*
 * By its id, or by its name in the configuration: of the tunnels with a peer
 * of that name the first that is up.  NULL if there is none.
 */
static struct tunnel *
ctl_tunnel(const struct client *c)
{
	struct tunnel	*t;

	if (c->request.local_tid != 0)
		return (tun_find(c->request.local_tid));
	for (t = tun_after(0); t != NULL; t = tun_after(t->key))
		if (t->alive && t->was_up &&
		    strcmp(tun_name(t), c->request.name) == 0)
			break;
	return (t);
}

static enum ctl_step
step_close_tunnel(struct client *c)
{
	struct tunnel	*t;
	struct dial	*d;

	if (c->request.local_tid != 0)
		t = tun_find(c->request.local_tid);
	else {
		d = dial_find(c->request.name);
		t = d != NULL ? d->tun : NULL;
	}
	if (t == NULL || tun_close(t, L2TP_STOP_CLEAR, 0, NULL) == -1)
		ctl_done_err(c, ENOENT, "no such tunnel, or it is not up");
	return (STEP_END);
}

static enum ctl_step
step_close_session(struct client *c)
{
	struct tunnel	*t = tun_find(c->request.local_tid);
	struct session	*s;

	s = t != NULL ? sess_find(t, c->request.local_sid) : NULL;
	if (s == NULL || sess_close(s, L2TP_CDN_ADMIN, 0, NULL) == -1)
		ctl_done_err(c, ENOENT, "no such session");
	return (STEP_END);
}

static void
ctl_done_err(struct client *c, int err, const char *text)
{
	c->done.err = err;
	strlcpy(c->done.text, text, sizeof(c->done.text));
}
