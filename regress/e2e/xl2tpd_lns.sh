#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# septum as LAC, calling xl2tpd.
. "${0%/*}/lib.sh"
begin xl2tpd_lns

up() {
	within 60 both_up && pinged lac 10.9.0.1
}

must "xl2tpd starts" xl2tpd_lns
must "the LAC starts" septum lac <<END
$(lac_conf 192.0.2.1)
END
check "the call comes up" up
check "ping from the LNS" pinged lns "$(ppp_address lac)"
check "ping with 1,400 octets" pinged lac 10.9.0.1 -s 1400

check "CDN from the LAC" ctl lac close session "$(session lac)"
check "ends xl2tpd's call" within 30 \
    grep -q "control_finish: Connection closed" "$T/lns-xl2tpd.log"
check "the call is placed anew" up
check "SIGTERM ends the LAC" stop lac 15
check "StopCCN ends xl2tpd's call" within 30 nothing_left lns
