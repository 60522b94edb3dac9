#!/bin/bash
# The main job, unattended, and what independent readers make of its result.
. "$(dirname "$0")/lib.sh.inc"
out=$e2e_dir/out
started=$SECONDS
ok 'make demo finishes a reissue' bash kiosk-config/practice/demo --out "$out"
ok 'in under 30 seconds' test $((SECONDS - started)) -lt 30

leaf=$(dirname "$(find "$out/media/NPKI" -path '*/USER/*' -name signCert.der | head -1)")
cert=$leaf/signCert.der pri=$leaf/signPri.key
id() { jq -er "$1" "$out/identity.json"; }
password=$(id .certificate_password) number=$(id .resident_number)
legacy=(-provider legacy -provider default)

ok 'the pair lies in NPKI/yessign/USER/<leaf>' test -s "$cert" -a -s "$pri"
ok 'no temporary name is left' test -z "$(find "$out/media" -name '.*' -mindepth 1)"
ok 'identity.json is whole' jq -e 'all(.person, .name, .resident_number, .certificate_password,
	.old_not_after, .old_serial, .new_serial, .case_no; type == "string" and . != "")' "$out/identity.json"
ok 'the receipt shows the case number' grep -q "$(id .case_no)" "$out/receipt.txt"
ok 'no screen shows the whole resident number' not grep -rqE "$number|${number:0:6}-${number:6}" "$out/screens"
ok 'no screen shows the password' not grep -rqF -- "$password" "$out/screens"

# ---- the key file, byte by byte (facts of the published readers) ----
head_hex=$(head -c 36 "$pri" | od -An -v -tx1 | tr -d ' \n')
ok 'signPri.key has the 36-byte header every reader expects' \
	grep -qE '^30820510301a06082a831a8c9a44010f300e0408.{16}02020800048204f0$' <<<"$head_hex"
ok 'it is 1300 bytes long' test "$(stat -c %s "$pri")" -eq 1300

# PBKDF1 by hand with openssl, as a reader without our code would do it
sha1() { openssl dgst -sha1 -binary; }
dk() {
	local f=$e2e_dir/dk i
	{ printf %s "$password"; dd if="$pri" bs=1 skip=20 count=8 2>/dev/null; } | sha1 >"$f"
	python3 - "$f" <<'PY'
import hashlib, sys
d = open(sys.argv[1], 'rb').read()
for _ in range(2047):
    d = hashlib.sha1(d).digest()
open(sys.argv[1], 'wb').write(d)
PY
	key=$(od -An -v -tx1 -N16 "$f" | tr -d ' \n')
	iv=$(tail -c 4 "$f" | sha1 | od -An -v -tx1 -N16 | tr -d ' \n')
	tail -c +37 "$pri" | openssl enc -d -seed-cbc -K "$key" -iv "$iv" "${legacy[@]}" >"$e2e_dir/plain.der" 2>/dev/null
}
ok 'openssl decrypts it with the password (PBKDF1, SEED-CBC)' dk
r_tail=$(tail -c 41 "$e2e_dir/plain.der" | od -An -v -tx1 | tr -d ' \n')
ok 'R stands at its end with no unused bits' grep -qE '^a0273025060a2a831a8c9a440a010103311703150 ?0' <<<"$r_tail"
R=${r_tail: -40}

ok 'openssl finds key and certificate to be a pair' bash -c "
	diff <(openssl pkey -inform DER -in '$e2e_dir/plain.der' -pubout 2>/dev/null) \
	     <(openssl x509 -inform DER -in '$cert' -noout -pubkey)"

# ---- the VID, recomputed from the typed number ----
vid() {
	python3 - "$number" "$R" "$cert" <<'PY'
import hashlib, sys
n, r, cert = sys.argv[1].encode(), bytes.fromhex(sys.argv[2]), open(sys.argv[3], 'rb').read()
body = b'\x13' + bytes([len(n)]) + n + b'\x03\x15\x00' + r
h = hashlib.sha256(b'\x30' + bytes([len(body)]) + body).digest()
v = hashlib.sha256(h).digest()
assert bytes.fromhex('300b0609608648016503040201a0220420') + v in cert, 'VID not in the certificate'
PY
}
ok 'the VID in the certificate is that of the typed number and R' vid

# ---- the certificate ----
text=$(openssl x509 -inform DER -in "$cert" -noout -text)
has() { grep -qF -- "$1" <<<"$text"; }
ok 'keyUsage is critical, digitalSignature and nonRepudiation' bash -c \
	"grep -A1 'Key Usage: critical' <<<\"\$1\" | grep -q 'Digital Signature, Non Repudiation'" _ "$text"
ok 'policies are critical' has 'Certificate Policies: critical'
ok 'no basicConstraints and no extKeyUsage' bash -c \
	"! grep -qE 'Basic Constraints|Extended Key Usage' <<<\"\$1\"" _ "$text"
ok 'the new certificate ends when the old one would have' test \
	"$(date -d "$(openssl x509 -inform DER -in "$cert" -noout -enddate | cut -d= -f2)" +%s)" -eq \
	"$(date -d "$(id .old_not_after)" +%s)"
openssl x509 -inform DER -in "$out/ca/root.der" -out "$e2e_dir/root.pem"
openssl x509 -inform DER -in "$out/ca/ca.der" -out "$e2e_dir/ca.pem"
openssl x509 -inform DER -in "$cert" -out "$e2e_dir/cert.pem"
openssl crl -inform DER -in "$out/ca/crl.der" -out "$e2e_dir/crl.pem"
ok 'it chains to the root and is not in the CRL' openssl verify -CAfile "$e2e_dir/root.pem" \
	-untrusted "$e2e_dir/ca.pem" -CRLfile "$e2e_dir/crl.pem" -crl_check "$e2e_dir/cert.pem"
ok 'the old serial is in the CRL' bash -c \
	"openssl crl -in '$e2e_dir/crl.pem' -noout -text | grep -qi 'Serial Number: *0*$(id .old_serial)'"

# ---- the PKCS#12 beside it ----
p12=$(find "$out/media" -name '*.p12' | head -1)
ok 'the PKCS#12 that was ticked is there' test -n "$p12"
ok 'openssl opens it and shows R' bash -c \
	"openssl pkcs12 -in '$p12' -nodes -passin 'pass:$password' 2>/dev/null | grep -qF 1.2.410.200004.10.1.1.3"
reader() { # NAME PROGRAM COMMAND...
	if command -v "$2" >/dev/null; then ok "$1" "${@:3}"; else skip "$1" "$2 is not installed"; fi
}
mkdir -p "$e2e_dir/nss"
nss() {
	certutil -N -d "sql:$e2e_dir/nss" --empty-password &&
		pk12util -i "$p12" -d "sql:$e2e_dir/nss" -W "$password" -K ''
}
reader 'NSS pk12util imports it' pk12util nss
reader 'Java keytool imports it' keytool keytool -importkeystore -noprompt -srckeystore "$p12" \
	-srcstoretype PKCS12 -srcstorepass "$password" -destkeystore "$e2e_dir/j.p12" \
	-deststoretype PKCS12 -deststorepass "$password"
reader 'GnuTLS certtool reads it' certtool certtool --p12-info --inder --password "$password" --infile "$p12"

# ---- our own tool, from the outside ----
verify() {
	"$BIN/dasi" cert verify "$leaf" --root "$out/ca/root.der" --ca "$out/ca/ca.der" \
		--password-fd 3 --idn-fd 4 3< <(printf %s "$password") 4< <(printf %s "$1")
}
ok 'dasi cert verify finds everything good' verify "$number"
ok 'dasi cert verify finds another number wrong' not verify 8508031976743

# ---- the branch after it ----
db() { sqlite3 "file:$out/branch/dasi.db?immutable=1" "$1"; }
ok 'dasi.db is whole after a clean stop' test "$(db 'PRAGMA quick_check')" = ok
ok 'nothing waits beside it' test ! -e "$out/branch/dasi.db-wal" -a ! -e "$out/branch/dasi.db-journal"
ok 'the case is done' bash -c "sqlite3 'file:$out/branch/dasi.db?immutable=1' .dump | grep -q '$(id .case_no)'"
ok 'the number is not in the database' not grep -qa "$number" "$out/branch/dasi.db"
