#!/bin/sh
# installed.sh - what "make install" puts beside the programs is right: example
# configurations, units, and files for other programs.
. "${0%/*}/rules"
need_files

program=${SUREFTPD:-build/sureftpd}
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# Every example configuration passes --check.
# The examples name files of /etc/sureftpd, which here is the scratch directory.
bad_examples() {
	umask 077
	# An account that every host has.
	sed 's/^account = ftp$/account = nobody/' etc/examples/accounts \
		>"$scratch/accounts" &&
		echo secret >"$scratch/radius.secret" &&
		"$program" --make-certificate "$scratch/own.pem" >/dev/null ||
		echo "etc/examples: cannot be prepared"
	for file in etc/examples/*.conf; do
		sed "s,/etc/sureftpd/,$scratch/,; s,/var/log/sureftpd/,$scratch/," \
			"$file" >"$scratch/conf"
		# Not every host has the account ftp.
		"$program" -C "$scratch/conf" --check 2>&1 >/dev/null |
			grep -v "anonymous logins will be refused" |
			sed "s,^$scratch/conf:,$file:,"
		grep -qF -e "${file##*/}" etc/examples/README ||
			echo "$file:1: README does not mention it"
	done
}

# Manuals: each example that begins with a section of ours, as a file, without
# those for other programs.
manual_examples() {
	awk -v directory="$1" '
	/^\.Bd -literal/ { first = 1; next }
	/^\.Ed/ { file = first = ""; next }
	first {
		first = ""
		if ($0 ~ /^\[/ &&
		    $0 !~ /^\[(sssd|Unit|Service|Socket|sureftpd)\]/)
			file = directory "/" FILENAME ":" FNR
		gsub("/man/", "/", file)
	}
	file != "" { gsub(/\\e/, "\\"); gsub(/\\&/, ""); print >file }
	' man/*.[78]
}

bad_manual_examples() {
	mkdir -p "$scratch/manuals/man" && manual_examples "$scratch/manuals"
	for file in "$scratch"/manuals/*:*; do
		sed -e "s,/etc/letsencrypt/.*pem,$scratch/own.pem," \
			-e "s,/etc/sureftpd/own.pem,$scratch/own.pem," \
			"$file" >"$scratch/conf"
		grep -q '^certificate' "$scratch/conf" ||
			printf '[tls]\ncertificate = %s\n' "$scratch/own.pem" \
				>>"$scratch/conf"
		"$program" -C "$scratch/conf" --check 2>&1 >/dev/null |
			grep -v ': warning: ' |
			sed "s,^,man/${file##*/}: ,"
	done
}

# Every command that a manual calls exists.
unknown_commands() {
	"${program%/*}/sureftpctl" --help | sed -n 's/^  \([a-z-]*\) .*/\1/p' \
		>"$scratch/commands"
	grep -no 'sureftpctl [a-z][a-z-]*' man/*.7 man/sureftpd.8 README.md |
		grep -v '^man/sureftpd-design' |
		while IFS=: read -r file line words; do
			grep -qx -e "${words#* }" "$scratch/commands" ||
				echo "$file:$line: there is no $words"
		done
}

# What sureftpd-design(7) calls the accounts of its processes.
missing_accounts() {
	for account in _sureftpd _sureftpdlog _sureftpdkey _sureftpdrun \
		_sureftpdradius _sureftpdquota; do
		for file in etc/systemd/sureftpd.sysusers etc/Dockerfile \
			etc/rpm/sureftpd.spec; do
			grep -qw -e "$account" "$file" ||
				echo "$file:1: does not make $account"
		done
	done
}

# "-" in either list is a line that the other lacks: the packages of the
# Makefile, and those of Dockerfile and Debian package.
package_differences() {
	build=$(sed -n '/^BUILD_PACKAGES/,/[^\\]$/p' Makefile |
		sed 's/.*:=//' | tr -s ' \t\\\n' '\n')
	for name in $build; do
		test "$name" = make || test "$name" = gcc ||
			test "$name" = libc6-dev ||
			grep -qwF -e "$name" etc/debian/control ||
			echo "etc/debian/control:1: no Build-Depends: $name"
		grep -qwF -e "$name" etc/Dockerfile ||
			echo "etc/Dockerfile:1: does not install $name"
	done
}

version_differences() {
	version=$(sed -n 's/^AC_INIT(\[sureftpd\], \[\(.*\)\])/\1/p' \
		configure.ac)
	head -n 1 etc/debian/changelog | grep -qF -e "($version-" ||
		echo "etc/debian/changelog:1: the version is not $version"
	grep -q "^Version: *$version\$" etc/rpm/sureftpd.spec ||
		echo "etc/rpm/sureftpd.spec:1: the version is not $version"
}

# Distributions set flags of their own, for less than ours.
refused_flags() {
	for flags in -D_FORTIFY_SOURCE=2 -Wp,-D_FORTIFY_SOURCE=2; do
		env -u MAKEFLAGS make -s "B=$scratch/build" "CFLAGS=$flags" \
			"$scratch/build/common/digits.o" >"$scratch/said" 2>&1 ||
			echo "Makefile:1: $flags: $(grep -m 1 -v ' compile ' \
				"$scratch/said")"
	done
}

rule "each example passes --check" "$(bad_examples)"
rule "each example of a manual passes --check" "$(bad_manual_examples)"
rule "manuals call commands that exist" "$(unknown_commands)"
rule "units, container and RPM make the accounts" "$(missing_accounts)"
rule "packages build with what the Makefile names" "$(package_differences)"
rule "packages have the program's version" "$(version_differences)"
rule "distributions can set flags" "$(refused_flags)"
if command -v systemd-analyze >/dev/null; then
	for unit in sureftpd.service sureftpd.socket; do
		sed "s,/usr/sbin/sureftpd,/bin/true,
			/^Documentation=/d" "etc/systemd/$unit" \
			>"$scratch/$unit"
	done
	rule "systemd understands the units" "$(systemd-analyze verify \
		"$scratch/sureftpd.service" "$scratch/sureftpd.socket" 2>&1 |
		grep -F "$scratch")"
else
	skip "systemd understands the units" "systemd is not installed"
fi
summary
