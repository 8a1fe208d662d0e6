/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Proxy LCP and proxy authentication (RFC 2661 section 4.4.5), as the caller
 * knows them and as a message has them.
 */
#ifndef PROTO_PROXY_H
#define PROTO_PROXY_H

#include "msg.h"

/* -1 if the type is unknown or not all is there that it needs. */
int	 proxy_to_msg(const struct l2tp_proxy *, struct msg *);
/* No type, and nothing that belongs to it, if not all is there. */
void	 proxy_from_msg(const struct msg *, struct l2tp_proxy *);
struct bytes		 octets_bytes(struct l2tp_octets);
struct l2tp_octets	 octets_of(struct bytes);

#endif
