#!/bin/bash
# The working check at a real kiosk: whose certificate, whether it is theirs,
# who says that it is valid, and what it says when nobody does.
set -u
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
password='Dasi!2026test'

ok 'a customer gets a certificate on a stick' drive_reissue "$run" sol
ok 'the first screen again' drive_home

fault() { branch_control "$run" /fault "{\"at\":\"ocsp\",\"action\":\"$1\",\"count\":9}" >/dev/null; }
calm() { branch_control "$run" /reset_faults '{}' >/dev/null; }
to_password() {
	drive_see 10 '공동인증서를 잃어버리셨나요' && drive_keys 4 &&
		drive_see 20 '확인할 인증서를 골라' && drive_keys 1 &&
		drive_see 10 '인증서 암호를 입력해'
}
check() { to_password && drive_text "$password" && drive_keys Enter && drive_see 30 "$1"; }
check_number() { # NUMBER TEXT
	to_password && drive_text "$password" && drive_keys Tab Space && drive_see 5 '주민등록번호' &&
		drive_keys Tab && drive_text "$1" && drive_keys Enter && drive_see 30 "$2"
}
says() { ok "$1" drive_shows "$2"; }
again() { ok 'the first screen again' drive_home; }

ok 'it is well' check '인증서가 정상입니다'
says 'the responder said so just now' '발급 기관에 지금 확인'
says 'whose it is' '소*무'
says 'which it is' '은행/보험용 (개인)'
ok 'without a number nobody says that it is theirs' drive_gone '본인의 인증서'
again
ok 'with their number' check_number "$(branch_person "$run" sol .resident_number)" '인증서가 정상입니다'
says 'it is theirs' '본인의 인증서'
ok 'the number is not on the screen' drive_gone "$(branch_person "$run" sol .resident_number | tail -c 8)"
again
ok 'with the number of another' check_number "$(branch_person "$run" jat .resident_number)" '인증서에 문제가 있습니다'
again

# ---- the responder is silent ----
for how in drop_before http500 garbage refuse; do
	fault "$how"
	ok "the responder fails ($how): still well" check '인증서가 정상입니다'
	says 'by the list' '폐지 목록으로 확인'
	calm
	again
done

# ---- on hold ----
ok 'the loss of it is reported' drive_to_held "$run" sol 2
drive_keys Enter
drive_see 10 '접수번호는'
again
ok 'then it is not well' check '인증서에 문제가 있습니다'
says 'it is on hold' '정지'
again
fault drop_before
ok 'nor by the list' check '인증서에 문제가 있습니다'
says 'which says so too' '폐지 목록으로 확인'
calm
again

# ---- nobody answers ----
branch_end "$run" sandbox
ok 'with no CA at all it opens and signs, and no more is said' check '상태를 확인하지 못했습니다'
says 'its state is unknown' '확인 안 됨'
again

# ---- another's certificate under the same names and number ----
leaf=$(dirname "$(find "$run/media" -name signPri.key | head -1)")
name() { openssl x509 -inform DER -in "$1" -noout -subject -nameopt sep_multiline,utf8,sname | sed -n 's|^    |/|p' | tr -d '\n'; }
serial=0x$(openssl x509 -inform DER -in "$leaf/signCert.der" -noout -serial | sed 's/.*=//')
forge() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$e2e_dir/ca.key" -out "$e2e_dir/ca.pem" -days 30 \
		-utf8 -subj "$(name "$run/sandbox/ca/ca.der")" 2>/dev/null &&
		openssl req -new -newkey rsa:2048 -nodes -keyout "$e2e_dir/own.key" -out "$e2e_dir/own.csr" \
			-utf8 -subj "$(name "$leaf/signCert.der")" 2>/dev/null &&
		openssl x509 -req -in "$e2e_dir/own.csr" -CA "$e2e_dir/ca.pem" -CAkey "$e2e_dir/ca.key" \
			-set_serial "$serial" -days 30 -outform DER -out "$leaf/signCert.der" 2>/dev/null &&
		openssl pkcs8 -topk8 -v2 aes-256-cbc -in "$e2e_dir/own.key" -outform DER -out "$leaf/signPri.key" \
			-passout "pass:$password"
}
ok 'a pair of the same names, not signed by the CA' forge
ok 'it is told apart, with or without the CA' check '인증서에 문제가 있습니다'
says 'as not issued' '미발급'
again
nothing_left() { ! grep -rqE '790830197|Dasi!2026' "$run/log"; }
ok 'no log has number or password' nothing_left
