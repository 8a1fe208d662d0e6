/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Pseudowires.  A cookie has two directions: "cookie" is what our packets
 * carry, assigned by the peer; "peer_cookie" is what the peer's must carry,
 * assigned by us (RFC 3931 section 4.1; the kernel calls them the same).
 *
 * The interface of an Ethernet session is there while the session is, and is
 * up while the peer's circuit is active (RFC 3931 section 5.4.5) or, of a
 * quiescent tunnel, while the peer answers.  Its name is for one session: the
 * next one waits until dpd has taken the one before it down.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "addr.h"
#include "ctld.h"
#include "dp.h"
#include "idmap.h"
#include "log.h"
#include "loop.h"
#include "net.h"
#include "pseudowire.h"
#include "session_int.h"

/* Of a path that is not known; what RFC 8200 section 5 promises. */
#define PW_PATH_MTU4	1500
#define PW_PATH_MTU6	1280

static struct pw_globals {
	struct idmap	 by_rule;	/* who has the interface */
} pw_globals;

static void	pw_configured(struct session *, struct dp_session_up *);
static void	pw_negotiated(struct session *, struct dp_session_up *);
static int	pw_wanted(const struct session *);
static void	pw_synced(uint32_t, const struct dpmsg *);
static int	pw_is_exact(const struct tunnel *,
		    const struct conf_session *);

void
pw_init(const struct conf *conf)
{
	if (idmap_init(&pw_globals.by_rule, conf->max_sessions) == -1)
		fatal("calloc");
}

int
pw_is_eth(const struct session *s)
{
	return (s->conf->pseudowire == DP_PW_ETH);
}

void
pw_agreed(struct session *s, struct dp_session_up *m)
{
	struct pw_mtu	 mtu;

	if (tun_is_fixed(s->tun))
		pw_configured(s, m);
	else if (s->tun->version == 3)
		pw_negotiated(s, m);
	/*
	 * Who demands numbers sends them as well, which L2TPv3 permits: Linux
	 * takes one direction without them for a wish to have none at all.
	 * For the same reason L2TPv3 has nobody but LNSs, whom it obeys.
	 */
	s->send_seq |= s->recv_seq;
	m->lns_mode = s->tun->version == 3 || sess_is_lns(s);
	m->reorder_ms = (uint16_t)s->conf->reorder_ms;
	s->l2spec = m->l2spec;
	s->cookie_len = m->cookie_len;
	s->peer_cookie_len = m->peer_cookie_len;
	m->mtu = s->conf->mtu;
	if (pw_is_eth(s) && m->mtu == 0) {
		pw_mtu(s, &mtu);
		m->mtu = mtu.fits;
	}
	s->mtu = m->mtu;
}

static void
pw_configured(struct session *s, struct dp_session_up *m)
{
	const struct conf_session	*conf = s->conf;

	m->l2spec = conf->call.l2spec;
	s->send_seq = s->recv_seq = conf->seqnum;
	m->cookie_len = conf->cookie_len;
	memcpy(m->cookie, conf->cookie, conf->cookie_len);
	m->peer_cookie_len = conf->peer_cookie_len;
	memcpy(m->peer_cookie, conf->peer_cookie, conf->peer_cookie_len);
}

/* What is not known of a call that has just ended is not needed either. */
static void
pw_negotiated(struct session *s, struct dp_session_up *m)
{
	struct l2tp_call_info	 info;

	if (l2tp_call_get(ctld.engine, s->tun->local_tid, s->local_sid,
	    &info) == -1)
		return;
	m->l2spec = info.l2spec;
	s->send_seq = info.send_seq;
	s->recv_seq = info.recv_seq;
	m->cookie_len = info.peer_cookie_len;
	memcpy(m->cookie, info.peer_cookie, info.peer_cookie_len);
	m->peer_cookie_len = info.local_cookie_len;
	memcpy(m->peer_cookie, info.local_cookie, info.local_cookie_len);
}

/*
 * RFC 3931 sections 4.1.1 and 4.1.2: what goes in front of the frame.  Over
 * UDP the session id comes behind flags and version.
 */
void
pw_mtu(const struct session *s, struct pw_mtu *mtu)
{
	const struct l2tp_addr	*peer = &s->tun->remote;
	uint32_t		 overhead, fits = PW_MTU_MIN;

	memset(mtu, 0, sizeof(*mtu));
	mtu->path = net_path_mtu(s->tun->link, peer->family);
	mtu->guessed = mtu->path == 0;
	if (mtu->guessed)
		mtu->path = peer->family == 6 ? PW_PATH_MTU6 : PW_PATH_MTU4;
	mtu->ip = peer->family == 6 ? 40 : 20;
	if (peer->encap == L2TP_ENCAP_UDP) {
		mtu->udp = 8;
		mtu->flags = 4;
	}
	mtu->session_id = 4;
	mtu->cookie = s->cookie_len;
	mtu->sublayer = s->l2spec ? 4 : 0;
	mtu->ethernet = 14;
	overhead = (uint32_t)mtu->ip + mtu->udp + mtu->flags +
	    mtu->session_id + mtu->cookie + mtu->sublayer + mtu->ethernet;
	if (mtu->path > overhead + PW_MTU_MIN)
		fits = mtu->path - overhead;
	mtu->fits = (uint16_t)(fits < PW_MTU_MAX ? fits : PW_MTU_MAX);
}

static int
pw_wanted(const struct session *s)
{
	return (!s->conf->up || (s->circuit && !s->tun->silent));
}

/*
 * What changes while dpd is at it is seen when dpd is done.  An interface that
 * somebody else sets up and down gets all but that, once.
 */
void
pw_sync(struct session *s)
{
	struct dp_session_start	 m = {
		.handle = s->handle, .send_seq = s->send_seq,
		.recv_seq = s->recv_seq,
		.down = s->conf->up ? !pw_wanted(s) : DP_AS_IT_IS
	};

	if (!s->alive || !s->connected || ctld.stopping ||
	    (s->state != SESS_MADE && s->state != SESS_STARTED) ||
	    (s->state == SESS_STARTED && s->up == pw_wanted(s)))
		return;
	s->asked_up = m.down != 1;
	s->state = SESS_STARTING;
	dp_session_start(&m, pw_synced, s->key);
}

static void
pw_synced(uint32_t key, const struct dpmsg *m)
{
	struct session	*s = sess_by_key(key);
	char		 label[SESS_LABEL];

	if (m->u.start_reply.err != 0) {
		if (m->u.start_reply.err == ENODEV && *s->conf->bridge != '\0')
			log_warnx("%s: is there a bridge %s?",
			    sess_label(s, label), s->conf->bridge);
		s->state = SESS_MADE;
		s->up = 0;
		sess_refused(s, m->u.start_reply.err);
		return;
	}
	s->state = SESS_STARTED;
	s->up = s->asked_up;
	s->unit = m->u.start_reply.unit;
	if (!s->alive) {
		sess_release(s);
		return;
	}
	strlcpy(s->ifname, s->conf->ifname, sizeof(s->ifname));
	if (!pw_is_exact(s->tun, s->conf))
		(void)snprintf(s->ifname + strlen(s->ifname),
		    sizeof(s->ifname) - strlen(s->ifname), "%u", s->unit);
	s->since = loop_now();
	log_info("%s: %s on %s, MTU %u", sess_label(s, label),
	    s->up ? "up" : "down", s->ifname, s->mtu);
	if (s->call != NULL)
		dial_call_up(s->call);
	pw_sync(s);
}

/* Else the interface is one of several: the name is what it begins with. */
static int
pw_is_exact(const struct tunnel *t, const struct conf_session *conf)
{
	return (conf->pseudowire == DP_PW_ETH && (t->peer == NULL ||
	    conf != &t->peer->conf->session ||
	    t->peer->conf->max_sessions == 1));
}

/*
 * Who has the interface keeps it, as against a second call of the same peer
 * or one of another host.  But a peer that has lost its memory calls again
 * from the same host by a new tunnel, and an operator does not want to wait
 * until HELLO finds the old one dead: the call by the older tunnel ends.
 */
const char *
pw_claim(const struct tunnel *t, const struct conf_session *conf,
    uint16_t rule)
{
	static const char	 taken[] = "the interface is in use";
	struct session		*owner;
	char			 label[SESS_LABEL];

	owner = idmap_get(&pw_globals.by_rule, rule);
	if (!pw_is_exact(t, conf) || owner == NULL)
		return (NULL);
	if (owner->heir != NULL)
		return (taken);
	if (!owner->alive)
		return (NULL);
	if (owner->tun->key >= t->key ||
	    !addr_is_host(&owner->tun->remote, &t->remote))
		return (taken);
	strlcpy(owner->reason, "the peer has called again",
	    sizeof(owner->reason));
	log_info("%s: tunnel %u/%u replaces it", sess_label(owner, label),
	    t->local_tid, t->peer_tid);
	(void)sess_close(owner, L2TP_CDN_ADMIN, 0, owner->reason);
	return (NULL);
}

int
pw_enter(struct session *s)
{
	struct session	*owner;

	if (!pw_is_exact(s->tun, s->conf))
		return (0);
	owner = idmap_get(&pw_globals.by_rule, s->rule);
	if (owner == NULL)
		idmap_put(&pw_globals.by_rule, &s->by_rule, s->rule, s);
	else if (owner->heir == NULL)
		owner->heir = s;
	else
		return (-1);
	return (0);
}

int
pw_has_turn(const struct session *s)
{
	return (!pw_is_exact(s->tun, s->conf) ||
	    idmap_get(&pw_globals.by_rule, s->rule) == s);
}

struct session *
pw_leave(struct session *s)
{
	struct session	*heir = s->heir, *owner;

	if (!pw_is_exact(s->tun, s->conf))
		return (NULL);
	owner = idmap_get(&pw_globals.by_rule, s->rule);
	if (owner != s) {
		if (owner != NULL && owner->heir == s)
			owner->heir = NULL;
		return (NULL);
	}
	idmap_del(&pw_globals.by_rule, &s->by_rule);
	if (heir != NULL)
		idmap_put(&pw_globals.by_rule, &heir->by_rule, heir->rule,
		    heir);
	return (heir);
}
