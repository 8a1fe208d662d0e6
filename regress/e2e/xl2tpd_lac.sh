#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# septum as LNS, called by xl2tpd.
. "${0%/*}/lib.sh"
begin xl2tpd_lac

must "the LNS starts" septum lns <<END
$(lns_conf 10)
END
must "xl2tpd starts" xl2tpd_lac 192.0.2.1
xl2tpd_tell lac "c home"
must "the call comes up" call_up
check "ping from the LNS" pinged lns 10.64.0.2
check "ping with 1,400 octets" pinged lac 10.64.0.1 -s 1400

xl2tpd_tell lac "d home"
check "hanging up leaves nothing on the LNS" within 30 nothing_left lns
check "nor on the LAC" within 30 nothing_left lac
xl2tpd_tell lac "c home"
must "a second call comes up" call_up

check "CDN from the LNS" ctl lns close session "$(session lns)"
check "ends xl2tpd's call" within 30 no_ppp lac
check "and the LNS's" within 30 sessions lns 0
xl2tpd_tell lac "c home"
must "a third call comes up" call_up
check "SIGTERM ends the LNS" stop lns 15
check "StopCCN ends xl2tpd's call" within 30 nothing_left lac
