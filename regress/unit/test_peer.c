/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Who a caller is taken for, and how often it may call.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "peer.h"
#include "text.h"

static struct l2tp_addr
ip4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	struct l2tp_addr	 addr = { .family = 4, .port = 1701 };

	addr.ip[0] = a;
	addr.ip[1] = b;
	addr.ip[2] = c;
	addr.ip[3] = d;
	return (addr);
}

static struct dp_prefix
prefix4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint8_t len)
{
	struct l2tp_addr	 addr = ip4(a, b, c, d);
	struct dp_prefix	 prefix = { .len = len };

	addr_from_l2tp(&addr, &prefix.addr);
	prefix.addr.port = 0;
	return (prefix);
}

START_TEST(globs)
{
	static const struct {
		const char	*pattern, *text;
		int		 match;
	} rows[] = {
		{ "", "", 1 }, { "", "a", 0 }, { "a", "", 0 },
		{ "*", "", 1 }, { "*", "anything", 1 }, { "**", "", 1 },
		{ "?", "a", 1 }, { "?", "", 0 }, { "?", "ab", 0 },
		{ "lac1", "lac1", 1 }, { "lac1", "lac", 0 },
		{ "lac1", "lac11", 0 }, { "lac1", "LAC1", 0 },
		{ "branch-*", "branch-", 1 }, { "branch-*", "branch-7", 1 },
		{ "branch-*", "a-branch-7", 0 },
		{ "*.example.net", "lns.example.net", 1 },
		{ "*.example.net", "lns.example.net.", 0 },
		{ "*a*b*c", "xxaxbxbxc", 1 }, { "*a*b*c", "xxaxbxbx", 0 },
		{ "a*?c", "abc", 1 }, { "a*?c", "ac", 0 },
		{ "*ab", "aab", 1 }, { "*aab", "aaaab", 1 },
		{ "[a]", "a", 0 }, { "[a]", "[a]", 1 },
		{ "\\*", "*", 0 }
	};
	size_t	 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(peer_glob(rows[i].pattern, rows[i].text) ==
		    rows[i].match, "\"%s\" \"%s\"", rows[i].pattern,
		    rows[i].text);
}
END_TEST

START_TEST(glob_is_not_exponential)
{
	char	 pattern[200], text[200];
	size_t	 i;

	for (i = 0; i < sizeof(pattern) - 2; i++)
		pattern[i] = i % 2 == 0 ? '*' : 'a';
	pattern[i++] = 'b';
	pattern[i] = '\0';
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert_int_eq(peer_glob(pattern, text), 0);
}
END_TEST

START_TEST(prefixes)
{
	struct l2tp_addr	 addr = ip4(198, 51, 100, 77);
	struct dp_prefix	 p;
	uint8_t			 len;

	for (len = 0; len <= 32; len++) {
		p = prefix4(198, 51, 100, 77, len);
		ck_assert_int_eq(addr_match(&p, &addr), 1);
	}
	/* One wrong bit counts from the length on at which it is inside. */
	for (len = 0; len <= 32; len++) {
		p = prefix4(198, 51, 100, 77 ^ 4, len);
		ck_assert_int_eq(addr_match(&p, &addr), len < 30);
		p = prefix4(198 ^ 128, 51, 100, 77, len);
		ck_assert_int_eq(addr_match(&p, &addr), len < 1);
	}
	p = prefix4(198, 51, 100, 0, 24);
	p.addr.port = 1701;
	ck_assert_int_eq(addr_match(&p, &addr), 1);
	p.addr.port = 1702;
	ck_assert_int_eq(addr_match(&p, &addr), 0);
}
END_TEST

START_TEST(prefixes_of_the_other_family)
{
	struct l2tp_addr	 a4 = ip4(0, 0, 0, 0), a6 = { .family = 6 };
	struct dp_prefix	 any4 = prefix4(0, 0, 0, 0, 0), any6 = any4;

	any6.addr.family = 6;
	ck_assert_int_eq(addr_match(&any4, &a4), 1);
	ck_assert_int_eq(addr_match(&any4, &a6), 0);
	ck_assert_int_eq(addr_match(&any6, &a6), 1);
	ck_assert_int_eq(addr_match(&any6, &a4), 0);
	any6.len = 128;
	ck_assert_int_eq(addr_match(&any6, &a6), 1);
	a6.ip[15] = 1;
	ck_assert_int_eq(addr_match(&any6, &a6), 0);
}
END_TEST

START_TEST(first_match_wins)
{
	struct conf_peer		 branch = { .n_from = 2 }, all;
	struct conf_listen_peer		 list[2] = { { .peer = &branch },
	    { .peer = &all } };
	struct conf_listen		 listen = { .n_peers = 2,
	    .peers = list };
	struct l2tp_addr		 in = ip4(192, 0, 2, 1);
	struct l2tp_addr		 second = ip4(203, 0, 113, 9);
	struct l2tp_addr		 out = ip4(10, 0, 0, 1);

	branch.from[0] = prefix4(192, 0, 2, 0, 24);
	branch.from[1] = prefix4(203, 0, 113, 9, 32);
	strlcpy(branch.host_name, "branch-*", sizeof(branch.host_name));
	all = branch;
	strlcpy(all.host_name, "*", sizeof(all.host_name));
	ck_assert_ptr_eq(peer_match(&listen, &in, "branch-1"), &list[0]);
	ck_assert_ptr_eq(peer_match(&listen, &second, "branch-1"), &list[0]);
	ck_assert_ptr_eq(peer_match(&listen, &in, "other"), &list[1]);
	ck_assert_ptr_null(peer_match(&listen, &out, "branch-1"));
	listen.n_peers = 1;
	ck_assert_ptr_null(peer_match(&listen, &in, "other"));
	listen.n_peers = 0;
	ck_assert_ptr_null(peer_match(&listen, &in, "branch-1"));
}
END_TEST

/* How many of n SCCRQs at this moment pass. */
static int
burst(const struct l2tp_addr *from, uint64_t now, int n)
{
	int	 passed = 0;

	while (n-- > 0)
		passed += peer_limit(from, 1, now);
	return (passed);
}

START_TEST(one_network_gets_half)
{
	struct l2tp_addr	 a = ip4(192, 0, 2, 1), b = ip4(192, 0, 2, 9);

	peer_limit_init(100, 7);
	ck_assert_int_eq(burst(&a, 1000000, 30), 30);
	ck_assert_int_eq(burst(&b, 1000000, 1000), 20);
	ck_assert_int_eq(burst(&a, 1000000, 1000), 0);
}
END_TEST

START_TEST(all_together_get_the_rate)
{
	struct l2tp_addr	 a;
	int			 i, passed = 0;

	peer_limit_init(100, 7);
	for (i = 0; i < 200; i++) {
		a = ip4(10, 1, (uint8_t)i, 1);
		passed += burst(&a, 1000000, 10);
	}
	ck_assert_int_eq(passed, 100);
}
END_TEST

START_TEST(tokens_come_back)
{
	struct l2tp_addr	 a = ip4(192, 0, 2, 1);

	peer_limit_init(100, 7);
	ck_assert_int_eq(burst(&a, 1000000, 1000), 50);
	ck_assert_int_eq(burst(&a, 1000019, 1000), 0);
	ck_assert_int_eq(burst(&a, 1000020, 1000), 1);
	ck_assert_int_eq(burst(&a, 1001020, 1000), 50);
	/* A long pause saves no more than a second's worth. */
	ck_assert_int_eq(burst(&a, 9000000, 1000), 50);
}
END_TEST

START_TEST(a_flood_leaves_room)
{
	struct l2tp_addr	 bad = ip4(192, 0, 2, 1);
	struct l2tp_addr	 good = ip4(198, 51, 100, 1);
	uint64_t		 now;
	int			 passed = 0;

	peer_limit_init(100, 7);
	for (now = 1000000; now < 1010000; now += 100) {
		burst(&bad, now, 1000);
		passed += burst(&good, now, 1);
	}
	ck_assert_int_eq(passed, 100);
}
END_TEST

/* What is sent from anywhere does not use up what is for peers. */
START_TEST(strangers_leave_room)
{
	struct l2tp_addr	 a, good = ip4(198, 51, 100, 1);
	int			 i, passed = 0;

	peer_limit_init(100, 7);
	for (i = 0; i < 10000; i++) {
		a = ip4(10, (uint8_t)(i >> 8), (uint8_t)i, 1);
		passed += peer_limit(&a, 0, 1000000);
	}
	ck_assert_int_eq(passed, 100);
	ck_assert_int_eq(burst(&good, 1000000, 10), 10);
}
END_TEST

START_TEST(ipv6_by_56)
{
	struct l2tp_addr	 a = { .family = 6 }, b = a, other = a;

	a.ip[0] = 0x20;
	b.ip[0] = 0x20;
	b.ip[7] = 1;			/* behind the first 56 bits */
	other.ip[0] = 0x20;
	other.ip[6] = 1;
	peer_limit_init(100, 7);
	ck_assert_int_eq(burst(&a, 1000000, 1000), 50);
	ck_assert_int_eq(burst(&b, 1000000, 1000), 0);
	ck_assert_int_eq(burst(&other, 1000000, 1000), 50);
}
END_TEST

START_TEST(rate_of_one)
{
	struct l2tp_addr	 a = ip4(192, 0, 2, 1);

	peer_limit_init(1, 7);
	ck_assert_int_eq(burst(&a, 1000000, 10), 1);
	ck_assert_int_eq(burst(&a, 1000999, 10), 0);
	ck_assert_int_eq(burst(&a, 1001000, 10), 1);
}
END_TEST

START_TEST(texts_of_addresses)
{
	struct l2tp_addr	 a = ip4(192, 0, 2, 1), b = { .family = 6,
	    .port = 1701, .scope = 3 };
	struct l2tp_addr	 back;
	union addr_sa		 sa;
	char			 text[ADDR_TEXT];

	ck_assert_str_eq(addr_text(&a, text), "192.0.2.1:1701");
	a.port = 0;
	ck_assert_str_eq(addr_text(&a, text), "192.0.2.1");
	b.ip[0] = 0xfe;
	b.ip[1] = 0x80;
	b.ip[15] = 1;
	ck_assert_str_eq(addr_text(&b, text), "[fe80::1%3]:1701");
	ck_assert_uint_eq(addr_to_sa(&b, &sa), sizeof(sa.in6));
	ck_assert_int_eq(addr_from_sa(&sa, &back), 0);
	ck_assert_mem_eq(&back, &b, sizeof(b));
	memset(&b, 0, sizeof(b));
	ck_assert_str_eq(addr_text(&b, text), "-");
	ck_assert_uint_eq(addr_to_sa(&b, &sa), 0);
	ck_assert_int_eq(addr_from_sa(&sa, &back), -1);
	ck_assert_str_eq(addr_text4(0x0a400002, text), "10.64.0.2");
}
END_TEST

/* v3-5.4.2-05 */
START_TEST(texts_of_peers_are_made_harmless)
{
	char	 out[16];

	ck_assert_str_eq(text_vis("lac1", out, sizeof(out)), "lac1");
	ck_assert_ptr_null(strpbrk(text_vis("\033[2J\n\t\r\007", out,
	    sizeof(out)), "\033\n\t\r\007"));
	ck_assert_uint_lt(strlen(text_vis("\001\001\001\001\001\001\001\001",
	    out, sizeof(out))), sizeof(out));
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("peer");
	TCase	*tc = tcase_create("peer");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, globs);
	tcase_add_test(tc, glob_is_not_exponential);
	tcase_add_test(tc, prefixes);
	tcase_add_test(tc, prefixes_of_the_other_family);
	tcase_add_test(tc, first_match_wins);
	tcase_add_test(tc, one_network_gets_half);
	tcase_add_test(tc, all_together_get_the_rate);
	tcase_add_test(tc, tokens_come_back);
	tcase_add_test(tc, a_flood_leaves_room);
	tcase_add_test(tc, strangers_leave_room);
	tcase_add_test(tc, ipv6_by_56);
	tcase_add_test(tc, rate_of_one);
	tcase_add_test(tc, texts_of_addresses);
	tcase_add_test(tc, texts_of_peers_are_made_harmless);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
