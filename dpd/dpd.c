/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <sys/param.h>

#include <time.h>

#include "dpd.h"

#define GRACE_MS	2000		/* for StopCCNs to be acknowledged */
#define BACKOFF_MIN_MS	100
#define BACKOFF_MAX_MS	30000
#define BACKOFF_OK_MS	60000		/* a life this long was a good one */

struct dpd	dpd;

uint64_t
dpd_now(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000);
}

void
dpd_start(enum dp_type type, const struct dp_run *run, int fd)
{
	if (dpmsg_send(dpd.pfd[FD_STARTER].fd, &(struct dpmsg){ .type = type,
	    .fd = fd, .u.run = *run }) != IMSG_OK)
		fatalx("the starter does not take requests");
	if (fd != -1)
		close(fd);
}

void
dpd_send(const struct dpmsg *m)
{
	if (dpd.pfd[FD_PEER].fd != -1 &&
	    dpmsg_send(dpd.pfd[FD_PEER].fd, m) != IMSG_OK)
		dpd.stuck = 1;
}

/* Starts the parser or ctld, and gives it what it works with. */
static void
peer_start(enum dp_type type, uint32_t slot)
{
	int	 sv[2];

	if (imsg_pair(sv) == -1)
		fatal("socketpair");
	dpd_start(type, &(struct dp_run){ .slot = slot }, sv[1]);
	dpd.pfd[FD_PEER].fd = sv[0];
	dpd.alive = 1;
	dpd.started_ms = dpd_now();
	dpd_send(&(struct dpmsg){ .type = DP_CONFIG, .fd = dpd.configfd,
	    .u.config = dpd.config });
	if (type == DP_RUN_PARSER)
		return;
	dpd_send(&(struct dpmsg){ .type = DP_CONTROL, .fd = dpd.controlfd });
	dpd_send(&(struct dpmsg){ .type = DP_NOTICES, .fd = dpd.noticefd });
}

/* ctld has to go, and with it what was made for it alone. */
static void
peer_drop(void)
{
	if (dpd.state == DPD_PARSING)
		fatalx("no valid policy from the parser");
	if (dpd.pfd[FD_PEER].fd == -1)
		return;
	close(dpd.pfd[FD_PEER].fd);
	dpd.pfd[FD_PEER].fd = -1;
	dpd.stuck = 0;
	dpd_start(DP_END, &(struct dp_run){ .slot = DP_SLOT_CTLD }, -1);
	(void)own_end_all();
}

static void
peer_exited(int status)
{
	uint64_t	 now = dpd_now();

	log_info("ctld %s %d", WIFSIGNALED(status) ?
	    "terminated; signal" : "exited with status",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	peer_drop();
	dpd.alive = 0;
	dpd.backoff_ms = now - dpd.started_ms >= BACKOFF_OK_MS ? 0 :
	    MIN(2 * dpd.backoff_ms, BACKOFF_MAX_MS);
	dpd.backoff_ms = MAX(dpd.backoff_ms, BACKOFF_MIN_MS);
	if (dpd.state == DPD_RUNNING)
		dpd.due_ms = now + dpd.backoff_ms;
}

static void
on_signal(uint32_t signo)
{
	if (signo == SIGHUP)
		log_warnx("reload is not supported yet");
	if ((signo != SIGTERM && signo != SIGINT) || dpd.state == DPD_STOPPING)
		return;
	log_info("terminating");
	if (dpd.state == DPD_PARSING)
		exit(0);
	dpd.state = DPD_STOPPING;
	dpd.due_ms = dpd_now() + GRACE_MS + GRACE_MS / 4;
	dpd_send(&(struct dpmsg){ .type = DP_SHUTDOWN, .fd = -1,
	    .u.shutdown.grace_ms = GRACE_MS });
}

/* A child has exited: the starter says nothing else. */
static void
on_starter(void)
{
	struct dpmsg		 m;
	enum imsg_status	 status;

	while ((status = dpmsg_recv(dpd.pfd[FD_STARTER].fd,
	    dpmsg_from_starter, &m)) == IMSG_OK)
		if (m.u.exited.slot == DP_SLOT_CTLD)
			peer_exited(m.u.exited.status);
		else
			own_exited(&m.u.exited);
	if (status != IMSG_AGAIN)
		fatalx("lost the starter");
}

static void
on_peer(void)
{
	struct dpmsg		 m;
	enum imsg_status	 status = dpmsg_recv(dpd.pfd[FD_PEER].fd,
	    dpmsg_to_dpd, &m);

	if (status != IMSG_AGAIN && (status != IMSG_OK || dispatch(&m) == -1))
		peer_drop();
	if (dpd.state != DPD_PARSING || policy_limits == NULL)
		return;
	close(dpd.pfd[FD_PEER].fd);
	dpd.controlfd = sock_control(policy_limits->control_gid);
	dpd_confine();
	log_info("ready");
	dpd.state = DPD_RUNNING;
	peer_start(DP_RUN_CTLD, DP_SLOT_CTLD);
}

void
dpd_loop(void)
{
	struct signalfd_siginfo	 si;
	uint64_t		 now = dpd_now();
	int			 wait;

	dpd.state = DPD_PARSING;
	peer_start(DP_RUN_PARSER, DP_SLOT_PARSER);
	while (dpd.state != DPD_STOPPING || dpd.alive || !own_end_all()) {
		wait = dpd.state != DPD_STOPPING && dpd.alive ? -1 :
		    now < dpd.due_ms ? (int)(dpd.due_ms - now) : 100;
		if (poll(dpd.pfd, NFDS, wait) == -1 && errno != EINTR)
			fatal("poll");
		if (read(dpd.pfd[FD_SIGNAL].fd, &si, sizeof(si)) == sizeof(si))
			on_signal(si.ssi_signo);
		on_starter();
		if (dpd.pfd[FD_PEER].fd != -1)
			on_peer();
		now = dpd_now();
		if (dpd.stuck || (dpd.state == DPD_STOPPING &&
		    now >= dpd.due_ms))
			peer_drop();
		if (!dpd.alive && dpd.state == DPD_RUNNING &&
		    now >= dpd.due_ms && own_end_all())
			peer_start(DP_RUN_CTLD, DP_SLOT_CTLD);
	}
	log_info("stopped");
	exit(0);
}
