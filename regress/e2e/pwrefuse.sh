#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# Pseudowires that must not carry frames, and why: a wrong cookie, a wrong
# secret, no secret, a Remote End ID that nobody knows.  One secret may be
# replaced by another, though.
. "${0%/*}/ether.sh"
begin pwrefuse

RETRIES='retry_timeout: 1s
    max_retries: 2'

# start KEYS-OF-LNS KEYS-OF-LAC: with the dynamic pseudowire 1 over UDP.
start() {
	: > "$T/lns-septum.log"
	: > "$T/lac-septum.log"
	KEYS="$RETRIES
    $1"
	answered 1 | septum lns || return 1
	KEYS="$RETRIES
    $2"
	{ echo tunnels:; dialled 1 udp 4; } | septum lac
}

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
must "bridges on the LNS" bridges lns 1 1
must "bridges on the LAC" bridges lac 1 1

must "the LNS demands another cookie" septum lns <<END
$(fixed_wrong lns ' peer_cookie: "0123456789abcdef"')
END
must "the LAC has the right one" septum lac <<END
$(fixed_wrong lac)
END
check "both are up" within 10 up
check "no frame passes" no_frames
check "the LNS counts why" counts lns
check "the LAC has nothing to complain of" refuse counts lac
must "the end of both" end

must "the secrets differ" start "secret: hush" "secret: shout"
check "the LAC gets no tunnel" within 20 logged lac-septum \
    "t1: no tunnel, reason: "
check "the LNS says why" logged lns-septum "digest|authenticat"
check "there is no session" sessions lns 0
must "the end of them" end

must "only the LNS has a secret" start "secret: hush" "digest: none"
check "the LAC gets no tunnel then" within 20 logged lac-septum \
    "t1: no tunnel, reason: "
check "the LNS says why then" logged lns-septum "digest|authenticat"
must "the end of those" end

must "the LNS has the next secret, too" start "secret: [new, old]" \
    "secret: old"
check "which is up" within 20 up
check "frames pass" crosses b1 b1
must "the end of that" end
must "the LAC has the next one, too" start "secret: old" "secret: [old, new]"
check "which is up as well" within 20 up
check "frames pass as well" crosses b1 b1
must "the end of that as well" end


# Two of its sessions are not for this LNS.
must "the LNS takes MD5 only" septum lns <<END
$(KEYS="secret: hush
    digest: md5" answered 1)
END
must "the LAC wants more than there is" septum lac <<END
tunnels:
$(KEYS="secret: hush" dialled 1 udp 4)
      strange: {pseudowire: eth}
      ppp: {pseudowire: ppp, profile: lac, remote_end_id: b1}
END
check "what there is comes up" within 20 up
check "what is unknown has a reason" within 10 ended strange
check "and the wrong pseudowire another" within 10 ended ppp
check "frames pass at last" crosses b1 b1
must "the end of it all" end
