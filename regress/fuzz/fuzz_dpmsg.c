/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Any packets between our processes, to each of those who receive, over a
 * socketpair: each is refused, or it is a message of the receiver's table
 * that arrives the same when it is sent again, and its descriptor is there
 * exactly if it should be.  The input is a row of
 *	receiver, descriptors and form, length (2 octets), octets;
 * a packet is as long as the octets or, if not raw, as a message has to be.
 */
#include <sys/socket.h>
#include <sys/uio.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dp.h"
#include "log.h"

#define MAX_FDS		3
#define RAW		0x10

/* By the bits 0 and 3; those between them count the descriptors. */
static const struct dpmsg_row *const	receivers[] = { dpmsg_to_dpd,
    dp_from_dpd, dpmsg_to_starter, dpmsg_from_starter };

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
send_back(const struct dpmsg *m, const struct dpmsg_row *table)
{
	struct dpmsg	 again;

	must(dpmsg_send(back[0], m) == IMSG_OK);
	must(dpmsg_recv(back[1], table, &again) == IMSG_OK);
	must(again.type == m->type && again.id == m->id);
	must((again.fd == -1) == (m->fd == -1));
	must(memcmp(&again.u, &m->u, sizeof(m->u)) == 0);
	if (again.fd != -1)
		close(again.fd);
}

static void
one(const uint8_t *p, size_t len, const struct dpmsg_row *table, size_t n_fds)
{
	struct dpmsg		 m;
	enum imsg_status	 status;

	send_packet(p, len, n_fds);
	status = dpmsg_recv(sv[1], table, &m);
	must(status == IMSG_OK || status == IMSG_BAD ||
	    (status == IMSG_EOF && len == 0));
	if (status != IMSG_OK)
		return;
	must(m.type != 0 && (m.fd == -1 || n_fds == 1));
	while (table->type != m.type)
		must((table++)->type != 0);
	must(m.name == table->name);
	send_back(&m, table);
	if (m.fd != -1)
		close(m.fd);
}

/* With the length of all messages, and a header that says so. */
static void
whole(const uint8_t *p, size_t len, const struct dpmsg_row *table,
    size_t n_fds)
{
	struct {
		struct imsg_hdr	hdr;
		uint8_t		data[sizeof(((struct dpmsg *)0)->u)];
	} packet = { 0 };

	memcpy(&packet, p, len < sizeof(packet) ? len : sizeof(packet));
	packet.hdr.len = sizeof(packet.data);
	one((const uint8_t *)&packet, sizeof(packet), table, n_fds);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	const struct dpmsg_row	*table;
	size_t			 n;

	if (sv[1] == 0)
		setup();
	while (len >= 3) {
		n = (size_t)p[1] << 8 | p[2];
		if (n > len - 3)
			n = len - 3;
		table = receivers[(p[0] & 1) | (p[0] >> 2 & 2)];
		(p[0] & RAW ? one : whole)(p + 3, n, table, p[0] >> 1 & 3);
		p += 3 + n;
		len -= 3 + n;
	}
	return (0);
}
