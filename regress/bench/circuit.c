/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A LAC whose attachment circuit fails on command, without a data plane:
 *	circuit ADDRESS REMOTE-END-ID SECRET
 * calls ADDRESS over UDP with L2TPv3 and asks for an Ethernet pseudowire
 * whose circuit is down.  "up" and "down" on standard input change that (SLI,
 * RFC 3931 section 5.4.5), and the end of it closes the control connection.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "l2tp.h"

#define L2TP_PORT	1701

static struct {
	struct l2tp		*e;
	struct l2tp_path	 path;
	int			 fd;
	uint32_t		 tid, sid;
} lac = { .path.link = 1 };

static struct l2tp_params params = {
	.host_name = "circuit", .window_size = 4, .max_retries = 3,
	.retry_ms = 1000, .retry_cap_ms = 8000, .setup_ms = 10000,
	.versions = L2TP_V3, .digests = L2TP_DIGEST_SHA1,
	.pw_types = { L2TP_PW_ETH }, .n_pw_types = 1
};

__attribute__((noreturn)) static void
die(const char *why)
{
	fprintf(stderr, "circuit: %s\n", why);
	exit(1);
}

static uint64_t
now_ms(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000);
}

static void
put_random(void *arg, void *buf, size_t len)
{
	(void)arg;
	arc4random_buf(buf, len);
}

/* What the engine has to send and to tell. */
static void
pump(void)
{
	struct l2tp_packet	 pkt;
	struct l2tp_event	 ev;

	l2tp_timeout(lac.e, now_ms());
	while (l2tp_next_event(lac.e, &ev))
		if (ev.type == L2TP_EV_CALL_REPLY)
			l2tp_call_accept(lac.e, ev.local_tid, ev.local_sid,
			    NULL, now_ms());
		else if (ev.type == L2TP_EV_CALL_UP)
			puts("up");
		else if (ev.type == L2TP_EV_TUNNEL_GONE)
			exit(0);
		else if (ev.type == L2TP_EV_CALL_DOWN)
			puts(ev.cause->reason);
	while (l2tp_next_packet(lac.e, &pkt, now_ms()))
		if (send(lac.fd, pkt.data, pkt.len, 0) == -1)
			perror("circuit");
	fflush(stdout);
}

static void
receive(void)
{
	uint8_t	 buf[L2TP_MAX_PACKET];
	ssize_t	 n = recv(lac.fd, buf, sizeof(buf), 0);

	if (n > 0)
		l2tp_input(lac.e, &lac.path, buf, (size_t)n, now_ms());
}

/* One command; 0 at the end of them. */
static int
obey(void)
{
	char	 word[16];
	int	 active;

	if (fgets(word, sizeof(word), stdin) == NULL)
		return (0);
	active = strcmp(word, "up\n") == 0;
	if (l2tp_call_send_circuit(lac.e, lac.tid, lac.sid, active,
	    now_ms()) == -1)
		die("no SLI");
	return (1);
}

static void
start(const char *address, const char *end_id, const char *secret)
{
	const struct l2tp_config	 config = { .random = put_random,
		.max_tunnels = 1, .max_calls = 1, .max_half_open = 1,
		.ack_delay_ms = 100 };
	struct l2tp_call_params		 call = { .pw_type = L2TP_PW_ETH,
		.cookie_len = 8, .circuit_down = 1 };
	struct sockaddr_in		 to = { .sin_family = AF_INET,
		.sin_port = htons(L2TP_PORT) };

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		die("no address");
	lac.fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (lac.fd == -1 || connect(lac.fd, (const struct sockaddr *)&to,
	    sizeof(to)) == -1)
		die("no socket");
	lac.path.local.family = lac.path.peer.family = 4;
	lac.path.peer.port = L2TP_PORT;
	memcpy(lac.path.peer.ip, &to.sin_addr, sizeof(to.sin_addr));
	params.secret[0] = (const uint8_t *)secret;
	params.secret_len[0] = strlen(secret);
	call.remote_end_id.p = (const uint8_t *)end_id;
	call.remote_end_id.len = strlen(end_id);
	lac.e = l2tp_new(&config);
	if (lac.e == NULL || l2tp_tunnel_open(lac.e, &lac.path, &params, NULL,
	    now_ms(), &lac.tid) == -1 || l2tp_call_open(lac.e, lac.tid, &call,
	    NULL, now_ms(), &lac.sid) == -1)
		die("no call");
}

int
main(int argc, char *argv[])
{
	struct pollfd	 fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN } };

	if (argc != 4)
		die("usage: circuit ADDRESS REMOTE-END-ID SECRET");
	start(argv[1], argv[2], argv[3]);
	fds[1] = (struct pollfd){ .fd = lac.fd, .events = POLLIN };
	setvbuf(stdin, NULL, _IONBF, 0);
	for (;;) {
		pump();
		poll(fds, 2, 50);
		if ((fds[1].revents & POLLIN) != 0)
			receive();
		if ((fds[0].revents & (POLLIN | POLLHUP)) != 0 && !obey()) {
			fds[0].fd = -1;
			l2tp_tunnel_close(lac.e, lac.tid, L2TP_STOP_CLEAR, 0,
			    NULL, now_ms());
		}
	}
}
