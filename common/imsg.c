/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The transport between our processes: one recvmsg() is one message with at
 * most one file descriptor.  Nothing is reassembled and nothing grows, so a
 * message is either whole or refused.  Knows no message by name.
 */
#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

/*
 * Room for one event about every session at once; memory is only used while
 * the reader is behind.  A reader that lets this fill up is stuck.
 */
#define IMSG_BUFFER	(16 << 20)

/* Sent and received whole, so its size is that of exactly one descriptor. */
union imsg_control {
	struct cmsghdr	hdr;
	char		buf[CMSG_SPACE(sizeof(int))];
};

int
imsg_pair(int sv[2])
{
	int	 i, size = IMSG_BUFFER;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0, sv) == -1)
		return (-1);
	for (i = 0; i < 2; i++)
		if (setsockopt(sv[i], SOL_SOCKET, SO_SNDBUFFORCE, &size,
		    sizeof(size)) == -1)	/* not root: up to wmem_max */
			(void)setsockopt(sv[i], SOL_SOCKET, SO_SNDBUF, &size,
			    sizeof(size));
	return (0);
}

enum imsg_status
imsg_send(int sock, uint16_t type, uint32_t id, int fd, const void *data,
    size_t len)
{
	struct imsg_hdr		 hdr = { type, (uint16_t)len, id };
	struct iovec		 iov[2] = {
		{ &hdr, sizeof(hdr) },
		{ (void *)(uintptr_t)data, len }	/* iovec has no const */
	};
	union imsg_control	 control = { 0 };
	struct msghdr		 msg = { .msg_iov = iov, .msg_iovlen = 2 };
	ssize_t			 n;

	if (len > IMSG_MAX_DATA)
		return (IMSG_BAD);
	if (fd != -1) {
		control.hdr.cmsg_len = CMSG_LEN(sizeof(fd));
		control.hdr.cmsg_level = SOL_SOCKET;
		control.hdr.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.hdr), &fd, sizeof(fd));
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_LEN(sizeof(fd));
	}
	do {
		n = sendmsg(sock, &msg, MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	if (n != -1)
		return (IMSG_OK);
	/* ETOOMANYREFS: too many descriptors are still on their way. */
	if (errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS)
		return (IMSG_AGAIN);
	return (IMSG_EOF);
}

enum imsg_status
imsg_recv(int sock, struct imsg *m)
{
	struct iovec		 iov[2] = {
		{ &m->hdr, sizeof(m->hdr) },
		{ m->data, sizeof(m->data) }
	};
	union imsg_control	 control = { 0 };
	/* CMSG_SPACE would be room for two descriptors. */
	struct msghdr		 msg = {
		.msg_iov = iov, .msg_iovlen = 2, .msg_control = &control,
		.msg_controllen = CMSG_LEN(sizeof(int))
	};
	struct cmsghdr		*c;
	ssize_t			 n;

	m->fd = -1;
	do {
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	} while (n == -1 && errno == EINTR);
	if (n == -1 && errno == EAGAIN)
		return (IMSG_AGAIN);
	if (n == -1)
		return (IMSG_EOF);
	/* The descriptor is ours even if the message is refused or empty. */
	if ((c = CMSG_FIRSTHDR(&msg)) != NULL &&
	    c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(m->fd)))
		memcpy(&m->fd, CMSG_DATA(c), sizeof(m->fd));
	if ((msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 &&
	    (size_t)n >= sizeof(m->hdr) &&
	    (size_t)n - sizeof(m->hdr) == m->hdr.len)
		return (IMSG_OK);
	if (m->fd != -1)
		close(m->fd);
	m->fd = -1;
	return (n == 0 ? IMSG_EOF : IMSG_BAD);
}
