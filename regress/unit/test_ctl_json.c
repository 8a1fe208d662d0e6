/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Sessions as JSON: each field has its name, what is not known is not there,
 * and what a peer says cannot be anything but text.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "ctl_format.h"
#include "ctl_json.h"
#include "ctlmsg.h"
#include "l2tp.h"

/* Each value is another. */
static const struct ctl_details	 all = {
	.call_state = "established", .sub_address = "7",
	.private_group = "blue", .serial = 1, .framing_type = 3,
	.bearer_type = L2TP_BEARER_ANALOG, .tx_speed = 2, .rx_speed = 3,
	.min_bps = 4, .max_bps = 5, .physical_channel = 6,
	.accm_send = 0xa0000, .accm_receive = 0, .has_accm = 1, .is_lns = 1,
	.proxy_id = 7, .proxy_type = L2TP_PROXY_PAP, .initial_lcp = 8,
	.last_sent_lcp = 9, .last_received_lcp = 10, .challenge = 11,
	.response = 12, .proxy_name = "alice", .crc = 13, .framing = 14,
	.hardware_overruns = 15, .buffer_overruns = 16, .timeouts = 17,
	.alignment = 18, .agent_circuit_id = "port 1",
	.agent_remote_id = "house", .actual_rate_up = 19,
	.actual_rate_down = 20, .minimum_rate_up = 21,
	.minimum_rate_down = 22, .attainable_rate_up = 23,
	.attainable_rate_down = 24, .maximum_rate_up = 25,
	.maximum_rate_down = 26, .low_power_rate_up = 27,
	.low_power_rate_down = 1ULL << 40, .maximum_delay_up = 29,
	.actual_delay_up = 30, .maximum_delay_down = 31,
	.actual_delay_down = 32, .line_type = 33, .iwf_session = 34,
	.data_link = 35, .encaps1 = 36, .encaps2 = 37
};

static const char	 all_json[] =
    "{\"call_state\":\"established\",\"role\":\"lns\","
    "\"call_serial_number\":1,\"sub_address\":\"7\","
    "\"private_group_id\":\"blue\",\"physical_channel_id\":6,"
    "\"framing_type\":[\"sync\",\"async\"],\"bearer_type\":[\"analog\"],"
    "\"tx_connect_speed\":2,\"rx_connect_speed\":3,\"minimum_bps\":4,"
    "\"maximum_bps\":5,\"proxy\":{\"initial_lcp_size\":8,"
    "\"last_sent_lcp_size\":9,\"last_received_lcp_size\":10,"
    "\"authen_type\":\"pap\",\"authen_name\":\"alice\",\"authen_id\":7,"
    "\"authen_challenge_size\":11,\"authen_response_size\":12},"
    "\"access_line\":{\"agent_circuit_id\":\"port 1\","
    "\"agent_remote_id\":\"house\",\"actual_rate_up\":19,"
    "\"actual_rate_down\":20,\"minimum_rate_up\":21,"
    "\"minimum_rate_down\":22,\"attainable_rate_up\":23,"
    "\"attainable_rate_down\":24,\"maximum_rate_up\":25,"
    "\"maximum_rate_down\":26,\"low_power_rate_up\":27,"
    "\"low_power_rate_down\":1099511627776,\"maximum_delay_up\":29,"
    "\"actual_delay_up\":30,\"maximum_delay_down\":31,"
    "\"actual_delay_down\":32,\"type\":33,\"data_link\":35,"
    "\"encapsulation_1\":36,\"encapsulation_2\":37,\"iwf_session\":34},"
    "\"call_errors\":{\"crc\":13,\"framing\":14,\"hardware_overruns\":15,"
    "\"buffer_overruns\":16,\"timeouts\":17,\"alignment\":18},"
    "\"accm\":{\"send\":\"0x000a0000\",\"receive\":\"0x00000000\"}}";

static struct json_object	*object;

static void
setup(void)
{
	object = json_object_new_object();
}

static void
teardown(void)
{
	json_object_put(object);
}

static void
is(const char *text)
{
	ck_assert_str_eq(json_object_to_json_string_ext(object,
	    JSON_C_TO_STRING_PLAIN), text);
}

START_TEST(every_field)
{
	json_details(object, &all);
	is(all_json);
}
END_TEST

START_TEST(nothing_known)
{
	static const struct ctl_details	 none;

	json_details(object, &none);
	is("{\"role\":\"lac\"}");
}
END_TEST

/* A type that there is no name for is not shown. */
START_TEST(unknown_proxy)
{
	struct ctl_details	 d = { .proxy_type = 6, .response = 1 };

	json_details(object, &d);
	is("{\"role\":\"lac\",\"proxy\":{\"authen_response_size\":1}}");
}
END_TEST

/* Without an end, and with what would do harm on a terminal. */
START_TEST(hostile_texts)
{
	struct ctl_details	 d = { .call_state = "\"},\x1b[2J\n" };
	char			 want[512];

	memset(d.sub_address, 'x', sizeof(d.sub_address));
	json_details(object, &d);
	snprintf(want, sizeof(want), "{\"call_state\":\"\\\"},\\\\033[2J\\\\012"
	    "\",\"role\":\"lac\",\"sub_address\":\"%.*s\"}",
	    (int)sizeof(d.sub_address), d.sub_address);
	is(want);
}
END_TEST

START_TEST(a_session)
{
	struct ctl_session	 s = { .tunnel = "branches", .outgoing = 1,
	    .called = "5551" };
	struct json_object	*o = json_session(&s);

	ck_assert(json_object_get_boolean(json_object_object_get(o,
	    "outgoing")));
	ck_assert_str_eq(json_object_get_string(json_object_object_get(o,
	    "called_number")), "5551");
	ck_assert_ptr_null(json_object_object_get(o, "peer_ip"));
	json_details(o, &all);
	ck_assert_int_eq(json_object_get_int(json_object_object_get(o,
	    "call_serial_number")), 1);
	json_object_put(o);
}
END_TEST

int
main(void)
{
	Suite	*s = suite_create("ctl_json");
	TCase	*t = tcase_create("ctl_json");
	SRunner	*sr;
	int	 failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, every_field);
	tcase_add_test(t, nothing_known);
	tcase_add_test(t, unknown_proxy);
	tcase_add_test(t, hostile_texts);
	tcase_add_test(t, a_session);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
