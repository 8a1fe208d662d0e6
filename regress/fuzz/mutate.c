/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Mutations of control messages (RFC 2661 sections 3.1 and 4.1, RFC 3931
 * sections 3.2.1 and 5.1).  Values that take a secret are left in the clear
 * for seal.c, which completes them when the input runs.
 */
#include "fuzz/draft.h"
#include "fuzz/mutate.h"
#include "hdr.h"
#include "msg.h"
#include "sample.h"

#define MESSAGE_MAX	2048
#define HDR_AT_LENGTH	2
#define AVP_AT_VENDOR	2
#define AVP_AT_TYPE	4
#define TYPE_LEN	8	/* of a Message Type AVP */
#define ORIGINAL_LEN	2	/* before a value that is to be hidden */
#define PADDING_MAX	20

static void	op_message(struct draft *);
static void	op_type(struct draft *);
static void	op_insert(struct draft *);
static void	op_octet(struct draft *);
static void	op_number(struct draft *);
static void	op_resize(struct draft *);
static void	op_flags(struct draft *);
static void	op_name(struct draft *);
static void	op_hide(struct draft *);
static void	op_digest(struct draft *);
static void	op_length(struct draft *);

static void	header_new(struct draft *);
static uint8_t	header_version(const uint8_t *);
static void	header_field(struct draft *);
static void	body_parts(struct draft *);
static void	body_decode(const struct draft *, struct msg *);
static void	body_insert(struct draft *, size_t, enum avp_id);
static int	body_has_vector(const struct draft *, size_t);
static void	body_set_length(struct draft *, size_t, uint16_t, size_t);
static void	to_be_sealed(struct draft *, struct msg *);
static uint16_t	some_type(struct draft *);
static const struct part *some_value(struct draft *);

/* What can be done to a list of AVPs; the last makes lengths wrong. */
static void	(*const body_ops[])(struct draft *) = {
	op_message, op_type, op_insert, op_insert, op_octet, op_number,
	op_number, op_resize, op_flags, op_name, op_hide, op_hide,
	op_digest, draft_remove, draft_copy, draft_move, op_length
};
#define N_BODY_OPS	(sizeof(body_ops) / sizeof(body_ops[0]))

size_t
mutate_body(uint8_t *p, size_t len, size_t max, uint32_t seed, uint8_t version)
{
	struct draft d;

	draft_init(&d, p, len, max, seed);
	d.version = version;
	body_parts(&d);
	if (d.n == 0)
		op_message(&d);
	else
		body_ops[draft_random(&d, N_BODY_OPS)](&d);
	return (d.len);
}

size_t
mutate_datagram(uint8_t *p, size_t len, size_t max, uint32_t seed)
{
	struct draft d;

	if (max < HDR_CONTROL_LEN)
		return (len);
	draft_init(&d, p, len, max, seed);
	if (len < HDR_CONTROL_LEN || draft_random(&d, 64) == 0)
		header_new(&d);
	else if (draft_random(&d, 8) == 0) {
		header_field(&d);
		return (d.len);
	}
	d.len = HDR_CONTROL_LEN + mutate_body(p + HDR_CONTROL_LEN,
	    d.len - HDR_CONTROL_LEN, max - HDR_CONTROL_LEN,
	    draft_random(&d, UINT32_MAX), header_version(p));
	draft_put16(&d, HDR_AT_LENGTH, (uint16_t)d.len);
	return (d.len);
}

/* For no tunnel, as that of a SCCRQ. */
static void
header_new(struct draft *d)
{
	uint8_t header[HDR_CONTROL_LEN];
	struct wr w;

	wr_init(&w, header, sizeof(header));
	hdr_encode(&w, (uint8_t)(2 + draft_random(d, 2)), 0, 0);
	draft_replace(d, 0, d->len < w.len ? d->len : w.len, header, w.len);
}

/* 2 also for those that there are not. */
static uint8_t
header_version(const uint8_t *p)
{
	return ((p[1] & HDR_VER) == 3 ? 3 : 2);
}

/* A bit of the flags or ids, or one more or less. */
static void
header_field(struct draft *d)
{
	size_t at = 2 * draft_random(d, HDR_CONTROL_LEN / 2);
	uint16_t v = draft_get16(d, at);

	if (draft_random(d, 2) == 0)
		v ^= (uint16_t)(1U << draft_random(d, 16));
	else
		v += draft_random(d, 2) == 0 ? 1 : UINT16_MAX;
	draft_put16(d, at, v);
}

/* Another message, as short or as long as it may be. */
static void
op_message(struct draft *d)
{
	uint8_t octets[MESSAGE_MAX];
	struct msg m;
	struct wr w;

	sample_msg(&m, d->version, some_type(d), (int)draft_random(d, 2));
	to_be_sealed(d, &m);
	wr_init(&w, octets, sizeof(octets));
	msg_encode(&w, d->version, &m, NULL);
	draft_replace(d, 0, d->len, octets, w.len);
}

/* Another Message Type, and perhaps what it must have. */
static void
op_type(struct draft *d)
{
	const uint8_t *id;
	struct msg m;

	if (d->len < TYPE_LEN)
		return;
	draft_put16(d, AVP_HEADER_LEN, some_type(d));
	body_decode(d, &m);
	if (draft_random(d, 4) == 0 || m.type >= MSG_NTYPES ||
	    msg_table[d->version][m.type].must == NULL)
		return;
	for (id = msg_table[d->version][m.type].must; *id != AVP_NIDS; id++)
		if (!m.have[*id])
			body_insert(d, d->len, *id);
}

/* Mostly one that the message may have. */
static void
op_insert(struct draft *d)
{
	uint32_t id, tries = draft_random(d, 4) * AVP_NIDS;
	struct msg m;

	body_decode(d, &m);
	do
		id = draft_random(d, AVP_NIDS);
	while (!msg_allows(d->version, m.type, id) && tries-- > 0);
	body_insert(d, draft_gap(d), id);
}

static void
op_octet(struct draft *d)
{
	const struct part *part = some_value(d);
	size_t at;

	if (part == NULL)
		return;
	at = part->at + AVP_HEADER_LEN +
	    draft_random(d, part->len - AVP_HEADER_LEN);
	d->p[at] = (uint8_t)draft_random(d, UINT8_MAX + 1);
}

/* A small number, or one at an edge, where most values have theirs. */
static void
op_number(struct draft *d)
{
	static const uint16_t edges[] = { 0, 0x7fff, 0x8000, 0xffff };
	const struct part *part = some_value(d);
	uint32_t i = draft_random(d, 20);

	if (part != NULL && part->len >= AVP_HEADER_LEN + 2)
		draft_put16(d, part->at + part->len - 2,
		    i < 4 ? edges[i] : (uint16_t)(i - 4));
}

/* Another length of the value, which the AVP has, too. */
static void
op_resize(struct draft *d)
{
	static const uint8_t more[AVP_VALUE_MAX];
	const struct part *part = draft_pick(d);
	size_t old = part->len - AVP_HEADER_LEN, len;

	len = draft_random(d, 2 * old + 4);
	if (len > AVP_VALUE_MAX || draft_random(d, 16) == 0)
		len = AVP_VALUE_MAX;
	if (draft_replace(d, part->at + AVP_HEADER_LEN + (len < old ? len :
	    old), len < old ? old - len : 0, more, len < old ? 0 : len - old)
	    == 0)
		body_set_length(d, part->at, 0, len);
}

static void
op_flags(struct draft *d)
{
	size_t at = draft_pick(d)->at;
	uint16_t flags = AVP_BIT_M | AVP_BIT_H | AVP_BIT_RESERVED;

	draft_put16(d, at, draft_get16(d, at) ^
	    (flags & (uint16_t)(0x0400U << draft_random(d, 6))));
}

/* The value of one AVP as that of another, or of none that is known. */
static void
op_name(struct draft *d)
{
	const struct avp_row *row = &avp_table[draft_random(d, AVP_NIDS)];
	size_t at = draft_pick(d)->at;

	draft_put16(d, at + AVP_AT_VENDOR, row->vendor);
	draft_put16(d, at + AVP_AT_TYPE, row->type);
	if (draft_random(d, 4) == 0)
		draft_put16(d, at + AVP_AT_VENDOR + 2 * draft_random(d, 2),
		    (uint16_t)draft_random(d, UINT16_MAX));
}

/* The subformat of 4.3, behind a Random Vector, for seal.c to encrypt. */
static void
op_hide(struct draft *d)
{
	const struct part *part = draft_pick(d);
	size_t old = part->len - AVP_HEADER_LEN, len;
	uint8_t octets[ORIGINAL_LEN] = { (uint8_t)(old >> 8), (uint8_t)old };
	uint8_t padding[PADDING_MAX] = { 0 };

	len = old + sizeof(octets);
	if (draft_random(d, 4) == 0)
		len += draft_random(d, PADDING_MAX);
	if ((draft_get16(d, part->at) & AVP_BIT_H) || len > AVP_VALUE_MAX ||
	    len - old > d->max - d->len)
		return;
	draft_replace(d, part->at + part->len, 0, padding,
	    len - old - sizeof(octets));
	draft_replace(d, part->at + AVP_HEADER_LEN, 0, octets, sizeof(octets));
	body_set_length(d, part->at, AVP_BIT_H, len);
	if (!body_has_vector(d, part->at))
		body_insert(d, part == d->part ? 0 : d->part[0].len,
		    AVP_RANDOM_VECTOR);
}

/* Where it has to be, of a message that may have one already. */
static void
op_digest(struct draft *d)
{
	if (d->version == 3 && d->part[0].len == TYPE_LEN)
		body_insert(d, TYPE_LEN, AVP_MESSAGE_DIGEST);
	else
		op_type(d);
}

static void
op_length(struct draft *d)
{
	size_t at = draft_pick(d)->at;

	draft_put16(d, at, draft_get16(d, at) ^
	    (uint16_t)(1 + draft_random(d, AVP_LENGTH)));
}

/* The AVPs as far as they can be told apart. */
static void
body_parts(struct draft *d)
{
	struct avp a;
	struct rd r;
	size_t at;

	rd_init(&r, d->p, d->len);
	for (at = 0; !rd_end(&r) && avp_next(&r, &a) == ERR_NONE;
	    at = d->len - r.left)
		draft_add(d, at, AVP_HEADER_LEN + a.value.left);
}

static void
body_decode(const struct draft *d, struct msg *m)
{
	struct rd r;

	rd_init(&r, d->p, d->len);
	(void)msg_decode(&r, d->version, m, NULL);
}

static void
body_insert(struct draft *d, size_t at, enum avp_id id)
{
	uint8_t octets[AVP_LENGTH];
	struct msg m;
	struct wr w;

	sample_values(&m);
	to_be_sealed(d, &m);
	wr_init(&w, octets, sizeof(octets));
	avp_encode(&w, d->version, &m, id, NULL);
	draft_replace(d, at, 0, octets, w.len);
}

static int
body_has_vector(const struct draft *d, size_t before)
{
	const struct part *part;

	for (part = d->part; part < d->part + d->n && part->at < before;
	    part++)
		if (avp_find(draft_get16(d, part->at + AVP_AT_VENDOR),
		    draft_get16(d, part->at + AVP_AT_TYPE)) ==
		    AVP_RANDOM_VECTOR)
			return (1);
	return (0);
}

/* The length of a value, and more flags. */
static void
body_set_length(struct draft *d, size_t at, uint16_t flags, size_t len)
{
	uint16_t word = draft_get16(d, at) & (uint16_t)~AVP_LENGTH;

	draft_put16(d, at, word | flags | (uint16_t)(AVP_HEADER_LEN + len));
}

/* What seal.c fills in is zeroes, behind the type of a digest. */
static void
to_be_sealed(struct draft *d, struct msg *m)
{
	static const uint8_t zeroes[1 + 16];
	static const uint8_t sha1[1 + 20] = { 1 };

	m->challenge_response.p = zeroes;
	m->remote_sid = 0;
	m->message_digest.p = zeroes;
	m->message_digest.len = sizeof(zeroes);
	if (draft_random(d, 2) == 0) {
		m->message_digest.p = sha1;
		m->message_digest.len = sizeof(sha1);
	}
}

/* A message type that there is. */
static uint16_t
some_type(struct draft *d)
{
	uint16_t type;

	do
		type = (uint16_t)draft_random(d, MSG_NTYPES);
	while (msg_table[d->version][type].must == NULL);
	return (type);
}

/* An AVP that has a value, or NULL. */
static const struct part *
some_value(struct draft *d)
{
	const struct part *part = draft_pick(d);

	return (part == NULL || part->len == AVP_HEADER_LEN ? NULL : part);
}
