#!/bin/bash
# Nothing about the synthetic people is known to any program but the sandbox:
# another people file works as well, and each special one ends where they should.
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc

# ---- people nobody has heard of, through the unattended demo ----
mkdir -p "$e2e_dir/out"
{
	invent licence 봄나래 "$(invent_number 890412 2 101)" '
		.documents = [{ kind: "driver", number: "280412345678", issue_date: "2022-04-12" }]'
	invent foreign 'MARIA GARCIA' 8503145971236 '
		.documents = [{ kind: "alien", issue_date: "2023-08-21" }] | .name_latin = "MARIA.GARCIA"'
	invent question 여름이 "$(invent_number 550701 1 103)" '
		.account = null | .question = { text: "처음 심은 나무는?", answer: "감나무" }'
	invent account 가을해 "$(invent_number 991031 2 104)"
	invent phone 겨울비 "$(invent_number 700120 1 105)" '
		.account = null | .phone = "01000029999" | .phone_changed_days = 400'
	invent random 새싹 9207011998877 '.story = "changed number, no check digit"'
	invent child 이슬 2011054987654 '.story = "born after October 2020"'
} | invent_file >"$e2e_dir/others.json"
demo() { bash kiosk-config/practice/demo --out "$e2e_dir/out/$1" --people "$e2e_dir/others.json" --person "$1"; }
done_for() {
	local cert
	cert=$(find "$e2e_dir/out/$1/media" -name signCert.der) && test -s "$cert"
}
for who in licence:'a driving licence' question:'a security question alone' \
	account:'an own account alone'; do
	ok "with ${who#*:}: a whole reissue" demo "${who%%:*}"
	ok "with ${who#*:}: the pair is there" done_for "${who%%:*}"
done

# ---- one branch for the others of that file, and then for ours ----
run=$e2e_dir/run
branch_start "$run" "$e2e_dir/others.json" || exit 1
drive_open "$run" 80x24
fresh() { # the first screen, whatever happened before
	drive_home >/dev/null 2>&1 && return
	drive_close "$run"
	drive_open "$run" 80x24
}
held() { drive_to_held "$run" "$1"; }
to_fee() { drive_to_fee "$run" "$1"; }
foreign() { # the number's check digit is asked about once
	drive_to_identity && drive_identity "$run" foreign &&
		drive_see 10 '등록증과 같으면 Enter' &&
		drive_factor "$run" foreign && drive_see 20 '만료'
}
ok 'an alien with a Latin name and a number without check digit comes to the list' foreign
fresh
ok 'a phone code works for someone new' held phone
fresh
asked() {
	drive_to_identity && drive_identity "$run" random && drive_see 10 '번호를 다시 확인해 주십시오'
}
ok 'a number whose check digit does not fit is asked about' asked
drive_keys Enter
ok 'one Enter is enough, as the screen says' drive_see 3 '한 번 더 확인하겠습니다'
sure() { drive_sure && drive_see 10 '한 번 더 확인하겠습니다'; }
ok 'and it is taken when the customer says it is so' sure
fresh
child() {
	drive_to_identity && drive_identity "$run" child && drive_see 10 '확인하겠습니다'
}
ok 'a number given after October 2020 is not asked about' child
fresh
drive_close "$run"
branch_stop "$run"
rm -rf "$run"

branch_start "$run" || exit 1
drive_open "$run" 80x24
chosen() { # PERSON TEXT: what choosing the first certificate leads to
	drive_to_certs "$run" "$1" && drive_keys 1 && drive_see 10 "$2"
}
ok 'expired: a new certificate is advised' chosen lee '새로 발급받으셔야 합니다'
ok 'expired: and nothing was stopped' at_ca lee 'all(.state == "valid")'
fresh
ok 'another bank: told so' chosen jung '다른 은행에서 신청하신'
ok 'another bank: whom to call' drive_see 2 '전화'
fresh
ok 'another issuer: told so' chosen kang '다른 발급 기관의'
ok 'another issuer: with its telephone' drive_see 2 '전화'
fresh
renewal() { to_fee park && drive_see 2 '수수료'; }
ok 'under 30 days left: a reissue all the same' renewal
fresh
ok 'suspended already: a reissue goes on from there' held choi
fresh
stale() { drive_to_identity && drive_identity "$run" yoon && drive_see 10 '신분증 정보와 다릅니다'; }
ok 'an older card: it does not match' stale
ok 'and says how many tries are left' drive_see 2 '남은 횟수는 2회'
drive_keys Enter
ok 'again: one less' drive_see 10 '남은 횟수는 1회'
drive_keys Enter
ok 'again: locked, and where to go' drive_see 10 '창구로 가시거나'
fresh
stale_again() { drive_to_identity && drive_identity "$run" yoon && drive_see 10 '다릅니다'; }
ok 'in another visit it goes on counting' stale_again
ok 'and there are two a day left, one after this' drive_see 2 '남은 횟수는 1회'
fresh
minor() { drive_to_held "$run" lim && drive_apply "$run" lim; }
ok 'a minor: the certificate is stopped and the form taken' minor
ok 'a minor: goes on at the counter' drive_see 10 '창구에서 이어서 처리합니다'
ok 'a minor: says why and what to bring' drive_see 2 '법정대리인의 신분증'
ok 'a minor: the CA has the hold' at_ca lim 'all(.state == "suspended")'
fresh
moved() {
	drive_to_identity && drive_identity "$run" shin && drive_see 10 '한 번 더 확인하겠습니다' &&
		drive_see_no 1 '휴대폰 인증'
}
ok 'a telephone changed three days ago is not offered' moved
fresh
none() {
	drive_to_identity && drive_identity "$run" oh && drive_factor "$run" oh &&
		drive_see 10 '발급 기관에서 받으신 인증서가 없습니다'
}
ok 'no certificate: told so' none
ok 'no certificate: and where to ask' drive_see 2 '도움말(F1)'
fresh
two() { drive_to_certs "$run" kim && drive_see 2 '전자세금'; }
ok 'two certificates: both are in the list' two
second() { drive_keys 2 && drive_loss && drive_see 20 '인증서를 정지했습니다'; }
ok 'two certificates: the second is stopped' second
ok 'two certificates: and the first is not' at_ca kim \
	'(map(.state) | sort) == ["suspended", "valid"] and any(.policy | endswith("6.8")) and
	(map(select(.policy | endswith("6.8")))[0].state == "suspended")'
fresh
ok 'revoked last week: a way on is shown' drive_to_certs "$run" moon
fresh
ok 'a licence with an old number, born on 29 February' to_fee kwon
fresh
ok 'no telephone and no account: the fee screen is reached' to_fee bae
fresh
ok 'no telephone and no question: the fee screen is reached' to_fee jo
