/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Counts the blocks of memory that are allocated, by the linker's --wrap,
 * so that it works with and without a sanitizer; which has to raise SIGABRT
 * for what it finds, so that the programs can say when it was.
 */
#include <stdlib.h>

#include "sim.h"

void	*__real_malloc(size_t);
void	*__real_calloc(size_t, size_t);
void	*__real_realloc(void *, size_t);
void	 __real_free(void *);
void	*__wrap_malloc(size_t);
void	*__wrap_calloc(size_t, size_t);
void	*__wrap_realloc(void *, size_t);
void	 __wrap_free(void *);
const char *__asan_default_options(void);

size_t n_blocks;

void *
__wrap_malloc(size_t len)
{
	void *p = __real_malloc(len);

	n_blocks += p != NULL;
	return (p);
}

void *
__wrap_calloc(size_t n, size_t len)
{
	void *p = __real_calloc(n, len);

	n_blocks += p != NULL;
	return (p);
}

void *
__wrap_realloc(void *old, size_t len)
{
	void *p = __real_realloc(old, len);

	n_blocks += old == NULL && p != NULL;
	return (p);
}

void
__wrap_free(void *p)
{
	n_blocks -= p != NULL;
	__real_free(p);
}

const char *
__asan_default_options(void)
{
	return ("abort_on_error=1");
}
