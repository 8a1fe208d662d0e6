/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The control connection as a table (RFC 2661 7.2.1, RFC 3931 7.2).  To the
 * RFCs' states are added: wait-accept, while the caller looks at a SCCRQ;
 * closing, in which the channel runs on for a full retransmission cycle
 * (5.7); dead; and those of tunnels without a handshake, which only the
 * caller ends.
 */
#include "cc.h"
#include "cc_act.h"

/*
 * RFC 2661 7.2.1:
 *
 *   State           Event              Action               New State
 *   idle            Local              Send SCCRQ           wait-ctl-reply
 *                   Open request
 *   idle            Receive SCCRQ,     Send SCCRP           wait-ctl-conn
 *                   acceptable
 *   idle            Receive SCCRQ,     Send StopCCN,        idle
 *                   not acceptable     Clean up
 *   idle            Receive SCCRP      Send StopCCN         idle
 *                                      Clean up
 *   idle            Receive SCCCN      Clean up             idle
 *   wait-ctl-reply  Receive SCCRP,     Send SCCCN,          established
 *                   acceptable         Send tunnel-open
 *                                      event to waiting
 *                                      sessions
 *   wait-ctl-reply  Receive SCCRP,     Send StopCCN,        idle
 *                   not acceptable     Clean up
 *   wait-ctl-reply  Receive SCCRQ,     Clean up,            idle
 *                   lose tie-breaker   Re-queue SCCRQ
 *                                      for idle state
 *   wait-ctl-reply  Receive SCCCN      Send StopCCN         idle
 *                                      Clean up
 *   wait-ctl-conn   Receive SCCCN,     Send tunnel-open     established
 *                   acceptable         event to waiting
 *                                      sessions
 *   wait-ctl-conn   Receive SCCCN,     Send StopCCN,        idle
 *                   not acceptable     Clean up
 *   wait-ctl-conn   Receive SCCRP,     Send StopCCN,        idle
 *                   SCCRQ              Clean up
 *   established     Local              Send tunnel-open     established
 *                   Open request       event to waiting
 *                   (new call)         sessions
 *   established     Admin              Send StopCCN         idle
 *                   Tunnel Close       Clean up
 *   established     Receive SCCRQ,     Send StopCCN         idle
 *                   SCCRP, SCCCN       Clean up
 *   idle,           Receive StopCCN    Clean up             idle
 *   wait-ctl-reply,
 *   wait-ctl-conn,
 *   established
 *
 * "idle" after something was sent is closing here.  The open request for a
 * new call is CALL_EV_TUNNEL_OPEN, in call.c.  The SCCRQ that wins the tie
 * is that of another tunnel, and what it does to ours is CC_EV_SUPERSEDED:
 * see rival.c.
 *
 * RFC 3931 7.2 has the same rows but for two.  The winner of a tie sends a
 * StopCCN for the SCCRQ that loses, which is not acceptable then.  And idle
 * answers a SCCCN with StopCCN; but that has no id to which it could go.
 */
const struct cc_trans cc_table[CC_NSTATES][CC_NEVENTS] = {
	[CC_IDLE] = {
		[CC_EV_OPEN] =		{ cc_act_open, CC_WAIT_CTL_REPLY },
		[CC_EV_FIX] =		{ cc_act_fix, CC_FIXED_WAIT },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_CLOSE] =		{ cc_act_bug, CC_IDLE },
		[CC_EV_UNPROVED] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_SCCRQ] =		{ cc_act_offer, CC_WAIT_ACCEPT },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_refuse, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_unsolicited, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_unsolicited, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_ignore, CC_IDLE },
		[CC_EV_SCCCN_BAD] =	{ cc_act_ignore, CC_IDLE },
		[CC_EV_STOPCCN] =	{ cc_act_ignore, CC_IDLE },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_IDLE },
		[CC_EV_BAD] =		{ cc_act_ignore, CC_IDLE },
		[CC_EV_ANSWER] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_EXPIRED] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_PEER_DEAD] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_IDLE },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_IDLE },
	},
	[CC_WAIT_ACCEPT] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_WAIT_ACCEPT },
		[CC_EV_FIX] =		{ cc_act_bug, CC_WAIT_ACCEPT },
		[CC_EV_ACCEPT] =	{ cc_act_accept, CC_WAIT_CTL_CONN },
		[CC_EV_REJECT] =	{ cc_act_reject, CC_CLOSING },
		[CC_EV_IGNORE] =	{ cc_act_forget, CC_DEAD },
		[CC_EV_CLOSE] =		{ cc_act_reject, CC_CLOSING },
		[CC_EV_UNPROVED] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_SCCRQ] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_stopped, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_WAIT_ACCEPT },
		[CC_EV_BAD] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_ANSWER] =	{ cc_act_bug, CC_WAIT_ACCEPT },
		[CC_EV_EXPIRED] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_PEER_DEAD] =	{ cc_act_bug, CC_WAIT_ACCEPT },
		[CC_EV_DISPLACED] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_WAIT_ACCEPT },
	},
	[CC_WAIT_CTL_REPLY] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_FIX] =		{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_CLOSE] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_UNPROVED] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_SCCRQ] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_connect, CC_ESTABLISHED },
		[CC_EV_SCCRP_BAD] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_stopped, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_WAIT_CTL_REPLY },
		[CC_EV_BAD] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_ANSWER] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_EXPIRED] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_PEER_DEAD] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_WAIT_CTL_REPLY },
		[CC_EV_SUPERSEDED] =	{ cc_act_vanish, CC_DEAD },
	},
	[CC_WAIT_CTL_CONN] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_FIX] =		{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_CLOSE] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_UNPROVED] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_SCCRQ] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_up, CC_ESTABLISHED },
		[CC_EV_SCCCN_BAD] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_stopped, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_WAIT_CTL_CONN },
		[CC_EV_BAD] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_ANSWER] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
		[CC_EV_EXPIRED] =	{ cc_act_stop, CC_CLOSING },
		[CC_EV_PEER_DEAD] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_WAIT_CTL_CONN },
	},
	[CC_ESTABLISHED] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_FIX] =		{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_CLOSE] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_UNPROVED] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_SCCRQ] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_SCCCN_BAD] =	{ cc_act_unexpected, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_stopped, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_ESTABLISHED },
		[CC_EV_BAD] =		{ cc_act_stop, CC_CLOSING },
		[CC_EV_ANSWER] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_EXPIRED] =	{ cc_act_hello, CC_ESTABLISHED },
		[CC_EV_PEER_DEAD] =	{ cc_act_vanish, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_ESTABLISHED },
		[CC_EV_SUPERSEDED] =	{ cc_act_stop, CC_CLOSING },
	},
	[CC_FIXED_WAIT] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_FIXED_WAIT },
		[CC_EV_FIX] =		{ cc_act_bug, CC_FIXED_WAIT },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_FIXED_WAIT },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_FIXED_WAIT },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_FIXED_WAIT },
		[CC_EV_CLOSE] =		{ cc_act_vanish, CC_DEAD },
		[CC_EV_UNPROVED] =	{ cc_act_bug, CC_FIXED_WAIT },
		[CC_EV_SCCRQ] =		{ cc_act_disregard, CC_FIXED_WAIT },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_disregard, CC_FIXED_WAIT },
		[CC_EV_SCCRP] =		{ cc_act_disregard, CC_FIXED_WAIT },
		[CC_EV_SCCRP_BAD] =	{ cc_act_disregard, CC_FIXED_WAIT },
		[CC_EV_SCCCN] =		{ cc_act_disregard, CC_FIXED_WAIT },
		[CC_EV_SCCCN_BAD] =	{ cc_act_disregard, CC_FIXED_WAIT },
		[CC_EV_STOPCCN] =	{ cc_act_disregard, CC_FIXED_WAIT },
		[CC_EV_HELLO] =		{ cc_act_link_up, CC_FIXED_UP },
		[CC_EV_BAD] =		{ cc_act_disregard, CC_FIXED_WAIT },
		[CC_EV_ANSWER] =	{ cc_act_link_up, CC_FIXED_UP },
		[CC_EV_EXPIRED] =	{ cc_act_hello, CC_FIXED_WAIT },
		[CC_EV_PEER_DEAD] =	{ cc_act_silent, CC_FIXED_SILENT },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_FIXED_WAIT },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_FIXED_WAIT },
	},
	[CC_FIXED_UP] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_FIXED_UP },
		[CC_EV_FIX] =		{ cc_act_bug, CC_FIXED_UP },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_FIXED_UP },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_FIXED_UP },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_FIXED_UP },
		[CC_EV_CLOSE] =		{ cc_act_vanish, CC_DEAD },
		[CC_EV_UNPROVED] =	{ cc_act_bug, CC_FIXED_UP },
		[CC_EV_SCCRQ] =		{ cc_act_disregard, CC_FIXED_UP },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_disregard, CC_FIXED_UP },
		[CC_EV_SCCRP] =		{ cc_act_disregard, CC_FIXED_UP },
		[CC_EV_SCCRP_BAD] =	{ cc_act_disregard, CC_FIXED_UP },
		[CC_EV_SCCCN] =		{ cc_act_disregard, CC_FIXED_UP },
		[CC_EV_SCCCN_BAD] =	{ cc_act_disregard, CC_FIXED_UP },
		[CC_EV_STOPCCN] =	{ cc_act_disregard, CC_FIXED_UP },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_FIXED_UP },
		[CC_EV_BAD] =		{ cc_act_disregard, CC_FIXED_UP },
		[CC_EV_ANSWER] =	{ cc_act_ignore, CC_FIXED_UP },
		[CC_EV_EXPIRED] =	{ cc_act_hello, CC_FIXED_UP },
		[CC_EV_PEER_DEAD] =	{ cc_act_silent, CC_FIXED_SILENT },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_FIXED_UP },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_FIXED_UP },
	},
	[CC_FIXED_SILENT] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_FIXED_SILENT },
		[CC_EV_FIX] =		{ cc_act_bug, CC_FIXED_SILENT },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_FIXED_SILENT },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_FIXED_SILENT },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_FIXED_SILENT },
		[CC_EV_CLOSE] =		{ cc_act_vanish, CC_DEAD },
		[CC_EV_UNPROVED] =	{ cc_act_bug, CC_FIXED_SILENT },
		[CC_EV_SCCRQ] =		{ cc_act_disregard, CC_FIXED_SILENT },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_disregard, CC_FIXED_SILENT },
		[CC_EV_SCCRP] =		{ cc_act_disregard, CC_FIXED_SILENT },
		[CC_EV_SCCRP_BAD] =	{ cc_act_disregard, CC_FIXED_SILENT },
		[CC_EV_SCCCN] =		{ cc_act_disregard, CC_FIXED_SILENT },
		[CC_EV_SCCCN_BAD] =	{ cc_act_disregard, CC_FIXED_SILENT },
		[CC_EV_STOPCCN] =	{ cc_act_disregard, CC_FIXED_SILENT },
		[CC_EV_HELLO] =		{ cc_act_hello, CC_FIXED_SILENT },
		[CC_EV_BAD] =		{ cc_act_disregard, CC_FIXED_SILENT },
		[CC_EV_ANSWER] =	{ cc_act_link_up, CC_FIXED_UP },
		[CC_EV_EXPIRED] =	{ cc_act_hello, CC_FIXED_SILENT },
		[CC_EV_PEER_DEAD] =	{ cc_act_unanswered, CC_FIXED_SILENT },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_FIXED_SILENT },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_FIXED_SILENT },
	},
	[CC_CLOSING] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_CLOSING },
		[CC_EV_FIX] =		{ cc_act_bug, CC_CLOSING },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_CLOSING },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_CLOSING },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_CLOSING },
		[CC_EV_CLOSE] =		{ cc_act_bug, CC_CLOSING },
		[CC_EV_UNPROVED] =	{ cc_act_bug, CC_CLOSING },
		[CC_EV_SCCRQ] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCRP] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCRP_BAD] =	{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCCN] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_SCCCN_BAD] =	{ cc_act_ignore, CC_CLOSING },
		[CC_EV_STOPCCN] =	{ cc_act_ignore, CC_CLOSING },
		[CC_EV_HELLO] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_BAD] =		{ cc_act_ignore, CC_CLOSING },
		[CC_EV_ANSWER] =	{ cc_act_bug, CC_CLOSING },
		[CC_EV_EXPIRED] =	{ cc_act_gone, CC_DEAD },
		[CC_EV_PEER_DEAD] =	{ cc_act_gone, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_gone, CC_DEAD },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_CLOSING },
	},
	[CC_DEAD] = {
		[CC_EV_OPEN] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_FIX] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_ACCEPT] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_REJECT] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_IGNORE] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_CLOSE] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_UNPROVED] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCRQ] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCRQ_BAD] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCRP] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCRP_BAD] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCCN] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_SCCCN_BAD] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_STOPCCN] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_HELLO] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_BAD] =		{ cc_act_bug, CC_DEAD },
		[CC_EV_ANSWER] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_EXPIRED] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_PEER_DEAD] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_DISPLACED] =	{ cc_act_bug, CC_DEAD },
		[CC_EV_SUPERSEDED] =	{ cc_act_bug, CC_DEAD },
	},
};
