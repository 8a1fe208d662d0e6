/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The first fence: a message that passes dpmsg_recv() has a known type that
 * may travel this way, its exact size, a descriptor if and only if it should
 * have one, and every field in its range.  A message is one row of the table
 * of messages, a field is one row of the table of kinds.
 */
#include <string.h>
#include <unistd.h>

#include "dpmsg.h"
#include "log.h"

#define PRINTABLE	DP_NUMBER_CHARS " !\"#$%&'()*,/:;<=>?@[\\]^`{|}~"
#define DPMSG_MAX_ERRNO	4095	/* as in the kernel */

static int
is_zero(const void *p, size_t len)
{
	static const uint8_t	 zeroes[IMSG_MAX_DATA];

	return (memcmp(p, zeroes, len) == 0);
}

static int
is_addr(const void *p)
{
	const struct dp_addr	*a = p;

	if (a->family == 4)
		return (a->pad == 0 && a->scope == 0 && is_zero(a->ip + 4, 12));
	return (a->family == 6 && a->pad == 0 && (a->scope == 0 ||
	    (a->ip[0] == 0xfe && (a->ip[1] & 0xc0) == 0x80)));
}

static int
is_prefix(const void *p)
{
	const struct dp_prefix	*x = p;

	return (is_addr(&x->addr) && is_zero(x->pad, sizeof(x->pad)) &&
	    x->len <= (x->addr.family == 4 ? 32 : 128));
}

static int
is_range(const void *p)
{
	const struct dp_range	*r = p;

	return (r->first != 0 && r->first <= r->last);
}

/* A handle if there is no error, an errno if there is. */
static int
is_handle_or_err(const void *p)
{
	const struct dp_tunnel_open_reply	*r = p;

	return (r->err == 0 ? r->handle != 0 : r->err > 0 &&
	    r->err <= DPMSG_MAX_ERRNO && r->handle == 0);
}

/*
 * What a field may be, by its letter: a number from min in steps to max, a
 * text of these characters, or a struct, all zero unless it has a min.
 */
static const struct dpmsg_kind {
	size_t		 size;
	uint32_t	 min, max, step;	/* step: 0 is 1 */
	const char	*chars;
	int		(*is)(const void *);
} dpmsg_kinds[UINT8_MAX + 1] = {
	['0'] = { .size = 1 }, ['z'] = { .size = 4 },	/* padding */
	['b'] = { .size = 1, .max = 1 },	/* a flag or an enum of two */
	['o'] = { .size = 1, .max = UINT8_MAX },
	['w'] = { .size = 2, .max = UINT16_MAX },
	['n'] = { .size = 4, .max = UINT32_MAX },
	['h'] = { .size = 4, .min = 1, .max = UINT32_MAX },	/* or an id */
	['r'] = { .size = 2, .max = DP_MAX_RULES - 1 },
	['R'] = { .size = 4, .max = DP_MAX_RULES },
	['t'] = { .size = 2, .min = 1, .max = DP_MAX_TUNNELS },
	['T'] = { .size = 4, .min = 1, .max = DP_MAX_TUNNELS },
	['s'] = { .size = 2, .min = 1, .max = DP_MAX_SESSIONS },
	['S'] = { .size = 4, .min = 1, .max = DP_MAX_SESSIONS },
	['v'] = { .size = 1, .min = 2, .max = 3 },	/* of L2TP */
	['p'] = { .size = 1, .min = DP_PW_ETH, .max = DP_PW_PPP, .step = 2 },
	['c'] = { .size = 1, .max = 8, .step = 4 },	/* of a cookie */
	['x'] = { .size = 1, .min = 1, .max = DP_MAX_PREFIXES },
	['y'] = { .size = 1, .max = DP_MAX_RANGES },
	['e'] = { .size = 4, .max = DPMSG_MAX_ERRNO },
	['g'] = { .size = 4, .max = UINT32_MAX - 1 },	/* -1 is no group */
	['u'] = { .size = 4, .max = 1000000 },	/* pppN fits an ifname */
	['f'] = { .size = 4, .max = DP_MAX_CONFIG },
	['m'] = { .size = 4, .max = 07777 },	/* permissions */
	['d'] = { .size = 4, .max = 60000 },	/* ms */
	['P'] = { .size = DP_NAME_LEN, .chars = DP_NAME_CHARS },
	['I'] = { .size = DP_IFNAME_LEN, .chars = DP_NUMBER_CHARS },
	['#'] = { .size = DP_NUMBER_LEN, .chars = DP_NUMBER_CHARS },
	['U'] = { .size = DP_USER_LEN, .chars = PRINTABLE },
	['k'] = { .size = 8, .min = 1, .is = is_handle_or_err },
	['a'] = { .size = sizeof(struct dp_addr), .min = 1, .is = is_addr },
	['A'] = { .size = sizeof(struct dp_addr), .is = is_addr },
	['X'] = { .size = sizeof(struct dp_prefix), .is = is_prefix },
	['Y'] = { .size = sizeof(struct dp_range), .is = is_range }
};

const struct dpmsg_row dpmsg_table[] = {
	{ DP_LISTEN, "LISTEN", TO_DPD, FD_NONE, "r00" },
	{ DP_TUNNEL_OPEN, "TUNNEL_OPEN", TO_DPD, FD_NONE, "r00zAa" },
	{ DP_TUNNEL_UP, "TUNNEL_UP", TO_DPD, FD_NONE, "hhhv000" },
	{ DP_TUNNEL_CLOSE, "TUNNEL_CLOSE", TO_DPD, FD_NONE, "h" },
	{ DP_SESSION_UP, "SESSION_UP", TO_DPD, FD_NONE, "hhhrwbbccnnnn" },
	{ DP_SESSION_START, "SESSION_START", TO_DPD, FD_NONE, "hhnbb0#" },
	{ DP_SESSION_DOWN, "SESSION_DOWN", TO_DPD, FD_NONE, "hh" },
	{ DP_STATS, "STATS", TO_DPD, FD_NONE, "hn" },

	{ DP_LISTEN_REPLY, "LISTEN_REPLY", FROM_DPD, FD_IF_OK, "e" },
	{ DP_TUNNEL_OPEN_REPLY, "TUNNEL_OPEN_REPLY", FROM_DPD, FD_IF_OK, "k" },
	{ DP_TUNNEL_UP_REPLY, "TUNNEL_UP_REPLY", FROM_DPD, FD_NONE, "e" },
	{ DP_TUNNEL_CLOSE_REPLY, "TUNNEL_CLOSE_REPLY", FROM_DPD, FD_NONE, "e" },
	{ DP_SESSION_UP_REPLY, "SESSION_UP_REPLY", FROM_DPD, FD_NONE, "e" },
	{ DP_SESSION_START_REPLY, "SESSION_START_REPLY", FROM_DPD, FD_NONE,
	    "e" },
	{ DP_SESSION_DOWN_REPLY, "SESSION_DOWN_REPLY", FROM_DPD, FD_NONE, "e" },
	{ DP_STATS_REPLY, "STATS_REPLY", FROM_DPD, FD_NONE,
	    "eznnnnnnnnnnnnnnnnnn" },

	{ DP_CONFIG, "CONFIG", FROM_DPD, FD_MUST, "fm" },
	{ DP_CONTROL, "CONTROL", FROM_DPD, FD_MUST, "z" },
	{ DP_SESSION_STATE, "SESSION_STATE", FROM_DPD, FD_NONE, "hhbownnIU" },
	{ DP_TUNNEL_GONE, "TUNNEL_GONE", FROM_DPD, FD_NONE, "he" },
	{ DP_SHUTDOWN, "SHUTDOWN", FROM_DPD, FD_NONE, "d" },

	{ DP_RULE_LISTEN, "RULE_LISTEN", TO_DPD, FD_NONE, "abb00" },
	{ DP_RULE_TUNNEL, "RULE_TUNNEL", TO_DPD, FD_NONE,
	    "wtbvbxAXXXXXXXXXXXXXXXX" },
	{ DP_RULE_SESSION, "RULE_SESSION", TO_DPD, FD_NONE,
	    "rspywnYYYYYYYYP" },
	{ DP_POLICY_END, "POLICY_END", TO_DPD, FD_NONE, "RTSSgu" },
	{ 0, "unknown message", TO_DPD, FD_NONE, "" }
};

const struct dpmsg_row *
dpmsg_find(uint16_t type)
{
	const struct dpmsg_row	*row = dpmsg_table;

	while (row->type != type && row->type != 0)
		row++;
	return (row);
}

const char *
dpmsg_name(uint16_t type)
{
	return (dpmsg_find(type)->name);
}

size_t
dpmsg_size(const struct dpmsg_row *row)
{
	const char	*f;
	size_t		 size = 0;

	for (f = row->fields; *f != '\0'; f++)
		size += dpmsg_kinds[(uint8_t)*f].size;
	return (size);
}

static int
dpmsg_in_range(const struct dpmsg_kind *k, const char *p)
{
	union { uint8_t o; uint16_t w; uint32_t n; }	 u;
	uint32_t					 v;
	size_t						 len;

	if (k->is != NULL)
		return ((k->min == 0 && is_zero(p, k->size)) || k->is(p));
	if (k->chars != NULL) {		/* zero behind the NUL, too */
		len = strnlen(p, k->size);
		return (len < k->size && strspn(p, k->chars) == len &&
		    is_zero(p + len, k->size - len));
	}
	memcpy(&u, p, k->size);
	v = k->size == 1 ? u.o : k->size == 2 ? u.w : u.n;
	return (v >= k->min && v <= k->max &&
	    (k->step == 0 || (v - k->min) % k->step == 0));
}

/* NULL if the message is as its row says, else what is wrong with it. */
static const char *
dpmsg_check(const struct dpmsg_row *row, enum dpmsg_dir dir, size_t len,
    const struct dpmsg *m)
{
	const struct dpmsg_kind	*k;
	const char		*f, *p = (const char *)&m->u;
	int			 has_fd = m->fd != -1;

	if (row->type == 0)
		return ("no such type");
	if (row->dir != dir)
		return ("wrong direction");
	if (dpmsg_size(row) != len)
		return ("wrong length");
	if (has_fd != (row->fd == FD_MUST ||
	    (row->fd == FD_IF_OK && m->u.reply.err == 0)))
		return (has_fd ? "surplus fd" : "missing fd");
	for (f = row->fields; *f != '\0'; f++, p += k->size)
		if (!dpmsg_in_range(k = &dpmsg_kinds[(uint8_t)*f], p))
			return ("value out of range");
	return (NULL);
}

enum imsg_status
dpmsg_recv(int sock, enum dpmsg_dir dir, struct dpmsg *m)
{
	struct imsg		 im;
	const char		*wrong;
	enum imsg_status	 status = imsg_recv(sock, &im);

	memset(m, 0, sizeof(*m));
	m->fd = im.fd;
	if (status == IMSG_BAD)
		log_warnx("invalid message: cut off or too many fds");
	if (status != IMSG_OK)
		return (status);
	m->type = im.hdr.type;
	m->id = im.hdr.id;
	if (im.hdr.len <= sizeof(m->u))
		memcpy(&m->u, im.data, im.hdr.len);
	wrong = dpmsg_check(dpmsg_find(m->type), dir, im.hdr.len, m);
	if (wrong == NULL)
		return (IMSG_OK);
	log_warnx("invalid %s (type %u, length %u): %s", dpmsg_name(m->type),
	    m->type, im.hdr.len, wrong);
	if (m->fd != -1)
		close(m->fd);
	m->fd = -1;
	return (IMSG_BAD);
}

enum imsg_status
dpmsg_send(int sock, const struct dpmsg *m)
{
	const struct dpmsg_row	*row = dpmsg_find(m->type);
	const size_t		 len = dpmsg_size(row);
	const char		*wrong = dpmsg_check(row, row->dir, len, m);

	if (wrong != NULL)
		fatalx("own %s: %s", row->name, wrong);
	return (imsg_send(sock, m->type, m->id, m->fd, &m->u, len));
}
