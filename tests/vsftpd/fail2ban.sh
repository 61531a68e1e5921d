#!/bin/sh
# fail2ban.sh - fail2ban reads the logs of vsftpd and of sureftpd: fail2ban.py
# in private namespaces.  make check-vsftpd unpacks both.
program=${SUREFTPD:-build/sureftpd}
directory=${program%/*}
for peer in vsftpd fail2ban; do
	test -d "$directory/peers/$peer" && continue
	cat "$directory/peers/$peer.missing"
	echo "fail2ban: 0 passed, 1 failed ($peer could not be downloaded)"
	exit 1
done
# The world sees this directory.
cp "${0%/*}/../../etc/fail2ban/filter.d/sureftpd.conf" "$directory/peers" ||
	exit
exec "$directory/tests/interop/world_run" -n 4 "${0%/*}/fail2ban.py"
