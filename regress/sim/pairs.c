/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The states that the two ends of a tunnel, and of a call, can be in at one
 * time.  What the tables do not have must not happen; and what they have
 * must happen somewhere in the exploration, or they would say too much.
 */
#include <stdio.h>

#include "call.h"
#include "cc.h"
#include "explore.h"

#define MAX_STATES	16
#define FIXED	(1 << CC_FIXED_WAIT | 1 << CC_FIXED_UP | 1 << CC_FIXED_SILENT)

/*
 * A row for each state of the end that opens it; an end that is not there yet
 * or no more is dead, or closed.  Nobody is ahead of the message that takes
 * it there: who is established has been heard by the other, and so on.
 */
static const uint32_t cc_pairs[CC_NSTATES] = {
	[CC_WAIT_CTL_REPLY] = 1 << CC_WAIT_ACCEPT | 1 << CC_WAIT_CTL_CONN |
	    1 << CC_CLOSING | 1 << CC_DEAD,
	[CC_ESTABLISHED] = 1 << CC_WAIT_CTL_CONN | 1 << CC_ESTABLISHED |
	    1 << CC_CLOSING | 1 << CC_DEAD,
	/* Of these each end has one: either may have lost its memory. */
	[CC_FIXED_WAIT] = FIXED,
	[CC_FIXED_UP] = FIXED,
	[CC_FIXED_SILENT] = FIXED,
	[CC_CLOSING] = 1 << CC_WAIT_ACCEPT | 1 << CC_WAIT_CTL_CONN |
	    1 << CC_ESTABLISHED | 1 << CC_CLOSING | 1 << CC_DEAD,
	[CC_DEAD] = 1 << CC_WAIT_ACCEPT | 1 << CC_WAIT_CTL_CONN |
	    1 << CC_ESTABLISHED | 1 << CC_CLOSING | 1 << CC_DEAD
};

static const uint32_t call_pairs[CALL_NSTATES] = {
	[CALL_WAIT_TUNNEL] = 1 << CALL_CLOSED,
	[CALL_WAIT_REPLY] = 1 << CALL_WAIT_ACCEPT | 1 << CALL_WAIT_CONNECT |
	    1 << CALL_CLOSED,
	[CALL_WAIT_DATA] = 1 << CALL_WAIT_CONNECT | 1 << CALL_CLOSED,
	[CALL_OUT_WAIT_TUNNEL] = 1 << CALL_CLOSED,
	[CALL_OUT_WAIT_REPLY] = 1 << CALL_OUT_WAIT_ACCEPT |
	    1 << CALL_WAIT_CS_ANSWER | 1 << CALL_ESTABLISHED |
	    1 << CALL_CLOSED,
	[CALL_OUT_WAIT_CONNECT] = 1 << CALL_WAIT_CS_ANSWER |
	    1 << CALL_ESTABLISHED | 1 << CALL_CLOSED,
	[CALL_ESTABLISHED] = 1 << CALL_WAIT_CONNECT |
	    1 << CALL_ESTABLISHED | 1 << CALL_CLOSED,
	[CALL_CLOSED] = 1 << CALL_WAIT_ACCEPT | 1 << CALL_WAIT_CONNECT |
	    1 << CALL_OUT_WAIT_ACCEPT | 1 << CALL_WAIT_CS_ANSWER |
	    1 << CALL_ESTABLISHED | 1 << CALL_CLOSED
};

/* The tables, and what has occurred of them. */
static struct pairs {
	const char	*what;
	const char	*(*name)(unsigned int);
	const uint32_t	*allowed;
	uint32_t	 n_states;
	uint32_t	 seen[MAX_STATES];
} cc = { "tunnel", cc_state_name, cc_pairs, CC_NSTATES, { 0 } },
  call = { "call", call_state_name, call_pairs, CALL_NSTATES, { 0 } };

_Static_assert(CC_NSTATES <= MAX_STATES && CALL_NSTATES <= MAX_STATES,
    "MAX_STATES");

static void	 pairs_tunnel(struct world *, int, uint32_t);
static void	 pairs_call(struct world *, int, uint32_t);
static void	 see(struct world *, struct pairs *, uint8_t, uint8_t);
static int	 all_seen(const struct pairs *);

void
pairs_check(struct world *w)
{
	const struct book *b;
	uint32_t n;
	int i;

	for (i = 0; i < 2; i++) {
		b = w->side[i].tunnels;
		for (n = 0; n < b->n; n++)
			if (b->known[n].opened)
				pairs_tunnel(w, i, b->known[n].id);
		b = w->side[i].calls;
		for (n = 0; n < b->n; n++)
			if (b->known[n].opened)
				pairs_call(w, i, b->known[n].id);
	}
}

/*
 * Of a tunnel that side i has opened.  A SCCRQ that comes again may open
 * another, but only when the first is about to end.
 */
static void
pairs_tunnel(struct world *w, int i, uint32_t tid)
{
	const struct side *dials = &w->side[i], *answers = &w->side[!i];
	uint8_t state = CC_DEAD;
	const struct tunnel *t;
	uint32_t n, found = 0, live = 0;

	if ((t = tunnel_find(dials->e, tid)) != NULL)
		state = t->state;
	for (n = 0; n < answers->tunnels->n; n++) {
		t = tunnel_find(answers->e, answers->tunnels->known[n].id);
		if (t == NULL || t->initiator || t->peer_tid != tid)
			continue;
		see(w, &cc, state, t->state);
		found++;
		live += t->state != CC_CLOSING;
	}
	if (found == 0)
		see(w, &cc, state, CC_DEAD);
	if (live > 1)
		sim_fail(w, "one SCCRQ has opened %u tunnels", live);
}

static void
pairs_call(struct world *w, int i, uint32_t sid)
{
	const struct side *asks = &w->side[i], *answers = &w->side[!i];
	uint8_t state = CALL_CLOSED;
	const struct call *c;
	uint32_t n, found = 0;

	if ((c = call_by_sid(asks->e, sid)) != NULL)
		state = c->state;
	for (n = 0; n < answers->calls->n; n++) {
		c = call_by_sid(answers->e, answers->calls->known[n].id);
		if (c == NULL || c->initiator || c->peer_sid != sid)
			continue;
		see(w, &call, state, c->state);
		found++;
	}
	if (found == 0)
		see(w, &call, state, CALL_CLOSED);
}

static void
see(struct world *w, struct pairs *p, uint8_t dials, uint8_t answers)
{
	if (dials >= p->n_states || answers >= p->n_states)
		sim_fail(w, "%s: a state of no table", p->what);
	else if ((p->allowed[dials] & 1U << answers) == 0)
		sim_fail(w, "%s: %s here and %s there", p->what,
		    p->name(dials), p->name(answers));
	else
		p->seen[dials] |= 1U << answers;
}

int
pairs_all(void)
{
	return (all_seen(&cc) == -1 || all_seen(&call) == -1 ? -1 : 0);
}

static int
all_seen(const struct pairs *p)
{
	uint32_t dials, answers, missing;
	int ret = 0;

	for (dials = 0; dials < p->n_states; dials++) {
		missing = p->allowed[dials] & ~p->seen[dials];
		for (answers = 0; answers < p->n_states; answers++) {
			if ((missing & 1U << answers) == 0)
				continue;
			printf("# %s: never %s here and %s there\n", p->what,
			    p->name(dials), p->name(answers));
			ret = -1;
		}
	}
	return (ret);
}
