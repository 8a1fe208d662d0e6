/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Intrusive chained hash tables of fixed size.  Multiply-shift hashing with
 * a secret factor spreads ids that a peer has chosen.
 */
#include <stdlib.h>

#include "table.h"

#define TABLE_MIN_BITS	4
#define TABLE_MAX_BITS	16

static struct node	**table_slot(const struct table *, uint32_t);
static struct node	 *table_match(struct node *, uint32_t);

int
table_init(struct table *t, uint32_t n, uint64_t factor)
{
	t->bits = TABLE_MIN_BITS;
	while (t->bits < TABLE_MAX_BITS && (1U << t->bits) < n)
		t->bits++;
	t->factor = factor | 1;
	t->bucket = calloc((size_t)1 << t->bits, sizeof(*t->bucket));
	return (t->bucket == NULL ? -1 : 0);
}

void
table_free(struct table *t)
{
	free(t->bucket);
	t->bucket = NULL;
}

void
table_insert(struct table *t, struct node *n, uint32_t key)
{
	struct node **slot = table_slot(t, key);

	n->key = key;
	n->next = *slot;
	n->linked = 1;
	*slot = n;
}

void
table_remove(struct table *t, struct node *n)
{
	struct node **np;

	if (!n->linked)
		return;
	np = table_slot(t, n->key);
	while (*np != n)
		np = &(*np)->next;
	*np = n->next;
	n->linked = 0;
}

struct node *
table_first(const struct table *t, uint32_t key)
{
	return (table_match(*table_slot(t, key), key));
}

struct node *
table_next(const struct node *n)
{
	return (table_match(n->next, n->key));
}

struct node *
table_any(const struct table *t, size_t *at)
{
	if (t->bucket == NULL)
		return (NULL);
	for (; *at < (size_t)1 << t->bits; (*at)++)
		if (t->bucket[*at] != NULL)
			return (t->bucket[*at]);
	return (NULL);
}

static struct node **
table_slot(const struct table *t, uint32_t key)
{
	return (&t->bucket[(key * t->factor) >> (64 - t->bits)]);
}

static struct node *
table_match(struct node *n, uint32_t key)
{
	while (n != NULL && n->key != key)
		n = n->next;
	return (n);
}
