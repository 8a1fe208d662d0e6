#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# 500 Ethernet pseudowires in one control connection, of which the LNS knows
# none by name: all come up, all go down, and nothing is left.
. "${0%/*}/lib.sh"
begin manypw

N=500
FLAGS=-d

lac_many() {
	cat <<-END
	tunnels:
	  lan:
	    version: l2tpv3
	    peer: 192.0.2.1
	    sessions:
	END
	for i in $(seq 1 $N); do
		echo "      s$i: {pseudowire: eth, interface_name: e$i}"
	done
}

# Interfaces that are up.
all_up() {
	[ "$(ip -n "$1" -o link show up | grep -cE ': e[0-9]+: ')" -eq $N ]
}

# Two processors that are 15 times slower have the ends of both.
DOWN=10
! grep -q TCG /proc/cpuinfo || DOWN=60

must "the LNS starts" septum lns <<END
listen:
  wan: {local: "0.0.0.0:1701", versions: [l2tpv3], peers: [branches]}
peers:
  branches:
    from: [192.0.2.0/24]
    session: {pseudowire: eth, interface_name: e}
END
started=$(now)
must "the LAC starts" septum lac <<END
$(lac_many)
END
check "all are up on the LAC" within 120 all_up lac
check "all are up on the LNS" within 30 all_up lns
note "$N pseudowires are up after $((($(now) - started) / 100)) s"
check "one tunnel" tunnels lns 1
check "$N kernel sessions" sessions lns $N
check "septumctl shows $N" shows lns sessions \
    "map(select(.state == \"up\")) | length == $N"
started=$(now)
check "SIGTERM ends the LAC" stop lac $DOWN
check "nothing is left on the LNS" within $DOWN nothing_left lns
note "they are gone after $((($(now) - started) / 100)) s"
check "septumctl shows none" within 10 shows lns sessions "length == 0"
check "no zombie" no_zombie lns
check "SIGTERM ends the LNS" stop lns 15
