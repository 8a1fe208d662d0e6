/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * pppd runs this in place of /etc/ppp/ip-up, with the arguments
 * "interface tty speed local remote ipparam": tells ctld, through
 * the descriptor that pppd has inherited, then becomes /etc/ppp/ip-up.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dpd.h"

#define IP_UP	"/etc/ppp/ip-up"

static uint32_t
ip(const char *text)
{
	struct in_addr	 in;

	return (inet_pton(AF_INET, text, &in) == 1 ? ntohl(in.s_addr) : 0);
}

int
main(int argc, char *argv[])
{
	struct dp_notice n = { 0 };
	const char	*name = getenv("PEERNAME");
	size_t		 i;

	if (argc < 6)
		return (1);
	n.local_ip = ip(argv[4]);
	n.peer_ip = ip(argv[5]);
	for (i = 0; name != NULL && name[i] != '\0' && i < DP_USER_LEN - 1; i++)
		n.user[i] = name[i] >= ' ' && name[i] <= '~' ? name[i] : '?';
	if (sscanf(argv[1], "ppp%u", &n.unit) != 1)
		fprintf(stderr, "ppp-notify: %s has another name\n", argv[1]);
	else if (send(NOTIFY_FD, &n, sizeof(n), MSG_NOSIGNAL) == -1)
		perror("ppp-notify");
	close(NOTIFY_FD);
	argv[0] = (char[]){ IP_UP };
	execv(IP_UP, argv);
	return (0);
}
