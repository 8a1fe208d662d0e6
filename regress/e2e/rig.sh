#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# The ground that the other tests stand on, without septum: the kernel's
# L2TP, pppd and xl2tpd on both sides, and bridges over the kernel's own
# Ethernet pseudowires.  If this fails, look at the rig.
. "${0%/*}/ether.sh"
begin rig

note "kernel $(uname -r), $(pppd --version 2>&1)"
check "modules are loaded" test -d /sys/module/l2tp_ppp
check "veth carries IPv4" pinged lac 192.0.2.1
check "veth carries IPv6" pinged lac 2001:db8::1

must "xl2tpd is an LNS" xl2tpd_lns
must "xl2tpd is a LAC" xl2tpd_lac 192.0.2.1
xl2tpd_tell lac "c home"
check "a PPP interface on the LAC" within 60 ppp_up lac 1
check "a PPP interface on the LNS" within 60 ppp_up lns 1
check "the kernel has the session" sessions lns 1
check "ping through PPP" pinged lac 10.9.0.1
check "ping with 1,400 octets" pinged lac 10.9.0.1 -s 1400
xl2tpd_tell lac "d home"
check "nothing left on the LAC" within 30 nothing_left lac
check "nothing left on the LNS" within 30 nothing_left lns

# both_ends N ENCAP FAMILY [ARGUMENT ...]: bridged as bN.
both_ends() {
	for ns in lns lac; do
		ip_l2tp "$ns" "$@" && bridges "$ns" "$1" "$1" &&
		    join "$ns" "e$1" "b$1" || return 1
	done
}

must "stations behind both" stations
number=0
for wires in "udp 4" "udp 6" "ip 4" "ip 6"; do
	number=$((number + 1))
	# shellcheck disable=SC2086
	check "ip l2tp over $wires" both_ends $number $wires
	check "carries frames from bridge to bridge" \
	    crosses b$number b$number
done
check "ip l2tp with cookies and a sublayer" both_ends 5 udp 4 8 \
    l2spec_type default seq both
check "carries frames, too" crosses b5 b5
