/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * explore [-d steps] [plan]
 *
 * Tries every order of all that can happen in each plan, breadth first, to
 * the depth of its row or so many steps less.  A world cannot be copied, so
 * it is made again from the steps that led to it; worlds that are alike are
 * followed once.  At the full depth everything goes well from there on, and
 * has to come to an end.  What fails is told step by step.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore.h"

#define MAX_DEPTH	64
#define SET_BITS	22	/* room for worlds */
#define V2		(1U << SIM_V2)
#define V3		(1U << SIM_V3)
#define V3_IP		(1U << SIM_IP)

/*
 * What the callers do, to what depth, with how many faults: deep with few,
 * or with all that there can be.  In all, about a minute and a half.
 */
static const struct plan plans[] = {
	{ "set-up", 0, 8, ANY_FAULTS, SIM_NONE, V2, 0, 0, 0 },
	{ "set-up with a challenge", 0, 30, 3, SIM_EQUAL, V2, 0, 1, 1 },
	{ "answers that take time", DO_ANSWER, 30, 2, SIM_NONE, V2, 0, 0, 0 },
	{ "end of the tunnel", DO_CLOSE_TUNNEL, 13, 2, SIM_NONE, V2, 0, 0, 0 },
	{ "end of the call", DO_CLOSE_CALL, 13, 2, SIM_NONE, V2, 0, 0, 0 },
	{ "all that callers do", DO_ANSWER | DO_CLOSE_CALL | DO_CLOSE_TUNNEL,
	    14, 1, SIM_NONE, V2, 0, 0, 0 },
	{ "reboot of either side", DO_REBOOT, 20, 2, SIM_NONE, V2, 0, 0, 0 },
	/* v2-7.5.1-05, v2-7.5.2-04, v2-7.5.2-07 */
	{ "outgoing call", DO_ANSWER | DO_CONNECT | DO_CLOSE_CALL, 15, 1,
	    SIM_NONE, V2, WITH_OUTGOING, 0, 0 },
	/* v2-4.4.3-10, v2-4.4.3-12, v2-4.4.3-13 */
	{ "both sides dial", 0, 9, 2, SIM_NONE, V2, WITH_COLLISION, 2, 2 },
	{ "both sides dial, one tie breaker", 0, 9, 2, SIM_NONE, V2,
	    WITH_COLLISION | WITH_TIE_1, 1, 2 },
	{ "both sides dial, two tie breakers", 0, 9, 2, SIM_NONE, V2,
	    WITH_COLLISION | WITH_TIES, 1, 2 },
	{ "both sides dial, equal tie breakers", 0, 20, 2, SIM_NONE, V2,
	    WITH_COLLISION | WITH_TIES | WITH_EQUAL, 0, 0 },
	/* L2TPv3, without digests and with, and the fallback from it. */
	{ "L2TPv3 set-up", 0, 6, ANY_FAULTS, SIM_NONE, V3, 0, 0, 0 },
	{ "L2TPv3 set-up with digests", 0, 13, 2, SIM_EQUAL, V3, 0, 1, 1 },
	{ "L2TPv3 over IP", 0, 16, 2, SIM_NONE, V3_IP, 0, 1, 1 },
	{ "L2TPv3 or L2TPv2", 0, 18, 2, SIM_NONE, 1U << SIM_DUAL, 0, 1, 1 },
	{ "fallback to L2TPv2", 0, 20, 2, SIM_NONE, 1U << SIM_FALLBACK, 0, 1,
	    1 },
	{ "L2TPv3 and all that callers do", DO_ANSWER | DO_CLOSE_CALL |
	    DO_CLOSE_TUNNEL, 10, 1, SIM_NONE, V3, 0, 0, 0 },
	{ "L2TPv3 reboot with digests", DO_REBOOT, 11, 1, SIM_EQUAL, V3, 0, 0,
	    0 },
	{ "L2TPv3 outgoing call", DO_ANSWER | DO_CONNECT | DO_CLOSE_CALL, 12,
	    1, SIM_NONE, V3, WITH_OUTGOING, 0, 0 },
	{ "L2TPv3 both sides dial", 0, 6, 2, SIM_NONE, V3, WITH_COLLISION, 2,
	    2 },
	{ "L2TPv3 and another secret", 0, 16, 2, SIM_MISMATCH, V3, 0, 0, 0 },
	{ "L2TPv3 with two secrets", 0, 11, 1, SIM_ROLLOVER, V3_IP, 0, 1, 1 },
	/* v3-5.4.5-05 */
	{ "circuits", DO_CIRCUIT | DO_CLOSE_CALL, 9, 1, SIM_NONE, V3_IP,
	    WITH_UP, 0, 0 },
	/* v3-5.4.4-11, v3-5.4.4-12, v3-5.4.4-13 */
	{ "one circuit, no tie breaker", 0, 9, 1, SIM_NONE, V3,
	    WITH_SESSIONS, 1, 0 },
	{ "one circuit, one tie breaker", 0, 11, 1, SIM_NONE, V3,
	    WITH_SESSIONS | WITH_TIE_1, 1, 1 },
	{ "one circuit, two tie breakers", 0, 11, 1, SIM_NONE, V3,
	    WITH_SESSIONS | WITH_TIES, 1, 1 },
	{ "one circuit, equal tie breakers", 0, 9, 1, SIM_NONE, V3,
	    WITH_SESSIONS | WITH_TIES | WITH_EQUAL, 1, 0 },
	{ "one circuit, outgoing calls", 0, 11, 1, SIM_NONE, V3,
	    WITH_SESSIONS | WITH_TIES | WITH_OUTGOING, 1, 1 },
	/* v3-4.4-01 */
	{ "no handshake", 0, 7, ANY_FAULTS, SIM_NONE, V3, WITH_FIXED, 1, 0 },
	{ "no handshake, loss of memory", DO_REBOOT, 14, 2, SIM_NONE, V3_IP,
	    WITH_FIXED, 1, 0 },
	{ "no handshake, digests", DO_REBOOT, 13, 1, SIM_EQUAL, V3, WITH_FIXED,
	    1, 0 }
};

struct node {
	uint32_t	parent;
	uint16_t	depth;
	struct step	step;
};

static int	 explore(const struct plan *, uint32_t, int);
static int	 expand(uint32_t);
static int	 arrive(uint32_t, struct step);
static void	 restore(uint32_t);
static void	 grow(uint32_t, struct step);
static int	 is_new(uint64_t);
static void	 tell(void);
static void	 crashed(int);

static struct explore_state {
	struct world		 w;
	const struct plan	*plan;
	uint32_t		 depth;
	struct node		*node;
	uint32_t		 n_nodes, room;
	uint32_t		 at;		/* the latest, */
	struct step		 next;		/* and where it went */
	uint32_t		 n_ends;
	uint64_t		 n_steps;
	uint64_t		*set;		/* of digests; 0: free */
} x;

int
main(int argc, char *argv[])
{
	uint32_t less = 0;
	int failed = 0, ok, opt, tests = 0;
	size_t i;

	while ((opt = getopt(argc, argv, "d:")) != -1) {
		if (opt != 'd')
			return (2);
		less = (uint32_t)strtoul(optarg, NULL, 10);
	}
	signal(SIGABRT, crashed);
	for (i = 0; i < nitems(plans); i++) {
		if (optind < argc && strcmp(plans[i].name, argv[optind]) != 0)
			continue;
		failed |= explore(&plans[i], less, ++tests) == -1;
	}
	if (optind == argc) {
		ok = pairs_all() == 0;
		failed |= !ok;
		printf("%s %d - pairs of states: all that may be, are\n",
		    ok ? "ok" : "not ok", ++tests);
	}
	printf("1..%d\n", tests);
	return (failed);
}

static int
explore(const struct plan *plan, uint32_t less, int test)
{
	size_t blocks = n_blocks;
	uint32_t n;
	int ret = 0;

	x.plan = plan;
	x.depth = less < plan->depth ? plan->depth - less : 0;
	x.n_nodes = x.n_ends = 0;
	x.n_steps = 0;
	if ((x.set = calloc((size_t)1 << SET_BITS, sizeof(*x.set))) == NULL)
		abort();
	grow(0, (struct step){ 0, 0 });
	steps_init(&x.w, plan);
	for (n = 0; n < x.n_nodes && ret == 0; n++)
		if (x.node[n].depth < x.depth)
			ret = expand(n);
	free(x.set);
	free(x.node);
	x.node = NULL;
	x.room = 0;
	world_free(&x.w);
	if (n_blocks != blocks)
		ret = -1;
	printf("%s %d - %s: depth %u, %u worlds, %llu steps, %u ends\n",
	    ret == 0 ? "ok" : "not ok", test, plan->name, x.depth, x.n_nodes,
	    (unsigned long long)x.n_steps, x.n_ends);
	fflush(stdout);
	return (ret);
}

/* Every step that may be taken from there. */
static int
expand(uint32_t n)
{
	struct step steps[MAX_STEPS];
	uint32_t k, n_steps;

	restore(n);
	n_steps = steps_list(&x.w, steps);
	for (k = 0; k < n_steps; k++) {
		if (k > 0)
			restore(n);
		if (arrive(n, steps[k]) == -1) {
			printf("# %s\n", x.w.why);
			tell();
			return (-1);
		}
	}
	return (0);
}

static int
arrive(uint32_t n, struct step step)
{
	struct step next[MAX_STEPS];

	x.at = n;
	x.next = step;
	x.n_steps++;
	steps_take(&x.w, step);
	if (!x.w.failed && is_new(digest_world(&x.w))) {
		grow(n, step);
		if (x.node[x.n_nodes - 1].depth == x.depth ||
		    steps_list(&x.w, next) == 0) {
			x.n_ends++;
			steps_finish(&x.w, x.plan);
		}
	}
	return (x.w.failed ? -1 : 0);
}

static void
restore(uint32_t n)
{
	struct step path[MAX_DEPTH];
	uint32_t depth = x.node[n].depth, k;

	for (k = depth; k > 0; k--, n = x.node[n].parent)
		path[k - 1] = x.node[n].step;
	steps_restart(&x.w, x.plan);
	for (k = 0; k < depth; k++)
		steps_take(&x.w, path[k]);
}

static void
grow(uint32_t parent, struct step step)
{
	struct node *node;

	if (x.n_nodes == x.room) {
		x.room = x.room * 2 + 1024;
		x.node = realloc(x.node, x.room * sizeof(*x.node));
		if (x.node == NULL)
			abort();
	}
	node = &x.node[x.n_nodes];
	node->parent = parent;
	node->depth = x.n_nodes == 0 ? 0 : x.node[parent].depth + 1;
	node->step = step;
	x.n_nodes++;
}

static int
is_new(uint64_t digest)
{
	size_t mask = ((size_t)1 << SET_BITS) - 1, at = digest & mask;

	if (x.n_nodes > mask / 2)
		abort();
	for (; x.set[at] != 0; at = (at + 1) & mask)
		if (x.set[at] == digest)
			return (0);
	x.set[at] = digest;
	return (1);
}

/* How it came to that. */
static void
tell(void)
{
	x.w.verbose = 1;
	restore(x.at);
	steps_take(&x.w, x.next);
	steps_finish(&x.w, x.plan);
	x.w.verbose = 0;
}

/* An assertion or a sanitizer: the same once more, step by step. */
static void
crashed(int sig)
{
	signal(sig, SIG_DFL);
	setvbuf(stdout, NULL, _IONBF, 0);
	tell();
}
