/*
 * suite_log_flood.c - a greeter or a session that was taken over and writes
 * events as fast as it can: others' lines come in time, the flood is dropped,
 * counted, and told in a line.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/forge.h"
#include "tests/functional/procs.h"

#include <sys/syscall.h>

const char *const functional_name = "log_flood";

#define PROTOCOL "/var/log/protocol.log"

/* While one process sends as fast as it can, the lines of another session come
 * at once. */
static void
check_lines_come(struct ftp *other)
{
	for (int i = 0; i < 20; i++) {
		int64_t before = clock_ms();
		char line[64];

		EXPECT(other, 257, "MKD d%d", i);
		snprintf(line, sizeof(line), "\"/home/bert/d%d\"", i);
		CHECK_SAYS(files_wait_for_text(PROTOCOL, line),
			"line %d did not come", i);
		CHECK_SAYS(clock_ms() - before < 1000, "line %d took %lld ms",
			i, (long long)(clock_ms() - before));
	}
}

/* `who` sends it, as its lines name it. */
static void
flood(const char *process, const char *who, struct ftp *c, struct ftp *other)
{
	size_t mark = logged_mark();
	struct event e = forge_event(EVENT_message);
	struct captive captive;
	uint64_t args[6];

	e.text = "flood";
	if (!CHECK(inject_capture(&captive, procs_serving(process))))
		return;
	CHECK(forge_load(&captive, &e, args));
	CHECK(inject_begin_loop(&captive, SYS_sendto, args, 1000000));
	check_lines_come(other);
	CHECK(inject_end_loop(&captive));
	CHECK(inject_release(&captive));
	ftp_close(c);
	CHECK_LOGGED(mark, "warning %s log.max_rate exceeded, dropped * events",
		who);
	/* Nobody else's are dropped. */
	CHECK_NUMBER(logged_times(mark, "* user=bert log.max_rate *"), 0);
}

static void
test_greeter_floods(void)
{
	static const char who[] = "session=2 peer=127.0.0.1";
	struct server s;
	struct ftp c, other;

	if (!SERVER(&s, "log.max_rate=50", "log.protocol=" PROTOCOL) ||
	    !ftp_enter(&other, "bert"))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	flood(PROCS_GREETER, who, &c, &other);
	/* The burst, and the rate for as long as it takes at most. */
	size_t n = logged_times(0, "warning %s greeter: flood", who);
	CHECK_SAYS(n >= 1000 && n < 2000, "%zu lines of the flood", n);
	CHECK(logged_times(0, "* %s log.max_rate exceeded*", who) <= 4);
	ftp_close(&other);
	server_stop(&s);
}

static void
test_session_floods(void)
{
	struct server s;
	struct ftp c, other;
	pid_t first;

	if (!SERVER(&s, "log.max_rate=50", "log.protocol=" PROTOCOL) ||
	    !ftp_enter(&c, "anna"))
		return;
	first = procs_serving(PROCS_SESSION);
	CHECK(first > 1);
	if (!ftp_enter(&other, "bert"))
		return;
	flood(PROCS_SESSION, "session=1 peer=127.0.0.1 user=anna", &c, &other);
	ftp_close(&other);
	server_stop(&s);
}

/* A client that makes its session log as fast as it can, so that what it does
 * next is not logged. */
static void
test_client_floods(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "log.max_rate=100") || !ftp_enter(&c, "anna"))
		return;
	files_write("/home/anna/f", "x", 1);
	for (int i = 0; i < 2100; i += 5) {
		CHECK(ftp_send_text(&c, "DELE a\r\nDELE b\r\nDELE c\r\n"
			"DELE d\r\nDELE e\r\n"));
		for (int k = 0; k < 5; k++)
			EXPECT_REPLY(&c, 550);
	}
	EXPECT(&c, 250, "DELE f");
	EXPECT(&c, 221, "QUIT");
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna deleted "
		"\"/home/anna/f\"");
	CHECK_NUMBER(logged_times(0, "* log.max_rate exceeded*"), 0);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "events of others are not lost in a greeter's flood",
		test_greeter_floods },
	{ "events of others are not lost in a session's flood",
		test_session_floods },
	{ "a client's flood does not hide its own actions",
		test_client_floods },
	CU_TEST_INFO_NULL,
};
