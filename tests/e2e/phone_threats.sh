#!/bin/bash
# Every row of the table of threats, and bad input, against both placements of
# dasi-handoff: tests/e2e/browser/threats.mjs plays the phones.
set -u
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/browser/setup.sh.inc
command -v node >/dev/null || { skip 'threats to a handoff' 'no node on this machine'; exit 0; }

# secret NAME: as a pattern for scan-memory
secret() { jq -er --arg name "$1" '.[$name]' "$dir/secrets.json"; }
scan() { # NAME PID: found is 1
	secret "$1" >"$dir/pattern" || return 3
	"$BIN/scan-memory" "$dir/pattern" "$2"
}
absent() { scan "$1" "$2"; }
present() { scan "$1" "$2"; [ $? = 1 ]; }
hex_in() { # FILE NAME: whether the bytes are in the file
	grep -qaP "$(secret "$2" | sed 's/../\\x&/g')" "$1"
}

memory() { # KIND
	local i name
	local pids=($(cat "$dir/pids")) who=('the server' "the branch's end")
	ok "$1, memory: the search sees what is there (the id)" present id "${pids[0]}"
	# (six digits would be in any memory by chance)
	for name in S 'S as text' 'the file' 'the file as text' 'the strong file'; do
		for i in "${!pids[@]}"; do
			ok "$1, memory: $name is not in ${who[i]}" absent "$name" "${pids[i]}"
		done
	done
	ok "$1, kiosk theft: no core is left behind" test "$(awk '/^Max core file size/ { print $5, $6 }' "/proc/${pids[0]}/limits")" = '0 0'
	if command -v gcore >/dev/null && gcore -o "$dir/core" "${pids[0]}" >/dev/null 2>&1; then
		ok "$1, core: the search sees what is there (the id)" hex_in "$dir/core.${pids[0]}" id
		ok "$1, core: no S" not hex_in "$dir/core.${pids[0]}" S
		ok "$1, core: no S as text" not hex_in "$dir/core.${pids[0]}" 'S as text'
		ok "$1, core: no file" not hex_in "$dir/core.${pids[0]}" 'the file'
	else
		skip "$1, core: no S" 'no gdb that may look'
	fi
}

for kind in local relay; do
	dir=$e2e_dir/$kind
	mkdir "$dir"
	browser_handoff_conf "$dir" "$dir/agent.sock"
	coproc table { timeout 300 node tests/e2e/browser/threats.mjs "$dir" $kind; }
	pid=$table_PID
	exec {from}<&"${table[0]}" {to}>&"${table[1]}"
	while read -r line <&$from; do
		case $line in
		ready)
			memory $kind
			echo go >&$to
			;;
		'not ok'*) e2e_failed=1 ;;&
		*) echo "${line/ - / - $kind, }" ;;
		esac
	done
	exec {from}<&- {to}>&-
	wait $pid || e2e_failed=1
done
