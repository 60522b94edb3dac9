#!/bin/bash
# The audit log's way to head office, on a real PostgreSQL over TLS: each row
# exactly once through whatever dies, nothing taken that does not fit, nothing
# acknowledged that was not kept, and nobody reads or removes who may only add.
. "$(dirname "$0")/lib.sh.inc"
. tests/unit/ship/cluster.sh
why=$(cluster_why)
if [ -n "$why" ]; then
	skip 'shipping to PostgreSQL' "$why"
	exit
fi
db=$e2e_dir/db run=$e2e_dir/ship
agent=
ship_end() {
	[ -z "$agent" ] || kill "$agent" 2>/dev/null
	[ -z "$daemon" ] || kill "$daemon" 2>/dev/null
	[ -z "$watcher" ] || kill "$watcher" 2>/dev/null
	cluster_stop "$db"
	e2e_end
}
daemon= watcher=
trap ship_end EXIT
chmod 755 "$e2e_dir"
mkdir -p "$run/notes"
head -c 32 /dev/urandom >"$run/witness.key"

sql() { cluster_sql "$db" "$1"; }
is() { # WANTED SQL
	local got
	got=$(sql "$2") || return 1
	[ "$got" = "$1" ] || { echo "wanted $1, got $got"; return 1; }
}
witness() {
	timeout 60 "$BIN/dasi-witness" --name headoffice.dasi --key "$run/witness.key" --state "$run/witness" \
		--conninfo "$(cluster_info "$db" witness)" --once
}
conf() { # FILE ROLE
	cat >"$1" <<-EOF
		practice = true
		branch { bank = "Bank" bank_code = 004 name = "Branch" code = 0417 }
		agent { state = "$run/state" socket = "$run/agent.sock" device_key = "$run/k" key_worker = "/x" }
		peers { cmp_url = "http://127.0.0.1:1/" ocsp_url = "http://127.0.0.1:1/"
		  registry_url = "http://127.0.0.1:1/" }
		media { directory = "$run" }
		issuer yessign { name = "KFTC" ours = true root = a ca = a ra_cert = a ra_key = a }
		ship { conninfo = "$(cluster_info "$db" "$2")" cosign_key = "${3:-$cosign_key}" }
	EOF
}
ship() { timeout 120 "$BIN/dasi-ship" --config "${1:-$run/dasi.conf}" --once; }
ends() { # STATUS COMMAND...
	local want=$1 got
	shift
	"$@"
	got=$?
	[ $got = "$want" ] || { echo "ended with $got, wanted $want"; return 1; }
}
agent_start() { # ROWS OPTION...
	[ -z "$agent" ] || { kill "$agent"; wait "$agent"; } 2>/dev/null
	rm -f "$run/out" "$run/notes"/*
	"$BIN/ship-agent" "$run/agent.sock" --notes "$run/notes" --rows "$@" >"$run/out" &
	agent=$!
	branch_wait 20 grep -qs listening "$run/out"
}
acked() { jq -e "$1" "$run/notes/acked"; }
empty() { # head office as on its first day
	rm -rf "$run/witness"
	sql "TRUNCATE dasi.audit_row, dasi.finding; DELETE FROM dasi.branch_state; DELETE FROM dasi.branch;
		SELECT dasi.branch_add('004-0417', 'audit.dasi/004/0417', '$log_key', 'branch_0417')"
}
# The whole copy against the agent's own log, byte for byte by its root: the
# witness cosigns nothing else.
whole() { # ROWS
	is "$1" 'SELECT size FROM dasi.branch_state' &&
		is "$1|$1|0|$(($1 - 1))" 'SELECT count(*), count(DISTINCT seq), min(seq), max(seq) FROM dasi.audit_row' &&
		is 0 'SELECT count(*) FROM dasi.gap_list' && is 0 'SELECT count(*) FROM dasi.finding' &&
		witness && is "$1" 'SELECT cosigned_size FROM dasi.branch_state'
}

ok 'a server with TLS and the schema of head office' cluster_start "$db" || exit
for r in branch_0417 stranger; do cluster_login "$db" $r; done
cluster_login "$db" witness dasi_witness
cluster_login "$db" auditor dasi_auditor
log_key=$("$BIN/ship-agent" --key)
cosign_key=$("$BIN/dasi-witness" --name headoffice.dasi --key "$run/witness.key" --public)
conf "$run/dasi.conf" branch_0417
empty >/dev/null

# ---- the plain way ----
agent_start 0
ok 'an empty log is shipped' ship
agent_start 14000
ok 'seven days of backlog, 14,000 rows, are caught up' ship
ok 'the agent hears of 14,000 rows and of no cosignature yet' acked '.size == 14000 and .note == ""'
ok 'each row is there once, and the witness cosigns their root' whole 14000
ok 'shipping again sends nothing twice' ship
ok 'each row is still there once' whole 14000
ok 'now the agent has the cosigned checkpoint' acked '.note | contains("headoffice.dasi") and startswith("audit.dasi/004/0417\n14000\n")'
agent_start 14300
ok 'what is new since then follows' ship
ok 'and continues what was cosigned' whole 14300

# ---- kill -9 ----
kill_shippers() { # until everything is there
	local i p
	for i in $(seq 1 12); do
		"$BIN/dasi-ship" --config "$run/dasi.conf" --once 2>/dev/null & p=$!
		sleep 0.0$((i % 9 + 1))
		kill -9 $p 2>/dev/null
		wait $p 2>/dev/null
	done
	sql 'SELECT size FROM dasi.branch_state'
	ship
}
empty >/dev/null
agent_start 14000
ok 'twelve shippers killed at any moment, one that ends' kill_shippers
ok 'each row is there once' whole 14000
kill_server() {
	local i p
	for i in 1 2 3; do
		"$BIN/dasi-ship" --config "$run/dasi.conf" --once 2>/dev/null & p=$!
		branch_wait 20 started $i
		kill -9 "$(head -1 "$db/pg/data/postmaster.pid")"
		wait $p
		echo "shipper ended with $?"
		branch_wait 20 server_gone
		cluster_up "$db" || return 1
	done
	ship
}
started() { [ "$(sql 'SELECT size FROM dasi.branch_state')" -ge $(($1 * 500)) ]; }
server_gone() { ! pgrep -F "$db/pid" 2>/dev/null; head -1 "$db/pg/data/postmaster.pid" >"$db/pid"; ! kill -0 "$(cat "$db/pid")" 2>/dev/null; }
empty >/dev/null
ok 'the server killed three times during it' kill_server
ok 'each row is there once' whole 14000

# ---- the daemon ----
daemon_start() { "$BIN/dasi-ship" --config "$run/dasi.conf" 2>"$run/daemon.log" & daemon=$!; }
size_is() { is "$1" 'SELECT size FROM dasi.branch_state'; }
daemon_start
ok 'dasi-ship runs on its own' branch_wait 20 test -s "$run/notes/acked"
kill -USR1 "$agent"
ok 'and ships new rows by itself' branch_wait 30 size_is 15000
cluster_stop "$db" immediate
kill -USR1 "$agent"
ok 'without a server it says so once' branch_wait 30 grep -q 'head office' "$run/daemon.log"
cluster_up "$db"
ok 'and goes on by itself when the server is back' branch_wait 60 size_is 16000
"$BIN/dasi-witness" --name headoffice.dasi --key "$run/witness.key" --state "$run/witness" \
	--conninfo "$(cluster_info "$db" witness)" 2>"$run/witness.log" & watcher=$!
cosigned_is() { is "$1" 'SELECT cosigned_size FROM dasi.branch_state'; }
ok 'a running witness cosigns what is there' branch_wait 20 cosigned_is 16000
kill -USR1 "$agent"
ok 'and what comes' branch_wait 30 cosigned_is 17000
ok 'the agent gets the cosignature without asking' branch_wait 30 acked '.note | startswith("audit.dasi/004/0417\n17000\n")'
kill "$watcher"
ok 'the witness ends with 0 when asked to' wait "$watcher"
watcher=
kill "$daemon"
ok 'dasi-ship ends with 0 when asked to' wait "$daemon"
daemon=
ok 'each row is there once' whole 17000

# ---- what the sink refuses ----
append() { # FROM FIRST LAST [ROLE]: replay rows out of the sink itself
	psql -X -q -tA "$(cluster_info "$db" "${4:-branch_0417}")" -c "SELECT status, size FROM dasi.append($1,
		ARRAY[$(sql "SELECT string_agg(quote_literal(\"row\"), ',' ORDER BY seq) FROM dasi.audit_row WHERE seq BETWEEN $2 AND $3")]::bytea[],
		ARRAY[$(sql "SELECT string_agg(quote_literal(hash), ',' ORDER BY seq) FROM dasi.audit_row WHERE seq BETWEEN $2 AND $3")]::bytea[])"
}
answers() { # WANTED COMMAND...
	local want=$1 got
	shift
	got=$("$@" 2>&1)
	[ "$got" = "$want" ] || { echo "$got"; return 1; }
}
ok 'a batch replayed is nothing new' answers 'ok|17000' append 100 100 120
ok 'a batch too far on is refused with the wanted seq' answers 'gap|17000' append 17001 100 120
ok 'rows of another place are refused' answers 'bad|17000' append 17000 0 3
ok 'rows at the place of others are a fork' answers 'fork|17000' append 90 100 120
ok 'the fork is on the list' is '004-0417|fork|90' "SELECT branch, kind, seq FROM dasi.finding_list WHERE seq = 90"
ok 'nothing was changed by all that' is '17000|17000' 'SELECT count(*), max(seq) + 1 FROM dasi.audit_row'
call() { psql -X -q -tA "$(cluster_info "$db" "$1")" -c "$2"; }
ok 'bytes that are no row are refused' answers 'bad|17000' call branch_0417 \
	"SELECT status, size FROM dasi.append(17000, ARRAY['x'::bytea], ARRAY['y'::bytea])"
ok 'no bytes at all are refused' answers 'bad|17000' call branch_0417 \
	"SELECT status, size FROM dasi.append(17000, NULL, '{}')"
ok 'a checkpoint that is none is refused' answers 'bad|17000' call branch_0417 \
	"SELECT status, size FROM dasi.checkpoint(E'a\nb\nc\n\n', 17000)"
ok 'less rows than head office has are a rollback' answers 'rollback|17000' call branch_0417 \
	"SELECT status, size FROM dasi.checkpoint('', 16999)"

# ---- who may what ----
denied() { local out; out=$(call "$1" "$2" 2>&1); echo "$out"; [[ $out == *'permission denied'* ]]; }
for q in 'SELECT * FROM dasi.audit_row' 'SELECT * FROM dasi.branch' 'SELECT * FROM dasi.branch_status' \
	'DELETE FROM dasi.audit_row' 'TRUNCATE dasi.audit_row' 'UPDATE dasi.branch_state SET size = 0' \
	"INSERT INTO dasi.audit_row VALUES ('004-0417', 1, '', '')" \
	"SELECT dasi.cosign('004-0417', '', 1, '', '')" \
	"SELECT dasi.branch_add('x', 'x', 'x', 'branch_0417')" 'CREATE TABLE public.t ()'; do
	ok "a branch may not: $q" denied branch_0417 "$q"
done
ok 'an auditor sees the branches' answers '004-0417' call auditor 'SELECT branch FROM dasi.branch_status'
ok 'an auditor reads rows' answers 'case.open' call auditor 'SELECT kind FROM dasi.row_list WHERE seq = 0'
ok 'an auditor may not delete' denied auditor 'DELETE FROM dasi.audit_row'
ok 'daily totals count every row' answers 17000 call auditor 'SELECT sum("rows") FROM dasi.daily_totals'
ok 'and add up what was paid' answers 1826000 call auditor \
	"SELECT sum(won) FROM dasi.daily_totals WHERE kind = 'pay.approved'"
# 425 rounds of payments (tests/support/ship_agent.c), three in a hundred odd
ok 'what was paid and given back, by method' answers 'card|415|1826000|415|1826000|0
cash|425|1870000|425|1870000|0' call auditor \
	"SELECT method, sum(paid), sum(paid_won), sum(back), sum(back_won), sum(net_won)
	 FROM dasi.daily_payments WHERE method <> 'waived' GROUP BY 1 ORDER BY 1"
ok 'day by day the totals and the payments agree' answers 0 call auditor \
	"SELECT count(*) FROM (SELECT day, sum(won) FILTER (WHERE kind IN ('pay.approved', 'pay.cash')) AS paid,
	   sum(won) FILTER (WHERE kind IN ('pay.reversed', 'pay.refunded')) AS back FROM dasi.daily_totals GROUP BY day) t
	 FULL JOIN (SELECT day, sum(paid_won) AS paid, sum(back_won) AS back FROM dasi.daily_payments GROUP BY day) p
	 USING (day) WHERE coalesce(t.paid, 0) <> coalesce(p.paid, 0) OR coalesce(t.back, 0) <> coalesce(p.back, 0)"
ok 'several days are among them' answers t call auditor 'SELECT count(DISTINCT day) > 3 FROM dasi.daily_payments'
ok 'payments that do not add up are named' answers 'given back without payment|5|K-0009
open|5|K-0011' call auditor \
	'SELECT what, count(*), min(payment) FROM dasi.payment_check GROUP BY 1 ORDER BY 1'
sql 'GRANT dasi_branch TO stranger' >/dev/null
conf "$run/stranger.conf" stranger
ok 'a login that is no branch is refused' ends 1 ship "$run/stranger.conf"
ok 'silence is no alarm yet' is 0 'SELECT count(*) FROM dasi.silence_alarm'
sql "UPDATE dasi.branch_state SET last_seen = now() - interval '16 minutes'" >/dev/null
ok 'silence of 16 minutes is one' is 004-0417 'SELECT branch FROM dasi.silence_alarm'
sql 'DELETE FROM dasi.audit_row WHERE seq = 7' >/dev/null
ok 'a row taken out at head office shows as a gap' is '004-0417|7|1' \
	'SELECT branch, first_missing, missing FROM dasi.gap_list'

# ---- the sink restored ----
empty >/dev/null
agent_start 3000
ship && witness
(cd / && cluster_as "$cluster_bin/pg_dump" -h "$db/pg" -p "$(cat "$db/port")" -Fc --data-only -n dasi dasi) >"$run/dump"
agent_start 6000
ship && witness
restore() {
	sql 'TRUNCATE dasi.audit_row, dasi.finding, dasi.branch_state, dasi.branch' &&
		(cd / && cluster_as "$cluster_bin/pg_restore" -h "$db/pg" -p "$(cat "$db/port")" -d dasi --data-only --disable-triggers) <"$run/dump" &&
		size_is 3000
}
ok 'the sink is put back to an older state' restore
ok 'and is filled again' ship
ok 'to each row once' whole 6000
ok 'the witness stands by what it cosigned before' acked '.size == 6000'

# ---- another history ----
agent_start 6100 --fork 3000
ok 'another history is refused' ends 1 ship
ok 'the agent is told' jq -e '.kind == "fork" or .kind == "rollback"' "$run/notes/trouble"
ok 'nothing is acknowledged' test ! -e "$run/notes/acked" -o "$(acked .size)" = 6000
ok 'the fork is listed' is 1 "SELECT count(*) FROM dasi.finding_list WHERE kind = 'fork'"
ok 'the rows are as they were' is 6000 'SELECT count(*) FROM dasi.audit_row'
agent_start 5000
ok 'a log with less than it had is refused' ends 1 ship
ok 'and the agent is told of the rollback' jq -e '.kind == "rollback"' "$run/notes/trouble"
empty >/dev/null
agent_start 2000
ok 'a witness that once cosigned' eval 'ship && witness'
cp -r "$run/witness" "$run/memory"
empty >/dev/null
cp -r "$run/memory" "$run/witness"
agent_start 2100 --fork 1000
ship
witness 2>/dev/null
ok 'cosigns no other history, even for a database emptied since' is '0|root' \
	'SELECT s.cosigned_size, f.kind FROM dasi.branch_state s JOIN dasi.finding f USING (branch)'
empty >/dev/null
agent_start 100
psql -X -q "$(cluster_info "$db" branch_0417)" -c "SELECT dasi.checkpoint(E'audit.dasi/004/0417\n50\n$(printf 'A%.0s' $(seq 43))=\n\n— audit.dasi/004/0417 $(printf 'A%.0s' $(seq 92))\n', 100)" >/dev/null
witness 2>/dev/null
ok 'a checkpoint the branch did not sign is refused and listed' is 'signature|0' \
	'SELECT f.kind, s.checkpoint_size FROM dasi.branch_state s JOIN dasi.finding f USING (branch)'
ok 'and the branch goes on' ship

# ---- surroundings ----
head -c 32 /dev/urandom >"$run/other.key"
conf "$run/other.conf" branch_0417 "$("$BIN/dasi-witness" --name headoffice.dasi --key "$run/other.key" --public)"
witness
rm -f "$run/notes/acked"
ok 'a cosignature of another key is not believed' ends 1 ship "$run/other.conf"
ok 'and nothing is acknowledged' test ! -e "$run/notes/acked"
sed 's/sslmode=verify-full/sslmode=require/' "$run/dasi.conf" >"$run/plain.conf"
ok 'a connection that does not check the server is not made' ends 3 ship "$run/plain.conf"
sed 's/host=localhost/host=head.example/' "$run/dasi.conf" >"$run/name.conf"
ok 'a server of another name is not talked to' ends 3 ship "$run/name.conf"
agent_start 100 --first 50
empty >/dev/null
ok 'rows pruned at the branch are told and not invented' ends 3 ship
ok 'usage' ends 2 "$BIN/dasi-ship" --twice
