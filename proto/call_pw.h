/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Pseudowires: what the two sides of a call of L2TPv3 tell each other of it
 * (RFC 3931 sections 5.4.4 and 5.4.5), within what the kernel can do.  It has
 * one setting of the sublayer for both directions, and numbers all packets
 * or none.
 */
#ifndef PROTO_CALL_PW_H
#define PROTO_CALL_PW_H

#include "engine.h"

/* 1 if these can be what we demand of the peer of this tunnel. */
int		 pw_params_valid(const struct tunnel *,
		    const struct l2tp_call_params *);
/* 1 if we carry pseudowires of this type, and 1 if the peer says it does. */
int		 pw_type_ours(const struct tunnel *, uint16_t type);
int		 pw_type_theirs(const struct tunnel *, uint16_t type);
/* Takes them, and assigns a cookie. */
void		 pw_choose(struct call *, const struct l2tp_call_params *);
/* 1 if the call has the cookie that it must have: over IP, of 8 octets. */
int		 pw_is_safe(const struct call *);
/* What is wrong with a message for this call, which may yet be no call. */
enum l2tp_err	 pw_check(const struct call *, const struct msg *);
/* Takes what pw_check() has passed. */
void		 pw_learn(struct call *, const struct msg *);
/* Adds to a message that is to be sent what it may say of our side. */
void		 pw_to_msg(const struct call *, struct msg *);
/* Circuit Status, for a circuit that is new in the message or is not. */
void		 pw_circuit(const struct call *, struct msg *, int is_new);
void		 pw_info(const struct call *, struct l2tp_call_info *);

#endif
