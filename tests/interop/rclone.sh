#!/bin/sh
# rclone.sh - rclone: several connections of one process at once, which share
# their tickets.
world_options=-t
. "${0%/*}/common"
need rclone

export SSL_CERT_FILE=$authority RCLONE_CONFIG="$work/rclone.conf"
for version in TLSv1.2 TLSv1.3; do
	cat >>rclone.conf <<END
[$version]
type = ftp
host = ec.example
user = anna
pass = $(rclone obscure anna-pass 2>/dev/null)
explicit_tls = true
disable_tls13 = $(test $version = TLSv1.2 && echo true || echo false)
END
done

# Bounded, and without a second try that hides the first.
one_by_one() {
	timeout 120 rclone --retries 1 --low-level-retries 1 --contimeout 20s \
		--timeout 30s --transfers 1 --checkers 1 --check-first \
		--ftp-concurrency 1 "$@"
}

at_once() {
	timeout 120 rclone --retries 1 --low-level-retries 1 --contimeout 20s \
		--timeout 30s --transfers 4 --checkers 4 "$@"
}

logins() {
	grep -c 'user=anna login' "$SERVER_LOG"
}

# Under TLS 1.2, whose tickets come before the login, one connection's ticket
# is no good for another's data.
move() {
	how=$1 version=$2
	check "$version: up" "$how" copy tree "$version:up$version"
	same "$version up" tree "$home/up$version"
	check "$version: down" "$how" copy "$version:tree" "down$version"
	same "$version down" tree "down$version"
	check "$version: compare" "$how" check --download tree "$version:tree"
	check "$version: every data connection was resumed" resumed "$version"
}

move one_by_one TLSv1.2
before=$(logins)
move at_once TLSv1.3
check "several connections at once" test $(($(logins) - before)) -ge 6
at_once copy TLSv1.2:tree shared >refused 2>&1 </dev/null
check "what is shared under TLS 1.2 is refused with a reason" \
	grep -q '522 .*session_reuse' refused
finish
