#!/bin/bash
# The programs of a branch, killed and started in every order: nothing reported
# is lost, the kiosk says so and comes back, a wrong setting is told where it is.
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc
run=$e2e_dir/run
mkdir -p "$run"
{
	invent bom 봄비 "$(invent_number 910301 2 301)"
	invent gil 가을길 "$(invent_number 910302 1 302)"
} | invent_file >"$run/invented.json"
branch_start "$run" "$run/invented.json" || exit 1
drive_open "$run" 80x24
said() { grep -q "$2" "$run/log/$1.log"; }	# PROGRAM PATTERN
kill_now() { # PROGRAM: as a power cut would
	kill -KILL "$(cat "$run/pids/$1")" && branch_wait 10 branch_gone "$run" "$1"
}
start() { branch_spawn "$run" "$1" "$BIN/dasi-$1" --config "$run/dasi.conf"; }

# ---- a second agent ----
ok 'the first screen' drive_see 20 '공동인증서를 잃어버리셨나요'
second() {
	timeout 20 "$BIN/dasi-agent" --config "$run/dasi.conf" 2>"$e2e_dir/second.log"
	test $? -eq 3
}
ok 'a second agent on the same state ends with status 3' second
ok 'and says that another one serves' grep -q 'another dasi-agent serves' "$e2e_dir/second.log"
ok 'the first one is not disturbed' drive_to_identity
ok 'the socket is still the first one' test -S "$(cat "$run/socket.path")"
drive_home >/dev/null 2>&1

# ---- killed while the hold is not yet confirmed ----
ok 'a customer comes to the list' drive_to_certs "$run" bom
branch_control "$run" /fault '{"at":"rr","action":"drop_before","count":1000}' >/dev/null
drive_keys 1
ok 'and reports the loss' drive_loss
ok 'the hold is on its way' drive_see 10 '정지하고 있습니다'
kill_now agent
ok 'agent killed: the kiosk is out of service' drive_see 10 '점검 중입니다'
ok 'agent killed: and shows nothing of the customer' drive_see_no 1 '봄'
ok 'agent killed: at the CA nothing is stopped yet' at_ca bom 'map(.state) == ["valid"]'
branch_control "$run" /reset_faults '{}' >/dev/null
start agent
ok 'agent back: the kiosk comes back by itself' drive_see 20 '공동인증서를 잃어버리셨나요'
stopped() { at_ca bom 'map(.state) == ["suspended"]'; }
ok 'agent back: the report was not lost, the CA has the hold' branch_wait 60 stopped
ok 'agent back: net and media came back too' branch_wait 20 said agent 'health: ca 1, registry 1, media 1'
resume() { drive_to_certs "$run" bom && drive_keys 1 && drive_see 20 '인증서를 정지했습니다'; }
ok 'the customer goes on where it stood' resume
finish() {
	drive_apply "$run" bom && drive_see 20 '내실 수수료가 없습니다' && drive_keys Enter &&
		drive_password 'Dasi!2026test' && branch_stick_in "$run" RAIN &&
		drive_see 20 '남은 공간' && drive_keys Enter && drive_see 60 '새 인증서가 저장되었습니다'
}
ok 'to a finished certificate' finish
ok 'one is valid, the old one revoked' at_ca bom '(map(.state) | sort) == ["revoked", "valid"]'
ok 'the first screen again' drive_to_end
branch_stick_out "$run"

# ---- killed between "issued" and "saved" ----
in_the_middle() { # dasi-media stands still, so that the agent dies mid-way
	drive_to_stick "$run" gil && branch_stick_in "$run" MID && drive_see 20 '남은 공간' || return 1
	kill -STOP "$(cat "$run/pids/media")"
	drive_keys Enter
	branch_wait 20 writing || { drive_screen; return 1; }
	workers=$(pgrep -P "$(cat "$run/pids/agent")") || return 1
	kill_now agent
	kill -CONT "$(cat "$run/pids/media")"
}
writing() { drive_screen | grep -q 'USB에 저장 .*진행 중'; }
ok 'a customer is at the saving when the agent is killed' in_the_middle
ok 'the kiosk is out of service' drive_see 10 '점검 중입니다'
gone() { local p; for p in $workers; do ! kill -0 "$p" 2>/dev/null || return 1; done; }
ok 'no dasi-key outlives its agent' branch_wait 20 gone
ok 'none is valid at the CA, the old one is suspended' at_ca gil \
	'all(.state != "valid") and any(.replaces == "" and .state == "suspended")'
start agent
ok 'the kiosk comes back' drive_see 20 '공동인증서를 잃어버리셨나요'
ok 'net and media come back' branch_wait 20 said agent 'health: ca 1, registry 1, media 1'
back() {
	drive_to_certs "$run" gil && drive_keys 1 && branch_wait 20 offered &&
		{ drive_shows '다시 하기' || drive_keys Enter; } && go_on
}
offered() { drive_shows '다시 하기' || drive_shows '내실 수수료가 없습니다'; }
go_on() {
	if drive_shows '다시 하기'; then drive_retry 'Dasi!2026test'; else drive_password 'Dasi!2026test'; fi &&
		drive_see 20 '남은 공간' && drive_keys Enter && drive_see 60 '새 인증서가 저장되었습니다'
}
ok 'the customer comes back and gets the certificate' back
ok 'one is valid, the old one revoked' at_ca gil \
	'(map(select(.state == "valid")) | length == 1) and any(.replaces == "" and .state == "revoked")'
if ! ok 'the first screen again' drive_to_end; then
	drive_close "$run"
	drive_open "$run" 80x24
fi
branch_stick_out "$run"

# ---- net and media ----
kill_now net
ok 'net killed: the first screen says so' drive_see 20 '본인 확인 기관과 연결되지 않아'
start net
ok 'net back: it goes on' drive_see_no 20 '본인 확인 기관과 연결되지 않아'
kill_now media
ok 'media killed: the first screen says so' drive_see 20 'USB 저장을 할 수 없습니다'
start media
ok 'media back: it goes on' drive_see_no 20 'USB 저장을 할 수 없습니다'
branch_end "$run" agent
ok 'agent ended: out of service' drive_see 10 '점검 중입니다'
start agent
ok 'agent back: in service, with net and media' drive_see 20 '공동인증서를 잃어버리셨나요'
ok 'and they connected again' branch_wait 20 said agent 'health: ca 1, registry 1, media 1'

# ---- a wrong dasi.conf ----
refuses() { # PROGRAM FILE PATTERN
	timeout 20 "$BIN/dasi-$1" --config "$2" >/dev/null 2>"$e2e_dir/conf.log" </dev/null
	test $? -eq 3 && grep -E "$3" "$e2e_dir/conf.log"
}
wrong() { # SENTENCE LINE WORDS
	local p
	printf 'practice = true\nbranch { name = "역삼지점" }\n%s\n' "$2" >"$e2e_dir/wrong.conf"
	for p in agent net media kiosk; do
		ok "dasi-$p: $1 is told with file, line and what was expected" \
			refuses $p "$e2e_dir/wrong.conf" "/wrong\.conf:3: .*$3"
	done
}
wrong 'a number that is none' 'kiosk { idle_s = many }' 'idle_s = "many"; expected 5 to 3600'
wrong 'a number out of range' 'kiosk { idle_s = 2 }' 'idle_s = "2"; expected 5 to 3600'
wrong 'an unknown setting' 'speed = 3' "no such option 'speed'; expected one of"
wrong 'a comma too many' 'role kiosk { users = {"@self"}, }' 'unexpected token'
wrong 'a wrong address' 'peers { cmp_url = "ftp://x" }' 'expected an address'
ok 'a missing file is told' refuses agent "$e2e_dir/none.conf" 'none\.conf.*expected a readable file'
printf '# one\n# two\npractice = perhaps\n' >"$e2e_dir/wrong.conf"
ok 'the line is the right one, also after comments' refuses kiosk "$e2e_dir/wrong.conf" \
	'/wrong\.conf:3: practice = "perhaps"; expected true or false'
printf '\xff\xfe\x00' >"$e2e_dir/wrong.conf"
ok 'bytes that are no text are refused' refuses agent "$e2e_dir/wrong.conf" '/wrong\.conf:1'
printf short >"$e2e_dir/short.key"
sed "s|device_key = .*|device_key = \"$e2e_dir/short.key\"|; s|state = \".*\"|state = \"$e2e_dir/s2\"|; s|socket = \".*\"|socket = \"$e2e_dir/s2.sock\"|" \
	"$run/dasi.conf" >"$e2e_dir/short.conf"
mkdir -m 700 "$e2e_dir/s2"
ok 'a device key that is none is refused' refuses agent "$e2e_dir/short.conf" 'device'
