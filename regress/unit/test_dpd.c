/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * septum-dpd's loop: how it comes to run ctld, what it does about a ctld or
 * a parser that ends, breaks the contract or does not read, and how it stops.
 * The daemon is a child with real fences; the test is its starter, its
 * parser, its ctld and its signals, and the kernel agrees to everything.
 */
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdio.h>

#include "dp.h"
#include "dpd_world.h"

#define WAIT_MS		5000
#define SIZE		12		/* of a configuration */
#define BACKOFF_MS	100		/* the first one */

static pid_t	daemon_pid;
static int	starter, signals, order;	/* our ends */
static int	order_fd;			/* its end */

/* ---- what is around the daemon's fences ---- */

static int
any_fd(void)
{
	return (open("/dev/null", O_RDWR | O_CLOEXEC));
}

int
kern_call(uint8_t cmd, const struct own *o, const struct kern_attr *attrs,
    struct dp_stats_reply *stats)
{
	(void)cmd;
	(void)o;
	(void)attrs;
	(void)stats;
	return (0);
}

int
kern_ifindex(const char *ifname)
{
	(void)ifname;
	return (1);
}

int
kern_link(const struct own *s, const struct dp_rule_session *rule, int up)
{
	(void)s;
	(void)rule;
	(void)up;
	return (0);
}

int
sock_l2tp(const struct dp_addr *local, uint32_t local_tid,
    const struct dp_addr *peer)
{
	(void)local;
	(void)local_tid;
	(void)peer;
	return (any_fd());
}

int
sock_name(int fd, const struct dp_addr *a, uint32_t local_tid,
    int (*name)(int, const struct sockaddr *, socklen_t))
{
	(void)fd;
	(void)a;
	(void)local_tid;
	(void)name;
	return (0);
}

int
sock_pppox(const struct own *s)
{
	(void)s;
	return (any_fd());
}

int
sock_control(gid_t gid)
{
	dprintf(order_fd, "control %u,", (unsigned)gid);
	return (any_fd());
}

void
dpd_confine(void)
{
	dprintf(order_fd, "confined,");
}

/* ---- what talks to it ---- */

static void
setup(void)
{
	int	 sv[2], sig[2], said[2];

	log_init("test", 1);
	ck_assert_int_eq(imsg_pair(sv), 0);
	ck_assert_int_eq(pipe2(sig, O_NONBLOCK | O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(said, O_NONBLOCK | O_CLOEXEC), 0);
	ck_assert_int_ne(daemon_pid = fork(), -1);
	if (daemon_pid == 0) {
		log_max = LOG_LVL_ERROR;
		close(sv[0]);
		close(sig[1]);
		order_fd = said[1];
		dpd.pfd[FD_SIGNAL] = (struct pollfd){ sig[0], POLLIN, 0 };
		dpd.pfd[FD_STARTER] = (struct pollfd){ sv[1], POLLIN, 0 };
		dpd.pfd[FD_PEER] = (struct pollfd){ -1, POLLIN, 0 };
		dpd.configfd = any_fd();
		dpd.noticefd = any_fd();
		dpd.config = (struct dp_config){ SIZE, 0640 };
		dpd_loop();
	}
	close(sv[1]);
	close(sig[0]);
	close(said[1]);
	starter = sv[0];
	signals = sig[1];
	order = said[0];
}

static uint64_t
now(void)
{
	return (dpd_now());
}

static int
readable(int fd, int ms)
{
	struct pollfd	 pfd = { fd, POLLIN, 0 };

	return (poll(&pfd, 1, ms) == 1);
}

static struct dpmsg
received(int fd, const struct dpmsg_row *table, uint16_t type)
{
	struct dpmsg	 m;

	ck_assert_msg(readable(fd, WAIT_MS), "no message of type %u", type);
	ck_assert_int_eq(dpmsg_recv(fd, table, &m), IMSG_OK);
	ck_assert_uint_eq(m.type, type);
	return (m);
}

/* The starter is asked for this: the descriptor that it is given. */
static int
asked(enum dp_type type, uint32_t slot)
{
	struct dpmsg	 m = received(starter, dpmsg_to_starter, type);

	ck_assert_uint_eq(m.u.run.slot, slot);
	return (m.fd);
}

static void
exits(uint32_t slot, int status)
{
	const struct dpmsg	 m = { .type = DP_EXITED, .fd = -1,
	    .u.exited = { slot, status } };

	ck_assert_int_eq(dpmsg_send(starter, &m), IMSG_OK);
}

static void
signalled(uint32_t signo)
{
	const struct signalfd_siginfo	 si = { .ssi_signo = signo };

	ck_assert_int_eq(write(signals, &si, sizeof(si)), sizeof(si));
}

/* The daemon's own end. */
static void
ended(int status)
{
	int	 how;

	ck_assert_int_eq(waitpid(daemon_pid, &how, 0), daemon_pid);
	ck_assert(WIFEXITED(how));
	ck_assert_int_eq(WEXITSTATUS(how), status);
}

static void
says(int fd, struct dpmsg m)
{
	m.fd = -1;
	ck_assert_int_eq(dpmsg_send(fd, &m), IMSG_OK);
}

static void
closed_by_dpd(int fd)
{
	struct dpmsg		 m;
	enum imsg_status	 status;

	while (readable(fd, WAIT_MS) && (status = dpmsg_recv(fd, dp_from_dpd,
	    &m)) == IMSG_OK)
		if (m.fd != -1)
			close(m.fd);
	ck_assert_int_eq(status, IMSG_EOF);
	close(fd);
}

/* A new peer is told what it works with. */
static int
started(enum dp_type type, uint32_t slot)
{
	static const uint16_t	 events[] = { DP_CONFIG, DP_CONTROL,
	    DP_NOTICES };
	size_t			 i, n = type == DP_RUN_PARSER ? 1 : 3;
	struct dpmsg		 m;
	int			 fd = asked(type, slot);

	for (i = 0; i < n; i++) {
		m = received(fd, dp_from_dpd, events[i]);
		ck_assert_int_ne(m.fd, -1);
		close(m.fd);
		if (m.type == DP_CONFIG)
			ck_assert_uint_eq(m.u.config.size, SIZE);
	}
	return (fd);
}

static int
parsing(void)
{
	setup();
	return (started(DP_RUN_PARSER, DP_SLOT_PARSER));
}

static int
running(void)
{
	struct dpmsg	 m = world_end();
	struct dpmsg	 kept = world_tunnel_rule(DP_NO_RULE, "", 0,
	    "192.0.2.0", 24, 1701);
	int		 fd = parsing();

	kept.u.rule_tunnel.keeps = 1;
	says(fd, world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0, 0));
	says(fd, world_session_rule(0, 0, 0));
	says(fd, kept);
	m.u.policy_end.n_rules = 3;
	says(fd, m);
	closed_by_dpd(fd);
	exits(DP_SLOT_PARSER, 0);
	return (started(DP_RUN_CTLD, DP_SLOT_CTLD));
}

/* ctld has a session with a pppd: the pppd's slot. */
static uint32_t
has_pppd(int fd)
{
	struct dpmsg	 open = { .type = DP_TUNNEL_OPEN };
	struct dpmsg	 up = { .type = DP_TUNNEL_UP,
	    .u.tunnel_up = { 0, 1, 2, 2, 0, 0 } };
	struct dpmsg	 session = { .type = DP_SESSION_UP,
	    .u.session_up = { .local_sid = 3, .peer_sid = 4, .rule = 1 } };
	struct dpmsg	 start = { .type = DP_SESSION_START }, m;

	open.u.tunnel_open.peer = world_addr("192.0.2.1", 1701);
	says(fd, open);
	m = received(fd, dp_from_dpd, DP_TUNNEL_OPEN_REPLY);
	close(m.fd);
	up.u.tunnel_up.handle = m.u.handle_reply.handle;
	session.u.session_up.handle = m.u.handle_reply.handle;
	says(fd, up);
	m = received(fd, dp_from_dpd, DP_TUNNEL_UP_REPLY);
	ck_assert_int_eq(m.u.reply.err, 0);
	says(fd, session);
	m = received(fd, dp_from_dpd, DP_SESSION_UP_REPLY);
	start.u.session_start.handle = m.u.handle_reply.handle;
	says(fd, start);
	m = received(fd, dp_from_dpd, DP_SESSION_START_REPLY);
	ck_assert_int_eq(m.u.start_reply.err, 0);
	m = received(starter, dpmsg_to_starter, DP_RUN_PPPD);
	close(m.fd);
	return (m.u.run.slot);
}

/* ctld has, or had, the tunnel that is kept: its handle. */
static uint32_t
has_kept(int fd)
{
	struct dpmsg	 m = { .type = DP_TUNNEL_OPEN };

	m.u.tunnel_open.rule = 2;
	m.u.tunnel_open.peer = world_addr("192.0.2.1", 1701);
	says(fd, m);
	m = received(fd, dp_from_dpd, DP_TUNNEL_OPEN_REPLY);
	ck_assert_int_eq(m.u.handle_reply.err, 0);
	close(m.fd);
	return (m.u.handle_reply.handle);
}

/* ---- the parser ---- */

START_TEST(confined_before_ctld_runs)
{
	char	 said[64] = "";

	running();
	ck_assert_int_gt(read(order, said, sizeof(said) - 1), 0);
	ck_assert_str_eq(said, "control 100,confined,");
}
END_TEST

/* What is said instead of a policy: dpd ends, and runs no ctld. */
static void
say_nothing(int fd)
{
	(void)fd;
}

static void
say_no_end(int fd)
{
	says(fd, world_tunnel_rule(DP_NO_RULE, "", 0, "0.0.0.0", 0, 0));
}

static void
say_too_few(int fd)
{
	says(fd, world_end());
}

static void
say_request(int fd)
{
	says(fd, (struct dpmsg){ .type = DP_LISTEN });
}

static void
say_reply(int fd)
{
	says(fd, (struct dpmsg){ .type = DP_LISTEN_REPLY });
}

static void
say_bad_record(int fd)
{
	says(fd, (struct dpmsg){ .type = DP_RULE_LISTEN });
}

static void
say_junk(int fd)
{
	ck_assert_int_eq(send(fd, "junk", 4, 0), 4);
}

static void	(*const no_policies[])(int) = { say_nothing, say_no_end,
    say_too_few, say_request, say_reply, say_bad_record, say_junk };

START_TEST(no_policy)
{
	int		 fd = parsing();
	struct dpmsg	 m;

	no_policies[_i](fd);
	close(fd);
	ended(1);
	ck_assert_int_eq(dpmsg_recv(starter, dpmsg_to_starter, &m), IMSG_EOF);
}
END_TEST

/* ---- ctld ---- */

/* ctld is ended, and there is another one when it and its objects are gone. */
static void
dropped(int fd, uint32_t slot)
{
	closed_by_dpd(fd);
	asked(DP_END, DP_SLOT_CTLD);
	asked(DP_END, slot);
	exits(DP_SLOT_CTLD, SIGTERM);
	ck_assert(!readable(starter, 3 * BACKOFF_MS));
	exits(slot, 0);
	started(DP_RUN_CTLD, DP_SLOT_CTLD);
}

static void
say_record(int fd)
{
	says(fd, world_session_rule(0, 0, 0));
}

static void	(*const breaches[])(int) = { say_record, say_reply,
    say_bad_record, say_junk };

START_TEST(ctld_breaks_the_contract)
{
	int		 fd = running();
	uint32_t	 slot = has_pppd(fd);

	breaches[_i](fd);
	dropped(fd, slot);
}
END_TEST

/* It asks and asks, and never reads an answer. */
START_TEST(ctld_does_not_read)
{
	const struct dpmsg	 m = { .type = DP_STATS, .fd = -1,
	    .u.stats = { 4711 } };
	int			 fd = running();
	uint32_t		 slot = has_pppd(fd);
	struct pollfd		 pfd = { fd, POLLOUT, 0 };
	enum imsg_status	 status;

	while ((status = dpmsg_send(fd, &m)) != IMSG_EOF)
		if (status == IMSG_AGAIN)
			ck_assert_int_eq(poll(&pfd, 1, WAIT_MS), 1);
	dropped(fd, slot);
}
END_TEST

/* The next ctld waits for what ends, but not for what does not. */
START_TEST(ctld_leaves_what_is_kept)
{
	int		 fd = running();
	uint32_t	 handle = has_kept(fd), slot = has_pppd(fd);

	close(fd);
	asked(DP_END, DP_SLOT_CTLD);
	asked(DP_END, slot);
	exits(DP_SLOT_CTLD, 0);
	ck_assert(!readable(starter, 3 * BACKOFF_MS));
	exits(slot, 0);
	fd = started(DP_RUN_CTLD, DP_SLOT_CTLD);
	ck_assert_uint_eq(has_kept(fd), handle);
	close(fd);
	asked(DP_END, DP_SLOT_CTLD);
	exits(DP_SLOT_CTLD, 0);
	signalled(SIGTERM);		/* with dpd it ends */
	ended(0);
}
END_TEST

/* Each time later; what it had is ended. */
START_TEST(ctld_exits)
{
	int		 fd = running(), i;
	uint32_t	 slot = has_pppd(fd);
	uint64_t	 at;

	for (i = 1; i <= 4; i *= 2) {
		at = now();
		exits(DP_SLOT_CTLD, 1 << 8);
		asked(DP_END, DP_SLOT_CTLD);
		if (i == 1) {
			asked(DP_END, slot);
			exits(slot, 0);
		}
		close(fd);
		fd = started(DP_RUN_CTLD, DP_SLOT_CTLD);
		ck_assert_uint_ge(now() - at, (uint64_t)(i * BACKOFF_MS));
	}
}
END_TEST

/* A pppd that ends by itself: ctld is told, and nobody is ended. */
START_TEST(pppd_exits)
{
	int		 fd = running();
	uint32_t	 slot = has_pppd(fd);
	struct dpmsg	 m;

	exits(slot, 16 << 8);
	m = received(fd, dp_from_dpd, DP_SESSION_GONE);
	ck_assert_uint_eq(m.u.session_gone.local_sid, 3);
	ck_assert_int_eq(m.u.session_gone.status, 16 << 8);
	ck_assert(!readable(starter, 0));
}
END_TEST

/* ---- the starter, and the end ---- */

START_TEST(starter_lost)
{
	running();
	close(starter);
	ended(1);
}
END_TEST

START_TEST(starter_breaks_the_contract)
{
	running();
	exits(DP_SLOTS, 0);
	ended(1);
}
END_TEST

START_TEST(stopped_while_parsing)
{
	parsing();
	signalled(SIGHUP);
	signalled(SIGUSR1);
	ck_assert(!readable(starter, 100));
	signalled(_i == 0 ? SIGTERM : SIGINT);
	ended(0);
}
END_TEST

/* ctld is told once, ends its sessions, and is not followed by another. */
START_TEST(stopped)
{
	int		 fd = running();
	uint32_t	 slot = has_pppd(fd);
	struct dpmsg	 m;

	signalled(SIGTERM);
	m = received(fd, dp_from_dpd, DP_SHUTDOWN);
	ck_assert_uint_gt(m.u.shutdown.grace_ms, 0);
	signalled(SIGTERM);
	signalled(SIGINT);
	ck_assert(!readable(fd, 100));
	exits(DP_SLOT_CTLD, 0);
	asked(DP_END, DP_SLOT_CTLD);
	asked(DP_END, slot);
	ck_assert(!readable(starter, 3 * BACKOFF_MS));
	ck_assert_int_eq(waitpid(daemon_pid, NULL, WNOHANG), 0);
	exits(slot, 0);
	ended(0);
}
END_TEST

/* It does not go by itself, and so it is ended after the grace. */
START_TEST(stopped_by_force)
{
	int		 fd = running();
	uint64_t	 at = now();
	struct dpmsg	 m;

	signalled(SIGTERM);
	m = received(fd, dp_from_dpd, DP_SHUTDOWN);
	closed_by_dpd(fd);
	ck_assert_uint_ge(now() - at, m.u.shutdown.grace_ms);
	asked(DP_END, DP_SLOT_CTLD);
	exits(DP_SLOT_CTLD, SIGKILL);
	ended(0);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("dpd");
	TCase	*tc = tcase_create("dpd");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, confined_before_ctld_runs);
	tcase_add_loop_test(tc, no_policy, 0, (int)nitems(no_policies));
	tcase_add_loop_test(tc, ctld_breaks_the_contract, 0,
	    (int)nitems(breaches));
	tcase_add_test(tc, ctld_does_not_read);
	tcase_add_test(tc, ctld_leaves_what_is_kept);
	tcase_add_test(tc, ctld_exits);
	tcase_add_test(tc, pppd_exits);
	tcase_add_test(tc, starter_lost);
	tcase_add_test(tc, starter_breaks_the_contract);
	tcase_add_loop_test(tc, stopped_while_parsing, 0, 2);
	tcase_add_test(tc, stopped);
	tcase_add_test(tc, stopped_by_force);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
