/* SPDX-License-Identifier: ISC */
/*
 * One way to log, for all processes: stderr in the foreground, syslog
 * otherwise.  Lower case, no full stop, no newline (the caller's part).
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

enum log_level { LOG_LVL_ERROR, LOG_LVL_WARN, LOG_LVL_INFO, LOG_LVL_DEBUG };

/* Opens syslog now, so that it works after confinement. */
void	log_init(const char *name, int to_stderr);
void	log_level(enum log_level);

/* With strerror(errno) behind, then without. */
void	log_warn(const char *, ...) __attribute__((format(printf, 1, 2)));
void	log_warnx(const char *, ...) __attribute__((format(printf, 1, 2)));
void	log_info(const char *, ...) __attribute__((format(printf, 1, 2)));
void	log_debug(const char *, ...) __attribute__((format(printf, 1, 2)));
/* The same at level error, and exit(1). */
__attribute__((noreturn, format(printf, 1, 2)))
void	fatal(const char *, ...);
__attribute__((noreturn, format(printf, 1, 2)))
void	fatalx(const char *, ...);

#endif
