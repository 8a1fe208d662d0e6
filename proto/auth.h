/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Tunnel authentication (RFC 2661 section 5.1.1), and which of the peer's
 * secrets a tunnel uses.
 */
#ifndef PROTO_AUTH_H
#define PROTO_AUTH_H

#include "auth3.h"
#include "digest.h"
#include "engine.h"

/* Rank 0 is the secret that we use, 1 the other one; len 0 if none. */
struct bytes	 auth_secret(const struct tunnel *, uint8_t rank);
/* What takes the place of the secret in hiding; len 0 if none. */
struct bytes	 auth_hide_key(const struct tunnel *,
		    uint8_t [AUTH3_KEY_LEN]);
/* What uncovers the peer's next message; the room is the engine's. */
void		 auth_hide(struct tunnel *, struct hide *);
/* Learns from a message that was decoded which secret it is hidden with. */
void		 auth_learn(struct tunnel *, const struct hide *);
/* After the last use of the message: wipes what was hidden in it. */
void		 auth_wipe(struct tunnel *, const struct hide *);

/* 1 if what we send is to be hidden. */
int		 auth_may_hide(const struct tunnel *);

/* Our challenge in this tunnel: a new one first, and then always the same. */
void		 auth_challenge(struct tunnel *, uint8_t [DIGEST_LEN]);
/* Our tie breaker in this tunnel, likewise. */
uint64_t	 auth_tie_breaker(struct tunnel *);
/* Our response, which goes into a message of that type. */
void		 auth_respond(const struct tunnel *, uint16_t type,
		    struct bytes challenge, uint8_t [DIGEST_LEN]);
/* Judges what a SCCRQ, SCCRP or SCCCN proves and asks for. */
enum l2tp_err	 auth_check(struct tunnel *, const struct msg *);

#endif
