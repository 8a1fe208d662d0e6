/* SPDX-License-Identifier: ISC */
/*
 * One way to log, for all processes: stderr in the foreground, otherwise
 * syslog's socket, connected once: syslog(3) reads files and opens sockets,
 * which a confined process cannot.  A message that cannot be delivered is
 * lost: nothing ever waits for the logger.  Lower case, no full stop, no
 * newline (the caller's part).
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <errno.h>
#include <stdlib.h>
#include <syslog.h>

enum log_level {
	LOG_LVL_ERROR = LOG_ERR,
	LOG_LVL_WARN = LOG_WARNING,
	LOG_LVL_INFO = LOG_INFO,
	LOG_LVL_DEBUG = LOG_DEBUG
};

/*
 * Opens syslog now, so that it works after confinement: stderr becomes its
 * socket, for our children and for libraries, too.
 */
void	log_init(const char *name, int to_stderr);
/* What is above is not logged. */
extern enum log_level	 log_max;

/* One write for one line, strerror(err) behind unless 0.  Keeps errno. */
void	log_at(enum log_level, int err, const char *, ...)
    __attribute__((format(printf, 3, 4)));

/* With strerror(errno) behind, and without. */
#define log_warn(...)	log_at(LOG_LVL_WARN, errno, __VA_ARGS__)
#define log_warnx(...)	log_at(LOG_LVL_WARN, 0, __VA_ARGS__)
#define log_info(...)	log_at(LOG_LVL_INFO, 0, __VA_ARGS__)
#define log_debug(...)	log_at(LOG_LVL_DEBUG, 0, __VA_ARGS__)
#define fatal(...)	(log_at(LOG_LVL_ERROR, errno, __VA_ARGS__), exit(1))
#define fatalx(...)	(log_at(LOG_LVL_ERROR, 0, __VA_ARGS__), exit(1))

#endif
