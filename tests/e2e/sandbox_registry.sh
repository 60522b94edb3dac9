#!/bin/bash
# The sandbox's registry: identity, second factors, certificates, enrollment.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/e2e/sandbox.bash

start_sandbox "$work/a"
result() { json 'v["result"]' <<<"$1"; }
member() { json "v['$2']" <<<"$1"; }
# identity PERSON KIND [CHANGE]: asks with what stands on the person's card;
# CHANGE is Python that may change q before.
identity() {
	post /identity/verify "$(/usr/bin/python3 - "$dir/people.json" "$@" <<'PY'
import json, sys
people = json.load(open(sys.argv[1]))['people']
p = [p for p in people if p['id'] == sys.argv[2]][0]
d = [d for d in p['documents'] if d['kind'] == sys.argv[3]][0]
q = {'name': p['name'], 'number': p['resident_number'], 'id_kind': d['kind'],
     'id_number': d.get('number', ''),
     'issue_date': p.get('card_issue_date', d['issue_date'])}
if len(sys.argv) > 4:
    exec(sys.argv[4])
print(json.dumps(q))
PY
)"
}

# ---- identity ---------------------------------------------------------------------
for kind in resident driver passport; do
	is "hong is known by $kind" "$(result "$(identity hong $kind)")" match
done
is 'a foreigner is known by the alien card' "$(result "$(identity nguyen alien)")" match
is 'hyphens do not matter' "$(result "$(identity hong driver \
    "q['number'] = '900101-1970015'; q['id_number'] = '11-23-123456-70'")")" match
for change in "q['name'] = '홍길순'" "q['number'] = '9001012970023'" \
    "q['id_kind'] = 'alien'" "q['id_number'] = '112312345671'" \
    "q['issue_date'] = '2023-04-12'" "del q['name']" "q['name'] = 7"; do
	is "mismatch after $change" "$(result "$(identity hong driver "$change")")" mismatch
done
is 'the card of a replaced document is a mismatch' "$(result "$(identity yoon resident)")" mismatch
is 'the new card of the same person is right' \
    "$(result "$(identity yoon resident "q['issue_date'] = '2024-10-02'")")" match
hong=$(identity hong resident)
is 'the answer names age, telephone change and factors' \
    "$(member "$hong" age) $(member "$hong" phone_changed_days) $(json '[f["kind"] for f in v["factors"]]' <<<"$hong")" \
    "36 900 ['phone', 'question', 'account']"
is 'hints show little' "$(json '[f["hint"] for f in v["factors"]]' <<<"$hong")" \
    "['010-****-0001', '처음 다닌 학교는?', '110-***-****89']"
is 'a minor is a minor' "$(json 'v["age"] < 19' <<<"$(identity lim resident)")" True
p=$(member "$hong" person)
ok 'the word for a person is not the id' test "$p" != hong

# ---- second factors ------------------------------------------------------------------
f() { post /factor/verify "{\"person\":\"$p\",\"kind\":\"$1\",\"answer\":\"$2\"${3:+,\"account\":\"$3\"}}"; }
out=$(post /factor/start "{\"person\":\"$p\",\"kind\":\"phone\"}")
is 'a code is sent, good for 180 seconds' "$(result "$out") $(member "$out" ttl_s)" 'sent 180'
sms=$dir/sms/01000010001/1.txt
code=$(grep -o '[0-9]\{6\}' "$sms" | head -1)
is 'another number is wrong' "$(f phone 000)" '{"result":"wrong","left":4}'
is 'the code in the text message is right' "$(f phone "$code")" '{"result":"ok"}'
is 'once' "$(f phone "$code")" '{"result":"expired"}'
is 'the question: spaces do not matter' "$(f question '다시 초등 학교')" '{"result":"ok"}'
nfd=$(/usr/bin/python3 -c "import unicodedata; print(unicodedata.normalize('NFD', '다시초등학교'))")
is 'the question: decomposed Hangul is the same answer' "$(f question "$nfd")" '{"result":"ok"}'
is 'the account needs number and PIN' "$(f account 4821 110-123-456789)" '{"result":"ok"}'
is 'a wrong PIN is wrong' "$(f account 4822 110123456789)" '{"result":"wrong","left":4}'
is 'a right answer sets the count back' "$(f account 4821 110123456789)$(f account 1 110123456789)" \
    '{"result":"ok"}{"result":"wrong","left":4}'
for i in 4 3 2; do f question nonsense >/dev/null; done
is 'the fourth wrong answer leaves one' "$(f question nonsense)" '{"result":"wrong","left":1}'
is 'the fifth locks' "$(f question nonsense)" '{"result":"locked"}'
is 'then the right one does not help' "$(f question 다시초등학교)" '{"result":"locked"}'
is 'other factors are not locked' "$(f account 4821 110123456789)" '{"result":"ok"}'
url=$registry
stop_sandbox
start_sandbox "$work/a"
is 'a restart does not unlock' "$(f question 다시초등학교)" '{"result":"locked"}'
is 'and the word for the person stays' "$(member "$(identity hong resident)" person)" "$p"
tell /unlock '{"person":"hong"}' >/dev/null
is 'control can unlock' "$(f question 다시초등학교)" '{"result":"ok"}'
is 'a person nobody named is unknown' \
    "$(post /factor/start '{"person":"hong","kind":"phone"}')" '{"result":"unavailable"}'

# ---- certificates held -----------------------------------------------------------------
token() { member "$(identity "$1" "$2" "${3:-}")" person; }
held() { post /certificates "{\"person\":\"$1\"}"; }
out=$(held "$p")
is 'hong holds one valid certificate of this bank' \
    "$(json '[(c["status"], c["bank"], c["bank_name"], c["issuer_o"]) for c in v["certificates"]]' <<<"$out")" \
    "[('valid', 'HANBIT', '한빛은행', 'yessign')]"
json 'v["certificates"][0]["certificate"]' <<<"$out" | base64 -d >"$work/hong.der"
serial=$(openssl x509 -inform DER -in "$work/hong.der" -noout -serial | cut -d= -f2)
is 'kim holds two' "$(json 'len(v["certificates"])' <<<"$(held "$(token kim resident)")")" 2
is 'oh holds none' "$(json 'len(v["certificates"])' <<<"$(held "$(token oh resident)")")" 0
is "kang's is another issuer's" \
    "$(json 'v["certificates"][0]["issuer_o"]' <<<"$(held "$(token kang resident)")")" KICA

# ---- enrollment ---------------------------------------------------------------------------
e() { post /enrollment "{\"person\":\"$1\",\"serial\":\"$2\",\"application\":\"$3\"}"; }
first=$(e "$p" "$serial" A-1)
is 'a reference number of six digits and a code of nineteen' \
    "$(json 'v["result"], len(v["refnum"]), v["refnum"].isdigit(), len(v["authcode"]), v["authcode"].isalnum()' <<<"$first")" \
    'ok 6 True 19 True'
is 'the same application gets the same pair again' "$(e "$p" "$serial" A-1)" "$first"
ok 'another application gets another' test "$(member "$(e "$p" "$serial" A-2)" refnum)" != "$(member "$first" refnum)"
is 'and voids the first' "$(state "[r['state'] for r in v['enrollments']]")" "['void', 'open']"
refused() { # SENTENCE PERSON DOCUMENT REASON
	local t s
	t=$(token "$2" "$3")
	s=$(state "[c['serial'] for c in v['certificates'] if c['person'] == '$2'][0]")
	is "$1" "$(e "$t" "$s" A-3)" "{\"result\":\"refused\",\"reason\":\"$4\"}"
}
refused "another bank's certificate is refused" jung resident other_bank
refused "another issuer's certificate is refused" kang resident other_issuer
refused 'an expired certificate is refused' lee resident expired
is "somebody else's certificate is refused" "$(e "$(token kim resident)" "$serial" A-4)" \
    '{"result":"refused","reason":"unknown_certificate"}'
is 'no application, no number' "$(e "$p" "$serial" '')" '{"result":"refused","reason":"no_application"}'

# ---- bad input and faults -----------------------------------------------------------------------
status() { curl -s -o /dev/null -w '%{http_code}' -m 10 "$@"; }
is 'no JSON is 400' "$(status -d x "$registry/certificates")" 400
is 'a JSON list is 400' "$(status -d '[]' "$registry/certificates")" 400
is 'an unknown service is 404' "$(status -d '{}' "$registry/nothing")" 404
is 'another method is 405' "$(status -X PUT -d '{}' "$registry/certificates")" 405
is 'health is good' "$(curl -s "$registry/health")" '{"ok":true}'
fault identity http500
is 'fault http500' "$(status -d '{}' "$registry/identity/verify")" 500
is 'is used up' "$(result "$(identity hong resident)")" match
fault any drop_before
ok 'fault drop_before: the connection ends without an answer' \
    test "$(curl -s -o /dev/null -w '%{exitcode}' -d '{}' "$registry/certificates")" = 52
fault enrollment refuse
is 'fault refuse' "$(e "$p" "$serial" A-2)" '{"result":"refused","reason":"service_refuses"}'
fault certificates truncate
ok 'fault truncate: JSON that ends in the middle' sh -c '! /usr/bin/python3 -m json.tool' <<<"$(held "$p")"
fault certificates half_close
ok 'fault half_close: curl notices' \
    test "$(curl -s -o /dev/null -w '%{exitcode}' -d "{\"person\":\"$p\"}" "$registry/certificates")" = 18
tell /fault '{"at":"identity","action":"delay","delay_ms":700}' >/dev/null
ok 'fault delay: the answer comes late' test "$(curl -s -o /dev/null -w '%{time_total}' \
    -d '{}' "$registry/identity/verify" | tr -d .)" -gt 650000
fault any http500 5
tell /reset_faults '{}' >/dev/null
is 'reset_faults forgets them' "$(status "$registry/health") $(state "v['faults']")" '200 []'
is 'a fault nobody knows is refused' "$(tell /fault '{"at":"ir","action":"explode"}')" \
    '{"error":"fault: at, action, count, delay_ms"}'
ok 'no message, record or log holds a resident number' \
    sh -c "! grep -rlE '900101-?1970015' '$dir' '$work/a.err' --exclude=people.json"

# ---- other people ---------------------------------------------------------------------------------
cat >"$work/people.json" <<'JSON'
{"people":[{"id":"somebody","story":"","name":"아무개","name_latin":"","resident_number":"9001011970015",
"documents":[{"kind":"resident","issue_date":"2020-01-01"}],"phone":"","phone_changed_days":0,
"question":null,"account":null,"certificates":[],"certificate_password":"x"}]}
JSON
start_sandbox "$work/b" --people "$work/people.json"
is 'another people file works' "$(result "$(identity somebody resident)")" match
echo '{"people":[{"id":"x"}]}' >"$work/bad.json"
"$B/dasi-sandbox" --dir "$work/c" --people "$work/bad.json" >"$work/out" 2>"$work/err"
is 'a wrong people file is refused with status 3' $? 3
has 'and says where' "$(cat "$work/err")" 'x: name: expected a text'
"$B/dasi-sandbox" --port 99999 >"$work/out" 2>"$work/err"
is 'a wrong command line is status 2' $? 2
