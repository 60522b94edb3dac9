#!/bin/bash
# `dasi audit` from end to end: a real database edited with sqlite3, copied
# while it is open, cut, forked and put back; proofs checked by themselves.
# usage: tests/e2e/audit.sh [path of dasi]; prints TAP, exits 0 or 1.
set -u
cd "$(dirname "$0")/../.." || exit 1
DASI=$(realpath "${1:-build/debug/dasi}")
MAKE=$(realpath "$(dirname "$DASI")/audit-make")
T=$(mktemp -d)
export TMPDIR=$T/tmp
mkdir "$TMPDIR"
trap 'rm -rf "$T"' EXIT
n=0
failed=0

# expect CODE TEXT COMMAND...: the exit code is CODE
expect() {
	local want=$1 text=$2 got
	shift 2
	"$@" >"$T/out" 2>"$T/err" </dev/null
	got=$?
	n=$((n + 1))
	if [ "$got" = "$want" ]; then
		echo "ok $n - $text"
	else
		echo "not ok $n - $text (exit $got, not $want)"
		sed 's/^/# /' "$T/out" "$T/err"
		failed=1
	fi
}
# says TEXT FILTER WANT: jq FILTER of the last output is WANT
says() {
	local got
	got=$(jq -r "$2" "$T/out" 2>/dev/null)
	n=$((n + 1))
	if [ "$got" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1 (\"$got\", not \"$3\")"
		failed=1
	fi
}
audit() { "$DASI" audit "$@"; }

"$MAKE" "$T/branch" 700 || exit 1
DB=$T/branch/dasi.db
KEYS=(--key "$T/branch/key" --mac-key "$T/branch/escrow")

# ---- a whole log ----
before=$(sha256sum "$DB")
expect 0 "a whole log verifies" audit verify "$DB" "${KEYS[@]}" --json
says "all rows were gone through" .rows 700
says "the newest signature covers 512" .signed_rows 512
says "nothing is found" .finding nothing
root=$(jq -r .root "$T/out")
expect 0 "without keys it verifies what it can" audit verify "$DB" --json
says "and says whose word the key is" .key "of the database itself"
expect 0 "it prints plain lines as well" audit verify "$DB"
od -An -v -tx1 "$T/branch/escrow" | tr -d ' \n' >"$T/hex"
expect 0 "the key may be hexadecimal" audit verify "$DB" --mac-key "$T/hex"

expect 0 "the database was only read" [ "$before" = "$(sha256sum "$DB")" ]
expect 1 "nothing is left beside it" test -e "$DB-wal"

# ---- checkpoint and proof ----
expect 0 "the newest checkpoint is a note" audit checkpoint "$DB" --key "$T/branch/key"
cp "$T/out" "$T/checkpoint"
expect 0 "of three lines and a signature" [ "$(wc -l <"$T/checkpoint")" = 5 ]
expect 0 "its size is 512" [ "$(sed -n 2p "$T/checkpoint")" = 512 ]
expect 0 "the log verifies against it" audit verify "$DB" --key "$T/branch/key" --checkpoint "$T/checkpoint"
expect 0 "and from it on" audit verify "$DB" --key "$T/branch/key" --checkpoint "$T/checkpoint" --from --json
says "which reads the rest only" .rows 188
says "to the same root" .root "$root"
expect 0 "a row is proved" audit prove 300 "$DB" --key "$T/branch/key" --json
says "under the checkpoint that covers it" .tree_size 512
says "in nine steps" '.path | length' 9
says "the row goes along" '.row | length > 100' true
says "the text fits a QR code of version 15" .qr_version 15
jq -r .row "$T/out" | base64 -d >"$T/row"
leaf=$({ printf '\0'; cat "$T/row"; } | sha256sum | cut -d' ' -f1)
says "its leaf is SHA-256(0x00 row)" .leaf "$leaf"
# the path by hand, with nothing but sha256sum
python3 - "$T/out" <<'E' >"$T/climb" 2>&1
import json, sys, hashlib
p = json.load(open(sys.argv[1]))
r, fn, sn = bytes.fromhex(p["leaf"]), p["seq"], p["tree_size"] - 1
for h in map(bytes.fromhex, p["path"]):
    if fn & 1 or fn == sn:
        r = hashlib.sha256(b"\1" + h + r).digest()
        while not fn & 1 and fn:
            fn >>= 1
            sn >>= 1
    else:
        r = hashlib.sha256(b"\1" + r + h).digest()
    fn >>= 1
    sn >>= 1
print(r.hex())
E
says "another implementation climbs to the root" .root "$(cat "$T/climb")"
expect 0 "the compact form alone" audit prove 300 "$DB" --compact
cp "$T/out" "$T/proof"
expect 0 "has only characters of a QR code's dense mode" grep -qxE '[A-Z0-9:]+' "$T/proof"
expect 0 "and is checked without the log" audit prove --check "$T/proof" --key "$T/branch/key"
sed 's/A/B/2' "$T/proof" >"$T/spoilt"
expect 1 "but not when spoilt" audit prove --check "$T/spoilt" --key "$T/branch/key"
expect 3 "a row no checkpoint covers is not proved yet" audit prove 600 "$DB"
expect 3 "nor one that is not there" audit prove 700 "$DB"

# ---- two checkpoints of one log ----
sqlite3 "$DB" 'SELECT CAST(note AS TEXT) FROM audit_checkpoint WHERE number = 0' |
	sed '$d' >"$T/first"
expect 0 "the first checkpoint is the beginning of the newest" audit prove --since "$T/first" "$DB" --key "$T/branch/key" --json
says "in one step: 256 of 512" '.path | length' 1
says "from 256" .old_size 256
says "to 512" .tree_size 512
expect 0 "the newest is its own beginning" audit prove --since "$T/checkpoint" "$DB"
"$MAKE" "$T/other" 700 || exit 1
expect 1 "another history does not continue it" audit prove --since "$T/checkpoint" "$T/other/dasi.db"

# ---- tampered with, by sqlite3 ----
# tamper TEXT SQL FINDING SEQ [options]: on a fresh copy
tamper() {
	local text=$1 sql=$2 finding=$3 seq=$4
	shift 4
	cp "$DB" "$T/bad.db"
	sqlite3 "$T/bad.db" "
		DROP TRIGGER audit_row_no_update; DROP TRIGGER audit_row_no_delete;
		DROP TRIGGER audit_checkpoint_note;
		DROP TRIGGER audit_checkpoint_stays; $sql" || failed=1
	expect 1 "$text: found" audit verify "$T/bad.db" --key "$T/branch/key" --json "$@"
	says "$text: as $finding" .finding "$finding"
	says "$text: at $seq" .first_bad_seq "$seq"
}
tamper "a row edited" "UPDATE audit_row SET row = CAST(replace(CAST(row AS TEXT), 'x', 'y') || x'00' AS BLOB) WHERE seq = 300" row_edited 300
tamper "a row deleted" "DELETE FROM audit_row WHERE seq = 300" row_missing 300
tamper "the first row deleted" "DELETE FROM audit_row WHERE seq = 0" row_missing 0
tamper "rows changed places" "UPDATE audit_row SET seq = 9999 WHERE seq = 300;
	UPDATE audit_row SET seq = 300 WHERE seq = 301;
	UPDATE audit_row SET seq = 301 WHERE seq = 9999" row_order 300
tamper "rows behind a gap pulled up" "DELETE FROM audit_row WHERE seq = 300;
	UPDATE audit_row SET seq = seq + 9999 WHERE seq > 300;
	UPDATE audit_row SET seq = seq - 10000 WHERE seq > 9999" row_order 300
tamper "the tail cut" "DELETE FROM audit_row WHERE seq >= 500" tail_cut 500
tamper "checkpoint and tail cut" "DELETE FROM audit_row WHERE seq >= 256;
	DELETE FROM audit_checkpoint WHERE number = 1" tail_cut 256 --checkpoint "$T/checkpoint"
tamper "a checkpoint's root changed" "UPDATE audit_checkpoint SET root = zeroblob(32) WHERE number = 1" root 256
tamper "an epoch gone" "DELETE FROM audit_checkpoint WHERE number = 0" epoch_missing 0
tamper "and renumbered" "DELETE FROM audit_checkpoint WHERE number = 0;
	UPDATE audit_checkpoint SET number = 0" epoch_missing 0
tamper "a signature spoilt" "UPDATE audit_checkpoint SET note = CAST(replace(CAST(note AS TEXT), '=', 'A=') AS BLOB) WHERE number = 0" signature 0
tamper "a signature gone" "UPDATE audit_checkpoint SET note = NULL WHERE number = 0" signature 0
tamper "a seal changed" "UPDATE audit_row SET mac = zeroblob(32) WHERE seq = 650" seal 650 --mac-key "$T/branch/escrow"
tamper "the branch renamed" "UPDATE meta SET value = CAST('004-9999' AS BLOB) WHERE key = 'audit.branch'" branch 0

# a fork: the same branch and key, another history
"$MAKE" "$T/fork" 700 || exit 1
expect 0 "another log of the branch is whole by itself" audit verify "$T/fork/dasi.db" --key "$T/branch/key"
expect 1 "but contradicts the checkpoint" audit verify "$T/fork/dasi.db" --key "$T/branch/key" --checkpoint "$T/checkpoint" --json
says "which is a fork" .finding fork
expect 1 "from it on too" audit verify "$T/fork/dasi.db" --key "$T/branch/key" --checkpoint "$T/checkpoint" --from

# ---- while an agent has it open ----
mkfifo "$T/hold"
"$MAKE" "$T/live" 600 hold <"$T/hold" >"$T/ready" &
held=$!
exec 9>"$T/hold"
for _ in $(seq 200); do
	grep -q ready "$T/ready" && break
	sleep 0.05
done
expect 0 "a live database has its rows in the -wal file" test -s "$T/live/dasi.db-wal"
sum=$(cat "$T/live/dasi.db" "$T/live/dasi.db-wal" | sha256sum)
expect 0 "it verifies from a copy" audit verify "$T/live/dasi.db" --key "$T/live/key" --mac-key "$T/live/escrow" --json
says "with all its rows" .rows 600
expect 0 "and is not touched" [ "$sum" = "$(cat "$T/live/dasi.db" "$T/live/dasi.db-wal" | sha256sum)" ]
expect 0 "the copy is gone" [ -z "$(ls "$TMPDIR")" ]
exec 9>&-
wait "$held"

# ---- what is not a log ----
expect 3 "no file" audit verify "$T/none.db"
echo nonsense >"$T/text.db"
expect 1 "not a database" audit verify "$T/text.db"
sqlite3 "$T/empty.db" 'CREATE TABLE t (x)'
expect 1 "a database of something else" audit verify "$T/empty.db"
head -c 100000 "$DB" >"$T/short.db"
expect 1 "half a database" audit verify "$T/short.db"
expect 3 "no key file" audit verify "$DB" --key "$T/none"
expect 1 "a key file of something else" audit verify "$DB" --key "$T/checkpoint"
expect 1 "an epoch key of wrong length" audit verify "$DB" --mac-key "$T/branch/key"
expect 1 "a checkpoint that is none" audit verify "$DB" --checkpoint "$T/branch/key"
expect 2 "no verb" audit
expect 2 "an unknown verb" audit erase "$DB"
expect 2 "prove without a number" audit prove
expect 2 "prove with a word" audit prove first "$DB"
expect 2 "from without a checkpoint" audit verify "$DB" --from
expect 2 "since and a number" audit prove 3 "$DB" --since "$T/first"
expect 2 "an option of another verb" audit checkpoint "$DB" --compact

# ---- rows that have gone ----
"$MAKE" "$T/pruned" 1100 prune || exit 1
P=$T/pruned/dasi.db
PKEYS=(--key "$T/pruned/key" --mac-key "$T/pruned/escrow")
expect 0 "a pruned log verifies from its anchor" audit verify "$P" "${PKEYS[@]}" --json
says "it says how many rows have gone" .pruned_rows 1024
says "and that nobody checked who signed for them" .pruned_signature "not checked"
expect 0 "with head office's key" audit verify "$P" "${PKEYS[@]}" --office "$T/pruned/office" --json
says "that is checked" .pruned_signature checked
says "what is left was gone through" .size 1101
cp "$T/pruned/key" "$T/pruned/another"
expect 1 "with another key it is a finding" audit verify "$P" "${PKEYS[@]}" --office "$T/pruned/another" --json
says "the anchor" .finding anchor
expect 3 "a row that has gone is not proved" audit prove 1000 "$P" --key "$T/pruned/key" --json
says "it is said who has it" .error.where "prove: pruned; head office has it"
expect 0 "the checkpoint is still there" audit checkpoint "$P" --key "$T/pruned/key"
cp "$T/out" "$T/kept"
expect 0 "and the log continues it" audit prove "$P" --since "$T/kept" --json
cp "$P" "$T/copy.db"
sqlite3 "$T/copy.db" "DELETE FROM audit_row WHERE seq = 1030" 2>/dev/null
expect 0 "what has not been signed for cannot be deleted" [ "$(sqlite3 "$T/copy.db" 'SELECT count(*) FROM audit_row WHERE seq = 1030')" = 1 ]
sqlite3 "$T/copy.db" "DROP TRIGGER audit_row_no_delete; DELETE FROM audit_row WHERE seq = 1030"
expect 1 "and when it is, it is found" audit verify "$T/copy.db" "${PKEYS[@]}" --json
says "missing" '.finding + " " + (.first_bad_seq | tostring)' "row_missing 1030"

# ---- a power cut before the signatures ----
"$MAKE" "$T/cut" 1100 || exit 1
sqlite3 "$T/cut/dasi.db" "DROP TRIGGER audit_checkpoint_note; UPDATE audit_checkpoint SET note = NULL WHERE number > 1"
expect 0 "checkpoints unsigned at the end are no finding" audit verify "$T/cut/dasi.db" --json
says "but a remark" .unsigned_checkpoints 2
sqlite3 "$T/cut/dasi.db" "UPDATE audit_checkpoint SET note = NULL WHERE number = 0"
expect 1 "one in the middle is" audit verify "$T/cut/dasi.db" --json
says "a signature" .finding signature

echo "1..$n"
exit "$failed"
