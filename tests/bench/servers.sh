# servers.sh - starts the servers of the measurements (read by run.sh).
#
# Each is there three times, as KIND: "plain" and "tls" check passwords with
# pam_permit, "unix" with pam_unix, and "tls" alone has a certificate.  All of
# them log logins, ends and transfers; syslog is read by `bench log`.  "raw" is
# no server to use (raw.c): it has no accounts and no log.
# shellcheck shell=sh

peers=/run/world/build/peers
certificate=/etc/sureftpd/tls/ec.pem

# The PAM service for a kind.
service() {
	case $1 in
	unix) echo sureftpd ;;
	*) echo permit ;;
	esac
}

# serve NAME KIND PORT COMMAND [ARG]... - and remember where it is.
serve() {
	name=$1 kind=$2 port=$3
	shift 3
	"$bench" serve "$@" </dev/null >"$name-$kind.out" 2>&1 &
	echo "$port $!" >"$name-$kind"
	"$bench" wait "$port" $!
}

# Where the libraries are that a peer brought along.
libraries() {
	find "$peers/$1" -name '*.so.*' -printf '%h\n' | sort -u |
		paste -s -d :
}

# start_sureftpd KIND PORT
start_sureftpd() {
	{
		echo "[server]"
		echo "max_workers = 3000"
		echo "control_socket ="
		echo "[auth]"
		echo "pam_service = $(service "$1")"
		echo "[limits]"
		echo "max_clients = 3000"
		echo "max_per_ip = 3000"
		echo "max_unauthenticated = 3000"
		echo "[listener]"
		echo "port = $2"
		echo "[tls]"
		test "$1" != tls || echo "certificate = $certificate"
	} >"sureftpd-$1.conf"
	serve sureftpd "$1" "$2" /run/world/sureftpd -C "$PWD/sureftpd-$1.conf"
}

# start_vsftpd KIND PORT
start_vsftpd() {
	{
		echo "listen=YES"
		echo "listen_port=$2"
		echo "background=NO"
		echo "max_clients=0"
		echo "max_per_ip=0"
		echo "local_enable=YES"
		echo "write_enable=YES"
		echo "xferlog_enable=YES"
		echo "vsftpd_log_file=$PWD/vsftpd-$1.log"
		echo "ftp_username=nobody"
		echo "pam_service_name=$(service "$1")"
		echo "secure_chroot_dir=/run/vsftpd"
		test "$1" != tls || {
			echo "ssl_enable=YES"
			echo "require_ssl_reuse=NO"
			echo "rsa_cert_file=$certificate"
			echo "ssl_ciphers=HIGH"
		}
	} >"vsftpd-$1.conf"
	mkdir -p /run/vsftpd
	serve vsftpd "$1" "$2" /usr/bin/env \
		LD_LIBRARY_PATH="$(libraries vsftpd)" \
		"$peers/vsftpd/usr/sbin/vsftpd" "$PWD/vsftpd-$1.conf"
}

# start_pure-ftpd KIND PORT - its PAM service cannot be chosen, so each has a
# file of its own in its place.
start_pure_ftpd() {
	: >>/etc/pam.d/pure-ftpd
	tls=
	test "$1" != tls || tls="-Y 1 -2 $certificate"
	# $tls is a list of options.
	# shellcheck disable=SC2086
	serve pure-ftpd "$1" "$2" /usr/bin/unshare -m /bin/sh -c \
		'mount --bind "/etc/pam.d/$1" /etc/pam.d/pure-ftpd &&
		shift && exec "$@"' sh "$(service "$1")" /usr/bin/env \
		LD_LIBRARY_PATH="$(libraries pure-ftpd)" \
		"$peers/pure-ftpd/usr/sbin/pure-ftpd" -S "127.0.0.1,$2" \
		-l pam -E -H -u 1000 -c 3000 -C 3000 -L 200000:5 \
		-O "clf:$PWD/pure-ftpd-$1.log" -g "$PWD/pure-ftpd-$1.pid" $tls
}

# start_proftpd KIND PORT
start_proftpd() {
	{
		echo "ModulePath $peers/proftpd/usr/lib/proftpd"
		test "$1" != tls || echo "LoadModule mod_tls.c"
		echo "ServerType standalone"
		echo "ServerName bench"
		echo "DefaultAddress 127.0.0.1"
		echo "UseIPv6 off"
		echo "Port $2"
		echo "User nobody"
		echo "Group $(id -gn)"
		echo "MaxInstances none"
		echo "UseReverseDNS off"
		echo "RequireValidShell off"
		echo "AuthPAM on"
		echo "AuthPAMConfig $(service "$1")"
		echo "AuthOrder mod_auth_pam.c* mod_auth_unix.c"
		echo "AllowOverwrite on"
		echo "PidFile $PWD/proftpd-$1.pid"
		echo "ScoreboardFile $PWD/proftpd-$1.scoreboard"
		echo "TransferLog $PWD/proftpd-$1.xferlog"
		echo "SystemLog $PWD/proftpd-$1.log"
		echo "DelayEngine off"
		test "$1" != tls || {
			echo "TLSEngine on"
			echo "TLSECCertificateFile $certificate"
			echo "TLSOptions NoSessionReuseRequired"
		}
	} >"proftpd-$1.conf"
	serve proftpd "$1" "$2" /usr/bin/env \
		LD_LIBRARY_PATH="$(libraries proftpd)" \
		"$peers/proftpd/usr/sbin/proftpd" -n -q \
		-c "$PWD/proftpd-$1.conf"
}

# start_pyftpdlib KIND PORT
start_pyftpdlib() {
	tls=
	test "$1" != tls || tls=$certificate
	test "$1" != tls || python3 -c 'import OpenSSL' 2>/dev/null || {
		echo "pyftpdlib has no TLS: python3-openssl is missing"
		return 0
	}
	serve pyftpdlib "$1" "$2" /usr/bin/env PYTHONPATH="$(find \
		"$peers/pyftpdlib" -name dist-packages)" /usr/bin/python3 \
		/run/world/tests/serve_pyftpdlib.py "$(service "$1")" "$2" $tls
}

# start_raw KIND PORT
start_raw() {
	test "$1" != tls || set -- "$1" "$2" "$certificate"
	serve raw "$1" "$2" /bin/sh -c 'cd /home/anna && exec "$@"' sh \
		"$bench" raw "$2" ${3:+"$3"}
}
