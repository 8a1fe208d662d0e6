/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Control Message Authentication of L2TPv3 (RFC 3931 sections 4.3 and
 * 5.4.1): which messages of a peer are believed, and what ours carry.
 */
#ifndef PROTO_PROOF_H
#define PROTO_PROOF_H

#include "digest.h"
#include "engine.h"

/* 1 if a peer has to authenticate itself: there are digests and a secret. */
int		 proof_needs(const struct tunnel *);
/* 1 if a SCCRQ has something that waits for the secret. */
int		 proof_waits(const struct msg *);
/*
 * Whether a message, with its header, may be believed: ERR_NONE, or
 * ERR_DIGEST, or ERR_FSM for one that it is too early for.  Learns which
 * secret and which digest the peer uses.
 */
enum l2tp_err	 proof_check(struct tunnel *, const struct hdr *,
		    struct bytes raw);
/* The same for a SCCRQ, after the caller has said how to treat its peer. */
enum l2tp_err	 proof_hail(struct tunnel *, struct bytes raw);
/* Judges and keeps the nonce of a SCCRQ or SCCRP, or that it has none. */
enum l2tp_err	 proof_nonce(struct tunnel *, const struct msg *);

/* What each message has: room for a digest, and in SCCRQ and SCCRP a nonce. */
void		 proof_add(struct tunnel *, struct msg *,
		    uint8_t [DIGEST_LEN]);
/* Fills in the digest of a message that is otherwise ready to be sent. */
void		 proof_seal(struct tunnel *, struct wr *);

#endif
