/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Reader and writer cursors.  Every octet of a packet is read and written
 * here, in rd_take() and wr_take(), and nowhere else.  Neither ever moves
 * past the end: the first attempt makes the cursor bad and empties it.
 * Octets are in network order (RFC 2661 section 3.0).
 */
#include <string.h>

#include "wire.h"

static const uint8_t	*rd_take(struct rd *, size_t);
static uint8_t		*wr_take(struct wr *, size_t);

void
rd_init(struct rd *r, const void *p, size_t len)
{
	r->p = p;
	r->left = len;
	r->bad = 0;
}

uint8_t
rd_u8(struct rd *r)
{
	const uint8_t *p;

	if ((p = rd_take(r, 1)) == NULL)
		return (0);
	return (p[0]);
}

uint16_t
rd_u16(struct rd *r)
{
	const uint8_t *p;

	if ((p = rd_take(r, 2)) == NULL)
		return (0);
	return ((uint16_t)(p[0] << 8 | p[1]));
}

uint32_t
rd_u32(struct rd *r)
{
	const uint8_t *p;

	if ((p = rd_take(r, 4)) == NULL)
		return (0);
	return ((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3]);
}

uint64_t
rd_u64(struct rd *r)
{
	const uint8_t *p;
	uint64_t v = 0;
	size_t i;

	if ((p = rd_take(r, 8)) == NULL)
		return (0);
	for (i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return (v);
}

void
rd_skip(struct rd *r, size_t len)
{
	(void)rd_take(r, len);
}

struct bytes
rd_bytes(struct rd *r, size_t len)
{
	struct bytes b = { NULL, 0 };

	b.p = rd_take(r, len);
	if (!r->bad)
		b.len = len;
	return (b);
}

struct bytes
rd_rest(struct rd *r)
{
	return (rd_bytes(r, r->left));
}

void
rd_copy(struct rd *r, void *dst, size_t len)
{
	const uint8_t *p;

	if (len == 0)
		return;
	if ((p = rd_take(r, len)) == NULL)
		memset(dst, 0, len);
	else
		memcpy(dst, p, len);
}

struct rd
rd_sub(struct rd *r, size_t len)
{
	struct rd sub = { NULL, 0, 0 };
	struct bytes b;

	b = rd_bytes(r, len);
	sub.p = b.p;
	sub.left = b.len;
	sub.bad = r->bad;
	return (sub);
}

int
rd_end(const struct rd *r)
{
	return (!r->bad && r->left == 0);
}

void
wr_init(struct wr *w, void *p, size_t len)
{
	w->p = p;
	w->left = len;
	w->len = 0;
	w->bad = 0;
}

void
wr_u8(struct wr *w, uint8_t v)
{
	uint8_t *p;

	if ((p = wr_take(w, 1)) != NULL)
		p[0] = v;
}

void
wr_u16(struct wr *w, uint16_t v)
{
	wr_u8(w, (uint8_t)(v >> 8));
	wr_u8(w, (uint8_t)v);
}

void
wr_u32(struct wr *w, uint32_t v)
{
	wr_u16(w, (uint16_t)(v >> 16));
	wr_u16(w, (uint16_t)v);
}

void
wr_u64(struct wr *w, uint64_t v)
{
	wr_u32(w, (uint32_t)(v >> 32));
	wr_u32(w, (uint32_t)v);
}

void
wr_bytes(struct wr *w, const void *src, size_t len)
{
	uint8_t *p;

	if (len > 0 && (p = wr_take(w, len)) != NULL)
		memcpy(p, src, len);
}

size_t
wr_reserve16(struct wr *w)
{
	size_t at = w->len;

	wr_u16(w, 0);
	return (at);
}

void
wr_set16(struct wr *w, size_t at, uint16_t v)
{
	if (w->bad || w->len < 2 || at > w->len - 2) {
		w->bad = 1;
		return;
	}
	w->p[at] = (uint8_t)(v >> 8);
	w->p[at + 1] = (uint8_t)v;
}

void
wr_set32(struct wr *w, size_t at, uint32_t v)
{
	wr_set16(w, at, (uint16_t)(v >> 16));
	wr_set16(w, at + 2, (uint16_t)v);
}

void
wr_undo(struct wr *w, void *dst, size_t len)
{
	if (w->bad || len > w->len) {
		w->bad = 1;
		return;
	}
	w->len -= len;
	w->left += len;
	if (len > 0)
		memcpy(dst, w->p + w->len, len);
}

/* The next len octets, or NULL and a bad cursor. */
static const uint8_t *
rd_take(struct rd *r, size_t len)
{
	const uint8_t *p = r->p;

	if (r->bad || len > r->left) {
		r->bad = 1;
		r->left = 0;
		return (NULL);
	}
	if (len > 0) {		/* an empty cursor may be of NULL */
		r->p += len;
		r->left -= len;
	}
	return (p);
}

/* Room for the next len octets, or NULL and a bad cursor. */
static uint8_t *
wr_take(struct wr *w, size_t len)
{
	uint8_t *p;

	if (w->bad || len > w->left) {
		w->bad = 1;
		w->left = 0;
		return (NULL);
	}
	p = w->p + w->len;
	w->left -= len;
	w->len += len;
	return (p);
}
