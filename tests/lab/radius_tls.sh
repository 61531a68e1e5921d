#!/bin/sh
# radius_tls.sh - RADIUS over TLS with FreeRADIUS: logins, accounting, a
# connection that it closes, certificates of an unknown authority.
packages='freeradius curl openssl'
. "${0%/*}/own_root"

radius=$(echo /etc/freeradius/*)
certs=/tmp/certs
mkdir "$certs"
cd "$certs" || exit 1

# authority NAME
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem" \
		2>/dev/null
}

# certificate NAME AUTHORITY [ALTERNATIVE-NAME]
certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null &&
	printf 'subjectAltName = %s\n' "${3:-DNS:$1}" >"$1.ext" &&
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
		-CAcreateserial -days 2 -extfile "$1.ext" -out "$1.pem" \
		2>/dev/null
}

authority ca && authority unknown &&
	certificate radius.example ca 'DNS:radius.example,IP:127.0.0.1' &&
	certificate ftp.example ca && certificate stranger.example unknown ||
	give_up "no certificates"
chmod 644 ./*
cd / || exit 1
echo '127.0.0.1 radius.example' >>/etc/hosts

cat >/tmp/dictionary.pwp <<'X'
VENDOR		PWP		582
BEGIN-VENDOR	PWP
ATTRIBUTE	PWP-Homedir	1	string
END-VENDOR	PWP
X
chmod 644 /tmp/dictionary.pwp
echo '$INCLUDE /tmp/dictionary.pwp' >>"$radius/dictionary"
cat >"$radius/mods-config/files/authorize" <<'X'
anna Cleartext-Password := "Rad-1234"
	Reply-Message := "Welcome",
	PWP-Homedir := "/home/anna"
X
cat >"$radius/sites-enabled/tls" <<X
listen {
	ipaddr = 127.0.0.1
	port = 2083
	type = auth+acct
	proto = tcp
	virtual_server = default
	clients = radsec
	limit {
		max_connections = 16
		lifetime = 0
		idle_timeout = 5
	}
	tls {
		private_key_file = $certs/radius.example.key
		certificate_file = $certs/radius.example.pem
		ca_file = $certs/ca.pem
		fragment_size = 8192
		cipher_list = "DEFAULT"
		tls_min_version = "1.2"
		tls_max_version = "1.3"
		require_client_cert = yes
	}
}
clients radsec {
	client 127.0.0.1 {
		ipaddr = 127.0.0.1
		proto = tls
		secret = radsec
	}
}
X
# TLS needs threads, which -X does not have.
start radius freeradius -fxx -l stdout
wait_until grep -q "Ready to process requests" /tmp/radius.log ||
	give_up "freeradius: $(tail -n 5 /tmp/radius.log)"

useradd -m -s /bin/bash anna

# tls_serve OPTION...: no secret.
tls_serve() {
	serve '' auth.backends=radius radius.timeout=3 \
		radius.tls_ca=$certs/ca.pem \
		radius.tls_certificate=$certs/ftp.example.pem \
		radius.tls_key=$certs/ftp.example.key "$@"
}

# logged TEXT: within some seconds.
logged() {
	wait_until grep -q "$1" /tmp/sureftpd.log && pass ||
		fail "not logged: $1"
}

for server in tls://127.0.0.1 tls://radius.example; do
	tls_serve radius.servers=$server radius.accounting_servers=$server
	reply=$(login anna Rad-1234)
	expect "login" "for anna" "$reply"
	expect "message" "230-Welcome" "$reply"
	expect "wrong password" "530" "$(login anna nope)"
	stop_serving
done
detail=$(cat /var/log/freeradius/radacct/127.0.0.1/detail-* 2>/dev/null)
expect "accounting" "Acct-Status-Type = Start" "$detail"
expect "accounting" "Acct-Status-Type = Stop" "$detail"
expect "accounting" "Acct-Input-Octets = 9" "$detail"

tls_serve radius.servers=tls://127.0.0.1 radius.authentication=chap
expect "chap" "for anna" "$(login anna Rad-1234)"
# It closes connections without requests.
sleep 8
expect "another connection" "for anna" "$(login anna Rad-1234)"
stop_serving

tls_serve radius.servers=tls://127.0.0.1 \
	radius.tls_certificate=$certs/stranger.example.pem \
	radius.tls_key=$certs/stranger.example.key
expect "unknown to the server" "530" "$(login anna Rad-1234)"
logged 'login failed: no RADIUS server has answered (tls://127.0.0.1: the con'
stop_serving

tls_serve radius.servers=tls://127.0.0.1 radius.tls_ca=$certs/unknown.pem
expect "unknown server" "530" "$(login anna Rad-1234)"
# FreeRADIUS sends its authority, too.
logged 'certificate in certificate chain'
stop_serving

tls_serve radius.servers=tls://localhost
expect "another name" "530" "$(login anna Rad-1234)"
logged 'hostname mismatch'
stop_serving
finish
