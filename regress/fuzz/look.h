/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Looks at what an event of the engine shows, and aborts if it is not right.
 */
#ifndef REGRESS_FUZZ_LOOK_H
#define REGRESS_FUZZ_LOOK_H

#include "l2tp.h"

void	look_cause(const struct l2tp_cause *);
void	look_call(const struct l2tp_call_info *);

#endif
