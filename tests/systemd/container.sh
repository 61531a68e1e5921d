#!/bin/sh
# container.sh - the steps of etc/Dockerfile, and what they make run as an
# engine runs it: as process 1, with the capabilities that engines grant, in
# namespaces of its own.
set -u

suite=trixie name=container
. "${0%/*}/begin"

# The commands of the stage's RUN lines, one on a line, with "&" for the COPY
# lines between.
steps() {
	awk -v wanted="$1" '
	{ while (sub(/\\$/, "")) { getline more; $0 = $0 more } }
	/^FROM / { stage++ }
	stage == wanted && sub(/^RUN /, "") { print }
	stage == wanted && /^COPY / { print "&" }' "$source/etc/Dockerfile"
}

# run_steps STAGE DIRECTORY FUNCTION: the function stands for COPY.
run_steps() {
	steps "$1" | while read -r command; do
		if test "$command" = "&"; then
			"$3" "$2" || exit
			continue
		fi
		in_root "$2" sh -euc "cd /source 2>/dev/null || cd /
			$command" </dev/null >"$scratch/log" 2>&1 || {
			echo "$command"
			tail -n 10 "$scratch/log"
			exit 1
		}
	done
}

copy_all() {
	copy_source "$1/source"
}

copy_image() {
	tar -C "$scratch/build/image" -c . | tar -C "$1" -x
}

fill_slim() {
	debootstrap --variant=minbase "$suite" "$1" "$(archive '')"
}

make_build_root "$scratch/build" &&
	make_root "$scratch/image" slim fill_slim || skip_all "no packages"
# The image's own apt-get update stays: it is one of the steps.
run_steps 1 "$scratch/build" copy_all || fail_all "the first stage failed"
run_steps 2 "$scratch/image" copy_image || fail_all "the second stage failed"

passed=0 failed=0
pass() {
	passed=$((passed + 1))
}
fail() {
	failed=$((failed + 1))
	echo "FAILED: $*"
}
has() {
	case $3 in
	*"$2"*) pass ;;
	*) fail "$1: no \"$2\" in: $3" ;;
	esac
}

# The configuration that the manual recommends.
image=$scratch/image
examples=$image/usr/share/doc/sureftpd/examples
cp "$examples/container.conf" "$image/etc/sureftpd/sureftpd.conf"
sed -i 's/192.0.2.1/127.0.0.1/' "$image/etc/sureftpd/sureftpd.conf"
sed 's/^account = .*/account = ftpdata/' "$examples/accounts" \
	>"$image/etc/sureftpd/accounts"
chmod 600 "$image/etc/sureftpd/accounts"
in_root "$image" sh -c 'mkdir -p /srv/ftp/user &&
	chown ftpdata /srv/ftp/user &&
	sureftpd --make-certificate /etc/sureftpd/own.pem --host localhost' \
	>/dev/null || fail "the container's files"

has "the administrator's program" "sureftpctl " \
	"$(in_root "$image" sureftpctl --version 2>&1)"

granted=+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap
granted=$granted,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write
entry=$(sed -n 's/^ENTRYPOINT \["\(.*\)"\]$/\1/p' "$source/etc/Dockerfile")
IMAGE=$image ENTRY=$entry GRANTED=$granted unshare -m -n -p -i -u --fork \
	--kill-child --propagation private sh -euc '
	ip link set lo up
	mount --bind "$IMAGE" "$IMAGE"
	mount -t proc proc "$IMAGE/proc"
	mount -t tmpfs -o mode=755 tmpfs "$IMAGE/run"
	mount -t tmpfs -o mode=755 tmpfs "$IMAGE/dev"
	for device in null zero urandom; do
		: >"$IMAGE/dev/$device"
		mount --bind "/dev/$device" "$IMAGE/dev/$device"
	done
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin setpriv \
		--bounding-set "-all,$GRANTED" chroot "$IMAGE" "$ENTRY"' \
	</dev/null >"$scratch/output" 2>&1 &
outer=$!

server() {
	first=$(pgrep -P "$outer" -x sureftpd)
}

# curl of this machine, in the container's network.
ftp() {
	path=$1
	shift
	nsenter -t "$first" -n curl -sS --max-time 20 --ssl-reqd --cacert \
		"$image/etc/sureftpd/own.pem" -u user:12345 "$@" \
		"ftp://localhost/$path" 2>&1
}

answers() {
	nsenter -t "$first" -n curl -sS --max-time 2 ftp://127.0.0.1/ 2>&1 |
		grep -q denied
}

if wait_until server && wait_until answers; then
	pass
	case $(sed -n 's/^NSpid:.*\t//p' "/proc/$first/status") in
	1) pass ;;
	*) fail "it is not process 1" ;;
	esac
	echo content >"$scratch/put"
	test -z "$(ftp put --ftp-create-dirs -T "$scratch/put")" && pass ||
		fail "an upload: $(ftp put -T "$scratch/put")"
	has "a download" content "$(ftp put)"
	has "the log" "upload of" "$(cat "$scratch/output")"
	kill -TERM "$first"
	wait "$outer"
	status=$?
	test $status -eq 0 && pass || fail "the status is $status"
	has "the end" "shut down" "$(cat "$scratch/output")"
else
	fail "the server does not answer"
fi
test $failed -eq 0 || cat "$scratch/output"
echo "$name: $passed passed, $failed failed"
test $failed -eq 0
