/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A datagram through the header and message decoders.  A message that they
 * accept is encoded and decoded again, and must come back with the same
 * values and, the third time, in the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "hdr.h"
#include "msg.h"
#include "sample.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(int truth)
{
	if (!truth)
		abort();
}

static void
encode(struct wr *w, uint8_t *buf, const struct hdr *h, const struct msg *m)
{
	wr_init(w, buf, UINT16_MAX);
	hdr_encode(w, h->tid, h->sid);
	msg_encode(w, m, NULL);
	hdr_seal(w, h->ns, h->nr);
	must(!w->bad);
}

static void
decode(const struct wr *w, struct hdr *h, struct msg *m)
{
	struct rd r;

	rd_init(&r, w->p, w->len);
	must(hdr_decode(&r, h) == ERR_NONE);
	must(msg_decode(&r, m, NULL) == ERR_NONE);
}

/* What is known even of a message that was refused. */
static void
check_ids(const struct msg *m)
{
	int id;

	for (id = 0; id < AVP_NIDS; id++)
		must(!m->have[id] || id == AVP_MESSAGE_TYPE ||
		    msg_allows(m->type, id));
	must(!m->have[AVP_ASSIGNED_TUNNEL_ID] || m->assigned_tid != 0);
	must(!m->have[AVP_ASSIGNED_SESSION_ID] || m->assigned_sid != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t first[UINT16_MAX], second[UINT16_MAX];
	struct hdr h, h2;
	struct msg m, m2;
	struct rd r;
	struct wr w, w2;

	rd_init(&r, data, size);
	if (hdr_decode(&r, &h) != ERR_NONE)
		return (0);
	must(h.length >= HDR_CONTROL_LEN && h.length <= size);
	must(r.left == (size_t)h.length - HDR_CONTROL_LEN);
	if (msg_decode(&r, &m, NULL) != ERR_NONE) {
		check_ids(&m);
		return (0);
	}
	check_ids(&m);

	encode(&w, first, &h, &m);
	decode(&w, &h2, &m2);
	must(h.tid == h2.tid && h.sid == h2.sid);
	must(h.ns == h2.ns && h.nr == h2.nr);
	must(same_msg(&m, &m2));
	encode(&w2, second, &h2, &m2);
	must(w.len == w2.len && memcmp(first, second, w.len) == 0);
	return (0);
}
