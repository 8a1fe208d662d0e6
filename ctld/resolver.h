/* SPDX-License-Identifier: ISC */
/*
 * Names to addresses, in a process of its own.
 */
#ifndef CTLD_RESOLVER_H
#define CTLD_RESOLVER_H

#include <stdint.h>

/* Forks the process; before confinement, and before there is a network. */
void	resolver_fork(int foreground);
/* Takes answers to dial_resolved() from now on. */
void	resolver_start(void);
/* 0, or -1 if there is no resolver or it has too much to do. */
int	resolver_ask(const char *host, uint16_t port, uint32_t id);

#endif
