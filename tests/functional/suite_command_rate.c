/*
 * suite_command_rate.c - max_command_rate.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/ftp.h"
#include "tests/functional/server.h"

const char *const functional_name = "command_rate";

/* Twenty commands may come at once; so thirty of fifty have to wait. */
static void
check_commands(const char *option)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, option) || !ftp_enter(&c, "anna"))
		return;
	int64_t began = clock_ms();
	for (int i = 0; i < 50; i++)
		EXPECT(&c, 200, "NOOP");
	int64_t took = clock_ms() - began;
	CHECK_SAYS(took > 1400 && took < 6000, "%" PRId64 " ms", took);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_commands(void)
{
	check_commands("limits.max_command_rate=20");
	/* Of one account. */
	server_configure("[user anna]\nmax_command_rate = 20\n");
	check_commands(NULL);
}

#define NOOPS_5 "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n"

/* During a transfer, too: the others wait for its end. */
static void
test_commands_in_transfer(void)
{
	struct server s;
	struct ftp c;
	int early = 0;

	if (!SERVER(&s, "limits.max_command_rate=10") ||
	    !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK(ftp_send_text(&c, NOOPS_5 NOOPS_5 NOOPS_5 NOOPS_5 NOOPS_5
		"ABOR\r\n"));
	while (ftp_reply(&c) == 200)
		early++;
	CHECK_NUMBER(c.code, 426);
	CHECK_SAYS(early < 15, "%d", early);
	for (int i = early; i < 25; i++)
		EXPECT_REPLY(&c, 200);
	EXPECT_REPLY(&c, 226);
	ftp_close(&c);
	server_stop(&s);
}

/* The client may wait for that reply before it sends more. */
static void
test_command_in_silence(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.max_command_rate=1") || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR f"), 150);
	CHECK(ftp_send_text(&c, "NOOP\r\n"));
	CHECK(ftp_replies_within(&c, 5000));
	EXPECT_REPLY(&c, 200);
	CHECK_NUMBER(ftp_finish(&c), 226);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "of a session and of an account", test_commands },
	{ "during a transfer", test_commands_in_transfer },
	{ "while no data comes", test_command_in_silence },
	CU_TEST_INFO_NULL,
};
