/*
 * suite_timers.c - each timer fires when it should, says its name, and leaves
 * those alone who are at work (rule R28).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/procs.h"

#include <sys/socket.h>

const char *const functional_name = "timers";

/* The reply that comes by itself between `least` and `most` ms from now. */
static void
check_comes(struct ftp *c, int code, int64_t least, int64_t most)
{
	int64_t before = clock_ms();

	EXPECT_REPLY(c, code);
	int64_t took = clock_ms() - before;
	CHECK_SAYS(took >= least && took <= most, "%d came after %lld ms",
		code, (long long)took);
}

static void
test_login_timeout(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.login_timeout=1"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	check_comes(&c, 421, 700, 2500);
	CHECK_HAS(c.text, "ogin");
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK_LOG("login timeout");
	/* Nothing the client sends makes it longer. */
	CHECK_NUMBER(ftp_connect(&c), 220);
	int64_t before = clock_ms();
	while (clock_ms() - before < 5000) {
		if (ftp_command(&c, "NOOP") != 200)
			break;
		pause_ms(50);
	}
	CHECK_NUMBER(c.code, 421);
	CHECK(clock_ms() - before < 2500);
	ftp_close(&c);
	/* After login it is over. */
	ftp_enter(&c, "anna");
	CHECK(!ftp_replies_within(&c, 1500));
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

/* Bytes that never make a line are no login either. */
static void
test_login_timeout_of_a_dripping_client(void)
{
	struct server s;
	struct ftp c;
	int64_t before;

	if (!SERVER(&s, "limits.login_timeout=1"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	before = clock_ms();
	while (!ftp_replies_within(&c, 20) && clock_ms() - before < 5000)
		ftp_send(&c, "x", 1);
	EXPECT_REPLY(&c, 421);
	CHECK(clock_ms() - before < 2500);
	ftp_close(&c);
	server_stop(&s);
}

/* S31 */
static void
test_idle_timeout(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.idle_timeout=1") || !ftp_enter(&c, "anna"))
		return;
	check_comes(&c, 421, 700, 2500);
	CHECK_HAS(c.text, "dle");
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	CHECK_LOG("idle");
	/* Each command starts it anew. */
	ftp_enter(&c, "anna");
	for (int i = 0; i < 5; i++) {
		pause_ms(500);
		EXPECT(&c, 200, "NOOP");
	}
	check_comes(&c, 421, 700, 2500);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_idle_timeout_of_one_user(void)
{
	struct server s;
	struct ftp a, b;

	server_configure("[user \"bert\"]\nidle_timeout = 1\n");
	if (!SERVER(&s) || !ftp_enter(&a, "anna") || !ftp_enter(&b, "bert"))
		return;
	check_comes(&b, 421, 700, 2500);
	CHECK(!ftp_replies_within(&a, 500));
	EXPECT(&a, 200, "NOOP");
	ftp_close(&a);
	ftp_close(&b);
	server_stop(&s);
}

/* A transfer slower than every timer, but moving. */
static void
test_slow_transfer_is_left_alone(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.idle_timeout=1", "limits.data_timeout=1") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "STOR slow"), 150);
	for (int i = 0; i < 8; i++) {
		CHECK_NUMBER(ftp_data_send(&c, "x", 1), 1);
		pause_ms(400);
	}
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK_NUMBER(files_size("/home/anna/slow"), 8);
	/* The idle time begins when the transfer ended. */
	check_comes(&c, 421, 700, 2500);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_data_connect_timeout(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.data_connect_timeout=1") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 229, "EPSV");
	int64_t before = clock_ms();
	EXPECT(&c, 425, "LIST");
	CHECK(clock_ms() - before > 700 && clock_ms() - before < 2500);
	CHECK_HAS(c.text, "data_connect_timeout");
	EXPECT(&c, 200, "NOOP");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_data_timeout(void)
{
	char rest[65536];
	struct server s;
	struct ftp c;

	files_write_as("anna", "/home/anna/big", "", 0);
	CHECK(truncate("/home/anna/big", 64 << 20) == 0);
	if (!SERVER(&s, "limits.data_timeout=1") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&c, "x", 1), 1);
	check_comes(&c, 426, 700, 2500);
	CHECK_HAS(c.text, "data_timeout");
	ftp_data_close(&c);
	CHECK_LOG("data_timeout");
	/* Downloads stand still when nobody reads. */
	CHECK_NUMBER(ftp_start(&c, "RETR big"), 150);
	check_comes(&c, 426, 700, 4000);
	/* No orderly end: a client that looks at the data only must not take
	 * what it got for the whole file. */
	ssize_t n;
	while ((n = recv(c.data, rest, sizeof(rest), 0)) > 0)
		;
	CHECK(n < 0 && errno == ECONNRESET);
	ftp_data_close(&c);
	/* Talking on the control connection does not keep it alive. */
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	int64_t before = clock_ms();
	while (ftp_command(&c, "NOOP") == 200 && clock_ms() - before < 5000)
		pause_ms(100);
	CHECK_NUMBER(c.code, 426);
	ftp_data_close(&c);
	EXPECT_REPLY(&c, 200);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_no_limit(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.idle_timeout=0", "limits.data_timeout=0") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK(!ftp_replies_within(&c, 1500));
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK(!ftp_replies_within(&c, 1500));
	CHECK_NUMBER(ftp_finish(&c), 226);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "login_timeout counts from the connection, whatever is sent",
		test_login_timeout },
	{ "login_timeout ends a client that drips bytes",
		test_login_timeout_of_a_dripping_client },
	{ "idle_timeout closes with a 421 that names it",
		test_idle_timeout },
	{ "idle_timeout of one account", test_idle_timeout_of_one_user },
	{ "a slow transfer is never timed out",
		test_slow_transfer_is_left_alone },
	{ "data_connect_timeout gives 425 that names it",
		test_data_connect_timeout },
	{ "data_timeout ends a transfer that stands still",
		test_data_timeout },
	{ "0 means no limit", test_no_limit },
	CU_TEST_INFO_NULL,
};
