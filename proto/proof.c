/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control Message Authentication (RFC 3931 sections 4.3 and 5.4.1).
 *
 * With digests and a secret each side has a nonce, every message has a
 * Message Digest, and whatever has none or a wrong one does not exist.  With
 * digests and no secret the digest only shows what was damaged; a message
 * without one is as good.  A nonce that was not told yet is empty.
 *
 * Our nonce is made like a challenge (digest.h): it need not be kept, and is
 * recognised when somebody hands it back to us as their own.
 */
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "auth3.h"
#include "cc.h"
#include "proof.h"

static void	 proof_read(struct bytes, struct msg *);
static enum l2tp_err proof_early(const struct tunnel *, const struct msg *);
static enum l2tp_err proof_judge(const struct tunnel *,
		    const struct msg *);
static enum l2tp_err proof_fits(struct tunnel *, struct bytes,
		    const struct msg *, const struct auth3_nonces *);
static struct bytes proof_secret(const struct tunnel *, uint8_t);
static struct bytes proof_ours(struct tunnel *, uint8_t [DIGEST_LEN]);
static struct bytes proof_theirs(const struct tunnel *);

int
proof_needs(const struct tunnel *t)
{
	return (t->version == 3 && t->params->digests != 0 &&
	    t->params->secret_len[0] > 0);
}

int
proof_waits(const struct msg *m)
{
	return (m->have[AVP_NONCE] || m->have[AVP_MESSAGE_DIGEST]);
}

enum l2tp_err
proof_check(struct tunnel *t, const struct hdr *h, struct bytes raw)
{
	struct auth3_nonces n = { .sender = proof_theirs(t) };
	uint8_t nonce[DIGEST_LEN];
	enum l2tp_err err;
	struct msg m;

	/* The secret is not known before the caller has accepted the SCCRQ. */
	if (t->state == CC_IDLE)
		return (ERR_NONE);
	proof_read(raw, &m);
	if (t->state == CC_WAIT_ACCEPT)
		return (proof_early(t, &m));
	/* It is good for ever: only one that was answered comes again. */
	if (m.type == MSG_SCCRQ && proof_needs(t) &&
	    !chan_is_old(&t->chan, h->ns))
		return (ERR_DIGEST);
	if (m.type == MSG_SCCRP && t->state == CC_WAIT_CTL_REPLY) {
		/* A peer that will not do is told so: see proof_nonce(). */
		err = proof_judge(t, &m);
		if (err == ERR_DIGEST)
			return (err);
		if (err != ERR_NONE && h->ns == t->chan.nr)
			return (ERR_NONE);
		n.sender = m.nonce;
	}
	n.receiver = proof_ours(t, nonce);
	return (proof_fits(t, raw, &m, &n));
}

/* What it says must not be used but to find out if it may be. */
static void
proof_read(struct bytes raw, struct msg *m)
{
	struct hdr h;
	struct rd r;

	rd_init(&r, raw.p, raw.len);
	hdr_decode(&r, &h);
	msg_decode(&r, 3, m, NULL);
}

/*
 * An acknowledgement before our nonce is told could not be checked, so that
 * a SCCRQ that comes again has none; and nothing else of its peer can.  Nor
 * may anything be kept that would be read as of the other version later.
 */
static enum l2tp_err
proof_early(const struct tunnel *t, const struct msg *m)
{
	if (m->type == MSG_SCCRQ || (t->is_dual && !t->is_signed))
		return (ERR_FSM);
	return (t->is_signed ? ERR_DIGEST : ERR_NONE);
}

enum l2tp_err
proof_hail(struct tunnel *t, struct bytes raw)
{
	static const struct auth3_nonces none;
	enum l2tp_err err;
	struct msg m;

	proof_read(raw, &m);
	if (proof_judge(t, &m) == ERR_NONE &&
	    (err = proof_fits(t, raw, &m, &none)) != ERR_NONE)
		return (err);
	return (proof_nonce(t, &m));
}

/*
 * 4.3: either both sides take part, or neither does.  Whoever has our own
 * nonce has us prove ourselves to ourselves, and gets nothing that could be
 * used for it.
 */
static enum l2tp_err
proof_judge(const struct tunnel *t, const struct msg *m)
{
	if (!m->have[AVP_NONCE])
		return (proof_needs(t) ? ERR_NO_NONCE : ERR_NONE);
	if (t->params->digests == 0)
		return (ERR_NONCE);
	return (digest_is_ours(m->nonce, t->e->challenge_key) ? ERR_DIGEST :
	    ERR_NONE);
}

enum l2tp_err
proof_nonce(struct tunnel *t, const struct msg *m)
{
	enum l2tp_err err = proof_judge(t, m);
	struct octets *n;

	/* Who does not take part could not read a refusal with a digest. */
	if (err == ERR_NO_NONCE)
		t->digest = 0;
	if (err != ERR_NONE || !m->have[AVP_NONCE])
		return (err);
	if ((n = malloc(sizeof(*n) + m->nonce.len)) == NULL)
		return (ERR_NOMEM);
	n->len = (uint16_t)m->nonce.len;
	memcpy(n->p, m->nonce.p, m->nonce.len);
	free(t->peer_nonce);
	t->peer_nonce = n;
	return (ERR_NONE);
}

void
proof_add(struct tunnel *t, struct msg *m, uint8_t nonce[DIGEST_LEN])
{
	if (t->version != 3 || t->digest == 0)
		return;
	m->have[AVP_MESSAGE_DIGEST] = 1;
	m->message_digest = auth3_room(t->digest);
	if (m->type != MSG_SCCRQ && m->type != MSG_SCCRP)
		return;
	/* Without a secret only to a peer that wants one. */
	if (!proof_needs(t) && t->peer_nonce == NULL)
		return;
	t->is_told = 1;
	m->have[AVP_NONCE] = 1;
	m->nonce = proof_ours(t, nonce);
}

static struct bytes
proof_theirs(const struct tunnel *t)
{
	struct bytes b = { NULL, 0 };

	if (t->peer_nonce != NULL) {
		b.p = t->peer_nonce->p;
		b.len = t->peer_nonce->len;
	}
	return (b);
}

static struct bytes
proof_ours(struct tunnel *t, uint8_t nonce[DIGEST_LEN])
{
	struct bytes b = { NULL, 0 };

	if (t->is_told) {
		auth_challenge(t, nonce);
		b.p = nonce;
		b.len = DIGEST_LEN;
	}
	return (b);
}

/*
 * 5.4.1: with each secret.  What has no digest is good if none is asked for;
 * one that is there has to be right.
 */
static enum l2tp_err
proof_fits(struct tunnel *t, struct bytes raw, const struct msg *m,
    const struct auth3_nonces *n)
{
	uint8_t rank, digest, accepted = t->params->digests;

	if (!m->have[AVP_MESSAGE_DIGEST])
		return (proof_needs(t) ? ERR_DIGEST : ERR_NONE);
	if (accepted == 0)
		accepted = L2TP_DIGEST_MD5 | L2TP_DIGEST_SHA1;
	for (rank = 0; rank < HIDE_SECRETS; rank++) {
		if (rank > 0 && auth_secret(t, rank).len == 0)
			break;
		digest = auth3_check(raw, accepted, proof_secret(t, rank), n);
		if (digest == 0)
			continue;
		/* Who repeats his SCCRQ tries both, and then uses ours. */
		if (m->type == MSG_SCCRQ && t->peer_nonce != NULL)
			return (ERR_NONE);
		t->secret ^= rank;
		/* What the peer can make it can check. */
		if (t->params->digests != 0)
			t->digest = digest;
		return (ERR_NONE);
	}
	return (ERR_DIGEST);
}

void
proof_seal(struct tunnel *t, struct wr *w)
{
	uint8_t nonce[DIGEST_LEN];
	struct auth3_nonces n = { proof_ours(t, nonce), proof_theirs(t) };
	uint8_t rank = 0;

	/* Whoever does not answer may have the other secret. */
	if (t->state == CC_WAIT_CTL_REPLY && t->params->secret_len[1] > 0)
		rank = t->chan.retransmitted & 1;
	auth3_seal(w, proof_secret(t, rank), &n);
}

/* Without digests of our own it shows no more than what is damaged. */
static struct bytes
proof_secret(const struct tunnel *t, uint8_t rank)
{
	static const struct bytes none = { NULL, 0 };

	return (proof_needs(t) ? auth_secret(t, rank) : none);
}
