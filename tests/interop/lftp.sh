#!/bin/sh
# lftp.sh - lftp: whole trees with mirror, several connections at a time.
. "${0%/*}/common"
need lftp

transfer() {
	timeout 120 lftp -c "set net:max-retries 1; set net:timeout 20;
		set cmd:fail-exit yes; open -u anna,anna-pass $server; $*"
}

check "up" transfer "mirror -R --no-perms tree up"
check "down" transfer "mirror tree down"
same up tree "$home/up"
same down tree down
check "an empty directory goes up" test -d "$home/up/sub dir/empty dir"
check "an empty directory comes down" test -d "down/sub dir/empty dir"

check "up, four at a time" transfer "mirror -R -P 4 tree up4"
check "down, four at a time" transfer "mirror -P 4 tree down4"
same up4 tree "$home/up4"
same down4 tree down4

mark
check "active" transfer "set ftp:passive-mode off; mirror tree active"
same active tree active
check "PORT or EPRT was used" log_has ' command: (PORT|EPRT) '
check "without MLSD" transfer "set ftp:use-mlsd off; mirror tree plain"
same plain tree plain
mark
check "compressed, up" transfer "set ftp:use-mode-z on; mirror -R tree upz"
check "compressed, down" transfer "set ftp:use-mode-z on; mirror tree downz"
same upz tree "$home/upz"
same downz tree downz
check "MODE Z was used" log_has ' command: MODE Z'
check "in pieces" transfer "pget -n 3 tree/big -o pieces"
check "it is whole" cmp tree/big pieces
check "rename, chmod, remove" transfer "mv up/empty up/moved;
	chmod 600 up/moved; rm up/moved; rm -r up4; mkdir -p a/b/c"
check "it is gone" test ! -e "$home/up4" -a ! -e "$home/up/moved"
finish
