/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What is true of all that the engine tells, whatever has come in.
 */
#include <stdlib.h>
#include <string.h>

#include "look.h"

static void
must(int ok)
{
	if (!ok)
		abort();
}

/* There is a phrase for every code, whoever has sent it. */
void
look_cause(const struct l2tp_cause *c)
{
	must(c->reason != NULL && strlen(c->text) < L2TP_MAX_TEXT);
	must(*l2tp_stopccn_phrase(c->result) != '\0');
	must(*l2tp_cdn_phrase(c->result) != '\0');
	must(*l2tp_error_phrase(c->error) != '\0');
}

/* Texts and octets end where they say, and are not too long. */
void
look_call(const struct l2tp_call_info *c)
{
	const char *text[] = { c->called, c->calling, c->sub_address,
	    c->line.agent_circuit_id, c->line.agent_remote_id };
	struct l2tp_octets octets[] = { c->private_group, c->proxy.initial_lcp,
	    c->proxy.last_sent_lcp, c->proxy.last_received_lcp, c->proxy.name,
	    c->proxy.challenge, c->proxy.response };
	size_t i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		must(strlen(text[i]) <= L2TP_MAX_VALUE);
	for (i = 0; i < sizeof(octets) / sizeof(octets[0]); i++)
		must(octets[i].len <= L2TP_MAX_VALUE &&
		    (octets[i].p == NULL || octets[i].p[octets[i].len] == 0));
	must(c->proxy.type <= L2TP_PROXY_MSCHAPV1);
}
