#!/bin/sh
# s_client.sh - openssl s_client: what the server offers, and what it does not.
world_options=-t
. "${0%/*}/common"
need openssl

# talk OPTION... - connect and QUIT; the output is in `said`.
talk() {
	echo QUIT | timeout 20 openssl s_client -starttls ftp \
		-connect ec.example:21 -CAfile $authority -crlf -ign_eof \
		-verify_return_error -verify_hostname ec.example "$@" 2>&1
}

has() {
	pattern=$1
	shift
	talk "$@" | grep -qE -e "$pattern"
}

refused() {
	! talk "$@" >refused 2>&1 && ! grep -q '^221 ' refused
}

check "the certificate is good" has 'Verify return code: 0 \(ok\)'
check "TLS 1.3" has 'New, TLSv1.3' -tls1_3
check "TLS 1.2" has 'New, TLSv1.2' -tls1_2
check "the goodbye arrives" has '^221 ' -tls1_2
check "no TLS 1.1" refused -tls1_1 -cipher ALL:@SECLEVEL=0
check "no TLS 1.0" refused -tls1 -cipher ALL:@SECLEVEL=0
check "no compression" has 'Compression: NONE' -tls1_2 -comp
check "secure renegotiation is known" \
	has 'Secure Renegotiation IS supported' -tls1_2
check "ALPN: ftp" has 'ALPN protocol: ftp' -alpn ftp
check "ALPN: no http" refused -alpn http/1.1
check "no early data" has 'Max Early Data: 0|Early data was not sent' -tls1_3
check "X25519 before P-256" has 'Server Temp Key: X25519' \
	-tls1_2 -groups P-256:X25519
for cipher in $(openssl ciphers -s -tls1_2 'ALL:COMPLEMENTOFALL:@SECLEVEL=0' |
	tr : ' '); do
	case $cipher in
	ECDHE-*-GCM-* | ECDHE-*-CHACHA20-*) continue ;;
	esac
	check "no $cipher" refused -tls1_2 -cipher "$cipher:@SECLEVEL=0"
done
finish
