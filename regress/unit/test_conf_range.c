/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Every key with a range: its ends are taken and stored where they belong,
 * and what is next to them is refused, with one error and no more.
 */
#include "conf_common.h"

enum place {
	IN_CONF, IN_PEER, IN_TUNNEL, IN_PEER_SESSION, IN_SESSION, IN_FIXED,
	IN_FIXED_SESSION, N_PLACES
};

static const struct range {
	enum place	 place;
	const char	*key;		/* %s is the value */
	size_t		 offset, size;
	long long	 min, max;
	int		 zero;
} ranges[] = {
#define FIELD(s, f)	offsetof(struct s, f), sizeof(((struct s *)0)->f)
	{ IN_CONF, "limits: {tunnels: %lld}",
	    FIELD(conf, max_tunnels), 1, 4096, 0 },
	{ IN_CONF, "limits: {sessions: %lld}",
	    FIELD(conf, max_sessions), 1, 16384, 0 },
	{ IN_CONF, "limits: {half_open: %lld}",
	    FIELD(conf, max_half_open), 1, 65536, 0 },
	{ IN_CONF, "limits: {sccrq_per_second: %lld}",
	    FIELD(conf, sccrq_per_second), 1, 100000, 0 },
	{ IN_CONF, "limits: {ppp_starting: %lld}",
	    FIELD(conf, ppp_starting), 1, 1024, 0 },
	{ IN_PEER, "max_tunnels: %lld",
	    FIELD(conf_peer, max_tunnels), 1, 4096, 0 },
	{ IN_PEER, "max_sessions: %lld",
	    FIELD(conf_peer, max_sessions), 1, 16384, 0 },
	/* v2-5.8-18, v2-5.8-20, v3-4.2-15: 1 is the least */
	{ IN_PEER, "window_size: %lld",
	    FIELD(conf_peer, params.window_size), 1, 32768, 0 },
	{ IN_PEER, "hello_timeout: %lld",
	    FIELD(conf_peer, params.hello_ms), 1000, 3600000, 1 },
	{ IN_PEER, "retry_timeout: %lld",
	    FIELD(conf_peer, params.retry_ms), 100, 60000, 0 },
	{ IN_PEER, "max_retries: %lld",
	    FIELD(conf_peer, params.max_retries), 1, 1000, 0 },
	{ IN_PEER_SESSION, "mtu: %lld",
	    FIELD(conf_session, mtu), 128, 16384, 0 },
	{ IN_TUNNEL, "window_size: %lld",
	    FIELD(conf_tunnel, params.window_size), 1, 32768, 0 },
	{ IN_TUNNEL, "hello_timeout: %lld",
	    FIELD(conf_tunnel, params.hello_ms), 1000, 3600000, 1 },
	{ IN_TUNNEL, "retry_timeout: %lld",
	    FIELD(conf_tunnel, params.retry_ms), 100, 60000, 0 },
	{ IN_TUNNEL, "max_retries: %lld",
	    FIELD(conf_tunnel, params.max_retries), 1, 1000, 0 },
	{ IN_TUNNEL, "redial: {max: 24h, min: %lld}",
	    FIELD(conf_tunnel, redial_min_ms), 100, 86400000, 0 },
	{ IN_TUNNEL, "redial: {min: 100ms, max: %lld}",
	    FIELD(conf_tunnel, redial_max_ms), 100, 86400000, 0 },
	{ IN_SESSION, "mtu: %lld",
	    FIELD(conf_session, mtu), 128, 16384, 0 },
	{ IN_PEER, "router_id: %lld",
	    FIELD(conf_peer, params.router_id), 1, UINT32_MAX, 0 },
	/* v3-C-03 */
	{ IN_PEER_SESSION, "reorder_timeout: %lld",
	    FIELD(conf_session, reorder_ms), 1, 1000, 1 },
	{ IN_FIXED, "ptid: 1, tid: %lld",
	    FIELD(conf_tunnel, tid), 1, UINT32_MAX, 0 },
	{ IN_FIXED, "tid: 1, ptid: %lld",
	    FIELD(conf_tunnel, ptid), 1, UINT32_MAX, 0 },
	{ IN_FIXED, "tid: 1, ptid: 1, hello_timeout: %lld",
	    FIELD(conf_tunnel, params.hello_ms), 1000, 3600000, 1 },
	{ IN_FIXED, "tid: 1, ptid: 1, window_size: %lld",
	    FIELD(conf_tunnel, params.window_size), 1, 32768, 0 },
	{ IN_FIXED_SESSION, "psid: 1, sid: %lld",
	    FIELD(conf_session, sid), 1, UINT32_MAX, 0 },
	{ IN_FIXED_SESSION, "sid: 1, psid: %lld",
	    FIELD(conf_session, psid), 1, UINT32_MAX, 0 },
	{ IN_FIXED_SESSION, "sid: 1, psid: 1, mtu: %lld",
	    FIELD(conf_session, mtu), 68, 9000, 0 },
};

/* A file that has this text in one of its places. */
static struct conf *
parse_at(enum place place, const char *text)
{
	const char *at[N_PLACES] = {
		"", "", "", "", "", "tid: 1, ptid: 1", "sid: 1, psid: 1"
	};
	struct conf *conf;
	char *file;

	at[place] = text;
	ck_assert_int_ne(asprintf(&file,
	    "daemon: {control_group: root, %s}\n"
	    "peers: {p: {from: [0.0.0.0/0], session: "
	    "{pseudowire: ppp, profile: lns, %s}, %s}}\n"
	    "tunnels: {t: {peer: 192.0.2.1, sessions: {s: "
	    "{pseudowire: ppp, profile: isp, %s}}, %s},\n"
	    "  f: {mode: quiescent, local: 192.0.2.9, peer: 192.0.2.1, %s, "
	    "sessions: {s: {%s}}}}\n",
	    at[IN_CONF], at[IN_PEER_SESSION], at[IN_PEER], at[IN_SESSION],
	    at[IN_TUNNEL], at[IN_FIXED], at[IN_FIXED_SESSION]), -1);
	conf = parse_text(file);
	free(file);
	return (conf);
}

static const void *
object_at(const struct conf *conf, enum place place)
{
	const struct conf_tunnel *fixed;

	fixed = TAILQ_NEXT(TAILQ_FIRST(&conf->tunnels), entry);
	switch (place) {
	case IN_FIXED:
		return (fixed);
	case IN_FIXED_SESSION:
		return (TAILQ_FIRST(&fixed->sessions));
	case IN_PEER:
		return (TAILQ_FIRST(&conf->peers));
	case IN_PEER_SESSION:
		return (&TAILQ_FIRST(&conf->peers)->session);
	case IN_TUNNEL:
		return (TAILQ_FIRST(&conf->tunnels));
	case IN_SESSION:
		return (TAILQ_FIRST(
		    &TAILQ_FIRST(&conf->tunnels)->sessions));
	default:
		return (conf);
	}
}

static void
range_allows(const struct range *r, long long value)
{
	const uint8_t *field;
	struct conf *conf;
	char text[64];
	uint32_t u32;
	uint16_t u16;

	snprintf(text, sizeof(text), r->key, value);
	conf = parse_at(r->place, text);
	ck_assert_msg(conf != NULL, "%s: %s", text, reported);
	field = (const uint8_t *)object_at(conf, r->place) + r->offset;
	if (r->size == sizeof(u16)) {
		memcpy(&u16, field, sizeof(u16));
		u32 = u16;
	} else
		memcpy(&u32, field, sizeof(u32));
	ck_assert_int_eq(u32, value);
	conf_free(conf);
}

static void
range_denies(const struct range *r, long long value)
{
	char text[64];

	snprintf(text, sizeof(text), r->key, value);
	ck_assert_msg(parse_at(r->place, text) == NULL, "%s", text);
	ck_assert_uint_eq(n_reported, 1);
}

START_TEST(range)
{
	const struct range *r = &ranges[_i];

	range_allows(r, r->min);
	range_allows(r, r->max);
	range_denies(r, r->min - 1 == 0 && r->zero ? -1 : r->min - 1);
	range_denies(r, r->max + 1);
	range_denies(r, -r->min);
	range_denies(r, 1LL << 32);
	range_denies(r, (1LL << 32) + r->min);
	range_denies(r, INT64_MAX);
	if (r->zero)
		range_allows(r, 0);
	else
		range_denies(r, 0);
}
END_TEST

static const struct {
	const char	*text;
	uint32_t	 ms;
} durations[] = {
	{ "1000", 1000 }, { "1s", 1000 }, { "1500ms", 1500 }, { "2m", 120000 },
	{ "1h", 3600000 }, { "0", 0 }, { "0s", 0 }, { "\"5s\"", 5000 },
	{ "0005s", 5000 }
};

START_TEST(duration)
{
	struct conf *conf;
	char text[64];

	snprintf(text, sizeof(text), "hello_timeout: %s",
	    durations[_i].text);
	conf = parse_at(IN_TUNNEL, text);
	ck_assert_msg(conf != NULL, "%s: %s", text, reported);
	ck_assert_uint_eq(TAILQ_FIRST(&conf->tunnels)->params.hello_ms,
	    durations[_i].ms);
	conf_free(conf);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conf_range");
	TCase *t = tcase_create("range");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(t, range, 0, sizeof(ranges) / sizeof(ranges[0]));
	tcase_add_loop_test(t, duration, 0,
	    sizeof(durations) / sizeof(durations[0]));
	suite_add_tcase(s, t);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
