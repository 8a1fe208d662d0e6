/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Reads and writes the steps of a script.  All octets are a script, so that
 * a fuzzer loses no time with what is none.
 */
#include <string.h>

#include "script.h"

static const struct step_row {
	uint8_t	operands, has_msg;
} step_table[STEP_COUNT] = {
	[STEP_RAW] =		{ 1, 1 },
	[STEP_BODY] =		{ 2, 1 },
	[STEP_TIME] =		{ 1, 0 },
	[STEP_DEADLINE] =	{ 0, 0 },
	[STEP_CALL] =		{ 2, 0 },
	[STEP_CLOSE_CALL] =	{ 1, 0 },
	[STEP_CLOSE] =		{ 1, 0 },
	[STEP_POLICY] =		{ 1, 0 },
	[STEP_OPEN] =		{ 1, 0 },
	[STEP_ANSWER] =		{ 2, 0 },
	[STEP_CONNECT] =	{ 2, 0 },
	[STEP_ERRORS] =		{ 1, 0 },
	[STEP_ACCM] =		{ 1, 0 },
	[STEP_SPEAK] =		{ 1, 0 },
	[STEP_FIXED] =		{ 2, 0 },
	[STEP_OFFER] =		{ 2, 0 },
	[STEP_CIRCUIT] =	{ 2, 0 }
};

int
script_next(struct rd *r, struct step *s)
{
	size_t len;
	uint8_t i;

	memset(s, 0, sizeof(*s));
	s->type = rd_u8(r);
	for (i = 0; i < step_operands(s->type); i++)
		s->op[i] = rd_u8(r);
	if (step_has_msg(s->type)) {
		len = rd_u16(r);
		s->msg = rd_bytes(r, len < r->left ? len : r->left);
	}
	return (!r->bad);
}

void
script_put(struct wr *w, const struct step *s)
{
	wr_u8(w, s->type);
	wr_bytes(w, s->op, step_operands(s->type));
	if (!step_has_msg(s->type))
		return;
	wr_u16(w, (uint16_t)s->msg.len);
	wr_bytes(w, s->msg.p, s->msg.len);
}

int
step_has_msg(uint8_t type)
{
	return (type < STEP_COUNT && step_table[type].has_msg);
}

uint8_t
step_operands(uint8_t type)
{
	return (type < STEP_COUNT ? step_table[type].operands : 0);
}
