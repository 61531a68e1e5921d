/*
 * test_monitor.c - the monitor's life: what it does when everybody keeps to
 * their part, and when one does not.
 */
#include "common/base.h"

#include "tests/unit/played_monitor.h"

const char *const unit_name = "monitor";

/* --- the greeter's parts */
static void
log_in(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "secret") == AUTH_GRANTED);
	hand_over(c, 'I');
}

static void
log_in_when_not_busy(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "secret") == AUTH_BUSY);
	log_in(c);
}

static void
guess(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "guess") == AUTH_DENIED);
	CHILD_CHECK(try_login(c, "nobody", "") == AUTH_DENIED);
	CHILD_CHECK(try_login(c, "no:body", "secret") == AUTH_ENOUGH);
}

static void
guess_once(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "guess") == AUTH_DENIED);
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

	CHILD_CHECK(try_login(c, "nobody", "") == AUTH_DENIED);
	CHILD_CHECK(clock_ms() - began >= 1000);
	CHILD_CHECK(clock_ms() - began < 1900);
	began = clock_ms();
	CHILD_CHECK(try_login(c, "nobody", "guess") == AUTH_DENIED);
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
ask_about_clear_late(struct channel *c)
{
	struct message m;

	ask(c, "nobody", "guess");
	message_clear(&m);
	m.type = MESSAGE_clear_login;
	CHILD_CHECK(channel_send(c, &m) == 0);
	pause();
}

/* Nothing here demands TLS, whoever asks. */
static void
ask_about_clear(struct channel *c)
{
	static const char *const asked[] = { "nobody", "no:body", "nobody-at",
		"" };
	struct message m;

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		int64_t began = clock_ms();

		message_clear(&m);
		m.type = MESSAGE_clear_login;
		(void)!snprintf(m.clear_login.user,
			sizeof(m.clear_login.user), "%s", asked[i]);
		CHILD_CHECK(channel_send(c, &m) == 0);
		CHILD_CHECK(channel_recv(c, &m) == 1);
		CHILD_CHECK(m.type == MESSAGE_clear_verdict);
		CHILD_CHECK(m.clear_verdict.granted == 1);
		/* As long for whoever it is. */
		CHILD_CHECK(clock_ms() - began >= 45);
	}
	_exit(OUTCOME_NO_LOGIN);
}

static void
hand_over_early(struct channel *c)
{
	hand_over(c, 'I');
	pause();
}

static void
hand_over_nonsense(struct channel *c)
{
	CHILD_CHECK(try_login(c, "nobody", "secret") == AUTH_GRANTED);
	hand_over(c, 'X');
	pause();
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
	CU_ASSERT_STRING_EQUAL(text, "nobody / 4 PWD");
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
}

static void
test_failures(void)
{
	check(guess, OUTCOME_LOGIN_FAILED);
	check(guess_once, OUTCOME_LOGIN_FAILED);
	check(leave, OUTCOME_NO_LOGIN);
	check(ask_about_clear, OUTCOME_NO_LOGIN);
	check(crash, OUTCOME_CRASH);
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
test_breaches(void)
{
	check(guess_on, OUTCOME_BREACH);
	check(hand_over_early, OUTCOME_BREACH);
	if (!begin(ask_about_clear_late, "1"))
		return;
	send_client(VERDICT_WELCOME);
	CU_ASSERT_EQUAL(ended(), OUTCOME_BREACH);
	if (!begin(ask_twice, "1"))
		return;
	send_client(VERDICT_WELCOME);
	CU_ASSERT_EQUAL(ended(), OUTCOME_BREACH);
	if (!begin(hand_over_nonsense, "0"))
		return;
	send_client(VERDICT_WELCOME);
	answer_login(true);
	CU_ASSERT_EQUAL(ended(), OUTCOME_BREACH);
}

static void
test_refused(void)
{
	if (!begin(leave, "0"))
		return;
	send_client(VERDICT_FULL);
	CU_ASSERT_EQUAL(ended(), OUTCOME_REFUSED);
}

/* A session that stays where it should go hears nothing of what the client
 * says in another worker: it has ended before that one gets the client. */
static void
test_give_back(void)
{
	struct pollfd p = { .events = POLLIN };
	struct message m;
	char text[200];

	session_gives_back = CLIENT;
	session_obeys = false;
	if (begin(log_in, "0")) {
		int64_t began = clock_ms();
		send_client(VERDICT_WELCOME);
		answer_login(true);
		CU_ASSERT(read(client, text, sizeof(text)) > 0);
		p.fd = master.fd;
		CU_ASSERT_EQUAL_FATAL(poll(&p, 1, 5000), 1);
		CU_ASSERT_EQUAL_FATAL(channel_recv(&master, &m), 1);
		CU_ASSERT_EQUAL(m.type, MESSAGE_returned);
		CU_ASSERT_EQUAL(m.returned.greeted, 1);
		/* Nobody else has this connection any more: the session was
		 * given its moment, and then killed. */
		CU_ASSERT(clock_ms() - began >= 20);
		io_close(&m.fds[0]);
		p.fd = client;
		CU_ASSERT_EQUAL(poll(&p, 1, 2000), 1);
		CU_ASSERT_EQUAL(read(client, text, sizeof(text)), 0);
		CU_ASSERT_EQUAL(ended(), OUTCOME_QUIT);
	}
	session_gives_back = NOTHING;
	session_obeys = true;
}

/* Another socket might be of another client, or make the master wait. */
static void
test_give_stranger_back(void)
{
	struct pollfd p = { .events = POLLIN };
	struct message m;

	session_gives_back = STRANGER;
	if (begin(log_in, "0")) {
		send_client(VERDICT_WELCOME);
		answer_login(true);
		p.fd = master.fd;
		CU_ASSERT_EQUAL(poll(&p, 1, 5000), 1);
		CU_ASSERT_EQUAL(channel_recv(&master, &m), 0);
		CU_ASSERT_EQUAL(ended(), OUTCOME_BREACH);
	}
	session_gives_back = NOTHING;
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
	say_stop(false);
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
		say_stop(true);
		CU_ASSERT_EQUAL(ended(), OUTCOME_STOPPED);
		CU_ASSERT(clock_ms() - began < 3000);
	}
	session_obeys = true;
}

CU_TestInfo unit_tests[] = {
	{ "a login reaches the session", test_login },
	{ "busy now, welcome later", test_busy },
	{ "how a worker ends without a login", test_failures },
	{ "failures take their time", test_delay },
	{ "a greeter that breaks the rules", test_breaches },
	{ "a refused client", test_refused },
	{ "a client that is given back", test_give_back },
	{ "another connection in its place", test_give_stranger_back },
	{ "the master is gone", test_end_of_master },
	{ "told to stop", test_stop },
	CU_TEST_INFO_NULL
};
