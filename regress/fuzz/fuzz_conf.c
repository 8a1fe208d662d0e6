/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Any text as a configuration: it is either refused with at least one line,
 * each of them printable, or it is accepted, at most with warnings, and then
 * every policy record passes dpd's own checks.
 */
#include <stdlib.h>
#include <string.h>

#include "conf.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static size_t	n_lines;

static void
must(int truth)
{
	if (!truth)
		abort();
}

static void
report(const char *line)
{
	n_lines += strstr(line, ": warning: ") == NULL;
	for (; *line != '\0'; line++)
		must(*line >= ' ' && *line <= '~');
}

/* dpmsg_send() ends the process if dpd would not take the record. */
static void
check(void *arg, const struct dpmsg *m)
{
	static int pair[2] = { -1, -1 };
	struct dpmsg got;
	uint32_t *n = arg;

	if (pair[0] == -1)
		must(imsg_pair(pair) == 0);
	must(dpmsg_send(pair[0], m) == IMSG_OK);
	must(dpmsg_recv(pair[1], dpmsg_to_dpd, &got) == IMSG_OK);
	must(got.type == m->type && got.fd == -1);
	if (m->type == DP_POLICY_END)
		must(m->u.policy_end.n_rules == *n);
	(*n)++;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct conf *conf;
	uint32_t n = 0;

	n_lines = 0;
	conf = conf_parse("f", (const char *)data, len, report);
	must((conf == NULL) == (n_lines > 0));
	if (conf != NULL)
		conf_policy(conf, check, &n);
	conf_free(conf);
	return (0);
}
