/* SPDX-License-Identifier: ISC */
/*
 * Between the engine and everything else.
 */
#ifndef CTLD_PUMP_H
#define CTLD_PUMP_H

#include "conf.h"

/* Makes the engine.  Fatal if out of memory. */
void	pump_init(const struct conf *);
/*
 * Hands on what the engine has to say and to send, until there is nothing
 * left, and sees to it that the engine is called at its next deadline.
 */
void	pump_run(void);

#endif
