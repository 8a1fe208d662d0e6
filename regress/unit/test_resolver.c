/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The resolver process, with names that need no name server.  Its sandbox
 * is not part of this; the end-to-end tests run it with that.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "dial.h"
#include "loop.h"
#include "resolver.h"
#include "sandbox.h"

#define QUESTIONS	40		/* more than there are workers */

static int		 answers, wanted;
static uint32_t		 seen;
static size_t		 last_n;
static struct l2tp_addr	 last[DIAL_MAX_ADDRS];
static char		 last_reason[DIAL_REASON];

void
sandbox_resolver(void)
{
}

void
dial_resolved(uint32_t id, const struct l2tp_addr *addrs, size_t n,
    const char *reason)
{
	answers++;
	seen += id;
	last_n = n;
	memcpy(last, addrs, n * sizeof(*addrs));
	strlcpy(last_reason, reason, sizeof(last_reason));
}

static void
idle(void)
{
	if (answers >= wanted)
		loop_stop();
}

static void
start(void)
{
	resolver_fork(1);
	loop_init();
	resolver_start();
}

static void
run(int n)
{
	wanted = n;
	loop_run(idle);
}

START_TEST(an_address)
{
	start();
	ck_assert_int_eq(resolver_ask("192.0.2.7", 1702, 5), 0);
	run(1);
	ck_assert_uint_eq(seen, 5);
	ck_assert_uint_eq(last_n, 1);
	ck_assert_uint_eq(last[0].family, 4);
	ck_assert_uint_eq(last[0].port, 1702);
	ck_assert_uint_eq(last[0].ip[3], 7);
}
END_TEST

START_TEST(an_ipv6_address)
{
	start();
	ck_assert_int_eq(resolver_ask("2001:db8::7", 1701, 5), 0);
	run(1);
	ck_assert_uint_eq(last_n, 1);
	ck_assert_uint_eq(last[0].family, 6);
	ck_assert_uint_eq(last[0].ip[15], 7);
}
END_TEST

START_TEST(no_name)
{
	start();
	ck_assert_int_eq(resolver_ask("", 1701, 5), 0);
	run(1);
	ck_assert_uint_eq(last_n, 0);
	ck_assert_ptr_nonnull(strstr(last_reason, "does not resolve: "));
}
END_TEST

START_TEST(more_questions_than_workers)
{
	uint32_t	 i;

	start();
	for (i = 1; i <= QUESTIONS; i++)
		ck_assert_int_eq(resolver_ask("192.0.2.7", 1701, i), 0);
	run(QUESTIONS);
	ck_assert_uint_eq(seen, QUESTIONS * (QUESTIONS + 1) / 2);
}
END_TEST

START_TEST(nobody_to_ask)
{
	char	 name[CONF_HOST_LEN + 1];

	ck_assert_int_eq(resolver_ask("192.0.2.7", 1701, 1), -1);
	start();
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ck_assert_int_eq(resolver_ask(name, 1701, 1), -1);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("resolver");
	TCase	*tc = tcase_create("resolver");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, an_address);
	tcase_add_test(tc, an_ipv6_address);
	tcase_add_test(tc, no_name);
	tcase_add_test(tc, more_questions_than_workers);
	tcase_add_test(tc, nobody_to_ask);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
