/*
 * suite_file_users.c - accounts that exist for FTP only.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "common/password_hash.h"
#include "tests/functional/accounts.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/procs.h"
#include "tests/functional/passwd.h"
#include "tests/functional/world.h"

#include <sys/stat.h>
#include <sysexits.h>

const char *const functional_name = "file_users";

/* S7, S8, S88: it runs as anna, in its own home directory, read-only. */
static void
test_logs_in(void)
{
	struct server s;
	struct ftp c;

	files_mkdir_as("anna", "/home/shared", 0700);
	files_write_text("/home/shared/f", "text");
	if (!passwd_add("carla", "carla-pw", "home=/home/shared") ||
	    !SERVER(&s, PASSWD_BACKENDS))
		return;
	size_t mark = logged_mark();
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "carla", "carla-pw"), 230);
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/shared\"");
	size_t len = 0;
	char *data = ftp_get(&c, &len, "RETR f");
	CHECK(data != NULL && len == 4);
	free(data);
	EXPECT(&c, 550, "MKD made");
	EXPECT(&c, 550, "DELE f");
	struct proc p;
	CHECK(procs_read(procs_serving(PROCS_SESSION), &p));
	CHECK_NUMBER(p.uid[1], 1001);
	CHECK_NUMBER(p.gid[1], 1001);
	ftp_close(&c);
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.1 user=carla "
		"login, home directory \"/home/shared\"");
	check_refused("carla", "carla-pw2", "wrong password");
	check_refused("carla", "", "empty password");
	check_refused("carlas", "carla-pw", NO_ACCOUNT);
	/* Accounts of the host are not affected. */
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	CHECK_NUMBER(ftp_try_login("anna", "carla-pw"), 530);
	server_stop(&s);
	/* Without the backend the account does not exist. */
	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_try_login("carla", "carla-pw"), 530);
	server_stop(&s);
}

/* S83: [user] of the settings, and then its own lines. */
static void
test_settings(void)
{
	struct server s;
	struct ftp c;

	if (!passwd_add("carla", "pw", "permissions=elrm") ||
	    !passwd_add("dirk", "pw", "max_per_user=1") ||
	    !passwd_add("emil", "pw", "deny_from=127.0.0.9"))
		return;
	if (!SERVER(&s, PASSWD_BACKENDS, "user.carla.permissions=el",
		"user.carla.msg_login=Hello.", "user.dirk.permissions=elrm"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "carla", "pw"), 230);
	CHECK_TEXT(c.text, "230 Hello.");
	EXPECT(&c, 257, "MKD carlas");
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "dirk", "pw"), 230);
	EXPECT(&c, 257, "MKD dirks");
	/* Limits count its own name, not other names with the same account. */
	CHECK_NUMBER(ftp_try_login("dirk", "pw"), 530);
	CHECK_NUMBER(ftp_try_login("emil", "pw"), 230);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, "127.0.0.9"), 220);
	CHECK_NUMBER(ftp_login(&c, "emil", "pw"), 530);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_order(void)
{
	struct server s;

	if (!passwd_add("bert", "file-pw", "home=/home/anna"))
		return;
	if (!SERVER(&s, PASSWD_BACKENDS))
		return;
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
	CHECK_NUMBER(ftp_try_login("bert", "file-pw"), 530);
	server_stop(&s);
	if (!SERVER(&s, "auth.backends=file pam"))
		return;
	CHECK_NUMBER(ftp_try_login("bert", "file-pw"), 230);
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 530);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	server_stop(&s);
	if (!SERVER(&s, "auth.backends=file"))
		return;
	CHECK_NUMBER(ftp_try_login("bert", "file-pw"), 230);
	check_refused("anna", "anna-pass", "no such account");
	server_stop(&s);
}

/* Nobody waits for its writer, also not the master, which looks for quotas. */
static void
test_named_pipe(void)
{
	struct ctl_result r;
	struct server s;

	CHECK(mkfifo(PASSWD_FILE, 0600) == 0);
	if (!SERVER(&s, PASSWD_BACKENDS))
		return;
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	CHECK_NUMBER(CTL(&r, "reload"), EX_OK);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	check_refused("carla", "pw", PASSWD_FILE ": not a regular file");
	server_stop(&s);
}

/* Invalid accounts and lines. */
static void
test_refused(void)
{
	char hash[PASSWORD_HASH_SIZE], text[8 * PASSWORD_HASH_SIZE];
	struct server s;

	CHECK_NUMBER(password_hash_new("pw", hash), 0);
	snprintf(text, sizeof(text),
		"[rooty]\naccount = root\npassword_hash = %s\n"
		"[gone]\naccount = nosuch\npassword_hash = %s\n"
		"[none]\naccount = anna\n"
		"[locked]\naccount = anna\npassword_hash = !%s\n"
		"[wrong]\naccount = anna\npassword_hash = %s\nx = 1\n"
		"[carl2]\naccount = carl\npassword_hash = %s\n"
		"[twice]\naccount = anna\npassword_hash = %s\n"
		"[twice]\naccount = anna\npassword_hash = %s\n",
		hash, hash, hash, hash, hash, hash, hash);
	files_write_text(PASSWD_FILE, text);
	chmod(PASSWD_FILE, 0600);
	if (!SERVER(&s, PASSWD_BACKENDS, "auth.rejected_users=banned"))
		return;
	CHECK_LOGGED(0, "sureftpd: warning: " PASSWD_FILE ":15: x is not a "
		"setting of accounts");
	check_refused("rooty", "pw", "a file account cannot be mapped to "
		"uid 0");
	check_refused("gone", "pw", "no such account nosuch, to which it is "
		"mapped");
	check_refused("none", "pw", "the account has no valid "
		"password_hash");
	check_refused("locked", "pw", PASSWD_FILE ":11: password_hash must be "
		"*");
	check_refused("wrong", "pw", PASSWD_FILE ":15: x is not a setting of "
		"accounts");
	check_refused("twice", "pw", PASSWD_FILE ":22: the account is defined "
		"twice");
	/* The shell of the host's account does not matter. */
	CHECK_NUMBER(ftp_try_login("carl2", "pw"), 230);
	chmod(PASSWD_FILE, 0666);
	check_refused("carl2", "pw", PASSWD_FILE ": *");
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	server_stop(&s);
}

/* rejected_users and allowed_users apply to them, too. */
static void
test_lists(void)
{
	struct server s;

	if (!passwd_add("carla", "pw", "max_per_user=9") ||
	    !passwd_add("dirk", "pw", "max_per_user=9"))
		return;
	if (!SERVER(&s, PASSWD_BACKENDS, "auth.rejected_users=root carla"))
		return;
	check_refused("carla", "pw", "the account is in rejected_users");
	CHECK_NUMBER(ftp_try_login("dirk", "pw"), 230);
	server_stop(&s);
	if (!SERVER(&s, PASSWD_BACKENDS, "auth.allowed_users=carla"))
		return;
	CHECK_NUMBER(ftp_try_login("carla", "pw"), 230);
	check_refused("dirk", "pw", "the account is not in allowed_users");
	server_stop(&s);
	/* They have the groups of the account they are mapped to. */
	if (!SERVER(&s, PASSWD_BACKENDS, "auth.allowed_groups=team",
		"auth.rejected_users=dirk"))
		return;
	CHECK_NUMBER(ftp_try_login("carla", "pw"), 230);
	check_refused("dirk", "pw", "the account is in rejected_users");
	server_stop(&s);
	if (!SERVER(&s, PASSWD_BACKENDS, "auth.rejected_groups=team"))
		return;
	check_refused("carla", "pw", "the account is in rejected_groups");
	server_stop(&s);
}

/* R17: names of the file, of the host and unknown ones get the same replies, at
 * the same time. */
static void
test_looks_the_same(void)
{
	static const char *const names[] = { "carla", "anna", "nosuch" };
	struct server s;
	struct ftp c;

	if (!passwd_add("carla", "pw", "max_per_user=9") ||
	    !SERVER(&s, PASSWD_BACKENDS, "auth.failed_login_delay=1"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK_NUMBER(ftp_connect(&c), 220);
		EXPECT(&c, 331, "USER %s", names[i]);
		CHECK_TEXT(c.text, "331 Password required.");
		int64_t began = clock_ms();
		EXPECT(&c, 530, "PASS wrong");
		int64_t took = clock_ms() - began;
		CHECK_TEXT(c.text, "530 Login incorrect.");
		CHECK_SAYS(took >= 990 && took < 1500, "%s took %lld ms",
			names[i], (long long)took);
		ftp_close(&c);
	}
	server_stop(&s);
}

/* PAM's limits for the host's account apply if a PAM session is opened. */
static void
test_pam_session(void)
{
	static const char *const settings[] = { "auth.file_user_sessions=no",
		"auth.file_user_sessions=yes" };
	char path[64], limits[4096];
	struct server s;
	struct ftp c;

	files_write_text("/etc/security/limits.conf",
		"anna hard nofile 100\nanna soft nofile 50\n");
	if (!passwd_add("carla", "pw", "max_per_user=9"))
		return;
	for (int on = 0; on < 2; on++) {
		if (!SERVER(&s, PASSWD_BACKENDS,
			"auth.pam_service=" ACCOUNTS_LIMITS, settings[on]))
			return;
		CHECK_NUMBER(ftp_connect(&c), 220);
		CHECK_NUMBER(ftp_login(&c, "carla", "pw"), 230);
		snprintf(path, sizeof(path), "/proc/%d/limits",
			procs_serving(PROCS_SESSION));
		CHECK(files_read(path, limits, sizeof(limits)) > 0);
		check_has(__FILE__, __LINE__, "limits", limits,
			"Max open files            50                   100",
			on == 1);
		ftp_close(&c);
		server_stop(&s);
	}
}

/* --check reports what is wrong in the file; the server starts nevertheless. */
static void
test_check(void)
{
	static const char *const arguments[] = { "-C", SERVER_CONFIG, "-o",
		PASSWD_BACKENDS, "--check", NULL };
	struct ctl_result r;
	struct server s;

	files_write_text(SERVER_CONFIG, "");
	files_write_text(PASSWD_FILE, "[carla]\naccount = anna\nx = 1\n");
	chmod(PASSWD_FILE, 0644);
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_CONFIG);
	CHECK_HAS(r.err, PASSWD_FILE ":3: x is not a setting of accounts\n");
	CHECK_HAS(r.err, "others can read " PASSWD_FILE);
	if (SERVER(&s, PASSWD_BACKENDS))
		server_stop(&s);
	files_write_text(PASSWD_FILE, "[carla]\naccount = anna\n");
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_OK);
	unlink(PASSWD_FILE);
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_OK);
}

CU_TestInfo functional_tests[] = {
	{ "a login runs as its account of the host", test_logs_in },
	{ "any user setting is allowed in its section", test_settings },
	{ "the first backend that knows the name decides", test_order },
	{ "a named pipe in its place", test_named_pipe },
	{ "invalid entries", test_refused },
	{ "allowed and rejected users", test_lists },
	{ "known and unknown names get the same replies and times",
		test_looks_the_same },
	{ "a PAM session for the host's account, by setting",
		test_pam_session },
	{ "--check looks at the file", test_check },
	CU_TEST_INFO_NULL,
};
