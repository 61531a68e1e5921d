#!/bin/sh
# import.sh - the tables of other servers' options have all of them, their
# manuals are what the program prints, and their sentences name settings that
# exist.
. "${0%/*}/rules"
need_files

program=${SUREFTPD:-build/sureftpd}
vsftpd=daemon/import/vsftpd_options.def
pwp=daemon/import/pwp_options.def

# TABLE KNOWN, with the table's names on standard input.
differences() {
	sort | diff - "$2" | sed -n "s,^< ,$1:1: no such option: ,p
		s,^> ,$1:1: lacks ,p"
}

# SERVER MANUAL HEADING
manual_differences() {
	"$program" "--import-$1" --manual >"$scratch"
	test -s "$scratch" || echo "$2:1: the program prints nothing"
	sed -n "/^\.Sh $3/,/^\.El/p" "$2" |
		diff "$scratch" - | sed "s,^,$2:1: ,; 9q"
}

# "LINE KEY SECTION" for each "KEY in [SECTION]" of a sentence.
named_settings() {
	grep -noE '[a-z_]+( = [a-z]+)? in \[[a-z]+\]' "$1" |
		sed 's/:/ /; s/ = [a-z]*//; s/ in \[/ /; s/\]//'
}

unknown_settings() {
	named_settings "$1" | while read -r line key section; do
		# [anonymous] may hold every setting of an account.
		grep -qE "^SETTING\([A-Z]+, ([a-z]+), $key," \
			common/settings/settings.def &&
			{ test "$section" = anonymous ||
			grep -qE "^SETTING\([A-Z]+, $section, $key," \
			common/settings/settings.def; } ||
			echo "$1:$line: no setting $key in [$section]"
	done
}

scratch=$(mktemp) || exit 2
trap 'rm -f "$scratch"' EXIT

rule "every option of vsftpd has a row" "$(
	sed -n 's/^OPTION(\([a-z0-9_]*\),.*/\1/p' "$vsftpd" |
		differences "$vsftpd" tests/lint/vsftpd-options)"
rule "every key of the PWP server has a row" "$(
	sed -n 's/^OPTION([a-z0-9_]*, "\([^"]*\)".*/\1/p' "$pwp" |
		differences "$pwp" tests/lint/pwp-keys)"
rule "sureftpd-vsftpd(7) is what the program prints" "$(manual_differences \
	vsftpd man/sureftpd-vsftpd.7 'OPTIONS OF VSFTPD')"
rule "sureftpd-pwp(7) is what the program prints" "$(manual_differences \
	pwp man/sureftpd-pwp.7 'KEYS OF FTPD.CONF')"
rule "what options become are settings" "$(unknown_settings "$vsftpd")"
rule "what keys become are settings" "$(unknown_settings "$pwp")"
summary
