/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * RFC 3931 sections 5.4.1 and 5.4.4, for scripts that cannot know nonces and
 * ids.
 */
#include <string.h>

#include "avp.h"
#include "hdr.h"
#include "msg.h"
#include "seal.h"
#include "sign.h"

#define DIGEST_AT	(HDR_CONTROL_LEN + AVP_HEADER_LEN + 2)
#define DIGEST_LEN	27	/* of the AVP, with SHA-1 */

void
sign_address(uint8_t *p, size_t len, uint32_t sid)
{
	struct bytes value;
	struct avp a;
	struct rd r;
	struct wr w;

	rd_init(&r, p, len);
	while (!rd_end(&r) && avp_next(&r, &a) == ERR_NONE) {
		value = rd_rest(&a.value);
		if (avp_find(a.vendor, a.type) != AVP_REMOTE_SESSION_ID ||
		    value.len != 4 ||
		    memcmp(value.p, "\377\377\377\377", 4) != 0)
			continue;
		wr_init(&w, p + (value.p - p), value.len);
		wr_u32(&w, sid);
	}
}

void
sign_nonce(struct nonce *n, const uint8_t *p, size_t len)
{
	struct msg m;
	struct rd r;

	rd_init(&r, p, len);
	rd_skip(&r, HDR_CONTROL_LEN);
	msg_decode(&r, 3, &m, NULL);
	if (!m.have[AVP_NONCE] || m.nonce.len > sizeof(n->p))
		return;
	memcpy(n->p, m.nonce.p, m.nonce.len);
	n->len = m.nonce.len;
}

size_t
sign_message(uint8_t *p, size_t len, int adds, struct bytes secret,
    const struct nonce *sender, const struct nonce *receiver)
{
	static const uint8_t avp[] = { 0x80, DIGEST_LEN, 0, 0, 0, 59, 1 };
	struct bytes theirs = { sender->p, sender->len };
	struct bytes ours = { receiver->p, receiver->len };

	if (adds && len >= DIGEST_AT && len + DIGEST_LEN <= UINT16_MAX &&
	    (len < DIGEST_AT + AVP_HEADER_LEN || p[DIGEST_AT + 5] != 59)) {
		memmove(p + DIGEST_AT + DIGEST_LEN, p + DIGEST_AT,
		    len - DIGEST_AT);
		memset(p + DIGEST_AT, 0, DIGEST_LEN);
		memcpy(p + DIGEST_AT, avp, sizeof(avp));
		len += DIGEST_LEN;
		p[2] = (uint8_t)(len >> 8);
		p[3] = (uint8_t)len;
	}
	seal_digest(p, len, secret, theirs, ours);
	return (len);
}
