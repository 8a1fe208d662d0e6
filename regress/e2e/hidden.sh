#!/bin/sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# Hidden AVPs between two septums: with hide_avps nothing of what a call says
# can be read on the wire, and the LNS shows it as the LAC has said it.
. "${0%/*}/lib.sh"
begin hidden

secret='secret: hush'
hidden='secret: hush
    hide_avps: true'
told='called_number: "5550001111", calling_number: "5557654321",
    sub_address: "sub-77", private_group: group-blue'

# start LAC LNS: with these keys; a recording begins with them.
start() {
	KEYS=$2
	lns_conf 10 | septum lns || return 1
	KEYS=$1
	lac_conf 192.0.2.1 | sed "s/profile: lac/&, $(echo "$told" |
	    tr -d '\n')/" | septum lac
}

# In clear text on the wire.
readable() {
	grep -q -F -e "$2" "$T/$1.pcap"
}

told() {
	shows lns sessions '.[0] | .called_number == "5550001111" and
	    .calling_number == "5557654321" and .sub_address == "sub-77" and
	    .private_group_id == "group-blue"'
}

end() {
	captured
	stop lac 15 && stop lns 15
}

must "a recording of clear text" capture lns clear
must "nobody hides" start "$secret" "$secret"
must "and the call comes up" call_up
check "the LNS has been told" told
must "the end of it" end
for word in 5550001111 5557654321 sub-77 group-blue; do
	check "$word can be read" readable clear $word
done

must "another recording" capture lns both
must "both hide" start "$hidden" "$hidden"
must "and this call comes up" call_up
check "the LNS has been told as well" told
must "the end of that" end
for word in 5550001111 5557654321 sub-77 group-blue; do
	check "$word cannot be read" refuse readable both $word
done

must "a third recording" capture lns lac
must "only the LAC hides" start "$hidden" "$secret"
must "and that call comes up" call_up
check "the LNS has been told again" told
must "the end of them all" end
# v2-4.3-02
check "the number is not there" refuse readable lac 5557654321
