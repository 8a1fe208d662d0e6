/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * A client of the control socket, in a world of tunnels and sessions.
 */
#ifndef REGRESS_CTL_CLIENT_H
#define REGRESS_CTL_CLIENT_H

#include <sys/socket.h>
#include <sys/un.h>

#include <check.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "ctld_world.h"
#include "ctlmsg.h"
#include "imsg.h"

static struct sockaddr_un	 sun = { .sun_family = AF_UNIX };
static socklen_t		 sun_len;

/* An abstract address of the kernel's choice; for a world that is there. */
static inline void
serve_control(void)
{
	int	 fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);

	sun_len = sizeof(sa_family_t);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sun, sun_len), 0);
	sun_len = sizeof(sun);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&sun, &sun_len),
	    0);
	ck_assert_int_eq(listen(fd, 64), 0);
	ctl_init(fd);
}

static inline void
serve(void)
{
	world_start();
	serve_control();
}

static inline int
client(void)
{
	int	 fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&sun, sun_len), 0);
	world_poll();
	return (fd);
}

static inline void
ask_for(int fd, uint16_t type, const struct ctl_request *req)
{
	ck_assert_int_eq(imsg_send(fd, type, 0, -1, req, sizeof(*req)),
	    IMSG_OK);
	world_poll();
}

static inline void
ask(int fd, uint16_t type, uint32_t tid, uint32_t sid, const char *name)
{
	struct ctl_request	 req = { .version = CTL_VERSION,
	    .local_tid = tid, .local_sid = sid };

	strlcpy(req.name, name, sizeof(req.name));
	ask_for(fd, type, &req);
}

/* The next record, which is of this type. */
static inline void
told(int fd, uint16_t type, void *rec, size_t len)
{
	struct imsg	 m;

	ck_assert_int_eq(imsg_recv(fd, &m), IMSG_OK);
	ck_assert_uint_eq(m.hdr.type, type);
	ck_assert_uint_eq(m.hdr.len, len);
	memcpy(rec, m.data, len);
}

/* The last one. */
static inline int
done(int fd)
{
	struct ctl_done	 d;
	struct imsg	 m;

	told(fd, CTL_DONE, &d, sizeof(d));
	ck_assert_int_eq(d.err != 0, d.text[0] != '\0');
	ck_assert_int_eq(imsg_recv(fd, &m), IMSG_EOF);
	close(fd);
	return (d.err);
}

static inline void
closed(int fd)
{
	struct imsg	 m;

	ck_assert_int_eq(imsg_recv(fd, &m), IMSG_EOF);
	close(fd);
}

#endif
