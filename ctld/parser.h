/* SPDX-License-Identifier: ISC */
/*
 * septum-ctld's two ways to do nothing but read the configuration.  Both
 * return the exit status of the process.
 */
#ifndef CTLD_PARSER_H
#define CTLD_PARSER_H

#define PARSER_FD	3	/* as the starter and check_open() leave it */

/*
 * -C: PARSER_FD is the channel to dpd.  Takes CONFIG from it, and answers
 * with the policy records and POLICY_END.  Errors are logged; nothing is
 * sent if there is one.
 */
int	parser_main(void);

/*
 * -n: opens the file as PARSER_FD, closes all behind it and gives root up.
 * Then reads it; name is what to call it.  Errors go to standard error.
 */
void	check_open(const char *);
int	check_main(const char *);

#endif
