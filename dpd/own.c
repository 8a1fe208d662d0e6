/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include "dpd.h"

static struct own	objects[DP_OBJECTS];
static uint32_t		last_handle;
static uint16_t		used[DP_MAX_RULES];	/* by each rule */
static uint32_t		n_tunnels, n_sessions;

struct own_list	own_tunnels = LIST_HEAD_INITIALIZER(own_tunnels);

struct own *
own_new(struct own *tunnel, uint16_t rule, uint32_t local_sid)
{
	const struct dp_policy_end	*max = policy_limits;
	const struct dp_rule_tunnel	*t = rule_get(rule, DP_RULE_TUNNEL);
	const struct dp_rule_session	*s = rule_get(rule, DP_RULE_SESSION);
	struct own			*o;

	if (tunnel != NULL ?
	    n_sessions >= max->max_sessions || used[rule] >= s->max_sessions :
	    n_tunnels >= max->max_tunnels || used[rule] >= t->max_tunnels)
		return (NULL);
	/* From where the last one was: the slot longest free is used next. */
	do {
		o = &objects[++last_handle % DP_OBJECTS];
	} while (o->state != OWN_FREE || last_handle == 0);
	*o = (struct own){ .tunnel = tunnel, .handle = last_handle,
	    .slot = (uint32_t)(o - objects), .local_sid = local_sid,
	    .state = tunnel != NULL ? SESS_ETH : TUN_OPEN,
	    .local_tid = tunnel != NULL ? tunnel->local_tid : 0,
	    .keeps = tunnel != NULL ? tunnel->keeps : t->keeps,
	    .rule = rule, .fd = -1 };
	LIST_INSERT_HEAD(tunnel != NULL ? &tunnel->sessions : &own_tunnels, o,
	    entry);
	*(tunnel != NULL ? &n_sessions : &n_tunnels) += 1;
	used[rule]++;
	return (o);
}

struct own *
own_kept(struct own *tunnel, uint16_t rule, const void *asked, size_t len)
{
	struct own	*o;

	LIST_FOREACH(o, tunnel != NULL ? &tunnel->sessions : &own_tunnels,
	    entry)
		if (o->keeps && o->state != TUN_CLOSING && o->rule == rule)
			break;
	if (o == NULL || memcmp(&o->open, asked, len) == 0)
		return (o);
	own_end(o);
	return (NULL);
}

struct own *
own_find(uint32_t handle)
{
	struct own	*o = &objects[handle % DP_OBJECTS];

	return (o->state != OWN_FREE && o->handle == handle ? o : NULL);
}

int
own_tid_taken(uint32_t local_tid)
{
	const struct own	*o;
	uint64_t		 now = dpd_now();

	for (o = objects; o < objects + DP_OBJECTS; o++)
		if (o->local_sid == 0 && o->local_tid == local_tid &&
		    (o->state != OWN_FREE ||
		    now - o->freed_ms < OWN_QUARANTINE_MS))
			return (1);
	return (0);
}

void
own_free(struct own *o)
{
	LIST_REMOVE(o, entry);
	*(o->tunnel != NULL ? &n_sessions : &n_tunnels) -= 1;
	used[o->rule]--;
	/* The ids of what is kept are the operator's, and come again. */
	o->freed_ms = o->keeps ? 0 : dpd_now();
	o->state = OWN_FREE;
}

void
own_end(struct own *o)
{
	struct own	*s, *next;

	if (o->state == SESS_ENDING)
		return;
	if (o->state == SESS_UP || o->state == SESS_RUNNING) {
		dpd_start(o->fd != -1 ? DP_RUN_CLOSE : DP_END,
		    &(struct dp_run){ .slot = o->slot }, o->fd);
		o->fd = -1;
		o->state = SESS_ENDING;
		return;
	}
	if (o->state == SESS_ETH && o->tunnel->state == TUN_UP)
		(void)kern_call(L2TP_CMD_SESSION_DELETE, o, NULL, NULL);
	if (o->tunnel == NULL) {
		o->state = TUN_CLOSING;
		LIST_FOREACH_SAFE(s, &o->sessions, entry, next)
			own_end(s);
		if (!LIST_EMPTY(&o->sessions))
			return;
		if (o->version != 0)
			(void)kern_call(L2TP_CMD_TUNNEL_DELETE, o, NULL, NULL);
		close(o->fd);
	}
	if (o->end_id != 0)
		dpd_send(&(struct dpmsg){ .id = o->end_id, .fd = -1,
		    .type = o->tunnel == NULL ? DP_TUNNEL_CLOSE_REPLY :
		    DP_SESSION_DOWN_REPLY });
	own_free(o);
}

int
own_end_asked(const struct dpmsg *m, struct own *o, UNUSED struct dpmsg *reply)
{
	if (o->end_id != 0)
		return (EALREADY);
	o->end_id = m->id;
	own_end(o);
	return (DISPATCH_LATER);
}

int
own_stats(UNUSED const struct dpmsg *m, struct own *o, struct dpmsg *reply)
{
	return (kern_call(o->tunnel != NULL ? L2TP_CMD_SESSION_GET :
	    L2TP_CMD_TUNNEL_GET, o, NULL, &reply->u.stats_reply));
}

int
own_end_all(void)
{
	struct own	*t, *next;
	int		 ended = 1;

	LIST_FOREACH_SAFE(t, &own_tunnels, entry, next)
		if (!t->keeps || t->state == TUN_CLOSING) {
			own_end(t);
			ended = 0;
		}
	return (ended);
}

void
own_exited(const struct dp_exited *e)
{
	struct own	*s = &objects[e->slot % DP_OBJECTS], *t = s->tunnel;
	int		 asked = s->state == SESS_ENDING;

	if (s->slot != e->slot || (!asked && s->state != SESS_RUNNING))
		return;
	s->state = SESS_ENDED;
	if (asked)
		own_end(s);
	else
		dpd_send(&(struct dpmsg){ .type = DP_SESSION_GONE, .fd = -1,
		    .u.session_gone = { s->handle, s->local_sid, e->status } });
	if (t->state == TUN_CLOSING && LIST_EMPTY(&t->sessions))
		own_end(t);
}
