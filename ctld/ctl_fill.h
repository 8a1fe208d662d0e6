/* SPDX-License-Identifier: ISC */
/*
 * The records that septumctl is told, filled in; all are zero before.
 */
#ifndef CTLD_CTL_FILL_H
#define CTLD_CTL_FILL_H

#include "ctlmsg.h"
#include "dial.h"
#include "session.h"
#include "tunnel.h"

void	fill_status(struct ctl_status *);
void	fill_tunnel(const struct tunnel *, struct ctl_tunnel *);
/* A tunnel, or a call, that is to be placed and is not there. */
void	fill_dial(const struct dial *, struct ctl_tunnel *);
void	fill_call(const struct dial_call *, struct ctl_session *);
void	fill_session(const struct session *, struct ctl_session *);
void	fill_counters(const struct dp_stats_reply *, struct ctl_session *);
void	fill_mtu(const struct session *, struct ctl_mtu *);
/* -1 if its call is over, so that nothing is known any more. */
int	fill_details(const struct session *, struct ctl_details *);

#endif
