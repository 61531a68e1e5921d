/*
 * test_reply.c - replies that are sent later.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "worker/reply.h"

#include <sys/socket.h>

const char *const unit_name = "reply";

struct line {
	struct control control;
	struct reply reply;
	int peer;
};

/* Zeroed, as control_init() requires; too large for the stack. */
static struct line line;

static void
open_line(void)
{
	int ends[2];

	/* Each write is a packet. */
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET |
		SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
	control_init(&line.control, ends[0]);
	reply_init(&line.reply, &line.control, false);
	line.peer = ends[1];
}

static void
close_line(void)
{
	stream_close(&line.control.stream);
	close(line.peer);
}

/* The next write was this; NULL: there is none. */
static void
check_write(const char *text)
{
	static char got[REPLY_SIZE];
	ssize_t n = recv(line.peer, got, sizeof(got), 0);

	if (text == NULL) {
		CU_ASSERT_EQUAL(n, -1);
		return;
	}
	CU_ASSERT_EQUAL_FATAL(n, (ssize_t)strlen(text));
	CU_ASSERT_EQUAL(memcmp(got, text, (size_t)n), 0);
}

static void
test_together(void)
{
	open_line();
	reply_later(&line.reply, 150, "Sending %s.", "f");
	check_write(NULL);
	reply(&line.reply, 226, "Complete.");
	check_write("150 Sending f.\r\n226 Complete.\r\n");
	reply(&line.reply, 200, "NOOP.");
	check_write("200 NOOP.\r\n");
	close_line();
}

static void
test_flush(void)
{
	open_line();
	reply_flush(&line.reply);
	check_write(NULL);
	reply_later(&line.reply, 150, "Sending.");
	reply_flush(&line.reply);
	reply_flush(&line.reply);
	check_write("150 Sending.\r\n");
	check_write(NULL);
	reply(&line.reply, 226, "Complete.");
	check_write("226 Complete.\r\n");
	close_line();
}

/* A reply of several lines has a buffer of its own. */
static void
test_several_lines(void)
{
	static struct reply_lines lines;

	open_line();
	reply_later(&line.reply, 150, "Sending.");
	reply_begin(&lines, &line.reply, 213, "Status:");
	reply_line(&lines, "busy");
	reply_finish(&lines, "End.");
	check_write("150 Sending.\r\n");
	check_write("213-Status:\r\n busy\r\n213 End.\r\n");
	check_write(NULL);
	close_line();
}

static void
test_long(void)
{
	static char text[REPLY_LATER_MAX + 1];
	static char wire[REPLY_LATER_MAX + 8];

	open_line();
	memset(text, 'x', sizeof(text) - 1);
	snprintf(wire, sizeof(wire), "150 %s\r\n", text);
	reply_later(&line.reply, 150, "%s", text);
	check_write(wire);
	close_line();
}

CU_TestInfo unit_tests[] = {
	{ "with the next reply, in one write", test_together },
	{ "when the session waits", test_flush },
	{ "before a reply of several lines", test_several_lines },
	{ "a long one is sent at once", test_long },
	CU_TEST_INFO_NULL,
};
