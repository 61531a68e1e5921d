/*
 * suite_pam_words.c - messages of PAM modules to the client, and changes of
 * PAM_USER.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

const char *const functional_name = "pam_words";

#define EXPLAIN "auth.explain_denied_logins=yes"
#define PLAYED WORLD_PLAYED " "

/* A new connection's login: the code and, unless NULL, the whole reply. */
static void
check_login_at(int line, const char *user, const char *password, int code,
	const char *text)
{
	struct ftp c;

	CHECK_NUMBER(ftp_connect(&c), 220);
	ftp_login(&c, user, password);
	if (check_reply(__FILE__, line, &c, code) && text != NULL)
		check_text(__FILE__, line, user, c.text, text);
	ftp_close(&c);
}

#define CHECK_LOGIN(user, password, code, text) \
	check_login_at(__LINE__, (user), (password), (code), (text))

#define INCORRECT "530 Login incorrect."

/* Messages of every phase are shown after the login. */
static void
test_messages(void)
{
	struct server s;

	accounts_write_service("auth optional " PLAYED "[info=Hello\\nanna ]\n"
		"account optional " PLAYED "[error=Your password expires in 3 "
		"days.]\n"
		"session optional " PLAYED "[info=230 \x1b[1m100%s \xff "
		"\xc3\xa9]\n");
	if (!SERVER(&s, ACCOUNTS_SERVICE, "session.msg_login=One.\\nTwo."))
		return;
	CHECK_LOGIN("anna", "anna-pass", 230, "230-Hello\n230-anna\n"
		"230-Your password expires in 3 days.\n"
		"230-230 \\x1B[1m100%s \\xFF \xc3\xa9\n230-One.\n230 Two.");
	CHECK_LOGIN("anna", "wrong", 530, INCORRECT);
	CHECK_LOGIN("nosuchuser", "wrong", 530, INCORRECT);
	/* No message of the previous login is shown. */
	struct ftp c;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "wrong"), 530);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	CHECK_HAS(c.text, "230-Hello");
	CHECK(strstr(strstr(c.text, "230-Hello") + 1, "230-Hello") == NULL);
	ftp_close(&c);
	server_stop(&s);
}

/* The number and length of lines are limited. */
static void
test_messages_are_bounded(void)
{
	static char line[20000];
	BUFFER(many, 8000);
	struct server s;
	struct ftp c;
	size_t lines = 0;

	memset(line, 'x', sizeof(line) - 1);
	files_write_text("/etc/long", line);
	for (int i = 0; i < 300; i++)
		buffer_addf(&many, "line %d\n", i);
	files_write_text("/etc/many", buffer_text(&many));
	accounts_write_service("session optional pam_motd.so motd=/etc/long\n"
		"session optional pam_motd.so motd=/etc/many\n");
	if (!SERVER(&s, ACCOUNTS_SERVICE) || !ftp_enter(&c, "anna"))
		return;
	for (const char *at = c.text; at != NULL; at = strchr(at + 1, '\n'))
		lines++;
	CHECK_NUMBER((long long)lines, 21);
	CHECK_HAS(c.text, "230-xxxxx");
	CHECK_HAS(c.text, "\n230-line 0\n");
	CHECK_HAS(c.text, "\n230-line 18\n230 Login successful.");
	CHECK(c.len < 600);
	EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	server_stop(&s);
}

#define EXPIRED "The password has expired and must be changed first."
#define NOT_ALLOWED "530 This account is not allowed to log in."

static void
test_denied_logins_are_explained(void)
{
	struct server s;
	struct ftp c;

	accounts_write_service(
		"account required pam_nologin.so file=/etc/closed\n"
		"session required " PLAYED "for=bert [info=No room.] "
		"return=14\n");
	if (!SERVER(&s, ACCOUNTS_SERVICE, EXPLAIN))
		return;
	CHECK_LOGIN("eve", "eve-pass", 530, "530-You are required to change "
		"your password immediately (administrator enforced).\n"
		"530 " EXPIRED);
	CHECK_LOGIN("dora", "dora-pass", 530, "530-Your account has expired; "
		"please contact your system administrator.\n"
		"530 The account has expired.");
	CHECK_LOGIN("bert", "bert-pass", 530, "530-No room.\n" NOT_ALLOWED);
	CHECK_LOGIN("carl", "carl-pass", 530, NOT_ALLOWED);
	CHECK_LOGIN("root", "rootpass", 530, NOT_ALLOWED);
	CHECK_LOGIN("iris", "iris-pass", 530,
		"530 The home directory cannot be entered.");
	CHECK_LOGIN("anna", "anna-pass", 230, "230 Login successful.");
	files_write_text("/etc/closed", "Back at noon.\n");
	CHECK_LOGIN("anna", "anna-pass", 530,
		"530-Back at noon.\n" NOT_ALLOWED);
	unlink("/etc/closed");
	/* Without the correct password nothing is shown. */
	static const char *const users[] = { "anna", "eve", "dora", "bert",
		"carl", "root", "iris", "gina", "hans", "nosuchuser" };
	for (size_t i = 0; i < ARRAY_SIZE(users); i++)
		CHECK_LOGIN(users[i], "wrong", 530, INCORRECT);
	CHECK_LOGIN("hans", "", 530, INCORRECT);
	/* No explanation is kept for the next login. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "eve", "eve-pass"), 530);
	CHECK_HAS(c.text, EXPIRED);
	CHECK_NUMBER(ftp_login(&c, "eve", "wrong"), 530);
	CHECK_TEXT(c.text, INCORRECT);
	CHECK_NUMBER(ftp_login(&c, "eve", "eve-pass"), 530);
	CHECK_HAS(c.text, EXPIRED);
	EXPECT_REPLY(&c, 421);
	ftp_close(&c);
	server_stop(&s);
	/* Nothing is shown without the setting. */
	files_write_text("/etc/closed", "Back at noon.\n");
	if (!SERVER(&s, ACCOUNTS_SERVICE))
		return;
	CHECK_LOGIN("eve", "eve-pass", 530, INCORRECT);
	CHECK_LOGIN("anna", "anna-pass", 530, INCORRECT);
	CHECK_LOGIN("bert", "bert-pass", 530, INCORRECT);
	server_stop(&s);
}

/* --- PAM_USER */

static void
write_rewriting(const char *user)
{
	char lines[200];

	snprintf(lines, sizeof(lines), "auth required " PLAYED
		"for=anna user=%s\n", user);
	accounts_write_service(lines);
}

static void
test_rewritten_user(void)
{
	struct server s;
	struct ftp c, other;
	struct proc p = { 0 };

	write_rewriting("bert");
	server_configure("[user anna]\npermissions = elr\n"
			 "[user bert]\nmax_per_user = 1\n");
	if (!SERVER(&s, ACCOUNTS_SERVICE) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/bert\"");
	CHECK(procs_read(procs_serving(PROCS_SESSION), &p));
	CHECK_NUMBER(p.uid[0], 1002);
	CHECK_NUMBER(p.gid[0], 1002);
	CHECK_NUMBER((long long)p.ngroups, 2);
	/* Settings and limits are those of bert, too. */
	EXPECT(&c, 257, "MKD made");
	CHECK_NUMBER(ftp_connect(&other), 220);
	CHECK_NUMBER(ftp_login(&other, "bert", "bert-pass"), 530);
	CHECK_HAS(other.text, "Too many sessions");
	CHECK_NUMBER(ftp_login(&other, "anna", "anna-pass"), 530);
	CHECK_HAS(other.text, "Too many sessions");
	ftp_close(&other);
	ftp_close(&c);
	CHECK(files_exist("/home/bert/made"));
	server_stop(&s);
}

/* Each rule is checked again for the new user. */
static void
test_rewritten_user_is_judged(void)
{
	static const struct {
		const char *user, *option, *reason;	/* NULL: let in */
	} rows[] = {
		{ "bert", "auth.rejected_users=bert",
			"the account is in rejected_users" },
		{ "bert", "auth.rejected_users=anna",
			"the account is in rejected_users" },
		{ "bert", "auth.allowed_users=anna",
			"the account is not in allowed_users" },
		{ "bert", "auth.allowed_users=bert", NULL },
		{ "carl", "auth.require_valid_shell=yes",
			"shell /usr/sbin/nologin is not listed in *" },
		{ "dora", "auth.allowed_users=", "pam_acct_mgmt: *" },
		{ "root", "auth.allowed_users=",
			"the account is in rejected_users" },
		{ "nosuchuser", "auth.allowed_users=", "pam_acct_mgmt: *" },
		{ "../anna", "auth.allowed_users=", "pam_acct_mgmt: *" },
	};
	struct server s;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unlink(SERVER_ERRORS);
		write_rewriting(rows[i].user);
		if (!SERVER(&s, ACCOUNTS_SERVICE, rows[i].option))
			return;
		if (rows[i].reason == NULL)
			CHECK_LOGIN("anna", "anna-pass", 230, NULL);
		else
			check_refused("anna", "anna-pass", rows[i].reason);
		server_stop(&s);
	}
	unlink(SERVER_ERRORS);
	write_rewriting("bert");
	server_configure("[tls]\nclient_certificate = request\n"
			 "client_ca = /etc/ca\n"
			 "[user bert]\nlogin_with = certificate+password\n");
	files_write_text("/etc/ca", "");
	if (!SERVER(&s, ACCOUNTS_SERVICE))
		return;
	check_refused("anna", "anna-pass", "login_with: the client sent no "
		"certificate");
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "messages of modules are in the 230 reply", test_messages },
	{ "the number of messages is limited", test_messages_are_bounded },
	{ "the reason of a denial is shown after a correct password",
		test_denied_logins_are_explained },
	{ "a module changes PAM_USER", test_rewritten_user },
	{ "every rule applies to the changed user",
		test_rewritten_user_is_judged },
	CU_TEST_INFO_NULL,
};
