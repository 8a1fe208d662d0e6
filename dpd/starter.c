/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * All code of ours that is root once the network is read.  Takes fixed-size
 * messages from dpd, runs two programs whose paths are constants, signals
 * only children that it has not reaped, and ends with all of them when dpd
 * does or says what it does not understand.
 */
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "dpd.h"
#include "log.h"
#include "notify.h"
#include "pppd.h"

#define KILL_GRACE_MS	2000
#define KILL_TICK_MS	100
#define EXIT_NOT_RUN	(127 << 8)	/* a wait status, as the shell's */

/* To run ctld as its user, and pppd with its capabilities. */
#define STARTER_CAPS	(UINT64_C(1) << CAP_SETPCAP | \
			UINT64_C(1) << CAP_KILL | PPPD_CAPS)

static struct starter_state {
	struct starter_conf	 conf;
	int			 fd;
	pid_t			 pid;
	int			 n_children, n_ending;
	struct starter_child {
		pid_t		 pid;		/* 0: none */
		uint64_t	 kill_ms;	/* 0: not ending */
	} children[STARTER_SLOTS];
} starter;

/* Nothing is inherited but what is named here. */
static void
child_files(int fd)
{
	int	 i, nullfd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int	 high = fcntl(fd, F_DUPFD_CLOEXEC, NOTIFY_FD + 1);
	int	 notifyfd = fcntl(starter.conf.notifyfd, F_DUPFD_CLOEXEC,
	    NOTIFY_FD + 1);

	for (i = 0; i < (starter.conf.debug ? 1 : 3); i++)
		if (dup2(nullfd, i) == -1)
			fatal("dup2");
	if (dup2(high, STARTER_FD) == -1 || dup2(notifyfd, NOTIFY_FD) == -1 ||
	    close_range(NOTIFY_FD + 1, ~0U, 0) == -1)
		fatal("dup2");
	log_init("septum-starter", starter.conf.debug);
}

__attribute__((noreturn)) static void
child_run(enum starter_verb verb, const struct starter_msg *m, int fd)
{
	char			*ctld[] = { SEPTUM_CTLD, starter.conf.flags,
	    NULL, NULL };
	char			*envp[] = {
	    "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	struct pppd_args	 pppd;
	char			**argv = ctld;
	sigset_t		 none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	child_files(fd);
	setsid();
	if (verb == STARTER_RUN_CLOSE) {	/* after our parent, that is */
		usleep(100000);
		_exit(0);
	}
	confine_no_new_privs();
	if (verb == STARTER_RUN_PPPD) {
		if (pppd_argv(&pppd, m) == -1)
			fatalx("not a profile or number for pppd");
		pppd_cage();
		argv = pppd.argv;
	} else {
		close(NOTIFY_FD);
		confine_user(starter.conf.uid, starter.conf.gid, 0);
	}
	if (verb == STARTER_RUN_PARSER)
		ctld[ctld[1] != NULL ? 2 : 1] = "-C";
	/* After the change of user, which would undo it. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) == -1 ||
	    getppid() != starter.pid)
		fatal("PR_SET_PDEATHSIG");
	execve(argv[0], argv, envp);
	fatal("%s", argv[0]);
}

static void
child_exited(struct starter_child *c, int status)
{
	struct starter_exit	 e = { c - starter.children, status };

	starter.n_children--;
	starter.n_ending -= c->kill_ms != 0;
	c->pid = 0;
	c->kill_ms = 0;
	(void)imsg_send(starter.fd, STARTER_EXITED, 0, -1, &e, sizeof(e));
}

static void
child_end(struct starter_child *c)
{
	if (c->pid == 0 || c->kill_ms != 0)
		return;
	kill(c->pid, SIGTERM);
	c->kill_ms = dpd_now() + KILL_GRACE_MS;
	starter.n_ending++;
}

/* 0, or -1 if dpd is gone or cannot be believed any more. */
static int
starter_input(void)
{
	struct starter_msg	 m;
	struct starter_child	*c;
	struct imsg		 im;
	enum imsg_status	 status = imsg_recv(starter.fd, &im);

	if (status == IMSG_AGAIN)
		return (0);
	if (status != IMSG_OK || im.hdr.len != sizeof(m) ||
	    im.hdr.type < STARTER_RUN_PARSER || im.hdr.type > STARTER_END ||
	    (im.hdr.type == STARTER_END) != (im.fd == -1))
		return (-1);
	memcpy(&m, im.data, sizeof(m));
	c = &starter.children[m.slot % STARTER_SLOTS];
	if (m.slot >= STARTER_SLOTS ||
	    (im.hdr.type != STARTER_END && c->pid != 0))
		return (-1);
	if (im.hdr.type == STARTER_END) {
		child_end(c);
		return (0);
	}
	if ((c->pid = fork()) == 0)
		child_run(im.hdr.type, &m, im.fd);
	close(im.fd);
	starter.n_children++;
	if (c->pid == -1)
		child_exited(c, EXIT_NOT_RUN);
	return (0);
}

/* Reaps all, for a pppd can give us children; then kills who is late. */
static void
starter_children(void)
{
	struct starter_child	*c;
	uint64_t		 now = dpd_now();
	pid_t			 pid;
	int			 i, status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < STARTER_SLOTS; i++)
			if (starter.children[i].pid == pid)
				child_exited(&starter.children[i], status);
	for (c = starter.children; starter.n_ending > 0 &&
	    c < starter.children + STARTER_SLOTS; c++)
		if (c->kill_ms != 0 && now >= c->kill_ms)
			kill(c->pid, SIGKILL);
}

void
starter_main(const struct starter_conf *conf, int fd)
{
	struct pollfd			 pfd[2] = { { .events = POLLIN },
	    { fd, POLLIN, 0 } };
	struct signalfd_siginfo		 si;
	sigset_t			 mask;
	int				 i, sigfd;

	starter.conf = *conf;
	starter.fd = fd;
	starter.pid = getpid();
	sigfillset(&mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	pfd[0].fd = sigfd = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
	if (sigfd == -1 || prctl(PR_SET_NAME, "septum-starter") == -1)
		fatal("cannot become the starter");
	confine_caps(STARTER_CAPS);
	while (pfd[1].fd != -1 || starter.n_children > 0) {
		poll(pfd, 2, starter.n_ending > 0 ? KILL_TICK_MS : -1);
		(void)!read(sigfd, &si, sizeof(si));
		starter_children();
		if (pfd[1].revents == 0 || starter_input() == 0)
			continue;
		pfd[1] = (struct pollfd){ -1, 0, 0 };
		for (i = 0; i < STARTER_SLOTS; i++)
			child_end(&starter.children[i]);
	}
	_exit(0);
}
