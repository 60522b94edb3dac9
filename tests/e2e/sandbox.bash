# Shared by the sandbox's end-to-end scripts: a sandbox of their own, and the
# counting of sentences.  Source it from the repository root.

B=${B:-build/debug}
passed=0 failed=0
work=$(mktemp -d)
pids=

ok() { # SENTENCE COMMAND...: passes when the command succeeds
	local what=$1
	shift
	if "$@" >"$work/last" 2>&1; then
		passed=$((passed + 1))
		echo "ok - $what"
	else
		failed=$((failed + 1))
		echo "not ok - $what"
		sed 's/^/#   /' "$work/last" | tail -12
	fi
}

is() { # SENTENCE GOT WANTED
	ok "$1" [ "$2" = "$3" ] || :
	[ "$2" = "$3" ] || echo "#   got '$2', wanted '$3'"
}

has() { # SENTENCE TEXT FIXED-STRING
	ok "$1" grep -qF -- "$3" <<<"$2"
	grep -qF -- "$3" <<<"$2" || sed 's/^/#   /' <<<"$2" | tail -8
}

finish() {
	local p
	for p in $pids; do kill "$p" 2>/dev/null; wait "$p" 2>/dev/null; done
	rm -rf "$work"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
trap 'finish; exit $?' EXIT
trap 'exit 130' INT TERM

json() { # PYTHON-EXPRESSION over v, JSON on stdin
	/usr/bin/python3 -c "import json, sys
v = json.load(sys.stdin)
print($1)"
}

# Start a sandbox in folder $1 with further options; sets sandbox_pid and the
# variables cmp, ocsp, crl, registry, control, host, dir.
start_sandbox() {
	local d=$1 line i
	shift
	rm -f "$d.out"
	"$B/dasi-sandbox" --dir "$d" "$@" >"$d.out" 2>>"$d.err" &
	sandbox_pid=$!
	pids="$pids $sandbox_pid"
	for i in $(seq 600); do
		[ -s "$d.out" ] && break
		kill -0 "$sandbox_pid" 2>/dev/null || break
		sleep 0.05
	done
	line=$(cat "$d.out")
	endpoints=$line
	dir=$(json 'v["dir"]' <<<"$line") || return 1
	cmp=$(json 'v["cmp"]' <<<"$line")
	ocsp=$(json 'v["ocsp"]' <<<"$line")
	crl=$(json 'v["crl"]' <<<"$line")
	registry=$(json 'v["registry"]' <<<"$line")
	control=$(json 'v["control"]' <<<"$line")
	host=${cmp#http://}
	host=${host%/cmp}
}

stop_sandbox() {
	kill "$sandbox_pid"
	wait "$sandbox_pid"
}

post() { # PATH JSON: to the registry
	curl -s -m 20 -H 'Content-Type: application/json' -d "$2" "$registry$1"
}

tell() { # PATH JSON: to the control endpoint
	curl -s -m 20 -H 'Content-Type: application/json' -d "$2" "$control$1"
}

state() { # PYTHON-EXPRESSION over v, the whole state
	curl -s -m 20 "$control/state" | json "$1"
}

cert_state() { # SERIAL
	state "[c['state'] for c in v['certificates'] if c['serial'] == '$1'][0]"
}

# An enrollment for person $1 (further members of the JSON in $2); sets ref,
# code, old (its serial).
enroll() {
	local answer
	answer=$(tell /enroll "{\"person\":\"$1\",\"force\":true${2:+,$2}}")
	ref=$(json 'v["refnum"]' <<<"$answer")
	code=$(json 'v["authcode"]' <<<"$answer")
	old=$(json 'v["old_serial"]' <<<"$answer")
}

fault() { # AT ACTION [COUNT]
	tell /fault "{\"at\":\"$1\",\"action\":\"$2\",\"count\":${3:-1}}" >/dev/null
}

new_key() { # FILE
	openssl genrsa -out "$1" 2048 2>/dev/null
}

ossl() { # openssl cmp with what every call needs
	timeout 60 openssl cmp -config /dev/null -server "$host" -path cmp \
	    -msg_timeout 10 -total_timeout 30 "$@" 2>&1
}

ossl_pbm() { # ... under the current reference number
	ossl -ref "$ref" -secret "pass:$code" -mac hmacWithSHA256 "$@"
}

ossl_ra() { # ... signed by the RA
	ossl -cert "$dir/ca/ra.crt" -key "$dir/ca/ra.key" \
	    -trusted "$dir/ca/root.crt" "$@"
}

serial_of() { # CERTIFICATE
	openssl x509 -in "$1" -noout -serial | cut -d= -f2 | tr A-F a-f
}

ocsp_status() { # CERTIFICATE: good, revoked or unknown, and the reason
	openssl ocsp -issuer "$dir/ca/ca.crt" -cert "$1" -url "$ocsp" \
	    -CAfile "$dir/ca/root.crt" 2>/dev/null |
	    sed -n "s|^$1: ||p; s|^\tReason: ||p" | paste -sd' '
}
