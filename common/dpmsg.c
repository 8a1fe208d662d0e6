/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <string.h>
#include <unistd.h>

#include "dpmsg.h"
#include "log.h"

static int
is_zero(const void *p, size_t len)
{
	static const uint8_t	 zeroes[IMSG_MAX_DATA];

	return (memcmp(p, zeroes, len) == 0);
}

/* Of no family it says at most how packets are carried. */
static int
is_addr(const void *p)
{
	const struct dp_addr	*a = p;
	size_t			 len = a->family == 4 ? 4 :
	    a->family == 6 ? 16 : 0;

	return ((len != 0 || a->family == 0) && a->encap <= 1 &&
	    (a->port == 0 || (a->encap == 0 && len != 0)) &&
	    (a->scope == 0 || (a->family == 6 && a->ip[0] == 0xfe &&
	    (a->ip[1] & 0xc0) == 0x80)) && is_zero(a->ip + len, 16 - len));
}

static int
is_prefix(const void *p)
{
	const struct dp_prefix	*x = p;

	return (is_addr(&x->addr) && is_zero(x->pad, sizeof(x->pad)) &&
	    x->len <= (x->addr.family == 6 ? 128 : x->addr.family * 8));
}

/*
 * What a field may be, by its letter: a number from min to max, a text that
 * does not look like an option, or a struct, with a family if there is a min.
 */
static const struct dpmsg_kind {
	size_t		 size;
	uint32_t	 min, max, step;
	const char	*chars;
	int		(*is)(const void *);
} dpmsg_kinds[UINT8_MAX + 1] = {
	['0'] = { .size = 1 }, ['z'] = { .size = 4 },	/* padding */
	['b'] = { .size = 1, .max = 1 },	/* a flag */
	['d'] = { .size = 1, .max = DP_AS_IT_IS },
	['w'] = { .size = 2, .max = UINT16_MAX },
	['n'] = { .size = 4, .max = UINT32_MAX },
	['h'] = { .size = 4, .min = 1, .max = UINT32_MAX },	/* or an id */
	['r'] = { .size = 2, .max = DP_MAX_RULES - 1 },
	['t'] = { .size = 2, .min = 1, .max = DP_MAX_TUNNELS },
	['s'] = { .size = 2, .min = 1, .max = DP_MAX_SESSIONS },
	['v'] = { .size = 1, .max = 3 },	/* of L2TP; 0: either */
	['V'] = { .size = 1, .min = 2, .max = 3 },
	['p'] = { .size = 1, .min = DP_PW_ETH, .max = DP_PW_PPP, .step = 2 },
	['c'] = { .size = 1, .max = DP_COOKIE_LEN, .step = 4 },
	['m'] = { .size = 2, .max = 1000 },
	['I'] = { .size = DP_IFNAME_LEN, .chars = DP_NUMBER_CHARS },
	['x'] = { .size = 1, .min = 1, .max = DP_MAX_PREFIXES },
	['y'] = { .size = 1, .max = DP_MAX_RANGES },
	['g'] = { .size = 4, .max = UINT32_MAX - 1 },	/* -1 is no group */
	['u'] = { .size = 4, .max = 1000000 },	/* pppN fits an ifname */
	['l'] = { .size = 4, .max = DP_SLOTS - 1 },
	['P'] = { .size = DP_NAME_LEN, .chars = DP_NAME_CHARS },
	['#'] = { .size = DP_NUMBER_LEN, .chars = DP_NUMBER_CHARS },
	['a'] = { .size = sizeof(struct dp_addr), .min = 1, .is = is_addr },
	['A'] = { .size = sizeof(struct dp_addr), .is = is_addr },
	['X'] = { .size = sizeof(struct dp_prefix), .is = is_prefix }
};

const struct dpmsg_row dpmsg_to_dpd[] = {
	{ DP_LISTEN, "LISTEN", FD_NONE, "r00" },
	{ DP_TUNNEL_OPEN, "TUNNEL_OPEN", FD_NONE, "r00nAa" },
	{ DP_TUNNEL_UP, "TUNNEL_UP", FD_NONE, "hhhV0w" },
	{ DP_TUNNEL_CLOSE, "TUNNEL_CLOSE", FD_NONE, "h" },
	{ DP_SESSION_UP, "SESSION_UP", FD_NONE, "hhhrmbbccnnnnw00" },
	{ DP_SESSION_START, "SESSION_START", FD_NONE, "hnbbd#" },
	{ DP_SESSION_DOWN, "SESSION_DOWN", FD_NONE, "h" },
	{ DP_STATS, "STATS", FD_NONE, "h" },
	{ DP_RULE_LISTEN, "RULE_LISTEN", FD_NONE, "a" },
	{ DP_RULE_TUNNEL, "RULE_TUNNEL", FD_NONE, "wtvxb0AXXXXXXXXXXXXXXXX" },
	{ DP_RULE_SESSION, "RULE_SESSION", FD_NONE,
	    "rspywnnnnnnnnnnnnnnnnnPIIXXXX" },
	{ DP_POLICY_END, "POLICY_END", FD_NONE, "wts00gu" },
	{ 0, "unknown message", FD_NONE, "" }
};

const struct dpmsg_row dpmsg_to_starter[] = {
	{ DP_RUN_PARSER, "RUN_PARSER", FD_MUST, "lnnnwP#0" },
	{ DP_RUN_CTLD, "RUN_CTLD", FD_MUST, "lnnnwP#0" },
	{ DP_RUN_PPPD, "RUN_PPPD", FD_MUST, "lnnnwP#0" },
	{ DP_RUN_CLOSE, "RUN_CLOSE", FD_MUST, "lnnnwP#0" },
	{ DP_END, "END", FD_NONE, "lnnnwP#0" },
	{ 0, "unknown message", FD_NONE, "" }
};

const struct dpmsg_row dpmsg_from_starter[] = {
	{ DP_EXITED, "EXITED", FD_NONE, "ln" },
	{ 0, "unknown message", FD_NONE, "" }
};

static int
is_in_range(const struct dpmsg_kind *k, const char *p)
{
	union { uint8_t o; uint16_t w; uint32_t n; }	 u;
	uint32_t					 v;
	size_t						 len;

	if (k->is != NULL)
		return (k->is(p) && (k->min == 0 || p[0] != 0));
	if (k->chars != NULL) {		/* zero behind the NUL, too */
		len = strnlen(p, k->size);
		return (len < k->size && strspn(p, k->chars) == len &&
		    p[0] != '-' && (k->size != DP_IFNAME_LEN || p[0] != '.') &&
		    is_zero(p + len, k->size - len));
	}
	memcpy(&u, p, k->size);
	v = k->size == 1 ? u.o : k->size == 2 ? u.w : u.n;
	return (v >= k->min && v <= k->max &&
	    (k->step == 0 || (v - k->min) % k->step == 0));
}

/* NULL if the message is as its row says, else what is wrong with it. */
static const char *
dpmsg_check(const struct dpmsg_row *row, size_t len, const struct dpmsg *m)
{
	const struct dpmsg_kind	*k;
	const char		*f, *p = (const char *)&m->u;
	int			 has_fd = m->fd != -1;

	if (row->type == 0 || len != sizeof(m->u))
		return (row->type == 0 ? "not for us" : "wrong length");
	if (has_fd != (row->fd == FD_MUST ||
	    (row->fd == FD_IF_OK && m->u.reply.err == 0)))
		return (has_fd ? "surplus fd" : "missing fd");
	for (f = row->fields; *f != '\0'; f++, p += k->size)
		if (!is_in_range(k = &dpmsg_kinds[(uint8_t)*f], p))
			return ("value out of range");
	return (is_zero(p, (size_t)((const char *)(&m->u + 1) - p)) ? NULL :
	    "surplus values");
}

enum imsg_status
dpmsg_recv(int sock, const struct dpmsg_row *row, struct dpmsg *m)
{
	struct imsg		 im;
	const char		*wrong;
	enum imsg_status	 status = imsg_recv(sock, &im);

	if (status == IMSG_BAD)
		log_warnx("invalid message: cut off or too many fds");
	if (status != IMSG_OK)
		return (status);
	while (row->type != im.hdr.type && row->type != 0)
		row++;
	*m = (struct dpmsg){ .type = im.hdr.type, .id = im.hdr.id, .fd = im.fd,
	    .name = row->name };
	memcpy(&m->u, im.data, sizeof(m->u));
	if ((wrong = dpmsg_check(row, im.hdr.len, m)) == NULL)
		return (IMSG_OK);
	log_warnx("invalid %s (type %u, length %u): %s", m->name, m->type,
	    im.hdr.len, wrong);
	if (m->fd != -1)
		close(m->fd);
	return (IMSG_BAD);
}

enum imsg_status
dpmsg_send(int sock, const struct dpmsg *m)
{
	return (imsg_send(sock, m->type, m->id, m->fd, &m->u, sizeof(m->u)));
}
