#!/bin/sh
# ncftp.sh - ncftpput and ncftpget: whole trees, passive and active.
. "${0%/*}/common"
need ncftpput
need ncftpget

put() {
	timeout 120 ncftpput -u anna -p anna-pass -V -t 20 -r 1 "$@"
}

# -T: no attempt to fetch a directory as tree.tar, which needs a server that
# runs tar.
get() {
	timeout 120 ncftpget -u anna -p anna-pass -V -t 20 -r 1 -T "$@"
}

# Beside a name of 255 bytes ncftp forgets the directories: it goes up and down
# in a directory of its own, after one try of both together.
(put -m -R $server together tree) >/dev/null 2>&1 </dev/null
quirk together "sub dir/inner file" \
	"ncftp enters no directory beside a name of 255 bytes" \
	"!STOR tree//sub dir/inner file"
same together tree "$home/together/tree"
for place in . "$home"; do
	mkdir "$place/apart"
	mv "$place/tree/$long" "$place/apart"
done
chown -R anna "$home/apart"

mkdir down active
check "a long name up" put -m -R $server long apart
check "a long name down" get -R $server down apart
same "long up" apart "$home/long/apart"
same "long down" apart down/apart

check "up" put -m -R $server up tree
check "down" get -R $server down tree
same up tree "$home/up/tree"
same down tree down/tree

mark
check "active up" put -E -m -R $server active tree
check "active down" get -E -R $server active tree
same "active up" tree "$home/active/tree"
same "active down" tree active/tree
check "PORT or EPRT was used" log_has ' command: (PORT|EPRT) '

head -c 50000000 tree/big >big
check "resume a download" get -z $server . tree/big
check "it is whole" cmp tree/big big
finish
