#!/bin/sh
# kernel_tls.sh - FTPS under a kernel that has TLS (kTLS), which few machines
# of developers have: suites of its own and of others, and units.
#
# Takes a few minutes.  Where no such kernel can be booted, all is skipped.
set -u

name=kernel_tls
here=${0%/*}
program=${SUREFTPD:-build/sureftpd}
tests=${program%/*}/tests
suites="tls_data tls_ends tls_tickets"
units=tls_kernel

directory=$(mktemp -d) || exit 1
trap 'rm -rf "$directory"' EXIT
trap 'exit 143' INT TERM HUP
chmod 755 "$directory"
mkdir -p "$directory/etc/pam.d"
cp "$program" "$here/../run" "$tests/lab/suite_$name" "$directory" &&
	cp "$here/../../etc/pam.d/sureftpd" "$directory/etc/pam.d" || exit 1
list=./suite_$name
for suite in $suites; do
	cp "$tests/functional/suite_$suite" "$directory" || exit 1
	list="$list ./suite_$suite"
done
for unit in $units; do
	cp "$tests/unit/test_$unit" "$directory" || exit 1
	list="$list ./test_$unit"
done

"$here/boot" 600 "$directory" "
	modprobe -d /run/kernel -a ipv6 tls ctr gcm ghash-generic \
		chacha20poly1305 chacha_generic poly1305_generic &&
	SUREFTPD=./sureftpd ./run -t 280 -o /tmp/output $list" \
	>"$directory/said"
status=$?
cat "$directory/said"
if test $status -eq 126; then
	echo "$name: 0 passed, 0 failed, 1 skipped ($(cat "$directory/said"))"
	exit 0
fi
last=$(tail -n 1 "$directory/said")
case $last in
*' passed, '*' failed'*) echo "$name: $last" ;;
*)	echo "the kernel's status was $status"
	echo "$name: 0 passed, 1 failed" ;;
esac
exit $status
