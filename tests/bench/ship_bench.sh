#!/bin/bash
# Rows a second from the agent's socket to rows kept and answered for, against
# COPY of the same rows into the same tables in the same run: over the same
# TLS, each batch of 500 committed, and for reference all in one COPY.
#
#   tests/bench/ship_bench.sh [--row] [ROWS]
#
# Prints JSON, or with --row one line of bench.sh's table.  BIN=build/release.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/unit/ship/cluster.sh
form=json
[ "${1:-}" != --row ] || { form=row; shift; }
why=$(cluster_why)
if [ -n "$why" ]; then
	[ $form = row ] && echo "shipping to PostgreSQL: skipped: $why" >&2 ||
		printf '{"bench":"ship","skipped":"%s"}\n' "$why"
	exit 0
fi
BIN=${BIN:-build/release} rows=${1:-60000} rounds=${ROUNDS:-3}
dir=$(mktemp -d "${TMPDIR:-/tmp}/dasi-bench.XXXXXX")
agent=
finish() { [ -z "$agent" ] || kill "$agent"; cluster_stop "$dir/db"; rm -rf "$dir"; }
trap finish EXIT
chmod 755 "$dir"
sql() { cluster_sql "$dir/db" "$1"; }
now() { date +%s%N; }
rate() { echo $((rows * 1000000000 / ($2 - $1))); }	# FROM TO
median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }

cluster_start "$dir/db" >/dev/null || exit 3
cluster_login "$dir/db" branch_0417 >/dev/null
cluster_login "$dir/db" loader >/dev/null
head -c 32 /dev/urandom >"$dir/key"
cat >"$dir/dasi.conf" <<-EOF
	practice = true
	branch { bank = "Bank" bank_code = 004 name = "Branch" code = 0417 }
	agent { state = "$dir" socket = "$dir/sock" device_key = "/x" key_worker = "/x" }
	peers { cmp_url = "http://127.0.0.1:1/" ocsp_url = "http://127.0.0.1:1/" registry_url = "http://127.0.0.1:1/" }
	media { directory = "$dir" }
	issuer yessign { name = "KFTC" ours = true root = a ca = a ra_cert = a ra_key = a }
	ship { conninfo = "$(cluster_info "$dir/db" branch_0417)"
	  cosign_key = "$("$BIN/dasi-witness" --name headoffice.dasi --key "$dir/key" --public)" }
EOF
sql "SELECT dasi.branch_add('004-0417', 'audit.dasi/004/0417', 'k', 'branch_0417');
	GRANT USAGE ON SCHEMA dasi TO loader; GRANT INSERT ON dasi.audit_row TO loader" >/dev/null
"$BIN/ship-agent" "$dir/sock" --rows "$rows" >"$dir/out" &
agent=$!
until grep -q listening "$dir/out"; do sleep 0.05; done

empty() {
	sql "TRUNCATE dasi.audit_row;
		UPDATE dasi.branch_state SET size = 0, last_hash = decode(repeat('00', 32), 'hex')" >/dev/null
	sql CHECKPOINT >/dev/null
}
ship() {
	empty
	local t=$(now)
	"$BIN/dasi-ship" --config "$dir/dasi.conf" --once || exit 3
	rate "$t" "$(now)" >>"$dir/ship"
}
copy() { # NAME SCRIPT: the rows as files, by one psql
	empty
	local t=$(now)
	psql -X -q "$(cluster_info "$dir/db" loader)" -f "$2" || exit 3
	rate "$t" "$(now)" >>"$dir/$1"
}
ship # the first one fills the caches and gives the rows for COPY
columns='branch, seq, "row", hash'
export_to() { # FILE FROM TO
	cluster_psql "$dir/db" -d dasi -c "\\copy (SELECT $columns FROM dasi.audit_row WHERE seq >= $2 AND seq < $3 ORDER BY seq) to '$1' (format binary)"
}
for ((i = 0; i < rows; i += 500)); do
	export_to "$dir/rows.$i" $i $((i + 500))
	echo "\\copy dasi.audit_row ($columns) from '$dir/rows.$i' (format binary)"
done >"$dir/batches.sql"
export_to "$dir/rows" 0 "$rows"
echo "\\copy dasi.audit_row ($columns) from '$dir/rows' (format binary)" >"$dir/one.sql"
rm -f "$dir/ship"
for ((r = 0; r < rounds; r++)); do
	ship
	copy copy "$dir/batches.sql"
	copy copy_one "$dir/one.sql"
done
s=$(median <"$dir/ship") c=$(median <"$dir/copy") o=$(median <"$dir/copy_one")
if [ $form = row ]; then
	printf '%s\t%s\t%s\t%s\t%s\n' 'ship to PostgreSQL' "$s" rows/s \
		'COPY, batches of 500' "$c" \
		'ship to PostgreSQL' "$s" rows/s 'COPY, all at once' "$o"
	exit
fi
printf '{"bench":"ship","rows":%d,"ship_rows_s":%d,"copy_rows_s":%d,"copy_one_rows_s":%d,"ratio":%s,"ratio_one":%s,"goal":0.55}\n' \
	"$rows" "$s" "$c" "$o" "$(awk "BEGIN { printf \"%.2f\", $s / $c }")" "$(awk "BEGIN { printf \"%.2f\", $s / $o }")"
