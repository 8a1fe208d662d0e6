/* SPDX-License-Identifier: ISC */
/*
 * The event loop: descriptors by epoll, deadlines by one heap.
 */
#ifndef CTLD_LOOP_H
#define CTLD_LOOP_H

#include <sys/epoll.h>

#include <stddef.h>
#include <stdint.h>

#define LOOP_NEVER	UINT64_MAX

/* Lives in its owner; loop_timer_init() before anything else. */
struct loop_timer {
	uint64_t	  at;
	size_t		  pos;		/* in the heap, from 1; 0: not set */
	void		(*fn)(void *);
	void		 *arg;
};

void	 loop_init(void);
/* Runs until loop_stop(); idle() comes after each round of callbacks. */
void	 loop_run(void (*idle)(void));
void	 loop_stop(void);
/* Milliseconds of the monotonic clock, as of the start of this round. */
uint64_t loop_now(void);

/* Calls fn(arg, EPOLL events).  0, or -1 if out of memory. */
int	 loop_add(int fd, uint32_t events, void (*fn)(void *, uint32_t),
	    void *arg);
void	 loop_events(int fd, uint32_t events);
/* Before the fd is closed; no callback comes after. */
void	 loop_del(int fd);

/* Reserves room for the timer: 0, or -1 if out of memory. */
int	 loop_timer_init(struct loop_timer *, void (*)(void *), void *);
/* Sets, moves or, with LOOP_NEVER, stops it; fires once. */
void	 loop_timer_set(struct loop_timer *, uint64_t at);
void	 loop_timer_free(struct loop_timer *);

#endif
