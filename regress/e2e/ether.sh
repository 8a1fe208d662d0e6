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

# bridges NS FIRST LAST: b with a number each.
bridges() {
	for n in $(seq "$2" "$3"); do
		echo "link add b$n type bridge forward_delay 0"
		echo "link set b$n up"
	done | ip -n "$1" -batch -
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
	    pinged lac-host 10.77.0.1 -s 1372 -M "do" -c 2 -i 0.2
}

# all_cross FIRST LAST: through each of those bridges.
all_cross() {
	for n in $(seq "$1" "$2"); do
		crosses "b$n" "b$n" || return 1
	done
}

# pws_up NS N: so many pseudowires, says septumctl, and the kernel has them.
pws_up() {
	shows "$1" sessions "map(select(.state == \"up\")) | length == $2" &&
	    sessions "$1" "$2"
}

# ---- what is configured ----

other() {
	case $1 in
	lns) echo lac;;
	lac) echo lns;;
	esac
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

# id NS N: what it calls its end of tunnel and session N.
id() {
	case $1 in
	lns) echo "$2";;
	lac) echo $(($2 + 100));;
	esac
}

# cookie NS 4|8: what that side demands of the other.
cookie() {
	case $1$2 in
	lns4) echo 1badcafe;;
	lac4) echo 1cedbabe;;
	lns8) echo 1badcafe00000001;;
	lac8) echo 1cedbabe00000002;;
	esac
}

# ip_l2tp NS N udp|ip 4|6 [COOKIE [ARGUMENT ...]]: a tunnel and a session as
# fixed() has them, with cookies of so many octets if they are not 0.  The
# interface is eN.
ip_l2tp() {
	this=$1 that=$(other "$1") n=$2 encap=$3 family=$4 octets=${5-0}
	shift 4
	[ $# -eq 0 ] || shift
	[ "$encap" != udp ] ||
	    encap="udp udp_sport $((5000 + n)) udp_dport $((5000 + n))"
	[ "$octets" = 0 ] || set -- cookie "$(cookie "$that" "$octets")" \
	    peer_cookie "$(cookie "$this" "$octets")" "$@"
	# shellcheck disable=SC2086
	ip -n "$this" l2tp add tunnel encap $encap \
	    tunnel_id "$(id "$this" "$n")" \
	    peer_tunnel_id "$(id "$that" "$n")" \
	    local "$(endpoint "$this" "$family")" \
	    remote "$(endpoint "$that" "$family")" &&
	    ip -n "$this" l2tp add session name "e$n" \
		tunnel_id "$(id "$this" "$n")" \
		session_id "$(id "$this" "$n")" \
		peer_session_id "$(id "$that" "$n")" "$@"
}

# Behind an address, in YAML: its port, where there are ports.
at() {
	case $1 in
	udp4) echo "\"$2:$3\"";;
	udp6) echo "\"[$2]:$3\"";;
	*) echo "\"$2\"";;
	esac
}

# fixed NS MODE N ENCAP FAMILY COOKIE [KEYS]: what stands below tunnels: for
# a tunnel and a session without a handshake; KEYS are the session's.  The
# interface is eN and in the bridge bN.
fixed() {
	this=$1 that=$(other "$1")
	cat <<-END
	  t$3:
	    mode: $2
	    encap: $4
	    local: $(at "$4$5" "$(endpoint "$this" "$5")" $((5000 + $3)))
	    peer: $(at "$4$5" "$(endpoint "$that" "$5")" $((5000 + $3)))
	    tid: $(id "$this" "$3")
	    ptid: $(id "$that" "$3")
	    $([ "$2" = static ] || echo "${KEYS-}")
	    sessions:
	      b$3:
	        interface_name: e$3
	        bridge: b$3
	        sid: $(id "$this" "$3")
	        psid: $(id "$that" "$3")
	        $(cookies "$this" "$6")
	        ${7-}
	END
}

# cookies NS OCTETS
cookies() {
	[ "$2" = 0 ] || cat <<-END
	cookie: "$(cookie "$(other "$1")" "$2")"
	        peer_cookie: "$(cookie "$1" "$2")"
	END
}

# dialled N ENCAP FAMILY [KEYS]: the same for a control connection to the LNS
# with a session called bN there, too; KEYS are the session's.
dialled() {
	cat <<-END
	  t$1:
	    version: l2tpv3
	    encap: $2
	    peer: $(at "$2$3" "$(endpoint lns "$3")" 1701)
	    redial: {min: 1s, max: 2s}
	    ${KEYS-}
	    sessions:
	      $(pseudowire "$1" "${4-}")
	END
}

# answered N ... : the LNS's part of dialled() for each N.
answered() {
	cat <<-END
	listen:
	  udp4: {local: "0.0.0.0:1701", versions: [l2tpv3], peers: [site]}
	  udp6: {local: "[::]:1701", versions: [l2tpv3], peers: [site]}
	  ip4: {local: "0.0.0.0", encap: ip, peers: [site]}
	  ip6: {local: "::", encap: ip, peers: [site]}
	peers:
	  site:
	    from: [192.0.2.0/24, "2001:db8::/32"]
	    ${KEYS-}
	    sessions:
	END
	for n in "$@"; do
		echo "      $(pseudowire "$n" "")"
	done
}

# pseudowire N KEYS
pseudowire() {
	echo "b$1: {pseudowire: eth, interface_name: e$1, bridge: b$1${2:+, $2}}"
}
