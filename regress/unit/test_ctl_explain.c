/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * L2TPv3 as septumctl prints it: the calculation of an MTU, and the members
 * of tunnels and sessions.  Cookies are never shown, only how long they are.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_explain.h"
#include "ctl_json.h"
#include "ctlmsg.h"
#include "l2tp.h"

static struct ctl_mtu	 mtu = {
	.tunnel = "site-b", .name = "lan", .ifname = "l2tp-lan",
	.peer = { .family = 4, .port = 1701, .ip = { 192, 0, 2, 2 } },
	.local_tid = 7, .local_sid = UINT32_MAX, .path = 1500, .ip = 20,
	.udp = 8, .flags = 4, .session_id = 4, .cookie = 8, .sublayer = 4,
	.ethernet = 14, .fits = 1438, .mtu = 1438
};

static char *
explained(void)
{
	FILE	*old = stdout;
	char	*out = NULL;
	size_t	 len;

	stdout = open_memstream(&out, &len);
	ck_assert_ptr_nonnull(stdout);
	explain_mtu(&mtu);
	fclose(stdout);
	stdout = old;
	return (out);
}

static void
explains(const char *text)
{
	char	*out = explained();

	ck_assert_str_eq(out, text);
	free(out);
}

START_TEST(over_udp)
{
	explains(
	    "site-b/lan, session 7/4294967295 on l2tp-lan, "
	    "peer 192.0.2.2:1701\n"
	    "  path MTU                  1500\n"
	    "  IPv4 header                -20\n"
	    "  UDP header                  -8\n"
	    "  flags and version           -4\n"
	    "  session id                  -4\n"
	    "  cookie                      -8\n"
	    "  L2-specific sublayer        -4\n"
	    "  Ethernet header            -14\n"
	    "  largest MTU               1438\n"
	    "  MTU (computed)            1438\n");
}
END_TEST

/* What is not there is not in the way; an interface may come later. */
START_TEST(over_ip)
{
	mtu.peer = (struct dp_addr){ .family = 6, .encap = L2TP_ENCAP_IP,
	    .ip = { 0x20, 1, 0xd, 0xb8, [15] = 2 } };
	mtu.name[0] = mtu.ifname[0] = '\0';
	mtu.guessed = 1;
	mtu.path = 1280;
	mtu.ip = 40;
	mtu.udp = mtu.flags = mtu.cookie = mtu.sublayer = 0;
	mtu.fits = 1222;
	mtu.mtu = mtu.configured = 1500;
	explains(
	    "site-b, session 7/4294967295, peer 2001:db8::2\n"
	    "  path MTU (a guess)        1280\n"
	    "  IPv6 header                -40\n"
	    "  session id                  -4\n"
	    "  Ethernet header            -14\n"
	    "  largest MTU               1222\n"
	    "  MTU (configured)          1500\n"
	    "  too large by 278: full frames go in fragments\n");
}
END_TEST

/* No interface has more, whatever the path. */
START_TEST(a_wide_path)
{
	char	*out = explained();

	ck_assert_ptr_null(strstr(out, "(a limit)"));
	free(out);
	mtu.path = 65536;
	mtu.fits = mtu.mtu = 9000;
	out = explained();
	ck_assert_ptr_nonnull(strstr(out,
	    "  largest MTU (a limit)     9000\n"));
	free(out);
}
END_TEST

/* Takes the object.  Each of these is in it. */
static void
has(struct json_object *o, const char *const *members, size_t n)
{
	const char	*text = json_object_to_json_string_ext(o,
			    JSON_C_TO_STRING_PLAIN);
	size_t		 i;

	for (i = 0; i < n; i++)
		ck_assert_msg(strstr(text, members[i]) != NULL,
		    "no %s in %s", members[i], text);
	json_object_put(o);
}

START_TEST(mtu_as_json)
{
	static const char *const	 members[] = {
		"\"tunnel\":\"site-b\"", "\"name\":\"lan\"",
		"\"interface\":\"l2tp-lan\"", "\"local_sid\":4294967295",
		"\"path_mtu\":1500", "\"path_mtu_known\":true",
		"\"ip_header\":20", "\"udp_header\":8",
		"\"flags_and_version\":4", "\"session_id\":4", "\"cookie\":8",
		"\"sublayer\":4", "\"ethernet_header\":14",
		"\"largest_mtu\":1438", "\"mtu\":1438",
		"\"configured\":false", "\"fits\":true"
	};
	static const char *const	 wrong[] = {
		"\"configured\":true", "\"fits\":false",
		"\"path_mtu_known\":false"
	};

	has(json_mtu(&mtu), members, sizeof(members) / sizeof(*members));
	mtu.mtu = mtu.configured = 1439;
	mtu.guessed = 1;
	has(json_mtu(&mtu), wrong, sizeof(wrong) / sizeof(*wrong));
}
END_TEST

START_TEST(tunnel_as_json)
{
	static const char *const	 dialled[] = {
		"\"mode\":\"dial\"", "\"dialled\":true", "\"version\":2",
		"\"encap\":\"udp\"", "\"digest\":\"none\""
	};
	static const char *const	 quiescent[] = {
		"\"mode\":\"quiescent\"", "\"version\":3", "\"encap\":\"ip\"",
		"\"digest\":\"hmac-sha1\"", "\"router_id\":9",
		"\"local_tid\":4294967295", "\"peer\":\"192.0.2.2\""
	};
	static const char *const	 strange[] = {
		"\"mode\":\"unknown\"", "\"digest\":\"unknown\""
	};
	struct ctl_tunnel		 t = { .mode = CTL_DIALLED,
					    .version = 2 };

	has(json_tunnel(&t), dialled, sizeof(dialled) / sizeof(*dialled));
	t.mode = CTL_QUIESCENT;
	t.version = 3;
	t.encap = t.peer.encap = L2TP_ENCAP_IP;
	t.peer.family = 4;
	memcpy(t.peer.ip, "\300\0\2\2", 4);
	t.digest = L2TP_DIGEST_SHA1;
	t.router_id = 9;
	t.local_tid = UINT32_MAX;
	has(json_tunnel(&t), quiescent,
	    sizeof(quiescent) / sizeof(*quiescent));
	t.mode = t.digest = 200;
	has(json_tunnel(&t), strange, sizeof(strange) / sizeof(*strange));
}
END_TEST

START_TEST(session_as_json)
{
	static const char *const	 eth[] = {
		"\"pseudowire\":\"eth\"", "\"mtu\":1438",
		"\"remote_end_id\":\"lan\"", "\"circuit\":\"inactive\"",
		"\"cookie\":\"8 octets\"", "\"peer_cookie\":\"4 octets\"",
		"\"l2spec\":\"default\"", "\"rx_cookie_discards\":1",
		"\"rx_seq_discards\":2", "\"rx_oos_packets\":3",
		"\"local_sid\":4294967295"
	};
	static const char *const	 ppp[] = {
		"\"pseudowire\":\"ppp\"", "\"circuit\":\"active\"",
		"\"cookie\":\"none\"", "\"l2spec\":\"none\""
	};
	struct ctl_session		 s = {
		.pseudowire = DP_PW_ETH, .mtu = 1438, .remote_end_id = "lan",
		.cookie_len = 8, .peer_cookie_len = 4, .l2spec = 1,
		.has_counters = 1, .rx_cookie_discards = 1,
		.rx_seq_discards = 2, .rx_oos_packets = 3,
		.local_sid = UINT32_MAX
	};

	has(json_session(&s), eth, sizeof(eth) / sizeof(*eth));
	memset(&s, 0, sizeof(s));
	s.pseudowire = DP_PW_PPP;
	s.circuit = 1;
	has(json_session(&s), ppp, sizeof(ppp) / sizeof(*ppp));
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("ctl_explain");
	TCase	*tc = tcase_create("ctl_explain");
	SRunner	*sr;
	int	 failed;

	tcase_add_test(tc, over_udp);
	tcase_add_test(tc, over_ip);
	tcase_add_test(tc, a_wide_path);
	tcase_add_test(tc, mtu_as_json);
	tcase_add_test(tc, tunnel_as_json);
	tcase_add_test(tc, session_as_json);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
