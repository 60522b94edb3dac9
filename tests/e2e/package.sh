#!/bin/bash
# What `make install` and `make deb` put where.  The debug build is packaged:
# it is there already, and the scripts are the same.
. "$(dirname "$0")/lib.sh.inc"
tree=$e2e_dir/tree
export SOURCE_DATE_EPOCH=1767225600
make_here() { make --no-print-directory PACKAGED="$(basename "$BIN")" "$@"; }

ok 'make install fills a folder' make_here install DESTDIR="$tree" PREFIX=/usr
check_installed() {
	local f
	for f in usr/bin/dasi etc/dasi/{dasi,issuers,fees,holidays}.conf \
		usr/lib/sysusers.d/dasi.conf usr/lib/tmpfiles.d/dasi.conf \
		usr/lib/udev/rules.d/99-dasi-stick.rules etc/dasi/foot.ini \
		usr/libexec/dasi-ship usr/libexec/dasi-witness \
		usr/lib/systemd/system/dasi-{agent,net,media,kiosk,ship,witness,handoff,token,handoff-relay}.service \
		usr/share/dasi/headoffice/{20-sink.sql,witness.env,relay.conf} \
		usr/share/dasi/headoffice/{sysusers.d,tmpfiles.d}/dasi-witness.conf \
		usr/share/doc/dasi/headoffice.md \
		usr/share/doc/dasi/README.md; do
		[ -s "$tree/$f" ] || { echo "missing: $f"; return 1; }
	done
}
ok 'settings, users, folders, rules and documents are there' check_installed

# Each path a unit or dasi.conf names below our folders is in the tree.
named_paths() {
	grep -hoE '/usr/libexec/[a-z-]+|/usr/share/doc/dasi/[A-Za-z.-]+|/etc/dasi/foot\.ini' \
		"$tree"/usr/lib/systemd/system/*.service "$tree"/etc/dasi/dasi.conf | sort -u
}
check_named() {
	local p n=0
	for p in $(named_paths); do
		[ -e "$tree$p" ] || { echo "missing: $p"; return 1; }
		n=$((n + 1))
	done
	[ $n -ge 7 ]
}
ok 'what the units start and dasi.conf names is installed' check_named
check_executable() {
	local p
	for p in $(sed -n 's/^ExecStart=//p' "$tree"/usr/lib/systemd/system/dasi-*.service |
		grep -oE '/usr/libexec/[a-z-]+'); do
		[ -x "$tree$p" ] || { echo "not executable: $p"; return 1; }
	done
}
ok 'what the units start can be executed' check_executable
locale=$(sed -n 's/^ *locale *= *"\(.*\)".*/\1/p' "$tree/etc/dasi/dasi.conf")
ok 'Korean texts are where dasi.conf says' test -s "$tree$locale/ko/LC_MESSAGES/dasi.mo"
ok 'English texts are where dasi.conf says' test -s "$tree$locale/en/LC_MESSAGES/dasi.mo"
ok 'the sandbox stays at home' not test -e "$tree/usr/libexec/dasi-sandbox"
# the tree has none of the system's own targets: that remark is set aside
check_units() {
	systemd-analyze verify --root="$tree" --man=no \
		/usr/lib/systemd/system/dasi-{agent,net,media,print,ship,witness,handoff,token,handoff-relay}.service 2>&1 |
		grep -E 'dasi-(agent|net|media|print|ship|witness|handoff|token|handoff-relay)\.service' |
		grep -vE 'Unit [a-z-]+\.target not found' >"$e2e_dir/units"
	[ ! -s "$e2e_dir/units" ] || { cat "$e2e_dir/units"; return 1; }
}
if command -v systemd-analyze >/dev/null; then
	ok 'systemd has nothing to say about the units' check_units
else
	skip 'systemd has nothing to say about the units' 'no systemd-analyze'
fi
# tenths of systemd's own score: lower is tighter
check_score() { # UNIT MOST
	local score
	score=$(systemd-analyze security --offline=true --threshold="$2" "$tree/usr/lib/systemd/system/dasi-$1.service")
	local status=$?
	echo "$score" | tail -1
	[ $status -eq 0 ]
}
if systemd-analyze security --help 2>/dev/null | grep -q -- --offline; then
	for u in 'agent 10' 'media 10' 'net 16' 'print 17' 'ship 16' 'witness 16' 'handoff 16' 'token 10' 'handoff-relay 18' 'kiosk 20'; do
		ok "dasi-${u% *}.service is as closed as it is said to be" check_score ${u% *} ${u#* }
	done
	check_open() {
		sed '/^Capab/d; /^System/d; /^Protect/d; /^Private/d; /^Restrict/d; /^NoNew/d; /^IP/d' \
			"$tree/usr/lib/systemd/system/dasi-agent.service" >"$tree/usr/lib/systemd/system/dasi-open.service"
		check_score open 10
		local status=$?
		rm "$tree/usr/lib/systemd/system/dasi-open.service"
		return $status
	}
	ok 'a unit that is open is noticed' not check_open
else
	skip 'the units are as closed as they are said to be' 'this systemd-analyze cannot tell offline'
fi
check_users() {
	systemd-sysusers --root="$tree" dasi.conf &&
		grep -q '^dasi-agent:' "$tree/etc/passwd" &&
		grep -q '^dasi-ship:' "$tree/etc/passwd" &&
		! grep -q '^dasi-witness:' "$tree/etc/passwd" &&
		grep -q '^dasi-supervisor:' "$tree/etc/group"
}
# each user a unit runs as, and each owner of a folder, is in a list of users
check_known_users() {
	local u
	for u in $(sed -n 's/^User=//p' "$tree"/usr/lib/systemd/system/*.service) \
		$(awk '/^[dz] / { print $4 }' "$tree/usr/lib/tmpfiles.d/dasi.conf"); do
		[ "$u" = root ] || grep -qh "^u $u " "$tree/usr/lib/sysusers.d/dasi.conf" \
			"$tree"/usr/share/dasi/headoffice/sysusers.d/*.conf || { echo "nobody makes $u"; return 1; }
	done
}
ok 'every user that a unit or a folder needs is made' check_known_users
check_roles() { # and may say hello as its program does
	local p
	for p in kiosk net media ship handoff; do
		grep -E "^role $p .*\"dasi-$p\"" "$tree/etc/dasi/dasi.conf" || { echo "no role for dasi-$p"; return 1; }
	done
}
ok 'every program has its role in dasi.conf' check_roles
if [ "$(id -u)" = 0 ] && command -v systemd-sysusers >/dev/null; then
	ok 'users and groups can be made of the list' check_users
else
	skip 'users and groups can be made of the list' 'needs root and systemd-sysusers'
fi

other=$e2e_dir/other
ok 'another prefix is taken' make_here install DESTDIR="$other" PREFIX=/opt/bank
check_prefix() {
	[ -x "$other/opt/bank/libexec/dasi-agent" ] && [ -x "$other/opt/bank/bin/dasi" ] &&
		grep -q '^ExecStart=/opt/bank/libexec/dasi-agent$' \
			"$other/opt/bank/lib/systemd/system/dasi-agent.service" &&
		! grep -r '/usr/libexec/dasi\|/usr/share/locale' "$other/etc" "$other/opt/bank/lib"
}
ok 'units and settings follow it' check_prefix

# The example settings as they are installed, with the paths moved into the
# tree so that nothing of this machine is touched.
mkdir -p "$tree/etc/dasi/keys" "$tree/var/lib/dasi" "$tree/run/dasi"
sed -i "s#\"/\(etc\|run\|var\|usr\)/#\"$tree/\1/#" "$tree/etc/dasi/dasi.conf"
refuses() { # TEXT: exit 3, and says this
	timeout 10 "$tree/usr/libexec/dasi-agent" --config "$tree/etc/dasi/dasi.conf" >"$e2e_dir/said" 2>&1
	local status=$?
	cat "$e2e_dir/said"
	[ $status -eq 3 ] && grep -qF -- "$1" "$e2e_dir/said"
}
ok 'an agent without certificates names the file that is missing' refuses "$tree/etc/dasi/ca/"
sed -i '1i colour = "red"' "$tree/etc/dasi/dasi.conf"
ok 'an agent with a wrong setting names file and line' refuses "$tree/etc/dasi/dasi.conf:1:"

if ! command -v dpkg-deb >/dev/null; then
	skip 'make deb makes a package' 'no dpkg-deb'
	exit
fi
ok 'make deb makes a package' make_here deb OUT="$e2e_dir/1"
ok 'and again, later' make_here deb OUT="$e2e_dir/2"
deb=$(echo "$e2e_dir"/1/dasi_*.deb)
ok 'both are the same, byte for byte' cmp "$deb" "$e2e_dir/2/$(basename "$deb")"
ok 'all of it belongs to root' not grep -v root/root <(dpkg-deb -c "$deb")
ok 'nothing can be written by others' not grep -E '^.{8}w' <(dpkg-deb -c "$deb")
check_contents() {
	dpkg-deb -x "$deb" "$e2e_dir/unpacked" &&
		diff <(cd "$e2e_dir/unpacked" && find . -type f | sort) \
			<(cd "$other" && find . -type f | sed 's#^./opt/bank/#./usr/#' | sort)
}
ok 'the package holds what make install puts' check_contents
check_sums() {
	dpkg-deb -e "$deb" "$e2e_dir/control" &&
		(cd "$e2e_dir/unpacked" && md5sum --quiet -c "$e2e_dir/control/md5sums")
}
ok 'its sums are right' check_sums
check_conffiles() {
	diff "$e2e_dir/control/conffiles" \
		<(cd "$e2e_dir/unpacked" && find etc -type f | sed 's#^#/#' | sort)
}
ok 'everything in /etc is the branch'\''s to edit' check_conffiles
# every library the programs name belongs to a package of Depends
check_depends() {
	local so package n=0
	for so in $(objdump -p "$e2e_dir"/unpacked/usr/{bin,libexec}/* | awk '$1 == "NEEDED" { print $2 }' | sort -u); do
		package=$(dpkg -S "*/$so" 2>/dev/null | head -1 | cut -d: -f1)
		dpkg-deb -f "$deb" Depends | grep -qE "(^|[ ,])$package( |,|$)" ||
			{ echo "not in Depends: $package ($so)"; return 1; }
		n=$((n + 1))
	done
	[ $n -gt 5 ]
}
ok 'what the programs are linked with is in Depends' check_depends
check_scripts() {
	local s
	for s in postinst prerm postrm; do sh -n "$e2e_dir/control/$s" || return 1; done
}
ok 'the package scripts are good shell' check_scripts
