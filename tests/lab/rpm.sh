#!/bin/sh
# rpm.sh - the RPM package: builds, and can be installed, upgraded and erased.
# Fedora's macros, which Debian's rpm does not have, are defined here; what the
# scriptlets would have systemd do is written to a file.
if test -z "${OWN_ROOT-}"; then
	files=$(mktemp -d) || exit 1
	trap 'rm -rf "$files"' EXIT
	cat >"$files/macros" <<-'E'
		%_unitdir /usr/lib/systemd/system
		%_sysusersdir /usr/lib/sysusers.d
		%_tmpfilesdir /usr/lib/tmpfiles.d
		%_docdir /usr/share/doc
		%_docdir_fmt %%{NAME}
		%systemd_post() echo post %* >>/scriptlets
		%systemd_preun() echo preun %* $1 >>/scriptlets
		%systemd_postun_with_restart() echo postun %* $1 >>/scriptlets
	E
	if ! make --no-print-directory rpm RPMBUILD_FLAGS="--nodeps --load \
		$files/macros" >"$files/said" 2>&1; then
		tail -n 20 "$files/said"
		echo "rpm: 0 passed, 1 failed"
		exit 1
	fi
	cp build/package/rpm/RPMS/*/sureftpd-*.rpm "$files/sureftpd.rpm"
	files=$files/sureftpd.rpm
	export files
fi
packages='rpm curl'
. "${0%/*}/own_root"

package=/run/test/sureftpd.rpm
accounts='_sureftpd _sureftpdlog _sureftpdkey _sureftpdrun _sureftpdradius
	_sureftpdquota'

of_debian() {
	rpm --force-debian --nodeps "$@" 2>&1
}

for account in $accounts; do
	userdel "$account" 2>/dev/null
done
expect "the service is in it" /usr/lib/systemd/system/sureftpd.service \
	"$(rpm -qlp "$package")"
expect "settings are the administrator's" "/etc/pam.d/sureftpd
/etc/sureftpd/sureftpd.conf" "$(rpm -qcp "$package")"

test -z "$(of_debian -i "$package")" || fail "installing"
for account in $accounts; do
	expect "account $account" "$account" "$(getent passwd "$account")"
done
expect "owner of logs" "_sureftpdlog adm 750" \
	"$(stat -c '%U %G %a' /var/log/sureftpd)"
expect "bans can be saved" "root 711" "$(stat -c '%U %a' /var/lib/sureftpd)"
expect "no file differs" "()" "($(rpm -V --nodeps sureftpd))"
expect "its PAM service" password-auth "$(cat /etc/pam.d/sureftpd)"
expect "its configuration" "status 0" \
	"$(/usr/sbin/sureftpd --check 2>&1; echo "status $?")"
for unit in $(sed -n 's/^post //p' /scriptlets); do
	expect "unit $unit" "$unit" "$(ls /usr/lib/systemd/system)"
done
start sureftpd /usr/sbin/sureftpd
wait_until answers || fail "the installed server does not answer"
kill "$started"
wait "$started"

# An upgrade keeps what was changed.
echo '# changed' >>/etc/sureftpd/sureftpd.conf
test -z "$(of_debian -U --replacepkgs "$package" | grep -v rpmnew)" ||
	fail "upgrading"
expect "settings are kept" "# changed" "$(cat /etc/sureftpd/sureftpd.conf)"
of_debian -e sureftpd >/dev/null || fail "erasing"
expect "the server is stopped" "preun sureftpd.service sureftpd.socket 0" \
	"$(cat /scriptlets)"
expect "nothing is left" "()" "($(ls -d /usr/sbin/sureft* \
	/usr/lib/systemd/system/sureft* /usr/share/doc/sureftpd 2>/dev/null))"
expect "but changed settings" "# changed" \
	"$(cat /etc/sureftpd/sureftpd.conf.rpmsave)"
finish
