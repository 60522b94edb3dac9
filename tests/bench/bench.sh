#!/bin/bash
# make bench [JSON=file]: one table of figures, each beside a reference that
# ran in the same minute here.  The ratio travels between machines, the value
# does not.
#
# References of whole jobs are five openssl commands (key, request, sign,
# PKCS#12, PKCS#8), of memory a shell that waits.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
json=${1:-}
[ -z "$json" ] || json=$(realpath -m "$json")
BIN=$root/build/release
. "$root/kiosk-config/practice/branch.sh"
. "$root/kiosk-config/practice/drive.sh"
runs=3
work=$(mktemp -d "${TMPDIR:-/tmp}/dasi-bench.XXXXXX")
run=$work/branch
drive_name=
waiting=
cleanup() {
	set +e
	[ -z "$waiting" ] || kill "$waiting" 2>/dev/null
	[ -z "$drive_name" ] || drive_close "$run"
	branch_stop "$run" 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT

row() { printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$work/rows"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4g\n", b - a }'; }
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

five_commands() {
	local d=$work/five
	mkdir -p "$d"
	(
		cd "$d"
		openssl genrsa -out k 2048
		openssl req -new -key k -subj /CN=bench -out r
		openssl x509 -req -in r -signkey k -days 1 -out c
		openssl pkcs12 -export -inkey k -in c -passout pass:x -out p
		openssl pkcs8 -topk8 -provider default -provider legacy -v2 seed-cbc \
			-in k -passout pass:x -out s
	) >/dev/null 2>&1
}

# Times between the screens of a whole reissue, by when each was seen.
kept_at() { stat -c %.9Y "$1"/screens/*-"$2".txt | head -1; }
demo_times() { # N
	local out=$work/demo$1 from until
	from=$(now)
	"$root/kiosk-config/practice/demo" --out "$out" >/dev/null
	until=$(now)
	{
		echo "total $(since "$from" "$until")"
		echo "start $(since "$from" "$(kept_at "$out" welcome)")"
		echo "hold $(since "$(kept_at "$out" loss-filled)" "$(kept_at "$out" held)")"
		echo "issue $(since "$(kept_at "$out" issuing)" "$(kept_at "$out" done)")"
		echo "visit $(since "$(kept_at "$out" welcome)" "$(kept_at "$out" receipt)")"
	} >>"$work/times"
}
demo_rows() {
	local i five from
	for i in $(seq $runs); do
		BIN=$BIN demo_times "$i"
		from=$(now)
		five_commands
		since "$from" "$(now)" >>"$work/fives"
	done
	five=$(median <"$work/fives")
	took() { awk -v n="$1" '$1 == n { print $2 }' "$work/times" | median; }
	row 'demo: all of it' "$(took total)" s 'five openssl commands' "$five"
	row 'demo: branch started' "$(took start)" s 'five openssl commands' "$five"
	row 'demo: customer at the screen' "$(took visit)" s 'five openssl commands' "$five"
	row 'demo: of it, hold by CMP' "$(took hold)" s 'five openssl commands' "$five"
	row 'demo: of it, issue by CMP to stick' "$(took issue)" s 'five openssl commands' "$five"
}

rss() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
worker_of() { ps -o pid= --ppid "$1" | head -1 | tr -d ' '; }
memory_rows() {
	local shell p key
	sleep infinity | bash -c 'read -r _' &
	waiting=$!
	branch_wait 5 test -n "$(rss $waiting)"
	shell=$(rss $waiting)
	drive_open "$run" 80x24
	drive_to_fee "$run" hong >/dev/null
	for p in agent net media kiosk sandbox; do
		row "memory of dasi-$p" "$(rss "$(cat "$run/pids/$p")")" KiB 'a waiting bash' "$shell"
	done
	# the worker has its key pair and waits for the password
	key=$(worker_of "$(cat "$run/pids/agent")")
	[ -z "$key" ] || row 'memory of dasi-key' "$(rss "$key")" KiB 'a waiting bash' "$shell"
	drive_close "$run"
	drive_name=
}

branch_start "$run"
mkdir "$work/own"
own_conf() { # NAME: settings of an agent of its own
	mkdir "$work/own/state-$1"
	sed -e "s#^  state = .*#  state = \"$work/own/state-$1\"#" \
		-e "s#^  socket = .*#  socket = \"$work/own/$1.sock\"#" \
		-e "s#^  device_key = .*#  device_key = \"$work/own/$1.key\"#" \
		"$run/dasi.conf" >"$work/own/$1.conf"
}
own_conf agent
own_conf long
"$BIN/bench" "$BIN" "$run/dasi.conf" "$work/own" >>"$work/rows" ||
	echo 'bench: not everything could be measured' >&2
BIN=$BIN "$here/ship_bench.sh" --row >>"$work/rows" ||
	echo 'bench: shipping could not be measured' >&2
BIN=$BIN "$here/handoff_bench.sh" --row >>"$work/rows" ||
	echo 'bench: handoffs could not be measured' >&2
memory_rows
demo_rows

awk -F'\t' 'BEGIN { printf "%-36s %10s %-6s %-30s %10s %8s\n", "what", "value", "", "reference", "value", "ratio" }
	{ printf "%-36s %10.4g %-6s %-30s %10.4g %8.2f\n", $1, $2, $3, $4, $5, $2 / $5 }' "$work/rows"
if [ -n "$json" ]; then
	jq -Rn '[inputs | split("\t") | { name: .[0], value: (.[1] | tonumber), unit: .[2],
		reference: .[3], reference_value: (.[4] | tonumber),
		ratio: ((.[1] | tonumber) / (.[4] | tonumber)) }]' "$work/rows" >"$json"
fi
