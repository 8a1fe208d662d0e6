#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# One port for L2TPv2 and L2TPv3 (RFC 3931 section 4.7): who calls with both
# gets what the other side has, here septum and xl2tpd; but who demands the
# authentication of L2TPv3 cannot have that.
. "${0%/*}/lib.sh"
begin fallback

lac_both() {
	lac_conf 192.0.2.1 | sed "s/mode: dial/version: l2tpv3\\n    fallback: true/"
}

# version NS N: of its only tunnel.
version() {
	shows "$1" tunnels "length == 1 and .[0].version == $2"
}

one_of_each() {
	shows lns tunnels 'map(.version) | sort == [2, 3]' && ppp_up lns 2
}

must "an LNS of L2TPv2 starts" septum lns <<END
$(lns_conf 10)
END
must "a LAC of both starts" septum lac <<END
$(lac_both)
END
must "the call comes up" call_up
# v3-4.7.1-01, v3-4.7.3-02
check "as L2TPv2 on the LAC" version lac 2
check "as L2TPv2 on the LNS" version lns 2
check "SIGTERM ends the LNS" stop lns 15

must "an LNS of both starts" septum lns <<END
$(lns_conf 10 | sed 's/1701",/& versions: [l2tpv2, l2tpv3],/')
END
must "the call comes up again" call_up
check "as L2TPv3 on the LAC" version lac 3
check "as L2TPv3 on the LNS" version lns 3
check "SIGTERM ends the LAC" stop lac 15
must "a LAC with a tunnel of each starts" septum lac <<END
$(lac_both)
  old:
    peer: 192.0.2.1
    sessions:
      office: {pseudowire: ppp, profile: lac}
END
# v3-4.7.2-01
check "both are up at one port" within 60 one_of_each
check "one of them passes data" pinged lac 10.64.0.1
check "SIGTERM ends that LAC" stop lac 15
check "SIGTERM ends that LNS" stop lns 15

must "xl2tpd is an LNS" xl2tpd_lns
must "the LAC of both starts again" septum lac <<END
$(lac_both)
END
check "the call to xl2tpd comes up" within 60 both_up
check "and passes data" pinged lac 10.9.0.1
check "as L2TPv2 there" version lac 2
check "SIGTERM ends the LAC at last" stop lac 15

KEYS="secret: hush" lac_both > "$T/lac/septum/septum.yaml"
check "a fallback from authentication is no configuration" refuse \
    inside lac septum-dpd -n
