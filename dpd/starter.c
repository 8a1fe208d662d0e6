/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <sys/prctl.h>

#include "dpd.h"

static struct starter_child {
	pid_t		 pid;		/* 0: none */
	uint64_t	 kill_ms;	/* 0: not ending */
} children[DP_SLOTS];

static int	 n_children, n_ending, channelfd;

/* Nothing is inherited but what is named here; stderr may be syslog's. */
static void
child_files(int fd)
{
	int	 nullfd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int	 high = fcntl(fd, F_DUPFD_CLOEXEC, NOTIFY_FD + 1);
	int	 notifyfd = fcntl(dpd.notifyfd, F_DUPFD_CLOEXEC, NOTIFY_FD + 1);

	if (dup2(nullfd, STDIN_FILENO) == -1 || (!dpd.debug &&
	    dup2(nullfd, STDOUT_FILENO) == -1) ||
	    dup2(high, STARTER_FD) == -1 || dup2(notifyfd, NOTIFY_FD) == -1 ||
	    close_range(NOTIFY_FD + 1, ~0U, 0) == -1)
		fatal("dup2");
}

__attribute__((noreturn)) static void
child_run(const struct dpmsg *m, pid_t parent)
{
	char			*ctld[5] = { SEPTUM_CTLD }, **argv = ctld;
	char			*envp[] = {
	    "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	struct pppd_args	 pppd;
	sigset_t		 none;
	int			 argc = 1;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	child_files(m->fd);
	setsid();
	if (m->type == DP_RUN_CLOSE) {	/* after our parent, that is */
		usleep(100000);
		_exit(0);
	}
	if (m->type == DP_RUN_PPPD) {
		pppd_argv(&pppd, &m->u.run);
		pppd_cage();
		argv = pppd.argv;
	} else {
		close(NOTIFY_FD);
		confine_user(dpd.ctld.uid, dpd.ctld.gid, 0);
		if (m->type == DP_RUN_PARSER)
			ctld[argc++] = "-C";
		if (dpd.debug)
			ctld[argc++] = "-d";
		if (dpd.verbose)
			ctld[argc++] = "-v";
	}
	/* After the change of user, which would undo it. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) == -1 ||
	    getppid() != parent)
		fatal("PR_SET_PDEATHSIG");
	execve(argv[0], argv, envp);
	fatal("%s", argv[0]);
}

static void
child_exited(struct starter_child *c, int status)
{
	n_children--;
	n_ending -= c->kill_ms != 0;
	*c = (struct starter_child){ 0, 0 };
	(void)dpmsg_send(channelfd, &(struct dpmsg){ .type = DP_EXITED,
	    .fd = -1, .u.exited = { c - children, status } });
}

static void
child_end(struct starter_child *c)
{
	if (c->pid == 0 || c->kill_ms != 0)
		return;
	kill(c->pid, SIGTERM);
	c->kill_ms = dpd_now() + 2000;
	n_ending++;
}

/* 0, or -1 if dpd is gone or cannot be believed any more. */
static int
starter_input(void)
{
	struct starter_child	*c;
	struct dpmsg		 m;
	enum imsg_status	 status = dpmsg_recv(channelfd,
	    dpmsg_to_starter, &m);
	pid_t			 parent = getpid();

	if (status != IMSG_OK)
		return (status == IMSG_AGAIN ? 0 : -1);
	c = &children[m.u.run.slot];
	if (m.type == DP_END)
		child_end(c);
	else if (c->pid != 0)
		return (-1);
	else {
		if ((c->pid = fork()) == 0)
			child_run(&m, parent);
		close(m.fd);
		n_children++;
		if (c->pid == -1)
			child_exited(c, 127 << 8);	/* as of a shell */
	}
	return (0);
}

/* Reaps all, for a pppd can give us children; then kills who is late. */
static void
starter_children(void)
{
	struct starter_child	*c;
	uint64_t		 now = dpd_now();
	pid_t			 pid;
	int			 status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (c = children; c < children + DP_SLOTS; c++)
			if (c->pid == pid)
				child_exited(c, status);
	for (c = children; n_ending > 0 && c < children + DP_SLOTS; c++)
		if (c->kill_ms != 0 && now >= c->kill_ms)
			kill(c->pid, SIGKILL);
}

void
starter_main(int fd)
{
	struct pollfd			 pfd[2] = { dpd.pfd[FD_SIGNAL],
	    { fd, POLLIN, 0 } };	/* SIGCHLD wakes; all are blocked */
	struct signalfd_siginfo		 si;
	int				 i;

	channelfd = fd;
	if (prctl(PR_SET_NAME, "septum-starter") == -1)
		fatal("cannot become the starter");
	confine_caps(PPPD_CAPS | UINT64_C(1) << CAP_SETPCAP |
	    UINT64_C(1) << CAP_KILL);	/* and ctld's user */
	while (pfd[1].fd != -1 || n_children > 0) {
		poll(pfd, 2, n_ending > 0 ? 100 : -1);
		(void)!read(pfd[0].fd, &si, sizeof(si));
		starter_children();
		if (pfd[1].revents == 0 || starter_input() == 0)
			continue;
		pfd[1] = (struct pollfd){ -1, 0, 0 };
		for (i = 0; i < DP_SLOTS; i++)
			child_end(&children[i]);
	}
	_exit(0);
}
