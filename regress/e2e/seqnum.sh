#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# Numbers in data messages (RFC 2661 section 5.4): if the LAC asks for them
# all have one, and if the LNS wants them it starts and the LAC follows.
. "${0%/*}/lib.sh"
begin seqnum

# Data messages by the S bit; $1 is the recording, $2 whose they are.
numbered() {
	packets "$1" "src host $2 and udp[8] & 0x88 = 0x08"
}

bare() {
	packets "$1" "src host $2 and udp[8] & 0x88 = 0"
}

in_kernel() {
	ip -n "$1" l2tp show session | grep -q "sequence numbering:.*send"
}

shown() {
	shows "$1" sessions ".[0].sequencing == $2"
}

# start LAC LNS: whether each wants them.
start() {
	lns_conf 10 | sed "s/pool:/seqnum: $2, pool:/" | septum lns &&
	    lac_conf 192.0.2.1 | sed "s/profile:/seqnum: $1, profile:/" |
	    septum lac
}

end() {
	captured
	stop lac 15 && stop lns 15
}

must "a recording of it" capture lns lac_asks
must "the LAC asks" start true false
must "and the call comes up" call_up
for ns in lac lns; do
	check "the $ns's kernel sends numbers" in_kernel $ns
	check "septumctl on the $ns says so" shown $ns true
done
must "the end of it" end
# v2-5.4-02
check "every data message is numbered" \
    test "$(bare lac_asks 192.0.2.1)$(bare lac_asks 192.0.2.2)" = 00
check "there were some from the LNS" \
    test "$(numbered lac_asks 192.0.2.1)" -gt 5
check "there were some from the LAC" \
    test "$(numbered lac_asks 192.0.2.2)" -gt 5

must "another recording" capture lns lns_starts
must "the LNS wants it" start false true
must "and this call comes up" call_up
for ns in lac lns; do
	check "then the $ns's kernel sends numbers" in_kernel $ns
done
must "the end of that" end
check "every one of the LNS is numbered" \
    test "$(bare lns_starts 192.0.2.1)" = 0
# v2-5.4-04
check "the LAC follows" \
    test "$(numbered lns_starts 192.0.2.2)" -gt 5

must "a third recording" capture lns nobody
must "nobody wants it" start false false
must "and that call comes up" call_up
must "the end of them all" end
check "none is numbered" test "$(numbered nobody 192.0.2.1)" = 0
check "but there were some" test "$(bare nobody 192.0.2.1)" -gt 5
