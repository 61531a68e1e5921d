#!/bin/sh
# busybox.sh - ftpput, ftpget and wget of busybox, which cameras and other small
# devices use.
. "${0%/*}/common"
need busybox

put() {
	timeout 120 busybox ftpput -u anna -p anna-pass $server "$1" "$2"
}

get() {
	timeout 120 busybox ftpget "$@"
}

cp -r tree "$home/up"
find "$home/up" -type f -delete
chown -R anna "$home/up"
cp -r "$home/up" down
list tree >files
while IFS= read -r file; do
	check "up: $file" put "up/$file" "tree/$file"
	check "down: $file" get -u anna -p anna-pass $server "down/$file" \
		"tree/$file"
done <files
same up tree "$home/up"
same down tree down

head -c 50000000 tree/big >big
check "resume a download" get -c -u anna -p anna-pass $server big tree/big
check "it is whole" cmp tree/big big

# It sends the path as it is in the URL.
mark
check "wget" timeout 120 busybox wget -q -O page \
	"ftp://$login@$server/tree/two words"
check "wget has it" cmp 'tree/two words' page
head -c 50000000 tree/big >page
check "wget resumes" timeout 120 busybox wget -q -c -O page \
	"ftp://$login@$server/tree/big"
check "it is whole, too" cmp tree/big page
check "it sent REST" log_has ' command: REST 50000000'
finish
