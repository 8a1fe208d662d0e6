#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# PPP over L2TPv3, over UDP and over IP at the same time, with pppd on both
# sides: the same calls as in L2TPv2.
. "${0%/*}/lib.sh"
begin pppv3

# Callers over UDP get 10.64.0.2 and so on, those over IP 10.65.0.2.
lns_v3() {
	cat <<-END
	listen:
	  udp: {local: "0.0.0.0:1701", versions: [l2tpv3], peers: [udp]}
	  ip: {local: 0.0.0.0, encap: ip, peers: [ip]}
	peers:
	  udp:
	    from: [192.0.2.0/24]
	    session: {pseudowire: ppp, profile: lns, pool: udp}
	  ip:
	    from: [192.0.2.0/24]
	    secret: hush
	    session: {pseudowire: ppp, profile: lns, pool: ip}
	pools:
	  udp: {local: 10.64.0.1, addresses: [10.64.0.2-10.64.0.9]}
	  ip: {local: 10.65.0.1, addresses: [10.65.0.2-10.65.0.9]}
	END
}

lac_v3() {
	cat <<-END
	tunnels:
	  udp:
	    version: l2tpv3
	    peer: 192.0.2.1
	    sessions: {home: {pseudowire: ppp, profile: lac}}
	  ip:
	    version: l2tpv3
	    encap: ip
	    peer: 192.0.2.1
	    secret: hush
	    sessions: {home: {pseudowire: ppp, profile: lac, seqnum: true}}
	END
}

version_3() {
	shows "$1" tunnels 'length == 2 and all(.version == 3)'
}

must "the LNS starts" septum lns <<END
$(lns_v3)
END
must "the LAC starts" septum lac <<END
$(lac_v3)
END
check "two calls on the LAC" within 60 ppp_up lac 2
check "two calls on the LNS" within 10 ppp_up lns 2
for net in 64 65; do
	check "10.$net: ping with 1,400 octets" \
	    pinged lac 10.$net.0.1 -s 1400
done
check "the LNS's tunnels are of L2TPv3" version_3 lns
check "the LAC's tunnels are of L2TPv3" version_3 lac
check "the user's name" shows lns sessions 'all(.user == "alice")'
check "SIGTERM ends the LAC" stop lac 15
check "nothing is left on the LNS" within 15 nothing_left lns
check "SIGTERM ends the LNS" stop lns 15
