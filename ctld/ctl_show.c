/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Prints tables and JSON.  What peers said is made printable first: a host
 * name must not be able to move the operator's cursor.
 */
#include <arpa/inet.h>

#include <err.h>
#include <inttypes.h>
#include <json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_show.h"
#include "text.h"

#define SHOW_COLUMNS	10
#define SHOW_CELL	256
#define SHOW_TEXT	1024		/* the longest text, four times */

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

struct show_row {
	char	*cells[SHOW_COLUMNS];
};

/* What a request brings: its records, as a table and as JSON. */
struct show_kind {
	uint16_t	  request, record;
	size_t		  size;
	void		(*row)(const void *);
	struct json_object *(*json)(const void *);
	const char	 *header[SHOW_COLUMNS];
};

static struct show_state {
	const struct show_kind	*kind;
	int			 json;
	struct show_row		*rows;		/* the header is the first */
	size_t			 n_rows;
	struct json_object	*list;
} show_state;

static void	row_status(const void *);
static void	row_tunnel(const void *);
static void	row_session(const void *);
static struct json_object	*json_status(const void *);
static struct json_object	*json_tunnel(const void *);
static struct json_object	*json_session(const void *);
static void	show_row(void);
static void	show_table(void);
__attribute__((format(printf, 2, 3)))
static void	cell(size_t, const char *, ...);
static void	status_line(const char *, uint64_t);
static const char *text(const char *, size_t);
static const char *address(const struct dp_addr *);
static const char *address4(uint32_t);
static const char *duration(uint64_t);
static const char *bytes(uint64_t);
static void	put_text(struct json_object *, const char *, const char *,
		    size_t);
static void	put_int(struct json_object *, const char *, uint64_t);
static void	put_bool(struct json_object *, const char *, int);
static void	put_addr(struct json_object *, const char *,
		    const struct dp_addr *);
static void	put_ip(struct json_object *, const char *, uint32_t);

static const struct show_kind show_kinds[] = {
	{ CTL_SHOW_STATUS, CTL_STATUS, sizeof(struct ctl_status),
	    row_status, json_status, { NULL } },
	{ CTL_SHOW_TUNNELS, CTL_TUNNEL, sizeof(struct ctl_tunnel),
	    row_tunnel, json_tunnel,
	    { "TUNNEL", "NAME", "PEER", "HOST", "STATE", "FOR", "SESSIONS",
	    "REASON" } },
	{ CTL_SHOW_SESSIONS, CTL_SESSION, sizeof(struct ctl_session),
	    row_session, json_session,
	    { "SESSION", "NAME", "STATE", "FOR", "INTERFACE", "ADDRESS",
	    "USER", "RX", "TX", "REASON" } }
};

void
show_begin(uint16_t request, int json)
{
	size_t	 i;

	show_state.json = json;
	for (i = 0; i < nitems(show_kinds); i++)
		if (show_kinds[i].request == request)
			show_state.kind = &show_kinds[i];
	if (show_state.kind == NULL)
		return;
	if (json)
		show_state.list = json_object_new_array();
	else if (show_state.kind->header[0] != NULL) {
		show_row();
		for (i = 0; i < SHOW_COLUMNS; i++)
			if (show_state.kind->header[i] != NULL)
				cell(i, "%s", show_state.kind->header[i]);
	}
}

int
show_record(const struct imsg *m)
{
	const struct show_kind	*kind = show_state.kind;

	if (kind == NULL || m->hdr.type != kind->record ||
	    m->hdr.len != kind->size)
		return (-1);
	if (show_state.json)
		json_object_array_add(show_state.list, kind->json(m->data));
	else
		kind->row(m->data);
	return (0);
}

void
show_end(void)
{
	struct json_object	*out = show_state.list;

	if (show_state.kind == NULL)
		return;
	if (!show_state.json) {
		show_table();
		return;
	}
	/* There is one status, and any number of everything else. */
	if (show_state.kind->request == CTL_SHOW_STATUS)
		out = json_object_array_get_idx(out, 0);
	puts(json_object_to_json_string_ext(out, JSON_C_TO_STRING_PRETTY |
	    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(show_state.list);
}

static void
row_status(const void *data)
{
	struct ctl_status	 st;

	memcpy(&st, data, sizeof(st));
	printf("%-22s%s\n", "version", text(st.version, sizeof(st.version)));
	printf("%-22s%s\n", "up for", duration(st.uptime_ms));
	status_line("listeners", st.listening);
	printf("%-22s%u of %u\n", "tunnels", st.tunnels, st.max_tunnels);
	status_line("half-open tunnels", st.half_open);
	printf("%-22s%u of %u\n", "sessions", st.calls, st.max_sessions);
	printf("%-22s%u of %u\n", "pool addresses", st.pool_leased,
	    st.pool_size);
	status_line("datagrams received", st.received);
	status_line("datagrams sent", st.sent);
	status_line("not sent", st.unsent);
	status_line("malformed", st.malformed);
	status_line("of no tunnel", st.no_tunnel);
	status_line("from wrong source", st.wrong_source);
	status_line("data in the daemon", st.data);
	status_line("half-open dropped", st.half_open_dropped);
	status_line("tunnels refused", st.refused);
	status_line("  no peer matches", st.unmatched);
	status_line("rate-limited", st.limited);
	status_line("out of memory", st.no_memory);
}

static void
row_tunnel(const void *data)
{
	struct ctl_tunnel	 t;

	memcpy(&t, data, sizeof(t));
	show_row();
	if (t.local_tid != 0)
		cell(0, "%u/%u", t.local_tid, t.peer_tid);
	cell(1, "%s", text(t.name, sizeof(t.name)));
	cell(2, "%s", address(&t.peer));
	cell(3, "%s", text(t.host_name, sizeof(t.host_name)));
	cell(4, "%s", text(t.state, sizeof(t.state)));
	if (t.next_ms != 0)
		cell(5, "next in %s", duration(t.next_ms));
	else if (t.local_tid != 0)
		cell(5, "%s", duration(t.uptime_ms));
	cell(6, "%u", t.sessions);
	cell(7, "%s", text(t.reason, sizeof(t.reason)));
}

static void
row_session(const void *data)
{
	struct ctl_session	 s;

	memcpy(&s, data, sizeof(s));
	show_row();
	if (s.local_sid != 0)
		cell(0, "%u/%u", s.local_tid, s.local_sid);
	/* These two are names in our own configuration. */
	cell(1, "%.*s%s%.*s", (int)sizeof(s.tunnel), s.tunnel,
	    s.name[0] != '\0' ? "/" : "", (int)sizeof(s.name), s.name);
	cell(2, "%s", text(s.state, sizeof(s.state)));
	if (s.next_ms != 0)
		cell(3, "next in %s", duration(s.next_ms));
	else if (s.local_sid != 0)
		cell(3, "%s", duration(s.uptime_ms));
	cell(4, "%s", text(s.ifname, sizeof(s.ifname)));
	if (s.peer_ip != 0)
		cell(5, "%s", address4(s.peer_ip));
	cell(6, "%s", text(s.user, sizeof(s.user)));
	if (s.has_counters) {
		cell(7, "%s", bytes(s.rx_bytes));
		cell(8, "%s", bytes(s.tx_bytes));
	}
	cell(9, "%s", text(s.reason, sizeof(s.reason)));
}

static struct json_object *
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
	put_int(o, "data", st.data);
	put_int(o, "half_open_dropped", st.half_open_dropped);
	put_int(o, "refused", st.refused);
	put_int(o, "no_peer_matches", st.unmatched);
	put_int(o, "rate_limited", st.limited);
	put_int(o, "no_memory", st.no_memory);
	return (o);
}

static struct json_object *
json_tunnel(const void *data)
{
	struct json_object	*o = json_object_new_object();
	struct ctl_tunnel	 t;

	memcpy(&t, data, sizeof(t));
	put_text(o, "name", t.name, sizeof(t.name));
	put_text(o, "state", t.state, sizeof(t.state));
	put_bool(o, "dialled", t.dialled);
	put_int(o, "version", t.version);
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

static struct json_object *
json_session(const void *data)
{
	struct json_object	*o = json_object_new_object();
	struct ctl_session	 s;

	memcpy(&s, data, sizeof(s));
	put_text(o, "tunnel", s.tunnel, sizeof(s.tunnel));
	put_text(o, "name", s.name, sizeof(s.name));
	put_text(o, "state", s.state, sizeof(s.state));
	put_bool(o, "dialled", s.dialled);
	put_int(o, "local_tid", s.local_tid);
	put_int(o, "peer_tid", s.peer_tid);
	put_int(o, "local_sid", s.local_sid);
	put_int(o, "peer_sid", s.peer_sid);
	put_text(o, "interface", s.ifname, sizeof(s.ifname));
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
	put_int(o, "tx_packets", s.tx_packets);
	put_int(o, "tx_bytes", s.tx_bytes);
	put_int(o, "tx_errors", s.tx_errors);
	return (o);
}

static void
show_row(void)
{
	struct show_row	*rows;

	rows = reallocarray(show_state.rows, show_state.n_rows + 1,
	    sizeof(*rows));
	if (rows == NULL)
		err(1, NULL);
	show_state.rows = rows;
	memset(&rows[show_state.n_rows++], 0, sizeof(*rows));
}

/* Columns are as wide as their widest cell; the last has no end. */
static void
show_table(void)
{
	const char	*s;
	size_t		 i, j, width[SHOW_COLUMNS] = { 0 }, len, blanks;

	for (i = 0; i < show_state.n_rows; i++)
		for (j = 0; j < SHOW_COLUMNS; j++) {
			s = show_state.rows[i].cells[j];
			len = s != NULL && *s != '\0' ? strlen(s) : 1;
			width[j] = len > width[j] ? len : width[j];
		}
	for (i = 0; i < show_state.n_rows; i++) {
		for (j = blanks = 0; j < SHOW_COLUMNS &&
		    show_state.kind->header[j] != NULL; j++) {
			s = show_state.rows[i].cells[j];
			s = s != NULL && *s != '\0' ? s : "-";
			printf("%*s%s", (int)blanks, "", s);
			blanks = width[j] - strlen(s) + 2;
		}
		putchar('\n');
	}
}

static void
cell(size_t column, const char *fmt, ...)
{
	struct show_row	*row = &show_state.rows[show_state.n_rows - 1];
	char		 value[SHOW_CELL], *old = row->cells[column];
	va_list		 ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	if ((row->cells[column] = strdup(value)) == NULL)
		err(1, NULL);
	free(old);
}

static void
status_line(const char *name, uint64_t value)
{
	printf("%-22s%" PRIu64 "\n", name, value);
}

/* Printable; valid until the next call. */
static const char *
text(const char *s, size_t size)
{
	static char	 out[SHOW_TEXT];
	char		 in[SHOW_CELL];

	snprintf(in, sizeof(in), "%.*s", (int)strnlen(s, size), s);
	return (text_vis(in, out, sizeof(out)));
}

static const char *
address(const struct dp_addr *addr)
{
	static char	 out[INET6_ADDRSTRLEN + 24];
	char		 ip[INET6_ADDRSTRLEN] = "", scope[16] = "";

	if (addr->family == 0)
		return ("");
	inet_ntop(addr->family == 4 ? AF_INET : AF_INET6, addr->ip, ip,
	    sizeof(ip));
	if (addr->scope != 0)
		snprintf(scope, sizeof(scope), "%%%u", addr->scope);
	snprintf(out, sizeof(out), addr->family == 4 ? "%s%s:%u" :
	    "[%s%s]:%u", ip, scope, addr->port);
	return (out);
}

static const char *
address4(uint32_t ip)
{
	static char	 out[INET_ADDRSTRLEN];

	snprintf(out, sizeof(out), "%u.%u.%u.%u", ip >> 24, ip >> 16 & 0xff,
	    ip >> 8 & 0xff, ip & 0xff);
	return (out);
}

/* The two largest units: 3d04h, 1h02m, 5m09s, 12s. */
static const char *
duration(uint64_t ms)
{
	static char	 out[32];
	uint64_t	 s = (ms + 999) / 1000;

	if (s >= 86400)
		snprintf(out, sizeof(out), "%" PRIu64 "d%02" PRIu64 "h",
		    s / 86400, s % 86400 / 3600);
	else if (s >= 3600)
		snprintf(out, sizeof(out), "%" PRIu64 "h%02" PRIu64 "m",
		    s / 3600, s % 3600 / 60);
	else if (s >= 60)
		snprintf(out, sizeof(out), "%" PRIu64 "m%02" PRIu64 "s",
		    s / 60, s % 60);
	else
		snprintf(out, sizeof(out), "%" PRIu64 "s", s);
	return (out);
}

static const char *
bytes(uint64_t n)
{
	static const char	 units[] = "KMGTPE";
	static char		 out[24];
	size_t			 unit = 0;

	if (n < 1024) {
		snprintf(out, sizeof(out), "%" PRIu64 "B", n);
		return (out);
	}
	for (; n >= 1024 * 1024; n /= 1024)
		unit++;
	snprintf(out, sizeof(out), "%" PRIu64 ".%" PRIu64 "%c", n / 1024,
	    n % 1024 * 10 / 1024, units[unit]);
	return (out);
}

static void
put_text(struct json_object *o, const char *key, const char *s, size_t size)
{
	json_object_object_add(o, key, json_object_new_string(text(s, size)));
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
	    json_object_new_string(address(addr)));
}

static void
put_ip(struct json_object *o, const char *key, uint32_t ip)
{
	json_object_object_add(o, key, ip == 0 ? NULL :
	    json_object_new_string(address4(ip)));
}
