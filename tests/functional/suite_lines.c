/*
 * suite_lines.c - bytes on the control connection that no client should send
 * (rules R1, R24, R30).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

const char *const functional_name = "lines";

/* "NOOP" and blanks to a line of `len` bytes without its end. */
static void
send_line_of(struct ftp *c, size_t len)
{
	char *line = malloc(len + 2);

	if (line == NULL)
		abort();
	memset(line, 'x', len);
	memcpy(line, "NOOP ", 5);
	memcpy(line + len, "\r\n", 2);
	ftp_send(c, line, len + 2);
	free(line);
}

static void
long_lines(struct ftp *c)
{
	static const size_t good[] = { 10, 4000, 4095, 4096 };
	static const size_t bad[] = { 4097, 4098, 4099, 8191, 8192, 8193,
		100000 };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		send_line_of(c, good[i]);
		EXPECT_REPLY(c, 200);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		send_line_of(c, bad[i]);
		EXPECT_REPLY(c, 500);
		EXPECT(c, 215, "SYST");
	}
}

static void
test_long_lines(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	long_lines(&c);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	long_lines(&c);
	/* The end of a dropped line is no command of its own. */
	char *line = files_pattern(5000);
	memset(line, 'x', 5000);
	ftp_send(&c, line, 5000);
	ftp_send_text(&c, "\nMKD made\r\n");
	EXPECT_REPLY(&c, 500);
	EXPECT_REPLY(&c, 257);
	ftp_send(&c, line, 4094);
	ftp_send_text(&c, "DELE made\r\n");
	EXPECT_REPLY(&c, 500);
	EXPECT(&c, 250, "RMD made");
	free(line);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_bad_bytes(void)
{
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
		{ "CWD a\0b\r\n", 9 }, { "CWD \0\r\n", 7 }, { "\0\r\n", 3 },
		{ "CWD a\rb\r\n", 9 }, { "CWD \rb\n", 7 },
		{ "MKD a\r\0\r\n", 9 },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ftp_send(&c, rows[i].bytes, rows[i].len);
		EXPECT_REPLY(&c, 501);
		EXPECT(&c, 200, "NOOP");
	}
	/* A bare LF ends a line, as old clients send it, and so does CR CR LF,
	 * sent by programs whose library makes CR LF of each LF once more. */
	ftp_send_text(&c, "NOOP\n");
	EXPECT_REPLY(&c, 200);
	ftp_send_text(&c, "PWD\r\r\n");
	EXPECT_REPLY(&c, 257);
	ftp_close(&c);
	server_stop(&s);
}

/* RNTO and a transfer must immediately follow RNFR and REST. */
static void
test_bad_line_between(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "0123456789", 10);
	EXPECT(&c, 350, "RNFR f");
	ftp_send(&c, "RNTO g\rh\r\n", 10);
	EXPECT_REPLY(&c, 501);
	EXPECT(&c, 503, "RNTO g");

	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 350, "REST 5");
	send_line_of(&c, 5000);
	EXPECT_REPLY(&c, 500);
	CHECK_NUMBER(ftp_put(&c, "abc", 3, "STOR f"), 226);
	CHECK_NUMBER(files_size("/home/anna/f"), 3);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_split_everywhere(void)
{
	static const char text[] = "NOOP\r\nMKD sp lit\r\nRMD sp lit\r\n"
				   "CWD \xff\xff\r\nSYST\r\n";
	static const int codes[] = { 200, 257, 250, 550, 215 };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t cut = 0; cut < sizeof(text); cut++) {
		ftp_send(&c, text, cut);
		CHECK(network_was_read(c.fd));
		ftp_send(&c, text + cut, sizeof(text) - 1 - cut);
		for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
			EXPECT_REPLY(&c, codes[i]);
		if (c.code <= 0)
			break;
	}
	/* And one byte at a time. */
	for (size_t i = 0; i + 1 < sizeof(text); i++) {
		ftp_send(&c, text + i, 1);
		CHECK(network_was_read(c.fd));
	}
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		EXPECT_REPLY(&c, codes[i]);
	ftp_close(&c);
	server_stop(&s);
}

/* RFC 854, RFC 1123 4.1.2.10: negotiations are refused, commands skipped. */
static void
test_telnet(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *answer;
	} rows[] = {
		{ "\xff\xf1NOOP\r\n", 8, "" },		/* NOP */
		{ "\xff\xf6NOOP\r\n", 8, "" },		/* AYT */
		{ "\xff\xf4\xff\xf2NOOP\r\n", 10, "" },	/* IP, DM */
		{ "\xff\xfb\x01NOOP\r\n", 9, "\xff\xfe\x01" },	/* WILL */
		{ "\xff\xfd\x03NOOP\r\n", 9, "\xff\xfc\x03" },	/* DO */
		{ "\xff\xfc\x01NOOP\r\n", 9, "" },	/* WONT */
		{ "\xff\xfe\x01NOOP\r\n", 9, "" },	/* DONT */
		/* A proxy has dropped the urgent byte of IP, DM: the first,
		 * the third or the last. */
		{ "\xf4\xff\xf2NOOP\r\n", 9, "" },
		{ "\xff\xf4\xf2NOOP\r\n", 9, "" },
		{ "\xff\xf4\xffNOOP\r\n", 9, "" },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t n = strlen(rows[i].answer);
		ftp_send(&c, rows[i].bytes, rows[i].len);
		ftp_reply(&c);
		CHECK_SAYS(c.len > n + 4 &&
				memcmp(c.text, rows[i].answer, n) == 0 &&
				memcmp(c.text + n, "200 ", 4) == 0,
			"row %zu", i);
	}
	/* The number of Telnet answers is limited. */
	for (int i = 0; i < 5000; i++)
		ftp_send(&c, "\xff\xfb\x01", 3);
	ftp_send_text(&c, "NOOP\r\n");
	ftp_reply(&c);
	CHECK_SAYS(c.len > 4 && c.len < 1000, "%zu bytes of answers", c.len);
	EXPECT(&c, 200, "NOOP");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_many_pipelined(void)
{
	struct server s;
	struct ftp c;
	char block[6 * 500 + 1];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < 500; i++)
		memcpy(block + 6 * i, "NOOP\r\n", 7);
	for (int round = 0; round < 20; round++) {
		ftp_send(&c, block, 6 * 500);
		for (int i = 0; i < 500; i++) {
			if (ftp_reply(&c) != 200)
				break;
		}
		EXPECT_WAS(&c, 200);
	}
	EXPECT(&c, 215, "SYST");
	ftp_close(&c);
	server_stop(&s);
}

#define TOO_MUCH (16 << 20)

/* Rule R30: memory stays bounded, and other sessions are not delayed. */
static void
test_client_that_does_not_read(void)
{
	struct server s;
	struct ftp c, other;
	char block[6 * 1000 + 1];
	size_t sent = 0;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	for (size_t i = 0; i < 1000; i++)
		memcpy(block + 6 * i, "HELP\r\n", 7);
	CHECK(fcntl(c.fd, F_SETFL, O_NONBLOCK) == 0);
	/* Send until the server accepts no more. */
	for (struct pollfd p = { .fd = c.fd, .events = POLLOUT };
	     sent < TOO_MUCH && poll(&p, 1, 500) == 1;) {
		ssize_t n = send(c.fd, block, 6 * 1000, MSG_NOSIGNAL);
		sent += n > 0 ? (size_t)n : 0;
	}
	/* The server has stopped reading: the rest fills the socket buffers. */
	CHECK_SAYS(sent < TOO_MUCH, "%zu bytes went through", sent);
	if (ftp_enter(&other, "bert"))
		EXPECT(&other, 200, "NOOP");
	ftp_close(&other);
	ftp_close(&c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	server_stop(&s);
}

static void
test_end_of_file_in_a_line(void)
{
	static const char *const texts[] = { "", "NOO", "USER anna",
		"USER anna\r\nPASS anna-pa", "\xff", "\r" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		CHECK_NUMBER(ftp_connect(&c), 220);
		ftp_send_text(&c, texts[i]);
		CHECK(shutdown(c.fd, SHUT_WR) == 0);
		while (ftp_reply(&c) > 0)
			CHECK_NUMBER(c.code, 331);
		CHECK_NUMBER(c.code, 0);
		ftp_close(&c);
	}
	server_stop(&s);
}

/* A client that has only closed its sending side still gets every reply. */
static void
test_half_closed(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	ftp_send_text(&c, "USER anna\r\nPASS anna-pass\r\nPWD\r\nQUIT\r\n");
	CHECK(shutdown(c.fd, SHUT_WR) == 0);
	EXPECT_REPLY(&c, 331);
	EXPECT_REPLY(&c, 230);
	EXPECT_REPLY(&c, 257);
	EXPECT_REPLY(&c, 221);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "a line over 4096 bytes gets one 500 and the session goes on",
		test_long_lines },
	{ "a command with NUL or bare CR gets 501", test_bad_bytes },
	{ "such a command cancels RNFR and REST", test_bad_line_between },
	{ "lines can arrive split at any byte", test_split_everywhere },
	{ "Telnet commands are answered and skipped", test_telnet },
	{ "ten thousand pipelined commands", test_many_pipelined },
	{ "a client that does not read affects only itself",
		test_client_that_does_not_read },
	{ "end of the stream within a line", test_end_of_file_in_a_line },
	{ "a half-closed client gets its replies", test_half_closed },
	CU_TEST_INFO_NULL,
};
