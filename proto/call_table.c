/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The state machines of calls as one table (RFC 2661 7.4.1, 7.4.2, 7.5.1 and
 * 7.5.2).  The RFC's idle state is the absence of a call: messages to unknown
 * sessions meet the table with a call that exists for that long.
 */
#include "call.h"
#include "call_act.h"

/*
 * RFC 2661 7.4.1, incoming calls at the LAC:
 *
 *   State           Event              Action            New State
 *   idle            Bearer Ring or     Initiate local    wait-tunnel
 *                   Ready to indicate  tunnel open
 *                   incoming conn.
 *   idle            Receive ICCN,      Clean up          idle
 *                   ICRP, CDN
 *   wait-tunnel     Bearer line drop   Clean up          idle
 *                   or local close
 *                   request
 *   wait-tunnel     tunnel-open        Send ICRQ         wait-reply
 *   wait-reply      Receive ICRP,      Send ICCN         established
 *                   acceptable
 *   wait-reply      Receive ICRP,      Send CDN,         idle
 *                   Not acceptable     Clean up
 *   wait-reply      Receive ICRQ       Send CDN          idle
 *                                      Clean up
 *   wait-reply      Receive CDN        Clean up          idle
 *                   ICCN
 *   wait-reply      Local close or     Send CDN,         idle
 *                   Bearer line drop   Clean up
 *   established     Receive CDN        Clean up          idle
 *   established     Receive ICRQ,      Send CDN,         idle
 *                   ICRP, ICCN         Clean up
 *   established     Bearer line drop   Send CDN,         idle
 *                   or local close     Clean up
 *
 * RFC 2661 7.4.2, incoming calls at the LNS:
 *
 *   idle            Receive ICRQ,      Send ICRP         wait-connect
 *                   acceptable
 *   idle            Receive ICRQ,      Send CDN,         idle
 *                   not acceptable     Clean up
 *   idle            Receive ICRP       Send CDN          idle
 *                                      Clean up
 *   idle            Receive ICCN       Clean up          idle
 *   wait-connect    Receive ICCN       Prepare for       established
 *                   acceptable         data
 *   wait-connect    Receive ICCN       Send CDN,         idle
 *                   not acceptable     Clean up
 *   wait-connect    Receive ICRQ,      Send CDN          idle
 *                   ICRP               Clean up
 *   idle,           Receive CDN        Clean up          idle
 *   wait-connect,
 *   established
 *   wait-connect    Local              Send CDN,         idle
 *   established     Close request      Clean up
 *   established     Receive ICRQ,      Send CDN          idle
 *                   ICRP, ICCN         Clean up
 *
 * RFC 2661 7.5.1, outgoing calls at the LAC:
 *
 *   idle            Receive OCRQ,      Send OCRP,        wait-cs-answer
 *                   acceptable         Open bearer
 *   idle            Receive OCRQ,      Send CDN,         idle
 *                   not acceptable     Clean up
 *   idle            Receive OCRP       Send CDN          idle
 *                                      Clean up
 *   idle            Receive OCCN,      Clean up          idle
 *                   CDN
 *   wait-cs-answer  Bearer answer,     Send OCCN         established
 *                   framing detected
 *   wait-cs-answer  Bearer failure     Send CDN,         idle
 *                                      Clean up
 *   wait-cs-answer  Receive OCRQ,      Send CDN          idle
 *                   OCRP, OCCN         Clean up
 *   established     Receive OCRQ,      Send CDN          idle
 *                   OCRP, OCCN         Clean up
 *   wait-cs-answer, Receive CDN        Clean up          idle
 *   established
 *   established     Bearer line drop,  Send CDN,         idle
 *                   Local close        Clean up
 *                   request
 *
 * RFC 2661 7.5.2, outgoing calls at the LNS:
 *
 *   idle            Local              Initiate local    wait-tunnel
 *                   open request       tunnel-open
 *   idle            Receive OCCN,      Clean up          idle
 *                   OCRP, CDN
 *   wait-tunnel     tunnel-open        Send OCRQ         wait-reply
 *   wait-reply      Receive OCRP,      none              wait-connect
 *                   acceptable
 *   wait-reply      Receive OCRP,      Send CDN          idle
 *                   not acceptable     Clean up
 *   wait-reply      Receive OCCN,      Send CDN          idle
 *                   OCRQ               Clean up
 *   wait-connect    Receive OCCN       none              established
 *   wait-connect    Receive OCRQ,      Send CDN          idle
 *                   OCRP               Clean up
 *   idle,           Receive CDN,       Clean up          idle
 *   wait-reply,
 *   wait-connect,
 *   established
 *   established     Receive OCRQ,      Send CDN          idle
 *                   OCRP, OCCN         Clean up
 *   wait-reply,     Local              Send CDN          idle
 *   wait-connect,   Close request      Clean up
 *   established
 *   wait-tunnel     Local              Clean up          idle
 *                   Close request
 *
 * RFC 3931 7.3 and 7.4 have the same states, where wait-tunnel is called
 * wait-control-conn, and the same rows but for these, of whoever has sent an
 * ICRQ, or likewise an OCRQ:
 *
 *   wait-reply      Receive ICRQ,      Process as        idle
 *                   lose tie breaker   ICRQ Recipient
 *   wait-reply      Receive ICRQ,      Send CDN          wait-reply
 *                   win tie breaker    for losing
 *                                      session
 *
 * That ICRQ has no id of ours, and so belongs to another call: see
 * call_tie.c.
 *
 * The end of a call is closed here.  wait-data is the RFC's established,
 * but the ICCN waits for the caller's data plane; wait-accept is the RFC's
 * idle, while the caller looks at an ICRQ or OCRQ.  The RFC's tables do not
 * say when a WEN or SLI is of use: it is as soon as there is a LAC to use an
 * SLI (6.14), and a link to have the errors of a WEN (6.13); and as soon as
 * there is a call if the SLI has a Circuit Status (RFC 3931 5.4.4).
 */
const struct call_trans call_table[CALL_NSTATES][CALL_NEVENTS] = {
	[CALL_IDLE] = {
		[CALL_EV_OPEN] =	{ call_act_wait, CALL_WAIT_TUNNEL },
		[CALL_EV_OPEN_OUT] =	{ call_act_wait, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_CLOSE] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_ICRQ] =	{ call_act_offer, CALL_WAIT_ACCEPT },
		[CALL_EV_ICRQ_BAD] =	{ call_act_refuse, CALL_IDLE },
		[CALL_EV_ICRP] =	{ call_act_stray_icrp, CALL_IDLE },
		[CALL_EV_ICRP_BAD] =	{ call_act_stray_icrp, CALL_IDLE },
		[CALL_EV_ICCN] =	{ call_act_ignore, CALL_IDLE },
		[CALL_EV_ICCN_BAD] =	{ call_act_ignore, CALL_IDLE },
		[CALL_EV_OCRQ] =
		    { call_act_offer, CALL_OUT_WAIT_ACCEPT },
		[CALL_EV_OCRQ_BAD] =	{ call_act_refuse, CALL_IDLE },
		[CALL_EV_OCRP] =	{ call_act_stray_ocrp, CALL_IDLE },
		[CALL_EV_OCRP_BAD] =	{ call_act_stray_ocrp, CALL_IDLE },
		[CALL_EV_OCCN] =	{ call_act_ignore, CALL_IDLE },
		[CALL_EV_OCCN_BAD] =	{ call_act_ignore, CALL_IDLE },
		[CALL_EV_CDN] =		{ call_act_ignore, CALL_IDLE },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_IDLE },
		[CALL_EV_SLI] =		{ call_act_ignore, CALL_IDLE },
		[CALL_EV_BAD] =		{ call_act_ignore, CALL_IDLE },
		[CALL_EV_EXPIRED] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_IDLE },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_IDLE },
	},
	[CALL_WAIT_TUNNEL] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_CLOSE] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_request, CALL_WAIT_REPLY },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICRQ_BAD] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICRP] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICRP_BAD] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICCN] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_ICCN_BAD] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OCRQ] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OCRQ_BAD] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OCRP] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OCRP_BAD] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OCCN] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_OCCN_BAD] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_CDN] =		{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_WEN] =		{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_SLI] =		{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_BAD] =		{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_EXPIRED] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_WAIT_TUNNEL },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_WAIT_TUNNEL },
	},
	[CALL_WAIT_REPLY] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_REPLY },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_WAIT_REPLY },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_WAIT_REPLY },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_WAIT_REPLY },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_WAIT_REPLY },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_WAIT_REPLY },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_replied, CALL_WAIT_DATA },
		[CALL_EV_ICRP_BAD] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_lost, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_lost, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_WAIT_REPLY },
		[CALL_EV_SLI] =		{ call_act_link, CALL_WAIT_REPLY },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_TIE_EVEN] =	{ call_act_clear, CALL_CLOSED },
	},
	[CALL_WAIT_DATA] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_DATA },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_WAIT_DATA },
		[CALL_EV_ACCEPT] =	{ call_act_connect, CALL_ESTABLISHED },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_WAIT_DATA },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_WAIT_DATA },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_WAIT_DATA },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_WAIT_DATA },
		[CALL_EV_SLI] =		{ call_act_link, CALL_WAIT_DATA },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_WAIT_DATA },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_WAIT_DATA },
	},
	[CALL_WAIT_ACCEPT] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_ACCEPT },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_WAIT_ACCEPT },
		[CALL_EV_ACCEPT] =	{ call_act_reply, CALL_WAIT_CONNECT },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_WAIT_ACCEPT },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_WAIT_ACCEPT },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_WAIT_ACCEPT },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_lost, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_lost, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_WAIT_ACCEPT },
		[CALL_EV_SLI] =		{ call_act_status, CALL_WAIT_ACCEPT },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_WAIT_ACCEPT },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_WAIT_ACCEPT },
	},
	[CALL_WAIT_CONNECT] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_up, CALL_ESTABLISHED },
		[CALL_EV_ICCN_BAD] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_ignore, CALL_WAIT_CONNECT },
		[CALL_EV_SLI] =		{ call_act_status, CALL_WAIT_CONNECT },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_WAIT_CONNECT },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_WAIT_CONNECT },
	},
	[CALL_OUT_WAIT_TUNNEL] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_CLOSE] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =
		    { call_act_request, CALL_OUT_WAIT_REPLY },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_ICRQ_BAD] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_ICRP] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_ICRP_BAD] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_ICCN] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_ICCN_BAD] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_OCRQ] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_OCRQ_BAD] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_OCRP] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_OCRP_BAD] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_OCCN] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_OCCN_BAD] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_CDN] =		{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_WEN] =		{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_SLI] =		{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_BAD] =		{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_EXPIRED] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_OUT_WAIT_TUNNEL },
	},
	[CALL_OUT_WAIT_REPLY] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_OUT_WAIT_REPLY },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_OUT_WAIT_REPLY },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_OUT_WAIT_REPLY },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_OUT_WAIT_REPLY },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_OUT_WAIT_REPLY },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_OUT_WAIT_REPLY },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =
		    { call_act_replied, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_OCRP_BAD] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =
		    { call_act_ignore, CALL_OUT_WAIT_REPLY },
		[CALL_EV_SLI] =
		    { call_act_status, CALL_OUT_WAIT_REPLY },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_TIE_EVEN] =	{ call_act_clear, CALL_CLOSED },
	},
	[CALL_OUT_WAIT_CONNECT] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_up, CALL_ESTABLISHED },
		[CALL_EV_OCCN_BAD] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =
		    { call_act_ignore, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_SLI] =
		    { call_act_status, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_OUT_WAIT_CONNECT },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_OUT_WAIT_CONNECT },
	},
	[CALL_OUT_WAIT_ACCEPT] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_OUT_WAIT_ACCEPT },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_OUT_WAIT_ACCEPT },
		[CALL_EV_ACCEPT] =	{ call_act_reply, CALL_WAIT_CS_ANSWER },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_OUT_WAIT_ACCEPT },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_OUT_WAIT_ACCEPT },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_OUT_WAIT_ACCEPT },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =
		    { call_act_ignore, CALL_OUT_WAIT_ACCEPT },
		[CALL_EV_SLI] =
		    { call_act_status, CALL_OUT_WAIT_ACCEPT },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_OUT_WAIT_ACCEPT },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_OUT_WAIT_ACCEPT },
	},
	[CALL_WAIT_CS_ANSWER] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_WAIT_CS_ANSWER },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_WAIT_CS_ANSWER },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_WAIT_CS_ANSWER },
		[CALL_EV_CONNECT] =	{ call_act_connect, CALL_ESTABLISHED },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_WAIT_CS_ANSWER },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_WAIT_CS_ANSWER },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =
		    { call_act_ignore, CALL_WAIT_CS_ANSWER },
		[CALL_EV_SLI] =		{ call_act_link, CALL_WAIT_CS_ANSWER },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_WAIT_CS_ANSWER },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_WAIT_CS_ANSWER },
	},
	[CALL_ESTABLISHED] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_NOTIFY] =	{ call_act_notify, CALL_ESTABLISHED },
		[CALL_EV_CLOSE] =	{ call_act_clear, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_drop, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCRP_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_OCCN_BAD] =	{ call_act_unexpected, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_cleared, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_errors, CALL_ESTABLISHED },
		[CALL_EV_SLI] =		{ call_act_link, CALL_ESTABLISHED },
		[CALL_EV_BAD] =		{ call_act_clear, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_ESTABLISHED },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_ESTABLISHED },
	},
	[CALL_CLOSED] = {
		[CALL_EV_OPEN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OPEN_OUT] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ACCEPT] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_CONNECT] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_NOTIFY] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_CLOSE] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_TUNNEL_OPEN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_TUNNEL_DOWN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICRQ] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICRQ_BAD] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICRP] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICRP_BAD] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICCN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_ICCN_BAD] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OCRQ] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OCRQ_BAD] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OCRP] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OCRP_BAD] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OCCN] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_OCCN_BAD] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_CDN] =		{ call_act_bug, CALL_CLOSED },
		[CALL_EV_WEN] =		{ call_act_bug, CALL_CLOSED },
		[CALL_EV_SLI] =		{ call_act_bug, CALL_CLOSED },
		[CALL_EV_BAD] =		{ call_act_bug, CALL_CLOSED },
		[CALL_EV_EXPIRED] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_TIE_LOST] =	{ call_act_bug, CALL_CLOSED },
		[CALL_EV_TIE_EVEN] =	{ call_act_bug, CALL_CLOSED },
	}
};
