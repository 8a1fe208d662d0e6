/* SPDX-License-Identifier: ISC */
/*
 * What all of septum-ctld shares: the configuration and the engine.
 */
#ifndef CTLD_CTLD_H
#define CTLD_CTLD_H

#include <stdint.h>

#include "conf.h"
#include "l2tp.h"

struct ctld {
	const struct conf	*conf;
	struct l2tp		*engine;
	uint64_t		 started;	/* time */
	int			 stopping;
	/* SCCRQs that had no answer, or a refusal. */
	uint64_t		 n_limited, n_unmatched;
	/* Datagrams that could not be sent. */
	uint64_t		 n_unsent;
};

extern struct ctld	 ctld;

#endif
