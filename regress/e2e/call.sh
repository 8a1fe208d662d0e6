#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# Outgoing calls (RFC 2661 section 5.2.2): the LNS asks for them with
# septumctl, in a tunnel that the LAC has dialled and in one that the LNS has;
# what is known of them is shown; a LAC that does not permit it is not asked.
. "${0%/*}/lib.sh"
begin call

pools='pools:
  customers: {local: 10.64.0.1, addresses: [10.64.0.2-10.64.0.9]}'

lac_dials() {
	septum lac <<-END
	tunnels:
	  isp:
	    peer: 192.0.2.1
	    host_name: branch-1
	    $1
	    sessions:
	      line: {pseudowire: ppp, profile: lac, on_demand: true}
	END
}

lns_dials() {
	septum lns <<-END
	tunnels:
	  branch:
	    peer: 192.0.2.2
	    sessions:
	      calls: {pseudowire: ppp, profile: lns, pool: customers,
	              on_demand: true}
	$pools
	END
}

lac_answers() {
	septum lac <<-END
	listen:
	  wan: {local: 0.0.0.0:1701, peers: [isp]}
	peers:
	  isp:
	    from: [192.0.2.1]
	    $1
	    session: {pseudowire: ppp, profile: lac}
	END
}

tunnel_up() {
	shows lns tunnels '.[0].state == "established"'
}

# call NUMBER ...: what septumctl says of it is in the test's output.
call() {
	ctl lns call "$@"
}

# told REASON COMMAND ...: the command fails, and says why.
told() {
	reason=$1
	shift
	"$@" > "$T/told" 2>&1 && return 1
	cat "$T/told"
	grep -q "$reason" "$T/told"
}

# Both sides know what the call is, also what the OCCN has said.
detailed() {
	shows "$1" sessions ".[0] | .outgoing and .role == \"$1\" and
	    .called_number == \"5551234\" and .sub_address == \"7\" and
	    .call_state == \"established\" and .call_serial_number > 0 and
	    .framing_type == [\"sync\"] and .maximum_bps == 1000000000 and
	    .tx_connect_speed == 1000000000 and (has(\"proxy\") | not) and
	    (has(\"accm\") | not) and (has(\"call_errors\") | not)"
}

line_by_line() {
	ctl lns show session "$(session lns)" |
	    grep -q '^called_number *5551234$'
}

# The first of them.
close_it() {
	ctl "$1" close session "$(session "$1" | head -n 1)"
}

one_left() {
	sessions lns 1 && sessions lac 1 && shows lac sessions "length == 1"
}

ended() {
	sessions lns 0 && sessions lac 0 && no_ppp lns && no_ppp lac
}

stay_ended() {
	within 20 ended && throughout 5 ended
}

must "the LNS starts" septum lns <<END
$(lns_conf 10)
END
must "the LAC starts" lac_dials "outgoing: true"
check "the tunnel comes up" within 30 tunnel_up
check "with no call" throughout 3 ended
# v2-7.5-01
check "the LNS has a call placed" call branches 5551234 7
check "IP goes through it" call_up
check "the LNS's address is leased" shows lns sessions \
    '.[0].peer_ip == "10.64.0.2"'
check "the user's name" shows lns sessions '.[0].user == "alice"'
check "the LNS shows what it asked for" detailed lns
# v2-6.9-01
check "the LAC shows what it was asked for" detailed lac
check "one session line by line" line_by_line
check "another one is not there" refuse ctl lns show session 1/1
check "a second call" call "$(shows lns tunnels '.[0].local_tid')" 5559999
check "is a session of its own" within 30 sessions lns 2
check "CDN from the LNS" close_it lns
check "leaves the other" within 20 one_left
check "CDN from the LAC" close_it lac
check "and nobody places the calls again" stay_ended
check "there is no such tunnel" told 'no such tunnel' call nobody 5551234
check "a number is needed" refuse call branches ""
check "SIGTERM ends the LAC" stop lac 15

must "a LAC that does not permit it" lac_dials ""
check "is connected" within 30 tunnel_up
# v2-6.9-02
check "and is not asked" told 'does not place calls' call branches 5551234
check "SIGTERM ends it" stop lac 15
check "SIGTERM ends the LNS" stop lns 15

must "a LAC that answers" lac_answers "outgoing: true"
must "an LNS that dials" lns_dials
check "the tunnel between them comes up" within 30 tunnel_up
check "a call that way round" call branch 5551234 7
check "IP goes through that" call_up
check "that LNS's address is leased" shows lns sessions \
    '.[0].peer_ip == "10.64.0.2"'
check "that LNS shows the call" detailed lns
check "that LAC shows the call" detailed lac
check "SIGTERM ends that LAC" stop lac 15
check "SIGTERM ends that LNS" stop lns 15
