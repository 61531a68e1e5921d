#!/bin/sh
# doors.sh - each foreign library, and each call that changes a process's user,
# groups or capabilities, is used in one place only.
. "${0%/*}/rules"
need_files

# include_door HEADERS FILES: includes that match HEADERS elsewhere.
include_door() {
	program_files | grep -Ev "^($2)\$" | xargs grep -nE \
		"^#[[:blank:]]*include[[:blank:]]*[<\"]($1)[>\"]" /dev/null
}

# calls FUNCTIONS: calls of these in the files on standard input, comments
# aside.
calls() {
	xargs grep -nE "(^|[^[:alnum:]_])($1)[[:blank:]]*\(" /dev/null |
		grep -vE '^[^:]*:[0-9]*:[[:blank:]]*(\*|/\*)'
}

# call_door FUNCTIONS FILES: calls of these elsewhere.
call_door() {
	program_files | grep -Ev "^($2)\$" | calls "$1"
}

# What a client names is touched by the rooms of the file tree alone; the
# session process enters the home directory before it reads a command.
tree_door() {
	program_files | grep '^worker/' |
		grep -Ev '^worker/(tree/.*|enter\.c)$' |
		calls "$1"
}

rule "OpenSSL only in common/tls/" \
	"$(include_door 'openssl/.*' 'common/tls/.*')"
rule "the kernel's TLS only in common/tls/" \
	"$(include_door 'linux/tls\.h' 'common/tls/.*')"
rule "PAM only in pam/" "$(include_door 'security/.*' 'pam/.*')"
rule "libcap only in common/process/privs" "$(include_door \
	'sys/capability\.h' 'common/process/privs\.[ch]')"
rule "the door to libcap only for common/process/role" "$(include_door \
	'common/process/privs\.h' 'common/process/(privs|role|role_prepare)\.c')"
rule "libseccomp only in common/process/sandbox" "$(include_door \
	'seccomp\.h|linux/(seccomp|filter)\.h' \
	'common/process/sandbox[a-z_]*\.[ch]')"
rule "Landlock only in common/process/landlock" "$(include_door \
	'linux/landlock\.h|common/process/landlock\.h' \
	'common/process/(landlock|role|role_prepare)\.[ch]|daemon/(control/scoreboard|modes/modes)\.c')"
rule "inih only in common/settings/settings_file.c" "$(include_door \
	'ini\.h' 'common/settings/settings_file\.c')"
rule "ncurses only in daemon/control/top_screen.c" "$(include_door \
	'(n?curses|term)\.h' 'daemon/control/top_screen\.c')"
rule "libqrencode only in daemon/quick_share/quick_code.c" "$(include_door \
	'qrencode\.h' 'daemon/quick_share/quick_code\.c')"
rule "libcrypt only in common/password_hash.c" "$(include_door \
	'crypt\.h' 'common/password_hash\.c')"
rule "zlib only in worker/data/deflate.c" "$(include_door \
	'zlib\.h' 'worker/data/deflate\.c')"
rule "identity changes only in common/process/privs.c" "$(call_door \
	'set(res|re|e|fs)?[ug]id|chroot|pivot_root' 'common/process/privs\.c')"
rule "groups change only there, and where PAM is to add some" "$(call_door \
	'setgroups|initgroups' 'common/process/privs\.c|pam/login\.c')"
rule "no program is executed" "$(call_door \
	'exec(v|ve|vp|vpe|l|le|lp|veat)|fexecve|posix_spawnp?' \
	'daemon/(runner/command|control/ctl_server|upgrade/upgrade)\.c')"
rule "no code is loaded but libqrencode" "$(call_door \
	'dlm?open' 'daemon/quick_share/quick_code\.c')"
rule "no pattern language but common/glob" "$(call_door \
	'regcomp|fnmatch|wordexp|glob' '-')"
rule "names of files only in worker/tree/" "$(tree_door \
	'open|openat2?|opendir|creat|l?stat|fstatat|statx|access|faccessat|f?chdir|link(at)?|unlink(at)?|symlink(at)?|readlink(at)?|rename(at2?)?|mkdir(at)?|rmdir|mknod(at)?|truncate|chmod|fchmodat|l?chown|fchownat|utimensat|utimes?')"
summary
