#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# Two sites that call each other.  Each gets the session that it asks for;
# or, with a tie breaker, there is one tunnel, whoever has opened it.
. "${0%/*}/lib.sh"
begin tie

# site PEER NET: answers and calls the peer; callers get 10.NET.0.2.
site() {
	cat <<-END
	listen:
	  wan: {local: 0.0.0.0:1701, peers: [site]}
	peers:
	  site:
	    from: [$1]
	    session: {pseudowire: ppp, profile: lns, pool: site}
	pools:
	  site: {local: 10.$2.0.1, addresses: [10.$2.0.2-10.$2.0.9]}
	tunnels:
	  site:
	    peer: $1
	    ${KEYS-}
	    redial: {min: 1s, max: 2s}
	    sessions:
	      link: {pseudowire: ppp, profile: lac}
	END
}

# So many sessions, in as many tunnels, on both sides.
links() {
	ppp_up lns "$1" && ppp_up lac "$1" && tunnels lns "$1" &&
	    tunnels lac "$1"
}

both_start() {
	: > "$T/lns-septum.log"
	: > "$T/lac-septum.log"
	must "one site starts" septum lns <<-END
	$(site 192.0.2.2 64)
	END
	must "the other site starts" septum lac <<-END
	$(site 192.0.2.1 65)
	END
}

# either WHAT: in the log of one of the two.
either() {
	logged lns-septum "$1" || logged lac-septum "$1"
}

both_start
must "the sessions of both come up" within 60 links 2
check "the one's passes data" pinged lac 10.64.0.1
check "and the other's" pinged lns 10.65.0.1
check "there are no more" throughout 5 links 2
check "nobody has lost a tie" refuse either "called at the same time"
check "SIGTERM ends one" stop lns 15
check "SIGTERM ends the other" stop lac 15

# With one port for everything, as in a tunnel through IPsec.
KEYS="local: 0.0.0.0:1701
    tie_breaker: true"
both_start
must "one session comes up" within 60 links 1
check "one attempt has lost" either "called at the same time: lost the tie"
check "and is not made while the tunnel is up" throughout 10 links 1
check "because of that" either "the peer's own tunnel is up"
check "SIGTERM ends one then" stop lns 15
must "it starts again" septum_again lns
check "one session comes up again" within 60 links 1
check "SIGTERM ends one at last" stop lns 15
check "SIGTERM ends the other at last" stop lac 15
