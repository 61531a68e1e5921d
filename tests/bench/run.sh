#!/bin/sh
# run.sh - measure sureftpd beside vsftpd (if installed) and print a table.
#
# Runs in a private world (tests/interop/world_run.c), all servers at the same
# time, each measurement in turn on one and the other, medians of five.  The
# files lie in memory, so that the disk is not what is measured.  Fails when
# something could not be measured, never because it was slow.
set -u

bench=/run/world/build/tests/bench/bench
rounds=5
size=1024	# MiB that a transfer moves
started=
certificate=/etc/sureftpd/tls/ec.pem

# Ports, with pam_unix and with pam_permit.  Ours speak TLS, too.
ours=21 ours_permit=2102 theirs=2103 theirs_permit=2104
theirs_tls=2105 theirs_permit_tls=2106

start_ours() {
	/run/world/sureftpd -o log.level=info -o auth.pam_service=permit \
		-o listener.port=$ours_permit </dev/null >/dev/null 2>&1 &
	started="$started $!"
}

# start_theirs PORT SERVICE [SETTING]...
start_theirs() {
	cat >"/etc/vsftpd-$1.conf" <<END
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
	port=$1
	shift 2
	for setting; do
		echo "$setting" >>"/etc/vsftpd-$port.conf"
	done
	vsftpd "/etc/vsftpd-$port.conf" </dev/null >/dev/null 2>&1 &
	started="$started $!"
}

# measure LABEL UNIT BETTER FUNCTION - a line of the table.  The function gets
# a server's ports, with pam_unix and pam_permit, and its processes' name, and
# prints a whole number.  Functions whose names end in _tls measure TLS.
measure() {
	unix=$theirs permit=$theirs_permit
	case $4 in
	*_tls) unix=$theirs_tls permit=$theirs_permit_tls ;;
	esac
	: >ours
	: >theirs
	for round in $(seq $rounds); do
		"$4" $ours $ours_permit sureftpd >>ours || return 1
		test -z "$peer" || "$4" $unix $permit vsftpd >>theirs ||
			return 1
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
banner_tls() { "$bench" -t banner "$1"; }
login_unix_tls() { "$bench" -t login "$1" 4 1500; }
login_permit_tls() { "$bench" -t login "$2" 4 1500; }
idle_tls() { "$bench" -t idle "$1" "$3" 33; }
get_tls() { "$bench" -t get "$1" big; }
put_tls() { "$bench" -t put "$1" new $size; }

peer=$(command -v vsftpd) || echo "vsftpd is not installed: no comparison"
mkdir -p /run/vsftpd /home/bench && cd /home/bench || exit 1
head -c "${size}M" /dev/zero >/home/anna/big
start_ours
ports="$ours $ours_permit"
if test -n "$peer"; then
	start_theirs $theirs sureftpd
	start_theirs $theirs_permit permit
	for service in "$theirs_tls sureftpd" "$theirs_permit_tls permit"; do
		# $service is a port and a service.
		# shellcheck disable=SC2086
		start_theirs $service ssl_enable=YES require_ssl_reuse=NO \
			rsa_cert_file=$certificate ssl_ciphers=HIGH
	done
	ports="$ports $theirs $theirs_permit $theirs_tls $theirs_permit_tls"
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
measure "upload, $size MiB" MB/s higher put &&
echo "With TLS 1.3, by AUTH TLS:" &&
measure "connect to the end of the handshake" us lower banner_tls &&
measure "logins, pam_unix, 4 clients" 1/s higher login_unix_tls &&
measure "logins, pam_permit, 4 clients" 1/s higher login_permit_tls &&
measure "memory (PSS) of an idle session" KiB lower idle_tls &&
measure "download, $size MiB" MB/s higher get_tls &&
measure "upload, $size MiB" MB/s higher put_tls
status=$?
kill $started
wait
exit $status
