#!/bin/bash
# A branch at work: a customer at the kiosk, a teller and a supervisor at their
# counters, the card terminal and the printer of the sandbox.  What counter.sh
# and pay.sh do not show: fees between kiosk and counter, papers that are
# missing, tickets to go on with, money that goes back.
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc
run=$e2e_dir/run
. tests/e2e/desk.sh.inc

people() {
	local n=0 id
	for id in card cash waive unsure wrong ticket guide; do
		n=$((n + 1))
		invent $id "다시$(printf '가나다라마바사' | cut -c$((3 * n - 2))-$((3 * n)))" \
			"$(invent_number 90010$n 1 10$n)" '.phone = "0100009" + .resident_number[9:13]'
	done
	invent papers '다시신' "$(invent_number 900111 1 111)" '.phone = "01000099111" | .phone_changed_days = 3'
}
people | invent_file >"$e2e_dir/people.json"
tell() { branch_control "$run" "$@" >/dev/null; }
fault() { tell /fault "{\"at\":\"$1\",\"action\":\"$2\",\"count\":${3:-1}}"; }
act() { tell /cardholder "{\"act\":\"$1\"}"; }
charged() { # RECEIPT-NUMBER WON
	[ "$(branch_control "$run" /payments | jq -r ".charged[\"$1\"] // 0")" = "$2" ]
}
number() { drive_screen | grep -oE 'R-[0-9]{8}-[0-9]{4}' | head -1; }
slip() { cat "$(ls "$run"/sandbox/printer/*.txt | tail -1)"; }	# the last one
slip_has() { slip | grep -qF -- "$1"; }
to_due() { # PERSON
	drive_to_held "$run" "$1" && drive_apply "$run" "$1" && drive_see 20 '내실 수수료가 있습니다'
}
finish() { # STICK: from the password to the first screen
	drive_password 'Dasi!2026test' && branch_stick_in "$run" "$1" && drive_see 20 '남은 공간' &&
		drive_keys Enter && drive_to_end && branch_stick_out "$run"
}
done_at_ca() { at_ca "$1" '(map(.state) | sort) == ["revoked", "valid"]'; }
agree() { # NAME: to the one proposal of the open case
	desk_see "$1" 5 '확인 요청' && desk_keys "$1" F3 && desk_see "$1" 5 '[2113]' && desk_keys "$1" 1 F10
}
desk_screen_has_either() { desk_shows "$one" "$ref" || desk_shows "$one" "$code"; }
has_terminal() { [ "$(grep 'card terminal:' "$run/log/agent.log" | tail -1 | grep -o 'ok$')" = ok ]; }

branch_start "$run" "$e2e_dir/people.json" || exit 1
ok 'the card terminal is found' branch_wait 30 has_terminal
desk_open "$one" counter
desk_open "$boss" supervisor
ok 'a teller comes in' desk_see "$one" 15 "$one 텔러" || exit
ok 'a supervisor comes in' desk_see "$boss" 15 "$boss 책임자"
drive_open "$run" 80x24
drive_see 15 '공동인증서를 잃어버리셨나요'
tell /cardholder '{"card_ms":50,"host_ms":50}'

# ---- by card, while the counter looks on --------------------------------------------
ok 'a customer comes to the fee' to_due card
no=$(number)
ok 'the counter sees that a fee is due' desk_see "$one" 5 '납부 대기'
desk_keys "$one" F7
desk_see "$one" 5 '[2999]'
desk_text "$one" 2201
ok 'and at which screen the kiosk stands' desk_see "$one" 5 '수수료'
desk_home "$one"
drive_keys 1
ok 'paid by card' drive_see 20 '수수료를 내셨습니다'
drive_keys F6
ok 'a receipt is printed' drive_see 10 '출력했습니다'
ok 'with amount and tax' slip_has '4,400'
ok 'and the masked card' slip_has '****'
ok 'the case waits for nobody any more' desk_see_no "$one" 5 '납부 대기'
drive_keys Enter
ok 'to a finished certificate' finish CARD
ok 'charged once' charged "$no" 4400
ok 'one valid, the old one revoked' done_at_ca card

# ---- declined, then cash; and given back ----------------------------------------------
ok 'another customer comes to the fee' to_due cash
no=$(number)
act decline
drive_keys 1
ok 'the card is declined' drive_see 20 '승인되지 않았습니다'
drive_keys F5
ok 'the customer goes to the counter' drive_see 10 '수수료'
desk_pick "$one" "$no"
desk_do "$one" 수납
desk_see "$one" 5 '4,400원'
desk_text "$one" A0001
desk_keys "$one" F10
ok 'and pays in cash' desk_see "$one" 5 '발급 대기'
ok 'nothing went over the card' charged "$no" 0
drive_home
desk_do "$one" 취소
desk_see "$one" 5 '[2112]'
desk_reason "$one"
cancelled() { desk_see "$one" 5 '한 번 더' && desk_keys "$one" F10 && desk_see "$one" 10 '등록했습니다'; }
ok 'then wants no certificate any more' cancelled
desk_home "$one"
desk_list() { # NAME WORD: the list of that kind
	local i
	for i in 1 2 3 4 5 6 7 8 9 10; do
		desk_shows "$1" "[$2" && return
		desk_keys "$1" F2
		branch_wait 1 desk_shows "$1" "[$2"
	done
	desk_see "$1" 2 "[$2"
}
ok 'what is owed has a list of its own' desk_list "$one" 환불
ok 'with the case' desk_pick "$one" "$no"
desk_do "$one" 환불
desk_see "$one" 5 '[2130]'
desk_text "$one" B0001
desk_keys "$one" Down
desk_reason "$one"
ok 'giving it back is only proposed' desk_see "$one" 5 '확인을 요청했습니다'
refunded() { desk_list "$boss" 환불 && desk_pick "$boss" "$no" && agree "$boss"; }
ok 'the supervisor agrees' refunded
ok 'and it is paid back' desk_see "$boss" 10 '요청대로 처리했습니다'
ok 'which the case says' desk_see "$boss" 5 '환불됨'
for who in "$one" "$boss"; do desk_home "$who"; desk_list "$who" 진행; done

# ---- waived ----------------------------------------------------------------------------
ok 'a third customer comes to the fee' to_due waive
no=$(number)
drive_keys 2
ok 'and goes to the counter with it' drive_see 10 '가져오실 것'
ok 'the kiosk says how many are before' drive_see 2 '앞에 계신 분'
desk_pick "$one" "$no"
desk_do "$one" 면제
desk_see "$one" 5 '[2130]'
desk_keys "$one" 1 Down
desk_reason "$one"
ok 'a waiver is only proposed' desk_see "$one" 5 '확인을 요청했습니다'
desk_keys "$one" F3
desk_see "$one" 5 '[2113]'
desk_keys "$one" 1 F10
ok 'one person alone cannot' desk_see "$one" 5 '스스로 확인할 수 없습니다'
desk_keys "$one" Escape
waived() { desk_pick "$boss" "$no" && agree "$boss"; }
ok 'the supervisor agrees' waived
ok 'the fee is let off' desk_see "$boss" 10 '요청대로 처리했습니다'
ok 'the kiosk goes on by itself' drive_see 15 '내실 수수료가 없습니다'
drive_keys Enter
ok 'to a finished certificate' finish WAIVE
ok 'nothing was charged' charged "$no" 0
desk_home "$one"
desk_home "$boss"

# ---- nobody knows, then it is known -------------------------------------------------------
ok 'a fourth customer comes to the fee' to_due unsure
no=$(number)
fault payment drop_after
fault pay_status drop_before 2
drive_keys 1
ok 'the answer is lost: the screen says that it is being found out' drive_see 10 '결제 결과를 확인하고 있습니다'
ok 'and asks for no second payment' drive_see 2 '다시 결제하지 않습니다'
ok 'then it is found' drive_see 60 '수수료를 내셨습니다'
ok 'charged once' charged "$no" 4400
drive_home
ok 'a fifth customer comes to the fee' to_due wrong
no=$(number)
fault payment wrong_amount
drive_keys 1
ok 'another amount was charged: it goes back' drive_see 60 '결제된 금액이 없습니다'
ok 'nothing is charged' charged "$no" 0
drive_keys Enter
ok 'the next try is the right one' drive_see 20 '수수료를 내셨습니다'
ok 'charged once' charged "$no" 4400
drive_home

# ---- papers are missing: returned, and resumed ------------------------------------------------
moved() { drive_to_held "$run" papers && drive_apply "$run" papers && drive_see 15 '창구에서'; }
ok 'a customer with a new telephone applies' moved
no=$(number)
desk_pick "$one" "$no"
desk_do "$one" '보완 요청'
desk_see "$one" 5 '[2112]'
desk_reason "$one"
ok 'more papers are asked for' desk_see "$one" 5 '보완 요청  '
ok 'the kiosk says what to bring' drive_see 5 '직원이 서류를 더 요청했습니다'
drive_home
texted() { grep -rqF "$no" "$run"/sandbox/sms/; }
ok 'and a text message that there is something' branch_wait 10 texted
back() { drive_to_status "$run" papers && drive_text "${no//[^0-9]/}" && drive_keys Enter; }
ok 'another day the customer asks for the state' back
ok 'and reads the sentence' drive_see 10 '직원의 안내'
drive_home
desk_do "$one" '보완 접수'
desk_see "$one" 5 '[2112]'
desk_keys "$one" F10
desk_see "$one" 5 '심사 중'
desk_keys "$one" F2
desk_see "$one" 5 '[2111]'
# the passport instead of the card, and the form
desk_keys "$one" Down Down Down Space Down Down Down Down Down Space F10
ok 'the papers are there, one of them an alternative' desk_see "$one" 5 '모두 확인'
desk_do "$one" 승인
desk_see "$one" 5 '[2112]'
desk_keys "$one" F10
ok 'one clerk approves' desk_see "$one" 10 '납부 대기'
ok 'the customer comes back with the number' back
drive_see 10 "$no"
drive_keys Enter
ok 'to the fee' drive_see 20 '내실 수수료가 있습니다'
drive_keys 1
ok 'which is paid' drive_see 20 '수수료를 내셨습니다'
drive_keys Enter
ok 'and to a finished certificate' finish PAPERS
ok 'one valid, the old one revoked' done_at_ca papers
desk_home "$one"

# ---- a ticket to go on with --------------------------------------------------------------------
ok 'a customer pays' to_due ticket
no=$(number)
drive_keys 1
drive_see 20 '수수료를 내셨습니다'
drive_keys Enter
fault ir refuse
refused() { drive_password 'Dasi!2026test' && branch_stick_in "$run" LATER && drive_see 20 '남은 공간' && drive_keys Enter; }
ok 'and the CA refuses' refused
ok 'the customer is told so' drive_see 30 '발급 기관'
ok 'the counter sees it' desk_see "$one" 10 "$no"
desk_pick "$one" "$no"
desk_do "$one" '이어하기 표'
desk_see "$one" 5 '[2112]'
desk_keys "$one" F10
ok 'and prints a ticket' desk_see "$one" 10 '등록했습니다'
ok 'with the number' slip_has "$no"
ok 'that nothing is paid again' slip_has '다시 받지'
ok 'and until when' slip_has '까지 이어서'
drive_home
branch_stick_out "$run"
resume() { drive_to_status "$run" ticket && drive_text "${no//[^0-9]/}" && drive_keys Enter && drive_see 10 "$no" && drive_keys Enter && drive_see 10 '다시 하기' && drive_keys 1; }
ok 'with it the customer goes on later' resume
ok 'to a finished certificate' finish TICKET
ok 'charged once' charged "$no" 4400
desk_home "$one"

# ---- an issue guide, used at a client that is not ours ---------------------------------------------
ok 'a customer pays and wants to do the rest at home' to_due guide
no=$(number)
drive_keys 1
drive_see 20 '수수료를 내셨습니다'
drive_home
desk_pick "$one" "$no"
desk_do "$one" 발급안내장
desk_see "$one" 5 '보낼 곳'
desk_keys "$one" 1 F10
ok 'the guide goes out' desk_see "$one" 15 '등록했습니다'
phone=$(branch_person "$run" guide .phone)
ref=$(slip | grep -A2 참조번호 | grep -oE '[0-9]+' | head -1)
code=$(grep -rhoE '인가코드는 [A-Za-z0-9]+' "$run/sandbox/sms/$phone" | tail -1 | cut -d' ' -f2)
both() { [ -n "$ref" ] && [ -n "$code" ]; }
ok 'half of it on paper, half as a text message' both
ok 'the paper has not the code' not slip_has "$code"
ok 'the message has not the number' not grep -rqwF "$ref" "$run/sandbox/sms/$phone"
ok 'the clerk has seen neither' not desk_screen_has_either
openssl genrsa -out "$e2e_dir/home.key" 2048 2>/dev/null
at_home() { # any client of RFC 4210: here OpenSSL's own
	local cmp
	cmp=$(jq -r .cmp "$run/endpoints.json")
	cmp=${cmp#http://}
	openssl cmp -config /dev/null -cmd ir -server "${cmp%%/*}" -path cmp -ref "$ref" \
		-secret "pass:$code" -mac hmacWithSHA256 -newkey "$e2e_dir/home.key" -subject /CN=x \
		-certout "$e2e_dir/home.pem"
}
ok 'at home it becomes a certificate' at_home
ok 'which is valid at the CA' at_ca guide 'any(.state == "valid")'
ok 'the pair works once' not at_home
branch_end "$run" agent	# which looks again when it starts, else every ten minutes
branch_spawn "$run" agent "$BIN/dasi-agent" --config "$run/dasi.conf"
ok 'the branch notices, and the old one is revoked' branch_wait 30 done_at_ca guide
list_done() { desk_see "$one" 20 '[2101]' && desk_list "$one" 종료 && desk_shows "$one" "$no" && desk_pick "$one" "$no" && desk_see "$one" 5 '다른 곳에서'; }
ok 'the case is done, made elsewhere' list_done
ok 'charged once' charged "$no" 4400
desk_home "$one"

# ---- the day ---------------------------------------------------------------------------------------
desk_keys "$boss" F7
desk_see "$boss" 5 '[2999]'
desk_text "$boss" 2210
ok 'the day agrees with the terminal' desk_see "$boss" 10 '우리 기록과 단말기가 맞습니다'
