/* SPDX-License-Identifier: ISC */
/*
 * A world for ctld's tunnels and sessions: the real engine and pump, with
 * another engine as the peer, and everything else played by the test.
 */
#ifndef REGRESS_CTLD_WORLD_H
#define REGRESS_CTLD_WORLD_H

#include "ctld.h"
#include "dial.h"
#include "dp.h"
#include "l2tp.h"
#include "net.h"

#define WORLD_FDS	64
#define WORLD_LISTENER	0	/* link */
#define WORLD_IP(d)	((uint32_t)10 << 24 | (d))

struct world_fd {
	void		(*fn)(void *, uint32_t);	/* NULL: not watched */
	void		 *arg;
	uint32_t	  events;
};

/* A request that ctld has made of dpd and that was not answered yet. */
struct world_request {
	struct dpmsg	 m;
	dp_done		*done;
	uint32_t	 key;
};

struct world {
	uint64_t	 now;
	struct world_request	 requests[64];
	size_t		 n_requests;
	struct world_fd	 fds[WORLD_FDS];
	int		 n_sockets;		/* net_add() less net_del() */
	int		 pppd_fd;		/* what pppds write to */
	struct l2tp	*peer;			/* the peer's engine */
	int		 deaf;			/* nothing reaches the peer */
	uint16_t	 answer_port;		/* of the peer; 1701 */
	uint8_t		 peer_ties;		/* it throws tie breakers */
	uint8_t		 versions, peer_versions;	/* L2TP_V2, L2TP_V3 */
	uint32_t	 path_mtu;		/* 0: not known */
	uint8_t		 family;		/* of its path; 0: IPv4 */
	/* What the last net_add() was given. */
	uint8_t		 encap;
	uint32_t	 listener, net_key;
	net_error	*net_error;
	/* What the peer does, and what it has seen. */
	uint32_t	 peer_bearer;		/* capabilities, from the start */
	int		 peer_answers;		/* accepts what comes in */
	const struct l2tp_call_params *offer;	/* L2TPv3: to any call */
	uint32_t	 tid, sid;		/* of the peer, the last ones */
	int		 tunnels_up, tunnels_down, calls_up, calls_down;
	struct l2tp_cause tunnel_cause, call_cause;
	/* What ctld has said to dial.c. */
	int		 dial_opened, dial_up, dial_down;
	enum dial_event	 dial_event;		/* of dial_down() */
	struct l2tp_addr rival_gone;
	int		 call_up, call_down, call_another;
	char		 dial_reason[DIAL_REASON];
	const struct l2tp_addr	*next_addr;	/* dialled by dial_down() */
	char		 call_reason[DIAL_REASON];
};

extern struct world	 world;

/* The configuration: one listener, one peer, a pool of two addresses. */
void	world_start(void);
/* Lets packets and events flow, with no time passing, until all is quiet. */
void	world_run(void);
/* One of the loop's rounds after the other, until nothing is ready. */
void	world_poll(void);
/* The same as world_run(), and time passes. */
void	world_sleep(uint64_t ms);
/* The next request is of this type: answers it with err (0: done). */
void	world_reply(uint16_t type, int err);
/* The oldest request, which is of this type. */
const struct dpmsg *world_expect(uint16_t type);
void	world_nothing_asked(void);
/* All objects are freed, all sockets closed, all addresses back. */
void	world_all_gone(void);

/* The peer calls: SCCRQ with this host name; then ICRQ. */
void	world_peer_dials(const char *host_name);
void	world_peer_calls(const char *number);
/* Both, and dpd does all that it is asked: one session is there. */
void	world_session(void);
/* We dial the peer at world_lns; the tunnel is there and one call is placed. */
struct session *world_place(void);
extern const struct l2tp_addr world_ours, world_lns;
extern struct conf_tunnel world_dialled;	/* so the tunnel is called */
extern struct conf_listen world_listener;
extern struct dial	 world_dial;
extern struct dial_call	 world_call;

/* What the pppd of the first session says, of WORLD_IP(2) and alice. */
void	world_pppd_up(void);
/* What any pppd says: these octets. */
void	world_notice(const void *, size_t);
/* dpd's event, about the first session: its pppd has ended, as of wait(). */
void	world_pppd_down(int status);

#endif
