#!/bin/bash
# Every seed (and every input that failed and was fixed) through every target,
# under the sanitizers.  `make fuzz SECONDS=60` looks for new ones.
cd "$(dirname "$0")/../.." || exit 3
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT
for source in tests/fuzz/*.c; do
	target=$(basename "$source" .c)
	[ "$target" != replay ] || continue
	seeds=tests/fuzz/corpus/$target
	n=$(find "$seeds" -type f | wc -l)
	if ASAN_OPTIONS=detect_leaks=1 "build/asan/replay-$target" "$seeds" >"$out" 2>&1; then
		echo "ok - $target survives its $n seeds"
	else
		echo "not ok - $target survives its $n seeds"
		sed 's/^/    # /' "$out" | tail -20
		failed=1
	fi
done
exit $failed
