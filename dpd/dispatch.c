/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The request table: one row per message and one column per fence.  The
 * format was checked before; here a message must be allowed in this state of
 * dpd, name a tunnel and a session that exist and are in the right states,
 * and be within the rule that they were made by.  Only then does the last
 * column touch the kernel.  Whatever is refused is logged: the audit log.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "dispatch.h"
#include "kern.h"
#include "log.h"
#include "own.h"
#include "policy.h"
#include "sock.h"

#define LATER		(-1)		/* the answer is sent when it is done */
#define ENDS		(DPD_RUNNING | DPD_STOPPING)

struct request {
	const struct dpmsg	*m;
	struct dpmsg		 reply;
	uint32_t		 handle, id;	/* 0: none */
	uint16_t		 rule;
	int			 err;		/* for the reply */
	struct own		*t;		/* NULL: the row has none */
	struct own		*s;
};

static int
do_listen(struct request *r)
{
	const struct dp_rule_listen *l = policy_rule(r->rule, DP_RULE_LISTEN);

	return ((r->reply.fd = sock_listen(&l->local)) != -1 ? 0 : errno);
}

static int
do_tunnel_open(struct request *r)
{
	const struct dp_tunnel_open	*p = &r->m->u.tunnel_open;
	struct own			*t = own_new(NULL, r->rule, 0);

	if (t == NULL)
		return (EDQUOT);
	if ((r->reply.fd = t->fd = sock_tunnel(&p->local, &p->peer)) == -1) {
		own_free(t);
		return (errno);
	}
	r->reply.u.tunnel_open_reply.handle = t->handle;
	return (0);
}

static int
do_tunnel_up(struct request *r)
{
	const struct dp_tunnel_up	*p = &r->m->u.tunnel_up;
	int				 err;

	if (own_tid_taken(p->local_tid))
		return (EEXIST);
	if ((err = kern_tunnel_create(r->t->fd, p)) != 0)
		return (err);
	r->t->local_id = p->local_tid;
	r->t->peer_id = p->peer_tid;
	r->t->version = p->version;
	r->t->state = TUN_UP;
	return (0);
}

/* With the socket connected, frames queue until pppd reads them. */
static int
do_session_up(struct request *r)
{
	const struct dp_session_up	*p = &r->m->u.session_up;
	struct own			*s;
	int				 err;

	if (own_session(r->t, p->local_sid) != NULL)
		return (EEXIST);
	if ((s = own_new(r->t, p->rule, p->local_sid)) == NULL)
		return (EDQUOT);
	s->mtu = p->mtu;
	err = kern_session_create(r->t->local_id, r->t->version, p);
	if (err == 0 && (s->fd = sock_pppox(r->t->local_id,
	    r->t->peer_id, p->local_sid, p->peer_sid)) == -1) {
		err = errno;
		(void)kern_session_delete(r->t->local_id, p->local_sid);
	}
	if (err != 0)
		own_free(s);
	return (err);
}

static int
do_session_start(struct request *r)
{
	const struct dp_session_start	*p = &r->m->u.session_start;
	const struct dp_policy_end	*limits = policy_limits();
	const struct dp_rule_session	*rule;
	struct starter_msg		 m = { .slot = r->s->slot,
	    .unit = limits->unit_first + r->s->slot, .peer_ip = p->peer_ip };
	int				 err;

	if (own_starting >= limits->max_starting)
		return (EAGAIN);
	if ((p->send_seq || p->recv_seq) && (err = kern_session_sequence(
	    r->t->local_id, p->local_sid, p->send_seq, p->recv_seq)) != 0)
		return (err);
	rule = policy_rule(r->rule, DP_RULE_SESSION);
	m.local_ip = rule->local_ip;
	m.mtu = r->s->mtu != 0 ? r->s->mtu : rule->mtu_max;
	memcpy(m.profile, rule->profile, sizeof(m.profile));
	memcpy(m.number, p->number, sizeof(m.number));
	starter_send(STARTER_RUN_PPPD, &m, r->s->fd);
	r->s->fd = -1;
	r->s->state = SESS_STARTING;
	own_starting++;
	return (0);
}

static int
do_end(struct request *r)
{
	struct own	*o = r->s != NULL ? r->s : r->t;

	if (o->end_id != 0)
		return (EALREADY);
	o->end_id = r->m->id;
	own_end(o);
	return (LATER);
}

static int
do_stats(struct request *r)
{
	return (kern_stats(r->t->local_id, r->id, &r->reply.u.stats_reply));
}

/*
 * In which states of dpd it is done, and of which states may be the tunnel
 * and the session that it names, if it names them.  A policy column of NULL
 * means that the states say all.
 */
static const struct dispatch_row {
	uint16_t	  type;
	int		  dpd, states;		/* masks */
	const char	*(*policy)(const struct dpmsg *, uint16_t);
	int		(*action)(struct request *);
} dispatch_table[] = {
	{ DP_LISTEN, DPD_RUNNING, 0, policy_may_listen, do_listen },
	{ DP_TUNNEL_OPEN, DPD_RUNNING, 0, policy_may_open, do_tunnel_open },
	{ DP_TUNNEL_UP, DPD_RUNNING, TUN_OPEN, policy_may_up, do_tunnel_up },
	{ DP_TUNNEL_CLOSE, ENDS, TUN_OPEN | TUN_UP, NULL, do_end },
	{ DP_SESSION_UP, DPD_RUNNING, TUN_UP, policy_may_session,
	    do_session_up },
	{ DP_SESSION_START, DPD_RUNNING, TUN_UP | SESS_UP, policy_may_start,
	    do_session_start },
	{ DP_SESSION_DOWN, ENDS, TUN_UP | TUN_CLOSING | SESS_ANY, NULL,
	    do_end },
	{ DP_STATS, ENDS, TUN_UP | SESS_ANY, NULL, do_stats },
	{ 0, 0, 0, NULL, NULL }
};

/* NULL if done or to be done, else why r->err is the answer. */
static const char *
dispatch_fences(const struct dispatch_row *row, struct request *r, int state)
{
	const char	*why;

	r->err = ESHUTDOWN;
	if ((row->dpd & state) == 0)
		return ("stopping");
	r->err = ENOENT;
	if ((row->states & TUN_ANY) != 0) {
		r->t = own_find(r->handle);
		if (r->t == NULL || ((int)r->t->state & row->states) == 0)
			return ("no such tunnel in that state");
		r->rule = r->t->rule;
	}
	/* STATS with 0 is about the tunnel. */
	if ((row->states & SESS_ANY) != 0 &&
	    (r->m->type != DP_STATS || r->id != 0)) {
		r->s = own_session(r->t, r->id);
		if (r->s == NULL || ((int)r->s->state & row->states) == 0)
			return ("no such session in that state");
		r->rule = r->s->rule;
	}
	r->err = EACCES;
	if (row->policy != NULL && (why = row->policy(r->m, r->rule)) != NULL)
		return (why);
	r->err = row->action(r);
	return (r->err > 0 ? "not possible" : NULL);
}

int
dispatch(const struct dpmsg *m, enum dpd_state state)
{
	const struct dp_addr		*peer = &m->u.tunnel_open.peer;
	const struct dispatch_row	*row = dispatch_table;
	struct request			 r = { .m = m,
	    .reply = { .type = m->type + 1, .id = m->id, .fd = -1 } };
	const char			*why = "unpermitted";
	char				 text[INET6_ADDRSTRLEN] = "";

	while (row->type != 0 && row->type != m->type)
		row++;
	if (row->type == 0 || state == DPD_PARSING) {
		if (m->type >= DP_RULE_LISTEN && state == DPD_PARSING &&
		    (why = policy_add(m)) == NULL)
			return (0);
		log_warnx("%s %s in state %d", why, dpmsg_name(m->type),
		    (int)state);
		return (-1);
	}
	if (row->states == 0)
		r.rule = m->u.listen.rule;		/* or tunnel_open's */
	else {
		r.handle = m->u.stats.handle;		/* as all others */
		r.id = m->u.stats.local_sid;
	}
	if ((why = dispatch_fences(row, &r, (int)state)) != NULL) {
		if (m->type == DP_TUNNEL_OPEN)
			inet_ntop(peer->family == 4 ? AF_INET : AF_INET6,
			    peer->ip, text, sizeof(text));
		log_warnx("refused %s: %s: tunnel %u, id %u, rule %u %s: %s",
		    dpmsg_name(m->type), why, r.handle, r.id, r.rule, text,
		    strerror(r.err));
	}
	r.reply.u.reply.err = r.err;
	if (r.err != LATER)
		dpd_send(&r.reply);
	if (m->type == DP_LISTEN && r.reply.fd != -1)
		close(r.reply.fd);
	return (0);
}
