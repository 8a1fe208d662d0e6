/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The peer of fuzz_input, which sends what a script says.  It knows the
 * secrets, and the engine's ids, challenges and nonces; the script need not
 * say them.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/input.h"
#include "fuzz/seal.h"
#include "hdr.h"
#include "msg.h"

#define MAX_DATAGRAM	(HDR_CONTROL_LEN + UINT16_MAX)
#define NO_SUCH_NR	1000	/* more than was ever sent */
#define N_CELLS		2048
#define TYPE_AT		7	/* octet of a body that says what it is */

/*
 * What libFuzzer takes as code that has run: a message in a state, because
 * most cells of the state tables share their actions with others.
 */
__attribute__((section("__libfuzzer_extra_counters")))
static uint8_t		peer_cells[N_CELLS];

static void	peer_header(struct wr *, const struct l2tp_tunnel_info *,
		    const struct step *, uint32_t);
static void	peer_cell(struct fuzz *, const struct fuzz_tunnel *,
		    const struct l2tp_tunnel_info *, const struct step *);
static void	peer_seal(struct fuzz *, struct fuzz_tunnel *, uint32_t, int,
		    uint8_t *, size_t);
static void	peer_nonce(struct fuzz *, struct fuzz_tunnel *,
		    const uint8_t *, size_t, struct nonce *);
static void	peer_send(struct fuzz *, const struct l2tp_path *,
		    const uint8_t *, size_t);

/* Whatever it is; behind a header of the usual length are AVPs. */
void
peer_raw(struct fuzz *f, const struct step *s)
{
	static uint8_t octets[MAX_DATAGRAM];
	struct l2tp_path path = fuzz_path(s->op[0]);
	size_t len = s->msg.len;

	if (len > 0)
		memcpy(octets, s->msg.p, len);
	if (len > HDR_CONTROL_LEN)
		peer_seal(f, NULL, 0, s->op[0] & SENDER_OLDER, octets, len);
	peer_send(f, &path, octets, len);
}

/* To a live tunnel. */
void
peer_body(struct fuzz *f, const struct step *s)
{
	static const uint16_t ahead[] = { 0, 1, 2, UINT16_MAX };
	static uint8_t octets[MAX_DATAGRAM];
	struct fuzz_tunnel *t = fuzz_pick(f, s);
	struct l2tp_tunnel_info info;
	struct l2tp_path path;
	uint8_t bits = s->op[1];
	uint32_t sid = 0;
	struct wr w;

	if (l2tp_tunnel_get(f->e, t->local_tid, &info) == -1)
		return;
	if (bits & BODY_SESSION)
		sid = t->sid + ((bits & BODY_SESSION) == 1);
	wr_init(&w, octets, sizeof(octets));
	peer_header(&w, &info, s, sid);
	wr_bytes(&w, s->msg.p, s->msg.len);
	hdr_seal(&w, (uint16_t)(info.nr + ahead[(bits & BODY_AHEAD) >> 2]),
	    (uint16_t)(t->nr + (bits & BODY_NR ? NO_SUCH_NR : 0)));
	if (w.bad)
		return;
	peer_cell(f, t, &info, s);
	peer_seal(f, t, sid, bits & BODY_OLDER, octets, w.len);
	path = info.path;
	path.peer.ip[3] ^= (bits & BODY_HOST) != 0;
	path.peer.port ^= (bits & BODY_PORT) != 0;
	peer_send(f, &path, octets, w.len);
}

/* Of the version that the tunnel has, or of the other. */
static void
peer_header(struct wr *w, const struct l2tp_tunnel_info *info,
    const struct step *s, uint32_t sid)
{
	uint8_t version = info->version;

	if (s->op[0] & TUNNEL_OTHER)
		version = version == 2 ? 3 : 2;
	hdr_encode(w, version, version == 2 ? info->local_tid & UINT16_MAX :
	    info->local_tid, sid & UINT16_MAX);
}

/* The state is that of the call, if the message is to one. */
static void
peer_cell(struct fuzz *f, const struct fuzz_tunnel *t,
    const struct l2tp_tunnel_info *info, const struct step *s)
{
	struct l2tp_call_info call;
	const char *name = info->state;
	uint32_t cell = 0;

	if (s->msg.len > TYPE_AT && s->msg.p[TYPE_AT] < MSG_NTYPES)
		cell = s->msg.p[TYPE_AT];
	if (info->version == 3)
		cell += 2 * MSG_NTYPES;
	if ((s->op[1] & BODY_SESSION) > 1 &&
	    l2tp_call_get(f->e, t->local_tid, t->sid, &call) == 0) {
		name = call.state;
		cell += MSG_NTYPES;
	}
	for (; *name != '\0'; name++)
		cell = cell * 31 + (uint8_t)*name;
	peer_cells[cell % N_CELLS] = 1;
}

static struct bytes
nonce_bytes(const struct nonce *n)
{
	struct bytes b = { n->octets, n->len };

	return (b);
}

/*
 * A whole message, with a secret that the engine may have; the tunnel may be
 * NULL.  A SCCRP is sent with the nonce that it has itself.
 */
static void
peer_seal(struct fuzz *f, struct fuzz_tunnel *t, uint32_t sid, int older,
    uint8_t *p, size_t len)
{
	struct seal s = { .secret = params_secret[older != 0], .sid = sid };
	struct nonce ours = { .len = 0 }, theirs = { .len = 0 };
	struct bytes secret = s.secret;
	uint8_t key[SEAL_KEY_LEN];

	if (t != NULL) {
		s.challenge.p = t->challenge;
		s.challenge.len = t->challenge_len;
		ours = t->ours;
	}
	if ((p[1] & HDR_VER) == 3) {
		seal_key(key, secret);
		s.secret.p = key;
		s.secret.len = sizeof(key);
	}
	seal_avps(p + HDR_CONTROL_LEN, len - HDR_CONTROL_LEN, &s);
	peer_nonce(f, t, p, len, &theirs);
	if (f->params[0].secret_len[0] == 0)
		secret.len = 0;
	seal_digest(p, len, secret, nonce_bytes(&theirs), nonce_bytes(&ours));
}

/* That a message of the peer is sealed with; and what it tells is kept. */
static void
peer_nonce(struct fuzz *f, struct fuzz_tunnel *t, const uint8_t *p,
    size_t len, struct nonce *n)
{
	struct msg m;
	struct rd r;

	rd_init(&r, p + HDR_CONTROL_LEN, len - HDR_CONTROL_LEN);
	(void)msg_decode(&r, 3, &m, NULL);
	if (m.have[AVP_NONCE] && m.nonce.len <= sizeof(n->octets)) {
		memcpy(n->octets, m.nonce.p, m.nonce.len);
		n->len = m.nonce.len;
	}
	if (m.type == MSG_SCCRQ)
		f->hail = *n;
	if (t == NULL)
		return;
	if (m.type == MSG_SCCRP && t->theirs.len == 0)
		t->theirs = *n;
	if (m.type != MSG_SCCRP)
		*n = t->theirs;
}

/* From memory of exactly that size. */
static void
peer_send(struct fuzz *f, const struct l2tp_path *path, const uint8_t *p,
    size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	must(copy != NULL);
	if (len > 0)
		memcpy(copy, p, len);
	l2tp_strerror(l2tp_input(f->e, path, copy, len, f->now));
	free(copy);
}
