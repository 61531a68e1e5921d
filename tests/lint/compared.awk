# compared.awk UNCOMPARED TABLE CONFIGURATIONS - options of vsftpd that no
# configuration of the comparison sets, and switches that have one value only.

# Rows of the table may go over several lines.
FILENAME ~ /\.def$/ {
	if (/^OPTION\(/)
		row = ""
	row = row $0
	if (split(row, field, /, */) < 5)
		next
	sub(/^OPTION\(/, "", field[1])
	# Other builds than the one that is compared have the others.
	if (row ~ /^OPTION/ && field[4] ~ /^(ALL|DEBIAN)$/)
		kind[field[1]] = field[2]
	row = ""
	next
}

FILENAME ~ /uncompared$/ {
	if (/^[^#]/ && NF < 3)
		print FILENAME ":" FNR ": there is no reason: " $0
	if (/^[^#]/) {
		excused[$1, $2] = FILENAME ":" FNR
		set[$1, $2]
	}
	next
}

/^[#:@]/ { next }

{
	sub(/^\|/, "")
	split($0, word, "=")
	key = word[1]
	value = kind[key] == "BOOL" ? toupper(word[2]) : "any"
	if ((key, value) in excused) {
		print excused[key, value] ": it is compared: " $0
		delete excused[key, value]
	}
	set[key, value]
}

END {
	for (key in kind) {
		values = kind[key] == "BOOL" ? "YES NO" : "any"
		count = split(values, wanted, " ")
		for (i = 1; i <= count; i++)
			if (!((key, wanted[i]) in set))
				print FILENAME ": lacks " key "=" wanted[i]
	}
}
