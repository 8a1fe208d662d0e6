/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Sends requests to dpd and pairs the replies with them.  The table of
 * outstanding requests is as large as the objects that can have one, so it
 * cannot overflow and a request cannot fail here.  What dpd has no room for
 * waits in order.  A message that dpd cannot have meant is fatal: dpd starts
 * us anew.
 */
#include <sys/queue.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "dp.h"
#include "log.h"
#include "loop.h"

struct dp_request {
	TAILQ_ENTRY(dp_request)	 entry;		/* waits to be sent */
	struct dp_request	*next;		/* free list */
	dp_done			*done;		/* NULL: unused */
	uint32_t		 key;
	struct dpmsg		 m;
};

static struct dp_client {
	int			  fd;
	int			  full;		/* dpd has no room now */
	const struct dp_handler	 *handlers;
	struct dp_request	 *requests;
	struct dp_request	 *free;
	uint32_t		  max, used;
	uint16_t		  generation;
	TAILQ_HEAD(, dp_request)  queue;
} dp_client;

static void	dp_request(struct dpmsg *, dp_done *, uint32_t);
static void	dp_ready(void *, uint32_t);
static void	dp_flush(void);
static void	dp_received(const struct dpmsg *);
static void	dp_reply(const struct dpmsg *);

void
dp_wait(int fd, uint16_t type, struct dpmsg *m)
{
	struct pollfd		 pfd = { .fd = fd, .events = POLLIN };
	enum imsg_status	 status;

	while ((status = dpmsg_recv(fd, dp_from_dpd, m)) == IMSG_AGAIN)
		if (poll(&pfd, 1, -1) == -1)
			fatal("poll");
	if (status != IMSG_OK)
		fatalx("no word from septum-dpd");
	if (m->type == DP_SHUTDOWN)
		exit(0);
	if (m->type != type)
		fatalx("unpermitted %s at the start", m->name);
}

void
dp_init(int fd, uint32_t max, const struct dp_handler *handlers)
{
	if (max > UINT16_MAX - 1)
		fatalx("too many requests");
	dp_client.fd = fd;
	dp_client.max = max;
	dp_client.handlers = handlers;
	TAILQ_INIT(&dp_client.queue);
	dp_client.requests = calloc(max, sizeof(*dp_client.requests));
	if (dp_client.requests == NULL ||
	    loop_add(fd, EPOLLIN, dp_ready, NULL) == -1)
		fatal("dp_init");
}

void
dp_listen(uint16_t rule, dp_done *done, uint32_t key)
{
	struct dpmsg	 m = { .type = DP_LISTEN };

	m.u.listen.rule = rule;
	dp_request(&m, done, key);
}

void
dp_tunnel_open(const struct dp_tunnel_open *p, dp_done *done, uint32_t key)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_OPEN };

	m.u.tunnel_open = *p;
	dp_request(&m, done, key);
}

void
dp_tunnel_up(const struct dp_tunnel_up *p, dp_done *done, uint32_t key)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_UP };

	m.u.tunnel_up = *p;
	dp_request(&m, done, key);
}

void
dp_tunnel_close(uint32_t handle, dp_done *done, uint32_t key)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_CLOSE };

	m.u.tunnel_close.handle = handle;
	dp_request(&m, done, key);
}

void
dp_session_up(const struct dp_session_up *p, dp_done *done, uint32_t key)
{
	struct dpmsg	 m = { .type = DP_SESSION_UP };

	m.u.session_up = *p;
	dp_request(&m, done, key);
}

void
dp_session_start(const struct dp_session_start *p, dp_done *done,
    uint32_t key)
{
	struct dpmsg	 m = { .type = DP_SESSION_START };

	m.u.session_start = *p;
	dp_request(&m, done, key);
}

void
dp_session_down(uint32_t handle, dp_done *done, uint32_t key)
{
	struct dpmsg	 m = { .type = DP_SESSION_DOWN };

	m.u.session_down.handle = handle;
	dp_request(&m, done, key);
}

void
dp_stats(uint32_t handle, dp_done *done, uint32_t key)
{
	struct dpmsg	 m = { .type = DP_STATS };

	m.u.stats.handle = handle;
	dp_request(&m, done, key);
}

static void
dp_request(struct dpmsg *m, dp_done *done, uint32_t key)
{
	struct dp_request	*r = dp_client.free;

	if (r != NULL)
		dp_client.free = r->next;
	else if (dp_client.used < dp_client.max)
		r = &dp_client.requests[dp_client.used++];
	else
		fatalx("too many outstanding requests");
	/* Never 0; unlike that of the last request in this place. */
	m->id = (uint32_t)++dp_client.generation << 16 |
	    (uint32_t)(r - dp_client.requests + 1);
	m->fd = -1;
	r->m = *m;
	r->done = done;
	r->key = key;
	TAILQ_INSERT_TAIL(&dp_client.queue, r, entry);
	dp_flush();
}

static void
dp_ready(void *arg, uint32_t events)
{
	(void)arg;
	if ((events & EPOLLOUT) != 0)
		dp_flush();
	dp_receive();
}

void
dp_receive(void)
{
	enum imsg_status	 status;
	struct dpmsg		 m;

	/* There is no more than we have asked for, and ends of sessions. */
	while ((status = dpmsg_recv(dp_client.fd, dp_from_dpd, &m)) == IMSG_OK)
		dp_received(&m);
	if (status == IMSG_BAD)
		fatalx("septum-dpd does not keep the contract");
	if (status == IMSG_EOF) {
		log_info("septum-dpd is gone");
		exit(0);
	}
}

/* Sends what waits; asks to be called again when there is room. */
static void
dp_flush(void)
{
	enum imsg_status	 status = IMSG_OK;
	struct dp_request	*r;

	while ((r = TAILQ_FIRST(&dp_client.queue)) != NULL) {
		status = dpmsg_send(dp_client.fd, &r->m);
		if (status != IMSG_OK)
			break;
		TAILQ_REMOVE(&dp_client.queue, r, entry);
	}
	/* That dpd is gone is seen by reading, after its last words. */
	if (dp_client.full == (status == IMSG_AGAIN))
		return;
	dp_client.full = status == IMSG_AGAIN;
	loop_events(dp_client.fd, EPOLLIN | (dp_client.full ? EPOLLOUT : 0));
}

static void
dp_received(const struct dpmsg *m)
{
	const struct dp_handler	*h;

	for (h = dp_client.handlers; h->type != 0; h++)
		if (h->type == m->type) {
			h->fn(m);
			return;
		}
	dp_reply(m);
}

static void
dp_reply(const struct dpmsg *m)
{
	struct dp_request	*r;
	uint32_t		 n = (m->id & 0xffff) - 1;
	dp_done			*done;

	if (n >= dp_client.used)
		fatalx("unexpected %s", m->name);
	r = &dp_client.requests[n];
	/* A reply's type is its request's plus one. */
	if (r->done == NULL || r->m.id != m->id || r->m.type + 1 != m->type)
		fatalx("unexpected %s", m->name);
	done = r->done;
	r->done = NULL;
	r->next = dp_client.free;
	dp_client.free = r;
	done(r->key, m);
}
