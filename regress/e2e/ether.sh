# shellcheck shell=sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# What the tests of Ethernet pseudowires share, on top of lib.sh: behind lns
# and behind lac there is a station, lns-host (10.77.0.1) and lac-host
# (10.77.0.2), in a namespace of its own, whose port is moved from bridge to
# bridge; and tunnels as ip-l2tp(8) makes them.
. "${0%/*}/lib.sh"

# The stations are there until the end.
stations() {
	station lns 10.77.0.1
	station lac 10.77.0.2
}

station() {
	ip netns del "$1-host" 2>/dev/null
	ip netns add "$1-host"
	NAMESPACES="$NAMESPACES $1-host"
	ip -n "$1" link add port0 type veth peer name eth0 netns "$1-host"
	ip -n "$1" link set port0 up
	ip -n "$1-host" addr add "$2/24" dev eth0
	ip -n "$1-host" link set eth0 up
}

# bridges NS NAME ...
bridges() {
	bridges_ns=$1
	shift
	for name in "$@"; do
		echo "link add $name type bridge forward_delay 0"
		echo "link set $name up"
	done | ip -n "$bridges_ns" -batch -
}

# join NS INTERFACE BRIDGE: puts it there by hand.
join() {
	ip -n "$1" link set "$2" master "$3" up
}

# crosses LNS-BRIDGE LAC-BRIDGE: the stations reach each other through them,
# also with packets of 1,400 octets, frames of 1,414.
crosses() {
	join lns port0 "$1" && join lac port0 "$2" &&
	    within 10 pinged lac-host 10.77.0.1 -c 1 -W 1 &&
	    pinged lac-host 10.77.0.1 -s 1372 -M "do"
}

# endpoint NS 4|6: its address.
endpoint() {
	case $1$2 in
	lns4) echo 192.0.2.1;;
	lac4) echo 192.0.2.2;;
	lns6) echo 2001:db8::1;;
	lac6) echo 2001:db8::2;;
	esac
}

other() {
	case $1 in
	lns) echo lac;;
	lac) echo lns;;
	esac
}

# ip_l2tp NS ID udp|ip 4|6 [ARGUMENT ...]: a tunnel and a session with that
# id on both sides, and ID + 5000 as port; arguments are the session's.  Its
# interface is eID.
ip_l2tp() {
	l2tp_ns=$1 id=$2 encap=$3
	local=$(endpoint "$1" "$4")
	remote=$(endpoint "$(other "$1")" "$4")
	shift 4
	ports=
	[ "$encap" != udp ] ||
	    ports="udp_sport $((5000 + id)) udp_dport $((5000 + id))"
	# shellcheck disable=SC2086
	ip -n "$l2tp_ns" l2tp add tunnel tunnel_id "$id" peer_tunnel_id "$id" \
	    encap "$encap" local "$local" remote "$remote" $ports &&
	    ip -n "$l2tp_ns" l2tp add session name "e$id" tunnel_id "$id" \
		session_id "$id" peer_session_id "$id" "$@"
}
