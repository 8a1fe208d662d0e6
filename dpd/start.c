/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * septum-dpd's start, in this order: as root open the configuration and the
 * lock, fork the starter, open netlink; have the parser, a process without
 * privilege, say what the policy is; make the control socket for the
 * policy's group; give root up; start ctld.  So no octet of the network is
 * read by anyone before everyone is confined.
 */
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "dpd.h"
#include "kern.h"
#include "log.h"
#include "starter.h"

#define MAX_FILES	65536
#define LOCK_TRIES	50		/* an earlier run may be ending */
#define LOCK_TRY_US	100000

static struct passwd
user(const char *name)
{
	struct passwd	*pw = getpwnam(name);

	if (pw == NULL || pw->pw_uid == 0)
		fatalx("no user %s", name);
	return (*pw);
}

/* Becomes the checker, with the file as its only descriptor. */
__attribute__((noreturn)) static void
config_check(const char *path)
{
	struct passwd	 pw;
	int		 fd = open(path, O_RDONLY);

	if (fd == -1 || dup2(fd, STARTER_FD) == -1 ||
	    close_range(STARTER_FD + 1, ~0U, 0) == -1)
		fatal("%s", path);
	if (geteuid() == 0) {
		pw = user("_septum");
		confine_user(pw.pw_uid, pw.pw_gid, 0);
	}
	execl(SEPTUM_CTLD, SEPTUM_CTLD, "-n", path, NULL);
	fatal("%s", SEPTUM_CTLD);
}

/*
 * The YAML file as a sealed copy: what has been checked here is what the
 * parser and every ctld will see.
 */
static void
config_open(const char *path)
{
	struct stat	 st;
	int		 fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd == -1 || fstat(fd, &st) == -1)
		fatal("%s", path);
	if (!S_ISREG(st.st_mode) || st.st_size > DP_MAX_CONFIG)
		fatalx("%s: not a regular file of at most 1 MiB", path);
	if (st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		fatalx("%s: must be root's and writable by nobody else", path);
	dpd.config.size = (uint32_t)st.st_size;
	dpd.config.mode = st.st_mode & ALLPERMS;
	dpd.configfd = memfd_create("septum.yaml",
	    MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (dpd.configfd == -1 || sendfile(dpd.configfd, fd, NULL,
	    dpd.config.size) != (ssize_t)dpd.config.size ||
	    fcntl(dpd.configfd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW |
	    F_SEAL_SHRINK | F_SEAL_SEAL) == -1)
		fatal("%s: copy", path);
	close(fd);
}

/*
 * Stays there and locked, for one dpd in each directory.  The starter holds
 * the lock too, until its last child is gone, and with it the last socket of
 * a kernel tunnel: whoever has the lock finds nothing left of an earlier run.
 */
static void
rundir_enter(const char *rundir)
{
	struct stat	 st;
	int		 fd, tries = LOCK_TRIES;

	if ((mkdir(rundir, 0755) == -1 && errno != EEXIST) ||
	    chdir(rundir) == -1 || stat(".", &st) == -1)
		fatal("%s", rundir);
	if (st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		fatalx("%s: must be root's and writable by nobody else",
		    rundir);
	fd = open("lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		fatal("%s/lock", rundir);
	while (flock(fd, LOCK_EX | LOCK_NB) == -1)
		if (tries-- == 0)
			fatal("%s/lock: is another septum-dpd running?",
			    rundir);
		else
			usleep(LOCK_TRY_US);
}

/* All that the loop will look at.  Flags: of ours that ctld has, too. */
static void
channels_open(int debug, char *flags)
{
	struct passwd		 pw = user("_septum");
	struct starter_conf	 conf = { .uid = pw.pw_uid, .gid = pw.pw_gid,
	    .debug = debug, .flags = flags };
	int			 sv[2], notify[2];
	pid_t			 pid;
	sigset_t		 mask;

	if (imsg_pair(sv) == -1 || socketpair(AF_UNIX,
	    SOCK_SEQPACKET | SOCK_CLOEXEC, 0, notify) == -1 ||
	    (pid = fork()) == -1)
		fatal("cannot make the starter");
	close(sv[pid != 0]);
	close(notify[pid != 0]);
	conf.notifyfd = notify[1];
	if (pid == 0)
		starter_main(&conf, sv[1]);
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	dpd.pfd[FD_SIGNAL] = (struct pollfd){ signalfd(-1, &mask,
	    SFD_NONBLOCK | SFD_CLOEXEC), POLLIN, 0 };
	dpd.pfd[FD_STARTER] = (struct pollfd){ sv[0], POLLIN, 0 };
	dpd.pfd[FD_NOTIFY] = (struct pollfd){ notify[0], POLLIN, 0 };
	dpd.pfd[FD_PEER] = (struct pollfd){ -1, POLLIN, 0 };
	if (dpd.pfd[FD_SIGNAL].fd == -1)
		fatal("signalfd");
}

int
main(int argc, char *argv[])
{
	struct rlimit	 rl = { MAX_FILES, MAX_FILES };
	struct passwd	 pw;
	const char	*opt['z'] = { ['f'] = SEPTUM_CONFIG,
	    ['r'] = SEPTUM_RUNDIR };
	char		 flags[] = "-dv";
	int		 c;

	while ((c = getopt(argc, argv, "df:nr:v")) != -1) {
		if (c == '?')
			return (2);
		opt[c] = optarg != NULL ? optarg : "";
	}
	log_init("septum-dpd", opt['n'] != NULL || opt['d'] != NULL);
	log_level(opt['v'] != NULL ? LOG_LVL_DEBUG : LOG_LVL_INFO);
	if (opt['n'] != NULL)
		config_check(opt['f']);
	if (geteuid() != 0)
		fatalx("needs root");
	pw = user("_septum-dpd");
	dpd.uid = pw.pw_uid;
	dpd.gid = pw.pw_gid;
	snprintf(flags, sizeof(flags), "-%s%s", opt['d'] != NULL ? "d" : "",
	    opt['v'] != NULL ? "v" : "");
	config_open(opt['f']);
	rundir_enter(opt['r']);
	channels_open(opt['d'] != NULL, flags[1] != '\0' ? flags : NULL);
	kern_open();
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		log_warn("setrlimit");
	dpd_loop();
}
