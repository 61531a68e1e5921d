#!/bin/sh
# wget.sh - wget: trees, downwards only; wget has no upload.
. "${0%/*}/common"
need wget

transfer() {
	timeout 120 wget -q -t 1 -T 20 -nH --user=anna --password=anna-pass \
		--restrict-file-names=nocontrol "$@"
}

# What wget makes of a name of 255 bytes.
short=$(printf '%0236d' 0 | tr 0 n)
too_long='wget cuts names after 236 bytes'

mkdir passive active
check "down" transfer -r -l 9 --cut-dirs=1 -P passive ftp://$server/tree/
quirk down "$long" "$too_long" "command: RETR $long"
check "what it cut is whole" cmp "tree/$long" "passive/$short"
same down tree passive
mark
check "active" transfer -r -l 9 --cut-dirs=1 --no-passive-ftp -P active \
	ftp://$server/tree/
quirk active "$long" "$too_long" "command: RETR $long"
check "what it cut is whole" cmp "tree/$long" "active/$short"
same active tree active
check "PORT or EPRT was used" log_has ' command: (PORT|EPRT) '

head -c 50000000 tree/big >big
check "resume" transfer -c -O big ftp://$server/tree/big
check "it is whole" cmp tree/big big
check "a pattern" transfer -P pattern "ftp://$server/tree/*words"
check "it found the file" cmp "tree/two words" "pattern/two words"
finish
