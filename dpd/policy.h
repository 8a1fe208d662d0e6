/* SPDX-License-Identifier: ISC */
/*
 * The third fence: what the sealed rules allow.  Rules come from the parser
 * before the network is read; the running ctld can only refer to them.
 */
#ifndef DPD_POLICY_H
#define DPD_POLICY_H

#include "dpmsg.h"

/*
 * Takes one policy record.  NULL, or why the parser must not be believed.
 * DP_POLICY_END seals the list: nothing can be added any more.
 */
const char	*policy_add(const struct dpmsg *);
/* The totals, or NULL while the list is not sealed. */
const struct dp_policy_end	*policy_limits(void);
/* The struct of the rule with this index; NULL if it is not of this type. */
const void	*policy_rule(uint16_t rule, uint16_t type);

/*
 * NULL if this rule allows the request, else why not.  The rule is the one
 * that the request names, or that its tunnel or session was made by.
 */
const char	*policy_may_listen(const struct dpmsg *, uint16_t);
const char	*policy_may_open(const struct dpmsg *, uint16_t);
const char	*policy_may_up(const struct dpmsg *, uint16_t);
const char	*policy_may_session(const struct dpmsg *, uint16_t);
const char	*policy_may_start(const struct dpmsg *, uint16_t);

#endif
