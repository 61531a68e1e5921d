#!/bin/sh
# implicit.sh - implicit TLS: curl and lftp.
world_options='-t
-o
listener.tls=implicit
-o
listener.port=990'
. "${0%/*}/common"
need curl

transfer() {
	curl -sS --max-time 60 --cacert $authority -u "$login" "$@"
}

check "curl, up" transfer -T tree/big ftps://ec.example:990/up
check "it is the same" cmp tree/big "$home/up"
check "curl, down" transfer -o down ftps://ec.example:990/tree/big
check "it is the same" cmp tree/big down
check "somebody said USER" log_has " command: USER anna\$"
check "nobody said AUTH" sh -c "! grep -q 'command: AUTH' '$SERVER_LOG'"
need lftp
check "lftp" timeout 120 lftp -c "set ssl:ca-file $authority;
	set net:max-retries 1; set net:timeout 20; set cmd:fail-exit yes;
	open -u anna,anna-pass ftps://ec.example:990;
	mirror tree mirrored; mirror -R tree sent"
same mirrored tree mirrored
same sent tree "$home/sent"
finish
