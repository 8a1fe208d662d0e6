/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What happens in a run: most of the seeds are chaos, in which both callers
 * do what they like over a bad link; the others each bring about one thing
 * and say what has to come of it.  Every run ends with both sides empty.
 */
#include "engine.h"
#include "sim.h"

#define CHAOS_STEPS	60
#define STEP_MS		3000
#define HOUR_MS		3600000
#define WRAP		(65536 + 1000)
#define WRAP_CALLS	64	/* at one time */
#define QUIRKS_ANY	0xfU	/* enum l2tp_quirk */

static void	 run_chaos(struct world *);
static void	 run_loss(struct world *);
static void	 run_window_1(struct world *);
static void	 run_window_max(struct world *);
static void	 run_thousand(struct world *);
static void	 run_thousand_out(struct world *);
static void	 run_mismatch(struct world *);
static void	 run_rollover(struct world *);
static void	 run_refusal(struct world *);
static void	 run_idle(struct world *);
static void	 run_silence(struct world *);
static void	 run_retention(struct world *);
static void	 run_wrap(struct world *);
static void	 run_floating(struct world *);
static void	 run_quirks(struct world *);
static void	 run_replaced(struct world *);
static void	 chaos(struct world *, uint32_t);
static void	 chaos_side(struct world *, int);
static void	 thousand(struct world *, int);
static void	 refused_call(struct world *, uint32_t, int, int);

const struct scenario scenarios[] = {
	{ "chaos", run_chaos, 1, SIM_ANY, STYLES_ALL },
	{ "loss of 40 %", run_loss, 10, SIM_ANY, STYLES_ALL },
	{ "simultaneous open", run_collision, 10, SIM_EQUAL, STYLES_ALL },
	{ "reboot", run_reboot, 10, SIM_ROLLOVER, STYLES_ALL },
	{ "window of 1", run_window_1, 100, SIM_NONE, STYLES_ALL },
	{ "window of 32768", run_window_max, 1000, SIM_NONE, STYLES_ALL },
	{ "1000 calls", run_thousand, 1000, SIM_EQUAL, STYLES_ALL },
	{ "1000 outgoing calls", run_thousand_out, 2000, SIM_EQUAL,
	    STYLES_ALL },
	{ "secrets that differ", run_mismatch, 20, SIM_MISMATCH, STYLES_ALL },
	{ "secrets in rollover", run_rollover, 20, SIM_ROLLOVER, STYLES_ALL },
	{ "refusal", run_refusal, 100, SIM_NONE, STYLES_ALL },
	{ "idle for hours", run_idle, 100, SIM_EQUAL, STYLES_ALL },
	{ "silent peer", run_silence, 20, SIM_EQUAL, STYLES_ALL },
	{ "retention", run_retention, 20, SIM_EQUAL, STYLES_ALL },
	{ "wrap of Ns and Nr", run_wrap, 2500, SIM_EQUAL, STYLES_ALL },
	{ "floating port", run_floating, 100, SIM_EQUAL, STYLES_UDP },
	{ "quirks", run_quirks, 20, SIM_ROLLOVER, 1U << SIM_V2 },
	{ "restarted peer is replaced", run_replaced, 100, SIM_EQUAL,
	    STYLES_ALL },
	{ "versions", run_versions, 20, SIM_ANY, STYLES_ALL },
	{ "digests of one side alone", run_one_sided, 50, SIM_EQUAL,
	    STYLES_V3 },
	{ "session tie", run_session_tie, 20, SIM_ANY, STYLES_V3 },
	{ "circuit status", run_circuit, 20, SIM_ANY, STYLES_V3 },
	{ "fixed tunnel, idle", run_fixed, 20, SIM_ROLLOVER, STYLES_FIXED },
	{ "fixed tunnel, reboot", run_fixed_reboot, 20, SIM_EQUAL,
	    STYLES_FIXED }
};
const size_t n_scenarios = nitems(scenarios);

int
scenario_run(const struct scenario *sc, struct world *w, uint64_t seed,
    int verbose)
{
	size_t blocks = n_blocks;

	world_init(w, seed, sc->secrets, sc->styles, verbose);
	sc->run(w);
	world_settle(w);
	world_end(w);
	world_free(w);
	if (n_blocks != blocks)
		sim_fail(w, "memory is left: %zu blocks", n_blocks - blocks);
	return (w->failed ? -1 : 0);
}

static void
run_chaos(struct world *w)
{
	static const uint32_t losses[] = { 0, 1, 10, 20, 30, 40 };

	chaos(w, losses[sim_random(w, nitems(losses))]);
}

static void
run_loss(struct world *w)
{
	chaos(w, 40);
}

static void
chaos(struct world *w, uint32_t loss)
{
	uint32_t step;

	w->prompt = 80;
	w->accept = 90;
	chaos_side(w, 0);
	chaos_side(w, 1);
	world_fray(w, loss);
	for (step = 0; step < CHAOS_STEPS && !w->failed; step++) {
		if (sim_random(w, 100) < 1)
			side_reboot(w, (int)sim_random(w, 2));
		else
			side_act(w, (int)sim_random(w, 2));
		world_until(w, w->now + sim_random(w, STEP_MS));
	}
	world_heal(w);
	w->accept = 100;
	world_answer(w);
	world_settle(w);
}

/* What it does not keep to is forgiven it, and maybe more than that. */
static void
chaos_side(struct world *w, int i)
{
	static const uint32_t bearers[] = { L2TP_BEARER_DIGITAL,
	    L2TP_BEARER_DIGITAL | L2TP_BEARER_ANALOG, L2TP_BEARER_ANALOG, 0 };
	struct l2tp_params *peer = &w->side[!i].params;
	struct side *s = &w->side[i];

	s->params.tie_breaker = (uint8_t)sim_random(w, 2);
	s->params.bearer_caps = bearers[sim_random(w, nitems(bearers))];
	s->floats = w->style != SIM_IP && sim_random(w, 2);
	peer->strict_port = !s->floats && sim_random(w, 2);
	s->odd = w->style == SIM_V2 ? sim_random(w, 2) *
	    sim_random(w, SIM_NODD) : SIM_EVEN;
	peer->quirks = odd_quirk(s->odd) |
	    sim_random(w, 2) * sim_random(w, QUIRKS_ANY + 1);
}

static void
run_window_1(struct world *w)
{
	uint32_t tid[2];

	w->side[0].params.window_size = w->side[1].params.window_size = 1;
	world_patience(w);
	connect_sides(w, tid, 0);
	world_fray(w, 10);
	open_calls(w, tid, 16, (int)sim_random(w, 2));
	world_until(w, w->now + HOUR_MS);
	world_expect(w, 1, 16);
}

static void
run_window_max(struct world *w)
{
	int n;
	uint32_t tid[2];

	w->side[0].params.window_size = w->side[1].params.window_size = 32768;
	world_patience(w);
	connect_sides(w, tid, 0);
	w->delay_ms = 2;
	for (n = 0; n < 4; n++) {
		side_close_calls(w, 0);
		open_calls(w, tid, 500, 0);
		world_until(w, w->now + HOUR_MS);
	}
	world_expect(w, 1, 500);
	if (w->side[0].outstanding <= CHAN_MAX_AHEAD)
		sim_fail(w, "no more than %u were outstanding",
		    w->side[0].outstanding);
}

static void
run_thousand(struct world *w)
{
	thousand(w, 0);
}

static void
run_thousand_out(struct world *w)
{
	thousand(w, 1);
}

/* v2-5.2-01: by both sides.  v2-6.4-02: one StopCCN clears them all. */
static void
thousand(struct world *w, int outgoing)
{
	uint32_t sent[2];
	uint32_t tid[2];

	world_patience(w);
	connect_sides(w, tid, 0);
	world_fray(w, sim_random(w, 11));
	open_calls(w, tid, 1000, outgoing);
	world_until(w, w->now + HOUR_MS);
	world_heal(w);
	world_settle(w);
	world_expect(w, 1, 1000);
	sent[0] = sent_count(&w->side[0], tid[0]);
	sent[1] = sent_count(&w->side[1], tid[1]);
	side_close_tunnel(w, 0, tid[0]);
	world_until(w, w->now + 1000);
	world_expect(w, 0, 0);
	if (sent_count(&w->side[0], tid[0]) > sent[0] + 1 ||
	    sent_count(&w->side[1], tid[1]) != sent[1])
		sim_fail(w, "more was said than StopCCN");
}

static void
run_mismatch(struct world *w)
{
	int i = (int)sim_random(w, 2);

	world_fray(w, 0);
	side_open_call(w, i, side_open_tunnel(w, i), (int)sim_random(w, 2));
	world_settle(w);
	world_expect(w, 0, 0);
}

static void
run_rollover(struct world *w)
{
	int i = (int)sim_random(w, 2);

	world_patience(w);
	world_fray(w, 0);
	side_open_call(w, i, side_open_tunnel(w, i), (int)sim_random(w, 2));
	world_settle(w);
	world_expect(w, 1, 1);
}

/*
 * It is heard at once, not when a timer runs out.  (A SCCRQ whose tunnel id
 * is hidden cannot be refused so by one that does not know the secret.)
 */
static void
run_refusal(struct world *w)
{
	uint32_t tid[2];

	connect_sides(w, tid, 1);
	w->prompt = 0;
	refused_call(w, tid[0], 0, 0);
	refused_call(w, tid[0], 0, 1);
	refused_call(w, tid[0], 1, 0);
	refused_call(w, tid[0], 1, 1);
	if (w->version == 2) {
		w->side[1].params.bearer_caps = 0;
		refused_call(w, tid[0], 1, 0);
	}
	side_close(w, 0);
	world_settle(w);
	tid[0] = side_open_tunnel(w, 0);
	world_until(w, w->now + 100);
	side_close(w, 1);
	world_until(w, w->now + 100);
	if (book_find(w->side[0].tunnels, tid[0])->live)
		sim_fail(w, "the tunnel lives on");
	world_expect(w, 0, 0);
}

/*
 * Before or after it was accepted (v2-7.5.1-06), or as the peer places none
 * any more (v2-7.5.1-02).
 */
static void
refused_call(struct world *w, uint32_t tid, int outgoing, int accepted)
{
	uint32_t sid = side_open_call(w, 0, tid, outgoing);

	world_until(w, w->now + 100);
	if (accepted)
		side_answer(w, 1);
	world_until(w, w->now + 100);
	side_close_calls(w, 1);
	world_until(w, w->now + 100);
	if (sid == 0 || book_find(w->side[0].calls, sid)->live)
		sim_fail(w, "the call lives on");
}

/* One HELLO and its acknowledgement in each quiet time, at most two. */
static void
run_idle(struct world *w)
{
	uint64_t n, quiet_ms = w->side[0].params.hello_ms;
	uint32_t tid[2];

	w->side[1].params.hello_ms = (uint32_t)quiet_ms;
	connect_sides(w, tid, 1);
	n = w->n_packets;
	w->max_packets += 4 * 6 * HOUR_MS / quiet_ms;
	world_until(w, w->now + 6 * HOUR_MS);
	n = w->n_packets - n;
	if (n < 2 * 6 * HOUR_MS / (quiet_ms + 1000) ||
	    n > 4 * (6 * HOUR_MS / quiet_ms + 1))
		sim_fail(w, "%llu packets in six hours",
		    (unsigned long long)n);
	world_expect(w, 1, 1);
}

/*
 * v2-5.5-01: who hears nothing asks after the quiet time, and gives up when
 * it has been through all its retransmissions, not before.
 */
static void
run_silence(struct world *w)
{
	const struct side *s = &w->side[0];
	uint64_t cycle_ms = sent_cycle_ms(&s->params), start;
	uint32_t tid[2];

	connect_sides(w, tid, 2);
	w->loss[0] = sim_random(w, 2) * 100;
	w->loss[1] = 100;
	start = w->now;
	world_settle(w);
	if (s->down_at + 1000 < start + cycle_ms ||
	    s->down_at > start + cycle_ms + s->params.hello_ms)
		sim_fail(w, "down %llu ms after the silence began",
		    (unsigned long long)(s->down_at - start));
	world_expect(w, 0, 0);
}

/* v2-5.7-01: for a full cycle; sent.c sees that each is acknowledged. */
static void
run_retention(struct world *w)
{
	int closer = (int)sim_random(w, 2);
	const struct side *s = &w->side[!closer];
	uint32_t tid[2];

	connect_sides(w, tid, 2);
	w->loss[!closer] = sim_random(w, 3) * 50;
	side_close_tunnel(w, closer, tid[closer]);
	world_settle(w);
	if (s->gone_at < s->down_at + sent_cycle_ms(&s->params))
		sim_fail(w, "the StopCCN was forgotten too soon");
	world_expect(w, 0, 0);
}

/* v2-5.8-01: beyond 65,535 both ways, over a link that loses some. */
static void
run_wrap(struct world *w)
{
	uint32_t tid[2];

	world_patience(w);
	w->max_packets = 10 * WRAP;
	connect_sides(w, tid, 0);
	w->loss[0] = w->loss[1] = sim_random(w, 6);
	w->delay_ms = 10;
	while (!w->failed && (sent_count(&w->side[0], tid[0]) < WRAP ||
	    sent_count(&w->side[1], tid[1]) < WRAP)) {
		open_calls(w, tid, WRAP_CALLS, 0);
		world_until(w, w->now + 60000);
		side_close_calls(w, (int)sim_random(w, 2));
		world_until(w, w->now + 1000);
	}
	world_heal(w);
	world_settle(w);
	side_close_calls(w, 0);
	open_calls(w, tid, 2, 0);
	world_settle(w);
	world_expect(w, 1, 2);
}

/* v2-8.1-03: who answers may do so from any port, if it is let. */
static void
run_floating(struct world *w)
{
	int strict = (int)sim_random(w, 2), i = (int)sim_random(w, 2);

	world_patience(w);
	world_fray(w, 0);
	w->side[i].params.strict_port = (uint8_t)strict;
	w->side[!i].floats = 1;
	side_open_call(w, i, side_open_tunnel(w, i), (int)sim_random(w, 2));
	world_settle(w);
	world_expect(w, !strict, !strict);
}

/* Each by either side, and forgiven or not. */
static void
run_quirks(struct world *w)
{
	enum sim_odd odd = 1 + w->seed % (SIM_NODD - 1);
	int i = (int)sim_random(w, 2), forgiven = (int)sim_random(w, 2);
	uint32_t quirk = odd_quirk(odd);

	world_patience(w);
	world_fray(w, 0);
	w->side[i].odd = odd;
	w->side[!i].params.quirks = forgiven ? quirk : QUIRKS_ANY & ~quirk;
	i = (int)sim_random(w, 2);
	side_open_call(w, i, side_open_tunnel(w, i), (int)sim_random(w, 2));
	world_settle(w);
	world_expect(w, forgiven, forgiven);
}

/* With the quirk at once; without it, not before a HELLO finds out. */
static void
run_replaced(struct world *w)
{
	int forgiven = (int)sim_random(w, 2);
	const struct side *s = &w->side[1];
	uint32_t tid[2];

	w->side[1].params.quirks = forgiven ? L2TP_QUIRK_SINGLE_TUNNEL : 0;
	connect_sides(w, tid, 1);
	side_reboot(w, 0);
	side_open_call(w, 0, side_open_tunnel(w, 0), 0);
	world_until(w, w->now + 1000);
	if (book_up(s->tunnels) != (forgiven ? 1 : 2))
		sim_fail(w, "%u tunnels after the restart",
		    book_up(s->tunnels));
	world_settle(w);
	world_expect(w, 1, 1);
}

void
connect_sides(struct world *w, uint32_t tid[2], uint32_t calls)
{
	tid[0] = side_open_tunnel(w, 0);
	world_until(w, w->now + 10000);
	tid[1] = book_find(w->side[0].tunnels, tid[0])->peer_id;
	open_calls(w, tid, calls, 0);
	world_settle(w);
	world_expect(w, 1, calls);
}

void
open_calls(struct world *w, const uint32_t tid[2], uint32_t n, int outgoing)
{
	while (n-- > 0)
		side_open_call(w, n % 2, tid[n % 2], outgoing);
}
