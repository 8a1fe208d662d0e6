/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Two engines, a bad link between them and a clock that only the simulator
 * moves.  Everything follows from one seed.
 */
#ifndef REGRESS_SIM_H
#define REGRESS_SIM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "l2tp.h"

#define SIM_TEXT	200
#define SIM_IDS		65536

/* A message that one side has sent, for the checks of sent.c. */
struct sent {
	uint64_t	last_at;
	uint64_t	body;		/* hash */
	uint32_t	tries;
};

/* What one side has put on the wire in one tunnel. */
struct stream {
	SLIST_ENTRY(stream)	 link;
	uint16_t		 local_tid;
	uint32_t		 max;		/* first Ns never sent */
	uint32_t		 una;		/* first that is not acked */
	uint32_t		 nr;		/* acknowledged so far */
	uint32_t		 room;
	int			 owed;		/* a duplicate came in */
	struct sent		*sent;		/* by Ns */
};

/* What the two sides know of each other's secrets. */
enum sim_secrets {
	SIM_NONE,
	SIM_EQUAL,
	SIM_ROLLOVER,		/* both have both, in another order */
	SIM_MISMATCH,		/* no tunnel may come up */
	SIM_NSECRETS
};

/* What the caller of an engine knows of a tunnel or call. */
struct known {
	uint8_t		live, up;	/* between IN or open and DOWN */
	uint8_t		asked;		/* an answer is owed */
	uint8_t		gone;		/* tunnel: may still be shown once */
	uint16_t	peer_id;
	uint16_t	local_tid;	/* of a call */
};

struct side {
	struct l2tp		*e;
	struct l2tp_params	 params;
	struct l2tp_addr	 addr;
	SLIST_HEAD(, stream)	 streams;
	struct known		*tunnel, *call;		/* by local id */
	uint16_t		*tids, *sids;		/* ever live */
	uint32_t		 n_tids, n_sids;
	uint32_t		 n_up, n_calls_up;	/* ever */
};

/* A datagram under way. */
struct flight {
	SLIST_ENTRY(flight)	 link;		/* by arrival */
	uint64_t		 at;
	int			 to;
	struct l2tp_packet	 pkt;
};

struct world {
	uint64_t		 rng;
	uint64_t		 seed;
	uint64_t		 now;
	struct side		 side[2];
	SLIST_HEAD(, flight)	 air;
	uint32_t		 loss, duplicate;	/* percent */
	uint32_t		 delay_ms;		/* at most */
	uint32_t		 secrets;		/* enum sim_secrets */
	uint64_t		 n_packets, n_lost;
	int			 verbose;
	int			 failed;
	char			 why[SIM_TEXT];
};

/* world.c: 0, or -1 and why. */
int	 world_run(struct world *, uint64_t seed, int verbose);

/* side.c */
void	 side_init(struct world *, int);
void	 side_free(struct side *);
/* The side loses all it knows, as after a crash. */
void	 side_reboot(struct world *, int);
void	 side_events(struct world *, int);
void	 side_act(struct world *, int);
/* Answers what is owed, or closes every tunnel. */
void	 side_answer(struct world *, int);
void	 side_close(struct world *, int);
/* Fails unless what is up on one side is up on the other. */
void	 side_agree(struct world *, int);
void	 side_empty(struct world *, int);

/* sent.c: what may be on the wire, for packets out of and into an engine. */
void	 sent_out(struct world *, int, const struct l2tp_packet *);
void	 sent_in(struct world *, int, const struct l2tp_packet *);
/* A tunnel begins: an id may come again. */
void	 sent_begin(struct side *, uint16_t local_tid);
/* Fails if a duplicate has not been acknowledged. */
void	 sent_owed(struct world *, int);
void	 sent_free(struct side *);

uint32_t sim_random(struct world *, uint32_t below);
void	 sim_fail(struct world *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
void	 sim_note(struct world *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
