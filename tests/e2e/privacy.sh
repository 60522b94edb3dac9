#!/bin/bash
# After a customer's session nothing of the person is left: no resident number,
# password or key in any process (the sandbox, which plays the authorities,
# aside), in no file of the agent, and not in what the terminal was sent.
. "$(dirname "$0")/lib.sh.inc"
run=$e2e_dir/run
branch_start "$run"
drive_open "$run" 80x24
drive_tmux pipe-pane -o "cat >'$run/terminal.bytes'"
ok 'a customer finishes a reissue' drive_reissue "$run" hong
drive_keys Enter
ok 'the attract screen is back' drive_see 10 '공동인증서를 잃어버리셨나요'

number=$(branch_person "$run" hong .resident_number)
password=$(branch_person "$run" hong .certificate_password)
leaf=$(find "$run/media/STICK/NPKI" -name signPri.key | head -1)
hex() { od -An -v -tx1 | tr -d ' \n'; echo; }
reversed() { fold -w2 | tac | tr -d '\n'; echo; }

# the private key's own numbers, both byte orders (OpenSSL keeps little-endian limbs)
exec 3<<<"$password"
"$BIN/dasi" cert export "$(dirname "$leaf")" --out "$e2e_dir/x.p12" --password-fd 3 >/dev/null 2>&1
openssl pkcs12 -in "$e2e_dir/x.p12" -nodes -nocerts -passin "pass:$password" 2>/dev/null |
	openssl rsa -noout -text 2>/dev/null >"$e2e_dir/key.txt"
key_number() { # NAME
	awk -v want="$1:" '$1 == want { on = 1; next } on && /^[a-zA-Z]/ { exit } on { print }' \
		"$e2e_dir/key.txt" | tr -d ' :\n' | sed 's/^00//' | cut -c1-64
}
{
	printf %s "$number" | hex
	printf %s "${number:0:6}-${number:6}" | hex
	printf %s "$password" | hex
	for n in privateExponent prime1 prime2; do
		key_number $n
		key_number $n | reversed
	done
} >"$e2e_dir/patterns"
ok 'the patterns of number, password and key are there to look for' \
	test "$(grep -cE '^[0-9a-f]{16,}$' "$e2e_dir/patterns")" -eq 9

if [ "$(id -u)" = 0 ]; then
	for p in kiosk agent net media; do
		ok "nothing of the person is in dasi-$p's memory" \
			"$BIN/scan-memory" "$e2e_dir/patterns" "$(cat "$run/pids/$p")"
	done
	ok 'no dasi-key is left running' not pgrep -P "$(cat "$run/pids/agent")"
	# a copy planted in a process is found
	SECRET=$password tail -f /dev/null &
	planted=$!
	ok 'a planted copy is found' not "$BIN/scan-memory" "$e2e_dir/patterns" $planted
	kill $planted
else
	skip 'nothing of the person is in any memory' 'needs root to read other processes'
fi

raw() { # FILE...: none of the patterns' bytes
	local p
	while read -r p; do
		if cat "$@" | hex | grep -q "$p"; then echo "found $p"; return 1; fi
	done <"$e2e_dir/patterns"
}
ok 'nothing of the person was sent to the terminal' raw "$run/terminal.bytes"
cp -r "$run/state" "$e2e_dir/state"
ok 'nothing of the person is in a file of the agent' raw "$e2e_dir"/state/*
ok 'nothing of the person is in a log' raw "$run"/log/{agent,net,media,kiosk}.log
printf %s "xx${number}yy" >"$e2e_dir/state/planted"
ok 'a planted copy in a file is found' not raw "$e2e_dir"/state/*
ok 'the name is not in the agent'\''s files either' not grep -rqa '홍길동' "$run/state"
ok 'the clean screen has no scrollback' test "$(drive_tmux display -p '#{history_size}')" -eq 0

# ---- a certificate that goes to a phone -------------------------------------
# dasi-handoff never has the secret of the QR nor a file; the agent has both no
# longer than it takes.
at=$e2e_dir/phone
mkdir -p "$at"
phone_scans() { # the QR of the screen, read as a camera would
	drive_tmux capture-pane -p -e -N | tests/support/screen_image.py >"$at/screen.pgm" &&
		zbarimg -q --raw -Sdisable -Sqrcode.enable "$at/screen.pgm" 2>/dev/null >"$at/url" &&
		grep -q '^https://.*#' "$at/url"
}
phone_claims() {
	node tests/e2e/privacy_phone.mjs "$(cat "$at/url")" "$at" >"$at/log" 2>&1 &
	phone=$!
	branch_wait 15 test -s "$at/digits"
}
until_received() { # PERSON: up to a phone that has the files and has not said so
	export DRIVE_WHERE=2
	drive_to_fee "$run" "$1" && drive_keys Enter &&
		drive_new_password "$(branch_person "$run" "$1" .certificate_password)" &&
		drive_see 30 '휴대폰을 기다립니다' && branch_wait 10 phone_scans &&
		phone_claims && drive_see 10 '숫자 6자리를 입력' && drive_text "$(cat "$at/digits")" &&
		drive_keys Enter && branch_wait 30 test -s "$at/received"
}
nobody_has() { # PROGRAM...
	local p
	for p in "$@"; do
		"$BIN/scan-memory" "$at/patterns" "$(cat "$run/pids/$p")" || return 1
	done
}
if command -v node >/dev/null && command -v zbarimg >/dev/null && [ "$(id -u)" = 0 ]; then
	ok 'a phone scans the screen, its digits are typed, it has the files' until_received kim
	ok 'the patterns of secret and files are there to look for' \
		test "$(grep -cE '^[0-9a-f]{64,}$' "$at/patterns")" -eq 4
	ok 'dasi-handoff has neither secret nor file, while it holds them sealed' nobody_has handoff
	ok 'a copy is found: the agent still has the secret' not nobody_has agent
	touch "$at/go"
	ok 'the phone says that it has them' wait "$phone"
	ok 'and the certificate is saved' drive_see 30 '새 인증서가 저장되었습니다'
	drive_keys Enter
	drive_see 10 "${DRIVE_AFTER:-다시 등록}" && drive_keys Enter
	drive_see 10 '접수번호' && drive_keys Enter
	ok 'the attract screen is back' drive_see 10 '공동인증서를 잃어버리셨나요'
	ok 'afterwards nobody has them' nobody_has handoff agent kiosk net media
	cp -r "$run/state" "$e2e_dir/state-phone"
	cp "$at/patterns" "$e2e_dir/patterns"
	ok 'nor any file of the agent' raw "$e2e_dir"/state-phone/*
	ok 'nor any log' raw "$run"/log/*.log
else
	skip 'nothing of a handoff is left' 'needs root, node and zbarimg'
fi
