#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# What becomes of pseudowires, a static one (1), a quiescent one (2) and a
# dynamic one (3), when nothing happens, when one side is killed and started
# again, when its septum-ctld is, and when they are closed; and of one whose
# peer says that its circuit (RFC 3931 section 5.4.5) is up or down.
. "${0%/*}/ether.sh"
begin pwlife

# The peer's death is noticed after 2 s + 1 s + 1 s + 1 s or so.
KEYS='hello_timeout: 2s
    retry_timeout: 1s
    max_retries: 2
    secret: hush'

fixed_pair() {
	echo tunnels:
	fixed "$1" static 1 udp 4 "${2-8}"
	KEYS='hello_timeout: 2s
    retry_timeout: 1s
    max_retries: 2' fixed "$1" quiescent 2 ip 4 8
}

start_lns() {
	septum lns <<-END
	$(answered 3 4)
	$(fixed_pair lns)
	END
}

start_lac() {
	septum lac <<-END
	$(fixed_pair lac)
	$(dialled 3 udp 4)
	END
}

all_up() {
	pws_up lns 3 && pws_up lac 3
}

# up NS N: septumctl says so of that session.
up() {
	shows "$1" sessions "any(.interface == \"e$2\" and .state == \"up\")"
}

# HELLOs are what a quiescent tunnel sends, and nothing else.
hellos() {
	shows "$1" tunnels '.[] | select(.name == "t2") | .sent'
}

more_hellos() {
	[ "$(hellos lac)" -ge $(($1 + 2)) ]
}

running() {
	ip -n "$1" -o link show "e$2" | grep -q 'state \(UP\|UNKNOWN\)'
}

# circuit: a LAC that says such things; what it is told is its circuit's state.
circuit() {
	mkfifo "$T/circuit" && spawn_circuit && exec 9> "$T/circuit"
}

spawn_circuit() {
	enter lac "$BUILD/bench/circuit" 192.0.2.1 b4 hush \
	    < "$T/circuit" > "$T/circuit.log" 2>&1 &
}

# A ping through the static pseudowire that must not lose one packet.
flow() {
	join lns port0 b1
	join lac port0 b1
	within 10 pinged lac-host 10.77.0.1 -c 1 -W 1 || return 1
	ip netns exec lac-host ping -n -q -i 0.05 -w 12 10.77.0.1 \
	    > "$T/flow.log" 2>&1 &
	FLOW=$!
}

lossless() {
	wait "$FLOW"
	cat "$T/flow.log"
	grep -q ' 0% packet loss' "$T/flow.log"
}

other_ctld() {
	new=$(processes lns septum-ctld | head -n 1)
	[ -n "$new" ] && [ "$new" != "$1" ] && ctl lns show status
}

# The dynamic one's "TID/SID", or nothing.
dynamic() {
	shows "$1" sessions '.[] | select(.interface == "e3" and
	    .state == "up") | "\(.local_tid)/\(.local_sid)"' | tr -d '"' |
	    grep .
}

other_session() {
	new=$(dynamic lns) && [ "$new" != "$1" ]
}

close_session() {
	ctl "$1" close session "$(dynamic "$1")"
}

close_tunnel() {
	dynamic "$1" > "$T/closed" && ctl "$1" close tunnel \
	    "$(cut -d / -f 1 "$T/closed")"
}

# closed SIDE WHAT COMMAND: the LAC asks for it again.
closed() {
	before=$(dynamic lns)
	check "$2 from the $1" "$3" "$1"
	check "another session after it" within 30 other_session "$before"
}

must "stations behind both" stations
must "bridges on the LNS" bridges lns 1 4
must "bridges on the LAC" bridges lac 1 3
must "the LNS starts" start_lns
must "the LAC starts" start_lac
must "three pseudowires are up" within 30 all_up
check "frames pass through each" all_cross 1 3
before=$(hellos lac)
check "they stay up while nothing happens" throughout 6 all_up
check "there were HELLOs" more_hellos "$before"

check "kill -9 of the LNS" kill -9 "$(dpd lns)"
check "everything of it ends" within 20 no_pids lns
check "the quiescent one notices" within 10 refuse up lac 2
check "and its interface is down" within 2 refuse running lac 2
check "the dynamic one ends" within 10 sessions lac 2
check "the static one stays" up lac 1
must "the LNS starts again" septum_again lns
must "three pseudowires are up again" within 40 all_up
check "frames pass through each again" all_cross 1 3

must "frames flow through the static one" flow
victim=$(processes lns septum-ctld | head -n 1)
check "kill -9 of septum-ctld" kill -9 "$victim"
check "it is started again" within 30 other_ctld "$victim"
check "frames still flow" refuse gone "$FLOW"
check "and none of them was lost" lossless
must "three pseudowires are up after it" within 40 all_up
check "frames pass through each after it" all_cross 1 3

closed lac "CDN" close_session
closed lns "CDN" close_session
closed lac "StopCCN" close_tunnel
closed lns "StopCCN" close_tunnel
check "frames pass through the last one" crosses b3 b3
check "no zombie" no_zombie lns
check "SIGTERM ends the LAC" stop lac 15

check "another LAC, whose circuit is down" circuit
# v3-5.4.5-06
check "its pseudowire is there" within 20 sessions lns 3
check "and not up" throughout 2 refuse running lns 4
# v3-5.4.5-05
echo up >&9
check "the circuit comes up" within 10 running lns 4
echo down >&9
check "the circuit goes down" within 10 refuse running lns 4
check "septumctl says so" shows lns sessions \
    'any(.interface == "e4" and .circuit == "inactive")'
exec 9>&-
check "that LAC goes" within 10 sessions lns 2
check "SIGTERM ends the LNS" stop lns 15
