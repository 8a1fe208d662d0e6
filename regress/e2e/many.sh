#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# Fifty sessions in one tunnel, then fifty tunnels of one session, out of a
# pool of just fifty addresses: all come up, all go down together, and
# nothing is left.
. "${0%/*}/lib.sh"
begin many

N=50
FLAGS=-d

numbers() {
	seq 1 $N
}

one_tunnel() {
	cat <<-END
	tunnels:
	  isp:
	    mode: dial
	    peer: 192.0.2.1
	    sessions:
	END
	for i in $(numbers); do
		echo "      s$i: {pseudowire: ppp, profile: lac}"
	done
}

many_tunnels() {
	echo "tunnels:"
	for i in $(numbers); do
		cat <<-END
		  isp$i:
		    mode: dial
		    peer: 192.0.2.1
		    sessions:
		      home: {pseudowire: ppp, profile: lac}
		END
	done
}

# As many different addresses as sessions.
distinct() {
	[ "$(ppp_address lac | sort -u | wc -l)" -eq $N ]
}

shown() {
	shows lns sessions "length == $1"
}

leased() {
	shows lns status ".pool_leased == $1"
}

# Open descriptors of all of the LNS's processes.
fds() {
	for pid in $(ip netns pids lns); do
		ls "/proc/$pid/fd"
	done | wc -l
}

same_fds() {
	[ "$(fds)" -eq "$idle_fds" ]
}

all_up() {
	check "$1: all up on the LAC" within 180 ppp_up lac $N
	check "$1: all up on the LNS" within 30 ppp_up lns $N
	note "$1: up after $((($(now) - started) / 100)) s"
	check "$1: $N kernel sessions" sessions lns $N
	check "$1: $N addresses" distinct
	check "$1: septumctl shows $N" shown $N
	check "$1: the pool is exhausted" leased $N
}

# The LNS is told by the LAC, pppd by pppd; then nothing is left of it.
all_down() {
	check "$1: nothing is left on the LNS" within 60 nothing_left lns
	check "$1: septumctl shows none" within 10 shown 0
	check "$1: every address is back" leased 0
	check "$1: no zombie" no_zombie lns
	check "$1: as many descriptors as before" within 10 same_fds
}

# Both ends of fifty calls, on two processors that are 15 times slower.
LIMIT=5
! grep -q TCG /proc/cpuinfo || LIMIT=10

timed_stop() {
	started=$(now)
	check "$2: SIGTERM ends the $1 within $LIMIT s" stop "$1" $LIMIT
	note "$2: the $1 is down after $((($(now) - started) * 10)) ms"
}

must "the LNS starts" septum lns <<END
$(lns_conf $N)
END
idle_fds=$(fds)

started=$(now)
must "the LAC starts" septum lac <<END
$(one_tunnel)
END
all_up "one tunnel"
check "one tunnel: one kernel tunnel" tunnels lns 1
timed_stop lac "one tunnel"
all_down "one tunnel"

started=$(now)
must "the LAC starts again" septum lac <<END
$(many_tunnels)
END
all_up "many tunnels"
check "many tunnels: $N kernel tunnels" tunnels lns $N
timed_stop lns "many tunnels"
check "many tunnels: nothing is left on the LAC" within 60 nothing_left lac
check "SIGTERM ends the LAC" stop lac 15
