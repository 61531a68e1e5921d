#!/bin/sh
# compared.sh - the comparison with vsftpd has every option that the compared
# build reads, and every switch with both values.
lints=$(cd "${0%/*}" && pwd)
. "$lints/rules"
need_files

rule "every option of vsftpd is compared in each of its values" "$(
	awk -f "$lints/compared.awk" daemon/import/vsftpd_options.def \
		tests/lint/uncompared tests/vsftpd/configurations | sort)"
summary
