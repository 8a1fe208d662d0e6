/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Addresses in their three forms, and their text.  Pure functions.
 */
#include <arpa/inet.h>

#include <stdio.h>
#include <string.h>

#include "addr.h"

void
addr_to_l2tp(const struct dp_addr *from, struct l2tp_addr *to)
{
	memset(to, 0, sizeof(*to));
	to->family = from->family;
	to->encap = from->encap;
	to->port = from->port;
	to->scope = from->scope;
	memcpy(to->ip, from->ip, sizeof(to->ip));
}

void
addr_from_l2tp(const struct l2tp_addr *from, struct dp_addr *to)
{
	memset(to, 0, sizeof(*to));
	to->family = from->family;
	to->encap = from->encap;
	to->port = from->port;
	to->scope = from->scope;
	memcpy(to->ip, from->ip, sizeof(to->ip));
}

socklen_t
addr_to_sa(const struct l2tp_addr *from, union addr_sa *to)
{
	memset(to, 0, sizeof(*to));
	if (from->family == 4) {
		to->in.sin_family = AF_INET;
		to->in.sin_port = htons(from->port);
		memcpy(&to->in.sin_addr, from->ip, 4);
		return (sizeof(to->in));
	}
	if (from->family == 6) {
		to->in6.sin6_family = AF_INET6;
		to->in6.sin6_port = htons(from->port);
		to->in6.sin6_scope_id = from->scope;
		memcpy(&to->in6.sin6_addr, from->ip, 16);
		return (from->encap == L2TP_ENCAP_IP ? sizeof(to->l2tpip6) :
		    sizeof(to->in6));
	}
	return (0);
}

int
addr_from_sa(const union addr_sa *from, struct l2tp_addr *to)
{
	memset(to, 0, sizeof(*to));
	if (from->sa.sa_family == AF_INET) {
		to->family = 4;
		to->port = ntohs(from->in.sin_port);
		memcpy(to->ip, &from->in.sin_addr, 4);
		return (0);
	}
	if (from->sa.sa_family == AF_INET6) {
		to->family = 6;
		to->port = ntohs(from->in6.sin6_port);
		if (IN6_IS_ADDR_LINKLOCAL(&from->in6.sin6_addr))
			to->scope = from->in6.sin6_scope_id;
		memcpy(to->ip, &from->in6.sin6_addr, 16);
		return (0);
	}
	return (-1);
}

int
addr_is_host(const struct l2tp_addr *a, const struct l2tp_addr *b)
{
	return (a->family == b->family && a->scope == b->scope &&
	    memcmp(a->ip, b->ip, sizeof(a->ip)) == 0);
}

int
addr_match(const struct dp_prefix *prefix, const struct l2tp_addr *addr)
{
	size_t	 whole = prefix->len / 8;
	uint8_t	 mask = (uint8_t)(0xff00 >> prefix->len % 8);

	if (prefix->addr.family != addr->family ||
	    (prefix->addr.port != 0 && prefix->addr.port != addr->port) ||
	    (prefix->addr.scope != 0 && prefix->addr.scope != addr->scope) ||
	    memcmp(prefix->addr.ip, addr->ip, whole) != 0)
		return (0);
	return (mask == 0 ||
	    ((prefix->addr.ip[whole] ^ addr->ip[whole]) & mask) == 0);
}

const char *
addr_text(const struct l2tp_addr *addr, char text[ADDR_TEXT])
{
	char	 ip[INET6_ADDRSTRLEN] = "?", scope[12] = "";

	if (addr->family == 0) {
		strlcpy(text, "-", ADDR_TEXT);
		return (text);
	}
	inet_ntop(addr->family == 4 ? AF_INET : AF_INET6, addr->ip, ip,
	    sizeof(ip));
	if (addr->scope != 0)
		snprintf(scope, sizeof(scope), "%%%u", addr->scope);
	if (addr->port == 0)
		snprintf(text, ADDR_TEXT, "%s%s", ip, scope);
	else
		snprintf(text, ADDR_TEXT, addr->family == 4 ? "%s%s:%u" :
		    "[%s%s]:%u", ip, scope, addr->port);
	return (text);
}

const char *
addr_text4(uint32_t ip, char text[ADDR_TEXT])
{
	snprintf(text, ADDR_TEXT, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 0xff,
	    ip >> 8 & 0xff, ip & 0xff);
	return (text);
}
