# shellcheck shell=sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# What the end-to-end tests share: two network namespaces, lns (192.0.2.1,
# 2001:db8::1) and lac (192.0.2.2, 2001:db8::2), joined by a veth pair; the
# daemons in them, each in a mount namespace with a /run, /etc/ppp and
# /etc/septum of its own; and time.  Everything that runs in a namespace was
# started here, so everything that is left in it may be ended at the end.
. "${0%/*}/../tap.sh"

T=$(mktemp -d /tmp/septum-e2e.XXXXXX)
NAMESPACES="lns lac"
LAST=

plan() {
	note "took $((($(now) - BEGUN) / 100)) s"
	echo "1..$TESTS"
}

# ---- time ----

# within SECONDS COMMAND ...: true as soon as the command is.
within() {
	within_end=$(($(now) + $1 * 100))
	shift
	until "$@"; do
		[ "$(now)" -lt "$within_end" ] || return 1
		sleep 0.1
	done
}

# Stays true for so many seconds.
throughout() {
	throughout_end=$(($(now) + $1 * 100))
	shift
	while "$@"; do
		[ "$(now)" -lt "$throughout_end" ] || return 0
		sleep 0.5
	done
	return 1
}

# Hundredths of a second.
now() {
	read -r uptime _ < /proc/uptime
	echo "${uptime%.*}${uptime#*.}"
}

# ---- set-up and tear-down ----

# begin NAME: the first line of a test.
begin() {
	NAME=$1
	BEGUN=$(now)
	trap finish EXIT
	trap 'exit 1' HUP INT TERM
	for ns in $NAMESPACES; do
		ip netns del "$ns" 2>/dev/null
		ip netns add "$ns"
		ip -n "$ns" link set lo up
		mkdir -p "$T/$ns/run/lock" "$T/$ns/ppp" "$T/$ns/septum/ppp"
		ppp_files "$T/$ns"
	done
	ip -n lns link add veth0 type veth peer name veth0 netns lac
	address lns 192.0.2.1/24 2001:db8::1/64
	address lac 192.0.2.2/24 2001:db8::2/64
}

address() {
	ip -n "$1" addr add "$2" dev veth0
	ip -n "$1" addr add "$3" dev veth0 nodad
	ip -n "$1" link set veth0 up
}

# pppd's own files: the same user and secret on both sides.
ppp_files() {
	printf '"alice" * "wonderland" *\n' > "$1/ppp/chap-secrets"
	: > "$1/ppp/options"
	chmod 600 "$1/ppp/chap-secrets"
	cat > "$1/septum/ppp/lns" <<-'END'
	auth
	require-chap
	name lns
	noccp
	lcp-echo-interval 10
	lcp-echo-failure 6
	END
	cat > "$1/septum/ppp/lac" <<-'END'
	noauth
	user alice
	noccp
	noipdefault
	ipcp-accept-local
	ipcp-accept-remote
	lcp-echo-interval 10
	lcp-echo-failure 6
	END
	cp "$1/septum/ppp/lns" "$1/septum/ppp/lac" "$1/ppp"
}

finish() {
	for ns in $NAMESPACES; do
		kill_ns "$ns"
		ip netns del "$ns"
	done
	keep_logs
	rm -rf "$T"
	plan
	[ "$FAILED" -eq 0 ] || exit 1
}

# Only what was started in our own namespace.
kill_ns() {
	for pid in $(ip netns pids "$1"); do
		kill -9 "$pid"
	done
	within 10 no_pids "$1"
}

no_pids() {
	[ -z "$(ip netns pids "$1")" ]
}

keep_logs() {
	[ -n "${LOGS-}" ] || return 0
	mkdir -p "$LOGS/$NAME"
	cp "$T"/*.log "$LOGS/$NAME" 2>/dev/null
}

# ---- running things in a namespace ----

# enter NS COMMAND ...: becomes it, with the files of that side.
# shellcheck disable=SC2016
enter() {
	side=$T/$1
	shift
	exec ip netns exec "${side##*/}" unshare -m sh -c '
		mount --make-rprivate / &&
		mount --bind "$0/run" /run &&
		mount --bind "$0/ppp" /etc/ppp &&
		mount --bind "$0/septum" /etc/septum || exit 126
		for file in resolv.conf hosts; do
			[ ! -e "$0/$file" ] ||
			    mount --bind "$0/$file" "/etc/$file" || exit 126
		done
		exec "$@"' "$side" "$@"
}

inside() {
	(enter "$@")
}

# spawn NS NAME COMMAND ...: in the background; LAST is its process id.
# shellcheck disable=SC2034
spawn() {
	spawn_ns=$1
	spawn_log=$T/$1-$2.log
	shift 2
	enter "$spawn_ns" "$@" >> "$spawn_log" 2>&1 < /dev/null &
	LAST=$!
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

# ---- what is there ----

# PPP interfaces with addresses.
ppp_up() {
	[ "$(ip -n "$1" -o -4 addr show up | grep -c ' ppp.* peer ')" -eq "$2" ]
}

ppp_address() {
	ip -n "$1" -o -4 addr show up | sed -n 's/.* ppp.* inet \([0-9.]*\) peer.*/\1/p'
}

tunnels() {
	[ "$(ip -n "$1" l2tp show tunnel | grep -c '^Tunnel')" -eq "$2" ]
}

sessions() {
	[ "$(ip -n "$1" l2tp show session | grep -c '^Session [1-9]')" -eq "$2" ]
}

# No tunnel, session or interface, and no pppd.
nothing_left() {
	tunnels "$1" 0 && sessions "$1" 0 && no_ppp "$1" && no_ether "$1" &&
	    [ -z "$(processes "$1" pppd)" ]
}

no_ppp() {
	! ip -n "$1" -o link show | grep -q ': ppp'
}

# Ethernet pseudowires, by the names that they have in tests.
no_ether() {
	! ip -n "$1" -o link show | grep -qE ': (e[0-9]+|l2tp[^:]*): '
}

# processes NS NAME: ids of those with that name, zombies included.
processes() {
	for pid in $(ip netns pids "$1"); do
		read -r comm 2>/dev/null < "/proc/$pid/comm" || continue
		[ "$comm" != "$2" ] || echo "$pid"
	done
}

# children PID: ids of those in our namespaces.
children() {
	for pid in $(ip netns pids lns; ip netns pids lac); do
		! grep -q "^PPid:[[:space:]]$1\$" "/proc/$pid/status" \
		    2>/dev/null || echo "$pid"
	done
}

# pinged NS ADDRESS [OPTION ...]
pinged() {
	ns=$1
	to=$2
	shift 2
	ip netns exec "$ns" ping -n -q -c 3 -i 0.3 -W 5 "$@" "$to"
}

logged() {
	grep -qE -e "$2" "$T/$1.log"
}

# capture NS NAME: begins to record what passes there, in $T/NAME.pcap.
capture() {
	spawn "$1" "$2" tcpdump -i veth0 -U -Z root -w "$T/$2.pcap" \
	    udp or ip proto 115 or ip6 proto 115
	CAPTURE=$LAST
	within 20 logged "$1-$2" "listening on"
}

# No more; the last packets are written down first.
captured() {
	sleep 0.5
	kill -INT "$CAPTURE" && wait "$CAPTURE"
	true
}

# packets NAME FILTER: how many of those recorded the filter selects.
packets() {
	tcpdump -n -r "$T/$1.pcap" "$2" 2>/dev/null | wc -l
}

# ---- xl2tpd ----

xl2tpd_lns() {
	cat > "$T/lns/xl2tpd.conf" <<-END
	[global]
	port = 1701
	access control = no
	[lns default]
	ip range = 10.9.0.2-10.9.0.250
	local ip = 10.9.0.1
	length bit = yes
	pppoptfile = /etc/ppp/lns
	${1-}
	END
	xl2tpd_start lns
}

# xl2tpd_lac ADDRESS [LINE]
xl2tpd_lac() {
	cat > "$T/lac/xl2tpd.conf" <<-END
	[global]
	port = 1701
	access control = no
	[lac home]
	lns = $1
	length bit = yes
	pppoptfile = /etc/ppp/lac
	${2-}
	END
	xl2tpd_start lac
}

# With SECRET, that is the secret for everybody.
xl2tpd_start() {
	: > "$T/$1/secrets"
	[ -z "${SECRET-}" ] || echo "* * $SECRET" > "$T/$1/secrets"
	rm -f "$T/$1/run/xl2tpd.control" "$T/$1/run/xl2tpd.pid"
	spawn "$1" xl2tpd /usr/sbin/xl2tpd -D -c "$T/$1/xl2tpd.conf" \
	    -s "$T/$1/secrets" -p "$T/$1/run/xl2tpd.pid" \
	    -C "$T/$1/run/xl2tpd.control"
	within 20 test -p "$T/$1/run/xl2tpd.control"
}

# xl2tpd_tell NS "c home": connect; "d home": disconnect.
xl2tpd_tell() {
	echo "$2" > "$T/$1/run/xl2tpd.control"
}

# ---- septum ----

# Both configurations take more keys of the control connection from KEYS, each
# further one on a line of its own and indented by four.

# The configuration of an answering side, with a pool of $1 addresses.
lns_conf() {
	cat <<-END
	listen:
	  wan: {local: "${2-0.0.0.0:1701}", peers: [branches]}
	peers:
	  branches:
	    from: [192.0.2.0/24, "2001:db8::/32"]
	    hello_timeout: 5s
	    max_retries: ${RETRIES-3}
	    ${KEYS-}
	    session: {pseudowire: ppp, profile: lns, pool: customers}
	pools:
	  customers: {local: 10.64.0.1, addresses: [10.64.0.2-10.64.0.$(($1 + 1))]}
	END
}

# lac_conf PEER: of a calling side with one tunnel and one session.
lac_conf() {
	cat <<-END
	tunnels:
	  isp:
	    mode: dial
	    peer: $1
	    host_name: branch-1
	    hello_timeout: 5s
	    max_retries: ${RETRIES-3}
	    ${KEYS-}
	    redial: {min: 1s, max: 4s}
	    sessions:
	      home: {pseudowire: ppp, profile: lac}
	END
}

# septum NS: starts it with the configuration on standard input, and waits
# until it answers.  Its process id is in $T/NS/septum.pid.
septum() {
	rm -f "$T/$1/septum/septum.yaml"
	cat > "$T/$1/septum/septum.yaml"
	chmod 600 "$T/$1/septum/septum.yaml"
	septum_again "$1"
}

septum_again() {
	spawn "$1" septum septum-dpd "${FLAGS--dv}"
	echo "$LAST" > "$T/$1/septum.pid"
	within 30 started "$1" && shows "$1" status .version
}

# It answers, or has ended.
started() {
	ctl "$1" show status > /dev/null 2>&1 || gone "$(dpd "$1")"
}

dpd() {
	cat "$T/$1/septum.pid"
}

# ctl NS ARGUMENT ...: septumctl, where the daemon is.
ctl() {
	ctl_ns=$1
	shift
	nsenter -m -n -t "$(dpd "$ctl_ns")" septumctl "$@"
}

# stop NS SECONDS: SIGTERM, and everything is gone within so many seconds.
stop() {
	kill "$(dpd "$1")" && within "$2" stopped "$1"
}

stopped() {
	gone "$(dpd "$1")" && no_pids "$1" && nothing_left "$1"
}

# Exit status of what spawn() started, once it has ended.
ended_well() {
	wait "$(dpd "$1")"
}

# shows NS WHAT FILTER: whether jq's FILTER is true of what is shown.
shows() {
	ctl "$1" -j show "$2" | jq -e -s ".[0] | $3"
}

# session NS: "TID/SID" of the only session, as septumctl close wants it.
session() {
	shows "$1" sessions '.[] | select(.interface != "") |
	    "\(.local_tid)/\(.local_sid)"' | tr -d '"' | grep .
}

# No process of that side is a zombie.
no_zombie() {
	for pid in $(ip netns pids "$1"); do
		! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null ||
		    return 1
	done
}

both_up() {
	ppp_up lac 1 && ppp_up lns 1
}

# call_up [SECONDS]: one call, and IP goes through it.
call_up() {
	within "${1-60}" both_up && pinged lac 10.64.0.1
}
