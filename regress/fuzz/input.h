/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the parts of fuzz_input share: the engine that is tested, and what
 * its peer, who is the script, knows of its tunnels.
 */
#ifndef REGRESS_FUZZ_INPUT_H
#define REGRESS_FUZZ_INPUT_H

#include "digest.h"
#include "fuzz/params.h"
#include "fuzz/script.h"
#include "l2tp.h"

#define N_TUNNELS	8
#define NONCE_MAX	64	/* octets of a nonce that the peer remembers */
#define PEER_TID	0x10000001	/* the first of those of fixed tunnels */

struct nonce {
	uint8_t	octets[NONCE_MAX];
	size_t	len;
};

struct fuzz {
	struct l2tp		*e;
	struct l2tp_params	 params[SPEAK_COUNT];
	struct l2tp_params	*speak;		/* one of them: of what is next */
	uint64_t		 now;
	uint32_t		 random;
	uint8_t			 policy;
	uint32_t		 n_packets;
	struct nonce		 hail;		/* of the latest SCCRQ */
	/* The latest tunnels and their calls, to be named by number. */
	struct fuzz_tunnel {
		uint32_t	local_tid;
		uint32_t	sid;		/* of its latest call */
		uint16_t	nr;		/* that the peer sends */
		uint8_t		challenge[DIGEST_LEN];	/* ours, if any */
		size_t		challenge_len;
		struct nonce	ours, theirs;	/* L2TPv3 */
		/* As it was opened or accepted, or NULL. */
		const struct l2tp_params *params;
	} tunnel[N_TUNNELS];
	uint32_t		 n_tunnels;
};

void	must(int);

/* Where a tunnel is kept; the oldest is closed to make room. */
struct fuzz_tunnel *fuzz_tunnel(struct fuzz *, uint32_t local_tid);
/* The first operand names it. */
struct fuzz_tunnel *fuzz_pick(struct fuzz *, const struct step *);
struct l2tp_path fuzz_path(uint8_t sender);

/* input_peer.c: what the script's peer sends; STEP_RAW and STEP_BODY. */
void	peer_raw(struct fuzz *, const struct step *);
void	peer_body(struct fuzz *, const struct step *);

/* input_check.c: what comes out of the engine is as it has to be. */
void	check_event(struct fuzz *, const struct l2tp_event *);
void	check_packet(struct fuzz *, const struct l2tp_packet *);

#endif
