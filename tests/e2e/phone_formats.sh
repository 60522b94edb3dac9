#!/bin/bash
# The files that a phone gets, read by what else reads PKCS#12: openssl without
# its legacy provider, NSS, Java, GnuTLS.  The key is a published one, its
# certificate of an invented authority; R must still be in it.
set -u
. "$(dirname "$0")/lib.sh.inc"
data=$PWD/tests/data/npki
password='WTuA8Ev0lWXVFSiI!'	# published with the key
R=7858b4328390805129f01c97fe6ca4a520cbd479
cd "$e2e_dir" || exit 3

openssl req -x509 -utf8 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 \
	-subj '/C=kr/O=yessign/OU=AccreditedCA/CN=Test CA' 2>/dev/null
openssl x509 -inform DER -in "$data/signCert.der" -pubkey -noout >leaf.pub
openssl x509 -new -force_pubkey leaf.pub -CA ca.pem -CAkey ca.key -days 20 -out leaf.pem \
	-subj '/C=kr/O=yessign/OU=personal4IB/CN=TEST()0003041202611220000001' 2>/dev/null
openssl x509 -in leaf.pem -outform DER -out leaf.der
openssl x509 -in ca.pem -outform DER -out ca.der
BIN=$(cd "$OLDPWD" && realpath "$BIN")
ok 'both files are made' "$BIN/phone-p12" "$data/signPri.key" leaf.der ca.der compatible.p12 strong.p12 <<<"$password"

info() { openssl pkcs12 -in "$1.p12" -info -nokeys -nocerts -passin "pass:$password" 2>&1; }
says() { info "$1" | grep -qE -- "$2" || { info "$1"; return 1; }; }
has_r() { # R as it stands in the attributes of the key
	openssl pkcs12 -in "$1.p12" -nodes -passin "pass:$password" 2>&1 |
		grep -qF "1.2.410.200004.10.1.1.3: $(sed 's/../& /g' <<<"${R^^}")"
}
same_key() { cmp <(openssl pkcs12 -in "$1.p12" -nodes -nocerts -passin "pass:$password" 2>/dev/null | openssl pkey -pubout) leaf.pub; }
counts() { test "$(openssl pkcs12 -in "$1.p12" -nodes -passin "pass:$password" 2>/dev/null | grep -c -- "$2")" = "$3"; }
nss() { # NAME PASSWORD
	rm -rf "nss-$1" && mkdir "nss-$1" && certutil -N -d "nss-$1" --empty-password &&
		pk12util -i "$1.p12" -W "$2" -d "nss-$1" -K '' &&
		test "$(certutil -K -d "nss-$1" | grep -c rsa)" = 1
}
java() { # NAME PASSWORD
	rm -f "$1.jks"
	keytool -importkeystore -srckeystore "$1.p12" -srcstoretype PKCS12 -srcstorepass "$2" \
		-destkeystore "$1.jks" -deststorepass "$2" -noprompt &&
		keytool -list -keystore "$1.jks" -storepass "$2" | grep PrivateKeyEntry
}
gnutls() { certtool --p12-info --inder --infile "$1.p12" --password "$2" >"$1.gnutls" && grep -q 'BEGIN.*PRIVATE KEY' "$1.gnutls"; }
by_openssl() { openssl pkcs12 -in "$1.p12" -noout -passin "pass:$2"; }
by_dasi() { "$BIN/dasi" cert verify "$1.p12" --json --password-fd 3 3<<<"$2" | grep -F '"name":"r","result":"good"' | grep -qF '"name":"signature","result":"good"'; }

ok 'compatible: 3DES for key and certificates, 100000 rounds' says compatible 'pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 100000'
ok 'compatible: and nothing weaker' not says compatible 'RC2'
ok 'compatible: the MAC is of SHA-1' says compatible 'MAC: sha1, Iteration 100000'
ok 'strong: AES-256 under PBKDF2 of SHA-256' says strong 'PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256'
ok 'strong: the MAC is of SHA-256' says strong 'MAC: sha256, Iteration 100000'
for p in compatible strong; do
	ok "$p: R is in it" has_r $p
	ok "$p: one identity in the file" counts $p 'BEGIN PRIVATE KEY' 1
	ok "$p: with its issuer" counts $p 'BEGIN CERTIFICATE' 2
	ok "$p: it is the same key" same_key $p
	ok "$p: fits a handoff" test "$(stat -c %s $p.p12)" -lt 8192
	for tool in openssl:by_openssl pk12util:nss keytool:java certtool:gnutls; do
		if ! command -v ${tool%:*} >/dev/null; then
			skip "$p: ${tool%:*} imports it" 'not installed'
			continue
		fi
		ok "$p: ${tool%:*} imports it" ${tool#*:} $p "$password"
		ok "$p: ${tool%:*} wants the password" not ${tool#*:} $p 'wrong password'
	done
	ok "$p: dasi reads it" by_dasi $p "$password"
done
