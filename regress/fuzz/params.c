/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Parameters from the bits of a script.  The times are short, and such that
 * a script of few steps can get from one to the next.
 */
#include <string.h>

#include "params.h"
#include "script.h"

#define PROXY_SHIFT	5	/* of CALL_PROXY */

static void	params_lac(struct l2tp_call_params *, uint16_t);
static void	params_pw(struct l2tp_call_params *, uint8_t);
static void	params_proxy(struct l2tp_proxy *, uint16_t);
static struct l2tp_octets some_octets(const char *);

/* The second is longer than a block of HMAC. */
#define LONG_SECRET \
	"zzuf, and as many more octets as it takes for HMAC to shorten its key"

const struct bytes params_secret[2] = {
	{ (const uint8_t *)"fuzz", 4 },
	{ (const uint8_t *)LONG_SECRET, sizeof(LONG_SECRET) - 1 }
};

/* Secrets, what is asked of the peer, forgiven it, and what it is told. */
void
params_tunnel(struct l2tp_params *p, uint16_t bits, uint8_t speak)
{
	static const struct l2tp_params common = {
		.host_name = "fuzz", .vendor_name = "septum",
		.firmware = 0x0100, .window_size = 4, .max_retries = 3,
		.framing_caps = L2TP_FRAMING_SYNC,
		.bearer_caps = L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG,
		.retry_ms = 1000, .retry_cap_ms = 8000, .hello_ms = 10000,
		.setup_ms = 15000, .router_id = 0x0a000001,
		.pw_types = { L2TP_PW_ETH, L2TP_PW_PPP }, .n_pw_types = 2
	};
	int i;

	*p = common;
	if (bits & SETUP_NARROW)
		p->window_size = 1;
	if (bits & SETUP_TERSE) {
		p->vendor_name = NULL;
		p->firmware = 0;
		p->bearer_caps = 0;
		p->hello_ms = 0;
		p->router_id = 0;
		p->n_pw_types = 1;
	}
	p->strict_port = (bits & SETUP_STRICT_PORT) != 0;
	p->tie_breaker = (bits & SETUP_TIE_BREAKER) != 0;
	p->quirks = bits & SETUP_QUIRKS;
	p->versions = speak & SPEAK_VERSIONS;
	if (speak & SPEAK_MD5)
		p->digests |= L2TP_DIGEST_MD5;
	if (speak & SPEAK_SHA1)
		p->digests |= L2TP_DIGEST_SHA1;
	if ((bits & SETUP_SECRET) == 0)
		return;
	for (i = 0; i < (bits & SETUP_OLDER ? 2 : 1); i++) {
		p->secret[i] = params_secret[i].p;
		p->secret_len[i] = params_secret[i].len;
	}
	p->challenge = (bits & SETUP_CHALLENGE) != 0;
	p->hide_avps = (bits & SETUP_HIDE) != 0;
}

void
params_call(struct l2tp_call_params *p, uint8_t versions, uint8_t bits)
{
	memset(p, 0, sizeof(*p));
	p->framing_type = L2TP_FRAMING_SYNC;
	p->bearer_type = L2TP_BEARER_DIGITAL;
	p->sequencing = (bits & CALL_SEQUENCING) != 0;
	p->outgoing = (bits & CALL_OUTGOING) != 0;
	if (bits & CALL_SPEEDS) {
		p->tx_speed = p->max_bps = 64000;
		p->rx_speed = p->min_bps = 56000;
	}
	if (bits & CALL_NUMBERS) {
		p->called = "1";
		p->calling = "2";
		p->sub_address = "3";
	}
	if (bits & CALL_LAC)
		params_lac(p, (bits & CALL_PROXY) >> PROXY_SHIFT);
	if (versions & L2TP_V3)
		params_pw(p, bits);
}

static void
params_pw(struct l2tp_call_params *p, uint8_t bits)
{
	p->pw_type = bits & CALL3_PPP ? L2TP_PW_PPP : L2TP_PW_ETH;
	p->remote_end_id = some_octets("circuit 17");
	if (bits & CALL3_COOKIE)
		p->cookie_len += 8;
	if (bits & CALL3_SHORT)
		p->cookie_len += 4;
	p->l2spec = (bits & CALL3_SUBLAYER) != 0;
	p->data_sequencing = bits & CALL3_SEQUENCING ? 2 : 0;
	p->circuit_down = (bits & CALL3_DOWN) != 0;
	p->session_tie = (bits & CALL3_TIE) != 0;
}

static void
params_lac(struct l2tp_call_params *p, uint16_t type)
{
	static struct l2tp_proxy proxy;

	p->physical_channel = 4;
	p->private_group = some_octets("group");
	params_proxy(&proxy, type);
	p->proxy = &proxy;
}

/* With more than any type needs. */
static void
params_proxy(struct l2tp_proxy *p, uint16_t type)
{
	p->initial_lcp = some_octets("\001\004\005\334");
	p->last_sent_lcp = some_octets("\003\004\300\043");
	p->last_received_lcp = some_octets("\005\006abcd");
	p->type = type;
	p->name = some_octets("name");
	p->challenge = some_octets("challenge");
	p->response = some_octets("response");
	p->id = 5;
}

static struct l2tp_octets
some_octets(const char *text)
{
	struct l2tp_octets o = { (const uint8_t *)text, strlen(text) };

	return (o);
}
