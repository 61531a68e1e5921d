#!/bin/sh
# lftp-tls.sh - lftp over TLS, GnuTLS: whole trees, several connections at a
# time.
world_options=-t
. "${0%/*}/common"
need lftp

transfer() {
	timeout 120 lftp -c "set net:max-retries 1; set net:timeout 20;
		set ftp:ssl-force yes; set ftp:ssl-protect-data yes;
		set ssl:ca-file $authority; set cmd:fail-exit yes;
		open -u anna,anna-pass ec.example; $*"
}

check "up" transfer "mirror -R --no-perms tree up"
check "down" transfer "mirror tree down"
same up tree "$home/up"
same down tree down
check "up, four at a time" transfer "mirror -R -P 4 tree up4"
check "down, four at a time" transfer "mirror -P 4 tree down4"
same up4 tree "$home/up4"
same down4 tree down4
check "active" transfer "set ftp:passive-mode off; mirror tree active"
same active tree active
check "in pieces" transfer "pget -n 3 tree/big -o pieces"
check "it is whole" cmp tree/big pieces
check "TLS 1.3 was spoken" log_has \
	" TLS on the control connection: TLSv1.3, "
mark
check "TLS 1.2" transfer "set ssl:priority NORMAL:-VERS-TLS1.3;
	mirror tree old"
same old tree old
check "TLS 1.2 was spoken" log_has \
	" TLS on the control connection: TLSv1.2, "
finish
