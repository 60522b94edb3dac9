#!/bin/bash
# Every seed (and every crash that was fixed) through every target, under the
# sanitizers.  `make fuzz SECONDS=60` looks for new ones.
cd "$(dirname "$0")/../.." || exit 3
failed=0
for c in tests/fuzz/corpus/*/; do
	target=$(basename "$c")
	n=$(find "$c" -type f | wc -l)
	if ASAN_OPTIONS=detect_leaks=1 "build/asan/replay-$target" "$c" >/tmp/replay.$$ 2>&1; then
		echo "ok - $target survives its $n seeds"
	else
		echo "not ok - $target survives its $n seeds"
		sed 's/^/    # /' /tmp/replay.$$ | tail -20
		failed=1
	fi
	rm -f /tmp/replay.$$
done
exit $failed
