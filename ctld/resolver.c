/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * getaddrinfo(3) waits, and reads what name servers say with much code.  So
 * it runs elsewhere: the resolver forks a worker for each question, at most
 * a few at a time, and the worker answers by itself.  What goes to and fro
 * has a fixed size, and an answer is checked like a stranger's.
 */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "addr.h"
#include "conf.h"
#include "dial.h"
#include "imsg.h"
#include "log.h"
#include "loop.h"
#include "resolver.h"
#include "sandbox.h"

#define RESOLVER_CHANNEL	3
#define RESOLVER_WORKERS	8
#define RESOLVER_SECONDS	45	/* for one look-up */

enum { RESOLVER_QUESTION = 1, RESOLVER_ANSWER = 2 };

struct question {
	uint16_t	 port;
	char		 host[CONF_HOST_LEN];
};

struct answer {
	int32_t		 err;			/* EAI_ code */
	uint32_t	 n;
	struct l2tp_addr addrs[DIAL_MAX_ADDRS];
};

static struct resolver_state {
	int	 fd;			/* our end; 0: none */
} resolver_state;

__attribute__((noreturn))
static void	resolver_main(int);
static void	resolver_files(int, int);
__attribute__((noreturn))
static void	resolver_work(int, uint32_t, const struct question *);
static void	resolver_ready(void *, uint32_t);
static void	resolver_answer(uint32_t, const struct answer *);

void
resolver_fork(int foreground)
{
	pid_t	 parent = getpid();
	int	 sv[2];

	if (imsg_pair(sv) == -1)
		fatal("socketpair");
	switch (fork()) {
	case -1:
		fatal("fork");
	case 0:
		/* Asked first, looked at then: the parent may be gone. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 ||
		    getppid() != parent)
			_exit(1);
		resolver_files(sv[1], foreground);
		sandbox_resolver();
		resolver_main(RESOLVER_CHANNEL);
	}
	close(sv[1]);
	resolver_state.fd = sv[0];
}

void
resolver_start(void)
{
	if (loop_add(resolver_state.fd, EPOLLIN, resolver_ready, NULL) == -1)
		fatal("resolver");
}

int
resolver_ask(const char *host, uint16_t port, uint32_t id)
{
	struct question	 q = { .port = port };

	if (resolver_state.fd == 0 ||
	    strlcpy(q.host, host, sizeof(q.host)) >= sizeof(q.host))
		return (-1);
	return (imsg_send(resolver_state.fd, RESOLVER_QUESTION, id, -1, &q,
	    sizeof(q)) == IMSG_OK ? 0 : -1);
}

static void
resolver_ready(void *arg, uint32_t events)
{
	enum imsg_status	 status;
	struct answer		 a;
	struct imsg		 m;

	(void)arg;
	(void)events;
	while ((status = imsg_recv(resolver_state.fd, &m)) == IMSG_OK) {
		if (m.fd != -1)
			close(m.fd);
		if (m.hdr.type != RESOLVER_ANSWER || m.hdr.len != sizeof(a) ||
		    m.fd != -1)
			fatalx("invalid answer of the resolver");
		memcpy(&a, m.data, sizeof(a));
		resolver_answer(m.hdr.id, &a);
	}
	if (status == IMSG_AGAIN)
		return;
	/* Tunnels to addresses go on; nothing can start it again in here. */
	log_warnx("the resolver is gone");
	loop_del(resolver_state.fd);
	close(resolver_state.fd);
	resolver_state.fd = 0;
}

static void
resolver_answer(uint32_t id, const struct answer *a)
{
	char		 reason[DIAL_REASON];
	uint32_t	 i;

	if (a->n > DIAL_MAX_ADDRS)
		fatalx("invalid answer of the resolver");
	for (i = 0; i < a->n; i++)
		if (a->addrs[i].family != 4 && a->addrs[i].family != 6)
			fatalx("invalid answer of the resolver");
	snprintf(reason, sizeof(reason), "name does not resolve: %s",
	    a->err != 0 ? gai_strerror(a->err) : "no address");
	dial_resolved(id, a->addrs, a->n, reason);
}

/* Keeps standard error and the channel, which replaces the one to dpd. */
static void
resolver_files(int fd, int foreground)
{
	if (dup2(fd, RESOLVER_CHANNEL) == -1 ||
	    close_range(RESOLVER_CHANNEL + 1, ~0U, 0) == -1)
		fatal("resolver");
	log_init("septum-resolver", foreground);
	(void)prctl(PR_SET_NAME, "septum-resolver");
}

/* The resolver's own life: ends with the channel. */
static void
resolver_main(int fd)
{
	struct pollfd		 pfd = { .fd = fd, .events = POLLIN };
	enum imsg_status	 status;
	struct question		 q;
	struct imsg		 m;
	int			 workers = 0;

	for (;;) {
		while (workers > 0 && waitpid(-1, NULL,
		    workers < RESOLVER_WORKERS ? WNOHANG : 0) > 0)
			workers--;
		if (poll(&pfd, 1, workers > 0 ? 1000 : -1) <= 0)
			continue;
		status = imsg_recv(fd, &m);
		if (status == IMSG_AGAIN)
			continue;
		if (status != IMSG_OK)
			_exit(0);
		if (m.hdr.type != RESOLVER_QUESTION || m.fd != -1 ||
		    m.hdr.len != sizeof(q))
			_exit(1);
		memcpy(&q, m.data, sizeof(q));
		q.host[sizeof(q.host) - 1] = '\0';
		switch (fork()) {
		case -1:
			log_warn("fork");
			break;
		case 0:
			resolver_work(fd, m.hdr.id, &q);
		default:
			workers++;
		}
	}
}

static void
resolver_work(int fd, uint32_t id, const struct question *q)
{
	struct addrinfo	 hints = { .ai_socktype = SOCK_DGRAM }, *res, *ai;
	union addr_sa	 sa;
	struct answer	 a = { 0 };

	alarm(RESOLVER_SECONDS);
	a.err = getaddrinfo(q->host, NULL, &hints, &res);
	for (ai = a.err == 0 ? res : NULL; ai != NULL; ai = ai->ai_next) {
		if (ai->ai_addrlen > sizeof(sa) || a.n == DIAL_MAX_ADDRS)
			continue;
		memcpy(&sa, ai->ai_addr, ai->ai_addrlen);
		if (addr_from_sa(&sa, &a.addrs[a.n]) == -1)
			continue;
		a.addrs[a.n++].port = q->port;
	}
	(void)imsg_send(fd, RESOLVER_ANSWER, id, -1, &a, sizeof(a));
	_exit(0);
}
