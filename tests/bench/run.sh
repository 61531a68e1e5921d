#!/bin/sh
# run.sh - measure sureftpd beside vsftpd and Pure-FTPd and print a table.
#
# Runs in a private world (tests/interop/world_run.c), all servers at the same
# time; each measurement is taken of one server after the other, in several
# rounds.  The files lie in memory, so that the disk is not what is measured.
# BENCH_PARTS chooses among plain, tls, held and lists, BENCH_ROUNDS how often
# each is measured.  Fails when something could not be measured, never because it was
# slow; a peer that could not be had is named.
set -u

bench=/run/world/build/tests/bench/bench
parts=${BENCH_PARTS:-plain tls held lists}
rounds=${BENCH_ROUNDS:-5}
size=1024	# MiB that a transfer moves
. /run/world/tests/servers.sh
. /run/world/tests/table.sh

start_servers() {
	servers=sureftpd
	for name in vsftpd pure-ftpd; do
		if test -d "$peers/$name"; then
			servers="$servers $name"
		else
			echo "$name is not measured:" \
				"$(tail -n 1 "$peers/$name.missing")" \
				"(tests/bench/peers.sh)"
		fi
	done
	port=2100
	for name in $servers; do
		for kind in plain tls unix; do
			port=$((port + 1))
			"start_$(echo "$name" | tr - _)" $kind $port || return
		done
	done
}

make_files() {
	mkdir /home/anna/many &&
		(cd /home/anna/many && seq 10000 |
			sed 's/.*/file-with-a-name-&.txt/' | xargs touch) &&
		mkdir /home/anna/crowd &&
		(cd /home/anna/crowd && seq 100000 |
			sed 's/.*/file-with-a-name-&.txt/' | xargs touch) &&
		head -c "${size}M" /dev/zero >/home/anna/big &&
		head -c 4096 /dev/zero >/home/anna/small &&
		chown -R anna: /home/anna
}

# What both have; $1 is the kind, $2 the option for TLS.
measure_kind() {
	measure "$1" "$2" enter \
		"connect to 230|us|lower" &&
	measure "$1" "$2" "logins 1 1500" \
		"logins, 1 client|1/s|higher" \
		"processor time of a login|us|lower" &&
	measure "$1" "$2" "logins 8 1500" \
		"logins, 8 clients|1/s|higher" \
		"processor time of a login|us|lower" &&
	measure "$1" "$2" "logins 32 1500" \
		"logins, 32 clients|1/s|higher" \
		"processor time of a login|us|lower" &&
	measure "$1" "$2" "idle 200" \
		"memory (PSS) of an idle session|KiB|lower" &&
	measure "$1" "$2" "get big" \
		"download, $size MiB|MB/s|higher" &&
	measure "$1" "$2" "put new $size" \
		"upload, $size MiB|MB/s|higher" &&
	measure "$1" "$2" "files small 1000" \
		"downloads of 4 KiB|1/s|higher" &&
	measure "$1" "$2" "list many" \
		"listing of 10,000 entries|us|lower"
}

measure_held() {
	measure "$1" "$2" held \
		"connect to 230 beside 100 sessions|us|lower" \
		"first command|us|lower" \
		"processor time of the session|us|lower" \
		"connect to 230 beside 1,000|us|lower" \
		"first command|us|lower" \
		"processor time of the session|us|lower" \
		"connect to 230 beside 2,000|us|lower" \
		"first command|us|lower" \
		"processor time of the session|us|lower"
}

# measure_list VERB DIRECTORY ENTRIES
measure_list() {
	measure plain "" "listings $1 $2 $3 1000" \
		"$1 of $3|ns|lower" "processor time|ns|lower"
}

# vsftpd has no MLSD.
measure_lists() {
	measure_list LIST many 10000 &&
		measure_list LIST crowd 100000 &&
		measure_list NLST crowd 100000 || return
	all=$servers
	servers=$(echo "$all" | sed 's/ vsftpd//')
	"$bench" title "" $servers
	measure_list MLSD many 10000 || return
	servers=$all
}

measure_part() {
	case $1 in
	plain)
		"$bench" title "Without TLS" $servers
		measure plain "" banner "connect to greeting|us|lower" &&
		measure_kind plain "" &&
		measure unix "" "logins 8 1500" \
			"logins with pam_unix, 8 clients|1/s|higher" \
			"processor time of a login|us|lower"
		;;
	tls)
		"$bench" title "TLS 1.3, by AUTH TLS" $servers
		measure tls -t banner \
			"connect to the end of the handshake|us|lower" &&
		measure_kind tls -t
		;;
	held)
		"$bench" title "Many sessions, without TLS" $servers
		measure_held plain "" || return
		"$bench" title "Many sessions, TLS 1.3" $servers
		measure_held tls -t
		;;
	lists)
		"$bench" title "An entry of a listing, without TLS" $servers
		measure_lists
		;;
	*)
		echo "BENCH_PARTS: $1?"
		return 1
		;;
	esac
}

mkdir -p /run/bench && cd /run/bench && make_files || exit
"$bench" log </dev/null >log.out 2>&1 &
start_servers || exit
for part in $parts; do
	measure_part "$part" && continue
	tail -n 3 ./*.out
	exit 1
done
