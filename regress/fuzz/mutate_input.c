/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The mutator of fuzz_input, whose input is a script: changes a message of
 * it, mostly, or its steps.
 */
#include <string.h>

#include "fuzz/draft.h"
#include "fuzz/mutate.h"
#include "fuzz/script.h"

#define STEP_MAX	4096	/* octets of one that is changed */
#define MSG_MAX		2048
#define SETUP_LEN	2	/* the first octets, which are no step */

static void	script_parts(struct draft *);
static void	op_message(struct draft *);
static void	op_insert(struct draft *);
static void	op_operand(struct draft *);
static void	op_setup(struct draft *);
static uint8_t	some_operand(struct draft *);
static void	step_change(struct draft *, struct step *);
static void	step_replace(struct draft *, size_t, size_t,
		    const struct step *);

static void	(*const script_ops[])(struct draft *) = {
	op_insert, op_insert, op_insert, op_insert, op_operand, op_operand,
	op_setup, draft_remove, draft_copy, draft_move
};
#define N_SCRIPT_OPS	(sizeof(script_ops) / sizeof(script_ops[0]))

size_t
LLVMFuzzerCustomMutator(uint8_t *p, size_t len, size_t max, unsigned int seed)
{
	struct draft d;

	if (seed % 16 == 0 || len < SETUP_LEN)
		return (LLVMFuzzerMutate(p, len, max));
	draft_init(&d, p, len, max, seed);
	script_parts(&d);
	if (draft_random(&d, 2) == 0)
		op_message(&d);
	else
		script_ops[draft_random(&d, N_SCRIPT_OPS)](&d);
	return (d.len);
}

/* The first steps of one script and the last ones of another. */
size_t
LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_len, const uint8_t *b,
    size_t b_len, uint8_t *out, size_t max, unsigned int seed)
{
	struct draft d;
	struct step s;
	struct rd r;
	uint32_t n;
	size_t head;

	draft_init(&d, out, a_len < max ? a_len : max, max, seed);
	memcpy(out, a, d.len);
	script_parts(&d);
	head = draft_gap(&d);
	rd_init(&r, b, b_len);
	rd_skip(&r, SETUP_LEN);
	for (n = draft_random(&d, d.n + 1); n > 0 && r.left > 0; n--)
		(void)script_next(&r, &s);
	if (r.left > max - head)
		r.left = max - head;
	draft_replace(&d, head, d.len - head, r.p, r.left);
	return (d.len);
}

/* One that has L2TPv3 at all is mostly about that. */
static void
script_parts(struct draft *d)
{
	struct step s;
	struct rd r;
	size_t at;

	rd_init(&r, d->p, d->len);
	rd_skip(&r, SETUP_LEN);
	for (at = d->len - r.left; script_next(&r, &s); at = d->len - r.left) {
		draft_add(d, at, d->len - r.left - at);
		if (s.type == STEP_FIXED ||
		    (s.type == STEP_SPEAK && (s.op[0] & SPEAK_V3)))
			d->version = 3;
	}
}

/* A step that has a message, near one that was picked. */
static void
op_message(struct draft *d)
{
	const struct part *part = draft_pick(d);
	struct step s;
	struct rd r;

	for (; part != NULL && part < d->part + d->n; part++) {
		rd_init(&r, d->p + part->at, part->len);
		if (script_next(&r, &s) && step_has_msg(s.type)) {
			step_change(d, &s);
			step_replace(d, part->at, part->len, &s);
			return;
		}
	}
	op_insert(d);
}

/* Mostly one more message of the first tunnel. */
static void
op_insert(struct draft *d)
{
	struct step s = { .type = STEP_BODY };
	uint8_t i;

	if (draft_random(d, 2) == 0)
		s.type = (uint8_t)draft_random(d, STEP_COUNT);
	for (i = 0; i < SCRIPT_OPERANDS; i++)
		s.op[i] = some_operand(d);
	if (step_has_msg(s.type))
		step_change(d, &s);
	step_replace(d, draft_gap(d), 0, &s);
}

static void
op_operand(struct draft *d)
{
	const struct part *part = draft_pick(d);
	uint8_t n;

	if (part == NULL || (n = step_operands(d->p[part->at])) == 0)
		return;
	d->p[part->at + 1 + draft_random(d, n)] = some_operand(d);
}

static void
op_setup(struct draft *d)
{
	draft_put16(d, 0, draft_get16(d, 0) ^
	    (uint16_t)(1U << draft_random(d, 16)));
}

/* Mostly small, because the first tunnels are those that there are. */
static uint8_t
some_operand(struct draft *d)
{
	static const size_t below[] = { 1, 1, 2, 4, 4, 16, UINT8_MAX + 1 };

	return ((uint8_t)draft_random(d, below[draft_random(d,
	    sizeof(below) / sizeof(below[0]))]));
}

/* The message of a step, in memory that lasts until the next one. */
static void
step_change(struct draft *d, struct step *s)
{
	static uint8_t octets[MSG_MAX];
	size_t len = s->msg.len < sizeof(octets) ? s->msg.len : 0;
	uint32_t seed = draft_random(d, UINT32_MAX);

	if (len > 0)
		memcpy(octets, s->msg.p, len);
	s->msg.p = octets;
	s->msg.len = s->type == STEP_RAW ?
	    mutate_datagram(octets, len, sizeof(octets), seed) :
	    mutate_body(octets, len, sizeof(octets), seed,
	    seed % 8 == 0 ? (d->version == 2 ? 3 : 2) : d->version);
}

static void
step_replace(struct draft *d, size_t at, size_t len, const struct step *s)
{
	uint8_t octets[STEP_MAX];
	struct wr w;

	wr_init(&w, octets, sizeof(octets));
	script_put(&w, s);
	if (!w.bad)
		draft_replace(d, at, len, octets, w.len);
}
