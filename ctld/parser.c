/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The parser process: turns the configuration file into the policy that dpd
 * seals.  It is a fresh process that never reads the network, so what it
 * says does not depend on what packets did to the running ctld.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "confine.h"
#include "dp.h"
#include "log.h"
#include "parser.h"

static void
parser_wait(short events)
{
	struct pollfd	 pfd = { .fd = PARSER_FD, .events = events };

	while (poll(&pfd, 1, -1) == -1)
		if (errno != EINTR)
			fatal("poll");
}

/* dpd speaks first, and says nothing but this. */
static void
parser_recv(struct dpmsg *m)
{
	enum imsg_status	 status;

	while ((status = dpmsg_recv(PARSER_FD, dp_from_dpd, m)) == IMSG_AGAIN)
		parser_wait(POLLIN);
	if (status != IMSG_OK)
		fatalx("no configuration from dpd");
	if (m->type != DP_CONFIG)
		fatalx("unpermitted %s in the parser", m->name);
}

static void
parser_emit(void *arg, const struct dpmsg *m)
{
	enum imsg_status	 status;

	(void)arg;
	while ((status = dpmsg_send(PARSER_FD, m)) == IMSG_AGAIN)
		parser_wait(POLLOUT);
	if (status != IMSG_OK)
		fatalx("cannot send the policy to dpd");
}

static void
parser_log(const char *line)
{
	log_warnx("%s", line);
}

static void
check_print(const char *line)
{
	fprintf(stderr, "%s\n", line);
}

int
parser_main(void)
{
	struct conf	*conf;
	struct dpmsg	 m;
	char		*text;
	size_t		 len;

	parser_recv(&m);
	if ((text = conf_read(m.fd, &len)) == NULL)
		fatal("configuration");
	close(m.fd);
	if (len != m.u.config.size)
		fatalx("configuration: %zu octets, dpd said %u", len,
		    m.u.config.size);
	conf = conf_parse("septum.yaml", text, len, parser_log);
	freezero(text, len);
	if (conf == NULL)
		return (1);
	if (!conf_mode_ok(conf, "septum.yaml", m.u.config.mode, parser_log)) {
		conf_free(conf);
		return (1);
	}
	conf_policy(conf, parser_emit, NULL);
	conf_free(conf);
	return (0);
}

/* The file is the checker's only descriptor, and root no part of its work. */
void
check_open(const char *path)
{
	const struct passwd	*pw;
	int			 fd = open(path, O_RDONLY);

	if (fd == -1 || dup2(fd, PARSER_FD) == -1 ||
	    close_range(PARSER_FD + 1, ~0U, 0) == -1)
		fatal("%s", path);
	if (geteuid() != 0)
		return;
	if ((pw = getpwnam("_septum")) == NULL)
		pw = getpwnam("nobody");
	if (pw == NULL || pw->pw_uid == 0)
		fatalx("no user _septum");
	confine_user(pw->pw_uid, pw->pw_gid, 0);
}

int
check_main(const char *name)
{
	struct conf	*conf;
	struct stat	 st;
	char		*text;
	size_t		 len;
	int		 ok;

	if (fstat(PARSER_FD, &st) == -1 ||
	    (text = conf_read(PARSER_FD, &len)) == NULL) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		return (1);
	}
	conf = conf_parse(name, text, len, check_print);
	freezero(text, len);
	if (conf == NULL)
		return (1);
	ok = conf_mode_ok(conf, name, st.st_mode & ALLPERMS, check_print);
	conf_free(conf);
	if (ok)
		printf("%s: ok\n", name);
	return (!ok);
}
