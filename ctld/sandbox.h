/* SPDX-License-Identifier: ISC */
/*
 * What each of ctld's processes may still do.  All of these end the process
 * when a step fails.
 */
#ifndef CTLD_SANDBOX_H
#define CTLD_SANDBOX_H

/* The daemon: no files, no new sockets, no new processes. */
void	sandbox_daemon(void);
/* The resolver: reads the system's files, asks name servers, forks. */
void	sandbox_resolver(void);
/* The parser: reads the system's files. */
void	sandbox_parser(void);
/* The same without Landlock: files are checked on all sorts of kernels. */
void	sandbox_checker(void);

#endif
