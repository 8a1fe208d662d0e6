/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Calls of L2TPv3 on the rig: brought into a state by messages alone.
 */
#ifndef REGRESS_RIG_CALL3_H
#define REGRESS_RIG_CALL3_H

#include "rig.h"

enum rig_role {
	ICRQ_SENDER, ICRQ_RECIPIENT, OCRQ_SENDER, OCRQ_RECIPIENT, RIG_ROLES
};

/* An Ethernet pseudowire to "port 1", with a cookie of 8 octets. */
struct l2tp_call_params rig_pw(void);
/*
 * A call in a state of enum call_state, CALL_ESTABLISHED or one that the
 * role has.  All of it is what rig_pw() says, or p if that is not NULL; the
 * peer wants the same, but for cookie and sequencing.
 */
uint32_t rig_call3(struct rig *, enum rig_role, unsigned int state,
	    const struct l2tp_call_params *p);
/* A message of the peer with what it must have, to this session. */
int	 rig_say3(struct rig *, uint16_t type, uint32_t sid);
/* A request that is not a call's yet; the CDN that refuses it. */
void	 rig_refused3(struct rig *, struct msg *, int err, uint16_t result,
	    uint16_t error);
struct l2tp_call_info rig_info(struct rig *, uint32_t sid);

#endif
