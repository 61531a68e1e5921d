/*
 * suite_password_hash.c - password_hash: a password for FTP only.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/password_hash.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/logged.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "password_hash";

static void
write_hash(const char *user, const char *hash)
{
	char text[700];

	snprintf(text, sizeof(text), "[user %s]\npassword_hash = %s\n", user,
		hash);
	server_configure(text);
}

/* The configuration of a running server gets a user with this hash. */
static void
give_hash(const struct server *s, const char *user, const char *hash)
{
	write_hash(user, hash);
	chmod(SERVER_CONFIG, 0600);
	logged_reload(s);
}

static int
log_in(const char *user, const char *password)
{
	struct ftp c;

	CHECK_NUMBER(ftp_connect(&c), 220);
	int code = ftp_login(&c, user, password);
	ftp_close(&c);
	return code;
}

static void
test_instead_of_pam(void)
{
	char hash[PASSWORD_HASH_SIZE];
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(password_hash_new("ftp-only", hash), 0);
	CHECK_NUMBER(log_in("anna", "anna-pass"), 230);
	give_hash(&s, "anna", hash);
	CHECK_NUMBER(log_in("anna", "ftp-only"), 230);
	check_refused("anna", "anna-pass", "wrong password");
	check_refused("anna", "", "empty password");
	CHECK_NUMBER(log_in("bert", "bert-pass"), 230);
	CHECK_NUMBER(log_in("bert", "ftp-only"), 530);
	server_stop(&s);
}

/* Expired, without a valid shell, without an account: PAM's account phase and
 * the other rules still apply. */
static void
test_other_rules_hold(void)
{
	static const char *const users[][2] = {
		{ "dora", "pam_acct_mgmt: *has expired*" },
		{ "carl", "shell /usr/sbin/nologin is not listed in "
			"/etc/shells" },
		{ "nosuch", "pam_acct_mgmt: *" },
	};
	char hash[PASSWORD_HASH_SIZE];
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(password_hash_new("ftp-only", hash), 0);
	for (size_t i = 0; i < ARRAY_SIZE(users); i++)
		write_hash(users[i][0], hash);
	give_hash(&s, "anna", hash);
	for (size_t i = 0; i < ARRAY_SIZE(users); i++)
		check_refused(users[i][0], "ftp-only", users[i][1]);
	server_stop(&s);
}

/* A locked account of the host can use FTP with the hash. */
static void
test_locked_account(void)
{
	char hash[PASSWORD_HASH_SIZE];
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(password_hash_new("ftp-only", hash), 0);
	give_hash(&s, "gina", hash);
	CHECK_NUMBER(log_in("gina", "ftp-only"), 230);
	server_stop(&s);
}

/* Changes of the file apply immediately; a file that others can write to is not
 * trusted. */
static void
test_read_at_login(void)
{
	char hash[PASSWORD_HASH_SIZE], old[8192], text[9000];
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(password_hash_new("ftp-only", hash), 0);
	give_hash(&s, "anna", hash);
	ssize_t n = files_read(SERVER_CONFIG, old, sizeof(old));
	CHECK(n > 0);
	CHECK_NUMBER(password_hash_new("changed", hash), 0);
	snprintf(text, sizeof(text), "%s[user \"anna\"]\npassword_hash = %s\n",
		old, hash);
	files_write_text(SERVER_CONFIG, text);
	CHECK_NUMBER(log_in("anna", "changed"), 230);
	CHECK_NUMBER(log_in("anna", "ftp-only"), 530);
	chmod(SERVER_CONFIG, 0622);
	check_refused("anna", "changed", "cannot read password_hash "
		"in " SERVER_CONFIG ": *");
	chmod(SERVER_CONFIG, 0600);
	unlink(SERVER_CONFIG);
	check_refused("anna", "changed", "cannot read password_hash "
		"in " SERVER_CONFIG ": *");
	server_stop(&s);
}

/* No process keeps a hash in memory. */
static void
test_not_in_memory(void)
{
	char hash[PASSWORD_HASH_SIZE];
	struct server s;
	struct ftp one, two;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(password_hash_new("ftp-only", hash), 0);
	give_hash(&s, "anna", hash);
	/* Control: this process has it, and it is found. */
	CHECK_NUMBER(procs_memory_has(getpid(), hash, strlen(hash)), 1);
	CHECK_NUMBER(ftp_connect(&one), 220);
	CHECK_NUMBER(ftp_login(&one, "anna", "ftp-only"), 230);
	CHECK_NUMBER(ftp_connect(&two), 220);
	CHECK_NUMBER(ftp_login(&two, "bert", "bert-pass"), 230);
	/* The greeters of both have exited. */
	CHECK(procs_wait_for_count(PROCS_GREETER, 2, 5000));
	procs_check_lack(hash);
	ftp_close(&one);
	ftp_close(&two);
	server_stop(&s);
}

static void
test_legacy(void)
{
	struct server s;

	if (!SERVER(&s, "auth.allow_legacy_hashes=yes"))
		return;
	/* MD5 of "password". */
	give_hash(&s, "anna", "{MD5}5f4dcc3b5aa765d61d8327deb882cf99");
	CHECK_NUMBER(log_in("anna", "password"), 230);
	CHECK_NUMBER(log_in("anna", "Password"), 530);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "the hash replaces the password check by PAM", test_instead_of_pam },
	{ "PAM's account phase and the other rules still apply",
		test_other_rules_hold },
	{ "a locked account can have a password for FTP", test_locked_account },
	{ "it is read at each login, only from a trusted file",
		test_read_at_login },
	{ "no process keeps it in its memory", test_not_in_memory },
	{ "legacy hashes", test_legacy },
	CU_TEST_INFO_NULL,
};
