/*
 * test_command.c - the command table and what the dispatcher makes of a line.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include "tests/unit/talk.h"
#include "common/text.h"
#include "worker/command.h"

const char *const unit_name = "command";

static void
test_rows_are_complete(void)
{
	int rows = 0;

	for (const struct command *row = command_next(NULL); row != NULL;
	     row = command_next(row)) {
		rows++;
		CU_ASSERT(row->flags & COMMAND_ALWAYS);
		CU_ASSERT_PTR_NOT_NULL(row->syntax);
		CU_ASSERT_PTR_NOT_NULL(row->help);
		for (const char *c = row->verb; *c != '\0'; c++)
			CU_ASSERT(*c >= 'A' && *c <= 'Z');
		/* found under its own name: no verb stands twice */
		CU_ASSERT_PTR_EQUAL(command_find(row->verb,
			strlen(row->verb)), row);
		if (row->letter != 0)
			CU_ASSERT(settings_letter(row->letter) != 0);
		if (row->run != NULL)
			CU_ASSERT(row->help[0] != '\0');
	}
	CU_ASSERT(rows >= 48);
}

static void
test_find(void)
{
	CU_ASSERT_PTR_NOT_NULL(command_find("retr", 4));
	CU_ASSERT_PTR_NOT_NULL(command_find("ReTr x", 4));
	CU_ASSERT_PTR_NULL(command_find("RET", 3));
	CU_ASSERT_PTR_NULL(command_find("RETRX", 5));
	CU_ASSERT_PTR_NULL(command_find("", 0));
}

/* Every command, before login: allowed ones do not say 530. */
static void
test_before_login(void)
{
	struct talk t;

	talk_open(&t, false);
	for (const struct command *row = command_next(NULL); row != NULL;
	     row = command_next(row)) {
		BUFFER(line, 64);
		if ((row->flags & COMMAND_BEFORE_LOGIN) || row->run == NULL ||
			(row->flags & COMMAND_TLS))
			continue;
		buffer_addf(&line, "%s%s", row->verb,
			row->flags & COMMAND_NO_ARGUMENT ? "" : " x");
		CU_ASSERT_EQUAL(talk_code(&t, buffer_text(&line)), 530);
	}
	CU_ASSERT_EQUAL(talk_code(&t, "AUTH TLS"), 502);
	CU_ASSERT_EQUAL(talk_code(&t, "FEAT"), 211);
	CU_ASSERT_EQUAL(talk_code(&t, "STAT"), 211);
	CU_ASSERT_EQUAL(talk_code(&t, "STAT /"), 530);
	CU_ASSERT_EQUAL(talk_code(&t, "USER anna"), 331);
	CU_ASSERT_EQUAL(talk_code(&t, "REIN"), 220);
	CU_ASSERT_EQUAL(talk_code(&t, "PASS x"), 503);
	talk_close(&t);
}

static void
test_after_login(void)
{
	struct talk t;

	talk_open(&t, true);
	CU_ASSERT_EQUAL(talk_code(&t, "USER bert"), 530);
	CU_ASSERT_EQUAL(talk_code(&t, "PASS x"), 503);
	CU_ASSERT_EQUAL(talk_code(&t, "ACCT x"), 202);
	CU_ASSERT_EQUAL(talk_code(&t, "SMNT x"), 502);
	CU_ASSERT_EQUAL(talk_code(&t, "XYZZY"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, ""), 500);
	CU_ASSERT_EQUAL(talk_code(&t, " NOOP"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "CWD"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "CWD   "), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "PWD x"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "PWD "), 257);
	CU_ASSERT_EQUAL(talk_code(&t, "noop"), 200);
	talk_close(&t);
}

static void
test_letters(void)
{
	static const struct {
		char letter;
		const char *line;
	} cases[] = {
		{ 'e', "CWD /" }, { 'e', "CDUP" }, { 'l', "LIST" },
		{ 'l', "NLST" }, { 'l', "MLSD" }, { 'l', "MLST" },
		{ 'l', "STAT /" }, { 'r', "RETR x" }, { 'a', "APPE x" },
		{ 'w', "STOR x" }, { 'w', "STOU" }, { 'd', "DELE x" },
		{ 'd', "RMD x" }, { 'm', "MKD x" }, { 'f', "RNFR x" },
		{ 'f', "RNTO x" }, { 'M', "SITE CHMOD 644 x" },
		{ 'T', "MFMT 20200101000000 x" },
	};
	struct talk t;

	talk_open(&t, true);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		t.limits.permissions =
			~settings_letter(cases[i].letter);
		CU_ASSERT_STRING_EQUAL(talk_say(&t, cases[i].line),
			"550 Permission denied.\r\n");
		t.limits.permissions = UINT32_MAX;
		CU_ASSERT_STRING_NOT_EQUAL(talk_say(&t, cases[i].line),
			"550 Permission denied.\r\n");
	}
	talk_close(&t);
}

static void
test_denied_commands(void)
{
	char denied[] = "mkd XMKD SITE";
	struct talk t;

	talk_open(&t, true);
	char *saved = t.settings->server.commands_denied;
	t.settings->server.commands_denied = denied;
	CU_ASSERT_EQUAL(talk_code(&t, "MKD x"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "site help"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "HELP MKD"), 501);
	CU_ASSERT_PTR_NULL(strstr(talk_say(&t, "HELP"), "MKD"));
	CU_ASSERT_EQUAL(talk_code(&t, "RMD x"), 550);
	t.settings->server.commands_denied = saved;
	talk_close(&t);
}

static void
test_other_protocols(void)
{
	static const char *const lines[] = { "GET / HTTP/1.1",
		"DELETE / HTTP/1.1", "OPTIONS / HTTP/1.1", "PRI * HTTP/2.0",
		"EHLO x", "LHLO x" };
	struct talk t;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		talk_open(&t, false);
		CU_ASSERT_EQUAL(talk_code(&t, lines[i]), 500);
		CU_ASSERT(t.session.over);
		CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_VIOLATION);
		talk_close(&t);
	}

	talk_open(&t, false);
	for (int i = 0; i < 9; i++)
		CU_ASSERT_EQUAL(talk_code(&t, "XYZZY"), 500);
	CU_ASSERT_FALSE(t.session.over);
	CU_ASSERT_EQUAL(talk_code(&t, "XYZZY"), 500);
	CU_ASSERT(t.session.over);
	talk_close(&t);

	talk_open(&t, true);
	CU_ASSERT_EQUAL(talk_code(&t, "POST x"), 500);
	CU_ASSERT_FALSE(t.session.over);
	talk_close(&t);
}

static void
test_restart_and_rename_are_forgotten(void)
{
	struct talk t;

	talk_open(&t, true);
	CU_ASSERT_EQUAL(talk_code(&t, "TYPE I"), 200);
	CU_ASSERT_EQUAL(talk_code(&t, "REST 5"), 350);
	CU_ASSERT_EQUAL(talk_code(&t, "EPSV"), 229);
	CU_ASSERT_EQUAL(talk_code(&t, "NOOP"), 200);
	CU_ASSERT_EQUAL(t.session.restart, 5);
	CU_ASSERT_EQUAL(talk_code(&t, "PWD"), 257);
	CU_ASSERT_EQUAL(t.session.restart, 0);

	CU_ASSERT_EQUAL(talk_code(&t, "MKD a"), 257);
	CU_ASSERT_EQUAL(talk_code(&t, "RNFR a"), 350);
	CU_ASSERT_EQUAL(talk_code(&t, "PWD"), 257);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO b"), 503);
	CU_ASSERT_EQUAL(talk_code(&t, "RNFR a"), 350);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO b"), 250);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO c"), 503);
	talk_close(&t);
}

static void
test_no_copy_of_the_line(void)
{
	struct talk t;

	talk_open(&t, true);
	CU_ASSERT_EQUAL(talk_code(&t, "ACCT s3cret"), 202);
	CU_ASSERT_PTR_NULL(memmem(&t.session, sizeof(t.session),
		"s3cret", 6));
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "every row is complete", test_rows_are_complete },
	{ "verbs are found in any letter case", test_find },
	{ "before login most commands say 530", test_before_login },
	{ "after login states and arguments are checked", test_after_login },
	{ "each permission letter guards its commands", test_letters },
	{ "denied commands do not exist", test_denied_commands },
	{ "other protocols are sent away", test_other_protocols },
	{ "REST and RNFR do not linger",
		test_restart_and_rename_are_forgotten },
	{ "a secret argument is wiped", test_no_copy_of_the_line },
	CU_TEST_INFO_NULL,
};
