/*
 * suite_pam.c - what PAM modules see, and their effects on a session (rule
 * R23).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "pam";

#define TRACE "/var/log/pam-trace"
#define SERVICE "auth.pam_service=tried"

/* A service of pam_unix with these lines added. */
static void
write_service(const char *lines)
{
	files_writef("/etc/pam.d/tried",
		"@include common-auth\n"
		"@include common-account\n"
		"@include common-session-noninteractive\n%s", lines);
}

/* A module that records its calls. */
static void
write_tracer(void)
{
	files_write_text("/etc/trace",
		"#!/bin/sh\n"
		"echo \"$PAM_TYPE $PAM_SERVICE $PAM_USER $PAM_RHOST "
		"tty=$PAM_TTY uid=$(id -u)\" >>" TRACE "\n");
	CHECK(chmod("/etc/trace", 0755) == 0);
	write_service("auth optional pam_exec.so quiet /etc/trace\n"
		      "account optional pam_exec.so quiet /etc/trace\n"
		      "session optional pam_exec.so quiet /etc/trace\n");
}

static void
test_items_and_order(void)
{
	static const char *const types[] = { "auth", "account",
		"open_session", "close_session" };
	char text[4096], expected[128];
	struct server s;
	struct ftp c;
	const char *last = text;

	write_tracer();
	if (!SERVER(&s, SERVICE) ||
	    !ftp_enter_to(&c, FTP_HOST, "127.0.0.7", "anna"))
		return;
	CHECK(files_wait_for_text(TRACE, "open_session"));
	CHECK(files_read(TRACE, text, sizeof(text)) > 0);
	CHECK_LACKS(text, "close_session");
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK(files_wait_for_text(TRACE, "close_session"));
	CHECK(files_read(TRACE, text, sizeof(text)) > 0);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		snprintf(expected, sizeof(expected),
			"%s tried anna 127.0.0.7 tty=", types[i]);
		const char *at = strstr(last, expected);
		if (!CHECK_SAYS(at != NULL, "no \"%s\" in order in: %s",
			    expected, text))
			break;
		last = at;
	}
	CHECK_LACKS(text, "tty= ");
	CHECK_LACKS(text, "uid=1001");
	server_stop(&s);
}

/* However the session ends, PAM's session is closed. */
static void
test_session_is_always_closed(void)
{
	static const struct {
		const char *user, *outcome;
	} kinds[] = {
		{ "anna", "connection lost" }, { "bert", "idle timeout" },
		{ "anna", "stopped" }, { "anna", "stopped" },
	};
	struct server s;
	struct ftp c;

	write_tracer();
	server_configure("[user \"bert\"]\nidle_timeout = 1\n");
	if (!SERVER(&s, SERVICE))
		return;
	for (size_t kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
		unlink(TRACE);
		if (!ftp_enter(&c, kinds[kind].user))
			return;
		if (kind == 0)
			ftp_reset(&c);
		if (kind == 1)
			EXPECT_REPLY(&c, 421);
		pid_t session = kind == 2 ? procs_serving(PROCS_SESSION) : 0;
		if (kind == 2)
			CHECK(session > 1 && kill(session, SIGKILL) == 0);
		if (kind == 3)
			CHECK(kill(s.pid, SIGTERM) == 0);
		CHECK_SAYS(files_wait_for_text(TRACE, "close_session"),
			"kind %zu left the session open", kind);
		CHECK_LOGGED(0, "info session=%zu peer=127.0.0.1 user=%s "
			"session ended: %s after * s", kind + 1,
			kinds[kind].user, kinds[kind].outcome);
		ftp_close(&c);
	}
	server_stop(&s);
}

static bool
is_given_up(void *context UNUSED)
{
	return logged_times(0, "warning session=1 peer=127.0.0.1 user=anna PAM "
		"did not close the session within login_timeout") > 0;
}

/* Else the session would count for limits until the server stops. */
static void
test_module_that_hangs(void)
{
	struct server s;
	struct ftp c;

	CHECK(files_writef("/etc/hang", "#!/bin/sh\n"
		"test $PAM_TYPE = open_session && exit\n"
		"until test -e /etc/go; do sleep 0.1; done\n"));
	CHECK(chmod("/etc/hang", 0755) == 0);
	write_service("session required pam_exec.so quiet /etc/hang\n");
	if (!SERVER(&s, SERVICE, "limits.login_timeout=3",
	    "limits.max_per_user=1") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	CHECK(wait_until(is_given_up, NULL, 20000));
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna session "
		"ended: quit after * s");
	files_write_text("/etc/go", "");
	if (ftp_enter(&c, "anna"))
		ftp_close(&c);
	server_stop(&s);
}

/* Without a successful login no PAM session is opened. */
static void
test_no_session_without_login(void)
{
	char text[4096];
	struct server s;

	write_tracer();
	if (!SERVER(&s, SERVICE))
		return;
	check_refused("anna", "wrong", WRONG_PASSWORD);
	check_refused("dora", "dora-pass", "pam_acct_mgmt: *");
	check_refused("carl", "carl-pass", "shell *");
	check_refused("root", "rootpass", "the account is in rejected_users");
	server_stop(&s);
	/* Control: the other phases were recorded. */
	CHECK(files_read(TRACE, text, sizeof(text)) > 0);
	CHECK_HAS(text, "account tried carl 127.0.0.1 ");
	CHECK_LACKS(text, "open_session");
}

static void
test_refused_session(void)
{
	struct server s;

	write_service("session required pam_deny.so\n");
	if (!SERVER(&s, SERVICE))
		return;
	check_refused("anna", "anna-pass", "pam_open_session: *");
	server_stop(&s);
}

static void
test_umask(void)
{
	struct server s;
	struct ftp c;
	struct stat st = { 0 };

	write_service("session optional pam_umask.so umask=027 nousergroups\n");
	if (!SERVER(&s, SERVICE) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	CHECK(stat("/home/anna/f", &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0640);
	ftp_close(&c);
	server_stop(&s);
	/* Without the module it is that of login programs, not that of who
	 * started the server. */
	umask(077);
	bool started = SERVER(&s, "auth.pam_service=" ACCOUNTS_PERMIT);
	umask(022);
	if (!started || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR h"), 226);
	CHECK(stat("/home/anna/h", &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0644);
	ftp_close(&c);
	server_stop(&s);
	/* The umask setting takes precedence. */
	if (!SERVER(&s, SERVICE, "session.umask=077") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR g"), 226);
	CHECK(stat("/home/anna/g", &st) == 0);
	CHECK_NUMBER(st.st_mode & 07777, 0600);
	ftp_close(&c);
	server_stop(&s);
}

/* Groups that a module adds reach the session and no other. */
static void
test_groups(void)
{
	struct server s;
	struct ftp c;
	struct proc p = { 0 };
	bool found = false;

	files_append_text("/etc/group", "extra:x:3000:\n");
	files_write_text("/etc/security/group.conf",
		"tried;*;anna;Al0000-2400;extra\n");
	write_service("auth optional pam_group.so\n");
	if (!SERVER(&s, SERVICE) || !ftp_enter(&c, "anna"))
		return;
	CHECK(procs_read(procs_serving(PROCS_SESSION), &p));
	for (size_t i = 0; i < p.ngroups; i++)
		found = found || p.groups[i] == 3000;
	CHECK_SAYS(found, "the session has not got PAM's group");
	ftp_close(&c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	if (!ftp_enter(&c, "bert"))
		return;
	CHECK(procs_read(procs_serving(PROCS_SESSION), &p));
	for (size_t i = 0; i < p.ngroups; i++)
		CHECK(p.groups[i] != 3000);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_limits(void)
{
	char path[64], limits[4096];
	struct server s;
	struct ftp c;

	files_write_text("/etc/security/limits.conf",
		"anna hard nofile 100\nanna soft nofile 50\n");
	if (!SERVER(&s, "auth.pam_service=" ACCOUNTS_LIMITS) ||
	    !ftp_enter(&c, "anna"))
		return;
	snprintf(path, sizeof(path), "/proc/%d/limits",
		procs_serving(PROCS_SESSION));
	CHECK(files_read(path, limits, sizeof(limits)) > 0);
	CHECK_HAS(limits, "Max open files            50                   100");
	ftp_close(&c);
	server_stop(&s);
}

/* The home directory is created by the module before it is entered. */
static void
test_made_home(void)
{
	struct server s;
	struct ftp c;

	mkdir("/etc/skel", 0755);
	files_write_text("/etc/skel/welcome", "hello");
	write_service("session required pam_mkhomedir.so\n");
	if (!SERVER(&s, SERVICE) || !ftp_enter(&c, "finn"))
		return;
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/finn\"");
	EXPECT(&c, 250, "MLST welcome");
	ftp_close(&c);
	server_stop(&s);
}

/* pam_unix on this machine may ask the set-uid helper; either way it works
 * with a shadow file that only root reads, and the shipped service has no
 * module for interactive sessions. */
static void
test_shipped_service(void)
{
	char text[8192];

	CHECK(files_read("/etc/pam.d/sureftpd", text, sizeof(text)) > 0);
	CHECK_HAS(text, "common-auth");
	CHECK_HAS(text, "common-account");
	CHECK_HAS(text, "common-session-noninteractive");
	CHECK_LACKS(text, "common-session\n");
}

CU_TestInfo functional_tests[] = {
	{ "modules see service, user, address and terminal, in order",
		test_items_and_order },
	{ "PAM's session is closed however the session ends",
		test_session_is_always_closed },
	{ "a module that hangs at the end does not keep the session",
		test_module_that_hangs },
	{ "without a login no PAM session is opened",
		test_no_session_without_login },
	{ "if PAM refuses the session, the login is refused",
		test_refused_session },
	{ "pam_umask", test_umask },
	{ "pam_group", test_groups },
	{ "pam_limits", test_limits },
	{ "pam_mkhomedir", test_made_home },
	{ "the shipped service file", test_shipped_service },
	CU_TEST_INFO_NULL,
};
