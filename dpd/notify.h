/* SPDX-License-Identifier: ISC */
/*
 * What ppp-notify tells dpd, as one packet, when pppd's link has addresses.
 */
#ifndef DPD_NOTIFY_H
#define DPD_NOTIFY_H

#include <stdint.h>

#include "dpmsg.h"

#define NOTIFY_FD	4		/* in pppd and its scripts */

struct notify {
	uint32_t	unit;		/* of pppN */
	uint32_t	local_ip, peer_ip;	/* host order */
	char		user[DP_USER_LEN];	/* printable, zero behind */
};

#endif
