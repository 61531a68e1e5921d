#!/bin/sh
# filezilla.sh - FileZilla on a virtual screen, without user input: it logs in
# and lists a directory.
world_options=-t
. "${0%/*}/common"
need filezilla
need Xvfb
link_settings fonts

# A desktop: a place for X's socket, an account, a certificate it has accepted.
mount -t tmpfs -o mode=1777 tmpfs /tmp
settings=/home/desk/.config/filezilla
mkdir -p $settings
echo 'desk:x:4000:4000::/home/desk:/bin/sh' >>/etc/passwd
cat >$settings/filezilla.xml <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<FileZilla3><Settings>
<Setting name="Greeting version">99.0.0</Setting>
<Setting name="Update Check">0</Setting>
<Setting name="Logging file">/home/desk/log</Setting>
</Settings></FileZilla3>
END
certificate=/etc/sureftpd/tls/ec.pem
seconds() {
	date -d "$(openssl x509 -in $certificate -noout "$1" |
		sed 's/.*=//')" +%s
}
cat >$settings/trustedcerts.xml <<END
<?xml version="1.0" encoding="UTF-8"?>
<FileZilla3><TrustedCerts><Certificate>
<Data>$(openssl x509 -in $certificate -outform DER | od -An -v -tx1 |
	tr -d ' \n')</Data>
<ActivationTime>$(seconds -startdate)</ActivationTime>
<ExpirationTime>$(seconds -enddate)</ExpirationTime>
<Host>ec.example</Host><Port>21</Port><TrustSANs>0</TrustSANs>
</Certificate></TrustedCerts></FileZilla3>
END
: >/home/desk/log
chown -R 4000:4000 /home/desk

Xvfb :7 >screen 2>&1 &
screen=$!

lists() {
	: >/home/desk/log
	env -i PATH="$PATH" HOME=/home/desk DISPLAY=:7 LC_ALL=C.UTF-8 \
		setpriv --reuid=4000 --regid=4000 --clear-groups filezilla \
		"ftpes://anna:anna-pass@ec.example$home/tree" &
	client=$!
	for _ in $(seq 60); do
		grep -q 'Directory listing of .* successful' /home/desk/log &&
			break
		sleep 0.5
	done
	kill $client
	wait $client
	cat /home/desk/log
	grep -q 'Directory listing of .* successful' /home/desk/log
}

# GnuTLS has no other way to choose.
mkdir -p /etc/gnutls
printf '[overrides]\ndisabled-version = tls1.3\n' >/etc/gnutls/config
for version in TLSv1.2 TLSv1.3; do
	check "$version: a listing" lists
	check "$version: its data connection was resumed" resumed $version
	: >/etc/gnutls/config
done
kill $screen
finish
