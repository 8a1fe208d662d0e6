/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * septum-ctld: speaks L2TP and has no privilege.  septum-dpd starts it, with
 * a channel as descriptor 3, in one of two shapes: the daemon, or with -C
 * the parser, which turns the configuration into policy.  With -n it only
 * checks the file that is descriptor 3.  Everything that needs the file
 * system comes before sandbox_daemon(), the network after it.
 */
#include <sys/resource.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctl.h"
#include "ctld.h"
#include "dial.h"
#include "dp.h"
#include "log.h"
#include "loop.h"
#include "net.h"
#include "parser.h"
#include "peer.h"
#include "pump.h"
#include "resolver.h"
#include "sandbox.h"
#include "session.h"
#include "tunnel.h"

#define CTLD_CHANNEL	3

struct ctld	 ctld;

static struct ctld_state {
	struct loop_timer	 grace;
} ctld_state;

__attribute__((noreturn))
static void	ctld_usage(void);
static int	ctld_main(int, int);
static struct conf *ctld_config(const struct dpmsg *);
static void	ctld_report(const char *);
static void	ctld_files(void);
static void	ctld_idle(void);
static void	ctld_reload(const struct dpmsg *);
static void	ctld_shutdown(const struct dpmsg *);
static void	ctld_grace(void *);

static const struct dp_handler ctld_events[] = {
	{ DP_CONFIG, ctld_reload },
	{ DP_SESSION_GONE, sess_gone },
	{ DP_SHUTDOWN, ctld_shutdown },
	{ 0, NULL }
};

int
main(int argc, char *argv[])
{
	const char	*check = NULL;
	int		 ch, foreground = 0, parser = 0, verbose = 0;

	while ((ch = getopt(argc, argv, "Cdn:v")) != -1) {
		switch (ch) {
		case 'C':
			parser = 1;
			break;
		case 'd':
			foreground = 1;
			break;
		case 'n':
			check = optarg;
			break;
		case 'v':
			verbose = 1;
			break;
		default:
			ctld_usage();
		}
	}
	if (argc != optind || (parser && check != NULL))
		ctld_usage();
	log_init(parser ? "septum-parser" : "septum-ctld",
	    foreground || check != NULL);
	if (verbose)
		log_max = LOG_LVL_DEBUG;
	if (!parser && check == NULL)
		return (ctld_main(foreground, verbose));
	if (!parser) {
		check_open(check);
		sandbox_checker();
		return (check_main(check));
	}
	sandbox_parser();
	return (parser_main());
}

static void
ctld_usage(void)
{
	fprintf(stderr, "usage: septum-ctld [-Cdv] [-n file]\n"
	    "septum-dpd starts it; see septum-ctld(8)\n");
	exit(2);
}

static int
ctld_main(int foreground, int verbose)
{
	struct dpmsg	 m, notices;
	struct conf	*conf;

	signal(SIGPIPE, SIG_IGN);
	ctld_files();
	loop_init();
	dp_wait(CTLD_CHANNEL, DP_CONFIG, &m);
	conf = ctld_config(&m);
	ctld.conf = conf;
	ctld.started = loop_now();
	if (!verbose)
		log_max = (enum log_level)conf->log_level;
	if (conf->needs_resolver)
		resolver_fork(foreground);
	dp_wait(CTLD_CHANNEL, DP_CONTROL, &m);
	dp_wait(CTLD_CHANNEL, DP_NOTICES, &notices);

	/* Each object has one request outstanding at most. */
	dp_init(CTLD_CHANNEL, TUN_SPARE * conf->max_tunnels +
	    TUN_MAX_OFFERED + SESS_SPARE * conf->max_sessions +
	    CTL_MAX_CLIENTS + DP_MAX_RULES, ctld_events);
	pump_init(conf);
	net_init(conf);
	tun_init(conf);
	sess_init(conf, notices.fd);
	peer_init(conf);
	peer_limit_init(conf->sccrq_per_second, arc4random());
	dial_init(conf);
	ctl_init(m.fd);
	if (conf->needs_resolver)
		resolver_start();
	if (loop_timer_init(&ctld_state.grace, ctld_grace, NULL) == -1)
		fatal("calloc");

	sandbox_daemon();
	log_info("ready");
	net_listen();
	dial_start();
	loop_run(ctld_idle);
	log_info("terminating");
	l2tp_free(ctld.engine);
	conf_free(conf);
	return (0);
}

/* The parser accepted these octets before; so it fails by a bug only. */
static struct conf *
ctld_config(const struct dpmsg *m)
{
	struct conf	*conf;
	size_t		 len;
	char		*text;

	if ((text = conf_read(m->fd, &len)) == NULL)
		fatal("configuration");
	close(m->fd);
	conf = conf_parse("septum.yaml", text, len, ctld_report);
	if (conf == NULL)
		fatalx("cannot use the configuration");
	freezero(text, len);
	return (conf);
}

static void
ctld_report(const char *line)
{
	log_warnx("%s", line);
}

/* As many descriptors as we may have: one for each tunnel and some. */
static void
ctld_files(void)
{
	struct rlimit	 rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		fatal("getrlimit");
	rl.rlim_cur = rl.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		fatal("setrlimit");
}

static void
ctld_idle(void)
{
	pump_run();
	if (ctld.stopping && l2tp_quiet(ctld.engine))
		loop_stop();
}

static void
ctld_reload(const struct dpmsg *m)
{
	close(m->fd);
	log_warnx("reload is not supported yet");
}

/* RFC 2661 section 4.4.2: result 6, the requester is being shut down. */
static void
ctld_shutdown(const struct dpmsg *m)
{
	if (ctld.stopping)
		return;
	ctld.stopping = 1;
	dial_stop();
	tun_close_all(L2TP_STOP_SHUTDOWN);
	loop_timer_set(&ctld_state.grace, loop_now() + m->u.shutdown.grace_ms);
}

static void
ctld_grace(void *arg)
{
	(void)arg;
	log_info("peers have not acknowledged in time");
	loop_stop();
}
