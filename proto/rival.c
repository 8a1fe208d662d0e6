/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Two sides that call each other at the same time (RFC 2661 section 4.4.3,
 * "Tie Breaker"), and L2TP_QUIRK_SINGLE_TUNNEL.
 *
 * The same peer is who has the same address.  Ports say nothing, as each
 * side calls from one and is called at another, and host names come too
 * late: that of who answers is in its SCCRP.  Two peers behind one address
 * are therefore one while a call to that address is under way.
 *
 * Whoever loses gives up only when its caller has accepted the winner.  So
 * nobody who would not be let in can end a call by a SCCRQ, and a side that
 * lets nobody in keeps its call.  Somebody else with the address of a peer
 * who may call can still do it: the proof of 5.1.1 comes later.
 */
#include <string.h>

#include "auth.h"
#include "cc.h"
#include "proof.h"
#include "rival.h"

#define RIVAL_NAME	0	/* by which outstanding ones are found */

static struct tunnel *rival_first(const struct l2tp *,
		    const struct l2tp_addr *);
static struct tunnel *rival_next(const struct tunnel *);
static struct tunnel *rival_waits(struct tunnel *);
static enum tie	rival_tie(struct tunnel *, const struct msg *);
static void	rival_end(struct tunnel *, const char *, uint64_t);

void
rival_add(struct tunnel *t)
{
	tunnel_set_host(t, RIVAL_NAME);
}

void
rival_remove(struct tunnel *t)
{
	tunnel_unset_host(t);
}

int
rival_wins(struct l2tp *e, const struct l2tp_addr *peer, const struct msg *m,
    uint64_t now)
{
	struct tunnel *t;
	enum tie tie;
	int wins = 0;

	for (t = rival_first(e, peer); t != NULL; t = rival_next(t)) {
		tie = rival_tie(t, m);
		/* Where everything is proved a copy of ours ends nothing. */
		if (tie == TIE_EQUAL && !proof_needs(t))
			rival_end(t, "equal tie breakers", now);
		wins |= tie == TIE_EQUAL || tie == TIE_WON;
	}
	return (wins);
}

void
rival_yield(struct tunnel *winner, const struct msg *m, uint64_t now)
{
	struct tunnel *t;

	t = rival_first(winner->e, &winner->path.peer);
	for (; t != NULL; t = rival_next(t))
		if (rival_tie(t, m) == TIE_LOST)
			rival_end(t, "lost the tie", now);
}

/* A SCCRQ alone replaces nothing: anybody could send it. */
void
rival_replace(struct tunnel *t, uint64_t now)
{
	uint32_t name = digest_name(text_bytes(t->names->text));
	struct stimulus s = { .now = now };
	struct tunnel *old;

	cause_local(&s.cause, L2TP_STOP_CLEAR, 0, NULL,
	    "replaced by a new tunnel of the peer");
	old = tunnel_find_host(t->e, &t->path.peer, name);
	for (; old != NULL; old = tunnel_next_host(old)) {
		if (old->state != CC_ESTABLISHED ||
		    strcmp(old->names->text, t->names->text) != 0)
			continue;
		cc_event(old, CC_EV_SUPERSEDED, &s);
		tunnel_update(old, now);
	}
	tunnel_set_host(t, name);
}

static struct tunnel *
rival_first(const struct l2tp *e, const struct l2tp_addr *peer)
{
	return (rival_waits(tunnel_find_host(e, peer, RIVAL_NAME)));
}

static struct tunnel *
rival_next(const struct tunnel *t)
{
	return (rival_waits(tunnel_next_host(t)));
}

/* The tunnel, or the next one, that waits for the answer to its SCCRQ. */
static struct tunnel *
rival_waits(struct tunnel *t)
{
	while (t != NULL && t->state != CC_WAIT_CTL_REPLY)
		t = tunnel_next_host(t);
	return (t);
}

static enum tie
rival_tie(struct tunnel *t, const struct msg *m)
{
	uint64_t ours;

	if (!t->params->tie_breaker)
		return (tie_of(NULL, m));
	ours = auth_tie_breaker(t);
	return (tie_of(&ours, m));
}

enum tie
tie_of(const uint64_t *ours, const struct msg *m)
{
	if (ours == NULL)
		return (m->have[AVP_TIE_BREAKER] ? TIE_LOST : TIE_NONE);
	if (!m->have[AVP_TIE_BREAKER] || *ours < m->tie_breaker)
		return (TIE_WON);
	return (*ours == m->tie_breaker ? TIE_EQUAL : TIE_LOST);
}

/* 4.4.3: silently, without a StopCCN. */
static void
rival_end(struct tunnel *t, const char *why, uint64_t now)
{
	struct stimulus s = { .now = now };

	cause_local(&s.cause, 0, 0, NULL, why);
	s.cause.by = L2TP_BY_TIE;
	cc_event(t, CC_EV_SUPERSEDED, &s);
	tunnel_update(t, now);
}
