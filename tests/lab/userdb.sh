#!/bin/sh
# userdb.sh - guests, whose names and passwords are in a database of pam_userdb,
# as vsftpd's virtual users.
packages='libpam-modules db-util curl'
. "${0%/*}/own_root"

useradd -M -s /usr/sbin/nologin -d /srv/guests virtual
mkdir -p /etc/sureftpd /srv/guests/gustav /srv/guests/greta
chown virtual: /srv/guests/gustav /srv/guests/greta
useradd -m -s /bin/bash anna
echo anna:anna-pass | chpasswd

# Passwords: gus-pass and gre-pass.
umask 077
{
	echo gustav
	echo gus-pass | /run/test/sureftpctl passwd hash
	echo greta
	echo gre-pass | /run/test/sureftpctl passwd hash
} >/etc/sureftpd/guests.txt
db_load -T -t hash -f /etc/sureftpd/guests.txt /etc/sureftpd/guests.db ||
	give_up "no database"

guests='auth.guest_user=virtual auth.guest_home=/srv/guests/%u
session.jail=home group.virtual.permissions=elradfmw'
# shellcheck disable=SC2086
serve "$(example userdb)" $guests
expect "gustav" "for gustav" "$(login gustav gus-pass)"
expect "greta" "for greta" "$(login greta gre-pass)"
expect "wrong password" "530 Login incorrect" "$(login gustav gre-pass)"
expect "unknown name" "530 Login incorrect" "$(login nobody-else gus-pass)"
expect "an account of the host is no guest" "530 Login incorrect" \
	"$(login anna anna-pass)"
expect "in its own home" "for gustav" "$(cat /srv/guests/gustav/put.txt)"
expect "of the mapped account" virtual \
	"$(stat -c %U /srv/guests/gustav/put.txt)"
expect "the log has the guest" "user=gustav upload of " \
	"$(cat /tmp/sureftpd.log)"
stop_serving
# shellcheck disable=SC2086
serve "$(example userdb)" $guests auth.file_user_sessions=yes
expect "with PAM's session" "for gustav" "$(login gustav gus-pass)"
stop_serving

# Passwords in the clear, as vsftpd's documentation has it.
printf 'gustav\nclear\n' >/etc/sureftpd/guests.txt
rm /etc/sureftpd/guests.db
db_load -T -t hash -f /etc/sureftpd/guests.txt /etc/sureftpd/guests.db
# shellcheck disable=SC2086
serve "$(example userdb | sed 's/ crypt=crypt//')" $guests
expect "passwords in the clear" "for gustav" "$(login gustav clear)"
expect "an empty one" "530 Login incorrect" "$(login gustav '')"
finish
