#!/bin/sh
# apparmor.sh - the example of an AppArmor profile, enforced by a kernel that
# has AppArmor: the server does its work without a denial, and cannot start
# programs.  Where no such kernel can be booted, all is skipped.
set -u

here=${0%/*}
program=${SUREFTPD:-build/sureftpd}

if test "${1-}" != inside; then
	directory=$(mktemp -d) || exit 1
	trap 'rm -rf "$directory"' EXIT
	trap 'exit 143' INT TERM HUP
	chmod 755 "$directory"
	cp "$program" "${program%/*}/sureftpctl" "$0" "${0%.sh}.py" \
		"$here/../../etc/apparmor/usr.sbin.sureftpd" "$directory" &&
		cp "$here/../../etc/pam.d/sureftpd" "$directory/pam" || exit 1
	LAB_PRELOAD=$PWD/${program%/*}/tests/lab/xstate.so \
		LAB_OPTIONS='lsm=apparmor apparmor=1' "$here/boot" 300 "$directory" \
		'./apparmor.sh inside' >"$directory/said"
	status=$?
	cat "$directory/said"
	test $status -ne 126 || {
		reason=$(tail -n 1 "$directory/said")
		echo "apparmor: 0 passed, 0 failed, 1 skipped ($reason)"
		exit 0
	}
	tail -n 1 "$directory/said" | grep -q '^apparmor: [0-9]* passed' ||
		echo "apparmor: 0 passed, 1 failed"
	exit $status
fi

# --- under that kernel
passed=0 failed=0
logs=/var/log/sureftpd

check() {
	if test "$2" = "$3"; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	printf 'FAILED: %s: "%s", not "%s"\n' "$1" "$3" "$2"
}

wait_until() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		test $tries -lt 150 || return 1
		sleep 0.2
	done
}

denials() {
	dmesg | grep 'apparmor="DENIED"'
}

# The host's /etc can be read only; this one is in memory.
own_files() {
	chmod 755 /run
	mount -t securityfs securityfs /sys/kernel/security
	mkdir /tmp/etc
	cp -a /etc/. /tmp/etc 2>/dev/null
	mount --bind /tmp/etc /etc
	for place in /home /usr/local /var/log /var/lib; do
		mount -t tmpfs -o mode=755 own "$place"
	done
	rm -f /etc/shadow /etc/gshadow /etc/.pwd.lock
	sed 's/:.*/:*:19000:0:99999:7:::/' /etc/passwd >/etc/shadow
	for account in _sureftpd _sureftpdlog _sureftpdkey _sureftpdrun \
		_sureftpdradius _sureftpdquota; do
		id "$account" >/dev/null 2>&1 || useradd --system \
			--no-create-home --shell /usr/sbin/nologin "$account"
	done
	useradd -m -s /bin/bash anna
	useradd -m -s /bin/bash bert
	printf 'anna:anna-pass\nbert:bert-pass\n' | chpasswd
	install -d -m 755 /run/sureftpd /var/lib/sureftpd /usr/local/sbin
	install -d -m 750 -o _sureftpdlog "$logs"
	cp sureftpd sureftpctl /usr/local/sbin
	cp pam /etc/pam.d/sureftpd
	mkdir /etc/sureftpd
	/usr/local/sbin/sureftpd --make-certificate /etc/sureftpd/own.pem \
		--host localhost >/dev/null
	cat >/etc/sureftpd/sureftpd.conf <<-E
		[auth]
		failed_login_delay = 0
		[log]
		vsftpd_file = $logs/vsftpd.log
		[tls]
		certificate = /etc/sureftpd/own.pem
		[user bert]
		jail = home
	E
}

serve() {
	# The number, because upgrades keep it.
	cat /tmp/said >>/tmp/said.before
	/usr/local/sbin/sureftpd >/tmp/said 2>&1 &
	server=$!
	wait_until grep -q 'listening on port 21' /tmp/said
}

stop() {
	kill "$server"
	wait "$server"
	check "exit status" 0 $?
}

unenforced() {
	for process in $(pgrep sureftpd); do
		cat "/proc/$process/attr/current"
	done | grep -vxF 'sureftpd (enforce)'
}

PATH=/usr/local/sbin:$PATH
: >/tmp/said
own_files
sed 's,/usr/sbin/sureftpd,/usr/local/sbin/sureftpd,' usr.sbin.sureftpd \
	>/tmp/profile
apparmor_parser -r /tmp/profile
check "the profile is loaded" 0 $?
serve
check "started" 0 $?
check "every process is confined" "" "$(unenforced)"
check "sessions" "anna content
anna content
bert content
bert content
530 Login incorrect." "$(python3 apparmor.py anna bert 2>&1)"
for command in status reload bans 'ban 203.0.113.0/24 7d' upgrade; do
	# Words of a command.
	# shellcheck disable=SC2086
	sureftpctl $command >/dev/null
	check "sureftpctl $command" 0 $?
done
check "after the upgrade" "anna content" \
	"$(python3 apparmor.py anna 2>&1 | head -n 1)"
check "still confined" "" "$(unenforced)"
stop
check "bans are saved" 1 "$(grep -c 203.0.113.0 /var/lib/sureftpd/bans)"
check "the log is written" 6 "$(grep -c 'OK UPLOAD' "$logs/vsftpd.log")"
check "nothing is denied" "" "$(denials)"

# What the profile is for.
printf '#!/bin/sh\n: >/tmp/started\n' >/usr/local/sbin/command
chmod 755 /usr/local/sbin/command
printf '[events]\non_login = /usr/local/sbin/command\n' \
	>>/etc/sureftpd/sureftpd.conf
serve
check "logs in" "anna content" "$(python3 apparmor.py anna 2>&1 | head -n 1)"
check "the program is denied" 0 \
	"$(wait_until grep -q '/command.*Permission denied' /tmp/said; echo $?)"
check "the kernel says so" yes \
	"$(denials | grep -q 'operation="exec".*/command' && echo yes)"
check "it did not run" no "$(test ! -e /tmp/started && echo no)"
stop
test $failed -eq 0 || tail -n 40 /tmp/said.before /tmp/said
echo "apparmor: $passed passed, $failed failed"
test $failed -eq 0
