#!/bin/sh
# docs.sh - tables and documents agree.  `make documents` regenerates what the
# program can print.
. "${0%/*}/rules"
need_files

program=${SUREFTPD:-build/sureftpd}
sample=etc/sureftpd.conf
manual=man/sureftpd.conf.5

# differences FILE LINE: what is not as on standard input, the first of it.
differences() {
	diff - "$1" 2>&1 | sed "s,^,$1:$2: ,; 9q"
}

# The part of the manual that the program prints must stand in it as it is.
manual_differences() {
	keys=$("$program" --manual)
	begin=$(printf '%s\n' "$keys" | head -n 1)
	count=$(printf '%s\n' "$keys" | wc -l)
	at=$(grep -nxF -e "$begin" "$manual" 2>/dev/null | head -n 1)
	at=${at%%:*}
	if test -z "$at"; then
		echo "$manual:1: lacks the settings (sureftpd --manual)"
		return
	fi
	tail -n "+$at" "$manual" | head -n "$count" >"$scratch"
	printf '%s\n' "$keys" | diff - "$scratch" | sed "s,^,$manual:$at: ,; 9q"
}

# undocumented KIND: names on standard input that no manual page mentions.
# "FILE:LINE NAME" each.
undocumented() {
	while read -r where name; do
		cat man/*.[1-8] 2>/dev/null | grep -qwF -e "$name" ||
			echo "$where: no manual mentions the $1 $name"
	done
}

# A row of a command table begins with its verb, of one word or two.
commands() {
	awk '/_rows\[\] = \{/ { inside = 1 }
	/^\};/ { inside = 0 }
	inside && match($0, /[{(] *"[A-Z0-9@]+( [A-Z]+)?"/) {
		verb = substr($0, RSTART, RLENGTH - 1)
		sub(/^[{(] *"/, "", verb)
		print FILENAME ":" FNR, verb
	}' worker/commands/*.c
}

# "VERB done" or "VERB refused" for each verb of one word in the tables: refused
# are rows without a function, and those with COMMAND_REFUSED.
table_of_commands() {
	awk '/_rows\[\] = \{/ { inside = 1 }
	/^\};/ { inside = 0; verb = "" }
	inside && match($0, /[{(] *"[A-Z0-9@]+( [A-Z]+)?"/) {
		verb = substr($0, RSTART, RLENGTH - 1)
		sub(/^[{(] *"/, "", verb)
		state[verb] = "done"
	}
	verb != "" && /COMMAND_REFUSED|, NULL },/ { state[verb] = "refused" }
	END { for (v in state) if (v !~ / /) print v, state[v] }' \
		worker/commands/*.c | sort
}

# The same, as STANDARDS of the manual has it.
table_of_standards() {
	awk '/^\.Sh/ { inside = $2 == "STANDARDS" }
	/^\.It/ { word = "done" }
	/^Refused:/ { word = "refused" }
	inside && /^\.Ic/ { for (i = 2; i <= NF; i++) print $i, word }' \
		man/sureftpd.8 | sort
}

standards_differences() {
	table_of_commands >"$scratch"
	table_of_standards | diff "$scratch" - |
		sed -n 's,^< ,man/sureftpd.8:1: STANDARDS lacks: ,p
			s,^> ,man/sureftpd.8:1: not so in the tables: ,p'
}

# rows TABLE MACRO: the first argument of each row.
rows() {
	awk -v start="^$2\\\\(" '$0 ~ start {
		name = $0; sub(/^[A-Z]*\(/, "", name); sub(/,.*/, "", name)
		print FILENAME ":" FNR, name }' "$1"
}

settings() {
	awk -F '[(,] *' '/^SETTING\(/ { print FILENAME ":" FNR, $4 }' \
		common/settings/settings.def
}

# Names by which the document calls each package of the Makefile.
packages() {
	awk '/_PACKAGES := / { on = 1 } on { print } !/\\$/ { on = 0 }' \
		Makefile | tr -s ' \t\\' '\n' |
		sed '/PACKAGES$/d; /^:=$/d; /^$/d'
}

unmentioned_packages() {
	packages | while read -r name; do
		grep -qwF -e "$name" README.md ||
			echo "README.md:1: does not name the package $name"
	done
}

tables() {
	test -n "$($1)" || echo "$1: none found"
}

scratch=$(mktemp) || exit 2
trap 'rm -f "$scratch"' EXIT

rule "the sample file is what the program prints" \
	"$("$program" --sample | differences "$sample" 1)"
rule "sureftpd.conf(5) is what the program prints" "$(manual_differences)"
rule "there are commands" "$(tables commands)"
rule "there are settings" "$(tables settings)"
rule "there are packages" "$(tables packages)"
rule "every command has its manual" "$(commands | undocumented command)"
rule "the manual names each command with its standard" \
	"$(standards_differences)"
rule "every setting has its manual" "$(settings | undocumented setting)"
rule "every event has its manual" \
	"$(rows common/log/events.def EVENT | undocumented event)"
rule "every message has its manual" \
	"$(rows common/process/messages.def MESSAGE | undocumented message)"
rule "README names every package" "$(unmentioned_packages)"
if command -v mandoc >/dev/null; then
	rule "mandoc has nothing to say" \
		"$(mandoc -T lint -W warning man/*.[1-8] 2>&1)"
else
	skip "mandoc has nothing to say" "mandoc is not installed"
fi
summary
