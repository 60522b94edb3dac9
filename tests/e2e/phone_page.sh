#!/bin/bash
# The page a phone opens, in headless Chromium at a phone's size, against a
# real dasi-handoff whose agent is played by tests/support/phone_owner.c.
set -u
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/browser/setup.sh.inc
browser_setup || exit 0
browser_handoff_conf "$e2e_dir" "$e2e_dir/agent.sock"
# two files of the sizes that real ones have; what is in them is not looked at
head -c 3542 /dev/urandom >"$e2e_dir/npki-20270314.p12"
head -c 4588 /dev/urandom >"$e2e_dir/npki-20270314-strong.p12"
timeout 300 node tests/e2e/browser/page.mjs "$e2e_dir" || e2e_failed=1
