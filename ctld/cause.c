/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The phrases under which failures are logged and shown: one distinct
 * reason for each.  Texts of peers are made printable here.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cause.h"
#include "text.h"

/* pppd(8), EXIT STATUS; the last row is for all others. */
static const struct cause_pppd_row {
	uint16_t		 code;
	struct cause_exit	 exit;
} cause_pppd_table[] = {
	{ 0, { L2TP_CDN_ADMIN, "PPP link closed" } },
	{ 1, { L2TP_CDN_TEMPORARY, "pppd: fatal error" } },
	{ 2, { L2TP_CDN_PERMANENT, "pppd: wrong option in the profile" } },
	{ 3, { L2TP_CDN_PERMANENT, "pppd: not root" } },
	{ 4, { L2TP_CDN_PERMANENT, "pppd: kernel without PPP" } },
	{ 5, { L2TP_CDN_ADMIN, "pppd was told to end" } },
	{ 8, { L2TP_CDN_TEMPORARY, "pppd: connect script failed" } },
	{ 10, { L2TP_CDN_ADMIN, "PPP negotiation failed" } },
	{ 11, { L2TP_CDN_ADMIN, "peer failed to authenticate itself" } },
	{ 12, { L2TP_CDN_ADMIN, "PPP link was idle" } },
	{ 13, { L2TP_CDN_ADMIN, "PPP link reached its time limit" } },
	{ 15, { L2TP_CDN_CARRIER, "PPP peer does not answer" } },
	{ 16, { L2TP_CDN_CARRIER, "PPP link hung up" } },
	{ 17, { L2TP_CDN_ADMIN, "PPP loopback detected" } },
	{ 18, { L2TP_CDN_TEMPORARY, "pppd: init script failed" } },
	{ 19, { L2TP_CDN_ADMIN, "authentication failed" } },
	{ 21, { L2TP_CDN_ADMIN, "PPP traffic limit reached" } },
	{ UINT16_MAX, { L2TP_CDN_TEMPORARY, "pppd failed" } }
};

static const char	*cause_text(const struct l2tp_cause *,
			    const char *result, const char *error, char *,
			    size_t);
static const char	*cause_error(const struct l2tp_cause *, char *,
			    size_t);

const char *
cause_of_tunnel(const struct l2tp_cause *cause, int net_errno, char *out,
    size_t size)
{
	char	 text[64];

	if (cause->by == L2TP_BY_TIMEOUT && net_errno != 0) {
		snprintf(out, size, "no reply: %s", cause_errno(net_errno,
		    text, sizeof(text)));
		return (out);
	}
	/*
	 * Its error code is the highest version that the peer knows (4.4.2):
	 * the number, or as ours the octets of the AVP, version and revision.
	 */
	if (cause->result == L2TP_STOP_VERSION)
		snprintf(text, sizeof(text), ", up to version %u",
		    cause->error > 0xff ? cause->error >> 8 : cause->error);
	else
		cause_error(cause, text, sizeof(text));
	return (cause_text(cause, l2tp_stopccn_phrase(cause->result), text,
	    out, size));
}

const char *
cause_of_call(const struct l2tp_cause *cause, char *out, size_t size)
{
	char	 text[64];

	return (cause_text(cause, l2tp_cdn_phrase(cause->result),
	    cause_error(cause, text, sizeof(text)), out, size));
}

/* The result code 2, "see error code", is the same in both messages. */
int
cause_try_another(const struct l2tp_cause *cause)
{
	return (cause->by == L2TP_BY_PEER &&
	    cause->result == L2TP_STOP_ERROR &&
	    cause->error == L2TP_ERROR_TRY_ANOTHER);
}

const char *
cause_errno(int err, char *out, size_t size)
{
	switch (err) {
	case EHOSTUNREACH:
	case EHOSTDOWN:
		return ("host unreachable");
	case ENETUNREACH:
	case ENETDOWN:
		return ("network unreachable");
	case ECONNREFUSED:
		return ("port unreachable");
	case EDQUOT:
		return ("limit reached");
	case EACCES:
	case EPERM:
		return ("refused by policy");
	}
	snprintf(out, size, "kernel refused: %s", strerror(err));
	return (out);
}

struct cause_exit
cause_pppd(uint8_t signal, uint16_t exit_code)
{
	const struct cause_pppd_row	*row = cause_pppd_table;

	if (signal != 0)
		return ((struct cause_exit){ L2TP_CDN_TEMPORARY,
		    "pppd was killed" });
	while (row->code != exit_code && row->code != UINT16_MAX)
		row++;
	return (row->exit);
}

static const char *
cause_text(const struct l2tp_cause *cause, const char *result,
    const char *error, char *out, size_t size)
{
	char	 text[4 * L2TP_MAX_TEXT] = "";

	if (cause->by == L2TP_BY_TIMEOUT)
		return ("no reply");
	if (cause->by == L2TP_BY_TIE) {
		snprintf(out, size, "the peer called at the same time: %s",
		    cause->reason);
		return (out);
	}
	/* Without a result it was not about this one: its tunnel ended. */
	if (cause->by != L2TP_BY_PEER || cause->result == 0) {
		snprintf(out, size, "%s", cause->reason);
		return (out);
	}
	if (cause->text[0] != '\0') {
		strlcpy(text, ": ", sizeof(text));
		text_vis(cause->text, text + 2, sizeof(text) - 2);
	}
	snprintf(out, size, "closed by peer: result %u (%s)%s%s",
	    cause->result, result, error, text);
	return (out);
}

/* ", error 4 (...)", or nothing. */
static const char *
cause_error(const struct l2tp_cause *cause, char *out, size_t size)
{
	*out = '\0';
	if (cause->error != 0)
		snprintf(out, size, ", error %u (%s)", cause->error,
		    l2tp_error_phrase(cause->error));
	return (out);
}
