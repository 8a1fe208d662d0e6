/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What fuzz_input demands of the events and the packets of the engine,
 * whatever it was sent.
 */
#include <string.h>

#include "fuzz/input.h"
#include "fuzz/seal.h"
#include "hdr.h"
#include "msg.h"

static void	check_up(const struct fuzz_tunnel *,
		    const struct l2tp_tunnel_info *);
static void	check_cause(const struct l2tp_cause *);
static void	check_call(const struct l2tp_call_info *);
static int	is_cookie_len(uint8_t);
static void	check_digest(const struct l2tp_tunnel_info *,
		    const struct msg *);
static void	check_decodes(const struct l2tp_params *, const struct rd *,
		    uint8_t, struct msg *);
static int	decodes_by(const struct l2tp_params *, int, const struct rd *,
		    uint8_t, struct msg *);
static void	learn(struct fuzz *, struct fuzz_tunnel *, const struct msg *,
		    uint16_t);

void
check_event(struct fuzz *f, const struct l2tp_event *ev)
{
	if (ev->type == L2TP_EV_DROPPED) {
		must(ev->from != NULL && ev->to != NULL && ev->reason != NULL);
		return;
	}
	must(ev->tunnel != NULL && ev->tunnel->local_tid == ev->local_tid);
	must(ev->tunnel->cwnd <= ev->tunnel->peer_window);
	must(strlen(ev->tunnel->host_name) < L2TP_MAX_TEXT);
	must((ev->call != NULL) == (ev->local_sid != 0));
	if (ev->call != NULL)
		check_call(ev->call);
	must((ev->cause != NULL) == (ev->type == L2TP_EV_TUNNEL_DOWN ||
	    ev->type == L2TP_EV_CALL_DOWN));
	if (ev->cause != NULL)
		check_cause(ev->cause);
	if (ev->type == L2TP_EV_TUNNEL_UP)
		check_up(fuzz_tunnel(f, ev->local_tid), ev->tunnel);
}

/* Nothing was talked down to (RFC 3931 sections 4.3 and 4.7.3). */
static void
check_up(const struct fuzz_tunnel *t, const struct l2tp_tunnel_info *i)
{
	const struct l2tp_params *p = t->params;
	uint8_t versions;

	if (p == NULL)
		return;
	versions = p->versions == 0 ? L2TP_V2 : p->versions;
	must(i->fixed || (versions & (i->version == 3 ? L2TP_V3 : L2TP_V2)));
	must(i->version == 3 || i->path.peer.encap == L2TP_ENCAP_UDP);
	if (i->version == 3 && p->digests != 0 && p->secret_len[0] > 0)
		must(i->digest != 0 && (i->digest & p->digests) == i->digest);
	if (i->version == 2 && i->initiator)
		must(p->digests == 0 || (versions & L2TP_V3) == 0);
}

/* There is a phrase for every code, whoever has sent it. */
static void
check_cause(const struct l2tp_cause *c)
{
	must(c->reason != NULL && strlen(c->text) < L2TP_MAX_TEXT);
	must(*l2tp_stopccn_phrase(c->result) != '\0');
	must(*l2tp_cdn_phrase(c->result) != '\0');
	must(*l2tp_error_phrase(c->error) != '\0');
}

/* Texts and octets end where they say, and are not too long. */
static void
check_call(const struct l2tp_call_info *c)
{
	const char *text[] = { c->called, c->calling, c->sub_address,
	    c->line.agent_circuit_id, c->line.agent_remote_id };
	struct l2tp_octets octets[] = { c->private_group, c->proxy.initial_lcp,
	    c->proxy.last_sent_lcp, c->proxy.last_received_lcp, c->proxy.name,
	    c->proxy.challenge, c->proxy.response, c->remote_end_id };
	size_t i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		must(strlen(text[i]) <= L2TP_MAX_VALUE);
	for (i = 0; i < sizeof(octets) / sizeof(octets[0]); i++)
		must(octets[i].len <= L2TP_MAX_VALUE &&
		    (octets[i].p == NULL || octets[i].p[octets[i].len] == 0));
	must(c->proxy.type <= L2TP_PROXY_MSCHAPV1);
	must(is_cookie_len(c->peer_cookie_len) &&
	    is_cookie_len(c->local_cookie_len));
	must(c->l2spec <= 1 && c->circuit_active <= 1);
	must(!c->recv_seq || c->l2spec);
}

static int
is_cookie_len(uint8_t len)
{
	return (len == 0 || len == 4 || len == L2TP_MAX_COOKIE);
}

/* What we send is well-formed, always (RFC 2661 7.1). */
void
check_packet(struct fuzz *f, const struct l2tp_packet *pkt)
{
	struct l2tp_tunnel_info info;
	struct hdr h;
	struct msg m;
	struct rd r;

	f->n_packets++;
	must(pkt->len <= L2TP_MAX_PACKET);
	rd_init(&r, pkt->data, pkt->len);
	must(hdr_decode(&r, &h) == ERR_NONE && h.length == pkt->len);
	must(h.version == 3 || pkt->path.peer.encap == L2TP_ENCAP_UDP);
	check_decodes(&f->params[0], &r, h.version, &m);
	if (l2tp_tunnel_get(f->e, pkt->local_tid, &info) == -1)
		return;
	must(h.nr == info.nr);
	/* Of a SCCRQ for both versions the peer has answered the other. */
	must(h.version == info.version ? h.tid == info.peer_tid :
	    msg_is_dual(&m) && h.tid == 0);
	must(memcmp(&pkt->path, &info.path, sizeof(info.path)) == 0);
	check_digest(&info, &m);
	learn(f, fuzz_tunnel(f, pkt->local_tid), &m, info.ns);
}

/*
 * Whoever has agreed on digests sends nothing without (RFC 3931 5.4.1), not
 * even what is empty; but who does not take part could not read a refusal.
 */
static void
check_digest(const struct l2tp_tunnel_info *info, const struct msg *m)
{
	if (info->version == 3 && info->digest != 0 && m->type != MSG_STOPCCN)
		must(m->have[AVP_MESSAGE_DIGEST]);
}

/*
 * A wrong secret may seem to fit; not both ways round.  What is for both
 * versions can be read as either.
 */
static void
check_decodes(const struct l2tp_params *p, const struct rd *body,
    uint8_t version, struct msg *m)
{
	struct rd r = *body;
	struct msg v3;

	must(decodes_by(p, 0, body, version, m) ||
	    decodes_by(p, 1, body, version, m));
	if (version == 2 && msg_is_dual(m))
		must(msg_decode(&r, 3, &v3, NULL) == ERR_NONE);
}

/* With one of the secrets before the other. */
static int
decodes_by(const struct l2tp_params *p, int first, const struct rd *body,
    uint8_t version, struct msg *m)
{
	static uint8_t room[L2TP_MAX_PACKET], key[HIDE_SECRETS][SEAL_KEY_LEN];
	struct hide hide = { .room = room, .left = sizeof(room) };
	struct rd r = *body;
	struct bytes secret;
	int i;

	for (i = 0; i < HIDE_SECRETS; i++) {
		secret.p = p->secret[i];
		secret.len = p->secret_len[i];
		if (version == 3 && secret.len > 0) {
			seal_key(key[i], secret);
			secret.p = key[i];
			secret.len = SEAL_KEY_LEN;
		}
		hide.secret[i ^ first] = secret;
	}
	return (msg_decode(&r, version, m, &hide) == ERR_NONE &&
	    (m->ignored == 0 || (version == 2 && msg_is_dual(m))));
}

/* What the peer can read of us. */
static void
learn(struct fuzz *f, struct fuzz_tunnel *t, const struct msg *m, uint16_t ns)
{
	/* Acknowledged by the next STEP_BODY of this tunnel. */
	if ((f->policy & POLICY_NO_ACK) == 0)
		t->nr = ns;
	if (m->have[AVP_CHALLENGE] && m->challenge.len == DIGEST_LEN) {
		memcpy(t->challenge, m->challenge.p, DIGEST_LEN);
		t->challenge_len = DIGEST_LEN;
	}
	if (m->have[AVP_NONCE] && m->nonce.len <= NONCE_MAX) {
		memcpy(t->ours.octets, m->nonce.p, m->nonce.len);
		t->ours.len = m->nonce.len;
	}
}
