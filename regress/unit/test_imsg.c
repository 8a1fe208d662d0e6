/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * imsg: messages arrive whole, with their descriptor or without; whatever
 * is cut off, too long, or brings two descriptors is refused, and nothing
 * is left open by it.
 */
#include <sys/socket.h>
#include <sys/uio.h>

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

static int	sv[2];

static int
count_fds(void)
{
	DIR	*dir = opendir("/proc/self/fd");
	int	 n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return (n);
}

/* Raw octets with n descriptors, behind imsg_send()'s back. */
static void
send_raw(const void *data, size_t len, int n)
{
	union {
		struct cmsghdr	hdr;
		char		buf[CMSG_SPACE(3 * sizeof(int))];
	} control = { 0 };
	struct iovec	 iov = { (void *)(uintptr_t)data, len };
	struct msghdr	 msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int		 fds[3] = { sv[0], sv[0], sv[0] };

	if (n > 0) {
		control.hdr.cmsg_len = CMSG_LEN((size_t)n * sizeof(int));
		control.hdr.cmsg_level = SOL_SOCKET;
		control.hdr.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.hdr), fds, (size_t)n * sizeof(int));
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE((size_t)n * sizeof(int));
	}
	ck_assert_int_eq(sendmsg(sv[0], &msg, 0), (ssize_t)len);
}

static void
setup(void)
{
	ck_assert_int_eq(imsg_pair(sv), 0);
}

static void
teardown(void)
{
	close(sv[0]);
	close(sv[1]);
}

START_TEST(pair_flags)
{
	int	 i;

	for (i = 0; i < 2; i++) {
		ck_assert_int_ne(fcntl(sv[i], F_GETFL) & O_NONBLOCK, 0);
		ck_assert_int_ne(fcntl(sv[i], F_GETFD) & FD_CLOEXEC, 0);
	}
}
END_TEST

START_TEST(round_trip)
{
	uint8_t		 data[IMSG_MAX_DATA];
	struct imsg	 m;
	size_t		 len;

	for (len = 0; len < sizeof(data); len++)
		data[len] = (uint8_t)(len * 7);
	for (len = 0; len <= sizeof(data); len++) {
		ck_assert_int_eq(imsg_send(sv[0], 9, (uint32_t)len, -1, data,
		    len), IMSG_OK);
		ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_OK);
		ck_assert_uint_eq(m.hdr.type, 9);
		ck_assert_uint_eq(m.hdr.id, len);
		ck_assert_uint_eq(m.hdr.len, len);
		ck_assert_int_eq(m.fd, -1);
		ck_assert_int_eq(memcmp(m.data, data, len), 0);
	}
}
END_TEST

START_TEST(with_fd)
{
	struct imsg	 m;
	int		 before = count_fds();

	ck_assert_int_eq(imsg_send(sv[0], 1, 1, sv[0], "x", 1), IMSG_OK);
	ck_assert_int_eq(count_fds(), before);
	ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_OK);
	ck_assert_int_ne(m.fd, -1);
	ck_assert_int_ne(fcntl(m.fd, F_GETFD) & FD_CLOEXEC, 0);
	close(m.fd);
	ck_assert_int_eq(count_fds(), before);
}
END_TEST

START_TEST(two_fds_refused)
{
	const struct imsg_hdr	 hdr = { 1, 0, 1 };
	struct imsg		 m;
	int			 n, before = count_fds();

	for (n = 2; n <= 3; n++) {
		send_raw(&hdr, sizeof(hdr), n);
		ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_BAD);
		ck_assert_int_eq(m.fd, -1);
		ck_assert_int_eq(count_fds(), before);
	}
	send_raw(&hdr, sizeof(hdr), 1);
	ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_OK);
	close(m.fd);
}
END_TEST

/* Every length of packet against every length that its header claims. */
START_TEST(wrong_length_refused)
{
	uint8_t		 raw[sizeof(struct imsg_hdr) + 40] = { 0 };
	struct imsg_hdr	 hdr = { 1, 0, 1 };
	struct imsg	 m;
	size_t		 len;
	int		 before = count_fds();

	for (len = 1; len <= sizeof(raw); len++)
		for (hdr.len = 0; hdr.len < 48; hdr.len++) {
			memcpy(raw, &hdr, sizeof(hdr));
			send_raw(raw, len, (int)(len % 2));
			if (len == sizeof(hdr) + hdr.len) {
				ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_OK);
				if (m.fd != -1)
					close(m.fd);
			} else
				ck_assert_int_eq(imsg_recv(sv[1], &m),
				    IMSG_BAD);
			ck_assert_int_eq(count_fds(), before);
		}
}
END_TEST

START_TEST(too_long_refused)
{
	static uint8_t	 raw[sizeof(struct imsg)];
	struct imsg_hdr	 hdr = { 1, IMSG_MAX_DATA + 1, 1 };
	struct imsg	 m;

	memcpy(raw, &hdr, sizeof(hdr));
	send_raw(raw, sizeof(hdr) + IMSG_MAX_DATA + 1, 0);
	ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_BAD);
	hdr.len = 0;	/* as a sum of 16 bits it would fit */
	memcpy(raw, &hdr, sizeof(hdr));
	send_raw(raw, sizeof(hdr) + IMSG_MAX_DATA + 1, 0);
	ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_BAD);
}
END_TEST

/* A packet of no octets is the end, with or without a descriptor. */
START_TEST(empty_packet)
{
	struct imsg	 m;
	int		 n, before = count_fds();

	for (n = 0; n <= 2; n++) {
		send_raw("", 0, n);
		ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_EOF);
		ck_assert_int_eq(m.fd, -1);
		ck_assert_int_eq(count_fds(), before);
	}
}
END_TEST

START_TEST(nothing_there)
{
	struct imsg	 m;

	ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_AGAIN);
	ck_assert_int_eq(m.fd, -1);
}
END_TEST

START_TEST(peer_gone)
{
	struct imsg	 m;

	ck_assert_int_eq(imsg_send(sv[0], 1, 1, -1, "x", 1), IMSG_OK);
	close(sv[0]);
	ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_OK);
	ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_EOF);
	ck_assert_int_eq(imsg_send(sv[1], 1, 1, -1, "x", 1), IMSG_EOF);
	sv[0] = dup(sv[1]);
}
END_TEST

START_TEST(full)
{
	int		 n = 0, size = 4096;
	struct imsg	 m;

	ck_assert_int_eq(setsockopt(sv[0], SOL_SOCKET, SO_SNDBUF, &size,
	    sizeof(size)), 0);
	while (imsg_send(sv[0], 1, (uint32_t)n, -1, "x", 1) == IMSG_OK)
		ck_assert_int_lt(n++, 100000);
	ck_assert_int_eq(imsg_send(sv[0], 1, 0, -1, "x", 1), IMSG_AGAIN);
	ck_assert_int_eq(imsg_recv(sv[1], &m), IMSG_OK);
	ck_assert_uint_eq(m.hdr.id, 0);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("imsg");
	TCase	*tc = tcase_create("imsg");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, pair_flags);
	tcase_add_test(tc, round_trip);
	tcase_add_test(tc, with_fd);
	tcase_add_test(tc, two_fds_refused);
	tcase_add_test(tc, wrong_length_refused);
	tcase_add_test(tc, too_long_refused);
	tcase_add_test(tc, empty_packet);
	tcase_add_test(tc, nothing_there);
	tcase_add_test(tc, peer_gone);
	tcase_add_test(tc, full);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
