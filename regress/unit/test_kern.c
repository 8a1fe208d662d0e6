/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * kern.c's requests to a generic netlink family, and their answers.  The
 * family that every kernel has stands in for "l2tp": its GETFAMILY answers
 * as the kernel's GETs of tunnels and sessions do, with one message, or with
 * an error.  What "l2tp" itself does is for the end-to-end tests.
 */
#include <check.h>
#include <net/if.h>
#include <netinet/in.h>

#include <linux/genetlink.h>
#include <linux/l2tp.h>

#undef L2TP_GENL_NAME
#define L2TP_GENL_NAME	"nlctrl"
#include "../../dpd/kern.c"

#define NOBODY	0xfff0		/* no family has this id */

static int
get(uint16_t id, struct dp_stats_reply *stats)
{
	const struct kern_attr	 attrs[] = {
		{ CTRL_ATTR_FAMILY_ID, sizeof(id), &id }, { 0, 0, NULL }
	};

	return (kern_call(CTRL_CMD_GETFAMILY, &(struct own){ .local_tid = 1 },
	    attrs, stats));
}

/* An answer is that of its own request, however many went before. */
START_TEST(one_answer_for_each)
{
	struct dp_stats_reply	 stats = { 0 };
	int			 i;

	kern_open();
	for (i = 0; i < 3000; i++) {
		ck_assert_int_eq(get(NOBODY, &stats), ENOENT);
		ck_assert_int_eq(get(GENL_ID_CTRL, &stats), 0);
		ck_assert_int_eq(get(NOBODY, NULL), ENOENT);
	}
}
END_TEST

START_TEST(a_family_that_is_not_there)
{
	kern_open();
	kern_family = NOBODY;
	ck_assert_int_eq(get(GENL_ID_CTRL, NULL), ENOENT);
	ck_assert_int_eq(get(GENL_ID_CTRL, NULL), ENOENT);
}
END_TEST

/* The errno is that of what failed, and nothing is left open. */
START_TEST(socket_errors)
{
	struct dp_addr	 local = { .family = 4, .port = 1701,
	    .ip = { 192, 0, 2, 77 } };	/* not ours */
	int		 before = dup(0), after;

	close(before);
	ck_assert_int_eq(sock_l2tp(&local, 0, NULL), -1);
	ck_assert_int_eq(errno, EADDRNOTAVAIL);
	ck_assert_int_eq(sock_l2tp(&local, 0, &local), -1);
	ck_assert_int_eq(errno, EADDRNOTAVAIL);
	after = dup(0);
	close(after);
	ck_assert_int_eq(after, before);
}
END_TEST

/* RFC 2661 section 3.1: only what has the T bit reaches us. */
START_TEST(control_only)
{
	struct dp_addr	 local = { .family = 4, .ip = { 127, 0, 0, 1 } };
	struct sockaddr_in sin;
	socklen_t	 len = sizeof(sin);
	char		 buf[8];
	int		 fd = sock_l2tp(&local, 0, NULL), from;

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	local.port = ntohs(sin.sin_port);
	from = sock_l2tp(&(struct dp_addr){ 0 }, 0, &local);
	ck_assert_int_ne(from, -1);
	ck_assert_int_eq(send(from, "\x00\x02", 2, 0), 2);
	ck_assert_int_eq(send(from, "\x80\x02", 2, 0), 2);
	ck_assert_int_eq(recv(fd, buf, sizeof(buf), 0), 2);
	ck_assert_int_eq(buf[0], '\x80');
	ck_assert_int_eq(recv(fd, buf, sizeof(buf), 0), -1);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("kern");
	TCase	*tc = tcase_create("kern");
	SRunner	*sr = srunner_create(s);
	int	 failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, one_answer_for_each);
	tcase_add_test(tc, a_family_that_is_not_there);
	tcase_add_test(tc, socket_errors);
	tcase_add_test(tc, control_only);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
