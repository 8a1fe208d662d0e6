#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# septum as LNS and as LAC: a call comes up, carries IP, is shown, is closed
# from either side by CDN and by StopCCN, and leaves nothing.
. "${0%/*}/lib.sh"
begin basic

# The table names the session's interface.
shown() {
	ctl "$1" show sessions | tee /dev/stderr | grep -q "ppp[0-9]"
}

# A million octets over TCP, from the LAC to the LNS.
transferred() {
	head -c 1000000 /dev/urandom > "$T/sent"
	mkfifo "$T/never"		# it must not see the end of its input
	ip netns exec lns busybox nc -l -p 5001 <> "$T/never" \
	    > "$T/received" &
	receiver=$!
	within 10 listening && ip netns exec lac busybox nc -w 60 \
	    10.64.0.1 5001 < "$T/sent" && wait $receiver &&
	    cmp "$T/sent" "$T/received"
}

listening() {
	ip netns exec lns ss -Hlnt | grep -q ':5001 '
}

# What the interface has counted.
counted() {
	ip -j -s -n "$1" link show |
	    jq -e '[.[] | select(.ifname | startswith("ppp"))][0].stats64 |
	    .rx.bytes + .tx.bytes > 1000000'
}

close_session() {
	ctl "$1" close session "$(session "$1")"
}

close_tunnel() {
	tid=$(shows "$1" tunnels '.[] | select(.state == "established") |
	    .local_tid')
	ctl "$1" close tunnel "$tid"
}

# closed_and_redialled SIDE HOW COMMAND: the LAC places the call anew.
closed_and_redialled() {
	before=$(session lns)
	check "$2 from the $1" "$3" "$1"
	check "the call after it" within 60 new_session "$before"
	check "IP in the call after it" call_up
}

new_session() {
	after=$(session lns) && [ "$after" != "$1" ]
}

must "the LNS starts" septum lns <<END
$(lns_conf 10)
END
must "the LAC starts" septum lac <<END
$(lac_conf 192.0.2.1)
END
must "the call comes up" call_up
check "ping from the LNS" pinged lns 10.64.0.2
check "ping with 1,400 octets" pinged lac 10.64.0.1 -s 1400
check "a million octets" transferred
check "the LNS has counted it" counted lns
check "the LAC has counted it" counted lac
check "one kernel tunnel" tunnels lns 1
check "one kernel session" sessions lns 1
check "septumctl shows it on the LNS" shown lns
check "septumctl shows it on the LAC" shown lac
check "the user's name" shows lns sessions '.[0].user == "alice"'
check "the leased address" shows lns sessions '.[0].peer_ip == "10.64.0.2"'
check "the host name" shows lns tunnels '.[0].host_name == "branch-1"'

closed_and_redialled lac "CDN" close_session
closed_and_redialled lns "CDN" close_session
closed_and_redialled lac "StopCCN" close_tunnel
closed_and_redialled lns "StopCCN" close_tunnel
check "no zombie" no_zombie lns

check "SIGTERM ends the LAC" stop lac 15
check "with status 0" ended_well lac
check "the call leaves nothing on the LNS" within 15 nothing_left lns
check "SIGTERM ends the LNS" stop lns 15
check "with status 0" ended_well lns
