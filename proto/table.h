/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Hash tables of objects that contain their own node: no allocation after
 * table_init(), and several objects may have one key, newest first.
 *
 * The multiplier is random, so that a peer that chooses keys cannot choose
 * collisions.
 */
#ifndef PROTO_TABLE_H
#define PROTO_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct node {
	struct node	*next;
	uint32_t	 key;
	uint8_t		 linked;
};

struct table {
	struct node	**bucket;
	uint64_t	  factor;	/* odd */
	uint32_t	  bits;		/* log2 of the number of buckets */
};

/* Room for about n objects; -1 if out of memory. */
int		 table_init(struct table *, uint32_t n, uint64_t factor);
/* Frees the table, not the objects. */
void		 table_free(struct table *);
void		 table_insert(struct table *, struct node *, uint32_t key);
/* Of a node that is not in the table: nothing. */
void		 table_remove(struct table *, struct node *);
struct node	*table_first(const struct table *, uint32_t key);
/* The next node of the same key. */
struct node	*table_next(const struct node *);
/* A node from bucket *at on, or NULL; for l2tp_free(), from *at = 0. */
struct node	*table_any(const struct table *, size_t *at);

#endif
