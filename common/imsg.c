/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include <sys/socket.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

/* Room for an event of every session: a reader this far behind is stuck. */
#define IMSG_BUFFER	(32 << 20)

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
	for (i = 0; i < 2; i++)		/* the default, if not allowed */
		(void)setsockopt(sv[i], SOL_SOCKET, SO_SNDBUFFORCE, &size,
		    sizeof(size));
	return (0);
}

enum imsg_status
imsg_send(int sock, uint16_t type, uint32_t id, int fd, const void *data,
    size_t len)
{
	struct imsg_hdr		 hdr = { type, (uint16_t)len, id };
	struct iovec		 iov[2] = { { &hdr, sizeof(hdr) },
	    { (void *)(uintptr_t)data, len } };	/* iovec has no const */
	union imsg_control	 control = { .hdr = { CMSG_LEN(sizeof(fd)),
	    SOL_SOCKET, SCM_RIGHTS } };
	struct msghdr		 msg = { .msg_iov = iov, .msg_iovlen = 2,
	    .msg_control = fd != -1 ? &control : NULL,
	    .msg_controllen = fd != -1 ? CMSG_LEN(sizeof(fd)) : 0 };

	memcpy(CMSG_DATA(&control.hdr), &fd, sizeof(fd));
	if (sendmsg(sock, &msg, MSG_NOSIGNAL) != -1)
		return (IMSG_OK);
	/* ETOOMANYREFS: too many descriptors are still on their way. */
	return (errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS ?
	    IMSG_AGAIN : IMSG_EOF);
}

enum imsg_status
imsg_recv(int sock, struct imsg *m)
{
	struct iovec		 iov[2] = { { &m->hdr, sizeof(m->hdr) },
	    { m->data, sizeof(m->data) } };
	union imsg_control	 control = { 0 };
	/* CMSG_SPACE would be room for two descriptors. */
	struct msghdr		 msg = { .msg_iov = iov, .msg_iovlen = 2,
	    .msg_control = &control, .msg_controllen = CMSG_LEN(sizeof(int)) };
	ssize_t			 n;

	m->fd = -1;
	if ((n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC)) == -1)
		return (errno == EAGAIN ? IMSG_AGAIN : IMSG_EOF);
	/* The descriptor is ours even if the message is refused or empty. */
	if (control.hdr.cmsg_level == SOL_SOCKET &&
	    control.hdr.cmsg_type == SCM_RIGHTS &&
	    control.hdr.cmsg_len == CMSG_LEN(sizeof(m->fd)))
		memcpy(&m->fd, CMSG_DATA(&control.hdr), sizeof(m->fd));
	if ((msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 &&
	    (size_t)n >= sizeof(m->hdr) &&
	    (size_t)n - sizeof(m->hdr) == m->hdr.len)
		return (IMSG_OK);
	if (m->fd != -1)
		close(m->fd);
	m->fd = -1;
	return (n == 0 ? IMSG_EOF : IMSG_BAD);
}
