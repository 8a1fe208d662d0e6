/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Why a tunnel or call ended, in words: all that the peer has said, made
 * printable, and what was not said not made up.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "cause.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

static const struct {
	struct l2tp_cause	 cause;
	int			 net_errno;
	const char		*tunnel, *call;	/* NULL: not looked at */
} table[] = {
	{ { L2TP_BY_PEER, 1, 0, "r", "" }, 0,
	    "closed by peer: result 1 (request to clear the control "
	    "connection)",
	    "closed by peer: result 1 (loss of carrier)" },
	{ { L2TP_BY_PEER, 2, 4, "r", "full" }, 0,
	    "closed by peer: result 2 (general error), "
	    "error 4 (insufficient resources): full",
	    "closed by peer: result 2 (general error), "
	    "error 4 (insufficient resources): full" },
	{ { L2TP_BY_PEER, 3, 0, "r", "\x1b[2J\x80" }, 0, NULL,
	    "closed by peer: result 3 (administrative reasons): "
	    "\\033[2J\\200" },
	/* Not an error code: the highest version of the peer's. */
	{ { L2TP_BY_PEER, 5, 1, "r", "" }, 0,
	    "closed by peer: result 5 (protocol version not supported), "
	    "up to version 1", NULL },
	{ { L2TP_BY_PEER, 5, 0x0100, "r", "" }, 0,
	    "closed by peer: result 5 (protocol version not supported), "
	    "up to version 1", NULL },
	{ { L2TP_BY_PEER, 999, 999, "r", "" }, 0,
	    "closed by peer: result 999 (unknown), error 999 (unknown)",
	    "closed by peer: result 999 (unknown), error 999 (unknown)" },
	/* Without a result it was not about this one. */
	{ { L2TP_BY_PEER, 0, 0, "tunnel ended", "x" }, 0,
	    "tunnel ended", "tunnel ended" },
	{ { L2TP_BY_PROTOCOL, 2, 3, "wrong value", "x" }, 0,
	    "wrong value", "wrong value" },
	{ { L2TP_BY_LOCAL, 1, 0, "closed", "" }, ECONNREFUSED,
	    "closed", "closed" },
	{ { L2TP_BY_TIMEOUT, 0, 0, "r", "" }, 0, "no reply", "no reply" },
	{ { L2TP_BY_TIMEOUT, 0, 0, "r", "" }, ECONNREFUSED,
	    "no reply: port unreachable", NULL },
	{ { L2TP_BY_TIE, 0, 0, "lost the tie", "" }, 0,
	    "the peer called at the same time: lost the tie",
	    "the peer called at the same time: lost the tie" }
};

START_TEST(phrases)
{
	char	 out[200];

	if (table[_i].tunnel != NULL)
		ck_assert_str_eq(cause_of_tunnel(&table[_i].cause,
		    table[_i].net_errno, out, sizeof(out)), table[_i].tunnel);
	if (table[_i].call != NULL)
		ck_assert_str_eq(cause_of_call(&table[_i].cause, out,
		    sizeof(out)), table[_i].call);
}
END_TEST

START_TEST(long_text)
{
	struct l2tp_cause	 cause = { .by = L2TP_BY_PEER, .result = 3 };
	char			 out[200];

	memset(cause.text, '\x01', sizeof(cause.text) - 1);
	cause.reason = "r";
	ck_assert_uint_lt(strlen(cause_of_call(&cause, out, sizeof(out))),
	    sizeof(out));
}
END_TEST

/* v2-4.4.2-11: only the peer's word counts. */
START_TEST(try_another)
{
	struct l2tp_cause	 cause = { .by = L2TP_BY_PEER, .result = 2,
	    .error = 7, .reason = "r" };

	ck_assert_int_eq(cause_try_another(&cause), 1);
	cause.error = 6;
	ck_assert_int_eq(cause_try_another(&cause), 0);
	cause.error = 7;
	cause.result = 1;
	ck_assert_int_eq(cause_try_another(&cause), 0);
	cause.result = 2;
	cause.by = L2TP_BY_PROTOCOL;
	ck_assert_int_eq(cause_try_another(&cause), 0);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("cause");
	TCase	*tc = tcase_create("cause");
	SRunner	*sr;
	int	 failed;

	tcase_add_loop_test(tc, phrases, 0, nitems(table));
	tcase_add_test(tc, long_text);
	tcase_add_test(tc, try_another);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
