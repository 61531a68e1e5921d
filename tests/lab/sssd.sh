#!/bin/sh
# sssd.sh - accounts of an LDAP directory, through sssd, which also lets
# accounts in while the directory is down.
packages='slapd ldap-utils sssd-ldap libnss-sss libpam-sss openssl curl'
. "${0%/*}/own_root"
. "${0%/*}/own_slapd"

start_slapd
cat >/etc/sssd/sssd.conf <<X
[sssd]
services = nss, pam
domains = example
[domain/example]
id_provider = ldap
auth_provider = ldap
access_provider = permit
ldap_uri = ldaps://localhost
ldap_search_base = $base
ldap_tls_cacert = $authority
ldap_schema = rfc2307
cache_credentials = true
X
chmod 600 /etc/sssd/sssd.conf
# Packages differ in whose it is.
chown --reference=/etc/sssd /etc/sssd/sssd.conf
sed -i 's/^\(passwd\|group\|shadow\):.*/\1: files sss/' /etc/nsswitch.conf
mkdir -p /run/sssd
start sssd sssd -i
wait_until getent passwd anna || give_up "sssd: $(tail -n 3 /tmp/sssd.log)"

directory=$(example sssd)
serve "$directory"
check_logins
stop_serving
serve "account required pam_succeed_if.so quiet user ingroup ftpusers
$directory"
check_groups
stop_serving

kill "$slapd"
wait "$slapd"
sleep 1
serve "$directory"
expect "the directory is down" "for anna" "$(login anna Ldap-1234)"
expect "wrong password all the same" "530" "$(login anna nope)"
finish
