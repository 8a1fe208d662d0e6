/* SPDX-License-Identifier: ISC */
/*
 * How septumctl prints what the daemon tells it: as tables for people, or
 * as JSON.
 */
#ifndef CTLD_CTL_SHOW_H
#define CTLD_CTL_SHOW_H

#include "ctlmsg.h"
#include "imsg.h"

/* Starts: what will be shown, by its request (enum ctl_type). */
void	show_begin(uint16_t request, int json);
/* One record; 0, or -1 if it is not one that belongs here. */
int	show_record(const struct imsg *);
/* Prints what has been collected. */
void	show_end(void);

#endif
