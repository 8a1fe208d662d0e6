/* SPDX-License-Identifier: ISC */
/*
 * Pseudowires: what the kernel is told of a session's frames, and Ethernet
 * (RFC 4719), whose sessions have an interface instead of a pppd.
 */
#ifndef CTLD_PSEUDOWIRE_H
#define CTLD_PSEUDOWIRE_H

#include "dpmsg.h"
#include "session.h"

#define PW_MTU_MIN	68
#define PW_MTU_MAX	9000

/* What is left of the path's MTU for the frames of an Ethernet session. */
struct pw_mtu {
	uint32_t	path;		/* as the kernel knows it, or a guess */
	uint8_t		guessed;
	/* Octets in front of what the frame carries. */
	uint8_t		ip, udp, flags, session_id, cookie, sublayer,
			ethernet;
	uint16_t	fits;		/* the largest MTU that needs no
					 * fragments */
};

/* Fatal if out of memory. */
void	 pw_init(const struct conf *);
int	 pw_is_eth(const struct session *);
/* Mode, sublayer, sequencing, cookies and MTU, as they were agreed upon. */
void	 pw_agreed(struct session *, struct dp_session_up *);
/* Sets the interface up or down, as session and circuit are. */
void	 pw_sync(struct session *);
void	 pw_mtu(const struct session *, struct pw_mtu *);

/*
 * An interface with a name of its own has one session.  NULL if a call that
 * came by this tunnel may have it, now or when the one before it is over;
 * else why not.
 */
const char *pw_claim(const struct tunnel *, const struct conf_session *,
	    uint16_t rule);
/* A session is there: -1 if one already waits for the interface. */
int	 pw_enter(struct session *);
/* Is it its turn? */
int	 pw_has_turn(const struct session *);
/* It is over; the one whose turn it is now, or NULL. */
struct session *pw_leave(struct session *);

#endif
