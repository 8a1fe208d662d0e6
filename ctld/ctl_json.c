/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Records as JSON objects.  What is always there is null or "" if it is not
 * known; the details of a call, of which most calls have few, are not there
 * then.
 */
#include <stdio.h>
#include <string.h>

#include "ctl_format.h"
#include "ctl_json.h"
#include "ctlmsg.h"
#include "l2tp.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

static void	json_proxy(struct json_object *, const struct ctl_details *);
static void	json_line(struct json_object *, const struct ctl_details *);
static void	json_rates(struct json_object *, const struct ctl_details *);
static void	json_errors(struct json_object *, const struct ctl_details *);
static void	json_accm(struct json_object *, const struct ctl_details *);
static const char *name_of(const char *const *, size_t, uint8_t);
static void	put_text(struct json_object *, const char *, const char *,
		    size_t);
static void	put_int(struct json_object *, const char *, uint64_t);
static void	put_bool(struct json_object *, const char *, int);
static void	put_addr(struct json_object *, const char *,
		    const struct dp_addr *);
static void	put_ip(struct json_object *, const char *, uint32_t);
static void	known_text(struct json_object *, const char *, const char *,
		    size_t);
static void	known_int(struct json_object *, const char *, uint64_t);
static void	known_bits(struct json_object *, const char *, uint32_t,
		    const char *const [2]);
static void	known_object(struct json_object *, const char *,
		    struct json_object *);
static void	put_mask(struct json_object *, const char *, uint32_t);

static const char *const framing_names[] = { "sync", "async" };
static const char *const bearer_names[] = { "digital", "analog" };

static const char *const proxy_names[] = {
	[L2TP_PROXY_TEXT] = "text",
	[L2TP_PROXY_CHAP] = "chap",
	[L2TP_PROXY_PAP] = "pap",
	[L2TP_PROXY_NONE] = "none",
	[L2TP_PROXY_MSCHAPV1] = "mschapv1"
};

static const char *const digest_names[] = {
	[0] = "none",
	[L2TP_DIGEST_MD5] = "hmac-md5",
	[L2TP_DIGEST_SHA1] = "hmac-sha1"
};

/* By how many octets there are; they themselves are nobody's business. */
static const char *const cookie_names[] = {
	[0] = "none",
	[4] = "4 octets",
	[8] = "8 octets"
};

struct json_object *
json_status(const void *data)
{
	struct json_object	*o = json_object_new_object();
	struct ctl_status	 st;

	memcpy(&st, data, sizeof(st));
	put_text(o, "version", st.version, sizeof(st.version));
	put_int(o, "uptime_ms", st.uptime_ms);
	put_int(o, "listeners", st.listening);
	put_int(o, "tunnels", st.tunnels);
	put_int(o, "max_tunnels", st.max_tunnels);
	put_int(o, "half_open", st.half_open);
	put_int(o, "sessions", st.calls);
	put_int(o, "max_sessions", st.max_sessions);
	put_int(o, "pool_leased", st.pool_leased);
	put_int(o, "pool_size", st.pool_size);
	put_int(o, "received", st.received);
	put_int(o, "sent", st.sent);
	put_int(o, "not_sent", st.unsent);
	put_int(o, "malformed", st.malformed);
	put_int(o, "no_tunnel", st.no_tunnel);
	put_int(o, "wrong_source", st.wrong_source);
	put_int(o, "wrong_digest", st.wrong_digest);
	put_int(o, "data", st.data);
	put_int(o, "half_open_dropped", st.half_open_dropped);
	put_int(o, "refused", st.refused);
	put_int(o, "no_peer_matches", st.unmatched);
	put_int(o, "rate_limited", st.limited);
	put_int(o, "no_memory", st.no_memory);
	return (o);
}

struct json_object *
json_tunnel(const void *data)
{
	struct json_object	*o = json_object_new_object();
	struct ctl_tunnel	 t;

	memcpy(&t, data, sizeof(t));
	put_text(o, "name", t.name, sizeof(t.name));
	put_text(o, "state", t.state, sizeof(t.state));
	put_text(o, "mode", fmt_mode(t.mode), 16);
	put_bool(o, "dialled", t.mode != CTL_ANSWERED);
	put_int(o, "version", t.version);
	put_text(o, "encap", t.encap == L2TP_ENCAP_IP ? "ip" : "udp", 4);
	put_text(o, "digest", name_of(digest_names, nitems(digest_names),
	    t.digest), 16);
	put_int(o, "router_id", t.router_id);
	put_int(o, "local_tid", t.local_tid);
	put_int(o, "peer_tid", t.peer_tid);
	put_addr(o, "local", &t.local);
	put_addr(o, "peer", &t.peer);
	put_text(o, "host_name", t.host_name, sizeof(t.host_name));
	put_text(o, "vendor_name", t.vendor_name, sizeof(t.vendor_name));
	put_int(o, "sessions", t.sessions);
	put_int(o, "uptime_ms", t.uptime_ms);
	put_text(o, "reason", t.reason, sizeof(t.reason));
	put_int(o, "next_attempt_ms", t.next_ms);
	put_int(o, "ns", t.ns);
	put_int(o, "nr", t.nr);
	put_int(o, "cwnd", t.cwnd);
	put_int(o, "peer_window", t.peer_window);
	put_int(o, "queued", t.queued);
	put_int(o, "last_heard_ms", t.quiet_ms);
	put_int(o, "sent", t.sent);
	put_int(o, "received", t.received);
	put_int(o, "retransmitted", t.retransmitted);
	put_int(o, "duplicates", t.duplicates);
	put_int(o, "dropped", t.dropped);
	return (o);
}

struct json_object *
json_session(const void *data)
{
	struct json_object	*o = json_object_new_object();
	struct ctl_session	 s;

	memcpy(&s, data, sizeof(s));
	put_text(o, "tunnel", s.tunnel, sizeof(s.tunnel));
	put_text(o, "name", s.name, sizeof(s.name));
	put_text(o, "state", s.state, sizeof(s.state));
	put_bool(o, "dialled", s.dialled);
	put_bool(o, "outgoing", s.outgoing);
	put_int(o, "local_tid", s.local_tid);
	put_int(o, "peer_tid", s.peer_tid);
	put_int(o, "local_sid", s.local_sid);
	put_int(o, "peer_sid", s.peer_sid);
	put_text(o, "pseudowire", s.pseudowire == DP_PW_ETH ? "eth" : "ppp",
	    4);
	put_text(o, "interface", s.ifname, sizeof(s.ifname));
	put_int(o, "mtu", s.mtu);
	put_text(o, "remote_end_id", s.remote_end_id,
	    sizeof(s.remote_end_id));
	put_text(o, "circuit", s.circuit ? "active" : "inactive", 16);
	put_text(o, "cookie", name_of(cookie_names, nitems(cookie_names),
	    s.cookie_len), 16);
	put_text(o, "peer_cookie", name_of(cookie_names, nitems(cookie_names),
	    s.peer_cookie_len), 16);
	put_text(o, "l2spec", s.l2spec ? "default" : "none", 8);
	put_ip(o, "local_ip", s.local_ip);
	put_ip(o, "peer_ip", s.peer_ip);
	put_text(o, "user", s.user, sizeof(s.user));
	put_text(o, "calling_number", s.calling, sizeof(s.calling));
	put_text(o, "called_number", s.called, sizeof(s.called));
	put_bool(o, "sequencing", s.sequencing);
	put_int(o, "uptime_ms", s.uptime_ms);
	put_text(o, "reason", s.reason, sizeof(s.reason));
	put_int(o, "next_attempt_ms", s.next_ms);
	if (!s.has_counters)
		return (o);
	put_int(o, "rx_packets", s.rx_packets);
	put_int(o, "rx_bytes", s.rx_bytes);
	put_int(o, "rx_errors", s.rx_errors);
	put_int(o, "rx_cookie_discards", s.rx_cookie_discards);
	put_int(o, "rx_seq_discards", s.rx_seq_discards);
	put_int(o, "rx_oos_packets", s.rx_oos_packets);
	put_int(o, "tx_packets", s.tx_packets);
	put_int(o, "tx_bytes", s.tx_bytes);
	put_int(o, "tx_errors", s.tx_errors);
	return (o);
}

void
json_details(struct json_object *o, const void *data)
{
	struct ctl_details	 d;

	memcpy(&d, data, sizeof(d));
	known_text(o, "call_state", d.call_state, sizeof(d.call_state));
	if (!d.is_v3)
		known_text(o, "role", d.is_lns ? "lns" : "lac", 4);
	known_int(o, "call_serial_number", d.serial);
	known_text(o, "sub_address", d.sub_address, sizeof(d.sub_address));
	known_text(o, "private_group_id", d.private_group,
	    sizeof(d.private_group));
	known_int(o, "physical_channel_id", d.physical_channel);
	known_bits(o, "framing_type", d.framing_type, framing_names);
	known_bits(o, "bearer_type", d.bearer_type, bearer_names);
	known_int(o, "tx_connect_speed", d.tx_speed);
	known_int(o, "rx_connect_speed", d.rx_speed);
	known_int(o, "minimum_bps", d.min_bps);
	known_int(o, "maximum_bps", d.max_bps);
	json_proxy(o, &d);
	json_line(o, &d);
	json_errors(o, &d);
	json_accm(o, &d);
}

/* RFC 2661 section 4.4.5; never what a user has answered. */
static void
json_proxy(struct json_object *o, const struct ctl_details *d)
{
	struct json_object	*proxy = json_object_new_object();

	known_int(proxy, "initial_lcp_size", d->initial_lcp);
	known_int(proxy, "last_sent_lcp_size", d->last_sent_lcp);
	known_int(proxy, "last_received_lcp_size", d->last_received_lcp);
	if (d->proxy_type != 0 && d->proxy_type < nitems(proxy_names))
		put_text(proxy, "authen_type", proxy_names[d->proxy_type],
		    16);
	known_text(proxy, "authen_name", d->proxy_name,
	    sizeof(d->proxy_name));
	known_int(proxy, "authen_id", d->proxy_id);
	known_int(proxy, "authen_challenge_size", d->challenge);
	known_int(proxy, "authen_response_size", d->response);
	known_object(o, "proxy", proxy);
}

/* RFC 5515. */
static void
json_line(struct json_object *o, const struct ctl_details *d)
{
	struct json_object	*line = json_object_new_object();

	known_text(line, "agent_circuit_id", d->agent_circuit_id,
	    sizeof(d->agent_circuit_id));
	known_text(line, "agent_remote_id", d->agent_remote_id,
	    sizeof(d->agent_remote_id));
	json_rates(line, d);
	known_int(line, "maximum_delay_up", d->maximum_delay_up);
	known_int(line, "actual_delay_up", d->actual_delay_up);
	known_int(line, "maximum_delay_down", d->maximum_delay_down);
	known_int(line, "actual_delay_down", d->actual_delay_down);
	known_int(line, "type", d->line_type);
	known_int(line, "data_link", d->data_link);
	known_int(line, "encapsulation_1", d->encaps1);
	known_int(line, "encapsulation_2", d->encaps2);
	known_int(line, "iwf_session", d->iwf_session);
	known_object(o, "access_line", line);
}

static void
json_rates(struct json_object *line, const struct ctl_details *d)
{
	known_int(line, "actual_rate_up", d->actual_rate_up);
	known_int(line, "actual_rate_down", d->actual_rate_down);
	known_int(line, "minimum_rate_up", d->minimum_rate_up);
	known_int(line, "minimum_rate_down", d->minimum_rate_down);
	known_int(line, "attainable_rate_up", d->attainable_rate_up);
	known_int(line, "attainable_rate_down", d->attainable_rate_down);
	known_int(line, "maximum_rate_up", d->maximum_rate_up);
	known_int(line, "maximum_rate_down", d->maximum_rate_down);
	known_int(line, "low_power_rate_up", d->low_power_rate_up);
	known_int(line, "low_power_rate_down", d->low_power_rate_down);
}

/* RFC 2661 section 6.13: a WEN is sent when there were some. */
static void
json_errors(struct json_object *o, const struct ctl_details *d)
{
	struct json_object	*errors = json_object_new_object();

	known_int(errors, "crc", d->crc);
	known_int(errors, "framing", d->framing);
	known_int(errors, "hardware_overruns", d->hardware_overruns);
	known_int(errors, "buffer_overruns", d->buffer_overruns);
	known_int(errors, "timeouts", d->timeouts);
	known_int(errors, "alignment", d->alignment);
	known_object(o, "call_errors", errors);
}

static void
json_accm(struct json_object *o, const struct ctl_details *d)
{
	struct json_object	*accm;

	if (!d->has_accm)
		return;
	accm = json_object_new_object();
	put_mask(accm, "send", d->accm_send);
	put_mask(accm, "receive", d->accm_receive);
	json_object_object_add(o, "accm", accm);
}

struct json_object *
json_mtu(const void *data)
{
	struct json_object	*o = json_object_new_object();
	struct ctl_mtu		 m;

	memcpy(&m, data, sizeof(m));
	put_text(o, "tunnel", m.tunnel, sizeof(m.tunnel));
	put_text(o, "name", m.name, sizeof(m.name));
	put_int(o, "local_tid", m.local_tid);
	put_int(o, "local_sid", m.local_sid);
	put_text(o, "interface", m.ifname, sizeof(m.ifname));
	put_addr(o, "peer", &m.peer);
	put_int(o, "path_mtu", m.path);
	put_bool(o, "path_mtu_known", !m.guessed);
	put_int(o, "ip_header", m.ip);
	put_int(o, "udp_header", m.udp);
	put_int(o, "flags_and_version", m.flags);
	put_int(o, "session_id", m.session_id);
	put_int(o, "cookie", m.cookie);
	put_int(o, "sublayer", m.sublayer);
	put_int(o, "ethernet_header", m.ethernet);
	put_int(o, "largest_mtu", m.fits);
	put_int(o, "mtu", m.mtu);
	put_bool(o, "configured", m.configured != 0);
	put_bool(o, "fits", m.mtu <= m.fits);
	return (o);
}

/* The daemon need not be trusted to know the table's end. */
static const char *
name_of(const char *const *names, size_t n, uint8_t i)
{
	return (i < n && names[i] != NULL ? names[i] : "unknown");
}

static void
put_text(struct json_object *o, const char *key, const char *s, size_t size)
{
	json_object_object_add(o, key,
	    json_object_new_string(fmt_text(s, size)));
}

static void
put_int(struct json_object *o, const char *key, uint64_t value)
{
	json_object_object_add(o, key, json_object_new_uint64(value));
}

static void
put_bool(struct json_object *o, const char *key, int value)
{
	json_object_object_add(o, key, json_object_new_boolean(value));
}

static void
put_addr(struct json_object *o, const char *key, const struct dp_addr *addr)
{
	json_object_object_add(o, key, addr->family == 0 ? NULL :
	    json_object_new_string(fmt_addr(addr)));
}

static void
put_ip(struct json_object *o, const char *key, uint32_t ip)
{
	json_object_object_add(o, key, ip == 0 ? NULL :
	    json_object_new_string(fmt_ip(ip)));
}

static void
known_text(struct json_object *o, const char *key, const char *s, size_t size)
{
	if (*s != '\0')
		put_text(o, key, s, size);
}

static void
known_int(struct json_object *o, const char *key, uint64_t value)
{
	if (value != 0)
		put_int(o, key, value);
}

/* The names of the bits that are set, from the lowest. */
static void
known_bits(struct json_object *o, const char *key, uint32_t bits,
    const char *const names[2])
{
	struct json_object	*list;
	size_t			 i;

	if ((bits & 3) == 0)
		return;
	list = json_object_new_array();
	for (i = 0; i < 2; i++)
		if ((bits >> i & 1) != 0)
			json_object_array_add(list,
			    json_object_new_string(names[i]));
	json_object_object_add(o, key, list);
}

/* Takes it; unless it is empty. */
static void
known_object(struct json_object *o, const char *key, struct json_object *part)
{
	if (json_object_object_length(part) > 0)
		json_object_object_add(o, key, part);
	else
		json_object_put(part);
}

static void
put_mask(struct json_object *o, const char *key, uint32_t mask)
{
	char	 text[16];

	snprintf(text, sizeof(text), "0x%08x", mask);
	put_text(o, key, text, sizeof(text));
}
