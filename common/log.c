/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <sys/socket.h>
#include <sys/un.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

static const char	*log_name = "septum";
static int		 log_to_syslog;
enum log_level		 log_max = LOG_LVL_INFO;

void
log_init(const char *name, int to_stderr)
{
	const struct sockaddr_un	 sun = { AF_UNIX, "/dev/log" };
	int				 fd;

	log_name = name;
	if (to_stderr)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	log_to_syslog =
	    connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0 &&
	    dup2(fd, STDERR_FILENO) != -1;
	close(fd);
}

void
log_at(enum log_level level, int err, const char *fmt, ...)
{
	char			 text[900], line[1024], to[16] = "";
	int			 saved = errno, len;
	va_list			 ap;

	if (level > log_max)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (log_to_syslog)
		snprintf(to, sizeof(to), "<%d>", LOG_DAEMON | (int)level);
	len = snprintf(line, sizeof(line), "%s%.32s[%d]: %s%s%.40s\n", to,
	    log_name, (int)getpid(), text, err != 0 ? ": " : "",
	    err != 0 ? strerror(err) : "");
	(void)!write(STDERR_FILENO, line, (size_t)len);
	errno = saved;
}
