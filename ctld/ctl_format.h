/* SPDX-License-Identifier: ISC */
/*
 * How septumctl writes values.  Each result is valid until the next call of
 * the same function.
 */
#ifndef CTLD_CTL_FORMAT_H
#define CTLD_CTL_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "dpmsg.h"

/* Printable; the text need not end within its size. */
const char *fmt_text(const char *, size_t);
/* "" if there is none. */
const char *fmt_addr(const struct dp_addr *);
const char *fmt_ip(uint32_t);
/* The two largest units: 3d04h, 1h02m, 5m09s, 12s. */
const char *fmt_duration(uint64_t ms);
const char *fmt_bytes(uint64_t);
/* Of a tunnel, enum ctl_mode. */
const char *fmt_mode(uint8_t);

#endif
