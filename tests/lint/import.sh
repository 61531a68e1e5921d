#!/bin/sh
# import.sh - the table of vsftpd's options has all of them, its manual is what
# the program prints, and its sentences name settings that exist.
. "${0%/*}/rules"
need_files

program=${SUREFTPD:-build/sureftpd}
table=daemon/import/vsftpd_options.def
known=tests/lint/vsftpd-options
manual=man/sureftpd-vsftpd.7

option_differences() {
	sed -n 's/^OPTION(\([a-z0-9_]*\),.*/\1/p' "$table" | sort |
		diff - "$known" | sed -n "s,^< ,$table:1: no option of vsftpd: ,p
			s,^> ,$table:1: lacks ,p"
}

manual_differences() {
	"$program" --import-vsftpd --manual >"$scratch"
	test -s "$scratch" || echo "$manual:1: the program prints nothing"
	sed -n '/^\.Sh OPTIONS OF VSFTPD/,/^\.El/p' "$manual" |
		diff "$scratch" - | sed "s,^,$manual:1: ,; 9q"
}

# "LINE KEY SECTION" for each "KEY in [SECTION]" of a sentence.
named_settings() {
	grep -noE '[a-z_]+( = [a-z]+)? in \[[a-z]+\]' "$table" |
		sed 's/:/ /; s/ = [a-z]*//; s/ in \[/ /; s/\]//'
}

unknown_settings() {
	named_settings | while read -r line key section; do
		# [anonymous] may hold every setting of an account.
		grep -qE "^SETTING\([A-Z]+, ([a-z]+), $key," \
			common/settings/settings.def &&
			{ test "$section" = anonymous ||
			grep -qE "^SETTING\([A-Z]+, $section, $key," \
			common/settings/settings.def; } ||
			echo "$table:$line: no setting $key in [$section]"
	done
}

scratch=$(mktemp) || exit 2
trap 'rm -f "$scratch"' EXIT

rule "every option of vsftpd has a row" "$(option_differences)"
rule "sureftpd-vsftpd(7) is what the program prints" "$(manual_differences)"
rule "what options become are settings" "$(unknown_settings)"
summary
