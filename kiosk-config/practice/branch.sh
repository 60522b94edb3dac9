# A practice branch on this machine: sandbox, agent, net, media, print and
# handoff in one folder.  Sourced by run, demo and the end-to-end tests.
#
#   branch_start DIR [PEOPLE]   all programs up, DIR/dasi.conf written
#   branch_stop DIR             clean stop, the agent last but one
#   branch_stick_in DIR NAME / branch_stick_out DIR
#   branch_person DIR ID FILTER a jq filter over one synthetic person
#
# BIN is the folder of the programs.  DASI_HEAD_OFFICE is the absolute path of
# a certificate that what is kept of a person is sealed to; without it nothing is.  DASI_FEES is the path of
# another fee table.  DASI_TOKEN=1 plugs in a security token (SoftHSM; its PIN is branch_token_pin), DASI_TOKEN_MODULE
# is the module that serves it.  Only processes started here are ended, by the ids kept in DIR/pids.

branch_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BIN=${BIN:-$branch_root/build/debug}

branch_softhsm=/usr/lib/softhsm/libsofthsm2.so
branch_token_pin=80231957

# branch_wait SECONDS COMMAND...: poll until it succeeds
branch_wait() {
	local until=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $until ] || return 1
		sleep 0.05
	done
}

branch_spawn() { # DIR NAME COMMAND...
	local dir=$1 name=$2
	shift 2
	: >"$dir/log/$name.log" # before anybody reads the last one's words in it
	"$@" >"$dir/log/$name.out" 2>"$dir/log/$name.log" </dev/null &
	echo $! >"$dir/pids/$name"
	disown
}

branch_alive() { kill -0 "$(cat "$1/pids/$2" 2>/dev/null)" 2>/dev/null; }
branch_gone() { ! branch_alive "$1" "$2"; }

branch_end() { # DIR NAME: SIGTERM, then wait
	local pid
	pid=$(cat "$1/pids/$2" 2>/dev/null) || return 0
	kill -TERM "$pid" 2>/dev/null || true
	branch_wait 10 branch_gone "$1" "$2" || kill -KILL "$pid" 2>/dev/null || true
	rm -f "$1/pids/$2"
}

branch_conf() { # DIR
	local dir=$1 socket
	socket=$(cat "$dir/socket.path")
	cat >"$dir/dasi.conf" <<CONF
# Written by the practice branch; see kiosk-config/dasi.conf for the meanings.
practice = true
branch {
  bank = "한빛은행"
  bank_code = "HANBIT"
  name = "역삼지점"
  code = "0417"
  opens = "09:00"
  closes = "16:00"
  phone = "02-0000-0417"
  address = "서울특별시 강남구 시험로 1"
  business_no = "000-00-00000"
  representative = "김시험"
}
agent {
  state = "$dir/state"
  socket = "$socket"
  device_key = "$dir/device.key"
  key_worker = "$BIN/dasi-key"
}
head_office { certificate = "${DASI_HEAD_OFFICE:-}" }
role kiosk   { users = {"@self"} }
role counter { users = {"@self"} }
role supervisor { users = {"@self"} }
role auditor { users = {"@self"} }
role net     { users = {"@self"} }
role media   { users = {"@self"} }
role tool    { users = {"@self"} }
role ship    { users = {"@self"} }
role print   { users = {"@self"} }
role handoff { users = {"@self"} }
role token   { users = {"@self"} }
token { module = "${DASI_TOKEN:+${DASI_TOKEN_MODULE:-$branch_softhsm}}" }
handoff { placement = "local"
          listen = "127.0.0.1:0"
          cert = "$dir/handoff/server.pem"
          key = "$dir/handoff/server.key" }
media { directory = "$dir/media"
        folders = true }
kiosk {
  terminal = "K-01"
  locale = "$BIN/locale"
  idle_s = ${DASI_IDLE_S:-60}
  idle_warn_s = 30
  scanner = true
}
include("$branch_root/kiosk-config/issuers.conf")
include("${DASI_FEES:-$branch_root/kiosk-config/fees.conf}")
include("$branch_root/kiosk-config/holidays.conf")
include("$dir/sandbox/peers.conf")
CONF
}

# What phones would trust at a real branch: here a test CA of this folder.
branch_phone_cert() { # DIR
	local at=$1/handoff
	[ ! -f "$at/server.pem" ] || return 0
	mkdir -p "$at"
	(
		umask 077
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
			-subj '/CN=Practice CA for phones' -keyout "$at/ca.key" -out "$at/ca.pem"
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
			-keyout "$at/server.key" -out "$at/server.csr"
		openssl x509 -req -in "$at/server.csr" -CA "$at/ca.pem" -CAkey "$at/ca.key" \
			-CAcreateserial -days 365 -out "$at/server.pem" \
			-extfile <(echo 'subjectAltName=DNS:localhost,DNS:h.hanbit.test,IP:127.0.0.1')
		rm -f "$at/ca.key" "$at/server.csr"
	) 2>>"$1/log/openssl.log"
}

# A token in software, in the branch's own folder.
branch_token() { # DIR
	local dir=$1
	export SOFTHSM2_CONF=$dir/softhsm2.conf
	[ -f "$SOFTHSM2_CONF" ] || {
		mkdir -p "$dir/tokens"
		printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' \
			"$dir/tokens" >"$SOFTHSM2_CONF"
		softhsm2-util --init-token --free --label practice --so-pin 11112222 \
			--pin "$branch_token_pin" >>"$dir/log/softhsm.log" 2>&1
	}
	branch_spawn "$dir" token "$BIN/dasi-token" --config "$dir/dasi.conf"
}

branch_start() { # DIR [PEOPLE]
	local dir people sock_dir
	mkdir -p "$1" && dir=$(cd "$1" && pwd)
	people=${2:-$branch_root/assets/sandbox/people.json}
	mkdir -p "$dir"/{log,pids,media,state,sandbox} && chmod 700 "$dir/state"
	# a socket's path is short by nature, the folder's may be long
	sock_dir=$(mktemp -d "${TMPDIR:-/tmp}/dasi.XXXXXX")
	echo "$sock_dir/agent.sock" >"$dir/socket.path"
	[ -f "$dir/device.key" ] || (umask 077 && head -c 32 /dev/urandom >"$dir/device.key")
	branch_spawn "$dir" sandbox "$BIN/dasi-sandbox" --dir "$dir/sandbox" --people "$people"
	branch_wait 30 test -s "$dir/log/sandbox.out" ||
		{ cat "$dir/log/sandbox.log" >&2; return 1; }
	head -1 "$dir/log/sandbox.out" >"$dir/endpoints.json"
	cp "$people" "$dir/people.json"
	branch_conf "$dir"
	branch_phone_cert "$dir"
	branch_spawn "$dir" agent "$BIN/dasi-agent" --config "$dir/dasi.conf"
	branch_wait 10 test -S "$sock_dir/agent.sock" ||
		{ cat "$dir/log/agent.log" >&2; return 1; }
	branch_spawn "$dir" net "$BIN/dasi-net" --config "$dir/dasi.conf"
	branch_spawn "$dir" media "$BIN/dasi-media" --config "$dir/dasi.conf"
	branch_spawn "$dir" print "$BIN/dasi-print" --config "$dir/dasi.conf"
	branch_spawn "$dir" handoff "$BIN/dasi-handoff" --config "$dir/dasi.conf"
	[ -z "${DASI_TOKEN:-}" ] || branch_token "$dir"
}

branch_stop() { # DIR
	local p
	for p in kiosk token handoff print media net agent sandbox; do branch_end "$1" $p; done
	rm -rf "$(dirname "$(cat "$1/socket.path" 2>/dev/null || echo /nonexistent/x)")"
}

branch_stick_in() { mkdir -p "$1/media/$2"; }
# a pulled stick keeps its files: it lies beside the folder that is watched
branch_stick_out() {
	local s
	mkdir -p "$1/drawer"
	for s in "$1"/media/*/; do [ -d "$s" ] && mv "$s" "$1/drawer/"; done
	return 0
}

branch_person() { # DIR ID FILTER
	jq -er --arg id "$2" ".people[] | select(.id == \$id) | $3" "$1/people.json"
}
branch_control() { # DIR PATH [JSON]
	local url
	url=$(jq -r .control "$1/endpoints.json")
	if [ $# -gt 2 ]; then
		curl -sS --max-time 10 -H 'Content-Type: application/json' -d "$3" "$url$2"
	else
		curl -sS --max-time 10 "$url$2"
	fi
}
