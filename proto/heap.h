/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A binary heap of deadlines with room fixed at the start.  Timers are
 * members of the objects that they belong to.
 */
#ifndef PROTO_HEAP_H
#define PROTO_HEAP_H

#include <stdint.h>

enum timer_kind {
	TIMER_TUNNEL,
	TIMER_CALL
};

struct timer {
	uint64_t	at;
	uint32_t	place;		/* in the heap, from 1; 0: not there */
	uint8_t		kind;		/* enum timer_kind */
};

struct heap {
	struct timer	**timer;	/* from 1 */
	uint32_t	  count;
	uint32_t	  room;
};

/* -1 if out of memory. */
int		 heap_init(struct heap *, uint32_t room);
void		 heap_free(struct heap *);
/* Adds, moves, or with L2TP_NEVER removes. */
void		 heap_set(struct heap *, struct timer *, uint64_t at);
/* The earliest, or NULL. */
struct timer	*heap_top(const struct heap *);

#endif
