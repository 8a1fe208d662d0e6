/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Two engines and the wire between them: what each sends the other gets at
 * once, unless a tap loses or changes it.
 */
#ifndef REGRESS_PAIR_H
#define REGRESS_PAIR_H

#include "engine.h"
#include "rig.h"

#define PAIR_EVENTS	(L2TP_EV_DROPPED + 1)

struct end {
	struct l2tp		*e;
	struct l2tp_params	 params;
	struct l2tp_path	 path;		/* as this engine sees it */
	uint64_t		 seed;
	uint32_t		 tid;		/* of its latest tunnel */
	unsigned int		 n[PAIR_EVENTS];	/* events, by type */
	struct l2tp_cause	 cause;		/* of the latest DOWN */
	struct l2tp_tunnel_info	 in;		/* of the latest IN */
	const char		*dropped;	/* the latest reason */
	struct l2tp_packet	 pkt;		/* of pair_take() */
};

struct pair {
	struct end	 a, b;
	uint64_t	 now;
	/* 0: lost.  By whom it was sent, and what, which it may change. */
	int		(*tap)(struct pair *, const struct end *,
			    struct l2tp_packet *);
	/* Of calls, whose events only who has asked for them answers. */
	void		(*call)(struct pair *, struct end *,
			    const struct l2tp_event *);
};

/* Versions as they are to be for both; secrets and digests as set later. */
void	 pair_init(struct pair *, uint8_t versions);
void	 pair_free(struct pair *);
/* A new engine in the place of one that has lost its memory. */
void	 pair_reboot(struct pair *, struct end *);
/* The peer of an end. */
struct end *pair_other(struct pair *, const struct end *);
void	 pair_secret(struct end *, int which, const char *);
/* All that is said for so long. */
void	 pair_run(struct pair *, uint64_t ms);
/* a calls b; then all that is said at once. */
void	 pair_dial(struct pair *);
/* Both are established, in this version. */
void	 pair_is_up(struct pair *, unsigned int version);
/* A message of nobody, to the latest tunnel of an end unless told apart. */
int	 pair_forge(struct pair *, struct end *, uint8_t version, uint32_t tid,
	    const struct msg *, uint16_t ns, uint16_t nr);
/* With all that it has to have. */
struct msg pair_msg(uint16_t type);
/* The next packet of an end, taken off the wire; 0 if there is none. */
int	 pair_take(struct pair *, struct end *, struct hdr *, struct msg *);
struct l2tp_tunnel_info pair_info(const struct end *);
struct l2tp_stats pair_stats(const struct end *);

#endif
