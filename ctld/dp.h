/* SPDX-License-Identifier: ISC */
/*
 * The client side of the contract with dpd (common/dpmsg.h).  No request
 * waits: the answer comes to a function later, with the key that was given.
 */
#ifndef CTLD_DP_H
#define CTLD_DP_H

#include <stdint.h>

#include "dpmsg.h"

/* The fd in the message, if there is one, is the function's to close. */
typedef void	 dp_done(uint32_t key, const struct dpmsg *);

struct dp_handler {
	uint16_t	type;		/* event of dpd; 0 ends the table */
	void		(*fn)(const struct dpmsg *);
};

/* What may be received from dpd. */
extern const struct dpmsg_row	 dp_from_dpd[];

/* Waits for an event of this type, before the loop runs.  Fatal if none. */
void	dp_wait(int fd, uint16_t type, struct dpmsg *);
/* At most max requests are ever outstanding. */
void	dp_init(int fd, uint32_t max, const struct dp_handler *);

void	dp_listen(uint16_t rule, dp_done *, uint32_t key);
void	dp_tunnel_open(const struct dp_tunnel_open *, dp_done *, uint32_t);
void	dp_tunnel_up(const struct dp_tunnel_up *, dp_done *, uint32_t);
void	dp_tunnel_close(uint32_t handle, dp_done *, uint32_t);
void	dp_session_up(const struct dp_session_up *, dp_done *, uint32_t);
void	dp_session_start(const struct dp_session_start *, dp_done *, uint32_t);
void	dp_session_down(uint32_t handle, dp_done *, uint32_t key);
/* Of a session, or of a tunnel. */
void	dp_stats(uint32_t handle, dp_done *, uint32_t key);

/* Handles what has come from dpd up to now. */
void	dp_receive(void);

#endif
