#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# 100,000 forged SCCRQs, from where nobody may call and then from where peers
# do: memory is bounded, a good peer gets through, at once or in its turn, and
# the counters tell.
. "${0%/*}/lib.sh"
begin flood

N=100000
RETRIES=12
FLAGS=-d			# the log of each SCCRQ would be the test

# flood NETWORK: in the background; FLOOD is its process id.
flood() {
	spawn lac flood "$BUILD/bench/flood" 192.0.2.1 "$1" $N 4000
	FLOOD=$LAST
}

flooding() {
	! gone "$FLOOD"
}

# Octets, in the LNS's processes that hear of the flood.
memory() {
	for pid in $(processes lns septum-ctld; processes lns septum-dpd); do
		grep '^RssAnon:' "/proc/$pid/status"
	done | awk '{ sum += $2 } END { print sum * 1024 }'
}

# Less than 120 octets for each forged SCCRQ: the hash tables of the engine,
# which the kernel gives in huge pages once they are touched, and what is
# half-open.
bounded() {
	[ $added -lt $((120 * N)) ]
}

status() {
	shows lns status "$1"
}

counters() {
	within 300 gone "$FLOOD"
	note "$(ctl lns -j show status | tr -d '\n')"
	added=$(($(memory) - before))
	note "$added octets more"
}

# The answers have somewhere to go, where nobody wants them.
ip -n lns route add 10.0.0.0/8 via 192.0.2.2

must "the LNS starts" septum lns <<END
$(lns_conf 10)
END
before=$(memory)
flood 10.128.0.0
must "a good peer starts while strangers call" septum lac <<END
$(lac_conf 192.0.2.1)
END
check "its call comes up" call_up 30
check "while they still do" flooding
counters
check "memory is bounded" bounded
check "not many are half-open" status ".half_open <= 1024"
check "few are refused" status ".no_peer_matches | . > 0 and . < $N / 2"
check "most are ignored" status ".rate_limited > $N / 4"
check "the call is still up" both_up
check "SIGTERM ends the LAC" stop lac 15
check "SIGTERM ends the LNS" stop lns 15

# Fewer tunnels than forged callers: these take no place from the others.
must "the LNS starts for everybody" septum lns <<END
daemon: {limits: {tunnels: 10, half_open: 512, sccrq_per_second: 400}}
$(lns_conf 10 | sed 's|192.0.2.0/24|0.0.0.0/0|')
END
before=$(memory)
flood 10.128.0.0
must "a good peer starts while others call" septum lac <<END
$(lac_conf 192.0.2.1)
END
counters
check "memory is bounded then" bounded
check "not too many are half-open" status ".half_open <= 512"
check "the oldest were dropped" status ".half_open_dropped > $N / 50"
check "the good peer's call is up" call_up 30
check "SIGTERM ends the LAC then" stop lac 15
check "SIGTERM ends the LNS then" stop lns 15
