#!/bin/bash
# The counter with real programs: two tellers, a supervisor and an auditor in
# terminals of their own, as different Unix users when root runs this, and a
# customer at the kiosk.
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc
run=$e2e_dir/run
. tests/e2e/desk.sh.inc

branch_start "$run" || exit 1
desk_open "$one" counter
desk_open "$two" counter
desk_open "$boss" supervisor
desk_open "$eyes" auditor
ok 'a teller comes in' desk_see "$one" 15 "$one 텔러" || exit
ok 'another teller comes in' desk_see "$two" 15 "$two 텔러"
ok 'a supervisor comes in' desk_see "$boss" 15 "$boss 책임자"
ok 'an auditor comes in' desk_see "$eyes" 15 "$eyes 감사"
if [ "$root" ]; then
	desk_open nobody counter
	ok 'who is in no group is refused' desk_see nobody 15 '창구 권한이 없습니다'
	desk_keys nobody Enter
	# the row is durable before anybody is told
	turned_away() { grep -aq login.refused "$run"/state/dasi.db*; }
	ok 'and that is in the audit log' branch_wait 5 turned_away
else
	skip 'who is in no group is refused' 'needs root to be other users'
fi

# ---- a call from the kiosk ----
drive_open "$run" 80x24
ok 'the kiosk stands at its first screen' drive_see 15 '공동인증서를 잃어버리셨나요'
drive_keys F2
called() { desk_see "$one" 1 '직원 호출' && desk_see "$two" 1 '직원 호출'; }
ok 'a call is heard by both within a second' called
ok 'it says from where' desk_see "$one" 2 'K-01'
desk_keys "$one" F6
ok 'the customer reads that staff is coming' drive_see 2 '직원이 오고 있습니다'
ok 'and the call is gone from the other terminal' desk_see_no "$two" 3 '직원 호출'
drive_keys Escape

# ---- a minor's case comes up by itself ----
minor() { drive_to_held "$run" lim && drive_apply "$run" lim && drive_see 15 '창구에서 이어서'; }
ok 'a minor applies at the kiosk' minor
ok 'the case comes up at the counter by itself' desk_see "$one" 5 '심사 중'
ok 'with the reason in short' desk_see "$one" 2 '미성년자'
number=$(desk_screen "$one" | grep -oE 'R-[0-9]{8}-[0-9]{4}' | head -1)
ok 'it opens by its number' desk_pick "$one" "$number"
ok 'the name is masked' desk_lacks "$one" '임지호'
ok 'the resident number is masked' desk_lacks "$one" "$(branch_person "$run" lim .resident_number)"

# ---- two clerks on one case ----
look() { desk_pick "$two" "$number" && desk_see "$two" 5 "$one 담당입니다"; }
ok 'the second clerk sees who has it' look
ok 'and is offered no action' desk_lacks "$two" '처리 (*)'
audit_look() { desk_pick "$eyes" "$number" && desk_lacks "$eyes" '처리 (*)'; }
ok 'an auditor can look and not act' audit_look
desk_home "$eyes"

# ---- one field in clear ----
desk_keys "$one" F8
ok 'a field is asked for with a reason' desk_see "$one" 5 '[2114]'
desk_keys "$one" 1 Tab
desk_keys "$one" F10
ok 'without a reason nothing is shown' desk_see "$one" 2 '두 글자 이상'
desk_reason "$one"
ok 'with a reason the name is there' desk_see "$one" 5 '임지호'
ok 'and the seconds are counted' desk_see "$one" 2 '초 뒤 다시 가림'
{ printf 임지호 | od -An -v -tx1 | tr -d ' \n'; echo; } >"$e2e_dir/patterns"
named() { "$BIN/scan-memory" "$e2e_dir/patterns" "$(desk_pid "$one")"; }
[ ! "$root" ] || ok 'and while it is shown it is in the program, as a search finds' not named

# ---- papers, one of them an alternative ----
today=$(TZ=Asia/Seoul date +%Y%m%d)
old=$(TZ=Asia/Seoul date -d '-40 days' +%Y%m%d)
desk_keys "$one" F2
ok 'the papers of a minor are listed' desk_see "$one" 5 '법정대리인 동의서'
approve_early() { desk_keys "$one" Escape; desk_do "$one" 승인 && desk_keys "$one" F10; }
ok 'approving before the papers were seen' approve_early
ok 'is refused, and says how many are missing' desk_see "$one" 5 '구비서류가'
desk_keys "$one" Escape
desk_see "$one" 5 '[2110]'
desk_keys "$one" F2
desk_see "$one" 5 '[2111]'
# items: applicant, card, passport, mobile ID, confirmation, its date, form, ...
tick() { # the confirmation instead of the card, issued on $1; the other groups
	desk_keys "$one" Down Down Down Down Space Down
	desk_keys "$one" C-u
	desk_text "$one" "$1"
	desk_keys "$one" Down Space Down Space Down Space Down Space F10
}
tick "$old"
ok 'a confirmation that is too old is refused' desk_see "$one" 5 '너무 오래된 서류입니다'
for _ in 1 2 3 4; do desk_keys "$one" Up; done
desk_keys "$one" C-u
desk_text "$one" "$today"
desk_keys "$one" F10
ok 'a fresh one instead of the card will do' desk_see "$one" 5 '모두 확인'

# ---- four eyes ----
desk_do "$one" 승인
ok 'the form says that two people are needed' desk_see "$one" 5 '두 사람이 확인합니다'
desk_keys "$one" F10
ok 'a proposal is all that comes of it' desk_see "$one" 5 '확인을 요청했습니다'
ok 'the case stays in review' desk_see "$one" 2 '심사 중'
same() { desk_keys "$one" F3 && desk_see "$one" 5 '[2113]' && desk_keys "$one" 1 F10; }
ok 'the same person tries to agree' same
ok 'and is refused' desk_see "$one" 5 '스스로 확인할 수 없습니다'
desk_keys "$one" Escape
second() { desk_see "$two" 5 '확인 요청' && desk_keys "$two" F3 && desk_see "$two" 5 "$one"; }
ok 'the other clerk sees what is proposed and by whom' second
desk_keys "$two" 1 F10
ok 'and agrees' desk_see "$two" 10 '요청대로 처리했습니다'
ok 'the first clerk sees it at once, and that a fee is due' desk_see "$one" 5 '납부 대기'

# ---- the fee, in cash ----
ok 'the fee is taken at the counter' desk_do "$one" 수납
ok 'the form says how much' desk_see "$one" 5 '4,400원'
desk_keys "$one" Up C-u
desk_text "$one" 4000
desk_keys "$one" F10
ok 'another amount is refused' desk_see "$one" 2 '받을 금액과 다릅니다'
desk_keys "$one" C-u
desk_text "$one" 4400
desk_keys "$one" Down
desk_text "$one" A0417
desk_keys "$one" F10
ok 'the right one with the slip'\''s number is taken' desk_see "$one" 5 '발급 대기'
ok 'and stands in the case' desk_see "$one" 2 'A0417'
ok 'the kiosk goes on by itself' drive_see 15 '수수료를 내셨습니다'
desk_home "$one"
desk_home "$two"
drive_home

# ---- nothing of the person stays ----
if [ "$root" ]; then
	ok 'after the case is left its name is nowhere in the program' named
else
	skip 'after the case is left its name is nowhere in the program' 'needs root to read it'
fi

# ---- returned for more papers, and back ----
moved() { DRIVE_FACTOR=1 drive_to_held "$run" shin && drive_apply "$run" shin && drive_see 15 '창구에서'; }
ok 'a customer with a new telephone applies' moved
pick_moved() { desk_pick "$two" '번호 변경'; }
ok 'the second clerk opens that case' pick_moved
desk_do "$two" '보완 요청'
desk_see "$two" 5 '[2112]'
desk_keys "$two" F10
ok 'a return without a sentence is not sent' desk_see "$two" 2 '두 글자 이상'
desk_reason "$two"
ok 'the case is returned' desk_see "$two" 5 '보완 요청  '
resumed() { desk_do "$two" '보완 접수' && desk_see "$two" 5 '[2112]' && desk_keys "$two" F10 && desk_see "$two" 5 '심사 중'; }
ok 'the papers come and it is in review again' resumed

# ---- papers and a note ----
desk_keys "$two" F2
desk_see "$two" 5 '[2111]'
desk_keys "$two" Down Space Down Down Down Down Down Down Down
for _ in 1 2 3; do desk_keys "$two" Down; done
desk_keys "$two" Space F10
ok 'the papers of an adult are seen' desk_see "$two" 5 '모두 확인'
desk_do "$two" 메모
desk_see "$two" 5 '[2112]'
desk_text "$two" 'zzzz'
drive_home
note_kept() { desk_keys "$two" F10; desk_see "$two" 5 '등록했습니다'; }
ok 'a note is recorded' note_kept
ok 'and read in the case' desk_see "$two" 5 'ㅋㅋㅋㅋ'

# ---- the certificate was found: a supervisor must agree ----
desk_do "$two" '정지 해제'
ok 'giving a hold up says whom it needs' desk_see "$two" 5 '한 사람은 책임자'
desk_reason "$two"
ok 'and is only proposed' desk_see "$two" 5 '확인을 요청했습니다'
agree() { desk_pick "$1" '번호 변경' && desk_keys "$1" F3 && desk_see "$1" 5 '[2113]' && desk_keys "$1" 1 F10; }
ok 'another teller tries to agree' agree "$one"
ok 'and is told that a supervisor is needed' desk_see "$one" 5 '책임자의 확인이 필요합니다'
desk_home "$one"
# the first clerk is writing when the supervisor agrees
desk_do "$two" 메모
desk_see "$two" 5 '[2112]'
desk_text "$two" 'dkssud'
ok 'the supervisor agrees' agree "$boss"
ok 'and the hold is given up' desk_see "$boss" 10 '요청대로 처리했습니다'
found() { at_ca shin 'all(.state == "valid")'; }
ok 'at the CA the certificate is valid again' branch_wait 15 found
overtaken() { desk_keys "$two" F10 && desk_see "$two" 5 '이 건이 바뀌었습니다' && desk_see "$two" 2 '안녕'; }
ok 'a form that was overtaken is not sent, and keeps what was typed' overtaken
desk_keys "$two" F10
ok 'read again, it is recorded' desk_see "$two" 5 '등록했습니다'
desk_home "$boss"

# ---- by number, and for those who look ----
desk_home "$eyes"
go() { desk_keys "$1" F7 && desk_see "$1" 5 '[2999]' && desk_text "$1" "$2" && desk_see "$1" 5 "[$2]"; }
ok 'a number leads to the branch' go "$one" 2201
ok 'which says what works' desk_see "$one" 5 '발급 기관'
ok 'a teller has no audit screens' not go "$one" 2301
desk_home "$one"
ok 'an auditor browses the log' go "$eyes" 2301
ok 'row by row' desk_see "$eyes" 10 '모두'
seen() { # from the end of the log back
	local i
	desk_keys "$eyes" F4
	for i in 1 2 3 4 5 6; do
		branch_wait 2 desk_shows "$eyes" ' access ' && return
		desk_keys "$eyes" F2
	done
	desk_screen "$eyes"
	return 1
}
ok 'who saw a field is in it' seen
ok 'an auditor verifies the log' go "$eyes" 2302
ok 'and it holds together' desk_see "$eyes" 20 '모두 맞습니다'
ok 'a supervisor reads the day' go "$boss" 2210
ok 'with its cases' desk_see "$boss" 10 '접수'
desk_keys "$boss" F9
saved() { desk_see "$boss" 10 '저장했습니다' && ls -l "$e2e_dir/home-$boss"; }
ok 'and saves it as CSV' saved
private() { [ "$(stat -c %a "$e2e_dir/home-$boss"/*.csv)" = 600 ]; }
ok 'for nobody else to read' private

# ---- nobody there ----
echo 'counter { lock_s = 30 }' >>"$run/dasi.conf"
desk_close "$two"
desk_open "$two" counter
pick_again() { desk_pick "$two" 'R-'; }
ok 'a clerk opens a case and goes away' pick_again
ok 'the lock is told before it comes' desk_see "$two" 20 '화면을 잠급니다'
ok 'the screen is locked and the case gone from it' desk_see "$two" 40 '[2900]'
ok 'no case is shown' desk_lacks "$two" 'R-'
