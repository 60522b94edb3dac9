#!/bin/bash
# search.sh SECONDS TARGET: let libFuzzer look for new inputs of one target,
# starting from its seeds.  `make fuzz` builds and calls it for all.
cd "$(dirname "$0")/../.." || exit 3
log=build/fuzz/$2.log
mkdir -p "build/fuzz/new-$2"
if "build/fuzz/$2" -max_total_time="$1" -max_len=8192 -timeout=20 \
	-print_final_stats=1 -artifact_prefix="build/fuzz/$2-" \
	"build/fuzz/new-$2" "tests/fuzz/corpus/$2" >"$log" 2>&1; then
	echo "ok - $2: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs"
else
	echo "not ok - $2"
	grep -v '^#' "$log" | tail -40 | sed 's/^/    # /'
	exit 1
fi
