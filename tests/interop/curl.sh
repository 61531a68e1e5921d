#!/bin/sh
# curl.sh - curl: single files in every kind of data connection.
. "${0%/*}/common"
need curl

transfer() {
	curl -sS --max-time 60 -u "$login" "$@"
}

mkdir down
list tree >files
while IFS= read -r file; do
	address=ftp://$server/up/$(url "$file")
	check "up: $file" transfer --ftp-create-dirs -T "tree/$file" "$address"
	mkdir -p "down/$(dirname -- "$file")"
	address=ftp://$server/tree/$(url "$file")
	check "down: $file" transfer -o "down/$file" "$address"
done <files
same up tree "$home/up"
same down tree down

# Active and passive, each in its old and its new form.
big=ftp://$server/tree/big
# try COMMAND OPTION...
try() {
	mode=$1
	shift
	mark
	check "$mode" transfer "$@" -o "$mode" "$big"
	check "$mode is the same" cmp tree/big "$mode"
	check "$mode was used" log_has " command: $mode( |\$)"
}
try PASV --disable-epsv
try EPSV
try EPRT --ftp-port -
try PORT --ftp-port - --disable-eprt

# Half a file, the rest of it, in both directions.
check "half" transfer -r 0-49999999 -o resumed "$big"
check "resume a download" transfer -C - -o resumed "$big"
check "it is whole" cmp tree/big resumed
head -c 50000000 tree/big >"$home/resumed"
chown anna "$home/resumed"
check "resume an upload" transfer -C - -T tree/big ftp://$server/resumed
check "it is whole" cmp tree/big "$home/resumed"

check "append" transfer -a -T "tree/two words" ftp://$server/appended
check "append again" transfer -a -T "tree/two words" ftp://$server/appended
printf 'words\nwords\n' >wanted
check "it is twice" cmp wanted "$home/appended"

check "list names" transfer -o names --list-only ftp://$server/tree/
ls -A tree | LC_ALL=C sort >wanted
tr -d '\r' <names | LC_ALL=C sort >got
check "the names are all there" cmp wanted got
check "ASCII" transfer -B -o text ftp://$server/up/two%20words
finish
