/* SPDX-License-Identifier: ISC */
/*
 * The kernel's L2TP tunnels and sessions over generic netlink.  All but
 * kern_open() return 0 or an errno and do not wait.
 */
#ifndef DPD_KERN_H
#define DPD_KERN_H

#include "dpmsg.h"

/* Needs root; ends the process if the kernel has no L2TP. */
void	kern_open(void);

int	kern_tunnel_create(int fd, const struct dp_tunnel_up *);
/* The kernel goes on with it later; the id stays taken until then. */
int	kern_tunnel_delete(uint32_t local_tid);
int	kern_session_create(uint32_t local_tid, uint8_t version,
	    const struct dp_session_up *);
/* Only for a session that no PPPoL2TP socket is connected to. */
int	kern_session_delete(uint32_t local_tid, uint32_t local_sid);
int	kern_session_sequence(uint32_t local_tid, uint32_t local_sid,
	    uint8_t send_seq, uint8_t recv_seq);
/* Of a session, or of the tunnel if local_sid is 0. */
int	kern_stats(uint32_t local_tid, uint32_t local_sid,
	    struct dp_stats_reply *);

#endif
