/*
 * test_control.c - lines out of a stream that may be cut anywhere.
 */
#include "common/base.h"

#include "tests/unit/unit.h"

#include "common/clock.h"
#include "worker/control.h"

#include <signal.h>
#include <sys/socket.h>

const char *const unit_name = "control";

struct wire {
	int client;
	struct control control;
};

static void
wire_open(struct wire *w)
{
	int fds[2];

	CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
				fds) == 0);
	w->client = fds[0];
	control_init(&w->control, fds[1]);
}

static void
wire_close(struct wire *w)
{
	close(w->client);
	close(w->control.stream.fd);
}

static void
say(struct wire *w, const char *data, size_t len)
{
	CU_ASSERT_EQUAL(write(w->client, data, len), (ssize_t)len);
}

/* The next line, reading as often as it takes. */
static enum control_line
listen_for(struct wire *w, char **line, size_t *len)
{
	enum control_line kind;

	while ((kind = control_next(&w->control, line, len)) == CONTROL_NONE) {
		if (control_read(&w->control) != 1)
			return CONTROL_NONE;
	}
	return kind;
}

static void
expect(struct wire *w, const char *text)
{
	char *line = NULL;
	size_t len = 0;

	CU_ASSERT_EQUAL_FATAL(listen_for(w, &line, &len), CONTROL_LINE);
	CU_ASSERT_EQUAL(len, strlen(text));
	CU_ASSERT_STRING_EQUAL(line, text);
}

static void
expect_kind(struct wire *w, enum control_line kind)
{
	char *line;
	size_t len;

	CU_ASSERT_EQUAL(listen_for(w, &line, &len), kind);
}

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
	say(&w, "DELE a\r\r\n", 9);
	say(&w, "NOOP\r\n", 6);
	for (int i = 0; i < 4; i++)
		expect_kind(&w, CONTROL_BAD_BYTE);
	expect(&w, "NOOP");
	wire_close(&w);
}

static void
test_options_are_refused(void)
{
	/* WILL 1, DO 24, WONT 3, DONT 4, a subnegotiation with IAC IAC */
	static const char text[] = "\xff\xfb\x01\xff\xfd\x18\xff\xfc\x03"
				   "\xff\xfe\x04\xff\xfa\x18\x01\xff\xff"
				   "\xff\xf0NOOP\r\n";
	char answer[32];
	struct wire w;

	wire_open(&w);
	say(&w, text, sizeof(text) - 1);
	expect(&w, "NOOP");
	CU_ASSERT_EQUAL(read(w.client, answer, sizeof(answer)), 6);
	CU_ASSERT_EQUAL(memcmp(answer, "\xff\xfe\x01\xff\xfc\x18", 6), 0);
	wire_close(&w);
}

static void
test_refusals_are_capped(void)
{
	char answers[4096], many[1500];
	struct wire w;

	wire_open(&w);
	for (size_t i = 0; i < sizeof(many); i += 3)
		memcpy(many + i, "\xff\xfd\x01", 3);
	say(&w, many, sizeof(many));
	say(&w, "NOOP\r\n", 6);
	expect(&w, "NOOP");
	ssize_t n = read(w.client, answers, sizeof(answers));
	CU_ASSERT(n > 0 && n <= 3 * 16);
	wire_close(&w);
}

static void
test_peek_takes_nothing(void)
{
	char *line = NULL;
	size_t len = 0;
	struct wire w;

	wire_open(&w);
	say(&w, "STAT\r\nQUIT\n", 11);
	CU_ASSERT_EQUAL(control_read(&w.control), 1);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(control_peek(&w.control, &line, &len),
			CONTROL_LINE);
		CU_ASSERT_EQUAL(len, 4);
		CU_ASSERT_EQUAL(memcmp(line, "STAT", 4), 0);
	}
	expect(&w, "STAT");
	CU_ASSERT_EQUAL(control_peek(&w.control, &line, &len), CONTROL_LINE);
	expect(&w, "QUIT");
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
	struct control next;
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

/* Cut inside every kind of telnet command; what comes then is none of the
 * line. */
static void
test_telnet_goes_on(void)
{
	static const struct {
		const char *before, *behind;
	} cuts[] = {
		{ "\xff", "\xf2" },
		{ "\xff\xfb", "\x01" },
		{ "\xff\xfc", "\x01" },
		{ "\xff\xfd", "\x01" },
		{ "\xff\xfe", "\x01" },
		{ "\xff\xfa\x18", "\x01\xff\xf0" },
		{ "\xff\xfa\x18\xff", "\xf0" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++) {
		struct control next;
		const char *data;
		char *line = NULL;
		size_t len = 0;
		struct wire w;

		wire_open(&w);
		say(&w, "PASS x\r\nNO", 10);
		say(&w, cuts[i].before, strlen(cuts[i].before));
		CU_ASSERT_EQUAL(listen_for(&w, &line, &len), CONTROL_LINE);
		size_t n = control_leftover(&w.control, &data);
		control_init(&next, w.control.stream.fd);
		CU_ASSERT_EQUAL(control_preload(&next, data, n,
			control_telnet(&w.control)), 0);
		w.control = next;
		say(&w, cuts[i].behind, strlen(cuts[i].behind));
		say(&w, "OP\r\n", 4);
		expect(&w, "NOOP");
		wire_close(&w);
	}
}

/* What stands behind AUTH counts, also where nothing of it is left (rule
 * R14); what came before or within the line does not. */
static void
test_has_more(void)
{
	static const struct {
		const char *said;
		bool more;
	} rows[] = {
		{ "AUTH TLS\r\n", false },
		{ "\xff\xf1" "AUTH \xff\xf1TLS\r\xff\xf1\n", false },
		{ "NOOP\r\n\xff\xf1" "AUTH TLS\r\n", true },
		{ "AUTH TLS\r\nU", true },
		{ "AUTH TLS\r\n\n", true },
		{ "AUTH TLS\r\n\xff", true },
		{ "AUTH TLS\r\n\xff\xf1", true },
		{ "AUTH TLS\r\n\xff\xfb\x01", true },
		{ "AUTH TLS\r\n\xff\xfa\x18\x01\xff\xf0", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *line = NULL;
		size_t len = 0;
		struct wire w;

		wire_open(&w);
		say(&w, rows[i].said, strlen(rows[i].said));
		CU_ASSERT_EQUAL(listen_for(&w, &line, &len), CONTROL_LINE);
		CU_ASSERT_EQUAL(control_has_more(&w.control), rows[i].more);
		wire_close(&w);
	}
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
	{ "a line of 4096 bytes is whole", test_longest_line },
	{ "a longer one is dropped to its end", test_too_long },
	{ "NUL and bare CR are found", test_bad_bytes },
	{ "telnet options are refused", test_options_are_refused },
	{ "but not without end", test_refusals_are_capped },
	{ "peeking takes nothing", test_peek_takes_nothing },
	{ "a taken line leaves no copy", test_taken_lines_are_wiped },
	{ "the next process goes on in mid-line", test_leftover_and_preload },
	{ "and in the middle of a telnet command", test_telnet_goes_on },
	{ "whatever stands behind a line is noticed", test_has_more },
	{ "end of stream and lost peer", test_end_and_lost_peer },
	{ "a client that never reads is given up",
		test_client_that_never_reads },
	CU_TEST_INFO_NULL,
};
