#!/bin/sh
# curl-tls.sh - curl with OpenSSL: the whole tree in one connection, which uses
# its tickets several times.
world_options='-t
-o
tls.allow_ccc=yes
-o
tls.session_reuse_for=127.0.0.2/32 prefer'
. "${0%/*}/common"
need curl

# The daemon's certificate is checked, its name, too.
transfer() {
	curl -sS --max-time 120 --ssl-reqd --cacert $authority -u "$login" "$@"
}

# A list of everything for one process of curl.
list tree >files
while IFS= read -r file; do
	printf 'upload-file = "tree/%s"\nurl = "ftp://ec.example/up/%s"\n' \
		"$file" "$(url "$file")" >>up
	printf 'output = "down/%s"\nurl = "ftp://ec.example/tree/%s"\n' \
		"$file" "$(url "$file")" >>down.list
done <files

logins() {
	grep -c 'command: PASS' "$SERVER_LOG"
}

for version in 1.2 1.3; do
	rm -rf down "$home/up"
	mark
	before=$(logins)
	check "$version: up" transfer --tls-max $version --ftp-create-dirs \
		-K up
	same "$version up" tree "$home/up"
	check "$version: down" transfer --tls-max $version --create-dirs \
		-K down.list
	same "$version down" tree down
	check "$version: one connection each way" \
		test $(($(logins) - before)) -eq 2
	check "$version was spoken" log_has \
		" TLS on the control connection: TLSv$version, "
done

# Active and passive, each in its old and its new form.
big=ftp://ec.example/tree/big
check "PASV" transfer --disable-epsv -o pasv "$big"
check "EPSV" transfer -o epsv "$big"
case $(curl -V) in
"curl 7.87."* | "curl 7.88."*)
	skip "this curl does no TLS on active data connections (#10666)" 4 ;;
*)
	check "EPRT" transfer --ftp-port - -o eprt "$big"
	check "it is the same" cmp tree/big eprt
	check "PORT" transfer --ftp-port - --disable-eprt -o port "$big"
	check "it is the same" cmp tree/big port ;;
esac
for mode in pasv epsv; do
	check "$mode is the same" cmp tree/big $mode
done

check "half" transfer -r 0-49999999 -o resumed "$big"
check "resume a download" transfer -C - -o resumed "$big"
check "it is whole" cmp tree/big resumed
check "append" transfer -a -T "tree/two words" ftp://ec.example/appended
check "append again" transfer -a -T "tree/two words" ftp://ec.example/appended
printf 'words\nwords\n' >wanted
check "it is twice" cmp wanted "$home/appended"

check "data in the clear" transfer --ftp-ssl-control -o clear "$big"
check "it is the same" cmp tree/big clear
# Active: curl says close_notify.  Passive: it only waits for the server's, and
# its OpenSSL gives up a session that it ended so: the next ClientHello brings
# no ticket, which session_reuse = require refuses and prefer does not.
check "CCC, active" transfer --ftp-ssl-ccc --ftp-ssl-ccc-mode active \
	-o active "$big"
check "it is the same" cmp tree/big active
mark
passive() {
	transfer --ftp-ssl-ccc --ftp-ssl-ccc-mode passive "$@" -o passive "$big"
}
if passive 2>/dev/null; then
	pass
else
	# Curl may have hung up before it could be told 522.
	check "CCC, passive, was refused for that" \
		log_has "user=anna session: TLS on the data connection failed: "
fi
check "CCC, passive" passive --interface 127.0.0.2
check "it is the same" cmp tree/big passive
check "CCC was used" log_has " command: CCC\$"
finish
