#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# One packet in five is lost, both ways: the call comes up, stays up and
# goes down.
. "${0%/*}/lib.sh"
begin loss

# Of a message and its acknowledgement one is lost a third of the time.
RETRIES=12

lossy() {
	ip netns exec "$1" tc qdisc add dev veth0 root netem loss 20%
}

# Up on both sides, and IPCP has no more to repeat: a Configure-Request that
# crosses the last acknowledgement takes the link down once more.
settled() {
	throughout 8 both_up
}

same_session() {
	[ "$(session lns)" = "$before" ]
}

check "loss on the LNS's side" lossy lns
check "loss on the LAC's side" lossy lac
must "the LNS starts" septum lns <<END
$(lns_conf 10)
END
must "the LAC starts" septum lac <<END
$(lac_conf 192.0.2.1)
END
check "the call comes up" within 180 settled
before=$(session lns)
check "it stays up for 30 s" throughout 30 both_up
check "it is still the same" same_session
check "SIGTERM ends the LAC" stop lac 20
# If all StopCCNs of those two seconds were lost, the LNS has to find out.
check "and the call on the LNS" within 150 nothing_left lns
check "SIGTERM ends the LNS" stop lns 20
