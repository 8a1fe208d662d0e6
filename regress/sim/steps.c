/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * One tunnel with one call, and every single thing that can happen to them:
 * a datagram is delivered, lost or duplicated, the next timer goes off
 * however early, or one of the callers does something.
 */
#include <stdlib.h>
#include <string.h>

#include "explore.h"

#define START_MS	1000
#define MAX_AIR		6	/* no duplicates with more under way */

static void	 begin(struct world *, const struct plan *);
static void	 come_up(struct world *);
static void	 reboot(struct world *, int);
static void	 notify(struct world *, int);
static void	 take_flight(struct world *, uint8_t, struct flight *);
static void	 act(struct world *, uint8_t);
static int	 may_act(const struct world *, uint8_t);
static int	 any(const struct book *, int (*)(const struct known *));
static int	 is_live(const struct known *);
static int	 is_asked(const struct known *);
static int	 is_up(const struct known *);
static int	 is_placing(const struct known *);
static int	 seen_before(const struct world *, const struct flight *);
static struct flight *flight_at(const struct world *, uint8_t);
static void	 flight_land(struct world *, struct flight *);

static const struct act_row {
	const char	*name;
	void		(*act)(struct world *, int);
	int		 tunnels, calls;	/* it takes one of these, */
	int		 (*may)(const struct known *);	/* of this kind, */
	int		 again;			/* at any time */
} act_rows[NACTS] = {
	[ACT_ANSWER] = { "answers", side_answer, 1, 1, is_asked, 1 },
	[ACT_CLOSE_TUNNEL] = { "closes its tunnel", side_close, 1, 0, is_live,
	    0 },
	[ACT_CLOSE_CALL] = { "closes its call", side_close_calls, 0, 1,
	    is_live, 0 },
	[ACT_REBOOT] = { "reboots", reboot, 1, 0, is_live, 0 },
	[ACT_CONNECT] = { "connects its call", side_connect, 0, 1, is_placing,
	    1 },
	[ACT_CIRCUIT] = { "tells of its circuit", notify, 0, 1, is_up, 0 }
};

/* Few retransmissions and short times make a life of few steps. */
void
steps_init(struct world *w, const struct plan *plan)
{
	struct l2tp_params *p;
	int i;

	world_init(w, 1, plan->secrets, plan->styles, 0);
	w->settle_ms = 100000;
	for (i = 0; i < 2; i++) {
		p = &w->side[i].params;
		p->window_size = 4;
		p->max_retries = 1;
		p->retry_ms = 1000;
		p->hello_ms = 6000;
		p->setup_ms = 5000;
		p->challenge = plan->secrets != SIM_NONE;
		p->hide_avps = 0;
		p->digests = w->version == 3 && plan->secrets != SIM_NONE ?
		    L2TP_DIGEST_SHA1 : 0;
		w->session_tie[i] = (plan->with & WITH_TIE_0 << i) != 0;
		p->tie_breaker = w->session_tie[i] &&
		    (plan->with & WITH_SESSIONS) == 0;
	}
	w->forgetful = (plan->with & WITH_FIXED) != 0;
	w->single = (plan->with & WITH_TIES) != 0;
	if (plan->with & WITH_SESSIONS)
		w->end_id = "both";
}

void
steps_restart(struct world *w, const struct plan *plan)
{
	struct flight *f;

	while ((f = SLIST_FIRST(&w->air)) != NULL)
		flight_land(w, f);
	w->now = START_MS;
	w->rng = 1;
	w->side[0].rng = 2;
	w->side[1].rng = plan->with & WITH_EQUAL ? 2 : 3;
	w->held = 1;
	w->failed = 0;
	w->n_packets = 0;
	w->n_end_ids = 0;
	w->acts = plan->acts;
	w->faults = plan->faults;
	w->prompt = plan->acts & DO_ANSWER ? 0 : 100;
	side_reboot(w, 0);
	side_reboot(w, 1);
	begin(w, plan);
	world_exchange(w);
}

static void
begin(struct world *w, const struct plan *plan)
{
	int outgoing = (plan->with & WITH_OUTGOING) != 0;
	uint32_t tid;

	if (plan->with & WITH_FIXED) {
		side_open_fixed(w, 0);
		side_open_fixed(w, 1);
		return;
	}
	tid = side_open_tunnel(w, 0);
	if (plan->with & WITH_SESSIONS) {
		come_up(w);
		if (plan->with & WITH_EQUAL)
			w->side[1].rng = w->side[0].rng;
		side_open_call(w, 1, w->side[1].accepted, outgoing);
	}
	side_open_call(w, 0, tid, outgoing);
	if (plan->with & WITH_COLLISION)
		side_open_call(w, 1, side_open_tunnel(w, 1), 0);
	if (plan->with & WITH_UP)
		come_up(w);
}

/* All that can happen at this time. */
static void
come_up(struct world *w)
{
	w->held = 0;
	world_until(w, w->now);
	w->held = 1;
}

uint32_t
steps_list(struct world *w, struct step steps[MAX_STEPS])
{
	uint32_t n = 0, air = 0;
	const struct flight *f;
	uint8_t a;

	SLIST_FOREACH(f, &w->air, link)
		air++;
	if (air > MAX_AIR * 2)
		sim_fail(w, "too much under way");
	for (a = 0; a < air && !w->failed; a++) {
		if (seen_before(w, flight_at(w, a)))
			continue;
		steps[n++] = (struct step){ STEP_DELIVER, a };
		if (w->faults > 0)
			steps[n++] = (struct step){ STEP_LOSE, a };
		if (w->faults > 0 && air < MAX_AIR)
			steps[n++] = (struct step){ STEP_DUPLICATE, a };
	}
	if (world_deadline(w) != L2TP_NEVER && (air == 0 || w->faults > 0))
		steps[n++] = (struct step){ STEP_TIMEOUT, 0 };
	for (a = 0; a < NACTS; a++)
		if (may_act(w, a))
			steps[n++] = (struct step){ STEP_ACT, a };
	return (n);
}

void
steps_take(struct world *w, struct step step)
{
	if (step.kind == STEP_LOSE || step.kind == STEP_DUPLICATE ||
	    (step.kind == STEP_TIMEOUT && !SLIST_EMPTY(&w->air)))
		w->faults -= w->faults != ANY_FAULTS;
	if (step.kind == STEP_TIMEOUT) {
		sim_note(w, "timeout");
		world_step(w);
	} else if (step.kind == STEP_ACT) {
		act(w, step.n);
	} else {
		take_flight(w, step.kind, flight_at(w, step.n));
	}
	world_exchange(w);
	pairs_check(w);
}

static void
take_flight(struct world *w, uint8_t kind, struct flight *f)
{
	static const char *const names[] = { "arrives", "is lost",
	    "is duplicated and arrives" };

	sim_note(w, "%zu octets to side %d: %s", f->pkt.len, f->to,
	    names[kind]);
	if (kind != STEP_LOSE)
		world_deliver(w, f);
	if (kind != STEP_DUPLICATE)
		flight_land(w, f);
}

void
steps_finish(struct world *w, const struct plan *plan)
{
	struct flight *f;

	sim_note(w, "from here on all goes well");
	w->held = 0;
	w->prompt = 100;
	SLIST_FOREACH(f, &w->air, link)
		f->at = w->now;
	world_answer(w);
	world_settle(w);
	if ((plan->with & WITH_FIXED) || (plan->acts == 0 &&
	    plan->faults != ANY_FAULTS && w->faults == plan->faults))
		world_expect(w, plan->tunnels, plan->calls);
	world_end(w);
}

/* A tunnel without a handshake is there again at once. */
static void
reboot(struct world *w, int i)
{
	side_reboot(w, i);
	if (w->forgetful)
		side_open_fixed(w, i);
}

static void
notify(struct world *w, int i)
{
	const struct book *b = w->side[i].calls;
	uint32_t n;

	for (n = 0; n < b->n; n++)
		if (b->known[n].up)
			side_notify(w, i, b->known[n].id);
}

static void
act(struct world *w, uint8_t a)
{
	int i = a % 2;

	sim_note(w, "side %d %s", i, act_rows[a - i].name);
	act_rows[a - i].act(w, i);
	if (!act_rows[a - i].again)
		w->acts &= ~(1U << a);
}

static int
may_act(const struct world *w, uint8_t a)
{
	const struct act_row *row = &act_rows[a - a % 2];
	const struct side *s = &w->side[a % 2];

	return ((w->acts & 1U << a) != 0 &&
	    ((row->tunnels && any(s->tunnels, row->may)) ||
	    (row->calls && any(s->calls, row->may))));
}

static int
any(const struct book *b, int (*may)(const struct known *))
{
	uint32_t n;

	for (n = 0; n < b->n; n++)
		if (may(&b->known[n]))
			return (1);
	return (0);
}

static int
is_live(const struct known *k)
{
	return (k->live);
}

static int
is_asked(const struct known *k)
{
	return (k->asked);
}

static int
is_up(const struct known *k)
{
	return (k->up);
}

static int
is_placing(const struct known *k)
{
	return (k->placing);
}

/* The same bytes to the same side: the same things follow. */
static int
seen_before(const struct world *w, const struct flight *f)
{
	const struct flight *it;

	SLIST_FOREACH(it, &w->air, link) {
		if (it == f)
			break;
		if (it->to == f->to && it->pkt.len == f->pkt.len &&
		    memcmp(it->pkt.data, f->pkt.data, f->pkt.len) == 0)
			return (1);
	}
	return (0);
}

static struct flight *
flight_at(const struct world *w, uint8_t n)
{
	struct flight *f = SLIST_FIRST(&w->air);

	while (n-- > 0)
		f = SLIST_NEXT(f, link);
	return (f);
}

static void
flight_land(struct world *w, struct flight *f)
{
	SLIST_REMOVE(&w->air, f, flight, link);
	free(f);
}
