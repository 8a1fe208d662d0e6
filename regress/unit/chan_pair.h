/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Two channels without engines, a clock, and messages that are told apart
 * by one octet.  For the suites of the channel only, which include this
 * once each.
 */
#ifndef REGRESS_CHAN_PAIR_H
#define REGRESS_CHAN_PAIR_H

#include <check.h>
#include <string.h>

#include "chan.h"
#include "hdr.h"

#define NOW	5000
#define DELAY	100
#define BODY	"\200\010\0\0\0\0\0\006"	/* HELLO */

static struct l2tp_params params;
static struct chan a, b;
static struct pool pool;
static struct hdr h;
static uint64_t now;

static void
setup(void)
{
	memset(&params, 0, sizeof(params));
	params.window_size = 8;
	params.max_retries = 5;
	params.retry_ms = 1000;
	params.retry_cap_ms = 8000;
	pool_init(&pool);
	chan_init(&a, &params, 2);
	chan_init(&b, &params, 2);
	now = NOW;
}

static void
teardown(void)
{
	chan_flush(&a, &pool);
	chan_flush(&b, &pool);
	ck_assert_uint_eq(pool.n_queued, 0);
	pool_free(&pool);
}

/* A small message; its last octet tells it from others. */
static void
put(struct chan *c, uint8_t mark)
{
	uint8_t buf[HDR_CONTROL_LEN + 9];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	hdr_encode(&w, 2, 0, 0);
	wr_bytes(&w, BODY, 8);
	wr_u8(&w, mark);
	ck_assert_int_eq(chan_queue(c, &pool, buf, w.len), 0);
}

/* -1: nothing; -2: ZLB; else the mark of the message. */
static int
take(struct chan *c)
{
	uint8_t buf[L2TP_MAX_PACKET];
	struct wr w;
	struct rd r;

	wr_init(&w, buf, sizeof(buf));
	if (!chan_next(c, &w, 7, now))
		return (-1);
	rd_init(&r, buf, w.len);
	ck_assert_int_eq(hdr_decode(&r, &h), ERR_NONE);
	ck_assert_uint_eq(h.tid, 7);
	if (r.left == 0)
		return (-2);
	rd_skip(&r, 8);
	return (rd_u8(&r));
}

static enum chan_verdict
give(struct chan *c, uint16_t ns, uint16_t nr, int zlb)
{
	return (chan_input(c, &pool, ns, nr, zlb, DELAY, now));
}

#endif
