/* SPDX-License-Identifier: ISC */
/*
 * Every socket of septum but netlink's is made here: UDP for L2TP, PPPoL2TP
 * for pppd, and the control socket's.
 */
#ifndef DPD_SOCK_H
#define DPD_SOCK_H

#include <sys/types.h>

#include "dpmsg.h"

/* All return a descriptor, or -1 with errno. */
int	sock_listen(const struct dp_addr *);
/* Bound to local, if it has a family, and connected to peer unless NULL. */
int	sock_tunnel(const struct dp_addr *local, const struct dp_addr *peer);
/* Connected to a session that the kernel has: frames queue in it. */
int	sock_pppox(uint32_t local_tid, uint32_t peer_tid, uint32_t local_sid,
	    uint32_t peer_sid);
/* Listens at this path for this group; needs root. */
int	sock_control(const char *, gid_t);

#endif
