/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Ties of calls (see call_tie.h).  The same peer is who has the same address,
 * whichever of several control connections it uses, and the same circuit is
 * what has the same Remote End ID, octet by octet.
 */
#include <string.h>

#include "call.h"
#include "call_tie.h"
#include "details.h"
#include "digest.h"
#include "rival.h"

static struct call *tie_match(struct call *, const struct tunnel *,
		    const struct msg *);
static void	tie_end(struct call *, enum tie, uint64_t);

void
tie_enter(struct call *c)
{
	struct msg m;

	details_get(c->details, &m);
	call_claim(c, digest_name(m.remote_end_id));
}

enum l2tp_err
tie_break(struct tunnel *t, const struct msg *m, uint64_t now)
{
	enum l2tp_err err = ERR_NONE;
	struct call *c, *next;
	enum tie tie;

	c = call_find_claim(t->e, digest_name(m->remote_end_id));
	for (c = tie_match(c, t, m); c != NULL; c = next) {
		next = tie_match(call_next_claim(c), t, m);
		tie = tie_of(c->has_tie ? &c->tie : NULL, m);
		if (tie != TIE_LOST)
			err = ERR_SESSION_TIE;
		if (tie != TIE_WON)
			tie_end(c, tie, now);
	}
	return (err);
}

/* The call, or the next one, that asks for the same of the same peer. */
static struct call *
tie_match(struct call *c, const struct tunnel *t, const struct msg *m)
{
	const struct bytes *end_id = &m->remote_end_id;
	struct msg own;

	for (; c != NULL; c = call_next_claim(c)) {
		details_get(c->details, &own);
		if (own.remote_end_id.len == end_id->len &&
		    memcmp(own.remote_end_id.p, end_id->p, end_id->len) == 0 &&
		    addr_same_host(&c->tunnel->path.peer, &t->path.peer))
			return (c);
	}
	return (NULL);
}

/*
 * Whoever wins answers a request that has lost.  If nobody does, our CDN
 * makes sure that it is over for the peer, too: it may have withdrawn its
 * own request before it had ours.
 */
static void
tie_end(struct call *c, enum tie tie, uint64_t now)
{
	struct stimulus s = { .now = now };

	cause_local(&s.cause, L2TP_CDN_TIE, L2TP_ERROR_NONE, NULL,
	    tie == TIE_LOST ? "lost the tie" : "tie that nobody wins");
	s.cause.by = L2TP_BY_TIE;
	call_event(c, tie == TIE_LOST ? CALL_EV_TIE_LOST : CALL_EV_TIE_EVEN,
	    &s);
	tunnel_update(c->tunnel, now);
}
