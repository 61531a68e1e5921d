/*
 * suite_jail.c - jails: which sessions are jailed, where, what is accessible,
 * and that no library is loaded from inside.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/lists.h"
#include "tests/functional/trace_names.h"

#include <sys/stat.h>

const char *const functional_name = "jail";

static void
check_pwd(struct ftp *c, const char *path)
{
	char quoted[128];

	snprintf(quoted, sizeof(quoted), "\"%s\"", path);
	EXPECT(c, 257, "PWD");
	CHECK_HAS(c->text, quoted);
}

static void
check_starts_in(const char *account, const char *path)
{
	struct ftp c;

	if (ftp_enter(&c, account)) {
		check_pwd(&c, path);
		EXPECT(&c, 221, "QUIT");
	}
	ftp_close(&c);
}

/* S61: nothing outside is accessible by any command. */
static void
test_home(void)
{
	static const char *const outside[] = { "/etc", "..", "../..",
		"/home/anna", "../bert", "link", "/../etc", "/proc" };
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/anna/sub", 0755);
	files_write_as("bert", "/home/bert/theirs", "x", 1);
	CHECK(symlink("/etc", "/home/anna/link") == 0);
	if (!SERVER(&s, "session.jail=home") || !ftp_enter(&c, "anna"))
		return;
	check_pwd(&c, "/");
	for (size_t i = 0; i < ARRAY_SIZE(outside); i++) {
		ftp_command(&c, "CWD %s", outside[i]);
		if (c.code == 250)
			check_pwd(&c, "/");
		EXPECT(&c, 250, "CWD /");
	}
	EXPECT(&c, 550, "SIZE /etc/passwd");
	EXPECT(&c, 550, "RETR /home/bert/theirs");
	EXPECT(&c, 250, "CWD sub");
	check_pwd(&c, "/sub");
	EXPECT(&c, 250, "CWD ~");
	check_pwd(&c, "/");
	/* The root of the jail may be written to. */
	CHECK_NUMBER(ftp_put(&c, "abc", 3, "STOR new"), 226);
	CHECK(files_same("/home/anna/new", "abc", 3));
	EXPECT(&c, 257, "MKD sub/deep");
	CHECK_HAS(c.text, "\"/sub/deep\"");
	EXPECT(&c, 250, "MLST new");
	CHECK_HAS(c.text, " /new\n");
	CHECK_LACKS(c.text, "/home");
	ftp_close(&c);
	server_stop(&s);
}

#define ANNA "info session=1 peer=127.0.0.1 user=anna "

/* Logs name the file on the host, and what the client calls it. */
static void
test_names_in_logs(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.jail=home",
		    "log.xferlog_file=/var/log/xfer") || !ftp_enter(&c, "anna"))
		return;
	CHECK_LOGGED(0, ANNA "login, home directory \"/home/anna\", jail "
		"\"/home/anna\"");
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 257, "MKD d");
	CHECK_LOGGED(0, ANNA "created directory \"/home/anna/d\" "
		"(client path \"/d\")");
	CHECK_NUMBER(ftp_put(&c, "abc", 3, "STOR d/f"), 226);
	CHECK_LOGGED(0, ANNA "upload of \"/home/anna/d/f\" "
		"(client path \"/d/f\") complete, 3 bytes in *");
	EXPECT(&c, 350, "RNFR d/f");
	EXPECT(&c, 250, "RNTO /g");
	CHECK_LOGGED(0, ANNA "renamed \"/home/anna/d/f\" "
		"(client path \"/d/f\") to \"/home/anna/g\" "
		"(client path \"/g\")");
	EXPECT(&c, 550, "RMD /");
	CHECK_LOGGED(0, ANNA "could not remove directory \"/home/anna\" "
		"(client path \"/\"): *");
	CHECK(files_wait_for_text("/var/log/xfer", " 3 /d/f b "));
	ftp_close(&c);
	server_stop(&s);
}

/* The names of owners are known from before the jail was entered; others are
 * numbers. */
static void
test_owners(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	files_write_as("bert", "/home/anna/theirs", "x", 1);
	files_write_as("anna", "/home/anna/team", "x", 1);
	files_write_as("anna", "/home/anna/none", "x", 1);
	CHECK(chown("/home/anna/team", (uid_t)-1, ACCOUNTS_TEAM_GID) == 0);
	CHECK(chown("/home/anna/none", 4711, 4712) == 0);
	if (!SERVER(&s, "session.jail=home") || !ftp_enter(&c, "anna"))
		return;
	char *list = ftp_get(&c, &len, "LIST");
	EXPECT_WAS(&c, 226);
	if (CHECK(list != NULL)) {
		CHECK_HAS(list, " bert     bert     ");
		CHECK_HAS(list, " anna     team     ");
		CHECK_HAS(list, " 4711     4712     ");
	}
	free(list);
	ftp_close(&c);
	server_stop(&s);
}

/* S83: enabled and disabled, by user and by group. */
static void
test_scopes(void)
{
	struct server s;

	if (!SERVER(&s, "session.jail=home", "user.bert.jail=no"))
		return;
	check_starts_in("anna", "/");
	check_starts_in("bert", "/home/bert");
	server_stop(&s);
	if (!SERVER(&s, "group.team.jail=home", "user.bert.jail=no"))
		return;
	check_starts_in("anna", "/");
	check_starts_in("bert", "/home/bert");
	check_starts_in("jan", "/home/jan");
	server_stop(&s);
}

static void
test_tokens(void)
{
	struct server s;
	struct ftp c;

	mkdir("/home/ftp", 0755);
	files_mkdir_as("anna", "/home/ftp/anna", 0700);
	files_mkdir_as("anna", "/home/ftp/anna/in", 0700);
	files_mkdir_as("bert", "/home/bert/web%", 0700);
	if (!SERVER(&s, "session.jail=/home/ftp/%u", "session.start_dir=in",
		    "user.bert.jail=%h/web%%", "user.bert.start_dir="))
		return;
	check_starts_in("anna", "/in");
	check_starts_in("bert", "/");
	CHECK_LOGGED(0, "info session=2 peer=127.0.0.1 user=bert login, home "
		"directory \"/home/bert\", jail \"/home/bert/web%%\"");
	/* Where there is no such directory, there is no session. */
	check_refused("jan", "  a \"b\" %s \xc3\xa9\xff ",
		"cannot enter the jail /home/ftp/jan: No such file or "
		"directory");
	server_stop(&s);
	/* The home directory is inside: the session starts there. */
	if (!SERVER(&s, "session.jail=/home", "auth.allow_missing_home=yes",
		    "user.bert.start_dir=/ftp"))
		return;
	if (ftp_enter(&c, "anna")) {
		check_pwd(&c, "/anna");
		EXPECT(&c, 250, "CWD /ftp/anna/in");
		EXPECT(&c, 250, "CWD ~");
		check_pwd(&c, "/anna");
	}
	ftp_close(&c);
	check_starts_in("bert", "/ftp");
	server_stop(&s);
	if (!SERVER(&s, "session.jail=/home/%d"))
		return;
	check_refused("anna", "anna-pass", "the value of %d cannot be part of "
		"a path: \"\"");
	server_stop(&s);
}

/* The marker of passwd(5), as vsftpd and Pure-FTPd have it. */
static void
test_marker(void)
{
	struct server s;

	mkdir("/home/site", 0755);
	files_mkdir_as("anna", "/home/site/anna", 0700);
	accounts_set_home("anna", "/home/site/./anna");
	if (!SERVER(&s, "session.jail=home"))
		return;
	check_starts_in("anna", "/anna");
	server_stop(&s);
	/* Without a jail it is a path like any other. */
	if (!SERVER(&s))
		return;
	check_starts_in("anna", "/home/site/anna");
	server_stop(&s);
	accounts_set_home("anna", "/home/site/./none");
	if (!SERVER(&s, "session.jail=home"))
		return;
	check_refused("anna", "anna-pass", "cannot enter the home directory "
		"/home/site/./none: No such file or directory");
	server_stop(&s);
	if (!SERVER(&s, "session.jail=home", "auth.allow_missing_home=yes"))
		return;
	check_starts_in("anna", "/");
	server_stop(&s);
}

static void
test_start_dir(void)
{
	struct server s;

	files_mkdir_as("anna", "/home/anna/public html", 0755);
	if (!SERVER(&s, "session.start_dir=public html",
		    "user.bert.start_dir=/tmp", "user.jan.start_dir=none"))
		return;
	check_starts_in("anna", "/home/anna/public html");
	check_starts_in("bert", "/tmp");
	check_refused("jan", "  a \"b\" %s \xc3\xa9\xff ",
		"cannot enter the start directory /home/jan/none: No such "
		"file or directory");
	server_stop(&s);
}

/* If a jail cannot be entered, the login fails. */
static void
test_no_jail(void)
{
	struct server s;

	if (!SERVER(&s, "session.jail=home", "auth.allow_missing_home=yes"))
		return;
	check_refused("finn", "finn-pass", "cannot enter the jail /home/finn: "
		"No such file or directory");
	check_refused("iris", "iris-pass", "cannot enter the jail /home/iris: "
		"Permission denied");
	server_stop(&s);
	/* Read, but not searched. */
	mkdir("/home/ftp", 0744);
	if (!SERVER(&s, "session.jail=/home/ftp"))
		return;
	check_refused("anna", "anna-pass", "cannot enter the jail /home/ftp: "
		"Permission denied");
	server_stop(&s);
}

/* Everything that a library might look for, all of it the user's own. */
static void
fill_jail(void)
{
	static const char *const directories[] = { "etc", "lib", "lib64",
		"usr", "usr/lib", "usr/lib/gconv", "dev", "usr/share",
		"usr/share/zoneinfo", "etc/ssl" };
	static const char *const files[] = { "etc/passwd", "etc/group",
		"etc/nsswitch.conf", "etc/localtime", "etc/ld.so.cache",
		"etc/ld.so.preload", "lib/libnss_files.so.2",
		"lib/libnss_compat.so.2", "etc/ssl/openssl.cnf",
		"usr/lib/gconv/gconv-modules", "dev/log", "etc/hosts" };
	char path[128];

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		snprintf(path, sizeof(path), "/home/anna/%s", directories[i]);
		files_mkdir_as("anna", path, 0755);
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "/home/anna/%s", files[i]);
		files_write_text(path, "evil:x:1001:1001::/:/bin/sh\n");
		files_give(path, "anna");
	}
	files_write_as("bert", "/home/anna/berts", "x", 1);
	files_write_text("/home/anna/strangers", "x");
	CHECK(chown("/home/anna/strangers", 4711, 4711) == 0);
	files_write_as("anna", "/home/anna/\xc3\xa9t\xe9", "x", 1);
}

/* Is each line one of those that the client's commands are about? */
static void
check_opened(const char *names)
{
	static const char *const expected[] = { ".", "/", "berts", "new",
		"\xc3\xa9t\xe9", "etc/", "none" };
	size_t len;

	for (; *names != '\0'; names += len + 1) {
		bool known = false;
		len = strcspn(names, "\n");
		for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
			known |= strlen(expected[i]) == len &&
				memcmp(names, expected[i], len) == 0;
		CHECK_SAYS(known, "the session opened \"%.*s\"", (int)len,
			names);
		if (names[len] == '\0')
			break;
	}
}

static void
use_jail(struct ftp *c)
{
	char *list = lists_get(c, "LIST -la");
	size_t len;

	CHECK_HAS(list, " anna     anna     ");
	CHECK_HAS(list, " bert     bert     ");
	CHECK_HAS(list, " 4711     4711     ");
	CHECK_LACKS(list, "evil");
	free(list);
	free(lists_get(c, "MLSD"));
	EXPECT(c, 200, "OPTS UTF8 ON");
	EXPECT(c, 213, "MDTM \xc3\xa9t\xe9");
	CHECK_NUMBER(ftp_put(c, "a\r\nb", 4, "STOR new"), 226);
	free(ftp_get(c, &len, "RETR berts"));
	EXPECT_WAS(c, 226);
	EXPECT(c, 550, "RETR etc/none");
	EXPECT(c, 250, "DELE new");
	EXPECT(c, 221, "QUIT");
}

/* Rule R25; design section 5 */
static void
check_nothing_is_loaded(bool tls)
{
	static struct trace_names t;
	static struct ftps c;
	struct server s;

	fill_jail();
	if (!FTPS_SERVER(&s, "session.jail=home", "server.list_times=local",
		    "server.min_spare_workers=0"))
		return;
	if (!CHECK(trace_names_begin(&t, s.pid)))
		return;
	ftps_init(&c);
	c.reuse = FTPS_REUSE_LAST;
	if (tls ? ftps_enter(&c, "anna") : ftp_enter(&c.c, "anna"))
		use_jail(&c.c);
	ftp_close(&c.c);
	const char *names = trace_names_end(&t);
	if (CHECK(names != NULL)) {
		CHECK_HAS(names, "new\n");
		check_opened(names);
	}
	server_stop(&s);
}

static void
test_nothing_is_loaded(void)
{
	check_nothing_is_loaded(false);
}

static void
test_nothing_with_tls(void)
{
	check_nothing_is_loaded(true);
}

CU_TestInfo functional_tests[] = {
	{ "nothing outside the home directory is accessible", test_home },
	{ "logs have the host's path and the client's", test_names_in_logs },
	{ "owners in listings have names", test_owners },
	{ "jail by user and by group", test_scopes },
	{ "paths with tokens", test_tokens },
	{ "a home directory with /./", test_marker },
	{ "start_dir", test_start_dir },
	{ "a jail that cannot be entered refuses the login", test_no_jail },
	{ "nothing is loaded from inside a jail", test_nothing_is_loaded },
	{ "nothing is loaded from inside a jail, with TLS",
		test_nothing_with_tls },
	CU_TEST_INFO_NULL,
};
