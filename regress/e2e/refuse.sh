#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# What is refused: a wrong configuration, a stranger's control connection, a
# caller that nobody knows, and a call when the pool is empty.
. "${0%/*}/lib.sh"
begin refuse

# The checker's verdict on the LNS's file; what it says is kept.
accepted() {
	inside lns septum-dpd -n > "$T/checker.log" 2>&1
}

# ctl_as USER GROUP: septumctl as that user, in that group alone.
ctl_as() {
	nsenter -m -n -t "$(dpd lns)" setpriv --reuid "$1" --regid "$2" \
	    --clear-groups septumctl show status
}

config=$T/lns/septum/septum.yaml
lns_conf 10 > "$config"
check "a right file is accepted" accepted
sed 's/local:/locl:/' "$config" > "$config.new"
cp "$config.new" "$config"
check "a wrong key is refused" refuse accepted
check "by line and column" logged checker 'septum\.yaml:2:[0-9]+: .*"locl"'
check "and the right one is offered" logged checker '"local"'
lns_conf 10 > "$config"
check "it is accepted again" accepted
chown nobody "$config"
spawn lns septum septum-dpd -d
check "somebody else's file is refused" within 10 gone "$LAST"
check "and why" logged lns-septum "must be root's"

# A caller from elsewhere, then one whose host name does not match.
must "the LNS starts" septum lns <<END
$(lns_conf 1 | sed 's|192.0.2.0/24|203.0.113.0/24|')
END
must "the LAC starts" septum lac <<END
$(lac_conf 192.0.2.1)
END
check "an address that is not listed is refused" \
    within 30 logged lac-septum "isp: no tunnel, reason: .*not authorized"
check "the kernel has no tunnel" tunnels lns 0
check "nor septum-ctld a socket for it" \
    test "$(ip netns exec lns ss -Hnu | wc -l)" -eq 0
check "SIGTERM ends the LNS" stop lns 15

must "the LNS starts with another host name" septum lns <<END
$(lns_conf 1 | sed 's|^    hello|    host_name: "office-*"\n&|')
END
: > "$T/lac-septum.log"
check "a host name that does not match is refused" \
    within 30 logged lac-septum "isp: no tunnel, reason: .*not authorized"
check "root may ask" ctl_as root root
check "the control group may ask" ctl_as nobody septum
check "others may not" refuse ctl_as nobody nogroup
check "SIGTERM ends the LNS" stop lns 15
check "SIGTERM ends the LAC" stop lac 15

must "the LNS starts with one address" septum lns <<END
$(lns_conf 1)
END
must "the LAC starts with two calls" septum lac <<END
$(lac_conf 192.0.2.1)
      second: {pseudowire: ppp, profile: lac}
END
must "one comes up" call_up
check "the other is told that there is no address" \
    within 30 logged lac-septum "no facilities available"
check "the LNS has no second one" ppp_up lns 1
check "SIGTERM ends the LAC" stop lac 15
check "SIGTERM ends the LNS" stop lns 15
