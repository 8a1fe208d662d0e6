/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnels.  The engine runs the control connection, if there is one; dpd
 * holds the socket and the kernel's tunnel.  Both go through their states by
 * themselves and this file keeps them in step, from when they have begun
 * (tunnel_open.c): dpd's side ends when the engine's does, and the engine can
 * send until nothing has to be acknowledged any more (RFC 2661 section 5.7).
 * A static tunnel has no engine's side and ends only when it is told to.  A
 * tunnel has at most one request outstanding and is freed when both sides and
 * all sessions are over.
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
#include "tunnel_int.h"

static struct tun_globals {
	struct tun_list	 all;
	struct idmap	 by_key;
	uint32_t	 last_key, n, max;
} tun_globals;

static void	tun_answers(struct tunnel *);
static void	tun_made(uint32_t, const struct dpmsg *);
static enum dial_event	tun_verdict(const struct l2tp_cause *);
static void	tun_over(struct tunnel *, enum dial_event, const char *);
static void	tun_ended(struct tunnel *, enum dial_event, const char *);
static void	tun_closed(uint32_t, const struct dpmsg *);
static void	tun_leave_socket(struct tunnel *);

void
tun_init(const struct conf *conf)
{
	TAILQ_INIT(&tun_globals.all);
	tun_globals.max = TUN_SPARE * conf->max_tunnels + conf->max_half_open;
	if (idmap_init(&tun_globals.by_key, conf->max_tunnels) == -1)
		fatal("calloc");
}

struct tunnel *
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
tun_by_key(uint32_t key)
{
	return (idmap_get(&tun_globals.by_key, key));
}

void
tun_failed(struct tunnel *t, const char *reason)
{
	char	 label[TUN_LABEL];

	if (t->offered) {
		t->offered = 0;
		(void)l2tp_tunnel_reject(ctld.engine, t->local_tid,
		    L2TP_STOP_ERROR, L2TP_ERROR_RESOURCES, reason, loop_now());
	}
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
	if (tun_is_fixed(t)) {
		tun_answers(t);
		return;
	}
	t->peer_tid = ev->peer_tid;
	t->remote = ev->tunnel->path.peer;
	t->version = ev->tunnel->version;
	t->since = loop_now();
	t->net_errno = 0;
	t->was_up = 1;
	log_info("%s: up, %s, L2TPv%u, host name \"%s\"", tun_label(t, label),
	    tun_name(t), t->version,
	    text_vis(ev->tunnel->host_name, name, sizeof(name)));
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
	if (t->state == TUN_OPEN)
		tun_make(t);
	else
		tun_open(t, t->allowed->tunnel_rule, &t->local);
}

/* The peer of a quiescent tunnel does not answer: nor are its circuits. */
void
tun_engine_silent(const struct l2tp_event *ev)
{
	struct tunnel	*t = ev->tunnel_user;
	char		 label[TUN_LABEL];

	if (t == NULL || ctld.stopping)
		return;
	t->silent = 1;
	log_warnx("%s: the peer does not answer", tun_label(t, label));
	sess_tunnel_circuit(t);
}

/* It does, or does again. */
static void
tun_answers(struct tunnel *t)
{
	char	 label[TUN_LABEL];

	t->silent = 0;
	log_info("%s: the peer answers", tun_label(t, label));
	sess_tunnel_circuit(t);
}

void
tun_make(struct tunnel *t)
{
	struct dp_tunnel_up	 m = {
		.handle = t->handle, .local_tid = t->local_tid,
		.peer_tid = t->peer_tid, .version = t->version,
		.peer_port = tun_floating_port(t)
	};

	t->state = TUN_MAKING;
	dp_tunnel_up(&m, tun_made, t->key);
}

static void
tun_made(uint32_t key, const struct dpmsg *m)
{
	struct tunnel	*t = idmap_get(&tun_globals.by_key, key);
	char		 label[TUN_LABEL], text[DIAL_REASON];

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
	if (tun_is_fixed(t)) {
		t->since = loop_now();
		t->was_up = 1;
		log_info("%s: up, %s, %s", tun_label(t, label), tun_name(t),
		    t->in_engine ? "quiescent" : "static");
	}
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
	if (t->in_engine)
		return (l2tp_tunnel_close(ctld.engine, t->local_tid, result,
		    error, text, loop_now()));
	tun_over(t, DEV_DOWN, text != NULL ? text : "closed");
	return (0);
}

void
tun_close_all(uint16_t result)
{
	struct tunnel	*t, *next;

	for (t = TAILQ_FIRST(&tun_globals.all); t != NULL; t = next) {
		next = TAILQ_NEXT(t, entry);
		(void)tun_close(t, result, 0, NULL);
	}
}

/* All its calls were reported down before. */
void
tun_engine_down(const struct l2tp_event *ev)
{
	struct tunnel	*t = ev->tunnel_user;
	char		 text[DIAL_REASON];

	if (t != NULL)
		tun_over(t, tun_verdict(ev->cause), cause_of_tunnel(ev->cause,
		    t->net_errno, text, sizeof(text)));
}

static void
tun_over(struct tunnel *t, enum dial_event ev, const char *reason)
{
	char	 label[TUN_LABEL];

	if (t->was_up || t->dialled != NULL)
		log_info("%s: down, reason: %s", tun_label(t, label), reason);
	else if (tun_may_log())
		log_info("%s: not up, %s, reason: %s", tun_label(t, label),
		    tun_name(t), reason);
	if (tun_is_fixed(t))
		sess_tunnel_down(t, reason);
	t->alive = 0;
	tun_ended(t, ev, reason);
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
void
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
void
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
tun_find(uint32_t local_tid)
{
	struct tunnel	*t;

	TAILQ_FOREACH(t, &tun_globals.all, entry)
		if ((t->in_engine || t->alive) && t->local_tid == local_tid)
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

int
tun_is_fixed(const struct tunnel *t)
{
	return (t->dialled != NULL && (t->dialled->mode == CONF_STATIC ||
	    t->dialled->mode == CONF_QUIESCENT));
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
