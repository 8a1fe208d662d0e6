/* SPDX-License-Identifier: ISC */
/*
 * Shared by session.c, session_call.c and pseudowire.c alone: the life of a
 * session as what begins it, and its interface, need it.
 */
#ifndef CTLD_SESSION_INT_H
#define CTLD_SESSION_INT_H

#include "session.h"

/* NULL if there is no memory or there are too many. */
struct session *sess_new(struct tunnel *, const struct conf_session *,
	    int placed, int outgoing);
/* What the policy has for this session in a tunnel. */
uint16_t sess_rule(const struct tunnel *, const struct conf_session *);
/* The engine has this call for it. */
void	 sess_attach(struct session *, uint32_t local_sid);
/* Has the kernel's session made as soon as the kernel has the tunnel. */
void	 sess_make(struct session *);
/* The kernel has it: sends the message after which the peer may send data. */
int	 sess_answer(struct session *);
/* dpd would not do it, so the call cannot be. */
void	 sess_refused(struct session *, int err);
/* Takes the next step of releasing it, if its call is over. */
void	 sess_release(struct session *);
const char *sess_label(const struct session *, char [SESS_LABEL]);

#endif
