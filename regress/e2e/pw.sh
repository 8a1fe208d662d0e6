#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# Ethernet pseudowires, each between two bridges: static, quiescent and
# dynamic, over UDP and IP, IPv4 and IPv6, all of them at once; and static
# ones whose other end is the kernel's alone.  What the control connections
# say is recorded, and read by tshark, which knows the secret.
. "${0%/*}/ether.sh"
begin pw

KEYS='hello_timeout: 5s
    secret: hush
    hide_avps: true'

# each COMMAND: with $n, $mode, $encap and $family of each pseudowire.
each() {
	n=0
	for mode in static quiescent dynamic; do
		for wires in "udp 4" "udp 6" "ip 4" "ip 6"; do
			encap=${wires% *}
			family=${wires#* }
			n=$((n + 1))
			"$@" || return 1
		done
	done
}

# side NS: one tunnel of its configuration.
side() {
	case $1$mode in
	lnsdynamic) ;;
	lacdynamic) dialled $n "$encap" "$family";;
	*) KEYS="hello_timeout: 5s" fixed "$1" "$mode" $n "$encap" \
	    "$family" 8;;
	esac
}

# Those that have the kernel at the other end.
beside_kernel() {
	fixed lns static 13 udp 4 8 "seqnum: true"
	fixed lns static 14 udp 6 4
	fixed lns static 15 ip 4 8 "l2spec_type: default"
	fixed lns static 16 ip 6 8 "l2spec_type: none"
}

kernel() {
	ip_l2tp lac 13 udp 4 8 l2spec_type default seq both &&
	    ip_l2tp lac 14 udp 6 4 l2spec_type none &&
	    ip_l2tp lac 15 ip 4 8 l2spec_type default &&
	    ip_l2tp lac 16 ip 6 8 l2spec_type none || return 1
	for n in 13 14 15 16; do
		join lac e$n b$n || return 1
	done
}

no_kernel() {
	for n in 13 14 15 16; do
		ip -n lac l2tp del tunnel tunnel_id "$(id lac $n)" || return 1
	done
}

passes() {
	check "$mode over $encap, IPv$family: frames pass" \
	    crosses b$n b$n || :
}

read_by_tshark() {
	tshark -n -r "$T/control.pcap" -Y "l2tp.type == 1" -V -O l2tp \
	    -o l2tp.shared_secret:hush > "$T/control.txt" 2> "$T/tshark.log"
	grep -q "Explicit_Acknowledgement" "$T/control.txt"
}

remarks() {
	grep -E 'Unknown|Malformed|Expert Info|Incorrect Digest' \
	    "$T/control.txt"
}

must "stations behind both" stations
must "bridges on the LNS" bridges lns 1 16
must "bridges on the LAC" bridges lac 1 16
must "a recording" capture lns control
must "the LNS starts" septum lns <<END
$(answered 9 10 11 12)
tunnels:
$(each side lns)
$(beside_kernel)
END
must "the LAC starts" septum lac <<END
tunnels:
$(each side lac)
END
# v3-4.1-01, v3-4.1-02, v3-4.1.1.2-01, v3-eth-10
check "all are up on the LNS" within 30 pws_up lns 16
check "all are up on the LAC" within 30 pws_up lac 12
captured
check "the kernel's own ends" kernel
each passes
for n in 13 14 15 16; do
	check "to the kernel alone, number $n: frames pass" crosses b$n b$n
done
check "tshark reads what was said" read_by_tshark
check "and knows all of it, and the digests" refuse remarks
check "the Remote End ID is hidden" refuse grep -q -F b9 "$T/control.pcap"
check "the kernel's own ends go" no_kernel
check "SIGTERM ends the LAC" stop lac 15
check "SIGTERM ends the LNS" stop lns 15
