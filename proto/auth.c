/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnel authentication (RFC 2661 section 5.1.1).  A peer may have two
 * secrets while they are rolled over.  We use the first, until the peer has
 * shown that it uses the other: by its response, and until then by what it
 * has hidden.  Secrets are the caller's; no copy of them is kept.
 */
#include <string.h>

#include "auth.h"
#include "proof.h"

static uint64_t		auth_nonce(struct tunnel *);
static enum l2tp_err	auth_verify(struct tunnel *, const struct msg *);

struct bytes
auth_secret(const struct tunnel *t, uint8_t rank)
{
	const struct l2tp_params *p = t->params;
	uint8_t i = t->secret ^ rank;
	struct bytes secret = { p->secret[i], p->secret_len[i] };

	return (secret);
}

void
auth_hide(struct tunnel *t, struct hide *h)
{
	memset(h, 0, sizeof(*h));
	h->secret[0] = auth_hide_key(t, t->e->hide_key);
	if (!t->is_proved && t->version == 2)
		h->secret[1] = auth_secret(t, 1);
	h->room = t->e->clear;
	h->left = sizeof(t->e->clear);
}

/*
 * In L2TPv3 the digest has told which secret it is, and without Control
 * Message Authentication nothing is hidden (RFC 3931 5.3).
 */
struct bytes
auth_hide_key(const struct tunnel *t, uint8_t key[AUTH3_KEY_LEN])
{
	struct bytes hidden = { NULL, 0 };

	if (t->version == 2)
		return (auth_secret(t, 0));
	if (proof_needs(t)) {
		auth3_key(key, auth_secret(t, 0), AUTH3_HIDE);
		hidden.p = key;
		hidden.len = AUTH3_KEY_LEN;
	}
	return (hidden);
}

void
auth_learn(struct tunnel *t, const struct hide *h)
{
	if (h->fits > 1)
		t->secret ^= 1;
}

void
auth_wipe(struct tunnel *t, const struct hide *h)
{
	explicit_bzero(t->e->clear, sizeof(t->e->clear) - h->left);
	explicit_bzero(t->e->hide_key, sizeof(t->e->hide_key));
}

/*
 * A peer that has to prove itself is not sent anything hidden before: it may
 * have the other secret, or none, and would not even understand the refusal.
 * SCCRQ and SCCRP, which that is about, have nothing to hide.
 */
int
auth_may_hide(const struct tunnel *t)
{
	if (t->version == 3)
		return (t->params->hide_avps && proof_needs(t) &&
		    t->peer_nonce != NULL);
	/* A SCCRQ for both versions has to show which AVPs are L2TPv3's. */
	return (t->params->hide_avps && !(t->is_dual && t->initiator) &&
	    (t->is_proved || !t->params->challenge));
}

void
auth_challenge(struct tunnel *t, uint8_t out[DIGEST_LEN])
{
	digest_challenge(out, t->e->challenge_key, auth_nonce(t));
}

uint64_t
auth_tie_breaker(struct tunnel *t)
{
	return (digest_tie(t->e->challenge_key, auth_nonce(t)));
}

static uint64_t
auth_nonce(struct tunnel *t)
{
	const struct l2tp_config *c = &t->e->config;

	while (t->nonce == 0)
		c->random(c->random_arg, &t->nonce, sizeof(t->nonce));
	return (t->nonce);
}

/* 4.4.3: the id is the type of the message, 2 for SCCRP and 3 for SCCCN. */
void
auth_respond(const struct tunnel *t, uint16_t type, struct bytes challenge,
    uint8_t out[DIGEST_LEN])
{
	digest_response(out, (uint8_t)type, auth_secret(t, 0), challenge);
}

enum l2tp_err
auth_check(struct tunnel *t, const struct msg *m)
{
	if (t->version == 3)
		return (m->type == MSG_SCCRP ? proof_nonce(t, m) : ERR_NONE);
	/* The response first: it tells which secret ours will take. */
	if (m->type != MSG_SCCRQ && t->params->challenge &&
	    auth_verify(t, m) != ERR_NONE)
		return (ERR_AUTH);
	if (!m->have[AVP_CHALLENGE])
		return (ERR_NONE);
	/* Without a secret there is no response.  Nor to what we asked. */
	if (auth_secret(t, 0).len == 0 ||
	    digest_is_ours(m->challenge, t->e->challenge_key))
		return (ERR_AUTH);
	return (ERR_NONE);
}

static enum l2tp_err
auth_verify(struct tunnel *t, const struct msg *m)
{
	struct bytes challenge, secret;
	uint8_t octets[DIGEST_LEN], rank;

	if (!m->have[AVP_CHALLENGE_RESPONSE])
		return (ERR_AUTH);
	auth_challenge(t, octets);
	challenge.p = octets;
	challenge.len = sizeof(octets);
	for (rank = 0; rank < HIDE_SECRETS; rank++) {
		secret = auth_secret(t, rank);
		if (secret.len == 0 || !digest_matches(m->challenge_response,
		    (uint8_t)m->type, secret, challenge))
			continue;
		t->secret ^= rank;
		t->is_proved = 1;
		return (ERR_NONE);
	}
	return (ERR_AUTH);
}
