#!/bin/bash
# The customer's stick: none, several, write-protected, full, pulled out, one
# that holds the same leaf already, one with a link where NPKI should be.
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/invent.sh.inc
run=$e2e_dir/run
mkdir -p "$run"
{
	invent mae 매화 "$(invent_number 850803 2 001)"
	invent nan 난초 "$(invent_number 751225 1 002)"
} | invent_file >"$run/invented.json"
password='Dasi!2026test'
branch_start "$run" "$run/invented.json" || exit 1
drive_open "$run" 80x24
media=$run/media

ok 'a customer comes as far as the stick' drive_to_stick "$run" mae
ok 'no stick: it waits for one' drive_see 10 'USB를 기다리고 있습니다'
drive_keys Enter
ok 'no stick: Enter does not go on' drive_see_no 1 '만들고 있습니다'

mkdir -p "$media/A"
ok 'one stick is seen at once' drive_see 10 'USB가 준비되었습니다'
mkdir -p "$media/B"
ok 'several sticks are told' drive_see 10 '두 개 이상 꽂혀 있습니다'
drive_keys Enter
ok 'several sticks: Enter does not go on' drive_see_no 1 '만들고 있습니다'
rmdir "$media/A" "$media/B"
ok 'all pulled out: it waits again' drive_see 10 'USB를 기다리고 있습니다'

mounted() { # SENTENCE OPTIONS TEXT
	mkdir -p "$media/M"
	mount -t tmpfs -o "$2" stick "$media/M" || return 1
	ok "$1" drive_see 10 "$3"
	drive_keys Enter
	ok "$1: Enter does not go on" drive_see_no 1 '만들고 있습니다'
	umount "$media/M" && rmdir "$media/M"
	drive_see 10 'USB를 기다리고 있습니다' >/dev/null
}
if [ "$(id -u)" = 0 ] && mkdir -p "$e2e_dir/try" && mount -t tmpfs try "$e2e_dir/try" 2>/dev/null; then
	umount "$e2e_dir/try"
	mounted 'a write-protected stick is told' ro '쓰기가 막힌 USB입니다'
	mounted 'a full stick is told' size=64k 'USB에 남은 공간이 없습니다'
else
	skip 'a write-protected stick is told' 'mounting needs root'
	skip 'a full stick is told' 'mounting needs root'
fi

# ---- a link where NPKI should be ----
mkdir -p "$e2e_dir/elsewhere" "$media/LINK"
ln -s "$e2e_dir/elsewhere" "$media/LINK/NPKI"
ok 'a stick with a link for NPKI comes' drive_see 10 '남은 공간'
drive_keys Space Enter
ok 'the link is not followed: the customer is told and asked for another stick' \
	drive_see 40 '다른 USB로 다시 하기'
ok 'nothing was written through the link' test -z "$(ls -A "$e2e_dir/elsewhere")"
ok 'the new certificate is not valid yet' at_ca mae 'map(select(.state == "valid")) | length == 0'
rm -r "$media/LINK"

# ---- another stick, with what the customer keeps on it ----
mkdir -p "$media/GOOD/사진" "$media/GOOD/NPKI/yessign/USER/cn=남의 것"
echo 꽃 >"$media/GOOD/사진/꽃.txt"
echo x >"$media/GOOD/NPKI/yessign/USER/cn=남의 것/signCert.der"
before=$(cd "$media/GOOD" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
finish() { drive_retry "$password" && drive_see 10 '남은 공간' && drive_keys Enter && drive_see 40 '새 인증서가 저장되었습니다'; }
ok 'on another stick it is saved' finish
kept() { (cd "$media/GOOD" && sha256sum -c) <<<"$before"; }
ok 'the other files of the stick are as they were' kept
pair() { find "$media/GOOD/NPKI/yessign/USER" -path '*매화*' -name "$1"; }
ok 'the pair is there' test -n "$(pair signCert.der)" -a -n "$(pair signPri.key)"
ok 'and no temporary name' test -z "$(find "$media/GOOD" -name '.*' -mindepth 1)"

# ---- the PKCS#12 that was ticked ----
p12=$(find "$media/GOOD" -name '*.p12')
ok 'the PKCS#12 that was ticked is there' test -n "$p12"
ok 'openssl opens it and shows R' bash -c \
	"openssl pkcs12 -in '$p12' -nodes -passin 'pass:$password' | grep -F 1.2.410.200004.10.1.1.3"
ok 'the first screen again' drive_to_end

# ---- the same leaf again ----
first=$(sha256sum <"$(pair signCert.der)")
again() {
	drive_to_stick "$run" mae && drive_see 10 '남은 공간' && drive_keys Enter && drive_see 40 '새 인증서가 저장되었습니다'
}
ok 'the same person comes again with the same stick' again
ok 'the new pair stands in its place' test "$(sha256sum <"$(pair signCert.der)")" != "$first"
aside() {
	local f
	while read -r f; do
		[ "$(sha256sum <"$f")" = "$first" ] && return
	done < <(find "$media/GOOD/NPKI/yessign" -name signCert.der -not -path '*/USER/*')
	return 1
}
ok 'the old pair was moved aside, not overwritten' aside
ok 'the other files are as they were' kept
ok 'what was not ticked is not there' test -z "$(pair '*.p12')"
ok 'one certificate is valid' at_ca mae 'map(select(.state == "valid")) | length == 1'
ok 'the first screen again' drive_to_end
branch_stick_out "$run"

# ---- pulled out in the middle ----
if ! drive_home; then drive_close "$run"; drive_open "$run" 80x24; fi >/dev/null 2>&1
pull() { # the stick goes while dasi-media is about to write
	drive_to_stick "$run" nan && branch_stick_in "$run" FIRST && drive_see 10 '남은 공간' || return 1
	kill -STOP "$(cat "$run/pids/media")"
	drive_keys Enter
	branch_wait 40 writing || return 1
	branch_stick_out "$run"
	kill -CONT "$(cat "$run/pids/media")"
}
writing() { drive_screen | grep -q 'USB에 저장 .*진행 중'; }
ok 'a stick is pulled out while it is written' pull
ok 'the customer is told, and asked for a stick' drive_see 40 '다른 USB로 다시 하기'
ok 'and where the certificate is' drive_see 5 '아직 저장되지 않았습니다'
ok 'nothing is named as whole on what was pulled' test -z \
	"$(find "$run/drawer/FIRST" -name signCert.der -not -path '*/.dasi-*')"
ok 'the CA was not told accepted' at_ca nan 'map(select(.state == "valid")) | length == 0'
branch_stick_in "$run" SECOND
ok 'another stick takes it' finish
ok 'the pair is on it' test -n "$(find "$media/SECOND" -name signPri.key)"
ok 'the same certificate that was made before: one new, valid' at_ca nan \
	'(map(select(.state == "valid")) | length == 1) and (map(select(.replaces != "")) | length == 1)'
