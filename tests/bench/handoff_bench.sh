#!/bin/bash
# p99 of a phone's steps at dasi-handoff while 200 clients hammer, against the
# same steps with nobody else there; TLS and the answer of a scripted agent
# included.
#
#   tests/bench/handoff_bench.sh [--row] [CUSTOMERS]
#
# Prints JSON, or with --row lines of bench.sh's table.  BIN=build/release.
set -u
cd "$(dirname "$0")/../.." || exit 3
form=json
[ "${1:-}" != --row ] || { form=row; shift; }
if ! command -v node >/dev/null; then
	[ $form = row ] && echo 'handoff to phones: skipped: no node' >&2 ||
		echo '{"bench":"handoff","skipped":"no node"}'
	exit 0
fi
BIN=$(realpath "${BIN:-build/release}")
export BIN
. tests/e2e/browser/setup.sh.inc
browser_modules || { cat build/browser/npm.log >&2; exit 3; }
dir=$(mktemp -d "${TMPDIR:-/tmp}/dasi-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
browser_handoff_conf "$dir" "$dir/agent.sock"
timeout 600 node tests/e2e/browser/load.mjs "$dir" "${1:-40}" >"$dir/out" || { cat "$dir/out" >&2; exit 3; }
figures=$(tail -1 "$dir/out")
if [ $form = json ]; then
	jq -c '{bench: "handoff"} + .' <<<"$figures"
	exit
fi
jq -r '. as $f | ("claim", "fetch", "ack") | ["handoff p99, " + . + " among 200", $f[. + "_crowd_ms"], "ms",
	"alone", $f[. + "_alone_ms"]] | @tsv' <<<"$figures"
jq -r '["dasi-handoff after 200 hammered", .rss_after_kb, "KiB", "before", .rss_before_kb] | @tsv' <<<"$figures"
