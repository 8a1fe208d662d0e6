#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# Pseudowires that must not carry frames, and why: a wrong cookie, a wrong
# secret, no secret, a Remote End ID that nobody knows, another pseudowire
# than that.  One secret may be replaced by another, though.
. "${0%/*}/ether.sh"
begin pwrefuse

RETRIES='retry_timeout: 1s
    max_retries: 2'

end() {
	stop lac 15 && stop lns 15
}

up() {
	pws_up lns 1 && pws_up lac 1
}

no_frames() {
	join lns port0 b1 && join lac port0 b1 &&
	    refuse pinged lac-host 10.77.0.1 -W 1
}

counts() {
	shows "$1" sessions ".[0] | .rx_packets == 0 and
	    .rx_cookie_discards > 0 and .rx_errors > 0"
}

# ended NAME: the LAC says why that session is not.
ended() {
	shows lac sessions "any(.name == \"$1\" and .state != \"up\" and
	    .reason != \"\") "
}

# The other side demands what nobody sends.
fixed_wrong() {
	echo tunnels:
	fixed "$1" static 1 udp 4 8 | sed "s/ peer_cookie: .*/${2-&}/"
}

must "stations behind both" stations
must "bridges on the LNS" bridges lns 1 3
must "bridges on the LAC" bridges lac 1 3

must "the LNS demands another cookie" septum lns <<END
$(fixed_wrong lns ' peer_cookie: "0123456789abcdef"')
END
must "the LAC has the right one" septum lac <<END
$(fixed_wrong lac)
END
check "both are up" within 10 up
# v3-4.5-01, v3-4.5-02
check "no frame passes" no_frames
check "the LNS counts why" counts lns
check "the LAC has nothing to complain of" refuse counts lac
must "the end of both" end

# Who cannot prove itself gets no answer.
must "the LNS has a secret" septum lns <<END
$(KEYS="secret: hush" answered 1 2)
END
must "the LAC has another, and none" septum lac <<END
tunnels:
$(KEYS="$RETRIES
    secret: shout" dialled 1 udp 4)
$(KEYS="$RETRIES
    digest: none" dialled 2 udp 6)
END
for n in 1 2; do
	check "number $n gets no tunnel" within 20 logged lac-septum \
	    "t$n: no tunnel, reason: "
done
# v3-4.3-05
check "the LNS says why" logged lns-septum "digest|authenticat"
check "there is no session" sessions lns 0
must "the end of them" end

# Number 4 asks for another pseudowire than the LNS has by that name.
must "the LNS has two secrets" septum lns <<END
$(KEYS="secret: [new, old]" answered 1 2 3 4)
END
must "the LAC has each of them, and both" septum lac <<END
tunnels:
$(KEYS="secret: old" dialled 1 udp 4)
      strange: {pseudowire: eth}
      ppp: {pseudowire: ppp, profile: lac, remote_end_id: b4}
$(KEYS="secret: new
    digest: md5" dialled 2 udp 4)
$(KEYS="secret: [old, new]" dialled 3 ip 4)
END
check "three are up on the LNS" within 20 pws_up lns 3
check "three are up on the LAC" within 20 pws_up lac 3
# v3-5.4.1-09
check "frames pass" all_cross 1 3
check "an unknown Remote End ID has a reason" within 10 ended strange
check "a wrong pseudowire has one" within 10 ended ppp
must "the end of it all" end
