/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * sim [-n seeds] [-r scenario] [-s seed] [-v]
 *
 * Runs every scenario, or one, with its share of that many seeds, one line
 * of TAP per thousand.  A seed that fails, be it by a crash, is named with
 * the command that runs it alone and says what happens in it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim.h"

#define BATCH	1000

static int	 run_all(uint64_t, const char *);
static int	 run_scenario(const struct scenario *, uint64_t);
static int	 run_seed(uint64_t, int);
static void	 replay(const char *);
static void	 crashed(int);

static struct sim_state {
	struct world		 w;
	const struct scenario	*scenario;
	const char		*program;
	int			 tests;
	uint64_t		 packets, lost;
	uint64_t		 tunnels_up, calls_up, notices;
} sim;

int
main(int argc, char *argv[])
{
	const char *only = NULL;
	uint64_t n = 2000, seed = 0;
	int opt, verbose = 0;

	while ((opt = getopt(argc, argv, "n:r:s:v")) != -1) {
		if (opt == 'n')
			n = strtoull(optarg, NULL, 10);
		else if (opt == 'r')
			only = optarg;
		else if (opt == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (opt == 'v')
			verbose = 1;
		else
			return (2);
	}
	sim.program = argv[0];
	signal(SIGABRT, crashed);
	if (seed == 0)
		return (run_all(n, only) == -1);
	sim.scenario = scenarios;
	while (only != NULL && strcmp(sim.scenario->name, only) != 0)
		if (++sim.scenario == scenarios + n_scenarios)
			return (2);
	return (run_seed(seed, verbose) == -1);
}

static int
run_all(uint64_t n, const char *only)
{
	int alive, ret = 0;
	size_t i;

	for (i = 0; i < n_scenarios; i++)
		if ((only == NULL || strcmp(only, scenarios[i].name) == 0) &&
		    run_scenario(&scenarios[i], n) == -1)
			ret = -1;
	printf("# %llu packets, %llu lost, %llu tunnels and %llu calls up, "
	    "%llu notices\n", (unsigned long long)sim.packets,
	    (unsigned long long)sim.lost, (unsigned long long)sim.tunnels_up,
	    (unsigned long long)sim.calls_up,
	    (unsigned long long)sim.notices);
	if (only == NULL) {
		alive = sim.calls_up > n && sim.notices > n / 10;
		printf("%s %d - sim: calls came up, and told of their lines\n",
		    alive ? "ok" : "not ok", ++sim.tests);
		if (!alive)
			ret = -1;
	}
	printf("1..%d\n", sim.tests);
	return (ret);
}

static int
run_scenario(const struct scenario *sc, uint64_t n)
{
	uint64_t seed, first, last = (n + sc->share - 1) / sc->share;
	int failed, ret = 0;

	sim.scenario = sc;
	for (seed = 1; seed <= last;) {
		failed = 0;
		first = seed;
		for (; seed <= last && seed < first + BATCH; seed++)
			failed |= run_seed(seed, 0) == -1;
		printf("%s %d - %s: seeds %llu to %llu\n",
		    failed ? "not ok" : "ok", ++sim.tests, sc->name,
		    (unsigned long long)first, (unsigned long long)seed - 1);
		fflush(stdout);
		if (failed)
			ret = -1;
	}
	return (ret);
}

static int
run_seed(uint64_t seed, int verbose)
{
	struct world *w = &sim.w;
	int ret;

	ret = scenario_run(sim.scenario, w, seed, verbose);
	sim.packets += w->n_packets;
	sim.lost += w->n_lost;
	sim.tunnels_up += w->side[0].n_up + w->side[1].n_up;
	sim.calls_up += w->side[0].n_calls_up + w->side[1].n_calls_up;
	sim.notices += w->side[0].n_notices + w->side[1].n_notices;
	if (ret == -1)
		replay(w->why);
	return (ret);
}

static void
replay(const char *why)
{
	unsigned long long seed = sim.w.seed;

	printf("# seed %llu: %s (replay: %s -r '%s' -s %llu -v)\n", seed,
	    why, sim.program, sim.scenario->name, seed);
	fflush(stdout);
}

/* An assertion or a sanitizer: which seed was it? */
static void
crashed(int sig)
{
	replay("crash");
	signal(sig, SIG_DFL);
}
