/* SPDX-License-Identifier: ISC */
/*
 * The MTU of an Ethernet session, as a calculation on standard output.
 */
#ifndef CTLD_CTL_EXPLAIN_H
#define CTLD_CTL_EXPLAIN_H

/* Of a struct ctl_mtu. */
void	explain_mtu(const void *);

#endif
