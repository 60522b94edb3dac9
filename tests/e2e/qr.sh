#!/bin/bash
# The QR code on a real terminal emulator: xterm under Xvfb, a screenshot, and
# two independent readers (zbar, ZXing) that must both get the text.
set -u
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/browser/xterm.sh.inc
xterm_setup || exit 0
url=https://h.hanbit.test/d/ABCDEFGHIJKLMNOP#0123456789abcdefghijklmnopqrstuvwxyzABCDEFG
ok 'the text is as long as ours may be' test ${#url} -eq 84

show() { # NAME GEOMETRY FONT LEVEL XTERM-OPTION...
	local name=$1 size=$2 font=$3 level=$4
	shift 4
	xterm_run "$e2e_dir/$name" "$size" "$font" "$@" -e "$BIN/qr-show" "$url" "$level"
}
reads() { # NAME
	local shot=$e2e_dir/$1.png
	is_text zbar "$(zbarimg -q --raw -Sdisable -Sqrcode.enable "$shot" 2>/dev/null | tr -d '\n')" &&
		is_text ZXing "$(ZXingReader -format QRCode -bytes "$shot" 2>/dev/null | tr -d '\r\n')"
}
is_text() { [ "$2" = "$url" ] || { echo "$1 read '$2'"; return 1; }; }

for font in 'DejaVu Sans Mono:size=12' 'NanumGothicCoding:size=12'; do
	tag=${font%%[ :]*}
	show "$tag-80" 80x24 "$font" M
	ok "80x24, $tag: both readers read it" reads "$tag-80"
	show "$tag-120" 120x40 "$font" Q
	ok "120x40 level Q, $tag: both readers read it" reads "$tag-120"
done
show large 170x60 'DejaVu Sans Mono:size=8' M
ok 'with room it is drawn without half blocks' grep -q whole "$e2e_dir/large.err"
ok 'and read' reads large
# a terminal that draws ambiguous characters two columns wide
show wide 80x24 'DejaVu Sans Mono:size=12' M -cjk_width
ok 'a terminal that draws half blocks wide is noticed' grep -q 'none wide' "$e2e_dir/wide.err"
ok 'and nothing unreadable is shown there' not reads wide
# the readers can fail: the same picture, cut
convert "$e2e_dir/DejaVu-80.png" -trim +repage -gravity West -crop 75%x100%+0+0 +repage "$e2e_dir/cut.png"
ok 'a cut code is not read' not reads cut
