/* SPDX-License-Identifier: ISC */
/*
 * The configuration as parsed from the YAML file (septum.yaml(5)).
 *
 * conf_parse() is used three times: by the parser process (-C), which turns
 * it into policy records, by the running daemon, and by the checker (-n).
 * The order of everything is the order in the file, so that all three agree
 * on the indexes of rules.
 */
#ifndef CTLD_CONF_H
#define CTLD_CONF_H

#include <sys/queue.h>

#include <stddef.h>
#include <stdint.h>

#include "dpmsg.h"
#include "l2tp.h"

#define CONF_NAME_LEN	32		/* with NUL */
#define CONF_HOST_LEN	256		/* with NUL */

struct conf_pool {
	TAILQ_ENTRY(conf_pool)	 entry;
	char			 name[CONF_NAME_LEN];
	uint32_t		 local_ip;		/* host order */
	uint8_t			 n_ranges;
	struct dp_range		 ranges[DP_MAX_RANGES];
};

TAILQ_HEAD(conf_sessions, conf_session);

/* A session as a peer may get it, as we place it, or as it is for ever. */
struct conf_session {
	TAILQ_ENTRY(conf_session) entry;
	char			 name[CONF_NAME_LEN];	/* "": any call */
	uint8_t			 pseudowire;	/* DP_PW_PPP, DP_PW_ETH */
	uint8_t			 seqnum;
	uint8_t			 on_demand;	/* for outgoing calls */
	uint16_t		 mtu;			/* 0: default */
	/*
	 * In the policy; of a peer's session behind the session_rule of
	 * whichever listener allows it.
	 */
	uint16_t		 rule;
	uint32_t		 reorder_ms;		/* 0..1000 */
	char			 profile[CONF_NAME_LEN];	/* PPP */
	const struct conf_pool	*pool;			/* NULL: none */
	/*
	 * With remote_end_id (L2TPv3) the call is that of this end id, else
	 * any.  Static and quiescent sessions have pw_type and l2spec only.
	 */
	struct l2tp_call_params	 call;
	/* Ethernet: */
	uint8_t			 up;	/* whenever session and circuit are */
	uint8_t			 n_addrs;
	/* Of a peer's session for any call: what a number is put behind. */
	char			 ifname[DP_IFNAME_LEN];
	char			 bridge[DP_IFNAME_LEN];	/* "": none */
	struct dp_prefix	 addrs[DP_MAX_ADDRS];
	/* Static and quiescent: */
	uint32_t		 sid, psid;		/* ours, the peer's */
	uint8_t			 cookie_len, peer_cookie_len;	/* 0, 4, 8 */
	uint8_t			 cookie[DP_COOKIE_LEN];	/* that we send */
	uint8_t			 peer_cookie[DP_COOKIE_LEN]; /* it has to */
};

/* Who may call. */
struct conf_peer {
	TAILQ_ENTRY(conf_peer)	 entry;
	char			 name[CONF_NAME_LEN];
	uint8_t			 n_from;
	struct dp_prefix	 from[DP_MAX_PREFIXES];
	char			 host_name[CONF_HOST_LEN];	/* glob */
	uint16_t		 max_tunnels, max_sessions;
	uint8_t			 outgoing;	/* it may have us place calls */
	/* What listeners make theirs of; see struct conf_listen_peer. */
	struct l2tp_params	 params;
	uint8_t			 has_digest;	/* or it is the default */
	uint8_t			 has_session;
	struct conf_session	 session;	/* of calls not in sessions */
	struct conf_sessions	 sessions;	/* L2TPv3: by Remote End ID */
	size_t			 n_rules;	/* of all of these */
};

/* A listener's permission for a peer has a tunnel rule of its own. */
struct conf_listen_peer {
	const struct conf_peer	*peer;
	/* The peer's, with versions and digests as they are here. */
	struct l2tp_params	 params;
	uint16_t		 tunnel_rule;
	uint16_t		 session_rule;	/* the first one */
};

struct conf_listen {
	TAILQ_ENTRY(conf_listen) entry;
	char			 name[CONF_NAME_LEN];
	struct dp_addr		 local;		/* with the encapsulation */
	uint8_t			 versions;	/* L2TP_V2, L2TP_V3 */
	uint16_t		 rule;
	size_t			 n_peers;
	struct conf_listen_peer	*peers;		/* tried in order */
};

struct conf_endpoint {
	char			 host[CONF_HOST_LEN];	/* name or address */
	struct dp_addr		 addr;		/* family 0: to be resolved;
						 * encap is there as well */
	uint16_t		 port;		/* 0 over IP */
};

enum conf_mode {
	CONF_DIAL = 1,		/* by messages of the control connection */
	CONF_STATIC,		/* L2TPv3 by ids that both sides know */
	CONF_QUIESCENT		/* and with HELLO */
};

/* A tunnel that we dial, or that is just there. */
struct conf_tunnel {
	TAILQ_ENTRY(conf_tunnel) entry;
	char			 name[CONF_NAME_LEN];
	uint8_t			 mode;		/* enum conf_mode */
	uint32_t		 tid, ptid;	/* 0 if dialled */
	/* Family 0: any, any port; encap is there all the same. */
	struct dp_addr		 local;
	const struct conf_listen *listen;	/* what comes there for others
						 * is for this; or NULL */
	size_t			 n_peers;	/* 1 unless dialled */
	struct conf_endpoint	*peers;		/* by priority */
	uint32_t		 redial_min_ms, redial_max_ms;
	uint16_t		 rule;
	uint8_t			 outgoing;	/* as that of a peer */
	uint8_t			 fallback;	/* to L2TPv2 */
	struct l2tp_params	 params;
	struct conf_sessions	 sessions;
	const struct conf_session *on_demand;	/* one of them, or NULL */
};

/* A string that something in struct conf points to. */
struct conf_text {
	SLIST_ENTRY(conf_text)	 entry;
	size_t			 size;		/* with NUL */
	char			 text[];
};

struct conf {
	uint8_t			 log_level;	/* enum log_level */
	uint32_t		 control_gid;
	uint32_t		 max_tunnels, max_sessions, max_half_open;
	uint32_t		 sccrq_per_second;
	uint32_t		 ppp_starting;
	int			 needs_resolver;
	int			 has_secrets;
	TAILQ_HEAD(, conf_listen) listens;
	TAILQ_HEAD(, conf_peer)	 peers;
	TAILQ_HEAD(, conf_pool)	 pools;
	TAILQ_HEAD(, conf_tunnel) tunnels;
	SLIST_HEAD(, conf_text)	 texts;		/* owns all const char * */
};

/*
 * Reads the file from its first octet, wherever the descriptor stands; the
 * descriptor stays the caller's.  To be freed; NULL with errno, EFBIG if it
 * is larger than DP_MAX_CONFIG.
 */
char		*conf_read(int, size_t *);

/*
 * Parses a whole file.  Every error is reported as one line
 * "name:line:col: path: what is wrong" through report(); NULL if there was
 * one.  A line whose text begins with "warning: " is none.  The name is only
 * for those lines.
 *
 * Groups, interfaces and our host name are looked up, which takes files and
 * sockets: the running daemon parses before it confines itself.
 */
struct conf	*conf_parse(const char *name, const char *text, size_t len,
		    void (*report)(const char *line));
void		 conf_free(struct conf *);	/* secrets are wiped */
/*
 * Whether a file of this mode may hold what was found in it: 1, or 0 after
 * the complaint, because others could read a secret.
 */
int		 conf_mode_ok(const struct conf *, const char *name,
		    uint32_t mode, void (*report)(const char *line));

/*
 * Calls emit() for each policy record in the order of the rule indexes
 * that conf_parse() assigned, and for DP_POLICY_END.
 */
void		 conf_policy(const struct conf *,
		    void (*emit)(void *, const struct dpmsg *), void *);

#endif
