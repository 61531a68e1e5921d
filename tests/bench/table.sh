# table.sh - takes measurements and prints them (read by run.sh).
# shellcheck shell=sh

# measure KIND OPTION "WHAT ARG..." "LABEL|UNIT|BETTER"... - the measurement
# prints as many numbers as there are labels, and each becomes a line.
measure() {
	kind=$1 option=$2
	what=${3%% *} arguments=${3#"$what"}
	shift 3
	for name in $servers; do
		: >"$name.numbers"
	done
	for _ in $(seq "$rounds"); do
		for name in $servers; do
			read -r port pid <"$name-$kind" || return
			# $option and $arguments are lists of words.
			# shellcheck disable=SC2086
			"$bench" $option "$what" "$port" "$pid" $arguments \
				>>"$name.numbers" || {
				echo "$name, $what: not measured"
				return 1
			}
		done
	done
	column=0
	for row; do
		column=$((column + 1))
		label=${row%%|*} better=${row##*|} unit=${row%|*}
		# $servers is a list of words.
		# shellcheck disable=SC2086
		"$bench" row "$label" "${unit##*|}" "$better" $column $servers ||
			return
	done
}
