/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the bits of a script mean to the engine: how its tunnels are set up
 * and what is said of a call.
 */
#ifndef REGRESS_FUZZ_PARAMS_H
#define REGRESS_FUZZ_PARAMS_H

#include "l2tp.h"
#include "wire.h"

/* The one that is used, and the older one; the peer has both. */
extern const struct bytes	params_secret[2];

/* By enum setup_bit and enum speak_bit. */
void	params_tunnel(struct l2tp_params *, uint16_t, uint8_t);
/*
 * By enum call_bit and, if the versions have L2TP_V3, call3_bit; good until
 * the next call of it.
 */
void	params_call(struct l2tp_call_params *, uint8_t versions, uint8_t);

#endif
