#!/bin/bash
# The relay at head office: who may be a branch; then, where this machine
# allows network namespaces, phone, head office and branch in one each, with
# the page in Chromium, and the cable between branch and relay cut.
set -u
. "$(dirname "$0")/lib.sh.inc"
. tests/e2e/browser/setup.sh.inc
command -v node >/dev/null || { skip 'the relay' 'no node on this machine'; exit 0; }

books() { # DIR: what openssl ca needs to write DIR/ca.pem's books
	: >"$1/index.txt"
	cat >"$1/ca.cnf" <<-CNF
		[ca]
		default_ca = ours
		[ours]
		database = $1/index.txt
		new_certs_dir = $1
		rand_serial = yes
		certificate = $1/ca.pem
		private_key = $1/ca.key
		default_md = sha256
		policy = any
		[any]
		commonName = supplied
	CNF
}
certificates() { # DIR: of people who are no branch, and of a second branch
	local dir=$1
	browser_signed "$dir" second /CN=0711 clientAuth DNS:none.invalid
	browser_signed "$dir" odd '/CN=영업점 하나' clientAuth DNS:none.invalid
	browser_signed "$dir" branchserver /CN=relay serverAuth DNS:elsewhere.test
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/foreign.key" \
		-out "$dir/foreign.pem" -days 30 -subj /CN=0417 -addext subjectAltName=IP:127.0.0.1 2>/dev/null
	cp "$dir/second.key" "$dir/old.key"
	books "$dir"
	openssl ca -batch -notext -config "$dir/ca.cnf" -in "$dir/second.csr" -out "$dir/old.pem" \
		-startdate 20200101000000Z -enddate 20210101000000Z \
		-extfile <(echo extendedKeyUsage=clientAuth) 2>/dev/null
}
dir=$e2e_dir/who
mkdir "$dir"
browser_handoff_conf "$dir" "$dir/agent.sock"
certificates "$dir"
timeout 200 node tests/e2e/browser/relay.mjs "$dir" || e2e_failed=1

# ---- certificates that were taken back ------------------------------------
revocation() { # DIR: three more branches, the CA's books, a list of another CA
	local dir=$1
	browser_signed "$dir" gone /CN=0900 clientAuth DNS:none.invalid
	browser_signed "$dir" second /CN=0711 clientAuth DNS:none.invalid
	browser_signed "$dir" third /CN=0712 clientAuth DNS:none.invalid
	books "$dir"
	: >"$dir/foreign.txt"
	# its name is that of our CA
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/foreign.key" \
		-out "$dir/foreign.pem" -days 30 -subj '/CN=handoff CA' 2>/dev/null
	openssl ca -gencrl -crlhours 24 -out "$dir/foreign.crl" \
		-config <(sed "s/index.txt/foreign.txt/; s/ca\.pem/foreign.pem/; s/ca\.key/foreign.key/" "$dir/ca.cnf") 2>/dev/null
	sed -i "s|^  ca = .*|&\n  crl = \"$dir/branches.crl\"|" "$dir/relay.conf"
}
dir=$e2e_dir/revoked
mkdir "$dir"
browser_handoff_conf "$dir" "$dir/agent.sock"
revocation "$dir"
timeout 200 node tests/e2e/browser/revoked.mjs "$dir" | sed 's/ - / - revoked: /'
[ "${PIPESTATUS[0]}" = 0 ] || e2e_failed=1

# ---- three networks -------------------------------------------------------
tag=dasi$$
phone=$tag-p office=$tag-o branch=$tag-b
nets_end() {
	local n
	for n in $phone $office $branch; do ip netns del "$n" 2>/dev/null; done
	e2e_end
}
nets_begin() {
	local n
	for n in $phone $office $branch; do
		ip netns add "$n" && ip -n "$n" link set lo up || return 1
	done
	ip -n $office link add out type veth peer name net netns $phone &&
		ip -n $office link add in type veth peer name net netns $branch &&
		ip -n $office addr add 10.77.1.1/24 dev out && ip -n $office addr add 10.77.2.1/24 dev in &&
		ip -n $phone addr add 10.77.1.2/24 dev net && ip -n $branch addr add 10.77.2.2/24 dev net &&
		ip -n $office link set out up && ip -n $office link set in up &&
		ip -n $phone link set net up && ip -n $branch link set net up
}
trap nets_end EXIT
if ! nets_begin 2>"$e2e_dir/nets"; then
	skip 'the relay between networks' "no network namespaces here: $(head -1 "$e2e_dir/nets")"
	browser_setup || exit 0
	mkdir "$e2e_dir/page" && browser_handoff_conf "$e2e_dir/page" "$e2e_dir/page/agent.sock"
	timeout 300 node tests/e2e/browser/page.mjs "$e2e_dir/page" relay || e2e_failed=1
	exit
fi
new_dir() { # NAME
	dir=$e2e_dir/$1
	mkdir "$dir"
	browser_handoff_conf "$dir" "$dir/agent.sock" 10.77.1.1 10.77.2.1
	cat >"$dir/ns.json" <<-JSON
		{ "phone": "$phone", "office": "$office", "branch": "$branch", "address": "10.77.1.1",
		  "cut": ["ip", "-n", "$office", "link", "set", "in", "down"],
		  "mend": ["ip", "-n", "$office", "link", "set", "in", "up"] }
	JSON
}
new_dir page
if browser_setup; then
	ip netns exec $phone timeout 300 node tests/e2e/browser/page.mjs "$dir" relay |
		sed 's/ - / - between networks: /' | tee "$e2e_dir/page.out"
	! grep -q '^not ok' "$e2e_dir/page.out" || e2e_failed=1
	ok 'the page was looked at' grep -q "the branch's end" "$e2e_dir/page.out"
fi

new_dir states
ip netns exec $phone timeout 500 node tests/e2e/browser/states.mjs "$dir" relay >"$e2e_dir/states.out" &
states=$!
listening() { ip netns exec "$1" ss -Hltnu; }
branch_wait 20 grep -qs 'is there' "$dir/handoff.log"
ok 'the branch has no listening port' test -z "$(listening $branch)"
# it is killed and started again meanwhile
two() { [ "$(listening $office | wc -l)" = 2 ]; }
ok 'head office has two' branch_wait 20 two
ok 'a phone cannot reach the branch' not ip netns exec $phone timeout 2 bash -c '</dev/tcp/10.77.2.2/443'
ok 'nor the port of the branches' not ip netns exec $phone timeout 2 bash -c \
	"</dev/tcp/10.77.2.1/$(sed -n 's/.*branches = ".*:\(.*\)"/\1/p' "$dir/relay.conf")"
wait $states || e2e_failed=1
sed 's/ - / - between networks: /' "$e2e_dir/states.out"
ok 'the cable was cut in every state' test "$(grep -c '^ok.*cable.*the next handoff is finished' "$e2e_dir/states.out")" = 4
