/*
 * suite_kernel_control.c - the conversation on a control connection that the
 * kernel's TLS has alone: lines, transfers, and every way in which it ends.
 *
 * It needs a kernel that has TLS, and fails under any other:
 * tests/lab/kernel_relay.sh boots one.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/procs.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

const char *const functional_name = "kernel_control";

#define FLOOD 24
#define FILES 4000

/* A session without a relay. */
static bool
enter(struct ftps *t)
{
	ftps_init(t);
	t->version = TLS1_2_VERSION;
	return ftps_enter(t, "anna") &&
		CHECK(procs_serving(PROCS_GREETER) == 0);
}

static void
check_no_session(void)
{
	CHECK(procs_wait_for_count(PROCS_SESSION, 0, 2000));
}

/* The client's next record for this line, for the test to send in pieces. */
static size_t
sealed(struct ftps *t, const char *line, uint8_t *wire, size_t size)
{
	BIO *below = SSL_get_wbio(t->control), *memory = BIO_new(BIO_s_mem());

	BIO_up_ref(below);
	BIO_up_ref(memory);
	SSL_set0_wbio(t->control, memory);
	CHECK(SSL_write(t->control, line, (int)strlen(line)) > 0);
	SSL_set0_wbio(t->control, below);
	int n = BIO_read(memory, wire, (int)size);
	BIO_free(memory);
	return n > 0 ? (size_t)n : 0;
}

static void
test_lines(void)
{
	static char text[16385];
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	/* In one record with PASS, and in one of its own each. */
	for (int i = 0; i < 2; i++) {
		static const char *const lines[] = { "PASS anna-pass\r\n",
			"PWD\r\n", "TYPE I\r\n", "NOO" };
		ftps_init(&t);
		t.version = TLS1_2_VERSION;
		CHECK(ftps_connect(&t));
		EXPECT(&t.c, 331, "USER anna");
		if (i == 0)
			ftp_send_text(&t.c, "PASS anna-pass\r\nPWD\r\n"
				"TYPE I\r\nNOO");
		for (size_t n = 0; i == 1 && n < ARRAY_SIZE(lines); n++)
			ftp_send_text(&t.c, lines[n]);
		EXPECT_REPLY(&t.c, 230);
		EXPECT_REPLY(&t.c, 257);
		EXPECT_REPLY(&t.c, 200);
		ftp_send_text(&t.c, "P\r\n");
		EXPECT_REPLY(&t.c, 200);
		CHECK(procs_serving(PROCS_GREETER) == 0);
		memset(text, 'x', 4000);
		text[4000] = '\0';
		EXPECT(&t.c, 553, "DELE %s", text);
		memset(text, 'x', 5000);
		text[5000] = '\0';
		EXPECT(&t.c, 500, "DELE %s", text);
		/* The largest record, full of lines. */
		for (size_t at = 0; at < 16384; at += 8)
			memcpy(text + at, "NOOP  \r\n", 8);
		CHECK(ftp_send(&t.c, text, 16384));
		for (int n = 0; n < 2048; n++)
			if (!EXPECT_REPLY(&t.c, 200))
				break;
		/* Telnet's questions are answered in order. */
		ftp_send_text(&t.c, "\xff\xfd\x01NOOP\r\n");
		ftp_reply(&t.c);
		CHECK_SAYS(memmem(t.c.text, t.c.len, "200 ", 4) != NULL, "%s",
			t.c.text);
		EXPECT(&t.c, 221, "QUIT");
		CHECK(ftp_is_closed(&t.c));
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* More behind PASS than the hand-over takes: the relay serves. */
static void
test_much_behind_pass(void)
{
	static char text[12000] = "PASS anna-pass\r\n";
	size_t lines = 0;
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t at = 16; at + 8 <= sizeof(text); at += 8, lines++)
		memcpy(text + at, "NOOP  \r\n", 8);
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	CHECK(ftps_connect(&t));
	EXPECT(&t.c, 331, "USER anna");
	CHECK(ftp_send(&t.c, text, 16 + 8 * lines));
	EXPECT_REPLY(&t.c, 230);
	for (size_t n = 0; n < lines; n++)
		if (!EXPECT_REPLY(&t.c, 200))
			break;
	EXPECT(&t.c, 257, "PWD");
	EXPECT(&t.c, 221, "QUIT");
	CHECK(ftp_is_closed(&t.c));
	CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
	ftp_close(&t.c);
	server_stop(&s);
}

/* Half a record keeps nobody busy, before login and after. */
static void
test_half_a_record(void)
{
	static const char *const who[] = { PROCS_GREETER, PROCS_SESSION };
	uint8_t wire[200];
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	t.version = TLS1_2_VERSION;
	CHECK(ftps_connect(&t));
	for (size_t i = 0; i < ARRAY_SIZE(who); i++) {
		pid_t pid = procs_serving(who[i]);
		size_t len = sealed(&t, "PWD\r\n", wire, sizeof(wire));
		CHECK(send(t.c.fd, wire, 20, MSG_NOSIGNAL) == 20);
		pause_ms(100);
		int64_t before = procs_ticks(pid);
		pause_ms(1000);
		int64_t used = procs_ticks(pid) - before;
		CHECK_SAYS(used < 10, "%s used %lld ticks", who[i],
			(long long)used);
		CHECK(send(t.c.fd, wire + 20, len - 20, MSG_NOSIGNAL) > 0);
		EXPECT_REPLY(&t.c, i == 0 ? 530 : 257);
		EXPECT(&t.c, 200, "NOOP");
		CHECK(i == 1 || ftps_login(&t, "anna"));
	}
	ftp_close(&t.c);
	server_stop(&s);
}

static void
test_transfers(void)
{
	size_t len = 8 << 20, got = 0;
	char *data = files_pattern(len), first[1000];
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s) || !enter(&t))
		return;
	EXPECT(&t.c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&t.c, data, len, "STOR f"), 226);
	CHECK(files_same("/home/anna/f", data, len));
	char *copy = ftp_get(&t.c, &got, "RETR f");
	EXPECT_WAS(&t.c, 226);
	CHECK(copy != NULL && got == len && memcmp(copy, data, len) == 0);
	free(copy);
	free(ftp_get(&t.c, &got, "LIST"));
	EXPECT_WAS(&t.c, 226);
	/* Commands meanwhile, and ABOR. */
	CHECK_NUMBER(ftp_start(&t.c, "RETR f"), 150);
	CHECK(ftp_data_read(&t.c, first, sizeof(first)) > 0);
	EXPECT(&t.c, 200, "NOOP");
	EXPECT(&t.c, 211, "STAT");
	CHECK_HAS(t.c.text, "RETR is running");
	CHECK_HAS(t.c.text, "in the kernel");
	EXPECT(&t.c, 426, "ABOR");
	EXPECT_REPLY(&t.c, 226);
	ftp_data_close(&t.c);
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR g"), 226);
	ftp_close(&t.c);
	server_stop(&s);
	free(data);
}

/* The client's end, at rest and at work: close_notify, FIN, reset. */
static void
test_client_ends(void)
{
	struct server s;
	struct ftps t;
	char byte;

	if (!FTPS_SERVER(&s))
		return;
	for (int i = 0; i < 6; i++) {
		if (!enter(&t))
			return;
		if (i >= 3)
			CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
		if (i % 3 == 0)
			CHECK_NUMBER(SSL_shutdown(t.control), 0);
		else if (i % 3 == 1)
			CHECK_NUMBER(shutdown(t.c.fd, SHUT_WR), 0);
		else
			ftp_reset(&t.c);
		check_no_session();
		/* Our close_notify answers the client's. */
		while (i % 3 == 0 && SSL_read(t.control, &byte, 1) > 0)
			;
		CHECK(i % 3 != 0 || (SSL_get_shutdown(t.control) &
			SSL_RECEIVED_SHUTDOWN) != 0);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* Ours: QUIT with bytes behind it, the idle timer, the server's end. */
static void
test_server_ends(void)
{
	static char junk[65536];
	struct server s;
	struct ftps t;

	memset(junk, 'x', sizeof(junk));
	memcpy(junk, "QUIT\r\n", 6);
	if (!FTPS_SERVER(&s, "limits.idle_timeout=1"))
		return;
	for (int i = 0; i < 12; i++) {
		if (!enter(&t))
			return;
		if (i < 10)
			(void)ftp_send(&t.c, junk, sizeof(junk));
		if (i == 11)
			CHECK(kill(s.pid, SIGTERM) == 0);
		EXPECT_REPLY(&t.c, i < 10 ? 221 : 421);
		if (i >= 10)
			CHECK_HAS(t.c.text, i == 10 ? "Idle timeout" :
				"shutting down");
		CHECK_NUMBER(ftp_reply(&t.c), 0);
		CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
		ftp_close(&t.c);
		check_no_session();
	}
	server_stop(&s);
}

/* What is not in a record of data is never a command. */
static void
test_no_commands(void)
{
	static const char forged[] = "\x17\x03\x03\x00\x20"
				     "0123456789abcdef0123456789abcdef";
	static const char clear[] = "DELE f\r\nDELE f\r\nDELE f\r\n";
	struct server s;
	struct ftps t, other;

	files_write_as("anna", "/home/anna/f", "data", 4);
	if (!FTPS_SERVER(&s))
		return;
	for (int i = 0; i < 3; i++) {
		if (!enter(&t))
			return;
		if (i == 0)
			send(t.c.fd, forged, sizeof(forged) - 1, MSG_NOSIGNAL);
		else if (i == 1)
			send(t.c.fd, clear, sizeof(clear) - 1, MSG_NOSIGNAL);
		else
			CHECK(!ftps_renegotiate(t.control));
		CHECK(ftp_reply(&t.c) <= 0);
		CHECK_NUMBER(t.control_alert, i == 0 ? SSL_AD_BAD_RECORD_MAC :
			i == 1 ? SSL_AD_RECORD_OVERFLOW :
			SSL_AD_NO_RENEGOTIATION);
		check_no_session();
		CHECK(files_same("/home/anna/f", "data", 4));
		ftp_close(&t.c);
	}
	if (enter(&other))
		EXPECT(&other.c, 257, "PWD");
	ftp_close(&other.c);
	server_stop(&s);
}

/* Replies wait for their reader, and all of them come. */
static void
test_late_reader(void)
{
	char path[512];
	struct server s;
	struct ftps t;

	CHECK(mkdir("/home/anna/many", 0755) == 0);
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "/home/anna/many/%0200d", i);
		files_write(path, "", 0);
	}
	if (!FTPS_SERVER(&s) || !enter(&t))
		return;
	pid_t pid = procs_serving(PROCS_SESSION);
	for (int i = 0; i < FLOOD; i++)
		CHECK(ftp_send_text(&t.c, "STAT many\r\n"));
	ftp_send_text(&t.c, "QUIT\r\n");
	for (int64_t before = -1, now = 0; now > before; ) {
		before = now;
		pause_ms(500);
		now = procs_ticks(pid);
	}
	for (int i = 0; i < FLOOD; i++)
		if (!CHECK_SAYS(ftp_reply(&t.c) / 100 == 2,
			    "listing %d of %d: %d", i + 1, FLOOD, t.c.code))
			break;
	EXPECT_REPLY(&t.c, 221);
	CHECK_NUMBER(ftp_reply(&t.c), 0);
	CHECK_NUMBER(t.control_last, FTPS_NOTIFIED);
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "lines and records, together and apart", test_lines },
	{ "a session that begins with much behind PASS",
		test_much_behind_pass },
	{ "half a record keeps nobody busy", test_half_a_record },
	{ "transfers, and commands meanwhile", test_transfers },
	{ "the client ends", test_client_ends },
	{ "the server ends, with close_notify", test_server_ends },
	{ "nothing but data is a command", test_no_commands },
	{ "who reads late reads everything", test_late_reader },
	CU_TEST_INFO_NULL,
};
