/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the fuzzers are made of: a mutator that would never produce some AVP,
 * or a seal that does not fit, would go unnoticed and find nothing.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "auth3.h"
#include "digest.h"
#include "fuzz/mutate.h"
#include "fuzz/script.h"
#include "fuzz/seal.h"
#include "hdr.h"
#include "l2tp.h"
#include "msg.h"

#define ROUNDS		100000
#define MAX_LEN		1024

static const struct bytes secret = { (const uint8_t *)"fuzz", 4 };
static const struct bytes asked = { (const uint8_t *)"who goes there", 14 };

static enum l2tp_err
decode_body(uint8_t version, const uint8_t *p, size_t len, struct msg *m)
{
	static uint8_t room[UINT16_MAX];
	struct hide h = { .room = room, .left = sizeof(room) };
	struct rd r;

	h.secret[0] = secret;
	rd_init(&r, p, len);
	return (msg_decode(&r, version, m, &h));
}

/* What a long walk of mutations came across. */
struct seen {
	uint32_t	good, bad, avp_length, hidden;
	uint8_t		type[MSG_NTYPES];
	uint8_t		avp[AVP_NIDS];
};

static void
look(struct seen *seen, uint8_t version, const uint8_t *p, size_t len)
{
	struct seal s = { .secret = secret };
	uint8_t copy[MAX_LEN];
	struct msg clear, m;
	enum l2tp_err err;
	size_t id;

	memcpy(copy, p, len);
	seal_avps(copy, len, &s);
	decode_body(version, p, len, &clear);
	if ((err = decode_body(version, copy, len, &m)) != ERR_NONE) {
		seen->bad++;
		seen->avp_length += err == ERR_AVP_LENGTH;
		return;
	}
	seen->good++;
	seen->type[m.type] = 1;
	for (id = 0; id < AVP_NIDS; id++) {
		seen->avp[id] |= m.have[id];
		seen->hidden += m.have[id] && !clear.have[id];
	}
}

/* Good and bad, each message, each AVP of a version, and hidden ones. */
START_TEST(bodies)
{
	struct seen seen = { 0 };
	uint8_t octets[MAX_LEN], version = (uint8_t)_i;
	uint8_t flags;
	size_t id, len = 0;
	uint32_t i;

	for (i = 0; i < ROUNDS; i++) {
		len = mutate_body(octets, i % 16 == 0 ? 0 : len,
		    sizeof(octets), i * 2654435761U, version);
		ck_assert_uint_le(len, sizeof(octets));
		look(&seen, version, octets, len);
	}
	ck_assert_uint_gt(seen.good, ROUNDS / 4);
	ck_assert_uint_gt(seen.bad, ROUNDS / 10);
	ck_assert_uint_gt(seen.avp_length, ROUNDS / 100);
	ck_assert_uint_gt(seen.hidden, ROUNDS / 100);
	for (id = 0; id < MSG_NTYPES; id++)
		ck_assert_msg(seen.type[id] ||
		    msg_table[version][id].must == NULL,
		    "never a good %s", msg_name((uint16_t)id));
	for (id = 0; id < AVP_NIDS; id++) {
		flags = avp_table[id].flags;
		if (version == 3 ? flags & (AVPF_BOTH | AVPF_V3) :
		    (flags & AVPF_V3) == 0)
			ck_assert_msg(seen.avp[id], "never %s",
			    avp_table[id].name);
	}
}
END_TEST

/* The header mostly fits; when it does not, it is for many reasons. */
START_TEST(datagrams)
{
	uint32_t i, count[ERR_NERRS] = { 0 };
	uint8_t octets[MAX_LEN];
	struct hdr h;
	struct rd r;
	size_t len = 0;

	for (i = 0; i < ROUNDS; i++) {
		len = mutate_datagram(octets, i % 16 == 0 ? 0 : len,
		    sizeof(octets), i * 2654435761U);
		ck_assert_uint_le(len, sizeof(octets));
		rd_init(&r, octets, len);
		count[hdr_decode(&r, &h)]++;
	}
	ck_assert_uint_gt(count[ERR_NONE], ROUNDS / 2);
	ck_assert_uint_gt(count[ERR_HEADER], ROUNDS / 100);
	ck_assert_uint_gt(count[ERR_VERSION], ROUNDS / 200);
	ck_assert_uint_gt(count[ERR_NOT_CONTROL], ROUNDS / 1000);
}
END_TEST

/* No room at all, and none for more. */
START_TEST(no_room)
{
	uint8_t octets[MAX_LEN];
	size_t len, max;
	uint32_t i;

	for (i = 0; i < ROUNDS / 10; i++) {
		max = i % 64;
		len = mutate_body(octets, 0, max, i, 2);
		ck_assert_uint_le(len, max);
		len = mutate_datagram(octets, len, max, i);
		ck_assert_uint_le(len, max);
	}
}
END_TEST

/* Message Type, Random Vector, and a hidden number with its length before. */
static size_t
put_hidden(uint8_t *p, size_t room, struct bytes number)
{
	struct msg m = { .type = MSG_ICRQ, .random_vector = asked };
	struct wr w;

	m.have[AVP_RANDOM_VECTOR] = 1;
	wr_init(&w, p, room);
	msg_encode(&w, 2, &m, NULL);
	wr_u16(&w, (uint16_t)(AVP_BIT_H | (AVP_HEADER_LEN + 2 + number.len)));
	wr_u16(&w, avp_table[AVP_CALLED_NUMBER].vendor);
	wr_u16(&w, avp_table[AVP_CALLED_NUMBER].type);
	wr_u16(&w, (uint16_t)number.len);
	wr_bytes(&w, number.p, number.len);
	ck_assert_int_eq(w.bad, 0);
	return (w.len);
}

/* Of any number of blocks. */
START_TEST(hidden_values)
{
	struct seal s = { .secret = secret };
	uint8_t octets[MAX_LEN], number[100];
	struct bytes value = { number, 0 };
	struct msg m;
	size_t len;

	memset(number, '5', sizeof(number));
	for (; value.len <= sizeof(number); value.len++) {
		len = put_hidden(octets, sizeof(octets), value);
		seal_avps(octets, len, &s);
		decode_body(2, octets, len, &m);
		ck_assert_int_eq(m.have[AVP_CALLED_NUMBER], 1);
		ck_assert_uint_eq(m.called.len, value.len);
		ck_assert_mem_eq(m.called.p, number, value.len);
	}
}
END_TEST

static size_t
put_auth(uint8_t *p, size_t room, const uint8_t *challenge)
{
	static const uint8_t zeroes[DIGEST_LEN];
	struct msg m = { .type = MSG_SCCRP };
	struct wr w;

	m.have[AVP_CHALLENGE] = m.have[AVP_CHALLENGE_RESPONSE] = 1;
	m.challenge.p = challenge != NULL ? challenge : zeroes;
	m.challenge_response.p = zeroes;
	m.challenge.len = m.challenge_response.len = DIGEST_LEN;
	wr_init(&w, p, room);
	msg_encode(&w, 2, &m, NULL);
	ck_assert_int_eq(w.bad, 0);
	return (w.len);
}

/* The right response, if there was a challenge; a Challenge as it was. */
START_TEST(responses)
{
	static const uint8_t own[] = "0123456789abcdef";
	struct seal s = { .secret = secret };
	uint8_t octets[MAX_LEN];
	struct msg m;
	size_t len;

	len = put_auth(octets, sizeof(octets), own);
	seal_avps(octets, len, &s);
	decode_body(2, octets, len, &m);
	ck_assert_int_eq(digest_matches(m.challenge_response, MSG_SCCRP,
	    secret, asked), 0);

	s.challenge = asked;
	seal_avps(octets, len, &s);
	decode_body(2, octets, len, &m);
	ck_assert_int_eq(digest_matches(m.challenge_response, MSG_SCCRP,
	    secret, asked), 1);
	ck_assert_mem_eq(m.challenge.p, own, DIGEST_LEN);
}
END_TEST

/* A Remote Session ID of 0 is the right one; another stays. */
START_TEST(session_ids)
{
	struct seal s = { .secret = secret, .sid = 0x9abcdef0 };
	struct msg m = { .type = MSG_SLI }, got;
	uint8_t octets[MAX_LEN];
	struct wr w;

	m.have[AVP_LOCAL_SESSION_ID] = m.have[AVP_REMOTE_SESSION_ID] = 1;
	m.assigned_sid = 1;
	m.remote_sid = (uint32_t)_i;
	wr_init(&w, octets, sizeof(octets));
	msg_encode(&w, 3, &m, NULL);
	seal_avps(octets, w.len, &s);
	decode_body(3, octets, w.len, &got);
	ck_assert_uint_eq(got.assigned_sid, 1);
	ck_assert_uint_eq(got.remote_sid, _i == 0 ? s.sid : 1);
}
END_TEST

/* Of secrets of any length. */
START_TEST(hiding_key)
{
	uint8_t key[AUTH3_KEY_LEN], sealed[SEAL_KEY_LEN], text[100];
	struct bytes b = { text, 0 };

	memset(text, 's', sizeof(text));
	for (; b.len <= sizeof(text); b.len++) {
		auth3_key(key, b, AUTH3_HIDE);
		seal_key(sealed, b);
		ck_assert_mem_eq(key, sealed, sizeof(key));
	}
}
END_TEST

/* A Challenge of zeroes is the one that was received. */
START_TEST(reflection)
{
	struct seal s = { .secret = secret };
	uint8_t octets[MAX_LEN], theirs[DIGEST_LEN];
	struct msg m;
	size_t len;

	memset(theirs, 0x5a, sizeof(theirs));
	s.challenge.p = theirs;
	s.challenge.len = sizeof(theirs);
	len = put_auth(octets, sizeof(octets), NULL);
	seal_avps(octets, len, &s);
	decode_body(2, octets, len, &m);
	ck_assert_mem_eq(m.challenge.p, theirs, sizeof(theirs));
}
END_TEST

/* What was written is read, whatever the type; all else ends somewhere. */
START_TEST(scripts)
{
	struct step s = { .op = { 1, 2 }, .msg = asked }, got;
	uint8_t octets[MAX_LEN];
	struct wr w;
	struct rd r;
	size_t cut;

	wr_init(&w, octets, sizeof(octets));
	for (s.type = 0; s.type <= STEP_COUNT; s.type++)
		script_put(&w, &s);
	rd_init(&r, octets, w.len);
	for (s.type = 0; s.type <= STEP_COUNT; s.type++) {
		ck_assert_int_eq(script_next(&r, &got), 1);
		ck_assert_uint_eq(got.type, s.type);
		ck_assert_mem_eq(got.op, s.op, step_operands(s.type));
		ck_assert_uint_eq(got.msg.len,
		    step_has_msg(s.type) ? asked.len : 0);
	}
	ck_assert_int_eq(script_next(&r, &got), 0);
	for (cut = 0; cut < w.len; cut++) {
		rd_init(&r, octets, cut);
		while (script_next(&r, &got))
			ck_assert_uint_le(got.msg.len, asked.len);
	}
}
END_TEST

/* A Message Digest that the peer made is valid, of each kind. */
START_TEST(digests)
{
	struct auth3_nonces nonces = { asked, secret };
	uint8_t kind = _i % 2 == 0 ? L2TP_DIGEST_MD5 : L2TP_DIGEST_SHA1;
	struct msg m = { .type = _i < 2 ? MSG_SCCRQ : MSG_HELLO };
	uint8_t octets[MAX_LEN];
	struct bytes b = { octets, 0 };
	struct wr w;

	msg_set_bytes(&m, AVP_MESSAGE_DIGEST, auth3_room(kind));
	wr_init(&w, octets, sizeof(octets));
	hdr_encode(&w, 3, 7, 0);
	msg_encode(&w, 3, &m, NULL);
	hdr_seal(&w, 1, 2);
	b.len = w.len;
	ck_assert_uint_eq(auth3_check(b, 0xff, secret, &nonces), 0);
	seal_digest(octets, w.len, secret, asked, secret);
	ck_assert_uint_eq(auth3_check(b, 0xff, secret, &nonces), kind);
	seal_digest(octets, w.len, asked, asked, secret);
	ck_assert_uint_eq(auth3_check(b, 0xff, secret, &nonces), kind);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("mutate");
	Suite *s = suite_create("mutate");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(t, bodies, 2, 4);
	tcase_add_loop_test(t, digests, 0, 4);
	tcase_add_test(t, datagrams);
	tcase_add_test(t, no_room);
	tcase_add_test(t, hidden_values);
	tcase_add_test(t, responses);
	tcase_add_test(t, reflection);
	tcase_add_loop_test(t, session_ids, 0, 2);
	tcase_add_test(t, hiding_key);
	tcase_add_test(t, scripts);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
