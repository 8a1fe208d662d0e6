#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# The scenario of make demo, step by step, for people to read.
. "${0%/*}/lib.sh"

ok() {
	TESTS=$((TESTS + 1))
	echo "* $1"
}

not_ok() {
	FAILED=$((FAILED + 1))
	echo "* FAILED: $1"
	show_logs
	exit 1
}

plan() {
	[ "$TESTS" -gt 0 ]
}

# show TEXT COMMAND ...: what a user would type, and what it prints.
show() {
	echo "    \$ $1"
	shift
	"$@" > "$T/shown" 2>&1 || not_ok "$*"
	sed 's/^/      /' "$T/shown"
}

# tree PID INDENT: a process and its children, with what they may do.
tree() {
	uid=$(sed -n 's/^Uid:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$1/status")
	caps=$(sed -n 's/^CapEff:[[:space:]]*0*//p' "/proc/$1/status")
	case $caps in
	"") caps=none;;
	*) caps=$(capsh --decode="$caps" | sed 's/.*=//; s/cap_//g; s/,/ /g');;
	esac
	printf '      %-17s %-12s %s\n' "$2$(cat "/proc/$1/comm")" \
	    "$(id -nu "$uid")" "$caps"
	for child in $(children "$1"); do
		tree "$child" "$2  "
	done
}

begin demo
echo "* kernel $(uname -r): namespaces lns (192.0.2.1) and lac (192.0.2.2)"
check "an LNS: septum answers calls on 192.0.2.1, UDP port 1701" \
    septum lns <<END
$(lns_conf 10)
END
check "a LAC: another septum places a call from 192.0.2.2" \
    septum lac <<END
$(lac_conf 192.0.2.1)
END
must "tunnel, session and PPP are up, CHAP has authenticated alice" call_up
show "septumctl show tunnels" ctl lns show tunnels
show "septumctl show sessions" ctl lns show sessions
echo "* the LNS's processes: name, user, capabilities"
tree "$(dpd lns)" ""
echo "* IP from the LAC to the LNS, through PPP"
show "ping 10.64.0.1" pinged lac 10.64.0.1 -s 1400
check "SIGTERM: the LAC says goodbye and ends" stop lac 15
check "the LNS has nothing left of the call" within 15 nothing_left lns
check "SIGTERM: the LNS ends" stop lns 15
