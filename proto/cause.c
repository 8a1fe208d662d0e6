/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Why tunnels and calls end, as the caller is told and as the peer is told
 * in Result Code (RFC 2661 4.4.2).  Texts are built here without printf.
 */
#include <string.h>

#include "engine.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

/* RFC 2661 section 4.4.2, RFC 3931 section 5.4.2; 0 is reserved. */
static const char *const stopccn_phrases[] = {
	[L2TP_STOP_CLEAR] = "request to clear the control connection",
	[L2TP_STOP_ERROR] = "general error",
	[L2TP_STOP_EXISTS] = "control channel already exists",
	[L2TP_STOP_NOT_AUTHORIZED] = "not authorized",
	[L2TP_STOP_VERSION] = "protocol version not supported",
	[L2TP_STOP_SHUTDOWN] = "shutting down",
	[L2TP_STOP_FSM] = "finite state machine error"
};

static const char *const cdn_phrases[] = {
	[L2TP_CDN_CARRIER] = "loss of carrier",
	[L2TP_CDN_ERROR] = "general error",
	[L2TP_CDN_ADMIN] = "administrative reasons",
	[L2TP_CDN_TEMPORARY] = "no facilities available, temporarily",
	[L2TP_CDN_PERMANENT] = "no facilities available, permanently",
	[L2TP_CDN_DESTINATION] = "invalid destination",
	[L2TP_CDN_NO_CARRIER] = "no carrier",
	[L2TP_CDN_BUSY] = "busy",
	[L2TP_CDN_NO_DIALTONE] = "no dial tone",
	[L2TP_CDN_TIMEOUT] = "not established in time",
	[L2TP_CDN_FRAMING] = "no framing detected",
	[L2TP_CDN_TIE] = "lost the tie",
	[L2TP_CDN_PW_TYPE] = "unsupported pseudowire type",
	[L2TP_CDN_NO_SUBLAYER] = "sequencing without a sublayer",
	[L2TP_CDN_FSM] = "finite state machine error or timeout"
};

static const char *const error_phrases[] = {
	[L2TP_ERROR_NONE] = "no general error",
	[L2TP_ERROR_NO_CONTROL] = "no control connection exists yet",
	[L2TP_ERROR_LENGTH] = "wrong length",
	[L2TP_ERROR_VALUE] = "value out of range",
	[L2TP_ERROR_RESOURCES] = "insufficient resources",
	[L2TP_ERROR_SESSION_ID] = "invalid session id",
	[L2TP_ERROR_VENDOR] = "vendor-specific error",
	[L2TP_ERROR_TRY_ANOTHER] = "try another",
	[L2TP_ERROR_MANDATORY] = "unknown mandatory AVP",
	[L2TP_ERROR_TRY_DIRECTED] = "try another of these"
};

static const char *phrase_of(const char *const *, size_t, uint16_t);
static size_t	text_add(char *, size_t, const char *);
static size_t	text_add_u16(char *, size_t, uint16_t);

void
cause_local(struct l2tp_cause *c, uint16_t result, uint16_t error,
    const char *text, const char *reason)
{
	memset(c, 0, sizeof(*c));
	c->by = L2TP_BY_LOCAL;
	c->result = result;
	c->error = error;
	c->reason = reason;
	text_copy(c->text, text_bytes(text));
}

/* 4.4.2: the Error Message names an AVP that was not understood. */
void
cause_err(struct l2tp_cause *c, enum l2tp_err err, enum msg_scope scope,
    const struct msg *m)
{
	const struct err_row *row = err_row(err);
	size_t at;

	memset(c, 0, sizeof(*c));
	c->by = L2TP_BY_PROTOCOL;
	c->result = scope == MSG_TUNNEL ? row->stopccn_result :
	    row->cdn_result;
	c->error = row->error;
	c->reason = row->phrase;
	at = text_add(c->text, 0, row->phrase);
	if (err != ERR_AVP_UNKNOWN || m == NULL)
		return;
	at = text_add(c->text, at, " ");
	at = text_add_u16(c->text, at, m->bad_vendor);
	at = text_add(c->text, at, "/");
	text_add_u16(c->text, at, m->bad_type);
}

/* RFC 3931 5.4.2 has a result code for what is unexpected. */
void
cause_err_call(struct l2tp_cause *c, const struct call *call,
    enum l2tp_err err, const struct msg *m)
{
	cause_err(c, err, MSG_SESSION, m);
	if (call->tunnel->version == 3 && err == ERR_FSM) {
		c->result = L2TP_CDN_FSM;
		c->error = L2TP_ERROR_NONE;
	}
}

void
cause_peer(struct l2tp_cause *c, const struct msg *m)
{
	memset(c, 0, sizeof(*c));
	c->by = L2TP_BY_PEER;
	c->result = m->result;
	c->error = m->has_error ? m->error : 0;
	c->reason = "closed by the peer";
	text_copy(c->text, m->error_text);
}

void
cause_timeout(struct l2tp_cause *c, uint16_t result, const char *reason)
{
	memset(c, 0, sizeof(*c));
	c->by = L2TP_BY_TIMEOUT;
	c->result = result;
	c->reason = reason;
	text_copy(c->text, text_bytes(reason));
}

/* 4.4.2: without an error code there is no place for a text. */
void
cause_to_msg(const struct l2tp_cause *c, struct msg *m)
{
	m->have[AVP_RESULT_CODE] = 1;
	m->result = c->result;
	m->error = c->error;
	m->error_text = text_bytes(c->text);
	m->has_error = c->error != 0 || m->error_text.len > 0;
}

void
text_copy(char to[L2TP_MAX_TEXT], struct bytes from)
{
	size_t len = from.len;

	if (len > L2TP_MAX_TEXT - 1)
		len = L2TP_MAX_TEXT - 1;
	if (len > 0)
		memcpy(to, from.p, len);
	to[len] = '\0';
}

struct bytes
text_bytes(const char *s)
{
	struct bytes b = { NULL, 0 };

	if (s != NULL) {
		b.p = (const uint8_t *)s;
		b.len = strlen(s);
	}
	return (b);
}

const char *
l2tp_stopccn_phrase(uint16_t result)
{
	return (phrase_of(stopccn_phrases, nitems(stopccn_phrases), result));
}

const char *
l2tp_cdn_phrase(uint16_t result)
{
	return (phrase_of(cdn_phrases, nitems(cdn_phrases), result));
}

const char *
l2tp_error_phrase(uint16_t error)
{
	return (phrase_of(error_phrases, nitems(error_phrases), error));
}

static const char *
phrase_of(const char *const *phrases, size_t n, uint16_t code)
{
	return (code < n && phrases[code] != NULL ? phrases[code] : "unknown");
}

/* Appends what fits and returns the new length. */
static size_t
text_add(char *to, size_t at, const char *s)
{
	while (*s != '\0' && at < L2TP_MAX_TEXT - 1)
		to[at++] = *s++;
	to[at] = '\0';
	return (at);
}

static size_t
text_add_u16(char *to, size_t at, uint16_t v)
{
	char digits[6];
	size_t i = sizeof(digits) - 1;

	digits[i] = '\0';
	do {
		digits[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	return (text_add(to, at, digits + i));
}
