#!/bin/bash
# dasi doctor and dasi case on a real branch: healthy, with an agent that is
# gone, hung or refuses, and with each thing wrong that staff can put right.
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc
run=$e2e_dir/run
mkdir -p "$run/office" "$e2e_dir/tmp" "$run/small"
trap 'umount "$run/small" 2>/dev/null; e2e_end' EXIT
{
	invent nuri 누리달 "$(invent_number 910401 2 401)"
	invent haru 하루별 "$(invent_number 910402 1 402)"
} | invent_file >"$run/invented.json"
office_cert() { # DAYS: head office's certificate, DAYS from now
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$1" \
		-keyout "$run/office/key.pem" -out "$run/office/cert.pem" -subj '/C=KR/CN=Head Office' \
		-addext keyUsage=critical,keyAgreement
}
office_cert 365 2>/dev/null
DASI_HEAD_OFFICE=$run/office/cert.pem
branch_start "$run" "$run/invented.json" || exit 1
conf=$run/dasi.conf
start() { # PROGRAM: and wait for the agent's socket
	rm -f "$run/log/$1.log"
	branch_spawn "$run" "$1" "$BIN/dasi-$1" --config "$conf"
	[ "$1" != agent ] || branch_wait 10 grep -qs ready "$run/log/agent.log"
}
doctor() { # WANTED-EXIT [ENV=VALUE...]: into doctor.json
	local want=$1 got
	shift
	env LANGUAGE= LC_ALL=C TMPDIR="$e2e_dir/tmp" "$@" "$BIN/dasi" doctor --config "$conf" --json >"$e2e_dir/doctor.json" 2>"$e2e_dir/doctor.err"
	got=$?
	jq -c '.checks[] | select(.status != "ok" and .status != "skip")' "$e2e_dir/doctor.json"
	[ "$got" = "$want" ] || { echo "exit $got, not $want"; cat "$e2e_dir/doctor.err"; return 1; }
}
finds() { # CHECK STATUS KEY: in the last answer
	jq -e --slurp --arg n "$1" --arg s "$2" --arg k "$3" \
		'length == 1 and (.[0].checks | any(.name == $n and .status == $s and .key == $k))' "$e2e_dir/doctor.json" ||
		{ jq -c --arg n "$1" '.checks[] | select(.name == $n)' "$e2e_dir/doctor.json"; return 1; }
}
only() { # CHECK...: nothing else is wrong
	diff <(printf '%s\n' "$@" | sort) \
		<(jq -r '.checks[] | select(.status == "warn" or .status == "fail") | .name' "$e2e_dir/doctor.json" | sort)
}
fact() { jq -e --slurp "length == 1 and (.[0].facts | $1)" "$e2e_dir/doctor.json"; }
tool() { env LANGUAGE= LC_ALL=C "$BIN/dasi" "$@"; }
exits() { # CODE COMMAND...
	local want=$1 got
	shift
	"$@"
	got=$?
	[ $got -eq "$want" ] || { echo "exit $got, not $want"; return 1; }
}

# ---- healthy ----
healthy() { doctor 0; }
ok 'a healthy branch: nothing is found, exit 0' branch_wait 20 healthy
ok 'it answers one object for each check, in a fixed order' test \
	"$(jq -r '[.checks[].name] | join(" ")' "$e2e_dir/doctor.json")" = \
	'config files device_key agent watchdog database disk audit ship head_office ca registry media printer card phone_cert relay clock cases intents holds spool terminal'
ok 'each has name, status, what and do' jq -e --slurp '.[0].checks | length > 0 and all(has("name") and has("status") and has("what") and has("do"))' "$e2e_dir/doctor.json"
ok 'the facts came from the agent' fact '.from == "agent" and .agent.uptime_s >= 0 and .peers.ca and .peers.registry'
ok 'the log is read whole in the background' branch_wait 20 eval 'doctor 0 && fact ".audit.history == \"good\""'
ok 'the head-office certificate is known to its day' finds head_office ok head_office.good
plain() { # LANGUAGE PATTERN: as text
	LANGUAGE=$1 "$BIN/dasi" doctor --config "$conf" >"$e2e_dir/plain" && cat "$e2e_dir/plain" && grep -qE "$2" "$e2e_dir/plain"
}
ok 'as text in English' plain en '^ok    database    whole, schema [0-9]+$'
ok 'as text in Korean' plain ko '^정상  database    온전함, 스키마 [0-9]+$'
ok 'with a last line of totals' grep -qE '^정상 [0-9]+, 주의 0, 이상 0, 생략 [0-9]+$' "$e2e_dir/plain"
ok 'no colours, no control bytes' not grep -P '[\x00-\x09\x0b-\x1f\x7f]' "$e2e_dir/plain"
ok 'what it does not know it refuses: usage' exits 2 tool doctor --colour
ok 'and without settings it cannot look: environment' exits 3 tool doctor --config "$e2e_dir/none.conf"

# ---- cases ----
drive_open "$run" 80x24
ok 'a customer reports a loss' drive_to_held "$run" nuri
ok 'another one finishes' eval 'drive_close "$run"; drive_open "$run" 80x24; drive_reissue "$run" haru'
drive_close "$run"
drive_name=
list() { tool case list --config "$conf" --json "$@" >"$e2e_dir/list.json"; }
holds() { # FILE FILTER: an object, and true of it
	jq -e --slurp "length == 1 and (.[0] | $2)" "$1" || { cat "$1"; return 1; }
}
listed() { list "${@:2}" && holds "$e2e_dir/list.json" "$1"; }
ok 'both are listed, newest first' listed '.cases | length == 2 and .[0].state == "DONE" and .[1].state == "HELD"'
ok 'an open case names its holder, masked' listed '.cases[1].holder == "누*달"'
ok 'an ended one names nobody: its key is gone' listed '.cases[0].holder == null'
ok 'only the open ones' listed '.cases | map(.state) == ["HELD"]' --open
ok 'only those in one state' listed '.cases | map(.state) == ["DONE"]' --state DONE
ok 'those since today' listed '.cases | length == 2' --since "$(TZ=Asia/Seoul date +%F)"
ok 'none since tomorrow' listed '.cases == []' --since "$(TZ=Asia/Seoul date -d tomorrow +%F)"
ok 'a state that is none is a mistake' exits 2 tool case list --config "$conf" --state LOST
ok 'and so is a day that is none' exits 2 tool case list --config "$conf" --since 2026-02-30
list
number=$(jq -r '.cases[] | select(.state == "HELD") | .case_no' "$e2e_dir/list.json")
done_number=$(jq -r '.cases[] | select(.state == "DONE") | .case_no' "$e2e_dir/list.json")
timeline() { tool case show "$1" "${@:2}" --json >"$e2e_dir/show.json"; }
show() { timeline "$1" --config "$conf" && holds "$e2e_dir/show.json" "$2"; }
ok 'a case is shown from its opening on' show "$number" '.rows[0].effect == "opened" and .rows[-1].state == "HELD"'
ok 'what was begun and what came of it' show "$number" \
	'.rows | any(.kind == "intent" and .effect == "cmp.rr" and .digest != null) and any(.kind == "result" and .effect == "cmp.rr" and .outcome == "ok")'
ok 'more rows than one answer holds come all' show "$done_number" \
	'(.rows | length) > 38 and .rows[-1].state == "DONE" and ([.rows[].seq] | . == (sort | unique))'
ok 'the reading leaves a row in the audit log' bash -c \
	"$(declare -f branch_wait); strings '$run/state/dasi.db' '$run/state/dasi.db-wal' | grep -q case.read"
private() { # neither name nor number, whatever is asked
	{ cat "$e2e_dir/show.json" "$e2e_dir/list.json" "$e2e_dir/doctor.json"; tool case list --config "$conf"; tool case show "$number" --config "$conf"; } >"$e2e_dir/all"
	! grep -E "누리달|하루별|$(branch_person "$run" nuri .resident_number)" "$e2e_dir/all"
}
ok 'nothing personal is in any answer' private
ok 'as lines too' eval 'tool case list --config "$conf" | grep -E "^$number +HELD .* 누\*달$"'
ok 'a number nobody has is a finding' exits 1 tool case show R-20200101-0001 --config "$conf"
ok 'a doctor counts the open ones by state' eval 'doctor 0 && fact ".cases.states == {\"HELD\": 1} and .cases.ended == 1"'

# ---- one thing wrong at a time ----
chmod 0644 "$run/device.key"
ok 'a device key that others can read is found' doctor 1
ok 'by its name, with what to do' finds device_key fail device_key.mode
ok 'and nothing else' only device_key
chmod 0600 "$run/device.key"
chmod 0666 "$conf"
ok 'settings that others can change are found' eval 'doctor 1 && finds files fail files.open && only files'
chmod 0644 "$conf"
chmod 0640 "$run/sandbox/ca/ra.key"
ok 'an RA key that others can read is found' eval 'doctor 1 && finds files fail files.secret'
chmod 0600 "$run/sandbox/ca/ra.key"
branch_control "$run" /printer '{"state":"out"}' >/dev/null
no_paper() { doctor 1 && finds printer warn printer.out && only printer; }
ok 'a printer without paper is found' branch_wait 20 no_paper
branch_control "$run" /printer '{"state":"ok"}' >/dev/null
branch_control "$run" /terminal '{"unplugged":true}' >/dev/null
no_card() { doctor 1 && finds card fail card.down && only card; }
ok 'a card terminal that is unplugged is found' branch_wait 40 no_card
branch_control "$run" /terminal '{"unplugged":false}' >/dev/null
ok 'both are back' branch_wait 60 healthy
# ---- the way to phones ----
at=$run/handoff
cp -a "$at" "$e2e_dir/handoff.good"
ok 'the certificate for phones is known to its day' eval 'doctor 0 && finds phone_cert ok phone_cert.good && finds relay skip relay.none'
openssl req -x509 -key "$at/server.key" -days 20 -subj /CN=phones -out "$at/server.pem"
ok 'a certificate for phones that ends soon is warned of' eval 'doctor 1 && finds phone_cert warn phone_cert.soon && only phone_cert'
phone_cert_ended() { # of 2020, for the key that is there
	local ca=$e2e_dir/ended
	mkdir "$ca" && : >"$ca/index.txt"
	printf '[ca]\ndefault_ca = d\n[d]\ndatabase = %s/index.txt\nnew_certs_dir = %s\nrand_serial = yes\ndefault_md = sha256\npolicy = p\n[p]\ncommonName = supplied\n' \
		"$ca" "$ca" >"$ca/cnf"
	openssl req -new -key "$at/server.key" -subj /CN=phones -out "$ca/req.pem"
	openssl ca -batch -selfsign -config "$ca/cnf" -keyfile "$at/server.key" -in "$ca/req.pem" \
		-startdate 20200101000000Z -enddate 20210101000000Z -notext -out "$at/server.pem"
}
phone_cert_ended 2>/dev/null
ok 'one that has ended is found' eval 'doctor 1 && finds phone_cert fail phone_cert.expired && only phone_cert'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$e2e_dir/other.key" -days 99 -subj /CN=phones -out "$at/server.pem" 2>/dev/null
ok 'one of another key is found' eval 'doctor 1 && finds phone_cert fail phone_cert.key_other && only phone_cert'
echo none >"$at/server.pem"
ok 'what is no certificate is found' eval 'doctor 1 && finds phone_cert fail phone_cert.unread && only phone_cert'
rm "$at/server.pem"
ok 'and one that is not there' eval 'doctor 1 && finds phone_cert fail phone_cert.unread && only phone_cert'
cp -a "$e2e_dir/handoff.good/." "$at/"
echo none >"$at/server.key"
ok 'and a key that is none' eval 'doctor 1 && finds phone_cert fail phone_cert.key_bad && only phone_cert'
cp -a "$e2e_dir/handoff.good/." "$at/"
chmod 0644 "$at/server.key"
ok 'a key for phones that others can read is found' eval 'doctor 1 && finds files fail files.secret && only files'
chmod 0600 "$at/server.key"
relay_at() { # HOST:PORT: the branch's phones go through it
	sed '/^handoff {/,/}/d' "$conf.phones" >"$conf"
	echo "handoff { placement = \"relay\" relay = \"$1\" cert = \"$at/server.pem\" key = \"$at/server.key\" ca = \"$at/server.pem\" }" >>"$conf"
}
cp "$conf" "$conf.phones"
relay_at 127.0.0.1:1
ok 'a relay that does not answer is found' eval 'doctor 1 && finds relay fail relay.down && only relay'
relay_at nowhere.invalid:9443
ok 'and one whose name leads nowhere' eval 'doctor 1 && finds relay fail relay.down && only relay'
relay_at "$(sed -n 's#.*cmp_url *= *"http://\([^/"]*\).*#\1#p' "$run/sandbox/peers.conf" | head -1)"
ok 'one that answers is good' eval 'doctor 0 && finds relay ok relay.good'
sed '/^handoff {/,/}/d' "$conf.phones" >"$conf"
ok 'a branch without phones needs neither' eval 'doctor 0 && finds phone_cert skip phone.none && finds relay skip phone.none'
mv "$conf.phones" "$conf"

branch_end "$run" media
ok 'dasi-media gone is found' eval 'doctor 1 && finds media fail media.gone && only media'
start media
branch_end "$run" net
ok 'dasi-net gone is found' eval 'doctor 1 && finds ca fail net.gone && finds registry fail net.gone'
start net
ok 'and well again' branch_wait 20 healthy

# a hold the CA does not confirm is open work, and its age counts
branch_end "$run" agent
cp -a "$run/state" "$e2e_dir/state.good"

# ---- the agent is down ----
ok 'an agent that is down is found' eval 'doctor 1 && finds agent fail agent.down && only agent'
ok 'the files are read instead' fact '.from == "files" and .store.integrity == "ok" and .cases.states.HELD == 1 and .audit.rows == .audit.signed'
ok 'what only it knows is skipped, not passed' eval 'finds ca skip unknown && finds ship skip unknown'
ok 'the head-office certificate is read from its file' finds head_office ok head_office.good
before=$(cd "$run/state" && sha256sum dasi.db*)
ok 'cases are listed from the database' listed '.cases | length == 2'
ok 'without their holders' listed '.cases | all(.holder == null)'
ok 'and shown' show "$done_number" '.rows[-1].state == "DONE"'
ok 'a path may be given as well' eval 'timeline "$done_number" "$run/state/dasi.db" && holds "$e2e_dir/show.json" ".case.state == \"DONE\""'
ok 'the database was only read' test "$before" = "$(cd "$run/state" && sha256sum dasi.db*)"
ok 'a number nobody has is a finding here too' exits 1 tool case show R-20200101-0001 "$run/state/dasi.db"
ok 'a database that is not there cannot be looked at' exits 3 tool case list "$e2e_dir/none.db"
chmod 0640 "$run/device.key"
ok 'a wrong mode of the key is found without an agent too' eval 'doctor 1 && finds device_key fail device_key.mode'
chmod 0600 "$run/device.key"
dd if=/dev/zero of="$run/state/dasi.db" bs=4096 seek=3 count=2 conv=notrunc status=none
ok 'a damaged database is found' eval 'doctor 1 && finds database fail database.bad'
mv "$run/state/dasi.db" "$e2e_dir/gone.db"
ok 'a missing one is found' eval 'doctor 1 && finds database fail database.none'
rm -rf "$run/state"
cp -a "$e2e_dir/state.good" "$run/state"

# ---- killed, with work under way ----
start agent
kill -KILL "$(cat "$run/pids/agent")"
branch_wait 10 branch_gone "$run" agent
ok 'after a kill the -wal file is read as well, from a copy' eval 'doctor 1 && finds agent fail agent.down && finds database ok database.good'
ok 'no copy is left behind' rmdir "$e2e_dir/tmp"
mkdir "$e2e_dir/tmp"
start agent
kill -STOP "$(cat "$run/pids/agent")"
ok 'an agent that hangs is told from one that is down' eval 'doctor 1 && finds agent fail agent.silent'
kill -CONT "$(cat "$run/pids/agent")"
branch_end "$run" agent
sed -i.orig 's/^role tool .*/role tool { users = {"dasi-nobody"} }/' "$conf"
start agent
ok 'a user who may not ask is told so' eval 'doctor 1 && finds agent fail agent.refuses'
ok 'and dasi case ends with the environment' exits 3 tool case list --config "$conf"
branch_end "$run" agent
sed -i 's/^role .*{"@self"}.*//; s/"dasi-nobody"/"dasi-nobody-else"/' "$conf"
start agent
ok 'and so is one who has no role at all' eval 'doctor 1 && finds agent fail agent.refuses'
branch_end "$run" agent
mv "$conf.orig" "$conf"

# ---- head office's certificate ----
office_cert 20 2>/dev/null
start agent
ok 'a certificate that expires soon is warned of' eval 'doctor 1 && finds head_office warn head_office.soon'
branch_end "$run" agent
openssl req -new -key "$run/office/key.pem" -subj '/C=KR/CN=Head Office' -out "$run/office/req.pem" 2>/dev/null
mkdir -p "$run/office/ca" && : >"$run/office/ca/index.txt"
cat >"$run/office/ca.cnf" <<CNF
[ca]
default_ca = d
[d]
database = $run/office/ca/index.txt
new_certs_dir = $run/office/ca
rand_serial = yes
default_md = sha256
policy = p
x509_extensions = e
[p]
countryName = optional
commonName = supplied
[e]
keyUsage = critical,keyAgreement
CNF
openssl ca -batch -selfsign -config "$run/office/ca.cnf" -keyfile "$run/office/key.pem" -in "$run/office/req.pem" \
	-startdate 20200101000000Z -enddate 20210101000000Z -notext -out "$run/office/cert.pem" 2>/dev/null
start agent
ok 'one that has expired is found' eval 'doctor 1 && finds head_office fail head_office.expired'
ok 'and says since when' jq -e --slurp '.[0].checks | any(.name == "head_office" and (.what | test("2021-01-01")))' "$e2e_dir/doctor.json"
branch_end "$run" agent
ok 'without an agent as well' eval 'doctor 1 && finds head_office fail head_office.expired'
office_cert 365 2>/dev/null

# ---- nothing shipped ----
cat >>"$conf" <<CONF
ship { conninfo = "host=127.0.0.1 port=1 dbname=none"
       cosign_key = "audit.dasi/office+00000000+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }
CONF
start agent
ok 'rows that wait for head office are warned of' eval 'doctor 1 && finds ship warn ship.never'
ok 'their number and age are facts' fact '.ship.configured and .ship.queued == .ship.rows and .ship.queued > 0 and .ship.ack_at == null'
branch_end "$run" agent

# ---- a small disk ----
small() { # a file system of 40 MB for the state
	mount -t tmpfs -o size=40m,mode=0700 tmpfs "$run/small" &&
		cp -a "$run/state/." "$run/small/" && sed -i.orig "s|state = .*|state = \"$run/small\"|" "$conf"
}
if [ "$(id -u)" = 0 ] && small 2>/dev/null; then
	start agent
	ok 'a disk that is nearly full is found' eval 'doctor 1 && finds disk fail disk.low'
	ok 'with what is left' fact '.folder.free_mb < 64 and .folder.ballast'
	branch_end "$run" agent
	rm "$run/small/dasi.ballast"
	dd if=/dev/zero of="$run/small/fill" bs=64k status=none 2>/dev/null
	start agent
	ok 'and one that is full, with the ballast spent' eval 'doctor 1 && finds disk fail disk.low && fact ".store.low and (.folder.ballast | not)"'
	drive_open "$run" 80x24
	full() {
		drive_at welcome '공동인증서를 잃어버리셨나요' && drive_keys 1 && drive_at guide '이렇게 진행됩니다' &&
			drive_keys Enter && drive_at consent '개인정보 처리에 동의해' && drive_keys 1 2 3 Enter &&
			drive_see 10 '저장 공간이 모자라' && not drive_shows '신분증에 적힌'
	}
	ok 'a customer hears so before anything is typed' full
	drive_close "$run"
	drive_name=
	branch_end "$run" agent
	ok 'without an agent as well' eval 'doctor 1 && finds disk fail disk.low'
	umount "$run/small"
	mv "$conf.orig" "$conf"
else
	skip 'a disk that is nearly full is found' 'needs root and tmpfs'
fi

# ---- settings ----
printf 'practice = true\nkiosk { idle_s = 2 }\n' >"$e2e_dir/wrong.conf"
conf=$e2e_dir/wrong.conf
ok 'settings that do not parse are a finding, with file and line' eval 'doctor 1 && finds config fail config.bad'
ok 'and nothing else is passed' jq -e --slurp '.[0].checks | length > 0 and (map(select(.status == "ok") | .name) - ["clock"] == [])' "$e2e_dir/doctor.json"
