/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Pulls events and packets out of the engine.  The engine calls nobody, so
 * a handler may do with it what it likes; what follows from that is pulled
 * in its turn.
 */
#include <stdlib.h>

#include "addr.h"
#include "ctld.h"
#include "log.h"
#include "loop.h"
#include "net.h"
#include "pump.h"
#include "session.h"
#include "tunnel.h"

#define PUMP_QUARANTINE_MS	60000
#define PUMP_ACK_DELAY_MS	100	/* RFC 2661 section 5.8: may wait */

static struct pump_state {
	struct loop_timer	 timer;
} pump_state;

static void	pump_random(void *, void *, size_t);
static void	pump_timer(void *);
static void	pump_state_changed(const struct l2tp_event *);
static void	pump_dropped(const struct l2tp_event *);

static void	(*const pump_handlers[])(const struct l2tp_event *) = {
	[L2TP_EV_TUNNEL_IN] = tun_in,
	[L2TP_EV_TUNNEL_UP] = tun_engine_up,
	[L2TP_EV_TUNNEL_DOWN] = tun_engine_down,
	[L2TP_EV_TUNNEL_GONE] = tun_engine_gone,
	[L2TP_EV_CALL_IN] = sess_in,
	[L2TP_EV_CALL_REPLY] = sess_replied,
	[L2TP_EV_CALL_UP] = sess_engine_up,
	[L2TP_EV_CALL_DOWN] = sess_engine_down,
	[L2TP_EV_CALL_ERRORS] = sess_errors,
	[L2TP_EV_CALL_ACCM] = sess_accm,
	[L2TP_EV_CALL_CIRCUIT] = sess_circuit,
	[L2TP_EV_TUNNEL_SILENT] = tun_engine_silent,
	[L2TP_EV_STATE] = pump_state_changed,
	[L2TP_EV_DROPPED] = pump_dropped
};

void
pump_init(const struct conf *conf)
{
	struct l2tp_config	 config = {
		.random = pump_random,
		/* Who is half-open takes no place from who may come up. */
		.max_tunnels = conf->max_tunnels + conf->max_half_open,
		.max_calls = conf->max_sessions,
		.max_half_open = conf->max_half_open,
		.quarantine_ms = PUMP_QUARANTINE_MS,
		.ack_delay_ms = PUMP_ACK_DELAY_MS
	};

	ctld.engine = l2tp_new(&config);
	if (ctld.engine == NULL ||
	    loop_timer_init(&pump_state.timer, pump_timer, NULL) == -1)
		fatal("engine");
}

void
pump_run(void)
{
	struct l2tp_packet	 pkt;
	struct l2tp_event	 ev;
	int			 more;

	do {
		more = 0;
		while (l2tp_next_event(ctld.engine, &ev)) {
			pump_handlers[ev.type](&ev);
			more = 1;
		}
		while (l2tp_next_packet(ctld.engine, &pkt, loop_now())) {
			net_send(&pkt);
			more = 1;
		}
	} while (more);
	loop_timer_set(&pump_state.timer, l2tp_next_deadline(ctld.engine));
}

static void
pump_timer(void *arg)
{
	(void)arg;
	l2tp_timeout(ctld.engine, loop_now());
}

static void
pump_random(void *arg, void *buf, size_t len)
{
	(void)arg;
	arc4random_buf(buf, len);
}

static void
pump_state_changed(const struct l2tp_event *ev)
{
	if (ev->local_sid == 0)
		log_debug("tunnel %u/%u: state change %s -> %s, reason: %s",
		    ev->local_tid, ev->peer_tid, ev->from, ev->to, ev->reason);
	else
		log_debug("tunnel %u/%u session %u/%u: state change %s -> %s, "
		    "reason: %s", ev->local_tid, ev->peer_tid, ev->local_sid,
		    ev->peer_sid, ev->from, ev->to, ev->reason);
}

static void
pump_dropped(const struct l2tp_event *ev)
{
	log_debug("tunnel %u/%u: dropped %s in state %s: %s", ev->local_tid,
	    ev->peer_tid, ev->from, ev->to, ev->reason);
}
