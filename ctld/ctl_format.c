/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * How septumctl writes values.  What peers said is made printable first: a
 * host name must not be able to move the operator's cursor.
 */
#include <arpa/inet.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl_format.h"
#include "ctlmsg.h"
#include "text.h"

#define FMT_CELL	256
#define FMT_TEXT	1024		/* the longest text, four times */

const char *
fmt_text(const char *s, size_t size)
{
	static char	 out[FMT_TEXT];
	char		 in[FMT_CELL];

	snprintf(in, sizeof(in), "%.*s", (int)strnlen(s, size), s);
	return (text_vis(in, out, sizeof(out)));
}

const char *
fmt_addr(const struct dp_addr *addr)
{
	static char	 out[INET6_ADDRSTRLEN + 24];
	char		 ip[INET6_ADDRSTRLEN] = "", scope[16] = "";

	if (addr->family == 0)
		return ("");
	inet_ntop(addr->family == 4 ? AF_INET : AF_INET6, addr->ip, ip,
	    sizeof(ip));
	if (addr->scope != 0)
		snprintf(scope, sizeof(scope), "%%%u", addr->scope);
	if (addr->port == 0)
		snprintf(out, sizeof(out), "%s%s", ip, scope);
	else
		snprintf(out, sizeof(out), addr->family == 4 ? "%s%s:%u" :
		    "[%s%s]:%u", ip, scope, addr->port);
	return (out);
}

const char *
fmt_ip(uint32_t ip)
{
	static char	 out[INET_ADDRSTRLEN];

	snprintf(out, sizeof(out), "%u.%u.%u.%u", ip >> 24, ip >> 16 & 0xff,
	    ip >> 8 & 0xff, ip & 0xff);
	return (out);
}

const char *
fmt_duration(uint64_t ms)
{
	static char	 out[32];
	uint64_t	 s = (ms + 999) / 1000;

	if (s >= 86400)
		snprintf(out, sizeof(out), "%" PRIu64 "d%02" PRIu64 "h",
		    s / 86400, s % 86400 / 3600);
	else if (s >= 3600)
		snprintf(out, sizeof(out), "%" PRIu64 "h%02" PRIu64 "m",
		    s / 3600, s % 3600 / 60);
	else if (s >= 60)
		snprintf(out, sizeof(out), "%" PRIu64 "m%02" PRIu64 "s",
		    s / 60, s % 60);
	else
		snprintf(out, sizeof(out), "%" PRIu64 "s", s);
	return (out);
}

const char *
fmt_bytes(uint64_t n)
{
	static const char	 units[] = "KMGTPE";
	static char		 out[24];
	size_t			 unit = 0;

	if (n < 1024) {
		snprintf(out, sizeof(out), "%" PRIu64 "B", n);
		return (out);
	}
	for (; n >= 1024 * 1024; n /= 1024)
		unit++;
	snprintf(out, sizeof(out), "%" PRIu64 ".%" PRIu64 "%c", n / 1024,
	    n % 1024 * 10 / 1024, units[unit]);
	return (out);
}

const char *
fmt_mode(uint8_t mode)
{
	static const char *const	 names[] = {
		[CTL_ANSWERED] = "answered",
		[CTL_DIALLED] = "dial",
		[CTL_STATIC] = "static",
		[CTL_QUIESCENT] = "quiescent"
	};

	return (mode < sizeof(names) / sizeof(names[0]) ? names[mode] :
	    "unknown");
}
