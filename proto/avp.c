/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What moves a value between the wire and struct msg (RFC 2661 section 4,
 * RFC 3931 section 5.1):
 *
 *	|M|H| rsvd  |      Length       |           Vendor ID           |
 *	|         Attribute Type        |        Attribute Value...
 *
 * A value is checked in full before any of it is stored, and through a
 * cursor of its own, so that it cannot reach into its neighbour.
 */
#include <string.h>

#include "avp.h"
#include "msg.h"

#define CIRCUIT_ERRORS_LEN	18

_Static_assert(HIDE_MAX == AVP_VALUE_MAX, "a hidden value is a value");

static int		avp_binds(const struct avp *, int);
static int		avp_known(const struct avp *, int, const struct msg *);
static int		avp_wanted(enum avp_id, const struct msg *);
static enum l2tp_err	avp_ignore(struct msg *);
static enum l2tp_err	avp_clear(const struct avp *, const struct avp_row *,
			    struct msg *, struct hide *, struct rd *);
static struct bytes	avp_uncover(const struct avp *, const struct avp_row *,
			    const struct msg *, struct hide *);
static enum l2tp_err	avp_check(struct rd, const struct avp_row *, uint8_t);
static int		value_fits(size_t, const struct avp_row *, uint8_t);
static void		avp_get(struct rd *, const struct avp_row *,
			    struct msg *);
static void		avp_put(struct wr *, const struct avp_row *,
			    const struct msg *);
static void		avp_hide(struct wr *, const struct avp_row *,
			    const struct msg *, struct bytes, size_t);
static int		proxy_type_valid(uint16_t);
static void		put_id16(struct wr *, uint32_t);
static void		get_result(struct rd *, struct msg *);
static void		put_result(struct wr *, const struct msg *);
static void		get_version(struct rd *, struct msg *);
static void		put_version(struct wr *, const struct msg *);
static void		get_q931(struct rd *, struct msg *);
static void		put_q931(struct wr *, const struct msg *);
static void		get_proxy_id(struct rd *, struct msg *);
static void		put_proxy_id(struct wr *, const struct msg *);
static void		get_call_errors(struct rd *, struct msg *);
static void		put_call_errors(struct wr *, const struct msg *);
static void		get_accm(struct rd *, struct msg *);
static void		put_accm(struct wr *, const struct msg *);
static void		get_encapsulation(struct rd *, struct msg *);
static void		put_encapsulation(struct wr *, const struct msg *);

int
avp_find(uint16_t vendor, uint16_t type)
{
	int id;

	for (id = 0; id < AVP_NIDS; id++)
		if (avp_table[id].type == type &&
		    avp_table[id].vendor == vendor)
			return (id);
	return (-1);
}

enum l2tp_err
avp_next(struct rd *r, struct avp *a)
{
	uint16_t word;
	size_t len;

	word = rd_u16(r);
	a->flags = word & (uint16_t)~AVP_LENGTH;
	a->vendor = rd_u16(r);
	a->type = rd_u16(r);
	len = word & AVP_LENGTH;
	if (r->bad || len < AVP_HEADER_LEN)
		return (ERR_AVP_LENGTH);
	a->value = rd_sub(r, len - AVP_HEADER_LEN);
	return (r->bad ? ERR_AVP_LENGTH : ERR_NONE);
}

enum l2tp_err
avp_decode(const struct avp *a, struct msg *m, struct hide *h)
{
	int id = avp_find(a->vendor, a->type);
	enum l2tp_err err;

	if (!avp_known(a, id, m))
		err = ERR_AVP_UNKNOWN;
	else if (avp_wanted(id, m))
		err = avp_value(a, id, m, h);
	else
		return (avp_ignore(m));
	/* Without the M bit it is "as if the AVP had not been present". */
	if (err != ERR_NONE && !avp_binds(a, id))
		return (avp_ignore(m));
	return (err);
}

/*
 * An AVP of the other version only is as good as unknown, but for a SCCRQ:
 * one may be for both, and L2TPv3 makes nothing of what L2TPv2 has in it
 * (RFC 3931 section 4.7.3).  So is one with a reserved bit in L2TPv2 (4.1);
 * L2TPv3 ignores these.
 */
static int
avp_known(const struct avp *a, int id, const struct msg *m)
{
	uint8_t flags;

	if (id == -1)
		return (0);
	flags = avp_table[id].flags;
	if (m->version == 3)
		return ((flags & (AVPF_BOTH | AVPF_V3)) != 0 ||
		    m->type == MSG_SCCRQ);
	return ((a->flags & AVP_BIT_RESERVED) == 0 &&
	    ((flags & AVPF_V3) == 0 || msg_allows(2, m->type, id)));
}

/*
 * Whether an error in it counts.  No call depends on what is told of the
 * access line (RFC 5515), whatever the M bit says.
 */
static int
avp_binds(const struct avp *a, int id)
{
	return ((a->flags & AVP_BIT_M) != 0 &&
	    (id == -1 || avp_table[id].vendor == 0));
}

enum l2tp_err
avp_value(const struct avp *a, enum avp_id id, struct msg *m, struct hide *h)
{
	const struct avp_row *row = &avp_table[id];
	enum l2tp_err err;
	struct rd value;

	if ((err = avp_clear(a, row, m, h, &value)) != ERR_NONE ||
	    (err = avp_check(value, row, m->version)) != ERR_NONE)
		return (err);
	avp_get(&value, row, m);
	m->have[id] = 1;
	return (ERR_NONE);
}

void
avp_encode(struct wr *w, uint8_t version, const struct msg *m,
    enum avp_id id, const struct bytes *secret)
{
	const struct avp_row *row = &avp_table[id];
	uint8_t mandatory = version == 3 ? AVPF_M3 : AVPF_M;
	uint16_t bits = row->flags & mandatory ? AVP_BIT_M : 0;
	size_t at, start, len;

	at = wr_reserve16(w);
	wr_u16(w, row->vendor);
	wr_u16(w, row->type);
	start = w->len;
	avp_put(w, row, m);
	len = w->len - start;
	if (!value_fits(len, row, version)) {
		w->bad = 1;
		return;
	}
	if (secret != NULL && (row->flags & AVPF_HIDE) != 0) {
		bits |= AVP_BIT_H;
		avp_hide(w, row, m, *secret, len);
		len = w->len - start;
	}
	wr_set16(w, at, (uint16_t)(bits | (AVP_HEADER_LEN + len)));
}

/*
 * Of an AVP that comes twice the first counts.  A known one in a message
 * that has no use for it is no reason to fail the message.
 */
static int
avp_wanted(enum avp_id id, const struct msg *m)
{
	if (!msg_allows(m->version, m->type, id))
		return (0);
	return (!m->have[id] || (avp_table[id].flags & AVPF_REPEAT) != 0);
}

static enum l2tp_err
avp_ignore(struct msg *m)
{
	if (m->ignored < UINT8_MAX)
		m->ignored++;
	return (ERR_NONE);
}

/*
 * The value in the clear; the only place where a hidden one is uncovered.
 * It cannot be if there is no secret, if no Random Vector came before it, if
 * its attribute must not be hidden, or if what comes out does not fit.
 */
static enum l2tp_err
avp_clear(const struct avp *a, const struct avp_row *row, struct msg *m,
    struct hide *h, struct rd *value)
{
	struct bytes clear = { NULL, 0 };

	*value = a->value;
	if ((a->flags & AVP_BIT_H) == 0)
		return (ERR_NONE);
	if ((row->flags & AVPF_HIDE) != 0 && h != NULL &&
	    m->have[AVP_RANDOM_VECTOR])
		clear = avp_uncover(a, row, m, h);
	if (clear.p == NULL) {
		if (m->n_hidden < UINT8_MAX)
			m->n_hidden++;
		return (ERR_AVP_HIDDEN);
	}
	rd_init(value, clear.p, clear.len);
	return (ERR_NONE);
}

/*
 * With each secret in turn, until the length inside is one that the AVP can
 * have.  All of a message is hidden with one secret.
 */
static struct bytes
avp_uncover(const struct avp *a, const struct avp_row *row,
    const struct msg *m, struct hide *h)
{
	struct bytes clear = { NULL, 0 }, hidden;
	struct rd value = a->value;
	uint8_t i;

	hidden = rd_rest(&value);
	for (i = 0; i < HIDE_SECRETS && hidden.len <= h->left; i++) {
		if (h->secret[i].len == 0 ||
		    (h->fits != 0 && h->fits != i + 1))
			continue;
		clear = hide_uncover(h->room, a->type, h->secret[i],
		    m->random_vector, hidden);
		if (clear.p == NULL || !value_fits(clear.len, row, m->version))
			continue;
		h->fits = (uint8_t)(i + 1);
		h->room += hidden.len;
		h->left -= hidden.len;
		return (clear);
	}
	clear.p = NULL;
	return (clear);
}

/* The cursor is a copy: the value is read again by avp_get(). */
static enum l2tp_err
avp_check(struct rd value, const struct avp_row *row, uint8_t version)
{
	if (!value_fits(value.left, row, version))
		return (ERR_AVP_VALUE_LENGTH);
	if ((row->flags & AVPF_NONZERO) && (value.left == 4 ?
	    rd_u32(&value) : rd_u16(&value)) == 0)
		return (ERR_AVP_VALUE);
	/* RFC 3931 5.4.4: the levels are 0 to 2. */
	if (row->kind == AVPK_LEVEL && rd_u16(&value) > 2)
		return (ERR_AVP_VALUE);
	/* Section 4.4.5: the types are 1 to 5. */
	if (row->kind == AVPK_PROXY_TYPE &&
	    !proxy_type_valid(rd_u16(&value)))
		return (ERR_AVP_VALUE);
	/* Section 4.4.5: the most significant octet MUST be 0. */
	if (row->kind == AVPK_PROXY_ID && rd_u8(&value) != 0)
		return (ERR_AVP_VALUE);
	return (ERR_NONE);
}

static int
value_fits(size_t len, const struct avp_row *row, uint8_t version)
{
	/* RFC 3931 5.4.5 draws the last four counters and counts all six. */
	if (row->kind == AVPK_CALL_ERRORS && version == 3 &&
	    len == CIRCUIT_ERRORS_LEN)
		return (1);
	if (len < row->min || len > row->max)
		return (0);
	switch (row->kind) {
	case AVPK_RESULT:	/* 4.4.2: an Error Code has two octets */
		return (len != 3);
	case AVPK_PW_LIST:
		return (len % 2 == 0);
	case AVPK_COOKIE:
		return (len % 4 == 0);
	default:
		return (1);
	}
}

/* Reads a value that avp_check() has passed; this cannot fail. */
static void
avp_get(struct rd *v, const struct avp_row *row, struct msg *m)
{
	void *field = (uint8_t *)m + row->offset;

	switch ((enum avp_kind)row->kind) {
	case AVPK_EMPTY:
	case AVPK_NKINDS:
		break;
	case AVPK_U16:
	case AVPK_PROXY_TYPE:
	case AVPK_LEVEL:
		*(uint16_t *)field = rd_u16(v);
		break;
	case AVPK_ID16:
		*(uint32_t *)field = rd_u16(v);
		break;
	case AVPK_U32:
		*(uint32_t *)field = rd_u32(v);
		break;
	case AVPK_U64:
		*(uint64_t *)field = rd_u64(v);
		break;
	case AVPK_BYTES:
	case AVPK_PW_LIST:
	case AVPK_COOKIE:
		*(struct bytes *)field = rd_rest(v);
		break;
	case AVPK_RESULT:
		get_result(v, m);
		break;
	case AVPK_VERSION:
		get_version(v, m);
		break;
	case AVPK_Q931:
		get_q931(v, m);
		break;
	case AVPK_PROXY_ID:
		get_proxy_id(v, m);
		break;
	case AVPK_CALL_ERRORS:
		get_call_errors(v, m);
		break;
	case AVPK_ACCM:
		get_accm(v, m);
		break;
	case AVPK_ENCAPSULATION:
		get_encapsulation(v, m);
		break;
	}
}

static void
avp_put(struct wr *w, const struct avp_row *row, const struct msg *m)
{
	const void *field = (const uint8_t *)m + row->offset;
	const struct bytes *b = field;

	switch ((enum avp_kind)row->kind) {
	case AVPK_EMPTY:
	case AVPK_NKINDS:
		break;
	case AVPK_U16:
	case AVPK_PROXY_TYPE:
	case AVPK_LEVEL:
		wr_u16(w, *(const uint16_t *)field);
		break;
	case AVPK_ID16:
		put_id16(w, *(const uint32_t *)field);
		break;
	case AVPK_U32:
		wr_u32(w, *(const uint32_t *)field);
		break;
	case AVPK_U64:
		wr_u64(w, *(const uint64_t *)field);
		break;
	case AVPK_BYTES:
	case AVPK_PW_LIST:
	case AVPK_COOKIE:
		wr_bytes(w, b->p, b->len);
		break;
	case AVPK_RESULT:
		put_result(w, m);
		break;
	case AVPK_VERSION:
		put_version(w, m);
		break;
	case AVPK_Q931:
		put_q931(w, m);
		break;
	case AVPK_PROXY_ID:
		put_proxy_id(w, m);
		break;
	case AVPK_CALL_ERRORS:
		put_call_errors(w, m);
		break;
	case AVPK_ACCM:
		put_accm(w, m);
		break;
	case AVPK_ENCAPSULATION:
		put_encapsulation(w, m);
		break;
	}
}

/* Puts the hidden form in place of the last len octets, the value. */
static void
avp_hide(struct wr *w, const struct avp_row *row, const struct msg *m,
    struct bytes secret, size_t len)
{
	uint8_t clear[AVP_VALUE_MAX];
	struct bytes value = { clear, len };

	if (secret.len == 0 || !m->have[AVP_RANDOM_VECTOR])
		w->bad = 1;
	if (w->bad)
		return;
	wr_undo(w, clear, len);
	hide_value(w, row->type, secret, m->random_vector, value);
	explicit_bzero(clear, sizeof(clear));
}

static void
put_id16(struct wr *w, uint32_t id)
{
	if (id > UINT16_MAX)
		w->bad = 1;
	wr_u16(w, (uint16_t)id);
}

/* Section 4.4.2: Result Code, then perhaps Error Code, then Error Message. */
static void
get_result(struct rd *v, struct msg *m)
{
	m->result = rd_u16(v);
	if (v->left == 0)
		return;
	m->has_error = 1;
	m->error = rd_u16(v);
	m->error_text = rd_rest(v);
}

static void
put_result(struct wr *w, const struct msg *m)
{
	wr_u16(w, m->result);
	if (!m->has_error)
		return;
	wr_u16(w, m->error);
	wr_bytes(w, m->error_text.p, m->error_text.len);
}

/* Section 4.4.3: Ver and Rev, an octet each. */
static void
get_version(struct rd *v, struct msg *m)
{
	m->proto_ver = rd_u8(v);
	m->proto_rev = rd_u8(v);
}

static void
put_version(struct wr *w, const struct msg *m)
{
	wr_u8(w, m->proto_ver);
	wr_u8(w, m->proto_rev);
}

/* Section 4.4.4: Cause Code, Cause Msg, Advisory Message. */
static void
get_q931(struct rd *v, struct msg *m)
{
	m->q931_cause = rd_u16(v);
	m->q931_msg = rd_u8(v);
	m->q931_text = rd_rest(v);
}

static void
put_q931(struct wr *w, const struct msg *m)
{
	wr_u16(w, m->q931_cause);
	wr_u8(w, m->q931_msg);
	wr_bytes(w, m->q931_text.p, m->q931_text.len);
}

static int
proxy_type_valid(uint16_t type)
{
	return (type >= L2TP_PROXY_TEXT && type <= L2TP_PROXY_MSCHAPV1);
}

/* Section 4.4.5: an octet of 0, then the ID. */
static void
get_proxy_id(struct rd *v, struct msg *m)
{
	rd_skip(v, 1);
	m->proxy_id = rd_u8(v);
}

static void
put_proxy_id(struct wr *w, const struct msg *m)
{
	wr_u8(w, 0);
	wr_u8(w, m->proxy_id);
}

/* Section 4.4.6: two reserved octets, then six counters, or the last four. */
static void
get_call_errors(struct rd *v, struct msg *m)
{
	size_t i;

	i = v->left == CIRCUIT_ERRORS_LEN ? 2 : 0;
	rd_skip(v, 2);
	for (; i < MSG_NERRORS; i++)
		m->call_errors[i] = rd_u32(v);
}

static void
put_call_errors(struct wr *w, const struct msg *m)
{
	size_t i;

	wr_u16(w, 0);
	for (i = 0; i < MSG_NERRORS; i++)
		wr_u32(w, m->call_errors[i]);
}

/* Section 4.4.6: two reserved octets, then Send and Receive ACCM. */
static void
get_accm(struct rd *v, struct msg *m)
{
	rd_skip(v, 2);
	m->accm_send = rd_u32(v);
	m->accm_receive = rd_u32(v);
}

static void
put_accm(struct wr *w, const struct msg *m)
{
	wr_u16(w, 0);
	wr_u32(w, m->accm_send);
	wr_u32(w, m->accm_receive);
}

/* RFC 5515: Data Link, Encaps 1, Encaps 2, an octet each. */
static void
get_encapsulation(struct rd *v, struct msg *m)
{
	m->line.data_link = rd_u8(v);
	m->line.encaps1 = rd_u8(v);
	m->line.encaps2 = rd_u8(v);
}

static void
put_encapsulation(struct wr *w, const struct msg *m)
{
	wr_u8(w, m->line.data_link);
	wr_u8(w, m->line.encaps1);
	wr_u8(w, m->line.encaps2);
}
