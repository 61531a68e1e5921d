/*
 * suite_prompts.c - questions of PAM other than the password: 332, answered by
 * ACCT.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"
#include "tests/functional/world.h"

#include <signal.h>

const char *const functional_name = "prompts";

#define PLAYED WORLD_PLAYED " "
#define CODE "auth required " PLAYED "[ask=Your code:] is=123456\n"

/* Connected, USER and PASS sent: is it 332 with this text? */
static bool
is_asked(struct ftp *c, const char *account, const char *text)
{
	CHECK_NUMBER(ftp_connect(c), 220);
	ftp_login(c, account, accounts_find(account)->password);
	return check_reply(__FILE__, __LINE__, c, 332) &&
		CHECK_TEXT(c->text, text);
}

static void
check_home(struct ftp *c)
{
	EXPECT(c, 257, "PWD");
	CHECK_HAS(c->text, "\"/home/anna\"");
}

static void
test_second_factor(void)
{
	struct server s;
	struct ftp c;

	accounts_write_service(CODE);
	if (!SERVER(&s, ACCOUNTS_SERVICE, "log.level=debug") ||
	    !is_asked(&c, "anna", "332 Your code:"))
		return;
	EXPECT(&c, 530, "PWD");
	EXPECT(&c, 230, "ACCT 123456");
	check_home(&c);
	/* ACCT without a question. */
	EXPECT(&c, 202, "ACCT 123456");
	ftp_close(&c);
	/* A wrong answer, and a right one after a wrong password, get the same
	 * reply. */
	if (is_asked(&c, "anna", "332 Your code:"))
		EXPECT(&c, 530, "ACCT 654321");
	CHECK_TEXT(c.text, "530 Login incorrect.");
	EXPECT(&c, 202, "ACCT 123456");
	CHECK_NUMBER(ftp_login(&c, "anna", "wrong"), 332);
	EXPECT(&c, 530, "ACCT 123456");
	CHECK_TEXT(c.text, "530 Login incorrect.");
	ftp_close(&c);
	server_stop(&s);
	CHECK_LACKS(server_log(), "654321");
	CHECK_LACKS(server_log(), "123456");
}

/* Every phase can ask, with hidden or visible input, after messages, in several
 * lines. */
static void
test_kinds_of_questions(void)
{
	struct server s;
	struct ftp c;

	accounts_write_service(
		"auth required " PLAYED "[with=Challenge 4711.\\nRead it "
		"off the token.] [echo=Token says: ] is=x echo=Again is=y\n"
		"account required " PLAYED "ask= is=z\n"
		"session required " PLAYED "[ask=\x1b[31mred\\n100% \xc3\xa9] "
		"[is=a \"b\" %s \xc3\xa9\xff ]\n");
	if (!SERVER(&s, ACCOUNTS_SERVICE) || !is_asked(&c, "anna",
	    "332-Challenge 4711.\n332-Read it off the token.\n"
	    "332 Token says:"))
		return;
	EXPECT(&c, 332, "ACCT x");
	CHECK_TEXT(c.text, "332 Again");
	EXPECT(&c, 332, "ACCT y");
	CHECK_TEXT(c.text, "332 Send the answer with ACCT.");
	EXPECT(&c, 332, "ACCT z");
	CHECK_TEXT(c.text, "332-\\x1B[31mred\n332 100% \xc3\xa9");
	EXPECT(&c, 230, "ACCT a \"b\" %%s \xc3\xa9\xff\xff ");
	check_home(&c);
	ftp_close(&c);
	server_stop(&s);
}

/* What a client may send instead of the answer. */
static void
test_other_commands(void)
{
	static char line[600];
	struct server s;
	struct ftp c;

	accounts_write_service(CODE);
	if (!SERVER(&s, ACCOUNTS_SERVICE) ||
	    !is_asked(&c, "anna", "332 Your code:"))
		return;
	EXPECT(&c, 530, "PWD");
	EXPECT(&c, 503, "PASS anna-pass");
	EXPECT(&c, 501, "ACCT");
	memset(line, '1', sizeof(line) - 1);
	EXPECT(&c, 501, "ACCT %s", line);
	EXPECT(&c, 211, "FEAT");
	EXPECT(&c, 230, "ACCT 123456");
	ftp_close(&c);
	/* USER begins a new login (RFC 959 4.1.1), REIN none. */
	if (!is_asked(&c, "anna", "332 Your code:"))
		return;
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 332);
	EXPECT(&c, 220, "REIN");
	EXPECT(&c, 202, "ACCT 123456");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 332);
	/* Each cancelled login counts as an attempt: this was the third. */
	EXPECT(&c, 530, "USER anna");
	EXPECT_REPLY(&c, 421);
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	if (is_asked(&c, "anna", "332 Your code:"))
		EXPECT(&c, 221, "QUIT");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_pipelined(void)
{
	struct server s;
	struct ftp c;

	accounts_write_service(CODE);
	if (!SERVER(&s, ACCOUNTS_SERVICE))
		return;
	for (int round = 0; round < 5; round++) {
		CHECK_NUMBER(ftp_connect(&c), 220);
		ftp_send_text(&c, "USER anna\r\nPASS anna-pass\r\n"
				  "ACCT 123456\r\nPWD\r\n");
		EXPECT_REPLY(&c, 331);
		EXPECT_REPLY(&c, 332);
		EXPECT_REPLY(&c, 230);
		EXPECT_REPLY(&c, 257);
		ftp_close(&c);
	}
	server_stop(&s);
}

/* A login that is cancelled by USER, as the last one that is allowed: the text
 * is that of every failed login. */
static void
test_cancelled(void)
{
	struct server s;
	struct ftp c;

	accounts_write_service(CODE);
	if (!SERVER(&s, ACCOUNTS_SERVICE, "auth.max_login_attempts=1",
	    "server.msg_denied=No entry."))
		return;
	if (is_asked(&c, "anna", "332 Your code:")) {
		EXPECT(&c, 530, "USER bert");
		CHECK_TEXT(c.text, "530 No entry.");
		EXPECT_REPLY(&c, 421);
		CHECK(ftp_is_closed(&c));
	}
	ftp_close(&c);
	server_stop(&s);
}

/* With TLS; and AUTH TLS during a question cancels the login. */
static void
test_tls(void)
{
	struct server s;
	struct ftps t;

	accounts_write_service(CODE);
	if (!FTPS_SERVER(&s, ACCOUNTS_SERVICE))
		return;
	ftps_init(&t);
	if (!is_asked(&t.c, "anna", "332 Your code:"))
		return;
	EXPECT(&t.c, 234, "AUTH TLS");
	if (!CHECK_SAYS(ftps_handshake(&t), "handshake: %s", t.error))
		return;
	EXPECT(&t.c, 202, "ACCT 123456");
	CHECK_NUMBER(ftp_login(&t.c, "anna", "anna-pass"), 332);
	EXPECT(&t.c, 230, "ACCT 123456");
	check_home(&t.c);
	ftp_close(&t.c);
	server_stop(&s);
}

/* While a question is open, the monitor handles all its channels. */
static void
test_nobody_waits_for_the_answer(void)
{
	struct server s;
	struct ftp c;

	accounts_write_service(CODE);
	if (!SERVER(&s, ACCOUNTS_SERVICE))
		return;
	/* The client disconnects, with or without QUIT. */
	for (int kind = 0; kind < 3; kind++) {
		if (!is_asked(&c, "anna", "332 Your code:"))
			return;
		pid_t greeter = procs_serving(PROCS_GREETER);
		pid_t monitor = procs_serving(PROCS_MONITOR);
		if (kind == 0)
			ftp_close(&c);
		if (kind == 1)
			ftp_reset(&c);
		if (kind == 2)
			CHECK(greeter > 1 && kill(greeter, SIGKILL) == 0);
		CHECK_SAYS(monitor > 1 && server_wait(monitor, 5000, NULL),
			"kind %d left its monitor behind", kind);
		ftp_close(&c);
	}
	CHECK_LOGGED(0, "warning session=1 peer=127.0.0.1 user=anna login "
		"failed: pam_authenticate: * (not answered: Your code:)");
	/* A new recorder: what the session logs still arrives. */
	if (!is_asked(&c, "anna", "332 Your code:"))
		return;
	size_t mark = logged_mark();
	logged_reload(&s);
	EXPECT(&c, 230, "ACCT 123456");
	CHECK_LOGGED(mark, "info session=4 peer=127.0.0.1 user=anna login, "
		"home directory *");
	ftp_close(&c);
	/* The shutdown of the server. */
	if (!is_asked(&c, "anna", "332 Your code:"))
		return;
	int64_t began = clock_ms();
	CHECK(kill(s.pid, SIGTERM) == 0);
	EXPECT_REPLY(&c, 421);
	CHECK(ftp_is_closed(&c));
	server_stop(&s);
	CHECK(clock_ms() - began < 3000);
	ftp_close(&c);
}

static void
test_login_timeout(void)
{
	struct server s;
	struct ftp c;

	accounts_write_service(CODE);
	if (!SERVER(&s, ACCOUNTS_SERVICE, "limits.login_timeout=2"))
		return;
	int64_t began = clock_ms();
	if (!is_asked(&c, "anna", "332 Your code:"))
		return;
	EXPECT_REPLY(&c, 421);
	CHECK_HAS(c.text, "Login timeout");
	CHECK(clock_ms() - began < 3500);
	ftp_close(&c);
	/* A compromised greeter that sends nothing. */
	if (!is_asked(&c, "anna", "332 Your code:"))
		return;
	pid_t greeter = procs_serving(PROCS_GREETER);
	pid_t monitor = procs_serving(PROCS_MONITOR);
	CHECK(greeter > 1 && kill(greeter, SIGSTOP) == 0);
	CHECK(monitor > 1 && server_wait(monitor, 12000, NULL));
	CHECK(server_wait(greeter, 1000, NULL));
	CHECK_LOGGED(0, "info session=2 peer=127.0.0.1 session ended: login "
		"timeout after * s");
	ftp_close(&c);
	server_stop(&s);
}

/* If a question of an optional module is not answered, the login still fails.
 * And the number of questions is limited. */
static void
test_given_up(void)
{
	struct server s;
	struct ftp c;

	accounts_write_service("auth optional " PLAYED "ask=Code: is=123456\n"
		"auth optional " PLAYED "ask=More:\n");
	if (!SERVER(&s, ACCOUNTS_SERVICE) || !is_asked(&c, "anna", "332 Code:"))
		return;
	EXPECT(&c, 332, "ACCT 1");
	EXPECT(&c, 230, "ACCT 2");
	ftp_close(&c);
	if (!is_asked(&c, "anna", "332 Code:"))
		return;
	EXPECT(&c, 331, "USER bert");
	ftp_close(&c);
	server_stop(&s);
	CHECK_LACKS(server_log(), "user=bert login, home");

	accounts_write_service(
		"auth required " PLAYED "ask=1 ask=2 ask=3 ask=4 ask=5 "
		"ask=6 ask=7 ask=8 ask=9\n");
	size_t mark = logged_mark();
	if (!SERVER(&s, ACCOUNTS_SERVICE) || !is_asked(&c, "anna", "332 1"))
		return;
	for (int i = 1; i < 8; i++)
		EXPECT(&c, 332, "ACCT x");
	EXPECT(&c, 530, "ACCT x");
	CHECK_LOGGED(mark, "warning session=* peer=127.0.0.1 user=anna login "
		"failed: pam_authenticate: * (not answered: 9)");
	ftp_close(&c);
	server_stop(&s);
}

/* Answers are erased from all processes. */
static void
test_answer_is_wiped(void)
{
	static const char secret[] = "once-and-never-again-5093";
	struct server s;
	struct ftp c;

	accounts_write_service("auth optional " PLAYED "ask=Code:\n");
	if (!SERVER(&s, ACCOUNTS_SERVICE, "log.level=debug") ||
	    !is_asked(&c, "anna", "332 Code:"))
		return;
	EXPECT(&c, 230, "ACCT %s", secret);
	EXPECT(&c, 200, "NOOP");
	CHECK_NUMBER(procs_memory_has(procs_serving(PROCS_SESSION), secret,
		sizeof(secret) - 1), 0);
	CHECK_NUMBER(procs_memory_has(procs_serving(PROCS_MONITOR), secret,
		sizeof(secret) - 1), 0);
	ftp_close(&c);
	server_stop(&s);
	CHECK_LACKS(server_log(), secret);
}

CU_TestInfo functional_tests[] = {
	{ "a second factor is asked for with 332 and answered by ACCT",
		test_second_factor },
	{ "several questions of several lines, in every phase of PAM",
		test_kinds_of_questions },
	{ "other commands instead of the answer", test_other_commands },
	{ "the answer is pipelined", test_pipelined },
	{ "the answer under TLS, and TLS instead of it", test_tls },
	{ "disconnect, reload and shutdown while a question is open",
		test_nobody_waits_for_the_answer },
	{ "a cancelled login gets msg_denied", test_cancelled },
	{ "login_timeout applies to the answer", test_login_timeout },
	{ "unanswered questions, and too many questions", test_given_up },
	{ "answers are erased from all processes", test_answer_is_wiped },
	CU_TEST_INFO_NULL,
};
