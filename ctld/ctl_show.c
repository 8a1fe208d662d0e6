/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Prints what the daemon answers: a table, or JSON, or what is in the JSON
 * line by line.
 */
#include <err.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_explain.h"
#include "ctl_format.h"
#include "ctl_json.h"
#include "ctl_show.h"
#include "l2tp.h"

#define SHOW_COLUMNS	10
#define SHOW_CELL	256

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

struct show_row {
	char	*cells[SHOW_COLUMNS];
};

/* What a request brings: its records, as a table and as JSON. */
struct show_kind {
	uint16_t	  request, record;
	int		  single;	/* there is only one */
	size_t		  size;
	void		(*row)(const void *);	/* NULL: line by line */
	struct json_object *(*json)(const void *);
	const char	 *header[SHOW_COLUMNS];
};

static struct show_state {
	const struct show_kind	*kind;
	int			 json;
	size_t			 n_records;
	struct show_row		*rows;		/* the header is the first */
	size_t			 n_rows;
	struct json_object	*list;
} show_state;

static void	row_status(const void *);
static void	row_tunnel(const void *);
static void	row_session(const void *);
static void	show_row(void);
static void	show_table(void);
static void	show_json(void);
static void	show_lines(struct json_object *, int);
static void	show_value(struct json_object *);
__attribute__((format(printf, 2, 3)))
static void	cell(size_t, const char *, ...);
static void	status_line(const char *, uint64_t);

#define SESSION_HEADER	{ "SESSION", "NAME", "STATE", "FOR", "INTERFACE", \
			"ADDRESS", "USER", "RX", "TX", "REASON" }

static const struct show_kind show_kinds[] = {
	{ CTL_SHOW_STATUS, CTL_STATUS, 1, sizeof(struct ctl_status),
	    row_status, json_status, { NULL } },
	{ CTL_SHOW_TUNNELS, CTL_TUNNEL, 0, sizeof(struct ctl_tunnel),
	    row_tunnel, json_tunnel,
	    { "TUNNEL", "NAME", "KIND", "PEER", "HOST", "STATE", "FOR",
	    "SESSIONS", "REASON" } },
	{ CTL_SHOW_SESSIONS, CTL_SESSION, 0, sizeof(struct ctl_session),
	    row_session, json_session, SESSION_HEADER },
	{ CTL_SHOW_SESSION, CTL_SESSION, 1, sizeof(struct ctl_session),
	    NULL, json_session, { NULL } },
	{ CTL_CALL, CTL_SESSION, 1, sizeof(struct ctl_session),
	    row_session, json_session, SESSION_HEADER },
	{ CTL_EXPLAIN, CTL_MTU, 0, sizeof(struct ctl_mtu),
	    explain_mtu, json_mtu, { NULL } }
};

void
show_begin(uint16_t request, int json)
{
	size_t	 i;

	for (i = 0; i < nitems(show_kinds); i++)
		if (show_kinds[i].request == request)
			show_state.kind = &show_kinds[i];
	if (show_state.kind == NULL)
		return;
	show_state.json = json;
	if (json || show_state.kind->row == NULL)
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
	struct json_object	*list = show_state.list;
	size_t			 n = list != NULL ?
				    json_object_array_length(list) : 0;

	if (kind == NULL)
		return (-1);
	if (m->hdr.type == CTL_DETAILS && kind->record == CTL_SESSION &&
	    m->hdr.len == sizeof(struct ctl_details) && n > 0) {
		json_details(json_object_array_get_idx(list, n - 1), m->data);
		return (0);
	}
	if (m->hdr.type != kind->record || m->hdr.len != kind->size)
		return (-1);
	show_state.n_records++;
	if (list != NULL)
		json_object_array_add(list, kind->json(m->data));
	else
		kind->row(m->data);
	return (0);
}

void
show_end(void)
{
	if (show_state.kind == NULL)
		return;
	if (show_state.kind->single && show_state.n_records == 0)
		errx(1, "the daemon had nothing to say");
	if (show_state.json)
		show_json();
	else if (show_state.kind->row != NULL)
		show_table();
	else
		show_lines(json_object_array_get_idx(show_state.list, 0), 0);
	json_object_put(show_state.list);
}

static void
show_json(void)
{
	struct json_object	*out = show_state.list;

	if (show_state.kind->single)
		out = json_object_array_get_idx(out, 0);
	puts(json_object_to_json_string_ext(out, JSON_C_TO_STRING_PRETTY |
	    JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* What is known of an object, one member a line. */
static void
show_lines(struct json_object *o, int indent)
{
	json_object_object_foreach(o, name, value) {
		if (value == NULL || (json_object_is_type(value,
		    json_type_string) && json_object_get_string_len(value) ==
		    0))
			continue;
		if (json_object_is_type(value, json_type_object)) {
			printf("%*s%s\n", indent, "", name);
			show_lines(value, indent + 2);
			continue;
		}
		printf("%*s%-*s", indent, "", 28 - indent, name);
		show_value(value);
	}
}

static void
show_value(struct json_object *value)
{
	size_t	 i;

	if (!json_object_is_type(value, json_type_array)) {
		puts(json_object_get_string(value));
		return;
	}
	for (i = 0; i < json_object_array_length(value); i++)
		printf("%s%s", i > 0 ? ", " : "", json_object_get_string(
		    json_object_array_get_idx(value, i)));
	putchar('\n');
}

static void
row_status(const void *data)
{
	struct ctl_status	 st;

	memcpy(&st, data, sizeof(st));
	printf("%-22s%s\n", "version", fmt_text(st.version, sizeof(st.version)));
	printf("%-22s%s\n", "up for", fmt_duration(st.uptime_ms));
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
	status_line("with wrong digest", st.wrong_digest);
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
	cell(1, "%s", fmt_text(t.name, sizeof(t.name)));
	if (t.version != 0)
		cell(2, "%s v%u/%s", fmt_mode(t.mode), t.version,
		    t.encap == L2TP_ENCAP_IP ? "ip" : "udp");
	else
		cell(2, "%s", fmt_mode(t.mode));
	cell(3, "%s", fmt_addr(&t.peer));
	cell(4, "%s", fmt_text(t.host_name, sizeof(t.host_name)));
	cell(5, "%s", fmt_text(t.state, sizeof(t.state)));
	if (t.next_ms != 0)
		cell(6, "next in %s", fmt_duration(t.next_ms));
	else if (t.local_tid != 0)
		cell(6, "%s", fmt_duration(t.uptime_ms));
	cell(7, "%u", t.sessions);
	cell(8, "%s", fmt_text(t.reason, sizeof(t.reason)));
}

static void
row_session(const void *data)
{
	struct ctl_session	 s;
	char			 name[sizeof(s.tunnel) + sizeof(s.name) + 2];

	memcpy(&s, data, sizeof(s));
	show_row();
	if (s.local_sid != 0)
		cell(0, "%u/%u", s.local_tid, s.local_sid);
	snprintf(name, sizeof(name), "%.*s%s%.*s", (int)sizeof(s.tunnel),
	    s.tunnel, s.name[0] != '\0' ? "/" : "", (int)sizeof(s.name),
	    s.name);
	cell(1, "%s", fmt_text(name, sizeof(name)));
	cell(2, "%s", fmt_text(s.state, sizeof(s.state)));
	if (s.next_ms != 0)
		cell(3, "next in %s", fmt_duration(s.next_ms));
	else if (s.local_sid != 0)
		cell(3, "%s", fmt_duration(s.uptime_ms));
	cell(4, "%s", fmt_text(s.ifname, sizeof(s.ifname)));
	if (s.peer_ip != 0)
		cell(5, "%s", fmt_ip(s.peer_ip));
	cell(6, "%s", fmt_text(s.user, sizeof(s.user)));
	if (s.has_counters) {
		cell(7, "%s", fmt_bytes(s.rx_bytes));
		cell(8, "%s", fmt_bytes(s.tx_bytes));
	}
	cell(9, "%s", fmt_text(s.reason, sizeof(s.reason)));
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

