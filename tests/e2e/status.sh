#!/bin/bash
# Reporting only, coming back with the receipt number, and the working check of
# what was received.
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc
run=$e2e_dir/run
mkdir -p "$run"
{
	invent sol 소나무 "$(invent_number 790830 1 201)"
	invent jat 잣나무 "$(invent_number 790831 2 202)"
} | invent_file >"$run/invented.json"
branch_start "$run" "$run/invented.json" || exit 1
drive_open "$run" 80x24
password='Dasi!2026test' other='Other#3047word'

# ---- report only ----
ok 'a customer only reports the loss' drive_to_held "$run" sol 2
drive_keys Enter
ok 'and gets a receipt' drive_see 10 '접수번호는'
ok 'which says it is stopped' drive_see 2 '이전 인증서는 정지되어 있습니다'
number=$(drive_screen | grep -oE 'R-[0-9]{8}-[0-9]{4}' | head -1)
ok 'with a receipt number' test -n "$number"
drive_keys Enter
ok 'the first screen again' drive_see 10 '공동인증서를 잃어버리셨나요'
ok 'at the CA it stays suspended' at_ca sol 'map(.state) == ["suspended"]'

# ---- by the receipt number ----
ask() { # DIGITS: from the status screen
	drive_text "$1" && drive_keys Enter
}
ok 'the other customer asks for a state' drive_to_status "$run" jat
ask "${number//[^0-9]/}"
ok 'the number of another person gives nothing away' drive_see 10 '그 접수번호로 신청하신 내역이 없습니다'
ok 'the first screen again' drive_home
ok 'the customer comes back' drive_to_status "$run" sol
drive_text 2026
drive_keys Enter
ok 'too short a number is told' drive_see 10 '접수번호는 숫자 12자리입니다'
for _ in 1 2 3 4; do drive_keys BSpace; done
ask "${number//[^0-9]/}"
ok 'the state is shown' drive_see 10 '인증서를 정지했습니다'
ok 'and that it can go on' drive_see 2 '이어서 하기'
drive_keys Enter
finish() {
	drive_apply "$run" sol && drive_see 20 '내실 수수료가 없습니다' && drive_keys Enter &&
		drive_password "$password" && branch_stick_in "$run" PINE &&
		drive_see 20 '남은 공간' && drive_keys Enter && drive_see 60 '새 인증서가 저장되었습니다'
}
ok 'it goes on to a finished certificate' finish
ok 'under the same receipt number' drive_see 2 "$number"
ok 'one is valid, the old one revoked' at_ca sol \
	'(map(.state) | sort) == ["revoked", "valid"]'
ok 'the first screen again' drive_to_end
ok 'the customer asks once more' drive_to_status "$run" sol
ask "${number//[^0-9]/}"
ok 'now it is done' drive_see 10 '재발급이 끝났습니다'
ok 'the first screen again' drive_home

# ---- the working check ----
check() { # PASSWORD TEXT
	drive_see 10 '공동인증서를 잃어버리셨나요' && drive_keys 4 &&
		drive_see 10 '확인할 인증서를 골라' && drive_keys 1 &&
		drive_see 10 '인증서 암호를 입력해' && drive_text "$1" && drive_keys Enter &&
		drive_see 20 "$2"
}
ok 'the check with the right password: all is well' check "$password" '인증서가 정상입니다'
ok 'the key opens' drive_see 2 '암호로 열림'
drive_keys F5
change() { # OLD NEW AGAIN
	drive_see 10 '암호를 바꿉니다' && drive_text "$1" && drive_keys Tab &&
		drive_text "$2" && drive_keys Tab && drive_text "$3" && drive_keys Enter
}
ok 'the password is to be changed' change "$password" "$other" 'Other#3047wore'
ok 'two different new ones are told' drive_see 10 '두 번 입력하신 암호가 다릅니다'
for _ in 1 2; do drive_keys BSpace; done
drive_text rd
drive_keys Enter
ok 'then it is changed' drive_see 20 '인증서가 정상입니다'
ok 'the first screen again' drive_home
ok 'the old password is refused now' check "$password" '암호가 맞지 않습니다'
ok 'the first screen again' drive_home
ok 'the new one works' check "$other" '인증서가 정상입니다'
ok 'the first screen again' drive_home
leaf=$(dirname "$(find "$run/media/PINE/NPKI/yessign/USER" -name signPri.key)")
verify() {
	"$BIN/dasi" cert verify "$leaf" --root "$run/sandbox/ca/root.der" --ca "$run/sandbox/ca/ca.der" \
		--password-fd 3 --idn-fd 4 3< <(printf %s "$1") \
		4< <(printf %s "$(branch_person "$run" sol .resident_number)")
}
ok 'the tool opens it with the new password, R and VID still fit' verify "$other"
ok 'and not with the old one' not verify "$password"
branch_stick_out "$run"
branch_stick_in "$run" EMPTY
drive_keys 4
ok 'a stick without certificates is told' drive_see 20 '이 USB에는 인증서가 없습니다'
