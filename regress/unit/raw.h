/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * L2TPv3 control messages as octets, written from the text of RFC 3931 and
 * without proto, so that what proto sends and takes is held against another
 * reading of it.
 */
#ifndef REGRESS_RAW_H
#define REGRESS_RAW_H

#include <stddef.h>
#include <stdint.h>

#define RAW_MAX		1500
#define RAW_HEADER	12
#define RAW_M		0x8000
#define RAW_H		0x4000

/* Types of messages (section 3.1) and of AVPs (section 5.4). */
enum raw_msg {
	RAW_SCCRQ = 1, RAW_SCCRP = 2, RAW_SCCCN = 3, RAW_STOPCCN = 4,
	RAW_HELLO = 6, RAW_OCRQ = 7, RAW_OCRP = 8, RAW_OCCN = 9,
	RAW_ICRQ = 10, RAW_ICRP = 11, RAW_ICCN = 12, RAW_CDN = 14,
	RAW_WEN = 15, RAW_SLI = 16, RAW_ACK = 20
};

enum raw_avp {
	RAW_MESSAGE_TYPE = 0, RAW_RESULT = 1, RAW_TIE = 5, RAW_HOST_NAME = 7,
	RAW_VENDOR_NAME = 8, RAW_WINDOW = 10, RAW_SERIAL = 15,
	RAW_PHYSICAL_CHANNEL = 25, RAW_ERRORS = 34, RAW_VECTOR = 36,
	RAW_EXTENDED = 58, RAW_DIGEST = 59, RAW_ROUTER_ID = 60,
	RAW_CCID = 61, RAW_PW_LIST = 62, RAW_LOCAL_SID = 63,
	RAW_REMOTE_SID = 64, RAW_COOKIE = 65, RAW_END_ID = 66,
	RAW_PW_TYPE = 68, RAW_SUBLAYER = 69, RAW_SEQUENCING = 70,
	RAW_CIRCUIT = 71, RAW_LANGUAGE = 72, RAW_NONCE = 73,
	RAW_TX_SPEED = 74, RAW_RX_SPEED = 75
};

struct raw {
	size_t	len;
	uint8_t	p[RAW_MAX];
};

/* What the digest of a message is made of (section 5.4.1). */
struct raw_key {
	const char	*secret;
	int		 sha1;
	struct raw	 nonce[2];	/* the sender's, the receiver's */
};

/* A message with its Message Type; RAW_ACK too.  Then the AVPs. */
void	 raw_begin(struct raw *, uint16_t type, uint32_t ccid);
void	 raw_zlb(struct raw *, uint32_t ccid);
void	 raw_avp(struct raw *, uint16_t flags, uint16_t type, const void *,
	    size_t);
void	 raw_vendor(struct raw *, uint16_t flags, uint16_t vendor,
	    uint16_t type, const void *, size_t);
/* With M. */
void	 raw_avp16(struct raw *, uint16_t type, uint16_t);
void	 raw_avp32(struct raw *, uint16_t type, uint32_t);
void	 raw_avp64(struct raw *, uint16_t type, uint64_t);
/* Length and numbers. */
void	 raw_seal(struct raw *, uint16_t ns, uint16_t nr);
/* A Message Digest behind the Message Type; at the end, after raw_seal(). */
void	 raw_digest(struct raw *, const struct raw_key *);
/* One for each key, two at most. */
void	 raw_digests(struct raw *, const struct raw_key *, int);

/* Without the first AVP of that type. */
void	 raw_without(struct raw *, uint16_t type);

/* 0 for a ZLB. */
uint16_t raw_type(const struct raw *);
uint32_t raw_ccid(const struct raw *);
uint16_t raw_ns(const struct raw *);
uint16_t raw_nr(const struct raw *);
/* Where the value of the first such AVP is, or NULL; and its length. */
const uint8_t *raw_find(const struct raw *, uint16_t type, size_t *);
/* Where its header is; SIZE_MAX if there is none. */
size_t	 raw_at(const struct raw *, uint16_t type);
int	 raw_has(const struct raw *, uint16_t type);
/* Of an AVP that has to be there, else the test fails. */
uint16_t raw_get16(const struct raw *, uint16_t type);
uint32_t raw_get32(const struct raw *, uint16_t type);
uint64_t raw_get64(const struct raw *, uint16_t type);
/* 1 if its digest is that of the key; nonces are of sender and receiver. */
int	 raw_verify(const struct raw *, const struct raw_key *);

#endif
