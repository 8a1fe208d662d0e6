/* SPDX-License-Identifier: ISC */
/*
 * What dpd does for each message of its peer.
 */
#ifndef DPD_DISPATCH_H
#define DPD_DISPATCH_H

#include "dpd.h"

/* 0, or -1 if the peer broke the contract and must not be heard again. */
int	dispatch(const struct dpmsg *, enum dpd_state);

#endif
