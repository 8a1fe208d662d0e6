/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What septumctl is told, from where it is known: the records of ctlmsg.h.
 * Texts of peers are copied as they are; septumctl makes them printable.
 */
#include <string.h>

#include "addr.h"
#include "ctl_fill.h"
#include "ctld.h"
#include "loop.h"
#include "net.h"
#include "peer.h"
#include "pseudowire.h"

static void	fill_errors(const struct l2tp_call_errors *,
		    struct ctl_details *);
static void	fill_proxy(const struct l2tp_proxy *, struct ctl_details *);
static void	fill_line(const struct l2tp_line *, struct ctl_details *);
static uint8_t	tunnel_mode(const struct conf_tunnel *);
static const char *tunnel_state(const struct tunnel *);
static uint32_t	until(const struct loop_timer *);

void
fill_status(struct ctl_status *st)
{
	struct l2tp_stats	 e;

	l2tp_get_stats(ctld.engine, &e);
	strlcpy(st->version, SEPTUM_VERSION, sizeof(st->version));
	st->uptime_ms = loop_now() - ctld.started;
	st->listening = net_n_listening();
	st->tunnels = e.tunnels;
	st->half_open = e.half_open;
	st->calls = e.calls;
	st->max_tunnels = ctld.conf->max_tunnels;
	st->max_sessions = ctld.conf->max_sessions;
	peer_pools(&st->pool_leased, &st->pool_size);
	st->received = e.received;
	st->sent = e.sent;
	st->unsent = ctld.n_unsent;
	st->data = e.data;
	st->malformed = e.malformed;
	st->no_tunnel = e.no_tunnel;
	st->wrong_source = e.wrong_source;
	st->half_open_dropped = e.half_open_dropped;
	st->refused = e.refused;
	st->no_memory = e.no_memory;
	st->limited = ctld.n_limited;
	st->unmatched = ctld.n_unmatched;
	st->wrong_digest = e.wrong_digest;
}

void
fill_tunnel(const struct tunnel *t, struct ctl_tunnel *rec)
{
	struct l2tp_tunnel_info	 info;

	strlcpy(rec->name, tun_name(t), sizeof(rec->name));
	addr_from_l2tp(&t->local, &rec->local);
	addr_from_l2tp(&t->remote, &rec->peer);
	rec->local_tid = t->local_tid;
	rec->peer_tid = t->peer_tid;
	rec->mode = tunnel_mode(t->dialled);
	rec->version = t->version;
	rec->encap = t->remote.encap;
	rec->sessions = t->n_sessions;
	rec->uptime_ms = loop_now() - t->since;
	strlcpy(rec->state, tunnel_state(t), sizeof(rec->state));
	if (t->dial != NULL)
		strlcpy(rec->reason, t->dial->redial.reason,
		    sizeof(rec->reason));
	if (!t->in_engine || l2tp_tunnel_get(ctld.engine, t->local_tid,
	    &info) == -1)
		return;
	if (!info.fixed)
		strlcpy(rec->state, info.state, sizeof(rec->state));
	rec->version = info.version;
	rec->router_id = info.router_id;
	rec->digest = info.digest;
	strlcpy(rec->host_name, info.host_name, sizeof(rec->host_name));
	strlcpy(rec->vendor_name, info.vendor_name, sizeof(rec->vendor_name));
	rec->ns = info.ns;
	rec->nr = info.nr;
	rec->cwnd = info.cwnd;
	rec->peer_window = info.peer_window;
	rec->queued = info.queued;
	if (info.last_heard != 0)
		rec->quiet_ms = loop_now() - info.last_heard;
	rec->sent = info.sent;
	rec->received = info.received;
	rec->retransmitted = info.retransmitted;
	rec->duplicates = info.duplicates;
	rec->dropped = info.dropped;
}

static uint8_t
tunnel_mode(const struct conf_tunnel *conf)
{
	static const uint8_t	 modes[] = {
		[CONF_DIAL] = CTL_DIALLED,
		[CONF_STATIC] = CTL_STATIC,
		[CONF_QUIESCENT] = CTL_QUIESCENT
	};

	return (conf == NULL ? CTL_ANSWERED : modes[conf->mode]);
}

/* Of those that are dialled or offered, until the engine knows it better. */
static const char *
tunnel_state(const struct tunnel *t)
{
	if (t->offered)
		return ("opening");
	if (t->dial == NULL)
		return ("ending");
	return (t->silent ? "silent" : dial_state_name(t->dial->state));
}

void
fill_dial(const struct dial *d, struct ctl_tunnel *rec)
{
	strlcpy(rec->name, d->conf->name, sizeof(rec->name));
	strlcpy(rec->state, dial_state_name(d->state), sizeof(rec->state));
	strlcpy(rec->reason, d->redial.reason, sizeof(rec->reason));
	rec->mode = tunnel_mode(d->conf);
	rec->encap = d->conf->local.encap;
	if (rec->mode != CTL_DIALLED)
		rec->version = 3;
	if (d->state == DIAL_WAITING)
		rec->next_ms = until(&d->redial.timer);
}

void
fill_session(const struct session *s, struct ctl_session *rec)
{
	struct l2tp_call_info	 info;

	strlcpy(rec->tunnel, tun_name(s->tun), sizeof(rec->tunnel));
	strlcpy(rec->name, s->conf->name, sizeof(rec->name));
	strlcpy(rec->state, sess_state_name(s), sizeof(rec->state));
	rec->local_tid = s->tun->local_tid;
	rec->peer_tid = s->tun->peer_tid;
	rec->local_sid = s->local_sid;
	rec->peer_sid = s->peer_sid;
	rec->dialled = s->placed;
	rec->outgoing = s->outgoing;
	rec->sequencing = s->send_seq || s->recv_seq;
	rec->pseudowire = s->conf->pseudowire;
	rec->l2spec = s->l2spec;
	rec->circuit = s->circuit && !s->tun->silent;
	rec->cookie_len = s->cookie_len;
	rec->peer_cookie_len = s->peer_cookie_len;
	rec->mtu = s->mtu;
	rec->local_ip = s->local_ip;
	rec->peer_ip = s->peer_ip != 0 ? s->peer_ip : s->lease;
	rec->uptime_ms = loop_now() - s->since;
	memcpy(rec->ifname, s->ifname, sizeof(rec->ifname));
	memcpy(rec->user, s->user, sizeof(rec->user));
	strlcpy(rec->reason, s->call != NULL ? s->call->redial.reason :
	    s->reason, sizeof(rec->reason));
	if (s->alive && l2tp_call_get(ctld.engine, s->tun->local_tid,
	    s->local_sid, &info) == 0) {
		strlcpy(rec->calling, info.calling, sizeof(rec->calling));
		strlcpy(rec->called, info.called, sizeof(rec->called));
		if (info.remote_end_id.len > 0)
			strlcpy(rec->remote_end_id,
			    (const char *)info.remote_end_id.p,
			    sizeof(rec->remote_end_id));
	}
}

int
fill_details(const struct session *s, struct ctl_details *rec)
{
	struct l2tp_call_info	 info;

	if (!s->alive || l2tp_call_get(ctld.engine, s->tun->local_tid,
	    s->local_sid, &info) == -1)
		return (-1);
	strlcpy(rec->call_state, info.state, sizeof(rec->call_state));
	strlcpy(rec->sub_address, info.sub_address, sizeof(rec->sub_address));
	if (info.private_group.len > 0)
		strlcpy(rec->private_group,
		    (const char *)info.private_group.p,
		    sizeof(rec->private_group));
	rec->is_lns = (uint8_t)sess_is_lns(s);
	rec->is_v3 = s->tun->version == 3;
	rec->serial = info.serial;
	fill_errors(&info.errors, rec);
	if (rec->is_v3)
		return (0);
	rec->framing_type = info.framing_type;
	rec->bearer_type = info.bearer_type;
	rec->tx_speed = info.tx_speed;
	rec->rx_speed = info.rx_speed;
	rec->min_bps = info.min_bps;
	rec->max_bps = info.max_bps;
	rec->physical_channel = info.physical_channel;
	rec->accm_send = info.accm_send;
	rec->accm_receive = info.accm_receive;
	rec->has_accm = (info.accm_send & info.accm_receive) != UINT32_MAX;
	fill_proxy(&info.proxy, rec);
	fill_line(&info.line, rec);
	return (0);
}

static void
fill_errors(const struct l2tp_call_errors *e, struct ctl_details *rec)
{
	rec->crc = e->crc;
	rec->framing = e->framing;
	rec->hardware_overruns = e->hardware_overruns;
	rec->buffer_overruns = e->buffer_overruns;
	rec->timeouts = e->timeouts;
	rec->alignment = e->alignment;
}

/* What was proved with is nobody's business. */
static void
fill_proxy(const struct l2tp_proxy *proxy, struct ctl_details *rec)
{
	rec->initial_lcp = (uint16_t)proxy->initial_lcp.len;
	rec->last_sent_lcp = (uint16_t)proxy->last_sent_lcp.len;
	rec->last_received_lcp = (uint16_t)proxy->last_received_lcp.len;
	rec->proxy_type = proxy->type;
	rec->proxy_id = proxy->id;
	rec->challenge = (uint16_t)proxy->challenge.len;
	rec->response = (uint16_t)proxy->response.len;
	if (proxy->name.len > 0)
		strlcpy(rec->proxy_name, (const char *)proxy->name.p,
		    sizeof(rec->proxy_name));
}

static void
fill_line(const struct l2tp_line *line, struct ctl_details *rec)
{
	strlcpy(rec->agent_circuit_id, line->agent_circuit_id,
	    sizeof(rec->agent_circuit_id));
	strlcpy(rec->agent_remote_id, line->agent_remote_id,
	    sizeof(rec->agent_remote_id));
	rec->actual_rate_up = line->actual_rate_up;
	rec->actual_rate_down = line->actual_rate_down;
	rec->minimum_rate_up = line->minimum_rate_up;
	rec->minimum_rate_down = line->minimum_rate_down;
	rec->attainable_rate_up = line->attainable_rate_up;
	rec->attainable_rate_down = line->attainable_rate_down;
	rec->maximum_rate_up = line->maximum_rate_up;
	rec->maximum_rate_down = line->maximum_rate_down;
	rec->low_power_rate_up = line->low_power_rate_up;
	rec->low_power_rate_down = line->low_power_rate_down;
	rec->maximum_delay_up = line->maximum_delay_up;
	rec->actual_delay_up = line->actual_delay_up;
	rec->maximum_delay_down = line->maximum_delay_down;
	rec->actual_delay_down = line->actual_delay_down;
	rec->line_type = line->type;
	rec->iwf_session = line->iwf_session;
	rec->data_link = line->data_link;
	rec->encaps1 = line->encaps1;
	rec->encaps2 = line->encaps2;
}

void
fill_call(const struct dial_call *dc, struct ctl_session *rec)
{
	strlcpy(rec->tunnel, dc->dial->conf->name, sizeof(rec->tunnel));
	strlcpy(rec->name, dc->conf->name, sizeof(rec->name));
	strlcpy(rec->state, dc->dial->state == DIAL_UP ? "waiting" :
	    "no tunnel", sizeof(rec->state));
	strlcpy(rec->reason, dc->redial.reason, sizeof(rec->reason));
	rec->dialled = 1;
	rec->pseudowire = dc->conf->pseudowire;
	rec->next_ms = until(&dc->redial.timer);
}

void
fill_counters(const struct dp_stats_reply *stats, struct ctl_session *rec)
{
	rec->has_counters = stats->err == 0;
	rec->tx_packets = stats->n[DP_TX_PACKETS];
	rec->tx_bytes = stats->n[DP_TX_BYTES];
	rec->tx_errors = stats->n[DP_TX_ERRORS];
	rec->rx_packets = stats->n[DP_RX_PACKETS];
	rec->rx_bytes = stats->n[DP_RX_BYTES];
	rec->rx_errors = stats->n[DP_RX_ERRORS];
	rec->rx_cookie_discards = stats->n[DP_RX_COOKIE_DISCARDS];
	rec->rx_seq_discards = stats->n[DP_RX_SEQ_DISCARDS];
	rec->rx_oos_packets = stats->n[DP_RX_OOS_PACKETS];
}

void
fill_mtu(const struct session *s, struct ctl_mtu *rec)
{
	struct pw_mtu	 mtu;

	pw_mtu(s, &mtu);
	strlcpy(rec->tunnel, tun_name(s->tun), sizeof(rec->tunnel));
	strlcpy(rec->name, s->conf->name, sizeof(rec->name));
	memcpy(rec->ifname, s->ifname, sizeof(rec->ifname));
	addr_from_l2tp(&s->tun->remote, &rec->peer);
	rec->local_tid = s->tun->local_tid;
	rec->local_sid = s->local_sid;
	rec->path = mtu.path;
	rec->guessed = mtu.guessed;
	rec->ip = mtu.ip;
	rec->udp = mtu.udp;
	rec->flags = mtu.flags;
	rec->session_id = mtu.session_id;
	rec->cookie = mtu.cookie;
	rec->sublayer = mtu.sublayer;
	rec->ethernet = mtu.ethernet;
	rec->fits = mtu.fits;
	rec->mtu = s->mtu;
	rec->configured = s->conf->mtu;
}

static uint32_t
until(const struct loop_timer *timer)
{
	if (timer->pos == 0 || timer->at <= loop_now())
		return (0);
	return ((uint32_t)(timer->at - loop_now()));
}
