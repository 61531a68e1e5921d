#!/bin/sh
# peers.sh DIRECTORY - have vsftpd and Pure-FTPd there.
#
# Their packages, and those of libraries that are missing here, are downloaded
# by apt and unpacked: nothing is installed, and nothing is started.  What could
# not be had is said in DIRECTORY/NAME.missing.
set -u

directory=$1

# download PACKAGE...
download() {
	apt-get download -qq "$@" 2>>"$log" && return
	test -e updated || apt-get update -qq >>"$log" 2>&1
	: >updated
	apt-get download -qq "$@" 2>>"$log"
}

# The libraries that a downloaded package depends on and that are not here.
missing_libraries() {
	dpkg-deb -f "$1" Depends | tr ',|' '\n\n' |
		sed -n 's/^ *\(lib[a-z0-9.+-]*\).*/\1/p' |
		while read -r name; do
			dpkg-query -W -f '${db:Status-Status}\n' "$name" \
				2>/dev/null | grep -qx installed ||
				echo "$name"
		done
}

unpack() {
	for package; do
		dpkg-deb -x "$package" "$root" || return
	done
}

# fetch NAME PACKAGE - to DIRECTORY/NAME, which exists when it is complete
fetch() {
	root=$directory/$1.new
	log=$directory/$1.missing
	mkdir -p "$directory/packages-$1" "$root" &&
		cd "$directory/packages-$1" || return
	: >"$log"
	rm -f ./*.deb
	download "$2" || return
	libraries=$(missing_libraries ./*.deb)
	# $libraries is a list of words.
	# shellcheck disable=SC2086
	test -z "$libraries" || download $libraries || return
	unpack ./*.deb 2>>"$log" && mv "$root" "$directory/$1" && rm "$log"
}

mkdir -p "$directory" || exit
directory=$(cd "$directory" && pwd)
for name in vsftpd pure-ftpd; do
	test -d "$directory/$name" && continue
	if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
		(fetch "$name" "$name") || rm -rf "$directory/$name.new"
	else
		echo "no apt" >"$directory/$name.missing"
	fi
done
