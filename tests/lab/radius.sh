#!/bin/sh
# radius.sh - logins with pam_radius_auth: passwords, and a challenge as a 332
# reply.
packages='freeradius libpam-radius-auth curl'
. "${0%/*}/own_root"

radius=$(echo /etc/freeradius/*)
cat >"$radius/mods-config/files/authorize" <<'X'
anna Cleartext-Password := "Rad-1234"
	Reply-Message := "Welcome"
X
# token gets a challenge for its password, and gives the code for it.
cat >/tmp/challenge <<'X'
	if (&User-Name == "token" && !&State) {
		if (&User-Password == "Rad-1234") {
			update reply {
				&Reply-Message := "Code from your token: "
				&State := 0x4711
			}
			update control {
				&Response-Packet-Type := Access-Challenge
			}
			handled
		}
		reject
	}
	if (&User-Name == "token") {
		if (&User-Password == "123456") {
			update control {
				&Auth-Type := Accept
			}
		}
		else {
			reject
		}
	}
X
sed -i '0,/^authorize {/s,^authorize {,&\n$INCLUDE /tmp/challenge,' \
	"$radius/sites-enabled/default"
chmod 644 /tmp/challenge
start radius freeradius -X
wait_until grep -q "Ready to process requests" /tmp/radius.log ||
	give_up "freeradius: $(tail -n 3 /tmp/radius.log)"

echo '127.0.0.1 testing123 3' >/etc/pam_radius_auth.conf
chmod 600 /etc/pam_radius_auth.conf
# RADIUS knows passwords, not accounts.
useradd -m -s /bin/bash anna
useradd -m -s /bin/bash token
serve "$(example radius)"

expect "login" "for anna" "$(login anna Rad-1234)"
expect "wrong password" "530" "$(login anna nope)"
expect "account without RADIUS" "530" "$(login root Rad-1234)"
reply=$(login token Rad-1234 --ftp-account 123456)
expect "challenge" "332 Code from your token:" "$reply"
expect "answered" "for token" "$reply"
expect "wrong answer" "530" "$(login token Rad-1234 --ftp-account 654321)"
expect "wrong password" "530" "$(login token nope --ftp-account 123456)"
stop_serving

serve "$(cat /etc/pam.d/sureftpd)" auth.code_in_password=comma
expect "code in the password" "for token" "$(login token Rad-1234,123456)"
finish
