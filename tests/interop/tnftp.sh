#!/bin/sh
# tnftp.sh - tnftp: the BSD client, by commands as a person types them.
. "${0%/*}/common"
need tnftp

# Everything of a tree in one session; names between quotes.
commands() {
	list tree | while IFS= read -r file; do
		case $1 in
		put)	echo "mkdir \"$2/$(dirname -- "$file")\""
			echo "put \"./tree/$file\" \"$2/$file\"" ;;
		get)	echo "get \"tree/$file\" \"./$2/$file\"" ;;
		esac
	done
}

# The commands come from standard input, the account from .netrc.
session() {
	{ printf 'epsv4 %s\npassive %s\nmkdir "%s"\n' "$3" "$4" "$2"
	  commands "$1" "$2"
	  echo bye; } >commands
	timeout 120 tnftp -i -q 20 $server <commands
}

printf 'machine %s login anna password anna-pass\n' $server >"$HOME/.netrc"
chmod 600 "$HOME/.netrc"
for mode in epsv:on:on pasv:off:on eprt:on:off port:off:off; do
	IFS=: read -r kind extended passive <<END
$mode
END
	mark
	mkdir -p "$kind/sub dir/$(printf 'd\303\251j\303\240')"
	check "$kind up" session put "$kind" $extended $passive
	check "$kind down" session get "$kind" $extended $passive
	same "$kind up" tree "$home/$kind"
	same "$kind down" tree "$kind"
	check "$kind was used" log_has " command: $(echo "$kind" |
		tr '[:lower:]' '[:upper:]')( |\$)"
done

# Addresses on the command line.
check "a URL down" timeout 60 tnftp -o one -q 20 \
	"ftp://$login@$server/tree/two%20words"
check "it is the same" cmp "tree/two words" one
check "a URL up" timeout 60 tnftp -q 20 \
	-u "ftp://$login@$server/words" "tree/two words"
check "it is the same" cmp "tree/two words" "$home/words"
finish
