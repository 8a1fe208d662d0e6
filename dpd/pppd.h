/* SPDX-License-Identifier: ISC */
/*
 * How pppd is run: its arguments and its cage.
 */
#ifndef DPD_PPPD_H
#define DPD_PPPD_H

#include <linux/capability.h>

#include "starter.h"

#define PPPD_CAPS	(UINT64_C(1) << CAP_NET_ADMIN | \
			UINT64_C(1) << CAP_NET_RAW | \
			UINT64_C(1) << CAP_NET_BIND_SERVICE | \
			UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_SETGID)

#define PPPD_MAX_ARGS	32
#define PPPD_TEXT	1024

struct pppd_args {
	char	*argv[PPPD_MAX_ARGS];
	char	 text[PPPD_TEXT];	/* what argv points to */
};

/*
 * Composes pppd's arguments, its descriptor being STARTER_FD.  -1 if a
 * field is not what pppd may see.
 */
int	pppd_argv(struct pppd_args *, const struct starter_msg *);
/*
 * Gives up what pppd does not need, no_new_privs being set.  Ends the process
 * if that fails.
 */
void	pppd_cage(void);

#endif
