#!/bin/bash
# The fee over a Korean VAN instead of a terminal that can be asked: what is
# not known is net-cancelled (망취소) with the same data until that is
# acknowledged, also over a restart; then it may be paid again.
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc
run=$e2e_dir/run
eval "$(declare -f branch_spawn | sed '1s/branch_spawn/plain_spawn/')"
branch_spawn() {
	if [ "$2" = sandbox ]; then plain_spawn "$@" --van; else plain_spawn "$@"; fi
}
for n in 1 2 3 4; do
	invent "v$n" "다시$n" "$(invent_number 90030$n 1 30$n)"
done | invent_file >"$e2e_dir/people.json"
echo 'fee { issuer = yessign  won = 4400 }' >"$e2e_dir/fees.conf"
export DASI_FEES=$e2e_dir/fees.conf
tell() { branch_control "$run" "$@" >/dev/null; }
fault() { tell /fault "{\"at\":\"$1\",\"action\":\"$2\",\"count\":${3:-1}}"; }
customer() { # ID STEP...
	timeout 150 python3 tests/support/pay_customer.py \
		"$(cat "$run/socket.path")" "$run/people.json" "$@"
}
charged() { # ID WON
	[ "$(branch_control "$run" /payments |
		jq -r ".charged[\"$(cat "$run/people.json.$1")\"] // 0")" = "$2" ]
}
has_van() { [ "$(grep 'card terminal:' "$run/log/agent.log" | tail -1 | grep -o 'ok$')" = ok ]; }
start() { branch_spawn "$run" "$1" "$BIN/dasi-$1" --config "$run/dasi.conf"; }

branch_start "$run" "$e2e_dir/people.json" || exit 1
ok 'the settings name the VAN' grep -q '"van"' "$run/sandbox/peers.conf"
ok 'it is found' branch_wait 20 has_van
tell /cardholder '{"card_ms":50,"host_ms":50}'
ok 'approved' customer v1 fee press shown=approved
ok 'charged once' charged v1 4400
fault van_approve drop_after
ok 'the answer is lost: taken back' customer v2 fee press shown=failed:60
ok 'nothing charged' charged v2 0
ok 'then paid' customer v2 back press shown=approved
ok 'charged once' charged v2 4400
fault van_approve drop_before
ok 'it never came: taken back all the same' customer v3 fee press shown=failed:60
ok 'nothing charged' charged v3 0
ok 'then paid' customer v3 back press shown=approved
ok 'charged once' charged v3 4400

# acknowledged only after the agent was killed and is there again
fault van_approve drop_after
fault van_netcancel drop_before 1000
ok 'nobody acknowledges the net-cancel' customer v4 fee press shown=checking
ok 'it stands charged meanwhile' branch_wait 10 charged v4 4400
ok 'and no second payment begins' customer v4 back press shown=checking
kill -KILL "$(cat "$run/pids/agent")"
branch_wait 10 branch_gone "$run" agent
tell /reset_faults '{}'
start agent
ok 'killed and started again: it is taken back' branch_wait 60 charged v4 0
ok 'then paid' customer v4 back press shown=approved:60
ok 'charged once' charged v4 4400
