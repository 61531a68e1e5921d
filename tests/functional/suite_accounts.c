/*
 * suite_accounts.c - which accounts can log in, by the settings and by PAM.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/logged.h"

const char *const functional_name = "accounts";

#define REJECTED "the account is in rejected_users"
#define EMPTY	 "empty password"

/* S80 */
static void
test_shell(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	check_refused("carl", "carl-pass",
		"shell /usr/sbin/nologin is not listed in /etc/shells");
	server_stop(&s);
	if (!SERVER(&s, "auth.require_valid_shell=no"))
		return;
	ftp_enter(&c, "carl");
	ftp_close(&c);
	server_stop(&s);
	/* Without /etc/shells every shell is accepted. */
	unlink("/etc/shells");
	if (!SERVER(&s))
		return;
	ftp_enter(&c, "carl");
	ftp_close(&c);
	server_stop(&s);
}

/* S79 */
static void
test_rejected_users(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	check_refused("root", "rootpass", REJECTED);
	server_stop(&s);
	if (!SERVER(&s, "auth.rejected_users=anna, bert"))
		return;
	check_refused("anna", "anna-pass", REJECTED);
	check_refused("bert", "bert-pass", REJECTED);
	ftp_enter(&c, "root");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/root\"");
	ftp_close(&c);
	server_stop(&s);
}

/* S78 */
static void
test_allowed_users(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "auth.allowed_users=bert jan"))
		return;
	check_refused("anna", "anna-pass",
		"the account is not in allowed_users");
	ftp_enter(&c, "bert");
	ftp_close(&c);
	server_stop(&s);
	/* On both lists: rejected. */
	if (!SERVER(&s, "auth.allowed_users=anna", "auth.rejected_users=anna"))
		return;
	check_refused("anna", "anna-pass", REJECTED);
	server_stop(&s);
}

/* S78: anna and bert are in the group team by /etc/group, jan has a group of
 * its own. */
static void
test_groups(void)
{
	struct server s;

	if (!SERVER(&s, "auth.allowed_groups=nosuch team"))
		return;
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	CHECK_NUMBER(ftp_try_login("bert", "bert-pass"), 230);
	check_refused("jan", "x", WRONG_PASSWORD);
	check_refused("dora", "dora-pass", "*");
	check_refused("root", "rootpass", REJECTED);
	server_stop(&s);
	/* With a list of users, either is enough. */
	if (!SERVER(&s, "auth.pam_service=" ACCOUNTS_PERMIT,
		"auth.allowed_groups=team", "auth.allowed_users=dora",
		"auth.rejected_users=root bert"))
		return;
	CHECK_NUMBER(ftp_try_login("anna", "x"), 230);
	CHECK_NUMBER(ftp_try_login("dora", "x"), 230);
	check_refused("bert", "x", REJECTED);
	check_refused("eve", "x", "the account is not in allowed_users or "
		"allowed_groups");
	server_stop(&s);
	if (!SERVER(&s, "auth.pam_service=" ACCOUNTS_PERMIT,
		"auth.rejected_groups=team eve", "auth.allowed_users=anna dora "
		"eve", "anonymous.enabled=yes", "anonymous.user=bert",
		"anonymous.root=/home"))
		return;
	check_refused("anna", "x", "the account is in rejected_groups");
	check_refused("eve", "x", "the account is in rejected_groups");
	CHECK_NUMBER(ftp_try_login("dora", "x"), 230);
	check_refused("ftp", "x", "the account is not in allowed_users");
	server_stop(&s);
	/* Anonymous logins do not have bert's groups. */
	if (!SERVER(&s, "auth.rejected_groups=team", "anonymous.enabled=yes",
		"anonymous.user=bert", "anonymous.root=/home"))
		return;
	CHECK_NUMBER(ftp_try_login("ftp", "x"), 230);
	server_stop(&s);
	if (!SERVER(&s, "auth.allowed_groups=team", "anonymous.enabled=yes",
		"anonymous.user=bert", "anonymous.root=/home"))
		return;
	check_refused("ftp", "x", "the account is not in allowed_groups");
	server_stop(&s);
}

/* The greeting and the login of an account that comes from this address. */
static int
enter_from(const char *from, const char *user, const char *password)
{
	struct ftp c;

	CHECK_NUMBER(ftp_connect_to(&c, FTP_HOST, from), 220);
	int code = ftp_login(&c, user, password);
	ftp_close(&c);
	return code;
}

/* N2: networks for all, for a group, for a user; the last setting applies. */
static void
test_networks(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "auth.allow_from=127.0.0.2 127.0.1.0/24",
		"group.team.deny_from=127.0.1.7",
		"user.anna.allow_from=127.0.0.1, 127.0.1.0/24 ::1"))
		return;
	size_t mark = logged_mark();
	CHECK_NUMBER(enter_from("127.0.0.1", "jan",
		accounts_find("jan")->password), 530);
	CHECK_LOGGED(mark, "warning session=1 peer=127.0.0.1 user=jan login "
		"failed: the client's address is not in allow_from");
	CHECK_NUMBER(enter_from("127.0.0.1", "bert", "bert-pass"), 530);
	CHECK_NUMBER(enter_from("127.0.0.2", "bert", "bert-pass"), 230);
	CHECK_NUMBER(enter_from("127.0.1.6", "bert", "bert-pass"), 230);
	CHECK_NUMBER(enter_from("127.0.1.7", "bert", "bert-pass"), 530);
	CHECK_LOGGED(mark, "warning session=5 peer=127.0.1.7 user=bert login "
		"failed: the client's address is in deny_from");
	CHECK_NUMBER(enter_from("127.0.0.1", "anna", "anna-pass"), 230);
	CHECK_NUMBER(enter_from("127.0.0.2", "anna", "anna-pass"), 530);
	CHECK_NUMBER(enter_from("127.0.1.7", "anna", "anna-pass"), 530);
	if (ftp_enter_to(&c, "::1", NULL, "anna"))
		ftp_close(&c);
	server_stop(&s);
}

/* Rules R18, R23: the result of PAM's account phase applies. */
static void
test_expired_and_locked(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	/* The text in parentheses is PAM's message. */
	check_refused("dora", "dora-pass",
		"pam_acct_mgmt: Authentication failure (*has expired*)");
	check_refused("eve", "eve-pass", "the password has expired; "
		"pam_acct_mgmt: Authentication token is no longer valid; new "
		"one required (*)");
	check_refused("gina", "", EMPTY);
	check_refused("gina", "!", WRONG_PASSWORD);
	server_stop(&s);
}

static void
test_empty_password(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	check_refused("hans", "", EMPTY);
	server_stop(&s);
	if (!SERVER(&s, "auth.pam_service=" ACCOUNTS_PERMIT))
		return;
	check_refused("anna", "", EMPTY);
	server_stop(&s);
}

static void
test_service_name(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "auth.pam_service=" ACCOUNTS_PERMIT))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anything"), 230);
	ftp_close(&c);
	/* PAM may accept a name that is not an account. */
	check_refused("nosuchuser", "anything", "no such account");
	server_stop(&s);
	/* A service without a file uses "other", which denies. */
	if (!SERVER(&s, "auth.pam_service=missing"))
		return;
	check_refused("anna", "anna-pass", WRONG_PASSWORD);
	server_stop(&s);
}

/* A missing home directory, and one that the account cannot enter. */
static void
test_missing_home(void)
{
	static const char *const reasons[][2] = {
		{ "finn", "/home/finn: No such file or directory" },
		{ "iris", "/home/iris: Permission denied" },
	};
	struct server s;
	struct ftp c;

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		const char *user = reasons[i][0];
		char reason[128];
		snprintf(reason, sizeof(reason),
			"cannot enter the home directory %s", reasons[i][1]);
		if (!SERVER(&s))
			return;
		check_refused(user, accounts_find(user)->password, reason);
		server_stop(&s);
		if (!SERVER(&s, "auth.allow_missing_home=yes"))
			return;
		if (ftp_enter(&c, user)) {
			EXPECT(&c, 257, "PWD");
			CHECK_HAS(c.text, "257 \"/\"");
		}
		ftp_close(&c);
		server_stop(&s);
	}
}

/* The master counts a session before its home is entered: the connection is
 * this account's, and no other's. */
static void
test_counted_for_one(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "finn", accounts_find("finn")->password),
		530);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 530);
	EXPECT_REPLY(&c, 421);
	CHECK_LOGGED(0, "* login failed: this connection is already counted as "
		"a session of another account");
	ftp_close(&c);
	CHECK_NUMBER(ftp_try_login("anna", "anna-pass"), 230);
	server_stop(&s);
}

/* The home directory then has to be one that can be entered. */
static void
test_missing_start_dir(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "session.start_dir=site",
		    "session.allow_missing_start_dir=yes"))
		return;
	if (ftp_enter(&c, "bert")) {
		EXPECT(&c, 257, "PWD");
		CHECK_HAS(c.text, "257 \"/home/bert\"");
	}
	ftp_close(&c);
	check_refused("finn", "finn-pass", "cannot enter the start directory "
		"/home/finn/site: No such file or directory");
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "the shell must be in /etc/shells", test_shell },
	{ "rejected users, by default root, cannot log in",
		test_rejected_users },
	{ "with allowed_users no other account can log in",
		test_allowed_users },
	{ "groups that can log in, and groups that cannot", test_groups },
	{ "allowed networks for all, for a group, for a user", test_networks },
	{ "expired and locked accounts cannot log in",
		test_expired_and_locked },
	{ "an empty password is never accepted", test_empty_password },
	{ "the PAM service can be chosen", test_service_name },
	{ "a home that cannot be entered is refused, or allowed by setting",
		test_missing_home },
	{ "a connection is counted for one account", test_counted_for_one },
	{ "a start directory that cannot be entered, and a setting",
		test_missing_start_dir },
	CU_TEST_INFO_NULL,
};
