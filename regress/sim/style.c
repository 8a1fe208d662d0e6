/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * L2TPv2, L2TPv3 or both, over UDP or IP, with digests or without: what of a
 * side and of its calls depends on that, so that all else need not.
 */
#include <stdio.h>
#include <string.h>

#include "sim.h"

#define BOTH	(L2TP_V2 | L2TP_V3)

/* The versions of a side and of the other, and what comes of it. */
static const struct style {
	uint8_t	versions[2];
	uint8_t	encap;		/* enum l2tp_encap */
	uint8_t	version;
} styles[SIM_NSTYLES] = {
	[SIM_V2] = { { L2TP_V2, L2TP_V2 }, L2TP_ENCAP_UDP, 2 },
	[SIM_V3] = { { L2TP_V3, L2TP_V3 }, L2TP_ENCAP_UDP, 3 },
	[SIM_IP] = { { L2TP_V3, L2TP_V3 }, L2TP_ENCAP_IP, 3 },
	[SIM_DUAL] = { { BOTH, BOTH }, L2TP_ENCAP_UDP, 3 },
	[SIM_FORWARD] = { { BOTH, L2TP_V3 }, L2TP_ENCAP_UDP, 3 },
	[SIM_FALLBACK] = { { BOTH, L2TP_V2 }, L2TP_ENCAP_UDP, 2 }
};

/* Who accepts both sends SHA-1, and no side takes what it does not accept. */
static const uint8_t digests[][2] = {
	{ L2TP_DIGEST_MD5, L2TP_DIGEST_MD5 },
	{ L2TP_DIGEST_SHA1, L2TP_DIGEST_SHA1 },
	{ L2TP_DIGEST_MD5 | L2TP_DIGEST_SHA1, L2TP_DIGEST_SHA1 },
	{ L2TP_DIGEST_MD5 | L2TP_DIGEST_SHA1,
	    L2TP_DIGEST_MD5 | L2TP_DIGEST_SHA1 },
	{ 0, 0 }
};

static int	 same_cookie(const uint8_t *, uint8_t, const uint8_t *,
		    uint8_t);

/* Secrets that differ show only if they are used. */
void
style_pick(struct world *w, uint32_t mask)
{
	do
		w->style = sim_random(w, SIM_NSTYLES);
	while ((mask & 1U << w->style) == 0);
	w->version = styles[w->style].version;
	w->swapped = (int)sim_random(w, 2);
	w->digests = sim_random(w, nitems(digests) -
	    (w->secrets == SIM_MISMATCH));
}

void
style_side(struct world *w, int i)
{
	const struct style *style = &styles[w->style];
	struct side *s = &w->side[i];

	s->addr.encap = style->encap;
	if (style->encap == L2TP_ENCAP_IP)
		s->addr.port = 0;
	s->params.versions = style->versions[i ^ w->swapped];
	s->params.router_id = 0x0a000001U + (uint32_t)i;
	s->params.pw_types[0] = L2TP_PW_ETH;
	s->params.pw_types[1] = L2TP_PW_PPP;
	s->params.n_pw_types = 2;
	if (style->version == 3)
		s->params.digests = digests[w->digests][i ^ w->swapped];
	/* Who asks for a challenge is not offered L2TPv3, which has none. */
	if (style->version == 3 && s->params.versions == BOTH)
		s->params.challenge = 0;
}

/* A pseudowire that nobody else has. */
void
style_call(struct world *w, int i, struct l2tp_call_params *p,
    char end_id[SIM_END_ID])
{
	static const uint8_t cookies[] = { 0, 4, 8 };

	if (w->version != 3)
		return;
	if (w->end_id != NULL)
		snprintf(end_id, SIM_END_ID, "%s", w->end_id);
	else
		snprintf(end_id, SIM_END_ID, "%d-%u", i, w->n_end_ids++);
	p->session_tie = w->session_tie[i];
	p->remote_end_id.p = (const uint8_t *)end_id;
	p->remote_end_id.len = strlen(end_id);
	p->pw_type = sim_random(w, 2) ? L2TP_PW_ETH : L2TP_PW_PPP;
	p->cookie_len = w->style == SIM_IP || w->end_id != NULL ? 8 :
	    cookies[sim_random(w, 3)];
	p->l2spec = (uint8_t)sim_random(w, 2);
	p->data_sequencing = p->l2spec && sim_random(w, 2) ? 2 : 0;
	p->circuit_down = (uint8_t)sim_random(w, 2);
}

int
style_offer(struct world *w, int i, struct known *k)
{
	struct l2tp_call_params p = { 0 };
	struct l2tp *e = w->side[i].e;
	struct l2tp_call_info info;
	char end_id[SIM_END_ID];

	if (w->version != 3 || k->opened)
		return (0);
	if (l2tp_call_get(e, k->local_tid, k->id, &info) == -1)
		return (-1);
	style_call(w, i, &p, end_id);
	p.pw_type = info.pw_type;
	p.l2spec = info.l2spec;
	p.data_sequencing = p.l2spec && sim_random(w, 2) ? 2 : 0;
	k->circuit = !p.circuit_down;
	if (l2tp_call_offer(e, k->local_tid, k->id, &p, w->now) == 0)
		return (0);
	sim_fail(w, "side %d call %u: cannot be offered", i, k->id);
	return (-1);
}

void
style_circuit(struct world *w, int i, struct known *k)
{
	int active = (int)sim_random(w, 2), may = k->up;

	if (may != (l2tp_call_send_circuit(w->side[i].e, k->local_tid, k->id,
	    active, w->now) == 0))
		sim_fail(w, "side %d call %u: SLI %s", i, k->id,
		    may ? "is refused" : "is not refused");
	if (may)
		k->circuit = (uint8_t)active;
}

void
style_agree(struct world *w, int i, const struct known *k)
{
	const struct known *there = book_find(w->side[!i].calls, k->peer_id);
	struct l2tp_call_info here, peer;
	const char *wrong = NULL;

	if (w->version != 3 ||
	    l2tp_call_get(w->side[i].e, k->local_tid, k->id, &here) == -1 ||
	    l2tp_call_get(w->side[!i].e, there->local_tid, there->id,
	    &peer) == -1)
		return;
	if (here.pw_type != peer.pw_type)
		wrong = "pseudowire type";
	if (here.l2spec != peer.l2spec || here.send_seq != peer.recv_seq)
		wrong = "sublayer";
	if (!same_cookie(here.peer_cookie, here.peer_cookie_len,
	    peer.local_cookie, peer.local_cookie_len))
		wrong = "cookie";
	if (k->circuit != there->peer_circuit ||
	    here.circuit_active != there->circuit)
		wrong = "circuit status";
	if (wrong != NULL)
		sim_fail(w, "side %d call %u: another %s there", i, k->id,
		    wrong);
}

static int
same_cookie(const uint8_t *a, uint8_t a_len, const uint8_t *b, uint8_t b_len)
{
	return (a_len == b_len && memcmp(a, b, a_len) == 0);
}
