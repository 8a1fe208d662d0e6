/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Writes down how an MTU comes about, line by line, so that an operator can
 * check it with a pencil.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl_explain.h"
#include "ctl_format.h"
#include "ctlmsg.h"

static void	explain_line(const char *, uint32_t);
static void	explain_less(const char *, uint8_t);

void
explain_mtu(const void *data)
{
	struct ctl_mtu	 m;
	uint32_t	 left;

	memcpy(&m, data, sizeof(m));
	printf("%s", fmt_text(m.tunnel, sizeof(m.tunnel)));
	if (m.name[0] != '\0')
		printf("/%s", fmt_text(m.name, sizeof(m.name)));
	printf(", session %u/%u", m.local_tid, m.local_sid);
	if (m.ifname[0] != '\0')
		printf(" on %s", fmt_text(m.ifname, sizeof(m.ifname)));
	printf(", peer %s\n", fmt_addr(&m.peer));
	explain_line(m.guessed ? "path MTU (a guess)" : "path MTU", m.path);
	explain_less(m.peer.family == 6 ? "IPv6 header" : "IPv4 header", m.ip);
	explain_less("UDP header", m.udp);
	explain_less("flags and version", m.flags);
	explain_less("session id", m.session_id);
	explain_less("cookie", m.cookie);
	explain_less("L2-specific sublayer", m.sublayer);
	explain_less("Ethernet header", m.ethernet);
	left = m.path - m.ip - m.udp - m.flags - m.session_id - m.cookie -
	    m.sublayer - m.ethernet;
	explain_line(left == m.fits ? "largest MTU" :
	    "largest MTU (a limit)", m.fits);
	explain_line(m.configured != 0 ? "MTU (configured)" :
	    "MTU (computed)", m.mtu);
	if (m.mtu > m.fits)
		printf("  too large by %d: full frames go in fragments\n",
		    m.mtu - m.fits);
}

static void
explain_line(const char *what, uint32_t octets)
{
	printf("  %-24s%6" PRIu32 "\n", what, octets);
}

static void
explain_less(const char *what, uint8_t octets)
{
	if (octets != 0)
		printf("  %-24s%6d\n", what, -octets);
}
