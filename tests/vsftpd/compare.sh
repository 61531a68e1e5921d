#!/bin/sh
# compare.sh [PATTERN] - vsftpd and sureftpd side by side: compare.py in private
# namespaces.  make check-vsftpd unpacks vsftpd.
program=${SUREFTPD:-build/sureftpd}
directory=${program%/*}
if ! test -x "$directory/peers/vsftpd/usr/sbin/vsftpd"; then
	cat "$directory/peers/vsftpd.missing"
	echo "vsftpd: 0 passed, 1 failed (vsftpd could not be downloaded)"
	exit 1
fi
exec "$directory/tests/interop/world_run" -t -n 12 "${0%/*}/compare.py" "$@"
