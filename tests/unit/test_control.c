/*
 * test_control.c - lines from a stream that may be split anywhere.
 */
#include "common/base.h"

#include "tests/unit/lines.h"

#include "common/clock.h"

#include <signal.h>

const char *const unit_name = "control";

static void
test_lines(void)
{
	struct wire w;

	wire_open(&w);
	say(&w, "USER anna\r\nPASS x\nNOOP\r\n\r\n", 26);
	expect(&w, "USER anna");
	expect(&w, "PASS x");
	expect(&w, "NOOP");
	expect(&w, "");
	expect_kind(&w, CONTROL_NONE);
	wire_close(&w);
}

static void
test_cut_anywhere(void)
{
	static const char text[] = "RETR a b\r\n\xff\xf4\xff\xf2" "ABOR\r\n"
				   "CWD \xff\xff" "x\r\n";
	struct wire w;

	for (size_t cut = 0; cut < sizeof(text) - 1; cut++) {
		wire_open(&w);
		say(&w, text, cut);
		while (control_read(&w.control) == 1)
			;
		say(&w, text + cut, sizeof(text) - 1 - cut);
		expect(&w, "RETR a b");
		expect(&w, "ABOR");
		expect(&w, "CWD \xff" "x");
		wire_close(&w);
	}
}

static void
test_longest_line(void)
{
	static char text[CONTROL_LINE_MAX + 10];
	struct wire w;
	char *line = NULL;
	size_t len = 0;

	memset(text, 'x', sizeof(text));
	wire_open(&w);
	say(&w, text, CONTROL_LINE_MAX);
	say(&w, "\r\n", 2);
	CU_ASSERT_EQUAL(listen_for(&w, &line, &len), CONTROL_LINE);
	CU_ASSERT_EQUAL(len, CONTROL_LINE_MAX);
	say(&w, "NOOP\r\n", 6);
	expect(&w, "NOOP");
	wire_close(&w);
}

static void
test_too_long(void)
{
	static char text[3 * CONTROL_LINE_MAX];
	static const size_t sizes[] = { CONTROL_LINE_MAX + 1,
		CONTROL_LINE_MAX + 2, CONTROL_LINE_MAX + 3,
		2 * CONTROL_LINE_MAX + 4, 3 * CONTROL_LINE_MAX };

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct wire w;
		wire_open(&w);
		say(&w, text, sizes[i]);
		expect_kind(&w, CONTROL_NONE);
		say(&w, "\r\nNOOP\r\n", 8);
		expect_kind(&w, CONTROL_TOO_LONG);
		expect(&w, "NOOP");
		wire_close(&w);
	}
}

static void
test_bad_bytes(void)
{
	struct wire w;

	wire_open(&w);
	say(&w, "DELE a\0b\r\n", 10);
	say(&w, "DELE a\rb\r\n", 10);
	say(&w, "DELE a\r\0\r\n", 10);
	say(&w, "DELE \ra\r\r\n", 10);
	say(&w, "NOOP\r\n", 6);
	for (int i = 0; i < 4; i++)
		expect_kind(&w, CONTROL_BAD_BYTE);
	expect(&w, "NOOP");
	wire_close(&w);
}

/* As programs send it whose library makes CR LF of each LF once more. */
static void
test_several_crs(void)
{
	struct wire w;

	wire_open(&w);
	say(&w, "DELE a\r\r\nNOOP\r\r\r\n\r\r\n", 20);
	expect(&w, "DELE a");
	expect(&w, "NOOP");
	expect(&w, "");
	expect_kind(&w, CONTROL_NONE);
	wire_close(&w);
}

static void
check_peek(struct wire *w, size_t *at, enum control_line kind,
	const char *text)
{
	char *line = NULL;
	size_t len = 0;

	CU_ASSERT_EQUAL(control_peek(&w->control, at, &line, &len), kind);
	if (kind != CONTROL_LINE)
		return;
	CU_ASSERT_EQUAL(len, strlen(text));
	CU_ASSERT_EQUAL(memcmp(line, text, strlen(text)), 0);
}

static void
test_peek_takes_nothing(void)
{
	struct wire w;

	wire_open(&w);
	say(&w, "STAT\r\nA\rB\r\nQUIT\nmore", 21);
	CU_ASSERT_EQUAL(control_read(&w.control), 1);
	for (int i = 0; i < 3; i++) {
		size_t at = 0;
		check_peek(&w, &at, CONTROL_LINE, "STAT");
		check_peek(&w, &at, CONTROL_BAD_BYTE, "");
		check_peek(&w, &at, CONTROL_LINE, "QUIT");
		check_peek(&w, &at, CONTROL_NONE, "");
	}
	expect(&w, "STAT");
	size_t at = 0;
	check_peek(&w, &at, CONTROL_BAD_BYTE, "");
	wire_close(&w);
}

/* Of a line that is too long only the end is there to be looked at. */
static void
test_peek_at_a_long_line(void)
{
	static char many[CONTROL_LINE_MAX + 2];
	struct wire w;
	size_t at = 0;

	memset(many, 'x', sizeof(many));
	wire_open(&w);
	say(&w, many, sizeof(many));
	CU_ASSERT_EQUAL(control_read(&w.control), 1);
	CU_ASSERT(control_is_full(&w.control));
	check_peek(&w, &at, CONTROL_NONE, "");
	say(&w, "x\r\nABOR\r\n", 9);
	CU_ASSERT_EQUAL(control_read(&w.control), 1);
	check_peek(&w, &at, CONTROL_TOO_LONG, "");
	check_peek(&w, &at, CONTROL_LINE, "ABOR");
	wire_close(&w);
}

/* Lines that wait fill the buffer, and none is lost. */
static void
test_full_of_lines(void)
{
	static char many[CONTROL_LINE_MAX + 2];
	struct wire w;

	memset(many, 'x', sizeof(many));
	memcpy(many, "NOOP\r\n", 6);
	wire_open(&w);
	say(&w, many, sizeof(many));
	CU_ASSERT_EQUAL(control_read(&w.control), 1);
	CU_ASSERT_EQUAL(control_read(&w.control), -ENOBUFS);
	expect(&w, "NOOP");
	control_done(&w.control);
	CU_ASSERT_FALSE(control_is_full(&w.control));
	wire_close(&w);
}

static void
test_taken_lines_are_wiped(void)
{
	char *line = NULL;
	size_t len = 0;
	struct wire w;

	wire_open(&w);
	say(&w, "PASS s3cret\r\nNOOP\r\n", 19);
	CU_ASSERT_EQUAL(listen_for(&w, &line, &len), CONTROL_LINE);
	control_done(&w.control);
	CU_ASSERT_PTR_NULL(memmem(w.control.in, sizeof(w.control.in),
		"s3cret", 6));
	expect(&w, "NOOP");
	wire_close(&w);
}

static void
test_leftover_and_preload(void)
{
	static char much[sizeof(((struct control *)NULL)->in) + 1];
	struct control next = { .in_len = 0 };
	const char *data;
	char *line = NULL;
	size_t len = 0;
	struct wire w;

	wire_open(&w);
	say(&w, "PASS x\r\nLIST\r\nRE", 16);
	CU_ASSERT_EQUAL(listen_for(&w, &line, &len), CONTROL_LINE);
	size_t n = control_leftover(&w.control, &data);
	CU_ASSERT_EQUAL(n, 8);
	control_init(&next, w.control.stream.fd);
	CU_ASSERT_EQUAL(control_preload(&next, data, n, 0), 0);
	w.control = next;
	say(&w, "IN\r\n", 4);
	expect(&w, "LIST");
	expect(&w, "REIN");
	CU_ASSERT_EQUAL(control_preload(&next, much, sizeof(much), 0),
		-EMSGSIZE);
	wire_close(&w);
}

static void
test_end_and_lost_peer(void)
{
	struct wire w;

	wire_open(&w);
	CU_ASSERT_EQUAL(control_read(&w.control), -EAGAIN);
	CU_ASSERT_EQUAL(control_write(&w.control, "hi", 2, clock_after(1)), 0);
	close(w.client);
	signal(SIGPIPE, SIG_IGN);
	CU_ASSERT(control_write(&w.control, "hi", 2, clock_after(1)) < 0);
	CU_ASSERT(control_read(&w.control) <= 0);
	close(w.control.stream.fd);
}

static void
test_client_that_never_reads(void)
{
	static char text[1 << 20];
	struct wire w;

	wire_open(&w);
	CU_ASSERT_EQUAL(control_write(&w.control, text, sizeof(text),
		clock_ms() + 50), -ETIMEDOUT);
	wire_close(&w);
}

CU_TestInfo unit_tests[] = {
	{ "lines end with CR LF or LF", test_lines },
	{ "a stream may be cut at every byte", test_cut_anywhere },
	{ "a line of 4096 bytes is complete", test_longest_line },
	{ "a longer one is dropped to its end", test_too_long },
	{ "NUL and bare CR are found", test_bad_bytes },
	{ "several CRs before the LF are its end", test_several_crs },
	{ "peeking consumes nothing", test_peek_takes_nothing },
	{ "peeking at the end of a line that was too long",
		test_peek_at_a_long_line },
	{ "a buffer full of lines takes no more", test_full_of_lines },
	{ "a consumed line leaves no copy", test_taken_lines_are_wiped },
	{ "the next process continues in the middle of a line",
		test_leftover_and_preload },
	{ "end of stream and lost peer", test_end_and_lost_peer },
	{ "a client that never reads is disconnected",
		test_client_that_never_reads },
	CU_TEST_INFO_NULL,
};
