#!/bin/sh
# radius_backend.sh - backends = radius with FreeRADIUS: passwords, attributes,
# challenge, two servers of which one fails, accounting, a wrong secret.
packages='freeradius curl'
. "${0%/*}/own_root"

radius=$(echo /etc/freeradius/*)
cat >/tmp/dictionary.pwp <<'X'
VENDOR		PWP		582
BEGIN-VENDOR	PWP
ATTRIBUTE	PWP-Homedir	1	string
ATTRIBUTE	PWP-Realm	2	string
ATTRIBUTE	PWP-Quota	5	integer
END-VENDOR	PWP
X
chmod 644 /tmp/dictionary.pwp
echo '$INCLUDE /tmp/dictionary.pwp' >>"$radius/dictionary"
cat >"$radius/mods-config/files/authorize" <<'X'
anna@pwp.example Cleartext-Password := "Rad-1234"
	Reply-Message := "Welcome",
	PWP-Homedir := "/home/anna",
	Class := 0x676f6c64
virt@pwp.example Cleartext-Password := "Rad-5678"
	PWP-Homedir := "/home/virt",
	PWP-Quota := 5,
	Session-Timeout := 3600,
	Filter-Id := "readers"
homeless@pwp.example Cleartext-Password := "Rad-9"
X
# token gets a challenge for its password, and gives the code for it.
cat >/tmp/challenge <<'X'
	if (&User-Name == "token@pwp.example" && !&State) {
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
	if (&User-Name == "token@pwp.example") {
		if (&User-Password == "123456") {
			update reply {
				&PWP-Homedir := "/home/virt"
			}
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
# The realm is part of the name.
sed -i 's/^\([[:space:]]*\)suffix$/\1#suffix/' "$radius/sites-enabled/default"
chmod 644 /tmp/challenge
# The second server: another port, no accounting; and as it is before version
# 3.2.5, without Message-Authenticator in its answers.
cp -a "$radius" /tmp/second
cat >/tmp/signed <<'X'
	update reply {
		&Message-Authenticator := 0x00
	}
X
chmod 644 /tmp/signed
sed -i '0,/^authorize {/s,^authorize {,&\n$INCLUDE /tmp/signed,' \
	"$radius/sites-enabled/default"
sed -i 's,^\(\t*\)port = 0,\1port = 2812,; s,type = acct,type = auth,' \
	/tmp/second/sites-enabled/default
sed -i "s,$radius,/tmp/second,g; s,18120,28120," /tmp/second/radiusd.conf \
	/tmp/second/sites-enabled/*
rm -f /tmp/second/sites-enabled/inner-tunnel
awk '/^listen \{/ { n++ } n == 2 && /^listen \{/, /^\}/ { next } { print }' \
	/tmp/second/sites-enabled/default >/tmp/second/default
awk '/^listen \{/ { n++; skip = n > 1 } !skip { print }
	/^\}/ { skip = 0 }' /tmp/second/default \
	>/tmp/second/sites-enabled/default
start radius freeradius -X
first=$started
start second freeradius -X -d /tmp/second
second=$started
for log in radius second; do
	wait_until grep -q "Ready to process requests" /tmp/$log.log ||
		give_up "freeradius: $(tail -n 5 /tmp/$log.log)"
done

useradd -m -s /bin/bash anna
mkdir -p /home/virt
chown 7001:7002 /home/virt
echo testing123 >/tmp/secret
chmod 600 /tmp/secret

# radius_serve OPTION...
radius_serve() {
	serve '' auth.backends=radius radius.realm=pwp.example \
		radius.secret_file=/tmp/secret radius.timeout=1 \
		radius.map_uid=7001 radius.map_gid=7002 \
		radius.dictionary=/tmp/dictionary.pwp \
		radius.home_attribute=PWP-Homedir "$@"
}

# logged TEXT: within two seconds.
logged() {
	wait_until grep -q "$1" /tmp/sureftpd.log && pass ||
		fail "not logged: $1"
}

radius_serve radius.servers=127.0.0.1 radius.accounting_servers=127.0.0.1 \
	group.readers.permissions=elrmw
reply=$(login anna Rad-1234)
expect "login" "for anna" "$reply"
expect "message" "230-Welcome" "$reply"
expect "wrong password" "530" "$(login anna nope)"
expect "unknown name" "530" "$(login nobody-knows nope)"
expect "account without a home directory" "530" "$(login homeless Rad-9)"
logged 'no home directory (home_attribute)'
expect "account that the host does not know" "for virt" \
	"$(login virt Rad-5678)"
expect "ids" "7001:7002" "$(stat -c %u:%g /home/virt/put.txt)"
reply=$(login token Rad-1234 --ftp-account 123456)
expect "challenge" "332 Code from your token:" "$reply"
expect "answered" "for token" "$reply"
expect "wrong answer" "530" "$(login token Rad-1234 --ftp-account 654321)"
stop_serving
detail=$(cat /var/log/freeradius/radacct/127.0.0.1/detail-* 2>/dev/null)
expect "accounting" "Acct-Status-Type = Start" "$detail"
expect "accounting" "Acct-Status-Type = Stop" "$detail"
expect "accounting" "Acct-Terminate-Cause = User-Request" "$detail"
expect "accounting" "Acct-Input-Octets = 9" "$detail"
expect "accounting" "Class = 0x676f6c64" "$detail"

radius_serve radius.servers=127.0.0.1 radius.authentication=chap
expect "chap" "for anna" "$(login anna Rad-1234)"
expect "chap, wrong password" "530" "$(login anna nope)"
stop_serving

radius_serve radius.servers=127.0.0.1 radius.authentication=mschapv2
expect "mschapv2" "for anna" "$(login anna Rad-1234)"
expect "mschapv2, wrong password" "530" "$(login anna nope)"
stop_serving

radius_serve radius.servers=127.0.0.1:2812
expect "unsigned answer" "530" "$(login anna Rad-1234)"
logged 'an answer without Message-Authenticator'
stop_serving

# The first server hangs.
radius_serve radius.servers=127.0.0.1,127.0.0.1:2812 \
	radius.require_message_authenticator=no
kill -STOP "$first"
expect "fail-over" "for anna" "$(login anna Rad-1234)"
logged 'RADIUS server 127.0.0.1 does not answer'
kill "$second"
wait "$second"
expect "no server" "530" "$(login anna Rad-1234)"
kill -CONT "$first"
expect "back again" "for anna" "$(login anna Rad-1234)"
stop_serving

echo another >/tmp/secret
radius_serve radius.servers=127.0.0.1
expect "wrong secret" "530" "$(login anna Rad-1234)"
logged 'no RADIUS server has answered'
stop_serving
finish
