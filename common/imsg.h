/* SPDX-License-Identifier: ISC */
/*
 * Messages between our own processes over a SOCK_SEQPACKET socketpair: one
 * message is one packet with at most one file descriptor.  One recvmsg() is
 * one message, whole or refused: nothing is reassembled or grows.  None of our
 * processes has a signal handler, so no call is interrupted.
 *
 * Who the peer is follows from which end one holds, never from what a
 * message says.  Nothing here knows what the messages mean.
 */
#ifndef COMMON_IMSG_H
#define COMMON_IMSG_H

#include <stddef.h>
#include <stdint.h>

#define IMSG_MAX_DATA	1024
#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

struct imsg_hdr {
	uint16_t	type;
	uint16_t	len;		/* of the data behind the header */
	uint32_t	id;		/* pairs a reply with its request */
};

struct imsg {
	struct imsg_hdr	 hdr;
	int		 fd;		/* -1: none; owned by the receiver */
	uint8_t		 data[IMSG_MAX_DATA];
};

enum imsg_status {
	IMSG_OK,
	IMSG_AGAIN,		/* nothing there, or no room to send */
	IMSG_EOF,		/* the peer is gone */
	IMSG_BAD		/* not a message: cut off, or too many fds */
};

/* Two non-blocking, close-on-exec ends; 0 or -1 with errno. */
int		 imsg_pair(int [2]);
/*
 * At most IMSG_MAX_DATA octets.  The fd stays the caller's.  IMSG_EOF for
 * any error but a full buffer.
 */
enum imsg_status imsg_send(int sock, uint16_t type, uint32_t id, int fd,
		    const void *data, size_t len);
/* On anything but IMSG_OK there is no fd to close. */
enum imsg_status imsg_recv(int sock, struct imsg *);

#endif
