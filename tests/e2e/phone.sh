#!/bin/bash
# A whole delivery to a phone: the kiosk in xterm shows the QR, two readers read
# it from screenshots at 80x24 and 120x40 in two fonts, Chromium opens what they
# read, its digits are typed at the kiosk, the files come down, the CA has the
# confirmation; and the same without a word from the phone is no delivery.
set -u
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/browser/setup.sh.inc
. tests/e2e/browser/xterm.sh.inc
browser_setup || exit 0
xterm_setup || exit 0
run=$e2e_dir/run
DRIVE_WHERE=2
branch_start "$run"
drive_open "$run" 80x24

to_qr() { # PERSON
	local password
	password=$(branch_person "$run" "$1" .certificate_password)
	drive_to_fee "$run" "$1" && drive_keys Enter && drive_new_password "$password" &&
		drive_see 30 '휴대폰을 기다립니다'
}
# the kiosk's screen in an xterm of its own, until it stands still
shown() { # NAME COLSxROWS FONT
	drive_tmux resize-window -x "${2%x*}" -y "${2#*x}"
	xterm_run "$e2e_dir/$1" "$2" "$3" -e sh -c \
		'echo begun >&2; exec env -u TMUX tmux -u -L "$0" attach' "$drive_name"
	[ -s "$e2e_dir/$1.png" ]
}
zbar() { zbarimg -q --raw -Sdisable -Sqrcode.enable "$e2e_dir/$1.png" 2>/dev/null | tr -d '\n'; }
zxing() { ZXingReader -format QRCode -bytes "$e2e_dir/$1.png" 2>/dev/null | tr -d '\r\n'; }
both_read() { # NAME
	local a b
	a=$(zbar "$1") b=$(zxing "$1")
	echo "zbar '$a', ZXing '$b'"
	[ -n "$a" ] && [ "$a" = "$b" ] && [ "$a" = "${url:-$a}" ] && [[ $a == https://*/d/????????????????#* ]] && url=$a
}
look() { # COLSxROWS FONT
	local name=${2%%[ :]*}-$1
	shown "$name" "$1" "$2" || return 1
	branch_wait 5 both_read "$name" && both_read "$name"
}
url=
ok 'a customer chooses the phone and gets a QR' to_qr hong || exit
for font in 'DejaVu Sans Mono:size=12' 'NanumGothicCoding:size=12'; do
	for size in 80x24 120x40; do
		ok "$size, ${font%%:*}: both readers read the kiosk's QR" look $size "$font"
	done
done
ok 'it fits the small code' test ${#url} -le 84
drive_tmux resize-window -x 80 -y 24

# ---- the phone ----
at=$e2e_dir/phone
mkdir "$at"
timeout 120 node tests/e2e/browser/kiosk.mjs "$url" "$at" >"$at/out" 2>&1 &
phone=$!
ok 'the kiosk waits for the digits that the phone shows' drive_see 30 '숫자 6자리를 입력'
ok 'the phone shows six' branch_wait 20 test -s "$at/digits"
serials() { branch_control "$run" /state | jq -r '.certificates[] | select(.state == "'"$1"'") | .serial'; }
serials unconfirmed >"$e2e_dir/before"
ok 'nothing is confirmed yet' test "$(wc -l <"$e2e_dir/before")" = 1
drive_text "$(cat "$at/digits")"
drive_keys Enter
wait $phone || e2e_failed=1
cat "$at/out"
ok 'the kiosk says that it is saved' drive_see 30 '새 인증서가 저장되었습니다'
confirmed() { serials valid | grep -qxF "$(cat "$e2e_dir/before")"; }
ok 'the CA has confirmed the new one' branch_wait 20 confirmed
password=$(branch_person "$run" hong .certificate_password)
opens() { openssl pkcs12 -in "$at/$1.p12" -passin "pass:$password" -nodes >"$at/$1.txt" 2>&1; }
serial_of() { openssl x509 -in "$at/$1.txt" -noout -serial | cut -d= -f2; }
for p in compatible strong; do
	ok "$p: openssl opens it with the customer's password" opens $p
	ok "$p: R is in it" grep -qE '1\.2\.410\.200004\.10\.1\.1\.3: ([0-9A-F]{2} ?){20}' "$at/$p.txt"
	ok "$p: dasi finds the pair good" bash -c '"$1" cert verify "$2" --json --password-fd 3 3<<<"$3" |
		grep -F "\"name\":\"r\",\"result\":\"good\"" | grep -qF "\"name\":\"signature\",\"result\":\"good\""' _ "$BIN/dasi" "$at/$p.p12" "$password"
done
ok 'both are of the certificate that the CA confirmed' test "$(serial_of compatible)" = "$(serial_of strong)"
drive_keys Enter
drive_see 10 "${DRIVE_AFTER:-다시 등록}" && drive_keys Enter
ok 'the receipt follows' drive_see 10 '접수번호는'
drive_keys Enter
ok 'and the first screen' drive_see 10 '공동인증서를 잃어버리셨나요'

# ---- dasi-handoff dies while the customer looks at the QR ----
url=
ok 'the next customer gets a QR' to_qr kim
branch_kill() { kill -KILL "$(cat "$run/pids/handoff")"; branch_wait 5 branch_gone "$run" handoff; }
branch_kill
ok 'killed: the kiosk says that the connection is lost' drive_see 20 '연결이 끊겼습니다'
ok 'and that nothing is saved' drive_see 5 '아직 저장되지 않았습니다'
branch_spawn "$run" handoff "$BIN/dasi-handoff" --config "$run/dasi.conf"
again() { drive_keys F5; drive_see 5 '휴대폰을 기다립니다'; }
ok 'started again: a new QR at a key' branch_wait 20 again
ok 'that both readers read' look 80x24 'DejaVu Sans Mono:size=12'
ok 'the CA was told nothing' test "$(serials unconfirmed | wc -l)" = 1
ok 'the log of dasi-handoff has no secret' not grep -qF "${url#*#}" "$run/log/handoff.log"

# ---- the same through the relay at head office ----
office=$e2e_dir/office
mkdir "$office"
browser_handoff_conf "$office" none
branch_end "$run" handoff
branch_spawn "$run" relay "$BIN/dasi-handoff" --relay --config "$office/relay.conf"
branch_wait 10 test -s "$run/log/relay.out"
sed -i 's#base = .*#base = "https://127.1:'"$(jq .port "$run/log/relay.out")"'"#' "$office/relay.conf"
sed -i 's#listen = .*#listen = "127.0.0.1:'"$(jq .port "$run/log/relay.out")"'"#' "$office/relay.conf"
branch_end "$run" relay
branch_spawn "$run" relay "$BIN/dasi-handoff" --relay --config "$office/relay.conf"
branch_wait 10 test -s "$run/log/relay.out"
cat >>"$run/dasi.conf" <<CONF
handoff { placement = "relay" base = "" relay = "127.0.0.1:$(jq .branches "$run/log/relay.out")"
  cert = "$office/branch.pem" key = "$office/branch.key" ca = "$office/ca.pem" }
CONF
branch_spawn "$run" handoff "$BIN/dasi-handoff" --config "$run/dasi.conf"
url= at=$office
ok 'relay: a new QR at a key' branch_wait 20 again
ok 'relay: that both readers read' look 80x24 'DejaVu Sans Mono:size=12'
ok 'relay: it is the address of head office' test "${url%%/d/*}" = "https://127.1:$(jq .port "$run/log/relay.out")"
listens() { ss -Hltnp | grep -q "pid=$(cat "$run/pids/$1"),"; }
ok 'relay: the branch listens nowhere' not listens handoff
ok 'relay: head office does' listens relay
timeout 120 node tests/e2e/browser/kiosk.mjs "$url" "$at" >"$at/out" 2>&1 &
phone=$!
ok 'relay: the kiosk waits for the digits' drive_see 30 '숫자 6자리를 입력'
branch_wait 20 test -s "$at/digits"
serials unconfirmed >"$e2e_dir/before"
drive_text "$(cat "$at/digits")"
drive_keys Enter
wait $phone || e2e_failed=1
sed 's/ - / - relay: /' "$at/out"
ok 'relay: the kiosk says that it is saved' drive_see 30 '새 인증서가 저장되었습니다'
ok 'relay: the CA has confirmed the new one' branch_wait 20 confirmed
password=$(branch_person "$run" kim .certificate_password)
ok "relay: openssl opens the file with the customer's password" opens compatible
ok 'relay: R is in it' grep -qE '1\.2\.410\.200004\.10\.1\.1\.3: ([0-9A-F]{2} ?){20}' "$at/compatible.txt"
branch_end "$run" relay

# ---- too little time for another QR: 120 s in all, 100 until the CA is told ----
branch_end "$run" handoff
branch_end "$run" agent
sed -i '/^handoff { placement = "relay"/,/}/d' "$run/dasi.conf"
echo 'peers { issue_timeout_s = 120 }' >>"$run/dasi.conf"
branch_spawn "$run" agent "$BIN/dasi-agent" --config "$run/dasi.conf"
branch_spawn "$run" handoff "$BIN/dasi-handoff" --config "$run/dasi.conf"
first() { drive_shows '공동인증서를 잃어버리셨나요' || { drive_keys F10; return 1; }; }
branch_wait 30 first
ok 'short of time: a customer gets a QR' to_qr hong
left() { drive_screen | grep -oE '남은 시간 [0-9]:[0-9]{2}' | grep -oE '[0-9]:[0-9]{2}'; }
less() { [ "$(left | tr -d :)" -lt "$1" ]; }
ok 'short of time: it lives no longer than the CA waits' less 140
ok 'short of time: and shows what is left' branch_wait 60 less 59
ok 'short of time: and that it is the last' drive_see 5 '마지막 QR입니다'
branch_end "$run" handoff
ok 'short of time: lost, it can be made anew' drive_see 20 '새 QR'
branch_spawn "$run" handoff "$BIN/dasi-handoff" --config "$run/dasi.conf"
again() { drive_keys F5; drive_see 3 '정해진 시간 안에 저장하지 못해'; }
ok 'short of time: no QR that nobody could finish, but a sentence' branch_wait 20 again
ok 'short of time: what happens next is said' drive_see 5 '추가 비용 없이 다시 만들어 드립니다'
none() { [ "$(serials unconfirmed | wc -l)" = 0 ]; }
ok 'short of time: the certificate is taken back' branch_wait 20 none
drive_keys Enter
password=$(branch_person "$run" hong .certificate_password)
ok 'short of time: a new one with its whole time' eval 'drive_new_password "$password" && drive_see 30 휴대폰을\ 기다립니다 && not less 120'
