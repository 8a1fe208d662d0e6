/* SPDX-License-Identifier: ISC */
/*
 * Everything around dpd's fences: a kernel, sockets, a starter and a ctld
 * that write down what they were asked, so that a test can say that a
 * refused request did nothing at all.  What dpd is asked and what it says
 * goes through the tables of those who would receive it.
 */
#ifndef REGRESS_DPD_FAKE_H
#define REGRESS_DPD_FAKE_H

#include "dpd_world.h"

#define LOCAL_TID	100
#define PEER_TID	200
#define UDP_FD		300	/* the first of sock_l2tp(), the next 301 */
#define IFINDEX		17	/* of each interface */

extern struct fake {
	char		 done[2048];	/* what the outside was asked */
	uint64_t	 now;
	const char	*fails;		/* this call, with err */
	int		 err;
	struct dp_run	 run;		/* what the starter was told last */
	struct dpmsg	 told;		/* what ctld was told last */
} fake;

/* The policy of dpd_world.h is sealed and dpd is running. */
void	 fake_setup(void);
/* The channels only: no policy, and dpd is parsing. */
void	 fake_channels(void);

/* Exactly this has been asked of the outside since the last look. */
void	 fake_did(const char *);
/* Asks, as ctld; 0 or the errno of the answer, which must be there. */
int	 fake_ask(const struct dpmsg *);
/* Asks, and is not answered as yet; then the answer. */
void	 fake_ask_later(const struct dpmsg *);
void	 fake_answered(uint16_t type, int err);
/* The next message for ctld, which is of this type; none is left. */
const struct dpmsg *fake_told(uint16_t type);
void	 fake_told_nothing(void);
/* The child of this session has exited. */
void	 fake_exited(uint32_t handle, int status);

/* Requests that the policy allows. */
struct dpmsg	 fake_open(void);
struct dpmsg	 fake_up(uint32_t handle, uint32_t local_tid);
struct dpmsg	 fake_session(uint32_t handle, uint32_t local_sid);
struct dpmsg	 fake_start(uint32_t handle);
/* TUNNEL_CLOSE, SESSION_DOWN or STATS. */
struct dpmsg	 fake_about(uint16_t type, uint32_t handle);

/* These have been asked for, and granted: the handle. */
uint32_t	 fake_opened(void);
uint32_t	 fake_is_up(uint32_t local_tid);
uint32_t	 fake_has_session(uint32_t handle, uint32_t local_sid);
uint32_t	 fake_has_pppd(uint32_t handle, uint32_t local_sid);

/* Over IP by R_SITE, with an interface by R_ETH; and by R_KEPT with R_LAN. */
struct dpmsg	 fake_site(uint32_t local_tid);
struct dpmsg	 fake_eth(uint32_t handle, uint32_t local_sid);
struct dpmsg	 fake_kept(void);
struct dpmsg	 fake_lan(uint32_t handle, uint32_t local_sid);
uint32_t	 fake_granted(struct dpmsg);
uint32_t	 fake_site_is_up(uint32_t local_tid);
uint32_t	 fake_kept_is_up(uint32_t local_tid);
uint32_t	 fake_has_eth(uint32_t handle, uint32_t local_sid);

#endif
