/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Changes to control messages by somebody who knows the tables of AVPs and
 * of messages, so that what comes out gets behind the header: Length is that
 * of the message, and each AVP has its own.  Some changes make just these
 * wrong.  All that is known of an AVP or a message is in avp_table and
 * msg_table, and its value in sample.h; a new row is used at once.
 */
#ifndef REGRESS_FUZZ_MUTATE_H
#define REGRESS_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Each changes one thing in place and returns the new length, which may be
 * max at most: of a list of AVPs, of L2TPv2 or L2TPv3, and of a datagram.
 * Of what is too short to be changed they make something new.
 */
size_t	mutate_body(uint8_t *, size_t len, size_t max, uint32_t seed,
	    uint8_t version);
size_t	mutate_datagram(uint8_t *, size_t len, size_t max, uint32_t seed);

/* libFuzzer's own changes, and what it looks for in a target. */
size_t	LLVMFuzzerMutate(uint8_t *, size_t, size_t);
size_t	LLVMFuzzerCustomMutator(uint8_t *, size_t, size_t, unsigned int);
size_t	LLVMFuzzerCustomCrossOver(const uint8_t *, size_t, const uint8_t *,
	    size_t, uint8_t *, size_t, unsigned int);

#endif
