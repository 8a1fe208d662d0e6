/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * One side forgets everything, as after a crash: in each state of a tunnel
 * and of a call, either side.  The other has to find out by itself, and the
 * two have to be able to begin anew.
 */
#include "call.h"
#include "cc.h"
#include "sim.h"

#define MAX_STEPS	1000

static const struct target {
	uint8_t	side;		/* 0 dials */
	uint8_t	cc;		/* enum cc_state */
	uint8_t	call;		/* enum call_state; CALL_IDLE: none */
	uint8_t	outgoing;
} targets[] = {
	{ 0, CC_WAIT_CTL_REPLY, CALL_WAIT_TUNNEL, 0 },
	{ 0, CC_WAIT_CTL_REPLY, CALL_OUT_WAIT_TUNNEL, 1 },
	{ 1, CC_WAIT_ACCEPT, CALL_IDLE, 0 },
	{ 1, CC_WAIT_CTL_CONN, CALL_IDLE, 0 },
	{ 0, CC_ESTABLISHED, CALL_WAIT_REPLY, 0 },
	{ 1, CC_ESTABLISHED, CALL_WAIT_ACCEPT, 0 },
	{ 1, CC_ESTABLISHED, CALL_WAIT_CONNECT, 0 },
	{ 0, CC_ESTABLISHED, CALL_WAIT_DATA, 0 },
	{ 0, CC_ESTABLISHED, CALL_ESTABLISHED, 0 },
	{ 1, CC_ESTABLISHED, CALL_ESTABLISHED, 0 },
	{ 0, CC_ESTABLISHED, CALL_OUT_WAIT_REPLY, 1 },
	{ 1, CC_ESTABLISHED, CALL_OUT_WAIT_ACCEPT, 1 },
	{ 0, CC_ESTABLISHED, CALL_OUT_WAIT_CONNECT, 1 },
	{ 1, CC_ESTABLISHED, CALL_WAIT_CS_ANSWER, 1 },
	{ 0, CC_ESTABLISHED, CALL_ESTABLISHED, 1 },
	{ 1, CC_ESTABLISHED, CALL_ESTABLISHED, 1 },
	{ 0, CC_CLOSING, CALL_IDLE, 0 },
	{ 1, CC_CLOSING, CALL_IDLE, 0 }
};

static int	 reach(struct world *, const struct target *);
static int	 reached(const struct world *, const struct target *);

void
run_reboot(struct world *w)
{
	const struct target *target = &targets[w->seed % nitems(targets)];
	int i = (int)sim_random(w, 2);

	w->delay_ms = 10 + sim_random(w, 300);
	w->prompt = 0;
	side_open_call(w, 0, side_open_tunnel(w, 0), target->outgoing);
	if (!reach(w, target)) {
		sim_fail(w, "side %d is never %s and %s", target->side,
		    cc_state_name(target->cc), call_state_name(target->call));
		return;
	}
	side_reboot(w, i);
	w->prompt = 100;
	world_answer(w);
	world_settle(w);
	side_agree(w, 0);
	side_agree(w, 1);
	side_close(w, !i);
	world_settle(w);
	side_open_call(w, i, side_open_tunnel(w, i), target->outgoing);
	world_settle(w);
	if (book_up(w->side[0].calls) != 1 || book_up(w->side[1].calls) != 1)
		sim_fail(w, "there is no beginning anew");
}

/* The callers answer late, when all has arrived: each state is seen. */
static int
reach(struct world *w, const struct target *target)
{
	uint32_t n;

	world_exchange(w);
	for (n = 0; n < MAX_STEPS && !reached(w, target); n++) {
		world_step(w);
		if (reached(w, target))
			break;
		if (SLIST_EMPTY(&w->air)) {
			world_answer(w);
			world_exchange(w);
		}
		if (target->cc == CC_CLOSING && book_up(w->side[1].calls) > 0)
			side_close(w, target->side);
	}
	return (n < MAX_STEPS);
}

static int
reached(const struct world *w, const struct target *target)
{
	const struct side *s = &w->side[target->side];
	const struct tunnel *t;
	const struct call *c;

	if (s->tunnels->n == 0 ||
	    (t = tunnel_find(s->e, s->tunnels->known[0].id)) == NULL)
		return (0);
	c = TAILQ_FIRST(&t->calls);
	return (t->state == target->cc &&
	    (c == NULL ? CALL_IDLE : c->state) == target->call);
}
