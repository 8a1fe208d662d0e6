/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnels.  The engine runs the control connection; dpd holds the socket and
 * the kernel's tunnel.  Both go through their states by themselves and this
 * file keeps them in step: nothing is asked of dpd for a peer that has not
 * proved its address, dpd's side ends when the engine's does, and the engine
 * can send until nothing has to be acknowledged any more (RFC 2661 section
 * 5.7).  A tunnel has at most one request outstanding and is freed when both
 * sides and all sessions are over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "cause.h"
#include "ctld.h"
#include "dp.h"
#include "log.h"
#include "loop.h"
#include "net.h"
#include "session.h"
#include "text.h"
#include "tunnel.h"

/* Strangers can make us write a line no more often than this. */
#define TUN_LOG_MS	1000

static struct tun_globals {
	struct tun_list	 all;
	struct idmap	 by_key;
	uint32_t	 last_key, n, max;
	uint64_t	 refused_at;	/* time of the last line about it */
} tun_globals;

static struct tunnel	*tun_new(void);
static void	tun_accept(const struct l2tp_event *,
		    const struct conf_listen_peer *);
static void	tun_open(struct tunnel *, uint16_t, const struct l2tp_addr *);
static void	tun_opened(uint32_t, const struct dpmsg *);
static int	tun_take_socket(struct tunnel *, const struct dpmsg *);
static int	tun_call_out(struct tunnel *);
static void	tun_failed(struct tunnel *, const char *);
static void	tun_make(struct tunnel *);
static void	tun_made(uint32_t, const struct dpmsg *);
static enum dial_event	tun_verdict(const struct l2tp_cause *);
static void	tun_ended(struct tunnel *, enum dial_event, const char *);
static void	tun_release(struct tunnel *);
static void	tun_closed(uint32_t, const struct dpmsg *);
static void	tun_leave_socket(struct tunnel *);
static void	tun_net_error(uint32_t, int, int);
static uint16_t	tun_floating_port(const struct tunnel *);

void
tun_init(const struct conf *conf)
{
	TAILQ_INIT(&tun_globals.all);
	tun_globals.max = TUN_SPARE * conf->max_tunnels + conf->max_half_open;
	if (idmap_init(&tun_globals.by_key, conf->max_tunnels) == -1)
		fatal("calloc");
}

static struct tunnel *
tun_new(void)
{
	struct tunnel	*t;

	if (tun_globals.n == tun_globals.max ||
	    (t = calloc(1, sizeof(*t))) == NULL)
		return (NULL);
	tun_globals.n++;
	t->link = t->listener = NET_NO_LINK;
	t->since = loop_now();
	t->key = ++tun_globals.last_key;
	TAILQ_INIT(&t->sessions);
	TAILQ_INSERT_TAIL(&tun_globals.all, t, entry);
	idmap_put(&tun_globals.by_key, &t->by_key, t->key, t);
	return (t);
}

struct tunnel *
tun_dial(struct dial *d, const struct l2tp_addr *remote)
{
	struct l2tp_addr	 local;
	struct tunnel		*t;

	if ((t = tun_new()) == NULL)
		return (NULL);
	t->dial = d;
	t->dialled = d->conf;
	t->listener = net_link(d->conf->listen);
	t->remote = *remote;
	addr_to_l2tp(&d->conf->local, &local);
	tun_open(t, d->conf->rule, &local);
	return (t);
}

/*
 * A SCCRQ.  What comes too often or from a network that nobody may call
 * from is not worth an answer to a source that may be forged.
 */
void
tun_in(const struct l2tp_event *ev)
{
	const struct l2tp_path		*path = &ev->tunnel->path;
	const struct conf_listen	*listen = net_listener(path->link);
	const struct conf_listen_peer	*allowed = NULL;
	char				 text[ADDR_TEXT], name[256];
	uint64_t			 now = loop_now();

	if (listen != NULL)
		allowed = peer_match(listen, &path->peer,
		    ev->tunnel->host_name);
	if (listen == NULL || ctld.stopping ||
	    !peer_limit(&path->peer, allowed != NULL, now)) {
		ctld.n_limited++;
		l2tp_tunnel_ignore(ctld.engine, ev->local_tid, now);
		return;
	}
	if (allowed != NULL) {
		tun_accept(ev, allowed);
		return;
	}
	ctld.n_unmatched++;
	if (tun_may_log())
		log_info("refused tunnel from %s, host name \"%s\": "
		    "no peer matches", addr_text(&path->peer, text),
		    text_vis(ev->tunnel->host_name, name, sizeof(name)));
	l2tp_tunnel_reject(ctld.engine, ev->local_tid,
	    L2TP_STOP_NOT_AUTHORIZED, 0, "no peer matches", now);
}

int
tun_may_log(void)
{
	uint64_t	 now = loop_now();

	if (now - tun_globals.refused_at < TUN_LOG_MS)
		return (0);
	tun_globals.refused_at = now;
	return (1);
}

static void
tun_accept(const struct l2tp_event *ev, const struct conf_listen_peer *allowed)
{
	struct peer	*peer = peer_find(allowed->peer);
	struct tunnel	*t;

	/* A tunnel that is to be replaced counts until this one is up. */
	t = peer->n_tunnels < peer->conf->max_tunnels ||
	    (peer->conf->params.quirks & L2TP_QUIRK_SINGLE_TUNNEL) != 0 ?
	    tun_new() : NULL;
	if (t == NULL) {
		l2tp_tunnel_reject(ctld.engine, ev->local_tid, L2TP_STOP_ERROR,
		    L2TP_ERROR_RESOURCES, "too many tunnels", loop_now());
		return;
	}
	t->allowed = allowed;
	t->peer = peer;
	t->local_tid = (uint16_t)ev->local_tid;
	t->peer_tid = (uint16_t)ev->peer_tid;
	t->local = ev->tunnel->path.local;
	t->remote = ev->tunnel->path.peer;
	t->listener = ev->tunnel->path.link;
	t->in_engine = t->alive = 1;
	if (l2tp_tunnel_accept(ctld.engine, ev->local_tid,
	    &allowed->peer->params, t, loop_now()) == 0)
		return;
	t->in_engine = t->alive = 0;
	l2tp_tunnel_ignore(ctld.engine, ev->local_tid, loop_now());
	tun_release(t);
}

static void
tun_open(struct tunnel *t, uint16_t rule, const struct l2tp_addr *local)
{
	struct dp_tunnel_open	 m = { .rule = rule };

	addr_from_l2tp(local, &m.local);
	addr_from_l2tp(&t->remote, &m.peer);
	if (tun_floating_port(t) != 0)
		m.peer.port = 0;
	t->state = TUN_OPENING;
	dp_tunnel_open(&m, tun_opened, t->key);
}

/* RFC 2661 section 8.1: the peer may answer from another port. */
static uint16_t
tun_floating_port(const struct tunnel *t)
{
	return (t->dialled != NULL && !t->dialled->params.strict_port ?
	    t->remote.port : 0);
}

static void
tun_opened(uint32_t key, const struct dpmsg *m)
{
	struct tunnel	*t = idmap_get(&tun_globals.by_key, key);
	char		 text[DIAL_REASON];

	t->state = TUN_NONE;
	if (m->u.handle_reply.err != 0) {
		tun_failed(t, cause_errno(m->u.handle_reply.err, text,
		    sizeof(text)));
		return;
	}
	t->state = TUN_OPEN;
	t->handle = m->u.handle_reply.handle;
	if (tun_take_socket(t, m) == -1)
		tun_failed(t, "out of resources");
	else if (t->alive && !ctld.stopping)
		tun_make(t);
	else if (t->dial != NULL && tun_call_out(t) == 0)
		dial_opened(t->dial);
	else
		tun_failed(t, ctld.stopping ? "shutting down" :
		    "out of resources");
}

/* Answered tunnels change over from the listener to their own socket. */
static int
tun_take_socket(struct tunnel *t, const struct dpmsg *m)
{
	t->link = net_add(m->fd, t->listener, tun_net_error, t->key);
	if (t->link == NET_NO_LINK)
		return (-1);
	net_local(t->link, &t->local);
	if (t->alive)
		l2tp_tunnel_set_link(ctld.engine, t->local_tid, t->link);
	return (0);
}

/* Sends the SCCRQ. */
static int
tun_call_out(struct tunnel *t)
{
	struct l2tp_path	 path = { t->local, t->remote, t->link };
	uint32_t		 local_tid = 0;

	if (ctld.stopping || l2tp_tunnel_open(ctld.engine, &path,
	    &t->dialled->params, t, loop_now(), &local_tid) == -1)
		return (-1);
	t->local_tid = (uint16_t)local_tid;
	t->in_engine = t->alive = 1;
	return (0);
}

/* Cannot go on because of something on our side. */
static void
tun_failed(struct tunnel *t, const char *reason)
{
	char	 label[TUN_LABEL];

	if (t->alive) {
		log_warnx("%s: %s", tun_label(t, label), reason);
		tun_close(t, L2TP_STOP_ERROR, L2TP_ERROR_RESOURCES, reason);
	}
	tun_ended(t, DEV_DOWN, reason);
	tun_release(t);
}

void
tun_engine_up(const struct l2tp_event *ev)
{
	struct tunnel	*t = ev->tunnel_user;
	char		 label[TUN_LABEL], name[256];

	if (t == NULL || ctld.stopping)
		return;
	t->peer_tid = (uint16_t)ev->peer_tid;
	t->remote = ev->tunnel->path.peer;
	t->since = loop_now();
	t->net_errno = 0;
	t->was_up = 1;
	log_info("%s: up, %s, host name \"%s\"", tun_label(t, label),
	    tun_name(t), text_vis(ev->tunnel->host_name, name, sizeof(name)));
	if (t->dialled != NULL) {
		tun_make(t);
		return;
	}
	/* The address is proved: now the caller counts. */
	if (t->peer->n_tunnels >= t->peer->conf->max_tunnels) {
		tun_failed(t, "too many tunnels");
		return;
	}
	t->peer->n_tunnels++;
	t->counted = 1;
	tun_open(t, t->allowed->tunnel_rule, &t->local);
}

static void
tun_make(struct tunnel *t)
{
	struct dp_tunnel_up	 m = {
		.handle = t->handle, .local_tid = t->local_tid,
		.peer_tid = t->peer_tid, .version = 2,
		.peer_port = tun_floating_port(t)
	};

	t->state = TUN_MAKING;
	dp_tunnel_up(&m, tun_made, t->key);
}

static void
tun_made(uint32_t key, const struct dpmsg *m)
{
	struct tunnel	*t = idmap_get(&tun_globals.by_key, key);
	char		 text[DIAL_REASON];

	t->state = TUN_OPEN;
	if (m->u.reply.err != 0) {
		tun_failed(t, cause_errno(m->u.reply.err, text, sizeof(text)));
		return;
	}
	if (!t->alive) {
		tun_release(t);
		return;
	}
	t->state = TUN_UP;
	net_local(t->link, &t->local);	/* it was bound at the latest now */
	sess_tunnel_up(t);
	if (t->dial != NULL)
		dial_up(t->dial);
}

void
tun_abandon(struct tunnel *t)
{
	t->dial = NULL;
	(void)tun_close(t, L2TP_STOP_CLEAR, 0, NULL);
}

int
tun_close(struct tunnel *t, uint16_t result, uint16_t error, const char *text)
{
	if (!t->alive)
		return (-1);
	return (l2tp_tunnel_close(ctld.engine, t->local_tid, result, error,
	    text, loop_now()));
}

void
tun_close_all(uint16_t result)
{
	struct tunnel	*t;

	TAILQ_FOREACH(t, &tun_globals.all, entry)
		(void)tun_close(t, result, 0, NULL);
}

/* All its calls were reported down before. */
void
tun_engine_down(const struct l2tp_event *ev)
{
	struct tunnel	*t = ev->tunnel_user;
	char		 label[TUN_LABEL], text[DIAL_REASON];
	const char	*reason;

	if (t == NULL)
		return;
	reason = cause_tunnel(ev->cause, t->net_errno, text, sizeof(text));
	if (t->was_up || t->dialled != NULL)
		log_info("%s: down, reason: %s", tun_label(t, label), reason);
	else if (tun_may_log())
		log_info("%s: not up, %s, reason: %s", tun_label(t, label),
		    tun_name(t), reason);
	t->alive = 0;
	tun_ended(t, tun_verdict(ev->cause), reason);
	tun_release(t);
}

void
tun_engine_gone(const struct l2tp_event *ev)
{
	struct tunnel	*t = ev->tunnel_user;

	if (t == NULL)
		return;
	t->in_engine = 0;
	tun_release(t);
}

static enum dial_event
tun_verdict(const struct l2tp_cause *cause)
{
	if (cause->by == L2TP_BY_TIE)
		return (DEV_YIELDED);
	return (cause_try_another(cause) ? DEV_ANOTHER : DEV_DOWN);
}

/* Tells whoever counts on the tunnel that it has ended; once. */
static void
tun_ended(struct tunnel *t, enum dial_event ev, const char *reason)
{
	struct dial	*d = t->dial;

	if (t->counted) {
		t->peer->n_tunnels--;
		dial_rival_gone(&t->remote);
	}
	t->counted = 0;
	t->dial = NULL;
	if (d != NULL)
		dial_down(d, ev, reason);
}

void
tun_session_freed(struct tunnel *t)
{
	t->n_sessions--;
	tun_release(t);
}

/*
 * Takes the next step of releasing a tunnel that has ended: dpd's side when
 * its sessions are over, the socket of a dialled one when the engine needs
 * it no more, and at last the memory.
 */
static void
tun_release(struct tunnel *t)
{
	if (t->alive || t->n_sessions > 0)
		return;
	if (t->state == TUN_OPEN || t->state == TUN_UP) {
		t->state = TUN_CLOSING;
		dp_tunnel_close(t->handle, tun_closed, t->key);
	}
	if (t->in_engine)
		return;
	tun_leave_socket(t);
	if (t->state != TUN_NONE && t->state != TUN_CLOSED)
		return;
	TAILQ_REMOVE(&tun_globals.all, t, entry);
	idmap_del(&tun_globals.by_key, &t->by_key);
	tun_globals.n--;
	free(t);
}

static void
tun_closed(uint32_t key, const struct dpmsg *m)
{
	struct tunnel	*t = idmap_get(&tun_globals.by_key, key);
	char		 label[TUN_LABEL];

	if (m->u.reply.err != 0)
		log_warnx("%s: TUNNEL_CLOSE: %s", tun_label(t, label),
		    strerror(m->u.reply.err));
	t->state = TUN_CLOSED;
	if (t->listener != NET_NO_LINK)
		tun_leave_socket(t);
	tun_release(t);
}

/*
 * What is still to be acknowledged goes through the listener of the same
 * port, if there is one.  The socket must not outlive its tunnel then: when
 * the peer calls again from the same port, the old one could catch what is
 * for the new one.
 */
static void
tun_leave_socket(struct tunnel *t)
{
	if (t->link == NET_NO_LINK)
		return;
	if (t->in_engine)
		(void)l2tp_tunnel_set_link(ctld.engine, t->local_tid,
		    t->listener);
	net_del(t->link);
	t->link = NET_NO_LINK;
}

/*
 * An ICMP error is a hint that anybody can forge, and older kernels do not
 * report it at all: it only explains a silence.  But a SCCRQ that our own
 * kernel cannot send needs no answer to wait for.
 */
static void
tun_net_error(uint32_t key, int err, int unsent)
{
	struct tunnel	*t = idmap_get(&tun_globals.by_key, key);
	char		 text[DIAL_REASON];

	if (t == NULL)
		return;
	t->net_errno = err;
	if (unsent && t->dial != NULL && !t->was_up)
		tun_failed(t, cause_errno(err, text, sizeof(text)));
}

int
tun_is_over(const struct tunnel *t)
{
	return (!t->alive && t->n_sessions == 0 &&
	    (t->state == TUN_NONE || t->state == TUN_CLOSED));
}

struct tunnel *
tun_after(uint32_t key)
{
	struct tunnel	*t;

	/* Where the last one still is, its successor is next to it. */
	if ((t = idmap_get(&tun_globals.by_key, key)) != NULL)
		return (TAILQ_NEXT(t, entry));
	TAILQ_FOREACH(t, &tun_globals.all, entry)
		if (t->key > key)
			break;
	return (t);
}

struct tunnel *
tun_find(uint16_t local_tid)
{
	struct tunnel	*t;

	TAILQ_FOREACH(t, &tun_globals.all, entry)
		if (t->in_engine && t->local_tid == local_tid)
			break;
	return (t);
}

int
tun_answered(const struct l2tp_addr *addr)
{
	const struct tunnel	*t;

	TAILQ_FOREACH(t, &tun_globals.all, entry)
		if (t->counted && addr_is_host(&t->remote, addr))
			return (1);
	return (0);
}

const char *
tun_name(const struct tunnel *t)
{
	return (t->dialled != NULL ? t->dialled->name : t->peer->conf->name);
}

const char *
tun_label(const struct tunnel *t, char label[TUN_LABEL])
{
	char	 text[ADDR_TEXT];

	snprintf(label, TUN_LABEL, "tunnel %u/%u %s", t->local_tid,
	    t->peer_tid, addr_text(&t->remote, text));
	return (label);
}
