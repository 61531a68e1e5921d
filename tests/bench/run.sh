#!/bin/sh
# run.sh - measure sureftpd beside vsftpd, ProFTPD, Pure-FTPd, pyftpdlib and the
# least that a server can do, and print a table (README says how to read it).
#
# Runs in private namespaces (tests/interop/world_run.c), with all servers at
# the same time; each measurement is taken of one server after the other, in
# several rounds.  The files are in memory, so that the disk is not measured.
# BENCH_PARTS chooses among plain, tls and held, BENCH_ROUNDS how often each
# is measured, BENCH_PEERS among the peers; QUICK=1 measures less.  Fails when
# something could not be measured, never because it was slow; missing peers are
# reported.
set -u

bench=/run/world/build/tests/bench/bench
without=
if test -n "${QUICK:-}"; then
	# ProFTPD takes 0.4 s for each connection.
	peers_wanted=${BENCH_PEERS:-vsftpd pure-ftpd pyftpdlib}
	parts=${BENCH_PARTS:-plain tls}
	rounds=${BENCH_ROUNDS:-3} ms=150 size=128 many=10000 idle=40
	crowds=8
else
	peers_wanted=${BENCH_PEERS:-vsftpd proftpd pure-ftpd pyftpdlib}
	parts=${BENCH_PARTS:-plain tls held}
	rounds=${BENCH_ROUNDS:-5} ms=1000 size=1024 many=100000 idle=100
	crowds="1 8 32"
fi
. /run/world/tests/servers.sh
. /run/world/tests/table.sh

choose_servers() {
	servers=sureftpd
	for name in $peers_wanted; do
		if test -d "$peers/$name"; then
			servers="$servers $name"
		else
			echo "$name is not measured:" \
				"$(tail -n 1 "$peers/$name.missing")" \
				"(tests/bench/peers.sh)"
		fi
	done
	servers="$servers raw"
}

start_servers() {
	choose_servers
	port=2100
	for name in $servers; do
		for kind in plain tls unix; do
			port=$((port + 1))
			"start_$(echo "$name" | tr - _)" $kind $port || return
		done
	done
}

# make_directory NAME FILES
make_directory() {
	mkdir "/home/anna/$1" && (cd "/home/anna/$1" && seq "$2" |
		sed 's/.*/file-with-a-name-&.txt/' | xargs touch)
}

make_files() {
	make_directory many "$many" && make_directory some 10000 &&
		head -c "${size}M" /dev/zero >/home/anna/big &&
		head -c 4096 /dev/zero >/home/anna/small &&
		chown -R anna: /home/anna
}

measure_logins() {
	for clients in $crowds; do
		measure "$1" "$2" "logins $clients $ms" \
			"logins, $clients at once|1/s|higher|1.2" \
			"processor time of a login|us|lower|1.2" || return
	done
}

# $1 is the kind, $2 the option for TLS, $3 how many clients, $4 the target.
measure_small() {
	measure "$1" "$2" "downloads $3 $ms" \
		"RETR of 4 KiB, $3 at once|1/s|higher|$4" \
		"processor time of it|us|lower|$4" &&
	measure "$1" "$2" "uploads $3 $ms" \
		"STOR of 4 KiB, $3 at once|1/s|higher|$4" \
		"processor time of it|us|lower|$4"
}

# $3 and $4 are the targets of download and upload.
measure_bulk() {
	measure "$1" "$2" "get big" \
		"download, $size MiB|MB/s|higher|$3" \
		"processor time of a GiB|ms|lower|$3" &&
	measure "$1" "$2" "put new $size" \
		"upload, $size MiB|MB/s|higher|$4" \
		"processor time of a GiB|ms|lower|$4"
}

# VERB DIRECTORY ENTRIES TARGET
measure_list() {
	measure plain "" "listings $1 $2 $3 $ms" \
		"$1 of $3, an entry|ns|lower|$4" \
		"processor time of it|ns|lower|$4"
}

measure_lists() {
	measure_list NLST many "$many" 1.0 &&
	measure_list LIST many "$many" 1.5 || return
	without="vsftpd raw"
	measure_list MLSD some 10000 1.5
	status=$?
	without=
	return $status
}

measure_plain() {
	"$bench" title "Without TLS" $servers
	measure plain "" banner "connect to greeting|us|lower|-" &&
	measure plain "" "accepts 64 $ms" \
		"connect, 220, QUIT, 64 at once|1/s|higher|1.2" \
		"processor time of it|us|lower|1.2" &&
	measure plain "" enter "connect to 230|us|lower|-" &&
	measure_logins plain "" || return
	test -n "${QUICK:-}" || measure unix "" "logins 8 $ms" \
		"logins with pam_unix, 8 at once|1/s|higher|1.2" \
		"processor time of a login|us|lower|1.2" || return
	measure plain "" "commands 64 $ms" \
		"NOOP, 64 at once|1/s|higher|1.0" \
		"processor time of it|us|lower|1.0" &&
	measure_small plain "" 16 1.2 &&
	measure_bulk plain "" 1.0 1.0 &&
	measure_lists &&
	measure plain "" "idle $idle" \
		"memory (PSS) of one of $idle sessions|KiB|lower|1.0"
}

measure_tls() {
	"$bench" title "TLS 1.3, by AUTH TLS" $servers
	measure tls -t enter "connect to 230|us|lower|-" &&
	measure_logins tls -t &&
	measure_small tls -t 1 1.1 &&
	measure_bulk tls -t 1.18 1.18 || return
	test -n "${QUICK:-}" || measure tls -t "idle $idle" \
		"memory (PSS) of one of $idle sessions|KiB|lower|1.0"
}

# $1 is the kind, $2 the option for TLS.
measure_held() {
	"$bench" title "Many sessions ($1)" $servers
	for count in 100 2000; do
		measure "$1" "$2" "held $count" \
			"connect to 230 beside $count sessions|us|lower|-" \
			"first command|us|lower|-" \
			"processor time of the session|us|lower|-" || return
	done
	measure "$1" "$2" "idle 2000" \
		"memory (PSS) of one of 2000 sessions|KiB|lower|1.0"
}

measure_part() {
	case $1 in
	plain) measure_plain ;;
	tls) measure_tls ;;
	held) measure_held plain "" && measure_held tls -t ;;
	*)
		echo "BENCH_PARTS: $1?"
		return 1
		;;
	esac
}

# A minute of small files closes more connections than a host has ports.
forget_closed_connections() {
	echo 64 >/proc/sys/net/ipv4/tcp_max_tw_buckets
}

mkdir -p /run/bench && cd /run/bench && make_files &&
	forget_closed_connections || exit
"$bench" log </dev/null >log.out 2>&1 &
start_servers || { tail -n 3 ./*.out; exit 1; }
for part in $parts; do
	measure_part "$part" && continue
	tail -n 3 ./*.out
	exit 1
done
