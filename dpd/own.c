/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Remembers what was made for ctld, so that ctld can only touch its own, and
 * ends it in the right order.  Nothing is waited for: a session ends when
 * the starter says that the child with its socket has, and the last one
 * takes its tunnel along.  Sessions are never deleted one by one, for each
 * of them costs the kernel an RCU grace period.
 */
#include <sys/wait.h>

#include <stdio.h>
#include <unistd.h>

#include "dpd.h"
#include "kern.h"
#include "log.h"
#include "own.h"
#include "policy.h"

#define GEN_SHIFT	16	/* handle: slot, and the slot's use above it */
#define WITH_PPPD	(SESS_STARTING | SESS_RUNNING)

static struct own	tunnels[OWN_TUNNELS], sessions[DP_MAX_SESSIONS];
static uint16_t		used[DP_MAX_RULES];	/* by each rule */

static struct own_kind {
	struct own	*slots;
	uint32_t	 n_slots, next, n;
} kinds[] = {
	{ tunnels, OWN_TUNNELS, 0, 0 }, { sessions, DP_MAX_SESSIONS, 0, 0 }
};

struct own_list	own_tunnels = LIST_HEAD_INITIALIZER(own_tunnels);
uint32_t	own_starting;

struct own *
own_new(struct own *tunnel, uint16_t rule, uint32_t local_id)
{
	const struct dp_policy_end	*max = policy_limits();
	const struct dp_rule_tunnel	*t = policy_rule(rule, DP_RULE_TUNNEL);
	const struct dp_rule_session	*s = policy_rule(rule, DP_RULE_SESSION);
	struct own_kind			*k = &kinds[tunnel != NULL];
	struct own			*o;
	uint32_t			 gen;

	if (k->n >= (tunnel != NULL ? max->max_sessions : max->max_tunnels) ||
	    used[rule] >= (tunnel != NULL ? s->max_sessions : t->max_tunnels))
		return (NULL);
	/* From where the last one was: the slot longest free is used next. */
	do {
		o = &k->slots[k->next++ % k->n_slots];
	} while (o->state != OWN_FREE);
	gen = (o->handle >> GEN_SHIFT) % UINT16_MAX + 1;
	*o = (struct own){ .tunnel = tunnel, .slot = (uint32_t)(o - k->slots),
	    .state = tunnel != NULL ? SESS_UP : TUN_OPEN,
	    .local_id = local_id, .rule = rule, .fd = -1 };
	o->handle = gen << GEN_SHIFT | o->slot;
	if (tunnel != NULL)
		LIST_INSERT_HEAD(&tunnel->sessions, o, entry);
	else
		LIST_INSERT_HEAD(&own_tunnels, o, entry);
	k->n++;
	used[rule]++;
	return (o);
}

struct own *
own_find(uint32_t handle)
{
	struct own	*t = &tunnels[(handle & UINT16_MAX) % OWN_TUNNELS];

	return (t->state != OWN_FREE && t->handle == handle ? t : NULL);
}

/* A walk, like that of own_tid_taken(): at most one for each request. */
struct own *
own_session(const struct own *t, uint32_t local_sid)
{
	struct own	*s;

	LIST_FOREACH(s, &t->sessions, entry)
		if (s->local_id == local_sid)
			break;
	return (s);
}

int
own_tid_taken(uint32_t local_tid)
{
	const struct own	*t;
	uint64_t		 now = dpd_now();

	for (t = tunnels; t < tunnels + OWN_TUNNELS; t++)
		if (t->local_id == local_tid && (t->state != OWN_FREE ||
		    now - t->freed_ms < OWN_QUARANTINE_MS))
			return (1);
	return (0);
}

void
own_free(struct own *o)
{
	LIST_REMOVE(o, entry);
	kinds[o->tunnel != NULL].n--;
	used[o->rule]--;
	o->state = OWN_FREE;
	o->freed_ms = dpd_now();
}

void
own_end(struct own *o)
{
	struct dpmsg		 reply = { .id = o->end_id, .fd = -1,
	    .type = o->tunnel == NULL ? DP_TUNNEL_CLOSE_REPLY :
	    DP_SESSION_DOWN_REPLY };
	struct starter_msg	 m = { .slot = o->slot };
	struct own		*s, *next;

	if (o->tunnel == NULL) {
		o->state = TUN_CLOSING;
		LIST_FOREACH_SAFE(s, &o->sessions, entry, next)
			own_end(s);
		if (!LIST_EMPTY(&o->sessions))
			return;
		if (o->local_id != 0 && kern_tunnel_delete(o->local_id) != 0)
			log_debug("tunnel %u was gone before", o->local_id);
		close(o->fd);
	} else if (o->state != SESS_ENDED) {
		if (o->state == SESS_ENDING)
			return;
		own_starting -= o->state == SESS_STARTING;
		o->state = SESS_ENDING;
		starter_send(o->fd != -1 ? STARTER_RUN_CLOSE : STARTER_END, &m,
		    o->fd);
		o->fd = -1;
		return;
	}
	if (o->end_id != 0)
		dpd_send(&reply);
	own_free(o);
}

void
own_end_all(void)
{
	struct own	*t, *next, *s;

	LIST_FOREACH_SAFE(t, &own_tunnels, entry, next) {
		LIST_FOREACH(s, &t->sessions, entry)
			s->end_id = 0;
		t->end_id = 0;
		own_end(t);
	}
}

/* Each child exits once, and its session's slot is not free before that. */
void
own_exited(const struct starter_exit *e)
{
	struct dpmsg		 m = { .type = DP_SESSION_STATE, .fd = -1 };
	struct own		*s = &sessions[e->slot % DP_MAX_SESSIONS];
	struct own		*t = s->tunnel;

	if (s->slot != e->slot || (s->state & (WITH_PPPD | SESS_ENDING)) == 0)
		return;
	if (s->state != SESS_ENDING) {
		m.u.session_state = (struct dp_session_state){
		    .handle = t->handle, .local_sid = s->local_id,
		    .state = DP_STATE_DOWN, .signal = WTERMSIG(e->status),
		    .exit_code = WEXITSTATUS(e->status) };
		dpd_send(&m);
	}
	own_starting -= s->state == SESS_STARTING;
	s->state = SESS_ENDED;
	if (s->end_id != 0 || t->state == TUN_CLOSING)
		own_end(s);
	if (t->state == TUN_CLOSING && LIST_EMPTY(&t->sessions))
		own_end(t);
}

/* Only the unit is believed, and only if we have given it to a pppd. */
void
own_notify(const struct notify *n)
{
	struct dpmsg		 m = { .type = DP_SESSION_STATE, .fd = -1 };
	struct dp_session_state	*p = &m.u.session_state;
	uint32_t		 slot = n->unit - policy_limits()->unit_first;
	struct own		*s = &sessions[slot % DP_MAX_SESSIONS];
	size_t			 i;

	if (s->slot != slot || (s->state & WITH_PPPD) == 0) {
		log_warnx("refused notice of ppp%u: not ours", n->unit);
		return;
	}
	own_starting -= s->state == SESS_STARTING;
	s->state = SESS_RUNNING;
	*p = (struct dp_session_state){ .handle = s->tunnel->handle,
	    .local_sid = s->local_id, .state = DP_STATE_UP,
	    .local_ip = n->local_ip, .peer_ip = n->peer_ip };
	snprintf(p->ifname, sizeof(p->ifname), "ppp%u", n->unit);
	for (i = 0; i < DP_USER_LEN - 1 && n->user[i] >= ' ' &&
	    n->user[i] <= '~'; i++)
		p->user[i] = n->user[i];
	dpd_send(&m);
}
