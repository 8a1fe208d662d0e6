#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# Tunnel authentication and hidden AVPs, with xl2tpd on the other side.
. "${0%/*}/lib.sh"
begin secret

hidden='secret: hush
    hide_avps: true'

# The next pair of daemons begins with nothing.
again() {
	kill_ns lac && kill_ns lns && within 20 nothing_left lac &&
	    within 20 nothing_left lns
}

# answer KEYS SECRET [LINE]: septum answers xl2tpd.
answer() {
	KEYS=$1
	SECRET=$2
	lns_conf 10 | septum lns && xl2tpd_lac 192.0.2.1 "${3-}" &&
	    xl2tpd_tell lac "c home"
}

# call KEYS SECRET [LINE]: septum calls xl2tpd.
call() {
	KEYS=$1
	SECRET=$2
	xl2tpd_lns "${3-}" && lac_conf 192.0.2.1 | septum lac
}

says() {
	ctl "$1" show tunnels | grep -q "$2"
}

called_up() {
	within 60 both_up && pinged lac 10.9.0.1
}

must "an LNS with a secret" answer "secret: hush" hush "challenge = yes"
check "both sides authenticate, and the call comes up" call_up
must "end" again
must "an LNS that hides" answer "$hidden" hush "challenge = yes
hidden bit = yes"
check "both sides hide, and the call comes up" call_up
must "end" again
# With "challenge = yes", xl2tpd would be the first to refuse.
must "an LNS with another secret" answer "secret: hush" shout \
    "challenge = no"
check "refuses the call" within 30 logged lns-septum "authentication failed"
check "and has no tunnel" throughout 3 tunnels lns 0
must "end" again
must "an LNS that rolls its secret over" answer "secret: [hush, new]" new \
    "challenge = no"
check "lets in who has the second" call_up
must "end" again

must "a LAC with a secret" call "secret: hush" hush "challenge = yes"
check "both sides authenticate, and the call comes up" called_up
must "end" again
must "a LAC that hides" call "$hidden" hush "challenge = yes
hidden bit = yes"
check "both sides hide, and the call comes up" called_up
must "end" again
must "a LAC with another secret" call "secret: hush" shout "challenge = yes"
check "refuses the answer" within 30 logged lac-septum "authentication failed"
check "and says so" says lac "authentication failed"
check "there is no tunnel" throughout 3 tunnels lac 0
