/* SPDX-License-Identifier: ISC */
/*
 * Shared by session.c and session_call.c alone: the life of a session as the
 * calls that begin it need it.
 */
#ifndef CTLD_SESSION_INT_H
#define CTLD_SESSION_INT_H

#include "session.h"

/* NULL if there is no memory or there are too many. */
struct session *sess_new(struct tunnel *, const struct conf_session *,
	    int placed, int outgoing);
/* The engine has this call for it. */
void	 sess_attach(struct session *, uint32_t local_sid);
/* Has the kernel's session made as soon as the kernel has the tunnel. */
void	 sess_make(struct session *);
/* The kernel has it: sends the message after which the peer may send data. */
int	 sess_answer(struct session *);
/* Takes the next step of releasing it, if its call is over. */
void	 sess_release(struct session *);
const char *sess_label(const struct session *, char [SESS_LABEL]);

#endif
