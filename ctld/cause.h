/* SPDX-License-Identifier: ISC */
/*
 * Why things end, in words and in result codes.
 */
#ifndef CTLD_CAUSE_H
#define CTLD_CAUSE_H

#include <stddef.h>
#include <stdint.h>

#include "l2tp.h"

/* What pppd's exit code means for the call (pppd(8), EXIT STATUS). */
struct cause_exit {
	uint16_t	 result;	/* for CDN */
	const char	*reason;
};

/*
 * One phrase for the end of a tunnel or call.  net_errno is the last ICMP
 * error that came for it, or 0.
 */
const char *cause_of_tunnel(const struct l2tp_cause *, int net_errno, char *,
	    size_t);
const char *cause_of_call(const struct l2tp_cause *, char *, size_t);
/* 1 if the peer said that another one may do it. */
int	 cause_try_another(const struct l2tp_cause *);
/* What dpd's refusal means. */
const char *cause_errno(int err, char *, size_t);
struct cause_exit cause_pppd(uint8_t signal, uint16_t exit_code);

#endif
