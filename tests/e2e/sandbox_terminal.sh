#!/bin/bash
# The sandbox's card terminal, VAN host and mail server, spoken to by hand:
# curl writes nexo and VAN messages, Python's smtplib sends mail.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/e2e/sandbox.bash

start_sandbox "$work/a"
endpoint() { json "v['$1']" <<<"$endpoints"; }
renew() { # the endpoints of the last start
	pay=$(endpoint pay)
	van=$(endpoint van)
	ca=$(endpoint pay_ca)
	smtp=$(endpoint smtp)
}
renew

# nexo CATEGORY SERVICEID BODY [CURL-OPTIONS...]
nexo() {
	local category=$1 id=$2 body=$3
	shift 3
	curl -s -N -m 20 --cacert "$ca" -H 'Content-Type: application/json' "$@" -d "{\"SaleToPOIRequest\":{\"MessageHeader\":{
\"ProtocolVersion\":\"3.0\",\"MessageClass\":\"Service\",\"MessageCategory\":\"$category\",\"MessageType\":\"Request\",
\"ServiceID\":\"$id\",\"SaleID\":\"${sale:-KIOSK-0417}\",\"POIID\":\"${poi:-P400-0417-01}\"},
\"${category}Request\":$body}}" "$pay"
}
amount() { # ORDER WON [CURRENCY]
	echo "{\"SaleData\":{\"SaleTransactionID\":{\"TransactionID\":\"$1\",\"TimeStamp\":\"2026-01-01T09:00:00.000Z\"}},
\"PaymentTransaction\":{\"AmountsReq\":{\"Currency\":\"${3:-KRW}\",\"RequestedAmount\":$2}}}"
}
pay_for() { nexo Payment "$1" "$(amount "$2" "${3:-1100}")"; }
about() { # CATEGORY SERVICEID
	echo "{\"MessageReference\":{\"MessageCategory\":\"$1\",\"ServiceID\":\"$2\",\"SaleID\":\"KIOSK-0417\",\"POIID\":\"P400-0417-01\"}}"
}
status_of() { nexo TransactionStatus "$1" "$(about "${3:-Payment}" "$2")"; }
# outcome CATEGORY, on stdin the stream: Result and ErrorCondition of the last
outcome() {
	tail -n 1 | json "(lambda r: r['Result'] + (' ' + r['ErrorCondition'] if 'ErrorCondition' in r else ''))(v['SaleToPOIResponse']['$1Response']['Response'])"
}
inner() { # the Result inside a status
	json "(lambda r: r['Result'] + (' ' + r['ErrorCondition'] if 'ErrorCondition' in r else ''))(list(v['SaleToPOIResponse']['TransactionStatusResponse']['RepeatedMessageResponse']['RepeatedResponseMessageBody'].values())[0]['Response'])"
}
shown() { grep -o '"Text":"[^"]*"' | cut -d'"' -f4 | paste -sd'|'; }
payments() { curl -s -m 20 "$control/payments" | json "$1"; }
charged() { payments "v['charged'].get('$1', 0)"; }
exitcode() { # COMMAND...: curl's own
	"$@" -o /dev/null -w '%{exitcode}'
}
reverse() { # SERVICEID OF [CURL-OPTIONS...]
	local id=$1 of=$2
	shift 2
	nexo Reversal "$id" "$(payments "json.dumps({'OriginalPOITransaction': {'POITransactionID': [
	    {'TransactionID': p['poi_txn'], 'TimeStamp': p['poi_at']} for p in v['payments']
	    if p['service_id'] == '$of'][0]}, 'ReversalReason': 'MerchantCancel'})")" "$@"
}
wait_done() { # SERVICEID: the terminal has finished it
	local i
	for i in $(seq 200); do
		[ "$(payments "[p['state'] for p in v['payments'] if p['service_id'] == '$1']")" = "['done']" ] && return
		sleep 0.05
	done
	return 1
}

# ---- TLS -------------------------------------------------------------------------
is "the terminal's certificate is not for the system's trust" \
    "$(curl -s -o /dev/null -w '%{exitcode}' "$pay")" 60
ok 'its authority may sign nothing below a certificate' sh -c \
    "openssl x509 -in '$ca' -noout -text | grep -q 'CA:TRUE, pathlen:0'"
ok "the authority's key is nowhere" sh -c "! ls '$dir/pay' | grep -q ca.key"

# ---- sessions ------------------------------------------------------------------------
is 'before a login: LoggedOut' "$(pay_for 1 R1 | outcome Payment)" 'Failure LoggedOut'
is 'and nothing is on record' "$(payments "len(v['payments'])")" 0
is 'a diagnosis needs none and lists nobody' \
    "$(nexo Diagnosis 2 '{}' | json 'v["SaleToPOIResponse"]["DiagnosisResponse"]["LoggedSaleID"]')" '[]'
is 'login' "$(nexo Login 3 '{"DateTime":"2026-01-01T00:00:00Z"}' | outcome Login)" Success
is 'then it lists us' \
    "$(nexo Diagnosis 4 '{}' | json 'v["SaleToPOIResponse"]["DiagnosisResponse"]["LoggedSaleID"]')" "['KIOSK-0417']"

# ---- a payment --------------------------------------------------------------------------
out=$(pay_for 1 R1)
is 'what is shown comes before the response, in the same body' "$(shown <<<"$out")" \
    '카드를 넣어 주십시오|승인 요청 중입니다|승인되었습니다. 카드를 빼 주십시오'
is 'the payment is approved' "$(outcome Payment <<<"$out")" Success
is 'for the amount asked for' "$(tail -n 1 <<<"$out" | json \
    'v["SaleToPOIResponse"]["PaymentResponse"]["PaymentResult"]["AmountsResp"]')" \
    "{'Currency': 'KRW', 'AuthorizedAmount': 1100}"
is 'the record says so' "$(charged R1)" 1100
is 'by default it takes about a second' "$(
    s=$(date +%s%N); pay_for 5 R5 >/dev/null; e=$(($(date +%s%N) - s))
    [ $e -gt 900000000 ] && [ $e -lt 5000000000 ] && echo yes)" yes
tell /cardholder '{"card_ms":0,"host_ms":0}' >/dev/null
is 'the same ServiceID again is refused' "$(pay_for 1 R1 | outcome Payment)" 'Failure NotAllowed'
is 'and nothing more is charged' "$(charged R1)" 1100
for bad in 0 -1 1.5 '"1100"' 100000001; do
	is "amount $bad is refused" "$(pay_for 6 R6 "$bad" | outcome Payment)" 'Failure MessageFormat'
done
is 'another currency is refused' \
    "$(nexo Payment 6 "$(amount R6 1100 USD)" | outcome Payment)" 'Failure MessageFormat'
is 'another terminal is not this one' \
    "$(poi=P400-9 pay_for 6 R6 | outcome Payment)" 'Failure UnavailableDevice'
is 'an unknown category is refused' "$(nexo Refund 6 '{}' | outcome Refund)" 'Failure MessageFormat'
is 'no nexo is 400' "$(curl -s -o /dev/null -w '%{http_code}' --cacert "$ca" -d '{}' "$pay")" 400
is 'a ServiceID has 1 to 10 characters' "$(curl -s -o /dev/null -w '%{http_code}' --cacert "$ca" -d \
    '{"SaleToPOIRequest":{"MessageHeader":{"ServiceID":"12345678901"}}}' "$pay")" 400

# ---- what the customer does -------------------------------------------------------------------
act() { tell /cardholder "{\"act\":\"$1\"}" >/dev/null; }
act decline
is 'declined' "$(pay_for 10 R10 | outcome Payment)" 'Failure Refusal'
act cancel
is 'cancelled' "$(pay_for 11 R11 | outcome Payment)" 'Failure Cancel'
for i in 1 2 3; do act wrong_pin; done
is 'three wrong PINs' "$(pay_for 12 R12 | outcome Payment)" 'Failure WrongPIN'
act remove
is 'the card pulled out early' "$(pay_for 13 R13 | outcome Payment)" 'Failure Cancel'
is 'an act nobody knows is refused' "$(tell /cardholder '{"act":"dance"}')" '{"error":"not understood"}'
is 'none of them was charged' "$(payments "sorted(v['charged'])")" "['R1', 'R5']"

# ---- while one is under way ----------------------------------------------------------------------
tell /cardholder '{"card_ms":-1}' >/dev/null
pay_for 20 R20 >"$work/p20" &
p20=$!
for i in $(seq 100); do grep -q Display "$work/p20" 2>/dev/null && break; sleep 0.05; done
is 'a second payment is Busy' "$(pay_for 21 R21 | outcome Payment)" 'Failure Busy'
is 'and left no trace' "$(status_of 22 21 | outcome TransactionStatus)" 'Failure NotFound'
is 'the first is InProgress' "$(status_of 23 20 | outcome TransactionStatus)" 'Failure InProgress'
is 'a diagnosis says Busy' "$(nexo Diagnosis 24 '{}' | json \
    'v["SaleToPOIResponse"]["DiagnosisResponse"]["POIStatus"]["GlobalStatus"]')" Busy
is 'an abort is not answered' "$(nexo Abort 25 "$(about Payment 20 | sed 's/}$/,"AbortReason":"Timeout"}/')")" ''
wait $p20
is 'the payment is: aborted' "$(outcome Payment <"$work/p20")" 'Failure Aborted'
has 'nothing to abort is an event' "$(nexo Abort 26 "$(about Payment 20)")" CompletedMessage
has 'nor one nobody knows' "$(nexo Abort 27 "$(about Payment 99)")" Reject
tell /cardholder '{"card_ms":0}' >/dev/null

# ---- status and reversal ---------------------------------------------------------------------------
is 'a status of an approved payment' "$(status_of 30 1 | outcome TransactionStatus)" Success
is 'repeats it' "$(status_of 31 1 | inner)" Success
is 'found is not paid: the inner result of a declined one' "$(status_of 32 10 | inner)" 'Failure Refusal'
is 'nobody else sees it' "$(sale=KIOSK-9 nexo TransactionStatus 33 \
    "$(about Payment 1 | sed 's/KIOSK-0417/KIOSK-9/')" | outcome TransactionStatus)" 'Failure LoggedOut'
is 'reversed' "$(reverse 34 1 | outcome Reversal)" Success
is 'the money is back' "$(charged R1)" 0
is 'not twice' "$(reverse 35 1 | outcome Reversal)" 'Failure NotAllowed'
is 'its own status can be asked' "$(status_of 36 34 Reversal | inner)" Success
is 'but not as a payment' "$(status_of 37 34 | outcome TransactionStatus)" 'Failure NotFound'
is 'what was declined cannot be reversed' "$(reverse 38 10 | outcome Reversal)" 'Failure NotAllowed'
totals() {
	nexo GetTotals "$1" '{}' | json "[(t['TransactionType'], t['TransactionCount'], t['TransactionAmount'])
	    for t in v['SaleToPOIResponse']['GetTotalsResponse']['TransactionTotals'][0]['PaymentTotals']]"
}
is "the day's totals" "$(totals 39)" "[('Debit', 2, 2200), ('ReverseDebit', 1, 1100)]"
tell /terminal '{"day_end":true}' >/dev/null
is 'begin anew at its end' "$(totals 40)" "[('Debit', 0, 0), ('ReverseDebit', 0, 0)]"

# ---- faults --------------------------------------------------------------------------------------------
n=50
faulty() { # SENTENCE ACTION CURL-EXIT CHARGED
	n=$((n + 1))
	fault payment "$2"
	is "$1" "$(exitcode nexo Payment $n "$(amount R$n 1100)")" "$3"
	[ "$4" = 0 ] || wait_done $n
	is "... and what was charged" "$(charged R$n)" "$4"
}
faulty 'drop_before: nothing was done' drop_before 52 0
faulty 'drop_after: done, the answer is lost' drop_after 18 1100
faulty 'half_close: done, half an answer' half_close 18 1100
faulty 'truncate: done, half an answer as if whole' truncate 0 1100
faulty 'garbage: done' garbage 0 1100
faulty 'http500: nothing was done' http500 0 0
faulty 'other_order: done' other_order 0 1100
faulty 'wrong_amount: another amount is charged' wrong_amount 0 1200
fault payment other_order
has "other_order: the answer is another payment's" "$(pay_for 70 R70 | tail -n 1)" '"ServiceID":"'
ok '... not its own' sh -c '! grep -q "\"ServiceID\":\"71\""' <<<"$(fault payment other_order; pay_for 71 R71 | tail -n 1)"
fault payment duplicate
is 'duplicate: the second one is Busy with the first' "$(pay_for 72 R72 | outcome Payment)" 'Failure Busy'
wait_done 72
is '... which is charged once' "$(charged R72)" 1100
fault pay_status no_record
is 'no_record: the terminal denies it' "$(status_of 73 72 | outcome TransactionStatus)" 'Failure NotFound'
is '... once' "$(status_of 74 72 | inner)" Success
fault payment endless
is 'endless: texts until the client has enough' \
    "$(nexo Payment 75 "$(amount R75 1100)" -m 2 -o "$work/endless" -w '%{exitcode}')" 28
ok '... many, and no response' sh -c "[ \$(grep -c DisplayRequest '$work/endless') -gt 3 ] && ! grep -q SaleToPOIResponse '$work/endless'"
is '... but the card was charged' "$(charged R75)" 1100
fault reversal drop_after
is 'a reversal whose answer is lost' "$(exitcode reverse 76 75)" 52
is '... is done' "$(charged R75)" 0
tell /terminal '{"unplugged":true}' >/dev/null
is 'an unplugged terminal hangs up' "$(exitcode nexo TransactionStatus 77 "$(about Payment 72)")" 52
tell /terminal '{"unplugged":false}' >/dev/null
is '... and comes back' "$(status_of 78 72 | inner)" Success

# ---- power ----------------------------------------------------------------------------------------------------
before=$(payments "sorted(v['charged'].items())")
tell /cardholder '{"card_ms":-1}' >/dev/null
nexo Payment 80 "$(amount R80 1100)" >"$work/p80" 2>/dev/null &
p80=$!
for i in $(seq 100); do grep -q Display "$work/p80" 2>/dev/null && break; sleep 0.05; done
old=$pay
stop_sandbox
wait $p80
start_sandbox "$work/a"
renew
is 'after a restart it listens where it did' "$pay" "$old"
is 'it has to be logged in again' "$(status_of 81 72 | outcome TransactionStatus)" 'Failure LoggedOut'
nexo Login 82 '{}' >/dev/null
is 'it remembers every won' "$(payments "sorted(v['charged'].items())")" "$before"
is 'what was under way is aborted' "$(status_of 83 80 | inner)" 'Failure Aborted'

# ---- VAN -----------------------------------------------------------------------------------------------------------
ask() { # PATH TRACE MORE
	curl -s -m 20 --cacert "$ca" -d "{\"mid\":\"M\",\"tid\":\"T\",\"trace\":\"$2\"$3}" "$van$1"
}
sum() { echo ",\"order\":\"$1\",\"amount\":1100,\"at\":\"20260101090000\""; }
code() { json 'v["code"]' <<<"$1"; }
first=$(ask /approve 1 "$(sum V1)")
is '승인' "$(code "$first")" 0000
is 'the same again is the same, not another' "$(ask /approve 1 "$(sum V1)")" "$first"
is 'charged once' "$(charged V1)" 1100
is '망취소 with other data is refused' "$(code "$(ask /netcancel 1 "$(sum V2)")")" 9998
is '망취소 with the same data' "$(code "$(ask /netcancel 1 "$(sum V1)")")" 0000
is '... again' "$(code "$(ask /netcancel 1 "$(sum V1)")")" 0000
is '... and the money is back' "$(charged V1)" 0
is '... for good' "$(code "$(ask /approve 1 "$(sum V1)")")" 7002
is '망취소 of what never came: 4001' "$(code "$(ask /netcancel 2 "$(sum V2)")")" 4001
is '... and when it comes after all it is none' "$(code "$(ask /approve 2 "$(sum V2)")") $(charged V2)" '7002 0'
third=$(ask /approve 3 "$(sum V3)")
number=$(json 'v["approval"]' <<<"$third")
date=$(json 'v["approved_at"][:8]' <<<"$third")
back=",\"order\":\"V3\",\"amount\":1100,\"org_approval\":\"$number\",\"org_date\":\"$date\""
is '취소 by number and date' "$(code "$(ask /cancel 4 "$back")") $(charged V3)" '0000 0'
is '... the same message again' "$(code "$(ask /cancel 4 "$back")")" 0000
is '... another message' "$(code "$(ask /cancel 5 "$back")")" 8001
is '... of what there is not' "$(code "$(ask /cancel 6 ",\"amount\":1100,\"org_approval\":\"0\",\"org_date\":\"$date\"")")" 4001
stop_sandbox
start_sandbox "$work/a" --van
renew
has '--van: a branch takes cards by the VAN' "$(cat "$dir/peers.conf")" "url = \"$van\""
is 'the VAN remembers' "$(code "$(ask /netcancel 1 "$(sum V1)")")" 0000

# ---- mail and text messages --------------------------------------------------------------------------------------------
send() { /usr/bin/python3 - "$smtp" "$@" <<'PY'
import smtplib, sys
from email.message import EmailMessage
host, port = sys.argv[1].split('//')[1].split(':')
m = EmailMessage()
m['From'], m['To'], m['Subject'] = 'a@hanbit.example', sys.argv[2], '인가코드 안내'
m['Message-ID'] = sys.argv[3]
m.set_content('홍길동 고객님\n.\n..두 점\n' + 'x' * 2000 + '\n', cte='8bit')
with smtplib.SMTP(host, int(port), timeout=10) as s:
    s.send_message(m)
PY
}
read_mail() { /usr/bin/python3 - "$dir/mail/$1.eml" <<'PY'
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
print(m['To'], m['Subject'], m.get_content().split('\n')[:3], sep='|')
PY
}
ok "Python's smtplib delivers" send hong@example.com '<1@x>'
is 'dots and Hangul arrive as they were' "$(read_mail 1)" \
    "hong@example.com|인가코드 안내|['홍길동 고객님', '.', '..두 점']"
ok 'the same Message-ID again' send hong@example.com '<1@x>'
ok 'is kept once' sh -c "[ \$(ls '$dir/mail' | wc -l) = 1 ]"
is 'and counted' "$(curl -s "$control/mail" | json '[(m["to"], m["times"]) for m in v["mails"]]')" \
    "[('hong@example.com', 2)]"
fault mail refuse
ok 'a refusal is an error to the client' sh -c '! "$@"' sh send hong@example.com '<2@x>'
text() { curl -s -m 10 -H 'Content-Type: application/json' -d "$1" "${control%/control}/sms"; }
is 'a text message' "$(text '{"to":"010-0001-0001","text":"안내","key":"k"}')" '{"result":"sent"}'
is 'again' "$(text '{"to":"010-0001-0001","text":"안내","key":"k"}')" '{"result":"sent"}'
is 'is one' "$(cat "$dir/sms/01000010001/"*.txt)" 안내
is 'a path is no telephone' "$(text '{"to":"../x","text":"안내","key":"k2"}')" '{"result":"refused"}'
