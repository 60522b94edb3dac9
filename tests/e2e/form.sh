#!/bin/bash
# The form filled in at home: Chromium fills in the page, a QR reader reads the
# code off the screenshot, a scanner (tmux) types it into a real kiosk in good
# and bad ways, and what it suggests must be confirmed.
set -u
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc
. tests/e2e/browser/setup.sh.inc
command -v zbarimg >/dev/null || { skip 'a form filled in at home' 'no zbarimg on this machine'; exit 0; }
browser_setup || exit 0
ok 'the page is built' make -s form-page || exit 1
timeout 300 node tests/e2e/browser/form.mjs "$e2e_dir" 소나무 || e2e_failed=1

read_code() { zbarimg -q --raw -Sdisable -Sqrcode.enable "$e2e_dir/$1.png" 2>/dev/null | tr -d '\r\n'; }
whole=$(read_code whole) report=$(read_code report) full=$(read_code full) stale=$(read_code stale)
ok 'a reader reads the code' grep -qE '^KB1[0-9]{4}[A-Z2-7]+[0-9A-F]{8}$' <<<"$whole"
ok 'the fullest is short enough' test "${#full}" -le 350 -a "${#full}" -gt 300

run=$e2e_dir/run
mkdir -p "$run"
invent sol 소나무 "$(invent_number 790830 1 201)" | invent_file >"$run/invented.json"
branch_start "$run" "$run/invented.json" || exit 1
drive_open "$run" 80x24

scan() { drive_tmux send-keys -l -- "$1" \; send-keys Enter; }
slowly() { # a key at a time
	local i
	for ((i = 0; i < ${#1}; i++)); do drive_text "${1:i:1}"; done
	drive_keys Enter
}
# the pause after which keys are the customer's again
calm() { sleep 0.7; }
home='공동인증서를 잃어버리셨나요' got='작성하신 양식을 읽었습니다'
back() { calm; drive_home; }

ok 'the first screen tells of the scanner' drive_see 20 '휴대전화의 QR을 스캐너에'
try() { # SENTENCE CODE TEXT [HOW]
	ok "$1" tried "$2" "$3" "${4:-scan}"
}
tried() { drive_see 10 "$home" && "$3" "$1" && drive_see 10 "$2" && back; }
try 'a fast scanner is understood' "$whole" "$got"
try 'a slow one too' "$whole" "$got" slowly
try 'with Caps Lock too' "${whole,,}" "$got"
try 'the fullest code too' "$full" "$got"
damaged=${whole:0:40}$([ "${whole:40:1}" = A ] && echo B || echo A)${whole:41}
try 'a damaged one is refused' "$damaged" '온전히 읽지 못했습니다'
try 'a stale one is refused' "$stale" '만든 지 10분이 지났거나'
try 'a code of something else is refused' KOREA8801234567893 '신청서 양식의 QR이 아니거나'
try 'one with a resident number is refused' \
	KB10050UQARU22J2IAAERABAIBQIAYABJXDSMBQGEYDCLJRHE3TAMBRGUEC754128 '주민등록번호나 암호는 QR로 받지'
try 'an over-long one is refused' "K$(printf 'A%.0s' {1..400})" '너무 깁니다'
half() { drive_text "${1:0:80}"; }
try 'one that stops half-way is told' "$whole" '끝까지 읽지 못했습니다' half
ok 'the form says that it is a report' drive_see 10 "$home"
scan "$report"
ok 'and it is one' drive_see 10 '양식              분실 신고'
ok 'the first screen again' back

# ---- a code with more keys behind it ----
drive_tmux send-keys -l -- "$whole" \; send-keys Enter Enter 1 2 3 Enter Enter Enter
ok 'keys behind the code press nothing' drive_see 10 "$got"
still() { calm; drive_shows "$got"; }
ok 'and it stays where it was' still

# ---- confirmed one by one ----
drive_keys Enter
ok 'the customer goes on' drive_see 10 '이렇게 진행됩니다'
drive_keys Enter
ok 'consents are not in it' drive_see 10 '개인정보 처리에 동의해'
ok 'none is given' drive_gone '[x]'
drive_keys 1 2 3 Enter
ok 'the name is suggested' drive_see 10 '성명 [제안]'
ok 'in its field' drive_shows '소나무'
drive_keys 1 Tab Tab
drive_text "$(branch_person "$run" sol .resident_number)"
drive_keys Tab
date=$(branch_person "$run" sol '.card_issue_date // .documents[0].issue_date')
drive_text "${date//-/}"
drive_keys Enter
ok 'passed over, it does not count' drive_see 10 '제안된 내용입니다. 맞으면 Enter'
drive_keys Enter
ok 'Enter on it confirms it' drive_see_no 10 '[제안]'
drive_keys Tab Enter
ok 'the second factor' drive_factor "$run" sol
ok 'the list of certificates' drive_see 20 '어느 인증서를 잃어버리셨습니까'
drive_see 10 '만료'
drive_keys 1
ok 'the report is suggested' drive_see 10 '언제 [제안]'
ok 'with its choices' drive_shows '[2] 도난'
ok 'and texts' drive_shows '역삼역 2번 출구'
drive_keys Enter Enter Enter Enter Enter
ok 'all but the last are confirmed' drive_see_no 10 '어디에 있던 것 [제안]'
ok 'the last is not' drive_shows '부정 사용 의심 [제안]'
drive_keys Enter
ok 'then it is reported' drive_see 20 '인증서를 정지했습니다.'
drive_keys Enter
ok 'the telephone is suggested' drive_see 10 '휴대전화번호 [제안]'
ok 'and the e-mail' drive_shows 'sol@example.com'
drive_keys Enter Enter Enter
ok 'confirmed they are reviewed' drive_see 10 '010-1234-****'
drive_keys Space Enter
ok 'the fee' drive_see 20 '내실 수수료가 없습니다'
drive_keys Enter
branch_stick_in "$run" PINE
ok 'the password' drive_password 'Dasi!2026test'
ok 'the file for other programs is suggested' drive_see 20 '[제안]'
drive_see 20 '남은 공간'
drive_keys Enter
ok 'it is saved' drive_see 60 '새 인증서가 저장되었습니다'
ok 'with that file' test -n "$(find "$run/media/PINE" -name '*.p12')"
ok 'the visit ends' drive_to_end
nothing_left() { ! grep -rqE 'KB10|sol@example|역삼역' "$run/log"; }
ok 'no log has any of it' nothing_left
