#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# A LAC whose LNS cannot be reached, or whose name does not resolve, goes on
# trying and gets there; each failure has a reason of its own.
. "${0%/*}/lib.sh"
begin redial

# dns [ADDRESS]: answers for lns.example.net, or says there is none.
dns() {
	cat > "$T/lac/dnsmasq.conf" <<-END
	no-hosts
	no-resolv
	local=/example.net/
	user=root
	listen-address=127.0.0.1
	bind-interfaces
	${1:+host-record=lns.example.net,$1}
	END
	spawn lac dnsmasq dnsmasq -k -C "$T/lac/dnsmasq.conf" --pid-file
	DNS=$LAST
	within 10 answers
}

answers() {
	ip netns exec lac ss -Hlnu | grep -q 127.0.0.1:53
}

dns_stop() {
	kill "$DNS" && wait "$DNS"
	true
}

reason() {
	logged lac-septum "isp.*$1"
}

echo "nameserver 127.0.0.1" > "$T/lac/resolv.conf"
echo "options timeout:1 attempts:1" >> "$T/lac/resolv.conf"

must "the name server starts" dns
must "the LAC starts" septum lac <<END
$(lac_conf lns.example.net)
END
check "the name does not resolve" within 30 reason "name does not resolve"
dns_stop
sleep 3
must "the name server has the name now" dns 192.0.2.1
check "nobody listens there" within 60 reason "port unreachable"
must "the LNS starts" septum lns <<END
$(lns_conf 10)
END
must "the call comes up" call_up
check "SIGTERM ends the LNS" stop lns 15
check "the call ends on the LAC" within 30 no_ppp lac
must "the LNS starts again" septum_again lns
must "the call comes up again" call_up
dns_stop
check "SIGTERM ends the LAC" stop lac 15

# The first one's packets are forwarded by nobody.
ip -n lac route add 198.51.100.1 via 192.0.2.1
ip -n lac route add unreachable 192.0.2.99
must "the LAC starts, with three wrong peers first" septum lac <<END
$(lac_conf "[198.51.100.1, 192.0.2.99, 203.0.113.1, 192.0.2.1]")
END
must "the call comes up with the fourth" call_up 120
check "the first does not reply" reason "no reply"
check "the second cannot be reached" reason "host unreachable"
check "the third has no route" reason "network unreachable"
check "SIGTERM ends the LAC then" stop lac 15
