#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# kill -9 of a pppd, of septum-ctld and of septum-dpd: the call comes back,
# nothing leaks, and nobody else's process is touched.
. "${0%/*}/lib.sh"
begin kill

# Somebody else's process that is called pppd, too.
decoy() {
	cp "$(command -v sleep)" "$T/pppd"
	spawn lns decoy "$T/pppd" 100000
	DECOY=$LAST
	within 5 grep -q '^pppd$' "/proc/$DECOY/comm"
}

decoy_lives() {
	kill -0 "$DECOY"
}

our_pppd() {
	processes lns pppd | grep -vx "$DECOY"
}

one_pppd() {
	[ "$(our_pppd | wc -l)" -eq 1 ]
}

not_pid() {
	new=$("$1") && [ -n "$new" ] && [ "$new" != "$2" ]
}

# Only the decoy is left.
only_decoy() {
	[ "$(ip netns pids lns)" = "$DECOY" ]
}

check "somebody else's pppd starts" decoy
must "the LNS starts" septum lns <<END
$(lns_conf 10)
END
must "the LAC starts" septum lac <<END
$(lac_conf 192.0.2.1)
END
must "the call comes up" call_up

victim=$(our_pppd)
check "kill -9 of pppd" kill -9 "$victim"
check "there is a new one" within 60 not_pid our_pppd "$victim"
must "the call comes back" call_up
check "one pppd, one session" sessions lns 1
check "no zombie" within 5 no_zombie lns

victim=$(processes lns septum-ctld | head -n 1)
check "kill -9 of septum-ctld" kill -9 "$victim"
check "its calls are ended" within 15 sessions lns 0
check "it is started again" within 30 ctl lns show status
must "the call comes back after it" call_up 90
check "one pppd" one_pppd
check "no zombie after it" within 5 no_zombie lns

check "kill -9 of septum-dpd" kill -9 "$(dpd lns)"
check "everything of it ends" within 20 only_decoy
check "no interface is left" within 20 no_ppp lns
check "no kernel tunnel is left" within 20 tunnels lns 0
must "septum-dpd starts again" septum_again lns
must "the call comes back after that" call_up 90

# What the starter still has to end then, the next run waits for.
check "kill -9 of septum-dpd again" kill -9 "$(dpd lns)"
must "septum-dpd starts at once" septum_again lns
must "the call comes back after both" call_up 90
check "one pppd after both" one_pppd
check "one kernel tunnel after both" tunnels lns 1

check "somebody else's pppd still lives" decoy_lives
kill "$DECOY"
check "SIGTERM ends the LNS" stop lns 15
check "SIGTERM ends the LAC" stop lac 15
