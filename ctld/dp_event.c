/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * What dpd may say, to the running daemon and to the parser: the table of
 * messages that they receive (common/dpmsg.c has those that dpd does).
 */
#include "dp.h"

const struct dpmsg_row dp_from_dpd[] = {
	{ DP_LISTEN_REPLY, "LISTEN_REPLY", FD_IF_OK, "n" },
	{ DP_TUNNEL_OPEN_REPLY, "TUNNEL_OPEN_REPLY", FD_IF_OK, "nn" },
	{ DP_TUNNEL_UP_REPLY, "TUNNEL_UP_REPLY", FD_NONE, "n" },
	{ DP_TUNNEL_CLOSE_REPLY, "TUNNEL_CLOSE_REPLY", FD_NONE, "n" },
	{ DP_SESSION_UP_REPLY, "SESSION_UP_REPLY", FD_NONE, "nn" },
	{ DP_SESSION_START_REPLY, "SESSION_START_REPLY", FD_NONE, "nn" },
	{ DP_SESSION_DOWN_REPLY, "SESSION_DOWN_REPLY", FD_NONE, "n" },
	{ DP_STATS_REPLY, "STATS_REPLY", FD_NONE, "nznnnnnnnnnnnnnnnnnnnn" },
	{ DP_CONFIG, "CONFIG", FD_MUST, "nn" },
	{ DP_CONTROL, "CONTROL", FD_MUST, "z" },
	{ DP_NOTICES, "NOTICES", FD_MUST, "z" },
	{ DP_SESSION_GONE, "SESSION_GONE", FD_NONE, "hhn" },
	{ DP_SHUTDOWN, "SHUTDOWN", FD_NONE, "n" },
	{ 0, "unknown message", FD_NONE, "" }
};
