/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What is true of the insides of an engine whenever all its packets and
 * events have been pulled: ids unique and not zero, states of the tables,
 * queues and windows within their bounds, nothing that waits for nothing.
 */
#include "call.h"
#include "cc.h"
#include "sim.h"

static void	 check_tunnel(struct world *, int, const struct tunnel *);
static void	 check_chan(struct world *, int, const struct tunnel *);
static void	 check_calls(struct world *, int, const struct tunnel *);
static const char *call_wrong(const struct tunnel *, const struct call *);

void
check_side(struct world *w, int i)
{
	const struct side *s = &w->side[i];
	const struct l2tp *e = s->e;
	const struct known *k = s->tunnels->known;
	const struct tunnel *t;
	uint32_t calls = 0, n;

	for (n = 0; n < s->tunnels->n; n++) {
		t = tunnel_find(e, k[n].id);
		if (t == NULL && k[n].live)
			sim_fail(w, "side %d tunnel %u: not there", i,
			    k[n].id);
		if (t == NULL || t->muted)
			continue;
		check_tunnel(w, i, t);
		check_chan(w, i, t);
		check_calls(w, i, t);
		calls += t->n_calls;
	}
	if (w->single && book_up(s->tunnels) > 1)
		sim_fail(w, "side %d has two tunnels", i);
	if (e->stats.calls != calls)
		sim_fail(w, "side %d counts %u calls of %u", i,
		    e->stats.calls, calls);
	if (e->stats.tunnels > e->config.max_tunnels ||
	    e->stats.calls > e->config.max_calls ||
	    e->stats.half_open > e->config.max_half_open)
		sim_fail(w, "side %d is over a limit", i);
	if (e->ring.count != 0 || !TAILQ_EMPTY(&e->ready) ||
	    !TAILQ_EMPTY(&e->graves) || !TAILQ_EMPTY(&e->call_graves))
		sim_fail(w, "side %d has left something to do", i);
}

static void
check_tunnel(struct world *w, int i, const struct tunnel *t)
{
	const struct known *k = book_find(w->side[i].tunnels,
	    t->local_tid);

	if (t->local_tid == 0 || t->state <= CC_IDLE || t->state >= CC_DEAD)
		sim_fail(w, "side %d tunnel %u: in state %u", i, t->local_tid,
		    t->state);
	if (k->live == (t->state == CC_CLOSING) ||
	    k->up != (t->state == CC_ESTABLISHED ||
	    t->state == CC_FIXED_UP))
		sim_fail(w, "side %d tunnel %u: %s is news", i, t->local_tid,
		    cc_state_name(t->state));
	if (t->timer.at == L2TP_NEVER &&
	    (t->state != CC_ESTABLISHED || t->params->hello_ms != 0))
		sim_fail(w, "side %d tunnel %u: waits for nothing", i,
		    t->local_tid);
}

static void
check_chan(struct world *w, int i, const struct tunnel *t)
{
	const struct chan *c = &t->chan;
	uint16_t queued = 0, ahead = 0, due = c->una, next = c->nr;
	const struct cmsg *m;
	int wrong = 0;

	STAILQ_FOREACH(m, &c->txq, link.tx) {
		wrong |= m->ns != due++;
		queued++;
	}
	SLIST_FOREACH(m, &c->rxq, link.rx) {
		wrong |= (uint16_t)(m->ns - next) == 0 ||
		    (uint16_t)(m->ns - next) > CHAN_MAX_AHEAD;
		next = m->ns;
		ahead++;
	}
	if (wrong || queued != c->queued || ahead != c->n_ahead ||
	    due != c->ns || (uint16_t)(c->max - c->una) > queued ||
	    (uint16_t)(next - c->nr) >= t->params->window_size ||
	    c->cwnd == 0 || c->cwnd > c->window)
		sim_fail(w, "side %d tunnel %u: channel out of order", i,
		    t->local_tid);
}

static void
check_calls(struct world *w, int i, const struct tunnel *t)
{
	const char *wrong = NULL;
	const struct known *k;
	const struct call *c;
	uint32_t n = 0;

	TAILQ_FOREACH(c, &t->calls, link) {
		n++;
		if (wrong == NULL)
			wrong = call_wrong(t, c);
		k = book_find(w->side[i].calls, c->local_sid);
		if (!k->live || k->up != (c->state == CALL_ESTABLISHED))
			wrong = "news";
	}
	if (n != t->n_calls)
		wrong = "not counted";
	if (wrong != NULL)
		sim_fail(w, "side %d tunnel %u: a call is %s", i,
		    t->local_tid, wrong);
}

static const char *
call_wrong(const struct tunnel *t, const struct call *c)
{
	if (c->local_sid == 0 || call_by_sid(t->e, c->local_sid) != c)
		return ("without an id of its own");
	if (c->tunnel != t)
		return ("of another tunnel");
	if (c->state <= CALL_IDLE || c->state >= CALL_CLOSED)
		return ("in no state");
	if (c->state != CALL_ESTABLISHED && c->timer.at == L2TP_NEVER)
		return ("waiting for nothing");
	return (NULL);
}
