#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# What each process holds while a call is up: user, capabilities, seccomp,
# no_new_privs and open descriptors, read from /proc.
. "${0%/*}/lib.sh"
begin holds

NET_ADMIN=0000000000001000
NOTHING=0000000000000000

# field PID NAME: of /proc/PID/status.
field() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

# holds PID FIELD VALUE
holds() {
	[ "$(field "$1" "$2")" = "$3" ] || {
		echo "$2 is $(field "$1" "$2"), not $3"
		return 1
	}
}

runs_as() {
	uid=$(id -u "$2")
	gid=$(id -g "$2")
	holds "$1" Uid "$uid	$uid	$uid	$uid" &&
	    holds "$1" Gid "$gid	$gid	$gid	$gid"
}

no_capability() {
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		holds "$1" $set $NOTHING || return 1
	done
}

net_admin_only() {
	for set in CapPrm CapEff; do
		holds "$1" $set $NET_ADMIN || return 1
	done
	for set in CapInh CapAmb; do
		holds "$1" $set $NOTHING || return 1
	done
	refuse test "$(field "$1" CapBnd)" = 000001ffffffffff
}

# holds_only PID PATTERN: every descriptor is one of these.
holds_only() {
	for fd in /proc/"$1"/fd/*; do
		readlink "$fd"
	done | grep -vxE -e "$2" && return 1
	return 0
}

# sockets NS PID FAMILY ...: all of them are listed in /proc/net/FAMILY.
sockets() {
	ns=$1
	pid=$2
	shift 2
	for family in "$@"; do
		ip netns exec "$ns" cat "/proc/net/$family"
	done > "$T/sockets"
	for fd in /proc/"$pid"/fd/*; do
		inode=$(readlink "$fd" | sed -n 's/^socket:\[\(.*\)\]$/\1/p')
		[ -z "$inode" ] || grep -qw "$inode" "$T/sockets" || {
			echo "socket $inode is of another kind"
			return 1
		}
	done
}

confined() {
	check "$1: seccomp filters" holds "$2" Seccomp 2
	check "$1: no_new_privs" holds "$2" NoNewPrivs 1
}

# Descriptors that a process may have which only talks.
talks='socket:\[[0-9]+\]|anon_inode:.*|/dev/null|pipe:\[[0-9]+\]|/memfd:.*'
talks="$talks|$T/.*\\.log"

echo "192.0.2.1 lns.example.net" > "$T/lac/hosts"
must "the LNS starts" septum lns <<END
$(lns_conf 10)
END
must "the LAC starts, with a peer's name" septum lac <<END
$(lac_conf lns.example.net)
END
must "the call comes up" call_up

for ns in lns lac; do
	pid=$(dpd $ns)
	check "$ns: septum-dpd: user" runs_as "$pid" _septum-dpd
	check "$ns: septum-dpd: CAP_NET_ADMIN only" net_admin_only "$pid"
	confined "$ns: septum-dpd" "$pid"
	check "$ns: septum-dpd: descriptors" holds_only "$pid" \
	    "$talks|/run/septum"
	check "$ns: septum-dpd: sockets" \
	    sockets $ns "$pid" unix udp udp6 netlink

	starter=$(children "$(dpd $ns)")
	check "$ns: starter: the only child" \
	    test "$(echo "$starter" | wc -l)" -eq 1
	check "$ns: starter: root" holds "$starter" Uid "0	0	0	0"
	check "$ns: starter: descriptors" holds_only "$starter" \
	    "$talks|/run/septum"
	check "$ns: starter: sockets" sockets $ns "$starter" unix

	pid=$(processes $ns septum-ctld | head -n 1)
	check "$ns: septum-ctld: from the starter" holds "$pid" PPid "$starter"
	check "$ns: septum-ctld: user" runs_as "$pid" _septum
	check "$ns: septum-ctld: no capability" no_capability "$pid"
	confined "$ns: septum-ctld" "$pid"
	check "$ns: septum-ctld: descriptors" holds_only "$pid" "$talks"
	check "$ns: septum-ctld: sockets" sockets $ns "$pid" unix udp udp6

	pid=$(processes $ns pppd)
	check "$ns: pppd: from the starter" holds "$pid" PPid "$starter"
	check "$ns: pppd: root" holds "$pid" Uid "0	0	0	0"
	check "$ns: pppd: fewer capabilities than root" \
	    refuse holds "$pid" CapBnd "$(field $$ CapBnd)"
	confined "$ns: pppd" "$pid"
	check "$ns: pppd: descriptors" holds_only "$pid" \
	    "$talks|/dev/ppp|/run/pppd2.tdb"
done

resolver=$(children "$(processes lac septum-ctld | head -n 1)")
check "resolver: there is one" test -n "$resolver"
check "resolver: user" runs_as "$resolver" _septum
check "resolver: no capability" no_capability "$resolver"
confined resolver "$resolver"
check "resolver: descriptors" holds_only "$resolver" "$talks"
check "resolver: sockets" sockets lac "$resolver" unix
check "no resolver without names" \
    test -z "$(children "$(processes lns septum-ctld | head -n 1)")"

check "SIGTERM ends the LAC" stop lac 15
check "SIGTERM ends the LNS" stop lns 15
