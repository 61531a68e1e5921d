# table.sh - takes measurements and prints them (read by run.sh).
# shellcheck shell=sh

# measure_one NAME KIND OPTION WHAT ARGUMENTS - a line of numbers, or "-" for a
# server that is not there in this kind, or in $without.
measure_one() {
	case " $without " in *" $1 "*) echo - && return ;; esac
	test -e "$1-$2" || { echo - && return; }
	read -r port pid <"$1-$2"
	# $3 and $5 are lists of words.
	# shellcheck disable=SC2086
	"$bench" $3 "$4" "$port" "$pid" $5
}

# measure KIND OPTION "WHAT ARG..." "LABEL|UNIT|BETTER|TARGET"... - the
# measurement prints as many numbers as there are labels, and each becomes a
# line.  Servers take turns, so that what disturbs the machine disturbs all.
measure() {
	kind=$1 option=$2
	what=${3%% *} arguments=${3#"$what"}
	shift 3
	for name in $servers; do
		: >"$name.numbers"
	done
	for _ in $(seq "$rounds"); do
		for name in $servers; do
			measure_one "$name" "$kind" "$option" "$what" \
				"$arguments" >>"$name.numbers" || {
				echo "$name, $what: not measured"
				return 1
			}
		done
	done
	column=0
	for row; do
		column=$((column + 1))
		print_row "$row" || return
	done
}

# print_row "LABEL|UNIT|BETTER|TARGET"
print_row() {
	label=${1%%|*} rest=${1#*|}
	unit=${rest%%|*} rest=${rest#*|}
	# $servers is a list of words.
	# shellcheck disable=SC2086
	"$bench" row "$label" "$unit" "${rest%%|*}" "${rest#*|}" $column \
		$servers
}
