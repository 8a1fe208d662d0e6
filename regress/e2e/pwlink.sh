#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# What the configuration says of a pseudowire's interface is what the kernel
# has: addresses, MTU, the time for what comes out of order, a bridge that may
# not be there yet; and with "up: false" whoever else sets it up or down.
. "${0%/*}/ether.sh"
begin pwlink

# side NS HOST: 1 has addresses, 2 is left down, 3 is in a bridge.
side() {
	cat <<-END
	tunnels:
	$(one "$1" 1 "mtu: 1400, reorder_timeout: 100ms,
	    addresses: [10.79.1.$2/24, \"fd79::$2/64\"]")
	$(one "$1" 2 "addresses: [10.79.2.$2/24], up: false")
	$(one "$1" 3 "bridge: b3")
	END
}

one() {
	fixed "$1" static "$2" udp 4 8 | sed '/sessions:/,$d'
	cat <<-END
	    sessions:
	      s$2: {interface_name: e$2, sid: $(id "$1" "$2"),
	          psid: $(id "$(other "$1")" "$2"),
	          cookie: $(cookie "$(other "$1")" 8),
	          peer_cookie: $(cookie "$1" 8),
	          $3}
	END
}

has() {
	ip -n lns -o "$1" show dev "$2" | grep -qE "$3"
}

mtu() {
	ip -n lns -j link show "e$1" | jq '.[0].mtu'
}

explained() {
	ctl lns -j explain "t$1" | jq -e -s "flatten | any(.mtu == $(mtu "$1"))"
}

has_reorder() {
	ip -n lns l2tp show session | grep -q "reorder timeout: $1"
}

is_up() {
	shows lns sessions "any(.interface == \"e$1\" and .state == \"up\")"
}

other_ctld() {
	new=$(processes lns septum-ctld | head -n 1)
	[ -n "$new" ] && [ "$new" != "$1" ] && is_up 1
}

must "a bridge on the LAC" bridges lac 3 3
must "the LNS starts" septum lns <<END
$(side lns 1)
END
must "the LAC starts" septum lac <<END
$(side lac 2)
END
check "the first is up" within 10 is_up 1
check "with its IPv4 address" has addr e1 ' 10\.79\.1\.1/24 '
check "and that of IPv6" has addr e1 ' fd79::1/64 '
check "its MTU is the one that was asked for" test "$(mtu 1)" = 1400
check "explain says so" explained 1
check "its reorder timeout, too" has_reorder 100
check "frames pass" within 10 pinged lac 10.79.1.1 -c 1 -W 1

# 1500 - 20 (IPv4) - 8 (UDP) - 4 - 4 (session id) - 8 (cookie) - 14 (Ethernet)
check "the second's MTU is computed" within 10 test "$(mtu 2)" = 1442
check "explain has the same" explained 2
check "it has its address" has addr e2 ' 10\.79\.2\.1/24 '
check "and is down" refuse has link e2 '[<,]UP[,>]'
for ns in lns lac; do
	check "it is set up by hand on the $ns" ip -n $ns link set e2 up
done
check "frames pass through it" within 10 pinged lac 10.79.2.1 -c 1 -W 1

check "the third has no bridge, and a reason" within 10 logged lns-septum \
    "is there a bridge b3\?"
check "it is not up" refuse is_up 3
must "there is one" bridges lns 3 3
check "then it is up" within 40 is_up 3
check "and in the bridge" has link e3 ' master b3 '

victim=$(processes lns septum-ctld | head -n 1)
check "kill -9 of septum-ctld" kill -9 "$victim"
check "it is started again" within 30 other_ctld "$victim"
check "what was set up by hand still is" throughout 2 has link e2 \
    '[<,]UP[,>]'
check "frames pass as before" pinged lac 10.79.2.1 -c 1 -W 1
check "SIGTERM ends the LAC" stop lac 15
check "SIGTERM ends the LNS" stop lns 15
