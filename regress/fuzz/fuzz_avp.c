/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A datagram through the header and message decoders, as it is and then with
 * its hidden AVPs really hidden.  A message that they accept is encoded and
 * decoded again, and must come back with the same values and, the third
 * time, in the same bytes; and it does not fit into less memory than it has
 * octets.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/seal.h"
#include "hdr.h"
#include "msg.h"
#include "sample.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct bytes fuzz_secret = { (const uint8_t *)"fuzz", 4 };

static void
must(int truth)
{
	if (!truth)
		abort();
}

/* With a secret, or in the clear. */
static int
encode(struct wr *w, uint8_t *buf, size_t room, const struct hdr *h,
    const struct msg *m, const struct bytes *secret)
{
	wr_init(w, buf, room);
	hdr_encode(w, h->version, h->tid, h->sid);
	msg_encode(w, h->version, m, secret);
	hdr_seal(w, h->ns, h->nr);
	return (w->bad ? -1 : 0);
}

static void
check_room(size_t room, const struct hdr *h, const struct msg *m,
    const struct bytes *secret)
{
	uint8_t *buf = malloc(room > 0 ? room : 1);
	struct wr w;

	must(buf != NULL);
	must(encode(&w, buf, room, h, m, secret) == -1);
	free(buf);
}

/* The values that were hidden are in the room. */
static enum l2tp_err
decode(const uint8_t *p, size_t len, struct hdr *h, struct msg *m,
    const struct bytes *secret, uint8_t *room)
{
	struct hide hide = { .room = room, .left = UINT16_MAX };
	enum l2tp_err err;
	struct rd r;

	rd_init(&r, p, len);
	if ((err = hdr_decode(&r, h)) != ERR_NONE)
		return (err);
	must(h->length >= HDR_CONTROL_LEN && h->length <= len);
	must(r.left == (size_t)h->length - HDR_CONTROL_LEN);
	if (secret != NULL)
		hide.secret[0] = *secret;
	return (msg_decode(&r, h->version, m, secret != NULL ? &hide : NULL));
}

/* What is known even of a message that was refused. */
static void
check_ids(const struct msg *m)
{
	int id;

	for (id = 0; id < AVP_NIDS; id++)
		must(!m->have[id] || id == AVP_MESSAGE_TYPE ||
		    msg_allows(m->version, m->type, id));
	must(!m->have[AVP_ASSIGNED_TUNNEL_ID] || m->assigned_tid != 0);
	must(!m->have[AVP_ASSIGNED_SESSION_ID] || m->assigned_sid != 0);
	must(!m->have[AVP_ASSIGNED_CCID] || m->assigned_ccid != 0);
	must(!m->have[AVP_LOCAL_SESSION_ID] || m->assigned_sid != 0);
}

static void
check(const uint8_t *p, size_t len, const struct bytes *secret)
{
	static uint8_t first[UINT16_MAX], second[UINT16_MAX];
	static uint8_t room[UINT16_MAX], room2[UINT16_MAX];
	struct hdr h, h2;
	struct msg m = { 0 }, m2;
	enum l2tp_err err;
	struct wr w, w2;

	err = decode(p, len, &h, &m, secret, room);
	check_ids(&m);
	if (err != ERR_NONE)
		return;
	if (!m.have[AVP_RANDOM_VECTOR])
		secret = NULL;
	/* What is hidden is longer, and may be too long. */
	if (encode(&w, first, sizeof(first), &h, &m, secret) == -1) {
		must(secret != NULL);
		return;
	}
	check_room(h.nr % w.len, &h, &m, secret);
	must(decode(w.p, w.len, &h2, &m2, secret, room2) == ERR_NONE);
	must(h.tid == h2.tid && h.sid == h2.sid);
	must(h.ns == h2.ns && h.nr == h2.nr);
	must(same_msg(&m, &m2));
	must(encode(&w2, second, sizeof(second), &h2, &m2, secret) == 0);
	must(w.len == w2.len && memcmp(first, second, w.len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct seal s = { .secret = fuzz_secret };
	uint8_t *copy;

	check(data, len, NULL);
	if (len <= HDR_CONTROL_LEN)
		return (0);
	must((copy = malloc(len)) != NULL);
	memcpy(copy, data, len);
	seal_avps(copy + HDR_CONTROL_LEN, len - HDR_CONTROL_LEN, &s);
	check(copy, len, &fuzz_secret);
	free(copy);
	return (0);
}
