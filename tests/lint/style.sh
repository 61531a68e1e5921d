#!/bin/sh
# style.sh - file heads, leftovers, and style that a compiler does not check.
. "${0%/*}/rules"
need_files

# Every file says in its second line what it is.
nameless() {
	all_files | while read -r file; do
		awk -v file="$file" -v name="${file##*/}" '
		FNR == 2 { exit index($0, " * " name " - ") == 1 ? 0 : 1 }
		END { if (FNR < 2) exit 1 }' "$file" ||
			echo "$file:2: the head is not \" * ${file##*/} - ...\""
	done
}

# Every file of the program says in its head which processes run it.
homeless() {
	program_files | grep '\.c$' | while read -r file; do
		awk '/Runs in:/ { found = 1 } /\*\// { exit }
			END { exit !found }' "$file" ||
			echo "$file:1: the head does not say \"Runs in:\""
	done
}

find_lines() {
	all_files | xargs grep -nE "$1" /dev/null
}

# A line of a .c file that begins with a type ends there; attributes may
# follow.
names_in_mid_line() {
	program_files | grep '\.c$' | xargs grep -nE \
		'^(static|int|void|bool|char|const|struct [a-z_]+) .*\)$' \
		/dev/null | grep -vE '(PRINTF_LIKE\([0-9, ]*\)|NORETURN)$'
}

# Functions that comments name, with an underscore and "()", must be in the code:
# those of the C library are written with their section.
unknown_functions() {
	all_files | xargs awk '
	FNR == 1 { inside = 0 }
	{
		line = $0; code = comment = ""
		while (line != "") {
			end = index(line, inside ? "*/" : "/*")
			part = end ? substr(line, 1, end - 1) : line
			line = end ? substr(line, end + 2) : ""
			if (inside)
				comment = comment " " part
			else
				code = code " " part
			if (end)
				inside = !inside
		}
		n = split(code, words, /[^A-Za-z0-9_]+/)
		for (i = 1; i <= n; i++)
			known[words[i]] = 1
		while (match(comment, /[A-Za-z0-9_]+\(\)/)) {
			name = substr(comment, RSTART, RLENGTH - 2)
			comment = substr(comment, RSTART + RLENGTH)
			if (name ~ /^[a-z][a-z0-9]*_/)
				where[name] = FILENAME ":" FNR
		}
	}
	END {
		for (name in where)
			if (!(name in known))
				print where[name] ": there is no " name "()"
	}'
}

rule "every file says what it is for" "$(nameless)"
rule "every file says where it runs" "$(homeless)"
rule "what is left to do has an issue's number" "$(find_lines \
	'(TODO|FIXME|XXX|HACK)' | grep -vE '(TODO|FIXME) \(?(issue |#)[0-9]+' |
	grep -v 'XXXXXX')"
rule "no blanks at the end of a line, no carriage returns" "$(find_lines \
	"[[:blank:]$(printf '\r')]\$")"
rule "indentation is tabs" "$(find_lines '^        ')"
rule "no code is switched off" "$(find_lines \
	'^#[[:blank:]]*if[[:blank:]]+0|^[[:blank:]]*//')"
rule "structs have their own names" "$(find_lines \
	'^typedef[[:blank:]]+(struct|union|enum)')"
rule "goto leads to out" "$(program_files | xargs grep -nE \
	'[[:blank:]]goto[[:blank:]]' /dev/null | grep -v 'goto out;')"
rule "a function's name is at column 0" "$(names_in_mid_line)"
rule "comments name functions that exist" "$(unknown_functions)"
summary
