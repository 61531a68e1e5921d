/*
 * suite_timers.c - each timer fires in time, is named in the reply or log, and
 * does not affect active clients (rule R28).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"

#include <sys/socket.h>

const char *const functional_name = "timers";

/* Timers are under test; wait_for_time() must not be used for anything else. */

/* The reply that comes by itself, between `least` and `most` ms after
 * `since`. */
static void
check_comes(struct ftp *c, int code, int64_t since, int64_t least,
	int64_t most)
{
	EXPECT_REPLY(c, code);
	int64_t took = clock_ms() - since;
	CHECK_SAYS(took >= least && took <= most, "%d came after %lld ms",
		code, (long long)took);
}

enum { SILENT, TALKING, DRIPPING, CLIENTS };

/* One client sends commands, one sends an endless line, one is silent, until
 * each gets an unsolicited reply; returns the time of that reply. */
static void
wait_for_all(struct ftp *c, int64_t *ended, int64_t before)
{
	size_t left = CLIENTS;

	while (left > 0 && clock_ms() - before < 5000) {
		for (size_t k = 0; k < CLIENTS; k++) {
			bool talks = k == TALKING;
			if (ended[k] != 0)
				continue;
			if (k == DRIPPING)
				ftp_send(&c[k], "x", 1);
			if (talks ? ftp_command(&c[k], "NOOP") == 200
				  : !ftp_replies_within(&c[k], 0))
				continue;
			if (!talks)
				ftp_reply(&c[k]);
			ended[k] = clock_ms() - before;
			left--;
		}
		wait_for_time(20);
	}
}

static void
test_login_timeout(void)
{
	int64_t ended[CLIENTS] = { 0 };
	struct ftp c[CLIENTS], in;
	struct server s;

	if (!SERVER(&s, "limits.login_timeout=1"))
		return;
	int64_t before = clock_ms();
	for (size_t k = 0; k < CLIENTS; k++)
		CHECK_NUMBER(ftp_connect(&c[k]), 220);
	ftp_enter(&in, "anna");
	wait_for_all(c, ended, before);
	for (size_t k = 0; k < CLIENTS; k++) {
		CHECK_SAYS(ended[k] >= 700 && ended[k] < 2500,
			"client %zu ended after %lld ms", k,
			(long long)ended[k]);
		EXPECT_WAS(&c[k], 421);
		CHECK_HAS(c[k].text, "421 Login timeout");
		CHECK(ftp_is_closed(&c[k]));
		CHECK_LOGGED(0, "info session=%zu peer=127.0.0.1 session "
			"ended: login timeout after 1.* s", k + 1);
		ftp_close(&c[k]);
	}
	/* It does not apply after login. */
	CHECK(!ftp_replies_within(&in, before + 1600 - clock_ms()));
	EXPECT(&in, 200, "NOOP");
	ftp_close(&in);
	server_stop(&s);
}

/* S31 */
static void
test_idle_timeout(void)
{
	struct ftp silent, busy, other;
	struct server s;

	server_configure("[user \"bert\"]\nidle_timeout = 60\n");
	if (!SERVER(&s, "limits.idle_timeout=2") ||
	    !ftp_enter(&silent, "anna"))
		return;
	int64_t before = clock_ms();
	if (!ftp_enter(&busy, "anna") || !ftp_enter(&other, "bert"))
		return;
	wait_for_time(1200);
	EXPECT(&busy, 200, "NOOP");
	check_comes(&silent, 421, before, 1700, 4500);
	/* Each command restarts the timeout. */
	before = clock_ms();
	EXPECT(&busy, 200, "NOOP");
	CHECK_HAS(silent.text, "421 Idle timeout");
	CHECK(ftp_is_closed(&silent));
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna session "
		"ended: idle timeout after 2.* s");
	check_comes(&busy, 421, before, 1700, 4500);
	CHECK_LOGGED(0, "info session=2 peer=127.0.0.1 user=anna session "
		"ended: idle timeout after * s");
	/* Other accounts have more time. */
	EXPECT(&other, 200, "NOOP");
	ftp_close(&silent);
	ftp_close(&busy);
	ftp_close(&other);
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
	for (int i = 0; i < 4; i++) {
		CHECK_NUMBER(ftp_data_send(&c, "x", 1), 1);
		wait_for_time(400);
	}
	CHECK_NUMBER(ftp_finish(&c), 226);
	CHECK_NUMBER(files_size("/home/anna/slow"), 4);
	/* The idle time begins when the transfer ended. */
	check_comes(&c, 421, clock_ms(), 700, 2500);
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
	uint16_t port = ftp_port(&c);
	int64_t before = clock_ms();
	ftp_send_text(&c, "LIST\r\n");
	check_comes(&c, 425, before, 700, 2500);
	CHECK_HAS(c.text, "data_connect_timeout");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna session: "
		"no data connection to 127.0.0.1 port %u within "
		"data_connect_timeout", port);
	EXPECT(&c, 200, "NOOP");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	ftp_close(&c);
	server_stop(&s);
}

/* The data connection is reset, so that the client does not take the data for
 * the complete file. */
static void
check_is_cut(struct ftp *c)
{
	char rest[65536];
	ssize_t n;

	while ((n = recv(c->data, rest, sizeof(rest), 0)) > 0)
		;
	CHECK(n < 0 && errno == ECONNRESET);
	ftp_data_close(c);
}

static void
check_stalled(int session, const char *transfer)
{
	CHECK_LOGGED(0, "info session=%d peer=127.0.0.1 user=anna %s failed "
		"after * bytes in * s: transfer stalled (data_timeout)",
		session, transfer);
}

static void
test_data_timeout(void)
{
	struct server s;
	struct ftp up, down, talks;

	files_write_as("anna", "/home/anna/big", "", 0);
	CHECK(truncate("/home/anna/big", 64 << 20) == 0);
	if (!SERVER(&s, "limits.data_timeout=1") || !ftp_enter(&up, "anna") ||
	    !ftp_enter(&down, "anna") || !ftp_enter(&talks, "anna"))
		return;
	int64_t before = clock_ms();
	CHECK_NUMBER(ftp_start(&up, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&up, "x", 1), 1);
	/* A download stalls if the client does not read. */
	EXPECT(&down, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&down, "RETR big"), 150);
	/* Commands on the control connection do not prevent the timeout. */
	CHECK_NUMBER(ftp_start(&talks, "STOR g"), 150);
	while (ftp_command(&talks, "NOOP") == 200 && clock_ms() - before < 700)
		wait_for_time(100);
	check_comes(&up, 426, before, 700, 2500);
	CHECK_HAS(up.text, "data_timeout");
	while (talks.code == 200 && clock_ms() - before < 5000)
		ftp_command(&talks, "NOOP");
	EXPECT_WAS(&talks, 426);
	ftp_data_close(&talks);
	EXPECT_REPLY(&talks, 200);
	check_comes(&down, 426, before, 700, 4000);
	check_is_cut(&down);
	check_stalled(1, "upload of \"/home/anna/f\" as ASCII");
	check_stalled(2, "download of \"/home/anna/big\"");
	check_stalled(3, "upload of \"/home/anna/g\" as ASCII");
	EXPECT(&up, 200, "NOOP");
	ftp_close(&up);
	ftp_close(&down);
	ftp_close(&talks);
	server_stop(&s);
}

static void
test_no_limit(void)
{
	struct server s;
	struct ftp idle, stalled;

	if (!SERVER(&s, "limits.idle_timeout=0", "limits.data_timeout=0") ||
	    !ftp_enter(&idle, "anna") || !ftp_enter(&stalled, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&stalled, "STOR f"), 150);
	CHECK(!ftp_replies_within(&idle, 1500));
	CHECK(!ftp_replies_within(&stalled, 0));
	CHECK_NUMBER(ftp_finish(&stalled), 226);
	EXPECT(&idle, 200, "NOOP");
	EXPECT(&stalled, 200, "NOOP");
	ftp_close(&idle);
	ftp_close(&stalled);
	server_stop(&s);
}

static void
test_site_idle(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.idle_timeout=60") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "SITE TIME");
	CHECK_HAS(c.text, " GMT");
	CHECK_HAS(c.text, "200 20");
	EXPECT(&c, 200, "SITE IDLE");
	CHECK_TEXT(c.text, "200 The idle timeout is 60 seconds.");
	EXPECT(&c, 501, "SITE IDLE 61");
	CHECK_HAS(c.text, "1 to 60 seconds (idle_timeout)");
	EXPECT(&c, 501, "SITE IDLE 0");
	EXPECT(&c, 501, "SITE IDLE x");
	EXPECT(&c, 200, "SITE IDLE 1");
	EXPECT(&c, 200, "SITE IDLE");
	CHECK_TEXT(c.text, "200 The idle timeout is 1 seconds.");
	EXPECT_REPLY(&c, 421);
	CHECK_HAS(c.text, "Idle timeout (1 seconds)");
	CHECK(ftp_is_closed(&c));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_no_idle_timeout(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.idle_timeout=0") || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "SITE IDLE");
	CHECK_TEXT(c.text, "200 There is no idle timeout.");
	EXPECT(&c, 501, "SITE IDLE 0");
	CHECK_LACKS(c.text, "(idle_timeout)");
	EXPECT(&c, 200, "SITE IDLE 30");
	CHECK_TEXT(c.text, "200 The idle timeout is 30 seconds.");
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "login_timeout starts at the connect, and commands do not extend it",
		test_login_timeout },
	{ "idle_timeout, global or of an account, closes with 421",
		test_idle_timeout },
	{ "a slow transfer is never timed out",
		test_slow_transfer_is_left_alone },
	{ "data_connect_timeout: a 425 reply with its name",
		test_data_connect_timeout },
	{ "data_timeout ends a stalled transfer", test_data_timeout },
	{ "0 means no limit", test_no_limit },
	{ "SITE IDLE, and SITE TIME", test_site_idle },
	{ "SITE IDLE without a limit", test_no_idle_timeout },
	CU_TEST_INFO_NULL,
};
