#!/bin/sh
# two_factor.sh - a password and a code: the examples for pam_oath and
# pam_google_authenticator, with codes as an app makes them; and clients that
# answer a 332 by ACCT.
packages='libpam-oath oathtool libpam-google-authenticator curl lftp tnftp
python3'
. "${0%/*}/own_root"

hex=3132333435363738393031323334353637383930
base32=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ

useradd -m -s /bin/bash anna
echo anna:anna-pass | chpasswd

# one_login WHAT PASSWORD CODE: a single login, so that the code is used once.
one_login() {
	expect "$1" "230 Login successful" "$(curl -sS -v --max-time 20 \
		-u "anna:$2" ${3:+--ftp-account "$3"} ftp://127.0.0.1/ 2>&1)"
}

refused() {
	expect "$1" "530 Login incorrect" "$(curl -sS -v --max-time 20 \
		-u "anna:$2" ${3:+--ftp-account "$3"} ftp://127.0.0.1/ 2>&1)"
}

# Both modules count by half minutes and take each code once: the code of
# COUNT half minutes from now.
code() {
	oathtool --totp --now "@$(($(date +%s) + 30 * $1))" $hex
}

# Not in the last seconds of a half minute.
while test $(($(date +%s) % 30)) -gt 24; do
	sleep 1
done

mkdir -m 700 /var/lib/oath
printf 'HOTP/T30/6 anna - %s\n' $hex >/var/lib/oath/users.oath
chmod 600 /var/lib/oath/users.oath
serve "$(example oath)"
refused "oath, wrong code" anna-pass 000000
now=$(code 0)
refused "oath, wrong password" nope "$now"
one_login "oath" anna-pass "$(code 1)"
refused "oath, used code" anna-pass "$(code 1)"
stop_serving
serve "$(example oath)" auth.code_in_password=comma
one_login "oath, code in the password" "anna-pass,$(code 2)"
stop_serving

# Codes by number, a fresh one for each client.
printf 'HOTP anna - %s\n' $hex >/var/lib/oath/users.oath
serve "$(example oath)"
number() {
	oathtool --hotp --counter "$1" $hex
}

expect "lftp" "/home/anna" "$(lftp -u anna,anna-pass -e "set ftp:acct $(:
	)$(number 0); set ftp:ssl-allow no; set net:max-retries 1; $(:
	)quote PWD; bye" 127.0.0.1 2>&1)"
expect "tnftp" "/home/anna" "$(printf '%s\n' "open 127.0.0.1" \
	"user anna anna-pass $(number 1)" pwd bye | tnftp -n 2>&1)"
expect "Python's ftplib" "/home/anna" "$(python3 -c 'import ftplib, sys
ftp = ftplib.FTP("127.0.0.1")
ftp.login("anna", "anna-pass", sys.argv[1])
print(ftp.pwd())' "$(number 2)" 2>&1)"
stop_serving

cat >/home/anna/.google_authenticator <<X
$base32
" WINDOW_SIZE 5
" DISALLOW_REUSE
" TOTP_AUTH
X
chown anna: /home/anna/.google_authenticator
chmod 400 /home/anna/.google_authenticator
serve "$(example google-authenticator)"
expect "the question" "332 Verification code:" "$(curl -sS -v \
	-u anna:anna-pass --ftp-account 000000 ftp://127.0.0.1/ 2>&1)"
one_login "google-authenticator" anna-pass "$(code 0)"
refused "google-authenticator, used code" anna-pass "$(code 0)"
stop_serving
serve "$(example google-authenticator)" auth.code_in_password=append
one_login "google-authenticator, code in the password" "anna-pass$(code 1)"
finish
