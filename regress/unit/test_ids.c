/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What the engine stands on: ids, the heap of deadlines, the hash tables.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"
#include "ids.h"
#include "l2tp.h"
#include "rig.h"
#include "table.h"

#define QUARANTINE	31000
#define N		1000

static struct ids ids;

/* v2-5.3-03: never 0, wherever the search starts. */
/* v3-4.1-03 */
START_TEST(ids_never_zero)
{
	uint32_t start;

	ids_init(&ids, QUARANTINE);
	ck_assert_uint_eq(ids_find(&ids, 0, 1), 1);
	for (start = 1; start < 65536; start++)
		ck_assert_uint_eq(ids_find(&ids, start, 1), start);
}
END_TEST

/* Every id is found, once, and then none. */
START_TEST(ids_exhausted)
{
	static uint8_t seen[65536];
	uint32_t i, id, n = 0;

	ids_init(&ids, QUARANTINE);
	memset(seen, 0, sizeof(seen));
	for (i = 0; i < 65535; i++) {
		id = ids_find(&ids, i * 40503U & UINT16_MAX, 1);
		ck_assert_uint_ne(id, 0);
		ck_assert_uint_eq(seen[id], 0);
		seen[id] = 1;
		n++;
		ids_take(&ids, id);
	}
	ck_assert_uint_eq(n, 65535);
	ck_assert_uint_eq(ids_find(&ids, 77, 1), 0);
	ids_return(&ids, 4242);
	ck_assert_uint_eq(ids_find(&ids, 5000, 1), 4242);
	/* Also in the half of a word in which the search started. */
	ids_take(&ids, 4242);
	ids_return(&ids, 5001);
	ck_assert_uint_eq(ids_find(&ids, 5003, 1), 5001);
}
END_TEST

/* v2-5.7-02: not again before the quarantine, whenever it was released. */
START_TEST(ids_quarantine)
{
	uint64_t at = 100000 + (uint64_t)_i * 1700, now;
	uint32_t i;

	ids_init(&ids, QUARANTINE);
	for (i = 1; i < 65536; i++)
		ids_take(&ids, i);
	ids_find(&ids, 1, 100000);
	ids_release(&ids, 99, at);
	for (now = at; now < at + QUARANTINE; now += 500)
		ck_assert_uint_eq(ids_find(&ids, 99, now), 0);
	for (; ids_find(&ids, 99, now) == 0; now += 500)
		ck_assert_uint_le(now, at + 2 * QUARANTINE);
	ck_assert_uint_eq(ids_find(&ids, 1, now), 99);
}
END_TEST

/*
 * v3-3.2.1-06: of 32 bits, whose upper half is as it was drawn; no two
 * taken ones, of either version, have one lower half.
 */
START_TEST(ids_wide)
{
	ids_init(&ids, QUARANTINE);
	ck_assert_uint_eq(ids_find(&ids, 0x89ab0000, 1), 0x89ab0001);
	ck_assert_uint_eq(ids_find(&ids, 0x89abcdef, 1), 0x89abcdef);
	ids_take(&ids, 0x89abcdef);
	ck_assert_uint_eq(ids_find(&ids, 0x1234cdef, 1), 0x1234cdf0);
	ck_assert_uint_eq(ids_find(&ids, 0xcdef, 1), 0xcdf0);
	ids_take(&ids, 0xcdf0);
	ck_assert_uint_eq(ids_find(&ids, 0xffffcdef, 1), 0xffffcdf1);
	ids_return(&ids, 0xcdf0);
	ids_release(&ids, 0x89abcdef, 1);
	ck_assert_uint_eq(ids_find(&ids, 0x1234cdef, QUARANTINE), 0x1234cdf0);
	ck_assert_uint_eq(ids_find(&ids, 0x1234cdef, 4 * QUARANTINE),
	    0x1234cdef);
}
END_TEST

START_TEST(ids_no_quarantine)
{
	ids_init(&ids, 0);
	ids_take(&ids, 99);
	ids_release(&ids, 99, 5);
	ck_assert_uint_eq(ids_find(&ids, 99, 5), 99);
}
END_TEST

/* v2-9.1-01: ids of an engine look random and do not come twice. */
START_TEST(ids_look_random)
{
	static uint8_t seen[65536];
	struct l2tp_config c;
	struct rig r;
	uint32_t id, last = 0, up = 0, near = 0, i;

	memset(&r, 0, sizeof(r));
	memset(seen, 0, sizeof(seen));
	c = rig_config(&r);
	c.max_tunnels = N;
	rig_init_config(&r, &c);
	for (i = 0; i < N; i++) {
		id = 0;
		ck_assert_int_eq(l2tp_tunnel_open(r.e, &r.path, &r.params,
		    NULL, r.now, &id), 0);
		ck_assert(id > 0 && id < 65536 && !seen[id]);
		seen[id] = 1;
		up += id > last;
		near += id - last < 100;
		last = id;
	}
	ck_assert(up > N * 4 / 10 && up < N * 6 / 10);
	ck_assert_uint_lt(near, N / 50);
	rig_free(&r);
}
END_TEST

/* An id that carried a tunnel is not used at once; one that did not may. */
START_TEST(engine_quarantine)
{
	struct rig r;
	uint16_t tid;

	rig_init(&r);
	rig_listen(&r);
	tid = rig_tid(&r);
	rig_say(&r, MSG_STOPCCN, 0);
	rig_wait(&r, 31100);
	while (rig_event(&r))
		continue;
	ck_assert(rig_is(&r, "none"));
	ck_assert_uint_ne(ids_find(&r.e->tids, tid, r.now), tid);
	r.now += 2 * QUARANTINE;
	ck_assert_uint_eq(ids_find(&r.e->tids, tid, r.now), tid);
	rig_free(&r);
}
END_TEST

/* What the heap says is the earliest is so, through adds, moves, removes. */
START_TEST(heap_order)
{
	static struct timer t[N], *top;
	uint64_t z = (uint64_t)_i + 1, min;
	struct heap h;
	uint32_t step, i;

	memset(t, 0, sizeof(t));
	ck_assert_int_eq(heap_init(&h, N), 0);
	ck_assert_ptr_null(heap_top(&h));
	for (i = 0; i < N; i++)
		t[i].at = L2TP_NEVER;
	for (step = 0; step < 5 * N; step++) {
		z = z * 6364136223846793005ULL + 1442695040888963407ULL;
		i = (uint32_t)(z >> 33) % N;
		heap_set(&h, &t[i], (z >> 20) % 3 == 0 ? L2TP_NEVER :
		    (z >> 40) % 5000);
		if (step % 50 != 0)
			continue;
		for (min = L2TP_NEVER, i = 0; i < N; i++)
			if (t[i].at < min)
				min = t[i].at;
		ck_assert_uint_eq(heap_top(&h) == NULL ? L2TP_NEVER :
		    heap_top(&h)->at, min);
	}
	for (min = 0; (top = heap_top(&h)) != NULL;) {
		ck_assert_uint_ge(top->at, min);
		min = top->at;
		heap_set(&h, top, L2TP_NEVER);
	}
	heap_free(&h);
}
END_TEST

/* Found by key, newest first; removed ones are not found. */
START_TEST(tables)
{
	static struct node n[N];
	struct table t;
	struct node *it;
	size_t at = 0;
	uint32_t i, count = 0;

	memset(n, 0, sizeof(n));
	ck_assert_int_eq(table_init(&t, _i == 0 ? 1 : N, 12345678901234ULL),
	    0);
	for (i = 0; i < N; i++)
		table_insert(&t, &n[i], i / 2);
	for (i = 0; i < N; i += 2) {
		ck_assert_ptr_eq(table_first(&t, i / 2), &n[i + 1]);
		ck_assert_ptr_eq(table_next(&n[i + 1]), &n[i]);
		ck_assert_ptr_null(table_next(&n[i]));
		table_remove(&t, &n[i + 1]);
		table_remove(&t, &n[i + 1]);
		ck_assert_ptr_eq(table_first(&t, i / 2), &n[i]);
	}
	ck_assert_ptr_null(table_first(&t, N));
	while ((it = table_any(&t, &at)) != NULL) {
		table_remove(&t, it);
		count++;
	}
	ck_assert_uint_eq(count, N / 2);
	table_free(&t);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ids");
	TCase *t = tcase_create("ids, heap and tables");
	SRunner *sr;
	int failed;

	tcase_add_test(t, ids_never_zero);
	tcase_add_test(t, ids_exhausted);
	tcase_add_loop_test(t, ids_quarantine, 0, 40);
	tcase_add_test(t, ids_wide);
	tcase_add_test(t, ids_no_quarantine);
	tcase_add_test(t, ids_look_random);
	tcase_add_test(t, engine_quarantine);
	tcase_add_loop_test(t, heap_order, 0, 5);
	tcase_add_loop_test(t, tables, 0, 2);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return (failed != 0);
}
