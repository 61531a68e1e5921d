/*
 * suite_pam_shell.c - what Linux-PAM's modules do to a session, beside what
 * they do to a login shell: su(1) runs the same stack.
 *
 * Not here, because an FTP session runs no program: what pam_env sets reaches
 * other modules and nobody else.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <utmp.h>

const char *const functional_name = "pam_shell";

#define SERVICE "auth.pam_service=shell"
#define SEEN "/etc/seen/"

/* The same lines for sureftpd and su. */
static void
write_services(const char *lines)
{
	files_writef("/etc/pam.d/shell",
		"auth required pam_unix.so nodelay\n"
		"account required pam_unix.so\n"
		"session required pam_unix.so\n%s", lines);
	files_writef("/etc/pam.d/su-l",
		"%s"
		"auth sufficient pam_rootok.so\n"
		"account required pam_unix.so\n"
		"session required pam_unix.so\n", lines);
}

/* What a login shell of this account finds in its own /proc: SEEN/NAME. */
static bool
run_shell(const char *account)
{
	static const char command[] = "for f in status limits loginuid; do "
		"cat /proc/self/$f >" SEEN "$f; done; "
		"cat /proc/keys >" SEEN "keys";
	const char *const argv[] = { "su", "-l", account, "-s", "/bin/sh",
		"-c", command, NULL };
	int status = -1;

	mkdir("/etc/seen", 0777);
	CHECK(chmod("/etc/seen", 0777) == 0);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		execv("/bin/su", (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	return CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

/* The line of a /proc file that begins with this; "" if there is none. */
static void
line_of(const char *path, const char *begin, char *line, size_t size)
{
	char text[16384];
	const char *at = text;

	line[0] = '\0';
	if (files_read(path, text, sizeof(text)) < 0)
		return;
	while (at != NULL && strncmp(at, begin, strlen(begin)) != 0) {
		at = strchr(at, '\n');
		at = at == NULL ? NULL : at + 1;
	}
	if (at != NULL)
		snprintf(line, size, "%.*s", (int)strcspn(at, "\n"), at);
}

/* This line is the same in the shell and in the session. */
static void
check_line(const char *file, const char *begin, const char *expected)
{
	char path[64], shell[256], session[256];

	snprintf(path, sizeof(path), SEEN "%s", file);
	line_of(path, begin, shell, sizeof(shell));
	snprintf(path, sizeof(path), "/proc/%d/%s",
		procs_serving(PROCS_SESSION), file);
	line_of(path, begin, session, sizeof(session));
	CHECK_TEXT(session, shell);
	CHECK_HAS(session, expected);
}

/* Everything that a stack of session modules gives to a process. */
static void
test_like_a_shell(void)
{
	struct server s;
	struct ftp c;

	files_append_text("/etc/group", "extra:x:3000:\n");
	files_write_text("/etc/security/group.conf",
		"*;*;anna;Al0000-2400;extra\n");
	files_write_text("/etc/security/limits.conf",
		"anna - fsize 100\n"
		"@team hard nofile 60\n"
		"@team soft nofile 50\n"
		"anna - memlock 32\n"
		"anna - sigpending 77\n"
		"anna - msgqueue 8192\n"
		"anna - cpu 10\n"
		"anna - priority 3\n");
	write_services("auth optional pam_group.so\n"
		"session required pam_loginuid.so\n"
		"session required pam_limits.so\n"
		"session required pam_umask.so umask=027 nousergroups\n");
	if (!run_shell("anna") || !SERVER(&s, SERVICE) ||
	    !ftp_enter(&c, "anna"))
		return;
	check_line("status", "Uid:", "1001");
	check_line("status", "Gid:", "1001");
	check_line("status", "Groups:", "3000");
	check_line("status", "Groups:", "2000");
	check_line("status", "Umask:", "0027");
	check_line("loginuid", "", "1001");
	check_line("limits", "Max file size", "102400");
	check_line("limits", "Max open files", "50                   60");
	check_line("limits", "Max locked memory", "32768");
	check_line("limits", "Max pending signals", "77");
	check_line("limits", "Max msgqueue size", "8192");
	check_line("limits", "Max cpu time", "600");
	CHECK_NUMBER(getpriority(PRIO_PROCESS,
		(id_t)procs_serving(PROCS_SESSION)), 3);
	ftp_close(&c);
	server_stop(&s);
}

/* A limit that bites is a refused upload, and not the session's end. */
static void
test_file_size(void)
{
	static char data[200 * 1024];
	struct server s;
	struct ftp c;

	files_write_text("/etc/security/limits.conf", "anna - fsize 100\n");
	write_services("session required pam_limits.so\n");
	if (!SERVER(&s, SERVICE) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, data, 100 * 1024, "STOR fits"), 226);
	CHECK_NUMBER(ftp_put(&c, data, sizeof(data), "STOR too-large"), 552);
	EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	/* Only anna's. */
	if (!ftp_enter(&c, "bert"))
		return;
	CHECK_NUMBER(ftp_put(&c, data, sizeof(data), "STOR large"), 226);
	ftp_close(&c);
	server_stop(&s);
}

/* What an account sees of its own keys: is there a session keyring? */
static bool
has_keyring(uid_t uid)
{
	int status = -1;

	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		char keys[8192];
		bool found = setresuid(uid, uid, uid) == 0 &&
			files_read("/proc/keys", keys, sizeof(keys)) > 0 &&
			strstr(keys, "keyring   _ses") != NULL;
		_exit(found ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	return status == 0;
}

static void
test_keyring(void)
{
	struct server s;
	struct ftp c;
	char keys[16384];

	write_services("session required pam_keyinit.so force\n");
	if (!run_shell("anna") || !SERVER(&s, SERVICE))
		return;
	CHECK(files_read(SEEN "keys", keys, sizeof(keys)) > 0);
	CHECK_HAS(keys, "keyring   _ses");
	if (!ftp_enter(&c, "bert"))
		return;
	CHECK(has_keyring(1002));
	CHECK(!has_keyring(1004));
	ftp_close(&c);
	server_stop(&s);
}

/* pam_env's variables, seen by a module that runs a program. */
static void
test_env(void)
{
	struct server s;
	struct ftp c;

	files_write_text("/etc/security/pam_env.conf",
		"GREETING DEFAULT=hello\n");
	files_write_text("/etc/note", "#!/bin/sh\n"
		"echo \"$PAM_TYPE $GREETING\" >>/var/log/noted\n");
	CHECK(chmod("/etc/note", 0755) == 0);
	write_services("session required pam_env.so readenv=0 "
		"conffile=/etc/security/pam_env.conf\n"
		"session required pam_exec.so /etc/note\n");
	if (!SERVER(&s, SERVICE) || !ftp_enter(&c, "anna"))
		return;
	CHECK(files_wait_for_text("/var/log/noted", "open_session hello"));
	ftp_close(&c);
	CHECK(files_wait_for_text("/var/log/noted", "close_session hello"));
	server_stop(&s);
}

/* Directories of the account's own in place of shared ones reach the session,
 * and nobody else. */
static void
test_namespace(void)
{
	struct server s;
	struct ftp c;

	mkdir("/home/shared", 0755);
	CHECK(chmod("/home/shared", 01777) == 0);
	mkdir("/home/instances", 0);
	files_write_text("/etc/security/namespace.conf",
		"/home/shared /home/instances/ user root\n");
	write_services("session required pam_namespace.so\n");
	if (!SERVER(&s, SERVICE) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR /home/shared/f"), 226);
	ftp_close(&c);
	CHECK(!files_exist("/home/shared/f"));
	CHECK(files_exist("/home/instances/anna/f"));
	server_stop(&s);
}

/* The entries of wtmp: types, in their order. */
static size_t
read_wtmp(short *types, size_t max)
{
	int fd = open("/var/log/wtmp", O_RDONLY | O_CLOEXEC);
	struct utmp entry;
	size_t n = 0;

	while (n < max && read(fd, &entry, sizeof(entry)) ==
	    (ssize_t)sizeof(entry)) {
		if (entry.ut_type == USER_PROCESS) {
			CHECK(strncmp(entry.ut_user, "anna",
				sizeof(entry.ut_user)) == 0);
			CHECK(strncmp(entry.ut_host, "127.0.0.7",
				sizeof(entry.ut_host)) == 0);
		}
		CHECK(strncmp(entry.ut_line, "ftp",
			sizeof(entry.ut_line)) == 0);
		types[n++] = entry.ut_type;
	}
	close(fd);
	return n;
}

/* Debian 13 has pam_wtmpdb and pam_lastlog2 for the same. */
static bool
has_lastlog(void)
{
	glob_t found = { 0 };
	bool has = glob("/lib/security/pam_lastlog.so", 0, NULL, &found) == 0 ||
		glob("/lib*/*/security/pam_lastlog.so", 0, NULL, &found) == 0;

	globfree(&found);
	return has;
}

static void
test_lastlog(void)
{
	short types[8] = { 0 };
	struct server s;
	struct ftp c;

	if (!has_lastlog()) {
		printf("skipped, pam_lastlog is not installed ");
		return;
	}
	files_write_text("/var/log/wtmp", "");
	files_write_text("/var/log/lastlog", "");
	write_services("session required pam_lastlog.so\n");
	if (!SERVER(&s, SERVICE))
		return;
	for (int i = 0; i < 2; i++) {
		if (!ftp_enter_to(&c, FTP_HOST, "127.0.0.7", "anna"))
			return;
		if (i == 0)
			CHECK_LACKS(c.text, "Last login:");
		else
			CHECK_HAS(c.text, "from 127.0.0.7 on ftp");
		ftp_close(&c);
		CHECK(procs_wait_for_count(PROCS_SESSION, 0, 5000));
	}
	server_stop(&s);
	CHECK_NUMBER((long long)read_wtmp(types, ARRAY_SIZE(types)), 4);
	for (size_t i = 0; i < 4; i++)
		CHECK_NUMBER(types[i], i % 2 == 0 ? USER_PROCESS :
			DEAD_PROCESS);
	CHECK(files_size("/var/log/lastlog") > 0);
}

CU_TestInfo functional_tests[] = {
	{ "ids, groups, umask, limits, loginuid: as in a login shell",
		test_like_a_shell },
	{ "pam_limits: maximum file size", test_file_size },
	{ "pam_keyinit: a session keyring", test_keyring },
	{ "pam_env: variables for other modules", test_env },
	{ "pam_namespace: polyinstantiated directories", test_namespace },
	{ "pam_lastlog: last login, wtmp", test_lastlog },
	CU_TEST_INFO_NULL,
};
