#!/bin/sh
# ldap.sh - accounts of an LDAP directory, through nslcd (NSS and PAM).
packages='slapd ldap-utils nslcd libnss-ldapd libpam-ldapd openssl curl'
. "${0%/*}/own_root"
. "${0%/*}/own_slapd"

start_slapd
cat >/etc/nslcd.conf <<X
uid nslcd
gid nslcd
uri ldaps://localhost
base $base
tls_cacertfile $authority
tls_reqcert demand
X
chmod 640 /etc/nslcd.conf
chgrp nslcd /etc/nslcd.conf
sed -i 's/^\(passwd\|group\|shadow\):.*/\1: files ldap/' /etc/nsswitch.conf
mkdir -p /run/nslcd
chown nslcd: /run/nslcd
start nslcd nslcd -n
wait_until getent passwd anna || give_up "nslcd: $(tail -n 3 /tmp/nslcd.log)"

directory=$(example ldap)
serve "$directory"
check_logins
stop_serving
serve "$directory" auth.allowed_groups=ftpusers
check_groups
finish
