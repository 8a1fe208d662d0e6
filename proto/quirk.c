/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The quirks of peers as a table: which error, in which AVP, is passed over.
 * A message with such an error is read as if the AVP were not there.
 */
#include "quirk.h"

#define QUIRK_ANY_AVP	(-1)
#define nitems(a)	(sizeof(a) / sizeof((a)[0]))

static const struct quirk_row {
	uint32_t	quirk;
	enum l2tp_err	err;
	int		avp;		/* enum avp_id, or any */
} quirk_table[] = {
	{ L2TP_QUIRK_UNKNOWN_AVP, ERR_AVP_UNKNOWN, QUIRK_ANY_AVP },
	{ L2TP_QUIRK_HOST_NAME, ERR_AVP_VALUE_LENGTH, AVP_HOST_NAME },
	{ L2TP_QUIRK_HOST_NAME, ERR_AVP_MISSING, AVP_HOST_NAME },
	{ L2TP_QUIRK_FRAMING_CAPS, ERR_AVP_MISSING, AVP_FRAMING_CAPS }
};

uint32_t
quirk_forgives(uint32_t quirks, enum l2tp_err err, uint16_t vendor,
    uint16_t type)
{
	const struct quirk_row *row;
	int avp = avp_find(vendor, type);
	size_t i;

	for (i = 0; i < nitems(quirk_table); i++) {
		row = &quirk_table[i];
		if ((quirks & row->quirk) != 0 && row->err == err &&
		    (row->avp == QUIRK_ANY_AVP || row->avp == avp))
			return (row->quirk);
	}
	return (0);
}
