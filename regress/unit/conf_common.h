/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * For tests of the configuration: whole files in memory, the lines that
 * conf_parse() reports, and the records that conf_policy() emits.
 */
#ifndef REGRESS_UNIT_CONF_COMMON_H
#define REGRESS_UNIT_CONF_COMMON_H

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"

#define MAX_RECORDS	64

struct records {
	struct dpmsg	 m[MAX_RECORDS];
	size_t		 n;
};

static char	reported[128 * 1024];
static size_t	n_reported, n_warned;

static inline void
report(const char *line)
{
	strlcat(reported, line, sizeof(reported));
	strlcat(reported, "\n", sizeof(reported));
	if (strstr(line, ": warning: ") != NULL)
		n_warned++;
	else
		n_reported++;
}

static inline struct conf *
parse(const char *name, const char *text, size_t len)
{
	struct conf *conf;
	char *copy = malloc(len + (len == 0));

	/* Of exact size, so that reading past the end is seen. */
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, len);
	reported[0] = '\0';
	n_reported = n_warned = 0;
	conf = conf_parse(name, copy, len, report);
	free(copy);
	/* Errors and no configuration, or the other way round. */
	ck_assert_int_eq(conf == NULL, n_reported > 0);
	return (conf);
}

static inline struct conf *
parse_text(const char *text)
{
	return (parse("t", text, strlen(text)));
}

static inline char *
load(const char *path, size_t *len)
{
	FILE *f = fopen(path, "r");
	char *text;

	ck_assert_msg(f != NULL, "%s", path);
	text = conf_read(fileno(f), len);
	ck_assert_ptr_nonnull(text);
	fclose(f);
	return (text);
}

static inline struct conf *
parse_file(const char *path)
{
	struct conf *conf;
	const char *base = strrchr(path, '/');
	size_t len;
	char *text = load(path, &len);

	conf = parse(base != NULL ? base + 1 : path, text, len);
	free(text);
	return (conf);
}

/* Sent and received, so that it has passed dpd's own checks. */
static inline void
record(void *arg, const struct dpmsg *m)
{
	struct records *r = arg;
	int pair[2];

	ck_assert_uint_lt(r->n, MAX_RECORDS);
	ck_assert_int_eq(imsg_pair(pair), 0);
	ck_assert_int_eq(dpmsg_send(pair[0], m), IMSG_OK);
	ck_assert_int_eq(dpmsg_recv(pair[1], dpmsg_to_dpd, &r->m[r->n++]),
	    IMSG_OK);
	close(pair[0]);
	close(pair[1]);
}

/* ---- what is in a struct or a record ---- */

static inline void
addr_eq(const struct dp_addr *a, const char *text, uint16_t port)
{
	struct in6_addr ip = { 0 };

	ck_assert_int_eq(inet_pton(a->family == 4 ? AF_INET : AF_INET6, text,
	    &ip), 1);
	ck_assert_mem_eq(a->ip, &ip, sizeof(a->ip));
	ck_assert_uint_eq(a->port, port);
}

static inline void
prefix_eq(const struct dp_prefix *p, const char *text, uint8_t len,
    uint16_t port)
{
	addr_eq(&p->addr, text, port);
	ck_assert_uint_eq(p->len, len);
}

#endif
