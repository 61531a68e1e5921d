/*
 * test_command.c - the command table, and how a line is dispatched.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include "tests/unit/talk.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/command_loop.h"
#include "worker/reason.h"

const char *const unit_name = "command";

/* As if nothing were denied. */
static const struct command *
find(const char *verb, const char *argument)
{
	static char nothing[] = "";
	static struct settings settings;
	static const struct session session = {
		.settings = &settings, .limits = &settings.user,
	};
	BUFFER(line, 200);

	settings.user.commands_denied = nothing;
	settings.user.commands_allowed = nothing;
	buffer_addf(&line, "%s%s%s", verb, argument[0] != '\0' ? " " : "",
		argument);
	return command_find(&session, buffer_text(&line), line.len);
}

/* One that the row is for. */
static const char *
argument_for(const struct command *row)
{
	if (row->flags & COMMAND_IF_TIME)
		return "20200101000000 x";
	if (row->flags & (COMMAND_ARGUMENT | COMMAND_IF_ARGUMENT))
		return "x";
	return "";
}

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
			CU_ASSERT((*c >= 'A' && *c <= 'Z') || *c == ' ' ||
				*c == '@' || (*c >= '0' && *c <= '9'));
		/* found by its name and argument: none stands twice */
		CU_ASSERT_PTR_EQUAL(find(row->verb, argument_for(row)), row);
		CU_ASSERT(row->permission < 1u << PERMISSIONS);
		if (row->run != NULL)
			CU_ASSERT(row->help[0] != '\0');
	}
	CU_ASSERT(rows >= 76);
}

static void
check_found(const char *verb, const char *argument, const char *row_verb,
	const char *syntax)
{
	const struct command *row = find(verb, argument);

	CU_ASSERT_PTR_NOT_NULL_FATAL(row);
	CU_ASSERT_STRING_EQUAL(row->verb, row_verb);
	CU_ASSERT_STRING_EQUAL(row->syntax, syntax);
}

static void
test_find(void)
{
	check_found("retr", "", "RETR", "<path>");
	check_found("ReTr", "x", "RETR", "<path>");
	CU_ASSERT_PTR_NULL(find("RET", ""));
	CU_ASSERT_PTR_NULL(find("RETRX", ""));
	CU_ASSERT_PTR_NULL(find("", ""));
}

/* The argument decides between the forms of a verb. */
static void
test_forms(void)
{
	check_found("STAT", "", "STAT", "");
	check_found("STAT", "  ", "STAT", "");
	check_found("STAT", "x", "STAT", "<path>");
	check_found("MDTM", "x", "MDTM", "<path>");
	check_found("MDTM", "20200101000000", "MDTM", "<path>");
	check_found("MDTM", "20200101000000 ", "MDTM", "<path>");
	check_found("MDTM", "20201301000000 x", "MDTM", "<path>");
	check_found("MDTM", "20200101000000 x", "MDTM",
		"<YYYYMMDDHHMMSS> <path>");
	check_found("site chmod", "644 x", "SITE CHMOD", "<octal mode> <path>");
	check_found("SITE", "CHMODE x", "SITE", "<command>");
	check_found("SITE", "", "SITE", "<command>");
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
			!command_is_offered(&t.session, row))
			continue;
		buffer_addf(&line, "%s %s", row->verb, argument_for(row));
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
	CU_ASSERT_STRING_EQUAL(talk_say(&t, ""), "");
	CU_ASSERT_EQUAL(talk_code(&t, " NOOP"), 500);
	CU_ASSERT_EQUAL(talk_code(&t, "CWD"), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "CWD   "), 501);
	/* superfluous, and ignored */
	CU_ASSERT_EQUAL(talk_code(&t, "PWD x"), 257);
	CU_ASSERT_EQUAL(talk_code(&t, "SYST x"), 215);
	CU_ASSERT_EQUAL(talk_code(&t, "FEAT x"), 211);
	CU_ASSERT_EQUAL(talk_code(&t, "ABOR x"), 226);
	CU_ASSERT_EQUAL(talk_code(&t, "PWD "), 257);
	CU_ASSERT_EQUAL(talk_code(&t, "noop"), 200);
	talk_close(&t);
}

static void
test_letters(void)
{
	static const struct {
		uint32_t permission;
		const char *line;
	} cases[] = {
		{ PERMISSION_list, "LIST" }, { PERMISSION_list, "NLST" },
		{ PERMISSION_list, "MLSD" }, { PERMISSION_list, "MLST" },
		{ PERMISSION_list, "STAT /" }, { PERMISSION_list, "SIZE x" },
		{ PERMISSION_list, "MDTM x" },
		{ PERMISSION_list, "AVBL" },
		{ PERMISSION_retrieve, "RETR x" },
		{ PERMISSION_retrieve, "HASH x" },
		{ PERMISSION_retrieve, "XCRC x" },
		{ PERMISSION_append, "APPE x" }, { PERMISSION_store, "STOR x" },
		{ PERMISSION_store, "STOU" }, { PERMISSION_delete, "DELE x" },
		{ PERMISSION_delete, "RMD x" },
		{ PERMISSION_make_directory, "MKD x" },
		{ PERMISSION_rename, "RNFR x" },
		{ PERMISSION_rename, "RNTO x" },
		{ PERMISSION_change_mode, "SITE CHMOD 644 x" },
		{ PERMISSION_change_mode, "SITE CHGRP x x" },
		{ PERMISSION_change_mode, "MFF UNIX.mode=644; x" },
		{ PERMISSION_set_time, "MFF modify=20200101000000; x" },
		{ PERMISSION_set_time, "MFMT 20200101000000 x" },
		{ PERMISSION_set_time, "MDTM 20200101000000 x" },
		/* last: out of the directory that the others work in */
		{ PERMISSION_enter, "CWD ." }, { PERMISSION_enter, "CDUP" },
	};
	char refusal[128];
	struct talk t;

	talk_open(&t, true);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		t.session.tree.user.permissions = ~cases[i].permission;
		snprintf(refusal, sizeof(refusal), "550 %s.\r\n",
			reason_text(permissions_errno(cases[i].permission)));
		CU_ASSERT_STRING_EQUAL(talk_say(&t, cases[i].line), refusal);
		t.session.tree.user.permissions = UINT32_MAX;
		CU_ASSERT_STRING_NOT_EQUAL(talk_say(&t, cases[i].line),
			refusal);
	}
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
		CU_ASSERT(t.session.stage == SESSION_OVER);
		CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_VIOLATION);
		talk_close(&t);
	}

	talk_open(&t, false);
	for (int i = 0; i < 9; i++)
		CU_ASSERT_EQUAL(talk_code(&t, "XYZZY"), 500);
	CU_ASSERT(t.session.stage != SESSION_OVER);
	CU_ASSERT_EQUAL(talk_code(&t, "XYZZY"), 500);
	CU_ASSERT(t.session.stage == SESSION_OVER);
	talk_close(&t);

	talk_open(&t, true);
	CU_ASSERT_EQUAL(talk_code(&t, "POST x"), 500);
	CU_ASSERT(t.session.stage != SESSION_OVER);
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
	CU_ASSERT_EQUAL(talk_code(&t, "PWD"), 257);
	CU_ASSERT_EQUAL(t.session.pending.restart, 5);
	CU_ASSERT_EQUAL(talk_code(&t, "CWD ."), 250);
	CU_ASSERT_EQUAL(t.session.pending.restart, 0);

	CU_ASSERT_EQUAL(talk_code(&t, "MKD a"), 257);
	CU_ASSERT_EQUAL(talk_code(&t, "RNFR a"), 350);
	CU_ASSERT_EQUAL(talk_code(&t, "PWD"), 257);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO b"), 503);
	CU_ASSERT_EQUAL(talk_code(&t, "RNFR a"), 350);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO b"), 250);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO c"), 503);
	/* a client that keeps the connection alive */
	CU_ASSERT_EQUAL(talk_code(&t, "RNFR b"), 350);
	CU_ASSERT_EQUAL(talk_code(&t, "NOOP"), 200);
	CU_ASSERT_EQUAL(talk_code(&t, "RNTO c"), 250);
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

/* What no command can do is left for the process's main: whether a password is
 * right, only the monitor knows. */
static void
test_login_is_requested(void)
{
	static char line[MESSAGE_PASSWORD_SIZE + 10];
	struct talk t;

	talk_open(&t, false);
	CU_ASSERT_EQUAL(talk_code(&t, "PASS early"), 503);
	CU_ASSERT_FALSE(t.session.login.requested);
	CU_ASSERT_EQUAL(talk_code(&t, "USER bert"), 331);
	CU_ASSERT_EQUAL(talk_code(&t, "USER anna"), 331);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "PASS s3 cret"), "");
	CU_ASSERT(t.session.login.requested);
	CU_ASSERT_STRING_EQUAL(t.session.login.user, "anna");
	CU_ASSERT_STRING_EQUAL(t.session.login.password, "s3 cret");
	CU_ASSERT_EQUAL(command_loop_run(&t.session), COMMAND_LOOP_LOGIN);
	t.session.login.requested = false;
	talk_close(&t);

	talk_open(&t, false);
	memset(line, 'x', sizeof(line) - 1);
	memcpy(line, "PASS ", 5);
	CU_ASSERT_EQUAL(talk_code(&t, "USER anna"), 331);
	CU_ASSERT_EQUAL(talk_code(&t, line), 501);
	CU_ASSERT_FALSE(t.session.login.requested);
	CU_ASSERT_EQUAL(talk_code(&t, "PASS x"), 503);
	talk_close(&t);
}

static void
test_answer_is_requested(void)
{
	static char line[MESSAGE_PASSWORD_SIZE + 10];
	struct talk t;

	talk_open(&t, false);
	CU_ASSERT_EQUAL(talk_code(&t, "ACCT early"), 202);
	t.session.login.prompted = true;
	CU_ASSERT_EQUAL(talk_code(&t, "ACCT"), 501);
	memset(line, 'x', sizeof(line) - 1);
	memcpy(line, "ACCT ", 5);
	CU_ASSERT_EQUAL(talk_code(&t, line), 501);
	CU_ASSERT_EQUAL(talk_code(&t, "PASS x"), 503);
	CU_ASSERT_FALSE(t.session.login.requested);
	CU_ASSERT_STRING_EQUAL(talk_say(&t, "ACCT 12 34"), "");
	CU_ASSERT(t.session.login.requested);
	CU_ASSERT_STRING_EQUAL(t.session.login.password, "12 34");
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "every row is complete", test_rows_are_complete },
	{ "verbs are found in any letter case", test_find },
	{ "the argument selects between several forms", test_forms },
	{ "before login most commands say 530", test_before_login },
	{ "after login states and arguments are checked", test_after_login },
	{ "each command needs its permission", test_letters },
	{ "clients of other protocols are disconnected", test_other_protocols },
	{ "other commands cancel REST and RNFR",
		test_restart_and_rename_are_forgotten },
	{ "PASS leaves the login to the process's main",
		test_login_is_requested },
	{ "ACCT leaves the answer there, too", test_answer_is_requested },
	{ "a secret argument is wiped", test_no_copy_of_the_line },
	CU_TEST_INFO_NULL,
};
