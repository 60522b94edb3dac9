#!/bin/bash
# Whatever the CA or the registry does wrong: nothing is exported, nothing is
# confirmed, the old certificate stays suspended, the screen says where it
# stands, and when the fault is over the customer gets there, for no charge.
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc
run=$e2e_dir/run
mkdir -p "$run"
people=0
person() { # NAME: a new customer for each fault
	people=$((people + 1))
	invent "p$people" "$1" "$(invent_number 900101 1 "$(printf %03d $people)")"
}
for n in 가 나 다 라 마 바 사 아 자 차 카 타 파 하 거 너; do
	person "다시$n"
done > >(invent_file >"$run/invented.json")
wait $!

# Short limits: a slow CA is met in seconds.
eval "$(declare -f branch_conf | sed '1s/branch_conf/plain_conf/')"
branch_conf() {
	plain_conf "$1"
	printf 'peers {\n  timeout_ms = 1500\n  issue_timeout_s = 60\n}\nhandoff { placement = "none" }\n' >>"$1/dasi.conf"
}
branch_start "$run" "$run/invented.json" || exit 1
drive_open "$run" 80x24

fault() { branch_control "$run" /fault "$1" | jq -e .ok; }
calm() { branch_control "$run" /reset_faults '{}' >/dev/null; }

exported() { find "$run/media" "$run/drawer" \( -name signCert.der -o -name signPri.key -o -name '*.p12' \) -path "*/$who/*" 2>/dev/null | grep .; }
# the CA: not one valid, the old one suspended and never anything else since
only_held() {
	at_ca "$who" '(map(select(.state == "valid")) | length) == 0 and
		(map(select(.replaces == "")) | all(.state == "suspended" and
		([.history[].state] == ["valid", "suspended"])))'
}
never_confirmed() {
	at_ca "$who" 'map(select(.replaces != "")) |
		all([.history[].state] | index("valid") == null)'
}
# one new valid certificate, the old one revoked, and that one on the stick
one_new() {
	local serial
	at_ca "$who" '(map(select(.state == "valid")) | length) == 1 and
		(map(select(.replaces == ""))[0].state == "revoked")' || return 1
	serial=$(at_ca "$who" 'map(select(.state == "valid"))[0].serial' | tr -d '"')
	openssl x509 -inform DER -noout -serial -in "$(exported | grep signCert)" | grep -i "$serial"
}
# at no instant two valid: each new one was valid only after the old was not
never_two() {
	at_ca "$who" '[.[].history[] | select(.state == "valid")] | length <= 2'
	at_ca "$who" '(map(select(.replaces == ""))[0].history | map(.state)) ==
		["valid", "suspended", "revoked"]'
}

to_stick() { # a stick named as the person waits in the slot
	who=p$((++turn))
	drive_to_stick "$run" $who && branch_stick_in "$run" $who && drive_see 20 '남은 공간'
}
turn=0

again() { # go on, from the screen or by the receipt number
	local number password
	password=$(branch_person "$run" $who .certificate_password)
	calm
	if drive_shows '다시 하기'; then
		drive_retry "$password" || return 1
	else
		number=$(drive_screen | grep -oE 'R-[0-9]{8}-[0-9]{4}' | head -1)
		drive_home && drive_to_status "$run" $who && drive_text "${number//[^0-9]/}" &&
			drive_keys Enter && drive_see 10 '이어서 하기' && drive_keys Enter &&
			drive_see 10 '수수료가 없습니다' && drive_keys Enter &&
			drive_password "$password" || return 1
	fi
	drive_see 10 '남은 공간' && drive_keys Enter && drive_see 40 '새 인증서가 저장되었습니다'
}
leave() { drive_to_end; branch_stick_out "$run"; }
start_over() { # a failed one must not take the others along
	calm
	drive_close "$run"
	branch_stick_out "$run"
	drive_open "$run" 80x24
}

# The request for a certificate goes wrong.
request() { # WHAT FAULT SENTENCE
	local done=
	ok "$1: a customer comes as far as the stick" to_stick && fault "$2" >/dev/null &&
		drive_keys Enter &&
		ok "$1: the screen says so" drive_see 40 "$3" &&
		ok "$1: and where it stands" drive_see 5 '지금 상태' &&
		ok "$1: and that the old one stays stopped" drive_see 5 '정지되어 있습니다. 다른 사람이' &&
		done=yes
	ok "$1: nothing is on the stick" not exported
	ok "$1: the old one is suspended, none is valid" only_held
	ok "$1: the CA was never told accepted" never_confirmed
	[ -n "$done" ] &&
		ok "$1: when it is over the customer gets the new one" again &&
		ok "$1: one valid certificate, on the stick, the old one revoked" one_new &&
		ok "$1: and never two" never_two &&
		ok "$1: the next customer can begin" leave && return
	start_over
}
ir() { printf '{"at":"ir","action":"%s","count":50,"delay_ms":2500}' "$1"; }

down='연결되지 않습니다' wrong='신청하신 인증서와 달라'
request 'CA down' "$(ir drop_before)" "$down"
request 'slow CA' "$(ir delay)" "$down"
request 'CA refuses' "$(ir refuse)" '받아들이지 않았습니다'
request 'CA answers 500' "$(ir http500)" "$down"
request 'answer lost' "$(ir drop_after)" "$down"
request 'garbage' "$(ir garbage)" "$wrong"
request "someone else's certificate" "$(ir wrong_subject)" "$wrong"
request 'a certificate over another key' "$(ir wrong_key)" "$wrong"
request 'a certificate with a wrong expiry' "$(ir wrong_expiry)" "$wrong"
request 'a certificate with a wrong VID' "$(ir wrong_vid)" "$wrong"
request 'registry down at enrolment' '{"at":"enrollment","action":"drop_before","count":50}' \
	'본인 확인 기관과 연결되지'

# The confirmation is lost: the pair is in the customer's hands and proven.
at_confirm() { drive_shows '확인만 남았습니다' || drive_shows '수령 확인'; }
confirmation() { # ACTION: with the CA having taken it or not
	local what="confirmation lost ($1)" s=
	ok "$what: a customer comes as far as the stick" to_stick &&
		fault "{\"at\":\"certConf\",\"action\":\"$1\",\"count\":50}" >/dev/null &&
		drive_keys Enter &&
		ok "$what: the screen waits for the CA" branch_wait 20 at_confirm &&
		ok "$what: and does not say it is done" drive_see_no 1 '저장되었습니다.' && s=yes
	ok "$what: the old one is still suspended" at_ca "$who" \
		'map(select(.replaces == ""))[0].state == "suspended"'
	calm
	[ -n "$s" ] &&
		ok "$what: it goes on by itself" drive_see 60 '새 인증서가 저장되었습니다' &&
		ok "$what: one valid certificate, the old one revoked" one_new &&
		ok "$what: and never two" never_two &&
		ok "$what: the next customer can begin" leave && return
	start_over
}
confirmation drop_before
confirmation drop_after

# The hold is lost on the way: "stopped" is not said before it is so.
hold() {
	who=p$((++turn))
	drive_to_certs "$run" $who && fault '{"at":"rr","action":"drop_before","count":3}' >/dev/null &&
		drive_keys 1 && drive_loss
}
ok 'hold lost: the report is taken' hold
ok 'hold lost: the screen says it is being stopped' drive_see 10 '정지하고 있습니다'
ok 'hold lost: and not that it is stopped' drive_see_no 1 '정지했습니다'
ok 'hold lost: it is tried until the CA says so' drive_see 40 '인증서를 정지했습니다'
ok 'hold lost: and the CA has it' only_held
if ! ok 'hold lost: the first screen again' drive_home; then start_over; fi

# The registry, before anything is known of the customer.
registry() { # ACTION
	who=p$turn
	drive_to_identity && fault "{\"at\":\"identity\",\"action\":\"$1\",\"count\":5}" >/dev/null &&
		drive_identity "$run" $who
}
for action in drop_before garbage; do
	ok "registry $action: the customer types what is on the card" registry $action
	ok "registry $action: the screen says who does not answer" drive_see 20 '본인 확인 기관과 연결되지'
	ok "registry $action: what was typed is kept" drive_see 5 "$(branch_person "$run" $who .name)"
	calm
	drive_keys Enter
	ok "registry $action: the same again goes through" drive_see 20 '한 번 더 확인하겠습니다'
	if ! ok "registry $action: the first screen again" drive_home; then start_over; fi
done

# Attempts cost nothing: one case for each customer, and no fee in any.
branch_end "$run" agent
db() { sqlite3 "file:$run/state/dasi.db?immutable=1" "$1"; }
ok 'every customer had one case, however many attempts' test \
	"$(db 'select count(*) from cases')" -eq "$(db 'select count(distinct person_tag) from cases')"
ok 'and nobody was charged' test "$(db 'select count(*) from cases where fee_won > 0')" -eq 0
