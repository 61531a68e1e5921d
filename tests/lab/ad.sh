#!/bin/sh
# ad.sh - accounts of an Active Directory: a domain controller of Samba's, and
# winbind; etc/pam-examples/winbind is the service.
packages='samba samba-ad-provision samba-dsdb-modules samba-vfs-modules
winbind libpam-winbind libnss-winbind krb5-user python3-setproctitle curl'
. "${0%/*}/own_root"

# An address for documentation (RFC 5737), on loopback.
address=192.0.2.53
ip addr add $address/32 dev lo
hostname dc
echo "$address dc.ad.example dc" >>/etc/hosts
printf 'search ad.example\nnameserver %s\n' $address >/etc/resolv.conf
rm -rf /etc/samba/smb.conf /etc/krb5.conf /var/lib/samba/private/*

samba-tool domain provision --realm=AD.EXAMPLE --domain=AD \
	--server-role=dc --dns-backend=SAMBA_INTERNAL --use-rfc2307 \
	--adminpass='Adm-12345!' --host-name=dc --host-ip=$address \
	--option="interfaces=lo $address" \
	--option="bind interfaces only=yes" \
	--option="template shell=/bin/bash" \
	--option="template homedir=/home/%D/%U" \
	--option="winbind use default domain=yes" \
	--option="dns forwarder=" >/tmp/provision.log 2>&1 ||
	give_up "provision: $(tail -n 3 /tmp/provision.log)"
cp /var/lib/samba/private/krb5.conf /etc/krb5.conf
mkdir -p /run/samba /var/log/samba
start samba samba --foreground --no-process-group
wait_until wbinfo -p || give_up "winbind: $(tail -n 3 /tmp/samba.log)"

samba-tool domain passwordsettings set --min-pwd-age=0 >/dev/null
for user in carla dirk; do
	samba-tool user create $user 'Ad-12345!' >/dev/null ||
		give_up "user $user"
done
samba-tool group add ftpusers >/dev/null
samba-tool group addmembers ftpusers carla >/dev/null
sed -i 's/^\(passwd\|group\):.*/\1: files winbind/' /etc/nsswitch.conf
wait_until getent passwd carla || give_up "no account: $(wbinfo -i carla 2>&1)"
mkdir -p /home/AD

serve "$(example winbind)"
expect "an account of the domain" "/home/AD/carla" "$(getent passwd carla)"
expect "its group" "ftpusers" "$(id carla)"
expect "login, the home directory is made" "for carla" \
	"$(login carla 'Ad-12345!')"
expect "of the account" "carla 644" \
	"$(stat -c '%U %a' /home/AD/carla/put.txt)"
expect "as DOMAIN\\user" "for AD" "$(login 'AD\carla' 'Ad-12345!')"
expect "wrong password" "530" "$(login carla nope)"
expect "unknown account" "530" "$(login nosuchuser nope)"
samba-tool user disable carla >/dev/null
expect "disabled account" "530" "$(login carla 'Ad-12345!')"
samba-tool user enable carla >/dev/null
samba-tool user setpassword carla --newpassword='New-12345!' \
	--must-change-at-next-login >/dev/null 2>&1
expect "password to be changed" "530 Login incorrect." \
	"$(login carla 'New-12345!')"
stop_serving

group=$(wbinfo -n ftpusers | cut -d ' ' -f 1)
serve "$(example winbind |
	sed "/^auth.*winbind/s/\$/ require_membership_of=$group/")" \
	auth.explain_denied_logins=yes
expect "the reason, by setting" "530 The password has expired" \
	"$(login carla 'New-12345!')"
expect "and for nobody else" "530 Login incorrect." "$(login carla nope)"
samba-tool user setpassword carla --newpassword='Ad-12345!' >/dev/null 2>&1
expect "a member of the group" "for carla" "$(login carla 'Ad-12345!')"
expect "one who is not" "530" "$(login dirk 'Ad-12345!')"
finish
