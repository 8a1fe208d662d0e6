/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Any packets between our processes, in both directions, over a socketpair:
 * each is refused, or it is a message that dpmsg_send() would send, and its
 * descriptor is there exactly if it should be.  The input is a row of
 *	direction and number of descriptors, length (2 octets), octets.
 */
#include <sys/socket.h>
#include <sys/uio.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dpmsg.h"
#include "log.h"

#define MAX_FDS	3

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int	sv[2], back[2];

static void
must(int truth)
{
	if (!truth)
		abort();
}

static void
setup(void)
{
	log_init("fuzz", 1);
	log_max = LOG_LVL_ERROR;
	must(imsg_pair(sv) == 0 && imsg_pair(back) == 0);
}

static void
send_packet(const uint8_t *p, size_t len, size_t n_fds)
{
	union {
		struct cmsghdr	hdr;
		char		buf[CMSG_SPACE(MAX_FDS * sizeof(int))];
	} control = { 0 };
	struct iovec	 iov = { (void *)(uintptr_t)p, len };
	struct msghdr	 msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int		 fds[MAX_FDS] = { back[0], back[0], back[0] };

	if (n_fds > 0) {
		control.hdr.cmsg_level = SOL_SOCKET;
		control.hdr.cmsg_type = SCM_RIGHTS;
		control.hdr.cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(&control.hdr), fds, n_fds * sizeof(int));
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
	}
	must(sendmsg(sv[0], &msg, 0) == (ssize_t)len);
}

/* What was accepted can be sent, and arrives as it was. */
static void
send_back(const struct dpmsg *m, enum dpmsg_dir dir)
{
	struct dpmsg	 again;

	must(dpmsg_send(back[0], m) == IMSG_OK);
	must(dpmsg_recv(back[1], dir, &again) == IMSG_OK);
	must(again.type == m->type && again.id == m->id);
	must((again.fd == -1) == (m->fd == -1));
	must(memcmp(&again.u, &m->u, sizeof(m->u)) == 0);
	if (again.fd != -1)
		close(again.fd);
}

static void
one(const uint8_t *p, size_t len, enum dpmsg_dir dir, size_t n_fds)
{
	struct dpmsg		 m;
	enum imsg_status	 status;

	send_packet(p, len, n_fds);
	status = dpmsg_recv(sv[1], dir, &m);
	must(status == IMSG_OK || status == IMSG_BAD ||
	    (status == IMSG_EOF && len == 0));
	must(m.fd == -1 || (status == IMSG_OK && n_fds == 1));
	if (status != IMSG_OK)
		return;
	must(m.type != 0 && dpmsg_find(m.type)->type == m.type &&
	    dpmsg_find(m.type)->dir == dir);
	send_back(&m, dir);
	if (m.fd != -1)
		close(m.fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	size_t	 n;

	if (sv[1] == 0)
		setup();
	while (len >= 3) {
		n = (size_t)p[1] << 8 | p[2];
		if (n > len - 3)
			n = len - 3;
		one(p + 3, n, p[0] & 1 ? FROM_DPD : TO_DPD, p[0] >> 1 & 3);
		p += 3 + n;
		len -= 3 + n;
	}
	return (0);
}
