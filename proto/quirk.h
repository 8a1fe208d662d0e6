/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * Which errors in the messages of a peer are forgiven: those of enum
 * l2tp_quirk that are about what a message looks like.
 */
#ifndef PROTO_QUIRK_H
#define PROTO_QUIRK_H

#include "avp.h"
#include "l2tp.h"

/* What a SCCRQ may have while it is not known who sent it. */
#define QUIRKS_ANY	(L2TP_QUIRK_UNKNOWN_AVP | L2TP_QUIRK_HOST_NAME | \
			    L2TP_QUIRK_FRAMING_CAPS)

/* The one of these quirks by which an error in an AVP is forgiven, or 0. */
uint32_t	 quirk_forgives(uint32_t quirks, enum l2tp_err,
		    uint16_t vendor, uint16_t type);

#endif
