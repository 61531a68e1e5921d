/*
 * test_monitor_prompt.c - the monitor while PAM waits for the client's answer.
 */
#include "common/base.h"

#include "tests/unit/played_monitor.h"

const char *const unit_name = "monitor_prompt";

/* --- the greeter's parts */
static void
receive(struct channel *c, struct message *m)
{
	if (channel_recv(c, m) != 1)
		_exit(OUTCOME_STOPPED);
}

/* The right password, and the question that follows. */
static void
be_asked(struct channel *c)
{
	struct message m;

	ask(c, "nobody", "secret");
	receive(c, &m);
	CHILD_CHECK(m.type == MESSAGE_prompt);
	CHILD_CHECK(strcmp(m.prompt.text, "Code:") == 0);
}

static void
answer(struct channel *c, int32_t given, const char *text)
{
	struct message m;

	message_zero(&m);
	m.type = MESSAGE_answer;
	m.answer.given = given;
	(void)!snprintf(m.answer.text, sizeof(m.answer.text), "%s", text);
	CHILD_CHECK(channel_send(c, &m) == 0);
}

static void
expect_denial(struct channel *c, enum denial denial)
{
	struct message m;

	receive(c, &m);
	CHILD_CHECK(m.type == MESSAGE_denied);
	CHILD_CHECK(m.denied.denial == (int32_t)denial);
}

static void
log_in(struct channel *c)
{
	struct message m;

	be_asked(c);
	answer(c, 1, "code");
	receive(c, &m);
	CHILD_CHECK(m.type == MESSAGE_granted);
	hand_over(m.fds[0]);
}

static void
fail(struct channel *c)
{
	be_asked(c);
	answer(c, 1, "guess");
	expect_denial(c, DENIAL_INCORRECT);
	/* The client gives up; what it says then counts for nothing. */
	be_asked(c);
	answer(c, 0, "code");
	expect_denial(c, DENIAL_INCORRECT);
	be_asked(c);
	answer(c, 1, "");
	expect_denial(c, DENIAL_LAST);
}

static void
answer_unasked(struct channel *c)
{
	answer(c, 1, "code");
	pause();
}

static void
answer_twice(struct channel *c)
{
	be_asked(c);
	answer(c, 1, "guess");
	answer(c, 1, "code");
	pause();
}

static void
log_in_meanwhile(struct channel *c)
{
	be_asked(c);
	ask(c, "nobody", "secret");
	pause();
}

static void
never_answer(struct channel *c)
{
	be_asked(c);
	/* To the test, on the client's connection. */
	CHILD_CHECK(write(master.fd, "?", 1) == 1);
	for (;;)
		pause();
}

static void
leave(struct channel *c)
{
	be_asked(c);
	_exit(OUTCOME_NO_LOGIN);
}

static void
time_out(struct channel *c)
{
	be_asked(c);
	_exit(OUTCOME_LOGIN_TIMEOUT);
}

/* --- the tests */
static bool
start(void (*greeter)(struct channel *), const char *delay)
{
	pam_wants_code = true;
	if (!begin(greeter, delay))
		return false;
	send_client(VERDICT_WELCOME);
	return true;
}

static void
test_answered(void)
{
	char text[200] = "";

	if (!start(log_in, "0"))
		return;
	answer_login(true);
	CU_ASSERT(read(client, text, sizeof(text) - 1) > 0);
	CU_ASSERT_EQUAL(strncmp(text, "nobody ", 7), 0);
	CU_ASSERT_EQUAL(ended(), OUTCOME_IDLE);
}

static void
test_failures(void)
{
	if (!start(fail, "0"))
		return;
	/* The answer is no part of the hash: each attempt counts. */
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_TRUE(failure_reported());
		CU_ASSERT_EQUAL(reported.password, 0);
	}
	CU_ASSERT_EQUAL(ended(), OUTCOME_LOGIN_FAILED);
	if (start(leave, "0")) {
		CU_ASSERT_TRUE(failure_reported());
		CU_ASSERT_EQUAL(ended(), OUTCOME_NO_LOGIN);
	}
	/* The timeout is charged by the monitor's exit status, and only by
	 * that. */
	if (start(time_out, "0")) {
		CU_ASSERT_FALSE(failure_reported());
		CU_ASSERT_EQUAL(ended(), OUTCOME_LOGIN_TIMEOUT);
	}
}

static void
test_violations(void)
{
	static void (*const parts[])(struct channel *) = { answer_unasked,
		answer_twice, log_in_meanwhile };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (start(parts[i], "1"))
			CU_ASSERT_EQUAL(ended(), OUTCOME_VIOLATION);
}

static bool
start_and_ask(void)
{
	char asked;

	if (!start(never_answer, "0"))
		return false;
	CU_ASSERT_EQUAL(read(client, &asked, 1), 1);
	return true;
}

/* The master is heard while the answer is waited for: its orders, and its
 * end. */
static void
test_master_is_heard(void)
{
	if (!start_and_ask())
		return;
	int64_t began = clock_ms();
	say_shutdown(true);
	CU_ASSERT_EQUAL(ended(), OUTCOME_STOPPED);
	CU_ASSERT(clock_ms() - began < 3000);
	if (!start_and_ask())
		return;
	began = clock_ms();
	channel_close(&master);
	CU_ASSERT_EQUAL(ended(), OUTCOME_STOPPED);
	CU_ASSERT(clock_ms() - began < 3000);
}

CU_TestInfo unit_tests[] = {
	{ "the answer completes the login", test_answered },
	{ "wrong and missing answers are failures", test_failures },
	{ "a greeter that breaks the rules", test_violations },
	{ "messages of the master are handled meanwhile",
		test_master_is_heard },
	CU_TEST_INFO_NULL
};
