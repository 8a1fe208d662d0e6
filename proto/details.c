/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The memory of a call (see details.h).  It may hold the password of a proxy
 * authentication, and leaves none behind.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "details.h"

/* More than all AVPs that are kept can need. */
#define DETAILS_MAX	4096

struct details {
	size_t	 len;
	uint8_t	 avps[];
};

static struct details	*details_room(struct details *, size_t);
static void		 details_put(struct wr *, const struct msg *,
			    enum avp_id);

int
details_add(struct details **d, const struct msg *m)
{
	uint8_t buf[DETAILS_MAX];
	struct details *n;
	struct msg old;
	struct wr w;
	int id;

	details_get(*d, &old);
	wr_init(&w, buf, sizeof(buf));
	for (id = 0; id < AVP_NIDS; id++)
		if ((avp_table[id].flags & AVPF_KEEP) != 0)
			details_put(&w, m->have[id] ? m : &old, id);
	assert(!w.bad);
	if ((n = details_room(*d, w.len)) != NULL) {
		memcpy(n->avps, buf, w.len);
		if (n != *d)
			details_free(*d);
		*d = n;
	}
	explicit_bzero(buf, sizeof(buf));
	return (n == NULL ? -1 : 0);
}

void
details_get(const struct details *d, struct msg *m)
{
	struct avp a;
	struct rd r;

	memset(m, 0, sizeof(*m));
	if (d == NULL)
		return;
	rd_init(&r, d->avps, d->len);
	while (avp_next(&r, &a) == ERR_NONE) {
		avp_value(&a, avp_find(a.vendor, a.type), m, NULL);
		rd_skip(&r, 1);
	}
}

void
details_free(struct details *d)
{
	if (d != NULL)
		explicit_bzero(d->avps, d->len);
	free(d);
}

/* What has the right size already is used again. */
static struct details *
details_room(struct details *d, size_t len)
{
	if (d != NULL && d->len == len)
		return (d);
	if ((d = malloc(sizeof(*d) + len)) != NULL)
		d->len = len;
	return (d);
}

static void
details_put(struct wr *w, const struct msg *m, enum avp_id id)
{
	struct wr before = *w;

	if (!m->have[id])
		return;
	avp_encode(w, 2, m, id, NULL);
	wr_u8(w, 0);
	if (w->len - before.len > AVP_HEADER_LEN + L2TP_MAX_VALUE + 1)
		*w = before;
}
