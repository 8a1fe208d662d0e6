/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The Message Digest AVP (RFC 3931 section 5.4.1) has a fixed place, behind
 * the Message Type AVP; there may be a second behind it.  The digest is
 *
 *	HMAC(shared_key, sender's nonce + receiver's nonce + message)
 *
 * with that of both AVPs as zeroes; for a SCCRQ there are no nonces yet.
 */
#include <string.h>

#include "auth3.h"
#include "avp.h"
#include "hdr.h"
#include "hmac.h"
#include "l2tp.h"
#include "msg.h"

#define DIGESTS_MAX	2	/* AVPs of one message */

/* What of a message is a digest. */
struct digest {
	size_t	at, len;
	uint8_t	kind;		/* Digest Type, enum hmac_kind or none */
};

struct digests {
	struct digest	list[DIGESTS_MAX];
	size_t		n;
	uint16_t	type;	/* of the message */
};

static void	digests_find(struct bytes, struct digests *);
static int	digest_fits(const struct digest *);
static void	digest_make(uint8_t [HMAC_MAX], struct bytes,
		    const struct digests *, enum hmac_kind, struct bytes,
		    const struct auth3_nonces *);
static int	digest_equal(struct bytes, const struct digest *,
		    const uint8_t *);

void
auth3_key(uint8_t key[AUTH3_KEY_LEN], struct bytes secret, enum auth3_use use)
{
	uint8_t octet = (uint8_t)use;
	struct bytes text = { &octet, sizeof(octet) };
	struct hmac h;

	hmac_init(&h, HMAC_MD5, secret);
	hmac_update(&h, text);
	hmac_final(&h, key);
}

struct bytes
auth3_room(uint8_t digest)
{
	static const uint8_t md5[1 + MD5_DIGEST_LENGTH] = { HMAC_MD5 };
	static const uint8_t sha1[1 + SHA1_DIGEST_LENGTH] = { HMAC_SHA1 };
	struct bytes room = { md5, sizeof(md5) };

	if (digest == L2TP_DIGEST_SHA1) {
		room.p = sha1;
		room.len = sizeof(sha1);
	}
	return (room);
}

void
auth3_seal(struct wr *w, struct bytes secret, const struct auth3_nonces *n)
{
	struct bytes message = { w->p, w->len };
	uint8_t made[DIGESTS_MAX][HMAC_MAX];
	const struct digest *d;
	struct digests all;
	struct wr sub;
	size_t i;

	if (w->bad)
		return;
	digests_find(message, &all);
	for (i = 0; i < all.n; i++)
		if (digest_fits(&all.list[i]))
			digest_make(made[i], message, &all, all.list[i].kind,
			    secret, n);
	for (i = 0; i < all.n; i++) {
		d = &all.list[i];
		if (!digest_fits(d))
			continue;
		wr_init(&sub, w->p + d->at, d->len);
		wr_bytes(&sub, made[i], d->len);
	}
}

uint8_t
auth3_check(struct bytes message, uint8_t accepted, struct bytes secret,
    const struct auth3_nonces *n)
{
	uint8_t made[HMAC_MAX];
	const struct digest *d;
	struct digests all;
	int valid;
	size_t i;

	digests_find(message, &all);
	for (i = 0; i < all.n; i++) {
		d = &all.list[i];
		if (!digest_fits(d) || (accepted & 1 << d->kind) == 0)
			continue;
		digest_make(made, message, &all, d->kind, secret, n);
		valid = digest_equal(message, d, made);
		explicit_bzero(made, sizeof(made));
		if (valid)
			return ((uint8_t)(1 << d->kind));
	}
	return (0);
}

/* Hidden ones are none: they MUST NOT be. */
static void
digests_find(struct bytes message, struct digests *all)
{
	struct digest *d;
	struct avp a;
	struct rd r;

	memset(all, 0, sizeof(*all));
	rd_init(&r, message.p, message.len);
	rd_skip(&r, HDR_CONTROL_LEN);
	if (avp_next(&r, &a) != ERR_NONE ||
	    avp_find(a.vendor, a.type) != AVP_MESSAGE_TYPE)
		return;
	all->type = rd_u16(&a.value);
	while (all->n < DIGESTS_MAX && avp_next(&r, &a) == ERR_NONE &&
	    avp_find(a.vendor, a.type) == AVP_MESSAGE_DIGEST &&
	    (a.flags & AVP_BIT_H) == 0 && a.value.left > 0) {
		d = &all->list[all->n++];
		d->kind = rd_u8(&a.value);
		d->len = a.value.left;
		d->at = message.len - r.left - d->len;
	}
}

static int
digest_fits(const struct digest *d)
{
	return (d->kind < HMAC_NKINDS && d->len == hmac_len(d->kind));
}

static void
digest_make(uint8_t out[HMAC_MAX], struct bytes message,
    const struct digests *all, enum hmac_kind kind, struct bytes secret,
    const struct auth3_nonces *n)
{
	static const uint8_t zeroes[AVP_VALUE_MAX];
	uint8_t key[AUTH3_KEY_LEN];
	struct bytes shared = { key, sizeof(key) }, zero = { zeroes, 0 };
	const struct digest *d;
	struct hmac h;
	struct rd r;

	auth3_key(key, secret, AUTH3_DIGEST);
	hmac_init(&h, kind, shared);
	if (all->type != MSG_SCCRQ) {
		hmac_update(&h, n->sender);
		hmac_update(&h, n->receiver);
	}
	rd_init(&r, message.p, message.len);
	for (d = all->list; d < all->list + all->n; d++) {
		hmac_update(&h, rd_bytes(&r, d->at - (message.len - r.left)));
		zero.len = d->len;
		hmac_update(&h, zero);
		rd_skip(&r, d->len);
	}
	hmac_update(&h, rd_rest(&r));
	hmac_final(&h, out);
	explicit_bzero(key, sizeof(key));
}

/* In time that says nothing of where they differ. */
static int
digest_equal(struct bytes message, const struct digest *d,
    const uint8_t *made)
{
	uint8_t octets[HMAC_MAX], diff = 0;
	struct rd r;
	size_t i;

	rd_init(&r, message.p, message.len);
	rd_skip(&r, d->at);
	rd_copy(&r, octets, d->len);
	for (i = 0; i < d->len; i++)
		diff |= octets[i] ^ made[i];
	return (diff == 0);
}
