#!/bin/bash
# What is printed, read back by others: slips by a decoder of ESC/POS in
# Python, forms by poppler, paper by a real cupsd; and a slip all the way from a
# kiosk to the sandbox's printer.
. "$(dirname "$0")/lib.sh.inc"
here=tests/e2e/print
export PYTHONDONTWRITEBYTECODE=1
samples=$(ls tests/golden/paper/*.json)
slips=$(grep -L '"kind": "\(application\|loss_report\|day\)"' $samples)
forms=$(grep -l '"kind": "\(application\|loss_report\|day\)"' $samples)

# ---- dasi-print alone, an agent played by office.py ----
office_up() { [ -S "$e2e_dir/s" ]; }
print_all() { # OUT PROFILE TO QUEUE DOCUMENT...
	local out=$1 profile=$2 to=$3 queue=$4 status
	shift 4
	mkdir -p "$out" && rm -f "$e2e_dir/s"
	sed -e "s#^ *socket *=.*#socket = \"$e2e_dir/s\"#" kiosk-config/dasi.conf >"$e2e_dir/dasi.conf"
	sed -i -e "s#include(\"#include(\"$PWD/kiosk-config/#" "$e2e_dir/dasi.conf"
	echo "print { to = \"$to\" profile = \"$profile\" queue = \"$queue\" }" >>"$e2e_dir/dasi.conf"
	"$here/office.py" "$e2e_dir/s" "$out" "$@" >"$out/office.out" 2>&1 &
	local office=$!
	branch_wait 10 office_up || return 1
	branch_spawn "$e2e_dir/run" print "$BIN/dasi-print" --config "$e2e_dir/dasi.conf"
	wait $office
	status=$?
	branch_end "$e2e_dir/run" print
	cat "$out/office.out" "$e2e_dir/run/log/print.log"
	return $status
}
mkdir -p "$e2e_dir/run"/{log,pids} "$e2e_dir"/{letters,drawn}

# shellcheck disable=SC2086
ok 'slips are printed in the printer'\''s own letters' \
	print_all "$e2e_dir/1" cp949 "file:$e2e_dir/letters" '' $slips
check_letters() { # what is decoded is what stands in the text, line by line
	local f n=0
	for f in "$e2e_dir"/letters/*.escpos; do
		"$here/decode.py" "$f" >"$e2e_dir/decoded" || return 1
		diff <(sed 's/^ *//; s/ *$//; /^$/d' "$e2e_dir/decoded") \
			<(sed 's/^ *//; s/ *$//; /^$/d' "${f%.escpos}.txt") || return 1
		n=$((n + 1))
	done
	[ $n -eq $(($(wc -w <<<"$slips") * 2)) ]
}
ok 'another decoder reads the same Hangul out of the bytes' check_letters
golden_text() {
	local f=$1
	diff "$f" "tests/golden/paper/$2.txt"
}
ok 'the text beside them is the golden slip' golden_text \
	"$(ls "$e2e_dir"/letters/*-checklist.txt | head -1)" checklist.ko
# shellcheck disable=SC2086
ok 'slips are drawn' print_all "$e2e_dir/2" raster "file:$e2e_dir/drawn" '' $slips
check_drawn() {
	local f
	for f in "$e2e_dir"/drawn/*.escpos; do
		"$here/decode.py" "$f" >"$e2e_dir/decoded" || return 1
		! grep -v '^\[dots 576x[0-9]* ink [0-9]*\]$' "$e2e_dir/decoded" || return 1
		[ "$(sed 's/.*ink //; s/]//' "$e2e_dir/decoded" | paste -sd+ | bc 2>/dev/null ||
			awk '{ gsub(/.*ink |\]/, ""); n += $0 } END { print n }' "$e2e_dir/decoded")" -gt 5000 ] || return 1
	done
}
ok 'all of it is dots, 576 to a line' check_drawn

# shellcheck disable=SC2086
PAPER=1 ok 'forms are made and kept as paper' \
	print_all "$e2e_dir/3" cp949 "file:$e2e_dir/letters" '' $forms
check_hashes() {
	local f
	for f in "$e2e_dir"/3/*.pdf; do
		[ "$(sha256sum <"$f" | cut -d' ' -f1)" = "$(jq -r .sha256 "${f%.pdf}.json")" ] || return 1
	done
	cmp "$e2e_dir/3/day.ko.pdf" "$(ls "$e2e_dir"/letters/*-day.pdf | head -1)"
}
ok 'each answer has the hash of its file, paper the same bytes' check_hashes
if command -v pdftotext >/dev/null; then
	shows() { # FILE TEXT...
		local f=$1 t
		shift
		pdftotext -layout "$f" "$e2e_dir/text"
		for t in "$@"; do
			grep -qF -- "$t" "$e2e_dir/text" || { echo "no $t"; cat "$e2e_dir/text"; return 1; }
		done
	}
	ok 'the application reads right' shows "$e2e_dir/3/application.ko.pdf" '공동인증서 재발급 신청서' \
		'홍*동' '900101-1******' '2026-11-22(일) 14:05:29' '2027년 3월 14일(일)' '[필수] 고유식별정보 처리' \
		'■ 동의함' '(서명 또는 인)' '한빛은행 역삼지점장 귀하' \
		"$(jq -r .content "$e2e_dir/3/application.ko.json")"
	ok 'the loss report reads right, without the number in its story' shows "$e2e_dir/3/loss_report.ko.pdf" \
		'공동인증서 분실신고서' '2026-11-22(일) 14:05:01' '지하철 2호선' '*************'
	ok 'no number of a person is in any form' \
		not sh -c 'for f in "$1"/3/*.pdf; do pdftotext "$f" - | grep -E "[0-9]{6}-?[0-9]{7}" | grep -v "[0-9a-f]\{64\}"; done | grep .' - "$e2e_dir"
	ok 'the day reads right in English' shows "$e2e_dir/3/day.en.pdf" 'Day-end report' '52,800' '-4,400' '61,600'
	check_fonts() {
		local f
		for f in "$e2e_dir"/3/*.pdf; do
			pdffonts "$f" | tail -n +3 >"$e2e_dir/fonts"
			[ -s "$e2e_dir/fonts" ] && ! grep -v ' yes yes yes ' "$e2e_dir/fonts" || return 1
			grep -q 'Nanum' "$e2e_dir/fonts" || { cat "$e2e_dir/fonts"; return 1; }
		done
	}
	ok 'fonts are embedded as subsets that can be searched' check_fonts
	check_pages() {
		pdftoppm -r 40 -gray "$e2e_dir/3/application.ko.pdf" "$e2e_dir/page" &&
			python3 - "$e2e_dir/page-1.pgm" <<'PY'
import sys
data = open(sys.argv[1], "rb").read()
kind, size, most, dots = data.split(b"\n", 3)
dark = sum(1 for d in dots if d < 128) / len(dots)
sys.exit(not 0.005 < dark < 0.2)
PY
	}
	ok 'a page has ink, and not too much' check_pages
else
	skip 'forms are read back' 'no poppler'
fi

# ---- a real cupsd, on a port of its own, with a queue into a file ----
cupsd=${CUPSD:-$(PATH=$PATH:/usr/sbin command -v cupsd)}
if [ -n "$cupsd" ] && [ "$(id -u)" = 0 ]; then
	cups=$(mktemp -d "${TMPDIR:-/tmp}/dasi-cups.XXXXXX")
	chmod 755 "$cups"
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	mkdir -p "$cups"/{root,spool/tmp,cache,state,log,bin/backend}
	lib=$(dirname "$cupsd")/../lib/cups
	for d in daemon filter driver notifier; do ln -s "$(cd "$lib" && pwd)/$d" "$cups/bin/"; done
	printf '#!/bin/sh\n[ $# -eq 0 ] || exec cat "${6:--}" >%s/printed.pdf\n' "$cups" >"$cups/bin/backend/keep"
	chmod 755 "$cups/bin/backend/keep"
	: >"$cups/printed.pdf" && chmod 666 "$cups/printed.pdf"
	cat >"$cups/files.conf" <<CONF
ServerRoot $cups/root
RequestRoot $cups/spool
TempDir $cups/spool/tmp
CacheDir $cups/cache
StateDir $cups/state
ServerBin $cups/bin
DataDir $(dirname "$cupsd")/../share/cups
AccessLog $cups/log/access
ErrorLog $cups/log/error
PageLog $cups/log/page
User lp
Group lp
CONF
	printf 'Listen 127.0.0.1:%s\nBrowsing No\nDefaultAuthType None\n<Location />\nAllow localhost\n</Location>\n' "$port" >"$cups/cupsd.conf"
	printf '<Printer forms>\nDeviceURI keep:/forms\nState Idle\nAccepting Yes\n</Printer>\n' >"$cups/root/printers.conf"
	export CUPS_SERVER=127.0.0.1:$port
	branch_spawn "$e2e_dir/run" cupsd "$cupsd" -f -c "$cups/cupsd.conf" -s "$cups/files.conf"
	ok 'a cupsd of our own serves' branch_wait 10 sh -c 'lpstat -p forms >/dev/null 2>&1'
	PAPER=1 ok 'a form goes to its queue' \
		print_all "$e2e_dir/4" cp949 '' forms tests/golden/paper/application.json
	same() { cmp -s "$cups/printed.pdf" "$e2e_dir/4/application.en.pdf"; }
	ok 'and arrives there byte for byte' branch_wait 10 same
	PAPER=1 ok 'a queue that is not there is an error' \
		print_all "$e2e_dir/5" cp949 '' nosuch tests/golden/paper/application.json
	ok 'which says so' grep -q print.offline "$e2e_dir/5/application.ko.json"
	branch_end "$e2e_dir/run" cupsd
	unset CUPS_SERVER
	rm -rf "$cups"
else
	skip 'a form goes through a real cupsd' 'no cupsd, or not root'
fi

# ---- from a kiosk to the sandbox's printer ----
run=$e2e_dir/run
branch_start "$run"
printer_is() { grep -q "printer: $1" "$run/log/agent.log"; }
ok 'the agent knows the printer' branch_wait 10 printer_is ok
customer() { # PERSON KIND...
	"$here/customer.py" "$run" "$@" >"$e2e_dir/customer.json" && cat "$e2e_dir/customer.json"
}
ok 'a customer reports a loss and takes slips' customer hong loss receipt
said() { [ "$(jq -r ".said.$1" "$e2e_dir/customer.json")" = "$2" ]; }
ok 'the printer took both' eval 'said loss "" && said receipt ""'
slip=$run/sandbox/printer/0001.txt
ok 'the loss report number is on paper' grep -qF "$(jq -r .case.loss_no "$e2e_dir/customer.json")" "$slip"
ok 'so is the masked name' grep -qF "$(jq -r .case.holder "$e2e_dir/customer.json")" "$slip"
ok 'and that it is practice' grep -qF '연습용' "$slip"
ok 'the time is to the second' grep -qE '정지 일시 +20[0-9]{2}-[0-9]{2}-[0-9]{2}\(.+\) [0-9]{2}:[0-9]{2}:[0-9]{2}' "$slip"
ok 'neither name nor number is' not grep -rqF -e "$(jq -r .name "$e2e_dir/customer.json")" \
	-e "$(jq -r .number "$e2e_dir/customer.json")" "$run/sandbox/printer"
branch_control "$run" /printer '{"state":"out"}' >/dev/null
ok 'the agent hears that the paper is out before anybody pays' branch_wait 10 printer_is out
ok 'another customer comes' customer kim loss
ok 'and is told that there is no paper' said loss print.paper
branch_control "$run" /printer '{"state":"cut"}' >/dev/null
printers_seen() { [ "$(grep -c 'printer: ok' "$run/log/agent.log")" -ge 2 ]; }
ok 'paper is back, the line is bad' branch_wait 10 printers_seen
ok 'a third customer comes' customer choi loss receipt
ok 'a slip cut in the middle is told, the next one comes out' eval 'said loss print.io && said receipt ""'
branch_end "$run" print
printer_down() { tail -3 "$run/log/agent.log" | grep -q 'printer: down'; }
ok 'without dasi-print the printer is down, not forgotten' branch_wait 10 printer_down
