/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The mutator of fuzz_avp, whose input is one datagram.
 */
#include "fuzz/mutate.h"

size_t
LLVMFuzzerCustomMutator(uint8_t *p, size_t len, size_t max, unsigned int seed)
{
	/* Now and then like one who knows nothing. */
	if (seed % 8 == 0)
		return (LLVMFuzzerMutate(p, len, max));
	return (mutate_datagram(p, len, max, seed));
}
