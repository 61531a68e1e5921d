#!/bin/sh
# run.sh - measure sureftpd beside vsftpd (if installed) and print a table.
#
# Runs in a private world (tests/interop/world_run.c), both servers at the same
# time, each measurement in turn on one and the other, medians of five.  The
# files lie in memory, so that the disk is not what is measured.  Fails when
# something could not be measured, never because it was slow.
set -u

bench=/run/world/build/tests/bench/bench
rounds=5
size=1024	# MiB that a transfer moves
started=

# Ports, with pam_unix and with pam_permit.
ours=21 ours_permit=2102 theirs=2103 theirs_permit=2104

start_ours() {
	/run/world/sureftpd -o log.level=info -o auth.pam_service=permit \
		-o listener.port=$ours_permit </dev/null >/dev/null 2>&1 &
	started="$started $!"
}

# start_theirs PORT SERVICE
start_theirs() {
	cat >"/etc/vsftpd-$2.conf" <<END
listen=YES
listen_port=$1
background=NO
local_enable=YES
write_enable=YES
xferlog_enable=YES
ftp_username=nobody
pam_service_name=$2
secure_chroot_dir=/run/vsftpd
END
	vsftpd "/etc/vsftpd-$2.conf" </dev/null >/dev/null 2>&1 &
	started="$started $!"
}

# measure LABEL UNIT BETTER FUNCTION - a line of the table.  The function gets
# a server's two ports and its processes' name, and prints a whole number.
measure() {
	: >ours
	: >theirs
	for round in $(seq $rounds); do
		"$4" $ours $ours_permit sureftpd >>ours || return 1
		test -z "$peer" || "$4" $theirs $theirs_permit vsftpd \
			>>theirs || return 1
	done
	a=$(middle ours) b=$(middle theirs)
	ratio=-
	if test "${b:-0}" -gt 0; then
		ratio=$((a / b)).$(printf '%02d' $((a * 100 / b % 100)))
	fi
	printf '%-34s %9s %9s %-5s %6s  %s\n' "$1" "$a" "${b:--}" "$2" \
		"$ratio" "$3"
}

middle() {
	sort -n "$1" | sed -n "$((rounds / 2 + 1))p"
}

banner() { "$bench" banner "$1"; }
login_unix() { "$bench" login "$1" 4 1500; }
login_permit() { "$bench" login "$2" 4 1500; }
login_one() { "$bench" login "$1" 1 1500; }
idle() { "$bench" idle "$1" "$3" 33; }
get() { "$bench" get "$1" big; }
put() { "$bench" put "$1" new $size; }

peer=$(command -v vsftpd) || echo "vsftpd is not installed: no comparison"
mkdir -p /run/vsftpd /home/bench && cd /home/bench || exit 1
head -c "${size}M" /dev/zero >/home/anna/big
start_ours
ports="$ours $ours_permit"
if test -n "$peer"; then
	start_theirs $theirs sureftpd
	start_theirs $theirs_permit permit
	ports="$ports $theirs $theirs_permit"
fi
for port in $ports; do
	"$bench" wait $port || exit 1
done

printf '%-34s %9s %9s %-5s %6s  %s\n' "median of $rounds" sureftpd vsftpd \
	"" ratio better
measure "connect to banner" us lower banner &&
measure "logins, pam_unix, 1 client" 1/s higher login_one &&
measure "logins, pam_unix, 4 clients" 1/s higher login_unix &&
measure "logins, pam_permit, 4 clients" 1/s higher login_permit &&
measure "memory (PSS) of an idle session" KiB lower idle &&
measure "download, $size MiB" MB/s higher get &&
measure "upload, $size MiB" MB/s higher put
status=$?
kill $started
wait
exit $status
