/* SPDX-License-Identifier: ISC */
/*
 * Reader and writer cursors: the only code that touches packet bytes.
 *
 * Errors are sticky: after the first overrun "bad" is set, every further
 * read returns 0 and every further write stores nothing, so that callers
 * decode in a straight line and test once at the end.  Integers on the
 * wire are big endian (RFC 2661 section 3.0).
 */
#ifndef PROTO_WIRE_H
#define PROTO_WIRE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that belong to somebody else, usually to the datagram. */
struct bytes {
	const uint8_t	*p;
	size_t		 len;
};

struct rd {
	const uint8_t	*p;
	size_t		 left;
	int		 bad;
};

struct wr {
	uint8_t	*p;		/* start of the buffer */
	size_t	 left;
	size_t	 len;		/* octets written so far */
	int	 bad;
};

void		rd_init(struct rd *, const void *, size_t);
uint8_t		rd_u8(struct rd *);
uint16_t	rd_u16(struct rd *);
uint32_t	rd_u32(struct rd *);
uint64_t	rd_u64(struct rd *);
void		rd_skip(struct rd *, size_t);
/* The next len octets, borrowed; {NULL, 0} on overrun. */
struct bytes	rd_bytes(struct rd *, size_t);
/* All that is left, borrowed. */
struct bytes	rd_rest(struct rd *);
/* Copies len octets out; zeroes the target on overrun. */
void		rd_copy(struct rd *, void *, size_t);
/* A cursor over the next len octets, which are skipped here. */
struct rd	rd_sub(struct rd *, size_t);
/* 1 if nothing was overrun and nothing is left. */
int		rd_end(const struct rd *);

void		wr_init(struct wr *, void *, size_t);
void		wr_u8(struct wr *, uint8_t);
void		wr_u16(struct wr *, uint16_t);
void		wr_u32(struct wr *, uint32_t);
void		wr_u64(struct wr *, uint64_t);
void		wr_bytes(struct wr *, const void *, size_t);
/* Reserves two octets and returns where they are, for wr_set16(). */
size_t		wr_reserve16(struct wr *);
/* Stores a value at an offset that has already been written. */
void		wr_set16(struct wr *, size_t, uint16_t);
void		wr_set32(struct wr *, size_t, uint32_t);
/* Takes back the last len octets; bad if there are not so many. */
void		wr_undo(struct wr *, void *, size_t);

#endif
