/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Redialling.  An attempt goes through the peers in order of priority and
 * through all addresses of each, names being resolved anew every time; when
 * the list is at its end we wait, longer after each round, and start over.
 * Nothing but dial_stop() ends this.  Calls of a tunnel that is up have a
 * waiting time of their own.  No sockets and no packets in here.
 */
#include <stdlib.h>
#include <string.h>

#include "dial.h"
#include "log.h"
#include "resolver.h"
#include "session.h"
#include "tunnel.h"

#define DIAL_STABLE_MS	30000		/* up so long: begin at min again */
#define DIAL_RESOLVE_MS	60000
#define DIAL_JITTER	20		/* per cent, up and down */

static struct dial_globals {
	struct dial	*dials;
	uint32_t	 n;
} dial_globals;

typedef enum dial_state	 dial_action(struct dial *);

static void	dial_event(struct dial *, enum dial_event);
static void	dial_timer(void *);
static void	dial_call_timer(void *);
static void	dial_call_place(struct dial_call *);
static void	dial_reason(struct dial *, const char *);
static uint64_t	redial_wait(struct redial *, const struct conf_tunnel *);
static int	dial_usable(const struct dial *, const struct l2tp_addr *);
static int	dial_is_alone(const struct dial_call *);
static dial_action	act_begin, act_next, act_another, act_unanswered,
			act_opened, act_up, act_again, act_yield, act_stop,
			act_ignore;

static const char *const dial_names[DIAL_NSTATES] = {
	[DIAL_WAITING] = "waiting",
	[DIAL_RESOLVING] = "resolving",
	[DIAL_OPENING] = "opening",
	[DIAL_DIALING] = "dialing",
	[DIAL_UP] = "up",
	[DIAL_STOPPED] = "stopped"
};

/* The actions say what the next state is. */
static dial_action *const dial_table[DIAL_NSTATES][DEV_NEVENTS] = {
	[DIAL_WAITING] = {
		[DEV_TIMER] = act_begin,
		[DEV_RESOLVED] = act_ignore,
		[DEV_UNRESOLVED] = act_ignore,
		[DEV_OPENED] = act_ignore,
		[DEV_UP] = act_ignore,
		[DEV_DOWN] = act_ignore,
		[DEV_ANOTHER] = act_ignore,
		[DEV_YIELDED] = act_ignore,
		[DEV_STOP] = act_stop
	},
	[DIAL_RESOLVING] = {
		[DEV_TIMER] = act_unanswered,
		[DEV_RESOLVED] = act_next,
		[DEV_UNRESOLVED] = act_next,
		[DEV_OPENED] = act_ignore,
		[DEV_UP] = act_ignore,
		[DEV_DOWN] = act_ignore,
		[DEV_ANOTHER] = act_ignore,
		[DEV_YIELDED] = act_ignore,
		[DEV_STOP] = act_stop
	},
	[DIAL_OPENING] = {
		[DEV_TIMER] = act_ignore,
		[DEV_RESOLVED] = act_ignore,
		[DEV_UNRESOLVED] = act_ignore,
		[DEV_OPENED] = act_opened,
		[DEV_UP] = act_ignore,
		[DEV_DOWN] = act_next,
		[DEV_ANOTHER] = act_another,
		[DEV_YIELDED] = act_yield,
		[DEV_STOP] = act_stop
	},
	[DIAL_DIALING] = {
		[DEV_TIMER] = act_ignore,
		[DEV_RESOLVED] = act_ignore,
		[DEV_UNRESOLVED] = act_ignore,
		[DEV_OPENED] = act_ignore,
		[DEV_UP] = act_up,
		[DEV_DOWN] = act_next,
		[DEV_ANOTHER] = act_another,
		[DEV_YIELDED] = act_yield,
		[DEV_STOP] = act_stop
	},
	[DIAL_UP] = {
		[DEV_TIMER] = act_ignore,
		[DEV_RESOLVED] = act_ignore,
		[DEV_UNRESOLVED] = act_ignore,
		[DEV_OPENED] = act_ignore,
		[DEV_UP] = act_ignore,
		[DEV_DOWN] = act_again,
		[DEV_ANOTHER] = act_another,
		[DEV_YIELDED] = act_yield,
		[DEV_STOP] = act_stop
	},
	[DIAL_STOPPED] = {
		[DEV_TIMER] = act_ignore,
		[DEV_RESOLVED] = act_ignore,
		[DEV_UNRESOLVED] = act_ignore,
		[DEV_OPENED] = act_ignore,
		[DEV_UP] = act_ignore,
		[DEV_DOWN] = act_ignore,
		[DEV_ANOTHER] = act_ignore,
		[DEV_YIELDED] = act_ignore,
		[DEV_STOP] = act_ignore
	}
};

void
dial_init(const struct conf *conf)
{
	const struct conf_tunnel	*ct;
	const struct conf_session	*cs;
	struct dial			*d;
	struct dial_call		*dc;
	size_t				 n = 0;

	TAILQ_FOREACH(ct, &conf->tunnels, entry)
		n++;
	if ((dial_globals.dials = calloc(n + 1, sizeof(*d))) == NULL)
		fatal("calloc");
	TAILQ_FOREACH(ct, &conf->tunnels, entry) {
		d = &dial_globals.dials[dial_globals.n];
		d->index = dial_globals.n++;
		d->conf = ct;
		n = 0;
		TAILQ_FOREACH(cs, &ct->sessions, entry)
			n += !cs->on_demand;
		d->calls = calloc(n + 1, sizeof(*d->calls));
		if (d->calls == NULL ||
		    loop_timer_init(&d->redial.timer, dial_timer, d) == -1)
			fatal("calloc");
		TAILQ_FOREACH(cs, &ct->sessions, entry) {
			if (cs->on_demand)
				continue;
			dc = &d->calls[d->n_calls++];
			dc->dial = d;
			dc->conf = cs;
			if (loop_timer_init(&dc->redial.timer,
			    dial_call_timer, dc) == -1)
				fatal("calloc");
		}
	}
}

void
dial_start(void)
{
	uint32_t	 i;

	for (i = 0; i < dial_globals.n; i++)
		dial_event(&dial_globals.dials[i], DEV_TIMER);
}

void
dial_stop(void)
{
	uint32_t	 i;

	for (i = 0; i < dial_globals.n; i++)
		dial_event(&dial_globals.dials[i], DEV_STOP);
}

struct dial *
dial_get(uint32_t index)
{
	return (index < dial_globals.n ? &dial_globals.dials[index] : NULL);
}

struct dial *
dial_find(const char *name)
{
	uint32_t	 i;

	for (i = 0; i < dial_globals.n; i++)
		if (strcmp(dial_globals.dials[i].conf->name, name) == 0)
			return (&dial_globals.dials[i]);
	return (NULL);
}

const char *
dial_state_name(enum dial_state state)
{
	return (dial_names[state]);
}

void
dial_resolved(uint32_t id, const struct l2tp_addr *addrs, size_t n,
    const char *reason)
{
	struct dial	*d = dial_get(id & 0xffff);
	size_t		 i;

	if (d == NULL || d->state != DIAL_RESOLVING || d->attempt != id >> 16)
		return;			/* an answer that came too late */
	d->n_addrs = d->next_addr = 0;
	for (i = 0; i < n && d->n_addrs < DIAL_MAX_ADDRS; i++)
		if (dial_usable(d, &addrs[i])) {
			d->addrs[d->n_addrs] = addrs[i];
			d->addrs[d->n_addrs++].encap = d->conf->local.encap;
		}
	if (n > 0 && d->n_addrs == 0)
		reason = "name has no address of the local address's family";
	if (d->n_addrs == 0)
		dial_reason(d, reason);
	dial_event(d, d->n_addrs > 0 ? DEV_RESOLVED : DEV_UNRESOLVED);
}

void
dial_opened(struct dial *d)
{
	dial_event(d, DEV_OPENED);
}

void
dial_up(struct dial *d)
{
	dial_event(d, DEV_UP);
}

void
dial_down(struct dial *d, enum dial_event ev, const char *reason)
{
	d->tun = NULL;
	dial_reason(d, reason);
	dial_event(d, ev);
}

/* Whoever waits for that need not wait until its time has come. */
void
dial_rival_gone(const struct l2tp_addr *host)
{
	struct dial	*d;
	uint32_t	 i;

	for (i = 0; i < dial_globals.n; i++) {
		d = &dial_globals.dials[i];
		if (d->state != DIAL_WAITING || !d->yielded ||
		    !addr_is_host(&d->addrs[d->next_addr - 1], host))
			continue;
		d->redial.failures = 0;
		(void)redial_wait(&d->redial, d->conf);
	}
}

struct dial_call *
dial_call_taken(struct dial *d, const struct conf_session *conf,
    struct session *s)
{
	struct dial_call	*dc;
	uint32_t		 i;

	for (i = 0; i < d->n_calls; i++) {
		dc = &d->calls[i];
		if (dc->conf != conf || dc->sess != NULL)
			continue;
		loop_timer_set(&dc->redial.timer, LOOP_NEVER);
		dc->sess = s;
		return (dc);
	}
	return (NULL);
}

void
dial_call_up(struct dial_call *dc)
{
	dc->redial.up_since = loop_now();
	dc->redial.reason[0] = '\0';
}

/*
 * RFC 2661 section 4.4.2: on the error code 7 a LAC should try another LNS,
 * if it has one.  The tunnel goes there with all its calls, unless that would
 * end one that is up.
 */
void
dial_call_down(struct dial_call *dc, const char *reason, int another)
{
	struct dial	*d = dc->dial;

	dc->sess = NULL;
	strlcpy(dc->redial.reason, reason, sizeof(dc->redial.reason));
	log_info("%s/%s: down, reason: %s", d->conf->name, dc->conf->name,
	    reason);
	if (d->state != DIAL_UP)
		dc->redial.up_since = 0;
	else if (!another || d->next_peer == d->conf->n_peers ||
	    !dial_is_alone(dc))
		(void)redial_wait(&dc->redial, d->conf);
	else {
		tun_abandon(d->tun);
		dial_down(d, DEV_ANOTHER, reason);
	}
}

uint32_t
dial_backoff(uint32_t min_ms, uint32_t max_ms, uint32_t failures,
    uint32_t random)
{
	uint64_t	 ms = min_ms, spread;

	while (failures-- > 0 && ms < max_ms)
		ms *= 2;
	if (ms > max_ms)
		ms = max_ms;
	spread = ms * DIAL_JITTER / 100;
	return ((uint32_t)(ms - spread + random % (2 * spread + 1)));
}

/* Only here is the state written. */
static void
dial_event(struct dial *d, enum dial_event ev)
{
	enum dial_state	 old = d->state;

	d->state = dial_table[old][ev](d);
	if (d->state != old)
		log_debug("%s: state change %s -> %s", d->conf->name,
		    dial_names[old], dial_names[d->state]);
}

static void
dial_timer(void *arg)
{
	dial_event(arg, DEV_TIMER);
}

static void
dial_call_timer(void *arg)
{
	struct dial_call	*dc = arg;

	if (dc->dial->state == DIAL_UP && dc->sess == NULL)
		dial_call_place(dc);
}

static void
dial_call_place(struct dial_call *dc)
{
	loop_timer_set(&dc->redial.timer, LOOP_NEVER);
	dc->sess = sess_dial(dc->dial->tun, dc);
	if (dc->sess == NULL)
		dial_call_down(dc, "out of resources", 0);
}

/* No other call of its tunnel is up. */
static int
dial_is_alone(const struct dial_call *dc)
{
	const struct dial_call	*other = dc->dial->calls;
	uint32_t		 i;

	for (i = 0; i < dc->dial->n_calls; i++)
		if (&other[i] != dc && other[i].redial.up_since != 0)
			return (0);
	return (1);
}

static void
dial_reason(struct dial *d, const char *reason)
{
	strlcpy(d->redial.reason, reason, sizeof(d->redial.reason));
	log_info("%s: no tunnel, reason: %s", d->conf->name, reason);
}

static uint64_t
redial_wait(struct redial *r, const struct conf_tunnel *conf)
{
	uint64_t	 now = loop_now();
	uint32_t	 ms;

	if (r->up_since != 0 && now - r->up_since >= DIAL_STABLE_MS)
		r->failures = 0;
	r->up_since = 0;
	ms = dial_backoff(conf->redial_min_ms, conf->redial_max_ms,
	    r->failures, arc4random());
	if (r->failures < 32)		/* 2^32 ms is longer than any max */
		r->failures++;
	loop_timer_set(&r->timer, now + ms);
	return (ms);
}

static int
dial_usable(const struct dial *d, const struct l2tp_addr *addr)
{
	return (d->conf->local.family == 0 ||
	    d->conf->local.family == addr->family);
}

static enum dial_state
act_begin(struct dial *d)
{
	d->next_peer = d->next_addr = d->n_addrs = 0;
	d->yielded = 0;
	return (act_next(d));
}

/* The next address, or the next peer's, or a pause. */
static enum dial_state
act_next(struct dial *d)
{
	const struct conf_endpoint	*ep;
	const struct l2tp_addr		*addr;

	for (;;) {
		while (d->next_addr < d->n_addrs) {
			addr = &d->addrs[d->next_addr++];
			if (d->conf->params.tie_breaker && tun_answered(addr)) {
				dial_reason(d, "the peer's own tunnel is up");
				return (act_yield(d));
			}
			loop_timer_set(&d->redial.timer, LOOP_NEVER);
			d->tun = tun_dial(d, addr);
			if (d->tun != NULL)
				return (DIAL_OPENING);
			dial_reason(d, "out of resources");
		}
		if (d->next_peer == d->conf->n_peers)
			return (act_again(d));
		ep = &d->conf->peers[d->next_peer++];
		d->next_addr = d->n_addrs = 0;
		if (ep->addr.family != 0) {
			addr_to_l2tp(&ep->addr, &d->addrs[0]);
			d->addrs[0].port = ep->port;
			d->n_addrs = 1;
		} else if (resolver_ask(ep->host, ep->port,
		    (uint32_t)++d->attempt << 16 | d->index) == 0) {
			loop_timer_set(&d->redial.timer,
			    loop_now() + DIAL_RESOLVE_MS);
			return (DIAL_RESOLVING);
		} else
			dial_reason(d, "name cannot be resolved now");
	}
}

/* The next address, but not of the same peer. */
static enum dial_state
act_another(struct dial *d)
{
	d->redial.up_since = 0;
	d->next_addr = d->n_addrs;
	return (act_next(d));
}

static enum dial_state
act_unanswered(struct dial *d)
{
	dial_reason(d, "name does not resolve: no answer");
	return (act_next(d));
}

static enum dial_state
act_opened(struct dial *d)
{
	(void)d;
	return (DIAL_DIALING);
}

static enum dial_state
act_up(struct dial *d)
{
	uint32_t	 i;

	d->redial.up_since = loop_now();
	d->redial.reason[0] = '\0';
	d->state = DIAL_UP;		/* for the calls */
	for (i = 0; i < d->n_calls; i++)
		if (d->calls[i].sess == NULL)
			dial_call_place(&d->calls[i]);
	return (DIAL_UP);
}

static enum dial_state
act_again(struct dial *d)
{
	uint64_t	 wait_ms;
	uint32_t	 i;

	for (i = 0; i < d->n_calls; i++)
		loop_timer_set(&d->calls[i].redial.timer, LOOP_NEVER);
	wait_ms = redial_wait(&d->redial, d->conf);
	log_info("%s: next attempt in %llu ms", d->conf->name,
	    (unsigned long long)wait_ms);
	return (DIAL_WAITING);
}

/* There is to be one tunnel with the peer, and that is the peer's. */
static enum dial_state
act_yield(struct dial *d)
{
	d->yielded = 1;
	return (act_again(d));
}

static enum dial_state
act_stop(struct dial *d)
{
	uint32_t	 i;

	loop_timer_set(&d->redial.timer, LOOP_NEVER);
	for (i = 0; i < d->n_calls; i++)
		loop_timer_set(&d->calls[i].redial.timer, LOOP_NEVER);
	return (DIAL_STOPPED);
}

static enum dial_state
act_ignore(struct dial *d)
{
	return (d->state);
}
