# shellcheck shell=sh
# SPDX-License-Identifier: ISC
# Copyright (c) 2026 The septum authors
#
# For tests that are shell scripts: checks that write TAP.  Such a script
# sets NAME, what every line begins with, and T, its directory, of whose logs
# a failure shows the end; and it writes the plan, when it knows TESTS.
set -u

TESTS=0
FAILED=0

ok() {
	TESTS=$((TESTS + 1))
	echo "ok $TESTS - $NAME: $1"
}

not_ok() {
	TESTS=$((TESTS + 1))
	FAILED=$((FAILED + 1))
	echo "not ok $TESTS - $NAME: $1"
	show_logs
}

note() {
	echo "# $*"
}

show_logs() {
	for log in "$T"/check.out "$T"/*.log; do
		[ -s "$log" ] || continue
		note "--- ${log##*/}"
		tail -n "${LOG_LINES-25}" "$log" | sed 's/^/# /'
	done
}

# check WHAT COMMAND ...: one test, that the command succeeds.
check() {
	check_what=$1
	shift
	if "$@" > "$T/check.out" 2>&1; then
		ok "$check_what"
	else
		not_ok "$check_what"
		return 1
	fi
}

# must WHAT COMMAND ...: without this nothing that follows makes sense.
must() {
	check "$@" || exit 1
}

# The command must fail, by its own doing.
refuse() {
	! "$@"
}
