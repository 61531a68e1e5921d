#!/bin/sh
# sizes.sh - limits for the length of files, functions and lines, and for
# nesting.
. "${0%/*}/rules"
need_files

long_files() {
	all_files | xargs awk '
	FNR == 401 { print FILENAME ":401: the file goes on after 400 lines" }
	' /dev/null
}

long_functions() {
	all_files | grep '\.c$' | xargs awk '
	/^[a-z_][a-z0-9_]*\(/ { name = $0; sub(/\(.*/, "", name) }
	/^\{/ { start = FNR }
	/^\}/ && start {
		if (FNR - start + 1 > 60)
			print FILENAME ":" start ": " name "() has " \
				FNR - start + 1 " lines"
		start = 0
	}' /dev/null
}

long_lines() {
	all_files | while read -r file; do
		expand -t 8 "$file" | awk -v file="$file" 'length($0) > 80 {
			print file ":" FNR ": " length($0) " columns" }'
	done
}

# The fourth level is a statement with a body four tabs deep.
deep_nesting() {
	all_files | grep '\.c$' | xargs awk '
	/^\t\t\t\t+(if|for|while|switch) \(|^\t\t\t\t+do \{/ {
		print FILENAME ":" FNR ": more than 3 levels of nesting"
	}' /dev/null
}

# Tests are part of the work: lines of test for each line of program.
test_ratio() {
	code=$(program_files | xargs cat | wc -l)
	tests=$(find tests -name '*.[ch]' -o -name '*.sh' | xargs cat | wc -l)
	awk -v code="$code" -v tests="$tests" 'BEGIN {
		if (tests < 0.6 * code)
			printf "tests:1: %d lines of test for %d of program\n",
				tests, code
	}'
}

rule "files have at most 400 lines" "$(long_files)"
rule "functions have at most 60 lines" "$(long_functions)"
rule "lines have at most 80 columns" "$(long_lines)"
rule "at most 3 levels of nesting" "$(deep_nesting)"
rule "at least 0.6 lines of test a line of program" "$(test_ratio)"
summary
