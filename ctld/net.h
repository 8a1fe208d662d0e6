/* SPDX-License-Identifier: ISC */
/*
 * The network's sockets, which dpd makes: listeners, and one socket for each
 * tunnel that is up or that we dial.
 */
#ifndef CTLD_NET_H
#define CTLD_NET_H

#include <stdint.h>

#include "conf.h"
#include "l2tp.h"

#define NET_NO_LINK	UINT32_MAX

/* Room for the sockets of the whole configuration. */
void	 net_init(const struct conf *);
/* Asks dpd for each listener, and again later for those that it refused. */
void	 net_listen(void);
/* How many listeners there are. */
unsigned net_n_listening(void);

/* Of the key, with an errno; and whether a datagram was not sent for it. */
typedef void net_error(uint32_t, int, int);

/*
 * Takes a tunnel's socket over, with its encapsulation (enum l2tp_encap).
 * What arrives on it for other tunnels is answered through listener
 * (NET_NO_LINK: not at all).  The link, which is the engine's name for it, or
 * NET_NO_LINK; the fd is closed then.
 * The function is told of ICMP errors, and when there is no way to the peer.
 */
uint32_t net_add(int fd, uint8_t encap, uint32_t listener, net_error *,
	    uint32_t key);
/* The address that the kernel chose for the socket. */
void	 net_local(uint32_t link, struct l2tp_addr *);
/* Of the way to the peer, if the socket is connected; 0: not known. */
uint32_t net_path_mtu(uint32_t link, uint8_t family);
void	 net_del(uint32_t link);
/* NULL if the link is not a listener; and NET_NO_LINK for NULL. */
const struct conf_listen *net_listener(uint32_t link);
uint32_t net_link(const struct conf_listen *);
void	 net_send(const struct l2tp_packet *);

#endif
