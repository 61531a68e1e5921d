/*
 * suite_anonymous.c - anonymous logins ([anonymous]).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/logged.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <sys/stat.h>
#include <sysexits.h>

const char *const functional_name = "anonymous";

#define ROOT "/home/pub"
#define ENABLED "anonymous.enabled=yes", "anonymous.user=bert", \
	"anonymous.root=" ROOT

/* A directory with a world-readable file, and one that only its owner can read,
 * which is the account of the sessions. */
static void
make_place(void)
{
	files_mkdir_as("root", ROOT, 0755);
	files_mkdir_as("bert", ROOT "/incoming", 0755);
	files_write_text(ROOT "/public", "public");
	files_write_text(ROOT "/private", "private");
	chmod(ROOT "/public", 0644);
	chmod(ROOT "/private", 0640);
	CHECK_NUMBER(chown(ROOT "/private", 1002, 1002), 0);
}

static int
get(struct ftp *c, const char *path)
{
	size_t len = 0;

	free(ftp_get(c, &len, "RETR %s", path));
	return c->code;
}

/* S21, S81: both names, in a jail, to read. */
static void
test_logs_in(void)
{
	static const char *const names[] = { "anonymous", "ftp", "FTP" };
	struct server s;
	struct proc p;
	struct ftp c;

	make_place();
	if (!SERVER(&s, ENABLED))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t mark = logged_mark();
		CHECK_NUMBER(ftp_connect(&c), 220);
		CHECK_NUMBER(ftp_login(&c, names[i], "me@example.org"), 230);
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "\"/\"");
		CHECK_NUMBER(get(&c, "public"), 226);
		CHECK_NUMBER(get(&c, "/public"), 226);
		CHECK_NUMBER(get(&c, "../../public"), 226);
		CHECK_NUMBER(get(&c, "/etc/passwd"), 550);
		EXPECT(&c, 550, "CWD " ROOT);
		CHECK(procs_read(procs_serving(PROCS_SESSION), &p));
		CHECK_NUMBER(p.uid[1], 1002);
		CHECK_LOGGED(mark, "info session=%zu peer=127.0.0.1 "
			"user=anonymous login, *", i + 1);
		ftp_close(&c);
	}
	/* The account itself is not affected. */
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
	CHECK_NUMBER(ftp_try_login("bert", "me@example.org"), 530);
	server_stop(&s);
	if (!SERVER(&s))
		return;
	check_refused("anonymous", "me@example.org", NO_ACCOUNT);
	check_refused("ftp", "me@example.org", NO_ACCOUNT);
	server_stop(&s);
}

/* Permissions enter, list and retrieve: nothing can be changed, even where the
 * account could. */
static void
test_reads_only(void)
{
	struct server s;
	struct ftp c;

	make_place();
	files_write_text(ROOT "/incoming/f", "text");
	CHECK_NUMBER(chown(ROOT "/incoming/f", 1002, 1002), 0);
	/* [group] sections of the account apply only to its own logins. */
	if (!SERVER(&s, ENABLED, "session.permissions=elradfmwMT",
		"group.team.permissions=elradfmwMT"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "ftp", "x"), 230);
	EXPECT(&c, 250, "CWD incoming");
	EXPECT(&c, 550, "MKD made");
	EXPECT(&c, 550, "DELE f");
	EXPECT(&c, 550, "RNFR f");
	EXPECT(&c, 550, "SITE CHMOD 777 f");
	EXPECT(&c, 550, "MFMT 20200101000000 f");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR new"), 550);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "APPE f"), 550);
	CHECK(!files_exist(ROOT "/incoming/new"));
	ftp_close(&c);
	server_stop(&s);
	if (!SERVER(&s, ENABLED, "anonymous.permissions=elw"))
		return;
	CHECK_LOGGED(0, "sureftpd: warning: -o: anonymous clients can change "
		"files as the account bert: permissions in [anonymous] has "
		"letters other than e, l and r");
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "ftp", "x"), 230);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR incoming/new"), 226);
	CHECK_NUMBER(get(&c, "incoming/new"), 550);
	ftp_close(&c);
	server_stop(&s);
}

/* Checked on the opened file: symbolic links do not bypass it. */
static void
test_world_readable_only(void)
{
	struct server s;
	struct ftp c;
	size_t len;

	make_place();
	CHECK_NUMBER(symlink("private", ROOT "/link"), 0);
	CHECK_NUMBER(link(ROOT "/private", ROOT "/hard"), 0);
	if (!SERVER(&s, ENABLED, "user.anna.world_readable_only=yes"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "ftp", "x"), 230);
	EXPECT(&c, 230, "USER ftp");
	EXPECT(&c, 530, "USER anna");
	CHECK_NUMBER(get(&c, "public"), 226);
	CHECK_NUMBER(get(&c, "private"), 550);
	CHECK_NUMBER(get(&c, "link"), 550);
	CHECK_NUMBER(get(&c, "hard"), 550);
	chmod(ROOT "/private", 0644);
	CHECK_NUMBER(get(&c, "link"), 226);
	EXPECT(&c, 250, "MLST private");
	CHECK_HAS(c.text, ";perm=r;");
	chmod(ROOT "/private", 0640);
	CHECK_NUMBER(get(&c, "private"), 550);
	EXPECT(&c, 250, "MLST private");
	CHECK_HAS(c.text, ";perm=;");
	free(ftp_get(&c, &len, "LIST incoming"));
	CHECK_NUMBER(c.code, 226);
	chmod(ROOT "/incoming", 0751);
	free(ftp_get(&c, &len, "LIST incoming"));
	CHECK_NUMBER(c.code, 550);
	free(ftp_get(&c, &len, "NLST incoming/*"));
	CHECK_NUMBER(c.code, 550);
	EXPECT(&c, 250, "MLST incoming");
	CHECK_HAS(c.text, ";perm=e;");
	ftp_close(&c);
	/* Accounts of the host by setting. */
	files_write_text("/home/anna/f", "x");
	CHECK_NUMBER(chown("/home/anna/f", 1001, 1001), 0);
	chmod("/home/anna/f", 0600);
	if (ftp_enter(&c, "anna"))
		CHECK_NUMBER(get(&c, "f"), 550);
	ftp_close(&c);
	server_stop(&s);
	if (!SERVER(&s, ENABLED, "anonymous.world_readable_only=no"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "ftp", "x"), 230);
	CHECK_NUMBER(get(&c, "private"), 226);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_passwords(void)
{
	struct server s;

	make_place();
	if (!SERVER(&s, ENABLED, "anonymous.denied_passwords=bad@x.org"))
		return;
	CHECK_NUMBER(ftp_try_login("ftp", "x"), 230);
	check_refused("ftp", "", "empty password");
	check_refused("ftp", "Bad@X.org", "the password is in "
		"denied_passwords");
	server_stop(&s);
	if (!SERVER(&s, ENABLED, "anonymous.password=none"))
		return;
	CHECK_NUMBER(ftp_try_login("ftp", ""), 230);
	server_stop(&s);
	/* Passwords are logged if log_passwords is set, escaped; never those of
	 * accounts. */
	if (!SERVER(&s, ENABLED, "anonymous.log_passwords=yes"))
		return;
	CHECK_NUMBER(ftp_try_login("ftp", "me@\"x.org"), 230);
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anonymous login, "
		"home directory *, jail *, password \"me@\\x22x.org\"");
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	CHECK_LOGGED(0, "info session=2 peer=127.0.0.1 user=anna login, "
		"home directory \"/home/anna\"");
	server_stop(&s);
	if (!SERVER(&s, ENABLED, "anonymous.password=email"))
		return;
	CHECK_NUMBER(ftp_try_login("ftp", "me@example.org"), 230);
	check_refused("ftp", "guest", "the password is not an e-mail address");
	server_stop(&s);
	if (!SERVER(&s, ENABLED, "anonymous.password=list",
		"anonymous.accepted_passwords=guest"))
		return;
	CHECK_NUMBER(ftp_try_login("anonymous", "guest"), 230);
	check_refused("anonymous", "me@example.org",
		"the password is not in accepted_passwords");
	server_stop(&s);
}

/* Any user setting can be in the section; limits count all anonymous sessions
 * as one account. */
static void
test_settings(void)
{
	struct server s;
	struct ftp c;

	make_place();
	if (!SERVER(&s, ENABLED, "anonymous.max_per_user=1",
		"anonymous.msg_login=Be brief.",
		"anonymous.deny_from=127.0.0.9", "limits.max_per_user=5"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "ftp", "x"), 230);
	CHECK_TEXT(c.text, "230 Be brief.");
	CHECK_NUMBER(ftp_try_login("anonymous", "x"), 530);
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, "127.0.0.9"), 220);
	CHECK_NUMBER(ftp_login(&c, "ftp", "x"), 530);
	ftp_close(&c);
	server_stop(&s);
	/* TLS for all but anonymous sessions, and a text from a file. */
	files_write_text("/etc/greet", "From a file.");
	if (!FTPS_SERVER(&s, ENABLED, "tls.require_tls=login",
		"anonymous.require_tls=no",
		"anonymous.msg_login_file=/etc/greet"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "ftp", "x"), 230);
	CHECK_TEXT(c.text, "230 From a file.");
	ftp_close(&c);
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 530);
	server_stop(&s);
}

static void
test_refused(void)
{
	struct server s;

	make_place();
	if (!SERVER(&s, "anonymous.enabled=yes", "anonymous.user=root",
		"auth.rejected_users="))
		return;
	check_refused("ftp", "x", "anonymous sessions cannot have uid 0");
	server_stop(&s);
	if (!SERVER(&s, "anonymous.enabled=yes"))
		return;
	check_refused("ftp", "x", "no such account ftp, which is user in "
		"[anonymous]");
	server_stop(&s);
	if (!SERVER(&s, ENABLED, "auth.rejected_users=ftp"))
		return;
	/* Both names, in any letter case. */
	check_refused("ftp", "x", "the account is in rejected_users");
	check_refused("FTP", "x", "the account is in rejected_users");
	check_refused("anonymous", "x", "the account is in rejected_users");
	server_stop(&s);
	/* A root directory that the account cannot enter. */
	chmod(ROOT, 0700);
	if (!SERVER(&s, ENABLED))
		return;
	check_refused("ftp", "x", "cannot enter *" ROOT ": Permission denied");
	server_stop(&s);
}

/* S4, S21: --check and the log of the start say that nobody can log in. */
static void
check_warning(const char *lines, const char *warning, bool at_start)
{
	static const char *const arguments[] = { "-C", SERVER_CONFIG,
		"--check", NULL };
	struct ctl_result r;
	struct server s;

	files_write_text(SERVER_CONFIG, lines);
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_OK);
	CHECK_HAS(r.err, warning);
	size_t mark = logged_mark();
	if (!SERVER(&s))
		return;
	CHECK_LOGGED(mark, "*listening on port 21");
	CHECK_NUMBER(logged_times(mark, "*anonymous logins will be refused*"),
		at_start);
	server_stop(&s);
}

static void
test_warnings(void)
{
	static const char *const arguments[] = { "-C", SERVER_CONFIG,
		"--check", NULL };
	struct ctl_result r;

	check_warning("[anonymous]\nenabled = yes\n", SERVER_CONFIG ":2: "
		"warning: anonymous logins will be refused: no such account "
		"ftp, which is user in [anonymous]\n", true);
	check_warning("[anonymous]\nenabled = yes\nuser = root\n",
		"anonymous logins will be refused: anonymous sessions cannot "
		"have uid 0\n", true);
	check_warning("[anonymous]\nenabled = yes\nuser = bert\n"
		"root = /nope\n", "anonymous logins will be refused: /nope "
		"is not a directory that exists\n", false);
	files_write_text(SERVER_CONFIG, "[anonymous]\nenabled = yes\n"
		"user = bert\n");
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_OK);
	CHECK_LACKS(r.err, "anonymous");
}

CU_TestInfo functional_tests[] = {
	{ "anonymous and ftp log in, in a jail", test_logs_in },
	{ "they only read, unless their section says so", test_reads_only },
	{ "only what everybody can read", test_world_readable_only },
	{ "rules for passwords", test_passwords },
	{ "settings of their own", test_settings },
	{ "what they cannot be", test_refused },
	{ "warnings when nobody could log in", test_warnings },
	CU_TEST_INFO_NULL,
};
