/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The starter, as root and for real, with a script in place of ctld and of
 * pppd: what children get, how they end, that none outlives it, and that it
 * ends with what it does not understand.  starter.c is part of this file,
 * for the paths that it runs are constants of the build.
 */
#include <sys/stat.h>
#include <sys/syscall.h>

#include <check.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

static char	stand_in[64];

#undef SEPTUM_CTLD
#define SEPTUM_CTLD	stand_in

#include "../../dpd/starter.c"

#define NOBODY		65534
#define HASTE		8		/* its clock is this much faster */
#define GRACE_MS	(2000 / HASTE)	/* until SIGKILL, by ours */
#define WAIT_MS		5000

/* Says what it got, on what it got, and then does as it was told. */
static const char	script[] =
    "#!/bin/sh\n"
    "[ \"$2\" != stubborn ] || trap '' TERM\n"
    "for n in 0 1 2 3 4 5 6 7 8 9; do\n"
    "[ ! -e /proc/$$/fd/$n ] || fds=$fds$n\n"
    "done\n"
    "echo \"$*|$(id -u):$(id -g)|$fds\" >&3\n"
    "[ \"$1\" != pppd ] || echo notice >&4\n"
    "[ \"$2\" != leave ] || exit 7\n"
    "exec sleep 60\n";

struct dpd	dpd;

static char	dir[32];
static int	channel, noticefd;
static pid_t	starter;
static int	leaves_orphan;

uint64_t
dpd_now(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (((uint64_t)ts.tv_sec * 1000 +
	    (uint64_t)ts.tv_nsec / 1000000) * HASTE);
}

/* The number is what it is to do. */
void
pppd_argv(struct pppd_args *a, const struct dp_run *m)
{
	memset(a, 0, sizeof(*a));
	snprintf(a->text, sizeof(a->text), "pppd %s", m->number);
	a->argv[0] = stand_in;
	a->argv[1] = a->text;
	a->text[4] = '\0';
	a->argv[2] = a->text + 5;
	leaves_orphan = strcmp(m->number, "orphan") == 0;
}

/* pppd_cage() has a test of its own; here one may leave a child behind. */
void
pppd_cage(void)
{
	if (leaves_orphan &&
	    syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0) {
		dprintf(STARTER_FD, "%d", (int)getpid());
		_exit(9);
	}
}

/* ---- dpd's part ---- */

static void
setup(void)
{
	int	 sv[2], notices[2], fd;
	sigset_t blocked;

	log_init("test", 1);
	ck_assert_int_eq(geteuid(), 0);
	strlcpy(dir, "/tmp/starter.XXXXXX", sizeof(dir));
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chmod(dir, 0755), 0);
	snprintf(stand_in, sizeof(stand_in), "%s/ctld", dir);
	fd = open(stand_in, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	ck_assert_int_eq(fchmod(fd, 0755), 0);
	ck_assert_int_eq(write(fd, script, strlen(script)),
	    (int)strlen(script));
	close(fd);
	dpd.ctld = (struct dpd_user){ NOBODY, NOBODY };
	ck_assert_int_eq(imsg_pair(sv), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	    notices), 0);
	dpd.notifyfd = notices[1];
	noticefd = notices[0];
	channel = sv[0];
	ck_assert_int_ne(starter = fork(), -1);
	close(sv[starter != 0]);
	if (starter != 0)
		return;
	sigfillset(&blocked);			/* as dpd has done */
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	dpd.pfd[FD_SIGNAL] = (struct pollfd){ signalfd(-1, &blocked,
	    SFD_NONBLOCK | SFD_CLOEXEC), POLLIN, 0 };
	starter_main(sv[1]);
}

static void
teardown(void)
{
	unlink(stand_in);
	rmdir(dir);
}

static int
send_run(enum dp_type type, uint32_t slot, const char *number, int fd)
{
	struct dpmsg	 m = { .type = type, .fd = fd, .u.run.slot = slot };

	strlcpy(m.u.run.number, number, sizeof(m.u.run.number));
	return (dpmsg_send(channel, &m));
}

/* Has a child run: the other end of what it gets. */
static int
run(enum dp_type type, uint32_t slot, const char *number)
{
	int	 sv[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	    sv), 0);
	ck_assert_int_eq(send_run(type, slot, number, sv[1]), IMSG_OK);
	close(sv[1]);
	return (sv[0]);
}

static void
end(uint32_t slot)
{
	ck_assert_int_eq(send_run(DP_END, slot, "", -1), IMSG_OK);
}

static int
readable(int fd, int ms)
{
	struct pollfd	 pfd = { fd, POLLIN, 0 };

	return (poll(&pfd, 1, ms) == 1);
}

/* The next words of a child, without the newline; "" if it is gone. */
static const char *
said(int fd)
{
	static char	 text[256];
	ssize_t		 n;

	ck_assert(readable(fd, WAIT_MS));
	n = read(fd, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return (text);
}

static void
exited(uint32_t slot, int status)
{
	struct dpmsg	 m;

	ck_assert(readable(channel, WAIT_MS));
	ck_assert_int_eq(dpmsg_recv(channel, dpmsg_from_starter, &m), IMSG_OK);
	ck_assert_uint_eq(m.u.exited.slot, slot);
	ck_assert_int_eq(m.u.exited.status, status);
}

/* It has come to its end, in order. */
static void
ended(void)
{
	int	 status;

	ck_assert_int_eq(waitpid(starter, &status, 0), starter);
	ck_assert_int_eq(status, 0);
}

static uint64_t
now_ms(void)
{
	return (dpd_now() / HASTE);
}

/* ---- what children get ---- */

static const struct {
	enum dp_type	 type;
	int		 debug, verbose;
	const char	*said;
} starts[] = {
	{ DP_RUN_CTLD, 0, 0, "|65534:65534|0123" },
	{ DP_RUN_CTLD, 1, 0, "-d|65534:65534|0123" },
	{ DP_RUN_CTLD, 0, 1, "-v|65534:65534|0123" },
	{ DP_RUN_PARSER, 0, 0, "-C|65534:65534|0123" },
	{ DP_RUN_PARSER, 1, 1, "-C -d -v|65534:65534|0123" },
	{ DP_RUN_PPPD, 1, 1, "pppd wait|0:0|01234" }
};

START_TEST(starts_as_it_should_be)
{
	int	 fd;

	dpd.debug = starts[_i].debug;
	dpd.verbose = starts[_i].verbose;
	setup();
	fd = run(starts[_i].type, 5, "wait");
	ck_assert_str_eq(said(fd), starts[_i].said);
	if (starts[_i].type == DP_RUN_PPPD)
		ck_assert_str_eq(said(noticefd), "notice");
	end(5);			/* another user's, for CAP_KILL is kept */
	exited(5, SIGTERM);
	ck_assert_str_eq(said(fd), "");
	close(channel);
	ended();
}
END_TEST

START_TEST(exit_status)
{
	run(DP_RUN_PPPD, 0, "leave");
	exited(0, 7 << 8);
	ck_assert_int_eq(unlink(stand_in), 0);
	run(DP_RUN_PPPD, DP_OBJECTS - 1, "wait");	/* cannot be run */
	exited(DP_OBJECTS - 1, 1 << 8);
}
END_TEST

/* Keeps the socket until all others have closed it, and then goes. */
START_TEST(last_close)
{
	int	 fd = run(DP_RUN_CLOSE, 3, "");

	ck_assert_str_eq(said(fd), "");
	exited(3, 0);
}
END_TEST

/* ---- how they end ---- */

START_TEST(slots_are_used_again)
{
	int	 fd, i;

	end(7);				/* has no child: nothing is done */
	end(DP_SLOT_PARSER);
	for (i = 0; i < 3; i++) {
		fd = run(DP_RUN_PPPD, 7, "wait");
		ck_assert_str_ne(said(fd), "");
		end(7);
		exited(7, SIGTERM);
		end(7);
		close(fd);
	}
}
END_TEST

/* After the grace, which is not longer for being asked for twice. */
START_TEST(killed_after_the_grace)
{
	int		 fd = run(DP_RUN_PPPD, 1, "stubborn");
	int		 other = run(DP_RUN_PPPD, 2, "wait");
	uint64_t	 asked;

	ck_assert_str_ne(said(fd), "");
	ck_assert_str_ne(said(other), "");
	asked = now_ms();
	end(1);
	ck_assert(!readable(channel, GRACE_MS / 2));
	end(1);
	exited(1, SIGKILL);
	ck_assert_uint_ge(now_ms() - asked, GRACE_MS - 1);
	ck_assert(!readable(other, 0));		/* and only it */
}
END_TEST

/* A child of a child, that had the starter made its parent. */
START_TEST(reaps_what_is_not_its_own)
{
	int	 fd = run(DP_RUN_PPPD, 1, "orphan");
	int	 i, pid = 0;

	for (i = 0; i < 2 && pid == 0; i++)	/* either may speak first */
		pid = atoi(said(fd));
	ck_assert_int_gt(pid, 1);
	for (i = 0; i < WAIT_MS && kill(pid, 0) == 0; i++)
		usleep(1000);
	ck_assert_int_eq(kill(pid, 0), -1);
	ck_assert_int_eq(errno, ESRCH);
	ck_assert(!readable(channel, 100));	/* not a word of it */
	end(1);
	exited(1, SIGTERM);
}
END_TEST

/* ---- how all ends ---- */

START_TEST(ends_with_dpd)
{
	int		 fds[3], i;
	uint64_t	 closed;

	fds[0] = run(DP_RUN_PPPD, 1, "stubborn");
	fds[1] = run(DP_RUN_PPPD, 2, "wait");
	fds[2] = run(DP_RUN_CTLD, DP_SLOT_CTLD, "");
	for (i = 0; i < 3; i++)
		ck_assert_str_ne(said(fds[i]), "");
	closed = now_ms();
	close(channel);
	ended();
	ck_assert_uint_ge(now_ms() - closed, GRACE_MS - 1);
	for (i = 0; i < 3; i++)
		ck_assert_str_eq(said(fds[i]), "");
}
END_TEST

/* What a dpd in its right mind does not say. */
static void
say_busy_slot(void)
{
	ck_assert_str_eq(said(run(DP_RUN_PPPD, 1, "wait")), "");
}

static void
say_close_in_busy_slot(void)
{
	run(DP_RUN_CLOSE, 1, "");
}

static void
say_slot_too_high(void)
{
	run(DP_RUN_PPPD, DP_SLOTS, "wait");
}

static void
say_nothing_to_run_with(void)
{
	send_run(DP_RUN_PPPD, 2, "wait", -1);
}

static void
say_end_with_fd(void)
{
	send_run(DP_END, 1, "", channel);
}

static void
say_option(void)
{
	send_run(DP_RUN_PPPD, 2, "-x", channel);
}

static void
say_request(void)
{
	const struct dpmsg	 m = { .type = DP_SESSION_DOWN, .fd = -1,
	    .u.session_down = { 1 } };

	dpmsg_send(channel, &m);
}

static void
say_its_own_word(void)
{
	const struct dpmsg	 m = { .type = DP_EXITED, .fd = -1 };

	dpmsg_send(channel, &m);
}

static void
say_junk(void)
{
	ck_assert_int_eq(send(channel, "junk", 4, 0), 4);
}

static void	(*const nonsense[])(void) = { say_busy_slot,
    say_close_in_busy_slot, say_slot_too_high, say_nothing_to_run_with,
    say_end_with_fd, say_option, say_request, say_its_own_word, say_junk };

START_TEST(ends_by_nonsense)
{
	int	 one = run(DP_RUN_PPPD, 1, "wait");
	int	 two = run(DP_RUN_CTLD, DP_SLOT_CTLD, "");

	ck_assert_str_ne(said(one), "");
	ck_assert_str_ne(said(two), "");
	nonsense[_i]();
	ended();
	ck_assert_str_eq(said(one), "");
	ck_assert_str_eq(said(two), "");
}
END_TEST

/* Its sudden death is that of its children, whichever user they are. */
START_TEST(children_do_not_outlive_it)
{
	int	 one = run(DP_RUN_PPPD, 1, "wait");
	int	 two = run(DP_RUN_CTLD, DP_SLOT_CTLD, "");

	ck_assert_str_ne(said(one), "");
	ck_assert_str_ne(said(two), "");
	ck_assert_int_eq(kill(starter, SIGKILL), 0);
	ck_assert_str_eq(said(one), "");
	ck_assert_str_eq(said(two), "");
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("starter");
	TCase	*tc = tcase_create("starter"), *flags = tcase_create("flags");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_set_timeout(tc, 30);
	tcase_set_timeout(flags, 30);
	tcase_add_checked_fixture(flags, NULL, teardown);
	tcase_add_loop_test(flags, starts_as_it_should_be, 0,
	    (int)nitems(starts));
	suite_add_tcase(s, flags);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, exit_status);
	tcase_add_test(tc, last_close);
	tcase_add_test(tc, slots_are_used_again);
	tcase_add_test(tc, killed_after_the_grace);
	tcase_add_test(tc, reaps_what_is_not_its_own);
	tcase_add_test(tc, ends_with_dpd);
	tcase_add_loop_test(tc, ends_by_nonsense, 0, (int)nitems(nonsense));
	tcase_add_test(tc, children_do_not_outlive_it);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
