/*
 * test_greeting.c - the client before login, with an authority controlled by
 * the test.
 */
#include "common/base.h"

#include "tests/unit/talk.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "worker/greeting.h"

#include <sys/socket.h>

const char *const unit_name = "greeting";

/* What the authority says, one after the other; GRANTED, GRANTED_TLS, NOTHING,
 * PROMPT (with this text) or an enum denial. */
enum { GRANTED = -1, GRANTED_TLS = -2, NOTHING = -3, PROMPT = -4 };
static const int *answers;
static size_t asked;
static const char *prompt = "Code:";
static bool prompted;
static const char *explanation = "";
static char user[MESSAGE_USER_SIZE], password[MESSAGE_PASSWORD_SIZE];

static char answer_text[MESSAGE_PASSWORD_SIZE];	/* ACCT's; or "given up" */

/* A prompt is followed by its answer, and nothing else is. */
static void
note_question(const struct message *m)
{
	CU_ASSERT_EQUAL(m->type, prompted ? MESSAGE_answer : MESSAGE_auth);
	if (prompted) {
		(void)!snprintf(answer_text, sizeof(answer_text), "%s",
			m->answer.given == 1 ? m->answer.text : "given up");
		return;
	}
	memcpy(user, m->auth.user, sizeof(user));
	memcpy(password, m->auth.password, sizeof(password));
}

static bool
log_in(void *context, struct message *m)
{
	struct session *s = context;
	int answer = answers[asked++];

	note_question(m);
	message_zero(m);
	m->type = answer == GRANTED ? MESSAGE_granted
		: answer == GRANTED_TLS ? MESSAGE_granted_tls
		: answer == PROMPT ? MESSAGE_prompt : MESSAGE_denied;
	if (answer >= 0)
		m->denied.denial = answer;
	if (answer >= 0)
		(void)!snprintf(m->denied.text, sizeof(m->denied.text), "%s",
			explanation);
	prompted = answer == PROMPT;
	if (prompted)
		(void)!snprintf(m->prompt.text, sizeof(m->prompt.text), "%s",
			prompt);
	if (answer == NOTHING)
		session_end(s, OUTCOME_STOPPED);
	return answer != NOTHING;
}

/* The greeter's time with a client that sends this and no more; what it was
 * answered. */
static const char *
serve(struct talk *t, const int *says, const char *lines, bool *granted)
{
	static char replies[4096];
	struct message m;
	ssize_t n;

	answers = says;
	asked = 0;
	prompted = false;
	t->session.authority.context = &t->session;
	t->session.authority.log_in = log_in;
	n = write(t->client, lines, strlen(lines));
	CU_ASSERT_EQUAL(n, (ssize_t)strlen(lines));
	CU_ASSERT_EQUAL(shutdown(t->client, SHUT_WR), 0);
	*granted = greeting_run(&t->session, &m);
	n = read(t->client, replies, sizeof(replies) - 1);
	replies[n < 0 ? 0 : n] = '\0';
	return replies;
}

static void
check(const int *says, const char *lines, bool granted, const char *replies,
	enum outcome outcome)
{
	bool was_granted;
	struct talk t;

	talk_open(&t, false);
	CU_ASSERT_STRING_EQUAL(serve(&t, says, lines, &was_granted), replies);
	CU_ASSERT_EQUAL(was_granted, granted);
	CU_ASSERT_EQUAL(t.session.stage == SESSION_OVER, !granted);
	CU_ASSERT_EQUAL(t.session.outcome, outcome);
	CU_ASSERT_STRING_EQUAL(t.session.login.user, "");
	CU_ASSERT_STRING_EQUAL(t.session.login.password, "");
	talk_close(&t);
}

#define HELLO	 "220 FTP server ready.\r\n"
#define PASSWORD "331 Password required.\r\n"
#define WRONG	 "530 Login incorrect.\r\n"
#define TRY	 "USER anna\r\nPASS secret\r\n"

static void
test_granted(void)
{
	static const int says[] = { GRANTED };
	static const int says_tls[] = { GRANTED_TLS };

	check(says_tls, TRY, true, HELLO PASSWORD, OUTCOME_QUIT);
	check(says, TRY, true, HELLO PASSWORD, OUTCOME_QUIT);
	CU_ASSERT_STRING_EQUAL(user, "anna");
	CU_ASSERT_STRING_EQUAL(password, "secret");
}

/* What follows a denied login is still before login. */
static void
test_denied(void)
{
	static const int says[] = { DENIAL_INCORRECT, DENIAL_BUSY, GRANTED };

	check(says, TRY "PWD\r\n" TRY TRY "PWD\r\n", true,
		HELLO PASSWORD WRONG
		"530 Please log in with USER and PASS.\r\n"
		PASSWORD "530 Too many sessions for this account.\r\n"
		PASSWORD, OUTCOME_QUIT);
	CU_ASSERT_EQUAL(asked, 3);
}

static void
test_last(void)
{
	static const int says[] = { DENIAL_INCORRECT, DENIAL_LAST };

	check(says, TRY TRY TRY, false, HELLO PASSWORD WRONG PASSWORD WRONG
		"421 Too many failed logins. Closing.\r\n",
		OUTCOME_LOGIN_FAILED);
	CU_ASSERT_EQUAL(asked, 2);
}

static void
test_no_answer(void)
{
	static const int says[] = { NOTHING };

	check(says, TRY "NOOP\r\n", false, HELLO PASSWORD, OUTCOME_STOPPED);
}

/* Each PASS needs a USER of its own. */
static void
test_pass_alone(void)
{
	static const int says[] = { DENIAL_INCORRECT };

	check(says, "PASS a\r\n" TRY "PASS b\r\n", false,
		HELLO "503 Send USER first.\r\n" PASSWORD WRONG
		"503 Send USER first.\r\n", OUTCOME_LOGIN_FAILED);
	CU_ASSERT_EQUAL(asked, 1);
}

static void
test_prompts(void)
{
	static const int says[] = { PROMPT, PROMPT, GRANTED };

	check(says, TRY "ACCT 12 34\r\nACCT\r\nACCT 56\r\n", true,
		HELLO PASSWORD "332 Code:\r\n" "332 Code:\r\n"
		"501 ACCT needs an argument: the answer.\r\n", OUTCOME_QUIT);
	CU_ASSERT_STRING_EQUAL(answer_text, "56");
	CU_ASSERT_EQUAL(asked, 3);
	prompt = "";
	check(says, TRY "ACCT 12 34\r\nACCT 56\r\n", true,
		HELLO PASSWORD "332 Send the answer with ACCT.\r\n"
		"332 Send the answer with ACCT.\r\n", OUTCOME_QUIT);
	prompt = "One\ntwo 100%s\nthree";
	check(says, TRY "ACCT 12 34\r\nACCT 56\r\n", true, HELLO PASSWORD
		"332-One\r\n332-two 100%s\r\n332 three\r\n"
		"332-One\r\n332-two 100%s\r\n332 three\r\n", OUTCOME_QUIT);
	prompt = "Code:";
}

static void
test_given_up(void)
{
	static const int says[] = { PROMPT, DENIAL_INCORRECT, PROMPT,
		DENIAL_INCORRECT, PROMPT, DENIAL_LAST };

	check(says, TRY TRY "REIN\r\n" TRY "USER bert\r\n", false,
		HELLO PASSWORD "332 Code:\r\n" PASSWORD "332 Code:\r\n" HELLO
		PASSWORD "332 Code:\r\n" WRONG
		"421 Too many failed logins. Closing.\r\n",
		OUTCOME_LOGIN_FAILED);
	CU_ASSERT_STRING_EQUAL(answer_text, "given up");
	CU_ASSERT_EQUAL(asked, 6);
}

static void
test_explained(void)
{
	static const int says[] = { DENIAL_INCORRECT, DENIAL_BUSY,
		DENIAL_LAST };

	explanation = "Change it.\nThe password has expired.";
	check(says, TRY TRY TRY, false, HELLO
		PASSWORD "530-Change it.\r\n530 The password has expired.\r\n"
		PASSWORD "530 Too many sessions for this account.\r\n"
		PASSWORD "530-Change it.\r\n530 The password has expired.\r\n"
		"421 Too many failed logins. Closing.\r\n",
		OUTCOME_LOGIN_FAILED);
	explanation = "";
}

static void
test_refused(void)
{
	bool granted;
	struct talk t;

	talk_open(&t, false);
	t.session.client.verdict = VERDICT_FULL;
	CU_ASSERT_STRING_EQUAL(serve(&t, NULL, TRY, &granted),
		"421 Too many clients, try again later.\r\n");
	CU_ASSERT_FALSE(granted);
	CU_ASSERT_EQUAL(t.session.outcome, OUTCOME_REFUSED);
	talk_close(&t);
}

CU_TestInfo unit_tests[] = {
	{ "a granted login ends it", test_granted },
	{ "a denied one does not", test_denied },
	{ "too many failed logins", test_last },
	{ "an authority without an answer", test_no_answer },
	{ "PASS without USER", test_pass_alone },
	{ "questions beyond the password", test_prompts },
	{ "questions that are not answered", test_given_up },
	{ "denied logins that are explained", test_explained },
	{ "a refused client", test_refused },
	CU_TEST_INFO_NULL
};
