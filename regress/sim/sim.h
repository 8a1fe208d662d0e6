/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Two engines, a bad link between them and a clock that only the simulator
 * moves.  Everything follows from one seed, or, for explore.c, from a list
 * of choices.
 */
#ifndef REGRESS_SIM_H
#define REGRESS_SIM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "l2tp.h"

#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

#define SIM_TEXT	200
#define SIM_KNOWN	65536	/* tunnels, or calls, ever */
#define SIM_SLOTS	(2 * SIM_KNOWN)
/* Of all calls. */
#define SIM_CALLED	"5551000"
#define SIM_SPEED	1000000
#define SIM_END_ID	16	/* of a Remote End ID, with NUL */
#define SIM_FIXED_TID	0x80000001U	/* of side 0 and, plus 1, 1 */

/* A message that one side has sent, for the checks of sent.c. */
struct sent {
	uint64_t	last_at;
	uint64_t	body;		/* hash */
	uint32_t	tries;
};

/* What one side has put on the wire in one tunnel. */
struct stream {
	SLIST_ENTRY(stream)	 link;
	uint32_t		 local_tid;
	uint32_t		 max;		/* first Ns never sent */
	uint32_t		 una;		/* first that is not acked */
	uint32_t		 nr;		/* acknowledged so far */
	uint32_t		 room;
	int			 owed;		/* a duplicate came in */
	int			 gone;
	struct sent		*sent;		/* by Ns */
};

/* What the two sides know of each other's secrets. */
enum sim_secrets {
	SIM_NONE,
	SIM_EQUAL,
	SIM_ROLLOVER,		/* both have both, in another order */
	SIM_MISMATCH,		/* no tunnel may come up */
	SIM_NSECRETS,
	SIM_ANY = SIM_NSECRETS	/* one of these, at random */
};

/* What the two sides may speak, and over what; see style.c. */
enum sim_style {
	SIM_V2,
	SIM_V3,
	SIM_IP,
	SIM_DUAL,		/* both sides speak both */
	SIM_FORWARD,		/* one side does, the other L2TPv3 alone, */
	SIM_FALLBACK,		/* or L2TPv2 */
	SIM_NSTYLES
};

#define STYLES_V2	(1U << SIM_V2 | 1U << SIM_FALLBACK)
#define STYLES_V3	(1U << SIM_V3 | 1U << SIM_IP | 1U << SIM_DUAL | \
			1U << SIM_FORWARD)
#define STYLES_FIXED	(1U << SIM_V3 | 1U << SIM_IP)
#define STYLES_UDP	(STYLES_ALL & ~(1U << SIM_IP))
#define STYLES_ALL	(STYLES_V2 | STYLES_V3)

/* What a side does not keep to; its peer needs a quirk for it. */
enum sim_odd {
	SIM_EVEN,
	SIM_ODD_AVP,		/* a mandatory AVP of its own */
	SIM_ODD_NAME,		/* no Host Name */
	SIM_ODD_FRAMING,	/* no Framing Capabilities */
	SIM_NODD
};

/* What the caller of an engine knows of a tunnel or call. */
struct known {
	uint32_t	id, peer_id;	/* ours and the peer's */
	uint32_t	slot;		/* of the book */
	uint8_t		live, up;	/* between IN or open and DOWN */
	uint8_t		asked;		/* an answer is owed */
	uint8_t		gone;		/* tunnel: may still be shown once */
	uint8_t		opened;		/* by this side */
	/* Of a call. */
	uint8_t		outgoing, is_lac;
	uint8_t		placing;	/* the bearer has not answered */
	/* Circuit Status: what we have said, and what the peer. */
	uint8_t		circuit, peer_circuit;
	uint32_t	local_tid;
	uint64_t	wen_at;		/* the latest; 0: none */
};

/* All tunnels, or calls, that there ever were, in the order they came. */
struct book {
	uint32_t	n;
	struct known	known[SIM_KNOWN];
	struct known	nobody;
	uint32_t	slot[SIM_SLOTS];	/* by id: 1 + where; 0: none */
};

struct side {
	struct l2tp		*e;
	struct l2tp_params	 params;
	struct l2tp_addr	 addr;
	enum sim_odd		 odd;
	int			 floats;	/* answers from another port */
	SLIST_HEAD(, stream)	 streams;
	struct book		*tunnels, *calls;
	uint32_t		 n_up, n_calls_up;	/* ever */
	uint32_t		 n_notices;		/* received */
	uint32_t		 outstanding;		/* at most, ever */
	uint32_t		 accepted;		/* latest tunnel */
	uint64_t		 down_at, gone_at;	/* latest of a tunnel */
	uint64_t		 rng;
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
	/* The link; rates in percent. */
	uint32_t		 loss[2];		/* by sender */
	uint32_t		 duplicate;
	uint32_t		 delay_ms;		/* at most */
	uint64_t		 settle_ms;
	int			 held;		/* nothing arrives by itself */
	uint32_t		 acts, faults;	/* left to explore.c */
	/* The callers: how often they answer at once, and with yes. */
	uint32_t		 prompt, accept;
	uint32_t		 secrets;		/* enum sim_secrets */
	uint32_t		 style;			/* enum sim_style */
	uint32_t		 digests;		/* row of style.c */
	int			 swapped;		/* the sides of it */
	uint8_t			 version;	/* that they come to speak */
	uint32_t		 n_end_ids;	/* given to calls */
	/* Instead, the same for all calls, by who throws tie breakers. */
	const char		*end_id;
	uint8_t			 session_tie[2];
	int			 forgetful;	/* sides of fixed tunnels */
	int			 single;		/* no two tunnels up */
	size_t			 blocks;	/* of memory, at first */
	uint64_t		 n_packets, n_lost;
	uint64_t		 max_packets;	/* it does not end with more */
	int			 verbose;
	int			 failed;
	char			 why[SIM_TEXT];
};

/* What one seed does, by name. */
struct scenario {
	const char	*name;
	void		(*run)(struct world *);
	uint32_t	 share;		/* one in so many of the seeds */
	uint32_t	 secrets;	/* enum sim_secrets; SIM_ANY */
	uint32_t	 styles;	/* any of these, 1 << enum sim_style */
};

extern const struct scenario scenarios[];
extern const size_t n_scenarios;

/* A run from beginning to end: 0, or -1 and w->why. */
int	 scenario_run(const struct scenario *, struct world *, uint64_t seed,
	    int verbose);

/* collision.c, reboot.c, v3.c */
void	 run_collision(struct world *);
void	 run_reboot(struct world *);
void	 run_versions(struct world *);
void	 run_one_sided(struct world *);
void	 run_session_tie(struct world *);
void	 run_circuit(struct world *);
void	 run_fixed(struct world *);
void	 run_fixed_reboot(struct world *);

/* scenario.c: a tunnel and so many calls, up on both sides. */
void	 connect_sides(struct world *, uint32_t tid[2], uint32_t calls);
/* By the one side and the other in turn. */
void	 open_calls(struct world *, const uint32_t tid[2], uint32_t n,
	    int outgoing);

/* world.c: a link without faults, and callers that say yes at once. */
void	 world_init(struct world *, uint64_t seed, uint32_t secrets,
	    uint32_t styles, int verbose);
void	 world_free(struct world *);
/* Makes the link a bad one, at random, with this loss in percent. */
void	 world_fray(struct world *, uint32_t loss);
void	 world_heal(struct world *);
/* Time enough for whatever comes up at all. */
void	 world_patience(struct world *);
/* Lets time pass until then, or by one deadline or arrival. */
void	 world_until(struct world *, uint64_t);
void	 world_step(struct world *);
/* Time for all that is broken to be found out. */
void	 world_settle(struct world *);
/* All that the callers owe is answered with yes. */
void	 world_answer(struct world *);
/* Fails unless so many tunnels and calls are up, on both sides. */
void	 world_expect(struct world *, uint32_t tunnels, uint32_t calls);
/* Ends all that there is, and fails if anything is left of it. */
void	 world_end(struct world *);
/* When something will happen by itself. */
uint64_t world_deadline(const struct world *);
/* All that follows at this time. */
void	 world_exchange(struct world *);
/* Hands over a datagram that stays where it is. */
void	 world_deliver(struct world *, const struct flight *);

/* book.c */
/* A new one, of an id that may have been there before. */
struct known *book_learn(struct book *, uint32_t id);
/* One of whom nothing is known if there was none; never NULL. */
struct known *book_find(struct book *, uint32_t id);
void	 book_clear(struct book *);
uint32_t book_live(const struct book *);
uint32_t book_up(const struct book *);

/* style.c */
/* One of them, at random. */
void	 style_pick(struct world *, uint32_t styles);
void	 style_side(struct world *, int);
void	 style_call(struct world *, int, struct l2tp_call_params *,
	    char end_id[SIM_END_ID]);
/* How a pseudowire that the peer asks for is to be: 0, or -1. */
int	 style_offer(struct world *, int, struct known *);
/* Tells of the circuit of a call, or fails if it may not. */
void	 style_circuit(struct world *, int, struct known *);
/* Fails if the two ends of a call do not mean the same pseudowire. */
void	 style_agree(struct world *, int, const struct known *);

/* side.c */
void	 side_init(struct world *, int);
void	 side_free(struct side *);
/* The side loses all it knows, as after a crash. */
void	 side_reboot(struct world *, int);
void	 side_events(struct world *, int);
/* Fails unless what is up on one side is up on the other. */
void	 side_agree(struct world *, int);
void	 side_empty(struct world *, int);

/* caller.c: one thing, at random. */
void	 side_act(struct world *, int);
/* An id, or 0. */
uint32_t side_open_tunnel(struct world *, int);
uint32_t side_open_call(struct world *, int, uint32_t tid, int outgoing);
/* One end of the fixed tunnel; 0 or -1. */
int	 side_open_fixed(struct world *, int);
/* With yes in so many cases of a hundred, if an answer is owed. */
void	 side_answer_tunnel(struct world *, int, uint32_t tid, uint32_t);
void	 side_answer_call(struct world *, int, uint32_t sid, uint32_t);
/* With yes whatever is owed; the bearers, to calls that are placed. */
void	 side_answer(struct world *, int);
void	 side_connect(struct world *, int);
/* Tells of the line of a call. */
void	 side_notify(struct world *, int, uint32_t sid);
void	 side_close_call(struct world *, int, uint32_t sid);
void	 side_close_calls(struct world *, int);
void	 side_close_tunnel(struct world *, int, uint32_t tid);
/* All tunnels. */
void	 side_close(struct world *, int);

/* sent.c: what may be on the wire, for packets out of and into an engine. */
void	 sent_out(struct world *, int, const struct l2tp_packet *);
void	 sent_in(struct world *, int, const struct l2tp_packet *);
/* A tunnel begins: an id may come again. */
void	 sent_begin(struct side *, uint32_t local_tid);
/* Fails if a duplicate has not been acknowledged. */
void	 sent_owed(struct world *, int);
void	 sent_free(struct side *);
/* Nothing may be sent any more. */
void	 sent_end(struct side *, uint32_t local_tid);
/* How many messages, not counting repetitions. */
uint32_t sent_count(struct side *, uint32_t local_tid);
/* From the first transmission of a message to giving it up. */
uint64_t sent_cycle_ms(const struct l2tp_params *);

/* odd.c: the quirk that this takes. */
uint32_t odd_quirk(enum sim_odd);
/* Makes a packet of that side what an odd one would have sent. */
void	 odd_send(const struct side *, struct l2tp_packet *);

/* check.c: fails if the insides of an engine are not in order. */
void	 check_side(struct world *, int);

/* blocks.c: how many pieces of memory are allocated now. */
extern size_t n_blocks;

/* Below a number; from the world's source, or from any. */
uint32_t sim_random(struct world *, uint32_t below);
uint32_t sim_draw(uint64_t *rng, uint32_t below);
/* The first failure of a run is the one that counts. */
void	 sim_fail(struct world *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
void	 sim_note(struct world *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
