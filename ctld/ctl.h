/* SPDX-License-Identifier: ISC */
/*
 * The control socket: the server of septumctl(8).
 */
#ifndef CTLD_CTL_H
#define CTLD_CTL_H

#define CTL_MAX_CLIENTS	32

/* Takes the listening socket over.  Fatal if out of memory. */
void	ctl_init(int fd);

#endif
