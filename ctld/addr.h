/* SPDX-License-Identifier: ISC */
/*
 * Addresses: the engine's, dpd's and the kernel's form of them, and text.
 */
#ifndef CTLD_ADDR_H
#define CTLD_ADDR_H

#include <sys/socket.h>

#include <netinet/in.h>

#include <stddef.h>
#include <stdint.h>

#include <linux/l2tp.h>

#include "dpmsg.h"
#include "l2tp.h"

#define ADDR_TEXT	72		/* [address%scope]:port and NUL */

union addr_sa {
	struct sockaddr		sa;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
	struct sockaddr_l2tpip6	l2tpip6;	/* begins as in6 does */
};

void	addr_to_l2tp(const struct dp_addr *, struct l2tp_addr *);
void	addr_from_l2tp(const struct l2tp_addr *, struct dp_addr *);
/*
 * The length of the sockaddr; 0 for an address of no family.  Over IP (see
 * enum l2tp_encap) it has a connection id, 0, in the place of the port.
 */
socklen_t addr_to_sa(const struct l2tp_addr *, union addr_sa *);
/* 0, or -1 if it is neither IPv4 nor IPv6.  Over UDP. */
int	addr_from_sa(const union addr_sa *, struct l2tp_addr *);
/* 1 if they differ in nothing but their ports. */
int	addr_is_host(const struct l2tp_addr *, const struct l2tp_addr *);
/* Is the address within the prefix?  The port counts if the prefix has one. */
int	addr_match(const struct dp_prefix *, const struct l2tp_addr *);

/*
 * "192.0.2.1:1701" or "[2001:db8::1]:1701"; without a port, and so without
 * brackets, if it is 0.
 */
const char *addr_text(const struct l2tp_addr *, char [ADDR_TEXT]);
/* An IPv4 address in host order. */
const char *addr_text4(uint32_t, char [ADDR_TEXT]);

#endif
