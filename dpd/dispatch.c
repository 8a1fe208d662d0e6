/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
#include "dpd.h"

static int
do_listen(const struct dpmsg *m, UNUSED struct own *o, struct dpmsg *reply)
{
	const struct dp_rule_listen	*rule = rule_get(m->u.listen.rule,
	    DP_RULE_LISTEN);

	if (rule == NULL)
		return (EACCES);
	reply->fd = sock_l2tp(&rule->local, 0, NULL);
	return (reply->fd != -1 ? 0 : errno);
}

static int
do_tunnel_open(const struct dpmsg *m, struct own *o, struct dpmsg *reply)
{
	const struct dp_tunnel_open	*p = &m->u.tunnel_open;

	if ((o = own_kept(NULL, p->rule, p, sizeof(*p))) == NULL &&
	    (o = own_new(NULL, p->rule, 0)) == NULL)
		return (EDQUOT);
	if (o->fd == -1 && (o->fd = sock_l2tp(&p->local, p->local_tid,
	    &p->peer)) == -1) {
		own_free(o);
		return (errno);
	}
	o->open = *p;
	reply->fd = o->fd;
	reply->u.handle_reply.handle = o->handle;
	return (0);
}

/* The port of a socket that is not connected is the one that answered. */
static int
do_tunnel_up(const struct dpmsg *m, struct own *t, UNUSED struct dpmsg *reply)
{
	const struct dp_tunnel_up	*p = &m->u.tunnel_up;
	const uint16_t			 encap = t->open.peer.encap;
	const struct kern_attr		 attrs[] = {
		{ L2TP_ATTR_PEER_CONN_ID, 4, &p->peer_tid },
		{ L2TP_ATTR_PROTO_VERSION, 1, &p->version },
		{ L2TP_ATTR_ENCAP_TYPE, 2, &encap },
		{ L2TP_ATTR_FD, 4, &t->fd }, { 0, 0, NULL }
	};
	struct own			 up = *t;
	int				 err;

	up.state = TUN_UP;
	up.version = p->version;
	up.local_tid = p->local_tid;
	up.peer_tid = p->peer_tid;
	up.open.peer.port |= p->peer_port;
	if (t->state == TUN_UP)
		return (t->version == up.version && t->local_tid ==
		    up.local_tid && t->peer_tid == up.peer_tid ? 0 : EEXIST);
	if ((t->open.peer.port == 0 && encap == 0) != (p->peer_port != 0) ||
	    (encap != 0 && t->open.local_tid != p->local_tid))
		return (EINVAL);
	if (own_tid_taken(p->local_tid))
		return (EEXIST);
	if (p->peer_port != 0 &&
	    sock_name(t->fd, &up.open.peer, 0, connect) == -1)
		return (errno);
	err = kern_call(L2TP_CMD_TUNNEL_CREATE, &up, attrs, NULL);
	if (err == 0)
		*t = up;
	return (err);
}

/* What is kept is found again; with its socket frames queue for pppd. */
static int
do_session_up(const struct dpmsg *m, struct own *t, struct dpmsg *reply)
{
	const struct dp_session_up	*p = &m->u.session_up;
	const struct dp_rule_session	*r = rule_get(p->rule, DP_RULE_SESSION);
	const int			 eth = r->pseudowire == DP_PW_ETH;
	const uint16_t			 pw = r->pseudowire;
	const uint64_t			 reorder_ms = p->reorder_ms;
	char				 ifname[IFNAMSIZ];
	const struct kern_attr		 attrs[] = {
		{ L2TP_ATTR_PEER_SESSION_ID, 4, &p->peer_sid },
		{ L2TP_ATTR_PW_TYPE, 2, &pw },
		{ L2TP_ATTR_LNS_MODE, 1, &p->lns_mode },
		{ L2TP_ATTR_RECV_TIMEOUT, 8, &reorder_ms },
		{ L2TP_ATTR_L2SPEC_TYPE, 1, &p->l2spec },
		{ L2TP_ATTR_COOKIE, p->cookie_len, p->cookie },
		{ L2TP_ATTR_PEER_COOKIE, p->peer_cookie_len, p->peer_cookie },
		{ L2TP_ATTR_IFNAME, eth ? IFNAMSIZ : 0, ifname }, { 0, 0, NULL }
	};
	struct own			*s;
	int				 err;

	s = own_kept(t, p->rule, p, offsetof(struct dp_session_up, mtu));
	if (s != NULL) {
		s->up.mtu = p->mtu;	/* the path's may have changed */
		reply->u.handle_reply.handle = s->handle;
		return (0);
	}
	if ((s = own_new(t, p->rule, p->local_sid)) == NULL)
		return (EDQUOT);
	s->up = *p;
	s->unit = !eth ? policy_limits->unit_first + s->slot :
	    r->max_sessions == 1 ? 0 : s->slot + 1;
	err = snprintf(ifname, sizeof(ifname), "%s%.0u", r->ifname,
	    s->unit) >= IFNAMSIZ ? ENAMETOOLONG :
	    kern_call(L2TP_CMD_SESSION_CREATE, s, attrs, NULL);
	if (err != 0)
		own_free(s);
	else if (eth ? (s->ifindex = kern_ifindex(ifname)) == 0 :
	    (s->fd = sock_pppox(s)) == -1) {
		err = errno;
		own_end(s);
	} else {
		reply->u.handle_reply.handle = s->handle;
		s->state = eth ? SESS_ETH : SESS_UP;
	}
	return (err);
}

static int
do_session_start(const struct dpmsg *m, struct own *s, struct dpmsg *reply)
{
	const struct dp_session_start	*p = &m->u.session_start;
	const struct dp_rule_session	*r = rule_get(s->rule, DP_RULE_SESSION);
	const struct kern_attr		 attrs[] = {
		{ L2TP_ATTR_SEND_SEQ, 1, &p->send_seq },
		{ L2TP_ATTR_RECV_SEQ, 1, &p->recv_seq }, { 0, 0, NULL }
	};
	struct dp_run			 run = { .slot = s->slot,
	    .unit = s->unit, .local_ip = r->local_ip,
	    .peer_ip = p->peer_ip,
	    .mtu = s->up.mtu != 0 ? s->up.mtu : r->mtu_max };
	int				 err;

	err = kern_call(L2TP_CMD_SESSION_MODIFY, s, attrs, NULL);
	if (err == 0 && s->state == SESS_ETH)
		err = kern_link(s, r, p->down);
	if (err != 0)
		return (err);
	reply->u.start_reply = (struct dp_start_reply){ 0, s->unit };
	if (s->state == SESS_ETH)
		return (0);
	memcpy(run.profile, r->profile, sizeof(run.profile));
	memcpy(run.number, p->number, sizeof(run.number));
	dpd_send(reply);		/* before pppd can notify ctld */
	dpd_start(DP_RUN_PPPD, &run, s->fd);
	s->fd = -1;
	s->state = SESS_RUNNING;
	return (DISPATCH_LATER);
}

static const struct dispatch_row {
	uint16_t	  type;
	int		  ends, states;	/* when stopping, too; a mask */
	const char	*(*policy)(const struct dpmsg *, const struct own *);
	int		(*action)(const struct dpmsg *, struct own *,
			    struct dpmsg *);
} dispatch_table[] = {
	{ DP_LISTEN, 0, 0, NULL, do_listen },
	{ DP_TUNNEL_OPEN, 0, 0, policy_may_open, do_tunnel_open },
	{ DP_TUNNEL_UP, 0, TUN_OPEN | TUN_UP, policy_may_up, do_tunnel_up },
	{ DP_TUNNEL_CLOSE, 1, TUN_OPEN | TUN_UP, NULL, own_end_asked },
	{ DP_SESSION_UP, 0, TUN_UP, policy_may_session, do_session_up },
	{ DP_SESSION_START, 0, SESS_UP | SESS_ETH, policy_may_start,
	    do_session_start },
	{ DP_SESSION_DOWN, 1, SESS_ANY, NULL, own_end_asked },
	{ DP_STATS, 1, TUN_UP | SESS_ANY, NULL, own_stats },
	{ 0, 0, 0, NULL, NULL }
};

/* NULL if it may be done; else why not, and err is the answer. */
static const char *
dispatch_fences(const struct dispatch_row *row, const struct dpmsg *m,
    const struct own *o, int32_t *err)
{
	*err = ESHUTDOWN;
	if (!row->ends && dpd.state != DPD_RUNNING)
		return ("stopping");
	*err = ENOENT;
	if (row->states != 0 &&
	    (o == NULL || ((int)o->state & row->states) == 0))
		return ("no such object in that state");
	*err = EACCES;
	return (row->policy == NULL ? NULL : row->policy(m, o));
}

int
dispatch(const struct dpmsg *m)
{
	const struct dp_addr		*peer = &m->u.tunnel_open.peer;
	const struct dispatch_row	*row = dispatch_table;
	struct dpmsg			 reply = { .type = m->type + 1,
	    .id = m->id, .fd = -1 };
	int32_t				*err = &reply.u.reply.err;
	const char			*why = "unpermitted";
	char				 text[INET6_ADDRSTRLEN] = "";
	struct own			*o;

	while (row->type != 0 && row->type != m->type)
		row++;
	if ((row->type == 0) != (dpd.state == DPD_PARSING) ||
	    (row->type == 0 && (why = policy_add(m)) != NULL)) {
		log_warnx("%s %s in state %d", why, m->name, (int)dpd.state);
		return (-1);
	}
	if (row->type == 0)
		return (0);
	/* A rule or a handle is the first field of all requests. */
	o = row->states != 0 ? own_find(m->u.stats.handle) : NULL;
	why = dispatch_fences(row, m, o, err);
	if (why == NULL && (*err = row->action(m, o, &reply)) > 0)
		why = "not possible";
	if (why != NULL) {
		if (m->type == DP_TUNNEL_OPEN)
			inet_ntop(peer->family == 4 ? AF_INET : AF_INET6,
			    peer->ip, text, sizeof(text));
		log_warnx("refused %s: %s: rule or handle %u %s: %s", m->name,
		    why, row->states != 0 ? m->u.stats.handle :
		    m->u.listen.rule, text, strerror(*err));
	}
	if (*err != DISPATCH_LATER)
		dpd_send(&reply);
	if (m->type == DP_LISTEN && reply.fd != -1)
		close(reply.fd);
	return (0);
}
