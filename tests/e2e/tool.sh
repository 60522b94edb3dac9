#!/bin/bash
# The certificate tool from end to end, against openssl and, where installed,
# NSS pk12util, Java keytool, GnuTLS certtool and python3.
# usage: tests/e2e/tool.sh [path of dasi]; prints TAP, exits 0 or 1.
set -u
cd "$(dirname "$0")/../.." || exit 1
DASI=$(realpath "${1:-build/debug/dasi}")
DATA=$(realpath tests/data/npki)
PW='WTuA8Ev0lWXVFSiI!'
NEW='Dasi#Again2026'
IDN=9001011970015
R=7858b4328390805129f01c97fe6ca4a520cbd479
LEGACY=(-provider legacy -provider default)
T=$(mktemp -d)
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
# said TEXT STRING: the last command's output has it
said() {
	cp "$T/out" "$T/last"
	expect 0 "$1" grep -qF -- "$2" "$T/last"
}
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # skip $2"
}
# dasi_pw VERB PATH [options]: under $PASSWORD
dasi_pw() {
	local verb=$1
	shift
	"$DASI" cert "$verb" "$@" --json --password-fd 3 3<<<"$PASSWORD"
}
dasi_idn() { dasi_pw "$@" --idn-fd 4 4<<<"$NUMBER"; }
dasi_new() { dasi_pw passwd "$@" --new-password-fd 4 4<<<"$WANTED"; }
# until the terminal's record shows the word, 10 s at most
await() {
	for _ in $(seq 200); do
		grep -qa "$1" "$T/typed" && return 0
		sleep 0.05
	done
	return 1
}
bytes() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
sha256() { openssl dgst -sha256 -binary; }

# --- a CA of the Korean profile, by openssl alone ---------------------------
content=3026130d$(printf %s $IDN | hex)031500$R
vid=$(bytes "$content" | sha256 | sha256 | hex)
dn='/C=kr/O=yessign/OU=personal4IB/OU=DASI/CN=홍길동()0003041202611220000001'
leaf='cn=홍길동()0003041202611220000001,ou=DASI,ou=personal4IB,o=yessign,c=kr'
cat >"$T/ca.cnf" <<E2
[ca]
default_ca = d
[d]
database = $T/index
serial = $T/serial
new_certs_dir = $T
default_md = sha256
policy = any
unique_subject = no
string_mask = utf8only
[any]
C = optional
O = optional
OU = optional
CN = optional
[req]
distinguished_name = none
string_mask = utf8only
[none]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
authorityKeyIdentifier = keyid:always,issuer:always
subjectKeyIdentifier = hash
keyUsage = critical,digitalSignature,nonRepudiation
certificatePolicies = critical,1.2.410.200005.1.1.4
subjectAltName = otherName:1.2.410.200004.10.1.1;SEQUENCE:identify
crlDistributionPoints = URI:http://127.0.0.1:1/crl
authorityInfoAccess = OCSP;URI:http://127.0.0.1:1/ocsp
[identify]
name = UTF8:홍길동
info = SEQUENCE:attributes
[attributes]
one = SEQUENCE:attribute
[attribute]
type = OID:1.2.410.200004.10.1.1.1
value = SEQUENCE:vid
[vid]
alg = SEQUENCE:sha256
id = EXPLICIT:0,FORMAT:HEX,OCTETSTRING:$vid
[sha256]
oid = OID:sha256
E2
: >"$T/index"
echo 459C76 >"$T/serial"
authority() { # name, subject, issuer options
	local name=$1 subject=$2
	shift 2
	openssl req -new -utf8 -newkey rsa:2048 -nodes -keyout "$T/$name.key" \
	    -subj "$subject" -config "$T/ca.cnf" -out "$T/$name.csr"
	openssl x509 -req -in "$T/$name.csr" -days 3650 "$@" \
	    -extfile "$T/ca.cnf" -extensions authority -out "$T/$name.pem"
}
{
	openssl genrsa -out "$T/root.key" 2048
	openssl req -new -key "$T/root.key" -subj '/C=KR/O=KISA/CN=Test Root' \
	    -config "$T/ca.cnf" -out "$T/root.csr"
	openssl x509 -req -in "$T/root.csr" -days 3650 -signkey "$T/root.key" \
	    -extfile "$T/ca.cnf" -extensions authority -out "$T/root.pem"
	authority ca '/C=kr/O=yessign/OU=AccreditedCA/CN=Test CA' \
	    -CA "$T/root.pem" -CAkey "$T/root.key" -CAcreateserial
	# the published key, opened by openssl with the published key and IV
	tail -c +37 "$DATA/signPri.key" | openssl enc -d -seed-cbc \
	    -K 6240e2686a6abbc48c922ccba906bb91 \
	    -iv 4471a1fd154167f22848770d578a5b73 "${LEGACY[@]}" >"$T/plain.der"
	openssl pkcs8 -inform DER -nocrypt -in "$T/plain.der" -out "$T/key.pem"
	openssl req -new -utf8 -key "$T/key.pem" -subj "$dn" \
	    -config "$T/ca.cnf" -out "$T/leaf.csr"
	begins=$(date -u -d '2 days ago' +%Y%m%d)150000Z
	ends=$(date -u -d '300 days' +%Y%m%d)145959Z
	openssl ca -batch -utf8 -config "$T/ca.cnf" -cert "$T/ca.pem" \
	    -keyfile "$T/ca.key" -startdate "$begins" -enddate "$ends" \
	    -preserveDN -notext -extensions leaf -in "$T/leaf.csr" \
	    -out "$T/leaf.pem"
	openssl x509 -in "$T/leaf.pem" -outform DER -out "$T/leaf.der"
} >"$T/log" 2>&1 || { sed 's/^/# /' "$T/log"; echo "Bail out! no test CA"; exit 1; }
PAIR="$T/stick/NPKI/yessign/USER/$leaf"
mkdir -p "$PAIR"
cp "$T/leaf.der" "$PAIR/signCert.der"
cp "$DATA/signPri.key" "$PAIR/signPri.key"
CHAIN=(--ca "$T/ca.pem" --root "$T/root.pem")
PASSWORD=$PW NUMBER=$IDN

# --- inspect ------------------------------------------------------------------
expect 0 "inspect finds the one pair of a stick" "$DASI" cert inspect "$T/stick" --json
said "its folder is the name's leaf" "\"folder\":\"$leaf\""
expect 0 "inspect takes the folder itself" "$DASI" cert inspect "$PAIR" --json
said "its product is known" 은행/보험용
expect 0 "inspect takes the certificate alone" "$DASI" cert inspect "$PAIR/signCert.der"
said "plain text says the person" '  person: 홍길동'
expect 1 "a file of garbage is a finding" dasi_pw inspect tests/e2e/tool.sh
expect 3 "no such path" "$DASI" cert inspect "$T/none"
expect 3 "a folder without a pair" "$DASI" cert inspect "$DATA/.."/none
expect 2 "no subcommand" "$DASI"
expect 2 "an unknown subcommand" "$DASI" frobnicate
expect 2 "an unknown verb" "$DASI" cert frobnicate "$PAIR"
expect 2 "a password in argv" "$DASI" cert verify "$PAIR" --password "$PW"
expect 2 "a descriptor that is no number" "$DASI" cert verify "$PAIR" --password-fd x

# --- verify ---------------------------------------------------------------------
expect 0 "verify: everything good" dasi_idn verify "$PAIR" "${CHAIN[@]}"
expect 0 "every check ran" test "$(dasi_idn verify "$PAIR" "${CHAIN[@]}" |
    grep -o '"result":"good"' | wc -l)" = 9
NUMBER=900101-1970015
expect 0 "a number with a hyphen is the same number" dasi_idn verify "$PAIR" "${CHAIN[@]}"
NUMBER=9001011970016
expect 1 "another person's number" dasi_idn verify "$PAIR" "${CHAIN[@]}"
NUMBER=$IDN PASSWORD=wrong
expect 1 "a wrong password" dasi_pw verify "$PAIR"
PASSWORD=$PW
expect 1 "another root" dasi_pw verify "$PAIR" --ca "$T/ca.pem" --root "$T/ca.pem"
expect 1 "no intermediate" dasi_pw verify "$PAIR" --root "$T/root.pem"
expect 1 "an expired certificate" dasi_pw verify "$DATA"
expect 3 "no terminal and no descriptor" setsid -w "$DASI" cert verify "$PAIR"
mkdir "$T/mixed"
cp "$T/root.pem" "$T/mixed/signCert.der"
cp "$DATA/signPri.key" "$T/mixed/signPri.key"
expect 1 "a certificate of another key" dasi_pw verify "$T/mixed"
mkdir "$T/half"
cp "$T/leaf.der" "$T/half/signCert.der"
expect 1 "a certificate without its key" dasi_pw verify "$T/half"
mkdir -p "$T/two/a" "$T/two/b"
cp "$PAIR"/* "$T/two/a"
cp "$PAIR"/* "$T/two/b"
expect 2 "two pairs: choose one" dasi_pw verify "$T/two"
expect 0 "two pairs are both inspected" test \
    "$("$DASI" cert inspect "$T/two" --json | grep -o '"kind":"pair"' | wc -l)" = 2
if command -v script >/dev/null; then
	# wait for each prompt: what is typed earlier, the terminal echoes
	: >"$T/typed"
	{
		await password && echo "$PW"
		await number && echo "$IDN"
	} | script -qefc \
	    "$(printf '%q ' "$DASI" cert verify "$PAIR" "${CHAIN[@]}")" \
	    "$T/typed" >/dev/null 2>&1
	expect 0 "typed at prompts, all is good" test "$(grep -ac "  good" "$T/typed")" = 9
	expect 1 "nothing typed is shown" grep -qaF -e "$PW" -e "$IDN" "$T/typed"
else
	skip "typed at prompts" "no script"
fi

# --- vid --------------------------------------------------------------------------
expect 0 "vid matches" dasi_idn vid "$PAIR"
said "and is what openssl computes" "$vid"
NUMBER=1234561234567
expect 1 "another number's vid does not" dasi_idn vid "$PAIR"
NUMBER=12a4
expect 2 "a number with a letter" dasi_idn vid "$PAIR"
NUMBER=$IDN

# --- export -----------------------------------------------------------------------
P12="$T/out.p12"
expect 0 "pair to PKCS#12" dasi_pw export "$PAIR" --ca "$T/ca.pem" --out "$P12"
expect 3 "an existing file is not replaced" dasi_pw export "$PAIR" --out "$P12"
openssl pkcs12 -in "$P12" -passin "pass:$PW" -nodes >"$T/p12.txt" 2>"$T/err"
spaced=$(sed 's/../& /g' <<<"${R^^}")
expect 0 "openssl sees R in it" grep -qF "1.2.410.200004.10.1.1.3: $spaced" "$T/p12.txt"
expect 0 "and both certificates" test "$(grep -c 'BEGIN CERT' "$T/p12.txt")" = 2
expect 1 "and no friendly name" grep -qi friendly "$T/p12.txt"
expect 0 "openssl reads the same key" cmp <(openssl pkey -in "$T/p12.txt") <(openssl pkey -in "$T/key.pem")
if command -v pk12util >/dev/null; then
	mkdir "$T/nss"
	certutil -N -d "$T/nss" --empty-password >/dev/null 2>&1
	expect 0 "NSS pk12util lists it" pk12util -l "$P12" -W "$PW" -d "$T/nss"
	expect 0 "NSS pk12util imports it" pk12util -i "$P12" -W "$PW" -d "$T/nss" -K ''
else
	skip "NSS pk12util" "not installed"
fi
if command -v keytool >/dev/null; then
	expect 0 "Java keytool lists it" keytool -list -storetype PKCS12 -keystore "$P12" -storepass "$PW"
	said "as a private key" PrivateKeyEntry
else
	skip "Java keytool" "not installed"
fi
if command -v certtool >/dev/null; then
	expect 0 "GnuTLS certtool reads it" certtool --p12-info --inder --infile "$P12" --password "$PW"
else
	skip "GnuTLS certtool" "not installed"
fi
expect 0 "verify PKCS#12 as well" dasi_idn verify "$P12" --root "$T/root.pem"
expect 0 "the published PKCS#12 opens" dasi_pw inspect "$DATA/test.pfx"
expect 0 "PKCS#12 back to a pair" dasi_pw export "$P12" --out "$T/back"
BACK="$T/back/NPKI/yessign/USER/$leaf"
expect 0 "the same certificate" cmp "$BACK/signCert.der" "$PAIR/signCert.der"
expect 0 "R and VID survive the journey" dasi_idn verify "$BACK" "${CHAIN[@]}"
expect 3 "an existing pair is not replaced" dasi_pw export "$P12" --out "$T/back"
expect 2 "export without --out" dasi_pw export "$PAIR"

# --- passwd -----------------------------------------------------------------------
sum=$(sha256sum <"$PAIR/signPri.key")
WANTED=short1!
expect 1 "a short password is refused" dasi_new "$PAIR"
said "and says why" password.short
WANTED='Dasi"Again2026'
expect 1 "a forbidden character is refused" dasi_new "$PAIR"
expect 0 "the file is as it was" test "$(sha256sum <"$PAIR/signPri.key")" = "$sum"
PASSWORD=wrong WANTED=$NEW
expect 1 "a wrong old password" dasi_new "$PAIR"
expect 0 "the file is still as it was" test "$(sha256sum <"$PAIR/signPri.key")" = "$sum"
PASSWORD=$PW
expect 0 "a new password" dasi_new "$PAIR"
expect 1 "the old one opens no more" dasi_pw verify "$PAIR"
PASSWORD=$NEW
expect 0 "the new one does, R and VID unchanged" dasi_idn verify "$PAIR" "${CHAIN[@]}"
head=$(head -c 36 "$PAIR/signPri.key" | hex)
expect 0 "in the classic form, byte by byte" test "${head:0:40}/${head:56:16}" = \
    30820510301a06082a831a8c9a44010f300e0408/02020800048204f0
expect 0 "nothing else is left in the folder" test "$(ls "$PAIR" | wc -l)" = 2
if command -v python3 >/dev/null; then
	python3 - "$NEW" "${head:40:16}" >"$T/dk" <<'E2'
import hashlib, sys
dk = sys.argv[1].encode() + bytes.fromhex(sys.argv[2])
for _ in range(2048):
    dk = hashlib.sha1(dk).digest()
print(dk[:16].hex(), hashlib.sha1(dk[16:]).digest()[:16].hex())
E2
	read -r key iv <"$T/dk"
	tail -c +37 "$PAIR/signPri.key" | openssl enc -d -seed-cbc -K "$key" \
	    -iv "$iv" "${LEGACY[@]}" >"$T/again.der" 2>"$T/err"
	expect 0 "python3 and openssl open it to the same plaintext" cmp "$T/plain.der" "$T/again.der"
else
	skip "python3 opens it" "not installed"
fi
openssl pkcs8 -topk8 -inform DER -in "$T/plain.der" -outform DER -v2 seed-cbc \
    -v2prf hmacWithSHA1 -iter 2048 -passout "pass:$PW" "${LEGACY[@]}" \
    -out "$T/half/signPri.key" 2>"$T/err"
PASSWORD=$PW
expect 1 "a PBES2 key of openssl opens, without R" dasi_pw verify "$T/half"
said "and says so" "the key has no R"
expect 0 "its password changes" dasi_new "$T/half"
expect 0 "openssl opens what became of it" openssl pkcs8 -inform DER \
    -in "$T/half/signPri.key" -passin "pass:$NEW" "${LEGACY[@]}" -out "$T/pbes2.pem"
expect 0 "to the same key" cmp <(openssl pkey -in "$T/pbes2.pem") <(openssl pkey -in "$T/key.pem")
expect 0 "a PKCS#12 file's password changes" dasi_new "$P12"
PASSWORD=$NEW
expect 0 "R and VID are still in it" dasi_idn verify "$P12" --root "$T/root.pem"
openssl pkcs8 -topk8 -inform DER -in "$T/plain.der" -outform DER -v2 des3 \
    -passout "pass:$PW" -out "$T/half/signPri.key" 2>"$T/err"
PASSWORD=$PW
expect 1 "an algorithm we do not read" dasi_pw vid "$T/half"
said "is named" DES-EDE3-CBC
cp "$DATA/signPri.key" "$T/half/signPri.key"
printf x | dd of="$T/half/signPri.key" bs=1 seek=700 conv=notrunc 2>/dev/null
expect 1 "a damaged key" dasi_pw verify "$T/half"

echo "1..$n"
exit "$failed"
