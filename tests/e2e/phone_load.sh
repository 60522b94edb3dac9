#!/bin/bash
# Two hundred clients hammer at dasi-handoff while customers finish; its memory
# does not grow.  tests/bench/handoff_bench.sh makes figures of the same.
set -u
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/browser/setup.sh.inc
command -v node >/dev/null || { skip 'a handoff in a crowd' 'no node on this machine'; exit 0; }
browser_handoff_conf "$e2e_dir" "$e2e_dir/agent.sock"
timeout 300 node tests/e2e/browser/load.mjs "$e2e_dir" 3 >"$e2e_dir/load.out" || e2e_failed=1
sed 's/^{/    # {/' "$e2e_dir/load.out"
