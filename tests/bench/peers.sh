#!/bin/sh
# peers.sh DIRECTORY [NAME]... - have vsftpd, ProFTPD, Pure-FTPd and pyftpdlib
# there, or only those named; others below only if they are named.
#
# Their packages, and those of libraries that are missing here, are downloaded
# by apt and unpacked: nothing is installed, and nothing is started.  If one
# cannot be downloaded, the reason is in DIRECTORY/NAME.missing.
set -u

directory=$1
shift
wanted=" ${*:-vsftpd proftpd pure-ftpd pyftpdlib} "

# download PACKAGE...
download() {
	apt-get download -qq "$@" 2>>"$log" && return
	test -e updated || apt-get update -qq >>"$log" 2>&1
	: >updated
	apt-get download -qq "$@" 2>>"$log"
}

# The libraries that downloaded packages depend on and that are not here.
missing_libraries() {
	for package in ./*.deb; do
		dpkg-deb -f "$package" Depends | tr ',|' '\n\n'
	done | sed -n 's/^ *\(lib[a-z0-9.+-]*\).*/\1/p' | sort -u |
		while read -r name; do
			ls ./"${name}"_*.deb >/dev/null 2>&1 ||
				dpkg-query -W -f '${db:Status-Status}\n' \
				"$name" 2>/dev/null | grep -qx installed ||
				echo "$name"
		done
}

# They depend on others in turn.
download_libraries() {
	for _ in 1 2 3 4; do
		libraries=$(missing_libraries)
		test -n "$libraries" || return 0
		# $libraries is a list of words.
		# shellcheck disable=SC2086
		download $libraries || return
	done
}

unpack() {
	for package; do
		dpkg-deb -x "$package" "$root" || return
	done
}

# fetch NAME PACKAGE... - to DIRECTORY/NAME, which exists when it is complete
fetch() {
	root=$directory/$1.new
	log=$directory/$1.missing
	mkdir -p "$directory/packages-$1" "$root" &&
		cd "$directory/packages-$1" || return
	: >"$log"
	rm -f ./*.deb
	shift
	download "$@" && download_libraries || return
	unpack ./*.deb 2>>"$log" && mv "$root" "${root%.new}" && rm "$log"
}

mkdir -p "$directory" || exit
directory=$(cd "$directory" && pwd)
# have NAME PACKAGE...
have() {
	case $wanted in *" $1 "*) ;; *) return ;; esac
	test -d "$directory/$1" && return
	if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
		(fetch "$@") || rm -rf "$directory/$1.new"
	else
		echo "no apt" >"$directory/$1.missing"
	fi
}

have vsftpd vsftpd
have proftpd proftpd-core proftpd-mod-crypto
have pure-ftpd pure-ftpd
have pyftpdlib python3-pyftpdlib
have fail2ban fail2ban
have nfs nfs-kernel-server nfs-common
have samba samba samba-libs
have autofs autofs
