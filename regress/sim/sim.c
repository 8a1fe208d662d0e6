/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * sim [-n seeds] [-s seed] [-v]
 *
 * Runs that many seeds, one line of TAP per hundred.  A seed that fails is
 * named with its reason; -s runs that one, -v says what happens in it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim.h"

#define BATCH	100

static int	 run_batch(uint64_t, uint64_t);
static int	 run_seed(uint64_t, int);

static struct sim_state {
	uint64_t	packets, lost;
	uint64_t	tunnels_up, calls_up;
} totals;

int
main(int argc, char *argv[])
{
	uint64_t n = 2000, seed, one = 0;
	int opt, failed = 0, tests = 0, verbose = 0;

	while ((opt = getopt(argc, argv, "n:s:v")) != -1) {
		if (opt == 'n')
			n = strtoull(optarg, NULL, 10);
		else if (opt == 's')
			one = strtoull(optarg, NULL, 10);
		else if (opt == 'v')
			verbose = 1;
		else
			return (2);
	}
	if (one != 0) {
		failed = run_seed(one, verbose) == -1;
		printf("%s 1 - seed %llu\n1..1\n", failed ? "not ok" : "ok",
		    (unsigned long long)one);
		return (failed);
	}
	for (seed = 1; seed <= n; seed += BATCH) {
		uint64_t last = seed + BATCH - 1 < n ? seed + BATCH - 1 : n;

		printf("%s %d - seeds %llu to %llu\n",
		    run_batch(seed, last) == 0 ? "ok" : (failed = 1, "not ok"),
		    ++tests, (unsigned long long)seed,
		    (unsigned long long)last);
		fflush(stdout);
	}
	printf("# %llu packets, %llu lost, %llu tunnels and %llu calls up\n",
	    (unsigned long long)totals.packets,
	    (unsigned long long)totals.lost,
	    (unsigned long long)totals.tunnels_up,
	    (unsigned long long)totals.calls_up);
	printf("%s %d - calls came up\n1..%d\n",
	    totals.calls_up > n ? "ok" : (failed = 1, "not ok"), tests + 1,
	    tests + 1);
	return (failed);
}

static int
run_batch(uint64_t seed, uint64_t last)
{
	int ret = 0;

	for (; seed <= last; seed++)
		if (run_seed(seed, 0) == -1)
			ret = -1;
	return (ret);
}

static int
run_seed(uint64_t seed, int verbose)
{
	static struct world w;
	int ret;

	ret = world_run(&w, seed, verbose);
	totals.packets += w.n_packets;
	totals.lost += w.n_lost;
	totals.tunnels_up += w.side[0].n_up + w.side[1].n_up;
	totals.calls_up += w.side[0].n_calls_up + w.side[1].n_calls_up;
	if (ret == -1)
		printf("# seed %llu: %s (replay: sim -s %llu -v)\n",
		    (unsigned long long)seed, w.why,
		    (unsigned long long)seed);
	return (ret);
}

/* splitmix64 */
uint32_t
sim_random(struct world *w, uint32_t below)
{
	uint64_t z = (w->rng += 0x9e3779b97f4a7c15ULL);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (below == 0 ? 0 : (uint32_t)((z >> 32) % below));
}

/* The first failure of a run is the one that counts. */
void
sim_fail(struct world *w, const char *fmt, ...)
{
	va_list ap;

	if (w->failed)
		return;
	w->failed = 1;
	va_start(ap, fmt);
	vsnprintf(w->why, sizeof(w->why), fmt, ap);
	va_end(ap);
	sim_note(w, "FAILED: %s", w->why);
}

void
sim_note(struct world *w, const char *fmt, ...)
{
	va_list ap;

	if (!w->verbose)
		return;
	printf("# %8llu ", (unsigned long long)w->now);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}
