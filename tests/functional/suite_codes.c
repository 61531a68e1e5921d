/*
 * suite_codes.c - one-time codes: sent with the password, and pam_oath's.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <signal.h>
#include <sys/stat.h>

const char *const functional_name = "codes";

#define PLAYED WORLD_PLAYED " "
#define CODE "auth required " PLAYED "[ask=Your code:] is=123456\n"

/* For clients without ACCT.  PASSWORD, how it is to be read, the code of the
 * reply. */
static void
test_code_in_password(void)
{
	static const struct {
		const char *where, *sent;
		int code;
	} rows[] = {
		{ "no", "anna-pass,123456", 332 },
		{ "comma", "anna-pass,123456", 230 },
		{ "comma", "anna-pass", 332 },
		{ "comma", "anna-pass,654321", 530 },
		{ "comma", "wrong,123456", 530 },
		{ "append", "anna-pass123456", 230 },
		{ "append", "anna-pass12345", 332 },
		{ "append", "anna-pass", 332 },
	};
	struct server s;
	struct ftp c;

	accounts_write_service(CODE);
	files_append_text(ACCOUNTS_SERVICE_FILE, "auth required " PLAYED
		"for=bert ask=Another: is=x\n");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char option[64];

		snprintf(option, sizeof(option), "auth.code_in_password=%s",
			rows[i].where);
		if (!SERVER(&s, ACCOUNTS_SERVICE, option, "log.level=debug"))
			return;
		CHECK_NUMBER(ftp_connect(&c), 220);
		CHECK_SAYS(ftp_login(&c, "anna", rows[i].sent) == rows[i].code,
			"%s, %s: got %d", rows[i].where, rows[i].sent, c.code);
		ftp_close(&c);
		server_stop(&s);
		CHECK_LACKS(server_log(), "123456");
	}
	/* It can be set for one account; and a code answers only one
	 * question. */
	server_configure("[user bert]\ncode_in_password = comma\n");
	if (!SERVER(&s, ACCOUNTS_SERVICE))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass,123456"), 332);
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "bert", "bert-pass,123456"), 332);
	CHECK_TEXT(c.text, "332 Another:");
	EXPECT(&c, 230, "ACCT x");
	ftp_close(&c);
	server_stop(&s);
}

static void
write_oath(void)
{
	files_write_text("/etc/users.oath", "HOTP anna - "
		"3132333435363738393031323334353637383930\n");
	CHECK(chmod("/etc/users.oath", 0600) == 0);
	accounts_write_service(
		"auth required pam_oath.so usersfile=/etc/users.oath\n");
}

/* The counted codes of RFC 4226, appendix D. */
static void
test_oath(void)
{
	struct server s;
	struct ftp c;
	char line[200];

	write_oath();
	if (!SERVER(&s, ACCOUNTS_SERVICE))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 332);
	CHECK_TEXT(c.text, "332 One-time password (OATH) for `anna':");
	EXPECT(&c, 230, "ACCT 755224");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/anna\"");
	ftp_close(&c);
	/* Each code is valid once. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 332);
	EXPECT(&c, 530, "ACCT 755224");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 332);
	EXPECT(&c, 230, "ACCT 287082");
	ftp_close(&c);
	CHECK(files_read("/etc/users.oath", line, sizeof(line)) > 0);
	CHECK_HAS(line, "287082");
	/* Bert has no token. */
	check_refused("bert", "bert-pass", "pam_authenticate: User not known "
		"to the underlying authentication module");
	/* But accounts without a token can be exempt. */
	files_append_text("/etc/group", "tokens:x:3000:anna\n");
	accounts_write_service(
		"auth [success=1 default=ignore] pam_succeed_if.so quiet "
		"user notingroup tokens\n"
		"auth required pam_oath.so usersfile=/etc/users.oath\n");
	/* Idle workers have read the old file. */
	logged_reload(&s);
	if (ftp_enter(&c, "bert"))
		ftp_close(&c);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 332);
	EXPECT(&c, 530, "ACCT 755224");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_oath_in_password(void)
{
	struct server s;
	struct ftp c;

	write_oath();
	if (!SERVER(&s, ACCOUNTS_SERVICE, "auth.code_in_password=append"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass755224"), 230);
	ftp_close(&c);
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass755224"), 530);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 332);
	EXPECT(&c, 230, "ACCT 287082");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "the code is sent with the password", test_code_in_password },
	{ "HOTP codes with pam_oath", test_oath },
	{ "pam_oath's code is sent with the password", test_oath_in_password },
	CU_TEST_INFO_NULL,
};
