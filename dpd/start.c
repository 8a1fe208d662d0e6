/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <pwd.h>

#include "dpd.h"

#define SOCKET(f, p)	{ SCMP_SYS(socket), 2, { ARG(0, f), ARG(2, p) } }
#define OPTION(l, o)	{ SCMP_SYS(setsockopt), 2, { ARG(1, l), ARG(2, o) } }

/*
 * What a running dpd may do as a user of its own with CAP_NET_ADMIN and no
 * file: serve ctld and the starter, make L2TP's sockets with their options.
 */
static const struct confine_call sandbox_calls[] = {
	ANY(poll), ANY(ppoll), ANY(read), ANY(write), ANY(close), ANY(bind),
	ANY(recvmsg), ANY(recvfrom), ANY(sendmsg), ANY(sendto), ANY(connect),
	ANY(clock_gettime), ANY(getpid), ANY(futex), ANY(getrandom), ANY(brk),
	ANY(mmap), ANY(munmap), ANY(mremap), ANY(madvise), ANY(exit),
	ANY(exit_group), ANY(restart_syscall), ANY(rt_sigreturn),
	SOCKET(AF_INET, IPPROTO_UDP), SOCKET(AF_INET6, IPPROTO_UDP),
	SOCKET(AF_INET, DPD_PROTO_L2TP), SOCKET(AF_INET6, DPD_PROTO_L2TP),
	SOCKET(AF_PPPOX, 1),	/* PX_PROTO_OL2TP */
	OPTION(SOL_SOCKET, SO_RCVBUFFORCE), OPTION(SOL_SOCKET, SO_SNDBUFFORCE),
	OPTION(SOL_SOCKET, SO_ATTACH_FILTER), OPTION(SOL_SOCKET, SO_REUSEPORT),
	OPTION(IPPROTO_IP, IP_PKTINFO), OPTION(IPPROTO_IP, IP_RECVERR),
	OPTION(IPPROTO_IPV6, IPV6_V6ONLY), OPTION(IPPROTO_IPV6, IPV6_RECVERR),
	OPTION(IPPROTO_IPV6, IPV6_RECVPKTINFO),
	{ SCMP_SYS(socketpair), 1, { ARG(0, AF_UNIX) } },
	{ SCMP_SYS(ioctl), 1, { ARG(1, SIOCGIFINDEX) } }
};

static struct dpd_user
user(const char *name)
{
	const struct passwd	*pw = getpwnam(name);

	if (pw == NULL || pw->pw_uid == 0)
		fatalx("no user %s", name);
	return ((struct dpd_user){ pw->pw_uid, pw->pw_gid });
}

static int
open_owned(const char *path, int flags, struct stat *st)
{
	int	 fd = open(path, flags | O_RDONLY | O_CLOEXEC);

	if (fd == -1 || fstat(fd, st) == -1)
		fatal("%s", path);
	if (st->st_uid != 0 || (st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		fatalx("%s: must be root's and writable by nobody else", path);
	return (fd);
}

/* As a sealed copy: what is checked is what parser and ctld will see. */
static void
config_open(const char *path)
{
	struct stat	 st;
	int		 fd = open_owned(path, O_NONBLOCK, &st);

	if (!S_ISREG(st.st_mode) || st.st_size > DP_MAX_CONFIG)
		fatalx("%s: not a regular file of at most 1 MiB", path);
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
 * Stays there and locked; so does the starter, until its last child is gone
 * and with it the last socket of a tunnel: nothing is left of an earlier run.
 */
static void
rundir_enter(const char *rundir)
{
	struct stat	 st;
	int		 fd, tries = 50;	/* an earlier run may end */

	(void)mkdir(rundir, 0755);	/* or it is there */
	fd = open_owned(rundir, O_DIRECTORY, &st);
	for (; flock(fd, LOCK_EX | LOCK_NB) == -1; usleep(100000))
		if (tries-- == 0)
			fatal("%s: is another septum-dpd running?", rundir);
	if (fchdir(fd) == -1)
		fatal("%s", rundir);
}

/* All that the loop will look at. */
static void
channels_open(void)
{
	int		 sv[2], notices[2];
	pid_t		 pid;
	sigset_t	 mask;

	if (imsg_pair(sv) == -1 || imsg_pair(notices) == -1)
		fatal("socketpair");
	dpd.noticefd = notices[0];
	dpd.notifyfd = notices[1];
	sigfillset(&mask);		/* the starter's, too, as its fd */
	sigprocmask(SIG_SETMASK, &mask, NULL);
	dpd.pfd[FD_SIGNAL] = (struct pollfd){ signalfd(-1, &mask,
	    SFD_NONBLOCK | SFD_CLOEXEC), POLLIN, 0 };
	if (dpd.pfd[FD_SIGNAL].fd == -1 || (pid = fork()) == -1)
		fatal("signalfd, fork");
	close(sv[pid != 0]);
	close(notices[pid != 0]);
	if (pid == 0)
		starter_main(sv[1]);
	dpd.pfd[FD_STARTER] = (struct pollfd){ sv[0], POLLIN, 0 };
	dpd.pfd[FD_PEER] = (struct pollfd){ -1, POLLIN, 0 };
}

int
sock_control(gid_t gid)
{
	const struct sockaddr_un	 sun = { AF_UNIX, "control" };
	int				 fd;

	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	umask(0777);			/* nobody's until chmod */
	(void)unlink(sun.sun_path);
	if (fd == -1 ||
	    bind(fd, (const struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    chown(sun.sun_path, 0, gid) == -1 ||
	    chmod(sun.sun_path, 0660) == -1 || listen(fd, SOMAXCONN) == -1)
		fatal("control socket");
	return (fd);
}

void
dpd_confine(void)
{
	confine_user(dpd.self.uid, dpd.self.gid, UINT64_C(1) << CAP_NET_ADMIN);
	confine_landlock(NULL, 0);
	confine_calls(SCMP_ACT_ALLOW, SCMP_ACT_KILL_PROCESS, sandbox_calls,
	    nitems(sandbox_calls));
}

int
main(int argc, char *argv[])
{
	struct rlimit	 rl = { 65536, 65536 };
	const char	*opt['z'] = { ['f'] = SEPTUM_CONFIG,
	    ['r'] = SEPTUM_RUNDIR };
	int		 c;

	while ((c = getopt(argc, argv, "df:nr:v")) != -1)
		opt[c] = optarg != NULL ? optarg : "";
	if (opt['?'] != NULL || optind != argc)
		return (2);
	dpd.debug = opt['d'] != NULL;
	dpd.verbose = opt['v'] != NULL;
	log_init("septum-dpd", opt['n'] != NULL || dpd.debug);
	log_max = dpd.verbose ? LOG_LVL_DEBUG : LOG_LVL_INFO;
	if (opt['n'] != NULL) {		/* it gives root up by itself */
		execl(SEPTUM_CTLD, SEPTUM_CTLD, "-n", opt['f'], NULL);
		fatal("%s", SEPTUM_CTLD);
	}
	if (geteuid() != 0)
		fatalx("needs root");
	dpd.self = user("_septum-dpd");
	dpd.ctld = user("_septum");
	config_open(opt['f']);
	rundir_enter(opt['r']);
	channels_open();
	kern_open();
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		log_warn("setrlimit");
	dpd_loop();
}
