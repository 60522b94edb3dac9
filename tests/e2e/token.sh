#!/bin/bash
# A whole reissue onto a security token, and what others make of it: SoftHSM
# under a module that can be pulled, fill up and lock (token_shim.c).
. "$(dirname "$0")/lib.sh.inc"
run=$e2e_dir/run
mkdir -p "$run"
if [ ! -f "$branch_softhsm" ]; then
	skip 'a reissue onto a security token' 'SoftHSM is not installed'
	exit 0
fi
python3 - "$run/invented.json" <<'PY'
import json, sys
sys.path.insert(0, "tests/fault/wire")
from branch import invent
json.dump({"people": [invent(n) for n in range(20)]}, open(sys.argv[1], "w"), ensure_ascii=False)
PY
export DASI_TOKEN=1 DASI_TOKEN_MODULE=$PWD/$BIN/token-shim.so TOKEN_SHIM=$run/shim
case $BIN in /*) DASI_TOKEN_MODULE=$BIN/token-shim.so ;; esac
: >"$TOKEN_SHIM"
PIN=$branch_token_pin
branch_start "$run" "$run/invented.json" || exit 1

says() { printf %s "$1" >"$TOKEN_SHIM"; }
customer() { # ID STEP...
	timeout 200 python3 tests/support/token_customer.py \
		"$(cat "$run/socket.path")" "$run/people.json" "$@"
}
came() { # ID STEP... LINE: one of the lines a customer's steps print
	customer "${@:1:$#-1}" >"$e2e_dir/said"
	cat "$e2e_dir/said"
	grep -qxF -- "${*: -1}" "$e2e_dir/said"
}
there() { customer w0 list 2>/dev/null | grep -q '"label": "practice"'; }
p11() { pkcs11-tool --module "$branch_softhsm" --token-label practice --login --pin "$PIN" "$@" 2>/dev/null; }
objects() { p11 --list-objects | grep -c "^$1"; }
empty() { [ "$(objects '.* [Oo]bject')" = 0 ]; }
# the CA's own records: how many of a person's certificates are in a state
at_ca() { # ID STATUS
	branch_control "$run" /state | jq --arg id "$1" --arg st "$2" \
		'[.certificates[] | select(.person == $id and .state == $st)] | length'
}
ok 'the token is there' branch_wait 20 there

# ---- a whole reissue ------------------------------------------------------------------
ok 'a reissue goes onto the token' came w0 paid issue="$PIN" "issue=$PIN: DONE"
p11 --list-objects >"$e2e_dir/objects"
ok 'pkcs11-tool lists one key pair, two certificates and R' test \
	"$(objects 'Private Key')-$(objects 'Public Key')-$(objects Certificate)-$(objects Data)" = 1-1-2-1
ok 'the key was made there and cannot leave' grep -q 'sensitive, always sensitive, never extractable, local' \
	"$e2e_dir/objects"
ok 'it may sign and nothing else' bash -c "grep -A3 '^Private Key' '$e2e_dir/objects' | grep -qE 'Usage: +sign$'"
id=$(grep -A3 '^Private Key' "$e2e_dir/objects" | sed -n 's/.*ID: *//p')
p11 --read-object --type cert --id "$id" >"$e2e_dir/cert.der"
openssl x509 -inform DER -in "$e2e_dir/cert.der" -out "$e2e_dir/cert.pem"
openssl x509 -in "$e2e_dir/cert.pem" -noout -pubkey >"$e2e_dir/public.pem"
sha1_of_key() {
	openssl rsa -pubin -in "$e2e_dir/public.pem" -RSAPublicKey_out -outform DER 2>/dev/null |
		openssl dgst -sha1 -r | cut -d' ' -f1
}
ok 'its id is the SHA-1 of the key' test "$(sha1_of_key)" = "$id"
echo 'a payment of 1 won' >"$e2e_dir/text"
p11 --sign --mechanism SHA256-RSA-PKCS --id "$id" --input-file "$e2e_dir/text" --output-file "$e2e_dir/signature" >/dev/null
ok 'openssl verifies a signature made by the token' openssl dgst -sha256 -verify "$e2e_dir/public.pem" \
	-signature "$e2e_dir/signature" "$e2e_dir/text"
openssl x509 -inform DER -in "$run/sandbox/ca/root.der" -out "$e2e_dir/root.pem"
openssl x509 -inform DER -in "$run/sandbox/ca/ca.der" -out "$e2e_dir/ca.pem"
ok 'the certificate chains to the root' openssl verify -CAfile "$e2e_dir/root.pem" -untrusted "$e2e_dir/ca.pem" \
	"$e2e_dir/cert.pem"
p11 --read-object --type data --label "$id" >"$e2e_dir/r"
vid() { # NUMBER: the VID in the certificate is that of the number and R
	python3 - "$1" "$e2e_dir/r" "$e2e_dir/cert.der" <<'PY'
import hashlib, sys
n, r, cert = sys.argv[1].encode(), open(sys.argv[2], 'rb').read(), open(sys.argv[3], 'rb').read()
assert len(r) == 20
body = b'\x13' + bytes([len(n)]) + n + b'\x03\x15\x00' + r
v = hashlib.sha256(hashlib.sha256(b'\x30' + bytes([len(body)]) + body).digest()).digest()
sys.exit(0 if bytes.fromhex('300b0609608648016503040201a0220420') + v in cert else 1)
PY
}
ok 'R on the token and the number make the VID' vid "$(branch_person "$run" w0 .resident_number)"
ok 'R and another number do not' not vid 8508031976743
ok 'the CA has the new one valid and the old one revoked' test "$(at_ca w0 valid)-$(at_ca w0 revoked)" = 1-1
ok 'R needs the PIN to be seen' test -z "$(pkcs11-tool --module "$branch_softhsm" --list-objects --type data 2>/dev/null | grep label)"

# ---- what the log and the disk know -----------------------------------------------------
ok 'the PIN is in no log' not grep -rqF -- "$PIN" "$run/log"
ok 'the PIN is not in the database' not grep -qaF -- "$PIN" "$run/state/dasi.db"
ok 'no key file was kept: there is none' not grep -qa 'dasi: unfinished' "$run/state/dasi.db"

# ---- used afterwards ---------------------------------------------------------------------
checked() { # ID FILTER
	customer "$1" known check="$PIN" | sed -n 's/^check=[^:]*: //p' | jq -e "$2"
}
ok 'it is found in use: opens, signs, belongs to its holder' checked w0 \
	'.opens and .pair and .signature and .vid and .status == "valid"'
ok 'for anybody else it does not' checked w1 '.opens and .signature and (.vid | not)'
ok 'another PIN is taken' came w0 known list pin="$PIN:66778899" "pin=$PIN:66778899: {}"
ok 'the old one opens no more' came w0 known check="$PIN" "check=$PIN: token.pin"
ok 'and back again' came w0 known list pin="66778899:$PIN" "pin=66778899:$PIN: {}"

# ---- what goes wrong: nothing is confirmed --------------------------------------------------
keys=$(objects 'Private Key')
unconfirmed() { # ID: no new certificate is valid, and the token is as before
	[ "$(at_ca "$1" valid)" = 0 ] && [ "$(objects 'Private Key')" = "$keys" ]
}
for row in 'w2 readonly token.readonly' 'w3 full token.full' 'w4 nokeys token.mechanism' 'w5 locked token.locked'; do
	read -r who word code <<<"$row"
	says "$word"
	ok "a token that is $word is refused in its own words" came "$who" paid issue="$PIN" "issue=$PIN: $code"
	says ''
	ok "nothing was confirmed ($word)" unconfirmed "$who"
done
says gone
ok 'without a token there is a sentence' came w6 paid issue="$PIN" "issue=$PIN: token.none"
says ''
wrong() { # the third wrong PIN is the last one
	customer w7 paid issue=00000000 issue=00000000 issue=00000000 | tee "$e2e_dir/said"
	[ "$(grep -c ': token.pin$' "$e2e_dir/said")" = 2 ] && [ "$(grep -c ': token.locked$' "$e2e_dir/said")" = 1 ]
}
ok 'three wrong PINs and no more' wrong
ok 'the list says that it is locked' bash -c "grep -q '\"pin\": \"locked\"' <<<'$(customer w7 known list)'"
ok 'nothing was confirmed (PIN)' unconfirmed w7
# plugged in again: the token itself knows nothing of it
branch_end "$run" token && branch_token "$run" && branch_wait 10 there

# ---- halfway -------------------------------------------------------------------------------
# filled up, or pulled out, between R and the certificate: told so, and once
# there is room, or it is in again, the same certificate is delivered
halfway() { # ID WORDS CODE
	customer "$1" paid says="$2" issue="$PIN" says= >"$e2e_dir/said"
	cat "$e2e_dir/said"
	grep -qxF "issue=$PIN: $3" "$e2e_dir/said" && [ "$(at_ca "$1" valid)" = 0 ] &&
		branch_wait 10 there	# with the customer goes the job
}
ok 'a token that fills up while it is written is told so, and nothing is confirmed' halfway w8 full=1 token.full
ok 'a token pulled while it is written is told so, and nothing is confirmed' halfway w9 gone=2 token.gone
ok 'the next issue on it clears what was left' came w10 paid issue="$PIN" "issue=$PIN: DONE"
ok 'no unfinished key is on it' bash -c '! grep -q unfinished' < <(p11 --list-objects)
ok 'and no more keys than certificates' test "$(objects 'Private Key')" = "$(($(objects Certificate) - 1))"
ok 'pulled, plugged in again, tried again: the same certificate is delivered' came w11 paid says=gone=2 \
	issue="$PIN" says= again="$PIN" "again=$PIN: DONE"
ok 'the CA has one valid certificate of that customer' test "$(at_ca w11 valid)-$(at_ca w11 revoked)" = 1-1
ok 'given up instead, the CA withdraws it' came w12 paid says=gone=2 issue="$PIN" says= cancel until=CANCELLED \
	'until=CANCELLED: CANCELLED'
ok 'nothing of that customer is valid' test "$(at_ca w12 valid)" = 0
lost() { # dasi-token killed while the certificate waits
	customer w13 paid says=full=1 issue="$PIN" >/dev/null
	branch_wait 10 there
	kill -KILL "$(cat "$run/pids/token")"
	branch_wait 10 branch_gone "$run" token && : >"$TOKEN_SHIM" && branch_token "$run" && branch_wait 20 there
}
ok 'dasi-token killed in the middle comes back' lost
ok 'a new attempt goes through' came w13 paid issue="$PIN" "issue=$PIN: DONE"
ok 'no unfinished key is on it then' bash -c '! grep -q unfinished' < <(p11 --list-objects)

# ---- at a real kiosk ------------------------------------------------------------------------
ids() { p11 --list-objects --type privkey | sed -n 's/.*ID: *//p'; }
before=$(ids)
drive_open "$run" 80x24
at_token() { # PERSON
	drive_to_fee "$run" "$1" && drive_keys Enter && drive_see 20 '어디에 저장할까요' && drive_see 5 '보안토큰' && drive_text 4 &&
		drive_see 20 '어느 보안토큰에' && drive_see 5 practice
}
ok 'a customer at the kiosk chooses the token' at_token w14
pin() { drive_keys Enter && drive_see 10 'PIN을 입력해' && drive_text "$1" && drive_keys Enter; }
ok 'the PIN is typed, hidden' eval 'drive_keys Enter && drive_see 10 "PIN을 입력해" && drive_text 00000000 && not drive_shows 00000000'
ok 'a wrong one is told' eval 'drive_keys Enter && drive_see 20 "(PIN)가 맞지 않습니다"'
ok 'and asked for again, with what is left' eval 'drive_keys Enter && drive_see 20 "어느 보안토큰에" && drive_see 5 "틀린 적이"'
ok 'the right one brings the certificate' eval 'pin "$PIN" && drive_see 30 "새 인증서를"'
ok 'the CA has it valid' branch_wait 10 eval '[ "$(at_ca w14 valid)-$(at_ca w14 revoked)" = 1-1 ]'

# ---- looked at afterwards, at the kiosk --------------------------------------------------------
ok 'and it is saved' drive_see 60 '저장되었습니다'
ok 'the screen speaks of the token' eval 'drive_see 5 "저장한 곳         보안토큰 practice" && drive_see 5 "이제 보안토큰을 빼셔도"'
drive_home
rid() { # ID: everything of one certificate leaves the token
	local t
	for t in privkey pubkey cert; do p11 --delete-object --type $t --id "$1" >/dev/null; done
}
own=$(ids | grep -vxF -- "${before:-none}")
alone() { # ID: of all certificates only this one is left
	local id
	[ -n "$1" ] || return 1
	for id in $(ids); do [ "$id" = "$1" ] || rid "$id"; done
	[ "$(ids)" = "$1" ]
}
ok 'of all the certificates only that one is left on the token' alone "$own"
to_list() { drive_see 10 '공동인증서를 잃어버리셨나요' && drive_keys 4 && drive_see 20 '보안토큰 practice'; }
to_pin() { to_list && drive_keys 1 && drive_see 10 '보안토큰의 PIN을 입력해'; }
look() { to_pin && drive_text "$PIN" && drive_keys Enter && drive_see 30 "$1"; }
again() { ok 'the first screen again' drive_home; }
says_screen() { ok "$1" drive_shows "$2"; }
ok 'the working check: it is well' look '인증서가 정상입니다'
says_screen 'opened by the PIN' 'PIN으로 열림'
says_screen 'the responder said so just now' '발급 기관에 지금 확인'
says_screen 'which it is' '은행/보험용 (개인)'
ok 'the PIN is not on the screen' not drive_shows "$PIN"
again
with_number() { # PERSON TEXT
	to_pin && drive_text "$PIN" && drive_keys Tab Space && drive_see 5 '주민등록번호' && drive_keys Tab &&
		drive_text "$(branch_person "$run" "$1" .resident_number)" && drive_keys Enter && drive_see 30 "$2"
}
ok 'with their number it is well' with_number w14 '인증서가 정상입니다'
says_screen 'it is theirs' '본인의 인증서'
again
ok 'with the number of another it is not' with_number w1 '인증서에 문제가 있습니다'
again

wrong_one() { to_pin && drive_text 00000000 && drive_keys Enter && drive_see 20 '(PIN)가 맞지 않습니다'; }
ok 'a wrong PIN is told' wrong_one
says_screen 'with what is left' 'PIN을 틀린 적이'
right_one() { drive_text "$PIN" && drive_keys Enter && drive_see 30 '인증서가 정상입니다'; }
ok 'the right one is taken on the same screen' right_one

change() { # OLD NEW TEXT
	drive_keys F5 && drive_see 10 '보안토큰의 PIN을 바꿉니다' && retype "$@"
}
retype() {
	drive_text "$1" && drive_keys Tab && drive_text "$2" && drive_keys Tab && drive_text "$2" &&
		drive_keys Enter && drive_see 30 "$3"
}
ok 'a PIN the token does not take is told' change "$PIN" 12 '이 PIN을 받지 않습니다'
old=$PIN
ok 'another one is taken' retype "$old" 66778899 'PIN을 바꾸었습니다'
PIN=66778899
says_screen 'and the certificate is as it was' '인증서가 정상입니다'
again
refused() { to_pin && drive_text "$old" && drive_keys Enter && drive_see 20 '(PIN)가 맞지 않습니다'; }
ok 'the old one opens no more' refused
ok 'the new one does' right_one
again

pulled() {
	to_pin && says gone && drive_text "$PIN" && drive_keys Enter && branch_wait 20 pulled_told
}
pulled_told() { drive_shows '보안토큰이 빠졌습니다' || drive_shows '보안토큰이 보이지 않습니다'; }
ok 'pulled between list and check: told so' pulled
says ''
ok 'plugged in again it is checked' right_one
again
says gone
none() { drive_see 10 '공동인증서를 잃어버리셨나요' && drive_keys 4 && drive_see 20 '보안토큰은 꽂으신 다음'; }
ok 'without one the screen says how' none
says ''
ok 'plugged in, F5 finds it' eval 'drive_keys F5 && drive_see 10 "보안토큰 practice"'
again

ok 'its loss is reported' drive_to_held "$run" w14 2
drive_keys Enter
drive_see 10 '접수번호는' >/dev/null
again
ok 'then it is not well' look '인증서에 문제가 있습니다'
says_screen 'it is on hold' '정지'
again
ok 'a new one comes onto the token in its place' came w14 paid issue="$PIN" "issue=$PIN: DONE"
ok 'which is taken off it' alone "$own"
ok 'the old one is not well' look '인증서에 문제가 있습니다'
says_screen 'it is revoked' '폐지'
again
rid "$own"
ok 'a token without a certificate is told plainly' look '이 보안토큰에는 인증서가 없습니다'
says_screen 'and that the PIN was right' 'PIN은 맞습니다'
again
locks() { # the third wrong PIN in a row
	local i
	to_pin || return 1
	for i in 1 2 3; do
		drive_text 00000000 && drive_keys Enter || return 1
		if [ $i = 3 ]; then drive_see 20 '잠겼습니다'; else drive_see 20 '(PIN)가 맞지 않습니다' && drive_keys F3 &&
			drive_see 5 'The PIN' && drive_keys F3 && drive_see 5 '(PIN)가'; fi || return 1
	done
}
ok 'after three wrong PINs it is locked here' locks
again
ok 'and the list says so' eval 'to_list && drive_see 5 "PIN이 잠겼습니다"'
ok 'no log has a PIN' not grep -rqE "$PIN|$old" "$run/log"
