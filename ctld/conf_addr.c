/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Addresses, ports, prefixes and ranges as operators write them.  Strict:
 * what could be read in two ways is refused with a phrase that says why.
 * No name is resolved here but that of an interface.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <string.h>

#include "conf_int.h"

#define CONF_MAX_HOST	253	/* RFC 1035 section 2.3.4, as text */
#define CONF_MAX_LABEL	63
#define CONF_MAX_RANGE	(1U << 20)	/* addresses that one is good for */

/* Without leading zeroes, which some would read as octal. */
static int
conf_decimal(const char *text, uint32_t max, uint32_t *value)
{
	const char	*p;

	*value = 0;
	for (p = text; *p >= '0' && *p <= '9' && *value <= max; p++)
		*value = *value * 10 + (uint32_t)(*p - '0');
	if (p == text || *p != '\0' || *value > max ||
	    (*text == '0' && text[1] != '\0'))
		return (-1);
	return (0);
}

const char *
conf_ip4(const char *text, uint32_t *ip)
{
	struct in_addr	 in;

	if (inet_pton(AF_INET, text, &in) != 1)
		return ("not an IPv4 address");
	*ip = ntohl(in.s_addr);
	if (*ip >> 24 == 0 || IN_MULTICAST(*ip) || *ip == INADDR_BROADCAST)
		return ("not the address of one host");
	return (NULL);
}

/* RFC 4007 section 11: which link, for addresses that all links have. */
static const char *
conf_zone(const struct in6_addr *in6, const char *zone, uint32_t *scope)
{
	if (!IN6_IS_ADDR_LINKLOCAL(in6))
		return (zone == NULL ? NULL :
		    "only a link-local address may have a zone");
	if (zone == NULL)
		return ("a link-local address needs a zone such as %eth0");
	if ((*scope = if_nametoindex(zone)) == 0)
		return ("no such interface behind the %");
	return (NULL);
}

static const char *
conf_ip6(const char *text, struct in6_addr *in6)
{
	if (inet_pton(AF_INET6, text, in6) != 1)
		return ("not an address");
	if (IN6_IS_ADDR_V4MAPPED(in6))
		return ("an IPv4 address must be written as one");
	if (IN6_IS_ADDR_MULTICAST(in6))
		return ("a multicast address");
	return (NULL);
}

const char *
conf_addr(const char *text, struct dp_addr *a)
{
	struct in_addr	 in;
	struct in6_addr	 in6;
	char		 buf[INET6_ADDRSTRLEN + IF_NAMESIZE + 1], *zone;
	const char	*wrong;

	memset(a, 0, sizeof(*a));
	if (strlcpy(buf, text, sizeof(buf)) >= sizeof(buf))
		return ("not an address");
	if (inet_pton(AF_INET, buf, &in) == 1) {
		a->family = 4;
		memcpy(a->ip, &in, sizeof(in));
		return (IN_MULTICAST(ntohl(in.s_addr)) ||
		    in.s_addr == INADDR_BROADCAST ?
		    "a multicast or broadcast address" : NULL);
	}
	if ((zone = strchr(buf, '%')) != NULL)
		*zone++ = '\0';
	if ((wrong = conf_ip6(buf, &in6)) != NULL)
		return (wrong);
	a->family = 6;
	memcpy(a->ip, &in6, sizeof(in6));
	return (conf_zone(&in6, zone, &a->scope));
}

/*
 * Splits HOST, HOST:PORT, [IPV6], [IPV6]:PORT or IPV6.  The port stays as
 * it is if there is none, and is 0 only where that is allowed.
 */
static const char *
conf_split(const char *text, char host[CONF_HOST_LEN], uint16_t *port,
    int zero)
{
	const char	*colon = strchr(text, ':'), *from = text;
	size_t		 len = strlen(text);
	uint32_t	 value;

	if (*text == '[') {
		from = text + 1;
		len = strcspn(from, "]");
		if (from[len] == '\0')
			return ("] is missing");
		colon = from[len + 1] == '\0' ? NULL : from + len + 1;
		if (colon != NULL && *colon != ':')
			return (":PORT is expected behind ]");
	} else if (colon != NULL && strchr(colon + 1, ':') != NULL)
		colon = NULL;
	else if (colon != NULL)
		len = (size_t)(colon - text);
	if (len == 0 || len >= CONF_HOST_LEN)
		return ("not an address");
	memcpy(host, from, len);
	host[len] = '\0';
	if (*text == '[' && strchr(host, ':') == NULL)
		return ("only an IPv6 address goes in brackets");
	if (colon == NULL)
		return (NULL);
	if (conf_decimal(colon + 1, UINT16_MAX, &value) == -1 ||
	    (value == 0 && !zero))
		return (zero ? "the port must be 0..65535" :
		    "the port must be 1..65535");
	*port = (uint16_t)value;
	return (NULL);
}

static const char	conf_no_port[] = "there are no ports over IP";

const char *
conf_addr_port(const char *text, struct dp_addr *a, int zero)
{
	char		 host[CONF_HOST_LEN];
	const char	*wrong;
	uint16_t	 port = a->port;
	uint8_t		 encap = a->encap;

	if ((wrong = conf_split(text, host, &port, zero)) == NULL)
		wrong = conf_addr(host, a);
	if (wrong == NULL && encap == L2TP_ENCAP_IP && port != 0)
		wrong = conf_no_port;
	if (wrong != NULL)
		memset(a, 0, sizeof(*a));
	else
		a->port = port;
	a->encap = encap;
	return (wrong);
}

/*
 * RFC 1123 section 2.1.  The last label must not be a number, so that a
 * mistyped address is not taken for a name.
 */
static int
conf_is_host(const char *name)
{
	static const char	 chars[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	const char		*p = name;
	size_t			 len = 0;

	if (strlen(name) > CONF_MAX_HOST)
		return (0);
	for (; *p != '\0'; p += len + (p[len] == '.')) {
		len = strspn(p, chars);
		if (len == 0 || len > CONF_MAX_LABEL || *p == '-' ||
		    p[len - 1] == '-' || (p[len] != '.' && p[len] != '\0'))
			return (0);
		if (p[len + (p[len] == '.')] == '\0')
			return (strspn(p, "0123456789") < len);
	}
	return (0);
}

const char *
conf_endpoint(const char *text, struct conf_endpoint *ep)
{
	const char	*wrong;
	uint8_t		 encap = ep->addr.encap;

	if ((wrong = conf_split(text, ep->host, &ep->port, 0)) != NULL)
		return (wrong);
	wrong = conf_addr(ep->host, &ep->addr);
	ep->addr.encap = encap;
	if (encap == L2TP_ENCAP_IP && ep->port != 0)
		return (conf_no_port);
	if (ep->addr.family != 0) {
		ep->addr.port = ep->port;
		if (wrong == NULL && conf_addr_wildcard(&ep->addr))
			wrong = "not the address of one host";
		return (wrong);
	}
	if (!conf_is_host(ep->host))
		return ("neither an address nor a host name");
	return (NULL);
}

/* 1 if no bit behind the first len is set. */
static int
conf_prefix_clean(const struct dp_addr *a, uint32_t len)
{
	uint32_t	 i, size = a->family == 4 ? 32 : 128;

	for (i = len; i < size; i++)
		if ((a->ip[i / 8] & (0x80 >> i % 8)) != 0)
			return (0);
	return (1);
}

static const char *
conf_address_len(const char *text, struct dp_prefix *prefix)
{
	char		 buf[CONF_HOST_LEN], *slash;
	struct in6_addr	 in6;
	struct in_addr	 in;
	uint32_t	 len = 0, max;
	const char	*wrong = NULL;

	memset(prefix, 0, sizeof(*prefix));
	if (strlcpy(buf, text, sizeof(buf)) >= sizeof(buf))
		return ("not a prefix");
	if ((slash = strchr(buf, '/')) != NULL)
		*slash++ = '\0';
	if (inet_pton(AF_INET, buf, &in) == 1) {
		prefix->addr.family = 4;
		memcpy(prefix->addr.ip, &in, sizeof(in));
	} else if ((wrong = conf_ip6(buf, &in6)) == NULL) {
		prefix->addr.family = 6;
		memcpy(prefix->addr.ip, &in6, sizeof(in6));
	} else
		return (wrong);
	len = max = prefix->addr.family == 4 ? 32 : 128;
	if (slash != NULL && conf_decimal(slash, max, &len) == -1)
		return (max == 32 ? "the prefix length must be 0..32" :
		    "the prefix length must be 0..128");
	prefix->len = (uint8_t)len;
	return (NULL);
}

const char *
conf_prefix(const char *text, struct dp_prefix *prefix)
{
	const char	*wrong = conf_address_len(text, prefix);

	if (wrong == NULL && !conf_prefix_clean(&prefix->addr, prefix->len))
		wrong = "bits behind the prefix are set";
	return (wrong);
}

const char *
conf_host_prefix(const char *text, struct dp_prefix *prefix)
{
	const char	*wrong = conf_address_len(text, prefix);
	uint8_t		 first = prefix->addr.ip[0];

	if (wrong != NULL)
		return (wrong);
	if (conf_addr_wildcard(&prefix->addr) ||
	    (prefix->addr.family == 4 && (first == 0 || first >= 224)))
		return ("not the address of one host");
	return (prefix->len == 0 ? "a prefix of no bits" : NULL);
}

const char *
conf_range(const char *text, struct dp_range *range)
{
	char		 buf[2 * INET_ADDRSTRLEN + 1], *last;
	const char	*wrong;

	if (strlcpy(buf, text, sizeof(buf)) >= sizeof(buf))
		return ("not FIRST-LAST of two IPv4 addresses");
	if ((last = strchr(buf, '-')) != NULL)
		*last++ = '\0';
	if ((wrong = conf_ip4(buf, &range->first)) != NULL)
		return (wrong);
	if ((wrong = conf_ip4(last != NULL ? last : buf, &range->last)) !=
	    NULL)
		return (wrong);
	if (range->first > range->last)
		return ("the first address is behind the last");
	if (range->last - range->first >= CONF_MAX_RANGE)
		return ("more than 1048576 addresses");
	return (NULL);
}

int
conf_addr_wildcard(const struct dp_addr *a)
{
	static const uint8_t	 zero[sizeof(a->ip)];

	return (memcmp(a->ip, zero, sizeof(zero)) == 0);
}

int
conf_addr_overlap(const struct dp_addr *a, const struct dp_addr *b)
{
	if (a->family != b->family || a->encap != b->encap ||
	    a->port != b->port)
		return (0);
	if (conf_addr_wildcard(a) || conf_addr_wildcard(b))
		return (1);
	return (a->scope == b->scope &&
	    memcmp(a->ip, b->ip, sizeof(a->ip)) == 0);
}
