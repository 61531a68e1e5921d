/*
 * suite_order.c - clients that pipeline commands after a transfer command, or
 * close their sending side.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"

const char *const functional_name = "order";

/* Prepare a data connection without accepting it yet. */
static uint16_t
prepare(struct ftp *c)
{
	EXPECT(c, 229, "EPSV");
	return ftp_port(c);
}

static int
connect_data(uint16_t port)
{
	int fd = network_connect(FTP_HOST, port, NULL);

	CHECK(fd >= 0);
	return fd;
}

/* Read a data connection to its end; the number of bytes. */
static size_t
read_all(int fd)
{
	char data[4096];
	size_t got = 0;
	ssize_t n;

	while ((n = recv(fd, data, sizeof(data), 0)) > 0)
		got += (size_t)n;
	close(fd);
	return got;
}

/* RFC 959 5.4: the 150 is the first reply, even if more commands were
 * pipelined. */
static void
test_nothing_before_the_150(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "12345", 5);
	EXPECT(&c, 200, "TYPE I");
	uint16_t port = prepare(&c);
	ftp_send_text(&c, "RETR f\r\nNOOP\r\nSTAT\r\nPWD\r\n");
	CHECK(!ftp_replies_within(&c, 300));
	int fd = connect_data(port);
	EXPECT_REPLY(&c, 150);
	/* RFC 959 allows these two before the end of the transfer. */
	EXPECT_REPLY(&c, 200);
	EXPECT_REPLY(&c, 211);
	CHECK_NUMBER(read_all(fd), 5);
	EXPECT_REPLY(&c, 226);
	EXPECT_REPLY(&c, 257);

	port = prepare(&c);
	ftp_send_text(&c, "STOR g\r\nNOOP\r\n");
	CHECK(!ftp_replies_within(&c, 300));
	fd = connect_data(port);
	EXPECT_REPLY(&c, 150);
	EXPECT_REPLY(&c, 200);
	CHECK(send(fd, "123", 3, MSG_NOSIGNAL) == 3);
	close(fd);
	EXPECT_REPLY(&c, 226);
	CHECK(files_same("/home/anna/g", "123", 3));

	/* The same for a refusal. */
	(void)prepare(&c);
	ftp_send_text(&c, "RETR missing\r\nNOOP\r\n");
	EXPECT_REPLY(&c, 550);
	EXPECT_REPLY(&c, 200);
	ftp_close(&c);
	server_stop(&s);
}

/* ABOR is recognised after queued commands, and all replies are in order. */
static void
test_abor_before_the_150(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	(void)prepare(&c);
	ftp_send_text(&c, "LIST\r\n");
	CHECK(!ftp_replies_within(&c, 100));
	ftp_send_text(&c, "NOOP\r\n");
	CHECK(!ftp_replies_within(&c, 100));
	int64_t before = clock_ms();
	ftp_send(&c, "\xff\xf4\xff\xf2" "ABOR\r\n", 10);
	EXPECT_REPLY(&c, 426);
	EXPECT_REPLY(&c, 200);
	EXPECT_REPLY(&c, 226);
	CHECK(clock_ms() - before < 3000);
	ftp_close(&c);
	server_stop(&s);
}

/* Begin an upload with these lines behind it, and end the sending half. */
static bool
half_close(struct ftp *c, const char *lines, uint16_t *port)
{
	char text[200];

	if (!ftp_enter(c, "anna"))
		return false;
	EXPECT(c, 200, "TYPE I");
	*port = prepare(c);
	snprintf(text, sizeof(text), "STOR up\r\n%s", lines);
	ftp_send_text(c, text);
	return CHECK(shutdown(c->fd, SHUT_WR) == 0);
}

/* Switches and controllers send all commands and QUIT, and close their sending
 * side; the upload must still complete. */
static void
test_half_closed_after_quit(void)
{
	static const char *const lines[] = { "QUIT\r\n", "NOOP\r\nQUIT\r\n",
		"SIZE up\r\nQUIT\r\n" };
	static const int replies[] = { 0, 200, 213 };
	struct server s;
	struct ftp c;
	uint16_t port;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!half_close(&c, lines[i], &port))
			return;
		CHECK(network_was_read(c.fd));
		int fd = connect_data(port);
		EXPECT_REPLY(&c, 150);
		if (replies[i] == 200)
			EXPECT_REPLY(&c, 200);
		CHECK(send(fd, "123", 3, MSG_NOSIGNAL) == 3);
		CHECK(files_wait_for_size("/home/anna/up", 3));
		CHECK(send(fd, "45", 2, MSG_NOSIGNAL) == 2);
		close(fd);
		EXPECT_REPLY(&c, 226);
		if (replies[i] == 213)
			EXPECT_REPLY(&c, 213);
		EXPECT_REPLY(&c, 221);
		CHECK(ftp_is_closed(&c));
		CHECK(files_same("/home/anna/up", "12345", 5));
		ftp_close(&c);
		unlink("/home/anna/up");
	}
	server_stop(&s);
}

/* A half-close, followed by a reset. */
static void
test_reset_after_half_close(void)
{
	struct server s;
	struct ftp c;
	uint16_t port;

	if (!SERVER(&s) || !half_close(&c, "QUIT\r\n", &port))
		return;
	int fd = connect_data(port);
	EXPECT_REPLY(&c, 150);
	CHECK(send(fd, "123", 3, MSG_NOSIGNAL) == 3);
	CHECK(files_wait_for_size("/home/anna/up", 3));
	CHECK_NUMBER(procs_list(PROCS_SESSION, NULL, 0), 1);
	ftp_reset(&c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna upload of "
		"\"/home/anna/up\" failed after 3 bytes in * s: control "
		"connection lost");
	close(fd);
	server_stop(&s);
}

/* A client leaves without waiting for the reply, and on a slow network its last
 * data arrives after the end of the control connection: it is stored, although
 * the transfer counts as failed. */
static void
test_data_after_control(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	CHECK_NUMBER(ftp_start(&c, "STOR up"), 150);
	CHECK_NUMBER(ftp_data_send(&c, "123", 3), 3);
	CHECK(files_wait_for_size("/home/anna/up", 3));
	CHECK(shutdown(c.fd, SHUT_WR) == 0);
	wait_for_time(200);
	CHECK_NUMBER(ftp_data_send(&c, "456", 3), 3);
	ftp_data_close(&c);
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 3000));
	CHECK(files_same("/home/anna/up", "123456", 6));
	CHECK_LOGGED(0, "info session=1 peer=127.0.0.1 user=anna upload of "
		"\"/home/anna/up\"* failed after 6 bytes in * s: control "
		"connection lost");
	ftp_close(&c);
	server_stop(&s);
}

/* A half-close without QUIT counts as a disconnect (rule R16). */
static void
test_half_closed_without_quit(void)
{
	static const char *const lines[] = { "", "NOOP\r\n", "PWD\r\n",
		"QUI" };
	struct server s;
	struct ftp c;
	uint16_t port;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!half_close(&c, lines[i], &port))
			return;
		CHECK_SAYS(procs_wait_for_count(PROCS_SESSION, 0, 3000),
			"the session stayed (row %zu)", i);
		CHECK(!files_exist("/home/anna/up"));
		CHECK_LOGGED(0, "info session=%zu peer=127.0.0.1 user=anna "
			"session ended: connection lost after * s", i + 1);
		ftp_close(&c);
	}
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "no reply between a transfer command and its 150",
		test_nothing_before_the_150 },
	{ "ABOR works, and all replies are in order",
		test_abor_before_the_150 },
	{ "QUIT and a half-close wait for the end of the upload",
		test_half_closed_after_quit },
	{ "a reset ends the transfer", test_reset_after_half_close },
	{ "data that arrives after a lost control connection is stored",
		test_data_after_control },
	{ "a half-close without QUIT is a lost connection",
		test_half_closed_without_quit },
	CU_TEST_INFO_NULL,
};
