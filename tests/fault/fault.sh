#!/bin/bash
# All families of faults, several at a time, a line of TAP each and a table.
#
#   tests/fault/fault.sh [FAMILY...]
#
# FULL=1 meets every point instead of a sample; SEED=n chooses another sample;
# POINT=p does that one point of one family; JOBS=n so many families at once;
# PROFILE chooses the build, which `make fault` makes first.
set -u
cd "$(dirname "$0")/../.." || exit 3
build=build/${PROFILE:-debug}
dir=$(mktemp -d "${TMPDIR:-/tmp}/dasi-fault.XXXXXX")
# the longest first
wire='pay paykill heap kill disk proxy stick ship again time token back low'
store='crash-store memory crash-agent disk-errors planted damage disk-full clock rollback'
FULL=${FULL:-}
[ "$FULL" = 0 ] && FULL=
export FULL SEED=${SEED:-1}
# they wait for time-outs more than they compute
JOBS=${JOBS:-6}

family() { # NAME: its words to a file, how it ended and its seconds to another
	local t0=$SECONDS status pid
	# shellcheck disable=SC2086
	if [[ " $wire " = *" $1 "* ]]; then
		exec python3 -B tests/fault/wire/sweep.py "$1" "$dir/$1" "$build" \
			--seed "$SEED" ${FULL:+--full} ${POINT:+--point $POINT}
	else
		FAULT_FAMILY=$1 exec "$build/fault"
	fi >"$dir/$1.out" 2>&1 &
	pid=$!
	trap 'kill $pid' TERM
	wait $pid
	status=$?
	echo "$status $((SECONDS - t0))" >"$dir/$1.end"
}

verdict() { # NAME: its line of TAP, the rest behind '#', a row of the table
	local line status seconds runs=0 violations=0 first=
	read -r status seconds <"$dir/$1.end"
	sed -E 's/^(# )?/# /; s/^# (not )?ok - /#   \1ok - /' "$dir/$1.out" | grep -vE '^# [0-9]+ passed'
	line=$(grep -E "^$1: (runs|skipped)" "$dir/$1.out" | tail -1)
	if [[ $line = *': skipped: '* ]]; then
		echo "ok - $1 # skip ${line#*skipped: }"
		printf '%-12s skipped: %s\n' "$1" "${line#*skipped: }" >>"$dir/table"
		return
	fi
	if [[ $line =~ runs\ ([0-9]+),\ violations\ ([0-9]+) ]]; then
		runs=${BASH_REMATCH[1]} violations=${BASH_REMATCH[2]}
	else
		line="$1: it ended early, $dir/$1.out"
	fi
	if [ "$status" != 0 ] || [ "$runs" = 0 ] || [ "$violations" != 0 ]; then
		first='not '
		failed=1
	fi
	echo "${first}ok - ${line%%, seed*}"
	printf '%-12s runs %6d, violations %d, %4d s%s\n' "$1" "$runs" "$violations" "$seconds" \
		"${first:+   FAILED}" >>"$dir/table"
	case $1 in
	crash-*) cuts=$((cuts + runs)) ;;
	kill | again) kills=$((kills + runs)) ;;
	esac
	bad=$((bad + violations))
}

trap 'kill $(jobs -rp) 2>/dev/null; exit 1' TERM INT
failed=0 cuts=0 kills=0 bad=0
families=${*:-$(paste -d ' ' <(tr ' ' '\n' <<<"$store") <(tr ' ' '\n' <<<"$wire") | tr '\n' ' ')}
for f in $families; do
	while [ "$(jobs -rp | wc -l)" -ge "$JOBS" ]; do wait -n; done
	family "$f" &
done
wait
for f in $store $wire; do
	[ ! -e "$dir/$f.end" ] || verdict "$f"
done
if [ -n "$FULL" ] && [ $# = 0 ]; then
	[ $((cuts + kills)) -ge 20000 ] || { failed=1; printf 'not '; }
	echo "ok - 20,000 points at which the power went or a program was killed"
fi
sed 's/^/# /' "$dir/table"
echo "# power cuts $cuts, kills $kills, together $((cuts + kills)); violations in all families $bad; seed $SEED; $SECONDS s"
if [ $failed = 0 ]; then rm -rf "$dir"; else echo "# kept: $dir"; fi
exit $failed
