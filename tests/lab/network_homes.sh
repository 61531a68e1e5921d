#!/bin/sh
# network_homes.sh - homes on NFS with root_squash, on CIFS and behind autofs,
# under a kernel that has them.  Servers and mounts: network_homes_servers.
#
# The servers are unpacked, not installed: their packages would start them.
set -u

here=${0%/*}
program=${SUREFTPD:-build/sureftpd}
peers=${program%/*}/peers

"$here/../bench/peers.sh" "$peers" nfs samba autofs
for peer in nfs samba autofs; do
	test -d "$peers/$peer" && continue
	echo "network_homes: 0 passed, 0 failed, 1 skipped ($peer:" \
		"packages cannot be had)"
	exit 0
done
export LAB_FILES="$peers/nfs $peers/samba $peers/autofs
	$here/network_homes_servers"
export LAB_PREPARE='sh ./network_homes_servers'
exec "$here/under_kernel" network_homes "network_homes" ""
