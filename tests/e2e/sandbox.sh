#!/bin/bash
# The sandbox's CA against clients that are not ours: the openssl command,
# BouncyCastle (tests/e2e/java/BcCmp.java), and pyasn1's RFC 4210 module.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/e2e/sandbox.bash

jars=/usr/share/java/bcpkix.jar:/usr/share/java/bcprov.jar:/usr/share/java/bcutil.jar
javac -d "$work/java" -cp "$jars" tests/e2e/java/BcCmp.java || exit 3
bc() { timeout 60 java -cp "$jars:$work/java" BcCmp "$@"; }
field() { sed -n "s/^$2=//p" <<<"$1" | head -1; }

# Decode with pyasn1 and encode again: the same bytes.  Prints the body.
decoded() { # FILE
	/usr/bin/python3 - "$1" <<'PY'
import sys
from pyasn1.codec.der import decoder, encoder
from pyasn1_modules import rfc4210
data = open(sys.argv[1], 'rb').read()
m, rest = decoder.decode(data, asn1Spec=rfc4210.PKIMessage())
assert not rest and encoder.encode(m) == data
body = m['body']
print(body.getName(), int(m['header']['pvno']))
if body.getName() == 'error':
    info = body['error']['pKIStatusInfo']
    print('status', int(info['status']), 'fail',
          [i for i, b in enumerate(info['failInfo']) if b])
PY
}

start_sandbox "$work/a"
is 'the first line is one JSON object with every endpoint and path' \
    "$(json 'sorted(v) == sorted("pid dir cmp ocsp crl registry control root ca ra_cert ra_key sms people conf pay van pay_ca smtp mail printer printed".split())' <<<"$endpoints")" True
ok 'it listens on 127.0.0.1 and nowhere else' /usr/bin/python3 - "${host#*:}" <<'PY'
import sys
port = '%04X' % int(sys.argv[1])
hits = [l.split()[1] for f in ('/proc/net/tcp', '/proc/net/tcp6')
        for l in open(f) if l.split()[3] == '0A'
        and l.split()[1].endswith(':' + port)]
assert hits == ['0100007F:' + port], hits
PY

# ---- issue ---------------------------------------------------------------------
enroll hong '"application":"A-1"'
new_key "$work/k1"
out=$(ossl_pbm -cmd ir -newkey "$work/k1" -certout "$work/c1" \
    -chainout "$work/chain" -reqout "$work/ir,$work/cc" \
    -rspout "$work/ip,$work/pc" -subject /CN=whoever)
has 'openssl: ir is answered, confirmed and acknowledged' "$out" 'received PKICONF'
ok 'the certificate verifies up to the test root' openssl verify \
    -CAfile "$dir/ca/root.crt" -untrusted "$work/chain" \
    -ignore_critical "$work/c1"
is 'subject and expiry are those of the old certificate' \
    "$(state "len({(c['subject'], c['not_after'], c['policy']) for c in v['certificates'] if c['person'] == 'hong'})")" 1
ok 'its days are whole days in Korea' sh -c \
    "openssl x509 -in '$work/c1' -noout -dates | grep -q 'notBefore=.* 15:00:00' &&
     openssl x509 -in '$work/c1' -noout -dates | grep -q 'notAfter=.* 14:59:59'"
is 'OCSP says good once it is confirmed' "$(ocsp_status "$work/c1")" good
is 'the old one is still on hold' "$(cert_state "$old")" suspended
for f in ir cc ip pc; do
	ok "pyasn1 decodes and re-encodes $f to the same bytes" decoded "$work/$f"
done
has 'ip carries confirmWaitTime' "$(openssl asn1parse -inform DER -in "$work/ip")" \
    'id-it-confirmWaitTime'
out=$(ossl_pbm -cmd ir -newkey "$work/k1" -certout "$work/x" -subject /CN=x -unprotected_errors)
has 'a used reference number is refused' "$out" 'used or has expired'

send() { curl -s -H 'Content-Type: application/pkixcmp' --data-binary "@$1" "$cmp"; }
send "$work/ir" >"$work/again"
ok 'the same ir bytes get the same ip bytes' cmp "$work/ip" "$work/again"
send "$work/cc" >"$work/again"
ok 'the same certConf bytes get the same pkiconf bytes' cmp "$work/pc" "$work/again"

enroll kim
new_key "$work/k2"
openssl req -new -key "$work/k2" -subj /CN=whoever -out "$work/csr" 2>/dev/null
out=$(ossl_pbm -cmd p10cr -csr "$work/csr" -certout "$work/c2")
has 'openssl: p10cr works' "$out" 'received PKICONF'
enroll choi
new_key "$work/k3"
out=$(ossl_pbm -cmd cr -newkey "$work/k3" -certout "$work/c3" -subject /CN=x)
has 'openssl: cr works, for a certificate that was suspended before' "$out" 'received PKICONF'
enroll nguyen '"waiting":2'
new_key "$work/k4"
out=$(ossl_pbm -cmd ir -newkey "$work/k4" -certout "$work/c4" -subject /CN=x)
has 'openssl: waiting is followed by polling' "$out" 'received POLLREP'
has 'and polling ends with the certificate' "$out" 'received PKICONF'
new_key "$work/k5"
out=$(ossl -cmd kur -cert "$work/c4" -key "$work/k4" -newkey "$work/k5" \
    -trusted "$dir/ca/root.crt" -certout "$work/c5")
has 'openssl: kur signed by the valid certificate works' "$out" 'received PKICONF'
is 'a renewal is one year longer' \
    "$(openssl x509 -in "$work/c5" -noout -enddate | grep -o '20[0-9][0-9]')" \
    "$(($(openssl x509 -in "$work/c4" -noout -enddate | grep -o '20[0-9][0-9]') + 1))"
is 'and the renewed one is superseded' "$(ocsp_status "$work/c4")" 'revoked superseded'
out=$(ossl_pbm -cmd genm -infotype signKeyPairTypes)
has 'openssl: genm is answered' "$out" 'genp contains ITAV'

# ---- refusals ------------------------------------------------------------------
tell /enroll '{"person":"shin"}' >"$work/e"
ref=$(json 'v["refnum"]' <"$work/e") code=$(json 'v["authcode"]' <"$work/e")
new_key "$work/k6"
out=$(ossl_pbm -cmd ir -newkey "$work/k6" -certout "$work/x" -subject /CN=x)
has 'nothing is issued while the old certificate is valid' "$out" 'still valid'
enroll shin
out=$(ossl_pbm -cmd ir -newkey "$work/k1" -certout "$work/x" -subject /CN=x)
has 'a key certified before is refused' "$out" 'duplicateCertReq'
openssl genrsa -out "$work/small" 1024 2>/dev/null
out=$(ossl_pbm -cmd ir -newkey "$work/small" -certout "$work/x" -subject /CN=x)
has 'a short key is refused' "$out" 'badCertTemplate'
right=$code code=wrongwrongwrong1234
for i in 1 2 3 4; do
	out=$(ossl_pbm -cmd ir -newkey "$work/k6" -certout "$work/x" -subject /CN=x -unprotected_errors)
done
has 'a wrong authorisation code is badMessageCheck' "$out" 'badMessageCheck'
ossl_pbm -cmd ir -newkey "$work/k6" -certout "$work/x" -subject /CN=x >/dev/null
code=$right
out=$(ossl_pbm -cmd ir -newkey "$work/k6" -certout "$work/x" -subject /CN=x -unprotected_errors)
has 'after five of them the right code does not help' "$out" 'locked'

# ---- revocation ------------------------------------------------------------------
rr() { ossl_ra -cmd rr -oldcert "$1" -revreason "$2"; }
has 'rr: hold' "$(rr "$work/c1" 6)" 'revocation accepted'
is 'OCSP: revoked, certificateHold' "$(ocsp_status "$work/c1")" 'revoked certificateHold'
has 'rr: hold again is accepted: lost answers are asked for again' "$(rr "$work/c1" 6)" 'revocation accepted'
has 'rr: release' "$(rr "$work/c1" 8)" 'revocation accepted'
is 'OCSP: good again' "$(ocsp_status "$work/c1")" good
has 'rr: release of what is not on hold is refused' "$(rr "$work/c1" 8)" 'rejected'
has 'rr: caCompromise is refused' "$(rr "$work/c1" 2)" 'rejected'
rr "$work/c1" 6 >/dev/null
has 'rr: revocation from hold' "$(rr "$work/c1" 1)" 'revocation accepted'
has 'rr: a second revocation is certRevoked' "$(rr "$work/c1" 1)" 'certRevoked'
curl -s "$crl" >"$work/crl"
has 'the CRL lists it with its reason' \
    "$(openssl crl -inform DER -in "$work/crl" -noout -text | grep -A4 -i "$(serial_of "$work/c1")")" 'Key Compromise'
ok 'the CRL is signed by the CA' sh -c \
    "openssl crl -inform DER -in '$work/crl' -CAfile '$dir/ca/ca.crt' -noout 2>&1 | grep -q 'verify OK'"
is 'OCSP: unknown for a serial that was never issued' "$(ocsp_status "$dir/ca/ca.crt")" unknown
enroll bae
out=$(ossl_pbm -cmd rr -oldcert "$work/c2" -revreason 1 -unprotected_errors)
has 'rr under a MAC is refused' "$out" 'must be signed'
out=$(ossl -cmd rr -cert "$work/c2" -key "$work/k2" -trusted "$dir/ca/root.crt" -oldcert "$work/c5" -revreason 1)
has "rr for somebody else's certificate is refused" "$out" 'notAuthorized'
out=$(ossl -cmd rr -cert "$work/c2" -key "$work/k2" -trusted "$dir/ca/root.crt" -oldcert "$work/c2" -revreason 5)
has 'a holder may revoke the own certificate' "$out" 'revocation accepted'
out=$(ossl -cmd rr -cert "$dir/ca/ocsp.crt" -key "$dir/ca/ocsp.key" -trusted "$dir/ca/root.crt" -oldcert "$work/c5" -revreason 1)
has 'another certificate of the same CA revokes nothing' "$out" 'signerNotTrusted'

# ---- BouncyCastle -------------------------------------------------------------------
number() { json "[p['resident_number'] for p in v['people'] if p['id'] == '$1'][0]" <"$dir/people.json"; }
enroll bae '"application":"B-1"'
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s1" \
    number="$(number bae)" ca="$dir/ca/ca.der")
is 'BouncyCastle: ir with EncryptedVID is answered with ip' "$(field "$out" body)" 1
is 'accepted, with our key, protected, in our transaction' \
    "$(field "$out" status) $(field "$out" own_key) $(field "$out" protected) $(field "$out" same_transaction) $(field "$out" same_nonce)" \
    '0 true true true true'
s=$(field "$out" serial)
/usr/bin/python3 - "$dir/certificates/$s.json" "$work/c7" <<'PY'
import base64, json, sys
open(sys.argv[2], 'wb').write(base64.b64decode(json.load(open(sys.argv[1]))['der']))
PY
cat >"$work/vid_is" <<'PY'
#!/usr/bin/python3
# vid_is CERTIFICATE NUMBER R: the VID of number and R stands in it
import hashlib, sys
cert = open(sys.argv[1], 'rb').read()
n, r = sys.argv[2].encode(), bytes.fromhex(sys.argv[3])
body = bytes([0x13, len(n)]) + n + bytes([3, len(r) + 1, 0]) + r
h = lambda b: hashlib.sha256(b).digest()
sys.exit(h(h(bytes([0x30, len(body)]) + body)) not in cert)
PY
chmod +x "$work/vid_is"
PATH=$work:$PATH
ok 'the VID in it is that of number and R' \
    vid_is "$work/c7" "$(number bae)" "$(field "$out" r)"
is 'OCSP does not know it before it is confirmed' "$(ocsp_status "$work/c7")" unknown
out=$(bc confirm state="$work/s1" nonce=00000000000000000000000000000000)
is 'a certConf with another recipNonce is badRecipientNonce' "$(field "$out" fail) $(field "$out" protected)" '13 true'
out=$(bc confirm state="$work/s1")
is 'BouncyCastle: certConf is answered with pkiconf' "$(field "$out" body) $(field "$out" protected)" '19 true'
is 'now it is good' "$(ocsp_status "$work/c7")" good
out=$(bc confirm state="$work/s1")
is 'another certConf gets certConfirmed' "$(field "$out" body) $(field "$out" fail)" '23 11'
out=$(bc rr url="$cmp" cert="$dir/ca/ra.crt" key="$dir/ca/ra.key" ca="$dir/ca/ca.der" serial="$s" reason=4)
is 'BouncyCastle: rr signed by the RA' "$(field "$out" body) $(field "$out" status) $(field "$out" protected)" '12 0 true'
out=$(bc rr url="$cmp" cert="$dir/ca/ra.crt" key="$dir/ca/ra.key" ca="$dir/ca/ca.der" serial=7fffffff reason=4)
is 'an unknown serial is badCertId' "$(field "$out" fail)" 4
enroll jo
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s2" number=9001011970015 ca="$dir/ca/ca.der")
is "somebody else's number in the EncryptedVID is refused" "$(field "$out" status) $(field "$out" fail)" '2 2'
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s2" number="$(number jo)" ca="$dir/ca/kica.der")
is 'an EncryptedVID for another CA is refused' "$(field "$out" fail)" 6
tid=00112233445566778899aabbccddeeff
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s2" tid=$tid)
is 'without EncryptedVID a plain client is served too' "$(field "$out" status)" 0
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s3" tid=$tid)
is 'the same transactionID with other bytes is transactionIdInUse' "$(field "$out" body) $(field "$out" fail)" '23 21'
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s3" pvno=3)
is 'pvno 3 is unsupportedVersion' "$(field "$out" fail) $(field "$out" protected)" '22 true'
s=$(state "[t['serial'] for t in v['transactions'] if t['tid'] == '$tid'][0]")

# ---- restart --------------------------------------------------------------------------
root1=$(sha256sum <"$dir/ca/root.der") url1=$cmp
stop_sandbox
start_sandbox "$work/a"
is 'a restart keeps the root and the port' "$(sha256sum <"$dir/ca/root.der") $cmp" "$root1 $url1"
send "$work/ir" >"$work/again"
ok 'after a restart the same ir bytes still get the same ip bytes' cmp "$work/ip" "$work/again"
out=$(bc confirm state="$work/s2")
is 'a transaction that was open before can be confirmed' "$(field "$out" body) $(cert_state "$s")" '19 valid'

enroll bae '"waiting":4,"application":"B-2","policy":"1.2.410.200005.1.1.4"'
new_key "$work/kp"
ossl_pbm -cmd ir -newkey "$work/kp" -certout "$work/cp" -subject /CN=x \
    -keep_alive 0 -msg_timeout 25 >"$work/polling" &
poller=$!
for i in $(seq 100); do
	[ "$(state "any(t['state'] == 'waiting' and t['polls_left'] < 4 for t in v['transactions'])")" = True ] && break
	sleep 0.1
done
stop_sandbox
start_sandbox "$work/a"
wait $poller
has 'a client that polls lives through a restart' "$(cat "$work/polling")" 'received PKICONF'

# ---- rejection by the client -------------------------------------------------------------
enroll moon
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s4")
s=$(field "$out" serial)
out=$(bc confirm state="$work/s4" reject=1)
is 'certConf with rejection is acknowledged, the certificate rejected' "$(field "$out" body) $(cert_state "$s")" '19 rejected'
curl -s "$crl" >"$work/crl"
has 'and it stands on the CRL' "$(openssl crl -inform DER -in "$work/crl" -noout -text | tr A-F a-f)" "$s"
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s5")
is 'the reference number can be used again for a better one' "$(field "$out" status)" 0
first=$(field "$out" serial)
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s6")
is 'a newer request withdraws the one not confirmed' "$(cert_state "$first")" withdrawn
out=$(bc confirm state="$work/s5")
is 'whose certConf is then refused as certRevoked' "$(field "$out" fail)" 10

# ---- bad input --------------------------------------------------------------------------------
printf 'garbage' >"$work/g"
send "$work/g" >"$work/e1"
has 'garbage is badDataFormat' "$(decoded "$work/e1")" "status 2 fail [5]"
head -c 300 "$work/ir" >"$work/g"
send "$work/g" >"$work/e1"
has 'a message cut short is badDataFormat' "$(decoded "$work/e1")" "status 2 fail [5]"
is 'a wrong media type is 415' "$(curl -s -o /dev/null -w '%{http_code}' -d x "$cmp")" 415
head -c 70000 /dev/zero >"$work/g"
is 'more than 64 KiB is 413' "$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/pkixcmp' --data-binary "@$work/g" "$cmp")" 413
is 'a malformed OCSP request is answered so' "$(curl -s -H 'Content-Type: application/ocsp-request' -d x "$ocsp" | od -An -tx1 | tr -d ' ')" 30030a0101

# ---- faults -----------------------------------------------------------------------------------
# The second of a person's certificates that are valid or on hold, against the
# first: expiry, subject, key.
new_and_old() { # PERSON MEMBER
	state "len({c['$2'] for c in v['certificates'] if c['person'] == '$1' and c['state'] in ('valid', 'suspended')})"
}
issue() { # FILE: under the current reference number
	new_key "$work/kf"
	ossl_pbm -cmd ir -newkey "$work/kf" -certout "$1" -subject /CN=x
}
enroll yoon
for f in drop_before http500 not_found garbage half_close truncate refuse \
    other_transaction wrong_key drop_after; do
	fault ir "$f"
	rm -f "$work/x"
	issue "$work/x" >/dev/null
	ok "fault $f: the client does not take a certificate" test ! -e "$work/x"
done
has 'without a fault it does, with the same reference number' "$(issue "$work/x")" 'received PKICONF'
ok 'and has it' test -e "$work/x"
is 'and then old and new expire together' "$(new_and_old yoon not_after)" 1
enroll kwon
fault ir wrong_expiry
issue "$work/cw" >/dev/null
is 'fault wrong_expiry: another expiry than the old one' "$(new_and_old kwon not_after)" 2
enroll han
fault ir wrong_subject
issue "$work/cw" >/dev/null
is 'fault wrong_subject: another subject than the old one' "$(new_and_old han subject)" 2
enroll seo
fault ir duplicate
fault certConf duplicate
has 'fault duplicate: the client does not notice' "$(issue "$work/x")" 'received PKICONF'
is 'a request that arrives twice issues once' \
    "$(state "len([c for c in v['certificates'] if c['person'] == 'seo'])")" 2
enroll park
fault ir wrong_vid
out=$(bc ir url="$cmp" ref="$ref" secret="$code" state="$work/s7" number="$(number park)" ca="$dir/ca/ca.der")
is 'fault wrong_vid: issued, with the VID of nobody' "$(field "$out" status)" 0
/usr/bin/python3 - "$dir/certificates/$(field "$out" serial).json" "$work/c8" <<'PY'
import base64, json, sys
open(sys.argv[2], 'wb').write(base64.b64decode(json.load(open(sys.argv[1]))['der']))
PY
ok 'so that it is not that of number and R' sh -c '! "$@"' - \
    vid_is "$work/c8" "$(number park)" "$(field "$out" r)"
enroll lim
fault ir waiting
fault certConf drop_after
new_key "$work/kd"
out=$(ossl_pbm -cmd ir -newkey "$work/kd" -certout "$work/x" -subject /CN=x)
has 'fault waiting: polling' "$out" 'received POLLREP'
is 'fault drop_after at certConf: confirmed although nobody heard it' \
    "$(state "[c['state'] for c in v['certificates'] if c['person'] == 'lim'][-1]")" valid
is 'at no time had a person two valid certificates of one policy' \
    "$(state "max(__import__('collections').Counter((c['person'], c['issuer'], c['policy']) for c in v['certificates'] if c['state'] == 'valid').values())")" 1
has 'the state shows no authorisation code' "$(state "'authcode' in json.dumps(v)")" False
stop_sandbox
is 'SIGTERM ends it with status 0' $? 0

# ---- many at once -------------------------------------------------------------------------------
start_sandbox "$work/m"
crowd='hong kim choi yoon han nguyen kwon moon'
clients=
for p in $crowd; do
	enroll $p '"waiting":2'
	new_key "$work/k-$p"
	ossl_pbm -cmd ir -newkey "$work/k-$p" -certout "$work/c-$p" -subject /CN=x >"$work/o-$p" &
	clients="$clients $!"
done
wait $clients
is 'eight clients that poll at the same time are all served' \
    "$(cat "$work"/o-* | grep -c 'received PKICONF')" 8
ok 'each with its own certificate' sh -c \
    "cd '$work' && for p in $crowd; do
	[ \"\$(openssl x509 -in c-\$p -noout -pubkey)\" = \"\$(openssl pkey -in k-\$p -pubout)\" ] || exit 1; done"
stop_sandbox

# ---- confirmWaitTime ------------------------------------------------------------------------------
start_sandbox "$work/b" --confirm-wait 1
enroll hong
new_key "$work/k9"
ossl_pbm -cmd ir -newkey "$work/k9" -certout "$work/c9" -subject /CN=x -disable_confirm >/dev/null
s=$(serial_of "$work/c9")
for i in $(seq 100); do
	[ "$(cert_state "$s")" = withdrawn ] && break
	sleep 0.1
done
is 'nobody confirms: the certificate is withdrawn' "$(cert_state "$s")" withdrawn
is 'and OCSP says revoked' "$(ocsp_status "$work/c9")" 'revoked cessationOfOperation'
stop_sandbox
