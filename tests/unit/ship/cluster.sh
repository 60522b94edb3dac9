# A private PostgreSQL on loopback with TLS, for the tests of dasi-ship.
#
#   cluster_why            why there can be none here, or nothing
#   cluster_start DIR      make it, with head office's schema in database dasi
#   cluster_stop DIR
#   cluster_sql DIR SQL    as administrator; -tA
#
# DIR gets port, ca.crt, and for each role of cluster_login ROLE.crt/ROLE.key:
# roles come in with a client certificate, so there is no password anywhere.
cluster_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)

cluster_why() {
	[ -x "$cluster_bin/initdb" ] || { echo 'PostgreSQL is not installed'; return; }
	[ "$(id -u)" = 0 ] || { echo 'needs root, to run the server as postgres'; return; }
	id postgres >/dev/null 2>&1 || echo 'no user postgres'
}
cluster_as() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }

cluster_cert() { # DIR NAME [EXTENSION]: a certificate of our own CA
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
		-keyout "$1/$2.key" -out "$1/$2.csr" 2>/dev/null &&
		openssl x509 -req -in "$1/$2.csr" -CA "$1/ca.crt" -CAkey "$1/ca.key" \
			-set_serial "0x$(openssl rand -hex 8)" -days 30 -out "$1/$2.crt" \
			-extfile <(echo "${3:-basicConstraints=CA:FALSE}") 2>/dev/null
}

cluster_port() { # one that is free now
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

cluster_start() { # DIR
	local d=$1 port
	mkdir -p "$d" && chmod 755 "$d" && port=$(cluster_port) && echo "$port" >"$d/port" || return 1
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
		-subj '/CN=Practice CA' -keyout "$d/ca.key" -out "$d/ca.crt" 2>/dev/null &&
		cluster_cert "$d" localhost 'subjectAltName=DNS:localhost,IP:127.0.0.1' || return 1
	install -d -o postgres -m 700 "$d/pg"
	(cd / && cluster_as "$cluster_bin/initdb" -D "$d/pg/data" -A trust -U postgres \
		--no-locale -E UTF8) >"$d/initdb.log" 2>&1 || return 1
	install -o postgres -m 600 "$d/localhost.key" "$d/localhost.crt" "$d/ca.crt" "$d/pg/data/"
	cat >>"$d/pg/data/postgresql.conf" <<-EOF
		listen_addresses = '127.0.0.1'
		port = $port
		unix_socket_directories = '$d/pg'
		ssl = on
		ssl_cert_file = 'localhost.crt'
		ssl_key_file = 'localhost.key'
		ssl_ca_file = 'ca.crt'
		shared_buffers = 128MB
		max_wal_size = 2GB
		log_min_messages = warning
	EOF
	cat >"$d/pg/data/pg_hba.conf" <<-EOF
		local   all all                trust
		hostssl all all 127.0.0.1/32   cert
	EOF
	cluster_up "$d" || return 1
	cluster_psql "$d" -d postgres -c 'CREATE DATABASE dasi' &&
		cat kiosk-config/headoffice/[0-9]*.sql | cluster_psql "$d" -d dasi -f -
}
cluster_up() { # DIR
	(cd / && cluster_as "$cluster_bin/pg_ctl" -D "$1/pg/data" -l "$1/pg/log" -w -t 60 start) >/dev/null
}
cluster_stop() { # DIR [MODE]
	[ -e "$1/pg/data/postmaster.pid" ] || return 0
	(cd / && cluster_as "$cluster_bin/pg_ctl" -D "$1/pg/data" -m "${2:-immediate}" -w stop) >/dev/null
}
cluster_psql() { # DIR ARGUMENT...
	local d=$1
	shift
	PGOPTIONS='-c client_min_messages=warning' psql -X -q -v ON_ERROR_STOP=1 \
		-h "$d/pg" -p "$(cat "$d/port")" -U postgres "$@"
}
cluster_sql() { cluster_psql "$1" -d dasi -tA -c "$2"; }
cluster_login() { # DIR ROLE [GROUP]: a role that can log in, with its certificate
	cluster_cert "$1" "$2" && cluster_sql "$1" "CREATE ROLE \"$2\" LOGIN ${3:+IN ROLE $3}"
}
cluster_info() { # DIR ROLE: how it connects
	echo "host=localhost hostaddr=127.0.0.1 port=$(cat "$1/port") dbname=dasi user=$2" \
		"sslmode=verify-full sslrootcert=$1/ca.crt sslcert=$1/$2.crt sslkey=$1/$2.key"
}
