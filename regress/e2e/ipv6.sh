#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# The same between IPv6 addresses.
. "${0%/*}/lib.sh"
begin ipv6

over_ipv6() {
	ip -n "$1" l2tp show tunnel | tee /dev/stderr |
	    grep -q 'From 2001:db8::[12] to 2001:db8::[12]'
}

must "the LNS starts" septum lns <<END
$(lns_conf 10 "[::]:1701")
END
must "the LAC starts" septum lac <<END
$(lac_conf '"[2001:db8::1]:1701"')
END
must "the call comes up" call_up
check "ping with 1,400 octets" pinged lac 10.64.0.1 -s 1400
check "the LNS's tunnel" over_ipv6 lns
check "the LAC's tunnel" over_ipv6 lac
check "SIGTERM ends the LNS" stop lns 15
check "the call leaves nothing on the LAC" within 15 nothing_left lac
check "SIGTERM ends the LAC" stop lac 15
