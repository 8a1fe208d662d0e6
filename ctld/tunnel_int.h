/* SPDX-License-Identifier: ISC */
/*
 * Shared by tunnel.c and tunnel_open.c alone: the life of a tunnel as what
 * begins it needs it.
 */
#ifndef CTLD_TUNNEL_INT_H
#define CTLD_TUNNEL_INT_H

#include "tunnel.h"

/* NULL if there is no memory or there are too many. */
struct tunnel *tun_new(void);
/* Whose key this is; NULL if it is not there any more. */
struct tunnel *tun_by_key(uint32_t key);
/* Has dpd make the socket. */
void	 tun_open(struct tunnel *, uint16_t rule, const struct l2tp_addr *);
/* Has dpd make the kernel's tunnel. */
void	 tun_make(struct tunnel *);
/* Cannot go on because of something on our side. */
void	 tun_failed(struct tunnel *, const char *);
/* Takes the next step of releasing it, if it has ended. */
void	 tun_release(struct tunnel *);
/* What the socket has to say: of the key. */
void	 tun_net_error(uint32_t key, int err, int unsent);
/* The port that the peer may answer from another one than; 0: none. */
uint16_t tun_floating_port(const struct tunnel *);

#endif
