#!/bin/bash
# The real dasi-agent keeps the contract that dasi-ship is tested against.
. "$(dirname "$0")/lib.sh.inc"
run=$e2e_dir/run
branch_start "$run"
drive_open "$run" 80x24
ok 'a reissue leaves rows in the audit log' drive_reissue "$run" hong
drive_close "$run"
# a clean stop signs a checkpoint over all of them
branch_end "$run" agent
branch_spawn "$run" agent "$BIN/dasi-agent" --config "$run/dasi.conf"
ok 'the agent serves again' branch_wait 10 test -S "$(cat "$run/socket.path")"
key=$("$BIN/dasi" audit checkpoint "$run/state/dasi.db" --json | jq -r .verifier_key)
ok 'the log has a key and a checkpoint' test -n "$key" -a "$key" != null
contract() {
	DASI_AGENT_SOCKET=$(cat "$run/socket.path") DASI_LOG_KEY=$key \
		"$BIN/unit-ship" --filter 'agent/the_real*' --verbose=1
}
ok 'the contract holds on it' contract
