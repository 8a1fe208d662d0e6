/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Fakes of everything around ctld's dial.c.
 */
#include <check.h>
#include <string.h>

#include "dial_world.h"
#include "loop.h"
#include "resolver.h"

struct fake		 fake;

static struct conf	 conf;

/* ---- what dial.c calls ---- */

uint64_t
loop_now(void)
{
	return (fake.now);
}

int
loop_timer_init(struct loop_timer *t, void (*fn)(void *), void *arg)
{
	t->fn = fn;
	t->arg = arg;
	t->at = LOOP_NEVER;
	t->pos = 0;
	fake.timers[fake.n_timers++] = t;
	return (0);
}

void
loop_timer_set(struct loop_timer *t, uint64_t at)
{
	t->at = at;
}

int
resolver_ask(const char *host, uint16_t port, uint32_t id)
{
	ck_assert_uint_eq(port, 1701);
	if (fake.no_resolver)
		return (-1);
	strlcpy(fake.asked, host, sizeof(fake.asked));
	fake.ask_id = id;
	fake.n_asked++;
	return (0);
}

struct tunnel *
tun_dial(struct dial *d, const struct l2tp_addr *addr)
{
	ck_assert_ptr_eq(d, dial_get(0));
	if (fake.no_memory)
		return (NULL);
	fake.dialled = *addr;
	fake.n_dialled++;
	return (&fake.tun);
}

struct session *
sess_dial(struct tunnel *t, struct dial_call *dc)
{
	ck_assert_ptr_eq(t, &fake.tun);
	ck_assert_ptr_eq(dc->dial, dial_get(0));
	if (fake.no_memory)
		return (NULL);
	fake.n_calls++;
	return (&fake.sess);
}

void
tun_abandon(struct tunnel *t)
{
	ck_assert_ptr_eq(t, &fake.tun);
	fake.n_abandoned++;
}

int
tun_answered(const struct l2tp_addr *addr)
{
	return (fake.answered != 0 && addr->ip[3] == fake.answered);
}

/* ---- for the tests ---- */

uint64_t
next_timer(void)
{
	struct loop_timer	*t = NULL;
	uint64_t		 passed;
	size_t			 i;

	for (i = 0; i < fake.n_timers; i++)
		if (fake.timers[i]->at != LOOP_NEVER &&
		    (t == NULL || fake.timers[i]->at < t->at))
			t = fake.timers[i];
	ck_assert_ptr_nonnull(t);
	passed = t->at - fake.now;
	fake.now = t->at;
	t->at = LOOP_NEVER;
	t->fn(t->arg);
	return (passed);
}

size_t
timers_set(void)
{
	size_t	 i, n = 0;

	for (i = 0; i < fake.n_timers; i++)
		n += fake.timers[i]->at != LOOP_NEVER;
	return (n);
}

struct l2tp_addr
ip4(uint8_t last)
{
	struct l2tp_addr	 addr = { .family = 4, .port = 1701 };

	addr.ip[0] = 192;
	addr.ip[3] = last;
	return (addr);
}

struct dial *
start(void)
{
	struct l2tp_addr	 first = ip4(1);

	first.encap = fake.ct.local.encap;
	fake.now = 1000000;
	TAILQ_INIT(&conf.tunnels);
	TAILQ_INIT(&fake.ct.sessions);
	TAILQ_INSERT_TAIL(&conf.tunnels, &fake.ct, entry);
	TAILQ_INSERT_TAIL(&fake.ct.sessions, &fake.cs[0], entry);
	TAILQ_INSERT_TAIL(&fake.ct.sessions, &fake.cs[1], entry);
	strlcpy(fake.ct.name, "isp", sizeof(fake.ct.name));
	fake.ct.redial_min_ms = 1000;
	fake.ct.redial_max_ms = 16000;
	fake.ct.peers = fake.peers;
	fake.ct.n_peers = 2;
	addr_from_l2tp(&first, &fake.peers[0].addr);
	fake.peers[0].port = fake.peers[1].port = 1701;
	strlcpy(fake.peers[1].host, "lns.example.net",
	    sizeof(fake.peers[1].host));
	dial_init(&conf);
	dial_start();
	return (dial_get(0));
}

void
resolve(uint8_t a, uint8_t b)
{
	struct l2tp_addr	 addrs[2] = { ip4(a), ip4(b) };

	dial_resolved(fake.ask_id, addrs, b != 0 ? 2 : 1, "no reason");
}
