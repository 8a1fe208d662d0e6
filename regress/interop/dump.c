/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What two engines send each other, as a capture for other programs to read:
 *	dump SCENE [SPOIL] > FILE.pcap
 * or the names of the scenes, without one.  All control messages that septum
 * sends are in it.  SPOIL has the second AVP of each message made wrong, so
 * that a reader can be seen to notice: "length" or "type"; or, with "octet",
 * the last octet, which only a digest tells.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "l2tp.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

#define L2TP_PORT	1701
#define L2TP_PROTOCOL	115
#define STEP_MS		100
#define SETTLE_MS	1000
#define HELLO_MS	60000
#define PCAP_MAGIC	0xa1b2c3d4
#define LINKTYPE_RAW	101		/* begins with the IP header */
#define SECOND_AVP	20		/* behind header and Message Type */

struct scene {
	const char	*name;
	void		(*perform)(void);
	uint8_t		 versions[2];	/* of LAC and LNS; 0: L2TPv2 */
	uint8_t		 encap;
	uint8_t		 digests;
	uint8_t		 secret;	/* a challenge, in L2TPv2 */
	uint8_t		 hide;
	uint8_t		 refuse;	/* the SCCRQ */
};

static void	v2(void), v3(void), v3_fixed(void), refused(void);

#define BOTH	(L2TP_V2 | L2TP_V3)

static const struct scene scenes[] = {
	{ .name = "v2", .perform = v2 },
	{ .name = "v2-secret", .perform = v2, .secret = 1 },
	{ .name = "v2-hidden", .perform = v2, .secret = 1, .hide = 1 },
	{ .name = "v2-refused", .perform = refused, .refuse = 1 },
	/* RFC 3931 section 4.7.3: the other side chooses. */
	{ .name = "v2-dual", .perform = v2, .versions = { BOTH, L2TP_V2 } },
	{ .name = "v3-dual", .perform = v3, .versions = { BOTH, BOTH } },
	{ .name = "v3-udp", .perform = v3, .versions = { L2TP_V3, L2TP_V3 } },
	{ .name = "v3-md5", .perform = v3, .versions = { L2TP_V3, L2TP_V3 },
	    .secret = 1, .digests = L2TP_DIGEST_MD5 },
	{ .name = "v3-hidden", .perform = v3, .versions = { L2TP_V3, L2TP_V3 },
	    .secret = 1, .digests = L2TP_DIGEST_SHA1, .hide = 1 },
	{ .name = "v3-ip", .perform = v3, .versions = { L2TP_V3, L2TP_V3 },
	    .secret = 1, .digests = L2TP_DIGEST_SHA1,
	    .encap = L2TP_ENCAP_IP },
	/* RFC 3931 section 4.3: the secret is empty. */
	{ .name = "v3-integrity", .perform = v3,
	    .versions = { L2TP_V3, L2TP_V3 }, .digests = L2TP_DIGEST_MD5,
	    .encap = L2TP_ENCAP_IP },
	{ .name = "v3-refused", .perform = refused, .refuse = 1,
	    .versions = { L2TP_V3, L2TP_V3 } },
	{ .name = "v3-fixed", .perform = v3_fixed,
	    .versions = { L2TP_V3, L2TP_V3 }, .encap = L2TP_ENCAP_IP }
};

struct side {
	struct l2tp		*e;
	struct l2tp_params	 params;
	struct l2tp_addr	 addr;
	uint32_t		 tid, sid;	/* the latest */
};

static struct {
	const struct scene	*scene;
	const char		*spoil;
	struct side		 side[2];	/* LAC and LNS */
	uint64_t		 now;
	uint64_t		 seed;
} dump = { .spoil = "", .now = 1000 };

struct pcap_header {
	uint32_t	magic;
	uint16_t	major, minor;
	uint32_t	zone, accuracy, snaplen, linktype;
};

struct pcap_record {
	uint32_t	seconds, microseconds, captured, len;
};

#define UDP_HEADER	8
#define IP_HEADER	4		/* zero: a control message */

struct datagram {
	struct iphdr	ip;
	uint8_t		data[UDP_HEADER + L2TP_MAX_PACKET];
};

__attribute__((noreturn)) static void
die(const char *why)
{
	fprintf(stderr, "dump: %s\n", why);
	exit(1);
}

static void
must(int result, const char *what)
{
	if (result != 0)
		die(what);
}

/* splitmix64: the same octets each time. */
static void
put_random(void *arg, void *to, size_t len)
{
	uint64_t *seed = arg, z;
	uint8_t *p = to;

	while (len-- > 0) {
		z = (*seed += 0x9e3779b97f4a7c15ULL);
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
		*p++ = (uint8_t)(z >> 56);
	}
}

/* ---- the capture ---- */

static void
put(const void *p, size_t len)
{
	if (fwrite(p, len, 1, stdout) != 1)
		die("cannot write");
}

static void
put_header(void)
{
	const struct pcap_header h = { PCAP_MAGIC, 2, 4, 0, 0, 65535,
	    LINKTYPE_RAW };

	put(&h, sizeof(h));
}

static void
spoil(uint8_t *data, size_t len)
{
	if (len <= SECOND_AVP)
		return;
	if (strcmp(dump.spoil, "length") == 0)
		data[SECOND_AVP + 1]++;
	else if (strcmp(dump.spoil, "type") == 0)
		data[SECOND_AVP + 4] = 0x7f;
	else if (strcmp(dump.spoil, "octet") == 0)
		data[len - 1] ^= 1;
}

/* What is between the IP header and the message; its length. */
static size_t
put_encap(uint8_t *p, const struct l2tp_packet *pkt)
{
	const uint16_t	 udp[UDP_HEADER / 2] = {
		htons(pkt->path.local.port), htons(pkt->path.peer.port),
		htons((uint16_t)(UDP_HEADER + pkt->len))
	};

	if (pkt->path.local.encap == L2TP_ENCAP_IP)
		return (IP_HEADER);
	memcpy(p, udp, sizeof(udp));
	return (sizeof(udp));
}

static void
put_packet(const struct l2tp_packet *pkt)
{
	struct datagram		 d = { 0 };
	size_t			 head = put_encap(d.data, pkt);
	uint32_t		 len;
	struct pcap_record	 r;

	len = (uint32_t)(sizeof(d.ip) + head + pkt->len);
	r = (struct pcap_record){ (uint32_t)(dump.now / 1000),
	    (uint32_t)(dump.now % 1000) * 1000, len, len };
	d.ip.version = 4;
	d.ip.ihl = sizeof(d.ip) / 4;
	d.ip.ttl = 64;
	d.ip.protocol = pkt->path.local.encap == L2TP_ENCAP_IP ?
	    L2TP_PROTOCOL : IPPROTO_UDP;
	d.ip.tot_len = htons((uint16_t)len);
	memcpy(&d.ip.saddr, pkt->path.local.ip, sizeof(d.ip.saddr));
	memcpy(&d.ip.daddr, pkt->path.peer.ip, sizeof(d.ip.daddr));
	memcpy(d.data + head, pkt->data, pkt->len);
	spoil(d.data + head, pkt->len);
	put(&r, sizeof(r));
	put(&d, len);
}

/* ---- the two sides ---- */

static void
side_init(int i)
{
	static const uint8_t	 secret[] = { 'h', 'u', 's', 'h' };
	struct side		*s = &dump.side[i];
	const struct l2tp_config config = {
		.random = put_random, .random_arg = &dump.seed,
		.max_tunnels = 4, .max_calls = 4, .max_half_open = 4,
		.ack_delay_ms = STEP_MS
	};

	s->params = (struct l2tp_params){
		.host_name = i == 0 ? "lac.example.net" : "lns.example.net",
		.vendor_name = "septum", .firmware = 1,
		.window_size = 4, .max_retries = 3,
		.framing_caps = L2TP_FRAMING_SYNC | L2TP_FRAMING_ASYNC,
		.bearer_caps = L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG,
		.retry_ms = 1000, .retry_cap_ms = 8000, .hello_ms = HELLO_MS,
		.setup_ms = 20000, .tie_breaker = 1,
		.challenge = dump.scene->secret,
		.hide_avps = dump.scene->hide,
		.versions = dump.scene->versions[i],
		.digests = dump.scene->digests,
		.router_id = 0xc0000200 + (uint32_t)i,
		.pw_types = { L2TP_PW_ETH, L2TP_PW_PPP }, .n_pw_types = 2
	};
	if (dump.scene->secret) {
		s->params.secret[0] = secret;
		s->params.secret_len[0] = sizeof(secret);
	}
	s->addr = (struct l2tp_addr){ .family = 4,
	    .encap = dump.scene->encap,
	    .port = dump.scene->encap == L2TP_ENCAP_IP ? 0 : L2TP_PORT,
	    .ip = { 192, 0, 2, (uint8_t)(i + 1) } };
	s->e = l2tp_new(&config);
	if (s->e == NULL)
		die("no engine");
}

static const struct l2tp_call_params pseudowire = {
	.pw_type = L2TP_PW_ETH, .cookie_len = 8, .l2spec = 1,
	.data_sequencing = 2, .tx_speed = 1000000000, .rx_speed = 1000000000
};

static void
on_call_in(struct side *s, const struct l2tp_event *ev)
{
	static const struct l2tp_call_params answered = {
		.framing_type = L2TP_FRAMING_SYNC, .tx_speed = 64000,
		.rx_speed = 32000, .sequencing = 1
	};

	if (ev->tunnel->version == 3)
		must(l2tp_call_offer(s->e, ev->local_tid, ev->local_sid,
		    &pseudowire, dump.now), "pseudowire not offered");
	must(l2tp_call_accept(s->e, ev->local_tid, ev->local_sid, NULL,
	    dump.now), "call not accepted");
	if (ev->call->outgoing)
		must(l2tp_call_connect(s->e, ev->local_tid, ev->local_sid,
		    &answered, dump.now), "call not connected");
}

/* A call of our own that is answered; an outgoing one is placed by the peer. */
static void
on_call_reply(struct side *s, const struct l2tp_event *ev)
{
	if (!ev->call->outgoing)
		must(l2tp_call_accept(s->e, ev->local_tid, ev->local_sid,
		    NULL, dump.now), "answer not accepted");
}

static void
on_tunnel_in(struct side *s, const struct l2tp_event *ev)
{
	if (dump.scene->refuse)
		must(l2tp_tunnel_reject(s->e, ev->local_tid,
		    L2TP_STOP_NOT_AUTHORIZED, L2TP_ERROR_NONE,
		    "nobody may call", dump.now), "tunnel not refused");
	else
		must(l2tp_tunnel_accept(s->e, ev->local_tid, &s->params, NULL,
		    dump.now), "tunnel not accepted");
}

static void
on_event(struct side *s, const struct l2tp_event *ev)
{
	switch (ev->type) {
	case L2TP_EV_TUNNEL_IN:
		on_tunnel_in(s, ev);
		break;
	case L2TP_EV_TUNNEL_UP:
		s->tid = ev->local_tid;
		break;
	case L2TP_EV_CALL_IN:
		on_call_in(s, ev);
		break;
	case L2TP_EV_CALL_REPLY:
		on_call_reply(s, ev);
		break;
	case L2TP_EV_CALL_UP:
		s->sid = ev->local_sid;
		break;
	default:
		break;
	}
}

/* What one side has to send and to tell; 1 if it was something. */
static int
turn(int i)
{
	struct side		*s = &dump.side[i], *to = &dump.side[!i];
	struct l2tp_packet	 pkt;
	struct l2tp_event	 ev;
	struct l2tp_path	 path;
	int			 did = 0;

	for (; l2tp_next_packet(s->e, &pkt, dump.now); did = 1) {
		put_packet(&pkt);
		path.local = pkt.path.peer;
		path.peer = pkt.path.local;
		path.link = 1;
		l2tp_input(to->e, &path, pkt.data, pkt.len, dump.now);
	}
	for (; l2tp_next_event(s->e, &ev); did = 1)
		on_event(s, &ev);
	return (did);
}

static void
pass(uint64_t ms)
{
	uint64_t	 end = dump.now + ms;

	for (; dump.now < end; dump.now += STEP_MS) {
		l2tp_timeout(dump.side[0].e, dump.now);
		l2tp_timeout(dump.side[1].e, dump.now);
		while (turn(0) | turn(1))
			;
	}
}

/* ---- what they do ---- */

/* Octets of a text, without its NUL. */
static struct l2tp_octets
octets(const char *text)
{
	return ((struct l2tp_octets){ (const uint8_t *)text, strlen(text) });
}

static void
open_tunnel(void)
{
	struct side		*s = &dump.side[0];
	const struct l2tp_path	 path = { s->addr, dump.side[1].addr, 1 };

	must(l2tp_tunnel_open(s->e, &path, &s->params, NULL, dump.now,
	    &s->tid), "no tunnel");
	pass(SETTLE_MS);
}

static void
open_call(int i, const struct l2tp_call_params *params)
{
	struct side	*s = &dump.side[i];
	uint32_t	 sid;

	s->sid = 0;
	must(l2tp_call_open(s->e, s->tid, params, NULL, dump.now, &sid),
	    "no call");
	pass(SETTLE_MS);
	if (s->sid != sid)
		die("the call is not up");
}

static void
close_call(int i)
{
	struct side	*s = &dump.side[i];

	must(l2tp_call_close(s->e, s->tid, s->sid, L2TP_CDN_ERROR,
	    L2TP_ERROR_RESOURCES, "no more of it", dump.now), "not closed");
	pass(SETTLE_MS);
}

/* With everything that a LAC may tell of it. */
static void
incoming_call(void)
{
	struct l2tp_proxy	 proxy = { .type = L2TP_PROXY_CHAP, .id = 5 };
	struct l2tp_call_params	 params = {
		.framing_type = L2TP_FRAMING_SYNC,
		.bearer_type = L2TP_BEARER_DIGITAL, .tx_speed = 64000,
		.rx_speed = 32000, .called = "5551000", .calling = "5552000",
		.sequencing = 1, .sub_address = "17", .physical_channel = 7,
		.proxy = &proxy
	};

	proxy.initial_lcp = octets("\003\004\302\043");
	proxy.last_sent_lcp = octets("\005\006abcd");
	proxy.last_received_lcp = octets("\005\006efgh");
	proxy.name = octets("alice");
	proxy.challenge = octets("challenge");
	proxy.response = octets("0123456789abcdef");
	params.private_group = octets("customers");
	open_call(0, &params);
}

static void
outgoing_call(void)
{
	static const struct l2tp_call_params params = {
		.framing_type = L2TP_FRAMING_SYNC,
		.bearer_type = L2TP_BEARER_DIGITAL, .min_bps = 9600,
		.max_bps = 64000, .called = "5551000", .sub_address = "17",
		.outgoing = 1
	};

	open_call(1, &params);
}

static void
notices(void)
{
	static const struct l2tp_call_errors errors = { 1, 2, 3, 4, 5, 6 };
	const struct side *lac = &dump.side[0], *lns = &dump.side[1];

	must(l2tp_call_send_errors(lac->e, lac->tid, lac->sid, &errors,
	    dump.now), "no WEN");
	must(l2tp_call_send_accm(lns->e, lns->tid, lns->sid, 0xa0000,
	    0xffffffff, dump.now), "no SLI");
	pass(SETTLE_MS);
}

/* The other side's HELLO comes later, as it has heard ours. */
static void
hellos(void)
{
	pass(2 * HELLO_MS);
}

static void
close_tunnel(void)
{
	const struct side *s = &dump.side[0];

	must(l2tp_tunnel_close(s->e, s->tid, L2TP_STOP_SHUTDOWN,
	    L2TP_ERROR_NONE, "good bye", dump.now), "tunnel not closed");
	pass(SETTLE_MS);
}

static void
v2(void)
{
	open_tunnel();
	incoming_call();
	notices();
	close_call(0);
	outgoing_call();
	close_call(1);
	hellos();
	close_tunnel();
}

/* A pseudowire that one side asks for, in either way. */
static void
pseudowire_call(int i, int outgoing)
{
	struct l2tp_call_params	 params = pseudowire;

	params.remote_end_id = octets("lan");
	params.outgoing = (uint8_t)outgoing;
	params.session_tie = (uint8_t)!outgoing;
	open_call(i, &params);
}

static void
circuits(void)
{
	static const struct l2tp_call_errors errors = { 1, 2, 3, 4, 5, 6 };
	struct side	*s;
	int		 i;

	for (i = 0; i < 2; i++) {
		s = &dump.side[i];
		must(l2tp_call_send_circuit(s->e, s->tid, s->sid, 0,
		    dump.now), "no SLI");
		pass(SETTLE_MS);
		must(l2tp_call_send_circuit(s->e, s->tid, s->sid, 1,
		    dump.now), "no SLI");
		pass(SETTLE_MS);
	}
	s = &dump.side[0];
	must(l2tp_call_send_errors(s->e, s->tid, s->sid, &errors, dump.now),
	    "no WEN");
	pass(SETTLE_MS);
}

static void
v3(void)
{
	open_tunnel();
	pseudowire_call(0, 0);
	circuits();
	close_call(0);
	pseudowire_call(1, 1);
	close_call(1);
	hellos();
	close_tunnel();
}

static void
v3_fixed(void)
{
	struct side		*s;
	struct l2tp_path	 path;
	int			 i;

	for (i = 0; i < 2; i++) {
		s = &dump.side[i];
		s->tid = (uint32_t)i + 1;
		path = (struct l2tp_path){ s->addr, dump.side[!i].addr, 1 };
		must(l2tp_tunnel_fixed(s->e, &path, &s->params, NULL, dump.now,
		    s->tid, 2 - (uint32_t)i), "no fixed tunnel");
	}
	hellos();
}

static void
refused(void)
{
	open_tunnel();
}

static const struct scene *
find(const char *name)
{
	size_t	 i;

	for (i = 0; i < nitems(scenes); i++)
		if (strcmp(scenes[i].name, name) == 0)
			return (&scenes[i]);
	die("no such scene");
}

static void
names(void)
{
	size_t	 i;

	for (i = 0; i < nitems(scenes); i++)
		puts(scenes[i].name);
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		names();
		return (0);
	}
	dump.scene = find(argv[1]);
	if (argc > 2)
		dump.spoil = argv[2];
	side_init(0);
	side_init(1);
	put_header();
	dump.scene->perform();
	l2tp_free(dump.side[0].e);
	l2tp_free(dump.side[1].e);
	return (fflush(stdout) == 0 ? 0 : 1);
}
