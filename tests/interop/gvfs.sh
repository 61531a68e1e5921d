#!/bin/sh
# gvfs.sh - GNOME's Files: gvfs with glib-networking, which opens several
# control connections and keeps tickets by host and port, so that each offers
# those of the others.  With explicit and implicit TLS and without; it has no
# active mode.
world_options='-t
-o
tls.session_reuse_for=192.0.2.1/32 strict
-o
listener explicit.port=21
-o
listener implicit.port=990
-o
listener implicit.tls=implicit'
. "${0%/*}/common"
need gio
need dbus-run-session
if ! test -x /usr/libexec/gvfsd-ftp; then
	skip "gvfs-backends is not installed"
	finish
fi

# A desktop: an account that no server of ours knows, its bus, its authority.
mkdir -p /etc/ssl/certs /home/desk/run
cp $authority /etc/ssl/certs/ca-certificates.crt
chmod 644 /etc/ssl/certs/ca-certificates.crt
printf '%032x\n' 1 >/etc/machine-id
echo 'desk:x:4000:4000::/home/desk:/bin/sh' >>/etc/passwd
echo 'desk:x:4000:' >>/etc/group
cp -r tree /home/desk/tree

cat >desk.sh <<'END'
cd
at=$1://anna@ec.example
echo anna-pass | timeout 30 gio mount "$at/" >/dev/null || exit
home=$at/home/anna

# A file down and, while it is on its way, others both ways.
for round in 1 2 3; do
	timeout 60 gio copy "$home/tree/big" "big$round" &
	long=$!
	timeout 60 gio list "$home/tree" >"list$round" || exit
	for file in bytes "two words" empty; do
		timeout 60 gio copy "$home/tree/$file" "$file$round" || exit
		timeout 60 gio copy "tree/$file" "$home/$file$round" || exit
	done
	timeout 60 gio copy tree/big "$home/big$round" || exit
	wait $long || exit
done
timeout 30 gio mount -u "$at/"
END
chown -R 4000:4000 /home/desk
chmod 700 /home/desk/run

desktop() {
	env -i PATH="$PATH" HOME=/home/desk XDG_RUNTIME_DIR=/home/desk/run \
		LC_ALL=C.UTF-8 timeout 240 setpriv --reuid=4000 --regid=4000 \
		--clear-groups dbus-run-session -- sh -x "$work/desk.sh" "$1"
}

logins() {
	grep -c 'user=anna login' "$SERVER_LOG"
}

# GnuTLS has no other way to choose.
mkdir -p /etc/gnutls
printf '[overrides]\ndisabled-version = tls1.3\n' >/etc/gnutls/config
work_of() {
	before=$(logins)
	check "$1: a desktop's work" desktop "$2"
	for round in 1 2 3; do
		for file in big bytes "two words" empty; do
			check "$1: $file $round down" \
				cmp "tree/$file" "/home/desk/$file$round"
			check "$1: $file $round up" \
				cmp "tree/$file" "$home/$file$round"
			rm -f "/home/desk/$file$round" "$home/$file$round"
		done
	done
	check "$1: several connections at once" \
		test $(($(logins) - before)) -ge 2
}

for version in TLSv1.2 TLSv1.3; do
	for scheme in ftps ftpis; do
		mark
		work_of $version-$scheme $scheme
		check "$version, $scheme: every data connection was resumed" \
			resumed $version
	done
	check "$version, $scheme: nobody said AUTH" \
		sh -c "! tail -n +$((marked + 1)) '$SERVER_LOG' |
			grep -q 'command: AUTH'"
	: >/etc/gnutls/config
done
work_of ftp ftp

# This shows that it did offer them.
sed -i "s/^.*ec.example/192.0.2.1 ec.example/" /etc/hosts
desktop ftps >strict 2>&1 </dev/null
check "strict: another connection's ticket is refused" log_has "reply: 522"
finish
