#!/bin/bash
# The fee by card: at a real kiosk, and by a customer without one while answers
# are lost and programs killed.  What was charged is read from the terminal's
# own record.
. "$(dirname "$0")/lib.sh.inc"
run=$e2e_dir/run
mkdir -p "$run"
python3 - "$run/invented.json" <<'PY'
import json, sys
sys.path.insert(0, "tests/fault/wire")
from branch import invent
people = [invent(n) for n in range(40)]
for p in people[:2]:
    p["phone"] = "0100001" + p["resident_number"][9:13]
json.dump({"people": people}, open(sys.argv[1], "w"), ensure_ascii=False)
PY
echo 'fee { issuer = yessign  won = 4400 }' >"$run/fees.conf"
export DASI_FEES=$run/fees.conf

has_terminal() { [ "$(grep 'card terminal:' "$run/log/agent.log" | tail -1 | grep -o 'ok$')" = ok ]; }
branch_start "$run" "$run/invented.json" || exit 1
ok 'the terminal is found' branch_wait 20 has_terminal
tell() { branch_control "$run" "$@" >/dev/null; }
fault() { # AT ACTION [COUNT]
	tell /fault "{\"at\":\"$1\",\"action\":\"$2\",\"count\":${3:-1}}"
}
quick() { tell /cardholder '{"card_ms":50,"host_ms":50}'; }
endless() { tell /cardholder '{"card_ms":-1}'; }	# nobody puts a card in
act() { tell /cardholder "{\"act\":\"$1\"}"; }
customer() { # ID STEP...
	timeout 200 python3 tests/support/pay_customer.py \
		"$(cat "$run/socket.path")" "$run/people.json" "$@"
}
case_of() { cat "$run/people.json.$1"; }
# The terminal's own record of a case: charged less given back, and how often.
charged() { branch_control "$run" /payments | jq -r ".charged[\"$(case_of "$1")\"] // 0"; }
sales() { # ID FILTER: how many payments or reversals of the case
	branch_control "$run" /payments |
		jq -r "[.payments[] | select(.order == \"$(case_of "$1")\" and $2)] | length"
}
is_charged() { [ "$(charged "$1")" = "$2" ]; }
paid_once() { # ID: one good payment more than reversals
	is_charged "$1" 4400 && [ "$(sales "$1" '.kind == "payment" and .result == "Success"')" -eq \
		$((1 + $(sales "$1" '.kind == "reversal" and .result == "Success"'))) ]
}
kill_now() { # PROGRAM: as a power cut would
	kill -KILL "$(cat "$run/pids/$1")" && branch_wait 10 branch_gone "$run" "$1"
}
start() { branch_spawn "$run" "$1" "$BIN/dasi-$1" --config "$run/dasi.conf"; }
quick

# ---- at the kiosk -----------------------------------------------------------------
drive_open "$run" 80x24
to_due() { # PERSON
	drive_to_held "$run" "$1" && drive_apply "$run" "$1" && drive_see 20 '내실 수수료가 있습니다'
}
ok 'the fee is known before anything is typed' drive_see 20 '공동인증서를 잃어버리셨나요'
ok 'a customer comes to the fee' to_due w0
ok 'it is shown with its tax' drive_see 2 '4,400원 (부가세 400원 포함)'
ok 'a card can be used' drive_see 2 '카드로 내기'
endless
drive_keys 1 Enter
ok 'the screen sends the customer to the terminal' drive_see 10 '카드 단말기를 봐 주십시오'
ok 'and repeats its words' drive_see 10 '카드를 넣어 주십시오'
ok 'nothing is charged yet' not grep -q . <(branch_control "$run" /payments | jq -r '.charged[] | select(. > 0)')
act decline
act insert
ok 'declined: the screen says that nothing was charged' drive_see 20 '승인되지 않았습니다'
drive_keys Enter
ok 'once more' drive_see 10 '카드를 넣어 주십시오'
act insert
ok 'approved: the fee is paid' drive_see 20 '수수료를 내셨습니다'
ok 'with the approval number' drive_see 2 '승인번호'
no_of() { drive_screen | grep -o 'R-[0-9]*-[0-9]*' | head -1; }
no_of >"$run/people.json.w0"
ok 'charged once' paid_once w0
quick
finish() {
	drive_keys Enter && drive_password 'Dasi!2026test' && branch_stick_in "$run" RAIN &&
		drive_see 20 '남은 공간' && drive_keys Enter && drive_see 60 '새 인증서가 저장되었습니다'
}
ok 'to a finished certificate' finish
ok 'the first screen again' drive_to_end
ok 'paid and issued: it stays paid' paid_once w0
drive_close "$run"
drive_name=

# ---- without a kiosk: what the terminal says ------------------------------------------
paid() { customer "$1" fee press shown=approved state | grep 'state: PAID'; }
ok 'approved' paid w2
ok 'charged once' paid_once w2
act decline
ok 'declined' customer w3 fee press shown=declined
ok 'nothing charged' is_charged w3 0
ok 'then paid' customer w3 back press shown=approved
ok 'charged once' paid_once w3
endless
ok 'stopped by the customer' customer w4 fee press shown=card stop shown=cancelled
ok 'nothing charged' is_charged w4 0
quick
act cancel
ok 'stopped at the terminal' customer w4 back press shown=cancelled
ok 'paid in the end' customer w4 back press shown=approved
ok 'charged once' paid_once w4

# ---- answers that are lost or wrong -----------------------------------------------------
n=5
lost() { # AT ACTION SENTENCE STATE-SHOWN
	fault "$1" "$2"
	ok "$1 $2: $3" customer "w$n" fee press "shown=$4:60"
	if [ "$4" = approved ]; then
		ok "$1 $2: charged once" paid_once "w$n"
	else
		ok "$1 $2: nothing charged" is_charged "w$n" 0
		ok "$1 $2: then paid" customer "w$n" back press shown=approved
		ok "$1 $2: charged once" paid_once "w$n"
	fi
	n=$((n + 1))
}
lost payment drop_before 'never arrived, not found twice' failed
lost payment drop_after 'charged, asked for and found' approved
lost payment half_close 'half an answer is none' approved
lost payment garbage 'nor is garbage' approved
lost payment http500 'an error page says nothing about money' failed
lost payment wrong_amount 'another amount goes back at once' reversed
lost payment other_order 'an answer about another order is not believed' approved
unknown() { # a status and an abort are lost as well
	fault payment drop_after && fault pay_abort drop_after && fault pay_status drop_before 2
	customer "w$n" fee press shown=checking shown=approved:60
}
ok 'unknown, asked again and again, then found' unknown
ok 'charged once' paid_once "w$n"
n=$((n + 1))
twice() { # pressed while it is being found out
	fault payment drop_after && fault pay_status drop_before 2
	customer "w$n" fee press shown=checking press press shown=approved:60
}
ok 'pressed again while unknown: still one payment' twice
ok 'one payment at the terminal' test "$(sales "w$n" '.kind == "payment"')" = 1
n=$((n + 1))

# ---- the terminal's cable ---------------------------------------------------------------
gone() { [ "$(grep 'card terminal:' "$run/log/agent.log" | tail -1 | grep -o 'down$')" = down ]; }
tell /terminal '{"unplugged":true}'
ok 'unplugged: it is noticed' branch_wait 30 gone
unfit() { customer "w$n" fee press | grep 'press: pay.unfit terminal'; }
ok 'unplugged: nothing is asked for' unfit
ok 'unplugged: nothing charged' is_charged "w$n" 0
tell /terminal '{"unplugged":false}'
ok 'plugged in again: it is found' branch_wait 30 has_terminal
ok 'and paid' customer "w$n" back press shown=approved
ok 'charged once' paid_once "w$n"
n=$((n + 1))
pulled() { # with a payment under way
	fault payment drop_after
	customer "w$n" fee press shown=checking
	tell /terminal '{"unplugged":true}'
	customer "w$n" back press shown=checking
	tell /terminal '{"unplugged":false}'
	customer "w$n" back press shown=approved:60
}
fault pay_abort drop_before 2
ok 'pulled out with a payment open: it is found out afterwards' pulled
ok 'charged once' paid_once "w$n"
n=$((n + 1))

# ---- killed in every state --------------------------------------------------------------
# killed PROGRAM WORD FAULTS...: while that is shown; then the customer is back
killed() {
	local program=$1 word=$2 me=w$n at
	shift 2
	for at in "$@"; do fault "${at%%:*}" "${at#*:}" 3; done
	[ "$word" != card ] || endless
	customer "$me" fee press "shown=$word" >/dev/null
	kill_now "$program"
	tell /reset_faults '{}'
	quick
	[ "$word" != card ] || act insert
	start "$program"
	branch_wait 20 has_terminal
	customer "$me" back press shown=approved/failed/cancelled/declined:90 >"$e2e_dir/killed.out"
	cat "$e2e_dir/killed.out"
	grep -q 'shown=.*: approved' "$e2e_dir/killed.out" ||
		customer "$me" back press shown=approved:90
}
state() { # SENTENCE PROGRAM WORD FAULTS...
	local what=$1
	shift
	ok "$1 killed $what: paid in the end" killed "$@"
	ok "$1 killed $what: charged once" paid_once "w$n"
	n=$((n + 1))
}
for p in agent net; do
	state 'while the card is waited for' $p card
	state 'while nothing is known, charged' $p checking payment:drop_after pay_status:drop_before pay_abort:drop_before
	state 'while nothing is known, never arrived' $p checking payment:drop_before pay_status:drop_before
	state 'once it is approved' $p approved
done

# ---- back ------------------------------------------------------------------------------------
ok 'paid, then cancelled: it goes back' customer "w$n" fee press shown=approved cancel shown=reversed
ok 'nothing charged in the end' is_charged "w$n" 0
n=$((n + 1))
back() { # the answer of the reversal is lost, and the agent killed
	fault reversal drop_after
	customer "w$n" fee press shown=approved cancel shown=reversing >/dev/null
	kill_now agent
	tell /reset_faults '{}'
	start agent
	branch_wait 30 is_charged "w$n" 0
}
ok 'killed while it goes back: it goes back' back
reversed() { grep -q 'payment reversed: reversed' "$run/log/agent.log"; }
ok 'and the branch knows' branch_wait 30 reversed
ok 'one reversal at the terminal' test "$(sales "w$n" '.kind == "reversal" and .result == "Success"')" = 1

# ---- the whole day ---------------------------------------------------------------------------
ok 'no case was charged twice' sh -c "jq -e '[.charged[] | select(. != 0 and . != 4400)] == []' <<'J'
$(branch_control "$run" /payments)
J"
