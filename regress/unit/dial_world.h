/* SPDX-License-Identifier: ISC */
/*
 * A world for ctld's dial.c: the clock, the resolver, and the tunnels and
 * calls that it asks for are played by the test.
 */
#ifndef REGRESS_DIAL_WORLD_H
#define REGRESS_DIAL_WORLD_H

#include "dial.h"
#include "session.h"
#include "tunnel.h"

/* Each test runs in a process of its own, so it starts as zero. */
extern struct fake {
	uint64_t		 now;
	struct loop_timer	*timers[16];
	size_t			 n_timers;
	int			 no_resolver, no_memory;
	char			 asked[CONF_HOST_LEN];	/* last question */
	uint32_t		 ask_id;
	int			 n_asked, n_dialled, n_calls, n_abandoned;
	uint8_t			 answered;	/* host that has called us */
	struct l2tp_addr	 dialled;		/* last address */
	struct tunnel		 tun;
	struct session		 sess;
	/* The configuration. */
	struct conf_tunnel	 ct;
	struct conf_session	 cs[2];
	struct conf_endpoint	 peers[3];	/* start() uses two */
} fake;

/* One tunnel with two sessions; peers: 192.0.0.1 and lns.example.net. */
struct dial	*start(void);
/* Answers the last question with one address, or with two. */
void		 resolve(uint8_t, uint8_t);
/* Lets the time pass until the next timer, which fires.  How long it was. */
uint64_t	 next_timer(void);
/* How many timers are set. */
size_t		 timers_set(void);
struct l2tp_addr ip4(uint8_t last);

#endif
