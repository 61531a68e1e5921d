#!/bin/sh
# selftest.sh - every rule of every lint can fail: a small tree that passes
# all of them is changed to violate one at a time.
set -u

lints=$(cd "${0%/*}" && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# Kept in files: most checks run behind a pipe, in a shell of their own.
: >"$work/passed" >"$work/failed"

result() {
	if test -z "$1"; then
		echo >>"$work/passed"
	else
		echo >>"$work/failed"
		echo "$1"
	fi
}

# put FILE: write it into the good tree, from standard input.
put() {
	mkdir -p "$work/good/$(dirname "$1")"
	cat >"$work/good/$1"
}

lint() {
	SUREFTPD=$work/tree/server "$lints/$1.sh" "$work/tree" 2>&1
}

# bad LINT RULE FILE: with this file, from standard input, the rule fails.
bad() {
	rm -rf "$work/tree"
	cp -R "$work/good" "$work/tree"
	mkdir -p "$work/tree/$(dirname "$3")"
	cat >"$work/tree/$3"
	if said=$(lint "$1"); then
		result "$1 did not notice: $2 ($3)"
	elif ! printf '%s\n' "$said" | grep -qxF "Rule: $2"; then
		result "$1 noticed something else than: $2 ($said)"
	else
		result ""
	fi
}

put common/base.h <<'X'
/*
 * base.h - the ground.
 */
#include "config.h"
X
put common/room.h <<'X'
/*
 * room.h - a room.
 */
#include "common/base.h"
X
put common/room.c <<'X'
/*
 * room.c - a room.
 *
 * Runs in: every process.
 */
#include "common/base.h"
#include "common/room.h"

#include <unistd.h>

int
room_size(void)
{
	return 1;
}
X
put common/settings/settings.def <<'X'
SETTING(USER, login, greeting, TEXT, "", 0, 0, "", "",
	"What is said first.")
X
put common/log/events.def <<'X'
EVENT(arrival, INFO, "somebody came")
X
put common/process/messages.def <<'X'
MESSAGE(enter, MASTER, MONITOR, ANY, 1, 1)
X
put worker/commands/cmd_a.c <<'X'
/*
 * cmd_a.c - a command.
 *
 * Runs in: session.
 */
#include "common/base.h"

const struct command cmd_a_rows[] = {
	{ "NOOP", 0 },
};
X
put daemon/upper/room.h <<'X'
/*
 * room.h - a room above.
 */
#include "daemon/lower/room.h"
X
put daemon/lower/room.h <<'X'
/*
 * room.h - a room below.
 */
#include "common/base.h"
X
put worker/commands/cmd_b.h <<'X'
/*
 * cmd_b.h - a header.
 */
#include "common/base.h"
X
put tests/unit/test_room.c <<'X'
/*
 * test_room.c - the room's tests.
 */
#include "common/base.h"

#include "common/room.h"
X
yes '/* a line of test */' | head -n 60 | put tests/unit/lines.sh
put etc/sureftpd.conf <<'X'
# greeting =
X
put man/sureftpd.conf.5 <<'X'
.Dd $Mdocdate: January 1 2026 $
.Dt SUREFTPD.CONF 5
.Os
.Sh NAME
.Nm sureftpd.conf
.Nd settings
.Sh DESCRIPTION
NOOP arrival enter
.Bl -tag -width Ds
.It Cm greeting
What is said first.
.El
X
put man/sureftpd.8 <<'X'
.Dd November 21, 2026
.Dt SUREFTPD 8
.Os
.Sh NAME
.Nm sureftpd
.Nd server
.Sh STANDARDS
.Bl -tag -width Ds
.It RFC 959
.Ic NOOP
.El
X
put server <<'X'
#!/bin/sh
case $1 in
--import-vsftpd) sed -n '/OPTIONS/,/^\.El/p' man/sureftpd-vsftpd.7 ;;
--import-pwp) sed -n '/KEYS/,/^\.El/p' man/sureftpd-pwp.7 ;;
--sample) echo "# greeting =" ;;
--manual) printf '.It Cm greeting\nWhat is said first.\n' ;;
-C) grep -n wrong "$2" >&2 ;;
esac
X
chmod +x "$work/good/server"
put sureftpctl <<'X'
#!/bin/sh
echo "  who  list the sessions"
X
chmod +x "$work/good/sureftpctl"
put daemon/import/vsftpd_options.def <<'X'
OPTION(listen, BOOL, "YES", ALL, false, map_listen,
	"greeting in [login]")
X
put tests/lint/vsftpd-options <<'X'
listen
X
put tests/lint/uncompared <<'X'
X
printf 'listen=YES\n|listen=no\n' | put tests/vsftpd/configurations
put daemon/import/pwp_options.def <<'X'
OPTION(max_clients, "max clients", BASE, NUMBER, false, "255", pwp_map_max,
	"greeting in [login]")
X
put tests/lint/pwp-keys <<'X'
max clients
X
put man/sureftpd-pwp.7 <<'X'
.Dd November 21, 2026
.Dt SUREFTPD-PWP 7
.Os
.Sh NAME
.Nm sureftpd-pwp
.Nd moving
.Sh KEYS OF FTPD.CONF
.Bl -tag -width Ds
.It Ic max clients
.El
.Sh SEE ALSO
.Xr sureftpd 8
X
put man/sureftpd-vsftpd.7 <<'X'
.Dd November 21, 2026
.Dt SUREFTPD-VSFTPD 7
.Os
.Sh NAME
.Nm sureftpd-vsftpd
.Nd moving
.Sh OPTIONS OF VSFTPD
.Bl -tag -width Ds
.It Ic listen
.El
.Sh SEE ALSO
.Xr sureftpd 8
X
put Makefile <<'X'
BUILD_PACKAGES := gcc \
	libone-dev
%.o: ; @test "$(CFLAGS)"
X
put README.md <<'X'
Needs gcc and libone-dev.  See sureftpctl who.
X

echo 'Build-Depends: libone-dev' | put etc/debian/control
echo 'server (1.0-1) unstable' | put etc/debian/changelog
echo 'AC_INIT([sureftpd], [1.0])' | put configure.ac
accounts='_sureftpd _sureftpdlog _sureftpdkey _sureftpdrun _sureftpdradius
	_sureftpdquota'
echo "RUN gcc libone-dev $accounts" | put etc/Dockerfile
echo "$accounts" | put etc/systemd/sureftpd.sysusers
printf 'Version: 1.0\n%s\n' "$accounts" | put etc/rpm/sureftpd.spec
printf '[Service]\nExecStart=/usr/sbin/sureftpd\n' |
	put etc/systemd/sureftpd.service
printf '[Socket]\nListenStream=21\n' | put etc/systemd/sureftpd.socket
echo "[user]" | put etc/examples/accounts
echo "one.conf" | put etc/examples/README
echo "greeting = a" | put etc/examples/one.conf

for name in floors doors sizes style docs import installed compared; do
	rm -rf "$work/tree"
	cp -R "$work/good" "$work/tree"
	said=$(lint $name) && said= || said="$name dislikes a good tree: $said"
	result "$said"
	# An empty tree must not pass as a clean one.
	rm -rf "$work/tree"
	mkdir "$work/tree"
	lint $name >/dev/null && said="$name likes an empty tree" || said=
	result "$said"
done

head='/*
 * bad.c - a bad file.
 *
 * Runs in: session.
 */
#include "common/base.h"
'

# file LINES...: a well-formed file that goes on with these lines.
file() {
	printf '%s\n' "$head" "$@"
}

rule="floors include only downwards and through doors"
file '#include "worker/commands/cmd_b.h"' | bad floors "$rule" common/bad.c
file '#include "worker/commands/cmd_b.h"' | bad floors "$rule" daemon/bad.c
file '#include "daemon/workers/pool.h"' | bad floors "$rule" worker/bad.c
file '#include "worker/commands/cmd_b.h"' | bad floors "$rule" pam/bad.c
file '#include "tests/unit/unit.h"' | bad floors "$rule" worker/bad.c
file '#include "worker/commands/cmd_b.h"' | bad floors \
	"nothing includes a command" worker/commands/cmd_bad.c
file '#include "common/process/role.h"' |
	bad floors "inside common, too" common/log/bad.c
file '#include "worker/session.h"' |
	bad floors "data and tree know no session" worker/tree/bad.c
printf '/*\n * base.h - loops.\n */\n#include "common/room.h"\n' |
	bad floors "includes have no loops" common/base.h
file '#include "daemon/upper/room.h"' |
	bad floors "folders of daemon have no loops" daemon/lower/bad.c
printf '/*\n * bad.c - Runs in: session.\n */\n#include "common/room.h"\n' |
	bad floors "base.h is the first include" worker/bad.c
file '#include <unistd.h>' '#include "common/room.h"' |
	bad floors "a file's own header is the second include" common/room.c
rule="project headers come first and name their floor"
file '#include <unistd.h>' '#include "common/room.h"' |
	bad floors "$rule" worker/bad.c
file '#include "room.h"' | bad floors "$rule" common/bad.c

file '#include <openssl/ssl.h>' |
	bad doors "OpenSSL only in common/tls/" worker/bad.c
file '#include <linux/tls.h>' | bad doors \
	"the kernel's TLS only in common/tls/" worker/tls_bad.c
file '#include <security/pam_appl.h>' |
	bad doors "PAM only in pam/" worker/bad.c
file '#include <sys/capability.h>' |
	bad doors "libcap only in common/process/privs" common/bad.c
file '#include "common/process/privs.h"' |
	bad doors "the door to libcap only for common/process/role" worker/bad.c
file '#include <seccomp.h>' |
	bad doors "libseccomp only in common/process/sandbox" pam/bad.c
file '#include <linux/landlock.h>' |
	bad doors "Landlock only in common/process/landlock" worker/bad.c
file '#include <ini.h>' |
	bad doors "inih only in common/settings/settings_file.c" common/bad.c
file '#include <crypt.h>' |
	bad doors "libcrypt only in common/password_hash.c" pam/bad.c
file '	if (setresuid(0, 0, 0))' |
	bad doors "identity changes only in common/process/privs.c" worker/bad.c
file '	initgroups("x", 0);' |
	bad doors "groups change only there, and where PAM is to add some" \
	worker/bad.c
file '	execve(a, b, c);' | bad doors "no program is executed" worker/bad.c
file '	regcomp(a, b, c);' |
	bad doors "no pattern language but common/glob" worker/bad.c

rule="names of files only in worker/tree/"
file '	unlink(path);' | bad doors "$rule" worker/commands/cmd_bad.c
file '	fd = open(path, 0);' | bad doors "$rule" worker/bad.c
file '	if (stat(path, &st) < 0)' | bad doors "$rule" worker/data/bad.c

yes '' | head -n 401 |
	bad sizes "files have at most 400 lines" worker/bad.c
{ echo 'f(void)'; echo '{'; yes '	;' | head -n 59; echo '}'; } |
	bad sizes "functions have at most 60 lines" worker/bad.c
printf '\t\t\t\t\t\t\t\t\t\t;\n' |
	bad sizes "lines have at most 80 columns" tests/unit/test_bad.c
printf '\t\t\t\tif (x) {\n' |
	bad sizes "at most 3 levels of nesting" worker/bad.c
yes '	;' | head -n 200 |
	bad sizes "at least 0.6 lines of test a line of program" worker/bad.c

printf '/* bad.c */\n' | bad style "every file says what it is for" \
	tests/unit/bad.c
printf '/*\n * bad.c - somewhere.\n */\n' |
	bad style "every file says where it runs" worker/bad.c
rule="what is left to do has an issue's number"
file '/* TODO: later */' | bad style "$rule" worker/bad.c
file '/* XXX */' | bad style "$rule" worker/bad.h
rule="no blanks at the end of a line, no carriage returns"
file 'x ' | bad style "$rule" worker/bad.c
printf '%s\r\n' "$head" | bad style "$rule" worker/bad.c
file '        x' | bad style "indentation is tabs" worker/bad.c
file '#if 0' | bad style "no code is switched off" worker/bad.c
file '	// old();' | bad style "no code is switched off" worker/bad.c
file 'typedef struct x x_t;' |
	bad style "structs have their own names" worker/bad.c
file '	goto again;' | bad style "goto leads to out" worker/bad.c
file 'static int f(void)' |
	bad style "a function's name is at column 0" worker/bad.c
file '/* As bad_other(), but not EVP_PKEY_is_a(). */' |
	bad style "comments name functions that exist" worker/bad.c

echo "# other" | bad docs "the sample file is what the program prints" \
	etc/sureftpd.conf
rule="sureftpd.conf(5) is what the program prints"
sed '/^What/d' "$work/good/man/sureftpd.conf.5" |
	bad docs "$rule" man/sureftpd.conf.5
sed '/greeting/d' "$work/good/man/sureftpd.conf.5" |
	bad docs "$rule" man/sureftpd.conf.5
file | bad docs "there are commands" worker/commands/cmd_a.c
: | bad docs "there are settings" common/settings/settings.def
: | bad docs "there are packages" Makefile
sed 's/NOOP/QUIT/' "$work/good/worker/commands/cmd_a.c" |
	bad docs "every command has its manual" worker/commands/cmd_a.c
sed 's/NOOP/SITE NOOP/' "$work/good/worker/commands/cmd_a.c" |
	bad docs "every command has its manual" worker/commands/cmd_a.c
rule="the manual names each command with its standard"
sed 's/{ "NOOP", 0 }/{ "NOOP", 0, NULL }/' \
	"$work/good/worker/commands/cmd_a.c" |
	bad docs "$rule" worker/commands/cmd_a.c
sed 's/^\.Ic NOOP/Refused:\n.Ic NOOP/' "$work/good/man/sureftpd.8" |
	bad docs "$rule" man/sureftpd.8
sed 's/NOOP/NOOP SYST/' "$work/good/man/sureftpd.8" |
	bad docs "$rule" man/sureftpd.8
echo 'SETTING(USER, login, farewell, TEXT, "", 0, 0, "", "", "Bye.")' |
	bad docs "every setting has its manual" common/settings/settings.def
echo 'EVENT(departure, INFO, "somebody left")' |
	bad docs "every event has its manual" common/log/events.def
echo 'MESSAGE(leave, MASTER, MONITOR, ANY, 1, 1)' |
	bad docs "every message has its manual" common/process/messages.def
echo "Needs gcc." | bad docs "README names every package" README.md
echo "wrong" | bad installed "each example passes --check" \
	etc/examples/one.conf
echo "one" | bad installed "each example passes --check" etc/examples/README
printf '.Bd -literal\n[login]\nwrong\n.Ed\n' |
	bad installed "each example of a manual passes --check" man/sureftpd.7
echo ".Ql sureftpctl whoo" |
	bad installed "manuals call commands that exist" man/sureftpd.7
echo "_sureftpd" | bad installed "units, container and RPM make the accounts" \
	etc/systemd/sureftpd.sysusers
echo "Version: 1.0" | bad installed \
	"units, container and RPM make the accounts" etc/rpm/sureftpd.spec
echo "Build-Depends: libtwo-dev" | bad installed \
	"packages build with what the Makefile names" etc/debian/control
echo "Version: 0.9" | bad installed \
	"packages have the program's version" etc/rpm/sureftpd.spec
printf '%%.o:\n\techo redefined; exit 1\n' |
	bad installed "distributions can set flags" Makefile
if command -v systemd-analyze >/dev/null; then
	printf '[Service]\nExecStart=/usr/sbin/sureftpd\nTpye=notify\n' |
		bad installed "systemd understands the units" \
			etc/systemd/sureftpd.service
fi
rule="every option of vsftpd has a row"
printf 'listen\nlisten_port\n' | bad import "$rule" tests/lint/vsftpd-options
: | bad import "$rule" tests/lint/vsftpd-options
rule="every option of vsftpd is compared in each of its values"
echo "listen=YES" | bad compared "$rule" tests/vsftpd/configurations
printf 'listen=YES\n# listen=NO\n' |
	bad compared "$rule" tests/vsftpd/configurations
{ cat "$work/good/daemon/import/vsftpd_options.def"
	printf 'OPTION(port, NUMBER, "1", DEBIAN,\n\tfalse, map_port, "")\n'; } |
	bad compared "$rule" daemon/import/vsftpd_options.def
echo "listen NO it is compared" | bad compared "$rule" tests/lint/uncompared
echo "listen NO" | bad compared "$rule" tests/lint/uncompared
sed 's/--import-vsftpd.*/--import-vsftpd) echo .El ;;/' "$work/good/server" |
	bad import "sureftpd-vsftpd(7) is what the program prints" server
sed 's/greeting/farewell/' "$work/good/daemon/import/vsftpd_options.def" |
	bad import "what options become are settings" \
		daemon/import/vsftpd_options.def
printf 'max clients\nport\n' | bad import \
	"every key of the PWP server has a row" tests/lint/pwp-keys
sed 's/--import-pwp.*/--import-pwp) echo .El ;;/' "$work/good/server" |
	bad import "sureftpd-pwp(7) is what the program prints" server
sed 's/greeting/farewell/' "$work/good/daemon/import/pwp_options.def" |
	bad import "what keys become are settings" \
		daemon/import/pwp_options.def
if command -v mandoc >/dev/null; then
	{ cat "$work/good/man/sureftpd.conf.5"; echo ".Xx"; } |
		bad docs "mandoc has nothing to say" man/sureftpd.conf.5
fi

echo "selftest: $(wc -l <"$work/passed") passed," \
	"$(wc -l <"$work/failed") failed"
test ! -s "$work/failed"
