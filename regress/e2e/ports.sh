#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# An LNS that is called at port 1701 and answers from port 1702, which RFC
# 2661 section 8.1 permits; and a LAC that does not permit it.
. "${0%/*}/lib.sh"
begin ports

# What comes for port 1701 is for port 1702, and stays so until the end.
elsewhere() {
	ip netns exec lns tc qdisc add dev veth0 clsact &&
	    ip netns exec lns tc filter add dev veth0 ingress protocol ip \
	    u32 match ip protocol 17 0xff match ip dport 1701 0xffff \
	    action pedit ex munge udp dport set 1702 pipe action csum udp
}

peer_port() {
	shows lac tunnels ".[0].peer | endswith(\":$1\")"
}

must "port 1701 leads to port 1702" elsewhere
must "the LNS starts" septum lns <<END
$(lns_conf 10 0.0.0.0:1702)
END
must "the LAC starts" septum lac <<END
$(lac_conf 192.0.2.1)
END
must "the call comes up" call_up
check "the peer is where the answer came from" peer_port 1702
check "ping from the LNS" pinged lns 10.64.0.2
check "ping with 1,400 octets" pinged lac 10.64.0.1 -s 1400
check "the tunnel stays, with its HELLOs" throughout 12 both_up
check "SIGTERM ends the LAC" stop lac 15
check "and the call on the LNS" within 15 nothing_left lns

must "a LAC from port 1701 starts" septum lac <<END
$(KEYS="local: 0.0.0.0:1701" lac_conf 192.0.2.1)
END
must "its call comes up" call_up
check "SIGTERM ends that LAC" stop lac 15

: > "$T/lac-septum.log"
must "a strict LAC starts" septum lac <<END
$(KEYS="strict_port: true" RETRIES=1 lac_conf 192.0.2.1)
END
check "it does not hear the answer" \
    within 30 logged lac-septum "isp: no tunnel, reason: no reply"
check "and has no tunnel" tunnels lac 0
check "SIGTERM ends the strict LAC" stop lac 15
check "SIGTERM ends the LNS" stop lns 15
