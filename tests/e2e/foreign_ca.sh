#!/bin/bash
# "A CMP peer that is not our sandbox must work by configuration alone": whole
# reissues at a CA written in Java on BouncyCastle (foreign/), of another
# issuer, under its own root.  The practice registry identifies the customer;
# dasi.conf is all that differs from a practice branch.
. "$(dirname "$0")/lib.sh.inc"
java=/usr/share/java
jars=$java/bcpkix.jar:$java/bcprov.jar:$java/bcutil.jar
for need in java javac ${jars//:/ }; do
	command -v $need >/dev/null || [ -e "$need" ] && continue
	skip 'a foreign CA issues' "$need is not installed"
	exit 0
done
run=$e2e_dir/run ca=$e2e_dir/ca log=$e2e_dir/run/log/foreign.out
mkdir "$ca"

trap 'branch_end "$run" foreign; e2e_end' EXIT
foreign_start() { # REGISTRY
	branch_spawn "$run" foreign java -cp "$e2e_dir/classes:$jars" ForeignCa \
		dir="$ca" registry="$1" bank=HANBIT
	branch_wait 60 test -s "$log" || return 1
	url=$(head -1 "$log" | jq -r .url)
	signer=$(head -1 "$log" | jq -r .signer)
}
mode() { curl -sS --max-time 10 -d "$*" "$url/mode"; }
mark() { marked=$(wc -l <"$log"); }
logged() { tail -n "+$((marked + 1))" "$log" | grep -qE -- "$1"; }
# The lines of the log since the mark that match, in this order.
in_order() { # REGEX...
	tail -n "+$((marked + 1))" "$log" | awk 'BEGIN {
		for (i = 1; i < ARGC; i++) want[i] = ARGV[i]
		n = ARGC - 1; ARGC = 1; at = 1
	} at <= n && $0 ~ want[at] { at++ } { print } END { exit at <= n }' "$@"
}
# What the CA holds of a person: serial, number, state, reason.
records() { curl -sS --max-time 10 "$url/records" | grep " $1 "; }
in_state() { # NUMBER STATE: how many
	records "$1" | awk -v s="$2" '$3 == s { n++ } END { print n + 0 }'
}
foreign_conf() { # SETTING...: of the issuer
	branch_conf "$run"
	sed -i '/peers.conf/d' "$run/dasi.conf"
	cat >>"$run/dasi.conf" <<CONF
peers {
  cmp_url = "$url/pki"
  ocsp_url = "$url/status"
  registry_url = "$url/ra"
}
issuer yessign { ours = false }
issuer KICA {
  ours = true
  root = "$ca/root.der"
  chain = {"$ca/middle.der"}
  ca = "$ca/ca.der"
  ra_cert = "$ca/ra.der"
  ra_key = "$ca/ra.key"
  $(printf '%s\n  ' "$@")
}
fee { issuer = KICA  reason = lost  won = 0  waiver = fee.reason.reissue }
CONF
}
# The branch's programs again, under the dasi.conf that is there now.
restart() {
	local p socket
	[ -z "$drive_name" ] || drive_close "$run"
	drive_name=
	for p in media net agent; do branch_end "$run" $p; done
	socket=$(cat "$run/socket.path")
	rm -f "$socket"
	for p in agent net media; do
		branch_spawn "$run" $p "$BIN/dasi-$p" --config "$run/dasi.conf"
		[ $p != agent ] || branch_wait 10 test -S "$socket" || return 1
	done
	drive_open "$run" 80x24
}
home() { drive_keys Enter && drive_see 20 '공동인증서를 잃어버리셨나요'; }
drive_shows_both() { drive_screen | grep -q '이전 인증서 *폐지' && drive_screen | grep -q '새 인증서 *유효'; }
drive_shows_unknown() { drive_screen | grep -q '새 인증서 *확인 안 됨'; }
first_serial() { records "$1" | head -1 | cut -d' ' -f1; }
number_of() { branch_person "$run" "$1" .resident_number; }

ok 'the foreign CA compiles without our code' javac -encoding UTF-8 -cp "$jars" \
	-d "$e2e_dir/classes" tests/e2e/foreign/*.java || exit 1
branch_start "$run"
foreign_start "$(jq -r .registry "$run/endpoints.json")" ||
	{ echo 'not ok - the foreign CA starts'; e2e_failed=1; exit 1; }

# ---- a whole reissue; CMP answers come from a signer of their own ----
foreign_conf "recipient = \"$signer\""
restart || { echo 'not ok - the branch starts with that dasi.conf'; e2e_failed=1; exit 1; }
number=$(number_of hong) password=$(branch_person "$run" hong .certificate_password)
mark
ok 'a customer gets a new certificate from the foreign CA' drive_reissue "$run" hong
old=$(first_serial "$number")
ok 'the receipt shows what its OCSP said of both' drive_shows_both
ok 'hold, ir with a good VID, certConf, revocation, in this order' in_order \
	"^rr serial=$old reason=6" '^ir .*old=HELD vid=good' '^ip ' '^certConf accepted' \
	"^rr serial=$old reason=1"
ok 'OCSP was asked about the old one, with a nonce' logged "^ocsp serial=$old revoked nonce"
ok 'and about the new one' logged '^ocsp serial=.* good nonce'
ok 'the CA has one valid certificate of this person' test "$(in_state "$number" VALID)" = 1
ok 'and the old one revoked' test "$(in_state "$number" REVOKED)" = 1
leaf=$run/media/STICK/NPKI/KICA/USER/cn=홍길동,ou=RA센터,ou=한빛은행,ou=등록기관,ou=licensedCA,o=KICA,c=KR
ok 'the pair lies where readers look for this issuer' test -s "$leaf/signCert.der" -a -s "$leaf/signPri.key"
pem() { openssl x509 -inform DER -in "$1" -out "$2"; }
pem "$ca/root.der" "$e2e_dir/root.pem"
pem "$ca/ca.der" "$e2e_dir/ca.pem"
pem "$ca/middle.der" "$e2e_dir/middle.pem"
cat "$e2e_dir/middle.pem" >>"$e2e_dir/ca.pem"
pem "$leaf/signCert.der" "$e2e_dir/cert.pem"
curl -sS --max-time 10 "$url/list.crl" | openssl crl -inform DER -out "$e2e_dir/crl.pem"
ok 'openssl verifies it under the foreign root and CRL' openssl verify -CAfile "$e2e_dir/root.pem" \
	-untrusted "$e2e_dir/ca.pem" -CRLfile "$e2e_dir/crl.pem" -crl_check "$e2e_dir/cert.pem"
verify() { # NUMBER
	"$BIN/dasi" cert verify "$leaf" --root "$ca/root.der" --ca "$ca/middle.der" --ca "$ca/ca.der" \
		--password-fd 3 --idn-fd 4 3< <(printf %s "$password") 4< <(printf %s "$1")
}
ok 'dasi cert verify finds everything good, VID included' verify "$number"
ok 'but not with another number' not verify 8508031976743
home
mv "$run/media/STICK" "$e2e_dir/stick-hong"

# ---- rp is signed by a certificate of this CA that nobody told the branch of ----
to_problem() { # PERSON TEXT
	drive_to_stick "$run" "$1" && branch_stick_in "$run" STICK &&
		drive_see 20 '남은 공간' && drive_keys Enter && drive_see 60 "$2"
}
to_report() { # PERSON
	drive_to_certs "$run" "$1" && drive_keys 1 && drive_see 20 '먼저 정지해 드립니다' &&
		drive_keys 1 Tab && drive_text '어제 오후' && drive_keys Tab Tab Tab 1 Tab 1 Enter
}
foreign_conf
restart
number=$(number_of kim)
mark
ok 'a loss is reported' to_report kim
ok 'the hold is asked for again and again' branch_wait 30 in_order ' reason=6' ' reason=6'
ok 'and not believed to be done' drive_shows '인증서를 정지하고 있습니다'

# ---- the CA signs for itself, and issues what was not asked for ----
held_then_problem() { # PERSON TEXT: from the report on
	(
		drive_to_held() { drive_see 60 '인증서를 정지했습니다.'; }
		to_problem "$@"
	)
}
mode ca_signs wrong_key
mark
ok 'held at last; a certificate for another key is not taken' \
	held_then_problem kim '달라 쓰지 않았습니다'
ok 'the CA hears a rejection' logged '^certConf rejected'
again() { # PERSON TEXT: new password, the same stick
	drive_keys 1 && drive_new_password "$(branch_person "$run" "$1" .certificate_password)" &&
		drive_see 20 '남은 공간' && drive_keys Enter && drive_see 60 "$2"
}
mode ca_signs wrong_vid
mark
ok 'nor one with the VID of somebody else' again kim '달라 쓰지 않았습니다'
ok 'the CA hears that too' logged '^certConf rejected'
ok 'no certificate of this person is valid' test "$(in_state "$number" VALID)" = 0
ok 'the old one is still on hold' test "$(in_state "$number" HELD)" = 1
ok 'nothing is on the stick' test -z "$(find "$run/media" -name 'sign*')"
mode ca_signs stranger
mark
ok 'from the CA as it should be the same customer gets one' again kim '새 인증서가 저장되었습니다'
ok 'and the old one is revoked' branch_wait 20 logged "^rr serial=$(first_serial "$number") reason=1"
drive_keys Enter && drive_see 20 '다시 등록' && drive_keys Enter && drive_see 20 '접수번호'
ok 'OCSP answers signed by a stranger were given' branch_wait 20 logged '^ocsp serial=.* good nonce'
ok 'and not believed' branch_wait 10 drive_shows_unknown
home
mv "$run/media/STICK" "$e2e_dir/stick-kim"

# ---- the CA acknowledges nothing, somebody else does ----
number=$(number_of park)
foreign_conf
restart
mode ca_signs forged
mark
ok 'a forged acknowledgement is not believed' to_problem park '확인이 아직 오지 않았습니다'
ok 'it was given' logged '^forged pkiconf'
ok 'the new certificate is not confirmed' test "$(in_state "$number" UNCONFIRMED)" = 1
parked=$(first_serial "$number")
unheard=$(records "$number" | awk '$3 == "UNCONFIRMED" { print $1 }')
ok 'the old one is still on hold, not revoked' test "$(in_state "$number" HELD)" = 1
mv "$run/media/STICK" "$e2e_dir/stick-park"

# ---- started again, the branch finishes that case without its customer ----
# ---- and meets a CA that is sent no R and binds no number              ----
number=$(number_of bae)
foreign_conf 'encrypted_vid = false'
mode ca_signs no_vid
mark
restart
ok 'after a restart the certificate is confirmed and the old one revoked' branch_wait 30 \
	in_order "^certConf accepted serial=$unheard" "^rr serial=$parked reason=1"
ok 'with encrypted_vid = false a certificate without a VID is taken' drive_reissue "$run" bae
ok 'no R was sent' logged '^ir .*vid=none'
ok 'the CA hears that it is accepted' test "$(in_state "$number" VALID)" = 1
ok 'and revokes the old one' test "$(in_state "$number" REVOKED)" = 1
leaf=$(dirname "$(find "$run/media" -name signCert.der)")
pem "$leaf/signCert.der" "$e2e_dir/cert.pem"
ok 'openssl verifies it too' openssl verify -CAfile "$e2e_dir/root.pem" \
	-untrusted "$e2e_dir/ca.pem" "$e2e_dir/cert.pem"
