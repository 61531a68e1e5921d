/*
 * test_monitor.c - the monitor with well-behaved and misbehaving peers.
 */
#include "common/base.h"

#include "common/text.h"
#include "tests/unit/played_monitor.h"

const char *const unit_name = "monitor";

/* --- the greeter's parts */
static void
log_in(struct channel *c)
{
	int session;

	CHILD_CHECK(try_login_for(c, "nobody", "secret", &session) ==
		GRANTED);
	hand_over(session);
}

static void
log_in_when_not_busy(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "secret") == DENIAL_BUSY);
	log_in(c);
}

static void
leave_when_busy(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "secret") == DENIAL_BUSY);
	_exit(OUTCOME_NO_LOGIN);
}

static void
guess(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "guess") == DENIAL_INCORRECT);
	CHILD_CHECK(try_login(c, "nobody", "") == DENIAL_INCORRECT);
	CHILD_CHECK(try_login(c, "no:body", "secret") == DENIAL_LAST);
}

static void
guess_once(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "guess") == DENIAL_INCORRECT);
}

static void
guess_with_one_attempt(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "guess") == DENIAL_LAST);
}

static void
guess_on(struct channel *c)
{
	guess(c);
	ask(c, "nobody", "secret");
	(void)try_login(c, "nobody", "secret");
}

static void
time_failures(struct channel *c)
{
	int64_t began = clock_ms();

	CHILD_CHECK(try_login(c, "nobody", "") == DENIAL_INCORRECT);
	CHILD_CHECK(clock_ms() - began >= 1000);
	CHILD_CHECK(clock_ms() - began < 1900);
	began = clock_ms();
	CHILD_CHECK(try_login(c, "nobody", "guess") == DENIAL_INCORRECT);
	CHILD_CHECK(clock_ms() - began >= 2000);
}

static void
ask_twice(struct channel *c)
{
	ask(c, "nobody", "guess");
	ask(c, "nobody", "secret");
	pause();
}

/* What a login needs, asked in the midst of one. */
static void
ask_about_cleartext_late(struct channel *c)
{
	struct message m;

	ask(c, "nobody", "guess");
	message_zero(&m);
	m.type = MESSAGE_cleartext_login;
	CHILD_CHECK(channel_send(c, &m) == 0);
	pause();
}

/* Nothing here demands TLS, whoever asks. */
static void
ask_about_cleartext(struct channel *c)
{
	static const char *const asked[] = { "nobody", "no:body", "nobody-at",
		"" };
	struct message m;

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		int64_t began = clock_ms();

		message_zero(&m);
		m.type = MESSAGE_cleartext_login;
		(void)!snprintf(m.cleartext_login.user,
			sizeof(m.cleartext_login.user), "%s", asked[i]);
		CHILD_CHECK(channel_send(c, &m) == 0);
		CHILD_CHECK(channel_recv(c, &m) == 1);
		CHILD_CHECK(m.type == MESSAGE_cleartext_verdict);
		CHILD_CHECK(m.cleartext_verdict.granted == 1);
		/* As long for whoever it is. */
		CHILD_CHECK(clock_ms() - began >= 45);
	}
	_exit(OUTCOME_NO_LOGIN);
}

/* To the monitor, which has no business with it. */
static void
hand_over_to_monitor(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "secret") == GRANTED);
	hand_over(c->fd);
	pause();
}

static void
keep_client(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "secret") == GRANTED);
}

static void
fail_to_enter(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "secret") == DENIAL_INCORRECT);
	CHILD_CHECK(try_login(c, "nobody", "secret") == DENIAL_INCORRECT);
	CHILD_CHECK(try_login(c, "nobody", "secret") == DENIAL_LAST);
}

static void crash(struct channel *c UNUSED) { abort(); }
static void leave(struct channel *c UNUSED) { _exit(OUTCOME_NO_LOGIN); }

static void
check(void (*greeter)(struct channel *), int outcome)
{
	if (!begin(greeter, "0"))
		return;
	send_client(VERDICT_WELCOME);
	CU_ASSERT_EQUAL(ended(), outcome);
}

static void
test_login(void)
{
	char text[200] = "";

	if (!begin(log_in, "0"))
		return;
	send_client(VERDICT_WELCOME);
	answer_login(true);
	CU_ASSERT(read(client, text, sizeof(text) - 1) > 0);
	CU_ASSERT_STRING_EQUAL(text, "nobody system 65534 /nonexistent 4 PWD");
	CU_ASSERT_EQUAL(ended(), OUTCOME_IDLE);
}

/* The account's session cannot enter its place: that is a refused login. */
static void
test_entry(void)
{
	if (!begin(keep_client, "0"))
		return;
	send_client(VERDICT_WELCOME);
	answer_login(true);
	CU_ASSERT_EQUAL(ended(), OUTCOME_LOST);
	entry_error = EACCES;
	if (begin(fail_to_enter, "0")) {
		send_client(VERDICT_WELCOME);
		/* Counted once. */
		answer_login(true);
		CU_ASSERT_EQUAL(ended(), OUTCOME_LOGIN_FAILED);
	}
	entry_error = 0;
}

/* The first line of a file of /proc, once it has one that `done` accepts. */
static void
await_proc(char *text, size_t size, const char *path, bool (*done)(char *))
{
	for (int i = 0; i < 5000; i++) {
		FILE *f = fopen(path, "re");
		bool got = f != NULL && fgets(text, (int)size, f) != NULL;
		if (f != NULL)
			fclose(f);
		if (got && done(text))
			return;
		usleep(1000);	/* nothing tells of it */
	}
	CU_FAIL_FATAL("nothing came");
}

static bool any(char *line) { return *line != '\0'; }
static bool is_zombie(char *line) { return strstr(line, ") Z ") != NULL; }

/* A greeter that was killed while it waited costs no client, not even in the
 * same instant: the monitor is stopped meanwhile. */
static void
test_killed_spare(void)
{
	char text[200] = "", path[64], line[512];
	int64_t greeter = 0;

	if (!begin(log_in, "0"))
		return;
	(void)!snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
		(int)monitor, (int)monitor);
	await_proc(line, sizeof(line), path, any);
	CU_ASSERT_EQUAL_FATAL(text_number(line, strcspn(line, " "), &greeter),
		0);
	kill(monitor, SIGSTOP);
	kill((pid_t)greeter, SIGKILL);
	(void)!snprintf(path, sizeof(path), "/proc/%d/stat", (int)greeter);
	await_proc(line, sizeof(line), path, is_zombie);
	send_client(VERDICT_WELCOME);
	kill(monitor, SIGCONT);
	answer_login(true);
	CU_ASSERT(read(client, text, sizeof(text) - 1) > 0);
	CU_ASSERT_EQUAL(ended(), OUTCOME_IDLE);
}

static void
test_busy(void)
{
	if (!begin(log_in_when_not_busy, "0"))
		return;
	send_client(VERDICT_WELCOME);
	answer_login(false);
	answer_login(true);
	CU_ASSERT_EQUAL(ended(), OUTCOME_IDLE);
	/* The password was right: it is no failed login. */
	if (!begin(leave_when_busy, "0"))
		return;
	send_client(VERDICT_WELCOME);
	answer_login(false);
	CU_ASSERT_EQUAL(ended(), OUTCOME_NO_LOGIN);
}

static void
test_failures(void)
{
	check(guess, OUTCOME_LOGIN_FAILED);
	check(guess_once, OUTCOME_LOGIN_FAILED);
	check(leave, OUTCOME_NO_LOGIN);
	check(ask_about_cleartext, OUTCOME_NO_LOGIN);
	check(crash, OUTCOME_CRASH);
}

/* The master is told of each failure when it happens, and can make the one
 * that is still to be answered the last. */
static void
test_reported_failures(void)
{
	struct message enough;

	if (!begin(guess, "0"))
		return;
	send_client(VERDICT_WELCOME);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_TRUE(failure_reported());
		CU_ASSERT_NOT_EQUAL(reported.password, 0);
	}
	CU_ASSERT_EQUAL(ended(), OUTCOME_LOGIN_FAILED);
	if (!begin(guess_with_one_attempt, "1"))
		return;
	send_client(VERDICT_WELCOME);
	CU_ASSERT_TRUE(failure_reported());
	message_zero(&enough);
	enough.type = MESSAGE_login_enough;
	CU_ASSERT_EQUAL(channel_send(&master, &enough), 0);
	CU_ASSERT_EQUAL(ended(), OUTCOME_LOGIN_FAILED);
}

static void
test_delay(void)
{
	if (!begin(time_failures, "1"))
		return;
	send_client(VERDICT_WELCOME);
	CU_ASSERT_EQUAL(ended(), OUTCOME_LOGIN_FAILED);
}

static void
test_violations(void)
{
	check(guess_on, OUTCOME_VIOLATION);
	if (!begin(ask_about_cleartext_late, "1"))
		return;
	send_client(VERDICT_WELCOME);
	CU_ASSERT_EQUAL(ended(), OUTCOME_VIOLATION);
	if (!begin(ask_twice, "1"))
		return;
	send_client(VERDICT_WELCOME);
	CU_ASSERT_EQUAL(ended(), OUTCOME_VIOLATION);
	if (!begin(hand_over_to_monitor, "0"))
		return;
	send_client(VERDICT_WELCOME);
	answer_login(true);
	CU_ASSERT_EQUAL(ended(), OUTCOME_VIOLATION);
}

static void
test_refused(void)
{
	if (!begin(leave, "0"))
		return;
	send_client(VERDICT_FULL);
	CU_ASSERT_EQUAL(ended(), OUTCOME_REFUSED);
}

static void
test_end_of_master(void)
{
	if (!begin(stay, "0"))
		return;
	channel_close(&master);
	CU_ASSERT_EQUAL(ended(), OUTCOME_STOPPED);
	if (!begin(stay, "0"))
		return;
	send_client(VERDICT_WELCOME);
	channel_close(&master);
	CU_ASSERT_EQUAL(ended(), OUTCOME_STOPPED);
}

static void
test_stop(void)
{
	if (!begin(stay, "0"))
		return;
	say_shutdown(false);
	CU_ASSERT_EQUAL(ended(), OUTCOME_STOPPED);

	/* One that does not go, before, at and after login. */
	session_obeys = false;
	for (int i = 0; i < 3; i++) {
		char c = 'x';

		CU_ASSERT_FATAL(begin(i == 0 ? stay : log_in, "0"));
		send_client(VERDICT_WELCOME);
		if (i > 0)
			answer_login(true);
		if (i > 1)
			CU_ASSERT(read(client, &c, 1) == 1 && c == 'n');
		int64_t began = clock_ms();
		say_shutdown(true);
		CU_ASSERT_EQUAL(ended(), OUTCOME_STOPPED);
		CU_ASSERT(clock_ms() - began < 3000);
	}
	session_obeys = true;
}

CU_TestInfo unit_tests[] = {
	{ "a login reaches the session", test_login },
	{ "a client that is not handed over, a session that cannot enter",
		test_entry },
	{ "a greeter that is killed while it waits", test_killed_spare },
	{ "a limit reached, then free again", test_busy },
	{ "how a worker ends without a login", test_failures },
	{ "each failure is reported when it happens",
		test_reported_failures },
	{ "failures are answered with a delay", test_delay },
	{ "a greeter that breaks the rules", test_violations },
	{ "a refused client", test_refused },
	{ "the master has exited", test_end_of_master },
	{ "the master asks to stop", test_stop },
	CU_TEST_INFO_NULL
};
