/*
 * test_telnet.c - Telnet on the control connection: what it is where a line
 * begins, and that it is nothing inside a line.
 */
#include "common/base.h"

#include "tests/unit/lines.h"

const char *const unit_name = "telnet";

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

/* Inside a line two bytes 255 are one (RFC 854), and any other is one, too: it
 * is part of a name, and no file may be changed that nobody named. */
static void
test_names_are_not_altered(void)
{
	static const struct {
		const char *sent, *line;
	} rows[] = {
		{ "DELE \xffkeep", "DELE \xffkeep" },
		{ "STOR \xff\xe1\xeb", "STOR \xff\xe1\xeb" },
		{ "STOR a\xff\xff" "b", "STOR a\xff" "b" },
		{ "STOR \xff\xff\xff\xff", "STOR \xff\xff" },
		{ "STOR \xff\xff\xff", "STOR \xff\xff" },
		{ "STOR \xff\xf4\xff\xf2" "b", "STOR \xff\xf4\xff\xf2" "b" },
		{ "STOR \xff\xfb\x01" "b", "STOR \xff\xfb\x01" "b" },
		{ "STOR a\xff", "STOR a\xff" },
		{ "STOR a\xff\xfa", "STOR a\xff\xfa" },
		{ "PASS \xff\xfe\xff", "PASS \xff\xfe\xff" },
		/* where a line begins, Telnet is what it was */
		{ "\xff\xf4\xff\xf2" "ABOR", "ABOR" },
		{ "\xff\xff" "x", "\xff" "x" },
		{ "\xff" "x", "x" },
		{ "\xff\xe1", "\xff\xe1" },
		/* also if the urgent byte is missing */
		{ "\xf4\xff\xf2" "ABOR", "ABOR" },
		{ "\xff\xf4\xf2" "ABOR", "ABOR" },
		{ "\xff\xf4\xff" "ABOR", "ABOR" },
		{ "\xf0" "x", "\xf0" "x" },
		{ "\xfb" "x", "\xfb" "x" },
		{ "x\xf4", "x\xf4" },
		/* and whatever begins there ends with the line */
		{ "\xff", "\xff" },
		{ "\xff\xfb", "" },
		{ "\xff\xfa\x18never ended", "" },
	};
	char answer[64];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (int bare = 0; bare < 2; bare++) {
			struct wire w;
			wire_open(&w);
			say(&w, rows[i].sent, strlen(rows[i].sent));
			say(&w, bare ? "\n" : "\r\n", bare ? 1 : 2);
			say(&w, "NOOP\r\n", 6);
			expect(&w, rows[i].line);
			expect(&w, "NOOP");
			(void)!read(w.client, answer, sizeof(answer));
			wire_close(&w);
		}
	}
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

/* Cut inside every kind of Telnet command, and between two bytes 255. */
static void
test_telnet_goes_on(void)
{
	static const struct {
		const char *before, *after, *line;
	} cuts[] = {
		{ "\xff", "\xf2NOOP", "NOOP" },
		{ "\xff\xfb", "\x01NOOP", "NOOP" },
		{ "\xff\xfc", "\x01NOOP", "NOOP" },
		{ "\xff\xfd", "\x01NOOP", "NOOP" },
		{ "\xff\xfe", "\x01NOOP", "NOOP" },
		{ "\xff\xfa\x18", "\x01\xff\xf0NOOP", "NOOP" },
		{ "\xff\xfa\x18\xff", "\xf0NOOP", "NOOP" },
		/* a byte of a name */
		{ "DELE \xff", "\xff" "a", "DELE \xff" "a" },
		{ "DELE \xff", "a", "DELE \xff" "a" },
		{ "DELE \xff\xff", "\xf4", "DELE \xff\xf4" },
		{ "DELE a", "\xff\xf4", "DELE a\xff\xf4" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++) {
		struct control next = { .in_len = 0 };
		const char *data;
		char *line = NULL;
		size_t len = 0;
		struct wire w;

		wire_open(&w);
		say(&w, "PASS x\r\n", 8);
		say(&w, cuts[i].before, strlen(cuts[i].before));
		CU_ASSERT_EQUAL(listen_for(&w, &line, &len), CONTROL_LINE);
		size_t n = control_leftover(&w.control, &data);
		control_init(&next, w.control.stream.fd);
		CU_ASSERT_EQUAL(control_preload(&next, data, n,
			control_telnet(&w.control)), 0);
		w.control = next;
		say(&w, cuts[i].after, strlen(cuts[i].after));
		say(&w, "\r\n", 2);
		expect(&w, cuts[i].line);
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
		{ "\xff\xf1" "AUTH TLS\r\n", false },
		{ "AUTH \xff\xf1TLS\r\n", false },
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

CU_TestInfo unit_tests[] = {
	{ "options are refused", test_options_are_refused },
	{ "the number of answers is limited", test_refusals_are_capped },
	{ "inside a line nothing is removed", test_names_are_not_altered },
	{ "the next process continues within a Telnet command",
		test_telnet_goes_on },
	{ "bytes after a line are detected", test_has_more },
	CU_TEST_INFO_NULL,
};
