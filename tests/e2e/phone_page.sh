#!/bin/bash
# The page a phone opens, in headless Chromium at a phone's size, against a
# real dasi-handoff whose agent is played by tests/support/phone_owner.c.
set -u
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/browser/setup.sh.inc
browser_setup || exit 0
browser_handoff_conf "$e2e_dir" "$e2e_dir/agent.sock"
timeout 300 node tests/e2e/browser/page.mjs "$e2e_dir" local || e2e_failed=1
# what both screens say when dasi-handoff is lost in each state
mkdir "$e2e_dir/states"
browser_handoff_conf "$e2e_dir/states" "$e2e_dir/states/agent.sock"
timeout 300 node tests/e2e/browser/states.mjs "$e2e_dir/states" local || e2e_failed=1
