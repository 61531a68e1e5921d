/*
 * suite_login.c - successful and failed logins, and their replies.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/accounts.h"
#include "tests/functional/ctl.h"
#include "tests/functional/procs.h"

const char *const functional_name = "login";

/* S76, S68, S82: the host's own account, in its own home. */
static void
test_own_account(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	size_t mark = logged_mark();
	if (!ftp_enter(&c, "anna"))
		return;
	CHECK_TEXT(c.text, "230 Login successful.");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "\"/home/anna\"");
	EXPECT(&c, 250, "CWD /etc");
	EXPECT(&c, 221, "QUIT");
	CHECK_TEXT(c.text, "221 Goodbye.");
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.1 connected to "
		"127.0.0.1 port 21");
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.1 user=anna login, "
		"home directory \"/home/anna\"");
	CHECK_LOGGED(mark, "info session=1 peer=127.0.0.1 user=anna session "
		"ended: quit after * s");
	server_stop(&s);
}

static void
test_every_byte_of_password(void)
{
	struct server s;
	struct ftp c;
	const struct account *jan = accounts_find("jan");

	if (!SERVER(&s))
		return;
	/* The byte 255 travels doubled on a Telnet stream. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "jan", "  a \"b\" %s \xc3\xa9\xff\xff "),
		230);
	EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	/* Without its last blank it is another password. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 331, "USER jan");
	EXPECT(&c, 530, "PASS %.*s\xff", (int)strlen(jan->password) - 1,
		jan->password);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_wrong_password(void)
{
	struct server s;
	struct ftp c;

	/* The most that can be logged, and still no password. */
	if (!SERVER(&s, "log.level=debug"))
		return;
	check_refused("anna", "anna-pasS", WRONG_PASSWORD);
	check_refused("anna", "", "empty password");
	check_refused("anna", "anna-pass ", WRONG_PASSWORD);
	check_refused("Anna", "anna-pass", NO_ACCOUNT);
	check_refused("nosuchuser", "x", NO_ACCOUNT);
	CHECK_NUMBER(logged_times(0, "debug session=* command: PASS ****"), 5);
	CHECK_NUMBER(logged_times(0, "*anna-pas*"), 0);
	/* After a failure the same connection can try again. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "wrong"), 530);
	EXPECT(&c, 530, "PWD");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	ftp_close(&c);
	server_stop(&s);
}

static int64_t
time_of_failure(struct ftp *c, const char *user)
{
	EXPECT(c, 331, "USER %s", user);
	int64_t before = clock_ms();
	EXPECT(c, 530, "PASS wrong");
	return clock_ms() - before;
}

static void
test_three_attempts(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	for (int i = 0; i < 3; i++)
		CHECK_NUMBER(ftp_login(&c, "anna", "wrong"), 530);
	EXPECT_REPLY(&c, 421);
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	server_stop(&s);

	if (!SERVER(&s, "auth.max_login_attempts=1"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "wrong"), 530);
	EXPECT_REPLY(&c, 421);
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_delay_grows(void)
{
	struct server s;
	struct ftp c;
	int64_t times[2];

	if (!SERVER(&s, "auth.failed_login_delay=1"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	for (int i = 0; i < 2; i++)
		times[i] = time_of_failure(&c, "anna");
	CHECK_SAYS(times[0] >= 950 && times[0] < 2500,
		"the first failure took %lld ms", (long long)times[0]);
	CHECK_SAYS(times[1] >= 1900 && times[1] < 4500,
		"the second failure took %lld ms", (long long)times[1]);
	/* A correct password is answered without delay. */
	int64_t before = clock_ms();
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	CHECK(clock_ms() - before < 900);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_order_of_commands(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 503, "PASS anna-pass");
	EXPECT(&c, 501, "USER");
	EXPECT(&c, 503, "PASS anna-pass");
	EXPECT(&c, 331, "USER bert");
	EXPECT(&c, 331, "USER anna");
	EXPECT(&c, 230, "PASS anna-pass");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "/home/anna");
	EXPECT(&c, 503, "PASS anna-pass");
	EXPECT(&c, 530, "USER bert");
	EXPECT(&c, 257, "PWD");
	CHECK_HAS(c.text, "/home/anna");
	/* Clients that log in again keep the session. */
	EXPECT(&c, 230, "USER anna");
	EXPECT(&c, 530, "USER annaa");
	EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	/* A failed PASS resets USER. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	CHECK_NUMBER(ftp_login(&c, "anna", "wrong"), 530);
	EXPECT(&c, 503, "PASS anna-pass");
	ftp_close(&c);
	server_stop(&s);
}

/* Bytes after PASS are handled by the session, not by the greeter. */
static void
test_pipelined(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	for (int round = 0; round < 10; round++) {
		CHECK_NUMBER(ftp_connect(&c), 220);
		ftp_send_text(&c, "USER anna\r\nPASS anna-pass\r\nPWD\r\n"
				  "MKD made\r\nCWD made\r\nPWD\r\nCDUP\r\n"
				  "RMD made\r\nNO");
		EXPECT_REPLY(&c, 331);
		EXPECT_REPLY(&c, 230);
		EXPECT_REPLY(&c, 257);
		CHECK_HAS(c.text, "\"/home/anna\"");
		EXPECT_REPLY(&c, 257);
		EXPECT_REPLY(&c, 250);
		EXPECT_REPLY(&c, 257);
		CHECK_HAS(c.text, "\"/home/anna/made\"");
		EXPECT_REPLY(&c, 250);
		EXPECT_REPLY(&c, 250);
		/* A line split by the handover is reassembled. */
		ftp_send_text(&c, "OP\r\n");
		EXPECT_REPLY(&c, 200);
		ftp_close(&c);
	}
	server_stop(&s);
}

/* And so is a Telnet command, or a name with a byte 255. */
static void
test_pipelined_telnet(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	for (int round = 0; round < 10; round++) {
		CHECK_NUMBER(ftp_connect(&c), 220);
		ftp_send_text(&c, "USER anna\r\nPASS anna-pass\r\n\xff");
		EXPECT_REPLY(&c, 331);
		EXPECT_REPLY(&c, 230);
		ftp_send_text(&c, "\xf1NOOP\r\n");
		EXPECT_REPLY(&c, 200);
		ftp_close(&c);

		CHECK_NUMBER(ftp_connect(&c), 220);
		ftp_send_text(&c, "USER anna\r\nPASS anna-pass\r\nMKD \xff");
		EXPECT_REPLY(&c, 331);
		EXPECT_REPLY(&c, 230);
		ftp_send_text(&c, "\xff" "1\r\nRMD \xff" "1\r\n");
		EXPECT_REPLY(&c, 257);
		EXPECT_REPLY(&c, 250);
		ftp_close(&c);
	}
	server_stop(&s);
}

/* Options set before login stay in effect. */
static void
test_choices_survive_login(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 200, "OPTS MLST size;type;");
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	EXPECT(&c, 211, "STAT");
	CHECK_HAS(c.text, "TYPE I");
	EXPECT(&c, 250, "MLST /");
	CHECK_LACKS(c.text, "modify=");
	ftp_close(&c);
	server_stop(&s);
}

/* An address that guesses passwords is banned for a while; others are not. */
static void
test_ban(void)
{
	struct ctl_result status;
	struct server s;
	struct ftp c;
	int rounds = 0;

	if (!SERVER(&s, "limits.ban_after=6"))
		return;
	for (; rounds < 30; rounds++) {
		if (ftp_connect_to(&c, FTP_HOST, "127.0.0.9") == 421)
			break;
		for (int n = 0; n < 3 && c.code != 421; n++) {
			char password[32];

			snprintf(password, sizeof(password), "wrong%d-%d",
				rounds, n);
			ftp_login(&c, "anna", password);
			/* The master has counted it. */
			CHECK_NUMBER(CTL(&status, "status"), 0);
		}
		ftp_close(&c);
	}
	/* Six failures are too many. */
	CHECK_NUMBER(rounds, 2);
	CHECK_HAS(c.text, "421 ");
	CHECK_LOGGED(0, "warning session=2 peer=127.0.0.9 banned 127.0.0.9 "
		"for 10m: too many failures");
	CHECK_LOGGED(0, "warning session=%d peer=127.0.0.9 connection "
		"refused: address banned", rounds + 1);
	ftp_close(&c);
	ftp_enter_to(&c, FTP_HOST, "127.0.0.10", "anna");
	CHECK_LOGGED(0, "info session=%d peer=127.0.0.10 user=anna login, "
		"home directory \"/home/anna\"", rounds + 2);
	ftp_close(&c);
	server_stop(&s);
}

struct descriptors {
	pid_t pid;
	size_t before, now;
};

/* Not one more for each connection, that is; a few come and go. */
static bool
few_more(void *context)
{
	struct descriptors *d = context;

	d->now = procs_open(d->pid);
	return d->now < d->before + 10;
}

/* Two hundred wrong passwords from many addresses: each is answered with a
 * delay, without additional processes, and others can log in meanwhile. */
static void
test_two_hundred_failures(void)
{
	enum { CONNECTIONS = 67, TRIES = 3 };
	static struct ftp guessers[CONNECTIONS];
	static const char *const users[] = { "anna", "root", "nosuchuser" };
	struct server s;
	struct ftp c;
	char from[CONNECTIONS][20];
	size_t answered = 0;

	if (!SERVER(&s, "auth.failed_login_delay=1",
		    "limits.max_unauthenticated=0"))
		return;
	CHECK(procs_settle());
	struct descriptors d = { .pid = s.pid, .before = procs_open(s.pid) };
	for (int i = 0; i < CONNECTIONS; i++) {
		snprintf(from[i], sizeof(from[i]), "127.0.9.%d", i + 1);
		CHECK_NUMBER(ftp_connect_to(&guessers[i], FTP_HOST, from[i]),
			220);
	}
	int64_t began = clock_ms();
	for (int try = 0; try < TRIES; try++) {
		for (int i = 0; i < CONNECTIONS; i++)
			EXPECT(&guessers[i], 331, "USER %s", users[try]);
		for (int i = 0; i < CONNECTIONS; i++)
			ftp_send_text(&guessers[i], "PASS wrong\r\n");
		/* Another login is not delayed by them. */
		int64_t at = clock_ms();
		if (!ftp_enter(&c, "bert"))
			return;
		CHECK_SAYS(clock_ms() - at < 900, "a login took %lld ms",
			(long long)(clock_ms() - at));
		ftp_close(&c);
		for (int i = 0; i < CONNECTIONS; i++)
			answered += ftp_reply(&guessers[i]) == 530;
	}
	CHECK_NUMBER((long long)answered, CONNECTIONS * TRIES);
	/* One, two and four seconds. */
	CHECK(clock_ms() - began >= 7000);
	for (int i = 0; i < CONNECTIONS; i++) {
		EXPECT_REPLY(&guessers[i], 421);
		ftp_close(&guessers[i]);
	}
	CHECK(procs_wait_for_count(PROCS_MONITOR, 2, 5000));
	CHECK(procs_settle());
	CHECK_SAYS(wait_until(few_more, &d, 5000),
		"%zu descriptors became %zu", d.before, d.now);
	if (ftp_enter(&c, "anna"))
		EXPECT(&c, 257, "PWD");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "an account of the host logs in, in its home directory",
		test_own_account },
	{ "a password can contain any byte", test_every_byte_of_password },
	{ "a wrong password is refused and may be tried again",
		test_wrong_password },
	{ "the third wrong password closes the connection",
		test_three_attempts },
	{ "each wrong password is answered later than the last",
		test_delay_grows },
	{ "PASS without USER gets 503", test_order_of_commands },
	{ "commands sent together with PASS reach the session",
		test_pipelined },
	{ "also if the handover splits a Telnet command or a name",
		test_pipelined_telnet },
	{ "options set before login stay in effect",
		test_choices_survive_login },
	{ "two hundred wrong passwords", test_two_hundred_failures },
	{ "an address that guesses passwords is banned for a while",
		test_ban },
	CU_TEST_INFO_NULL,
};
