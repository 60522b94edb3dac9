#!/bin/sh
# embed.sh PAGE: the page as C, and the policy that lets only its own style
# and script run.  On stdout.
set -eu
page=$1
part() { # TAG: what stands between <TAG> and </TAG>
	awk -v tag="$1" 'BEGIN { RS = "\001" } {
		from = index($0, "<" tag ">") + length(tag) + 2
		to = index($0, "</" tag ">")
		printf "%s", substr($0, from, to - from) }' "$page"
}
hash() { part "$1" | openssl dgst -sha256 -binary | openssl base64 -A; }
cat <<C
/* Made from $(basename "$page") by embed.sh. */
#include "prog/handoff/page.h"
const char handoff_policy[] = "default-src 'none'; "
    "script-src 'sha256-$(hash script)'; "
    "style-src 'sha256-$(hash style)'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";
const unsigned char handoff_page[] = {
C
od -An -v -tu1 "$page" | sed 's/ *\([0-9][0-9]*\)/\1,/g'
echo '};'
echo 'const size_t handoff_page_size = sizeof handoff_page;'
