/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Result and error codes (RFC 2661 4.4.2) as the peer says them and as the
 * caller is told: all of them, none of them, and numbers that nobody knows.
 */
#include <check.h>
#include <string.h>

#include "call.h"
#include "cc.h"
#include "rig.h"

static struct rig r;

static void
setup(void)
{
	rig_init(&r);
}

static void
teardown(void)
{
	rig_free(&r);
}

/*
 * v3-5.4.2-03, v3-5.4.2-04: each code that the RFCs list has a phrase of its
 * own, and no other; CDN has no 12.
 */
START_TEST(phrases)
{
	static const struct {
		const char	*(*phrase)(uint16_t);
		uint16_t	 first, last;
	} tables[] = {
		{ l2tp_stopccn_phrase, L2TP_STOP_CLEAR, L2TP_STOP_FSM },
		{ l2tp_cdn_phrase, L2TP_CDN_CARRIER, L2TP_CDN_FRAMING },
		{ l2tp_cdn_phrase, L2TP_CDN_TIE, L2TP_CDN_FSM },
		{ l2tp_error_phrase, L2TP_ERROR_NONE,
		    L2TP_ERROR_TRY_DIRECTED }
	};
	const char *(*phrase)(uint16_t) = tables[_i].phrase;
	uint16_t code, other;

	for (code = tables[_i].first; code <= tables[_i].last; code++) {
		ck_assert_str_ne(phrase(code), "unknown");
		for (other = tables[_i].first; other < code; other++)
			ck_assert_str_ne(phrase(code), phrase(other));
	}
	ck_assert_str_eq(phrase(code), "unknown");
	ck_assert_str_eq(phrase(UINT16_MAX), "unknown");
	if (tables[_i].first > 0)
		ck_assert_str_eq(phrase(0), "unknown");
}
END_TEST

/* What the peer says in its StopCCN or CDN, and what comes of that. */
static const struct said {
	uint16_t	result;
	int		has_error;
	uint16_t	error;
	const char	*text;
} saids[] = {
	{ 1, 0, 0, "" },		/* a Result Code of two octets */
	{ 2, 1, L2TP_ERROR_TRY_ANOTHER, "" },
	{ 2, 1, L2TP_ERROR_VENDOR, "no more licences" },
	/* Not in the RFC. */
	{ 999, 0, 0, "" },
	{ 2, 1, 999, "?" },
	{ 0, 1, UINT16_MAX, "" }
};
#define NSAIDS	((int)(sizeof(saids) / sizeof(saids[0])))

static struct msg
message(uint16_t type, const struct said *said)
{
	struct msg m = rig_msg_sid(type, RIG_PEER_SID);

	m.result = said->result;
	m.has_error = (uint8_t)said->has_error;
	m.error = said->error;
	m.error_text = text_bytes(said->text);
	return (m);
}

static void
told(const struct said *said)
{
	ck_assert_uint_eq(r.ev.cause->by, L2TP_BY_PEER);
	ck_assert_uint_eq(r.ev.cause->result, said->result);
	ck_assert_uint_eq(r.ev.cause->error, said->error);
	ck_assert_str_eq(r.ev.cause->text, said->text);
}

/* v2-4.4.2-01, v2-4.4.2-12 */
START_TEST(stopccn)
{
	struct msg m = message(MSG_STOPCCN, &saids[_i]);

	rig_listen(&r);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), 0, &m), ERR_NONE);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	told(&saids[_i]);
	ck_assert(rig_is(&r, "closing"));
}
END_TEST

/* v2-4.4.2-12: the call ends, and not the tunnel. */
START_TEST(cdn)
{
	struct msg m = message(MSG_CDN, &saids[_i]);
	uint32_t sid;

	rig_listen(&r);
	sid = rig_call(&r, CALL_ESTABLISHED, RIG_PEER_SID);
	ck_assert_int_eq(rig_send(&r, rig_tid(&r), (uint16_t)sid, &m),
	    ERR_NONE);
	rig_expect_event(&r, L2TP_EV_CALL_DOWN);
	told(&saids[_i]);
	ck_assert_str_eq(rig_call_state(&r, sid), "none");
	ck_assert(rig_is(&r, "established"));
}
END_TEST

/* A text that is too long is cut, and one octet of 0 ends it. */
START_TEST(texts)
{
	struct said said = { 2, 1, L2TP_ERROR_VENDOR, "" };
	struct msg m = message(MSG_STOPCCN, &said);
	uint8_t text[600];

	memset(text, 't', sizeof(text));
	if (_i == 0)
		text[3] = '\0';
	m.error_text.p = text;
	m.error_text.len = sizeof(text);
	rig_listen(&r);
	rig_send(&r, rig_tid(&r), 0, &m);
	rig_expect_event(&r, L2TP_EV_TUNNEL_DOWN);
	ck_assert_uint_eq(strlen(r.ev.cause->text),
	    _i == 0 ? 3 : L2TP_MAX_TEXT - 1);
}
END_TEST

/* v2-4.4.2-01: what our caller says is what the peer reads. */
START_TEST(sent)
{
	const struct said *said = &saids[_i];

	rig_listen(&r);
	ck_assert_int_eq(l2tp_tunnel_close(r.e, r.tid, said->result,
	    said->error, said->text, r.now), 0);
	rig_stopped(&r, said->result, L2TP_BY_LOCAL);
	ck_assert_uint_eq(r.m.has_error, said->has_error);
	ck_assert_uint_eq(r.m.error, said->error);
	ck_assert_uint_eq(r.m.error_text.len, strlen(said->text));
	if (r.m.error_text.len > 0)
		ck_assert_mem_eq(r.m.error_text.p, said->text,
		    r.m.error_text.len);
}
END_TEST

static TCase *
result_case(void)
{
	TCase *t = tcase_create("result");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, phrases, 0, 4);
	tcase_add_loop_test(t, stopccn, 0, NSAIDS);
	tcase_add_loop_test(t, cdn, 0, NSAIDS);
	tcase_add_loop_test(t, texts, 0, 2);
	tcase_add_loop_test(t, sent, 0, NSAIDS);
	return (t);
}

int
main(void)
{
	Suite *s = suite_create("result");
	SRunner *sr;
	int failed;

	suite_add_tcase(s, result_case());
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
