/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The names of states and of what changes them, for the log.
 */
#include "call.h"
#include "cc.h"

static const char *const cc_states[CC_NSTATES] = {
	[CC_IDLE] = "idle",
	[CC_WAIT_ACCEPT] = "wait-accept",
	[CC_WAIT_CTL_REPLY] = "wait-ctl-reply",
	[CC_WAIT_CTL_CONN] = "wait-ctl-conn",
	[CC_ESTABLISHED] = "established",
	[CC_FIXED_WAIT] = "fixed-wait",
	[CC_FIXED_UP] = "fixed-up",
	[CC_FIXED_SILENT] = "fixed-silent",
	[CC_CLOSING] = "closing",
	[CC_DEAD] = "dead"
};

static const char *const cc_events[CC_NEVENTS] = {
	[CC_EV_OPEN] = "open request",
	[CC_EV_FIX] = "fixed",
	[CC_EV_ACCEPT] = "accepted",
	[CC_EV_REJECT] = "rejected",
	[CC_EV_IGNORE] = "ignored",
	[CC_EV_CLOSE] = "close request",
	[CC_EV_UNPROVED] = "not authenticated",
	[CC_EV_SCCRQ] = "SCCRQ",
	[CC_EV_SCCRQ_BAD] = "unacceptable SCCRQ",
	[CC_EV_SCCRP] = "SCCRP",
	[CC_EV_SCCRP_BAD] = "unacceptable SCCRP",
	[CC_EV_SCCCN] = "SCCCN",
	[CC_EV_SCCCN_BAD] = "unacceptable SCCCN",
	[CC_EV_STOPCCN] = "StopCCN",
	[CC_EV_HELLO] = "HELLO",
	[CC_EV_BAD] = "malformed message",
	[CC_EV_ANSWER] = "answer",
	[CC_EV_EXPIRED] = "timeout",
	[CC_EV_PEER_DEAD] = "peer does not answer",
	[CC_EV_DISPLACED] = "too many half-open",
	[CC_EV_SUPERSEDED] = "superseded"
};

static const char *const call_states[CALL_NSTATES] = {
	[CALL_IDLE] = "idle",
	[CALL_WAIT_TUNNEL] = "wait-tunnel",
	[CALL_WAIT_REPLY] = "wait-reply",
	[CALL_WAIT_DATA] = "wait-data",
	[CALL_WAIT_ACCEPT] = "wait-accept",
	[CALL_WAIT_CONNECT] = "wait-connect",
	[CALL_OUT_WAIT_TUNNEL] = "wait-tunnel",
	[CALL_OUT_WAIT_REPLY] = "wait-reply",
	[CALL_OUT_WAIT_CONNECT] = "wait-connect",
	[CALL_OUT_WAIT_ACCEPT] = "wait-accept",
	[CALL_WAIT_CS_ANSWER] = "wait-cs-answer",
	[CALL_ESTABLISHED] = "established",
	[CALL_CLOSED] = "closed"
};

static const char *const call_events[CALL_NEVENTS] = {
	[CALL_EV_OPEN] = "open request",
	[CALL_EV_OPEN_OUT] = "open request, outgoing",
	[CALL_EV_ACCEPT] = "accepted",
	[CALL_EV_CONNECT] = "bearer answered",
	[CALL_EV_NOTIFY] = "notice",
	[CALL_EV_CLOSE] = "close request",
	[CALL_EV_TUNNEL_OPEN] = "tunnel open",
	[CALL_EV_TUNNEL_DOWN] = "tunnel down",
	[CALL_EV_ICRQ] = "ICRQ",
	[CALL_EV_ICRQ_BAD] = "unacceptable ICRQ",
	[CALL_EV_ICRP] = "ICRP",
	[CALL_EV_ICRP_BAD] = "unacceptable ICRP",
	[CALL_EV_ICCN] = "ICCN",
	[CALL_EV_ICCN_BAD] = "unacceptable ICCN",
	[CALL_EV_OCRQ] = "OCRQ",
	[CALL_EV_OCRQ_BAD] = "unacceptable OCRQ",
	[CALL_EV_OCRP] = "OCRP",
	[CALL_EV_OCRP_BAD] = "unacceptable OCRP",
	[CALL_EV_OCCN] = "OCCN",
	[CALL_EV_OCCN_BAD] = "unacceptable OCCN",
	[CALL_EV_CDN] = "CDN",
	[CALL_EV_WEN] = "WEN",
	[CALL_EV_SLI] = "SLI",
	[CALL_EV_BAD] = "malformed message",
	[CALL_EV_EXPIRED] = "timeout",
	[CALL_EV_TIE_LOST] = "lost the tie",
	[CALL_EV_TIE_EVEN] = "tie that nobody wins"
};

const char *
cc_state_name(unsigned int state)
{
	return (state < CC_NSTATES ? cc_states[state] : "unknown");
}

const char *
cc_event_name(unsigned int ev)
{
	return (ev < CC_NEVENTS ? cc_events[ev] : "unknown");
}

const char *
call_state_name(unsigned int state)
{
	return (state < CALL_NSTATES ? call_states[state] : "unknown");
}

const char *
call_event_name(unsigned int ev)
{
	return (ev < CALL_NEVENTS ? call_events[ev] : "unknown");
}
