/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * One epoll loop and one heap of deadlines.  Callbacks may add and remove
 * anything: an event that was fetched for a descriptor which has since been
 * removed is recognised by its generation and dropped.
 */
#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "loop.h"

#define LOOP_BATCH	64

struct loop_fd {
	void		(*fn)(void *, uint32_t);
	void		 *arg;
	uint32_t	  generation;
};

static struct loop_state {
	int			  epfd;
	int			  stop;
	uint64_t		  now;
	struct loop_fd		 *fds;		/* by descriptor */
	size_t			  n_fds;
	struct loop_timer	**heap;		/* [1..n_heap], least first */
	size_t			  n_heap, n_timers, room;
} loop_state;

static void	loop_clock(void);
static int	loop_wait_ms(void);
static void	loop_dispatch(const struct epoll_event *);
static void	loop_timers(void);
static int	loop_grow(int);
static void	heap_up(size_t);
static void	heap_down(size_t);
static void	heap_place(size_t, struct loop_timer *);

void
loop_init(void)
{
	if ((loop_state.epfd = epoll_create1(EPOLL_CLOEXEC)) == -1)
		fatal("epoll_create1");
	loop_clock();
}

void
loop_run(void (*idle)(void))
{
	struct epoll_event	 ev[LOOP_BATCH];
	int			 i, n;

	for (loop_state.stop = 0; !loop_state.stop;) {
		n = epoll_wait(loop_state.epfd, ev, LOOP_BATCH, loop_wait_ms());
		if (n == -1 && errno != EINTR)
			fatal("epoll_wait");
		loop_clock();
		for (i = 0; i < n; i++)
			loop_dispatch(&ev[i]);
		loop_timers();
		idle();
	}
}

void
loop_stop(void)
{
	loop_state.stop = 1;
}

uint64_t
loop_now(void)
{
	return (loop_state.now);
}

int
loop_add(int fd, uint32_t events, void (*fn)(void *, uint32_t), void *arg)
{
	struct epoll_event	 ev = { .events = events };
	struct loop_fd		*lf;

	if (loop_grow(fd) == -1)
		return (-1);
	lf = &loop_state.fds[fd];
	lf->fn = fn;
	lf->arg = arg;
	ev.data.u64 = (uint64_t)++lf->generation << 32 | (uint32_t)fd;
	if (epoll_ctl(loop_state.epfd, EPOLL_CTL_ADD, fd, &ev) == 0)
		return (0);
	log_warn("epoll_ctl");
	lf->fn = NULL;
	return (-1);
}

void
loop_events(int fd, uint32_t events)
{
	struct epoll_event	 ev = { .events = events };

	ev.data.u64 = (uint64_t)loop_state.fds[fd].generation << 32 |
	    (uint32_t)fd;
	if (epoll_ctl(loop_state.epfd, EPOLL_CTL_MOD, fd, &ev) == -1)
		fatal("epoll_ctl");
}

void
loop_del(int fd)
{
	loop_state.fds[fd].fn = NULL;
	if (epoll_ctl(loop_state.epfd, EPOLL_CTL_DEL, fd, NULL) == -1)
		fatal("epoll_ctl");
}

int
loop_timer_init(struct loop_timer *t, void (*fn)(void *), void *arg)
{
	struct loop_timer	**heap;
	size_t			  room;

	t->pos = 0;
	t->fn = fn;
	t->arg = arg;
	if (loop_state.n_timers + 2 > loop_state.room) {
		room = loop_state.room * 2 + 16;
		heap = reallocarray(loop_state.heap, room, sizeof(*heap));
		if (heap == NULL)
			return (-1);
		loop_state.heap = heap;
		loop_state.room = room;
	}
	loop_state.n_timers++;
	return (0);
}

void
loop_timer_set(struct loop_timer *t, uint64_t at)
{
	struct loop_timer	*last;
	size_t			 pos = t->pos;

	t->at = at;
	if (at == LOOP_NEVER && pos == 0)
		return;
	if (at == LOOP_NEVER) {
		t->pos = 0;
		last = loop_state.heap[loop_state.n_heap--];
		if (last == t)
			return;
		heap_place(pos, last);
	} else if (pos == 0) {
		pos = ++loop_state.n_heap;
		heap_place(pos, t);
	}
	heap_up(pos);
	heap_down(pos);
}

void
loop_timer_free(struct loop_timer *t)
{
	loop_timer_set(t, LOOP_NEVER);
	loop_state.n_timers--;
}

static void
loop_clock(void)
{
	struct timespec	 ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) == -1)
		fatal("clock_gettime");
	/* The engine's clock must not start at 0. */
	loop_state.now = 1000 + (uint64_t)ts.tv_sec * 1000 +
	    (uint64_t)ts.tv_nsec / 1000000;
}

static int
loop_wait_ms(void)
{
	uint64_t	 at;

	if (loop_state.n_heap == 0)
		return (-1);
	loop_clock();
	at = loop_state.heap[1]->at;
	if (at <= loop_state.now)
		return (0);
	return (at - loop_state.now < 60000 ? (int)(at - loop_state.now) :
	    60000);
}

static void
loop_dispatch(const struct epoll_event *ev)
{
	struct loop_fd	*lf = &loop_state.fds[(uint32_t)ev->data.u64];

	if (lf->fn != NULL && lf->generation == ev->data.u64 >> 32)
		lf->fn(lf->arg, ev->events);
}

/* What a callback sets to "now" waits for the next round. */
static void
loop_timers(void)
{
	struct loop_timer	*t;
	size_t			 left = loop_state.n_heap;

	while (left-- > 0 && loop_state.n_heap > 0 &&
	    loop_state.heap[1]->at <= loop_state.now) {
		t = loop_state.heap[1];
		loop_timer_set(t, LOOP_NEVER);
		t->fn(t->arg);
	}
}

static int
loop_grow(int fd)
{
	struct loop_fd	*fds;
	size_t		 n = loop_state.n_fds;

	if ((size_t)fd < n)
		return (0);
	while (n <= (size_t)fd)
		n = n * 2 + 64;
	fds = reallocarray(loop_state.fds, n, sizeof(*fds));
	if (fds == NULL)
		return (-1);
	memset(fds + loop_state.n_fds, 0,
	    (n - loop_state.n_fds) * sizeof(*fds));
	loop_state.fds = fds;
	loop_state.n_fds = n;
	return (0);
}

static void
heap_up(size_t pos)
{
	struct loop_timer	*t = loop_state.heap[pos];

	for (; pos > 1 && loop_state.heap[pos / 2]->at > t->at; pos /= 2)
		heap_place(pos, loop_state.heap[pos / 2]);
	heap_place(pos, t);
}

static void
heap_down(size_t pos)
{
	struct loop_timer	*t = loop_state.heap[pos];
	size_t			 child;

	while ((child = pos * 2) <= loop_state.n_heap) {
		if (child < loop_state.n_heap && loop_state.heap[child + 1]->at
		    < loop_state.heap[child]->at)
			child++;
		if (loop_state.heap[child]->at >= t->at)
			break;
		heap_place(pos, loop_state.heap[child]);
		pos = child;
	}
	heap_place(pos, t);
}

static void
heap_place(size_t pos, struct loop_timer *t)
{
	loop_state.heap[pos] = t;
	t->pos = pos;
}
