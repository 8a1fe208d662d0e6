/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * SCCRQs from as many forged addresses as are wanted, for a daemon that is
 * to live through them:
 *	flood ADDRESS NETWORK COUNT PER_SECOND
 * The sources are the first COUNT addresses of a network such as 10.0.0.0.
 * Needs CAP_NET_RAW.  How many were sent goes to standard output.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "l2tp.h"

#define TICK_MS		10
#define L2TP_PORT	1701

/* Without padding, as all members are of their natural alignment. */
struct datagram {
	struct iphdr	ip;
	struct udphdr	udp;
	uint8_t		data[L2TP_MAX_PACKET];
};

__attribute__((noreturn)) static void
die(const char *why)
{
	fprintf(stderr, "flood: %s\n", why);
	exit(1);
}

static void
put_random(void *arg, void *buf, size_t len)
{
	(void)arg;
	arc4random_buf(buf, len);
}

/* What any LAC sends first; its length. */
static size_t
make_sccrq(uint8_t *data)
{
	static const struct l2tp_params	 params = {
		.host_name = "flood", .window_size = 4, .max_retries = 1,
		.framing_caps = L2TP_FRAMING_SYNC, .retry_ms = 1000,
		.retry_cap_ms = 8000, .setup_ms = 1000
	};
	const struct l2tp_config	 config = { .random = put_random,
		.max_tunnels = 1, .max_calls = 1, .max_half_open = 1 };
	const struct l2tp_path		 path = { .peer.family = 4 };
	struct l2tp			*e = l2tp_new(&config);
	struct l2tp_packet		 pkt;
	uint32_t			 tid = 0;

	if (e == NULL || l2tp_tunnel_open(e, &path, &params, NULL, 1,
	    &tid) == -1 || !l2tp_next_packet(e, &pkt, 1))
		die("no SCCRQ");
	memcpy(data, pkt.data, pkt.len);
	l2tp_free(e);
	return (pkt.len);
}

/* The kernel fills in the rest; without a checksum, which IPv4 permits. */
static size_t
make_datagram(struct datagram *d, struct in_addr to)
{
	size_t	 len = make_sccrq(d->data);

	d->ip.version = 4;
	d->ip.ihl = sizeof(d->ip) / 4;
	d->ip.ttl = 64;
	d->ip.protocol = IPPROTO_UDP;
	d->ip.daddr = to.s_addr;
	d->udp.source = d->udp.dest = htons(L2TP_PORT);
	d->udp.len = htons((uint16_t)(sizeof(d->udp) + len));
	return (sizeof(d->ip) + sizeof(d->udp) + len);
}

static unsigned long
number(const char *text)
{
	char		*end;
	unsigned long	 n = strtoul(text, &end, 10);

	if (n == 0 || *end != '\0')
		die("not a number");
	return (n);
}

int
main(int argc, char *argv[])
{
	const struct timespec	 tick = { 0, TICK_MS * 1000000 };
	struct sockaddr_in	 to = { .sin_family = AF_INET };
	struct in_addr		 network;
	struct datagram		 d = { 0 };
	unsigned long		 i, count, per_tick, sent = 0;
	size_t			 len;
	int			 fd;

	if (argc != 5 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 ||
	    inet_pton(AF_INET, argv[2], &network) != 1)
		die("usage: flood ADDRESS NETWORK COUNT PER_SECOND");
	count = number(argv[3]);
	per_tick = 1 + number(argv[4]) * TICK_MS / 1000;
	if ((fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW)) == -1)
		die("no raw socket");
	len = make_datagram(&d, to.sin_addr);
	for (i = 0; i < count; i++) {
		d.ip.saddr = htonl(ntohl(network.s_addr) + (uint32_t)i);
		sent += sendto(fd, &d, len, 0, (struct sockaddr *)&to,
		    sizeof(to)) != -1;
		if (i % per_tick == per_tick - 1)
			nanosleep(&tick, NULL);
	}
	printf("%lu\n", sent);
	return (0);
}
