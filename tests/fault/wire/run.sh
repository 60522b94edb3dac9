#!/bin/bash
# Faults between the programs of a branch and its peers: whole cases with one
# fault each, the checker after every one, bugs planted so that it can fail.
#
#   tests/fault/wire/run.sh [FAMILY...]     kill again proxy
#
# FULL=1 meets every point instead of a sample; SEED chooses the sample;
# POINT="agent:57" runs that one of the family named.  PROFILE chooses the
# build.  Prints TAP and "FAMILY: runs N, violations V".
set -u
cd "$(dirname "$0")/../../.." || exit 3
build=build/${PROFILE:-debug}
dir=$(mktemp -d "${TMPDIR:-/tmp}/dasi-wire.XXXXXX")
families=${*:-kill again proxy}
status=0

gcc -std=c17 -O1 -fPIC -shared -Wall -Wextra -o "$build/wire-point.so" \
	tests/fault/wire/point.c -ldl || exit 3
gcc -std=c17 -D_POSIX_C_SOURCE=200809L -Isrc -I. -O1 -g -Wall -Wextra \
	-o "$build/wire-customer" tests/fault/wire/customer.c \
	"$build/librpc.a" "$build/libbase.a" \
	$(pkg-config --libs jansson libutf8proc) || exit 3

sweep() { # FAMILY
	# shellcheck disable=SC2086
	python3 -B tests/fault/wire/sweep.py "$1" "$dir/$1" "$build" \
		--seed "${SEED:-1}" ${FULL:+--full} ${POINT:+--point $POINT} \
		>"$dir/$1.tap" 2>&1
}

# Two cores, and a case waits more than it computes: all at once.
pids=
for family in $families; do
	sweep "$family" &
	pids="$pids $!"
done
for pid in $pids; do wait "$pid" || status=1; done
for family in $families; do
	cat "$dir/$family.tap"
	grep -q '^[a-z]*: runs ' "$dir/$family.tap" ||
		echo "not ok - $family: the sweep itself ended early"
done
if [ $status = 0 ]; then rm -rf "$dir"; else echo "# kept: $dir"; fi
exit $status
