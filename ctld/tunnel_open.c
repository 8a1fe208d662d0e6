/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * How tunnels begin: those that we dial, those that are offered to us, and
 * those that are just there, static and quiescent; until dpd has given us
 * the socket.
 *
 * Over UDP a SCCRQ costs memory only: the listener answers, and the socket is
 * made once the peer has proved its address.  Over IP (protocol 115) that
 * cannot be: the kernel hands a message to no socket but the one that is
 * bound to the control connection id in its header (RFC 3931 section
 * 4.1.1.1), so the SCCCN finds nobody unless the tunnel's socket is there
 * before the SCCRP is sent.  So there, dpd is asked first.  What holds a
 * flood off is what holds it off from the engine, the limits of rate and of
 * half-open connections, and besides TUN_MAX_OFFERED and the rule's number of
 * tunnels; the socket goes when the connection is not up in time.
 */
#include <stdlib.h>

#include "addr.h"
#include "cause.h"
#include "ctld.h"
#include "dp.h"
#include "log.h"
#include "loop.h"
#include "net.h"
#include "text.h"
#include "tunnel_int.h"

/* Strangers can make us write a line no more often than this. */
#define TUN_LOG_MS	1000

static struct tun_open_state {
	uint64_t	 refused_at;	/* time of the last line about it */
	uint32_t	 n_offered;	/* that wait for dpd */
} tun_open_state;

static int	tun_is_there(const struct conf_tunnel *);
static uint32_t	tun_random_id(void);
static void	tun_offer(const struct l2tp_event *,
		    const struct conf_listen_peer *);
static void	tun_accept(struct tunnel *);
static void	tun_opened(uint32_t, const struct dpmsg *);
static int	tun_take_socket(struct tunnel *, const struct dpmsg *);
static int	tun_call_out(struct tunnel *);
static int	tun_fix(struct tunnel *, const struct l2tp_path *);

struct tunnel *
tun_dial(struct dial *d, const struct l2tp_addr *remote)
{
	struct l2tp_addr	 local;
	struct tunnel		*t;

	if (tun_is_there(d->conf) || (t = tun_new()) == NULL)
		return (NULL);
	t->dial = d;
	t->dialled = d->conf;
	t->remote = *remote;
	if (remote->encap == L2TP_ENCAP_UDP)
		t->listener = net_link(d->conf->listen);
	if (tun_is_fixed(t)) {
		t->local_tid = d->conf->tid;
		t->peer_tid = d->conf->ptid;
		t->version = 3;
	} else if (remote->encap == L2TP_ENCAP_IP)
		t->local_tid = tun_random_id();
	addr_to_l2tp(&d->conf->local, &local);
	tun_open(t, d->conf->rule, &local);
	return (t);
}

/* There can be only one with the ids that are configured. */
static int
tun_is_there(const struct conf_tunnel *conf)
{
	const struct tunnel	*t;

	if (conf->mode != CONF_STATIC && conf->mode != CONF_QUIESCENT)
		return (0);
	for (t = tun_after(0); t != NULL; t = tun_after(t->key))
		if (t->dialled == conf && (t->in_engine || !tun_is_over(t)))
			return (1);
	return (0);
}

/* The engine has the last word on whether it is taken. */
static uint32_t
tun_random_id(void)
{
	uint32_t	 id;

	do
		id = arc4random();
	while (id == 0);
	return (id);
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
		tun_offer(ev, allowed);
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

	if (now - tun_open_state.refused_at < TUN_LOG_MS)
		return (0);
	tun_open_state.refused_at = now;
	return (1);
}

static void
tun_offer(const struct l2tp_event *ev, const struct conf_listen_peer *allowed)
{
	struct peer	*peer = peer_find(allowed->peer);
	struct tunnel	*t;
	int		 over_ip = ev->tunnel->path.peer.encap ==
			    L2TP_ENCAP_IP;

	if (over_ip && tun_open_state.n_offered == TUN_MAX_OFFERED) {
		ctld.n_limited++;
		l2tp_tunnel_ignore(ctld.engine, ev->local_tid, loop_now());
		return;
	}
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
	t->local_tid = ev->local_tid;
	t->peer_tid = ev->peer_tid;
	t->local = ev->tunnel->path.local;
	t->remote = ev->tunnel->path.peer;
	t->offered = 1;
	if (over_ip) {
		tun_open_state.n_offered++;
		tun_open(t, allowed->tunnel_rule, &t->local);
	} else {
		t->listener = ev->tunnel->path.link;
		tun_accept(t);
	}
}

/* Sends the SCCRP; unless the engine has dropped it in the meantime. */
static void
tun_accept(struct tunnel *t)
{
	t->offered = 0;
	t->in_engine = t->alive = 1;
	if (l2tp_tunnel_accept(ctld.engine, t->local_tid, &t->allowed->params,
	    t, loop_now()) == 0) {
		if (t->link != NET_NO_LINK)
			l2tp_tunnel_set_link(ctld.engine, t->local_tid,
			    t->link);
		return;
	}
	t->in_engine = t->alive = 0;
	l2tp_tunnel_ignore(ctld.engine, t->local_tid, loop_now());
	tun_release(t);
}

void
tun_open(struct tunnel *t, uint16_t rule, const struct l2tp_addr *local)
{
	struct dp_tunnel_open	 m = { .rule = rule };

	addr_from_l2tp(local, &m.local);
	addr_from_l2tp(&t->remote, &m.peer);
	if (t->remote.encap == L2TP_ENCAP_IP)
		m.local_tid = t->local_tid;
	if (tun_floating_port(t) != 0)
		m.peer.port = 0;
	t->state = TUN_OPENING;
	dp_tunnel_open(&m, tun_opened, t->key);
}

/* RFC 2661 section 8.1: the peer may answer from another port. */
uint16_t
tun_floating_port(const struct tunnel *t)
{
	return (t->dialled != NULL && !tun_is_fixed(t) &&
	    !t->dialled->params.strict_port ? t->remote.port : 0);
}

static void
tun_opened(uint32_t key, const struct dpmsg *m)
{
	struct tunnel	*t = tun_by_key(key);
	char		 text[DIAL_REASON];

	tun_open_state.n_offered -= t->offered;
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
	else if (ctld.stopping)
		tun_failed(t, "shutting down");
	else if (t->offered)
		tun_accept(t);
	else if (t->alive)
		tun_make(t);
	else if (t->dial != NULL && tun_call_out(t) == 0) {
		dial_opened(t->dial);
		if (tun_is_fixed(t))
			tun_make(t);
	} else
		tun_failed(t, "out of resources");
}

/* Answered tunnels change over from the listener to their own socket. */
static int
tun_take_socket(struct tunnel *t, const struct dpmsg *m)
{
	t->link = net_add(m->fd, t->remote.encap, t->listener, tun_net_error,
	    t->key);
	if (t->link == NET_NO_LINK)
		return (-1);
	net_local(t->link, &t->local);
	if (t->alive)
		l2tp_tunnel_set_link(ctld.engine, t->local_tid, t->link);
	return (0);
}

/* Sends the SCCRQ, or what stands for it. */
static int
tun_call_out(struct tunnel *t)
{
	struct l2tp_path	 path = { t->local, t->remote, t->link };

	if (tun_is_fixed(t))
		return (tun_fix(t, &path));
	if (l2tp_tunnel_open(ctld.engine, &path, &t->dialled->params, t,
	    loop_now(), &t->local_tid) == -1)
		return (-1);
	t->in_engine = t->alive = 1;
	return (0);
}

/* A static tunnel has no control connection at all. */
static int
tun_fix(struct tunnel *t, const struct l2tp_path *path)
{
	if (t->dialled->mode == CONF_QUIESCENT) {
		if (l2tp_tunnel_fixed(ctld.engine, path, &t->dialled->params,
		    t, loop_now(), t->local_tid, t->peer_tid) == -1)
			return (-1);
		t->in_engine = 1;
	}
	t->alive = 1;
	return (0);
}
