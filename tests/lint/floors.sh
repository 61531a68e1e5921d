#!/bin/sh
# floors.sh - which directories may include which headers, and in which order.
. "${0%/*}/rules"
need_files

# "FILE LINE INCLUDED" for every project include of these files.
includes() {
	xargs awk '$1 == "#include" && $2 ~ /^"/ {
		gsub(/"/, "", $2); print FILENAME, FNR, $2 }' /dev/null
}

# "FROM TO" for the rooms: a .c file and its .h are one.
room_includes() {
	program_files | includes | awk '
	function room(path) { sub(/\.(c|h|def)$/, "", path); return path }
	$3 != "config.h" && room($1) != room($3) { print room($1), room($3) }'
}

floor_breaches() {
	program_files | includes | awk '
	function floor(path) { sub(/\/.*/, "", path); return path }
	{
		from = floor($1); to = floor($3)
		if (from == to || to == "common" || $3 == "config.h") next
		if (from == "daemon" &&
		    ($3 == "pam/monitor.h" || $3 == "pam/warm_up.h" ||
		    $3 == "pam/pam_session.h" ||
		    $3 == "worker/known_command.h"))
			next
		if (from == "pam" && $3 == "worker/start.h") next
		print $1 ":" $2 ": " from " may not include " $3
	}'
}

# Inside common/: the files of common/ itself, then log/ and radius/, settings/,
# process/, tls/, accounts/.
common_breaches() {
	program_files | grep '^common/' | includes | awk '
	function height(path) {
		if (path ~ /^common\/(log|radius)\//) return 1
		if (path ~ /^common\/settings\//) return 2
		if (path ~ /^common\/process\//) return 3
		if (path ~ /^common\/tls\//) return 4
		if (path ~ /^common\/accounts\//) return 5
		return 0
	}
	function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
	$3 != "config.h" && folder($1) != folder($3) &&
	height($3) >= height($1) {
		print $1 ":" $2 ": may not include " $3
	}'
}

# Rooms of data connections and of the file tree serve every command and know
# none, nor transfers, nor the session.
service_breaches() {
	program_files | grep -E '^worker/(data|tree)/' | includes | awk '
	$3 ~ /^worker\/(transfer\/|session\.h|command\.h|command_loop\.h)/ {
		print $1 ":" $2 ": may not include " $3
	}'
}

# Commands are reached through the tables of worker/command.c only.
command_breaches() {
	program_files | includes | awk '
	$3 ~ /^worker\/commands\// {
		print $1 ":" $2 ": may not include " $3
	}'
}

# Rooms that include each other, at once or in a circle: tsort names them.
room_loops() {
	room_includes | tsort 2>&1 >/dev/null |
		sed 's/^tsort: /includes in a loop: /'
}

# The folders of daemon/ likewise.  The files of daemon/ itself are above and
# below them: main() and the event loop.
folder_loops() {
	program_files | grep '^daemon/.*/' | includes | awk '
	function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
	$3 ~ /^daemon\/.*\// && folder($1) != folder($3) {
		print folder($1), folder($3) }' | tsort 2>&1 >/dev/null |
		sed 's/^tsort: /folders in a loop: /'
}

base_breaches() {
	all_files | grep '\.c$' | xargs awk '
	FNR == 1 { count = 0 }
	$1 == "#include" && ++count == 1 && $2 != "\"common/base.h\"" {
		print FILENAME ":" FNR ": the first include is not base.h"
	}' /dev/null
}

own_header_breaches() {
	program_files | grep '\.c$' | while read -r file; do
		own=${file%.c}.h
		test -e "$own" || continue
		awk -v own="\"$own\"" '
		$1 == "#include" && ++count == 2 {
			if ($2 != own)
				print FILENAME ":" FNR \
					": the second include must be " own
			exit
		}' "$file"
	done
}

order_breaches() {
	all_files | xargs awk '
	FNR == 1 { system_seen = 0 }
	$1 == "#include" && $2 ~ /^</ && FILENAME != "common/base.h" {
		system_seen = 1 }
	$1 == "#include" && $2 ~ /^"/ && $2 !~ /\.def"$/ && system_seen {
		print FILENAME ":" FNR ": project headers come before <...>"
	}
	$1 == "#include" && $2 ~ /^"/ && $2 !~ /\// && $2 != "\"config.h\"" {
		print FILENAME ":" FNR ": " $2 " does not name its floor"
	}' /dev/null
}

rule "floors include only downwards and through doors" "$(floor_breaches)"
rule "nothing includes a command" "$(command_breaches)"
rule "inside common, too" "$(common_breaches)"
rule "data and tree know no session" "$(service_breaches)"
rule "includes have no loops" "$(room_loops)"
rule "folders of daemon have no loops" "$(folder_loops)"
rule "base.h is the first include" "$(base_breaches)"
rule "a file's own header is the second include" "$(own_header_breaches)"
rule "project headers come first and name their floor" "$(order_breaches)"
summary
