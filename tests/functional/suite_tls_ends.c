/*
 * suite_tls_ends.c - data connections over TLS with a failed handshake or an
 * unclean end (rules R4, R16 and R28; field map 4 and 5).
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"

#include <sys/stat.h>

const char *const functional_name = "tls_ends";

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

#define OLD "what stood there before"
#define ANNA "session=1 peer=127.0.0.1 user=anna "

/* What a client may do instead of a handshake. */
enum instead { RUBBISH, CLOSE, RESET, HALF_HELLO, INSTEADS };

#define GONE "the client closed the connection during the handshake"

static const char *const reasons[INSTEADS] = {
	[RUBBISH] = "client did not use TLS",
	[CLOSE] = GONE,
	[RESET] = "Connection reset by peer",
	[HALF_HELLO] = GONE,
};

static void
do_instead(struct ftps *t, enum instead instead)
{
	uint8_t hello[4096];
	size_t len;

	switch (instead) {
	case RUBBISH:
		send(t->c.data, "this is no TLS\r\n", 16, MSG_NOSIGNAL);
		return;
	case CLOSE:
		ftp_data_close(&t->c);
		return;
	case RESET:
		network_reset(t->c.data);
		t->c.data = -1;
		return;
	default:
		len = ftps_client_hello(t, hello, sizeof(hello));
		send(t->c.data, hello, len / 2, MSG_NOSIGNAL);
		ftp_data_close(&t->c);
	}
}

static void
check_untouched(struct ftps *t, const char *command, enum instead instead)
{
	size_t mark = logged_mark();

	if (!CHECK_NUMBER(ftps_start_raw(t, "%s", command), 150))
		return;
	do_instead(t, instead);
	EXPECT_REPLY(&t->c, 425);
	CHECK_HAS(t->c.text, reasons[instead]);
	CHECK_LOGGED(mark, "warning " ANNA "session: TLS on the data "
		"connection failed: %s", reasons[instead]);
	CHECK_LOGGED(mark, "info " ANNA "%s \"/home/anna/%s\" as ASCII failed "
		"after 0 bytes in * s: TLS on the data connection failed: %s",
		*command == 'A' ? "append to" : "upload of", command + 5,
		reasons[instead]);
	ftp_data_close(&t->c);
	CHECK(files_same("/home/anna/old", OLD, strlen(OLD)));
	CHECK(!files_exist("/home/anna/new"));
}

/* Field map 4: nothing is opened, made or truncated before the handshake. */
static void
test_target_waits_for_handshake(void)
{
	static const char *const commands[] = { "STOR old", "APPE old",
		"STOR new", "APPE new" };
	struct server s;
	struct ftps t;

	files_write_as("anna", "/home/anna/old", OLD, strlen(OLD));
	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(commands) * INSTEADS; i++)
		check_untouched(&t, commands[i / INSTEADS],
			(enum instead)(i % INSTEADS));
	/* A whole handshake that resumes nothing. */
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		t.reuse = FTPS_REUSE_NONE;
		CHECK_NUMBER(ftp_put(&t.c, "x", 1, "%s", commands[i]), 522);
		CHECK(files_same("/home/anna/old", OLD, strlen(OLD)));
		CHECK(!files_exist("/home/anna/new"));
	}
	t.reuse = FTPS_REUSE_ONCE;
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR old"), 226);
	CHECK(files_same("/home/anna/old", "x", 1));
	ftp_close(&t.c);
	server_stop(&s);
}

/* R28: the handshake has its own timer here, too, which is named in the
 * reply. */
static void
test_handshake_timeout(void)
{
	uint8_t hello[4096];
	struct server s;
	struct ftps t;

	files_write_as("anna", "/home/anna/old", OLD, strlen(OLD));
	if (!FTPS_SERVER(&s, "tls.handshake_timeout=1"))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	for (int drip = 0; drip < 2; drip++) {
		CHECK_NUMBER(ftps_start_raw(&t, "STOR old"), 150);
		size_t len = ftps_client_hello(&t, hello, sizeof(hello));
		int64_t before = clock_ms();
		for (size_t i = 0; drip && i < len; i++) {
			if (ftp_replies_within(&t.c, 50))
				break;
			send(t.c.data, hello + i, 1, MSG_NOSIGNAL);
		}
		ftp_reply(&t.c);
		int64_t took = clock_ms() - before;
		EXPECT_WAS(&t.c, 425);
		CHECK_HAS(t.c.text, "handshake_timeout");
		CHECK_SAYS(took > 700 && took < 2500, "it took %lld ms",
			(long long)took);
		ftp_data_close(&t.c);
		CHECK(files_same("/home/anna/old", OLD, strlen(OLD)));
	}
	/* Meanwhile the control connection is served. */
	CHECK_NUMBER(ftps_start_raw(&t, "STOR old"), 150);
	EXPECT(&t.c, 200, "NOOP");
	ftp_send_text(&t.c, "ABOR\r\n");
	EXPECT_REPLY(&t.c, 426);
	EXPECT_REPLY(&t.c, 226);
	ftp_data_close(&t.c);
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR old"), 226);
	ftp_close(&t.c);
	server_stop(&s);
}

/* Field map 5, R16: a FIN alone can be forged. */
static void
test_cut_upload(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		ftps_init(&t);
		t.version = versions[v];
		if (!ftps_enter(&t, "anna"))
			return;
		t.end = FTPS_END_CUT;
		CHECK_NUMBER(ftp_put(&t.c, "some of it", 10, "STOR f"), 426);
		CHECK_HAS(t.c.text, "close_notify");
		/* Not a byte came, but it was opened. */
		CHECK_NUMBER(ftp_put(&t.c, "", 0, "STOR f"), 426);
		t.end = FTPS_END_RESET;
		CHECK_NUMBER(ftp_put(&t.c, "some of it", 10, "STOR f"), 426);
		t.end = FTPS_END_NOTIFY;
		CHECK_NUMBER(ftp_put(&t.c, "all of it", 9, "STOR f"), 226);
		CHECK(files_same("/home/anna/f", "all of it", 9));
		ftp_close(&t.c);
	}
	for (int session = 1; session <= 2; session++)
		CHECK_NUMBER(logged_times(0, "info session=%d peer=127.0.0.1 "
			"user=anna upload of \"/home/anna/f\" as ASCII failed "
			"after * bytes in * s: TLS data stream ended without "
			"close_notify", session), 2);
	server_stop(&s);
}

static void
test_cut_upload_allowed(void)
{
	struct server s;
	struct ftps t;

	server_configure("[user \"bert\"]\nrequire_tls_close_notify = no\n");
	if (!FTPS_SERVER(&s))
		return;
	ftps_init(&t);
	t.end = FTPS_END_CUT;
	if (!ftps_enter(&t, "bert"))
		return;
	CHECK_NUMBER(ftp_put(&t.c, "all of it", 9, "STOR f"), 226);
	CHECK(files_same("/home/bert/f", "all of it", 9));
	CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&t.c, "all of it", 9), 9);
	CHECK(shutdown(t.c.data, SHUT_WR) == 0);
	ftp_data_read(&t.c, &(char){ 0 }, 1);
	CHECK_NUMBER(t.data_alert, SSL_AD_CLOSE_NOTIFY);
	CHECK_NUMBER(ftp_finish(&t.c), 226);
	/* A reset is still a loss, and so is the end within a record. */
	CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
	CHECK_NUMBER(ftp_data_send(&t.c, "all of it", 9), 9);
	CHECK(send(t.c.data, "\x17\x03\x03\x00\x20half", 9, 0) == 9);
	CHECK(shutdown(t.c.data, SHUT_WR) == 0);
	CHECK_NUMBER(ftp_finish(&t.c), 426);
	t.end = FTPS_END_RESET;
	CHECK_NUMBER(ftp_put(&t.c, "some of it", 10, "STOR f"), 426);
	ftp_close(&t.c);
	ftps_init(&t);
	t.end = FTPS_END_CUT;
	if (!ftps_enter(&t, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&t.c, "some of it", 10, "STOR f"), 426);
	ftp_close(&t.c);
	server_stop(&s);
}

static void
test_cut_upload_is_deleted(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "session.incomplete_uploads=delete"))
		return;
	ftps_init(&t);
	t.end = FTPS_END_CUT;
	if (!ftps_enter(&t, "anna"))
		return;
	CHECK_NUMBER(ftp_put(&t.c, "some of it", 10, "STOR f"), 426);
	CHECK(!files_exist("/home/anna/f"));
	ftp_close(&t.c);
	server_stop(&s);
}

/* An attacker injects bytes into the stream. */
static void
test_forged_upload(void)
{
	static const char forged[] = "\x17\x03\x03\x00\x20"
				     "0123456789abcdef0123456789abcdef";
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		ftps_init(&t);
		t.version = versions[v];
		if (!ftps_enter(&t, "anna"))
			return;
		CHECK_NUMBER(ftp_start(&t.c, "STOR f"), 150);
		ftp_data_send(&t.c, "good", 4);
		send(t.c.data, forged, sizeof(forged) - 1, MSG_NOSIGNAL);
		EXPECT_REPLY(&t.c, 426);
		ftp_data_close(&t.c);
		EXPECT(&t.c, 200, "NOOP");
		ftp_close(&t.c);
	}
	server_stop(&s);
}

static void
test_downloads(void)
{
	struct server s;
	struct ftps t;
	char data[1024];

	files_write_as("anna", "/home/anna/big", "", 0);
	CHECK(truncate("/home/anna/big", 64 << 20) == 0);
	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		ftps_init(&t);
		t.version = versions[v];
		if (!ftps_enter(&t, "anna"))
			return;
		EXPECT(&t.c, 200, "TYPE I");
		for (int end = 0; end <= FTPS_END_RESET; end++) {
			t.end = (enum ftps_end)end;
			CHECK_NUMBER(ftp_start(&t.c, "RETR big"), 150);
			CHECK(ftp_data_read(&t.c, data, sizeof(data)) > 0);
			CHECK_NUMBER(ftp_finish(&t.c), 426);
		}
		EXPECT(&t.c, 200, "NOOP");
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* Many clients stop at the size they know, over our unread close_notify:
 * their reset takes nothing back. */
static void
test_satisfied_client(void)
{
	struct server s;
	struct ftps t;
	char data[1024];

	files_write_as("anna", "/home/anna/f", "data", 4);
	files_write_as("anna", "/home/anna/empty", "", 0);
	if (!FTPS_SERVER(&s))
		return;
	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		ftps_init(&t);
		t.version = versions[v];
		t.end = FTPS_END_CUT;
		if (!ftps_enter(&t, "anna"))
			return;
		EXPECT(&t.c, 200, "TYPE I");
		for (int i = 0; i < 40; i++) {
			bool empty = i % 2 == 0;
			ftp_start(&t.c, "RETR %s", empty ? "empty" : "f");
			EXPECT_WAS(&t.c, 150);
			if (!empty)
				ftp_data_read(&t.c, data, 4);
			if (i % 4 < 2)
				CHECK(network_was_ended(t.c.data));
			if (!CHECK_NUMBER(ftp_finish(&t.c), 226))
				break;
		}
		ftp_close(&t.c);
	}
	server_stop(&s);
}

/* If close_notify is required, a download is complete after the client's
 * close_notify. */
static void
test_wait_for_the_clients_end(void)
{
	struct server s;
	struct ftps t;
	char data[1024];

	files_write_as("anna", "/home/anna/f", "data", 4);
	if (!FTPS_SERVER(&s, "tls.require_tls_close_notify=both",
		    "limits.data_timeout=1"))
		return;
	ftps_init(&t);
	if (!ftps_enter(&t, "anna"))
		return;
	EXPECT(&t.c, 200, "TYPE I");
	CHECK_NUMBER(ftp_start(&t.c, "RETR f"), 150);
	CHECK_NUMBER(ftp_data_read(&t.c, data, sizeof(data)), 4);
	CHECK_NUMBER(ftp_data_read(&t.c, data, sizeof(data)), 0);
	CHECK_NUMBER(t.data_last, FTPS_NOTIFIED);
	CHECK(!ftp_replies_within(&t.c, 300));
	CHECK_NUMBER(ftp_finish(&t.c), 226);
	t.end = FTPS_END_CUT;
	CHECK_NUMBER(ftp_start(&t.c, "RETR f"), 150);
	CHECK_NUMBER(ftp_data_read(&t.c, data, sizeof(data)), 4);
	CHECK_NUMBER(ftp_finish(&t.c), 426);
	/* A key update that can no longer be answered is not an error. */
	t.end = FTPS_END_NOTIFY;
	t.version = TLS1_3_VERSION;
	CHECK_NUMBER(ftp_start(&t.c, "RETR f"), 150);
	CHECK_NUMBER(ftp_data_read(&t.c, data, sizeof(data)), 4);
	CHECK(network_readable(t.c.data, 5000));
	CHECK(ftps_key_update(&t));
	CHECK(network_was_read(t.c.data));
	CHECK_NUMBER(ftp_data_read(&t.c, data, sizeof(data)), 0);
	CHECK_NUMBER(ftp_finish(&t.c), 226);
	/* A client that never sends anything. */
	CHECK_NUMBER(ftp_start(&t.c, "RETR f"), 150);
	CHECK_NUMBER(ftp_data_read(&t.c, data, sizeof(data)), 4);
	EXPECT_REPLY(&t.c, 426);
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "an upload changes no file before its handshake",
		test_target_waits_for_handshake },
	{ "handshake_timeout on a data connection", test_handshake_timeout },
	{ "an upload that ends without close_notify has failed",
		test_cut_upload },
	{ "require_tls_close_notify of an account", test_cut_upload_allowed },
	{ "incomplete_uploads = delete removes a truncated upload",
		test_cut_upload_is_deleted },
	{ "forged bytes make the upload fail", test_forged_upload },
	{ "a download that the client closes early", test_downloads },
	{ "a client that closes after the last byte", test_satisfied_client },
	{ "require_tls_close_notify = download waits for the client",
		test_wait_for_the_clients_end },
	CU_TEST_INFO_NULL,
};
